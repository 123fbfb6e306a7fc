"""The mark of the site: two fields, the border between them, five stitches that cross it."""

from __future__ import annotations

from dataclasses import dataclass

from nahtstelle.drawing.palette import LIGHT
from nahtstelle.drawing.raster import to_png
from nahtstelle.drawing.text import escape

OCHRE = "#c4852a"
SIDE = 64
CORNER = 12
LARGEST_FAVICON_PX = 24


@dataclass(frozen=True)
class _Cut:
    """One drawing of the mark for a range of sizes, in a square of 64: the border, and the stitches upon it."""

    border: str
    middles: tuple[float, ...]
    first: float
    apart: float
    length: float
    thickness: float


_LARGE = _Cut("H27C26 10 28 15 30 20S33 27 34 32 37 38 36 44 32 53 35 64", (30, 31.5, 34, 36, 34), 9, 11.5, 24, 5.4)
# For 16 pixels: four units to the pixel, so that every stitch covers whole ones.
_SMALL = _Cut("H26V14H30V26H34V38H38V50H34V64", (26, 30, 34, 38, 34), 8, 12, 24, 8)


def logo(label: str = "") -> str:
    """The mark as SVG, for 24 pixels and more; without ``label`` it is silent for screen readers.

    The colours are set on the shapes, so that it looks the same anywhere; a page may set its own by the classes
    ``nt-mark-here``, ``nt-mark-there`` and ``nt-mark-stitch``.
    """
    return _mark(_LARGE, CORNER, label)


def favicon_svg() -> str:
    """The mark for 16 pixels: the same drawing with fewer curves and stitches that fill whole pixels."""
    return _mark(_SMALL, 8)


def mark_png(side_px: int) -> bytes:
    """The mark as a square picture of this many pixels, in the drawing that fits the size."""
    svg = favicon_svg() if side_px <= LARGEST_FAVICON_PX else logo()
    sized = svg.replace("<svg ", f'<svg width="{side_px}" height="{side_px}" ', 1)
    return to_png(sized, scale=1)


def touch_icon_png(side_px: int = 180) -> bytes:
    """The mark as a picture without round corners and transparency, for systems that cut their own."""
    sized = _mark(_LARGE, 0).replace("<svg ", f'<svg width="{side_px}" height="{side_px}" ', 1)
    return to_png(sized, scale=1)


def _mark(cut: _Cut, corner: float, label: str = "") -> str:
    straight = SIDE - 2 * corner
    turn = f"a{corner:g} {corner:g} 0 0 1 "
    there = f"M24 0H{SIDE - corner:g}{turn}{corner:g} {corner:g}v{straight:g}{turn}-{corner:g} {corner:g}H24z"
    here = (
        f"M{corner:g} 0{cut.border}H{corner:g}{turn}-{corner:g} -{corner:g}v-{straight:g}{turn}{corner:g} -{corner:g}z"
    )
    stitches = "".join(
        f'<rect x="{middle - cut.length / 2:g}" y="{cut.first + at * cut.apart - cut.thickness / 2:g}" '
        f'width="{cut.length:g}" height="{cut.thickness:g}" rx="{cut.thickness / 2:g}"/>'
        for at, middle in enumerate(cut.middles)
    )
    said = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true" focusable="false"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="nt-mark" viewBox="0 0 {SIDE} {SIDE}" {said}>'
        f'<path class="nt-mark-there" fill="{OCHRE}" d="{there}"/>'
        f'<path class="nt-mark-here" fill="{LIGHT.seam}" d="{here}"/>'
        f'<g class="nt-mark-stitch" fill="{LIGHT.sheet}">{stitches}</g></svg>'
    )
