"""How complete the register is, and how keys of areas changed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nahtstelle.core.vocabularies import KINDS
from nahtstelle.portal.register.fields import PartialDateField, TermField
from nahtstelle.portal.register.models.base import Record


class CoverageFigure(Record):
    """How many cooperations of a kind exist in a Land, according to a source."""

    TYPE = "coverage"

    land_key = models.CharField(_("key of the Land"), max_length=2)
    kind = TermField(_("kind"), vocabulary=KINDS)
    exist = models.PositiveIntegerField(_("how many exist"))
    as_of = PartialDateField(_("as of"))
    source = models.ForeignKey("register.Source", on_delete=models.PROTECT, related_name="+", verbose_name=_("source"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("coverage figure")
        verbose_name_plural = _("coverage figures")
        ordering = ("land_key", "kind", "-as_of")
        constraints = (
            models.UniqueConstraint(
                fields=["land_key", "kind", "as_of"],
                condition=Q(withdrawn_on__isnull=True),
                name="one_coverage_figure_per_land_kind_and_date",
            ),
        )

    def __str__(self) -> str:
        return f"{self.land_key} {self.kind}: {self.exist}"


class Completeness(Record):
    """An area says that the register holds all of its cooperations; only then can a seam be confirmed as unbridged."""

    TYPE = "completeness"

    area_key = models.CharField(_("key of the area"), max_length=15)
    area_edition = models.CharField(_("edition of the key"), max_length=100, blank=True)
    area_name = models.CharField(_("name of the area when entered"), max_length=200, blank=True)
    stated_on = models.DateField(_("stated on"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("statement of completeness")
        verbose_name_plural = _("statements of completeness")
        ordering = ("area_key", "-stated_on")
        constraints = (models.CheckConstraint(condition=~Q(area_key=""), name="completeness_of_an_area"),)

    def __str__(self) -> str:
        return f"{self.area_name or self.area_key}: {self.stated_on}"


class KeyChange(Record):
    """An area became another under another key, in whole: merged or re-keyed. Leads from entered keys to today's."""

    TYPE = "key-change"

    old_key = models.CharField(_("old key"), max_length=15)
    new_key = models.CharField(_("new key"), max_length=15)
    on = PartialDateField(_("on"))
    old_name = models.CharField(_("old name"), max_length=200, blank=True)
    new_name = models.CharField(_("new name"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("change of a key")
        verbose_name_plural = _("changes of keys")
        ordering = ("old_key", "on")
        constraints = (
            models.CheckConstraint(condition=~Q(old_key=F("new_key")), name="key_change_changes_the_key"),
            models.UniqueConstraint(
                fields=["old_key", "new_key"], condition=Q(withdrawn_on__isnull=True), name="one_key_change_per_pair"
            ),
        )

    def __str__(self) -> str:
        return f"{self.old_key} → {self.new_key}"
