"""The addresses of the site, an empty view, and a page with an empty map."""

from __future__ import annotations

from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from benchmarks.site import DRAWN, EMPTY, EMPTY_MAP, RECORD
from nahtstelle.portal.register.models import Cooperation
from nahtstelle.portal.ui.heads import page_head
from nahtstelle.portal.urls import urlpatterns as site

MAPLIBRE = Path(__file__).parents[1] / "frontend" / "node_modules" / "maplibre-gl" / "dist"

_MAP_PAGE = """<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Leere Karte</title>
<link rel="stylesheet" href="/vergleich/maplibre/maplibre-gl.css">
<style>#map { height: 600px }</style></head>
<body><h1>Leere Karte</h1><div id="map"></div>
<script type="module">
import { Map, setWorkerUrl } from "/vergleich/maplibre/maplibre-gl.mjs";
setWorkerUrl?.("/vergleich/maplibre/maplibre-gl-worker.mjs");
const map = new Map({ container: "map", style: { version: 8, sources: {}, layers: [] }, center: [10, 51], zoom: 5 });
map.once("load", () => performance.mark("MARK"));
</script></body></html>"""


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing, through the same middleware."""
    return HttpResponse("ok")


def record(request: HttpRequest, number: int) -> HttpResponse:
    """One cooperation by its primary key, its name and summary in the frame of the site."""
    found = get_object_or_404(Cooperation, pk=number)
    return render(request, "base.html", {"head": page_head(request, found.name, found.summary_de)})


def empty_map(request: HttpRequest) -> HttpResponse:
    """MapLibre as it comes, with a map that has nothing to draw."""
    response = HttpResponse(_MAP_PAGE.replace("MARK", DRAWN))
    response._csp_exempt = True  # type: ignore[attr-defined]
    return response


def maplibre(request: HttpRequest, name: str) -> FileResponse:
    """A file of MapLibre's package."""
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    return FileResponse((MAPLIBRE / Path(name).name).open("rb"), content_type=kind)


urlpatterns = [
    path(EMPTY, empty),
    path(f"{RECORD}<int:number>/", record),
    path(EMPTY_MAP, empty_map),
    path("vergleich/maplibre/<str:name>", maplibre),
    *site,
]
