"""Countries for property tests with hypothesis, which only this module imports.

A country is a grid of squares whose corners were pushed about and whose edges were bent, the same on both sides.
Every square belongs to an area or to nobody, so areas come in several parts, enclose each other, leave lakes
and meet in points.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import strategies as st

NOBODY = -1
"""Label of squares that belong to no area: sea, lakes, foreign country."""

PLACES = {"EPSG:25832": (500_000.0, 5_700_000.0), "EPSG:3035": (4_300_000.0, 3_200_000.0), "EPSG:4326": (9.5, 52.0)}
"""Coordinate systems that countries come in, and their south-western corner in each."""


@dataclass(frozen=True)
class Grid:
    """The plan of a country: whose every square is, and how corners and edges were bent.

    ``labels``: (rows, columns) number of the area of each square, or `NOBODY`, southern row first. ``corners``:
    (rows + 1, columns + 1, 2) coordinates. ``bends``: the vertices between two corners, given in ascending order.
    """

    labels: np.ndarray[Any, np.dtype[np.int64]]
    corners: np.ndarray[Any, np.dtype[np.float64]]
    bends: dict[tuple[tuple[int, int], tuple[int, int]], np.ndarray[Any, np.dtype[np.float64]]]

    def edge(self, start: tuple[int, int], stop: tuple[int, int]) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Vertices along the edge between two corners (row, column), both included, in this direction."""
        low, high = sorted((start, stop))
        points = np.vstack([self.corners[low], self.bends[low, high], self.corners[high]])
        return points if (low, high) == (start, stop) else points[::-1]

    def square(self, row: int, column: int) -> shapely.Polygon:
        """One square, bent as it is."""
        around = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column), (row, column)]
        return shapely.Polygon(np.vstack([self.edge(one, other)[:-1] for one, other in itertools.pairwise(around)]))

    def area(self, label: int) -> list[shapely.Polygon]:
        """All squares of an area."""
        return [self.square(row, column) for row, column in np.argwhere(self.labels == label).tolist()]


@st.composite
def grids(
    draw: st.DrawFn, *, most_rows: int = 5, most_columns: int = 5, most_areas: int = 8, in_degrees: bool | None = None
) -> tuple[Grid, str]:
    """A `Grid` with at least one area, and the name of its coordinate system.

    Squares measure about a kilometre. ``in_degrees``: only such coordinate systems, only others, or any.
    """
    rows = draw(st.integers(1, most_rows))
    columns = draw(st.integers(1, most_columns))
    label = st.integers(NOBODY, most_areas - 1)
    labels = np.array(draw(st.lists(label, min_size=rows * columns, max_size=rows * columns))).reshape(rows, columns)
    if (labels == NOBODY).all():
        labels[0, 0] = 0
    crs = draw(st.sampled_from([name for name in PLACES if in_degrees in (None, name == "EPSG:4326")]))
    is_bent = draw(st.booleans())
    most_bends = draw(st.integers(0, 3)) if is_bent else 0
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))

    corners = np.stack(np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0)), axis=-1)
    if is_bent:  # so little that no edge reaches another
        corners += chance.uniform(-0.1, 0.1, corners.shape)
    bends = {}
    for row in range(rows + 1):
        for column in range(columns + 1):
            for other in ((row, column + 1), (row + 1, column)):
                if other[0] <= rows and other[1] <= columns:
                    number = int(chance.integers(0, most_bends + 1))
                    bends[(row, column), other] = _bent(corners[row, column], corners[other], number, chance)
    turn = chance.uniform(0, 2 * np.pi) if is_bent else 0.0
    to_map = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    to_map = to_map * ([1 / 68_500, 1 / 111_000] if crs == "EPSG:4326" else [1, 1]) * 1000
    origin = np.array(PLACES[crs])
    bent = {edge: points @ to_map + origin for edge, points in bends.items()}
    return Grid(labels, corners @ to_map + origin, bent), crs


def _bent(
    start: np.ndarray[Any, np.dtype[np.float64]],
    stop: np.ndarray[Any, np.dtype[np.float64]],
    number: int,
    chance: np.random.Generator,
) -> np.ndarray[Any, np.dtype[np.float64]]:
    along = np.linspace(0, 1, number + 2)[1:-1, None]
    step = stop - start
    aside = chance.uniform(-0.07, 0.07, (number, 1)) * np.minimum(along, 1 - along) * 2
    return np.asarray(start + along * step + aside * np.array([-step[1], step[0]]))


@st.composite
def countries(
    draw: st.DrawFn,
    *,
    most_rows: int = 5,
    most_columns: int = 5,
    most_areas: int = 8,
    in_degrees: bool | None = None,
    in_pieces: bool | None = None,
) -> gpd.GeoDataFrame:
    """A clean coverage: areas in any order, indexed by text keys, rings starting anywhere and drawn either way.

    ``in_pieces``: areas are multipolygons whose parts adjoin each other, as land and water parts do (``None``: or not).
    """
    grid, crs = draw(
        grids(most_rows=most_rows, most_columns=most_columns, most_areas=most_areas, in_degrees=in_degrees)
    )
    pieces = draw(st.booleans()) if in_pieces is None else in_pieces
    keys = draw(st.permutations([f"{number:02d}" for number in range(most_areas)]))
    return draw(drawings(grid, crs, keys, in_pieces=pieces))


@st.composite
def drawings(draw: st.DrawFn, grid: Grid, crs: str, keys: list[str], *, in_pieces: bool = False) -> gpd.GeoDataFrame:
    """The areas of a grid, drawn in one of the many ways that mean the same; ``keys`` by label."""
    labels = [label for label in np.unique(grid.labels).tolist() if label != NOBODY]
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    turned = draw(st.booleans())
    geometries = []
    for label in labels:
        squares = grid.area(label)
        parts = squares if in_pieces else list(shapely.get_parts(shapely.coverage_union_all(squares)))
        chance.shuffle(parts)
        parts = [redrawn(part, chance, turned=turned) for part in parts]
        geometries.append(parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts))
    index = pd.Index([keys[label] for label in labels], name="key")
    order = draw(st.permutations(range(len(labels))))
    return gpd.GeoDataFrame(geometry=geometries, index=index, crs=crs).iloc[list(order)]


def redrawn(polygon: shapely.Polygon, chance: np.random.Generator, *, turned: bool) -> shapely.Polygon:
    """The same polygon with rings that start elsewhere and, if ``turned``, may run the other way round."""

    def ring(line: shapely.LinearRing) -> np.ndarray[Any, np.dtype[np.float64]]:
        open_ring = shapely.get_coordinates(line)[:-1]
        begun = np.roll(open_ring, int(chance.integers(len(open_ring))), axis=0)
        if turned and chance.random() < 0.5:
            begun = begun[::-1]
        return np.vstack([begun, begun[:1]])

    return shapely.Polygon(ring(polygon.exterior), [ring(hole) for hole in polygon.interiors])
