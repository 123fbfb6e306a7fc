"""Addresses of the gallery."""

from __future__ import annotations

from django.urls import URLPattern

pages: list[URLPattern] = []
