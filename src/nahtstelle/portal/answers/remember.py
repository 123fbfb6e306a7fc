"""Finished answers, kept until the edition or the register changes: pages in memory, pictures and sheets in files.

Pages are the same for every visitor, as nobody is known by a cookie. Whoever is signed in gets a page of their own.
Pictures that show nothing of the register outlive its changes.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from nahtstelle.errors import EditionNotFound
from nahtstelle.portal.reference.models import Edition
from nahtstelle.portal.register.models import LogEntry

View = TypeVar("View", bound=Callable[..., HttpResponse])

_NONCE = b"nonce-goes-here-nonce-goes-here"
_FOR_A_DAY = "public, max-age=86400"
_ASKED_EACH_TIME = "public, no-cache"

# One query for both: every answer begins with it, a remembered page too.
_STANDING = (
    "SELECT id, title, valid_on, folder, fingerprint, loaded_at, "
    f"(SELECT MAX(id) FROM {LogEntry._meta.db_table}) AS version FROM {Edition._meta.db_table} WHERE current"
)


FRESH_S = 1.0
"""How long a worker takes what it was last told for the present; visitors see a change at the latest then."""

_told: tuple[float, Edition, int] | None = None


def _standing() -> tuple[Edition, int]:
    """The current edition, and the version of the register. Raises `EditionNotFound` where no edition is loaded."""
    global _told  # one per worker; asking a database takes as long as the rest of a remembered page
    now = time.monotonic()
    if _told is not None and now - _told[0] < FRESH_S:
        return _told[1], _told[2]
    for edition in Edition.objects.raw(_STANDING):
        _told = (now, edition, edition.version or 0)  # type: ignore[attr-defined]
        return _told[1], _told[2]
    raise EditionNotFound("no edition is loaded yet: 'nahtstelle portal load-edition' loads one")


def _key(request: HttpRequest, *said: object) -> str:
    text = " ".join(map(str, (*said, get_language(), request.get_full_path())))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def remembered_page(view: View) -> View:
    """Keep the page a view makes for visitors; each answer gets a nonce of its own."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES or request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        edition, version = _standing()
        key = _key(request, edition.id, edition.fingerprint, version, timezone.localdate())
        pages = caches["pages"]
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
    """Keep the picture a view makes of the edition; browsers may keep it for a day and ask whether it changed."""
    return _remembered(view, lambda _version, *_args, **_kwargs: "", _FOR_A_DAY)


def remembered_sheet(view: View) -> View:
    """Keep the sheet a view makes, which names the day it was made and shows what the register says that day."""
    return _remembered(view, lambda version, *_args, **_kwargs: f"{timezone.localdate()} {version}", _ASKED_EACH_TIME)


def remembered_showing(said: Callable[..., str]) -> Callable[[View], View]:
    """Keep a picture that shows something of the register; ``said`` says what, given the arguments of the view.

    So a picture is made anew when what it shows has changed, not whenever anything in the register has.
    """
    return lambda view: _remembered(view, lambda _version, *args, **kwargs: said(*args, **kwargs), _ASKED_EACH_TIME)


def _remembered(view: View, said: Callable[..., str], browsers: str) -> View:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        edition, version = _standing()
        key = _key(request, edition.id, edition.fingerprint, said(version, *args, **kwargs))
        files = caches["files"]
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
        response["Cache-Control"] = browsers
        return response

    return answer  # type: ignore[return-value]
