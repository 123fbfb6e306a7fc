"""A register as large as Germany's may be one day: cooperations of neighbours, some of hundreds, in the exchange form.

Names and references are numbers; nothing in it is true. The same seed gives the same register.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from nahtstelle.core.keys import Level
from nahtstelle.core.seams import Territory
from nahtstelle.core.vocabularies import KINDS, LEGAL_FORMS, REASONS, TASKS
from nahtstelle.register_file import write_lines

COOPERATIONS, MEMBERS, LARGE, MEMBERS_OF_LARGE = 5_000, 30, 50, 300
PROJECTS = SOURCES = 20_000
EXPORTED_ON = dt.date(2026, 1, 1)
ABOUT = "Sie arbeiten in diesen Aufgaben zusammen und haben das schriftlich geregelt. "


def write_register(
    path: Path, territory: Territory, *, cooperations: int = COOPERATIONS, projects: int = PROJECTS,
    sources: int = SOURCES, seed: int = 4,
) -> int:  # fmt: skip
    """Write the file and say how many records it holds. One cooperation in a hundred is large."""
    return write_lines(path, _records(territory, cooperations, projects, sources, seed), EXPORTED_ON)


def _records(
    territory: Territory, cooperations: int, projects: int, sources: int, seed: int
) -> Iterator[dict[str, Any]]:
    chance = np.random.default_rng(seed)
    kinds = [kind for kind in KINDS if kind != "gesamtgemeinde"]
    forms, tasks, reasons = list(LEGAL_FORMS), list(TASKS), list(REASONS)
    places = {level: territory.municipalities.larger(level)[0] for level in (Level.MUNICIPALITY, Level.DISTRICT)}
    around = {level: _neighbours(territory, level) for level in places}
    every = max(cooperations // max(LARGE * cooperations // COOPERATIONS, 1), 1)
    for number in range(cooperations):
        ref = f"cooperation-{number:05d}"
        yield _cooperation(ref, number, kinds, forms, tasks, chance)
        # one in five is made of districts
        level = Level.DISTRICT if number % 5 == 0 and number % every else Level.MUNICIPALITY
        size = MEMBERS_OF_LARGE if number % every == 0 else MEMBERS
        for row in _patch(around[level], size, chance):
            yield _membership(ref, places[level][row], chance)
    for number in range(projects):
        of = f"cooperation-{int(chance.integers(cooperations)):05d}"
        yield _project(number, of, tasks, reasons, chance)
    for number in range(sources):
        about = f"cooperation-{int(chance.integers(cooperations)):05d}"
        yield from _source(number, about)


def _neighbours(territory: Territory, level: Level) -> list[list[int]]:
    lines = territory.lines[level]
    found: list[list[int]] = [[] for _ in territory.municipalities.larger(level)[0]]
    for a, b in zip(lines.a.tolist(), lines.b.tolist(), strict=True):
        found[a].append(b)
        found[b].append(a)
    return found


def _patch(around: list[list[int]], size: int, chance: np.random.Generator) -> list[int]:
    """So many areas that mostly adjoin each other, grown from one; a few lie elsewhere, as partners do."""
    patch = [int(chance.integers(len(around)))]
    seen = set(patch)
    for here in patch:
        for other in around[here]:
            if other not in seen and len(patch) < size:
                seen.add(other)
                patch.append(other)
    for other in chance.permutation(len(around)).tolist():
        if len(patch) >= size:
            break
        if other not in seen:
            patch.append(other)
    return patch


def _cooperation(
    ref: str, number: int, kinds: list[str], forms: list[str], tasks: list[str], chance: np.random.Generator
) -> dict[str, Any]:
    return {
        "type": "cooperation", "ref": ref, "name": f"Kooperation {number}", "short_name": f"K{number}",
        "kind": kinds[number % len(kinds)], "legal_form": forms[number % len(forms)], "legal_basis": "",
        "tasks": [tasks[row] for row in sorted(chance.choice(len(tasks), 3, replace=False).tolist())],
        "state": "aktiv", "founded": str(1990 + number % 35), "ended": "", "end_reasons": [], "end_note": "",
        "seat_key": "", "seat_place": "", "website": f"https://example.org/{number}",
        "summary_de": ABOUT * 3, "summary_en": "", "fundings": [], "draft": False, "withdrawn_on": None,
        "confirmed_on": "2025-06-01", "review_note": "",
    }  # fmt: skip


def _membership(of: str, key: str, chance: np.random.Generator) -> dict[str, Any]:
    return {
        "type": "membership", "ref": f"{of}-{key}", "cooperation": of, "area_key": key, "area_edition": "",
        "area_name": f"Gebiet {key}", "organisation": None, "party_cooperation": None, "party_name": "",
        "role": "mitglied", "part": "", "via": "", "valid_from": str(1990 + int(chance.integers(35))),
        "valid_until": "", "stated_by": "third", "confirmed_by_cooperation_on": None, "confirmed_by_member_on": None,
        "note": "", "withdrawn_on": None, "confirmed_on": None, "review_note": "",
    }  # fmt: skip


def _project(number: int, of: str, tasks: list[str], reasons: list[str], chance: np.random.Generator) -> dict[str, Any]:
    state = ("umsetzung", "abgeschlossen", "idee", "gescheitert")[number % 4]
    return {
        "type": "project", "ref": f"project-{number:05d}", "name": f"Vorhaben {number}", "state": state,
        "tasks": [tasks[number % len(tasks)]], "started": str(2010 + int(chance.integers(15))), "ended": "",
        "summary_de": ABOUT, "summary_en": "", "outcome_de": "", "outcome_en": "",
        "reasons": [reasons[number % len(reasons)]] if state == "gescheitert" else [], "reason_note_de": "",
        "reason_note_en": "", "learned_de": "", "learned_en": "", "costs_eur": None, "website": "",
        "cooperations": [{"cooperation": of, "lead": True}], "partners": [], "fundings": [], "effects": [],
        "draft": False, "withdrawn_on": None, "confirmed_on": None, "review_note": "",
    }  # fmt: skip


def _source(number: int, about: str) -> Iterator[dict[str, Any]]:
    ref = f"source-{number:05d}"
    yield {
        "type": "source", "ref": ref, "title": f"Meldung {number}", "publisher": f"Herausgeber {number % 500}",
        "evidence": "web", "url": f"https://example.org/quelle/{number}", "published": "2024", "seen_on": None,
        "note": "", "withdrawn_on": None, "confirmed_on": None, "review_note": "",
    }  # fmt: skip
    yield {
        "type": "citation", "ref": f"citation-{number:05d}", "source": ref, "stance": "belegt", "field": "", "note": "",
        "about_type": "cooperation", "about_ref": about, "withdrawn_on": None, "confirmed_on": None, "review_note": "",
    }  # fmt: skip
