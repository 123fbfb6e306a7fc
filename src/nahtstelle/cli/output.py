"""Where answers go: tables for people, JSON, CSV and GeoJSON for programs; to the terminal or a file."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nahtstelle.errors import InputError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from nahtstelle.editions.edition import Edition


_WIDTH, _WIDEST = 120, 240  # of tables that go to a file or another program


GEOJSON_DECIMALS = 7
"""A centimetre, as the format's specification recommends."""


class Format(StrEnum):
    """How an answer is written."""

    table = "table"
    json = "json"
    csv = "csv"
    geojson = "geojson"


class LevelName(StrEnum):
    """The names of the levels, largest first."""

    land = "land"
    district = "district"
    union = "union"
    municipality = "municipality"


FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to write the answer.")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="File to write to instead of the terminal.", dir_okay=False)
]
EditionOption = Annotated[
    str | None, typer.Option("--edition", "-e", help="Id or folder of the edition; default: the bundled one.")
]
LevelOption = Annotated[
    LevelName | None, typer.Option("--level", "-l", metavar="LEVEL", help="land, district, union or municipality.")
]


def edition_named(which: str | None) -> Edition:
    """The edition an option names."""
    from nahtstelle.editions.catalogue import open_edition

    return open_edition(which)


def put(text: str, output: Path | None) -> None:
    """Write text to the terminal, or to a file that is complete or not there at all."""
    if output is None:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        return
    put_bytes((text if text.endswith("\n") else text + "\n").encode("utf-8"), output)


def put_bytes(content: bytes, output: Path) -> None:
    """Write a file that is complete or not there at all. Raises `InputError` where it cannot be written."""
    new = output.with_name(f".{output.name}.new")
    try:
        new.write_bytes(content)
        new.replace(output)
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror or error}") from None
    typer.echo(f"written: {output}", err=True)


def to_json(document: dict[str, Any]) -> str:
    """A document as JSON text."""
    import json

    return json.dumps(document, ensure_ascii=False, indent=2)


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV: commas, one header line, lists joined by spaces, nothing for a missing value."""
    import csv

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([" ".join(map(str, cell)) if isinstance(cell, list | tuple) else cell for cell in row])
    return text.getvalue()


def to_geojson(features: Iterable[tuple[dict[str, Any], BaseGeometry | None]], edition: Edition) -> str:
    """Properties and geometry of each feature; edition and attribution as members of the collection."""
    import json

    import numpy as np
    import shapely

    def shape(geometry: BaseGeometry | None) -> dict[str, Any] | None:
        if geometry is None:
            return None
        return dict(shapely.geometry.mapping(shapely.transform(geometry, lambda xy: np.round(xy, GEOJSON_DECIMALS))))

    collection = {
        "type": "FeatureCollection",
        "edition": edition.id,
        "attribution": edition.attribution,
        "features": [
            {"type": "Feature", "properties": properties, "geometry": shape(geometry)}
            for properties, geometry in features
        ],
    }
    return json.dumps(collection, ensure_ascii=False)


def table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    notes: Sequence[str] = (),
    numbers: Sequence[str] = (),
    output: Path | None = None,
) -> None:
    """A table for people; columns in ``numbers`` are set to the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(header_style="bold", box=None, pad_edge=False)
    for column in columns:
        drawn.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(cell if isinstance(cell, str) else show(cell)) for cell in row))
    to = sys.stdout if output is None else io.StringIO()
    width = None
    if not to.isatty():  # there a row stays one line, unless it holds whole sentences
        needed = Console(width=2 * _WIDEST).measure(drawn).maximum
        width = needed if _WIDTH < needed <= _WIDEST else _WIDTH
    console = Console(file=to, width=width, highlight=False)
    console.print(Text(title, style="bold"))
    if drawn.row_count:
        console.print(drawn)
    for note in notes:
        console.print(Text(note, style="dim"))
    if isinstance(to, io.StringIO):
        put(to.getvalue(), output)


def show(value: object) -> str:
    """A value for a reader: thousands apart, a dash for what is missing."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.1f}"
    return str(value)


def show_people(people: int | None, known_share: float) -> str:
    """A number of people; with ``≥`` where not all municipalities have a figure."""
    if people is None:
        return "–"
    return f"{people:,}" if known_share >= 1 else f"≥ {people:,}"


def show_share(share: float) -> str:
    """A share in per cent, 100 % only where nothing is missing and 0 % only where there is nothing."""
    if 0 < share < 1:
        return f"{min(max(round(share * 100), 1), 99)}%"
    return f"{share:.0%}"


def named(name: str, designation: str | None) -> str:
    """An area's name with its designation, unless the name says as much: Landkreis Goslar, but Region Hannover."""
    from nahtstelle.core.names import bare, folded

    says_itself = bare(folded(name)) != folded(name)
    return name if says_itself or not designation else f"{designation} {name}"


def counted(count: int, one: str, several: str) -> str:
    """A number with its noun."""
    return f"{count:,} {one if count == 1 else several}"


def written(
    form: Format,
    output: Path | None,
    edition: Edition,
    *,
    document: Callable[[], dict[str, Any]],
    rows: Callable[[], tuple[Sequence[str], Iterable[Sequence[object]]]],
    features: Callable[[], Iterable[tuple[dict[str, Any], BaseGeometry | None]]],
    drawn: Callable[[Path | None], None],
) -> None:
    """Write an answer in the form asked for; each form is made only when it is the one. All name their source."""
    if form is Format.json:
        put(to_json(document()), output)
    elif form is Format.csv:
        columns, lines = rows()
        source = (edition.id, edition.attribution)
        put(to_csv((*columns, "edition", "attribution"), ((*line, *source) for line in lines)), output)
    elif form is Format.geojson:
        put(to_geojson(features(), edition), output)
    else:
        drawn(output)
