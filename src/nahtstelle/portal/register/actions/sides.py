"""Who states that somebody is a member: the cooperation, the member, or a third party; and who has confirmed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

from nahtstelle.portal.register.models import Membership, StatedBy
from nahtstelle.portal.register.policies import Standing

STATED: Final = (
    "cooperation", "area_key", "organisation", "party_cooperation", "role", "part", "valid_from", "valid_until",
)  # fmt: skip
"""What a membership states; a confirmation is of these, and void once one of them changes."""


def sides_of(standing: Standing, membership: Membership) -> frozenset[str]:
    """The sides of a membership that somebody speaks for: none, one or both."""
    sides = set()
    if membership.cooperation_id in standing.cooperations:
        sides.add(StatedBy.COOPERATION.value)
    if membership.party_cooperation_id in standing.cooperations or membership.organisation_id in standing.organisations:
        sides.add(StatedBy.MEMBER.value)
    return frozenset(sides)


def side_of(standings: Iterable[Standing], membership: Membership) -> frozenset[str]:
    """The same of all of them, where nobody's side is that of a third party."""
    sides = frozenset[str]().union(*(sides_of(each, membership) for each in standings))
    return sides or frozenset({StatedBy.THIRD.value})


def take_sides(
    membership: Membership,
    sides: frozenset[str],
    on: dt.date,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Note who states what the membership says now. With both descriptions, only where they state different things."""
    if before is not None and after is not None and all(before.get(name) == after.get(name) for name in STATED):
        return
    cooperation, member = StatedBy.COOPERATION.value, StatedBy.MEMBER.value
    membership.stated_by = next(side for side in (cooperation, member, StatedBy.THIRD.value) if side in sides)
    membership.confirmed_by_cooperation_on = on if cooperation in sides else None
    membership.confirmed_by_member_on = on if member in sides else None
    membership.confirmed_on = on if is_confirmed(membership) else None


def is_confirmed(membership: Membership) -> bool:
    """Whether all have confirmed who can: an area has nobody to speak for it here, so the cooperation's word counts."""
    others = membership.confirmed_by_member_on is not None or bool(membership.area_key)
    return membership.confirmed_by_cooperation_on is not None and others
