"""What the ranking of seams can be narrowed to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from nahtstelle.core.keys import LAENDER, Level
from nahtstelle.core.vocabularies import TASKS
from nahtstelle.portal.register.fields import choices_of
from nahtstelle.portal.ui.levels import LARGEST_FIRST, OF_SLUG, WORDS
from nahtstelle.portal.ui.states import KNOWLEDGE, STATE_WORDS, STRENGTH_SLUGS

SORTED_BY = {
    "menschen": "people",
    "laenge": "length",
    "name": "name",
    "kooperationen": "cooperations",
    "bindung": "intensity",
}
_KNOWLEDGE_OF = {slug: knowledge for knowledge, (slug, _words) in KNOWLEDGE.items()}
_STRENGTH_OF = {slug: state for state, slug in STRENGTH_SLUGS.items()}


class SeamFilter(forms.Form):
    """Level, Land, kind of border, what is known of cooperation, words, order.

    Every field may be left out; what is no choice is ignored. A task narrows what counts as cooperation.
    """

    ebene = forms.ChoiceField(
        label=_("Seams between"),
        required=False,
        choices=[(WORDS[level].slug, WORDS[level].between) for level in LARGEST_FIRST],
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
    zustand = forms.ChoiceField(label=_("Cooperation"), required=False, choices=[("", _("all")), *KNOWLEDGE.values()])
    staerke = forms.ChoiceField(
        label=_("How close"),
        required=False,
        choices=[("", _("all")), *((slug, STATE_WORDS[state]) for state, slug in STRENGTH_SLUGS.items())],
    )
    aufgabe = forms.ChoiceField(label=_("Task"), required=False, choices=[("", _("all tasks")), *choices_of(TASKS)])
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
        """The choices as `SeamsInRegister.ranked` takes them, level and task; the usual ones where nothing was said."""
        self.is_valid()
        said = self.cleaned_data
        order = said.get("sortierung") or "-menschen"
        return {
            "level": OF_SLUG.get(said.get("ebene") or "", Level.DISTRICT),
            "task": said.get("aufgabe") or "",
            "knowledge": _KNOWLEDGE_OF.get(said.get("zustand") or ""),
            "strength": _STRENGTH_OF.get(said.get("staerke") or ""),
            "by": SORTED_BY[order.lstrip("-")],
            "descending": order.startswith("-"),
            "land_key": said.get("land") or "",
            "land_seams": {"land": True, "innen": False}.get(said.get("grenze") or ""),
            "text": said.get("q") or "",
        }
