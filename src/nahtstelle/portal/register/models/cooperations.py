"""Cooperations, what became of them, their funding, and who is a member."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from nahtstelle.core.vocabularies import (
    COOPERATION_STATES,
    ENDED_STATES,
    FUNDING_PERIODS,
    KINDS,
    LEGAL_FORMS,
    MEMBER_ROLES,
    REASONS,
    SUCCESSIONS,
    TASKS,
)
from nahtstelle.portal.register.fields import PartialDateField, TermField, TermsField
from nahtstelle.portal.register.models.base import Entry, Party, Record, one_party


class Cooperation(Entry):
    """At least two public authorities that laid down to work together."""

    TYPE = "cooperation"

    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=100, blank=True)
    kind = TermField(_("kind"), vocabulary=KINDS)
    legal_form = TermField(_("legal form"), vocabulary=LEGAL_FORMS, blank=True)
    legal_basis = models.CharField(
        _("legal basis"), max_length=300, blank=True, help_text=_("Act, section and Land, in words.")
    )
    tasks = TermsField(_("tasks"), vocabulary=TASKS)
    state = TermField(_("state"), vocabulary=COOPERATION_STATES, default="aktiv")
    founded = PartialDateField(_("founded"))
    ended = PartialDateField(_("no longer from"), help_text=_("The first day on which it no longer existed."))
    end_reasons = TermsField(_("reasons for the end"), vocabulary=REASONS)
    end_note = models.TextField(_("about the end"), blank=True)
    seat_key = models.CharField(_("key of the seat"), max_length=15, blank=True)
    seat_place = models.CharField(_("seat"), max_length=120, blank=True)
    website = models.URLField(_("web site"), max_length=500, blank=True)
    summary_de = models.TextField(_("summary in German"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)

    class Meta:
        verbose_name = _("cooperation")
        verbose_name_plural = _("cooperations")
        ordering = ("name", "ref")
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="cooperation_has_a_name"),
            models.CheckConstraint(
                condition=Q(founded="") | Q(ended="") | Q(ended__gte=F("founded")),
                name="cooperation_ends_after_founding",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(ENDED_STATES)) | Q(ended=""), name="cooperation_with_an_end_has_ended"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Funding(models.Model):
    """A programme that funds or funded a cooperation, and for which period."""

    cooperation = ParentalKey(Cooperation, on_delete=models.CASCADE, related_name="fundings")
    programme = models.CharField(_("programme"), max_length=200)
    period = TermField(_("funding period"), vocabulary=FUNDING_PERIODS, blank=True)
    budget_eur = models.DecimalField(_("budget in euros"), max_digits=14, decimal_places=2, null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("funding")
        verbose_name_plural = _("fundings")
        ordering = ("period", "programme", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(budget_eur__isnull=True) | Q(budget_eur__gte=0), name="funding_is_not_negative"
            ),
        )

    def __str__(self) -> str:
        return self.programme


class Succession(Record):
    """How one cooperation became another: merged, split, converted, renamed, followed."""

    TYPE = "succession"

    before = models.ForeignKey(
        Cooperation, on_delete=models.PROTECT, related_name="successors", verbose_name=_("before")
    )
    after = models.ForeignKey(
        Cooperation, on_delete=models.PROTECT, related_name="predecessors", verbose_name=_("after")
    )
    kind = TermField(_("how"), vocabulary=SUCCESSIONS)
    on = PartialDateField(_("on"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        ordering = ("on", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(before=F("after")), name="nothing_succeeds_itself"),
            models.UniqueConstraint(
                fields=["before", "after"], condition=Q(withdrawn_on__isnull=True), name="one_succession_per_pair"
            ),
        )

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class StatedBy(models.TextChoices):
    """Which side said that somebody is a member."""

    COOPERATION = "cooperation", _("the cooperation")
    MEMBER = "member", _("the member")
    THIRD = "third", _("a third party")


class Membership(Record, Party):
    """Somebody takes part in a cooperation: a territory, an organisation, or another cooperation, for a time.

    What one side states is shown as stated by it until the other side confirms.
    """

    TYPE = "membership"

    cooperation = models.ForeignKey(
        Cooperation, models.CASCADE, related_name="memberships", verbose_name=_("cooperation")
    )
    role = TermField(_("role"), vocabulary=MEMBER_ROLES, default="mitglied")
    part = models.CharField(_("only in part"), max_length=500, blank=True, help_text=_("Which part, in words."))
    via = models.CharField(_("through"), max_length=200, blank=True, help_text=_("e. g. the Samtgemeinde"))
    valid_from = PartialDateField(_("from"))
    valid_until = PartialDateField(_("until"), help_text=_("The first day on which it no longer held."))
    stated_by = models.CharField(_("stated by"), max_length=12, choices=StatedBy, default=StatedBy.THIRD)
    confirmed_by_cooperation_on = models.DateField(_("confirmed by the cooperation on"), null=True, blank=True)
    confirmed_by_member_on = models.DateField(_("confirmed by the member on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("cooperation", "area_key", "area_name", "id")
        constraints = (
            one_party("membership_has_one_member", named=False),
            models.CheckConstraint(
                condition=Q(party_cooperation__isnull=True) | ~Q(party_cooperation=F("cooperation")),
                name="nothing_is_its_own_member",
            ),
            models.CheckConstraint(
                condition=Q(valid_from="") | Q(valid_until="") | Q(valid_until__gt=F("valid_from")),
                name="membership_ends_after_it_begins",
            ),
        )
        indexes = (models.Index(fields=["area_key"], name="membership_by_area"),)

    def __str__(self) -> str:
        return f"{self.party_title} – {self.cooperation}"
