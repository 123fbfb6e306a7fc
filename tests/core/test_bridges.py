"""Bridges as defined: who ties the two sides of a seam, how strongly, and what is known where nobody does."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.registers import (
    ROLES,
    TODAY,
    area,
    cooperation,
    member,
    of_areas,
    organisation,
    snapshots,
    together,
)
from tests.core.squared_paper import Paper, papers

from nahtstelle.core.bridges import NO_BRIDGE, STATES, STRENGTHS, Bridges, build_bridges
from nahtstelle.core.footprint import Spaces
from nahtstelle.core.keys import LEVELS, Level
from nahtstelle.core.model import KeyChange, Membership, RegisterSnapshot, SeamBridges, Strength
from nahtstelle.core.seams import Territory
from nahtstelle.core.vocabularies import BRIDGING_ROLES
from nahtstelle.testing.musterland import KEY_OF_LETTER

KEY = KEY_OF_LETTER
DISTRICTS = ("03152", "05954")
"""Mühlenheide and Süderberg: K and J on one side, P and O on the other."""


def bridges(muster: Territory, snapshot: RegisterSnapshot, level: Level = Level.DISTRICT, **only: object) -> Bridges:
    return build_bridges(snapshot, muster, list(muster.all_seams(level)), TODAY, **only)  # type: ignore[arg-type]


def seam(muster: Territory, snapshot: RegisterSnapshot, *keys: str, **only: object) -> SeamBridges:
    """One seam, between two keys or letters; between Mühlenheide and Süderberg where none are given."""
    a, b = (KEY.get(key, key) for key in keys or DISTRICTS)
    found = bridges(muster, snapshot, muster.municipalities.areas.level[muster.municipalities.areas.number[a]], **only)
    known = found.of(a, b)
    assert known is not None
    assert known == found.of(b, a)
    return known


def strength(muster: Territory, *members: str, at: tuple[str, ...] = ()) -> Strength | None:
    return seam(muster, of_areas("c", *(KEY.get(each, each) for each in members)), *at).strength


# ---------------------------------------------------------------------------------------------- strengths


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (["03152", "05954"], "full"),  # both areas themselves
        (["J", "K", "O", "P"], "full"),  # all border municipalities of both
        (["03152", "O", "P"], "full"),
        (["K", "P"], "adjacent"),  # some on both sides
        (["03152", "P"], "adjacent"),
        (["E", "P"], "loose"),  # E lies far from the seam
        (["E", "05954"], "loose"),
        (["E", "F"], None),  # nobody on the other side
        (["03152"], None),
        ([], None),
    ],
)
def test_strength_of_a_bridge(muster: Territory, members: list[str], expected: Strength | None) -> None:
    assert strength(muster, *members) == expected


def test_a_member_larger_than_both_sides_bridges_nothing_inside(muster: Territory) -> None:
    assert strength(muster, "03152", at=("H", "Q")) is None
    assert strength(muster, "031525402", at=("H", "Q")) is None
    assert strength(muster, "03152", "H", at=("H", "Q")) is None  # Q is only in its district
    assert strength(muster, "03152", "H", "Q", at=("H", "Q")) == "full"


def test_districts_stand_for_their_municipalities_at_their_edge(muster: Territory) -> None:
    assert strength(muster, "03152", "05954", at=("K", "P")) == "full"
    assert strength(muster, "03152", "P", at=("K", "P")) == "full"


def test_laender_tie_laender_only(muster: Territory) -> None:
    assert strength(muster, "03", "05") is None
    assert strength(muster, "03", "05", at=("03", "05")) == "full"
    assert strength(muster, "03", "P", at=("03", "05")) == "adjacent"


def test_a_city_takes_part_alike_as_municipality_and_as_district(muster: Territory) -> None:
    for city in ("F", "059110000", "05911"):
        assert strength(muster, city, "03152", at=("03152", "05911")) == "full"
        assert strength(muster, city, "E", at=("03152", "05911")) == "loose"


def test_a_union_across_a_district_border_lies_on_both_sides() -> None:
    # the union u holds one square of either district, the districts' only border municipalities
    paper = Paper(
        ("ABCD",),
        union={"A": "ua", "B": "u", "C": "u", "D": "ud"},
        district={"A": "01d", "B": "01d", "C": "01e", "D": "01e"},
        land=dict.fromkeys("ABCD", "01"),
        people=dict.fromkeys("ABCD", 1),
    )
    found = build_bridges(of_areas("c", "u"), paper.territory, list(paper.territory.all_seams(Level.DISTRICT)), TODAY)
    assert [each.strength for each in found] == ["full"]
    inside = build_bridges(
        of_areas("c", "u"), paper.territory, list(paper.territory.all_seams(Level.MUNICIPALITY)), TODAY
    )
    assert [each.strength for each in inside] == [None, None, None]  # it holds B and C both


# ------------------------------------------------------------------------------------------------ who counts


@pytest.mark.parametrize("role", ROLES)
def test_the_role_decides_whether_a_member_ties(muster: Territory, role: str) -> None:
    snapshot = RegisterSnapshot.of([cooperation("c")], [area("c", "03152"), area("c", "05954", role)])
    assert bool(seam(muster, snapshot).bridges) == (role in BRIDGING_ROLES)


@pytest.mark.parametrize(
    ("state", "until", "counts"),
    [
        ("aktiv", None, True),
        ("aktiv", TODAY, False),
        ("gruendung", None, False),
        ("ruhend", None, False),
        ("abwicklung", None, False),
        ("aufgeloest", None, False),
        ("aufgeloest", TODAY, False),
        ("aufgeloest", TODAY + dt.timedelta(days=1), True),
    ],
)
def test_only_active_cooperations_count(muster: Territory, state: str, until: dt.date | None, counts: bool) -> None:
    snapshot = of_areas("c", *DISTRICTS, state=state, valid_until=until)
    assert bool(seam(muster, snapshot).bridges) == counts


def test_members_of_a_member_cooperation_are_members(muster: Territory) -> None:
    snapshot = RegisterSnapshot.of(
        [cooperation("c"), cooperation("d", state="ruhend")], [area("c", "K"), member("c", "d")]
    )
    both = [area("c", KEY["K"]), member("c", "d"), area("d", KEY["P"])]
    found = seam(muster, RegisterSnapshot.of(snapshot.cooperations, both))
    assert [(each.cooperation.ref, each.strength, each.members) for each in found.bridges] == [("c", "adjacent", 2)]


def test_multi_task_unions_do_not_count_unless_asked_for(muster: Territory) -> None:
    snapshot = together(of_areas("union", *DISTRICTS, kind="gesamtgemeinde"))
    assert seam(muster, snapshot).bridges == ()
    assert seam(muster, snapshot, multi_task=True).bridges
    assert seam(muster, snapshot, kind="gesamtgemeinde").bridges


def test_filters(muster: Territory) -> None:
    snapshot = together(
        of_areas("a", *DISTRICTS, tasks=("tourismus", "bildung"), legal_form="ev"),
        of_areas("b", *DISTRICTS, tasks=("abfall",), kind="aufgabenverbund", legal_form="zweckverband"),
    )
    found = bridges(muster, snapshot)
    for only, expected in (
        ({"task": "bildung"}, "a"), ({"kind": "aufgabenverbund"}, "b"), ({"legal_form": "ev"}, "a"),
        ({"task": "abfall", "legal_form": "ev"}, ""), ({}, "ab"),
    ):  # fmt: skip
        narrowed = found.only(**only).of(*DISTRICTS)  # type: ignore[arg-type]
        assert narrowed == bridges(muster, snapshot, **only).of(*DISTRICTS)
        assert narrowed is not None
        assert "".join(each.cooperation.ref for each in narrowed.bridges) == expected
        assert narrowed.state == ("bridged" if expected else "unknown")
    # what was narrowed can be widened again
    assert found.only(task="bildung").only().of(*DISTRICTS) == found.of(*DISTRICTS)


# ------------------------------------------------------------------------------------------------ intensity


def test_intensity_discounts_large_groups(muster: Territory) -> None:
    large = RegisterSnapshot.of(
        [cooperation("large")],
        [area("large", key) for key in DISTRICTS] + [organisation("large", f"o{number}") for number in range(119)],
    )
    small = of_areas("small", *DISTRICTS)
    found = seam(muster, together(large, small))
    assert [(each.cooperation.ref, each.members, each.intensity) for each in found.bridges] == [
        ("small", 2, 1.0), ("large", 121, 1 / 120),
    ]  # fmt: skip
    assert found.intensity == pytest.approx(1 + 1 / 120)


def test_whoever_has_two_roles_or_two_keys_counts_once_and_who_only_watches_not_at_all(muster: Territory) -> None:
    snapshot = RegisterSnapshot.of(
        [cooperation("c")],
        [
            area("c", "03152"), area("c", "03152", "traeger"), area("c", "05954"), area("c", "05900", ref="old"),
            area("c", "03151", "beobachter"), area("c", "15081", "gebiet"), organisation("c", "o", "aufsicht"),
        ],
        [KeyChange("05900", "05954", None)],
    )  # fmt: skip
    assert [each.members for each in seam(muster, snapshot).bridges] == [2]


def test_a_single_member_that_lies_on_both_sides_counts_as_two(muster: Territory) -> None:
    snapshot = RegisterSnapshot.of(
        [cooperation("c"), cooperation("d", state="ruhend")],
        [member("c", "d"), area("d", "03152"), area("d", "05954")],
    )
    assert [(each.members, each.intensity) for each in seam(muster, snapshot).bridges] == [(1, 1.0)]


# ------------------------------------------------------------------------------------- what is known of a seam


@pytest.mark.parametrize(
    ("complete", "state"),
    [
        ([], "unknown"),
        (["03152"], "unknown"),  # one side only
        (["03152", "05954"], "confirmed_none"),
        (["03", "05"], "confirmed_none"),  # areas that hold the sides
        (["03", "05954"], "confirmed_none"),
        (["03152", KEY["O"], KEY["P"]], "unknown"),  # its parts do not speak for a district
    ],
)
def test_a_seam_is_confirmed_unbridged_only_by_both_sides(muster: Territory, complete: list[str], state: str) -> None:
    snapshot = dataclasses.replace(RegisterSnapshot.of([], []), complete=frozenset(complete))
    assert seam(muster, snapshot).state == state
    bridged = dataclasses.replace(of_areas("c", *DISTRICTS), complete=frozenset(complete))
    assert seam(muster, bridged).state == "bridged"


def test_a_statement_about_a_city_holds_for_it_as_a_district(muster: Territory) -> None:
    snapshot = RegisterSnapshot.of([], [], complete=["03", KEY["F"]])
    assert seam(muster, snapshot, "03152", "05911").state == "confirmed_none"


def test_what_an_area_said_before_it_was_merged_is_not_said_by_the_new_one(muster: Territory) -> None:
    changes = [KeyChange("03199", "03152", None)]
    assert seam(muster, RegisterSnapshot.of([], [], changes, ["03199", "05"])).state == "unknown"
    # but what the merged area says holds for what it was made of
    changes = [KeyChange("03152", "03199", None)]
    assert seam(muster, RegisterSnapshot.of([], [], changes, ["03199", "05"])).state == "confirmed_none"


# ------------------------------------------------------------------------------------------------- answers


def test_arrays_tables_and_single_answers_agree(muster: Territory) -> None:
    snapshot = together(of_areas("a", *DISTRICTS), of_areas("b", KEY["K"], KEY["P"], KEY["E"], "05911"))
    found = bridges(muster, snapshot)
    assert len(found) == 10
    table, rows = found.to_frame(), found.bridges_frame()
    for row, each in enumerate(found):
        assert (each.a, each.b) == found.seams[row] == tuple(table.loc[row, ["a", "b"]])
        assert each.state == STATES[found.state[row]] == table.loc[row, "state"]
        assert found.count[row] == len(each.bridges) == table.loc[row, "count"]
        assert found.intensity[row] == pytest.approx(each.intensity)
        assert found.intensity[row] == pytest.approx(sum(bridge.intensity for bridge in each.bridges))
        assert each.strength == (None if found.strength[row] == NO_BRIDGE else STRENGTHS[found.strength[row]])
        mine = rows[(rows["a"] == each.a) & (rows["b"] == each.b)]
        assert set(zip(mine["cooperation"], mine["strength"], strict=True)) == {
            (bridge.cooperation.ref, bridge.strength) for bridge in each.bridges
        }
    assert found.of("03151", "15082") is None
    assert [each.cooperation.ref for each in found.cooperations_of("05954")] == ["a", "b"]
    assert found.on == TODAY


def test_a_register_of_nobody_and_a_country_without_seams(muster: Territory) -> None:
    empty = RegisterSnapshot.of([], [])
    found = bridges(muster, empty)
    assert not found.count.any()
    assert {each.state for each in found} == {"unknown"}
    assert len(build_bridges(empty, muster, [], TODAY)) == 0


def test_seams_may_come_in_any_order_and_from_either_side(muster: Territory) -> None:
    snapshot = together(of_areas("a", *DISTRICTS), of_areas("b", KEY["K"], KEY["P"], KEY["E"], "05911"))
    seams = [each for key in ("15082", "05954", "03152") for each in muster.seams_of(key, Level.DISTRICT)]
    turned = build_bridges(
        snapshot, muster, list({frozenset((s.own_key, s.other_key)): s for s in seams}.values()), TODAY
    )
    straight = bridges(muster, snapshot)
    assert list(turned.seams) == sorted(turned.seams)
    assert all(each == straight.of(each.a, each.b) for each in turned)


# ----------------------------------------------------------------------------------------------------- laws


def told(snapshot: RegisterSnapshot, paper: Paper, level: Level, **only: bool) -> list[SeamBridges]:
    seams = list(paper.territory.all_seams(level))
    return list(build_bridges(snapshot, paper.territory, seams, TODAY, **only))  # type: ignore[arg-type]


def by_hand(snapshot: RegisterSnapshot, paper: Paper, level: Level) -> dict[tuple[str, str], dict[str, Strength]]:
    """The definition, seam by seam and cooperation by cooperation, on sets of letters."""
    territory = paper.territory
    spaces = Spaces(snapshot, territory, TODAY)

    def members_of(ref: str, seen: frozenset[str]) -> list[Membership]:
        found = []
        for each in snapshot.members_on(ref, TODAY):
            if each.role not in BRIDGING_ROLES:
                continue
            other = each.member_cooperation
            if other is None:
                found.append(each)
            elif other not in seen and snapshot.by_ref[other].exists_on(TODAY):
                found += members_of(other, seen | {other})
        return found

    def ground(key: str) -> tuple[Level, set[str]]:
        """The smallest level on which an area with the same municipalities stands, and these."""
        several = [(at, other) for at in LEVELS for other in paper.areas(at)]
        mine = next(paper.members(other, at) for at, other in several if other == key)
        return next(at for at, other in several if paper.members(other, at) == mine), mine

    found: dict[tuple[str, str], dict[str, Strength]] = {}
    for seam in territory.all_seams(level):
        sides = [paper.members(key, level) for key in (seam.own_key, seam.other_key)]
        at_seam = [set(seam.own.municipalities), set(seam.other.municipalities)]
        for each in snapshot.active_on(TODAY):
            if each.kind == "gesamtgemeinde":
                continue
            taking_part: set[str] = set()
            for membership in members_of(each.ref, frozenset({each.ref})):
                for key in spaces.lineage.carry(membership.area_key).keys if membership.area_key else ():
                    at, letters = ground(key)
                    if at <= level or (at is not Level.LAND and not (sides[0] | sides[1]) <= letters):
                        taking_part |= letters
            if not all(side & taking_part for side in sides):
                continue
            strength: Strength = (
                "full" if all(border <= taking_part for border in at_seam)
                else "adjacent" if all(border & taking_part for border in at_seam)
                else "loose"
            )  # fmt: skip
            found.setdefault((seam.own_key, seam.other_key), {})[each.ref] = strength
    return found


@settings(max_examples=60)
@given(papers(), st.sampled_from(LEVELS), st.data())
def test_bridges_are_what_the_definition_says(paper: Paper, level: Level, data: st.DataObject) -> None:
    snapshot = data.draw(snapshots(paper))
    expected = by_hand(snapshot, paper, level)
    for each in told(snapshot, paper, level):
        assert {bridge.cooperation.ref: bridge.strength for bridge in each.bridges} == expected.get(
            (each.a, each.b), {}
        )
        assert (each.state == "bridged") == bool(each.bridges)


@settings(max_examples=60)
@given(papers(), st.sampled_from(LEVELS))
def test_a_cooperation_of_all_areas_bridges_every_seam(paper: Paper, level: Level) -> None:
    snapshot = of_areas("c", *paper.areas(level))
    assert {each.strength for each in told(snapshot, paper, level)} <= {"full"}
    everybody = of_areas("c", *paper.letters)
    assert {each.strength for each in told(everybody, paper, level)} <= {"full"}


@settings(max_examples=60)
@given(papers(), st.sampled_from(LEVELS), st.data())
def test_adding_a_member_never_opens_or_weakens_a_bridge(paper: Paper, level: Level, data: st.DataObject) -> None:
    before = data.draw(snapshots(paper))
    if not before.cooperations:
        return
    ref = data.draw(st.sampled_from(before.cooperations)).ref
    key = data.draw(st.sampled_from([key for at in LEVELS for key in paper.areas(at)] or ["nowhere"]))
    new = area(ref, key, data.draw(st.sampled_from(ROLES)), ref="new")
    after = RegisterSnapshot.of(before.cooperations, [*before.memberships, new], before.key_changes, before.complete)
    for one, other in zip(told(before, paper, level), told(after, paper, level), strict=True):
        had = {each.cooperation.ref: STRENGTHS.index(each.strength) for each in one.bridges}
        has = {each.cooperation.ref: STRENGTHS.index(each.strength) for each in other.bridges}
        assert all(has[ref] <= code for ref, code in had.items())


@settings(max_examples=40)
@given(papers(), st.sampled_from(LEVELS), st.data())
def test_order_does_not_matter_and_intensities_add(paper: Paper, level: Level, data: st.DataObject) -> None:
    snapshot = data.draw(snapshots(paper))
    shuffled = RegisterSnapshot.of(
        data.draw(st.permutations(snapshot.cooperations)), data.draw(st.permutations(snapshot.memberships)),
        data.draw(st.permutations(snapshot.key_changes)), snapshot.complete,
    )  # fmt: skip
    found = told(snapshot, paper, level)
    assert found == told(shuffled, paper, level)
    other = RegisterSnapshot.of(
        [dataclasses.replace(each, ref=f"x{each.ref}") for each in snapshot.cooperations],
        [
            dataclasses.replace(
                each, cooperation=f"x{each.cooperation}",
                member_cooperation=each.member_cooperation and f"x{each.member_cooperation}",
            )
            for each in snapshot.memberships
        ],
        snapshot.key_changes,
    )  # fmt: skip
    twice = RegisterSnapshot.of(
        [*snapshot.cooperations, *other.cooperations], [*snapshot.memberships, *other.memberships],
        snapshot.key_changes, snapshot.complete,
    )  # fmt: skip
    np.testing.assert_allclose(
        [each.intensity for each in told(twice, paper, level)], [2 * each.intensity for each in found]
    )


@settings(max_examples=60)
@given(papers(), st.sampled_from(LEVELS), st.data())
def test_what_stayed_is_taken_over_and_all_is_as_anew(paper: Paper, level: Level, data: st.DataObject) -> None:
    one, other = data.draw(snapshots(paper)), data.draw(snapshots(paper))
    source = {ref: data.draw(st.sampled_from([one, one, other])) for ref in one.by_ref | other.by_ref}
    changes = data.draw(st.sampled_from([one, one, other]))
    after = RegisterSnapshot.of(
        [each for snapshot in (one, other) for each in snapshot.cooperations if source[each.ref] is snapshot],
        [each for snapshot in (one, other) for each in snapshot.memberships if source[each.cooperation] is snapshot],
        changes.key_changes,
        changes.complete,
    )

    def theirs(snapshot: RegisterSnapshot, ref: str) -> object:
        return snapshot.by_ref.get(ref), snapshot.members.get(ref)

    refs = {ref for ref in source if theirs(one, ref) != theirs(after, ref)}
    anew = RegisterSnapshot.of(
        [each for each in after.cooperations if each.ref in refs],
        [each for each in after.memberships if each.cooperation in refs],
        after.key_changes,
        after.complete,
        after.by_ref,
    )
    found = one.with_anew(refs, anew)
    assert found == after
    territory = paper.territory
    seams = list(territory.all_seams(level))
    before = build_bridges(one, territory, seams, TODAY)
    spaces = Spaces(found, territory, TODAY, before=before.spaces)
    quick = build_bridges(found, territory, seams, TODAY, spaces=spaces, before=before)
    slow = build_bridges(after, territory, seams, TODAY)
    assert list(quick) == list(slow)
    assert spaces.sizes.tolist() == slow.spaces.sizes.tolist()
    assert [spaces.footprint(ref) for ref in found.by_ref] == [slow.spaces.footprint(ref) for ref in after.by_ref]
