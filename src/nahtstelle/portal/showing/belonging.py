"""How areas take part in cooperations, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nahtstelle.core.keys import Level
from nahtstelle.core.model import Area, AreaCooperation, Cooperation, ResolvedMembership
from nahtstelle.core.vocabularies import COOPERATION_STATES, KINDS, MEMBER_ROLES, TASKS, Vocabulary
from nahtstelle.portal.insight import RegisterInsight
from nahtstelle.portal.ui.figures import language, named
from nahtstelle.portal.ui.levels import spelled

NAMED_PARTS = 3
"""So many parts of an area are named; more are counted."""


def label(vocabulary: Vocabulary, ident: str) -> str:
    """The label of a term; the id itself where the vocabulary no longer has it."""
    term = vocabulary.get(ident)
    return term.label(language()) if term else ident


@dataclass(frozen=True)
class CooperationInWords:
    """A cooperation as tables of areas and seams name it."""

    cooperation: Cooperation

    @property
    def name(self) -> str:
        """Its name."""
        return self.cooperation.name

    @property
    def url(self) -> str:
        """Its page."""
        return reverse("cooperation", args=[self.cooperation.ref])

    @property
    def kind(self) -> str:
        """What it is for."""
        return label(KINDS, self.cooperation.kind)

    @property
    def tasks(self) -> str:
        """What it does."""
        return ", ".join(label(TASKS, task) for task in self.cooperation.tasks)

    @property
    def state(self) -> str:
        """How it stands; nothing where it is simply at work."""
        return "" if self.cooperation.state == "aktiv" else label(COOPERATION_STATES, self.cooperation.state)

    @property
    def founded(self) -> str:
        """The year it began, nothing where that is not known."""
        return _year(self.cooperation.valid_from)


@dataclass(frozen=True)
class PartInWords(CooperationInWords):
    """How an area takes part in a cooperation."""

    how: str
    through: str
    roles: str
    since: str
    until: str


def part_in_words(known: RegisterInsight, area: Area, each: AreaCooperation) -> PartInWords:
    """How an area takes part: itself, as part of a larger one or with its parts; its roles; since and until when."""
    own = _by_this_way(known, area, each)
    beginnings = [resolved.membership.valid_from for resolved in own]
    ends = [resolved.membership.valid_until for resolved in own]
    ended = each.cooperation.valid_until
    last = None if any(end is None for end in ends) else max((end for end in ends if end), default=None)
    if ended is not None and (last is None or ended < last):
        last = ended
    return PartInWords(
        each.cooperation,
        how=_how(known, area, each, own),
        through=_through(known, own),
        roles=roles_of(own),
        since="" if None in beginnings else _year(min((day for day in beginnings if day), default=None)),
        until=_year(last - dt.timedelta(days=1)) if last else "",
    )


def _by_this_way(known: RegisterInsight, area: Area, each: AreaCooperation) -> list[ResolvedMembership]:
    """The memberships that make up the way by which an area takes part: those of the area itself, if it has any."""
    parents = known.insight.parents
    above = set(parents[area.key].values())
    found = [
        resolved
        for resolved in each.memberships
        if (each.how == "own" and area.key in resolved.keys)
        or (each.how == "parent" and above & set(resolved.keys))
        or (each.how == "parts" and any(area.key in parents[key].values() for key in resolved.keys))
    ]
    return found or list(each.memberships)


def _how(known: RegisterInsight, area: Area, each: AreaCooperation, own: Iterable[ResolvedMembership]) -> str:
    areas, parents = known.insight.areas, known.insight.parents
    keys = list(dict.fromkeys(key for resolved in own for key in resolved.keys))
    if each.how == "own":
        return _("itself")
    if each.how == "parent":
        above = [key for key in keys if key in parents[area.key].values()] or keys
        return _("as part of %(area)s") % {"area": ", ".join(named(areas[key]) for key in above)}
    within = [key for key in keys if area.key in parents[key].values()] or keys
    if len(within) <= NAMED_PARTS:
        return _("with %(areas)s") % {"areas": ", ".join(sorted(areas[key].name for key in within))}
    return _("with %(areas)s") % {"areas": counted_parts(areas[key].level for key in within)}


def counted_parts(levels: Iterable[Level]) -> str:
    """So many parts of an area, after "with"."""
    several = list(levels)
    count = len(several)
    if all(level is Level.MUNICIPALITY for level in several):
        said = ngettext("one of its municipalities", "%(count)s of its municipalities", count)
    elif all(level is Level.DISTRICT for level in several):
        said = ngettext("one of its districts", "%(count)s of its districts", count)
    else:
        said = ngettext("one of its parts", "%(count)s of its parts", count)
    return said % {"count": spelled(count)}


def _through(known: RegisterInsight, memberships: Iterable[ResolvedMembership]) -> str:
    """The member cooperation by which it takes part, where it does so by no other way."""
    ways = [resolved.through for resolved in memberships]
    if not ways or not all(ways):
        return ""
    names = dict.fromkeys(known.snapshot.by_ref[way[-1]].name for way in ways)
    return ", ".join(names)


def roles_of(memberships: Iterable[ResolvedMembership]) -> str:
    """The roles in which somebody takes part, each once, in the order of the vocabulary."""
    roles = {resolved.membership.role for resolved in memberships}
    return ", ".join(label(MEMBER_ROLES, role) for role in MEMBER_ROLES if role in roles)


def _year(day: dt.date | None) -> str:
    return str(day.year) if day else ""
