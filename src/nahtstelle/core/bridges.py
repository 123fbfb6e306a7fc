"""Seams seen through the register: which cooperations bridge them, how strongly, and what is known where none does.

A cooperation bridges a seam on a day when it is active and has members on both sides. A member larger than the sides
counts for the seams at its edge, not for those inside it, and a Land for seams between Länder only: otherwise one
member would bridge a hundred seams. What each rule is for stands in ``docs/method/footprint-and-bridges.md``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from nahtstelle.core.footprint import Spaces
from nahtstelle.core.keys import LEVELS, Level
from nahtstelle.core.model import (
    AreaCooperation,
    Bridge,
    Cooperation,
    KnowledgeState,
    RegisterSnapshot,
    Seam,
    SeamBridges,
    Strength,
)
from nahtstelle.core.seams import NOWHERE, Territory
from nahtstelle.core.vocabularies import NOT_COUNTED_KINDS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

STRENGTHS: tuple[Strength, ...] = ("full", "adjacent", "loose")
"""By their codes in `Bridges.strength`, the strongest first; `NO_BRIDGE` stands for none."""

STATES: tuple[KnowledgeState, ...] = ("bridged", "confirmed_none", "unknown")
"""By their codes in `Bridges.state`."""

FULL, ADJACENT, LOOSE, NO_BRIDGE = range(4)


@dataclass(frozen=True)
class _Sides:
    """The seams of a level as arrays: the area on each side, and its border municipalities one seam after another."""

    area: tuple[NDArray[np.int64], NDArray[np.int64]]
    start: tuple[NDArray[np.int64], NDArray[np.int64]]
    municipality: tuple[NDArray[np.int64], NDArray[np.int64]]
    first: NDArray[np.int64]
    """Where the seams of each area as the first side begin; they come in the order of the first side."""

    def between(self, areas: NDArray[np.int64], chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Positions of the seams whose first side is among these areas and whose second is chosen."""
        rows = _ranges(self.first[areas], self.first[areas + 1])
        return rows[chosen[self.area[1][rows]]]


@dataclass(frozen=True)
class _Ground:
    """What bridges of one level are found on, whatever the register says."""

    level: Level
    seams: tuple[tuple[str, str], ...]
    keys: list[str]
    group: NDArray[np.int64]
    sides: _Sides
    larger: dict[Level, NDArray[np.int64]]
    of_level: NDArray[np.int64]
    """The level of each area, as a position in `LEVELS`."""


@dataclass(frozen=True)
class Bridges:
    """Every seam of a level with its bridges on a day, as plain arrays behind quick answers.

    One entry per seam, in the order of ``seams`` (keys, smaller first): ``state`` (code in `STATES`), ``strength`` of
    the strongest bridge (code in `STRENGTHS`, or `NO_BRIDGE`), ``count`` of bridges, ``intensity``. One entry per
    bridge, by seam, strength and reference: ``bridge_seam``, ``bridge_cooperation`` (positions), ``bridge_strength``.
    One entry per active cooperation: ``cooperations``, ``members``.

    `only` narrows it to a task, a kind or a legal form without computing anything anew.
    """

    spaces: Spaces
    level: Level
    seams: tuple[tuple[str, str], ...]
    cooperations: tuple[Cooperation, ...]
    members: NDArray[np.int64]
    bridge_seam: NDArray[np.int64]
    bridge_cooperation: NDArray[np.int64]
    bridge_strength: NDArray[np.int8]
    confirmed: NDArray[np.bool_]
    """Seams both of whose sides are confirmed as complete."""
    ground: _Ground
    everything: Bridges | None = None
    """The same with every kind, which `only` starts from; ``None`` where this is it."""

    def __len__(self) -> int:
        return len(self.seams)

    @property
    def on(self) -> dt.date | None:
        """The day."""
        return self.spaces.on

    @cached_property
    def position(self) -> dict[tuple[str, str], int]:
        """Where each seam stands."""
        return {seam: row for row, seam in enumerate(self.seams)}

    @cached_property
    def count(self) -> NDArray[np.int64]:
        """How many cooperations bridge each seam."""
        return np.bincount(self.bridge_seam, minlength=len(self.seams))

    @cached_property
    def strength(self) -> NDArray[np.int8]:
        """Code of the strongest bridge of each seam."""
        strongest = np.full(len(self.seams), NO_BRIDGE, np.int8)
        np.minimum.at(strongest, self.bridge_seam, self.bridge_strength)
        return strongest

    @cached_property
    def state(self) -> NDArray[np.int8]:
        """Code of what is known of each seam."""
        return np.where(self.count > 0, 0, np.where(self.confirmed, 1, 2)).astype(np.int8)

    @cached_property
    def weight(self) -> NDArray[np.float64]:
        """What each cooperation adds to the pair intensity: 1 / (members - 1), at most 1."""
        return 1 / np.maximum(self.members - 1, 1)

    @cached_property
    def intensity(self) -> NDArray[np.float64]:
        """The pair intensity of each seam: how strongly the two are tied, discounted by the size of the groups."""
        return np.bincount(self.bridge_seam, self.weight[self.bridge_cooperation], len(self.seams)).astype(float)

    def only(self, *, task: str = "", kind: str = "", legal_form: str = "", multi_task: bool = False) -> Bridges:
        """The same seams with the bridges of one task, kind and legal form; empty for any.

        Multi-task unions do not count unless ``multi_task`` is set or their kind is asked for.
        """
        whole = self.everything or self
        counted = np.array(
            [
                (not task or task in each.tasks)
                and (not kind or each.kind == kind)
                and (not legal_form or each.legal_form == legal_form)
                and (multi_task or each.kind == kind or each.kind not in NOT_COUNTED_KINDS)
                for each in whole.cooperations
            ],
            bool,
        )
        keep = counted[whole.bridge_cooperation]
        return replace(
            whole,
            bridge_seam=whole.bridge_seam[keep],
            bridge_cooperation=whole.bridge_cooperation[keep],
            bridge_strength=whole.bridge_strength[keep],
            everything=whole,
        )

    def of(self, a: str, b: str) -> SeamBridges | None:
        """One seam, given by its keys in either order; ``None`` where the two share no line."""
        row = self.position.get((min(a, b), max(a, b)))
        return None if row is None else self.seam(row)

    def seam(self, row: int) -> SeamBridges:
        """The seam at a position, with its bridges: the strongest first, then the smallest groups."""
        first, behind = np.searchsorted(self.bridge_seam, [row, row + 1]).tolist()
        bridges = [
            Bridge(
                self.cooperations[number],
                STRENGTHS[int(self.bridge_strength[at])],
                int(self.members[number]),
                float(self.weight[number]),
            )
            for at, number in enumerate(self.bridge_cooperation[first:behind].tolist(), first)
        ]
        bridges.sort(key=lambda each: (STRENGTHS.index(each.strength), each.members, each.cooperation.ref))
        return SeamBridges(*self.seams[row], STATES[int(self.state[row])], float(self.intensity[row]), tuple(bridges))

    def __iter__(self) -> Iterator[SeamBridges]:
        return (self.seam(row) for row in range(len(self.seams)))

    def cooperations_of(self, key: str) -> tuple[AreaCooperation, ...]:
        """The cooperations an area belongs to: see `Spaces.cooperations_of`."""
        return self.spaces.cooperations_of(key)

    def to_frame(self) -> pd.DataFrame:
        """One row per seam: ``a``, ``b``, ``state``, ``strength`` (or missing), ``count``, ``intensity``."""
        import pandas as pd

        strengths: list[str | None] = [*STRENGTHS, None]
        return pd.DataFrame(
            {
                "a": [a for a, _ in self.seams],
                "b": [b for _, b in self.seams],
                "state": [STATES[code] for code in self.state.tolist()],
                "strength": [strengths[code] for code in self.strength.tolist()],
                "count": self.count,
                "intensity": self.intensity,
            }
        )

    def bridges_frame(self) -> pd.DataFrame:
        """One row per bridge: ``a``, ``b``, ``cooperation`` (reference), ``strength``, ``members``, ``intensity``."""
        import pandas as pd

        return pd.DataFrame(
            {
                "a": [self.seams[row][0] for row in self.bridge_seam.tolist()],
                "b": [self.seams[row][1] for row in self.bridge_seam.tolist()],
                "cooperation": [self.cooperations[number].ref for number in self.bridge_cooperation.tolist()],
                "strength": [STRENGTHS[code] for code in self.bridge_strength.tolist()],
                "members": self.members[self.bridge_cooperation],
                "intensity": self.weight[self.bridge_cooperation],
            }
        )


def build_bridges(
    snapshot: RegisterSnapshot,
    territory: Territory,
    seams: Sequence[Seam],
    on: dt.date,
    *,
    task: str = "",
    kind: str = "",
    legal_form: str = "",
    multi_task: bool = False,
    spaces: Spaces | None = None,
    before: Bridges | None = None,
) -> Bridges:
    """The bridges of seams of one level on a day, from the smaller key and in the order of the keys.

    Filters as in `Bridges.only`. ``spaces`` of the same snapshot, territory and day spares resolving the members again,
    ``before`` those of the same seams in an earlier state of the register finding again what has not changed.
    """
    known = Spaces(snapshot, territory, on) if spaces is None else spaces
    earlier = None if before is None else before.everything or before
    ground = _ground(territory, seams) if earlier is None else earlier.ground
    position = {each.ref: number for number, each in enumerate(known.active)}
    sort, due = np.empty(0, np.int64), set(position)
    if earlier is not None and earlier.on == on:
        same = position.keys() & set(known.unchanged(earlier.spaces))
        number = np.array([position[each.ref] if each.ref in same else -1 for each in earlier.cooperations], np.int64)
        kept = np.append(number, -1)[earlier.bridge_cooperation] >= 0
        stays = number[earlier.bridge_cooperation[kept]]
        sort = _packed(earlier.bridge_seam[kept], earlier.bridge_strength[kept], stays)
        due -= {each.ref for each in earlier.cooperations if each.ref in same}
    found = [sort]
    for cooperation in known.active:
        if cooperation.ref in due:
            fine, coarse = _reach(known, cooperation.ref, ground.of_level, ground.level)
            rows, codes = _bridged(ground.sides, ground.group, len(ground.keys), fine, coarse, ground.larger)
            found.append(_packed(rows, codes, np.full(len(rows), position[cooperation.ref])))
    sort = np.sort(np.concatenate(found), kind="stable")  # quick where most of it is in order already
    rest, number = np.divmod(sort, _MOST_COOPERATIONS)
    rows, strength = np.divmod(rest, len(STRENGTHS))
    whole = Bridges(
        known,
        ground.level,
        ground.seams,
        known.active,
        np.array([known.size(each.ref) for each in known.active], np.int64),
        rows,
        number,
        strength.astype(np.int8),
        _confirmed(known, ground.level, ground.sides, ground.group, len(ground.keys)),
        ground,
    )
    return whole.only(task=task, kind=kind, legal_form=legal_form, multi_task=multi_task)


_MOST_COOPERATIONS = 1 << 32


def _packed(seam: NDArray[np.int64], strength: NDArray[np.int8], number: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bridges as single numbers in their order: by seam, strength and number of the cooperation."""
    return (seam * len(STRENGTHS) + strength) * _MOST_COOPERATIONS + number


def _ground(territory: Territory, seams: Sequence[Seam]) -> _Ground:
    areas = territory.municipalities.areas
    pairs = sorted(map(_from_the_smaller, seams))
    level = areas.level[areas.number[pairs[0][0]]] if pairs else Level.MUNICIPALITY
    keys, group = territory.municipalities.larger(level)
    return _Ground(
        level,
        tuple((a, b) for a, b, _, _ in pairs),
        keys,
        group,
        _sides(pairs, keys, areas.number),
        _larger(territory, level),
        np.array([LEVELS.index(each) for each in areas.level], np.int64),
    )


_Pair = tuple[str, str, tuple[str, ...], tuple[str, ...]]
"""Keys of both sides, the smaller first, and their border municipalities."""


def _from_the_smaller(seam: Seam) -> _Pair:
    if seam.own_key < seam.other_key:
        return seam.own_key, seam.other_key, seam.own.municipalities, seam.other.municipalities
    return seam.other_key, seam.own_key, seam.other.municipalities, seam.own.municipalities


def _sides(pairs: Sequence[_Pair], keys: list[str], number: dict[str, int]) -> _Sides:
    position = {key: i for i, key in enumerate(keys)}

    def listed(several: Sequence[tuple[str, ...]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        start = np.concatenate([[0], np.cumsum([len(each) for each in several], dtype=np.int64)])
        return start, np.array([number[key] for each in several for key in each], np.int64)

    a = np.array([position[pair[0]] for pair in pairs], np.int64)
    b = np.array([position[pair[1]] for pair in pairs], np.int64)
    own, other = listed([pair[2] for pair in pairs]), listed([pair[3] for pair in pairs])
    first = np.searchsorted(a, np.arange(len(keys) + 1))
    return _Sides((a, b), (own[0], other[0]), (own[1], other[1]), first)


def _larger(territory: Territory, level: Level) -> dict[Level, NDArray[np.int64]]:
    """For every level between this one and the Länder: the area that holds all of each area, `NOWHERE` if none does."""
    keys, group = territory.municipalities.larger(level)
    found = {}
    for above in (Level.UNION, Level.DISTRICT):
        if above <= level:
            continue
        number = territory.municipalities.areas.number
        of = np.array([number.get(key, NOWHERE) for key in territory.municipalities.of_level[above]], np.int64)
        low, high = np.full(len(keys), len(number)), np.full(len(keys), NOWHERE)
        somewhere = group != NOWHERE
        np.minimum.at(low, group[somewhere], of[somewhere])
        np.maximum.at(high, group[somewhere], of[somewhere])
        found[above] = np.where(low == high, high, NOWHERE)
    return found


def _reach(
    known: Spaces, ref: str, of_level: NDArray[np.int64], level: Level
) -> tuple[NDArray[np.int64], dict[Level, NDArray[np.int64]]]:
    """The municipalities of the members that are no larger than the level, and those of larger ones by their level.

    ``of_level``: the level of each area, as a position in `LEVELS`.
    """
    areas, count = known.areas, len(known.territory.municipalities.key)
    numbers = known.tying(ref)
    levels = of_level[numbers]
    several = [numbers[numbers < count]]
    several += [areas.of(each) for each in numbers[(numbers >= count) & (levels <= LEVELS.index(level))].tolist()]
    coarse = {}
    for above in (Level.UNION, Level.DISTRICT):
        if above > level and len(held := numbers[levels == LEVELS.index(above)]):
            coarse[above] = np.concatenate([areas.of(each) for each in held.tolist()])
    return np.concatenate(several), coarse


def _bridged(
    sides: _Sides,
    group: NDArray[np.int64],
    groups: int,
    fine: NDArray[np.int64],
    coarse: dict[Level, NDArray[np.int64]],
    larger: dict[Level, NDArray[np.int64]],
) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Positions of the seams one cooperation bridges, and the codes of the strengths.

    ``fine``: municipalities of members no larger than the level; ``coarse``: those of larger ones, which count for a
    seam unless one of them holds both sides.
    """
    covered, present = _marks(group, groups, fine)
    anywhere = present
    above: list[tuple[Level, NDArray[np.bool_], NDArray[np.bool_]]] = []
    for level, members in coarse.items():
        marks = _marks(group, groups, members)
        above.append((level, *marks))
        anywhere = anywhere | marks[1]
    rows = sides.between(np.flatnonzero(anywhere[:groups]), anywhere)
    if not len(rows):
        return rows, np.empty(0, np.int8)
    apart = {}
    for level, _, _ in above:
        a, b = (larger[level][sides.area[side][rows]] for side in (0, 1))
        apart[level] = (a != b) | (a == NOWHERE)
    there, touched, whole = np.ones(len(rows), bool), np.ones(len(rows), bool), np.ones(len(rows), bool)
    for side in (0, 1):
        start, stop = sides.start[side][rows], sides.start[side][rows + 1]
        municipality = sides.municipality[side][_ranges(start, stop)]
        taking_part = covered[municipality]
        here = present[sides.area[side][rows]]
        for level, covered_above, present_above in above:
            taking_part |= covered_above[municipality] & np.repeat(apart[level], stop - start)
            here = here | (present_above[sides.area[side][rows]] & apart[level])
        until = np.concatenate([[0], np.cumsum(taking_part)])
        end = np.cumsum(stop - start)
        number = until[end] - until[end - (stop - start)]
        there &= here
        touched &= number > 0
        whole &= (number > 0) & (number == stop - start)
    strength = np.where(whole, FULL, np.where(touched, ADJACENT, LOOSE)).astype(np.int8)
    return rows[there], strength[there]


def _marks(
    group: NDArray[np.int64], groups: int, municipalities: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which municipalities are among these, and which areas hold one of them; one more area for `NOWHERE`."""
    covered, present = np.zeros(len(group), bool), np.zeros(groups + 1, bool)
    covered[municipalities] = True
    present[group[municipalities]] = True
    present[NOWHERE] = False
    return covered, present


def _ranges(start: NDArray[np.int64], stop: NDArray[np.int64]) -> NDArray[np.int64]:
    """All numbers from each start up to its stop, one range after another."""
    size = stop - start
    return np.repeat(stop - np.cumsum(size), size) + np.arange(size.sum())


def _confirmed(known: Spaces, level: Level, sides: _Sides, group: NDArray[np.int64], groups: int) -> NDArray[np.bool_]:
    """Seams both of whose sides say that the register holds all of their cooperations."""
    complete = complete_areas(known, group, groups)
    return complete[sides.area[0]] & complete[sides.area[1]]


def complete_areas(known: Spaces, group: NDArray[np.int64], groups: int) -> NDArray[np.bool_]:
    """Which areas of a level say that the register holds all of their cooperations.

    An area says so itself, or one that holds all of it does. What an area said before it was merged into another is
    not said by the other. ``group`` is the position of the area of each municipality.
    """
    size = np.bincount(group[group != NOWHERE], minlength=groups)
    complete = np.zeros(groups, bool)
    for key in known.snapshot.complete:
        carried = known.lineage.carry(key)
        if carried.way == "later" or not carried.keys:
            continue
        inside = np.concatenate([known.areas.of(known.areas.number[each]) for each in carried.keys])
        held = np.bincount(group[inside][group[inside] != NOWHERE], minlength=groups)
        complete |= (held == size) & (size > 0)
    return complete
