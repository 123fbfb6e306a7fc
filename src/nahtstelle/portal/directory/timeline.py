"""The life of a cooperation as a picture: years from left to right, a row for each thing that lasted.

Places are shares of the width, so that the same drawing fits a phone and a desk. What is drawn is said beside it in
words; an unknown beginning or end is a dotted line as far as it may reach, and what has no date at all is only named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from nahtstelle.core.periods import first_day
from nahtstelle.core.vocabularies import FAILED_STATES

MOST_ROWS = 24
"""So many agreements, and so many projects, are drawn; the latest ones."""
MOST_TICKS = 6
FURTHEST = dt.timedelta(days=3653)
"""The axis goes on to ends at most so long after the day."""
SHORTEST = dt.timedelta(days=4 * 365)
_STEPS = (1, 2, 5, 10, 20, 50, 100)
_HIGHEST = 66.0
_ROOM_FOR_A_NUMBER = 9.0
_ROOM_FOR_HALF_A_YEAR = 4.0

Look = Literal["self", "agreement", "done", "under-way", "planned", "failed"]
_PLANNED = frozenset({"idee", "anbahnung", "konzept", "beantragt", "ruhend"})
_DONE = frozenset({"abgeschlossen", "verstetigt"})


def look_of(state: str) -> Look:
    """How a project in this state is drawn."""
    if state in FAILED_STATES:
        return "failed"
    if state in _DONE:
        return "done"
    return "planned" if state in _PLANNED else "under-way"


@dataclass(frozen=True)
class Lasting:
    """Something that lasted: ``until`` is the first date outside, ``over`` whether it is known to have ended."""

    name: str
    note: str
    look: Look
    begins: str
    until: str
    over: bool
    url: str = ""


@dataclass(frozen=True)
class Mark:
    """A part of a drawing, in per cent of the width: a bar, a dotted line, a tick, an arrow or a cross."""

    kind: Literal["bar", "dots", "tick", "on", "cross"]
    x: str
    width: str = ""


@dataclass(frozen=True)
class Row:
    """One thing and its marks."""

    thing: Lasting
    marks: list[Mark]


@dataclass(frozen=True)
class Step:
    """So many members at a time: where, how high, and the number where there is room for it."""

    x: str
    width: str
    until: str
    top: str
    height: str
    count: int
    labelled: bool


@dataclass(frozen=True)
class Tick:
    """A year on the axis."""

    x: str
    year: str
    at_edge: bool
    """Whether it lies so far left that its number has to stand after it."""


@dataclass(frozen=True)
class Drawn:
    """Things of a kind: those drawn, how many earlier ones found no room, and those of which no date is known."""

    rows: list[Row]
    more: int
    undated: list[Lasting]


@dataclass(frozen=True)
class Timeline:
    """The picture, ready to be drawn."""

    ticks: list[Tick]
    day: str
    day_late: bool
    """Whether the day lies so far right that its name has to stand before it."""
    life: Row
    members: list[Step]
    members_at_most: list[Step]
    """The same with those whose beginning is unknown counted as if it were long ago; empty where there are none."""
    agreements: Drawn
    projects: Drawn
    meetings: list[str]

    @property
    def numbers(self) -> list[Step]:
        """The counts of members that find room to be written."""
        return [step for step in self.members_at_most or self.members if step.labelled]

    @property
    def signs(self) -> set[str]:
        """What is on the picture and wants to be explained."""
        rows = [self.life, *self.agreements.rows, *self.projects.rows]
        marks = {mark.kind for row in rows for mark in row.marks}
        looks = {row.thing.look for row in self.projects.rows}
        return {*(marks & {"dots", "on"}), *looks, *(["dots"] if self.members_at_most else [])}


def timeline(
    life: Lasting,
    members: Sequence[tuple[str, str]],
    agreements: Sequence[Lasting],
    projects: Sequence[Lasting],
    meetings: Iterable[dt.date],
    day: dt.date,
    *,
    past: bool,
) -> Timeline | None:
    """The picture as of a day; of a past one it ends there. Nothing where no date is known.

    ``members``: from when and until when each of them belonged to it.
    """
    met = sorted(meetings)
    things = [life, *agreements, *projects]
    periods = [*((each.begins, each.until) for each in things), *members]
    dates = [found for pair in periods for text in pair if (found := first_day(text)) is not None] + met
    if not dates or min(dates) > day:
        return None
    last = day if past else max(day, *(each for each in dates if each <= day + FURTHEST))
    axis = _Axis(min(dt.date(min(dates).year, 1, 1), _before(last, SHORTEST)), last, day)
    sure = [pair for pair in members if pair[0]]
    most = max((count for _begin, _end, count in _counts(members, axis)), default=0)
    return Timeline(
        ticks=axis.ticks(),
        day=axis.at(day),
        day_late=axis.share(day) > 60,
        life=axis.row(life),
        members=axis.steps(sure, most),
        members_at_most=axis.steps(members, most) if len(sure) < len(members) else [],
        agreements=axis.drawn(agreements),
        projects=axis.drawn(projects),
        meetings=[axis.at(each) for each in met if each <= last],
    )


def _before(day: dt.date, span: dt.timedelta) -> dt.date:
    return dt.date((day - span).year, 1, 1)


@dataclass(frozen=True)
class _Axis:
    first: dt.date
    last: dt.date
    day: dt.date

    def share(self, day: dt.date) -> float:
        """Where a day lies, in per cent of the width; days outside lie at the edges."""
        inside = min(max(day, self.first), self.last)
        return 100 * (inside - self.first).days / (self.last - self.first).days

    def at(self, day: dt.date) -> str:
        """The same as the drawing takes it."""
        return _percent(self.share(day))

    def ticks(self) -> list[Tick]:
        """Round years, a few of them."""
        years = range(self.first.year, self.last.year + 1)
        step = next((each for each in _STEPS if len(years) / each <= MOST_TICKS), _STEPS[-1])
        shares = {year: self.share(dt.date(year, 1, 1)) for year in years if year % step == 0}
        return [Tick(_percent(x), str(year), x < _ROOM_FOR_HALF_A_YEAR) for year, x in shares.items()]

    def drawn(self, things: Iterable[Lasting]) -> Drawn:
        """Things by their beginning, the latest ones as rows."""
        in_order = sorted(things, key=lambda each: (each.begins or each.until, each.name))
        dated = [each for each in in_order if each.begins or each.until]
        rows = [self.row(each) for each in dated[-MOST_ROWS:]]
        return Drawn(rows, len(dated) - len(rows), in_order[: len(in_order) - len(dated)])

    def row(self, thing: Lasting) -> Row:
        """What is drawn of a thing."""
        begins, ends = first_day(thing.begins), first_day(thing.until)
        if begins is not None and begins > self.last:
            return Row(thing, [])
        left, right = begins or self.first, ends or self.day
        x, width = self.at(left), _percent(max(self.share(right) - self.share(left), 0))
        marks: list[Mark] = []
        if begins is None or (ends is None and thing.over):
            marks.append(Mark("dots", x, width))
            marks += [Mark("tick", self.at(known)) for known in (begins, ends) if known is not None]
        else:
            marks.append(Mark("bar", x, width))
        if (ends is None and not thing.over) or (ends is not None and ends > self.last):
            marks.append(Mark("on", self.at(right)))
        elif thing.look == "failed" and thing.over:
            marks.append(Mark("cross", self.at(right)))
        return Row(thing, marks)

    def steps(self, members: Iterable[tuple[str, str]], most: int) -> list[Step]:
        """How many there were, from change to change."""
        drawn = []
        for begin, end, count in _counts(members, self):
            x, until = self.share(begin), self.share(end)
            height = _HIGHEST * count / most
            drawn.append(
                Step(
                    x=_percent(x),
                    width=_percent(until - x),
                    until=_percent(until),
                    top=_percent(100 - height),
                    height=_percent(height),
                    count=count,
                    labelled=until - x >= _ROOM_FOR_A_NUMBER,
                )
            )
        return drawn


def _counts(members: Iterable[tuple[str, str]], axis: _Axis) -> list[tuple[dt.date, dt.date, int]]:
    """From when to when there were how many, up to the day; times without any are left out."""
    changes: dict[dt.date, int] = {}
    for begins, until in members:
        begin, end = first_day(begins) or axis.first, first_day(until)
        changes[begin] = changes.get(begin, 0) + 1
        if end is not None:
            changes[end] = changes.get(end, 0) - 1
    days = sorted(each for each in changes if each <= axis.day)
    found: list[tuple[dt.date, dt.date, int]] = []
    count = 0
    for begin, end in pairwise([*days, axis.day]):
        count += changes[begin]
        if found and found[-1][1:] == (begin, count):
            found[-1] = (found[-1][0], end, count)
        elif count and begin < end:
            found.append((begin, end, count))
    return found


def _percent(share: float) -> str:
    return f"{share:.2f}%"
