"""Changing agreements, meetings and projects on the site."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.portal.markup import Page, text_of
from tests.portal.register.conftest import VIA, Cast, cast, organisation  # noqa: F401
from tests.portal.test_account_records import AGREEMENT, DESK, GOSLAR, PDF, browser, desk, errors  # noqa: F401

from nahtstelle.portal.register import actions
from nahtstelle.portal.register.models import Agreement, LogEntry, Meeting, Membership, Project, Record
from nahtstelle.portal.register.policies import OPERATOR
from nahtstelle.portal.register.staff import prepare_staff

MEETING = {"name": "Lenkungsgruppe", "day": "2026-03-04", "time": "14:30", "body": "Lenkungsgruppe"}


def form_of(client: Client, path: str) -> dict[str, Any]:
    """What a form holds when it is opened, as a browser would send it unchanged."""
    page = Page(client.get(path).content.decode())
    form = next(each for each in page.all("form") if "nt-form" in each.get("class", ""))
    sent: dict[str, Any] = {}
    for each in form.iter():
        name, tag = each.get("name"), each.tag
        if not name:
            continue
        if tag == "textarea":
            sent[name] = (each.text or "").removeprefix("\n")
        elif tag == "select":
            chosen = [option.get("value") for option in each.iter("option") if option.get("selected") is not None]
            sent[name] = chosen if each.get("multiple") is not None else (chosen or [""])[0]
        elif each.get("type") in ("checkbox", "radio"):
            if each.get("checked") is not None:
                sent.setdefault(name, []).append(each.get("value", "on"))
        elif each.get("type") != "file":
            sent[name] = each.get("value", "")
    return sent


@pytest.fixture
def agreement(cast: Cast) -> Agreement:  # noqa: F811
    """One with parties the form knows, a name, and one who is no member."""
    actions.add_membership(OPERATOR, cast.own, {"area_key": GOSLAR}, via=VIA)
    organisation("harzenergie", name="Harz Energie")
    made = actions.create(
        OPERATOR,
        "agreement",
        AGREEMENT
        | {
            "cooperation": "einharz",
            "parties": [
                {"organisation": "harzenergie"},
                {"area_key": GOSLAR, "area_name": "Stadt Goslar"},
                {"party_name": "Landkreis Harz"},
            ],
            "tasks": [{"task": "tourismus", "mode": "gemeinsam"}],
        },
        via=VIA,
    )
    assert isinstance(made, Agreement)
    return made


@pytest.fixture
def meeting(cast: Cast) -> Meeting:  # noqa: F811
    """One of two cooperations, with a decision in words and numbers of its own."""
    made = actions.create(
        OPERATOR,
        "meeting",
        {
            "name": "Lenkungsgruppe",
            "start": "2026-03-04T13:30:00+00:00",
            "bodies": [{"cooperation": "weserbund", "body": "Rat"}, {"cooperation": "einharz", "body": "Vorstand"}],
            "agenda": [
                {"number": "Ö 1", "name": "Haushalt", "result": "beschlossen", "resolution_text": "Einstimmig."},
                {"number": "2", "name": "Verschiedenes"},
            ],
        },
        via=VIA,
    )
    assert isinstance(made, Meeting)
    return made


def parties(agreement: Agreement) -> list[str]:
    return [each.party_title for each in Agreement.objects.get(pk=agreement.pk).parties.all()]


# ------------------------------------------------------------------------------------------------ agreements


def test_an_agreement_is_changed(desk: Client, cast: Cast, agreement: Agreement) -> None:  # noqa: F811
    path = f"/konto/vereinbarungen/{agreement.ref}/"
    assert path in desk.get(f"{DESK}/").content.decode()
    said = form_of(desk, path)
    assert said["members"] == [Membership.objects.get().ref] and said["others"] == "Landkreis Harz"
    answer = desk.post(path, said | {"notice": "ein Jahr zum Jahresende", "others": "Landkreis Harz\r\nStadt Seesen"})
    assert answer["Location"] == f"{DESK}/", errors(answer)
    agreement.refresh_from_db()
    assert agreement.notice == "ein Jahr zum Jahresende"
    assert parties(agreement) == ["Harz Energie", "Stadt Goslar", "Landkreis Harz", "Stadt Seesen"]
    assert agreement.tasks.get().task == "tourismus", "what the form does not ask for stays"
    entry = LogEntry.objects.latest("pk")
    assert (entry.verb, entry.by, entry.record_ref) == ("change", cast.coordination, agreement.ref)
    assert entry.before["notice"] == "" and len(entry.after["parties"]) == 4


def test_who_did_not_sign_after_all_is_taken_out(desk: Client, agreement: Agreement) -> None:  # noqa: F811
    path = f"/konto/vereinbarungen/{agreement.ref}/"
    assert desk.post(path, form_of(desk, path) | {"members": [], "others": ""}).status_code == 302
    assert parties(agreement) == ["Harz Energie"], "who is no member is none of the form's business"


@pytest.mark.parametrize("what", ["agreement", "meeting"])
def test_saving_without_a_change_changes_nothing(desk: Client, what: str, request: Any) -> None:  # noqa: F811
    record = request.getfixturevalue(what)
    path = f"/konto/{'vereinbarungen' if what == 'agreement' else 'treffen'}/{record.ref}/"
    before = LogEntry.objects.count()
    said = form_of(desk, path)
    said = {name: value.replace("\n", "\r\n") if isinstance(value, str) else value for name, value in said.items()}
    assert desk.post(path, said).status_code == 302
    assert LogEntry.objects.count() == before


def test_a_text_takes_the_place_of_another(desk: Client, agreement: Agreement) -> None:  # noqa: F811
    path = f"/konto/vereinbarungen/{agreement.ref}/"
    for name in ("alt.pdf", "neu.pdf"):
        file = SimpleUploadedFile(name, PDF, "application/pdf")
        assert desk.post(path, form_of(desk, path) | {"file": file}).status_code == 302
    agreement.refresh_from_db()
    assert agreement.document is not None and "neu" in agreement.document.file.name
    assert errors(desk.post(path, form_of(desk, path) | {"file": SimpleUploadedFile("x.exe", PDF)}))


# ------------------------------------------------------------------------------------------------ meetings


def test_a_meeting_gets_its_results(desk: Client, cast: Cast, meeting: Meeting) -> None:  # noqa: F811
    path = f"/konto/treffen/{meeting.ref}/"
    assert path in desk.get(f"{DESK}/").content.decode()
    said = form_of(desk, path)
    assert (said["day"], said["time"], said["body"]) == ("2026-03-04", "14:30", "Vorstand")
    assert said["agenda"] == "Haushalt -> beschlossen\nVerschiedenes"
    agenda = "Begrüßung\r\nHaushalt -> beschlossen\r\nVerschiedenes -> vertagt"
    answer = desk.post(path, said | {"agenda": agenda, "body": "Beirat", "time": "15:00"})
    assert answer["Location"] == f"{DESK}/", errors(answer)
    meeting = Meeting.objects.get(pk=meeting.pk)
    assert meeting.start.isoformat() == "2026-03-04T14:00:00+00:00"
    rows = meeting.agenda.values_list("number", "name", "result", "resolution_text")
    assert list(rows) == [
        ("1", "Begrüßung", "", ""),
        ("Ö 1", "Haushalt", "beschlossen", "Einstimmig."),
        ("3", "Verschiedenes", "vertagt", ""),
    ]
    assert list(meeting.bodies.values_list("cooperation__ref", "body")) == [("weserbund", "Rat"), ("einharz", "Beirat")]
    assert LogEntry.objects.latest("pk").by == cast.coordination


def test_each_side_of_a_meeting_comes_back_to_its_own_desk(cast: Cast, meeting: Meeting) -> None:  # noqa: F811
    client, path = browser(cast.stranger), f"/konto/treffen/{meeting.ref}/"
    said = form_of(client, path)
    assert said["body"] == "Rat"
    assert client.post(path, said | {"place": "Hameln"})["Location"] == "/konto/kooperationen/weserbund/"


# ------------------------------------------------------------------------------------------- what all have in common


@pytest.mark.parametrize("what", ["agreement", "meeting"])
def test_only_those_who_look_after_it_change_it(cast: Cast, what: str, request: Any) -> None:  # noqa: F811
    record: Record = request.getfixturevalue(what)
    path = f"/konto/{'vereinbarungen' if what == 'agreement' else 'treffen'}/{record.ref}/"
    before = LogEntry.objects.count()
    answer = browser(cast.account).post(path, {"title": "x", "name": "x"})
    assert answer.status_code == 403 and LogEntry.objects.count() == before
    actions.withdraw(OPERATOR, record, via=VIA)
    assert browser(cast.coordination).get(path).status_code == 404


@pytest.mark.parametrize("what", ["agreement", "meeting"])
def test_two_at_once_do_not_overwrite_each_other(desk: Client, cast: Cast, what: str, request: Any) -> None:  # noqa: F811
    record = request.getfixturevalue(what)
    path = f"/konto/{'vereinbarungen' if what == 'agreement' else 'treffen'}/{record.ref}/"
    said = form_of(desk, path)
    actions.change(cast.editorial, record, {"place": "Seesen"}, via=VIA)
    answer = desk.post(path, said | {"place": "Bad Harzburg"})
    assert answer.status_code == 200
    page = Page(answer.content.decode())
    assert "Seesen" in text_of(page.table("vergleich")) and "Bad Harzburg" in text_of(page.table("vergleich"))
    assert type(record).objects.get(pk=record.pk).place == "Seesen"
    seen = page.one("input", name="seen").get("value")
    assert desk.post(path, said | {"place": "Bad Harzburg", "seen": seen}).status_code == 302
    assert type(record).objects.get(pk=record.pk).place == "Bad Harzburg"


@pytest.mark.parametrize("what", ["agreement", "meeting"])
def test_whose_entries_are_looked_at_first_hand_it_in(cast: Cast, what: str, request: Any) -> None:  # noqa: F811
    prepare_staff()
    record = request.getfixturevalue(what)
    path = f"/konto/{'vereinbarungen' if what == 'agreement' else 'treffen'}/{record.ref}/"
    client = browser(cast.trainee)
    assert client.post(path, form_of(client, path) | {"place": "Seesen"}).status_code == 302
    record.refresh_from_db()
    assert record.place == "" and record.workflow_in_progress
    assert form_of(client, path)["place"] == "Seesen", "it goes on with the draft"


# ------------------------------------------------------------------------------------------------ in English


def test_texts_in_english_are_folded_away_and_saved(desk: Client) -> None:  # noqa: F811
    path = f"{DESK}/neu/projekt/"
    page = Page(desk.get(path).content.decode())
    folded = [each.get("name") for part in page.all("details") for each in part.iter("textarea")]
    assert folded == ["summary_en", "outcome_en", "reason_note_en", "learned_en"]
    said = {"name": "Harzticket", "state": "idee", "summary_de": "Ein Fahrschein.", "summary_en": "One ticket."}
    assert desk.post(path, said).status_code == 302
    made = Project.objects.get()
    assert (made.summary_de, made.summary_en) == ("Ein Fahrschein.", "One ticket.")
    path = f"/konto/projekte/{made.ref}/"
    assert desk.post(path, form_of(desk, path) | {"learned_en": "Ask earlier."}).status_code == 302
    made.refresh_from_db()
    assert made.learned_en == "Ask earlier."
