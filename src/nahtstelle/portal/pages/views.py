"""What machines ask for around the pages: rules for robots, the site map, the icon, pictures people put in."""

from __future__ import annotations

import mimetypes
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.sitemaps import views as sitemaps
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils._os import safe_join
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from nahtstelle.drawing.marks import mark_png
from nahtstelle.portal.answers.ranges import ranged_file
from nahtstelle.portal.answers.remember import remembered_file
from nahtstelle.portal.pages.sitemaps import SECTIONS, EditionSection, Section

PICTURES = ("images", "avatar_images")
"""Folders of `MEDIA_ROOT` anybody may see. Pictures as they were sent in may say where they were taken: not those."""
_ICON_PX = 32
_DAY_S = 86_400

# Lists have more filters than anybody wants to follow; the site map names every page they lead to.
_ROBOTS = """\
User-agent: *
Disallow: /*?
Disallow: /*/kurz/$
Disallow: /embed/
Disallow: /en/embed/
Disallow: /suche/
Disallow: /en/suche/
Disallow: {editing}
Allow: /sitemap-

Sitemap: {base}{sitemap}
"""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What robots may read, and where the site map is."""
    said = _ROBOTS.format(
        editing=reverse("wagtailadmin_home"), base=settings.ENV.base_url, sitemap=reverse("sitemap-index")
    )
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The files of the site map, section by section."""
    files = []
    for name, kind in SECTIONS.items():
        section = kind()
        address = settings.ENV.base_url + reverse("sitemap-section", args=[name])
        files += [
            {"location": address if page == 1 else f"{address}?p={page}", "last_mod": section.get_latest_lastmod()}
            for page in section.paginator.page_range
            if section.paginator.count  # a register without entries has no page to name
        ]
    return render(request, "sitemap_index.xml", {"sitemaps": files}, content_type="application/xml")


@require_safe
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    """The addresses of one section, one file of it."""
    kind = SECTIONS.get(section)
    if kind is None:
        raise Http404(f"no section {section!r}: there are {', '.join(SECTIONS)}")
    made = _kept_section if issubclass(kind, EditionSection) else _made_section
    return made(request, kind)


def _made_section(request: HttpRequest, kind: type[Section]) -> HttpResponse:
    response = sitemaps.sitemap(request, {"one": kind})
    return response.render()


_kept_section = remembered_file(_made_section)
"""Thousands of addresses take seconds to write down, and stay the same until the edition changes."""


@cache
def _icon() -> bytes:
    return mark_png(_ICON_PX)


@require_safe
@cache_control(public=True, max_age=_DAY_S)
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon at the address browsers try before they have read a page."""
    return HttpResponse(_icon(), content_type="image/png")


@require_safe
def picture(request: HttpRequest, folder: str, name: str) -> HttpResponseBase:
    """A picture that belongs to a page, in the size the page asks for. Its name changes with its content."""
    path = Path(safe_join(settings.MEDIA_ROOT / folder, name))
    if not path.is_file():
        raise Http404("no such picture")
    return ranged_file(request, path, mimetypes.guess_type(path.name)[0] or "application/octet-stream", for_ever=True)
