"""How much of what exists the register holds: per Land and kind, according to which source, and how fresh."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nahtstelle.core.keys import LAENDER
from nahtstelle.core.model import Area
from nahtstelle.core.vocabularies import KINDS
from nahtstelle.portal.answers.takeaway import Column, Table
from nahtstelle.portal.insight import RegisterInsight
from nahtstelle.portal.register.fields import choices_of
from nahtstelle.portal.register.models import Completeness, Cooperation, CoverageFigure
from nahtstelle.portal.showing.belonging import label
from nahtstelle.portal.showing.origins import register_source
from nahtstelle.portal.ui.figures import date, named, number, percent
from nahtstelle.portal.ui.heads import files, page_head, root
from nahtstelle.portal.ui.levels import WORDS

FILES = ("csv", "xlsx")
FRESH_DAYS = 548
"""Eighteen months: what nobody has confirmed for longer counts as stale."""


@dataclass
class CoverageRow:
    """One kind of cooperation in one Land: how many are recorded and confirmed, how many exist and who says so."""

    land_key: str
    kind: str
    recorded: int = 0
    confirmed: int = 0
    newest: dt.date | None = None
    figure: CoverageFigure | None = field(default=None)

    @property
    def land(self) -> str:
        """Name of the Land."""
        return LAENDER.get(self.land_key, self.land_key)

    @property
    def kind_words(self) -> str:
        """What they are for."""
        return label(KINDS, self.kind)

    @property
    def exist(self) -> int | None:
        """How many there are, as far as a source says so."""
        return self.figure.exist if self.figure else None

    @property
    def share(self) -> float | None:
        """How much of what exists is recorded; nothing where no source says how many exist."""
        if self.figure is None or not self.figure.exist:
            return None
        return min(1.0, self.recorded / self.figure.exist)


class CoverageFilter(forms.Form):
    """Land and kind; what is no choice is ignored."""

    land = forms.ChoiceField(
        label=gettext_lazy("Land"),
        required=False,
        choices=[("", gettext_lazy("all Länder")), *sorted(LAENDER.items(), key=lambda item: item[1])],
    )
    art = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("all kinds")), *choices_of(KINDS)],
    )

    def chosen(self) -> tuple[str, str]:
        """Land and kind."""
        self.is_valid()
        return self.cleaned_data.get("land") or "", self.cleaned_data.get("art") or ""


def coverage_rows(known: RegisterInsight) -> list[CoverageRow]:
    """Every Land and kind of which something is recorded or known, by Land and in the order of the kinds.

    A cooperation counts in every Land it reaches into, or in that of its seat where no area is a member.
    """
    rows: dict[tuple[str, str], CoverageRow] = {}
    there = {each.ref: each for each in known.snapshot.cooperations if each.exists_on(known.day)}
    facts = Cooperation.objects.filter(ref__in=known.snapshot.by_ref).values_list("ref", "seat_key", "confirmed_on")
    for ref, seat_key, confirmed_on in facts:
        if ref not in there:
            continue
        for land_key in known.laender_of(ref) or ({seat_key[:2]} if seat_key else ()):
            row = rows.setdefault((land_key, there[ref].kind), CoverageRow(land_key, there[ref].kind))
            row.recorded += 1
            if confirmed_on is not None:
                row.confirmed += confirmed_on > known.day - dt.timedelta(days=FRESH_DAYS)
                row.newest = max(row.newest or confirmed_on, confirmed_on)
    figures = CoverageFigure.objects.filter(withdrawn_on__isnull=True).select_related("source").order_by("as_of", "id")
    for figure in figures:
        key = figure.land_key, figure.kind
        rows.setdefault(key, CoverageRow(*key)).figure = figure  # of several the newest
    order = list(KINDS)
    return sorted(rows.values(), key=lambda row: (row.land, order.index(row.kind) if row.kind in KINDS else len(order)))


def coverage_note(known: RegisterInsight) -> str:
    """How many of those that exist according to sources are recorded, in a few words."""
    recorded, exist = _covered(coverage_rows(known))
    if not exist:
        return _("how many exist is not known")
    return _("where sources say how many exist: %(recorded)s of %(exist)s") % {
        "recorded": number(recorded),
        "exist": number(exist),
    }


def _covered(rows: Iterable[CoverageRow]) -> tuple[int, int]:
    """How many are recorded and how many exist, where a source says how many."""
    told = [(min(row.recorded, row.figure.exist), row.figure.exist) for row in rows if row.figure is not None]
    return sum(recorded for recorded, _exist in told), sum(exist for _recorded, exist in told)


def _narrowed(request: HttpRequest, known: RegisterInsight) -> tuple[CoverageFilter, list[CoverageRow]]:
    form = CoverageFilter(request.GET)
    land_key, kind = form.chosen()
    rows = [
        row
        for row in coverage_rows(known)
        if (not land_key or row.land_key == land_key) and (not kind or row.kind == kind)
    ]
    return form, rows


def coverage_page(request: HttpRequest, known: RegisterInsight) -> dict[str, Any]:
    """How complete and how fresh the register is."""
    form, rows = _narrowed(request, known)
    recorded, exist = _covered(rows)
    count = len(known.snapshot.active_on(known.day))
    sentence = _("The register holds %(count)s cooperations that are at work.") % {"count": number(count)}
    if exist:
        sentence += " " + _(
            "Of the %(exist)s that exist according to the sources named here, %(recorded)s are recorded (%(share)s)."
        ) % {"exist": number(exist), "recorded": number(recorded), "share": percent(min(1.0, recorded / exist))}
    else:
        sentence += " " + _("No source says yet how many exist.")
    land_key, kind = form.chosen()
    query = "&".join(f"{name}={value}" for name, value in (("land", land_key), ("art", kind)) if value)
    return {
        "head": page_head(request, _("How complete is the register?"), sentence),
        "insight": known.insight,
        "form": form,
        "sentence": sentence,
        "rows": rows,
        "statements": _statements(known),
        "day": known.day,
        "register_source": register_source(known),
        "files": files(f"{reverse('coverage')}liste", kinds=FILES, query=query),
        "root": root(),
    }


def _statements(known: RegisterInsight) -> list[tuple[str, str, str, str]]:
    """Who said of which area that the register holds all of its cooperations: area, its page, kind, day."""
    found = []
    for each in Completeness.objects.filter(withdrawn_on__isnull=True).order_by("area_key", "stated_on"):
        area = _area(known, each.area_key)
        name = named(area) if area else each.area_name or each.area_key
        url = reverse("area", args=[area.key]) if area else ""
        kind = str(WORDS[area.level].one) if area else ""
        found.append((name, url, kind, date(each.stated_on)))
    return found


def _area(known: RegisterInsight, key: str) -> Area | None:
    for each in known.carried(key):
        return known.insight.areas[each]
    return None


COLUMNS = (
    Column("land_key", "key of the Land"),
    Column("land", "its name"),
    Column("kind", "kind of cooperation (id of the vocabulary)"),
    Column("kind_label", "the kind in words"),
    Column("recorded", "cooperations of the kind in the register that exist and reach into the Land"),
    Column("confirmed", "of these, confirmed within the last 18 months"),
    Column("newest_confirmation", "day of the newest confirmation; empty where none"),
    Column("exist", "how many exist according to the source; empty where no source says so"),
    Column("as_of", "date of that figure"),
    Column("source_title", "title of that source"),
    Column("source_url", "its address"),
)


def coverage_table(request: HttpRequest, known: RegisterInsight) -> Table:
    """The same rows as a file."""
    _form, listed = _narrowed(request, known)
    rows = [
        (
            row.land_key,
            row.land,
            row.kind,
            row.kind_words,
            row.recorded,
            row.confirmed,
            row.newest.isoformat() if row.newest else None,
            row.exist,
            row.figure.as_of if row.figure else None,
            row.figure.source.title if row.figure else None,
            row.figure.source.url if row.figure else None,
        )
        for row in listed
    ]
    return Table("abdeckung", _("Coverage"), COLUMNS, rows, (register_source(known),))
