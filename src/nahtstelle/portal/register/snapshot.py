"""The public register as analysis sees it: the one place where records cross into `nahtstelle.core`."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from django.db.models import Q

from nahtstelle.core.model import Cooperation, KeyChange, Membership, RegisterSnapshot
from nahtstelle.core.periods import first_day
from nahtstelle.portal.register import models, queries

_day = lru_cache(maxsize=4096)(first_day)


SHAPING = ("cooperation", "membership", "organisation", "key-change", "completeness")
"""Kinds of record a snapshot is made of; an organisation that is not public is no member."""

_MOST_ANEW = 400
"""Of so many cooperations the memberships are read on their own; beyond it is quicker to read all."""


def snapshot(before: RegisterSnapshot | None = None, since: int = 0) -> RegisterSnapshot:
    """The register as visitors may see it, in four questions. Drafts and withdrawn records are not in it.

    With the snapshot from ``before``, taken when the log had its entry ``since``, only what changed is read.
    """
    refs = None if before is None else _touched(before, since)
    if before is None or refs is None:
        return _read(Q(), Q())
    mine, theirs = Q(ref__in=refs), Q(cooperation__ref__in=refs)
    return before.with_anew(refs, _read(mine, theirs, others=before.by_ref.keys() - refs))


def _touched(before: RegisterSnapshot, since: int) -> set[str] | None:
    """The cooperations that changes since an entry of the log concern; ``None`` where they are too many."""
    log = models.LogEntry.objects.filter(pk__gt=since, record_type__in=SHAPING).order_by()
    changed: dict[str, set[str]] = {}
    for type_, ref in log.values_list("record_type", "record_ref").distinct()[: _MOST_ANEW + 1]:
        changed.setdefault(type_, set()).add(ref)
    if sum(map(len, changed.values())) > _MOST_ANEW:
        return None
    own, members = changed.get("cooperation", set()), changed.get("membership", set())
    among = (
        Q(ref__in=members)
        | Q(party_cooperation__ref__in=own)
        | Q(organisation__ref__in=changed.get("organisation", set()))
    )
    found = models.Membership.objects.filter(among).order_by().values_list("cooperation__ref", flat=True).distinct()
    refs = own | set(found[: _MOST_ANEW + 1])
    refs |= {each.cooperation for each in before.memberships if each.ref in members}
    return refs if len(refs) <= _MOST_ANEW else None


def _read(which: Q, whose: Q, others: Collection[str] = ()) -> RegisterSnapshot:
    """These cooperations and these memberships; the member of one may be among the ``others``, too."""
    cooperations = queries.cooperations_visible_to(None).filter(which).order_by()
    memberships = queries.memberships_visible_to(None).filter(whose).order_by()
    changes = queries.visible_to(None, models.KeyChange).order_by()
    complete = queries.visible_to(None, models.Completeness).order_by()
    return RegisterSnapshot.of(
        (
            Cooperation(ref, name, kind, legal_form, tuple(tasks), state, _day(begins), _day(ends))
            for ref, name, kind, legal_form, tasks, state, begins, ends in cooperations.values_list(
                "ref", "name", "kind", "legal_form", "tasks", "state", "founded", "ended"
            ).iterator()
        ),
        (
            Membership(
                ref, own, area or None, organisation, member, role, _day(begins), _day(ends), part
            )
            for ref, own, area, organisation, member, role, begins, ends, part in memberships.values_list(
                "ref", "cooperation__ref", "area_key", "organisation__ref", "party_cooperation__ref", "role",
                "valid_from", "valid_until", "part",
            ).iterator()
        ),
        (KeyChange(old, new, _day(on)) for old, new, on in changes.values_list("old_key", "new_key", "on")),
        complete.values_list("area_key", flat=True),
        others,
    )  # fmt: skip
