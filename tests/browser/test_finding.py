"""Three steps from the start page to any seam: by mouse, by keyboard, on the map."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser.running import wait_for_map
from tests.portal.every_page import HAMELN_PYRMONT, LIPPE, area, seam

pytestmark = pytest.mark.browser

SEAM = seam(HAMELN_PYRMONT, LIPPE)


def test_a_seam_is_three_steps_from_the_start_page(page: Page) -> None:
    page.goto("/")
    main = page.get_by_role("main")
    field = main.get_by_role("combobox")
    field.press_sequentially("hameln-py")  # first step: type and choose
    main.get_by_role("option").filter(has_text="Hameln-Pyrmont").first.click()
    page.wait_for_url(f"**{area(HAMELN_PYRMONT)}")
    row = page.locator("#nachbarn tr").filter(has_text="Lippe")
    row.get_by_role("link", name=re.compile("Naht")).click()  # second step
    page.wait_for_url(f"**{SEAM}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hameln-Pyrmont")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lippe")
    expect(page.locator(".nt-answer")).to_contain_text("km")
    wait_for_map(page)
