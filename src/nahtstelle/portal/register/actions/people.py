"""Who looks after what: invitations by a link that ends, and roles given and taken."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nahtstelle.portal.register.actions.doing import Deed, doing, name_of
from nahtstelle.portal.register.checking import findings_of
from nahtstelle.portal.register.errors import Invalid
from nahtstelle.portal.register.models import Assignment, Cooperation, Invitation, LogEntry, Organisation, Role
from nahtstelle.portal.register.models.responsibility import Scope
from nahtstelle.portal.register.policies import may, must_be_reviewed
from nahtstelle.portal.register.staff import bring_in_line

VALID_DAYS: Final = 14


def invite(
    by: Any,
    email: str,
    *,
    via: str,
    role: str = Role.COORDINATION,
    cooperation: Cooperation | None = None,
    organisation: Organisation | None = None,
    land_key: str = "",
    review_first: bool = False,
    send: Callable[[Invitation, str], Any] | None = None,
) -> tuple[Invitation, str]:
    """Ask somebody to take a role on; returns the invitation and the secret of its link. Only a digest of it is kept.

    ``send`` gets both once the invitation is certain. Whose own entries are looked at first invites on the same terms.
    """
    with doing(by, "invite", via=via) as deed:
        thing = cooperation or organisation
        _allowed(deed, role, thing)
        try:
            validate_email(email)
        except ValidationError as error:
            raise deed.refuse("email", error.messages[0], "email") from error
        if thing is not None and must_be_reviewed(deed.standing, "change", thing):
            review_first = True
        secret = secrets.token_urlsafe(32)
        invitation = Invitation(
            role=role,
            cooperation=cooperation,
            organisation=organisation,
            land_key=land_key,
            review_first=review_first,
            email=email,
            digest=digest_of(secret),
            invited_by=deed.person or _nobody(deed),
            expires_at=timezone.now() + dt.timedelta(days=VALID_DAYS),
        )
        _checked(invitation)
        invitation.save()
        _write_down(deed, invitation)
        if send is not None:
            transaction.on_commit(partial(send, invitation, secret), robust=True)
        return invitation, secret


def invitation_under(secret: str) -> Invitation | None:
    """The invitation of this link, where it can still be accepted."""
    return (
        Invitation.objects.filter(
            digest=digest_of(secret),
            accepted_at__isnull=True,
            withdrawn_at__isnull=True,
            expires_at__gt=timezone.now(),
            invited_by__is_active=True,
        )
        .select_related("cooperation", "organisation", "invited_by")
        .first()
    )


def accept_invitation(by: Any, secret: str, *, via: str) -> Assignment:
    """Take on what the link of an invitation offers; it works once.

    Raises `Invalid` where the link is unknown, used, withdrawn or too old, or where who invited may do so no longer.
    """
    with doing(by, "accept_invitation", via=via) as deed:
        if deed.person is None:
            raise deed.refuse("sign-in", _("Please sign in first."))
        invitation = invitation_under(secret)
        if invitation is None or not may(invitation.invited_by, *_right(invitation)):
            raise deed.refuse("invitation", _("This link is no longer valid. Please ask for a new one."))
        invitation.accepted_at, invitation.accepted_by = timezone.now(), deed.person
        invitation.save()
        given, _new = Assignment.objects.get_or_create(
            person=deed.person,
            role=invitation.role,
            cooperation=invitation.cooperation,
            organisation=invitation.organisation,
            land_key=invitation.land_key,
            defaults={"review_first": invitation.review_first, "given_by": invitation.invited_by},
        )
        bring_in_line(deed.person)
        _write_down(deed, given)
        return given


def withdraw_invitation(by: Any, invitation: Invitation, *, via: str) -> Invitation:
    """Let an invitation no longer be accepted."""
    with doing(by, "withdraw_invitation", via=via) as deed:
        current = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        if deed.person is None or current.invited_by_id != deed.person.pk:
            _allowed(deed, current.role, current.cooperation or current.organisation)
        if current.accepted_at is not None:
            raise deed.refuse("accepted", _("This invitation has been accepted already."))
        current.withdrawn_at = timezone.now()
        current.save()
        _write_down(deed, current)
        return current


def assign(
    by: Any,
    person: Any,
    role: str,
    *,
    via: str,
    cooperation: Cooperation | None = None,
    organisation: Organisation | None = None,
    land_key: str = "",
    review_first: bool = False,
) -> Assignment:
    """Give somebody a role."""
    with doing(by, "assign", via=via) as deed:
        deed.allow("assign", None)
        scope = {"role": role, "cooperation": cooperation, "organisation": organisation, "land_key": land_key}
        there = Assignment.objects.filter(person=person, **scope).first()
        given = there or Assignment(person=person, **scope)
        given.review_first, given.given_by = review_first, deed.person
        _checked(given)
        given.save()
        bring_in_line(person)
        _write_down(deed, given)
        return given


def unassign(by: Any, given: Assignment, *, via: str) -> None:
    """Take a role from somebody, or lay one's own down."""
    with doing(by, "unassign", via=via) as deed:
        if deed.person is None or given.person_id != deed.person.pk:
            deed.allow("assign", None)
        _write_down(deed, given)
        given.delete()
        bring_in_line(given.person)


def digest_of(secret: str) -> str:
    """What is kept of the secret of a link."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _right(scope: Scope) -> tuple[str, Cooperation | Organisation | None]:
    """The right somebody needs to invite for this: coordination is passed on, other roles are given."""
    if scope.role == Role.COORDINATION:
        return "invite", scope.cooperation or scope.organisation
    return "assign", None


def _allowed(deed: Deed, role: str, thing: Cooperation | Organisation | None) -> None:
    deed.allow(*(("invite", thing) if role == Role.COORDINATION else ("assign", None)))


def _checked(scope: Invitation | Assignment) -> None:
    try:
        scope.full_clean(exclude={"person", "given_by", "invited_by", "accepted_at", "accepted_by", "withdrawn_at"})
    except ValidationError as error:
        raise Invalid(findings_of(error)) from error


def _nobody(deed: Deed) -> Any:
    raise deed.refuse("sign-in", _("Please sign in first."))


def _write_down(deed: Deed, scope: Invitation | Assignment) -> None:
    """The log names role and place, never the person's address."""
    thing = scope.cooperation or scope.organisation
    deed.entries.append(
        LogEntry(
            by=deed.person,
            by_name=name_of(deed.by),
            verb=deed.verb,
            record_type="assignment" if thing is None else thing.TYPE,
            record_ref=scope.role if thing is None else thing.ref,
            title=str(scope.get_role_display() if thing is None else thing)[:400],
            before=None,
            after=None,
            via=deed.via,
            note=deed.note,
            batch=None,
        )
    )
