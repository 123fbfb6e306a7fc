"""Reading the area table: which edition is current, which areas a text may mean."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.db.models import Q, QuerySet

from nahtstelle.core.keys import LEVELS, Level
from nahtstelle.core.names import bare, fit, folded
from nahtstelle.errors import EditionNotFound
from nahtstelle.portal.reference.models import Area, Edition

MOST_FOUND = 400
LONGEST_QUERY = 100
_LIKENESS = 72
"""Score of rapidfuzz from which on a name is offered for a misspelt one; "Hammeln" and "Hameln" have 92."""


_CURRENT = "SELECT id, title, valid_on, folder, fingerprint, loaded_at FROM reference_edition WHERE current"


def current_edition() -> Edition:
    """The edition all pages speak of. Raises `EditionNotFound` where none has been loaded yet."""
    # Every answer begins with this, a remembered page too: written out, it takes a fifth of the time.
    for edition in Edition.objects.raw(_CURRENT):
        return edition
    raise EditionNotFound("no edition is loaded yet: 'nahtstelle portal load-edition' loads one")


def areas_of(edition: Edition, level: Level | None = None, land_key: str = "") -> QuerySet[Area]:
    """Areas of an edition, of one level and Land where given; a union of one municipality counts as that alone."""
    areas = Area.objects.filter(edition=edition).exclude(level="union", people_of=1)
    if level is not None:
        areas = areas.filter(level=level.value)
    if land_key:
        areas = areas.filter(Q(land_key=land_key) | Q(key=land_key))
    return areas


def inside(areas: QuerySet[Area], key: str) -> QuerySet[Area]:
    """Those that lie in the area with this key."""
    return areas.filter(Q(land_key=key) | Q(district_key=key) | Q(union_key=key)).exclude(key=key)


def matching(areas: QuerySet[Area], text: str) -> QuerySet[Area]:
    """Those whose name has words that begin as the text does, or whose key begins with it."""
    asked = folded(text[:LONGEST_QUERY].replace("\x00", ""))
    digits = asked.replace(" ", "")
    if digits.isascii() and digits.isdigit():
        return areas.filter(Q(key__startswith=digits) | Q(ags=digits))
    named = Q(folded__startswith=asked) | Q(folded__contains=f" {asked}")
    without = bare(asked)
    if without != asked:
        named |= Q(folded__startswith=without) | Q(folded__contains=f" {without}")
    return areas.filter(named)


def found_areas(edition: Edition, text: str, limit: int) -> list[Area]:
    """Areas a text may mean, the best first: exact names, then larger areas, then more people."""
    text = text.replace("\x00", "").strip()[:LONGEST_QUERY]
    if not folded(text):
        return []
    digits = text.replace(" ", "").isdigit()

    def order(area: Area) -> tuple[int, int, int, str]:
        fits = 0 if digits else fit(text, area.name, area.designation)
        size = -LEVELS.index(Level(area.level))
        return (4 if fits is None else min(fits, 1) if fits < 2 else fits, size, -(area.people or 0), area.key)

    hits = sorted(matching(areas_of(edition), text)[:MOST_FOUND], key=order)
    if not digits and any(order(area)[0] < 4 for area in hits):
        hits = [area for area in hits if order(area)[0] < 4]
    return hits[:limit]


@lru_cache(maxsize=2)
def _names(edition_id: str, fingerprint: str) -> tuple[list[str], list[int]]:
    areas = areas_of(Edition(id=edition_id)).exclude(level="union").values_list("folded", "id")
    return [name for name, _ in areas], [row for _, row in areas]


def similar_areas(edition: Edition, text: str, limit: int) -> list[Area]:
    """Areas whose name looks like the text, for a text that nothing fits; the most alike first."""
    from rapidfuzz import fuzz, process

    names, rows = _names(edition.id, edition.fingerprint)
    asked = bare(folded(text[:LONGEST_QUERY]))
    best = process.extract(asked, names, scorer=fuzz.ratio, limit=limit, score_cutoff=_LIKENESS)
    ids = [rows[position] for *_, position in best]
    by_id = Area.objects.in_bulk(ids)
    return [by_id[row] for row in ids if row in by_id]


def area_under(edition: Edition, key: str) -> Area | None:
    """The area with this key, or with this AGS."""
    areas = Area.objects.filter(edition=edition)
    found = areas.filter(key=key).first()
    return found or (areas.filter(ags=key).first() if len(key) == 8 else None)


def earlier_area(edition: Edition, key: str) -> Area | None:
    """The area that had this key in another loaded edition, the newest first."""
    return (
        Area.objects.exclude(edition=edition)
        .filter(Q(key=key) | Q(ags=key) if len(key) == 8 else Q(key=key))
        .select_related("edition")
        .order_by("-edition__valid_on")
        .first()
    )


def boxes(edition_id: str, keys: Iterable[str]) -> list[tuple[float, float, float, float]]:
    """The boxes around areas: west, south, east, north in degrees."""
    found = Area.objects.filter(edition_id=edition_id, key__in=list(keys))
    return list(found.values_list("west", "south", "east", "north"))


def all_boxes(edition_id: str) -> dict[str, tuple[float, float, float, float]]:
    """The boxes around all areas of an edition under their keys."""
    rows = Area.objects.filter(edition_id=edition_id).values_list("key", "west", "south", "east", "north")
    return {key: (west, south, east, north) for key, west, south, east, north in rows}
