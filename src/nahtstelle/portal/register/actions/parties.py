"""Areas as they are entered: a key gets the edition and the name it had on that day, so that it survives reforms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.db import models
from django.db.models import Q
from modelcluster.models import get_all_child_relations

from nahtstelle.core.keys import Level
from nahtstelle.errors import EditionNotFound
from nahtstelle.portal.reference.models import Area
from nahtstelle.portal.reference.queries import area_under, current_edition, earlier_area
from nahtstelle.portal.register.models import Completeness, Party, Record


def with_names_of_areas(record: Record) -> None:
    """Add edition and name to the keys of areas that have none, in the record and in what is listed in it."""
    lacking = [each for each in _parties(record) if each.area_key and not each.area_edition]
    if not lacking:
        return
    try:
        edition = current_edition()
    except EditionNotFound:
        return
    for each in lacking:
        area = area_under(edition, each.area_key) or earlier_area(edition, each.area_key)
        if area is not None:
            each.area_edition = area.edition_id
            each.area_name = each.area_name or area.full_name


def names_of_areas(keys: Iterable[str]) -> Callable[[models.Model], None]:
    """The same for many rows: fetches all of these keys at once, and hands back what fills a row in."""
    wanted = set(keys)
    try:
        edition = current_edition()
    except EditionNotFound:
        return lambda row: None
    names: dict[str, str] = {}
    listed = sorted(wanted)
    for start in range(0, len(listed), 500):
        chunk = listed[start : start + 500]
        for area in Area.objects.filter(Q(key__in=chunk) | Q(ags__in=chunk), edition=edition):
            names[area.key] = area.full_name
            if area.level == Level.MUNICIPALITY.value:
                names.setdefault(area.ags, area.full_name)

    def fill(row: models.Model) -> None:
        if isinstance(row, Party | Completeness) and not row.area_edition and row.area_key in names:
            row.area_edition, row.area_name = edition.id, row.area_name or names[row.area_key]

    return fill


def _parties(record: Record) -> Iterator[Party | Completeness]:
    if isinstance(record, Party | Completeness):
        yield record
    for relation in get_all_child_relations(type(record)):
        model: type[models.Model] = relation.related_model
        if issubclass(model, Party):
            yield from getattr(record, relation.get_accessor_name() or "").all()
