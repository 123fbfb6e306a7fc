"""Maps as pictures, made on the server: where the living map cannot be drawn, on sheets, and to share."""

from __future__ import annotations

from typing import Any, TypedDict

from nahtstelle.core.keys import Level
from nahtstelle.core.model import Area, Seam
from nahtstelle.drawing import draw_country, draw_seam, draw_seams, to_png
from nahtstelle.drawing.card import CARD_PLATE_PX, draw_card
from nahtstelle.drawing.figure import LegendPlace
from nahtstelle.drawing.stitches import State
from nahtstelle.portal.insight import Insight
from nahtstelle.portal.ui import figures
from nahtstelle.portal.ui.levels import WORDS

_PARTS_OF = {Level.LAND: Level.DISTRICT, Level.DISTRICT: Level.MUNICIPALITY, Level.UNION: Level.MUNICIPALITY}


class Paper(TypedDict, total=False):
    """How large a plate is, and where its legend stands; without, as wide as a column of the site."""

    width_px: int
    height_px: int
    legend_place: LegendPlace


CARD_PAPER: Paper = {"width_px": CARD_PLATE_PX[0], "height_px": CARD_PLATE_PX[1], "legend_place": "none"}


def country_plate(insight: Insight, level: Level, paper: Paper | None = None, *, named: bool = True) -> str:
    """All seams of a level, as SVG; ``named`` writes the names of the Länder on it."""
    plates = insight.plates
    return draw_country(
        plates.shapes(Level.LAND).reset_index(),
        plates.seams(level, insight.seams(level).seams),
        title=str(WORDS[level].seams),
        named=named,
        **_usual(insight, paper),
    )


def area_plate(insight: Insight, area: Area, paper: Paper | None = None) -> str:
    """An area with its neighbours and seams, as SVG."""
    plates, level = insight.plates, area.level
    seams = [insight.seen_from(seam, area.key) for seam in insight.seams(level).of_area(area.key)]
    parts = _PARTS_OF.get(level)
    return draw_seams(
        plates.areas(level, [area.key], [seam.other_key for seam in seams]),
        plates.seams(level, seams),
        title=figures.named(area),
        subtitle="",
        attribution=insight.edition.attribution,
        inner=plates.inner([area], insight.at_border(area.key, parts), parts) if parts else None,
        inner_kind="district" if parts is Level.DISTRICT else "municipality",
        **_usual(insight, paper),
    )


def seam_plate(insight: Insight, seam: Seam, paper: Paper | None = None, *, state: State | None = None) -> str:
    """The strip along a seam, as SVG; with its stitches where a state is given."""
    plates = insight.plates
    a, b = insight.areas[seam.own_key], insight.areas[seam.other_key]
    inner = None
    if a.level is not Level.MUNICIPALITY:
        inner = plates.inner([a, b], {*seam.own.municipalities, *seam.other.municipalities})
    return draw_seam(
        plates.areas(a.level, [a.key, b.key], [area.key for area in insight.at_ends(seam)]),
        plates.seams(a.level, [seam]),
        title=f"{a.name} | {b.name}",
        attribution=insight.edition.attribution,
        inner=inner,
        state=state,
        **_usual(insight, paper),
    )


def card(insight: Insight, title: str, sentence: str, plate: str) -> bytes:
    """The picture that stands for a page where somebody shares its address, as PNG."""
    drawn = draw_card(title, sentence, plate, insight.edition.attribution, language=figures.language())
    return to_png(drawn, scale=1)


def _usual(insight: Insight, paper: Paper | None) -> dict[str, Any]:
    return {
        "edition_date": insight.valid_on,
        "embedded": True,
        "language": figures.language(),
        "width_px": 720,
        **(paper or {}),
    }
