"""Mail about the register, sent once a change is certain: to those who follow a record and those who look after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import get_language, override

from nahtstelle.portal.register.models import (
    RECORDS,
    Cooperation,
    Entry,
    ImportBatch,
    LogEntry,
    Membership,
    Organisation,
    Record,
    Role,
    Suggestion,
)
from nahtstelle.portal.register.policies import is_public, lands_of, owners_of, spoken_of
from nahtstelle.portal.register.words import done

PAGES: Final = {
    "cooperation": "verzeichnis/kooperationen",
    "project": "verzeichnis/projekte",
    "organisation": "verzeichnis/organisationen",
}
"""Where records have a page of their own."""

_MOST_LISTED: Final = 30


@dataclass(frozen=True)
class Line:
    """One change, as a mail lists it."""

    title: str
    done: str
    address: str


def tell_of_changes(entries: Sequence[LogEntry], actor: Any) -> None:
    """Tell followers and coordination what was done; whoever did it knows already. Drafts are told to nobody."""
    told: dict[Any, list[tuple[LogEntry, str]]] = {}
    for entry in entries:
        if (entry.after or {}).get("draft"):
            continue
        model = RECORDS.get(entry.record_type)
        record = None if model is None else model._default_manager.filter(ref=entry.record_ref).first()
        if record is None:
            continue
        page = _page_of(record)
        for person in _concerned(record):
            if actor is None or person.pk != actor.pk:
                told.setdefault(person, []).append((entry, page))
    mails = []
    for person, lines in told.items():
        with override(language_of(person)):
            listed = [Line(each.title, done(each.verb), address(page)) for each, page in lines[:_MOST_LISTED]]
            mails.append(_mail("changes", person.email, {"lines": listed, "more": len(lines) - len(listed)}))
    _send(mails)


def tell_of_batch(batch: ImportBatch, cooperations: Iterable[int], actor: Any) -> None:
    """Tell the coordination of these cooperations once that an import changed something in them."""
    people = _people(Q(assignments__cooperation__in=list(cooperations))).exclude(pk=getattr(actor, "pk", None))
    mails = []
    for person in people:
        with override(language_of(person)):
            mails.append(_mail("batch", person.email, {"batch": batch, "account": address("konto")}))
    _send(mails)


def tell_of_decision(suggestion: Suggestion, made: Record | None) -> None:
    """Tell whoever suggested something what became of it."""
    person, page = suggestion.by, "" if made is None else _page_of(made)
    if not (person.is_active and person.email):
        return
    with override(language_of(person)):
        _send([_mail("decision", person.email, {"suggestion": suggestion, "address": address(page) if page else ""})])


def tell_of_suggestion(suggestion: Suggestion, record: Record) -> None:
    """Tell those who decide on it that somebody suggests something."""
    about = spoken_of(record) or record
    mails = []
    for person in _deciding(record, suggestion.by):
        with override(language_of(person)):
            said = {
                "suggestion": suggestion,
                "title": str(about),
                "address": address(f"konto/vorschlaege/{suggestion.pk}"),
            }
            mails.append(_mail("suggestion", person.email, said))
    _send(mails)


def tell_of_drafts(entries: Sequence[Entry], actor: Any) -> None:
    """Tell those who may publish them that drafts wait for a look: one mail, however many there are."""
    told: dict[Any, list[Entry]] = {}
    for entry in entries:
        for person in _deciding(entry, actor):
            told.setdefault(person, []).append(entry)
    mails = []
    for person, waiting in told.items():
        with override(language_of(person)):
            said = {
                "titles": [f"{each._meta.verbose_name}: {each}" for each in waiting[:_MOST_LISTED]],
                "more": max(0, len(waiting) - _MOST_LISTED),
                "account": address("konto"),
            }
            mails.append(_mail("drafts", person.email, said))
    _send(mails)


def tell_of_membership(membership: Membership, side: str, actor: Any) -> None:
    """Ask the other side of a membership to confirm it."""
    if side == "member":
        people = _coordinating([membership.party_cooperation_id], [membership.organisation_id])
    else:
        people = _coordinating([membership.cooperation_id], [])
    mails = []
    for person in people.exclude(pk=getattr(actor, "pk", None)):
        with override(language_of(person)):
            mails.append(_mail("membership", person.email, {"membership": membership, "account": address("konto")}))
    _send(mails)


def language_of(person: Any) -> str:
    """The language somebody wants to be written to in: that of their account, else that of the site."""
    profile = getattr(person, "wagtail_userprofile", None)
    chosen: str = getattr(profile, "preferred_language", "") or ""
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def address(path: str) -> str:
    """The whole address of a page, in the language of the moment."""
    language = get_language() or settings.LANGUAGE_CODE
    prefix = "" if language == settings.LANGUAGE_CODE else f"{language}/"
    return f"{settings.ENV.base_url}/{prefix}{path}/" if path else f"{settings.ENV.base_url}/{prefix}"


def _page_of(record: Record) -> str:
    """The path of the page that shows a record: its own, or that of the first it belongs to."""
    if record.TYPE in PAGES:
        return f"{PAGES[record.TYPE]}/{record.ref}"
    cooperations, organisations = owners_of(record, "see_drafts")
    for model, keys in ((Cooperation, cooperations), (Organisation, organisations)):
        ref = model._default_manager.filter(pk__in=keys).order_by("pk").values_list("ref", flat=True).first()
        if ref is not None:
            return f"{PAGES[model.TYPE]}/{ref}"
    return ""


def _concerned(record: Record) -> Iterator[Any]:
    cooperations, organisations = owners_of(record, "see_drafts")
    about = Q(followings__about_type=record.TYPE, followings__about_ref=record.ref)
    for model, keys in ((Cooperation, cooperations), (Organisation, organisations)):
        for above in model._default_manager.filter(pk__in=keys):
            if is_public(above):
                about |= Q(followings__about_type=model.TYPE, followings__about_ref=above.ref)
    seen = set()
    for person in (*_people(about), *_coordinating(cooperations, organisations)):
        if person.pk not in seen:
            seen.add(person.pk)
            yield person


def _coordinating(cooperations: Iterable[int | None], organisations: Iterable[int | None]) -> Any:
    listed = {
        "cooperation": [key for key in cooperations if key is not None],
        "organisation": [key for key in organisations if key is not None],
    }
    which = Q()
    for name, keys in listed.items():
        which |= Q(**{f"assignments__{name}__in": keys})
    return _people(which)


def _deciding(record: Record, but: Any) -> list[Any]:
    """Who decides on what somebody hands in for a record: its coordination and the editorial staff of its Länder.

    Those whose own entries are looked at first do not; where nobody is left, the administration does.
    """
    cooperations, organisations = owners_of(record)
    lands = lands_of(record)
    staff = Q(assignments__role=Role.EDITORIAL)
    if lands:
        staff &= Q(assignments__land_key="") | Q(assignments__land_key__in=lands)
    own = Q(assignments__cooperation__in=cooperations) | Q(assignments__organisation__in=organisations)
    but = getattr(but, "pk", None)
    found = list(_people(Q(assignments__review_first=False) & (own | staff)).exclude(pk=but))
    if found:
        return found
    return list(_people(Q(assignments__role=Role.ADMINISTRATION) | Q(is_superuser=True)).exclude(pk=but))


def _people(which: Q) -> Any:
    people = get_user_model()._default_manager.filter(which, is_active=True).exclude(email="")
    return people.select_related("wagtail_userprofile").distinct()


def _mail(name: str, to: str, context: dict[str, Any]) -> EmailMessage:
    """A mail from its template, whose first line is the subject."""
    site = {"site": settings.WAGTAIL_SITE_NAME, "start": address("")}
    text = render_to_string(f"register/mail/{name}.txt", site | context).strip()
    subject, _, body = text.partition("\n")
    return EmailMessage(subject.strip(), body.strip() + "\n", None, [to])


def _send(mails: Sequence[EmailMessage]) -> None:
    if mails:
        get_connection().send_messages(mails)
