"""The map: choosing on it, its table, its address, and what stands in for it where it cannot be drawn."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image, ImageStat
from playwright.sync_api import Locator, Page, expect
from tests.browser.conftest import OpenPage, Watch
from tests.browser.running import wait_for_map
from tests.portal.every_page import HAMELN, HAMELN_PYRMONT, LIPPE, area, seam

pytestmark = pytest.mark.browser

SEAM = seam(HAMELN_PYRMONT, LIPPE)
SHARED = "/karte/#9.2/52.05/9.25&ebene=kreis&auswahl=03252-05766"
AROUND_HAMELN = "/karte/#10.5/52.1/9.36&ebene=gemeinde"


def chosen(page: Page) -> str:
    """What the panel beside the map says."""
    panel = page.get_by_role("region", name="Auswahl")
    expect(panel).to_be_visible()
    return panel.inner_text()


def choice(page: Page, label: str) -> Locator:
    """A list to choose from at the upper edge of the map."""
    return page.locator(".nt-map-field").filter(has=page.get_by_text(label, exact=True)).locator("select")


def brightness(page: Page) -> float:
    """How bright the map is on average, 0 to 255."""
    picture = Image.open(io.BytesIO(page.locator("nt-map [data-map-box]").screenshot()))
    return float(ImageStat.Stat(picture.convert("L")).mean[0])


def test_a_click_on_an_area_opens_its_panel_which_leads_to_its_page(page: Page) -> None:
    page.goto(AROUND_HAMELN)
    wait_for_map(page)
    page.locator("nt-map canvas").click()  # the middle of the map
    assert HAMELN in chosen(page)
    page.get_by_role("link", name="Zur Seite „Hameln“").click()
    page.wait_for_url(f"**{area(HAMELN)}")


def test_the_map_is_used_with_the_keyboard(page: Page) -> None:
    page.goto(AROUND_HAMELN)
    wait_for_map(page)
    page.locator("nt-map canvas").focus()
    page.keyboard.press("Enter")  # what lies under the cross-hairs
    assert HAMELN in chosen(page)
    expect(page.locator(".nt-map-said")).to_contain_text("Ausgewählt: Hameln")
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="Auswahl")).to_be_hidden()
    page.locator("summary").filter(has_text="Sichtbare Gebiete").press("Enter")
    page.get_by_role("button", name="Emmerthal", exact=True).press("Enter")
    assert "Emmerthal" in chosen(page)


def test_an_address_holds_what_is_seen(page: Page, open_page: OpenPage) -> None:
    page.goto(SHARED)
    wait_for_map(page)
    facts = chosen(page)
    assert "Hameln-Pyrmont | Lippe" in facts
    expect(choice(page, "Ebene")).to_have_value("district")
    choice(page, "Nähte").select_option("lands")
    facts = chosen(page)  # without what is known of cooperation, which this layer does not show
    page.get_by_role("button", name="Vergrößern").click()
    expect(page).to_have_url(re.compile(r"#10\.\d\d/.*&ebene=kreis&karte=landesgrenzen&auswahl=03252-05766$"))
    other = open_page()  # somebody who got the address
    other.goto(page.url)
    wait_for_map(other)
    assert chosen(other) == facts
    expect(choice(other, "Ebene")).to_have_value("district")
    expect(choice(other, "Nähte")).to_have_value("lands")
    assert other.url == page.url


def test_the_switch_shows_a_table_with_the_figures_of_the_page(page: Page) -> None:
    page.goto(area(HAMELN_PYRMONT))
    table = page.locator("nt-map table")
    expect(table).to_be_hidden()
    switch = page.get_by_role("button", name="Tabelle", exact=True)
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(page.locator("nt-map canvas")).to_be_hidden()
    of_map = {
        row.locator("th").inner_text(): row.locator("td").first.inner_text() for row in table.locator("tbody tr").all()
    }
    of_page = {
        row.locator("th a").inner_text(): row.locator("td.nt-num").first.inner_text()
        for row in page.locator("#nachbarn tbody tr").all()
    }
    assert of_map == of_page
    assert len(of_map) == 5
    page.get_by_role("button", name="Karte", exact=True).click()
    expect(table).to_be_hidden()
    expect(page.locator("nt-map canvas")).to_be_visible()


def test_the_map_says_the_length_the_page_says(page: Page) -> None:
    page.goto(SHARED)
    wait_for_map(page)
    length = re.search(r"\d+,\d\s*km", chosen(page))
    assert length
    page.get_by_role("link", name="Zur Seite dieser Naht").click()
    page.wait_for_url(f"**{SEAM}")
    said = page.locator(".nt-answer").inner_text()
    assert re.sub(r"\s", "", length[0]) in re.sub(r"\s", "", said)


def test_without_webgl_a_picture_stands_for_the_map_and_says_so(plain_page: Page) -> None:
    page = plain_page
    for path in (SEAM, "/karte/"):
        page.goto(path)
        expect(page.locator("nt-map[failed]")).to_be_visible()
        expect(page.get_by_text("Ihr Browser kann die bewegliche Karte nicht zeichnen.")).to_be_visible()
        picture = page.locator("nt-map img")
        expect(picture).to_be_visible()
        picture.evaluate("image => image.decode()")  # refused where there is no picture
        page.get_by_role("button", name="Tabelle", exact=True).click()
        expect(page.locator("nt-map table").first).to_be_visible()


def test_without_tiles_a_picture_stands_for_the_map_and_says_so(page: Page, watch: Watch) -> None:
    page.route("**/karte/kacheln/**", lambda route: route.fulfill(status=503))
    watch.broken.add("/karte/kacheln/")
    page.goto(SEAM)
    expect(page.get_by_text("Die Kartendaten sind gerade nicht erreichbar.")).to_be_visible()
    expect(page.locator("nt-map img")).to_be_visible()


def test_the_map_follows_the_colours_the_reader_chooses(page: Page) -> None:
    page.goto(SEAM)
    wait_for_map(page)
    light = brightness(page)
    page.get_by_role("radio", name="dunkel").check(force=True)
    page.wait_for_timeout(500)  # the map is drawn anew
    dark = brightness(page)
    assert light > 180
    assert dark < 90


def test_reduced_motion_leaves_nothing_moving(open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")
    page.goto("/karte/")
    wait_for_map(page)
    page.get_by_role("button", name="Vergrößern").click()
    page.locator("nt-map canvas").hover()
    page.get_by_role("button", name="Tabelle", exact=True).click()
    assert page.evaluate("() => document.getAnimations().length") == 0
