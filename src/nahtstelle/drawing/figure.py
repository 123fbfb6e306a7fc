"""What all plates have in common: title, frame, legend, foot and style around a map."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from nahtstelle.drawing import legend
from nahtstelle.drawing.classes import PeopleClasses
from nahtstelle.drawing.palette import DARK, LIGHT, line_sheet, style_sheet
from nahtstelle.drawing.text import FONT_STACK, escape, text_element, wrap
from nahtstelle.drawing.view import PADDING, STEEPEST, View, path
from nahtstelle.drawing.words import WORDS, Language, Words, as_of, number
from nahtstelle.errors import FrameError

MARGIN_PX = 28.0
NARROW_PX = 640
COLUMN_GAP_PX = 22.0
LEAST_COLUMN_PX = 200.0
INSIDE_PX = 6.0

LegendPlace = Literal["below", "beside", "none"]


@dataclass(frozen=True)
class Paper:
    """What a plate is drawn on: its size, what stands around the map, its language and colours.

    ``height_px`` is that of the map. ``embedded`` leaves title, margins and attribution to the page around the
    plate; ``dark`` adds dark colours for readers who ask for them.
    """

    title: str
    subtitle: str
    attribution: str
    edition_date: date | None
    embedded: bool
    width_px: int
    height_px: int | None
    legend: LegendPlace
    dark: bool
    language: Language

    @property
    def words(self) -> Words:
        """The words of its language."""
        return WORDS[self.language]


@dataclass(frozen=True)
class Framing:
    """The shapes a map has to show, and how much of what surrounds them; see `View.around`."""

    shapes: gpd.GeoSeries
    padding: float = PADDING
    steepest: float = STEEPEST
    least_m: float = 0.0


@dataclass(frozen=True)
class Drawn:
    """The elements of a map from the ground up, and the names that stand as numbers on it."""

    elements: list[str]
    names: list[str] = field(default_factory=list)


def compose(
    paper: Paper,
    framing: Framing,
    key: Sequence[legend.Block],
    draw_map: Callable[[View], Drawn],
    description: str,
    *,
    line_scale: float = 1.0,
    cooperation: bool = False,
    notes: Sequence[str] = (),
) -> str:
    """Set a map with its title, legend and foot, and return the plate as SVG text.

    Seams are drawn ``line_scale`` times as wide as usual. Unless the map shows ``cooperation``, it says so.
    ``notes`` are said beneath its scale.
    """
    margin = 1.0 if paper.embedded else MARGIN_PX
    head, top = ([], margin) if paper.embedded else _head(paper)
    beside = paper.legend == "beside"
    column = max([LEAST_COLUMN_PX, *(block.width for block in key)]) if beside else 0.0
    room = paper.width_px - 2 * margin - (column + COLUMN_GAP_PX if beside else 0.0)
    view = View.around(
        framing.shapes,
        margin,
        top,
        room,
        paper.height_px,
        padding=framing.padding,
        steepest=framing.steepest,
        least_m=framing.least_m,
    )
    drawn = draw_map(view)
    legend_elements: list[str] = []
    bottom = view.y + view.height
    if paper.legend != "none":
        notes = [*notes, *([] if cooperation else [paper.words.note]), as_of(paper.edition_date, paper.language)]
        blocks = [*key, _scale(paper, view, notes, drawn.names, column)]
        if beside:
            legend_elements, used = legend.arrange(blocks, view.x + view.width + COLUMN_GAP_PX, top + 2, column)
            bottom = max(bottom, top + 2 + used)
        else:
            legend_elements, used = legend.arrange(blocks, margin, bottom + 22, view.width)
            bottom += 22 + used
    foot, height = ([], bottom + margin) if paper.embedded else _foot(paper, bottom + 18)
    rules = line_sheet(line_scale) + style_sheet(LIGHT)
    if paper.dark:
        rules += f"@media (prefers-color-scheme:dark){{{style_sheet(DARK)}}}"
    plate = f"{paper.width_px}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="nt-plate" width="{paper.width_px}" height="{height:.0f}" '
            f'viewBox="0 0 {paper.width_px} {height:.0f}" role="img" '
            f'aria-labelledby="nt-title-{plate} nt-desc-{plate}" lang="{paper.language}" font-family="{FONT_STACK}" '
            'fill-rule="evenodd">',
            f'<title id="nt-title-{plate}">{escape(paper.title)}</title>',
            f'<desc id="nt-desc-{plate}">{escape(description)}</desc>',
            f"<style>{rules}</style>",
            f'<clipPath id="nt-clip-{plate}"><rect {_rectangle(view)}/></clipPath>',
            f'<rect class="nt-sheet" width="{paper.width_px}" height="{height:.0f}"/>',
            *head,
            f'<g clip-path="url(#nt-clip-{plate})">',
            f'<rect class="nt-ground" {_rectangle(view)}/>',
            *drawn.elements,
            "</g>",
            f'<rect class="nt-frame" {_rectangle(view)}/>',
            *legend_elements,
            *foot,
            "</svg>\n",
        ]
    )


def check(what: str, table: gpd.GeoDataFrame, columns: Sequence[str]) -> None:
    """Raise `FrameError` for a missing column or coordinate system."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise FrameError(
            f"{what} to draw: column {missing[0]!r} is missing, expected {', '.join(columns)} and geometry"
        )
    if table.crs is None:
        raise FrameError(f"{what} to draw: no coordinate system; set one with set_crs()")


def area_element(role: str, shape: BaseGeometry) -> str:
    """An area in this role; empty text where nothing of it is seen."""
    trace = path(shape)
    return f'<path class="nt-{role}" d="{trace}"/>' if trace else ""


def inside(view: View) -> BaseGeometry:
    """Where names may stand: the frame without its edge."""
    return shapely.buffer(view.frame, -INSIDE_PX, join_style="mitre")


def people_said(people: float | None, words: Words, language: Language) -> str:
    """A number of people in words, or that it is not known."""
    return words.unknown_people if pd.isna(people) else words.people.format(number(float(people or 0), 0, language))


def people_key(classes: PeopleClasses, steps: Sequence[int], words: Words, language: Language) -> list[legend.Block]:
    """The block that explains the widths of lines; none where there is no line."""
    middle = legend.ROW_PX / 2 - 2
    lines = []
    if any(steps):
        lines = [(legend.line_sample(middle, f"nt-seam nt-w{step}"), text) for step, text in classes.labels(language)]
    if 0 in steps:
        lines.append((legend.line_sample(middle, "nt-seam nt-w0"), words.unknown_people))
    return [legend.key_block(words.people_heading, lines)] if lines else []


# --- pieces around the map ---------------------------------------------------------------------------------


def _head(paper: Paper) -> tuple[list[str], float]:
    """Title and subtitle, and where the map begins."""
    size = 21.0 if paper.width_px < NARROW_PX else 27.0
    room = paper.width_px - 2 * MARGIN_PX
    baseline = MARGIN_PX + 0.75 * size
    lines = wrap(paper.title, 1.03 * size, room)
    elements = [text_element(MARGIN_PX, baseline, lines, size, "nt-text", more=' font-weight="600"')]
    baseline += 1.15 * size * (len(lines) - 1)
    if paper.subtitle:
        baseline += 24
        lines = wrap(paper.subtitle, 15, room)
        elements.append(text_element(MARGIN_PX, baseline, lines, 15, "nt-quiet"))
        baseline += 1.15 * 15 * (len(lines) - 1)
    return elements, round(baseline + 18)


def _foot(paper: Paper, top: float) -> tuple[list[str], float]:
    """The sources, and where the plate ends."""
    room = paper.width_px - 2 * MARGIN_PX
    lines = [line for part in paper.attribution.splitlines() for line in wrap(part, 11, room)]
    rule = f'<path class="nt-frame" d="M{MARGIN_PX:g} {top:.1f}h{room:g}" stroke-opacity=".4"/>'
    text = text_element(MARGIN_PX, top + 19, lines, 11, "nt-quiet")
    return [rule, text], round(top + 19 + 1.15 * 11 * (len(lines) - 1) + 20)


def _scale(paper: Paper, view: View, notes: Sequence[str], names: Sequence[str], column: float) -> legend.Block:
    """The scale and what has to be said of the map, in lines that fit a column where there is one."""
    lines = [line for note in notes for line in wrap(note, legend.SIZE_PX, column)] if column else list(notes)
    if names:
        lines += wrap(", ".join(names), legend.SIZE_PX, column or 260.0)
    return legend.scale_block(view.px_per_m, lines, paper.language)


def _rectangle(view: View) -> str:
    return f'x="{view.x:g}" y="{view.y:g}" width="{view.width:g}" height="{view.height:g}"'
