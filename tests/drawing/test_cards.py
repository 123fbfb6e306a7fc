"""Cards for shared pages: the right size, everything within its half, whatever the names."""

from __future__ import annotations

import struct
import xml.etree.ElementTree as ET

import geopandas as gpd
import pytest
import shapely

from nahtstelle.drawing import draw_seams, to_png
from nahtstelle.drawing.card import CARD_PLATE_PX, LEFT_PX, TEXT_PX, draw_card
from nahtstelle.drawing.text import fit, text_width

SVG = "{http://www.w3.org/2000/svg}"
ATTRIBUTION = "© GeoBasis-DE / BKG 2016 (Daten verändert)\nEinwohner: GeoNames, CC BY 4.0"
TITLES = [
    "Lippe",
    "Landkreis Rotenburg (Wümme)",
    "Landkreis Sächsische Schweiz-Osterzgebirge",
    "Verwaltungsgemeinschaft Eriskirch-Kressbronn am Bodensee-Langenargen",
    "Landkreis Rotenburg (Wümme) | Landkreis Lüchow-Dannenberg",
    'Ort & <Flecken> "Süd"',
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
]
SENTENCE = (
    "Verwaltungsgemeinschaft Eriskirch-Kressbronn am Bodensee-Langenargen grenzt an fünf Gemeindeverbände. Soweit "
    "bekannt, leben 89.743 von 148.409 Menschen in Gemeinden an der Grenze; Zahlen liegen für 86 % von ihnen vor."
)


@pytest.fixture(scope="module")
def plate() -> str:
    areas = gpd.GeoDataFrame(
        {"key": ["1"], "name": ["Mitte"], "role": ["own"]}, geometry=[shapely.box(9, 51, 10, 52)], crs="EPSG:4326"
    )
    columns = ["key", "name", "land_seam", "length_km", "people"]
    seams = gpd.GeoDataFrame({name: [] for name in columns}, geometry=[], crs="EPSG:4326")
    return draw_seams(
        areas,
        seams,
        title="x",
        subtitle="",
        attribution="",
        edition_date=None,
        embedded=True,
        width_px=CARD_PLATE_PX[0],
        height_px=CARD_PLATE_PX[1],
        legend_place="none",
    )


def written(svg: str) -> list[ET.Element]:
    """The texts of the card itself, not those on its map."""
    return [element for element in ET.fromstring(svg).findall(f"{SVG}text") if element.get("class") == "nt-card"]


@pytest.mark.parametrize("title", TITLES)
def test_text_keeps_to_its_half(title: str, plate: str) -> None:
    texts = written(draw_card(title, SENTENCE, plate, ATTRIBUTION))
    bottom = 0.0
    for element in texts[1:]:
        size = float(element.get("font-size") or 0)
        lines = [span.text or "" for span in element] or [element.text or ""]
        assert float(element.get("x") or 0) == LEFT_PX
        assert all(text_width(line, size) <= TEXT_PX for line in lines)
        baseline = float(element.get("y") or 0)
        assert baseline - size > bottom  # clear of the text above
        bottom = baseline + 1.15 * size * (len(lines) - 1)
    assert bottom < 630


@pytest.mark.parametrize("title", TITLES[:-1])
def test_names_are_whole(title: str, plate: str) -> None:
    element = written(draw_card(title, SENTENCE, plate, ATTRIBUTION))[1]
    lines = [span.text or "" for span in element] or [element.text or ""]
    assert "".join(lines).replace(" ", "") == title.replace(" ", "")


def test_what_is_too_long_is_cut(plate: str) -> None:
    svg = draw_card(TITLES[-1], "Wort " * 200, plate, ATTRIBUTION)
    title, sentence = written(svg)[1:3]
    assert "".join(title.itertext()).endswith("…") and "".join(sentence.itertext()).endswith("…")


def test_card_is_a_picture_of_the_usual_size(plate: str) -> None:
    svg = draw_card("Lippe", "Ein Satz.", plate, ATTRIBUTION, language="en")
    assert ET.fromstring(svg).get("lang") == "en" and ET.fromstring(svg).get("aria-label") == "Lippe. Ein Satz."
    assert struct.unpack(">II", to_png(svg, scale=1)[16:24]) == (1200, 630)
    assert "Einwohner: GeoNames, CC BY 4.0" in " ".join(" ".join(element.itertext()) for element in written(svg))


def test_the_map_is_on_it(plate: str) -> None:
    with_map = to_png(draw_card("Lippe", "Ein Satz.", plate, ATTRIBUTION), scale=1)
    empty = '<svg xmlns="http://www.w3.org/2000/svg" width="560" height="630"></svg>'
    assert len(with_map) > len(to_png(draw_card("Lippe", "Ein Satz.", empty, ATTRIBUTION), scale=1)) + 2000


def test_lines_break_at_spaces_and_hyphens_only() -> None:
    assert fit("Eriskirch-Kressbronn am Bodensee", (20,), 140, 4)[1] == ["Eriskirch-", "Kressbronn", "am Bodensee"]
    assert fit("34,6 km – so lang", (20,), 1000, 1)[1] == ["34,6 km – so lang"]
    assert fit("", (20,), 100, 1) == (20, [""])
