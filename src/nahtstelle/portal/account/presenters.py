"""The account as pages show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateTimeField
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nahtstelle.core.periods import day_before
from nahtstelle.portal.account.forms import SUGGESTED, MemberForm, label
from nahtstelle.portal.accounts.models import Person
from nahtstelle.portal.register import policies, suggested, todo
from nahtstelle.portal.register.editing.panels import screen
from nahtstelle.portal.register.fields import PartialDateField, TermField, TermsField
from nahtstelle.portal.register.models import (
    RECORDS,
    Agreement,
    Assignment,
    Attachment,
    Citation,
    Cooperation,
    Following,
    Invitation,
    LogEntry,
    Meeting,
    Membership,
    Organisation,
    Project,
    Record,
    Source,
    StatedBy,
    Suggestion,
    SuggestionState,
)
from nahtstelle.portal.register.policies import standing
from nahtstelle.portal.register.queries import visible_to
from nahtstelle.portal.register.records import described
from nahtstelle.portal.register.words import done
from nahtstelle.portal.ui import figures
from nahtstelle.portal.ui.heads import page_head

FOLLOWED = ("cooperation", "organisation", "project", "agreement", "meeting")
"""Kinds of record with a page of their own, which can be followed."""
_PAGES = {
    "cooperation": "kooperationen",
    "organisation": "organisationen",
    "project": "projekte",
    "agreement": "vereinbarungen",
    "meeting": "treffen",
}
SUGGESTED_CHANGES = frozenset(SUGGESTED) - {MemberForm.TYPE}
"""Kinds of record to which a change can be suggested; of members, only new ones."""
_DESKS = {
    "cooperation": "account-cooperation",
    "organisation": "account-organisation",
    "project": "account-project",
    "agreement": "account-agreement",
    "meeting": "account-meeting",
}
_TECHNICAL = frozenset({"about_type", "about_ref", "area_edition"})
"""What a suggestion says for the register; people read the name of the entry instead."""
_SHOWN = 5
_TASKS_SHOWN = 8
_LONG = 400


@dataclass(frozen=True)
class Line:
    """One entry of a list: its title, what is said of it, where it leads."""

    title: str
    hint: str = ""
    url: str = ""
    act: str = ""


def page_of(type_: str, ref: str) -> str:
    """The public page of a record; empty where it has none of its own."""
    root = "/en" if (get_language() or "de").startswith("en") else ""
    return f"{root}/verzeichnis/{_PAGES[type_]}/{ref}/" if type_ in _PAGES else ""


def desk_of(type_: str, ref: str) -> str:
    """Where whoever looks after a record works on it; empty where there is no such page."""
    return reverse(_DESKS[type_], args=[ref]) if type_ in _DESKS else ""


def readable(type_: str, name: str, value: Any) -> str:
    """A value of a described record, as people read it."""
    if value in (None, "", [], ()):
        return ""
    try:
        field: Any = RECORDS[type_]._meta.get_field(name)
    except FieldDoesNotExist:  # shown as it is
        field = None
    if isinstance(field, TermField | TermsField) and field.vocabulary is not None:
        language, terms = get_language() or "de", field.vocabulary
        ids = value if isinstance(value, list | tuple) else [value]
        return ", ".join(terms[each].label(language) if each in terms else str(each) for each in ids)
    if isinstance(field, PartialDateField) and name in ("valid_until", "ended"):
        return day_before(value)
    if isinstance(field, DateTimeField) and (moment := parse_datetime(str(value))):
        return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "; ".join(" · ".join(str(part) for part in each.values() if part) for each in value)
    if field is not None and field.is_relation and field.related_model in RECORDS.values():
        found = field.related_model._default_manager.filter(ref=value).first()
        return str(found or value)
    return str(value)


# ------------------------------------------------------------------------------------------ the account itself


def home(person: Person) -> dict[str, Any]:
    """What there is to do, what one looks after, follows and has suggested."""
    rights = standing(person)
    given = sorted(rights.assignments, key=lambda each: (each.role, each.pk))
    office = person.has_perm("wagtailadmin.access_admin")
    waiting = tasks(person)
    return {
        "at_home": True,
        "tasks": waiting,
        "waiting": sum(kind["count"] for kind in waiting),
        "given": [each for each in given if each.cooperation is None and each.organisation is None],
        "bodies": [_body(each) for each in given if each.cooperation or each.organisation],
        "followed": _followed(person),
        "suggestions": _suggested(Suggestion.objects.filter(by=person)[: _SHOWN + 1]),
        "office": office,
        "decides": policies.may(rights, "decide"),
        "invites": policies.may(rights, "assign"),
        "advise_factor": (office or bool(given)) and not is_mfa_enabled(person),
    }


def tasks(person: Person) -> list[dict[str, Any]]:
    """What there is to do, kind by kind, each with what to do and where."""
    found = todo.tasks_for(standing(person))
    words = {
        "confirm-membership": (_("Confirm a membership"), _("Memberships to confirm")),
        "suggestion": (_("Decide on a suggestion"), _("Suggestions to decide on")),
        "review": (_("Look at a draft"), _("Drafts to look at")),
        "stale": (_("Is it still right?"), _("Not confirmed for 18 months")),
        "broken-link": (_("Put a link right"), _("Links that do not work")),
        "dispute": (_("Settle a dispute"), _("Disputed entries")),
    }
    return [
        {
            "title": words[kind][1],
            "count": found.counts[kind],
            "more": max(0, found.counts[kind] - _TASKS_SHOWN),
            "tasks": [
                Line(each.title, _hint(each), _url_of(each), words[kind][0]) for each in found.of(kind)[:_TASKS_SHOWN]
            ],
        }
        for kind in todo.TASK_KINDS
        if found.counts.get(kind)
    ]


def _hint(task: todo.Task) -> str:
    said = figures.date(task.since) if task.since else ""
    if task.kind == "confirm-membership":
        by = StatedBy(task.note).label if task.note in StatedBy.values else ""
        return _("stated by %(side)s, %(day)s") % {"side": by, "day": said}
    if task.kind in ("suggestion", "broken-link") and task.note:
        return f"{said} · {task.note[:140]}"
    return said


def _url_of(task: todo.Task) -> str:
    """Where a task is done: here, or for what only the editing screens know, there."""
    if task.kind == "confirm-membership":
        return reverse("account-membership", args=[task.ref])
    if task.kind == "suggestion":
        return reverse("account-suggestion", args=[task.id])
    if task.kind == "stale":
        return reverse("account-confirm", args=[task.type, task.ref])
    return screen_of(RECORDS[task.type], task.id)


def screen_of(model: type[Record], key: int | None) -> str:
    """Where a record is edited with all it says: the editing screens."""
    return reverse(screen(model, "edit"), args=[key])


def _body(given: Assignment) -> dict[str, Any]:
    body: Cooperation | Organisation = given.cooperation or given.organisation  # type: ignore[assignment]
    return {"body": body, "url": desk_of(body.TYPE, body.ref), "page": page_of(body.TYPE, body.ref), "role": given}


def _followed(person: Person) -> list[dict[str, Any]]:
    rows = list(Following.objects.filter(person=person).order_by("about_type", "pk"))
    titles: dict[tuple[str, str], str] = {}
    for type_ in {row.about_type for row in rows} & set(FOLLOWED):
        refs = [row.about_ref for row in rows if row.about_type == type_]
        for record in visible_to(standing(person), RECORDS[type_]).filter(ref__in=refs):
            titles[type_, record.ref] = str(record)
    return [
        {"type": row.about_type, "ref": row.about_ref, "title": title, "page": page_of(row.about_type, row.about_ref)}
        for row in rows
        if (title := titles.get((row.about_type, row.about_ref)))
    ]


def following(person: Person, record: Record) -> dict[str, Any]:
    """The question whether to follow a record."""
    follows = Following.objects.filter(person=person, about_type=record.TYPE, about_ref=record.ref).exists()
    return {"record": record, "follows": follows, "page": page_of(record.TYPE, record.ref)}


def roles(request: HttpRequest) -> dict[str, Any]:
    """The table of roles."""
    words = {
        policies.NONE: _("no"),
        policies.OWN: _("for their own"),
        policies.LAENDER: _("in their Länder"),
        policies.ALL: _("yes"),
    }
    rows = [
        (verb.title, [(words[getattr(verb, role)], getattr(verb, role) != policies.NONE) for role in policies.ROLES])
        for verb in policies.VERBS.values()
    ]
    return {
        "head": page_head(request, _("Who may do what?"), _("Five roles, from reading to giving roles to others.")),
        "roles": list(policies.ROLES.values()),
        "rows": rows,
    }


# --------------------------------------------------------------------------------------------- looking after


def cooperation_desk(person: Person, cooperation: Cooperation) -> dict[str, Any]:
    """A cooperation as whoever looks after it works on it."""
    rights = standing(person)

    def may(verb: str) -> bool:
        return policies.may(rights, verb, cooperation)

    memberships = list(
        Membership.objects.filter(cooperation=cooperation, withdrawn_on=None)
        .select_related("organisation", "party_cooperation", "cooperation")
        .order_by("valid_until", "area_name", "pk")
    )
    projects = list(
        Project.objects.filter(cooperations__cooperation=cooperation, withdrawn_on=None).distinct().order_by("name")
    )
    about = {"about_type": cooperation.TYPE, "about_ref": cooperation.ref, "withdrawn_on": None}
    return {
        "record": cooperation,
        "page": page_of(cooperation.TYPE, cooperation.ref),
        "may_confirm": may("confirm") and cooperation.live,
        "may_invite": may("invite"),
        "to_confirm": sum(each.confirmed_by_cooperation_on is None for each in memberships),
        "members": [_member(each) for each in memberships if not each.valid_until],
        "former": [_member(each) for each in memberships if each.valid_until],
        "projects": projects,
        "agreements": list(Agreement.objects.filter(cooperation=cooperation, withdrawn_on=None)),
        "meetings": list(Meeting.objects.filter(bodies__cooperation=cooperation, withdrawn_on=None).distinct()[:10]),
        "sources": list(Citation.objects.filter(**about).select_related("source")),
        "broken": list(Attachment.objects.filter(**about).exclude(broken="")),
        "handed_in": _handed_in(person, cooperation, {each.ref for each in memberships}),
        "log": [(each, done(each.verb)) for each in _log(cooperation)],
        "office": person.has_perm("wagtailadmin.access_admin"),
    }


def _handed_in(person: Person, cooperation: Cooperation, members: set[str]) -> list[dict[str, Any]]:
    """What the person has suggested for a cooperation, its members and sources, and nobody has decided on yet."""
    concerned = {(cooperation.TYPE, cooperation.ref)} | {(Membership.TYPE, ref) for ref in members}
    waiting = []
    for each in Suggestion.objects.filter(by=person, state=SuggestionState.OPEN):
        about = (each.fields.get("about_type"), each.fields.get("about_ref"))
        of_it = each.about_type == Membership.TYPE and each.fields.get("cooperation") == cooperation.ref
        if of_it or concerned & {(each.about_type, each.about_ref), about}:
            waiting.append(each)
    return _suggested(waiting)


def _member(membership: Membership) -> dict[str, Any]:
    sides = {
        "cooperation": membership.confirmed_by_cooperation_on,
        "member": membership.confirmed_by_member_on or (membership.confirmed_on if membership.area_key else None),
    }
    return {
        "membership": membership,
        "until": day_before(membership.valid_until),
        "waits_for_us": sides["cooperation"] is None,
        "waits_for_them": not membership.area_key and sides["member"] is None,
    }


def organisation_desk(person: Person, organisation: Organisation) -> dict[str, Any]:
    """An organisation as whoever looks after it works on it."""
    memberships = Membership.objects.filter(organisation=organisation, withdrawn_on=None).select_related("cooperation")
    rights = standing(person)
    return {
        "record": organisation,
        "page": page_of(organisation.TYPE, organisation.ref),
        "may_confirm": policies.may(rights, "confirm", organisation) and organisation.live,
        "may_invite": policies.may(rights, "invite", organisation),
        "members": [
            {"membership": each, "until": day_before(each.valid_until), "waits": each.confirmed_by_member_on is None}
            for each in memberships
        ],
        "log": [(each, done(each.verb)) for each in _log(organisation)],
        "office": person.has_perm("wagtailadmin.access_admin"),
    }


def _log(record: Record) -> Iterable[LogEntry]:
    return LogEntry.objects.filter(record_type=record.TYPE, record_ref=record.ref)[:_SHOWN]


# ------------------------------------------------------------------------------------------------ suggestions


def _suggested(suggestions: Iterable[Suggestion]) -> list[dict[str, Any]]:
    listed = list(suggestions)
    there = suggested.records_about(listed)
    return [
        {
            "suggestion": each,
            "title": title_of(each, there.get(each.pk)),
            "kind": RECORDS[each.about_type]._meta.verbose_name,
            "url": reverse("account-suggestion", args=[each.pk]),
            "open": each.state == SuggestionState.OPEN,
        }
        for each in listed
    ]


def title_of(suggestion: Suggestion, record: Record | None) -> str:
    """What a suggestion is about: the name of the record there is, else the name of the new one."""
    fields = suggestion.fields
    if suggestion.about_type == Citation.TYPE and isinstance(fields.get("source"), dict):
        return str(fields["source"].get("title", ""))[:120]
    if record is not None:
        return str(record)
    named = fields.get("name") or fields.get("title") or fields.get("area_name")
    return str(named or fields.get("reason") or fields.get("organisation") or "")[:120]


def suggestions(person: Person) -> dict[str, Any]:
    """One's own suggestions and those one may decide on."""
    keys = [each.id for each in todo.tasks_for(standing(person)).of("suggestion") if each.id is not None]
    to_decide = Suggestion.objects.filter(pk__in=keys).order_by("pk")
    return {
        "to_decide": _suggested(to_decide),
        "own": _suggested(Suggestion.objects.filter(by=person)[:100]),
    }


def suggestion_page(person: Person, suggestion: Suggestion, record: Record | None, decides: bool) -> dict[str, Any]:
    """What is suggested, field by field, beside what is there."""
    type_ = suggestion.about_type
    before = described(record) if record is not None else {}
    about = record if record is not None else _concerned(suggestion)
    said = [(type_, name, value) for name, value in suggestion.fields.items() if name not in _TECHNICAL]
    if type_ == Citation.TYPE and isinstance(suggestion.fields.get("source"), dict):  # brings a new source along
        of_the_source = [(Source.TYPE, name, value) for name, value in suggestion.fields["source"].items()]
        said = [*of_the_source, *(each for each in said if each[1] != "source")]
    rows = [
        (label(kind, name), readable(kind, name, before.get(name))[:_LONG], readable(kind, name, value)[:_LONG])
        for kind, name, value in said
        if value not in (None, "", [], ()) or before.get(name)
    ]
    if about is not None and "about_ref" in suggestion.fields:
        rows.insert(0, (_("Entry"), "", f"{capfirst(about._meta.verbose_name)}: {about}"))
    return {
        "suggestion": suggestion,
        "title": title_of(suggestion, record),
        "kind": RECORDS[type_]._meta.verbose_name,
        "record": record,
        "page": page_of(about.TYPE, about.ref) if about is not None else "",
        "rows": rows,
        "decides": decides and suggestion.state == SuggestionState.OPEN,
        "by": suggestion.by.get_full_name() or suggestion.by.username,
        "own": suggestion.by_id == person.pk,
    }


def not_yours(record: Record) -> dict[str, Any]:
    """What somebody can do with a record that others look after."""
    asked = {"art": record.TYPE, "ref": record.ref}
    return {
        "record": record,
        "page": page_of(record.TYPE, record.ref),
        "suggest": reverse("account-suggest", query=asked) if record.TYPE in SUGGESTED_CHANGES else "",
        "mistake": reverse("account-mistake", query=asked),
    }


def _concerned(suggestion: Suggestion) -> Record | None:
    """The record there is that a new one speaks of or belongs to."""
    said = suggestion.fields
    type_ = said.get("about_type", Cooperation.TYPE)
    ref = said.get("about_ref", said.get("cooperation"))
    if type_ not in RECORDS or not isinstance(ref, str):
        return None
    found: Record | None = RECORDS[type_]._default_manager.filter(ref=ref).first()
    return found


def kinds_suggested() -> list[Line]:
    """What can be suggested anew."""
    base = reverse("account-suggest")
    words = {
        "cooperation": (_("A cooperation that is missing"), _("Who works together, since when, on what.")),
        "organisation": (_("An organisation that is missing"), _("A company, an association, an institution.")),
        "project": (_("A project that is missing"), _("Also one nothing came of.")),
    }
    return [Line(*words[kind], url=f"{base}?art={kind}") for kind in words if kind in SUGGESTED]


# ------------------------------------------------------------------------------------------------ invitations


def invitations(found: Iterable[Invitation]) -> list[dict[str, Any]]:
    """Invitations with how they stand."""
    now = timezone.now()
    rows = []
    for each in found:
        if each.accepted_at:
            said = _("accepted")
        elif each.withdrawn_at:
            said = _("withdrawn")
        elif each.expires_at <= now:
            said = _("expired")
        else:
            said = _("open until %(day)s") % {"day": figures.date(timezone.localdate(each.expires_at))}
        still = not (each.accepted_at or each.withdrawn_at)
        rows.append({"invitation": each, "said": said, "open": still and each.expires_at > now, "again": still})
    return rows
