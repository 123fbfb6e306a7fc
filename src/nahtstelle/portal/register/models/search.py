"""What the full-text search looks in: the stems of each record's texts, the same on every database."""

from __future__ import annotations

from django.db import models


class SearchEntry(models.Model):
    """A public record as the search shows it. Written by the verbs, together with the record."""

    record_type = models.CharField(max_length=20)
    record_ref = models.CharField(max_length=100)
    title = models.CharField(max_length=400)
    folded = models.CharField(max_length=400)
    """The title as searched for: small letters, umlauts as ae, oe, ue; the short name after it."""
    hint = models.CharField(max_length=400, blank=True)
    """What tells namesakes apart: the cooperations it belongs to, its seat, its publisher."""
    facets = models.TextField(blank=True)
    """Kinds of cooperation and Länder to filter by, and own kind or state: `` kind:evtz land:03 is:aktiv ``."""
    page_type = models.CharField(max_length=20, blank=True)
    page_ref = models.CharField(max_length=100, blank=True)
    """The record whose page shows it: a document stands on the page of its cooperation. Empty where no page does."""
    text_de = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    """Some of what it says, to show the words that were found."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["record_type", "record_ref"], name="one_search_entry_per_record"),
        )
        indexes = (models.Index(fields=["record_type", "folded"], name="search_entry_by_title"),)


class SearchTerm(models.Model):
    """A stem that occurs in an entry, and how much it weighs."""

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="terms")
    stem = models.CharField(max_length=60)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["stem", "entry"], name="one_weight_per_stem_and_entry"),)
        # The heaviest of a stem are read off this one, however many there are.
        indexes = (models.Index(fields=["stem", "-weight", "entry"], name="search_term_by_weight"),)
