"""``nahtstelle footprint``: the space of a cooperation in a register file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from nahtstelle.cli.bridges import DayOption, RegisterArgument, day_of
from nahtstelle.cli.output import (
    EditionOption,
    Format,
    FormatOption,
    OutputOption,
    counted,
    edition_named,
    show,
    show_people,
    show_share,
    table,
    written,
)
from nahtstelle.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from nahtstelle.core.model import Cooperation, Footprint, ResolvedMembership
    from nahtstelle.editions.edition import Edition


def footprint(
    register: RegisterArgument,
    ref: Annotated[
        str, typer.Argument(metavar="REF", help="Reference of the cooperation, e.g. metropolregion-hamburg.")
    ],
    edition: EditionOption = None,
    on: DayOption = None,
    form: FormatOption = Format.table,
    output: OutputOption = None,
) -> None:
    """Show the space of a cooperation: people, km², districts and how much of each, parts, enclaves, overlaps."""
    from nahtstelle.core.footprint import footprint as footprint_of
    from nahtstelle.editions.documents import footprint_document
    from nahtstelle.register_file import read_snapshot

    snapshot = read_snapshot(register)
    if ref not in snapshot.by_ref:
        near = [each for each in snapshot.by_ref if ref in each or each in ref][:8]
        hint = f"; did you mean: {', '.join(near)}?" if near else ""
        raise InputError(f"there is no cooperation {ref!r} in {register}{hint}")
    opened = edition_named(edition)
    cooperation, found = snapshot.by_ref[ref], footprint_of(snapshot, opened.territory, ref, day_of(on))
    document = footprint_document(opened, cooperation, found)
    columns = ("key", "name", "people", "area_km2", "part")

    def rows() -> list[tuple[object, ...]]:
        part_of = {key: number for number, part in enumerate(found.parts, 1) for key in part}
        return [
            (
                area.key,
                area.name,
                area.people.people,
                None if area.area_m2 is None else round(area.area_m2 / 1e6, 2),
                part_of[area.key],
            )
            for area in map(opened.area, found.municipalities)
        ]

    def features() -> Iterator[tuple[dict[str, Any], BaseGeometry | None]]:
        import numpy as np
        import shapely

        shapes = opened.areas("municipality").geometry
        outline = shapely.coverage_union_all(np.asarray(shapes[list(found.municipalities)].array))
        yield (
            {"cooperation": ref, "name": cooperation.name, "on": document["on"], "people": document["people"]},
            outline,
        )

    written(
        form,
        output,
        opened,
        document=lambda: document,
        rows=lambda: (columns, rows()),
        features=features,
        drawn=lambda to: _draw(opened, cooperation, found, {each.ref: each.name for each in snapshot.cooperations}, to),
    )


def _draw(
    opened: Edition, cooperation: Cooperation, found: Footprint, names: dict[str, str], output: Path | None
) -> None:
    people = show_people(found.people.people, found.people.known_share)
    size = f"{show(None if found.area_m2 is None else found.area_m2 / 1e6)} km²"
    parts = counted(len(found.parts), "connected part", "connected parts")
    enclaves = counted(len(found.enclaves), "enclave", "enclaves")
    overlapping = [f"{names[each.ref]} ({show_share(each.people_share or 0)})" for each in found.overlaps[:8]]
    notes = [
        f"{parts}, {enclaves} not covered. Shares: by known people, and by area.",
        *([f"Overlaps, with the share of its people: {'; '.join(overlapping)}."] if overlapping else []),
        *_noted("Missing from all figures, because the key leads to no area", found.unresolved),
        *_noted("Members only in part, but counted in whole", found.partial),
        *_noted("Found by an earlier or later key", found.carried),
        *_noted("Länder that add nothing, because smaller members lie in them", found.beside),
        f"Edition {opened.id}. {opened.attribution}",
    ]
    table(
        f"{cooperation.name} on {found.on}: {people} people, {size}, "
        f"{counted(len(found.municipalities), 'municipality', 'municipalities')}",
        ("District", "Key", "People", "Area", "Municipalities", "of"),
        [
            (
                opened.area(each.key).name,
                each.key,
                show(None) if each.people_share is None else show_share(each.people_share),
                show(None) if each.area_share is None else show_share(each.area_share),
                show(each.municipalities),
                show(each.of),
            )
            for each in found.districts
        ],
        notes=notes,
        numbers=("People", "Area", "Municipalities", "of"),
        output=output,
    )


def _noted(what: str, several: tuple[ResolvedMembership, ...]) -> list[str]:
    keys = list(dict.fromkeys(str(each.membership.area_key) for each in several))
    return [f"{what}: {', '.join(keys)}."] if keys else []
