"""``nahtstelle areas``: finding areas by name or key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nahtstelle.cli.output import (
    EditionOption,
    Format,
    FormatOption,
    LevelOption,
    OutputOption,
    counted,
    edition_named,
    show,
    show_people,
    table,
    written,
)
from nahtstelle.errors import UnknownArea

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from nahtstelle.core.model import Area
    from nahtstelle.editions.edition import Edition

app = typer.Typer(help="Find areas by name or key.", no_args_is_help=True)


@app.callback()
def _areas() -> None:
    """Find areas by name or key."""


@app.command()
def find(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Name, part of a name, or the beginning of a key.")],
    level: LevelOption = None,
    edition: EditionOption = None,
    form: FormatOption = Format.table,
    output: OutputOption = None,
) -> None:
    """Find areas: best first, larger areas before smaller. Umlauts and upper case do not matter."""
    from nahtstelle.editions.documents import areas_document

    opened = edition_named(edition)
    found = opened.find(text, level)
    if not found:
        among = f" among the areas of level {level}" if level else ""
        hint = "keys are text: perhaps a leading zero was lost" if text.isdigit() else "try a shorter part of the name"
        raise UnknownArea(f"no area fits {text!r}{among} in edition {opened.id}; {hint}")

    columns = ("key", "name", "designation", "level", "land", "people", "known_share", "area_km2")

    def rows() -> list[tuple[object, ...]]:
        figures = areas_document(opened, found)["areas"]
        return [tuple(each[column] for column in columns) for each in figures]

    def drawn(to: object) -> None:
        table(
            f"{counted(len(found), 'area fits', 'areas fit')} {text!r}",
            ("Key", "Name", "Designation", "Level", "Land", "People", "km²"),
            [
                (
                    area.key,
                    area.name,
                    area.designation or "",
                    str(area.level),
                    opened.area(area.land_key).name if area.land_key else "",
                    show_people(area.people.people, area.people.known_share),
                    show(None if area.area_m2 is None else area.area_m2 / 1e6),
                )
                for area in found
            ],
            notes=(f"Edition {opened.id}. {opened.attribution}",),
            numbers=("People", "km²"),
            output=output,
        )

    written(
        form,
        output,
        opened,
        document=lambda: areas_document(opened, found),
        rows=lambda: (columns, rows()),
        features=lambda: _features(opened, found),
        drawn=drawn,
    )


def _features(edition: Edition, found: list[Area]) -> list[tuple[dict[str, Any], BaseGeometry | None]]:
    from nahtstelle.editions.documents import areas_document

    shapes = {level: edition.areas(level).geometry for level in {area.level for area in found}}
    figures = areas_document(edition, found)["areas"]
    return [(each, shapes[area.level][area.key]) for area, each in zip(found, figures, strict=True)]
