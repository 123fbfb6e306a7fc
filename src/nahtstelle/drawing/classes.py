"""Five classes of people, with bounds a reader can say aloud."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from nahtstelle.drawing.words import WORDS, Language, number

CLASS_COUNT = 5
MIDDLE_CLASS = 3
SMALLEST_SPREAD = 2.0


@dataclass(frozen=True)
class PeopleClasses:
    """Bounds between the classes in people, ascending, each the first number of the class above it.

    Four bounds make five classes. None make one, the middle one: where the most people are less than twice
    the fewest, different widths would show a difference that matters to nobody.
    """

    bounds: tuple[int, ...]
    fewest: int
    most: int

    @classmethod
    def of(cls, people: Iterable[float]) -> PeopleClasses:
        """Classes evenly spaced by factor from the fewest to the most people, bounds as round as they can be.

        Both the first and the last class have at least one seam. Zeros count to the first class.

        >>> PeopleClasses.of([3_100, 24_000, 180_000, 940_000]).bounds
        (10000, 30000, 100000, 300000)
        >>> PeopleClasses.of([41_000, 92_000]).bounds
        (50000, 60000, 70000, 80000)
        """
        known = [value for value in people if value > 0] or [0.0]
        fewest, most = min(known), max(known)
        if most < SMALLEST_SPREAD * fewest or not most:
            return cls((), round(fewest), round(most))
        exact = [fewest * (most / fewest) ** (step / CLASS_COUNT) for step in range(1, CLASS_COUNT)]
        for digits in (1.0, 1.5, 2.0, 3.0, 4.0):
            bounds = [_rounded(value, digits) for value in exact]
            if fewest < bounds[0] and bounds[-1] <= most and len(set(bounds)) == len(bounds):
                break
        return cls(tuple(sorted(set(bounds))), round(fewest), round(most))

    def class_of(self, people: float) -> int:
        """The class of a number, 1 to 5."""
        return bisect_right(self.bounds, people) + 1 if self.bounds else MIDDLE_CLASS

    def steps(self, people: Iterable[float | None]) -> list[int]:
        """The class of each number, 0 where it is missing."""
        return [0 if pd.isna(value) else self.class_of(value) for value in people]

    def labels(self, language: Language) -> list[tuple[int, str]]:
        """Class and text of each line in a legend, most people first."""
        words = WORDS[language]
        if not self.bounds:
            ends = dict.fromkeys(number(end, 0, language) for end in (self.fewest, self.most))
            return [(MIDDLE_CLASS, " – ".join(ends))]
        said = [number(bound, 0, language) for bound in self.bounds]
        texts = [
            words.under.format(said[0]),
            *(words.from_to.format(low, high) for low, high in pairwise(said)),
            words.at_least.format(said[-1]),
        ]
        return list(reversed(list(enumerate(texts, start=1))))


def _rounded(value: float, digits: float) -> int:
    """Rounded to so many leading digits; a half digit is a last one of 0 or 5."""
    whole = math.ceil(digits)
    unit = 10.0 ** (math.floor(math.log10(value)) + 1 - whole)
    unit *= 5 if digits < whole else 1
    return max(1, round(round(value / unit) * unit))
