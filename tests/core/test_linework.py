"""Linework: rings in one row, names of vertices, the match of the two sides."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from nahtstelle.core import linework as module
from nahtstelle.core.linework import (
    BLOCK,
    NO_SEGMENT,
    OUTSIDE,
    WITHIN,
    Linework,
    components,
    index_mask,
    linework,
    match,
    name_vertices,
    namesakes,
    ring_blocks,
    without_repeats,
)
from nahtstelle.testing.musterland import musterland
from nahtstelle.testing.strategies import countries

Array = np.ndarray[Any, np.dtype[Any]]


def drawn(country: gpd.GeoDataFrame, grid: float = 0.0) -> tuple[Linework, Array]:
    lines = linework(np.asarray(country.geometry.array), grid)
    return lines, lines.owner()


def segments(lines: Linework) -> list[tuple[int, tuple[float, ...], tuple[float, ...]]]:
    """Index, start and stop of every real segment."""
    ends = set(lines.ring_end.tolist())
    xy = [tuple(point) for point in lines.xy.tolist()]
    return [(i, xy[i], xy[i + 1]) for i in range(len(xy) - 1) if i not in ends]


# ------------------------------------------------------------------------------------------------------- rings


@given(countries())
def test_rings_lie_one_behind_the_other_and_know_their_area(country: gpd.GeoDataFrame) -> None:
    lines, owner = drawn(country)
    expected = [
        (number, shapely.get_coordinates(ring).tolist(), shapely.is_ccw(ring) == (position > 0))
        for number, area in enumerate(country.geometry)
        for part in shapely.get_parts(area)
        for position, ring in enumerate(shapely.get_rings(part))
    ]
    found = [
        (owner[start], lines.xy[start:stop].tolist(), turned)
        for start, stop, turned in zip(lines.ring_start, lines.ring_start[1:], lines.ring_is_turned, strict=False)
    ]
    assert found == expected
    assert lines.ring_owner.tolist() == [number for number, _, _ in expected]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=60), st.integers(1, 64))
def test_blocks_of_rings_cover_all_rings_once(sizes: list[int], block: int) -> None:
    ring_start = np.concatenate([[0], np.cumsum(sizes)])
    before = module.BLOCK
    module.BLOCK = block
    try:
        portions = list(ring_blocks(ring_start))
    finally:
        module.BLOCK = before
    assert [ring for first, behind in portions for ring in range(first, behind)] == list(range(len(sizes)))
    for first, behind in portions:
        assert behind == first + 1 or ring_start[behind] - ring_start[first] <= block


def test_vertices_that_follow_their_equal_are_taken_out() -> None:
    stuttering = shapely.Polygon([(0, 0), (0, 0), (1, 0), (1, 1), (1, 1), (1, 1), (0, 1), (0, 0), (0, 0)])
    lines = linework(np.array([stuttering]), 0.0)
    assert lines.xy.tolist() == [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    assert lines.ring_start.tolist() == [0, 5]
    assert without_repeats(lines) is lines


def test_rings_that_shrink_to_nothing_on_the_grid_are_taken_out() -> None:
    speck = shapely.box(0.01, 0.01, 0.02, 0.02)
    holed = shapely.Polygon(shapely.box(0, 0, 9, 9).exterior, [speck.exterior])
    lines = linework(np.array([speck, holed, shapely.MultiPolygon([speck, shapely.box(20, 0, 21, 1)])]), 1.0)
    assert lines.ring_owner.tolist() == [1, 2]
    assert lines.ring_start.tolist() == [0, 5, 10]


# ------------------------------------------------------------------------------------------------------- names


@given(st.lists(st.tuples(st.floats(-1e7, 1e7), st.floats(-1e7, 1e7)), min_size=1), st.sampled_from([0.0, 1e-4, 1.0]))
def test_vertices_have_the_same_name_exactly_in_the_same_cell(points: list[tuple[float, float]], grid: float) -> None:
    xy = np.array([*points, *points])
    cells = [tuple(cell) for cell in (np.rint(xy / grid) if grid else xy).tolist()]
    names = name_vertices(xy, grid).tolist()
    assert len(set(names)) == len(set(cells)) == len(set(zip(names, cells, strict=True)))


def test_no_two_of_a_million_neighbours_share_a_name() -> None:
    """Regular places are the hard case for a mixing function."""
    grid = np.stack(np.meshgrid(np.arange(1000.0), np.arange(1000.0)), axis=-1).reshape(-1, 2)
    for step in (1e-9, 1.0, 4096.0):
        assert len(np.unique(name_vertices(grid * step, min(step, 1e-4)))) == len(grid)


def test_zero_has_one_name_whatever_its_sign() -> None:
    assert len(set(name_vertices(np.array([[0.0, 1.0], [-0.0, 1.0]]), 0.0).tolist())) == 1


def test_whole_metres_named_without_a_grid_do_not_share_names() -> None:
    """As floats they end in zeros; multiplied without mixing, hundreds of 3 million places had another's name."""
    whole = np.random.default_rng(1).integers([280_000, 5_230_000], [920_000, 6_100_000], (1_000_000, 2))
    places = np.unique(np.concatenate([whole, whole // 16]), axis=0).astype(float)
    assert len(np.unique(name_vertices(places, 0.0))) == len(places)


@given(st.lists(st.integers(0, 7), max_size=200), st.integers(1, 3))
def test_things_of_one_name_come_together(labels: list[int], step: int) -> None:
    of_label = name_vertices(np.column_stack([np.arange(8.0), np.zeros(8)]), 1.0)
    index = np.arange(len(labels), dtype=np.uint64) * np.uint64(step)
    low = index_mask(len(labels) * step)
    order = np.sort((of_label[np.array(labels, int)] & ~low) | index)
    together: dict[int, set[int]] = defaultdict(set)
    for one, other, just_two in namesakes(order, low):
        for a, b, two in zip(one.tolist(), other.tolist(), just_two.tolist(), strict=True):
            assert labels[a // step] == labels[b // step]
            assert two == (labels.count(labels[a // step]) == 2)
            together[labels[a // step]] |= {a // step, b // step}
    for label in set(labels):
        everywhere = {place for place, each in enumerate(labels) if each == label}
        assert together[label] == (everywhere if len(everywhere) > 1 else set())


def test_things_of_one_name_come_together_across_portions() -> None:
    """The order is gone through in portions; a pair or a crowd may lie on the seam of two."""
    count = 3 * BLOCK
    low = index_mask(count)
    for size in (2, 3, BLOCK + 1):
        name = (np.arange(count, dtype=np.uint64) // np.uint64(size)) << np.uint64(40)
        portions = list(namesakes(name | np.arange(count, dtype=np.uint64), low))
        one, other, just_two = (np.concatenate(column) for column in zip(*portions, strict=True))
        assert (other == one + 1).all()
        assert len(one) == count - -(-count // size)
        groups = np.bincount(np.arange(count) // size)
        assert (just_two == (groups[one // size] == 2)).all()


# ------------------------------------------------------------------------------------------------------- match


@given(countries())
def test_every_segment_faces_the_area_that_draws_it_the_other_way(country: gpd.GeoDataFrame) -> None:
    lines, owner = drawn(country)
    matched = match(lines, owner)
    drawn_by = defaultdict(list)
    for index, start, stop in segments(lines):
        drawn_by[frozenset((start, stop))].append(index)
    assert set(map(len, drawn_by.values())) <= {1, 2}
    for sides in drawn_by.values():
        if len(sides) == 1:
            assert matched.twin[sides[0]] == -1
            assert matched.facing[sides[0]] == OUTSIDE
        else:
            one, other = sides
            assert (matched.twin[one], matched.twin[other]) == (other, one)
            expected = [WITHIN] * 2 if owner[one] == owner[other] else [owner[other], owner[one]]
            assert [matched.facing[one], matched.facing[other]] == expected
    assert (matched.facing[lines.ring_end] == NO_SEGMENT).all()
    assert np.count_nonzero(matched.facing == NO_SEGMENT) == len(lines.ring_owner)
    assert not len(matched.clashing)


@given(countries())
def test_the_match_does_not_rest_on_luck_with_names(country: gpd.GeoDataFrame) -> None:
    """With names of so few bits that different places are taken for one while sorting, the answer is the same."""
    lines, owner = drawn(country)
    expected = match(lines, owner)
    order = np.unique(lines.vertex, return_inverse=True)[1].astype(np.uint64)  # differ in the lowest bits only
    few = Linework(
        lines.xy, lines.ring_start, lines.ring_owner, lines.ring_is_turned, order * np.uint64(order.max() + 1) ** 2
    )
    crowded = Linework(lines.xy, lines.ring_start, lines.ring_owner, lines.ring_is_turned, order)
    for same_places in (few, crowded):
        found = match(same_places, owner)
        assert found.twin.tolist() == expected.twin.tolist()
        assert found.facing.tolist() == expected.facing.tolist()
        assert not len(found.clashing)


def test_an_area_that_comes_twice_clashes_with_itself_and_not_with_its_neighbours() -> None:
    country = musterland().municipalities
    geometries = np.append(np.asarray(country.geometry.array), country.geometry.iloc[5])
    lines = linework(geometries, 1e-4)
    matched = match(lines, lines.owner())
    ring = np.searchsorted(lines.ring_start, matched.clashing, side="right") - 1
    pairs = Counter(tuple(sorted(pair)) for pair in lines.ring_owner[ring].tolist())
    assert pairs == {(5, 20): 12}


@pytest.mark.parametrize("turned", [False, True])
def test_two_areas_on_the_same_side_of_a_line_clash(turned: bool) -> None:
    low, high = shapely.box(0, 0, 1, 1), shapely.Polygon([(0, 0), (1, 0), (1, 2), (0, 2)])
    lines = linework(np.array([low, high.reverse() if turned else high]), 0.0)
    matched = match(lines, lines.owner())
    assert lines.owner()[matched.clashing].tolist() == [[0, 1]]
    assert (matched.twin == -1).all()


# -------------------------------------------------------------------------------------------------- components


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.tuples(*[st.integers(0, n - 1)] * 2)))))
def test_components_are_those_of_scipy(graph: tuple[int, list[tuple[int, int]]]) -> None:
    count, links = graph
    one, other = np.array(links, np.int64).reshape(-1, 2).T
    found = components(count, one, other)
    _, labels = connected_components(
        coo_array((np.ones(len(links)), (one, other)), shape=(count, count)), directed=False
    )
    smallest = [int(np.flatnonzero(labels == label)[0]) for label in labels]
    assert found.tolist() == smallest


def test_components_of_a_long_chain_take_a_handful_of_rounds() -> None:
    order = np.random.default_rng(0).permutation(100_000)
    assert not components(100_000, order[:-1], order[1:]).any()
