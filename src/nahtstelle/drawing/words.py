"""The words on a plate and the way numbers and dates are written, in German and in English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

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
