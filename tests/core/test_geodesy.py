"""Lengths and areas on the ellipsoid, against GeographicLib as pyproj has it."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from nahtstelle.core.geodesy import METRES_PER_DEGREE, consecutive_lengths_m, equal_area_xy_m

ELLIPSOIDS = ["GRS80", "WGS84", "bessel", "sphere"]
longitudes = st.floats(-180.0, 180.0)
latitudes = st.floats(-90.0, 90.0)


@given(st.sampled_from(ELLIPSOIDS), longitudes, latitudes, st.floats(0.0, 360.0), st.floats(-3.0, 7.0))
def test_a_line_of_any_length_anywhere(
    ellipsoid: str, lon: float, lat: float, azimuth: float, magnitude: float
) -> None:
    """From a millimetre to ten thousand kilometres, at the poles and across the antimeridian."""
    geod = Geod(ellps=ellipsoid)
    lon_stop, lat_stop, _ = geod.fwd(lon, lat, azimuth, 10**magnitude)
    found = consecutive_lengths_m(np.array([[lon, lat], [lon_stop, lat_stop]]), geod)
    expected = geod.inv(lon, lat, lon_stop, lat_stop)[2]
    # the last bit of a degree is a hundred-millionth of a metre
    assert found == pytest.approx([expected], rel=7e-8, abs=1e-8)


@given(st.lists(st.tuples(st.floats(5.5, 15.5), st.floats(47.0, 55.5)), max_size=40))
def test_lines_across_germany(points: list[tuple[float, float]]) -> None:
    geod = Geod(ellps="GRS80")
    lon_lat = np.array(points, float).reshape(-1, 2)
    found = consecutive_lengths_m(lon_lat, geod)
    expected = geod.line_lengths(lon_lat[:, 0], lon_lat[:, 1]) if len(points) > 1 else []
    assert found == pytest.approx(np.atleast_1d(expected), rel=3e-8, abs=1e-8)


@pytest.mark.parametrize("magnitude", [0, 1, 2, 3, 3.47])
def test_short_lines_in_germany(magnitude: float) -> None:
    geod = Geod(ellps="GRS80")
    chance = np.random.default_rng(0)
    count = 20_000
    lon, lat = chance.uniform(5.5, 15.5, count), chance.uniform(47.0, 55.5, count)
    lon_stop, lat_stop, _ = geod.fwd(lon, lat, chance.uniform(0, 360, count), np.full(count, 10**magnitude))
    there_and_on = np.column_stack([lon, lat, lon_stop, lat_stop]).reshape(-1, 2)
    found = consecutive_lengths_m(there_and_on, geod)[::2]
    assert found == pytest.approx(geod.inv(lon, lat, lon_stop, lat_stop)[2], rel=3e-8)


def test_more_lines_than_are_measured_at_once() -> None:
    """Every length comes out in its place, also at the seams of the blocks."""
    geod = Geod(ellps="GRS80")
    lat = np.linspace(47.0, 55.0, 100_001)
    found = consecutive_lengths_m(np.column_stack([np.full(len(lat), 9.0), lat]), geod)
    assert found == pytest.approx(
        geod.inv(np.full(100_000, 9.0), lat[:-1], np.full(100_000, 9.0), lat[1:])[2], rel=1e-9
    )


def test_no_lines() -> None:
    geod = Geod(ellps="GRS80")
    assert consecutive_lengths_m(np.empty((0, 2)), geod).tolist() == []
    assert consecutive_lengths_m(np.array([[9.0, 52.0]]), geod).tolist() == []
    assert consecutive_lengths_m(np.array([[9.0, 52.0], [9.0, 52.0]]), geod).tolist() == [0.0]


def test_a_degree_of_the_equator() -> None:
    around_m = Geod(ellps="GRS80").a * np.pi / 180
    assert pytest.approx(around_m, rel=1e-5) == METRES_PER_DEGREE


@given(
    st.sampled_from(ELLIPSOIDS),
    st.floats(-170.0, 160.0),
    st.floats(-89.0, 88.0),
    st.floats(1e-3, 10.0),
    st.floats(1e-3, 1.0),
)
def test_areas_in_the_plane_are_those_on_the_ellipsoid(
    ellipsoid: str, west: float, south: float, width: float, height: float
) -> None:
    """Of boxes between meridians and parallels; a parallel is no geodesic, so it is followed in small steps."""
    geod = Geod(ellps=ellipsoid)
    lon = np.linspace(west, west + width, 2001)
    box = np.vstack(
        [np.column_stack([lon, np.full(2001, south)]), np.column_stack([lon[::-1], np.full(2001, south + height)])]
    )
    expected, _ = geod.polygon_area_perimeter(box[:, 0], box[:, 1])
    corners = np.array([[west, south], [west + width, south], [west + width, south + height], [west, south + height]])
    assert shapely.Polygon(equal_area_xy_m(corners, geod)).area == pytest.approx(expected, rel=2e-6)


def test_the_plane_covers_the_whole_earth() -> None:
    geod = Geod(ellps="GRS80")
    (west, south), (east, north) = equal_area_xy_m(np.array([[-180.0, -90.0], [180.0, 90.0]]), geod)
    hemisphere, _ = geod.polygon_area_perimeter(np.arange(0.0, 360.0, 0.5), np.zeros(720))
    assert (east - west) * (north - south) == pytest.approx(2 * hemisphere, rel=1e-9)
