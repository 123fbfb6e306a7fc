"""Draw seams: tables with geometry in, text and bytes out. No files, no network, no clock.

`draw_seams` makes the plate as SVG, `to_png` a picture of it for reports, `to_html` a page with the plate and
a table of the same facts. The same input gives the same bytes.
"""

from nahtstelle.drawing.page import to_html
from nahtstelle.drawing.plate import draw_seams
from nahtstelle.drawing.raster import to_png

__all__ = ["draw_seams", "to_html", "to_png"]
