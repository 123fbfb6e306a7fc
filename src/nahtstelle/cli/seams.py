"""``nahtstelle seams`` and ``nahtstelle border-people``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nahtstelle.cli.output import (
    EditionOption,
    Format,
    FormatOption,
    LevelName,
    LevelOption,
    OutputOption,
    counted,
    edition_named,
    named,
    show,
    show_people,
    show_share,
    table,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapely.geometry.base import BaseGeometry

    from nahtstelle.editions.edition import AreaSeams, Edition


class VariantName(StrEnum):
    """Which borders of a region count."""

    inner = "inner"
    outer = "outer"
    all = "all"


_LEAST = "≥: some municipalities have no figure, so there are at least so many; 'known' is the share that has one."


def seams(
    area: Annotated[
        str | None, typer.Argument(metavar="AREA", help="Key or unambiguous name, e.g. 03252 or Hameln-Pyrmont.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every seam of a level once, by default of districts, instead of one area's.")
    ] = False,
    level: LevelOption = None,
    edition: EditionOption = None,
    form: FormatOption = Format.table,
    output: OutputOption = None,
) -> None:
    """Show the seams of an area: neighbours, kilometres, stretches, border municipalities and the people there.

    By default the neighbours are those of the area's own level. --level picks among areas of one name, and for a
    larger area shows the seams between its parts of that level and their neighbours outside.
    """
    if every == (area is not None):
        raise typer.BadParameter("give either an area or --all", param_hint="AREA")
    opened = edition_named(edition)
    if every:
        _all(opened, level, form, output)
    else:
        _of(opened, str(area), level, form, output)


def _of(opened: Edition, text: str, level: LevelName | None, form: Format, output: Path | None) -> None:
    from nahtstelle.editions.documents import seams_document

    found = opened.seams(text, level)
    columns = (
        "own_key", "key", "name", "designation", "land", "land_seam", "length_km", "stretches", "share_of_perimeter",
        "own_municipalities", "other_municipalities", "people_own", "people_other", "people", "known_share",
    )  # fmt: skip

    def rows() -> list[tuple[object, ...]]:
        document = seams_document(found)
        return [
            (
                each.get("own", document["area"])["key"],
                *(each[name] for name in columns[1:9]),
                *_sides(each, "own", "other"),
            )
            for each in document["seams"]
        ]

    written(
        form,
        output,
        opened,
        document=lambda: seams_document(found),
        rows=lambda: (columns, rows()),
        features=lambda: _features(found),
        drawn=lambda to: _draw(found, to),
    )


def _sides(figures: dict[str, Any], one: str, other: str) -> tuple[object, ...]:
    municipalities, people = figures["border_municipalities"], figures["people"]
    return (
        municipalities[one], municipalities[other],
        people[one], people[other], people["total"], people["known_share"],
    )  # fmt: skip


def _draw(found: AreaSeams, output: Path | None) -> None:
    opened, area = found.edition, found.area
    parts = found.level is not area.level
    columns = [
        *(("Own part",) if parts else ()),
        "Neighbour", "Key", "km", "Stretches", "of perimeter", "Land seam", "People here", "there", "known",
    ]  # fmt: skip
    rows = []
    for seam in found:
        neighbour = opened.area(seam.other_key)
        rows.append(
            (
                *((opened.area(seam.own_key).name,) if parts else ()),
                named(neighbour.name, neighbour.designation),
                neighbour.key,
                show(seam.length_m / 1000),
                show(seam.stretches),
                f"{seam.share_of_perimeter:.1%}",
                show(seam.land_seam),
                show_people(seam.own.people.people, seam.own.people.known_share),
                show_people(seam.other.people.people, seam.other.people.known_share),
                show_share(seam.people.known_share),
            )
        )
    people = show_people(area.people.people, area.people.known_share)
    neighbours = counted(len({seam.other_key for seam in found}), "neighbour", "neighbours")
    title = f"{named(area.name, area.designation)} ({area.key}): {neighbours} of level {found.level}"
    partial = any(seam.people.known_share < 1 for seam in found)
    table(
        title,
        columns,
        rows,
        notes=(
            f"{people} people; perimeter {area.perimeter_m / 1000:,.1f} km, "
            f"of which {area.outer_edge_m / 1000:,.1f} km outer edge. "
            "People: those of the border municipalities on either side.",
            *((_LEAST,) if partial else ()),
            f"Edition {opened.id}. {opened.attribution}",
        ),
        numbers=("km", "Stretches", "of perimeter", "People here", "there", "known"),
        output=output,
    )


def _features(found: AreaSeams) -> Iterator[tuple[dict[str, Any], BaseGeometry | None]]:
    from nahtstelle.editions.documents import seams_document

    document = seams_document(found)
    drawn = found.edition.border_lines(found.level)
    for each in document["seams"]:
        own = each.pop("own", document["area"])
        a, b = sorted((own["key"], each["key"]))
        yield {"own_key": own["key"], **each}, drawn.get((a, b))


def _all(opened: Edition, level: LevelName | None, form: Format, output: Path | None) -> None:
    from nahtstelle.core.keys import Level
    from nahtstelle.editions.documents import all_seams_document

    at = Level.parse(level or "district")
    columns = (
        "a_key", "a_name", "b_key", "b_name", "land_seam", "length_km", "stretches",
        "a_municipalities", "b_municipalities", "people_a", "people_b", "people", "known_share",
    )  # fmt: skip
    document = all_seams_document(opened, at)

    def features() -> Iterator[tuple[dict[str, Any], BaseGeometry | None]]:
        drawn = opened.border_lines(at)
        for each in document["seams"]:
            yield each, drawn.get((each["a"]["key"], each["b"]["key"]))

    written(
        form,
        output,
        opened,
        document=lambda: document,
        rows=lambda: (
            columns,
            [
                (
                    each["a"]["key"], each["a"]["name"], each["b"]["key"], each["b"]["name"],
                    each["land_seam"], each["length_km"], each["stretches"], *_sides(each, "a", "b"),
                )
                for each in document["seams"]
            ],
        ),
        features=features,
        drawn=lambda to: table(
            f"{counted(len(document['seams']), 'seam', 'seams')} of level {at}",
            ("A", "Key", "B", "Key ", "km", "Stretches", "Land seam", "People", "known"),
            [
                (
                    each["a"]["name"], each["a"]["key"], each["b"]["name"], each["b"]["key"],
                    show(each["length_km"]), show(each["stretches"]), show(each["land_seam"]),
                    show_people(each["people"]["total"], each["people"]["known_share"]),
                    show_share(each["people"]["known_share"]),
                )
                for each in document["seams"]
            ],
            notes=(_LEAST, f"Edition {opened.id}. {opened.attribution}"),
            numbers=("km", "Stretches", "People", "known"),
            output=to,
        ),
    )  # fmt: skip


def border_people(
    areas: Annotated[
        list[str],
        typer.Argument(metavar="AREA...", help="Keys or unambiguous names of the areas that make up the region."),
    ],
    variant: Annotated[
        VariantName,
        typer.Option(
            "--variant", "-v", help="inner: at borders between the areas; outer: at borders with others; all: either."
        ),
    ] = VariantName.all,
    edition: EditionOption = None,
    form: FormatOption = Format.table,
    output: OutputOption = None,
) -> None:
    """Count the border people of a region: the people of its municipalities at borders, each counted once."""
    from nahtstelle.editions.documents import border_people_document

    opened = edition_named(edition)
    found = opened.border_people(areas, variant.value)
    document = border_people_document(opened, found)

    def features() -> Iterator[tuple[dict[str, Any], BaseGeometry | None]]:
        shapes = opened.areas("municipality").geometry
        for area in map(opened.area, found.municipalities):
            yield {"key": area.key, "name": area.name, "people": area.people.people}, shapes[area.key]

    share = "–" if found.share is None else f"{found.share:.1%}"
    people = show_people(found.region.people, found.region.known_share)
    border = show_people(found.border.people, found.border.known_share)
    written(
        form,
        output,
        opened,
        document=lambda: document,
        rows=lambda: (
            ("key", "name", "people"),
            [(key, opened.area(key).name, opened.area(key).people.people) for key in found.municipalities],
        ),
        features=features,
        drawn=lambda to: table(
            f"{border} of {people} people ({share}) live at the {_ENDS[found.variant]} of this region",
            ("Area", "Key", "People", "Border people", "known"),
            [
                (
                    area.name,
                    area.key,
                    show_people(area.people.people, area.people.known_share),
                    *_share_of(opened, area.key, found.municipalities),
                )
                for area in map(opened.area, found.areas)
            ],
            notes=(
                f"Variant {found.variant}: "
                f"{counted(len(found.municipalities), 'border municipality', 'border municipalities')}, "
                f"people known for {show_share(found.border.known_share)} of them "
                f"and for {show_share(found.region.known_share)} of all municipalities of the region.",
                f"Edition {opened.id}. {opened.attribution}",
            ),
            numbers=("People", "Border people", "known"),
            output=to,
        ),
    )


_ENDS = {"inner": "inner borders", "outer": "outer borders", "all": "inner and outer borders"}


def _share_of(opened: Edition, key: str, municipalities: tuple[str, ...]) -> tuple[str, str]:
    area = opened.area(key)
    table_of = opened.territory.municipalities
    keys, group = table_of.larger(area.level)
    import numpy as np

    at_border = np.isin(np.array(table_of.key), municipalities) & (group == keys.index(key))
    people = table_of.count(at_border)
    return show_people(people.people, people.known_share), show_share(people.known_share)
