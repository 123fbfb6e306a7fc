"""From places on the ground to pixels in the frame of a plate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Proj, Transformer
from shapely.geometry.base import BaseGeometry

LONGITUDE_LATITUDE = "EPSG:4326"
PADDING = 0.17
FLATTEST = 0.6
STEEPEST = 1.05
BEYOND_PX = 12.0
GRID_POINTS = 9
GRID_PX = 0.01
TOLERANCE_PX = 0.5
CALM = 0.3

Shapes = list[BaseGeometry]


@dataclass(frozen=True)
class View:
    """A frame on the plate and the piece of ground it shows, in an equal-area projection centred on it.

    North is up and lengths are true at the centre of the frame. ``left_m`` and ``top_m`` are the upper left
    corner in the projection; ``x``, ``y``, ``width`` and ``height`` the frame in pixels.
    """

    projection: Proj
    left_m: float
    top_m: float
    px_per_m: float
    x: float
    y: float
    width: float
    height: float

    @classmethod
    def around(
        cls,
        shown: gpd.GeoSeries,
        x: float,
        y: float,
        width: float,
        height: float | None = None,
        *,
        padding: float = PADDING,
        steepest: float = STEEPEST,
        least_m: float = 0.0,
    ) -> View:
        """The frame of this place and width that shows these shapes with some of what surrounds them.

        ``padding`` is that surrounding on each side, as a share of the larger extent; the frame is ``least_m`` wide
        and high at least. Without ``height`` it is as high as the shapes ask for, up to ``steepest`` times its width.
        """
        geographic = shown.to_crs(LONGITUDE_LATITUDE)
        west, south, east, north = geographic.total_bounds
        centre = f"+lat_0={(south + north) / 2:.2f} +lon_0={(west + east) / 2:.2f}"
        projection = Proj(f"+proj=laea {centre} +ellps=GRS80 +units=m")
        corners = shapely.get_coordinates(geographic.to_numpy())
        easts, norths = projection(corners[:, 0], corners[:, 1])
        left, bottom, right, top = easts.min(), norths.min(), easts.max(), norths.max()
        margin = 2 * padding * max(right - left, top - bottom)
        across, up = max(right - left + margin, least_m), max(top - bottom + margin, least_m)
        if height is None:
            height = round(width * min(max(up / across, FLATTEST), steepest))
        px_per_m = min(width / across, height / up)
        return cls(
            projection=projection,
            left_m=float((left + right - width / px_per_m) / 2),
            top_m=float((bottom + top + height / px_per_m) / 2),
            px_per_m=float(px_per_m),
            x=x,
            y=y,
            width=width,
            height=height,
        )

    @property
    def frame(self) -> BaseGeometry:
        """The frame as a box in pixels."""
        return shapely.box(self.x, self.y, self.x + self.width, self.y + self.height)

    def shows(self, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """The rows whose bounding box meets the frame, found before anything is projected."""
        beyond_m = BEYOND_PX / self.px_per_m
        right_m, bottom_m = self.left_m + self.width / self.px_per_m, self.top_m - self.height / self.px_per_m
        easts = np.linspace(self.left_m - beyond_m, right_m + beyond_m, GRID_POINTS)
        norths = np.linspace(bottom_m - beyond_m, self.top_m + beyond_m, GRID_POINTS)
        across, up = np.meshgrid(easts, norths)
        at = _from_geographic(table.crs).transform(*self.projection(across.ravel(), up.ravel(), inverse=True))
        west, south, east, north = shapely.bounds(table.geometry.to_numpy()).T
        seen = (west < at[0].max()) & (east > at[0].min()) & (south < at[1].max()) & (north > at[1].min())
        shown: gpd.GeoDataFrame = table[seen]
        return shown

    def polygons(self, areas: gpd.GeoSeries, tolerance_px: float = TOLERANCE_PX) -> Shapes:
        """The areas in pixels, cut off a little beyond the frame, simplified together so that no gap opens."""
        beyond = shapely.buffer(self.frame, BEYOND_PX, join_style="mitre")
        shapes = np.array(shapely.make_valid(self._to_px(areas)), dtype=object)
        if not len(shapes):
            return []
        whole = shapely.contains_properly(beyond, shapely.envelope(shapes))
        whole &= np.isin(shapely.get_type_id(shapes), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
        shapes[~whole] = [_only_polygons(shape) for shape in shapely.intersection(shapes[~whole], beyond)]
        return list(shapely.coverage_simplify(_on_grid(shapes), tolerance_px))

    def lines(self, borders: gpd.GeoSeries, widths_px: Sequence[float], *, least_px: float = 0.0) -> Shapes:
        """The borders in pixels, their pieces joined, and calmer the wider they are drawn.

        A line departs from its border by less than a third of its width, so that it covers it, or by ``least_px``.
        """
        joined = shapely.line_merge(_on_grid(self._to_px(borders)))
        return list(shapely.simplify(joined, np.maximum(np.asarray(widths_px) * CALM, least_px)))

    def _to_px(self, series: gpd.GeoSeries) -> NDArray[np.object_]:
        def to_px(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
            easts, norths = self.projection(coordinates[:, 0], coordinates[:, 1])
            across, down = np.asarray(easts) - self.left_m, self.top_m - np.asarray(norths)
            return np.column_stack([self.x + across * self.px_per_m, self.y + down * self.px_per_m])

        return np.asarray(shapely.transform(series.to_crs(LONGITUDE_LATITUDE).to_numpy(), to_px))


@lru_cache(maxsize=16)
def _from_geographic(crs: CRS) -> Transformer:
    return Transformer.from_crs(LONGITUDE_LATITUDE, crs, always_xy=True)


def path(shape: BaseGeometry) -> str:
    """The ``d`` of a path element: steps from point to point, to a tenth of a pixel.

    >>> path(shapely.LineString([(1, 1), (2.53, 1), (2.53, 0.5)]))
    'M1 1l1.5 0 0-.5'
    """
    return "".join(_trace(ring) for ring in _rings(shape))


def _rings(shape: BaseGeometry) -> Iterable[BaseGeometry]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            yield from shapely.get_rings(part)
        elif part.geom_type == "LineString":
            yield part


def _trace(ring: BaseGeometry) -> str:
    tenths = np.round(shapely.get_coordinates(ring) * 10).astype(int)
    steps = np.diff(tenths, axis=0)
    steps = steps[(steps != 0).any(axis=1)]
    closed = ring.geom_type == "LinearRing"
    if len(steps) < (3 if closed else 1):
        return ""
    if closed:
        steps = steps[:-1]
    start = " ".join(map(_tenth, tenths[0].tolist()))
    rest = " ".join(map(_tenth, steps.ravel().tolist()))
    return f"M{start}l{rest}{'z' if closed else ''}".replace(" -", "-")


@lru_cache(maxsize=4096)
def _tenth(value: int) -> str:
    """A number of tenths as short as SVG allows."""
    sign, (whole, rest) = "-" if value < 0 else "", divmod(abs(value), 10)
    return f"{sign}{whole or '' if rest else whole}{f'.{rest}' if rest else ''}"


def _only_polygons(shape: BaseGeometry) -> BaseGeometry:
    """What is left of a shape without the lines and points that cutting may leave."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.MultiPolygon([part for part in parts if isinstance(part, shapely.Polygon)])


def _on_grid(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Take out the noise of projecting, so that what was shared still is."""

    def to_grid(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.round(coordinates / GRID_PX) * GRID_PX

    return np.asarray(shapely.transform(shapes, to_grid))
