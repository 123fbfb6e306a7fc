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

from nahtstelle.portal.register import actions, policies, suggested, todo
from nahtstelle.portal.register.models import Assignment, Attachment, Organisation, Suggestion
from nahtstelle.portal.register.policies import OPERATOR
from nahtstelle.portal.register.staff import prepare_staff

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


MOST_ASKED = {"/konto/": 20, "/konto/vorschlaege/": 20, "/konto/kooperationen/einharz/": 25}
"""A page for one person may ask more than a public one, but never the more the more there is."""


@pytest.fixture
def much_to_do(cast: Cast, signed_in: Client) -> None:  # noqa: F811
    """Suggestions of every kind, drafts, disputes and broken links, of records of both cooperations."""
    prepare_staff()
    for number in range(12):
        ref = ("einharz", "weserbund")[number % 2]
        body = {"name": f"Nummer {number}", "ref": f"werk-{number}"}
        actions.create(OPERATOR, "organisation", body, via=VIA)
        member = actions.add_membership(OPERATOR, cast.own, {"organisation": body["ref"]}, via=VIA)
        source = {"title": f"Blatt {number}"}
        for type_, fields, about in (
            ("cooperation", {"founded": str(1990 + number)}, ref),
            ("cooperation", {"name": f"Neu {number}", "kind": "staedtenetz", "seat_key": "03153017"}, ""),
            ("membership", {"cooperation": ref, "area_key": "03153017", "valid_from": str(1990 + number)}, ""),
            ("membership", {"valid_until": "2030"}, member.ref),
            ("project", {"name": f"P {number}", "state": "idee", "cooperations": [{"cooperation": ref}]}, ""),
            ("citation", {"about_type": "cooperation", "about_ref": ref, "source": source}, ""),
            ("dispute", {"about_type": "membership", "about_ref": member.ref, "reason": "Falsch."}, ""),
        ):
            Suggestion.objects.create(about_type=type_, about_ref=about, fields=fields, by=cast.account)
        project = {"name": f"Q {number}", "state": "idee", "cooperations": [{"cooperation": "einharz"}]}
        actions.create(cast.trainee, "project", project, via=VIA)
        actions.dispute(OPERATOR, member, "Falsch.", via=VIA)
        link = {"about_type": "cooperation", "about_ref": ref, "title": "Seite", "url": f"https://{number}.example/"}
        actions.create(OPERATOR, "attachment", link, via=VIA)
    Attachment.objects.update(broken="404")


@pytest.mark.parametrize("who", ["administration", "editorial", "coordination", "account"])
@pytest.mark.usefixtures("much_to_do")
def test_few_queries(cast: Cast, who: str) -> None:  # noqa: F811
    client = browser(getattr(cast, who))
    for path, most in MOST_ASKED.items():
        if who == "account" and path.endswith("einharz/"):
            continue
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path)
        assert answer.status_code == 200
        said = "\n".join(each["sql"][:160] for each in asked.captured_queries)
        assert len(asked) <= most, f"{path}: {len(asked)}\n{said}"


@pytest.mark.usefixtures("much_to_do")
def test_tasks_are_the_same_as_asked_one_by_one(cast: Cast) -> None:  # noqa: F811
    """What is asked for all at once says the same as the rights of each."""
    for name in ("administration", "editorial", "far_editorial", "coordination", "stranger", "trainee", "account"):
        person = getattr(cast, name)
        own = policies.standing_of(person)
        expected = [
            each.pk
            for each in Suggestion.objects.filter(state="open").order_by("pk")
            if (record := suggested.suggested_record(each)) is not None and policies.may_alone(own, "decide", record)
        ]
        found = todo.tasks_for(person)
        assert [each.id for each in found.of("suggestion")] == expected[: todo.MOST_TASKS]
        assert found.counts.get("suggestion", 0) == len(expected)
    assert todo.tasks_for(cast.coordination).counts["review"] == 12
    assert todo.tasks_for(cast.editorial).counts["review"] == 12
    assert todo.tasks_for(cast.far_editorial).counts.get("review", 0) == 0


def _filled(path: str) -> str:
    return path.replace("NUMBER", str(Suggestion.objects.order_by("pk").first().pk))  # type: ignore[union-attr]
