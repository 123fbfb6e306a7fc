"""The plate of one seam: the strip along it, with the municipalities on both sides, as SVG."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import shapely

from nahtstelle.drawing import legend
from nahtstelle.drawing.figure import (
    Drawn,
    Framing,
    LegendPlace,
    Paper,
    area_element,
    check,
    compose,
    inside,
    people_said,
)
from nahtstelle.drawing.labels import Wish, place
from nahtstelle.drawing.palette import SEAM_WIDTHS_PX
from nahtstelle.drawing.plate import AREA_COLUMNS, ROLES, wide_lines
from nahtstelle.drawing.stitches import State, seam_elements
from nahtstelle.drawing.view import Shapes, View, path
from nahtstelle.drawing.words import Language, Words, number
from nahtstelle.errors import FrameError

SEAM_COLUMNS = ("land_seam", "length_km", "people")
INNER_COLUMNS = ("name", "own_key", "border")
SIDES = ("own", "across")
AREA_SIZES_PX = (17.0, 15.0, 13.0)
END_SIZES_PX = (13.0, 12.0)
INNER_SIZES_PX = (12.0, 11.0, 10.0)
PADDING = 0.24
LEAST_OF_AREA = 0.6
MOST_INNER = 150
STEP = 4


def draw_seam(
    areas: gpd.GeoDataFrame,
    seam: gpd.GeoDataFrame,
    *,
    title: str,
    subtitle: str = "",
    attribution: str = "",
    edition_date: date | None,
    inner: gpd.GeoDataFrame | None = None,
    state: State | None = None,
    embedded: bool = False,
    width_px: int = 720,
    height_px: int | None = None,
    legend_place: LegendPlace = "below",
    dark: bool = False,
    language: Language = "de",
) -> str:
    """Draw the strip along one seam and return the plate as SVG text.

    ``areas``: columns as for `draw_seams`. The two areas of the seam have the role ``own``, in the order in which
    the page names them; ``neighbour`` are those at the ends of the seam, which are named too.
    ``seam``: one row with ``land_seam`` (bool), ``length_km``, ``people`` (missing where not known) and the line.
    ``inner``: municipalities of both areas, ``name``, ``own_key`` (key of the area) and ``border`` (bool, at this
    seam); those at the seam are shaded and named.
    ``state`` sets the stitches of cooperation; without it nothing is said about it.
    The other arguments and what is raised: as for `draw_seams`.
    """
    check("areas", areas, AREA_COLUMNS)
    check("seam", seam, SEAM_COLUMNS)
    own = areas[areas["role"] == "own"]
    if len(own) != 2:
        raise FrameError(f"areas to draw: {len(own)} rows have the role 'own', a seam has two areas")
    if len(seam) != 1:
        raise FrameError(f"seam to draw: one row expected, not {len(seam)}")
    if inner is None:
        inner = gpd.GeoDataFrame({"name": [], "own_key": [], "border": []}, geometry=[], crs=areas.crs)
    check("inner", inner, INNER_COLUMNS)
    paper = Paper(
        title, subtitle, attribution, edition_date, embedded, width_px, height_px, legend_place, dark, language
    )
    inner = _worth_drawing(inner)
    ends = bool((areas["role"] == "neighbour").any())
    key = _key(own, inner, bool(seam["land_seam"].iloc[0]), ends, state, paper.words)

    def draw_map(view: View) -> Drawn:
        return _map(view, areas, seam, inner, state)

    framing = Framing(seam.geometry, PADDING, least_m=_least_extent_m(own))
    description = _description(areas, seam, inner, paper.words, language)
    return compose(paper, framing, key, draw_map, description, cooperation=state is not None)


def _worth_drawing(inner: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Without the municipality that is all of its area, as in a city or at the level of municipalities."""
    several: gpd.GeoDataFrame = inner[inner.groupby("own_key")["name"].transform("size") > 1]
    return several


def _least_extent_m(own: gpd.GeoDataFrame) -> float:
    """How much ground a short seam has to show: a part of the smaller of its areas."""
    west, south, east, north = own.geometry.to_crs("EPSG:4326").bounds.to_numpy().T
    metres = 111_000 * np.sqrt((north - south) * (east - west) * np.cos(np.radians((south + north) / 2)))
    return LEAST_OF_AREA * float(metres.min())


def _map(
    view: View, areas: gpd.GeoDataFrame, seam: gpd.GeoDataFrame, inner: gpd.GeoDataFrame, state: State | None
) -> Drawn:
    shown = view.shows(areas)
    shapes = view.polygons(shown.geometry)
    roles, keys, names = shown["role"].tolist(), shown["key"].tolist(), shown["name"].astype(str).tolist()
    own_keys = areas.loc[areas["role"] == "own", "key"].tolist()
    side_of = dict(zip(own_keys, SIDES, strict=True))
    tones = [side_of[key] if role == "own" else role for key, role in zip(keys, roles, strict=True)]
    elements = [
        area_element(tone, shape)
        for role in ROLES
        for shape, its, tone in zip(shapes, roles, tones, strict=True)
        if its == role
    ]
    near = view.shows(inner)
    if len(near) > MOST_INNER:
        near = near[near["border"].astype(bool)]
    parts = view.polygons(near.geometry)
    sides = [side_of.get(key, "own") for key in near["own_key"]]
    border = near["border"].astype(bool).tolist()
    shades = [_shade(side) if at_seam else "plain" for side, at_seam in zip(sides, border, strict=True)]
    elements += [area_element(f"{shade} nt-inner", part) for shade, part in zip(shades, parts, strict=True)]
    width = SEAM_WIDTHS_PX[STEP - 1]
    lines = view.lines(seam.geometry, [width])
    if seam["land_seam"].iloc[0]:
        elements.append(f'<path class="nt-band nt-b{STEP}" d="{path(lines[0])}"/>')
    if state is None:
        elements.append(f'<path class="nt-seam nt-w{STEP}" d="{path(lines[0])}"/>')
    else:
        elements += seam_elements(lines[0], state, width)
    clear = inside(view)
    wishes = _area_wishes(names, tones, shapes, parts, border, clear)
    wishes += [
        Wish(str(name), shapely.intersection(part, clear), INNER_SIZES_PX, f"nt-text nt-halo nt-on-{shade}")
        for name, part, shade in sorted(zip(near["name"], parts, shades, strict=True), key=lambda row: -row[1].area)
        if shade != "plain"
    ]
    wishes += [
        Wish(name, shapely.intersection(shape, clear), END_SIZES_PX, "nt-quiet nt-halo nt-on-neighbour", important=True)
        for name, role, shape in zip(names, roles, shapes, strict=True)
        if role == "neighbour"
    ]
    return Drawn([*filter(None, elements), *place(wishes, wide_lines(lines, [width])).elements])


def _shade(side: str) -> str:
    return "border" if side == "own" else "across-border"


def _area_wishes(
    names: list[str], tones: list[str], shapes: Shapes, parts: Shapes, border: list[bool], clear: shapely.Geometry
) -> list[Wish]:
    """Names of the two areas, behind the municipalities at the seam if there is room, else among them."""
    at_seam = shapely.union_all([part for part, its in zip(parts, border, strict=True) if its])
    wishes = []
    for name, tone, shape in zip(names, tones, shapes, strict=True):
        if tone in SIDES:
            whole = shapely.intersection(shape, clear)
            behind = shapely.difference(whole, at_seam)
            room = behind if behind.area > 0.2 * whole.area else whole
            wishes.append(Wish(name, room, AREA_SIZES_PX, f"nt-text nt-halo nt-on-{tone}", 600, important=True))
    return wishes


def _key(
    own: gpd.GeoDataFrame, inner: gpd.GeoDataFrame, land_seam: bool, ends: bool, state: State | None, words: Words
) -> list[legend.Block]:
    middle = legend.ROW_PX / 2 - 2
    signs = [
        (legend.tone_sample(middle, f"nt-{side} nt-{_shade(side)}"), words.border_in.format(name))
        for side, name, key in zip(SIDES, own["name"], own["key"], strict=True)
        if (inner["border"].astype(bool) & (inner["own_key"] == key)).any()
    ]
    if ends:
        signs.append((legend.tone_sample(middle, "nt-neighbour"), words.at_the_end))
    band = "nt-band nt-b3"
    if state is None:
        text = words.the_land_seam if land_seam else words.the_seam
        lines = [(legend.line_sample(middle, *([band] if land_seam else []), "nt-seam nt-w3"), text)]
    else:
        piece = shapely.LineString([(4, middle), (legend.SAMPLE_PX - 4, middle)])
        lines = [("".join(seam_elements(piece, state, SEAM_WIDTHS_PX[2])), words.states[state])]
        if land_seam:
            lines.append((legend.line_sample(middle, band), words.land_seam))
    signs = lines + signs
    return [legend.key_block(words.signs_heading, signs)]


def _description(
    areas: gpd.GeoDataFrame, seam: gpd.GeoDataFrame, inner: gpd.GeoDataFrame, words: Words, language: Language
) -> str:
    row = seam.iloc[0]
    form = words.described_land_seam if row["land_seam"] else words.described_seam
    own = areas[areas["role"] == "own"]
    length = number(row["length_km"], 1, language)
    said = [form.format(" – ".join(own["name"]), length, people_said(row["people"], words, language))]
    at_seam = inner[inner["border"].astype(bool)]
    for key, name in zip(own["key"], own["name"], strict=True):
        if municipalities := sorted(at_seam.loc[at_seam["own_key"] == key, "name"]):
            said.append(f"{words.border_in.format(name)} – {', '.join(municipalities)}.")
    if ends := sorted(areas.loc[areas["role"] == "neighbour", "name"]):
        said.append(words.described_ends.format(", ".join(ends)))
    return " ".join(said)
