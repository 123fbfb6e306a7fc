"""From places on the ground to pixels in the frame of a plate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from shapely.geometry.base import BaseGeometry

PADDING = 0.17
FLATTEST = 0.6
STEEPEST = 1.05
BEYOND_PX = 12.0
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

    crs: CRS
    left_m: float
    top_m: float
    px_per_m: float
    x: float
    y: float
    width: float
    height: float

    @classmethod
    def around(cls, own: gpd.GeoSeries, x: float, y: float, width: float) -> View:
        """The frame of this place and width that shows the areas with some of what surrounds them."""
        west, south, east, north = own.to_crs("EPSG:4326").total_bounds
        centre = f"+lat_0={(south + north) / 2:.2f} +lon_0={(west + east) / 2:.2f}"
        crs = CRS.from_proj4(f"+proj=laea {centre} +ellps=GRS80 +units=m +type=crs")
        left, bottom, right, top = own.to_crs(crs).total_bounds
        margin = 2 * PADDING * max(right - left, top - bottom)
        across, up = right - left + margin, top - bottom + margin
        height = round(width * min(max(up / across, FLATTEST), STEEPEST))
        px_per_m = min(width / across, height / up)
        return cls(
            crs=crs,
            left_m=(left + right - width / px_per_m) / 2,
            top_m=(bottom + top + height / px_per_m) / 2,
            px_per_m=px_per_m,
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
        bottom_m = self.top_m - self.height / self.px_per_m
        right_m = self.left_m + self.width / self.px_per_m
        to_table = Transformer.from_crs(self.crs, table.crs, always_xy=True)
        left, bottom, right, top = to_table.transform_bounds(self.left_m, bottom_m, right_m, self.top_m)
        west, south, east, north = shapely.bounds(table.geometry.to_numpy()).T
        shown: gpd.GeoDataFrame = table[(west < right) & (east > left) & (south < top) & (north > bottom)]
        return shown

    def polygons(self, areas: gpd.GeoSeries) -> Shapes:
        """The areas in pixels, cut off a little beyond the frame, simplified together so that no gap opens."""
        beyond = shapely.buffer(self.frame, BEYOND_PX, join_style="mitre")
        shapes = shapely.make_valid(self._to_px(areas))
        cut = np.array([_only_polygons(shape) for shape in shapely.intersection(shapes, beyond)], dtype=object)
        return list(shapely.coverage_simplify(_on_grid(cut), TOLERANCE_PX))

    def lines(self, borders: gpd.GeoSeries, widths_px: Sequence[float]) -> Shapes:
        """The borders in pixels, their pieces joined, and calmer the wider they are drawn.

        A line departs from its border by less than a third of its width, so that it covers it.
        """
        joined = shapely.line_merge(_on_grid(self._to_px(borders)))
        return list(shapely.simplify(joined, np.asarray(widths_px) * CALM))

    def _to_px(self, series: gpd.GeoSeries) -> NDArray[np.object_]:
        def to_px(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
            away = coordinates - (self.left_m, self.top_m)
            return away * (self.px_per_m, -self.px_per_m) + (self.x, self.y)

        return np.asarray(shapely.transform(series.to_crs(self.crs).to_numpy(), to_px))


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
    start = " ".join(_tenth(value) for value in tenths[0])
    rest = " ".join(_tenth(value) for value in steps.ravel())
    return f"M{start}l{rest}{'z' if closed else ''}".replace(" -", "-")


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
