"""The exchange file of the register: JSON Lines, read and written without a database.

Every record the register holds stands on a line of its own as a dictionary, behind one line that says what the file is.
The fields of each type are listed in ``docs/reference/register-file.md``.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from nahtstelle.core.model import Cooperation, KeyChange, Membership, RegisterSnapshot
from nahtstelle.core.periods import first_day
from nahtstelle.errors import InputError, SourceError

if TYPE_CHECKING:
    from nahtstelle.core.rules import Finding
    from nahtstelle.core.seams import Territory

HEADER = "nahtstelle-register"
FORMAT = 1

TYPES = (
    "organisation", "cooperation", "succession", "membership", "agreement", "project", "meeting", "contact", "source",
    "citation", "statement", "attachment", "dispute", "coverage", "completeness", "key-change",
)  # fmt: skip
"""Types of records in the order in which they stand in the file: what is referred to comes first, as far as it can."""

REFERENCES = {
    "organisation": {"carries": "cooperation"},
    "succession": {"before": "cooperation", "after": "cooperation"},
    "membership": {"cooperation": "cooperation", "organisation": "organisation", "party_cooperation": "cooperation"},
    "agreement": {
        "cooperation": "cooperation", "parties.organisation": "organisation",
        "parties.party_cooperation": "cooperation",
    },
    "project": {
        "cooperations.cooperation": "cooperation", "partners.organisation": "organisation",
        "partners.party_cooperation": "cooperation",
    },
    "meeting": {"bodies.cooperation": "cooperation"},
    "contact": {"cooperation": "cooperation", "organisation": "organisation"},
    "citation": {"source": "source"},
    "coverage": {"source": "source"},
}  # fmt: skip
"""Which fields hold the reference of another record, of which type; behind a dot a field of the rows of a list."""


def read_lines(path: Path | str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The records of a file with the number of their line, in the order in which they stand there.

    Raises `SourceError` with file and line for what is no such file: not readable, not UTF-8, no header, another
    format, a line that is no record, an unknown type, a record without reference.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            _check_header(path, file.readline())
            for number, line in enumerate(file, start=2):
                if line.strip():
                    yield number, _record(path, number, line)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}") from None


def read_snapshot(path: Path | str) -> RegisterSnapshot:
    """The public register in a file: without drafts, withdrawn records, and memberships in or of them.

    Raises `SourceError` with file and line for what `read_lines` refuses, for a reference that stands twice, for one
    that leads nowhere, and for a date that is none.
    """
    path = Path(path)
    cooperations: list[Cooperation] = []
    memberships: list[tuple[int, Membership]] = []
    changes: list[KeyChange] = []
    complete: list[str] = []
    seen: set[tuple[str, str]] = set()
    hidden: set[str] = set()
    for number, record in read_lines(path):
        type_, ref = record["type"], record["ref"]
        if (type_, ref) in seen:
            raise SourceError(f"{path}, line {number}: {type_} {ref!r} stands twice")
        seen.add((type_, ref))
        if record.get("draft") or record.get("withdrawn_on"):
            if type_ == "organisation":
                hidden.add(ref)
            continue
        try:
            if type_ == "cooperation":
                cooperations.append(_cooperation(record))
            elif type_ == "membership":
                memberships.append((number, _membership(record)))
            elif type_ == "key-change":
                changes.append(_key_change(record))
            elif type_ == "completeness":
                complete.append(record["area_key"])
        except KeyError as error:
            raise SourceError(f"{path}, line {number}: {type_} {ref!r} has no field {error}") from None
        except (ValueError, TypeError) as error:
            raise SourceError(f"{path}, line {number}: {type_} {ref!r}: {error}") from None
    for number, each in memberships:
        for of, named in (
            ("cooperation", each.cooperation), ("organisation", each.organisation),
            ("cooperation", each.member_cooperation),
        ):  # fmt: skip
            if named is not None and (of, named) not in seen:
                raise SourceError(f"{path}, line {number}: there is no {of} {named!r} in this file")
    public = (each for _, each in memberships if each.organisation not in hidden)
    return RegisterSnapshot.of(cooperations, public, changes, complete)


def check_lines(path: Path | str, territory: Territory) -> tuple[Finding, ...]:
    """What does not fit in a file, what cannot be true first: references, and the rules for every cooperation.

    Raises `SourceError` for what `read_lines` refuses.
    """
    from nahtstelle.core.rules import Finding, findings, project_findings

    path = Path(path)
    records: dict[str, dict[str, dict[str, Any]]] = {type_: {} for type_ in TYPES}
    found: list[Finding] = []
    for number, record in read_lines(path):
        type_, ref = record["type"], record["ref"]
        if ref in records[type_]:
            found.append(Finding("reference-twice", type_, ref, "ref", {"line": number}))
        records[type_][ref] = record
    for type_, several in records.items():
        for ref, record in several.items():
            for field, target, named in _references(record):
                if named not in records[target]:
                    found.append(Finding("reference-unknown", type_, ref, field, {"type": target, "named": named}))
    members, agreements = _by_cooperation(records["membership"]), _by_cooperation(records["agreement"])
    snapshot = _readable(records)
    for ref, record in records["cooperation"].items():
        if not record.get("withdrawn_on"):
            found += findings(
                record,
                members.get(ref, ()),
                agreements=agreements.get(ref, ()),
                territory=territory,
                snapshot=snapshot,
            )
    for record in records["project"].values():
        if not record.get("withdrawn_on"):
            found += project_findings(record)
    return tuple(sorted(found, key=lambda each: not each.blocks))


def write_lines(path: Path | str, records: Iterable[Mapping[str, Any]], exported_on: dt.date) -> int:
    """Write records, each with its ``type``, and say how many; equal registers give equal files.

    The file is complete or not there at all. Raises `InputError` where it cannot be written.
    """
    path = Path(path)
    order = {name: i for i, name in enumerate(TYPES)}
    rows = sorted(records, key=lambda record: (order[record["type"]], record["ref"]))
    new = path.with_name(f".{path.name}.new")
    try:
        with new.open("w", encoding="utf-8", newline="\n") as file:
            file.write(_line({"type": HEADER, "format": FORMAT, "exported_on": exported_on.isoformat()}))
            for row in rows:
                file.write(_line(row))
        new.replace(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from None
    finally:
        new.unlink(missing_ok=True)
    return len(rows)


def _line(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n"


def _check_header(path: Path, line: bytes) -> None:
    try:
        header = json.loads(line)
    except ValueError:
        header = None
    if not isinstance(header, dict) or header.get("type") != HEADER:
        raise SourceError(f"{path}, line 1: not a register file; 'nahtstelle register export' writes one")
    if header.get("format") != FORMAT:
        raise SourceError(f"{path}, line 1: format {header.get('format')!r} is not known here, expected {FORMAT}")


def _record(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}, line {number}: not UTF-8 at byte {error.start + 1} of the line") from None
    except ValueError as error:
        raise SourceError(f"{path}, line {number}: no JSON: {error}") from None
    if not isinstance(record, dict):
        raise SourceError(f"{path}, line {number}: expected an object, found {type(record).__name__}")
    if record.get("type") not in TYPES:
        raise SourceError(f"{path}, line {number}: unknown type {record.get('type')!r}; expected {', '.join(TYPES)}")
    if not isinstance(record.get("ref"), str) or not record["ref"]:
        raise SourceError(f"{path}, line {number}: a {record['type']} without reference")
    return record


def _references(record: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Field, type and reference of every record that one refers to."""
    for path, target in REFERENCES.get(record["type"], {}).items():
        name, _, inner = path.partition(".")
        rows = record.get(name) or () if inner else (record,)
        for row in rows:
            if named := row.get(inner or name):
                yield path, target, named
    if record.get("about_type") in TYPES:
        yield "about_ref", record["about_type"], record.get("about_ref") or ""


def _by_cooperation(records: Mapping[str, dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for record in records.values():
        found.setdefault(record.get("cooperation") or "", []).append(record)
    return found


def _readable(records: Mapping[str, Mapping[str, dict[str, Any]]]) -> RegisterSnapshot:
    """A snapshot of what is not withdrawn, drafts included; what cannot be read is found by the rules."""

    def several(type_: str, make: Callable[[dict[str, Any]], _Made]) -> Iterator[_Made]:
        for record in records[type_].values():
            if not record.get("withdrawn_on"):
                with suppress(KeyError, ValueError, TypeError):
                    yield make(record)

    return RegisterSnapshot.of(
        several("cooperation", _cooperation), several("membership", _membership), several("key-change", _key_change)
    )


_Made = TypeVar("_Made")
_day = lru_cache(maxsize=4096)(first_day)


def _key_change(record: Mapping[str, Any]) -> KeyChange:
    return KeyChange(record["old_key"], record["new_key"], _day(record.get("on") or ""))


def _cooperation(record: Mapping[str, Any]) -> Cooperation:
    return Cooperation(
        record["ref"],
        record["name"],
        record["kind"],
        record.get("legal_form") or "",
        tuple(record.get("tasks") or ()),
        record["state"],
        _day(record.get("founded") or ""),
        _day(record.get("ended") or ""),
    )


def _membership(record: Mapping[str, Any]) -> Membership:
    area_key, organisation, cooperation = (
        record.get(name) or None for name in ("area_key", "organisation", "party_cooperation")
    )
    if sum(each is not None for each in (area_key, organisation, cooperation)) != 1:
        raise ValueError("expected exactly one of area_key, organisation and party_cooperation")
    return Membership(
        record["ref"],
        record["cooperation"],
        area_key,
        organisation,
        cooperation,
        record["role"],
        _day(record.get("valid_from") or ""),
        _day(record.get("valid_until") or ""),
        record.get("part") or "",
    )
