"""The gallery: every component in every state, to look at."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from nahtstelle.portal.heads import page_head


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Colours with their contrast, the seam scale, every component in every state."""
    return render(request, "ui/gallery.html", {"head": page_head(request, _("What does the site look like?"), _("x"))})
