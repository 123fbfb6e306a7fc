"""What the full-text search looks in: the stems of each record's texts, the same on every database."""

from __future__ import annotations

from django.db import models


class SearchEntry(models.Model):
    """A record as the search shows it. Written by the verbs, together with the record."""

    record_type = models.CharField(max_length=20)
    record_ref = models.CharField(max_length=100)
    title = models.CharField(max_length=400)
    folded = models.CharField(max_length=400, db_index=True)
    """The title as searched for: small letters, umlauts as ae, oe, ue."""
    hint = models.CharField(max_length=400, blank=True)
    facets = models.CharField(max_length=400, blank=True)
    """Kind, state and Länder as `` kind:leader-region land:03 ``, with blanks around, to filter by."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["record_type", "record_ref"], name="one_search_entry_per_record"),
        )


class SearchTerm(models.Model):
    """A stem that occurs in an entry, and how much it weighs."""

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="terms")
    stem = models.CharField(max_length=60)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["stem", "entry"], name="one_weight_per_stem_and_entry"),)
