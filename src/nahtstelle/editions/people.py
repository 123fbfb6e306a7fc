"""People of one date joined to areas of another, through official changes of keys.

Figures are never divided by guess: what cannot be told for an area stays unknown, and every key of either side is
either matched or listed with the reason why not. So the people of the areas and the people listed add up to the
register's total.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import pandas as pd

from nahtstelle.editions.sources.records import KeyChanges, PeopleSource
from nahtstelle.errors import FrameError

# In Bavaria the registers up to 2017 hold the unincorporated areas of a district in one line with this number,
# while BKG's areas have each of them. The sixth digit of the ARS is 9 for such an area.
_BAVARIA = "09"
_COLLECTIVE_NUMBER = "444"
_UNINCORPORATED = "9"


@dataclass(frozen=True)
class UnmatchedArea:
    """An area without a figure, and why."""

    key: str
    name: str
    why: str

    def __str__(self) -> str:
        return f"{self.key} {self.name}: {self.why}"


@dataclass(frozen=True)
class UnmatchedPeople:
    """A line of the register that no area got, its people, and why."""

    key: str
    name: str
    people: int | None
    why: str

    def __str__(self) -> str:
        return f"{self.key} {self.name}, {'unknown' if self.people is None else self.people} people: {self.why}"


@dataclass(frozen=True)
class JoinedPeople:
    """Figures of a register for areas of another date.

    ``frame``: one row per area, in the caller's order, index ``key``. Columns: ``people`` (Int64), ``people_basis``
    (text: ``key``; ``ags`` where only the union differs; ``rekeyed`` or ``merged`` through official changes;
    ``collective`` from a line that stands for several uninhabited areas), ``area_m2``, ``lon``, ``lat`` (float),
    ``postcode`` (text). Missing where unknown.

    ``unmatched_areas`` and ``unmatched_people`` keep the order of areas and register. ``notes``: one line each on what
    else lies between the two dates: transfers of land and people, periods without official changes.
    """

    frame: pd.DataFrame
    unmatched_areas: tuple[UnmatchedArea, ...]
    unmatched_people: tuple[UnmatchedPeople, ...]
    notes: tuple[str, ...]


def join_people(
    areas: pd.DataFrame, people: PeopleSource, changes: Sequence[KeyChanges], areas_valid_on: dt.date | None
) -> JoinedPeople:
    """Match areas with the lines of a register: by ARS, by AGS, then through official changes of keys.

    ``areas`` has ``key`` (ARS), ``ags`` and ``name``, one row per area; where ``ags`` is missing the key counts.
    ``changes`` come in any order; those between the two dates are applied, none without a date of the areas.

    Areas newer than the register: an area formed by a merger gets the sum of its predecessors, if all of them are known
    and went wholly into it. Areas older than the register: members of a later merger stay unknown, as their people
    are known together only; the reason names the successor. What officially has no inhabitants counts as zero in
    either direction and keeps nobody from being known. Transfers of parts change no key; they are noted.

    Raises `FrameError` for missing columns and for a key or AGS that comes twice on one side.
    """
    _check(areas, ("key", "ags", "name"), "areas to join people to")
    _check(people.municipalities, ("ags", "key", "name", "people"), "the register of people")
    join = _Join(areas, people, changes, areas_valid_on)
    newer = areas_valid_on is not None and areas_valid_on > people.valid_on
    matches = [(join.newer if newer else join.older)(area) for area in join.areas]
    matches = [join.collective(area, match) for area, match in zip(join.areas, matches, strict=True)]
    collective = sum(match.basis == "collective" for match in matches)
    used = {ags for match in matches for ags in match.used}
    return JoinedPeople(
        frame=_frame(join.areas, matches),
        unmatched_areas=tuple(
            UnmatchedArea(area.key, area.name, match.why)
            for area, match in zip(join.areas, matches, strict=True)
            if match.why
        ),
        unmatched_people=tuple(
            UnmatchedPeople(line.key, line.name, line.people, join.why_left(line, newer))
            for ags, line in join.register.items()
            if ags not in used
        ),
        notes=join.notes
        + (
            (f"{collective} unincorporated areas have no people: the register has them in one line per district",)
            if collective
            else ()
        ),
    )


@dataclass(frozen=True)
class _Area:
    key: str
    ags: str
    name: str


@dataclass(frozen=True)
class _Line:
    """A line of the register."""

    key: str
    ags: str
    name: str
    people: int | None
    area_m2: float | None
    postcode: str | None
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class _Match:
    """What an area gets, from which lines, or why it gets nothing. ``place`` gives postcode and coordinates."""

    people: int | None = None
    basis: str | None = None
    area_m2: float | None = None
    place: _Line | None = None
    used: tuple[str, ...] = ()
    why: str = ""


class _Join:
    """Both sides, and where the keys of the earlier side went by the date of the later one.

    Municipalities are identified by AGS, which outlives a change of union. ``became`` maps each AGS of the earlier side
    to the AGS it became, with ``True`` where a dissolution lies on the way; ``origins`` is the same read backwards.
    """

    def __init__(
        self, areas: pd.DataFrame, people: PeopleSource, changes: Sequence[KeyChanges], areas_valid_on: dt.date | None
    ) -> None:
        self.areas = [_Area(row.key, row.key if pd.isna(row.ags) else row.ags, _text(row.name)) for row in _rows(areas)]
        self.register = {line.ags: line for line in map(_line, _rows(people.municipalities))}
        self.register_on = people.valid_on
        first, last = sorted((people.valid_on, areas_valid_on or people.valid_on))
        lines = [row for each in changes for row in _rows(each.changes) if first < row.valid_on <= last]
        self.names = {row.before_ags: f"{row.before_name} ({row.before_key})" for row in lines}
        self.names |= {row.after_ags: f"{row.after_name} ({row.after_key})" for row in lines}
        self.names |= {area.ags: f"{area.name or 'unnamed'} ({area.key})" for area in self.areas}
        self.names |= {line.ags: f"{line.name} ({line.key})" for line in self.register.values()}
        self.gaps = _days_without_changes(changes, first, last)
        self.notes = (
            *_transfers(lines),
            *(
                f"no official changes were given for {gap}: an area whose key stayed may have gained or lost others"
                for gap in self.gaps
            ),
        )
        self.officially_empty = _officially_empty(lines)
        earlier = [area.ags for area in self.areas] if last == people.valid_on else list(self.register)
        self.became = _carried_forward(earlier, lines)
        self.origins: dict[str, dict[str, bool]] = defaultdict(dict)
        for ags, targets in self.became.items():
            for target, dissolved in targets.items():
                self.origins[target][ags] = dissolved

    def newer(self, area: _Area) -> _Match:
        """What an area of a later date than the register gets."""
        origins = self.origins.get(area.ags)
        if not origins:
            return _Match(why=self._no_line(area.ags))
        divided = [ags for ags in origins if len(self.became[ags]) > 1 and self._people(ags) != 0]
        if divided:
            return _Match(why=f"got a part of {self._named(divided)}, whose people are known as a whole only")
        unknown = [ags for ags in origins if self._people(ags) is None]
        if unknown:
            return _Match(why=f"the register has no figure for {self._named(unknown)}")
        if len(origins) == 1:
            ((ags, dissolved),) = origins.items()
            if dissolved:
                return _Match(why=f"formed of {self._named([ags])} and others the register does not have")
            return self._alone(area, self.register[ags])
        whole = [self.register[ags].area_m2 for ags in origins if ags in self.register and len(self.became[ags]) == 1]
        return _Match(
            people=sum(self._people(ags) or 0 for ags in origins),
            basis="merged",
            area_m2=_sum_of_known(whole) if len(whole) == len(origins) else None,
            place=self.register.get(area.ags),
            used=tuple(ags for ags in origins if ags in self.register),
        )

    def older(self, area: _Area) -> _Match:
        """What an area of the register's date or an earlier one gets."""
        if area.ags in self.officially_empty:
            return _Match(people=0, basis="merged")
        targets = self.became[area.ags]
        if len(targets) > 1:
            return _Match(why=f"divided among {self._named(targets)}")
        ((target, dissolved),) = targets.items()
        line = self.register.get(target)
        if line is None:
            return _Match(why=self._no_line(target))
        others = [ags for ags in self.origins[target] if ags != area.ags and ags not in self.officially_empty]
        if (others or dissolved) and line.people == 0:
            return _Match(people=0, basis="merged", used=(target,))
        if others or dissolved:
            together = f" together with {self._named(others)}" if others else ""
            return _Match(
                why=f"its people are known only{together} as those of {self._named([target])}: {_shown(line.people)}"
            )
        match = self._alone(area, line)
        return match if len(self.origins[target]) == 1 else replace(match, area_m2=None)

    def collective(self, area: _Area, match: _Match) -> _Match:
        """The match as it is or, for an area without one, what a collective line of its district says."""
        number = area.ags[:5] + _COLLECTIVE_NUMBER
        line = self.register.get(number)
        in_bavaria = number.startswith(_BAVARIA) and area.key[5:6] == _UNINCORPORATED
        if not match.why or line is None or not in_bavaria or area.ags == number:
            return match
        if line.people == 0:
            return _Match(people=0, basis="collective", used=(line.ags,))
        return _Match(
            why=f"its people are known only with others as those of {self._named([number])}: {_shown(line.people)}"
        )

    def why_left(self, line: _Line, newer: bool) -> str:
        """Why no area got a line of the register."""
        there = {area.ags for area in self.areas}
        if not newer:
            origins = there.intersection(self.origins.get(line.ags, ())) - self.officially_empty
            return f"stands for {self._named(origins)} together" if origins else "no area has this key"
        targets = self.became[line.ags]
        if len(targets) > 1:
            return f"divided among {self._named(targets)}"
        (target,) = targets
        if target in there:
            return f"belongs to {self._named([target])}, whose people are not all known"
        return (
            "no area has this key" if target == line.ags else f"went into {self._named([target])}, no area has its key"
        )

    def _alone(self, area: _Area, line: _Line) -> _Match:
        """An area that has a line of the register for itself."""
        if line.people is None:
            return _Match(why="the register has no figure for it", used=(line.ags,))
        basis = "key" if line.key == area.key else "ags" if line.ags == area.ags else "rekeyed"
        return _Match(line.people, basis, line.area_m2, line, (line.ags,))

    def _people(self, ags: str) -> int | None:
        line = self.register.get(ags)
        return 0 if line is None and ags in self.officially_empty else line.people if line else None

    def _no_line(self, ags: str) -> str:
        gaps = f"; no official changes were given for {', '.join(self.gaps)}" if self.gaps else ""
        return f"the register of {self.register_on} has no line with AGS {ags}{gaps}"

    def _named(self, keys: Iterable[str]) -> str:
        return ", ".join(sorted(self.names.get(ags, ags) for ags in keys))


def _carried_forward(earlier: Iterable[str], lines: Iterable[Any]) -> dict[str, dict[str, bool]]:
    """What each AGS became through the changes, day after day.

    Changes of one day happen at once: their keys before are those of the day before. A municipality that is dissolved
    or gets a new key but is not among ``earlier`` existed all the same and is carried along.
    """
    became = {ags: {ags: False} for ags in earlier}
    moving = [line for line in lines if line.kind in ("dissolved", "rekeyed")]
    for _, of_the_day in groupby(sorted(moving, key=lambda line: line.valid_on), key=lambda line: line.valid_on):
        onward: dict[str, dict[str, bool]] = defaultdict(dict)
        for line in of_the_day:
            onward[line.before_ags][line.after_ags] = line.kind == "dissolved"
        present = {ags for targets in became.values() for ags in targets}
        became |= {ags: {ags: False} for ags in onward if ags not in present}
        for ags, targets in became.items():
            if not targets.keys().isdisjoint(onward):
                became[ags] = {
                    target: dissolved or dissolved_now
                    for now, dissolved in targets.items()
                    for target, dissolved_now in onward.get(now, {now: False}).items()
                }
    return became


def _officially_empty(lines: Iterable[Any]) -> set[str]:
    """Municipalities whose dissolution concerned no inhabitants."""
    people: dict[str, list[int | None]] = defaultdict(list)
    for line in lines:
        if line.kind == "dissolved":
            people[line.before_ags].append(_whole(line.people))
    return {ags for ags, stated in people.items() if all(number == 0 for number in stated)}


def _transfers(lines: Iterable[Any]) -> list[str]:
    """One note per transfer of a part; lines for what stays are left out."""
    return [
        f"on {line.valid_on} {_shown(_whole(line.people))} people and {_shown(_whole(line.area_m2))} m² went from "
        f"{line.before_name} ({line.before_key}) to {line.after_name} ({line.after_key}); "
        "the figures of both are those of the register"
        for line in lines
        if line.kind == "partial" and line.before_ags != line.after_ags
    ]


def _days_without_changes(changes: Iterable[KeyChanges], first: dt.date, last: dt.date) -> tuple[str, ...]:
    """The periods after the first day up to the last that no list of changes covers."""
    day = dt.timedelta(days=1)
    start, gaps = first + day, []
    for each in sorted(changes, key=lambda each: each.since):
        if each.since > start and start <= last:
            gaps.append((start, min(each.since - day, last)))
        start = max(start, each.until + day)
    if start <= last:
        gaps.append((start, last))
    return tuple(f"{since} to {until}" for since, until in gaps)


def _check(frame: pd.DataFrame, columns: Sequence[str], what: str) -> None:
    """Columns there, and no key twice: two areas with one AGS would get the same people both."""
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise FrameError(f"{what}: expected the columns {', '.join(columns)}; missing {', '.join(missing)}")
    for column in ("key", "ags"):
        stated = frame[column].dropna()
        twice = stated[stated.duplicated()]
        if not twice.empty:
            raise FrameError(
                f"{what}: {column} {twice.iloc[0]} comes twice, and {len(twice) - 1} more; expected each once"
            )


def _frame(areas: Sequence[_Area], matches: Sequence[_Match]) -> pd.DataFrame:
    places = [match.place for match in matches]
    frame = pd.DataFrame(
        {
            "people": pd.array([match.people for match in matches], dtype="Int64"),
            "people_basis": pd.array([match.basis for match in matches], dtype="string"),
            "area_m2": pd.array([match.area_m2 for match in matches], dtype="float64"),
            "postcode": pd.array([place.postcode if place else None for place in places], dtype="string"),
            "lon": pd.array([place.lon if place else None for place in places], dtype="float64"),
            "lat": pd.array([place.lat if place else None for place in places], dtype="float64"),
        },
        index=pd.Index([area.key for area in areas], name="key"),
    )
    return frame


def _rows(frame: pd.DataFrame) -> Iterator[Any]:
    """Rows as records with the columns as attributes."""
    return frame.itertuples(index=False)


def _line(row: Any) -> _Line:
    key = row.ags if pd.isna(row.key) else row.key
    place = (_real(row.area_m2), _optional(row.postcode), _real(row.lon), _real(row.lat))
    return _Line(key, row.ags, _text(row.name), _whole(row.people), *place)


def _sum_of_known(values: Iterable[float | None]) -> float | None:
    known = list(values)
    return None if None in known else sum(value for value in known if value is not None)


def _optional(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _real(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _shown(number: int | None) -> str:
    return "an unknown number of" if number is None else f"{number:,}"
