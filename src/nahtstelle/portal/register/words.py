"""What was done to a record, as logs and mails say it."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

DONE: Final[dict[str, str]] = {
    "create": gettext_noop("entered"),
    "change": gettext_noop("changed"),
    "publish": gettext_noop("published"),
    "confirm": gettext_noop("confirmed"),
    "withdraw": gettext_noop("withdrawn"),
    "restore": gettext_noop("restored"),
    "add_membership": gettext_noop("member added"),
    "end_membership": gettext_noop("membership ended"),
    "confirm_membership": gettext_noop("membership confirmed"),
    "rename": gettext_noop("renamed"),
    "convert": gettext_noop("legal form changed"),
    "merge": gettext_noop("merged"),
    "split": gettext_noop("split"),
    "dissolve": gettext_noop("dissolved"),
    "sign_agreement": gettext_noop("agreement signed"),
    "terminate_agreement": gettext_noop("agreement terminated"),
    "move_project": gettext_noop("project moved to another state"),
    "add_source": gettext_noop("source added"),
    "dispute": gettext_noop("marked as disputed"),
    "settle": gettext_noop("dispute settled"),
    "state_completeness": gettext_noop("stated as complete"),
    "invite": gettext_noop("invitation sent"),
    "accept_invitation": gettext_noop("invitation accepted"),
    "withdraw_invitation": gettext_noop("invitation withdrawn"),
    "assign": gettext_noop("role given"),
    "unassign": gettext_noop("role taken"),
    "undo_batch": gettext_noop("import undone"),
}
"""Every verb that the log knows, as done."""


def done(verb: str) -> str:
    """A verb as done, in the language of the moment."""
    return _(DONE[verb]) if verb in DONE else verb
