"""Records as the register describes them, whole and checked, without a database. Needs Django to be set up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.models import get_all_child_relations

from nahtstelle.errors import SourceError
from nahtstelle.portal.register.fields import TermsField
from nahtstelle.portal.register.models import RECORDS, Entry
from nahtstelle.portal.register.records import fields_of, lists_of

Said = dict[str, Any]

_WORDS = {model: word for word, model in RECORDS.items()}


def whole(type_: str, said: Mapping[str, Any]) -> Said:
    """The whole record: what was not said is empty. Raises `SourceError` for what the register cannot hold.

    Whether what it refers to is there is looked at by `unknown_references`.
    """
    model = RECORDS[type_]
    record = _whole(model, said, f"{type_} {said['ref']}")
    if issubclass(model, Entry):
        record["draft"] = False
    return {"type": type_, **record}


def _whole(model: type[models.Model], said: Mapping[str, Any], where: str) -> Said:
    record: Said = {}
    for field in fields_of(model):
        value = said.get(field.name, field.get_default())
        if isinstance(field, TermsField):
            value = list(field.to_python(field.as_text(value)))  # in the order of the vocabulary
        record[field.name] = value
        try:
            if not field.is_relation:
                field.clean(value, None)
            elif value is None and not field.null:
                raise ValidationError("missing")
        except ValidationError as error:
            raise SourceError(f"{where}, {field.name} {value!r}: {' '.join(error.messages)}") from None
    listed = _listed(model)
    for name in lists_of(model):
        record[name] = [_whole(listed[name], each, f"{where}, {name}") for each in said.get(name, [])]
    if unknown := sorted(set(said) - set(record)):
        raise SourceError(f"{where}: there is no field {', '.join(unknown)}")
    return record


def _listed(model: type[models.Model]) -> dict[str, type[models.Model]]:
    """What is listed inside a record, by the name of the list."""
    return {each.get_accessor_name(): each.related_model for each in get_all_child_relations(model)}


def unknown_references(records: Iterable[Said]) -> list[str]:
    """Where a record speaks of another that is not there: type, reference, field and what is missing."""
    records = list(records)
    there = {(each["type"], each["ref"]) for each in records}
    found = []
    for each in records:
        where = f"{each['type']} {each['ref']}"
        for name, target in _references(RECORDS[each["type"]], each):
            if target not in there:
                found.append(f"{where}, {name}: {' '.join(target)}")
        about = each.get("about_type")
        if about and about != "area" and (about, each["about_ref"]) not in there:
            found.append(f"{where}, about: {about} {each['about_ref']}")
    return found


def _references(model: type[models.Model], said: Said) -> Iterator[tuple[str, tuple[str, str]]]:
    for field in fields_of(model):
        target: Any = field.related_model if field.is_relation else None
        if target in _WORDS and said[field.name] is not None:
            yield field.name, (_WORDS[target], said[field.name])
    for name, listed in _listed(model).items():
        for each in said[name]:
            for field_name, reference in _references(listed, each):
                yield f"{name}.{field_name}", reference
