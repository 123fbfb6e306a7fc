"""People joined to areas of another date: nothing is guessed, and nothing is lost unseen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nahtstelle.editions.people import JoinedPeople, join_people
from nahtstelle.editions.sources.records import KeyChanges, Origin, PeopleSource
from nahtstelle.errors import FrameError

EARLY, LATE = dt.date(2021, 12, 31), dt.date(2023, 12, 31)
ORIGIN = Origin("Amt", "Verzeichnis", "frei", None, "© Amt", "© Amt (Daten verändert)")


def ars(ags: str, union: str = "0000") -> str:
    return ags[:5] + union + ags[5:]


def areas(*ags: str, union: str = "0000") -> pd.DataFrame:
    rows = [{"key": ars(each, union), "ags": each, "name": f"Ort {int(each[5:])}"} for each in ags]
    return pd.DataFrame(rows, columns=["key", "ags", "name"], dtype="string")


def register(people: dict[str, int | None], valid_on: dt.date, *, with_ars: bool = True) -> PeopleSource:
    rows = [
        {
            "key": ars(ags) if with_ars else None,
            "ags": ags,
            "name": f"Ort {int(ags[5:])}",
            "people": number,
            "area_m2": 1000.0 * int(ags[5:]),
            "postcode": ags[:5],
            "lon": 10.0 + int(ags[5:]) / 1000,
            "lat": 50.0,
        }
        for ags, number in people.items()
    ]
    frame = pd.DataFrame(rows).astype({"key": "string", "ags": "string", "people": "Int64"})
    return PeopleSource(ORIGIN, valid_on, valid_on, frame, pd.DataFrame(), ())


def change(kind: str, before: str, after: str, people: int | None, valid_on: dt.date) -> dict[str, Any]:
    return {
        "before_key": ars(before),
        "before_ags": before,
        "before_name": f"Ort {int(before[5:])}",
        "kind": kind,
        "area_m2": 1000.0,
        "people": people,
        "after_key": ars(after),
        "after_ags": after,
        "after_name": f"Ort {int(after[5:])}",
        "valid_on": valid_on,
    }


def changes(
    *lines: dict[str, Any], since: dt.date = dt.date(2022, 1, 1), until: dt.date = dt.date(2023, 12, 31)
) -> KeyChanges:
    frame = pd.DataFrame(list(lines), columns=list(change("renamed", A, A, 0, EARLY)))
    return KeyChanges(ORIGIN, since, until, frame.astype({"people": "Int64"}), ())


A, B, C, D, NEW = "01001001", "01001002", "01001003", "01001004", "01001009"
NEW_YEAR = dt.date(2023, 1, 1)


def people_of(joined: JoinedPeople) -> list[int | None]:
    return [None if pd.isna(number) else int(number) for number in joined.frame["people"]]


def basis_of(joined: JoinedPeople) -> list[str | None]:
    return [None if pd.isna(basis) else basis for basis in joined.frame["people_basis"]]


# ------------------------------------------------------------------------------------------- without changes


def test_one_key_on_both_sides_is_matched_with_all_figures() -> None:
    joined = join_people(areas(B, A), register({A: 5, B: 7}, LATE), [], LATE)
    assert joined.frame.index.tolist() == [ars(B), ars(A)]
    assert joined.frame.index.name == "key"
    assert list(joined.frame.columns) == ["people", "people_basis", "area_m2", "postcode", "lon", "lat"]
    assert joined.frame.iloc[0].tolist() == [7, "key", 2000.0, "01001", 10.002, 50.0]
    assert joined.frame["people"].dtype == "Int64"
    assert (joined.unmatched_areas, joined.unmatched_people, joined.notes) == ((), (), ())


def test_another_union_is_matched_by_ags() -> None:
    joined = join_people(areas(A, union="5175"), register({A: 5}, LATE), [], LATE)
    assert (people_of(joined), basis_of(joined)) == ([5], ["ags"])


def test_a_register_without_ars_and_areas_without_ags_are_matched_by_ags() -> None:
    joined = join_people(areas(A), register({A: 5}, LATE, with_ars=False), [], LATE)
    assert basis_of(joined) == ["ags"]
    lau = pd.DataFrame({"key": [A], "ags": pd.array([None], dtype="string"), "name": ["Ort"]})
    assert people_of(join_people(lau, register({A: 5}, LATE), [], LATE)) == [5]


def test_what_has_no_counterpart_is_listed_on_either_side() -> None:
    joined = join_people(areas(A, B), register({A: 5, C: 9}, LATE), [], LATE)
    assert people_of(joined) == [5, None]
    assert [str(each) for each in joined.unmatched_areas] == [
        f"{ars(B)} Ort 2: the register of 2023-12-31 has no line with AGS {B}"
    ]
    assert [str(each) for each in joined.unmatched_people] == [f"{ars(C)} Ort 3, 9 people: no area has this key"]


def test_land_that_is_none_is_listed_and_never_matched() -> None:
    no_land = {"07000999": 0, "10042999": 0, "13000999": 0}
    joined = join_people(areas(A), register({A: 5, **no_land}, LATE), [], LATE)
    assert [each.key for each in joined.unmatched_people] == [ars(ags) for ags in no_land]


def test_a_line_without_a_figure_leaves_its_area_unknown_and_listed() -> None:
    joined = join_people(areas(A), register({A: None}, LATE), [], LATE)
    assert people_of(joined) == [None]
    assert joined.unmatched_areas[0].why == "the register has no figure for it"
    assert joined.unmatched_people == ()


def test_days_without_official_changes_are_noted() -> None:
    only_2023 = changes(since=dt.date(2023, 1, 1))
    joined = join_people(areas(A, B), register({A: 5}, EARLY), [only_2023], LATE)
    assert joined.notes == (
        "no official changes were given for 2022-01-01 to 2022-12-31: "
        "an area whose key stayed may have gained or lost others",
    )
    assert joined.unmatched_areas[0].why.endswith("; no official changes were given for 2022-01-01 to 2022-12-31")
    first, second = changes(until=dt.date(2022, 6, 30)), changes(since=dt.date(2022, 7, 1))
    assert join_people(areas(A), register({A: 5}, EARLY), [second, first], LATE).notes == ()


# -------------------------------------------------------------------------------- areas newer than the people


def test_a_new_key_is_followed_to_newer_areas() -> None:
    moved = changes(change("rekeyed", A, NEW, None, NEW_YEAR))
    joined = join_people(areas(NEW), register({A: 5}, EARLY), [moved], LATE)
    assert (people_of(joined), basis_of(joined)) == ([5], ["rekeyed"])
    assert joined.frame["postcode"].tolist() == ["01001"]
    assert not joined.unmatched_people


def test_a_merger_into_a_new_area_adds_up_its_predecessors() -> None:
    merged = changes(change("dissolved", A, NEW, 4, NEW_YEAR), change("dissolved", B, NEW, 6, NEW_YEAR))
    joined = join_people(areas(NEW), register({A: 5, B: 7}, EARLY), [merged], LATE)
    assert (people_of(joined), basis_of(joined)) == ([12], ["merged"])
    assert joined.frame["area_m2"].tolist() == [3000.0]
    assert joined.frame[["postcode", "lon", "lat"]].isna().all(axis=None)
    assert not joined.unmatched_people


def test_an_area_that_kept_its_key_and_took_others_in_counts_them_too() -> None:
    merged = changes(change("dissolved", B, A, 6, NEW_YEAR))
    joined = join_people(areas(A), register({A: 5, B: 7}, EARLY), [merged], LATE)
    assert (people_of(joined), basis_of(joined)) == ([12], ["merged"])
    assert joined.frame["postcode"].notna().all()


def test_a_merger_with_an_unknown_predecessor_stays_unknown() -> None:
    merged = changes(change("dissolved", A, NEW, 4, NEW_YEAR), change("dissolved", B, NEW, 6, NEW_YEAR))
    joined = join_people(areas(NEW), register({A: 5, B: None}, EARLY), [merged], LATE)
    assert people_of(joined) == [None]
    assert joined.unmatched_areas[0].why == f"the register has no figure for Ort 2 ({ars(B)})"
    assert [each.people for each in joined.unmatched_people] == [5, None]
    joined = join_people(areas(NEW), register({A: 5}, EARLY), [merged], LATE)
    assert people_of(joined) == [None]


def test_a_merger_of_which_the_register_has_one_side_only_stays_unknown() -> None:
    merged = changes(change("dissolved", A, B, 4, NEW_YEAR))
    joined = join_people(areas(B), register({A: 5}, EARLY), [merged], LATE)
    assert people_of(joined) == [None]
    assert "others the register does not have" in joined.unmatched_areas[0].why
    assert "belongs to" in joined.unmatched_people[0].why


def test_a_divided_area_leaves_all_its_heirs_unknown() -> None:
    divided = changes(change("dissolved", A, B, 2, NEW_YEAR), change("dissolved", A, C, 3, NEW_YEAR))
    joined = join_people(areas(B, C, D), register({A: 5, B: 7, C: 8, D: 9}, EARLY), [divided], LATE)
    assert people_of(joined) == [None, None, 9]
    assert joined.unmatched_areas[0].why == f"got a part of Ort 1 ({ars(A)}), whose people are known as a whole only"
    assert [(each.key, each.people) for each in joined.unmatched_people] == [(ars(A), 5), (ars(B), 7), (ars(C), 8)]
    assert joined.unmatched_people[0].why == f"divided among Ort 2 ({ars(B)}), Ort 3 ({ars(C)})"


def test_an_uninhabited_area_may_be_divided_without_harm() -> None:
    divided = changes(change("dissolved", A, B, 0, NEW_YEAR), change("dissolved", A, C, 0, NEW_YEAR))
    joined = join_people(areas(B, C), register({A: 0, B: 7, C: 8}, EARLY), [divided], LATE)
    assert people_of(joined) == [7, 8]
    assert joined.frame["area_m2"].isna().all()
    assert not joined.unmatched_people


def test_changes_are_followed_over_several_years_in_any_order_given() -> None:
    later = changes(change("dissolved", NEW, C, 11, dt.date(2023, 7, 1)), since=dt.date(2023, 1, 1))
    earlier = changes(
        change("dissolved", A, NEW, 4, dt.date(2022, 7, 1)),
        change("rekeyed", B, NEW, None, dt.date(2022, 7, 1)),
        until=dt.date(2022, 12, 31),
    )
    joined = join_people(areas(C), register({A: 5, B: 7, C: 8}, EARLY), [later, earlier], LATE)
    assert (people_of(joined), basis_of(joined)) == ([20], ["merged"])


def test_changes_outside_the_two_dates_are_not_applied() -> None:
    before, on_the_day = change("dissolved", A, B, 4, EARLY), change("dissolved", A, C, 4, LATE)
    joined = join_people(areas(B, C), register({A: 5, B: 7, C: 8}, EARLY), [changes(before, on_the_day)], LATE)
    assert people_of(joined) == [7, 13]
    assert people_of(join_people(areas(A), register({A: 5}, LATE), [changes(on_the_day)], LATE)) == [5]


def test_without_a_date_of_the_areas_no_change_is_applied() -> None:
    joined = join_people(areas(NEW), register({A: 5}, EARLY), [changes(change("rekeyed", A, NEW, 4, NEW_YEAR))], None)
    assert people_of(joined) == [None]


def test_transfers_of_parts_are_noted_and_what_stays_is_not() -> None:
    lines = changes(change("partial", A, B, 3, NEW_YEAR), change("partial", A, A, 4, NEW_YEAR))
    for valid_on, known_on in ((LATE, EARLY), (EARLY, LATE)):
        joined = join_people(areas(A, B), register({A: 5, B: 7}, known_on), [lines], valid_on)
        assert people_of(joined) == [5, 7]
        assert joined.notes == (
            f"on 2023-01-01 3 people and 1,000 m² went from Ort 1 ({ars(A)}) to Ort 2 ({ars(B)}); "
            "the figures of both are those of the register",
        )


# -------------------------------------------------------------------------------- areas older than the people


def test_a_new_key_is_followed_back_to_older_areas() -> None:
    moved = changes(change("rekeyed", A, NEW, None, NEW_YEAR))
    joined = join_people(areas(A), register({NEW: 5}, LATE), [moved], EARLY)
    assert (people_of(joined), basis_of(joined)) == ([5], ["rekeyed"])


def test_members_of_a_later_merger_stay_unknown_and_name_the_successor() -> None:
    merged = changes(change("dissolved", A, NEW, 4, NEW_YEAR), change("dissolved", B, NEW, 6, NEW_YEAR))
    joined = join_people(areas(A, B), register({NEW: 12}, LATE), [merged], EARLY)
    assert people_of(joined) == [None, None]
    assert joined.unmatched_areas[0].why == (
        f"its people are known only together with Ort 2 ({ars(B)}) as those of Ort 9 ({ars(NEW)}): 12"
    )
    assert str(joined.unmatched_people[0]) == (
        f"{ars(NEW)} Ort 9, 12 people: stands for Ort 1 ({ars(A)}), Ort 2 ({ars(B)}) together"
    )


def test_an_area_that_later_took_others_in_is_unknown_as_they_are() -> None:
    merged = changes(change("dissolved", B, A, 6, NEW_YEAR))
    joined = join_people(areas(A, B), register({A: 12}, LATE), [merged], EARLY)
    assert people_of(joined) == [None, None]
    joined = join_people(areas(B), register({A: 12}, LATE), [merged], EARLY)
    assert people_of(joined) == [None]


def test_an_uninhabited_area_taken_in_later_had_nobody_and_hides_nobody() -> None:
    merged = changes(change("dissolved", B, A, 0, NEW_YEAR))
    joined = join_people(areas(A, B), register({A: 12}, LATE), [merged], EARLY)
    assert (people_of(joined), basis_of(joined)) == ([12, 0], ["key", "merged"])
    assert joined.frame["area_m2"].isna().all()
    assert not joined.unmatched_people


def test_members_of_a_merger_without_inhabitants_had_none() -> None:
    merged = changes(change("dissolved", A, NEW, None, NEW_YEAR), change("dissolved", B, NEW, None, NEW_YEAR))
    joined = join_people(areas(A, B), register({NEW: 0}, LATE), [merged], EARLY)
    assert people_of(joined) == [0, 0]
    assert not joined.unmatched_people


def test_an_area_divided_later_stays_unknown_with_its_heirs() -> None:
    divided = changes(change("dissolved", A, B, 2, NEW_YEAR), change("dissolved", A, C, 3, NEW_YEAR))
    joined = join_people(areas(A, B, C), register({B: 9, C: 11}, LATE), [divided], EARLY)
    assert people_of(joined) == [None, None, None]
    assert joined.unmatched_areas[0].why == f"divided among Ort 2 ({ars(B)}), Ort 3 ({ars(C)})"
    assert [each.people for each in joined.unmatched_people] == [9, 11]


# ------------------------------------------------------------------------------------------ collective lines


def bavarian(*ags: str) -> pd.DataFrame:
    return areas(*ags, union="9451")


@pytest.mark.parametrize(("people", "expected"), [(0, [0, 0]), (3, [None, None])])
def test_a_collective_line_tells_of_uninhabited_areas_only(people: int, expected: list[int | None]) -> None:
    joined = join_people(bavarian("09273451", "09273452"), register({"09273444": people}, LATE), [], LATE)
    assert people_of(joined) == expected
    assert bool(joined.unmatched_people) is (people > 0)
    assert len(joined.unmatched_areas) == (2 if people else 0)
    if people:
        assert f"its people are known only with others as those of Ort 444 ({ars('09273444')}): 3" in str(
            joined.unmatched_areas[0]
        )
    else:
        assert basis_of(joined) == ["collective", "collective"]
        assert joined.notes == (
            "2 unincorporated areas have no people: the register has them in one line per district",
        )


def test_collective_lines_speak_for_their_district_their_kind_and_bavaria_only() -> None:
    elsewhere = bavarian("09274451", "08273451")
    ordinary = areas("09273451", union="0121")
    for frame in (elsewhere, ordinary):
        joined = join_people(frame, register({"09273444": 0, "08273444": 0}, LATE), [], LATE)
        assert all(number is None for number in people_of(joined))


# ----------------------------------------------------------------------------------------------------- laws


@st.composite
def histories(draw: st.DrawFn) -> tuple[dict[str, int], list[dict[str, Any]], dict[str, int]]:
    """People by AGS before and after two years of changes, and the official lines: nobody is born, nobody dies."""
    numbers = iter(range(1, 400))
    now = {f"01001{next(numbers):03}": draw(st.integers(0, 3)) for _ in range(draw(st.integers(2, 9)))}
    before, lines = dict(now), []
    for day in range(draw(st.integers(0, 4))):
        valid_on = dt.date(2022, 1 + day, 1)
        free = draw(st.permutations(sorted(now)))
        while free:
            kind = draw(st.sampled_from(["stay", "rekey", "merge", "absorb", "divide", "partial"]))
            group, free = free[: draw(st.integers(2, 3))], free[3:]
            first, rest = group[0], group[1:]
            new = f"01001{next(numbers):03}"
            if kind == "rekey":
                lines.append(change("rekeyed", first, new, None, valid_on))
                now[new] = now.pop(first)
            elif kind == "merge" and rest:
                lines += [change("dissolved", each, new, now[each], valid_on) for each in group]
                now[new] = sum(now.pop(each) for each in group)
            elif kind == "absorb" and rest:
                lines += [change("dissolved", each, first, now[each], valid_on) for each in rest]
                now[first] += sum(now.pop(each) for each in rest)
            elif kind == "divide" and len(rest) == 2:
                part = draw(st.integers(0, now[first]))
                lines.append(change("dissolved", first, rest[0], part, valid_on))
                lines.append(change("dissolved", first, rest[1], now[first] - part, valid_on))
                now[rest[0]] += part
                now[rest[1]] += now.pop(first) - part
            elif kind == "partial" and rest:
                lines.append(change("partial", first, rest[0], 0, valid_on))
    return before, draw(st.permutations(lines)), now


def check_laws(joined: JoinedPeople, given_areas: dict[str, int], people: dict[str, int]) -> None:
    listed = {each.key: each for each in joined.unmatched_areas}
    left = sum(each.people or 0 for each in joined.unmatched_people)
    assert joined.frame["people"].sum() + left == sum(people.values()), "the total of the register is kept"
    for ags, true in given_areas.items():
        number = joined.frame.at[ars(ags), "people"]
        assert pd.isna(number) == (ars(ags) in listed), "an area is either known or listed"
        assert pd.isna(number) or number == true, "what is known is true"
    assert all(each.why for each in (*joined.unmatched_areas, *joined.unmatched_people))


@settings(max_examples=300)
@given(histories())
def test_what_is_joined_is_true_and_nothing_is_lost(history: Any) -> None:
    before, lines, after = history
    lists: Sequence[KeyChanges] = [changes(*lines)]
    check_laws(join_people(areas(*after), register(before, EARLY), lists, LATE), after, before)
    check_laws(join_people(areas(*before), register(after, LATE), lists, EARLY), before, after)


@given(histories())
def test_areas_and_people_of_one_date_match_completely(history: Any) -> None:
    before, lines, _ = history
    joined = join_people(areas(*before), register(before, EARLY), [changes(*lines)], EARLY)
    assert people_of(joined) == list(before.values())
    assert not joined.unmatched_areas
    assert not joined.unmatched_people


# ------------------------------------------------------------------------------------------ what is refused


def test_missing_columns_and_keys_that_come_twice_are_refused() -> None:
    people = register({A: 5}, LATE)
    with pytest.raises(FrameError, match="missing ags"):
        join_people(areas(A).drop(columns="ags"), people, [], LATE)
    with pytest.raises(FrameError, match=f"areas to join people to: key {ars(A)} comes twice"):
        join_people(areas(A, A), people, [], LATE)
    twice = pd.concat([people.municipalities, people.municipalities.assign(key=ars(A, "5175"))])
    doubled = PeopleSource(ORIGIN, LATE, LATE, twice, pd.DataFrame(), ())
    with pytest.raises(FrameError, match=f"the register of people: ags {A} comes twice"):
        join_people(areas(A), doubled, [], LATE)
