"""What all records share: a stable reference, how they came here, whether they may be seen."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail import hooks
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

REFERENCE = RegexValidator(r"^[a-z0-9]+(?:-[a-z0-9]+)*\Z", _("Small letters, digits and single hyphens only."))


def new_reference() -> str:
    """A reference for a record that has no name to be known by."""
    return secrets.token_hex(8)


class Record(models.Model):
    """Something the register knows. ``ref`` is its stable name in addresses, exports and logs.

    Nothing is deleted: what should not be seen any more is withdrawn, and can be restored.
    """

    TYPE: ClassVar[str]
    """The word for this kind of record in exports, logs and references, e. g. ``"cooperation"``."""

    ref = models.CharField(
        _("reference"), max_length=100, unique=True, default=new_reference, validators=[REFERENCE], db_index=True
    )
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True, editable=False)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True, editable=False)
    review_note = models.TextField(
        _("to be checked"),
        blank=True,
        help_text=_("What the editorial staff still has to check; not shown to visitors."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        abstract = True


class Entry(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, Record, ClusterableModel):
    """A record with a page and a screen of its own: with drafts, revisions, review before publishing, and a lock."""

    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="%(app_label)s_%(class)s")
    _workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        for_concrete_model=False,
    )

    class Meta:
        abstract = True

    def with_content_json(self, content: Any) -> Any:
        """An earlier version or a draft; what is said of the record as a whole is as it is now."""
        found = super().with_content_json(content)
        for name in ("withdrawn_on", "confirmed_on", "created_at", "changed_at"):
            setattr(found, name, getattr(self, name))
        return found

    @property
    def revisions(self) -> Any:
        """Earlier versions."""
        return self._revisions

    @property
    def workflow_states(self) -> Any:
        """Reviews it went through."""
        return self._workflow_states

    def is_previewable(self) -> bool:
        """Once it is kept: what belongs to it is found by its key."""
        return self.pk is not None

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Its page as it would be, made by whoever shows it to visitors."""
        shown: HttpResponse
        for show in hooks.get_hooks("show_preview_of_entry"):
            shown = show(request, self)
            return shown
        raise Http404


PARTY_FIELDS = ("area_key", "organisation", "party_cooperation", "party_name")


def one_party(name: str, *, named: bool) -> models.CheckConstraint:
    """Exactly one of area, organisation, cooperation and, where allowed, a name without a record."""
    said = {
        "area_key": ~Q(area_key=""),
        "organisation": Q(organisation__isnull=False),
        "party_cooperation": Q(party_cooperation__isnull=False),
        "party_name": ~Q(party_name=""),
    }
    allowed = PARTY_FIELDS if named else PARTY_FIELDS[:3]
    condition = Q()
    for one in allowed:
        case = Q()
        for field in PARTY_FIELDS:
            case &= said[field] if field == one else ~said[field]
        condition |= case
    return models.CheckConstraint(condition=condition, name=name)


class Party(models.Model):
    """Somebody who takes part: an area, an organisation, a cooperation, or a name the register has no record of.

    An area is held by the key and the edition it was entered with, so that it survives reforms.
    """

    area_key = models.CharField(_("key of the area"), max_length=15, blank=True)
    area_edition = models.CharField(_("edition of the key"), max_length=100, blank=True)
    area_name = models.CharField(_("name of the area when entered"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        "register.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("organisation"),
        related_name="+",
    )
    party_cooperation = models.ForeignKey(
        "register.Cooperation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("cooperation"),
        related_name="+",
    )
    party_name = models.CharField(_("name without a record"), max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def party_title(self) -> str:
        """The name to show."""
        if self.organisation is not None:
            return self.organisation.name
        if self.party_cooperation is not None:
            return self.party_cooperation.name
        return self.area_name or self.party_name
