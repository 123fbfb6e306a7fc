"""Wagtail's own actions, refused for records of the register: a change that is no verb leaves no trace in the log."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from wagtail.actions import (
    CreateAction,
    DeleteAction,
    EditAction,
    PublishRevisionAction,
    RevertToRevisionAction,
    UnpublishAction,
)


class _Refused:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise PermissionDenied("records of the register are changed by the verbs of register.actions only")


def _refused(action: Any) -> Any:
    return type(action.__name__, (_Refused, action), {"action_name": action.action_name})


REFUSED = tuple(
    _refused(action)
    for action in (
        CreateAction, EditAction, DeleteAction, PublishRevisionAction, UnpublishAction, RevertToRevisionAction,
    )
)  # fmt: skip
