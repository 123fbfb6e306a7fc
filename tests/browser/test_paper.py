"""Paper: a printed page is a handout with title, address, date and sources, and the sheet to take away is one page."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader
from tests.browser.conftest import Watch
from tests.browser.running import Site, wait_for_map
from tests.portal.every_page import HAMELN_PYRMONT, LIPPE, area, seam

pytestmark = pytest.mark.browser

SEAM = seam(HAMELN_PYRMONT, LIPPE)
TO_CLICK = ("Zum Inhalt springen", "Aktuelles", "English", "Impressum", "Mitnehmen", "Sichtbare Gebiete", "Kopieren")
"""Words that lead or do something on the screen, and nothing on paper."""


def printed(page: Page) -> PdfReader:
    """The page as the browser prints it."""
    return PdfReader(io.BytesIO(page.pdf(format="A4", print_background=False)))


def text_of(paper: PdfReader) -> str:
    """All words on the sheets, with single spaces."""
    return re.sub(r"\s+", " ", " ".join(sheet.extract_text() for sheet in paper.pages))


def strokes_on(paper: PdfReader) -> int:
    """How many lines are drawn on the first sheet, drawings inside it included; pictures of maps have thousands."""
    found = 0
    todo = [paper.pages[0]]
    contents = todo[0].get_contents()
    streams = [contents.get_data()] if contents is not None else []
    forms = [todo[0].get("/Resources", {}).get("/XObject", {})]
    while forms:
        for one in forms.pop().values():
            drawing = one.get_object()
            if drawing.get("/Subtype") == "/Form":
                streams.append(drawing.get_data())
                forms.append(drawing.get("/Resources", {}).get("/XObject", {}))
    for stream in streams:
        found += len(re.findall(rb"\s[lc]\s", stream))
    return found


@pytest.mark.parametrize(
    ("path", "title", "known"),
    [
        (area(HAMELN_PYRMONT), "Hameln-Pyrmont", ("Schaumburg", "Holzminden", "148.409", "03252")),
        (SEAM, "Lippe", ("43,4 km", "Bad Pyrmont", "Aerzen", "Landesgrenze")),
    ],
)
def test_a_printed_page_is_a_handout(page: Page, site: Site, path: str, title: str, known: tuple[str, ...]) -> None:
    page.goto(path)
    paper = printed(page)
    text = text_of(paper)
    for expected in (title, *known, site.at(path), "GeoBasis-DE / BKG", "GeoNames"):
        assert expected in text, f"{expected!r} is not on paper"
    assert not [word for word in TO_CLICK if word in text]
    assert len(paper.pages) <= 4


@pytest.mark.parametrize("drawn", [False, True], ids=["before-the-map", "after-the-map"])
def test_the_picture_of_the_map_is_printed(page: Page, watch: Watch, drawn: bool) -> None:
    """On the screen it is neither shown nor fetched; on paper it stands for the map, whatever that has drawn."""
    page.goto(SEAM)
    if drawn:
        wait_for_map(page)
    with_picture = strokes_on(printed(page))
    page.route("**/karte.svg", lambda route: route.abort())
    watch.broken.add("karte.svg")
    page.goto(SEAM)
    without = strokes_on(printed(page))
    assert with_picture > without + 500, f"{with_picture} lines on paper, {without} without the picture"


@pytest.mark.parametrize("path", [area(HAMELN_PYRMONT), SEAM])
def test_the_sheet_to_take_away_has_one_page(page: Page, site: Site, scratch: Path, path: str) -> None:
    page.goto(path)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="PDF", exact=True).click()
    file = scratch / waiting.value.suggested_filename
    waiting.value.save_as(file)
    sheet = PdfReader(file)
    assert file.name.startswith("nahtstelle-03252")
    assert len(sheet.pages) == 1
    text = text_of(sheet)
    for expected in ("Hameln-Pyrmont", "Lippe", "GeoBasis-DE / BKG", site.address.removeprefix("http://")):
        assert expected in text
