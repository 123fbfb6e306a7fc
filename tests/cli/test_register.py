"""Bridges, footprints and the check of a register file on the command line, on Musterland."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from tests.cli.conftest import Command, Done
from tests.exchange.test_register_file import cooperation, membership

from nahtstelle.register_file import write_lines
from nahtstelle.testing.musterland import musterland

KEY = musterland().key


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cooperations across the seam of Mühlenheide and Süderberg, one at the coast, two complete areas."""
    file = tmp_path_factory.mktemp("register") / "register.jsonl"
    records: list[dict[str, Any]] = [
        cooperation("weidebund", name="Weidebund", tasks=["tourismus"], founded=""),
        membership("w1", "weidebund", area_key="03152"),
        membership("w2", "weidebund", area_key="05954"),
        cooperation(
            "wasserverband", name="Wasserverband", tasks=["wasser-abwasser"], kind="aufgabenverbund", founded=""
        ),
        membership("v1", "wasserverband", area_key=KEY("K")),
        membership("v2", "wasserverband", area_key=KEY("P"), part="das Tal"),
        membership("v3", "wasserverband", area_key=KEY("E"), valid_until="2020"),
        cooperation("kueste", name="Küste", founded=""),
        membership("k1", "kueste", area_key="03151099"),
        membership("k2", "kueste", area_key="99999"),
        membership("k3", "kueste", area_key=KEY("S")),
        {"type": "key-change", "ref": "s1", "old_key": "03151099", "new_key": "03151002", "on": "2010"},
        {"type": "completeness", "ref": "g1", "area_key": "15"},
    ]
    write_lines(file, records, dt.date(2026, 1, 1))
    return file


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def lines_of(done: Done) -> list[str]:
    assert (done.code, done.err) == (0, "")
    return [" ".join(line.split()) for line in done.out.splitlines()]


# ------------------------------------------------------------------------------------------------ bridges


def test_bridges_as_a_table(on_muster: Command, register: Path) -> None:
    lines = lines_of(on_muster("bridges", register, "--on", "2026-01-01"))
    assert lines[0] == "10 seams of level district on 2026-01-01: 1 bridged, 1 confirmed: none, 8 nothing known"
    assert "Mühlenheide 03152 Süderberg 05954 6.0 35,000 bridged full 2.00 Weidebund; Wasserverband" in lines
    lakes = next(line for line in lines if line.startswith("Seenplatte 15081 Hügelkreis 15082"))
    assert lakes.endswith("confirmed: none")


def test_bridges_as_json(on_muster: Command, register: Path) -> None:
    document = json.loads(on_muster("bridges", register, "--on", "2026-01-01", "--format", "json").out)
    assert {"edition", "attribution", "level", "on", "task", "kind", "legal_form", "states", "seams"} == set(document)
    assert document["states"] == {"bridged": 1, "confirmed_none": 1, "unknown": 8}
    people = [seam["people"] for seam in document["seams"]]
    assert people == sorted(people, reverse=True)
    (seam,) = (each for each in document["seams"] if each["state"] == "bridged")
    assert (seam["a"]["key"], seam["b"]["key"], seam["strength"], seam["intensity"]) == ("03152", "05954", "full", 2.0)
    assert seam["bridges"] == [
        {"cooperation": "weidebund", "name": "Weidebund", "kind": "kommunalinitiative", "strength": "full",
         "members": 2, "intensity": 1.0},
        {"cooperation": "wasserverband", "name": "Wasserverband", "kind": "aufgabenverbund", "strength": "adjacent",
         "members": 2, "intensity": 1.0},
    ]  # fmt: skip


def test_bridges_as_csv_and_geojson(on_muster: Command, register: Path) -> None:
    rows = rows_of(on_muster("bridges", register, "-f", "csv").out)
    assert len(rows) == 10
    (bridged,) = (row for row in rows if row["state"] == "bridged")
    assert bridged["cooperations"].split() == ["weidebund", "wasserverband"]
    assert bridged["edition"] == "muster-2022"
    features = json.loads(on_muster("bridges", register, "-f", "geojson").out)["features"]
    assert len(features) == 10
    assert all(shapely.geometry.shape(each["geometry"]).length > 0 for each in features)


def test_bridges_narrowed(on_muster: Command, register: Path) -> None:
    def found(*words: str) -> dict[str, Any]:
        return dict(json.loads(on_muster("bridges", register, "-f", "json", *words).out))

    unbridged = found("--unbridged")["seams"]
    assert len(unbridged) == 9
    assert {seam["state"] for seam in unbridged} == {"confirmed_none", "unknown"}
    water = found("--task", "wasser-abwasser")
    assert [bridge["cooperation"] for seam in water["seams"] for bridge in seam["bridges"]] == ["wasserverband"]
    assert found("--kind", "euroregion")["states"]["bridged"] == 0
    assert found("--legal-form", "ev")["states"]["bridged"] == 1
    municipal = found("--level", "municipality", "--on", "2019-12-31")
    assert len(municipal["seams"]) == 35
    assert municipal["states"]["bridged"] > 1


# ----------------------------------------------------------------------------------------------- footprint


def test_footprint_as_a_table(on_muster: Command, register: Path) -> None:
    lines = lines_of(on_muster("footprint", register, "kueste", "--on", "2026-01-01"))
    assert lines[0] == "Küste on 2026-01-01: 10,000 people, 5.0 km², 2 municipalities"
    assert lines[2].startswith("Küstenkreis 03151 66% ")
    said = " ".join(lines)
    assert "2 connected parts, 0 enclaves not covered." in said
    assert "Missing from all figures, because the key leads to no area: 99999." in said
    assert "Found by an earlier or later key: 03151099." in said
    water = " ".join(lines_of(on_muster("footprint", register, "wasserverband", "--on", "2026-01-01")))
    assert "Members only in part, but counted in whole: " + KEY("P") in water
    assert "Overlaps, with the share of its people: Weidebund (100%)." in water


def test_footprint_as_json_csv_and_geojson(on_muster: Command, register: Path) -> None:
    ask = ("footprint", register, "wasserverband", "--format")
    document = json.loads(on_muster(*ask, "json").out)
    assert document["cooperation"]["tasks"] == ["wasser-abwasser"]
    assert (document["people"], document["municipalities"]) == (10_400, [KEY("K"), KEY("P")])
    assert [each["key"] for each in document["laender"]] == ["03", "05"]
    assert [each["part"] for each in document["partial"]] == ["das Tal"]
    assert document["overlaps"][0]["cooperation"] == "weidebund"
    assert document["overlaps"][0]["in_part"]
    rows = rows_of(on_muster(*ask, "csv").out)
    assert [(row["key"], row["people"]) for row in rows] == [(KEY("K"), "9700"), (KEY("P"), "700")]
    assert [row["part"] for row in rows] == ["1", "1"]
    (feature,) = json.loads(on_muster(*ask, "geojson").out)["features"]
    assert shapely.geometry.shape(feature["geometry"]).area > 0
    assert feature["properties"]["people"] == 10_400


def test_a_footprint_on_another_day(on_muster: Command, register: Path) -> None:
    then = json.loads(on_muster("footprint", register, "wasserverband", "--on", "2019-12-31", "-f", "json").out)
    assert (then["on"], len(then["municipalities"])) == ("2019-12-31", 3)


# --------------------------------------------------------------------------------------------------- check


def test_check_says_what_is_odd_and_what_to_do(on_muster: Command, register: Path) -> None:
    done = on_muster("register", "check", register)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("1 finding, 0 of them cannot be true\n")
    (row,) = rows_of(on_muster("register", "check", register, "--format", "csv").out)
    assert (row["severity"], row["code"], row["type"], row["ref"]) == ("advice", "key-unknown", "membership", "k2")
    assert row["finding"].startswith("The key 99999 leads to no area")
    assert json.loads(on_muster("register", "check", register, "-f", "json").out)["findings"][0]["fix"] == row["fix"]


def test_check_ends_with_4_where_something_cannot_be_true(on_muster: Command, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    write_lines(file, [cooperation("c", ended="2013"), membership("m", "d", area_key="03151")], dt.date(2026, 1, 1))
    done = on_muster("register", "check", file)
    assert done.code == 4
    assert done.out.startswith("4 findings, 3 of them cannot be true")
    assert done.err == f"Error: {file}: 3 findings above cannot be true\n"


# --------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize("words", [["bridges"], ["footprint"], ["register", "check"]], ids=" ".join)
def test_a_damaged_file_is_refused_in_one_line(on_muster: Command, tmp_path: Path, words: list[str]) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("name;kind\n")
    done = on_muster(*words, file, *(["c"] if words == ["footprint"] else []))
    assert (done.code, done.out) == (4, "")
    assert done.err == f"Error: {file}, line 1: not a register file; 'nahtstelle register export' writes one\n"


def test_wrong_words_are_refused(on_muster: Command, register: Path) -> None:
    for words, code, said in (
        (["bridges", register, "--task", "kegeln"], 2, "no such id: 'kegeln'; there are verwaltung, "),
        (["bridges", register, "--on", "gestern"], 2, "'gestern' does not match"),
        (["bridges", register.with_name("none")], 2, "does not exist"),
        (["footprint", register, "weide"], 4, "there is no cooperation 'weide'"),
        (["footprint", register, "weide"], 4, "did you mean: weidebund?"),
        (["register", "check", register, "-f", "geojson"], 2, "findings have no place on the map"),
    ):
        done = on_muster(*words)  # type: ignore[misc]
        assert (done.code, done.out) == (code, "")
        assert said in done.err
