"""How far somebody's care reaches: the records of a kind that `policies` lets them change, as one question."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from nahtstelle.portal.register.models import (
    Agreement,
    Contact,
    Cooperation,
    Meeting,
    Membership,
    Organisation,
    Project,
    Record,
    Succession,
)
from nahtstelle.portal.register.models.evidence import About
from nahtstelle.portal.register.policies import Standing, standing_of


def looked_after_by(person: Any, model: type[Record]) -> QuerySet[Any]:
    """Records this person may change, withdrawn ones included."""
    own = standing_of(person)
    records = model._default_manager.all()
    if own.administration or "" in own.lands:
        return records
    if not own.assignments:
        return records.none()
    return records.filter(_of(own, model)).distinct()


def _of(own: Standing, model: type[Record]) -> Q:
    cooperations = Cooperation.objects.filter(_cooperations(own)).order_by().values("pk")
    organisations = Organisation.objects.filter(_organisations(own)).order_by().values("pk")
    if model is Cooperation:
        return _cooperations(own)
    if model is Organisation:
        return _organisations(own)
    if model is Succession:
        return Q(before__in=cooperations) | Q(after__in=cooperations)
    if model is Membership:
        return (
            Q(cooperation__in=cooperations)
            | Q(party_cooperation__in=own.cooperations)
            | Q(organisation__in=own.organisations)
            | _in_lands(own, "area_key")
        )
    if model is Agreement:
        return Q(cooperation__in=cooperations) | (
            Q(cooperation__isnull=True)
            & (
                Q(parties__party_cooperation__in=cooperations)
                | Q(parties__organisation__in=organisations)
                | _in_lands(own, "parties__area_key")
            )
        )
    if model is Project:
        return Q(cooperations__cooperation__in=cooperations)
    if model is Meeting:
        return Q(bodies__cooperation__in=cooperations) | _in_lands(own, "place_key")
    if model is Contact:
        return Q(cooperation__in=cooperations) | Q(organisation__in=organisations)
    if issubclass(model, About):
        return _spoken_of(own)
    land = next((name for name in ("land_key", "area_key", "new_key") if hasattr(model, name)), "")
    if land:
        return _in_lands(own, land)
    return Q(pk__in=[]) if not own.lands else Q()


def _cooperations(own: Standing) -> Q:
    members = Membership.objects.filter(cooperation=OuterRef("pk"), withdrawn_on__isnull=True).exclude(area_key="")
    found = Q(pk__in=own.cooperations)
    if own.lands:
        found |= _in_lands(own, "seat_key") | Q(Exists(members.filter(_in_lands(own, "area_key"))))
        found |= Q(seat_key="") & ~Q(Exists(members))
    return found


def _organisations(own: Standing) -> Q:
    found = Q(pk__in=own.organisations) | Q(carries__in=own.cooperations)
    return found | _in_lands(own, "seat_key") | Q(seat_key="") if own.lands else found


def _in_lands(own: Standing, name: str) -> Q:
    return _any(Q(**{f"{name}__startswith": land}) for land in own.lands)


def _spoken_of(own: Standing) -> Q:
    found = _any(Q(about_type="area", about_ref__startswith=land) for land in own.lands)
    for model in (Cooperation, Organisation, Project, Agreement, Meeting, Membership):
        refs = model._default_manager.filter(_of(own, model)).order_by().values("ref")
        found |= Q(about_type=model.TYPE, about_ref__in=refs)
    return found


def _any(conditions: Iterable[Q]) -> Q:
    """One of these conditions; nothing at all where there is none."""
    found = Q(pk__in=[])
    for each in conditions:
        found |= each
    return found
