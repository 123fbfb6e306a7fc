"""What the tiles say of areas and seams: attributes, classes of people, ranks of labels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nahtstelle.core.keys import Level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nahtstelle.editions.edition import Edition

CLASS_COUNT = 5
MIDDLE_CLASS = 3


@dataclass(frozen=True)
class LevelTable:
    """One level: its areas in ascending order of keys, its seams, and the bounds of their classes of people.

    ``areas``: indexed by key, with ``name``, ``designation``, ``people``, ``land``, and ``rank`` for the label, missing
    where an area has none. ``seams``: indexed by numbers of two areas, with the attributes of the layer.
    """

    level: Level
    areas: pd.DataFrame
    seams: pd.DataFrame
    people_bounds: tuple[int, ...]


def level_table(edition: Edition, level: Level) -> LevelTable:
    """The attributes of a level."""
    figures = edition.figures(level)
    land = figures.index.to_series() if level is Level.LAND else figures["land_key"]
    areas = pd.DataFrame(
        {
            "name": figures["name"].where(figures["name"].notna(), figures.index.to_series()),
            "designation": figures["designation"],
            "people": figures["people"].astype("Int64"),
            "land": land,
        },
        index=figures.index,
    )
    areas["rank"] = _ranks(figures, level)
    seams = edition.all_seams(level)
    people = pd.array([seam.people.people for seam in seams], dtype="Int64")
    bounds = people_bounds([int(each) for each in people.dropna()])
    a = areas.index.get_indexer(pd.Index([seam.own_key for seam in seams], dtype=object))
    b = areas.index.get_indexer(pd.Index([seam.other_key for seam in seams], dtype=object))
    table = pd.DataFrame(
        {
            "id": [f"{seam.own_key}/{seam.other_key}" for seam in seams],
            "a": [seam.own_key for seam in seams],
            "b": [seam.other_key for seam in seams],
            "length_m": np.array([max(round(seam.length_m), 1) for seam in seams], np.int64),
            "people": people,
            "land_seam": np.array([seam.land_seam for seam in seams], bool),
            "step": steps(people, bounds),
        },
        index=pd.MultiIndex.from_arrays([a, b]),
    )
    return LevelTable(level, areas, table, bounds)


def _ranks(figures: pd.DataFrame, level: Level) -> pd.Series:
    """1 for the most people, and so on; areas whose people are unknown follow, the largest of them first.

    A union of a single municipality is that municipality and gets no label of its own.
    """
    labelled = figures[figures["people_of"] > 1] if level is Level.UNION else figures
    order = labelled.sort_values(["people", "area_m2", "key"], ascending=[False, False, True], na_position="last")
    return pd.Series(np.arange(1, len(order) + 1), index=order.index).reindex(figures.index).astype("Int64")


def people_bounds(people: Sequence[int]) -> tuple[int, ...]:
    """Four bounds that cut the seams of a level into five classes of about as many seams each.

    Each is the first number of the class above it, and as round as they can be without two becoming one. Where there
    are too few different numbers for five classes there are no bounds.

    >>> people_bounds([1_230, 4_510, 11_800, 26_400, 52_000, 103_000, 1_250_000])
    (6000, 18000, 42000, 93000)
    """
    if not people:
        return ()
    exact = np.quantile(np.asarray(people, float), np.arange(1, CLASS_COUNT) / CLASS_COUNT)
    for digits in (2, 3, 4):
        bounds = tuple(_rounded(each, digits) for each in exact)
        if bounds[0] > 0 and all(np.diff(bounds) > 0):
            return bounds
    return ()


def _rounded(value: float, digits: int) -> int:
    if value < 1:
        return round(value)
    unit = 10.0 ** (math.floor(math.log10(value)) + 1 - digits)
    return round(round(value / unit) * unit)


def steps(people: pd.api.extensions.ExtensionArray, bounds: Sequence[int]) -> NDArray[np.int64]:
    """The class of each number: 1 to 5, the middle one where there are no bounds, 0 where the number is missing."""
    known = ~np.asarray(people.isna())
    value = np.asarray(people.fillna(0), np.int64)
    classes = np.searchsorted(bounds, value, side="right") + 1 if bounds else np.full(len(value), MIDDLE_CLASS)
    return np.where(known, classes, 0)
