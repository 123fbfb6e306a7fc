"""Every kind of page: no barriers, no page wider than the screen, no traces, and of use without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, ViewportSize, expect
from tests.browser.conftest import OpenPage, Watch
from tests.browser.running import wait_for_map
from tests.portal.every_page import HAMELN_PYRMONT, KINDS, LANGUAGES, LIPPE, Kind, area, seam

pytestmark = pytest.mark.browser

SEAM = seam(HAMELN_PYRMONT, LIPPE)
CHOSEN = "/karte/#9.2/52.05/9.25&ebene=kreis&auswahl=03252-05766"
PAGES = tuple(kind for kind in KINDS if kind.frame != "piece")
"""Pieces of pages are fetched into others and have neither head nor title; they are looked at where they stand."""
DESK = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)
WIDTHS_PX = (320, 390, 640, 1280)
"""What 1280 pixels become at 400 % (WCAG 1.4.10), a telephone, 1280 pixels at 200 %, a desk."""
DIFFER_IN_DATA_ONLY = frozenset(
    {
        "map-municipalities", "seams-wrong-choice", "seam-of-laender", "seam-of-municipalities", "no-seam-with-itself",
        "no-seam-across-levels", "areas-none", "city-state", "land-with-one-neighbour", "city-district", "union",
        "municipality-of-millions", "unincorporated", "search-none", "unknown-area",
    }
)  # fmt: skip
"""Looked at in German; the English page is that of another kind with other names and numbers."""
VARIANTS = (("de", "light", DESK), ("de", "dark", PHONE), ("en", "dark", DESK), ("en", "light", PHONE))
"""Both languages, both colours, both widths, each with each of the others."""
NAMES_OF_VARIANTS = ("de-light-desk", "de-dark-phone", "en-dark-desk", "en-light-phone")


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


@pytest.mark.parametrize(("language", "colours", "size"), VARIANTS, ids=NAMES_OF_VARIANTS)
def test_axe_finds_no_barrier_on_any_page(
    language: str, colours: str, size: ViewportSize, open_page: OpenPage, plain_browser: Browser, watch: Watch
) -> None:
    page = open_page(within=plain_browser, viewport=size, color_scheme=colours)
    found = {}
    for kind in PAGES:
        if language == "en" and kind.name in DIFFER_IN_DATA_ONLY:
            continue
        visit(page, kind, language, watch)
        if there := barriers(page):
            found[page.url] = there
    assert found == {}


@pytest.mark.parametrize(("language", "colours", "size"), VARIANTS, ids=NAMES_OF_VARIANTS)
def test_axe_finds_no_barrier_around_a_map(
    language: str, colours: str, size: ViewportSize, open_page: OpenPage
) -> None:
    """With all that opens on the largest map open, on the page of a seam, and in a frame; the map's parts included."""
    page = open_page(viewport=size, color_scheme=colours)
    root = "/en" if language == "en" else ""
    found = {}
    for path in (
        f"{root}/karte/#9.2/52.05/9.25&ebene=kreis&auswahl=03252-05766",
        f"{root}{SEAM}",
        f"{root}/embed/karte/",
    ):
        page.goto(path)
        page.locator("nt-map").scroll_into_view_if_needed()
        wait_for_map(page)
        if path == CHOSEN:
            expect(page.locator(".nt-map-panel")).to_be_visible()
            closed = page.locator("nt-map details:not([open]) > summary")
            for _ in range(closed.count()):
                closed.first.press("Enter")  # which then is closed no more
            expect(closed).to_have_count(0)
        if there := barriers(page):
            found[path] = there
    assert found == {}


def test_no_page_scrolls_sideways(plain_page: Page, watch: Watch) -> None:
    page = plain_page
    wide = []
    for kind in KINDS:
        visit(page, kind, "de", watch)
        for width_px in WIDTHS_PX:
            page.set_viewport_size({"width": width_px, "height": 900})
            needs = page.evaluate("() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth")
            if needs > 0:
                wide.append(f"{kind.path} at {width_px} px needs {needs} px more")
    assert wide == []


def test_visitors_leave_with_nothing(plain_page: Page, watch: Watch) -> None:
    """No cookie (looked at after every test), nothing kept in the browser, no worker that stays."""
    page = plain_page
    for language in LANGUAGES:
        for kind in KINDS:
            visit(page, kind, language, watch)
    assert page.evaluate("() => localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("async () => (await indexedDB.databases()).length + (await caches.keys()).length") == 0
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    assert len(watch.requests) > len(KINDS) * len(LANGUAGES)  # the watch did see them


def test_chosen_colours_stay_without_a_cookie(plain_page: Page) -> None:
    page = plain_page
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


def test_the_page_follows_the_colours_of_the_device(open_page: OpenPage, plain_browser: Browser) -> None:
    page = open_page(within=plain_browser, color_scheme="dark")
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
    def page(self, open_page: OpenPage, plain_browser: Browser) -> Page:
        """A page of somebody whose browser runs no scripts."""
        return open_page(within=plain_browser, java_script_enabled=False)

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
