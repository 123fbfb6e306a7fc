"""The import desk in the menu of the editing screens."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from nahtstelle.portal.intake import views
from nahtstelle.portal.register.policies import may


class ImportsMenuItem(MenuItem):
    """Shown to who may import."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person may."""
        return may(request.user, "import")


@hooks.register("register_admin_menu_item")
def imports_menu_item() -> MenuItem:
    """The way to the imports."""
    return ImportsMenuItem(_("Imports"), reverse("intake"), name="imports", icon_name="upload", order=350)


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """The screens."""
    return [
        path("importe/", views.imports, name="intake"),
        path("importe/<int:pk>/spalten/", views.columns, name="intake_columns"),
        path("importe/<int:pk>/pruefen/", views.check, name="intake_check"),
        path("importe/<int:pk>/", views.report, name="intake_report"),
        path("importe/<int:pk>/rueckgaengig/", views.undo, name="intake_undo"),
        path("importe/<int:pk>/verwerfen/", views.discard, name="intake_discard"),
    ]
