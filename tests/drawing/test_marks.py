"""The mark of the site and the stitches of a seam: read as drawn, at every size and without colour."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import pytest
import shapely
from PIL import Image

from nahtstelle.drawing.marks import favicon_svg, logo, mark_png, touch_icon_png
from nahtstelle.drawing.raster import to_png
from nahtstelle.drawing.stitches import STATES, State, seam_elements, seam_glyph, stitch_path

SVG = "{http://www.w3.org/2000/svg}"
BRIDGED: tuple[State, ...] = ("full", "adjacent", "loose")


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGBA")


# --- the mark ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("svg", [logo(), favicon_svg()], ids=["logo", "favicon"])
def test_two_fields_and_five_stitches(svg: str) -> None:
    root = ET.fromstring(svg)
    assert len(root.findall(f"{SVG}path")) == 2
    assert len(list(root.iter(f"{SVG}rect"))) == 5
    assert root.get("aria-hidden") == "true" and root.get("role") is None
    assert not [element for element in root.iter() if element.get("id") or element.get("style")]


def test_the_mark_says_its_name_when_asked() -> None:
    root = ET.fromstring(logo("Nahtstelle & <Freunde>"))
    assert root.get("role") == "img" and root.get("aria-label") == "Nahtstelle & <Freunde>"
    assert root.get("aria-hidden") is None


@pytest.mark.parametrize("side", [16, 32, 180])
def test_five_stitches_can_be_counted(side: int) -> None:
    """Down the middle light and dark take turns: five light stitches between six dark gaps."""
    image = picture(mark_png(side))
    assert image.size == (side, side)
    light = [min(image.getpixel((side // 2, y))[:3]) > 150 for y in range(side)]
    runs = [light[0], *(after for before, after in pairwise(light) if before != after)]
    assert runs.count(True) == 5


def test_corners_are_round_but_for_systems_that_cut_their_own() -> None:
    assert picture(mark_png(64)).getpixel((0, 0))[3] == 0
    icon = picture(touch_icon_png())
    assert icon.size == (180, 180)
    assert all(icon.getpixel(corner)[3] == 255 for corner in ((0, 0), (179, 0), (0, 179), (179, 179)))


# --- the stitches ------------------------------------------------------------------------------------------


def test_stitches_are_evenly_spaced_and_cross_the_line() -> None:
    line = shapely.LineString([(0, 0), (180, 0)])
    strokes = [
        tuple(map(float, found))
        for found in re.findall(r"M([-\d.]+) ([-\d.]+)l([-\d.]+) ([-\d.]+)", stitch_path(line, "adjacent"))
    ]
    assert len(strokes) == 10
    middles = [x + dx / 2 for x, _, dx, _ in strokes]
    assert all(after - before == pytest.approx(18, abs=0.2) for before, after in pairwise(middles))
    assert all(y * (y + dy) < 0 and dx != 0 for _, y, dx, dy in strokes)


def test_the_looser_the_fewer() -> None:
    line = shapely.MultiLineString([[(0, 0), (0, 200)], [(50, 0), (50, 3)]])
    counts = [stitch_path(line, state).count("M") for state in BRIDGED]
    assert counts == sorted(counts, reverse=True) and len(set(counts)) == 3
    assert min(counts) >= 2  # even the short piece has one
    assert [seam_glyph(3, False, state).count("l") for state in BRIDGED] == sorted(
        (seam_glyph(3, False, state).count("l") for state in BRIDGED), reverse=True
    )


@pytest.mark.parametrize("state", STATES)
def test_elements_are_well_formed(state: State) -> None:
    elements = seam_elements(shapely.LineString([(0, 0), (40, 10), (90, 0)]), state, 3.8)
    assert elements and all(ET.fromstring(element).get("d") for element in elements)


def grey(svg: str) -> bytes:
    """A glyph in grey on white, as a printer has it."""
    canvas = svg.replace('<path class="nt', '<rect width="64" height="14" fill="#fff"/><path class="nt', 1)
    return picture(to_png(canvas.replace("currentColor", "#333"), scale=2)).convert("L").tobytes()


def differing(one: bytes, other: bytes) -> float:
    return sum(abs(a - b) > 60 for a, b in zip(one, other, strict=True)) / len(one)


@pytest.mark.parametrize("land_seam", [False, True])
def test_states_are_told_apart_without_colour(land_seam: bool) -> None:
    glyphs = {state: grey(seam_glyph(3, land_seam, state)) for state in (None, *STATES)}
    for one, other in combinations(glyphs, 2):
        assert differing(glyphs[one], glyphs[other]) > 0.02, (one, other)


def test_glyphs_follow_people_and_land() -> None:
    thickness = [
        max(float(width) for width in re.findall(r'stroke-width="([\d.]+)"', seam_glyph(step, False)))
        for step in range(1, 6)
    ]
    assert thickness == sorted(thickness) and len(set(thickness)) == 5
    assert "nt-band" in seam_glyph(2, True) and "nt-band" not in seam_glyph(2, False)
    assert "stroke-dasharray" in seam_glyph(0, False) and "stroke-dasharray" not in seam_glyph(1, False)


@pytest.mark.parametrize("state", [None, *STATES])
def test_glyphs_need_no_inline_style(state: State | None) -> None:
    root = ET.fromstring(seam_glyph(4, True, state))
    assert (root.get("width"), root.get("height"), root.get("aria-hidden")) == ("64", "14", "true")
    assert not [element for element in root.iter() if element.get("style") or element.tag == f"{SVG}style"]
    assert "#0a5561" in seam_glyph(4, False, "full", colour="#0a5561")
