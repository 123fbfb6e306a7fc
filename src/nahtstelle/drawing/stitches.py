"""The motif: a border that cooperation crosses is a seam with stitches.

Every state of a seam has its own form, so that it is told without colour: close, wider or few stitches across a line
where cooperation bridges it, an open double line where there is known to be none, dots where nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from nahtstelle.drawing.palette import BAND_MARGIN_PX, LIGHT, SEAM_WIDTHS_PX, UNKNOWN_WIDTH_PX
from nahtstelle.drawing.view import path

State = Literal["full", "adjacent", "loose", "none", "unknown"]
"""``full``, ``adjacent``, ``loose``: bridged, ever more loosely. ``none``: confirmed. ``unknown``: nobody has said."""
STATES: tuple[State, ...] = get_args(State)

GLYPH_WIDTH_PX, GLYPH_HEIGHT_PX = 64, 14


@dataclass(frozen=True)
class Stitch:
    """How far apart the stitches of a state are on a map, and how many a small figure has."""

    apart_px: float
    count: int


STITCHES: dict[State, Stitch] = {
    "full": Stitch(9.0, 8),
    "adjacent": Stitch(18.0, 5),
    "loose": Stitch(38.0, 3),
}
REACH_PX = 7.5
THICKEST_PX = 3.8
SLANT = 0.45  # of the reach, along the line: upright stitches would look like a railway


def seam_elements(line: BaseGeometry, state: State, width_px: float) -> list[str]:
    """SVG elements of a seam in this state along a line in pixels, from the ground up.

    ``width_px`` is the width of the line by people. Colours come from the classes of the plate's style sheet.
    """
    trace = path(line)
    if state == "unknown":
        return [f'<path class="nt-dots" d="{trace}"/>']
    if state == "none":
        return [
            f'<path class="nt-seam nt-none" stroke-width="{width_px + 5:g}" d="{trace}"/>',
            f'<path class="nt-seam nt-open" stroke-width="{width_px + 1:g}" d="{trace}"/>',
        ]
    tone = " nt-loose" if state == "loose" else ""
    return [
        f'<path class="nt-seam{tone}" stroke-width="{min(width_px, THICKEST_PX):g}" d="{trace}"/>',
        f'<path class="nt-seam nt-stitch{tone}" d="{stitch_path(line, state)}"/>',
    ]


def stitch_path(line: BaseGeometry, state: State) -> str:
    """The ``d`` of the stitches of a bridged state along a line in pixels, slanted and evenly spaced.

    Each piece of the line begins and ends half a distance from its first and last stitch; a short one has one.
    """
    stitch = STITCHES[state]
    drawn = []
    for piece in shapely.get_parts(line):
        count = max(1, round(piece.length / stitch.apart_px))
        middles = (np.arange(count) + 0.5) * piece.length / count
        before, after = (
            shapely.get_coordinates(shapely.line_interpolate_point(piece, np.clip(middles + way, 0, piece.length)))
            for way in (-REACH_PX, REACH_PX)
        )
        along = (after - before) / np.maximum(np.linalg.norm(after - before, axis=1), 1e-9)[:, None]
        across = np.column_stack([-along[:, 1], along[:, 0]])
        reach = REACH_PX * (across - SLANT * along)
        at = shapely.get_coordinates(shapely.line_interpolate_point(piece, middles))
        drawn += [f"M{x:.1f} {y:.1f}l{dx:.1f} {dy:.1f}" for (x, y), (dx, dy) in zip(at - reach, 2 * reach, strict=True)]
    return "".join(drawn)


def seam_glyph(step: int, land_seam: bool, state: State | None = None, *, colour: str = "currentColor") -> str:
    """A seam as a small figure beside a word or in a table: 64 × 14 pixels of SVG, for the eye only.

    ``step`` is the class of people, 1 to 5, or 0 where they are not known. A Land seam lies on a wide pale band.
    Without ``state`` nothing is said about cooperation: the line is plain, dashed where people are not known.
    Strokes take ``colour``, by default that of the text around, but for the double line, which is rust; a page may
    set its own by the classes ``nt-seam``, ``nt-band``, ``nt-none`` and ``nt-dots``.
    """
    width = SEAM_WIDTHS_PX[step - 1] if step else UNKNOWN_WIDTH_PX
    middle = GLYPH_HEIGHT_PX / 2
    run = f"M4 {middle:g}h{GLYPH_WIDTH_PX - 8}"
    marks = []
    if land_seam:
        band = min(width + 2 * BAND_MARGIN_PX, GLYPH_HEIGHT_PX) if state is None else GLYPH_HEIGHT_PX
        marks.append(_stroke("nt-band", colour, band, run, ' stroke-opacity=".3"'))
    if state == "none":
        gap = 1.2 + 0.5 * width
        double = "".join(f"M4 {middle + way * gap:.1f}h{GLYPH_WIDTH_PX - 8}" for way in (-1, 1))
        marks.append(_stroke("nt-none", LIGHT.none, 1.6, double))
    elif state == "unknown":
        marks.append(_stroke("nt-dots", colour, 1.8, run, ' stroke-opacity=".65" stroke-dasharray="0 5"'))
    elif state is None:
        dashes = ' stroke-dasharray="5 4" stroke-linecap="butt"' if not step else ""
        marks.append(_stroke("nt-seam", colour, width, run, dashes))
    else:
        line = _stroke("nt-seam", colour, min(width, THICKEST_PX), run)
        line += _stroke("nt-seam", colour, 1.8, _glyph_stitches(STITCHES[state].count, middle))
        marks.append(f'<g opacity=".75">{line}</g>' if state == "loose" else line)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="nt-glyph" width="{GLYPH_WIDTH_PX}" '
        f'height="{GLYPH_HEIGHT_PX}" viewBox="0 0 {GLYPH_WIDTH_PX} {GLYPH_HEIGHT_PX}" fill="none" '
        f'stroke-linecap="round" aria-hidden="true" focusable="false">{"".join(marks)}</svg>'
    )


def _stroke(role: str, colour: str, width: float, d: str, more: str = "") -> str:
    return f'<path class="{role}" stroke="{colour}" stroke-width="{width:g}"{more} d="{d}"/>'


def _glyph_stitches(count: int, middle: float) -> str:
    apart = (GLYPH_WIDTH_PX - 8) / count
    reach = middle - 1.5
    lean = SLANT * reach
    return "".join(
        f"M{4 + (at + 0.5) * apart - lean:.1f} {middle + reach:g}l{2 * lean:.1f} {-2 * reach:g}" for at in range(count)
    )
