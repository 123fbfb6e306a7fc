"""Answers as documents: the JSON that the command line and the web interface hand out, one shape each.

Lengths in kilometres (three decimals), areas in square kilometres, people as whole numbers or ``None`` where nothing is
known, shares between 0 and 1. ``known_share`` stands beside every figure of people: the share of the municipalities
counted whose people are known.
"""

from __future__ import annotations

from typing import Any

from nahtstelle.core.keys import Level
from nahtstelle.core.model import (
    Area,
    BorderPeople,
    Bridge,
    Cooperation,
    Footprint,
    People,
    ResolvedMembership,
    Seam,
    SeamBridges,
)
from nahtstelle.editions.edition import AreaSeams, Edition

Document = dict[str, Any]


def _km(length_m: float) -> float:
    return round(length_m / 1000, 3)


def _share(share: float) -> float:
    return round(share, 4)


def area_document(area: Area) -> Document:
    """An area with its figures."""
    return {
        "key": area.key,
        "name": area.name,
        "designation": area.designation,
        "level": area.level.value,
        "people": area.people.people,
        "known_share": _share(area.people.known_share),
        "area_km2": None if area.area_m2 is None else round(area.area_m2 / 1e6, 2),
        "perimeter_km": _km(area.perimeter_m),
    }


def _seam_figures(seam: Seam) -> Document:
    people = seam.people
    return {
        "land_seam": seam.land_seam,
        "length_km": _km(seam.length_m),
        "stretches": seam.stretches,
        "share_of_perimeter": _share(seam.share_of_perimeter),
        "border_municipalities": {"own": list(seam.own.municipalities), "other": list(seam.other.municipalities)},
        "people": {
            "own": seam.own.people.people,
            "other": seam.other.people.people,
            "total": people.people,
            "known_share": _share(people.known_share),
        },
    }


def seams_document(found: AreaSeams) -> Document:
    """The seams of one area, longest first."""
    edition = found.edition
    seams = []
    for seam in found:
        neighbour = edition.area(seam.other_key)
        named: Document = {
            "key": neighbour.key,
            "name": neighbour.name,
            "designation": neighbour.designation,
            "land": neighbour.land_key,
        }
        if found.level is not found.area.level:
            own = edition.area(seam.own_key)
            named["own"] = {"key": own.key, "name": own.name}
        seams.append(named | _seam_figures(seam))
    return {
        "edition": edition.id,
        "attribution": edition.attribution,
        "area": area_document(found.area),
        "outer_edge_km": _km(found.area.outer_edge_m),
        "seams": seams,
    }


def all_seams_document(edition: Edition, level: Level) -> Document:
    """Every seam of a level once, ``a`` < ``b``; figures are seen from ``a``, so ``own`` is the side of ``a``."""
    seams = []
    for seam in edition.all_seams(level):
        a, b = edition.area(seam.own_key), edition.area(seam.other_key)
        figures = _seam_figures(seam)
        sides, people = figures.pop("border_municipalities"), figures.pop("people")
        del figures["share_of_perimeter"]
        seams.append(
            {
                "a": {"key": a.key, "name": a.name},
                "b": {"key": b.key, "name": b.name},
                **figures,
                "border_municipalities": {"a": sides["own"], "b": sides["other"]},
                "people": {
                    "a": people["own"],
                    "b": people["other"],
                    "total": people["total"],
                    "known_share": people["known_share"],
                },
            }
        )
    return {"edition": edition.id, "attribution": edition.attribution, "level": level.value, "seams": seams}


def border_people_document(edition: Edition, found: BorderPeople) -> Document:
    """Border people of a region; ``known_share`` is that of the border municipalities."""
    return {
        "edition": edition.id,
        "attribution": edition.attribution,
        "areas": [{"key": key, "name": edition.area(key).name} for key in found.areas],
        "variant": found.variant,
        "people": found.region.people,
        "people_known_share": _share(found.region.known_share),
        "border_people": found.border.people,
        "share": None if found.share is None else _share(found.share),
        "known_share": _share(found.border.known_share),
        "municipalities": list(found.municipalities),
    }


def areas_document(edition: Edition, areas: list[Area]) -> Document:
    """Areas found by name or key, best first."""
    return {
        "edition": edition.id,
        "attribution": edition.attribution,
        "areas": [area_document(area) | {"land": area.land_key} for area in areas],
    }


# ----------------------------------------------------------------------------------------------- the register


def cooperation_document(cooperation: Cooperation) -> Document:
    """A cooperation: ids of the vocabularies, ISO dates."""
    begins, ends = cooperation.valid_from, cooperation.valid_until
    return {
        "ref": cooperation.ref,
        "name": cooperation.name,
        "kind": cooperation.kind,
        "legal_form": cooperation.legal_form or None,
        "tasks": list(cooperation.tasks),
        "state": cooperation.state,
        "valid_from": None if begins is None else begins.isoformat(),
        "valid_until": None if ends is None else ends.isoformat(),
    }


def _bridge(bridge: Bridge) -> Document:
    return {
        "cooperation": bridge.cooperation.ref,
        "name": bridge.cooperation.name,
        "kind": bridge.cooperation.kind,
        "strength": bridge.strength,
        "members": bridge.members,
        "intensity": round(bridge.intensity, 6),
    }


def bridged_seam_document(edition: Edition, seam: Seam, known: SeamBridges) -> Document:
    """A seam with what the register says of it."""
    a, b = edition.area(known.a), edition.area(known.b)
    return {
        "a": {"key": a.key, "name": a.name},
        "b": {"key": b.key, "name": b.name},
        "land_seam": seam.land_seam,
        "length_km": _km(seam.length_m),
        "people": seam.people.people,
        "known_share": _share(seam.people.known_share),
        "state": known.state,
        "strength": known.strength,
        "intensity": round(known.intensity, 6),
        "bridges": [_bridge(each) for each in known.bridges],
    }


def _people(people: People) -> Document:
    return {"people": people.people, "known_share": _share(people.known_share)}


def _km2(area_m2: float | None) -> float | None:
    return None if area_m2 is None else round(area_m2 / 1e6, 2)


def _share_or_none(share: float | None) -> float | None:
    return None if share is None else _share(share)


def _entered(resolved: ResolvedMembership) -> Document:
    return {
        "membership": resolved.membership.ref,
        "key": resolved.membership.area_key,
        "part": resolved.membership.part or None,
        "stands_for": list(resolved.keys),
        "way": resolved.way,
        "through": list(resolved.through),
    }


def footprint_document(edition: Edition, cooperation: Cooperation, found: Footprint) -> Document:
    """The footprint of a cooperation; shares by known people and by area."""
    return {
        "edition": edition.id,
        "attribution": edition.attribution,
        "cooperation": cooperation_document(cooperation),
        "on": None if found.on is None else found.on.isoformat(),
        **_people(found.people),
        "area_km2": _km2(found.area_m2),
        "municipalities": list(found.municipalities),
        "districts": [
            {
                "key": each.key,
                "name": edition.area(each.key).name,
                "people_share": _share_or_none(each.people_share),
                "area_share": _share_or_none(each.area_share),
                "municipalities": each.municipalities,
                "of": each.of,
            }
            for each in found.districts
        ],
        "laender": [{"key": key, "name": edition.area(key).name} for key in found.laender],
        "parts": [list(part) for part in found.parts],
        "enclaves": [list(group) for group in found.enclaves],
        "overlaps": [
            {
                "cooperation": each.ref,
                "municipalities": each.municipalities,
                **_people(each.people),
                "area_km2": _km2(each.area_m2),
                "people_share": _share_or_none(each.people_share),
                "area_share": _share_or_none(each.area_share),
                "other_people_share": _share_or_none(each.other_people_share),
                "other_area_share": _share_or_none(each.other_area_share),
                "in_part": each.in_part,
            }
            for each in found.overlaps
        ],
        "partial": [_entered(each) for each in found.partial],
        "carried": [_entered(each) for each in found.carried],
        "unresolved": [_entered(each) for each in found.unresolved],
        "beside": [_entered(each) for each in found.beside],
    }
