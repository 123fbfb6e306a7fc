"""One page about a cooperation as PDF: the same facts as on its page, as many as there is room for."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from nahtstelle.core.vocabularies import FAILED_STATES, KINDS, LEGAL_FORMS, REASONS
from nahtstelle.drawing.sheet import CooperationSheet, Listed, cooperation_sheet_pdf
from nahtstelle.portal.directory import records
from nahtstelle.portal.directory.cooperation_page import (
    AgreementRow,
    AsOf,
    MemberRow,
    found_on,
    state_on,
    title_of,
)
from nahtstelle.portal.directory.records import SourceRow, period_words, term, terms
from nahtstelle.portal.insight import RegisterInsight
from nahtstelle.portal.register.models import Cooperation, Project
from nahtstelle.portal.showing.sheets import cooperation_plate, origin
from nahtstelle.portal.ui.figures import date, language


def cooperation_pdf(known: RegisterInsight, cooperation: Cooperation, moment: AsOf) -> bytes:
    """The sheet of a cooperation as of a day."""
    found = found_on(known, cooperation, moment)
    space, state, evidence = found.space, records.founded(cooperation), records.evidence(found.parts.citations)
    path = reverse("cooperation", args=[cooperation.ref])
    former = not found.members.current
    sheet = CooperationSheet(
        name=cooperation.name,
        kicker=(
            term(KINDS, cooperation.kind),
            term(LEGAL_FORMS, cooperation.legal_form) if cooperation.legal_form else "",
            state_on(cooperation, moment),
            _("As of %(day)s") % {"day": date(moment.day)} if moment.past else "",
        ),
        lead=found.sentence,
        people=space.people if space else None,
        area_km2=space.area_m2 / 1e6 if space and space.area_m2 is not None else None,
        municipalities=len(space.municipalities) if space else 0,
        laender=space.land_names if space else "",
        members=tuple(_member(row) for row in (found.members.former if former else found.members.current)),
        former=former and bool(found.members.former),
        projects=tuple(_project(each) for each in sorted(found.projects, key=_failed_first)),
        agreements=tuple(_agreement(row) for row in found.agreements),
        founded=" ".join(filter(None, (f"{state.label}.", state.meaning, evidence.sentence))),
        sources=tuple(_source(row) for row in evidence.sources),
        map_svg=cooperation_plate(space, title_of(cooperation)),
        origin=origin(known.insight, f"{path}{moment.query}"),
        language=language(),
    )
    return cooperation_sheet_pdf(sheet)


def _member(row: MemberRow) -> Listed:
    name = ", ".join(filter(None, (row.who.title, row.who.kind)))
    role = "" if row.membership.role == "mitglied" else row.role
    when = period_words(row.membership.valid_from, row.membership.valid_until) if row.until else row.since
    return Listed(" · ".join(filter(None, (name, role))), when)


def _agreement(row: AgreementRow) -> Listed:
    return Listed(row.agreement.title, row.period or row.signed, row.kind)


def _failed_first(project: Project) -> tuple[bool, str]:
    return project.state not in FAILED_STATES, project.name


def _project(project: Project) -> Listed:
    period = period_words(project.started, project.ended)
    reasons = terms(REASONS, project.reasons) if project.state in FAILED_STATES else []
    return Listed(project.name, str(project.get_state_display()), period, tuple(reasons))


def _source(row: SourceRow) -> str:
    title = f"{row.publisher}: {row.title}" if row.publisher else row.title
    return f"{title} ({_('contradicts')})" if row.contradicts else title
