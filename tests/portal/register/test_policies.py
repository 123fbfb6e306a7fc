"""The table of roles: what it says is what `may` answers, and what the handbook explains."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from tests.portal.register.conftest import VIA, Cast, cooperation, organisation, person

from nahtstelle.portal.register import actions
from nahtstelle.portal.register.models import Agreement, Assignment, Contact, KeyChange, Membership, Role, Source
from nahtstelle.portal.register.policies import (
    ALL,
    LAENDER,
    NONE,
    OPERATOR,
    OWN,
    ROLES,
    VERBS,
    lands_of,
    may,
    must_be_reviewed,
    standing_of,
)

HANDBOOK = Path(__file__).parents[3] / "docs/handbuch/rollen.md"
IN_WORDS = {"–": NONE, "eigene": OWN, "Länder": LAENDER, "alle": ALL}


def test_the_handbook_has_the_table() -> None:
    rows = re.findall(r"^\| `(\w+)` \|[^|]+\| (.+) \|$", HANDBOOK.read_text("utf-8"), re.MULTILINE)
    told = {verb: [IN_WORDS[cell.strip()] for cell in cells.split("|")] for verb, cells in rows}
    assert told == {verb: [getattr(row, role) for role in ROLES] for verb, row in VERBS.items()}


def test_the_handbook_explains_every_role() -> None:
    text = HANDBOOK.read_text("utf-8")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings[: len(ROLES)] == ["Besucher", "Person mit Konto", "Koordination", "Redaktion", "Verwaltung"]


def test_no_role_may_less_than_the_one_before_it() -> None:
    """But for the one thing nobody says of others: that they failed."""
    order = [NONE, OWN, LAENDER, ALL]
    for verb, row in VERBS.items():
        if verb != "fail_project":
            reaches = [order.index(getattr(row, role)) for role in ROLES]
            assert reaches == sorted(reaches), verb


@pytest.mark.django_db
@pytest.mark.parametrize("verb", VERBS)
def test_what_the_table_says_is_what_everybody_may(verb: str, cast: Cast) -> None:
    """Asked about a cooperation in Lower Saxony."""
    row = VERBS[verb]
    for who, reach, reached in (
        (cast.visitor, row.visitor, {ALL}),
        (AnonymousUser(), row.visitor, {ALL}),
        (cast.account, row.account, {ALL}),
        (cast.coordination, row.coordination, {OWN, ALL}),
        (cast.stranger, row.coordination, {ALL}),
        (cast.editorial, row.editorial, {LAENDER, ALL}),
        (cast.far_editorial, row.editorial, {ALL}),
        (cast.administration, row.administration, {ALL}),
    ):
        assert may(who, verb, cast.own) is (reach in reached), (verb, who)
        assert may(who, verb) is (reach != NONE or (who is cast.administration and row.administration != NONE))
    assert may(OPERATOR, verb, cast.own)


@pytest.mark.django_db
def test_who_is_locked_may_what_visitors_may(cast: Cast) -> None:
    cast.administration.is_active = False
    assert not may(cast.administration, "change", cast.own) and may(cast.administration, "see", cast.own)


@pytest.mark.django_db
def test_superusers_are_administration(cast: Cast) -> None:
    assert may(person("chefin", is_superuser=True), "assign")


@pytest.mark.django_db
def test_land_by_land(cast: Cast) -> None:
    """A cooperation lies where its seat and its members are, all that belongs to it with it; else it is everybody's."""
    nowhere = cooperation("nirgends", seat_key="")
    for who in (cast.editorial, cast.far_editorial):
        assert may(who, "change", nowhere) and may(who, "change", Source(title="Q"))
    member = actions.add_membership(OPERATOR, cast.own, {"area_key": "05766"}, via=VIA)
    assert lands_of(cast.own) == {"03", "05"}
    assert may(cast.far_editorial, "change", cast.own)
    assert may(cast.far_editorial, "change", Contact(cooperation=cast.own, function="F"))
    assert not may(cast.far_editorial, "change", KeyChange(old_key="03152", new_key="03159"))
    actions.withdraw(OPERATOR, member, via=VIA)
    assert not may(cast.far_editorial, "change", cast.own)
    everywhere = person("ueberall")
    Assignment.objects.create(person=everywhere, role=Role.EDITORIAL)
    assert may(everywhere, "change", cast.own) and not may(everywhere, "assign")


@pytest.mark.django_db
def test_both_sides_of_a_membership(cast: Cast) -> None:
    works, boss = organisation(), person("werkleitung")
    Assignment.objects.create(person=boss, role=Role.COORDINATION, organisation=works)
    member = Membership(cooperation=cast.own, organisation=works)
    for verb in ("add_membership", "end_membership", "confirm_membership", "dispute"):
        assert may(boss, verb, member) and may(cast.coordination, verb, member)
    assert not may(boss, "change", member) and not may(boss, "withdraw", member)
    assert not may(boss, "change", cast.own)
    stated = actions.add_membership(boss, cast.own, {"organisation": works}, via=VIA)
    assert stated.stated_by == "member"
    assert may(boss, "withdraw", stated), "nobody else has said so yet"
    actions.confirm_membership(cast.coordination, stated, via=VIA)
    assert not may(boss, "withdraw", Membership.objects.get(pk=stated.pk))
    party = Membership(cooperation=cast.own, party_cooperation=cast.other)
    assert may(cast.stranger, "confirm_membership", party) and not may(cast.stranger, "change", party)


@pytest.mark.django_db
def test_agreements_belong_to_their_cooperation_or_else_to_their_parties(cast: Cast) -> None:
    fields = {"title": "V", "kind": "oerv", "parties": [{"party_cooperation": "weserbund"}, {"party_name": "N"}]}
    free = actions.create(OPERATOR, "agreement", fields, via=VIA)
    assert may(cast.stranger, "change", free) and not may(cast.coordination, "change", free)
    bound = actions.create(OPERATOR, "agreement", fields | {"cooperation": "einharz"}, via=VIA)
    assert isinstance(bound, Agreement)
    assert may(cast.coordination, "change", bound) and not may(cast.stranger, "change", bound)


@pytest.mark.django_db
def test_one_role_without_review_is_enough(cast: Cast) -> None:
    assert must_be_reviewed(cast.trainee, "change", cast.own)
    assert not must_be_reviewed(cast.trainee, "dispute", cast.own)
    assert not must_be_reviewed(cast.coordination, "change", cast.own)
    Assignment.objects.create(person=cast.trainee, role=Role.EDITORIAL, land_key="03")
    assert not must_be_reviewed(cast.trainee, "change", cast.own)


@pytest.mark.django_db
def test_a_standing_is_read_once(cast: Cast, django_assert_num_queries: object) -> None:
    standing = standing_of(cast.coordination)
    with django_assert_num_queries(0):  # type: ignore[operator]
        for _ in range(20):
            assert may(standing, "change", cast.own) and not may(standing, "change", cast.other)
