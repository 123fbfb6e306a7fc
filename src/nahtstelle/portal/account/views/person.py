"""The account itself: signing in and out, what there is to do, own data, leaving; and the table of roles."""

from __future__ import annotations

from allauth.account.views import login, logout
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nahtstelle.portal.account import actions, presenters
from nahtstelle.portal.account.forms import FarewellForm, ProfileForm
from nahtstelle.portal.account.views.asking import seen_by, signed_in
from nahtstelle.portal.answers.remember import remembered_page
from nahtstelle.portal.register import actions as verbs


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Sign in. Whoever is signed in but may not enter the editing screens is told so instead of sent in circles."""
    office = reverse("wagtailadmin_home")
    if (
        request.user.is_authenticated
        and request.GET.get("next", "").startswith(office)
        and not request.user.has_perm("wagtailadmin.access_admin")
    ):
        return redirect("account")
    answer: HttpResponseBase = login(request)
    return answer


def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Sign out, and leave no cookie behind."""
    answer: HttpResponseBase = logout(request)
    if request.method == "POST" and answer.status_code == 302:
        answer.delete_cookie(settings.CSRF_COOKIE_NAME)
    return answer


def door(request: HttpRequest) -> HttpResponse:
    """Wagtail's own addresses to sign in at lead to ours, which knows second factors."""
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    query = {"next": wanted} if wanted and safe else None
    return redirect(reverse("account_login", query=query))


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What there is to do, what one looks after, follows and has suggested."""
    return render(request, "konto/home.html", presenters.home(request.user))  # type: ignore[arg-type]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: HttpRequest) -> HttpResponse:
    """The name others see; all that is kept; how to leave."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("account-data")
    return render(request, "konto/data.html", {"form": form})


@signed_in
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """All the site keeps of the person, as a file."""
    name = f"nahtstelle-konto-{timezone.localdate()}.json"
    return JsonResponse(
        actions.own_data(request.user),  # type: ignore[arg-type]
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def farewell(request: HttpRequest) -> HttpResponse:
    """Delete the account, after the password once more."""
    person = request.user
    last = actions.is_last_administrator(person)  # type: ignore[arg-type]
    form = FarewellForm(request.POST or None, person=person)  # type: ignore[arg-type]
    if request.method == "POST" and not last and form.is_valid():
        actions.delete_account(person)  # type: ignore[arg-type]
        end_session(request)
        answer = redirect("account-gone")
        answer.delete_cookie(settings.CSRF_COOKIE_NAME)
        return answer
    return render(request, "konto/farewell.html", {"form": form, "last": last})


@require_safe
def gone(request: HttpRequest) -> HttpResponse:
    """Good-bye."""
    return render(request, "konto/gone.html")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def following(request: HttpRequest) -> HttpResponse:
    """Be told of changes to a record, or not any more."""
    said = request.POST if request.method == "POST" else request.GET
    record = seen_by(request, said.get("art", ""), said.get("ref", ""))
    if record.TYPE not in presenters.FOLLOWED:
        return redirect("account")
    if request.method == "POST":
        if "stop" in request.POST:
            verbs.unfollow(request.user, record.TYPE, record.ref)
            messages.success(request, _("We no longer write to you about “%(title)s”.") % {"title": record})
        else:
            verbs.follow(request.user, record.TYPE, record.ref)
            messages.success(request, _("We write to you when “%(title)s” changes.") % {"title": record})
        return redirect("account")
    return render(request, "konto/following.html", presenters.following(request.user, record))  # type: ignore[arg-type]


@require_safe
@remembered_page
def roles(request: HttpRequest) -> HttpResponse:
    """Who may do what, in plain words."""
    return render(request, "konto/roles.html", presenters.roles(request))
