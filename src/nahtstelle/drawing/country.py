"""The plate of a whole country: all seams of one level by people, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from nahtstelle.drawing import legend
from nahtstelle.drawing.classes import PeopleClasses
from nahtstelle.drawing.figure import (
    Drawn,
    Framing,
    LegendPlace,
    Paper,
    area_element,
    check,
    compose,
    inside,
    people_key,
)
from nahtstelle.drawing.labels import Wish, place
from nahtstelle.drawing.palette import SEAM_WIDTHS_PX, UNKNOWN_WIDTH_PX
from nahtstelle.drawing.view import Shapes, View, path
from nahtstelle.drawing.words import Language, Words, number

GROUND_COLUMNS = ("name",)
SEAM_COLUMNS = ("land_seam", "people")
NAME_SIZES_PX = (13.0, 11.5)
PADDING = 0.015
STEEPEST = 1.45
MOST_SEAMS = 2_000
FULL_WIDTH_SEAMS = 40
FULL_WIDTH_PX = 720
THINNER = 0.3
SMALLEST_PX2 = 0.5
TOLERANCE_PX = 0.9


def draw_country(
    ground: gpd.GeoDataFrame,
    seams: gpd.GeoDataFrame,
    *,
    title: str,
    subtitle: str = "",
    attribution: str = "",
    edition_date: date | None,
    frame: gpd.GeoSeries | None = None,
    named: bool = True,
    embedded: bool = False,
    width_px: int = 720,
    height_px: int | None = None,
    legend_place: LegendPlace = "below",
    dark: bool = False,
    language: Language = "de",
) -> str:
    """Draw all seams of one level over a whole country and return the plate as SVG text.

    ``ground``: the areas that make up the country and are named on it, as its Länder; ``name`` and geometry.
    ``seams``: one row per seam, ``land_seam`` (bool), ``people`` (missing where not known), geometry the shared
    border. The more seams, the thinner their lines; of very many only those with most people and the Land seams are
    drawn, and the legend says so. ``frame``: what the picture has to show, by default all of the
    ground; ``named``: whether names are written. The other arguments and what is raised: as for `draw_seams`.
    """
    check("ground", ground, GROUND_COLUMNS)
    check("seams", seams, SEAM_COLUMNS)
    paper = Paper(
        title, subtitle, attribution, edition_date, embedded, width_px, height_px, legend_place, dark, language
    )
    classes = PeopleClasses.of(seams["people"].dropna())
    count, land_seams = len(seams), int(seams["land_seam"].sum())
    drawn = _most_important(seams).assign(step=lambda table: classes.steps(table["people"]))
    notes = []
    if len(drawn) < count:
        notes = [paper.words.only_most.format(number(MOST_SEAMS, 0, language), number(count, 0, language))]
    scale = min(1.0, width_px / FULL_WIDTH_PX) * min(1.0, (FULL_WIDTH_SEAMS / max(len(drawn), 1)) ** THINNER)
    key = people_key(classes, drawn["step"].tolist(), paper.words, language)
    if land_seams:
        key.append(_sign(paper.words))

    def draw_map(view: View) -> Drawn:
        shown = view.shows(ground)
        shapes = view.polygons(shown.geometry, TOLERANCE_PX)
        near = view.shows(drawn)
        widths = [scale * (SEAM_WIDTHS_PX[step - 1] if step else UNKNOWN_WIDTH_PX) for step in near["step"]]
        lines = view.lines(near.geometry, widths, least_px=TOLERANCE_PX)
        elements = [area_element("context", _without_specks(shape)) for shape in shapes]
        elements += _seams(lines, near["step"].tolist(), near["land_seam"].astype(bool).tolist())
        names = place(_names(view, shown, shapes), []).elements if named else []
        return Drawn([*filter(None, elements), *names])

    return compose(
        paper,
        Framing(ground.geometry if frame is None else frame, PADDING, STEEPEST),
        key,
        draw_map,
        paper.words.described_country.format(number(count, 0, language), number(land_seams, 0, language)),
        line_scale=scale,
        notes=notes,
    )


def _most_important(seams: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Of very many seams those with most people and the Land seams; the others would only be a grey veil."""
    if len(seams) <= MOST_SEAMS:
        return seams
    most = seams["people"].astype("Float64").rank(ascending=False, method="first") <= MOST_SEAMS
    chosen: gpd.GeoDataFrame = seams[most.fillna(False).astype(bool) | seams["land_seam"].astype(bool)]
    return chosen


def _sign(words: Words) -> legend.Block:
    sample = legend.line_sample(legend.ROW_PX / 2 - 2, "nt-band nt-b3", "nt-seam nt-w3")
    return legend.key_block(words.signs_heading, [(sample, words.land_seam)])


def _seams(lines: Shapes, steps: Sequence[int], land_seam: Sequence[bool]) -> list[str]:
    """All seams of a class as one line: bands first, then few people to many."""
    layers = [("nt-band nt-b", list(land_seam)), ("nt-seam nt-w", [True] * len(lines))]
    elements = []
    for role, wanted in layers:
        for step in sorted(set(steps)):
            of_class = [line for line, its, shown in zip(lines, steps, wanted, strict=True) if shown and its == step]
            pieces = [piece for line in of_class for piece in shapely.get_parts(line).tolist()]
            joined = shapely.get_parts(shapely.line_merge(shapely.MultiLineString(pieces))).tolist()
            if trace := "".join(map(path, joined)):
                elements.append(f'<path class="{role}{step}" d="{trace}"/>')
    return elements


def _without_specks(shape: BaseGeometry) -> BaseGeometry:
    """The area without islands that are smaller than a pixel, of which a coast has thousands."""
    return shapely.MultiPolygon([part for part in shapely.get_parts(shape).tolist() if part.area > SMALLEST_PX2])


def _names(view: View, shown: gpd.GeoDataFrame, shapes: Shapes) -> list[Wish]:
    """Names of the areas, over the lines because there is no room between them, large areas first."""
    clear = inside(view)
    rooms = [(str(name), shapely.intersection(shape, clear)) for name, shape in zip(shown["name"], shapes, strict=True)]
    return [
        Wish(name, room, NAME_SIZES_PX, "nt-text nt-halo nt-on-context", 500, important=True)
        for name, room in sorted(rooms, key=lambda pair: (-pair[1].area, pair[0]))
        if not room.is_empty
    ]
