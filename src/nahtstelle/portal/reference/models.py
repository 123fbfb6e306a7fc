"""Editions loaded into the site, and a thin row for each of their areas: what search and foreign keys need.

Figures and geometry stay in the edition's files; see `nahtstelle.portal.insight`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nahtstelle.core.keys import Level
from nahtstelle.core.names import full_name


class Edition(models.Model):
    """An edition the site knows. At most one is current: the one all pages speak of."""

    id = models.CharField(_("identifier"), primary_key=True, max_length=100)
    title = models.CharField(_("title"), max_length=200)
    valid_on = models.DateField(_("date of the borders"), null=True)
    folder = models.CharField(_("folder"), max_length=1000, blank=True)
    fingerprint = models.CharField(_("fingerprint of its files"), max_length=12)
    loaded_at = models.DateTimeField(_("loaded at"), auto_now_add=True)
    current = models.BooleanField(_("current"), default=False)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ("-valid_on", "id")
        constraints = (
            models.UniqueConstraint(fields=["current"], condition=Q(current=True), name="one_current_edition"),
        )

    def __str__(self) -> str:
        return self.title


class LevelChoices(models.TextChoices):
    """The levels, in the words of the site."""

    LAND = Level.LAND.value, _("Land")
    DISTRICT = Level.DISTRICT.value, _("district")
    UNION = Level.UNION.value, _("municipal union")
    MUNICIPALITY = Level.MUNICIPALITY.value, _("municipality")


class Area(models.Model):
    """An area of an edition: enough to find it and to refer to it."""

    id = models.BigAutoField(primary_key=True)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="areas")
    key = models.CharField(_("key"), max_length=15)
    level = models.CharField(_("level"), max_length=12, choices=LevelChoices)
    name = models.CharField(_("name"), max_length=120)
    designation = models.CharField(_("designation"), max_length=80, blank=True)
    folded = models.CharField(_("name as searched for"), max_length=210)
    ags = models.CharField(_("municipality key (8 digits)"), max_length=8, blank=True)
    union_key = models.CharField(_("key of the union"), max_length=15, blank=True)
    district_key = models.CharField(_("key of the district"), max_length=15, blank=True)
    land_key = models.CharField(_("key of the Land"), max_length=15, blank=True)
    district_name = models.CharField(_("name of the district"), max_length=120, blank=True)
    people = models.PositiveIntegerField(_("people"), null=True)
    people_known = models.PositiveIntegerField(_("municipalities with a figure"))
    people_of = models.PositiveIntegerField(_("municipalities"))
    area_m2 = models.FloatField(_("area in square metres"), null=True)
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ("level", "name", "key")
        constraints = (
            models.UniqueConstraint(fields=["edition", "key"], name="one_area_per_key_and_edition"),
            models.CheckConstraint(
                condition=Q(people_known__lte=F("people_of")), name="known_municipalities_are_among_all"
            ),
        )
        indexes = (
            models.Index(fields=["edition", "level", "folded"], name="area_by_name"),
            models.Index(fields=["edition", "ags"], name="area_by_ags"),
        )

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Designation and name, as in official letters."""
        return full_name(self.name, self.designation)
