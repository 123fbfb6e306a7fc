"""Address of the gallery."""

from __future__ import annotations

from django.urls import path

from nahtstelle.portal.ui import views

pages = [path("gestaltung/", views.gallery, name="gallery")]
