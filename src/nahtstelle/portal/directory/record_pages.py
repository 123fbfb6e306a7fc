"""The start of the directory, and the small pages: of an agreement, of a meeting, of what was done to an entry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nahtstelle.core.periods import day_before
from nahtstelle.core.vocabularies import FAILED_STATES, TASK_MODES, TASKS
from nahtstelle.portal.directory import queries, records
from nahtstelle.portal.directory.cooperation_page import meeting_row
from nahtstelle.portal.directory.records import day_words, participant, period_words, said, term
from nahtstelle.portal.insight import Insight, RegisterInsight
from nahtstelle.portal.register.fields import TermField, TermsField
from nahtstelle.portal.register.models import RECORDS, Agreement, Meeting, Record
from nahtstelle.portal.register.policies import is_public
from nahtstelle.portal.register.queries import Event
from nahtstelle.portal.register.words import done
from nahtstelle.portal.ui.figures import date, number
from nahtstelle.portal.ui.heads import page_head, root


@dataclass(frozen=True)
class Door:
    """A way into the directory: how much lies behind it, what it is called, what it is good for."""

    title: str
    url: str
    count: int
    words: str
    note: str = ""


def directory_page(request: HttpRequest, insight: Insight, areas: int) -> dict[str, Any]:
    """The start of the directory: four doors."""
    held = queries.counts(FAILED_STATES)
    sentence = _(
        "The directory holds %(areas)s areas, %(cooperations)s cooperations, %(projects)s projects and "
        "%(organisations)s organisations."
    ) % {
        "areas": number(areas),
        "cooperations": number(held.cooperations),
        "projects": number(held.projects),
        "organisations": number(held.organisations),
    }
    doors = [
        Door(
            _("Cooperations"),
            reverse("cooperations"),
            held.cooperations,
            _("LEADER regions, metropolitan regions, initiatives, associations: who belongs to them, since when."),
            ngettext("one of them active", "%(count)s of them active", held.active) % {"count": number(held.active)},
        ),
        Door(
            _("Projects"),
            reverse("projects"),
            held.projects,
            _("What was tried together, what came of it, and what did not succeed for which reasons."),
            ngettext("one of them did not succeed", "%(count)s of them did not succeed", held.failed)
            % {"count": number(held.failed)},
        ),
        Door(
            _("Areas"),
            reverse("areas"),
            areas,
            _("Every municipality, district and Land with its borders, neighbours and cooperations."),
        ),
        Door(
            _("Organisations"),
            reverse("organisations"),
            held.organisations,
            _("Authorities, chambers, companies, associations and universities that take part."),
        ),
    ]
    return {
        "head": page_head(request, _("What does the directory hold?"), sentence),
        "insight": insight,
        "sentence": sentence,
        "doors": doors,
        "root": root(),
    }


# ------------------------------------------------------------------------------------------------ agreement


def agreement_page(request: HttpRequest, known: RegisterInsight, agreement: Agreement) -> dict[str, Any]:
    """Everything about an agreement."""
    insight = known.insight
    parties = [
        who
        for each in agreement.parties.select_related("organisation", "party_cooperation")
        if (who := participant(known, each)) is not None
    ]
    kind = str(agreement.get_kind_display())
    period = period_words(agreement.valid_from, agreement.valid_until)
    told = [f"{kind}."]
    if parties:
        told.append(_("Parties: %(names)s.") % {"names": ", ".join(each.title for each in parties)})
    if agreement.signed:
        told.append(_("Signed: %(day)s.") % {"day": day_words(agreement.signed)})
    if period and (agreement.valid_until or agreement.valid_from != agreement.signed):
        told.append(_("In force: %(period)s.") % {"period": period})
    sentence = " ".join(told)
    of = agreement.cooperation if agreement.cooperation and is_public(agreement.cooperation) else None
    return {
        "head": page_head(
            request,
            agreement.title,
            sentence,
            linked_data={"@type": "CreativeWork", "name": agreement.title, "description": sentence},
        ),
        "insight": insight,
        "agreement": agreement,
        "title": agreement.title,
        "sentence": sentence,
        "kind": kind,
        "period": period,
        "signed": day_words(agreement.signed),
        "terminated": day_words(agreement.terminated_on),
        "parties": parties,
        "tasks": [(term(TASKS, each.task), term(TASK_MODES, each.mode), each.note) for each in agreement.tasks.all()],
        "subject": said(agreement, "subject"),
        "of": (of.name, reverse("cooperation", args=[of.ref])) if of else None,
        "document": agreement.document.url if agreement.document else "",
        **records.about(agreement, queries.citations_of(agreement), queries.attachments_of(agreement)),
    }


# -------------------------------------------------------------------------------------------------- meeting


def meeting_page(request: HttpRequest, insight: Insight, meeting: Meeting) -> dict[str, Any]:
    """Everything about a meeting."""
    bodies = [
        (each.body, each.cooperation.name, reverse("cooperation", args=[each.cooperation.ref]))
        for each in meeting.bodies.select_related("cooperation")
        if is_public(each.cooperation)
    ]
    row = meeting_row(meeting)
    when = _("%(day)s, %(time)s") % {"day": row["day"], "time": row["time"]} if row["time"] else row["day"]
    told = [", ".join(part for part in (when, meeting.place) if part) + "."]
    if bodies:
        names = dict.fromkeys(name for _body, name, _url in bodies)
        told.append(_("Who met: %(names)s.") % {"names": ", ".join(names)})
    if meeting.cancelled:
        told.insert(0, _("Cancelled."))
    sentence = " ".join(told)
    event: dict[str, Any] = {
        "@type": "Event",
        "name": meeting.name,
        "startDate": row["iso"],
        "eventStatus": "https://schema.org/EventCancelled"
        if meeting.cancelled
        else "https://schema.org/EventScheduled",
    }
    if meeting.place:
        event["location"] = {"@type": "Place", "name": meeting.place}
    return {
        "head": page_head(request, meeting.name, sentence, linked_data=event),
        "insight": insight,
        "meeting": meeting,
        "title": meeting.name,
        "sentence": sentence,
        "when": when,
        "row": row,
        "bodies": bodies,
        "agenda": list(meeting.agenda.all()),
        "note": said(meeting, "note"),
        **records.about(meeting, queries.citations_of(meeting), queries.attachments_of(meeting)),
    }


# -------------------------------------------------------------------------------------------------- history

LONGEST_VALUE = 80


@dataclass(frozen=True)
class Change:
    """One field that changed: its name and, where they are short, the values before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class LogRow:
    """Something that was done to an entry, in plain words; who did it is not said."""

    day: str
    what: str
    title: str
    changes: list[Change]


def log_rows(events: Iterable[Event]) -> list[LogRow]:
    """What happened to an entry in words, in the order given."""
    return [
        LogRow(
            date(timezone.localtime(event.at).date()),
            done(event.verb),
            event.title,
            _changes(event),
        )
        for event in events
    ]


def _changes(event: Event) -> list[Change]:
    model = RECORDS[event.type]
    changes = []
    for name, values in event.changed.items():
        field = _field(model, name)
        short = field is not None and all(_is_short(field, value) for value in values)
        before, after = (_plain(field, value) if short and field is not None else "" for value in values)
        changes.append(Change(_name_of(model, name, field), before, after))
    return changes


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any] | None:
    return next((field for field in model._meta.concrete_fields if field.name == name), None)


def _name_of(model: type[models.Model], name: str, field: models.Field[Any, Any] | None) -> str:
    if field is not None:
        return str(field.verbose_name)
    relation = next((each for each in model._meta.related_objects if each.get_accessor_name() == name), None)
    return str(relation.related_model._meta.verbose_name_plural) if relation else name


def _is_short(field: models.Field[Any, Any], value: Any) -> bool:
    if value is None or isinstance(value, bool | list) or field.is_relation:
        return value is None or isinstance(field, TermsField)
    return len(str(value)) <= LONGEST_VALUE


def _plain(field: models.Field[Any, Any], value: Any) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(field, TermsField) and field.vocabulary is not None:
        return ", ".join(term(field.vocabulary, each) for each in value)
    if isinstance(field, TermField) and field.vocabulary is not None:
        return term(field.vocabulary, str(value))
    if field.name in ("valid_until", "ended"):
        return day_words(day_before(str(value)))
    try:
        return day_words(str(value))
    except ValueError:
        return str(value)


def history_page(request: HttpRequest, record: Record, title: str, back: str, page: Page[Any]) -> dict[str, Any]:
    """What was done to an entry, the newest first."""
    count = page.paginator.count
    sentence = ngettext(
        "Of this entry, one step is on record.", "Of this entry, %(count)s steps are on record.", count
    ) % {"count": number(count)}
    if not count:
        sentence = _("Of this entry, no step is on record.")
    return {
        "head": page_head(request, _("What was changed: %(title)s") % {"title": title}, sentence),
        "sentence": sentence,
        "title": title,
        "back": back,
        "rows": log_rows(page.object_list),
        "page": page,
        "record": record,
        "root": root(),
    }
