"""Building editions: all that was read is in, the same input gives the same bytes, and half an edition is none."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.editions import country, gv_files
from tests.editions.country import gem, register_rows, write_people, write_vg250

from nahtstelle.editions import build as building
from nahtstelle.editions import catalogue
from nahtstelle.editions.build import build_edition, build_fetched
from nahtstelle.editions.edition import Edition
from nahtstelle.editions.manifest import AREAS, BORDERS, MANIFEST
from nahtstelle.editions.verify import verify
from nahtstelle.errors import CoverageError, EditionDamaged, EditionExists, InputError, SourceError
from nahtstelle.testing.musterland import musterland

KEY = musterland().key


def without_time(edition: Edition) -> dict[str, object]:
    return {name: value for name, value in dataclasses.asdict(edition.manifest).items() if name != "built_at"}


# -------------------------------------------------------------------------------------------- what is in it


def test_an_edition_holds_every_level_with_its_parents(muster: Edition) -> None:
    manifest = muster.manifest
    assert manifest.areas == {"land": 3, "district": 6, "union": 15, "municipality": 20}
    areas = pd.read_parquet(muster.folder / AREAS)
    assert areas["level"].drop_duplicates().tolist() == ["land", "district", "union", "municipality"]
    for _, rows in areas.groupby("level"):
        assert rows["key"].is_monotonic_increasing
    table = areas.set_index("key")
    row = table.loc[KEY("A")]
    assert (row["name"], row["designation"], row["ags"]) == ("Ährenfeld", "Gemeinde", "03151001")
    assert (row["union_key"], row["district_key"], row["land_key"]) == ("031515401", "03151", "03")
    assert table.loc["031515401", ["name", "designation", "district_key", "land_key"]].tolist() == [
        "Dünen", "Samtgemeinde", "03151", "03",
    ]  # fmt: skip
    assert pd.isna(table.loc["03", "district_key"])


def test_people_and_areas_add_up_over_the_levels(muster: Edition) -> None:
    expected = musterland().municipalities
    for level, column in (("land", "land_key"), ("district", "district_key"), ("union", "union_key")):
        figures = muster.figures(level)
        people = expected.groupby(column)["people"]
        assert figures["people"].fillna(-1).astype(int).to_dict() == (
            people.sum(min_count=1).fillna(-1).astype(int).to_dict()
        )
        assert figures["people_known"].to_dict() == people.count().to_dict()
        assert figures["people_of"].to_dict() == people.size().to_dict()
        assert figures["area_m2"].sum() == pytest.approx(muster.figures("municipality")["area_m2"].sum())
    assert muster.manifest.people.total == 201_140
    # a kilometre of the grid is 1.0004 km on the ground
    squares = expected.geometry.area * 1.0004**2
    on_the_map = muster.figures("municipality")["area_m2"]
    pd.testing.assert_series_equal(on_the_map, squares.sort_index(), check_names=False, rtol=1e-4)
    assert set(muster.figures("district")["area_basis"]) == {"map"}


def test_borders_are_those_of_the_map(muster: Edition) -> None:
    borders = muster.borders("municipality").set_index(["a", "b"])
    assert len(borders) == 35
    assert borders.loc[(KEY("L"), KEY("M")), "length_m"] == pytest.approx(4000 * 1.0004, rel=1e-4)
    assert borders.loc[tuple(sorted((KEY("H"), KEY("J")))), "stretches"] == 2
    district = muster.borders("district").set_index(["a", "b"]).loc[("03152", "05954")]
    assert district["stretches"] == 2
    assert district["length_m"] == pytest.approx(6000 * 1.0004, rel=1e-4)
    points = {frozenset(pair) for pair in muster.point_contacts("municipality").itertuples(index=False, name=None)}
    assert {frozenset((KEY(a), KEY(b))) for a, b in ("FJ", "HO", "AC", "DE", "DF", "HP")} <= points


def test_parts_of_one_area_are_dissolved(muster: Edition, vg250: Path) -> None:
    assert len(gpd.read_file(vg250 / "VG250_GEM.shp")) == 21
    area = muster.areas("municipality").geometry[KEY("A")]
    assert area.geom_type == "Polygon"
    assert muster.areas("municipality").geometry.is_valid.all()
    # the line between land and water part is no border
    assert muster.area(KEY("A")).perimeter_m == pytest.approx(10_000 * 1.0004, rel=1e-4)


def test_the_manifest_states_where_all_comes_from(muster: Edition) -> None:
    manifest = muster.manifest
    assert (manifest.id, manifest.country, manifest.valid_on) == ("muster-2022", "DE", "2022-12-31")
    assert (manifest.scale, manifest.people.on) == ("1:250 000", "2022-12-31")
    assert manifest.attribution == "© GeoBasis-DE / BKG 2022 (Daten verändert)"
    assert {source.name for source in manifest.sources} >= {"VG250_GEM.shp", "VG250_GEM.dbf", "VG250_VWG.shp"}
    assert all("/" not in source.name for source in manifest.sources)
    assert manifest.border_km["district"] == pytest.approx(
        muster.borders("district")["length_m"].sum() / 1000, abs=1e-3
    )
    assert (manifest.people.known, manifest.people.of) == (18, 20)
    assert manifest.people.unmatched_areas == (
        f"{KEY('Q')} Quellbüren: the source has no figure",
        f"{KEY('M')} Mönchsgarten: the source has no figure",
    )
    assert verify(muster.folder) == []


def test_an_edition_without_people_lists_nobody(tmp_path: Path) -> None:
    source = write_vg250(tmp_path / "vg250", gem(people=False))
    edition = build_edition([source], tmp_path / "plain")
    note = edition.manifest.people
    assert (note.on, note.known, note.of, note.total, note.unmatched_areas) == (None, 0, 20, None, ())
    assert edition.area("03151").people.people is None
    assert edition.area("03151").people.known_share == 0


def test_a_register_gives_people_areas_and_places(vg250: Path, tmp_path: Path) -> None:
    people = write_people(tmp_path / "31122022_Auszug_GV.xlsx", register_rows(Q=350, M=None))
    edition = build_edition([vg250], tmp_path / "out", people=people)
    note = edition.manifest.people
    assert (note.on, note.known, note.total) == ("2022-12-31", 19, 201_140 + 350)
    (unmatched,) = note.unmatched_areas
    assert unmatched.startswith(f"{KEY('M')} Mönchsgarten: the register of 2022-12-31 has no line")
    figures = edition.figures("municipality")
    assert figures.loc[KEY("Q"), ["people", "area_m2", "area_basis", "postcode", "lon", "lat"]].tolist() == [
        350, 2.5e6, "official", "12345", 9.1, 51.4,
    ]  # fmt: skip
    assert figures.loc[KEY("M"), "area_basis"] == "map"
    assert edition.figures("district").loc["15081", "area_basis"] == "map"
    assert edition.figures("district").loc["15082", ["area_m2", "area_basis"]].tolist() == [5e6, "official"]
    assert [licence.publisher for licence in edition.manifest.licences] == [
        "Bundesamt für Kartographie und Geodäsie (BKG)", "Statistisches Bundesamt (Destatis)",
    ]  # fmt: skip
    for licence in edition.manifest.licences:
        assert licence.attribution in edition.attribution
    assert people.name in {source.name for source in edition.manifest.sources}


def test_a_register_among_the_sources_is_the_same(vg250: Path, tmp_path: Path) -> None:
    people = write_people(tmp_path / "31122022_Auszug_GV.xlsx", register_rows())
    one = build_edition([vg250], tmp_path / "one" / "x", people=people)
    other = build_edition([people, vg250], tmp_path / "other" / "x")
    assert without_time(one) == without_time(other)


def test_people_of_a_line_nobody_has_are_listed(vg250: Path, tmp_path: Path) -> None:
    rows = register_rows()
    rows[0] = [*rows[0][:6], "099", "Altdorf", *rows[0][8:]]
    people = write_people(tmp_path / "31122022_Auszug_GV.xlsx", rows)
    note = build_edition([vg250], tmp_path / "out", people=people).manifest.people
    (left,) = note.unmatched_people
    assert "Altdorf, 1200 people" in left
    assert [each.split(":")[0] for each in note.unmatched_areas] == [f"{KEY('A')} Ährenfeld"]


def test_a_register_of_another_date_joins_through_official_changes(vg250: Path, tmp_path: Path) -> None:
    # during 2023 Süßenborn went into Röhricht; the areas are those of 2022
    rows = register_rows(S=None, R=3_500)
    people = write_people(tmp_path / "31122023_Auszug_GV.xlsx", rows, "31.12.2023")
    merger = [
        "15/2023/0001-R", "Gemeinde", KEY("S"), "15082002", "Süßenborn", "1", 1.0, 2000.0, KEY("R"), "15082001",
        "Röhricht", "01.07.2023", "01.07.2023",
    ]  # fmt: skip
    changes = gv_files.write_changes(tmp_path / "2023.xlsx", [merger])
    edition = build_edition([vg250, changes], tmp_path / "out", people=people)
    note = edition.manifest.people
    assert note.on == "2023-12-31"
    assert [each[:12] for each in note.unmatched_areas] == [KEY("R"), KEY("S")]
    assert "3,500" in note.unmatched_areas[0]
    assert len(note.unmatched_people) == 1
    assert edition.area("15082").people.people is None
    # what areas have and what is listed add up to the register
    assert note.total == 201_140 + 2 * 77 - 2_000 - 1_500
    assert edition.manifest.licences[-1].publisher == "Statistisches Bundesamt (Destatis)"


# ------------------------------------------------------------------------------------------- determinism


def test_two_builds_give_the_same_bytes(muster: Edition, vg250: Path, tmp_path: Path) -> None:
    elsewhere = Path(shutil.copytree(vg250, tmp_path / "vg250"))
    again = build_edition([elsewhere], tmp_path / "muster-2022")
    for name in (AREAS, BORDERS):
        assert (again.folder / name).read_bytes() == (muster.folder / name).read_bytes()
    assert without_time(again) == without_time(muster)
    assert list(json.loads((again.folder / MANIFEST).read_bytes())) == list(
        json.loads((muster.folder / MANIFEST).read_bytes())
    )


def test_another_process_gives_the_same_bytes(muster: Edition, vg250: Path, tmp_path: Path) -> None:
    # texts hash differently in every process, so sets come in another order
    program = "import sys; from nahtstelle.cli.main import run; sys.exit(run())"
    command = [sys.executable, "-c", program, "editions", "build", str(vg250), "--out", str(tmp_path / "muster-2022")]
    subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": "4711"}, check=True, capture_output=True, timeout=120)
    for name in (AREAS, BORDERS):
        assert (tmp_path / "muster-2022" / name).read_bytes() == (muster.folder / name).read_bytes()


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(21)))
def test_the_order_of_the_rows_does_not_matter(
    muster: Edition, tmp_path_factory: pytest.TempPathFactory, order: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("shuffled")
    again = build_edition([write_vg250(folder / "vg250", gem().iloc[order])], folder / "muster-2022")
    for name in (AREAS, BORDERS):
        assert (again.folder / name).read_bytes() == (muster.folder / name).read_bytes()


def test_the_order_of_the_parts_of_an_area_does_not_matter(muster: Edition, tmp_path: Path) -> None:
    turned = gem()
    turned.geometry = [shapely.multipolygons(shapely.get_parts(each)[::-1]) for each in turned.geometry]
    again = build_edition([write_vg250(tmp_path / "vg250", turned)], tmp_path / "muster-2022")
    assert (again.folder / AREAS).read_bytes() == (muster.folder / AREAS).read_bytes()


# --------------------------------------------------------------------------------------------- atomicity


def test_an_existing_folder_is_refused(vg250: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep me")
    with pytest.raises(EditionExists, match="mine exists already"):
        build_edition([vg250], tmp_path / "mine")
    assert (tmp_path / "mine" / "notes.txt").read_text() == "keep me"


def test_a_folder_that_appears_meanwhile_is_kept(vg250: Path, tmp_path: Path) -> None:
    out = tmp_path / "editions" / "mine"

    def steal(step: str) -> None:
        if step == "verifying":
            out.mkdir()
            (out / "notes.txt").write_text("keep me")

    with pytest.raises(EditionExists, match="meanwhile"):
        build_edition([vg250], out, progress=steal)
    assert [each.name for each in out.parent.iterdir()] == ["mine"]
    assert (out / "notes.txt").read_text() == "keep me"


def test_an_edition_that_does_not_verify_leaves_nothing(
    vg250: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = building._borders_table

    def halved(measured: dict) -> pd.DataFrame:
        rows = table(measured)
        rows.loc[rows["level"] == "district", "length_m"] /= 2
        return rows

    monkeypatch.setattr(building, "_borders_table", halved)
    with pytest.raises(EditionDamaged, match=r"edition mine does not verify: .* \(and \d+ more findings\)$") as refused:
        build_edition([vg250], tmp_path / "out" / "mine")
    assert any("03151" in finding for finding in refused.value.findings)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_full_disk_is_said_in_one_line_and_leaves_nothing(
    vg250: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    with pytest.raises(InputError, match=r"mine cannot be written: No space left on device$"):
        build_edition([vg250], tmp_path / "out" / "mine")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_place_that_is_no_folder_is_said_in_one_line(vg250: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        build_edition([vg250], tmp_path / "file" / "mine")


@pytest.mark.parametrize("step", ["writing", "verifying", "files written", "about to be moved"])
def test_a_killed_build_is_never_listed_and_the_next_one_clears_up(
    vg250: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setenv("NAHTSTELLE_HOME", str(tmp_path))
    editions = catalogue.editions_folder()
    known = [folder.name for folder in catalogue.folders()]
    # the process says where it is and waits there to be killed
    program = f"""
import sys, time
from pathlib import Path
from nahtstelle.editions import build, verify

def wait(step):
    if step == {step!r}:
        print("here", flush=True)
        time.sleep(600)

def waiting(function, step, after):
    def call(*args, **named):
        if not after:
            wait(step)
        result = function(*args, **named)
        if after:
            wait(step)
        return result
    return call

build._manifest = waiting(build._manifest, "files written", after=True)
build._sync = waiting(build._sync, "about to be moved", after=True)
build.build_edition([Path({str(vg250)!r})], Path({str(editions / "mine")!r}), progress=wait)
"""
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process:
        assert process.stdout.readline() == "here\n"
        process.send_signal(signal.SIGKILL)
    assert [folder.name for folder in catalogue.folders()] == known
    left = list(editions.iterdir()) if editions.exists() else []
    assert bool(left) == (step != "writing")
    edition = build_edition([vg250], editions / "mine")
    assert [each.name for each in editions.iterdir()] == ["mine"]
    assert [folder.name for folder in catalogue.folders()] == [*known, "mine"]
    assert verify(edition.folder) == []


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1))
def test_killed_at_any_moment(vg250: Path, tmp_path_factory: pytest.TempPathFactory, share: float) -> None:
    out = tmp_path_factory.mktemp("killed") / "editions" / "mine"
    program = f"""
from pathlib import Path
from nahtstelle.editions.build import build_edition
print("begun", flush=True)
build_edition([Path({str(vg250)!r})], Path({str(out)!r}))
"""
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process:
        process.stdout.readline()
        time.sleep(share * 0.5)
        process.send_signal(signal.SIGKILL)
    if out.exists():  # the build was faster: then it is whole
        assert verify(out) == []
    else:
        build_edition([vg250], out)
    assert [each.name for each in out.parent.iterdir()] == ["mine"]


def test_a_build_under_way_is_left_alone(vg250: Path, tmp_path: Path) -> None:
    running = tmp_path / f".mine.{os.getpid()}.abc"
    running.mkdir()
    other = tmp_path / ".mine.notes"
    other.mkdir()
    build_edition([vg250], tmp_path / "mine")
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([running.name, other.name, "mine"])


# ------------------------------------------------------------------------------------------------ refusals


def test_one_source_of_areas_and_one_register_are_expected(vg250: Path, tmp_path: Path) -> None:
    people = write_people(tmp_path / "31122022_Auszug_GV.xlsx", register_rows())
    with pytest.raises(SourceError, match=r"one source of areas; .*Auszug_GV\.xlsx gives 0"):
        build_edition([people], tmp_path / "out")
    with pytest.raises(SourceError, match=r"one source of areas; .* gives 2"):
        build_edition([vg250, vg250], tmp_path / "out")
    with pytest.raises(SourceError, match="at most one register"):
        build_edition([vg250, people], tmp_path / "out", people=people)
    assert not (tmp_path / "out").exists()


def test_areas_that_overlap_are_refused_by_key(tmp_path: Path) -> None:
    broken = gem()
    row = broken.index[broken["GEN"] == "Süßenborn"][0]
    broken.loc[row, "geometry"] = broken.geometry[row].union(country.square(8, 0)).union(country.square(7, 0))
    with pytest.raises(CoverageError) as refused:
        build_edition([write_vg250(tmp_path / "vg250", broken)], tmp_path / "out" / "mine")
    assert KEY("S") in refused.value.keys
    assert {KEY("R"), KEY("N")} <= set(refused.value.keys)
    assert not (tmp_path / "out").exists()


def test_a_gap_within_the_tolerance_is_closed_and_stated(tmp_path: Path) -> None:
    moved = gem()
    row = moved.index[moved["GEN"] == "Mönchsgarten"][0]
    moved.loc[row, "geometry"] = shapely.affinity.translate(moved.geometry[row], 0.3, 0)
    source = write_vg250(tmp_path / "vg250", moved)
    with pytest.raises(CoverageError) as refused:
        build_edition([source], tmp_path / "strict")
    assert {KEY("M"), KEY("L")} <= set(refused.value.keys)
    edition = build_edition([source], tmp_path / "mended", tolerance_m=0.5)
    note = edition.manifest.borders
    assert note.tolerance_m == 0.5
    assert note.vertices_moved + note.vertices_inserted > 0
    assert 0.29 < note.farthest_m <= 0.5
    assert verify(edition.folder) == []


# ------------------------------------------------------------------------------------------ simplified lines


@pytest.mark.parametrize("per_degree", [1, 3, 8, 100])
def test_vertices_on_a_grid_keep_outlines_valid_and_neighbours_together(per_degree: int) -> None:
    # two narrow necks, which a coarse grid would pinch or cross
    line = [(0.1, 2.0), (0.6, 1.2), (0.4, 1.1), (0.55, 1.05), (0.45, 0.9), (0.3, 0.0)]
    one = shapely.Polygon([(-3, 0), (-3, 2), *line])
    other = shapely.Polygon([(3, 2), (3, 0), *reversed(line)])
    placed = building._on_grid(np.array([one, other]), per_degree)
    assert shapely.is_valid(placed).all()
    assert shapely.coverage_is_valid(placed)
    assert shapely.get_num_coordinates(placed).tolist() == shapely.get_num_coordinates([one, other]).tolist()
    assert shapely.hausdorff_distance(placed, [one, other]).max() <= 1 / per_degree


def test_vertices_go_on_the_grid_where_nothing_stands_against_it() -> None:
    square = shapely.box(0.01, 0.01, 1.01, 0.99)
    (placed,) = building._on_grid(np.array([square]), 2)
    assert placed.equals(shapely.box(0, 0, 1, 1))


# ---------------------------------------------------------------------------------------- fetched editions


def test_a_fetched_file_becomes_an_edition_named_after_its_date(tmp_path: Path) -> None:
    package = country.write_geopackage(tmp_path / "DE_VG250.gpkg")
    (tmp_path / "aktualitaet.txt").write_text("31.12.2024")
    edition = build_fetched(package, "vg250-ew", tmp_path / "editions")
    assert edition.folder == tmp_path / "editions" / "de-vg250-ew-2024-12-31"
    built_at = edition.manifest.built_at
    (tmp_path / "aktualitaet.txt").write_text("31.12.2024\n")
    again = build_fetched(package, "vg250-ew", tmp_path / "editions")
    assert again.manifest.built_at == built_at
    assert [each.name for each in (tmp_path / "editions").iterdir()] == ["de-vg250-ew-2024-12-31"]


def test_a_fetched_register_is_no_edition(tmp_path: Path) -> None:
    people = write_people(tmp_path / "31122022_Auszug_GV.xlsx", register_rows())
    with pytest.raises(SourceError, match="holds no areas"):
        build_fetched(people, "gemeindeverzeichnis", tmp_path / "editions")
