"""The ranking of seams and the page of each: what they show is what the edition says."""

from __future__ import annotations

import math
import re
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from tests.portal.every_page import AERZEN, EXTERTAL, HAMELN_PYRMONT, ISLAND, LANGUAGES, LIPPE, seam
from tests.portal.hostile import BROKEN_PAGES, HOSTILE
from tests.portal.markup import Page, facts, figures, text_of

from nahtstelle.core.keys import Level
from nahtstelle.core.model import Seam
from nahtstelle.core.names import folded
from nahtstelle.editions.edition import Edition

SLUGS = {Level.LAND: "land", Level.DISTRICT: "kreis", Level.UNION: "verband", Level.MUNICIPALITY: "gemeinde"}
PER_PAGE = 50


def ranked(client: Client, **query: str) -> tuple[list[tuple[str, str]], list[list[str]], Page]:
    """Pairs and rows of one page of the ranking."""
    page = Page(client.get(f"/naehte/?{urlencode(query)}").content.decode())
    if not page.all("table"):
        return [], [], page
    pairs = [re.fullmatch(r"/naehte/(\d+)/(\d+)/", each.get("href", "")) for each in page.one("tbody").iter("a")]
    return [(pair[1], pair[2]) for pair in pairs if pair], facts(page), page


def whole_list(client: Client, **query: str) -> list[tuple[str, str]]:
    """Pairs of all pages of a ranking."""
    found: list[tuple[str, str]] = []
    for number in range(1, 100):
        pairs, _, page = ranked(client, **query, seite=str(number))
        if number > 1 and not [each for each in page.all("a") if each.get("rel") == "prev"]:
            break
        found += pairs
        if not [each for each in page.all("a") if each.get("rel") == "next"]:
            break
    return found


def pairs_of(seams: list[Seam]) -> set[tuple[str, str]]:
    return {(each.own_key, each.other_key) for each in seams}


# ------------------------------------------------------------------------------------------------ ranking


@pytest.mark.parametrize("level", Level)
def test_a_ranking_holds_every_seam_of_its_level(visitor: Client, bundled: Edition, level: Level) -> None:
    seams = bundled.all_seams(level)
    pairs, rows, page = ranked(visitor, ebene=SLUGS[level])
    assert len(pairs) == min(len(seams), PER_PAGE)
    answer = next(each for each in page.all("p") if each.get("class") == "nt-answer")
    said = figures(text_of(answer))
    assert said[:3] == [
        len(seams),
        round(sum(each.length_m for each in seams) / 1000),
        sum(each.land_seam for each in seams),
    ]
    largest = sorted((each.people.people for each in seams if each.people.people is not None), reverse=True)
    assert [figures(row[3])[0] for row in rows] == largest[: len(rows)]


def test_a_row_says_what_the_edition_says(visitor: Client, bundled: Edition) -> None:
    of_pair = {(each.own_key, each.other_key): each for each in bundled.all_seams(Level.DISTRICT)}
    pairs, rows, _ = ranked(visitor)
    for pair, (names, _stitch, length, people, cooperation, tie, kind) in zip(pairs, rows, strict=True):
        there = of_pair[pair]
        assert bundled.area(pair[0]).name in names and bundled.area(pair[1]).name in names
        assert figures(length) == [round(there.length_m / 1000, 1)]
        assert figures(people) == [there.people.people]
        assert ("mind." in people) == (there.people.known_share < 1)
        assert kind.startswith("Landesgrenze") == there.land_seam
        assert cooperation == "noch nichts bekannt" and tie == "–unbekannt"


@pytest.mark.parametrize("level", [Level.DISTRICT, Level.MUNICIPALITY])
@pytest.mark.parametrize("order", ["menschen", "-menschen"])
def test_what_is_not_known_comes_last_in_either_order(
    visitor: Client, bundled: Edition, level: Level, order: str
) -> None:
    seams = bundled.all_seams(level)
    unknown = sum(each.people.people is None for each in seams)
    _, first, _ = ranked(visitor, ebene=SLUGS[level], sortierung=order)
    last_page = str(math.ceil(len(seams) / PER_PAGE))
    _, last, _ = ranked(visitor, ebene=SLUGS[level], sortierung=order, seite=last_page)
    assert all(figures(row[3]) for row in first)
    on_last = len(seams) - (int(last_page) - 1) * PER_PAGE
    assert len(last) == on_last
    assert sum(not figures(row[3]) for row in last) == min(unknown, on_last)
    counts = [figures(row[3])[0] for row in first]
    assert counts == sorted(counts, reverse=order.startswith("-"))
    known = [each.people.people for each in seams if each.people.people is not None]
    assert counts[0] == (max(known) if order.startswith("-") else min(known))


@pytest.mark.parametrize(("order", "sign"), [("laenge", 1), ("-laenge", -1)])
def test_order_by_length(visitor: Client, bundled: Edition, order: str, sign: int) -> None:
    lengths = sorted((each.length_m for each in bundled.all_seams(Level.DISTRICT)), key=lambda each: sign * each)
    _, rows, _ = ranked(visitor, sortierung=order)
    assert [figures(row[2])[0] for row in rows] == [round(each / 1000, 1) for each in lengths[:PER_PAGE]]


def test_order_by_name(visitor: Client, bundled: Edition) -> None:
    first, backwards = ranked(visitor, sortierung="name")[0], ranked(visitor, sortierung="-name")[0]
    for listed in (first, backwards[::-1]):
        names = [folded(bundled.area(a).name) for a, _ in listed]
        assert names == sorted(names)
    every = sorted(folded(bundled.area(each.own_key).name) for each in bundled.all_seams(Level.DISTRICT))
    assert folded(bundled.area(first[0][0]).name) == every[0]
    assert folded(bundled.area(backwards[0][0]).name) == every[-1]


def test_filters(visitor: Client, bundled: Edition) -> None:
    districts = bundled.all_seams(Level.DISTRICT)
    of_land = [each for each in districts if each.own_key[:2] == "03" or each.other_key[:2] == "03"]
    assert set(whole_list(visitor, land="03")) == pairs_of(of_land)
    across = [each for each in of_land if each.own_key[:2] != each.other_key[:2]]
    assert 0 < len(across) < len(of_land)
    assert set(whole_list(visitor, land="03", grenze="land")) == pairs_of(across)
    inside = [each for each in of_land if each.own_key[:2] == each.other_key[:2]]
    assert set(whole_list(visitor, land="03", grenze="innen")) == pairs_of(inside)
    own = pairs_of([each for each in districts if HAMELN_PYRMONT in (each.own_key, each.other_key)])
    assert len(own) == 5
    for text in ("Hameln-Pyrmont", "hameln", "HAMELN PYRMONT", "pyrmont", HAMELN_PYRMONT, "0 3252", "03 252"):
        assert set(whole_list(visitor, q=text)) == own, text
    by_prefix = pairs_of([each for each in districts if "032" in (each.own_key[:3], each.other_key[:3])])
    assert set(whole_list(visitor, q="032")) == by_prefix
    assert set(whole_list(visitor, q="hameln", grenze="land")) == {(HAMELN_PYRMONT, LIPPE)}
    assert not whole_list(visitor, q="hameln", land="09")
    muenchen = whole_list(visitor, q="München")
    assert muenchen and muenchen == whole_list(visitor, q="muenchen")


def test_a_word_is_found_from_its_beginning_only(visitor: Client) -> None:
    assert not whole_list(visitor, q="yrmont")


def test_pages_of_a_list_hold_everything_once(visitor: Client, bundled: Edition) -> None:
    pairs = whole_list(visitor, ebene="kreis", sortierung="-menschen")
    assert len(pairs) == len(set(pairs)) == len(bundled.all_seams(Level.DISTRICT))


def test_a_wrong_choice_counts_as_none(visitor: Client) -> None:
    usual, _, _ = ranked(visitor)
    for query in ({"ebene": "quatsch"}, {"land": "99"}, {"grenze": "x"}, {"sortierung": "drop table"}):
        assert ranked(visitor, **query)[0] == usual, query


def test_filters_stay_in_the_address_of_the_next_page_and_of_the_files(visitor: Client) -> None:
    page = ranked(visitor, ebene="gemeinde", land="03", grenze="land", q="", sortierung="-laenge")[2]
    links = [each.get("href", "") for each in page.all("a")]
    (csv,) = {link for link in links if "liste.csv" in link}
    assert "land=03" in csv and "grenze=land" in csv and "sortierung=-laenge" in csv
    nexts = [each.get("href", "") for each in page.all("a") if each.get("rel") == "next"]
    assert nexts and all("land=03" in link and "sortierung=-laenge" in link for link in nexts)


@pytest.mark.parametrize("number", BROKEN_PAGES)
def test_a_page_number_that_is_none_shows_some_page(visitor: Client, number: str) -> None:
    pairs, _, _ = ranked(visitor, seite=number)
    assert pairs


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:30])
def test_hostile_text(visitor: Client, text: str) -> None:
    """As what is looked for, and in every other field at once."""
    others = dict.fromkeys(("land", "ebene", "sortierung", "seite", "grenze", "unbekannt"), text)
    for query in ({"q": text}, others):
        answer = visitor.get("/naehte/", query)
        assert answer.status_code == 200
        assert "<" not in text or text not in answer.content.decode()
        assert visitor.get("/naehte/liste.csv", query | {"ebene": "land"}).status_code == 200


# -------------------------------------------------------------------------------------------- one seam


@pytest.mark.parametrize("language", LANGUAGES)
def test_hameln_pyrmont_and_lippe(visitor: Client, bundled: Edition, language: str) -> None:
    """The seam everybody should find: on the page are length, people and municipalities of the edition."""
    prefix = "/en" if language == "en" else ""
    page = Page(visitor.get(f"{prefix}{seam(HAMELN_PYRMONT, LIPPE)}").content.decode())
    there = next(each for each in bundled.seams(HAMELN_PYRMONT) if each.other_key == LIPPE)
    heading = text_of(page.one("h1"))
    assert "Hameln-Pyrmont" in heading and "Lippe" in heading
    answer = text_of(next(each for each in page.all("p") if each.get("class") == "nt-answer"))
    said = figures(answer, language)
    assert round(there.length_m / 1000, 1) in said
    assert there.people.people in said
    assert ("Landesgrenze" if language == "de" else "Land border") in answer
    tables = [page.table(key) for key in (HAMELN_PYRMONT, LIPPE)]
    listed = {re.sub(r"\D", "", each.get("href", "")) for table in tables for each in table.iter("a")}
    assert listed == {*there.own.municipalities, *there.other.municipalities}
    for side, table in zip((there.own, there.other), tables, strict=True):
        rows = [[text_of(cell) for cell in row] for row in table.find("tbody")]
        assert len(rows) == len(side.municipalities)
        known = [figures(row[1], language) for row in rows]
        assert sum(people[0] for people in known if people) == side.people.people
        parts = [figures(row[2], language)[0] for row in rows]
        assert sum(parts) == pytest.approx(there.length_m / 1000, abs=0.05 * len(parts))
        assert parts == sorted(parts, reverse=True)


def test_seams_beside_it_are_those_with_common_neighbours(visitor: Client, bundled: Edition) -> None:
    page = Page(visitor.get(seam(HAMELN_PYRMONT, LIPPE)).content.decode())
    own = {each.other_key for each in bundled.seams(HAMELN_PYRMONT)}
    other = {each.other_key for each in bundled.seams(LIPPE)}
    beside = {
        match[1]
        for each in page.table("nahte-nebenan").iter("a")
        if (match := re.match(r"/naehte/(\d+/\d+)/", each.get("href", "")))
    }
    expected = {"/".join(sorted((side, key))) for key in own & other for side in (HAMELN_PYRMONT, LIPPE)}
    assert beside == expected and beside


@pytest.mark.parametrize(("a", "b"), [("03", "05"), (AERZEN, EXTERTAL), ("010515163", "010515166")])
def test_seams_of_every_level_have_a_page(visitor: Client, bundled: Edition, a: str, b: str) -> None:
    there = next(each for each in bundled.seams(a) if each.other_key == b)
    page = Page(visitor.get(seam(a, b)).content.decode())
    answer = text_of(next(each for each in page.all("p") if each.get("class") == "nt-answer"))
    assert round(there.length_m / 1000, 1) in figures(answer)


def test_every_seam_of_the_districts_has_a_page(visitor: Client, bundled: Edition) -> None:
    for each in bundled.all_seams(Level.DISTRICT)[::40]:
        assert visitor.get(seam(each.own_key, each.other_key)).status_code == 200


# ------------------------------------------------------------------------------- addresses that are none


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_crossed_pair_is_redirected_for_ever(visitor: Client, prefix: str) -> None:
    answer = visitor.get(f"{prefix}{seam(LIPPE, HAMELN_PYRMONT)}")
    assert answer.status_code == 301
    assert answer["Location"] == f"{prefix}{seam(HAMELN_PYRMONT, LIPPE)}"


@pytest.mark.parametrize(
    ("a", "b", "keys"),
    [
        ("Hameln-Pyrmont", "Lippe", (HAMELN_PYRMONT, LIPPE)),
        ("lippe", "hameln-pyrmont", (HAMELN_PYRMONT, LIPPE)),
        ("03 2 52", LIPPE, (HAMELN_PYRMONT, LIPPE)),
        ("03252001", "05766012", (AERZEN, EXTERTAL)),  # AGS
        ("0325 2000 1001", EXTERTAL, (AERZEN, EXTERTAL)),
    ],
)
def test_other_ways_to_write_a_pair_lead_to_its_address(visitor: Client, a: str, b: str, keys: tuple[str, str]) -> None:
    answer = visitor.get(seam(quote(a), quote(b)))
    assert answer.status_code == 301 and answer["Location"] == seam(*keys)


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        (HAMELN_PYRMONT, "09162", "do not touch"),
        (HAMELN_PYRMONT, HAMELN_PYRMONT, "same area twice"),
        ("03", HAMELN_PYRMONT, "same level"),
        (AERZEN, ISLAND, "do not touch"),
    ],
)
def test_two_areas_without_a_common_line_are_told_why(visitor: Client, a: str, b: str, said: str) -> None:
    answer = visitor.get(f"/en{seam(a, b)}")
    assert answer.status_code == 404
    page = Page(answer.content.decode())
    assert said in page.words
    # and where to go from here
    assert any("/verzeichnis/gebiete/" in each.get("href", "") for each in page.one("main").iter("a"))


def test_a_point_is_no_seam(visitor: Client, bundled: Edition) -> None:
    a, b = bundled.point_contacts(Level.MUNICIPALITY).iloc[0]
    answer = visitor.get(f"/en{seam(*sorted((a, b)))}")
    assert answer.status_code == 404 and "in a point only" in answer.content.decode()


@pytest.mark.parametrize("path", ["blatt.pdf", "karte.svg", "vorschau.png", "daten.csv", "kurz/"])
def test_no_files_of_a_seam_there_is_not(visitor: Client, path: str) -> None:
    assert visitor.get(f"{seam(HAMELN_PYRMONT, '09162')}{path}").status_code == 404
    assert visitor.get(f"/embed{seam(HAMELN_PYRMONT, '09162')}").status_code == 404


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:30])
def test_hostile_keys_are_not_found(visitor: Client, text: str) -> None:
    key = quote(text.replace("/", "-").strip(".") or "-", safe="")
    for path in (seam(key, LIPPE), seam(LIPPE, key), f"/embed{seam(key, key)}", f"{seam(key, key)}daten.csv"):
        assert visitor.get(path).status_code == 404, path


def test_a_kind_of_file_there_is_not(visitor: Client) -> None:
    assert visitor.get("/naehte/liste.exe").status_code == 404
    assert visitor.get(f"{seam(HAMELN_PYRMONT, LIPPE)}daten.doc").status_code == 404
