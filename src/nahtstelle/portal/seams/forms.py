"""What the ranking of seams can be narrowed to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from nahtstelle.core.keys import LAENDER, Level
from nahtstelle.portal.ui.levels import LARGEST_FIRST, OF_SLUG, WORDS

SORTED_BY = {"menschen": "people", "laenge": "length", "name": "name"}


class SeamFilter(forms.Form):
    """Level, Land, Land seams or not, words, order. Every field may be left out; what is no choice is ignored."""

    ebene = forms.ChoiceField(
        label=_("Level"), required=False, choices=[(WORDS[level].slug, WORDS[level].seams) for level in LARGEST_FIRST]
    )
    land = forms.ChoiceField(
        label=_("Land"),
        required=False,
        choices=[("", _("all Länder")), *sorted(LAENDER.items(), key=lambda item: item[1])],
    )
    grenze = forms.ChoiceField(
        label=_("Kind of border"),
        required=False,
        choices=[("", _("all")), ("land", _("only Land seams")), ("innen", _("only within one Land"))],
    )
    q = forms.CharField(label=_("Name or key"), required=False, max_length=100)
    sortierung = forms.ChoiceField(
        required=False,
        widget=forms.HiddenInput,
        choices=[(sign + name, name) for name in SORTED_BY for sign in ("", "-")],
    )

    def __init__(self, said: QueryDict) -> None:
        shown = said.copy()
        shown.setdefault("ebene", WORDS[Level.DISTRICT].slug)  # else the first level would seem to be chosen
        super().__init__(shown)

    @property
    def order(self) -> str:
        """The order in force."""
        self.is_valid()
        return self.cleaned_data.get("sortierung") or "-menschen"

    @property
    def query(self) -> str:
        """What was chosen, as the query of an address."""
        self.is_valid()
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})

    def chosen(self) -> dict[str, Any]:
        """The choices as `SeamTable.ranked` takes them, and the level; the usual ones where nothing valid was said."""
        self.is_valid()
        said = self.cleaned_data
        order = said.get("sortierung") or "-menschen"
        return {
            "level": OF_SLUG.get(said.get("ebene") or "", Level.DISTRICT),
            "by": SORTED_BY[order.lstrip("-")],
            "descending": order.startswith("-"),
            "land_key": said.get("land") or "",
            "land_seams": {"land": True, "innen": False}.get(said.get("grenze") or ""),
            "text": said.get("q") or "",
        }
