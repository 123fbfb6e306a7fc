"""Addresses of the directory: areas, the entries of the register, and the search over all of them."""

from __future__ import annotations

from django.urls import path

from nahtstelle.portal.directory import feeds, finding, queries, register_views, views

pages = [
    path("suche/", finding.search, name="search"),
    path("suche/vorschlaege/", finding.suggestions, name="suggestions"),
    path("aktuell.atom", feeds.all_news, name="news-feed"),
    path("verzeichnis/treffen.ics", feeds.all_meetings, name="meetings-calendar"),
    path("verzeichnis/kooperationen/<slug:ref>/aktuell.atom", feeds.cooperation_news, name="cooperation-feed"),
    path("verzeichnis/kooperationen/<slug:ref>/treffen.ics", feeds.cooperation_meetings, name="cooperation-calendar"),
    path("verzeichnis/gebiete/<str:key>/aktuell.atom", feeds.area_news, name="area-feed"),
    path("verzeichnis/", register_views.directory, name="directory"),
    path("verzeichnis/gebiete/", views.areas, name="areas"),
    path("verzeichnis/gebiete/liste.<str:kind>", views.download, name="areas-download"),
    path("verzeichnis/gebiete/<str:key>/", views.area, name="area"),
    path("verzeichnis/gebiete/<str:key>/blatt.pdf", views.sheet, name="area-sheet"),
    path("verzeichnis/gebiete/<str:key>/karte.svg", views.picture, name="area-picture"),
    path("verzeichnis/gebiete/<str:key>/kooperationen.svg", views.overlap, name="area-overlap"),
    path("verzeichnis/gebiete/<str:key>/vorschau.png", views.card, name="area-card"),
    path("verzeichnis/gebiete/<str:key>/daten.<str:kind>", views.area_download, name="area-download"),
    path("verzeichnis/gebiete/<str:key>/kurz/", views.brief, name="area-brief"),
    path("embed/gebiete/<str:key>/", views.embed, name="area-embed"),
    path("verzeichnis/kooperationen/", register_views.cooperations, name="cooperations"),
    path(
        "verzeichnis/kooperationen/liste.<str:kind>", register_views.cooperations_download, name="cooperations-download"
    ),
    path("verzeichnis/kooperationen/karte.svg", register_views.cooperations_picture, name="cooperations-picture"),
    path("verzeichnis/kooperationen/<slug:ref>/", register_views.cooperation, name="cooperation"),
    path(
        "verzeichnis/kooperationen/<slug:ref>/karte.svg",
        register_views.cooperation_picture,
        name="cooperation-picture",
    ),
    path("verzeichnis/kooperationen/<slug:ref>/blatt.pdf", register_views.cooperation_pdf, name="cooperation-sheet"),
    path("verzeichnis/kooperationen/<slug:ref>/vorschau.png", register_views.cooperation_card, name="cooperation-card"),
    path(
        "verzeichnis/kooperationen/<slug:ref>/daten.<str:kind>",
        register_views.cooperation_download,
        name="cooperation-download",
    ),
    path("embed/kooperationen/<slug:ref>/", register_views.cooperation_embed, name="cooperation-embed"),
    path("verzeichnis/projekte/", register_views.projects, name="projects"),
    path("verzeichnis/projekte/liste.<str:kind>", register_views.projects_download, name="projects-download"),
    path("verzeichnis/projekte/<slug:ref>/", register_views.project, name="project"),
    path("verzeichnis/organisationen/", register_views.organisations, name="organisations"),
    path(
        "verzeichnis/organisationen/liste.<str:kind>",
        register_views.organisations_download,
        name="organisations-download",
    ),
    path("verzeichnis/organisationen/<slug:ref>/", register_views.organisation, name="organisation"),
    path("verzeichnis/vereinbarungen/<slug:ref>/", register_views.agreement, name="agreement"),
    path("verzeichnis/treffen/<slug:ref>/", register_views.meeting, name="meeting"),
    *(
        path(f"verzeichnis/{folder}/<slug:ref>/verlauf/", register_views.history(name, under), name=f"{name}-history")
        for folder, name, under in (
            ("kooperationen", "cooperation", queries.cooperation_under),
            ("projekte", "project", queries.project_under),
            ("organisationen", "organisation", queries.organisation_under),
            ("vereinbarungen", "agreement", queries.agreement_under),
            ("treffen", "meeting", queries.meeting_under),
        )
    ),
]
