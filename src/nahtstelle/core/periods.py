"""Dates known to the day, the month or the year, and periods between them.

A date is a text: ``2014``, ``2014-10`` or ``2014-10-27``. A period includes its first day and excludes its last:
``valid_until`` is the first day on which something no longer holds, so what ended with the year 2020 is valid until
``2021``. An empty text is an open end.
"""

from __future__ import annotations

import datetime as dt
import re

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z")


def first_day(text: str) -> dt.date | None:
    """The first day a date may mean, ``None`` for an empty text. Raises `ValueError` for what is no date.

    >>> first_day("2014-10")
    datetime.date(2014, 10, 1)
    """
    if not text:
        return None
    found = _FORM.match(text)
    if not found:
        raise ValueError(f"expected YYYY, YYYY-MM or YYYY-MM-DD, got {text!r}")
    year, month, day = (int(part) if part else 1 for part in found.groups())
    return dt.date(year, month, day)


def day_after(text: str) -> str:
    """The first date after one that is meant to be included, as exact as it is.

    >>> day_after("2020"), day_after("2019-12"), day_after("2016-12-31")
    ('2021', '2020-01', '2017-01-01')
    """
    day = first_day(text)
    if day is None:
        return ""
    if len(text) == 4:
        return f"{day.year + 1:04d}"
    if len(text) == 7:
        return f"{day.year + day.month // 12:04d}-{day.month % 12 + 1:02d}"
    return (day + dt.timedelta(days=1)).isoformat()


def day_before(text: str) -> str:
    """The last date that is still included, as exact as the exclusive end is: the reverse of `day_after`.

    >>> day_before("2021"), day_before("2020-01"), day_before("2017-01-01")
    ('2020', '2019-12', '2016-12-31')
    """
    day = first_day(text)
    if day is None:
        return ""
    last = day - dt.timedelta(days=1)
    return last.isoformat()[: len(text)]


def holds_on(day: dt.date, valid_from: str, valid_until: str) -> bool:
    """Whether a period covers a day; an unknown beginning counts as long ago.

    >>> holds_on(dt.date(2020, 12, 31), "2014", "2021"), holds_on(dt.date(2021, 1, 1), "2014", "2021")
    (True, False)
    """
    begins, ends = first_day(valid_from), first_day(valid_until)
    return (begins is None or begins <= day) and (ends is None or day < ends)
