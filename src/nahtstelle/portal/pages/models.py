"""The written pages: few types, the same frame around all. Everything else of the site is a view."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.documents import get_document_model
from wagtail.models import Collection, Page
from wagtail.search import index

from nahtstelle.portal.pages import blocks
from nahtstelle.portal.ui.heads import page_head

NEWS_PER_PAGE = 20
LONGEST_LEAD = 400


class HomePage(Page):
    """The root of one language. The start page itself is a view, so that this one only leads there."""

    parent_page_types = ("wagtailcore.Page",)
    subpage_types = (
        "pages.TextPage",
        "pages.GuideIndex",
        "pages.NewsIndex",
        "pages.LinkList",
        "pages.DocumentList",
        "pages.ContactPage",
    )

    class Meta:
        verbose_name = _("root of a language")
        verbose_name_plural = _("roots of languages")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead to the start page."""
        return redirect(reverse("start"))


class WrittenPage(Page):
    """What all written pages have: a title, one or two sentences with the answer, and a body."""

    lead: models.TextField[str, str] = models.TextField(
        _("lead"), max_length=LONGEST_LEAD, help_text=_("The answer in one or two sentences, above everything else.")
    )
    body = blocks.Blocks(blocks.Body(), verbose_name=_("content"), blank=True)

    content_panels = (*Page.content_panels, FieldPanel("lead"), FieldPanel("body"))
    search_fields = (*Page.search_fields, index.SearchField("lead"), index.SearchField("body"))

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The page with its head, and the page above it unless that is the root."""
        parent = self.get_parent()
        request.in_other_language = self._in_other_language()  # type: ignore[attr-defined]
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {
            "head": page_head(request, self.seo_title or self.title, self.search_description or self.lead),
            "above": parent if parent and parent.depth > 2 else None,
        }

    def _in_other_language(self) -> tuple[str, bool]:
        """Path of this page in the other language, or of the nearest page above that exists there; and which it is."""
        page: Page = self
        while page.depth > 2:
            there = page.get_translations().live().first()
            if there is not None:
                return urlsplit(there.url).path, page is self
            page = page.get_parent()
        return "/" if self.locale.language_code == "en" else "/en/", False


class TextPage(WrittenPage):
    """A page of text."""

    subpage_types = ("pages.TextPage",)
    template = "pages/written.html"

    class Meta:
        verbose_name = _("text page")
        verbose_name_plural = _("text pages")


class GuideIndex(WrittenPage):
    """A guide: what it is for, and its steps in order."""

    parent_page_types = ("pages.HomePage",)
    subpage_types = ("pages.GuideStep",)
    template = "pages/guide_index.html"

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")

    @property
    def steps(self) -> models.QuerySet[GuideStep]:
        """The published steps in the order of the page tree."""
        found: models.QuerySet[GuideStep] = GuideStep.objects.child_of(self).live()
        return found.order_by("path")


class GuideStep(WrittenPage):
    """One step of a guide; its number is its place among its neighbours."""

    parent_page_types = ("pages.GuideIndex",)
    subpage_types = ()
    template = "pages/guide_step.html"

    class Meta:
        verbose_name = _("step of a guide")
        verbose_name_plural = _("steps of guides")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The page with its number, the step before and the next one."""
        context = super().get_context(request, *args, **kwargs)
        steps = list(GuideStep.objects.sibling_of(self).live().order_by("path"))
        ids = [step.pk for step in steps]
        # A step nobody published yet has no number: its preview shows it without neighbours.
        at = ids.index(self.pk) if self.pk in ids else None
        return context | {
            "number": None if at is None else at + 1,
            "count": len(steps),
            "previous": steps[at - 1] if at else None,
            "next": steps[at + 1] if at is not None and at + 1 < len(steps) else None,
        }


class NewsIndex(WrittenPage):
    """News, the latest first."""

    parent_page_types = ("pages.HomePage",)
    subpage_types = ("pages.NewsItem",)
    template = "pages/news_index.html"

    class Meta:
        verbose_name = _("news page")
        verbose_name_plural = _("news pages")

    @property
    def items(self) -> models.QuerySet[NewsItem]:
        """The published items, the latest first."""
        found: models.QuerySet[NewsItem] = NewsItem.objects.child_of(self).live()
        return found.order_by("-date", "-first_published_at", "-pk")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The page with the items of one page of the list."""
        page = Paginator(self.items, NEWS_PER_PAGE).get_page(request.GET.get("seite"))
        return super().get_context(request, *args, **kwargs) | {"news": page}


class NewsItem(WrittenPage):
    """One piece of news."""

    date: models.DateField[dt.date, dt.date] = models.DateField(_("date"), default=timezone.localdate)

    content_panels = (*Page.content_panels, FieldPanel("date"), FieldPanel("lead"), FieldPanel("body"))
    parent_page_types = ("pages.NewsIndex",)
    subpage_types = ()
    template = "pages/news_item.html"

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")
        indexes = (models.Index(fields=["-date"], name="news_by_date"),)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The page with its date for search engines."""
        context = super().get_context(request, *args, **kwargs)
        article = {"@type": "NewsArticle", "headline": self.title, "datePublished": self.date.isoformat()}
        head = page_head(
            request, self.seo_title or self.title, self.search_description or self.lead, linked_data=article
        )
        return context | {"head": head}


class LinkList(WrittenPage):
    """Links to others in groups, each with what is found there and when somebody last looked."""

    groups = blocks.Blocks([("group", blocks.LinkGroupBlock())], verbose_name=_("groups of links"), blank=True)

    content_panels = (*WrittenPage.content_panels, FieldPanel("groups"))
    parent_page_types = ("pages.HomePage",)
    subpage_types = ()
    template = "pages/link_list.html"

    class Meta:
        verbose_name = _("list of links")
        verbose_name_plural = _("lists of links")


class DocumentList(WrittenPage):
    """The documents of one collection, to download."""

    collection: models.ForeignKey[Any, Any] = models.ForeignKey(
        Collection,
        verbose_name=_("collection"),
        help_text=_("Every document in this collection is shown."),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    content_panels = (*WrittenPage.content_panels, FieldPanel("collection"))
    parent_page_types = ("pages.HomePage",)
    subpage_types = ()
    template = "pages/document_list.html"

    class Meta:
        verbose_name = _("list of documents")
        verbose_name_plural = _("lists of documents")

    @property
    def documents(self) -> models.QuerySet[Any]:
        """The documents of the collection by title."""
        found: models.QuerySet[Any] = get_document_model().objects.filter(collection=self.collection_id)
        return found.order_by("title")


class ContactPage(WrittenPage):
    """Whom to turn to: offices, not persons. Without a form, so that nothing is kept."""

    contacts = blocks.Blocks([("contact", blocks.ContactBlock())], verbose_name=_("offices"), blank=True)

    content_panels = (*WrittenPage.content_panels, FieldPanel("contacts"))
    parent_page_types = ("pages.HomePage",)
    subpage_types = ()
    template = "pages/contact_page.html"

    class Meta:
        verbose_name = _("contact page")
        verbose_name_plural = _("contact pages")
