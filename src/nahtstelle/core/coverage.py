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

from nahtstelle.core.linework import OUTSIDE, Linework, components, without_repeats

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nahtstelle.core.runs import Runs

NARROW_HOLE = 1 / 3
"""A hole between areas is a gap when its mean width is below this share of the mean segment length around it.

The map cannot draw anything so narrow. An equilateral triangle has 0.29, a square 0.5, a lake of many vertices far
more; Jungholz, an Austrian hole in the coarsest German map, has 0.5.
"""

NARROW_CHANNEL = 0.03
"""Outer lines of two areas that run side by side at less than this share of their length are one border drawn twice.

The narrowest inlet between two areas in an official German map has 0.07.
"""

NARROW_WEDGE = 0.02
"""Outer lines of two areas that part at less than this angle, in radians, are one border that does not close.

The sharpest wedge between two areas in an official German map has 0.15.
"""

SAME_PLACE_M = 1e-4
"""A vertex this close to a line of its own ring lies on it; the tolerance is for lines of different rings."""

_CANDIDATES = 1 << 18  # pairs of segments looked at in one go
_MOST = 1000  # places of a kind that are told


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
class Place:
    """Where areas are no clean coverage: positions of the areas, coordinates of the map, width of a gap."""

    areas: tuple[int, ...]
    x: float
    y: float
    width_m: float = np.nan


@dataclass(frozen=True)
class Defects:
    """Places where areas are no clean coverage; empty (and false) for a clean one.

    ``unmatched``: vertices of one side of a line that the other side lacks, within the tolerance or to the last bit.
    """

    overlaps: list[Place] = field(default_factory=list)
    unmatched: list[Place] = field(default_factory=list)
    gaps: list[Place] = field(default_factory=list)
    _close: _Close | None = None

    def __bool__(self) -> bool:
        return bool(self.overlaps or self.unmatched or self.gaps)

    def areas(self) -> list[int]:
        """Positions of the areas concerned, those with most places first: mostly the one at fault leads."""
        places = Counter(area for place in self.overlaps + self.unmatched + self.gaps for area in place.areas)
        return [area for area, _ in sorted(places.items(), key=lambda item: (-item[1], item[0]))]

    def described(self, keys: list[str]) -> Iterator[str]:
        """One line per place, overlaps first."""
        for place in self.overlaps:
            verb = "overlap" if len(place.areas) > 1 else "overlaps itself"
            yield f"{_named(place, keys)} {verb} at ({place.x:.10g}, {place.y:.10g})"
        for place in self.unmatched:
            yield f"a vertex at ({place.x:.10g}, {place.y:.10g}) is on one side only between {_named(place, keys)}"
        for place in self.gaps:
            yield f"a gap of {place.width_m:.3g} m between {_named(place, keys)} at ({place.x:.10g}, {place.y:.10g})"


def _named(place: Place, keys: list[str]) -> str:
    *most, last = [keys[area] for area in place.areas]
    return f"{', '.join(most)} and {last}" if most else last


def _place(areas: NDArray[np.int32], xy: NDArray[np.float64], width_m: float = np.nan) -> Place:
    return Place(tuple(np.unique(areas).tolist()), float(xy[0]), float(xy[1]), float(width_m))


@dataclass(frozen=True)
class Shapes:
    """The areas as polygons: an area covers what lies within an odd number of the polygons it owns."""

    polygon: NDArray[np.object_]
    owner: NDArray[np.int32]

    @classmethod
    def of_rings(cls, lines: Linework) -> Shapes:
        """One polygon per ring, as the linework has it now."""
        ring = np.repeat(np.arange(len(lines.ring_owner)), np.diff(lines.ring_start))
        return cls(np.asarray(shapely.polygons(shapely.linearrings(lines.xy, indices=ring))), lines.ring_owner)


@dataclass(frozen=True)
class _Open:
    """Segments without a partner, directed so that their area lies on the left; those of one run are neighbours here.

    Per segment its index in the linework, its run, ring and area, the names and coordinates of its ends, metres per
    unit of x and y, its step and length in metres, and whether it belongs to a defect (filled in as they are found).
    Per run ``first`` (with one more at the end) and whether its segments are listed against their direction.
    """

    segment: NDArray[np.int64]
    run: NDArray[np.int64]
    ring: NDArray[np.int64]
    owner: NDArray[np.int32]
    start: NDArray[np.uint64]
    stop: NDArray[np.uint64]
    xy0: NDArray[np.float64]
    xy1: NDArray[np.float64]
    metres: NDArray[np.float64]
    step_m: NDArray[np.float64]
    length_m: NDArray[np.float64]
    suspect: NDArray[np.bool_]
    first: NDArray[np.int64]
    turned: NDArray[np.bool_]


@dataclass(frozen=True)
class _Close:
    """Vertices of open segments that belong onto another open segment that they are no end of.

    ``name``, ``xy``, ``vertex_of``: the vertex, and an open segment that it is an end of; ``line``: the other open
    segment; ``off_m``: the distance; ``along``: the nearest place on the other segment, from 0 at its start to 1;
    ``end``, ``to_end_m``: the nearer end of the other segment and the distance to it; ``joins``: whether vertex and
    end can be one, else the vertex becomes a new one of the other segment.
    """

    open: _Open
    name: NDArray[np.uint64]
    xy: NDArray[np.float64]
    vertex_of: NDArray[np.int64]
    line: NDArray[np.int64]
    off_m: NDArray[np.float64]
    along: NDArray[np.float64]
    end: NDArray[np.uint64]
    to_end_m: NDArray[np.float64]
    joins: NDArray[np.bool_]

    def where(self, some: NDArray[np.bool_]) -> _Close:
        return _Close(self.open, *(values[some] for name, values in vars(self).items() if name != "open"))


def defects(
    lines: Linework,
    runs: Runs,
    clashing: NDArray[np.int64],
    shapes: Shapes,
    tolerance_m: float,
    unit_m: float,
) -> Defects:
    """Overlaps, unmatched vertices and gaps; ``unit_m`` is the length of a unit of the coordinates in metres.

    Found are: two areas on the same side of a line, a third area on a line, outer lines that cross, outer lines
    that lie inside another area, outer lines within the tolerance of each other, holes between areas and channels
    between outer lines that are narrower than the map can draw. A hole or channel wider than that is a lake, a
    foreign enclave or an area that was left out: no defect.
    """
    found = Defects()
    for pair in clashing[:_MOST]:
        ring = np.searchsorted(lines.ring_start, pair, side="right") - 1
        found.overlaps.append(_place(lines.ring_owner[ring], lines.xy[pair[0] : pair[0] + 2].mean(axis=0)))
    open_ = _open_segments(lines, runs, unit_m)
    if not len(open_.segment):
        return found
    loop = _loops(open_, found)
    _look_into_holes(open_, loop, found)
    _look_across(open_, loop, shapes, found)
    close = _look_beside(open_, tolerance_m, found)
    if not len(close.line):
        return found
    close = _mendable(close, tolerance_m)
    # what the map could draw this way is left as it is, unless there is something wrong with it
    shorter_m = np.minimum(open_.length_m[close.vertex_of], open_.length_m[close.line])
    unmatched = close.off_m <= np.maximum(SAME_PLACE_M, NARROW_CHANNEL * shorter_m)
    told = np.flatnonzero(unmatched)[np.unique(close.name[unmatched], return_index=True)[1]]
    for k in told[:_MOST]:
        found.unmatched.append(_place(open_.owner[[close.vertex_of[k], close.line[k]]], close.xy[k]))
    suspect = open_.suspect[close.vertex_of] | open_.suspect[close.line]
    return replace(found, _close=close.where(unmatched | suspect))


def _open_segments(lines: Linework, runs: Runs, unit_m: float) -> _Open:
    mine = np.flatnonzero(runs.facing == OUTSIDE)
    size = runs.stop[mine] - runs.start[mine]
    first = np.concatenate([[0], np.cumsum(size)])
    run = np.repeat(np.arange(len(mine)), size)
    segment = np.arange(first[-1]) + (runs.start[mine] - first[:-1])[run]
    ring = np.searchsorted(lines.ring_start, runs.start[mine], side="right") - 1
    turned = lines.ring_is_turned[ring]
    begin, end = segment + turned[run], segment + ~turned[run]
    xy0, xy1 = lines.xy[begin], lines.xy[end]
    metres = np.full((len(segment), 2), unit_m)
    if unit_m > 1e4:  # degrees
        metres[:, 0] *= np.cos(np.radians((xy0[:, 1] + xy1[:, 1]) / 2))
    step_m = (xy1 - xy0) * metres
    return _Open(
        segment, run, ring[run], runs.owner[mine][run], lines.vertex[begin], lines.vertex[end], xy0, xy1, metres,
        step_m, np.hypot(step_m[:, 0], step_m[:, 1]), np.zeros(len(segment), bool), first, turned,
    )  # fmt: skip


def _loops(open_: _Open, found: Defects) -> NDArray[np.int64]:
    """Number of the closed line every run belongs to; lines that meet in a point stay apart.

    Going around a place, areas and outside take turns, and so do runs that leave it and runs that arrive. Where they
    do not, areas overlap.
    """
    listed_first, listed_last = open_.first[:-1], open_.first[1:] - 1
    head = np.where(open_.turned, listed_last, listed_first)
    tail = np.where(open_.turned, listed_first, listed_last)
    count = len(head)
    segment = np.concatenate([head, tail])
    away = np.concatenate([open_.step_m[head], -open_.step_m[tail]])
    place = np.concatenate([open_.start[head], open_.stop[tail]])
    order = np.lexsort((np.arctan2(away[:, 1], away[:, 0]), place))
    place = place[order]
    begin = np.flatnonzero(np.r_[True, place[1:] != place[:-1]])
    following = np.arange(1, 2 * count + 1)  # counter-clockwise around each place, and from its last to its first
    following[np.r_[begin[1:], 2 * count] - 1] = begin
    leaves = order < count
    # the outside lies on the right: counter-clockwise from where a run came, it ends where the next one leaves
    arriving = np.flatnonzero(~leaves & leaves[following])
    for one in np.flatnonzero(leaves == leaves[following])[:_MOST]:
        two = segment[order[[one, following[one]]]]
        open_.suspect[two] = True
        found.overlaps.append(_place(open_.owner[two], (open_.xy0 if leaves[one] else open_.xy1)[two[0]]))
    label = components(count, order[arriving] - count, order[following[arriving]])
    return np.unique(label, return_inverse=True)[1]


def _look_into_holes(open_: _Open, loop: NDArray[np.int64], found: Defects) -> None:
    """Holes between areas that are narrower than the map can draw."""
    count = int(loop.max()) + 1
    begin = open_.first[:-1]
    corner = open_.xy0[begin[np.unique(loop, return_index=True)[1]]]
    mid_y = (open_.xy0[:, 1] + open_.xy1[:, 1]) / 2 - corner[loop, 1][open_.run]
    area_m2 = -np.bincount(loop, np.add.reduceat(open_.step_m[:, 0] * mid_y * open_.metres[:, 1], begin), count)
    length_m = np.bincount(loop, np.add.reduceat(open_.length_m, begin), count)
    segments = np.bincount(loop, np.diff(open_.first), count)
    hole = np.flatnonzero(area_m2 <= 0)
    if not len(hole):
        return
    around, island = _islands(open_, loop, corner, hole, np.flatnonzero(area_m2 > 0))
    for total in (area_m2, length_m, segments):
        np.add.at(total, around, total[island])
    width_m = 2 * np.abs(area_m2) / length_m
    for place in hole[(width_m * segments < NARROW_HOLE * length_m)[hole]]:
        bounding = np.isin(loop, np.append(island[around == place], place))
        owners = open_.owner[begin[bounding]]
        if (owners != owners[0]).any():
            open_.suspect[bounding[open_.run]] = True
            found.gaps.append(_place(owners, corner[place], width_m[place]))


def _islands(
    open_: _Open,
    loop: NDArray[np.int64],
    corner: NDArray[np.float64],
    hole: NDArray[np.int64],
    shell: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which outer rims lie in which holes: a hole and a rim each."""
    begin = open_.first[:-1]
    low = np.full((len(corner), 2), np.inf)
    high = np.full((len(corner), 2), -np.inf)
    np.minimum.at(low, loop, np.minimum.reduceat(open_.xy0, begin))
    np.maximum.at(high, loop, np.maximum.reduceat(open_.xy0, begin))
    tree = shapely.STRtree(np.asarray(shapely.points(corner[shell])))
    in_box, candidate = tree.query(shapely.box(low[hole, 0], low[hole, 1], high[hole, 0], high[hole, 1]))
    outer, inner = hole[in_box], shell[candidate]
    smaller = ((high - low)[inner] <= (high - low)[outer]).all(axis=1)
    outer, inner = outer[smaller], inner[smaller]
    inside = np.zeros(len(outer), bool)
    for place in np.unique(outer):
        rim = (loop == place)[open_.run]
        face = shapely.union_all(shapely.polygonize(_drawn(open_.xy0[rim], open_.xy1[rim])))
        some = outer == place
        inside[some] = shapely.contains(face, shapely.points(corner[inner[some]]))
    return outer[inside], inner[inside]


def _drawn(start: NDArray[np.float64], stop: NDArray[np.float64]) -> NDArray[np.object_]:
    return np.asarray(shapely.linestrings(np.stack([start, stop], axis=1)))


def _look_across(open_: _Open, loop: NDArray[np.int64], shapes: Shapes, found: Defects) -> None:
    """Outer lines with an area on their outer side: one look per closed line, from its longest segment."""
    longest_m = np.zeros(int(loop.max()) + 1)
    np.maximum.at(longest_m, loop, np.maximum.reduceat(open_.length_m, open_.first[:-1]))
    at = np.flatnonzero(open_.length_m == longest_m[loop][open_.run])
    at = at[np.unique(loop[open_.run[at]], return_index=True)[1]]
    tree = shapely.STRtree(shapes.polygon)
    looked, _ = _within(_beside(open_, at), tree, shapes)
    if not len(looked):
        return
    # the whole line is at fault: look from all of it to name all areas
    open_.suspect[np.isin(loop, loop[open_.run[at[looked]]])[open_.run]] = True
    at = np.flatnonzero(open_.suspect)
    points = _beside(open_, at)
    looked, other = _within(points, tree, shapes)
    pairs = np.sort(np.column_stack([open_.owner[at[looked]], other]), axis=1)
    for one in np.unique(pairs, axis=0, return_index=True)[1][:_MOST]:
        found.overlaps.append(_place(pairs[one], shapely.get_coordinates(points[looked[one]])[0]))


def _within(
    points: NDArray[np.object_], tree: shapely.STRtree, shapes: Shapes
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which points lie in which areas: a point and an area each."""
    point, shape = tree.query(points, predicate="within")
    pair, times = np.unique(np.column_stack([point, shapes.owner[shape]]), axis=0, return_counts=True)
    point, area = pair[times % 2 == 1].T
    return point, area


def _beside(open_: _Open, at: NDArray[np.int64]) -> NDArray[np.object_]:
    """Points right beside the middle of open segments, on the outer side."""
    step = open_.xy1[at] - open_.xy0[at]
    middle = (open_.xy0[at] + open_.xy1[at]) / 2
    return np.asarray(shapely.points(middle + 1e-3 * np.column_stack([step[:, 1], -step[:, 0]])))


def _look_beside(open_: _Open, tolerance_m: float, found: Defects) -> _Close:
    """Outer lines that cross, touch without a vertex in common, or run side by side closer than the map can draw."""
    close = []
    for one, other in _near(open_, np.maximum(NARROW_CHANNEL * open_.length_m, tolerance_m)):
        follows = (open_.stop[one] == open_.start[other]) | (open_.start[one] == open_.stop[other])
        joined = follows | (open_.start[one] == open_.start[other]) | (open_.stop[one] == open_.stop[other])
        # of segments that meet at an end only those with a sharp angle between them are worth a look
        dot = (open_.step_m[one] * open_.step_m[other]).sum(axis=1)
        sine = _cross(open_.step_m[one], open_.step_m[other]) / (open_.length_m[one] * open_.length_m[other])
        worth = ~joined | (np.where(follows, dot < 0, dot > 0) & (np.abs(sine) < 0.25))
        one, other, follows, joined, sine = one[worth], other[worth], follows[worth], joined[worth], sine[worth]

        crossing = ~joined & _crossing(open_, one, other)
        _tell(found.overlaps, open_, one[crossing], other[crossing])
        close.append(_close(open_, one, other, tolerance_m))

        longer_m = np.maximum(open_.length_m[one], open_.length_m[other])
        shorter_m = np.minimum(open_.length_m[one], open_.length_m[other])
        channel_m = np.where(joined, np.inf, _channel_m(open_, one, other))
        wedge = follows & (np.abs(sine) < NARROW_WEDGE)
        channel = np.abs(channel_m) < NARROW_CHANNEL * longer_m
        turn = np.where(open_.stop[one] == open_.start[other], sine, -sine)
        apart_m = np.where(wedge, -turn * shorter_m, channel_m)
        narrow = ~crossing & (wedge | channel) & (open_.owner[one] != open_.owner[other])
        gap, overlap = narrow & (apart_m >= 0), narrow & (apart_m < 0)
        _tell(found.gaps, open_, one[gap], other[gap], apart_m[gap])
        _tell(found.overlaps, open_, one[overlap], other[overlap])
        for pair in (one[narrow | crossing], other[narrow | crossing]):
            open_.suspect[pair] = True
    return _together(open_, close)


def _together(open_: _Open, parts: list[_Close]) -> _Close:
    columns = [[values for name, values in vars(part).items() if name != "open"] for part in parts]
    return _Close(open_, *(np.concatenate(column) for column in zip(*columns, strict=True)))


def _tell(
    places: list[Place],
    open_: _Open,
    one: NDArray[np.int64],
    other: NDArray[np.int64],
    width_m: NDArray[np.float64] | None = None,
) -> None:
    for k in range(min(len(one), _MOST - len(places))):
        middle = (open_.xy0[one[k]] + open_.xy1[one[k]]) / 2
        places.append(_place(open_.owner[[one[k], other[k]]], middle, np.nan if width_m is None else width_m[k]))


def _near(open_: _Open, margin_m: NDArray[np.float64]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Pairs of open segments whose boxes, widened by the margin, overlap; in portions that fit into memory.

    The boxes are laid into bands from south to north and each band is swept from west to east.
    """
    margin = margin_m[:, None] / open_.metres
    low = np.minimum(open_.xy0, open_.xy1) - margin
    high = np.maximum(open_.xy0, open_.xy1) + margin
    south, north = low[:, 1].min(), high[:, 1].max()
    height = max(2 * (high[:, 1] - low[:, 1]).mean(), (north - south) / np.sqrt(len(low)))
    first_band = ((low[:, 1] - south) / height).astype(np.int64)
    bands = ((high[:, 1] - south) / height).astype(np.int64) - first_band + 1
    box = np.repeat(np.arange(len(low)), bands)
    band = np.arange(len(box)) - np.repeat(np.cumsum(bands) - bands - first_band, bands)
    shift = band * (2 * (high[:, 0].max() - low[:, 0].min())) - low[:, 0].min()
    west, east = shift + low[box, 0], shift + high[box, 0]
    order = np.argsort(west)
    box, band, west, east = box[order], band[order], west[order], east[order]
    partners = np.searchsorted(west, east, side="right") - np.arange(len(west)) - 1
    total = np.cumsum(partners)
    start = 0
    while start < len(west):
        stop = max(int(np.searchsorted(total, total[start] + _CANDIDATES)), start + 1)
        some = partners[start:stop]
        first = np.repeat(np.arange(start, stop), some)
        second = first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(some) - some, some)
        one, other = box[first], box[second]
        # two boxes may share several bands and are a pair in the first of them
        meet = band[first] == np.maximum(first_band[one], first_band[other])
        meet &= (low[one, 1] <= high[other, 1]) & (low[other, 1] <= high[one, 1])
        yield one[meet], other[meet]
        start = stop


def _cross(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])


def _crossing(open_: _Open, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each of two segments has the ends of the other on its two sides."""
    between = open_.xy0[other] - open_.xy0[one]
    step, step_other = open_.xy1[one] - open_.xy0[one], open_.xy1[other] - open_.xy0[other]
    to_start = _cross(step, between)
    to_stop = to_start + _cross(step, step_other)
    from_start = -_cross(step_other, between)
    from_stop = from_start + _cross(step_other, step)
    return np.asarray((to_start * to_stop < 0) & (from_start * from_stop < 0))


def _channel_m(open_: _Open, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
    """Width between segments that run side by side in opposite directions over half their length; else infinite.

    Negative where they have their areas, not the outside, between them.
    """
    swap = open_.length_m[one] < open_.length_m[other]
    one, other = np.where(swap, other, one), np.where(swap, one, other)  # measured from the longer one
    length_m = open_.length_m[one]
    unit = open_.step_m[one] / length_m[:, None]
    to_start = (open_.xy0[other] - open_.xy0[one]) * open_.metres[one]
    to_stop = (open_.xy1[other] - open_.xy0[one]) * open_.metres[one]
    along0, along1 = (unit * to_start).sum(axis=1), (unit * to_stop).sum(axis=1)
    left0, left1 = _cross(unit, to_start), _cross(unit, to_stop)
    shared = np.minimum(np.maximum(along0, along1), length_m) - np.maximum(np.minimum(along0, along1), 0)
    beside = (along1 < along0) & (shared > open_.length_m[other] / 2)
    width_m = np.maximum(np.abs(left0), np.abs(left1))
    return np.where(beside, np.where(left0 + left1 > 0, -width_m, width_m), np.inf)


def _close(open_: _Open, one: NDArray[np.int64], other: NDArray[np.int64], tolerance_m: float) -> _Close:
    """Ends of either segment that lie within the tolerance of the other."""
    vertex_of = np.concatenate([one, one, other, other])
    line = np.concatenate([other, other, one, one])
    at_stop = np.repeat([False, True, False, True], len(one))
    name = np.where(at_stop, open_.stop[vertex_of], open_.start[vertex_of])
    xy = np.where(at_stop[:, None], open_.xy1[vertex_of], open_.xy0[vertex_of])
    from_start = (xy - open_.xy0[line]) * open_.metres[line]
    from_stop = (xy - open_.xy1[line]) * open_.metres[line]
    along = np.clip((from_start * open_.step_m[line]).sum(axis=1) / open_.length_m[line] ** 2, 0, 1)
    off = from_start - along[:, None] * open_.step_m[line]
    off_m, start_m, stop_m = (np.hypot(xy_m[:, 0], xy_m[:, 1]) for xy_m in (off, from_start, from_stop))
    end = np.where(start_m <= stop_m, open_.start[line], open_.stop[line])
    to_end_m = np.minimum(start_m, stop_m)
    close = _Close(open_, name, xy, vertex_of, line, off_m, along, end, to_end_m, to_end_m <= tolerance_m)
    return close.where((off_m <= tolerance_m) & (name != open_.start[line]) & (name != open_.stop[line]))


def _mendable(close: _Close, tolerance_m: float) -> _Close:
    """Those that can be mended without drawing a ring onto itself.

    A vertex joins another only where no ring has both, and goes onto a line of a ring that has it already only where
    it lies on that line.
    """
    open_ = close.open
    names, rings = np.concatenate([open_.start, open_.stop]), np.tile(open_.ring, 2)
    some = np.isin(names, np.concatenate([close.name, close.end]))
    rings_of: dict[int, set[int]] = {}
    for name, ring in zip(names[some].tolist(), rings[some].tolist(), strict=True):
        rings_of.setdefault(name, set()).add(ring)
    of_vertex = [rings_of[name] for name in close.name.tolist()]
    of_end = [rings_of[name] for name in close.end.tolist()]
    strangers = [one.isdisjoint(other) for one, other in zip(of_vertex, of_end, strict=True)]
    has_it = [ring in one for one, ring in zip(of_vertex, open_.ring[close.line].tolist(), strict=True)]
    joins = close.joins & np.array(strangers, bool)
    between = (close.along > 0) & (close.along < 1)
    between &= ~np.array(has_it, bool) | (close.off_m <= SAME_PLACE_M)
    return replace(close, joins=joins).where(joins | between)


def mend(lines: Linework, found: Defects, tolerance_m: float, so_far: Mended) -> tuple[Linework, Mended, bool]:
    """Bring the two sides of borders together where they are apart by no more than the tolerance.

    Vertices of open lines within the tolerance of each other become one, nearest first; when there are no more of
    them, a vertex within the tolerance of another open line becomes a vertex of that line too. Returns the linework,
    what was changed in all, and whether anything was: called again until all is well or nothing is left to do.
    """
    close = found._close
    if close is None or not len(close.line) or tolerance_m <= 0:
        return lines, so_far, False
    if close.joins.any():
        return _move(lines, close.where(close.joins), so_far)
    return _insert(lines, close, so_far)


def _move(lines: Linework, close: _Close, so_far: Mended) -> tuple[Linework, Mended, bool]:
    """Move vertices onto each other where each is the nearest to the other."""
    one, other = np.concatenate([close.name, close.end]), np.concatenate([close.end, close.name])
    apart_m = np.tile(close.to_end_m, 2)
    order = np.lexsort((other, apart_m, one))
    one, other, apart_m = one[order], other[order], apart_m[order]
    nearest = np.r_[True, one[1:] != one[:-1]]
    one, other, apart_m = one[nearest], other[nearest], apart_m[nearest]
    pair = (other[np.searchsorted(one, other)] == one) & (one > other)
    goes, stays, apart_m = one[pair], other[pair], apart_m[pair]
    names = np.concatenate([close.open.start, close.open.stop])
    names, at = np.unique(names, return_index=True)
    places = np.concatenate([close.open.xy0, close.open.xy1])[at]
    xy, vertex = lines.xy.copy(), lines.vertex.copy()
    where = np.minimum(np.searchsorted(goes, lines.vertex), len(goes) - 1)
    moved = np.flatnonzero(goes[where] == lines.vertex)
    vertex[moved] = stays[where[moved]]
    xy[moved] = places[np.searchsorted(names, vertex[moved])]
    farthest_m = max(so_far.farthest_m, float(apart_m.max()))
    mended = replace(so_far, moved=so_far.moved + len(goes), farthest_m=farthest_m)
    return without_repeats(replace(lines, xy=xy, vertex=vertex)), mended, True


def _insert(lines: Linework, close: _Close, so_far: Mended) -> tuple[Linework, Mended, bool]:
    """Give lines the vertices that lie on them: each vertex once per ring, where it is nearest."""
    open_ = close.open
    ring = open_.ring[close.line]
    order = np.lexsort((close.off_m, close.name, ring))
    repeated = (ring[order][1:] == ring[order][:-1]) & (close.name[order][1:] == close.name[order][:-1])
    once = order[np.r_[True, ~repeated]]
    line, along = close.line[once], close.along[once]
    along = np.where(open_.turned[open_.run[line]], 1 - along, along)
    once = once[np.lexsort((along, open_.segment[line]))]
    behind = open_.segment[close.line[once]] + 1
    added = np.bincount(ring[once], minlength=len(lines.ring_owner))
    longer = replace(
        lines,
        xy=np.insert(lines.xy, behind, close.xy[once], axis=0),
        ring_start=lines.ring_start + np.concatenate([[0], np.cumsum(added)]),
        vertex=np.insert(lines.vertex, behind, close.name[once]),
    )
    farthest_m = max(so_far.farthest_m, float(close.off_m[once].max()))
    return without_repeats(longer), replace(so_far, inserted=so_far.inserted + len(once), farthest_m=farthest_m), True
