"""The rights of `policies` as Wagtail asks for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.permission_policies import BasePermissionPolicy

from nahtstelle.portal.register.models import Membership, Record
from nahtstelle.portal.register.policies import may, must_be_reviewed, standing
from nahtstelle.portal.register.queries import visible_to
from nahtstelle.portal.register.reach import looked_after_by

VERBS = {
    "add": "create",
    "change": "change",
    "delete": "withdraw",
    "publish": "publish",
    "view": "change",
    "choose": "see",
    "lock": "publish",
    "unlock": "publish",
}
"""What Wagtail calls a right, and the verb it stands for."""

OF_THE_EDITORIAL_STAFF = frozenset({"coverage", "completeness", "key-change"})
"""Kinds of record that belong to no cooperation: only the editorial staff has screens for them."""


class RegisterPolicy(BasePermissionPolicy):
    """Asks the table of roles for every right, record by record."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether somebody may do this to any record of the kind."""
        own = standing(user)
        type_: str = self.model.TYPE
        if type_ in OF_THE_EDITORIAL_STAFF and not may(own, "state_completeness"):
            return False
        if action == "publish" and not own.administration and all(each.review_first for each in own.assignments):
            return False
        if type_ == "cooperation" and action == "add" and not (own.administration or own.lands):
            return False  # whoever looks after one suggests others
        if type_ == "membership" and action == "add":
            return may(own, "add_membership", type_)
        return may(own, VERBS.get(action, "assign"), type_)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Record) -> bool:
        """Whether somebody may do this to this record."""
        own = standing(user)
        verb = VERBS.get(action, "assign")
        if action in ("publish", "lock", "unlock") and must_be_reviewed(own, "publish", instance):
            return False
        if isinstance(instance, Membership) and action == "view":
            return may(own, "end_membership", instance)
        return may(own, verb, instance)

    def instances_user_has_any_permission_for(self, user: Any, actions: Collection[str]) -> QuerySet[Any]:
        """The records of the kind somebody looks after; for choosing all that may be seen."""
        if "choose" in actions:
            return visible_to(standing(user), self.model)
        return looked_after_by(standing(user), self.model)

    def users_with_any_permission(self, actions: Collection[str]) -> QuerySet[Any]:
        """Everybody who looks after something."""
        people = get_user_model()._default_manager.filter(is_active=True)
        return people.filter(Q(is_superuser=True) | Q(assignments__isnull=False)).distinct()


class OfTheRecord:
    """Asks for rights on the record at hand, where there is one, instead of on any record of its kind."""

    object: Any = None
    model: Any
    request: HttpRequest

    def user_has_permission(self, permission: str) -> bool:
        """Whether whoever asks may do this here."""
        record, user = getattr(self, "object", None), self.request.user
        policy = RegisterPolicy(self.model)
        if record is None or record.pk is None:
            return policy.user_has_permission(user, permission)
        if permission == "unlock" and getattr(record, "locked_by_id", None) == user.pk:
            return True
        return policy.user_has_permission_for_instance(user, permission, record)

    def user_has_any_permission(self, permissions: Iterable[str]) -> bool:
        """Whether whoever asks may do any of this here."""
        return any(self.user_has_permission(permission) for permission in permissions)
