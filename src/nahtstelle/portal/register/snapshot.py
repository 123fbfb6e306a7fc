"""The public register as analysis sees it: the one place where records cross into `nahtstelle.core`."""

from __future__ import annotations

from functools import lru_cache

from nahtstelle.core.model import Cooperation, KeyChange, Membership, RegisterSnapshot
from nahtstelle.core.periods import first_day
from nahtstelle.portal.register import models, queries

_day = lru_cache(maxsize=4096)(first_day)


def snapshot() -> RegisterSnapshot:
    """The register as visitors may see it, in four questions. Drafts and withdrawn records are not in it."""
    cooperations = queries.cooperations_visible_to(None).order_by()
    memberships = queries.memberships_visible_to(None).order_by()
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
    )  # fmt: skip
