"""Inviting somebody, and accepting an invitation."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import EmailAddress, Login
from django.contrib import messages
from django.contrib.auth import get_user
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_ratelimit.decorators import ratelimit

from nahtstelle.portal.account import presenters
from nahtstelle.portal.account.forms import InviteForm, InviteToRoleForm, NewAccountForm
from nahtstelle.portal.account.mail import send_invitation
from nahtstelle.portal.account.views.asking import own, signed_in, tried
from nahtstelle.portal.accounts.models import Person
from nahtstelle.portal.answers.visitors import address_of
from nahtstelle.portal.register import actions, policies
from nahtstelle.portal.register.models import Assignment, Invitation, Role, Via
from nahtstelle.portal.register.policies import standing

logger = logging.getLogger(__name__)

EITHER = require_http_methods(["GET", "HEAD", "POST"])
INVITATIONS_PER_DAY = "50/d"
TRIES_PER_HOUR = "30/h"
_BODIES = {"kooperation": "cooperation", "organisation": "organisation"}


@signed_in
@EITHER
@ratelimit(key="user", rate=INVITATIONS_PER_DAY, method="POST", block=False)
def of_body(request: HttpRequest, art: str, ref: str) -> HttpResponse:
    """Who looks after a cooperation or an organisation, who is invited to, and a form to invite somebody."""
    type_ = _BODIES[art]
    body = own(request, type_, ref, "invite")
    form = InviteForm(request.POST or None)
    if request.limited:  # type: ignore[attr-defined]
        return render(request, "konto/too_many.html", status=429)
    if request.method == "POST" and form.is_valid() and _invited(request, form, {type_: body}):
        return redirect(request.path)
    context = {
        "form": form,
        "record": body,
        "back": presenters.desk_of(type_, ref),
        "given": Assignment.objects.filter(**{type_: body}).select_related("person"),
        "invitations": presenters.invitations(Invitation.objects.filter(**{type_: body})[:50]),
        "may_take": policies.may(standing(request.user), "assign"),
    }
    return render(request, "konto/invitations.html", context)


@signed_in
@EITHER
@ratelimit(key="user", rate=INVITATIONS_PER_DAY, method="POST", block=False)
def of_site(request: HttpRequest) -> HttpResponse:
    """Everybody with a role, all invitations, and a form to invite editorial staff: for the administration."""
    if not policies.may(standing(request.user), "assign"):
        raise PermissionDenied
    form = InviteToRoleForm(request.POST or None)
    if request.limited:  # type: ignore[attr-defined]
        return render(request, "konto/too_many.html", status=429)
    if request.method == "POST" and form.is_valid():
        scope = {"role": form.cleaned_data["role"], "land_key": form.cleaned_data["land_key"]}
        if _invited(request, form, scope):
            return redirect("account-invitations")
    context = {
        "form": form,
        "given": Assignment.objects.select_related("person", "cooperation", "organisation").order_by(
            "role", "person__last_name", "pk"
        )[:500],
        "invitations": presenters.invitations(Invitation.objects.select_related("cooperation", "organisation")[:100]),
        "may_take": True,
    }
    return render(request, "konto/invitations.html", context)


def _invited(request: HttpRequest, form: InviteForm, scope: dict[str, Any]) -> bool:
    email, review = form.cleaned_data["email"], form.cleaned_data["review_first"]
    done = tried(
        request,
        form,
        lambda: actions.invite(request.user, email, via=Via.FORM, review_first=review, **scope),
    )
    if done is not None:
        _send(request, *done)
    return done is not None


def _send(request: HttpRequest, invitation: Invitation, secret: str) -> None:
    """Send the link, and say so; where the mail server does not answer, say that."""
    try:
        send_invitation(invitation, secret)
    except OSError:  # what mail servers and networks raise
        logger.exception("an invitation could not be sent")
        messages.error(
            request,
            _("The mail to %(email)s could not be sent. Please try “Send again” later.") % {"email": invitation.email},
        )
    else:
        messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": invitation.email})


@signed_in
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Let an invitation no longer be accepted."""
    invitation = _of_ours(request, number)
    if tried(request, None, lambda: actions.withdraw_invitation(request.user, invitation, via=Via.FORM)) is not None:
        messages.success(request, _("The invitation is withdrawn."))
    return redirect(_list_of(invitation))


@signed_in
@require_POST
@ratelimit(key="user", rate=INVITATIONS_PER_DAY, method="POST", block=False)
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Send an invitation once more, with a new link and a new end; the old link is void."""
    invitation = _of_ours(request, number)
    if request.limited:  # type: ignore[attr-defined]
        return render(request, "konto/too_many.html", status=429)

    def renewed() -> tuple[Invitation, str]:
        with transaction.atomic():
            actions.withdraw_invitation(request.user, invitation, via=Via.FORM)
            return actions.invite(
                request.user,
                invitation.email,
                via=Via.FORM,
                role=invitation.role,
                cooperation=invitation.cooperation,
                organisation=invitation.organisation,
                land_key=invitation.land_key,
                review_first=invitation.review_first,
            )

    done = tried(request, None, renewed)
    if done is not None:
        _send(request, *done)
    return redirect(_list_of(invitation))


@signed_in
@require_POST
def take(request: HttpRequest, number: int) -> HttpResponse:
    """Take a role from somebody, or lay one's own down."""
    given = get_object_or_404(Assignment.objects.select_related("cooperation", "organisation"), pk=number)
    back = reverse("account") if given.person_id == request.user.pk else _list_of(given)

    def taken() -> bool:
        actions.unassign(request.user, given, via=Via.FORM)
        return True

    if tried(request, None, taken):
        messages.success(request, _("The role is taken away."))
    return redirect(back)


def _of_ours(request: HttpRequest, number: int) -> Invitation:
    """An invitation the person may withdraw: their own, or one to what they may invite to."""
    found = get_object_or_404(Invitation.objects.select_related("cooperation", "organisation"), pk=number)
    body = found.cooperation or found.organisation
    right = ("invite", body) if found.role == Role.COORDINATION else ("assign", None)
    if found.invited_by_id != request.user.pk and not policies.may(standing(request.user), *right):
        raise PermissionDenied
    return found


def _list_of(scope: Invitation | Assignment) -> str:
    for art, type_ in _BODIES.items():
        body = getattr(scope, type_)
        if body is not None:
            return reverse("account-invitations-of", args=[art, body.ref])
    return reverse("account-invitations")


# ------------------------------------------------------------------------------------------------- accepting


@never_cache
@EITHER
@ratelimit(key=address_of, rate=TRIES_PER_HOUR, method="POST", block=False)
def accept(request: HttpRequest, secret: str) -> HttpResponseBase:
    """What the link of an invitation offers: to take the role on with the account one has, or to create one."""
    if request.limited:  # type: ignore[attr-defined]
        return render(request, "konto/too_many.html", status=429)
    invitation = actions.invitation_under(secret)
    if invitation is None:
        return render(request, "konto/invitation_void.html", status=410)
    if request.user.is_authenticated:
        if request.method == "POST":
            return _accepted(request, secret)
        return render(request, "konto/invitation.html", {"invitation": invitation})
    known = Person.objects.filter(email__iexact=invitation.email).exists() or (
        EmailAddress.objects.filter(email__iexact=invitation.email).exists()
    )
    form = None if known else NewAccountForm(request.POST or None, invitation=invitation)
    if form is not None and request.method == "POST" and form.is_valid():
        person = _new_person(invitation, form)
        login = Login(user=person, redirect_url=request.path, signup=True, email=invitation.email)
        answer: HttpResponseBase = perform_login(request, login)
        return _accepted(request, secret) if get_user(request).is_authenticated else answer
    return render(request, "konto/invitation.html", {"invitation": invitation, "form": form, "here_url": request.path})


def _accepted(request: HttpRequest, secret: str) -> HttpResponse:
    given = tried(request, None, lambda: actions.accept_invitation(request.user, secret, via=Via.FORM))
    if given is None:
        return redirect("account")
    body = given.cooperation or given.organisation
    if body is None:
        messages.success(request, _("Welcome! Your role: %(role)s.") % {"role": given.get_role_display()})
        return redirect("account")
    messages.success(request, _("Welcome! You now look after “%(body)s”.") % {"body": body})
    return redirect(presenters.desk_of(body.TYPE, body.ref))


def _new_person(invitation: Invitation, form: NewAccountForm) -> Person:
    """An account with the address the invitation was sent to: that it was opened confirms it."""
    said = form.cleaned_data
    with transaction.atomic():
        person = Person(email=invitation.email.lower(), first_name=said["first_name"], last_name=said["last_name"])
        get_adapter().populate_username(None, person)
        person.set_password(said["password"])
        person.save()
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person
