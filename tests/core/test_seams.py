"""Seams as defined: who lives along a border, from either side, at every level, and in a region counted once."""

from __future__ import annotations

import dataclasses
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.core.squared_paper import Paper, papers

from nahtstelle.core.keys import LEVELS, Level
from nahtstelle.core.model import People, Seam, Variant
from nahtstelle.core.seams import Territory
from nahtstelle.testing.musterland import musterland

LARGER = [Level.UNION, Level.DISTRICT, Level.LAND]
VARIANTS: list[Variant] = ["inner", "outer", "all"]

# Two districts of one Land, one of another, and C, a municipality on its own in a fourth:
#   d1: A B      d2: D E      d3: F      d4: C
SMALL = Paper(
    ("AADD", "ABDE", "BBEE", "~FFC"),
    union={letter: f"u{letter}" for letter in "ABCDEF"},
    district={"A": "d1", "B": "d1", "C": "d4", "D": "d2", "E": "d2", "F": "d3"},
    land={"A": "l1", "B": "l1", "C": "l2", "D": "l1", "E": "l1", "F": "l2"},
    people={"A": 1, "B": 10, "C": 100, "D": 1000, "E": None, "F": 100_000},
)


def figure(known: list[int], *, of: int) -> People:
    """People added up; nobody where there is nobody to count, no figure where there are some but none is known."""
    return People(sum(known) if known or not of else None, len(known), of)


def between(seams: list[Seam], other: str) -> Seam:
    (seam,) = (seam for seam in seams if seam.other_key == other)
    return seam


# ----------------------------------------------------------------------------------------------- one seam


def test_a_seam_names_the_municipalities_on_both_sides_and_their_people() -> None:
    seam = between(SMALL.territory.seams_of("d1", Level.DISTRICT), "d2")
    assert seam.length_m == 3
    assert seam.own.municipalities == ("A", "B")
    assert seam.own.people == People(11, known=2, of=2)
    assert seam.other.municipalities == ("D", "E")
    assert seam.other.people == People(1000, known=1, of=2)
    assert seam.people == People(1011, known=3, of=4)
    assert seam.people.known_share == 0.75
    assert seam.share_of_perimeter == pytest.approx(3 / SMALL.perimeter("d1", Level.DISTRICT))
    assert not seam.land_seam


def test_a_municipality_away_from_the_border_does_not_count() -> None:
    seam = between(SMALL.territory.seams_of("d1", Level.DISTRICT), "d3")
    assert (seam.own.municipalities, seam.other.municipalities) == (("B",), ("F",))
    assert seam.land_seam


def test_a_side_whose_people_are_unknown_has_no_figure() -> None:
    seam = between(SMALL.territory.seams_of("E", Level.MUNICIPALITY), "F")
    assert seam.own.people == People(None, known=0, of=1)
    assert seam.people == People(100_000, known=1, of=2)


def test_meeting_in_a_corner_is_no_seam() -> None:
    # B and D meet in corners only, whichever way one looks
    paper = dataclasses.replace(SMALL, rows=("AD", "BA"))
    assert [seam.other_key for seam in paper.territory.seams_of("B", Level.MUNICIPALITY)] == ["A"]


def test_seams_come_longest_first_and_then_by_key() -> None:
    assert [(seam.other_key, seam.length_m) for seam in SMALL.territory.seams_of("d2", Level.DISTRICT)] == [
        ("d1", 3), ("d3", 1), ("d4", 1),
    ]  # fmt: skip


def test_an_island_has_no_seams() -> None:
    paper = dataclasses.replace(SMALL, rows=("AB~C",))
    assert paper.territory.seams_of("d4", Level.DISTRICT) == []


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(KeyError):
        SMALL.territory.seams_of("d9", Level.DISTRICT)
    with pytest.raises(KeyError):
        SMALL.territory.seams_of("d1", Level.UNION)


def test_a_smaller_area_has_no_seams_of_a_larger_level() -> None:
    with pytest.raises(ValueError, match="municipality has no seams of level district"):
        SMALL.territory.seams_of("A", Level.MUNICIPALITY, Level.DISTRICT)


def test_a_smaller_level_gives_the_outer_seams_of_the_parts() -> None:
    seams = SMALL.territory.seams_of("d1", Level.DISTRICT, Level.MUNICIPALITY)
    assert {(seam.own_key, seam.other_key) for seam in seams} == {("A", "D"), ("B", "D"), ("B", "E"), ("B", "F")} & {
        (one, other) for one, other in SMALL.facing if one in "AB" and other in "DEFC"
    }
    assert {seam.own_key for seam in seams} <= {"A", "B"}
    assert not {seam.other_key for seam in seams} & {"A", "B"}


def test_an_area_without_a_larger_one_has_no_seam_at_that_level() -> None:
    paper = dataclasses.replace(SMALL, union={**SMALL.union, "F": ""})
    assert all("uF" not in (seam.own_key, seam.other_key) for seam in paper.territory.all_seams(Level.UNION))
    assert "" not in paper.territory.municipalities.larger(Level.UNION)[0]


def test_areas_outside_germany_have_no_land_seams() -> None:
    paper = dataclasses.replace(SMALL, land=dict.fromkeys("ABCDEF", ""))
    assert not any(seam.land_seam for seam in paper.territory.all_seams(Level.DISTRICT))


# --------------------------------------------------------------------------------------------------- laws


@given(papers(), st.sampled_from(LEVELS))
def test_seams_are_what_can_be_counted_on_the_paper(paper: Paper, level: Level) -> None:
    territory = paper.territory
    for key in paper.areas(level):
        seams = territory.seams_of(key, level)
        neighbours = {other for other in paper.areas(level) if other != key and paper.length(key, other, level)}
        assert {seam.other_key for seam in seams} == neighbours
        for seam in seams:
            assert seam.own_key == key
            assert seam.length_m == paper.length(key, seam.other_key, level)
            assert seam.share_of_perimeter == pytest.approx(seam.length_m / paper.perimeter(key, level))
            for side, letters in (
                (seam.own, paper.at_border(key, seam.other_key, level)),
                (seam.other, paper.at_border(seam.other_key, key, level)),
            ):
                known = paper.known(letters)
                assert list(side.municipalities) == letters
                assert side.people == figure(known, of=len(letters))
        assert [seam.length_m for seam in seams] == sorted((seam.length_m for seam in seams), reverse=True)


@given(papers(), st.sampled_from(LEVELS))
def test_a_seam_is_the_same_from_both_sides(paper: Paper, level: Level) -> None:
    territory = paper.territory
    for seam in territory.all_seams(level):
        here = between(territory.seams_of(seam.own_key, level), seam.other_key)
        there = between(territory.seams_of(seam.other_key, level), seam.own_key)
        assert here == seam
        assert (there.own, there.other) == (seam.other, seam.own)
        assert (there.length_m, there.stretches, there.land_seam) == (seam.length_m, seam.stretches, seam.land_seam)
        assert there.people == seam.people


@given(papers(), st.sampled_from(LEVELS))
def test_all_seams_has_each_once_in_order(paper: Paper, level: Level) -> None:
    pairs = [(seam.own_key, seam.other_key) for seam in paper.territory.all_seams(level)]
    assert pairs == [pair for pair in combinations(paper.areas(level), 2) if paper.length(*pair, level)]


@given(papers(), st.sampled_from(LARGER))
def test_the_seam_of_larger_areas_is_the_sum_of_those_of_their_municipalities(paper: Paper, level: Level) -> None:
    territory = paper.territory
    municipal = {(seam.own_key, seam.other_key): seam.length_m for seam in territory.all_seams(Level.MUNICIPALITY)}
    for seam in territory.all_seams(level):
        own, other = paper.members(seam.own_key, level), paper.members(seam.other_key, level)
        assert seam.length_m == sum(
            length_m for (a, b), length_m in municipal.items() if (a in own and b in other) or (b in own and a in other)
        )


@given(papers(), st.sampled_from(LARGER), st.data())
def test_seams_at_a_smaller_level_are_those_across_the_border_of_the_area(
    paper: Paper, level: Level, data: st.DataObject
) -> None:
    at = data.draw(st.sampled_from([smaller for smaller in LEVELS if smaller < level]))
    territory = paper.territory
    for key in paper.areas(level):
        inside = {paper.of(letter, at) for letter in paper.members(key, level)} - {""}
        expected = {
            (one, other, paper.length(one, other, at))
            for one in inside
            for other in set(paper.areas(at)) - inside
            if paper.length(one, other, at)
        }
        seams = territory.seams_of(key, level, at)
        assert {(seam.own_key, seam.other_key, seam.length_m) for seam in seams} == expected
        assert len(seams) == len(expected)


# ------------------------------------------------------------------------------------------ border people


def municipalities(paper: Paper, variant: Variant, *region: tuple[str, Level]) -> str:
    return "".join(paper.territory.border_people(region, variant).municipalities)


def test_the_three_variants_of_border_people() -> None:
    region = (("d1", Level.DISTRICT), ("d2", Level.DISTRICT))
    assert municipalities(SMALL, "inner", *region) == "ABDE"
    assert municipalities(SMALL, "outer", *region) == "BE"
    assert municipalities(SMALL, "all", *region) == "ABDE"
    found = SMALL.territory.border_people(region, "outer")
    assert found.border == People(10, known=1, of=2)
    assert found.region == People(1011, known=3, of=4)
    assert found.share == 10 / 1011
    assert (found.areas, found.variant) == (("d1", "d2"), "outer")


def test_state_border_and_coast_are_no_seams() -> None:
    everything = [(key, Level.LAND) for key in SMALL.areas(Level.LAND)]
    assert municipalities(SMALL, "outer", *everything) == ""
    assert municipalities(SMALL, "outer", ("d1", Level.DISTRICT)) == "AB"
    alone = dataclasses.replace(SMALL, rows=("AAB", "BBB"))
    assert municipalities(alone, "all", ("d1", Level.DISTRICT)) == ""


def test_a_municipality_at_several_seams_counts_once() -> None:
    region = [(letter, Level.MUNICIPALITY) for letter in "ABDEF"]
    found = SMALL.territory.border_people(region, "inner")
    assert found.municipalities == ("A", "B", "D", "E", "F")
    assert found.border == found.region == People(101_011, known=4, of=5)
    assert found.share == 1


def test_one_area_alone_has_no_inner_border() -> None:
    found = SMALL.territory.border_people([("l1", Level.LAND)], "inner")
    assert (found.municipalities, found.border) == ((), People(0, known=0, of=0))
    assert found.border.known_share == 1
    assert found.share == 0


def test_a_region_may_mix_levels() -> None:
    region = [("d1", Level.DISTRICT), ("D", Level.MUNICIPALITY), ("uE", Level.UNION)]
    assert municipalities(SMALL, "inner", *region) == "ABDE"


def test_a_region_nobody_is_known_in_has_no_share() -> None:
    assert SMALL.territory.border_people([("E", Level.MUNICIPALITY)], "all").share is None


@pytest.mark.parametrize(
    "region",
    [
        [("d1", Level.DISTRICT), ("d1", Level.DISTRICT)],
        [("d1", Level.DISTRICT), ("A", Level.MUNICIPALITY)],
        [("A", Level.MUNICIPALITY), ("l1", Level.LAND)],
    ],
    ids=["twice", "a part after its whole", "a whole after its part"],
)
def test_areas_of_a_region_must_not_overlap(region: list[tuple[str, Level]]) -> None:
    with pytest.raises(ValueError, match=region[1][0]):
        SMALL.territory.border_people(region, "all")


def test_an_unknown_area_of_a_region_is_refused() -> None:
    with pytest.raises(KeyError, match="d9"):
        SMALL.territory.border_people([("d1", Level.DISTRICT), ("d9", Level.DISTRICT)], "all")


@st.composite
def regions(draw: st.DrawFn, paper: Paper) -> list[tuple[str, Level]]:
    """Areas of mixed levels that do not overlap."""
    candidates = [(key, level) for level in LEVELS for key in paper.areas(level)]
    chosen: list[tuple[str, Level]] = []
    taken: set[str] = set()
    for key, level in draw(st.permutations(candidates)):
        members = paper.members(key, level)
        if not members & taken and draw(st.booleans()):
            chosen.append((key, level))
            taken |= members
    return chosen


@given(papers(), st.data())
def test_border_people_are_what_can_be_counted_on_the_paper(paper: Paper, data: st.DataObject) -> None:
    region = data.draw(regions(paper))
    part_of = {letter: number for number, part in enumerate(region) for letter in paper.members(*part)}
    inner, outer = set(), set()
    for one, other in paper.facing:
        if one in part_of and other in part_of and part_of[one] != part_of[other]:
            inner.add(one)
        if one in part_of and other not in part_of and other in paper.letters:
            outer.add(one)
    territory = paper.territory
    everyone = paper.known(sorted(part_of))
    for variant, letters in zip(VARIANTS, (inner, outer, inner | outer), strict=True):
        found = territory.border_people(region, variant)
        known = paper.known(sorted(letters))
        assert found.municipalities == tuple(sorted(letters))
        assert found.border == figure(known, of=len(letters))
        assert found.region == figure(everyone, of=len(part_of))
        assert found.share is None or 0 <= found.share <= 1


@given(papers(), st.data())
def test_the_order_of_the_areas_does_not_matter(paper: Paper, data: st.DataObject) -> None:
    region = data.draw(regions(paper))
    assume(len(region) > 1)
    shuffled = data.draw(st.permutations(region))
    for variant in VARIANTS:
        one, other = (paper.territory.border_people(each, variant) for each in (region, shuffled))
        assert dataclasses.replace(one, areas=()) == dataclasses.replace(other, areas=())


@given(papers(), st.sampled_from(LARGER), st.data())
def test_border_people_of_one_area_are_the_union_of_its_sides_of_its_seams(
    paper: Paper, level: Level, data: st.DataObject
) -> None:
    # every municipality needs an area of the level, else it is outside and yet at no seam
    assume(all(paper.of(letter, level) for letter in paper.letters) and paper.letters)
    key = data.draw(st.sampled_from(paper.areas(level)))
    seams = paper.territory.seams_of(key, level)
    found = paper.territory.border_people([(key, level)], "outer")
    assert set(found.municipalities) == {each for seam in seams for each in seam.own.municipalities}


# -------------------------------------------------------------------------------------------- Musterland


def letters(keys: tuple[str, ...]) -> str:
    country = musterland()
    return "".join(sorted(letter for letter in "ABCDEFGHIJKLMNOPQRSW" if country.key(letter) in keys))


def test_districts_of_musterland_meet_in_two_stretches(muster: Territory) -> None:
    seam = between(muster.seams_of("03152", Level.DISTRICT), "05954")
    assert seam.length_m == pytest.approx(6000, rel=1e-3)
    assert seam.stretches == 2
    assert letters(seam.own.municipalities) == "JK"
    assert letters(seam.other.municipalities) == "OP"
    assert seam.people == People(9_700 + 2_600 + 22_000 + 700, known=4, of=4)
    assert seam.land_seam


def test_neighbours_across_a_lake_or_a_corner_are_none(muster: Territory) -> None:
    country = musterland()
    at_the_lake = muster.seams_of(country.key("E"), Level.MUNICIPALITY)
    assert {letters((seam.other_key,)) for seam in at_the_lake} == set("ACGH")
    assert muster.seams_of(country.key("I"), Level.MUNICIPALITY) == []


def test_an_enclave_has_one_neighbour_and_its_people_are_unknown(muster: Territory) -> None:
    country = musterland()
    (seam,) = muster.seams_of(country.key("M"), Level.MUNICIPALITY)
    assert seam.other_key == country.key("L")
    assert seam.share_of_perimeter == pytest.approx(1)
    assert seam.people == People(6_400, known=1, of=2)


def test_border_people_of_heideland(muster: Territory) -> None:
    districts = [("03151", Level.DISTRICT), ("03152", Level.DISTRICT)]
    inner = muster.border_people(districts, "inner")
    assert letters(inner.municipalities) == "ACEG"
    assert inner.border == People(1_200 + 500 + 15_000 + 3_100, known=4, of=4)
    outer = muster.border_people(districts, "outer")
    assert letters(outer.municipalities) == "BHJK"
    assert letters(muster.border_people(districts, "all").municipalities) == "ABCEGHJK"
    # one Land instead of its two districts: the same edge, no inner border
    land = muster.border_people([("03", Level.LAND)], "all")
    assert land.municipalities == outer.municipalities
