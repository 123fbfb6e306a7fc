"""Invitations: who may invite, what the link does, how often and how long."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.portal.markup import Page
from tests.portal.register.conftest import Cast, cast, organisation  # noqa: F401
from tests.portal.test_account import main_of
from tests.portal.test_account_records import browser, errors

from nahtstelle.portal.register.actions.people import digest_of
from nahtstelle.portal.register.models import Assignment, Invitation, LogEntry

LIST = "/konto/einladungen/kooperation/einharz/"
WHO = {"first_name": "Nora", "last_name": "Neu", "password": "ein-langes-Wort-7"}


def link() -> str:
    """The link of the newest mail."""
    found = re.search(r"https?://[^/\s]+(/konto/einladung/[\w-]+/)", mail.outbox[-1].body)
    assert found, mail.outbox[-1].body
    return found[1]


@pytest.fixture
def invited(cast: Cast) -> str:  # noqa: F811
    """The link somebody was sent."""
    assert browser(cast.coordination).post(LIST, {"email": "nora@example.org"}).status_code == 302
    return link()


def test_the_link_is_sent_and_only_its_digest_kept(cast: Cast, invited: str) -> None:  # noqa: F811
    (message,) = mail.outbox
    assert message.to == ["nora@example.org"] and "Einharz" in message.body
    kept = Invitation.objects.get()
    secret = invited.strip("/").rsplit("/", 1)[-1]
    assert kept.digest == digest_of(secret)
    assert secret not in str(list(Invitation.objects.values())) and secret not in str(list(LogEntry.objects.values()))
    assert dt.timedelta(days=13) < kept.expires_at - timezone.now() < dt.timedelta(days=15)
    assert "nora@example.org" in main_of(browser(cast.coordination).get(LIST))


def test_somebody_new_gets_account_and_role_at_once(cast: Cast, invited: str) -> None:  # noqa: F811
    client = Client()
    assert "nora@example.org" in main_of(client.get(invited))
    assert errors(client.post(invited, WHO | {"password": "12345"}))
    assert errors(client.post(invited, WHO | {"last_name": ""}))
    assert not get_user_model().objects.filter(email="nora@example.org").exists()
    answer = client.post(invited, WHO)
    assert answer["Location"] == "/konto/kooperationen/einharz/"
    one = get_user_model().objects.get(email="nora@example.org")
    assert one.get_full_name() == "Nora Neu" and one.check_password(WHO["password"])
    assert EmailAddress.objects.get(user=one).verified
    given = Assignment.objects.get(person=one)
    assert given.cooperation == cast.own and given.given_by == cast.coordination
    assert client.get("/konto/kooperationen/einharz/").status_code == 200
    other = Client()
    other.post("/konto/anmelden/", {"login": "nora@example.org", "password": WHO["password"]})
    assert other.get("/konto/").status_code == 200


def test_somebody_signed_in_takes_the_role_on(cast: Cast, invited: str) -> None:  # noqa: F811
    client = browser(cast.account)
    assert client.get(invited).status_code == 200
    assert not Assignment.objects.filter(person=cast.account).exists(), "looking is not accepting"
    assert client.post(invited)["Location"] == "/konto/kooperationen/einharz/"
    assert Assignment.objects.get(person=cast.account).cooperation == cast.own


def test_somebody_with_an_account_signs_in_first(cast: Cast) -> None:  # noqa: F811
    browser(cast.coordination).post(LIST, {"email": cast.account.email.upper()})
    page = Page(Client().get(link()).content.decode())
    assert any(f"next={link()}" in str(each.get("href")) for each in page.all("a"))
    assert not [each for each in page.all("input") if each.get("name") == "password"]
    before = get_user_model().objects.count()
    Client().post(link(), WHO)
    assert get_user_model().objects.count() == before, "no second account with an address that has one"


def test_a_link_works_once(cast: Cast, invited: str) -> None:  # noqa: F811
    browser(cast.account).post(invited)
    for client in (Client(), browser(cast.stranger)):
        assert client.get(invited).status_code == 410
        assert client.post(invited, WHO).status_code == 410
    assert not Assignment.objects.filter(person=cast.stranger, cooperation=cast.own).exists()


def test_a_link_ends(cast: Cast, invited: str) -> None:  # noqa: F811
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert Client().get(invited).status_code == 410
    assert browser(cast.account).post(invited).status_code == 410
    assert not Assignment.objects.filter(person=cast.account).exists()


def test_an_invented_link_is_none(cast: Cast) -> None:  # noqa: F811
    assert Client().get("/konto/einladung/erfunden/").status_code == 410
    kept = "x" * 64
    assert Client().get(f"/konto/einladung/{kept}/").status_code == 410


def test_who_lost_the_right_has_invited_in_vain(cast: Cast, invited: str) -> None:  # noqa: F811
    Assignment.objects.filter(person=cast.coordination).delete()
    browser(cast.account).post(invited)
    assert not Assignment.objects.filter(person=cast.account).exists()


def test_withdrawn_and_sent_again(cast: Cast, invited: str) -> None:  # noqa: F811
    first = Invitation.objects.get()
    client = browser(cast.coordination)
    assert client.get(f"/konto/einladungen/{first.pk}/erneut/").status_code == 405
    assert client.post(f"/konto/einladungen/{first.pk}/erneut/")["Location"] == LIST
    again = link()
    assert again != invited and Client().get(invited).status_code == 410 and Client().get(again).status_code == 200
    second = Invitation.objects.exclude(pk=first.pk).get()
    assert client.post(f"/konto/einladungen/{second.pk}/zuruecknehmen/")["Location"] == LIST
    assert Client().get(again).status_code == 410


def test_invitations_of_others_are_none_of_ones_business(cast: Cast, invited: str) -> None:  # noqa: F811
    number = Invitation.objects.get().pk
    for who in (cast.account, cast.stranger, cast.far_editorial):
        client = browser(who)
        assert client.get(LIST).status_code == 403
        assert client.post(LIST, {"email": "x@example.org"}).status_code == 403
        for verb in ("erneut", "zuruecknehmen"):
            assert client.post(f"/konto/einladungen/{number}/{verb}/").status_code == 403
    assert len(mail.outbox) == 1 and Client().get(invited).status_code == 200
    assert browser(cast.editorial).post(f"/konto/einladungen/{number}/zuruecknehmen/").status_code == 302


def test_whose_entries_are_looked_at_first_invites_on_the_same_terms(cast: Cast) -> None:  # noqa: F811
    browser(cast.trainee).post(LIST, {"email": "nora@example.org"})
    assert Invitation.objects.get().review_first


def test_an_organisation_has_its_coordination(cast: Cast) -> None:  # noqa: F811
    body = organisation("harzenergie", name="Harz Energie")
    Assignment.objects.create(person=cast.stranger, role="coordination", organisation=body)
    client = browser(cast.stranger)
    assert client.post("/konto/einladungen/organisation/harzenergie/", {"email": "nora@example.org"}).status_code == 302
    assert browser(cast.account).post(link())["Location"] == "/konto/organisationen/harzenergie/"


@pytest.mark.parametrize(
    ("said", "land"),
    [({"role": "editorial", "land_key": "03"}, "03"), ({"role": "administration", "land_key": "03"}, "")],
)
def test_the_administration_invites_to_every_role(cast: Cast, said: dict[str, str], land: str) -> None:  # noqa: F811
    client = browser(cast.administration)
    assert client.post("/konto/einladungen/", said | {"email": "nora@example.org"}).status_code == 302
    assert browser(cast.account).post(link())["Location"] == "/konto/"
    given = Assignment.objects.get(person=cast.account)
    assert (given.role, given.land_key) == (said["role"], land)
    for who in (cast.coordination, cast.editorial):
        assert browser(who).post("/konto/einladungen/", said | {"email": "y@example.org"}).status_code == 403


def test_a_role_is_taken_by_the_administration_or_laid_down(cast: Cast) -> None:  # noqa: F811
    given = Assignment.objects.get(person=cast.coordination)
    path = f"/konto/rollen/{given.pk}/entziehen/"
    for who in (cast.account, cast.stranger, cast.editorial):
        assert browser(who).post(path).status_code == 403
    assert browser(cast.coordination).post(path).status_code == 302
    assert not Assignment.objects.filter(pk=given.pk).exists()
    assert browser(cast.coordination).get("/konto/kooperationen/einharz/").status_code == 403


def test_a_mail_server_that_is_away_is_said(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    def away(*_args: Any, **_said: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("nahtstelle.portal.account.views.invitations.send_invitation", away)
    answer = browser(cast.coordination).post(LIST, {"email": "nora@example.org"}, follow=True)
    assert "nora@example.org" in main_of(answer)
    assert "nt-notice--danger" in answer.content.decode()


def test_nobody_invites_without_end(cast: Cast) -> None:  # noqa: F811
    client = browser(cast.coordination)
    answers = [client.post(LIST, {"email": "keine"}).status_code for _ in range(51)]
    assert answers[-1] == 429
