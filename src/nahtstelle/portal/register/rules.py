"""The rules of `nahtstelle.core.rules` asked of what is in the database, answered in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils.translation import get_language

from nahtstelle.core.model import Cooperation as FrozenCooperation
from nahtstelle.core.model import Membership as FrozenMembership
from nahtstelle.core.model import RegisterSnapshot
from nahtstelle.core.periods import first_day
from nahtstelle.portal.register.errors import Finding
from nahtstelle.portal.register.models import (
    Agreement,
    AgreementParty,
    Cooperation,
    Membership,
    Project,
    ProjectCooperation,
    Record,
)

if TYPE_CHECKING:
    from nahtstelle.core.footprint import Territory
    from nahtstelle.core.rules import Finding as RuleFinding

_PARTY = ("area_key", "area_name", "organisation__ref", "party_cooperation__ref")
_PROJECT = ("ref", "state", "tasks", "reasons", "started", "ended")
_CHUNK = 500


def breaches(records: Iterable[Record]) -> list[Finding]:
    """What the rules find in the cooperations that these records belong to, and in the records themselves."""
    from nahtstelle.core.rules import project_findings

    cooperations: set[int] = set()
    found: list[Finding] = []
    for record in records:
        match record:
            case Cooperation():
                cooperations.add(record.pk)
            case Membership():
                cooperations.add(record.cooperation_id)
            case Agreement():
                if record.cooperation_id is not None:
                    cooperations.add(record.cooperation_id)
            case Project() if record.withdrawn_on is None:
                said = {name: getattr(record, name) for name in _PROJECT}
                found += map(_shown, project_findings(said))
    return found + findings_about(sorted(cooperations))


def findings_about(cooperations: Sequence[int], *, territory: Territory | None = None) -> list[Finding]:
    """What does not fit in these cooperations (their primary keys), their members, agreements and projects.

    What blocks comes first. ``territory`` is needed for the rules about their areas. A fixed number of questions.
    """
    from nahtstelle.core.rules import findings

    found: list[Finding] = []
    snapshot = _nested() if cooperations else None
    for start in range(0, len(cooperations), _CHUNK):
        chunk = cooperations[start : start + _CHUNK]
        members = _listed(
            Membership.objects.filter(cooperation__in=chunk, withdrawn_on__isnull=True).values(
                "cooperation", "ref", "role", "part", "valid_from", "valid_until", *_PARTY
            ),
            "cooperation",
        )
        agreements = _agreements(chunk)
        projects = _listed(
            ProjectCooperation.objects.filter(cooperation__in=chunk, project__withdrawn_on__isnull=True).values(
                "cooperation", **{name: F(f"project__{name}") for name in _PROJECT}
            ),
            "cooperation",
        )
        for cooperation in Cooperation.objects.filter(pk__in=chunk, withdrawn_on__isnull=True).prefetch_related(
            "fundings"
        ):
            said = {
                name: getattr(cooperation, name)
                for name in ("ref", "kind", "legal_form", "tasks", "state", "founded", "ended", "end_reasons")
            }
            said["fundings"] = [{"period": each.period} for each in cooperation.fundings.all()]
            found += map(
                _shown,
                findings(
                    said,
                    members.get(cooperation.pk, ()),
                    agreements=agreements.get(cooperation.pk, ()),
                    projects=projects.get(cooperation.pk, ()),
                    territory=territory,
                    snapshot=snapshot,
                ),
            )
    return sorted(dict.fromkeys(found), key=lambda each: not each.blocking)


def _shown(found: RuleFinding) -> Finding:
    language = get_language() or "de"
    return Finding(
        found.code,
        found.message(language),
        found.field,
        f"{found.type}/{found.ref}" if found.ref else "",
        found.blocks,
        fix=found.fix(language),
    )


def _listed(rows: Iterable[Any], of: str) -> dict[int, list[dict[str, Any]]]:
    """Rows as the rules read them, under the cooperation they belong to."""
    listed: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        for name in ("organisation", "party_cooperation"):
            if f"{name}__ref" in row:
                row[name] = row.pop(f"{name}__ref")
        listed.setdefault(row.pop(of), []).append(row)
    return listed


def _agreements(cooperations: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    rows: Iterable[Any] = Agreement.objects.filter(cooperation__in=cooperations, withdrawn_on__isnull=True).values(
        "pk", "cooperation", "ref", "kind", "valid_from", "valid_until", "signed", "terminated_on"
    )
    agreements: dict[int, dict[str, Any]] = {row["pk"]: row for row in rows}
    parties = _listed(
        AgreementParty.objects.filter(agreement__in=agreements).values("agreement", "party_name", *_PARTY), "agreement"
    )
    for key, row in agreements.items():
        row["parties"] = parties.get(key, [])
    return _listed(agreements.values(), "cooperation")


def _nested() -> RegisterSnapshot:
    """Which cooperation is a member of which, drafts included: the ways on which one could lead back to itself."""
    rows = Membership.objects.filter(
        party_cooperation__isnull=False, withdrawn_on__isnull=True, cooperation__withdrawn_on__isnull=True
    ).values_list(
        "ref", "cooperation__ref", "cooperation__name", "party_cooperation__ref", "party_cooperation__name", "role",
        "valid_from", "valid_until",
    )  # fmt: skip
    names: dict[str, str] = {}
    memberships = []
    for ref, own, own_name, member, member_name, role, begins, ends in rows:
        names |= {own: own_name, member: member_name}
        memberships.append(FrozenMembership(ref, own, None, None, member, role, first_day(begins), first_day(ends)))
    return RegisterSnapshot.of(
        (FrozenCooperation(ref, name, "", "", (), "aktiv", None, None) for ref, name in names.items()), memberships
    )
