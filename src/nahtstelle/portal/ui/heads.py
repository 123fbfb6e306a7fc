"""What a page says of itself to search engines, to other pages and to whoever shares it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

_IN_SCRIPT = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class PageHead:
    """Title, one sentence, the one address of the page, a picture to share it with, and the same facts as JSON-LD."""

    title: str
    description: str
    path: str
    picture: str
    linked_data: dict[str, Any]

    @property
    def address(self) -> str:
        """The address of the page wherever it is printed or shared."""
        return settings.ENV.base_url + self.path

    @property
    def picture_address(self) -> str:
        """The address of the picture to share the page with."""
        return settings.ENV.base_url + self.picture

    @property
    def linked_data_json(self) -> SafeString:
        """JSON-LD, safe to stand in a script element."""
        data = {"@context": "https://schema.org", "url": self.address, "name": self.title} | self.linked_data
        return mark_safe(json.dumps(data, ensure_ascii=False).translate(_IN_SCRIPT))


def page_head(
    request: HttpRequest, title: str, description: str, *, picture: str = "", linked_data: dict[str, Any] | None = None
) -> PageHead:
    """The head of a page at its own path, without the query."""
    return PageHead(
        title, description, request.path, picture or reverse("country-card"), linked_data or {"@type": "WebPage"}
    )


def files(base: str, *, kinds: tuple[str, ...] = ("csv", "xlsx", "geojson"), query: str = "") -> dict[str, str]:
    """Addresses of what can be taken away from a page: ``base`` with the ending of each kind, and the same query."""
    return {kind: f"{base}.{kind}" + (f"?{query}" if query else "") for kind in kinds}


def suggest_url() -> str:
    """Where somebody says what the register does not know yet."""
    return reverse("account-suggest")


def root() -> str:
    """Where the pages of the reader's language begin."""
    return reverse("start")
