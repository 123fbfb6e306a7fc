"""Looking after cooperations, organisations and their projects: the forms for what is done most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.documents import get_document_model

from nahtstelle.portal.account import presenters
from nahtstelle.portal.account.forms import (
    AgreementForm,
    CooperationForm,
    EndMembershipForm,
    MeetingForm,
    MemberForm,
    OrganisationForm,
    ProjectForm,
    RecordForm,
    SourceForm,
)
from nahtstelle.portal.account.views.asking import (
    NotTheirs,
    filled,
    handed_in,
    own,
    own_cooperation,
    own_organisation,
    signed_in,
    tried,
)
from nahtstelle.portal.register import actions, policies
from nahtstelle.portal.register.models import (
    Agreement,
    Citation,
    Cooperation,
    Entry,
    Meeting,
    Membership,
    Organisation,
    Project,
    Record,
    Suggestion,
    Via,
)
from nahtstelle.portal.register.policies import standing
from nahtstelle.portal.register.records import record_of

FORM = Via.FORM
EITHER = require_http_methods(["GET", "HEAD", "POST"])


# ------------------------------------------------------------------------------------------------ cooperations


@own_cooperation
@require_safe
def cooperation(request: HttpRequest, record: Cooperation) -> HttpResponse:
    """All there is to do for a cooperation."""
    return render(request, "konto/cooperation.html", presenters.cooperation_desk(request.user, record))  # type: ignore[arg-type]


@own_cooperation
@EITHER
def cooperation_facts(request: HttpRequest, record: Cooperation) -> HttpResponse:
    """Change the facts of a cooperation."""
    return _facts(request, record, CooperationForm)


@own_organisation
@require_safe
def organisation(request: HttpRequest, record: Organisation) -> HttpResponse:
    """All there is to do for an organisation."""
    return render(request, "konto/organisation.html", presenters.organisation_desk(request.user, record))  # type: ignore[arg-type]


@own_organisation
@EITHER
def organisation_facts(request: HttpRequest, record: Organisation) -> HttpResponse:
    """Change the facts of an organisation."""
    return _facts(request, record, OrganisationForm)


@signed_in
@EITHER
def project(request: HttpRequest, ref: str) -> HttpResponse:
    """Change a project, or move it to another state."""
    return _facts(request, own(request, Project.TYPE, ref), ProjectForm)


@signed_in
@EITHER
def agreement(request: HttpRequest, ref: str) -> HttpResponse:
    """Change an agreement, its parties and its text."""
    record = own(request, Agreement.TYPE, ref)
    members = [] if record.cooperation is None else _present_members(record.cooperation)
    return _facts(request, record, AgreementForm, memberships=members)


@signed_in
@EITHER
def meeting(request: HttpRequest, ref: str) -> HttpResponse:
    """Change a meeting, its agenda and its results."""
    record = own(request, Meeting.TYPE, ref)
    rights = standing(request.user)
    bodies = [each.cooperation for each in record.bodies.select_related("cooperation")]
    ours = next((each for each in bodies if policies.may(rights, "change", each)), None)
    if ours is None:
        raise NotTheirs(record)
    return _facts(request, record, MeetingForm, cooperation=ours)


def _facts(request: HttpRequest, record: Record, kind: type[RecordForm], **extra: Any) -> HttpResponse:
    """A form with what a record says; only what was changed is handed on.

    Whoever has handed a draft in goes on with it; whoever publishes at once is told that one is waiting.
    """
    reviewed = policies.must_be_reviewed(standing(request.user), "change", record)
    instance = record_of(record.TYPE, record.ref)
    waits = isinstance(instance, Entry) and instance.live and instance.has_unpublished_changes
    if isinstance(instance, Entry) and waits and reviewed:
        draft = instance.get_latest_revision_as_object()
        draft.changed_at = instance.changed_at
        instance = draft
    form = kind(request.POST or None, request.FILES or None, instance=instance, person=request.user, **extra)
    if request.method == "POST" and form.is_valid():
        said = form.changed_only()

        def changed(said: dict[str, Any]) -> Record:
            return actions.change(request.user, record, said, via=FORM, seen=form.seen_at)

        saved = tried(request, form, lambda: _with_file(request, form, said, changed))
        if saved is not None:
            _say_saved(request, saved)
            return redirect(_home_of(request, saved))
    context = {
        "form": form,
        "record": record,
        "title": _("Change “%(title)s”") % {"title": record},
        "back": _home_of(request, record),
        "reviewed": reviewed,
        "waits": waits,
        "draft": presenters.screen_of(type(record), record.pk) if waits and not reviewed else "",
        "body": str(record) if record.TYPE in ("cooperation", "organisation") else "",
    }
    return render(request, "konto/form.html", context)


def _say_saved(request: HttpRequest, done: Record | Suggestion) -> None:
    public = isinstance(done, Record) and policies.is_public(done)
    if public and not getattr(done, "has_unpublished_changes", False):
        messages.success(request, _("Saved. Everybody sees it now."))
    else:
        messages.success(
            request, _("Handed in. It is public once somebody has looked at it; we write to you what became of it.")
        )


def _home_of(request: HttpRequest, record: Record) -> str:
    """The desk of what a record belongs to, as far as the person looks after it."""
    if record.TYPE in ("cooperation", "organisation"):
        return presenters.desk_of(record.TYPE, record.ref)
    cooperations, organisations = policies.owners_of(record)
    for model, keys in ((Cooperation, cooperations), (Organisation, organisations)):
        for body in model._default_manager.filter(pk__in=keys).order_by("pk"):
            if policies.may(standing(request.user), "change", body):
                return presenters.desk_of(model.TYPE, body.ref)
    return reverse("account")


@signed_in
@EITHER
def confirm(request: HttpRequest, art: str, ref: str) -> HttpResponse:
    """ "Still right": all that a record says is true today."""
    record = own(request, art, ref, "confirm")
    if request.method == "POST":
        if tried(request, None, lambda: actions.confirm(request.user, record, via=FORM)) is not None:
            messages.success(request, _("Thank you: confirmed as of today."))
        return redirect(_home_of(request, record))
    return render(request, "konto/confirm.html", {"record": record, "back": _home_of(request, record)})


# --------------------------------------------------------------------------------------------- what is added


@dataclass(frozen=True)
class Addition:
    """Something that can be added to a cooperation: the word in the address, the right it takes, form and verb."""

    verb: str
    form: type[RecordForm]
    title: Promise
    lead: Promise
    do: Callable[[HttpRequest, Cooperation, Any], Record | Suggestion]


def _add_member(request: HttpRequest, cooperation: Cooperation, form: MemberForm) -> Record | Suggestion:
    """A member has no draft: where it is looked at first, it is a suggestion. So has a source."""
    said = form.said()
    return handed_in(
        request,
        lambda: actions.add_membership(request.user, cooperation, said, via=FORM),
        Membership.TYPE,
        fields=filled(said) | {"cooperation": cooperation.ref},
    )


def _add_project(request: HttpRequest, cooperation: Cooperation, form: ProjectForm) -> Record:
    carried = {"cooperations": [{"cooperation": cooperation.ref, "lead": True}]}
    return actions.create(request.user, "project", form.said() | carried, via=FORM)


def _add_agreement(request: HttpRequest, cooperation: Cooperation, form: AgreementForm) -> Record:
    said = form.said() | {"cooperation": cooperation.ref}
    return _with_file(request, form, said, lambda said: actions.create(request.user, "agreement", said, via=FORM))


def _with_file(
    request: HttpRequest, form: RecordForm, said: dict[str, Any], deed: Callable[[dict[str, Any]], Record]
) -> Record:
    """Do a verb with the document that was chosen, if one was; its file is gone again where the verb was not done."""
    file = form.cleaned_data.get("file")
    if file is None:
        return deed(said)
    document = None
    try:
        with transaction.atomic():
            title = form.cleaned_data["title"][:255]
            document = get_document_model()(title=title, file=file, uploaded_by_user=request.user)
            document.save()
            return deed(said | {"document": document.pk})
    except Exception:
        if document is not None and document.file.name:
            document.file.storage.delete(document.file.name)
        raise


def _add_meeting(request: HttpRequest, cooperation: Cooperation, form: MeetingForm) -> Record:
    return actions.create(request.user, "meeting", form.said(), via=FORM)


def _add_source(request: HttpRequest, cooperation: Cooperation, form: SourceForm) -> Record | Suggestion:
    source, stance = form.said(), form.cleaned_data["stance"]
    return handed_in(
        request,
        lambda: actions.add_source(request.user, cooperation, source, stance=stance, via=FORM),
        Citation.TYPE,
        fields={
            "about_type": cooperation.TYPE,
            "about_ref": cooperation.ref,
            "stance": stance,
            "source": filled(source),
        },
    )


ADDITIONS = {
    "mitglied": Addition(
        "add_membership",
        MemberForm,
        gettext_lazy("Add a member"),
        gettext_lazy("A municipality, a district, an organisation or another cooperation."),
        _add_member,
    ),
    "projekt": Addition(
        "create",
        ProjectForm,
        gettext_lazy("Record a project"),
        gettext_lazy("Also one that nothing came of: others learn most from the reasons."),
        _add_project,
    ),
    "vereinbarung": Addition(
        "create",
        AgreementForm,
        gettext_lazy("Record an agreement"),
        gettext_lazy("Who agreed on what, from when on, with the text if it may be read by all."),
        _add_agreement,
    ),
    "treffen": Addition(
        "create",
        MeetingForm,
        gettext_lazy("Record a meeting"),
        gettext_lazy("One that was, with its results, or one that will be."),
        _add_meeting,
    ),
    "quelle": Addition(
        "add_source",
        SourceForm,
        gettext_lazy("Add a source"),
        gettext_lazy("Something published that supports what stands here, or contradicts it."),
        _add_source,
    ),
}


@own_cooperation
@EITHER
def add(request: HttpRequest, record: Cooperation, what: str) -> HttpResponse:
    """Add something to a cooperation."""
    addition = ADDITIONS.get(what)
    if addition is None:
        raise Http404(_("There is no such form."))
    rights = standing(request.user)
    if not policies.may(rights, addition.verb, record):
        raise NotTheirs(record)
    extra: dict[str, Any] = {}
    if addition.form is AgreementForm:
        extra["memberships"] = _present_members(record)
    elif addition.form is MeetingForm:
        extra["cooperation"] = record
    form = addition.form(request.POST or None, request.FILES or None, person=request.user, **extra)
    if request.method == "POST" and form.is_valid():
        added = tried(request, form, lambda: addition.do(request, record, form))
        if added is not None:
            _say_saved(request, added)
            return redirect("account-cooperation", record.ref)
    context = {
        "form": form,
        "record": record,
        "title": addition.title,
        "lead": addition.lead,
        "reviewed": policies.must_be_reviewed(rights, addition.verb, record),
        "back": presenters.desk_of(record.TYPE, record.ref),
        "body": str(record),
    }
    return render(request, "konto/form.html", context)


def _present_members(cooperation: Cooperation) -> list[Membership]:
    found = Membership.objects.filter(cooperation=cooperation, withdrawn_on=None, valid_until="")
    return list(found.select_related("organisation", "party_cooperation", "cooperation"))


# ------------------------------------------------------------------------------------------------ memberships


@own_cooperation
@EITHER
def memberships(request: HttpRequest, record: Cooperation) -> HttpResponse:
    """Confirm several memberships at once that others have stated."""
    waiting = list(
        Membership.objects.filter(cooperation=record, withdrawn_on=None, confirmed_by_cooperation_on=None)
        .select_related("organisation", "party_cooperation", "cooperation")
        .order_by("area_name", "pk")
    )
    back = presenters.desk_of(record.TYPE, record.ref)
    if request.method == "POST":
        chosen = set(request.POST.getlist("member"))

        def confirmed() -> int:
            with transaction.atomic():
                return sum(
                    actions.confirm_membership(request.user, each, via=FORM, side="cooperation") is not None
                    for each in waiting
                    if each.ref in chosen
                )

        count = tried(request, None, confirmed)
        if count:
            messages.success(
                request,
                ngettext("One membership is confirmed.", "%(count)d memberships are confirmed.", count)
                % {"count": count},
            )
        return redirect(back)
    return render(request, "konto/memberships.html", {"record": record, "waiting": waiting, "back": back})


@signed_in
@EITHER
def end_membership(request: HttpRequest, ref: str) -> HttpResponse:
    """Say when a membership ended."""
    record: Membership = own(request, Membership.TYPE, ref, "end_membership")
    form = EndMembershipForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        until, note = form.cleaned_data["until"], form.cleaned_data["note"]
        done = tried(
            request,
            form,
            lambda: handed_in(
                request,
                lambda: actions.end_membership(request.user, record, on=until, via=FORM, note=note),
                record.TYPE,
                fields={"valid_until": until},
                ref=record.ref,
                note=note,
            ),
        )
        if done is not None:
            _say_saved(request, done)
            return redirect(_desk_beside(request, record))
    context = {
        "form": form,
        "record": record,
        "title": _("When did the membership end?"),
        "lead": str(record),
        "reviewed": policies.must_be_reviewed(standing(request.user), "end_membership", record),
        "back": _desk_beside(request, record),
    }
    return render(request, "konto/form.html", context)


@signed_in
@EITHER
def membership(request: HttpRequest, ref: str) -> HttpResponse:
    """Confirm a membership that the other side states, or say that it is wrong."""
    record: Membership = own(request, Membership.TYPE, ref, "confirm_membership")
    if request.method == "POST":
        if "reject" in request.POST:
            reason = request.POST.get("reason", "").strip()[:2000] or _("The other side says that this is wrong.")
            done: Any = tried(request, None, lambda: actions.dispute(request.user, record, reason, via=FORM))
            said = _("The membership is shown as disputed until it is settled.")
        else:
            done = tried(request, None, lambda: actions.confirm_membership(request.user, record, via=FORM))
            said = _("Thank you: confirmed.")
        if done is not None:
            messages.success(request, said)
        return redirect(_desk_beside(request, record))
    context = {"record": record, "back": _desk_beside(request, record)}
    return render(request, "konto/membership.html", context)


def _desk_beside(request: HttpRequest, record: Membership) -> str:
    """The desk the person has: of the cooperation, else of the member."""
    rights = standing(request.user)
    for body in (record.cooperation, record.party_cooperation, record.organisation):
        if body is not None and policies.may(rights, "change", body):
            return presenters.desk_of(body.TYPE, body.ref)
    return reverse("account")
