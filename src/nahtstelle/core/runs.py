"""Boundaries cut into runs: the longest parts that face one neighbour and pass no node.

A border is a sum of runs, and so is every border of larger areas. A node is a place where more than two boundary lines
meet, or where areas touch in a point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nahtstelle.core.linework import BLOCK, NO_SEGMENT, OUTSIDE, Linework, Match, index_mask, namesakes

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Runs:
    """Boundaries cut into runs: the longest parts that face one neighbour and pass no node.

    A node is a place where more than two boundary lines meet. Arrays of one length: ``owner``, ``facing``
    (positions of areas, or `OUTSIDE`), ``length_m``, ``start``, ``stop`` (first and last vertex in the
    linework), ``start_node``, ``stop_node`` (names of these vertices).
    """

    owner: NDArray[np.int32]
    facing: NDArray[np.int32]
    length_m: NDArray[np.float64]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    start_node: NDArray[np.uint64]
    stop_node: NDArray[np.uint64]


def nodes(lines: Linework, owner: NDArray[np.int32], matched: Match) -> NDArray[np.bool_]:
    """Which vertices are places where more than two boundary lines meet, or areas touch from outside.

    Where the other side goes on with the same line, the visits of the two areas to a place are one, and one of them
    stands for both. A place with several visits even so is a node.
    """
    count, twin, facing = len(lines.vertex), matched.twin, matched.facing
    low = index_mask(count)
    visits = [np.empty(0, np.uint64)]
    for start in range(0, count, BLOCK):
        here, faced = twin[start : start + BLOCK], facing[start : start + BLOCK]
        before = twin[start - 1 : start + len(here) - 1] if start else np.append(np.int32(-1), here[:-1])
        stands = (_steps(before, here) == 0) | (owner[start : start + BLOCK] < faced)
        stands &= faced != NO_SEGMENT  # a closing vertex is its ring's first again
        visit = np.flatnonzero(stands) + start
        visits.append((lines.vertex[visit] & ~low) | visit.astype(np.uint64))
    order = np.concatenate(visits)
    del visits
    order.sort()
    node = np.zeros(count, bool)
    for one, other, _ in namesakes(order, low):
        for several in (one, other):
            node[several] = True
            step = _steps(twin[several - 1], twin[several])
            node[(twin[several] + (step < 0))[step != 0]] = True
    return node


def _steps(before: NDArray[np.int32], here: NDArray[np.int32]) -> NDArray[np.int32]:
    """How the other side goes on from one segment to the next: backwards (-1), forwards (1) or not at all (0)."""
    step = here - before
    step[(np.abs(step) != 1) | (np.minimum(here, before) < 0)] = 0
    return step


def cut(
    lines: Linework,
    owner: NDArray[np.int32],
    facing: NDArray[np.int32],
    node: NDArray[np.bool_],
    lengths_m: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> Runs:
    """Cut boundaries where the other side changes and at nodes; ``lengths_m`` measures from each point to the next."""
    begins = node.copy()
    begins[:1] = True
    begins[1:] |= facing[1:] != facing[:-1]
    begins[lines.ring_end] = True
    start = np.flatnonzero(begins)
    total_m = np.empty(len(start))
    done = 0
    for first, behind in lines.ring_blocks():
        offset, end = lines.ring_start[first], lines.ring_start[behind]
        length_m = np.append(lengths_m(lines.xy[offset:end]), 0.0)
        runs = int(np.searchsorted(start, end))
        total_m[done:runs] = np.add.reduceat(length_m, start[done:runs] - offset)
        done = runs
    real = facing[start] >= OUTSIDE
    stop = np.append(start[1:], len(facing))[real]
    start = start[real]
    return Runs(owner[start], facing[start], total_m[real], start, stop, lines.vertex[start], lines.vertex[stop])


def meetings(lines: Linework, owner: NDArray[np.int32], node: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Pairs of areas that meet at a node, in points or along lines."""
    visit = np.flatnonzero(node)
    place = lines.vertex[visit]
    order = np.argsort(place)
    place, area = place[order], owner[visit[order]].astype(np.int64)
    pairs = [np.empty((0, 2), np.int64)]
    distance = 1
    while True:
        together = np.flatnonzero(place[distance:] == place[:-distance])
        if not len(together):
            break
        one, other = area[together], area[together + distance]
        low, high = np.minimum(one, other), np.maximum(one, other)
        pairs.append(np.column_stack([low, high])[low != high])
        distance += 1
    return np.concatenate(pairs)
