"""The same answers found another way: by intersecting polygons pairwise, as slowly as you like."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

GEOD = pyproj.Geod(ellps="WGS84")
Pair = tuple[str, str]


@dataclass(frozen=True)
class Intersections:
    """Borders by shapely: length and connected parts of pairs that share a line, pairs that meet in points only."""

    length_m: dict[Pair, float]
    stretches: dict[Pair, int]
    contacts: set[Pair]
    perimeter_m: dict[str, float]
    outer_edge_m: dict[str, float]


def intersections(areas: gpd.GeoDataFrame, metric: str) -> Intersections:
    """Intersect the boundaries of all pairs of areas."""
    whole = {key: dissolved([area]) for key, area in areas.geometry.items()}
    length_m, stretches, contacts = {}, {}, set()
    for a, b in itertools.combinations(sorted(whole), 2):
        if not whole[a].intersects(whole[b]):
            continue
        line = line_part(whole[a].boundary.intersection(whole[b].boundary))
        if line.is_empty:
            contacts.add((a, b))
        else:
            length_m[a, b] = length_of(line, areas.crs, metric)
            stretches[a, b] = connected_parts(line)
    rim = dissolved(whole.values()).boundary
    return Intersections(
        length_m,
        stretches,
        contacts,
        {key: length_of(area.boundary, areas.crs, metric) for key, area in whole.items()},
        {key: length_of(line_part(area.boundary.intersection(rim)), areas.crs, metric) for key, area in whole.items()},
    )


def dissolved(areas: Iterable[shapely.Geometry]) -> shapely.Geometry:
    """The areas as one, without the lines between them."""
    return shapely.coverage_union_all([part for area in areas for part in shapely.get_parts(area)])


def line_part(geometry: shapely.Geometry) -> shapely.Geometry:
    """The lines of a geometry, without its points."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return shapely.union_all([part for part in parts if part.geom_type in ("LineString", "LinearRing")])


def connected_parts(line: shapely.Geometry) -> int:
    """Number of parts that remain when lines with a point in common count as one."""
    parts = list(shapely.get_parts(line))
    number = 0
    while parts:
        reached = [parts.pop()]
        number += 1
        while reached:
            one = reached.pop()
            reached += [part for part in parts if part.intersects(one)]
            parts = [part for part in parts if not part.intersects(one)]
    return number


def length_of(line: shapely.Geometry, crs: pyproj.CRS, metric: str) -> float:
    """Length in the plane, or on the ellipsoid by pyproj segment by segment."""
    if metric == "projected":
        return float(line.length)
    total = 0.0
    for part in shapely.get_parts(shapely.get_parts(line)):
        lon_lat = gpd.GeoSeries(shapely.points(shapely.get_coordinates(part)), crs=crs).to_crs("OGC:CRS84")
        total += float(np.sum(GEOD.line_lengths(lon_lat.x.to_numpy(), lon_lat.y.to_numpy())))
    return total


def by_pair(frame: pd.DataFrame, column: str) -> dict[Pair, float]:
    """A column of a table of pairs, by pair."""
    return dict(zip(zip(frame["a"], frame["b"], strict=True), frame[column].tolist(), strict=True))
