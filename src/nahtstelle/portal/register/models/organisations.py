"""Organisations, and whom to write to."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nahtstelle.core.vocabularies import ORGANISATION_KINDS
from nahtstelle.portal.register.fields import TermField
from nahtstelle.portal.register.models.base import Entry, Record


class Organisation(Entry):
    """An institution, company or association that takes part; never a private person."""

    TYPE = "organisation"

    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=100, blank=True)
    kind = TermField(_("kind"), vocabulary=ORGANISATION_KINDS, default="sonstige")
    seat_key = models.CharField(_("key of the seat"), max_length=15, blank=True)
    seat_place = models.CharField(_("seat"), max_length=120, blank=True)
    website = models.URLField(_("web site"), max_length=500, blank=True)
    carries = models.ForeignKey(
        "register.Cooperation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="carriers",
        verbose_name=_("carries the cooperation"),
    )
    summary_de = models.TextField(_("summary in German"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("name", "ref")
        constraints = (models.CheckConstraint(condition=~Q(name=""), name="organisation_has_a_name"),)

    def __str__(self) -> str:
        return self.name


class Contact(Record):
    """Whom to write to: a function and a public mailbox or form.

    A person is named only with consent, for a purpose, until a day.
    """

    TYPE = "contact"

    cooperation = models.ForeignKey(
        "register.Cooperation", on_delete=models.CASCADE, null=True, blank=True, related_name="contacts"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="contacts"
    )
    function = models.CharField(_("function"), max_length=150, help_text=_("e. g. Regional management, office"))
    mailbox = models.EmailField(_("public mailbox"), blank=True)
    form = models.URLField(_("contact form"), max_length=500, blank=True)
    phone = models.CharField(_("telephone of the office"), max_length=50, blank=True)
    person_name = models.CharField(_("name of the person"), max_length=150, blank=True)
    consent_on = models.DateField(_("consent given on"), null=True, blank=True)
    consent_purpose = models.CharField(_("purpose of the consent"), max_length=200, blank=True)
    consent_until = models.DateField(_("consent ends on"), null=True, blank=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ("function", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(cooperation__isnull=False, organisation__isnull=True)
                | Q(cooperation__isnull=True, organisation__isnull=False),
                name="contact_of_one_body",
            ),
            models.CheckConstraint(
                condition=~Q(mailbox="") | ~Q(form="") | ~Q(phone=""), name="contact_can_be_reached"
            ),
            models.CheckConstraint(
                condition=Q(person_name="")
                | (Q(consent_on__isnull=False, consent_until__isnull=False) & ~Q(consent_purpose="")),
                name="person_named_only_with_consent",
            ),
        )

    def __str__(self) -> str:
        return self.function
