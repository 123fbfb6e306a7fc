"""The directory of areas, the page of each, and the search over it."""

from __future__ import annotations

import math
import re
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from tests.portal.every_page import (
    BERLIN,
    HAMELN,
    HAMELN_PYRMONT,
    ISLAND,
    LANGUAGES,
    LIPPE,
    LOWER_SAXONY,
    UNINCORPORATED,
    area,
)
from tests.portal.hostile import BROKEN_PAGES, HOSTILE
from tests.portal.markup import Page, facts, figures, text_of

from nahtstelle.core.keys import Level
from nahtstelle.core.names import folded
from nahtstelle.editions.edition import Edition
from nahtstelle.portal.directory.finding import SUGGESTIONS_PER_MINUTE

PER_PAGE = 50


def listed(client: Client, **query: str) -> tuple[list[str], list[list[str]], Page]:
    """Keys and rows of one page of the directory."""
    page = Page(client.get(f"/verzeichnis/gebiete/?{urlencode(query)}").content.decode())
    if not page.all("table"):
        return [], [], page
    links = [each.get("href", "") for each in page.one("tbody").iter("a")]
    return [link.rstrip("/").rsplit("/", 1)[1] for link in links], facts(page), page


def counted(page: Page) -> int:
    """How many areas the sentence at the top speaks of."""
    said = text_of(next(each for each in page.all("p") if each.get("class") == "nt-answer"))
    return int(figures(said)[0]) if figures(said) else 1


def answer_of(page: Page) -> str:
    return text_of(next(each for each in page.all("p") if each.get("class") == "nt-answer"))


def keys_of(edition: Edition, level: Level) -> set[str]:
    """Keys of a level as the directory counts them: a union of one municipality is that municipality."""
    areas = edition.figures(level)
    return set(areas.index[areas["people_of"] > 1] if level is Level.UNION else areas.index)


# --------------------------------------------------------------------------------------------------- list


@pytest.mark.parametrize(
    ("slug", "level"),
    [("land", Level.LAND), ("kreis", Level.DISTRICT), ("verband", Level.UNION), ("gemeinde", Level.MUNICIPALITY)],
)
def test_every_area_of_a_level_is_listed(visitor: Client, bundled: Edition, slug: str, level: Level) -> None:
    there = keys_of(bundled, level)
    keys, rows, page = listed(visitor, ebene=slug)
    assert counted(page) == len(there)
    assert len(rows) == min(PER_PAGE, len(there))
    assert set(keys) <= there
    last, _, _ = listed(visitor, ebene=slug, seite=str(math.ceil(len(there) / PER_PAGE)))
    assert set(last) <= there and (len(there) <= PER_PAGE or not set(last) & set(keys))


def test_without_a_level_all_are_listed(visitor: Client, bundled: Edition) -> None:
    assert counted(listed(visitor)[2]) == sum(len(keys_of(bundled, level)) for level in Level)


def test_a_row_says_what_the_edition_says(visitor: Client, bundled: Edition) -> None:
    keys, rows, _ = listed(visitor, ebene="kreis", land=LOWER_SAXONY)
    for key, (name, kind, lies_in, said_key, people, km2) in zip(keys, rows, strict=True):
        there = bundled.area(key)
        assert name == there.name and kind == there.designation and said_key == key
        assert lies_in == "Niedersachsen"
        assert figures(people) == [there.people.people]
        assert ("mind." in people) == (there.people.known_share < 1)
        assert figures(km2) == [round(there.area_m2 / 1e6, 0 if there.area_m2 >= 1e8 else 1)]


def test_filters(visitor: Client, bundled: Edition) -> None:
    districts = keys_of(bundled, Level.DISTRICT)
    keys, _, page = listed(visitor, ebene="kreis", land=LOWER_SAXONY)
    assert set(keys) == {key for key in districts if key.startswith("03")} and counted(page) == len(keys)
    inside, _, _ = listed(visitor, ebene="gemeinde", gebiet=HAMELN_PYRMONT)
    assert set(inside) == {key for key in keys_of(bundled, Level.MUNICIPALITY) if key.startswith(HAMELN_PYRMONT)}
    assert listed(visitor, q="hameln-pyrmont")[0] == [HAMELN_PYRMONT]
    assert set(listed(visitor, q="03252", ebene="kreis")[0]) == {HAMELN_PYRMONT}
    assert HAMELN in listed(visitor, q="0325200")[0]
    assert listed(visitor, q="gibtesnicht")[0] == []
    assert listed(visitor, ebene="kreis", land=BERLIN)[0] == ["11000"]


@pytest.mark.parametrize("key", [LOWER_SAXONY, HAMELN_PYRMONT])
def test_show_all_parts_shows_them(visitor: Client, bundled: Edition, key: str) -> None:
    """The link below a long list of parts leads to the list of just these."""
    page = Page(visitor.get(area(key)).content.decode())
    for link in page.all("a"):
        if "gebiete/?" in (href := link.get("href", "")):
            said = int(figures(text_of(link))[0])
            assert counted(Page(visitor.get(href).content.decode())) == said
    parts = [text_of(each) for each in page.all("h3")]
    municipalities = [key for key in keys_of(bundled, Level.MUNICIPALITY) if key.startswith(key)]
    assert parts and municipalities


@pytest.mark.parametrize("order", ["menschen", "-menschen"])
def test_what_is_not_known_comes_last_in_either_order(visitor: Client, bundled: Edition, order: str) -> None:
    areas = bundled.figures(Level.MUNICIPALITY)
    unknown = int(areas["people"].isna().sum())
    assert unknown
    _, first, _ = listed(visitor, ebene="gemeinde", sortierung=order)
    _, last, _ = listed(visitor, ebene="gemeinde", sortierung=order, seite="999999")
    counts = [figures(row[4])[0] for row in first]
    assert counts == sorted(counts, reverse=order.startswith("-"))
    assert counts[0] == (areas["people"].max() if order.startswith("-") else areas["people"].min())
    assert sum(not figures(row[4]) for row in last) == min(unknown, len(last))


def test_orders(visitor: Client) -> None:
    names = [folded(row[0]) for row in listed(visitor, ebene="gemeinde")[1]]
    assert names == sorted(names)
    keys = [row[3] for row in listed(visitor, ebene="gemeinde", sortierung="-schluessel")[1]]
    assert keys == sorted(keys, reverse=True)
    sizes = [figures(row[5])[0] for row in listed(visitor, ebene="kreis", sortierung="-flaeche")[1]]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("number", BROKEN_PAGES)
def test_a_page_number_that_is_none_shows_some_page(visitor: Client, number: str) -> None:
    assert listed(visitor, seite=number)[0]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:30])
def test_hostile_text(visitor: Client, text: str) -> None:
    """As what is looked for, and in every other field at once."""
    others = dict.fromkeys(("land", "ebene", "sortierung", "seite", "gebiet", "unbekannt"), text)
    for query in ({"land": "11", "q": text}, others):
        answer = visitor.get("/verzeichnis/gebiete/", query)
        assert answer.status_code == 200
        assert "<" not in text or text not in answer.content.decode()
    for query in ({"land": "11", "q": text}, {"land": "11", "gebiet": text, "sortierung": text}):
        assert visitor.get("/verzeichnis/gebiete/liste.csv", {"ebene": "kreis"} | query).status_code == 200


# ---------------------------------------------------------------------------------------------- one area


@pytest.mark.parametrize("language", LANGUAGES)
def test_hameln_pyrmont_has_five_neighbours(visitor: Client, bundled: Edition, language: str) -> None:
    page = Page(visitor.get(f"{'/en' if language == 'en' else ''}{area(HAMELN_PYRMONT)}").content.decode())
    there, seams = bundled.area(HAMELN_PYRMONT), sorted(bundled.seams(HAMELN_PYRMONT), key=lambda each: -each.length_m)
    assert text_of(page.one("h1")) == "Hameln-Pyrmont"
    assert ("fünf" if language == "de" else "five") in answer_of(page)
    rows = facts(page, "nachbarn")
    links = [each.get("href", "") for each in page.table("nachbarn").iter("a") if "/gebiete/" in each.get("href", "")]
    assert [link.rstrip("/")[-5:] for link in links] == [each.other_key for each in seams]
    for (name, _stitch, length, here, beyond, cooperation, kind), each in zip(rows, seams, strict=True):
        assert cooperation == ("noch nichts bekannt" if language == "de" else "nothing known yet")
        assert bundled.area(each.other_key).name in name
        assert figures(length, language) == [round(each.length_m / 1000, 1)]
        assert figures(here, language) == [each.own.people.people]
        assert figures(beyond, language) == [each.other.people.people]
        assert kind.startswith("Landesgrenze" if language == "de" else "Land border") == each.land_seam
    border = bundled.border_people([HAMELN_PYRMONT])
    assert border.border.people in figures(answer_of(page), language)
    assert there.people.people in figures(answer_of(page), language)
    said = text_of(page.one("main"))
    assert there.people.people in figures(said, language)
    assert round(there.area_m2 / 1e6) in figures(said, language)
    assert round(there.perimeter_m / 1000, 1) in figures(said, language)


@pytest.mark.parametrize("key", [LOWER_SAXONY, BERLIN, "02000", HAMELN, "010515163", "010560050", UNINCORPORATED])
def test_neighbours_of_every_level(visitor: Client, bundled: Edition, key: str) -> None:
    page = Page(visitor.get(area(key)).content.decode())
    seams = bundled.seams(key)
    links = {
        link.rstrip("/").rsplit("/", 1)[1]
        for each in page.table("nachbarn").iter("a")
        if "/verzeichnis/" in (link := each.get("href", ""))
    }
    assert links == {each.other_key for each in seams}
    stitches = {each.get("href") for each in page.all("a") if each.get("href", "").startswith("/naehte/")}
    assert {f"/naehte/{'/'.join(sorted((key, each.other_key)))}/" for each in seams} <= stitches


def test_an_island_adjoins_nothing_and_says_so(visitor: Client) -> None:
    page = Page(visitor.get(f"/en{area(ISLAND)}").content.decode())
    assert "adjoins no other area" in answer_of(page)
    assert not [each for each in page.all("div") if each.get("aria-labelledby") == "t-nachbarn"]


def test_an_unincorporated_area_is_no_municipality(visitor: Client, bundled: Edition) -> None:
    page = Page(visitor.get(area(UNINCORPORATED)).content.decode())
    assert "Gemeindefreies Gebiet" in page.words
    assert bundled.area(UNINCORPORATED).name in text_of(page.one("h1"))


def test_ways_up_and_down(visitor: Client, bundled: Edition) -> None:
    """From a district to its Land and to each of its municipalities, and back."""
    page = Page(visitor.get(area(HAMELN_PYRMONT)).content.decode())
    links = {each.get("href") for each in page.one("main").iter("a")}
    own = {key for key in keys_of(bundled, Level.MUNICIPALITY) if key.startswith(HAMELN_PYRMONT)}
    assert {area(LOWER_SAXONY), *(area(key) for key in own)} <= links
    below = Page(visitor.get(area(HAMELN)).content.decode())
    assert {area(LOWER_SAXONY), area(HAMELN_PYRMONT)} <= {each.get("href") for each in below.one("main").iter("a")}


def test_one_of_every_fifty_areas_has_a_page(visitor: Client, bundled: Edition) -> None:
    for level in Level:
        for key in sorted(keys_of(bundled, level))[:: 400 if level is Level.MUNICIPALITY else 40]:
            answer = visitor.get(area(key))
            assert answer.status_code == 200
            assert bundled.area(key).name in answer.content.decode().replace("&#x27;", "'").replace("&amp;", "&")


# -------------------------------------------------------------------------- other ways to write an address


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("03252006", HAMELN),  # AGS
        ("03 252 0006 006", HAMELN),
        ("03 252", HAMELN_PYRMONT),
        ("Hameln-Pyrmont", HAMELN_PYRMONT),
        ("hameln-pyrmont", HAMELN_PYRMONT),
        ("landkreis-hameln-pyrmont", HAMELN_PYRMONT),
        ("Lippe", LIPPE),
        ("Norderney", ISLAND),
    ],
)
def test_leads_to_the_key(visitor: Client, prefix: str, written: str, key: str) -> None:
    answer = visitor.get(f"{prefix}{area(quote(written))}")
    assert answer.status_code == 301 and answer["Location"] == f"{prefix}{area(key)}"


@pytest.mark.parametrize("key", ["99999", "0325", "000000000000", "03252006x", "gibt-es-nicht", "032520006007"])
def test_unknown_keys(visitor: Client, key: str) -> None:
    for path in (
        area(key),
        f"{area(key)}blatt.pdf",
        f"{area(key)}daten.csv",
        f"{area(key)}kurz/",
        f"/embed/gebiete/{key}/",
    ):
        answer = visitor.get(path)
        assert answer.status_code == 404, path
    page = Page(visitor.get(area(key)).content.decode())
    assert [each.get("name") for each in page.one("main").iter("input")] == ["q"], "no way on to search"


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:30])
def test_hostile_keys_are_not_found(visitor: Client, text: str) -> None:
    key = quote(text.replace("/", "-").strip(".") or "-", safe="")
    assert visitor.get(area(key)).status_code == 404
    assert visitor.get(f"/embed/gebiete/{key}/").status_code == 404


# ------------------------------------------------------------------------------------------------- search


def results(page: Page) -> list[str]:
    """Keys of the areas that a page of the search offers."""
    return [
        re.findall(r"/gebiete/(\d+)/", each.get("href", ""))[0]
        for each in page.one("main").iter("a")
        if re.search(r"/gebiete/\d+/", each.get("href", ""))
    ]


def test_one_hit_is_shown_at_once(visitor: Client) -> None:
    for text in ("Hameln-Pyrmont", "Landkreis Hameln-Pyrmont", "hameln pyrmont", HAMELN_PYRMONT + " "):
        answer = visitor.get("/suche/", {"q": text})
        if answer.status_code == 302:
            assert answer["Location"] == area(HAMELN_PYRMONT)
        else:
            assert results(Page(answer.content.decode()))[0] == HAMELN_PYRMONT, text
    assert visitor.get("/en/suche/", {"q": "Hameln-Pyrmont"})["Location"] == f"/en{area(HAMELN_PYRMONT)}"


def test_several_hits_are_listed_the_best_first(visitor: Client) -> None:
    page = Page(visitor.get("/suche/", {"q": "Hameln"}).content.decode())
    assert set(results(page)) == {HAMELN, HAMELN_PYRMONT}
    assert results(page)[0] == HAMELN


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Hammeln", HAMELN), ("Norderneyy", ISLAND), ("Hamel-Pyrmont", HAMELN_PYRMONT), ("goßlar", "03153")],
)
def test_a_typo_finds_what_was_meant(visitor: Client, typed: str, meant: str) -> None:
    page = Page(visitor.get("/suche/", {"q": typed}).content.decode())
    assert meant in results(page)


def test_umlauts_and_their_spellings_find_the_same(visitor: Client) -> None:
    found = [
        results(Page(visitor.get("/suche/", {"q": text}).content.decode()))
        for text in ("Münster", "muenster", "MÜNSTER")
    ]
    assert found[0] and found[0] == found[1] == found[2]


def test_no_hits_say_what_to_do(visitor: Client) -> None:
    page = Page(visitor.get("/suche/", {"q": "xqzwvxqzwv"}).content.decode())
    assert not results(page)
    assert "/verzeichnis/gebiete/" in {each.get("href") for each in page.one("main").iter("a")}


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:30])
def test_hostile_search(visitor: Client, text: str) -> None:
    for path in ("/suche/", "/en/suche/", "/suche/vorschlaege/"):
        answer = visitor.get(path, {"q": text})
        assert answer.status_code == 200
        assert "<" not in text or text not in answer.content.decode()


def test_suggestions(visitor: Client, bundled: Edition) -> None:
    said = visitor.get("/suche/vorschlaege/", {"q": "Hameln"}).json()["suggestions"]
    assert [each["key"] for each in said] == [HAMELN, HAMELN_PYRMONT]
    assert said[0]["title"] == "Stadt Hameln" and said[0]["url"] == area(HAMELN)
    assert "Hameln-Pyrmont" in said[0]["hint"] and HAMELN in said[0]["hint"]
    english = visitor.get("/en/suche/vorschlaege/", {"q": "Hameln"}).json()["suggestions"]
    assert [each["url"] for each in english] == [f"/en{each['url']}" for each in said]
    by_key = visitor.get("/suche/vorschlaege/", {"q": "03252"}).json()["suggestions"]
    assert by_key[0]["key"] == HAMELN_PYRMONT
    assert all(each["key"].startswith(HAMELN_PYRMONT) for each in by_key)
    typo = visitor.get("/suche/vorschlaege/", {"q": "Hammeln"}).json()["suggestions"]
    assert HAMELN in [each["key"] for each in typo]


def test_few_suggestions_however_many_fit(visitor: Client) -> None:
    assert len(visitor.get("/suche/vorschlaege/", {"q": "a"}).json()["suggestions"]) == 8
    assert visitor.get("/suche/vorschlaege/").json()["suggestions"] == []
    assert visitor.get("/suche/vorschlaege/", {"q": "  "}).json()["suggestions"] == []


def test_suggestions_are_rationed_by_address(visitor: Client) -> None:
    allowed = int(SUGGESTIONS_PER_MINUTE.split("/")[0])
    statuses = [visitor.get("/suche/vorschlaege/", {"q": "x"}).status_code for _ in range(allowed + 30)]
    assert 429 in statuses and statuses.count(200) <= allowed + 1
    refused = visitor.get("/suche/vorschlaege/", {"q": "x"})
    if refused.status_code == 429:
        assert refused.json()["error"] and not refused.cookies
    # somebody else is not held to what this one asked, and pages stay open
    assert visitor.get("/suche/vorschlaege/", {"q": "x"}, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert visitor.get("/suche/", {"q": "Neustadt"}).status_code == 200


def test_an_invented_forwarded_address_gets_no_ration_of_its_own(visitor: Client) -> None:
    allowed = int(SUGGESTIONS_PER_MINUTE.split("/")[0])
    statuses = [
        visitor.get(
            "/suche/vorschlaege/", {"q": "x"}, headers={"X-Forwarded-For": f"192.0.2.{number % 250}"}
        ).status_code
        for number in range(allowed + 30)
    ]
    assert 429 in statuses
