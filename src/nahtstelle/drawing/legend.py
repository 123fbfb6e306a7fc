"""The legend beneath the map: what the lines and tones mean, the scale, the date."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nahtstelle.drawing.text import text_element, text_width
from nahtstelle.drawing.words import NO_BREAK, Language, number

ROW_PX = 21.0
SAMPLE_PX = 34.0
INDENT_PX = 46.0
SIZE_PX = 13.0
SCALE_BAR_PX = 170.0
ROOM_FOR_HALF_PX = 50.0
GAP_PX = 30.0


@dataclass(frozen=True)
class Block:
    """A piece of the legend, drawn from its own upper left corner."""

    width: float
    height: float
    elements: tuple[str, ...]


def line_sample(y: float, *roles: str) -> str:
    """A piece of line in each of these roles, one on the other."""
    return "".join(f'<path class="{role}" d="M4 {y:.1f}h{SAMPLE_PX - 8:g}"/>' for role in roles)


def tone_sample(y: float, role: str) -> str:
    """A small field in this role."""
    return f'<rect class="{role}" x="0" y="{y - 7:.1f}" width="{SAMPLE_PX:g}" height="14"/>'


def key_block(heading: str, rows: Sequence[tuple[str, str]]) -> Block:
    """A heading and rows of sample and text; ``{y}`` in a sample is the middle of its row."""
    elements = [text_element(0, SIZE_PX, [heading], SIZE_PX, "nt-text", more=' font-weight="600"')]
    for row, (sample, text) in enumerate(rows, start=1):
        top = row * ROW_PX
        elements.append(f'<g transform="translate(0 {top:g})">{sample}</g>')
        elements.append(text_element(INDENT_PX, top + SIZE_PX, [text], SIZE_PX, "nt-text"))
    width = max([text_width(heading, SIZE_PX), *(INDENT_PX + text_width(text, SIZE_PX) for _, text in rows)])
    return Block(width, ROW_PX * (len(rows) + 1), tuple(elements))


def scale_block(px_per_m: float, lines: Sequence[str], language: Language) -> Block:
    """A scale bar in kilometres and lines of text beneath."""
    km = round_length(SCALE_BAR_PX / px_per_m / 1000)
    half = km * 500 * px_per_m
    elements = [
        f'<rect class="nt-ink" x=".5" y="4.5" width="{half:.1f}" height="5"/>',
        f'<rect class="nt-number" x="{half + 0.5:.1f}" y="4.5" width="{half:.1f}" height="5"/>',
    ]
    marks = [(0.0, "0"), (2 * half, _plain(km, language))]
    if half > ROOM_FOR_HALF_PX:
        marks.insert(1, (half, _plain(km / 2, language)))
    for x, mark in marks:
        text, more = (f"{mark}{NO_BREAK}km", ' text-anchor="middle"') if x else (mark, "")
        elements.append(text_element(x, 23, [text], 11, "nt-quiet", more=more))
    y = 46.0
    for line in lines:
        elements.append(text_element(0, y, [line], SIZE_PX, "nt-quiet"))
        y += 18
    width = max([2 * half + 24, *(text_width(line, SIZE_PX) for line in lines)])
    return Block(width, y - 12, tuple(elements))


def _plain(km: float, language: Language) -> str:
    """A number with as many decimals as it has."""
    return next(number(km, places, language) for places in range(4) if round(km, places) == km or places == 3)


def round_length(most: float) -> float:
    """The longest of 1, 2, 5, 10, 20, 50 ... that is not more than this.

    >>> round_length(47.3), round_length(0.23)
    (20.0, 0.2)
    """
    power = 10.0 ** math.floor(math.log10(most))
    return max(step * power for step in (1, 2, 5) if step * power <= most)


def arrange(blocks: Sequence[Block], x: float, y: float, width: float) -> tuple[list[str], float]:
    """Set the blocks side by side as far as there is room, else below; elements and the height used."""
    rows: list[list[Block]] = []
    for block in blocks:
        if rows and sum(other.width + GAP_PX for other in rows[-1]) + block.width <= width:
            rows[-1].append(block)
        else:
            rows.append([block])
    elements: list[str] = []
    top = y
    for row in rows:
        spare = width - sum(block.width for block in row)
        gap = min(spare / max(len(row) - 1, 1), 2.5 * GAP_PX)
        left = x
        for block in row:
            elements.append(f'<g transform="translate({left:.1f} {top:.1f})">{"".join(block.elements)}</g>')
            left += block.width + gap
        top += max(block.height for block in row) + 14
    return elements, top - y - 14
