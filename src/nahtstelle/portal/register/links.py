"""Whether the links of the register still lead somewhere; what does not is shown to whoever looks after it."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from django.utils import timezone
from django.utils.translation import gettext as _

from nahtstelle.portal.register.models import Attachment

TIMEOUT_S: Final = 10
AT_ONCE: Final = 8
_AGENT: Final = "Mozilla/5.0 (compatible; Nahtstelle)"
_NO_HEAD: Final = frozenset({403, 404, 405, 501})
"""What some servers answer to a question for the head alone, though the page is there."""

Progress = Callable[[int, int], None]


def check_links(*, progress: Progress | None = None, timeout_s: float = TIMEOUT_S) -> tuple[int, int]:
    """Ask for every link of the register; returns how many were asked for and how many lead nowhere.

    Only http and https are asked for. What was found is kept with each link, without a log entry: it says nothing new
    of the record itself.
    """
    links = list(
        Attachment.objects.filter(withdrawn_on__isnull=True).exclude(url="").order_by("pk").values_list("pk", "url")
    )
    broken = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        reasons = pool.map(lambda url: why_broken(url, timeout_s), (url for _pk, url in links))
        for done, ((pk, _url), reason) in enumerate(zip(links, reasons, strict=True), 1):
            broken += bool(reason)
            Attachment.objects.filter(pk=pk).update(checked_at=timezone.now(), broken=reason[:200])
            if progress:
                progress(done, len(links))
    return len(links), broken


def why_broken(url: str, timeout_s: float = TIMEOUT_S) -> str:
    """Why a link does not work, in a few words; empty where it does."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return _("no address")
    if parts.scheme not in ("http", "https") or not host:
        return _("no address of a web page")
    opener = build_opener(_OnlyTheWeb)
    answer = _asked(opener, url, "HEAD", timeout_s)
    return _asked(opener, url, "GET", timeout_s) if answer in {_status(code) for code in _NO_HEAD} else answer


class _OnlyTheWeb(HTTPRedirectHandler):
    """Follows from page to page, and never to anything that is no web page."""

    def redirect_request(self, *args: object) -> Request | None:
        """Refuses any other scheme."""
        address = str(args[-1])
        if urlsplit(address).scheme not in ("http", "https"):
            raise URLError("redirect to another kind of address")
        return super().redirect_request(*args)  # type: ignore[arg-type]


def _asked(opener: OpenerDirector, url: str, method: str, timeout_s: float) -> str:
    try:
        with opener.open(Request(_encoded(url), method=method, headers={"User-Agent": _AGENT}), timeout=timeout_s):
            return ""
    except HTTPError as error:
        return _status(error.code)
    except (URLError, OSError, http.client.HTTPException, ValueError) as error:
        return _why(error)


def _status(code: int) -> str:
    return _("answer %(code)d") % {"code": code}


def _why(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    if isinstance(reason, TimeoutError):
        return _("no answer in time")
    if isinstance(reason, socket.gaierror):
        return _("no such host")
    if isinstance(reason, ConnectionError):
        return _("no connection")
    return _("not reachable: %(reason)s") % {"reason": reason}


def _encoded(url: str) -> str:
    """The address with other letters than those of ASCII as they travel."""
    parts = urlsplit(url)
    host = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
    keep = "/%:=&?~#+!$,;'@()*[]"
    return parts._replace(
        netloc=host, path=quote(parts.path, keep), query=quote(parts.query, keep), fragment=""
    ).geturl()
