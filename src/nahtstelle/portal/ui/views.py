"""The gallery: every component in every state, to look at."""

from __future__ import annotations

from dataclasses import dataclass, fields

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from nahtstelle.core.keys import LAENDER
from nahtstelle.core.model import People
from nahtstelle.drawing.marks import logo
from nahtstelle.drawing.palette import DARK, LIGHT, Palette
from nahtstelle.drawing.stitches import STATES, State
from nahtstelle.portal.ui.contrast import contrast
from nahtstelle.portal.ui.heads import page_head

_DRAWN_UPON = {"text", "quiet", "seam", "loose", "none", "unknown"}
"""Roles that must be read against the sheet; against all others it is the text that must be read."""

_STATE_WORDS: dict[State, Promise] = {
    "full": gettext_lazy("bridged, all along"),
    "adjacent": gettext_lazy("bridged, with municipalities at the seam"),
    "loose": gettext_lazy("bridged, loosely"),
    "none": gettext_lazy("confirmed: no cooperation"),
    "unknown": gettext_lazy("nothing known"),
}


@dataclass(frozen=True)
class ColourRow:
    """A role of the palette, its colours, and how well they are told from what lies beside them."""

    role: str
    light: str
    dark: str
    contrast_light: float
    contrast_dark: float
    on_sheet: bool


def colour_rows() -> list[ColourRow]:
    """Every role of the palette with its contrast on light and on dark ground."""

    def told_apart(palette: Palette, role: str) -> float:
        colour: str = getattr(palette, role)
        return contrast(colour, palette.sheet if role in _DRAWN_UPON else palette.text)

    return [
        ColourRow(
            field.name,
            getattr(LIGHT, field.name),
            getattr(DARK, field.name),
            told_apart(LIGHT, field.name),
            told_apart(DARK, field.name),
            field.name in _DRAWN_UPON,
        )
        for field in fields(Palette)
    ]


class ExampleFilter(forms.Form):
    """Fields of each kind, to look at."""

    land = forms.ChoiceField(label=gettext_lazy("Land"), choices=[*LAENDER.items()])
    q = forms.CharField(label=gettext_lazy("Name or key"))
    land_seams = forms.BooleanField(label=gettext_lazy("only Land seams"), required=False)


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Colours with their contrast, the seam scale, every component in every state."""
    title = _("How does the site look?")
    sentence = _("Every component in every state: colours, type, seams, tables, forms and remarks.")
    context = {
        "head": page_head(request, title, sentence),
        "sentence": sentence,
        "colours": colour_rows(),
        "steps": range(6),
        "states": [(state, _STATE_WORDS[state]) for state in STATES],
        "eyes": [
            ("", pgettext_lazy("colour vision", "as designed")),
            ("nt-eye-grey", pgettext_lazy("colour vision", "grey print")),
            ("nt-eye-protan", pgettext_lazy("colour vision", "without red (protanopia)")),
            ("nt-eye-deutan", pgettext_lazy("colour vision", "without green (deuteranopia)")),
            ("nt-eye-tritan", pgettext_lazy("colour vision", "without blue (tritanopia)")),
        ],
        "all_known": People(92_461, 8, 8),
        "some_known": People(74_210, 9, 11),
        "none_known": People(None, 0, 4),
        "form": ExampleFilter(),
        "wrong_form": ExampleFilter({"land": "99", "q": ""}, auto_id="wrong_%s"),
        "page": Paginator(range(1040), 50).page(7),
        "logo": _logo(),
    }
    return render(request, "ui/gallery.html", context)


def _logo() -> SafeString:
    return mark_safe(logo())
