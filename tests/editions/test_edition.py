"""The door to an edition: areas by key and name, seams, border people, tables and geometry; and the bundled edition."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from nahtstelle.core.borders import measure_borders
from nahtstelle.core.keys import LEVELS, Level
from nahtstelle.core.model import Area, People
from nahtstelle.editions.build import build_edition
from nahtstelle.editions.bundled.build import MOST_BYTES
from nahtstelle.editions.catalogue import BUNDLED, DEFAULT, open_edition
from nahtstelle.editions.edition import Edition
from nahtstelle.editions.manifest import AREAS, BORDERS
from nahtstelle.editions.verify import verify
from nahtstelle.errors import AmbiguousArea, EditionDamaged, InputError, KeyFormatError, UnknownArea
from nahtstelle.testing.musterland import musterland

KEY = musterland().key


def keys(areas: list[Area]) -> list[str]:
    return [area.key for area in areas]


@pytest.fixture(scope="module")
def bundled() -> Edition:
    """The edition in the package."""
    return open_edition()


# -------------------------------------------------------------------------------------------------- areas


def test_an_area_has_its_figures(muster: Edition) -> None:
    area = muster.area("03152")
    assert (area.name, area.designation, area.level, area.land_key) == (
        "Mühlenheide",
        "Landkreis",
        Level.DISTRICT,
        "03",
    )
    assert area.people == People(32_300, known=5, of=6)
    assert area.perimeter_m == pytest.approx(28_000 * 1.0004, rel=1e-3)
    assert muster.area("03").land_key == "03"


def test_areas_are_found_by_each_kind_of_key(muster: Edition) -> None:
    assert [muster.area(key).level for key in ("03", "03151", "031515401", KEY("A"), "03151001")] == [
        Level.LAND, Level.DISTRICT, Level.UNION, Level.MUNICIPALITY, Level.MUNICIPALITY,
    ]  # fmt: skip
    assert muster.area("03151001").key == KEY("A")


@pytest.mark.parametrize("key", ["3152", "99999", "", "03151999", "Mühlenheide"])
def test_an_unknown_key_says_how_to_find_one(muster: Edition, key: str) -> None:
    with pytest.raises(UnknownArea, match=f"no area with the key '{key}' in edition muster-2022; 'areas find NAME'"):
        muster.area(key)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mühlenheide", "03152"),
        ("MUEHLENHEIDE", "03152"),
        ("Landkreis Mühlenheide", "03152"),
        ("Kreis Mühlenheide", "03152"),
        ("03152", "03152"),
        ("03 1 52", "03152"),
        ("ährenfeld", KEY("A")),
        ("Gemeinde Ährenfeld", KEY("A")),
        ("03151001", KEY("A")),
        (KEY("A"), KEY("A")),
        ("Samtgemeinde Dünen", "031515401"),
        ("Amt Seenplatte", "150815051"),
        ("Landkreis Seenplatte", "15081"),
        ("Stadt Lüttensee", KEY("L")),
        ("suessenborn", KEY("S")),
    ],
)
def test_a_name_or_key_stands_for_one_area(muster: Edition, text: str, expected: str) -> None:
    assert muster.resolve(text).key == expected


def test_a_name_of_several_areas_lists_them(muster: Edition) -> None:
    with pytest.raises(AmbiguousArea) as refused:
        muster.resolve("Seenplatte")
    assert refused.value.candidates == (
        ("15081", "Seenplatte", "Landkreis"),
        ("150815051", "Seenplatte", "Amt"),
    )
    assert str(refused.value).startswith(
        "'Seenplatte' fits 2 areas: 15081 Seenplatte (Landkreis); 150815051 Seenplatte (Amt); give the key"
    )
    assert muster.resolve("Seenplatte", "union").key == "150815051"
    assert muster.resolve("Seenplatte", Level.DISTRICT).key == "15081"


def test_a_town_that_is_its_own_district_is_told_apart(muster: Edition) -> None:
    with pytest.raises(AmbiguousArea) as refused:
        muster.resolve("Fürstenmünster")
    assert [key for key, _, _ in refused.value.candidates] == ["05911", KEY("F")]  # the union of one town is left out
    assert muster.resolve("Kreisfreie Stadt Fürstenmünster").key == "05911"
    assert muster.resolve("Stadt Fürstenmünster").key == KEY("F")
    assert muster.resolve("Fürstenmünster", "union").key == "059110000"


def test_a_part_of_a_name_is_no_answer_but_a_hint(muster: Edition) -> None:
    with pytest.raises(
        UnknownArea, match=r"'Mühlen' exactly; did you mean: 03152 Mühlenheide \(Landkreis\); 031525402"
    ):
        muster.resolve("Mühlen")


@pytest.mark.parametrize("text", ["Atlantis", "Stadt Mühlenheide", "", "-"])
def test_an_unknown_name_says_so(muster: Edition, text: str) -> None:
    with pytest.raises(UnknownArea, match=f"no area named '{text}' in edition muster-2022"):
        muster.resolve(text)


def test_a_key_that_cannot_be_says_why(muster: Edition) -> None:
    with pytest.raises(KeyFormatError, match="did you mean '03152'"):
        muster.resolve("3152")
    with pytest.raises(KeyFormatError, match="unknown level 'kreis': expected one of land, district"):
        muster.resolve("Mühlenheide", "kreis")
    with pytest.raises(UnknownArea, match="'03152' is a district, asked for was a union"):
        muster.resolve("03152", "union")


# ------------------------------------------------------------------------------------------------ finding


def test_the_best_fit_comes_first_and_larger_areas_before_smaller(muster: Edition) -> None:
    assert keys(muster.find("Seenplatte")) == ["15081", "150815051"]
    assert keys(muster.find("land")) == []  # names that end in it do not fit
    assert keys(muster.find("Süßen")) == [KEY("S")]
    assert keys(muster.find("mühlen")) == ["03152", "031525402"]
    assert keys(muster.find("mühlen", "union")) == ["031525402"]


def test_unions_of_one_municipality_are_found_only_when_asked_for(muster: Edition) -> None:
    assert keys(muster.find("Bärenhafen")) == [KEY("B")]
    assert keys(muster.find("Bärenhafen", Level.UNION)) == ["031510002"]


def test_keys_are_found_by_their_beginning(muster: Edition) -> None:
    assert keys(muster.find("15082")) == ["15082", KEY("R"), KEY("S")]
    assert keys(muster.find("150820")) == [KEY("R"), KEY("S")]
    assert keys(muster.find("15082001")) == [KEY("R")]
    assert keys(muster.find("15 0 82")) == ["15082", KEY("R"), KEY("S")]
    assert muster.find("17") == []


# -------------------------------------------------------------------------------------------------- seams


def test_seams_of_a_district(muster: Edition) -> None:
    found = muster.seams("Mühlenheide")
    assert (found.area.key, found.level, len(found)) == ("03152", Level.DISTRICT, 3)
    lengths_m = {seam.other_key: seam.length_m for seam in found}
    assert {key: round(length_m / 1000.4, 2) for key, length_m in lengths_m.items()} == {
        "03151": 6, "05954": 6, "05911": 2,
    }  # fmt: skip
    assert list(lengths_m.values()) == sorted(lengths_m.values(), reverse=True)
    outer_m = found.area.outer_edge_m
    assert sum(seam.length_m for seam in found) + outer_m == pytest.approx(found.area.perimeter_m)


def test_seams_of_a_level_below(muster: Edition) -> None:
    found = muster.seams("03152", "municipality")
    assert (found.area.key, found.level) == ("03152", Level.MUNICIPALITY)
    assert {seam.own_key[:5] for seam in found} == {"03152"}
    assert not any(seam.other_key.startswith("03152") for seam in found)
    assert sum(seam.length_m for seam in found) == pytest.approx(sum(s.length_m for s in muster.seams("03152")))


def test_a_level_tells_areas_of_one_name_apart(muster: Edition) -> None:
    assert muster.seams("Seenplatte", "district").area.key == "15081"
    assert muster.seams("Seenplatte", "union").area.key == "150815051"


def test_a_level_above_names_the_area_to_ask_for(muster: Edition) -> None:
    with pytest.raises(InputError, match=r"Ährenfeld is a municipality .* level district; ask for its district: 03151"):
        muster.seams("Ährenfeld", "district")
    with pytest.raises(InputError, match="no seams of level land; ask for its land: 03"):
        muster.seams("03151", Level.LAND)


def test_seams_as_a_table(muster: Edition) -> None:
    frame = muster.seams("15081").to_frame()
    assert frame.index.name == "key"
    assert list(frame.columns) == [
        "own_key", "name", "designation", "land_key", "land_seam", "length_m", "stretches", "share_of_perimeter",
        "border_municipalities_own", "border_municipalities_other", "people_own", "people_other", "people",
        "known_share",
    ]  # fmt: skip
    row = frame.loc["15082"]
    assert (row["own_key"], row["name"], row["designation"], row["land_key"]) == (
        "15081",
        "Hügelkreis",
        "Landkreis",
        "15",
    )
    assert not row["land_seam"]
    assert row["border_municipalities_own"] == (KEY("N"), KEY("W"))
    assert row["border_municipalities_other"] == (KEY("R"), KEY("S"))
    assert (row["people_own"], row["people_other"], row["people"]) == (4_200, 3_500, 7_700)
    assert str(frame["people"].dtype) == "Int64"


def test_people_that_are_unknown_are_missing_in_the_table(muster: Edition) -> None:
    row = muster.seams(KEY("L")).to_frame().loc[KEY("M")]
    assert pd.isna(row["people_other"])
    assert (row["people"], row["known_share"]) == (6_400, 0.5)


def test_an_island_has_an_empty_table(muster: Edition) -> None:
    found = muster.seams(KEY("I"))
    assert len(found) == 0
    assert found.to_frame().empty
    assert list(found.to_frame().columns) == list(muster.seams("15081").to_frame().columns)


def test_a_notebook_shows_title_and_attribution(muster: Edition) -> None:
    shown = muster.seams("15081")._repr_html_()
    assert "<caption>Landkreis Seenplatte (15081): 4 seams. muster-2022." in shown
    assert "© GeoBasis-DE / BKG 2022 (Daten verändert)" in shown
    assert "border_municipalities" not in shown
    found = muster.seams("15081")
    odd = dataclasses.replace(found, area=dataclasses.replace(found.area, name="<b>"))
    assert "<b>" not in odd._repr_html_()


def test_all_seams_come_once_by_key(muster: Edition) -> None:
    pairs = [(seam.own_key, seam.other_key) for seam in muster.all_seams("district")]
    assert pairs == sorted(pairs)
    assert len(pairs) == muster.manifest.pairs["district"] == 10
    assert all(a < b for a, b in pairs)


def test_border_people_by_name_and_key(muster: Edition) -> None:
    found = muster.border_people(["Küstenkreis", "03152"], "inner")
    assert found.areas == ("03151", "03152")
    assert set(found.municipalities) == {KEY(letter) for letter in "ACEG"}
    assert found.border == People(19_800, known=4, of=4)


@pytest.mark.parametrize(
    ("areas", "variant", "expected"),
    [
        (["03151"], "both", "unknown variant 'both': expected inner, outer or all"),
        ([], "all", "no area given"),
        (["03151", KEY("A")], "all", f"{KEY('A')} overlaps another of the areas given"),
        (["03151", "Küstenkreis"], "all", "03151 overlaps another of the areas given, or stands twice"),
    ],
)
def test_a_region_that_cannot_be_is_refused(muster: Edition, areas: list[str], variant: str, expected: str) -> None:
    with pytest.raises(InputError, match=expected):
        muster.border_people(areas, variant)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------ tables and geometry


@pytest.mark.parametrize("level", list(LEVELS))
def test_geometry_of_every_level_covers_the_same_ground(muster: Edition, level: Level) -> None:
    areas = muster.areas(level)
    assert areas.crs == "OGC:CRS84"
    assert areas.index.name == "key"
    assert areas.index.is_monotonic_increasing
    assert areas.geometry.is_valid.all()
    measured = measure_borders(areas)
    said = muster.borders(level).set_index(["a", "b"])["length_m"]
    pd.testing.assert_series_equal(measured.pairs.set_index(["a", "b"])["length_m"], said, rtol=1e-6, check_names=False)
    whole = shapely.union_all(musterland().municipalities.to_crs("OGC:CRS84").geometry)
    assert shapely.union_all(areas.geometry).symmetric_difference(whole).area < 1e-9


@pytest.mark.parametrize("level", ["municipality", "district"])
def test_lines_of_borders_have_their_lengths(muster: Edition, level: str) -> None:
    lines = muster.border_lines(level)
    said = muster.borders(level).set_index(["a", "b"])["length_m"]
    assert list(lines.index) == list(said.index)
    on_the_ground = lines.to_crs("EPSG:25832").length * 1.0004
    pd.testing.assert_series_equal(on_the_ground, said, rtol=1e-4, check_names=False)


def test_points_are_contacts_and_no_borders(muster: Edition) -> None:
    pairs = set(muster.borders("municipality")[["a", "b"]].itertuples(index=False, name=None))
    points = set(muster.point_contacts("municipality").itertuples(index=False, name=None))
    assert tuple(sorted((KEY("F"), KEY("J")))) in points
    assert not pairs & points


def test_an_unknown_level_is_refused_everywhere(muster: Edition) -> None:
    for ask in (muster.figures, muster.areas, muster.borders, muster.point_contacts, muster.all_seams,
                muster.border_lines):  # fmt: skip
        with pytest.raises(KeyFormatError, match="unknown level 'kreis'"):
            ask("kreis")


# ---------------------------------------------------------------------------------------- damaged editions


@pytest.mark.parametrize("name", [AREAS, BORDERS])
@pytest.mark.parametrize("damage", ["missing", "cut off", "column"])
def test_a_damaged_file_is_said_in_one_line(copied: Callable[[], Path], name: str, damage: str) -> None:
    folder = copied()
    path = folder / name
    if damage == "missing":
        path.unlink()
    elif damage == "cut off":
        path.write_bytes(path.read_bytes()[:500])
    else:
        table = gpd.read_parquet(path) if name == AREAS else pd.read_parquet(path)
        table.drop(columns=["level"]).to_parquet(path)
    questions = [
        lambda edition: edition.seams("03152"),
        *([lambda edition: edition.area("03152"), lambda edition: edition.figures("district"),
           lambda edition: edition.areas("district")] if name == AREAS else []),
        *([lambda edition: edition.borders("district")] if name == BORDERS else []),
    ]  # fmt: skip
    for question in questions:
        with pytest.raises(EditionDamaged, match=f"{name} cannot be read: .*'editions verify' tells more"):
            question(Edition(folder))


def test_nothing_changes_the_files_of_an_edition(muster: Edition) -> None:
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in muster.folder.iterdir()}
    edition = Edition(muster.folder)
    edition.seams("03152").to_frame()
    edition.areas("district")
    edition.find("a")
    assert before == {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in muster.folder.iterdir()}


# --------------------------------------------------------------------------------------- outside Germany


@pytest.fixture(scope="module")
def abroad(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """Two French communes: no unions, no districts, no Länder."""
    folder = tmp_path_factory.mktemp("abroad")
    communes = gpd.GeoDataFrame(
        {"code": ["67001", "67002"], "nom": ["Achenheim", "Adamswiller"]},
        geometry=[shapely.box(7.0, 48.0, 7.1, 48.1), shapely.box(7.1, 48.0, 7.2, 48.1)],
        crs="EPSG:4326",
    )
    communes.to_file(folder / "communes-67-bas-rhin.geojson", driver="GeoJSON")
    return build_edition([folder / "communes-67-bas-rhin.geojson"], folder / "fr")


def test_an_edition_without_larger_areas(abroad: Edition) -> None:
    assert abroad.manifest.country == "FR"
    assert abroad.manifest.areas == {"land": 0, "district": 0, "union": 0, "municipality": 2}
    (seam,) = abroad.seams("Achenheim")
    assert seam.other_key == abroad.resolve("Adamswiller").key
    assert not seam.land_seam
    assert abroad.all_seams("district") == []
    assert abroad.area(seam.own_key).land_key is None
    assert len(abroad.areas("district")) == 0
    with pytest.raises(InputError, match="edition fr names no district it lies in"):
        abroad.seams("Achenheim", "district")


# ---------------------------------------------------------------------------------------- bundled edition


def test_the_bundled_edition_is_small(bundled: Edition) -> None:
    assert MOST_BYTES == 6_000_000
    assert sum(path.stat().st_size for path in (BUNDLED / DEFAULT).iterdir()) < MOST_BYTES


def test_the_bundled_edition_verifies(bundled: Edition) -> None:
    assert verify(bundled.folder) == []


def test_the_bundled_edition_is_germany_of_2016(bundled: Edition) -> None:
    manifest = bundled.manifest
    assert (manifest.country, manifest.valid_on, manifest.scale) == ("DE", "2016-01-01", "1:250 000")
    assert manifest.areas == {"land": 16, "district": 402, "union": 4_677, "municipality": 11_299}
    assert manifest.attribution == "© GeoBasis-DE / BKG 2016 (Daten verändert); Einwohner: GeoNames, CC BY 4.0"
    assert [licence.licence for licence in manifest.licences] == ["GeoNutzV", "CC BY 4.0"]
    assert manifest.borders.measured_on == "the lines as published, before simplification"
    assert "simplified as a coverage" in manifest.geometry_note


def test_hameln_pyrmont_has_exactly_five_neighbours(bundled: Edition) -> None:
    found = bundled.seams("03252")
    assert {seam.other_key for seam in found} == {"03241", "03254", "03255", "03257", "05766"}
    assert [seam.other_key for seam in found if seam.land_seam] == ["05766"]
    assert keys([bundled.resolve("Hameln-Pyrmont"), bundled.resolve("Landkreis Hannover")]) == ["03252", "03241"]


def test_the_bundled_geometry_has_neither_gaps_nor_overlaps(bundled: Edition) -> None:
    areas = bundled.areas("municipality")
    measured = measure_borders(areas)
    assert (measured.mended.moved, measured.mended.inserted) == (0, 0)
    said = bundled.borders("municipality").set_index(["a", "b"])["length_m"]
    drawn = measured.pairs.set_index(["a", "b"])["length_m"]
    assert drawn.index.equals(said.index)
    # corners were taken out, so lines got shorter, but not by much
    assert 0.9 < drawn.sum() / said.sum() < 1
    assert areas.geometry.is_valid.all()


def test_the_bundled_people_say_how_far_they_can_be_trusted(bundled: Edition) -> None:
    note = bundled.manifest.people
    assert note.on is None
    assert note.of == 11_299
    assert len(note.unmatched_areas) == note.of - note.known > 0
    assert note.total == int(bundled.figures("municipality")["people"].sum())
    said = " ".join(note.notes)
    assert "GeoNames states no date" in said
    assert "of the official 82,691,139" in said
    assert "districts above 105 %" in said
    assert "districts below 75 %" in said


def test_ambiguous_names_of_germany(bundled: Edition) -> None:
    with pytest.raises(AmbiguousArea) as refused:
        bundled.resolve("Goslar")
    assert [key for key, _, _ in refused.value.candidates] == ["03153", "031530017017"]
    assert bundled.resolve("Stadt Goslar").key == "031530017017"
    with pytest.raises(AmbiguousArea, match=r"^'Neuenkirchen' fits \d+ areas: .* and \d+ more; give the key"):
        bundled.resolve("Neuenkirchen")
