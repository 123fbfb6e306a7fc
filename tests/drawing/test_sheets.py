"""Sheets: always one page, the same facts in the same words, readable by screen readers, names never markup."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pypdf
import pytest
from pypdf.generic import DictionaryObject

from nahtstelle.core.keys import Level
from nahtstelle.core.model import People
from nahtstelle.drawing.sheet import (
    AreaSheet,
    CooperationSheet,
    Listed,
    Neighbour,
    Origin,
    Place,
    SeamSheet,
    SheetSide,
    area_sheet_pdf,
    cooperation_sheet_pdf,
    seam_sheet_pdf,
)

LONG = "Verwaltungsgemeinschaft Eriskirch-Kressbronn am Bodensee-Langenargen"
HOSTILE = '#panic("x") [a] *b* _c_ `d` $e$ <f> @g \\h "i" // j /* k */ #import "x" = l - m + n'
A4 = (595.276, 841.89)
MARGIN_PT = 30


def plate(height: int = 460) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="720" height="{height}" viewBox="0 0 720 {height}" '
        'font-family="Fira Sans"><style>.nt-sheet{fill:#fdfcf8}</style>'
        f'<rect class="nt-sheet" width="720" height="{height}"/><text x="9" y="99">Kartentext</text></svg>'
    )


ORIGIN = Origin(
    attribution="© GeoBasis-DE / BKG 2016 (Daten verändert)\nEinwohner: GeoNames",
    borders_on=date(2016, 1, 1),
    people_on=None,
    address="https://naht.example/verzeichnis/gebiete/03252/",
    printed_on=date(2026, 11, 23),
    licence="CC BY 4.0",
)


def neighbours(count: int, name: str = "Nachbar") -> tuple[Neighbour, ...]:
    return tuple(
        Neighbour(f"{name} {at:02}", 50.0 - at, People(1000 * at, 3, 3), land_seam=at % 4 == 0, step=1 + at % 5)
        for at in range(count)
    )


AREA = AreaSheet(
    full_name="Landkreis Hameln-Pyrmont",
    kind="Landkreis",
    key="03252",
    level=Level.DISTRICT,
    land="Niedersachsen",
    people=People(150_377, 8, 8),
    area_km2=797.5,
    border=People(92_461, 7, 7),
    neighbours=neighbours(5),
    map_svg=plate(),
    origin=ORIGIN,
)


def places(count: int, name: str = "Ort") -> tuple[Place, ...]:
    return tuple(Place(f"{name} {at:02}", 9000 - 10 * at) for at in range(count))


SEAM = SeamSheet(
    here=SheetSide("Hameln-Pyrmont", "Landkreis Hameln-Pyrmont", places(2), 0.21),
    there=SheetSide("Lippe", "Kreis Lippe", places(4, "Dorf"), 0.18),
    level=Level.DISTRICT,
    length_km=43.42,
    stretches=1,
    land_seam=True,
    ends=("Holzminden", "Schaumburg"),
    map_svg=plate(),
    origin=ORIGIN,
)


def listed(count: int, name: str, beside: str = "2014", **more: Any) -> tuple[Listed, ...]:
    return tuple(Listed(f"{name} {at:02}", beside, **more) for at in range(count))


COOPERATION = CooperationSheet(
    name="LEADER-Region Grünes Band",
    kicker=("LEADER-Region (LAG)", "", "Aktiv"),
    lead="LEADER-Region (LAG), seit 2014. In ihrem Gebiet leben 63.951 Menschen in Niedersachsen.",
    people=People(63_951, 17, 18),
    area_km2=350.2,
    municipalities=18,
    laender="Niedersachsen",
    members=listed(5, "Ort"),
    former=False,
    projects=(
        Listed("Radweg", "Zurückgezogen", "2017 bis 2018", ("Finanzierung fehlt", "Kein Anlass")),
        Listed("Podcasts", "In Umsetzung", "seit 2024"),
    ),
    agreements=(Listed("Vereinbarung der vier Regionen", "", "Absichtserklärung"),),
    founded="Belegt. Zwei Stellen bestätigen diesen Eintrag.",
    sources=("Zeitung: Ein Jahr", "Amt: Bericht"),
    map_svg=plate(330),
    origin=ORIGIN,
)


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """All text of the page in one line, as a reader would hear it."""
    return re.sub(r"\s+", " ", read(pdf).pages[0].extract_text())


def spots(pdf: bytes) -> list[tuple[float, float, str]]:
    """Where each piece of text stands, in points from the lower left corner."""
    found: list[tuple[float, float, str]] = []

    def visit(text: str, matrix: list[float], text_matrix: list[float], *_: Any) -> None:
        if text.strip():
            x, y = text_matrix[4], text_matrix[5]
            found.append(
                (
                    matrix[0] * x + matrix[2] * y + matrix[4],
                    matrix[1] * x + matrix[3] * y + matrix[5],
                    text.strip(),
                )
            )

    read(pdf).pages[0].extract_text(visitor_text=visit)
    return found


def tags(pdf: bytes) -> list[DictionaryObject]:
    """The elements of the structure a screen reader follows, in its order."""
    found: list[DictionaryObject] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict) and "/S" in node:
            found.append(node)
            walk(node.get("/K"))

    walk(read(pdf).trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


# --- one page ----------------------------------------------------------------------------------------------

AREAS = {
    "five": AREA,
    "none": replace(AREA, neighbours=()),
    "one": replace(AREA, neighbours=neighbours(1)),
    "thirty": replace(AREA, neighbours=neighbours(30)),
    "long": replace(AREA, full_name=LONG, kind=LONG, land=LONG, neighbours=neighbours(30, LONG)),
    "missing": replace(
        AREA,
        people=People(None, 0, 8),
        border=People(None, 0, 7),
        area_km2=None,
        neighbours=tuple(replace(each, people=People(None, 0, 3), step=0) for each in neighbours(30)),
    ),
    "hostile": replace(AREA, full_name=HOSTILE, kind=HOSTILE, land=HOSTILE, neighbours=neighbours(30, HOSTILE)),
    "tall": replace(AREA, map_svg=plate(1100), neighbours=neighbours(30, LONG)),
    "wordy": replace(
        AREA, neighbours=neighbours(12), origin=replace(ORIGIN, attribution="\n".join([f"{LONG}, {LONG}, {LONG}"] * 6))
    ),
}
SEAMS = {
    "six": SEAM,
    "none": replace(SEAM, here=replace(SEAM.here, municipalities=()), there=replace(SEAM.there, municipalities=())),
    "sixty": replace(SEAM, here=replace(SEAM.here, municipalities=places(60))),
    "long": replace(
        SEAM,
        here=SheetSide(LONG, LONG, places(60, LONG), 0.5),
        there=SheetSide(LONG, LONG, places(60, LONG), 0.001),
        ends=(LONG, LONG),
        map_svg=plate(900),
    ),
    "missing": replace(
        SEAM, there=replace(SEAM.there, municipalities=tuple(Place(f"Ort {at}", None) for at in range(30)))
    ),
    "hostile": replace(SEAM, here=SheetSide(HOSTILE, HOSTILE, places(30, HOSTILE)), ends=(HOSTILE,)),
}
COOPERATIONS = {
    "small": COOPERATION,
    "unknown": replace(
        COOPERATION, people=None, area_km2=None, municipalities=0, members=(), projects=(), agreements=(), sources=(),
        founded="", map_svg="",
    ),
    "large": replace(
        COOPERATION,
        members=listed(300, "Ort"),
        projects=listed(40, "Dorf", below="seit 2014", reasons=("Geld", "Zeit")),
        agreements=listed(40, "Nachbar", below="Vertrag"),
        sources=tuple(LONG for _ in range(60)),
    ),
    "long": replace(
        COOPERATION, name=f"{LONG}, {LONG}", kicker=(LONG, LONG), lead=f"{LONG}. {LONG}. {LONG}.", laender=LONG,
        members=listed(300, LONG, LONG), projects=listed(40, LONG, LONG, below=LONG, reasons=(LONG, LONG)),
        agreements=listed(40, LONG, LONG), map_svg=plate(900),
    ),
    "hostile": replace(
        COOPERATION, name=HOSTILE, kicker=(HOSTILE,), lead=HOSTILE, members=listed(30, HOSTILE, HOSTILE),
        projects=listed(3, HOSTILE, HOSTILE, below=HOSTILE, reasons=(HOSTILE,)), founded=HOSTILE, sources=(HOSTILE,),
    ),
}  # fmt: skip
ALL: dict[str, AreaSheet | SeamSheet | CooperationSheet] = {
    **{f"area {name}": sheet for name, sheet in AREAS.items()},
    **{f"seam {name}": sheet for name, sheet in SEAMS.items()},
    **{f"cooperation {name}": sheet for name, sheet in COOPERATIONS.items()},
}


def pdf_of(sheet: AreaSheet | SeamSheet | CooperationSheet) -> bytes:
    if isinstance(sheet, CooperationSheet):
        return cooperation_sheet_pdf(sheet)
    return area_sheet_pdf(sheet) if isinstance(sheet, AreaSheet) else seam_sheet_pdf(sheet)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", ALL)
def test_always_one_page_with_its_foot(name: str, language: Any) -> None:
    pdf = pdf_of(replace(ALL[name], language=language))
    reader = read(pdf)
    assert len(reader.pages) == 1
    assert tuple(map(float, reader.pages[0].mediabox[2:])) == pytest.approx(A4, abs=0.1)
    placed = spots(pdf)
    assert all(MARGIN_PT < x < A4[0] - MARGIN_PT and MARGIN_PT - 5 < y < A4[1] - MARGIN_PT for x, y, _ in placed)
    address = next(y for _, y, text in placed if "naht.example" in text)
    assert address == min(y for _, y, _ in placed)
    rows = [y for _, y, text in placed if re.search(r"(Nachbar|Ort|Dorf|Langenargen) \d\d$", text)]
    begin = ("Menschen an der Naht:", "People at the seam:", "Belegt.", "Gebietsstand:", "Boundaries as of")
    foot = [y for _, y, text in placed if text.startswith(begin) or (text.startswith("#panic") and y < 150)]
    assert foot and all(y > max(foot) + 10 for y in rows)


def test_what_finds_no_room_is_counted() -> None:
    text = text_of(area_sheet_pdf(AREAS["thirty"]))
    shown = len(re.findall(r"Nachbar \d\d", text))
    hidden = re.search(r"… und (\S+) weitere Nachbarn", text)
    assert hidden
    assert 8 < shown < 18  # beyond twelve, numbers are written as figures
    assert shown + int(hidden.group(1)) == 30
    assert re.findall(r"Nachbar (\d\d)", text) == [f"{at:02}" for at in range(shown)]


def test_all_that_fit_are_shown_and_nothing_is_counted() -> None:
    for sheet, count in ((AREA, 5), (replace(AREA, neighbours=neighbours(10)), 10)):
        text = text_of(area_sheet_pdf(sheet))
        assert len(re.findall(r"Nachbar \d\d", text)) == count and "weitere" not in text


def test_each_side_counts_for_itself() -> None:
    text = text_of(seam_sheet_pdf(SEAMS["sixty"]))
    hidden = re.search(r"… und (\d+) weitere, auf", text)
    assert hidden and len(re.findall(r"Ort \d\d", text)) + int(hidden.group(1)) == 60
    assert len(re.findall(r"Dorf \d\d", text)) == 4


def test_a_large_cooperation_says_how_much_is_left_out_of_each_list() -> None:
    text = text_of(cooperation_sheet_pdf(COOPERATIONS["large"]))
    hidden = [int(count) for count in re.findall(r"… und (\d+) weitere, auf", text)]
    shown = [len(re.findall(rf"{name} \d\d", text)) for name in ("Ort", "Dorf", "Nachbar")]
    assert sorted(a + b for a, b in zip(shown, [hidden[0], *hidden[1:]], strict=True)) == [40, 40, 300]
    assert shown[0] > 10 and min(shown) >= 1
    assert "und 56 weitere." in text, "sources"


# --- the words ---------------------------------------------------------------------------------------------


def test_area_is_answered_in_two_lines() -> None:
    text = text_of(area_sheet_pdf(AREA))
    assert "Landkreis Hameln-Pyrmont grenzt an fünf Kreise." in text
    assert "92.461 von 150.377 Menschen leben in Gemeinden an der Kreisgrenze." in text
    assert "Landkreis · Niedersachsen · Schlüssel 03252" in text
    assert "798 km²" in text and "240 km" in text and "davon 96 km Landesgrenze" in text
    assert "Gebietsstand: 1. Januar 2016. Bevölkerungsstand nicht angegeben." in text
    assert "Quelle: © GeoBasis-DE / BKG 2016 (Daten verändert) Quelle: Einwohner: GeoNames Lizenz: CC BY 4.0" in text
    assert "Gedruckt am 23. November 2026" in text and "naht.example/verzeichnis/gebiete/03252" in text


def test_seam_is_answered_in_two_lines() -> None:
    text = text_of(seam_sheet_pdf(SEAM))
    assert "Landkreis Hameln-Pyrmont und Kreis Lippe grenzen auf 43,4 km aneinander." in text
    assert "Die Naht ist eine Landesgrenze. 53.930 Menschen leben in sechs Gemeinden auf beiden Seiten." in text
    assert "17.990 Menschen in zwei Gemeinden an der Naht" in text
    assert "35.940 Menschen in vier Gemeinden an der Naht" in text
    assert "an den Enden: Holzminden, Schaumburg" in text
    assert "21 % der Grenze von Hameln-" in text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"neighbours": neighbours(1)}, "grenzt an einen Kreis."),
        ({"neighbours": ()}, "grenzt an keinen anderen Kreis."),
        ({"neighbours": neighbours(13)}, "grenzt an 13 Kreise."),
        ({"level": Level.LAND}, "grenzt an fünf Länder."),
        ({"level": Level.UNION}, "grenzt an fünf Gemeindeverbände."),
        ({"neighbours": ()}, "Hier gibt es keine Nähte: Das Gebiet grenzt an kein anderes."),
        (
            {
                "neighbours": (replace(neighbours(1)[0], unincorporated=True), *neighbours(2)),
                "level": Level.MUNICIPALITY,
            },
            "grenzt an zwei Gemeinden und ein gemeindefreies Gebiet.",
        ),
        ({"neighbours": (replace(neighbours(1)[0], unincorporated=True),)}, "grenzt an ein gemeindefreies Gebiet."),
        ({"border": None}, "Hier leben 150.377 Menschen."),
        ({"people": People(1_973_896, 1, 1), "border": People(1_973_896, 1, 1)}, "Hier leben 1.973.896 Menschen."),
        ({"people": People(None, 0, 8)}, "Einwohnerzahlen liegen nicht vor."),
        (
            {"people": People(140_000, 7, 8)},
            "Soweit bekannt, leben 92.461 von 140.000 Menschen in Gemeinden an der Kreisgrenze. "
            "Einwohnerzahlen liegen für 7 von 8 Gemeinden vor.",
        ),
        ({"language": "en"}, "Landkreis Hameln-Pyrmont adjoins five districts. 92,461 of 150,377 people live in"),
    ],
)
def test_area_says(change: dict[str, Any], says: str) -> None:
    assert says in text_of(area_sheet_pdf(replace(AREA, **change)))


def test_a_cooperation_says_what_failed_and_why() -> None:
    text = text_of(cooperation_sheet_pdf(COOPERATION))
    assert "LEADER-Region (LAG) · Aktiv LEADER-Region Grünes Band" in text
    assert "Radweg" in text and "2017 bis 2018 Gründe: Finanzierung fehlt; Kein Anlass" in text
    assert "63.951 Menschen bekannt für 17 von 18 Gemeinden" in text and "350 km²" in text and "5 Mitglieder" in text
    assert "Vereinbarung der vier Regionen Absichtserklärung nicht bekannt" in text
    assert "Belegt. Zwei Stellen bestätigen diesen Eintrag." in text
    assert "Quellen des Eintrags: Zeitung: Ein Jahr; Amt: Bericht. Gebietsstand: 1. Januar 2016." in text
    assert "Menschen an der Naht" not in text and "Mitglied seit" in text
    gone = text_of(cooperation_sheet_pdf(replace(COOPERATION, former=True)))
    assert "5 Frühere Mitglieder" in gone and "Mitglied Zeitraum" in gone


def test_a_cooperation_of_which_nothing_is_known_says_so() -> None:
    text = text_of(cooperation_sheet_pdf(COOPERATIONS["unknown"]))
    for told in ("keine Mitglieder bekannt", "kein Projekt bekannt", "keine Vereinbarung bekannt"):
        assert told in text
    assert "Quellen des Eintrags" not in text and "None" not in text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"land_seam": False}, "Die Naht liegt innerhalb eines Landes."),
        ({"length_km": 0.051}, "grenzen auf 50 m aneinander."),
        ({"length_km": 0.0004}, "grenzen auf 10 m aneinander."),
        ({"stretches": 3}, "Länge der Naht in drei Stücken"),
        ({"here": replace(SEAM.here, share_of_perimeter=0.0004)}, "unter 1 % der Grenze von Hameln-"),
        ({"here": replace(SEAM.here, municipalities=places(1))}, "9.000 Menschen in einer Gemeinde an der Naht"),
        (
            {"here": replace(SEAM.here, municipalities=(Place("A", None), Place("B", 10)))},
            "Soweit bekannt, leben 35.950 Menschen in sechs Gemeinden auf beiden Seiten. "
            "Einwohnerzahlen liegen für 5 von 6 Gemeinden vor.",
        ),
        (
            {"here": replace(SEAM.here, municipalities=(Place("A", None), Place("B", 10)))},
            "mindestens 10 Menschen in zwei Gemeinden an der Naht",
        ),
        ({"language": "en"}, "Landkreis Hameln-Pyrmont and Kreis Lippe adjoin along 43.4 km."),
    ],
)
def test_seam_says(change: dict[str, Any], says: str) -> None:
    assert says in text_of(seam_sheet_pdf(replace(SEAM, **change)))


def test_missing_people_are_said_to_be_missing() -> None:
    text = text_of(area_sheet_pdf(AREAS["missing"]))
    assert text.count("nicht bekannt") > 8 and " 0 von 3 " in text and "None" not in text
    text = text_of(seam_sheet_pdf(SEAMS["missing"]))
    assert "unbekannt viele Menschen in 30 Gemeinden an der Naht" in text and "None" not in text


def test_how_much_is_known_is_a_column_only_where_it_is_not_all() -> None:
    assert "Gemeinden mit Zahlen" not in text_of(area_sheet_pdf(AREA))
    partly = replace(AREA, neighbours=(*neighbours(4), replace(neighbours(1)[0], people=People(7, 1, 3))))
    assert "Gemeinden mit Zahlen" in text_of(area_sheet_pdf(partly))


def test_it_says_nothing_of_cooperation_unless_it_shows_it() -> None:
    told = "Ob hier zusammengearbeitet wird, sagt dieses Blatt nicht."
    assert told in text_of(area_sheet_pdf(AREA))
    shown = replace(AREA, neighbours=tuple(replace(each, state="full") for each in AREA.neighbours))
    assert told not in text_of(area_sheet_pdf(shown))
    said = "Zwei Kooperationen arbeiten über diese Naht hinweg."
    seam = next(iter(SEAMS.values()))
    assert told in text_of(seam_sheet_pdf(seam))
    with_line = text_of(seam_sheet_pdf(replace(seam, cooperation=said)))
    assert said in with_line and told not in with_line
    assert "Hier sind sieben bekannt." in text_of(
        area_sheet_pdf(replace(AREA, cooperation="Hier sind sieben bekannt."))
    )


# --- safe and accessible -----------------------------------------------------------------------------------


def test_names_are_never_markup() -> None:
    """What would stop the typesetter or change its look stands on the page letter by letter."""
    plain = HOSTILE.replace(" ", "")
    text = text_of(area_sheet_pdf(AREAS["hostile"])).replace(" ", "")
    assert plain + "grenztan30Kreise." in text
    assert plain + "00" in text
    assert plain in text_of(seam_sheet_pdf(SEAMS["hostile"])).replace(" ", "")
    assert read(area_sheet_pdf(AREAS["hostile"])).metadata["/Title"] == HOSTILE


@pytest.mark.parametrize("sheet", [AREA, SEAM, COOPERATION], ids=["area", "seam", "cooperation"])
def test_screen_readers_find_their_way(sheet: AreaSheet | SeamSheet | CooperationSheet) -> None:
    pdf = pdf_of(sheet)
    root = read(pdf).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or bool(root["/MarkInfo"]["/Marked"])
    assert root["/Lang"] == "de" and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    kinds = [element["/S"] for element in tags(pdf)]
    assert kinds.count("/H1") == 1 and kinds.index("/H1") < kinds.index("/Figure") < kinds.index("/Table")
    figures = [element for element in tags(pdf) if element["/S"] == "/Figure"]
    named, tables, heads = {
        AreaSheet: ("Hameln-Pyrmont", 1, 5),
        SeamSheet: ("Hameln-Pyrmont", 2, 4),
        CooperationSheet: ("Grünes Band", 3, 6),
    }[type(sheet)]
    assert len(figures) == 1 and named in figures[0]["/Alt"]
    assert kinds.count("/Table") == tables and kinds.count("/TH") == heads
    assert kinds.count("/Link") == 1


def test_the_language_is_that_of_the_sheet() -> None:
    assert read(area_sheet_pdf(replace(AREA, language="en"))).trailer["/Root"]["/Lang"] == "en"


def test_fonts_travel_with_it_and_are_ours() -> None:
    fonts = read(area_sheet_pdf(AREA)).pages[0]["/Resources"]["/Font"]
    names = [font.get_object()["/BaseFont"] for font in fonts.values()]
    assert names and all("FiraSans" in name for name in names)
    for font in fonts.values():
        described = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "/FontFile2" in described or "/FontFile3" in described


@pytest.mark.parametrize("sheet", [AREA, SEAM, COOPERATION], ids=["area", "seam", "cooperation"])
def test_same_facts_same_bytes(sheet: AreaSheet | SeamSheet | CooperationSheet) -> None:
    assert pdf_of(sheet) == pdf_of(replace(sheet))
    assert pdf_of(sheet) != pdf_of(replace(sheet, origin=replace(ORIGIN, printed_on=date(2026, 11, 24))))


def test_the_map_is_on_it_without_the_tone_of_paper() -> None:
    pdf = area_sheet_pdf(AREA)
    assert "Kartentext" in text_of(pdf)
    assert area_sheet_pdf(replace(AREA, map_svg=plate().replace("#fdfcf8", "#fff"))) == pdf
