"""A record as a plain dictionary and back: what logs, exports, imports, suggestions and comparisons hold of it.

Dates are ISO texts, decimals texts, other records their ``ref``, lists of terms lists, and what is listed inside a
record (parties, fundings, agenda …) a list of dictionaries under the name of the relation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations

from nahtstelle.portal.register.models import RECORDS, Record

_TECHNICAL = frozenset(
    {
        "id", "created_at", "changed_at", "live", "has_unpublished_changes", "first_published_at", "last_published_at",
        "live_revision", "go_live_at", "expire_at", "expired", "locked", "locked_at", "locked_by", "latest_revision",
        "checked_at", "broken",
    }
)  # fmt: skip
"""What Wagtail and the database keep about a record, not what the record says."""


@lru_cache
def fields_of(model: type[models.Model]) -> tuple[models.Field[Any, Any], ...]:
    """The fields a record of this model says something in, in their order."""
    return tuple(
        field
        for field in model._meta.concrete_fields
        if field.name not in _TECHNICAL and not isinstance(field, ParentalKey)
    )


@lru_cache
def lists_of(model: type[models.Model]) -> tuple[str, ...]:
    """Names of what is listed inside a record of this model."""
    return tuple(relation.get_accessor_name() or "" for relation in get_all_child_relations(model))


def described(record: models.Model) -> dict[str, Any]:
    """The record as a dictionary that JSON can hold; ``draft`` says of those that have one whether it is not public."""
    said: dict[str, Any] = {field.name: _plain(field, record) for field in fields_of(type(record))}
    for name in lists_of(type(record)):
        said[name] = [described(each) for each in getattr(record, name).all()]
    if hasattr(record, "live"):
        said["draft"] = not record.live
    return said


def take(record: models.Model, said: Mapping[str, Any]) -> None:
    """Set what the dictionary says on a record; nothing is saved, what it does not name stays as it is.

    ``draft`` is not taken: whether a record is public is up to the verbs. Raises `ValidationError` naming each field
    that does not exist or whose value cannot be read.
    """
    wrong: dict[str, list[str]] = {}
    model = type(record)
    lists = lists_of(model)
    known = {field.name: field for field in fields_of(model)}
    for name, value in said.items():
        if name == "draft":
            continue
        if name in lists:
            try:
                setattr(record, name, [_listed(model, name, each) for each in value])
            except ValidationError as error:
                wrong[name] = error.messages
        elif name in known:
            try:
                setattr(record, known[name].attname, _value(known[name], value))
            except (ValidationError, ValueError, TypeError) as error:
                wrong[name] = error.messages if isinstance(error, ValidationError) else [str(error)]
        else:
            wrong[name] = [_("There is no such field.")]
    if wrong:
        raise ValidationError(wrong)


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[str, tuple[Any, Any]]:
    """What differs between two descriptions, field by field; all of it where one of them is missing."""
    one, other = before or {}, after or {}
    names = dict.fromkeys([*one, *other])
    return {name: (one.get(name), other.get(name)) for name in names if one.get(name) != other.get(name)}


def record_of(type_: str, ref: str) -> Record:
    """The record of this type and reference. Raises `Record.DoesNotExist`, and `KeyError` for an unknown type."""
    return RECORDS[type_]._default_manager.get(ref=ref)


def _plain(field: models.Field[Any, Any], record: models.Model) -> Any:
    if field.is_relation:
        found = getattr(record, field.name)
        return None if found is None else getattr(found, "ref", found.pk)
    value = getattr(record, field.attname)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, tuple):
        return list(value)
    return value


def _value(field: models.Field[Any, Any], value: Any) -> Any:
    if not field.is_relation:
        return field.to_python(value)
    if value is None or value == "":
        return None
    target: type[models.Model] = field.related_model  # type: ignore[assignment]
    if isinstance(value, target):
        return value.pk
    try:
        target._meta.get_field("ref")
    except FieldDoesNotExist:
        return target._meta.pk.to_python(value)
    found = target._default_manager.filter(ref=value).values_list("pk", flat=True).first()
    if found is None:
        raise ValidationError(
            _("There is no %(kind)s %(ref)s in the register.") % {"kind": target._meta.verbose_name, "ref": value}
        )
    return found


def _listed(model: type[models.Model], name: str, said: Mapping[str, Any]) -> models.Model:
    relation = next(each for each in get_all_child_relations(model) if each.get_accessor_name() == name)
    row: models.Model = relation.related_model()
    take(row, said)
    return row
