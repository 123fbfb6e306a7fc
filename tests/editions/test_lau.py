"""LAU of Eurostat and national extracts: columns, countries, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely import box

from nahtstelle.editions.sources.lau import LAYOUTS, read_lau
from nahtstelle.errors import SourceError

ROWS = [
    # GISCO_ID, CNTR_CODE, LAU_ID, LAU_NAME, POP_2021, POP_DENS_2021, AREA_KM2, YEAR
    ("FR_67482", "FR", "67482", "Strasbourg", 291313, 3720.5, 78.3, 2021),
    ("FR_67043", "FR", "67043", "Bischheim", 17153, 3880.0, 4.4, 2021),
    ("DE_08317057", "DE", "08317057", "Kehl, Stadt", 37600, 500.7, 75.1, 2021),
]
COLUMNS = ["GISCO_ID", "CNTR_CODE", "LAU_ID", "LAU_NAME", "POP_2021", "POP_DENS_2021", "AREA_KM2", "YEAR"]


def lau(**changed: list[Any]) -> gpd.GeoDataFrame:
    table = pd.DataFrame(ROWS, columns=COLUMNS).assign(**changed)
    return gpd.GeoDataFrame(table, geometry=[box(x, 48, x + 1, 49) for x in range(3)], crs="EPSG:4326")


def national(key: str, name: str, *rows: tuple[str, str]) -> gpd.GeoDataFrame:
    table = pd.DataFrame(rows, columns=[key, name])
    return gpd.GeoDataFrame(table, geometry=[box(x, 48, x + 1, 49) for x in range(len(rows))], crs="EPSG:4326")


def write(frame: gpd.GeoDataFrame, file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    pyogrio.write_dataframe(frame, file, **({"driver": "GeoJSON"} if file.suffix == ".json" else {}))
    return file


def refusal(path: Path, **choice: Any) -> str:
    with pytest.raises(SourceError) as refused:
        read_lau(path, **choice)
    message = str(refused.value)
    assert "\n" not in message
    return message


# ---------------------------------------------------------------------------------------------- what is read


def test_one_country_is_picked_from_eurostats_file(tmp_path: Path) -> None:
    source = read_lau(write(lau(), tmp_path / "LAU_RG_01M_2021_4326.geojson"), country="FR")
    areas = source.municipalities
    assert areas["key"].tolist() == ["67482", "67043"]
    assert areas["name"].tolist() == ["Strasbourg", "Bischheim"]
    assert areas["people"].tolist() == [291313, 17153]
    assert (areas["part"] == "land").all()
    missing = ["designation", "ags", "nuts", "union_key", "district_key", "land_key"]
    assert areas[missing].isna().all(axis=None)
    assert areas.crs.to_epsg() == 4326
    assert shapely.equals(areas.geometry.to_numpy(), lau().geometry.to_numpy()[:2]).all()
    assert source.larger.empty
    assert list(source.larger.columns) == ["key", "level", "name", "designation"]
    assert (source.country, source.scale) == ("FR", "1:1 000 000")
    assert (source.valid_on, source.people_on) == (dt.date(2021, 12, 31), dt.date(2021, 1, 1))
    assert any("the year 2021 only: 2021-12-31 taken" in finding for finding in source.findings)
    assert any("the day of POP_2021 is not stated" in finding for finding in source.findings)
    assert source.origin.attribution == "© EuroGeographics for the administrative boundaries, Eurostat (GISCO) 2021"


def test_in_germany_the_lau_code_is_the_ags(tmp_path: Path) -> None:
    source = read_lau(write(lau(), tmp_path / "lau.geojson"), country="de")
    assert source.municipalities["key"].tolist() == ["08317057"]
    assert source.municipalities["ags"].tolist() == ["08317057"]
    assert source.valid_on is None
    assert any("no name states a date" in finding for finding in source.findings)


@pytest.mark.parametrize("form", ["shp", "gpkg", "zip"])
def test_all_published_forms_say_the_same(tmp_path: Path, form: str) -> None:
    expected = read_lau(write(lau(), tmp_path / "LAU_RG_01M_2021_4326.geojson"), country="FR")
    if form == "zip":
        path = tmp_path / "ref-lau-2021-01m.geojson.zip"
        projected = write(lau().to_crs(3035), tmp_path / "LAU_RG_01M_2021_3035.geojson")
        labels = lau()
        labels.geometry = labels.geometry.representative_point()
        with ZipFile(path, "w") as archive:
            for file in (projected, tmp_path / "LAU_RG_01M_2021_4326.geojson"):
                archive.write(file, file.name)
            archive.write(write(labels, tmp_path / "LAU_LB_2021_4326.geojson"), "LAU_LB_2021_4326.geojson")
    else:
        path = write(lau().drop(columns="POP_DENS_2021"), tmp_path / form / f"LAU_RG_01M_2021_4326.{form}")
    source = read_lau(path, country="FR")
    pd.testing.assert_frame_equal(
        pd.DataFrame(source.municipalities.drop(columns="geometry")),
        pd.DataFrame(expected.municipalities.drop(columns="geometry")),
    )
    assert source.municipalities.crs == expected.municipalities.crs
    assert shapely.equals(source.municipalities.geometry.to_numpy(), expected.municipalities.geometry.to_numpy()).all()
    assert (source.valid_on, source.people_on, source.origin) == (
        expected.valid_on,
        expected.people_on,
        expected.origin,
    )


def test_the_latest_people_column_counts(tmp_path: Path) -> None:
    frame = lau(POP_2020=[1, 2, 3]).drop(columns=["YEAR"])
    source = read_lau(write(frame, tmp_path / "LAU_RG_01M_2021_4326.geojson"), country="FR")
    assert source.municipalities["people"].tolist() == [291313, 17153]


def test_a_file_without_people_has_none(tmp_path: Path) -> None:
    frame = lau().drop(columns=["POP_2021", "POP_DENS_2021"])
    source = read_lau(write(frame, tmp_path / "LAU_RG_01M_2021_4326.geojson"), country="FR")
    assert source.municipalities["people"].isna().all()
    assert source.people_on is None


def test_files_of_a_folder_are_parts_of_one_country(tmp_path: Path) -> None:
    folder = tmp_path / "communes_2018"
    write(national("code", "nom", ("67482", "Strasbourg")), folder / "communes-67.geojson")
    write(national("code", "nom", ("2A004", "Ajaccio"), ("57463", "Metz")), folder / "communes-57.geojson")
    source = read_lau(folder)
    assert source.municipalities["key"].tolist() == ["2A004", "57463", "67482"]
    assert source.municipalities.index.tolist() == [0, 1, 2]
    assert (source.country, source.valid_on) == ("FR", dt.date(2018, 1, 1))
    assert source.origin.licence == "Licence Ouverte / Open Licence"
    assert source.origin.attribution == "© IGN - Admin Express COG 2018"
    assert {file.name for file in source.files} == {"communes-57.geojson", "communes-67.geojson"}


def test_austrian_extract(tmp_path: Path) -> None:
    frame = national("iso", "name", ("90001", "Wien"), ("10101", "Eisenstadt"))
    source = read_lau(write(frame, tmp_path / "gemeinden_995_geo.json"))
    assert (source.country, source.valid_on) == ("AT", None)
    assert source.origin.attribution.startswith("Statistik Austria - data.statistik.gv.at; simplified by Flooh Perlot")


def test_keys_to_leave_out_are_left_out_and_listed(tmp_path: Path) -> None:
    frame = national("iso", "name", ("90001", "Wien"), ("90101", "Wien-Innere Stadt"))
    source = read_lau(write(frame, tmp_path / "at.json"), without=frozenset({"90001"}))
    assert source.municipalities["key"].tolist() == ["90101"]
    assert "left out as asked: 90001 Wien" in source.findings


def test_topojson_without_a_coordinate_system_is_wgs84(tmp_path: Path) -> None:
    ring = [[16.0, 48.0], [16.0, 49.0], [17.0, 49.0], [17.0, 48.0], [16.0, 48.0]]
    town = {"type": "Polygon", "arcs": [[0]], "properties": {"iso": "90001", "name": "Wien"}}
    objects = {"gemeinden": {"type": "GeometryCollection", "geometries": [town]}}
    (tmp_path / "at.json").write_text(json.dumps({"type": "Topology", "arcs": [ring], "objects": objects}))
    areas = read_lau(tmp_path / "at.json").municipalities
    assert areas.crs.to_epsg() == 4326
    assert shapely.area(areas.geometry.to_numpy()).tolist() == [1.0]


# -------------------------------------------------------------------------------------------- what is refused


def test_several_countries_need_a_choice(tmp_path: Path) -> None:
    file = write(lau(), tmp_path / "LAU_RG_01M_2021_4326.geojson")
    assert "holds 2 countries, name one of them: DE, FR" in refusal(file)
    assert "does not hold the country 'AT', but DE, FR" in refusal(file, country="AT")


def test_a_national_extract_is_of_its_country_only(tmp_path: Path) -> None:
    file = write(national("code", "nom", ("67482", "Strasbourg")), tmp_path / "fr.geojson")
    assert "does not hold the country 'DE', but FR" in refusal(file, country="DE")


def test_a_key_to_leave_out_must_be_there(tmp_path: Path) -> None:
    file = write(national("code", "nom", ("67482", "Strasbourg")), tmp_path / "fr.geojson")
    assert "does not hold 90001, which should be left out" in refusal(file, without=frozenset({"90001"}))


def test_swapped_columns_are_refused(tmp_path: Path) -> None:
    frame = lau().rename(columns={"LAU_ID": "LAU_NAME", "LAU_NAME": "LAU_ID"})
    message = refusal(write(frame, tmp_path / "lau.geojson"), country="FR")
    assert "lau.geojson, row 1, key 'Strasbourg': LAU_ID is no code of a municipality" in message


def test_codes_as_numbers_are_refused(tmp_path: Path) -> None:
    frame = national("code", "nom", ("01004", "Ambérieu-en-Bugey")).astype({"code": int})
    message = refusal(write(frame, tmp_path / "fr.geojson"))
    assert "row 1, key 1004: code is no code of a municipality" in message
    assert "as a number it loses its leading zero" in message


@pytest.mark.parametrize("name", ["", "67482", None])
def test_a_missing_name_is_refused(tmp_path: Path, name: str | None) -> None:
    message = refusal(write(lau(LAU_NAME=["Strasbourg", name, "Kehl"]), tmp_path / "lau.geojson"), country="FR")
    assert "row 2, key 67043: LAU_NAME" in message
    assert "is no name" in message


@pytest.mark.parametrize("people", [-9999, 1.5])
def test_people_who_are_no_count_are_refused(tmp_path: Path, people: float) -> None:
    message = refusal(write(lau(POP_2021=[people, 2, 3]), tmp_path / "lau.geojson"), country="FR")
    assert f"row 1, key 67482: POP_2021 {float(people)}" in message or f"POP_2021 {people}" in message
    assert "is no number of people" in message


def test_one_key_with_two_names_or_people_is_refused(tmp_path: Path) -> None:
    keys = ["67482", "67482", "08317057"]
    message = refusal(write(lau(LAU_ID=keys), tmp_path / "a.geojson"), country="FR")
    assert "a.geojson, row 1, a.geojson, row 2: key 67482 comes several times with different name" in message
    frame = lau(LAU_ID=keys, LAU_NAME=["Strasbourg", "Strasbourg", "Kehl"])
    assert "different people: 291313, 17153" in refusal(write(frame, tmp_path / "b.geojson"), country="FR")


def test_an_empty_geometry_is_refused(tmp_path: Path) -> None:
    frame = lau()
    frame.geometry = [frame.geometry[0], None, frame.geometry[2]]
    assert "row 2, key 67043: no geometry" in refusal(write(frame, tmp_path / "lau.geojson"), country="FR")


def test_a_shapefile_without_its_projection_is_refused(tmp_path: Path) -> None:
    file = write(lau().drop(columns="POP_DENS_2021"), tmp_path / "LAU_RG_01M_2021_4326.shp")
    file.with_suffix(".prj").unlink()
    assert "states no coordinate system" in refusal(file, country="FR")


def test_files_of_two_publishers_or_systems_are_refused(tmp_path: Path) -> None:
    write(national("code", "nom", ("67482", "Strasbourg")), tmp_path / "a" / "fr.geojson")
    write(lau(), tmp_path / "a" / "lau.geojson")
    assert "holds several layers of municipalities" in refusal(tmp_path / "a")
    write(national("code", "nom", ("67482", "Strasbourg")), tmp_path / "b" / "1.gpkg")
    write(national("code", "nom", ("67043", "Bischheim")).to_crs(3857), tmp_path / "b" / "2.gpkg")
    assert "have different coordinate systems" in refusal(tmp_path / "b")


def test_other_columns_are_refused_and_the_known_ones_named(tmp_path: Path) -> None:
    message = refusal(write(national("a", "b", ("1", "x")), tmp_path / "x.geojson"))
    assert all(f"{layout.key} and {layout.name}" in message for layout in LAYOUTS)
