"""What is new as Atom, and meetings as a calendar: complete, readable by others, and nothing that is not public."""

from __future__ import annotations

import datetime as dt
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from nahtstelle.portal.register import search
from nahtstelle.portal.register.models import (
    Contact,
    Cooperation,
    LogEntry,
    Meeting,
    MeetingBody,
    Membership,
    Organisation,
    Record,
    Source,
)

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def logged(record: Record, *, new: bool = True, verb: str = "create") -> None:
    """Write a record down as the verbs do."""
    search.index(record)
    LogEntry.objects.create(
        by_name="Erika Mustermann", verb=verb, record_type=record.TYPE, record_ref=record.ref, title=str(record),
        before=None if new else {}, after={}, via="editor", note="Vertraulich",
    )  # fmt: skip


@pytest.fixture
def einharz(db: None) -> Cooperation:
    one = Cooperation.objects.create(ref="einharz", name="EinHarz", kind="kommunalinitiative")
    logged(one)
    return one


def entries(client: Client, path: str) -> list[tuple[str, str]]:
    """Titles and paths of a feed."""
    answer = client.get(path)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    for each in (feed, *feed.iter(f"{ATOM}entry")):
        assert each.findtext(f"{ATOM}id") and each.findtext(f"{ATOM}updated") and each.findtext(f"{ATOM}title")
    return [
        (each.findtext(f"{ATOM}title") or "", "/" + each.find(f"{ATOM}link").get("href", "").split("/", 3)[3])  # type: ignore[union-attr]
        for each in feed.iter(f"{ATOM}entry")
    ]


def test_new_and_changed_entries_the_newest_first(visitor: Client, einharz: Cooperation) -> None:
    logged(Source.objects.create(ref="zeitung", title="Zeitung ohne Eintrag"))  # stands on no page
    logged(Membership.objects.create(ref="m1", cooperation=einharz, area_key="03153017", area_name="Goslar"))
    logged(einharz, new=False, verb="change")
    found = entries(visitor, "/en/aktuell.atom")
    assert [link for _title, link in found] == [
        "/en/verzeichnis/kooperationen/einharz/",
        "/en/verzeichnis/kooperationen/einharz/#mitglieder",
    ]
    assert "Changed" in found[0][0] and "EinHarz" in found[0][0]
    assert "New" in found[1][0] and "EinHarz: Goslar" in found[1][0]
    text = visitor.get("/aktuell.atom").content.decode()
    assert "Mustermann" not in text and "Vertraulich" not in text


def test_a_feed_of_one_cooperation_and_one_around_an_area(visitor: Client, einharz: Cooperation) -> None:
    other = Cooperation.objects.create(ref="andere", name="Andere", kind="kommunalinitiative")
    logged(other)
    logged(Membership.objects.create(ref="m1", cooperation=einharz, area_key="03153017", area_name="Goslar"))
    own = [title for title, _link in entries(visitor, "/verzeichnis/kooperationen/einharz/aktuell.atom")]
    assert len(own) == 2 and not any("Andere" in title for title in own)
    for key in ("03153", "031530017017", "03"):
        around = [title for title, _link in entries(visitor, f"/verzeichnis/gebiete/{key}/aktuell.atom")]
        assert len(around) == 2 and not any("Andere" in title for title in around), key
    assert entries(visitor, "/verzeichnis/gebiete/03252/aktuell.atom") == []
    assert len(entries(visitor, "/aktuell.atom")) == 3


def test_feeds_never_tell_of_what_is_not_public(visitor: Client, einharz: Cooperation) -> None:
    hidden = Cooperation.objects.create(ref="geheim", name="Geheim", kind="kommunalinitiative", live=False)
    logged(hidden)
    logged(Membership.objects.create(cooperation=hidden, area_key="03153017", area_name="Goslar"))
    firm = Organisation.objects.create(ref="firma", name="Geheim GmbH", live=False)
    logged(firm)
    logged(Membership.objects.create(cooperation=einharz, organisation=firm))
    logged(
        Contact.objects.create(
            cooperation=einharz,
            function="Büro",
            mailbox="a@example.org",
            person_name="Geheim",
            consent_purpose="x",
            consent_on=timezone.localdate(),
            consent_until=timezone.localdate(),
        )
    )
    logged(
        Membership.objects.create(cooperation=einharz, area_key="1", area_name="x", withdrawn_on=timezone.localdate())
    )
    meeting = Meeting.objects.create(ref="geheim-treffen", name="Geheim", start=timezone.now())
    MeetingBody.objects.create(meeting=meeting, cooperation=hidden)
    logged(meeting)
    for path in ("/aktuell.atom", "/verzeichnis/kooperationen/einharz/aktuell.atom"):
        assert [title for title, _link in entries(visitor, path) if "EinHarz" not in title] == []
        assert "Geheim" not in visitor.get(path).content.decode()
    assert visitor.get("/verzeichnis/kooperationen/geheim/aktuell.atom").status_code == 404
    assert visitor.get("/verzeichnis/kooperationen/geheim/treffen.ics").status_code == 404
    assert b"Geheim" not in visitor.get("/verzeichnis/treffen.ics").content


def test_feeds_ask_the_database_a_few_times(
    visitor: Client, einharz: Cooperation, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        logged(Membership.objects.create(cooperation=einharz, area_key=f"031530{number:02}", area_name=str(number)))
    for path in ("/aktuell.atom", "/verzeichnis/kooperationen/einharz/aktuell.atom"):
        with django_assert_max_num_queries(10):
            assert len(entries(visitor, path)) == 50


def test_meetings_are_a_calendar(visitor: Client, einharz: Cooperation) -> None:
    begins = dt.datetime(2026, 3, 5, 9, 30, tzinfo=dt.UTC)
    for fields in (
        {"ref": "erstes", "start": begins, "end": begins + dt.timedelta(hours=2), "place": "Goslar; Rathaus"},
        {"ref": "zweites", "start": begins + dt.timedelta(days=30), "whole_day": True},
        {"ref": "drittes", "start": begins + dt.timedelta(days=60), "cancelled": True},
    ):
        meeting = Meeting.objects.create(name=f"Sitzung {fields['ref']}", **fields)
        MeetingBody.objects.create(meeting=meeting, cooperation=einharz)
        search.index(meeting)
    for path in ("/verzeichnis/kooperationen/einharz/treffen.ics", "/verzeichnis/treffen.ics"):
        answer = visitor.get(path)
        assert answer.status_code == 200 and answer["Content-Type"].startswith("text/calendar")
        first, second, third = Calendar.from_ical(answer.content).walk("VEVENT")
        assert first.decoded("dtstart") == begins and first["location"] == "Goslar; Rathaus"
        assert first["summary"] == "Sitzung erstes" and "/verzeichnis/" in first["url"]
        assert second.decoded("dtstart") == dt.date(2026, 4, 4) and second.decoded("dtend") == dt.date(2026, 4, 5)
        assert third["status"] == "CANCELLED" and first["status"] == "CONFIRMED"
        assert len({str(each["uid"]) for each in (first, second, third)}) == 3


def test_pages_name_their_feed(visitor: Client, einharz: Cooperation) -> None:
    for path, feed in (
        ("/", "/aktuell.atom"),
        ("/en/", "/en/aktuell.atom"),
        ("/verzeichnis/kooperationen/einharz/", "/verzeichnis/kooperationen/einharz/aktuell.atom"),
        ("/verzeichnis/gebiete/03252/", "/verzeichnis/gebiete/03252/aktuell.atom"),
    ):
        page = visitor.get(path).content.decode()
        assert 'type="application/atom+xml" title="' in page and f'href="{feed}"' in page, path
