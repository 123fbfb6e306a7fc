"""Addresses of the directory of areas, of each area, and of the search."""

from __future__ import annotations

from django.urls import path

from nahtstelle.portal.directory import views

pages = [
    path("suche/", views.search, name="search"),
    path("suche/vorschlaege/", views.suggestions, name="suggestions"),
    path("verzeichnis/", views.directory, name="directory"),
    path("verzeichnis/gebiete/", views.areas, name="areas"),
    path("verzeichnis/gebiete/liste.<str:kind>", views.download, name="areas-download"),
    path("verzeichnis/gebiete/<str:key>/", views.area, name="area"),
    path("verzeichnis/gebiete/<str:key>/blatt.pdf", views.sheet, name="area-sheet"),
    path("verzeichnis/gebiete/<str:key>/karte.svg", views.picture, name="area-picture"),
    path("verzeichnis/gebiete/<str:key>/vorschau.png", views.card, name="area-card"),
    path("verzeichnis/gebiete/<str:key>/daten.<str:kind>", views.area_download, name="area-download"),
    path("verzeichnis/gebiete/<str:key>/kurz/", views.brief, name="area-brief"),
    path("embed/gebiete/<str:key>/", views.embed, name="area-embed"),
]
