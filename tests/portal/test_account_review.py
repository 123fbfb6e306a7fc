"""Somebody whose entries are looked at first: whatever they do is saved or handed in, never just refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from tests.portal.markup import Page
from tests.portal.register.conftest import VIA, Cast, cast, organisation, person  # noqa: F401
from tests.portal.test_account import main_of
from tests.portal.test_account_records import AGREEMENT, DESK, FACTS, GOSLAR, MEMBER, browser, errors
from wagtail.models import TaskState

from nahtstelle.portal.register import actions, todo
from nahtstelle.portal.register.errors import Forbidden
from nahtstelle.portal.register.models import (
    Assignment,
    Citation,
    Cooperation,
    LogEntry,
    Membership,
    Project,
    Role,
    Source,
    Suggestion,
)
from nahtstelle.portal.register.policies import OPERATOR
from nahtstelle.portal.register.staff import prepare_staff

SOURCE = {
    "title": "Satzung",
    "publisher": "Stadt Goslar",
    "evidence": "web",
    "stance": "belegt",
    "url": "https://goslar.example/satzung",
}
ADDED = {
    "mitglied": MEMBER | {"who": GOSLAR, "valid_from": "2014"},
    "projekt": {"name": "Harzticket", "state": "idee"},
    "vereinbarung": AGREEMENT,
    "treffen": {"name": "Lenkungsgruppe", "day": "2026-03-04"},
    "quelle": SOURCE,
}


@pytest.fixture
def trainee(cast: Cast) -> Client:  # noqa: F811
    """The browser of somebody whose entries are looked at first, where the review is set up."""
    prepare_staff()
    return browser(cast.trainee)


# -------------------------------------------------------------------------------------------- handing in


@pytest.mark.parametrize("what", ADDED)
def test_whatever_is_added_is_handed_in(trainee: Client, cast: Cast, what: str) -> None:  # noqa: F811
    path = f"{DESK}/neu/{what}/"
    assert "nt-notice" in trainee.get(path).content.decode(), "said before"
    answer = trainee.post(path, ADDED[what])
    assert answer.status_code == 302, errors(answer)
    reviewer = todo.tasks_for(cast.editorial)
    assert len(reviewer.listed) == 1 and reviewer.listed[0].kind in ("review", "suggestion"), "a task for who decides"
    assert todo.tasks_for(cast.coordination).counts == reviewer.counts
    assert todo.tasks_for(cast.trainee).counts == {}, "nobody decides on their own"
    for model in (Membership, Citation, Source):
        assert not model.objects.exists(), "nothing is public"
    assert not Project.objects.filter(live=True).exists()


def test_a_member_handed_in_is_public_once_accepted(trainee: Client, cast: Cast) -> None:  # noqa: F811
    assert trainee.post(f"{DESK}/neu/mitglied/", ADDED["mitglied"]).status_code == 302
    made = Suggestion.objects.get()
    assert (made.about_type, made.fields["cooperation"], made.fields["area_key"]) == ("membership", "einharz", GOSLAR)
    decision = f"/konto/vorschlaege/{made.pk}/"
    assert decision in trainee.get(f"{DESK}/").content.decode(), "what waits is seen where it was entered"
    page = trainee.get(decision)
    assert page.status_code == 200 and 'name="accept"' not in page.content.decode()
    trainee.post(decision, {"accept": "1"})
    assert not Membership.objects.exists(), "not by who handed it in"
    reviewer = browser(cast.editorial)
    assert decision in reviewer.get("/konto/").content.decode()
    assert reviewer.post(decision, {"accept": "1"}).status_code == 302
    one = Membership.objects.get()
    assert (one.area_key, one.valid_from) == (GOSLAR, "2014")
    assert one.stated_by == "cooperation", "whoever handed it in speaks for the cooperation"
    assert decision not in trainee.get(f"{DESK}/").content.decode()


def test_a_source_handed_in_comes_with_what_it_says(trainee: Client, cast: Cast) -> None:  # noqa: F811
    assert trainee.post(f"{DESK}/neu/quelle/", SOURCE).status_code == 302
    made = Suggestion.objects.get()
    decision = f"/konto/vorschlaege/{made.pk}/"
    reviewer = browser(cast.editorial)
    said = main_of(reviewer.get(decision))
    assert "Satzung" in said and "https://goslar.example/satzung" in said
    assert "Kooperation: Einharz" in said and "einharz" not in said, "in words, not as the register keeps it"
    assert reviewer.post(decision, {"accept": "1"}).status_code == 302
    one = Citation.objects.get()
    assert (one.about_ref, one.stance, one.source.title, one.source.publisher) == (
        "einharz",
        "belegt",
        "Satzung",
        "Stadt Goslar",
    )
    entries = LogEntry.objects.filter(record_type__in=["source", "citation"])
    assert {each.by for each in entries} == {cast.editorial} and entries.count() == 2


def test_a_source_the_register_has_is_not_entered_twice(trainee: Client, cast: Cast) -> None:  # noqa: F811
    known = actions.create(OPERATOR, "source", {"title": "Satzung", "url": SOURCE["url"]}, via=VIA)
    assert trainee.post(f"{DESK}/neu/quelle/", SOURCE).status_code == 302
    made = Suggestion.objects.get()
    assert made.fields["source"] == known.ref
    assert browser(cast.editorial).post(f"/konto/vorschlaege/{made.pk}/", {"accept": "1"}).status_code == 302
    assert Citation.objects.get().source == known
    assert errors(trainee.post(f"{DESK}/neu/quelle/", SOURCE)), "it says this already"


def test_the_end_of_a_membership_is_handed_in(trainee: Client, cast: Cast) -> None:  # noqa: F811
    one = actions.add_membership(OPERATOR, cast.own, {"area_key": GOSLAR, "valid_from": "2014"}, via=VIA)
    path = f"/konto/mitgliedschaften/{one.ref}/beenden/"
    assert trainee.post(path, {"until": "2020", "note": "Austritt"})["Location"] == f"{DESK}/"
    one.refresh_from_db()
    assert one.valid_until == ""
    made = Suggestion.objects.get()
    assert (made.about_ref, made.fields, made.note) == (one.ref, {"valid_until": "2021"}, "Austritt")
    assert f"/konto/vorschlaege/{made.pk}/" in trainee.get(f"{DESK}/").content.decode()
    assert errors(trainee.post(path, {"until": "2010"})), "it cannot end before it begins"
    assert browser(cast.coordination).post(f"/konto/vorschlaege/{made.pk}/", {"accept": "1"}).status_code == 302
    one.refresh_from_db()
    assert one.valid_until == "2021"


def test_a_draft_handed_in_goes_on_where_it_was(trainee: Client, cast: Cast) -> None:  # noqa: F811
    trainee.post(f"{DESK}/angaben/", FACTS | {"founded": "2014"})
    page = Page(trainee.get(f"{DESK}/angaben/").content.decode())
    assert page.one("input", name="founded").get("value") == "2014", "the draft, not what is public"
    seen = page.one("input", name="seen").get("value")
    answer = trainee.post(f"{DESK}/angaben/", FACTS | {"founded": "2014", "seat_place": "Goslar", "seen": seen})
    assert answer.status_code == 302, errors(answer)
    draft = Cooperation.objects.get(pk=cast.own.pk).get_latest_revision_as_object()
    assert (draft.founded, draft.seat_place) == ("2014", "Goslar")
    said = browser(cast.coordination).get(f"{DESK}/angaben/").content.decode()
    assert Page(said).one("input", name="founded").get("value", "") == "", "who publishes at once sees what is public"
    assert f"/verwaltung/snippets/register/cooperation/edit/{cast.own.pk}/" in said, "and that a draft waits"


def test_what_changes_were_asked_for_is_handed_in_again(trainee: Client, cast: Cast) -> None:  # noqa: F811
    trainee.post(f"{DESK}/angaben/", FACTS | {"founded": "2014"})
    state = TaskState.objects.get()
    state.task.specific.on_action(state, cast.editorial, "reject", comment="Bitte mit Monat.")
    assert todo.tasks_for(cast.editorial).counts == {}
    assert trainee.post(f"{DESK}/angaben/", FACTS | {"founded": "2014-10"}).status_code == 302
    assert todo.tasks_for(cast.editorial).counts == {"review": 1}
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    state.task.specific.on_action(state, cast.editorial, "approve")
    cast.own.refresh_from_db()
    assert cast.own.founded == "2014-10"


def test_who_is_looked_at_decides_on_nothing(trainee: Client, cast: Cast) -> None:  # noqa: F811
    made = actions.suggest(cast.account, "cooperation", {"founded": "2014"}, ref="einharz")
    decision = f"/konto/vorschlaege/{made.pk}/"
    answer = trainee.get(decision)
    assert answer.status_code == 403
    assert len(main_of(answer)) > 40, "with a reason"
    for verb in (
        lambda: actions.accept(cast.trainee, made, via=VIA),
        lambda: actions.decline(cast.trainee, made, answer="Nein."),
    ):
        with pytest.raises(Forbidden):
            verb()
    made.refresh_from_db()
    assert made.state == "open"


def test_too_much_at_once_is_said_in_the_form(
    trainee: Client,
    cast: Cast,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nahtstelle.portal.register.actions.suggestions.MOST_OPEN", 0)
    assert errors(trainee.post(f"{DESK}/neu/mitglied/", ADDED["mitglied"]))


# --------------------------------------------------------------------------------------------- others' entries


def test_whoever_opens_what_others_look_after_is_told_what_they_can_do(cast: Cast) -> None:  # noqa: F811
    one = actions.add_membership(OPERATOR, cast.own, {"area_key": GOSLAR}, via=VIA)
    for path in (f"{DESK}/", f"/konto/mitgliedschaften/{one.ref}/", "/konto/einladungen/kooperation/einharz/"):
        answer = browser(cast.account).get(path)
        assert answer.status_code == 403
        assert "/konto/fehler-melden/" in answer.content.decode() and not Page(answer.content.decode()).errors
    said = browser(cast.account).get(f"{DESK}/").content.decode()
    assert "/konto/vorschlagen/?art=cooperation&amp;ref=einharz" in said
    said = main_of(browser(cast.account).get("/konto/einladungen/"))
    assert "Melden Sie sich" not in said and "Anmelden" not in said, "they are signed in already"


def test_what_a_form_may_not_say_is_said_in_the_form(cast: Cast) -> None:  # noqa: F811
    made = actions.suggest(
        cast.account, "project", {"name": "Harzticket", "state": "gescheitert", "reasons": ["personal"]}
    )
    assert errors(browser(cast.administration).post(f"/konto/vorschlaege/{made.pk}/", {"accept": "1"}))
    made.refresh_from_db()
    assert made.state == "open"


# ------------------------------------------------------------------------------------------------------- mail


def mails_to(name: str) -> list[Any]:
    return [each for each in mail.outbox if each.to == [f"{name}@example.org"]]


def test_who_decides_is_told_once(
    trainee: Client,
    cast: Cast,  # noqa: F811
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        trainee.post(f"{DESK}/neu/mitglied/", ADDED["mitglied"])
    made = Suggestion.objects.get()
    assert sorted(each.to[0].partition("@")[0] for each in mail.outbox) == ["coordination", "editorial"]
    assert f"/konto/vorschlaege/{made.pk}/" in mail.outbox[0].body and "Einharz" in mail.outbox[0].subject
    with django_capture_on_commit_callbacks(execute=True):
        actions.accept(cast.editorial, made, via=VIA)
    assert [each.subject for each in mails_to("trainee")][:1] != [], "the answer"


def test_a_draft_is_told_once_until_it_is_decided(
    trainee: Client,
    cast: Cast,  # noqa: F811
    django_capture_on_commit_callbacks: Any,
) -> None:
    for founded in ("2014", "2015"):
        with django_capture_on_commit_callbacks(execute=True):
            trainee.post(f"{DESK}/angaben/", FACTS | {"founded": founded})
    assert sorted(each.to[0].partition("@")[0] for each in mail.outbox) == ["coordination", "editorial"]
    assert "Einharz" in mail.outbox[0].body and "/konto/" in mail.outbox[0].body
    mail.outbox.clear()
    state = TaskState.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        state.task.specific.on_action(state, cast.editorial, "approve")
    assert mails_to("trainee"), "the answer"


def test_a_draft_nobody_sees_after_all_is_told_to_nobody(
    trainee: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert errors(trainee.post(f"{DESK}/angaben/", FACTS | {"founded": "irgendwann"}))
    assert not mail.outbox


def test_several_drafts_are_one_mail_to_each(trainee: Client, cast: Cast) -> None:  # noqa: F811
    from nahtstelle.portal.register.actions.doing import doing
    from nahtstelle.portal.register.messages import tell_of_drafts

    with doing(cast.trainee, "create", via=VIA) as deed:
        for name in ("Harzticket", "Radweg"):
            fields = {"name": name, "state": "idee", "cooperations": [{"cooperation": "einharz"}]}
            deed.create(Project, fields)
    assert len(deed.handed_in) == 2
    tell_of_drafts(deed.handed_in, cast.trainee)
    assert [len(mails_to(name)) for name in ("coordination", "editorial", "trainee")] == [1, 1, 0]
    assert "Harzticket" in mail.outbox[0].body and "Radweg" in mail.outbox[0].body


def test_where_nobody_else_decides_the_administration_is_told(
    cast: Cast,  # noqa: F811
    django_capture_on_commit_callbacks: Any,
) -> None:
    Assignment.objects.exclude(role=Role.ADMINISTRATION).exclude(person=cast.trainee).delete()
    with django_capture_on_commit_callbacks(execute=True):
        actions.suggest(cast.account, "cooperation", {"founded": "2014"}, ref="einharz")
    assert [each.to for each in mail.outbox] == [["administration@example.org"]]


def test_mail_is_in_the_language_of_its_reader(
    cast: Cast,  # noqa: F811
    django_capture_on_commit_callbacks: Any,
) -> None:
    from wagtail.users.models import UserProfile

    UserProfile.objects.update_or_create(user=cast.editorial, defaults={"preferred_language": "en"})
    with django_capture_on_commit_callbacks(execute=True):
        made = actions.suggest(cast.account, "cooperation", {"founded": "2014"}, ref="einharz")
    assert f"/en/konto/vorschlaege/{made.pk}/" in mails_to("editorial")[0].body
    assert "Good day" in mails_to("editorial")[0].body and "Guten Tag" in mails_to("coordination")[0].body
