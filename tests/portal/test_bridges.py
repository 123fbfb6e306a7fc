"""Where the register and the borders meet: seams by what is known of cooperation, areas by what they belong to."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import re
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.portal import test_pages_wellformed as wellformed
from tests.portal.conftest import forget
from tests.portal.every_page import HAMELN_PYRMONT, LANGUAGES, LIPPE, Kind, area, seam
from tests.portal.hostile import HOSTILE
from tests.portal.markup import Page, answer_of, facts, figures, text_of
from tests.portal.register import samples
from tests.portal.register.samples import HAMBURG, HANNOVER, HEIDEKREIS

from nahtstelle.core.keys import Level
from nahtstelle.editions.edition import Edition
from nahtstelle.portal import insight
from nahtstelle.portal.register import actions
from nahtstelle.portal.register.models import Cooperation, Membership
from nahtstelle.portal.register.policies import OPERATOR

MOST = 15
REGION_HANNOVER, HILDESHEIM = "03241", "03254"
SVG = "{http://www.w3.org/2000/svg}"
NOBODY = ("05711", LIPPE)
"""Two districts of which the small register knows nothing: Bielefeld and Lippe."""


def read(client: Client, path: str, language: str = "de") -> Page:
    answer = client.get(f"/en{path}" if language == "en" else path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return Page(answer.content.decode())


def ranked(client: Client, **query: str) -> list[tuple[str, str]]:
    """Pairs of all pages of a ranking."""
    found: list[tuple[str, str]] = []
    for number in range(1, 60):
        page = read(client, f"/naehte/?{urlencode(query | {'seite': str(number)})}")
        if not page.all("table"):
            break
        links = [re.fullmatch(r"/naehte/(\d+)/(\d+)/", each.get("href", "")) for each in page.one("tbody").iter("a")]
        found += [(link[1], link[2]) for link in links if link]
        if not [each for each in page.all("a") if each.get("rel") == "next"]:
            break
    return found


def listed(client: Client, path: str) -> list[dict[str, str]]:
    """A CSV of ours."""
    text = client.get(path).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def add_member(cooperation: str, **said: Any) -> Membership:
    to = Cooperation.objects.get(ref=cooperation)
    return actions.add_membership(OPERATOR, to, said, via="command")


# -------------------------------------------------------------------------------------------- one seam


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bridged_seam_says_who_works_together(reader: Client, language: str) -> None:
    page = read(reader, seam(REGION_HANNOVER, HAMELN_PYRMONT), language)
    ((name, close, here, there, _tasks, members, tie),) = facts(page, "kooperationen")
    assert "Metropolregion Hannover" in name
    count = len(samples.HANNOVER_DISTRICTS)
    assert figures(members, language) == [count]
    assert figures(tie, language) == [round(1 / (count - 1), 2)]
    if language == "de":
        assert close == "entlang der ganzen Naht"
        assert here == there == "selbst Mitglied"
        assert "Eine Kooperation arbeitet über diese Naht hinweg" in answer_of(page)
    else:
        assert close == "along the whole seam" and here == there == "itself member"
        assert "One cooperation works across this seam" in answer_of(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_seam_nobody_spoke_of_nothing_is_known(reader: Client, language: str) -> None:
    """Unknown is not none: the page says so, and who can fill it."""
    page = read(reader, seam(*NOBODY), language)
    (section,) = [each for each in page.all("section") if each.get("id") == "kooperationen"]
    said = text_of(section)
    assert ("Das heißt nicht" if language == "de" else "This does not mean") in said
    assert any("/konto/vorschlagen/" in each.get("href", "") for each in section.iter("a"))
    assert not list(section.iter("table"))


def test_only_both_sides_can_confirm_that_there_is_none(reader: Client) -> None:
    path, (one, other) = seam(*NOBODY), NOBODY
    actions.state_completeness(OPERATOR, one, via="command")
    assert "noch nicht bekannt" in answer_of(read(reader, path))
    actions.state_completeness(OPERATOR, other, via="command", stated_on=dt.date(2026, 3, 1))
    page = read(reader, path)
    assert "Beide Seiten haben bestätigt" in answer_of(page)
    (section,) = [each for each in page.all("section") if each.get("id") == "kooperationen"]
    assert "1. März 2026" in text_of(section)
    assert (one, other) in ranked(reader, zustand="keine")
    assert (one, other) not in ranked(reader, zustand="unbekannt")


def test_adding_a_member_shows_at_once(reader: Client, django_assert_max_num_queries: Any) -> None:
    """The remembered page belongs to one version of the register."""
    path = seam(HAMELN_PYRMONT, LIPPE)
    assert "noch nicht bekannt" in answer_of(read(reader, path))
    with django_assert_max_num_queries(1):
        reader.get(path)
    add_member(HANNOVER, area_key=LIPPE)
    page = read(reader, path)
    assert "Eine Kooperation arbeitet über diese Naht hinweg" in answer_of(page)
    assert len(facts(page, "kooperationen")) == 1


def test_who_only_observes_bridges_nothing(reader: Client) -> None:
    add_member(HANNOVER, area_key=LIPPE, role="beobachter")
    assert "noch nicht bekannt" in answer_of(read(reader, seam(HAMELN_PYRMONT, LIPPE)))


def test_a_common_cooperation_of_the_past_is_named_as_such(reader: Client) -> None:
    add_member(HANNOVER, area_key=LIPPE, valid_from="2001", valid_until="2011")
    page = read(reader, seam(HAMELN_PYRMONT, LIPPE))
    (section,) = [each for each in page.all("section") if each.get("id") == "kooperationen"]
    assert "bis 2010" in text_of(section)
    assert "noch nicht bekannt" in answer_of(page)


@pytest.mark.parametrize("path", ["kurz/", ""])
def test_short_forms_have_a_line_on_cooperation(reader: Client, path: str) -> None:
    where = seam(REGION_HANNOVER, HAMELN_PYRMONT)
    whole = f"{where}kurz/" if path else f"/embed{where}"
    assert "Eine Kooperation arbeitet über diese Naht hinweg" in reader.get(whole).content.decode()
    place = f"{area(HEIDEKREIS)}kurz/" if path else f"/embed/gebiete/{HEIDEKREIS}/"
    assert "Hier sind zwei Kooperationen bekannt." in reader.get(place).content.decode()


def test_the_picture_of_a_seam_changes_with_its_stitches_only(reader: Client) -> None:
    path = f"{seam(HAMELN_PYRMONT, LIPPE)}karte.svg"
    first = reader.get(path)
    assert b"nt-dots" in first.content and first["Cache-Control"] == "public, no-cache"
    actions.create(OPERATOR, "source", {"title": "Noch eine Quelle"}, via="command")
    assert reader.get(path)["ETag"] == first["ETag"]
    add_member(HANNOVER, area_key=LIPPE)
    then = reader.get(path)
    assert then["ETag"] != first["ETag"] and b"nt-stitch" in then.content
    same = f"{area(HAMELN_PYRMONT)}karte.svg"
    kept = reader.get(same)["ETag"]
    add_member(HAMBURG, area_key=LIPPE)
    assert reader.get(same)["ETag"] == kept


# --------------------------------------------------------------------------------------------- ranking


def test_every_seam_has_one_of_three_states(reader: Client, bundled: Edition) -> None:
    every = {(each.own_key, each.other_key) for each in bundled.all_seams(Level.DISTRICT)}
    states = [set(ranked(reader, zustand=state)) for state in ("ueberbrueckt", "keine", "unbekannt")]
    assert set.union(*states) == every and sum(map(len, states)) == len(every)
    bridged = states[0]
    members = [set(samples.HAMBURG_DISTRICTS), set(samples.HANNOVER_DISTRICTS)]
    by_members = {pair for pair in every if any(set(pair) <= group for group in members)}
    assert by_members <= bridged
    strengths = [set(ranked(reader, staerke=each)) for each in ("ganz", "angrenzend", "vereinzelt")]
    assert set.union(*strengths) == bridged and sum(map(len, strengths)) == len(bridged)
    assert by_members <= strengths[0]


def test_a_task_narrows_what_counts(reader: Client) -> None:
    pair = (REGION_HANNOVER, HAMELN_PYRMONT)
    assert pair in ranked(reader, zustand="ueberbrueckt")
    assert not ranked(reader, zustand="ueberbrueckt", aufgabe="abfall")
    assert pair in ranked(reader, zustand="unbekannt", aufgabe="abfall")
    tasks = Cooperation.objects.get(ref=HANNOVER).tasks
    assert pair in ranked(reader, zustand="ueberbrueckt", aufgabe=tasks[0])


def test_orders_by_cooperations_and_tie(reader: Client) -> None:
    for column, order in (("cooperations", "-kooperationen"), ("pair_intensity", "-bindung")):
        rows = listed(reader, f"/naehte/liste.csv?sortierung={order}")
        values = [float(row[column]) for row in rows]
        assert values == sorted(values, reverse=True) and values[0] > values[-1] == 0
        alike = [float(row["people"] or 0) for row in rows if not float(row[column])]
        assert alike == sorted(alike, reverse=True), "seams alike stand in the order of their people"


def test_unbridged_seams_are_ranked_by_people(reader: Client) -> None:
    rows = listed(reader, "/naehte/liste.csv?zustand=unbekannt&sortierung=-menschen")
    people = [int(row["people"]) for row in rows if row["people"]]
    assert people == sorted(people, reverse=True)
    assert {row["state"] for row in rows} == {"unknown"}
    assert {row["strength"] for row in rows} == {""} and {row["cooperations"] for row in rows} == {"0"}
    assert all("register" in row["source"] for row in rows)
    shown = facts(read(reader, "/naehte/?zustand=unbekannt"), "naehte")
    assert {row[5] for row in shown} == {"–unbekannt"}, "no tie is known, which is not the same as none"


def test_the_list_and_its_file_say_the_same(reader: Client) -> None:
    rows = listed(reader, "/naehte/liste.csv?zustand=ueberbrueckt&sortierung=name")
    assert [(row["a"], row["b"]) for row in rows] == ranked(reader, zustand="ueberbrueckt", sortierung="name")
    assert {row["strength"] for row in rows} <= {"full", "adjacent", "loose"}
    page = read(reader, "/naehte/?zustand=ueberbrueckt")
    assert f"Überbrückt: {len(rows)};" in answer_of(page)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:30])
def test_hostile_choices(reader: Client, text: str) -> None:
    said = dict.fromkeys(("zustand", "staerke", "aufgabe", "sortierung", "land", "art"), text)
    for path in ("/naehte/", "/naehte/liste.csv", "/daten/abdeckung/", "/daten/abdeckung/liste.csv"):
        answer = reader.get(path, said)
        assert answer.status_code == 200
        assert "<" not in text or text not in answer.content.decode()


# ------------------------------------------------------------------------------------------- one area


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_heidekreis_belongs_to_two_metropolitan_regions(reader: Client, language: str) -> None:
    page = read(reader, area(HEIDEKREIS), language)
    rows = facts(page, "kooperationen")
    assert [row[0].startswith("Metropolregion") for row in rows] == [True, True]
    assert {row[1] for row in rows} == ({"selbst"} if language == "de" else {"itself"})
    assert ("Hier sind zwei Kooperationen bekannt." if language == "de" else "Two cooperations are known here.") in (
        answer_of(page)
    )
    assert [row[3] for row in rows if "Hamburg" in row[0]] == ["1996"]
    covers = facts(page, "ueberschneidungen")
    assert len(covers) == 2 and all(figures(row[3], language) == [100] for row in covers)
    with_states = {row[0].split(" ")[0]: row[5] for row in facts(page, "nachbarn")}
    assert with_states["Celle"] != with_states["Region"] or with_states


def test_a_municipality_takes_part_as_part_of_its_district(reader: Client) -> None:
    page = read(reader, area("033580019019"))
    rows = facts(page, "kooperationen")
    assert len(rows) == 2 and all("als Teil von" in row[1] and "Heidekreis" in row[1] for row in rows)
    assert not [each for each in page.all("section") if each.get("id") == "ueberschneidungen"]


def test_a_district_takes_part_with_its_municipalities(reader: Client) -> None:
    page = read(reader, area("03154"))
    (row,) = [row for row in facts(page, "kooperationen") if "LEADER" in row[0]]
    assert row[1] == "mit sechs Gemeinden"
    (cover,) = [cover for cover in facts(page, "ueberschneidungen") if "LEADER" in cover[0]]
    assert figures(cover[1])[0] == 6


def test_earlier_and_coming_cooperations_are_folded(reader: Client) -> None:
    next_year = str(timezone.localdate().year + 1)
    add_member(HANNOVER, area_key=LIPPE, valid_from="2001", valid_until="2011")
    add_member(HAMBURG, area_key=LIPPE, valid_from=next_year)
    page = read(reader, area(LIPPE))
    assert "noch keine Kooperation bekannt" in answer_of(page)
    ((name, how, _role, since, until),) = facts(page, "frueher")
    assert "Hannover" in name and (how, since, until) == ("selbst", "2001", "2010")
    ((name, *_rest),) = facts(page, "kuenftig")
    assert "Hamburg" in name
    assert all(each.tag != "details" or "open" not in each.attrib for each in page.above(page.table("frueher")))


def test_neighbours_say_what_is_known_of_each_seam(reader: Client) -> None:
    rows = {row[0]: row for row in facts(read(reader, area(HAMELN_PYRMONT)), "nachbarn")}
    assert len(rows) == 5
    for name, row in rows.items():
        bridged = "Region Hannover" in name or "Hildesheim" in name
        assert row[5] == ("eine Kooperation, entlang der ganzen Naht" if bridged else "noch nichts bekannt"), name
    states = {row["key"]: row["state"] for row in listed(reader, f"{area(HAMELN_PYRMONT)}daten.csv")}
    assert states[REGION_HANNOVER] == states[HILDESHEIM] == "bridged" and states[LIPPE] == "unknown"


def test_projects_of_an_area_name_those_that_failed_first(reader: Client) -> None:
    page = read(reader, area("03153"))
    rows = facts(page, "projekte")
    assert "Harzring" in rows[0][0] and rows[0][4] not in ("", "–")
    assert not [row for row in rows if "geheim" in row[0].lower()]


def test_the_overlap_picture_has_a_map_for_each_cooperation(reader: Client) -> None:
    path = f"{area(HEIDEKREIS)}kooperationen.svg"
    answer = reader.get(path)
    assert answer.status_code == 200 and answer["Content-Type"] == "image/svg+xml"
    drawing = ET.fromstring(answer.content)
    assert len(drawing.findall(f"{SVG}g")) == 2
    assert "Metropolregion Hamburg" in (drawing.find(f"{SVG}desc").text or "")
    actions.create(OPERATOR, "source", {"title": "Noch eine Quelle"}, via="command")
    assert reader.get(path)["ETag"] == answer["ETag"]
    assert reader.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    shown = [
        image.get("src", "").partition("kooperationen.svg#") for image in read(reader, area(HEIDEKREIS)).all("img")
    ]
    views = [view.get("id") for view in drawing.findall(f"{SVG}view")]
    assert [view for _path, _file, view in shown if view] == views != []
    for key in ("033580019019", LIPPE):
        assert reader.get(f"{area(key)}kooperationen.svg").status_code == 404


# -------------------------------------------------------------------------------------- map, start, coverage


def test_the_map_gets_what_the_list_says(reader: Client) -> None:
    answer = reader.get("/karte/zusammenarbeit-kreis.json")
    said = json.loads(answer.content)
    pairs = {(a, b): state for state, seams in said.items() for a, others in seams.items() for b in others}
    assert set(pairs) == set(ranked(reader, zustand="ueberbrueckt"))
    assert {pair for pair, state in pairs.items() if state == "full"} == set(ranked(reader, staerke="ganz"))
    again = reader.get("/karte/zusammenarbeit-kreis.json", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304 and not again.content
    add_member(HANNOVER, area_key=LIPPE)
    changed = reader.get("/karte/zusammenarbeit-kreis.json", headers={"If-None-Match": answer["ETag"]})
    assert changed.status_code == 200


def test_states_are_small_and_may_be_packed(reader: Client) -> None:
    packed = reader.get("/karte/zusammenarbeit-gemeinde.json", headers={"Accept-Encoding": "gzip"})
    plain = reader.get("/karte/zusammenarbeit-gemeinde.json")
    assert packed["Content-Encoding"] == "gzip" and gzip.decompress(packed.content) == plain.content
    again = reader.get(
        "/karte/zusammenarbeit-gemeinde.json",
        headers={"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]},
    )
    assert again.status_code == 304


@pytest.mark.parametrize("level", ["dorf", "district", "..%2f..", "%00", "x" * 3000])
def test_no_states_of_a_level_there_is_not(reader: Client, level: str) -> None:
    assert reader.get(f"/karte/zusammenarbeit-{level}.json").status_code == 404


@pytest.mark.parametrize("path", ["/", "/karte/", area(HAMELN_PYRMONT), seam(*NOBODY), "/embed/karte/"])
def test_maps_know_where_the_states_are(reader: Client, path: str) -> None:
    pattern = read(reader, path).one("nt-map").get("states")
    assert reader.get(pattern.replace("{level}", "land")).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_start_page_asks_where_no_cooperation_is_known(reader: Client, language: str) -> None:
    page = read(reader, "/", language)
    pairs = [
        match.groups()
        for each in page.table("ohne").iter("a")
        if (match := re.search(r"/naehte/(\d+)/(\d+)/", each.get("href", "")))
    ]
    assert pairs == ranked(reader, zustand="unbekannt", sortierung="-menschen")[:5]
    news = [text_of(each) for each in page.all("section") if each.get("id") == "neu"]
    assert len(news) == 1 and not [secret for secret in samples.SECRETS if secret in page.words]
    assert [each for each in page.all("a") if each.get("href", "").endswith("/daten/abdeckung/")]


def test_coverage_says_how_many_exist_according_to_whom(reader: Client) -> None:
    source = actions.create(OPERATOR, "source", {"title": "Liste der Metropolregionen"}, via="command")
    said = {"land_key": "03", "kind": "metropolregion", "exist": 4, "as_of": "2024", "source": source.ref}
    actions.create(OPERATOR, "coverage", said, via="command")
    page = read(reader, "/daten/abdeckung/")
    rows = {(row[0], row[1]): row for row in facts(page, "abdeckung")}
    lower_saxony = rows["Niedersachsen", "Metropolregion"]
    assert [figures(cell)[0] for cell in lower_saxony[2:5]] == [2, 4, 50]
    assert "Liste der Metropolregionen" in lower_saxony[5] and "2024" in lower_saxony[5]
    assert lower_saxony[6].startswith("1 von 2"), "one of them was confirmed today"
    assert "4" in answer_of(page) and "50 %" in answer_of(page).replace("\N{NO-BREAK SPACE}", " ")
    only = facts(read(reader, "/daten/abdeckung/?land=03&art=metropolregion"), "abdeckung")
    assert only == [lower_saxony]
    (row,) = listed(reader, "/daten/abdeckung/liste.csv?land=03&art=metropolregion")
    assert (row["recorded"], row["exist"], row["confirmed"]) == ("2", "4", "1")
    assert reader.get("/daten/abdeckung/liste.xlsx").status_code == 200
    assert reader.get("/daten/abdeckung/liste.geojson").status_code == 404
    actions.state_completeness(OPERATOR, LIPPE, via="command")
    assert "Kreis Lippe" in read(reader, "/daten/abdeckung/").words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "kind",
    [
        Kind("start", "/"),
        Kind("map", "/karte/"),
        Kind("seams", "/naehte/?zustand=ueberbrueckt"),
        Kind("bridged-seam", seam(REGION_HANNOVER, HAMELN_PYRMONT)),
        Kind("seam-between-members", seam("03153", "15085")),
        Kind("area", area(HEIDEKREIS)),
        Kind("land", area("03")),
        Kind("area-with-parts", area("03154")),
        Kind("coverage", "/daten/abdeckung/"),
    ],
    ids=str,
)
def test_pages_are_well_formed(reader: Client, kind: Kind, language: str) -> None:
    page = read(reader, kind.path, language)
    wrong = [
        *page.errors,
        *wellformed._structure(page, kind, language),
        *wellformed._names(page),
        *wellformed._inline(page),
        *wellformed._elsewhere(page),
    ]
    assert not wrong, "\n".join(wrong)
    wellformed.test_head(lambda _kind, _language: page, kind, language)
    wellformed.test_no_word_of_the_machine_on_a_page(lambda _kind, _language: page, kind, language)


# ----------------------------------------------------------------------------------------- remembered, counted


def test_only_what_shapes_the_register_makes_insights_anew(reader: Client) -> None:
    before = insight.register()
    actions.create(OPERATOR, "source", {"title": "Noch eine Quelle"}, via="command")
    assert insight.register() is before
    add_member(HANNOVER, area_key=LIPPE)
    after = insight.register()
    assert after is not before and len(after.snapshot.memberships) == len(before.snapshot.memberships) + 1


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/karte/",
        "/naehte/?zustand=ueberbrueckt&aufgabe=regionalentwicklung",
        seam(REGION_HANNOVER, HAMELN_PYRMONT),
        seam(*NOBODY),
        area(HEIDEKREIS),
        area("03"),
        area("03154"),
        "/daten/abdeckung/",
        "/naehte/liste.csv",
        f"{area(HEIDEKREIS)}kooperationen.svg",
        f"{area(HEIDEKREIS)}blatt.pdf",
        f"{seam(REGION_HANNOVER, HAMELN_PYRMONT)}blatt.pdf",
        "/karte/zusammenarbeit-kreis.json",
    ],
)
def test_pages_ask_at_most_fifteen_questions(reader: Client, path: str) -> None:
    reader.get(path)  # what is asked once per worker
    forget()
    with CaptureQueriesContext(connection) as asked:
        assert reader.get(path).status_code == 200
    said = [each["sql"] for each in asked.captured_queries if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(said) <= MOST, "\n".join(each[:160] for each in said)
