"""The five reference cases of the demonstration, walked through from the search to the source; and their barriers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from tests.browser.conftest import OpenPage
from tests.browser.test_every_page import DESK, PHONE, barriers

pytestmark = pytest.mark.browser

COOPERATIONS = "/verzeichnis/kooperationen/"
PAGES = (
    "/verzeichnis/",
    COOPERATIONS,
    f"{COOPERATIONS}?art=leader-region&land=03",
    f"{COOPERATIONS}einharz/",
    f"{COOPERATIONS}einharz/?stand=2015-06-01",
    f"{COOPERATIONS}einharz/verlauf/",
    f"{COOPERATIONS}star-netzwerk/",
    "/verzeichnis/projekte/",
    "/verzeichnis/projekte/einharz-harzring/",
    "/verzeichnis/organisationen/",
    "/verzeichnis/organisationen/ein-harz-gmbh/",
    "/verzeichnis/vereinbarungen/agr-noerdliches-harzvorland-2014/",
    "/verzeichnis/treffen/kooperationsgipfel-schladen-2014/",
    "/verzeichnis/gebiete/03358/",
    "/naehte/03154/15083/",
    "/naehte/?zustand=unbekannt&sortierung=-menschen",
    "/daten/abdeckung/",
    "/suche/?q=Mobilit%C3%A4t",
    "/suche/?q=Kooperazion",
    "/hilfe/rollen/",
)
"""Pages that say something only with a register."""


def look_for(page: Page, text: str, path: str) -> None:
    """Begin where everybody begins, and choose what was found."""
    page.goto("/")
    field = page.get_by_role("main").get_by_role("combobox")
    field.fill(text)
    field.press("Enter")
    page.wait_for_url(re.compile(r"/suche/|/verzeichnis/"))
    if not page.url.endswith(path):  # more than one thing may be meant
        page.get_by_role("main").locator(f'a[href="{path}"]').first.click()
        page.wait_for_url(f"**{path}")


def sources(page: Page) -> None:
    """At the end of each walk stands a source with its publisher."""
    expect(page.locator("#quellen")).to_contain_text(re.compile(r"\w"))


def test_leader_neighbours_with_their_agreements(plain_page: Page) -> None:
    page = plain_page
    look_for(page, "Grünes Band im Landkreis Helmstedt", f"{COOPERATIONS}leader-gruenes-band-helmstedt/")
    expect(page.locator("#mitglieder")).to_contain_text("Schöningen")
    agreements = page.locator("#vereinbarungen")
    expect(agreements).to_contain_text("Flechtinger Höhenzug")
    agreements.get_by_role("link", name=re.compile("Harzvorland")).first.click()
    page.wait_for_url("**/verzeichnis/vereinbarungen/agr-noerdliches-harzvorland-2014/")
    for party in ("Nördliches Harzvorland", "Elm-Schunter", "Grünes Band", "Huy"):
        expect(page.get_by_role("main")).to_contain_text(party)
    sources(page)
    page.goto("/naehte/03154/15083/")
    expect(page.locator("#kooperationen")).to_contain_text("Elm-Lappwald")


def test_both_metropolitan_regions_of_the_heidekreis_on_one_page(plain_page: Page) -> None:
    page = plain_page
    look_for(page, "Heidekreis", "/verzeichnis/gebiete/03358/")
    listed = page.locator("#kooperationen")
    expect(listed).to_contain_text("Metropolregion Hamburg")
    expect(listed).to_contain_text("Metropolregion Hannover Braunschweig Göttingen Wolfsburg")
    expect(listed).to_contain_text("Zweckverband Aller-Leine-Tal")
    listed.get_by_role("link", name="Metropolregion Hamburg", exact=True).first.click()
    page.wait_for_url(f"**{COOPERATIONS}metropolregion-hamburg/")
    expect(page.locator("#mitglieder")).to_contain_text("Heidekreis")
    expect(page.locator("#ueberschneidungen")).to_contain_text("Metropolregion Hannover")
    sources(page)


def test_seven_regions_far_apart(plain_page: Page) -> None:
    page = plain_page
    look_for(page, "Strategische Kooperationsregionen", f"{COOPERATIONS}star-netzwerk/")
    members = page.locator("#mitglieder")
    for region in (
        "Koblenz-Mittelrhein",
        "Allgäu",
        "Südwestfalen",
        "Ems-Achse",
        "Bodensee",
        "Nordthüringen",
        "Vorpommern",
    ):
        expect(members).to_contain_text(region)
    expect(page.locator("#dokumente")).to_contain_text("Praxisleitfaden")
    sources(page)


def test_the_seams_of_a_river_region(plain_page: Page) -> None:
    page = plain_page
    look_for(page, "Weserregion", f"{COOPERATIONS}weserregion/")
    expect(page.locator("#aussagen")).to_contain_text(re.compile("Kreisgrenze"))
    sources(page)
    page.goto("/verzeichnis/gebiete/03252/")
    rows = page.locator("#nachbarn tbody tr")
    expect(rows).to_have_count(5)
    page.goto("/naehte/?zustand=unbekannt&sortierung=-menschen")
    expect(page.locator("#t-naehte")).to_be_attached()


def test_ten_years_of_one_initiative_with_what_failed(plain_page: Page) -> None:
    page = plain_page
    look_for(page, "EinHarz", f"{COOPERATIONS}einharz/")
    outcomes = page.locator("#projekte")
    for project in ("Harzring", "Imagekampagne", "eCarSharing Harz", "HARZlocal"):
        expect(outcomes).to_contain_text(project)
    life = page.locator("#zeitleiste")
    for width_px in (390, 1280):
        page.set_viewport_size({"width": width_px, "height": 900})
        row = life.get_by_role("listitem").filter(has_text="eCarSharing Harz").filter(has=page.locator("rect")).first
        bar, track = row.locator("rect").bounding_box(), row.locator("svg").first.bounding_box()
        assert bar is not None
        assert track is not None
        assert track["x"] <= bar["x"] < bar["x"] + bar["width"] <= track["x"] + track["width"] + 2
        assert bar["width"] > track["width"] / 4, "from 2022 to 2028 is more than a quarter of its life"
    with page.expect_download() as waiting:
        page.get_by_role("link", name="PDF", exact=True).click()
    assert waiting.value.suggested_filename == "nahtstelle-einharz.pdf"
    outcomes.get_by_role("link", name="Harzring").click()
    page.wait_for_url("**/verzeichnis/projekte/einharz-harzring/")
    expect(page.get_by_role("main")).to_contain_text("Finanzierung fehlt oder brach weg")
    sources(page)


@pytest.mark.parametrize(
    ("language", "colours", "size"),
    [("de", "light", DESK), ("en", "dark", PHONE)],
    ids=["de-light-desk", "en-dark-phone"],
)
def test_axe_finds_no_barrier_on_pages_of_the_register(
    language: str, colours: str, size: ViewportSize, open_page: OpenPage, plain_browser: Browser
) -> None:
    page = open_page(within=plain_browser, viewport=size, color_scheme=colours)
    root = "/en" if language == "en" else ""
    found = {}
    for path in PAGES:
        answer = page.goto(f"{root}{path}")
        assert answer is not None
        assert answer.status == 200, path
        if there := barriers(page):
            found[path] = there
    assert found == {}


def test_no_page_of_the_register_scrolls_sideways(plain_page: Page) -> None:
    page = plain_page
    wide = []
    for path in PAGES:
        page.goto(path)
        for width_px in (320, 390, 1280):
            page.set_viewport_size({"width": width_px, "height": 900})
            needs = page.evaluate("() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth")
            if needs > 0:
                wide.append(f"{path} at {width_px} px needs {needs} px more")
    assert wide == []
