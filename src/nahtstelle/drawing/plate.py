"""The plate: a map of seams with title, legend, scale and sources, as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from nahtstelle.drawing import legend
from nahtstelle.drawing.classes import PeopleClasses
from nahtstelle.drawing.labels import Wish, place
from nahtstelle.drawing.palette import LIGHT, SEAM_WIDTHS_PX, UNKNOWN_WIDTH_PX, line_sheet, style_sheet
from nahtstelle.drawing.text import FONT_STACK, escape, text_element, wrap
from nahtstelle.drawing.view import Shapes, View, path
from nahtstelle.drawing.words import NO_BREAK, WORDS, Language, Words, as_of, number
from nahtstelle.errors import FrameError

MARGIN_PX = 28.0
NARROW_PX = 640
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
    embedded: bool = False,
    width_px: int = 1000,
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
    ``inner``: municipalities of the own areas, drawn as hairlines; ``name`` and ``border`` (bool, at a seam).
    ``attribution`` is printed as it is, ``edition_date`` is the date of the borders. ``embedded`` leaves title,
    margins and attribution to the page around the plate; a screen reader still says the title.

    Line widths follow five classes of people. Nothing is said about cooperation. Raises `FrameError` for a
    missing column, an unknown role, no own area or no coordinate system.
    """
    _check("areas", areas, AREA_COLUMNS)
    _check("seams", seams, SEAM_COLUMNS)
    own = _own(areas)
    inner = _parts(own, inner)
    words = WORDS[language]
    margin = 1.0 if embedded else MARGIN_PX
    head, top = ([], margin) if embedded else _head(title, subtitle, width_px)
    view = View.around(own.geometry, margin, top, width_px - 2 * margin)
    classes = PeopleClasses.of(seams["people"].dropna())
    steps = [0 if pd.isna(people) else classes.class_of(people) for people in seams["people"]]
    told = _sentences(seams, words, language)
    map_elements, numbers = _map(view, areas, seams, inner, steps, told, language)
    key = _key(seams, inner, classes, steps, words, language)
    names = [f"{row}{NO_BREAK}{seams['name'].iloc[row - 1]}" for row in numbers]
    notes = [words.note, as_of(edition_date, language)]
    notes += wrap(", ".join(names), legend.SIZE_PX, 260) if names else []
    blocks = [*key, legend.scale_block(view.px_per_m, notes, language)]
    bottom = view.y + view.height + 22
    legend_elements, used = legend.arrange(blocks, margin, bottom, view.width)
    foot, height = ([], bottom + used) if embedded else _foot(attribution, bottom + used + 18, width_px)
    plate = f"{width_px}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="nt-plate" width="{width_px}" height="{height:.0f}" '
            f'viewBox="0 0 {width_px} {height:.0f}" role="img" aria-labelledby="nt-title-{plate} nt-desc-{plate}" '
            f'lang="{language}" font-family="{FONT_STACK}">',
            f'<title id="nt-title-{plate}">{escape(title)}</title>',
            f'<desc id="nt-desc-{plate}">{escape(_description(seams, told, words, language))}</desc>',
            f"<style>{line_sheet()}{style_sheet(LIGHT)}</style>",
            f'<clipPath id="nt-clip-{plate}"><rect {_rectangle(view)}/></clipPath>',
            f'<rect class="nt-sheet" width="{width_px}" height="{height:.0f}"/>',
            *head,
            f'<g clip-path="url(#nt-clip-{plate})">',
            *map_elements,
            "</g>",
            f'<rect class="nt-frame" {_rectangle(view)}/>',
            *legend_elements,
            *foot,
            "</svg>\n",
        ]
    )


# --- pieces of the plate -----------------------------------------------------------------------------------


def has_several_places(seams: pd.DataFrame) -> bool:
    """Whether the seams are those of several own areas, so that each has to say whose it is."""
    return "own_name" in seams.columns and seams["own_name"].nunique() > 1


def _check(what: str, table: gpd.GeoDataFrame, columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise FrameError(
            f"{what} to draw: column {missing[0]!r} is missing, expected {', '.join(columns)} and geometry"
        )
    if table.crs is None:
        raise FrameError(f"{what} to draw: no coordinate system; set one with set_crs()")


def _own(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    unknown = sorted(set(areas["role"]) - set(ROLES))
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
    _check("inner", inner, INNER_COLUMNS)
    return inner


def _head(title: str, subtitle: str, width_px: int) -> tuple[list[str], float]:
    """Title and subtitle, and where the map begins."""
    size = 21.0 if width_px < NARROW_PX else 27.0
    room = width_px - 2 * MARGIN_PX
    baseline = MARGIN_PX + 0.75 * size
    lines = wrap(title, 1.03 * size, room)
    elements = [text_element(MARGIN_PX, baseline, lines, size, "nt-text", more=' font-weight="600"')]
    baseline += 1.15 * size * (len(lines) - 1)
    if subtitle:
        baseline += 24
        lines = wrap(subtitle, 15, room)
        elements.append(text_element(MARGIN_PX, baseline, lines, 15, "nt-quiet"))
        baseline += 1.15 * 15 * (len(lines) - 1)
    return elements, round(baseline + 18)


def _foot(attribution: str, top: float, width_px: int) -> tuple[list[str], float]:
    """The sources, and where the plate ends."""
    lines = [line for part in attribution.splitlines() for line in wrap(part, 11, width_px - 2 * MARGIN_PX)]
    rule = f'<path class="nt-frame" d="M{MARGIN_PX:g} {top:.1f}h{width_px - 2 * MARGIN_PX:g}" stroke-opacity=".4"/>'
    text = text_element(MARGIN_PX, top + 19, lines, 11, "nt-quiet")
    return [rule, text], round(top + 19 + 1.15 * 11 * (len(lines) - 1) + 20)


def _rectangle(view: View) -> str:
    return f'x="{view.x:g}" y="{view.y:g}" width="{view.width:g}" height="{view.height:g}"'


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
    known = not pd.isna(seam["people"])
    people = words.people.format(number(seam["people"], 0, language)) if known else words.unknown_people
    return form.format(name, number(seam["length_km"], 1, language), people)


def _key(
    seams: gpd.GeoDataFrame,
    inner: gpd.GeoDataFrame,
    classes: PeopleClasses,
    steps: list[int],
    words: Words,
    language: Language,
) -> list[legend.Block]:
    """The blocks that explain lines and tones; only what the map shows is explained."""
    middle = legend.ROW_PX / 2 - 2
    blocks = []
    lines = []
    if any(steps):
        lines = [(legend.line_sample(middle, f"nt-seam nt-w{step}"), text) for step, text in classes.labels(language)]
    if 0 in steps:
        lines.append((legend.line_sample(middle, "nt-seam nt-w0"), words.unknown_people))
    if lines:
        blocks.append(legend.key_block(words.people_heading, lines))
    signs = [(legend.tone_sample(middle, "nt-own"), words.own)]
    if inner["border"].any():
        signs.append((legend.tone_sample(middle, "nt-own nt-border"), words.border))
    signs.append((legend.tone_sample(middle, "nt-neighbour"), words.neighbour))
    if seams["land_seam"].any():
        signs.append((legend.line_sample(middle, "nt-band nt-b3", "nt-seam nt-w3"), words.land_seam))
    return [*blocks, legend.key_block(words.signs_heading, signs)]


# --- the map in the frame ----------------------------------------------------------------------------------


def _map(
    view: View,
    areas: gpd.GeoDataFrame,
    seams: gpd.GeoDataFrame,
    inner: gpd.GeoDataFrame,
    steps: list[int],
    told: list[str],
    language: Language,
) -> tuple[list[str], list[int]]:
    """The elements of the map from the ground up, and the numbers that stand for names."""
    shown = view.shows(areas)
    shapes = view.polygons(shown.geometry)
    widths = [SEAM_WIDTHS_PX[step - 1] if step else UNKNOWN_WIDTH_PX for step in steps]
    lines = view.lines(seams.geometry, widths)
    elements = [f'<rect class="nt-ground" {_rectangle(view)}/>']
    for role in ROLES:
        elements += [_area(role, shape) for shape, its in zip(shapes, shown["role"], strict=True) if its == role]
    inner_shapes = view.polygons(inner.geometry)
    tones = np.where(inner["border"].astype(bool), "border nt-inner", "plain nt-inner")
    elements += [_area(tone, shape) for tone, shape in zip(tones, inner_shapes, strict=True)]
    elements += _seam_elements(seams, lines, steps, told)
    wishes = [
        *_area_wishes(view, shown, shapes, seams, language),
        *_inner_wishes(inner, inner_shapes, _is_whole(shown, shapes, inner, inner_shapes)),
    ]
    placed = place(wishes, [line.buffer(width / 2 + 1.5) for line, width in zip(lines, widths, strict=True)])
    return [*elements, *placed.elements], placed.numbers


def _area(role: str, shape: BaseGeometry) -> str:
    return f'<path class="nt-{role}" d="{path(shape)}"/>'


def _seam_elements(seams: gpd.GeoDataFrame, lines: Shapes, steps: list[int], told: list[str]) -> Iterator[str]:
    traces = [path(line) for line in lines]
    for trace, step, land_seam in zip(traces, steps, seams["land_seam"], strict=True):
        if land_seam:
            yield f'<path class="nt-band nt-b{step}" d="{trace}"/>'
    for key, trace, step, sentence in zip(seams["key"], traces, steps, told, strict=True):
        start = f'<path class="nt-seam nt-w{step}" data-key="{escape(str(key))}" d="{trace}">'
        yield f"{start}<title>{escape(sentence)}</title></path>"


def _area_wishes(
    view: View, shown: gpd.GeoDataFrame, shapes: Shapes, seams: gpd.GeoDataFrame, language: Language
) -> list[Wish]:
    """Names of the own areas, largest first, then of the neighbours, longest seam first."""
    inside = shapely.buffer(view.frame, -6)
    rooms = [shapely.intersection(shape, inside) for shape in shapes]
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
        fact = f"{number(lengths[rows[key]], 1, language)}{NO_BREAK}km" if len(own) == 1 else ""
        role = "nt-text nt-halo nt-on-neighbour"
        wishes.append(Wish(name, room, NEIGHBOUR_SIZES_PX, role, fact=fact, number=rows[key] + 1))
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
