"""What keeps areas from being a clean coverage, and how much of it may be mended.

In a clean coverage every line is drawn once by the area on either side, with the same vertices. Then the number of
areas over a place can change only across lines without a partner, so it is enough to look at those: in
official maps some four lines in a hundred, the coast and the state border.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from nahtstelle.core.linework import (
    OUTSIDE,
    Linework,
    Match,
    components,
    without_repeats,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

NARROW_HOLE = 1 / 3
"""A hole between areas is a gap when its mean width is below this share of the mean segment length around it.

The map cannot draw anything so narrow. An equilateral triangle has 0.29, a square 0.5, a lake of many vertices far
more; Jungholz, an Austrian hole in the coarsest German map, has 0.5.
"""

NARROW_CHANNEL = 0.02
"""Two outer lines that run side by side at less than this share of their length are one border drawn twice."""

_CANDIDATES = 1 << 22  # pairs of segments looked at in one go


@dataclass(frozen=True)
class Mended:
    """What was changed so that the two sides of every border match.

    ``moved``: vertices moved onto a vertex of the other side; ``inserted``: vertices of one side added to the line
    of the other; ``farthest_m``: the largest distance anything moved.
    """

    moved: int = 0
    inserted: int = 0
    farthest_m: float = 0.0


@dataclass(frozen=True)
class Defects:
    """Places where areas are no clean coverage; empty (and false) for a clean one.

    Each list holds ``(area, area, x, y, width_m)`` with positions of areas and coordinates of the map;
    the width of an overlap is not known (nan).
    """

    overlaps: list[tuple[int, int, float, float, float]] = field(default_factory=list)
    gaps: list[tuple[int, int, float, float, float]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.overlaps or self.gaps)

    def areas(self) -> list[int]:
        """Positions of the areas concerned, those with most places first: mostly the one at fault leads."""
        places = Counter(area for a, b, *_ in self.overlaps + self.gaps for area in {a, b})
        return [area for area, _ in sorted(places.items(), key=lambda item: (-item[1], item[0]))]

    def described(self, keys: list[str]) -> Iterator[str]:
        """One line per place, overlaps first."""
        for a, b, x, y, _ in self.overlaps:
            what = f"{keys[a]} overlaps itself" if a == b else f"{keys[a]} and {keys[b]} overlap"
            yield f"{what} at ({x:.10g}, {y:.10g})"
        for a, b, x, y, width_m in self.gaps:
            yield f"a gap of {width_m:.3g} m between {keys[a]} and {keys[b]} at ({x:.10g}, {y:.10g})"


@dataclass(frozen=True)
class _Open:
    """Segments without a partner, directed so that their area lies on the left."""

    segment: NDArray[np.int64]
    owner: NDArray[np.int32]
    start: NDArray[np.int64]  # number of the start vertex
    stop: NDArray[np.int64]
    xy0: NDArray[np.float64]
    xy1: NDArray[np.float64]
    metres: NDArray[np.float64]  # (n, 2): metres per unit of x and y

    def step_m(self) -> NDArray[np.float64]:
        return (self.xy1 - self.xy0) * self.metres


def _open_segments(lines: Linework, owner: NDArray[np.int32], matched: Match, unit_m: float, degrees: bool) -> _Open:
    segment = np.flatnonzero(matched.facing == OUTSIDE)
    turned = lines.ring_is_turned[np.searchsorted(lines.ring_start, segment, side="right") - 1]
    ahead, behind = segment + 1, segment
    first, last = np.where(turned, ahead, behind), np.where(turned, behind, ahead)
    _, number = np.unique(lines.vertex[np.concatenate([first, last])], return_inverse=True)
    xy0, xy1 = lines.xy[first], lines.xy[last]
    metres = np.full((len(segment), 2), unit_m)
    if degrees:
        metres[:, 0] *= np.cos(np.radians((xy0[:, 1] + xy1[:, 1]) / 2))
    return _Open(segment, owner[segment], number[: len(segment)], number[len(segment) :], xy0, xy1, metres)


def defects(
    lines: Linework,
    owner: NDArray[np.int32],
    matched: Match,
    geometries: NDArray[np.object_],
    tolerance_m: float,
    unit_m: float,
) -> Defects:
    """Overlaps and gaps of areas; ``unit_m`` is the length of a unit of the coordinates in metres.

    Found are: two areas on the same side of a line, a third area on a line, outer lines that cross, outer lines
    that lie inside another area, holes between areas and channels between outer lines that are narrower than the map
    can draw. A hole or channel wider than that is a lake, a foreign enclave or an area that was left out: no defect.
    """
    found = Defects()
    for one, other in matched.clashing[:1000]:
        x, y = lines.xy[one : one + 2].mean(axis=0)
        found.overlaps.append((int(owner[one]), int(owner[other]), float(x), float(y), np.nan))
    open_ = _open_segments(lines, owner, matched, unit_m, degrees=unit_m > 1e4)
    if len(open_.segment):
        loop = _loops(open_)
        _look_into_holes(open_, loop, found)
        _look_across(open_, loop, geometries, found)
        _look_beside(open_, found)
    return found


def _loops(open_: _Open) -> NDArray[np.int64]:
    """Number of the closed line every open segment belongs to; lines that meet in a point stay apart."""
    count = len(open_.segment)
    by_start = np.argsort(open_.start, kind="stable")
    first = np.searchsorted(open_.start[by_start], open_.stop)
    following = by_start[np.minimum(first, count - 1)]
    branches = np.bincount(open_.start, minlength=int(max(open_.start.max(), open_.stop.max())) + 1)
    crowded = np.flatnonzero(branches[open_.stop] > 1)
    step = open_.step_m()
    for i in crowded:
        # the outside lies on the right: turning counter-clockwise from where we came, it ends at the first way out
        ways = by_start[first[i] : first[i] + branches[open_.stop[i]]]
        back = np.arctan2(-step[i, 1], -step[i, 0])
        turn = (np.arctan2(step[ways, 1], step[ways, 0]) - back) % (2 * np.pi)
        turn[turn == 0] = 2 * np.pi
        following[i] = ways[np.argmin(turn)]
    return np.unique(components(count, np.arange(count), following), return_inverse=True)[1]


def _look_into_holes(open_: _Open, loop: NDArray[np.int64], found: Defects) -> None:
    """Holes between areas that are narrower than the map can draw."""
    count = int(loop.max()) + 1
    _, first = np.unique(loop, return_index=True)
    y_ref = open_.xy0[first, 1][loop]
    step = open_.step_m()
    height_m = ((open_.xy0[:, 1] + open_.xy1[:, 1]) / 2 - y_ref) * open_.metres[:, 1]
    area_m2 = -np.bincount(loop, step[:, 0] * height_m, count)
    length_m = np.bincount(loop, np.hypot(step[:, 0], step[:, 1]), count)
    segments = np.bincount(loop, minlength=count).astype(float)
    owner_low = np.full(count, np.iinfo(np.int32).max, np.int32)
    owner_high = np.full(count, -1, np.int32)
    np.minimum.at(owner_low, loop, open_.owner)
    np.maximum.at(owner_high, loop, open_.owner)

    hole = np.flatnonzero(area_m2 <= 0)
    if not len(hole):
        return
    shell = np.flatnonzero(area_m2 > 0)
    in_hole, island = _islands(open_, loop, first, hole, shell)
    for place, inner in zip(hole[in_hole], shell[island], strict=True):
        area_m2[place] += area_m2[inner]
        length_m[place] += length_m[inner]
        segments[place] += segments[inner]
        owner_low[place] = min(owner_low[place], owner_low[inner])
        owner_high[place] = max(owner_high[place], owner_high[inner])
    width_m = 2 * np.abs(area_m2) / length_m
    narrow = width_m * segments < NARROW_HOLE * length_m
    for place in hole[(narrow & (owner_low != owner_high))[hole]]:
        x, y = open_.xy0[first[place]]
        found.gaps.append((int(owner_low[place]), int(owner_high[place]), float(x), float(y), float(width_m[place])))


def _islands(
    open_: _Open, loop: NDArray[np.int64], first: NDArray[np.int64], hole: NDArray[np.int64], shell: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which shells lie in which holes: positions in ``hole`` and ``shell``."""
    low = np.full((len(first), 2), np.inf)
    high = np.full((len(first), 2), -np.inf)
    np.minimum.at(low, loop, open_.xy0)
    np.maximum.at(high, loop, open_.xy0)
    tree = shapely.STRtree(np.asarray(shapely.points(open_.xy0[first[shell]])))
    in_box, candidate = tree.query(shapely.box(low[hole, 0], low[hole, 1], high[hole, 0], high[hole, 1]))
    smaller = (high[shell[candidate]] - low[shell[candidate]] <= high[hole[in_box]] - low[hole[in_box]]).all(axis=1)
    in_box, candidate = in_box[smaller], candidate[smaller]
    if not len(in_box):
        return in_box, candidate
    lines_of = {int(h): np.flatnonzero(loop == hole[h]) for h in np.unique(in_box)}
    faces = {h: shapely.union_all(shapely.polygonize(_drawn(open_.xy0[s], open_.xy1[s]))) for h, s in lines_of.items()}
    points = shapely.points(open_.xy0[first[shell[candidate]]])
    inside = shapely.contains(np.array([faces[int(h)] for h in in_box]), points)
    return in_box[inside], candidate[inside]


def _drawn(start: NDArray[np.float64], stop: NDArray[np.float64]) -> NDArray[np.object_]:
    return np.asarray(shapely.linestrings(np.stack([start, stop], axis=1)))


def _look_across(open_: _Open, loop: NDArray[np.int64], geometries: NDArray[np.object_], found: Defects) -> None:
    """Outer lines with an area on their outer side."""
    step = open_.xy1 - open_.xy0
    length = np.hypot(step[:, 0], step[:, 1])
    longest = np.lexsort((-length, loop))[np.unique(np.sort(loop), return_index=True)[1]]
    beside = (open_.xy0[longest] + open_.xy1[longest]) / 2
    beside += 1e-3 * np.column_stack([step[longest, 1], -step[longest, 0]])
    which, area = shapely.STRtree(geometries).query(shapely.points(beside), predicate="within")
    for i, other in zip(which[:1000], area[:1000], strict=True):
        x, y = beside[i]
        found.overlaps.append((int(open_.owner[longest[i]]), int(other), float(x), float(y), np.nan))


def _look_beside(open_: _Open, found: Defects) -> None:
    """Outer lines that cross each other, or run side by side closer than the map can draw."""
    step = open_.step_m()
    length_m = np.hypot(step[:, 0], step[:, 1])
    for one, other in _near(open_, NARROW_CHANNEL * length_m):
        apart = (
            (open_.start[one] != open_.start[other])
            & (open_.stop[one] != open_.stop[other])
            & (open_.start[one] != open_.stop[other])
            & (open_.stop[one] != open_.start[other])
        )
        one, other = one[apart], other[apart]
        crossing = _cross(open_, one, other)
        for i, j in zip(one[crossing][:1000], other[crossing][:1000], strict=True):
            x, y = (open_.xy0[i] + open_.xy1[i]) / 2
            found.overlaps.append((int(open_.owner[i]), int(open_.owner[j]), float(x), float(y), np.nan))
        differ = ~crossing & (open_.owner[one] != open_.owner[other])
        one, other = one[differ], other[differ]
        width_m = _channel_m(open_, step, length_m, one, other)
        channel = np.flatnonzero(width_m < NARROW_CHANNEL * np.maximum(length_m[one], length_m[other]))
        for k in channel[:1000]:
            i, j = one[k], other[k]
            x, y = (open_.xy0[i] + open_.xy1[i]) / 2
            found.gaps.append((int(open_.owner[i]), int(open_.owner[j]), float(x), float(y), float(width_m[k])))


def _near(open_: _Open, margin_m: NDArray[np.float64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs of open segments whose boxes, widened by the margin, overlap; in portions that fit into memory."""
    margin = margin_m[:, None] / open_.metres
    low = np.minimum(open_.xy0, open_.xy1) - margin
    high = np.maximum(open_.xy0, open_.xy1) + margin
    along = int(np.argmax(np.ptp(low, axis=0)))
    order = np.argsort(low[:, along], kind="stable")
    low, high = low[order], high[order]
    last = np.searchsorted(low[:, along], high[:, along], side="right")
    partners = last - np.arange(len(order)) - 1
    total = np.cumsum(partners)
    start = 0
    while start < len(order):
        before = total[start - 1] if start else 0
        stop = max(int(np.searchsorted(total, before + _CANDIDATES, side="right")), start + 1)
        some = partners[start:stop]
        one = np.repeat(np.arange(start, stop), some)
        other = one + 1 + np.arange(len(one)) - np.repeat(np.cumsum(some) - some, some)
        across = 1 - along
        meet = (low[one, across] <= high[other, across]) & (low[other, across] <= high[one, across])
        yield order[one[meet]], order[other[meet]]
        start = stop


def _side(origin: NDArray[np.float64], towards: NDArray[np.float64], point: NDArray[np.float64]) -> NDArray[np.float64]:
    ray, to_point = towards - origin, point - origin
    return np.asarray(ray[:, 0] * to_point[:, 1] - ray[:, 1] * to_point[:, 0])


def _cross(open_: _Open, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
    a0, a1, b0, b1 = open_.xy0[one], open_.xy1[one], open_.xy0[other], open_.xy1[other]
    return np.asarray((_side(a0, a1, b0) * _side(a0, a1, b1) < 0) & (_side(b0, b1, a0) * _side(b0, b1, a1) < 0))


def _channel_m(
    open_: _Open,
    step: NDArray[np.float64],
    length_m: NDArray[np.float64],
    one: NDArray[np.int64],
    other: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Width between segments that run side by side in opposite directions over half their length; else infinite."""
    swap = length_m[one] < length_m[other]
    one, other = np.where(swap, other, one), np.where(swap, one, other)  # measured from the longer one
    unit = step[one] / length_m[one, None]
    to0 = (open_.xy0[other] - open_.xy0[one]) * open_.metres[one]
    to1 = (open_.xy1[other] - open_.xy0[one]) * open_.metres[one]
    along0, along1 = (to0 * unit).sum(axis=1), (to1 * unit).sum(axis=1)
    across0 = np.abs(unit[:, 0] * to0[:, 1] - unit[:, 1] * to0[:, 0])
    across1 = np.abs(unit[:, 0] * to1[:, 1] - unit[:, 1] * to1[:, 0])
    shared = np.minimum(np.maximum(along0, along1), length_m[one]) - np.maximum(np.minimum(along0, along1), 0)
    beside = (along1 < along0) & (shared > length_m[other] / 2)
    return np.where(beside, np.maximum(across0, across1), np.inf)


def mend(
    lines: Linework, owner: NDArray[np.int32], matched: Match, tolerance_m: float, unit_m: float, so_far: Mended
) -> tuple[Linework, Mended, bool]:
    """Bring the two sides of borders together where they are apart by no more than the tolerance.

    Vertices of open lines within the tolerance of each other become one; a vertex of an open line within the
    tolerance of another open line becomes a vertex of that line too. Returns the linework, what was changed in all,
    and whether anything was.
    """
    degrees = unit_m > 1e4
    open_ = _open_segments(lines, owner, matched, unit_m, degrees)
    if tolerance_m <= 0 or not len(open_.segment):
        return lines, so_far, False
    lat = open_.xy0[:, 1].mean() if degrees else 0.0
    metres = np.array([unit_m * np.cos(np.radians(lat)), unit_m])
    name, at = np.unique(lines.vertex[open_.segment], return_index=True)
    place = lines.xy[open_.segment[at]]
    moved = _moves(place * metres, tolerance_m)
    if (moved != np.arange(len(moved))).any():
        return _move(lines, name, place, moved, metres, so_far)
    return _insert(lines, open_, name, place, metres, tolerance_m, so_far)


def _moves(place_m: NDArray[np.float64], tolerance_m: float) -> NDArray[np.int64]:
    tree = shapely.STRtree(np.asarray(shapely.points(place_m)))
    one, other = tree.query(tree.geometries, predicate="dwithin", distance=tolerance_m)
    return components(len(place_m), one, other)


def _move(
    lines: Linework,
    name: NDArray[np.uint64],
    place: NDArray[np.float64],
    moved: NDArray[np.int64],
    metres: NDArray[np.float64],
    so_far: Mended,
) -> tuple[Linework, Mended, bool]:
    goes = np.flatnonzero(moved != np.arange(len(moved)))
    where = np.searchsorted(name[goes], lines.vertex)
    where = np.minimum(where, len(goes) - 1)
    concerned = np.flatnonzero(name[goes][where] == lines.vertex)
    target = moved[goes][where[concerned]]
    xy, vertex = lines.xy.copy(), lines.vertex.copy()
    xy[concerned], vertex[concerned] = place[target], name[target]
    distance = np.hypot(*((place[goes] - place[moved[goes]]) * metres).T).max()
    mended = replace(so_far, moved=so_far.moved + len(goes), farthest_m=max(so_far.farthest_m, float(distance)))
    return without_repeats(replace(lines, xy=xy, vertex=vertex)), mended, True


def _insert(
    lines: Linework,
    open_: _Open,
    name: NDArray[np.uint64],
    place: NDArray[np.float64],
    metres: NDArray[np.float64],
    tolerance_m: float,
    so_far: Mended,
) -> tuple[Linework, Mended, bool]:
    first, last = open_.segment, open_.segment + 1
    drawn = _drawn(lines.xy[first] * metres, lines.xy[last] * metres)
    points = np.asarray(shapely.points(place * metres))
    point, line = shapely.STRtree(drawn).query(points, predicate="dwithin", distance=tolerance_m)
    own = (name[point] == lines.vertex[first[line]]) | (name[point] == lines.vertex[last[line]])
    point, line = point[~own], line[~own]
    if not len(point):
        return lines, so_far, False
    distance = float(shapely.distance(points[point], drawn[line]).max())
    along = shapely.line_locate_point(drawn[line], points[point])
    order = np.lexsort((along, first[line]))
    point, line = point[order], line[order]
    behind = last[line]
    added = np.bincount(np.searchsorted(lines.ring_start, behind, side="left") - 1, minlength=len(lines.ring_owner))
    mended = replace(so_far, inserted=so_far.inserted + len(point), farthest_m=max(so_far.farthest_m, distance))
    longer = Linework(
        np.insert(lines.xy, behind, place[point], axis=0),
        lines.ring_start + np.concatenate([[0], np.cumsum(added)]),
        lines.ring_owner,
        lines.ring_is_turned,
        np.insert(lines.vertex, behind, name[point]),
    )
    return without_repeats(longer), mended, True
