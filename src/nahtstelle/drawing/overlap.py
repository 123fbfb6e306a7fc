"""The overlap picture: one small map of the same area for each of several things that cover parts of it, as SVG.

Each small map is a view of its own, ``#nt-cover-1`` and so on: a page can show them one by one, with words of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import shapely

from nahtstelle.drawing.figure import check
from nahtstelle.drawing.palette import DARK, LIGHT, line_sheet, style_sheet
from nahtstelle.drawing.text import FONT_STACK, escape, fit, text_element
from nahtstelle.drawing.view import View, path
from nahtstelle.drawing.words import Language
from nahtstelle.errors import FrameError

COLUMNS = ("key",)
CELL_PX = 160.0
MAP_PX = 176.0
"""Height of a small map, the same for every area."""
GAP_PX = 18.0
MARGIN_PX = 1.0
TITLE_SIZES_PX = (13.0, 12.0, 11.0)
TITLE_LINES = 3
TITLE_SLACK = 1.25
"""How much wider a bold title may be in a font that stands in for ours."""
NOTE_PX = 11.0
LINE_HEIGHT = 1.2
TOLERANCE_PX = 0.5


@dataclass(frozen=True)
class Cover:
    """One small map: its title, a remark below it, and keys of the parts that are covered."""

    title: str
    note: str
    keys: frozenset[str]


def draw_overlap(
    parts: gpd.GeoDataFrame,
    covers: Sequence[Cover],
    *,
    title: str,
    description: str,
    width_px: int = 720,
    dark: bool = False,
    language: Language = "de",
) -> str:
    """Draw the same area once for each cover, with the covered parts filled, and return SVG text.

    ``parts``: ``key`` and geometry of the parts that make up the area. ``description`` says in words what is seen.
    Raises `FrameError` for a missing column, and where there is no part or no cover.
    """
    check("parts", parts, COLUMNS)
    if parts.empty or not covers:
        raise FrameError("overlap to draw: there are no parts, or nothing that covers them")
    columns = max(1, int((width_px - 2 * MARGIN_PX + GAP_PX) // (CELL_PX + GAP_PX)))
    columns = min(columns, len(covers))
    view = View.around(parts.geometry, 0.0, 0.0, CELL_PX, MAP_PX, padding=0.02)
    shapes = view.polygons(parts.geometry, TOLERANCE_PX)
    traces = {key: trace for key, shape in zip(parts["key"], shapes, strict=True) if (trace := path(shape))}
    numbers = {key: number for number, key in enumerate(traces)}
    head = (TITLE_LINES + 1) * LINE_HEIGHT * TITLE_SIZES_PX[0] + 8
    row_height = MAP_PX + head + GAP_PX
    rows = -(-len(covers) // columns)
    height = 2 * MARGIN_PX + rows * row_height - GAP_PX
    cells = []
    for number, cover in enumerate(covers):
        left = MARGIN_PX + number % columns * (CELL_PX + GAP_PX)
        top = MARGIN_PX + number // columns * row_height
        covered = "".join(f'<use href="#nt-part-{numbers[key]}"/>' for key in traces if key in cover.keys)
        cells.append(
            f'<view id="nt-cover-{number + 1}" viewBox="{left:.1f} {top + head:.1f} {CELL_PX:g} {MAP_PX:g}"/>'
            f'<g transform="translate({left:.1f} {top:.1f})">{_said(cover)}'
            f'<g transform="translate(0 {head:.1f})"><use href="#nt-all" class="nt-context"/>'
            f'<g class="nt-border nt-inner">{covered}</g><use href="#nt-rim" class="nt-rim"/></g></g>'
        )
    rim = path(shapely.union_all(shapes))
    every = "".join(f'<path d="{trace}"/>' for trace in traces.values())
    drawn = "".join(f'<path id="nt-part-{numbers[key]}" d="{trace}"/>' for key, trace in traces.items())
    rules = line_sheet() + style_sheet(LIGHT) + ".nt-rim{fill:none;stroke-width:1.1}" + _rim(LIGHT.quiet)
    if dark:
        rules += f"@media (prefers-color-scheme:dark){{{style_sheet(DARK)}{_rim(DARK.quiet)}}}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="nt-plate" width="{width_px}" height="{height:.0f}" '
            f'viewBox="0 0 {width_px} {height:.0f}" role="img" aria-labelledby="nt-overlap-title nt-overlap-desc" '
            f'lang="{language}" font-family="{FONT_STACK}" fill-rule="evenodd">',
            f'<title id="nt-overlap-title">{escape(title)}</title>',
            f'<desc id="nt-overlap-desc">{escape(description)}</desc>',
            f"<style>{rules}</style>",
            f'<defs><g id="nt-all">{every}</g><path id="nt-rim" d="{rim}"/>{drawn}</defs>',
            f'<rect class="nt-sheet" width="{width_px}" height="{height:.0f}"/>',
            *cells,
            "</svg>\n",
        ]
    )


def _said(cover: Cover) -> str:
    """Title and remark above a small map."""
    size, lines = fit(cover.title, TITLE_SIZES_PX, CELL_PX / TITLE_SLACK, TITLE_LINES)
    below = LINE_HEIGHT * size * len(lines) + NOTE_PX
    title = text_element(0, size, lines, size, "nt-text", more=' font-weight="600"')
    return title + text_element(0, below + 4, [cover.note], NOTE_PX, "nt-quiet")


def _rim(colour: str) -> str:
    return f".nt-rim{{stroke:{colour}}}"
