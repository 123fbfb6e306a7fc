"""A plate as a picture."""

from __future__ import annotations

import fontpkg_fira_sans
import resvg_py

FONT_FILES = tuple(
    str(fontpkg_fira_sans.ROOT / "files" / f"FiraSans-{style}.ttf") for style in ("Regular", "Medium", "SemiBold")
)


def to_png(svg: str, *, scale: int = 2) -> bytes:
    """Render a plate as PNG, ``scale`` pixels for each of its own.

    Text is set in Fira Sans, which comes as a package: the picture is the same on every machine. Raises
    ``ValueError`` for what is no SVG.
    """
    png: bytes = resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=scale,
        skip_system_fonts=True,
        font_files=list(FONT_FILES),
        font_family="Fira Sans",
        sans_serif_family="Fira Sans",
    )
    return png
