"""Who looks after what: roles given to people, and invitations to take one on."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The roles somebody can be given; visitors and people with an account have theirs without."""

    COORDINATION = "coordination", _("coordination")
    EDITORIAL = "editorial", _("editorial staff")
    ADMINISTRATION = "administration", _("administration")


class Scope(models.Model):
    """What a role is given for: one cooperation, one organisation, or a Land (editorial staff; empty for all)."""

    role = models.CharField(_("role"), max_length=16, choices=Role)
    cooperation = models.ForeignKey(
        "register.Cooperation",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("cooperation"),
    )
    organisation = models.ForeignKey(
        "register.Organisation",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
    )
    land_key = models.CharField(_("key of the Land"), max_length=2, blank=True)
    review_first = models.BooleanField(_("review before publishing"), default=False)

    class Meta:
        abstract = True


def scope_fits(name: str) -> models.CheckConstraint:
    """Coordination is of one cooperation or one organisation, the others of none."""
    one = Q(cooperation__isnull=False, organisation__isnull=True) | Q(
        cooperation__isnull=True, organisation__isnull=False
    )
    none = Q(cooperation__isnull=True, organisation__isnull=True)
    return models.CheckConstraint(
        condition=(Q(role=Role.COORDINATION, land_key="") & one)
        | (Q(role=Role.EDITORIAL) & none)
        | (Q(role=Role.ADMINISTRATION, land_key="") & none),
        name=name,
    )


class Assignment(Scope):
    """Somebody has a role."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assignments")
    since = models.DateTimeField(_("since"), auto_now_add=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = (scope_fits("assignment_scope_fits_role"),)

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"


class Invitation(Scope):
    """Somebody is asked by mail to take a role on; the link holds a secret of which only the digest is kept."""

    email = models.EmailField(_("mail address"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    invited_at = models.DateTimeField(_("invited at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-id",)
        constraints = (scope_fits("invitation_scope_fits_role"),)

    def __str__(self) -> str:
        return self.email
