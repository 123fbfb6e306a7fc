"""Colours of a plate, on light and on dark ground, and the style sheet made from them."""

from __future__ import annotations

from dataclasses import dataclass

SEAM_WIDTHS_PX = (1.5, 2.6, 3.8, 5.2, 6.8)
UNKNOWN_WIDTH_PX = 1.4
BAND_MARGIN_PX = 4.0


@dataclass(frozen=True)
class Palette:
    """One colour for each role, as ``#rrggbb``.

    Areas are paper tones and the place of the map is the only filled one; seams are petrol. Roles differ in
    lightness, so that they stay apart in grey print and for every kind of colour vision.
    """

    sheet: str
    ground: str
    context: str
    neighbour: str
    own: str
    border: str
    across: str
    across_border: str
    hairline: str
    edge: str
    seam: str
    band: str
    loose: str
    none: str
    unknown: str
    text: str
    quiet: str


LIGHT = Palette(
    sheet="#fdfcf8",
    ground="#e9ebe9",
    context="#f6f3ea",
    neighbour="#f0e9d8",
    own="#e8d3a0",
    border="#d9bd7d",
    across="#d3dfd4",
    across_border="#b7cbbd",
    hairline="#8f7a48",
    edge="#b0a58c",
    seam="#0a5561",
    band="#86bfc3",
    loose="#2f7480",
    none="#9a3b1c",
    unknown="#4f5758",
    text="#1d2829",
    quiet="#50595a",
)

DARK = Palette(
    sheet="#161b1c",
    ground="#0f1415",
    context="#1b2122",
    neighbour="#262d2e",
    own="#453b24",
    border="#594c2d",
    across="#26403c",
    across_border="#31534d",
    hairline="#9b8a5a",
    edge="#4d5758",
    seam="#7fd0d8",
    band="#2c6a71",
    loose="#5fa9b2",
    none="#f0a184",
    unknown="#b4bdbb",
    text="#f0f1ec",
    quiet="#b4bdbb",
)


def style_sheet(palette: Palette, scope: str = "") -> str:
    """The rules of a plate in these colours; ``scope`` is a selector that goes before each of them."""
    fills = {
        "sheet": palette.sheet,
        "ground": palette.ground,
        "context": palette.context,
        "neighbour": palette.neighbour,
        "own": palette.own,
        "border": palette.border,
        "across": palette.across,
        "across-border": palette.across_border,
        "text": palette.text,
        "quiet": palette.quiet,
        "ink": palette.text,
        "number": palette.sheet,
    }
    strokes = {
        "context": palette.edge,
        "neighbour": palette.edge,
        "own": palette.quiet,
        "across": palette.quiet,
        "inner": palette.hairline,
        "band": palette.band,
        "seam": palette.seam,
        "loose": palette.loose,
        "none": palette.none,
        "open": palette.sheet,
        "dots": palette.unknown,
        "frame": palette.quiet,
        "number": palette.quiet,
        "on-own": palette.own,
        "on-border": palette.border,
        "on-across": palette.across,
        "on-across-border": palette.across_border,
        "on-neighbour": palette.neighbour,
    }
    rules = [f".nt-{role}{{fill:{colour}}}" for role, colour in fills.items()]
    rules += [f".nt-{role}{{stroke:{colour}}}" for role, colour in strokes.items()]
    return "".join(f"{scope}{rule}" for rule in rules)


def line_sheet(scale: float = 1.0) -> str:
    """The rules of a plate that are the same on any ground: widths, dashes, halos; seams ``scale`` times as wide."""
    band = 2 * BAND_MARGIN_PX
    rules = [
        ".nt-context{stroke-width:.5}",
        ".nt-neighbour{stroke-width:.9}",
        ".nt-own,.nt-across{stroke-width:.9}",
        ".nt-inner{stroke-width:.6}.nt-plain{fill:none}",
        ".nt-frame{fill:none;stroke-width:1}",
        ".nt-number{stroke-width:1}",
        ".nt-halo{paint-order:stroke;stroke-width:3;stroke-linejoin:round}",
        ".nt-seam,.nt-band,.nt-dots{fill:none;stroke-linecap:round;stroke-linejoin:round}",
        ".nt-dots{stroke-width:2.6;stroke-dasharray:0 6}.nt-stitch{stroke-width:2}",
    ]
    for step, width in enumerate((UNKNOWN_WIDTH_PX, *SEAM_WIDTHS_PX)):
        thin, wide = f"{scale * width:.3g}", f"{scale * (width + band):.3g}"
        rules.append(f".nt-w{step}{{stroke-width:{thin}}}.nt-b{step}{{stroke-width:{wide}}}")
    dashes = f"{max(5 * scale, 2):.3g} {max(4 * scale, 1.6):.3g}"
    rules.append(f".nt-w0{{stroke-dasharray:{dashes};stroke-linecap:butt}}")
    return "".join(rules)
