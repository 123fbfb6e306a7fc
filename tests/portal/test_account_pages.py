"""The pages of the account: well-formed, readable by ear, in both languages, with the strict policy."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.portal.every_page import ACCOUNT, LANGUAGES, Kind
from tests.portal.markup import Page, text_of
from tests.portal.register.conftest import VIA, Cast, cast  # noqa: F401
from tests.portal.test_account_records import browser
from tests.portal.test_pages_wellformed import _elsewhere, _inline, _names, _structure

from nahtstelle.portal.register import actions
from nahtstelle.portal.register.models import Assignment, Organisation, Suggestion
from nahtstelle.portal.register.policies import OPERATOR

ALL = pytest.mark.parametrize(("kind", "language"), [(kind, code) for code in LANGUAGES for kind in ACCOUNT], ids=str)


@pytest.fixture
def signed_in(cast: Cast) -> Client:  # noqa: F811
    """Somebody who has everything these pages can show."""
    one = cast.administration
    Assignment.objects.create(person=one, role="coordination", cooperation=cast.own)
    actions.create(OPERATOR, "organisation", {"ref": "stadtwerke", "name": "Stadtwerke"}, via=VIA)
    Assignment.objects.create(person=one, role="coordination", organisation=Organisation.objects.get(ref="stadtwerke"))
    for key in ("03153017", "03155013"):
        actions.add_membership(OPERATOR, cast.own, {"area_key": key, "valid_from": "2014"}, via=VIA)
    actions.add_membership(OPERATOR, cast.own, {"organisation": "stadtwerke", "ref": "mit-stadtwerken"}, via=VIA)
    project = {"ref": "ticket", "name": "Ticket", "state": "idee", "cooperations": [{"cooperation": "einharz"}]}
    actions.create(OPERATOR, "project", project, via=VIA)
    agreement = {"ref": "absicht", "title": "Absichtserklärung", "kind": "absichtserklaerung", "cooperation": "einharz"}
    parties = [{"area_key": "03153017", "area_name": "Stadt Goslar"}, {"party_name": "Landkreis Harz"}]
    actions.create(OPERATOR, "agreement", agreement | {"parties": parties}, via=VIA)
    meeting = {"ref": "lenkung", "name": "Lenkungsgruppe", "start": "2026-03-04T13:30:00+00:00"}
    actions.create(OPERATOR, "meeting", meeting | {"bodies": [{"cooperation": "einharz"}]}, via=VIA)
    actions.follow(one, "cooperation", "weserbund")
    actions.suggest(cast.account, "cooperation", {"founded": "2014"}, ref="einharz", note="so")
    actions.suggest(one, "cooperation", {"founded": "2015"}, ref="weserbund", note="so")
    return browser(one)


@ALL
def test_markup(kind: Kind, language: str, signed_in: Client) -> None:
    client = Client() if kind.who == "visitor" else signed_in
    answer = client.get(_filled(kind.at(language)))
    assert answer.status_code == kind.status
    page = Page(answer.content.decode())
    wrong = [*page.errors, *_structure(page, kind, language), *_names(page), *_inline(page), *_elsewhere(page)]
    assert not wrong, "\n".join(wrong)
    assert text_of(page.one("title")) and page.one("meta", name="description").get("content")
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy and re.search(r"script-src 'nonce-", policy) and "form-action 'self'" in policy
    if kind.who == "visitor":
        assert settings.SESSION_COOKIE_NAME not in answer.cookies, "nobody is known before signing in"


@pytest.mark.parametrize("kind", ACCOUNT, ids=str)
def test_wrong_answers_are_well_formed_too(kind: Kind, signed_in: Client) -> None:
    client = Client() if kind.who == "visitor" else signed_in
    answer = client.post(_filled(kind.path), {"who": "Neustadt", "kind": "area"})
    if answer.status_code != 200:
        assert answer.status_code in (302, 403, 404, 405, 410)
        return
    page = Page(answer.content.decode())
    wrong = [*page.errors, *_structure(page, kind, "de"), *_names(page), *_inline(page)]
    assert not wrong, "\n".join(wrong)


def test_few_queries(signed_in: Client) -> None:
    """A page for one person may ask more than a public one, but not the more the more there is."""
    signed_in.get("/konto/")
    for path in ("/konto/", "/konto/kooperationen/einharz/", "/konto/vorschlaege/"):
        with CaptureQueriesContext(connection) as asked:
            signed_in.get(path)
        assert len(asked) <= 45, f"{path}: {len(asked)}"


def _filled(path: str) -> str:
    return path.replace("NUMBER", str(Suggestion.objects.order_by("pk").first().pk))  # type: ignore[union-attr]
