"""The space of a cooperation: its member areas resolved to the municipalities of an edition.

A district, a union or a Land stands for its municipalities, a member cooperation for its own members. Who takes part as
an organisation has a seat and no area. What each rule is for stands in ``docs/method/footprint-and-bridges.md``.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from nahtstelle.core.keys import Level
from nahtstelle.core.lineage import Lineage
from nahtstelle.core.linework import components
from nahtstelle.core.model import (
    AreaCooperation,
    Belonging,
    Cooperation,
    DistrictShare,
    Footprint,
    Membership,
    Overlap,
    RegisterSnapshot,
    ResolvedMembership,
)
from nahtstelle.core.seams import NOWHERE, Territory
from nahtstelle.core.vocabularies import BRIDGING_ROLES, FOOTPRINT_ROLES

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Spaces", "Territory", "footprint", "memberships_resolved"]

ANY, IN_FOOTPRINT, BRIDGING = 1, 2, 4
"""For what a membership counts, as bits: every one for the first, by its role for the others."""

ENCLOSED_M = 1.0
"""A municipality with more outer edge than this lies at the coast, at a lake or at the edge of the data."""


def _bits(role: str) -> int:
    return ANY | (IN_FOOTPRINT if role in FOOTPRINT_ROLES else 0) | (BRIDGING if role in BRIDGING_ROLES else 0)


@dataclass(frozen=True)
class Entry:
    """An area of the edition that takes part in a cooperation, and by which membership.

    ``number`` is that of the smallest area with the same ground: Hamburg takes part alike as Land, district and city.
    ``bits`` say for what it counts: where it takes part through member cooperations, only for what every membership on
    the way counts.
    """

    number: int
    bits: int
    resolved: ResolvedMembership


class Spaces:
    """All cooperations of a snapshot on a day, resolved to the areas of an edition. Build it once and ask it often.

    ``on`` ``None`` takes every membership there ever was, past and coming ones too.
    """

    def __init__(self, snapshot: RegisterSnapshot, territory: Territory, on: dt.date | None) -> None:
        self.snapshot = snapshot
        self.territory = territory
        self.on = on
        self.areas = territory.municipalities.areas
        self.lineage = Lineage(snapshot.key_changes, self.areas.spellings)
        self._direct: dict[str, list[Entry]] = {}
        self._nested: dict[str, list[tuple[str, int]]] = {}
        self._unresolved: dict[str, list[ResolvedMembership]] = {}
        self._size: dict[str, set[tuple[str, str]]] = {}
        for membership in snapshot.memberships:
            if on is None or membership.holds_on(on):
                self._take(membership)

    def _take(self, membership: Membership) -> None:
        ref, bits = membership.cooperation, _bits(membership.role)
        member = membership.member
        if membership.area_key is not None:
            carried = self.lineage.carry(membership.area_key)
            member = ("area", " ".join(carried.keys) or membership.area_key)
            resolved = ResolvedMembership(membership, carried.keys, carried.way)
            if not carried.keys:
                self._unresolved.setdefault(ref, []).append(resolved)
            for key in carried.keys:
                number = self.areas.ground[self.areas.number[key]]
                self._direct.setdefault(ref, []).append(Entry(number, bits, resolved))
        elif membership.member_cooperation is not None:
            self._nested.setdefault(ref, []).append((membership.member_cooperation, bits))
        if bits & BRIDGING:
            self._size.setdefault(ref, set()).add(member)

    # ------------------------------------------------------------------------------------------------ members

    def size(self, ref: str) -> int:
        """How many take part in a cooperation directly, in a role that ties; whoever has two roles counts once."""
        return len(self._size.get(ref, ()))

    def reached(self, ref: str) -> dict[str, tuple[int, tuple[str, ...]]]:
        """The cooperation itself and those that are members of it, directly or through others.

        Of each for what it counts, and the way there. Circles do no harm; who no longer exists has no members.
        """
        found: dict[str, tuple[int, tuple[str, ...]]] = {ref: (ANY | IN_FOOTPRINT | BRIDGING, ())}
        queue = deque([ref])
        while queue:
            here = queue.popleft()
            bits, way = found[here]
            for other, link in self._nested.get(here, ()):
                if self.on is not None and not self.snapshot.by_ref[other].exists_on(self.on):
                    continue
                before, known_way = found.get(other, (0, (*way, other)))
                now = before | (bits & link)
                if now != before:
                    found[other] = (now, known_way)
                    queue.append(other)
        return found

    def entries(self, ref: str) -> list[Entry]:
        """The areas that take part in a cooperation, direct members first."""
        if ref not in self._nested:
            return self._direct.get(ref, [])
        return [
            Entry(each.number, each.bits & bits, replace(each.resolved, through=way) if way else each.resolved)
            for other, (bits, way) in self.reached(ref).items()
            for each in self._direct.get(other, ())
        ]

    def unresolved(self, ref: str) -> list[ResolvedMembership]:
        """The memberships whose key leads nowhere, those through member cooperations too."""
        return [
            replace(each, through=way)
            for other, (_, way) in self.reached(ref).items()
            for each in self._unresolved.get(other, ())
        ]

    def _standing(self, entries: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
        """Entries that make up the space, and those of Länder that add nothing because smaller members lie in them."""
        inside = [each for each in entries if each.bits & IN_FOOTPRINT]
        laender = [each for each in inside if self.areas.level[each.number] is Level.LAND]
        if not laender or len(laender) == len(inside):
            return inside, []
        smaller = self._mask([each.number for each in inside if self.areas.level[each.number] is not Level.LAND])
        beside = [each for each in laender if smaller[self.areas.of(each.number)].any()]
        ids = {id(each) for each in beside}
        return [each for each in inside if id(each) not in ids], beside

    def _mask(self, numbers: Sequence[int]) -> NDArray[np.bool_]:
        """Which municipalities some areas hold."""
        count = len(self.territory.municipalities.key)
        mask = np.zeros(count, bool)
        small = [number for number in numbers if number < count]
        mask[small] = True
        for number in numbers:
            if number >= count:
                mask[self.areas.of(number)] = True
        return mask

    def municipalities(self, ref: str) -> NDArray[np.int64]:
        """The space of a cooperation: positions of its municipalities, in ascending order."""
        standing, _ = self._standing(self.entries(ref))
        return np.flatnonzero(self._mask([each.number for each in standing]))

    # --------------------------------------------------------------------------------------------- all at once

    @cached_property
    def active(self) -> tuple[Cooperation, ...]:
        """The cooperations at work on the day (at any time: all), in the order of their references."""
        return self.snapshot.cooperations if self.on is None else self.snapshot.active_on(self.on)

    @cached_property
    def _all(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The spaces of all active cooperations, one after another, and where each begins."""
        spaces = [self.municipalities(each.ref) for each in self.active]
        start = np.concatenate([[0], np.cumsum([len(space) for space in spaces], dtype=np.int64)])
        return start, np.concatenate([np.empty(0, np.int64), *spaces])

    @cached_property
    def _by_area(self) -> dict[int, list[tuple[Cooperation, Entry]]]:
        found: dict[int, list[tuple[Cooperation, Entry]]] = {}
        for cooperation in self.snapshot.cooperations:
            if self.on is None or cooperation.exists_on(self.on):
                for entry in self.entries(cooperation.ref):
                    found.setdefault(entry.number, []).append((cooperation, entry))
        return found

    def cooperations_of(self, key: str) -> tuple[AreaCooperation, ...]:
        """The cooperations an area of the edition belongs to in any role, active or not, by how and then by name.

        ``own`` also where the member is the same ground under another key, as a city that is a district; ``parts`` also
        where a union lies in it only with some of its municipalities. Raises `KeyError` for an unknown key.
        """
        mine = self.areas.of(self.areas.number[key])
        everything = self.territory.municipalities.of_level
        near = {int(i) for i in mine}
        for named in everything.values():
            near |= {self.areas.number[larger] for i in mine.tolist() if (larger := named[i])}
        order: tuple[Belonging, ...] = ("own", "parent", "parts")
        found: dict[str, tuple[Cooperation, list[tuple[int, ResolvedMembership]]]] = {}
        for number in sorted(near & self._by_area.keys()):
            theirs = self.areas.of(number)
            how: Belonging = (
                "own" if np.array_equal(theirs, mine) else "parent" if np.isin(mine, theirs).all() else "parts"
            )
            for cooperation, entry in self._by_area[number]:
                found.setdefault(cooperation.ref, (cooperation, []))[1].append((order.index(how), entry.resolved))
        belonging = []
        for cooperation, memberships in found.values():
            memberships.sort(key=lambda each: (each[0], len(each[1].through), each[1].membership.ref))
            strongest = memberships[0][0]
            belonging.append(
                AreaCooperation(cooperation, order[strongest], tuple(_once(each for _, each in memberships)))
            )
        return tuple(
            sorted(belonging, key=lambda each: (order.index(each.how), each.cooperation.name, each.cooperation.ref))
        )

    # ---------------------------------------------------------------------------------------------- figures

    def footprint(self, ref: str, *, overlaps: bool = True) -> Footprint:
        """The footprint of one cooperation, at work or not; without overlaps where nobody asks for them.

        Raises `KeyError` for a reference the snapshot has not.
        """
        self.snapshot.by_ref[ref]
        entries = self.entries(ref)
        standing, beside = self._standing(entries)
        municipalities = self.territory.municipalities
        own = self._mask([each.number for each in standing])
        keys = municipalities.key
        parts, enclaves = _parts(self.territory, own)
        of_land = municipalities.of_level[Level.LAND]
        counted = _once(each.resolved for each in standing)
        return Footprint(
            ref,
            self.on,
            municipalities.count(own),
            _area_m2(self.territory, own),
            tuple(keys[i] for i in np.flatnonzero(own).tolist()),
            _district_shares(self.territory, own),
            tuple(sorted({of_land[i] for i in np.flatnonzero(own).tolist()} - {""})),
            tuple(tuple(keys[i] for i in part) for part in parts),
            tuple(tuple(keys[i] for i in part) for part in enclaves),
            self._overlaps(ref, own) if overlaps else (),
            tuple(each for each in counted if each.membership.part),
            tuple(each for each in counted if each.way != "same"),
            tuple(self.unresolved(ref)),
            tuple(_once(each.resolved for each in beside)),
        )

    def _whole(self, ref: str) -> NDArray[np.bool_]:
        """Which municipalities belong to a space by a membership that is not of a part only."""
        standing, _ = self._standing(self.entries(ref))
        return self._mask([each.number for each in standing if not each.resolved.membership.part])

    def _overlaps(self, ref: str, own: NDArray[np.bool_]) -> tuple[Overlap, ...]:
        start, municipality = self._all
        common = np.concatenate([[0], np.cumsum(own[municipality])])
        counts = common[start[1:]] - common[start[:-1]]
        found = []
        for row in np.flatnonzero(counts).tolist():
            other = self.active[row].ref
            if other == ref:
                continue
            theirs = municipality[start[row] : start[row + 1]]
            both = theirs[own[theirs]]
            whole = all(bool(self._whole(each)[both].all()) for each in (ref, other))
            people = self.territory.municipalities.count(both)
            area_m2 = _area_m2(self.territory, both)
            found.append(
                Overlap(
                    other,
                    len(both),
                    people,
                    area_m2,
                    _share(people.people, self.territory.municipalities.count(own).people),
                    _share(area_m2, _area_m2(self.territory, own)),
                    _share(people.people, self.territory.municipalities.count(theirs).people),
                    _share(area_m2, _area_m2(self.territory, theirs)),
                    not whole,
                )
            )
        return tuple(sorted(found, key=lambda each: (-(each.people.people or 0), -each.municipalities, each.ref)))


def footprint(snapshot: RegisterSnapshot, territory: Territory, ref: str, on: dt.date) -> Footprint:
    """The footprint of one cooperation on a day. For several of them build `Spaces` once.

    Raises `KeyError` for a reference the snapshot has not.
    """
    return Spaces(snapshot, territory, on).footprint(ref)


def memberships_resolved(
    snapshot: RegisterSnapshot, territory: Territory, ref: str, on: dt.date
) -> tuple[ResolvedMembership, ...]:
    """The memberships of areas in a cooperation on a day, in any role, with the areas of the edition they stand for.

    Those whose key leads nowhere come last. Raises `KeyError` for a reference the snapshot has not.
    """
    spaces = Spaces(snapshot, territory, on)
    spaces.snapshot.by_ref[ref]
    return (*_once(each.resolved for each in spaces.entries(ref)), *spaces.unresolved(ref))


def _once(several: Iterable[ResolvedMembership]) -> list[ResolvedMembership]:
    """Each membership once, though it may stand for several areas."""
    return list(dict.fromkeys(several))


def _share(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else part / whole


def _area_m2(territory: Territory, members: NDArray[np.bool_] | NDArray[np.int64]) -> float | None:
    area_m2 = territory.municipalities.area_m2
    if area_m2 is None:
        return None
    total = float(area_m2[members].sum())
    return None if np.isnan(total) else total


def _district_shares(territory: Territory, own: NDArray[np.bool_]) -> tuple[DistrictShare, ...]:
    """Every district that is touched, in the order of the keys."""
    municipalities = territory.municipalities
    keys, group = municipalities.larger(Level.DISTRICT)
    touched = np.unique(group[own])
    shares = []
    for number in touched[touched != NOWHERE].tolist():
        all_of_it = group == number
        mine = all_of_it & own
        shares.append(
            DistrictShare(
                keys[number],
                _share(municipalities.count(mine).people, municipalities.count(all_of_it).people),
                _share(_area_m2(territory, mine), _area_m2(territory, all_of_it)),
                int(mine.sum()),
                int(all_of_it.sum()),
            )
        )
    return tuple(shares)


def _parts(territory: Territory, own: NDArray[np.bool_]) -> tuple[list[list[int]], list[list[int]]]:
    """Connected parts of a set of municipalities, the largest first, and groups of others that it encloses.

    Municipalities hang together along lines. A group is enclosed where nothing but the set adjoins it and it has no
    outer edge.
    """
    lines = territory.lines[Level.MUNICIPALITY]
    count = len(own)
    alike = own[lines.a] == own[lines.b]
    group = components(count, lines.a[alike], lines.b[alike])
    outside = np.zeros(count, bool)
    outside[group[_outer(territory)]] = True

    def grouped(members: NDArray[np.bool_]) -> list[list[int]]:
        found: dict[int, list[int]] = {}
        for i in np.flatnonzero(members).tolist():
            found.setdefault(int(group[i]), []).append(i)
        return sorted(found.values(), key=lambda part: (-len(part), part))

    return grouped(own), grouped(~own & ~outside[group]) if own.any() else []


def _outer(territory: Territory) -> NDArray[np.bool_]:
    """Which municipalities have an outer edge: boundary shared with nobody."""
    lines = territory.lines[Level.MUNICIPALITY]
    perimeter_m = territory.perimeter_m[Level.MUNICIPALITY]
    count = len(perimeter_m)
    shared_m = np.bincount(lines.a, lines.length_m, count) + np.bincount(lines.b, lines.length_m, count)
    return np.asarray(perimeter_m - shared_m > np.minimum(ENCLOSED_M, perimeter_m / 1000))
