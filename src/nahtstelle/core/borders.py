"""Which areas touch, along how many metres, in how many stretches.

A shared border of two areas is the line part of their common boundary. Published coverages share their vertices
exactly, so the two sides of a border are found by matching segments between equal vertices, without
intersecting polygons. `nahtstelle.core.coverage` refuses or mends input that is no such coverage.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from nahtstelle.core import coverage
from nahtstelle.core.geodesy import METRES_PER_DEGREE, consecutive_lengths_m
from nahtstelle.core.linework import OUTSIDE, Linework, components, linework, match
from nahtstelle.core.projection import LON_LAT, to_lon_lat
from nahtstelle.core.runs import Runs, cut, meetings, nodes
from nahtstelle.errors import CoverageError, FrameError

if TYPE_CHECKING:
    from numpy.typing import NDArray

Metric = Literal["geodesic", "projected"]

DEFAULT_TOLERANCE_M = 0.001
"""Vertices closer than a millimetre are the same: far above floating-point noise, far below any map."""

_ODD = np.uint64(0x9E3779B97F4A7C15)

FINEST_GRID_M = 1e-4
"""Width of the grid on which vertices are compared; on maps in degrees this is 1e-9 degrees, nine decimals."""


@dataclass(frozen=True)
class Borders:
    """The borders of a set of areas, and how they were measured.

    ``pairs``
        One row per pair of areas that share a line: ``a``, ``b`` (keys, a < b), ``length_m``, ``stretches``
        (connected parts), ``share_of_perimeter_a``, ``share_of_perimeter_b``. Sorted by a, b.
    ``areas``
        One row per area, in the caller's order and index: ``perimeter_m``, ``outer_edge_m`` (boundary shared with
        nobody: coast, state border, edge of the data), ``neighbours`` (number of pairs).
    ``contacts``
        Pairs that meet in points only: ``a``, ``b``. They are no borders.
    ``metric``, ``ellipsoid``, ``tolerance_m``
        How lengths were measured and vertices compared.
    ``mended``
        What was changed within the tolerance before the sides matched.

    Laws: the borders of an area and its outer edge add up to its perimeter; merging areas removes exactly
    the borders between them; the order of rows does not matter.
    """

    pairs: pd.DataFrame
    areas: pd.DataFrame
    contacts: pd.DataFrame
    metric: Metric
    ellipsoid: str
    tolerance_m: float
    mended: coverage.Mended
    _keys: pd.Index
    _runs: Runs
    _lines: Linework
    _crs: pyproj.CRS

    def grouped(self, by: pd.Series) -> Borders:
        """The borders of larger areas: sums of the borders of their parts.

        ``by`` names the larger area of every area and has the index of ``areas``; an area without one
        (missing) is left out and counts as outside. Stretches are counted anew: two borders of parts that
        meet in a point are one stretch.

        Raises `FrameError` where ``by`` does not cover the areas.
        """
        aligned = by.reindex(self._keys)
        absent = self._keys.difference(by.index)
        if len(absent):
            raise FrameError(f"no larger area is named for {_some(absent)}: give one value (or missing) per area")
        larger = pd.Index(sorted(aligned.dropna().unique()))
        group = larger.get_indexer(pd.Index(aligned)).astype(np.int32)
        runs = self._runs
        owner = group[runs.owner]
        facing = np.where(runs.facing >= 0, group[np.maximum(runs.facing, 0)], runs.facing)
        kept = (owner >= 0) & (owner != facing)
        regrouped = Runs(
            owner[kept], facing[kept].astype(np.int32), runs.length_m[kept], runs.start[kept], runs.stop[kept],
            runs.start_node[kept], runs.stop_node[kept],
        )  # fmt: skip
        contacts = np.sort(
            np.column_stack([group[self._keys.get_indexer(pd.Index(self.contacts[side]))] for side in "ab"]), axis=1
        ).reshape(-1, 2)
        contacts = contacts[(contacts[:, 0] >= 0) & (contacts[:, 0] != contacts[:, 1])]
        return _borders(regrouped, contacts, larger, larger, self._lines, self)

    def lines(self) -> gpd.GeoDataFrame:
        """The shared lines themselves: the rows of ``pairs``, each with a (multi)line that keeps ``a`` on the left.

        In the coordinate system of the areas.
        """
        runs = self._runs
        mine = np.flatnonzero(runs.facing > runs.owner)
        pair = runs.owner[mine].astype(np.int64) * len(self._keys) + runs.facing[mine]
        mine = mine[np.argsort(pair, kind="stable")]
        pair = np.sort(pair)
        return gpd.GeoDataFrame(self.pairs.copy(), geometry=_run_lines(self._lines, runs, mine, pair), crs=self._crs)

    def outer_lines(self) -> gpd.GeoDataFrame:
        """The outer edge of every area that has one, as (multi)lines: ``key``, ``length_m``, geometry.

        The area lies on the left.
        """
        runs = self._runs
        mine = np.flatnonzero(runs.facing == OUTSIDE)
        mine = mine[np.argsort(runs.owner[mine], kind="stable")]
        owner = runs.owner[mine].astype(np.int64)
        present = np.unique(owner)
        return gpd.GeoDataFrame(
            {
                "key": self._keys[present],
                "length_m": self.areas["outer_edge_m"].reindex(self._keys[present]).to_numpy(),
            },
            geometry=_run_lines(self._lines, runs, mine, owner),
            crs=self._crs,
        )


def shared_borders(
    areas: gpd.GeoDataFrame, *, tolerance_m: float = DEFAULT_TOLERANCE_M, metric: Metric = "geodesic"
) -> pd.DataFrame:
    """Every pair of areas that share a line, with length and stretches: the ``pairs`` of `measure_borders`."""
    return measure_borders(areas, tolerance_m=tolerance_m, metric=metric).pairs


def measure_borders(
    areas: gpd.GeoDataFrame, *, tolerance_m: float = DEFAULT_TOLERANCE_M, metric: Metric = "geodesic"
) -> Borders:
    """Measure the borders between areas.

    ``areas`` are polygons or multipolygons in any coordinate system, indexed by their keys. Parts of one area may
    adjoin each other (land and water); the line between them is no border. ``tolerance_m``: vertices this close are
    the same vertex, and gaps or overlaps this narrow are closed; 0 compares to the last bit and mends nothing.
    ``metric``: ``geodesic`` lengths on the ellipsoid of the coordinate system's geographic base, or ``projected``
    lengths in the plane of the coordinate system itself, for comparison with planar tools.

    Raises `FrameError` for a missing coordinate system, duplicate or missing keys, empty or non-areal geometry;
    `CoverageError` with the keys concerned for overlaps, gaps wider than the tolerance, and lines whose vertices
    have no partner on the other side.

    """
    keys, order, geometries, crs = _checked(areas)
    unit_m = METRES_PER_DEGREE if crs.is_geographic else crs.axis_info[0].unit_conversion_factor
    grid = min(tolerance_m, FINEST_GRID_M) / unit_m
    if crs.is_geographic and tolerance_m >= FINEST_GRID_M:
        grid = 1e-9
    if not tolerance_m >= 0:
        raise FrameError(f"the tolerance is {tolerance_m} m: expected 0 or more")

    ellipsoid, lengths_m = _measure(crs, metric, unit_m)
    with np.errstate(invalid="ignore"):  # coordinates that are no numbers are told below
        lines = linework(geometries, grid)
    shapes = coverage.Shapes(geometries, np.arange(len(keys), dtype=np.int32))
    mended = coverage.Mended()
    while True:
        owner = lines.owner()
        matched = match(lines, owner)
        node = nodes(lines, owner, matched)
        with np.errstate(invalid="ignore"):
            runs = cut(lines, owner, matched.facing, node, lengths_m)
        if not np.isfinite(runs.length_m).all():
            raise _nowhere(lines, owner, runs, keys, crs)
        found = coverage.defects(lines, runs, matched.clashing, shapes, tolerance_m, unit_m)
        if not found:
            break
        lines, mended, helped = coverage.mend(lines, found, tolerance_m, mended)
        if not helped:
            raise _refusal(found, keys, tolerance_m)
        shapes = coverage.Shapes.of_rings(lines)

    vanished = np.bincount(runs.owner, minlength=len(keys)) == 0
    if vanished.any():
        raise FrameError(f"areas that enclose nothing, or nothing wider than the tolerance: {_some(keys[vanished])}")
    nothing = pd.DataFrame()
    measured = Borders(nothing, nothing, nothing, metric, ellipsoid, tolerance_m, mended, keys, runs, lines, crs)
    return _borders(runs, meetings(lines, owner, node), keys, keys[order], lines, measured)


def _checked(areas: gpd.GeoDataFrame) -> tuple[pd.Index, NDArray[np.intp], NDArray[np.object_], pyproj.CRS]:
    """Keys in their order, the position of every row of the caller in it, geometries by key, coordinate system."""
    crs = areas.crs
    if crs is None:
        raise FrameError("the areas have no coordinate system: set one, e.g. areas.set_crs('EPSG:25832')")
    index = areas.index
    if index.hasnans:
        raise FrameError(f"row {int(np.flatnonzero(index.isna())[0])} has no key: every area needs one as its index")
    if not index.is_unique:
        raise FrameError(
            f"keys come twice: {_some(index[index.duplicated()].unique())}; one row per area is expected, "
            "dissolve parts of one area first"
        )
    geometries = np.asarray(areas.geometry.array)
    empty = np.asarray(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    if empty.any():
        raise FrameError(f"areas without geometry: {_some(index[empty])}")
    kind = shapely.get_type_id(geometries)
    areal = (kind == shapely.GeometryType.POLYGON) | (kind == shapely.GeometryType.MULTIPOLYGON)
    if not areal.all():
        raise FrameError(f"areas must be polygons or multipolygons; these are not: {_some(index[~areal])}")
    bounds = shapely.bounds(geometries)
    broken = np.flatnonzero(~np.isfinite(bounds).all(axis=1))
    if len(broken):
        raise FrameError(f"coordinates that are no numbers: {_some(index[broken])}")
    if crs.is_geographic and (np.abs(bounds[:, [1, 3]]).max(initial=0) > 90):
        far = np.flatnonzero(np.abs(bounds[:, [1, 3]]).max(axis=1) > 90)
        raise FrameError(
            f"latitudes beyond 90 degrees in a map declared as {crs.name}: {_some(index[far])}; "
            "is the coordinate system right?"
        )
    try:
        keys = index.sort_values()
    except TypeError:
        raise FrameError("keys of different kinds cannot be put in order: make them all text") from None
    position = keys.get_indexer(index)
    return keys, position, geometries[np.argsort(position)], crs


def _measure(
    crs: pyproj.CRS, metric: Metric, unit_m: float
) -> tuple[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]]:
    """On what is measured, and the function from points to the lengths between them."""
    if metric not in ("geodesic", "projected"):
        raise FrameError(f"unknown metric {metric!r}: expected 'geodesic' or 'projected'")
    if metric == "projected":
        if crs.is_geographic:
            raise FrameError(f"a map in degrees ({crs.name}) has no projected lengths: use metric='geodesic'")
        return f"plane of {crs.name}", lambda xy: np.hypot(*np.diff(xy, axis=0).T) * unit_m
    base = crs if crs.is_geographic else pyproj.CRS(LON_LAT)
    geod, ellipsoid = base.get_geod(), base.ellipsoid
    if geod is None or ellipsoid is None:
        raise FrameError(f"the coordinate system {base.name} has no ellipsoid to measure on")
    name = ellipsoid.name
    if crs.is_geographic:
        return name, lambda xy: consecutive_lengths_m(xy, geod)
    in_degrees = to_lon_lat(crs)
    return name, lambda xy: consecutive_lengths_m(in_degrees(xy), geod)


def _borders(
    runs: Runs, met: NDArray[np.int64], keys: pd.Index, callers: pd.Index, lines: Linework, like: Borders
) -> Borders:
    count = len(keys)
    half = np.flatnonzero(runs.facing > runs.owner)
    number = runs.owner[half].astype(np.int64) * count + runs.facing[half]
    pair, run_pair = np.unique(number, return_inverse=True)
    a, b = pair // max(count, 1), pair % max(count, 1)
    length_m = np.bincount(run_pair, runs.length_m[half], len(pair))
    stretches = _stretches(runs, half, run_pair, len(pair))
    bounding = runs.facing >= OUTSIDE
    perimeter_m = np.bincount(runs.owner[bounding], runs.length_m[bounding], count)
    outside = runs.facing == OUTSIDE
    outer_edge_m = np.bincount(runs.owner[outside], runs.length_m[outside], count)
    neighbours = np.bincount(a, minlength=count) + np.bincount(b, minlength=count)
    pairs = pd.DataFrame(
        {
            "a": keys[a],
            "b": keys[b],
            "length_m": length_m,
            "stretches": stretches,
            "share_of_perimeter_a": length_m / perimeter_m[a],
            "share_of_perimeter_b": length_m / perimeter_m[b],
        }
    )
    areas = pd.DataFrame(
        {"perimeter_m": perimeter_m, "outer_edge_m": outer_edge_m, "neighbours": neighbours}, index=keys
    ).reindex(callers)
    points = np.setdiff1d(_distinct(met[:, 0] * count + met[:, 1]), pair, assume_unique=True)
    contacts = pd.DataFrame({"a": keys[points // max(count, 1)], "b": keys[points % max(count, 1)]})
    return Borders(
        pairs, areas, contacts, like.metric, like.ellipsoid, like.tolerance_m, like.mended, keys, runs, lines, like._crs
    )


def _distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The different ones among many, in order; sorting them is faster than what `numpy.unique` does."""
    numbers = np.sort(numbers)
    first = np.ones(len(numbers), bool)
    first[1:] = numbers[1:] != numbers[:-1]
    return numbers[first]


def _stretches(runs: Runs, half: NDArray[np.int64], run_pair: NDArray[np.int64], pairs: int) -> NDArray[np.int64]:
    """Connected parts per pair: runs of one pair are connected where they share an end."""
    ends = np.concatenate([runs.start_node[half], runs.stop_node[half]])
    run = np.tile(np.arange(len(half)), 2)
    pair = run_pair[run]
    ends += pair.astype(np.uint64) * _ODD  # one name for a place as an end of one pair's runs
    order = np.argsort(ends)
    ends, run = ends[order], run[order]
    joined = np.flatnonzero((ends[1:] == ends[:-1]) & (run[1:] != run[:-1]))
    part = components(len(half), run[joined], run[joined + 1])
    return np.bincount(run_pair[part == np.arange(len(half))], minlength=pairs)


def _run_lines(lines: Linework, runs: Runs, mine: NDArray[np.int64], group: NDArray[np.int64]) -> NDArray[np.object_]:
    """One merged (multi)line per group of runs, owners on the left; ``group`` is sorted and belongs to ``mine``."""
    start, stop = runs.start[mine], runs.stop[mine]
    turned = lines.ring_is_turned[np.searchsorted(lines.ring_start, start, side="right") - 1]
    size = stop - start + 1
    run = np.repeat(np.arange(len(mine)), size)
    along = np.arange(len(run)) - np.repeat(np.cumsum(size) - size, size)
    vertex = np.where(turned[run], stop[run] - along, start[run] + along)
    drawn = shapely.linestrings(lines.xy[vertex], indices=run)
    _, members = np.unique(group, return_inverse=True)
    return np.asarray(shapely.line_merge(shapely.multilinestrings(drawn, indices=members), directed=True))


def _nowhere(lines: Linework, owner: NDArray[np.int32], runs: Runs, keys: pd.Index, crs: pyproj.CRS) -> FrameError:
    """Lines have no length where a coordinate is no number, or stands for no place on the ellipsoid."""
    broken = np.unique(owner[np.isnan(lines.xy).any(axis=1)])
    if len(broken):
        return FrameError(f"coordinates that are no numbers: {_some(keys[broken])}")
    beyond = np.unique(runs.owner[~np.isfinite(runs.length_m)])
    return FrameError(f"places beyond {crs.name}: {_some(keys[beyond])}; is the coordinate system right?")


def _refusal(defects: coverage.Defects, keys: pd.Index, tolerance_m: float) -> CoverageError:
    concerned = tuple(str(key) for key in keys[defects.areas()])
    described = tuple(defects.described([str(key) for key in keys]))
    more = f" (and {len(described) - 1} more places)" if len(described) > 1 else ""
    return CoverageError(
        f"the areas are no clean coverage: {described[0]}{more}; areas concerned: {_some(concerned)}; "
        f"tolerance {tolerance_m:g} m: mend the map, leave areas out, or raise the tolerance",
        concerned,
        described,
    )


def _some(keys: pd.Index | tuple[Hashable, ...], most: int = 8) -> str:
    named = ", ".join(str(key) for key in keys[:most])
    return named if len(keys) <= most else f"{named} and {len(keys) - most} more"
