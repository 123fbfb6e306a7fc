"""Suggesting an entry or a change, reporting a mistake, and deciding on suggestions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_ratelimit.decorators import ratelimit

from nahtstelle.portal.account import presenters
from nahtstelle.portal.account.forms import SUGGESTED, DecisionForm, MemberForm, MistakeForm, WhyForm
from nahtstelle.portal.account.views.asking import filled, seen_by, signed_in, tried
from nahtstelle.portal.register import actions, policies
from nahtstelle.portal.register.models import RECORDS, Cooperation, Record, Suggestion, Via
from nahtstelle.portal.register.policies import standing
from nahtstelle.portal.register.records import record_of
from nahtstelle.portal.register.suggested import suggested_record

FORM = Via.FORM
EITHER = require_http_methods(["GET", "HEAD", "POST"])
SUGGESTIONS_PER_HOUR = "30/h"


def _too_many(request: HttpRequest) -> HttpResponse:
    return render(request, "konto/too_many.html", status=429)


@signed_in
@EITHER
@ratelimit(key="user", rate=SUGGESTIONS_PER_HOUR, method="POST", block=False)
def suggest(request: HttpRequest) -> HttpResponse:
    """Suggest a record that is missing, or a change to one; ``art`` and ``ref`` say which."""
    if request.limited:  # type: ignore[attr-defined]
        return _too_many(request)
    type_, ref = request.GET.get("art", ""), request.GET.get("ref", "")
    if not type_:
        return render(request, "konto/suggest.html", {"kinds": presenters.kinds_suggested()})
    if type_ not in SUGGESTED:
        raise Http404(_("There is no such form."))
    record: Record | None = None
    cooperation: Cooperation | None = None
    if type_ == MemberForm.TYPE:
        cooperation = seen_by(request, Cooperation.TYPE, ref)  # type: ignore[assignment]
    elif ref:
        record = seen_by(request, type_, ref)
    instance = None if record is None else record_of(type_, ref)
    form = SUGGESTED[type_](request.POST or None, instance=instance, person=request.user)
    why = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid() & why.is_valid():
        said = form.changed_only() if record is not None else filled(form.said())
        if cooperation is not None:
            said["cooperation"] = cooperation.ref
        if not said:
            form.add_error(None, _("Nothing is different from what stands there. Please change at least one field."))
        else:
            done = tried(
                request,
                form,
                lambda: actions.suggest(
                    request.user, type_, said, ref=record.ref if record else "", note=why.cleaned_data["why"]
                ),
            )
            if done is not None:
                messages.success(request, _("Thank you. We write to you once it is decided."))
                return redirect("account-suggestion", done.pk)
    edits = record if record is not None else cooperation
    context = {
        "form": form,
        "why": why,
        "record": record,
        "cooperation": cooperation,
        "kind": RECORDS[type_]._meta.verbose_name,
        "desk": presenters.desk_of(edits.TYPE, edits.ref)
        if edits is not None and policies.may(standing(request.user), "change", edits)
        else "",
    }
    return render(request, "konto/suggest_form.html", context)


@signed_in
@EITHER
@ratelimit(key="user", rate=SUGGESTIONS_PER_HOUR, method="POST", block=False)
def mistake(request: HttpRequest) -> HttpResponse:
    """Say that something in a record is wrong. Who looks after it marks it at once; of others it is a suggestion."""
    if request.limited:  # type: ignore[attr-defined]
        return _too_many(request)
    record = seen_by(request, request.GET.get("art", ""), request.GET.get("ref", ""))
    at_once = policies.may(standing(request.user), "dispute", record)
    form = MistakeForm(request.POST or None, record=record)
    if request.method == "POST" and form.is_valid():
        field, reason = form.cleaned_data["field"], form.cleaned_data["reason"]
        if at_once:
            done: Any = tried(
                request, form, lambda: actions.dispute(request.user, record, reason, field=field, via=FORM)
            )
            said = _("The entry is marked as disputed until it is settled.")
        else:
            wrong = {"about_type": record.TYPE, "about_ref": record.ref, "field": field, "reason": reason}
            done = tried(request, form, lambda: actions.suggest(request.user, "dispute", wrong, note=reason))
            said = _("Thank you. Whoever looks after the entry checks it, and we write to you.")
        if done is not None:
            messages.success(request, said)
            return redirect("account")
    context = {"form": form, "record": record, "page": presenters.page_of(record.TYPE, record.ref), "at_once": at_once}
    return render(request, "konto/mistake.html", context)


@signed_in
@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """One's own suggestions and those to decide on."""
    return render(request, "konto/suggestions.html", presenters.suggestions(request.user))  # type: ignore[arg-type]


@signed_in
@EITHER
def suggestion(request: HttpRequest, number: int) -> HttpResponse:
    """One suggestion: what is said beside what is there; whoever may decides."""
    found = get_object_or_404(Suggestion.objects.select_related("by", "decided_by"), pk=number)
    record = suggested_record(found)
    decides = record is not None and policies.may_alone(standing(request.user), "decide", record)
    if not decides and found.by_id != request.user.pk:
        raise PermissionDenied(_("A suggestion is open to whoever made it and to those who decide on it."))
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and decides and form.is_valid():
        answer = form.cleaned_data["answer"]
        if "accept" in request.POST:
            done: Any = tried(request, form, lambda: actions.accept(request.user, found, answer=answer, via=FORM))
            said = _("Accepted. Everybody sees it now.")
        else:
            done = tried(request, form, lambda: actions.decline(request.user, found, answer=answer))
            said = _("Declined.")
        if done is not None:
            messages.success(request, said)
            return redirect("account-suggestions")
    context = presenters.suggestion_page(
        request.user,  # type: ignore[arg-type]
        found,
        record if found.about_ref else None,
        decides,
    ) | {"form": form}
    return render(request, "konto/suggestion.html", context)
