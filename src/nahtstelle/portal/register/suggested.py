"""The records that suggestions speak of or would make, however many of them, by a question per kind of record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.models import get_all_child_relations

from nahtstelle.portal.register.models import RECORDS, Citation, Record, Source, Suggestion
from nahtstelle.portal.register.models.evidence import About
from nahtstelle.portal.register.policies import remember_spoken_of
from nahtstelle.portal.register.records import fields_of, take


def suggested_record(suggestion: Suggestion) -> Record | None:
    """The record a suggestion is about, or the new one it would make, not saved; nothing where that is no more."""
    return suggested_records([suggestion]).get(suggestion.pk)


def suggested_records(suggestions: Sequence[Suggestion]) -> dict[int, Record]:
    """The same of many, by the keys of the suggestions: one question per kind of record, however many there are."""
    of_kind = [(each, RECORDS[each.about_type]) for each in suggestions if each.about_type in RECORDS]
    asked: dict[type[Record], set[str]] = {}
    for each, model in of_kind:
        named = [(model, each.about_ref)] if each.about_ref else _mentioned(model, each.fields)
        for kind, ref in named:
            asked.setdefault(kind, set()).add(ref)
    known = _by_reference(asked)
    found: dict[int, Record] = {}
    for each, model in of_kind:
        record = known.get((model, each.about_ref)) if each.about_ref else _new_one(model, each.fields, known)
        if record is not None:
            found[each.pk] = record
    return found


def records_about(suggestions: Iterable[Suggestion]) -> dict[int, Record]:
    """The records there are that suggestions want changed, by the keys of the suggestions."""
    return suggested_records([each for each in suggestions if each.about_ref])


Known = Mapping[tuple[type[models.Model], str], Record]


def _by_reference(asked: Mapping[type[Record], Iterable[str]]) -> dict[tuple[type[models.Model], str], Record]:
    """Records by kind and reference, with the records their titles name."""
    found: dict[tuple[type[models.Model], str], Record] = {}
    for model, refs in asked.items():
        named = [relation.name for relation in _to_records(model)]
        records = model._default_manager.filter(ref__in=refs)
        for record in records.select_related(*named) if named else records:
            found[model, record.ref] = record
    return found


def _new_one(model: type[Record], fields: Mapping[str, Any], known: Known) -> Record | None:
    """The record a suggestion would make, with what it names and speaks of at hand; nothing where it makes none."""
    said = _with_records(model, fields, known)
    try:
        record = would_be(model.TYPE, said)
    except ValidationError:
        return None
    for name, value in said.items():
        if isinstance(value, Record):
            setattr(record, name, value)
    if isinstance(record, About):
        spoken_of = RECORDS.get(record.about_type)
        remember_spoken_of(record, known.get((spoken_of, record.about_ref)) if spoken_of else None)
    return record


def _to_records(model: type[models.Model]) -> list[Any]:
    """The fields of a record, or of a row in one, that name another record."""
    return [each for each in fields_of(model) if isinstance(each, models.ForeignKey) and each.related_model in _TYPES]


_TYPES: Final = frozenset(RECORDS.values())


def _rows(model: type[models.Model], said: Mapping[str, Any]) -> Iterator[tuple[str, type[models.Model]]]:
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name() or ""
        if isinstance(said.get(name), list):
            yield name, relation.related_model


def _mentioned(model: type[models.Model], said: Mapping[str, Any]) -> Iterator[tuple[type[Record], str]]:
    """What other records a description names or speaks of, those in its lists too."""
    for each in _to_records(model):
        if isinstance(said.get(each.name), str):
            yield each.related_model, said[each.name]
    if issubclass(model, About) and said.get("about_type") in RECORDS:
        yield RECORDS[said["about_type"]], said.get("about_ref", "")
    for name, row_model in _rows(model, said):
        for row in said[name]:
            yield from _mentioned(row_model, row)


def _with_records(model: type[models.Model], said: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """The description with these records in the place of their references; who is not known stays as it is named."""
    whole = dict(said)
    for each in _to_records(model):
        value = said.get(each.name)
        if isinstance(value, str):
            whole[each.name] = known.get((each.related_model, value), value)
    for name, row_model in _rows(model, said):
        whole[name] = [_with_records(row_model, row, known) for row in said[name]]
    return whole


def would_be(type_: str, fields: Mapping[str, Any]) -> Record:
    """The new record these fields make, not saved. What a source says may bring its source, new as well, along.

    Raises `ValidationError`.
    """
    record = RECORDS[type_]()
    brought = fields.get("source")
    if isinstance(record, Citation) and isinstance(brought, Mapping):
        record.source = Source()
        take(record.source, brought)
        fields = {name: value for name, value in fields.items() if name != "source"}
    take(record, fields)
    return record
