"""What people do with their own account: take their data with them, leave."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, override

from nahtstelle.portal.accounts.models import Person
from nahtstelle.portal.register.models import Assignment, Following, Invitation, LogEntry, Suggestion

DELETED = "gelöschtes Konto"
"""What stands in the log instead of a name; German, as the log is."""


def is_last_administrator(person: Person) -> bool:
    """Whether nobody could give roles any more without this person."""
    others = Person.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk)
    return person.is_superuser and not others.exists()


def delete_account(person: Person) -> None:
    """Remove an account with all that belongs to it. What the person changed stays in the log, without the name.

    Raises `ValueError` for the last administrator.
    """
    if is_last_administrator(person):
        raise ValueError("the last administrator cannot leave")
    name = person.get_full_name() or person.username
    with transaction.atomic():
        LogEntry.objects.filter(by=person).update(by_name=DELETED)
        for language, _title in settings.LANGUAGES:
            with override(language):  # notes are kept in the language of whoever accepted a suggestion
                said = gettext("Suggested by %(name)s.")
            LogEntry.objects.filter(note=said % {"name": name}).update(note=said % {"name": DELETED})
        person.delete()


def own_data(person: Person) -> dict[str, Any]:
    """All the site keeps of a person, as JSON can hold it."""
    return {
        "account": {
            "user_name": person.username,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "email": person.email,
            "since": person.date_joined.isoformat(),
            "last_login": person.last_login.isoformat() if person.last_login else None,
        },
        "addresses": [
            {"email": each.email, "confirmed": each.verified, "written_to": each.primary}
            for each in EmailAddress.objects.filter(user=person)
        ],
        "roles": [
            {
                "role": each.role,
                "cooperation": each.cooperation.ref if each.cooperation else None,
                "organisation": each.organisation.ref if each.organisation else None,
                "land": each.land_key or None,
                "review_first": each.review_first,
                "since": each.since.isoformat(),
            }
            for each in Assignment.objects.filter(person=person).select_related("cooperation", "organisation")
        ],
        "followings": [
            {"type": each.about_type, "ref": each.about_ref, "since": each.since.isoformat()}
            for each in Following.objects.filter(person=person)
        ],
        "suggestions": [
            {
                "type": each.about_type,
                "ref": each.about_ref or None,
                "fields": each.fields,
                "note": each.note,
                "at": each.at.isoformat(),
                "state": each.state,
                "answer": each.answer,
            }
            for each in Suggestion.objects.filter(by=person)
        ],
        "invitations": [
            {"email": each.email, "role": each.role, "at": each.invited_at.isoformat()}
            for each in Invitation.objects.filter(invited_by=person)
        ],
        "changes": [
            {"at": each.at.isoformat(), "verb": each.verb, "type": each.record_type, "ref": each.record_ref}
            for each in LogEntry.objects.filter(by=person).only("at", "verb", "record_type", "record_ref").iterator()
        ],
    }
