"""Rows of the tables that more than one part of the site shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from nahtstelle.core.keys import LAENDER, Level
from nahtstelle.core.model import Area, Seam
from nahtstelle.drawing.stitches import State
from nahtstelle.portal.insight import RegisterInsight
from nahtstelle.portal.ui import figures
from nahtstelle.portal.ui.states import cooperation_words


@dataclass(frozen=True)
class SeamRow:
    """One seam in a table: both sides, its figures, the class of its people for the stitch, and what is known of it.

    So many ``cooperations`` bridge it; ``tie`` is the pair intensity, nothing where none is known.
    """

    seam: Seam
    a: Area
    b: Area
    url: str
    step: int
    state: State
    cooperations: int
    tie: float | None

    @property
    def names(self) -> tuple[str, str]:
        """The names of both sides, with their designations where the names are the same."""
        return both_names(self.a, self.b)

    @property
    def cooperation(self) -> str:
        """What is known about cooperation, in words."""
        return cooperation_words(self.state, self.cooperations)

    @property
    def lands(self) -> str:
        """The Land, or both."""
        both = dict.fromkeys(LAENDER.get(area.land_key or "", "") for area in (self.a, self.b))
        return " | ".join(name for name in both if name)


def both_names(a: Area, b: Area) -> tuple[str, str]:
    """The names of two areas, with their designations where the names are the same."""
    return (figures.named(a), figures.named(b)) if a.name == b.name else (a.name, b.name)


def seam_rows(known: RegisterInsight, level: Level, seams: Iterable[Seam], task: str = "") -> list[SeamRow]:
    """Rows of seams of one level, in their order; where a task is given, only cooperation in that counts."""
    insight, bridged = known.insight, known.seams(level, task)
    areas = insight.areas
    # one look-up of the address for all rows: a page has fifty of them
    pattern = reverse("seam", args=("A", "B"))
    return [
        SeamRow(
            seam,
            areas[seam.own_key],
            areas[seam.other_key],
            pattern.replace("A/B", "/".join(sorted((seam.own_key, seam.other_key)))),
            insight.step_of(level, seam.people.people),
            state := bridged.state_of(seam),
            bridged.count_of(seam),
            None if state == "unknown" else bridged.intensity_of(seam),
        )
        for seam in seams
    ]
