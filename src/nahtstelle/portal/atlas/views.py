"""The start page, the map with its tiles, and the data behind it all."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from nahtstelle.core.keys import Level
from nahtstelle.editions.manifest import AREAS, BORDERS, MANIFEST
from nahtstelle.portal import insight as thinking
from nahtstelle.portal.answers.ranges import ranged_file
from nahtstelle.portal.answers.remember import remembered_file, remembered_page
from nahtstelle.portal.answers.takeaway import as_file
from nahtstelle.portal.atlas import cooperating, covering, presenters
from nahtstelle.portal.insight import RegisterInsight
from nahtstelle.portal.reference import models, queries
from nahtstelle.portal.showing import pictures
from nahtstelle.portal.showing.pictures import CARD_PAPER, country_plate
from nahtstelle.portal.ui.levels import OF_SLUG

EDITION_FILES = (MANIFEST, AREAS, BORDERS)


@require_safe
@remembered_page
def start(request: HttpRequest) -> HttpResponse:
    """Search, map, key figures, the seams with most people."""
    return render(request, "atlas/start.html", presenters.start_page(request, thinking.register()))


@require_safe
@remembered_page
def map_page(request: HttpRequest) -> HttpResponse:
    """The map on the whole screen, and the same as a table."""
    return render(request, "atlas/map.html", presenters.map_page(request, thinking.register()))


@require_safe
@xframe_options_exempt
@remembered_page
def embed(request: HttpRequest) -> HttpResponse:
    """The map for the frame of another site."""
    return render(request, "atlas/embed.html", presenters.map_page(request, thinking.register()))


@require_safe
@remembered_file
def country_picture(request: HttpRequest, level: str) -> HttpResponse:
    """The map of the whole country where the living one cannot be drawn."""
    drawn = country_plate(thinking.current(), _level(level))
    return HttpResponse(drawn, content_type="image/svg+xml")


@require_safe
@remembered_file
def country_card(request: HttpRequest) -> HttpResponse:
    """The picture to share any page with that has none of its own."""
    insight = thinking.current()
    plate = country_plate(insight, Level.LAND, CARD_PAPER, named=False)
    picture = pictures.card(insight, _("Where does the border run?"), presenters.site_sentence(), plate)
    return HttpResponse(picture, content_type="image/png")


@require_safe
@remembered_page
def data(request: HttpRequest) -> HttpResponse:
    """Editions, sources, licences, downloads, how to cite."""
    return render(request, "atlas/data.html", presenters.data_page(request, thinking.current()))


@require_safe
@remembered_page
def coverage(request: HttpRequest) -> HttpResponse:
    """How much of what exists the register holds, and how fresh it is."""
    return render(request, "atlas/coverage.html", covering.coverage_page(request, thinking.register()))


@require_safe
def coverage_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    if kind not in covering.FILES:
        raise Http404(f"no file of kind {kind!r}: there are {', '.join(covering.FILES)}")
    return as_file(covering.coverage_table(request, thinking.register()), kind, list)


@gzip_page
@require_safe
def states(request: HttpRequest, level: str) -> HttpResponse:
    """What is known about the cooperation across the seams of a level, for the map; small, and asked for each time."""
    return _asked_each_time(request, thinking.register().seams(_level(level)).as_json)


@gzip_page
@require_safe
def areas_cooperating(request: HttpRequest, level: str) -> HttpResponse:
    """How many cooperations each area of a level belongs to, or which areas lie in a single one, for the map."""
    known = thinking.register()
    return _asked_each_time(request, cooperating.level_json(known, _level(level), *_narrowed(request, known)))


@gzip_page
@require_safe
def cooperations_of(request: HttpRequest, key: str) -> HttpResponse:
    """The cooperations of an area, for the panel beside the map."""
    known = thinking.register()
    if key not in known.insight.areas:
        raise Http404(f"no area {key!r}")
    said = cooperating.area_json(known, known.insight.areas[key], *_narrowed(request, known))
    return _asked_each_time(request, json.dumps(said, ensure_ascii=False).encode())


@require_safe
def cooperating_download(request: HttpRequest, level: str, kind: str) -> HttpResponse:
    """All areas of a level with the number of their cooperations, as a file."""
    if kind not in cooperating.FILES:
        raise Http404(f"no file of kind {kind!r}: there are {', '.join(cooperating.FILES)}")
    known = thinking.register()
    choice = cooperating.choice_of(request.GET, known)
    return as_file(cooperating.cooperating_table(known, _level(level), choice.kind), kind, list)


def _asked_each_time(request: HttpRequest, said: bytes) -> HttpResponse:
    """JSON that browsers keep and ask for again each time: as long as it stays the same, the answer is short."""
    etag = quote_etag(hashlib.sha256(said).hexdigest()[:32])
    response = HttpResponse(said, content_type="application/json", headers={"Cache-Control": "no-cache", "ETag": etag})
    return get_conditional_response(request, etag, response=response) or response


def _level(slug: str) -> Level:
    """A level by its word in addresses. Raises `Http404`."""
    if slug not in OF_SLUG:
        raise Http404(f"no level {slug!r}: there are {', '.join(OF_SLUG)}")
    return OF_SLUG[slug]


def _narrowed(request: HttpRequest, known: RegisterInsight) -> tuple[str, str]:
    """The kind and the cooperation an address asks for, empty for all. Raises `Http404` where there is no such."""
    choice = cooperating.choice_of(request.GET, known)
    kind, ref = request.GET.get("kooperationen", ""), request.GET.get("kooperation", "")
    if kind not in ("", choice.kind) or (ref and choice.one is None):
        raise Http404("no such cooperations")
    return kind, "" if kind else ref


@require_safe
def edition_file(request: HttpRequest, edition: str, name: str) -> HttpResponseBase:
    """A file of a loaded edition."""
    row = _loaded(edition)
    if name not in EDITION_FILES:
        raise Http404("no such file")
    path = thinking.insight_of(row).edition.folder / name
    return ranged_file(request, path, _type_of(path), name=f"{row.id}-{name}")


@require_safe
def tiles(request: HttpRequest, edition: str, fingerprint: str) -> HttpResponseBase:
    """The map tiles of an edition, in ranges; the address changes with the files, so browsers may keep them."""
    insight = thinking.insight_of(_loaded(edition))
    path = insight.tiles if insight.tiles_fingerprint == fingerprint else None
    if path is None:
        raise Http404("no tiles of this edition")
    return ranged_file(request, path, "application/vnd.pmtiles", for_ever=True)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Whether the site can answer: the database is there and an edition is loaded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"edition": queries.current_edition().id})


def _loaded(edition: str) -> models.Edition:
    """A loaded edition by its id, which may be anything an address can hold. Raises `Http404`."""
    row = None if "\x00" in edition else models.Edition.objects.filter(id=edition).first()
    if row is None:
        raise Http404("no such edition is loaded")
    return row


def _type_of(path: Path) -> str:
    return "application/json" if path.suffix == ".json" else "application/vnd.apache.parquet"
