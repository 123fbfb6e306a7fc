"""The screens of the import desk: from a list to entries and back, and who may be there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.portal.markup import Page, text_of
from tests.portal.register.conftest import Cast
from tests.portal.register.test_intake import as_csv

from nahtstelle.portal.intake.views import MOST_ROWS_HERE
from nahtstelle.portal.register.models import ImportBatch, ImportState, Membership
from nahtstelle.portal.register.staff import prepare_staff

pytestmark = pytest.mark.django_db
DESK = "/verwaltung/importe/"


@pytest.fixture(autouse=True)
def _files(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def staff(cast: Cast) -> Cast:
    """The cast, with the rights to open the editing screens."""
    prepare_staff()
    return cast


def browser(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def taken_in(client: Client, rows: list[tuple[str, ...]], target: str = "memberships") -> str:
    """The address of the columns of a list that was just taken in."""
    file = SimpleUploadedFile("Mitglieder.csv", as_csv(rows, "cp1252"))
    answer = client.post(DESK, {"file": file, "target": target})
    assert answer.status_code == 302, text_of(Page(answer.content.decode()).one("main"))
    return str(answer["Location"])


def chosen(page: Page) -> dict[str, str]:
    """What the form of the columns says as it stands."""
    said = {}
    for select in page.all("select"):
        options = [option for option in select.iter("option") if option.get("selected") is not None]
        if options and select.get("name"):
            said[select.get("name", "")] = options[0].get("value", "")
    return said


ROWS = [
    ("Kooperation", "Gemeinde", "Mitglied seit"),
    ("Einharz", "Stadt Goslar", "2014"),
    ("Einharz", "Goslar", "2001"),
]


def test_from_a_list_to_entries_and_back(staff: Cast) -> None:
    client = browser(staff.coordination)
    assert DESK in client.get("/verwaltung/").content.decode()
    columns = taken_in(client, ROWS)
    page = Page(client.get(columns).content.decode())
    said = chosen(page)
    assert said["column-cooperation"] == "Kooperation" and said["column-member"] == "Gemeinde"
    answer = client.post(columns, {**said, "fixed-role": "mitglied"})
    check = answer["Location"]
    assert check.endswith("/pruefen/")
    page = Page(client.get(check).content.decode())
    assert not [each for each in page.all("button") if each.get("name") == "import"]
    radios = [each.get("value", "") for each in page.all("input") if each.get("name") == "answer-0"]
    assert "03153" in radios and "-" in radios and not Membership.objects.exists()
    client.post(check, {"answer": "yes", "answer-0": "03153"})
    page = Page(client.get(check).content.decode())
    assert [each for each in page.all("button") if each.get("name") == "import"]
    report = client.post(check, {"import": "yes"})["Location"]
    assert Membership.objects.filter(withdrawn_on=None).count() == 2
    assert {each.stated_by for each in Membership.objects.all()} == {"cooperation"}
    batch = ImportBatch.objects.get()
    assert batch.state == ImportState.DONE and not batch.file and batch.by == staff.coordination
    page = Page(client.get(report).content.decode())
    assert "Goslar" in text_of(page.one("main"))
    assert client.get(check).status_code == 404  # done is done
    client.post(f"{report}rueckgaengig/")
    assert not Membership.objects.filter(withdrawn_on=None).exists()
    assert ImportBatch.objects.get().state == ImportState.UNDONE
    # the same columns the next time
    again = Page(client.get(taken_in(client, ROWS)).content.decode())
    assert chosen(again)["fixed-role"] in ("", "mitglied")


def test_a_coordinator_imports_only_into_their_own(staff: Cast) -> None:
    client = browser(staff.stranger)
    columns = taken_in(client, [("Kooperation", "Gemeinde"), ("Einharz", "Stadt Goslar")])
    check = client.post(columns, chosen(Page(client.get(columns).content.decode())))["Location"]
    page = Page(client.get(check).content.decode())
    assert not [each for each in page.all("button") if each.get("name") == "import"]
    client.post(check, {"import": "yes"})
    assert not Membership.objects.exists()


def test_who_may_be_there(staff: Cast) -> None:
    own = browser(staff.coordination)
    columns = taken_in(own, ROWS)
    number = re.findall(r"\d+", columns)[0]
    for person in (staff.stranger, staff.account, staff.editorial):
        client = browser(person)
        for path in (columns, f"{DESK}{number}/pruefen/", f"{DESK}{number}/"):
            assert client.get(path).status_code in (302, 403, 404), (person, path)
        assert client.post(f"{DESK}{number}/verwerfen/").status_code in (302, 403, 404)
    assert ImportBatch.objects.count() == 1
    assert Client().get(DESK).status_code == 302
    assert "Mitglieder.csv" in browser(staff.administration).get(DESK).content.decode()
    own.post(f"{DESK}{number}/verwerfen/")
    assert not ImportBatch.objects.exists()


def test_what_is_wrong_is_said(staff: Cast) -> None:
    client = browser(staff.administration)
    answer = client.post(DESK, {"file": SimpleUploadedFile("bild.png", b"x"), "target": "memberships"})
    assert answer.status_code == 200 and "PNG" in answer.content.decode().upper()
    columns = taken_in(client, [("Bund", "Wer"), ("Einharz", "Goslar")])
    answer = client.post(columns, {"existing": "enter"})
    assert answer.status_code == 200 and 'role="alert"' in answer.content.decode()
    assert client.get(columns.replace("spalten", "pruefen")).status_code == 302


def test_a_list_that_is_too_long_for_a_browser_is_not_begun(staff: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from nahtstelle.portal.intake import views

    assert MOST_ROWS_HERE >= 1000
    monkeypatch.setattr(views, "MOST_ROWS_HERE", 1)
    client = browser(staff.administration)
    columns = taken_in(client, [("Kooperation", "Gemeinde"), ("einharz", "Stadt Goslar"), ("einharz", "Stadt Soltau")])
    check = client.post(columns, chosen(Page(client.get(columns).content.decode())))["Location"]
    assert "import-table" in client.get(check).content.decode()
    client.post(check, {"import": "yes"})
    assert not Membership.objects.exists()
