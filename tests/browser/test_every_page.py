"""Every kind of page: no barriers, no page wider than the screen, no traces, and of use without scripts."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, ViewportSize, expect
from tests.browser.conftest import OpenPage, Watch
from tests.browser.running import wait_for_map
from tests.portal.every_page import HAMELN_PYRMONT, KINDS, LANGUAGES, LIPPE, WHOLE, Kind, area, seam

pytestmark = pytest.mark.browser

SEAM = seam(HAMELN_PYRMONT, LIPPE)
PAGES = tuple(kind for kind in KINDS if kind.frame != "piece")
"""Pieces of pages are fetched into others and have neither head nor title; they are looked at where they stand."""
DESK = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)
WIDTHS_PX = (320, 390, 640, 1280)
"""What 1280 pixels become at 400 % (WCAG 1.4.10), a telephone, 1280 pixels at 200 %, a desk."""
MAPS = frozenset({"start", "map", "seam", "district", "map-embed", "area-embed", "seam-embed"})
"""Kinds of pages on which axe waits for the whole map; the others have the same one, and drawing takes its time."""


def visit(page: Page, kind: Kind, language: str, watch: Watch) -> None:
    """Open a page that may be one that does not exist."""
    if kind.status != 200:
        watch.broken.add(kind.at(language))
    answer = page.goto(kind.at(language))
    assert answer is not None
    assert answer.status == kind.status


def barriers(page: Page) -> list[str]:
    """What axe finds with all of its rules, of whatever weight; nothing is left out."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:200]} – {node['failureSummary']}"
        for each in found
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PAGES, ids=str)
def test_axe_finds_no_barrier(kind: Kind, language: str, open_page: OpenPage, watch: Watch) -> None:
    """Both languages, both widths, both colours, each with each of the others once."""
    desk: Literal["light", "dark"] = "light" if language == "de" else "dark"
    page = open_page(viewport=DESK, color_scheme=desk)
    visit(page, kind, language, watch)
    if kind.name in MAPS:
        wait_for_map(page)
    assert barriers(page) == []
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark" if desk == "light" else "light")
    assert barriers(page) == []


def test_no_page_scrolls_sideways(page: Page, watch: Watch) -> None:
    wide = []
    for kind in KINDS:
        visit(page, kind, "de", watch)
        for width_px in WIDTHS_PX:
            page.set_viewport_size({"width": width_px, "height": 900})
            needs = page.evaluate("() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth")
            if needs > 0:
                wide.append(f"{kind.path} at {width_px} px needs {needs} px more")
    assert wide == []


def test_visitors_leave_with_nothing(page: Page, watch: Watch) -> None:
    """No cookie (looked at after every test), nothing kept in the browser, no worker that stays."""
    for language in LANGUAGES:
        for kind in KINDS:
            visit(page, kind, language, watch)
    assert page.evaluate("() => localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("async () => (await indexedDB.databases()).length + (await caches.keys()).length") == 0
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    assert len(watch.requests) > len(KINDS) * len(LANGUAGES)  # the watch did see them


def test_chosen_colours_stay_without_a_cookie(page: Page) -> None:
    page.goto("/impressum/")
    root = page.locator("html")
    assert _darkness(page) < 0.2
    page.get_by_role("radio", name="dunkel").check(force=True)
    expect(root).to_have_attribute("data-kern-theme", "dark")
    page.goto("/leitfaden/")
    expect(root).to_have_attribute("data-kern-theme", "dark")
    assert _darkness(page) > 0.8
    expect(page.get_by_role("radio", name="dunkel")).to_be_checked()
    page.get_by_role("radio", name="wie das Gerät").check(force=True)
    page.reload()
    assert _darkness(page) < 0.2
    assert page.evaluate("() => localStorage.length") == 0


def test_the_page_follows_the_colours_of_the_device(open_page: OpenPage) -> None:
    page = open_page(color_scheme="dark")
    page.goto("/")
    assert _darkness(page) > 0.8


def _darkness(page: Page) -> float:
    """How dark the page is behind everything, 0 to 1."""
    painted: list[int] = page.evaluate(
        """() => {
          const brush = document.createElement("canvas").getContext("2d");
          brush.fillStyle = getComputedStyle(document.body).backgroundColor;
          brush.fillRect(0, 0, 1, 1);
          return [...brush.getImageData(0, 0, 1, 1).data];
        }"""
    )
    assert painted[3] == 255, "the page has no colour of its own"
    return 1 - sum(painted[:3]) / 3 / 255


def test_forced_colours_leave_everything_to_be_seen(open_page: OpenPage) -> None:
    """With two colours only, as Windows offers them: which view is on, where the focus is, and the map."""
    page = open_page(forced_colors="active")
    page.goto(SEAM)
    wait_for_map(page)
    assert barriers(page) == []
    pressed, other = (page.get_by_role("button", name=name, exact=True) for name in ("Karte", "Tabelle"))
    look = "button => { const s = getComputedStyle(button); return [s.backgroundColor, s.color, s.borderColor].join() }"
    assert pressed.evaluate(look) != other.evaluate(look), "which of two views is shown cannot be seen"
    page.get_by_role("main").get_by_role("link").first.focus()
    page.keyboard.press("Tab")
    ring = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert ring != "none"


class TestWithoutJavaScript:
    """Text, tables, pictures and search are there; what would do nothing is not."""

    @pytest.fixture
    def page(self, open_page: OpenPage) -> Page:
        """A page of somebody whose browser runs no scripts."""
        return open_page(java_script_enabled=False)

    @pytest.mark.parametrize("path", ["/", "/karte/", area(HAMELN_PYRMONT), SEAM])
    def test_picture_and_table_stand_for_the_map(self, page: Page, path: str) -> None:
        page.goto(path)
        expect(page.locator(".nt-answer")).to_be_visible()
        picture = page.locator("nt-map img")
        expect(picture).to_be_visible()
        picture.evaluate("image => image.decode()")
        assert picture.evaluate("image => image.naturalWidth") > 300
        table = page.get_by_role("main").get_by_role("table").first
        expect(table).to_be_visible()
        expect(table.locator("tbody tr").first).to_be_visible()

    def test_nothing_is_offered_that_does_nothing(self, page: Page) -> None:
        page.goto(SEAM)
        expect(page.get_by_role("button", name="Kopieren")).to_be_hidden()
        expect(page.get_by_role("radio", name="dunkel")).to_be_hidden()
        expect(page.get_by_role("button", name="Tabelle", exact=True)).to_have_count(0)

    def test_search_filters_and_menu_work(self, page: Page, phone: dict[str, Any], open_page: OpenPage) -> None:
        page.goto("/")
        page.get_by_role("main").get_by_role("searchbox").fill("Pyrmont")
        page.get_by_role("main").get_by_role("button", name="Suchen").click()
        page.wait_for_url("**/suche/?q=Pyrmont")
        page.get_by_role("main").get_by_role("link", name="Hameln-Pyrmont").first.click()
        page.wait_for_url(f"**{area(HAMELN_PYRMONT)}")
        page.goto("/naehte/")
        page.get_by_label("Name oder Schlüssel").fill("Lippe")
        page.get_by_role("button", name="Anwenden").click()
        expect(page.get_by_role("main").get_by_role("table").locator("tbody th").first).to_contain_text("Lippe")
        small = open_page(java_script_enabled=False, **phone)
        small.goto("/")
        small.get_by_role("button", name="Menü").tap()
        small.get_by_role("navigation", name="Hauptnavigation").get_by_role("link", name="Daten").tap()
        small.wait_for_url("**/daten/")


def test_every_whole_page_has_one_main_heading_in_sight(page: Page, watch: Watch) -> None:
    page.set_viewport_size(PHONE)
    for kind in WHOLE:
        visit(page, kind, "de", watch)
        expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
