"""Musterland as its surveyors would publish it: a VG250 of shapefiles, a register of people, a list of changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from tests.editions.gv_files import heading, write_register
from tests.editions.vg_files import write_shapefile

from nahtstelle.testing.musterland import SOUTH_WEST, SQUARE_M, Musterland, musterland

LAYER_OF_LEVEL = {"union": "VWG", "district": "KRS", "land": "LAN"}
WATER = (3, 7)
"""The square of Ährenfeld that is published as a water part of its own."""


def square(x: int, y: int) -> shapely.Polygon:
    """One square of the map."""
    west, south = SOUTH_WEST[0] + x * SQUARE_M, SOUTH_WEST[1] + y * SQUARE_M
    return shapely.box(west, south, west + SQUARE_M, south + SQUARE_M)


def gem(country: Musterland | None = None, *, people: bool = True) -> gpd.GeoDataFrame:
    """The layer of municipalities in BKG's columns; Ährenfeld comes twice, as land and as water."""
    areas = (country or musterland()).municipalities.reset_index()
    frame = gpd.GeoDataFrame(
        {
            "ARS": areas["key"],
            "AGS": areas["ags"],
            "GEN": areas["name"],
            "BEZ": areas["designation"],
            "GF": 4,
            "EWZ": areas["people"].astype(float),
        },
        geometry=areas.geometry,
        crs=areas.crs,
    )
    land = frame["GEN"] == "Ährenfeld"
    water = frame[land].assign(GF=2, EWZ=0.0).set_geometry([square(*WATER)], crs=frame.crs)
    frame.loc[land, "geometry"] = frame.geometry[land].difference(square(*WATER))
    whole = pd.concat([frame, water], ignore_index=True)
    return whole if people else whole.drop(columns="EWZ")


def larger(level: str) -> gpd.GeoDataFrame:
    """A layer of larger areas: their names are read, their geometry is not."""
    named = musterland().larger.query("level == @level")
    table = pd.DataFrame({"ARS": named["key"], "GEN": named["name"], "BEZ": named["designation"], "GF": 4})
    return gpd.GeoDataFrame(table, geometry=[square(0, i) for i in range(len(table))], crs="EPSG:25832")


def write_vg250(folder: Path, municipalities: gpd.GeoDataFrame | None = None, day: str = "31.12.2022") -> Path:
    """A folder of shapefiles with the date that BKG states beside them."""
    frame = gem() if municipalities is None else municipalities
    write_shapefile(frame, folder / "VG250_GEM.shp")
    for level, layer in LAYER_OF_LEVEL.items():
        write_shapefile(larger(level), folder / f"VG250_{layer}.shp")
    (folder / "aktualitaet.txt").write_text(f"{day}\n")
    return folder


def write_geopackage(file: Path) -> Path:
    """The same as one GeoPackage."""
    file.parent.mkdir(parents=True, exist_ok=True)
    pyogrio.write_dataframe(gem(), file, layer="vg250_gem")
    for level, layer in LAYER_OF_LEVEL.items():
        pyogrio.write_dataframe(larger(level), file, layer=f"vg250_{layer.lower()}", append=True)
    return file


def register_rows(**people: int | None) -> list[list[Any]]:
    """Rows of the Gemeindeverzeichnis: a figure per letter of the map, the people of Musterland where none is given.

    A letter with ``None`` is left out.
    """
    country = musterland()
    figures = {country.key(letter): number for letter, number in people.items()}
    rows: list[list[Any]] = []
    for key, area in country.municipalities.iterrows():
        number = figures.get(key, 77 if pd.isna(area["people"]) else int(area["people"]))
        if number is None:
            continue
        cells = [key[:2], key[2], key[3:5], key[5:9], key[9:]]
        rows.append(
            ["60", "64", *cells, area["name"], 2.5, float(number), 1.0, 1.0, 1.0, "12345", "9,1", "51,4"],
        )
    return rows


def write_people(file: Path, rows: list[list[Any]], day: str = "31.12.2022") -> Path:
    """A register of this day."""
    cover = [[f"Gebietsstand: {day}"], ["     Statistisches Bundesamt (Destatis), 2023"]]
    return write_register(file, rows, heading(day, day), cover)
