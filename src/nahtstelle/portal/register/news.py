"""What is new in the public register, and which meetings there are: for feeds and calendars.

Only what the search knows is told of: a record that is a draft, or was withdrawn, is not in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q, QuerySet

from nahtstelle.portal.register.models import (
    Agreement,
    LogEntry,
    Meeting,
    MeetingBody,
    Membership,
    ProjectCooperation,
    SearchEntry,
)
from nahtstelle.portal.register.policies import is_public

_ASKED = 30
"""Log entries looked at for each item that may come of them: one record is often changed several times in a row."""
_BESIDE = ("source", "statement", "attachment")
"""What stands on the page of a cooperation without one of its own."""


@dataclass(frozen=True)
class News:
    """The newest thing that happened to a public record, and the page that shows it."""

    type: str
    ref: str
    title: str
    page: tuple[str, str]
    at: dt.datetime
    new: bool


def news(
    limit: int, *, cooperation: str = "", area: str = "", lies_in: Iterable[str] = (), types: Iterable[str] = ()
) -> list[News]:
    """What was entered or changed last, each record once: all of it, of one cooperation, or around an area.

    ``types`` leaves only these kinds of record.
    ``area`` is the key of the area, ``lies_in`` its other spelling and the keys of the areas around it.
    """
    entries = LogEntry.objects.exclude(verb="withdraw").order_by("-pk")
    if only := list(types):
        entries = entries.filter(record_type__in=only)
    if cooperation:
        entries = entries.filter(_about([cooperation]))
    elif area:
        among = Q(area_key__startswith=area) | Q(area_key__in=list(lies_in))
        members = Membership.objects.filter(among, withdrawn_on=None)
        refs = set(members.values_list("cooperation__ref", flat=True))
        entries = entries.filter(_about(sorted(refs))) if refs else entries.none()
    rows = entries.values_list("record_type", "record_ref", "at", "before")[: limit * _ASKED]
    seen: dict[tuple[str, str], tuple[dt.datetime, bool]] = {}
    for type_, ref, at, before in rows:
        seen.setdefault((type_, ref), (at, before is None))
    return list(islice(_public(seen), limit))


def _about(cooperations: list[str]) -> Q:
    """Log entries of these cooperations, of what stands on their pages, of their memberships and projects."""
    said = Q(record_type="cooperation", record_ref__in=cooperations)
    among = {"cooperation__ref__in": cooperations}
    shown = SearchEntry.objects.filter(page_type="cooperation", page_ref__in=cooperations)
    for type_, refs in (
        ("membership", Membership.objects.filter(**among).values("ref")),
        ("project", ProjectCooperation.objects.filter(**among).values("project__ref")),
        ("agreement", Agreement.objects.filter(**among).values("ref")),
        ("meeting", MeetingBody.objects.filter(**among).values("meeting__ref")),
        *((each, shown.filter(record_type=each).values("record_ref")) for each in _BESIDE),
    ):
        said |= Q(record_type=type_, record_ref__in=refs)
    return said


def _public(seen: dict[tuple[str, str], tuple[dt.datetime, bool]]) -> Iterator[News]:
    refs = [ref for _type, ref in seen]
    entries = {(row.record_type, row.record_ref): row for row in SearchEntry.objects.filter(record_ref__in=refs)}
    members = {
        row.ref: row
        for row in Membership.objects.filter(ref__in=refs, withdrawn_on=None).select_related(
            "cooperation", "organisation", "party_cooperation"
        )
    }
    hosts = {
        row.record_ref
        for row in SearchEntry.objects.filter(
            record_type="cooperation", record_ref__in={each.cooperation.ref for each in members.values()}
        )
    }
    for (type_, ref), (at, new) in seen.items():
        if entry := entries.get((type_, ref)):
            if entry.page_type:
                yield News(type_, ref, entry.title, (entry.page_type, entry.page_ref), at, new)
        elif type_ == "membership" and (member := members.get(ref)) and member.cooperation.ref in hosts:
            party = member.organisation or member.party_cooperation
            if party is None or is_public(party):
                title = f"{member.cooperation.name}: {member.party_title}"
                yield News(type_, ref, title, ("cooperation", member.cooperation.ref), at, new)


def meetings(cooperation: str = "", since: dt.datetime | None = None) -> QuerySet[Meeting]:
    """Public meetings in order, of one cooperation where given, from a moment on where given."""
    public = SearchEntry.objects.filter(record_type="meeting").values("record_ref")
    found = Meeting.objects.filter(ref__in=public)
    if cooperation:
        found = found.filter(pk__in=MeetingBody.objects.filter(cooperation__ref=cooperation).values("meeting"))
    if since is not None:
        found = found.filter(start__gte=since)
    return found.order_by("start", "pk")
