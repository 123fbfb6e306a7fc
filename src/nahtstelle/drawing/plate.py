"""The plate of one or several areas: their seams on a map, as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

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
    people_said,
)
from nahtstelle.drawing.labels import Wish, place
from nahtstelle.drawing.palette import SEAM_WIDTHS_PX, UNKNOWN_WIDTH_PX
from nahtstelle.drawing.text import escape
from nahtstelle.drawing.view import Shapes, View, path
from nahtstelle.drawing.words import NO_BREAK, Language, Words, number
from nahtstelle.errors import FrameError

InnerKind = Literal["municipality", "district"]

ROLES = ("context", "neighbour", "own")
AREA_COLUMNS = ("key", "name", "role")
SEAM_COLUMNS = ("key", "name", "land_seam", "length_km", "people")
INNER_COLUMNS = ("name", "border")
OWN_SIZES_PX = (19.0, 16.0, 13.0)
SEVERAL_SIZES_PX = (15.0, 13.0, 11.5)
NEIGHBOUR_SIZES_PX = (14.0, 12.5)
INNER_SIZES_PX = (11.0, 10.0)
MOST_DESCRIBED = 12


def draw_seams(
    areas: gpd.GeoDataFrame,
    seams: gpd.GeoDataFrame,
    *,
    title: str,
    subtitle: str,
    attribution: str,
    edition_date: date | None,
    inner: gpd.GeoDataFrame | None = None,
    inner_kind: InnerKind = "municipality",
    embedded: bool = False,
    width_px: int = 1000,
    height_px: int | None = None,
    legend_place: LegendPlace = "below",
    dark: bool = False,
    language: Language = "de",
) -> str:
    """Draw the seams of one or several areas as a plate and return it as SVG text.

    ``areas``: columns ``key``, ``name``, ``role`` and geometry in any coordinate system. Role ``own`` is what
    the map is about and sets the frame, ``neighbour`` what adjoins it, ``context`` whatever else may be seen;
    rows outside the picture are left out.
    ``seams``: one row per seam of the own areas. ``key`` and ``name`` of the neighbour, ``land_seam`` (bool),
    ``length_km``, ``people`` in the municipalities on both sides (missing where not known), geometry the
    shared border; ``own_name`` (whose seam it is) where there are several own areas. Names that find no room
    on the map are replaced by the number of the row, counted from 1.
    ``inner``: municipalities of the own areas, of a Land better its districts (``inner_kind``), drawn as hairlines;
    ``name`` and ``border`` (bool, at a seam).
    ``attribution`` is printed as it is, ``edition_date`` is the date of the borders. ``embedded`` leaves title,
    margins and attribution to the page around the plate; a screen reader still says the title. ``height_px`` is that
    of the map, by default as the areas ask for. ``legend_place`` puts the legend below the map or beside it;
    without it there are no scale and no numbers for names either. ``dark`` adds dark colours for readers whose
    system asks for them, which a picture in a page follows too.

    Line widths follow five classes of people. Nothing is said about cooperation. Raises `FrameError` for a
    missing column, an unknown role, no own area or no coordinate system.
    """
    check("areas", areas, AREA_COLUMNS)
    check("seams", seams, SEAM_COLUMNS)
    own = _own(areas)
    inner = _parts(own, inner)
    paper = Paper(
        title, subtitle, attribution, edition_date, embedded, width_px, height_px, legend_place, dark, language
    )
    classes = PeopleClasses.of(seams["people"].dropna())
    steps = classes.steps(seams["people"])
    told = _sentences(seams, paper.words, language)
    key = [
        *people_key(classes, steps, paper.words, language),
        _signs(
            bool(inner["border"].any()),
            inner_kind,
            bool((areas["role"] == "neighbour").any()),
            bool(seams["land_seam"].any()),
            paper.words,
        ),
    ]

    def draw_map(view: View) -> Drawn:
        return _map(view, areas, seams, inner, steps, told, paper)

    return compose(paper, Framing(own.geometry), key, draw_map, _description(seams, told, paper.words, language))


# --- pieces of the plate -----------------------------------------------------------------------------------


def has_several_places(seams: pd.DataFrame) -> bool:
    """Whether the seams are those of several own areas, so that each has to say whose it is."""
    return "own_name" in seams.columns and seams["own_name"].nunique() > 1


def _own(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    unknown = sorted(set(areas["role"].unique()) - set(ROLES))
    if unknown:
        raise FrameError(f"areas to draw: role {unknown[0]!r} is none of {', '.join(ROLES)}")
    own: gpd.GeoDataFrame = areas[areas["role"] == "own"]
    if own.empty:
        raise FrameError("areas to draw: no row has the role 'own', so there is nothing to frame")
    return own


def _parts(own: gpd.GeoDataFrame, inner: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    """The municipalities worth drawing: none where the place is a single one itself."""
    if inner is None or len(inner) == 1:
        return gpd.GeoDataFrame({"name": [], "border": []}, geometry=[], crs=own.crs)
    check("inner", inner, INNER_COLUMNS)
    return inner


def _description(seams: gpd.GeoDataFrame, told: Sequence[str], words: Words, language: Language) -> str:
    """The map for those who do not see it: how many seams, and each or the longest in a sentence."""
    count = number(len(seams), 0, language)
    if len(told) <= MOST_DESCRIBED:
        start = words.described_one if len(told) == 1 else words.described.format(count)
        return " ".join([start, *told])
    longest = np.argsort(-seams["length_km"].to_numpy(), kind="stable")[:MOST_DESCRIBED]
    return " ".join([words.described_longest.format(count), *(told[at] for at in longest)])


def _sentences(seams: gpd.GeoDataFrame, words: Words, language: Language) -> list[str]:
    """Each seam in words: between whom, length, people, and whether a Land border runs along it."""
    return [_sentence(seam, has_several_places(seams), words, language) for _, seam in seams.iterrows()]


def _sentence(seam: pd.Series, several: bool, words: Words, language: Language) -> str:
    form = words.described_land_seam if seam["land_seam"] else words.described_seam
    name = f"{seam['own_name']} – {seam['name']}" if several else seam["name"]
    return form.format(name, number(seam["length_km"], 1, language), people_said(seam["people"], words, language))


def _signs(border: bool, inner_kind: InnerKind, neighbour: bool, land_seam: bool, words: Words) -> legend.Block:
    """The block that explains tones and signs; only what the map shows is explained."""
    middle = legend.ROW_PX / 2 - 2
    signs = [(legend.tone_sample(middle, "nt-own"), words.own)]
    if border:
        text = words.border_district if inner_kind == "district" else words.border
        signs.append((legend.tone_sample(middle, "nt-own nt-border"), text))
    if neighbour:
        signs.append((legend.tone_sample(middle, "nt-neighbour"), words.neighbour))
    if land_seam:
        signs.append((legend.line_sample(middle, "nt-band nt-b3", "nt-seam nt-w3"), words.land_seam))
    return legend.key_block(words.signs_heading, signs)


# --- the map in the frame ----------------------------------------------------------------------------------


def _map(
    view: View,
    areas: gpd.GeoDataFrame,
    seams: gpd.GeoDataFrame,
    inner: gpd.GeoDataFrame,
    steps: list[int],
    told: list[str],
    paper: Paper,
) -> Drawn:
    shown = view.shows(areas)
    shapes = view.polygons(shown.geometry)
    widths = [SEAM_WIDTHS_PX[step - 1] if step else UNKNOWN_WIDTH_PX for step in steps]
    lines = view.lines(seams.geometry, widths)
    roles = shown["role"].tolist()
    elements = [
        area_element(role, shape) for role in ROLES for shape, its in zip(shapes, roles, strict=True) if its == role
    ]
    inner_shapes = view.polygons(inner.geometry)
    tones = np.where(inner["border"].astype(bool), "border nt-inner", "plain nt-inner")
    elements += [area_element(tone, shape) for tone, shape in zip(tones, inner_shapes, strict=True)]
    elements += _seam_elements(seams, lines, steps, told)
    wishes = [
        *_area_wishes(view, shown, shapes, seams, paper),
        *_inner_wishes(inner, inner_shapes, _is_whole(shown, shapes, inner, inner_shapes)),
    ]
    placed = place(wishes, wide_lines(lines, widths))
    names = [f"{row}{NO_BREAK}{seams['name'].iloc[row - 1]}" for row in placed.numbers]
    return Drawn([*filter(None, elements), *placed.elements], names)


def wide_lines(lines: Shapes, widths_px: Sequence[float]) -> Shapes:
    """The lines as polygons as wide as they are drawn, with a little air, for names to keep clear of."""
    return list(shapely.buffer(lines, np.asarray(widths_px) / 2 + 1.5, quad_segs=2))


def _seam_elements(seams: gpd.GeoDataFrame, lines: Shapes, steps: list[int], told: list[str]) -> Iterator[str]:
    traces = [path(line) for line in lines]
    for trace, step, land_seam in zip(traces, steps, seams["land_seam"], strict=True):
        if land_seam:
            yield f'<path class="nt-band nt-b{step}" d="{trace}"/>'
    for key, trace, step, sentence in zip(seams["key"], traces, steps, told, strict=True):
        start = f'<path class="nt-seam nt-w{step}" data-key="{escape(str(key))}" d="{trace}">'
        yield f"{start}<title>{escape(sentence)}</title></path>"


def _area_wishes(
    view: View, shown: gpd.GeoDataFrame, shapes: Shapes, seams: gpd.GeoDataFrame, paper: Paper
) -> list[Wish]:
    """Names of the own areas, largest first, then of the neighbours, longest seam first."""
    rooms = shapely.intersection(shapes, inside(view))
    visible = [
        (key, name, role, room)
        for key, name, role, room in zip(shown["key"], shown["name"], shown["role"], rooms, strict=True)
        if not room.is_empty
    ]
    own = sorted((area for area in visible if area[2] == "own"), key=lambda area: (-area[3].area, area[0]))
    sizes = OWN_SIZES_PX if len(own) == 1 else SEVERAL_SIZES_PX
    wishes = [Wish(name, room, sizes, "nt-text nt-halo nt-on-own", 600, important=True) for _, name, _, room in own]
    rows = {key: row for row, key in reversed(list(enumerate(seams["key"])))}
    lengths = seams["length_km"].tolist()
    beside = [area for area in visible if area[2] == "neighbour" and area[0] in rows]
    for key, name, _, room in sorted(beside, key=lambda area: (-lengths[rows[area[0]]], area[0])):
        fact = f"{number(lengths[rows[key]], 1, paper.language)}{NO_BREAK}km" if len(own) == 1 else ""
        row = rows[key] + 1 if paper.legend != "none" else None
        wishes.append(Wish(name, room, NEIGHBOUR_SIZES_PX, "nt-text nt-halo nt-on-neighbour", fact=fact, number=row))
    return wishes


def _is_whole(shown: gpd.GeoDataFrame, shapes: Shapes, inner: gpd.GeoDataFrame, inner_shapes: Shapes) -> list[bool]:
    """For each municipality whether it is all there is of an own area of its name, as a city is."""
    rows = zip(shown["name"], shown["role"], shapes, strict=True)
    own = [(name, shape.area) for name, role, shape in rows if role == "own"]
    return [
        any(name == other and shape.area > 0.95 * area for other, area in own)
        for name, shape in zip(inner["name"], inner_shapes, strict=True)
    ]


def _inner_wishes(inner: gpd.GeoDataFrame, shapes: Shapes, whole: Sequence[bool]) -> list[Wish]:
    """Names of the municipalities, those at a seam first, large before small; a city has its name already."""
    border, names = inner["border"].astype(bool).tolist(), inner["name"].tolist()
    order = sorted(range(len(names)), key=lambda at: (not border[at], -shapes[at].area, names[at]))
    return [
        Wish(names[at], shapes[at], INNER_SIZES_PX, f"nt-text nt-halo nt-on-{'border' if border[at] else 'own'}")
        for at in order
        if not (whole[at] or shapes[at].is_empty)
    ]
