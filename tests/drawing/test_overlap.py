"""The overlap picture: a small map for each cover, all alike but for what is filled."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import geopandas as gpd
import pytest
import shapely

from nahtstelle.drawing.overlap import Cover, draw_overlap
from nahtstelle.drawing.text import text_width
from nahtstelle.errors import FrameError

SVG = "{http://www.w3.org/2000/svg}"
KEYS = ("1", "2", "3", "4")
COVERS = [
    Cover("Metropolregion", "100 % der Menschen", frozenset(KEYS)),
    Cover("LEADER-Region <Nord> & Süd", "50 % der Menschen", frozenset(KEYS[:2])),
    Cover("Niemand davon", "", frozenset({"9"})),
]


@pytest.fixture
def parts() -> gpd.GeoDataFrame:
    squares = [shapely.box(9 + x / 10, 51 + y / 10, 9.1 + x / 10, 51.1 + y / 10) for x in (0, 1) for y in (0, 1)]
    return gpd.GeoDataFrame({"key": KEYS}, geometry=squares, crs="EPSG:4326")


def drawn(parts: gpd.GeoDataFrame, covers: list[Cover] = COVERS, **changes: object) -> ET.Element:
    return ET.fromstring(draw_overlap(parts, covers, title="Kooperationen", description="Drei Karten.", **changes))


def test_one_map_for_each_cover_with_its_parts_filled(parts: gpd.GeoDataFrame) -> None:
    cells = drawn(parts).findall(f"{SVG}g")
    assert len(cells) == len(COVERS)
    filled = [cell.findall(f".//{SVG}g[@class='nt-border nt-inner']/{SVG}use") for cell in cells]
    assert [len(each) for each in filled] == [4, 2, 0]
    said = [" ".join(cell.itertext()) for cell in cells]
    for cover, text in zip(COVERS, said, strict=True):
        assert cover.note in text
    assert "Metropolregion" in said[0] and "<Nord>" in said[1]


def test_what_is_used_is_there(parts: gpd.GeoDataFrame) -> None:
    picture = drawn(parts)
    there = {each.get("id") for each in picture.iter() if each.get("id")}
    assert {each.get("href", "").removeprefix("#") for each in picture.iter(f"{SVG}use")} <= there


def test_maps_stand_side_by_side_within_the_picture(parts: gpd.GeoDataFrame) -> None:
    for count in (1, 3, 4, 5, 12):
        picture = drawn(parts, COVERS[:1] * count)
        places = [
            tuple(map(float, re.findall(r"[\d.]+", cell.get("transform", "")))) for cell in picture.findall(f"{SVG}g")
        ]
        assert len(set(places)) == count
        assert all(0 <= x < 720 and 0 <= y < float(picture.get("height", "0")) for x, y in places)


def test_each_map_is_a_view_that_shows_no_other(parts: gpd.GeoDataFrame) -> None:
    views = drawn(parts, COVERS[:1] * 5).findall(f"{SVG}view")
    boxes = [
        shapely.box(x, y, x + width, y + height)
        for x, y, width, height in (map(float, view.get("viewBox", "").split()) for view in views)
    ]
    assert [view.get("id") for view in views] == [f"nt-cover-{number}" for number in range(1, 6)]
    assert not any(one.intersects(other) for at, one in enumerate(boxes) for other in boxes[:at])


def test_long_titles_keep_to_their_map_in_a_wider_font(parts: gpd.GeoDataFrame) -> None:
    long = Cover("Wirtschaftsförderungsgesellschaft Deltaland mbH", "40 %", frozenset())
    lines = drawn(parts, [long]).findall(f"{SVG}g")[0].findall(f".//{SVG}tspan")
    assert all(text_width("".join(line.itertext()), 11) <= 160 / 1.25 for line in lines)


def test_same_input_same_bytes_in_light_and_dark(parts: gpd.GeoDataFrame) -> None:
    one, other = (draw_overlap(parts, COVERS, title="x", description="y", dark=True) for _ in range(2))
    assert one == other and "prefers-color-scheme:dark" in one
    assert "prefers-color-scheme" not in draw_overlap(parts, COVERS, title="x", description="y")


def test_nothing_to_draw_is_refused(parts: gpd.GeoDataFrame) -> None:
    for broken, covers in ((parts.iloc[:0], COVERS), (parts, []), (parts.drop(columns="key"), COVERS)):
        with pytest.raises(FrameError):
            draw_overlap(broken, covers, title="x", description="y")
