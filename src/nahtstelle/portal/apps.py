"""The site as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class Portal(AppConfig):
    """Brings the checks; everything else is in the applications beside it."""

    name = "nahtstelle.portal"

    def ready(self) -> None:
        """Register the checks."""
        from nahtstelle.portal import checks  # noqa: F401
