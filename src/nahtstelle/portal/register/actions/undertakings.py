"""What happens to agreements and projects: signed, terminated, moved to another state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from nahtstelle.core.vocabularies import PROJECT_END_STATES
from nahtstelle.portal.register.actions.doing import doing
from nahtstelle.portal.register.models import Agreement, Project


def sign_agreement(
    by: Any, agreement: Agreement, *, on: str, via: str, valid_from: str = "", note: str = ""
) -> Agreement:
    """Say that all parties have signed, and from when the agreement is in force."""
    with doing(by, "sign_agreement", via=via, note=note) as deed:
        if not on:
            raise deed.refuse("date-is-missing", _("Please say when it was signed."), "signed")
        if agreement.parties.count() < 2:
            raise deed.refuse("too-few-parties", _("An agreement needs at least two parties."), "parties")
        said = {"signed": on} | ({"valid_from": valid_from} if valid_from else {})
        return deed.change(agreement, said)


def terminate_agreement(
    by: Any, agreement: Agreement, *, on: str, valid_until: str, via: str, note: str = ""
) -> Agreement:
    """Say when notice was given, and the first day on which the agreement no longer holds."""
    with doing(by, "terminate_agreement", via=via, note=note) as deed:
        if not (on and valid_until):
            raise deed.refuse(
                "date-is-missing", _("Please say when notice was given and when it takes effect."), "valid_until"
            )
        return deed.change(agreement, {"terminated_on": on, "valid_until": valid_until})


def move_project(
    by: Any,
    project: Project,
    state: str,
    *,
    via: str,
    on: str = "",
    reasons: Iterable[str] = (),
    fields: Mapping[str, Any] | None = None,
    note: str = "",
) -> Project:
    """Move a project to another state; ``on`` is the first day after its end, ``fields`` what else is said of it.

    A state in which nothing more is to come asks for coded reasons: what was reached, or why it was not. That a project
    failed is said only by those who carried it.
    """
    with doing(by, "move_project", via=via, note=note) as deed:
        said: dict[str, Any] = {**(fields or {}), "state": state}
        listed = list(reasons) or list(said.get("reasons", ())) or list(deed.current(project).reasons)
        if state in PROJECT_END_STATES:
            if not listed:
                raise deed.refuse("reason-is-missing", _("Please give at least one reason for this state."), "reasons")
            said["reasons"] = listed
            if on:
                said["ended"] = on
        return deed.change(project, said)
