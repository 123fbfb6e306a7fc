"""Why a verb of the register was not done.

::

    NahtstelleError
    └── RegisterError
        ├── Forbidden         this person may not do this
        │   └── ReviewFirst   may do it once somebody has looked at it: to be suggested instead
        ├── Invalid           what was said cannot be true; ``findings`` says what and how to put it right
        └── Conflict          somebody else changed the record meanwhile; ``differences`` holds both versions

Messages are sentences for the person who acted, in the language of the moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nahtstelle.errors import NahtstelleError


@dataclass(frozen=True)
class Finding:
    """Something a record says that cannot be true, or hardly: which rule, in words, and where to put it right.

    ``field`` is the name of the field, empty where several are concerned; ``record`` its type and reference as
    ``type/ref``, empty for the record at hand; ``row`` the line or row of a file it came with, from 1 on; ``fix`` how
    to put it right, where the message does not say. What does not block is advice.
    """

    code: str
    message: str
    field: str = ""
    record: str = ""
    blocking: bool = True
    row: int | None = None
    fix: str = ""

    def at_row(self, row: int) -> Finding:
        """The same, found in this row of a file."""
        return replace(self, row=row)


class RegisterError(NahtstelleError):
    """A verb of the register that was not done; nothing has changed."""

    code = "register"
    exit_code = 4


class Forbidden(RegisterError):
    """This person may not do this."""

    code = "forbidden"


class ReviewFirst(Forbidden):
    """What this person enters is looked at before it is public, and this kind of record has no drafts: suggest it."""

    code = "review-first"


class Invalid(RegisterError):
    """What was said cannot be true."""

    code = "invalid"

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        shown = [_where(each) + each.message for each in self.findings[:3]]
        more = len(self.findings) - len(shown)
        if more:
            shown.append(ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more})
        super().__init__(" ".join(shown))


class Conflict(RegisterError):
    """Somebody else changed the record meanwhile."""

    code = "conflict"

    def __init__(self, theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> None:
        super().__init__(_("Somebody else has changed this entry meanwhile. Please compare both versions."))
        self.theirs = dict(theirs)
        self.yours = dict(yours)

    @property
    def differences(self) -> dict[str, tuple[Any, Any]]:
        """Field by field what is there now and what you wanted to save, where they differ."""
        return {
            name: (self.theirs.get(name), value) for name, value in self.yours.items() if self.theirs.get(name) != value
        }


def _where(finding: Finding) -> str:
    return "" if finding.row is None else _("Row %(row)d:") % {"row": finding.row} + " "
