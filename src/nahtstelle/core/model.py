"""Frozen records: areas, seams, and figures of people that say how much of them is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nahtstelle.core.keys import Level

Variant = Literal["inner", "outer", "all"]


@dataclass(frozen=True)
class People:
    """A number of people added up over municipalities, and how many of those have a figure.

    ``people`` is the sum over the known ones, ``None`` where there are some and none is known; it is a lower bound
    wherever ``known_share`` is below 1.

    >>> People(1200, known=3, of=4).known_share
    0.75
    """

    people: int | None
    known: int
    of: int

    @property
    def known_share(self) -> float:
        """Share of the municipalities counted whose people are known; 1 where there are none to count."""
        return self.known / self.of if self.of else 1.0

    def __add__(self, other: People) -> People:
        known, of = self.known + other.known, self.of + other.of
        return People((self.people or 0) + (other.people or 0) if known or not of else None, known, of)


@dataclass(frozen=True)
class Area:
    """One area of an edition.

    ``area_m2`` is the official area where the edition has one, else measured on the map; ``perimeter_m`` and
    ``outer_edge_m`` are measured on the map. ``land_key``, of a Land its own key, is ``None`` outside Germany.
    """

    key: str
    name: str
    designation: str | None
    level: Level
    people: People
    area_m2: float | None
    perimeter_m: float
    outer_edge_m: float
    land_key: str | None

    @property
    def unincorporated(self) -> bool:
        """Whether it belongs to no municipality (gemeindefreies Gebiet) and so has no council to talk to."""
        return (self.designation or "").startswith("Gemeindefrei")


@dataclass(frozen=True)
class Side:
    """One side of a seam: the border municipalities of one area and the people there."""

    municipalities: tuple[str, ...]
    people: People


@dataclass(frozen=True)
class Seam:
    """A border between two areas together with the people and places along it, seen from one of them.

    ``own`` is the side of the area asked for, ``other`` that of the neighbour. ``share_of_perimeter`` is the
    border's share of the own perimeter.
    """

    own_key: str
    other_key: str
    length_m: float
    stretches: int
    share_of_perimeter: float
    land_seam: bool
    own: Side
    other: Side

    @property
    def people(self) -> People:
        """Seam people: the people of the border municipalities of both sides."""
        return self.own.people + self.other.people


@dataclass(frozen=True)
class BorderPeople:
    """Border people of a region: the people of its municipalities at seams, each counted once.

    ``areas``: keys of the areas that make up the region; ``region`` all its people; ``municipalities``: keys of the
    border municipalities. ``share`` is the part of the region's known people who are border people.
    """

    areas: tuple[str, ...]
    variant: Variant
    region: People
    border: People
    municipalities: tuple[str, ...]

    @property
    def share(self) -> float | None:
        """Border people per people of the region, both as far as known; ``None`` where nobody is known."""
        if not self.region.people:
            return None
        return (self.border.people or 0) / self.region.people
