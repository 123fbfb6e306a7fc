"""Who gets what: every address of the site, for everybody who may ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.portal.every_page import HAMELN_PYRMONT, LIPPE
from tests.portal.register.conftest import cooperation, organisation

from nahtstelle.editions.manifest import MANIFEST
from nahtstelle.portal import insight

ROLES = ("visitor", "person", "editor", "administrator")
AREA, SEAM = f"/verzeichnis/gebiete/{HAMELN_PYRMONT}", f"/naehte/{HAMELN_PYRMONT}/{LIPPE}"
EDITION = "de-vg250-2016-01-01"

READ_BY_ALL: dict[str, tuple[str, int]] = {
    "start": ("/", 200),
    "map": ("/karte/", 200),
    "country-picture": ("/karte/deutschland-land.svg", 200),
    "country-card": ("/karte/vorschau.png", 200),
    "area-cooperations": (f"/karte/kooperationen/{HAMELN_PYRMONT}.json", 200),
    "cooperating-download": ("/karte/kooperationen-kreis.csv", 200),
    "data": ("/daten/", 200),
    "edition-file": (f"/daten/{EDITION}/{MANIFEST}", 200),
    "map-embed": ("/embed/karte/", 200),
    "seams": ("/naehte/", 200),
    "seams-download": ("/naehte/liste.csv", 200),
    "seam": (f"{SEAM}/", 200),
    "seam-sheet": (f"{SEAM}/blatt.pdf", 200),
    "seam-picture": (f"{SEAM}/karte.svg", 200),
    "seam-card": (f"{SEAM}/vorschau.png", 200),
    "seam-download": (f"{SEAM}/daten.csv", 200),
    "seam-brief": (f"{SEAM}/kurz/", 200),
    "seam-embed": (f"/embed{SEAM}/", 200),
    "search": ("/suche/", 200),
    "suggestions": ("/suche/vorschlaege/?q=Lippe", 200),
    "directory": ("/verzeichnis/", 200),
    "cooperations": ("/verzeichnis/kooperationen/", 200),
    "cooperations-download": ("/verzeichnis/kooperationen/liste.csv", 200),
    "cooperations-picture": ("/verzeichnis/kooperationen/karte.svg", 200),
    "cooperation": ("/verzeichnis/kooperationen/gibt-es-nicht/", 404),
    "cooperation-sheet": ("/verzeichnis/kooperationen/gibt-es-nicht/blatt.pdf", 404),
    "cooperation-picture": ("/verzeichnis/kooperationen/gibt-es-nicht/karte.svg", 404),
    "cooperation-card": ("/verzeichnis/kooperationen/gibt-es-nicht/vorschau.png", 404),
    "cooperation-download": ("/verzeichnis/kooperationen/gibt-es-nicht/daten.csv", 404),
    "cooperation-embed": ("/embed/kooperationen/gibt-es-nicht/", 404),
    "cooperation-history": ("/verzeichnis/kooperationen/gibt-es-nicht/verlauf/", 404),
    "projects": ("/verzeichnis/projekte/", 200),
    "projects-download": ("/verzeichnis/projekte/liste.csv", 200),
    "project": ("/verzeichnis/projekte/gibt-es-nicht/", 404),
    "project-history": ("/verzeichnis/projekte/gibt-es-nicht/verlauf/", 404),
    "organisations": ("/verzeichnis/organisationen/", 200),
    "organisations-download": ("/verzeichnis/organisationen/liste.csv", 200),
    "organisation": ("/verzeichnis/organisationen/gibt-es-nicht/", 404),
    "organisation-history": ("/verzeichnis/organisationen/gibt-es-nicht/verlauf/", 404),
    "agreement": ("/verzeichnis/vereinbarungen/gibt-es-nicht/", 404),
    "agreement-history": ("/verzeichnis/vereinbarungen/gibt-es-nicht/verlauf/", 404),
    "meeting": ("/verzeichnis/treffen/gibt-es-nicht/", 404),
    "meeting-history": ("/verzeichnis/treffen/gibt-es-nicht/verlauf/", 404),
    "areas": ("/verzeichnis/gebiete/", 200),
    "areas-download": ("/verzeichnis/gebiete/liste.csv?ebene=land", 200),
    "area": (f"{AREA}/", 200),
    "area-sheet": (f"{AREA}/blatt.pdf", 200),
    "area-picture": (f"{AREA}/karte.svg", 200),
    "area-card": (f"{AREA}/vorschau.png", 200),
    "area-download": (f"{AREA}/daten.csv", 200),
    "area-brief": (f"{AREA}/kurz/", 200),
    "coverage": ("/daten/abdeckung/", 200),
    "coverage-download": ("/daten/abdeckung/liste.csv", 200),
    "area-overlap": (f"{AREA}/kooperationen.svg", 404),  # no cooperation is known in these tests
    "area-feed": (f"{AREA}/aktuell.atom", 200),
    "news-feed": ("/aktuell.atom", 200),
    "cooperation-feed": ("/verzeichnis/kooperationen/gibt-es-nicht/aktuell.atom", 404),
    "meetings-calendar": ("/verzeichnis/treffen.ics", 200),
    "cooperation-calendar": ("/verzeichnis/kooperationen/gibt-es-nicht/treffen.ics", 404),
    "area-embed": (f"/embed/gebiete/{HAMELN_PYRMONT}/", 200),
    "gallery": ("/gestaltung/", 200),
    "wagtail_serve": ("/impressum/", 200),
}
"""Addresses in both languages: a path and the answer, the same for everybody."""

FILES: dict[str, tuple[str, int]] = {
    "tiles": (f"/karte/kacheln/{EDITION}/000000000000.pmtiles", 404),
    "health": ("/zustand/", 200),
    "seam-states": ("/karte/zusammenarbeit-kreis.json", 200),
    "areas-cooperating": ("/karte/kooperationen-kreis.json", 200),
    "wagtaildocs_serve": ("/dokumente/datei/999/fehlt.pdf", 404),
    "robots": ("/robots.txt", 200),
    "sitemap-index": ("/sitemap.xml", 200),
    "sitemap-section": ("/sitemap-start.xml", 200),
    "favicon": ("/favicon.ico", 200),
    "media-images": ("/medien/images/fehlt.png", 404),
    "media-avatar_images": ("/medien/avatar_images/fehlt.png", 404),
}
"""Addresses without a language."""

OTHERS = {
    "wagtailcore_login": "for pages only signed-in people may read; our own address stands before it",
    "wagtaildocs_authenticate_with_password": "only for documents behind a password; needs one to exist",
    "wagtailcore_authenticate_with_password": "only for pages behind a password; needs one to exist",
}
"""Wagtail's own addresses around passwords of pages, which this site does not use."""

EVERYBODY = {"visitor": 200, "person": 200, "editor": 200, "administrator": 200}
SIGNED_IN = {"visitor": 302, "person": 200, "editor": 200, "administrator": 200}
SIGNED_OUT = {"visitor": 200, "person": 302, "editor": 302, "administrator": 302}
ALL_ELSEWHERE = {"visitor": 302, "person": 302, "editor": 302, "administrator": 302}
NOTHING_THERE = {"visitor": 302, "person": 404, "editor": 404, "administrator": 404}
WHOEVER_LOOKS_AFTER = {"visitor": 302, "person": 403, "editor": 403, "administrator": 200}
"""Of these four only the administrator looks after records; tests/portal/test_account_access.py has the others."""
BY_POST = {"visitor": 302, "person": 405, "editor": 405, "administrator": 405}
OWN = "/konto/kooperationen/einharz"

ACCOUNT: dict[str, tuple[str, dict[str, int]]] = {
    "wagtail-login": ("/_util/login/", ALL_ELSEWHERE),
    "roles": ("/hilfe/rollen/", EVERYBODY),
    "account": ("/konto/", SIGNED_IN),
    "account_login": ("/konto/anmelden/", SIGNED_OUT),
    "account_logout": ("/konto/abmelden/", SIGNED_IN),
    "account_signup": ("/konto/registrieren/", SIGNED_OUT),
    "account_inactive": ("/konto/gesperrt/", EVERYBODY),
    "account_reauthenticate": ("/konto/wirklich-sie/", SIGNED_IN),
    "account_email": ("/konto/e-mail/", SIGNED_IN),
    "account_email_verification_sent": ("/konto/e-mail/bestaetigen/", EVERYBODY),
    "account_confirm_email": ("/konto/e-mail/bestaetigen/falsch/", EVERYBODY),
    "account_change_password": ("/konto/passwort/", SIGNED_IN),
    "account_set_password": ("/konto/passwort/festlegen/", ALL_ELSEWHERE),
    "account_reset_password": ("/konto/passwort/vergessen/", EVERYBODY),
    "account_reset_password_done": ("/konto/passwort/vergessen/gesendet/", EVERYBODY),
    "account_reset_password_from_key_done": ("/konto/passwort/neu/fertig/", EVERYBODY),
    "account_reset_password_from_key": ("/konto/passwort/neu/1-falsch/", EVERYBODY),
    "mfa_index": ("/konto/zwei-faktor/", SIGNED_IN),
    "mfa_authenticate": ("/konto/zwei-faktor/code/", ALL_ELSEWHERE),
    "mfa_reauthenticate": ("/konto/zwei-faktor/wirklich-sie/", ALL_ELSEWHERE),
    "mfa_activate_totp": ("/konto/zwei-faktor/app/", ALL_ELSEWHERE),
    "mfa_deactivate_totp": ("/konto/zwei-faktor/app/abschalten/", NOTHING_THERE),
    "mfa_view_recovery_codes": ("/konto/zwei-faktor/ersatzcodes/", NOTHING_THERE),
    "mfa_generate_recovery_codes": ("/konto/zwei-faktor/ersatzcodes/neu/", ALL_ELSEWHERE),
    "mfa_download_recovery_codes": ("/konto/zwei-faktor/ersatzcodes/datei/", NOTHING_THERE),
    "account-data": ("/konto/daten/", SIGNED_IN),
    "account-export": ("/konto/daten/export.json", SIGNED_IN),
    "account-delete": ("/konto/loeschen/", SIGNED_IN),
    "account-gone": ("/konto/geloescht/", EVERYBODY),
    "account-follow": ("/konto/folgen/?art=cooperation&ref=einharz", SIGNED_IN),
    "account-suggest": ("/konto/vorschlagen/?art=cooperation&ref=einharz", SIGNED_IN),
    "account-mistake": ("/konto/fehler-melden/?art=cooperation&ref=einharz", SIGNED_IN),
    "account-suggestions": ("/konto/vorschlaege/", SIGNED_IN),
    "account-suggestion": ("/konto/vorschlaege/999999/", NOTHING_THERE),
    "account-confirm": ("/konto/stimmt-noch/cooperation/einharz/", WHOEVER_LOOKS_AFTER),
    "account-cooperation": (f"{OWN}/", WHOEVER_LOOKS_AFTER),
    "account-cooperation-facts": (f"{OWN}/angaben/", WHOEVER_LOOKS_AFTER),
    "account-memberships-confirm": (f"{OWN}/mitglieder/bestaetigen/", WHOEVER_LOOKS_AFTER),
    "account-add": (f"{OWN}/neu/mitglied/", WHOEVER_LOOKS_AFTER),
    "account-organisation": ("/konto/organisationen/stadtwerke/", WHOEVER_LOOKS_AFTER),
    "account-organisation-facts": ("/konto/organisationen/stadtwerke/angaben/", WHOEVER_LOOKS_AFTER),
    "account-project": ("/konto/projekte/fehlt/", NOTHING_THERE),
    "account-agreement": ("/konto/vereinbarungen/fehlt/", NOTHING_THERE),
    "account-meeting": ("/konto/treffen/fehlt/", NOTHING_THERE),
    "account-membership": ("/konto/mitgliedschaften/fehlt/", NOTHING_THERE),
    "account-membership-end": ("/konto/mitgliedschaften/fehlt/beenden/", NOTHING_THERE),
    "account-invitation": (
        "/konto/einladung/erfunden/",
        {"visitor": 410, "person": 410, "editor": 410, "administrator": 410},
    ),
    "account-invitations": ("/konto/einladungen/", WHOEVER_LOOKS_AFTER),
    "account-invitations-of": ("/konto/einladungen/kooperation/einharz/", WHOEVER_LOOKS_AFTER),
    "account-invitation-withdraw": ("/konto/einladungen/999999/zuruecknehmen/", BY_POST),
    "account-invitation-again": ("/konto/einladungen/999999/erneut/", BY_POST),
    "account-role-take": ("/konto/rollen/999999/entziehen/", BY_POST),
}
"""Addresses of the account in both languages: a path and the answer to each."""

OFFICE = {"visitor": 302, "person": 302, "editor": 200, "administrator": 200}
ONLY_ADMINISTRATORS = {"visitor": 302, "person": 302, "editor": 302, "administrator": 200}
BEHIND_LOGIN: dict[str, dict[str, int]] = {
    "/verwaltung/": OFFICE,
    "/verwaltung/pages/": OFFICE,
    "/verwaltung/documents/": OFFICE,
    "/verwaltung/images/": OFFICE,
    "/verwaltung/users/": ONLY_ADMINISTRATORS,
    "/verwaltung/groups/": ONLY_ADMINISTRATORS,
    "/verwaltung/sites/": ONLY_ADMINISTRATORS,
    "/verwaltung/login/": ALL_ELSEWHERE,
}


def names(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    """Every pattern of the site, except those of the editing screens: its name and where it is."""
    for each in resolver.url_patterns:
        where = before + str(each.pattern)
        if where.startswith("verwaltung/"):
            continue
        if isinstance(each, URLResolver):
            yield from names(each, where)
        else:
            assert isinstance(each, URLPattern)
            yield each.name or "", where


def test_every_address_is_in_the_table() -> None:
    known = READ_BY_ALL.keys() | FILES.keys() | OTHERS.keys() | ACCOUNT.keys()
    there = dict(names(get_resolver()))
    assert "" not in there, f"an address without a name: {there['']}"
    missing = {name: where for name, where in there.items() if name not in known}
    assert not missing, f"not in the table of tests/portal/test_access.py: {missing}"


def test_the_table_names_no_address_there_is_not() -> None:
    there = dict(names(get_resolver()))
    assert (READ_BY_ALL.keys() | FILES.keys() | OTHERS.keys() | ACCOUNT.keys()) <= there.keys()


@pytest.fixture
def client_of(request: pytest.FixtureRequest, role: str) -> Client:
    return request.getfixturevalue(role)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_reads_the_same(client_of: Client, role: str) -> None:
    for name, (path, status) in READ_BY_ALL.items():
        for prefix in ("", "/en"):
            answer = client_of.get(prefix + path)
            assert answer.status_code == status, f"{role} at {prefix + path} ({name}): {answer.status_code}"
    for name, (path, status) in FILES.items():
        answer = client_of.get(path)
        assert answer.status_code == status, f"{role} at {path} ({name}): {answer.status_code}"


@pytest.mark.parametrize("role", ROLES)
def test_the_account_is_for_whoever_is_signed_in(client_of: Client, role: str) -> None:
    cooperation()
    organisation()
    for name, (path, expected) in ACCOUNT.items():
        for prefix in ("", "/en"):
            answer = client_of.get(prefix + path)
            assert answer.status_code == expected[role], f"{role} at {prefix + path} ({name}): {answer.status_code}"
            if role == "visitor" and answer.status_code == 302 and name != "account_logout":
                assert answer["Location"].startswith(f"{prefix}/konto/anmelden/"), f"{path}: {answer['Location']}"


@pytest.mark.parametrize("role", ROLES)
def test_the_editing_screens_ask_who_is_there(client_of: Client, role: str) -> None:
    for path, expected in BEHIND_LOGIN.items():
        answer = client_of.get(path)
        assert answer.status_code == expected[role], f"{role} at {path}: {answer.status_code}"


def test_editing_screens_have_one_language_path(visitor: Client) -> None:
    assert visitor.get("/en/verwaltung/").status_code == 404


def test_a_visitor_is_sent_to_sign_in(visitor: Client) -> None:
    answer = visitor.get("/verwaltung/pages/")
    assert answer["Location"].startswith("/konto/anmelden/")


def test_a_person_without_rights_does_not_get_in_by_password(db: None, client: Client) -> None:
    get_user_model().objects.create_user("buergerin", password="ein-langes-wort")
    answer = client.post("/konto/anmelden/", {"login": "buergerin", "password": "ein-langes-wort"})
    assert answer.status_code == 302
    assert client.get("/verwaltung/").status_code == 302


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_pages_to_read_take_nothing(visitor: Client, method: str) -> None:
    for name, (path, _) in (READ_BY_ALL | {"health": FILES["health"]}).items():
        if name == "wagtail_serve":
            continue
        for prefix in ("", "/en") if name != "health" else ("",):
            answer = getattr(visitor, method)(prefix + path)
            assert answer.status_code == 405, f"{method} {prefix + path}: {answer.status_code}"
            assert set(answer["Allow"].split(", ")) == {"GET", "HEAD"}


def test_head_is_get_without_a_body(visitor: Client) -> None:
    for path in ("/", "/naehte/", f"{SEAM}/", f"{AREA}/", f"{AREA}/karte.svg", "/impressum/"):
        answer = visitor.head(path)
        assert answer.status_code == 200 and answer.content == b"", path


def test_tiles_are_for_everybody_too(visitor: Client) -> None:
    """The address in the table is one without tiles: with the real fingerprint only the file is missing in tests."""
    fingerprint = insight.current().tiles_fingerprint
    assert visitor.get(f"/karte/kacheln/{EDITION}/{fingerprint}.pmtiles").status_code in (200, 404)
