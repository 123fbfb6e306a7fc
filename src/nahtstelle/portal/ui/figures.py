"""Numbers, people and dates as the reader writes them, for sentences and for cells."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nahtstelle.core.model import Area, People
from nahtstelle.core.names import full_name
from nahtstelle.drawing.words import Language, long_date
from nahtstelle.drawing.words import number as written


def language() -> Language:
    """The language of the page."""
    return "en" if (get_language() or "de").startswith("en") else "de"


def number(value: float, digits: int = 0) -> str:
    """A number with so many decimals."""
    return written(value, digits, language())


def km(length_m: float, digits: int = 1) -> str:
    """A length in kilometres, without the unit."""
    return written(length_m / 1000, digits, language())


def km2(area_m2: float) -> str:
    """An area in square kilometres, without the unit."""
    return written(area_m2 / 1e6, 0 if area_m2 >= 1e8 else 1, language())


def percent(share: float) -> str:
    """A share as a percentage with its sign; what is not quite all is never shown as all."""
    shown = 100 * share
    if share < 1:
        shown = min(shown, 99.9 if shown > 99 else 99)
    return written(shown, 1 if 99 < shown < 100 else 0, language()) + (
        "\N{NO-BREAK SPACE}%" if language() == "de" else "%"
    )


def people(count: People) -> str:
    """People as far as known: "at least" before a number that leaves some out."""
    if count.people is None:
        return _("unknown")
    if count.known_share < 1:
        return _("at least %(number)s") % {"number": number(count.people)}
    return number(count.people)


def date(day: dt.date | None) -> str:
    """A date in words."""
    return long_date(day, language()) if day else _("undated")


def named(area: Area) -> str:
    """Designation and name of an area."""
    return full_name(area.name, area.designation)
