"""Tables as files: CSV, XLSX and GeoJSON of what a page shows, each naming its source."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse

KINDS = ("csv", "xlsx", "geojson")
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}


@dataclass(frozen=True)
class Column:
    """A column of a file: its name for machines, with the unit in it, and what it means."""

    name: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """What a page shows, as rows of texts and numbers, ``None`` if unknown; ``notes`` say source, date and coverage."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    notes: Sequence[str]


def as_file(table: Table, kind: str, geometries: Callable[[], Iterable[Any]]) -> HttpResponse:
    """The table as an attachment; ``geometries`` are asked for only where the kind has them, one per row.

    Raises `Http404` for a kind there is not.
    """
    if kind not in KINDS:
        raise Http404(f"no file of kind {kind!r}: there are {', '.join(KINDS)}")
    body = _csv(table) if kind == "csv" else _xlsx(table) if kind == "xlsx" else _geojson(table, geometries())
    return HttpResponse(
        body,
        content_type=_TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{table.name}.{kind}"'},
    )


def _csv(table: Table) -> bytes:
    """Commas and decimal points as any program reads them; the sources are the last rows' own column."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*(column.name for column in table.columns), "source"])
    source = " · ".join(table.notes)
    for row in table.rows:
        writer.writerow([*(_harmless(value) for value in row), source])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")  # the mark tells Excel that this is UTF-8


def _harmless(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula, as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value[:1] else value


def _xlsx(table: Table) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", table.title)[:31])
    sheet.freeze_panes = "A2"
    for number, column in enumerate(table.columns, start=1):
        longest = max((len(str(row[number - 1])) for row in table.rows[:200]), default=0)
        sheet.column_dimensions[get_column_letter(number)].width = min(60, max(12, len(column.name), longest) + 2)
    head = [WriteOnlyCell(sheet, column.name) for column in table.columns]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in table.rows:
        sheet.append([_text_cell(sheet, value) if isinstance(value, str) else value for value in row])
    about = book.create_sheet("Info")
    about.column_dimensions["A"].width = 34
    about.column_dimensions["B"].width = 100
    about.append([table.title])
    for note in table.notes:
        about.append(["", note])
    for column in table.columns:
        about.append([column.name, column.meaning])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text_cell(sheet: Any, value: str) -> Any:
    """A cell that stays text, keys with leading zeros and names that begin with a sign included."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def _geojson(table: Table, geometries: Iterable[Any]) -> bytes:
    import shapely

    names = [column.name for column in table.columns]
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(names, row, strict=True)),
            "geometry": None if geometry is None else json.loads(shapely.to_geojson(geometry)),
        }
        for row, geometry in zip(table.rows, geometries, strict=True)
    ]
    return json.dumps(
        {"type": "FeatureCollection", "name": table.title, "notes": list(table.notes), "features": features},
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode("utf-8")
