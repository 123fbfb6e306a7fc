"""Rows of the tables that more than one part of the site shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from nahtstelle.core.keys import LAENDER, Level
from nahtstelle.core.model import Area, Seam
from nahtstelle.portal.insight import Insight
from nahtstelle.portal.ui import figures


@dataclass(frozen=True)
class SeamRow:
    """One seam in a table: both sides, its figures, and the class of its people for the stitch."""

    seam: Seam
    a: Area
    b: Area
    url: str
    step: int

    @property
    def names(self) -> tuple[str, str]:
        """The names of both sides, with their designations where the names are the same."""
        if self.a.name == self.b.name:
            return figures.named(self.a), figures.named(self.b)
        return self.a.name, self.b.name

    @property
    def lands(self) -> str:
        """The Land, or both."""
        both = dict.fromkeys(LAENDER.get(area.land_key or "", "") for area in (self.a, self.b))
        return " | ".join(name for name in both if name)


def seam_rows(insight: Insight, level: Level, seams: Iterable[Seam]) -> list[SeamRow]:
    """Rows of seams of one level, in their order."""
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
        )
        for seam in seams
    ]
