"""Rules of a register entry: each broken once, each kept once, and only what cannot be true blocks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.core.registers import area, cooperation, member

from nahtstelle.core.footprint import Territory
from nahtstelle.core.model import KeyChange, RegisterSnapshot
from nahtstelle.core.rules import RULES, Finding, findings, project_findings
from nahtstelle.testing.musterland import KEY_OF_LETTER

KEY = KEY_OF_LETTER


def entry(**said: Any) -> dict[str, Any]:
    """A cooperation with which nothing is wrong."""
    return {
        "ref": "c", "name": "C", "kind": "kommunalinitiative", "legal_form": "", "tasks": [], "state": "aktiv",
        "founded": "2014", "ended": "", "end_reasons": [], "fundings": [],
    } | said  # fmt: skip


def joined(ref: str, **said: Any) -> dict[str, Any]:
    """A membership of an area, unless another member is named."""
    usual = {"area_key": f"0325{ref}", "area_name": f"Gemeinde {ref}", "organisation": None, "party_cooperation": None}
    if said.get("organisation") or said.get("party_cooperation"):
        usual |= {"area_key": "", "area_name": ""}
    return {
        "ref": ref, "cooperation": "c", "role": "mitglied", "part": "", "valid_from": "", "valid_until": "",
        "withdrawn_on": None,
    } | usual | said  # fmt: skip


TWO = [joined("m1", area_key="03252006"), joined("m2", area_key="03257")]


def codes(found: tuple[Finding, ...]) -> list[str]:
    return [each.code for each in found]


def of(cooperation: dict[str, Any], *members: dict[str, Any], **more: Any) -> list[str]:
    return codes(findings(cooperation, members or TWO, **more))


# ------------------------------------------------------------------------------------------------ the words


def test_a_sound_entry_has_no_findings(muster: Territory) -> None:
    assert of(entry()) == []


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_every_rule_speaks_both_languages(rule: Any) -> None:
    for words in (rule.message, rule.fix, *([rule.source] if rule.source else [])):
        assert words.de and words.en and words.de != words.en
    assert set(_names(rule.message.de)) == set(_names(rule.message.en))


def _names(text: str) -> list[str]:
    import string

    return [name for _, name, _, _ in string.Formatter().parse(text) if name]


def test_words_are_filled_as_the_reader_writes_them() -> None:
    found = Finding("leader-too-many", "cooperation", "c", "memberships", {"people": 151_000})
    assert "leben 151.000 Menschen" in found.message("de")
    assert found.message("en").startswith("151,000 people")
    form = Finding(
        "kind-and-form", "cooperation", "c", "legal_form", {"kind": "metropolregion", "form": "gemeindeverband"}
    )
    assert "Metropolregion" in form.message()
    assert "metropolitan region" in form.message("en")
    assert form.fix("de") == "Prüfen Sie beide Angaben."


# --------------------------------------------------------------------------------------------- what blocks


@pytest.mark.parametrize(
    ("cooperation", "code", "field"),
    [
        (
            entry(founded="2014", ended="2013", state="aufgeloest", end_reasons=["ziel-erreicht"]),
            "dates-reversed",
            "ended",
        ),
        (entry(founded="zwanzig"), "date-unreadable", "founded"),
        (entry(founded="2014-13"), "date-unreadable", "founded"),
        (entry(ended="2020"), "end-without-ended-state", "state"),
        (entry(kind="stammtisch"), "term-unknown", "kind"),
        (entry(tasks=["tourismus", "kegeln"]), "term-unknown", "tasks"),
    ],
)
def test_what_a_cooperation_cannot_say(cooperation: dict[str, Any], code: str, field: str) -> None:
    (found,) = findings(cooperation, TWO)
    assert (found.code, found.field, found.blocks, found.type, found.ref) == (code, field, True, "cooperation", "c")
    json.dumps(dict(found.parameters))


@pytest.mark.parametrize(
    ("membership", "code"),
    [
        ({"valid_from": "2020", "valid_until": "2019"}, "dates-reversed"),
        ({"valid_from": "2020", "valid_until": "2020"}, "dates-reversed"),  # it would hold on no day
        ({"valid_from": "gestern"}, "date-unreadable"),
        ({"role": "freund"}, "term-unknown"),
        ({"area_key": ""}, "member-not-one"),
        ({"area_key": "03", "party_cooperation": "d"}, "member-not-one"),
        ({"party_cooperation": "c"}, "member-of-itself"),
        ({"organisation": "o", "role": "gebiet"}, "area-role-without-area"),
        ({"valid_until": "2013"}, "membership-outside-life"),
    ],
)
def test_what_a_membership_cannot_say(membership: dict[str, Any], code: str) -> None:
    found = findings(entry(), [*TWO, joined("m3", **membership)])
    assert [(each.code, each.ref, each.blocks) for each in found] == [(code, "m3", True)]


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ({}, {}, True),
        ({"valid_from": "2014"}, {"valid_from": "2020"}, True),
        ({"valid_until": "2020"}, {"valid_from": "2020"}, False),  # the end is the first day without
        ({"valid_until": "2020-07"}, {"valid_from": "2020"}, True),
        ({"role": "traeger"}, {}, False),  # two roles are two things
        ({"part": "der Norden"}, {"part": "der Süden"}, False),
        ({"withdrawn_on": "2024-01-01"}, {}, False),
        ({"area_key": "03254"}, {}, False),
    ],
)
def test_the_same_member_twice_at_a_time(one: dict[str, Any], other: dict[str, Any], overlap: bool) -> None:
    hameln = {"area_key": "03252006", "area_name": "Hameln"}
    several = [joined("m1", **(hameln | one)), joined("m2", **(hameln | other)), joined("m3")]
    found = findings(entry(founded=""), several)
    assert codes(found) == (["membership-overlap"] if overlap else [])
    if overlap:
        assert found[0].parameters == {"member": "Hameln"}
        assert found[0].field == "valid_from"


def test_a_long_membership_overlaps_with_every_later_one() -> None:
    goslar = {"area_key": "03153"}
    several = [
        joined("m1", **goslar, valid_from="2014"),
        joined("m2", **goslar, valid_from="2015", valid_until="2016"),
        joined("m3", **goslar, valid_from="2017", valid_until="2018"),
        joined("m4"),
    ]
    assert [each.ref for each in findings(entry(), several)] == ["m2", "m3"]


@pytest.mark.parametrize(
    ("founded", "ended", "begins", "until", "code"),
    [
        ("2014", "", "2014", "", None),
        ("2014", "", "2013", "", "membership-beyond-life"),
        ("2014-10-27", "", "2014", "", None),  # in 2014 may mean in November
        ("2014-10", "", "2014-09", "", "membership-beyond-life"),
        ("2014", "", "2012", "2014", "membership-beyond-life"),  # it may have ended in December
        ("2014-01-01", "", "2012", "2014-01-01", "membership-outside-life"),
        ("", "2020", "2020-06", "", None),
        ("", "2020", "2021", "", "membership-outside-life"),
        ("", "2020", "2015", "2021", "membership-beyond-life"),
        ("", "2020", "2015", "", None),  # it ends with the cooperation
    ],
)
def test_memberships_and_the_life_of_the_cooperation(
    founded: str, ended: str, begins: str, until: str, code: str | None
) -> None:
    cooperation = entry(founded=founded)
    if ended:
        cooperation |= {"ended": ended, "state": "aufgegangen"}
    found = findings(cooperation, [joined("m0", valid_from=begins, valid_until=until), *TWO])
    assert codes(found) == ([code] if code else [])


# ----------------------------------------------------------------------------------- through other cooperations


def nested(*ways: tuple[str, str, dict[str, Any]]) -> RegisterSnapshot:
    refs = {ref for of, who, _ in ways for ref in (of, who)} | {"c"}
    return RegisterSnapshot.of(
        [cooperation(ref, name=ref.upper()) for ref in sorted(refs)],
        [member(of, who, ref=f"{of}{who}", **said) for of, who, said in ways],
    )


def test_a_member_of_itself_through_others_is_found_with_the_way() -> None:
    snapshot = nested(("d", "e", {}), ("e", "c", {}))
    (found,) = findings(entry(), [*TWO, joined("m3", party_cooperation="d")], snapshot=snapshot)
    assert (found.code, found.ref, found.blocks) == ("member-of-itself", "m3", True)
    assert found.parameters == {"way": "D → E"}


def test_a_circle_on_different_days_is_none() -> None:
    from datetime import date

    snapshot = nested(("d", "c", {"valid_until": date(2010, 1, 1)}))
    then = joined("m3", party_cooperation="d", valid_from="2014")
    assert of(entry(), *TWO, then, snapshot=snapshot) == []
    assert of(entry(founded=""), *TWO, then | {"valid_from": "2009"}, snapshot=snapshot) == ["member-of-itself"]


def test_a_circle_of_others_does_no_harm() -> None:
    snapshot = nested(("d", "e", {}), ("e", "d", {}))
    assert of(entry(), *TWO, joined("m3", party_cooperation="d"), snapshot=snapshot) == []


# ------------------------------------------------------------------------------------------------- what is advice


@pytest.mark.parametrize(
    ("cooperation", "code"),
    [
        (entry(state="aufgeloest", ended="2020"), "ended-without-reason"),
        (entry(state="geteilt"), "ended-without-date"),
        (entry(kind="evtz", legal_form="ev"), "kind-and-form"),
        (entry(kind="gesamtgemeinde", legal_form="ev"), "kind-and-form"),
        (entry(legal_form="gemeindeverband"), "kind-and-form"),
        (entry(kind="kooperationsregion", legal_form="kooperationsvereinbarung"), "kind-and-form"),
        (entry(legal_form="planungsverband"), "form-without-planning"),
        (entry(kind="leader-kooperationsprojekt"), "partnership-of-one"),
    ],
)
def test_advice_about_a_cooperation(cooperation: dict[str, Any], code: str) -> None:
    (found,) = findings(cooperation, TWO)
    assert (found.code, found.severity) == (code, "advice")


@pytest.mark.parametrize(
    "cooperation",
    [
        entry(kind="evtz", legal_form="evtz"),
        entry(kind="euroregion", legal_form="evtz"),
        entry(kind="gesamtgemeinde", legal_form="gemeindeverband"),
        entry(kind="kooperationsregion", legal_form="ev"),
        entry(legal_form="planungsverband", tasks=["bauen-planung"]),
        entry(state="aufgegangen", ended="2020"),
    ],
)
def test_what_fits_is_left_alone(cooperation: dict[str, Any]) -> None:
    assert of(cooperation) == []


def test_fewer_than_two_members() -> None:
    assert codes(findings(entry(), [])) == ["few-authorities"]
    assert of(entry(), TWO[0], joined("m2", role="beobachter", area_key="03257")) == ["few-authorities"]
    assert of(entry(), TWO[0], joined("m2", valid_until="2020", area_key="03257")) == ["few-authorities"]
    assert of(entry(), TWO[0], joined("m2", organisation="o")) == []  # it may be an authority
    assert of(entry(kind="leader-region"), TWO[0]) == []  # members may be persons
    assert codes(findings(entry(state="geteilt", ended="2020"), [])) == []


def test_parties_of_an_agreement_that_are_no_members() -> None:
    agreement = {
        "ref": "a", "kind": "satzung", "cooperation": "c",
        "parties": [
            {"area_key": "03252006"}, {"area_key": "05766", "area_name": "Lippe"}, {"party_cooperation": "c"},
            {"party_name": "somebody"},
        ],
    }  # fmt: skip
    (found,) = findings(entry(), TWO, agreements=[agreement])
    assert (found.code, found.type, found.ref, found.parameters) == (
        "party-not-member",
        "agreement",
        "a",
        {"party": "Lippe"},
    )
    assert of(entry(), agreements=[agreement | {"cooperation": None}]) == []
    assert of(entry(), agreements=[agreement | {"withdrawn_on": "2024-01-01"}]) == []


def test_agreements_of_one_and_backwards() -> None:
    agreement = {"ref": "a", "kind": "satzung", "cooperation": "c", "parties": [{"area_key": "03257"}]}
    assert of(entry(), agreements=[agreement]) == ["one-party"]
    two = agreement | {"parties": [{"area_key": "03257"}, {"area_key": "03252006"}]}
    assert of(entry(), agreements=[two | {"valid_from": "2020", "valid_until": "2019"}]) == ["dates-reversed"]
    assert of(entry(), agreements=[two | {"signed": "2020", "terminated_on": "2019"}]) == ["dates-reversed"]
    assert of(entry(), agreements=[two | {"kind": "handschlag"}]) == ["term-unknown"]


def test_failed_projects_need_a_reason() -> None:
    failed = {"ref": "p", "state": "gescheitert", "reasons": [], "started": "2014", "ended": "2015"}
    (found,) = project_findings(failed)
    assert (found.code, found.type, found.ref, found.field, found.blocks) == (
        "failed-without-reason", "project", "p", "reasons", True,
    )  # fmt: skip
    assert "„Nicht zustande gekommen“" in found.message("de")
    assert "“failed”" in found.message("en")
    assert of(entry(), projects=[failed]) == ["failed-without-reason"]
    assert project_findings(failed | {"reasons": ["finanzierung"]}) == ()
    assert codes(project_findings(failed | {"reasons": ["pech"]})) == ["term-unknown"]
    assert codes(project_findings(failed | {"reasons": ["finanzierung"], "ended": "2013"})) == ["dates-reversed"]


def test_what_blocks_comes_first() -> None:
    found = findings(entry(state="geteilt"), [joined("m1", valid_from="2020", valid_until="2019"), TWO[1]])
    assert codes(found) == ["dates-reversed", "ended-without-date"]


# ---------------------------------------------------------------------------------------------------- the area


def region(*names: str, **said: Any) -> list[dict[str, Any]]:
    return [joined(f"m{name}", area_key=KEY.get(name, name), **said) for name in names]


LEADER = entry(kind="leader-region", fundings=[{"period": "2014-2022"}])


def test_keys_that_lead_nowhere(muster: Territory) -> None:
    members = [*region("A", "B"), joined("m", area_key="99")]
    (found,) = findings(entry(), members, territory=muster)
    assert (found.code, found.ref, found.parameters, found.blocks) == ("key-unknown", "m", {"key": "99"}, False)
    known = RegisterSnapshot.of([], [], [KeyChange("99", "05911", None)])
    assert codes(findings(entry(), members, territory=muster, snapshot=known)) == []


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        (region("A", "B", "D", "C", "E"), []),
        (region("A", "C", "E", "I"), ["leader-not-connected"]),
        (region("A", "D"), ["leader-too-few"]),
        (region("F", "O", "B", "J"), ["leader-too-many"]),
        (region("F", "O", "B", "J", part="der Rand"), []),  # counted in whole, so it may be less
        (region("L", "M"), []),  # at least 6,400: may be more
    ],
)
def test_a_leader_region_is_connected_and_of_a_size(
    muster: Territory, members: list[dict[str, Any]], expected: list[str]
) -> None:
    found = findings(LEADER, members, territory=muster)
    assert codes(found) == expected
    assert not any(each.blocks for each in found)


def test_the_size_is_a_rule_of_one_period_only(muster: Territory) -> None:
    later = LEADER | {"fundings": [{"period": "2023-2027"}]}
    assert codes(findings(later, region("A", "D"), territory=muster)) == []
    assert codes(findings(later, region("A", "C", "E", "I"), territory=muster)) == ["leader-not-connected"]


def test_rules_of_law_name_their_source() -> None:
    for code in ("leader-too-few", "leader-too-many", "leader-not-connected", "form-without-planning"):
        source = RULES[code].source
        assert source is not None
        assert "Rechtsberatung" in source.de
        assert "legal advice" in source.en.lower()


def test_members_through_member_cooperations_belong_to_the_area(muster: Territory) -> None:
    snapshot = RegisterSnapshot.of(
        [cooperation("c"), cooperation("d")], [area("c", KEY["S"]), area("d", KEY["C"]), area("d", KEY["E"])]
    )
    through = joined("m", party_cooperation="d")
    assert codes(findings(LEADER, [*region("A"), through], territory=muster, snapshot=snapshot)) == []
    assert codes(findings(LEADER, [*region("I"), through], territory=muster, snapshot=snapshot)) == [
        "leader-not-connected"
    ]


def test_a_cooperation_region_has_three_districts(muster: Territory) -> None:
    wanted = entry(kind="kooperationsregion", legal_form="ev")
    assert codes(findings(wanted, region("03151", "03152"), territory=muster)) == ["region-of-few-districts"]
    assert codes(findings(wanted, region("03151", "03152", "15081"), territory=muster)) == []
    # of a cooperation that has ended, those who were members to the end
    ended = wanted | {"state": "geteilt", "ended": "2020"}
    left = region("15081", valid_until="2018")
    assert codes(findings(ended, [*region("03151", "03152", valid_until="2020"), *left], territory=muster)) == [
        "region-of-few-districts"
    ]
