"""Which areas belong to how many cooperations: what the map colours areas by, as data, as a table and as a file.

No cooperation known is not the same as none: an area counts as without cooperation only where it has stated that the
register holds all of them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Max, Min
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nahtstelle.core.keys import Level
from nahtstelle.core.model import Area, AreaCooperation, Cooperation
from nahtstelle.core.names import folded
from nahtstelle.core.vocabularies import KINDS
from nahtstelle.portal.answers.takeaway import Column, Table
from nahtstelle.portal.insight import RegisterInsight
from nahtstelle.portal.reference import models
from nahtstelle.portal.showing.belonging import label, part_in_words
from nahtstelle.portal.showing.origins import register_source
from nahtstelle.portal.ui.figures import number
from nahtstelle.portal.ui.heads import files
from nahtstelle.portal.ui.levels import LARGEST_FIRST, WORDS, capitalized

FILES = ("csv", "xlsx")
OFF, ALL, ONE = "aus", "alle", "diese"
"""Words of addresses beside the kinds: no colours, all cooperations, the one the address names."""
ROWS_SHOWN = 20
NAMED = 3
MOST_IN_PANEL = 40


@dataclass(frozen=True)
class Choice:
    """What areas are coloured by: nothing, all cooperations, those of a kind, or a single one of them."""

    word: str = OFF
    one: Cooperation | None = None

    @property
    def kind(self) -> str:
        """The kind, empty for every one."""
        return self.word if self.word in KINDS else ""

    @property
    def single(self) -> Cooperation | None:
        """The cooperation, where only one is shown."""
        return self.one if self.word == ONE else None


def choice_of(query: QueryDict, known: RegisterInsight) -> Choice:
    """What an address asks for; what is no choice is ignored, and so is a cooperation that does not exist today."""
    one = known.snapshot.by_ref.get(query.get("kooperation", ""))
    if one is not None and not one.exists_on(known.day):
        one = None
    word = query.get("kooperationen", "")
    if word not in (OFF, ALL, *KINDS):
        word = ONE if one else OFF
    return Choice(word, one)


def kinds_present(known: RegisterInsight) -> list[tuple[str, str]]:
    """The kinds of cooperation there are today, with their words, in the order of the vocabulary."""
    present = {each.kind for each in known.snapshot.cooperations if each.exists_on(known.day)}
    return [(kind, label(KINDS, kind)) for kind in KINDS if kind in present]


# --------------------------------------------------------------------------------------------- for the map


def level_json(known: RegisterInsight, level: Level, kind: str = "", ref: str = "") -> bytes:
    """For the map: ``{"counts": {number: [keys]}, "none": [keys]}``; areas of which none is known are left out.

    Of a single cooperation ``{"whole": [keys], "part": [keys]}``.
    """
    belonging = known.belonging(level)
    said: dict[str, Any]
    if ref:
        whole, part = belonging.covered(ref)
        said = {"whole": whole, "part": part}
    else:
        counts: dict[str, list[str]] = {}
        none: list[str] = []
        for key, count, complete in zip(
            belonging.keys, belonging.counts(kind).tolist(), belonging.complete.tolist(), strict=True
        ):
            if count:
                counts.setdefault(str(count), []).append(key)
            elif complete:
                none.append(key)
        said = {"counts": counts, "none": none}
    return json.dumps(said, separators=(",", ":")).encode()


def area_json(known: RegisterInsight, area: Area, kind: str = "", ref: str = "") -> dict[str, Any]:
    """For the panel beside the map: the cooperations of an area with their pages, and how it belongs to each."""
    belongs = _cooperations(known, area.key, kind, ref)
    listed = [part_in_words(known, area, each) for each in belongs[:MOST_IN_PANEL]]
    return {
        "cooperations": [{"name": each.name, "url": each.url, "kind": each.kind, "how": each.how} for each in listed],
        "more": len(belongs) - len(listed),
    }


def _cooperations(known: RegisterInsight, key: str, kind: str, ref: str = "") -> Sequence[AreaCooperation]:
    here = known.of_area(key)
    if not kind and not ref:
        return here.now
    both = (*here.now, *here.administrative)
    return [each for each in both if each.cooperation.ref == ref or (kind and each.cooperation.kind == kind)]


def box_of(known: RegisterInsight, cooperation: Cooperation) -> str:
    """The box around the space of a cooperation, as the map takes it; empty where it has none."""
    keys = known.belonging(Level.MUNICIPALITY).covered(cooperation.ref)[0]
    sides = models.Area.objects.filter(edition_id=known.insight.edition.id, key__in=keys).aggregate(
        west=Min("west"), south=Min("south"), east=Max("east"), north=Max("north")
    )
    return "" if None in sides.values() else ",".join(f"{side:.4f}" for side in sides.values())


# --------------------------------------------------------------------------------------------- the same as a table


class CooperatingFilter(forms.Form):
    """Level and kind of cooperation; what is no choice is ignored."""

    ebene = forms.ChoiceField(
        label=gettext_lazy("Level"),
        choices=[(WORDS[each].slug, WORDS[each].several) for each in LARGEST_FIRST],
    )
    kooperationen = forms.ChoiceField(label=gettext_lazy("Cooperations"))

    def __init__(self, known: RegisterInsight, level: Level, kind: str) -> None:
        super().__init__(initial={"ebene": WORDS[level].slug, "kooperationen": kind or ALL}, auto_id="kooperationen_%s")
        self.fields["kooperationen"].choices = [(ALL, _("all")), *kinds_present(known)]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class AreaRow:
    """An area in the table: how many cooperations it belongs to, the first of them; of a single one, how much of it."""

    area: Area
    count: int
    named: list[tuple[str, str]]
    part: str = ""

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.named)


@dataclass(frozen=True)
class AreasCooperating:
    """The table: its first rows, how many areas there are altogether, and what is known of them, in a sentence."""

    form: CooperatingFilter
    choice: Choice
    caption: str
    sentence: str
    rows: list[AreaRow]
    more: int
    files: dict[str, str]


def cooperating(known: RegisterInsight, level: Level, choice: Choice) -> AreasCooperating:
    """The areas of a level that belong to most cooperations, or those of a single cooperation."""
    rows, sentence = _single(known, level, choice.one) if choice.single and choice.one else _all(known, level, choice)
    areas = capitalized(str(WORDS[level].several))
    what = choice.single.name if choice.single else label(KINDS, choice.kind) if choice.kind else _("Cooperations")
    return AreasCooperating(
        form=CooperatingFilter(known, level, choice.kind),
        choice=choice,
        caption=f"{areas}: {what}",
        sentence=sentence,
        rows=rows[:ROWS_SHOWN],
        more=max(0, len(rows) - ROWS_SHOWN),
        files={}
        if choice.single
        else files(
            reverse("cooperating-download", args=[WORDS[level].slug, "KIND"]).removesuffix(".KIND"),
            kinds=FILES,
            query=f"kooperationen={choice.kind}" if choice.kind else "",
        ),
    )


def _all(known: RegisterInsight, level: Level, choice: Choice) -> tuple[list[AreaRow], str]:
    belonging, areas = known.belonging(level), known.insight.areas
    counts = belonging.counts(choice.kind)
    counted = [(key, count) for key, count in zip(belonging.keys, counts.tolist(), strict=True) if count]
    counted.sort(key=lambda each: (-each[1], folded(areas[each[0]].name), each[0]))
    rows = []
    for place, (key, count) in enumerate(counted):
        # of those that are not shown nobody reads the names
        several = _cooperations(known, key, choice.kind)[:NAMED] if place < ROWS_SHOWN else ()
        named = [(each.cooperation.name, reverse("cooperation", args=[each.cooperation.ref])) for each in several]
        rows.append(AreaRow(areas[key], count, named))
    confirmed = int((belonging.complete & (counts == 0)).sum())
    said = _("%(areas)s: %(some)s of %(of)s belong to at least one cooperation; of %(unknown)s none is known yet.") % {
        "areas": capitalized(str(WORDS[level].several)),
        "some": number(len(rows)),
        "of": number(len(counts)),
        "unknown": number(len(counts) - len(rows) - confirmed),
    }
    if confirmed:
        said += " " + _("Confirmed as without cooperation: %(count)s.") % {"count": number(confirmed)}
    return rows, said


def _single(known: RegisterInsight, level: Level, one: Cooperation) -> tuple[list[AreaRow], str]:
    areas = known.insight.areas
    whole, part = known.belonging(level).covered(one.ref)
    words = dict.fromkeys(whole, _("as a whole")) | dict.fromkeys(part, _("with a part"))
    keys = sorted(words, key=lambda key: (folded(areas[key].name), key))
    said = _("%(areas)s: %(whole)s lie in the area of %(name)s as a whole, %(part)s with a part.") % {
        "areas": capitalized(str(WORDS[level].several)),
        "whole": number(len(whole)),
        "part": number(len(part)),
        "name": one.name,
    }
    return [AreaRow(areas[key], 1, [], words[key]) for key in keys], said


COLUMNS = (
    Column("key", "key of the area"),
    Column("name", "its name"),
    Column("designation", "what it is, as its Land calls it"),
    Column("land_key", "key of the Land"),
    Column(
        "cooperations",
        "cooperations it belongs to today, itself, as part of a larger area or with parts; empty where none is known",
    ),
    Column("complete", "1 where the area states that the register holds all of its cooperations, else 0"),
)


def cooperating_table(known: RegisterInsight, level: Level, kind: str) -> Table:
    """All areas of a level as a file. What is empty is not known; 0 is confirmed."""
    belonging, areas = known.belonging(level), known.insight.areas
    rows = [
        (
            key,
            areas[key].name,
            areas[key].designation,
            areas[key].land_key,
            count if count or complete else None,
            int(complete),
        )
        for key, count, complete in zip(
            belonging.keys, belonging.counts(kind).tolist(), belonging.complete.tolist(), strict=True
        )
    ]
    name = f"kooperationen-{WORDS[level].slug}" + (f"-{kind}" if kind else "")
    return Table(name, _("Areas and cooperations"), COLUMNS, rows, (register_source(known), *known.insight.notes[:2]))
