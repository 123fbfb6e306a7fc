"""Agreements: who signed what, from when to when, who answers for which task, who pays."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from nahtstelle.core.vocabularies import AGREEMENT_KINDS, TASK_MODES, TASKS
from nahtstelle.portal.register.fields import PartialDateField, TermField
from nahtstelle.portal.register.models.base import Entry, Party, one_party


class Agreement(Entry):
    """Something signed or resolved by at least two parties."""

    TYPE = "agreement"

    title = models.CharField(_("title"), max_length=300)
    kind = TermField(_("kind"), vocabulary=AGREEMENT_KINDS)
    cooperation = models.ForeignKey(
        "register.Cooperation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("belongs to the cooperation"),
    )
    signed = PartialDateField(_("signed"))
    valid_from = PartialDateField(_("in force from"))
    valid_until = PartialDateField(_("in force until"), help_text=_("The first day on which it no longer held."))
    terminated_on = PartialDateField(_("terminated on"))
    term = models.CharField(_("term"), max_length=300, blank=True)
    notice = models.CharField(_("notice rule"), max_length=300, blank=True)
    cost_key = models.TextField(_("cost key"), blank=True)
    place = models.CharField(_("place"), max_length=150, blank=True)
    subject_de = models.TextField(_("subject in German"), blank=True)
    subject_en = models.TextField(_("subject in English"), blank=True)
    document = models.ForeignKey(
        "wagtaildocs.Document",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document"),
    )
    url = models.URLField(_("address of the text"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ("-signed", "-valid_from", "title", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(title=""), name="agreement_has_a_title"),
            models.CheckConstraint(
                condition=Q(valid_from="") | Q(valid_until="") | Q(valid_until__gt=F("valid_from")),
                name="agreement_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return self.title


class AgreementParty(Party):
    """One of those who agreed."""

    agreement = ParentalKey(Agreement, on_delete=models.CASCADE, related_name="parties")

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ("id",)
        constraints = (one_party("agreement_party_is_one", named=True),)

    def __str__(self) -> str:
        return self.party_title


class AgreementTask(models.Model):
    """Who answers for a task: taken over (delegating), carried out for the others (mandating), or together."""

    agreement = ParentalKey(Agreement, on_delete=models.CASCADE, related_name="tasks")
    task = TermField(_("task"), vocabulary=TASKS)
    mode = TermField(_("how"), vocabulary=TASK_MODES, default="gemeinsam")
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("task of the agreement")
        verbose_name_plural = _("tasks of the agreement")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["agreement", "task", "mode"], name="each_task_of_an_agreement_once"),
        )

    def __str__(self) -> str:
        return str(self.task)
