"""What the views of forms share: who may come in, and what becomes of a verb that was not done."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from nahtstelle.portal.account import presenters
from nahtstelle.portal.account.forms import RecordForm, label, show
from nahtstelle.portal.register import actions
from nahtstelle.portal.register.errors import Conflict, Forbidden, Invalid, ReviewFirst
from nahtstelle.portal.register.models import RECORDS, Cooperation, Organisation, Record, Suggestion
from nahtstelle.portal.register.policies import may, standing
from nahtstelle.portal.register.queries import visible_to

R = TypeVar("R")


class NotTheirs(PermissionDenied):
    """Somebody opened what others look after."""

    def __init__(self, record: Record) -> None:
        super().__init__()
        self.record = record


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For whoever is signed in; others sign in first. Nobody's browser keeps the page.

    Whoever opens what others look after is told so, and what they can do instead.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotTheirs as error:
            return render(request, "konto/not_yours.html", presenters.not_yours(error.record), status=403)

    return login_required(never_cache(answer))


def handed_in(request: HttpRequest, deed: Callable[[], Record], type_: str, **said: Any) -> Record | Suggestion:
    """Do a verb; where what the person enters is looked at first, hand it in as a suggestion instead."""
    try:
        return deed()
    except ReviewFirst:
        return actions.suggest(request.user, type_, **said)


def filled(said: dict[str, Any]) -> dict[str, Any]:
    """What was filled in, without what was left empty."""
    return {name: value for name, value in said.items() if value not in (None, "", [], ())}


def tried(request: HttpRequest, form: forms.BaseForm | None, deed: Callable[[], R]) -> R | None:
    """Do a verb. What it finds wrong is shown in the form, or as a message where there is none.

    Raises `PermissionDenied` where the person may not do it and there is no form to say so in.
    """
    try:
        return deed()
    except Invalid as error:
        if form is None:
            for finding in error.findings:
                messages.error(request, finding.message)
        else:
            show(form, error.findings)
    except Conflict as error:
        if not isinstance(form, RecordForm):
            raise
        form.add_error(None, error.message)
        form.conflict = [  # type: ignore[attr-defined]
            (label(form.TYPE, name), *(presenters.readable(form.TYPE, name, each) for each in both))
            for name, both in error.differences.items()
        ]
        now = type(form.instance)._default_manager.get(pk=form.instance.pk).changed_at.isoformat()
        data = QueryDict(mutable=True)
        data.update(form.data)
        data["seen"] = now  # whoever saves once more has seen it
        form.data = data
    except Forbidden as error:
        if form is None:
            raise PermissionDenied(error.message) from error
        form.add_error(None, error.message)
    return None


def seen_by(request: HttpRequest, type_: str, ref: str) -> Record:
    """The record of this type and reference, as far as the person may see it. Raises `Http404`."""
    if type_ not in RECORDS or not ref:
        raise Http404(_("There is no such entry."))
    found = visible_to(request.user, RECORDS[type_]).filter(ref=ref).first()
    if found is None:
        raise Http404(_("There is no such entry."))
    record: Record = found
    return record


def own(request: HttpRequest, type_: str, ref: str, verb: str = "change") -> Any:
    """The record, where the person may do this to it. Raises `Http404` and `NotTheirs`."""
    record = seen_by(request, type_, ref)
    if not may(standing(request.user), verb, record):
        raise NotTheirs(record)
    return record


def own_cooperation(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the cooperation of its address, where the person looks after it."""

    @wraps(view)
    def answer(request: HttpRequest, ref: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, own(request, Cooperation.TYPE, ref), *args, **kwargs)

    return signed_in(answer)


def own_organisation(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same for an organisation."""

    @wraps(view)
    def answer(request: HttpRequest, ref: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, own(request, Organisation.TYPE, ref), *args, **kwargs)

    return signed_in(answer)
