"""The verbs: who may, what they refuse, what they leave in the log, and how they are taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from tests.portal.register.conftest import VIA, Cast, cooperation, organisation, person

from nahtstelle.portal.register import actions
from nahtstelle.portal.register.errors import Conflict, Forbidden, Invalid, ReviewFirst
from nahtstelle.portal.register.models import (
    Agreement,
    Assignment,
    Citation,
    Cooperation,
    Dispute,
    ImportBatch,
    Invitation,
    LogEntry,
    Membership,
    Project,
    Record,
    Role,
    Source,
    Succession,
    Suggestion,
)
from nahtstelle.portal.register.policies import OPERATOR, VERBS, may
from nahtstelle.portal.register.records import described
from nahtstelle.portal.register.staff import prepare_staff

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()

INSIDE = {"coordination", "editorial", "administration"}
"""Who may do most things to the cooperation of the tests."""
EVERYBODY = ("visitor", "account", "coordination", "stranger", "editorial", "far_editorial", "administration")


def newest() -> LogEntry:
    entry = LogEntry.objects.first()
    assert entry is not None
    return entry


def codes(error: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [each.code for each in error.value.findings]


def member(cast: Cast, **said: Any) -> Membership:
    return actions.add_membership(OPERATOR, cast.own, {"area_key": "03153", "valid_from": "2014"} | said, via=VIA)


def agreement(cast: Cast) -> Agreement:
    parties = [{"party_cooperation": "einharz"}, {"party_name": "Land Niedersachsen"}]
    fields = {"title": "Vertrag", "kind": "oerv", "cooperation": "einharz", "parties": parties}
    made = actions.create(OPERATOR, "agreement", fields, via=VIA)
    assert isinstance(made, Agreement)
    return made


def project(cast: Cast, **said: Any) -> Project:
    fields = {"ref": "ring", "name": "Harzring", "cooperations": [{"cooperation": "einharz"}]} | said
    made = actions.create(OPERATOR, "project", fields, via=VIA)
    assert isinstance(made, Project)
    return made


def suggestion(cast: Cast) -> Suggestion:
    return actions.suggest(cast.account, "cooperation", {"website": "https://neu.example"}, ref="einharz")


@dataclass(frozen=True)
class Case:
    """A verb tried by everybody: on what, who may, and how it cannot be."""

    given: Callable[[Cast], Any]
    do: Callable[[Any, Cast, Any], Any]
    allowed: frozenset[str] | set[str]
    invalid: Callable[[Any, Cast, Any], Any] | None = None
    code: str = ""
    logged: str = ""


def _fields(cast: Cast, **said: Any) -> dict[str, Any]:
    return {"name": "Neu", "kind": "ile-region", "seat_key": "03153017"} | said


CASES: dict[str, Case] = {
    "create": Case(
        lambda cast: None,
        lambda by, cast, _: actions.create(by, "cooperation", _fields(cast), via=VIA),
        {"editorial", "administration"},
        lambda by, cast, _: actions.create(by, "cooperation", _fields(cast, kind="verein"), via=VIA),
        "invalid_choice",
    ),
    "create of what belongs to it": Case(
        lambda cast: None,
        lambda by, cast, _: actions.create(
            by, "contact", {"cooperation": "einharz", "function": "Büro", "phone": "1"}, via=VIA
        ),
        INSIDE,
        lambda by, cast, _: actions.create(by, "contact", {"cooperation": "einharz", "function": "Büro"}, via=VIA),
        "contact_can_be_reached",
        "create",
    ),
    "create of a partner": Case(
        lambda cast: None,
        lambda by, cast, _: actions.create(by, "organisation", {"name": "Hochschule Harz"}, via=VIA),
        {"coordination", "stranger", "editorial", "far_editorial", "administration"},
        lambda by, cast, _: actions.create(by, "organisation", {"name": ""}, via=VIA),
        "blank",
        "create",
    ),
    "change": Case(
        lambda cast: cast.own,
        lambda by, cast, it: actions.change(by, it, {"website": "https://neu.example"}, via=VIA),
        INSIDE,
        lambda by, cast, it: actions.change(by, it, {"founded": "2014", "ended": "2012"}, via=VIA),
        "cooperation_ends_after_founding",
    ),
    "publish": Case(
        lambda cast: actions.change(cast.trainee, cast.own, {"website": "https://neu.example"}, via=VIA),
        lambda by, cast, it: actions.publish(by, it, via=VIA),
        INSIDE,
    ),
    "confirm": Case(
        lambda cast: cast.own,
        lambda by, cast, it: actions.confirm(by, it, via=VIA),
        INSIDE,
        lambda by, cast, it: actions.confirm(by, actions.withdraw(by, it, via=VIA), via=VIA),
        "not-public",
    ),
    "withdraw": Case(lambda cast: cast.own, lambda by, cast, it: actions.withdraw(by, it, via=VIA), INSIDE),
    "restore": Case(
        lambda cast: actions.withdraw(OPERATOR, member(cast), via=VIA),
        lambda by, cast, it: actions.restore(by, it, via=VIA),
        INSIDE,
        lambda by, cast, it: (member(cast), actions.restore(by, it, via=VIA)),
        "membership-overlap",
    ),
    "add_membership": Case(
        lambda cast: None,
        lambda by, cast, _: actions.add_membership(by, cast.own, {"area_key": "03153"}, via=VIA),
        INSIDE,
        lambda by, cast, _: actions.add_membership(by, cast.own, {}, via=VIA),
        "membership_has_one_member",
    ),
    "end_membership": Case(
        member,
        lambda by, cast, it: actions.end_membership(by, it, on="2021", via=VIA),
        INSIDE,
        lambda by, cast, it: actions.end_membership(by, it, on="2013", via=VIA),
        "membership_ends_after_it_begins",
    ),
    "confirm_membership": Case(
        member,
        lambda by, cast, it: actions.confirm_membership(by, it, via=VIA),
        INSIDE,
        lambda by, cast, it: actions.confirm_membership(by, actions.withdraw(by, it, via=VIA), via=VIA),
        "withdrawn",
    ),
    "merge": Case(
        lambda cast: cooperation("dritte", seat_key="03252006"),
        lambda by, cast, it: actions.merge(by, [cast.own, it], _fields(cast), on="2020", via=VIA),
        {"editorial", "administration"},
        lambda by, cast, it: actions.merge(by, [it], _fields(cast), on="2020", via=VIA),
        "too-few",
    ),
    "split": Case(
        member,
        lambda by, cast, it: actions.split(
            by, cast.own, [(_fields(cast), [it]), (_fields(cast, name="Rest"), [])], on="2020", via=VIA
        ),
        INSIDE,
        lambda by, cast, it: actions.split(by, cast.own, [(_fields(cast), [it])], on="2020", via=VIA),
        "too-few",
    ),
    "convert": Case(
        member,
        lambda by, cast, _: actions.convert(by, cast.own, {"legal_form": "ev"}, on="2020", via=VIA),
        INSIDE,
        lambda by, cast, _: actions.convert(by, cast.own, {"legal_form": ""}, on="2020", via=VIA),
        "same-legal-form",
    ),
    "rename": Case(
        lambda cast: cast.own,
        lambda by, cast, it: actions.rename(by, it, "Ein Harz", via=VIA),
        INSIDE,
        lambda by, cast, it: actions.rename(by, it, "", via=VIA),
        "blank",
    ),
    "dissolve": Case(
        member,
        lambda by, cast, _: actions.dissolve(by, cast.own, on="2020", reasons=["finanzierung"], via=VIA),
        INSIDE,
        lambda by, cast, _: actions.dissolve(by, cast.own, on="2020", reasons=[], via=VIA),
        "reason-is-missing",
    ),
    "sign_agreement": Case(
        agreement,
        lambda by, cast, it: actions.sign_agreement(by, it, on="2014-10-27", valid_from="2015", via=VIA),
        INSIDE,
        lambda by, cast, it: actions.sign_agreement(by, it, on="", via=VIA),
        "date-is-missing",
    ),
    "terminate_agreement": Case(
        agreement,
        lambda by, cast, it: actions.terminate_agreement(by, it, on="2019-06", valid_until="2020", via=VIA),
        INSIDE,
        lambda by, cast, it: actions.terminate_agreement(by, it, on="2019", valid_until="", via=VIA),
        "date-is-missing",
    ),
    "move_project": Case(
        project,
        lambda by, cast, it: actions.move_project(by, it, "abgebrochen", reasons=["finanzierung"], on="2020", via=VIA),
        INSIDE,
        lambda by, cast, it: actions.move_project(by, it, "abgebrochen", via=VIA),
        "reason-is-missing",
    ),
    "fail_project": Case(
        project,
        lambda by, cast, it: actions.move_project(by, it, "gescheitert", reasons=["finanzierung"], via=VIA),
        {"coordination"},
        logged="move_project",
    ),
    "add_source": Case(
        lambda cast: cast.own,
        lambda by, cast, it: actions.add_source(by, it, {"title": "Bericht", "publisher": "Land"}, via=VIA),
        INSIDE,
        lambda by, cast, it: actions.add_source(by, it, {"title": ""}, via=VIA),
        "blank",
    ),
    "dispute": Case(
        lambda cast: cast.own,
        lambda by, cast, it: actions.dispute(by, it, "Gegründet wurde 2013.", field="founded", via=VIA),
        INSIDE,
        lambda by, cast, it: actions.dispute(by, it, "", via=VIA),
        "blank",
    ),
    "settle": Case(
        lambda cast: actions.dispute(OPERATOR, cast.own, "Falsch.", via=VIA),
        lambda by, cast, it: actions.settle(by, it, "Richtiggestellt.", via=VIA),
        INSIDE,
        lambda by, cast, it: actions.settle(by, it, " ", via=VIA),
        "settlement-is-missing",
    ),
    "decide": Case(
        suggestion,
        lambda by, cast, it: actions.accept(by, it, via=VIA),
        INSIDE,
        lambda by, cast, it: (actions.accept(by, it, via=VIA), actions.accept(by, it, via=VIA)),
        "decided",
        "change",
    ),
    "state_completeness": Case(
        lambda cast: None,
        lambda by, cast, _: actions.state_completeness(by, "03153", via=VIA),
        {"editorial", "administration"},
        lambda by, cast, _: actions.state_completeness(by, "", via=VIA),
        "blank",
    ),
    "invite": Case(
        lambda cast: cast.own,
        lambda by, cast, it: actions.invite(by, "neu@example.org", cooperation=it, via=VIA),
        INSIDE,
        lambda by, cast, it: actions.invite(by, "neu", cooperation=it, via=VIA),
        "email",
    ),
    "assign": Case(
        lambda cast: person("neu"),
        lambda by, cast, it: actions.assign(by, it, Role.EDITORIAL, land_key="03", via=VIA),
        {"administration"},
        lambda by, cast, it: actions.assign(by, it, Role.COORDINATION, via=VIA),
        "invalid",
    ),
}


def test_every_right_that_changes_something_is_tried_here() -> None:
    others = {"see", "see_drafts", "suggest", "follow", "create_partner", "import", "undo_batch"}
    assert set(VERBS) - others <= set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_who_may_and_what_the_log_says(name: str, cast: Cast) -> None:
    case = CASES[name]
    verb = case.logged or {"decide": "change"}.get(name, name)
    for who in EVERYBODY:
        if who in case.allowed:
            continue
        given, before = case.given(cast), LogEntry.objects.count()
        with pytest.raises(Forbidden):
            case.do(getattr(cast, who), cast, given)
        assert LogEntry.objects.count() == before, who
        _forget(given, cast)
    who = sorted(case.allowed)[0]
    given = case.given(cast)
    before = newest().pk
    case.do(getattr(cast, who), cast, given)
    entries = LogEntry.objects.filter(pk__gt=before)
    assert entries and {each.verb for each in entries} == {verb}
    assert {(each.by, each.by_name, each.via) for each in entries} == {(getattr(cast, who), who, VIA)}


def _forget(given: Any, cast: Cast) -> None:
    """Take away what a try was given, so that the next one finds its place free."""
    if (isinstance(given, Suggestion | Record) and given.pk and given not in (cast.own, cast.other)) or hasattr(
        given, "username"
    ):
        given.delete()


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.invalid])
def test_what_cannot_be_is_refused_and_nothing_changes(name: str, cast: Cast) -> None:
    case = CASES[name]
    who = getattr(cast, "editorial" if "editorial" in case.allowed else sorted(case.allowed)[0])
    given = case.given(cast)
    assert case.invalid
    before = described(cast.own)
    with pytest.raises(Invalid) as caught:
        case.invalid(who, cast, given)
    assert case.code in codes(caught)
    assert all(each.message for each in caught.value.findings)
    if name not in ("confirm", "decide"):  # whose case does it properly first
        assert described(Cooperation.objects.get(pk=cast.own.pk)) == before


# ------------------------------------------------------------------------------------------ create and change


def test_before_and_after_are_in_the_log(cast: Cast) -> None:
    changed = actions.change(cast.editorial, cast.own, {"name": "Neuer"}, via=VIA, note="Beschluss vom Mai")
    assert changed.name == "Neuer"
    entry = newest()
    assert (entry.before["name"], entry.after["name"], entry.note) == ("Einharz", "Neuer", "Beschluss vom Mai")
    assert Cooperation.objects.get(pk=cast.own.pk).revisions.count() == 2


def test_what_changes_nothing_leaves_no_trace(cast: Cast) -> None:
    before = LogEntry.objects.count()
    actions.change(cast.editorial, cast.own, {"name": "Einharz", "tasks": ()}, via=VIA)
    assert LogEntry.objects.count() == before


def test_what_is_published_already_is_not_published_again(cast: Cast) -> None:
    before = LogEntry.objects.count()
    actions.publish(cast.editorial, cast.own, via=VIA)
    assert LogEntry.objects.count() == before


def test_a_reference_never_changes(cast: Cast) -> None:
    with pytest.raises(Invalid) as caught:
        actions.change(cast.administration, cast.own, {"ref": "anders"}, via=VIA)
    assert codes(caught) == ["ref-is-kept"]


@pytest.mark.parametrize(
    "fields", [{"confirmed_on": "2026-01-01"}, {"withdrawn_on": "2026-01-01"}], ids=lambda fields: next(iter(fields))
)
def test_what_has_a_verb_of_its_own_is_not_set_by_hand(fields: dict[str, Any], cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.change(cast.editorial, cast.own, fields, via=VIA)
    with pytest.raises(Forbidden):
        actions.create(cast.editorial, "cooperation", _fields(cast, **fields), via=VIA)


def test_nobody_moves_a_record_where_they_may_not(cast: Cast) -> None:
    contact = actions.create(
        cast.coordination, "contact", {"cooperation": "einharz", "function": "Büro", "phone": "1"}, via=VIA
    )
    with pytest.raises(Forbidden):
        actions.change(cast.coordination, contact, {"cooperation": "weserbund"}, via=VIA)


def test_a_withdrawn_record_is_not_changed(cast: Cast) -> None:
    actions.withdraw(cast.coordination, cast.own, via=VIA)
    with pytest.raises(Invalid) as caught:
        actions.change(cast.coordination, cast.own, {"name": "Neu"}, via=VIA)
    assert codes(caught) == ["withdrawn"]


def test_what_is_listed_twice_is_found(cast: Cast) -> None:
    with pytest.raises(Invalid) as caught:
        project(
            cast, cooperations=[{"cooperation": "einharz", "lead": True}, {"cooperation": "weserbund", "lead": True}]
        )
    assert [(each.code, each.field) for each in caught.value.findings] == [("one_lead_per_project", "cooperations")]


# -------------------------------------------------------------------------------------------- two at once


def test_the_second_of_two_editors_is_shown_both_versions(cast: Cast) -> None:
    seen = Cooperation.objects.get(pk=cast.own.pk).changed_at
    actions.change(cast.coordination, cast.own, {"name": "Ein Harz"}, via=VIA, seen=seen)
    with pytest.raises(Conflict) as caught:
        actions.change(cast.editorial, cast.own, {"name": "EinHarz", "founded": "2014"}, via=VIA, seen=seen.isoformat())
    assert caught.value.differences == {"name": ("Ein Harz", "EinHarz"), "founded": ("", "2014")}
    there = Cooperation.objects.get(pk=cast.own.pk)
    assert (there.name, there.founded) == ("Ein Harz", "")
    actions.change(cast.editorial, there, {"name": "EinHarz"}, via=VIA, seen=there.changed_at)


def test_a_draft_of_somebody_else_is_not_written_over(cast: Cast) -> None:
    seen = Cooperation.objects.get(pk=cast.own.pk).changed_at
    actions.change(cast.trainee, cast.own, {"name": "Entwurf"}, via=VIA, seen=seen)
    with pytest.raises(Conflict):
        actions.change(cast.coordination, cast.own, {"name": "Anders"}, via=VIA, seen=seen, draft=True)


def test_who_goes_on_after_saving_meets_no_conflict(cast: Cast) -> None:
    record = cast.own
    for name in ("Eins", "Zwei", "Drei"):
        record = actions.change(cast.coordination, record, {"name": name}, via=VIA, seen=record.changed_at)
    for name in ("Vier", "Fünf"):
        record = actions.change(cast.coordination, record, {"name": name}, via=VIA, seen=record.changed_at, draft=True)
    assert Cooperation.objects.get(pk=record.pk).name == "Drei"
    actions.publish(cast.coordination, record, via=VIA, seen=record.changed_at)
    assert Cooperation.objects.get(pk=record.pk).name == "Fünf"


# ------------------------------------------------------------------------------------------------- drafts


def test_what_a_trainee_changes_is_looked_at_first(cast: Cast) -> None:
    prepare_staff()
    changed = actions.change(cast.trainee, cast.own, {"name": "Anders", "fundings": [{"programme": "LEADER"}]}, via=VIA)
    there = Cooperation.objects.get(pk=cast.own.pk)
    assert (there.name, there.has_unpublished_changes, changed.name) == ("Einharz", True, "Anders")
    assert there.fundings.count() == 0 and newest().after["draft"]
    assert there.workflow_in_progress, "sent to somebody"
    with pytest.raises(Forbidden):
        actions.publish(cast.stranger, there, via=VIA)
    actions.publish(cast.trainee, there, via=VIA)
    assert Cooperation.objects.get(pk=cast.own.pk).name == "Einharz", "nobody publishes their own draft under review"
    actions.confirm(cast.coordination, there, via=VIA)
    actions.publish(cast.coordination, there, via=VIA)
    there = Cooperation.objects.get(pk=cast.own.pk)
    assert (there.name, there.has_unpublished_changes, there.confirmed_on) == ("Anders", False, TODAY)
    assert there.fundings.count() == 1 and not there.workflow_in_progress


def test_a_new_draft_is_seen_by_nobody_else(cast: Cast) -> None:
    fields = {"name": "Idee", "cooperations": [{"cooperation": "einharz"}]}
    made = actions.create(cast.trainee, "project", fields, via=VIA)
    assert isinstance(made, Project) and not Project.objects.get(pk=made.pk).live
    assert may(cast.trainee, "see", made) and may(cast.editorial, "see", made)
    assert not may(cast.account, "see", made) and not may(cast.stranger, "see", made)
    again = actions.change(cast.trainee, made, {"name": "Bessere Idee"}, via=VIA)
    assert not Project.objects.get(pk=made.pk).live
    published = actions.publish(cast.coordination, again, via=VIA)
    assert Project.objects.get(pk=published.pk).name == "Bessere Idee" and may(None, "see", published)


def test_what_has_no_drafts_is_suggested_instead(cast: Cast) -> None:
    with pytest.raises(ReviewFirst):
        actions.add_membership(cast.trainee, cast.own, {"area_key": "03153"}, via=VIA)
    with pytest.raises(ReviewFirst):
        actions.dissolve(cast.trainee, cast.own, on="2020", reasons=["finanzierung"], via=VIA)
    made = actions.suggest(cast.trainee, "membership", {"cooperation": "einharz", "area_key": "03153"})
    actions.accept(cast.coordination, made, via=VIA)
    assert cast.own.memberships.count() == 1


# --------------------------------------------------------------------------------------------- memberships


def test_what_one_side_states_the_other_confirms(cast: Cast) -> None:
    works, boss = organisation(), person("werkleitung")
    Assignment.objects.create(person=boss, role=Role.COORDINATION, organisation=works)
    stated = actions.add_membership(cast.coordination, cast.own, {"organisation": works}, via=VIA)
    assert (stated.stated_by, stated.confirmed_by_cooperation_on, stated.confirmed_by_member_on) == (
        "cooperation", TODAY, None,
    )  # fmt: skip
    with pytest.raises(Forbidden):
        actions.confirm_membership(cast.stranger, stated, via=VIA)
    confirmed = actions.confirm_membership(boss, stated, via=VIA)
    assert confirmed.confirmed_by_member_on == confirmed.confirmed_on == TODAY
    changed = actions.end_membership(boss, confirmed, on="2024", via=VIA)
    assert (changed.stated_by, changed.confirmed_by_cooperation_on, changed.confirmed_by_member_on) == (
        "member", None, TODAY,
    )  # fmt: skip
    noted = actions.change(cast.coordination, changed, {"note": "Brief liegt vor"}, via=VIA)
    assert noted.stated_by == "member", "a note states nothing new"
    with pytest.raises(Invalid) as caught:
        actions.confirm_membership(boss, noted, side="cooperation", via=VIA)
    assert codes(caught) == ["not-your-side"]


def test_a_third_party_states_for_nobody(cast: Cast) -> None:
    stated = actions.add_membership(cast.editorial, cast.own, {"area_key": "03153"}, via=VIA)
    assert (stated.stated_by, stated.confirmed_by_cooperation_on, stated.confirmed_on) == ("third", None, None)
    confirmed = actions.confirm_membership(cast.coordination, stated, via=VIA)
    assert confirmed.confirmed_on == TODAY, "an area has nobody else to ask"


def test_areas_keep_the_key_edition_and_name_of_the_day(cast: Cast) -> None:
    made = member(cast)
    assert (made.area_name, bool(made.area_edition)) == ("Landkreis Goslar", True)
    signed = actions.create(
        OPERATOR, "agreement", {"title": "V", "kind": "oerv", "parties": [{"area_key": "03252"}]}, via=VIA
    )
    assert isinstance(signed, Agreement)
    assert signed.parties.get().area_name == "Landkreis Hameln-Pyrmont"


def test_the_source_of_a_member_is_cited_and_entered_once(cast: Cast) -> None:
    source = {"title": "Mitglieder", "url": "https://einharz.example/mitglieder"}
    for key in ("03153", "03252"):
        actions.add_membership(cast.coordination, cast.own, {"area_key": key}, source=source, via=VIA)
    assert (Source.objects.count(), Citation.objects.filter(about_type="membership").count()) == (1, 2)
    with pytest.raises(Invalid) as caught:
        actions.add_source(cast.coordination, Membership.objects.all()[0], source, via=VIA)
    assert codes(caught) == ["a_source_says_a_thing_once"]


def test_nothing_is_a_member_of_itself_through_others(cast: Cast) -> None:
    actions.add_membership(OPERATOR, cast.own, {"party_cooperation": cast.other}, via=VIA)
    with pytest.raises(Invalid) as caught:
        actions.add_membership(OPERATOR, cast.other, {"party_cooperation": cast.own}, via=VIA)
    assert codes(caught) == ["member-of-itself"]
    assert Membership.objects.count() == 1


# -------------------------------------------------------------------------------------- becoming another


def test_a_merger_carries_members_and_coordination_on(cast: Cast) -> None:
    member(cast)
    member(cast, area_key="03252", valid_until="2016")
    member(cast, area_key="03254", valid_from="2022")
    for key in ("05766", "03153"):
        actions.add_membership(OPERATOR, cast.other, {"area_key": key, "valid_from": "2014"}, via=VIA)
    roof = cooperation("dach")
    actions.add_membership(OPERATOR, roof, {"party_cooperation": cast.own}, via=VIA)
    made = actions.merge(cast.administration, [cast.own, cast.other], _fields(cast, ref="beide"), on="2020", via=VIA)
    assert sorted(made.memberships.values_list("area_key", "valid_from")) == [
        ("03153", "2020"), ("03254", "2022"), ("05766", "2020"),
    ]  # fmt: skip
    own = Cooperation.objects.get(pk=cast.own.pk)
    assert (own.state, own.ended) == ("aufgegangen", "2020")
    assert own.memberships.filter(withdrawn_on=None, valid_until="").count() == 0
    assert set(Succession.objects.values_list("before__ref", "after__ref", "kind")) == {
        ("einharz", "beide", "zusammenschluss"), ("weserbund", "beide", "zusammenschluss"),
    }  # fmt: skip
    in_roof = roof.memberships.order_by("pk").values_list("party_cooperation__ref", "valid_until")
    assert list(in_roof) == [("einharz", "2020"), ("beide", "")]
    actions.change(cast.coordination, made, {"website": "https://beide.example"}, via=VIA)
    with pytest.raises(Forbidden):
        actions.change(cast.account, made, {"website": ""}, via=VIA)


def test_one_goes_up_in_another(cast: Cast) -> None:
    member(cast)
    into = actions.merge(cast.administration, [cast.own], cast.other, on="2020", via=VIA)
    assert into == cast.other and into.memberships.get().area_key == "03153"


def holding(one: Cooperation, day: str = "") -> list[tuple[Any, ...]]:
    """Who is a member without an end, as what, and from when."""
    there = one.memberships.filter(withdrawn_on=None, valid_until=day)
    return sorted(there.values_list("area_key", "role", "part", "valid_from"))


def test_who_is_in_both_is_in_it_once_in_the_fuller_role(cast: Cast) -> None:
    for fields in (
        {"area_key": "03153", "role": "beobachter"},
        {"area_key": "03252", "part": "nur der Norden"},
        {"area_key": "03254", "role": "aufsicht"},
        {"area_key": "03255", "valid_until": "2016"},
    ):
        member(cast, **fields)
    for fields in (
        {"area_key": "03153", "role": "mitglied"},
        {"area_key": "03252"},
        {"area_key": "03254"},
        {"area_key": "03255", "role": "foerdermitglied"},
    ):
        actions.add_membership(OPERATOR, cast.other, {"valid_from": "2015"} | fields, via=VIA)
    into = actions.merge(cast.administration, [cast.other], cast.own, on="2020", via=VIA)
    assert holding(into) == [
        ("03153", "mitglied", "", "2020"), ("03252", "mitglied", "", "2020"), ("03254", "aufsicht", "", "2014"),
        ("03254", "mitglied", "", "2020"), ("03255", "foerdermitglied", "", "2020"),
    ]  # fmt: skip
    assert holding(into, "2020") == [
        ("03153", "beobachter", "", "2014"),
        ("03252", "mitglied", "nur der Norden", "2014"),
    ]


def test_two_that_were_in_the_same_roof_and_in_each_other_become_one(cast: Cast) -> None:
    roof = cooperation("dach")
    for one in (cast.own, cast.other):
        actions.add_membership(OPERATOR, roof, {"party_cooperation": one, "valid_from": "2014"}, via=VIA)
    actions.add_membership(OPERATOR, cast.other, {"party_cooperation": cast.own}, via=VIA)
    made = actions.merge(cast.administration, [cast.own, cast.other], _fields(cast, ref="beide"), on="2020", via=VIA)
    assert list(roof.memberships.filter(valid_until="").values_list("party_cooperation__ref", flat=True)) == ["beide"]
    assert not made.memberships.exists() and Membership.objects.filter(party_cooperation=made).count() == 1


def test_running_projects_go_on_and_who_follows_hears_of_it(cast: Cast) -> None:
    running, done = project(cast, cooperations=[{"cooperation": "einharz", "lead": True}]), project(
        cast, ref="alt", state="abgeschlossen"
    )  # fmt: skip
    actions.follow(cast.account, "cooperation", "einharz")
    kept = agreement(cast)
    into = actions.merge(cast.administration, [cast.own], cast.other, on="2020", via=VIA)
    carrying = running.cooperations.order_by("cooperation__ref").values_list("cooperation__ref", "lead")
    assert list(carrying) == [("einharz", False), ("weserbund", True)]
    assert done.cooperations.count() == 1
    assert Agreement.objects.get(pk=kept.pk).cooperation == cast.own and not into.agreements.exists()
    assert cast.account.followings.filter(about_ref="weserbund").exists()


def test_the_other_side_is_asked_about_what_goes_on(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    firm = organisation()
    Assignment.objects.create(person=cast.account, role=Role.COORDINATION, organisation=firm)
    actions.add_membership(OPERATOR, cast.own, {"organisation": firm}, via=VIA)
    with django_capture_on_commit_callbacks(execute=True):
        made = actions.convert(cast.coordination, cast.own, {"legal_form": "ev"}, on="2020", via=VIA)
    one = made.memberships.get()
    assert (one.stated_by, one.confirmed_by_member_on) == ("cooperation", None)
    asked = [each.to for each in mail.outbox if f"- {one}" in each.body.splitlines()]
    assert asked == [["account@example.org"]]


def test_a_split_gives_each_part_what_goes_on_in_it(cast: Cast) -> None:
    first, second, leaving = member(cast), member(cast, area_key="03252"), member(cast, area_key="03254")
    roof = cooperation("dach")
    in_roof = actions.add_membership(OPERATOR, roof, {"party_cooperation": cast.own}, via=VIA)
    both = project(cast, cooperations=[{"cooperation": "einharz", "lead": True}])
    north, south = actions.split(
        cast.coordination,
        cast.own,
        [(_fields(cast, name="Nord"), [first, in_roof, both]), (_fields(cast, name="Süd"), [second, first, both])],
        on="2020",
        via=VIA,
    )
    assert [each[0] for each in holding(north)] == ["03153"]
    assert [each[0] for each in holding(south)] == ["03153", "03252"]
    assert Membership.objects.get(pk=leaving.pk).valid_until == "2020"
    assert list(roof.memberships.filter(valid_until="").values_list("party_cooperation", flat=True)) == [north.pk]
    carrying = both.cooperations.order_by("cooperation__name").values_list("cooperation__name", "lead")
    assert list(carrying) == [("Einharz", False), ("Nord", True), ("Süd", False)]
    assert Cooperation.objects.get(pk=cast.own.pk).state == "geteilt"
    actions.change(cast.coordination, south, {"website": "https://sued.example"}, via=VIA)


def test_only_what_is_there_on_that_day_goes_on_in_a_part(cast: Cast) -> None:
    gone = member(cast, valid_until="2016")
    elsewhere = actions.add_membership(OPERATOR, cast.other, {"area_key": "05766"}, via=VIA)
    for each in (gone, elsewhere):
        before = LogEntry.objects.count()
        with pytest.raises(Invalid) as caught:
            actions.split(
                cast.coordination, cast.own, [(_fields(cast), []), (_fields(cast), [each])], on="2020", via=VIA
            )
        assert codes(caught) == ["not-going-on"] and LogEntry.objects.count() == before


@pytest.mark.parametrize("verb", ["merge", "split", "convert", "dissolve"])
def test_what_has_ended_does_not_end_again(cast: Cast, verb: str) -> None:
    actions.dissolve(cast.coordination, cast.own, on="2018", reasons=["finanzierung"], via=VIA)
    parts: Any = [(_fields(cast), []), (_fields(cast), [])]
    do: dict[str, Callable[[], Any]] = {
        "merge": lambda: actions.merge(cast.administration, [cast.other], cast.own, on="2020", via=VIA),
        "split": lambda: actions.split(OPERATOR, cast.own, parts, on="2020", via=VIA),
        "convert": lambda: actions.convert(OPERATOR, cast.own, {"legal_form": "ev"}, on="2020", via=VIA),
        "dissolve": lambda: actions.dissolve(OPERATOR, cast.own, on="2020", reasons=["finanzierung"], via=VIA),
    }
    with pytest.raises(Invalid) as caught:
        do[verb]()
    assert codes(caught) == ["has-ended"]


def test_another_legal_form_is_another_record(cast: Cast) -> None:
    member(cast)
    member(cast, role="beobachter")
    actions.change(OPERATOR, cast.own, {"state": "ruhend"}, via=VIA)
    office = {"cooperation": "einharz", "function": "Büro", "mailbox": "buero@example.org"}
    named = {
        "person_name": "Erika",
        "consent_on": "2019-01-01",
        "consent_purpose": "Seite",
        "consent_until": "2030-01-01",
    }
    for said in (office, office | named):
        actions.create(OPERATOR, "contact", said, via=VIA)
    made = actions.convert(cast.coordination, cast.own, {"legal_form": "ev"}, on="2020", via=VIA)
    assert (made.ref, made.name, made.founded, made.state) == ("einharz-ev", "Einharz", "2020", "ruhend")
    assert [each[1] for each in holding(made)] == ["beobachter", "mitglied"], "as they were"
    assert list(made.contacts.values_list("mailbox", "person_name")) == [("buero@example.org", "")]
    assert Succession.objects.get().kind == "umwandlung"
    assert Cooperation.objects.get(pk=cast.own.pk).state == "umgewandelt"


def test_the_end_of_a_cooperation_ends_its_memberships(cast: Cast) -> None:
    made = member(cast)
    ended = actions.dissolve(
        cast.coordination, cast.own, on="2020", reasons=["finanzierung"], note="Kasse leer", via=VIA
    )
    assert (ended.state, ended.ended, ended.end_reasons, ended.end_note) == (
        "aufgeloest", "2020", ("finanzierung",), "Kasse leer",
    )  # fmt: skip
    assert Membership.objects.get(pk=made.pk).valid_until == "2020"


# ------------------------------------------------------------------------------------- projects, evidence


def test_only_those_who_carried_a_project_say_that_it_failed(cast: Cast) -> None:
    one = project(cast)
    failed = {"state": "gescheitert", "reasons": ["finanzierung"]}
    for who in (cast.editorial, cast.administration):
        with pytest.raises(Forbidden):
            actions.change(who, one, failed, via=VIA)
        with pytest.raises(Forbidden):
            actions.create(who, "project", described(one) | failed | {"ref": "zwei"}, via=VIA)
    with pytest.raises(Forbidden):  # nor by making it one's own first
        actions.change(cast.stranger, one, failed | {"cooperations": [{"cooperation": "weserbund"}]}, via=VIA)
    moved = actions.move_project(
        cast.coordination, one, "gescheitert", reasons=["finanzierung"], on="2019",
        fields={"learned_de": "Früher rechnen."}, via=VIA,
    )  # fmt: skip
    assert (moved.state, moved.ended, moved.learned_de) == ("gescheitert", "2019", "Früher rechnen.")


def test_a_dispute_is_open_until_it_is_settled(cast: Cast) -> None:
    made = actions.dispute(cast.coordination, cast.own, "Falsch.", via=VIA)
    actions.settle(cast.editorial, made, "Stimmt doch.", via=VIA)
    assert Dispute.objects.get().settled_on == TODAY
    with pytest.raises(Invalid) as caught:
        actions.settle(cast.editorial, made, "Noch einmal.", via=VIA)
    assert codes(caught) == ["settled"]


# --------------------------------------------------------------------------------- suggestions, following


def test_a_suggestion_is_public_once_it_is_accepted(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = suggestion(cast)
    assert [each.to for each in mail.outbox].count(["coordination@example.org"]) == 1
    assert Cooperation.objects.get(pk=cast.own.pk).website == ""
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        actions.accept(cast.coordination, made, answer="Danke!", via=VIA)
    assert Cooperation.objects.get(pk=cast.own.pk).website == "https://neu.example"
    assert str(made.pk) in newest().note and "account" not in newest().note, "who wants to be forgotten is"
    (told,) = [each for each in mail.outbox if each.to == ["account@example.org"]]
    assert "Danke!" in told.body


def test_a_suggestion_is_declined_with_an_answer(cast: Cast) -> None:
    made = suggestion(cast)
    with pytest.raises(Forbidden):
        actions.decline(cast.stranger, made, answer="Nein.")
    with pytest.raises(Invalid):
        actions.decline(cast.coordination, made, answer="")
    assert actions.decline(cast.coordination, made, answer="Die Seite gibt es nicht.").state == "declined"


def test_what_could_not_be_accepted_is_not_suggested(cast: Cast) -> None:
    for type_, fields, ref in (
        ("cooperation", {"name": "N"}, ""),
        ("cooperation", {"colour": "blue"}, "einharz"),
        ("cooperation", {"name": "N"}, "gibt-es-nicht"),
        ("secret", {}, ""),
    ):
        with pytest.raises(Invalid):
            actions.suggest(cast.account, type_, fields, ref=ref)
    with pytest.raises(Forbidden):
        actions.suggest(None, "cooperation", {"name": "N", "kind": "ile-region"})
    actions.withdraw(OPERATOR, cast.own, via=VIA)
    with pytest.raises(Forbidden):
        suggestion(cast)


def test_followers_and_coordination_are_told_in_their_language(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    from wagtail.users.models import UserProfile

    UserProfile.objects.create(user=cast.account, preferred_language="en")
    actions.follow(cast.account, "cooperation", "einharz")
    with django_capture_on_commit_callbacks(execute=True):
        actions.add_membership(cast.editorial, cast.own, {"area_key": "03153"}, via=VIA)
    told = {each.to[0]: each for each in mail.outbox}
    assert {"account@example.org", "coordination@example.org"} <= told.keys()
    assert "editorial@example.org" not in told, "knows already"
    assert "member added" in told["account@example.org"].body
    assert "/en/verzeichnis/kooperationen/einharz/" in told["account@example.org"].body
    mail.outbox.clear()
    actions.unfollow(cast.account, "cooperation", "einharz")
    with django_capture_on_commit_callbacks(execute=True):
        actions.rename(cast.trainee, cast.own, "Entwurf", via=VIA)
    assert not mail.outbox, "of a draft nobody is told"


def test_nobody_is_told_of_what_was_not_done(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    actions.follow(cast.account, "cooperation", "einharz")
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Invalid):
        actions.change(cast.editorial, cast.own, {"name": ""}, via=VIA)
    assert not mail.outbox


# --------------------------------------------------------------------------------------------- invitations


def test_an_invitation_is_accepted_once(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    sent: list[tuple[Invitation, str]] = []
    with django_capture_on_commit_callbacks(execute=True):
        invitation, secret = actions.invite(
            cast.coordination, "neu@example.org", cooperation=cast.own, send=lambda *said: sent.append(said), via=VIA
        )
    assert sent == [(invitation, secret)]
    assert secret not in str(Invitation.objects.values().get())
    assert "neu@example.org" not in str(LogEntry.objects.values())
    assert actions.invitation_under(secret) == invitation and actions.invitation_under("anderes") is None
    given = actions.accept_invitation(cast.account, secret, via=VIA)
    assert (given.role, given.cooperation, given.given_by) == ("coordination", cast.own, cast.coordination)
    actions.change(cast.account, cast.own, {"name": "Von mir"}, via=VIA)
    with pytest.raises(Invalid):
        actions.accept_invitation(cast.stranger, secret, via=VIA)


@pytest.mark.parametrize("how", ["expired", "withdrawn", "inviter lost the role", "inviter locked"])
def test_a_link_that_is_no_longer_valid(how: str, cast: Cast) -> None:
    invitation, secret = actions.invite(cast.coordination, "neu@example.org", cooperation=cast.own, via=VIA)
    if how == "expired":
        Invitation.objects.update(expires_at=timezone.now())
    elif how == "withdrawn":
        with pytest.raises(Forbidden):
            actions.withdraw_invitation(cast.stranger, invitation, via=VIA)
        actions.withdraw_invitation(cast.coordination, invitation, via=VIA)
    elif how == "inviter lost the role":
        actions.unassign(cast.administration, Assignment.objects.get(person=cast.coordination), via=VIA)
    else:
        cast.coordination.is_active = False
        cast.coordination.save()
    with pytest.raises(Invalid):
        actions.accept_invitation(cast.account, secret, via=VIA)
    assert not may(cast.account, "change", cast.own)


def test_nobody_passes_on_more_than_they_have(cast: Cast) -> None:
    _, secret = actions.invite(cast.trainee, "neu@example.org", cooperation=cast.own, via=VIA)
    assert actions.accept_invitation(cast.account, secret, via=VIA).review_first
    for role, land in ((Role.EDITORIAL, "03"), (Role.ADMINISTRATION, "")):
        with pytest.raises(Forbidden):
            actions.invite(cast.coordination, "neu@example.org", role=role, land_key=land, via=VIA)
        with pytest.raises(Forbidden):
            actions.invite(cast.editorial, "neu@example.org", role=role, land_key=land, via=VIA)
    with pytest.raises(Forbidden):
        actions.invite(cast.coordination, "neu@example.org", cooperation=cast.other, via=VIA)


def test_a_role_is_laid_down_by_oneself_or_taken_by_the_administration(cast: Cast) -> None:
    given = Assignment.objects.get(person=cast.coordination)
    with pytest.raises(Forbidden):
        actions.unassign(cast.stranger, given, via=VIA)
    actions.unassign(cast.coordination, given, via=VIA)
    assert not may(cast.coordination, "change", cast.own)


# ------------------------------------------------------------------------------------------------- batches


def batch_of(by: Any) -> ImportBatch:
    return ImportBatch.objects.create(file_name="liste.csv", file_sha256="x", target="membership", by=by)


ROWS: list[Any] = [
    ("membership", {"ref": "m1", "cooperation": "neu", "area_key": "03153"}),
    ("membership", {"ref": "m2", "cooperation": "neu", "organisation": "traeger"}),
    ("project", {"ref": "p", "name": "P", "cooperations": [{"cooperation": "neu", "lead": True}]}),
    ("cooperation", {"ref": "neu", "name": "Neu", "kind": "ile-region", "fundings": [{"programme": "LEADER"}]}),
    ("organisation", {"ref": "traeger", "name": "Träger", "carries": "neu"}),
]


def test_many_at_once_may_refer_to_one_another(cast: Cast) -> None:
    batch = batch_of(cast.administration)
    made = actions.create_many(cast.administration, ROWS, batch=batch, via="import")
    assert [(each.TYPE, each.ref) for each in made] == [(type_, fields["ref"]) for type_, fields in ROWS]
    assert batch.entries.count() == 5
    assert LogEntry.objects.get(record_ref="traeger").after["carries"] == "neu"
    assert Membership.objects.get(ref="m1").area_name == "Landkreis Goslar"
    assert {each.ref: described(each) for each in made} == {each.record_ref: each.after for each in batch.entries.all()}


def test_one_bad_row_keeps_all_out_and_every_bad_row_is_named(cast: Cast) -> None:
    rows = [
        *ROWS,
        ("membership", {"cooperation": "niemand", "area_key": "03153"}),
        ("membership", {"ref": "m1", "cooperation": "neu", "area_key": "03252"}),
        ("membership", {"cooperation": "neu"}),
        ("geheim", {}),
        ("cooperation", {"ref": "einharz", "name": "Noch einmal", "kind": "leader"}),
    ]
    before = LogEntry.objects.count()
    with pytest.raises(Invalid) as caught:
        actions.create_many(cast.administration, rows, via="import")
    assert {each.row for each in caught.value.findings} >= {6, 7, 9, 10}
    assert (LogEntry.objects.count(), Cooperation.objects.count()) == (before, 2)


def test_what_only_the_database_or_the_rules_find_names_its_row(cast: Cast) -> None:
    nobody = [*ROWS, ("membership", {"ref": "m9", "cooperation": "neu"})]
    with pytest.raises(Invalid) as caught:
        actions.create_many(cast.administration, nobody, via="import")
    assert [(each.row, each.code) for each in caught.value.findings] == [(6, "membership_has_one_member")]
    overlapping = [*ROWS, ("membership", {"ref": "m9", "cooperation": "neu", "area_key": "03153"})]
    with pytest.raises(Invalid) as caught:
        actions.create_many(cast.administration, overlapping, via="import")
    assert [(each.row, each.code) for each in caught.value.findings] == [(6, "membership-overlap")]


def test_each_row_is_asked_for_permission(cast: Cast) -> None:
    with pytest.raises(Invalid) as caught:
        actions.create_many(
            cast.coordination,
            [("membership", {"cooperation": ref, "area_key": "03153"}) for ref in ("einharz", "weserbund")],
            via="import",
        )
    assert [(each.row, each.code) for each in caught.value.findings] == [(2, "forbidden")]
    (made,) = actions.create_many(
        cast.coordination, [("membership", {"cooperation": "einharz", "area_key": "03153"})], via="import"
    )
    assert isinstance(made, Membership) and made.stated_by == "cooperation"


def test_an_import_is_undone_as_a_whole(cast: Cast) -> None:
    batch = batch_of(cast.editorial)
    before = described(cast.own)
    actions.create_many(
        cast.editorial, [("membership", {"ref": "m", "cooperation": "einharz", "area_key": "03153"})], batch=batch,
        via="import",
    )  # fmt: skip
    actions.change(cast.editorial, cast.own, {"name": "Importiert", "tasks": ["tourismus"]}, batch=batch, via="import")
    actions.change(cast.editorial, cast.own, {"founded": "2014"}, batch=batch, via="import")
    with pytest.raises(Forbidden):
        actions.undo_batch(cast.coordination, batch, via=VIA)
    done = actions.undo_batch(cast.editorial, batch, via=VIA)
    assert (done.withdrawn, done.restored, done.left) == (1, 1, ())
    assert described(Cooperation.objects.get(pk=cast.own.pk)) == before
    assert Membership.objects.get(ref="m").withdrawn_on == TODAY
    with pytest.raises(Invalid) as caught:
        actions.undo_batch(cast.editorial, batch, via=VIA)
    assert codes(caught) == ["undone"]


def test_what_was_changed_since_is_not_undone_unseen(cast: Cast) -> None:
    batch = batch_of(cast.editorial)
    actions.change(cast.editorial, cast.own, {"name": "Importiert"}, batch=batch, via="import")
    actions.change(cast.coordination, cast.own, {"founded": "2014"}, via=VIA)
    with pytest.raises(Invalid) as caught:
        actions.undo_batch(cast.editorial, batch, via=VIA)
    assert codes(caught) == ["changed-since"]
    done = actions.undo_batch(cast.editorial, batch, leave_changed=True, via=VIA)
    assert done.left and Cooperation.objects.get(pk=cast.own.pk).name == "Importiert"


# -------------------------------------------------------------------------------------------- taking back


@pytest.mark.parametrize(
    "verb",
    ["change", "rename", "confirm", "end_membership", "move_project", "sign_agreement", "terminate_agreement",
     "withdraw", "dissolve"],
)  # fmt: skip
def test_every_change_can_be_taken_back_from_the_log(verb: str, cast: Cast) -> None:
    """What the log holds as before is what the record said; set again, the record says it again."""
    given = CASES[verb].given(cast)
    record = cast.own if verb == "dissolve" else given
    before = described(type(record).objects.get(pk=record.pk))
    CASES[verb].do(cast.administration, cast, given)
    entry = LogEntry.objects.filter(record_type=record.TYPE, record_ref=record.ref).first()
    assert entry is not None and entry.before == before
    now = type(record).objects.get(pk=record.pk)
    assert described(now) == entry.after != before
    if verb == "withdraw":
        actions.restore(cast.administration, now, via=VIA)
    else:
        actions.change(cast.administration, now, entry.before, via=VIA)
    assert described(type(record).objects.get(pk=record.pk)) == before
