"""Lengths on the ellipsoid, fast enough for millions of short lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyproj import Geod

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONG_LINE_M = 3_000.0
"""A line longer than this is measured by GeographicLib."""

WIDE_LINE_DEGREES = 0.04
"""So is a line over more longitude than this.

The relative error of the mid-latitude formula grows with the square of the length and, towards the poles, with that of
the longitudes in between. In Germany both limits keep it below 3e-8, anywhere this one keeps it below 7e-8.
"""

METRES_PER_DEGREE = 111_320.0
"""Length of a degree at the equator, for tolerances given in metres on maps in degrees."""

_BLOCK = 1 << 15  # lines measured at once: the working arrays stay in the processor's cache


def consecutive_lengths_m(lon_lat: NDArray[np.float64], geod: Geod) -> NDArray[np.float64]:
    """Geodesic length of the line from every point to the next.

    ``lon_lat`` is an (n, 2) array in degrees; the result has n - 1 lengths in metres. Short lines use the
    Gauss mid-latitude formula (Torge and Müller, Geodesy, 2012, section 6.3); lines beyond `LONG_LINE_M` or
    `WIDE_LINE_DEGREES`, those across the antimeridian among them, use `pyproj.Geod.inv` (Karney 2013).

    >>> from pyproj import Geod
    >>> consecutive_lengths_m(np.array([[9.0, 52.0], [9.0, 52.01]]), Geod(ellps="GRS80")).round(3)
    array([1112.674])
    """
    count = max(len(lon_lat) - 1, 0)
    length_m = np.empty(count)
    eccentricity2 = float(geod.es)
    to_radians = np.pi / 180.0
    for start in range(0, count, _BLOCK):
        stop = min(start + _BLOCK, count)
        lon, lat = lon_lat[start : stop + 1, 0], lon_lat[start : stop + 1, 1]
        step_lon = np.diff(lon)
        step_lat = np.diff(lat)
        cos_of_double_mid = np.cos((lat[1:] + lat[:-1]) * to_radians)
        inverse_w2 = 1.0 / (1.0 - (eccentricity2 / 2) * (1.0 - cos_of_double_mid))
        step_lat *= (1.0 - eccentricity2) * inverse_w2
        step_lat *= step_lat
        step_lon *= step_lon
        wide = step_lon > WIDE_LINE_DEGREES**2
        step_lon *= (1.0 + cos_of_double_mid) / 2
        step_lat += step_lon
        step_lat *= inverse_w2
        np.sqrt(step_lat, out=length_m[start:stop])
        length_m[start:stop][wide] = np.nan
    length_m *= geod.a * to_radians
    long = np.flatnonzero(~(length_m <= LONG_LINE_M))
    if len(long):
        start_point, end_point = lon_lat[long], lon_lat[long + 1]
        length_m[long] = geod.inv(start_point[:, 0], start_point[:, 1], end_point[:, 0], end_point[:, 1])[2]
    return length_m


def equal_area_xy_m(lon_lat: NDArray[np.float64], geod: Geod) -> NDArray[np.float64]:
    """Points in the cylindrical equal-area projection of the ellipsoid, in metres.

    Planar areas in it are true areas on the ellipsoid (Snyder, Map Projections, 1987, equations 10-14 to
    10-17, standard parallel 0). Takes and returns (n, 2).
    """
    e = float(np.sqrt(geod.es))
    sin_lat = np.sin(np.radians(lon_lat[:, 1]))
    e_sin = e * sin_lat
    q = sin_lat if e == 0 else (1 - e * e) / 2 * (sin_lat / (1 - e_sin * e_sin) + np.arctanh(e_sin) / e)
    return np.column_stack([geod.a * np.radians(lon_lat[:, 0]), geod.a * q])
