"""The boundary lines of areas as one sequence of directed segments, and the match between the two sides.

Plain arrays inside: all rings of all areas lie one behind the other, closing vertices included. Segment ``i``
runs from vertex ``i`` to vertex ``i + 1``; the last vertex of a ring starts no real segment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

OUTSIDE = -1
"""Faced by a segment on whose other side lies no area."""
WITHIN = -2
"""Faced by a segment with the same area on both sides, e.g. between a land part and a water part."""
NO_SEGMENT = -3
"""The place between two rings."""

BLOCK = 1 << 15
"""Vertices worked on at once: the working arrays stay in the processor's cache."""
_ODD = tuple(np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xBF58476D1CE4E5B9))
_SHIFT = (np.uint64(29), np.uint64(32))
_BITS_OF_STRIP = 7
_LAST_STRIP = np.int64((1 << _BITS_OF_STRIP) - 1)
# a name is a bit that stays free, so that the sum of two names does not overflow, the strip and the mixed rest
_ABOVE_MIXED, _BELOW_STRIP = np.uint64(_BITS_OF_STRIP + 1), np.int64(64 - _BITS_OF_STRIP - 1)


@dataclass(frozen=True)
class Linework:
    """Rings of areas, one behind the other.

    ``xy``: (m, 2) coordinates; ``ring_start``: (r + 1) offsets into ``xy``; ``ring_owner``: (r) area of each ring;
    ``ring_is_turned``: (r) whether a ring is drawn with its area on the right (a shell clockwise, a hole
    counter-clockwise); ``vertex``: (m) 64-bit name of each vertex, equal for equal places.
    """

    xy: NDArray[np.float64]
    ring_start: NDArray[np.int64]
    ring_owner: NDArray[np.int32]
    ring_is_turned: NDArray[np.bool_]
    vertex: NDArray[np.uint64]

    @property
    def ring_end(self) -> NDArray[np.int64]:
        """Index of the last (closing) vertex of every ring."""
        return self.ring_start[1:] - 1

    def ring_blocks(self) -> Iterator[tuple[int, int]]:
        """Portions of whole rings, small enough for the processor's cache: first ring, ring behind the last."""
        return ring_blocks(self.ring_start)

    def owner(self) -> NDArray[np.int32]:
        """Area of every vertex, and so of the segment that starts there."""
        return np.repeat(self.ring_owner, np.diff(self.ring_start))


def linework(geometries: NDArray[np.object_], grid: float) -> Linework:
    """Linework of (multi)polygons; area ``i`` is ``geometries[i]``.

    Vertices are the same when they fall into the same cell of a grid of this width, in units of the coordinates
    (0: when they are equal to the last bit). Vertices that follow their equal are taken out. A third
    dimension is ignored.
    """
    parts, part_owner = _polygons(geometries)
    rings_per_part = shapely.get_num_interior_rings(parts) + 1
    first_ring = np.cumsum(rings_per_part) - rings_per_part
    ring_is_hole = np.ones(rings_per_part.sum(), bool)
    ring_is_hole[first_ring] = False
    # to ask for the rings of a polygon copies it, so only those with holes are asked
    whole = np.repeat(rings_per_part == 1, rings_per_part)
    size = np.empty(len(whole), np.int64)
    size[whole] = shapely.get_num_coordinates(parts[rings_per_part == 1])
    size[~whole] = shapely.get_num_coordinates(shapely.get_rings(parts[rings_per_part > 1]))
    ring_start = np.concatenate([[0], np.cumsum(size)])
    xy = shapely.get_coordinates(geometries)
    owner = np.repeat(part_owner.astype(np.int32), rings_per_part)
    turned = _turned(xy, ring_start, ring_is_hole)
    return without_repeats(Linework(xy, ring_start, owner, turned, name_vertices(xy, grid)))


def _polygons(geometries: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """All polygons in the order of the areas, and the area of each."""
    # taking a multipolygon apart copies it, a polygon is its own only part
    multi = shapely.get_type_id(geometries) == shapely.GeometryType.MULTIPOLYGON
    several = np.flatnonzero(multi)
    parts, of = shapely.get_parts(geometries[several], return_index=True)
    owner = np.concatenate([np.flatnonzero(~multi), several[of]])
    order = np.argsort(owner, kind="stable")
    return np.concatenate([geometries[~multi], parts])[order], owner[order]


def name_vertices(xy: NDArray[np.float64], grid: float) -> NDArray[np.uint64]:
    """A 64-bit name for every vertex, the same for vertices in the same cell of the grid.

    A name begins with the strip of the map the vertex lies in, counted from west to east: what is near in the order
    of names is near in memory, which large maps gain from. The rest is well mixed, so that sums of two names tell
    segments apart. Two of 30 million different places share a name by chance once in 20,000 maps.
    """
    name = np.empty(len(xy), np.uint64)
    # the width of the map from some of its vertices: others, far out, fall into strips that are taken
    some = np.nan_to_num(np.rint(xy[::64, 0] / grid)) if grid and len(xy) else np.zeros(1)
    west = np.int64(some.min())
    strip_width = np.int64(max(int(some.max() - west).bit_length() - _BITS_OF_STRIP, 0))
    for start in range(0, len(xy), BLOCK):
        block = xy[start : start + BLOCK]
        cell = np.rint(block / grid).astype(np.int64) if grid else np.ascontiguousarray(block + 0.0).view(np.int64)
        strip = cell[:, 0] - west
        strip >>= strip_width
        strip &= _LAST_STRIP
        strip <<= _BELOW_STRIP
        number = cell.view(np.uint64)
        if not grid:  # a whole number as a float ends in zeros, which would stay zeros in every product
            number = number ^ (number >> _SHIFT[0])
        mixed = number[:, 0] * _ODD[0]
        mixed += number[:, 1] * _ODD[1]
        mixed ^= mixed >> _SHIFT[0]
        mixed *= _ODD[2]
        mixed ^= mixed >> _SHIFT[1]
        mixed *= _ODD[1]
        mixed >>= _ABOVE_MIXED
        mixed |= strip.view(np.uint64)
        name[start : start + BLOCK] = mixed
    return name


def without_repeats(lines: Linework) -> Linework:
    """The linework without vertices that follow their equal, and without rings that have shrunk to nothing."""
    repeats = np.flatnonzero(lines.vertex[1:] == lines.vertex[:-1])
    repeats = np.setdiff1d(repeats, lines.ring_end, assume_unique=True)
    if not len(repeats):
        return lines
    keep = np.ones(len(lines.xy), bool)
    keep[repeats] = False
    size = np.add.reduceat(keep, lines.ring_start[:-1], dtype=np.int64)
    whole = size > 3  # a ring that shrank to a line or a point bounds nothing
    keep &= np.repeat(whole, np.diff(lines.ring_start))
    return Linework(
        lines.xy[keep],
        np.concatenate([[0], np.cumsum(size[whole])]),
        lines.ring_owner[whole],
        lines.ring_is_turned[whole],
        lines.vertex[keep],
    )


def ring_blocks(ring_start: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Portions of whole rings of some `BLOCK` vertices each; a longer ring is a portion of its own."""
    rings = len(ring_start) - 1
    first = 0
    while first < rings:
        behind = int(np.searchsorted(ring_start, ring_start[first] + BLOCK, side="right")) - 1
        behind = min(max(behind, first + 1), rings)
        yield first, behind
        first = behind


def _turned(
    xy: NDArray[np.float64], ring_start: NDArray[np.int64], ring_is_hole: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    clockwise = np.empty(len(ring_is_hole), bool)
    for first, behind in ring_blocks(ring_start):
        start = ring_start[first]
        block = xy[start : ring_start[behind]]
        x, y = block[:, 0], block[:, 1] - block[0, 1]
        twice_area = np.zeros(len(block))
        twice_area[:-1] = (x[:-1] - x[1:]) * (y[:-1] + y[1:])
        twice_area[ring_start[first + 1 : behind + 1] - 1 - start] = 0.0
        clockwise[first:behind] = np.add.reduceat(twice_area, ring_start[first:behind] - start) < 0
    return np.asarray(clockwise != ring_is_hole)


def index_mask(count: int) -> np.uint64:
    """The low bits that hold an index below ``count``.

    Names whose low bits give way to an index are put in order, index and all, by one sort of plain integers.
    """
    return np.uint64((1 << max(int(count - 1).bit_length(), 1)) - 1)


def namesakes(
    order: NDArray[np.uint64], low: np.uint64
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]]:
    """Indices of consecutive things of one name, the one and the next, and whether they are the only two.

    ``order``: names with an index in their low bits, sorted. Names are compared without these bits: in maps of 30
    million vertices different names are taken for one some thousand times, so the caller looks again.
    """
    for start in range(0, len(order), BLOCK):
        stop = min(start + BLOCK, len(order))
        block = order[max(start - 2, 0) : stop + 1]
        same = np.zeros(len(block) + 1, bool)  # as the one before; nothing before the first and behind the last
        same[1:-1] = (block[1:] ^ block[:-1]) <= low
        own = slice(start - max(start - 2, 0), len(block) - (stop < len(order)))
        second = np.flatnonzero(same[own]) + own.start
        just_two = ~(same[second - 1] | same[second + 1])
        index = block & low
        yield index[second - 1].astype(np.int32), index[second].astype(np.int32), just_two


@dataclass(frozen=True)
class Match:
    """What every segment faces.

    ``twin``: (m) index of the segment on the other side, -1 without one; ``facing``: (m) area on the other side, or
    `OUTSIDE`, `WITHIN`, `NO_SEGMENT`; ``clashing``: (k, 2) pairs of segments on the same line that are no two
    sides of it: a third area on the line, or two areas on the same side.
    """

    twin: NDArray[np.int32]
    facing: NDArray[np.int32]
    clashing: NDArray[np.int64]


def match(lines: Linework, owner: NDArray[np.int32]) -> Match:
    """Find the other side of every segment.

    Segments are sorted by the sum of the names of their ends, which is the same in both directions.
    """
    vertex, count = lines.vertex, len(lines.vertex)
    order = np.empty(count, np.uint64)
    np.add(vertex[:-1], vertex[1:], out=order[:-1])
    # between two rings there is no segment: give each such place a name of its own
    order[lines.ring_end] = (lines.ring_end.astype(np.uint64) + _ODD[0]) * _ODD[1]
    low = index_mask(count)
    for start in range(0, count, BLOCK):
        block = order[start : start + BLOCK]
        block &= ~low
        block |= np.arange(start, start + len(block), dtype=np.uint64)
    order.sort()
    twin = np.full(count, -1, np.int32)
    crowd = [np.empty(0, np.int32)]
    for one, other, just_two in namesakes(order, low):
        twin[one[just_two]] = other[just_two]
        twin[other[just_two]] = one[just_two]
        crowd += [one[~just_two], other[~just_two]]
    del order

    turned = np.repeat(lines.ring_is_turned, np.diff(lines.ring_start)) if lines.ring_is_turned.any() else None
    unsettled = np.unique(np.concatenate([*crowd, *_not_two_sides(vertex, turned, twin)]).astype(np.int64))
    twin[unsettled] = -1
    clashing = _settle(unsettled, vertex, turned, twin) if len(unsettled) else np.empty((0, 2), np.int64)

    facing = np.empty(count, np.int32)
    for start in range(0, count, BLOCK):
        partner = twin[start : start + BLOCK]
        other = owner[partner]
        other[other == owner[start : start + BLOCK]] = WITHIN
        other[partner < 0] = OUTSIDE
        facing[start : start + BLOCK] = other
    facing[lines.ring_end] = NO_SEGMENT
    return Match(twin, facing, clashing)


def _not_two_sides(
    vertex: NDArray[np.uint64], turned: NDArray[np.bool_] | None, twin: NDArray[np.int32]
) -> Iterator[NDArray[np.int64]]:
    """Paired segments that are no two sides of a line: other ends, or areas on the same side."""
    for start in range(0, len(twin), BLOCK):
        partner = twin[start : start + BLOCK]
        one = np.flatnonzero(partner > np.arange(start, start + len(partner))) + start
        other = twin[one].astype(np.intp)
        sides = (vertex[one] == vertex[other + 1]) & (vertex[one + 1] == vertex[other])
        if turned is not None:
            parallel = (vertex[one] == vertex[other]) & (vertex[one + 1] == vertex[other + 1])
            sides = np.where(turned[one] != turned[other], parallel, sides)
        yield one[~sides]
        yield other[~sides]


def _settle(
    segments: NDArray[np.int64],
    vertex: NDArray[np.uint64],
    turned: NDArray[np.bool_] | None,
    twin: NDArray[np.int32],
) -> NDArray[np.int64]:
    """Match the few segments that share their sorting number with several others; returns those that clash."""
    flipped = np.zeros(len(segments), bool) if turned is None else turned[segments]
    ahead, behind = vertex[segments + 1], vertex[segments]
    low_end, high_end = np.minimum(ahead, behind), np.maximum(ahead, behind)
    upward = (behind < ahead) != flipped
    order = np.lexsort((upward, high_end, low_end))
    segments, low_end, high_end, upward = segments[order], low_end[order], high_end[order], upward[order]
    new_line = np.flatnonzero(np.r_[True, (low_end[1:] != low_end[:-1]) | (high_end[1:] != high_end[:-1])])
    clashing = []
    for start, stop in zip(new_line, np.r_[new_line[1:], len(segments)], strict=True):
        if stop - start == 2 and upward[start] != upward[start + 1]:
            twin[segments[start]], twin[segments[start + 1]] = segments[start + 1], segments[start]
            continue
        middle = stop - np.count_nonzero(upward[start:stop])
        for first, behind in ((start, middle), (middle, stop)):
            clashing += [(segments[first], another) for another in segments[first + 1 : behind]]
    return np.array(clashing, np.int64).reshape(-1, 2)


def components(count: int, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """Smallest member of the connected component of each of ``count`` things, linked pairwise.

    Hooking and pointer jumping (Shiloach and Vishkin 1982): a handful of rounds whatever the shape.

    >>> components(5, np.array([0, 3]), np.array([1, 4]))
    array([0, 0, 2, 3, 3])
    """
    label = np.arange(count)
    while len(one):
        low = np.minimum(label[one], label[other])
        high = np.maximum(label[one], label[other])
        np.minimum.at(label, high, low)
        while True:
            jumped = label[label]
            if np.array_equal(jumped, label):
                break
            label = jumped
        apart = label[one] != label[other]
        one, other = one[apart], other[apart]
    return label
