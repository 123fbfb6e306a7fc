"""The list of cooperations: what it can be narrowed to, its rows, its files, and the map beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.paginator import Page
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from nahtstelle.core.keys import LAENDER
from nahtstelle.core.model import People
from nahtstelle.core.periods import day_before
from nahtstelle.core.vocabularies import (
    COOPERATION_STATES,
    ENDED_STATES,
    FUNDING_PERIODS,
    KINDS,
    LEGAL_FORMS,
)
from nahtstelle.portal.answers.takeaway import Column, Table
from nahtstelle.portal.directory.facets import (
    FOUNDED,
    LAND,
    TASK,
    Facet,
    FacetFilter,
    FactRow,
    Order,
    folded_once,
    labels,
)
from nahtstelle.portal.directory.queries import CooperationFact
from nahtstelle.portal.directory.records import term, title_of, years_words
from nahtstelle.portal.insight import RegisterInsight
from nahtstelle.portal.showing.footprints import Extent, extents
from nahtstelle.portal.ui.figures import number
from nahtstelle.portal.ui.heads import files, page_head, root

BEING, OVER = "besteht", "beendet"


def _states() -> dict[str, str]:
    return {BEING: _("in existence"), OVER: _("no longer in existence"), **labels(COOPERATION_STATES)}


class CooperationFilter(FacetFilter[CooperationFact]):
    """Kind, Land, task, state, legal form, funding period, how well founded; words; order."""

    facets: ClassVar = (
        Facet("art", gettext_lazy("Kind"), gettext_lazy("all kinds"), lambda each: [each.kind], lambda: labels(KINDS)),
        LAND,
        TASK,
        Facet(
            "stand",
            pgettext_lazy("of an entry", "State"),
            gettext_lazy("all states"),
            lambda each: [each.state, OVER if each.state in ENDED_STATES else BEING],
            _states,
        ),
        Facet(
            "rechtsform",
            gettext_lazy("Legal form"),
            gettext_lazy("all legal forms"),
            lambda each: [each.legal_form],
            lambda: labels(LEGAL_FORMS),
        ),
        Facet(
            "periode",
            gettext_lazy("Funding period"),
            gettext_lazy("all funding periods"),
            lambda each: each.periods,
            lambda: labels(FUNDING_PERIODS),
        ),
        FOUNDED,
    )
    orders: ClassVar = {
        "name": Order(lambda each: folded_once(title_of(each.name, each.short_name))),
        "seit": Order(lambda each: each.founded),
        "mitglieder": Order(lambda each: each.members or None),
    }

    def text_of(self, entry: CooperationFact) -> str:
        """Both names."""
        return f"{entry.name} {entry.short_name}"


@dataclass(frozen=True)
class CooperationRow(FactRow[CooperationFact]):
    """One cooperation in the list."""

    STATES = COOPERATION_STATES

    space: Extent | None

    @property
    def title(self) -> str:
        """The name people use."""
        return title_of(self.fact.name, self.fact.short_name)

    @property
    def kind(self) -> str:
        """What it is for."""
        return term(KINDS, self.fact.kind)

    @property
    def legal_form(self) -> str:
        """What it is in law; nothing where that is not known."""
        return term(LEGAL_FORMS, self.fact.legal_form) if self.fact.legal_form else ""

    @property
    def ended(self) -> bool:
        """Whether it is no longer there."""
        return self.fact.state in ENDED_STATES

    @property
    def lands(self) -> str:
        """The Länder its members lie in, by name."""
        return ", ".join(sorted(LAENDER.get(key, key) for key in self.fact.lands))

    @property
    def people(self) -> People | None:
        """People who live in its space; nothing where it has none."""
        return self.space.people if self.space else None

    @property
    def period(self) -> str:
        """Since when, until when."""
        return years_words(self.fact.founded, self.fact.ended)


def cooperation_rows(facts: Iterable[CooperationFact], known: RegisterInsight) -> list[CooperationRow]:
    """Rows of cooperations, in their order, with the space each covers today."""
    pattern = reverse("cooperation", args=["REF"])
    listed = list(facts)
    found = extents(known, [each.ref for each in listed])
    return [CooperationRow(each, pattern.replace("REF", each.ref), found.get(each.ref)) for each in listed]


def cooperations_page(
    request: HttpRequest,
    known: RegisterInsight,
    form: CooperationFilter,
    found: Sequence[CooperationFact],
    page: Page[Any],
) -> dict[str, Any]:
    """The list of cooperations."""
    count = len(found)
    ended = sum(each.state in ENDED_STATES for each in found)
    sentence = ngettext(
        "One cooperation answers these filters.", "%(count)s cooperations answer these filters.", count
    ) % {"count": number(count)}
    if not form.query:
        sentence = ngettext(
            "The register knows one cooperation.", "The register knows %(count)s cooperations.", count
        ) % {"count": number(count)}
    if not count:
        sentence = _("No cooperation answers these filters.") if form.query else _("The register is still empty.")
    if ended and ended < count:
        sentence += " " + ngettext("One of them no longer exists.", "%(count)s of them no longer exist.", ended) % {
            "count": number(ended)
        }
    path = reverse("cooperations")
    query = f"?{form.query}" if form.query else ""
    return {
        "head": page_head(request, _("Who works together across borders?"), sentence),
        "insight": known.insight,
        "form": form,
        "sentence": sentence,
        "rows": cooperation_rows(page.object_list, known),
        "page": page,
        "order": form.order,
        "root": root(),
        "picture": f"{path}karte.svg{query}",
        "files": files(f"{path}liste", query=form.query),
    }


COOPERATION_COLUMNS = (
    Column("ref", "reference of the entry: part of its address, never changed"),
    Column("name", "name"),
    Column("short_name", "short name"),
    Column("kind", "what it is for (term of the vocabulary of kinds)"),
    Column("kind_label", "the same in words"),
    Column("legal_form", "what it is in law (term); empty where not known"),
    Column("tasks", "tasks (terms), separated by blanks"),
    Column("state", "how it stands (term)"),
    Column("founded", "founded: year, month or day"),
    Column("last_day", "last year, month or day; empty where it exists or the end is not known"),
    Column("funding_periods", "funding periods, separated by blanks"),
    Column("land_keys", "keys of the Länder of its members, separated by blanks"),
    Column("members", "memberships without a known end"),
    Column("municipalities", "municipalities in its space today; empty where it has none"),
    Column("people", "people there; a lower bound where known_share is below 1"),
    Column("known_share", "share of those municipalities whose people are known, 0 to 1"),
    Column("area_km2", "its space in square kilometres"),
    Column("data_state", "how well the entry is founded (term)"),
    Column("confirmed_on", "last confirmed by those who answer for it"),
)


def cooperations_table(
    known: RegisterInsight, facts: Sequence[CooperationFact]
) -> tuple[Table, Callable[[], list[Any]]]:
    """Cooperations as a file, and the space of each."""
    rows, found = [], cooperation_rows(facts, known)
    for row in found:
        fact, space = row.fact, row.space
        rows.append(
            (
                fact.ref,
                fact.name,
                fact.short_name or None,
                fact.kind,
                row.kind,
                fact.legal_form or None,
                " ".join(fact.tasks) or None,
                fact.state,
                fact.founded or None,
                day_before(fact.ended) or None,
                " ".join(sorted(fact.periods)) or None,
                " ".join(sorted(fact.lands)) or None,
                fact.members,
                len(space.keys) if space else None,
                space.people.people if space else None,
                round(space.people.known_share, 4) if space else None,
                round(space.area_m2 / 1e6, 2) if space and space.area_m2 is not None else None,
                row.data.id,
                fact.confirmed_on.isoformat() if fact.confirmed_on else None,
            )
        )
    table = Table("kooperationen", _("Cooperations"), COOPERATION_COLUMNS, rows, known.insight.notes)
    return table, lambda: [row.space.shape() if row.space else None for row in found]
