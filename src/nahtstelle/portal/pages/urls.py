"""Addresses around the written pages: what machines ask for. The pages themselves are Wagtail's."""

from __future__ import annotations

from django.urls import path

from nahtstelle.portal.pages import views

files = [
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap_index, name="sitemap-index"),
    path("sitemap-<str:section>.xml", views.sitemap_section, name="sitemap-section"),
    path("favicon.ico", views.favicon, name="favicon"),
    *(
        path(f"medien/{folder}/<path:name>", views.picture, {"folder": folder}, name=f"media-{folder}")
        for folder in views.PICTURES
    ),
]
