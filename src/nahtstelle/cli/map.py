"""``nahtstelle map``: the seams of areas drawn as a plate, for reports."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from nahtstelle.cli.output import EditionOption, LevelOption, edition_named, put_bytes
from nahtstelle.core.keys import Level
from nahtstelle.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd

    from nahtstelle.core.model import Area
    from nahtstelle.editions.edition import Edition

Language = Literal["de", "en"]

_KINDS = (".svg", ".png", ".html")
_NEIGHBOURS = {
    "de": {
        Level.MUNICIPALITY: ("Gemeinde", "Gemeinden", "an der Gemeindegrenze"),
        Level.UNION: ("Gemeindeverband", "Gemeindeverbände", "an der Grenze des Gemeindeverbands"),
        Level.DISTRICT: ("Kreis", "Kreise", "an der Kreisgrenze"),
        Level.LAND: ("Land", "Länder", "an der Landesgrenze"),
    },
    "en": {
        Level.MUNICIPALITY: ("municipality", "municipalities", "at its border"),
        Level.UNION: ("union of municipalities", "unions of municipalities", "at its border"),
        Level.DISTRICT: ("district", "districts", "at its border"),
        Level.LAND: ("Land", "Länder", "at its border"),
    },
}


def map_(
    areas: Annotated[list[str], typer.Argument(help="Keys or unambiguous names of areas of one level.")],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="File to write: .svg, .png or .html decides the form.", dir_okay=False),
    ],
    level: LevelOption = None,
    language: Annotated[str, typer.Option("--language", help="Language of the map: de or en.")] = "de",
    edition: EditionOption = None,
) -> None:
    """Draw the seams of areas, lines as wide as people live there; the HTML page has a table with the same facts."""
    kind = output.suffix.lower()
    if kind not in _KINDS:
        raise InputError(f"{output} ends in {output.suffix!r}: expected one of {', '.join(_KINDS)}")
    if language not in ("de", "en"):
        raise InputError(f"unknown language {language!r}: expected de or en")
    opened = edition_named(edition)
    own = list({area.key: area for area in (opened.resolve(each, level) for each in areas)}.values())
    if len({area.level for area in own}) > 1:
        named = ", ".join(f"{area.name} ({area.level})" for area in own)
        raise InputError(f"areas of one level are expected, these are of several: {named}")
    put_bytes(_plate(opened, own, kind, "de" if language == "de" else "en"), output)


def _plate(opened: Edition, own: list[Area], kind: str, language: Language) -> bytes:
    from nahtstelle.drawing import draw_seams, to_html, to_png
    from nahtstelle.drawing.page import PAGE_PLATE_PX, PHONE_PLATE_PX

    level = own[0].level
    seams = _seams(opened, own)
    shapes = opened.areas(level).reset_index()
    keys = {area.key for area in own}
    neighbours = set(seams["key"]) - keys
    shapes["role"] = [
        "own" if key in keys else "neighbour" if key in neighbours else "context" for key in shapes["key"]
    ]
    shapes["name"] = shapes["name"].fillna(shapes["key"])
    inner = _inner(opened, own) if level is not Level.MUNICIPALITY else None
    title, lead = _words(opened, own, language)
    said = opened.manifest.valid_on
    date = dt.date.fromisoformat(said) if said else None

    def draw(*, embedded: bool = False, width_px: int = 1000) -> str:
        return draw_seams(
            shapes,
            seams,
            title=title,
            subtitle=lead,
            attribution=opened.attribution,
            edition_date=date,
            inner=inner,
            embedded=embedded,
            width_px=width_px,
            language=language,
        )

    if kind == ".svg":
        return draw().encode("utf-8")
    if kind == ".png":
        return to_png(draw())
    return to_html(
        draw(embedded=True, width_px=PAGE_PLATE_PX),
        seams,
        title=title,
        lead=lead,
        attribution=opened.attribution,
        edition_date=date,
        small_svg=draw(embedded=True, width_px=PHONE_PLATE_PX),
        language=language,
    ).encode("utf-8")


def _seams(opened: Edition, own: list[Area]) -> gpd.GeoDataFrame:
    """Every seam of the own areas once, longest first, with its line."""
    import geopandas as gpd
    import pandas as pd

    drawn = opened.border_lines(own[0].level)
    rows, seen = [], set()
    for area in own:
        for seam in opened.seams(area.key):
            pair = tuple(sorted((seam.own_key, seam.other_key)))
            if pair in seen or pair not in drawn.index:
                continue
            seen.add(pair)
            rows.append(
                {
                    "key": seam.other_key,
                    "name": opened.area(seam.other_key).name,
                    "own_name": area.name,
                    "land_seam": seam.land_seam,
                    "length_km": seam.length_m / 1000,
                    "people": seam.people.people,
                    "known_share": seam.people.known_share,
                    "geometry": drawn[pair],
                }
            )
    columns = ["key", "name", "own_name", "land_seam", "length_km", "people", "known_share", "geometry"]
    table = pd.DataFrame(rows, columns=columns).sort_values("length_km", ascending=False, kind="stable")
    table["people"] = pd.array(table["people"].tolist(), dtype="Int64")
    return gpd.GeoDataFrame(table, geometry="geometry", crs=drawn.crs)


def _inner(opened: Edition, own: list[Area]) -> gpd.GeoDataFrame:
    """The municipalities of the own areas, and which of them lie at a seam."""
    municipalities = opened.areas(Level.MUNICIPALITY)
    mine = municipalities[municipalities[f"{own[0].level}_key"].isin([area.key for area in own])].copy()
    at_seam = {key for area in own for key in opened.border_people([area.key], "all").municipalities}
    mine["border"] = mine.index.isin(at_seam)
    mine["name"] = mine["name"].fillna("")
    return mine[["name", "border", "geometry"]]


def _words(opened: Edition, own: list[Area], language: Language) -> tuple[str, str]:
    """Title and the answer in a sentence or two."""
    from nahtstelle.drawing.words import number

    level = own[0].level
    one, several, where = _NEIGHBOURS[language][level]
    named = [f"{area.designation} {area.name}" if area.designation else area.name for area in own]
    german = language == "de"
    together = f" {'und' if german else 'and'} ".join(filter(None, [", ".join(named[:-1]), named[-1]]))
    title = f"Die Nähte: {together}" if german else f"The seams of {together}"
    if len(own) > 3:
        title = f"Die Nähte von {len(own)} Gebieten" if german else f"The seams of {len(own)} areas"
    keys = {area.key for area in own}
    adjoining = {seam.other_key for area in own for seam in opened.seams(area.key)} - keys
    empty = sum((opened.area(key).designation or "").startswith("Gemeindefrei") for key in adjoining)
    count = len(adjoining) - empty
    neighbours = f"{count} {one if count == 1 else several}"
    if empty and german:
        neighbours += f" und {empty} gemeindefreie{'s Gebiet' if empty == 1 else ' Gebiete'}"
    elif empty:
        neighbours += f" and {empty} unincorporated area{'' if empty == 1 else 's'}"
    verb = "grenzt" if len(own) == 1 else "grenzen"
    lead = f"{together} {verb} an {neighbours}." if german else f"{together}: {neighbours} adjoin."
    found = opened.border_people([area.key for area in own], "outer")
    if level is Level.MUNICIPALITY or found.border.people is None or found.region.people is None:
        return title, lead
    border, people = number(found.border.people, 0, language), number(found.region.people, 0, language)
    share = number(100 * found.border.known_share, 0, language)
    if found.border.known_share == found.region.known_share == 1:
        tail = (
            f"{border} von {people} Menschen leben in Gemeinden {where}."
            if german
            else f"{border} of {people} people live in municipalities {where}."
        )
    elif german:
        tail = (
            f"Soweit bekannt, leben {border} von {people} Menschen in Gemeinden {where}; "
            f"Einwohnerzahlen liegen für {share} % dieser Gemeinden vor."
        )
    else:
        tail = (
            f"As far as known, {border} of {people} people live in municipalities {where}; "
            f"figures exist for {share}% of these municipalities."
        )
    return title, f"{lead} {tail}"
