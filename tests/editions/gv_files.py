"""Small files of the Gemeindeverzeichnis for tests: workbooks written by hand, and the fixed-width text."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from nahtstelle.editions.sources import gv_isys

COVER = [["Statistisches Bundesamt"], ["Gebietsstand: 31.12.2023"], ["     Statistisches Bundesamt (Destatis), 2024"]]

# Land, district, union, two municipalities of it, a town of its own; km², people, postcode, coordinates.
REGISTER: list[list[Any]] = [
    ["10", "", "01", "", "", "", "", "Schleswig-Holstein"],
    ["40", "43", "01", "0", "51", "", "", "Dithmarschen"],
    ["50", "51", "01", "0", "51", "5175", "", "Amt Dorf"],
    ["60", "64", "01", "0", "51", "5175", "001", "Süderdorf", 12.34, 1200.0, 1.0, 1.0, 1.0, "25746", "9,1", "54,2"],
    ["60", "64", "01", "0", "51", "5175", "002", "Norderdorf", 0.29, 800.0, 1.0, 1.0, 1.0, "25747", "9,2", "54,3"],
    ["20", "", "05", "1", "", "", "", "Düsseldorf"],
    ["60", "61", "01", "0", "01", "0000", "000", "Fördestadt, Stadt", 56.73, 90000.0, 1.0, 1.0, 1.0, "24937", "9,4",
     "54,7"],
    ["60", "66", "13", "0", "00", "9999", "999", "Küstengewässer", 1.0, 0.0, 0.0, 0.0, 0.0, "", "", "0"],
]  # fmt: skip


def heading(people_on: str = "31.12.2023", status: str = "31.12.2023") -> list[list[Any]]:
    """Title and the three rows of the heading, as in the register of 2023."""
    return [
        [f"Gemeinden in Deutschland nach Fläche, Bevölkerung und Postleitzahl am {status} (Jahr)"],
        [],
        ["Satz-art", "Text-kenn-zeichen", "Amtlicher Regionalschlüssel (ARS)", "", "", "", "", "Gemeindename",
         "Fläche km2 1)", "Bevölkerung2)", "", "", "", "Postleit-zahl3)", "Geografische Mittelpunktkoordinaten", ""],
        ["", "", "Land", "RB", "Kreis", "VB", "Gem", "", "", "insgesamt", "männlich", "weiblich", "je km2", "",
         "Längengrad", "Breitengrad"],
        ["", "", f"Gebietsstand am {status} (Jahr)", "", "", "", "", "", f"{people_on} (Jahr)", "", "", "", "", "",
         "Zuordnungsstand am 31.12.2020", ""],
        [],
    ]  # fmt: skip


NOTES: list[list[Any]] = [[], ["Quelle: Gemeindeverzeichnis"], ["1) Einschließlich 2) der Gewässer."]]

CHANGES_HEADING: list[list[Any]] = [
    ["Gebietsänderungen vom 01.01. - 31.12.2023"],
    ["Kennziffer", "Regionaleinheit", "Abgebende / Aufgelöste Gemeinde", "", "", "", "", "",
     "Aufnehmende / Neugebildete Gemeinde", "", "", "Wirksamkeitsdatum", ""],
    ["", "", "Amtlicher Regionalschlüssel (ARS)", "Amtlicher Gemeinde-schlüssel (AGS)", "Name", "Änderungs-art 1)",
     "Fläche qm", "Einwohner", "Amtlicher Regionalschlüssel (ARS)", "Amtlicher Gemeinde-schlüssel (AGS)", "Name",
     "juristisch", "statistisch"],
    [],
]  # fmt: skip

CHANGES: list[list[Any]] = [
    ["01/2023/0001-R", "Gemeindeverband", "010515175", "", "Amt Dorf", 1.0, "", "", "010510000", "", "Neudorf",
     "01.01.2023", "01.01.2023"],
    ["01/2023/0001-R", "Gemeinde", "010515175001", "01051001", "Süderdorf", 1.0, 12340000.0, 1195.0, "010510000009",
     "01051009", "Neudorf", "01.01.2023", "01.02.2023"],
    ["01/2023/0002-R", "Gemeinde", "010515175002", "01051002", "Norderdorf", "2", "2500", "0", "010515175003",
     "01051003", "Westerdorf", "01.03.2023", "01.03.2023"],
    ["01/2023/0003-R", "Gemeinde", "010515175004", "01051004", "Osterdorf", "3, 4", "", "", "010515176004", "01051004",
     "Osterdorf, Bad", "01.04.2023", "01.04.2023"],
    ["01/2022/0004-R", "Gemeinde", "010010000000", "01001000", "Fördestadt", "4", "", "", "010010000000", "01001000",
     "Fördestadt, Stadt", "01.04.2022", "01.05.2023"],
]  # fmt: skip


def write_workbook(file: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> Path:
    """The smallest workbook a reader accepts: text as inline strings, numbers as numbers."""
    content_types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    names = "".join(f'<sheet name="{escape(s)}" sheetId="{n}" r:id="r{n}"/>' for n, s in enumerate(sheets, 1))
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    targets = "".join(
        f'<Relationship Id="r{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
            'PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            f'spreadsheetml.sheet.main+xml"/>{content_types}</Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{names}</sheets></workbook>'
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}/relationships">{targets}</Relationships>'
        )
        for number, rows in enumerate(sheets.values(), 1):
            body = "".join(_row(position, row) for position, row in enumerate(rows, 1))
            archive.writestr(
                f"xl/worksheets/sheet{number}.xml",
                f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>',
            )
    return file


def _row(number: int, cells: Sequence[Any]) -> str:
    written = []
    for column, cell in enumerate(cells):
        place = f"{'ABCDEFGHIJKLMNOPQRST'[column]}{number}"
        if isinstance(cell, str) and cell:
            written.append(f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>')
        elif not isinstance(cell, str):
            written.append(f'<c r="{place}"><v>{cell}</v></c>')
    return f'<row r="{number}">{"".join(written)}</row>'


def write_register(
    file: Path,
    rows: Sequence[Sequence[Any]] = tuple(REGISTER),
    head: Sequence[Sequence[Any]] | None = None,
    cover: Sequence[Sequence[Any]] = tuple(COVER),
) -> Path:
    """An Auszug GV: a cover, a sheet with heading, rows and notes."""
    return write_workbook(file, {"Inhalt": cover, "Gemeinden": [*(heading() if head is None else head), *rows, *NOTES]})


def write_changes(file: Path, rows: Sequence[Sequence[Any]] = tuple(CHANGES)) -> Path:
    """A list of changes of 2023: a cover, a sheet with heading, rows and notes."""
    cover = [["Gebietsänderungen vom 01.01. bis 31.12.2023"], ["     Statistisches Bundesamt (Destatis), 2024"]]
    notes = [[], ["1) Änderungsart:"], ["    1 = Auflösung"]]
    return write_workbook(file, {"Deckblatt": cover, "Gebietsaenderungen": [*CHANGES_HEADING, *rows, *notes]})


def gv100ad_line(record: str, key: tuple[str, str, str, str, str], name: str, **fields: str) -> str:
    """One line of GV100AD, columns as in its record description."""
    land, region, district, municipality, union = key
    line = f"{record}{fields.get('day', '20250831')}{land:2}{region:1}{district:2}{municipality:3}{union:4}{name:50}"
    line += f"{fields.get('seat', ''):50}{fields.get('mark', ''):6}"
    if record == "60":
        line += f"{fields.get('area', '0'):0>11}{fields.get('people', '0'):0>11}{'0' * 11}"
        line += f"{'':4}{fields.get('postcode', ''):5}"
    return line.ljust(gv_isys.LENGTH_OF_LINE)


def gv100ad() -> list[str]:
    """The same areas as `REGISTER`."""
    return [
        gv100ad_line("10", ("01", "", "", "", ""), "Schleswig-Holstein", seat="Kiel"),
        gv100ad_line("20", ("05", "1", "", "", ""), "Düsseldorf", seat="Düsseldorf"),
        gv100ad_line("40", ("01", "0", "51", "", ""), "Dithmarschen", mark="43"),
        gv100ad_line("50", ("01", "0", "51", "", "5175"), "Amt Dorf", mark="51"),
        gv100ad_line("60", ("01", "0", "51", "001", "5175"), "Süderdorf", mark="64", area="1234", people="1200",
                     postcode="25746"),
        gv100ad_line("60", ("01", "0", "51", "002", "5175"), "Norderdorf", mark="64", area="29", people="800",
                     postcode="25747"),
        gv100ad_line("60", ("01", "0", "01", "000", "0000"), "Fördestadt, Stadt", mark="61", area="5673",
                     people="90000", postcode="24937"),
    ]  # fmt: skip
