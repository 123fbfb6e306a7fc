"""The area an address speaks of: under its key today, an AGS, a key of an earlier edition, or a name."""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext as _

from nahtstelle.core.model import Area
from nahtstelle.core.names import folded
from nahtstelle.portal.insight import Insight, insight_of
from nahtstelle.portal.reference import models, queries

LONGEST_KEY = 100


class Redirect(Exception):
    """The page asked for has another address."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


def area_for(insight: Insight, key: str) -> Area:
    """The area of the current edition this text names; look at its ``key`` to see whether the text was its key.

    A key the current edition does not have is looked for in earlier ones that are loaded, newest first: it leads to the
    area of the same level that today holds the inner point of that area. Raises `Http404`.
    """
    if key in insight.areas:
        return insight.areas[key]
    if len(key) > LONGEST_KEY:
        raise Http404(_("There is no area under this address."))
    row = models.Edition(id=insight.edition.id)
    digits = "".join(key.split())
    if digits.isascii() and digits.isdigit():
        if found := queries.area_under(row, digits):
            return insight.areas[found.key]
        earlier = queries.earlier_area(row, digits)
        if earlier is not None:
            now = insight.holder_of(insight_of(earlier.edition).edition, earlier.key)
            if now is not None:
                return insight.areas[now]
        raise Http404(_("No area has the key %(key)s in this edition.") % {"key": digits})
    named = [area for area in queries.found_areas(row, key.replace("-", " "), 5) if _same(area, key)]
    if named:
        return insight.areas[named[0].key]
    raise Http404(_("There is no area under this address."))


def _same(area: models.Area, text: str) -> bool:
    asked = folded(text.replace("-", " "))
    return asked in (folded(area.name), folded(area.full_name), area.folded)
