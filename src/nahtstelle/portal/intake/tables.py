"""Reading a list as people keep it: XLSX, XLS, ODS or CSV, in any usual encoding, with titles and merged cells."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from nahtstelle.core.names import folded
from nahtstelle.errors import InputError

MOST_BYTES = 30 * 2**20
MOST_UNPACKED = 600 * 2**20
MOST_ROWS = 200_000
MOST_COLUMNS = 200
_LONGEST_CELL = 20_000
_HEADER_WITHIN = 25
_SEPARATORS = ";,\t|"
_ENCODINGS = ("cp1252", "cp850", "mac_roman")
"""What lists from before UTF-8 are written in: Windows, DOS and old Macs. All three read any byte as some sign."""
_GERMAN = "äöüÄÖÜß"
_USUAL = _GERMAN + "–—„“”’‚‘…§€°²³éèáàâêçñ«»·\xa0"
_ODS_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


class UnreadableList(InputError):
    """A file that is no list, or one too large."""

    code = "unreadable-list"


@dataclass(frozen=True)
class Row:
    """One row below the header: its number in the file, from 1 on, and its cells as texts."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """One table: the names of its columns, its rows, and how it was read."""

    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    @property
    def signature(self) -> str:
        """What its columns are remembered under: their names, whatever their spelling."""
        return "|".join(folded(name) for name in self.header)


@dataclass
class _Grid:
    """Cells as they stand in the file."""

    name: str
    cells: list[list[str]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row and column, last row and column, from 0 on."""
    notes: list[str] = field(default_factory=list)


def read_sheets(content: bytes, name: str, known: Collection[str] = ()) -> list[Sheet]:
    """The tables of a file, those without rows left out.

    ``known`` are folded names of columns: the row that has most of them is the header. Raises `UnreadableList`.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableList(_("The file is too large: %(most)d MB at most.") % {"most": MOST_BYTES // 2**20})
    kind = PurePath(name).suffix.lower().lstrip(".")
    if kind in ("xlsx", "xlsm", "xls", "ods"):
        grids = _workbook(content, kind)
    elif kind in ("csv", "tsv", "txt"):
        grids = [_csv(content)]
    else:
        raise UnreadableList(_("Please give a list as XLSX, XLS, ODS or CSV, not “%(kind)s”.") % {"kind": kind or name})
    sheets = [sheet for grid in grids if (sheet := _sheet(grid, known)) is not None]
    if not sheets:
        raise UnreadableList(_("There is no table with a header and at least one row in this file."))
    return sheets


# --------------------------------------------------------------------------------------------- spreadsheets


def _workbook(content: bytes, kind: str) -> list[_Grid]:
    from python_calamine import CalamineWorkbook

    if kind != "xls":
        _not_a_bomb(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        grids = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS + _HEADER_WITHIN)
            merged = [(r1, c1, r2, c2) for (r1, c1), (r2, c2) in (sheet.merged_cell_ranges or [])]
            cells = [[_text(value) for value in row[:MOST_COLUMNS]] for row in rows]
            grids.append(_Grid(name, cells, merged))
    except UnreadableList:
        raise
    except Exception as error:  # whatever the reader finds wrong with the file
        raise UnreadableList(_("This file cannot be read as a spreadsheet. Is it damaged or protected?")) from error
    if kind == "ods":
        for grid, spans in zip(grids, _ods_spans(content), strict=False):
            grid.merged = spans
    return grids


def _not_a_bomb(content: bytes) -> None:
    """Refuse a small file that unfolds to more memory than there is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
    except zipfile.BadZipFile as error:
        raise UnreadableList(_("This file cannot be read as a spreadsheet. Is it damaged or protected?")) from error
    if unpacked > MOST_UNPACKED:
        raise UnreadableList(_("The file is too large when unpacked."))


def _ods_spans(content: bytes) -> Iterator[list[tuple[int, int, int, int]]]:
    """Merged cells of each table of an ODS file, which its reader does not tell."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        tree = ElementTree.fromstring(archive.read("content.xml"))
    for table in tree.iter(f"{_ODS_TABLE}table"):
        spans, row_number = [], 0
        for row in table.iter(f"{_ODS_TABLE}table-row"):
            column = 0
            for cell in row:
                down = int(cell.get(f"{_ODS_TABLE}number-rows-spanned", 1))
                across = int(cell.get(f"{_ODS_TABLE}number-columns-spanned", 1))
                if down > 1 or across > 1:
                    spans.append((row_number, column, row_number + down - 1, column + across - 1))
                column += int(cell.get(f"{_ODS_TABLE}number-columns-repeated", 1))
            row_number += int(row.get(f"{_ODS_TABLE}number-rows-repeated", 1))
        yield spans


def _text(value: object) -> str:
    """A cell as text: whole numbers without a point, dates as ISO, no blanks around."""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return _clean(str(value)) if value is not None else ""


def _clean(text: str) -> str:
    """Without blanks of any kind around and doubled, without signs no text has."""
    text = text[:_LONGEST_CELL].replace("\x00", "")
    return " ".join(re.sub(r"[\u00ad\u200b-\u200f\u2060\ufeff]", "", text).split())


# ------------------------------------------------------------------------------------------------------ csv


def _csv(content: bytes) -> _Grid:
    text, encoding = decoded(content)
    separator = separator_of(text)
    rows = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator, strict=False):
            rows.append([_clean(cell) for cell in row[:MOST_COLUMNS]])
            if len(rows) > MOST_ROWS + _HEADER_WITHIN:
                break
    except csv.Error as error:
        raise UnreadableList(_("This file cannot be read as CSV: a cell is too long.")) from error
    said = {"encoding": encoding, "separator": {"\t": _("tabulator")}.get(separator, separator)}
    return _Grid("", rows, notes=[_("Read as %(encoding)s with “%(separator)s” between the columns.") % said])


def decoded(content: bytes) -> tuple[str, str]:
    """A text and the encoding it was written in.

    UTF-8 and UTF-16 are told by their marks or by fitting without a fault. Of the older ones that are left,
    charset-normalizer says which read as language, and of those the one with most German letters is meant.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, "replace"), encoding.removesuffix("-sig").upper()
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes

    if content[1:200:2].count(0) > 20:
        return content.decode("utf-16-le", "replace"), "UTF-16"
    plausible = [match.encoding for match in from_bytes(content, cp_isolation=list(_ENCODINGS), threshold=0.5)]
    best = max(
        dict.fromkeys([*plausible, *_ENCODINGS]),
        key=lambda encoding: _german(content.decode(encoding, "replace")),
    )
    return content.decode(best, "replace"), best


def _german(text: str) -> float:
    """How much a text looks German: its umlauts, less the signs that German never has."""
    odd = sum(ord(sign) > 127 and sign not in _USUAL for sign in text)
    return sum(text.count(sign) for sign in _GERMAN) - 2.0 * odd


def separator_of(text: str) -> str:
    """What stands between the columns: the sign that cuts most rows into the same number of cells, more than one.

    `csv.Sniffer` is not asked, as it takes any frequent letter for a separator.
    """
    sample = "".join(text.splitlines(keepends=True)[:80])
    best, most = ";", 0.0
    for sign in _SEPARATORS:
        try:
            widths = Counter(len(row) for row in csv.reader(io.StringIO(sample), delimiter=sign) if any(row))
        except csv.Error:
            continue
        wide = {width: count for width, count in widths.items() if width > 1}
        if not wide:
            continue
        width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
        score = count / sum(widths.values()) + min(width, 20) / 100
        if score > most:
            best, most = sign, score
    return best


# --------------------------------------------------------------------------------------------------- tables


def _sheet(grid: _Grid, known: Collection[str]) -> Sheet | None:
    """The table in a grid; ``None`` where there is none."""
    notes = list(grid.notes)
    filled = _fill(grid)
    if filled:
        notes.append(_("Merged cells were filled: each of their rows has their value."))
    cells = grid.cells
    if len(cells) > MOST_ROWS:
        raise UnreadableList(_("The list is too long: %(most)d rows at most.") % {"most": MOST_ROWS})
    at = _header(cells, known)
    if at is None:
        return None
    header, width = _names(cells[at]), len(cells[at])
    rows, repeated = [], 0
    for number, row in enumerate(cells[at + 1 :], start=at + 2):
        row = [*row[:width], *[""] * (width - len(row))]
        if not any(row):
            continue
        if [folded(cell) for cell in row] == [folded(cell) for cell in cells[at]]:
            repeated += 1
            continue
        rows.append(Row(number, tuple(row)))
    keep = [column for column, name in enumerate(header) if name or any(row.cells[column] for row in rows)]
    if not rows or not keep:
        return None
    if at:
        notes.append(_("The header was found in row %(row)d; what stands above it was left out.") % {"row": at + 1})
    if repeated:
        notes.append(_("Rows that repeat the header were left out: %(count)d.") % {"count": repeated})
    return Sheet(
        grid.name,
        tuple(header[column] or _("Column %(number)d") % {"number": column + 1} for column in keep),
        tuple(Row(row.number, tuple(row.cells[column] for column in keep)) for row in rows),
        tuple(notes),
    )


def _fill(grid: _Grid) -> bool:
    """Give every cell of a merged range its value; says whether anything was filled below the range's first row."""
    filled = False
    for top, left, bottom, right in grid.merged:
        if top >= len(grid.cells) or left >= len(grid.cells[top]):
            continue
        value = grid.cells[top][left]
        for row in range(top, min(bottom + 1, len(grid.cells))):
            for column in range(left, min(right + 1, len(grid.cells[row]))):
                if value and not grid.cells[row][column]:
                    grid.cells[row][column] = value
                    filled = filled or row > top
    return filled


def _header(cells: Sequence[Sequence[str]], known: Collection[str]) -> int | None:
    """The row of the header: that with most known names, else the first of distinct words as wide as the table."""
    top = cells[:_HEADER_WITHIN]
    if not top:
        return None
    hits = [len({folded(cell) for cell in row} & set(known)) for row in top]
    if max(hits) >= 2 or (max(hits) == 1 and max(len(set(filter(None, row))) for row in top) == 1):
        return hits.index(max(hits))
    usual = max((sum(map(bool, row)) for row in cells[:200]), default=0)
    for number, row in enumerate(top):
        said = [cell for cell in row if cell]
        words = [cell for cell in said if not re.fullmatch(r"[\d.,\s/-]+", cell)]
        if len(said) >= max(1, 0.6 * usual) and len(set(said)) == len(said) and len(words) == len(said):
            return number
    return max(range(len(top)), key=lambda number: sum(map(bool, top[number])))


def _names(cells: Sequence[str]) -> list[str]:
    """Names of columns, a second one of the same name with its number."""
    seen: Counter[str] = Counter()
    names = []
    for cell in cells:
        seen[folded(cell)] += 1
        count = seen[folded(cell)]
        names.append(f"{cell} ({count})" if cell and count > 1 else cell)
    return names
