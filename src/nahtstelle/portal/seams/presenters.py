"""Seams as pages show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nahtstelle.core.keys import LAENDER, Level
from nahtstelle.core.model import Area, KnowledgeState, Seam
from nahtstelle.portal.answers.takeaway import Column, Table
from nahtstelle.portal.insight import Insight, PlaceAtSeam, RegisterInsight
from nahtstelle.portal.reference import queries
from nahtstelle.portal.seams.bridging import bridging_of
from nahtstelle.portal.showing.maps import MapView
from nahtstelle.portal.showing.origins import lines_source, people_source
from nahtstelle.portal.showing.rows import both_names, seam_rows
from nahtstelle.portal.ui.figures import km, named, number
from nahtstelle.portal.ui.heads import files, page_head, root, suggest_url
from nahtstelle.portal.ui.levels import WORDS, spelled
from nahtstelle.portal.ui.states import knowledge_of


def seam_title(seam: Seam, insight: Insight) -> str:
    """Both names with the stitch between them; with their designations where the names are the same."""
    return " | ".join(both_names(insight.areas[seam.own_key], insight.areas[seam.other_key]))


@dataclass(frozen=True)
class SeamSide:
    """One side of a seam: its area, its border municipalities, the people there."""

    area: Area
    url: str
    land: str
    places: list[PlaceAtSeam]
    people: Any
    share_of_perimeter: float

    @property
    def caption(self) -> str:
        """What its table is called."""
        return _("Border municipalities in %(area)s") % {"area": named(self.area)}


COLUMNS = (
    Column("a", "key of one area"),
    Column("a_name", "its name"),
    Column("b", "key of the other area"),
    Column("b_name", "its name"),
    Column("land_seam", "yes where the two belong to different Länder"),
    Column("length_km", "length of the shared line in kilometres, on the ellipsoid"),
    Column("stretches", "connected parts of the line"),
    Column("border_municipalities", "municipalities of both sides that share the line"),
    Column("people", "people of those municipalities; empty where nothing is known"),
    Column("known_share", "share of those municipalities whose people are known, 0 to 1"),
    Column("state", "bridged, confirmed_none (both sides' registers are complete and hold none) or unknown"),
    Column("strength", "of the closest cooperation: full, adjacent or loose; empty where not bridged"),
    Column("cooperations", "cooperations known to bridge the seam"),
    Column("pair_intensity", "sum of 1/(members - 1) over these cooperations"),
)


def seam_table(known: RegisterInsight, name: str, title: str, level: Level, seams: Iterable[Seam], task: str) -> Table:
    """Seams as a file; where a task is given, only cooperation in that counts."""
    insight, bridged = known.insight, known.seams(level, task)
    areas = insight.areas
    rows = [
        (
            seam.own_key,
            named(areas[seam.own_key]),
            seam.other_key,
            named(areas[seam.other_key]),
            "yes" if seam.land_seam else "no",
            round(seam.length_m / 1000, 3),
            seam.stretches,
            len(seam.own.municipalities) + len(seam.other.municipalities),
            seam.people.people,
            round(seam.people.known_share, 4),
            knowledge_of(state := bridged.state_of(seam)),
            state if knowledge_of(state) == "bridged" else None,
            bridged.count_of(seam),
            round(bridged.intensity_of(seam), 4),
        )
        for seam in seams
    ]
    return Table(name, title, COLUMNS, rows, (*insight.notes, register_note(known, task)))


def register_note(known: RegisterInsight, task: str = "") -> str:
    """What a file says of the register it shows."""
    among = f", counting only those with the task {task}" if task else ""
    entries = len(known.snapshot.cooperations)
    return f"Cooperation as the public register knew it on {known.day}, with {entries} cooperations in all{among}"


def knowledge_sentence(known: dict[KnowledgeState, int]) -> str:
    """How many of some seams are bridged, confirmed as unbridged, or unknown."""
    said = _("Bridged: %(bridged)s; confirmed without cooperation: %(none)s; nothing known yet: %(unknown)s.")
    return said % {
        "bridged": number(known["bridged"]),
        "none": number(known["confirmed_none"]),
        "unknown": number(known["unknown"]),
    }


def ranking_sentence(count: int, length_m: float, land_seams: int) -> str:
    """What the ranking holds, in a sentence."""
    if not count:
        return _("No seam answers these filters.")
    said = ngettext(
        "One seam, %(km)s km long in all, %(land)s of them a Land seam.",
        "%(count)s seams, %(km)s km long in all, %(land)s of them Land seams.",
        count,
    )
    return said % {"count": number(count), "km": km(length_m, 0), "land": number(land_seams)}


def seam_sentence(insight: Insight, seam: Seam) -> str:
    """The answer in two lines: length, kind of border, people, municipalities."""
    count = len(seam.own.municipalities) + len(seam.other.municipalities)
    kind = _("a Land border") if seam.land_seam else _("a border within one Land")
    level = insight.areas[seam.own_key].level
    if level is Level.LAND:
        kind = _("the border between two Länder")
    said = _("%(a)s and %(b)s share a border of %(km)s km, %(kind)s.") % {
        "a": named(insight.areas[seam.own_key]),
        "b": named(insight.areas[seam.other_key]),
        "km": km(seam.length_m),
        "kind": kind,
    }
    people = seam.people
    if people.people is None:
        return f"{said} " + _("How many people live in the municipalities on both sides is not known.")
    if level is Level.MUNICIPALITY:
        living = _("%(people)s people live in the two municipalities.")
    else:
        living = _("%(people)s people live in the %(count)s municipalities on both sides.")
    if people.known_share < 1:
        living = _(
            "At least %(people)s people live in the %(count)s municipalities on both sides "
            "(known for %(known)s of them)."
        )
    return f"{said} " + living % {
        "people": number(people.people),
        "count": spelled(count),
        "known": spelled(people.known),
    }


def seam_page(request: HttpRequest, known: RegisterInsight, seam: Seam) -> dict[str, Any]:
    """Everything on the page of a seam."""
    insight = known.insight
    bridging = bridging_of(known, seam)
    areas = insight.areas
    a, b = areas[seam.own_key], areas[seam.other_key]
    level = a.level
    places = insight.places_at(seam)
    sides = [
        SeamSide(
            area,
            reverse("area", args=[area.key]),
            LAENDER.get(area.land_key or "", ""),
            there,
            half.people,
            insight.seen_from(seam, area.key).share_of_perimeter,
        )
        for area, there, half in zip((a, b), places, (seam.own, seam.other), strict=True)
    ]
    sentence = seam_sentence(insight, seam)
    path = reverse("seam", args=[a.key, b.key])
    boxes = queries.boxes(insight.edition.id, [a.key, b.key])
    title = seam_title(seam, insight)
    return {
        "head": page_head(
            request,
            _("Seam %(title)s") % {"title": title},
            sentence,
            picture=f"{path}vorschau.png",
            linked_data={
                "@type": "Place",
                "description": sentence,
                "containedInPlace": [{"@type": "AdministrativeArea", "name": named(each)} for each in (a, b)],
                "additionalProperty": [
                    {
                        "@type": "PropertyValue",
                        "name": "length",
                        "value": round(seam.length_m / 1000, 1),
                        "unitCode": "KMT",
                    }
                ],
            },
        ),
        "insight": insight,
        "seam": seam,
        "a": a,
        "b": b,
        "level": level,
        "words": WORDS[level],
        "title": title,
        "sentence": sentence,
        "sides": sides,
        "step": insight.step_of(level, seam.people.people),
        "bridging": bridging,
        "suggest_url": suggest_url(),
        "beside": seam_rows(known, level, insight.beside(seam)),
        "map": MapView(
            insight,
            box=around(boxes),
            picture=f"{path}karte.svg",
            alt=_("Map of the seam between %(a)s and %(b)s. The table below has the same facts.")
            % {"a": named(a), "b": named(b)},
            level=level,
            seam=f"{a.key}/{b.key}",
            around=tuple(each.key for each in insight.at_ends(seam)),
        ),
        "path": path,
        "root": root(),
        "ranking_url": reverse("seams"),
        "level_url": f"{reverse('seams')}?ebene={WORDS[level].slug}",
        "files": files(f"{path}daten") | {"pdf": f"{path}blatt.pdf"},
        "full_address": settings.ENV.base_url + path,
        "embed_address": settings.ENV.base_url + reverse("seam-embed", args=[a.key, b.key]),
        "municipalities": number(len(seam.own.municipalities) + len(seam.other.municipalities)),
        "same_places": level is Level.MUNICIPALITY,
        "stretches_words": ngettext("in one piece", "in %(count)s pieces", seam.stretches) % {"count": seam.stretches},
        "people_source": people_source(insight),
        "lengths_source": lines_source(insight),
    }


def apart_page(request: HttpRequest, known: RegisterInsight, a: str, b: str) -> dict[str, Any]:
    """What to say where two areas share no line: why, and where to go from here."""
    insight = known.insight
    one, other = insight.areas[a], insight.areas[b]
    same = one.level is other.level
    meet = same and (min(a, b), max(a, b)) in insight.point_contacts(one.level)
    if a == b:
        why = _("This is the same area twice.")
    elif not same:
        why = _("A seam lies between two areas of the same level, e. g. two districts.")
    elif meet:
        why = _("The two meet in a point only. A seam needs a shared line.")
    else:
        why = _("The two do not touch.")
    areas = [one] if a == b else [one, other]
    return {
        "head": page_head(request, _("No seam between %(a)s and %(b)s") % {"a": one.name, "b": other.name}, why),
        "insight": insight,
        "one": one,
        "other": other,
        "why": why,
        "neighbours": [
            (area, named(area), seam_rows(known, area.level, insight.seams(area.level).of_area(area.key)[:8]))
            for area in areas
        ],
    }


def places_table(insight: Insight, seam: Seam) -> tuple[Table, Callable[[], list[Any]]]:
    """The border municipalities of both sides as a file, and their shapes."""
    columns = (
        Column("side", "key of the side of the seam"),
        Column("key", "key of the municipality (ARS)"),
        Column("name", "its name"),
        Column("people", "people; empty where not known"),
        Column("border_km", "its part of the shared line in kilometres"),
    )
    listed = [
        (side, place)
        for side, places in zip((seam.own_key, seam.other_key), insight.places_at(seam), strict=True)
        for place in places
    ]
    rows = [
        (side, place.area.key, named(place.area), place.area.people.people, round(place.length_m / 1000, 3))
        for side, place in listed
    ]
    title = _("Seam %(title)s") % {"title": seam_title(seam, insight)}
    table = Table(f"naht-{seam.own_key}-{seam.other_key}", title, columns, rows, insight.notes)

    def shapes() -> list[Any]:
        shapes = insight.plates.shapes(Level.MUNICIPALITY).geometry
        return [shapes[place.area.key] for _side, place in listed]

    return table, shapes


def around(boxes: Iterable[tuple[float, float, float, float]]) -> str:
    """The box around all boxes, as the map takes it: west, south, east, north."""
    west, south, east, north = zip(*boxes, strict=True)
    return f"{min(west):.4f},{min(south):.4f},{max(east):.4f},{max(north):.4f}"
