"""Addresses around the written pages: what machines ask for."""

from __future__ import annotations

from django.urls import URLPattern

files: list[URLPattern] = []
