"""Areas and lines for one zoom: simplified together, and rounded to the grid of the tiles as one drawing.

Neighbours keep the same line because it is rounded once, for both. The grid of a tile is so coarse that rounding makes
lines cross or fall together here and there. Snap rounding (Hobby 1999; here that of GEOS) makes a node of every such
place: the areas are then taken from the rounded lines, not rounded one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from nahtstelle.core.linework import OUTSIDE, Linework, linework, match
from nahtstelle.core.runs import Runs, cut, nodes

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXTENT = 4096
"""Width of the grid of one tile."""

TOLERANCES = (8.0, 4.0, 2.0, 1.0, 0.0)
"""A corner smaller than the square of this side, in units of the grid, goes: a pixel, or less lest an area vanishes."""


SAME_PLACE = 1e-6
"""Vertices of neighbours this close, in units of the grid, are one: far below what rounding to the grid moves."""


def mercator(lon_lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Longitude and latitude as places on the square of the Web Mercator map: 0 to 1, from west and from north."""
    sine = np.sin(np.radians(lon_lat[:, 1]))
    return np.column_stack([lon_lat[:, 0] / 360 + 0.5, 0.5 - np.arctanh(sine) / (2 * np.pi)])


def mended(areas: NDArray[np.object_], width: float) -> NDArray[np.object_]:
    """A coverage whose two sides of a line differ by up to a width, with one line for both."""
    # not in types-shapely, which knows shapely 2.1
    return np.asarray(
        shapely.coverage_clean(areas, gap_width=width, snapping_distance=width)  # type: ignore[attr-defined]
    )


def at_zoom(areas: NDArray[np.object_], zoom: int) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """The areas of a coverage, given on the square of the map, on the grid of the tiles of a zoom.

    Every area stays where the grid has room for it; one narrower than the grid is an empty multipolygon. Returned
    beside them are the areas simplified, and still on the square: smaller zooms may start from those.
    """
    units = float(EXTENT * 2**zoom)
    whole = shapely.transform(areas, lambda xy: xy * units)
    for tolerance in TOLERANCES:
        simple = np.asarray(shapely.coverage_simplify(whole, tolerance) if tolerance else whole)
        rounded = on_grid(simple)
        if not shapely.is_empty(rounded).any():
            break
    return rounded, np.asarray(shapely.transform(simple, lambda xy: xy / units))


def on_grid(areas: NDArray[np.object_]) -> NDArray[np.object_]:
    """A coverage with whole numbers for coordinates: still without gaps and overlaps."""
    noded = shapely.unary_union(Lines.of(areas, SAME_PLACE).all(), grid_size=1.0)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    # a face whose inner point lies in no area is outside: rounding moves lines by less than a unit
    face, area = shapely.STRtree(areas).query(shapely.point_on_surface(faces), predicate="intersects")
    order = np.lexsort((area, face))
    face, first = np.unique(face[order], return_index=True)
    return gathered(faces[face], area[order][first], len(areas))


def gathered(parts: NDArray[np.object_], of: NDArray[np.int64], count: int) -> NDArray[np.object_]:
    """The parts of a coverage gathered into ``count`` larger areas; ``of`` says which, -1 for none.

    An area without parts is an empty multipolygon.
    """
    order = np.argsort(of, kind="stable")
    members = np.split(order, np.searchsorted(of[order], np.arange(count + 1)))[1:-1]
    whole = np.full(count, shapely.MultiPolygon(), dtype=object)
    for i, each in enumerate(members):
        if len(each):
            whole[i] = parts[each[0]] if len(each) == 1 else shapely.coverage_union_all(parts[each])
    return whole


@dataclass(frozen=True)
class Lines:
    """The boundaries of areas, cut where the neighbour changes."""

    _lines: Linework
    _runs: Runs

    @classmethod
    def of(cls, areas: NDArray[np.object_], same_place: float = 1.0) -> Lines:
        """Find out, for every piece of boundary, which areas lie on its sides; see `linework` for ``same_place``."""
        lines = linework(areas, same_place)
        owner = lines.owner()
        matched = match(lines, owner)
        runs = cut(lines, owner, matched.facing, nodes(lines, owner, matched), _lengths)
        return cls(lines, runs)

    def all(self) -> NDArray[np.object_]:
        """Every line once, whether areas lie on both of its sides or on one."""
        runs = self._runs
        return self._drawn(np.flatnonzero((runs.facing > runs.owner) | (runs.facing == OUTSIDE)))

    def between(self, group: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
        """The lines between larger areas: (n, 2) their numbers, the lower first, and n (multi)lines.

        ``group`` says for every area in which larger one it lies, -1 for none.
        """
        runs = self._runs
        one = group[runs.owner]
        other = np.where(runs.facing >= 0, group[np.maximum(runs.facing, 0)], -1)
        mine = np.flatnonzero((one >= 0) & (one < other))
        pairs, of = np.unique(np.column_stack([one[mine], other[mine]]), axis=0, return_inverse=True)
        order = np.argsort(of, kind="stable")
        drawn = shapely.multilinestrings(self._drawn(mine[order]), indices=of[order])
        return pairs, np.asarray(shapely.line_merge(drawn))

    def outer(self) -> NDArray[np.object_]:
        """The lines on whose other side lies no area, one by one."""
        drawn = self._drawn(np.flatnonzero(self._runs.facing == OUTSIDE))
        return np.asarray(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(drawn))))

    def _drawn(self, runs: NDArray[np.intp]) -> NDArray[np.object_]:
        start, stop = self._runs.start[runs], self._runs.stop[runs]
        size = stop - start + 1
        run = np.repeat(np.arange(len(runs)), size)
        vertex = np.arange(len(run)) - np.repeat(np.cumsum(size) - size, size) + start[run]
        return np.asarray(shapely.linestrings(self._lines.xy[vertex], indices=run))


def _lengths(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.hypot(*np.diff(xy, axis=0).T))


def label_points(areas: NDArray[np.object_]) -> NDArray[np.object_]:
    """The middle of the largest circle in the largest part of every area."""
    parts, owner = shapely.get_parts(areas, return_index=True)
    order = np.lexsort((-shapely.area(parts), owner))
    largest = parts[order[np.flatnonzero(np.diff(owner[order], prepend=-1))]]
    circles = [shapely.maximum_inscribed_circle(part, tolerance=float(np.sqrt(part.area)) / 50) for part in largest]
    return np.asarray(shapely.get_point(circles, 0))
