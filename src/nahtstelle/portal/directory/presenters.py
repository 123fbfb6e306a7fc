"""Areas as pages show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Page
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nahtstelle.core.keys import LAENDER, Level
from nahtstelle.core.model import Area, People, Seam
from nahtstelle.drawing.stitches import State
from nahtstelle.portal import insight as thinking
from nahtstelle.portal.answers.takeaway import Column, Table
from nahtstelle.portal.directory.area_cooperations import area_cooperations
from nahtstelle.portal.directory.forms import SORTED_BY, AreaFilter
from nahtstelle.portal.insight import Insight, RegisterInsight
from nahtstelle.portal.reference import models, queries
from nahtstelle.portal.showing.maps import MapView
from nahtstelle.portal.showing.origins import lines_source, people_source
from nahtstelle.portal.ui.figures import named, number, percent
from nahtstelle.portal.ui.heads import files, page_head, root, suggest_url
from nahtstelle.portal.ui.levels import LARGEST_FIRST, WORDS, counted, spelled
from nahtstelle.portal.ui.states import cooperation_words, knowledge_of

PARTS_SHOWN = 60


@dataclass(frozen=True)
class AreaRow:
    """One area in a list, with enough beside its name to tell namesakes apart."""

    area: models.Area
    url: str
    level: Any

    @property
    def title(self) -> str:
        """Designation and name."""
        return self.area.full_name

    @property
    def land(self) -> str:
        """Name of the Land it lies in; empty for a Land."""
        return "" if self.area.level == Level.LAND.value else LAENDER.get(self.area.land_key, "")

    @property
    def lies_in(self) -> str:
        """District and Land."""
        district = "" if self.area.level in ("land", "district") else self.area.district_name
        return ", ".join(part for part in (district, self.land) if part)

    @property
    def hint(self) -> str:
        """Where it lies, and its key."""
        kind = "" if self.area.designation else str(self.level)  # else the title says it
        return " · ".join(part for part in (kind, self.lies_in, self.area.key) if part)

    @property
    def people(self) -> People:
        """Its people, with how much of them is known."""
        return People(self.area.people, self.area.people_known, self.area.people_of)


def area_rows(areas: Iterable[models.Area]) -> list[AreaRow]:
    """Rows of areas, in their order."""
    pattern = reverse("area", args=["KEY"])
    words = {level.value: str(WORDS[level].one) for level in LARGEST_FIRST}
    return [AreaRow(area, pattern.replace("KEY", area.key), words[area.level]) for area in areas]


def listed(chosen: dict[str, Any]) -> QuerySet[models.Area]:
    """The areas of the current edition that answer these choices, in order; what is missing last."""
    areas = queries.areas_of(queries.current_edition(), chosen["level"], chosen["land_key"])
    if chosen["inside"]:
        areas = queries.inside(areas, chosen["inside"])
    if chosen["text"].strip():
        areas = queries.matching(areas, chosen["text"])
    column = F(SORTED_BY[chosen["by"]])
    order = column.desc(nulls_last=True) if chosen["descending"] else column.asc(nulls_last=True)
    return areas.order_by(order, "key")


def areas_page(request: HttpRequest, form: AreaFilter, page: Page[Any]) -> dict[str, Any]:
    """The directory of areas."""
    insight = thinking.current()
    count = page.paginator.count
    sentence = ngettext("One area answers these filters.", "%(count)s areas answer these filters.", count) % {
        "count": number(count)
    }
    return {
        "head": page_head(request, _("Which areas are there?"), sentence),
        "insight": insight,
        "form": form,
        "sentence": sentence,
        "rows": area_rows(page.object_list),
        "page": page,
        "order": form.order,
        "root": root(),
        "files": files(f"{reverse('areas')}liste", query=form.query),
    }


AREA_COLUMNS = (
    Column("key", "official key: 2 digits Land, 5 district, 9 union, 12 municipality (ARS)"),
    Column("level", "land, district, union or municipality"),
    Column("name", "name without designation"),
    Column("designation", "Landkreis, Stadt ..."),
    Column("district_key", "key of the district it lies in"),
    Column("land_key", "key of the Land it lies in"),
    Column("people", "people; a lower bound where known_share is below 1; empty where nothing is known"),
    Column("known_share", "share of its municipalities whose people are known, 0 to 1"),
    Column("area_km2", "area in square kilometres"),
)


def areas_table(
    insight: Insight, areas: Sequence[models.Area], level: Level | None
) -> tuple[Table, Callable[[], list[Any]]]:
    """Areas as a file, and their shapes."""
    rows = [
        (
            area.key,
            area.level,
            area.name,
            area.designation or None,
            area.district_key or None,
            area.land_key or None,
            area.people,
            round(area.people_known / area.people_of, 4) if area.people_of else 1,
            None if area.area_m2 is None else round(area.area_m2 / 1e6, 2),
        )
        for area in areas
    ]
    name = f"gebiete-{WORDS[level].slug}" if level else "gebiete"

    def shapes() -> list[Any]:
        of_level = {each: insight.plates.shapes(Level(each)).geometry for each in {area.level for area in areas}}
        return [of_level[area.level].get(area.key) for area in areas]

    return Table(name, _("Areas"), AREA_COLUMNS, rows, insight.notes), shapes


# ----------------------------------------------------------------------------------------- page of an area


@dataclass(frozen=True)
class NeighbourRow:
    """A neighbour and the seam with it, seen from the area of the page."""

    seam: Seam
    area: Area
    url: str
    seam_url: str
    step: int
    state: State
    cooperations: int

    @property
    def land(self) -> str:
        """The Land of the neighbour."""
        return LAENDER.get(self.area.land_key or "", "")

    @property
    def cooperation(self) -> str:
        """What is known about cooperation across the seam, in words."""
        return cooperation_words(self.state, self.cooperations)


def neighbours_of(known: RegisterInsight, area: Area) -> list[NeighbourRow]:
    """All neighbours of the same level, the longest border first."""
    insight, bridged = known.insight, known.seams(area.level)
    area_pattern, seam_pattern = reverse("area", args=["KEY"]), reverse("seam", args=("A", "B"))
    rows = []
    for each in insight.seams(area.level).of_area(area.key):
        seam = insight.seen_from(each, area.key)
        pair = "/".join(sorted((seam.own_key, seam.other_key)))
        rows.append(
            NeighbourRow(
                seam,
                insight.areas[seam.other_key],
                area_pattern.replace("KEY", seam.other_key),
                seam_pattern.replace("A/B", pair),
                insight.step_of(area.level, seam.people.people),
                bridged.state_of(seam),
                bridged.count_of(seam),
            )
        )
    return rows


def area_sentence(insight: Insight, area: Area, neighbours: Sequence[NeighbourRow]) -> str:
    """The answer in two lines: how many neighbours, how many people live at the border."""
    count = sum(not row.area.unincorporated for row in neighbours)
    empty = len(neighbours) - count
    if not neighbours:
        said = _("%(area)s adjoins no other area of its level.") % {"area": named(area)}
    elif not count:
        said = ngettext(
            "%(area)s adjoins one unincorporated area.", "%(area)s adjoins %(empty)s unincorporated areas.", empty
        ) % {"area": named(area), "empty": spelled(empty)}
    elif empty:
        said = ngettext(
            "%(area)s adjoins %(neighbours)s and one unincorporated area.",
            "%(area)s adjoins %(neighbours)s and %(empty)s unincorporated areas.",
            empty,
        ) % {"area": named(area), "neighbours": counted(area.level, count), "empty": spelled(empty)}
    else:
        said = _("%(area)s adjoins %(neighbours)s.") % {
            "area": named(area),
            "neighbours": counted(area.level, count),
        }
    if area.level is Level.MUNICIPALITY or not neighbours:
        return said
    border, _keys = insight.border_people(area.key)
    if border.people is None or area.people.people is None:
        return said
    where = WORDS[area.level].at_border
    if border.known_share == area.people.known_share == 1:
        tail = _("%(border)s of %(people)s people live in municipalities %(where)s.")
    else:
        tail = _(
            "As far as known, %(border)s of %(people)s people live in municipalities %(where)s; "
            "figures exist for %(share)s of these municipalities."
        )
    return f"{said} " + tail % {
        "border": number(border.people),
        "people": number(area.people.people),
        "where": where,
        "share": percent(border.known_share),
    }


def area_page(request: HttpRequest, known: RegisterInsight, area: Area) -> dict[str, Any]:
    """Everything on the page of an area."""
    insight = known.insight
    neighbours = neighbours_of(known, area)
    sentence = area_sentence(insight, area, neighbours)
    border, _keys = insight.border_people(area.key)
    path = reverse("area", args=[area.key])
    pattern = reverse("area", args=["KEY"])
    parents = [
        (insight.areas[key].designation or WORDS[level].one, insight.areas[key], pattern.replace("KEY", key))
        for level, key in sorted(insight.parents[area.key].items(), key=lambda item: LARGEST_FIRST.index(item[0]))
        if insight.areas[key].people.of > 1 or level is not Level.UNION
    ]
    parts = [
        (WORDS[level], keys, [(insight.areas[key], pattern.replace("KEY", key)) for key in keys[:PARTS_SHOWN]])
        for level in LARGEST_FIRST
        if (keys := _real_parts(insight, area, level))
    ]
    box = queries.boxes(insight.edition.id, [area.key])[0]
    return {
        "head": page_head(
            request,
            named(area),
            sentence,
            picture=f"{path}vorschau.png",
            linked_data={
                "@type": "AdministrativeArea",
                "name": named(area),
                "description": sentence,
                "identifier": area.key,
                "containedInPlace": [
                    {"@type": "AdministrativeArea", "name": named(parent)} for _level, parent, _url in parents
                ],
                "geo": {"@type": "GeoShape", "box": f"{box[1]:.4f} {box[0]:.4f} {box[3]:.4f} {box[2]:.4f}"},
            },
        ),
        "insight": insight,
        "area": area,
        "title": named(area),
        "level": area.level,
        "words": WORDS[area.level],
        "land": LAENDER.get(area.land_key or "", ""),
        "sentence": sentence,
        "cooperation": area_cooperations(known, area),
        "suggest_url": suggest_url(),
        "neighbours": neighbours,
        "land_seams": sum(row.seam.land_seam for row in neighbours),
        "border": None if area.level is Level.MUNICIPALITY else border,
        "outer_edge": area.outer_edge_m > 0,
        "parents": parents,
        "parts": parts,
        "parts_shown": PARTS_SHOWN,
        "map": MapView(
            insight,
            box=",".join(f"{side:.4f}" for side in box),
            picture=f"{path}karte.svg",
            alt=_("Map of %(area)s with its neighbours. The table below has the same facts.") % {"area": named(area)},
            level=area.level,
            place=area.key,
            around=tuple(row.area.key for row in neighbours),
        ),
        "path": path,
        "root": root(),
        "files": files(f"{path}daten") | {"pdf": f"{path}blatt.pdf"},
        "full_address": settings.ENV.base_url + path,
        "embed_address": settings.ENV.base_url + reverse("area-embed", args=[area.key]),
        "neighbours_caption": _("Neighbours of %(area)s, the longest border first") % {"area": named(area)},
        "border_note": _("%(share)s of the people") % {"share": percent(border.people / area.people.people)}
        if border.people is not None and area.people.people and border.known_share == area.people.known_share == 1
        else "",
        "people_source": people_source(insight),
        "area_source": lines_source(insight),
    }


def _real_parts(insight: Insight, area: Area, level: Level) -> list[str]:
    """Parts of a level; unions of one municipality are listed as that alone."""
    keys = insight.parts.get(area.key, {}).get(level, [])
    if level is Level.UNION:
        keys = [key for key in keys if insight.areas[key].people.of > 1]
    return keys


NEIGHBOUR_COLUMNS = (
    Column("key", "key of the neighbour"),
    Column("name", "its name"),
    Column("land_key", "key of its Land"),
    Column("land_seam", "yes where the two belong to different Länder"),
    Column("length_km", "length of the shared line in kilometres, on the ellipsoid"),
    Column("stretches", "connected parts of the line"),
    Column("share_of_perimeter", "the line's share of the perimeter of the area, 0 to 1"),
    Column("people_own", "people of the border municipalities on this side; empty where not known"),
    Column("people_other", "people of the border municipalities on the other side; empty where not known"),
    Column("people", "people on both sides; empty where nothing is known"),
    Column("known_share", "share of those municipalities whose people are known, 0 to 1"),
    Column("state", "bridged, confirmed_none (both sides' registers are complete and hold none) or unknown"),
    Column("strength", "of the closest cooperation: full, adjacent or loose; empty where not bridged"),
    Column("cooperations", "cooperations known to bridge the seam"),
)


def area_seams_table(known: RegisterInsight, area: Area) -> tuple[Table, Callable[[], list[Any]]]:
    """The seams of an area as a file, and their lines."""
    insight = known.insight
    neighbours = neighbours_of(known, area)
    rows = [
        (
            row.area.key,
            named(row.area),
            row.area.land_key,
            "yes" if row.seam.land_seam else "no",
            round(row.seam.length_m / 1000, 3),
            row.seam.stretches,
            round(row.seam.share_of_perimeter, 4),
            row.seam.own.people.people,
            row.seam.other.people.people,
            row.seam.people.people,
            round(row.seam.people.known_share, 4),
            knowledge_of(row.state),
            row.state if knowledge_of(row.state) == "bridged" else None,
            row.cooperations,
        )
        for row in neighbours
    ]
    table = Table(
        f"naehte-{area.key}", _("Seams of %(area)s") % {"area": named(area)}, NEIGHBOUR_COLUMNS, rows, insight.notes
    )

    def lines() -> list[Any]:
        of_level = insight.plates.lines(area.level)
        return [of_level.get((min(area.key, row.area.key), max(area.key, row.area.key))) for row in neighbours]

    return table, lines
