"""Our maps in pages of others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import OpenPage, Watch
from tests.browser.running import DRAWN_WITHIN_MS, Site
from tests.portal.every_page import HAMELN_PYRMONT, LIPPE, area, seam

pytestmark = pytest.mark.browser

OthersPage = Callable[[str], str]


@pytest.fixture
def page_of_others(tmp_path: Path, watch: Watch) -> Iterator[OthersPage]:
    """Another site, for a browser: another name and another port. Makes a page with a line of HTML; its address."""
    handler = partial(_Quiet, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        origin = f"http://localhost:{server.server_port}"
        watch.foreign.add(origin)

        def make(line: str) -> str:
            head = "<!doctype html><html lang=de><meta charset=utf-8><link rel=icon href=data:,><title>Gemeinde</title>"
            html = f"{head}{line}"
            (tmp_path / "ueber-uns.html").write_text(html, "utf-8")
            return f"{origin}/ueber-uns.html"

        yield make
        server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("path", ["/karte/", area(HAMELN_PYRMONT), seam(HAMELN_PYRMONT, LIPPE)])
def test_the_offered_line_shows_the_map_in_the_page_of_another_site(
    plain_page: Page, open_page: OpenPage, site: Site, page_of_others: OthersPage, path: str
) -> None:
    plain_page.goto(path)
    line = plain_page.get_by_label("Zeile zum Einbetten der Karte").input_value()
    other = open_page()
    other.goto(page_of_others(line))
    frame = other.frame_locator("iframe")
    frame.locator("nt-map[ready]").wait_for(timeout=DRAWN_WITHIN_MS)
    expect(frame.locator("nt-map canvas")).to_be_visible()
    expect(frame.get_by_text("GeoBasis-DE / BKG").last).to_be_visible()
    link = frame.get_by_role("link", name="zur ganzen Seite")
    expect(link).to_have_attribute("href", site.at(path))
    expect(link).to_have_attribute("target", "_blank")
    frame.get_by_role("button", name="Tabelle", exact=True).click()
    expect(frame.get_by_role("table").first).to_be_visible()


def test_a_page_that_is_not_for_it_cannot_be_embedded(
    plain_page: Page, site: Site, watch: Watch, page_of_others: OthersPage
) -> None:
    watch.expected.append("frame-ancestors")
    plain_page.goto(page_of_others(f'<iframe src="{site.at("/")}"></iframe>'))
    expect(plain_page.frame_locator("iframe").get_by_role("main")).to_have_count(0)
    assert any("frame-ancestors" in said for said in watch.foreseen)
