"""The list of projects, failed ones among them: filters, rows, file; and projects grouped by what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.paginator import Page
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from nahtstelle.core.periods import day_before
from nahtstelle.core.vocabularies import FAILED_STATES, PROJECT_STATES, REASONS, TASKS
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
from nahtstelle.portal.directory.queries import ProjectFact
from nahtstelle.portal.directory.records import Said, period_words, said, terms, title_of
from nahtstelle.portal.insight import Insight
from nahtstelle.portal.register.models import Project
from nahtstelle.portal.ui.figures import number
from nahtstelle.portal.ui.heads import files, page_head, root

FAILED, SUCCEEDED, UNDER_WAY = "nicht-gelungen", "gelungen", "unterwegs"
_GROUP_OF = dict.fromkeys(FAILED_STATES, FAILED) | {"abgeschlossen": SUCCEEDED, "verstetigt": SUCCEEDED}


def _groups() -> dict[str, str]:
    return {
        SUCCEEDED: _("What succeeded"),
        UNDER_WAY: _("What is under way"),
        FAILED: _("What did not succeed, and why"),
    }


def group_of(state: str) -> str:
    """What became of a project in this state."""
    return _GROUP_OF.get(state, UNDER_WAY)


def _states() -> dict[str, str]:
    together = {
        SUCCEEDED: _("all that succeeded"),
        UNDER_WAY: _("all under way"),
        FAILED: _("all that did not succeed"),
    }
    return together | labels(PROJECT_STATES)


class ProjectFilter(FacetFilter[ProjectFact]):
    """State, task, Land, reason, how well founded; words; order."""

    facets: ClassVar = (
        Facet(
            "stand",
            pgettext_lazy("of an entry", "State"),
            gettext_lazy("all states"),
            lambda each: [each.state, group_of(each.state)],
            _states,
        ),
        TASK,
        LAND,
        Facet(
            "grund",
            gettext_lazy("Reason"),
            gettext_lazy("all reasons"),
            lambda each: each.reasons,
            lambda: labels(REASONS),
        ),
        FOUNDED,
    )
    orders: ClassVar = {
        "name": Order(lambda each: folded_once(each.name)),
        "beginn": Order(lambda each: each.started),
        "kosten": Order(lambda each: each.costs_eur),
    }

    def text_of(self, entry: ProjectFact) -> str:
        """Its name, and those of the cooperations that carry it."""
        return " ".join([entry.name, *(name for _ref, name in entry.cooperations)])


@dataclass(frozen=True)
class ProjectRow(FactRow[ProjectFact]):
    """One project in the list."""

    STATES = PROJECT_STATES

    cooperations: list[tuple[str, str]]

    @property
    def failed(self) -> bool:
        """Whether it did not succeed."""
        return self.fact.state in FAILED_STATES

    @property
    def reasons(self) -> list[str]:
        """Why it ended as it did."""
        return terms(REASONS, self.fact.reasons)

    @property
    def tasks(self) -> list[str]:
        """What it is about."""
        return terms(TASKS, self.fact.tasks)

    @property
    def period(self) -> str:
        """From when to when."""
        return period_words(self.fact.started, self.fact.ended)


def project_rows(facts: Iterable[ProjectFact]) -> list[ProjectRow]:
    """Rows of projects, in their order."""
    own, of = reverse("project", args=["REF"]), reverse("cooperation", args=["REF"])
    return [
        ProjectRow(
            each,
            own.replace("REF", each.ref),
            [(name, of.replace("REF", ref)) for ref, name in each.cooperations],
        )
        for each in facts
    ]


def projects_page(
    request: HttpRequest, insight: Insight, form: ProjectFilter, found: Sequence[ProjectFact], page: Page[Any]
) -> dict[str, Any]:
    """The list of projects."""
    count, failed = len(found), sum(each.state in FAILED_STATES for each in found)
    if form.query:
        sentence = ngettext("One project answers these filters.", "%(count)s projects answer these filters.", count)
    else:
        sentence = ngettext("The register knows one project.", "The register knows %(count)s projects.", count)
    sentence %= {"count": number(count)}
    if not count:
        sentence = _("No project answers these filters.") if form.query else _("The register knows no project yet.")
    elif failed:
        sentence += " " + ngettext(
            "One of them did not succeed, and it says why.",
            "%(count)s of them did not succeed, and they say why.",
            failed,
        ) % {"count": number(failed)}
    return {
        "head": page_head(request, _("What was tried together, and what came of it?"), sentence),
        "insight": insight,
        "form": form,
        "sentence": sentence,
        "rows": project_rows(page.object_list),
        "page": page,
        "order": form.order,
        "root": root(),
        "files": files(f"{reverse('projects')}liste", kinds=("csv", "xlsx"), query=form.query),
    }


PROJECT_COLUMNS = (
    Column("ref", "reference of the entry: part of its address, never changed"),
    Column("name", "name"),
    Column("state", "how it stands (term)"),
    Column("state_label", "the same in words"),
    Column("succeeded", "yes, no, or empty while it is under way"),
    Column("cooperations", "references of the cooperations that carry it, the leading one first"),
    Column("tasks", "what it is about (terms), separated by blanks"),
    Column("reasons", "why it ended (terms), separated by blanks"),
    Column("reason_labels", "the same in words"),
    Column("started", "began: year, month or day"),
    Column("last_day", "ended: last year, month or day"),
    Column("costs_eur", "costs in euros; empty where not known"),
    Column("land_keys", "keys of the Länder of its cooperations, separated by blanks"),
    Column("data_state", "how well the entry is founded (term)"),
)


def projects_table(insight: Insight, facts: Sequence[ProjectFact]) -> Table:
    """Projects as a file."""
    rows = [
        (
            row.fact.ref,
            row.fact.name,
            row.fact.state,
            row.state,
            {FAILED: "no", SUCCEEDED: "yes"}.get(group_of(row.fact.state)),
            " ".join(ref for ref, _name in row.fact.cooperations) or None,
            " ".join(row.fact.tasks) or None,
            " ".join(row.fact.reasons) or None,
            "; ".join(row.reasons) or None,
            row.fact.started or None,
            day_before(row.fact.ended) or None,
            None if row.fact.costs_eur is None else float(row.fact.costs_eur),
            " ".join(sorted(row.fact.lands)) or None,
            row.data.id,
        )
        for row in project_rows(facts)
    ]
    return Table("projekte", _("Projects"), PROJECT_COLUMNS, rows, insight.notes[:1])


# --------------------------------------------------------------------------------- on the page of a cooperation


@dataclass(frozen=True)
class ProjectCard:
    """One project as another page shows it: what became of it and, where it failed, why."""

    project: Project
    url: str
    beside: list[tuple[str, str]]
    """The other cooperations that carry it."""

    @property
    def state(self) -> str:
        """How it stands."""
        return str(self.project.get_state_display())

    @property
    def failed(self) -> bool:
        """Whether it did not succeed."""
        return self.project.state in FAILED_STATES

    @property
    def period(self) -> str:
        """From when to when."""
        return period_words(self.project.started, self.project.ended)

    @property
    def reasons(self) -> list[str]:
        """Why it ended as it did."""
        return terms(REASONS, self.project.reasons)

    @property
    def reason_note(self) -> Said:
        """The same in a sentence."""
        return said(self.project, "reason_note")

    @property
    def outcome(self) -> Said:
        """What came of it; where nobody says, what it is."""
        return said(self.project, "outcome") or said(self.project, "summary")

    @property
    def learned(self) -> Said:
        """What those who tried would do differently."""
        return said(self.project, "learned")


@dataclass(frozen=True)
class ProjectGroup:
    """Projects of which the same became."""

    id: str
    title: str
    projects: list[ProjectCard]


def project_groups(projects: Iterable[Project], own: str = "") -> list[ProjectGroup]:
    """Projects by what became of them; ``own`` is the reference of the cooperation whose page this is."""
    cards: dict[str, list[ProjectCard]] = {}
    for project in projects:
        carried = getattr(project, "carried_by", [])
        beside = [
            (
                title_of(each.cooperation.name, each.cooperation.short_name),
                reverse("cooperation", args=[each.cooperation.ref]),
            )
            for each in carried
            if each.cooperation.ref != own
        ]
        card = ProjectCard(project, reverse("project", args=[project.ref]), beside)
        cards.setdefault(group_of(project.state), []).append(card)
    return [ProjectGroup(ident, title, cards[ident]) for ident, title in _groups().items() if ident in cards]
