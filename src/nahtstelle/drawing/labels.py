"""Names on the map: each where its area has most room, none on another, the less important give way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from nahtstelle.drawing.text import in_two, text_element, text_width

LINE_HEIGHT = 1.15
CAP_HEIGHT = 0.72
GAP_PX = 2.5
NUMBER_RADIUS_PX = 9.0
NUMBER_SIZE_PX = 11.0
SIZE_OF_FACT = 0.8
LARGEST_PARTS = 3
TOLERANCE_PX = 0.4


@dataclass(frozen=True)
class Wish:
    """A name that would like to stand in ``room``, a polygon in pixels.

    ``sizes_px`` are tried from the first on, ``fact`` is a small second line that goes first when room is
    short. ``number``, where given, takes the place of a name that does not fit. An ``important`` name may
    cross lines if it must. ``role`` are its classes.
    """

    name: str
    room: BaseGeometry
    sizes_px: tuple[float, ...]
    role: str
    weight: int = 400
    fact: str = ""
    number: int | None = None
    important: bool = False


@dataclass(frozen=True)
class Placed:
    """What became of the wishes: elements to draw, and the numbers that stand for names."""

    elements: list[str]
    numbers: list[int]


def place(wishes: Iterable[Wish], lines: Sequence[BaseGeometry]) -> Placed:
    """Place names in the order given, clear of the lines (polygons as wide as they are drawn) and of one another."""
    tree = shapely.STRtree(lines)
    taken: list[BaseGeometry] = []
    placed = Placed([], [])
    for wish in wishes:
        if wish.number is None and not wish.important and wish.room.area < _least_area(wish):
            continue
        names = shapely.union_all([box for box in taken if shapely.intersects(box, wish.room)])
        near = tree.geometries[np.sort(tree.query(wish.room))]
        room = shapely.difference(wish.room, shapely.union_all([names, *near]))
        found = _find_text(wish, room) or _find_number(wish, room, placed.numbers) or _find_anyhow(wish, names)
        if found is not None:
            element, box = found
            placed.elements.append(element)
            taken.append(box)
    return placed


def _find_text(wish: Wish, room: BaseGeometry) -> tuple[str, BaseGeometry] | None:
    ways = _variants(wish, in_two(wish.name))
    spots: dict[int, tuple[float, float]] = {}
    for size in wish.sizes_px:
        for way, (lines, fact) in enumerate(ways):
            width = max(text_width(line, size) for line in lines)
            height = size * (CAP_HEIGHT + LINE_HEIGHT * (len(lines) - 1))
            if fact:
                width = max(width, text_width(fact, SIZE_OF_FACT * size))
                height += LINE_HEIGHT * size
            width, height = width + 2 * GAP_PX, height + 2 * GAP_PX
            if not _may_fit(room, width, height):
                continue
            if way not in spots:  # much the same at every size, and dear to find
                spots[way] = _widest(room, height / width)
            box = _box(*spots[way], width, height)
            if shapely.contains(room, box):
                return _text(wish, lines, fact, size, box), box
    return None


def _may_fit(room: BaseGeometry, width: float, height: float) -> bool:
    """Whether a box of this size is not out of the question."""
    left, top, right, bottom = room.bounds
    return room.area >= width * height and right - left >= width and bottom - top >= height


def _variants(wish: Wish, halves: tuple[str, str] | None) -> list[tuple[Sequence[str], str]]:
    ways: list[Sequence[str]] = [(wish.name,), *([halves] if halves else [])]
    return [(way, fact) for fact in dict.fromkeys((wish.fact, "")) for way in ways]


def _least_area(wish: Wish) -> float:
    """What the name takes on one line at its smallest, which is less than it takes on two."""
    size = wish.sizes_px[-1]
    return text_width(wish.name, size) * CAP_HEIGHT * size


def _find_number(wish: Wish, room: BaseGeometry, numbers: list[int]) -> tuple[str, BaseGeometry] | None:
    if wish.number is None:
        return None
    side = 2 * NUMBER_RADIUS_PX
    box = _roomiest(room, side, side)
    if box is None:
        spot = shapely.point_on_surface(room if not room.is_empty else wish.room)
        box = _box(spot.x, spot.y, side, side)
    x, y = box.centroid.x, box.centroid.y
    circle = f'<circle class="nt-number" cx="{x:.1f}" cy="{y:.1f}" r="{NUMBER_RADIUS_PX:g}"/>'
    digits = text_element(
        x, y + 0.36 * NUMBER_SIZE_PX, [str(wish.number)], NUMBER_SIZE_PX, "nt-text", more=' text-anchor="middle"'
    )
    numbers.append(wish.number)
    return circle + digits, box


def _find_anyhow(wish: Wish, names: BaseGeometry) -> tuple[str, BaseGeometry] | None:
    """An important name where its area is widest, be there lines or not, if it covers no other name."""
    if not wish.important or wish.room.is_empty:
        return None
    size = wish.sizes_px[-1]
    width, height = text_width(wish.name, size) + 2 * GAP_PX, size * CAP_HEIGHT + 2 * GAP_PX
    x, y = _widest(wish.room, height / width)
    box = _box(x, y, width, height)
    return None if shapely.intersects(box, names) else (_text(wish, (wish.name,), "", size, box), box)


def _text(wish: Wish, lines: Sequence[str], fact: str, size: float, box: BaseGeometry) -> str:
    x = box.centroid.x
    y = box.bounds[1] + GAP_PX + CAP_HEIGHT * size
    more = f' text-anchor="middle" font-weight="{wish.weight}"'
    element = text_element(x, y, lines, size, wish.role, more=more)
    if not fact:
        return element
    below = y + LINE_HEIGHT * size * len(lines)
    return element + text_element(x, below, [fact], SIZE_OF_FACT * size, wish.role, more=' text-anchor="middle"')


def _roomiest(room: BaseGeometry, width: float, height: float) -> BaseGeometry | None:
    """The box of this size where the room is widest, ``None`` where it does not fit."""
    if not _may_fit(room, width, height):
        return None
    box = _box(*_widest(room, height / width), width, height)
    return box if shapely.contains(room, box) else None


def _widest(room: BaseGeometry, flatness: float) -> tuple[float, float]:
    """Where a box of this height for its width fits best.

    Squeezed so that the box is a square, that is the centre of the largest inscribed circle.
    """
    parts = sorted(_polygons(room), key=lambda part: -part.area)[:LARGEST_PARTS]
    radii = [shapely.maximum_inscribed_circle(_squeezed(part, flatness), tolerance=TOLERANCE_PX) for part in parts]
    x, y = shapely.get_coordinates(max(radii, key=lambda radius: radius.length))[0]
    return x / flatness, y


def _box(x: float, y: float, width: float, height: float) -> BaseGeometry:
    return shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _polygons(geometry: BaseGeometry) -> list[shapely.Polygon]:
    return [part for part in shapely.get_parts(geometry) if isinstance(part, shapely.Polygon) and not part.is_empty]


def _squeezed(polygon: shapely.Polygon, factor: float) -> shapely.Polygon:
    def squeeze(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        return coordinates * (factor, 1.0)

    return shapely.transform(polygon, squeeze)
