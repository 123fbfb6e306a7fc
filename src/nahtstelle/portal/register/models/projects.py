"""Projects, failed ones included, with what they cost and what came of them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from nahtstelle.core.vocabularies import FAILED_STATES, PROJECT_STATES, REASONS, TASKS
from nahtstelle.portal.register.fields import PartialDateField, TermField, TermsField
from nahtstelle.portal.register.models.base import Entry, Party, one_party


class Project(Entry):
    """Something one or several cooperations undertake together."""

    TYPE = "project"

    name = models.CharField(_("name"), max_length=250)
    state = TermField(_("state"), vocabulary=PROJECT_STATES, default="idee")
    tasks = TermsField(_("tasks"), vocabulary=TASKS)
    started = PartialDateField(_("started"))
    ended = PartialDateField(_("no longer from"), help_text=_("The first day after its end."))
    summary_de = models.TextField(_("summary in German"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    outcome_de = models.TextField(_("outcome in German"), blank=True)
    outcome_en = models.TextField(_("outcome in English"), blank=True)
    reasons = TermsField(_("reasons"), vocabulary=REASONS)
    reason_note_de = models.TextField(_("reasons in words, in German"), blank=True)
    reason_note_en = models.TextField(_("reasons in words, in English"), blank=True)
    learned_de = models.TextField(_("what we would do differently, in German"), blank=True)
    learned_en = models.TextField(_("what we would do differently, in English"), blank=True)
    costs_eur = models.DecimalField(_("costs in euros"), max_digits=14, decimal_places=2, null=True, blank=True)
    website = models.URLField(_("web site"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ("name", "ref")
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="project_has_a_name"),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(FAILED_STATES)) | ~Q(reasons=""), name="failed_project_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(started="") | Q(ended="") | Q(ended__gte=F("started")), name="project_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(costs_eur__isnull=True) | Q(costs_eur__gte=0), name="project_costs_are_not_negative"
            ),
        )

    def __str__(self) -> str:
        return self.name


class ProjectCooperation(models.Model):
    """A cooperation that carries a project, and whether it leads."""

    project = ParentalKey(Project, on_delete=models.CASCADE, related_name="cooperations")
    cooperation = models.ForeignKey(
        "register.Cooperation", on_delete=models.PROTECT, related_name="projects", verbose_name=_("cooperation")
    )
    lead = models.BooleanField(_("leads"), default=False)

    class Meta:
        verbose_name = _("cooperation of the project")
        verbose_name_plural = _("cooperations of the project")
        ordering = ("-lead", "id")
        constraints = (
            models.UniqueConstraint(fields=["project", "cooperation"], name="each_cooperation_of_a_project_once"),
            models.UniqueConstraint(fields=["project"], condition=Q(lead=True), name="one_lead_per_project"),
        )

    def __str__(self) -> str:
        return str(self.cooperation)


class ProjectPartner(Party):
    """Somebody who takes part in a project."""

    project = ParentalKey(Project, on_delete=models.CASCADE, related_name="partners")

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ("id",)
        constraints = (one_party("project_partner_is_one", named=True),)

    def __str__(self) -> str:
        return self.party_title


class ProjectFunding(models.Model):
    """Money a project got, and from which programme."""

    project = ParentalKey(Project, on_delete=models.CASCADE, related_name="fundings")
    programme = models.CharField(_("programme"), max_length=200)
    amount_eur = models.DecimalField(_("amount in euros"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("funding of the project")
        verbose_name_plural = _("fundings of the project")
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(amount_eur__isnull=True) | Q(amount_eur__gte=0), name="project_funding_is_not_negative"
            ),
        )

    def __str__(self) -> str:
        return self.programme


class ProjectEffect(models.Model):
    """What should change and what did: before, target, after, each with its year."""

    project = ParentalKey(Project, on_delete=models.CASCADE, related_name="effects")
    indicator = models.CharField(_("what is measured"), max_length=200)
    unit = models.CharField(_("unit"), max_length=60)
    before = models.DecimalField(_("before"), max_digits=18, decimal_places=4, null=True, blank=True)
    before_on = PartialDateField(_("date of the value before"))
    target = models.DecimalField(_("target"), max_digits=18, decimal_places=4, null=True, blank=True)
    after = models.DecimalField(_("after"), max_digits=18, decimal_places=4, null=True, blank=True)
    after_on = PartialDateField(_("date of the value after"))
    method = models.CharField(_("how it is measured"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("effect")
        verbose_name_plural = _("effects")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.indicator
