"""The areas of the map by the cooperations they belong to: what the map is told, the panel, the table and the file."""

from __future__ import annotations

import csv
import gzip
import io
import json
from typing import Any

import pytest
from django.test import Client
from tests.portal.conftest import forget
from tests.portal.every_page import HAMELN_PYRMONT, LANGUAGES, LIPPE
from tests.portal.hostile import HOSTILE
from tests.portal.markup import Page, facts, figures, text_of
from tests.portal.register import samples
from tests.portal.register.samples import BEFORE, DRAFT, EINHARZ, HAMBURG, HANNOVER, HEIDEKREIS, HELMSTEDT, WITHDRAWN

from nahtstelle.core.keys import Level
from nahtstelle.portal import insight
from nahtstelle.portal.register import actions
from nahtstelle.portal.register.models import Cooperation, Membership
from nahtstelle.portal.register.policies import OPERATOR

MOST = 15
GOSLAR, HARZ, HELMSTEDT_DISTRICT = "03153", "15085", "03154"
GOSLAR_TOWN, BAD_HARZBURG = "031530017017", "031530002002"
TABLE = "gebiete-kooperationen"
SLUGS = {Level.LAND: "land", Level.DISTRICT: "kreis", Level.UNION: "verband", Level.MUNICIPALITY: "gemeinde"}


def said(client: Client, level: str = "kreis", query: str = "") -> dict[str, Any]:
    """What the map is told of a level."""
    answer = client.get(f"/karte/kooperationen-{level}.json{query}")
    assert answer.status_code == 200
    return json.loads(answer.content)


def counts(client: Client, level: str = "kreis", query: str = "") -> dict[str, int]:
    """The number of cooperations of each area of which some are known."""
    return {key: int(count) for count, keys in said(client, level, query)["counts"].items() for key in keys}


def listed(client: Client, key: str, query: str = "") -> list[dict[str, str]]:
    """What the panel lists of an area."""
    return json.loads(client.get(f"/karte/kooperationen/{key}.json{query}").content)["cooperations"]


def add_member(cooperation: str, **fields: Any) -> Membership:
    to = Cooperation.objects.get(ref=cooperation)
    return actions.add_membership(OPERATOR, to, fields, via="command")


def section(page: Page) -> Any:
    return next(each for each in page.all("section") if each.get("id") == "tabelle-kooperationen")


# ----------------------------------------------------------------------------------------- nothing recorded


def test_an_empty_register_has_nothing_to_show_and_says_so(visitor: Client) -> None:
    insight.forget()  # before the small register is entered for the tests below
    assert said(visitor) == {"counts": {}, "none": []}
    assert listed(visitor, HAMELN_PYRMONT) == []
    page = Page(visitor.get("/karte/?kooperationen=alle").content.decode())
    assert json.loads(page.one("nt-map").get("cooperations-offer", ""))["kinds"] == []
    assert not list(section(page).iter("table"))
    assert {0, 402} <= set(figures(text_of(section(page))))


# ------------------------------------------------------------------------------------------- what is counted


@pytest.mark.parametrize("level", Level)
def test_every_area_counts_what_its_page_lists(reader: Client, level: Level) -> None:
    known = insight.register()
    told = counts(reader, SLUGS[level])
    assert told
    areas = [key for key, area in known.insight.areas.items() if area.level is level]
    assert {key: told.get(key, 0) for key in areas} == {key: len(known.of_area(key).now) for key in areas}


def test_an_area_belongs_itself_with_a_larger_one_and_with_parts(reader: Client) -> None:
    districts, municipalities = counts(reader), counts(reader, "gemeinde")
    assert districts[HEIDEKREIS] == 2, "in two metropolitan regions"
    assert municipalities[GOSLAR_TOWN] == municipalities[BAD_HARZBURG] + 2, "EinHarz, and what EinHarz observes"
    assert {each["how"] for each in listed(reader, BAD_HARZBURG)} == {"als Teil von: Landkreis Goslar"}
    assert "mit Goslar" in {each["how"] for each in listed(reader, GOSLAR)}
    assert counts(reader, "land")["03"] == 4


def test_what_is_no_public_entry_or_over_is_never_counted(reader: Client) -> None:
    before = counts(reader)
    for ref in (DRAFT, WITHDRAWN, BEFORE):
        add_member(ref, area_key=LIPPE)
    assert counts(reader) == before and LIPPE not in before
    assert listed(reader, LIPPE) == []
    offer = Page(reader.get("/karte/").content.decode()).one("nt-map").get("cooperations-offer", "")
    assert "leader-region" in offer and "aufgabenverbund" not in offer
    for ref in (DRAFT, WITHDRAWN, BEFORE, "gibt-es-nicht"):
        assert reader.get(f"/karte/kooperationen-kreis.json?kooperation={ref}").status_code == 404
        page = Page(reader.get(f"/karte/?kooperation={ref}").content.decode())
        assert page.one("nt-map").get("cooperations-shown") == "aus"
        assert json.loads(page.one("nt-map").get("cooperations-offer", ""))["one"] is None


def test_a_membership_that_ended_is_not_counted(reader: Client) -> None:
    before = said(reader, "gemeinde", f"?kooperation={HELMSTEDT}")["whole"]
    add_member(HELMSTEDT, area_key=LIPPE, valid_from="2014", valid_until="2017")
    add_member(HELMSTEDT, area_key=LIPPE, valid_from="2999")
    assert said(reader, "gemeinde", f"?kooperation={HELMSTEDT}")["whole"] == before != []
    assert LIPPE not in counts(reader)


def test_a_member_with_only_a_part_of_itself_counts_as_on_its_page(reader: Client) -> None:
    add_member(EINHARZ, area_key=LIPPE, part="nur der Osten")
    assert counts(reader)[LIPPE] == 2, "EinHarz, and what EinHarz observes"
    assert "EIN HARZ" in {each["name"] for each in listed(reader, LIPPE)}


def test_the_basic_administration_counts_only_where_it_is_asked_for(reader: Client) -> None:
    fields = {"ref": "samtgemeinde", "name": "Samtgemeinde", "kind": "gesamtgemeinde"}
    actions.create(OPERATOR, "cooperation", fields, via="command")
    add_member("samtgemeinde", area_key=LIPPE)
    assert LIPPE not in counts(reader)
    assert counts(reader, query="?kooperationen=gesamtgemeinde") == {LIPPE: 1}
    assert [each["name"] for each in listed(reader, LIPPE, "?kooperationen=gesamtgemeinde")] == ["Samtgemeinde"]
    assert listed(reader, LIPPE) == []


def test_only_areas_that_say_so_are_confirmed_as_without_cooperation(reader: Client) -> None:
    assert said(reader)["none"] == []
    actions.state_completeness(OPERATOR, LIPPE, via="command")
    actions.state_completeness(OPERATOR, HEIDEKREIS, via="command")
    assert said(reader)["none"] == [LIPPE]
    municipalities = said(reader, "gemeinde")["none"]
    assert municipalities and all(key.startswith(LIPPE) for key in municipalities)
    assert HEIDEKREIS in said(reader, query="?kooperationen=leader-region")["none"], "it has others, but none of these"


# ---------------------------------------------------------------------------------- by kind, or a single one


def test_of_a_kind_only_these_are_counted(reader: Client) -> None:
    assert counts(reader, query="?kooperationen=leader-region") == {HELMSTEDT_DISTRICT: 1}
    assert [each["name"] for each in listed(reader, HELMSTEDT_DISTRICT, "?kooperationen=leader-region")] == [
        "LEADER-Region Grünes Band im Landkreis Helmstedt"
    ]
    kinds = {"kommunalinitiative", "metropolregion", "leader-region"}
    whole = counts(reader)
    of_kinds = [counts(reader, query=f"?kooperationen={kind}") for kind in kinds]
    assert whole == {key: sum(each.get(key, 0) for each in of_kinds) for key in whole}


def test_of_a_single_one_what_lies_in_its_area(reader: Client) -> None:
    """A Land or a body that only watches does not lie in it."""
    assert said(reader, query=f"?kooperation={EINHARZ}") == {"whole": [], "part": [GOSLAR, HARZ, "16062"]}
    assert said(reader, "gemeinde", f"?kooperation={EINHARZ}") == {
        "whole": [GOSLAR_TOWN, "150850370370", "160620041041"],
        "part": [],
    }
    hannover = said(reader, query=f"?kooperation={HANNOVER}")
    assert hannover["whole"] == sorted(samples.HANNOVER_DISTRICTS) and hannover["part"] == []


@pytest.mark.parametrize("path", ["/karte/kooperationen-dorf.json", "/karte/kooperationen/99999.json",
                                  "/karte/kooperationen-kreis.json?kooperationen=quatsch",
                                  "/karte/kooperationen/03153.json?kooperationen=quatsch",
                                  "/karte/kooperationen-dorf.csv", "/karte/kooperationen-kreis.exe"])  # fmt: skip
def test_there_is_nothing_else(reader: Client, path: str) -> None:
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_an_address_says_is_an_error_of_ours(reader: Client, text: str) -> None:
    for name in ("kooperationen", "kooperation"):
        assert reader.get("/karte/kooperationen-kreis.json", {name: text}).status_code in (200, 404)
        page = reader.get("/karte/", {name: text})
        assert page.status_code == 200
        Page(page.content.decode())


# ---------------------------------------------------------------------------------------- how it is answered


def test_the_map_asks_each_time_and_hears_only_of_changes(reader: Client) -> None:
    path = "/karte/kooperationen-kreis.json"
    first = reader.get(path)
    assert first["Cache-Control"] == "no-cache" and first["Content-Type"] == "application/json"
    again = reader.get(path, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    add_member(EINHARZ, area_key=LIPPE)
    changed = reader.get(path, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200 and LIPPE.encode() in changed.content


def test_what_the_map_is_told_of_all_municipalities_is_small(reader: Client) -> None:
    add_member(EINHARZ, area_key="09")
    add_member(HANNOVER, area_key="07")
    answer = reader.get("/karte/kooperationen-gemeinde.json", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(gzip.decompress(answer.content)) > 60_000
    assert len(answer.content) < 40_000


def test_few_questions_however_many_cooperations(reader: Client, django_assert_max_num_queries: Any) -> None:
    for path in ("/karte/kooperationen-gemeinde.json", "/karte/kooperationen/03.json", "/karte/kooperationen-kreis.csv",
                 f"/karte/?kooperation={EINHARZ}", "/karte/?kooperationen=alle&ebene=gemeinde"):  # fmt: skip
        forget()
        insight.forget()
        with django_assert_max_num_queries(MOST):
            assert reader.get(path).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_panel_speaks_the_language_of_the_page(reader: Client, language: str) -> None:
    prefix = "/en" if language == "en" else ""
    page = Page(reader.get(f"{prefix}/karte/").content.decode())
    address = page.one("nt-map").get("cooperations-of", "").replace("{key}", HEIDEKREIS)
    rows = json.loads(reader.get(address).content)["cooperations"]
    pages = [f"{prefix}/verzeichnis/kooperationen/{ref}/" for ref in (HAMBURG, HANNOVER)]
    assert [each["url"] for each in rows] == pages
    assert {each["how"] for each in rows} == {"itself" if language == "en" else "selbst"}
    for each in rows:
        assert reader.get(each["url"]).status_code == 200


# --------------------------------------------------------------------------------------------------- the page


def test_the_page_offers_the_kinds_there_are(reader: Client) -> None:
    element = Page(reader.get("/karte/").content.decode()).one("nt-map")
    assert element.get("cooperations-shown") == "aus", "calm at first"
    offer = json.loads(element.get("cooperations-offer", ""))
    assert [kind for kind, _words in offer["kinds"]] == ["leader-region", "metropolregion", "kommunalinitiative"]
    assert offer["one"] is None
    assert Page(reader.get("/").content.decode()).one("nt-map").get("cooperating") is None, "only the map itself"


def test_a_page_can_lead_to_one_cooperation_on_the_map(reader: Client) -> None:
    page = Page(reader.get(f"/en/karte/?kooperation={EINHARZ}").content.decode())
    element = page.one("nt-map")
    assert element.get("cooperations-shown") == "diese"
    assert json.loads(element.get("cooperations-offer", ""))["one"] == [EINHARZ, "EIN HARZ"]
    west, south, east, north = (float(side) for side in element.get("bbox", "").split(","))
    assert 10 < west < 10.5 and 10.8 < east < 11.3 and 51 < south < 51.6 and 51.8 < north < 52.1
    rows = facts(page, TABLE)
    assert [row[0] for row in rows] == ["Goslar Landkreis", "Harz Landkreis", "Nordhausen Landkreis"]
    assert {row[1] for row in rows} == {"with a part"}


def test_the_table_names_the_areas_with_most_and_says_what_is_not_known(reader: Client) -> None:
    page = Page(reader.get("/en/karte/").content.decode())
    rows = facts(page, TABLE)
    told = counts(reader)
    assert len(rows) == min(20, len(told))
    assert [figures(row[1])[0] for row in rows] == sorted(told.values(), reverse=True)[: len(rows)]
    words = text_of(section(page))
    assert f"{len(told)} of 402 belong to at least one cooperation; of {402 - len(told)} none is known yet" in words
    assert "Confirmed" not in words
    actions.state_completeness(OPERATOR, LIPPE, via="command")
    forget()
    words = text_of(section(Page(reader.get("/en/karte/").content.decode())))
    assert f"of {402 - len(told) - 1} none is known yet" in words
    assert "Confirmed as without cooperation: 1." in words


@pytest.mark.parametrize("level", Level)
def test_the_file_has_every_area_and_tells_nothing_known_from_none(reader: Client, level: Level) -> None:
    actions.state_completeness(OPERATOR, LIPPE, via="command")
    text = reader.get(f"/karte/kooperationen-{SLUGS[level]}.csv").content.decode("utf-8-sig")
    rows = {row["key"]: row for row in csv.DictReader(io.StringIO(text))}
    told = counts(reader, SLUGS[level])
    assert {key: int(row["cooperations"]) for key, row in rows.items() if row["cooperations"] not in ("", "0")} == told
    assert set(rows) == {key for key, area in insight.current().areas.items() if area.level is level}
    if level is Level.DISTRICT:
        assert rows[LIPPE]["cooperations"] == "0" and rows[LIPPE]["complete"] == "1"
        assert rows["05711"]["cooperations"] == ""


def test_the_files_of_a_kind_are_of_that_kind(reader: Client) -> None:
    page = Page(reader.get("/karte/?kooperationen=leader-region").content.decode())
    (link,) = [
        each.get("href", "")
        for each in page.all("a")
        if each.get("href", "").startswith("/karte/kooperationen-kreis.csv")
    ]
    rows = list(csv.DictReader(io.StringIO(reader.get(link).content.decode("utf-8-sig"))))
    assert [row["key"] for row in rows if row["cooperations"]] == [HELMSTEDT_DISTRICT]
    assert [row[0] for row in facts(page, TABLE)] == ["Helmstedt Landkreis"]
    answer = reader.get("/karte/kooperationen-kreis.xlsx")
    assert answer.status_code == 200 and answer.content[:2] == b"PK"
