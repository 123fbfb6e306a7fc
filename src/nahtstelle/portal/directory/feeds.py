"""What is new as Atom, and meetings as a calendar: for all, for one cooperation, around one area."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from nahtstelle.portal import insight as thinking
from nahtstelle.portal.directory.hits import ONE, page_of
from nahtstelle.portal.places import area_for
from nahtstelle.portal.register import news as told
from nahtstelle.portal.register.models import Meeting, SearchEntry
from nahtstelle.portal.ui.figures import language

MOST_NEWS = 50
MOST_MEETINGS = 2000
_KEPT_S = 600
_MEETINGS_SINCE = dt.timedelta(days=2 * 365)


@require_safe
def all_news(request: HttpRequest) -> HttpResponse:
    """What was entered or changed last, in the whole register."""
    return _atom(request, _("New in the register"), reverse("start"), told.news(MOST_NEWS))


@require_safe
def cooperation_news(request: HttpRequest, ref: str) -> HttpResponse:
    """What was entered or changed last of one cooperation."""
    one = _public("cooperation", ref)
    title = _("New: %(name)s") % {"name": one.title}
    return _atom(request, title, page_of("cooperation", ("cooperation", ref)), told.news(MOST_NEWS, cooperation=ref))


@require_safe
def area_news(request: HttpRequest, key: str) -> HttpResponse:
    """What was entered or changed last of the cooperations of one area."""
    insight = thinking.current()
    area = area_for(insight, key)
    around = {area.key[:length] for length in (2, 5, 9)} - {area.key}
    if len(area.key) == 12:
        around.add(area.key[:5] + area.key[9:])  # a municipality may have been entered under its AGS
    found = told.news(MOST_NEWS, area=area.key, lies_in=around)
    return _atom(request, _("New: %(name)s") % {"name": area.name}, reverse("area", args=[area.key]), found)


@require_safe
def all_meetings(request: HttpRequest) -> HttpResponse:
    """Meetings of the last two years and all to come, as a calendar."""
    since = timezone.now() - _MEETINGS_SINCE
    return _calendar(_("Meetings in the register"), told.meetings(since=since)[:MOST_MEETINGS], "treffen")


@require_safe
def cooperation_meetings(request: HttpRequest, ref: str) -> HttpResponse:
    """All meetings of one cooperation, as a calendar."""
    one = _public("cooperation", ref)
    title = _("Meetings: %(name)s") % {"name": one.title}
    return _calendar(title, told.meetings(ref)[:MOST_MEETINGS], f"treffen-{ref}")


def _public(type_: str, ref: str) -> SearchEntry:
    found = SearchEntry.objects.filter(record_type=type_, record_ref=ref).first()
    if found is None:
        raise Http404("no public record of this reference")
    return found


def _identifier(type_: str, ref: str) -> str:
    """A name for a record that stays when the site moves to another path."""
    return f"tag:{urlsplit(settings.ENV.base_url).hostname},2026:{type_}/{ref}"


def _atom(request: HttpRequest, title: str, path: str, found: Sequence[told.News]) -> HttpResponse:
    base = settings.ENV.base_url
    feed = Atom1Feed(
        title=f"{title} – Nahtstelle",
        link=base + path,
        description="",
        subtitle=_("New and changed entries of the public register"),
        language=language(),
        feed_url=base + request.path,
        author_name="Nahtstelle",
    )
    for each in found:
        kind = str(ONE[each.type])
        said = _("New entry (%(kind)s): %(title)s") if each.new else _("Changed entry (%(kind)s): %(title)s")
        feed.add_item(
            title=said % {"kind": kind, "title": each.title},
            link=base + page_of(each.type, each.page),
            description="",
            unique_id=_identifier(each.type, each.ref),
            updateddate=each.at,
            categories=[kind],
        )
    return HttpResponse(
        feed.writeString("utf-8"),
        content_type="application/atom+xml; charset=utf-8",
        headers={"Cache-Control": f"public, max-age={_KEPT_S}"},
    )


def _calendar(title: str, meetings: Any, name: str) -> HttpResponse:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Nahtstelle//DE")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    pages = {
        row.record_ref: (row.page_type, row.page_ref)
        for row in SearchEntry.objects.filter(record_type="meeting", record_ref__in=[each.ref for each in meetings])
    }
    for meeting in meetings:
        calendar.add_component(_event(meeting, pages.get(meeting.ref, ("", ""))))
    return HttpResponse(
        calendar.to_ical(),
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": f'inline; filename="{name}.ics"',
            "Cache-Control": f"public, max-age={_KEPT_S}",
        },
    )


def _event(meeting: Meeting, page: tuple[str, str]) -> Any:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{meeting.ref}@{urlsplit(settings.ENV.base_url).hostname}")
    event.add("dtstamp", meeting.changed_at.astimezone(dt.UTC))
    event.add("last-modified", meeting.changed_at.astimezone(dt.UTC))
    event.add("summary", meeting.name)
    if meeting.whole_day:
        first = timezone.localdate(meeting.start)
        last = timezone.localdate(meeting.end) if meeting.end else first
        event.add("dtstart", first)
        event.add("dtend", last + dt.timedelta(days=1))
    else:
        event.add("dtstart", meeting.start.astimezone(dt.UTC))
        if meeting.end:
            event.add("dtend", meeting.end.astimezone(dt.UTC))
    if meeting.place:
        event.add("location", meeting.place)
    if note := (meeting.note_en if language() == "en" else "") or meeting.note_de:
        event.add("description", note)
    if path := page_of("meeting", page):
        event.add("url", settings.ENV.base_url + path)
    elif meeting.url:
        event.add("url", meeting.url)
    event.add("status", "CANCELLED" if meeting.cancelled else "CONFIRMED")
    return event
