"""What the roles of the register mean to Wagtail: groups that may open its screens, and review before publishing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import override, pgettext
from wagtail.models import Collection, GroupCollectionPermission, Workflow, WorkflowContentType, WorkflowTask

from nahtstelle.portal.register.models import RECORDS, Assignment, EditorialReview, Entry, Role

GROUPS = {
    Role.COORDINATION: "Koordination",
    Role.EDITORIAL: "Redaktion des Verzeichnisses",
    Role.ADMINISTRATION: "Verwaltung des Verzeichnisses",
}
"""The group of every role. Its members may open the editing screens; what they may do there is in `policies`."""
REVIEW = "Redaktion"
_ON_DOCUMENTS = ("add_document", "choose_document")


@transaction.atomic
def prepare_staff() -> None:
    """Groups, the collection of their documents, and the review; what is there already is left as it is."""
    collection = _documents()
    access = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    documents = Permission.objects.filter(content_type__app_label="wagtaildocs", codename__in=_ON_DOCUMENTS)
    for name in GROUPS.values():
        group, _new = Group.objects.get_or_create(name=name)
        group.permissions.add(access)
        for permission in documents:
            GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)
    _prepare_review()
    for person in get_user_model()._default_manager.filter(assignments__isnull=False).distinct():
        bring_in_line(person)


def bring_in_line(person: Any) -> None:
    """Let somebody be in the groups of the roles they have, and in no other group of a role."""
    held = set(Assignment.objects.filter(person=person).values_list("role", flat=True))
    for role, name in GROUPS.items():
        group = Group.objects.filter(name=name).first()
        if group is None:
            continue
        if role.value in held:
            person.groups.add(group)
        else:
            person.groups.remove(group)


def _prepare_review() -> None:
    """The review of every kind of record with drafts, unless somebody has set up another one for it."""
    waiting = [model for model in RECORDS.values() if issubclass(model, Entry)]
    types = ContentType.objects.get_for_models(*waiting)
    open_types = [each for each in types.values() if not WorkflowContentType.objects.filter(content_type=each).exists()]
    if not open_types:
        return
    workflow, _new = Workflow.objects.get_or_create(name=REVIEW, defaults={"active": True})
    task = EditorialReview.objects.filter(name=REVIEW).first() or EditorialReview.objects.create(name=REVIEW)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task.task_ptr, defaults={"sort_order": 0})
    for each in open_types:
        WorkflowContentType.objects.create(workflow=workflow, content_type=each)


def _documents() -> Collection:
    """The collection in which documents of cooperations are kept."""
    with override(settings.LANGUAGE_CODE):
        name = pgettext("collection of documents", "Documents of cooperations")
    root = Collection.get_first_root_node()
    found: Collection | None = root.get_children().filter(name=name).first()
    return found or root.add_child(name=name)
