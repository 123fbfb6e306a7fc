"""Three steps from the start page to any seam: with the mouse, and with the keyboard alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.conftest import OpenPage
from tests.browser.running import wait_for_map
from tests.portal.every_page import HAMELN_PYRMONT, LIPPE, area, seam

pytestmark = pytest.mark.browser

SEAM = seam(HAMELN_PYRMONT, LIPPE)
MOST_TABS = 60
"""Nobody presses the key more often than that to get anywhere on a page."""

FOCUS = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const look = getComputedStyle(at);
  const ring = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  const cx = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const cy = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
  const above = document.elementFromPoint(cx, cy);
  return {
    what: at.outerHTML.slice(0, 120),
    ring,
    inView: box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0
      && box.top < innerHeight && box.left < innerWidth,
    uncovered: above !== null && (at.contains(above) || above.contains(at)),
  };
}"""


def tab_to(page: Page, target: Locator) -> int:
    """Press the Tab key until the target has the focus, looking at every stop on the way; the number of stops."""
    for stops in range(1, MOST_TABS + 1):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["ring"], f"no ring shows the focus: {focus['what']}"
        assert focus["inView"], f"the focus is out of sight: {focus['what']}"
        assert focus["uncovered"], f"something lies over the focus: {focus['what']}"
        if target.evaluate("element => element === document.activeElement"):
            return stops
    raise AssertionError(f"not reached with {MOST_TABS} times the Tab key: {target}")


def test_a_seam_is_three_steps_from_the_start_page(page: Page) -> None:
    page.goto("/")
    main = page.get_by_role("main")
    main.get_by_role("combobox").press_sequentially("hameln-py")  # first step: a few letters, and a suggestion
    main.get_by_role("option").filter(has_text="Hameln-Pyrmont").first.click()
    page.wait_for_url(f"**{area(HAMELN_PYRMONT)}")
    row = page.locator("#nachbarn tr").filter(has_text="Lippe")
    row.get_by_role("link", name=re.compile("Naht")).click()  # second step: its row in the table
    page.wait_for_url(f"**{SEAM}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("Hameln-Pyrmont.*Lippe"))
    expect(page.locator(".nt-answer")).to_contain_text("Landesgrenze")
    wait_for_map(page)


def test_a_seam_is_reached_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/")
    main = page.get_by_role("main")
    field = main.get_by_role("combobox")
    tab_to(page, field)
    page.keyboard.type("hameln-py", delay=20)
    first = main.get_by_role("option").first
    expect(first).to_contain_text("Hameln-Pyrmont")
    page.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "?")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{area(HAMELN_PYRMONT)}")
    wait_for_map(page)
    tab_to(page, page.get_by_role("link", name="Zum Inhalt springen"))
    page.keyboard.press("Enter")
    link = page.locator("#nachbarn tr").filter(has_text="Lippe").get_by_role("link", name=re.compile("Naht"))
    tab_to(page, link)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{SEAM}")


def test_the_skip_link_leads_past_the_navigation(page: Page) -> None:
    page.goto(SEAM)
    assert tab_to(page, page.get_by_role("link", name="Zum Inhalt springen")) == 1
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.querySelector('main').contains(document.activeElement)")


def test_escape_closes_the_suggestions_and_keeps_what_was_typed(page: Page) -> None:
    page.goto("/")
    field = page.get_by_role("main").get_by_role("combobox")
    field.press_sequentially("gosl")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("gosl")
    page.keyboard.press("Enter")
    page.wait_for_url("**/suche/?q=gosl")


def test_the_menu_of_a_telephone_opens_and_leads_on(open_page: OpenPage, phone: dict[str, Any]) -> None:
    page = open_page(**phone)
    page.goto("/")
    link = page.get_by_role("navigation", name="Hauptnavigation").get_by_role("link", name="Leitfaden")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Menü").tap()
    link.tap()
    page.wait_for_url("**/leitfaden/")
