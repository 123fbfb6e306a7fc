"""The public pages of the register: lists, and the page of each entry. What visitors may see, whoever is looking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from nahtstelle.core.keys import Level
from nahtstelle.portal import insight as thinking
from nahtstelle.portal.answers.remember import remembered_page, remembered_sheet
from nahtstelle.portal.answers.takeaway import as_file
from nahtstelle.portal.directory import (
    cooperation_list,
    cooperation_page,
    cooperation_sheet,
    organisation_pages,
    project_list,
    project_page,
    queries,
    record_pages,
)
from nahtstelle.portal.directory.cooperation_list import CooperationFilter
from nahtstelle.portal.directory.organisation_pages import OrganisationFilter
from nahtstelle.portal.directory.project_list import ProjectFilter
from nahtstelle.portal.insight import Insight
from nahtstelle.portal.reference import queries as reference
from nahtstelle.portal.register import queries as register
from nahtstelle.portal.register.models import Cooperation, Record
from nahtstelle.portal.showing import pictures
from nahtstelle.portal.showing.footprints import space_on, space_plate, spread, spread_plate
from nahtstelle.portal.showing.pictures import CARD_PAPER, country_plate

PER_PAGE = 50
STEPS_PER_PAGE = 50


@require_safe
@remembered_page
def directory(request: HttpRequest) -> HttpResponse:
    """The start of the directory: areas, cooperations, projects, organisations."""
    insight = thinking.current()
    areas = reference.areas_of(reference.current_edition()).count()
    return render(request, "directory/start.html", record_pages.directory_page(request, insight, areas))


# --------------------------------------------------------------------------------------------- cooperations


@require_safe
@remembered_page
def cooperations(request: HttpRequest) -> HttpResponse:
    """Cooperations that answer the filters, page by page, with a map of where they lie."""
    known, form = thinking.register(), CooperationFilter(request.GET)
    found = form.sifted(queries.cooperation_facts())
    context = cooperation_list.cooperations_page(request, known, form, found, _page(request, found))
    return render(request, "directory/cooperations.html", context)


@require_safe
def cooperations_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The cooperations the list shows, all its pages, as a file."""
    found = CooperationFilter(request.GET).sifted(queries.cooperation_facts())
    table, shapes = cooperation_list.cooperations_table(thinking.register(), found)
    return as_file(table, kind, shapes)


@require_safe
@remembered_sheet
def cooperations_picture(request: HttpRequest) -> HttpResponse:
    """The map beside the list: in which districts how many of its cooperations lie."""
    known = thinking.register()
    found = CooperationFilter(request.GET).sifted(queries.cooperation_facts())
    counts = spread(known, [each.ref for each in found])
    return _svg(spread_plate(known.insight, counts, _("Districts by number of cooperations")))


@require_safe
@remembered_page
def cooperation(request: HttpRequest, ref: str) -> HttpResponse:
    """Everything about one cooperation, today or as of a past day."""
    return render(request, "directory/cooperation.html", _cooperation_page(request, ref))


@require_safe
@xframe_options_exempt
@remembered_page
def cooperation_embed(request: HttpRequest, ref: str) -> HttpResponse:
    """The same for the frame of another site."""
    return render(request, "directory/cooperation_embed.html", _cooperation_page(request, ref))


@require_safe
def cooperation_download(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """The members of a cooperation as a file."""
    found, moment = _cooperation(ref), _day(request)
    table, shapes = cooperation_page.members_table(thinking.register(), found, moment)
    return as_file(table, kind, shapes)


@require_safe
@remembered_sheet
def cooperation_pdf(request: HttpRequest, ref: str) -> HttpResponse:
    """One page for the council as PDF."""
    found = _cooperation(ref)
    pdf = cooperation_sheet.cooperation_pdf(thinking.register(), found, _day(request))
    name = f"nahtstelle-{found.ref}.pdf"
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


@require_safe
@remembered_sheet
def cooperation_picture(request: HttpRequest, ref: str) -> HttpResponse:
    """The map of a cooperation where the living one cannot be drawn."""
    known, found = thinking.register(), _cooperation(ref)
    space = space_on(known, found.ref, _day(request).day)
    if space is None:
        raise Http404(_("No area is a member of this cooperation."))
    return _svg(space_plate(space, cooperation_page.title_of(found)))


@require_safe
@remembered_sheet
def cooperation_card(request: HttpRequest, ref: str) -> HttpResponse:
    """The picture to share the page with."""
    known, found = thinking.register(), _cooperation(ref)
    moment = cooperation_page.as_of("")
    space = space_on(known, found.ref, moment.day)
    members = cooperation_page.members_on(known, queries.parts_of(found), moment.day)
    sentence = cooperation_page.cooperation_sentence(found, members, space, moment)
    title = cooperation_page.title_of(found)
    plate = _country(known.insight) if space is None else space_plate(space, title, {**CARD_PAPER})
    picture = pictures.card(known.insight, title, sentence, plate)
    return HttpResponse(picture, content_type="image/png")


# ------------------------------------------------------------------------------------------------- projects


@require_safe
@remembered_page
def projects(request: HttpRequest) -> HttpResponse:
    """Projects that answer the filters, failed ones among them, page by page."""
    insight, form = thinking.current(), ProjectFilter(request.GET)
    found = form.sifted(queries.project_facts())
    context = project_list.projects_page(request, insight, form, found, _page(request, found))
    return render(request, "directory/projects.html", context)


@require_safe
def projects_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The projects the list shows, all its pages, as a file; they have no shape of their own."""
    found = ProjectFilter(request.GET).sifted(queries.project_facts())
    table = project_list.projects_table(thinking.current(), found)
    return as_file(table, kind, lambda: [None] * len(found))


@require_safe
@remembered_page
def project(request: HttpRequest, ref: str) -> HttpResponse:
    """Everything about one project."""
    found = _or_404(queries.project_under(ref))
    context = project_page.project_page(request, thinking.register(), found)
    return render(request, "directory/project.html", context)


# -------------------------------------------------------------------------------------------- organisations


@require_safe
@remembered_page
def organisations(request: HttpRequest) -> HttpResponse:
    """Organisations that answer the filters, page by page."""
    insight, form = thinking.current(), OrganisationFilter(request.GET)
    found = form.sifted(queries.organisation_facts())
    context = organisation_pages.organisations_page(request, insight, form, found, _page(request, found))
    return render(request, "directory/organisations.html", context)


@require_safe
def organisations_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The organisations the list shows, all its pages, as a file."""
    found = OrganisationFilter(request.GET).sifted(queries.organisation_facts())
    table, points = organisation_pages.organisations_table(thinking.current(), found)
    return as_file(table, kind, points)


@require_safe
@remembered_page
def organisation(request: HttpRequest, ref: str) -> HttpResponse:
    """Everything about one organisation."""
    found = _or_404(queries.organisation_under(ref))
    context = organisation_pages.organisation_page(request, thinking.current(), found)
    return render(request, "directory/organisation.html", context)


# -------------------------------------------------------------------------------------------- smaller pages


@require_safe
@remembered_page
def agreement(request: HttpRequest, ref: str) -> HttpResponse:
    """One agreement."""
    found = _or_404(queries.agreement_under(ref))
    context = record_pages.agreement_page(request, thinking.register(), found)
    return render(request, "directory/agreement.html", context)


@require_safe
@remembered_page
def meeting(request: HttpRequest, ref: str) -> HttpResponse:
    """One meeting."""
    found = _or_404(queries.meeting_under(ref))
    context = record_pages.meeting_page(request, thinking.current(), found)
    return render(request, "directory/meeting.html", context)


def history(name: str, under: Callable[[str], Any]) -> Callable[..., HttpResponse]:
    """The view of what was done to an entry of one kind; ``name`` is that of its page."""

    @require_safe
    @remembered_page
    def view(request: HttpRequest, ref: str) -> HttpResponse:
        found: Record = _or_404(under(ref))
        page = Paginator(register.history(found.TYPE, ref), STEPS_PER_PAGE).get_page(request.GET.get("seite"))
        context = record_pages.history_page(request, found, str(found), reverse(name, args=[ref]), page)
        return render(request, "directory/history.html", context)

    return view


# ---------------------------------------------------------------------------------------------------- pieces


def _cooperation_page(request: HttpRequest, ref: str) -> dict[str, Any]:
    return cooperation_page.cooperation_page(request, thinking.register(), _cooperation(ref), _day(request))


def _day(request: HttpRequest) -> cooperation_page.AsOf:
    return cooperation_page.as_of(request.GET.get("stand", ""))


def _cooperation(ref: str) -> Cooperation:
    found: Cooperation = _or_404(queries.cooperation_under(ref))
    return found


def _or_404(found: Any) -> Any:
    if found is None:
        raise Http404(_("The register has no entry under this address."))
    return found


def _page(request: HttpRequest, found: list[Any]) -> Page[Any]:
    return Paginator(found, PER_PAGE).get_page(request.GET.get("seite"))


def _svg(drawn: str) -> HttpResponse:
    return HttpResponse(drawn, content_type="image/svg+xml")


def _country(insight: Insight) -> str:
    return country_plate(insight, Level.LAND, CARD_PAPER, named=False)
