"""Draw seams: tables and records in, text and bytes out. No files, no network, no clock.

Plates are maps as SVG: `draw_seams` those of one or several areas, `draw_seam` the strip along one, `draw_country`
all of a level. `to_png` makes a picture of one for reports, `to_html` a page with the plate and a table of the same
facts. The same input gives the same bytes.
"""

from nahtstelle.drawing.country import draw_country
from nahtstelle.drawing.page import to_html
from nahtstelle.drawing.plate import draw_seams
from nahtstelle.drawing.raster import to_png
from nahtstelle.drawing.strip import draw_seam

__all__ = ["draw_country", "draw_seam", "draw_seams", "to_html", "to_png"]
