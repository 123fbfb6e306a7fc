"""The space of a cooperation: its member areas resolved to the municipalities of an edition.

A district, a union or a Land stands for its municipalities, a member cooperation for its own members. Who takes part as
an organisation has a seat and no area. What each rule is for stands in ``docs/method/footprint-and-bridges.md``.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from dataclasses import dataclass
from functools import cached_property
from itertools import count
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
    People,
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
class _Block:
    """The memberships in one cooperation as plain columns, and the areas of an edition they stand for.

    ``columns``: one row per membership: begins, ends (ordinals of days), bits, who takes part (as a number). ``area``,
    ``row``: one entry per area a membership stands for, and which membership it is. ``nested``: reference, bits and row
    of the cooperations that are members. ``in_part``: whether one is of a part of an area only.
    """

    memberships: tuple[Membership, ...]
    columns: NDArray[np.int64]
    area: NDArray[np.int64]
    row: NDArray[np.int64]
    nested: tuple[tuple[str, int, int], ...]
    in_part: bool


_NO_MEMBERS = _Block((), np.empty((0, 4), np.int64), np.empty(0, np.int64), np.empty(0, np.int64), (), False)


class _Members:
    """The memberships of a snapshot as plain columns, and the areas of an edition they stand for, whatever the day.

    One entry per membership: ``begins``, ``ends`` (ordinals of days), ``bits``, ``of`` (number of the cooperation),
    ``member`` (who takes part, as a number; under two keys of the same ground it is one); those of cooperation ``i``
    from ``start[i]`` to ``start[i + 1]``. One entry per area a membership stands for: ``area`` (its number), ``row``
    (of the membership); those of cooperation ``i`` from ``area_start[i]`` to ``area_start[i + 1]``.

    ``before`` is an earlier state of the same register over the same territory: of cooperations whose memberships are
    the very same objects nothing is resolved again.
    """

    def __init__(self, snapshot: RegisterSnapshot, territory: Territory, before: _Members | None = None) -> None:
        self.snapshot, self.territory = snapshot, territory
        self.number = {each.ref: number for number, each in enumerate(snapshot.cooperations)}
        self.lineage = Lineage(snapshot.key_changes, territory.municipalities.areas.spellings)
        self._of_key: dict[str, tuple[list[int], tuple[str, str]]] = {}
        self._who: dict[tuple[str, str], int] = {}
        self._numbers = count()
        known: dict[str, _Block] = {}
        if before is not None and before.territory is territory and before.snapshot.key_changes == snapshot.key_changes:
            self.lineage, self._of_key, self._who = before.lineage, before._of_key, before._who
            self._numbers, known = before._numbers, before.blocks
        self.blocks: dict[str, _Block] = {}
        for each in snapshot.cooperations:
            theirs, block = snapshot.members.get(each.ref, ()), known.get(each.ref, _NO_MEMBERS)
            self.blocks[each.ref] = block if block.memberships is theirs else self._block(theirs)
        blocks = list(self.blocks.values())
        sizes = [len(block.memberships) for block in blocks]
        self.start = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        self.area_start = np.concatenate([[0], np.cumsum([len(block.area) for block in blocks], dtype=np.int64)])
        self.of = np.repeat(np.arange(len(blocks)), sizes)
        columns = np.concatenate([_NO_MEMBERS.columns, *(block.columns for block in blocks)])
        self.begins, self.ends, self.bits, self.member = columns.T.copy()
        self.area = np.concatenate([_NO_MEMBERS.area, *(block.area for block in blocks)])
        offset = np.repeat(self.start[:-1], np.diff(self.area_start))
        self.row = np.concatenate([_NO_MEMBERS.row, *(block.row for block in blocks)]) + offset
        self.nested: dict[int, list[tuple[int, int, int]]] = {}
        """Of each cooperation those that are members of it: number, bits, row of the membership."""
        for number, block in enumerate(blocks):
            if block.nested:
                first = int(self.start[number])
                self.nested[number] = [(self.number[ref], bits, first + row) for ref, bits, row in block.nested]

    def _block(self, memberships: tuple[Membership, ...]) -> _Block:
        columns: list[tuple[int, int, int, int]] = []
        stands_for: list[tuple[int, int]] = []
        nested: list[tuple[str, int, int]] = []
        for row, each in enumerate(memberships):
            bits, who = _bits(each.role), each.member
            if each.area_key is not None:
                numbers, who = self._area(each.area_key)
                stands_for += [(number, row) for number in numbers]
            elif each.member_cooperation is not None:
                nested.append((each.member_cooperation, bits, row))
            begins = 0 if each.valid_from is None else each.valid_from.toordinal()
            ends = _NEVER if each.valid_until is None else each.valid_until.toordinal()
            if who not in self._who:
                self._who.setdefault(who, next(self._numbers))
            columns.append((begins, ends, bits, self._who[who]))
        area, rows = np.array(stands_for, np.int64).reshape(-1, 2).T.copy()
        in_part = any(each.part for each in memberships)
        return _Block(memberships, np.array(columns, np.int64).reshape(-1, 4), area, rows, tuple(nested), in_part)

    def _area(self, key: str) -> tuple[list[int], tuple[str, str]]:
        """The areas an area key stands for, by the smallest of the same ground, and who that is as a member."""
        if key not in self._of_key:
            areas = self.territory.municipalities.areas
            numbers = [areas.ground[areas.number[each]] for each in self.lineage.carry(key).keys]
            self._of_key[key] = numbers, ("area", " ".join(map(str, numbers)) or key)
        return self._of_key[key]

    @cached_property
    def by_area(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The numbers of the areas in ascending order, and the row of the membership of each."""
        order = np.argsort(self.area, kind="stable")
        return self.area[order], self.row[order]


_NEVER = dt.date.max.toordinal() + 1
_Way = tuple[str, ...]
"""The references of the member cooperations between a cooperation and a member; empty for a direct one."""


class Spaces:
    """All cooperations of a snapshot on a day, resolved to the areas of an edition. Build it once and ask it often.

    ``on`` ``None`` takes every membership there ever was, past and coming ones too. `at` gives the same for another day
    without resolving anything again. ``before`` is the same of an earlier state of the register: what its snapshot
    shares with this one (see `RegisterSnapshot.with_anew`) is not resolved again.
    """

    def __init__(
        self,
        snapshot: RegisterSnapshot,
        territory: Territory,
        on: dt.date | None,
        *,
        before: Spaces | None = None,
        _members: _Members | None = None,
    ) -> None:
        self.snapshot = snapshot
        self.territory = territory
        self.on = on
        self.areas = territory.municipalities.areas
        if _members is None:
            _members = _Members(snapshot, territory, None if before is None else before._members)
        self._members: _Members = _members
        members = _members
        self.lineage = members.lineage
        self._spaces: dict[str, NDArray[np.int64]] = {}
        if before is not None and before.on == on:
            self._spaces = {ref: before._spaces[ref] for ref in self.unchanged(before) if ref in before._spaces}
        day = 0 if on is None else on.toordinal()
        self._holds = np.full(len(members.of), True) if on is None else (members.begins <= day) & (day < members.ends)

    def at(self, on: dt.date | None) -> Spaces:
        """The same on another day."""
        return Spaces(self.snapshot, self.territory, on, _members=self._members)

    def unchanged(self, before: Spaces) -> list[str]:
        """References of the cooperations whose members are what they were before; of those within others, none."""
        theirs, number, nested = before._members.blocks, self._members.number, self._members.nested
        blocks = self._members.blocks.items()
        return [ref for ref, block in blocks if theirs.get(ref) is block and number[ref] not in nested]

    def _exists(self, number: int) -> bool:
        return self.on is None or self.snapshot.cooperations[number].exists_on(self.on)

    # ------------------------------------------------------------------------------------------------ members

    @cached_property
    def sizes(self) -> NDArray[np.int64]:
        """Of each cooperation how many take part in it directly, in a role that ties; whoever has two counts once."""
        members = self._members
        rows = np.flatnonzero(self._holds & (members.bits & BRIDGING > 0))
        width = int(members.member.max(initial=0)) + 1
        pairs = np.unique(members.of[rows] * width + members.member[rows])
        return np.bincount(pairs // width, minlength=len(self.snapshot.cooperations))

    def size(self, ref: str) -> int:
        """The same of one cooperation."""
        return int(self.sizes[self._members.number[ref]])

    def _reached(self, number: int) -> dict[int, tuple[int, _Way]]:
        """The cooperation itself and those that are members of it, directly or through others, by their numbers.

        Of each for what it counts, and the way there. Circles do no harm; who no longer exists has no members.
        """
        found: dict[int, tuple[int, _Way]] = {number: (ANY | IN_FOOTPRINT | BRIDGING, ())}
        queue = deque([number])
        while queue:
            here = queue.popleft()
            bits, way = found[here]
            for other, link, row in self._members.nested.get(here, ()):
                if not (self._holds[row] and self._exists(other)):
                    continue
                before, known_way = found.get(other, (0, (*way, self.snapshot.cooperations[other].ref)))
                now = before | (bits & link)
                if now != before:
                    found[other] = (now, known_way)
                    queue.append(other)
        return found

    def _taking_part(self, number: int, bit: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The areas that take part in a cooperation in roles that count for this, and the rows of their memberships."""
        members = self._members
        reached = self._reached(number) if number in members.nested else {number: (bit, ())}
        found = []
        for other, (bits, _) in reached.items():
            if bits & bit:
                here = slice(members.area_start[other], members.area_start[other + 1])
                row = members.row[here]
                counts = self._holds[row] & (members.bits[row] & bit > 0)
                found.append((members.area[here][counts], row[counts]))
        if len(found) == 1:
            return found[0]
        return np.concatenate([area for area, _ in found]), np.concatenate([row for _, row in found])

    def tying(self, ref: str) -> NDArray[np.int64]:
        """Numbers of the areas that take part in a cooperation in a role that ties them to the others."""
        return self._taking_part(self._members.number[ref], BRIDGING)[0]

    def taking_part(self, ref: str) -> NDArray[np.int64]:
        """Numbers of the areas that take part in a cooperation in any role, themselves or through a member of it."""
        return self._taking_part(self._members.number[ref], ANY)[0]

    def _rows(self, number: int, bit: int) -> list[tuple[int, _Way]]:
        """The memberships of areas in a cooperation in roles that count for this, and the way to each."""
        members = self._members
        return [
            (row, way)
            for other, (bits, way) in self._reached(number).items()
            for row in range(members.start[other], members.start[other + 1])
            if bits & members.bits[row] & bit
            and self._holds[row]
            and self.snapshot.memberships[row].area_key is not None
        ]

    def _resolved(self, row: int, through: _Way) -> ResolvedMembership:
        membership = self.snapshot.memberships[row]
        carried = self.lineage.carry(membership.area_key or "")
        return ResolvedMembership(membership, carried.keys, carried.way, through)

    def resolved(self, ref: str) -> tuple[ResolvedMembership, ...]:
        """The memberships of areas in a cooperation in any role, with what they stand for; direct ones first."""
        return tuple(self._resolved(row, way) for row, way in self._rows(self._members.number[ref], ANY))

    def _standing(self, number: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """The areas that make up a space, the rows of their memberships, and those of Länder that add nothing.

        A Land adds nothing where smaller members lie in it.
        """
        area, row = self._taking_part(number, IN_FOOTPRINT)
        beside = area >= self._first_land
        if beside.all() or not beside.any():
            return area, row, row[:0]
        smaller = self._mask(area[~beside])
        for at in np.flatnonzero(beside).tolist():
            beside[at] = smaller[self.areas.of(int(area[at]))].any()
        return area[~beside], row[~beside], row[beside]

    @cached_property
    def _first_land(self) -> int:
        """The number of the first Land; all smaller areas come before it."""
        level = self.areas.level
        return level.index(Level.LAND) if Level.LAND in level else len(level)

    def _mask(self, areas: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which municipalities some areas hold."""
        count = len(self.territory.municipalities.key)
        mask = np.zeros(count, bool)
        mask[areas[areas < count]] = True
        for number in areas[areas >= count].tolist():
            mask[self.areas.of(number)] = True
        return mask

    def municipalities(self, ref: str) -> NDArray[np.int64]:
        """The space of a cooperation: positions of its municipalities, in ascending order."""
        found = self._spaces.get(ref)
        if found is None:
            found = np.flatnonzero(self._mask(self._standing(self._members.number[ref])[0]))
            found.flags.writeable = False
            self._spaces[ref] = found
        return found

    # --------------------------------------------------------------------------------------------- all at once

    @cached_property
    def active(self) -> tuple[Cooperation, ...]:
        """The cooperations at work on the day (at any time: all), in the order of their references."""
        return self.snapshot.cooperations if self.on is None else self.snapshot.active_on(self.on)

    @cached_property
    def _all(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the space of each active cooperation begins, and the spaces, one after another."""
        spaces = [self.municipalities(each.ref) for each in self.active]
        start = np.concatenate([[0], np.cumsum([len(space) for space in spaces], dtype=np.int64)])
        return start, np.concatenate([np.empty(0, np.int64), *spaces])

    @cached_property
    def _umbrellas(self) -> dict[int, list[tuple[int, _Way]]]:
        """Of each cooperation those it is a member of, directly or through others, and the way."""
        found: dict[int, list[tuple[int, _Way]]] = {}
        for umbrella in self._members.nested:
            for other, (_, way) in self._reached(umbrella).items():
                if way:
                    found.setdefault(other, []).append((umbrella, way))
        return found

    def cooperations_of(self, key: str) -> tuple[AreaCooperation, ...]:
        """The cooperations an area of the edition belongs to in any role, active or not, by how and then by name.

        ``own`` also where the member is the same ground under another key, as a city that is a district; ``parts`` also
        where a union lies in it only with some of its municipalities. Raises `KeyError` for an unknown key.
        """
        mine = self.areas.of(self.areas.number[key])
        near = {self.areas.ground[number] for number in mine.tolist()}
        for named in self.territory.municipalities.of_level.values():
            near |= {self.areas.ground[self.areas.number[named[i]]] for i in mine.tolist() if named[i]}
        order: tuple[Belonging, ...] = ("own", "parent", "parts")
        numbers, rows = self._members.by_area
        found: dict[int, list[tuple[int, ResolvedMembership]]] = {}
        for number in sorted(near):
            first, behind = np.searchsorted(numbers, [number, number + 1]).tolist()
            holding = [row for row in rows[first:behind].tolist() if self._holds[row]]
            if not holding:
                continue
            theirs = self.areas.of(number)
            how = 0 if np.array_equal(theirs, mine) else 1 if np.isin(mine, theirs).all() else 2
            for row in holding:
                of = int(self._members.of[row])
                for cooperation, way in ((of, ()), *self._umbrellas.get(of, ())):
                    if self._exists(cooperation):
                        found.setdefault(cooperation, []).append((how, self._resolved(row, way)))
        belonging = []
        for number, memberships in found.items():
            memberships.sort(key=lambda each: (each[0], len(each[1].through), each[1].membership.ref))
            once = tuple(dict.fromkeys(each for _, each in memberships))
            belonging.append(AreaCooperation(self.snapshot.cooperations[number], order[memberships[0][0]], once))
        return tuple(
            sorted(belonging, key=lambda each: (order.index(each.how), each.cooperation.name, each.cooperation.ref))
        )

    # ---------------------------------------------------------------------------------------------- figures

    def footprint(self, ref: str, *, overlaps: bool = True) -> Footprint:
        """The footprint of one cooperation, at work or not; without overlaps where nobody asks for them.

        Raises `KeyError` for a reference the snapshot has not.
        """
        number = self._members.number[ref]
        area, standing, beside = self._standing(number)
        municipalities = self.territory.municipalities
        own = self._mask(area)
        members = [(row, self._resolved(row, way)) for row, way in self._rows(number, IN_FOOTPRINT)]
        counted, laender = set(standing.tolist()), set(beside.tolist())
        keys = municipalities.key
        parts, enclaves = _parts(self.territory, own)
        of_land = municipalities.of_level[Level.LAND]
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
            tuple(each for row, each in members if row in counted and each.membership.part),
            tuple(each for row, each in members if row in counted and each.way != "same"),
            tuple(each for _, each in members if each.way == "nowhere"),
            tuple(each for row, each in members if row in laender),
        )

    def _whole(self, ref: str) -> NDArray[np.bool_]:
        """Which municipalities belong to a space by a membership that is not of a part only."""
        area, row, _ = self._standing(self._members.number[ref])
        return self._mask(area[[not self.snapshot.memberships[each].part for each in row.tolist()]])

    def _in_part(self, ref: str) -> bool:
        """Whether a membership in a cooperation, or in one that is a member of it, is of a part of an area only."""
        refs = [self.snapshot.cooperations[number].ref for number in self._reached(self._members.number[ref])]
        return any(self._members.blocks[each].in_part for each in refs)

    @cached_property
    def _counted(self) -> list[tuple[People, float | None]]:
        """People and extent of the space of each active cooperation."""
        places = self.territory.municipalities
        return [
            (places.count(space), _area_m2(self.territory, space))
            for space in (self.municipalities(each.ref) for each in self.active)
        ]

    def _overlaps(self, ref: str, own: NDArray[np.bool_]) -> tuple[Overlap, ...]:
        start, municipality = self._all
        common = np.concatenate([[0], np.cumsum(own[municipality])])
        counts = common[start[1:]] - common[start[:-1]]
        own_people, own_area_m2 = self.territory.municipalities.count(own).people, _area_m2(self.territory, own)
        own_whole = self._whole(ref) if self._in_part(ref) else own
        found = []
        for row in np.flatnonzero(counts).tolist():
            other = self.active[row].ref
            if other == ref:
                continue
            theirs = municipality[start[row] : start[row + 1]]
            both = theirs[own[theirs]]
            whole = bool(own_whole[both].all()) and (not self._in_part(other) or bool(self._whole(other)[both].all()))
            their_people, their_area_m2 = self._counted[row]
            people = self.territory.municipalities.count(both)
            area_m2 = _area_m2(self.territory, both)
            found.append(
                Overlap(
                    other,
                    len(both),
                    people,
                    area_m2,
                    _share(people.people, own_people),
                    _share(area_m2, own_area_m2),
                    _share(people.people, their_people.people),
                    _share(area_m2, their_area_m2),
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

    Direct ones first. Raises `KeyError` for a reference the snapshot has not.
    """
    return Spaces(snapshot, territory, on).resolved(ref)


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
