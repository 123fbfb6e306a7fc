"""What the directory of areas can be narrowed to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from nahtstelle.core.keys import LAENDER
from nahtstelle.core.vocabularies import KINDS
from nahtstelle.portal.directory.hits import SEVERAL, TYPE_OF_SLUG
from nahtstelle.portal.reference.queries import LONGEST_QUERY
from nahtstelle.portal.register.fields import choices_of
from nahtstelle.portal.ui.levels import LARGEST_FIRST, OF_SLUG, WORDS

SORTED_BY = {"name": "folded", "menschen": "people", "flaeche": "area_m2", "schluessel": "key"}


class AreaFilter(forms.Form):
    """Level, Land, words, order. Every field may be left out; what is no choice is said and ignored."""

    ebene = forms.ChoiceField(
        label=_("Level"),
        required=False,
        choices=[("", _("all levels")), *((WORDS[level].slug, WORDS[level].several) for level in LARGEST_FIRST)],
    )
    land = forms.ChoiceField(
        label=_("Land"),
        required=False,
        choices=[("", _("all Länder")), *sorted(LAENDER.items(), key=lambda item: item[1])],
    )
    q = forms.CharField(label=_("Name or key"), required=False, max_length=100)
    gebiet = forms.CharField(required=False, max_length=15, widget=forms.HiddenInput)
    sortierung = forms.ChoiceField(
        required=False,
        widget=forms.HiddenInput,
        choices=[(sign + name, name) for name in SORTED_BY for sign in ("", "-")],
    )

    @property
    def order(self) -> str:
        """The order in force."""
        self.is_valid()
        return self.cleaned_data.get("sortierung") or "name"

    @property
    def query(self) -> str:
        """What was chosen, as the query of an address."""
        self.is_valid()
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})

    def chosen(self) -> dict[str, Any]:
        """The choices, the usual ones where nothing valid was said."""
        self.is_valid()
        said = self.cleaned_data
        order = said.get("sortierung") or "name"
        return {
            "level": OF_SLUG.get(said.get("ebene") or ""),
            "land_key": said.get("land") or "",
            "inside": said.get("gebiet") or "",
            "text": said.get("q") or "",
            "by": order.lstrip("-"),
            "descending": order.startswith("-"),
        }


class SearchFilter(forms.Form):
    """Words, and what to look for: a type of record, a kind of cooperation, a Land. What is no choice is ignored."""

    q = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)
    was = forms.ChoiceField(
        label=_("What"), required=False, choices=[("", _("places and everything recorded")), *SEVERAL.values()]
    )
    art = forms.ChoiceField(
        label=_("Kind of cooperation"), required=False, choices=[("", _("all kinds")), *choices_of(KINDS)]
    )
    land = forms.ChoiceField(
        label=_("Land"),
        required=False,
        choices=[("", _("all Länder")), *sorted(LAENDER.items(), key=lambda item: item[1])],
    )

    @property
    def text(self) -> str:
        """The words looked for."""
        return str(self.data.get("q", "")).replace("\x00", "").strip()[:LONGEST_QUERY]

    def chosen(self) -> dict[str, str]:
        """Type, kind and Land in force, empty for all."""
        self.is_valid()
        said = self.cleaned_data
        return {
            "type": TYPE_OF_SLUG.get(said.get("was") or "", ""),
            "kind": said.get("art") or "",
            "land": said.get("land") or "",
        }
