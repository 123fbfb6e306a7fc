"""What happened when, year by year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nahtstelle.portal.directory.records import day_words, year_of


@dataclass(frozen=True)
class Event:
    """Something that happened on a date known to the year, the month or the day; ``kind`` says what it belongs to."""

    on: str
    text: str
    url: str = ""
    kind: str = ""

    @property
    def day(self) -> str:
        """The date where it says more than the year."""
        return day_words(self.on) if len(self.on) > 4 else ""


@dataclass(frozen=True)
class Year:
    """A year and what happened in it."""

    year: str
    events: list[Event]


def chronicle(events: Iterable[Event]) -> list[Year]:
    """Events by year, the newest year first, within a year the latest first."""
    years: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda each: each.on, reverse=True):
        years.setdefault(year_of(event.on), []).append(event)
    return [Year(year, listed) for year, listed in years.items()]
