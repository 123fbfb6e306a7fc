"""What a record says, field by field, in words: for histories and comparisons of versions."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations

from nahtstelle.portal.register.fields import TermField, TermsField


def label_of(model: type[models.Model], name: str) -> str:
    """What a field or a list of a record is called."""
    row = _row(model, name)
    if row is not None:
        return str(capfirst(str(row._meta.verbose_name_plural)))
    try:
        return str(capfirst(str(model._meta.get_field(name).verbose_name)))  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return _("Draft") if name == "draft" else name


def in_words(model: type[models.Model], name: str, value: Any) -> str:
    """What a field says, as `records.described` gives it, in words; a dash where it says nothing."""
    if value is None or value == "" or value == []:
        return "–"
    row = _row(model, name)
    if row is not None:
        return "\n".join(_line(row, each) for each in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return str(value)
    if isinstance(field, TermField | TermsField) and field.vocabulary is not None:
        language = get_language() or "de"
        terms = value if isinstance(value, list) else [value]
        return ", ".join(field.vocabulary[term].label(language) if term in field.vocabulary else term for term in terms)
    if isinstance(field, models.ForeignKey):
        target: Any = field.related_model
        known = "ref" if hasattr(target, "TYPE") else "pk"
        found = target._default_manager.filter(**{known: value}).first()
        return str(found) if found else str(value)
    return str(value)


def _line(row: type[models.Model], said: dict[str, Any]) -> str:
    shown = (in_words(row, name, value) for name, value in said.items() if value not in (None, "", [], False))
    return " · ".join(shown)


def _row(model: type[models.Model], name: str) -> type[models.Model] | None:
    """The model of the rows of a list inside a record."""
    for relation in get_all_child_relations(model):
        if relation.get_accessor_name() == name:
            found: type[models.Model] = relation.related_model
            return found
    return None
