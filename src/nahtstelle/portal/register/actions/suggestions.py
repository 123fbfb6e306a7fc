"""What people with an account do: suggest, and follow; and how a suggestion is decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nahtstelle.portal.register import messages
from nahtstelle.portal.register.actions.doing import Deed, doing
from nahtstelle.portal.register.actions.evidence import cite, known_source
from nahtstelle.portal.register.checking import findings_in, findings_of
from nahtstelle.portal.register.errors import Finding, Forbidden, Invalid
from nahtstelle.portal.register.models import (
    RECORDS,
    Citation,
    Following,
    Membership,
    Record,
    Suggestion,
    SuggestionState,
)
from nahtstelle.portal.register.policies import may, may_alone, standing_of
from nahtstelle.portal.register.records import described, record_of, take
from nahtstelle.portal.register.suggested import would_be

MOST_OPEN = 50
"""So many open suggestions may somebody have at a time; more would bury those who decide."""


@transaction.atomic
def suggest(by: Any, type_: str, fields: Mapping[str, Any], *, ref: str = "", note: str = "") -> Suggestion:
    """Suggest a new record of this type, or with ``ref`` a change to one. Nothing of it is public until accepted.

    The ``source`` of a citation may be what is known of one the register does not have yet. Raises `Invalid` where it
    could not be accepted as it is, and names why.
    """
    if not may(by, "suggest"):
        raise Forbidden(_("Please sign in to suggest something."))
    if Suggestion.objects.filter(by=by, state=SuggestionState.OPEN).count() >= MOST_OPEN:
        raise Invalid([Finding("too-many", _("Please wait until your earlier suggestions have been looked at."))])
    record, said = _suggested(type_, ref, fields)
    if ref and not may(by, "see", record):
        raise Forbidden(_("There is no such entry."))
    suggestion = Suggestion.objects.create(about_type=type_, about_ref=ref, fields=said, note=note, by=by)
    transaction.on_commit(lambda: messages.tell_of_suggestion(suggestion, record), robust=True)
    return suggestion


def accept(
    by: Any,
    suggestion: Suggestion,
    *,
    via: str,
    answer: str = "",
    fields: Mapping[str, Any] | None = None,
) -> Record:
    """Take a suggestion over, with ``fields`` put right where given; whoever made it is told."""
    with doing(by, "change" if suggestion.about_ref else "create", via=via) as deed:
        current = _open(deed, suggestion)
        deed.words_of.append(standing_of(current.by))
        deed.note = _("From suggestion %(number)d.") % {"number": current.pk}
        said = {**current.fields, **(fields or {})}
        model = RECORDS[current.about_type]
        if current.about_ref:
            record = record_of(current.about_type, current.about_ref)
            _allow(deed, record)
            made = deed.change(record, said)
        else:
            _allow(deed, _suggested(current.about_type, "", said)[0])
            if model is Citation and isinstance(said["source"], Mapping):
                about, source = record_of(said["about_type"], said["about_ref"]), said["source"]
                rest = {name: said.get(name, "") for name in ("field", "note")}
                made = cite(deed, about, source, stance=said["stance"], **rest)
            else:
                made = deed.create(model, said, verb="add_membership" if model is Membership else "create")
        _decide(deed, current, SuggestionState.ACCEPTED, answer, made)
        return made


def decline(by: Any, suggestion: Suggestion, *, answer: str) -> Suggestion:
    """Do not take a suggestion over, and say why; whoever made it is told."""
    with transaction.atomic():
        deed = Deed(by, "decide", "")
        current = _open(deed, suggestion)
        record, _said = _suggested(current.about_type, current.about_ref, current.fields, check=False)
        _allow(deed, record)
        if not answer.strip():
            raise deed.refuse("answer-is-missing", _("Please say why it is not taken over."), "answer")
        return _decide(deed, current, SuggestionState.DECLINED, answer, None)


def follow(by: Any, type_: str, ref: str) -> Following:
    """Be told of changes to a record."""
    record = record_of(type_, ref)
    if not may(by, "follow") or not may(by, "see", record):
        raise Forbidden(_("Please sign in to follow an entry."))
    return Following.objects.get_or_create(person=by, about_type=type_, about_ref=ref)[0]


def unfollow(by: Any, type_: str, ref: str) -> None:
    """Be told no more."""
    Following.objects.filter(person=by, about_type=type_, about_ref=ref).delete()


def _suggested(type_: str, ref: str, fields: Mapping[str, Any], *, check: bool = True) -> tuple[Record, dict[str, Any]]:
    """The record as it would be, not saved, and what was said of it in the form that is kept."""
    model = RECORDS.get(type_)
    if model is None:
        raise Invalid([Finding("type", _("There is no such kind of entry."))])
    known = known_source(brought) if isinstance(brought := fields.get("source"), Mapping) else None
    if known is not None:
        fields = {**fields, "source": known.ref}
    try:
        if ref:
            record = record_of(type_, ref)
            take(record, fields)
        else:
            record = would_be(type_, fields)
    except model.DoesNotExist:
        raise Invalid([Finding("unknown", _("There is no such entry."))]) from None
    except ValidationError as error:
        raise Invalid(findings_of(error)) from error
    if not check:
        return record, dict(fields)
    found, whole = findings_in(record), described(record)
    if isinstance(record, Citation) and isinstance(fields.get("source"), Mapping):
        found = [*findings_in(record.source), *(each for each in found if each.field != "source")]
        of_the_source = described(record.source)
        whole["source"] = {name: of_the_source[name] for name in fields["source"]}
    if found:
        raise Invalid(found)
    return record, {name: whole[name] for name in fields}


def _allow(deed: Deed, record: Record) -> None:
    """Go on only where the person decides on suggestions for this. Raises `Forbidden`."""
    deed.allow("decide", record)
    if not may_alone(deed.standing, "decide", record):
        raise Forbidden(_("What you enter is looked at first, so suggestions are decided on by others."))


def _open(deed: Deed, suggestion: Suggestion) -> Suggestion:
    current = Suggestion.objects.select_for_update(of=("self",)).select_related("by").get(pk=suggestion.pk)
    if current.state != SuggestionState.OPEN:
        raise deed.refuse("decided", _("This suggestion has been decided already."))
    return current


def _decide(deed: Deed, suggestion: Suggestion, state: str, answer: str, made: Record | None) -> Suggestion:
    suggestion.state, suggestion.answer = state, answer
    suggestion.decided_by, suggestion.decided_at = deed.person, timezone.now()
    suggestion.save()
    transaction.on_commit(lambda: messages.tell_of_decision(suggestion, made), robust=True)
    return suggestion
