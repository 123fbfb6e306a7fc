"""The directory: areas as a list, the page of each, and the search over it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe
from django_ratelimit.decorators import ratelimit

from nahtstelle.core.model import Area
from nahtstelle.portal import insight as thinking
from nahtstelle.portal.answers.remember import remembered_file, remembered_page, remembered_sheet
from nahtstelle.portal.answers.takeaway import as_file
from nahtstelle.portal.answers.visitors import address_of
from nahtstelle.portal.directory import presenters
from nahtstelle.portal.directory.forms import AreaFilter
from nahtstelle.portal.insight import Insight
from nahtstelle.portal.places import area_for
from nahtstelle.portal.reference import queries
from nahtstelle.portal.showing import pictures
from nahtstelle.portal.showing.pictures import CARD_PAPER, area_plate
from nahtstelle.portal.showing.sheets import area_pdf
from nahtstelle.portal.ui.heads import page_head, root

PER_PAGE = 50
MOST_SUGGESTED = 8
MOST_SHOWN = 50
SUGGESTIONS_PER_MINUTE = "120/m"


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """So far the directory holds areas."""
    return redirect("areas")


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
    return render(request, "directory/area.html", presenters.area_page(request, insight, found))


@require_safe
def brief(request: HttpRequest, key: str) -> HttpResponse:
    """The same in a few lines, for the panel beside the map."""
    insight, found = _area(key)
    return render(request, "directory/brief.html", presenters.area_page(request, insight, found))


@require_safe
@xframe_options_exempt
@remembered_page
def embed(request: HttpRequest, key: str) -> HttpResponse:
    """The same for the frame of another site."""
    insight, found = _area(key)
    return render(request, "directory/embed.html", presenters.area_page(request, insight, found))


@require_safe
def area_download(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """The seams of an area as a file."""
    insight, found = _area(key)
    table, lines = presenters.area_seams_table(insight, found)
    return as_file(table, kind, lines)


@require_safe
@remembered_sheet
def sheet(request: HttpRequest, key: str) -> HttpResponse:
    """One page for the council as PDF."""
    insight, found = _area(key)
    pdf = area_pdf(insight, found, reverse("area", args=[found.key]))
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


@require_safe
@remembered_file
def card(request: HttpRequest, key: str) -> HttpResponse:
    """The picture to share the page with."""
    insight, found = _area(key)
    sentence = presenters.area_sentence(insight, found, presenters.neighbours_of(insight, found))
    picture = pictures.card(insight, found.name, sentence, area_plate(insight, found, CARD_PAPER))
    return HttpResponse(picture, content_type="image/png")


# ------------------------------------------------------------------------------------------------- search


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Areas a text may mean; the one it can only mean is shown at once."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[: queries.LONGEST_QUERY]
    edition = queries.current_edition()
    found = queries.found_areas(edition, text, MOST_SHOWN) if text else []
    if len(found) == 1:
        return redirect("area", found[0].key)
    similar = queries.similar_areas(edition, text, MOST_SUGGESTED) if text and not found else []
    title = _("Search") if not text else _("Search: %(text)s") % {"text": text}
    context = {
        "head": page_head(request, title, _("Find a municipality, district or Land by name or key.")),
        "insight": thinking.insight_of(edition),
        "text": text,
        "found": presenters.area_rows(found),
        "similar": presenters.area_rows(similar),
        "most": MOST_SHOWN,
        "root": root(),
    }
    return render(request, "directory/search.html", context)


@require_safe
@ratelimit(key=address_of, rate=SUGGESTIONS_PER_MINUTE, block=False)
def suggestions(request: HttpRequest) -> HttpResponse:
    """A few areas a text may mean, for the list below the search field."""
    if request.limited:  # type: ignore[attr-defined]
        return JsonResponse({"error": _("Too many questions in a short time. Please wait a minute.")}, status=429)
    text = request.GET.get("q", "")
    edition = queries.current_edition()
    found = queries.found_areas(edition, text, MOST_SUGGESTED) or queries.similar_areas(edition, text, 4)
    rows = [
        {"key": row.area.key, "title": row.title, "hint": row.hint, "url": row.url}
        for row in presenters.area_rows(found)
    ]
    return JsonResponse({"suggestions": rows}, headers={"Cache-Control": "private, max-age=300"})


def _area(key: str) -> tuple[Insight, Area]:
    insight = thinking.current()
    return insight, area_for(insight, key)
