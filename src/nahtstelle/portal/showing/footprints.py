"""The space of a cooperation as pages show it: its figures, its map, and where several cooperations lie."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nahtstelle.core.keys import LAENDER, Level
from nahtstelle.core.model import Area, DistrictShare, Footprint, Overlap, People, RegisterSnapshot
from nahtstelle.drawing.tones import draw_tones
from nahtstelle.portal.insight import Insight, RegisterInsight
from nahtstelle.portal.reference import queries
from nahtstelle.portal.showing.pictures import Paper
from nahtstelle.portal.ui import figures

STEPS = (("neighbour", 1, 1), ("own", 2, 3), ("border", 4, None))
"""Tones of the map beside a list: from so many cooperations to so many."""
MOST_PARTS_IN_WORDS = 12


@dataclass(frozen=True)
class CoveredDistrict:
    """A district a cooperation lies in, and how much of it."""

    area: Area
    share: DistrictShare

    @property
    def whole(self) -> bool:
        """Whether all of it belongs."""
        return self.share.municipalities == self.share.of


@dataclass(frozen=True)
class OverlapRow:
    """Another cooperation in the same areas, and what both have in common."""

    name: str
    kind: str
    url: str
    overlap: Overlap


@dataclass(frozen=True)
class Space:
    """What a cooperation covers on a day, in the areas of the current edition."""

    insight: Insight
    snapshot: RegisterSnapshot
    footprint: Footprint

    @property
    def municipalities(self) -> tuple[str, ...]:
        """Keys of its municipalities, unincorporated areas among them."""
        return self.footprint.municipalities

    @property
    def people(self) -> People:
        """People who live there."""
        return self.footprint.people

    @property
    def area_m2(self) -> float | None:
        """Its extent."""
        return self.footprint.area_m2

    @property
    def lands(self) -> tuple[str, ...]:
        """Keys of the Länder it lies in."""
        return self.footprint.laender

    @property
    def land_names(self) -> str:
        """Names of the Länder it lies in."""
        return ", ".join(sorted(LAENDER.get(key, key) for key in self.lands))

    @cached_property
    def districts(self) -> list[CoveredDistrict]:
        """The districts it lies in, those that belong as a whole first, then by name."""
        found = [CoveredDistrict(self.insight.areas[each.key], each) for each in self.footprint.districts]
        return sorted(found, key=lambda each: (not each.whole, -(each.share.area_share or 0), each.area.name))

    @cached_property
    def tops(self) -> tuple[str, ...]:
        """The fewest keys that make up the space: whole districts, and municipalities of the others."""
        whole = {each.area.key for each in self.districts if each.whole}
        district = self.insight.parents
        rest = [key for key in self.municipalities if district[key].get(Level.DISTRICT) not in whole]
        return (*sorted(whole), *rest)

    @cached_property
    def filled(self) -> tuple[str, ...]:
        """The fewest keys that fill it on the map, whose coarser levels know districts and unions only."""
        mine, parts = set(self.municipalities), self.insight.parts
        keys: dict[str, None] = {}
        for key in self.tops:
            union = self.insight.parents[key].get(Level.UNION, "") if len(key) > 5 else ""
            whole = bool(union) and mine.issuperset(parts[union][Level.MUNICIPALITY])
            keys[union if whole else key] = None
        return tuple(keys)

    @property
    def level(self) -> Level | None:
        """The level at which a map shows it: districts where it is made of them, else as the scale has it."""
        return Level.DISTRICT if all(len(key) == 5 for key in self.tops) else None

    @cached_property
    def box(self) -> str:
        """West, south, east, north in degrees, as the map takes it."""
        boxes = _boxes(self.insight)
        west, south, east, north = zip(*(boxes[key] for key in self.tops), strict=True)
        return f"{min(west):.4f},{min(south):.4f},{max(east):.4f},{max(north):.4f}"

    @property
    def parts(self) -> str:
        """In how many pieces it lies, in words."""
        count = len(self.footprint.parts)
        return ngettext("in one piece", "in %(count)s pieces", count) % {"count": count}

    @cached_property
    def overlaps(self) -> list[OverlapRow]:
        """The other cooperations at work in the same areas, those with most people in common first."""
        known = self.snapshot.by_ref
        pattern = reverse("cooperation", args=["REF"])
        return [
            OverlapRow(known[each.ref].name, known[each.ref].kind, pattern.replace("REF", each.ref), each)
            for each in self.footprint.overlaps
        ]

    def shape(self) -> Any:
        """Its shape, for files."""
        import shapely

        plates = self.insight.plates
        shapes = list(plates.shapes(Level.DISTRICT).geometry.loc[[key for key in self.tops if len(key) == 5]])
        shapes += list(plates.shapes(Level.MUNICIPALITY).geometry.loc[[key for key in self.tops if len(key) != 5]])
        return shapely.union_all(shapes)


@lru_cache(maxsize=2)
def _boxes(insight: Insight) -> dict[str, tuple[float, float, float, float]]:
    """The boxes around all areas, asked for once: what belongs to a cooperation may be hundreds."""
    return queries.all_boxes(insight.edition.id)


def spaces(known: RegisterInsight, refs: Iterable[str], day: dt.date) -> dict[str, Space]:
    """The spaces of several cooperations on a day: of those with an area as a member that is found on the map."""
    found = known.spaces(day)
    there = [ref for ref in refs if ref in known.snapshot.by_ref and len(found.municipalities(ref))]
    return {ref: Space(known.insight, known.snapshot, found.footprint(ref)) for ref in there}


def space_on(known: RegisterInsight, ref: str, day: dt.date) -> Space | None:
    """The space of a cooperation on a day; ``None`` where no area is a member or none is found on the map."""
    return spaces(known, [ref], day).get(ref)


@dataclass(frozen=True)
class Extent:
    """How much a cooperation covers today: what a row of a list says of it, found much faster than a `Space`."""

    insight: Insight
    keys: tuple[str, ...]
    people: People
    area_m2: float | None

    def shape(self) -> Any:
        """Its shape, for files; districts that belong as a whole are taken as such."""
        import shapely

        districts: dict[str, list[str]] = {}
        for key in self.keys:
            districts.setdefault(self.insight.parents[key].get(Level.DISTRICT, ""), []).append(key)
        whole, rest = [], []
        for district, keys in districts.items():
            parts = self.insight.parts.get(district, {}).get(Level.MUNICIPALITY, [])
            if len(keys) == len(parts):
                whole.append(district)
            else:
                rest += keys
        plates = self.insight.plates
        shapes = list(plates.shapes(Level.DISTRICT).geometry.loc[whole])
        return shapely.union_all(shapes + list(plates.shapes(Level.MUNICIPALITY).geometry.loc[rest]))


def extents(known: RegisterInsight, refs: Iterable[str]) -> dict[str, Extent]:
    """How much each of these cooperations covers today, of those that have an area on the map."""
    import numpy as np

    places = known.today.territory.municipalities
    found = {}
    for ref in refs:
        if ref not in known.snapshot.by_ref or not len(here := known.today.municipalities(ref)):
            continue
        total = None if places.area_m2 is None else float(places.area_m2[here].sum())
        area_m2 = None if total is None or np.isnan(total) else total
        keys = tuple(places.key[row] for row in here.tolist())
        found[ref] = Extent(known.insight, keys, places.count(here), area_m2)
    return found


def spread(known: RegisterInsight, refs: Iterable[str]) -> Counter[str]:
    """For every district in how many of these cooperations it is today, or a part of it."""
    import numpy as np

    keys, district_of = known.today.territory.municipalities.larger(Level.DISTRICT)
    counts = np.zeros(len(keys), int)
    for ref in refs:
        if ref in known.snapshot.by_ref:
            touched = np.unique(district_of[known.today.municipalities(ref)])
            counts[touched[touched >= 0]] += 1
    return Counter({key: count for key, count in zip(keys, counts.tolist(), strict=True) if count})


# ---------------------------------------------------------------------------------------------------- pictures


def space_plate(space: Space, title: str, paper: Paper | None = None) -> str:
    """The space of a cooperation among the districts around it, as SVG."""
    import geopandas as gpd
    import pandas as pd

    insight = space.insight
    plates = insight.plates
    districts, municipalities = plates.shapes(Level.DISTRICT), plates.shapes(Level.MUNICIPALITY)
    partial = {key for each in space.footprint.partial for key in each.keys}
    areas = pd.concat(
        [
            districts.loc[[key for key in space.tops if len(key) == 5], ["name", "geometry"]],
            municipalities.loc[[key for key in space.tops if len(key) != 5], ["name", "geometry"]],
        ]
    )
    areas = gpd.GeoDataFrame(areas, geometry="geometry", crs=districts.crs)
    areas["role"] = ["neighbour" if key in partial else "own" for key in areas.index]
    areas["name"] = areas["name"].fillna("")
    tones = [("own", _("belongs to it"))]
    if partial:
        tones.append(("neighbour", _("belongs to it in part")))
    return draw_tones(
        districts,
        areas,
        _land_lines(insight),
        heading=_("Area of the cooperation"),
        tones=tones,
        land_border=_("Border between Länder"),
        title=title,
        description=_("Districts: %(names)s.") % {"names": ", ".join(each.area.name for each in space.districts)},
        edition_date=insight.valid_on,
        **_usual(paper),
    )


def spread_plate(insight: Insight, counts: Counter[str], title: str, paper: Paper | None = None) -> str:
    """The districts of the country by how many of some cooperations lie there, as SVG."""
    districts = insight.plates.shapes(Level.DISTRICT)
    ground = insight.plates.shapes(Level.LAND)
    areas = districts.loc[[key for key in districts.index if counts[key]], ["name", "geometry"]].copy()
    areas["role"] = [_tone(counts[key]) for key in areas.index]
    tones = [(tone, _from_to(least, most)) for tone, least, most in STEPS]
    most_common = [f"{insight.areas[key].name} ({count})" for key, count in counts.most_common(MOST_PARTS_IN_WORDS)]
    return draw_tones(
        ground,
        areas,
        _land_lines(insight),
        heading=_("Cooperations in the district"),
        tones=tones if len(areas) else [],
        land_border=_("Border between Länder"),
        title=title,
        description=_("Most: %(names)s.") % {"names": ", ".join(most_common)} if most_common else title,
        edition_date=insight.valid_on,
        frame=ground.geometry,
        named=False,
        padding=0.02,
        **_usual(paper),
    )


def _tone(count: int) -> str:
    return next(tone for tone, _least, most in STEPS if most is None or count <= most)


def _from_to(least: int, most: int | None) -> str:
    if most is None:
        return _("%(count)s or more") % {"count": least}
    if least == most:
        return str(least)
    return _("%(least)s to %(most)s") % {"least": least, "most": most}


def _land_lines(insight: Insight) -> Any:
    return insight.plates.lines(Level.LAND)


def _usual(paper: Paper | None) -> dict[str, Any]:
    return {"language": figures.language(), "width_px": 720, "dark": True, **(paper or {})}
