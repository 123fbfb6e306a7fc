"""Choosing by typing: which areas and records a text may mean, as the editing screens offer them.

A choice is known by its token, kind and reference in one (``area:03154019``, ``organisation:metropolregion-gmbh``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from nahtstelle.core.keys import Level
from nahtstelle.core.names import folded
from nahtstelle.portal.accounts.models import Person
from nahtstelle.portal.reference.models import Area, LevelChoices
from nahtstelle.portal.reference.queries import (
    area_under,
    current_edition,
    earlier_area,
    found_areas,
    similar_areas,
)
from nahtstelle.portal.register.models import RECORDS, Record, SearchEntry
from nahtstelle.portal.register.queries import visible_to

Somebody = Person | AnonymousUser

AREA = "area"
PARTIES = (AREA, "organisation", "cooperation")
ABOUT = (AREA, "cooperation", "organisation", "project", "agreement", "meeting")
_SEARCHED: dict[str, tuple[str, ...]] = {
    "cooperation": ("name", "short_name"),
    "organisation": ("name", "short_name"),
    "project": ("name",),
    "agreement": ("title",),
    "meeting": ("name",),
    "source": ("title", "publisher"),
}
MOST = 12


@dataclass(frozen=True)
class Choice:
    """Something that can be chosen, as people tell it from others."""

    kind: str
    ref: str
    title: str
    hint: str = ""

    @property
    def token(self) -> str:
        """Kind and reference in one."""
        return f"{self.kind}:{self.ref}"

    @property
    def label(self) -> str:
        """The whole of it in one line."""
        return f"{self.title} ({self.hint})" if self.hint else self.title


def found(person: Somebody, kinds: Sequence[str], text: str, limit: int = MOST) -> list[Choice]:
    """What a text may mean, the best first; records only as far as this person may see them."""
    text = text.replace("\x00", "").strip()
    if not folded(text):
        return []
    chosen: list[Choice] = []
    if AREA in kinds:
        edition = current_edition()
        chosen += _areas(found_areas(edition, text, limit) or similar_areas(edition, text, 4))
    for kind in kinds:
        if kind != AREA:
            chosen += _records(kind, _matching(person, kind, text)[:limit])
    if len([kind for kind in kinds if kind != AREA]) and AREA in kinds:
        # whole names first, whatever they are the name of
        asked = folded(text)
        chosen.sort(key=lambda choice: folded(choice.title) != asked)
    return chosen[:limit]


def meant(person: Somebody, kinds: Sequence[str], text: str) -> list[Choice]:
    """What a text is the whole name or the key of."""
    asked = folded(text)
    digits = asked.replace(" ", "").isdigit()
    return [
        choice
        for choice in found(person, kinds, text, limit=50)
        if asked in (folded(choice.title), folded(choice.label)) or (digits and choice.ref == asked.replace(" ", ""))
    ]


def named(person: Somebody, kinds: Sequence[str], token: str) -> Choice | None:
    """What a token stands for; nothing for what is not there, not asked for, or not to be seen by this person."""
    kind, _colon, ref = token.partition(":")
    if kind not in kinds or not ref:
        return None
    if kind == AREA:
        area = area_of(ref)
        return next(_areas([area]), None) if area else None
    return next(_records(kind, visible_to(person, RECORDS[kind]).filter(ref=ref)), None)


def area_of(key: str) -> Area | None:
    """The area with this key, of the current edition or the newest that had it."""
    edition = current_edition()
    return area_under(edition, key) or earlier_area(edition, key)


def entered_key(area: Area) -> str:
    """The key an area is entered with: of a municipality that with eight digits."""
    return area.ags or area.key


@require_safe
def choices(request: HttpRequest) -> HttpResponse:
    """What a text may mean, for the list below a field of the editing screens."""
    kinds = [kind for kind in request.GET.get("arten", "").split(",") if kind == AREA or kind in _SEARCHED]
    offered = found(request.user, kinds, request.GET.get("q", ""))
    rows = [{"token": choice.token, "title": choice.title, "hint": choice.hint} for choice in offered]
    return JsonResponse({"choices": rows}, headers={"Cache-Control": "private, no-store"})


def said_in(names: Iterable[str], model: type[Record], text: str) -> Q:
    """That every word of a text stands in one of these fields, or in the title, umlauts spelled out or not."""
    words = Q()
    for word in text.replace("\x00", "").split():
        titles = SearchEntry.objects.filter(record_type=model.TYPE, folded__contains=folded(word))
        either = Q(ref__in=titles.values("record_ref")) if folded(word) else Q()
        for name in names:
            either |= Q(**{f"{name}__icontains": word})
        words &= either
    return words


def _matching(person: Somebody, kind: str, text: str) -> QuerySet[Any]:
    return visible_to(person, RECORDS[kind]).filter(said_in(_SEARCHED[kind], RECORDS[kind], text))


def _records(kind: str, records: Iterable[Record]) -> Iterator[Choice]:
    label = str(RECORDS[kind]._meta.verbose_name)
    for record in records:
        hints = [label]
        if kind in ("cooperation", "organisation"):
            hints = [record.get_kind_display(), record.seat_place]  # type: ignore[attr-defined]
        elif kind == "source":
            hints = [record.publisher, record.published]  # type: ignore[attr-defined]
        elif kind == "meeting":
            hints = [label, f"{record.start:%Y-%m-%d}"]  # type: ignore[attr-defined]
        yield Choice(kind, record.ref, str(record), ", ".join(hint for hint in hints if hint))


def _areas(areas: Iterable[Area]) -> Iterator[Choice]:
    rows = list(areas)
    editions = {area.edition_id for area in rows}
    lands = {
        (edition, key): name
        for edition, key, name in Area.objects.filter(
            edition__in=editions, level=Level.LAND.value, key__in={area.land_key for area in rows}
        ).values_list("edition_id", "key", "name")
    }
    levels = dict(LevelChoices.choices)
    for area in rows:
        designation = area.designation or str(levels[area.level])
        parts = [designation if area.name == area.full_name else "", area.district_name if area.level != "land" else ""]
        parts += [lands.get((area.edition_id, area.land_key), ""), entered_key(area)]
        if parts[1] == area.name:
            parts[1] = ""
        yield Choice(AREA, entered_key(area), area.full_name, ", ".join(part for part in parts if part))
