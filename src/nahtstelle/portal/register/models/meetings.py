"""Meetings in the words of OParl: bodies, agenda, results."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from nahtstelle.portal.register.models.base import Entry


class Meeting(Entry):
    """People of one or several cooperations met or will meet."""

    TYPE = "meeting"

    name = models.CharField(_("name"), max_length=200)
    start = models.DateTimeField(_("begins"))
    end = models.DateTimeField(_("ends"), null=True, blank=True)
    whole_day = models.BooleanField(_("the time of day is not known"), default=False)
    cancelled = models.BooleanField(_("cancelled"), default=False)
    place = models.CharField(_("place"), max_length=200, blank=True)
    place_key = models.CharField(_("key of the municipality"), max_length=15, blank=True)
    note_de = models.TextField(_("note in German"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)
    url = models.URLField(_("invitation or minutes"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ("-start", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="meeting_has_a_name"),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="meeting_ends_after_it_begins"
            ),
        )

    def __str__(self) -> str:
        return self.name


class MeetingBody(models.Model):
    """A cooperation whose body met."""

    meeting = ParentalKey(Meeting, on_delete=models.CASCADE, related_name="bodies")
    cooperation = models.ForeignKey(
        "register.Cooperation", on_delete=models.PROTECT, related_name="meetings", verbose_name=_("cooperation")
    )
    body = models.CharField(_("body"), max_length=150, blank=True, help_text=_("e. g. steering group"))

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["meeting", "cooperation", "body"], name="each_body_of_a_meeting_once"),
        )

    def __str__(self) -> str:
        return self.body or str(self.cooperation)


class AgendaItem(models.Model):
    """A point of the agenda, and what was decided."""

    meeting = ParentalKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    number = models.CharField(_("number"), max_length=10, blank=True)
    name = models.CharField(_("subject"), max_length=300)
    result = models.CharField(_("result"), max_length=200, blank=True)
    resolution_text = models.TextField(_("text of the decision"), blank=True)

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name
