"""Plates of a small square country: what must be on them, that they stay the same, that they can be read."""

from __future__ import annotations

import math
import re
import struct
import xml.etree.ElementTree as ET
import zlib
from dataclasses import fields
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from nahtstelle.drawing import draw_country, draw_seam, draw_seams, to_html, to_png
from nahtstelle.drawing.classes import PeopleClasses
from nahtstelle.drawing.country import MOST_SEAMS
from nahtstelle.drawing.labels import Wish, place
from nahtstelle.drawing.palette import DARK, LIGHT, SEAM_WIDTHS_PX, Palette
from nahtstelle.drawing.stitches import STATES, State
from nahtstelle.drawing.text import text_width
from nahtstelle.drawing.view import View, path
from nahtstelle.drawing.words import number
from nahtstelle.errors import FrameError

SVG = "{http://www.w3.org/2000/svg}"
CRS = "EPSG:25832"
EAST, NORTH = 500_000, 5_760_000
DAY = date(2016, 1, 1)
ATTRIBUTION = "© BKG 2026 dl-de/by-2-0, Datenquellen: https://sgx.geodatenzentrum.de/quellen.pdf"


def square(x: float, y: float, size: float = 10) -> shapely.Polygon:
    """A square of this many kilometres, its lower left corner so many kilometres from the origin."""
    left, bottom = EAST + 1000 * x, NORTH + 1000 * y
    return shapely.box(left, bottom, left + 1000 * size, bottom + 1000 * size)


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(EAST + 1000 * x, NORTH + 1000 * y) for x, y in points])


@pytest.fixture
def areas() -> gpd.GeoDataFrame:
    """A place in the middle, a neighbour on each side, others at the corners and far away."""
    rows = [
        ("05001", "Mittelmark", "own", square(0, 0)),
        ("05002", "Österfeld & Umland", "neighbour", square(10, 0)),
        ("05003", "Nordhausen", "neighbour", square(0, 10)),
        ("06004", "Bad <Westheim>", "neighbour", square(-10, 0)),
        ("05005", "Südbach", "neighbour", square(0, -10)),
        ("05006", "Eckstadt", "context", square(10, 10)),
        ("05007", "Fernost", "context", square(500, 0)),
    ]
    return gpd.GeoDataFrame(rows, columns=["key", "name", "role", "geometry"], crs=CRS)


@pytest.fixture
def seams() -> gpd.GeoDataFrame:
    """One to the east with most people, one at a Land border to the west, one where people are not known."""
    rows = [
        ("05002", "Österfeld & Umland", False, 10.0, 52_000.0, 1.0, line((10, 0), (10, 10))),
        ("05003", "Nordhausen", False, 9.96, 4_100.0, 0.75, line((0, 10), (10, 10))),
        ("06004", "Bad <Westheim>", True, 10.0, 12_345.0, 1.0, line((0, 0), (0, 10))),
        ("05005", "Südbach", False, 10.0, None, 0.0, line((0, 0), (10, 0))),
    ]
    columns = ["key", "name", "land_seam", "length_km", "people", "known_share", "geometry"]
    return gpd.GeoDataFrame(rows, columns=columns, crs=CRS)


@pytest.fixture
def inner() -> gpd.GeoDataFrame:
    """The place cut in four, one of them not at a seam."""
    rows = [
        (name, name != "Innen", square(x, y, 5))
        for name, x, y in [("Innen", 0, 0), ("Außen", 5, 0), ("Oben", 0, 5), ("Eck", 5, 5)]
    ]
    return gpd.GeoDataFrame(rows, columns=["name", "border", "geometry"], crs=CRS)


def draw(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame, **changes: Any) -> str:
    wanted = {"title": "Nähte & Säume", "subtitle": "Ein Versuch", "attribution": ATTRIBUTION, "edition_date": DAY}
    return draw_seams(areas, seams, **(wanted | changes))


def texts(svg: str) -> list[str]:
    """What can be read on a plate, each text in one piece."""
    return [" ".join(element.itertext()) for element in ET.fromstring(svg).iter(f"{SVG}text")]


def of_class(svg: str, role: str) -> list[ET.Element]:
    return [element for element in ET.fromstring(svg).iter() if role in element.get("class", "").split()]


# --- the plate ---------------------------------------------------------------------------------------------


def test_is_well_formed_and_names_itself(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    svg = draw(areas, seams)
    root = ET.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img" and root.get("lang") == "de"
    title, described = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and title.text == "Nähte & Säume"
    assert described is not None and described.text is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {described.get('id')}"
    assert described.text.startswith("Karte mit 4 Nähten. Österfeld & Umland: 10,0 km, 52.000 Menschen.")
    assert "Bad <Westheim>: 10,0 km, 12.345 Menschen, Landesgrenze." in described.text
    assert "Südbach: 10,0 km, Zahl nicht bekannt." in described.text
    assert (root.get("font-family") or "").startswith("'Fira Sans'")


def test_says_title_names_sources_and_date(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    said = texts(draw(areas, seams))
    for text in ["Nähte & Säume", "Ein Versuch", "Mittelmark", "Nordhausen", "Südbach", "Gebietsstand 1. Januar 2016"]:
        assert text in said
    assert ATTRIBUTION in " ".join(said)
    assert "Die Linien zeigen Grenzen, keine Zusammenarbeit." in said


def test_same_input_same_bytes(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame, inner: gpd.GeoDataFrame) -> None:
    first = draw(areas, seams, inner=inner)
    assert first == draw(areas.copy(), seams.copy(), inner=inner.copy())
    assert to_png(first) == to_png(first)


def test_every_seam_is_there_once(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    drawn = of_class(draw(areas, seams), "nt-seam")
    keyed = [element for element in drawn if element.get("data-key")]
    assert [element.get("data-key") for element in keyed] == seams["key"].tolist()
    assert all(re.fullmatch(r"M[-\d. ]+l[-\d. ]+", element.get("d", "")) for element in keyed)
    told = keyed[1].find(f"{SVG}title")
    assert told is not None and told.text == "Nordhausen: 10,0 km, 4.100 Menschen."


def test_width_follows_people_and_band_the_land(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    svg = draw(areas, seams)
    keyed = [element for element in of_class(svg, "nt-seam") if element.get("data-key")]
    assert [element.get("class", "")[-2:] for element in keyed] == ["w5", "w1", "w3", "w0"]
    bands = of_class(svg, "nt-band")
    assert [band.get("class") for band in bands] == ["nt-band nt-b3", "nt-band nt-b3"]  # on the map, in the legend
    assert bands[0].get("d") == keyed[2].get("d")
    assert "Naht an einer Landesgrenze" in texts(svg)
    assert "Naht an einer Landesgrenze" not in texts(draw(areas, seams.assign(land_seam=False)))


def test_legend_has_the_bounds_of_five_classes(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    said = texts(draw(areas, seams))
    start = said.index("Menschen in den Gemeinden an der Naht")
    assert said[start + 1 : start + 7] == [
        "30.000 und mehr",
        "20.000 bis unter 30.000",
        "10.000 bis unter 20.000",
        "7.000 bis unter 10.000",
        "unter 7.000",
        "Zahl nicht bekannt",
    ]


def test_unknown_people_have_their_own_line(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    all_known = draw(areas, seams.assign(people=100.0))
    assert "Zahl nicht bekannt" not in texts(all_known)
    none_known = draw(areas, seams.assign(people=float("nan")))
    assert "Zahl nicht bekannt" in texts(none_known)
    assert not of_class(none_known, "nt-w1")
    assert "stroke-dasharray" in none_known


def test_in_english(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    svg = draw(areas, seams, language="en")
    assert ET.fromstring(svg).get("lang") == "en"
    assert {"under 7,000", "10,000 to under 20,000", "Boundaries as of 1 January 2016"} <= set(texts(svg))
    assert "Menschen" not in svg


def test_what_lies_inside(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame, inner: gpd.GeoDataFrame) -> None:
    svg = draw(areas, seams, inner=inner)
    assert len(of_class(svg, "nt-inner")) == 4
    assert {"Innen", "Außen", "Oben", "Eck", "Gemeinde an der Naht"} <= set(texts(svg))
    assert "Gemeinde an der Naht" not in texts(draw(areas, seams, inner=inner.assign(border=False)))
    alone = draw(areas, seams, inner=inner.iloc[:1])
    assert not of_class(alone, "nt-inner")


def test_a_city_is_named_once(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame, inner: gpd.GeoDataFrame) -> None:
    areas.loc[1, "role"] = "own"
    seams = seams.assign(own_name=["Mittelmark", "Mittelmark", "Österfeld & Umland", "Mittelmark"])
    city = inner.iloc[:1].assign(name="Österfeld & Umland", geometry=[square(10, 0)])
    svg = draw(areas, seams, inner=pd.concat([inner, city]))
    said = "|".join(texts(svg))
    assert said.count("Österfeld") == 1
    assert "Österfeld &amp; Umland – Bad &lt;Westheim&gt;: 10,0 km" in svg


def test_beyond_the_frame_nothing_is_drawn(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    svg = draw(areas, seams)
    assert len(of_class(svg, "nt-context")) == 1
    numbers = [
        float(value)
        for shape in of_class(svg, "nt-neighbour")
        for value in re.findall(r"M([-\d.]+)", shape.get("d") or "")
    ]
    assert numbers and all(0 <= value <= 1000 for value in numbers)


def test_any_coordinate_system(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    def numbers(svg: str) -> list[float]:
        return [float(n) for shape in of_class(svg, "nt-own") for n in re.findall(r"-?\d*\.?\d+", shape.get("d") or "")]

    here = numbers(draw(areas, seams))
    there = numbers(draw(areas.to_crs("EPSG:4326"), seams.to_crs("EPSG:3035")))
    assert here == pytest.approx(there, abs=0.3)


def test_scale_bar_is_true(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    svg = draw(areas, seams)
    own = of_class(svg, "nt-own")[0].get("d") or ""
    xs = [float(own[1:].split("l")[0].replace("-", " -").split()[0])]
    for step in re.findall(r"-?\d*\.?\d+", own.split("l")[1])[::2]:
        xs.append(xs[-1] + float(step))
    bar = 2 * float(of_class(svg, "nt-ink")[0].get("width") or 0)
    km = next(int(text.split()[0]) for text in reversed(texts(svg)) if re.fullmatch(r"\d+\skm", text))
    assert bar / km == pytest.approx((max(xs) - min(xs)) / 10, rel=0.01)


def test_narrow_plates_stack_their_legend(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    wide, narrow = ET.fromstring(draw(areas, seams)), ET.fromstring(draw(areas, seams, width_px=360))
    assert narrow.get("width") == "360"
    ratio = float(narrow.get("height") or 0) / 360, float(wide.get("height") or 0) / 1000
    assert ratio[0] > ratio[1]
    ids = [element.get("id") for root in (wide, narrow) for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_embedded_leaves_the_title_to_the_page(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    svg = draw(areas, seams, embedded=True)
    assert "Nähte & Säume" not in texts(svg)
    assert "<title" in svg and not any("BKG" in text for text in texts(svg))


def test_without_seams(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    island = areas[areas["role"] == "own"]
    said = texts(draw(island, seams.iloc[:0]))
    assert "Mittelmark" in said
    assert "Menschen in den Gemeinden an der Naht" not in said


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda areas: areas.drop(columns="role"), "column 'role' is missing"),
        (lambda areas: areas.assign(role="neighbour"), "no row has the role 'own'"),
        (lambda areas: areas.assign(role="center"), "role 'center' is none of context, neighbour, own"),
        (lambda areas: areas.set_crs(None, allow_override=True), "no coordinate system"),
    ],
)
def test_refuses_what_it_cannot_draw(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame, change: Any, says: str) -> None:
    with pytest.raises(FrameError, match=says):
        draw(change(areas), seams)


def test_only_what_is_there_is_explained(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    island = areas[areas["role"] == "own"]
    assert "angrenzendes Gebiet" not in texts(draw(island, seams.iloc[:0]))
    assert "angrenzendes Gebiet" in texts(draw(areas, seams))


def test_parts_of_a_land_are_districts(
    areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame, inner: gpd.GeoDataFrame
) -> None:
    said = texts(draw(areas, seams, inner=inner, inner_kind="district"))
    assert "Kreis an der Naht" in said and "Gemeinde an der Naht" not in said


def frame_of(svg: str) -> tuple[float, float, float, float]:
    """Left, top, width and height of the map in its plate."""
    rectangle = next(element for element in of_class(svg, "nt-frame") if element.tag == f"{SVG}rect")
    left, top, width, height = (float(rectangle.get(name) or 0) for name in ("x", "y", "width", "height"))
    return left, top, width, height


def left_edges(svg: str) -> list[float]:
    """Where the pieces of the legend begin."""
    moved = [element.get("transform", "") for element in ET.fromstring(svg).findall(f"{SVG}g")]
    return [float(found.group(1)) for text in moved if (found := re.match(r"translate\(([\d.]+) ", text))]


def test_legend_beside_the_map(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    svg = draw(areas, seams, embedded=True, width_px=720, height_px=400, legend_place="beside")
    left, _, width, height = frame_of(svg)
    assert height == 400 and left + width < 520
    assert left_edges(svg) and min(left_edges(svg)) > left + width
    assert "Nähte" in "".join(ET.fromstring(svg).itertext())
    for block in of_class(svg, "nt-text"):
        assert float(block.get("x") or 0) + text_width("".join(block.itertext()), 13) * 0.9 < 720


def test_without_a_legend_no_number_stands_for_a_name(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    crowded = areas.assign(name=areas["name"] + " am langen Namen mit sehr vielen Buchstaben")
    small = {"embedded": True, "width_px": 200, "height_px": 200}
    assert any(text.isdigit() for text in texts(draw(crowded, seams, **small)))
    bare = draw(crowded, seams, legend_place="none", **small)
    assert not any(text.isdigit() for text in texts(bare))
    assert not left_edges(bare) and ET.fromstring(bare).get("height") == "202"


def test_dark_colours_come_when_asked_for(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    svg = draw(areas, seams, dark=True)
    light, dark = svg.split("@media (prefers-color-scheme:dark)")
    assert f".nt-own{{fill:{LIGHT.own}}}" in light and f".nt-own{{fill:{DARK.own}}}" in dark
    assert "@media" not in draw(areas, seams)
    assert to_png(svg, scale=1) == to_png(draw(areas, seams), scale=1)


def test_holes_stay_open(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    """A city surrounded by its neighbour is seen, whichever of the two is drawn last and however rings turn."""
    city = square(3, 3, 4)
    around = areas.copy()
    around.loc[0, "geometry"] = shapely.Polygon(square(0, 0).exterior, [city.exterior.reverse()])
    around.loc[1, ["key", "name", "role", "geometry"]] = ["05002", "Stadt", "neighbour", city]
    svg = draw(around, seams)
    assert ET.fromstring(svg).get("fill-rule") == "evenodd"
    assert len(re.findall("M", of_class(svg, "nt-own")[0].get("d") or "")) == 2


# --- a whole country ---------------------------------------------------------------------------------------


def many_seams(count: int) -> gpd.GeoDataFrame:
    """So many short seams in rows, more people in each than in the one before; each tenth at a Land border."""
    rows = [
        (at % 10 == 0, float(100 + at), line((at % 100, at // 100), (at % 100 + 1, at // 100))) for at in range(count)
    ]
    return gpd.GeoDataFrame(rows, columns=["land_seam", "people", "geometry"], crs=CRS)


@pytest.fixture
def laender() -> gpd.GeoDataFrame:
    rows = [("Westland", square(0, 0, 50)), ("Ostland", square(50, 0, 50)), ("Nordland", square(0, 50, 50))]
    return gpd.GeoDataFrame(rows, columns=["name", "geometry"], crs=CRS)


def drawn_lines(svg: str, role: str) -> int:
    """How many pieces of line the map has in this role; samples in the legend are horizontal and left out."""
    traces = [element.get("d", "") for element in of_class(svg, role)]
    return sum(trace.count("M") for trace in traces if not trace.startswith("M4 "))


def test_country_has_all_seams_and_names(laender: gpd.GeoDataFrame) -> None:
    seams = many_seams(5).set_geometry(gpd.GeoSeries([line((10, 10 * at), (20, 10 * at)) for at in range(5)], crs=CRS))
    svg = draw_country(laender, seams, title="Land & Meer", edition_date=DAY, attribution=ATTRIBUTION)
    assert {"Westland", "Ostland", "Nordland", "Land & Meer", "Naht an einer Landesgrenze"} <= set(texts(svg))
    assert drawn_lines(svg, "nt-seam") == 5 and drawn_lines(svg, "nt-band") == 1
    described = ET.fromstring(svg).find(f"{SVG}desc")
    assert described is not None and described.text == "Karte mit 5 Nähten, davon 1 an einer Landesgrenze."
    assert "Westland" not in texts(draw_country(laender, seams, title="x", edition_date=DAY, named=False))


def test_lines_get_thinner_the_more_there_are(laender: gpd.GeoDataFrame) -> None:
    def widest(count: int) -> float:
        svg = draw_country(laender, many_seams(count), title="x", edition_date=DAY)
        return float(re.findall(r"\.nt-w5{stroke-width:([\d.]+)}", svg)[0])

    assert widest(10) == SEAM_WIDTHS_PX[-1] > widest(200) > widest(1500) > 1


@pytest.mark.parametrize("dtype", ["float64", "Int64"])
def test_a_crowded_country_says_what_it_leaves_out(laender: gpd.GeoDataFrame, dtype: str) -> None:
    seams = many_seams(MOST_SEAMS + 1000)
    seams.loc[11, "people"] = float("nan")
    seams["people"] = seams["people"].astype(dtype)
    svg = draw_country(laender, seams, title="x", edition_date=DAY, embedded=True)
    assert "Gezeigt: die 2.000 Nähte mit den meisten Menschen (von 3.000) und alle an Landesgrenzen." in texts(svg)
    of_few_people = draw_country(laender, seams.iloc[:MOST_SEAMS], title="x", edition_date=DAY)
    assert not any(text.startswith("Gezeigt") for text in texts(of_few_people))


def test_country_shows_the_frame_it_is_given(laender: gpd.GeoDataFrame) -> None:
    def px_per_km(frame: gpd.GeoSeries | None) -> float:
        svg = draw_country(laender, many_seams(100), title="x", edition_date=DAY, frame=frame, embedded=True)
        km = next(int(text.split()[0]) for text in reversed(texts(svg)) if re.fullmatch(r"\d+\skm", text))
        return 2 * float(of_class(svg, "nt-ink")[0].get("width") or 0) / km

    assert px_per_km(laender.geometry.iloc[2:]) == pytest.approx(2 * px_per_km(None), rel=0.05)


def test_a_country_without_seams_has_its_names(laender: gpd.GeoDataFrame) -> None:
    said = texts(draw_country(laender, many_seams(1).iloc[:0], title="x", edition_date=None))
    assert "Westland" in said and "Gebietsstand nicht angegeben" in said


# --- the strip of a seam -----------------------------------------------------------------------------------


@pytest.fixture
def two(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The place in the middle and its neighbour to the east, those at the ends of their seam, and the others."""
    ends = {"05003", "05005", "05006"}
    roles = ["own" if key in {"05001", "05002"} else "neighbour" if key in ends else "context" for key in areas["key"]]
    return areas.assign(role=roles)


@pytest.fixture
def halves() -> gpd.GeoDataFrame:
    """Both areas cut in two from top to bottom; the inner halves lie at the seam."""
    rows = [
        ("Weitab", "05001", False, (0, 0)),
        ("Nahebei", "05001", True, (5, 0)),
        ("Drüben", "05002", True, (10, 0)),
        ("Ganzweit", "05002", False, (15, 0)),
    ]
    shapes = [
        shapely.box(EAST + 1000 * x, NORTH + 1000 * y, EAST + 1000 * (x + 5), NORTH + 1000 * (y + 10))
        for *_, (x, y) in rows
    ]
    table = pd.DataFrame([row[:3] for row in rows], columns=["name", "own_key", "border"])
    return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)


def strip(two: gpd.GeoDataFrame, seams: gpd.GeoDataFrame, **changes: Any) -> str:
    return draw_seam(two, seams.iloc[:1], **({"title": "Eine Naht", "edition_date": DAY, "embedded": True} | changes))


def test_strip_names_both_sides_and_the_ends(
    two: gpd.GeoDataFrame, seams: gpd.GeoDataFrame, halves: gpd.GeoDataFrame
) -> None:
    svg = strip(two, seams, inner=halves)
    said = texts(svg)
    assert {"Mittelmark", "Nahebei", "Drüben", "Nordhausen", "Südbach"} <= set(said)
    assert not {"Weitab", "Ganzweit", "Bad <Westheim>"} & set(said)
    assert len(of_class(svg, "nt-border")) == len(of_class(svg, "nt-across-border")) == 2  # on the map, in the legend
    assert "Gemeinde an der Naht: Österfeld & Umland" in said and "die Naht" in said
    described = ET.fromstring(svg).find(f"{SVG}desc")
    assert described is not None and described.text is not None
    assert described.text.startswith("Mittelmark – Österfeld & Umland: 10,0 km, 52.000 Menschen.")
    assert "An den Enden der Naht: " in described.text and "Nordhausen" in described.text


def test_strip_of_a_land_seam_has_a_band(two: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    assert not of_class(strip(two, seams), "nt-band")
    svg = strip(two, seams.assign(land_seam=True))
    assert len(of_class(svg, "nt-band")) == 2 and "die Naht, eine Landesgrenze" in texts(svg)


def test_strip_shows_the_whole_seam(two: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    svg = strip(two, seams, height_px=300)
    left, top, width, height = frame_of(svg)
    found = re.fullmatch(r"M(-?[\d.]+) (-?[\d.]+)l(-?[\d.]+) ?(-?[\d.]+)", of_class(svg, "nt-w4")[0].get("d") or "")
    assert found
    x, y, dx, dy = map(float, found.groups())
    assert left < x < left + width and left < x + dx < left + width
    assert top < min(y, y + dy) and max(y, y + dy) < top + height
    assert abs(dy) > 0.4 * height


def test_a_municipality_that_is_all_of_its_area_is_named_once(
    two: gpd.GeoDataFrame, seams: gpd.GeoDataFrame, halves: gpd.GeoDataFrame
) -> None:
    alone = pd.concat([halves.iloc[1:2].assign(name="Mittelmark"), halves.iloc[2:]])
    assert texts(strip(two, seams, inner=alone)).count("Mittelmark") == 1


@pytest.mark.parametrize("state", STATES)
def test_strip_with_a_state_says_it_in_words_too(two: gpd.GeoDataFrame, seams: gpd.GeoDataFrame, state: State) -> None:
    said = " ".join(texts(strip(two, seams, state=state)))
    assert re.search("[Zz]usammenarbeit", said)
    assert "Die Linien zeigen Grenzen, keine Zusammenarbeit." not in said
    assert "Die Linien zeigen Grenzen, keine Zusammenarbeit." in texts(strip(two, seams))


def test_strip_refuses_what_is_no_seam(two: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    with pytest.raises(FrameError, match="1 rows have the role 'own', a seam has two areas"):
        strip(two[two["key"] != "05002"], seams)
    with pytest.raises(FrameError, match="one row expected, not 4"):
        draw_seam(two, seams, title="x", edition_date=DAY)
    with pytest.raises(FrameError, match="column 'length_km' is missing"):
        strip(two, seams.drop(columns="length_km"))


# --- its parts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "people",
    [[3_100, 940_000], [41_000, 92_000], [1, 10], [1, 2], [5, 11, 12], [999, 1_000_000], [50_001, 100_003], [0, 7, 70]],
)
def test_bounds_are_round_and_every_end_is_used(people: list[float]) -> None:
    classes = PeopleClasses.of(people)
    bounds = list(classes.bounds)
    assert bounds == sorted(set(bounds)) and bounds
    positive = [value for value in people if value]
    assert classes.class_of(max(positive)) == len(bounds) + 1
    if len(bounds) == 4:
        assert classes.class_of(min(positive)) == 1
        assert classes.class_of(bounds[0]) == 2 and classes.class_of(bounds[0] - 1) == 1
    if max(people) > 500:
        assert all(bound % 10 ** (len(str(bound)) - 2) == 0 for bound in bounds)


@pytest.mark.parametrize(
    ("people", "said"), [([500.0], "500"), ([60_000, 90_000], "60.000 – 90.000"), ([], "0"), ([0], "0")]
)
def test_alike_people_are_one_class(people: list[float], said: str) -> None:
    classes = PeopleClasses.of(people)
    assert classes.bounds == ()
    assert classes.labels("de") == [(3, said)]


def test_numbers_as_people_write_them() -> None:
    assert number(1_234_567) == "1.234.567"
    assert number(1234.56, 1) == "1.234,6"
    assert number(1234.56, 1, "en") == "1,234.6"


def test_path_is_short_and_exact() -> None:
    ring = shapely.Polygon([(0, 0), (10, 0), (10, 10.04), (0, 10), (0, 0.01)])
    assert path(ring) == "M0 0l10 0 0 10-10 0z"
    assert path(shapely.LineString([(-1.22, 0.5), (-1.2201, 0.5)])) == ""
    assert path(shapely.MultiLineString([[(0, 0), (1, 1)], [(5, 5), (4.9, 5)]])) == "M0 0l1 1M5 5l-.1 0"


def test_names_give_way_to_lines_and_to_one_another() -> None:
    room = shapely.box(0, 0, 200, 40)
    river = shapely.box(90, 0, 110, 40)
    wishes = [Wish(name, room, (14,), "nt-text") for name in ["Erste", "Zweite", "Dritte-mit-langem-Namen-und-Zusatz"]]
    placed = place(wishes, [river])
    spots = [float(x) for element in placed.elements for x in re.findall(r'x="([\d.]+)"', element)]
    widths = [text_width(name, 14) for name in ("Erste", "Zweite")]
    assert len(spots) == 2
    for spot, width in zip(spots, widths, strict=True):
        assert spot + width / 2 < 90 or spot - width / 2 > 110
    assert abs(spots[0] - spots[1]) > sum(widths) / 2


def test_a_number_stands_for_a_name_without_room() -> None:
    small = shapely.box(0, 0, 22, 22)
    placed = place([Wish("Mönchengladbach", small, (14,), "nt-text", number=7)], [])
    assert placed.numbers == [7]
    assert ">7</text>" in placed.elements[0]
    assert not place([Wish("Mönchengladbach", small, (14,), "nt-text")], []).elements
    important = place([Wish("Mönchengladbach", small, (14,), "nt-text", important=True)], [])
    assert ">Mönchengladbach</text>" in important.elements[0]


def test_lengths_are_true_in_the_middle() -> None:
    view = View.around(gpd.GeoSeries([square(0, 0)], crs=CRS), 0, 0, 1000)
    drawn = view.lines(gpd.GeoSeries([line((0, 5), (10, 5))], crs=CRS), [1.0])[0].length / view.px_per_m
    assert drawn == pytest.approx(10_000, rel=1e-3)


# --- colours -----------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_seams_stand_out(palette: Palette) -> None:
    assert all(re.fullmatch(r"#[0-9a-f]{6}", getattr(palette, field.name)) for field in fields(palette))
    areas = (palette.context, palette.neighbour, palette.own, palette.border, palette.across, palette.across_border)
    grounds = (palette.sheet, palette.ground, *areas)
    assert min(contrast(palette.text, ground) for ground in grounds) >= 7
    assert contrast(palette.quiet, palette.sheet) >= 7
    assert min(contrast(palette.seam, ground) for ground in grounds) >= 4.5
    assert contrast(palette.seam, palette.band) >= 3
    assert min(contrast(palette.loose, palette.sheet), contrast(palette.none, palette.sheet)) >= 4.5
    assert contrast(palette.unknown, palette.sheet) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_tones_stay_apart_in_grey(palette: Palette) -> None:
    tones = (palette.neighbour, palette.own, palette.border)
    pairs = [(one, other) for at, one in enumerate(tones) for other in tones[at + 1 :]]
    assert min(contrast(one, other) for one, other in pairs) >= 1.15
    assert contrast(palette.band, palette.neighbour) >= 1.5


def test_widths_grow_by_a_step_that_shows() -> None:
    assert all(wide - narrow >= 1 for narrow, wide in pairwise(SEAM_WIDTHS_PX))


# --- picture and page --------------------------------------------------------------------------------------


def pixels(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and raw rows of a PNG."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    data, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += length + 12
    return width, height, zlib.decompress(data)


def test_png_has_its_size_and_is_not_blank(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    svg = draw(areas, seams)
    height = float(ET.fromstring(svg).get("height") or 0)
    width, rows, data = pixels(to_png(svg))
    assert (width, rows) == (2000, 2 * height)
    assert len(set(data[::97])) > 20
    assert pixels(to_png(svg, scale=1))[0] == 1000


def test_png_has_its_letters(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    svg = draw(areas, seams)
    without = re.sub(r"<text.*?</text>", "", svg)
    assert len(to_png(svg)) > len(to_png(without)) + 10_000


def test_png_refuses_what_is_no_svg() -> None:
    with pytest.raises(ValueError):
        to_png("no svg")


class Page(HTMLParser):
    """What a test wants to know of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: dict[str, list[str]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        if tag not in {"meta", "rect", "path", "circle"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"rect", "path", "circle"} or tag in self.open:
            assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        if self.open:
            self.text.setdefault(self.open[-1], []).append(data)


def page_of(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame, **changes: Any) -> str:
    wanted = {
        "title": "Nähte & Säume",
        "lead": "Mittelmark grenzt an <vier>.",
        "attribution": ATTRIBUTION,
        "edition_date": DAY,
        "small_svg": draw(areas, seams, embedded=True, width_px=360),
    }
    return to_html(draw(areas, seams, embedded=True, width_px=720), seams, **(wanted | changes))


def test_page_is_a_page(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    html = page_of(areas, seams)
    page = Page(html)
    assert html.startswith("<!DOCTYPE html>")
    assert ("html", {"lang": "de"}) in page.tags
    assert page.text["h1"] == ["Nähte & Säume"]
    assert "Mittelmark grenzt an <vier>." in page.text["p"]
    assert "Gebietsstand 1. Januar 2016" in html
    assert page.open == []


def test_page_table_tells_the_same(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    html = page_of(areas, seams)
    page = Page(html)
    body = html[html.index("<tbody>") : html.index("</tbody>")]
    assert body.count("<tr>") == len(seams)
    assert page.text["caption"]
    assert [tag for tag in page.tags if tag[0] == "th" and tag[1].get("scope") == "row"] == [
        ("th", {"scope": "row"})
    ] * 4
    assert sum(tag == "th" and attributes.get("scope") == "col" for tag, attributes in page.tags) == 6
    assert '<th scope="row">Österfeld &amp; Umland</th>' in body
    assert '<td class="n">52.000</td>' in body
    assert '<td class="n">nicht bekannt</td>' in body
    assert '<td class="n">75 %</td>' in body
    assert "<td>ja</td>" in body


def test_page_has_only_the_columns_it_needs(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    known = page_of(areas, seams.assign(known_share=1.0))
    assert known.count('scope="col"') == 5
    several = page_of(areas, seams.assign(own_name=list("abab")))
    assert several.count('scope="col"') == 7


def test_page_needs_nothing_else(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    html = page_of(areas, seams)
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "image", "use"} & {tag for tag, _ in page.tags}
    for tag, attributes in page.tags:
        assert "style" not in attributes and not any(name.startswith("on") for name in attributes)
        if tag != "a":
            assert not any("://" in (value or "") for value in attributes.values())
    assert "url(" not in html.replace("url(#nt-clip-", "")
    assert "@import" not in html and "xmlns" not in html
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    assert links == [
        "https://www.bkg.bund.de",
        "https://www.govdata.de/dl-de/by-2-0",
        "https://sgx.geodatenzentrum.de/quellen.pdf",
    ]


def test_page_has_unique_ids_and_both_plates(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    page = Page(page_of(areas, seams))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert [tag for tag, _ in page.tags].count("svg") == 2
    assert [tag for tag, _ in Page(page_of(areas, seams, small_svg="")).tags].count("svg") == 1


def test_page_knows_dark_and_print(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    html = page_of(areas, seams)
    assert "@media screen and (prefers-color-scheme:dark)" in html
    assert f".nt-plate .nt-own{{fill:{DARK.own}}}" in html
    assert "@media print" in html


# --- real places -------------------------------------------------------------------------------------------


def test_a_dense_border_stays_small(areas: gpd.GeoDataFrame, seams: gpd.GeoDataFrame) -> None:
    """Vertices closer than the eye can tell are left out, and neighbours keep one common line."""
    steps = 40_000
    wave = [(10 + 0.2 * math.sin(at / 60), 10 * at / steps) for at in range(steps + 1)]
    east = [(20, 10), (20, 0)]
    own = [(0, 10), (0, 0)]
    areas = areas.copy()
    areas.loc[0, "geometry"] = shapely.Polygon(line(*own, *wave))
    areas.loc[1, "geometry"] = shapely.Polygon(line(*east, *wave))
    svg = draw(areas, seams)
    assert len(svg) < 60_000
    mine, other = (shape.get("d") or "" for shape in (of_class(svg, "nt-own")[0], of_class(svg, "nt-neighbour")[0]))
    assert points(mine) & points(other) > set() and len(points(mine) & points(other)) > 100


def points(trace: str) -> set[tuple[int, int]]:
    """The points of a path with one piece, in tenths of a pixel."""
    values = [round(10 * float(value)) for value in re.findall(r"-?\d*\.?\d+", trace)]
    x, y = values[:2]
    found = {(x, y)}
    for dx, dy in zip(values[2::2], values[3::2], strict=True):
        x, y = x + dx, y + dy
        found.add((x, y))
    return found


@pytest.mark.reference
def test_a_real_district(reference_data: Path) -> None:
    """Hameln-Pyrmont and its five neighbours, all named, in a file that can be sent by mail."""
    folder = reference_data / "bkg_vg5000_2023-12-31"
    districts = gpd.read_file(folder / "VG5000_KRS.shp").rename(columns={"ARS": "key", "GEN": "name"})
    home = districts[districts["key"] == "03252"].geometry.iloc[0]
    shared = districts.geometry.intersection(home.boundary)
    touching = shared.length.gt(0) & districts["key"].ne("03252")
    districts["role"] = touching.map({True: "neighbour", False: "context"}).mask(districts["key"] == "03252", "own")
    seams = districts[touching].set_geometry(shared[touching])
    seams = seams.assign(length_km=seams.length / 1000, people=50_000.0, land_seam=~seams["key"].str.startswith("03"))
    municipalities = gpd.read_file(folder / "VG5000_GEM.shp").rename(columns={"GEN": "name"})
    municipalities = municipalities[municipalities["ARS"].str.startswith("03252")]
    at_seam = municipalities.touches(shapely.union_all(seams.geometry.to_numpy()))
    svg = draw(districts, seams, inner=municipalities.assign(border=at_seam))
    neighbours = {"Region Hannover", "Hildesheim", "Holzminden", "Schaumburg", "Lippe"}
    assert {"Hameln-Pyrmont", *neighbours} <= set(texts(svg))
    assert len(svg.encode()) < 400_000
    assert len(of_class(svg, "nt-band")) == 2  # Lippe on the map, and the legend
