"""What editors and operators do while visitors read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import OpenPage, sign_in
from tests.browser.running import Site, wait_for_map
from tests.portal.every_page import HAMELN_PYRMONT, LIPPE, seam

pytestmark = pytest.mark.browser

TITLE = "Erste Naht beschrieben"
EDITION = "de-vg250-2016-01-01"
PRESENT_MS = 1100
"""A worker takes what it knows for the present for a second."""
LEAD = "Zwei Landkreise haben ihre Naht zum ersten Mal gemeinsam beschrieben."


def test_an_editor_publishes_news_and_visitors_read_it(open_page: OpenPage, site: Site, page: Page) -> None:
    page.goto("/aktuelles/")
    expect(page.get_by_role("main")).not_to_contain_text(TITLE)
    editor = open_page(cookies=True)
    sign_in(editor, site, "redaktion", "/verwaltung/")
    search = editor.get_by_role("main").locator("input[name=q]")
    search.fill("Aktuelles")
    search.press("Enter")
    editor.get_by_role("link", name="Unterseiten von ‚Aktuelles‘ durchsehen").click()
    editor.get_by_role("link", name="Unterseite hinzufügen").first.click()
    editor.locator("#id_title").fill(TITLE)
    editor.locator("#id_lead").fill(LEAD)
    editor.get_by_role("button", name="Mehr Aktionen").click()
    editor.get_by_role("button", name="Veröffentlichen").click()
    expect(editor.get_by_role("row").filter(has_text=TITLE)).to_contain_text("Veröffentlicht")

    page.reload()
    page.get_by_role("main").get_by_role("link", name=TITLE).click()
    page.wait_for_url("**/aktuelles/erste-naht-beschrieben/")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_text(LEAD)).to_be_visible()
    expect(page.locator("time").first).to_have_attribute("datetime", dt.date.today().isoformat())  # noqa: DTZ011


@pytest.mark.reference
def test_a_new_edition_takes_over_while_visitors_read(page: Page, site: Site, reference_data: Path) -> None:
    """Loaded by a command of its own while both workers go on; the next page speaks of it, map and all."""
    address = seam(HAMELN_PYRMONT, LIPPE)
    page.goto(address)
    before = page.locator("nt-map").get_attribute("tiles")
    expect(page.locator(".nt-edition")).to_contain_text("Gebietsstand 1. Januar 2016")
    built = site.home / "editions" / "de-vg5000-2023"
    site.run("editions", "build", str(reference_data / "bkg_vg5000_2023-12-31"), "--out", str(built))
    site.run("portal", "load-edition", built.name)
    page.wait_for_timeout(PRESENT_MS)
    try:
        for _ in range(4):  # whichever worker answers
            page.reload()
            expect(page.locator(".nt-edition")).to_contain_text("Gebietsstand 31. Dezember 2023")
        assert page.locator("nt-map").get_attribute("tiles") != before
        wait_for_map(page)
        page.goto("/daten/")
        expect(page.get_by_role("heading", name="VG5000").locator(".nt-badge")).to_have_text("aktuell")
    finally:
        site.run("portal", "use-edition", EDITION)
    page.wait_for_timeout(PRESENT_MS)
    page.goto(address)
    expect(page.locator(".nt-edition")).to_contain_text("Gebietsstand 1. Januar 2016")
    wait_for_map(page)
