"""What is known about the cooperation across a seam, in plain words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from nahtstelle.core.model import KnowledgeState, Strength
from nahtstelle.drawing.stitches import State
from nahtstelle.portal.ui.figures import number

STRENGTHS: tuple[Strength, ...] = ("full", "adjacent", "loose")

STATE_WORDS: dict[State, Promise] = {
    "full": _("along the whole seam"),
    "adjacent": _("of municipalities at the seam"),
    "loose": _("here and there"),
    "none": _("confirmed: none"),
    "unknown": _("nothing known yet"),
}
"""After "cooperation": the same words as on the map."""

STRENGTH_MEANINGS: dict[Strength, Promise] = {
    "full": _("Both areas themselves take part, or all municipalities on both sides of the border."),
    "adjacent": _("Municipalities take part that lie at the border, on both sides of it, but not all of them."),
    "loose": _("Both sides take part, but nobody who lies at the border."),
}

KNOWLEDGE: dict[KnowledgeState, tuple[str, Promise]] = {
    "bridged": ("ueberbrueckt", _("bridged")),
    "confirmed_none": ("keine", _("confirmed: no cooperation")),
    "unknown": ("unbekannt", _("nothing known yet")),
}
"""The three states of a seam: as part of an address, and in words."""

STRENGTH_SLUGS: dict[Strength, str] = {"full": "ganz", "adjacent": "angrenzend", "loose": "vereinzelt"}


def cooperation_words(state: State, count: int) -> str:
    """What is known about the cooperation across a seam, for a cell: how many bridge it, and how closely at best."""
    if state in ("none", "unknown"):
        return str(STATE_WORDS[state])
    counted = ngettext("one cooperation", "%(count)s cooperations", count) % {"count": number(count)}
    return f"{counted}, {STATE_WORDS[state]}"


def knowledge_of(state: State) -> KnowledgeState:
    """Which of the three honest states this is."""
    return "confirmed_none" if state == "none" else "unknown" if state == "unknown" else "bridged"
