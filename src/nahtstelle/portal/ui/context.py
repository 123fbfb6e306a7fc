"""What every page knows: its language, its address in the other one, and the frame around it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override, pgettext

from nahtstelle.drawing.marks import logo
from nahtstelle.drawing.words import Language
from nahtstelle.portal.ui import figures

_SECTIONS = ("", "karte", "naehte", "verzeichnis", "daten", "leitfaden", "aktuelles", "suche")
_OTHER_ADDRESS = "address-in-the-other-language"
_PERSON = "<!-- who is signed in -->"
_BACK = "back-to-this-page"


@dataclass(frozen=True)
class OtherLanguage:
    """The same page in the other language of the site."""

    code: Language
    url: str
    same: bool = True
    """Whether it is this page, not only the nearest one there is."""

    @property
    def address(self) -> str:
        """Its full address."""
        return str(settings.ENV.base_url) + self.url


@dataclass(frozen=True)
class Entry:
    """One entry of the main navigation; ``section`` is the first part of the paths below it."""

    name: str
    url: str
    section: str


class Here:
    """Where a page is: language, part of the site, address, and the finished header and footer around it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.language: Language = "en" if (get_language() or "de").startswith("en") else "de"

    @cached_property
    def _path(self) -> str:
        """The path without the language, as the German page has it."""
        path = self._request.path
        return path.removeprefix("/en") if self.language == "en" else path

    @property
    def section(self) -> str:
        """First part of the path: ``naehte`` for every seam, nothing for the start page."""
        return self._path.split("/", 2)[1]

    @property
    def address(self) -> str:
        """The full address, without the query, for print and for canonical links."""
        return str(settings.ENV.base_url) + self._request.path

    @cached_property
    def other_language(self) -> OtherLanguage:
        """This page in the other language, with what was asked for; a written page may say where it is there."""
        code: Language = "de" if self.language == "en" else "en"
        if hasattr(self._request, "in_other_language"):
            return OtherLanguage(code, *self._request.in_other_language)
        query = self._request.META.get("QUERY_STRING", "")
        path = f"{self._path}?{query}" if query else self._path
        return OtherLanguage(code, path if code == "de" else f"/en{path}")

    @property
    def today(self) -> str:
        """The day a page was made, for whoever prints it."""
        return figures.date(timezone.localdate())

    @property
    def script(self) -> str:
        """Address of the script of every page."""
        return static("nt/site.js")

    @property
    def assets(self) -> SafeString:
        """Links to style sheet and icons."""
        return _frame(self.language, "", "ui/assets.html")

    @property
    def header(self) -> SafeString:
        """Skip link, name, search, languages and navigation."""
        finished = _frame(self.language, self.section, "ui/header.html")
        return mark_safe(
            finished.replace(_OTHER_ADDRESS, escape(self.other_language.url)).replace(_PERSON, self._person)
        )

    @property
    def _person(self) -> str:
        """The way to sign in; for whoever is signed in the menu of the account."""
        # without a cookie nobody is: pages that are remembered for visitors are made without asking who is there
        known = settings.SESSION_COOKIE_NAME in self._request.COOKIES and hasattr(self._request, "user")
        if known and self._request.user.is_authenticated:
            return render_to_string("ui/person.html", {"person": self._request.user}, self._request)
        back = "" if self.section in ("konto", "embed") else f"?next={quote(self._request.get_full_path())}"
        return _frame(self.language, "", "ui/visitor.html").replace(_BACK, escape(back))

    @property
    def footer(self) -> SafeString:
        """What the site is, and the pages every site must have."""
        return _frame(self.language, "", "ui/footer.html")


def page(request: HttpRequest) -> dict[str, Any]:
    """The one variable every page has, ``here``. Wagtail's own pages are called ``page`` in their templates."""
    return {"here": Here(request)}


def navigation(language: Language) -> list[Entry]:
    """The entries of the main navigation in their order."""
    root = "/en/" if language == "en" else "/"
    with override(language):
        return [
            Entry(pgettext("navigation", "Start"), root, ""),
            Entry(pgettext("navigation", "Map"), f"{root}karte/", "karte"),
            Entry(pgettext("navigation", "Seams"), f"{root}naehte/", "naehte"),
            Entry(pgettext("navigation", "Directory"), f"{root}verzeichnis/", "verzeichnis"),
            Entry(pgettext("navigation", "Data"), f"{root}daten/", "daten"),
            Entry(pgettext("navigation", "Guide"), f"{root}leitfaden/", "leitfaden"),
            Entry(pgettext("navigation", "News"), f"{root}aktuelles/", "aktuelles"),
        ]


def _frame(language: Language, section: str, template: str) -> SafeString:
    """A finished part of the frame. Made once per section, but anew for every page while somebody works on it."""
    if section not in _SECTIONS:
        section = "-"
    return _render.__wrapped__(language, section, template) if settings.DEBUG else _render(language, section, template)


@lru_cache(maxsize=64)
def _render(language: Language, section: str, template: str) -> SafeString:
    with override(language):
        return render_to_string(
            template,
            {
                "language": language,
                "root": "/en/" if language == "en" else "/",
                "section": section,
                "entries": navigation(language),
                "other_address": _OTHER_ADDRESS,
                "logo": mark_safe(logo()),
            },
        )
