"""The editing screens of the register: who may open what, and that every change is a verb."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from nahtstelle.portal.register.models import (
    RECORDS,
    Agreement,
    Assignment,
    Attachment,
    Citation,
    Completeness,
    Contact,
    Cooperation,
    CoverageFigure,
    Dispute,
    Entry,
    KeyChange,
    LogEntry,
    Meeting,
    MeetingBody,
    Membership,
    Organisation,
    Project,
    ProjectCooperation,
    Record,
    Source,
    Statement,
    Succession,
)
from nahtstelle.portal.register.staff import prepare_staff

pytestmark = pytest.mark.django_db


def screen(model: type[Record], view: str, *args: Any) -> str:
    """The address of a screen."""
    return reverse(f"wagtailsnippets_register_{model._meta.model_name}:{view}", args=args)


@pytest.fixture
def staff(db: None) -> None:
    """Groups and review as a prepared site has them."""
    prepare_staff()


@pytest.fixture
def register(staff: None) -> dict[str, Record]:
    """One record of every kind, all of them of the cooperation EinHarz or of none."""
    einharz = Cooperation.objects.create(
        ref="einharz", name="EinHarz", kind="kommunalinitiative", seat_key="03153017", live=True
    )
    other = Cooperation.objects.create(ref="andere", name="Andere", kind="leader-region", seat_key="01001000")
    firm = Organisation.objects.create(ref="firma", name="Harz GmbH", kind="sonstige", carries=einharz)
    project = Project.objects.create(ref="vorhaben", name="Vorhaben", state="idee")
    ProjectCooperation.objects.create(project=project, cooperation=einharz, lead=True)
    meeting = Meeting.objects.create(ref="treffen", name="Treffen", start="2026-01-02T10:00:00Z")
    MeetingBody.objects.create(meeting=meeting, cooperation=einharz)
    source = Source.objects.create(ref="quelle", title="Satzung")
    about = {"about_type": "cooperation", "about_ref": "einharz"}
    return {
        "other": other,
        "cooperation": einharz,
        "organisation": firm,
        "project": project,
        "meeting": meeting,
        "source": source,
        "agreement": Agreement.objects.create(ref="satzung", title="Satzung", kind="satzung", cooperation=einharz),
        "membership": Membership.objects.create(
            ref="goslar", cooperation=einharz, area_key="03153017", area_name="Stadt Goslar"
        ),
        "succession": Succession.objects.create(ref="folge", before=other, after=einharz, kind="nachfolge"),
        "contact": Contact.objects.create(ref="kontakt", cooperation=einharz, function="Büro", mailbox="a@example.org"),
        "citation": Citation.objects.create(ref="beleg", source=source, **about),
        "statement": Statement.objects.create(ref="angabe", what_de="80 Partner", property="partner", **about),
        "attachment": Attachment.objects.create(ref="anlage", title="Flyer", url="https://example.org/", **about),
        "dispute": Dispute.objects.create(ref="streit", reason="Stimmt nicht", **about),
        "coverage": CoverageFigure.objects.create(ref="zahl", land_key="03", kind="leader-region", exist=5, source=source),
        "completeness": Completeness.objects.create(ref="voll", area_key="03153", stated_on="2026-01-01"),
        "key-change": KeyChange.objects.create(ref="neu", old_key="03152", new_key="03159"),
    }


def signed_in(name: str, **role: Any) -> Client:
    """A browser of somebody with this role."""
    person = get_user_model().objects.create_user(name, f"{name}@example.org", "x")
    if role:
        Assignment.objects.create(person=person, **role)
    prepare_staff()
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def coordinator(register: dict[str, Record]) -> Client:
    """Somebody who looks after EinHarz."""
    return signed_in("koordination", role="coordination", cooperation=register["cooperation"])


@pytest.fixture
def newcomer(register: dict[str, Record]) -> Client:
    """The same, whose entries are looked at first."""
    return signed_in("neu", role="coordination", cooperation=register["cooperation"], review_first=True)


@pytest.fixture
def editorial(register: dict[str, Record]) -> Client:
    """Editorial staff of Niedersachsen."""
    return signed_in("redaktion", role="editorial", land_key="03")


@pytest.mark.parametrize("type_", sorted(RECORDS))
def test_every_screen_opens_for_the_administration(
    administrator: Client, register: dict[str, Record], type_: str
) -> None:
    record = register[type_]
    model = RECORDS[type_]
    views = ["list", "list_results", "add"]
    for view in views:
        answer = administrator.get(screen(model, view))
        assert answer.status_code == 200, f"{view} of {type_}"
    for view in ("edit", "delete", "history"):
        answer = administrator.get(screen(model, view, record.pk))
        assert answer.status_code == 200, f"{view} of {type_}"
