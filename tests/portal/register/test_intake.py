"""The import desk: lists as people keep them become entries, all of them or none, and nothing is guessed."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from nahtstelle.portal.intake import actions, plans
from nahtstelle.portal.intake.matching import Gazetteer, Roll, land_of, taken_apart
from nahtstelle.portal.intake.plans import CHANGE_TOO, LEAVE_OUT, Plan, Reading, WrongColumns, planned, reading_for
from nahtstelle.portal.intake.tables import UnreadableList, decoded, read_sheets, separator_of
from nahtstelle.portal.intake.targets import COOPERATIONS, MEMBERSHIPS, ORGANISATIONS, PROJECTS, guessed, known_names
from nahtstelle.portal.register import actions as verbs
from nahtstelle.portal.register import search
from nahtstelle.portal.register.models import (
    Cooperation,
    ImportBatch,
    ImportState,
    KeyChange,
    LogEntry,
    Membership,
    Organisation,
    Project,
)
from nahtstelle.portal.register.policies import OPERATOR

pytestmark = pytest.mark.django_db

HEADER = ("Kooperation", "Gemeinde", "AGS", "Landkreis", "Bundesland", "Mitglied seit", "bis")


def as_csv(rows: Sequence[Sequence[str]], encoding: str = "utf-8", separator: str = ";") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Sequence[Any]], merged: Sequence[str] = ()) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Mitglieder">{rows}</table:table></office:spreadsheet>
</office:body></office:document-content>"""


def as_ods(rows: Sequence[Sequence[str]], down: dict[tuple[int, int], int]) -> bytes:
    """A spreadsheet of LibreOffice; ``down`` says over how many rows a cell reaches."""
    import zipfile

    covered = {(row + more, column) for (row, column), count in down.items() for more in range(1, count)}
    lines = []
    for number, row in enumerate(rows):
        cells = []
        for column, text in enumerate(row):
            if (number, column) in covered:
                cells.append("<table:covered-table-cell/>")
                continue
            span = f' table:number-rows-spanned="{down[number, column]}"' if (number, column) in down else ""
            cells.append(
                f'<table:table-cell office:value-type="string"{span}><text:p>{text}</text:p></table:table-cell>'
            )
        lines.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(rows="".join(lines)))
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return out.getvalue()


def sheet(content: bytes, name: str = "liste.csv") -> Any:
    return read_sheets(content, name, known_names())[0]


def plan_of(rows: Sequence[Sequence[str]], reading: Reading | None = None, target: Any = MEMBERSHIPS) -> Plan:
    found = sheet(as_csv(rows))
    return planned(target, found, reading or reading_for(target, found))


def taken_in(rows: Sequence[Sequence[str]], target: Any = MEMBERSHIPS, by: Any = OPERATOR, **said: Any) -> Any:
    """The whole way of the command: plan, what is wrong with no row, batch."""
    reading = Reading(**said) if said else None
    return actions.import_table(by, "liste.csv", as_csv(rows), target, reading)


@pytest.fixture
def heide(db: None) -> Cooperation:
    verbs.create(
        OPERATOR, "cooperation", {"ref": "heide", "name": "Heide-Bündnis", "kind": "kommunalinitiative"}, via="command"
    )
    return Cooperation.objects.get(ref="heide")


# ------------------------------------------------------------------------------------------------ reading


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1", "cp850", "mac_roman"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_any_usual_encoding_and_separator(encoding: str, separator: str) -> None:
    rows = [
        ("Name", "Größe in km²", "Ort"),
        ("Königslutter am Elm", "130,65", "Süpplingen; Straße"),
        ("Büddenstedt", "", ""),
    ]
    if encoding == "mac_roman":
        rows = [tuple(cell.replace("²", "2") for cell in row) for row in rows]
    content = as_csv(rows, "utf-8", separator).decode().encode(encoding)
    found = sheet(content)
    assert found.header == rows[0]
    assert found.rows[0].cells == rows[1], decoded(content)[1]
    assert [row.number for row in found.rows] == [2, 3]


def test_separators_are_those_that_cut_alike() -> None:
    assert separator_of("a;b\n1,5;2,5\n3,5;4\n") == ";"
    assert separator_of("a,b\n1;5,2\n3,4\n") == ","
    assert separator_of("only\none\n") == ";"


def test_titles_above_the_header_and_repeated_headers_are_left_out() -> None:
    found = sheet(
        as_xlsx(
            [
                ("Mitglieder der Heide-Bündnisse, Stand 2024",), (), HEADER[:3], ("Heide", "Soltau", 3358021),
                (), HEADER[:3], ("Heide", "Munster", "03358016"),
            ],
            ["A1:C1"],
        ),
        "liste.xlsx",
    )  # fmt: skip
    assert found.header == HEADER[:3]
    assert [row.cells for row in found.rows] == [("Heide", "Soltau", "3358021"), ("Heide", "Munster", "03358016")]
    assert [row.number for row in found.rows] == [4, 7]
    assert len(found.notes) == 2


def test_merged_cells_are_filled() -> None:
    rows = [HEADER[:2], ("Heide", "Soltau"), ("", "Munster"), ("", "Bispingen"), ("Elm", "Schöppenstedt")]
    xlsx = sheet(as_xlsx(rows, ["A2:A4"]), "liste.xlsx")
    ods = sheet(as_ods(rows, {(1, 0): 3}), "liste.ods")
    for found in (xlsx, ods):
        assert [row.cells[0] for row in found.rows] == ["Heide", "Heide", "Heide", "Elm"]
        assert any("erged" in note or "erbunden" in note for note in found.notes)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "leer.csv"),
        (b"nur ein Titel", "titel.csv"),
        (b"PK\x03\x04kaputt", "kaputt.xlsx"),
        (b"x", "bild.png"),
        (b"", "x.ods"),
    ],
)
def test_what_is_no_list_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(UnreadableList):
        read_sheets(content, name)


def test_columns_are_known_by_their_usual_names() -> None:
    names = {name: HEADER[position] for name, position in guessed(MEMBERSHIPS, HEADER).items()}
    assert names == {
        "cooperation": "Kooperation", "member": "Gemeinde", "key": "AGS", "district": "Landkreis",
        "land": "Bundesland", "valid_from": "Mitglied seit", "valid_until": "bis",
    }  # fmt: skip


def test_columns_there_are_not_are_named(heide: Cooperation) -> None:
    for reading in (
        Reading({"cooperation": "Nirgends"}),
        Reading({"colour": "Gemeinde"}),
        Reading({"member": "Gemeinde"}),
    ):
        with pytest.raises(WrongColumns):
            plan_of([HEADER, ("heide", "Soltau", "", "", "", "", "")], reading)


# ----------------------------------------------------------------------------------------------- matching


@pytest.mark.parametrize(
    ("said", "key"),
    [
        (("Soltau",), "03358021"), (("Stadt Soltau",), "03358021"), (("Soltau, Stadt",), "03358021"),
        (("SOLTAU",), "03358021"), (("Landkreis Hameln-Pyrmont",), "03252"), (("LK Hameln-Pyrmont",), "03252"),
        (("Hameln",), "03252006"), (("Hameln, Stadt", "", "Hameln-Pyrmont"), "03252006"),
        (("Flecken Aerzen",), "03252001"), (("Aerzen, Flecken",), "03252001"),
        (("Niedersachsen",), "03"), (("Land Niedersachsen",), "03"),
        (("Königslutter am Elm",), "03154013"), (("Koenigslutter am Elm",), "03154013"),
        (("Königslutter a. Elm",), "03154013"), (("", "3358021"), "03358021"), (("", "03 3 58 021"), "03358021"),
        (("", "033580021021"), "03358021"), (("Soltau", "3358021"), "03358021"),
        (("Stadt Braunschweig",), "03101"), (("Braunschweig",), "03101"), (("Samtgemeinde Velpke",), "031545404"),
        (("Neustadt", "", "", "Schleswig-Holstein"), ""), (("Neustadt in Holstein",), "01055032"),
    ],
)  # fmt: skip
def test_areas_are_matched(said: tuple[str, ...], key: str) -> None:
    match = Gazetteer.loaded().found(*said)
    assert match.value == key, match


@pytest.mark.parametrize(
    "said", [("Helmstedt",), ("Neustadt",), ("Soltauu",), ("Hammeln",), ("", "99999999"), ("", "abc")]
)
def test_what_is_not_certain_is_never_taken(said: tuple[str, ...]) -> None:
    match = Gazetteer.loaded().found(*said)
    assert not match.sure and match.notes
    assert all(offer.score <= 100 and offer.label for offer in match.offers)


def test_what_is_alike_is_offered_with_its_score() -> None:
    places = Gazetteer.loaded()
    offers = {offer.value: offer.score for offer in places.found("Soltauu").offers}
    assert 80 < offers["03358021"] < 100
    assert [offer.label.split(",")[0] for offer in places.found("Helmstedt").offers] in (
        ["Landkreis Helmstedt", "Stadt Helmstedt"],
        ["Stadt Helmstedt", "Landkreis Helmstedt"],
    )
    assert places.found("Helmstedt", "", "", "").offers[0].score == 100
    assert [offer.value for offer in places.found("Hammeln", "", "Hameln-Pyrmont").offers] == ["03252006"]


def test_a_key_and_a_name_that_contradict_each_other_are_asked_about() -> None:
    match = Gazetteer.loaded().found("Munster", "03358021")
    assert not match.sure and [offer.value for offer in match.offers][:2] == ["03358021", "03358016"]


def test_keys_and_names_of_the_past_lead_to_today(heide: Cooperation) -> None:
    KeyChange.objects.create(old_key="03358098", new_key="03358021", on="2001", old_name="Altsoltau", new_name="Soltau")
    places = Gazetteer.loaded()
    for said in (("Altsoltau",), ("", "03358098"), ("Altsoltau", "03358098")):
        match = places.found(*said)
        assert match.value == "03358098" and "03358021" in match.notes[0], said
    assert places.successor_of("03358098").key == "03358021"  # type: ignore[union-attr]
    plan, _wrong, batch = taken_in([HEADER, ("heide", "Altsoltau", "03358098", "", "", "", "")])
    assert batch is not None, [row.problems for row in plan.rows]
    assert Membership.objects.get().area_key == "03358098"


def test_words_around_names() -> None:
    assert taken_apart("Samtgemeinde Land Hadeln")[1] == "union"
    assert land_of("Nds.") == "03" and land_of("Thüringen") == "16" and land_of("Bayern (BY)") == ""


def test_records_are_matched_by_reference_and_whole_name(heide: Cooperation) -> None:
    roll = Roll.of(Cooperation)
    assert (
        roll.found("heide").value == roll.found("heide bündnis").value == roll.found("HEIDE-BUENDNIS").value == "heide"
    )
    alike = roll.found("Heidebündnis")
    assert not alike.sure and alike.offers[0].value == "heide"


# ----------------------------------------------------------------------------------------------- planning


def test_a_list_is_planned_row_by_row(heide: Cooperation) -> None:
    plan = plan_of(
        [
            HEADER,
            ("Heide-Bündnis", "Soltau", "", "Heidekreis", "NI", "01.03.2014", ""),
            ("Heide-Bündnis", "Munster", "3358016", "", "", "2015", "2020"),
            ("Heide-Bündnis", "Helmstedt", "", "", "", "", ""),
            ("Heidebund", "Bispingen", "", "", "", "", ""),
            ("Heide-Bündnis", "Bispingen", "", "", "", "neulich", ""),
            ("Heide-Bündnis", "Soltau", "03358021", "", "", "", ""),
            ("Heide-Bündnis", "", "", "", "", "", ""),
            ("Heide-Bündnis", "Wietzendorf", "", "", "", "2020", "2018"),
        ]
    )
    assert [row.action for row in plan.rows] == [
        plans.CREATE, plans.CREATE, plans.ASK, plans.ASK, plans.WRONG, plans.LEFT, plans.WRONG, plans.WRONG,
    ]  # fmt: skip
    first, second = plan.rows[0].fields, plan.rows[1].fields
    assert (first["area_key"], first["valid_from"], first["area_name"]) == ("03358021", "2014-03-01", "Stadt Soltau")
    assert (second["valid_from"], second["valid_until"]) == ("2015", "2021")  # the last day given is included
    assert [row.number for row in plan.rows] == list(range(2, 10))
    assert len(plan.open) == 2 and not plan.ready() and not plan.ready(leave_out_wrong=True)
    assert not Membership.objects.exists()


def test_answers_settle_questions(heide: Cooperation) -> None:
    rows = [HEADER, ("heide", "Helmstedt", "", "", "", "", ""), ("Heidebund", "Soltau", "", "", "", "", "")]
    found = sheet(as_csv(rows))
    reading = reading_for(MEMBERSHIPS, found)
    asked = {question.about: question.key for question in planned(MEMBERSHIPS, found, reading).open}
    assert len(asked) == 2
    keys = list(asked.values())
    helmstedt = next(
        offer.value
        for question in planned(MEMBERSHIPS, found, reading).open
        for offer in question.offers
        if offer.label.startswith("Stadt Helmstedt")
    )
    area, cooperation = (next(key for key in keys if key.startswith(start)) for start in ("area", "cooperation"))
    said = Reading(reading.columns, answers={area: helmstedt, cooperation: LEAVE_OUT})
    plan = planned(MEMBERSHIPS, found, said)
    assert [row.action for row in plan.rows] == [plans.CREATE, plans.LEFT] and plan.ready()
    wrong = planned(MEMBERSHIPS, found, Reading(reading.columns, answers={area: "00000000", cooperation: "nobody"}))
    assert [row.action for row in wrong.rows] == [plans.WRONG, plans.WRONG]


def test_an_organisation_among_the_members_is_offered(heide: Cooperation) -> None:
    Organisation.objects.create(ref="ihk", name="IHK Lüneburg", kind="kammer")
    rows = [HEADER, ("heide", "IHK Lüneburg", "", "", "", "", "")]
    plan = plan_of(rows)
    assert plan.questions[0].offers[0].value == "organisation:ihk"
    found = sheet(as_csv(rows))
    said = Reading(reading_for(MEMBERSHIPS, found).columns, answers={plan.questions[0].key: "organisation:ihk"})
    assert planned(MEMBERSHIPS, found, said).rows[0].fields == {"cooperation": "heide", "organisation": "ihk"}


def test_what_is_there_already_stays_or_changes_as_asked(heide: Cooperation) -> None:
    rows = [HEADER, ("heide", "Soltau", "", "", "", "2014", "")]
    assert taken_in(rows)[2] is not None
    again = plan_of(rows)
    assert again.rows[0].action == plans.SAME and not again.ready()
    other = [HEADER, ("heide", "Soltau", "", "", "", "2015", "")]
    assert plan_of(other).rows[0].action == plans.SAME
    columns = reading_for(MEMBERSHIPS, sheet(as_csv(other))).columns
    plan, _wrong, batch = taken_in(other, columns=columns, existing=CHANGE_TOO)
    assert plan.rows[0].action == plans.CHANGE and batch is not None
    assert Membership.objects.get().valid_from == "2015"
    # a period apart from it is another membership
    assert plan_of([HEADER, ("heide", "Soltau", "", "", "", "1990", "1999")]).rows[0].action == plans.CREATE


def test_empty_cells_below_a_name_can_mean_the_same(heide: Cooperation) -> None:
    rows = [HEADER, ("heide", "Soltau", "", "", "", "", ""), ("", "Munster", "", "", "", "", "")]
    assert plan_of(rows).rows[1].action == plans.WRONG
    columns = reading_for(MEMBERSHIPS, sheet(as_csv(rows))).columns
    assert plan_of(rows, Reading(columns, down=True)).rows[1].action == plans.CREATE
    assert plan_of(rows, Reading(columns, fixed={"cooperation": "heide"})).rows[1].action == plans.CREATE


def test_cooperations_organisations_and_projects(heide: Cooperation) -> None:
    _plan, _wrong, batch = taken_in(
        [
            ("Name", "Art", "Rechtsform", "Aufgaben", "gegründet", "Sitz", "Website"),
            ("Wasserverband Örtze", "Aufgabenverbund", "Zweckverband", "", "1965", "Munster", "www.example.org"),
            ("Tourismus Heide", "Tourismusgemeinschaft", "e. V.", "Tourismus", "Mai 1999", "", ""),
        ],
        COOPERATIONS,
    )
    assert batch is not None
    water = Cooperation.objects.get(ref="wasserverband-oertze")
    assert (water.legal_form, water.founded, water.website) == ("zweckverband", "1965", "https://www.example.org")
    assert Cooperation.objects.get(ref="tourismus-heide").tasks == ("tourismus",)
    assert [hit.record_ref for hit in search.found("Örtze").hits] == ["wasserverband-oertze"]
    assert taken_in([("Organisation", "Trägt"), ("Heide GmbH", "Heide-Bündnis")], ORGANISATIONS)[2] is not None
    assert Organisation.objects.get().carries == heide
    _plan, _wrong, batch = taken_in(
        [
            ("Projekt", "Kooperation", "Stand", "Gründe", "Kosten", "Ende"),
            ("Heidebus", "Heide-Bündnis; tourismus-heide", "läuft", "", "1.200.000 €", ""),
            ("Heidering", "heide", "Abgebrochen", "Finanzierung fehlt oder brach weg", "", "12/2019"),
        ],
        PROJECTS,
    )
    assert batch is not None
    bus, ring = Project.objects.get(ref="heidebus"), Project.objects.get(ref="heidering")
    assert [(each.cooperation.ref, each.lead) for each in bus.cooperations.all()] == [
        ("heide", True),
        ("tourismus-heide", False),
    ]
    assert bus.state == "umsetzung" and str(bus.costs_eur) == "1200000.00"
    assert (ring.state, ring.reasons, ring.ended) == ("abgebrochen", ("finanzierung",), "2020-01")


def test_names_that_differ_in_spelling_only_are_one(heide: Cooperation) -> None:
    plan = plan_of(
        [("Name", "Art"), ("HEIDE BUENDNIS", "Kommunale Initiative"), ("Elm", "LEADER"), ("ELM", "LEADER")],
        target=COOPERATIONS,
    )
    assert [row.action for row in plan.rows] == [plans.SAME, plans.CREATE, plans.LEFT]
    assert plan.rows[0].ref == "heide"


def test_terms_that_are_not_known_are_asked_about(heide: Cooperation) -> None:
    plan = plan_of([("Name", "Art"), ("Elm", "Zweckgemeinschaft"), ("Asse", "Leader Region")], target=COOPERATIONS)
    assert plan.rows[0].action == plans.ASK
    assert plan.open and all(question.key.startswith("kind|") for question in plan.open)


# ------------------------------------------------------------------------------------- doing and undoing


def test_all_or_nothing(heide: Cooperation) -> None:
    before = LogEntry.objects.count()
    plan, _wrong, batch = taken_in([HEADER, ("heide", "Soltau", "", "", "", "", ""), ("heide", "", "", "", "", "", "")])
    assert batch is None and not Membership.objects.exists() and LogEntry.objects.count() == before
    assert not ImportBatch.objects.exists()
    assert plan.rows[1].problems


def test_a_rule_that_is_broken_names_the_row_and_leaves_nothing(heide: Cooperation) -> None:
    """A project that failed has a reason: only the verbs know."""
    rows = [("Projekt", "Stand"), ("Gut", "Idee"), ("Schlecht", "Abgebrochen")]
    plan, wrong, batch = taken_in(rows, PROJECTS)
    assert batch is None and not Project.objects.exists() and not wrong
    assert plan.rows[0].action == plans.CREATE and plan.rows[1].action == plans.WRONG
    found = sheet(as_csv(rows))
    tried = planned(PROJECTS, found, reading_for(PROJECTS, found))
    assert actions.try_out(OPERATOR, tried) == []
    assert tried.rows[1].action == plans.WRONG and not Project.objects.exists()


def test_a_dry_run_leaves_nothing(heide: Cooperation) -> None:
    rows = [HEADER, ("heide", "Soltau", "", "", "", "", "")]
    plan, wrong, batch = actions.import_table(OPERATOR, "x.csv", as_csv(rows), MEMBERSHIPS, None, dry_run=True)
    assert plan.ready() and not wrong and batch is None
    assert not Membership.objects.exists() and not ImportBatch.objects.exists()


def test_an_import_is_undone_as_a_whole(heide: Cooperation) -> None:
    taken_in([HEADER, ("heide", "Munster", "", "", "", "2014", "")])
    rows = [HEADER, ("heide", "Soltau", "", "", "", "", ""), ("heide", "Munster", "", "", "", "2015", "")]
    columns = reading_for(MEMBERSHIPS, sheet(as_csv(rows))).columns
    _plan, _wrong, batch = taken_in(rows, columns=columns, existing=CHANGE_TOO)
    assert batch is not None and batch.state == ImportState.DONE
    assert batch.report["counts"] == {plans.CREATE: 1, plans.CHANGE: 1}
    assert Membership.objects.filter(withdrawn_on=None).count() == 2
    assert [hit.record_ref for hit in search.found("Soltau").hits] == ["heide"]
    undone = verbs.undo_batch(OPERATOR, batch, via="command")
    assert (undone.withdrawn, undone.restored) == (1, 1)
    there = Membership.objects.filter(withdrawn_on=None)
    assert [(each.area_key, each.valid_from) for each in there] == [("03358016", "2014")]
    assert not search.found("Soltau").count
    assert ImportBatch.objects.get(pk=batch.pk).state == ImportState.UNDONE


def test_columns_are_remembered_with_the_same_header(heide: Cooperation) -> None:
    rows = [("Bund", "Wer"), ("heide", "Soltau")]
    columns = {"cooperation": "Bund", "member": "Wer"}
    with pytest.raises(WrongColumns):
        taken_in(rows)
    assert taken_in(rows, columns=columns)[2] is not None
    assert taken_in([("BUND", "wer"), ("heide", "Munster")])[2] is not None
    assert Membership.objects.count() == 2


def test_names_of_the_files_are_kept_and_the_lists_are_not(heide: Cooperation, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    content = as_csv([HEADER, ("heide", "Soltau", "", "", "", "", "")])
    batch = actions.begin(OPERATOR, "Mitglieder 2024.csv", content, MEMBERSHIPS)
    assert len(list(tmp_path.rglob("*.csv"))) == 1
    found = actions.sheets_of(batch)[0]
    reading = reading_for(MEMBERSHIPS, found)
    actions.set_reading(OPERATOR, batch, reading)
    again = actions.begin(OPERATOR, "zwei.csv", content, MEMBERSHIPS)
    actions.discard(OPERATOR, again)
    assert len(list(tmp_path.rglob("*.csv"))) == 1
    assert actions.carry_out(OPERATOR, batch, planned(MEMBERSHIPS, found, reading), reading).state == ImportState.DONE
    with pytest.raises(actions.NotReady):
        actions.carry_out(OPERATOR, batch, planned(MEMBERSHIPS, found, reading), reading)
