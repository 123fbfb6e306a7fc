"""The plate of areas in tones: the space of a cooperation, or how many of them work together where, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import geopandas as gpd
import shapely

from nahtstelle.drawing import legend
from nahtstelle.drawing.figure import Drawn, Framing, LegendPlace, Paper, area_element, check, compose, inside
from nahtstelle.drawing.labels import Wish, place
from nahtstelle.drawing.view import Shapes, View, path
from nahtstelle.drawing.words import Language
from nahtstelle.errors import FrameError

COLUMNS = ("name", "role")
TONES = ("context", "neighbour", "own", "border", "across")
NAME_SIZES_PX = (14.0, 12.5, 11.0)
TOLERANCE_PX = 0.6
PADDING = 0.12
STEEPEST = 1.2
LEAST_M = 12_000.0
"""Width of ground a map shows at least: the space of a single village with something around it."""


def draw_tones(
    ground: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    land_borders: gpd.GeoSeries,
    *,
    heading: str,
    tones: Sequence[tuple[str, str]],
    land_border: str,
    title: str,
    description: str,
    attribution: str = "",
    edition_date: date | None,
    frame: gpd.GeoSeries | None = None,
    named: bool = True,
    padding: float = PADDING,
    embedded: bool = True,
    width_px: int = 720,
    height_px: int | None = None,
    legend_place: LegendPlace = "below",
    dark: bool = False,
    language: Language = "de",
) -> str:
    """Draw areas in tones upon a ground of areas and return the plate as SVG text.

    ``ground``: what lies around, pale; geometry in any coordinate system. ``areas``: ``name``, ``role`` (a tone:
    ``neighbour``, ``own``, ``border`` or ``across``) and geometry; no two of them may overlap. ``land_borders``: lines
    drawn upon them as a pale band. ``tones``: role and meaning of each tone, for the legend under ``heading``;
    ``land_border`` is what the legend calls the band. ``frame``: what the picture has to show, by default all of the
    areas. ``description`` says in words what is seen. The other arguments: as for `draw_seams`. Raises `FrameError`
    for a missing column, a role there is not, or nothing to frame.
    """
    check("areas", areas, COLUMNS)
    unknown = sorted(set(areas["role"]) - set(TONES))
    if unknown:
        raise FrameError(f"areas to draw: role {unknown[0]!r} is none of {', '.join(TONES)}")
    shown = areas.geometry if frame is None else frame
    if shown.empty:
        raise FrameError("areas to draw: there is none, so there is nothing to frame")
    paper = Paper(title, "", attribution, edition_date, embedded, width_px, height_px, legend_place, dark, language)
    middle = legend.ROW_PX / 2 - 2
    signs = [(legend.tone_sample(middle, f"nt-{role}"), text) for role, text in tones]
    if len(land_borders):
        signs.append((legend.line_sample(middle, "nt-band nt-w4"), land_border))

    def draw_map(view: View) -> Drawn:
        around, near = view.shows(ground), view.shows(areas)
        shapes = view.polygons(near.geometry, TOLERANCE_PX)
        elements = [area_element("context", shape) for shape in view.polygons(around.geometry, TOLERANCE_PX)]
        roles = near["role"].tolist()
        for tone in TONES:
            elements += [area_element(tone, shape) for shape, its in zip(shapes, roles, strict=True) if its == tone]
        elements += _bands(view, land_borders)
        names = place(_names(view, near, shapes), []).elements if named else []
        return Drawn([*filter(None, elements), *names])

    framing = Framing(shown, padding, STEEPEST, LEAST_M)
    return compose(
        paper, framing, [legend.key_block(heading, signs)] if signs else [], draw_map, description, cooperation=True
    )


def _bands(view: View, borders: gpd.GeoSeries) -> list[str]:
    """The borders between Länder, thin enough for what lies beneath them."""
    if not len(borders):
        return []
    lines = [line for line in view.lines(borders, [3.0] * len(borders), least_px=TOLERANCE_PX) if not line.is_empty]
    return [f'<path class="nt-band nt-w4" d="{"".join(map(path, lines))}"/>'] if lines else []


def _names(view: View, near: gpd.GeoDataFrame, shapes: Shapes) -> list[Wish]:
    """Names of the areas that are no mere ground, the largest first."""
    clear = inside(view)
    rooms = [
        (str(name), role, shapely.intersection(shape, clear))
        for name, role, shape in zip(near["name"], near["role"], shapes, strict=True)
        if name and role != "context"
    ]
    return [
        Wish(name, room, NAME_SIZES_PX, f"nt-text nt-halo nt-on-{role}")
        for name, role, room in sorted(rooms, key=lambda each: (-each[2].area, each[0]))
        if not room.is_empty
    ]
