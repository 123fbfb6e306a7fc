"""Everything about one project: who carries it, how it stands, what it cost, what came of it and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from nahtstelle.core.periods import day_before
from nahtstelle.core.vocabularies import FAILED_STATES, PROJECT_END_STATES, PROJECT_STATES, REASONS, TASKS
from nahtstelle.portal.directory import queries, records
from nahtstelle.portal.directory.records import day_words, participant, period_words, said, terms
from nahtstelle.portal.insight import RegisterInsight
from nahtstelle.portal.register.models import Project
from nahtstelle.portal.register.policies import is_public
from nahtstelle.portal.ui.figures import language, number
from nahtstelle.portal.ui.heads import page_head

PATH = ("idee", "konzept", "bewilligt", "umsetzung")
"""The way of a project that goes well, in four steps; other states stand for one of them."""
_STEP_OF = {
    "idee": 0, "anbahnung": 0, "konzept": 1, "beantragt": 1, "bewilligt": 2, "probe": 3, "umsetzung": 3, "ruhend": 3,
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One station on the way of a project."""

    label: str
    state: str
    """``done``, ``here``, ``ahead`` or ``failed``."""


def way_of(project: Project) -> list[Step]:
    """The stations of a project up to where it is; only what is known to have been reached counts as done.

    Of one that ended, the register knows its end and not how far it had come, so only the end is shown beside the idea.
    """
    here = language()
    label = PROJECT_STATES[project.state].label(here) if project.state in PROJECT_STATES else project.state
    if project.state in PROJECT_END_STATES:
        first = PROJECT_STATES["idee"].label(here)
        return [Step(first, "done"), Step(label, "failed" if project.state in FAILED_STATES else "here")]
    at = _STEP_OF.get(project.state, 0)
    steps = []
    for position, state in enumerate(PATH):
        if position == at:
            steps.append(Step(label, "here"))
        else:
            steps.append(Step(PROJECT_STATES[state].label(here), "done" if position < at else "ahead"))
    return [*steps, Step(PROJECT_STATES["abgeschlossen"].label(here), "ahead")]


@dataclass(frozen=True)
class EffectRow:
    """What should change and what did."""

    indicator: str
    unit: str
    before: str
    target: str
    after: str
    method: str


def _value(value: Any, on: str) -> str:
    if value is None:
        return ""
    places = 0 if value == int(value) else min(2, -value.normalize().as_tuple().exponent)
    shown = number(float(value), places)
    return f"{shown} ({day_words(on)})" if on else shown


def project_sentence(project: Project, carried: list[tuple[str, str]]) -> str:
    """How it stands, since when, and who carries it."""
    parts = [str(project.get_state_display()), period_words(project.started, project.ended)]
    told = ", ".join(part for part in parts if part) + "."
    if carried:
        told += " " + _("Carried by %(names)s.") % {"names": ", ".join(name for name, _url in carried)}
    if project.state in FAILED_STATES and project.reasons:
        told += " " + _("Reason: %(reasons)s.") % {"reasons": "; ".join(terms(REASONS, project.reasons))}
    return told


def project_page(request: HttpRequest, known: RegisterInsight, project: Project) -> dict[str, Any]:
    """Everything on the page of a project."""
    insight = known.insight
    rows = [each for each in project.cooperations.select_related("cooperation") if is_public(each.cooperation)]
    carried = [(each.cooperation.name, reverse("cooperation", args=[each.cooperation.ref])) for each in rows]
    lead = [name for row, (name, _url) in zip(rows, carried, strict=True) if row.lead]
    partners = [
        who
        for each in project.partners.select_related("organisation", "party_cooperation")
        if (who := participant(known, each)) is not None
    ]
    fundings = list(project.fundings.all())
    citations = queries.citations_of(project)
    sentence = project_sentence(project, carried)
    return {
        "head": page_head(request, project.name, sentence, linked_data=_linked_data(project, carried, sentence)),
        "insight": insight,
        "project": project,
        "title": project.name,
        "sentence": sentence,
        "state": str(project.get_state_display()),
        "failed": project.state in FAILED_STATES,
        "over": project.state in PROJECT_END_STATES,
        "way": way_of(project),
        "tasks": terms(TASKS, project.tasks),
        "reasons": terms(REASONS, project.reasons),
        "reason_note": said(project, "reason_note"),
        "learned": said(project, "learned"),
        "summary": said(project, "summary"),
        "outcome": said(project, "outcome"),
        "period": period_words(project.started, project.ended),
        "carried": carried,
        "lead": lead,
        "partners": sorted(partners, key=lambda each: [str(part) for part in each.sort]),
        "costs": records.euros(project.costs_eur),
        "fundings": [(each.programme, records.euros(each.amount_eur)) for each in fundings],
        "effects": [
            EffectRow(
                each.indicator,
                each.unit,
                _value(each.before, each.before_on),
                _value(each.target, ""),
                _value(each.after, each.after_on),
                each.method,
            )
            for each in project.effects.all()
        ],
        "statements": [records.statement_row(each) for each in queries.statements_of(project)],
        **records.about(project, citations, queries.attachments_of(project)),
    }


def _linked_data(project: Project, carried: list[tuple[str, str]], sentence: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "@type": "Project",
        "name": project.name,
        "description": sentence,
        "identifier": project.ref,
        "parentOrganization": [{"@type": "Organization", "name": name} for name, _url in carried],
    }
    if project.started:
        said["foundingDate"] = project.started
    if project.ended:
        said["dissolutionDate"] = day_before(project.ended)
    if project.website:
        said["sameAs"] = project.website
    return said
