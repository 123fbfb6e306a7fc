"""What search engines may find: every page of the site in both languages, in sections."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse
from django.utils.translation import get_language
from wagtail.models import Page

from nahtstelle.core.keys import Level
from nahtstelle.portal import insight as thinking
from nahtstelle.portal.pages.models import HomePage
from nahtstelle.portal.reference import queries
from nahtstelle.portal.reference.models import Edition
from nahtstelle.portal.register import queries as register

PER_FILE = 5000
SEAM_LEVELS = (Level.LAND, Level.DISTRICT)


class Section(Sitemap[Any]):
    """Pages that are there in every language, at the address of the environment."""

    i18n = alternates = True
    limit = PER_FILE

    def get_protocol(self, protocol: str | None = None) -> str:
        """As in the address of the site, whatever was asked."""
        return urlsplit(settings.ENV.base_url).scheme

    def get_domain(self, site: Any = None) -> str:
        """As in the address of the site, whatever host was asked."""
        return urlsplit(settings.ENV.base_url).netloc


class EditionSection(Section):
    """Pages that change when an edition is loaded."""

    @cached_property
    def edition(self) -> Edition:
        """The edition all pages speak of."""
        return queries.current_edition()

    def lastmod(self, item: Any) -> dt.datetime:
        """When the edition was loaded."""
        loaded_at: dt.datetime = self.edition.loaded_at
        return loaded_at


class Entrances(EditionSection):
    """Start page, map, lists, data."""

    def items(self) -> list[str]:
        """The names of their addresses."""
        return ["start", "map", "seams", "directory", "areas", "cooperations", "projects", "organisations", "data"]

    def location(self, item: str) -> str:
        """The address in the language at hand."""
        return reverse(item)


class Areas(EditionSection):
    """The page of every area, the largest first."""

    def items(self) -> list[str]:
        """Their keys: a larger area has a shorter one."""
        return sorted(queries.areas_of(self.edition).values_list("key", flat=True), key=lambda key: (len(key), key))

    def location(self, item: str) -> str:
        """The address in the language at hand."""
        return reverse("area", args=[item])


class Seams(EditionSection):
    """The pages of the seams between Länder and between districts; those of municipalities are reached from there."""

    def items(self) -> list[tuple[str, str]]:
        """The keys of both sides."""
        insight = thinking.insight_of(self.edition)
        return [(seam.own_key, seam.other_key) for level in SEAM_LEVELS for seam in insight.seams(level).seams]

    def location(self, item: tuple[str, str]) -> str:
        """The address in the language at hand."""
        return reverse("seam", args=item)


class Entries(Section):
    """The page of every entry of the register that visitors may see."""

    def items(self) -> list[tuple[str, str, dt.datetime]]:
        """Of each the name of its address, its reference, and when it was last changed."""
        kinds = (
            ("cooperation", register.cooperations_visible_to(None)),
            ("project", register.projects_visible_to(None)),
            ("organisation", register.organisations_visible_to(None)),
            ("agreement", register.agreements_visible_to(None)),
            ("meeting", register.meetings_visible_to(None)),
        )
        return [
            (name, ref, changed)
            for name, entries in kinds
            for ref, changed in entries.order_by("ref").values_list("ref", "changed_at")
        ]

    def location(self, item: tuple[str, str, dt.datetime]) -> str:
        """The address in the language at hand."""
        return reverse(item[0], args=[item[1]])

    def lastmod(self, item: tuple[str, str, dt.datetime]) -> dt.datetime:
        """When it was last changed."""
        return item[2]


class Written(Section):
    """Every published page that people wrote, in the languages it is written in."""

    def items(self) -> list[dict[str, Page]]:
        """For every page: itself by language."""
        found: dict[Any, dict[str, Page]] = {}
        for home in HomePage.objects.live().select_related("locale"):
            for page in home.get_descendants().live().public().order_by("path"):
                found.setdefault(page.translation_key, {})[home.locale.language_code] = page
        return list(found.values())

    def get_languages_for_item(self, item: dict[str, Page]) -> list[str]:
        """The languages it is written in."""
        return list(item)

    def location(self, item: dict[str, Page]) -> str:
        """The address in the language at hand."""
        return str(item[get_language() or settings.LANGUAGE_CODE].url)

    def lastmod(self, item: dict[str, Page]) -> dt.datetime:
        """When any language of it was last published."""
        latest: dt.datetime = max(page.last_published_at for page in item.values())
        return latest


SECTIONS: dict[str, type[Section]] = {
    "start": Entrances,
    "gebiete": Areas,
    "naehte": Seams,
    "register": Entries,
    "seiten": Written,
}
