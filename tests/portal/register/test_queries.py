"""Who sees what through every query, how well records are founded, what happened, what is to be done."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.portal.register.conftest import VIA, Cast, cooperation, organisation, person

from nahtstelle.portal.register import actions, queries, todo
from nahtstelle.portal.register.models import (
    RECORDS,
    Assignment,
    Attachment,
    Contact,
    Cooperation,
    LogEntry,
    Membership,
    Record,
    Role,
)
from nahtstelle.portal.register.policies import OPERATOR
from nahtstelle.portal.register.queries import Facts, data_state, months_before
from nahtstelle.portal.register.snapshot import snapshot
from nahtstelle.portal.register.staff import prepare_staff

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()

QUERIES = {
    "cooperation": queries.cooperations_visible_to,
    "organisation": queries.organisations_visible_to,
    "membership": queries.memberships_visible_to,
    "succession": queries.successions_visible_to,
    "project": queries.projects_visible_to,
    "agreement": queries.agreements_visible_to,
    "meeting": queries.meetings_visible_to,
    "contact": queries.contacts_visible_to,
    "source": queries.sources_visible_to,
    "citation": queries.citations_visible_to,
    "statement": queries.statements_visible_to,
    "attachment": queries.attachments_visible_to,
    "dispute": queries.disputes_visible_to,
}


def create(type_: str, **fields: Any) -> Any:
    return actions.create(OPERATOR, type_, fields, via=VIA)


def one_of_each(of: Cooperation) -> dict[str, Record]:
    """One record of every kind that belongs to a cooperation, and that itself."""
    about = {"about_type": "cooperation", "about_ref": of.ref}
    source = create("source", title="Bericht", publisher="Land")
    return {
        "cooperation": of,
        "organisation": create("organisation", ref=f"traeger-{of.ref}", name="Träger"),
        "membership": create("membership", cooperation=of, area_key="03153"),
        "succession": create("succession", before=cooperation(f"vor-{of.ref}"), after=of, kind="nachfolge"),
        "project": create("project", name="Ring", cooperations=[{"cooperation": of.ref}]),
        "agreement": create("agreement", title="Vertrag", kind="oerv", cooperation=of),
        "meeting": create("meeting", name="Treffen", start="2026-01-01T10:00Z", bodies=[{"cooperation": of.ref}]),
        "contact": create("contact", cooperation=of, function="Büro", phone="1"),
        "source": source,
        "citation": create("citation", source=source, **about),
        "statement": create("statement", what_de="18 Bürgermeister", property="people", **about),
        "attachment": create("attachment", title="Seite", url="https://example.org/", **about),
        "dispute": create("dispute", reason="Stimmt nicht.", **about),
    }


def seen(person: Any) -> set[str]:
    return {type_ for type_, visible in QUERIES.items() if visible(person).exclude(ref__startswith="vor-").exists()}


# --------------------------------------------------------------------------------------------- what is seen


def test_every_kind_of_record_about_cooperations_has_its_query() -> None:
    assert set(RECORDS) - set(QUERIES) == {"coverage", "completeness", "key-change"}


def test_what_is_public_is_seen_by_everybody(cast: Cast) -> None:
    cast.other.delete()
    one_of_each(cast.own)
    for who in (None, cast.account, cast.stranger, cast.coordination, cast.editorial, cast.administration):
        assert seen(who) == set(QUERIES)


@pytest.mark.parametrize("type_", QUERIES)
def test_what_is_withdrawn_is_seen_by_nobody(type_: str, cast: Cast) -> None:
    record = one_of_each(cast.own)[type_]
    actions.withdraw(OPERATOR, record, via=VIA)
    for who in (None, cast.account, cast.coordination, cast.editorial, cast.administration):
        assert not QUERIES[type_](who).filter(pk=record.pk).exists()
    assert queries.editable_by(cast.administration, type(record)).filter(pk=record.pk).exists(), "to be restored"
    assert not queries.editable_by(cast.account, type(record)).filter(pk=record.pk).exists()


@pytest.mark.parametrize("hidden", ["withdrawn", "draft"])
def test_what_belongs_to_a_hidden_cooperation_is_hidden_with_it(hidden: str, cast: Cast) -> None:
    cast.other.delete()
    records = one_of_each(cast.own)
    if hidden == "withdrawn":
        actions.withdraw(OPERATOR, cast.own, via=VIA)
    else:
        Cooperation.objects.filter(pk=cast.own.pk).update(live=False)
    by_itself = {"organisation", "source", "project", "meeting"}
    assert seen(None) == seen(cast.account) == by_itself
    own = [
        type_ for type_, record in records.items() if QUERIES[type_](cast.coordination).filter(pk=record.pk).exists()
    ]
    assert set(QUERIES) - set(own) == ({"cooperation"} if hidden == "withdrawn" else set())
    assert [each.ref for each in snapshot().cooperations if not each.ref.startswith("vor-")] == []
    assert snapshot().memberships == ()


@pytest.mark.parametrize("type_", ["cooperation", "organisation", "project", "agreement", "meeting"])
def test_drafts_are_seen_by_those_who_look_after_them(type_: str, cast: Cast) -> None:
    record: Any = one_of_each(cast.own)[type_]
    type(record).objects.filter(pk=record.pk).update(live=False)
    visible = QUERIES[type_]
    for who in (None, cast.account, cast.stranger):
        assert not visible(who).filter(pk=record.pk).exists()
    if type_ != "organisation":
        assert visible(cast.coordination).filter(pk=record.pk).exists()
        assert not visible(cast.far_editorial).filter(pk=record.pk).exists()
    for who in (cast.editorial, cast.administration):
        assert visible(who).filter(pk=record.pk).exists()


def test_a_membership_of_what_is_hidden_is_hidden(cast: Cast) -> None:
    works = organisation()
    for member in ({"organisation": works}, {"party_cooperation": cast.other}):
        create("membership", cooperation=cast.own, **member)
    assert queries.memberships_visible_to(None).count() == 2
    actions.withdraw(OPERATOR, works, via=VIA)
    actions.withdraw(OPERATOR, cast.other, via=VIA)
    assert queries.memberships_visible_to(None).count() == 0
    assert snapshot().memberships == ()


@pytest.mark.parametrize(
    ("begins", "ends", "named"),
    [(-1, 1, True), (0, 1, True), (-1, 0, False), (1, 2, False), (-2, -1, False)],
)
def test_a_person_is_named_while_the_consent_holds(begins: int, ends: int, named: bool, cast: Cast) -> None:
    create(
        "contact", cooperation=cast.own, function="Regionalmanagement", phone="1", person_name="Erika Mustermann",
        consent_on=TODAY + dt.timedelta(days=begins), consent_until=TODAY + dt.timedelta(days=ends),
        consent_purpose="Ansprechstelle",
    )  # fmt: skip
    for who in (None, cast.account, cast.coordination, cast.administration):
        for visible in (
            queries.contacts_visible_to(who),
            queries.contacts_visible_to(who).filter(cooperation=cast.own).select_related("cooperation"),
            queries.contacts_visible_to(who).order_by("pk")[:5],
        ):
            (contact,) = visible
            assert bool(contact.person_name) is named
            assert contact.function == "Regionalmanagement"
    first = queries.contacts_visible_to(None).first()
    assert first is not None and bool(first.person_name) is named
    assert Contact.objects.get().person_name == "Erika Mustermann", "nothing is lost for who looks after it"


# ------------------------------------------------------------------------------------------- version, history


def test_every_change_is_a_new_version(cast: Cast) -> None:
    before = queries.newest()
    actions.confirm(cast.coordination, cast.own, via=VIA)
    assert before != queries.newest() is not None
    LogEntry.objects.all().delete()
    assert queries.newest() is None


def test_the_history_tells_visitors_what_and_insiders_who(cast: Cast) -> None:
    actions.rename(cast.coordination, cast.own, "Ein Harz", note="Beschluss", via=VIA)
    actions.change(cast.coordination, cast.own, {"review_note": "prüfen"}, via=VIA)
    actions.change(cast.trainee, cast.own, {"name": "Geheimer Entwurf"}, via=VIA)
    actions.add_membership(cast.editorial, cast.own, {"area_key": "03153"}, via=VIA)
    actions.invite(cast.coordination, "neu@example.org", cooperation=cast.own, via=VIA)
    public = queries.history("cooperation", "einharz")
    assert [each.verb for each in public] == ["add_membership", "change", "rename", "create"]
    assert public[2].changed == {"name": ("Einharz", "Ein Harz")}
    assert not any(each.by or each.note for each in public)
    assert "Geheimer" not in str(public) and "prüfen" not in str(public)
    inside = queries.history("cooperation", "einharz", cast.coordination)
    assert [each.verb for each in inside][:2] == ["invite", "add_membership"]
    assert inside[-1].by == "nahtstelle" and {"coordination", "trainee", "editorial"} <= {each.by for each in inside}
    actions.withdraw(cast.coordination, cast.own, via=VIA)
    assert queries.history("cooperation", "einharz") == [] == queries.history("cooperation", "gibt-es-nicht")


def test_the_history_never_repeats_what_a_draft_said(cast: Cast) -> None:
    made = actions.create(
        cast.trainee, "project", {"name": "Heikel", "cooperations": [{"cooperation": "einharz"}]}, via=VIA
    )
    assert queries.history("project", made.ref) == []
    actions.change(cast.coordination, made, {"name": "Idee"}, via=VIA)
    (event,) = queries.history("project", made.ref)
    assert event.title == "Idee" and "Heikel" not in str(event)
    assert "Heikel" in str(queries.history("project", made.ref, cast.editorial))


def test_the_history_never_repeats_who_could_once_be_called(cast: Cast) -> None:
    said = {"person_name": "Erika Mustermann", "consent_on": "2020-01-01", "consent_until": "2021-01-01",
            "consent_purpose": "Ansprechstelle"}  # fmt: skip
    contact = create("contact", cooperation=cast.own, function="Büro", phone="1", **said)
    actions.change(cast.coordination, contact, {"person_name": "", "phone": "2"}, via=VIA)
    assert "Erika" not in str(queries.history("contact", contact.ref))


# ----------------------------------------------------------------------------------------- how well founded


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (Facts(), "gemeldet"),
        (Facts(supported=True), "belegt"),
        (Facts(TODAY), "bestaetigt"),
        (Facts(months_before(TODAY, 18) + dt.timedelta(days=1)), "bestaetigt"),
        (Facts(months_before(TODAY, 18), supported=True), "veraltet"),
        (Facts(TODAY, supported=True, disputed=True), "strittig"),
        (Facts(TODAY, supported=True, contradicted=True), "strittig"),
    ],
)
def test_data_state(facts: Facts, state: str) -> None:
    assert data_state(facts) == state


def test_the_same_day_so_many_months_earlier() -> None:
    assert months_before(dt.date(2026, 8, 31), 18) == dt.date(2025, 2, 28)
    assert months_before(dt.date(2025, 8, 30), 18) == dt.date(2024, 2, 29)
    assert months_before(dt.date(2026, 1, 15), 1) == dt.date(2025, 12, 15)


def test_states_of_many_in_few_questions(cast: Cast) -> None:
    supported, contradicted, disputed, settled, confirmed = (cooperation(f"k{number}") for number in range(5))
    paper = {"title": "Zeitung", "publisher": "Verlag"}
    actions.add_source(OPERATOR, supported, paper, via=VIA)
    actions.add_source(OPERATOR, contradicted, paper, stance="widerspricht", via=VIA)
    for each in (disputed, settled):
        made = actions.dispute(OPERATOR, each, "Falsch.", via=VIA)
        if each == settled:
            actions.settle(OPERATOR, made, "Stimmt.", via=VIA)
    actions.confirm(OPERATOR, confirmed, via=VIA)
    refs = [f"k{number}" for number in range(5)]
    with CaptureQueriesContext(connection) as asked:
        states = queries.data_states("cooperation", refs)
    assert list(states.values()) == ["belegt", "strittig", "strittig", "gemeldet", "bestaetigt"]
    assert len(asked) == 3
    citation = supported.ref and queries.citations_visible_to(None).get(about_ref="k0")
    actions.withdraw(OPERATOR, citation, via=VIA)
    assert queries.data_states("cooperation", ["k0"]) == {"k0": "gemeldet"}


def test_a_publisher_counts_once(cast: Cast) -> None:
    for said in (
        {"title": "Bericht 1", "publisher": "Landkreis Goslar"},
        {"title": "Bericht 2", "publisher": "landkreis  Goslar"},
        {"title": "Seite", "url": "https://www.einharz.example/a"},
        {"title": "Andere Seite", "url": "https://einharz.example/b"},
        {"title": "Ohne Angaben"},
    ):
        actions.add_source(OPERATOR, cast.own, said, via=VIA)
    actions.add_source(OPERATOR, cast.own, {"title": "Nein", "publisher": "Zeitung"}, stance="widerspricht", via=VIA)
    with CaptureQueriesContext(connection) as asked:
        assert queries.confirmations("cooperation", ["einharz", "weserbund"]) == {"einharz": 3, "weserbund": 0}
    assert len(asked) == 1


# ---------------------------------------------------------------------------------------------------- tasks


def kinds(person: Any) -> dict[str, list[str]]:
    tasks = todo.tasks_for(person)
    return {kind: [each.ref for each in tasks.of(kind)] for kind in todo.TASK_KINDS if tasks.of(kind)}


def test_what_is_to_be_done(cast: Cast) -> None:
    prepare_staff()
    works, boss = organisation(), person("werkleitung")
    Assignment.objects.create(person=boss, role=Role.COORDINATION, organisation=works)
    stated = actions.add_membership(cast.coordination, cast.own, {"organisation": works}, via=VIA)
    third = actions.add_membership(cast.editorial, cast.own, {"area_key": "03153"}, via=VIA)
    actions.suggest(cast.account, "cooperation", {"website": "https://neu.example"}, ref="einharz")
    actions.change(cast.trainee, cast.own, {"name": "Entwurf"}, via=VIA)
    about = {"about_type": "cooperation", "about_ref": "einharz"}
    link = create("attachment", title="Seite", url="https://weg.example/", **about)
    Attachment.objects.update(broken="answer 404", checked_at=timezone.now())
    wrong = actions.dispute(OPERATOR, cast.own, "Falsch.", via=VIA)
    Cooperation.objects.filter(pk=cast.own.pk).update(confirmed_on=dt.date(2020, 1, 1))
    assert kinds(boss) == {"confirm-membership": [stated.ref]}
    assert kinds(cast.coordination) == {
        "confirm-membership": [third.ref],
        "suggestion": ["einharz"],
        "review": ["einharz"],
        "stale": ["einharz"],
        "broken-link": [link.ref],
        "dispute": [wrong.ref],
    }
    assert "confirm-membership" not in kinds(cast.editorial) and kinds(cast.editorial)["suggestion"] == ["einharz"]
    assert "review" not in kinds(cast.trainee), "nobody looks at their own draft"
    assert kinds(cast.stranger) == kinds(cast.far_editorial) == kinds(cast.account) == kinds(None) == {}
    actions.confirm_membership(boss, stated, via=VIA)
    actions.confirm(cast.coordination, cast.own, via=VIA)
    assert kinds(boss) == {} and "stale" not in kinds(cast.coordination)


def test_what_is_suggested_anew_is_for_the_editorial_staff_of_its_land(cast: Cast) -> None:
    fields = {"name": "Neu", "kind": "ile-region", "seat_key": "05766020"}
    actions.suggest(cast.account, "cooperation", fields)
    assert kinds(cast.far_editorial) == {"suggestion": [""]} and kinds(cast.editorial) == {}


# ------------------------------------------------------------------------------------------------- snapshot


def test_the_snapshot_is_the_public_register_in_few_questions(cast: Cast) -> None:
    actions.change(OPERATOR, cast.own, {"founded": "2014-10", "tasks": ["tourismus"], "legal_form": "gmbh"}, via=VIA)
    member = create("membership", cooperation=cast.own, area_key="03153", valid_from="2014", valid_until="2021")
    create("membership", cooperation=cast.own, party_cooperation=cast.other, role="partner", part="nur Nord")
    create("key-change", old_key="03152", new_key="03159", on="2016-11-01")
    actions.state_completeness(OPERATOR, "03153", via=VIA)
    with CaptureQueriesContext(connection) as asked:
        found = snapshot()
    assert len(asked) == 4
    own = found.by_ref["einharz"]
    assert (own.tasks, own.legal_form, own.valid_from) == (("tourismus",), "gmbh", dt.date(2014, 10, 1))
    first = next(each for each in found.memberships if each.ref == member.ref)
    assert (first.area_key, first.valid_from, first.valid_until) == ("03153", dt.date(2014, 1, 1), dt.date(2021, 1, 1))
    second = next(each for each in found.memberships if each.ref != member.ref)
    assert (second.member_cooperation, second.area_key, second.part) == ("weserbund", None, "nur Nord")
    assert found.key_changes[0].new_key == "03159" and found.complete == {"03153"}
    actions.withdraw(OPERATOR, Membership.objects.get(pk=member.pk), via=VIA)
    assert len(snapshot().memberships) == 1


def test_a_snapshot_is_brought_up_to_date_by_what_changed(cast: Cast) -> None:
    member = create("membership", cooperation=cast.own, area_key="03153")
    carrier = create("organisation", name="Harzbüro", kind="verein")
    create("membership", cooperation=cast.own, organisation=carrier)
    create("membership", cooperation=cast.own, party_cooperation=cast.other)
    apart = create("membership", cooperation=cooperation("abseits"), area_key="05")
    moved = create("membership", cooperation=cast.own, area_key="03155")

    def withdraw(record: Record) -> Any:
        return actions.withdraw(OPERATOR, type(record)._default_manager.get(pk=record.pk), via=VIA)

    def restore(record: Record) -> Any:
        return actions.restore(OPERATOR, type(record)._default_manager.get(pk=record.pk), via=VIA)

    for change in (
        lambda: create("source", title="Bericht"),
        lambda: actions.rename(OPERATOR, cast.own, "Anders", via=VIA),
        lambda: actions.end_membership(OPERATOR, member, on="2024", via=VIA),
        lambda: actions.change(OPERATOR, moved, {"cooperation": "weserbund"}, via=VIA),
        lambda: withdraw(member),
        lambda: restore(member),
        lambda: withdraw(carrier),
        lambda: restore(carrier),
        lambda: withdraw(cast.other),
        lambda: restore(cast.other),
        lambda: create("cooperation", name="Neu", kind="kommunalinitiative", ref="neu"),
        lambda: create("membership", cooperation="neu", area_key="03254"),
        lambda: create("key-change", old_key="03152", new_key="03159", on="2016-11-01"),
        lambda: actions.state_completeness(OPERATOR, "03153", via=VIA),
        lambda: actions.merge(OPERATOR, [cast.own], cast.other, on="2025", via=VIA),
    ):
        before, (since, _at) = snapshot(), queries.newest() or (0, None)
        change()
        found = snapshot(before, since)
        assert found == snapshot()
        there = next(each for each in before.memberships if each.ref == apart.ref)
        assert next(each for each in found.memberships if each.ref == apart.ref) is there, "not read again"
    assert snapshot(before, since).by_ref["einharz"].state != before.by_ref["einharz"].state, "the last one is seen"
