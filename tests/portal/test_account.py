"""The account: signing in and out, signing up, second factor, what visitors get, own data, leaving."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from tests.portal.every_page import HAMELN_PYRMONT, LIPPE, area, seam
from tests.portal.markup import Page, text_of
from tests.portal.register.conftest import VIA, Cast, cast, cooperation  # noqa: F401

from nahtstelle.portal.account import actions as own
from nahtstelle.portal.register import actions
from nahtstelle.portal.register.models import Assignment, Following, LogEntry, Suggestion

PASSWORD = "ein-langes-Wort-7"
SIGN_IN = "/konto/anmelden/"


def somebody(name: str = "buergerin", **rights: Any) -> Any:
    return get_user_model().objects.create_user(name, f"{name}@example.org", PASSWORD, **rights)


def main_of(answer: Any) -> str:
    page = Page(answer.content.decode())
    return text_of(page.one("main"))


def link_in(message: Any) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", message.body)
    assert found, message.body
    return found[1]


# ---------------------------------------------------------------------------------------------- coming and going


@pytest.mark.parametrize("login", ["buergerin", "buergerin@example.org", "Buergerin@Example.org"])
def test_one_signs_in_by_name_or_address(visitor: Client, login: str) -> None:
    somebody()
    answer = visitor.post(SIGN_IN, {"login": login, "password": PASSWORD})
    assert answer.status_code == 302 and answer["Location"] == "/konto/"
    assert "buergerin" in main_of(visitor.get("/konto/"))


def test_a_wrong_password_is_said_without_telling_who_has_an_account(visitor: Client) -> None:
    somebody()
    said = {
        main_of(visitor.post(SIGN_IN, {"login": login, "password": "falsch"}))
        for login in ("buergerin@example.org", "niemand@example.org")
    }
    assert len(said) == 1


def test_one_comes_back_to_the_page_one_came_from(visitor: Client) -> None:
    somebody()
    page = Page(visitor.get("/naehte/?land=03").content.decode())
    (link,) = [each for each in page.all("a") if each.get("rel") == "nofollow"]
    address = str(link.get("href"))
    assert address.startswith("/konto/anmelden/?next=")
    form = Page(visitor.get(address).content.decode())
    back = form.one("input", name="next").get("value")
    answer = visitor.post(SIGN_IN, {"login": "buergerin", "password": PASSWORD, "next": back})
    assert answer["Location"] == "/naehte/?land=03"


def test_nobody_is_sent_elsewhere_after_signing_in(visitor: Client) -> None:
    somebody()
    answer = visitor.post(SIGN_IN, {"login": "buergerin", "password": PASSWORD, "next": "https://boese.example/"})
    assert answer["Location"] == "/konto/"
    assert visitor.get("/verwaltung/login/?next=https://boese.example/")["Location"] == "/konto/anmelden/"


def test_signing_out_leaves_no_cookie(visitor: Client) -> None:
    somebody()
    visitor.get(SIGN_IN)
    visitor.post(SIGN_IN, {"login": "buergerin", "password": PASSWORD})
    visitor.get("/konto/")
    answer = visitor.post("/konto/abmelden/")
    assert answer.status_code == 302 and answer["Location"] == "/"
    assert all(not cookie.value for cookie in answer.cookies.values()), answer.cookies
    visitor.cookies.clear()  # as a browser does with what ended
    assert not visitor.get("/").cookies
    assert visitor.get("/konto/").status_code == 302


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(visitor: Client) -> None:
    somebody()
    for _ in range(5):
        visitor.post(SIGN_IN, {"login": "buergerin", "password": "falsch"})
    answer = visitor.post(SIGN_IN, {"login": "buergerin", "password": PASSWORD})
    assert answer.status_code == 200
    assert visitor.get("/konto/").status_code == 302


def test_many_tries_from_one_address_are_refused(visitor: Client) -> None:
    answers = [visitor.post(SIGN_IN, {"login": f"wer{n}", "password": "x"}).status_code for n in range(40)]
    assert 429 in answers


def test_the_doors_of_wagtail_lead_to_ours(visitor: Client) -> None:
    assert visitor.get("/verwaltung/")["Location"] == "/konto/anmelden/?next=/verwaltung/"
    assert visitor.get("/verwaltung/login/?next=/verwaltung/pages/")["Location"] == (
        "/konto/anmelden/?next=%2Fverwaltung%2Fpages%2F"
    )
    assert visitor.get("/_util/login/")["Location"] == "/konto/anmelden/"
    somebody("redaktion", is_staff=True)
    answer = visitor.post("/verwaltung/login/", {"username": "redaktion", "password": PASSWORD})
    assert answer.status_code == 302 and settings.SESSION_COOKIE_NAME not in answer.cookies
    for path in ("/verwaltung/password_reset/", "/verwaltung/password_reset/done/"):
        assert visitor.get(path).status_code == 404


def test_whoever_may_not_enter_the_editing_screens_is_told_so(person: Client) -> None:
    answer = person.get("/verwaltung/", follow=True)
    assert answer.redirect_chain[-1][0] == "/konto/"
    assert len(answer.redirect_chain) == 2


def test_the_editing_screens_are_entered_from_here(visitor: Client) -> None:
    one = somebody("redaktion")
    one.groups.set(Group.objects.filter(name="Editors"))
    answer = visitor.post(SIGN_IN, {"login": "redaktion", "password": PASSWORD, "next": "/verwaltung/"})
    assert answer["Location"] == "/verwaltung/"
    assert visitor.get("/verwaltung/").status_code == 200
    page = Page(visitor.get("/").content.decode())
    assert {"/konto/", "/verwaltung/"} <= {each.get("href") for each in page.all("a")}


# --------------------------------------------------------------------------------------------------- visitors


@pytest.mark.parametrize(
    "path", ["/", "/naehte/", area(HAMELN_PYRMONT), seam(HAMELN_PYRMONT, LIPPE), "/impressum/", "/hilfe/rollen/"]
)
def test_visitors_get_no_cookie_and_a_remembered_page_with_the_way_in(visitor: Client, path: str) -> None:
    first, second = visitor.get(path), visitor.get(path)
    for answer in (first, second):
        assert not answer.cookies
        assert f"/konto/anmelden/?next={path}" in answer.content.decode()
        assert "Cookie" not in answer.get("Vary", "")


def test_pages_of_signed_in_people_are_their_own(visitor: Client, person: Client) -> None:
    assert "buergerin" in person.get("/naehte/").content.decode()
    assert "buergerin" not in visitor.get("/naehte/").content.decode()
    assert "buergerin" in person.get("/naehte/").content.decode()


def test_nobody_keeps_pages_of_the_account(person: Client) -> None:
    for path in ("/konto/", "/konto/daten/", "/konto/vorschlaege/"):
        assert "no-store" in person.get(path)["Cache-Control"]


# ------------------------------------------------------------------------------------------------ new accounts

NEW = {"first_name": "Anna", "last_name": "Beispiel", "email": "anna@example.org", "password1": PASSWORD}


def test_an_account_begins_with_a_confirmed_address(visitor: Client) -> None:
    answer = visitor.post("/konto/registrieren/", NEW)
    assert answer["Location"] == "/konto/e-mail/bestaetigen/"
    (message,) = mail.outbox
    assert message.to == ["anna@example.org"] and message.subject.startswith("Nahtstelle: ")
    link = link_in(message)
    stranger = Client()
    stranger.post(SIGN_IN, {"login": NEW["email"], "password": PASSWORD})
    assert stranger.get("/konto/").status_code == 302, "not before the address is confirmed"
    assert visitor.get(link).status_code == 200
    assert not EmailAddress.objects.get(email=NEW["email"]).verified, "mail programs look at links too"
    assert visitor.post(link)["Location"] == "/konto/"
    assert "Anna Beispiel" in main_of(visitor.get("/konto/"))


def test_an_address_is_asked_for_once_without_telling_others(visitor: Client) -> None:
    somebody("anna")
    EmailAddress.objects.create(user=get_user_model().objects.get(), email="anna@example.org", verified=True)
    answer = visitor.post("/konto/registrieren/", NEW)
    assert answer["Location"] == "/konto/e-mail/bestaetigen/", "the same answer as for a new one"
    assert get_user_model().objects.count() == 1
    assert "/konto/passwort/vergessen/" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"email": "keine"}, "email"), ({"password1": "1234"}, "password1"), ({"last_name": ""}, "last_name")],
)
def test_what_is_wrong_stands_beside_the_field(visitor: Client, wrong: dict[str, str], field: str) -> None:
    page = Page(visitor.post("/konto/registrieren/", NEW | wrong).content.decode())
    entry = page.one("input", name=field)
    assert entry.get("aria-invalid") == "true"
    assert any(each.get("id") == f"id_{field}-error" and text_of(each) for each in page.all("p")), entry.attrib
    assert not page.errors


def test_a_forgotten_password_is_replaced_by_a_link(visitor: Client) -> None:
    somebody()
    assert visitor.post("/konto/passwort/vergessen/", {"email": "buergerin@example.org"}).status_code == 302
    link = link_in(mail.outbox[0])
    form = visitor.get(link, follow=True)
    target = form.redirect_chain[-1][0]
    answer = visitor.post(target, {"password1": "ein-anderes-Wort-8"})
    assert answer["Location"] == "/konto/passwort/neu/fertig/"
    assert visitor.post(SIGN_IN, {"login": "buergerin", "password": "ein-anderes-Wort-8"}).status_code == 302
    assert visitor.get(link, follow=True).status_code == 200
    assert "benutzt" in main_of(Client().get(link)) or "used already" in main_of(Client().get(link))


def test_a_password_is_changed_only_by_who_knows_it(visitor: Client) -> None:
    one = somebody()
    visitor.force_login(one)
    path = "/konto/passwort/"
    assert visitor.post(path, {"oldpassword": "falsch", "password1": "ein-anderes-Wort-8"}).status_code == 200
    assert visitor.post(path, {"oldpassword": PASSWORD, "password1": "ein-anderes-Wort-8"}).status_code == 302
    one.refresh_from_db()
    assert one.check_password("ein-anderes-Wort-8")


# ---------------------------------------------------------------------------------------------- second factor


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def test_a_second_factor_is_set_up_asked_for_and_switched_off(visitor: Client) -> None:
    one = somebody()
    visitor.post(SIGN_IN, {"login": "buergerin", "password": PASSWORD})
    again = visitor.get("/konto/zwei-faktor/app/")["Location"]
    assert again.startswith("/konto/wirklich-sie/"), "once more, however short ago one signed in"
    assert visitor.post(again, {"password": "falsch"}).status_code == 200
    assert visitor.post(again, {"password": PASSWORD})["Location"] == "/konto/zwei-faktor/app/"
    page = Page(visitor.get("/konto/zwei-faktor/app/").content.decode())
    secret = text_of(page.one("code"))
    assert page.one("img", width="220").get("src", "").startswith("data:image/svg+xml;base64,")
    assert visitor.post("/konto/zwei-faktor/app/", {"code": "000000"}).status_code == 200
    answer = visitor.post("/konto/zwei-faktor/app/", {"code": code_of(secret)})
    assert answer["Location"] == "/konto/zwei-faktor/ersatzcodes/"
    spare = [text_of(each) for each in Page(visitor.get(answer["Location"]).content.decode()).all("code")]
    assert len(spare) == 10
    assert visitor.get("/konto/zwei-faktor/ersatzcodes/datei/")["Content-Disposition"].startswith("attachment")

    other = Client()
    answer = other.post(SIGN_IN, {"login": "buergerin", "password": PASSWORD})
    assert answer["Location"].startswith("/konto/zwei-faktor/code/")
    assert other.get("/konto/").status_code == 302, "the password alone does not do"
    assert other.post("/konto/zwei-faktor/code/", {"code": "123456"}).status_code == 200
    assert other.post("/konto/zwei-faktor/code/", {"code": spare[0]}).status_code == 302
    assert other.get("/konto/").status_code == 200

    assert visitor.post("/konto/zwei-faktor/app/abschalten/").status_code == 302
    assert not Authenticator.objects.filter(user=one, type=Authenticator.Type.TOTP).exists()


def test_whoever_changes_the_register_is_advised_to_take_a_second_factor(cast: Cast) -> None:  # noqa: F811
    for one, advised in ((cast.coordination, True), (cast.account, False)):
        client = Client()
        client.force_login(one)
        assert ("/konto/zwei-faktor/" in main_links(client)) is advised


def main_links(client: Client) -> set[str | None]:
    page = Page(client.get("/konto/").content.decode())
    notices = [each for each in page.all("div") if "nt-notice" in each.get("class", "")]
    return {link.get("href") for notice in notices for link in notice.iter("a")}


# ------------------------------------------------------------------------------------------------ own data


def test_one_takes_all_of_ones_data_along(cast: Cast) -> None:  # noqa: F811
    one = cast.coordination
    actions.change(one, cast.own, {"website": "https://einharz.example"}, via=VIA)
    actions.follow(one, "cooperation", cast.other.ref)
    actions.suggest(one, "cooperation", {"website": "https://w.example"}, ref=cast.other.ref, note="steht dort")
    client = Client()
    client.force_login(one)
    answer = client.get("/konto/daten/export.json")
    assert answer["Content-Disposition"].startswith("attachment")
    said = answer.json()
    assert said["account"]["email"] == one.email
    assert said["roles"][0]["cooperation"] == "einharz"
    assert said["followings"][0]["ref"] == "weserbund"
    assert said["suggestions"][0]["fields"] == {"website": "https://w.example"}
    assert said["changes"][0]["verb"] == "change"
    assert "password" not in answer.content.decode()


def test_whoever_leaves_takes_name_and_roles_along(cast: Cast) -> None:  # noqa: F811
    one = get_user_model().objects.get(pk=cast.coordination.pk)
    one.first_name, one.last_name = "Clara", "Zuständig"
    one.set_password(PASSWORD)
    one.save()
    actions.change(one, cast.own, {"website": "https://einharz.example"}, via=VIA)
    actions.follow(one, "cooperation", cast.other.ref)
    actions.suggest(one, "cooperation", {"website": "https://w.example"}, ref=cast.other.ref, note="steht dort")
    taken = actions.suggest(one, "cooperation", {"seat_place": "Minden"}, ref=cast.other.ref, note="steht dort")
    actions.accept(cast.stranger, taken, via=VIA)
    client = Client()
    client.force_login(one)
    assert client.post("/konto/loeschen/", {"password": "falsch"}).status_code == 200
    assert get_user_model().objects.filter(pk=one.pk).exists()
    answer = client.post("/konto/loeschen/", {"password": PASSWORD})
    assert answer["Location"] == "/konto/geloescht/"
    assert all(not cookie.value for cookie in answer.cookies.values())
    assert client.get("/konto/geloescht/").status_code == 200
    assert not get_user_model().objects.filter(pk=one.pk).exists()
    assert not Assignment.objects.filter(cooperation=cast.own, review_first=False).exists()
    assert not Following.objects.exists() and not Suggestion.objects.exists()
    entry = LogEntry.objects.filter(verb="change", record_ref="einharz").get()
    assert entry.by is None and entry.by_name == own.DELETED
    assert not LogEntry.objects.filter(by_name__contains="Zuständig").exists()
    assert "Zuständig" not in str(list(LogEntry.objects.values())), "nor in a note of whoever took a suggestion over"


def test_the_last_administrator_stays(administrator: Client) -> None:
    one = get_user_model().objects.get()
    one.set_password(PASSWORD)
    one.save()
    client = Client()
    client.force_login(one)
    assert client.post("/konto/loeschen/", {"password": PASSWORD}).status_code == 200
    assert get_user_model().objects.filter(pk=one.pk).exists()
    with pytest.raises(ValueError, match="last administrator"):
        own.delete_account(one)


def test_one_says_how_one_is_called(person: Client) -> None:
    assert person.post("/konto/daten/", {"first_name": "Berta", "last_name": "B"}).status_code == 302
    assert "Berta B" in main_of(person.get("/konto/"))


def test_one_follows_what_one_may_see(cast: Cast) -> None:  # noqa: F811
    client = Client()
    client.force_login(cast.account)
    hidden = cooperation("geheim")
    hidden.live = False
    hidden.save()
    assert client.get("/konto/folgen/?art=cooperation&ref=geheim").status_code == 404
    assert client.post("/konto/folgen/", {"art": "cooperation", "ref": "geheim"}).status_code == 404
    assert client.get("/konto/folgen/?art=cooperation&ref=einharz").status_code == 200
    assert client.post("/konto/folgen/", {"art": "cooperation", "ref": "einharz"}).status_code == 302
    assert "Einharz" in main_of(client.get("/konto/"))
    client.post("/konto/folgen/", {"art": "cooperation", "ref": "einharz", "stop": "1"})
    assert not Following.objects.exists()


def test_the_table_of_roles_is_that_of_the_policies(visitor: Client) -> None:
    from nahtstelle.portal.register.policies import ROLES, VERBS

    page = Page(visitor.get("/en/hilfe/rollen/").content.decode())
    assert len(page.all("tr")) == len(VERBS) + 1
    head = [text_of(each).lower() for each in page.all("th") if each.get("scope") == "col"]
    assert head[1:] == [str(role.title) for role in ROLES.values()]


def test_addresses_of_the_account_are_german() -> None:
    with override("en"):
        assert reverse("account_login") == f"/en{SIGN_IN}"
