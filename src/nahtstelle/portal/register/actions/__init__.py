"""Everything that changes the register: one function per verb, the same behind screens, forms, API, import, command.

Each takes the acting person as ``by`` (`policies.OPERATOR` for commands on the server) and the door as ``via``. It
raises `Forbidden`, `Invalid` or `Conflict` of `errors` and then nothing has changed.
"""

from nahtstelle.portal.register.actions.batches import create_many, undo_batch
from nahtstelle.portal.register.actions.cooperations import (
    add_membership,
    confirm_membership,
    convert,
    dissolve,
    end_membership,
    going_on,
    merge,
    rename,
    split,
)
from nahtstelle.portal.register.actions.evidence import add_source, dispute, settle, state_completeness
from nahtstelle.portal.register.actions.people import (
    accept_invitation,
    assign,
    invitation_under,
    invite,
    unassign,
    withdraw_invitation,
)
from nahtstelle.portal.register.actions.records import change, confirm, create, publish, restore, withdraw
from nahtstelle.portal.register.actions.suggestions import accept, decline, follow, suggest, unfollow
from nahtstelle.portal.register.actions.undertakings import move_project, sign_agreement, terminate_agreement

__all__ = [
    "accept", "accept_invitation", "add_membership", "add_source", "assign", "change", "confirm", "confirm_membership",
    "convert", "create", "create_many", "decline", "dispute", "dissolve", "end_membership", "follow", "going_on",
    "invitation_under", "invite", "merge", "move_project", "publish", "rename", "restore", "settle", "sign_agreement",
    "split", "state_completeness", "suggest", "terminate_agreement", "unassign", "undo_batch", "unfollow", "withdraw",
    "withdraw_invitation",
]  # fmt: skip
