"""Small registers for tests: records in a word, Musterland to lay them on, and registers at random."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from hypothesis import strategies as st
from tests.core.squared_paper import Paper

from nahtstelle.core.borders import measure_borders
from nahtstelle.core.keys import LEVELS, Level
from nahtstelle.core.model import Cooperation, KeyChange, Membership, RegisterSnapshot
from nahtstelle.core.seams import Lines, Municipalities, Territory
from nahtstelle.testing.musterland import musterland

TODAY = dt.date(2026, 1, 1)


def cooperation(ref: str, **said: Any) -> Cooperation:
    """One that is active and has no particulars."""
    usual: dict[str, Any] = {
        "name": ref.title(), "kind": "kommunalinitiative", "legal_form": "", "tasks": (), "state": "aktiv",
        "valid_from": None, "valid_until": None,
    }  # fmt: skip
    return Cooperation(ref, **(usual | said))


def area(of: str, key: str, role: str = "mitglied", **said: Any) -> Membership:
    """An area takes part."""
    return _membership(of, f"{of}-{key}-{role}", role, area_key=key, **said)


def organisation(of: str, who: str, role: str = "mitglied", **said: Any) -> Membership:
    """An organisation takes part."""
    return _membership(of, f"{of}-{who}-{role}", role, organisation=who, **said)


def member(of: str, other: str, role: str = "mitglied", **said: Any) -> Membership:
    """A cooperation takes part."""
    return _membership(of, f"{of}-{other}-{role}", role, member_cooperation=other, **said)


def _membership(of: str, usual_ref: str, role: str, **said: Any) -> Membership:
    usual: dict[str, Any] = {
        "ref": usual_ref, "area_key": None, "organisation": None, "member_cooperation": None, "valid_from": None,
        "valid_until": None,
    }  # fmt: skip
    return Membership(cooperation=of, role=role, **(usual | said))


def of_areas(ref: str, *keys: str, **said: Any) -> RegisterSnapshot:
    """A register of one cooperation of these areas."""
    return RegisterSnapshot.of([cooperation(ref, **said)], [area(ref, key) for key in keys])


def together(*several: RegisterSnapshot) -> RegisterSnapshot:
    """Several registers as one."""
    return RegisterSnapshot.of(
        [each for one in several for each in one.cooperations],
        [each for one in several for each in one.memberships],
        [each for one in several for each in one.key_changes],
        [key for one in several for key in one.complete],
    )


def muster_territory() -> Territory:
    """Musterland with its borders as measured on the map, a square kilometre per square."""
    country = musterland().municipalities.sort_index()
    borders = measure_borders(country)
    lines, perimeter_m = {}, {}
    for level in LEVELS:
        measured = borders if level is Level.MUNICIPALITY else borders.grouped(country[f"{level}_key"])
        keys = measured.areas.index.sort_values()
        lines[level] = Lines(
            keys.get_indexer(measured.pairs["a"]).astype(np.int64),
            keys.get_indexer(measured.pairs["b"]).astype(np.int64),
            measured.pairs["length_m"].to_numpy(),
            measured.pairs["stretches"].to_numpy(),
        )
        perimeter_m[level] = measured.areas["perimeter_m"].reindex(keys).to_numpy()
    table = Municipalities(
        list(country.index),
        country["people"].astype(float).to_numpy(),
        {level: list(country[f"{level}_key"]) for level in LEVELS[1:]},
        country.geometry.area.to_numpy().round(),
    )
    return Territory(table, lines, perimeter_m)


def letters(keys: tuple[str, ...]) -> str:
    """The letters of municipalities of Musterland, in alphabetical order."""
    country = musterland()
    return "".join(sorted(letter for letter in "ABCDEFGHIJKLMNOPQRSW" if country.key(letter) in keys))


ROLES = ("mitglied", "mitglied", "traeger", "foerdermitglied", "gebiet", "beobachter")
STATES = ("aktiv", "aktiv", "aktiv", "ruhend", "aufgeloest")
KINDS = ("kommunalinitiative", "tourismusverbund", "gesamtgemeinde")


@st.composite
def snapshots(draw: st.DrawFn, paper: Paper) -> RegisterSnapshot:
    """Any register on a drawing: members of every level, in circles, too late, unknown, or only for a time."""
    keys = [*{key for level in LEVELS for key in paper.areas(level)}, "nowhere", "was-once"]
    refs = [f"c{number}" for number in range(draw(st.integers(0, 4)))]
    day = st.sampled_from([None, TODAY - dt.timedelta(days=1), TODAY, TODAY + dt.timedelta(days=1)])
    memberships = []
    for number in range(draw(st.integers(0, 12)) if refs else 0):
        of, role = draw(st.sampled_from(refs)), draw(st.sampled_from(ROLES))
        said: dict[str, Any] = {"ref": f"m{number}", "valid_from": draw(day), "valid_until": draw(day)}
        what = draw(st.sampled_from(["area", "area", "area", "cooperation", "organisation"]))
        if what == "area":
            memberships.append(area(of, draw(st.sampled_from(keys)), role, **said))
        elif what == "organisation":
            memberships.append(organisation(of, draw(st.sampled_from(["o1", "o2"])), role, **said))
        else:
            memberships.append(member(of, draw(st.sampled_from(refs)), role, **said))
    return RegisterSnapshot.of(
        [
            cooperation(
                ref,
                kind=draw(st.sampled_from(KINDS)),
                state=draw(st.sampled_from(STATES)),
                tasks=tuple(draw(st.sets(st.sampled_from(["tourismus", "bildung"])))),
                valid_until=draw(day),
            )
            for ref in refs
        ],
        memberships,
        [KeyChange("was-once", key, None) for key in draw(st.sets(st.sampled_from(keys[:-1]), max_size=2))],
        draw(st.sets(st.sampled_from(keys), max_size=4)),
    )
