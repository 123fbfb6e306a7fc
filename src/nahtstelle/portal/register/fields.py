"""Kinds of field the register's records are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import lazystr
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nahtstelle.core.periods import first_day
from nahtstelle.core.vocabularies import Term, Vocabulary


class _Label:
    """A term's label in the language of the moment."""

    def __init__(self, term: Term) -> None:
        self.term = term

    def __str__(self) -> str:
        return self.term.label(get_language() or "de")


def choices_of(vocabulary: Vocabulary) -> list[tuple[str, Any]]:
    """Ids and labels of a vocabulary, labels in the language of the moment."""
    return [(term.id, lazystr(_Label(term))) for term in vocabulary.values()]


class TermField(models.CharField):  # type: ignore[type-arg]
    """The id of one term of a vocabulary; empty where nothing is known."""

    def __init__(self, verbose_name: Any = None, *, vocabulary: Vocabulary | None = None, **options: Any) -> None:
        self.vocabulary = vocabulary
        options.setdefault("max_length", 40)
        if vocabulary is not None:
            options["choices"] = choices_of(vocabulary)
        super().__init__(verbose_name, **options)

    def deconstruct(self) -> Any:
        """Without the choices: a new term needs no migration."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        return name, path, args, kwargs


class TermsField(models.TextField):  # type: ignore[type-arg]
    """Ids of several terms of a vocabulary, a tuple in Python.

    Kept as one text with a blank before and after each id, so that both databases find ``" tourismus "`` in it alike.
    """

    def __init__(self, verbose_name: Any = None, *, vocabulary: Vocabulary | None = None, **options: Any) -> None:
        self.vocabulary = vocabulary
        options["blank"] = True
        options["default"] = ()
        super().__init__(verbose_name, **options)

    def deconstruct(self) -> Any:
        """Without what is the same for all."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("blank", None)
        kwargs.pop("default", None)
        return name, path, args, kwargs

    def from_db_value(self, value: str | None, *_rest: Any) -> tuple[str, ...]:
        """As Python holds it."""
        return tuple((value or "").split())

    def to_python(self, value: Any) -> tuple[str, ...]:
        """As Python holds it, from a text or any series of ids."""
        if isinstance(value, str):
            return tuple(value.split())
        return tuple(value or ())

    def get_prep_value(self, value: Any) -> str:
        """As the database holds it; in the order of the vocabulary, each once."""
        return self.as_text(self.to_python(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> str:
        """The same; a text looked for with ``contains`` stays as it is."""
        return value if prepared else self.get_prep_value(value)

    def as_text(self, ids: Iterable[str]) -> str:
        """The text that stands for these ids; empty for none."""
        kept = dict.fromkeys(ids)
        if self.vocabulary is not None:
            kept = dict.fromkeys([*(term for term in self.vocabulary if term in kept), *kept])
        return f" {' '.join(kept)} " if kept else ""

    def value_to_string(self, obj: models.Model) -> str:
        """For revisions."""
        return " ".join(self.value_from_object(obj))

    def validate(self, value: Any, model_instance: Any) -> None:
        """Refuse ids the vocabulary does not have."""
        unknown = [
            term for term in self.to_python(value) if self.vocabulary is not None and term not in self.vocabulary
        ]
        if unknown:
            raise ValidationError(_("Not in the list: %(terms)s") % {"terms": ", ".join(unknown)}, code="unknown-term")

    def formfield(self, **options: Any) -> Any:
        """One tick per term."""
        if self.vocabulary is None:
            return super().formfield(**options)
        return TermsFormField(
            choices=choices_of(self.vocabulary),
            required=False,
            label=self.verbose_name,
            help_text=self.help_text,
            widget=forms.CheckboxSelectMultiple,
        )


class TermsFormField(forms.MultipleChoiceField):
    """Several terms, a tuple when cleaned."""

    def clean(self, value: Any) -> Any:
        """As `TermsField` holds it."""
        return tuple(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other terms were ticked, in whatever order."""
        return set(initial or ()) != set(data or ())


def _is_date(text: str) -> None:
    try:
        first_day(text)
    except ValueError as error:
        raise ValidationError(
            _("Please give a year (2014), a month (2014-10) or a day (2014-10-27)."), code="not-a-date"
        ) from error


class PartialDateField(models.CharField):  # type: ignore[type-arg]
    """A date known to the year, the month or the day, as ISO text; empty where nothing is known."""

    default_validators = (_is_date,)  # type: ignore[assignment]

    def __init__(self, verbose_name: Any = None, **options: Any) -> None:
        options["max_length"] = 10
        options["blank"] = True
        options["default"] = ""
        super().__init__(verbose_name, **options)

    def deconstruct(self) -> Any:
        """Without what is the same for all."""
        name, path, args, kwargs = super().deconstruct()
        for option in ("max_length", "blank", "default"):
            kwargs.pop(option, None)
        return name, path, args, kwargs
