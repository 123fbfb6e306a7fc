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


def fit(text: str, sizes_px: Sequence[float], width_px: float, most_lines: int) -> tuple[float, list[str]]:
    """The first of the sizes at which a text fits into so many lines of this width, and those lines.

    Lines break at spaces and after hyphens. Where no size will do, the text is cut at the last.

    >>> fit("Sächsische Schweiz-Osterzgebirge", (48, 36), 400, 3)
    (48, ['Sächsische', 'Schweiz-', 'Osterzgebirge'])
    """
    for size in sizes_px:
        lines = _broken(text, size, width_px)
        if len(lines) <= most_lines and max(text_width(line, size) for line in lines) <= width_px:
            return size, lines
    size = sizes_px[-1]
    kept = [_cut(line, size, width_px) for line in _broken(text, size, width_px)]
    if len(kept) > most_lines:
        kept = [*kept[: most_lines - 1], _cut(f"{kept[most_lines - 1]}…", size, width_px)]
    return size, kept


def _broken(text: str, size_px: float, width_px: float) -> list[str]:
    """Like `wrap`, but a line may end after a hyphen too."""
    lines: list[str] = []
    for piece in re.findall(r"\s+|[^\s-]*-+(?=\w)|[^\s-]+(?:-+(?!\w))?|-+", text.strip()):
        if lines and text_width((lines[-1] + piece).strip(), size_px) <= width_px:
            lines[-1] += piece
        elif piece.strip():
            lines.append(piece)
    return [line.strip() for line in lines] or [""]


def _cut(line: str, size_px: float, width_px: float) -> str:
    """As much of a line as fits, with an ellipsis where it was cut."""
    if text_width(line, size_px) <= width_px:
        return line
    kept = line.rstrip("…")
    while kept and text_width(f"{kept}…", size_px) > width_px:
        kept = kept[:-1].rstrip()
    return f"{kept}…"


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
