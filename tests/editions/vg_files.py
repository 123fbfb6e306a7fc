"""Small VG products for tests: four squares in two districts, as tables and as files of every published form."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import geopandas as gpd
import pandas as pd
import pyogrio
from shapely import box

# Two municipalities of one union, a town of its own with a water part, and a piece of sea nobody owns.
ROWS = [
    # ARS, AGS, GEN, BEZ, NUTS, GF, EWZ, WSK, west edge
    ("010515175001", "01051001", "Süderdorf", "Gemeinde", "DEF05", 4, 1200, "2008-01-01", 0),
    ("010515175002", "01051002", "Norderdorf", "Gemeinde", "DEF05", 4, 800, "2021-03-01", 1),
    ("010010000000", "01001000", "Fördestadt", "Stadt", "DEF01", 4, 90000, "2008-01-01", 2),
    ("010010000000", "01001000", "Fördestadt", "Stadt", "DEF01", 2, 0, "2008-01-01", 3),
    ("010010000000", "01001000", "Fördestadt", "Stadt", "DEF01", 1, 0, "2008-01-01", 4),
]
COLUMNS = ["ARS", "AGS", "GEN", "BEZ", "NUTS", "GF", "EWZ", "WSK"]
LARGER = {
    "vwg": [("010515175", "Amt Dorf", "Amt", 4), ("010010000", "Fördestadt", "Amtsfreie Gemeinde", 4)],
    "krs": [("01051", "Dithmarschen", "Kreis", 4), ("01001", "Fördestadt", "Kreisfreie Stadt", 4)],
    "lan": [("01", "Schleswig-Holstein", "Land", 4), ("01", "Schleswig-Holstein (Ostsee)", "Land", 1)],
}


def gem(**changes: list[object]) -> gpd.GeoDataFrame:
    """The municipalities, in BKG's columns; ``changes`` replaces whole columns."""
    table = pd.DataFrame([row[:-1] for row in ROWS], columns=COLUMNS).assign(**changes)
    edges = [row[-1] for row in ROWS]
    return gpd.GeoDataFrame(table, geometry=[box(x, 0, x + 1, 1) for x in edges], crs="EPSG:25832")


def larger(layer: str) -> gpd.GeoDataFrame:
    """The areas of a larger level."""
    table = pd.DataFrame(LARGER[layer], columns=["ARS", "GEN", "BEZ", "GF"])
    return gpd.GeoDataFrame(table, geometry=[box(i, 0, i + 1, 1) for i in range(len(table))], crs="EPSG:25832")


def write_shapefile(frame: gpd.GeoDataFrame, file: Path, encoding: str = "UTF-8") -> Path:
    """A shapefile whose text is in this encoding, with the .cpg that says so."""
    file.parent.mkdir(parents=True, exist_ok=True)
    pyogrio.write_dataframe(frame, file, driver="ESRI Shapefile", encoding=encoding)
    return file


def write_product(folder: Path, product: str = "VG250", **changes: list[object]) -> Path:
    """A folder with the four layers as shapefiles."""
    write_shapefile(gem(**changes), folder / f"{product}_GEM.shp")
    for layer in LARGER:
        write_shapefile(larger(layer), folder / f"{product}_{layer.upper()}.shp")
    return folder


def write_geopackage(file: Path, product: str = "vg250") -> Path:
    """A GeoPackage with the four layers, in lower case as BKG names them, and one of the views beside them."""
    file.parent.mkdir(parents=True, exist_ok=True)
    municipalities = gem().astype({"WSK": "datetime64[ms]"})
    pyogrio.write_dataframe(municipalities, file, layer=f"{product}_gem")
    pyogrio.write_dataframe(municipalities, file, layer=f"v_{product}_gem", append=True)
    for layer in LARGER:
        pyogrio.write_dataframe(larger(layer), file, layer=f"{product}_{layer}", append=True)
    return file


def zipped(folder: Path, file: Path, inside: str = "") -> Path:
    """A zip of all files of a folder, below folders of its own."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for member in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.write(member, f"{inside}{member.relative_to(folder)}")
    return file
