"""Plates of areas in tones: what must be on them, and what they refuse."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date
from typing import Any

import geopandas as gpd
import pytest
import shapely

from nahtstelle.drawing.tones import draw_tones
from nahtstelle.errors import FrameError

SVG = "{http://www.w3.org/2000/svg}"
CRS = "EPSG:25832"
TONES = (("own", "gehört dazu"), ("neighbour", "gehört zum Teil dazu"))


def square(x: float, y: float, size: float = 20) -> shapely.Polygon:
    """A square of this many kilometres."""
    left, bottom = 500_000 + 1000 * x, 5_760_000 + 1000 * y
    return shapely.box(left, bottom, left + 1000 * size, bottom + 1000 * size)


@pytest.fixture
def ground() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[square(0, 0), square(20, 0), square(40, 0), square(0, 20)], crs=CRS)


@pytest.fixture
def areas() -> gpd.GeoDataFrame:
    """One area that belongs, one that belongs in part, with a name that has to be escaped."""
    said = {"name": ["Mittelmark", "Bad <Westheim> & Umland"], "role": ["own", "neighbour"]}
    return gpd.GeoDataFrame(said, geometry=[square(0, 0), square(20, 0)], crs=CRS)


@pytest.fixture
def border() -> gpd.GeoSeries:
    return gpd.GeoSeries([shapely.LineString([(520_000, 5_760_000), (520_000, 5_780_000)])], crs=CRS)


def drawn(ground: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, border: gpd.GeoSeries, **more: Any) -> ET.Element:
    usual: dict[str, Any] = {
        "heading": "Gebiet der Kooperation",
        "tones": TONES,
        "land_border": "Landesgrenze",
        "title": "EinHarz",
        "description": "Kreise: Mittelmark.",
        "edition_date": date(2016, 1, 1),
    }
    return ET.fromstring(draw_tones(ground, areas, border, **(usual | more)))


def paths(plate: ET.Element, role: str) -> list[ET.Element]:
    return [each for each in plate.iter(f"{SVG}path") if role in (each.get("class") or "").split()]


def words(plate: ET.Element) -> str:
    return " ".join("".join(each.itertext()) for each in plate.iter(f"{SVG}text"))


def test_areas_lie_on_the_ground_in_their_tones(
    ground: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, border: gpd.GeoSeries
) -> None:
    plate = drawn(ground, areas, border)
    assert len(paths(plate, "nt-own")) == 1 and len(paths(plate, "nt-neighbour")) == 1
    assert len(paths(plate, "nt-context")) >= 3
    assert "Mittelmark" in words(plate) and "Westheim" in words(plate)


def test_the_legend_names_each_tone_and_the_border(
    ground: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, border: gpd.GeoSeries
) -> None:
    told = words(drawn(ground, areas, border))
    assert all(text in told for text in ("Gebiet der Kooperation", "gehört dazu", "gehört zum Teil dazu"))
    assert "Landesgrenze" in told and "1. Januar 2016" in told
    without = drawn(ground, areas, gpd.GeoSeries([], crs=CRS), legend_place="none")
    assert "Landesgrenze" not in words(without) and not paths(without, "nt-band")


def test_it_names_itself_for_those_who_do_not_see_it(
    ground: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, border: gpd.GeoSeries
) -> None:
    plate = drawn(ground, areas, border)
    assert plate.findtext(f"{SVG}title") == "EinHarz" and plate.findtext(f"{SVG}desc") == "Kreise: Mittelmark."


def test_same_input_same_bytes(ground: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, border: gpd.GeoSeries) -> None:
    assert ET.tostring(drawn(ground, areas, border)) == ET.tostring(drawn(ground, areas, border))


def test_a_small_place_has_something_around_it(
    ground: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, border: gpd.GeoSeries
) -> None:
    village = areas.iloc[:1].assign(geometry=[square(5, 5, 1)])
    assert paths(drawn(ground, village, border), "nt-context")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda areas: areas.assign(role="purple"), "role 'purple' is none of"),
        (lambda areas: areas.drop(columns="name"), "column 'name' is missing"),
        (lambda areas: areas.iloc[:0], "nothing to frame"),
    ],
)
def test_refuses_what_it_cannot_draw(
    ground: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, border: gpd.GeoSeries, change: Any, says: str
) -> None:
    with pytest.raises(FrameError, match=says):
        drawn(ground, change(areas), border)
