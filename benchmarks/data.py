"""The real areas that are measured, as frames indexed by key."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from nahtstelle.editions.sources import read_source

ROOT = Path(__file__).parents[1]
REFERENCE = (ROOT / (os.environ.get("NAHTSTELLE_REFERENCE_DATA") or "../shared/data")).resolve()
VG5000 = REFERENCE / "bkg_vg5000_2023-12-31"
VG250 = REFERENCE / "bkg_vg250_2016-01-01"


def municipalities(source: Path) -> gpd.GeoDataFrame:
    """One row per key; land and water parts of a municipality become one multipolygon."""
    published = read_source(source).municipalities
    parts, of = shapely.get_parts(np.asarray(published.geometry.array), return_index=True)
    key, keys = pd.factorize(published["key"], sort=True)
    order = np.argsort(key[of], kind="stable")
    joined = shapely.multipolygons(parts[order], indices=key[of][order])
    return gpd.GeoDataFrame(geometry=joined, index=pd.Index(keys, name="key"), crs=published.crs)


def side_by_side(areas: gpd.GeoDataFrame, copies: int) -> gpd.GeoDataFrame:
    """The same areas several times, one copy east of the other; degrees are expected."""
    west, _, east, _ = areas.total_bounds
    width = np.ceil(east - west)  # whole degrees leave the decimals as they are
    geometry = np.asarray(areas.geometry.array)
    moved = [
        shapely.transform(geometry, lambda xy, shift=(number - copies / 2) * width: xy + np.array([shift, 0.0]))
        for number in range(copies)
    ]
    keys = [f"{number:02d}-{key}" for number in range(copies) for key in areas.index]
    return gpd.GeoDataFrame(geometry=np.concatenate(moved), index=pd.Index(keys, name="key"), crs=areas.crs)


def coordinates(areas: gpd.GeoDataFrame) -> int:
    """Number of vertices."""
    return int(shapely.get_num_coordinates(areas.geometry.array).sum())
