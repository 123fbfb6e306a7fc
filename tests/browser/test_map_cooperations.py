"""The areas of the map coloured by the cooperations they belong to, with mouse, keyboard and telephone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import OpenPage
from tests.browser.running import wait_for_map
from tests.browser.test_every_page import barriers
from tests.browser.test_map import choice, chosen
from tests.portal.every_page import GOSLAR, area

pytestmark = pytest.mark.browser

AROUND_GOSLAR = "/karte/#8.2/51.9/10.35&ebene=kreis"
EINHARZ = "/verzeichnis/kooperationen/einharz/"


def key(page: Page) -> str:
    """What the key to the map says."""
    return page.locator(".nt-map-legend-body").inner_text()


def place(page: Page) -> Any:
    """Where the map and its switch lie."""
    return page.evaluate(
        "() => [...document.querySelectorAll('.nt-map-switch, [data-map-box]')].map(each => "
        "Object.values(each.getBoundingClientRect().toJSON()))"
    )


def test_choosing_cooperations_colours_the_areas_and_lists_those_of_one(page: Page) -> None:
    page.goto(AROUND_GOSLAR)
    wait_for_map(page)
    select = choice(page, "Kooperationen")
    expect(select).to_have_value("aus")
    assert "Kooperationen" not in key(page), "calm until it is asked for"
    lies = place(page)
    select.select_option("alle")
    expect(page.locator(".nt-map-legend-body")).to_contain_text("noch keine bekannt")
    assert re.search(r"Kooperationen.*\n+.*und mehr", key(page))
    expect(page).to_have_url(re.compile(r"&kooperationen=alle$"))
    assert place(page) == lies, "nothing on the page moves"

    page.locator("summary").filter(has_text="Sichtbare Gebiete").press("Enter")
    page.get_by_role("button", name="Goslar", exact=True).press("Enter")
    panel = page.get_by_role("region", name="Auswahl")
    expect(panel.get_by_role("link", name="EinHarz")).to_be_visible()
    said = re.search(r"Kooperationen\s+(\d+)", chosen(page))
    assert said
    assert panel.locator(".nt-map-cooperations li").count() == int(said[1])
    expect(page.locator(".nt-map-said")).to_contain_text(f"Kooperationen: {said[1]}.")
    expect(page).to_have_url(re.compile(rf"&kooperationen=alle&auswahl={GOSLAR}$"))

    page.get_by_role("button", name="Karte", exact=True).focus()
    select.focus()
    select.select_option("leader-region")
    expect(panel.locator(".nt-map-cooperations li")).to_have_count(1)
    expect(panel.get_by_role("link", name="LEADER-Region Nördliches Harzvorland")).to_be_visible()
    expect(select).to_be_focused()
    assert barriers(page) == []

    panel.get_by_role("link", name="LEADER-Region Nördliches Harzvorland").click()
    page.wait_for_url("**/verzeichnis/kooperationen/leader-noerdliches-harzvorland/")


def test_the_number_on_the_map_is_that_of_the_area_and_of_the_table(page: Page) -> None:
    page.goto(f"{AROUND_GOSLAR}&kooperationen=alle&auswahl={GOSLAR}")
    wait_for_map(page)
    page.get_by_role("region", name="Auswahl").get_by_role("link", name="EinHarz").wait_for()
    said = re.search(r"Kooperationen\s+(\d+)", chosen(page))
    assert said
    page.get_by_role("button", name="Tabelle", exact=True).click()
    row = page.locator("#tabelle-kooperationen tbody tr").filter(
        has=page.get_by_role("link", name="Goslar", exact=True)
    )
    assert row.locator("td.nt-num").inner_text() == said[1]
    page.goto(area(GOSLAR))
    assert page.locator("#kooperationen tbody").first.locator("tr").count() == int(said[1])


def test_the_choice_comes_with_the_address_and_goes_with_it(page: Page, open_page: OpenPage) -> None:
    page.goto(f"{AROUND_GOSLAR}&kooperationen=metropolregion")
    wait_for_map(page)
    expect(choice(page, "Kooperationen")).to_have_value("metropolregion")
    page.goto(f"{AROUND_GOSLAR}&kooperationen=quatsch")
    expect(choice(page, "Kooperationen")).to_have_value("aus")
    other = open_page()
    other.goto("/en/karte/?kooperationen=alle")
    wait_for_map(other)
    expect(choice(other, "Cooperations")).to_have_value("alle")
    expect(other.locator(".nt-map-legend-body")).to_contain_text("none known yet")
    choice(other, "Cooperations").select_option("aus")
    expect(other).to_have_url(re.compile(r"&kooperationen=aus$"))


def test_a_single_cooperation_is_shown_where_it_lies(page: Page) -> None:
    page.goto("/karte/?kooperation=einharz")
    wait_for_map(page)
    expect(choice(page, "Kooperationen")).to_have_value("diese")
    expect(choice(page, "Kooperationen").locator("option:checked")).to_have_text("nur: EinHarz")
    expect(page.locator(".nt-map-legend-body")).to_contain_text("liegt ganz darin")
    page.get_by_role("button", name="Tabelle", exact=True).click()
    table = page.locator("#tabelle-kooperationen")
    expect(table.get_by_role("link", name="Goslar", exact=True)).to_be_visible()
    expect(table.locator(f"a[href='{EINHARZ}']").first).to_be_visible()


def test_the_table_is_narrowed_without_the_map(page: Page) -> None:
    """An address that names the table shows the table; the map then comes when it is asked for, as it should."""
    page.goto("/karte/#tabelle-kooperationen")
    table = page.locator("#tabelle-kooperationen")
    expect(table).to_be_visible()
    table.locator("select[name=ebene]").select_option("land")
    table.locator("select[name=kooperationen]").select_option("leader-region")
    table.locator("button[type=submit]").click()
    page.wait_for_url("**/karte/?ebene=land&kooperationen=leader-region#tabelle-kooperationen")
    expect(table).to_be_visible()
    expect(table.get_by_role("link", name="Niedersachsen")).to_be_visible()
    page.get_by_role("button", name="Karte", exact=True).click()
    wait_for_map(page)
    expect(choice(page, "Kooperationen")).to_have_value("leader-region")


def test_on_paper_the_table_stands_below_the_picture(page: Page) -> None:
    page.goto("/karte/")
    wait_for_map(page)
    expect(page.locator("#tabelle-kooperationen table")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator("#tabelle-kooperationen table")).to_be_visible()
    expect(page.locator("nt-map img")).to_be_visible()
    expect(page.locator("nt-map canvas")).to_be_hidden()


def test_where_the_cooperations_cannot_be_had_the_map_says_so(page: Page, watch: Any) -> None:
    page.route("**/karte/kooperationen-*.json*", lambda route: route.fulfill(status=503))
    watch.broken.add("/karte/kooperationen-")
    page.goto(AROUND_GOSLAR)
    wait_for_map(page)
    choice(page, "Kooperationen").select_option("alle")
    expect(page.locator(".nt-map-note")).to_contain_text("lassen sich gerade nicht laden")
    assert "noch keine bekannt" not in key(page), "not known here is not known to be unknown"


def test_on_a_telephone_and_in_the_dark(open_page: OpenPage, phone: dict[str, Any]) -> None:
    page = open_page(**phone, color_scheme="dark")
    page.goto(f"{AROUND_GOSLAR}&kooperationen=alle&auswahl={GOSLAR}")
    wait_for_map(page)
    panel = page.get_by_role("region", name="Auswahl")
    expect(panel.get_by_role("link", name="EinHarz")).to_be_visible()
    box = page.locator("[data-map-box]").bounding_box()
    assert box
    for tool in page.locator(".nt-map-tools > *:visible, .nt-map-panel").all():
        lies = tool.bounding_box()
        assert lies and lies["x"] >= box["x"] and lies["x"] + lies["width"] <= box["x"] + box["width"]
        assert lies["height"] < (60 if tool.get_attribute("class") != "nt-map-panel" else 900), "one line each"
    assert barriers(page) == []
