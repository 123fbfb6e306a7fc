"""What can be taken away: the same rows as on the page, in files that other programs read."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import urlsplit

import openpyxl
import pypdf
import pytest
import shapely
from django.test import Client
from tests.portal.every_page import HAMELN_PYRMONT, LIPPE, LOWER_SAXONY, area, seam
from tests.portal.markup import Page

from nahtstelle.core.keys import Level
from nahtstelle.editions.edition import Edition
from nahtstelle.portal.answers.takeaway import Column, Table, as_file

LISTS = (
    "/naehte/liste.{}?land=03",
    "/naehte/liste.{}?ebene=gemeinde&q=03252&sortierung=-laenge",
    "/naehte/liste.{}?q=gibtesnicht",
    "/verzeichnis/gebiete/liste.{}?ebene=kreis&land=03",
    f"{area(HAMELN_PYRMONT)}daten.{{}}",
    f"{area('11')}daten.{{}}",
    f"{seam(HAMELN_PYRMONT, LIPPE)}daten.{{}}",
)
EVERY_LIST = pytest.mark.parametrize("path", LISTS)
KEYS = {"a", "b", "key", "side", "land_key", "district_key"}


def rows_of(client: Client, path: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    answer = client.get(path.format("csv"))
    assert answer.status_code == 200 and answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@EVERY_LIST
def test_csv(visitor: Client, path: str) -> None:
    answer = visitor.get(path.format("csv"))
    assert answer.content[:3] == b"\xef\xbb\xbf", "without the mark Excel takes umlauts for something else"
    assert answer["Content-Disposition"].startswith("attachment;") and ".csv" in answer["Content-Disposition"]
    rows = rows_of(visitor, path)
    for row in rows:
        assert None not in row and None not in row.values(), "as many cells as the head has"
        for name in KEYS & row.keys():
            assert row[name] == "" or (row[name].isdigit() and len(row[name]) in (2, 5, 9, 12)), row[name]
        assert "Nahtstelle" in row["source"] and "de-vg250-2016-01-01" in row["source"]
        assert all("," not in value for name, value in row.items() if name.endswith(("_km", "_km2", "share", "people")))


@EVERY_LIST
def test_the_three_kinds_hold_the_same(visitor: Client, path: str) -> None:
    rows = rows_of(visitor, path)
    book = openpyxl.load_workbook(io.BytesIO(visitor.get(path.format("xlsx")).content))
    head, *sheet = book.worksheets[0].iter_rows(values_only=True)
    collection = json.loads(visitor.get(path.format("geojson")).content)
    features = collection["features"]
    assert len(rows) == len(sheet) == len(features)
    for row, cells, feature in zip(rows, sheet, features, strict=True):
        for name, value in zip(head, cells, strict=True):
            if isinstance(value, int | float):
                assert float(row[name]) == value, name
            else:
                assert row[name] == (value or ""), name
            assert feature["properties"][name] == value, name
    assert collection["type"] == "FeatureCollection" and collection["notes"]
    shapes = [shapely.from_geojson(json.dumps(each["geometry"])) for each in features]
    assert all(shape.is_valid and not shape.is_empty for shape in shapes)
    west, south, east, north = shapely.total_bounds(shapes) if shapes else (6, 48, 7, 49)
    assert 5 < west <= east < 16 and 47 < south <= north < 56, "degrees, longitude first"
    about = [cell for row in book.worksheets[1].iter_rows(values_only=True) for cell in row if cell]
    assert any("Nahtstelle" in str(cell) for cell in about)
    assert set(head) <= set(about), "every column is explained"


def test_xlsx_keeps_keys_as_text_and_numbers_as_numbers(visitor: Client) -> None:
    answer = visitor.get("/naehte/liste.xlsx?land=03")
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    head, *rows = sheet.iter_rows()
    kinds = {cell.value: below.data_type for cell, below in zip(head, rows[0], strict=True)}
    assert kinds["a"] == kinds["b"] == kinds["a_name"] == "s"
    assert kinds["length_km"] == kinds["people"] == kinds["known_share"] == "n"
    assert sheet.freeze_panes == "A2" and head[0].font.bold
    assert any(row[0].value == "02000" for row in rows)


def test_a_list_holds_all_pages_of_what_is_shown(visitor: Client, bundled: Edition) -> None:
    districts = bundled.all_seams(Level.DISTRICT)
    assert len(rows_of(visitor, "/naehte/liste.{}")) == len(districts)
    assert len(rows_of(visitor, "/naehte/liste.{}?seite=7")) == len(districts)
    of_land = [each for each in districts if LOWER_SAXONY in (each.own_key[:2], each.other_key[:2])]
    rows = rows_of(visitor, "/naehte/liste.{}?land=03&sortierung=-laenge")
    assert [(row["a"], row["b"]) for row in rows] == [
        (each.own_key, each.other_key) for each in sorted(of_land, key=lambda each: -each.length_m)
    ]


def test_a_row_of_a_list_is_the_edition_s(visitor: Client, bundled: Edition) -> None:
    (row,) = rows_of(visitor, "/naehte/liste.{}?q=hameln&grenze=land")
    there = next(each for each in bundled.seams(HAMELN_PYRMONT) if each.other_key == LIPPE)
    assert (row["a"], row["b"]) == (HAMELN_PYRMONT, LIPPE)
    assert float(row["length_km"]) == round(there.length_m / 1000, 3)
    assert int(row["people"]) == there.people.people
    assert float(row["known_share"]) == round(there.people.known_share, 4)
    assert row["land_seam"] == "yes" and int(row["stretches"]) == there.stretches
    assert int(row["border_municipalities"]) == len(there.own.municipalities) + len(there.other.municipalities)


def test_seams_of_an_area(visitor: Client, bundled: Edition) -> None:
    rows = rows_of(visitor, f"{area(LIPPE)}daten.{{}}")
    there = {each.other_key: each for each in bundled.seams(LIPPE)}
    assert {row["key"] for row in rows} == there.keys()
    for row in rows:
        each = there[row["key"]]
        assert float(row["share_of_perimeter"]) == round(each.share_of_perimeter, 4)
        assert row["people_own"] == ("" if each.own.people.people is None else str(each.own.people.people))
        assert row["people_other"] == ("" if each.other.people.people is None else str(each.other.people.people))


def test_unknown_people_are_empty_not_nought(visitor: Client, bundled: Edition) -> None:
    unknown = {
        (each.own_key, each.other_key)
        for each in bundled.all_seams(Level.MUNICIPALITY)
        if each.people.people is None and "03" in (each.own_key[:2], each.other_key[:2])
    }
    rows = rows_of(visitor, "/naehte/liste.{}?ebene=gemeinde&land=03")
    assert unknown and {(row["a"], row["b"]) for row in rows if row["people"] == ""} == unknown


# ------------------------------------------------------------------------------------- texts that attack


ATTACKS = ("=1+1", "+49 5151", "-2", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x.example")')


def attacked(kind: str) -> bytes:
    table = Table("a", "A/B: [x]?*", (Column("name", "a name"), Column("people", "people")), [], ("note",))
    rows = [(text, -5) for text in ATTACKS]
    table = Table(table.name, table.title, table.columns, rows, table.notes)
    return as_file(table, kind, lambda: [None] * len(rows)).content


def test_a_name_is_no_formula_in_csv() -> None:
    rows = list(csv.DictReader(io.StringIO(attacked("csv").decode("utf-8-sig"), newline="")))
    assert [row["name"] for row in rows] == [f"'{text}" for text in ATTACKS]
    assert [row["people"] for row in rows] == ["-5"] * len(ATTACKS), "a negative number stays a number"


def test_a_name_is_no_formula_in_xlsx() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(attacked("xlsx"))).worksheets[0]
    for row in sheet.iter_rows(min_row=2):
        assert row[0].data_type == "s" and row[1].data_type == "n"


# ------------------------------------------------------------------------------------------------ sheets


@pytest.mark.parametrize(
    ("prefix", "path", "words"),
    [
        ("", area(HAMELN_PYRMONT), ("Hameln-Pyrmont", "Lippe", "Schaumburg")),
        ("/en", area(HAMELN_PYRMONT), ("Hameln-Pyrmont", "Lippe", "Schaumburg")),
        ("", seam(HAMELN_PYRMONT, LIPPE), ("Hameln-Pyrmont", "Lippe", "Aerzen", "Extertal")),
        ("/en", seam(HAMELN_PYRMONT, LIPPE), ("Hameln-Pyrmont", "Lippe", "Aerzen", "Extertal")),
        ("", area("03"), ("Niedersachsen", "Hamburg")),
        ("", area("032520006006"), ("Hameln", "Aerzen")),
        ("", area("034520020020"), ("Norderney",)),
        ("", area("031519501501"), ("Giebel",)),
    ],
)
def test_a_sheet_is_one_page_with_its_source(
    visitor: Client, bundled: Edition, prefix: str, path: str, words: tuple[str, ...]
) -> None:
    answer = visitor.get(f"{prefix}{path}blatt.pdf")
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    document = pypdf.PdfReader(io.BytesIO(answer.content))
    assert len(document.pages) == 1
    text = " ".join(document.pages[0].extract_text().split())
    for word in (*words, "GeoBasis-DE"):
        assert word in text
    assert path.rstrip("/") in text.replace(" ", ""), "the address to come back to"
    assert document.trailer["/Root"]["/Lang"].startswith("en" if prefix else "de")
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"], "tagged for screen readers"
    assert document.metadata.title


# ------------------------------------------------------------------------------------------------ embeds


@pytest.mark.parametrize("path", [area(HAMELN_PYRMONT), seam(HAMELN_PYRMONT, LIPPE), "/karte/"])
def test_the_line_to_embed_leads_to_an_embeddable_page(visitor: Client, path: str) -> None:
    page = Page(visitor.get(path).content.decode())
    (line,) = [each.text for each in page.all("textarea")]
    (frame,) = Page(line, piece=True).all("iframe")
    assert frame.get("title")
    answer = visitor.get(urlsplit(frame.get("src")).path)
    assert answer.status_code == 200
    assert "X-Frame-Options" not in answer
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    embedded = Page(answer.content.decode())
    # what is embedded leads to the whole page, in a window of its own
    (out,) = [each for each in embedded.all("a") if each.get("target") == "_blank"]
    assert urlsplit(out.get("href")).path == path and "noopener" in out.get("rel", "")
