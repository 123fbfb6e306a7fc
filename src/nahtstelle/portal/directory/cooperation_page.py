"""Everything about one cooperation, today or as of a past day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from nahtstelle.core.keys import LAENDER
from nahtstelle.core.periods import day_after, day_before, first_day, holds_on
from nahtstelle.core.vocabularies import (
    BRIDGING_ROLES,
    COOPERATION_STATES,
    ENDED_STATES,
    FAILED_STATES,
    KINDS,
    LEGAL_FORMS,
    PROJECT_END_STATES,
    REASONS,
    SUCCESSIONS,
    TASKS,
)
from nahtstelle.portal.answers.takeaway import Column, Table
from nahtstelle.portal.directory import queries, records
from nahtstelle.portal.directory.chronicle import Event, chronicle
from nahtstelle.portal.directory.project_list import project_groups
from nahtstelle.portal.directory.queries import CooperationParts
from nahtstelle.portal.directory.records import (
    Participant,
    counted_parts,
    day_words,
    participant,
    period_words,
    term,
    terms,
)
from nahtstelle.portal.directory.timeline import Lasting, Timeline, look_of, timeline
from nahtstelle.portal.insight import Insight, RegisterInsight
from nahtstelle.portal.register.models import Agreement, Cooperation, Membership, Project
from nahtstelle.portal.showing.footprints import Space, space_on
from nahtstelle.portal.showing.maps import MapView
from nahtstelle.portal.showing.origins import lines_source, people_source
from nahtstelle.portal.ui.figures import date, number
from nahtstelle.portal.ui.heads import files, page_head
from nahtstelle.portal.ui.levels import spelled

MEMBERS_OPEN = 40
"""So many members are listed at once; of more, the list is folded."""
OVERLAPS_SHOWN = 12


@dataclass(frozen=True)
class AsOf:
    """The day a page speaks of."""

    day: dt.date
    past: bool
    wrong: bool = False
    """Whether a day was asked for that is none."""

    @property
    def query(self) -> str:
        """What to add to addresses that speak of the same day."""
        return f"?stand={self.day.isoformat()}" if self.past else ""


def as_of(text: str) -> AsOf:
    """The day asked for; today where none was, or one there is not, or one that is still to come."""
    today = timezone.localdate()
    if not text:
        return AsOf(today, past=False)
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return AsOf(today, past=False, wrong=True)
    if day > today or day.year < 1800:
        return AsOf(today, past=False, wrong=True)
    return AsOf(day, past=day < today)


# -------------------------------------------------------------------------------------------------- members


@dataclass(frozen=True)
class MemberRow:
    """One member in the table: who, as what, since when, and who says so."""

    membership: Membership
    who: Participant
    sources: int

    @property
    def role(self) -> str:
        """As what."""
        return str(self.membership.get_role_display())

    @property
    def since(self) -> str:
        """From when."""
        return day_words(self.membership.valid_from)

    @property
    def until(self) -> str:
        """The last day, as exact as it is known."""
        return day_words(day_before(self.membership.valid_until)) if self.membership.valid_until else ""

    @property
    def stated(self) -> str:
        """Which side says so."""
        return records.who_says(self.membership)

    @property
    def remark(self) -> str:
        """Through whom, and which part of it."""
        through = _("through %(body)s") % {"body": self.membership.via} if self.membership.via else ""
        return " · ".join(part for part in (through, self.membership.part) if part)


@dataclass
class Members:
    """The members of a day, those before, and what they come to."""

    current: list[MemberRow] = field(default_factory=list)
    former: list[MemberRow] = field(default_factory=list)

    @property
    def many(self) -> bool:
        """Whether the list is folded."""
        return len(self.current) > MEMBERS_OPEN

    @property
    def gone(self) -> bool:
        """Whether there were members, and all have left."""
        return bool(self.former) and not self.current

    @property
    def ends(self) -> bool:
        """Whether it is known of one that belongs to it until when it will."""
        return any(row.until for row in self.current)


def members_on(known: RegisterInsight, parts: CooperationParts, day: dt.date) -> Members:
    """Members of a day and former ones, areas first, then cooperations and organisations, each by name."""
    found = Members()
    for membership in parts.members:
        begins = first_day(membership.valid_from)
        who = participant(known, membership)
        if who is None or (begins is not None and begins > day):
            continue
        row = MemberRow(membership, who, parts.member_sources.get(membership.ref, 0))
        holds = holds_on(day, membership.valid_from, membership.valid_until)
        (found.current if holds else found.former).append(row)
    for rows in (found.current, found.former):
        rows.sort(key=lambda row: (*map(str, row.who.sort), row.membership.valid_from))
    return found


def members_sentence(members: Members) -> str:
    """How many areas, organisations and cooperations belong to it, in a sentence."""
    belong = [row for row in members.current if row.membership.role in BRIDGING_ROLES]
    covered = [row for row in members.current if row.membership.role == "gebiet"]
    if belong:
        return _("Its members: %(members)s.") % {"members": _counted(belong)}
    if covered:
        return _("Its area: %(members)s.") % {"members": _counted(covered)}
    return ""


def _counted(rows: Iterable[MemberRow]) -> str:
    kinds = Counter(_kind_of(row.membership) for row in rows)
    words: dict[str, Callable[[int], str]] = {
        "land": records.laender,
        "district": records.districts,
        "union": records.unions,
        "municipality": records.municipalities,
        "cooperation": records.cooperations,
        "organisation": records.organisations,
    }
    return counted_parts((kinds[kind], say(kinds[kind])) for kind, say in words.items())


_KIND_OF_LENGTH = {2: "land", 5: "district", 9: "union"}


def _kind_of(membership: Membership) -> str:
    if membership.area_key:
        return _KIND_OF_LENGTH.get(len(membership.area_key), "municipality")
    return "organisation" if membership.organisation_id else "cooperation"


# ------------------------------------------------------------------------------------------------ agreements


@dataclass(frozen=True)
class AgreementRow:
    """One agreement: what, between whom, for how long."""

    agreement: Agreement
    parties: list[Participant]
    url: str

    @property
    def kind(self) -> str:
        """What was signed."""
        return str(self.agreement.get_kind_display())

    @property
    def signed(self) -> str:
        """When."""
        return day_words(self.agreement.signed)

    @property
    def period(self) -> str:
        """In force from when to when."""
        return period_words(self.agreement.valid_from, self.agreement.valid_until)

    @property
    def subject(self) -> records.Said:
        """What it is about."""
        return records.said(self.agreement, "subject")


def agreement_rows(known: RegisterInsight, agreements: Iterable[Agreement], day: dt.date) -> list[AgreementRow]:
    """Agreements as rows, those of later days left out."""
    rows = []
    for agreement in agreements:
        begins = first_day(agreement.signed or agreement.valid_from)
        if begins is not None and begins > day:
            continue
        parties = [participant(known, each) for each in agreement.shown_parties]
        there = [each for each in parties if each is not None]
        rows.append(AgreementRow(agreement, there, reverse("agreement", args=[agreement.ref])))
    return rows


# -------------------------------------------------------------------------------------------------- page


@dataclass(frozen=True)
class Linked:
    """Another cooperation, and how it is connected."""

    name: str
    url: str
    how: str
    when: str
    note: str = ""


def title_of(cooperation: Cooperation) -> str:
    """The name people use."""
    return records.title_of(cooperation.name, cooperation.short_name)


def state_on(cooperation: Cooperation, moment: AsOf) -> str:
    """How it stands today, or whether it existed on a past day."""
    if not moment.past:
        return term(COOPERATION_STATES, cooperation.state)
    founded, ended = first_day(cooperation.founded), first_day(cooperation.ended)
    if founded is not None and founded > moment.day:
        return _("not founded yet")
    if ended is not None and ended <= moment.day:
        return _("no longer in existence")
    return _("in existence")


def cooperation_sentence(cooperation: Cooperation, members: Members, space: Space | None, moment: AsOf) -> str:
    """The answer in two lines: what it is, since when, who belongs to it, how many people live there."""
    kind = term(KINDS, cooperation.kind)
    first = ", ".join(part for part in (kind, period_words(cooperation.founded, cooperation.ended)) if part)
    told = [f"{first[:1].upper()}{first[1:]}.", members_sentence(members)]
    if moment.past:
        told.insert(0, _("As of %(day)s:") % {"day": date(moment.day)})
    if space is not None and space.people.people is not None:
        lands = npgettext("where", "in one Land", "in %(count)s Länder", len(space.lands)) % {
            "count": spelled(len(space.lands))
        }
        if len(space.lands) == 1:
            lands = _("in %(land)s") % {"land": LAENDER.get(space.lands[0], space.lands[0])}
        form = _("%(people)s people live in its area, %(lands)s.")
        if space.people.known_share < 1:
            form = _("At least %(people)s people live in its area, %(lands)s.")
        told.append(form % {"people": number(space.people.people), "lands": lands})
    return " ".join(part for part in told if part)


@dataclass(frozen=True)
class Found:
    """What is known of a cooperation as of a day: its page and its sheet say the same."""

    parts: CooperationParts
    members: Members
    space: Space | None
    sentence: str
    agreements: list[AgreementRow]
    projects: list[Project]


def found_on(known: RegisterInsight, cooperation: Cooperation, moment: AsOf) -> Found:
    """Look it up."""
    parts = queries.parts_of(cooperation)
    members = members_on(known, parts, moment.day)
    space = space_on(known, cooperation.ref, moment.day)
    return Found(
        parts,
        members,
        space,
        cooperation_sentence(cooperation, members, space, moment),
        agreement_rows(known, parts.agreements, moment.day),
        [each for each in parts.projects if not _later(each.started, moment.day)],
    )


def cooperation_page(
    request: HttpRequest, known: RegisterInsight, cooperation: Cooperation, moment: AsOf
) -> dict[str, Any]:
    """Everything on the page of a cooperation."""
    insight, found = known.insight, found_on(known, cooperation, moment)
    parts, members, space, sentence = found.parts, found.members, found.space, found.sentence
    agreements, projects = found.agreements, found.projects
    path = reverse("cooperation", args=[cooperation.ref])
    title = title_of(cooperation)
    meetings = [each for each in parts.meetings if not moment.past or each.start.date() <= moment.day]
    shared = space.overlaps if space else []
    before, after = _linked(cooperation, parts)
    return {
        "head": page_head(
            request,
            title,
            sentence,
            picture=f"{path}vorschau.png",
            linked_data=_linked_data(cooperation, members, sentence),
        ),
        "insight": insight,
        "cooperation": cooperation,
        "title": title,
        "sentence": sentence,
        "kind": term(KINDS, cooperation.kind),
        "state": state_on(cooperation, moment),
        "over": cooperation.state in ENDED_STATES and not moment.past,
        "last_day": _last_day(cooperation, moment),
        "legal_form": term(LEGAL_FORMS, cooperation.legal_form) if cooperation.legal_form else "",
        "period": period_words(cooperation.founded, cooperation.ended),
        "tasks": terms(TASKS, cooperation.tasks),
        "end_reasons": terms(REASONS, cooperation.end_reasons),
        "summary": records.said(cooperation, "summary"),
        "fundings": parts.fundings,
        "moment": moment,
        "today": timezone.localdate().isoformat(),
        "members": members,
        "space": space,
        "overlaps": shared[:OVERLAPS_SHOWN],
        "more_overlaps": len(shared) - OVERLAPS_SHOWN,
        "before": before,
        "after": after,
        "member_of": _member_of(parts, moment.day),
        "agreements": agreements,
        "project_groups": project_groups(projects, cooperation.ref),
        "failed": sum(each.state in FAILED_STATES for each in projects),
        "meetings": [meeting_row(each) for each in meetings],
        "contacts": [records.contact_row(each) for each in parts.contacts],
        "carriers": [(each.name, reverse("organisation", args=[each.ref])) for each in parts.carriers],
        **records.about(cooperation, parts.citations, parts.attachments),
        "statements": [records.statement_row(each) for each in parts.statements],
        "years": chronicle(
            each
            for each in _events(cooperation, parts, members, agreements, projects, meetings)
            if not _later(each.on, moment.day)
        ),
        "timeline": _timeline(cooperation, members, agreements, projects, meetings, moment),
        "members_drawn": _members_drawn(members),
        "map": None if space is None else _map(insight, cooperation, space, path, moment),
        "path": path,
        "suggest_members": f"{reverse('account-suggest')}?art=membership&ref={cooperation.ref}",
        "files": _files(path, moment),
        "full_address": settings.ENV.base_url + path,
        "embed_address": settings.ENV.base_url + reverse("cooperation-embed", args=[cooperation.ref]) + moment.query,
        "people_source": people_source(insight),
        "area_source": lines_source(insight),
    }


def _last_day(cooperation: Cooperation, moment: AsOf) -> dt.date | None:
    """The last day of one that is no more today."""
    ended = first_day(cooperation.ended)
    if ended is None or moment.past or ended > moment.day:
        return None
    return ended - dt.timedelta(days=1)


def _later(text: str, day: dt.date) -> bool:
    begins = first_day(text)
    return begins is not None and begins > day


def _files(path: str, moment: AsOf) -> dict[str, str]:
    return files(f"{path}daten", query=moment.query.removeprefix("?")) | {"pdf": f"{path}blatt.pdf{moment.query}"}


def _map(insight: Insight, cooperation: Cooperation, space: Space, path: str, moment: AsOf) -> MapView:
    return MapView(
        insight,
        box=space.box,
        picture=f"{path}karte.svg{moment.query}",
        alt=_("Map of the area of %(name)s. The table of members has the same facts.")
        % {"name": title_of(cooperation)},
        level=space.level,
        members=" ".join(space.filled),
    )


def _linked(cooperation: Cooperation, parts: CooperationParts) -> tuple[list[Linked], list[Linked]]:
    """What it came from, and what became of it."""
    before: list[Linked] = []
    after: list[Linked] = []
    for each in parts.successions:
        other = each.before if each.after_id == cooperation.pk else each.after
        row = Linked(
            other.name,
            reverse("cooperation", args=[other.ref]),
            term(SUCCESSIONS, each.kind),
            day_words(each.on),
            each.note,
        )
        (before if each.after_id == cooperation.pk else after).append(row)
    return before, after


def _member_of(parts: CooperationParts, day: dt.date) -> list[Linked]:
    """Cooperations it is itself a member of, or was."""
    return [
        Linked(
            each.cooperation.name,
            reverse("cooperation", args=[each.cooperation.ref]),
            str(each.get_role_display()),
            period_words(each.valid_from, each.valid_until),
        )
        for each in parts.member_of
        if not _later(each.valid_from, day)
    ]


def meeting_row(meeting: Any) -> dict[str, Any]:
    """A meeting: when, where, whose."""
    start = timezone.localtime(meeting.start)
    bodies = [(each.body, title_of(each.cooperation)) for each in getattr(meeting, "shown_bodies", [])]
    return {
        "name": meeting.name,
        "url": reverse("meeting", args=[meeting.ref]),
        "day": date(start.date()),
        "iso": start.date().isoformat() if meeting.whole_day else start.isoformat(),
        "time": "" if meeting.whole_day else f"{start:%H:%M}",
        "place": meeting.place,
        "bodies": bodies,
        "cancelled": meeting.cancelled,
        "to_come": start.date() >= timezone.localdate(),
    }


def _events(
    cooperation: Cooperation,
    parts: CooperationParts,
    members: Members,
    agreements: Sequence[AgreementRow],
    projects: Sequence[Any],
    meetings: Sequence[Any],
) -> list[Event]:
    """What happened: founding, members who came and left, agreements, projects, meetings, what became of it."""
    events = [Event(cooperation.founded, _("Founded"), kind="self")] if cooperation.founded else []
    if cooperation.ended:
        events.append(Event(day_before(cooperation.ended), _("Ended"), kind="self"))
    for each in parts.successions:
        if each.on:
            other = _other(each, cooperation)
            text = pgettext("succession", "%(how)s: %(name)s") % {
                "how": term(SUCCESSIONS, each.kind),
                "name": other.name,
            }
            events.append(Event(each.on, text, reverse("cooperation", args=[other.ref]), "self"))
    rows = [*members.current, *members.former]
    events += _comings(rows, lambda row: row.membership.valid_from, _joined)
    events += _comings(rows, lambda row: day_before(row.membership.valid_until), _left)
    for row in agreements:
        if when := row.agreement.signed or row.agreement.valid_from:
            events.append(Event(when, f"{row.kind}: {row.agreement.title}", row.url, "agreement"))
    for project in projects:
        url = reverse("project", args=[project.ref])
        if project.started:
            events.append(
                Event(project.started, _("Project begins: %(name)s") % {"name": project.name}, url, "project")
            )
        if project.ended:
            text = _("Project ends: %(name)s (%(state)s)") % {
                "name": project.name,
                "state": project.get_state_display(),
            }
            events.append(Event(day_before(project.ended), text, url, "project"))
    for meeting in meetings:
        day = timezone.localtime(meeting.start).date().isoformat()
        text = _("Meeting: %(name)s") % {"name": meeting.name}
        events.append(Event(day, text, reverse("meeting", args=[meeting.ref]), "meeting"))
    return events


def _other(succession: Any, cooperation: Cooperation) -> Cooperation:
    found: Cooperation = succession.before if succession.after_id == cooperation.pk else succession.after
    return found


def _timeline(
    cooperation: Cooperation,
    members: Members,
    agreements: Iterable[AgreementRow],
    projects: Iterable[Any],
    meetings: Iterable[Any],
    moment: AsOf,
) -> Timeline | None:
    """The same as a picture, with what lasts in between."""
    life = Lasting(
        title_of(cooperation),
        period_words(cooperation.founded, cooperation.ended) or _("founding not known"),
        "self",
        cooperation.founded,
        cooperation.ended,
        over=bool(cooperation.ended) or cooperation.state in ENDED_STATES,
    )
    belonged = [(row.membership.valid_from, row.membership.valid_until) for row in (*members.current, *members.former)]
    agreed = [_agreed(row) for row in agreements]
    tried = [
        Lasting(
            each.name,
            " · ".join(filter(None, (each.get_state_display(), period_words(each.started, each.ended)))),
            look_of(each.state),
            each.started,
            each.ended,
            over=bool(each.ended) or each.state in PROJECT_END_STATES,
            url=reverse("project", args=[each.ref]),
        )
        for each in projects
    ]
    met = [timezone.localtime(each.start).date() for each in meetings if not each.cancelled]
    return timeline(life, belonged, agreed, tried, met, moment.day, past=moment.past)


def _members_drawn(members: Members) -> str:
    """How many belong to it, and of how many it is not known since when."""
    count, since_when = len(members.current), sum(not row.membership.valid_from for row in members.current)
    if not count:
        former = len(members.former)
        return ngettext("One former member", "%(counter)s former members", former) % {"counter": number(former)}
    if not since_when:
        return number(count)
    return ngettext(
        "%(count)s, of one it is not known since when",
        "%(count)s, of %(unknown)s it is not known since when",
        since_when,
    ) % {"count": number(count), "unknown": number(since_when)}


def _agreed(row: AgreementRow) -> Lasting:
    agreement = row.agreement
    begins = agreement.valid_from or agreement.signed
    until = agreement.valid_until or day_after(agreement.terminated_on)
    note = " · ".join(filter(None, (row.kind, period_words(begins, until))))
    return Lasting(agreement.title, note, "agreement", begins, until, over=bool(until), url=row.url)


NAMED_AT_ONCE = 6


def _comings(rows: Iterable[MemberRow], when: Callable[[MemberRow], str], say: Callable[[int], str]) -> list[Event]:
    """Members that came, or left, on the same date as one event."""
    on: dict[str, list[str]] = {}
    for row in rows:
        if day := when(row):
            on.setdefault(day, []).append(row.who.title)
    return [
        Event(
            day,
            say(len(names)) % {"count": number(len(names)), "names": ", ".join(names)}
            if len(names) <= NAMED_AT_ONCE
            else _("%(what)s, among them %(names)s")
            % {
                "what": (say(len(names)) % {"count": number(len(names)), "names": ""}).rstrip(": "),
                "names": ", ".join(names[:3]),
            },
            kind="member",
        )
        for day, names in on.items()
    ]


def _joined(count: int) -> str:
    return npgettext("chronicle", "New member: %(names)s", "%(count)s new members: %(names)s", count)


def _left(count: int) -> str:
    return npgettext("chronicle", "Member left: %(names)s", "%(count)s members left: %(names)s", count)


def _linked_data(cooperation: Cooperation, members: Members, sentence: str) -> dict[str, Any]:
    """The same facts for search engines."""
    said: dict[str, Any] = {
        "@type": "Organization",
        "name": cooperation.name,
        "description": sentence,
        "identifier": cooperation.ref,
        "member": [
            {"@type": "AdministrativeArea" if row.membership.area_key else "Organization", "name": row.who.title}
            for row in members.current[:200]
        ],
    }
    if cooperation.short_name:
        said["alternateName"] = cooperation.short_name
    if cooperation.founded:
        said["foundingDate"] = cooperation.founded
    if cooperation.ended:
        said["dissolutionDate"] = day_before(cooperation.ended)
    if cooperation.website:
        said["sameAs"] = cooperation.website
    return said


# --------------------------------------------------------------------------------------------------- files

MEMBER_COLUMNS = (
    Column("kind", "area, organisation or cooperation"),
    Column("key", "official key of the area as entered, or reference of the entry"),
    Column("name", "name"),
    Column("role", "as what (term)"),
    Column("role_label", "the same in words"),
    Column("part", "which part of it, where not all"),
    Column("through", "through whom, e. g. a union of municipalities"),
    Column("valid_from", "from: year, month or day; empty where not known"),
    Column("last_day", "until: last year, month or day; empty where it goes on or the end is not known"),
    Column("stated_by", "which side says so: cooperation, member or third"),
    Column("confirmed_by_cooperation_on", "when the cooperation confirmed it"),
    Column("confirmed_by_member_on", "when the member confirmed it"),
    Column("sources", "sources that say so"),
)


def members_table(
    known: RegisterInsight, cooperation: Cooperation, moment: AsOf
) -> tuple[Table, Callable[[], list[Any]]]:
    """The members of a day and former ones as a file, and the areas among them."""
    insight, parts = known.insight, queries.parts_of(cooperation)
    members = members_on(known, parts, moment.day)
    listed = [*members.current, *members.former]
    rows = []
    for row in listed:
        each = row.membership
        kind = "area" if each.area_key else _kind_of(each)
        member = each.organisation or each.party_cooperation
        key = each.area_key or (member.ref if member else "")
        rows.append(
            (
                kind,
                key,
                row.who.title,
                each.role,
                row.role,
                each.part or None,
                each.via or None,
                each.valid_from or None,
                day_before(each.valid_until) or None,
                each.stated_by,
                each.confirmed_by_cooperation_on.isoformat() if each.confirmed_by_cooperation_on else None,
                each.confirmed_by_member_on.isoformat() if each.confirmed_by_member_on else None,
                row.sources,
            )
        )
    notes = (_("As of %(day)s") % {"day": date(moment.day)}, *insight.notes)
    title = _("Members of %(name)s") % {"name": title_of(cooperation)}
    table = Table(f"mitglieder-{cooperation.ref}", title, MEMBER_COLUMNS, rows, notes)

    def shapes() -> list[Any]:
        areas = [records.area_under(insight, row.membership.area_key) for row in listed]
        return [None if area is None else insight.plates.shapes(area.level).geometry.get(area.key) for area in areas]

    return table, shapes
