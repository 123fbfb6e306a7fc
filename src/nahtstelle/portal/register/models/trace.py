"""What happened: every change with author, before and after; imports as a whole; suggestions and who follows what."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nahtstelle.portal.register.models.evidence import About


class Via(models.TextChoices):
    """Through which door a change came."""

    EDITOR = "editor", _("editing screen")
    FORM = "form", _("form on the site")
    API = "api", _("interface")
    IMPORT = "import", _("import")
    COMMAND = "command", _("command")


class ImportState(models.TextChoices):
    """How an import stands."""

    DRAFT = "draft", _("being prepared")
    DONE = "done", _("imported")
    UNDONE = "undone", _("undone")


class ImportBatch(models.Model):
    """One import: the file, how its columns were read, what the report said, and whether it was undone."""

    file_name = models.CharField(_("file"), max_length=255)
    file_sha256 = models.CharField(_("checksum"), max_length=64)
    file = models.FileField(_("uploaded file"), upload_to="imports/", blank=True)
    target = models.CharField(_("what is imported"), max_length=20)
    columns = models.JSONField(_("columns"), default=dict)
    report = models.JSONField(_("report"), default=dict)
    state = models.CharField(_("state"), max_length=8, choices=ImportState, default=ImportState.DRAFT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    done_at = models.DateTimeField(_("imported at"), null=True)
    undone_at = models.DateTimeField(_("undone at"), null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.file_name} ({self.created_at:%Y-%m-%d})"


class LogEntry(models.Model):
    """One verb done to one record. The newest id is the version of the register: pages are remembered under it."""

    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(_("by"), max_length=150)
    verb = models.CharField(_("what was done"), max_length=40)
    record_type = models.CharField(_("kind of record"), max_length=20)
    record_ref = models.CharField(_("reference of the record"), max_length=100)
    title = models.CharField(_("title of the record"), max_length=400)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    via = models.CharField(_("through"), max_length=8, choices=Via)
    note = models.TextField(_("note"), blank=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.SET_NULL, null=True, related_name="entries")

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        ordering = ("-id",)
        indexes = (models.Index(fields=["record_type", "record_ref"], name="log_by_record"),)

    def __str__(self) -> str:
        return f"{self.verb} {self.record_type} {self.record_ref}"


class SuggestionState(models.TextChoices):
    """What became of a suggestion."""

    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")


class Suggestion(About):
    """A record somebody would like to see, or a change to one; nothing of it is public until it is accepted.

    ``about_ref`` is empty for a new record. ``fields`` is the record as `records.described` gives it, in part for a
    change.
    """

    fields: Any = models.JSONField(_("what is suggested"))
    note = models.TextField(_("reason and source"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="suggestions")
    at = models.DateTimeField(_("at"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=8, choices=SuggestionState, default=SuggestionState.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_at__isnull=False), name="decided_suggestion_has_a_date"
            ),
        )

    def __str__(self) -> str:
        return f"{self.about_type} {self.about_ref}"


class Following(About):
    """Somebody wants to hear of changes to a record."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="followings")
    since = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("following")
        verbose_name_plural = _("followings")
        constraints = (models.UniqueConstraint(fields=["person", "about_type", "about_ref"], name="followed_once"),)

    def __str__(self) -> str:
        return f"{self.person} → {self.about_ref}"
