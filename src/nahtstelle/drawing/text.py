"""Text on a plate: how wide it is, where it may break, how it is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape as _escape

FONT_STACK = "'Fira Sans','Segoe UI','Helvetica Neue',Arial,'Liberation Sans',sans-serif"

_WIDTHS_EM = {
    0.26: " '!,.:;·" + "\N{NO-BREAK SPACE}",
    0.32: "()IJ[]`ijlft{}",
    0.4: '"-r|',
    0.45: "*17?sz",
    0.52: "#+/2359<=>FLTZ_cgkvxy~–",
    0.57: "$0468ACESVXY^aeäÄé",
    0.62: "BKPRbdhnopquöüß",
    0.7: "DGUÜHNOQwÖ",
    0.88: "&M©%Wm@",
}
_WIDTH_OF = {sign: width for width, signs in _WIDTHS_EM.items() for sign in signs}
_SLACK = 1.03


def text_width(text: str, size_px: float) -> float:
    """Width of a line of Fira Sans in pixels, with a little slack for the fonts that may stand in for it."""
    return _SLACK * size_px * sum(_WIDTH_OF.get(sign, 0.62) for sign in text)


def wrap(text: str, size_px: float, width_px: float) -> list[str]:
    """Break a text at its spaces into lines of at most this width; a longer word stays whole."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size_px) <= width_px:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def in_two(name: str) -> tuple[str, str] | None:
    """A name on two lines as even as can be, broken after a space, a hyphen or a slash; ``None`` if it has none.

    >>> in_two("Nienburg (Weser)"), in_two("Hameln-Pyrmont"), in_two("Lippe")
    (('Nienburg', '(Weser)'), ('Hameln-', 'Pyrmont'), None)
    """
    ends = [match.end() for match in re.finditer(r"[ \-/]+(?=\S)", name)]
    halves = [(name[:end].strip(), name[end:]) for end in ends if name[:end].strip()]
    return min(halves, key=lambda pair: max(map(len, pair)), default=None)


def escape(text: str) -> str:
    """Text made safe for XML, in content and in attributes; signs XML cannot hold are left out."""
    legal = re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
    return _escape(legal, {'"': "&quot;"})


def text_element(x: float, y: float, lines: Sequence[str], size_px: float, role: str, *, more: str = "") -> str:
    """A text element of one or more lines; ``y`` is the baseline of the first, ``role`` its classes."""
    start = f'<text class="{role}" x="{x:.1f}" y="{y:.1f}" font-size="{size_px:g}"{more}>'
    if len(lines) == 1:
        return f"{start}{escape(lines[0])}</text>"
    spans = [
        f'<tspan x="{x:.1f}" dy="{0 if row == 0 else 1.15 * size_px:.1f}">{escape(line)}</tspan>'
        for row, line in enumerate(lines)
    ]
    return f"{start}{''.join(spans)}</text>"
