"""Lists that can be narrowed by facets: each choice says how many entries it would leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nahtstelle.core.keys import LAENDER
from nahtstelle.core.names import folded
from nahtstelle.core.vocabularies import DATA_STATES, TASKS, Vocabulary
from nahtstelle.portal.directory.queries import Facts
from nahtstelle.portal.directory.records import DataState, data_state, term
from nahtstelle.portal.ui.figures import language, number

if TYPE_CHECKING:
    import numpy as np
    from django_stubs_ext import StrOrPromise
    from numpy.typing import NDArray

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

    def sifted(self, facts: Facts[T]) -> list[T]:
        """The entries that answer all choices, in order; the choices then say how many each would leave."""
        import numpy as np

        columns = self._columns(facts)
        among = np.full(len(columns.entries), True)
        if asked := folded(self.cleaned_data.get("q") or ""):
            among = np.array([f" {asked}" in text for text in columns.texts(self.text_of)], bool)
        nothing = np.zeros(len(among), bool)
        missed = {name: ~columns.has[name].get(value, nothing) for name, value in self.chosen.items()}
        misses = np.sum(list(missed.values()), axis=0) if missed else np.zeros(len(among), int)
        counts: dict[str, dict[str, int]] = {}
        for facet in self.facets:
            # an entry counts for a facet when all the others let it pass
            passed = among & (misses - missed.get(facet.name, nothing) == 0)
            counts[facet.name] = {
                value: int(np.count_nonzero(passed & has)) for value, has in columns.has[facet.name].items()
            }
        self._say(counts)
        found = among & (misses == 0)
        rows = columns.order(self.order)
        return [columns.entries[row] for row in rows[found[rows]].tolist()]

    def _columns(self, facts: Facts[T]) -> _Columns[T]:
        """The facts as columns, made once a day for each version of the register."""
        today = timezone.localdate()
        day, columns = facts.kept.get(type(self), (None, None))
        if day != today:
            columns = _Columns(type(self), facts.entries)
            facts.kept[type(self)] = today, columns
        found: _Columns[T] = columns
        return found

    def _say(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        for facet in self.facets:
            field, of_facet, now = self.fields[facet.name], counts[facet.name], self.chosen.get(facet.name)
            said = [
                (value, f"{label} ({number(of_facet.get(value, 0))})")
                for value, label in facet.words().items()
                if of_facet.get(value) or value == now
            ]
            field.choices = [("", facet.any), *said]  # type: ignore[attr-defined]


class _Columns(Generic[T]):
    """The entries of a list in their usual order, and which of them have which value of which facet."""

    def __init__(self, form: type[FacetFilter[T]], entries: Iterable[T]) -> None:
        import numpy as np

        self.form = form
        self.entries = sorted(entries, key=form.orders[form.usual_order].key)
        self.has: dict[str, dict[str, NDArray[np.bool_]]] = {}
        for facet in form.facets:
            rows: dict[str, list[int]] = {}
            for row, entry in enumerate(self.entries):
                for value in facet.of(entry):
                    rows.setdefault(value, []).append(row)
            has = self.has[facet.name] = {value: np.zeros(len(self.entries), bool) for value in rows}
            for value in rows:
                has[value][rows[value]] = True
        self._texts: list[str] = []
        self._orders: dict[str, NDArray[np.int64]] = {}

    def texts(self, text_of: Callable[[T], str]) -> list[str]:
        """What a text is looked for in, of each entry."""
        if not self._texts:
            self._texts = [f" {folded_once(text_of(entry))}" for entry in self.entries]
        return self._texts

    def order(self, said: str) -> NDArray[np.int64]:
        """The positions of all entries in an order, falling with a minus before it."""
        import numpy as np

        if said not in self._orders:
            self._orders[said] = np.array(self._sorted(said.lstrip("-"), said.startswith("-")), np.int64)
        return self._orders[said]

    def _sorted(self, name: str, falls: bool) -> list[int]:
        rows = list(range(len(self.entries)))
        if name == self.form.usual_order:
            return rows[::-1] if falls else rows
        values = [self.form.orders[name].key(entry) for entry in self.entries]
        known = sorted((row for row in rows if values[row] not in (None, "")), key=values.__getitem__, reverse=falls)
        return known + [row for row in rows if values[row] in (None, "")]
