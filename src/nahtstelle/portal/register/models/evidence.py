"""How we know: sources, what they say to a record, statements in figures, documents and links."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nahtstelle.core.vocabularies import EVIDENCE, STANCES
from nahtstelle.portal.register.fields import PartialDateField, TermField
from nahtstelle.portal.register.models.base import Record


class About(models.Model):
    """What a record speaks of: the type and reference of another, or of an area (type ``area``, reference its key)."""

    about_type = models.CharField(_("kind of record"), max_length=20)
    about_ref = models.CharField(_("reference of the record"), max_length=100)

    class Meta:
        abstract = True


class Source(Record):
    """Something published that says something about cooperation."""

    TYPE = "source"

    title = models.CharField(_("title"), max_length=400)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    evidence = TermField(_("what it is"), vocabulary=EVIDENCE, default="web")
    url = models.URLField(_("address"), max_length=500, blank=True)
    published = PartialDateField(_("published"))
    seen_on = models.DateField(_("seen on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("publisher", "title", "id")
        constraints = (models.CheckConstraint(condition=~Q(title=""), name="source_has_a_title"),)

    def __str__(self) -> str:
        return self.title


class Citation(Record, About):
    """A source supports or contradicts a record, or one field of it."""

    TYPE = "citation"

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="citations", verbose_name=_("source"))
    stance = TermField(_("what it says"), vocabulary=STANCES, default="belegt")
    field = models.CharField(_("about which field"), max_length=60, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["source", "about_type", "about_ref", "field", "stance"],
                condition=Q(withdrawn_on__isnull=True),
                name="a_source_says_a_thing_once",
            ),
        )
        indexes = (models.Index(fields=["about_type", "about_ref"], name="citation_by_record"),)

    def __str__(self) -> str:
        return f"{self.source} → {self.about_type} {self.about_ref}"


class Statement(Record, About):
    """One countable statement about a cooperation or an area, and what checking it gave."""

    TYPE = "statement"

    what_de = models.CharField(_("statement in German"), max_length=400)
    what_en = models.CharField(_("statement in English"), max_length=400, blank=True)
    property = models.CharField(_("property"), max_length=80)
    operator = models.CharField(
        _("comparison"),
        max_length=8,
        choices=(("eq", _("exactly")), ("approx", _("about")), ("gt", _("more than")), ("lt", _("less than"))),
        default="eq",
    )
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    as_of = PartialDateField(_("as of"))
    check_de = models.TextField(_("result of checking, in German"), blank=True)
    check_en = models.TextField(_("result of checking, in English"), blank=True)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ("about_ref", "property", "id")
        constraints = (models.CheckConstraint(condition=~Q(what_de=""), name="statement_says_something"),)
        indexes = (models.Index(fields=["about_type", "about_ref"], name="statement_by_record"),)

    def __str__(self) -> str:
        return self.what_de


class Attachment(Record, About):
    """A document or a link that belongs to a record."""

    TYPE = "attachment"

    title = models.CharField(_("title"), max_length=300)
    document = models.ForeignKey(
        "wagtaildocs.Document", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("document")
    )
    url = models.URLField(_("address"), max_length=500, blank=True)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    published = PartialDateField(_("published"))
    language = models.CharField(_("language"), max_length=5, default="de")
    note = models.TextField(_("note"), blank=True)
    checked_at = models.DateTimeField(_("link checked at"), null=True, blank=True, editable=False)
    broken = models.CharField(_("why the link does not work"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("document or link")
        verbose_name_plural = _("documents and links")
        ordering = ("title", "id")
        constraints = (models.CheckConstraint(condition=~Q(title=""), name="attachment_has_a_title"),)
        indexes = (models.Index(fields=["about_type", "about_ref"], name="attachment_by_record"),)

    def __str__(self) -> str:
        return self.title


class Dispute(Record, About):
    """Somebody says that a record, or one field of it, is wrong; open until it is settled."""

    TYPE = "dispute"

    field = models.CharField(_("about which field"), max_length=60, blank=True)
    reason = models.TextField(_("what is wrong"))
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    settlement = models.TextField(_("how it was settled"), blank=True)

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="dispute_has_a_reason"),)
        indexes = (models.Index(fields=["about_type", "about_ref"], name="dispute_by_record"),)

    def __str__(self) -> str:
        return self.reason[:80]
