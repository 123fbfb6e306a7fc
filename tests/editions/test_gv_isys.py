"""The Gemeindeverzeichnis: registers of all years and official changes, and what is refused."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.editions.gv_files import (
    CHANGES,
    CHANGES_HEADING,
    REGISTER,
    gv100ad,
    gv100ad_line,
    heading,
    write_changes,
    write_register,
    write_workbook,
)

from nahtstelle.editions.sources.gv_isys import read_gv_isys
from nahtstelle.editions.sources.records import KeyChanges, PeopleSource
from nahtstelle.errors import SourceError


def register(path: Path) -> PeopleSource:
    source = read_gv_isys(path)
    assert isinstance(source, PeopleSource)
    return source


def changes(path: Path) -> KeyChanges:
    source = read_gv_isys(path)
    assert isinstance(source, KeyChanges)
    return source


def refusal(path: Path) -> str:
    with pytest.raises(SourceError) as refused:
        read_gv_isys(path)
    message = str(refused.value)
    assert "\n" not in message
    return message


def changed(row: int, column: int, value: Any, rows: list[list[Any]] = REGISTER) -> list[list[Any]]:
    """The rows with one cell changed."""
    copied = [list(each) for each in rows]
    copied[row][column] = value
    return copied


# ------------------------------------------------------------------------------------------------ registers


def test_a_register_gives_people_area_place_and_names(tmp_path: Path) -> None:
    source = register(write_register(tmp_path / "31122023_Auszug_GV.xlsx"))
    assert source.municipalities.iloc[:3].to_dict("records") == [
        {"key": "010515175001", "ags": "01051001", "name": "Süderdorf", "people": 1200, "area_m2": 12_340_000.0,
         "postcode": "25746", "lon": 9.1, "lat": 54.2},
        {"key": "010515175002", "ags": "01051002", "name": "Norderdorf", "people": 800, "area_m2": 290_000.0,
         "postcode": "25747", "lon": 9.2, "lat": 54.3},
        {"key": "010010000000", "ags": "01001000", "name": "Fördestadt, Stadt", "people": 90000,
         "area_m2": 56_730_000.0, "postcode": "24937", "lon": 9.4, "lat": 54.7},
    ]  # fmt: skip
    coast = source.municipalities.iloc[3]
    assert (coast["key"], coast["people"]) == ("130009999999", 0)
    assert coast[["postcode", "lon", "lat"]].isna().all()
    assert source.larger["seat"].isna().all()  # only the fixed-width register states seats
    assert source.larger.drop(columns="seat").fillna("none").to_dict("records") == [
        {"key": "01", "level": "land", "name": "Schleswig-Holstein", "designation": "none"},
        {"key": "01051", "level": "district", "name": "Dithmarschen", "designation": "Kreis"},
        {"key": "010515175", "level": "union", "name": "Amt Dorf", "designation": "Amt"},
    ]
    assert source.municipalities["people"].dtype == "Int64"
    assert (source.valid_on, source.people_on) == (dt.date(2023, 12, 31), dt.date(2023, 12, 31))
    assert source.origin.attribution == "© Statistisches Bundesamt (Destatis), 2024"
    assert source.origin.attribution_changed == "© Statistisches Bundesamt (Destatis), 2024 (Daten verändert)"
    assert source.findings == ()


def test_people_may_be_older_than_the_territory(tmp_path: Path) -> None:
    file = write_register(tmp_path / "AuszugGV4QAktuell.xlsx", head=heading("31.12.2023", "31.12.2024"))
    source = register(file)
    assert (source.valid_on, source.people_on) == (dt.date(2024, 12, 31), dt.date(2023, 12, 31))


def test_an_early_register_without_coordinates_is_read(tmp_path: Path) -> None:
    head = [row[:14] for row in heading("31.12.2002", "31.12.2002")]
    rows = [row[:14] for row in REGISTER]
    source = register(write_register(tmp_path / "31122002_Auszug_GV.xlsx", rows, head))
    assert source.municipalities["people"].tolist() == [1200, 800, 90000, 0]
    assert source.municipalities[["lon", "lat"]].isna().all(axis=None)
    assert source.valid_on == dt.date(2002, 12, 31)


def test_columns_are_found_by_their_headings_not_by_their_place(tmp_path: Path) -> None:
    moved = [["", *row] for row in [*heading(), *REGISTER]]
    file = write_workbook(tmp_path / "a.xlsx", {"Inhalt": [[]], "Gemeinden": moved})
    assert register(file).municipalities["people"].tolist() == [1200, 800, 90000, 0]


def test_degrees_minutes_and_seconds_become_degrees(tmp_path: Path) -> None:
    rows = [list(row) for row in REGISTER]
    rows[3][14:16] = [9.2615, 54.4657]
    rows[4][14:16] = [9.506, 54.026]  # 60 seconds, from rounding
    rows[6][14:16] = [10.0, 54.0001]
    rows[7][14:16] = [0.0, 0.0]
    source = register(write_register(tmp_path / "31122009_Auszug_GV.xlsx", rows))
    assert source.municipalities["lon"].tolist()[:3] == pytest.approx([9.4375, 9 + 51 / 60, 10.0])
    assert source.municipalities["lat"].tolist()[:3] == pytest.approx([54 + 46 / 60 + 57 / 3600, 54.05, 54 + 1 / 3600])
    assert source.municipalities["lon"].isna().tolist() == [False, False, False, True]
    assert any("degrees, minutes and seconds" in finding for finding in source.findings)


def test_decimal_degrees_as_numbers_stay_as_they_are(tmp_path: Path) -> None:
    rows = [list(row) for row in REGISTER]
    rows[3][14:16] = [9.2675, 54.4657]
    source = register(write_register(tmp_path / "a.xlsx", rows))
    assert source.municipalities["lon"].iloc[0] == 9.2675
    assert not source.findings


def test_coordinates_given_by_name_to_several_places_are_left_out(tmp_path: Path) -> None:
    rows = changed(4, 7, "Süderdorf")
    rows[4][14:16] = rows[3][14:16]
    source = register(write_register(tmp_path / "a.xlsx", rows))
    assert source.municipalities["lon"].isna().tolist() == [True, True, False, True]
    assert any("2 municipalities have the coordinates of another one of their name" in f for f in source.findings)


def test_rows_that_repeat_a_key_count_once(tmp_path: Path) -> None:
    source = register(write_register(tmp_path / "a.xlsx", [*REGISTER, REGISTER[3], REGISTER[3]]))
    assert source.municipalities["people"].sum() == 92_000
    assert any("2 rows repeat one of 1 keys" in finding and "010515175001" in finding for finding in source.findings)


def test_an_empty_cell_of_people_is_unknown(tmp_path: Path) -> None:
    source = register(write_register(tmp_path / "a.xlsx", changed(3, 9, "")))
    assert source.municipalities["people"].isna().tolist() == [True, False, False, False]


# ------------------------------------------------------------------------------------------------- GV100AD

NOTES = "Die Bevölkerungsangaben basieren für alle\r\nBundesländer auf dem Stichtag 31.12.2024 (ZENSUS 2022).\r\n" \
    "    Statistisches Bundesamt (Destatis), 2025\r\n"  # fmt: skip


def write_gv100ad(file: Path, lines: list[str], notes: str | None = NOTES, encoding: str = "utf-8-sig") -> Path:
    content = "".join(f"{line}\r\n" for line in lines).encode(encoding)
    if file.suffix == ".txt":
        file.write_bytes(content)
        return file
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("GV100AD_31082025.txt", content)
        if notes is not None:
            archive.writestr("Hinweise.txt", notes.encode("cp1252"))
    return file


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
def test_gv100ad_says_the_same_as_the_workbook(tmp_path: Path, encoding: str) -> None:
    source = register(write_gv100ad(tmp_path / "GV100AD3108.zip", gv100ad(), encoding=encoding))
    expected = register(write_register(tmp_path / "a.xlsx", REGISTER[:-1]))
    columns = ["key", "ags", "name", "people", "area_m2", "postcode"]
    pd.testing.assert_frame_equal(source.municipalities[columns], expected.municipalities[columns])
    pd.testing.assert_frame_equal(source.larger.drop(columns="seat"), expected.larger.drop(columns="seat"))
    assert source.larger["seat"].fillna("none").tolist() == ["Kiel", "none", "none"]
    assert source.municipalities[["lon", "lat"]].isna().all(axis=None)
    assert (source.valid_on, source.people_on) == (dt.date(2025, 8, 31), dt.date(2024, 12, 31))
    assert source.origin.attribution == "© Statistisches Bundesamt (Destatis), 2025"


def test_gv100ad_without_notes_takes_the_last_end_of_a_year(tmp_path: Path) -> None:
    source = register(write_gv100ad(tmp_path / "GV100AD_31082025.txt", gv100ad()))
    assert source.people_on == dt.date(2024, 12, 31)
    assert any("2024-12-31 taken" in finding for finding in source.findings)


def test_a_cut_off_gv100ad_is_refused(tmp_path: Path) -> None:
    lines = gv100ad()
    message = refusal(write_gv100ad(tmp_path / "a.zip", [*lines[:-1], lines[-1][:150]]))
    assert "GV100AD_31082025.txt in a.zip, row 7: record type '60' of 150 characters" in message


def test_a_gv100ad_of_two_dates_is_refused(tmp_path: Path) -> None:
    line = gv100ad_line("60", ("01", "0", "51", "003", "5175"), "Westerdorf", day="20250731")
    assert "no single territorial status" in refusal(write_gv100ad(tmp_path / "a.zip", [*gv100ad(), line]))


def test_a_gv100ad_without_municipalities_is_refused(tmp_path: Path) -> None:
    assert "no rows of municipalities" in refusal(write_gv100ad(tmp_path / "a.zip", gv100ad()[:3]))


def test_a_wrong_key_in_gv100ad_is_refused(tmp_path: Path) -> None:
    line = gv100ad_line("60", ("01", "0", "5x", "003", "5175"), "Westerdorf")
    assert "row 8: '0105x5175003' is no key" in refusal(write_gv100ad(tmp_path / "a.zip", [*gv100ad(), line]))


def test_a_zip_without_gv100ad_lists_what_it_holds(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("lies_mich.txt", "nichts")
    assert "holds no GV100AD_....txt, but lies_mich.txt" in refusal(tmp_path / "a.zip")


def test_a_truncated_zip_is_refused(tmp_path: Path) -> None:
    file = write_gv100ad(tmp_path / "a.zip", gv100ad())
    file.write_bytes(file.read_bytes()[:-30])
    assert "a.zip is no complete zip" in refusal(file)


def test_a_damaged_byte_in_a_zip_is_refused(tmp_path: Path) -> None:
    file = write_gv100ad(tmp_path / "a.zip", gv100ad())
    content = file.read_bytes()
    file.write_bytes(content.replace("Süderdorf".encode(), b"Suederdorf", 1))
    assert "a.zip is damaged" in refusal(file)


# -------------------------------------------------------------------------------------------------- changes


def test_changes_of_municipalities_are_read_and_those_of_unions_are_not(tmp_path: Path) -> None:
    source = changes(write_changes(tmp_path / "2023.xlsx"))
    frame = source.changes
    assert frame["before_key"].tolist() == ["010515175001", "010515175002", "010515175004", "010010000000"]
    assert frame["before_ags"].tolist() == ["01051001", "01051002", "01051004", "01001000"]
    assert frame["before_name"].tolist() == ["Süderdorf", "Norderdorf", "Osterdorf", "Fördestadt"]
    assert frame["kind"].tolist() == ["dissolved", "partial", "rekeyed", "renamed"]
    assert frame["people"].tolist()[:2] == [1195, 0]
    assert frame["people"].isna().tolist() == [False, False, True, True]
    assert frame["area_m2"].tolist()[:2] == [12_340_000.0, 2500.0]
    assert frame["after_key"].tolist() == ["010510000009", "010515175003", "010515176004", "010010000000"]
    assert frame["after_ags"].tolist() == ["01051009", "01051003", "01051004", "01001000"]
    assert frame["after_name"].tolist()[0] == "Neudorf"
    assert (source.since, source.until) == (dt.date(2023, 1, 1), dt.date(2023, 12, 31))
    assert source.origin.attribution == "© Statistisches Bundesamt (Destatis), 2024"


def test_of_two_dates_the_statistical_one_counts(tmp_path: Path) -> None:
    frame = changes(write_changes(tmp_path / "2023.xlsx")).changes
    assert frame["valid_on"].tolist() == [
        dt.date(2023, 2, 1), dt.date(2023, 3, 1), dt.date(2023, 4, 1), dt.date(2023, 5, 1),
    ]  # fmt: skip


def test_a_change_outside_the_period_is_reported(tmp_path: Path) -> None:
    source = changes(write_changes(tmp_path / "2023.xlsx", changed(1, 12, "01.02.2024", CHANGES)))
    assert any("Süderdorf (010515175001) changed on 2024-02-01, outside the period" in f for f in source.findings)


@pytest.mark.parametrize(
    ("row", "column", "value", "expected"),
    [
        (1, 2, "10515175001", "row 6: '10515175001' is no ARS of a municipality"),
        (1, 2, 10515175001.0, "row 6: 10515175001.0 is no ARS of a municipality"),
        (1, 8, "", "row 6: '' is no ARS of a municipality"),
        (1, 3, "01051002", "row 6, key 010515175001: AGS '01051002' does not fit the ARS"),
        (1, 5, "9", "row 6, key 010515175001: kind of change '9', expected 1, 2, 3 or 4"),
        (1, 7, "viele", "row 6, key 010515175001: people 'viele', expected a number"),
        (1, 7, -3, "row 6, key 010515175001: people -3.0, expected a number, zero or more"),
        (1, 7, 1.5, "row 6, key 010515175001: 1.5 is no number of people"),
        (1, 12, "bald", "row 6, key 010515175001: 'bald' is no date"),
    ],
)
def test_changes_that_cannot_be_true_are_refused(
    tmp_path: Path, row: int, column: int, value: Any, expected: str
) -> None:
    assert expected in refusal(write_changes(tmp_path / "2023.xlsx", changed(row, column, value, CHANGES)))


def test_changes_without_rows_columns_or_period_are_refused(tmp_path: Path) -> None:
    assert "has no rows of municipalities" in refusal(write_changes(tmp_path / "a.xlsx", CHANGES[:1]))
    cut = [row[:8] for row in [*CHANGES_HEADING, *CHANGES]]
    assert "has no column" in refusal(write_workbook(tmp_path / "b.xlsx", {"Gebietsaenderungen": cut}))
    undated = [["ohne Zeitraum"], *CHANGES_HEADING[1:], *CHANGES]
    assert "states no period" in refusal(write_workbook(tmp_path / "c.xlsx", {"Gebietsaenderungen": undated}))


# ------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("row", "column", "value", "expected"),
    [
        (3, 2, 1.0, "row 10: 1.0 as part of a key of Satzart 60, expected text of 2 digits"),
        (3, 5, "175", "row 10: '175' as part of a key of Satzart 60, expected text of 4 digits"),
        (3, 6, "Süderdorf", "row 10: 'Süderdorf' as part of a key"),
        (3, 2, "99", "row 10: key '990515175001' starts with no Land"),
        (3, 0, "61", "row 10: Satzart '61', expected 10, 20, 30, 40, 50 or 60"),
        (3, 9, 12.34, "row 10, key 010515175001: 12.34 is no number of people; perhaps columns are swapped"),
        (3, 9, -1.0, "row 10, key 010515175001: people -1.0, expected a number, zero or more"),
        (3, 9, "viele", "row 10, key 010515175001: people 'viele', expected a number"),
        (3, 8, "groß", "row 10, key 010515175001: area 'groß', expected a number"),
        (3, 14, "54,2", "row 10, key 010515175001: longitude '54,2' is not in Germany; perhaps columns are swapped"),
        (3, 15, "9,1", "row 10, key 010515175001: latitude '9,1' is not in Germany"),
        (3, 7, "SÃ¼derdorf", "row 10, key 010515175001: name 'SÃ¼derdorf' was read in a wrong encoding"),
    ],
)
def test_rows_that_cannot_be_true_are_refused(tmp_path: Path, row: int, column: int, value: Any, expected: str) -> None:
    assert expected in refusal(write_register(tmp_path / "a.xlsx", changed(row, column, value)))


@pytest.mark.parametrize(("column", "value"), [(7, "Anderdorf"), (9, 1201.0), (8, 12.35)])
def test_one_key_with_two_names_people_or_areas_is_refused(tmp_path: Path, column: int, value: Any) -> None:
    again = changed(3, column, value)[3]
    message = refusal(write_register(tmp_path / "a.xlsx", [*REGISTER, again]))
    assert "rows 10, 15: key 010515175001 comes twice with different name, people or area" in message


def test_a_sheet_without_rows_is_refused(tmp_path: Path) -> None:
    assert "has no rows of municipalities" in refusal(write_register(tmp_path / "a.xlsx", []))


def test_a_sheet_without_a_column_is_refused(tmp_path: Path) -> None:
    head = [[cell if cell != "insgesamt" else "" for cell in row] for row in heading()]
    assert "has no column insgesamt" in refusal(write_register(tmp_path / "a.xlsx", head=head))


def test_a_register_without_a_date_is_refused_and_a_name_may_help(tmp_path: Path) -> None:
    head = heading(people_on="", status="")
    assert "states no territorial status" in refusal(write_register(tmp_path / "a.xlsx", head=head))
    source = register(write_register(tmp_path / "31122019_Auszug_GV.xlsx", head=head))
    assert (source.valid_on, source.people_on) == (dt.date(2019, 12, 31), dt.date(2019, 12, 31))


def test_other_workbooks_are_refused(tmp_path: Path) -> None:
    message = refusal(write_workbook(tmp_path / "a.xlsx", {"Deckblatt": [["x"]], "Kreise": [["Schlüssel", "Name"]]}))
    assert "no sheet with a column Satzart" in message
    assert "its sheets are Deckblatt, Kreise" in message


def test_a_truncated_workbook_is_refused(tmp_path: Path) -> None:
    file = write_register(tmp_path / "a.xlsx")
    file.write_bytes(file.read_bytes()[:-200])
    assert "a.xlsx is no complete workbook" in refusal(file)
