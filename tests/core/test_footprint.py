"""Footprints: whom members stand for, which figures follow, and what is flagged because it is not exact."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.core.registers import (
    TODAY,
    area,
    cooperation,
    letters,
    member,
    of_areas,
    organisation,
    snapshots,
    together,
)
from tests.core.squared_paper import Paper, papers

from nahtstelle.core.footprint import Spaces, Territory, footprint, memberships_resolved
from nahtstelle.core.keys import LEVELS, Level
from nahtstelle.core.model import Footprint, KeyChange, People, RegisterSnapshot
from nahtstelle.testing.musterland import KEY_OF_LETTER

KEY = KEY_OF_LETTER


def space(muster: Territory, snapshot: RegisterSnapshot, ref: str = "c") -> Footprint:
    return footprint(snapshot, muster, ref, TODAY)


def keys(*named: str) -> RegisterSnapshot:
    """A cooperation of these areas: keys, or letters of municipalities."""
    return of_areas("c", *(KEY.get(each, each) for each in named))


# ------------------------------------------------------------------------------------------------- figures


def test_figures_are_those_of_the_municipalities(muster: Territory) -> None:
    found = space(muster, keys("A", "C"))
    assert letters(found.municipalities) == "AC"
    assert found.people == People(1_700, known=2, of=2)
    assert found.area_m2 == pytest.approx(8e6)
    assert (found.ref, found.on, found.laender) == ("c", TODAY, ("03",))


@pytest.mark.parametrize(
    ("key", "stands_for"),
    [("031515401", "ADI"), ("03152", "EGHJKQ"), ("05", "FOP"), ("05911", "F"), ("059110000", "F"), ("03151004", "D")],
)
def test_larger_areas_stand_for_their_municipalities(muster: Territory, key: str, stands_for: str) -> None:
    assert letters(space(muster, keys(key)).municipalities) == stands_for


def test_an_area_named_twice_counts_once(muster: Territory) -> None:
    assert space(muster, keys("031515401", "A")).people == space(muster, keys("031515401")).people


def test_people_say_how_many_are_known(muster: Territory) -> None:
    assert space(muster, keys("L", "M")).people == People(6_400, known=1, of=2)
    assert space(muster, keys("M")).people == People(None, known=0, of=1)


def test_shares_of_districts_are_told_by_people_and_by_area(muster: Territory) -> None:
    coast, hills = space(muster, keys("A", "B", "P")).districts
    assert (coast.key, coast.municipalities, coast.of) == ("03151", 2, 5)
    assert coast.people_share == pytest.approx(9_200 / 12_040)
    assert coast.area_share == pytest.approx(8 / 14)
    assert (hills.key, hills.people_share) == ("05954", pytest.approx(700 / 22_700))


def test_a_share_of_nobody_known_is_missing(muster: Territory) -> None:
    only = replace(
        muster, municipalities=replace(muster.municipalities, people=muster.municipalities.people * float("nan"))
    )
    (coast,) = space(only, keys("A")).districts
    assert coast.people_share is None
    assert coast.area_share is not None


def test_without_areas_of_the_municipalities_there_is_none_of_the_footprint(muster: Territory) -> None:
    bare = replace(muster, municipalities=replace(muster.municipalities, area_m2=None))
    assert space(bare, keys("A")).area_m2 is None


# -------------------------------------------------------------------------------------- parts and enclaves


def test_parts_hang_together_along_lines_and_not_in_corners(muster: Territory) -> None:
    assert [letters(part) for part in space(muster, keys("A", "C", "D", "I")).parts] == ["AD", "C", "I"]


def test_an_area_in_two_pieces_is_one_part(muster: Territory) -> None:
    # N lies in the east and between O and R; the map knows its municipalities only as wholes
    assert [letters(part) for part in space(muster, keys("N")).parts] == ["N"]


def test_what_a_footprint_encloses_is_an_enclave(muster: Territory) -> None:
    assert [letters(group) for group in space(muster, keys("L")).enclaves] == ["M"]
    assert space(muster, keys("L", "M")).enclaves == ()


def test_several_municipalities_can_be_one_enclave(muster: Territory) -> None:
    around = set("ABCDEFGHIJKLMNOPQRSW") - set("QM")
    assert [letters(group) for group in space(muster, keys(*around)).enclaves] == ["Q", "M"]


def test_what_lies_at_the_outer_edge_is_no_enclave(muster: Territory) -> None:
    everybody = set("ABCDEFGHIJKLMNOPQRSW")
    assert space(muster, keys(*(everybody - {"A", "E"}))).enclaves == ()  # at the sea, at the lake


def test_nobody_has_no_footprint(muster: Territory) -> None:
    found = space(muster, RegisterSnapshot.of([cooperation("c")], [organisation("c", "o")]))
    assert (found.municipalities, found.parts, found.enclaves, found.districts) == ((), (), (), ())
    assert (found.people, found.area_m2) == (People(0, 0, 0), 0)


# -------------------------------------------------------------------------------------------- who counts


@pytest.mark.parametrize(
    ("role", "counts"),
    [("traeger", True), ("mitglied", True), ("partner", True), ("gebiet", True),
     ("foerdermitglied", False), ("beobachter", False), ("aufsicht", False)],
)  # fmt: skip
def test_the_role_decides_what_belongs_to_the_space(muster: Territory, role: str, counts: bool) -> None:
    snapshot = RegisterSnapshot.of([cooperation("c")], [area("c", KEY["A"], role)])
    assert letters(space(muster, snapshot).municipalities) == ("A" if counts else "")


def test_memberships_count_while_they_hold(muster: Territory) -> None:
    before, after = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)
    snapshot = RegisterSnapshot.of(
        [cooperation("c")],
        [
            area("c", KEY["A"], valid_from=TODAY),
            area("c", KEY["B"], valid_until=TODAY),  # excluded
            area("c", KEY["C"], valid_from=after),
            area("c", KEY["D"], valid_from=before, valid_until=after),
        ],
    )
    assert letters(space(muster, snapshot).municipalities) == "AD"
    assert letters(Spaces(snapshot, muster, None).footprint("c").municipalities) == "ABCD"


def test_a_land_with_members_inside_it_adds_nothing_and_says_so(muster: Territory) -> None:
    found = space(muster, keys("03", "03152", "15"))
    assert letters(found.municipalities) == "".join(sorted("EGHJKQLMNRSW"))
    assert [each.membership.area_key for each in found.beside] == ["03"]
    assert letters(space(muster, keys("03")).municipalities) == "ABCDEGHIJKQ"


def test_a_member_cooperation_stands_for_its_members(muster: Territory) -> None:
    snapshot = RegisterSnapshot.of(
        [cooperation("c"), cooperation("d"), cooperation("e")],
        [area("c", KEY["A"]), member("c", "d"), area("d", KEY["B"]), member("d", "e"), area("e", KEY["C"])],
    )
    assert letters(space(muster, snapshot).municipalities) == "ABC"
    resolved = memberships_resolved(snapshot, muster, "c", TODAY)
    assert [(each.keys, each.through) for each in resolved] == [
        ((KEY["A"],), ()), ((KEY["B"],), ("d",)), ((KEY["C"],), ("d", "e")),
    ]  # fmt: skip


def test_circles_of_cooperations_do_no_harm(muster: Territory) -> None:
    snapshot = RegisterSnapshot.of(
        [cooperation("c"), cooperation("d")],
        [member("c", "d"), member("d", "c"), area("c", KEY["A"]), area("d", KEY["B"])],
    )
    assert letters(space(muster, snapshot).municipalities) == "AB"
    assert letters(space(muster, snapshot, "d").municipalities) == "AB"


def test_on_the_way_every_role_has_to_count(muster: Territory) -> None:
    observed = RegisterSnapshot.of(
        [cooperation("c"), cooperation("d")], [member("c", "d", "beobachter"), area("d", KEY["B"])]
    )
    assert space(muster, observed).municipalities == ()
    both = RegisterSnapshot.of(observed.cooperations, [*observed.memberships, member("c", "d", "mitglied")])
    assert letters(space(muster, both).municipalities) == "B"


def test_a_member_cooperation_that_has_ended_has_no_members(muster: Territory) -> None:
    snapshot = RegisterSnapshot.of(
        [cooperation("c"), cooperation("d", state="aufgeloest", valid_until=TODAY)],
        [member("c", "d"), area("d", KEY["B"])],
    )
    assert space(muster, snapshot).municipalities == ()
    assert letters(footprint(snapshot, muster, "c", TODAY - dt.timedelta(days=1)).municipalities) == "B"


def test_who_does_not_exist_has_no_footprint(muster: Territory) -> None:
    with pytest.raises(KeyError):
        space(muster, keys("A"), "x")


# ------------------------------------------------------------------------------------------ what is flagged


def test_a_part_of_an_area_counts_in_whole_and_is_flagged(muster: Territory) -> None:
    snapshot = RegisterSnapshot.of([cooperation("c")], [area("c", KEY["A"], part="der Norden"), area("c", KEY["B"])])
    found = space(muster, snapshot)
    assert found.people == People(9_200, 2, 2)
    assert [each.membership.part for each in found.partial] == ["der Norden"]


def test_keys_of_other_days_are_carried_and_flagged(muster: Territory) -> None:
    snapshot = RegisterSnapshot.of(
        [cooperation("c")], [area("c", "03151099"), area("c", KEY["B"])], [KeyChange("03151099", "03151001", None)]
    )
    found = space(muster, snapshot)
    assert letters(found.municipalities) == "AB"
    assert [(each.membership.area_key, each.way) for each in found.carried] == [("03151099", "later")]


def test_keys_that_lead_nowhere_are_listed(muster: Territory) -> None:
    found = space(muster, keys("A", "99999"))
    assert letters(found.municipalities) == "A"
    assert [each.membership.area_key for each in found.unresolved] == ["99999"]


# ------------------------------------------------------------------------------------------------ overlaps


def test_overlaps_with_other_active_cooperations(muster: Territory) -> None:
    snapshot = together(
        of_areas("c", KEY["A"], KEY["B"]), of_areas("d", KEY["B"], KEY["K"]), of_areas("far", KEY["S"]),
        of_areas("gone", KEY["A"], state="aufgeloest", valid_until=TODAY), of_areas("asleep", KEY["A"], state="ruhend"),
    )  # fmt: skip
    (found,) = space(muster, snapshot).overlaps
    assert (found.ref, found.municipalities, found.people) == ("d", 1, People(8_000, 1, 1))
    assert found.people_share == pytest.approx(8_000 / 9_200)
    assert found.other_people_share == pytest.approx(8_000 / 17_700)
    assert found.area_share == pytest.approx(3 / 8)
    assert found.other_area_share == pytest.approx(3 / 8)
    assert found.area_m2 == pytest.approx(3e6)
    assert not found.in_part
    assert Spaces(snapshot, muster, TODAY).footprint("c", overlaps=False).overlaps == ()


def test_an_overlap_of_parts_is_flagged(muster: Territory) -> None:
    snapshot = RegisterSnapshot.of(
        [cooperation("c"), cooperation("d")], [area("c", KEY["B"]), area("d", KEY["B"], part="der Hafen")]
    )
    assert [each.in_part for ref in "cd" for each in space(muster, snapshot, ref).overlaps] == [True, True]


# ------------------------------------------------------------------------------- cooperations of an area


def of_area(muster: Territory, snapshot: RegisterSnapshot, key: str) -> dict[str, str]:
    return {each.cooperation.ref: each.how for each in Spaces(snapshot, muster, TODAY).cooperations_of(key)}


def test_an_area_belongs_itself_through_its_parent_or_through_its_parts(muster: Territory) -> None:
    snapshot = together(
        of_areas("own", "03151"), of_areas("parent", "03"), of_areas("parts", KEY["A"]), of_areas("other", "05"),
        of_areas("both", "03", "03151", KEY["A"]),
    )  # fmt: skip
    assert of_area(muster, snapshot, "03151") == {"both": "own", "own": "own", "parent": "parent", "parts": "parts"}
    found = Spaces(snapshot, muster, TODAY).cooperations_of("03151")
    assert [each.membership.area_key for each in found[0].memberships] == ["03151", "03", KEY["A"]]


def test_a_city_that_is_a_district_is_the_same_ground(muster: Territory) -> None:
    snapshot = together(of_areas("city", KEY["F"]), of_areas("district", "05911"))
    for key in ("05911", "059110000", KEY["F"]):
        assert of_area(muster, snapshot, key) == {"city": "own", "district": "own"}


def test_every_role_and_every_state_shows_but_not_what_is_past(muster: Territory) -> None:
    snapshot = RegisterSnapshot.of(
        [
            cooperation("watching"), cooperation("asleep", state="ruhend"), cooperation("left"),
            cooperation("gone", state="aufgeloest", valid_until=TODAY), cooperation("lost", state="aufgeloest"),
        ],
        [
            area("watching", KEY["A"], "beobachter"), area("asleep", KEY["A"]),
            area("left", KEY["A"], valid_until=TODAY), area("gone", KEY["A"]), area("lost", KEY["A"]),
        ],
    )  # fmt: skip
    assert of_area(muster, snapshot, KEY["A"]) == {"watching": "own", "asleep": "own"}
    ever = Spaces(snapshot, muster, None).cooperations_of(KEY["A"])
    assert {each.cooperation.ref for each in ever} == {"watching", "asleep", "left", "gone", "lost"}


def test_membership_through_a_member_cooperation_names_the_way(muster: Territory) -> None:
    snapshot = RegisterSnapshot.of([cooperation("c"), cooperation("d")], [member("c", "d"), area("d", KEY["A"])])
    found = {each.cooperation.ref: each for each in Spaces(snapshot, muster, TODAY).cooperations_of(KEY["A"])}
    assert found["c"].memberships[0].through == ("d",)
    assert found["d"].memberships[0].through == ()


def test_an_unknown_area_is_refused(muster: Territory) -> None:
    with pytest.raises(KeyError):
        Spaces(keys("A"), muster, TODAY).cooperations_of("99")


# ----------------------------------------------------------------------------------------------------- laws


def members(paper: Paper, *, laender: bool = True) -> st.SearchStrategy[list[str]]:
    levels = LEVELS if laender else LEVELS[:-1]
    return st.lists(st.sampled_from([key for level in levels for key in paper.areas(level)] or ["nowhere"]))


@given(papers(), st.data())
def test_the_footprint_of_all_members_is_that_of_some_and_that_of_the_others(paper: Paper, data: st.DataObject) -> None:
    one, other = data.draw(members(paper, laender=False)), data.draw(members(paper, laender=False))
    spaces = [
        set(footprint(of_areas("c", *dict.fromkeys(each)), paper.territory, "c", TODAY).municipalities)
        for each in (one, other, one + other)
    ]
    assert spaces[0] | spaces[1] == spaces[2]


@given(papers(), st.data())
def test_parts_and_enclaves_are_what_can_be_walked_on_the_paper(paper: Paper, data: st.DataObject) -> None:
    assume(paper.letters)
    found = footprint(of_areas("c", *set(data.draw(members(paper)))), paper.territory, "c", TODAY)
    own, facing = set(found.municipalities), paper.facing

    def walked(among: set[str]) -> set[frozenset[str]]:
        several = set()
        for start in among:
            seen, queue = {start}, [start]
            while queue:
                here = queue.pop()
                nearby = {each for each in among - seen if facing[here, each]}
                seen |= nearby
                queue += nearby
            several.add(frozenset(seen))
        return several

    assert {frozenset(part) for part in found.parts} == walked(own)
    inside = {
        group for group in walked(set(paper.letters) - own) if own and not any(facing[each, "~"] for each in group)
    }
    assert {frozenset(group) for group in found.enclaves} == inside
    known = paper.known(sorted(own))
    assert found.people == People(sum(known) if known or not own else None, len(known), len(own))
    assert sum(share.municipalities for share in found.districts) == len(
        [x for x in own if paper.of(x, Level.DISTRICT)]
    )


@given(papers(), st.data())
def test_another_day_is_the_same_as_resolving_anew(paper: Paper, data: st.DataObject) -> None:
    snapshot = data.draw(snapshots(paper))
    today = Spaces(snapshot, paper.territory, TODAY)
    for day in (None, TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)):
        moved, anew = today.at(day), Spaces(snapshot, paper.territory, day)
        for each in snapshot.cooperations:
            assert moved.footprint(each.ref) == anew.footprint(each.ref)
        for key in paper.areas(Level.DISTRICT):
            assert moved.cooperations_of(key) == anew.cooperations_of(key)


@given(papers(), st.data())
def test_order_does_not_matter_and_overlaps_are_mutual(paper: Paper, data: st.DataObject) -> None:
    snapshot = data.draw(snapshots(paper))
    shuffled = RegisterSnapshot.of(
        data.draw(st.permutations(snapshot.cooperations)), data.draw(st.permutations(snapshot.memberships)),
        data.draw(st.permutations(snapshot.key_changes)), snapshot.complete,
    )  # fmt: skip
    one, other = Spaces(snapshot, paper.territory, TODAY), Spaces(shuffled, paper.territory, TODAY)
    found = {}
    for each in snapshot.cooperations:
        found[each.ref] = one.footprint(each.ref)
        assert found[each.ref] == other.footprint(each.ref)
    active = {each.ref for each in snapshot.active_on(TODAY)}
    common = {(a, each.ref, each.municipalities, each.in_part) for a in active for each in found[a].overlaps}
    assert common == {(b, a, number, in_part) for a, b, number, in_part in common}
