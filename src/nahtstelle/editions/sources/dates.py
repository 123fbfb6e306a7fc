"""Dates as publishers write them into file and folder names."""

from __future__ import annotations

import datetime as dt
import re

_EARLIEST, _LATEST = 1990, 2100

# Year first, day first with four-digit year; between the parts nothing or the same sign twice.
_YEAR_FIRST = re.compile(r"(?<!\d)(?P<year>\d{4})(?P<between>[-._]?)(?P<month>\d{2})(?P=between)(?P<day>\d{2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(?P<day>\d{2})(?P<between>[-._]?)(?P<month>\d{2})(?P=between)(?P<year>\d{4})(?!\d)")
_MONTH_AND_DAY = re.compile(r"(?<![\d-])(?P<month>\d{2})-?(?P<day>\d{2})(?![\d-])")


def date_in(text: str) -> dt.date | None:
    """The first full date in a text; ``None`` if there is none between 1990 and 2100.

    >>> date_in("vg250_2016-01-01.utm32s"), date_in("31122023_Auszug_GV"), date_in("31.12.2023")
    (datetime.date(2016, 1, 1), datetime.date(2023, 12, 31), datetime.date(2023, 12, 31))
    """
    for pattern in (_YEAR_FIRST, _DAY_FIRST):
        for match in pattern.finditer(text):
            found = _date(int(match["year"]), int(match["month"]), int(match["day"]))
            if found is not None and _EARLIEST <= found.year <= _LATEST:
                return found
    return None


def month_and_day_in(text: str) -> tuple[int, int] | None:
    """Month and day in a name that leaves the year out, as BKG's current editions do; ``None`` without them.

    >>> month_and_day_in("vg250-ew_12-31.utm32s.gpkg.ebenen"), month_and_day_in("vg250_ebenen_0101")
    ((12, 31), (1, 1))
    """
    for match in _MONTH_AND_DAY.finditer(text):
        month, day = int(match["month"]), int(match["day"])
        if _date(2000, month, day) is not None:
            return month, day
    return None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
