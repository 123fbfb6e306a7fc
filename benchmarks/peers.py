"""Borders of VG5000 beside libpysal and beside pairwise intersections, and of VG250 beside a sort."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from libpysal.graph import Graph

from benchmarks.clock import alternated, least
from nahtstelle.core.borders import measure_borders, shared_borders


@dataclass(frozen=True)
class Agreement:
    """How far a peer's borders agree with ours: pairs of either, and the largest relative difference of lengths."""

    pairs: int
    same_pairs: bool
    largest_difference: float


@dataclass(frozen=True)
class Peers:
    """Seconds for the borders of the same areas in the same metric, and how far the answers agree."""

    areas: int
    vertices: int
    ours_s: float
    geodesic_s: float
    libpysal_s: float
    intersections_s: float
    libpysal: Agreement
    intersections: Agreement


def beside_peers(areas: gpd.GeoDataFrame) -> Peers:
    """Measure all three on the same areas, in a projected coordinate system."""

    def ours() -> pd.DataFrame:
        return shared_borders(areas, metric="projected")

    def libpysal() -> Graph:
        return Graph.build_contiguity(areas, rook=True, by_perimeter=True)

    def intersections() -> pd.Series:
        return pairwise_lengths(areas)

    borders = ours().set_index(["a", "b"])["length_m"]
    fast = alternated(9, ours, lambda: shared_borders(areas))
    slow = alternated(3, libpysal, intersections)
    weights = libpysal().adjacency
    weights.index.names = ["a", "b"]
    once = weights[(weights > 0) & (weights.index.get_level_values("a") < weights.index.get_level_values("b"))]
    return Peers(
        len(areas),
        int(shapely.get_num_coordinates(areas.geometry.array).sum()),
        least(fast[0]),
        least(fast[1]),
        least(slow[0]),
        least(slow[1]),
        _agreement(borders, once),
        _agreement(borders, intersections()),
    )


def pairwise_lengths(areas: gpd.GeoDataFrame) -> pd.Series:
    """Lengths of the intersections of all pairs that touch, as one would write it with shapely."""
    geometry = np.asarray(areas.geometry.array)
    one, other = shapely.STRtree(geometry).query(geometry, predicate="intersects")
    one, other = one[one < other], other[one < other]
    length_m = shapely.length(shapely.intersection(geometry[one], geometry[other]))
    some = length_m > 0
    index = pd.MultiIndex.from_arrays([areas.index[one[some]], areas.index[other[some]]], names=["a", "b"])
    return pd.Series(length_m[some], index=index)


def _agreement(ours: pd.Series, theirs: pd.Series) -> Agreement:
    both = pd.concat([ours, theirs], axis=1, keys=["ours", "theirs"])
    difference = (both["ours"] - both["theirs"]).abs() / both["theirs"]
    return Agreement(len(theirs), not both.isna().any(axis=None), float(difference.max()))


@dataclass(frozen=True)
class BesideSort:
    """Seconds for all borders, and for sorting one number per segment."""

    areas: int
    vertices: int
    pairs: int
    borders_s: float
    argsort_s: float


def beside_a_sort(areas: gpd.GeoDataFrame) -> BesideSort:
    """Borders with geodesic lengths and stretches, taking turns with ``np.argsort`` of one uint64 per segment."""
    geometry = np.asarray(areas.geometry.array)
    vertices = int(shapely.get_num_coordinates(geometry).sum())
    parts = shapely.get_parts(geometry)
    rings = len(parts) + int(shapely.get_num_interior_rings(parts).sum())
    numbers = np.random.default_rng(0).integers(0, 2**64, vertices - rings, dtype=np.uint64)
    ours, sort = alternated(15, lambda: measure_borders(areas), lambda: np.argsort(numbers))
    return BesideSort(len(areas), vertices, len(measure_borders(areas).pairs), least(ours), least(sort))
