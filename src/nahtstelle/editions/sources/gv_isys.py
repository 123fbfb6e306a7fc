"""Destatis' Gemeindeverzeichnis GV-ISys: people, area and place of municipalities, and official changes of keys.

Three formats: the yearly and quarterly workbooks ``*_Auszug_GV.xlsx``, the fixed-width text GV100AD, and the
workbooks of changes ("Gebietsänderungen"). The workbooks are made for reading; columns are found by their headings,
because position and number of columns changed over the years.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from nahtstelle.core.keys import LAENDER, Level
from nahtstelle.editions.sources.dates import date_in
from nahtstelle.editions.sources.layers import ZIP_ERRORS, check_text, names_in_zip, one_line, shown
from nahtstelle.editions.sources.records import KeyChanges, Origin, PeopleSource
from nahtstelle.errors import SourceError

# Record types that are a level of ours; 20 (government districts) and 30 (regions) are none.
_MUNICIPALITY = "60"
_LEVEL_OF_RECORD = {"10": Level.LAND, "40": Level.DISTRICT, "50": Level.UNION}
_DIGITS_OF_RECORD = {"10": (2,), "20": (2, 1), "30": (2, 1), "40": (2, 1, 2), "50": (2, 1, 2, 4), "60": (2, 1, 2, 4, 3)}

# Textkennzeichen, from the record description GV100.
_DESIGNATION = {
    "41": "Kreisfreie Stadt",
    "42": "Stadtkreis",
    "43": "Kreis",
    "44": "Landkreis",
    "45": "Regionalverband",
    "50": "Verbandsfreie Gemeinde",
    "51": "Amt",
    "52": "Samtgemeinde",
    "53": "Verbandsgemeinde",
    "54": "Verwaltungsgemeinschaft",
    "55": "Kirchspielslandgemeinde",
    "56": "Verwaltungsverband",
    "57": "Verwaltungsgemeinschaft (Trägermodell)",
    "58": "Erfüllende Gemeinde",
}

_KINDS = {"1": "dissolved", "2": "partial", "3": "rekeyed", "4": "renamed"}

# The part of the earth a German municipality's centre lies in, in degrees.
_LONGITUDES = (5.0, 16.0)
_LATITUDES = (47.0, 56.0)

_OPTIONAL = ("longitude", "latitude")

LENGTH_OF_LINE = 220

_SQUARE_METRES_PER_HECTARE = 10_000
_SQUARE_METRES_PER_SQUARE_KILOMETRE = 1_000_000


@dataclass(frozen=True)
class _Record:
    """One line of a register, of whatever format."""

    row: int
    kind: str
    key: str
    name: str
    designation: str | None = None
    people: int | None = None
    area_m2: float | None = None
    postcode: str | None = None
    lon: float | None = None
    lat: float | None = None
    seat: str | None = None


def read_gv_isys(path: Path) -> PeopleSource | KeyChanges:
    """People or changes from a file of the Gemeindeverzeichnis, whichever it is.

    Raises `SourceError` for a file that is none of the three formats or is damaged, and for rows that cannot be
    true: keys that are none, people or areas that are no numbers, coordinates outside Germany, a key with two names.
    """
    if path.suffix.lower() in (".zip", ".txt"):
        return read_gv100ad(path)
    book = _Workbook.open(path)
    if (sheet := book.sheet_with("satzart")) is not None:
        return _register(book, *sheet)
    if (sheet := book.sheet_with("kennziffer")) is not None:
        return _changes(book, *sheet)
    raise SourceError(
        f"{path.name} has no sheet with a column Satzart (Auszug GV) or Kennziffer (Gebietsänderungen); "
        f"its sheets are {', '.join(book.sheets)}"
    )


def read_gv100ad(path: Path) -> PeopleSource:
    """People from GV100AD: the .zip as published, or the .txt from it.

    Record types 10, 40, 50 and 60 are read as the record description of 14 June 2000 has them. The area is in
    hectares. Text is UTF-8 since 2025, Windows-1252 before. The day of the people stands in ``Hinweise.txt`` beside;
    without it the last 31 December is taken, with a finding.
    """
    name, content, notes = _gv100ad_files(path)
    findings: list[str] = []
    records = list(_gv100ad_records(content, name))
    days = {line[2:10] for line in content.splitlines() if line.strip()}
    valid_on = date_in(min(days)) if len(days) == 1 else None
    if valid_on is None:
        raise SourceError(
            f"{name} states no single territorial status in columns 3 to 10: {', '.join(sorted(days)[:3])}"
        )
    stated = re.search(r"Bevölkerungsangaben.*?Stichtag\s+([\d.]{10})", notes, re.DOTALL)
    people_on = date_in(stated[1]) if stated else None
    if people_on is None:
        people_on = dt.date(valid_on.year if (valid_on.month, valid_on.day) == (12, 31) else valid_on.year - 1, 12, 31)
        findings.append(f"{name} has no Hinweise.txt that states the day of its people: {people_on} taken")
    return _people_source(records, name, path, valid_on, people_on, _year_of_issue(notes), findings)


@dataclass(frozen=True)
class _Workbook:
    """The sheets of a workbook as rows of cells, empty cells as empty text."""

    path: Path
    sheets: dict[str, list[list[Any]]]

    @classmethod
    def open(cls, path: Path) -> _Workbook:
        try:
            book = CalamineWorkbook.from_path(str(path))
            return cls(path, {n: book.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in book.sheet_names})
        except (CalamineError, OSError) as error:
            raise SourceError(f"{path} is no complete workbook ({one_line(error)}): download it again") from error

    def sheet_with(self, heading: str) -> tuple[str, int] | None:
        """Name of the sheet with a column of this heading, and the row of the heading."""
        for name, rows in self.sheets.items():
            for number, row in enumerate(rows[:20]):
                if any(_heading(cell) == heading for cell in row):
                    return name, number
        return None

    @property
    def text(self) -> str:
        """All texts of the sheets that hold no table: cover and notes."""
        return "\n".join(str(cell) for rows in self.sheets.values() for row in rows for cell in row[:1])


def _register(book: _Workbook, sheet: str, head: int) -> PeopleSource:
    """An Auszug GV: a heading of three rows, with dates above and within it, then one line per area."""
    where = f"{book.path.name}, sheet {sheet}"
    rows = book.sheets[sheet]
    heading = rows[head : head + 3]
    columns = _register_columns(heading, where)
    lines = [
        (number, record, key, row)
        for number, row in enumerate(rows[head + 3 :], start=head + 4)
        for record, key in _record_and_key(row, columns, number, where)
    ]
    as_degrees, findings = _reading_of_coordinates([row for _, _, _, row in lines], columns)
    records = []
    for number, record, key, row in lines:
        cell = {name: row[column] for name, column in columns.items()}
        name, mark = str(cell["name"]).strip(), str(cell["mark"]).strip()
        if record != _MUNICIPALITY:
            records.append(_Record(number, record, key, name, _DESIGNATION.get(mark)))
            continue
        area = _number(cell["area"], "area", number, key, where)
        lon, lat = (
            _coordinate(cell.get(axis), axis, as_degrees, number, key, where) for axis in ("longitude", "latitude")
        )
        records.append(
            _Record(
                number,
                record,
                key,
                name,
                people=_count(cell["people"], number, key, where),
                area_m2=None if area is None else float(round(area * _SQUARE_METRES_PER_SQUARE_KILOMETRE)),
                postcode=str(cell["postcode"]).strip() or None,
                lon=lon,
                lat=lat,
            )
        )
    status = next((str(cell) for row in heading for cell in row if "Gebietsstand" in str(cell)), "")
    valid_on = date_in(status) or date_in(str(rows[0][0])) or date_in(book.path.stem)
    if valid_on is None:
        raise SourceError(f"{where} states no territorial status (Gebietsstand am ...)")
    # Cells of the heading are merged: the date of the people stands above them or further left, above the area.
    above_people = (
        row[column] for column in range(columns["people"], columns["name"], -1) for row in reversed(heading)
    )
    people_on = next((day for cell in above_people if (day := date_in(str(cell))) is not None), valid_on)
    return _people_source(records, where, book.path, valid_on, people_on, _year_of_issue(book.text), findings)


def _register_columns(heading: Sequence[Sequence[Any]], where: str) -> dict[str, int]:
    """Column numbers by what they hold; coordinates are in the registers since 2009 only."""
    wanted = {
        "record": "satzart",
        "mark": "textkennzeichen",
        "land": "land",
        "region": "rb",
        "district": "kreis",
        "union": "vb",
        "municipality": "gem",
        "name": "gemeindename",
        "area": "fläche",
        "people": "insgesamt",
        "postcode": "postleitzahl",
        "longitude": "längengrad",
        "latitude": "breitengrad",
    }
    found: dict[str, int] = {}
    for row in heading:
        for number, cell in enumerate(row):
            text = _heading(cell)
            for column, title in wanted.items():
                if text == title or (column == "area" and text.startswith(title)):
                    found.setdefault(column, number)
    missing = [title for column, title in wanted.items() if column not in found and column not in _OPTIONAL]
    if missing:
        raise SourceError(f"{where} has no column {', '.join(missing)}; is it an Auszug GV?")
    return found


def _record_and_key(row: Sequence[Any], columns: dict[str, int], number: int, where: str) -> Iterator[tuple[str, str]]:
    """Record type and key of a line; nothing for lines without, and for government districts and regions."""
    record = str(row[columns["record"]]).strip()
    parts = [row[columns[part]] for part in ("land", "region", "district", "union", "municipality")]
    if record not in _DIGITS_OF_RECORD:
        if all(str(part).strip() == "" for part in parts):
            return  # a note below the table, or an empty line
        raise SourceError(
            f"{where}, row {number}: Satzart {shown(row[columns['record']])}, expected 10, 20, 30, 40, 50 or 60"
        )
    digits = _DIGITS_OF_RECORD[record]
    for part, length in zip(parts, digits, strict=False):
        if not (isinstance(part, str) and len(part) == length and part.isascii() and part.isdigit()):
            raise SourceError(
                f"{where}, row {number}: {shown(part)} as part of a key of Satzart {record}, expected text of {length} "
                "digits; as a number it loses its leading zero, or columns are swapped"
            )
    key = "".join(parts[: len(digits)])
    if key[:2] not in LAENDER:
        raise SourceError(f"{where}, row {number}: key {key!r} starts with no Land, 01 to 16")
    if record in _LEVEL_OF_RECORD or record == _MUNICIPALITY:
        yield record, key


def _changes(book: _Workbook, sheet: str, head: int) -> KeyChanges:
    """A list of changes: a heading of two rows, then one line per area that gives something away."""
    where = f"{book.path.name}, sheet {sheet}"
    rows = book.sheets[sheet]
    columns = _columns_of_changes(rows[head : head + 2], where)
    lines: dict[int, dict[str, Any]] = {}
    for number, row in enumerate(rows[head + 2 :], start=head + 3):
        cell = {name: row[column] for name, column in columns.items()}
        if str(cell["level"]).strip() != "Gemeinde":
            continue
        before_key, before_ags = _keys(cell["before_key"], cell["before_ags"], number, where)
        after_key, after_ags = _keys(cell["after_key"], cell["after_ags"], number, where)
        effective = date_in(str(cell["valid_on"]))
        if effective is None:
            raise SourceError(f"{where}, row {number}, key {before_key}: {shown(cell['valid_on'])} is no date")
        lines[number] = {
            "before_key": before_key,
            "before_ags": before_ags,
            "before_name": str(cell["before_name"]).strip(),
            "kind": _kind(cell["kind"], number, before_key, where),
            "area_m2": _number(cell["area"], "area", number, before_key, where),
            "people": _count(cell["people"], number, before_key, where),
            "after_key": after_key,
            "after_ags": after_ags,
            "after_name": str(cell["after_name"]).strip(),
            "valid_on": effective,
        }
    if not lines:
        raise SourceError(f"{where} has no rows of municipalities (Regionaleinheit Gemeinde)")
    since, until = _period(book.text, where)
    findings = [
        f"{where}: {line['before_name']} ({line['before_key']}) changed on {line['valid_on']}, outside the period"
        for line in lines.values()
        if not since <= line["valid_on"] <= until
    ]
    text = ["before_key", "before_ags", "before_name", "kind", "after_key", "after_ags", "after_name"]
    changes = pd.DataFrame(list(lines.values()), index=list(lines)).astype(
        {**dict.fromkeys(text, "string"), "area_m2": "float64", "people": "Int64"}
    )
    check_text(changes, where, "before_key")
    return KeyChanges(
        origin=_origin(f"Gebietsänderungen vom {since:%d.%m.%Y} bis {until:%d.%m.%Y}", _year_of_issue(book.text)),
        since=since,
        until=until,
        changes=changes.reset_index(drop=True),
        files=(book.path,),
        findings=tuple(findings),
    )


def _columns_of_changes(heading: Sequence[Sequence[Any]], where: str) -> dict[str, int]:
    """Column numbers by what they hold; key, AGS and name come twice, before and after.

    Of the two dates the statistical one counts: from that day on the official registers show the change.
    """
    by_title: dict[str, list[int]] = {}
    for row in heading:
        for number, cell in enumerate(row):
            by_title.setdefault(_heading(cell), []).append(number)
    wanted = {
        "level": ("regionaleinheit", 0),
        "before_key": ("amtlicherregionalschlüsselars", 0),
        "before_ags": ("amtlichergemeindeschlüsselags", 0),
        "before_name": ("name", 0),
        "kind": ("änderungsart", 0),
        "area": ("flächeqm", 0),
        "people": ("einwohner", 0),
        "after_key": ("amtlicherregionalschlüsselars", 1),
        "after_ags": ("amtlichergemeindeschlüsselags", 1),
        "after_name": ("name", 1),
        "valid_on": ("statistisch", 0),
    }
    missing = [title for title, nth in wanted.values() if len(by_title.get(title, ())) <= nth]
    if missing:
        raise SourceError(f"{where} has no column {', '.join(dict.fromkeys(missing))}; are these Gebietsänderungen?")
    return {column: by_title[title][nth] for column, (title, nth) in wanted.items()}


def _keys(key: Any, ags: Any, number: int, where: str) -> tuple[str, str]:
    """ARS and AGS of a changed municipality, checked against each other."""
    if not (isinstance(key, str) and re.fullmatch(r"\d{12}", key.strip()) and key[:2] in LAENDER):
        raise SourceError(
            f"{where}, row {number}: {shown(key)} is no ARS of a municipality, expected text of 12 digits"
        )
    key = key.strip()
    if str(ags).strip() != key[:5] + key[9:]:
        raise SourceError(f"{where}, row {number}, key {key}: AGS {shown(ags)} does not fit the ARS")
    return key, key[:5] + key[9:]


def _kind(value: Any, number: int, key: str, where: str) -> str:
    """Kind of a change; a new key with a new name ("3, 4") is a new key."""
    codes = [code.strip().removesuffix(".0") for code in str(value).split(",")]
    if not set(codes) <= set(_KINDS):
        raise SourceError(f"{where}, row {number}, key {key}: kind of change {shown(value)}, expected 1, 2, 3 or 4")
    return _KINDS[min(codes)]


def _period(text: str, where: str) -> tuple[dt.date, dt.date]:
    stated = re.search(r"vom (\d\d\.\d\d\.)(\d{4})? *(?:-|bis) *(\d\d\.\d\d\.)(\d{4})", text)
    since = date_in(stated[1] + (stated[2] or stated[4])) if stated else None
    until = date_in(stated[3] + stated[4]) if stated else None
    if since is None or until is None:
        raise SourceError(f"{where} states no period (Gebietsänderungen vom ... bis ...)")
    return since, until


def _gv100ad_files(path: Path) -> tuple[str, str, str]:
    """Name and text of the register, and the text of the notes beside it."""
    if path.suffix.lower() == ".zip":
        names = names_in_zip(path)
        found = next((name for name in names if is_gv100ad(name)), None)
        if found is None:
            raise SourceError(f"{path} holds no GV100AD_....txt, but {', '.join(names)}")
        try:
            with zipfile.ZipFile(path) as archive:
                beside = next((name for name in names if PurePosixPath(name).name.lower() == "hinweise.txt"), None)
                notes = archive.read(beside) if beside else b""
                content = archive.read(found)
        except ZIP_ERRORS as error:
            raise SourceError(f"{path} is damaged ({one_line(error)}): download it again") from error
        return f"{found} in {path.name}", _decoded(content), _decoded(notes)
    beside_file = next(
        (file for file in sorted(path.absolute().parent.iterdir()) if file.name.lower() == "hinweise.txt"), None
    )
    return path.name, _decoded(path.read_bytes()), _decoded(beside_file.read_bytes()) if beside_file else ""


def is_gv100ad(name: str) -> bool:
    """Whether a file's name is that of the fixed-width register."""
    return re.fullmatch(r"gv100ad.*\.txt", PurePosixPath(name).name.lower()) is not None


def _gv100ad_records(content: str, where: str) -> Iterator[_Record]:
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        record = line[:2]
        if len(line) != LENGTH_OF_LINE or record not in _DIGITS_OF_RECORD:
            raise SourceError(
                f"{where}, row {number}: record type {record!r} of {len(line)} characters, expected 10 to 60 of "
                f"{LENGTH_OF_LINE}; if the file was cut off, download it again"
            )
        parts = (line[10:12], line[12], line[13:15], line[18:22], line[15:18])
        key = "".join(parts[: len(_DIGITS_OF_RECORD[record])])
        if record not in _LEVEL_OF_RECORD and record != _MUNICIPALITY:
            continue
        if not key.isdigit() or key[:2] not in LAENDER:
            raise SourceError(f"{where}, row {number}: {key!r} is no key")
        name, mark = line[22:72].strip(), line[122:124]
        if record in _LEVEL_OF_RECORD:
            yield _Record(number, record, key, name, _DESIGNATION.get(mark), seat=line[72:122].strip() or None)
            continue
        hectares = _number(line[128:139], "area", number, key, where)
        yield _Record(
            number,
            record,
            key,
            name,
            people=_count(line[139:150], number, key, where),
            area_m2=None if hectares is None else hectares * _SQUARE_METRES_PER_HECTARE,
            postcode=line[165:170].strip() or None,
        )


def _people_source(
    records: Sequence[_Record],
    where: str,
    path: Path,
    valid_on: dt.date,
    people_on: dt.date,
    year_of_issue: int | None,
    findings: Sequence[str],
) -> PeopleSource:
    municipal = [record for record in records if record.kind == _MUNICIPALITY]
    if not municipal:
        raise SourceError(f"{where} has no rows of municipalities (record type 60)")
    by_key: dict[str, _Record] = {}
    repeated = []
    for record in municipal:
        first = by_key.setdefault(record.key, record)
        if (first.name, first.people, first.area_m2) != (record.name, record.people, record.area_m2):
            raise SourceError(
                f"{where}, rows {first.row}, {record.row}: key {record.key} comes twice with different name, people or "
                f"area: {first.name!r}, {first.people}, and {record.name!r}, {record.people}"
            )
        if first is not record:
            repeated.append(record.key)
    remarks = list(findings)
    if repeated:
        keys = sorted(set(repeated))
        remarks.append(
            f"{where}: {len(repeated)} rows repeat one of {len(keys)} keys and are counted once: {', '.join(keys)}"
        )
    kept = list(by_key.values())
    municipalities = pd.DataFrame(
        {
            "key": _texts([record.key for record in kept]),
            "ags": _texts([record.key[:5] + record.key[9:] for record in kept]),
            "name": _texts([record.name for record in kept]),
            "people": pd.array([record.people for record in kept], dtype="Int64"),
            "area_m2": pd.array([record.area_m2 for record in kept], dtype="float64"),
            "postcode": _texts([record.postcode for record in kept]),
            "lon": pd.array([record.lon for record in kept], dtype="float64"),
            "lat": pd.array([record.lat for record in kept], dtype="float64"),
        }
    )
    check_text(municipalities.set_axis([record.row for record in kept]), where, "key")
    # Coordinates were given by name once: of several Seedorfs with one place at most one lies there.
    same_place = municipalities["lon"].notna() & municipalities.duplicated(["name", "lon", "lat"], keep=False)
    if same_place.any():
        municipalities.loc[same_place, ["lon", "lat"]] = float("nan")
        remarks.append(
            f"{where}: {same_place.sum()} municipalities have the coordinates of another one of their name; "
            "left unknown"
        )
    above = [record for record in records if record.kind in _LEVEL_OF_RECORD]
    larger = pd.DataFrame(
        {
            "key": _texts([record.key for record in above]),
            "level": _texts([_LEVEL_OF_RECORD[record.kind].value for record in above]),
            "name": _texts([record.name for record in above]),
            "designation": _texts([record.designation for record in above]),
            "seat": _texts([record.seat for record in above]),
        }
    ).drop_duplicates("key", ignore_index=True)
    return PeopleSource(
        origin=_origin(f"Gemeindeverzeichnis GV-ISys, Gebietsstand {valid_on:%d.%m.%Y}", year_of_issue),
        valid_on=valid_on,
        people_on=people_on,
        municipalities=municipalities,
        larger=larger,
        files=(path,),
        findings=tuple(remarks),
    )


def _reading_of_coordinates(rows: Sequence[Sequence[Any]], columns: dict[str, int]) -> tuple[bool, list[str]]:
    """Whether numbers are degrees, minutes and seconds, as in the register of 2009, and a finding if so.

    54.4657 there is 54° 46' 57"; 60 seconds come from rounding. Decimal degrees would go beyond 60 in every other row.
    """
    numbers = [
        row[columns[axis]]
        for row in rows
        for axis in ("longitude", "latitude")
        if axis in columns and isinstance(row[columns[axis]], float) and row[columns[axis]]
    ]
    digits = [round(number * 10_000) for number in numbers]
    exact = all(abs(number * 10_000 - digit) < 1e-6 for number, digit in zip(numbers, digits, strict=True))
    if not numbers or not exact or any(digit % 100 > 60 or digit // 100 % 100 >= 60 for digit in digits):
        return False, []
    return True, [
        "coordinates are written as degrees, minutes and seconds (54.4657 is 54° 46' 57\") and were converted"
    ]


def _coordinate(value: Any, axis: str, as_degrees: bool, number: int, key: str, where: str) -> float | None:
    """A coordinate in degrees; missing where the register has none or a zero."""
    degrees = None if value is None else _number(value, axis, number, key, where)
    if not degrees:
        return None
    if as_degrees and isinstance(value, float):
        digits = round(value * 10_000)
        degrees = digits // 10_000 + digits // 100 % 100 / 60 + digits % 100 / 3600
    lowest, highest = _LONGITUDES if axis == "longitude" else _LATITUDES
    if not lowest <= degrees <= highest:
        raise SourceError(
            f"{where}, row {number}, key {key}: {axis} {shown(value)} is not in Germany; perhaps columns are swapped"
        )
    return degrees


def _count(value: Any, number: int, key: str, where: str) -> int | None:
    people = _number(value, "people", number, key, where)
    if people is not None and people % 1:
        raise SourceError(
            f"{where}, row {number}, key {key}: {shown(value)} is no number of people; perhaps columns are swapped"
        )
    return None if people is None else int(people)


def _number(value: Any, what: str, number: int, key: str, where: str) -> float | None:
    """A number that is not negative, with decimal comma or point; missing for an empty cell."""
    text = str(value).strip().replace(",", ".")
    if not text:
        return None
    try:
        parsed = float(text)
    except ValueError:
        parsed = -1.0
    if not 0 <= parsed < float("inf"):
        raise SourceError(f"{where}, row {number}, key {key}: {what} {shown(value)}, expected a number, zero or more")
    return parsed


def _heading(cell: Any) -> str:
    """Letters of a heading in small, without hyphens, footnotes, units and line breaks."""
    return re.sub(r"[^a-zäöüß]", "", str(cell).lower())


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _year_of_issue(text: str) -> int | None:
    stated = re.search(r"\(Destatis\), (\d{4})", text)
    return int(stated[1]) if stated else None


def _origin(title: str, year_of_issue: int | None) -> Origin:
    attribution = "© Statistisches Bundesamt (Destatis)" + (f", {year_of_issue}" if year_of_issue else "")
    return Origin(
        publisher="Statistisches Bundesamt (Destatis)",
        title=title,
        licence="Vervielfältigung und Verbreitung, auch auszugsweise, mit Quellenangabe gestattet",
        licence_url=None,
        attribution=attribution,
        attribution_changed=f"{attribution} (Daten verändert)",
    )


def _texts(values: Sequence[str | None]) -> pd.api.extensions.ExtensionArray:
    return pd.array(values, dtype="string")
