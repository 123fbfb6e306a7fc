"""The words on a plate and the way numbers and dates are written, in German and in English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from nahtstelle.core.keys import Level

Language = Literal["de", "en"]

NO_BREAK = "\N{NO-BREAK SPACE}"
SOFT_HYPHEN = "\N{SOFT HYPHEN}"
# fmt: off
_MONTHS_DE = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on


@dataclass(frozen=True)
class Words:
    """Every text a plate or its page may need; ``{}`` stands for a number, a name or a date."""

    people_heading: str
    under: str
    from_to: str
    at_least: str
    unknown_people: str
    signs_heading: str
    land_seam: str
    own: str
    border: str
    border_district: str
    border_in: str
    the_seam: str
    the_land_seam: str
    at_the_end: str
    states: dict[str, str]
    neighbour: str
    note: str
    only_most: str
    as_of: str
    undated: str
    described: str
    described_one: str
    described_longest: str
    described_country: str
    described_ends: str
    described_seam: str
    described_land_seam: str
    people: str
    sources: str
    table_caption: str
    number: str
    own_name: str
    name: str
    length: str
    seam_people: str
    known: str
    land: str
    yes: str
    no: str
    missing: str
    changed: str


GERMAN = Words(
    people_heading="Menschen in den Gemeinden an der Naht",
    under="unter {}",
    from_to="{} bis unter {}",
    at_least="{} und mehr",
    unknown_people="Zahl nicht bekannt",
    signs_heading="Zeichen",
    land_seam="Naht an einer Landesgrenze",
    own="dargestelltes Gebiet",
    border="Gemeinde an der Naht",
    border_district="Kreis an der Naht",
    border_in="Gemeinde an der Naht: {}",
    the_seam="die Naht",
    the_land_seam="die Naht, eine Landesgrenze",
    at_the_end="Nachbar am Ende der Naht",
    states={
        "full": "Zusammenarbeit beider Gebiete",
        "adjacent": "Zusammenarbeit von Gemeinden an der Naht",
        "loose": "Zusammenarbeit, aber nicht an der Naht",
        "none": "bestätigt: keine Zusammenarbeit",
        "unknown": "Zusammenarbeit nicht bekannt",
    },
    neighbour="angrenzendes Gebiet",
    only_most="Gezeigt: die {} Nähte mit den meisten Menschen (von {}) und alle an Landesgrenzen.",
    note="Die Linien zeigen Grenzen, keine Zusammenarbeit.",
    as_of="Gebietsstand {}",
    undated="Gebietsstand nicht angegeben",
    described="Karte mit {} Nähten.",
    described_one="Karte mit einer Naht.",
    described_longest="Karte mit {} Nähten, die längsten davon:",
    described_country="Karte mit {} Nähten, davon {} an einer Landesgrenze.",
    described_ends="An den Enden der Naht: {}.",
    described_seam="{}: {} km, {}.",
    described_land_seam="{}: {} km, {}, Landesgrenze.",
    people="{} Menschen",
    sources="Quellen",
    table_caption="Nähte: Länge der gemeinsamen Grenze und Menschen in den Gemeinden beiderseits",
    number="Nr.",
    own_name="Gebiet",
    name="Nachbar",
    length="Länge in km",
    seam_people=f"Menschen in den Gemein{SOFT_HYPHEN}den an der Naht",
    known=f"Ab{SOFT_HYPHEN}deckung",
    land=f"Landes{SOFT_HYPHEN}grenze",
    yes="ja",
    no="nein",
    missing="nicht bekannt",
    changed="Daten verändert: für die Darstellung vereinfacht.",
)

ENGLISH = Words(
    people_heading="People in the municipalities along the seam",
    under="under {}",
    from_to="{} to under {}",
    at_least="{} and more",
    unknown_people="number not known",
    signs_heading="Signs",
    land_seam="seam at a border between Länder",
    own="area shown",
    border="municipality at the seam",
    border_district="district at the seam",
    border_in="municipality at the seam: {}",
    the_seam="the seam",
    the_land_seam="the seam, a border between Länder",
    at_the_end="neighbour at an end of the seam",
    states={
        "full": "cooperation of both areas",
        "adjacent": "cooperation of municipalities at the seam",
        "loose": "cooperation, but not at the seam",
        "none": "confirmed: no cooperation",
        "unknown": "cooperation not known",
    },
    neighbour="adjoining area",
    only_most="Shown: the {} seams with most people (of {}) and all at borders between Länder.",
    note="The lines show borders, not cooperation.",
    as_of="Boundaries as of {}",
    undated="Date of the boundaries not stated",
    described="Map with {} seams.",
    described_one="Map with one seam.",
    described_longest="Map with {} seams, the longest of them:",
    described_country="Map with {} seams, {} of them at a border between Länder.",
    described_ends="At the ends of the seam: {}.",
    described_seam="{}: {} km, {}.",
    described_land_seam="{}: {} km, {}, border between Länder.",
    people="{} people",
    sources="Sources",
    table_caption="Seams: length of the shared border and people in the municipalities on both sides",
    number="No.",
    own_name="Area",
    name="Neighbour",
    length="Length in km",
    seam_people=f"People in the munici{SOFT_HYPHEN}palities along the seam",
    known="Coverage",
    land="Border between Länder",
    yes="yes",
    no="no",
    missing="not known",
    changed="Data changed: simplified for display.",
)

WORDS: dict[Language, Words] = {"de": GERMAN, "en": ENGLISH}


@dataclass(frozen=True)
class LevelWords:
    """The words for areas of a level: one, several and none as what is adjoined, and where their border is."""

    one: str
    several: str
    none: str
    at_border: str
    seam_between: str


@dataclass(frozen=True)
class SheetWords:
    """What a sheet says; ``{}`` stand for names, numbers and dates in the order of the language."""

    levels: dict[Level, LevelWords]
    counts: tuple[str, ...]
    and_: str
    unincorporated_one: str
    unincorporated: str
    adjoins: str
    border_people: str
    border_people_known: str
    residents: str
    residents_known: str
    residents_unknown: str
    key: str
    printed: str
    map_alt: str
    people: str
    area: str
    square_km: str
    border_people_fact: str
    border_people_note: str
    all_seams: str
    of_which_land: str
    of: str
    people_count: str
    people_at_least: str
    people_unknown: str
    people_column: str
    known_of: str
    unknown: str
    percent: str
    under_one_percent: str
    neighbours: str
    glyph: str
    neighbour: str
    length: str
    seam_people: str
    known: str
    land_seam: str
    yes: str
    no: str
    no_neighbours: str
    more: str
    more_one: str
    seam_title: str
    seam_heading: str
    seam_is_land_seam: str
    seam_is_inner: str
    seam_people_both: str
    seam_people_both_known: str
    seam_people_unknown: str
    seam_map_alt: str
    seam_length: str
    both_sides: str
    share: str
    in_stretches: str
    side_one: str
    side: str
    side_none: str
    municipality: str
    more_rows: str
    more_row: str
    ends: str
    attribution: str
    licence: str
    borders_on: str
    borders_undated: str
    people_on: str
    people_undated: str
    seam_people_are: str
    no_cooperation: str
    more_of_them: str
    cooperation_map_alt: str
    municipalities: str
    members: str
    member: str
    since: str
    former_members: str
    no_members: str
    projects: str
    project: str
    state: str
    why: str
    no_projects: str
    agreements: str
    agreement: str
    period: str
    no_agreements: str
    entry_sources: str
    more_sources: str


GERMAN_SHEET = SheetWords(
    levels={
        Level.MUNICIPALITY: LevelWords(
            "eine Gemeinde", "Gemeinden", "keine andere Gemeinde", "an der Gemeindegrenze", "Naht zwischen Gemeinden"
        ),
        Level.UNION: LevelWords(
            "einen Gemeindeverband",
            "Gemeindeverbände",
            "keinen anderen Gemeindeverband",
            "an der Grenze des Gemeindeverbands",
            "Naht zwischen Gemeindeverbänden",
        ),
        Level.DISTRICT: LevelWords(
            "einen Kreis", "Kreise", "keinen anderen Kreis", "an der Kreisgrenze", "Naht zwischen Kreisen"
        ),
        Level.LAND: LevelWords(
            "ein Land", "Länder", "kein anderes Land", "an der Landesgrenze", "Naht zwischen Ländern"
        ),
    },
    counts=("null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"),
    and_="{} und {}",
    unincorporated_one="ein gemeindefreies Gebiet",
    unincorporated="{} gemeindefreie Gebiete",
    adjoins="{} grenzt an {}.",
    border_people="{} von {} Menschen leben in Gemeinden {}.",
    border_people_known="Soweit bekannt, leben {} von {} Menschen in Gemeinden {}. "
    "Einwohnerzahlen liegen für {} von {} Gemeinden vor.",
    residents="Hier leben {} Menschen.",
    residents_known="Soweit bekannt, leben hier {} Menschen. Einwohnerzahlen liegen für {} von {} Gemeinden vor.",
    residents_unknown="Einwohnerzahlen liegen nicht vor.",
    key="Schlüssel {}",
    printed="Gedruckt am {}",
    map_alt="Karte: {} und seine Nähte, breiter gezeichnet, wo mehr Menschen leben. "
    "Die Tabelle darunter nennt dieselben Angaben.",
    people="Menschen",
    area="Fläche",
    square_km="{} km²",
    border_people_fact="Menschen {}",
    border_people_note="in {} von {} Gemeinden",
    all_seams="Länge aller Nähte",
    of_which_land="davon {} Landesgrenze",
    of="{} von {}",
    people_count="{} Menschen",
    people_at_least="mindestens {} Menschen",
    people_unknown="unbekannt viele Menschen",
    people_column="Menschen",
    known_of="bekannt für {} von {} Gemeinden",
    unknown="nicht bekannt",
    percent="{} %",
    under_one_percent="unter 1 %",
    neighbours="Nachbarn und Nähte",
    glyph="Naht",
    neighbour="Nachbar",
    length="Länge in km",
    seam_people="Menschen an der Naht",
    known="Gemeinden mit Zahlen",
    land_seam="Landesgrenze",
    yes="ja",
    no="nein",
    no_neighbours="Hier gibt es keine Nähte: Das Gebiet grenzt an kein anderes.",
    more="… und {} weitere Nachbarn. Alle stehen auf der unten genannten Seite.",
    more_one="… und ein weiterer Nachbar. Er steht auf der unten genannten Seite.",
    seam_title="Naht {} – {}",
    seam_heading="{} und {} grenzen auf {} aneinander.",
    seam_is_land_seam="Die Naht ist eine Landesgrenze.",
    seam_is_inner="Die Naht liegt innerhalb eines Landes.",
    seam_people_both="{} Menschen leben in {} Gemeinden auf beiden Seiten.",
    seam_people_both_known="Soweit bekannt, leben {} Menschen in {} Gemeinden auf beiden Seiten. "
    "Einwohnerzahlen liegen für {} von {} Gemeinden vor.",
    seam_people_unknown="{} Gemeinden liegen auf beiden Seiten, ihre Einwohnerzahlen sind nicht bekannt.",
    seam_map_alt="Karte der Naht zwischen {} und {} mit den Gemeinden auf beiden Seiten. "
    "Die Tabellen darunter nennen dieselben Gemeinden.",
    seam_length="Länge der Naht",
    both_sides="Menschen auf beiden Seiten",
    share="der Grenze von {}",
    in_stretches="in {} Stücken",
    side_one="{} in einer Gemeinde an der Naht",
    side="{} in {} Gemeinden an der Naht",
    side_none="keine Gemeinde an der Naht",
    municipality="Gemeinde",
    more_rows="… und {} weitere, auf der unten genannten Seite.",
    more_row="… und eine weitere, auf der unten genannten Seite.",
    ends="an den Enden: {}",
    attribution="Quelle: {}",
    licence="Lizenz: {}",
    borders_on="Gebietsstand: {}",
    borders_undated="Gebietsstand nicht angegeben",
    people_on="Bevölkerungsstand: {}",
    people_undated="Bevölkerungsstand nicht angegeben",
    seam_people_are="Menschen an der Naht: Menschen in den Gemeinden, die auf beiden Seiten an ihr liegen. "
    "Längen sind auf der genannten Karte gemessen",
    no_cooperation="Ob hier zusammengearbeitet wird, sagt dieses Blatt nicht",
    more_of_them="… und ein weiteres, auf der unten genannten Seite.",
    cooperation_map_alt="Karte: das Gebiet der Kooperation {} und die Kreise darum herum.",
    municipalities="Gemeinden",
    members="Mitglieder",
    member="Mitglied",
    since="seit",
    former_members="Frühere Mitglieder",
    no_members="Es sind keine Mitglieder bekannt.",
    projects="Projekte",
    project="Projekt",
    state="Stand",
    why="Gründe: {}",
    no_projects="Es ist kein Projekt bekannt, weder ein gelungenes noch ein gescheitertes.",
    agreements="Vereinbarungen",
    agreement="Vereinbarung",
    period="Zeitraum",
    no_agreements="Es ist keine Vereinbarung bekannt.",
    entry_sources="Quellen des Eintrags: {}.",
    more_sources="{} und {} weitere",
)

ENGLISH_SHEET = SheetWords(
    levels={
        Level.MUNICIPALITY: LevelWords(
            "one municipality",
            "municipalities",
            "no other municipality",
            "at its border",
            "Seam between municipalities",
        ),
        Level.UNION: LevelWords(
            "one union of municipalities",
            "unions of municipalities",
            "no other union of municipalities",
            "at its border",
            "Seam between unions of municipalities",
        ),
        Level.DISTRICT: LevelWords(
            "one district", "districts", "no other district", "at its border", "Seam between districts"
        ),
        Level.LAND: LevelWords("one Land", "Länder", "no other Land", "at its border", "Seam between Länder"),
    },
    counts=(
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ),
    and_="{} and {}",
    unincorporated_one="one unincorporated area",
    unincorporated="{} unincorporated areas",
    adjoins="{} adjoins {}.",
    border_people="{} of {} people live in municipalities {}.",
    border_people_known="As far as known, {} of {} people live in municipalities {}. "
    "Figures exist for {} of {} municipalities.",
    residents="{} people live here.",
    residents_known="As far as known, {} people live here. Figures exist for {} of {} municipalities.",
    residents_unknown="No figures of people exist.",
    key="key {}",
    printed="Printed on {}",
    map_alt="Map: {} and its seams, drawn wider where more people live. The table below has the same facts.",
    people="people",
    area="area",
    square_km="{} km²",
    border_people_fact="people {}",
    border_people_note="in {} of {} municipalities",
    all_seams="length of all seams",
    of_which_land="{} of it between Länder",
    of="{} of {}",
    people_count="{} people",
    people_at_least="at least {} people",
    people_unknown="an unknown number of people",
    people_column="People",
    known_of="known for {} of {} municipalities",
    unknown="not known",
    percent="{}%",
    under_one_percent="under 1%",
    neighbours="Neighbours and seams",
    glyph="Seam",
    neighbour="Neighbour",
    length="Length in km",
    seam_people="People at the seam",
    known="Municipalities with figures",
    land_seam="Border between Länder",
    yes="yes",
    no="no",
    no_neighbours="There are no seams here: the area adjoins no other.",
    more="… and {} more neighbours. All are on the page named below.",
    more_one="… and one more neighbour. It is on the page named below.",
    seam_title="Seam {} – {}",
    seam_heading="{} and {} adjoin along {}.",
    seam_is_land_seam="The seam is a border between Länder.",
    seam_is_inner="The seam lies within one Land.",
    seam_people_both="{} people live in {} municipalities on both sides.",
    seam_people_both_known="As far as known, {} people live in {} municipalities on both sides. "
    "Figures exist for {} of {} municipalities.",
    seam_people_unknown="{} municipalities lie on both sides; how many people live there is not known.",
    seam_map_alt="Map of the seam between {} and {} with the municipalities on both sides. "
    "The tables below have the same municipalities.",
    seam_length="length of the seam",
    both_sides="people on both sides",
    share="of the border of {}",
    in_stretches="in {} stretches",
    side_one="{} in one municipality at the seam",
    side="{} in {} municipalities at the seam",
    side_none="no municipality at the seam",
    municipality="Municipality",
    more_rows="… and {} more, on the page named below.",
    more_row="… and one more, on the page named below.",
    ends="at its ends: {}",
    attribution="Source: {}",
    licence="Licence: {}",
    borders_on="Boundaries as of {}",
    borders_undated="Date of the boundaries not stated",
    people_on="People as of {}",
    people_undated="Date of the people not stated",
    seam_people_are="People at the seam: people in the municipalities that lie along it on both sides. "
    "Lengths are measured on the map named",
    no_cooperation="This sheet does not say whether there is cooperation here",
    more_of_them="… and one more, on the page named below.",
    cooperation_map_alt="Map: the area of the cooperation {} and the districts around it.",
    municipalities="municipalities",
    members="Members",
    member="Member",
    since="since",
    former_members="Former members",
    no_members="No members are known.",
    projects="Projects",
    project="Project",
    state="State",
    why="Reasons: {}",
    no_projects="No project is known, neither one that succeeded nor one that failed.",
    agreements="Agreements",
    agreement="Agreement",
    period="Period",
    no_agreements="No agreement is known.",
    entry_sources="Sources of the entry: {}.",
    more_sources="{} and {} more",
)

SHEET_WORDS: dict[Language, SheetWords] = {"de": GERMAN_SHEET, "en": ENGLISH_SHEET}


def number(value: float, decimals: int = 0, language: Language = "de") -> str:
    """A number as people write it.

    >>> number(1234.56, 1), number(1234.56, 1, "en")
    ('1.234,6', '1,234.6')
    """
    english = f"{value:,.{decimals}f}"
    return english if language == "en" else english.translate(str.maketrans(",.", ".,"))


def long_date(day: date, language: Language = "de") -> str:
    """A date with the month as a word.

    >>> long_date(date(2016, 1, 1)), long_date(date(2016, 1, 1), "en")
    ('1. Januar 2016', '1 January 2016')
    """
    if language == "en":
        return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"
    return f"{day.day}. {_MONTHS_DE[day.month - 1]} {day.year}"


def as_of(day: date | None, language: Language = "de") -> str:
    """The date of the boundaries in words; a publisher may state none.

    >>> as_of(date(2016, 1, 1)), as_of(None)
    ('Gebietsstand 1. Januar 2016', 'Gebietsstand nicht angegeben')
    """
    words = WORDS[language]
    return words.as_of.format(long_date(day, language)) if day else words.undated
