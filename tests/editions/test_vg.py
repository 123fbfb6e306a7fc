"""BKG's areas: every form they are published in is read alike, and what cannot be true is refused by name."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from tests.editions import vg_files
from tests.editions.vg_files import gem, write_geopackage, write_product, write_shapefile, zipped

from nahtstelle.editions.sources.vg import read_vg
from nahtstelle.errors import SourceError


@pytest.fixture
def product(tmp_path: Path) -> Path:
    """A folder of shapefiles of 31 December 2021."""
    folder = write_product(tmp_path / "vg250")
    (folder / "aktualitaet.txt").write_text("31.12.2021\n\n")
    return folder


def refusal(path: Path) -> str:
    with pytest.raises(SourceError) as refused:
        read_vg(path)
    message = str(refused.value)
    assert "\n" not in message
    return message


# ------------------------------------------------------------------------------------------- what is read


def test_a_folder_of_shapefiles_gives_areas_and_names(product: Path) -> None:
    source = read_vg(product)
    areas = source.municipalities
    assert areas["key"].tolist() == ["010515175001", "010515175002", "010010000000", "010010000000"]
    assert areas["part"].tolist() == ["land", "land", "land", "water"]
    assert areas["name"].tolist() == ["Süderdorf", "Norderdorf", "Fördestadt", "Fördestadt"]
    assert areas["designation"].tolist() == ["Gemeinde", "Gemeinde", "Stadt", "Stadt"]
    assert areas["ags"].tolist() == ["01051001", "01051002", "01001000", "01001000"]
    assert areas["nuts"].tolist() == ["DEF05", "DEF05", "DEF01", "DEF01"]
    assert areas["union_key"].tolist() == ["010515175", "010515175", "010010000", "010010000"]
    assert areas["district_key"].tolist() == ["01051", "01051", "01001", "01001"]
    assert set(areas["land_key"]) == {"01"}
    assert areas["people"].tolist() == [1200, 800, 90000, 90000]
    assert areas.crs.to_epsg() == 25832
    assert areas.geometry.area.tolist() == [1, 1, 1, 1]
    assert source.larger.to_dict("records") == [
        {"key": "010515175", "level": "union", "name": "Amt Dorf", "designation": "Amt"},
        {"key": "010010000", "level": "union", "name": "Fördestadt", "designation": "Amtsfreie Gemeinde"},
        {"key": "01051", "level": "district", "name": "Dithmarschen", "designation": "Kreis"},
        {"key": "01001", "level": "district", "name": "Fördestadt", "designation": "Kreisfreie Stadt"},
        {"key": "01", "level": "land", "name": "Schleswig-Holstein", "designation": "Land"},
    ]
    assert (source.country, source.valid_on, source.people_on) == ("DE", dt.date(2021, 12, 31), dt.date(2021, 12, 31))
    assert source.scale == "1:250 000"
    assert source.findings == (
        "VG250_GEM.shp: 1 areas of sea and lake (GF 1, 8) left out, they belong to no municipality",
    )
    assert len(source.files) == 4 * 5
    assert all(file.is_file() for file in source.files)


def test_all_published_forms_say_the_same(product: Path, tmp_path: Path) -> None:
    expected = read_vg(product)
    package = write_geopackage(tmp_path / "gpkg" / "DE_VG250.gpkg")
    (package.parent / "aktualitaet.txt").write_text("31.12.2021")
    forms = {
        "loose": product / "VG250_GEM.shp",
        "zip": zipped(product, tmp_path / "a.zip"),
        "nested zip": zipped(product, tmp_path / "b.zip", inside="vg250_12-31.utm32s/vg250_ebenen_1231/"),
        "GeoPackage": package,
        "folder of a GeoPackage": package.parent,
        "zipped GeoPackage": zipped(package.parent, tmp_path / "c.zip", inside="vg250/ebenen/"),
    }
    for form, path in forms.items():
        source = read_vg(path)
        pd.testing.assert_frame_equal(
            pd.DataFrame(source.municipalities.drop(columns="geometry")),
            pd.DataFrame(expected.municipalities.drop(columns="geometry")),
            obj=form,
        )
        assert shapely.equals(
            source.municipalities.geometry.to_numpy(), expected.municipalities.geometry.to_numpy()
        ).all(), form
        assert source.municipalities.crs == expected.municipalities.crs, form
        pd.testing.assert_frame_equal(source.larger, expected.larger, obj=form)
        assert (source.valid_on, source.scale, source.origin) == (
            expected.valid_on,
            expected.scale,
            expected.origin,
        ), form


def test_the_key_was_called_rs_until_2016_and_columns_come_in_any_case(tmp_path: Path) -> None:
    frame = gem().rename(columns={"ARS": "RS", "GEN": "gen", "GF": "gf"})
    source = read_vg(write_shapefile(frame, tmp_path / "vg250_gem.shp"))
    assert source.municipalities["key"].iloc[0] == "010515175001"
    assert source.municipalities["name"].iloc[0] == "Süderdorf"
    assert source.municipalities["part"].tolist() == ["land", "land", "land", "water"]


def test_a_simplified_file_with_keys_only_has_no_names_and_all_land(tmp_path: Path) -> None:
    write_shapefile(gem()[["ARS", "geometry"]].iloc[:3], tmp_path / "in" / "VG250_GEM.shp")
    source = read_vg(zipped(tmp_path / "in", tmp_path / "VG250_GEM_simplified.zip"))
    assert source.municipalities["key"].tolist() == ["010515175001", "010515175002", "010010000000"]
    assert source.municipalities["name"].isna().all()
    assert source.municipalities["people"].isna().all()
    assert (source.municipalities["part"] == "land").all()
    assert source.municipalities["ags"].iloc[0] == "01051001"
    assert source.people_on is None
    assert source.larger.empty
    assert list(source.larger.columns) == ["key", "level", "name", "designation"]
    assert "VG250_GEM.shp in VG250_GEM_simplified.zip: 2 areas of level district without a name, 01001 first" in (
        source.findings
    )


def test_vg5000_knows_other_codes_of_land(tmp_path: Path) -> None:
    frame = gem(GF=[9, 9, 9, 8, 8]).drop(columns="EWZ")
    source = read_vg(write_shapefile(frame, tmp_path / "VG5000_GEM.shp"))
    assert source.municipalities["part"].tolist() == ["land", "land", "land"]
    assert source.scale == "1:5 000 000"
    assert source.findings[0].startswith("VG5000_GEM.shp: 2 areas of sea and lake")


def test_land_without_structure_is_land(tmp_path: Path) -> None:
    source = read_vg(write_shapefile(gem(GF=[3, 4, 4, 2, 1]), tmp_path / "VG1000_GEM.shp"))
    assert source.municipalities["part"].tolist() == ["land", "land", "land", "water"]


@pytest.mark.parametrize("on_water", [0, 90000, -9999, None])
def test_people_stand_on_land_and_count_for_the_water_part_too(tmp_path: Path, on_water: int | None) -> None:
    people = pd.array([1200, 800, 90000, on_water, on_water], dtype="Int64")
    source = read_vg(write_shapefile(gem(EWZ=people), tmp_path / "VG250_GEM.shp"))
    assert source.municipalities["people"].tolist() == [1200, 800, 90000, 90000]


def test_unknown_people_stay_missing(tmp_path: Path) -> None:
    people = pd.array([None, 800, 90000, 0, 0], dtype="Int64")
    source = read_vg(write_shapefile(gem(EWZ=people), tmp_path / "VG250_GEM.shp"))
    assert source.municipalities["people"].isna().tolist() == [True, False, False, False]


def test_a_layer_is_known_by_its_columns_where_no_name_tells(tmp_path: Path) -> None:
    source = read_vg(write_shapefile(gem(), tmp_path / "meine_karte.shp"))
    assert len(source.municipalities) == 4
    assert source.scale is None


def test_a_loose_shapefile_looks_at_its_own_folder_only(product: Path) -> None:
    (product / "darunter").mkdir()
    (product / "darunter" / "VG250_KRS.gpkg").write_text("kaputt")
    for file in product.glob("VG250_KRS.*"):
        file.unlink()
    source = read_vg(product / "VG250_GEM.shp")
    assert source.larger["level"].unique().tolist() == ["union", "land"]
    assert any("2 areas of level district without a name, 01001 first" in finding for finding in source.findings)


# --------------------------------------------------------------------------------------------------- text


@pytest.mark.parametrize("encoding", ["UTF-8", "ISO-8859-1", "CP1252", "CP850"])
def test_text_is_read_in_the_encoding_the_file_declares(tmp_path: Path, encoding: str) -> None:
    file = write_shapefile(gem(), tmp_path / "VG250_GEM.shp", encoding)
    assert "Süderdorf".encode(encoding) in file.with_suffix(".dbf").read_bytes()
    file.with_suffix(".cpg").write_text(encoding)
    source = read_vg(file)
    assert source.municipalities["name"].iloc[0] == "Süderdorf"
    assert not any("encoding" in finding for finding in source.findings)


@pytest.mark.parametrize(("encoding", "found"), [("UTF-8", "utf-8"), ("CP1252", "cp1252")])
def test_text_without_a_declaration_is_read_right_and_reported(tmp_path: Path, encoding: str, found: str) -> None:
    file = write_shapefile(gem(), tmp_path / "VG250_GEM.shp", encoding)
    file.with_suffix(".cpg").unlink()
    source = read_vg(file)
    assert source.municipalities["name"].iloc[0] == "Süderdorf"
    assert f"VG250_GEM.shp declares no encoding: its text is read as {found}" in source.findings


def test_windows_text_declared_as_utf8_is_refused(tmp_path: Path) -> None:
    file = write_shapefile(gem(), tmp_path / "VG250_GEM.shp", "CP1252")
    file.with_suffix(".cpg").write_text("UTF-8")
    message = refusal(file)
    assert "VG250_GEM.shp, row 1, key 010515175001: the .cpg declares utf-8" in message
    assert "'Süderdorf'" in message


def test_utf8_text_declared_as_windows_is_refused(tmp_path: Path) -> None:
    file = write_shapefile(gem(), tmp_path / "VG250_GEM.shp", "UTF-8")
    file.with_suffix(".cpg").write_text("1252")
    message = refusal(file)
    assert "row 1, key 010515175001: the .cpg declares cp1252" in message
    assert "is UTF-8" in message


def test_text_in_neither_encoding_is_refused_without_a_declaration(tmp_path: Path) -> None:
    file = write_shapefile(gem(), tmp_path / "VG250_GEM.shp", "CP850")
    file.with_suffix(".cpg").unlink()
    assert "row 1, key 010515175001: no .cpg, expected UTF-8 or Windows-1252" in refusal(file)


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    file = write_shapefile(gem(), tmp_path / "VG250_GEM.shp")
    file.with_suffix(".cpg").write_text("KLINGON")
    assert "declares an unknown encoding 'KLINGON'" in refusal(file)


@pytest.mark.parametrize("driver", ["shp", "gpkg"])
@pytest.mark.parametrize("wrong", ["SÃ¼derdorf", "S�derdorf", "S\x81derdorf"])
def test_text_broken_before_it_came_here_is_refused(tmp_path: Path, driver: str, wrong: str) -> None:
    frame = gem(GEN=[wrong, "Norderdorf", "Fördestadt", "Fördestadt", "Fördestadt"])
    file = tmp_path / f"VG250_GEM.{driver}"
    pyogrio.write_dataframe(frame, file, **({"encoding": "UTF-8"} if driver == "shp" else {"layer": "vg250_gem"}))
    message = refusal(file)
    assert "row 1, key 010515175001: GEN" in message
    assert "wrong encoding before (1 such rows)" in message


# -------------------------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("vg250_2016-01-01.utm32s.shape", dt.date(2016, 1, 1)),
        ("VG250_31122023", dt.date(2023, 12, 31)),
        ("vg250_20190101", dt.date(2019, 1, 1)),
    ],
)
def test_a_name_may_tell_the_date(tmp_path: Path, folder: str, expected: dt.date) -> None:
    source = read_vg(write_product(tmp_path / folder))
    assert source.valid_on == expected
    assert f"VG250_GEM.shp: the date {expected} is that in the name {folder}" in source.findings
    assert not any("WSK" in finding for finding in source.findings)


def test_what_the_publication_states_goes_before_its_name(tmp_path: Path) -> None:
    folder = write_product(tmp_path / "vg250_2016-01-01")
    (folder.parent / "AKTUALITAET.TXT").write_text("01.01.2022")
    assert read_vg(folder).valid_on == dt.date(2022, 1, 1)


def test_a_day_without_a_year_takes_the_year_from_the_latest_change(tmp_path: Path) -> None:
    folder = write_product(tmp_path / "in")
    source = read_vg(zipped(folder, tmp_path / "vg250_12-31.utm32s.shape.ebenen.zip"))
    assert source.valid_on == dt.date(2021, 12, 31)
    assert any("31.12. without a year: 2021 follows from the latest WSK, 2021-03-01" in f for f in source.findings)
    source = read_vg(zipped(folder, tmp_path / "vg250_01-01.utm32s.shape.ebenen.zip"))
    assert source.valid_on == dt.date(2022, 1, 1)


def test_without_any_date_the_latest_change_is_the_earliest_possible(tmp_path: Path) -> None:
    source = read_vg(write_product(tmp_path / "karten"))
    assert source.valid_on == dt.date(2021, 3, 1)
    assert any("states no date: the latest change of a municipality (WSK), 2021-03-01" in f for f in source.findings)


def test_no_date_at_all_stays_unknown(tmp_path: Path) -> None:
    source = read_vg(write_shapefile(gem().drop(columns="WSK"), tmp_path / "VG250_GEM.shp"))
    assert source.valid_on is None
    assert source.people_on is None
    assert source.origin.attribution == "© GeoBasis-DE / BKG"
    assert any("no date" in finding for finding in source.findings)


# ------------------------------------------------------------------------------------------------- licence


@pytest.mark.parametrize(
    ("year", "licence", "attribution"),
    [
        (2016, "GeoNutzV", "© GeoBasis-DE / BKG 2016"),
        (2021, "dl-de/by-2-0", "© GeoBasis-DE / BKG 2021"),
        (
            2023,
            "dl-de/by-2-0",
            "© BKG (2023) dl-de/by-2-0, "
            "Datenquellen: https://sgx.geodatenzentrum.de/web_public/Datenquellen_vg_nuts.pdf",
        ),
    ],
)
def test_licence_and_attribution_follow_the_year(tmp_path: Path, year: int, licence: str, attribution: str) -> None:
    origin = read_vg(write_product(tmp_path / f"vg250-ew_{year}-12-31")).origin
    assert (origin.licence, origin.attribution) == (licence, attribution)
    assert origin.attribution_changed == f"{attribution} (Daten verändert)"
    assert origin.title == "Verwaltungsgebiete 1:250 000 (VG250-EW)"
    assert origin.licence_url is not None


# ------------------------------------------------------------------------------------------ what is refused


def test_a_truncated_zip_is_refused(product: Path, tmp_path: Path) -> None:
    whole = zipped(product, tmp_path / "whole.zip").read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[: len(whole) // 2])
    assert "cut.zip is no complete zip" in refusal(cut)


@pytest.mark.parametrize(
    ("compression", "expected"),
    [
        (zipfile.ZIP_STORED, "is damaged (Bad CRC-32"),
        (zipfile.ZIP_DEFLATED, "cannot be opened: .shp file is unreadable"),
    ],
)
def test_a_damaged_byte_in_a_zip_is_refused(product: Path, tmp_path: Path, compression: int, expected: str) -> None:
    archive = tmp_path / "whole.zip"
    with zipfile.ZipFile(archive, "w", compression) as whole:
        for file in sorted(product.iterdir()):
            whole.write(file, file.name)
        at = whole.getinfo("VG250_GEM.shp").header_offset + 30 + len("VG250_GEM.shp") + 40
    damaged = bytearray(archive.read_bytes())
    damaged[at] ^= 0xFF
    archive.write_bytes(damaged)
    message = refusal(archive)
    assert f"VG250_GEM.shp in whole.zip {expected}" in message
    assert "cpl_vsil" not in message


@pytest.mark.parametrize("suffix", [".shx", ".dbf"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_shapefile_without_a_companion_is_refused(product: Path, tmp_path: Path, suffix: str, packed: bool) -> None:
    (product / f"VG250_GEM{suffix}").unlink()
    path = zipped(product, tmp_path / "a.zip") if packed else product
    assert f"is not complete, {suffix} missing" in refusal(path)


def test_a_missing_coordinate_system_is_refused(product: Path) -> None:
    (product / "VG250_GEM.prj").unlink()
    assert "VG250_GEM.shp states no coordinate system" in refusal(product)


@pytest.mark.parametrize("suffix", [".shp", ".dbf"])
def test_a_shapefile_cut_off_is_refused(product: Path, suffix: str) -> None:
    file = product / f"VG250_GEM{suffix}"
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    assert "download it again" in refusal(product)


def test_a_cut_off_geopackage_is_refused(tmp_path: Path) -> None:
    file = write_geopackage(tmp_path / "DE_VG250.gpkg")
    file.write_bytes(file.read_bytes()[:5000])
    assert "DE_VG250.gpkg" in refusal(file)


def test_an_empty_geometry_is_refused(tmp_path: Path) -> None:
    frame = gem()
    frame.geometry = [*frame.geometry[:1], None, *frame.geometry[2:]]
    message = refusal(write_shapefile(frame, tmp_path / "VG250_GEM.shp"))
    assert "row 2, key 010515175002: no geometry, expected an area (1 such rows)" in message


def test_lines_are_no_areas(tmp_path: Path) -> None:
    frame = gem()
    frame.geometry = frame.geometry.boundary
    assert "expected areas (Polygon)" in refusal(write_shapefile(frame, tmp_path / "VG250_GEM.shp"))


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    assert "has no rows" in refusal(write_shapefile(gem().iloc[:0], tmp_path / "VG250_GEM.shp"))


def test_a_layer_without_keys_is_refused(tmp_path: Path) -> None:
    message = refusal(write_shapefile(gem()[["GEN", "BEZ", "geometry"]], tmp_path / "VG250_GEM.shp"))
    assert "has no key column ARS or RS; its columns are GEN, BEZ" in message


def test_swapped_keys_and_names_are_refused(tmp_path: Path) -> None:
    frame = gem().rename(columns={"ARS": "GEN", "GEN": "ARS"})
    message = refusal(write_shapefile(frame, tmp_path / "VG250_GEM.shp"))
    assert "row 1: ARS 'Süderdorf' is no key of level municipality" in message
    assert "perhaps columns are swapped" in message


def test_swapped_names_and_designations_are_refused(tmp_path: Path) -> None:
    frame = gem().rename(columns={"BEZ": "GEN", "GEN": "BEZ"})
    message = refusal(write_shapefile(frame, tmp_path / "VG250_GEM.shp"))
    assert "row 1, key 010515175001: GEN 'Gemeinde' is no name of a municipality" in message


def test_swapped_name_and_number_are_refused(tmp_path: Path) -> None:
    frame = gem().rename(columns={"AGS": "GEN", "GEN": "AGS"})
    assert "AGS 'Süderdorf' does not fit the ARS" in refusal(write_shapefile(frame, tmp_path / "VG250_GEM.shp"))


def test_shifted_rows_are_refused(tmp_path: Path) -> None:
    frame = gem()
    frame["AGS"] = np.roll(frame["AGS"], 1)
    message = refusal(write_shapefile(frame, tmp_path / "VG250_GEM.shp"))
    assert "row 1, key 010515175001: AGS '01001000' does not fit the ARS, whose AGS is '01051001'" in message


@pytest.mark.parametrize("key", ["10515175001", "990515175001", "01051517500a", "010515175", None])
def test_a_wrong_key_is_refused(tmp_path: Path, key: str | None) -> None:
    frame = gem()
    frame.loc[1, "ARS"] = key
    message = refusal(write_shapefile(frame, tmp_path / "VG250_GEM.shp"))
    shown = "nothing" if key is None else repr(key)
    assert f"row 2: ARS {shown} is no key of level municipality: expected text of 12 digits" in message


def test_keys_as_numbers_are_refused(tmp_path: Path) -> None:
    frame = gem()
    frame["ARS"] = frame["ARS"].astype("int64")
    message = refusal(write_shapefile(frame, tmp_path / "VG250_GEM.shp"))
    assert "row 1: ARS 10515175001 is no key of level municipality: expected text" in message


def test_an_unknown_geofactor_is_refused(tmp_path: Path) -> None:
    message = refusal(write_shapefile(gem(GF=[4, 7, 4, 2, 1]), tmp_path / "VG250_GEM.shp"))
    assert "row 2, key 010515175002: GF 7 is unknown" in message


def test_one_key_with_two_names_is_refused(tmp_path: Path) -> None:
    frame = gem(GEN=["Süderdorf", "Norderdorf", "Fördestadt", "Anderstadt", "Fördestadt"])
    message = refusal(write_shapefile(frame, tmp_path / "VG250_GEM.shp"))
    assert "rows 3, 4: key 010010000000 comes several times with different GEN: 'Fördestadt', 'Anderstadt'" in message


def test_one_key_with_two_numbers_of_people_is_refused(tmp_path: Path) -> None:
    message = refusal(write_shapefile(gem(EWZ=[1, 2, 90000, 80000, 0]), tmp_path / "VG250_GEM.shp"))
    assert "rows 3, 4: key 010010000000 comes several times with different EWZ: 90000, 80000" in message


@pytest.mark.parametrize("people", [[-5, 2, 3, 0, 0], [1.5, 2, 3, 0, 0], ["viele", "2", "3", "0", "0"]])
def test_people_who_are_no_count_are_refused(tmp_path: Path, people: list[object]) -> None:
    message = refusal(write_shapefile(gem(EWZ=people), tmp_path / "VG250_GEM.shp"))
    assert f"row 1, key 010515175001: EWZ {people[0]!r} is no number of people" in message


def test_a_folder_without_municipalities_lists_what_it_holds(product: Path) -> None:
    for file in product.glob("VG250_GEM.*"):
        file.unlink()
    message = refusal(product)
    assert "expected one layer of municipalities" in message
    assert "found VG250_KRS, VG250_LAN, VG250_VWG" in message


def test_another_level_by_name_is_refused(product: Path) -> None:
    assert "found VG250_KRS" in refusal(product / "VG250_KRS.shp")


def test_two_editions_in_one_folder_are_refused(tmp_path: Path) -> None:
    write_product(tmp_path / "2021")
    write_product(tmp_path / "2022")
    assert "found VG250_GEM, VG250_GEM; name one of the files" in refusal(tmp_path)


def test_larger_areas_with_wrong_keys_are_refused(product: Path) -> None:
    frame = vg_files.larger("krs")
    frame["ARS"] = ["0105", "01001"]
    write_shapefile(frame, product / "VG250_KRS.shp")
    assert "table of level district, row 1: ARS '0105' is no key of level district" in refusal(product)
