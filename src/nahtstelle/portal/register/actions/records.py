"""Verbs that any record knows: create, change, publish, confirm, withdraw, restore."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from nahtstelle.portal.register.actions.doing import doing, today
from nahtstelle.portal.register.models import RECORDS, Entry, ImportBatch, Membership, Record

R = TypeVar("R", bound=Record)


def create(
    by: Any,
    type_: str,
    fields: Mapping[str, Any],
    *,
    via: str,
    draft: bool = False,
    batch: ImportBatch | None = None,
    note: str = "",
) -> Record:
    """Enter a record of this type; a draft where asked, or where what the person enters is looked at first.

    ``fields`` is as `records.described` gives it, and need not be complete. Raises `Forbidden`, `Invalid`.
    """
    with doing(by, "create", via=via, note=note, batch=batch) as deed:
        verb = "add_membership" if type_ == Membership.TYPE else "create"
        return deed.create(RECORDS[type_], fields, verb=verb, draft=draft)


def change(
    by: Any,
    record: R,
    fields: Mapping[str, Any],
    *,
    via: str,
    seen: dt.datetime | str | None = None,
    draft: bool = False,
    batch: ImportBatch | None = None,
    note: str = "",
) -> R:
    """Set fields of a record; what is not named, or named as it is already, stays.

    With ``draft`` nothing of it is public yet; without, a draft becomes public with it. ``seen`` is ``changed_at`` as
    the person saw it. Raises `Forbidden`, `Invalid`, and `Conflict` where somebody changed the record since.
    """
    with doing(by, "change", via=via, note=note, batch=batch) as deed:
        return deed.change(record, fields, seen=seen, draft=draft)


def publish(by: Any, record: Entry, *, via: str, seen: dt.datetime | str | None = None, note: str = "") -> Entry:
    """Make the newest draft of a record what everybody sees."""
    with doing(by, "publish", via=via, note=note) as deed:
        return deed.change(record, {}, seen=seen, publish=True)


def confirm(by: Any, record: R, *, via: str, note: str = "") -> R:
    """Say that all a record says is right as of today."""
    with doing(by, "confirm", via=via, note=note) as deed:
        record = deed.current(record)
        deed.allow("confirm", record)
        if record.withdrawn_on is not None or not getattr(record, "live", True):
            raise deed.refuse("not-public", _("Only what is public can be confirmed."))
        return deed.mark(record, confirmed_on=today())


def withdraw(by: Any, record: R, *, via: str, note: str = "", batch: ImportBatch | None = None) -> R:
    """Take a record out of sight; it can be restored."""
    with doing(by, "withdraw", via=via, note=note, batch=batch) as deed:
        record = deed.current(record)
        deed.allow("withdraw", record)
        if record.withdrawn_on is not None:
            return record
        return deed.mark(record, withdrawn_on=today())


def restore(by: Any, record: R, *, via: str, note: str = "", batch: ImportBatch | None = None) -> R:
    """Show a withdrawn record again. Raises `Invalid` where another has taken its place since."""
    with doing(by, "restore", via=via, note=note, batch=batch) as deed:
        record = deed.current(record)
        deed.allow("restore", record)
        if record.withdrawn_on is None:
            return record
        return deed.mark(record, check=True, withdrawn_on=None)
