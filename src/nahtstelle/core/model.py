"""Frozen records: areas, seams, the register as analysis sees it, and figures that say how much of them is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Literal

from nahtstelle.core.keys import Level
from nahtstelle.core.vocabularies import ENDED_STATES

Variant = Literal["inner", "outer", "all"]
Strength = Literal["full", "adjacent", "loose"]
KnowledgeState = Literal["bridged", "confirmed_none", "unknown"]
Belonging = Literal["own", "parent", "parts"]
Way = Literal["same", "later", "earlier", "nowhere"]


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


# ----------------------------------------------------------------------------------------- the register, frozen


def _holds(day: dt.date, valid_from: dt.date | None, valid_until: dt.date | None) -> bool:
    return (valid_from is None or valid_from <= day) and (valid_until is None or day < valid_until)


@dataclass(frozen=True, slots=True)
class Cooperation:
    """A cooperation as analysis sees it: ids of `nahtstelle.core.vocabularies`, and its life.

    ``valid_from`` (founded) included, ``None`` where unknown; ``valid_until`` (the first day it no longer existed)
    excluded, ``None`` where it goes on or nobody knows.
    """

    ref: str
    name: str
    kind: str
    legal_form: str
    tasks: tuple[str, ...]
    state: str
    valid_from: dt.date | None
    valid_until: dt.date | None

    def exists_on(self, day: dt.date) -> bool:
        """Whether it is there on a day, at work or not. One that ended nobody knows when is there on no day."""
        if self.state in ENDED_STATES and self.valid_until is None:
            return False
        return _holds(day, self.valid_from, self.valid_until)

    def active_on(self, day: dt.date) -> bool:
        """Whether it is at work on a day.

        The register knows the state of today only: one that ended was active while it existed; one in formation,
        dormant or winding up counts as active on no day.
        """
        return (self.state == "aktiv" or self.state in ENDED_STATES) and self.exists_on(day)


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody takes part in a cooperation (its ``ref``) for a time.

    Exactly one of ``area_key`` (as entered), ``organisation`` and ``member_cooperation`` (their refs) is set. ``part``
    says in words which part of the area is meant; empty for all of it.
    """

    ref: str
    cooperation: str
    area_key: str | None
    organisation: str | None
    member_cooperation: str | None
    role: str
    valid_from: dt.date | None
    valid_until: dt.date | None
    part: str = ""

    def holds_on(self, day: dt.date) -> bool:
        """Whether it covers a day; an unknown beginning counts as long ago."""
        return _holds(day, self.valid_from, self.valid_until)

    @property
    def member(self) -> tuple[str, str]:
        """Who takes part: ``area``, ``organisation`` or ``cooperation``, and key or reference."""
        if self.area_key is not None:
            return "area", self.area_key
        if self.organisation is not None:
            return "organisation", self.organisation
        return "cooperation", self.member_cooperation or ""


@dataclass(frozen=True, slots=True)
class KeyChange:
    """An area became another under another key, in whole."""

    old_key: str
    new_key: str
    on: dt.date | None


@dataclass(frozen=True)
class RegisterSnapshot:
    """The public register at one moment, as pages, command line and open data compute from it.

    ``complete``: keys of the areas that say the register holds all of their cooperations. Made with `of`, which keeps
    it sound.
    """

    cooperations: tuple[Cooperation, ...]
    memberships: tuple[Membership, ...]
    key_changes: tuple[KeyChange, ...] = ()
    complete: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        cooperations: Iterable[Cooperation],
        memberships: Iterable[Membership],
        key_changes: Iterable[KeyChange] = (),
        complete: Iterable[str] = (),
        others: Iterable[str] = (),
    ) -> RegisterSnapshot:
        """A snapshot in the order of the references, so that equal registers give equal snapshots.

        Memberships in or of cooperations that are not among these are left out: those are drafts or withdrawn. The
        ``others`` are there, too, but not part of this snapshot.
        """
        kept = tuple(sorted(cooperations, key=lambda each: each.ref))
        refs = {each.ref for each in kept}
        there = {*refs, *others, None}
        return cls(
            kept,
            tuple(
                sorted(
                    (each for each in memberships if each.cooperation in refs and each.member_cooperation in there),
                    key=lambda each: (each.cooperation, each.ref),
                )
            ),
            tuple(sorted(key_changes, key=lambda each: (each.old_key, each.new_key))),
            frozenset(complete),
        )

    def with_anew(self, refs: Collection[str], anew: RegisterSnapshot) -> RegisterSnapshot:
        """The same with these cooperations and the memberships in them as ``anew`` has them; what it has not, is gone.

        Key changes and complete areas are those of ``anew``. ``refs`` has to name, too, every cooperation in which one
        that comes or goes is a member. All other memberships are the very same objects as before.
        """
        kept = [each for each in self.cooperations if each.ref not in refs]
        cooperations = tuple(sorted((*kept, *anew.cooperations), key=lambda each: each.ref))
        members = {
            each.ref: theirs
            for each in cooperations
            if (theirs := (anew if each.ref in refs else self).members.get(each.ref))
        }
        found = RegisterSnapshot(
            cooperations, tuple(chain.from_iterable(members.values())), anew.key_changes, anew.complete
        )
        vars(found)["members"] = members
        return found

    @cached_property
    def by_ref(self) -> dict[str, Cooperation]:
        """Every cooperation under its reference."""
        return {each.ref: each for each in self.cooperations}

    @cached_property
    def members(self) -> dict[str, tuple[Membership, ...]]:
        """The memberships in each cooperation that has some, past and coming ones too."""
        found: dict[str, list[Membership]] = {}
        for each in self.memberships:
            found.setdefault(each.cooperation, []).append(each)
        return {ref: tuple(several) for ref, several in found.items()}

    def active_on(self, day: dt.date) -> tuple[Cooperation, ...]:
        """The cooperations at work on a day."""
        return tuple(each for each in self.cooperations if each.active_on(day))

    def members_on(self, ref: str, day: dt.date) -> tuple[Membership, ...]:
        """The memberships in a cooperation that cover a day."""
        return tuple(each for each in self.members.get(ref, ()) if each.holds_on(day))


# ------------------------------------------------------------------------------------------ footprints, bridges


@dataclass(frozen=True)
class ResolvedMembership:
    """A membership of an area, and the areas of the edition it stands for.

    ``keys``: one as a rule; several where an older edition has the parts of a merged area, or an area was split; none
    where the key leads nowhere. ``way``: ``same`` (the edition has the key), ``later`` (it became these: may be more
    than it was), ``earlier`` (it was made of these), ``nowhere``. ``through``: the member cooperations on the way, none
    for a direct member.
    """

    membership: Membership
    keys: tuple[str, ...]
    way: Way
    through: tuple[str, ...] = ()


@dataclass(frozen=True)
class DistrictShare:
    """How much of a district a footprint covers: by known people, by area, by municipalities."""

    key: str
    people_share: float | None
    area_share: float | None
    municipalities: int
    of: int


@dataclass(frozen=True)
class Overlap:
    """What two footprints have in common, and which share of each that is: by known people and by area.

    ``in_part``: some of it rests on memberships of a part of an area, so it may be less.
    """

    ref: str
    municipalities: int
    people: People
    area_m2: float | None
    people_share: float | None
    area_share: float | None
    other_people_share: float | None
    other_area_share: float | None
    in_part: bool


@dataclass(frozen=True)
class Footprint:
    """The space of a cooperation on a day, resolved to the municipalities of an edition.

    ``municipalities`` (keys; unincorporated areas among them); ``parts``: the connected parts, most municipalities
    first; ``enclaves``: groups of municipalities that do not belong to it and are enclosed by it; ``overlaps`` with
    other active cooperations, most people first. ``partial``: memberships of a part of an area, which count in whole;
    ``carried``: those whose key changed; ``unresolved``: those whose key leads nowhere and that are missing from all
    figures; ``beside``: those whose Land adds nothing because smaller members lie in it.
    """

    ref: str
    on: dt.date | None
    people: People
    area_m2: float | None
    municipalities: tuple[str, ...]
    districts: tuple[DistrictShare, ...]
    laender: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    enclaves: tuple[tuple[str, ...], ...]
    overlaps: tuple[Overlap, ...]
    partial: tuple[ResolvedMembership, ...]
    carried: tuple[ResolvedMembership, ...]
    unresolved: tuple[ResolvedMembership, ...]
    beside: tuple[ResolvedMembership, ...]


@dataclass(frozen=True)
class AreaCooperation:
    """A cooperation an area belongs to, and how.

    ``own``: the area itself is a member; ``parent``: an area it lies in is; ``parts``: some of its parts are.
    ``memberships`` say so: in this order, and the direct ones before those through member cooperations.
    """

    cooperation: Cooperation
    how: Belonging
    memberships: tuple[ResolvedMembership, ...]


@dataclass(frozen=True)
class Bridge:
    """A cooperation that bridges a seam.

    ``members``: how many take part in it directly; ``intensity`` is 1 / (members - 1), its part of the pair intensity.
    """

    cooperation: Cooperation
    strength: Strength
    members: int
    intensity: float


@dataclass(frozen=True)
class SeamBridges:
    """A seam seen through the register: its bridges, the strongest first, and what is known of it."""

    a: str
    b: str
    state: KnowledgeState
    intensity: float
    bridges: tuple[Bridge, ...]

    @property
    def strength(self) -> Strength | None:
        """That of the strongest bridge."""
        return self.bridges[0].strength if self.bridges else None
