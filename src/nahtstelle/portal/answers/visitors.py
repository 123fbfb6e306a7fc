"""Visitors, as far as the site has to tell them apart: not at all, but for how much one address asks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def address_of(group: Any, request: HttpRequest) -> str:
    """The network address a request came from; behind a proxy the last one it added, as the others can be invented."""
    if settings.ENV.behind_proxy:
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
        return forwarded.rsplit(",", 1)[-1].strip() or str(request.META["REMOTE_ADDR"])
    return str(request.META["REMOTE_ADDR"])
