"""Figures of people say how much of them is known, also when they are added up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nahtstelle.core.model import BorderPeople, People, Seam, Side

NOBODY_TO_COUNT = People(0, 0, 0)


@st.composite
def figures(draw: st.DrawFn) -> People:
    """Some municipalities, each with a figure or without, added up."""
    people = draw(st.lists(st.none() | st.integers(0, 10**7), max_size=6))
    known = [number for number in people if number is not None]
    return People(sum(known) if known or not people else None, len(known), len(people))


@given(figures(), figures(), figures())
def test_adding_up_does_not_depend_on_the_order(a: People, b: People, c: People) -> None:
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert (a + b).known <= (a + b).of
    assert 0 <= (a + b).known_share <= 1


@given(figures())
def test_nobody_to_count_changes_nothing(a: People) -> None:
    assert a + NOBODY_TO_COUNT == a


def test_unknown_is_not_zero() -> None:
    assert (People(None, 0, 2) + People(None, 0, 1)).people is None
    assert People(None, 0, 2) + People(0, 1, 1) == People(0, 1, 3)


@pytest.mark.parametrize(
    ("figure", "share"), [(People(0, 0, 0), 1.0), (People(None, 0, 4), 0.0), (People(5, 1, 4), 0.25)]
)
def test_known_share(figure: People, share: float) -> None:
    assert figure.known_share == share


def test_seam_people_are_those_of_both_sides() -> None:
    own, other = Side(("A", "B"), People(10, 2, 2)), Side(("C",), People(None, 0, 1))
    seam = Seam("1", "2", 5.0, 1, 0.5, False, own, other)
    assert seam.people == People(10, 2, 3)


@pytest.mark.parametrize(
    ("region", "border", "share"),
    [
        (People(200, 2, 2), People(50, 1, 1), 0.25),
        (People(200, 2, 3), People(None, 0, 1), 0.0),
        (People(0, 1, 1), People(0, 1, 1), None),
        (People(None, 0, 1), People(None, 0, 1), None),
    ],
)
def test_share_of_border_people(region: People, border: People, share: float | None) -> None:
    assert BorderPeople(("1",), "all", region, border, ()).share == share
