"""The picture of a life: where things lie, what is open, what is not known, what finds no room."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nahtstelle.core.vocabularies import PROJECT_STATES
from nahtstelle.portal.directory.timeline import MOST_ROWS, MOST_TICKS, Lasting, Look, Row, Timeline, look_of, timeline

TODAY = dt.date(2024, 1, 1)


def thing(
    begins: str = "", until: str = "", *, over: bool | None = None, look: Look = "done", name: str = "x"
) -> Lasting:
    return Lasting(name, "", look, begins, until, bool(until) if over is None else over)


LIFE = thing("2004", look="self")


def drawn(
    *projects: Lasting,
    life: Lasting = LIFE,
    members: list[tuple[str, str]] | None = None,
    meetings: tuple[dt.date, ...] = (),
    day: dt.date = TODAY,
    past: bool = False,
) -> Timeline:
    found = timeline(life, members or [], [], projects, meetings, day, past=past)
    assert found is not None
    return found


def kinds(row: Row) -> list[str]:
    return [mark.kind for mark in row.marks]


def share(text: str) -> float:
    assert text.endswith("%")
    return float(text[:-1])


def test_what_lasted_lies_where_it_lasted() -> None:
    (row,) = drawn(thing("2014", "2019")).projects.rows
    assert kinds(row) == ["bar"]
    assert share(row.marks[0].x) == pytest.approx(50, abs=0.1) and share(row.marks[0].width) == pytest.approx(
        25, abs=0.1
    )
    life = drawn().life
    assert kinds(life) == ["bar", "on"] and life.marks[1].x == "100.00%"


@pytest.mark.parametrize(
    ("what", "marks"),
    [
        (thing("2014", look="under-way"), ["bar", "on"]),
        (thing("2014", over=True), ["dots", "tick"]),
        (thing("", "2014"), ["dots", "tick"]),
        (thing("2014", "2016", look="failed"), ["bar", "cross"]),
        (thing("2014", over=True, look="failed"), ["dots", "tick", "cross"]),
        (thing("2014", "2099"), ["bar", "on"]),
    ],
)
def test_open_and_unknown_ends_are_told_apart(what: Lasting, marks: list[str]) -> None:
    (row,) = drawn(what).projects.rows
    assert kinds(row) == marks


def test_a_life_that_began_nobody_knows_when() -> None:
    row = drawn(thing("2010"), life=thing(look="self")).life
    assert kinds(row) == ["dots", "on"] and row.marks[0].x == "0.00%" and row.marks[0].width == "100.00%"


def test_what_has_no_date_is_named_and_not_drawn() -> None:
    found = drawn(thing(name="wann"), thing("2010", name="da")).projects
    assert [row.thing.name for row in found.rows] == ["da"] and [each.name for each in found.undated] == ["wann"]


def test_without_any_date_there_is_no_picture() -> None:
    assert timeline(thing(look="self"), [("", "")], [], [thing()], (), TODAY, past=False) is None
    assert timeline(thing("2030", look="self"), [], [], [], (), TODAY, past=False) is None


def test_the_latest_find_room() -> None:
    many = [thing(str(1980 + at), name=str(1980 + at)) for at in range(MOST_ROWS + 5)]
    found = drawn(*many).projects
    assert found.more == 5 and [row.thing.name for row in found.rows] == [each.name for each in many[5:]]


def test_ends_to_come_are_shown_and_on_a_past_day_cut() -> None:
    planned = thing("2022", "2026", look="under-way")
    assert share(drawn(planned).day) < 95 and kinds(drawn(planned).projects.rows[0]) == ["bar"]
    past = drawn(planned, day=dt.date(2023, 1, 1), past=True)
    assert past.day == "100.00%" and kinds(past.projects.rows[0]) == ["bar", "on"]
    failed = drawn(thing("2022", "2026", look="failed"), day=dt.date(2023, 1, 1), past=True)
    assert kinds(failed.projects.rows[0]) == ["bar", "on"], "that it fails is not known yet"


def test_members_are_counted_from_change_to_change() -> None:
    found = drawn(members=[("2004", ""), ("2004", "2014"), ("2009", ""), ("2009", "2010"), ("2010", "")])
    assert [step.count for step in found.members] == [2, 4, 3] and found.members_at_most == []
    assert [round(share(step.x)) for step in found.members] == [0, 25, 50]
    assert max(share(step.height) for step in found.members) == 66


def test_members_since_an_unknown_day_are_a_line_above_the_known() -> None:
    found = drawn(members=[("2004", ""), ("", ""), ("", "2014")])
    assert [step.count for step in found.members] == [1]
    assert [step.count for step in found.members_at_most] == [3, 2]
    assert "dots" in found.signs and found.numbers == found.members_at_most


def test_a_member_that_left_and_one_that_came_the_same_day_are_no_change() -> None:
    found = drawn(members=[("2004", "2016-11-01"), ("2016-11-01", "")])
    assert [step.count for step in found.members] == [1]


def test_signs_are_explained_where_they_are_seen() -> None:
    assert drawn(life=thing("2004", "2010", look="self")).signs == set()
    assert drawn(thing("2014", "2016", look="failed"), thing("2020", look="planned")).signs == {
        "failed",
        "planned",
        "on",
    }


def test_every_state_of_a_project_has_a_look() -> None:
    looks = {state: look_of(state) for state in PROJECT_STATES}
    assert looks["gescheitert"] == "failed" and looks["verstetigt"] == "done" and looks["idee"] == "planned"
    assert set(looks.values()) == {"failed", "done", "planned", "under-way"}


DATE = st.dates(dt.date(1850, 1, 1), dt.date(2100, 1, 1)).map(dt.date.isoformat) | st.just("")


@given(st.lists(st.tuples(DATE, DATE), max_size=8), DATE, st.booleans(), st.dates(dt.date(1900, 1, 1), TODAY))
def test_everything_lies_on_the_picture(periods: list[tuple[str, str]], founded: str, past: bool, day: dt.date) -> None:
    right = [(begins, until) for begins, until in periods if not begins or not until or begins < until]
    things = [thing(begins, until, look="under-way") for begins, until in right]
    found = timeline(thing(founded, look="self"), right, things, things, (), day, past=past)
    if found is None:
        return
    assert 0 < len(found.ticks) <= MOST_TICKS + 1
    for row in [found.life, *found.agreements.rows, *found.projects.rows]:
        for mark in row.marks:
            assert 0 <= share(mark.x) <= 100 and share(mark.x) + share(mark.width or "0%") <= 100.02
    for step in [*found.members, *found.members_at_most]:
        assert step.count > 0 and share(step.x) >= 0 and share(step.until) <= 100 and 0 < share(step.height) <= 66
