"""The directory: areas as a list, and the page of each."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from nahtstelle.core.model import Area
from nahtstelle.portal import insight as thinking
from nahtstelle.portal.answers.remember import (
    remembered_file,
    remembered_page,
    remembered_sheet,
    remembered_showing,
)
from nahtstelle.portal.answers.takeaway import as_file
from nahtstelle.portal.directory import presenters
from nahtstelle.portal.directory.area_cooperations import cooperations_sentence, overlap_plate, overlap_text
from nahtstelle.portal.directory.forms import AreaFilter
from nahtstelle.portal.insight import Insight
from nahtstelle.portal.places import area_for
from nahtstelle.portal.showing import pictures
from nahtstelle.portal.showing.pictures import CARD_PAPER, area_plate
from nahtstelle.portal.showing.sheets import area_pdf

PER_PAGE = 50


@require_safe
@remembered_page
def areas(request: HttpRequest) -> HttpResponse:
    """Areas that answer the filters, page by page."""
    form = AreaFilter(request.GET)
    chosen = form.chosen()
    found = presenters.listed(chosen)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("seite"))
    return render(request, "directory/areas.html", presenters.areas_page(request, form, page))


@require_safe
def download(request: HttpRequest, kind: str) -> HttpResponse:
    """The areas the list shows, all its pages, as a file."""
    chosen = AreaFilter(request.GET).chosen()
    table, shapes = presenters.areas_table(thinking.current(), list(presenters.listed(chosen)), chosen["level"])
    return as_file(table, kind, shapes)


@require_safe
@remembered_page
def area(request: HttpRequest, key: str) -> HttpResponse:
    """Everything about one area."""
    insight = thinking.current()
    found = area_for(insight, key)
    if found.key != key:
        return HttpResponsePermanentRedirect(reverse("area", args=[found.key]))
    return render(request, "directory/area.html", presenters.area_page(request, thinking.register(insight), found))


@require_safe
def brief(request: HttpRequest, key: str) -> HttpResponse:
    """The same in a few lines, for the panel beside the map."""
    insight, found = _area(key)
    return render(request, "directory/brief.html", presenters.area_page(request, thinking.register(insight), found))


@require_safe
@xframe_options_exempt
@remembered_page
def embed(request: HttpRequest, key: str) -> HttpResponse:
    """The same for the frame of another site."""
    insight, found = _area(key)
    return render(request, "directory/embed.html", presenters.area_page(request, thinking.register(insight), found))


@require_safe
def area_download(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """The seams of an area as a file."""
    insight, found = _area(key)
    table, lines = presenters.area_seams_table(thinking.register(insight), found)
    return as_file(table, kind, lines)


@require_safe
@remembered_sheet
def sheet(request: HttpRequest, key: str) -> HttpResponse:
    """One page for the council as PDF."""
    insight, found = _area(key)
    known = thinking.register(insight)
    pdf = area_pdf(known, found, reverse("area", args=[found.key]), cooperations_sentence(known, found))
    name = f"nahtstelle-{found.key}.pdf"
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


@require_safe
@remembered_file
def picture(request: HttpRequest, key: str) -> HttpResponse:
    """The map of an area where the living one cannot be drawn."""
    insight, found = _area(key)
    return HttpResponse(area_plate(insight, found), content_type="image/svg+xml")


def _overlaps(key: str) -> str:
    """What the overlap picture of an area shows of the register."""
    insight, found = _area(key)
    return overlap_text(thinking.register(insight), found)


@require_safe
@remembered_showing(_overlaps)
def overlap(request: HttpRequest, key: str) -> HttpResponse:
    """Which parts of an area belong to which of its cooperations, as small maps."""
    insight, found = _area(key)
    drawn = overlap_plate(thinking.register(insight), found)
    if not drawn:
        raise Http404(_("No cooperation covers a part of this area."))
    return HttpResponse(drawn, content_type="image/svg+xml")


@require_safe
@remembered_file
def card(request: HttpRequest, key: str) -> HttpResponse:
    """The picture to share the page with."""
    insight, found = _area(key)
    neighbours = presenters.neighbours_of(thinking.register(insight), found)
    sentence = presenters.area_sentence(insight, found, neighbours)
    picture = pictures.card(insight, found.name, sentence, area_plate(insight, found, CARD_PAPER))
    return HttpResponse(picture, content_type="image/png")


def _area(key: str) -> tuple[Insight, Area]:
    insight = thinking.current()
    return insight, area_for(insight, key)
