"""What is no clean coverage: mended within the tolerance, or refused with the keys concerned. What is clean passes."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely.affinity import scale
from tests.core.oracles import by_pair, dissolved

from nahtstelle.core.borders import DEFAULT_TOLERANCE_M, Borders, measure_borders
from nahtstelle.core.coverage import Mended
from nahtstelle.errors import CoverageError, FrameError, InputError
from nahtstelle.testing.musterland import KEY_OF_LETTER, musterland
from nahtstelle.testing.strategies import countries

EXAMPLES = 60

XY = tuple[float, float]


@pytest.fixture
def country() -> gpd.GeoDataFrame:
    """Musterland under its letters, in kilometres of its own grid: the square of Q begins at (3, 1)."""
    areas = musterland().municipalities
    names = {key: letter for letter, key in KEY_OF_LETTER.items()}
    plain = shapely.transform(areas.geometry.array, lambda xy: (xy - [500_000.0, 5_700_000.0]) / 1000)
    return gpd.GeoDataFrame(geometry=plain, index=areas.index.map(names), crs="EPSG:25832")


def on_the_map(country: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """From kilometres of the grid to coordinates."""
    geometry = shapely.transform(country.geometry.array, lambda xy: xy * 1000 + [500_000.0, 5_700_000.0])
    return country.set_geometry(gpd.GeoSeries(geometry, index=country.index, crs=country.crs))


def measured(country: gpd.GeoDataFrame, tolerance_m: float = DEFAULT_TOLERANCE_M) -> Borders:
    return measure_borders(on_the_map(country), metric="projected", tolerance_m=tolerance_m)


def with_area(country: gpd.GeoDataFrame, letter: str, area: shapely.Geometry) -> gpd.GeoDataFrame:
    """The country with another geometry for one area."""
    changed = country.geometry.copy()
    changed[letter] = area
    return country.set_geometry(changed)


def with_vertex(country: gpd.GeoDataFrame, letter: str, old: XY, *new: XY) -> gpd.GeoDataFrame:
    """The country with a vertex of one area moved, taken out or replaced by several."""

    def ring(line: shapely.LinearRing) -> list[XY]:
        points = [tuple(point) for point in shapely.get_coordinates(line)[:-1].tolist()]
        return [replaced for point in points for replaced in (new if point == old else [point])]

    parts = [
        shapely.Polygon(ring(part.exterior), [ring(hole) for hole in part.interiors])
        for part in shapely.get_parts(country.geometry[letter])
    ]
    assert any(old in [tuple(p) for p in shapely.get_coordinates(part).tolist()] for part in [country.geometry[letter]])
    return with_area(country, letter, parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts))


def with_another(country: gpd.GeoDataFrame, letter: str, area: shapely.Geometry) -> gpd.GeoDataFrame:
    """The country with one area more."""
    return pd.concat([country, gpd.GeoDataFrame(geometry=[area], index=[letter], crs=country.crs)])


def shifted(country: gpd.GeoDataFrame, letter: str, x: float, y: float) -> gpd.GeoDataFrame:
    return with_area(country, letter, shapely.transform(country.geometry[letter], lambda xy: xy + np.array([x, y])))


def assert_same_map(one: Borders, other: Borders, *, within_m: float) -> None:
    """The same neighbours in as many stretches; lengths as far as the tolerance allows."""
    assert by_pair(one.pairs, "stretches") == by_pair(other.pairs, "stretches")
    assert by_pair(one.pairs, "length_m") == pytest.approx(by_pair(other.pairs, "length_m"), abs=within_m)
    assert by_pair(one.contacts, "a") == by_pair(other.contacts, "a")
    assert one.areas["outer_edge_m"].to_dict() == pytest.approx(other.areas["outer_edge_m"].to_dict(), abs=within_m)


def refusal(country: gpd.GeoDataFrame, tolerance_m: float = DEFAULT_TOLERANCE_M) -> CoverageError:
    with pytest.raises(CoverageError) as refused:
        measured(country, tolerance_m)
    error = refused.value
    assert "\n" not in error.message
    assert f"tolerance {tolerance_m:g} m" in error.message
    assert error.defects
    assert all("\n" not in defect for defect in error.defects)
    return error


# -------------------------------------------------------------------------------------------------------- noise


def in_degrees(country: gpd.GeoDataFrame, offset: float = 0.0) -> gpd.GeoDataFrame:
    """The grid with a hundredth of a degree per square: vertices at whole billionths of a degree, plus ``offset``."""
    geometry = shapely.transform(country.geometry.array, lambda xy: xy / 100 + [9.0 + offset, 52.0 + offset])
    return gpd.GeoDataFrame(geometry=geometry, index=country.index, crs="EPSG:4258")


def disturbed(country: gpd.GeoDataFrame, by: float, seed: int = 0) -> gpd.GeoDataFrame:
    """Every area with its own copy of every vertex, off by up to this much."""
    chance = np.random.default_rng(seed)

    def shake(area: shapely.Geometry) -> shapely.Geometry:
        places = np.unique(shapely.get_coordinates(area), axis=0)
        off = chance.uniform(-by, by, places.shape)

        def move(xy: np.ndarray) -> np.ndarray:
            place = [np.flatnonzero((places == point).all(axis=1))[0] for point in xy]
            return xy + off[place]

        return shapely.transform(area, move)

    geometry = [shake(area) for area in country.geometry]
    return country.set_geometry(gpd.GeoSeries(geometry, index=country.index, crs=country.crs))


@pytest.mark.parametrize("offset", [0.0, 5e-10, 0.3e-9])
def test_noise_of_a_billionth_of_a_millimetre_does_not_matter(country: gpd.GeoDataFrame, offset: float) -> None:
    """Also where rounding to nine decimals would put the two sides into different cells."""
    clean = measure_borders(in_degrees(country, offset))
    noisy = measure_borders(disturbed(in_degrees(country, offset), 1e-12))
    assert_same_map(noisy, clean, within_m=1e-6)
    assert noisy.tolerance_m == DEFAULT_TOLERANCE_M
    assert noisy.mended.farthest_m <= 1e-6
    if offset == 5e-10:
        assert noisy.mended.moved > 0
    else:
        assert noisy.mended == Mended()


def test_tolerance_0_compares_to_the_last_bit(country: gpd.GeoDataFrame) -> None:
    exact = in_degrees(country)
    found = measure_borders(exact, tolerance_m=0)
    assert found.tolerance_m == 0
    assert_same_map(found, measure_borders(exact), within_m=1e-6)
    with pytest.raises(CoverageError, match="tolerance 0 m"):
        measure_borders(disturbed(exact, 1e-12), tolerance_m=0)


@settings(max_examples=EXAMPLES)
@given(countries(in_pieces=False), st.floats(0.0, 0.00035), st.integers(0, 2**32 - 1))
def test_noise_within_the_tolerance_is_mended(country: gpd.GeoDataFrame, by_m: float, seed: int) -> None:
    by = by_m / 111_320 if country.crs.is_geographic else by_m
    clean, noisy = measure_borders(country), measure_borders(disturbed(country, by, seed))
    assert_same_map(noisy, clean, within_m=0.01)
    assert noisy.mended.farthest_m <= DEFAULT_TOLERANCE_M


@settings(max_examples=EXAMPLES)
@given(countries(in_pieces=False), st.floats(0.0, 2.0), st.integers(0, 2**32 - 1))
def test_a_larger_tolerance_mends_more_and_says_how_far(country: gpd.GeoDataFrame, by_m: float, seed: int) -> None:
    by = by_m / 111_320 if country.crs.is_geographic else by_m
    clean, mended = measure_borders(country), measure_borders(disturbed(country, by, seed), tolerance_m=6.0)
    assert_same_map(mended, clean, within_m=40.0)
    assert mended.mended.farthest_m <= 6.0
    assert mended.tolerance_m == 6.0


def test_a_tolerance_does_not_touch_a_clean_map(country: gpd.GeoDataFrame) -> None:
    """However large: inlets and islands narrower than the tolerance stay."""
    found = measured(country, tolerance_m=1500)
    assert found.mended == Mended()
    assert_same_map(found, measured(country), within_m=0)


@settings(max_examples=EXAMPLES)
@given(st.data(), countries(in_pieces=False, in_degrees=False))
def test_vertices_on_one_side_only_are_added_to_the_other(data: st.DataObject, country: gpd.GeoDataFrame) -> None:
    chance = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))

    def ring(line: shapely.LinearRing) -> np.ndarray:
        xy = shapely.get_coordinates(line)
        more = np.flatnonzero(chance.random(len(xy) - 1) < 0.3)
        along = chance.uniform(0.2, 0.8, (len(more), 1))
        return np.insert(xy, more + 1, xy[more] + along * (xy[more + 1] - xy[more]), axis=0)

    def area(whole: shapely.Geometry) -> shapely.Geometry:
        parts = shapely.get_parts(whole)
        return shapely.MultiPolygon([(ring(p.exterior), [ring(hole) for hole in p.interiors]) for p in parts])

    split = country.set_geometry(country.geometry.apply(area))
    found, expected = measure_borders(split), measure_borders(country)
    # every added vertex turns a straight line into two, which on the ellipsoid are a little longer
    assert_same_map(found, expected, within_m=1e-3)
    assert found.mended.moved == 0
    assert found.mended.farthest_m < 1e-6


# ---------------------------------------------------------------------------------------------------- mended


def test_a_vertex_missing_on_one_side_of_a_straight_line(country: gpd.GeoDataFrame) -> None:
    for letter, place in [("N", (9.0, 4.0)), ("L", (9.0, 4.0)), ("K", (1.0, 3.0)), ("O", (5.0, 1.0))]:
        found = measured(with_vertex(country, letter, place))
        assert_same_map(found, measured(country), within_m=1e-6)
        assert (found.mended.moved, found.mended.inserted) == (0, 1)


@pytest.mark.parametrize(("letter", "place"), [("L", (8.0, 4.0)), ("R", (8.0, 2.0)), ("W", (7.0, 2.0))])
def test_a_corner_of_two_areas_on_the_straight_line_of_a_third(
    country: gpd.GeoDataFrame, letter: str, place: XY
) -> None:
    assert is_straight(country.geometry[letter], place)
    found = measured(with_vertex(country, letter, place))
    assert_same_map(found, measured(country), within_m=1e-6)
    assert found.mended == Mended(inserted=1)


def is_straight(area: shapely.Geometry, place: XY) -> bool:
    """Whether the boundary goes straight on at a vertex."""
    for part in shapely.get_parts(area):
        xy = shapely.get_coordinates(part.exterior)[:-1]
        for before, here, after in zip(np.roll(xy, 1, axis=0), xy, np.roll(xy, -1, axis=0), strict=True):
            if tuple(here) == place and np.allclose(here - before, after - here):
                return True
    return False


def test_a_border_that_steps_at_the_coast() -> None:
    """The lower corner of A lies on the long side of B, which has no vertex there."""
    a = shapely.box(0, 0, 1000, 1000)
    b = shapely.box(1000, -1000, 2000, 1000)
    found = measure_borders(gpd.GeoDataFrame(geometry=[a, b], index=["A", "B"], crs="EPSG:25832"), metric="projected")
    assert found.pairs["length_m"].tolist() == [1000.0]
    assert found.areas["outer_edge_m"].tolist() == [3000.0, 5000.0]
    assert found.mended == Mended(inserted=1)


@pytest.mark.parametrize("off_m", [0.0, 0.0005, -0.0005])
def test_a_line_whose_ends_lie_on_a_longer_one(off_m: float) -> None:
    a = shapely.box(0, 0, 1000, 1000)
    b = shapely.box(1000 + off_m, -1000, 2000, 2000)
    found = measure_borders(gpd.GeoDataFrame(geometry=[a, b], index=["A", "B"], crs="EPSG:25832"), metric="projected")
    assert found.pairs["length_m"].tolist() == [1000.0]
    assert found.mended == Mended(inserted=2, farthest_m=pytest.approx(abs(off_m), abs=1e-9))


def test_a_spike_is_no_line_of_anybody(country: gpd.GeoDataFrame) -> None:
    """There and back again encloses nothing, at the coast, into a neighbour or within."""
    for letter, foot, tip in [
        ("S", (10.0, 1.0), (11.0, 1.0)),
        ("R", (8.0, 2.0), (8.0, 2.5)),
        ("O", (6.0, 2.0), (5.5, 1.5)),
    ]:
        assert_same_map(measured(with_vertex(country, letter, foot, foot, tip, foot)), measured(country), within_m=1e-6)


@pytest.mark.parametrize(("x", "y"), [(0.003, 0.0), (0.0, -0.003), (0.002, 0.002)])
def test_a_shifted_area_comes_back_within_the_tolerance(country: gpd.GeoDataFrame, x: float, y: float) -> None:
    found = measured(shifted(country, "W", x, y), tolerance_m=5.0)
    assert_same_map(found, measured(country), within_m=15.0)
    assert found.mended.farthest_m == pytest.approx(1000 * np.hypot(x, y))
    assert found.mended.moved == 8
    assert "W" in refusal(shifted(country, "W", x, y)).keys


# --------------------------------------------------------------------------------------------------- refused


DAMAGES: dict[str, tuple[Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame], str, str]] = {
    # what is done, keys that must be named, others that may be
    "an area grown over its neighbours": (lambda c: with_area(c, "Q", c.geometry["Q"].buffer(0.2)), "HJQ", ""),
    "an area shrunk away from them": (lambda c: with_area(c, "Q", scale(c.geometry["Q"], 0.99, 0.99)), "HJQ", ""),
    "an area shifted by half a metre": (lambda c: shifted(c, "W", 0.0005, 0.0003), "W", "FLNOR"),
    "an area at the coast shifted out by 20 m": (lambda c: shifted(c, "S", 0.02, 0.0), "RS", "N"),
    "an area at the coast shifted in by 20 m": (lambda c: shifted(c, "S", -0.02, 0.0), "RS", "N"),
    "an area shifted along its border, away from another": (lambda c: shifted(c, "R", 0.0, -0.01), "RW", "NOS"),
    "the same area under another key": (
        lambda c: with_another(c, "Z", c.geometry["Q"]), "QZ", "HJ"
    ),
    "an area drawn over a whole region": (
        lambda c: with_another(c, "Z", dissolved(c.geometry[["H", "Q"]])), "HQZ", "EFGJK"
    ),
    "an area within another that leaves no room for it": (
        lambda c: with_area(c, "L", shapely.Polygon(c.geometry["L"].exterior)), "LM", ""
    ),
    "an area within another that touches its corner from inside": (
        lambda c: with_area(c, "I", shapely.box(6, 2, 7, 3)), "IW", "FLNOR"
    ),
    "a vertex moved into the neighbour": (lambda c: with_vertex(c, "O", (5.0, 1.0), (4.9, 1.0)), "JO", ""),
    "a vertex moved away from the neighbour": (lambda c: with_vertex(c, "O", (5.0, 1.0), (5.1, 1.0)), "JO", ""),
    "a vertex moved where three areas meet": (lambda c: with_vertex(c, "W", (8.0, 2.0), (8.0, 2.01)), "W", "NR"),
    "a vertex moved where four areas meet": (lambda c: with_vertex(c, "J", (5.0, 2.0), (4.99, 1.99)), "J", "HOF"),
    "the end of a border at the coast moved away": (lambda c: with_vertex(c, "R", (9.0, 0.0), (8.99, 0.0)), "RS", ""),
    "the end of a border at the coast moved into the neighbour": (
        lambda c: with_vertex(c, "R", (9.0, 0.0), (9.3, 0.0)), "RS", ""
    ),
    "a corner missing on one side": (lambda c: with_vertex(c, "Q", (3.0, 3.0)), "HQ", "J"),
    "a corner missing where three areas meet": (lambda c: with_vertex(c, "F", (6.0, 4.0)), "F", "W"),
    "a vertex more that is off the line": (
        lambda c: with_vertex(c, "P", (1.0, 1.0), (1.0, 1.0), (1.5, 0.995)), "KP", ""
    ),
    "a vertex on one side only and off the line": (
        lambda c: with_vertex(with_vertex(c, "N", (9.0, 4.0)), "L", (9.0, 4.0), (9.0, 4.005)), "LN", ""
    ),
    "a ring that crosses itself": (
        lambda c: with_area(c, "P", shapely.Polygon([(1, 1), (2, 2), (2, 1), (1, 2)])), "P", "JK"
    ),
    "a lone ring that crosses itself": (
        lambda c: with_area(c, "I", shapely.Polygon([(0, 7), (1, 8), (1, 7), (0, 8)])), "I", ""
    ),
    "a lone ring that crosses itself in a vertex": (
        lambda c: with_area(c, "I", shapely.Polygon([(-2, 7), (-1, 8), (0, 9.5), (0, 7), (-1, 8), (-2, 9)])), "I", ""
    ),
    "a ring that crosses itself where a vertex meets a line": (
        lambda c: with_area(c, "I", shapely.Polygon([(-2, 7), (0, 9), (0, 7), (-1, 8), (-2, 9)])), "I", ""
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_country_is_refused_with_the_keys_concerned(country: gpd.GeoDataFrame, damage: str) -> None:
    harm, must, may = DAMAGES[damage]
    error = refusal(harm(country))
    assert set(must) <= set(error.keys) <= set(must + may)


def test_a_gap_says_how_wide_it_is(country: gpd.GeoDataFrame) -> None:
    error = refusal(shifted(country, "S", 0.02, 0.0))
    assert "a gap of 20 m between R and S at (509" in error.message
    error = refusal(with_vertex(country, "O", (5.0, 1.0), (5.1, 1.0)))
    assert "a gap of 49.9 m between J and O at (505000, 570" in error.message


def test_the_first_of_many_defects_is_told_and_the_others_are_counted(country: gpd.GeoDataFrame) -> None:
    harm, *_ = DAMAGES["an area shifted by half a metre"]
    error = refusal(harm(country))
    assert f"(and {len(error.defects) - 1} more places)" in error.message
    assert error.defects[0] in error.message
    assert error.keys[0] == "W", "the area with most places leads"


def test_wide_inlets_and_enclaves_of_others_are_no_defect(country: gpd.GeoDataFrame) -> None:
    """A bay of a third of a square, a lake in the form of a narrow rectangle, an enclave left out."""
    bay = with_area(country, "S", country.geometry["S"].difference(shapely.box(9, 0, 9.3, 1)))
    bay = with_area(bay, "R", bay.geometry["R"])
    lake = shapely.Polygon([(6.4, 2.2), (6.6, 2.2), (6.6, 2.8), (6.4, 2.8)])
    lakes = with_area(country, "W", country.geometry["W"].difference(lake))
    for varied in (lakes, country.drop(index="M"), country.drop(index="P"), country.drop(index=["Q", "W"])):
        assert measured(varied).mended == Mended()
    assert by_pair(measured(bay).pairs, "length_m")["R", "S"] == pytest.approx(1000.0)


# ------------------------------------------------------------------------------------------ damage on generated maps


def shared_places(country: gpd.GeoDataFrame) -> dict[XY, list[str]]:
    """Vertices that several areas have, and these areas."""
    places: dict[XY, list[str]] = {}
    for key, area in country.geometry.items():
        for point in {tuple(xy) for xy in shapely.get_coordinates(area).tolist()}:
            places.setdefault(point, []).append(key)
    return {place: keys for place, keys in places.items() if len(keys) > 1}


def inner_places(country: gpd.GeoDataFrame) -> dict[XY, list[str]]:
    """Those of them that have areas all around."""
    rim = {tuple(xy) for xy in shapely.get_coordinates(dissolved(country.geometry).boundary).tolist()}
    return {place: keys for place, keys in shared_places(country).items() if place not in rim}


def metres(country: gpd.GeoDataFrame, place: XY) -> np.ndarray:
    """Units of the map per metre, in x and y."""
    return np.array(
        [1 / (111_320 * np.cos(np.radians(place[1]))), 1 / 111_320] if country.crs.is_geographic else [1, 1]
    )


@settings(max_examples=2 * EXAMPLES)
@given(st.data(), countries(in_pieces=False), st.floats(0.2, 1.3), st.integers(0, 3))
def test_a_vertex_moved_on_one_side_is_found(
    data: st.DataObject, country: gpd.GeoDataFrame, turn: float, quarter: int
) -> None:
    inner, shared = inner_places(country), shared_places(country)
    borders = shared_borders_only(country, shared)
    assume(borders)
    place = data.draw(st.sampled_from(sorted(borders)))
    # at the coast a border that opens wide could as well be a bay
    by_m = data.draw(st.floats(0.02, 60.0 if place in inner else 3.0))
    key = data.draw(st.sampled_from(borders[place]))
    turn += quarter * np.pi / 2  # not along the lines of squared paper
    step = by_m * np.array([np.cos(turn), np.sin(turn)]) * metres(country, place)
    moved = with_vertex(country, key, place, (place[0] + step[0], place[1] + step[1]))
    assume(is_off(country, moved, key, [place]))
    with pytest.raises(CoverageError) as refused:
        measure_borders(moved)
    assert key in refused.value.keys


def is_off(country: gpd.GeoDataFrame, changed: gpd.GeoDataFrame, key: str, places: list[XY]) -> bool:
    """Whether what changed is more than vertices that slid along a line, which can be mended."""
    old, new = country.geometry[key].boundary, changed.geometry[key].boundary
    more = 0.005 * metres(country, places[0]).max()
    gone = shapely.points([place for place in places if not new.intersects(shapely.Point(place))])
    come = shapely.points(shapely.get_coordinates(new))
    come = come[shapely.distance(come, old) > 0]
    return bool((shapely.distance(new, gone) > more).all() and (shapely.distance(old, come) > more).any())


def shared_borders_only(country: gpd.GeoDataFrame, places: dict[XY, list[str]]) -> dict[XY, list[str]]:
    """Places on a line that areas share, with those of the areas that share one there."""
    pairs = measure_borders(country).lines()
    on_line: dict[XY, set[str]] = {}
    for row in pairs.itertuples():
        for point in shapely.get_coordinates(row.geometry).tolist():
            on_line.setdefault(tuple(point), set()).update({row.a, row.b})
    return {place: sorted(on_line[place]) for place in places if place in on_line}


@settings(max_examples=EXAMPLES)
@given(st.data(), countries(in_pieces=False))
def test_a_vertex_missing_on_one_side_is_mended_or_found(data: st.DataObject, country: gpd.GeoDataFrame) -> None:
    inner = inner_places(country)
    assume(inner)
    place = data.draw(st.sampled_from(sorted(inner)))
    key = data.draw(st.sampled_from(inner[place]))
    without = with_vertex(country, key, place)
    straight = is_straight(country.geometry[key], place)
    if (
        straight
        and len(shapely.get_coordinates(country.geometry[key])) - len(shapely.get_coordinates(without.geometry[key]))
        == 1
    ):
        assert_same_map(measure_borders(without), measure_borders(country), within_m=0.01)
    else:
        with pytest.raises(CoverageError) as refused:
            measure_borders(without)
        assert key in refused.value.keys


@settings(max_examples=EXAMPLES)
@given(st.data(), countries(in_pieces=False), st.floats(0.2, 1.3), st.integers(0, 3), st.floats(0.02, 5.0))
def test_a_shifted_area_is_found(
    data: st.DataObject, country: gpd.GeoDataFrame, turn: float, quarter: int, by_m: float
) -> None:
    pairs = measure_borders(country).pairs
    assume(len(pairs))
    key = data.draw(st.sampled_from(sorted({*pairs["a"], *pairs["b"]})))
    turn += quarter * np.pi / 2  # not along the lines of squared paper
    step = by_m * np.array([np.cos(turn), np.sin(turn)]) * metres(country, tuple(country.geometry[key].bounds[:2]))
    moved = shifted(country, key, *step)
    along = shared_borders_only(country, shared_places(country))
    assume(is_off(country, moved, key, [place for place, keys in along.items() if key in keys]))
    with pytest.raises(CoverageError) as refused:
        measure_borders(moved)
    assert key in refused.value.keys


@settings(max_examples=EXAMPLES)
@given(st.data(), countries(in_pieces=False, in_degrees=False), st.floats(0, 2 * np.pi), st.floats(1.0, 300.0))
def test_what_shapely_finds_overlapping_is_refused(
    data: st.DataObject, country: gpd.GeoDataFrame, turn: float, by_m: float
) -> None:
    """Any vertex moved any way, of the coast too."""
    key = data.draw(st.sampled_from(sorted(country.index)))
    place = tuple(data.draw(st.sampled_from(shapely.get_coordinates(country.geometry[key]).tolist())))
    moved = with_vertex(country, key, place, (place[0] + by_m * np.cos(turn), place[1] + by_m * np.sin(turn)))
    assume(shapely.is_valid(moved.geometry.array).all())
    overlap_m2 = sum(
        moved.geometry[key].intersection(other).area for name, other in moved.geometry.items() if name != key
    )  # fmt: skip
    assume(overlap_m2 > 1.0)
    with pytest.raises(CoverageError) as refused:
        measure_borders(moved)
    assert key in refused.value.keys


@settings(max_examples=EXAMPLES)
@given(countries())
def test_a_clean_country_is_never_refused_nor_mended(country: gpd.GeoDataFrame) -> None:
    assert measure_borders(country).mended == Mended()


# ------------------------------------------------------------------------------------------------------- frames


def frame(
    geometry: list[shapely.Geometry | None], index: list[object], crs: str | None = "EPSG:25832"
) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=geometry, index=pd.Index(index, dtype=object), crs=crs)


SQUARE, NEXT = shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)
with np.errstate(invalid="ignore"):
    BROKEN = shapely.Polygon([(0, 0), (1000, 0), (np.nan, 500), (1000, 1000), (0, 1000)])
FRAMES = {
    "no coordinate system": (frame([SQUARE, NEXT], ["a", "b"], None), ["no coordinate system", "set_crs"]),
    "a key twice": (frame([SQUARE, NEXT, SQUARE], ["a", "b", "a"]), ["keys come twice: a;"]),
    "no key": (frame([SQUARE, NEXT], ["a", None]), ["row 1 has no key"]),
    "a key that is not a number": (frame([SQUARE, NEXT], [1.0, np.nan]), ["row 1 has no key"]),
    "keys of two kinds": (frame([SQUARE, NEXT], ["03252", 3252]), ["keys of different kinds", "make them all text"]),
    "a missing geometry": (frame([SQUARE, None], ["a", "b"]), ["without geometry: b"]),
    "an empty geometry": (frame([shapely.Polygon(), SQUARE], ["a", "b"]), ["without geometry: a"]),
    "points": (frame([SQUARE, shapely.Point(1, 1)], ["a", "b"]), ["polygons or multipolygons; these are not: b"]),
    "lines": (frame([SQUARE.exterior, NEXT], ["a", "b"]), ["these are not: a"]),
    "a collection": (frame([shapely.GeometryCollection([SQUARE]), NEXT], ["a", "b"]), ["these are not: a"]),
    "coordinates that are no numbers": (frame([NEXT, BROKEN], ["a", "b"]), ["no numbers: b"]),
    "infinite coordinates": (
        frame([shapely.transform(SQUARE, lambda xy: np.where(xy > 0, np.inf, xy)), NEXT], ["a", "b"]), ["no numbers: a"]
    ),
    "an area that encloses nothing": (
        frame([SQUARE, shapely.Polygon([(2000, 0), (3000, 0), (3000, 0), (2000, 0)])], ["a", "b"]),
        ["enclose nothing", ": b"],
    ),
    "an area narrower than the tolerance": (
        frame([SQUARE, shapely.box(2000, 0, 2000 + 1e-5, 1e-5)], ["a", "b"]), ["wider than the tolerance", ": b"]
    ),
    "longitude and latitude swapped": (
        frame([shapely.box(52, 99, 53, 100), shapely.box(53, 99, 54, 100)], ["a", "b"], "EPSG:4326"),
        ["latitudes beyond 90 degrees", "WGS 84", ": a, b", "is the coordinate system right?"],
    ),
    "metres taken for degrees": (frame([SQUARE, NEXT], ["a", "b"], "EPSG:4326"), ["latitudes beyond 90 degrees"]),
    "places that are nowhere": (
        frame([shapely.box(1e9, 1e9, 2e9, 2e9), SQUARE], ["a", "b"]), ["beyond ETRS89 / UTM zone 32N: a;"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("defect", FRAMES)
def test_a_table_that_breaks_its_contract_is_refused(defect: str) -> None:
    areas, says = FRAMES[defect]
    with pytest.raises(FrameError) as refused:
        measure_borders(areas)
    assert isinstance(refused.value, InputError)
    assert "\n" not in refused.value.message
    for words in says:
        assert words in refused.value.message


@pytest.mark.parametrize("tolerance_m", [-1.0, float("nan")])
def test_a_tolerance_is_a_number_from_0(tolerance_m: float) -> None:
    with pytest.raises(FrameError, match="expected 0 or more"):
        measure_borders(frame([SQUARE, NEXT], ["a", "b"]), tolerance_m=tolerance_m)


def test_long_lists_of_keys_are_cut_short() -> None:
    many = frame([SQUARE] * 20, [f"{number // 2:02d}" for number in range(20)])
    with pytest.raises(FrameError, match="keys come twice: 00, 01, 02, 03, 04, 05, 06, 07 and 2 more;"):
        measure_borders(many)


def test_refusals_are_found_in_degrees_as_well(country: gpd.GeoDataFrame) -> None:
    for damage, (harm, must, may) in itertools.islice(DAMAGES.items(), 6):
        with pytest.raises(CoverageError) as refused:
            measure_borders(in_degrees(harm(country)))
        assert set(must) <= set(refused.value.keys) <= set(must + may), damage
