"""Sheets to take along: one page A4 about an area, a seam or a cooperation, as a PDF that screen readers can read.

The map comes as an SVG plate, ``embedded``, light, drawn at ``SHEET_PLATE_PX`` with the legend beside it. Everything
else is facts; the words around them are set here. Names are handed to the typesetter as data, never as markup.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import fontpkg_fira_sans
import typst

from nahtstelle.core.keys import Level
from nahtstelle.core.model import People
from nahtstelle.drawing.marks import logo
from nahtstelle.drawing.palette import LIGHT
from nahtstelle.drawing.stitches import State, seam_glyph
from nahtstelle.drawing.words import NO_BREAK, SHEET_WORDS, Language, SheetWords, long_date, number

SHEET_PLATE_PX = (720, 460)
"""Width of a plate for a sheet, and ``height_px`` of its map."""
COOPERATION_PLATE_PX = (720, 330)
"""The same for the sheet of a cooperation, which has more to list."""
HIGHEST_MM, COOPERATION_HIGHEST_MM = 122, 84
"""So high a map may be on paper."""
SOURCES_NAMED = 4

TEMPLATES = Path(__file__).parent / "sheets"
RULE_PX = 720


@dataclass(frozen=True)
class Origin:
    """Where the facts of a sheet come from, and where to read on.

    ``attribution`` is printed as it is, line by line. ``address`` is that of the page about the same area or seam.
    """

    attribution: str
    borders_on: dt.date | None
    people_on: dt.date | None
    address: str
    printed_on: dt.date
    licence: str = ""


@dataclass(frozen=True)
class Neighbour:
    """A neighbour and the seam with it; ``step`` is the class of people in which the map draws it, 0 to 5."""

    name: str
    length_km: float
    people: People
    land_seam: bool
    step: int
    state: State | None = None
    unincorporated: bool = False


@dataclass(frozen=True)
class AreaSheet:
    """What a sheet says of an area.

    ``full_name`` has the designation, ``kind`` is that alone ("Landkreis"), ``land`` the Land it lies in, if any.
    ``border`` are the people of the ``border_municipalities`` at its border, ``None`` for a municipality.
    ``neighbours`` stand in the order in which they are to be shown; of too many the last ones are left out.
    ``cooperation`` is what is known of it, in a sentence; left out, nothing is said about it.
    """

    full_name: str
    kind: str
    key: str
    level: Level
    land: str
    people: People
    area_km2: float | None
    border: People | None
    neighbours: tuple[Neighbour, ...]
    map_svg: str
    origin: Origin
    cooperation: str = ""
    language: Language = "de"


@dataclass(frozen=True)
class Place:
    """A municipality at a seam; ``people`` is ``None`` where not known."""

    name: str
    people: int | None


@dataclass(frozen=True)
class SheetSide:
    """One side of a seam: the area, its municipalities there, and the seam's share of its border."""

    name: str
    full_name: str
    municipalities: tuple[Place, ...]
    share_of_perimeter: float | None = None

    @property
    def people(self) -> People:
        """The people of these municipalities as far as known."""
        known = [place.people for place in self.municipalities if place.people is not None]
        return People(sum(known) if known or not self.municipalities else None, len(known), len(self.municipalities))


@dataclass(frozen=True)
class SeamSheet:
    """What a sheet says of a seam; ``ends`` are the names of the neighbours at its ends.

    ``cooperation`` is what is known of it across the seam, in a sentence; left out, nothing is said about it.
    """

    here: SheetSide
    there: SheetSide
    level: Level
    length_km: float
    stretches: int
    land_seam: bool
    ends: tuple[str, ...]
    map_svg: str
    origin: Origin
    cooperation: str = ""
    language: Language = "de"


@dataclass(frozen=True)
class Listed:
    """A member, an agreement or a project on the sheet of a cooperation.

    ``beside`` stands in a column of its own: since when, from when to when, how it stands. ``below`` and ``reasons``
    stand under the name.
    """

    name: str
    beside: str
    below: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class CooperationSheet:
    """What a sheet says of a cooperation.

    ``kicker`` says what it is and how it stands, ``lead`` answers in two lines. ``founded`` are sentences on how well
    the entry is founded, ``sources`` what it rests on; of too many the last ones are left out. ``map_svg`` is empty
    where no area is known.
    """

    name: str
    kicker: tuple[str, ...]
    lead: str
    people: People | None
    area_km2: float | None
    municipalities: int
    laender: str
    members: tuple[Listed, ...]
    former: bool
    """Whether these are those who belonged to it, as nobody does any more."""
    projects: tuple[Listed, ...]
    agreements: tuple[Listed, ...]
    founded: str
    sources: tuple[str, ...]
    map_svg: str
    origin: Origin
    language: Language = "de"


def area_sheet_pdf(sheet: AreaSheet) -> bytes:
    """One page about an area: who adjoins it, along how many kilometres, how many people live there."""
    words = SHEET_WORDS[sheet.language]
    say = _Say(words, sheet.language)
    kicker = [sheet.kind, sheet.land, words.key.format(sheet.key)]
    return _set(
        "area.typ",
        sheet.map_svg,
        sheet.origin,
        say,
        title=sheet.full_name,
        kicker=" · ".join(filter(None, kicker)),
        heading=words.adjoins.format(sheet.full_name, _adjoining(sheet, say)),
        lead=f"{_area_lead(sheet, say)} {sheet.cooperation}".rstrip(),
        map_alt=words.map_alt.format(sheet.full_name),
        facts=_area_facts(sheet, say),
        neighbours=_neighbours(sheet, say),
        said=_seam_said(bool(sheet.cooperation) or any(neighbour.state for neighbour in sheet.neighbours), say),
    )


def seam_sheet_pdf(sheet: SeamSheet) -> bytes:
    """One page about a seam: how long it is, which municipalities lie along it, how many people live there."""
    words = SHEET_WORDS[sheet.language]
    say = _Say(words, sheet.language)
    here, there = sheet.here, sheet.there
    ends = words.ends.format(", ".join(sheet.ends)) if sheet.ends else ""
    return _set(
        "seam.typ",
        sheet.map_svg,
        sheet.origin,
        say,
        title=words.seam_title.format(here.name, there.name),
        kicker=" · ".join(filter(None, [words.levels[sheet.level].seam_between, ends])),
        heading=words.seam_heading.format(here.full_name, there.full_name, say.length(sheet.length_km, 1)),
        lead=f"{_seam_lead(sheet, say)} {sheet.cooperation}".rstrip(),
        map_alt=words.seam_map_alt.format(here.name, there.name),
        facts=_seam_facts(sheet, say),
        sides=[_side(side, say) for side in (here, there)],
        said=_seam_said(bool(sheet.cooperation), say),
    )


def cooperation_sheet_pdf(sheet: CooperationSheet) -> bytes:
    """One page about a cooperation: who belongs to it, what it agreed to, what it tried and what came of that."""
    words = SHEET_WORDS[sheet.language]
    say = _Say(words, sheet.language)
    return _set(
        "cooperation.typ",
        sheet.map_svg,
        sheet.origin,
        say,
        said=_entry_said(sheet, say),
        highest_mm=COOPERATION_HIGHEST_MM,
        title=sheet.name,
        kicker=" · ".join(filter(None, sheet.kicker)),
        heading=sheet.name,
        lead=sheet.lead,
        map_alt=words.cooperation_map_alt.format(sheet.name),
        facts=_cooperation_facts(sheet, say),
        members=_listed(
            sheet.members,
            (
                _members(sheet, words),
                words.member,
                words.period if sheet.former else words.since,
                words.no_members,
            ),
            say,
        ),
        projects=_listed(sheet.projects, (words.projects, words.project, words.state, words.no_projects), say),
        agreements=_listed(
            sheet.agreements,
            (words.agreements, words.agreement, words.period, words.no_agreements),
            say,
            more_one=words.more_row,
        ),
    )


# --- words -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Say:
    """How numbers are said in a language."""

    words: SheetWords
    language: Language

    def number(self, value: float, decimals: int = 0) -> str:
        return number(value, decimals, self.language)

    def count(self, value: int) -> str:
        """A small number as a word."""
        return self.words.counts[value] if value < len(self.words.counts) else self.number(value)

    def people(self, people: People) -> str:
        return self.words.unknown if people.people is None else self.number(people.people)

    def known(self, people: People) -> str:
        """How much of a number is known, where that is not all of it."""
        if people.known in (0, people.of):
            return ""
        return self.words.known_of.format(self.number(people.known), self.number(people.of))

    def length(self, length_km: float, decimals: int = 0) -> str:
        """A length with its unit, in metres where it is short."""
        if length_km < 1:
            return f"{self.number(max(round(100 * length_km), 1) * 10)}{NO_BREAK}m"
        return f"{self.number(length_km, decimals)}{NO_BREAK}km"

    def share(self, share: float) -> str:
        """A share in whole per cent; a small one is not called nothing."""
        form = self.words.under_one_percent if 0 < share < 0.005 else self.words.percent
        return form.format(self.number(100 * share)).replace(" ", NO_BREAK)


Cell = dict[str, Any]


def _cell(text: str, *, missing: bool = False) -> Cell:
    return {"text": text, "missing": missing}


def _adjoining(sheet: AreaSheet, say: _Say) -> str:
    """The neighbours counted: five districts, two municipalities and an unincorporated area."""
    level = say.words.levels[sheet.level]
    empty = sum(neighbour.unincorporated for neighbour in sheet.neighbours)
    count = len(sheet.neighbours) - empty
    told = []
    if count or not empty:
        told.append({0: level.none, 1: level.one}.get(count, f"{say.count(count)} {level.several}"))
    if empty:
        words = say.words
        told.append(words.unincorporated_one if empty == 1 else words.unincorporated.format(say.count(empty)))
    return say.words.and_.format(*told) if len(told) == 2 else told[0]


def _area_lead(sheet: AreaSheet, say: _Say) -> str:
    words, people, border = say.words, sheet.people, sheet.border
    if people.people is None:
        return words.residents_unknown
    if border is None or border.people is None or people.of == 1:
        form = words.residents if people.known == people.of else words.residents_known
        known, of = say.number(people.known), say.number(people.of)
        return form.format(say.number(people.people), known, of)
    form = words.border_people if people.known == people.of else words.border_people_known
    where = words.levels[sheet.level].at_border
    return form.format(
        say.number(border.people), say.number(people.people), where, say.number(people.known), say.number(people.of)
    )


def _area_facts(sheet: AreaSheet, say: _Say) -> list[dict[str, str]]:
    words = say.words
    facts = [_fact(say.people(sheet.people), words.people, say.known(sheet.people))]
    if sheet.area_km2 is not None:
        km2 = say.number(sheet.area_km2, 0 if sheet.area_km2 >= 100 else 1)
        facts.append(_fact(words.square_km.format(km2).replace(" ", NO_BREAK), words.area))
    if sheet.border is not None and sheet.people.of > 1:
        where = words.levels[sheet.level].at_border
        note = words.border_people_note.format(say.number(sheet.border.of), say.number(sheet.people.of))
        facts.append(_fact(say.people(sheet.border), words.border_people_fact.format(where), note))
    length = sum(neighbour.length_km for neighbour in sheet.neighbours)
    if sheet.neighbours:
        at_land = sum(neighbour.length_km for neighbour in sheet.neighbours if neighbour.land_seam)
        note = words.of_which_land.format(say.length(at_land)) if at_land and sheet.level is not Level.LAND else ""
        facts.append(_fact(say.length(length), words.all_seams, note))
    return facts


def _neighbours(sheet: AreaSheet, say: _Say) -> dict[str, Any]:
    words = say.words
    partly = any(neighbour.people.known < neighbour.people.of for neighbour in sheet.neighbours)
    columns = [words.glyph, words.neighbour, words.length, words.seam_people]
    columns += [*([words.known] if partly else []), words.land_seam]
    hidden = [words.more.format(say.count(count)) for count in range(2, len(sheet.neighbours) + 1)]
    return {
        "caption": words.neighbours,
        "below": "",
        "columns": columns,
        "rows": [_neighbour(neighbour, partly, say) for neighbour in sheet.neighbours],
        "more": [words.more_one, *hidden],
        "empty": words.no_neighbours,
    }


def _neighbour(neighbour: Neighbour, partly: bool, say: _Say) -> list[Cell]:
    words, people = say.words, neighbour.people
    glyph = seam_glyph(neighbour.step, neighbour.land_seam, neighbour.state, colour=LIGHT.seam)
    known = [_cell(words.of.format(say.number(people.known), say.number(people.of)))] if partly else []
    return [
        {"svg": glyph},
        _cell(neighbour.name),
        _cell(say.number(neighbour.length_km, 1)),
        _cell(say.people(people), missing=people.people is None),
        *known,
        _cell(words.yes if neighbour.land_seam else words.no),
    ]


def _seam_lead(sheet: SeamSheet, say: _Say) -> str:
    words = say.words
    people = sheet.here.people + sheet.there.people
    where = words.seam_is_land_seam if sheet.land_seam else words.seam_is_inner
    if not people.of:
        return where
    if people.people is None:
        return f"{where} {words.seam_people_unknown.format(say.count(people.of).capitalize())}"
    form = words.seam_people_both if people.known == people.of else words.seam_people_both_known
    told = form.format(say.number(people.people), say.count(people.of), say.number(people.known), say.number(people.of))
    return f"{where} {told}"


def _seam_facts(sheet: SeamSheet, say: _Say) -> list[dict[str, str]]:
    words = say.words
    people = sheet.here.people + sheet.there.people
    stretches = words.in_stretches.format(say.count(sheet.stretches)) if sheet.stretches > 1 else ""
    facts = [
        _fact(say.length(sheet.length_km, 1), words.seam_length, stretches),
        _fact(say.people(people), words.both_sides, say.known(people)),
    ]
    for side in (sheet.here, sheet.there):
        if side.share_of_perimeter is not None:
            facts.append(_fact(say.share(side.share_of_perimeter), words.share.format(side.name)))
    return facts


def _side(side: SheetSide, say: _Say) -> dict[str, Any]:
    words, people, count = say.words, side.people, len(side.municipalities)
    some = words.people_count if people.known == people.of else words.people_at_least
    said = words.people_unknown if people.people is None else some.format(say.number(people.people))
    form = {0: words.side_none, 1: words.side_one}.get(count, words.side)
    hidden = [words.more_rows.format(say.count(count)) for count in range(2, len(side.municipalities) + 1)]
    return {
        "caption": side.name,
        "below": form.format(said, say.count(count)),
        "columns": [words.municipality, words.people_column],
        "rows": [
            [
                _cell(place.name),
                _cell(
                    words.unknown if place.people is None else say.number(place.people), missing=place.people is None
                ),
            ]
            for place in side.municipalities
        ],
        "more": [words.more_row, *hidden],
    }


def _cooperation_facts(sheet: CooperationSheet, say: _Say) -> list[dict[str, str]]:
    words = say.words
    facts = []
    if sheet.people is not None:
        facts.append(_fact(say.people(sheet.people), words.people, say.known(sheet.people)))
    if sheet.area_km2 is not None:
        km2 = say.number(sheet.area_km2, 0 if sheet.area_km2 >= 100 else 1)
        facts.append(_fact(words.square_km.format(km2).replace(" ", NO_BREAK), words.area))
    if sheet.municipalities:
        facts.append(_fact(say.number(sheet.municipalities), words.municipalities, sheet.laender))
    return [*facts, _fact(say.number(len(sheet.members)), _members(sheet, words))]


def _members(sheet: CooperationSheet, words: SheetWords) -> str:
    return words.former_members if sheet.former else words.members


def _listed(
    listed: tuple[Listed, ...], said: tuple[str, str, str, str], say: _Say, *, more_one: str = ""
) -> dict[str, Any]:
    """A table of two columns; ``said`` are its caption, the names of the columns, and what stands for no row."""
    words, (caption, name, beside, none) = say.words, said
    return {
        "caption": caption,
        "below": "" if listed else none,
        "columns": [name, beside],
        "rows": [
            [
                _cell(each.name) | {"under": [*filter(None, [each.below]), *_reasons(each, words)]},
                _cell(each.beside or words.unknown, missing=not each.beside),
            ]
            for each in listed
        ],
        "more": [more_one or words.more_of_them]
        + [words.more_rows.format(say.count(count)) for count in range(2, len(listed) + 1)],
    }


def _reasons(listed: Listed, words: SheetWords) -> list[str]:
    return [words.why.format("; ".join(listed.reasons))] if listed.reasons else []


def _entry_said(sheet: CooperationSheet, say: _Say) -> list[str]:
    """How well the entry is founded, and on what."""
    named = "; ".join(sheet.sources[:SOURCES_NAMED])
    if (hidden := len(sheet.sources) - SOURCES_NAMED) > 0:
        named = say.words.more_sources.format(named, say.count(hidden))
    return [line for line in (sheet.founded, say.words.entry_sources.format(named) if named else "") if line]


def _fact(value: str, label: str, note: str = "") -> dict[str, str]:
    return {"value": value, "label": label, "note": note}


def _seam_said(cooperation: bool, say: _Say) -> list[str]:
    """What people at a seam are, and that nothing is said of cooperation where nothing is."""
    words = say.words
    return [" ".join(f"{each}." for each in (words.seam_people_are, *([] if cooperation else [words.no_cooperation])))]


def _foot(origin: Origin, said: list[str], say: _Say) -> list[str]:
    """What the figures are, how old they are, who made them."""
    words = say.words
    dated = [
        words.borders_on.format(long_date(origin.borders_on, say.language))
        if origin.borders_on
        else words.borders_undated,
        words.people_on.format(long_date(origin.people_on, say.language)) if origin.people_on else words.people_undated,
    ]
    lines = [words.attribution.format(line) for line in origin.attribution.splitlines() if line.strip()]
    if origin.licence:
        lines.append(words.licence.format(origin.licence))
    *before, last = said or [""]
    return [*before, " ".join([last, *(f"{each}." for each in dated)]).strip(), *lines]


# --- setting -----------------------------------------------------------------------------------------------


def _set(
    template: str,
    map_svg: str,
    origin: Origin,
    say: _Say,
    *,
    said: list[str],
    highest_mm: int = HIGHEST_MM,
    **facts: Any,
) -> bytes:
    """The page as PDF; ``said`` begins its foot. The same facts give the same bytes."""
    day = origin.printed_on
    data = facts | {
        "language": say.language,
        "printed": say.words.printed.format(long_date(day, say.language)),
        "printed_date": {"year": day.year, "month": day.month, "day": day.day},
        "foot": _foot(origin, said, say),
        "highest_mm": highest_mm,
        "address": origin.address,
        "address_shown": origin.address.removeprefix("https://").removeprefix("http://").rstrip("/"),
        "mark": logo(),
        "rule": _rule(),
        "colours": {"text": LIGHT.text, "quiet": LIGHT.quiet, "edge": LIGHT.edge, "seam": LIGHT.seam},
    }
    pdf = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(data), "map": _on_white(map_svg)},
        pdf_standards=["ua-1"],
        timestamp=dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC),
    )
    return bytes(pdf)


def _on_white(svg: str) -> str:
    """A plate without the tone of paper: a sheet is paper."""
    return svg.replace(f".nt-sheet{{fill:{LIGHT.sheet}}}", ".nt-sheet{fill:#fff}")


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    folder = str(fontpkg_fira_sans.ROOT / "files")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _rule() -> str:
    """A line across the page with stitches at its left end, where the mark stands."""
    stitches = "".join(f"M{x} 2v8" for x in range(4, 60, 12))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{RULE_PX}" height="12" viewBox="0 0 {RULE_PX} 12">'
        f'<g fill="none" stroke="{LIGHT.seam}"><path stroke-width="1.6" d="M0 6h{RULE_PX}"/>'
        f'<path stroke-width="3" stroke-linecap="round" d="{stitches}"/></g></svg>'
    )
