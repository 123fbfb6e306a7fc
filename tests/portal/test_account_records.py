"""Looking after records on the site: who may, what is saved, what is found wrong, what others see."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.portal.markup import Page, text_of
from tests.portal.register.conftest import VIA, Cast, cast, cooperation, organisation  # noqa: F401
from tests.portal.test_account import main_of
from wagtail.documents import get_document_model

from nahtstelle.portal.account.forms import LARGEST_FILE_BYTES
from nahtstelle.portal.register import actions
from nahtstelle.portal.register.models import (
    Agreement,
    Assignment,
    Citation,
    Cooperation,
    Dispute,
    LogEntry,
    Meeting,
    Membership,
    Project,
    Suggestion,
)
from nahtstelle.portal.register.policies import OPERATOR

DESK = "/konto/kooperationen/einharz"
GOSLAR = "03153017"
EVERY_FORM = ("angaben/", "neu/mitglied/", "neu/projekt/", "neu/vereinbarung/", "neu/treffen/", "neu/quelle/")
PDF = b"%PDF-1.7\n%%EOF\n"


def browser(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def desk(cast: Cast) -> Client:  # noqa: F811
    """The browser of the coordination of the cooperation."""
    return browser(cast.coordination)


def errors(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    page = Page(answer.content.decode())
    return " ".join(
        text_of(each)
        for each in page.all("p", "div")
        if any(part in each.get("class", "") for part in ("kern-error", "nt-wrong"))
    )


# --------------------------------------------------------------------------------------------------- who may


@pytest.mark.parametrize("path", ["", *EVERY_FORM, "mitglieder/bestaetigen/"])
def test_only_those_who_look_after_it_come_in(cast: Cast, path: str) -> None:  # noqa: F811
    allowed = {"coordination": 200, "trainee": 200, "editorial": 200, "administration": 200}
    refused = {"account": 403, "stranger": 403, "far_editorial": 403}
    for name, status in (allowed | refused).items():
        client = browser(getattr(cast, name))
        assert client.get(f"{DESK}/{path}").status_code == status, f"{name} at {path}"
        if status == 403:
            before = LogEntry.objects.count()
            assert client.post(f"{DESK}/{path}", {"name": "x"}).status_code in (403, 405)
            assert LogEntry.objects.count() == before


def test_nobody_learns_of_what_they_may_not_see(cast: Cast) -> None:  # noqa: F811
    hidden = cooperation("geheim")
    hidden.live = False
    hidden.save()
    assert browser(cast.stranger).get("/konto/kooperationen/geheim/").status_code == 404
    actions.withdraw(OPERATOR, cast.other, via=VIA)
    assert browser(cast.stranger).get("/konto/kooperationen/weserbund/").status_code == 404


def test_the_account_shows_what_one_looks_after(cast: Cast, desk: Client) -> None:  # noqa: F811
    said = main_of(desk.get("/konto/"))
    assert "Einharz" in said and "Weserbund" not in said


# ------------------------------------------------------------------------------------------------------ facts

FACTS = {"name": "Einharz", "kind": "kommunalinitiative", "state": "aktiv"}


def test_facts_are_changed_and_written_down(cast: Cast, desk: Client) -> None:  # noqa: F811
    answer = desk.post(f"{DESK}/angaben/", FACTS | {"founded": "2014", "website": "einharz.example"})
    assert answer["Location"] == f"{DESK}/"
    cast.own.refresh_from_db()
    assert (cast.own.founded, cast.own.website) == ("2014", "https://einharz.example")
    entry = LogEntry.objects.latest("pk")
    assert (entry.verb, entry.by, entry.via) == ("change", cast.coordination, "form")
    assert (entry.before["founded"], entry.after["founded"]) == ("", "2014")


def test_what_cannot_be_true_is_said_beside_the_field(cast: Cast, desk: Client) -> None:  # noqa: F811
    assert "2014" in errors(desk.post(f"{DESK}/angaben/", FACTS | {"founded": "irgendwann"}))
    assert errors(desk.post(f"{DESK}/angaben/", FACTS | {"name": ""}))
    cast.own.refresh_from_db()
    assert cast.own.name == "Einharz"


def test_an_end_is_no_matter_of_this_form(cast: Cast, desk: Client) -> None:  # noqa: F811
    assert errors(desk.post(f"{DESK}/angaben/", FACTS | {"state": "aufgeloest"}))


def test_two_at_once_do_not_overwrite_each_other(cast: Cast, desk: Client) -> None:  # noqa: F811
    page = Page(desk.get(f"{DESK}/angaben/").content.decode())
    seen = page.one("input", name="seen").get("value")
    actions.change(cast.editorial, cast.own, {"seat_place": "Goslar"}, via=VIA)
    answer = desk.post(f"{DESK}/angaben/", FACTS | {"seat_place": "Bad Harzburg", "seen": seen})
    assert answer.status_code == 200
    cast.own.refresh_from_db()
    assert cast.own.seat_place == "Goslar"
    page = Page(answer.content.decode())
    assert "Goslar" in text_of(page.table("vergleich")) and "Bad Harzburg" in text_of(page.table("vergleich"))
    seen = page.one("input", name="seen").get("value")
    assert desk.post(f"{DESK}/angaben/", FACTS | {"seat_place": "Bad Harzburg", "seen": seen}).status_code == 302
    cast.own.refresh_from_db()
    assert cast.own.seat_place == "Bad Harzburg"


def test_whose_entries_are_looked_at_first_saves_a_draft(cast: Cast) -> None:  # noqa: F811
    client = browser(cast.trainee)
    assert client.post(f"{DESK}/angaben/", FACTS | {"founded": "2014"}).status_code == 302
    cast.own.refresh_from_db()
    assert cast.own.founded == "" and cast.own.has_unpublished_changes


def test_still_right(cast: Cast, desk: Client) -> None:  # noqa: F811
    path = "/konto/stimmt-noch/cooperation/einharz/"
    assert desk.get(path).status_code == 200
    cast.own.refresh_from_db()
    assert cast.own.confirmed_on is None, "looking is not confirming"
    assert desk.post(path)["Location"] == f"{DESK}/"
    cast.own.refresh_from_db()
    assert cast.own.confirmed_on is not None
    assert browser(cast.stranger).post(path).status_code == 403


# ---------------------------------------------------------------------------------------------------- members

MEMBER = {"kind": "area", "role": "mitglied"}


@pytest.mark.parametrize("who", [GOSLAR, "Stadt Goslar (03153017)", "stadt goslar", " 03 153 017 "])
def test_an_area_is_added_by_name_or_key(desk: Client, who: str) -> None:
    answer = desk.post(f"{DESK}/neu/mitglied/", MEMBER | {"who": who, "valid_from": "2014-10"})
    assert answer["Location"] == f"{DESK}/", errors(answer)
    made = Membership.objects.get()
    assert (made.area_key, made.area_name, made.valid_from) == (GOSLAR, "Stadt Goslar", "2014-10")
    assert made.area_edition and made.stated_by == "cooperation"


def test_where_several_are_called_so_one_is_asked(desk: Client) -> None:
    said = MEMBER | {"who": "Neustadt"}
    answer = desk.post(f"{DESK}/neu/mitglied/", said)
    page = Page(answer.content.decode())
    choices = [each.get("value") for each in page.all("input") if each.get("name") == "which"]
    assert len(choices) > 1 and not Membership.objects.exists() and not page.errors
    assert desk.post(f"{DESK}/neu/mitglied/", said | {"which": choices[1]}).status_code == 302
    assert f"area:{Membership.objects.get().area_key}" == choices[1]


def test_a_choice_that_was_not_offered_is_none(desk: Client) -> None:
    assert errors(desk.post(f"{DESK}/neu/mitglied/", MEMBER | {"who": "Neustadt", "which": f"area:{GOSLAR}"}))
    assert not Membership.objects.exists()


def test_a_name_nobody_has_is_said(desk: Client) -> None:
    assert errors(desk.post(f"{DESK}/neu/mitglied/", MEMBER | {"who": "xqzwvxqzwv"}))


def test_organisations_and_cooperations_are_members_too(cast: Cast, desk: Client) -> None:  # noqa: F811
    organisation("harzenergie", name="Harz Energie")
    assert (
        desk.post(f"{DESK}/neu/mitglied/", MEMBER | {"kind": "organisation", "who": "harz energie"}).status_code == 302
    )
    assert desk.post(f"{DESK}/neu/mitglied/", MEMBER | {"kind": "cooperation", "who": "Weserbund"}).status_code == 302
    assert {each.party_title for each in Membership.objects.all()} == {"Harz Energie", "Weserbund"}
    assert errors(desk.post(f"{DESK}/neu/mitglied/", MEMBER | {"kind": "cooperation", "who": "Einharz"})), "itself"


def test_a_member_cannot_leave_before_it_came(desk: Client) -> None:
    said = MEMBER | {"who": GOSLAR, "valid_from": "2020", "valid_until": "2015"}
    assert errors(desk.post(f"{DESK}/neu/mitglied/", said))


def test_a_membership_ends_with_the_day_that_is_said(cast: Cast, desk: Client) -> None:  # noqa: F811
    made = actions.add_membership(OPERATOR, cast.own, {"area_key": GOSLAR, "valid_from": "2014"}, via=VIA)
    path = f"/konto/mitgliedschaften/{made.ref}/beenden/"
    assert browser(cast.stranger).post(path, {"until": "2020"}).status_code == 403
    assert errors(desk.post(path, {"until": "bald"}))
    assert desk.post(path, {"until": "2020", "note": "Austritt"})["Location"] == f"{DESK}/"
    made.refresh_from_db()
    assert made.valid_until == "2021", "the first day on which it no longer held"


def test_what_one_side_states_the_other_confirms_or_disputes(cast: Cast) -> None:  # noqa: F811
    body = organisation("harzenergie", name="Harz Energie")
    Assignment.objects.create(person=cast.account, role="coordination", organisation=body)
    stated = actions.add_membership(cast.coordination, cast.own, {"organisation": "harzenergie"}, via=VIA)
    path = f"/konto/mitgliedschaften/{stated.ref}/"
    assert path in browser(cast.account).get("/konto/").content.decode(), "a task"
    assert browser(cast.stranger).get(path).status_code == 403
    client = browser(cast.account)
    assert client.get(path).status_code == 200
    assert client.post(path, {"confirm": "1"}).status_code == 302
    stated.refresh_from_db()
    assert stated.confirmed_by_member_on is not None
    assert path not in client.get("/konto/").content.decode()
    client.post(path, {"reject": "1", "reason": "Wir sind ausgetreten."})
    assert Dispute.objects.get().reason == "Wir sind ausgetreten."


def test_several_memberships_are_confirmed_at_once(cast: Cast, desk: Client) -> None:  # noqa: F811
    made = [
        actions.add_membership(OPERATOR, cast.own, {"area_key": key}, via=VIA)
        for key in (GOSLAR, "03155013", "15085370")
    ]
    path = f"{DESK}/mitglieder/bestaetigen/"
    assert (
        len([each for each in Page(desk.get(path).content.decode()).all("input") if each.get("name") == "member"]) == 3
    )
    foreign = actions.add_membership(OPERATOR, cast.other, {"area_key": GOSLAR}, via=VIA)
    assert desk.post(path, {"member": [made[0].ref, made[2].ref, foreign.ref]})["Location"] == f"{DESK}/"
    confirmed = set(Membership.objects.exclude(confirmed_by_cooperation_on=None).values_list("ref", flat=True))
    assert confirmed == {made[0].ref, made[2].ref}


# --------------------------------------------------------------------------------- projects, agreements, the rest


def test_a_failed_project_says_why(cast: Cast, desk: Client) -> None:  # noqa: F811
    said = {"name": "Harzticket", "state": "gescheitert", "started": "2019", "ended": "2021"}
    assert errors(desk.post(f"{DESK}/neu/projekt/", said))
    assert not Project.objects.exists()
    said |= {"reasons": ["finanzierung", "partner-weg"], "learned_de": "Früher fragen."}
    assert desk.post(f"{DESK}/neu/projekt/", said)["Location"] == f"{DESK}/"
    made = Project.objects.get()
    assert made.live and made.reasons == ("finanzierung", "partner-weg") and made.ended == "2022"
    assert [(each.cooperation, each.lead) for each in made.cooperations.all()] == [(cast.own, True)]


def test_only_those_who_carried_a_project_say_that_it_failed(cast: Cast) -> None:  # noqa: F811
    said = {"name": "Harzticket", "state": "gescheitert", "reasons": ["finanzierung"]}
    assert errors(browser(cast.editorial).post(f"{DESK}/neu/projekt/", said)), "said in the form, nothing is lost"
    assert not Project.objects.exists()


def test_a_project_moves_on(cast: Cast, desk: Client) -> None:  # noqa: F811
    desk.post(f"{DESK}/neu/projekt/", {"name": "Harzticket", "state": "idee"})
    made = Project.objects.get()
    path = f"/konto/projekte/{made.ref}/"
    assert browser(cast.stranger).get(path).status_code == 403
    assert desk.post(path, {"name": "Harzticket", "state": "umsetzung", "started": "2024"})["Location"] == f"{DESK}/"
    made.refresh_from_db()
    assert (made.state, made.started) == ("umsetzung", "2024")


AGREEMENT = {"title": "Absichtserklärung", "kind": "absichtserklaerung", "signed": "2014-10-27"}


def test_an_agreement_with_parties_and_its_text(cast: Cast, desk: Client) -> None:  # noqa: F811
    member = actions.add_membership(OPERATOR, cast.own, {"area_key": GOSLAR}, via=VIA)
    file = SimpleUploadedFile("Absicht.PDF", PDF, "application/pdf")
    said = AGREEMENT | {"members": [member.ref], "others": "Landkreis Harz\n\nTalsperrenbetrieb", "file": file}
    answer = desk.post(f"{DESK}/neu/vereinbarung/", said)
    assert answer["Location"] == f"{DESK}/", errors(answer)
    made = Agreement.objects.get()
    assert [each.party_title for each in made.parties.all()] == ["Stadt Goslar", "Landkreis Harz", "Talsperrenbetrieb"]
    assert made.document is not None and made.document.uploaded_by_user == cast.coordination
    assert b"".join(Client().get(made.document.url).streaming_content) == PDF


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("brief.exe", PDF),
        ("brief.pdf", b"<script>alert(1)</script>"),
        ("brief.odt", PDF),
        ("brief", PDF),
        ("brief.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ],
)
def test_only_documents_are_taken(desk: Client, name: str, content: bytes) -> None:
    answer = desk.post(f"{DESK}/neu/vereinbarung/", AGREEMENT | {"file": SimpleUploadedFile(name, content)})
    assert errors(answer)
    assert not get_document_model().objects.exists() and not Agreement.objects.exists()


def test_only_small_documents_are_taken(desk: Client) -> None:
    large = SimpleUploadedFile("gross.pdf", PDF + b"x" * LARGEST_FILE_BYTES)
    assert "15" in errors(desk.post(f"{DESK}/neu/vereinbarung/", AGREEMENT | {"file": large}))


def test_no_file_stays_behind_where_the_agreement_was_not_entered(desk: Client, settings: Any) -> None:
    said = AGREEMENT | {"valid_from": "2020", "valid_until": "2015", "file": SimpleUploadedFile("wohin.pdf", PDF)}
    assert errors(desk.post(f"{DESK}/neu/vereinbarung/", said))
    assert not get_document_model().objects.exists()
    assert not list(settings.MEDIA_ROOT.rglob("wohin*"))


def test_a_meeting_with_its_agenda(desk: Client) -> None:
    said = {"name": "Lenkungsgruppe", "day": "2026-03-04", "agenda": "Haushalt -> beschlossen\nVerschiedenes"}
    assert desk.post(f"{DESK}/neu/treffen/", said | {"time": "14:30", "body": "Lenkungsgruppe"}).status_code == 302
    made = Meeting.objects.get()
    assert made.start.isoformat() == "2026-03-04T13:30:00+00:00" and not made.whole_day
    assert [(each.number, each.name, each.result) for each in made.agenda.all()] == [
        ("1", "Haushalt", "beschlossen"),
        ("2", "Verschiedenes", ""),
    ]
    assert made.bodies.get().body == "Lenkungsgruppe"
    assert desk.post(f"{DESK}/neu/treffen/", said).status_code == 302
    assert Meeting.objects.filter(whole_day=True).count() == 1
    assert errors(desk.post(f"{DESK}/neu/treffen/", said | {"day": "2026-02-31"}))


def test_a_source_supports_what_stands_there(cast: Cast, desk: Client) -> None:  # noqa: F811
    said = {"title": "Pressemitteilung", "publisher": "Stadt Goslar", "evidence": "web", "stance": "belegt"}
    assert desk.post(f"{DESK}/neu/quelle/", said | {"url": "https://goslar.example/pm"}).status_code == 302
    made = Citation.objects.get()
    assert (made.about_type, made.about_ref, made.stance) == ("cooperation", "einharz", "belegt")
    assert "Pressemitteilung" in main_of(desk.get(f"{DESK}/"))


def test_there_are_no_other_forms(desk: Client) -> None:
    assert desk.get(f"{DESK}/neu/quatsch/").status_code == 404


# ------------------------------------------------------------------------------------------------- suggestions


def test_a_change_is_suggested_decided_and_seen(cast: Cast) -> None:  # noqa: F811
    client = browser(cast.account)
    path = "/konto/vorschlagen/?art=cooperation&ref=einharz"
    assert errors(client.post(path, FACTS | {"why": "weiß ich"})), "nothing is different"
    assert errors(client.post(path, FACTS | {"founded": "2014"})), "no reason"
    answer = client.post(path, FACTS | {"founded": "2014", "why": "steht auf deren Seite"})
    made = Suggestion.objects.get()
    assert answer["Location"] == f"/konto/vorschlaege/{made.pk}/"
    assert made.fields == {"founded": "2014"}, "only what is different"
    assert client.get(answer["Location"]).status_code == 200
    cast.own.refresh_from_db()
    assert cast.own.founded == ""

    for stranger in (cast.stranger, cast.far_editorial):
        assert browser(stranger).get(answer["Location"]).status_code == 403
        assert browser(stranger).post(answer["Location"], {"accept": "1"}).status_code == 403
    assert client.post(answer["Location"], {"accept": "1"}).status_code == 200, "not one's own"
    decides = browser(cast.editorial)
    assert answer["Location"] in decides.get("/konto/vorschlaege/").content.decode()
    assert decides.post(answer["Location"], {"accept": "1", "answer": "Danke!"}).status_code == 302
    cast.own.refresh_from_db()
    assert cast.own.founded == "2014"
    assert "Danke!" in main_of(client.get(answer["Location"]))
    decides.post(answer["Location"], {"decline": "1", "answer": "doch nicht"})
    made.refresh_from_db()
    assert made.state == "accepted", "decided once"


def test_declining_takes_a_reason(cast: Cast) -> None:  # noqa: F811
    made = actions.suggest(cast.account, "cooperation", {"founded": "2014"}, ref="einharz", note="so")
    client = browser(cast.coordination)
    assert errors(client.post(f"/konto/vorschlaege/{made.pk}/", {"decline": "1"}))
    assert client.post(f"/konto/vorschlaege/{made.pk}/", {"decline": "1", "answer": "Stimmt nicht."}).status_code == 302
    made.refresh_from_db()
    assert made.state == "declined"


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        ("cooperation", {"name": "Neue Allianz", "kind": "staedtenetz", "state": "aktiv"}),
        ("organisation", {"name": "Harz AG", "kind": "sonstige"}),
        ("project", {"name": "Harzticket", "state": "abgebrochen", "reasons": ["personal"]}),
    ],
)
def test_what_is_missing_is_suggested(cast: Cast, type_: str, said: dict[str, Any]) -> None:  # noqa: F811
    client = browser(cast.account)
    answer = client.post(f"/konto/vorschlagen/?art={type_}", said | {"why": "steht in der Zeitung"})
    assert answer.status_code == 302, errors(answer)
    made = Suggestion.objects.get()
    assert made.about_type == type_ and made.about_ref == "" and made.fields["name"] == said["name"]
    decides = browser(cast.administration)
    assert decides.post(f"/konto/vorschlaege/{made.pk}/", {"accept": "1"}).status_code == 302
    made.refresh_from_db()
    assert made.state == "accepted"


def test_a_member_is_suggested(cast: Cast) -> None:  # noqa: F811
    client = browser(cast.account)
    answer = client.post(
        "/konto/vorschlagen/?art=membership&ref=einharz", MEMBER | {"who": GOSLAR, "why": "steht auf deren Seite"}
    )
    assert answer.status_code == 302, errors(answer)
    made = Suggestion.objects.get()
    assert browser(cast.coordination).post(f"/konto/vorschlaege/{made.pk}/", {"accept": "1"}).status_code == 302
    assert Membership.objects.get().area_key == GOSLAR


def test_a_mistake_is_reported(cast: Cast) -> None:  # noqa: F811
    path = "/konto/fehler-melden/?art=cooperation&ref=einharz"
    answer = browser(cast.account).post(path, {"field": "founded", "reason": "Erst 2015 gegründet."})
    assert answer.status_code == 302, errors(answer)
    made = Suggestion.objects.get()
    assert made.about_type == "dispute" and not Dispute.objects.exists()
    assert browser(cast.coordination).post(f"/konto/vorschlaege/{made.pk}/", {"accept": "1"}).status_code == 302
    assert Dispute.objects.get().field == "founded"
    assert browser(cast.coordination).post(path, {"reason": "Auch falsch."}).status_code == 302
    assert Dispute.objects.count() == 2, "whoever looks after it marks it at once"


def test_what_cannot_be_seen_cannot_be_suggested_to(cast: Cast) -> None:  # noqa: F811
    hidden = cooperation("geheim")
    Cooperation.objects.filter(pk=hidden.pk).update(live=False)
    client = browser(cast.account)
    for path in ("vorschlagen", "fehler-melden"):
        assert client.get(f"/konto/{path}/?art=cooperation&ref=geheim").status_code == 404
    for query in ("?art=quatsch", "?art=contact", "?art=cooperation&ref=fehlt"):
        assert client.get(f"/konto/vorschlagen/{query}").status_code == 404


def test_a_flood_of_suggestions_is_stopped(cast: Cast) -> None:  # noqa: F811
    client = browser(cast.account)
    answers = [client.post("/konto/vorschlagen/?art=organisation", {}).status_code for _ in range(31)]
    assert answers[-1] == 429 and answers[0] == 200
