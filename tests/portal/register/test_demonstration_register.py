"""The demonstration register: it is what the facts give, complete, in German, and leads nowhere that is not there."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from tests.conftest import reference_folder

from nahtstelle.core.footprint import Spaces
from nahtstelle.core.vocabularies import FAILED_STATES
from nahtstelle.editions.catalogue import open_edition
from nahtstelle.errors import SourceError
from nahtstelle.portal.register import exchange
from nahtstelle.portal.register.demonstration import FILE
from nahtstelle.portal.register.demonstration.convert import REVIEW, convert, to_review, write
from nahtstelle.portal.register.demonstration.facts import Texts
from nahtstelle.portal.register.demonstration.whole import unknown_references, whole
from nahtstelle.portal.register.models import Via
from nahtstelle.register_file import check_lines, read_lines, read_snapshot

Said = dict[str, Any]

HEIDEKREIS, HELMSTEDT, HAMELN_PYRMONT = "03358", "03154", "03252"


@pytest.fixture(scope="module")
def records() -> list[Said]:
    return [record for _, record in read_lines(FILE)]


@pytest.fixture(scope="module")
def by(records: list[Said]) -> dict[str, dict[str, Said]]:
    """Records by type and reference."""
    found: dict[str, dict[str, Said]] = defaultdict(dict)
    for each in records:
        found[each["type"]][each["ref"]] = each
    return found


@pytest.fixture(scope="module")
def spaces() -> Spaces:
    return Spaces(read_snapshot(FILE), open_edition().territory, dt.date(2024, 1, 1))


def cited(records: list[Said]) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """By what a record is: its sources and what they say."""
    found: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for each in records:
        if each["type"] == "citation":
            found[each["about_type"], each["about_ref"]].add((each["source"], each["stance"]))
    return found


# ----------------------------------------------------------------------------------------- from the facts


@pytest.fixture(scope="module")
def facts(pytestconfig: pytest.Config) -> Path:
    return reference_folder(pytestconfig).parent / "facts"


@pytest.mark.reference
def test_the_file_is_what_the_facts_give(facts: Path, tmp_path: Path) -> None:
    write(facts, tmp_path / FILE.name)
    for name in (FILE.name, REVIEW):
        assert (tmp_path / name).read_bytes() == FILE.with_name(name).read_bytes(), "run make demonstration-register"


@pytest.mark.reference
def test_a_word_nobody_has_translated_stops_the_conversion(facts: Path) -> None:
    texts = Texts()
    del texts.words["topics"]["tourism"]
    with pytest.raises(SourceError, match="tourism"):
        convert(facts, texts)


@pytest.mark.reference
def test_a_cooperation_without_a_text_stops_the_conversion(facts: Path) -> None:
    texts = Texts()
    del texts.cooperations["einharz"]
    with pytest.raises(SourceError, match="einharz"):
        convert(facts, texts)


def test_a_folder_without_facts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=re.escape(str(tmp_path))):
        convert(tmp_path)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"name": "Ohne Art"}, "kind"),
        ({"name": "A", "kind": "verein"}, "kind 'verein'"),
        ({"name": "A", "kind": "leader-region", "founded": "im Mai"}, "founded"),
        ({"name": "A", "kind": "leader-region", "colour": "blue"}, "colour"),
        ({"name": "A", "kind": "leader-region", "fundings": [{"programme": ""}]}, "fundings, programme"),
    ],
)
def test_what_the_register_cannot_hold_is_refused(said: Said, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        whole("cooperation", {"ref": "a", **said})


def test_what_leads_nowhere_is_named() -> None:
    one = whole("membership", {"ref": "m", "cooperation": "fehlt", "area_key": "03153"})
    two = whole(
        "statement", {"ref": "s", "about_type": "project", "about_ref": "fehlt", "what_de": "A", "property": "a"}
    )
    assert unknown_references([one, two]) == [
        "membership m, cooperation: cooperation fehlt",
        "statement s, about: project fehlt",
    ]


# ------------------------------------------------------------------------------------------ what is in it


def test_everything_the_facts_hold_is_there(records: list[Said]) -> None:
    counts = Counter(each["type"] for each in records)
    assert counts["cooperation"] == 33
    areas = {each["area_key"] for each in records if each["type"] == "membership" and each["area_key"]}
    # one more is named by a source without being a member
    assert len(areas | {HAMELN_PYRMONT}) == 286
    assert {type_: counts[type_] for type_ in ("agreement", "project", "source", "statement", "succession")} == {
        "agreement": 25, "project": 32, "source": 197, "statement": 74, "succession": 2,
    }  # fmt: skip
    assert counts["organisation"] == 68 and counts["meeting"] == 8 and counts["attachment"] > 30
    assert counts["contact"] == counts["dispute"] == counts["completeness"] == 0, "nobody has said so"
    assert not any(each["confirmed_on"] or each["withdrawn_on"] or each.get("draft") for each in records)


def test_no_rule_is_broken() -> None:
    broken = [each for each in check_lines(FILE, open_edition().territory) if each.blocks]
    assert not broken, [(each.ref, each.message()) for each in broken]


def test_nothing_leads_nowhere(records: list[Said]) -> None:
    assert not unknown_references(records)


def test_every_key_is_in_the_bundled_edition_or_a_change_leads_there(records: list[Said], spaces: Spaces) -> None:
    def keys(said: Said) -> list[str]:
        own = [said[name] for name in ("area_key", "seat_key", "place_key", "land_key", "old_key") if said.get(name)]
        about = [said["about_ref"]] if said.get("about_type") == "area" and said["about_ref"] != "DE" else []
        listed = [key for name in ("parties", "partners") for each in said.get(name, []) for key in keys(each)]
        return own + about + listed

    lost = {(each["ref"], key) for each in records for key in keys(each) if not spaces.lineage.carry(key).keys}
    assert not lost


def test_areas_are_named_as_they_were_entered(records: list[Said]) -> None:
    for each in records:
        for said in (each, *each.get("parties", []), *each.get("partners", [])):
            if said.get("area_key"):
                assert said["area_name"] and said["area_edition"], each["ref"]


def test_changes_of_keys_follow_the_names(by: dict[str, dict[str, Said]]) -> None:
    edition = open_edition()
    for change in by["key-change"].values():
        if change["old_key"] != "15083495":  # ended before the date of the edition
            assert edition.area(change["old_key"]).name in change["old_name"]
    new = {(each["old_key"], each["new_key"]) for each in by["key-change"].values()}
    assert {("03152", "03159"), ("03156", "03159"), ("03154010", "03154028"), ("03358004", "03358024")} <= new


def test_every_text_is_in_both_languages(by: dict[str, dict[str, Said]]) -> None:
    texts = {
        "cooperation": ("summary",), "project": ("summary", "outcome", "reason_note", "learned"),
        "agreement": ("subject",), "meeting": ("note",), "statement": ("what", "check"), "organisation": ("summary",),
    }  # fmt: skip
    needed = {("cooperation", "summary"), ("project", "summary"), ("agreement", "subject"), ("statement", "what")}
    for type_, fields in texts.items():
        for ref, said in by[type_].items():
            for field in fields:
                german, english = said[f"{field}_de"], said[f"{field}_en"]
                assert bool(german) == bool(english), (ref, field)
                assert german or (type_, field) not in needed, (ref, field)
                assert not re.search(r"[\"']|\.\.\.| - ", german), (ref, german)


def test_nothing_stays_english_where_visitors_read_german(records: list[Said]) -> None:
    english = re.compile(r"\b(the|and|of|with|from|since|only|until|district|villages|note|page|year)\b")
    shown = {
        "cooperation": ("name", "legal_basis", "end_note"), "membership": ("part", "via", "note", "area_name"),
        "agreement": ("title", "place"), "project": ("name",), "attachment": ("title", "note"), "source": ("note",),
        "organisation": ("name",), "statement": ("unit",), "key-change": ("new_name",),
    }  # fmt: skip
    for each in records:
        for field in shown.get(each["type"], ()):
            assert not english.search(each[field] or ""), (each["ref"], each[field])
        assert not english.search(each["review_note"]), each["ref"]
        for listed in (*each.get("fundings", []), *each.get("parties", []), *each.get("partners", [])):
            for field in ("note", "programme", "party_name"):
                assert not english.search(listed.get(field) or ""), (each["ref"], listed[field])


# --------------------------------------------------------------------------------------------- reliability


def test_what_is_not_cited_is_listed_for_review(records: list[Said]) -> None:
    sources = cited(records)
    for each in records:
        if each["type"] not in ("source", "citation", "coverage"):
            supported = any(stance == "belegt" for _, stance in sources[each["type"], each["ref"]])
            assert supported or "Gedächtnis" in each["review_note"], each["ref"]
    assert to_review(records) == FILE.with_name(REVIEW).read_text("utf-8")


def test_knowledge_from_memory_is_no_source(by: dict[str, dict[str, Said]], records: list[Said]) -> None:
    assert "general-knowledge" not in by["source"]
    sources = cited(records)
    remembered = by["membership"]["metropolregion-hannover-braunschweig-goettingen-wolfsburg-03154"]
    assert not sources["membership", remembered["ref"]] and "Gedächtnis" in remembered["review_note"]


def test_conflicts_are_shown_as_conflicts(by: dict[str, dict[str, Said]], records: list[Said]) -> None:
    sources = cited(records)
    disputed = {ref for ref in by["statement"] if any(s == "widerspricht" for _, s in sources["statement", ref])}
    assert disputed == {"cl-metropolitan-regions", "cl-einharz-districts", "cl-gruenes-band-length-de"}
    against = [each for each in by["citation"].values() if each["stance"] == "widerspricht"]
    assert all(each["field"] == "value" and each["note"].startswith("Nennt ") for each in against)


def test_no_person_is_named(records: list[Said]) -> None:
    assert not any("Junk" in json.dumps(each) for each in records if each["type"] not in ("source", "citation"))


# --------------------------------------------------------------------------------------- the five reference cases


def test_leader_neighbours(by: dict[str, dict[str, Said]], spaces: Spaces) -> None:
    first = by["agreement"]["agr-gruenes-band-flechtinger-hoehenzug"]
    assert (first["valid_from"], first["valid_until"]) == ("2014", "2021")
    assert [each["party_cooperation"] for each in first["parties"]] == [
        "leader-gruenes-band-helmstedt",
        "leader-flechtinger-hoehenzug",
    ]
    summit = by["meeting"]["kooperationsgipfel-schladen-2014"]
    assert summit["start"].startswith("2014-10-27") and summit["whole_day"] and len(summit["bodies"]) == 4
    shared = [each["ref"] for each in by["project"].values() if len(each["cooperations"]) > 1]
    assert {"gb-tourismuskonzept", "gb-zwischen-uns", "leader-baum-2024"} <= set(shared)
    before = {each["before"]: each for each in by["succession"].values()}
    assert before["leader-flechtinger-hoehenzug"]["after"] == "leader-flechtinger-hoehenzug-droemling"
    assert before["leader-flechtinger-hoehenzug"]["on"] == "2023"
    periods = {each["period"] for each in by["cooperation"]["leader-gruenes-band-helmstedt"]["fundings"]}
    assert periods == {"2014-2022", "2023-2027"}
    footprint = spaces.footprint("leader-gruenes-band-helmstedt")
    assert not footprint.unresolved and len(footprint.parts) == 1
    assert [share.key for share in footprint.districts] == [HELMSTEDT]


def test_a_district_in_many_cooperations(spaces: Spaces) -> None:
    found = {each.cooperation.ref for each in spaces.cooperations_of(HEIDEKREIS)}
    assert {
        "metropolregion-hamburg", "metropolregion-hannover-braunschweig-goettingen-wolfsburg",
        "zweckverband-aller-leine-tal", "wirtschaftsfoerderung-deltaland", "heideregion", "leader-aller-leine-tal",
        "leader-hohe-heide", "leader-vogelpark-region", "leader-naturparkregion-lueneburger-heide",
        "leader-oberes-oertzetal",
    } <= found  # fmt: skip
    overlap = {each.ref for each in spaces.footprint("metropolregion-hamburg").overlaps}
    assert "metropolregion-hannover-braunschweig-goettingen-wolfsburg" in overlap


def test_a_district_that_belonged_in_part_first(by: dict[str, dict[str, Said]]) -> None:
    members = [
        (each["part"], each["valid_from"], each["valid_until"])
        for each in by["membership"].values()
        if (each["cooperation"], each["area_key"]) == ("metropolregion-hamburg", "13076")
    ]
    assert members == [
        ("", "2017-03-01", ""), ("nur der frühere Landkreis Ludwigslust", "2012-05-01", "2017-03-01"),
    ]  # fmt: skip


def test_regions_far_apart(by: dict[str, dict[str, Said]]) -> None:
    partners = [
        each["party_cooperation"]
        for each in by["membership"].values()
        if each["cooperation"] == "star-netzwerk" and each["party_cooperation"]
    ]
    assert len(partners) == 7 and "initiative-region-koblenz-mittelrhein" in partners
    guide = [each for each in by["attachment"].values() if each["title"] == "StaR-Praxisleitfaden"]
    assert {each["about_ref"] for each in guide} == {"star-netzwerk", "initiative-region-koblenz-mittelrhein"}


def test_the_river_region(by: dict[str, dict[str, Said]]) -> None:
    said = by["statement"]["cl-weserregion-border-population"]
    assert said["operator"] == "gt" and said["value"] == "33.33" and "Nicht nachprüfbar" in said["check_de"]
    neighbours = by["statement"]["cl-hameln-pyrmont-neighbours"]
    assert (neighbours["about_type"], neighbours["about_ref"], neighbours["value"]) == ("area", HAMELN_PYRMONT, "5")
    assert len(open_edition().seams(HAMELN_PYRMONT)) == 5
    members = [each for each in by["membership"].values() if each["cooperation"] == "weserregion"]
    assert not members and "Hameln-Pyrmont" in by["cooperation"]["weserregion"]["summary_de"]


def test_ten_years_of_one_initiative(by: dict[str, dict[str, Said]], records: list[Said]) -> None:
    for ref in ("einharz-harzring", "einharz-imagekampagne"):
        project = by["project"][ref]
        assert project["state"] in FAILED_STATES and project["reasons"] == ["finanzierung"]
        assert project["reason_note_de"]
    assert by["project"]["einharz-ecarsharing"]["state"] == by["project"]["einharz-harzlocal"]["state"] == "umsetzung"
    mayors = by["statement"]["cl-einharz-mayors"]
    confirming = cited(records)["statement", mayors["ref"]]
    assert mayors["value"] == "18" and len(confirming) == 3
    kinds = {
        by["organisation"][each["organisation"]]["kind"]
        for each in by["membership"].values()
        if each["cooperation"] == "einharz" and each["organisation"]
    }
    assert {"hochschule", "unternehmen", "verein"} <= kinds


def test_only_the_owners_say_that_a_project_failed(by: dict[str, dict[str, Said]]) -> None:
    assert not [ref for ref, each in by["project"].items() if each["state"] == "gescheitert"]
    failed = [each for each in by["project"].values() if each["state"] in FAILED_STATES]
    assert len(failed) == 4 and all(each["reasons"] for each in failed)


def test_the_figures_of_the_members_fit_those_of_the_sources(by: dict[str, dict[str, Said]], spaces: Spaces) -> None:
    """In square kilometres, of cooperations whose members are whole areas."""
    for claim in ("cl-mrh-area-2017", "cl-hbgw-area", "cl-huy-area", "cl-vp-area"):
        said = by["statement"][claim]
        area_m2 = spaces.footprint(said["about_ref"]).area_m2
        assert area_m2 is not None
        assert area_m2 / 1e6 == pytest.approx(float(said["value"]), rel=0.01), claim


# --------------------------------------------------------------------------------------------- in the database


@pytest.mark.django_db
def test_it_comes_in_cleanly_and_out_the_same(records: list[Said], tmp_path: Path) -> None:
    person = get_user_model().objects.create_user("verwalterin", is_staff=True, is_superuser=True)
    report = exchange.import_(FILE, person, via=Via.COMMAND)
    assert (report.created, report.changed, report.findings) == (len(records), 0, ())
    with FILE.open(encoding="utf-8") as file:
        header = json.loads(file.readline())
    again = tmp_path / "again.jsonl"
    exchange.export(again, exported_on=dt.date.fromisoformat(header["exported_on"]))
    assert again.read_bytes() == FILE.read_bytes()
    assert exchange.import_(FILE, person, via=Via.COMMAND).same == len(records)
