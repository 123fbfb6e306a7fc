"""What the page of an area says of its cooperations: which, how, since when, where they overlap, what came of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import geopandas as gpd
from django.db.models import Case, IntegerField, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nahtstelle.core.keys import Level
from nahtstelle.core.model import Area, AreaCooperation, People
from nahtstelle.core.vocabularies import DATA_STATES, FAILED_STATES, REASONS
from nahtstelle.drawing.overlap import CELL_PX, MAP_PX, Cover, draw_overlap
from nahtstelle.portal.directory.records import Evidence, evidence, period_words
from nahtstelle.portal.insight import RegisterInsight
from nahtstelle.portal.register import queries
from nahtstelle.portal.register.models import Citation, Project, ProjectCooperation, ProjectPartner
from nahtstelle.portal.showing.belonging import PartInWords, label, part_in_words
from nahtstelle.portal.ui import figures
from nahtstelle.portal.ui.figures import named, number, percent
from nahtstelle.portal.ui.levels import capitalized, spelled

MOST_LISTED = 150
MOST_DRAWN = 12
MOST_COVERS = 40
MOST_NAMED = 8
MOST_PROJECTS = 40
MOST_CITATIONS = 200


@dataclass(frozen=True)
class BelongingRow:
    """A cooperation of an area in a table."""

    part: PartInWords
    members: int
    data_state: str


@dataclass(frozen=True)
class CoverRow:
    """How much of an area lies in the space of a cooperation."""

    ref: str
    name: str
    url: str
    keys: frozenset[str]
    of: int
    people: People
    share: float | None
    names: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether all of the area does."""
        return len(self.keys) == self.of

    @property
    def which(self) -> str:
        """The municipalities by name, as many as can be read."""
        if self.whole:
            return _("all")
        if len(self.names) > MOST_NAMED:
            more = len(self.names) - MOST_NAMED
            return ngettext("%(names)s and one more", "%(names)s and %(count)s more", more) % {
                "names": ", ".join(self.names[:MOST_NAMED]),
                "count": number(more),
            }
        return ", ".join(self.names)

    @property
    def note(self) -> str:
        """How many people live there, as a share; municipalities where that is not known."""
        if self.share is not None:
            return _("%(share)s of the people") % {"share": percent(self.share)}
        counted = ngettext("%(count)s of %(of)s municipality", "%(count)s of %(of)s municipalities", self.of)
        return counted % {"count": number(len(self.keys)), "of": number(self.of)}


@dataclass(frozen=True)
class ProjectRow:
    """A project of the cooperations of an area."""

    project: Project
    url: str
    cooperations: list[tuple[str, str]]

    @property
    def failed(self) -> bool:
        """Whether it did not come to what was meant."""
        return self.project.state in FAILED_STATES

    @property
    def reasons(self) -> str:
        """Why it ended."""
        return ", ".join(label(REASONS, each) for each in self.project.reasons)

    @property
    def period(self) -> str:
        """From when to when."""
        return period_words(self.project.started, self.project.ended)


@dataclass(frozen=True)
class AreaCooperations:
    """Everything the page of an area says of cooperation."""

    sentence: str
    now: list[BelongingRow]
    hidden: int
    administrative: list[BelongingRow]
    past: list[PartInWords]
    coming: list[PartInWords]
    covers: list[CoverRow]
    hidden_covers: int
    drawn: list[CoverRow]
    small_map_px: tuple[int, int]
    projects: list[ProjectRow]
    evidence: Evidence


def area_cooperations(known: RegisterInsight, area: Area) -> AreaCooperations:
    """The cooperations of an area as of today, earlier and coming ones, with what belongs to them."""
    here = known.of_area(area.key)
    listed = here.now[:MOST_LISTED]
    states = queries.data_states("cooperation", [each.cooperation.ref for each in (*listed, *here.administrative)])

    def rows(several: Iterable[AreaCooperation]) -> list[BelongingRow]:
        return [
            BelongingRow(
                part_in_words(known, area, each),
                known.today.size(each.cooperation.ref),
                label(DATA_STATES, states[each.cooperation.ref]),
            )
            for each in several
        ]

    covers = area_covers(known, area)
    return AreaCooperations(
        sentence=cooperations_sentence(known, area),
        now=rows(listed),
        hidden=len(here.now) - len(listed),
        administrative=rows(here.administrative),
        past=[part_in_words(known, area, each) for each in here.past[:MOST_LISTED]],
        coming=[part_in_words(known, area, each) for each in here.coming[:MOST_LISTED]],
        covers=covers[:MOST_COVERS],
        hidden_covers=max(0, len(covers) - MOST_COVERS),
        drawn=covers[:MOST_DRAWN],
        small_map_px=(round(CELL_PX), round(MAP_PX)),
        projects=_projects(area, [*here.now, *here.past]),
        evidence=_evidence(area, [*listed, *here.administrative]),
    )


def cooperations_sentence(known: RegisterInsight, area: Area) -> str:
    """How many cooperations are known of an area, in a sentence."""
    count = len(known.of_area(area.key).now)
    if not count:
        return _("No cooperation is known here yet.")
    said = ngettext("One cooperation is known here.", "%(count)s cooperations are known here.", count)
    return capitalized(said % {"count": spelled(count)})


# --------------------------------------------------------------------------------------------- what overlaps


def area_covers(known: RegisterInsight, area: Area) -> list[CoverRow]:
    """How much of an area of several municipalities lies in each of its cooperations, most people first."""
    areas = known.insight.areas
    municipalities = known.insight.parts.get(area.key, {}).get(Level.MUNICIPALITY, [])
    if len(municipalities) < 2:
        return []
    pattern = reverse("cooperation", args=["REF"])
    rows = []
    for each in known.of_area(area.key).now:
        ref = each.cooperation.ref
        keys = known.municipalities_in(ref, area.key)
        if not keys:
            continue
        people = known.people_in(keys)
        share = people.people / area.people.people if people.people is not None and area.people.people else None
        names = tuple(areas[key].name for key in municipalities if key in keys)
        url = pattern.replace("REF", ref)
        rows.append(CoverRow(ref, each.cooperation.name, url, keys, len(municipalities), people, share, names))
    return sorted(rows, key=lambda row: (-(row.people.people or 0), -len(row.keys), row.name))


def overlap_text(known: RegisterInsight, area: Area) -> str:
    """What the overlap picture shows, as a short text that changes with it."""
    said = [(row.name, row.note, sorted(row.keys)) for row in area_covers(known, area)[:MOST_DRAWN]]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def overlap_plate(known: RegisterInsight, area: Area) -> str:
    """One small map of the area for each of its cooperations, as SVG; empty where there is nothing to draw."""
    covers = area_covers(known, area)[:MOST_DRAWN]
    if not covers:
        return ""
    shapes = known.insight.plates.shapes(Level.MUNICIPALITY)
    keys = known.insight.parts[area.key][Level.MUNICIPALITY]
    parts = shapes.loc[keys, ["geometry"]].reset_index(names="key")
    return draw_overlap(
        gpd.GeoDataFrame(parts, geometry="geometry", crs=shapes.crs),
        [Cover(row.name, row.note, row.keys) for row in covers],
        title=_("Cooperations in %(area)s") % {"area": named(area)},
        description=_described(area, covers),
        dark=True,
        language=figures.language(),
    )


def _described(area: Area, covers: Sequence[CoverRow]) -> str:
    told = "; ".join(f"{row.name}: {row.note}" for row in covers[:MOST_DRAWN])
    said = _("Small maps of %(area)s, one for each cooperation, its municipalities filled: %(list)s.")
    return said % {"area": named(area), "list": told}


# ------------------------------------------------------------------------------------- projects and sources


def _projects(area: Area, several: Sequence[AreaCooperation]) -> list[ProjectRow]:
    """Projects of these cooperations and those the area is a partner of, what failed first; two questions."""
    refs = [each.cooperation.ref for each in several]
    carried = ProjectCooperation.objects.filter(cooperation__ref__in=refs).values("project")
    keys = [area.key, *([area.key[:5] + area.key[9:]] if area.level is Level.MUNICIPALITY else [])]
    partnered = ProjectPartner.objects.filter(area_key__in=keys).values("project")
    failed = Case(When(state__in=FAILED_STATES, then=Value(0)), default=Value(1), output_field=IntegerField())
    projects = list(
        queries.projects_visible_to(None)
        .filter(Q(pk__in=carried) | Q(pk__in=partnered))
        .only("ref", "name", "state", "reasons", "started", "ended")
        .order_by(failed, "name", "ref")[:MOST_PROJECTS]
    )
    names: dict[int, list[tuple[str, str]]] = {}
    links = ProjectCooperation.objects.filter(queries.public("cooperation__"), project__in=projects)
    for project, name, ref in links.values_list("project_id", "cooperation__name", "cooperation__ref"):
        names.setdefault(project, []).append((name, reverse("cooperation", args=[ref])))
    return [ProjectRow(each, reverse("project", args=[each.ref]), names.get(each.pk, [])) for each in projects]


def _evidence(area: Area, several: Iterable[AreaCooperation]) -> Evidence:
    """What sources say of the area and of its memberships, which are public as the snapshot holds no others."""
    refs = [resolved.membership.ref for each in several if each.how != "parent" for resolved in each.memberships]
    about = Q(about_type="area", about_ref=area.key) | Q(about_type="membership", about_ref__in=refs[:MOST_CITATIONS])
    citations = Citation.objects.filter(about, withdrawn_on__isnull=True, source__withdrawn_on__isnull=True)
    return evidence(list(citations.select_related("source")[:MOST_CITATIONS]))
