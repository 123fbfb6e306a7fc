"""Every named constraint of the register's tables, broken once where no verb stands in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from nahtstelle.portal.register.checking import CONSTRAINTS, finding_of, findings_in
from nahtstelle.portal.register.models import (
    RECORDS,
    Agreement,
    AgreementParty,
    AgreementTask,
    Assignment,
    Attachment,
    Citation,
    Completeness,
    Contact,
    Cooperation,
    CoverageFigure,
    Dispute,
    Following,
    Funding,
    Invitation,
    KeyChange,
    Meeting,
    MeetingBody,
    Membership,
    Organisation,
    Project,
    ProjectCooperation,
    ProjectFunding,
    ProjectPartner,
    SearchEntry,
    SearchTerm,
    Source,
    Statement,
    Succession,
    Suggestion,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 1, 1)
NOW = timezone.now()


def coop(ref: str = "a", **said: Any) -> Cooperation:
    return Cooperation.objects.create(**{"ref": ref, "name": "A", "kind": "ile-region"} | said)


def org() -> Organisation:
    return Organisation.objects.get_or_create(ref="o", defaults={"name": "O"})[0]


def agreement(**said: Any) -> Agreement:
    return Agreement.objects.create(**{"title": "V", "kind": "oerv"} | said)


def project(**said: Any) -> Project:
    return Project.objects.create(**{"name": "P"} | said)


def meeting(**said: Any) -> Meeting:
    return Meeting.objects.create(**{"name": "T", "start": NOW} | said)


def source() -> Source:
    return Source.objects.create(title="Q")


def someone() -> Any:
    return get_user_model().objects.create_user("jemand")


def twice(make: Callable[[], Any]) -> None:
    make()
    make()


def in_turn(*ways: Callable[[], Any]) -> None:
    for way in ways:
        way()


BROKEN: dict[str, Callable[[], Any]] = {
    "cooperation_has_a_name": lambda: coop(name=""),
    "cooperation_ends_after_founding": lambda: coop(founded="2014", ended="2013", state="aufgeloest"),
    "cooperation_with_an_end_has_ended": lambda: coop(ended="2020", state="aktiv"),
    "funding_is_not_negative": lambda: Funding.objects.create(cooperation=coop(), programme="L", budget_eur=-1),
    "nothing_succeeds_itself": lambda: (a := coop()) and Succession.objects.create(before=a, after=a, kind="teilung"),
    "one_succession_per_pair": lambda: (
        (a := coop(), b := coop("b")) and twice(lambda: Succession.objects.create(before=a, after=b, kind="teilung"))
    ),
    "membership_has_one_member": lambda: Membership.objects.create(cooperation=coop()),
    "nothing_is_its_own_member": lambda: (
        (a := coop()) and Membership.objects.create(cooperation=a, party_cooperation=a)
    ),
    "membership_ends_after_it_begins": lambda: Membership.objects.create(
        cooperation=coop(), area_key="03", valid_from="2014", valid_until="2014"
    ),
    "organisation_has_a_name": lambda: Organisation.objects.create(name=""),
    "contact_of_one_body": lambda: Contact.objects.create(function="F", mailbox="a@example.org"),
    "contact_can_be_reached": lambda: Contact.objects.create(cooperation=coop(), function="F"),
    "person_named_only_with_consent": lambda: Contact.objects.create(
        cooperation=coop(), function="F", phone="1", person_name="N", consent_on=DAY
    ),
    "agreement_has_a_title": lambda: agreement(title=""),
    "agreement_ends_after_it_begins": lambda: agreement(valid_from="2014", valid_until="2013"),
    "agreement_party_is_one": lambda: AgreementParty.objects.create(
        agreement=agreement(), area_key="03", party_name="N"
    ),
    "each_task_of_an_agreement_once": lambda: (
        (a := agreement()) and twice(lambda: AgreementTask.objects.create(agreement=a, task="abfall"))
    ),
    "project_has_a_name": lambda: project(name=""),
    "failed_project_has_a_reason": lambda: project(state="gescheitert"),
    "project_ends_after_it_starts": lambda: project(started="2014", ended="2013"),
    "project_costs_are_not_negative": lambda: project(costs_eur=-1),
    "each_cooperation_of_a_project_once": lambda: (
        (p := project(), a := coop()) and twice(lambda: ProjectCooperation.objects.create(project=p, cooperation=a))
    ),
    "one_lead_per_project": lambda: (
        (p := project())
        and in_turn(
            lambda: ProjectCooperation.objects.create(project=p, cooperation=coop(), lead=True),
            lambda: ProjectCooperation.objects.create(project=p, cooperation=coop("b"), lead=True),
        )
    ),
    "project_partner_is_one": lambda: ProjectPartner.objects.create(project=project()),
    "project_funding_is_not_negative": lambda: ProjectFunding.objects.create(
        project=project(), programme="L", amount_eur=-1
    ),
    "meeting_has_a_name": lambda: meeting(name=""),
    "meeting_ends_after_it_begins": lambda: meeting(end=NOW - dt.timedelta(hours=1)),
    "each_body_of_a_meeting_once": lambda: (
        (m := meeting(), a := coop()) and twice(lambda: MeetingBody.objects.create(meeting=m, cooperation=a, body="B"))
    ),
    "source_has_a_title": lambda: Source.objects.create(title=""),
    "a_source_says_a_thing_once": lambda: (
        (q := source()) and twice(lambda: Citation.objects.create(source=q, about_type="cooperation", about_ref="a"))
    ),
    "statement_says_something": lambda: Statement.objects.create(
        about_type="area", about_ref="03", what_de="", property="p"
    ),
    "attachment_has_a_title": lambda: Attachment.objects.create(about_type="area", about_ref="03", title=""),
    "dispute_has_a_reason": lambda: Dispute.objects.create(about_type="area", about_ref="03", reason=""),
    "one_coverage_figure_per_land_kind_and_date": lambda: (
        (q := source())
        and twice(lambda: CoverageFigure.objects.create(land_key="03", kind="ile-region", exist=1, source=q))
    ),
    "completeness_of_an_area": lambda: Completeness.objects.create(area_key="", stated_on=DAY),
    "key_change_changes_the_key": lambda: KeyChange.objects.create(old_key="1", new_key="1"),
    "one_key_change_per_pair": lambda: twice(lambda: KeyChange.objects.create(old_key="1", new_key="2")),
    "assignment_scope_fits_role": lambda: Assignment.objects.create(person=someone(), role="coordination"),
    "invitation_scope_fits_role": lambda: Invitation.objects.create(
        invited_by=someone(), role="editorial", organisation=org(), email="a@example.org", digest="x", expires_at=NOW
    ),
    "decided_suggestion_has_a_date": lambda: Suggestion.objects.create(
        about_type="cooperation", fields={}, by=someone(), state="accepted"
    ),
    "followed_once": lambda: (
        (p := someone()) and twice(lambda: Following.objects.create(person=p, about_type="cooperation", about_ref="a"))
    ),
    "one_search_entry_per_record": lambda: twice(
        lambda: SearchEntry.objects.create(record_type="cooperation", record_ref="a", title="A", folded="a")
    ),
    "one_weight_per_stem_and_entry": lambda: (
        (e := SearchEntry.objects.create(record_type="cooperation", record_ref="a", title="A", folded="a"))
        and twice(lambda: SearchTerm.objects.create(entry=e, stem="a", weight=1))
    ),
}


def named() -> dict[str, type[models.Model]]:
    """Every constraint of the tables of the register."""
    return {
        constraint.name: model
        for model in apps.get_app_config("register").get_models()
        for constraint in model._meta.constraints
    }


def test_each_is_broken_here() -> None:
    assert BROKEN.keys() == named().keys()


def test_each_of_a_record_is_put_in_words() -> None:
    parts = {name for name, model in named().items() if issubclass(model, tuple(RECORDS.values()))}
    lists = {
        name
        for name, model in named().items()
        if any(f.__class__.__name__ == "ParentalKey" for f in model._meta.fields)
    }
    assert CONSTRAINTS.keys() == parts | lists


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_the_database_refuses(name: str) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        BROKEN[name]()
    constraint = next(each for each in named()[name]._meta.constraints if each.name == name)
    if isinstance(constraint, models.CheckConstraint) or connection.vendor == "postgresql":
        assert name in str(caught.value)
        if name in CONSTRAINTS:
            assert finding_of(caught.value).code == name
    else:
        assert finding_of(caught.value).code == "unique"


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (Membership(area_key="03", valid_from="2014", valid_until="2013"), "membership_ends_after_it_begins"),
        (Contact(function="F", phone="1", person_name="N"), "person_named_only_with_consent"),
        (Project(name="P", state="abgebrochen"), "failed_project_has_a_reason"),
        (KeyChange(old_key="1", new_key="1"), "key_change_changes_the_key"),
    ],
)
def test_they_are_found_before_the_database_is_asked(record: Any, code: str) -> None:
    assert code in {each.code for each in findings_in(record)}
