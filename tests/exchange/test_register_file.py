"""The exchange file: what is written is read, byte for byte the same, and damage is named with its line."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from nahtstelle.core.model import Cooperation, KeyChange, Membership, RegisterSnapshot
from nahtstelle.editions.catalogue import open_edition
from nahtstelle.errors import InputError, SourceError
from nahtstelle.register_file import (
    FORMAT,
    HEADER,
    REFERENCES,
    TYPES,
    check_lines,
    read_lines,
    read_snapshot,
    write_lines,
)

ON = dt.date(2026, 1, 1)


def cooperation(ref: str, **said: Any) -> dict[str, Any]:
    return {
        "type": "cooperation", "ref": ref, "name": ref.title(), "kind": "kommunalinitiative", "legal_form": "ev",
        "tasks": ["tourismus"], "state": "aktiv", "founded": "2014", "ended": "", "end_reasons": [], "draft": False,
        "withdrawn_on": None,
    } | said  # fmt: skip


def membership(ref: str, of: str, **said: Any) -> dict[str, Any]:
    return {
        "type": "membership", "ref": ref, "cooperation": of, "area_key": "", "organisation": None,
        "party_cooperation": None, "role": "mitglied", "part": "", "valid_from": "", "valid_until": "",
        "withdrawn_on": None,
    } | said  # fmt: skip


RECORDS = [
    membership("m2", "einharz", organisation="hwk", valid_from="2014-10", valid_until="2020"),
    cooperation("einharz", founded="2013-05-01"),
    membership("m1", "einharz", area_key="03153017", part="nur die Kernstadt"),
    {"type": "organisation", "ref": "hwk", "name": "Handwerkskammer", "draft": False, "withdrawn_on": None},
    {"type": "key-change", "ref": "k1", "old_key": "03156", "new_key": "03159", "on": "2016-11", "withdrawn_on": None},
    {"type": "completeness", "ref": "g1", "area_key": "03153", "stated_on": "2026-01-01", "withdrawn_on": None},
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_lines(tmp_path / "register.jsonl", RECORDS, ON)
    return tmp_path / "register.jsonl"


def with_line(file: Path, number: int, line: bytes) -> Path:
    """The file with one line replaced; the header is line 1."""
    lines = file.read_bytes().splitlines()
    lines[number - 1] = line
    file.write_bytes(b"\n".join(lines))
    return file


def test_the_file_begins_with_what_it_is_and_is_sorted(file: Path) -> None:
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert lines[0] == {"type": HEADER, "format": FORMAT, "exported_on": "2026-01-01"}
    assert [(each["type"], each["ref"]) for each in lines[1:]] == [
        ("organisation", "hwk"), ("cooperation", "einharz"), ("membership", "m1"), ("membership", "m2"),
        ("completeness", "g1"), ("key-change", "k1"),
    ]  # fmt: skip
    assert all(list(each) == sorted(each) for each in lines)


def test_equal_registers_give_equal_files(file: Path, tmp_path: Path) -> None:
    turned = [dict(reversed(record.items())) for record in reversed(RECORDS)]
    assert write_lines(tmp_path / "other.jsonl", turned, ON) == len(RECORDS)
    assert (tmp_path / "other.jsonl").read_bytes() == file.read_bytes()


def test_what_is_written_is_read(file: Path) -> None:
    read = [record for _, record in read_lines(file)]
    assert sorted(read, key=lambda each: each["ref"]) == sorted(RECORDS, key=lambda each: str(each["ref"]))
    assert [number for number, _ in read_lines(file)] == [2, 3, 4, 5, 6, 7]


def test_the_snapshot_holds_what_analysis_needs(file: Path) -> None:
    day = dt.date
    assert read_snapshot(file) == RegisterSnapshot.of(
        [Cooperation("einharz", "Einharz", "kommunalinitiative", "ev", ("tourismus",), "aktiv", day(2013, 5, 1), None)],
        [
            Membership("m1", "einharz", "03153017", None, None, "mitglied", None, None, "nur die Kernstadt"),
            Membership("m2", "einharz", None, "hwk", None, "mitglied", day(2014, 10, 1), day(2020, 1, 1)),
        ],
        [KeyChange("03156", "03159", day(2016, 11, 1))],
        ["03153"],
    )


@pytest.mark.parametrize("hidden", [{"draft": True}, {"withdrawn_on": "2025-01-01"}], ids=str)
def test_nothing_of_drafts_and_withdrawn_records_is_public(tmp_path: Path, hidden: dict[str, Any]) -> None:
    records = [
        cooperation("shown"), cooperation("hidden", **hidden),
        {"type": "organisation", "ref": "o", "name": "O", "draft": False, "withdrawn_on": None} | hidden,
        membership("m1", "hidden", area_key="03"), membership("m2", "shown", party_cooperation="hidden"),
        membership("m3", "shown", organisation="o"), membership("m4", "shown", area_key="03"),
        membership("m5", "shown", area_key="05", withdrawn_on="2025-01-01"),
        {"type": "completeness", "ref": "g", "area_key": "03", "withdrawn_on": "2025-01-01"},
    ]  # fmt: skip
    write_lines(tmp_path / "a.jsonl", records, ON)
    snapshot = read_snapshot(tmp_path / "a.jsonl")
    assert [each.ref for each in snapshot.cooperations] == ["shown"]
    assert [each.ref for each in snapshot.memberships] == ["m4"]
    assert snapshot.complete == frozenset()


@pytest.mark.parametrize(
    ("number", "line", "said"),
    [
        (1, b"", "line 1: not a register file"),
        (1, b'{"type": "something"}', "line 1: not a register file"),
        (1, b'{"type": "nahtstelle-register", "format": 2}', "line 1: format 2 is not known here, expected 1"),
        (3, b"{", "line 3: no JSON"),
        (3, "{\"name\": \"Müller\"}".encode("latin-1"), "line 3: not UTF-8"),
        (3, b"[]", "line 3: expected an object, found list"),
        (3, b'{"type": "club", "ref": "x"}', "line 3: unknown type 'club'"),
        (3, b'{"type": "cooperation"}', "line 3: a cooperation without reference"),
        (3, b'{"type": "cooperation", "ref": "x"}', "line 3: cooperation 'x' has no field 'name'"),
        (4, b'{"type": "organisation", "ref": "hwk"}', "line 4: organisation 'hwk' stands twice"),
        (4, json.dumps(membership("m", "einharz")).encode(), "line 4: membership 'm': expected exactly one of"),
        (4, json.dumps(membership("m", "nobody", area_key="03")).encode(), "line 4: there is no cooperation 'nobody'"),
        (4, json.dumps(membership("m", "einharz", organisation="x")).encode(), "line 4: there is no organisation 'x'"),
        (3, json.dumps(cooperation("x", founded="bald")).encode(), "line 3: cooperation 'x': expected YYYY"),
        (3, json.dumps(cooperation("x", founded=2014)).encode(), "line 3: cooperation 'x': "),
    ],
)  # fmt: skip
def test_damage_is_named_with_file_and_line(file: Path, number: int, line: bytes, said: str) -> None:
    with pytest.raises(SourceError) as refused:
        read_snapshot(with_line(file, number, line))
    assert str(refused.value).startswith(f"{file}, {said}")
    assert len(str(refused.value).splitlines()) == 1


def test_empty_lines_are_left_alone(file: Path) -> None:
    before = read_snapshot(file)
    file.write_bytes(file.read_bytes() + b"\n\n")
    assert read_snapshot(file) == before


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.jsonl cannot be read: No such file"):
        read_snapshot(tmp_path / "none.jsonl")


def test_a_file_is_complete_or_not_there(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(TypeError):
        write_lines(file, [*RECORDS, cooperation("x", tasks={1})], ON)
    assert file.read_bytes() == before
    with pytest.raises(InputError, match="cannot be written"):
        write_lines(file.parent / "nowhere" / "a.jsonl", RECORDS, ON)
    assert [each.name for each in file.parent.iterdir()] == [file.name]


# ------------------------------------------------------------------------------------------------ checking


def test_references_that_lead_nowhere_or_stand_twice_are_found(tmp_path: Path) -> None:
    records = [
        cooperation("c"), membership("m1", "c", area_key="03252006"), membership("m2", "nobody", area_key="03257"),
        membership("m3", "c", area_key="03257"),
        {"type": "project", "ref": "p", "state": "idee", "cooperations": [{"cooperation": "nobody"}]},
        {"type": "source", "ref": "s"},
        {"type": "citation", "ref": "z", "source": "s", "about_type": "project", "about_ref": "q"},
        {"type": "citation", "ref": "zz", "source": "s", "about_type": "area", "about_ref": "03"},
    ]  # fmt: skip
    write_lines(tmp_path / "a.jsonl", [*records, cooperation("c")], ON)
    found = check_lines(tmp_path / "a.jsonl", open_edition().territory)
    assert [(each.code, each.type, each.ref, each.field) for each in found] == [
        ("reference-twice", "cooperation", "c", "ref"),
        ("reference-unknown", "membership", "m2", "cooperation"),
        ("reference-unknown", "project", "p", "cooperations.cooperation"),
        ("reference-unknown", "citation", "z", "about_ref"),
    ]


def test_checking_asks_every_rule_and_survives_what_cannot_be_read(tmp_path: Path) -> None:
    records = [
        cooperation("c", founded="bald"), membership("m1", "c", area_key="03252006", valid_from="x"),
        membership("m2", "c", area_key="99999"), cooperation("d"), membership("m3", "d", party_cooperation="d"),
        cooperation("e"), membership("m4", "e", area_key="99999"), membership("m5", "e", area_key="03257"),
        cooperation("gone", founded="bald", withdrawn_on="2020-01-01"),
        {"type": "project", "ref": "p", "state": "gescheitert", "reasons": []},
    ]  # fmt: skip
    write_lines(tmp_path / "a.jsonl", records, ON)
    found = check_lines(tmp_path / "a.jsonl", open_edition().territory)
    assert [(each.code, each.ref) for each in found] == [
        ("date-unreadable", "c"), ("date-unreadable", "m1"), ("member-of-itself", "m3"), ("failed-without-reason", "p"),
        ("few-authorities", "d"), ("key-unknown", "m4"),
    ]  # fmt: skip


def test_the_types_are_those_of_the_site_with_all_fields_that_refer() -> None:
    pytest.importorskip("wagtail")
    from nahtstelle.portal.register.models import RECORDS as MODELS
    from nahtstelle.portal.register.models import Cooperation as CooperationRecord
    from nahtstelle.portal.register.models import Organisation, Source
    from nahtstelle.portal.register.records import fields_of, lists_of

    assert tuple(MODELS) == TYPES
    targets = {CooperationRecord: "cooperation", Organisation: "organisation", Source: "source"}
    found: dict[str, dict[str, str]] = {}
    for type_, model in MODELS.items():
        for field in fields_of(model):
            if field.related_model in targets:
                found.setdefault(type_, {})[field.name] = targets[field.related_model]
        for name in lists_of(model):
            for field in fields_of(model._meta.get_field(name).related_model):
                if field.related_model in targets:
                    found.setdefault(type_, {})[f"{name}.{field.name}"] = targets[field.related_model]
    assert found == REFERENCES
