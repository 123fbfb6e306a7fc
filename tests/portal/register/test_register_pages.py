"""The public pages of the register, held against a small true one: what they say, what they must not say."""

from __future__ import annotations

import csv
import io
import json

import pypdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.portal import test_pages_wellformed as wellformed
from tests.portal.conftest import forget
from tests.portal.every_page import BERLIN, LANGUAGES, REGISTER_KINDS, Kind
from tests.portal.hostile import HOSTILE
from tests.portal.markup import Page, answer_of, facts, text_of
from tests.portal.register import samples

from nahtstelle.core.vocabularies import KINDS
from nahtstelle.portal import insight
from nahtstelle.portal.register import actions
from nahtstelle.portal.register.models import Agreement, Cooperation, Membership
from nahtstelle.portal.register.policies import OPERATOR

MOST = 15
COOPERATIONS = "/verzeichnis/kooperationen/"
LISTS = (COOPERATIONS, "/verzeichnis/projekte/", "/verzeichnis/organisationen/")
FILES = (
    f"{COOPERATIONS}liste.csv",
    f"{COOPERATIONS}liste.xlsx?art=metropolregion",
    f"{COOPERATIONS}liste.geojson",
    f"{COOPERATIONS}karte.svg",
    f"{COOPERATIONS}{samples.EINHARZ}/daten.csv",
    f"{COOPERATIONS}{samples.EINHARZ}/daten.xlsx",
    f"{COOPERATIONS}{samples.EINHARZ}/daten.geojson",
    f"{COOPERATIONS}{samples.EINHARZ}/karte.svg",
    f"{COOPERATIONS}{samples.EINHARZ}/blatt.pdf",
    f"{COOPERATIONS}{samples.EINHARZ}/vorschau.png",
    "/verzeichnis/projekte/liste.csv",
    "/verzeichnis/projekte/liste.xlsx",
    "/verzeichnis/organisationen/liste.csv",
    "/verzeichnis/organisationen/liste.geojson",
)


def read(client: Client, path: str) -> Page:
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return Page(answer.content.decode())


def words_on(pdf: bytes) -> str:
    """What stands on a sheet, which has one page."""
    (sheet,) = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(sheet.extract_text().split())


def linked(page: Page, folder: str) -> set[str]:
    """References of the entries a page leads to."""
    start = f"/verzeichnis/{folder}/"
    links = {each.get("href", "").removeprefix("/en") for each in page.one("main").iter("a")}
    return {link.removeprefix(start).strip("/") for link in links if link.startswith(start) and link.endswith("/")} - {
        ""
    }


# -------------------------------------------------------------------------------------- every page, every way


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", REGISTER_KINDS, ids=str)
def test_pages_are_well_formed(reader: Client, kind: Kind, language: str) -> None:
    answer = reader.get(kind.at(language))
    assert answer.status_code == kind.status
    page = Page(answer.content.decode())
    wrong = [
        *page.errors,
        *wellformed._structure(page, kind, language),
        *wellformed._names(page),
        *wellformed._inline(page),
        *wellformed._elsewhere(page),
    ]
    assert not wrong, "\n".join(wrong)
    if kind.frame == "whole":
        wellformed.test_head(lambda _kind, _language: page, kind, language)
    wellformed.test_no_word_of_the_machine_on_a_page(lambda _kind, _language: page, kind, language)
    assert not answer.cookies


@pytest.mark.parametrize("path", [*(kind.path for kind in REGISTER_KINDS), *FILES])
def test_a_page_asks_at_most_fifteen_questions(reader: Client, path: str) -> None:
    reader.get(path)  # what is asked once per worker
    forget()
    with CaptureQueriesContext(connection) as asked:
        assert reader.get(path).status_code == 200
    said = [each["sql"] for each in asked.captured_queries if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(said) <= MOST, "\n".join(each[:160] for each in said)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_asks_the_same_however_long_it_is(reader: Client, path: str) -> None:
    def questions() -> int:
        reader.get(path)
        forget()
        with CaptureQueriesContext(connection) as asked:
            reader.get(path)
        return len(asked.captured_queries)

    before = questions()
    for number in range(30):
        actions.create(
            OPERATOR, "cooperation", {"ref": f"noch-{number}", "name": f"Noch {number}", "kind": "staedtenetz"},
            via="command",
        )  # fmt: skip
        actions.create(OPERATOR, "organisation", {"ref": f"org-{number}", "name": f"Org {number}"}, via="command")
        actions.create(
            OPERATOR,
            "project",
            {"ref": f"projekt-{number}", "name": f"Projekt {number}", "cooperations": [{"cooperation": "einharz"}]},
            via="command",
        )
    assert questions() == before


@pytest.mark.parametrize("role", ["visitor", "person", "editor", "administrator"])
def test_nobody_sees_on_these_pages_what_is_not_public(
    entered: None, request: pytest.FixtureRequest, role: str
) -> None:
    """Drafts, withdrawn entries, persons whose consent ended and notes of the staff are on no page and in no file."""
    client = request.getfixturevalue(role)
    insight.forget()
    for path in [*(kind.path for kind in REGISTER_KINDS), *LISTS, *FILES]:
        answer = client.get(path)
        assert answer.status_code == 200, path
        if "png" in path or "xlsx" in path:
            continue
        told = words_on(answer.content) if "pdf" in path else answer.content.decode()
        assert not [secret for secret in samples.SECRETS if secret in told], path
    for ref in (samples.DRAFT, samples.WITHDRAWN):
        for tail in ("", "blatt.pdf", "karte.svg", "vorschau.png", "daten.csv", "verlauf/"):
            assert client.get(f"{COOPERATIONS}{ref}/{tail}").status_code == 404, ref + tail
        assert client.get(f"/embed/kooperationen/{ref}/").status_code == 404
    assert client.get(f"/verzeichnis/projekte/{samples.SECRET_PROJECT}/").status_code == 404
    assert client.get("/verzeichnis/organisationen/geheime-gmbh/").status_code == 404


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:30])
def test_hostile_input(reader: Client, text: str) -> None:
    for path in LISTS:
        fields = ("q", "art", "land", "aufgabe", "stand", "rechtsform", "periode", "daten", "grund", "sortierung")
        for query in ({"q": text}, dict.fromkeys((*fields, "seite"), text)):
            answer = reader.get(path, query)
            assert answer.status_code == 200
            assert "<" not in text or text not in answer.content.decode()
    answer = reader.get(f"{COOPERATIONS}{samples.EINHARZ}/", {"stand": text})
    assert answer.status_code == 200 and ("<" not in text or text not in answer.content.decode())
    assert reader.get(f"{COOPERATIONS}{samples.EINHARZ}/daten.csv", {"stand": text}).status_code == 200


# --------------------------------------------------------------------------------------------------- lists


def test_the_directory_counts_what_it_holds(reader: Client) -> None:
    page = read(reader, "/verzeichnis/")
    counts = [text_of(each) for each in page.all("span") if each.get("class") == "nt-gates__count"]
    assert counts[0] == "6" and counts[1] == "2" and counts[3] == "2"


def test_facets_narrow_and_say_how_many_they_leave(reader: Client) -> None:
    assert linked(read(reader, COOPERATIONS), "kooperationen") == {
        samples.EINHARZ, samples.HAMBURG, samples.HANNOVER, samples.HELMSTEDT, samples.BEFORE, samples.AFTER,
    }  # fmt: skip
    for query, found in {
        "art=metropolregion": {samples.HAMBURG, samples.HANNOVER},
        "art=metropolregion&land=15": set(),
        "land=16": {samples.EINHARZ},
        "land=02": {samples.HAMBURG},
        "aufgabe=mobilitaet": {samples.EINHARZ, samples.HANNOVER},
        "stand=beendet": {samples.BEFORE},
        "stand=besteht&art=leader-region": {samples.HELMSTEDT, samples.AFTER},
        "periode=2023-2027": {samples.HELMSTEDT},
        "rechtsform=gmbh": {samples.EINHARZ, samples.HANNOVER},
        "daten=bestaetigt": {samples.HANNOVER},
        "daten=belegt": {samples.EINHARZ},
        "daten=strittig": {samples.HAMBURG},
        "q=gruenes": {samples.HELMSTEDT},
        "q=HARZ": {samples.EINHARZ},
        f"land={BERLIN}": set(),
    }.items():
        assert linked(read(reader, f"{COOPERATIONS}?{query}"), "kooperationen") == found, query
    page = read(reader, f"{COOPERATIONS}?land=03")
    (kinds,) = [each for each in page.all("select") if each.get("name") == "art"]
    said = {each.get("value"): text_of(each) for each in kinds.iter("option")}
    assert said["metropolregion"] == f"{KINDS['metropolregion'].de} (2)"
    assert "euroregion" not in said, "a choice that leaves nothing is offered"


def test_orders(reader: Client) -> None:
    def order(query: str) -> list[str]:
        return [row[0] for row in facts(read(reader, f"{COOPERATIONS}?{query}"), "kooperationen")]

    assert order("sortierung=seit")[0].startswith("Metropolregion Hamburg")
    assert order("sortierung=-mitglieder")[0].startswith("Metropolregion Hamburg")
    assert order("sortierung=name") == sorted(order("sortierung=name"), key=str.casefold)


def test_failed_projects_are_found_by_reason(reader: Client) -> None:
    page = read(reader, "/verzeichnis/projekte/?stand=nicht-gelungen&grund=finanzierung")
    assert linked(page, "projekte") == {samples.HARZRING}
    assert "Finanzierung fehlt" in " ".join(facts(page, "projekte")[0])
    assert linked(read(reader, "/verzeichnis/projekte/?land=16"), "projekte") == {samples.HARZRING, samples.ECARSHARING}
    assert not linked(read(reader, "/verzeichnis/projekte/?grund=personal"), "projekte")


def test_what_is_shown_can_be_taken_away(reader: Client) -> None:
    answer = reader.get(f"{COOPERATIONS}liste.csv?art=metropolregion")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["ref"] for row in rows} == {samples.HAMBURG, samples.HANNOVER}
    (hamburg,) = [row for row in rows if row["ref"] == samples.HAMBURG]
    assert int(hamburg["people"]) > 1_000_000 and float(hamburg["area_km2"]) > 10_000
    assert set(hamburg["land_keys"].split()) == {"01", "02", "03", "13"}
    shapes = json.loads(reader.get(f"{COOPERATIONS}liste.geojson").content)["features"]
    known = {each["properties"]["ref"]: each["geometry"] for each in shapes}
    assert known[samples.EINHARZ]["type"] in ("Polygon", "MultiPolygon") and known[samples.BEFORE] is None
    assert reader.get(f"{COOPERATIONS}liste.exe").status_code == 404
    members = reader.get(f"{COOPERATIONS}{samples.HELMSTEDT}/daten.csv?stand=2016-06-01").content.decode("utf-8-sig")
    keys = {row["key"] for row in csv.DictReader(io.StringIO(members))}
    assert keys == {*samples.HELMSTEDT_MUNICIPALITIES, "03154003"}


# ------------------------------------------------------------------------------------- page of a cooperation


def test_a_cooperation_says_what_it_is(reader: Client) -> None:
    page = read(reader, f"{COOPERATIONS}{samples.EINHARZ}/")
    assert text_of(page.one("h1")) == "EinHarz"
    assert "2014" in answer_of(page)
    rows = {row[0].split(" ")[0]: row for row in facts(page, "mitglieder")}
    assert rows["Goslar"][2] == "2014"
    assert "Partner" in rows["Harz"][1]
    assert samples.OFFICE in linked(page, "organisationen")
    assert {samples.HARZRING, samples.ECARSHARING} == linked(page, "projekte")
    assert "Finanzierung fehlt" in page.words and "Erst das Geld sichern" in page.words
    assert "info@einharz.example" in page.words
    assert "Rund 80 Partner" in page.words and "Satzung" in page.words
    assert samples.HAMBURG in linked(page, "kooperationen"), "what it is itself a member of"


def test_publishers_count_once(reader: Client) -> None:
    page = read(reader, f"/en{COOPERATIONS}{samples.EINHARZ}/")
    assert "Two publishers independent of each other confirm this entry." in page.words
    assert "Documented by a source".casefold() in page.words.casefold()
    page = read(reader, f"/en{COOPERATIONS}{samples.HAMBURG}/")
    assert "One source contradicts it." in page.words and "disputed" in page.words


def test_two_metropolitan_regions_overlap_in_the_heidekreis(reader: Client) -> None:
    for one, other in ((samples.HAMBURG, samples.HANNOVER), (samples.HANNOVER, samples.HAMBURG)):
        page = read(reader, f"{COOPERATIONS}{one}/")
        assert other in linked(page, "kooperationen")
        (table,) = [row for row in facts(page, "ueberschneidungen") if "Metropolregion" in row[0]]
        assert table[1] != "–"


def test_who_came_and_who_left(reader: Client) -> None:
    page = read(reader, f"{COOPERATIONS}{samples.HELMSTEDT}/")
    assert [row[0].split(" ")[0] for row in facts(page, "ehemalige")] == ["Büddenstedt"]
    assert facts(page, "ehemalige")[0][3] == "30. Juni 2017", "the first day it no longer held is not the last it did"
    assert samples.AGREEMENT in linked(page, "vereinbarungen") and samples.MEETING in linked(page, "treffen")


def test_as_of_a_past_day(reader: Client) -> None:
    """Members, area, agreements, projects and meetings are those of the day."""
    now = read(reader, f"{COOPERATIONS}{samples.HELMSTEDT}/")
    then = read(reader, f"{COOPERATIONS}{samples.HELMSTEDT}/?stand=2014-06-01")
    assert len(facts(then, "mitglieder")) == len(facts(now, "mitglieder")) + 1
    on_the_map = [
        [each.get("href") for each in page.all("a") if each.get("href", "").startswith("/karte/?")]
        for page in (now, then)
    ]
    assert on_the_map == [[f"/karte/?kooperation={samples.HELMSTEDT}"], []], "the large map knows today only"
    assert reader.get(on_the_map[0][0]).status_code == 200
    assert not linked(then, "vereinbarungen") and not linked(then, "treffen")
    assert "1. Juni 2014" in then.words
    before = read(reader, f"{COOPERATIONS}{samples.HELMSTEDT}/?stand=2010-01-01")
    assert not [each for each in before.all("div") if each.get("aria-labelledby") == "t-mitglieder"]
    hamburg = [read(reader, f"/en{COOPERATIONS}{samples.HAMBURG}/{query}") for query in ("", "?stand=2012-06-01")]
    assert "Schwerin" in hamburg[0].words and "Schwerin" not in hamburg[1].words
    gone = read(reader, f"/en{COOPERATIONS}{samples.BEFORE}/?stand=2010-01-01")
    assert "in existence" in gone.words
    assert "no longer in existence" in read(reader, f"/en{COOPERATIONS}{samples.BEFORE}/?stand=2024-01-01").words
    assert "not founded yet" in read(reader, f"/en{COOPERATIONS}{samples.BEFORE}/?stand=1999-01-01").words


@pytest.mark.parametrize("day", ["gestern", "2016-02-30", "9999-12-31", "0001-01-01", "2016-1-1"])
def test_a_day_that_is_none_is_said_and_ignored(reader: Client, day: str) -> None:
    page = read(reader, f"/en{COOPERATIONS}{samples.EINHARZ}/?stand={day}")
    assert "This is no past day" in page.words and len(facts(page, "mitglieder")) == 4
    (field,) = [each for each in page.all("input") if each.get("name") == "stand"]
    assert field.get("value") == timezone.localdate().isoformat()


def test_today_is_no_past_day(reader: Client) -> None:
    page = read(reader, f"/en{COOPERATIONS}{samples.EINHARZ}/?stand={timezone.localdate().isoformat()}")
    assert "This is no past day" not in page.words and "This page shows" not in page.words


def drawn_things(page: Page) -> dict[str, list[str]]:
    """The rows of the timeline: what each is called and says of itself, and which signs are drawn for it."""
    rows = [each for each in page.all("li") if "nt-time__row" in each.get("class", "").split()]
    return {
        text_of(row): sorted(
            {each.get("class", "").split()[-1].split("__")[-1] for each in row.iter() if each.get("class", "")}
            - {"row", "row--members", "name", "track", "nt-kind"}
        )
        for row in rows
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_timeline_says_in_words_what_it_draws(reader: Client, language: str) -> None:
    prefix = "/en" if language == "en" else ""
    rows = drawn_things(read(reader, f"{prefix}{COOPERATIONS}{samples.HELMSTEDT}/"))
    words = list(rows)
    assert words[0].startswith("Grünes Band Helmstedt") and "2014" in words[0]
    members, meetings, agreement = words[1:]
    assert "6" in members and rows[members] == ["count", "number"]
    assert rows[meetings] == ["tick"] and "27" in agreement and "2014" in agreement
    assert rows[agreement] == ["bar--agreement", "on"]


def test_an_agreement_that_was_terminated_ends_then(reader: Client) -> None:
    agreement = Agreement.objects.get(ref=samples.AGREEMENT)
    actions.change(OPERATOR, agreement, {"terminated_on": "2019"}, via="command")
    rows = drawn_things(read(reader, f"/en{COOPERATIONS}{samples.HELMSTEDT}/"))
    (words,) = [each for each in rows if "Harzvorland" in each]
    assert words.endswith("27 October 2014 to 2019") and rows[words] == ["bar--agreement"]


def test_the_timeline_names_what_has_no_date(reader: Client) -> None:
    page = read(reader, f"{COOPERATIONS}{samples.EINHARZ}/")
    rest = " ".join(text_of(each) for each in page.all("p") if each.get("class") == "nt-time__rest")
    assert "Harzring" in rest and not [row for row in drawn_things(page) if "Harzring" in row]
    (running,) = [signs for words, signs in drawn_things(page).items() if "eCarSharing" in words]
    assert running == ["bar--under-way", "on"]
    assert "2.0" not in rest and "2.0" not in " ".join(text_of(each) for each in page.all("text")), "a year has no dot"


def test_the_timeline_ends_on_the_day_asked_for(reader: Client) -> None:
    then = drawn_things(read(reader, f"{COOPERATIONS}{samples.HELMSTEDT}/?stand=2014-06-01"))
    assert len(then) == 2, "neither the agreement nor the meeting was there"
    early = read(reader, f"{COOPERATIONS}{samples.HELMSTEDT}/?stand=2010-01-01")
    assert not drawn_things(early)


def test_one_that_is_no_more_shows_who_belonged_to_it(reader: Client) -> None:
    before = Cooperation.objects.get(ref=samples.BEFORE)
    actions.add_membership(
        OPERATOR, before, {"area_key": "15083390", "valid_from": "2014", "valid_until": "2023"}, via="command"
    )
    page = read(reader, f"/en{COOPERATIONS}{samples.BEFORE}/")
    assert "Who belonged to it?" in page.words and "No members are known" not in page.words
    assert [row[2:4] for row in facts(page, "ehemalige")] == [["2014", "2022"]]
    (link,) = [each.get("href") for each in page.one("main").iter("a") if "stand=" in each.get("href", "")]
    assert link.endswith("?stand=2022-12-31")
    then = read(reader, link)
    assert len(facts(then, "mitglieder")) == 1 and "any more" not in then.words
    told = words_on(reader.get(f"{COOPERATIONS}{samples.BEFORE}/blatt.pdf").content)
    assert "Frühere Mitglieder" in told and "2014 bis 2022" in told


def test_a_column_nobody_fills_is_left_out(reader: Client) -> None:
    heads = [text_of(each) for each in read(reader, f"/en{COOPERATIONS}{samples.EINHARZ}/").all("th")]
    assert "From" in heads and "Until" not in heads
    assert "Until" in [text_of(each) for each in read(reader, f"/en{COOPERATIONS}{samples.HELMSTEDT}/").all("th")]


def test_what_became_of_it(reader: Client) -> None:
    assert samples.AFTER in linked(read(reader, f"{COOPERATIONS}{samples.BEFORE}/"), "kooperationen")
    assert samples.BEFORE in linked(read(reader, f"{COOPERATIONS}{samples.AFTER}/"), "kooperationen")


def test_nothing_known_is_said_with_who_can_fill_it(reader: Client) -> None:
    page = read(reader, f"{COOPERATIONS}{samples.AFTER}/")
    empty = [each for each in page.all("p") if each.get("class") == "nt-empty"]
    assert len(empty) >= 4
    assert all("/konto/" in "".join(link.get("href", "") for link in each.iter("a")) for each in empty)


def test_a_change_shows_at_once(reader: Client) -> None:
    path = f"{COOPERATIONS}{samples.EINHARZ}/"
    assert "Osterode" not in read(reader, path).words
    einharz = Cooperation.objects.get(ref=samples.EINHARZ)
    actions.add_membership(OPERATOR, einharz, {"area_key": "03156011", "valid_from": "2015"}, via="command")
    assert "Osterode" in read(reader, path).words
    actions.withdraw(OPERATOR, Membership.objects.get(ref="eh-wernigerode"), via="command")
    assert "Wernigerode" not in read(reader, path).words


def test_pictures(reader: Client) -> None:
    plate = reader.get(f"{COOPERATIONS}{samples.EINHARZ}/karte.svg")
    assert plate["Content-Type"] == "image/svg+xml" and b"nt-own" in plate.content
    assert reader.get(f"{COOPERATIONS}{samples.AFTER}/karte.svg").status_code == 404, "no area is a member"
    for ref in (samples.EINHARZ, samples.AFTER):
        assert reader.get(f"{COOPERATIONS}{ref}/vorschau.png")["Content-Type"] == "image/png"
    assert b"nt-border" in reader.get(f"{COOPERATIONS}karte.svg").content
    assert reader.get(f"{COOPERATIONS}karte.svg?q=gibtesnicht").status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_to_take_along(reader: Client, language: str) -> None:
    prefix = "/en" if language == "en" else ""
    page = read(reader, f"{prefix}{COOPERATIONS}{samples.EINHARZ}/")
    (link,) = [
        each.get("href") for each in page.all("a") if each.get("href", "").endswith(".pdf") and each.get("class")
    ]
    answer = reader.get(link)
    assert (
        answer["Content-Type"] == "application/pdf"
        and 'filename="nahtstelle-einharz.pdf"' in answer.headers["Content-Disposition"]
    )
    told = words_on(answer.content)
    for said in ("EIN HARZ", "Goslar", "Harz Energie", "Harzring", "Zehn Jahre EinHarz", "GeoBasis-DE", "einharz"):
        assert said in told, said
    failed = "Finanzierung fehlt" if language == "de" else "no money"
    assert failed in told.replace("- ", ""), "why it failed"
    assert told.index("Harzring") < told.index("eCarSharing"), "what failed finds room first"


def test_a_sheet_of_a_past_day(reader: Client) -> None:
    page = read(reader, f"{COOPERATIONS}{samples.HELMSTEDT}/?stand=2014-06-01")
    (link,) = [each.get("href") for each in page.all("a") if ".pdf" in each.get("href", "")]
    assert link.endswith("?stand=2014-06-01")
    told = words_on(reader.get(link).content)
    assert "1. Juni 2014" in told and "Büddenstedt" in told and "Harzvorland" not in told
    gone = words_on(reader.get(f"{COOPERATIONS}{samples.BEFORE}/blatt.pdf").content)
    assert "keine Mitglieder bekannt" in gone and "Flechtinger" in gone


def test_linked_data(reader: Client) -> None:
    page = read(reader, f"{COOPERATIONS}{samples.EINHARZ}/")
    (script,) = [each for each in page.all("script") if each.get("type") == "application/ld+json"]
    said = json.loads(script.text)
    assert said["@type"] == "Organization" and said["foundingDate"] == "2014"
    assert {"Goslar", "Harz Energie"} <= {each["name"] for each in said["member"]}


# ---------------------------------------------------------------------------------------------- other entries


def test_a_project_says_what_came_of_it_and_why(reader: Client) -> None:
    failed = read(reader, f"/verzeichnis/projekte/{samples.HARZRING}/")
    assert "Finanzierung fehlt" in answer_of(failed) and "Erst das Geld sichern" in failed.words
    running = read(reader, f"/verzeichnis/projekte/{samples.ECARSHARING}/")
    assert linked(running, "kooperationen") == {samples.EINHARZ, samples.HANNOVER}
    assert samples.ENERGY in linked(running, "organisationen")
    assert "1.250.000" in running.words and facts(running, "wirkung")[0][1:4] == ["0 (2022)", "13", "–"]


def test_an_organisation_says_what_it_takes_part_in(reader: Client) -> None:
    page = read(reader, f"/verzeichnis/organisationen/{samples.ENERGY}/")
    assert linked(page, "kooperationen") == {samples.EINHARZ} and linked(page, "projekte") == {samples.ECARSHARING}
    page = read(reader, f"/verzeichnis/organisationen/{samples.OFFICE}/")
    assert linked(page, "kooperationen") == {samples.EINHARZ}


def test_agreement_and_meeting(reader: Client) -> None:
    page = read(reader, f"/verzeichnis/vereinbarungen/{samples.AGREEMENT}/")
    assert "27. Oktober 2014" in page.words and "Rund um den Huy" in page.words and "Gemeinsam" in page.words
    assert "In force:" not in answer_of(read(reader, f"/en/verzeichnis/vereinbarungen/{samples.AGREEMENT}/"))
    page = read(reader, f"/verzeichnis/treffen/{samples.MEETING}/")
    (item,) = [each for each in page.all("li") if each.get("class") == "nt-agenda__numbered"]
    assert text_of(item).startswith("1 Podcasts"), "numbered once, as the meeting did"
    assert "8. Mai 2024" in page.words and "beschlossen" in page.words and "00:00" not in page.words


def test_history_tells_what_changed_and_not_who_did_it(reader: Client) -> None:
    einharz = Cooperation.objects.get(ref=samples.EINHARZ)
    actions.change(OPERATOR, einharz, {"legal_form": "ev", "review_note": "noch geheimer"}, via="command")
    page = read(reader, f"{COOPERATIONS}{samples.EINHARZ}/verlauf/")
    assert "eingetragener Verein" in page.words and "geheimer" not in page.words
    assert "nahtstelle" not in text_of(page.one("main")).split("Nahtstelle ·")[0]
    days = [text_of(each) for each in page.all("h2")]
    assert len(days) == len(set(days)) == 1, "a day is named once"
    assert "Goslar" in page.words and all(
        ":" in text_of(each) for each in page.one("main").iter("p") if each.get("class") is None and text_of(each)
    )


def test_search_engines_find_what_is_public(reader: Client) -> None:
    told = reader.get("/sitemap-register.xml").content.decode()
    assert f"{COOPERATIONS}{samples.EINHARZ}/" in told and f"/en{COOPERATIONS}{samples.EINHARZ}/" in told
    assert f"/verzeichnis/treffen/{samples.MEETING}/" in told
    assert samples.DRAFT not in told and samples.WITHDRAWN not in told and samples.SECRET_PROJECT not in told
