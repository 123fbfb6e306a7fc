"""What the register adds to Wagtail's editing screens."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.actions import BaseAction
from wagtail.admin.ui.components import Component
from wagtail.permissions import register_permission_policy
from wagtail.snippets.action_menu import ActionMenuItem, PublishMenuItem, SaveMenuItem
from wagtail.snippets.models import register_snippet

from nahtstelle.portal.register.editing.bulk import ON_SEVERAL
from nahtstelle.portal.register.editing.choosers import choices
from nahtstelle.portal.register.editing.panels import screen
from nahtstelle.portal.register.editing.permissions import RegisterPolicy
from nahtstelle.portal.register.editing.refusals import REFUSED
from nahtstelle.portal.register.editing.viewsets import EvidenceGroup, RegisterGroup
from nahtstelle.portal.register.models import (
    RECORDS,
    Agreement,
    Attachment,
    Contact,
    Cooperation,
    Entry,
    Meeting,
    Membership,
    Organisation,
    Project,
    Record,
)
from nahtstelle.portal.register.policies import may, must_be_reviewed, standing
from nahtstelle.portal.register.queries import visible_to
from nahtstelle.portal.register.reach import looked_after_by

for _model in RECORDS.values():
    register_permission_policy(_model, RegisterPolicy(_model), exact_class=True)
register_snippet(RegisterGroup)
register_snippet(EvidenceGroup)


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """Where the fields to choose with ask."""
    return [path("register/auswahl/", choices, name="register_choices")]


@hooks.register("insert_global_admin_css")
def style() -> SafeString:
    """How the screens of the register look beside Wagtail's own."""
    return format_html('<link rel="stylesheet" href="{}">', static("nt/editor.css"))


@hooks.register("insert_global_admin_js")
def script() -> SafeString:
    """Choosing by typing."""
    return format_html('<script type="module" src="{}"></script>', static("nt/editor.js"))


# After Wagtail's own, whose place one of them takes.
for _action in ON_SEVERAL:
    hooks.register("register_bulk_action", _action, order=100)


@hooks.register("register_actions")
def refuse_what_goes_past_the_verbs(registry: Any) -> None:
    """Whatever asks Wagtail's registry for an action on a record gets one that refuses; the screens do the verbs."""
    action: type[BaseAction]
    for action in REFUSED:
        for model in (Record, Entry):  # what Wagtail registers for drafts comes between the two
            registry.register(model, action)


# ------------------------------------------------------------------------------------------ the foot of screens


class PublishItem(PublishMenuItem):
    """Save, and everybody sees it."""

    template_name = "register/menu/publish.html"
    order = 0

    def is_shown(self, context: Any) -> bool:
        """Where nobody has to look at it first."""
        if context.get("locked_for_user"):
            return False
        return _publishes(context)


class SaveItem(SaveMenuItem):
    """Save, and nobody else sees it yet."""

    template_name = "register/menu/save.html"
    order = 50

    def is_shown(self, context: Any) -> bool:
        """Unless it is locked."""
        return not context.get("locked_for_user")

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """With what happens next."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        return context | {"reviewed": not _publishes(parent_context)}


@hooks.register("construct_snippet_action_menu")
def foot_of_the_screen(items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    """What everybody sees at once first, the draft second; for whom it is looked at first, the handing in."""
    model = context["model"]
    if not issubclass(model, Record):
        return
    instance = context.get("instance")
    if instance is not None and instance.withdrawn_on is not None:
        items.clear()
        return
    if not context["draftstate_enabled"]:
        return
    # Handing in is part of saving for those whose entries are looked at first: the verb starts the review.
    left_out = {"action-publish", "action-unpublish", "action-restart-workflow", "action-submit"}
    kept = [each for each in items if each.name not in left_out and not isinstance(each, SaveMenuItem)]
    added: list[ActionMenuItem] = [each for each in (PublishItem(), SaveItem()) if each.is_shown(context)]
    items[:] = [*added, *kept]


def _publishes(context: dict[str, Any]) -> bool:
    request, instance, model = context["request"], context.get("instance"), context["model"]
    own = standing(request.user)
    if instance is None:
        return RegisterPolicy(model).user_has_permission(request.user, "publish")
    return may(own, "publish", instance) and not must_be_reviewed(own, "publish", instance)


# ------------------------------------------------------------------------------------------------- welcome


class OwnEntries(Component):
    """What somebody looks after, and the next steps from there."""

    name = "register"
    order = 50
    template_name = "register/home.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The cooperations and organisations somebody was given."""
        given = standing(parent_context["request"].user)
        bodies = [
            *Cooperation.objects.filter(pk__in=given.cooperations),
            *Organisation.objects.filter(pk__in=given.organisations),
        ]
        return {"bodies": [self._said(body) for body in bodies]}

    def _said(self, body: Any) -> dict[str, Any]:
        asked = urlencode({body.TYPE: body.ref})
        steps = (
            [(_("Add a member"), Membership), (_("Enter a project"), Project), (_("Enter a meeting"), Meeting),
             (_("Enter an agreement"), Agreement)]
            if body.TYPE == "cooperation"
            else [(_("Add a contact"), Contact)]
        )  # fmt: skip
        return {
            "body": body,
            "kind": body._meta.verbose_name,
            "edit_url": reverse(screen(type(body), "edit"), args=[body.pk]),
            "steps": [(label, f"{reverse(screen(model, 'add'))}?{asked}") for label, model in steps],
        }


@hooks.register("construct_homepage_panels")
def welcome(request: HttpRequest, panels: list[Any]) -> None:
    """Begin with what somebody looks after."""
    given = standing(request.user)
    if given.cooperations or given.organisations:
        panels.insert(0, OwnEntries())


# ------------------------------------------------------------------------------------------------ documents


@hooks.register("construct_document_chooser_queryset")
def documents_to_choose_from(documents: Any, request: HttpRequest) -> Any:
    """Coordination chooses among what it uploaded itself and what belongs to what it looks after."""
    own = standing(request.user)
    if own.administration or own.lands or not own.assignments:
        return documents
    wanted = Q(uploaded_by_user=request.user)
    for model in (Agreement, Attachment):
        wanted |= Q(pk__in=looked_after_by(own, model).order_by().values("document"))
    return documents.filter(wanted)


@hooks.register("before_serve_document")
def keep_drafts_to_themselves(document: Any, request: HttpRequest) -> None:
    """A document that belongs only to what is not public is handed out to those alone who look after that."""
    of_it = [model._default_manager.filter(document=document) for model in (Agreement, Attachment)]
    if not any(found.exists() for found in of_it):
        return
    person = getattr(request, "user", None)
    for model in (Agreement, Attachment):
        if visible_to(person, model).filter(Q(document=document)).exists():
            return
    raise Http404(_("This document is not public."))
