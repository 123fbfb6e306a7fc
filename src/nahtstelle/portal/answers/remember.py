"""Finished answers, kept until the edition changes: pages in memory, pictures and sheets in files.

Pages are the same for every visitor, as nobody is known by a cookie. Whoever is signed in gets a page of their own.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from nahtstelle.portal.reference import queries

View = TypeVar("View", bound=Callable[..., HttpResponse])

_NONCE = b"nonce-goes-here-nonce-goes-here"
_DAY_S = 86_400


def _key(request: HttpRequest, day: dt.date | None) -> str:
    edition = queries.current_edition()
    said = f"{edition.id} {edition.fingerprint} {day} {get_language()} {request.get_full_path()}"
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


def remembered_page(view: View) -> View:
    """Keep the page a view makes for visitors; each answer gets a nonce of its own."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES or request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        pages, key = caches["pages"], _key(request, timezone.localdate())
        kept = pages.get(key)
        if kept is None:
            response = view(request, *args, **kwargs)
            if response.status_code == 200 and not response.streaming and not response.cookies:
                nonce = str(request.csp_nonce).encode()  # type: ignore[attr-defined]
                pages.set(key, (response["Content-Type"], response.content.replace(nonce, _NONCE)))
            return response
        content_type, body = kept
        nonce = str(request.csp_nonce).encode()  # type: ignore[attr-defined]
        return HttpResponse(body.replace(_NONCE, nonce), content_type=content_type)

    return answer  # type: ignore[return-value]


def remembered_file(view: View) -> View:
    """Keep the picture a view makes; browsers may keep it for a day and ask whether it changed."""
    return _remembered(view, dated=False)


def remembered_sheet(view: View) -> View:
    """The same for a sheet, which names the day it was made."""
    return _remembered(view, dated=True)


def _remembered(view: View, *, dated: bool) -> View:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        files, key = caches["files"], _key(request, timezone.localdate() if dated else None)
        etag = f'"{key[:32]}"'
        if request.headers.get("If-None-Match") == etag:
            response = HttpResponse(status=304)
        else:
            kept = files.get(key)
            if kept is None:
                response = view(request, *args, **kwargs)
                if response.status_code != 200:
                    return response
                headers = {name: value for name, value in response.items() if name != "Content-Length"}
                files.set(key, (headers, response.content))
            else:
                headers, body = kept
                response = HttpResponse(body, headers=headers)
        response["ETag"] = etag
        response["Cache-Control"] = f"public, max-age={_DAY_S}"
        return response

    return answer  # type: ignore[return-value]
