"""How we know: sources, disputes, and what areas say about how complete the register is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from nahtstelle.portal.register.actions.doing import Deed, doing, today
from nahtstelle.portal.register.models import Citation, Completeness, Dispute, Record, Source


def add_source(
    by: Any,
    record: Record,
    source: Source | Mapping[str, Any],
    *,
    via: str,
    stance: str = "belegt",
    field: str = "",
    note: str = "",
) -> Citation:
    """Say that a source supports or contradicts a record, or one ``field`` of it.

    ``source`` is one the register has, or what is known of it: the same address, or the same title by the same
    publisher, is not entered twice.
    """
    with doing(by, "add_source", via=via) as deed:
        deed.allow("add_source", record)
        return cite(deed, record, source, stance=stance, field=field, note=note)


def cite(
    deed: Deed,
    record: Record,
    source: Source | Mapping[str, Any],
    *,
    stance: str,
    field: str = "",
    note: str = "",
) -> Citation:
    """The same as a part of another verb."""
    said = {
        "about_type": record.TYPE,
        "about_ref": record.ref,
        "stance": stance,
        "field": field,
        "note": note,
        "source": source if isinstance(source, Source) else known_source(source) or deed.create(
            Source, source, verb=None
        ),
    }  # fmt: skip
    return deed.create(Citation, said, verb="add_source")


def known_source(said: Mapping[str, Any]) -> Source | None:
    """The source of the register that is meant: by its reference, its address, or title and publisher."""
    there = Source.objects.filter(withdrawn_on__isnull=True).order_by("pk")
    if said.get("ref"):
        return there.filter(ref=said["ref"]).first()
    if said.get("url"):
        return there.filter(url=said["url"]).first()
    return there.filter(
        title=said.get("title", ""),
        publisher=said.get("publisher", ""),
        published=said.get("published", ""),
        url="",
    ).first()


def dispute(by: Any, record: Record, reason: str, *, via: str, field: str = "", note: str = "") -> Dispute:
    """Say that a record, or one field of it, is wrong; it is shown as disputed until that is settled."""
    with doing(by, "dispute", via=via, note=note) as deed:
        deed.allow("dispute", record)
        said = {"about_type": record.TYPE, "about_ref": record.ref, "field": field, "reason": reason}
        return deed.create(Dispute, said, verb=None)


def settle(by: Any, disputed: Dispute, settlement: str, *, via: str, note: str = "") -> Dispute:
    """Say how a dispute was settled."""
    with doing(by, "settle", via=via, note=note) as deed:
        current = deed.current(disputed)
        deed.allow("settle", current)
        if current.settled_on is not None:
            raise deed.refuse("settled", _("This dispute is settled already."))
        if not settlement.strip():
            raise deed.refuse("settlement-is-missing", _("Please say how it was settled."), "settlement")
        return deed.mark(current, settled_on=today(), settlement=settlement)


def state_completeness(
    by: Any, area_key: str, *, via: str, stated_on: dt.date | None = None, note: str = ""
) -> Completeness:
    """State that the register holds all cooperations of an area: only then can a seam be confirmed as unbridged."""
    with doing(by, "state_completeness", via=via) as deed:
        said = {"area_key": area_key, "stated_on": stated_on or today(), "note": note}
        return deed.create(Completeness, said, verb="state_completeness")
