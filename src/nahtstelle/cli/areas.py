"""``nahtstelle areas``: finding areas by name or key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from nahtstelle.cli.output import (
    EditionOption,
    Format,
    FormatOption,
    LevelOption,
    OutputOption,
    edition_named,
    show,
    show_people,
    table,
    written,
)
from nahtstelle.errors import UnknownArea

if TYPE_CHECKING:
    import geopandas as gpd

    from nahtstelle.core.model import Area
    from nahtstelle.editions.edition import Edition

app = typer.Typer(help="Find areas by name or key.", no_args_is_help=True)


@app.callback()
def _areas() -> None:
    """Find areas by name or key."""


@app.command()
def find(
    text: Annotated[str, typer.Argument(help="Name, part of a name, or the beginning of a key.")],
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
        raise UnknownArea(f"no area fits {text!r}{among} in edition {opened.id}; try a shorter part of the name")

    columns = ("key", "name", "designation", "level", "land", "people", "area_km2")

    def rows() -> list[tuple[object, ...]]:
        figures = areas_document(opened, found)["areas"]
        return [tuple(each[column] for column in columns) for each in figures]

    def drawn(to: object) -> None:
        table(
            f"{len(found):,} areas fit {text!r}",
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
        document=lambda: areas_document(opened, found),
        rows=lambda: (columns, rows()),
        features=lambda: (_features(opened, found), opened),
        drawn=drawn,
    )


def _features(edition: Edition, found: list[Area]) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import pandas as pd

    from nahtstelle.editions.documents import area_document

    pieces = []
    for level in {area.level for area in found}:
        shapes = edition.areas(level)
        mine = [area for area in found if area.level is level]
        frame = pd.DataFrame([area_document(area) for area in mine])
        pieces.append(gpd.GeoDataFrame(frame, geometry=list(shapes.geometry.loc[frame["key"]]), crs=shapes.crs))
    return gpd.GeoDataFrame(pd.concat(pieces, ignore_index=True), geometry="geometry", crs=pieces[0].crs)
