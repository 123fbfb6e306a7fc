"""Every command: its help, its answers in every form, and its errors in one line with their own exit code."""

from __future__ import annotations

import csv
import functools
import http.server
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from tests.cli.conftest import Command, Done
from tests.editions import country
from tests.editions.vg_files import zipped

from nahtstelle.cli.output import named, show, show_people, show_share
from nahtstelle.editions import fetch
from nahtstelle.editions.catalogue import DEFAULT
from nahtstelle.editions.manifest import AREAS, MANIFEST
from nahtstelle.errors import NahtstelleError
from nahtstelle.testing.musterland import musterland

KEY = musterland().key
RUN = "from nahtstelle.cli.main import run; run()"
FORMS = ["table", "json", "csv", "geojson"]
COMMANDS = [
    ["editions"],
    ["editions", "list"],
    ["editions", "show"],
    ["editions", "build"],
    ["editions", "fetch"],
    ["editions", "verify"],
    ["areas"],
    ["areas", "find"],
    ["seams"],
    ["border-people"],
    ["bridges"],
    ["footprint"],
    ["register"],
    ["register", "check"],
    ["map"],
]


def refused(done: Done, code: int, *said: str) -> None:
    """One line on standard error, nothing on standard output, this exit code."""
    assert done.code == code
    assert done.out == ""
    assert done.err.startswith("Error: ")
    assert len(done.err.splitlines()) == 1
    for each in said:
        assert each in done.err


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# --------------------------------------------------------------------------------------------------- help


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_explains_itself(nahtstelle: Command, words: list[str], option: str) -> None:
    done = nahtstelle(*words, option)
    assert (done.code, done.err) == (0, "")
    assert f"Usage: nahtstelle {' '.join(words)}" in done.out


def test_the_list_of_commands_is_complete(nahtstelle: Command) -> None:
    done = nahtstelle("--help")
    assert done.code == 0
    for words in COMMANDS:
        assert words[0] in done.out
    assert "Exit codes: 0 done, 2 wrong usage, 3 no or several such areas" in " ".join(done.out.split())


@pytest.mark.parametrize("words", [[], ["editions"], ["areas"]], ids=str)
def test_no_command_shows_the_help(nahtstelle: Command, words: list[str]) -> None:
    done = nahtstelle(*words)
    assert done.code == 2
    assert "Usage: nahtstelle" in done.out + done.err
    assert "Error" not in done.err


def test_version(nahtstelle: Command) -> None:
    assert nahtstelle("--version") == Done(0, "nahtstelle 0.1.0\n", "")


# -------------------------------------------------------------------------------------------------- seams


def test_seams_as_a_table(on_muster: Command) -> None:
    done = on_muster("seams", "Mühlenheide")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "Landkreis Mühlenheide (03152): 3 neighbours of level district"
    assert " ".join(lines[1].split()) == ("Neighbour Key km Stretches of perimeter Land seam People here there known")
    assert {key for line in lines[2:5] for key in line.split() if len(key) == 5} >= {"03151", "05954", "05911"}
    (stadt,) = (line for line in lines if "05911" in line)
    assert " ".join(stadt.split()) == "Kreisfreie Stadt Fürstenmünster 05911 2.0 1 7.1% yes 1,900 120,000 100%"
    assert "≥ 32,300 people; perimeter" in done.out
    assert "© GeoBasis-DE / BKG 2022 (Daten verändert)" in done.out


def test_seams_as_json(on_muster: Command) -> None:
    done = on_muster("seams", "03152", "--format", "json")
    document = json.loads(done.out)
    assert {"edition", "attribution", "area", "outer_edge_km", "seams"} <= set(document)
    assert {"key", "name", "designation", "level", "people", "area_km2", "perimeter_km"} <= set(document["area"])
    for seam in document["seams"]:
        assert {"key", "name", "designation", "land", "land_seam", "length_km", "stretches", "share_of_perimeter",
                "border_municipalities", "people"} <= set(seam)  # fmt: skip
        assert set(seam["border_municipalities"]) == {"own", "other"}
        assert {"own", "other", "total", "known_share"} <= set(seam["people"])
    assert document["area"]["key"] == "03152"
    assert "Mühlenheide" in done.out  # letters as they are


@pytest.mark.parametrize("form", ["json", "csv", "geojson"])
def test_seams_come_longest_first_in_every_form(on_muster: Command, form: str) -> None:
    out = on_muster("seams", "03", "--level", "municipality", "--format", form).out
    lengths = {
        "json": lambda: [seam["length_km"] for seam in json.loads(out)["seams"]],
        "csv": lambda: [float(row["length_km"]) for row in rows_of(out)],
        "geojson": lambda: [each["properties"]["length_km"] for each in json.loads(out)["features"]],
    }[form]()
    assert len(lengths) > 5
    assert lengths == sorted(lengths, reverse=True)


def test_seams_as_csv(on_muster: Command) -> None:
    rows = rows_of(on_muster("seams", "03152", "--format", "csv").out)
    row = next(row for row in rows if row["key"] == "05954")
    assert row["own_key"] == "03152"
    assert row["own_municipalities"].split() == [KEY("K"), KEY("J")]
    assert (row["people_own"], row["people_other"], row["people"], row["known_share"]) == (
        "12300", "22700", "35000", "1.0",
    )  # fmt: skip
    assert (row["edition"], row["attribution"]) == ("muster-2022", "© GeoBasis-DE / BKG 2022 (Daten verändert)")


def test_an_unknown_number_is_an_empty_cell_and_a_dash(on_muster: Command) -> None:
    (row,) = rows_of(on_muster("seams", KEY("M"), "--format", "csv").out)
    assert (row["people_own"], row["people"], row["known_share"]) == ("", "6400", "0.5")
    table = on_muster("seams", KEY("M")).out
    assert " – " in table
    assert "≥: some municipalities have no figure" in table


def test_seams_as_geojson(on_muster: Command) -> None:
    collection = json.loads(on_muster("seams", "03152", "--format", "geojson").out)
    assert collection["type"] == "FeatureCollection"
    assert (collection["edition"], collection["attribution"][:1]) == ("muster-2022", "©")
    for feature in collection["features"]:
        line = shapely.geometry.shape(feature["geometry"])
        parts = line.geoms if line.geom_type == "MultiLineString" else [line]
        assert len(parts) == feature["properties"]["stretches"]
        assert 8.9 < line.bounds[0] < 9.3  # longitude first
    assert [f["properties"]["own_key"] for f in collection["features"]] == ["03152"] * 3


@pytest.mark.parametrize("form", FORMS)
def test_an_island_has_an_answer_in_every_form(on_muster: Command, form: str) -> None:
    done = on_muster("seams", "Inselwörth", "--format", form)
    assert done.code == 0
    if form == "table":
        assert done.out.startswith("Gemeinde Inselwörth (031515401005): 0 neighbours of level municipality\n40 people")
    elif form == "csv":
        assert rows_of(done.out) == []
        assert done.out.startswith("own_key,key,name")
    else:
        assert json.loads(done.out)[{"json": "seams", "geojson": "features"}[form]] == []


def test_seams_of_the_parts_name_the_own_part(on_muster: Command) -> None:
    lines = on_muster("seams", "15082", "--level", "municipality").out.splitlines()
    assert lines[0] == "Landkreis Hügelkreis (15082): 3 neighbours of level municipality"
    assert lines[1].startswith("Own part")
    assert [line.split()[0] for line in lines[2:6]].count("Röhricht") == 3
    assert [line.split()[0] for line in lines[2:6]].count("Süßenborn") == 1


def test_all_seams(on_muster: Command) -> None:
    done = on_muster("seams", "--all", "--level", "district", "--format", "json")
    document = json.loads(done.out)
    assert {"edition", "attribution", "level", "seams"} <= set(document)
    assert document["level"] == "district"
    assert [(seam["a"]["key"], seam["b"]["key"]) for seam in document["seams"]] == sorted(
        (seam["a"]["key"], seam["b"]["key"]) for seam in document["seams"]
    )
    assert on_muster("seams", "--all", "--format", "json").out == done.out  # districts by default


@pytest.mark.parametrize(("level", "count"), [("land", 3), ("district", 10), ("union", 28), ("municipality", 35)])
def test_all_seams_of_every_level_in_every_form(on_muster: Command, level: str, count: int) -> None:
    ask = functools.partial(on_muster, "seams", "--all", "--level", level, "--format")
    assert ask("table").out.startswith(f"{count} seams of level {level}\n")
    assert len(json.loads(ask("json").out)["seams"]) == count
    rows = rows_of(ask("csv").out)
    assert len(rows) == count
    assert all(row["a_key"] < row["b_key"] for row in rows)
    features = json.loads(ask("geojson").out)["features"]
    assert len(features) == count
    assert all(feature["geometry"] for feature in features)


# ------------------------------------------------------------------------------------------ border people


def test_border_people_as_json(on_muster: Command) -> None:
    document = json.loads(on_muster("border-people", "03151", "03152", "--variant", "inner", "-f", "json").out)
    assert {"areas", "variant", "people", "border_people", "share", "known_share", "municipalities"} <= set(document)
    assert [area["key"] for area in document["areas"]] == ["03151", "03152"]
    assert (document["variant"], document["border_people"]) == ("inner", 19_800)


def test_border_people_as_a_table(on_muster: Command) -> None:
    out = on_muster("border-people", "Küstenkreis", "Mühlenheide", "--variant", "inner").out
    assert out.startswith("19,800 of ≥ 44,340 people (44.7%) live at the inner borders of this region\n")
    assert "Variant inner: 4 border municipalities, people known for 100% of them and for 91% of all" in out
    coast = next(line for line in out.splitlines() if "03151" in line)
    assert coast.split() == ["Küstenkreis", "03151", "12,040", "1,700", "100%"]


def test_border_people_name_their_municipalities(on_muster: Command) -> None:
    rows = rows_of(on_muster("border-people", "03151", "03152", "-v", "inner", "-f", "csv").out)
    assert {row["key"]: row["people"] for row in rows} == {
        KEY("A"): "1200", KEY("C"): "500", KEY("E"): "15000", KEY("G"): "3100",
    }  # fmt: skip
    collection = json.loads(on_muster("border-people", "03151", "03152", "-v", "inner", "-f", "geojson").out)
    assert {each["properties"]["key"] for each in collection["features"]} == {row["key"] for row in rows}
    assert all("Polygon" in each["geometry"]["type"] for each in collection["features"])


def test_border_people_of_all_borders_by_default(on_muster: Command) -> None:
    assert json.loads(on_muster("border-people", "03", "-f", "json").out)["variant"] == "all"


# -------------------------------------------------------------------------------------------------- areas


@pytest.mark.parametrize("form", FORMS)
def test_areas_are_found_in_every_form(on_muster: Command, form: str) -> None:
    done = on_muster("areas", "find", "seenplatte", "--format", form)
    assert (done.code, done.err) == (0, "")
    keys = {
        "table": lambda: [line.split()[0] for line in done.out.splitlines()[2:4]],
        "json": lambda: [area["key"] for area in json.loads(done.out)["areas"]],
        "csv": lambda: [row["key"] for row in rows_of(done.out)],
        "geojson": lambda: [each["properties"]["key"] for each in json.loads(done.out)["features"]],
    }[form]()
    assert keys == ["15081", "150815051"]


def test_areas_of_one_level(on_muster: Command) -> None:
    assert on_muster("areas", "find", "Seenplatte", "--level", "union").out.splitlines()[0] == (
        "1 area fits 'Seenplatte'"
    )


# ------------------------------------------------------------------------------------------------- output


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "words",
    [["seams", "03152"], ["seams", "--all"], ["border-people", "03"], ["areas", "find", "Seenplatte"]],
    ids=" ".join,
)
def test_a_file_holds_what_the_terminal_shows(on_muster: Command, tmp_path: Path, words: list[str], form: str) -> None:
    file = tmp_path / f"answer.{form}"
    file.write_text("an older answer")
    shown = on_muster(*words, "--format", form)
    done = on_muster(*words, "--format", form, "--output", file)
    assert (done.code, done.out, done.err) == (0, "", f"written: {file}\n")
    assert file.read_bytes().decode("utf-8") == shown.out
    assert [each.name for each in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["seams", "Atlantis"], 3),
        (["border-people", "03", "03151"], 4),
        (["seams", "03151", "--level", "land"], 4),
        (["areas", "find", "Atlantis"], 3),
    ],
    ids=str,
)
def test_an_error_leaves_the_file_alone(on_muster: Command, tmp_path: Path, words: list[str], code: int) -> None:
    file = tmp_path / "answer.json"
    refused(on_muster(*words, "--format", "json", "--output", file), code)
    assert not file.exists()
    file.write_text("an older answer")
    refused(on_muster(*words, "--format", "json", "--output", file), code)
    assert file.read_text() == "an older answer"
    assert [each.name for each in tmp_path.iterdir()] == [file.name]


def test_a_file_that_cannot_be_written_is_an_error(on_muster: Command, tmp_path: Path) -> None:
    refused(on_muster("seams", "03152", "-o", tmp_path / "nowhere" / "a.txt"), 4, "a.txt cannot be written: No such")
    refused(on_muster("seams", "03152", "-o", tmp_path), 2, "is a directory")


# ------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["seams", "Atlantis"], 3, "no area named 'Atlantis' in edition muster-2022"),
        (["seams", "Mühlen"], 3, "did you mean: 03152 Mühlenheide (Landkreis)"),
        (["seams", "Seenplatte"], 3, "'Seenplatte' fits 2 areas: 15081 Seenplatte (Landkreis); 150815051"),
        (["seams", "03159"], 3, "no area with the key '03159'"),
        (["seams", "3152"], 4, "perhaps a leading zero was lost, did you mean '03152'?"),
        (["seams", "031"], 4, "government districts are no level here"),
        (["seams", "99999"], 3, "no area with the key '99999'"),
        (["seams", "03151", "-l", "land"], 4, "ask for its land: 03"),
        (["seams"], 2, "give either an area or --all; 'nahtstelle seams --help' tells more"),
        (["seams", "03", "--all"], 2, "give either an area or --all"),
        (["seams", "03", "05"], 2, "unexpected extra argument"),
        (["seams", "03", "--nix"], 2, "no such option: --nix"),
        (["seams", "03", "-f", "xml"], 2, "'xml' is not one of 'table', 'json', 'csv', 'geojson'"),
        (["seams", "03", "-l", "kreis"], 2, "'kreis' is not one of 'land', 'district', 'union', 'municipality'"),
        (["border-people"], 2, "missing argument"),
        (["border-people", "03", "-v", "both"], 2, "'both' is not one of 'inner', 'outer', 'all'"),
        (["border-people", "03", "03151"], 4, "03151 overlaps another of the areas given"),
        (["border-people", "03151", "Seenplatte"], 3, "fits 2 areas"),
        (["areas", "find", "Atlantis"], 3, "no area fits 'Atlantis' in edition muster-2022; try a shorter part"),
        (["areas", "find", "Atlantis", "-l", "land"], 3, "among the areas of level land"),
        (["areas", "find", "3152"], 3, "perhaps a leading zero was lost"),
        (["areas", "find"], 2, "missing argument"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_errors_of_questions(on_muster: Command, words: list[str], code: int, said: str) -> None:
    refused(on_muster(*words), code, said)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["nonsense"], 2, "no such command 'nonsense'; 'nahtstelle --help' tells more"),
        (["editions", "nonsense"], 2, "'nahtstelle editions --help' tells more"),
        (["seams", "03252", "--edition", "nix"], 5, f"no edition 'nix': editions there are: {DEFAULT}"),
        (["border-people", "03252", "--edition", "nix"], 5, "no edition 'nix'"),
        (["areas", "find", "Hameln", "--edition", "nix"], 5, "no edition 'nix'"),
        (["editions", "show", "nix"], 5, "no edition 'nix'"),
        (["editions", "verify", "nix"], 5, "no edition 'nix'"),
        (["editions", "list", "-f", "geojson"], 4, "has no geometry"),
        (["editions", "show", DEFAULT, "-f", "csv"], 4, "no form csv"),
        (["editions", "fetch", "nix"], 6, "no official file is called 'nix': expected one of vg250-ew, vg250"),
        (["editions", "build", "missing.gpkg"], 2, "missing option '--out'"),
        (["editions", "build", "missing.gpkg", "--out", "x"], 4, "missing.gpkg does not exist"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_errors_of_editions(
    nahtstelle: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = nahtstelle(*words)
    assert [line for line in done.err.splitlines() if line.startswith("Error: ")] == done.err.splitlines()[-1:]
    refused(replace(done, err=done.err.splitlines()[-1] + "\n"), code, said)


def test_a_message_of_several_lines_becomes_one(nahtstelle: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise NahtstelleError("one\n  two")

    monkeypatch.setattr("nahtstelle.editions.catalogue.open_edition", fail)
    refused(nahtstelle("seams", "03252"), 1, "Error: one two\n")


def test_a_bug_is_not_hidden(nahtstelle: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("nahtstelle.editions.catalogue.open_edition", fail)
    with pytest.raises(ZeroDivisionError):
        nahtstelle("seams", "03252")


# ----------------------------------------------------------------------------------------------- editions


def test_editions_are_listed_with_what_can_be_fetched(nahtstelle: Command, muster: Path, at_home: Path) -> None:
    alone = nahtstelle("editions", "list").out
    assert alone.startswith("1 edition\n")
    assert "vg250-ew, vg250, vg5000, gemeindeverzeichnis" in " ".join(alone.split())
    shutil.copytree(muster, at_home / "editions" / "muster-2022")
    shutil.copytree(muster, at_home / "editions" / "broken")
    (at_home / "editions" / "broken" / MANIFEST).write_text("{")
    listed = json.loads(nahtstelle("editions", "list", "--format", "json").out)
    assert [each["id"] for each in listed["editions"]] == [DEFAULT, "muster-2022"]
    assert listed["editions"][1] == {
        "id": "muster-2022",
        "title": "Verwaltungsgebiete 1:250 000 (VG250-EW), 2022-12-31",
        "valid_on": "2022-12-31",
        "municipalities": 20,
        "people_known_share": 0.9,
        "folder": str(at_home / "editions" / "muster-2022"),
    }
    assert len(listed["damaged"]) == 1
    table = nahtstelle("editions", "list").out
    assert table.startswith("2 editions\n")
    assert "left out: " in table
    assert [row["id"] for row in rows_of(nahtstelle("editions", "list", "-f", "csv").out)] == [DEFAULT, "muster-2022"]


def test_an_edition_shows_what_it_says_of_itself(nahtstelle: Command, muster: Path) -> None:
    table = nahtstelle("editions", "show", muster).out
    for said in ("muster-2022", "2022-12-31", "1:250 000", "201,140 in 18 of 20", "dl-de/by-2-0", "VG250_GEM.shp"):
        assert said in table
    assert json.loads(nahtstelle("editions", "show", muster, "-f", "json").out) == json.loads(
        (muster / MANIFEST).read_bytes()
    )
    assert json.loads(nahtstelle("editions", "show", DEFAULT, "-f", "json").out)["id"] == DEFAULT


def test_a_sound_edition_verifies(nahtstelle: Command, muster: Path) -> None:
    done = nahtstelle("editions", "verify", muster)
    assert (done.code, done.err) == (0, "")
    assert done.out == "muster-2022 verifies: files, columns, keys, hierarchy, sums, coverage, licences\n"


def test_a_damaged_edition_says_what_fails_where(nahtstelle: Command, muster: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(muster, tmp_path / "damaged"))
    with (folder / AREAS).open("ab") as file:
        file.write(b"x")
    done = nahtstelle("editions", "verify", folder)
    assert done.code == 5
    assert done.out.startswith(f"{AREAS}: changed or damaged")
    assert done.err == "Error: edition muster-2022 does not verify: 1 finding above\n"


def test_an_edition_whose_file_is_gone_is_an_error(nahtstelle: Command, muster: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(muster, tmp_path / "damaged"))
    (folder / AREAS).unlink()
    refused(nahtstelle("seams", "03152", "--edition", folder), 5, "areas.parquet cannot be read", "editions verify")


def test_building_says_each_step_and_the_result(nahtstelle: Command, vg250: Path, tmp_path: Path) -> None:
    done = nahtstelle("editions", "build", vg250, "--out", tmp_path / "mine")
    assert done.code == 0
    steps = [line.split(" s  ")[1] for line in done.err.splitlines()]
    assert steps[0] == "reading vg250"
    assert steps[-2:] == ["verifying", "done"]
    assert done.out.splitlines() == [
        f"{tmp_path / 'mine'}: Verwaltungsgebiete 1:250 000 (VG250-EW), 2022-12-31",
        "20 municipalities, 35 borders; people known for 18, without a figure 2, figures not matched 0",
        "© GeoBasis-DE / BKG 2022 (Daten verändert)",
    ]
    assert nahtstelle("seams", "03152", "--edition", tmp_path / "mine").code == 0
    again = nahtstelle("editions", "build", vg250, "--out", tmp_path / "mine")
    assert again.code == 5
    assert "mine exists already, and editions never change" in again.err


def test_building_with_people(nahtstelle: Command, vg250: Path, tmp_path: Path) -> None:
    people = country.write_people(tmp_path / "31122022_Auszug_GV.xlsx", country.register_rows())
    done = nahtstelle("editions", "build", vg250, "--people", people, "--out", tmp_path / "mine")
    assert done.code == 0
    assert "people known for 20, without a figure 0, figures not matched 0" in done.out
    assert "Statistisches Bundesamt (Destatis)" in done.out


def test_building_from_areas_that_overlap_is_refused_by_key(nahtstelle: Command, tmp_path: Path) -> None:
    broken = country.gem()
    row = broken.index[broken["GEN"] == "Süßenborn"][0]
    broken.loc[row, "geometry"] = broken.geometry[row].union(country.square(8, 0))
    source = country.write_vg250(tmp_path / "vg250", broken)
    done = nahtstelle("editions", "build", source, "--out", tmp_path / "mine")
    assert (done.code, done.out) == (4, "")
    assert done.err.splitlines()[-1].startswith("Error: the areas are no clean coverage")
    assert KEY("S") in done.err
    assert KEY("R") in done.err
    assert not (tmp_path / "mine").exists()


# ------------------------------------------------------------------------------------------------ fetching


@pytest.fixture
def publisher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server on this machine with the files that BKG and Destatis would serve."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    inside = tmp_path / "inside"
    country.write_geopackage(inside / "vg250-ew" / "DE_VG250.gpkg")
    (inside / "aktualitaet.txt").write_text("31.12.2024")
    served = tmp_path / "served"
    served.mkdir()
    zipped(inside, served / "vg250-ew.zip", inside="vg250-ew_12-31.utm32s.gpkg.ebenen/")
    country.write_people(served / "Auszug_GV.xlsx", country.register_rows(), "31.12.2024")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(served))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    files = {"vg250-ew": "vg250-ew.zip", "gemeindeverzeichnis": "Auszug_GV.xlsx"}
    for name, file in files.items():
        monkeypatch.setitem(
            fetch.OFFICIAL, name, replace(fetch.OFFICIAL[name], url=f"{address}/{file}", file_name=file)
        )
    yield address
    server.shutdown()
    thread.join()
    server.server_close()


def test_fetching_areas_builds_an_edition(nahtstelle: Command, publisher: str, at_home: Path) -> None:
    done = nahtstelle("editions", "fetch", "vg250-ew")
    assert done.code == 0, done.err
    assert (at_home / "downloads" / "vg250-ew.zip").is_file()
    assert done.out.splitlines()[0].endswith("fetched")
    assert done.out.splitlines()[-1] == "use it with: nahtstelle seams 03252 --edition de-vg250-ew-2024-12-31"
    asked = nahtstelle("seams", "03152", "--edition", "de-vg250-ew-2024-12-31", "-f", "json")
    assert len(json.loads(asked.out)["seams"]) == 3
    again = nahtstelle("editions", "fetch", "vg250-ew")
    assert again.code == 0
    assert again.out.splitlines()[0].endswith("unchanged")
    assert [each.name for each in (at_home / "editions").iterdir()] == ["de-vg250-ew-2024-12-31"]


def test_fetching_a_register_says_how_to_use_it(nahtstelle: Command, publisher: str, at_home: Path) -> None:
    done = nahtstelle("editions", "fetch", "gemeindeverzeichnis")
    assert done.code == 0, done.err
    file = at_home / "downloads" / "Auszug_GV.xlsx"
    assert file.is_file()
    assert done.out.splitlines()[-1] == f"use it with: nahtstelle editions build AREAS --people {file} --out DIR"
    assert not (at_home / "editions").exists()


def test_offline_is_one_plain_line(nahtstelle: Command, monkeypatch: pytest.MonkeyPatch, at_home: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    url = f"http://127.0.0.1:{port}/vg250-ew.zip"
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(fetch.OFFICIAL, "vg250-ew", replace(fetch.OFFICIAL["vg250-ew"], url=url))
    done = nahtstelle("editions", "fetch", "vg250-ew")
    refused(done, 6, "cannot reach 127.0.0.1", "editions build")
    assert not (at_home / "editions").exists()


def test_a_file_that_is_not_there_any_more(
    nahtstelle: Command, publisher: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = replace(fetch.OFFICIAL["vg250-ew"], url=f"{publisher}/gone.zip")
    monkeypatch.setitem(fetch.OFFICIAL, "vg250-ew", gone)
    done = nahtstelle("editions", "fetch", "vg250-ew")
    assert done.code == 6
    assert "no file at" in done.err.splitlines()[-1]


# ----------------------------------------------------------------------------------------- as a process


def process(*words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", RUN, *words],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env={**os.environ, **(env or {})},
    )


def test_an_error_of_a_process() -> None:
    done = process("seams", "3252")
    assert (done.returncode, done.stdout) == (4, "")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", [["seams", "03252"], ["seams", "--all", "--format", "json"]], ids=" ".join)
def test_a_reader_that_has_enough_is_no_error(words: list[str]) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", RUN, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    assert writer.stderr is not None
    with writer:
        writer.stdout.close()
        assert writer.stderr.read() == ""


def test_answers_are_utf8_whatever_the_system_speaks() -> None:
    done = process("seams", "03252", "--format", "json", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert done.returncode == 0, done.stderr
    assert "(Daten verändert)" in json.loads(done.stdout)["attribution"]
    table = process("seams", "03252", env={"PYTHONIOENCODING": "latin-1"})
    assert "≥" in table.stdout


@pytest.mark.parametrize(
    "words", [["seams", "03252"], ["seams", "Hameln-Pyrmont", "-f", "json"], ["border-people", "03252", "03255"]]
)
def test_a_question_loads_neither_pandas_nor_geometry(words: list[str]) -> None:
    heavy = ("pandas", "geopandas", "shapely", "pyproj", "pyogrio", "django", "platformdirs")
    program = (
        f"import sys, atexit\natexit.register(lambda: print([name for name in {heavy!r} if name in sys.modules], "
        f"file=sys.stderr))\n{RUN}"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    assert done.returncode == 0
    loaded = set(done.stderr.strip("[]\n").replace("'", "").split(", ")) - {""}
    assert loaded == set()


# ------------------------------------------------------------------------------------------------- figures


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, "–"), (True, "yes"), (False, ""), (0, "0"), (12345, "12,345"), (1234.56, "1,234.6"), ("03252", "03252")],
)
def test_values_for_readers(value: object, expected: str) -> None:
    assert show(value) == expected


@pytest.mark.parametrize(
    ("people", "share", "expected"),
    [(None, 0.0, "–"), (0, 1.0, "0"), (1234, 1.0, "1,234"), (1234, 0.999, "≥ 1,234")],
)
def test_people_for_readers(people: int | None, share: float, expected: str) -> None:
    assert show_people(people, share) == expected


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, "0%"), (0.001, "1%"), (0.5, "50%"), (0.29, "29%"), (0.999, "99%"), (1.0, "100%")]
)
def test_a_share_is_whole_only_where_nothing_is_missing(share: float, expected: str) -> None:
    assert show_share(share) == expected


@pytest.mark.parametrize(
    ("name", "designation", "expected"),
    [
        ("Goslar", "Landkreis", "Landkreis Goslar"),
        ("Region Hannover", "Landkreis", "Region Hannover"),
        ("Regionalverband Saarbrücken", "Landkreis", "Regionalverband Saarbrücken"),
        ("Stadtroda", "Stadt", "Stadt Stadtroda"),
        ("Achenheim", None, "Achenheim"),
    ],
)
def test_names_with_their_designation(name: str, designation: str | None, expected: str) -> None:
    assert named(name, designation) == expected
