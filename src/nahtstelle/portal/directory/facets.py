"""Lists that can be narrowed by facets: each choice says how many entries it would leave."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nahtstelle.core.keys import LAENDER
from nahtstelle.core.names import folded
from nahtstelle.core.vocabularies import DATA_STATES, TASKS, Vocabulary
from nahtstelle.portal.directory.records import DataState, data_state, term
from nahtstelle.portal.ui.figures import language, number

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

T = TypeVar("T")
LONGEST_TEXT = 100


@lru_cache(maxsize=65_536)
def folded_once(name: str) -> str:
    """A name as it is sorted and searched; the same names come with every list."""
    return folded(name)


@dataclass(frozen=True)
class Facet(Generic[T]):
    """One way to narrow a list: the name in the address, its words, and which values an entry has in it."""

    name: str
    label: StrOrPromise
    any: StrOrPromise
    of: Callable[[T], Iterable[str]]
    words: Callable[[], Mapping[str, str]]
    """Every value there may be with its label, in the order in which they are offered."""


class Founded(Protocol):
    """What tells how well an entry of a list is founded."""

    @property
    def state(self) -> str: ...
    @property
    def confirmed_on(self) -> dt.date | None: ...
    @property
    def documented(self) -> bool: ...
    @property
    def disputed(self) -> bool: ...


F = TypeVar("F", bound=Founded)


def _state_of(fact: Founded) -> DataState:
    return data_state(fact.confirmed_on, fact.documented, fact.disputed)


def labels(vocabulary: Vocabulary) -> dict[str, str]:
    """Ids of a vocabulary with their labels in the language of the page."""
    here = language()
    return {each.id: each.label(here) for each in vocabulary.values()}


def laender() -> dict[str, str]:
    """Keys of the Länder with their names, by name."""
    return dict(sorted(LAENDER.items(), key=lambda item: item[1]))


TASK: Facet[Any] = Facet(
    "aufgabe", pgettext_lazy("of a cooperation", "Task"), _("all tasks"), lambda each: each.tasks, lambda: labels(TASKS)
)
LAND: Facet[Any] = Facet("land", _("Land"), _("all Länder"), lambda each: each.lands, laender)
FOUNDED: Facet[Any] = Facet(
    "daten",
    _("How well founded"),
    _("however founded"),
    lambda each: [_state_of(each).id],
    lambda: labels(DATA_STATES),
)


@dataclass(frozen=True)
class FactRow(Generic[F]):
    """One entry in a list: what is known of it in short, and its page."""

    STATES: ClassVar[Vocabulary]

    fact: F
    url: str

    @property
    def state(self) -> str:
        """How it stands."""
        return term(self.STATES, self.fact.state)

    @cached_property
    def data(self) -> DataState:
        """How well it is founded."""
        return _state_of(self.fact)


@dataclass(frozen=True)
class Order(Generic[T]):
    """One way to sort a list; entries without a value come last in either direction."""

    key: Callable[[T], Any]


class FacetFilter(forms.Form, Generic[T]):
    """A text, a choice per facet, an order. Every field may be left out; what is no choice is said and ignored."""

    facets: ClassVar[tuple[Facet[Any], ...]]
    orders: ClassVar[dict[str, Order[Any]]]
    usual_order: ClassVar[str] = "name"
    shown_first: ClassVar[int] = 2
    """How many facets stand beside the text; the others are behind a click."""

    q = forms.CharField(label=_("Name"), required=False, max_length=LONGEST_TEXT)

    def __init__(self, said: QueryDict) -> None:
        super().__init__(said)
        for facet in self.facets:
            choices = [("", facet.any), *facet.words().items()]
            self.fields[facet.name] = forms.ChoiceField(label=facet.label, required=False, choices=choices)
        self.fields["sortierung"] = forms.ChoiceField(
            required=False,
            widget=forms.HiddenInput,
            choices=[(sign + name, name) for name in self.orders for sign in ("", "-")],
        )
        self.is_valid()

    @property
    def order(self) -> str:
        """The order in force."""
        return self.cleaned_data.get("sortierung") or self.usual_order

    @property
    def query(self) -> str:
        """What was chosen, as the query of an address."""
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})

    @property
    def chosen(self) -> dict[str, str]:
        """The facets that are chosen."""
        return {facet.name: value for facet in self.facets if (value := self.cleaned_data.get(facet.name))}

    @property
    def first(self) -> list[forms.BoundField]:
        """The fields that are always seen."""
        return [self["q"], *(self[facet.name] for facet in self.facets[: self.shown_first])]

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields behind a click."""
        return [self[facet.name] for facet in self.facets[self.shown_first :]]

    @property
    def more_chosen(self) -> bool:
        """Whether one of those is chosen or wrong."""
        return any(bound.value() for bound in self.more)

    def text_of(self, entry: T) -> str:
        """What the text is looked for in."""
        raise NotImplementedError

    def sifted(self, entries: Sequence[T]) -> list[T]:
        """The entries that answer all choices, in order; the choices then say how many each would leave."""
        asked = folded(self.cleaned_data.get("q") or "")
        if asked:
            entries = [entry for entry in entries if f" {asked}" in f" {folded_once(self.text_of(entry))}"]
        chosen = self.chosen
        counts: dict[str, Counter[str]] = {facet.name: Counter() for facet in self.facets}
        found = []
        for entry in entries:
            values = {facet.name: frozenset(facet.of(entry)) for facet in self.facets}
            missed = [name for name, value in chosen.items() if value not in values[name]]
            if not missed:
                found.append(entry)
            # an entry counts for a facet when all the others let it pass
            for name in values if not missed else missed if len(missed) == 1 else ():
                counts[name].update(values[name])
        self._say(counts)
        return self._sorted(found)

    def _say(self, counts: Mapping[str, Counter[str]]) -> None:
        for facet in self.facets:
            field, of_facet, now = self.fields[facet.name], counts[facet.name], self.chosen.get(facet.name)
            said = [
                (value, f"{label} ({number(of_facet[value])})")
                for value, label in facet.words().items()
                if of_facet[value] or value == now
            ]
            field.choices = [("", facet.any), *said]  # type: ignore[attr-defined]

    def _sorted(self, entries: list[T]) -> list[T]:
        usual = sorted(entries, key=self.orders[self.usual_order].key)
        name, falls = self.order.lstrip("-"), self.order.startswith("-")
        if name == self.usual_order:
            return usual[::-1] if falls else usual
        key = self.orders[name].key
        values = [(key(entry), entry) for entry in usual]
        known = sorted((pair for pair in values if pair[0] not in (None, "")), key=lambda pair: pair[0], reverse=falls)
        return [entry for _value, entry in known] + [entry for value, entry in values if value in (None, "")]
