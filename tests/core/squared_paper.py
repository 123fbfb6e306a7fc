"""Countries on squared paper: every square a municipality's, every side between two squares a metre of border.

Two readings of one drawing: `Paper.territory` makes the tables that `nahtstelle.core.seams` computes from,
`Paper.facing` counts squares. What follows from the first has to agree with what can be counted in the second.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from nahtstelle.core.keys import LEVELS, Level
from nahtstelle.core.seams import Lines, Municipalities, Territory

NOBODY = "~"


@dataclass(frozen=True)
class Paper:
    """A drawing, one letter per square, and of each letter union, district and Land (``""`` for none) and people."""

    rows: tuple[str, ...]
    union: dict[str, str]
    district: dict[str, str]
    land: dict[str, str]
    people: dict[str, int | None]

    @property
    def letters(self) -> list[str]:
        return sorted(set("".join(self.rows)) - {NOBODY})

    def of(self, letter: str, level: Level) -> str:
        """The area of this level a letter belongs to."""
        if level is Level.MUNICIPALITY:
            return letter
        return {Level.UNION: self.union, Level.DISTRICT: self.district, Level.LAND: self.land}[level][letter]

    def members(self, key: str, level: Level) -> set[str]:
        return {letter for letter in self.letters if self.of(letter, level) == key}

    def areas(self, level: Level) -> list[str]:
        return sorted({self.of(letter, level) for letter in self.letters} - {""})

    @property
    def facing(self) -> Counter[tuple[str, str]]:
        """How many sides of squares of one letter face squares of another, in both directions."""
        found: Counter[tuple[str, str]] = Counter()
        for one, other in self._sides():
            if one != other:
                found[one, other] += 1
                found[other, one] += 1
        return found

    def _sides(self) -> list[tuple[str, str]]:
        wide = len(self.rows[0])
        framed = [NOBODY * (wide + 2), *(f"{NOBODY}{row}{NOBODY}" for row in self.rows), NOBODY * (wide + 2)]
        across = [pair for row in framed for pair in pairwise(row)]
        down = [pair for above, below in pairwise(framed) for pair in zip(above, below, strict=True)]
        return across + down

    def length(self, a: str, b: str, level: Level) -> int:
        """Metres between two areas of a level."""
        facing = self.facing
        return sum(facing[one, other] for one in self.members(a, level) for other in self.members(b, level))

    def perimeter(self, key: str, level: Level) -> int:
        members = self.members(key, level)
        return sum(count for (one, other), count in self.facing.items() if one in members and other not in members)

    def at_border(self, a: str, b: str, level: Level) -> list[str]:
        """Municipalities of a that share a line with b."""
        facing, others = self.facing, self.members(b, level)
        return sorted(one for one in self.members(a, level) if any(facing[one, other] for other in others))

    def known(self, letters: list[str]) -> list[int]:
        return [number for letter in letters if (number := self.people[letter]) is not None]

    @property
    def territory(self) -> Territory:
        """The same as tables."""
        letters = self.letters
        municipalities = Municipalities(
            letters,
            np.array([np.nan if self.people[letter] is None else self.people[letter] for letter in letters], float),
            {level: [self.of(letter, level) for letter in letters] for level in LEVELS[1:]},
        )
        lines, perimeter_m = {}, {}
        for level in LEVELS:
            keys = self.areas(level)
            pairs = [
                (a, b, length)
                for a in range(len(keys))
                for b in range(a + 1, len(keys))
                if (length := self.length(keys[a], keys[b], level))
            ]
            lines[level] = Lines(
                np.array([a for a, _, _ in pairs], np.int64),
                np.array([b for _, b, _ in pairs], np.int64),
                np.array([length for _, _, length in pairs], float),
                np.ones(len(pairs), np.int64),
            )
            perimeter_m[level] = np.array([self.perimeter(key, level) for key in keys], float)
        return Territory(municipalities, lines, perimeter_m)


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    """Any drawing: exclaves, enclaves, islands, areas without a union, unknown people."""
    letters = "ABCDEFGH"
    wide = draw(st.integers(1, 5))
    rows = draw(st.lists(st.text(letters + NOBODY, min_size=wide, max_size=wide), min_size=1, max_size=5))
    # not only noise: some rows twice, so that areas are larger than a square
    rows = [row for row in rows for _ in range(draw(st.integers(1, 2)))]
    land = {letter: draw(st.sampled_from(["01", "02", ""])) for letter in letters}
    district = {letter: f"{land[letter]}{draw(st.sampled_from('123'))}" for letter in letters}
    union = {letter: draw(st.sampled_from(["", f"{district[letter]}x", f"{district[letter]}y"])) for letter in letters}
    people = {letter: draw(st.none() | st.integers(0, 10**6)) for letter in letters}
    return Paper(tuple(rows), union, district, land, people)
