"""Maps as pictures, made on the server: where the living map cannot be drawn, in sheets, and to share."""

from __future__ import annotations

from nahtstelle.core.keys import Level
from nahtstelle.core.model import Area, Seam
from nahtstelle.drawing import draw_country, draw_seam, draw_seams
from nahtstelle.drawing.words import Language
from nahtstelle.portal import figures
from nahtstelle.portal.insight import Insight

_PARTS_OF = {Level.LAND: Level.DISTRICT, Level.DISTRICT: Level.MUNICIPALITY, Level.UNION: Level.MUNICIPALITY}


def country_plate(insight: Insight, level: Level) -> str:
    """All seams of a level, as SVG."""
    plates = insight.plates
    return draw_country(
        plates.shapes(Level.LAND).reset_index(),
        plates.seams(level, insight.seams(level).seams),
        title=str(figures.seams_of(level)),
        edition_date=plates.date,
        embedded=True,
        language=figures.language(),
    )


def area_plate(insight: Insight, area: Area, *, width_px: int = 720, language: Language | None = None) -> str:
    """An area with its neighbours and seams, as SVG."""
    plates, level = insight.plates, area.level
    seams = [insight.seen_from(seam, area.key) for seam in insight.seams(level).of_area(area.key)]
    parts = _PARTS_OF.get(level)
    inner = None
    if parts is not None:
        at_seam = insight.at_border(area.key, parts)
        inner = plates.inner([area], at_seam, parts)
    return draw_seams(
        plates.areas(level, [area.key], [seam.other_key for seam in seams]),
        plates.seams(level, seams),
        title=figures.named(area),
        subtitle="",
        attribution=insight.edition.attribution,
        edition_date=plates.date,
        inner=inner,
        inner_kind="district" if parts is Level.DISTRICT else "municipality",
        embedded=True,
        width_px=width_px,
        language=language or figures.language(),
    )


def seam_plate(insight: Insight, seam: Seam, *, width_px: int = 720, language: Language | None = None) -> str:
    """The strip along a seam, as SVG."""
    plates = insight.plates
    a, b = insight.areas[seam.own_key], insight.areas[seam.other_key]
    ends = {key for each in insight.beside(seam) for key in (each.own_key, each.other_key)} - {a.key, b.key}
    inner = None
    if a.level is not Level.MUNICIPALITY:
        inner = plates.inner([a, b], {*seam.own.municipalities, *seam.other.municipalities})
    return draw_seam(
        plates.areas(a.level, [a.key, b.key], ends),
        plates.seams(a.level, [seam]),
        title=f"{a.name} | {b.name}",
        attribution=insight.edition.attribution,
        edition_date=plates.date,
        inner=inner,
        embedded=True,
        width_px=width_px,
        language=language or figures.language(),
    )
