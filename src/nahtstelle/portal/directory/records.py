"""What the pages of all records share: dates and periods, who takes part, how well something is founded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, npgettext

from nahtstelle.core.keys import LAENDER, Level
from nahtstelle.core.model import Area
from nahtstelle.core.names import folded
from nahtstelle.core.periods import day_before, first_day
from nahtstelle.core.vocabularies import DATA_STATES, Term, Vocabulary
from nahtstelle.portal.insight import Insight, RegisterInsight
from nahtstelle.portal.register import queries as register
from nahtstelle.portal.register.models import Attachment, Citation, Membership, Party, Record, Source, StatedBy
from nahtstelle.portal.register.policies import is_public
from nahtstelle.portal.ui.figures import date, language, number
from nahtstelle.portal.ui.heads import root
from nahtstelle.portal.ui.levels import WORDS, spelled

# ---------------------------------------------------------------------------------------- dates and periods


def day_words(text: str) -> str:
    """A date known to the year, the month or the day, in words; nothing for none."""
    day = first_day(text)
    if day is None:
        return ""
    if len(text) == 4:
        return text
    return date_format(day, "F Y") if len(text) == 7 else date(day)


def period_words(begins: str, ends: str) -> str:
    """A period as people say it; ``ends`` is the first date outside. Nothing where neither is known."""
    first, last = day_words(begins), day_words(day_before(ends)) if ends else ""
    if first and last:
        return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
    if first:
        return _("since %(day)s") % {"day": first}
    return _("until %(day)s") % {"day": last} if last else ""


def years_words(begins: str, ends: str) -> str:
    """A period in years, as short as a table wants it: "2014", "2006–2022"; nothing where neither end is known."""
    first, last = begins[:4], day_before(ends)[:4] if ends else ""
    if first and last and first != last:
        return f"{first}–{last}"
    return first if first else _("until %(day)s") % {"day": last} if last else ""


def year_of(text: str) -> str:
    """The year of a date."""
    return text[:4]


# ------------------------------------------------------------------------------------------ texts and terms


@dataclass(frozen=True)
class Said:
    """A text in the language of the page or, where there is none, in the other one."""

    text: str
    lang: str
    """The language where it is not that of the page, else nothing."""

    def __bool__(self) -> bool:
        return bool(self.text)


def said(record: models.Model, field: str) -> Said:
    """A field that is kept in German and in English."""
    here = language()
    other = "en" if here == "de" else "de"
    if text := getattr(record, f"{field}_{here}"):
        return Said(text, "")
    return Said(getattr(record, f"{field}_{other}"), other)


def title_of(name: str, short_name: str) -> str:
    """The name people use: the short one, unless it is made of initials only."""
    return short_name if short_name and not short_name.isupper() else name


def term(vocabulary: Vocabulary, ident: str) -> str:
    """The label of a term; the id itself where the vocabulary no longer has it."""
    found: Term | None = vocabulary.get(ident)
    return found.label(language()) if found else ident


def terms(vocabulary: Vocabulary, idents: Iterable[str]) -> list[str]:
    """The labels of terms."""
    return [term(vocabulary, ident) for ident in idents]


# ----------------------------------------------------------------------------------------- who takes part


@lru_cache(maxsize=2)
def _by_ags(insight: Insight) -> dict[str, str]:
    """Keys of municipalities under their short form of eight digits, in which registers name them."""
    return {key[:5] + key[9:]: key for key, area in insight.areas.items() if area.level is Level.MUNICIPALITY}


def area_under(insight: Insight, key: str) -> Area | None:
    """The area of the current edition with this key, or with this AGS."""
    return insight.areas.get(key) or insight.areas.get(_by_ags(insight).get(key, ""))


@dataclass(frozen=True)
class Participant:
    """An area, an organisation, a cooperation or a mere name, as it is shown."""

    title: str
    url: str
    kind: str
    lies_in: str
    sort: tuple[Any, ...]

    @property
    def hint(self) -> str:
        """What it is and where it lies."""
        return " · ".join(part for part in (self.kind, self.lies_in) if part)


def participant(known: RegisterInsight, party: Party) -> Participant | None:
    """Who this is; ``None`` for somebody whose own entry is not public."""
    if party.area_key:
        return _territory(known, party.area_key, party.area_name)
    for record, page in ((party.organisation, "organisation"), (party.party_cooperation, "cooperation")):
        if record is not None:
            if not is_public(record):
                return None
            order = 1 if page == "cooperation" else 2
            kind = str(record.get_kind_display())
            place = record.seat_place if page == "organisation" else ""
            return Participant(record.name, reverse(page, args=[record.ref]), kind, place, (order, record.name))
    return Participant(party.party_name, "", "", "", (3, party.party_name)) if party.party_name else None


def _territory(known: RegisterInsight, key: str, name: str) -> Participant:
    insight = known.insight
    area = area_under(insight, key)
    land = LAENDER.get(key[:2], "")
    if area is None:
        # An area of another date than that of the edition is named as it was entered, and leads to the one it is there.
        today = known.today.lineage.carry(key).keys
        url = reverse("area", args=[today[0]]) if len(today) == 1 else ""
        return Participant(name or key, url, "", land, (0, key[:2], -_SIZE[_level_of(key)], name))
    district = insight.areas.get(insight.parents[area.key].get(Level.DISTRICT, ""))
    lies_in = [district.name if district and district.name != area.name else "", land if area.name != land else ""]
    kind = area.designation or str(WORDS[area.level].one)
    order = (0, area.key[:2], -_SIZE[area.level], area.name)
    return Participant(
        area.name, reverse("area", args=[area.key]), kind, ", ".join(part for part in lies_in if part), order
    )


def _level_of(key: str) -> Level:
    """The level of an area by the length of its key."""
    return {2: Level.LAND, 5: Level.DISTRICT, 9: Level.UNION}.get(len(key), Level.MUNICIPALITY)


_SIZE = {Level.LAND: 4, Level.DISTRICT: 3, Level.UNION: 2, Level.MUNICIPALITY: 1}


def who_says(membership: Membership) -> str:
    """Which side states a membership, as long as not both do."""
    by_cooperation, by_member = membership.confirmed_by_cooperation_on, membership.confirmed_by_member_on
    if by_cooperation and by_member:
        return _("confirmed by both sides")
    if by_cooperation or (membership.stated_by == StatedBy.COOPERATION and not by_member):
        return _("stated by the cooperation")
    if by_member or membership.stated_by == StatedBy.MEMBER:
        return _("stated by the member")
    return _("stated by a third party")


# ----------------------------------------------------------------------------------------- how we know it


@dataclass(frozen=True)
class SourceRow:
    """A source as a page names it: what it is, and what it says to the entry."""

    title: str
    url: str
    publisher: str
    kind: str
    published: str
    seen: str
    contradicts: bool
    about: str


@dataclass(frozen=True)
class Evidence:
    """The sources of an entry; publishers that say the same are counted once each."""

    sources: list[SourceRow]
    confirming: int
    contradicting: int

    @property
    def sentence(self) -> str:
        """How many independent publishers confirm the entry, and how many contradict it."""
        if not self.sources:
            return ""
        told = ngettext(
            "One publisher confirms this entry.",
            "%(count)s publishers independent of each other confirm this entry.",
            self.confirming,
        ) % {"count": spelled(self.confirming).capitalize()}
        if not self.confirming:
            told = _("No source confirms this entry.")
        if self.contradicting:
            told += " " + ngettext(
                "One source contradicts it.", "%(count)s sources contradict it.", self.contradicting
            ) % {"count": spelled(self.contradicting).capitalize()}
        return told


def about(record: Any, citations: Sequence[Citation], attachments: Sequence[Attachment]) -> dict[str, Any]:
    """What every page of an entry says of the entry itself: how it is founded, by what, and who may do what to it."""
    return {
        "attachments": [attachment_row(each) for each in attachments],
        "evidence": evidence(citations),
        "data_state": founded(record),
        "dispute": getattr(record, "dispute", "") or "",
        "root": root(),
        "ways": ways_to_contribute(record),
        "history": reverse(f"{record.TYPE}-history", args=[record.ref]),
        "changed": changed(record),
    }


def evidence(citations: Sequence[Citation]) -> Evidence:
    """Citations as the list of sources of a page: each source once for what it supports, once against it."""
    rows: dict[tuple[int, bool], SourceRow] = {}
    publishers: dict[bool, set[str]] = {False: set(), True: set()}
    for citation in citations:
        source, contradicts = citation.source, citation.stance == "widerspricht"
        publishers[contradicts].add(_publisher_of(source))
        if (source.pk, contradicts) in rows and not contradicts:
            continue
        rows[source.pk, contradicts] = SourceRow(
            source.title,
            source.url,
            source.publisher,
            str(source.get_evidence_display()),
            day_words(source.published),
            date(source.seen_on) if source.seen_on else "",
            contradicts,
            citation.note if contradicts else "",
        )
    ordered = sorted(rows.values(), key=lambda row: (row.contradicts, row.publisher.casefold(), row.title.casefold()))
    return Evidence(ordered, len(publishers[False]), len(publishers[True]))


def _publisher_of(source: Source) -> str:
    """What tells publishers apart: the name, else the host of the address, else the source itself."""
    host = (urlsplit(source.url).hostname or "").removeprefix("www.")
    return folded(source.publisher) or host or f"source {source.pk}"


_MEANING: dict[str, Promise] = {
    "bestaetigt": gettext_lazy("Those who answer for it have confirmed this entry."),
    "belegt": gettext_lazy("Taken from published sources; those who answer for it have not confirmed it yet."),
    "gemeldet": gettext_lazy("Reported without a source; nobody has checked it yet."),
    "veraltet": gettext_lazy("Nobody has confirmed this entry for more than 18 months."),
    "strittig": gettext_lazy("Sources or those concerned contradict each other."),
}


@dataclass(frozen=True)
class DataState:
    """How well an entry is founded: a term, its words, and the day it was last confirmed."""

    id: str
    confirmed_on: dt.date | None

    @property
    def label(self) -> str:
        """The term."""
        return term(DATA_STATES, self.id)

    @property
    def meaning(self) -> str:
        """What that means, in a sentence."""
        meaning = str(_MEANING[self.id])
        if self.confirmed_on is None:
            return meaning
        return f"{meaning} " + _("Last confirmed on %(day)s.") % {"day": date(self.confirmed_on)}


def data_state(confirmed_on: dt.date | None, documented: bool, disputed: bool) -> DataState:
    """The data state of an entry today."""
    return DataState(register.data_state(register.Facts(confirmed_on, documented, disputed=disputed)), confirmed_on)


def founded(record: Any) -> DataState:
    """How well an entry that came with the columns of `queries` is founded; one in preview is as yet unchecked."""
    disputed = getattr(record, "contradicted", False) or getattr(record, "dispute", None)
    return data_state(record.confirmed_on, getattr(record, "documented", False), bool(disputed))


def changed(record: Any) -> str:
    """The day an entry was last changed; nothing for one in preview."""
    return date(timezone.localtime(record.changed_at).date()) if record.changed_at else ""


SUGGESTED = ("cooperation", "organisation", "project")
"""Types of entry to which anybody with an account may suggest a change; of others they can report a mistake."""


def ways_to_contribute(record: Record) -> dict[str, str]:
    """Where readers can confirm an entry, suggest a change, report a mistake, follow it."""
    query = f"?art={record.TYPE}&ref={record.ref}"
    ways = {
        "mistake": reverse("account-mistake") + query,
        "confirm": reverse("account-confirm", args=[record.TYPE, record.ref]),
        "follow": reverse("account-follow") + query,
    }
    ways["suggest"] = reverse("account-suggest") + query if record.TYPE in SUGGESTED else ways["mistake"]
    return ways


# --------------------------------------------------------------------------- what belongs to any kind of entry


def contact_row(contact: Any) -> dict[str, Any]:
    """Whom to write to."""
    organisation = contact.organisation
    return {
        "function": contact.function,
        "organisation": organisation.name if organisation else "",
        "organisation_url": reverse("organisation", args=[organisation.ref]) if organisation else "",
        "person": contact.person_name,
        "mailbox": contact.mailbox,
        "form": contact.form,
        "phone": contact.phone,
    }


def attachment_row(attachment: Any) -> dict[str, Any]:
    """A document or a link."""
    document = attachment.document
    return {
        "title": attachment.title,
        "url": document.url if document else attachment.url,
        "own": document is not None,
        "publisher": attachment.publisher,
        "published": day_words(attachment.published),
        "lang": attachment.language if attachment.language != language() else "",
        "note": attachment.note,
        "broken": bool(attachment.broken),
    }


def statement_row(statement: Any) -> dict[str, Any]:
    """A countable statement, and what checking it gave."""
    places = 0 if statement.value is None or statement.value == int(statement.value) else 2
    before = {"approx": _("about"), "gt": _("more than"), "lt": _("less than")}.get(statement.operator, "")
    value = "" if statement.value is None else number(float(statement.value), places)
    return {
        "what": said(statement, "what"),
        "value": " ".join(part for part in (before if value else "", value, statement.unit if value else "") if part),
        "as_of": day_words(statement.as_of),
        "check": said(statement, "check"),
    }


# ------------------------------------------------------------------------------------------------ counts


def counted_parts(parts: Iterable[tuple[int, str]]) -> str:
    """Counts with their nouns, those of nothing left out, as one part of a sentence."""
    there = [text for count, text in parts if count]
    if len(there) < 2:
        return "".join(there)
    return _("%(first)s and %(last)s") % {"first": ", ".join(there[:-1]), "last": there[-1]}


def areas(count: int) -> str:
    """So many areas, as the subject of a sentence."""
    return npgettext("subject", "one area", "%(count)s areas", count) % {"count": spelled(count)}


def municipalities(count: int) -> str:
    """So many municipalities, as the subject of a sentence."""
    return npgettext("subject", "one municipality", "%(count)s municipalities", count) % {"count": spelled(count)}


def districts(count: int) -> str:
    """So many districts or cities, as the subject of a sentence."""
    return npgettext("subject", "one district", "%(count)s districts", count) % {"count": spelled(count)}


def unions(count: int) -> str:
    """So many municipal unions, as the subject of a sentence."""
    return npgettext("subject", "one municipal union", "%(count)s municipal unions", count) % {"count": spelled(count)}


def laender(count: int) -> str:
    """So many Länder, as the subject of a sentence."""
    return npgettext("subject", "one Land", "%(count)s Länder", count) % {"count": spelled(count)}


def organisations(count: int) -> str:
    """So many organisations, as the subject of a sentence."""
    return npgettext("subject", "one organisation", "%(count)s organisations", count) % {"count": spelled(count)}


def cooperations(count: int) -> str:
    """So many cooperations, as the subject of a sentence."""
    return npgettext("subject", "one cooperation", "%(count)s cooperations", count) % {"count": spelled(count)}


def euros(amount: Any) -> str:
    """An amount of money in whole euros; nothing where it is not known."""
    return "" if amount is None else f"{number(float(amount))}\N{NO-BREAK SPACE}€"
