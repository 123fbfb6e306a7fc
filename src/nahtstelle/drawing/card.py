"""The picture that stands for a page where somebody shares its address."""

from __future__ import annotations

import re

from nahtstelle.drawing.marks import logo
from nahtstelle.drawing.palette import LIGHT
from nahtstelle.drawing.text import FONT_STACK, escape, fit, text_element
from nahtstelle.drawing.words import Language

CARD_WIDTH_PX, CARD_HEIGHT_PX = 1200, 630
CARD_PLATE_PX = (560, 630)
"""Width and height at which a plate for a card is drawn, embedded and without legend."""

NAME = "Nahtstelle"
LEFT_PX = 56
TEXT_PX = CARD_WIDTH_PX - CARD_PLATE_PX[0] - 2 * LEFT_PX
TITLE_SIZES_PX = (58.0, 52.0, 46.0, 40.0, 35.0, 30.0)
SENTENCE_SIZES_PX = (28.0, 26.0, 24.0, 22.0)
SMALL_SIZES_PX = (15.0, 13.5, 12.0)
STITCH_APART_PX = 21
OVERLAP_PX = 3


def draw_card(title: str, sentence: str, plate_svg: str, attribution: str, *, language: Language = "de") -> str:
    """Draw a card, 1200 × 630 pixels, and return it as SVG text; `to_png` with ``scale=1`` makes the picture.

    ``title`` is the name of an area, a seam or the site, ``sentence`` the answer of its page. ``plate_svg`` comes
    from `draw_seams`, `draw_seam` or `draw_country`, ``embedded``, in the size ``CARD_PLATE_PX`` and with
    ``legend_place="none"``. Text that is too long even for the smallest letters is cut.
    """
    title_size, title_lines = fit(title, TITLE_SIZES_PX, TEXT_PX, 3)
    sentence_size, sentence_lines = fit(sentence, SENTENCE_SIZES_PX, TEXT_PX, 6 if len(title_lines) < 3 else 5)
    small_size, small_lines = fit(" · ".join(attribution.splitlines()), SMALL_SIZES_PX, TEXT_PX, 3)
    title_y = 168 + 0.75 * title_size
    sentence_y = title_y + 1.15 * title_size * (len(title_lines) - 1) + 1.15 * sentence_size + 24
    small_y = CARD_HEIGHT_PX - 40 - 1.15 * small_size * (len(small_lines) - 1)
    seam_x = CARD_WIDTH_PX - CARD_PLATE_PX[0]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{CARD_WIDTH_PX}" height="{CARD_HEIGHT_PX}" '
            f'viewBox="0 0 {CARD_WIDTH_PX} {CARD_HEIGHT_PX}" role="img" aria-label="{escape(f"{title}. {sentence}")}" '
            f'lang="{language}" font-family="{FONT_STACK}">',
            f'<rect width="{CARD_WIDTH_PX}" height="{CARD_HEIGHT_PX}" fill="{LIGHT.sheet}"/>',
            _placed(plate_svg, seam_x),
            _seam(seam_x),
            logo().replace("<svg ", f'<svg x="{LEFT_PX}" y="48" width="60" height="60" ', 1),
            _text(LEFT_PX + 78, 90, [NAME], 34, LIGHT.seam, 600),
            _text(LEFT_PX, title_y, title_lines, title_size, LIGHT.text, 600),
            _text(LEFT_PX, sentence_y, sentence_lines, sentence_size, LIGHT.text, 400),
            _text(LEFT_PX, small_y, small_lines, small_size, LIGHT.quiet, 400),
            "</svg>\n",
        ]
    )


def _text(x: float, y: float, lines: list[str], size: float, colour: str, weight: int) -> str:
    return text_element(x, y, lines, size, "nt-card", more=f' fill="{colour}" font-weight="{weight}"')


def _placed(plate_svg: str, left: int) -> str:
    """The plate in the right half, its frame beyond the edge, cut where its shape is another."""
    width, height = (side + 2 * OVERLAP_PX for side in CARD_PLATE_PX)
    place = f'x="{left - OVERLAP_PX}" y="{-OVERLAP_PX}" width="{width}" height="{height}"'
    place += ' preserveAspectRatio="xMidYMid slice"'
    return re.sub(r'\swidth="[\d.]+" height="[\d.]+"', f" {place}", plate_svg.strip(), count=1)


def _seam(x: int) -> str:
    """The edge between text and map, stitched as the mark is."""
    stitches = "".join(f"M{x - 11} {y}h22" for y in range(15, CARD_HEIGHT_PX, STITCH_APART_PX))
    return (
        f'<path stroke="{LIGHT.seam}" stroke-width="5" d="M{x} 0v{CARD_HEIGHT_PX}"/>'
        f'<path stroke="{LIGHT.seam}" stroke-width="5" stroke-linecap="round" d="{stitches}"/>'
    )
