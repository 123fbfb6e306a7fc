"""From any coordinate system to longitude and latitude, by one operation for all points."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pyproj
from pyproj.transformer import TransformerGroup

from nahtstelle.errors import FrameError

if TYPE_CHECKING:
    from numpy.typing import NDArray

LON_LAT = "OGC:CRS84"
"""Longitude and latitude on WGS84, which within Europe differs from ETRS89 by less than any map shows."""


def to_lon_lat(crs: pyproj.CRS) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """The function from (n, 2) points of a coordinate system to longitude and latitude in degrees.

    PROJ may know several operations between two datums, each for a part of the country, and by default chooses one per
    point: for DHDN, the datum of VG5000, lines would then break by metres where two parts meet. Here the one with the
    largest area of use serves all points, so that lines stay as they were drawn.

    Raises `FrameError` for a coordinate system that cannot be turned into degrees.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a finer grid exists and is not installed: metres, on coarse maps
        operations = TransformerGroup(crs, LON_LAT, always_xy=True).transformers
    if not operations:
        raise FrameError(f"points in {crs.name} cannot be turned into longitude and latitude: no operation is known")
    transform = operations[0].transform
    return lambda xy: np.column_stack(transform(xy[:, 0], xy[:, 1]))
