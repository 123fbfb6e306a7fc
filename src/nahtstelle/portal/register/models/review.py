"""The step in which somebody looks at an entry before it is public."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Task, TaskState


class EditorialReview(Task):
    """A look by whoever may publish the entry: coordination without review, editorial staff of its Land."""

    class Meta:
        verbose_name = gettext_lazy("editorial review")
        verbose_name_plural = gettext_lazy("editorial reviews")

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Whoever may publish it may open it."""
        return _publishes(user, obj)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Nobody is locked out: who approves is told where the entry has changed meanwhile."""
        return False

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        """Whoever may publish it."""
        return _publishes(user, obj)

    def user_can_unlock(self, obj: Any, user: Any) -> bool:
        """Whoever may publish it."""
        return _publishes(user, obj)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Approve or ask for changes, with a comment where there is something to say."""
        if not _publishes(user, obj):
            return []
        return [
            ("approve", _("Approve"), False),
            ("approve", _("Approve with a comment"), True),
            ("reject", _("Ask for changes"), True),
        ]

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> models.QuerySet[TaskState]:
        """What waits for this person."""
        waiting = TaskState.objects.filter(task=self, status=TaskState.STATUS_IN_PROGRESS)
        waiting = waiting.select_related("workflow_state")
        own = [state.pk for state in waiting if _publishes(user, state.workflow_state.content_object)]
        found: models.QuerySet[TaskState] = TaskState.objects.filter(pk__in=own)
        return found

    @classmethod
    def get_description(cls) -> str:
        """As the screen for workflows explains it."""
        return _("Whoever may publish the entry looks at it: by the roles of the register, Land by Land")


def _publishes(user: Any, entry: Any) -> bool:
    from nahtstelle.portal.register.policies import may, must_be_reviewed, standing_of

    standing = standing_of(user)
    return may(standing, "publish", entry) and not must_be_reviewed(standing, "publish", entry)
