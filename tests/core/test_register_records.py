"""The frozen register: what holds on a day, and what keeps a snapshot sound."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.core.registers import TODAY, area, cooperation, member, organisation

from nahtstelle.core.model import RegisterSnapshot

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("begins", "ends", "holds"),
    [
        (None, None, True),
        (TODAY, None, True),
        (TODAY + DAY, None, False),
        (None, TODAY, False),  # the end is the first day without
        (None, TODAY + DAY, True),
    ],
)
def test_periods_include_their_first_day_and_exclude_their_last(
    begins: dt.date | None, ends: dt.date | None, holds: bool
) -> None:
    assert area("c", "03", valid_from=begins, valid_until=ends).holds_on(TODAY) == holds
    one = cooperation("c", state="aufgegangen" if ends else "aktiv", valid_from=begins, valid_until=ends)
    assert one.exists_on(TODAY) == one.active_on(TODAY) == holds


def test_dormant_ones_exist_and_are_not_active() -> None:
    for state in ("gruendung", "ruhend", "abwicklung"):
        one = cooperation("c", state=state)
        assert (one.exists_on(TODAY), one.active_on(TODAY)) == (True, False)


def test_who_ended_nobody_knows_when_was_there_on_no_day() -> None:
    one = cooperation("c", state="aufgeloest", valid_from=TODAY - DAY)
    assert (one.exists_on(TODAY), one.active_on(TODAY - DAY)) == (False, False)


def test_memberships_in_or_of_what_is_not_public_are_left_out() -> None:
    snapshot = RegisterSnapshot.of(
        [cooperation("b"), cooperation("a")],
        [area("b", "03"), area("hidden", "03"), member("a", "hidden"), member("b", "a"), organisation("a", "o")],
    )
    assert [each.ref for each in snapshot.cooperations] == ["a", "b"]
    assert [each.member for each in snapshot.memberships] == [
        ("organisation", "o"), ("area", "03"), ("cooperation", "a"),
    ]  # fmt: skip


def test_members_on_a_day() -> None:
    snapshot = RegisterSnapshot.of([cooperation("c")], [area("c", "03"), area("c", "05", valid_until=TODAY)])
    assert [each.area_key for each in snapshot.members_on("c", TODAY)] == ["03"]
    assert [each.area_key for each in snapshot.members_on("c", TODAY - DAY)] == ["03", "05"]
    assert snapshot.members_on("x", TODAY) == ()
    assert snapshot.by_ref["c"].name == "C"
