"""Addresses of the ranking of seams and of each seam."""

from __future__ import annotations

from django.urls import path

from nahtstelle.portal.seams import views

pages = [
    path("naehte/", views.ranking, name="seams"),
    path("naehte/liste.<str:kind>", views.download, name="seams-download"),
    path("naehte/<str:a>/<str:b>/", views.seam, name="seam"),
    path("naehte/<str:a>/<str:b>/blatt.pdf", views.sheet, name="seam-sheet"),
    path("naehte/<str:a>/<str:b>/karte.svg", views.picture, name="seam-picture"),
    path("naehte/<str:a>/<str:b>/vorschau.png", views.card, name="seam-card"),
    path("naehte/<str:a>/<str:b>/daten.<str:kind>", views.seam_download, name="seam-download"),
    path("naehte/<str:a>/<str:b>/kurz/", views.brief, name="seam-brief"),
    path("embed/naehte/<str:a>/<str:b>/", views.embed, name="seam-embed"),
]
