"""Addresses of the start page, the map, its tiles, and the data behind them."""

from __future__ import annotations

from django.urls import path

from nahtstelle.portal.atlas import views

pages = [
    path("", views.start, name="start"),
    path("karte/", views.map_page, name="map"),
    path("karte/deutschland-<str:level>.svg", views.country_picture, name="country-picture"),
    path("karte/vorschau.png", views.country_card, name="country-card"),
    path("karte/kooperationen/<str:key>.json", views.cooperations_of, name="area-cooperations"),
    path("karte/kooperationen-<str:level>.<str:kind>", views.cooperating_download, name="cooperating-download"),
    path("daten/", views.data, name="data"),
    path("daten/abdeckung/", views.coverage, name="coverage"),
    path("daten/abdeckung/liste.<str:kind>", views.coverage_download, name="coverage-download"),
    path("daten/<str:edition>/<str:name>", views.edition_file, name="edition-file"),
    path("embed/karte/", views.embed, name="map-embed"),
]

files = [
    path("karte/kacheln/<str:edition>/<str:fingerprint>.pmtiles", views.tiles, name="tiles"),
    path("karte/zusammenarbeit-<str:level>.json", views.states, name="seam-states"),
    path("karte/kooperationen-<str:level>.json", views.areas_cooperating, name="areas-cooperating"),
    path("zustand/", views.health, name="health"),
]
