"""Seams: borders between two areas together with the people and places along them.

Everything here follows from three tables: the municipalities with their people and the larger areas they
belong to, the borders between municipalities, and the borders between areas of the level asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from nahtstelle.core.keys import LEVELS, Level
from nahtstelle.core.lineage import spellings
from nahtstelle.core.model import BorderPeople, People, Seam, Side, Variant

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOWHERE = -1
"""Position of the larger area of a municipality that belongs to none, e.g. a union abroad."""


@dataclass(frozen=True)
class Areas:
    """Every area of every level under a number, municipalities first, each with its municipalities.

    ``key`` and ``level`` by number, ``number`` by key; the municipalities of area ``i`` are
    ``municipality[start[i]:start[i + 1]]``, as positions in ascending order. The number of a municipality is its
    position.
    """

    key: list[str]
    level: list[Level]
    number: dict[str, int]
    start: NDArray[np.int64]
    municipality: NDArray[np.int64]

    def of(self, number: int) -> NDArray[np.int64]:
        """Positions of the municipalities of one area."""
        return self.municipality[self.start[number] : self.start[number + 1]]

    @cached_property
    def ground(self) -> list[int]:
        """Of each area the smallest one with the same municipalities: of a city that is a Land the municipality."""
        first: dict[bytes, int] = {}
        return [first.setdefault(self.of(number).tobytes(), number) for number in range(len(self.key))]

    @cached_property
    def spellings(self) -> dict[str, str]:
        """The key of each area under every way to write it."""
        return spellings(self.key)


@dataclass(frozen=True)
class Municipalities:
    """The municipalities of an edition as plain columns of one length.

    ``key`` in ascending order; ``people`` with nan where unknown; ``of_level``: for each larger level the key of the
    larger area, ``""`` where there is none; ``land`` the key of the Land or ``""``. ``area_m2`` is needed for
    footprints only.
    """

    key: Sequence[str]
    people: NDArray[np.float64]
    of_level: dict[Level, Sequence[str]]
    area_m2: NDArray[np.float64] | None = None

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each key stands."""
        return {key: i for i, key in enumerate(self.key)}

    @cached_property
    def areas(self) -> Areas:
        """The areas of all levels. A key names one area, whatever its level."""
        keys: list[str] = []
        levels: list[Level] = []
        sizes, municipalities = [np.zeros(1, np.int64)], []
        for level in LEVELS:
            named, group = self.larger(level)
            somewhere = np.flatnonzero(group != NOWHERE)
            keys += named
            levels += [level] * len(named)
            sizes.append(np.bincount(group[somewhere], minlength=len(named)))
            municipalities.append(somewhere[np.argsort(group[somewhere], kind="stable")])
        number = {key: i for i, key in enumerate(keys)}
        return Areas(keys, levels, number, np.concatenate(sizes).cumsum(), np.concatenate(municipalities))

    def larger(self, level: Level) -> tuple[list[str], NDArray[np.int64]]:
        """The areas of a level in ascending order, and the position of each municipality's area among them."""
        named = self.key if level is Level.MUNICIPALITY else self.of_level[level]
        keys = sorted(set(named) - {""})
        number = {key: i for i, key in enumerate(keys)}
        return keys, np.array([number.get(key, NOWHERE) for key in named], np.int64)

    def count(self, members: NDArray[np.bool_] | NDArray[np.int64]) -> People:
        """The people of some municipalities, given as a mask or as positions."""
        people = self.people[members]
        known = people[~np.isnan(people)]
        return People(int(known.sum()) if len(known) or not len(people) else None, len(known), len(people))


@dataclass(frozen=True)
class Lines:
    """Borders of one level as plain columns: ``a``, ``b`` (positions, a < b), ``length_m``, ``stretches``."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    length_m: NDArray[np.float64]
    stretches: NDArray[np.int64]


@dataclass(frozen=True)
class Territory:
    """What seams are computed from.

    ``lines`` holds the borders of every level, positions counted among the areas of that level in ascending order of
    their keys; ``perimeter_m`` likewise.
    """

    municipalities: Municipalities
    lines: dict[Level, Lines]
    perimeter_m: dict[Level, NDArray[np.float64]]

    def seams_of(self, key: str, level: Level, at: Level | None = None) -> list[Seam]:
        """The seams of one area, longest first.

        By default those with its neighbours of the same level. ``at`` a smaller level: the seams between its parts of
        that level and the parts of its neighbours. Raises `KeyError` for a key that is no area of the level,
        `ValueError` for a larger level.
        """
        at = at or level
        if at > level:
            raise ValueError(f"a {level} has no seams of level {at}")
        keys, group = self.municipalities.larger(level)
        position = dict(zip(keys, range(len(keys)), strict=True))[key]
        parts = self.municipalities.larger(at)[1][group == position]
        return sorted(self._seams(at, parts), key=lambda seam: (-seam.length_m, seam.own_key, seam.other_key))

    def all_seams(self, level: Level) -> Iterator[Seam]:
        """Every seam of a level once, seen from the smaller key, in the order of the keys."""
        return self._seams(level, None)

    def _seams(self, level: Level, own: NDArray[np.int64] | None) -> Iterator[Seam]:
        """Seams between one of ``own`` (positions) and another area; without ``own`` all of them."""
        keys, group = self.municipalities.larger(level)
        lines = self.lines[level]
        mine = np.zeros(len(keys) + 1, bool)  # one more for NOWHERE
        if own is not None:
            mine[own] = True
            rows = np.flatnonzero(mine[lines.a] != mine[lines.b])
        else:
            rows = np.arange(len(lines.a))
        at_border = self._border_municipalities(group, len(keys), None if own is None else mine)
        perimeter_m = self.perimeter_m[level]
        land = self._land_of_each(group, len(keys))
        for row in rows.tolist():
            one, other = int(lines.a[row]), int(lines.b[row])
            if mine[other]:
                one, other = other, one
            length_m = float(lines.length_m[row])
            yield Seam(
                keys[one],
                keys[other],
                length_m,
                int(lines.stretches[row]),
                length_m / float(perimeter_m[one]),
                bool(land[one] and land[other] and land[one] != land[other]),
                self._side(at_border.get((one, other), [])),
                self._side(at_border.get((other, one), [])),
            )

    def _side(self, positions: list[int]) -> Side:
        keys = self.municipalities.key
        return Side(tuple(keys[i] for i in positions), self.municipalities.count(np.array(positions, np.int64)))

    def _border_municipalities(
        self, group: NDArray[np.int64], groups: int, mine: NDArray[np.bool_] | None
    ) -> dict[tuple[int, int], list[int]]:
        """For every (area, neighbour): positions of the area's municipalities that share a line with the neighbour."""
        lines = self.lines[Level.MUNICIPALITY]
        of_a, of_b = group[lines.a], group[lines.b]
        apart = (of_a != of_b) & (of_a != NOWHERE) & (of_b != NOWHERE)
        if mine is not None:
            apart &= mine[of_a] != mine[of_b]
        municipality = np.concatenate([lines.a[apart], lines.b[apart]])
        own = np.concatenate([of_a[apart], of_b[apart]])
        other = np.concatenate([of_b[apart], of_a[apart]])
        count = len(group)
        rows = np.unique((own * groups + other) * count + municipality)
        pair = rows // count
        found: dict[tuple[int, int], list[int]] = {}
        for own_other, i in zip(pair.tolist(), (rows % count).tolist(), strict=True):
            found.setdefault(divmod(own_other, groups), []).append(i)
        return found

    def _land_of_each(self, group: NDArray[np.int64], groups: int) -> list[str]:
        land = [""] * groups
        for position, key in zip(group.tolist(), self.municipalities.of_level[Level.LAND], strict=True):
            if position != NOWHERE:
                land[position] = key
        return land

    def border_people(self, region: Sequence[tuple[str, Level]], variant: Variant) -> BorderPeople:
        """Border people of a region made of areas of any level.

        ``inner``: municipalities at a seam between two of the areas; ``outer``: municipalities at a seam with an
        area outside the region (state border and coast are no seams); ``all``: either. Areas may not overlap.

        Raises `KeyError` for an unknown key, `ValueError` where two areas share a municipality.
        """
        count = len(self.municipalities.key)
        member = np.full(count, NOWHERE, np.int64)
        for number, (key, level) in enumerate(region):
            keys, group = self.municipalities.larger(level)
            if key not in set(keys):
                raise KeyError(key)
            mine = group == keys.index(key)
            if (member[mine] != NOWHERE).any():
                raise ValueError(key)
            member[mine] = number
        lines = self.lines[Level.MUNICIPALITY]
        of_a, of_b = member[lines.a], member[lines.b]
        inner = (of_a != of_b) & (of_a != NOWHERE) & (of_b != NOWHERE)
        outer = (of_a == NOWHERE) != (of_b == NOWHERE)
        at_seam = {"inner": inner, "outer": outer, "all": inner | outer}[variant]
        border = np.zeros(count, bool)
        border[lines.a[at_seam]] = True
        border[lines.b[at_seam]] = True
        border &= member != NOWHERE
        return BorderPeople(
            tuple(key for key, _ in region),
            variant,
            self.municipalities.count(member != NOWHERE),
            self.municipalities.count(border),
            tuple(self.municipalities.key[i] for i in np.flatnonzero(border).tolist()),
        )
