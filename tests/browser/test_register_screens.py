"""The editing screens of the register in a real browser: choosing by typing, saving, two people at once."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import OpenPage, sign_in
from tests.browser.running import Site

pytestmark = pytest.mark.browser

SUMMARY = "Vom Browser aus kurz gesagt."


def barriers_in(page: Page, part: str) -> list[Any]:
    """What axe finds in a part of a screen; what lies around it is Wagtail's."""
    found = Axe().run(page, context=part).response["violations"]
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


def opened(page: Page) -> str:
    """Open the entry somebody looks after, from the start of the editing screens."""
    page.goto("/verwaltung/")
    page.get_by_role("region", name="Was Sie betreuen").get_by_role("link", name="EinHarz", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("EinHarz")
    return page.url


def save(page: Page) -> None:
    """Make it public."""
    page.get_by_role("button", name="Speichern und veröffentlichen").click()


def test_a_coordination_edits_chooses_by_typing_and_is_seen(
    open_page: OpenPage, plain_browser: Browser, site: Site
) -> None:
    page = open_page(cookies=True, within=plain_browser)
    sign_in(page, site, "einharz")
    address = opened(page)
    assert barriers_in(page, "#w-editor-form") == []
    page.locator("#id_summary_de").fill(SUMMARY)
    save(page)
    expect(page.locator(".messages")).to_contain_text("EinHarz")

    page.get_by_role("tab", name="Mitglieder").click()
    page.get_by_role("link", name="Mitglied hinzufügen").click()
    field = page.locator("#id_party")
    field.press_sequentially("Schöning", delay=20)
    offered = page.get_by_role("option").filter(has_text="Helmstedt, Niedersachsen, 03154019")
    expect(offered).to_be_visible()
    assert barriers_in(page, "#w-editor-form") == []
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("Stadt Schöningen (Helmstedt, Niedersachsen, 03154019)")
    expect(page.locator("#id_party-list")).to_be_hidden()
    page.get_by_label("Von").fill("2026")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("tab", name="Mitglieder")).to_have_attribute("aria-selected", "true")
    row = page.get_by_role("row").filter(has_text="Stadt Schöningen")
    expect(row).to_contain_text("seit 2026")
    row.get_by_role("link", name="Beenden").click()
    page.get_by_label("Mitglied bis").fill("2026-06")
    page.get_by_role("button", name="Mitgliedschaft beenden").click()
    expect(page.get_by_role("row").filter(has_text="Stadt Schöningen")).to_contain_text("2026 bis 2026-06")

    page.goto(address)
    page.get_by_role("tab", name="Quellen").click()
    expect(page.get_by_role("heading", name="Aussagen in Zahlen")).to_be_visible()
    assert barriers_in(page, "#w-editor-form") == []
    visitor = open_page(within=plain_browser)
    visitor.goto("/verzeichnis/kooperationen/einharz/")
    expect(visitor.get_by_role("main")).to_contain_text(SUMMARY)
    expect(visitor.get_by_role("main")).to_contain_text("Schöningen")


def test_who_saves_second_chooses_between_both_versions(
    open_page: OpenPage, plain_browser: Browser, site: Site
) -> None:
    first, second = (open_page(cookies=True, within=plain_browser) for _ in range(2))
    sign_in(first, site, "einharz")
    sign_in(second, site, "verwaltung")
    address = opened(first)
    second.goto(address)
    second.locator("#id_website").fill("https://www.example.org/einharz")
    save(second)
    expect(second.locator(".messages")).to_contain_text("EinHarz")
    first.locator("#id_website").fill("https://www.example.org/anders")
    first.locator("#id_short_name").fill("Ein Harz")
    save(first)
    expect(first.get_by_role("heading", level=1)).to_contain_text("Jemand war schneller")
    assert barriers_in(first, ".nt-conflict") == []
    both = first.get_by_role("row").filter(has_text="von beiden geändert")
    expect(both).to_contain_text("https://www.example.org/einharz")
    expect(both.get_by_role("radio", name="Gespeicherte behalten")).to_be_checked()
    first.get_by_role("button", name="Auswahl speichern").click()
    expect(first.locator("#id_website")).to_have_value("https://www.example.org/einharz")
    expect(first.locator("#id_short_name")).to_have_value("Ein Harz")
