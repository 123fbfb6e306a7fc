"""The search: places, the seams between them, and everything the register knows, from one field."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_ratelimit.decorators import ratelimit

from nahtstelle.core.names import folded
from nahtstelle.portal import insight as thinking
from nahtstelle.portal.answers.remember import remembered_page
from nahtstelle.portal.answers.visitors import address_of
from nahtstelle.portal.directory import hits, presenters
from nahtstelle.portal.directory.forms import SearchFilter
from nahtstelle.portal.reference import models, queries
from nahtstelle.portal.register import search as register_search
from nahtstelle.portal.register.stems import stem, words
from nahtstelle.portal.ui.heads import page_head, root

PER_PAGE = 20
MOST_AREAS = 50
FEW_AREAS = 6
"""So many places are shown where records were found too: these stand below them."""
MOST_SUGGESTED = 8
RECORDS_SUGGESTED = 4
SUGGESTIONS_PER_MINUTE = "120/m"
_SUGGESTED = ("cooperation", "organisation")


@require_safe
@remembered_page
def search(request: HttpRequest) -> HttpResponse:
    """What a text may mean; the one thing it can only mean is shown at once."""
    form = SearchFilter(request.GET)
    text, chosen = form.text, form.chosen()
    edition = queries.current_edition()
    narrowed = any(chosen.values())
    areas = _areas(edition, text, chosen)
    number = request.GET.get("seite", "")
    found, page = _records(text, chosen, number)
    if not narrowed and not number and (only := _only(areas, found, text)):
        return redirect(only)
    insight = thinking.insight_of(edition)
    nothing = bool(text) and not narrowed and not areas and not found.count
    meant = register_search.corrected(text) if nothing else ""
    title = _("Search") if not text else _("Search: %(text)s") % {"text": text}
    context = {
        "head": page_head(
            request, title, _("Find places by name or key, cooperations, projects, organisations and sources by words.")
        ),
        "insight": insight,
        "text": text,
        "form": form,
        "narrowed": narrowed,
        "areas": presenters.area_rows(areas[:FEW_AREAS] if found.count else areas),
        "places": len(areas),
        "seam": hits.seam_of(insight, text) if text and not narrowed and not areas else None,
        "found": found,
        "records": hits.hits(found.hits, text),
        "page": page,
        "similar": presenters.area_rows(queries.similar_areas(edition, text, MOST_SUGGESTED)) if nothing else [],
        "meant": meant,
        "meant_records": hits.hits(register_search.found(meant, limit=RECORDS_SUGGESTED).hits) if meant else [],
        "most": MOST_AREAS,
        "root": root(),
    }
    return render(request, "directory/search.html", context)


@require_safe
@ratelimit(key=address_of, rate=SUGGESTIONS_PER_MINUTE, block=False)
def suggestions(request: HttpRequest) -> HttpResponse:
    """A few places and cooperations a text may mean, for the list below the search field."""
    if request.limited:  # type: ignore[attr-defined]
        return JsonResponse({"error": _("Too many questions in a short time. Please wait a minute.")}, status=429)
    text = request.GET.get("q", "")
    edition = queries.current_edition()
    areas = queries.found_areas(edition, text, MOST_SUGGESTED)
    records = hits.hits(register_search.beginning(text, _SUGGESTED, RECORDS_SUGGESTED))
    if not areas and not records:
        areas = queries.similar_areas(edition, text, 4)
    rows = [
        {"key": row.area.key, "title": row.title, "hint": row.hint, "url": row.url}
        for row in presenters.area_rows(areas[: MOST_SUGGESTED - len(records)])
    ]
    rows += [{"key": hit.entry.record_ref, "title": hit.title, "hint": hit.hint, "url": hit.url} for hit in records]
    return JsonResponse({"suggestions": rows}, headers={"Cache-Control": "private, max-age=300"})


def _areas(edition: models.Edition, text: str, chosen: dict[str, str]) -> list[models.Area]:
    """Areas that fit, unless only records were asked for."""
    if not text or chosen["type"] or chosen["kind"]:
        return []
    areas = queries.found_areas(edition, text, MOST_AREAS)
    return [area for area in areas if chosen["land"] in ("", area.land_key, area.key)]


def _records(text: str, chosen: dict[str, str], number: str) -> tuple[register_search.Found, object]:
    """The records of a page of the answers, and the page."""
    types = (chosen["type"],) if chosen["type"] else ()
    asked = max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 6 else 1

    def of_page(page: int) -> register_search.Found:
        return register_search.found(
            text, types, chosen["kind"], chosen["land"], limit=PER_PAGE, offset=(page - 1) * PER_PAGE
        )

    found = of_page(asked)
    page = Paginator(range(found.count), PER_PAGE).get_page(asked)
    if page.number != asked:
        found = of_page(page.number)
    return found, page


def _only(areas: list[models.Area], found: register_search.Found, text: str) -> str:
    """The page of the one thing a text can mean, empty where it may mean several."""
    asked = {stem(word) for word in words(text)} or {folded(text)}
    named = [hit for hit in found.hits if asked <= {stem(word) for word in words(hit.title)}]
    if len(areas) == 1 and not named:
        return presenters.area_rows(areas)[0].url
    if not areas and len(named) == found.count == 1:
        return hits.hits(named)[0].url
    return ""
