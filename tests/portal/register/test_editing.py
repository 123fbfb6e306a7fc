"""The editing screens of the register: who may open what, and that every change is a verb."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.actions import action_registry
from wagtail.documents.models import Document
from wagtail.models import GroupCollectionPermission

from nahtstelle.core.vocabularies import FUNDING_PERIODS, REASONS
from nahtstelle.portal.register import actions
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
    Via,
)
from nahtstelle.portal.register.policies import OPERATOR
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
        "coverage": CoverageFigure.objects.create(
            ref="zahl", land_key="03", kind="leader-region", exist=5, source=source
        ),
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


# ------------------------------------------------------------------------------------------------ who may


@pytest.mark.parametrize("type_", sorted(RECORDS))
def test_screens_are_closed_to_everybody_else(
    visitor: Client, person: Client, editor: Client, register: dict[str, Record], type_: str
) -> None:
    record, model = register[type_], RECORDS[type_]
    addresses = [screen(model, view) for view in ("list", "add")]
    addresses += [screen(model, view, record.pk) for view in ("edit", "delete", "history")]
    addresses.append(screen(model, "verb", record.pk, "confirm"))
    for client in (visitor, person, editor):
        for address in addresses:
            for answer in (client.get(address), client.post(address)):
                assert answer.status_code in (302, 403), address
                assert record.pk == type(record).objects.get(pk=record.pk).pk
    assert not LogEntry.objects.exists()


def test_coordination_sees_and_opens_its_own_only(coordinator: Client, register: dict[str, Record]) -> None:
    listed = coordinator.get(screen(Cooperation, "list")).content.decode()
    assert "EinHarz" in listed and "Andere" not in listed
    own = ("cooperation", "organisation", "project", "meeting", "agreement", "membership", "contact", "citation",
           "statement", "attachment", "dispute")  # fmt: skip
    for type_ in own:
        model, record = RECORDS[type_], register[type_]
        assert coordinator.get(screen(model, "edit", record.pk)).status_code == 200, type_
        assert coordinator.get(screen(model, "history", record.pk)).status_code == 200, type_
    other = register["other"]
    pages = [screen(Cooperation, view, other.pk) for view in ("edit", "delete", "history", "preview_on_edit", "lock")]
    pages += [screen(Cooperation, "verb", other.pk, verb) for verb in ("confirm", "dissolve", "rename")]
    for address in pages:
        assert coordinator.get(address).status_code in (302, 403, 405), address
        assert coordinator.post(address).status_code in (302, 403), address
    assert Cooperation.objects.get(pk=other.pk).locked is False
    for type_ in ("coverage", "completeness", "key-change"):
        assert coordinator.get(screen(RECORDS[type_], "list")).status_code == 302, type_
        assert coordinator.get(screen(RECORDS[type_], "edit", register[type_].pk)).status_code == 302, type_
    assert coordinator.get(screen(Cooperation, "add")).status_code == 302
    assert coordinator.get(reverse("register_log:index")).status_code == 302


def test_editorial_staff_works_in_its_land(editorial: Client, register: dict[str, Record]) -> None:
    listed = editorial.get(screen(Cooperation, "list")).content.decode()
    assert "EinHarz" in listed and "Andere" not in listed
    assert editorial.get(screen(Cooperation, "edit", register["cooperation"].pk)).status_code == 200
    assert editorial.get(screen(Cooperation, "edit", register["other"].pk)).status_code == 302
    assert editorial.get(screen(CoverageFigure, "edit", register["coverage"].pk)).status_code == 200
    assert editorial.get(reverse("register_log:index")).status_code == 200


def test_a_list_is_searched_as_people_type(administrator: Client, register: dict[str, Record]) -> None:
    actions.create(OPERATOR, "cooperation", {"name": "Übermorgen Süd", "kind": "leader-region"}, via=Via.COMMAND)
    for text in ("übermorgen", "Uebermorgen", "sued über", "ÜBERMORGEN"):
        listed = administrator.get(screen(Cooperation, "list_results"), {"q": text}).content.decode()
        assert "Übermorgen Süd" in listed and "EinHarz" not in listed, text
        found = administrator.get(reverse("register_choices"), {"q": text, "arten": "cooperation"}).json()["choices"]
        assert [each["title"] for each in found] == ["Übermorgen Süd"], text
    assert "EinHarz" not in administrator.get(screen(Cooperation, "list_results"), {"q": "%"}).content.decode()


def test_the_menu_names_what_somebody_may_open(coordinator: Client, editor: Client) -> None:
    home = coordinator.get("/verwaltung/").content.decode()
    assert screen(Cooperation, "list") in home and screen(KeyChange, "list") not in home
    assert screen(Cooperation, "list") not in editor.get("/verwaltung/").content.decode()


def test_a_role_opens_the_door_and_closes_it(register: dict[str, Record]) -> None:
    person = get_user_model().objects.create_user("kommt", "kommt@example.org", "x")
    client = Client()
    client.force_login(person)
    assert client.get("/verwaltung/").status_code == 302
    given = actions.assign(OPERATOR, person, "coordination", cooperation=register["cooperation"], via=Via.COMMAND)
    assert client.get("/verwaltung/").status_code == 200
    actions.unassign(OPERATOR, given, via=Via.COMMAND)
    assert client.get("/verwaltung/").status_code == 302


@pytest.mark.parametrize("type_", sorted(RECORDS))
def test_lists_ask_the_database_a_few_times(
    administrator: Client, register: dict[str, Record], type_: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        Cooperation.objects.create(ref=f"k{number}", name=f"K {number}", kind="leader-region")
        Membership.objects.create(cooperation=register["other"], party_cooperation_id=Cooperation.objects.last().pk)
    administrator.get(screen(RECORDS[type_], "list"))
    with django_assert_max_num_queries(15):
        assert administrator.get(screen(RECORDS[type_], "list")).status_code == 200


# ------------------------------------------------------------------------------------------------- saving


class Fields(HTMLParser):
    """What a browser would send of the form of a screen."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: dict[str, Any] = {}
        self.inside = False
        self.area = self.chosen = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name = said.get("name") or ""
        if tag == "form":
            self.inside = said.get("id") == "w-editor-form"
        elif not self.inside or "__prefix__" in name:
            return
        elif tag == "input" and name and said.get("type") not in ("submit", "file"):
            if said.get("type") in ("checkbox", "radio"):
                if "checked" in said:
                    self.said.setdefault(name, []).append(said.get("value") or "on")
            else:
                self.said[name] = said.get("value") or ""
        elif tag == "textarea":
            self.area, self.said[name] = name, ""
        elif tag == "select":
            self.chosen, self.said[name] = name, ""
        elif tag == "option" and self.chosen and "selected" in said:
            self.said[self.chosen] = said.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.chosen = ""
        elif tag == "form":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.area:
            self.said[self.area] += data if self.said[self.area] else data.removeprefix("\n")


def form_at(client: Client, address: str) -> dict[str, Any]:
    """The form of a screen as it is sent without changing anything."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Fields(answer.content.decode()).said


PUBLISH = {"action-publish": "action-publish"}


def test_saving_is_the_verb_and_leaves_its_traces(coordinator: Client, register: dict[str, Record]) -> None:
    address = screen(Cooperation, "edit", register["cooperation"].pk)
    said = form_at(coordinator, address)
    assert said["name"] == "EinHarz" and said["seen"]
    said |= {"summary_de": "Rund um den Harz.", "tasks": ["tourismus", "mobilitaet"], "founded": "2014-10"}
    said |= {"fundings-TOTAL_FORMS": "1", "fundings-0-programme": "LEADER", "fundings-0-period": "2023-2027"}
    answer = coordinator.post(address, said | PUBLISH)
    assert answer.status_code == 302
    einharz = Cooperation.objects.get(ref="einharz")
    assert einharz.summary_de == "Rund um den Harz." and set(einharz.tasks) == {"tourismus", "mobilitaet"}
    assert [each.programme for each in einharz.fundings.all()] == ["LEADER"]
    entry = LogEntry.objects.get()
    assert (entry.verb, entry.via, entry.by_name) == ("change", Via.EDITOR, "koordination")
    assert entry.before["summary_de"] == "" and entry.after["founded"] == "2014-10"
    assert einharz.latest_revision is not None and not einharz.has_unpublished_changes
    history = coordinator.get(screen(Cooperation, "history", einharz.pk)).content.decode()
    assert "koordination" in history


def test_saving_without_a_change_leaves_nothing(coordinator: Client, register: dict[str, Record]) -> None:
    address = screen(Cooperation, "edit", register["cooperation"].pk)
    coordinator.post(address, form_at(coordinator, address) | PUBLISH)
    assert not LogEntry.objects.exists()


def test_a_draft_is_seen_by_nobody_else(coordinator: Client, register: dict[str, Record]) -> None:
    address = screen(Cooperation, "edit", register["cooperation"].pk)
    coordinator.post(address, form_at(coordinator, address) | {"name": "EinHarz 2"})
    einharz = Cooperation.objects.get(ref="einharz")
    assert einharz.name == "EinHarz" and einharz.has_unpublished_changes
    said = form_at(coordinator, address)
    assert said["name"] == "EinHarz 2"
    coordinator.post(address, said | PUBLISH)
    einharz.refresh_from_db()
    assert einharz.name == "EinHarz 2" and not einharz.has_unpublished_changes
    assert [each.verb for each in LogEntry.objects.order_by("id")] == ["change", "change"]


def test_a_member_is_added_by_typing_a_place(coordinator: Client, register: dict[str, Record]) -> None:
    back = screen(Cooperation, "edit", register["cooperation"].pk)
    address = f"{screen(Membership, 'add')}?cooperation=einharz&next={back}"
    said = form_at(coordinator, address)
    assert said["cooperation-token"] == "cooperation:einharz"
    found = coordinator.get(reverse("register_choices"), {"q": "Bad Münder", "arten": "area,organisation"}).json()
    token = found["choices"][0]["token"]
    said |= {"party": found["choices"][0]["title"], "party-token": token, "valid_until": "2025"}
    answer = coordinator.post(address, said)
    assert answer.status_code == 302 and answer["Location"] == back
    made = Membership.objects.exclude(ref="goslar").get()
    assert f"area:{made.area_key}" == token and made.area_edition and "Bad Münder" in made.area_name
    assert made.valid_until == "2026"  # until the end of 2025
    assert form_at(coordinator, screen(Membership, "edit", made.pk))["valid_until"] == "2025"
    assert LogEntry.objects.get().verb == "add_membership"
    members = coordinator.get(back).content.decode()
    assert made.area_name in members and 'id="tab-members"' in members


@pytest.mark.parametrize(
    ("typed", "said"), [("Hameln", ""), ("03252006", "03252006"), ("Nirgendwo", ""), ("Stadt Hameln", "03252006")]
)
def test_a_name_alone_is_enough_where_only_one_has_it(
    coordinator: Client, register: dict[str, Record], typed: str, said: str
) -> None:
    address = f"{screen(Membership, 'add')}?cooperation=einharz"
    coordinator.post(address, form_at(coordinator, address) | {"party": typed, "party-token": ""})
    made = Membership.objects.exclude(ref="goslar").first()
    assert (made.area_key if made else "") in ({said, "03252006"} if typed == "Hameln" else {said})


def test_choices_come_with_district_land_and_key(coordinator: Client, register: dict[str, Record]) -> None:
    address = reverse("register_choices")
    found = coordinator.get(address, {"q": "Hameln", "arten": "area"}).json()["choices"]
    assert {
        "token": "area:03252006",
        "title": "Stadt Hameln",
        "hint": "Hameln-Pyrmont, Niedersachsen, 03252006",
    } in found
    both = coordinator.get(address, {"q": "Harz", "arten": "organisation,cooperation"}).json()["choices"]
    assert {each["token"] for each in both} == {"organisation:firma", "cooperation:einharz"}
    assert coordinator.get(address, {"q": "Hameln", "arten": "unsinn"}).json() == {"choices": []}
    assert coordinator.get(address, {"q": "\x00", "arten": "area"}).json() == {"choices": []}


def test_choices_keep_drafts_of_others_to_themselves(
    coordinator: Client, visitor: Client, person: Client, register: dict[str, Record]
) -> None:
    Cooperation.objects.create(ref="geheim", name="Geheime Runde", kind="leader-region", live=False)
    address = reverse("register_choices")
    assert coordinator.get(address, {"q": "Geheime", "arten": "cooperation"}).json() == {"choices": []}
    for client in (visitor, person):
        assert client.get(address, {"q": "Harz", "arten": "cooperation"}).status_code == 302
    add = f"{screen(Membership, 'add')}?cooperation=geheim"
    assert form_at(coordinator, add)["cooperation-token"] == ""


def test_a_membership_is_ended_and_confirmed_from_the_list(coordinator: Client, register: dict[str, Record]) -> None:
    goslar = register["membership"]
    answer = coordinator.post(screen(Membership, "verb", goslar.pk, "confirm_membership"), {})
    assert answer.status_code == 302
    answer = coordinator.post(screen(Membership, "verb", goslar.pk, "end_membership"), {"on": "2025-12"})
    assert answer.status_code == 302
    ended = Membership.objects.get(pk=goslar.pk)
    assert ended.valid_until == "2026-01" and ended.confirmed_by_cooperation_on is not None
    assert [each.verb for each in LogEntry.objects.order_by("id")] == ["confirm_membership", "end_membership"]
    assert coordinator.get(screen(Membership, "verb", goslar.pk, "end_membership")).status_code == 302


def test_a_split_asks_what_goes_on_where(coordinator: Client, register: dict[str, Record]) -> None:
    einharz = register["cooperation"]
    for key, name in (("03153018", "Stadt Harzburg"), ("03153019", "Gemeinde Liebenburg")):
        actions.add_membership(OPERATOR, einharz, {"area_key": key, "area_name": name}, via=Via.COMMAND)
    goslar, harzburg, liebenburg = (f"goes-membership-{each.ref}" for each in Membership.objects.order_by("id"))
    address, before = screen(Cooperation, "verb", einharz.pk, "split"), LogEntry.objects.count()
    assert "goes-rest" not in coordinator.get(address).content.decode()

    said: dict[str, Any] = {"parts": "Nordharz", "on": "2020"}
    assert "mindestens zwei Teile" in coordinator.post(address, said).content.decode()
    said["parts"] = "Nordharz\n\n Südharz "
    page = coordinator.post(address, said).content.decode()
    assert 'aria-label="Stadt Goslar: Nordharz"' in page and 'aria-label="Vorhaben: Südharz"' in page
    assert "checked" not in page and 'role="alert"' not in page and LogEntry.objects.count() == before
    assert 'tabindex="0" autofocus' in page, "the table below the form is not overlooked"

    said["goes"] = "2020\nNordharz\nSüdharz"
    page = coordinator.post(address, said | {harzburg: "0"}).content.decode()
    assert "Stadt Goslar, Gemeinde Liebenburg, Vorhaben" in page and " autofocus" not in page, "nothing is assumed"
    page = coordinator.post(address, said | {"goes-rest": "0", harzburg: ["1", "-"]}).content.decode()
    assert "Stadt Harzburg" in page and page.count(" checked") == 3
    renamed = said | {"parts": "Nordharz\nOberharz", "goes-rest": "0"}
    page = coordinator.post(address, renamed).content.decode()
    assert 'aria-label="Stadt Goslar: Oberharz"' in page and page.count(" checked") == 1, "asked again, ticks kept"
    assert LogEntry.objects.count() == before

    ticked = said | {"goes-rest": ["0", "1"], harzburg: "1", liebenburg: "-", goslar: ["0", "7", "x"]}
    assert coordinator.post(address, ticked).status_code == 302
    north, south = (Cooperation.objects.get(name=name) for name in ("Nordharz", "Südharz"))
    assert list(north.memberships.values_list("area_key", flat=True)) == ["03153017"]
    assert list(south.memberships.values_list("area_key", flat=True)) == ["03153018"]
    assert sorted(Project.objects.get().cooperations.values_list("cooperation__name", "lead")) == [
        ("EinHarz", False), ("Nordharz", True), ("Südharz", False),
    ]  # fmt: skip
    assert Cooperation.objects.get(pk=einharz.pk).state == "geteilt"


def test_a_split_of_many_asks_the_database_a_few_times(
    coordinator: Client, register: dict[str, Record], django_assert_max_num_queries: Any
) -> None:
    einharz = register["cooperation"]
    for number in range(60):
        firm = Organisation.objects.create(ref=f"f{number}", name=f"Firma {number}")
        Membership.objects.create(cooperation=einharz, organisation=firm)
    address = screen(Cooperation, "verb", einharz.pk, "split")
    coordinator.get(address)
    with django_assert_max_num_queries(15):
        page = coordinator.post(address, {"parts": "A\nB", "on": "2020"}).content.decode()
    assert "Firma 59: B" in page


def test_what_has_nothing_to_go_on_is_split_at_once(administrator: Client, register: dict[str, Record]) -> None:
    bare = actions.create(OPERATOR, "cooperation", {"name": "Leer", "kind": "leader-region"}, via=Via.COMMAND)
    address = screen(Cooperation, "verb", bare.pk, "split")
    assert administrator.post(address, {"parts": "A\nB", "on": "2020"}).status_code == 302
    assert Succession.objects.filter(before=bare).count() == 2


def test_what_cannot_be_true_is_said_at_its_field(coordinator: Client, register: dict[str, Record]) -> None:
    address = screen(Project, "edit", register["project"].pk)
    said = form_at(coordinator, address) | {"state": "gescheitert"}
    answer = coordinator.post(address, said | PUBLISH)
    assert answer.status_code == 200 and "reasons" in answer.context["form"].errors
    assert Project.objects.get(ref="vorhaben").state == "idee" and not LogEntry.objects.exists()
    said["reasons"] = [next(iter(REASONS))]
    assert coordinator.post(address, said | PUBLISH).status_code == 302
    assert Project.objects.get(ref="vorhaben").state == "gescheitert"


def test_a_seat_is_chosen_by_its_name_and_kept_by_its_key(coordinator: Client, register: dict[str, Record]) -> None:
    address = screen(Cooperation, "edit", register["cooperation"].pk)
    said = form_at(coordinator, address)
    assert said["seat_key-token"] == "area:03153017" and "Goslar" in said["seat_key"]
    coordinator.post(address, said | {"seat_key": "Stadt Hameln", "seat_key-token": ""} | PUBLISH)
    assert Cooperation.objects.get(ref="einharz").seat_key == "03252006"
    Cooperation.objects.filter(ref="einharz").update(seat_key="03999999")
    said = form_at(coordinator, address)
    assert coordinator.post(address, said | {"short_name": "EH"} | PUBLISH).status_code == 302
    einharz = Cooperation.objects.get(ref="einharz")
    assert (einharz.seat_key, einharz.short_name) == ("03999999", "EH"), "a key nobody knows any more stays"


@pytest.mark.parametrize(
    ("type_", "row"), [("project", "cooperations-0-cooperation"), ("meeting", "bodies-0-cooperation")]
)
def test_a_new_entry_begins_with_the_cooperation_it_is_made_for(
    coordinator: Client, register: dict[str, Record], type_: str, row: str
) -> None:
    address = f"{screen(RECORDS[type_], 'add')}?cooperation=einharz"
    said = form_at(coordinator, address)
    assert said[f"{row}-token"] == "cooperation:einharz"
    home = coordinator.get("/verwaltung/").content.decode()
    assert address in home
    said |= {"name": "Neu", "start": "2026-05-01 10:00"}
    assert coordinator.post(screen(RECORDS[type_], "add"), said | PUBLISH).status_code == 302
    made = RECORDS[type_]._default_manager.get(name="Neu")
    assert made.live and LogEntry.objects.get().record_ref == made.ref


def test_nothing_is_deleted_from_a_screen(coordinator: Client, register: dict[str, Record]) -> None:
    for type_ in ("contact", "project", "cooperation"):
        record, model = register[type_], RECORDS[type_]
        address = screen(model, "delete", record.pk)
        assert coordinator.post(address, {}).status_code == 200, "a reason is asked for"
        assert coordinator.post(address, {"note": "Doppelt"}).status_code == 302
        assert model._default_manager.get(pk=record.pk).withdrawn_on is not None
        assert LogEntry.objects.order_by("-id")[0].note == "Doppelt"
        assert str(record) not in coordinator.get(screen(model, "list_results")).content.decode()
        assert str(record) in coordinator.get(screen(model, "list_results"), {"withdrawn": "ja"}).content.decode()
        assert coordinator.post(screen(model, "verb", record.pk, "restore"), {}).status_code == 302
        assert model._default_manager.get(pk=record.pk).withdrawn_on is None


def test_wagtails_own_actions_refuse_records(register: dict[str, Record]) -> None:
    for model in RECORDS.values():
        names = ["create", "edit", "delete"]
        names += ["publish", "unpublish", "revert"] if issubclass(model, Entry) else []
        for name in names:
            with pytest.raises(PermissionDenied):
                action_registry.get_action_class(model, name)(register[model.TYPE])


# ------------------------------------------------------------------------------------------- two at once


def test_a_lost_update_is_refused_with_both_versions(
    coordinator: Client, editorial: Client, register: dict[str, Record]
) -> None:
    address = screen(Cooperation, "edit", register["cooperation"].pk)
    first = form_at(coordinator, address)
    coordinator.post(address, first | {"website": "https://alt.example.org/"} | PUBLISH)
    mine, theirs = form_at(coordinator, address), form_at(editorial, address)
    changed = {"name": "EinHarz neu", "website": "https://sie.example.org/"}
    assert editorial.post(address, theirs | changed | PUBLISH).status_code == 302
    own = {"website": "https://ich.example.org/", "summary_de": "Von mir."}
    answer = coordinator.post(address, mine | own | PUBLISH)
    page = answer.content.decode()
    assert answer.template_name == "register/conflict.html" and "redaktion" in page
    assert "https://sie.example.org/" in page and "https://ich.example.org/" in page and "Von mir." in page
    assert "EinHarz neu" not in json.loads(answer.context_data["mine"]).values()
    assert Cooperation.objects.get(ref="einharz").website == "https://sie.example.org/"
    sent = {"conflict": answer.context_data["mine"], "seen": answer.context_data["seen"]}
    sent |= {"keep-website": "theirs", "keep-summary_de": "yours"}
    assert coordinator.post(address, sent | PUBLISH).status_code == 302
    einharz = Cooperation.objects.get(ref="einharz")
    assert (einharz.name, einharz.website, einharz.summary_de) == (
        "EinHarz neu",
        "https://sie.example.org/",
        "Von mir.",
    )


def test_a_conflict_survives_other_rows_in_a_list(
    coordinator: Client, editorial: Client, register: dict[str, Record]
) -> None:
    address = screen(Project, "edit", register["project"].pk)
    mine, theirs = form_at(coordinator, address), form_at(editorial, address)
    rows = {"fundings-TOTAL_FORMS": "1", "fundings-0-programme": "LEADER"}
    assert editorial.post(address, theirs | rows | PUBLISH).status_code == 302
    answer = coordinator.post(address, mine | {"name": "Anders"} | PUBLISH)
    assert answer.template_name == "register/conflict.html" and "Anders" in answer.content.decode()
    sent = {"conflict": answer.context_data["mine"], "seen": answer.context_data["seen"], "keep-name": "yours"}
    assert [each.both for each in answer.context_data["differences"]] == [True], "no version is kept of that moment"
    coordinator.post(address, sent | PUBLISH)
    project = Project.objects.get(ref="vorhaben")
    assert project.name == "Anders" and project.fundings.count() == 1


def test_versions_are_compared_and_brought_back(coordinator: Client, register: dict[str, Record]) -> None:
    address = screen(Cooperation, "edit", register["cooperation"].pk)
    for name, task in (("Eins", "tourismus"), ("Zwei", "bildung")):
        coordinator.post(address, form_at(coordinator, address) | {"name": name, "tasks": [task]} | PUBLISH)
    older, newer = Cooperation.objects.get(ref="einharz").revisions.order_by("id")
    pair = (register["cooperation"].pk, older.pk, newer.pk)
    compared = coordinator.get(screen(Cooperation, "revisions_compare", *pair))
    assert compared.status_code == 200 and "Zwei" in compared.content.decode()
    back = screen(Cooperation, "revisions_revert", register["cooperation"].pk, older.pk)
    assert coordinator.post(back, form_at(coordinator, back) | PUBLISH).status_code == 302
    assert Cooperation.objects.get(ref="einharz").name == "Eins"
    assert LogEntry.objects.order_by("-id")[0].note


# ------------------------------------------------------------------------------------------ review first


def test_what_has_to_be_looked_at_waits_for_whoever_may_publish(
    newcomer: Client, editorial: Client, register: dict[str, Record]
) -> None:
    address = screen(Cooperation, "edit", register["cooperation"].pk)
    page = newcomer.get(address).content.decode()
    assert "action-publish" not in page
    answer = newcomer.post(address, form_at(newcomer, address) | {"name": "Neuer Name"} | PUBLISH, follow=True)
    assert "handed in" in answer.content.decode() or "eingereicht" in answer.content.decode()
    einharz = Cooperation.objects.get(ref="einharz")
    assert einharz.name == "EinHarz" and einharz.workflow_in_progress
    assert newcomer.get(address).status_code == 200
    said = form_at(editorial, address)
    assert said["name"] == "Neuer Name"
    approve = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    newcomer.post(address, form_at(newcomer, address) | approve)
    assert Cooperation.objects.get(ref="einharz").name == "EinHarz", "nobody approves their own"
    editorial.post(address, form_at(editorial, address) | approve)
    einharz.refresh_from_db()
    assert einharz.name == "Neuer Name" and not einharz.workflow_in_progress
    assert [each.verb for each in LogEntry.objects.order_by("id")] == ["change", "publish"]


def test_records_without_drafts_are_suggested_instead(newcomer: Client, register: dict[str, Record]) -> None:
    address = screen(Contact, "edit", register["contact"].pk)
    answer = newcomer.post(address, form_at(newcomer, address) | {"function": "Anders"})
    assert answer.status_code == 200 and Contact.objects.get(ref="kontakt").function == "Büro"
    assert answer.context["form"].non_field_errors()


# ---------------------------------------------------------------------------------------------- several


def bulk(client: Client, model: type[Record], name: str, records: list[Record], said: dict[str, Any]) -> Any:
    """Do something to several records of a list."""
    address = reverse("wagtail_bulk_action", args=["register", model._meta.model_name, name])
    ids = "&".join(f"id={each.pk}" for each in records)
    assert client.get(f"{address}?{ids}").status_code == 200
    return client.post(f"{address}?{ids}", said)


def test_several_at_once(coordinator: Client, register: dict[str, Record]) -> None:
    both = [register["cooperation"], register["other"]]
    assert bulk(coordinator, Cooperation, "confirm", both, {}).status_code == 302
    assert bulk(coordinator, Cooperation, "add_task", both, {"task": "tourismus"}).status_code == 302
    period = {"programme": "LEADER", "period": next(iter(FUNDING_PERIODS))}
    assert bulk(coordinator, Cooperation, "funding_period", both, period).status_code == 302
    assert bulk(coordinator, Cooperation, "delete", both, {"note": "Test"}).status_code == 302
    einharz, other = (Cooperation.objects.get(pk=each.pk) for each in both)
    assert einharz.confirmed_on and einharz.tasks == ("tourismus",) and einharz.fundings.count() == 1
    assert einharz.withdrawn_on and Cooperation.objects.count() == 2
    assert other.confirmed_on is None and other.tasks == () and other.withdrawn_on is None
    assert [each.verb for each in LogEntry.objects.order_by("id")] == ["confirm", "change", "change", "withdraw"]


# --------------------------------------------------------------------------------------------- documents


def test_a_document_of_a_draft_is_not_handed_out(
    visitor: Client, coordinator: Client, register: dict[str, Record]
) -> None:
    document = Document.objects.create(title="Entwurf", file=ContentFile(b"%PDF-1.4", "entwurf.pdf"))
    agreement = register["agreement"]
    Agreement.objects.filter(pk=agreement.pk).update(document=document, live=False)
    address = reverse("wagtaildocs_serve", args=[document.pk, document.filename])
    assert visitor.get(address).status_code == 404
    assert coordinator.get(address).status_code == 200
    Agreement.objects.filter(pk=agreement.pk).update(live=True)
    assert visitor.get(address).status_code == 200


def test_coordination_chooses_among_its_own_documents(coordinator: Client, register: dict[str, Record]) -> None:
    collection = GroupCollectionPermission.objects.filter(group__name="Koordination")[0].collection
    file = ContentFile(b"%PDF-1.4", "x.pdf")
    for title in ("Eigenes", "Angehängtes", "Fremdes"):
        Document.objects.create(title=title, file=file, collection=collection)
    Document.objects.filter(title="Eigenes").update(
        uploaded_by_user=get_user_model().objects.get(username="koordination")
    )
    attached = Document.objects.get(title="Angehängtes")
    Attachment.objects.filter(ref="anlage").update(document=attached)
    offered = coordinator.get(reverse("wagtaildocs_chooser:choose_results")).content.decode()
    assert "Eigenes" in offered and "Angehängtes" in offered and "Fremdes" not in offered
    for each in Document.objects.exclude(title="Eigenes"):
        assert coordinator.get(reverse("wagtaildocs:edit", args=[each.pk])).status_code in (302, 403)


@pytest.mark.parametrize("type_", ["cooperation", "project", "organisation", "agreement", "meeting"])
def test_an_entry_can_be_looked_at_before_it_is_public(
    coordinator: Client, register: dict[str, Record], type_: str
) -> None:
    record, model = register[type_], RECORDS[type_]
    said = form_at(coordinator, screen(model, "edit", record.pk))
    said["title" if type_ == "agreement" else "name"] = "So wird es heißen"
    address = screen(model, "preview_on_edit", record.pk)
    assert coordinator.post(address, said).json() == {"is_valid": True, "is_available": True}
    shown = coordinator.get(address)
    assert shown.status_code == 200 and "So wird es heißen" in shown.content.decode()
    assert not LogEntry.objects.exists()
