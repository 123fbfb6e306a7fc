"""What coordinations, editors and people with an account do, from the mail that invites them to what visitors see."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.conftest import OpenPage, sign_in
from tests.browser.running import Site
from tests.browser.test_every_page import DESK, PHONE, WIDTHS_PX, barriers

pytestmark = pytest.mark.browser

EINHARZ = "/verzeichnis/kooperationen/einharz/"
PASSWORD = "ein-langes-Wort-7"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PROJECT, REASON = "Gemeinsame Gästekarte mit Freifahrt", "Finanzierung fehlt oder brach weg"
AGREEMENT = "Verabredung zum Wegenetz"


def mails(site: Site) -> Iterator[Message]:
    """What the site has sent, the newest first."""
    folder = site.home / "mail"
    for file in sorted(folder.glob("*"), key=lambda each: each.stat().st_mtime, reverse=True):
        for said in reversed(re.split(rb"^-{79}$", file.read_bytes(), flags=re.MULTILINE)):
            if said.strip():
                yield email.message_from_bytes(said.strip())


def link_to(site: Site, address: str, path: str) -> str:
    """The link that begins so, in the newest mail to an address."""
    for message in mails(site):
        if address in (message["To"] or ""):
            body: Any = message.get_payload(decode=True)
            found = re.search(rf"https?://[^/\s]+({path}\S+)", body.decode("utf-8"))
            if found:
                return found[1]
    raise AssertionError(f"no mail to {address} with a link to {path}")


def test_a_coordination_goes_from_invitation_to_what_everybody_sees(
    open_page: OpenPage, plain_browser: Browser, site: Site, scratch: Path
) -> None:
    inviter = open_page(cookies=True, within=plain_browser)
    sign_in(inviter, site, "einharz")
    inviter.get_by_role("main").get_by_role("link", name="EinHarz", exact=True).first.click()
    inviter.get_by_role("link", name="Wer das betreut, und andere einladen").click()
    inviter.get_by_label("E-Mail-Adresse").fill("nora@example.org")
    inviter.get_by_role("button", name="Einladung senden").click()
    expect(inviter.locator(".nt-said")).to_contain_text("nora@example.org")
    link = link_to(site, "nora@example.org", "/konto/einladung/")

    page = open_page(cookies=True, within=plain_browser)
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_contain_text("EinHarz")
    assert barriers(page) == []
    page.get_by_label("Vorname").fill("Nora")
    page.get_by_label("Nachname").fill("Neu")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Konto anlegen und annehmen").click()
    page.wait_for_url("**/konto/kooperationen/einharz/")
    expect(page.locator(".nt-said")).to_contain_text("Willkommen!")

    page.get_by_role("link", name="Mitglied hinzufügen").click()
    name = page.get_by_role("combobox", name="Name", exact=True)
    name.press_sequentially("Hameln", delay=20)
    offered = page.get_by_role("option").filter(has_text="Stadt Hameln")
    expect(offered.first).to_be_visible()
    assert barriers(page) == []
    offered.first.click()
    expect(name).to_have_value(re.compile(r"Hameln.* \(\d+\)"))
    page.get_by_label(re.compile("^Von")).fill("2025")
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator(".nt-said")).to_contain_text("Gespeichert")
    expect(page.get_by_role("row").filter(has_text="Stadt Hameln")).to_contain_text("2025")

    page.get_by_role("link", name="Projekt eintragen").click()
    page.get_by_label("Name", exact=True).fill(PROJECT)
    page.get_by_label("Stand", exact=True).select_option(label="Nicht zustande gekommen")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("alert")).to_contain_text("Gründe")
    assert barriers(page) == []
    page.get_by_label(REASON).check()
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator(".nt-said")).to_contain_text("Gespeichert")

    file = scratch / "wegenetz.pdf"
    file.write_bytes(PDF)
    page.get_by_role("link", name="Vereinbarung eintragen").click()
    page.get_by_label("Titel", exact=True).fill(AGREEMENT)
    page.get_by_label("Art", exact=True).select_option(index=1)
    page.get_by_label("Stadt Hameln").check()
    page.get_by_label("Weitere Beteiligte").fill("Landkreis Goslar")
    page.get_by_label("Text der Vereinbarung").set_input_files(file)
    page.get_by_role("button", name="Speichern").click()
    expect(page.locator(".nt-said")).to_contain_text("Gespeichert")

    visitor = open_page(within=plain_browser)
    visitor.goto(EINHARZ)
    shown = visitor.get_by_role("main")
    expect(shown).to_contain_text("Hameln")
    expect(shown).to_contain_text(PROJECT)
    expect(shown).to_contain_text(REASON)
    expect(shown).to_contain_text(AGREEMENT)

    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Diese Einladung gilt nicht mehr")


@pytest.fixture(autouse=True)
def _links_that_ended(watch: Any) -> None:
    """A link used twice answers 410, and Chromium notes that."""
    watch.broken.add("/konto/einladung/")


def test_an_editor_decides_on_a_suggestion(open_page: OpenPage, plain_browser: Browser, site: Site) -> None:
    person = open_page(cookies=True, within=plain_browser)
    person.goto("/konto/registrieren/")
    person.get_by_label("Vorname").fill("Bert")
    person.get_by_label("Nachname").fill("Bürger")
    person.get_by_label("E-Mail-Adresse").fill("bert@example.org")
    person.get_by_label("Passwort").fill(PASSWORD)
    person.get_by_role("button", name="Konto anlegen").click()
    person.goto(link_to(site, "bert@example.org", "/konto/e-mail/bestaetigen/"))
    person.get_by_role("button", name="Ja, bestätigen").click()
    person.wait_for_url("**/konto/")
    person.goto(EINHARZ)
    person.get_by_role("link", name="Änderung vorschlagen").click()
    person.get_by_label(re.compile(r"^Sitz\b")).fill("Bad Harzburg am Rathaus")
    person.get_by_label("Grund und Quelle").fill("Steht im Impressum.")
    person.get_by_role("button", name="Vorschlag senden").click()
    expect(person.locator(".nt-said")).to_contain_text("Danke")
    assert barriers(person) == []

    editor = open_page(cookies=True, within=plain_browser)
    sign_in(editor, site, "redaktion")
    editor.get_by_role("link", name="Über Vorschläge entscheiden").click()
    editor.get_by_role("main").get_by_role("link", name="EinHarz", exact=True).first.click()
    expect(editor.get_by_role("table")).to_contain_text("Bad Harzburg am Rathaus")
    assert barriers(editor) == []
    editor.get_by_role("button", name="Übernehmen").click()
    expect(editor.locator(".nt-said")).to_contain_text("Übernommen")

    visitor = open_page(within=plain_browser)
    visitor.goto(EINHARZ)
    expect(visitor.get_by_role("main")).to_contain_text("Bad Harzburg am Rathaus")


PAGES = (
    "/konto/", "/konto/daten/", "/konto/loeschen/", "/konto/e-mail/", "/konto/passwort/", "/konto/zwei-faktor/",
    "/konto/vorschlagen/", "/konto/vorschlagen/?art=project", "/konto/vorschlaege/", "/konto/abmelden/",
    "/konto/kooperationen/einharz/", "/konto/kooperationen/einharz/angaben/",
    "/konto/kooperationen/einharz/mitglieder/bestaetigen/", "/konto/kooperationen/einharz/neu/mitglied/",
    "/konto/kooperationen/einharz/neu/vereinbarung/", "/konto/kooperationen/einharz/neu/treffen/",
    "/konto/kooperationen/einharz/neu/quelle/", "/konto/stimmt-noch/cooperation/einharz/",
    "/konto/einladungen/kooperation/einharz/", "/konto/folgen/?art=cooperation&ref=einharz",
    "/konto/fehler-melden/?art=cooperation&ref=einharz",
)  # fmt: skip
BEFORE_SIGNING_IN = ("/konto/anmelden/", "/konto/registrieren/", "/konto/passwort/vergessen/", "/hilfe/rollen/")


@pytest.mark.parametrize(("colours", "size"), [("light", DESK), ("dark", PHONE)], ids=["light-desk", "dark-phone"])
def test_no_barriers_and_nothing_too_wide(
    open_page: OpenPage, plain_browser: Browser, site: Site, colours: str, size: Any
) -> None:
    page = open_page(cookies=True, within=plain_browser, viewport=size, color_scheme=colours)
    found: dict[str, Any] = {}

    def look(path: str) -> None:
        page.goto(path)
        wrong: list[Any] = barriers(page)
        for width_px in WIDTHS_PX:
            page.set_viewport_size({"width": width_px, "height": 900})
            needs = page.evaluate("() => document.scrollingElement.scrollWidth - document.documentElement.clientWidth")
            wrong += [f"{needs} px too wide at {width_px}"] if needs > 0 else []
        page.set_viewport_size(size)
        if wrong:
            found[path] = wrong

    for path in BEFORE_SIGNING_IN:
        look(path)
    sign_in(page, site, "einharz")
    for path in PAGES:
        look(path)
    page.goto("/")
    page.locator(".nt-person > summary").click()
    expect(page.get_by_role("link", name="Konto", exact=True)).to_be_visible()
    if there := barriers(page):
        found["the menu of the account"] = there
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_role("link", name="Anmelden")).to_be_visible()
    assert page.context.cookies() == []
    assert found == {}


def test_it_works_without_scripts(open_page: OpenPage, plain_browser: Browser, site: Site) -> None:
    page = open_page(cookies=True, within=plain_browser, java_script_enabled=False)
    sign_in(page, site, "helmstedt")
    page.get_by_role("main").get_by_role("link", name="Bearbeiten").first.click()
    page.get_by_role("link", name="Mitglied hinzufügen").click()
    page.get_by_label("Name", exact=True).fill("Neustadt")
    page.get_by_role("button", name="Speichern").click()
    choices = page.get_by_role("group", name="Welches meinen Sie?").get_by_role("radio")
    assert choices.count() > 1
    page.locator(".nt-person > summary").click()
    page.get_by_role("button", name="Abmelden").click()
    page.wait_for_url("**/")


def test_what_is_looked_at_first_is_handed_in_and_taken_over(
    open_page: OpenPage, plain_browser: Browser, site: Site
) -> None:
    inviter = open_page(cookies=True, within=plain_browser)
    sign_in(inviter, site, "einharz")
    inviter.goto("/konto/einladungen/kooperation/einharz/")
    inviter.get_by_label("E-Mail-Adresse").fill("lina@example.org")
    inviter.locator("#id_review_first").check()
    inviter.get_by_role("button", name="Einladung senden").click()
    expect(inviter.locator(".nt-said")).to_contain_text("lina@example.org")

    page = open_page(cookies=True, within=plain_browser)
    page.goto(link_to(site, "lina@example.org", "/konto/einladung/"))
    page.get_by_label("Vorname").fill("Lina")
    page.get_by_label("Nachname").fill("Lernt")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Konto anlegen und annehmen").click()
    page.wait_for_url("**/konto/kooperationen/einharz/")
    page.get_by_role("link", name="Quelle hinzufügen").click()
    page.locator("#id_title").fill("Satzung, an die niemand denkt")
    page.locator("#id_evidence").select_option(index=1)
    assert barriers(page) == []
    page.locator(".nt-form button[type=submit]").click()
    page.wait_for_url("**/konto/kooperationen/einharz/")
    waiting = page.locator("section[aria-labelledby=eingereicht]")
    expect(waiting).to_contain_text("Satzung, an die niemand denkt")
    assert barriers(page) == []

    visitor = open_page(within=plain_browser)
    visitor.goto(EINHARZ)
    expect(visitor.get_by_role("main")).not_to_contain_text("an die niemand denkt")
    inviter.goto("/konto/vorschlaege/")
    inviter.get_by_role("link", name="Satzung, an die niemand denkt").click()
    assert barriers(inviter) == []
    inviter.get_by_role("button", name="Übernehmen").click()
    inviter.wait_for_url("**/konto/vorschlaege/")
    visitor.reload()
    expect(visitor.get_by_role("main")).to_contain_text("Satzung, an die niemand denkt")
