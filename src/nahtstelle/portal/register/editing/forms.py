"""Fields and forms of the editing screens: choosing by typing, ends that people mean inclusively, several ticks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm, register_form_field_override

from nahtstelle.core.periods import day_after, day_before
from nahtstelle.portal.register.editing import choosers
from nahtstelle.portal.register.editing.choosers import ABOUT, AREA, PARTIES, Choice
from nahtstelle.portal.register.fields import PartialDateField
from nahtstelle.portal.register.models import RECORDS, Cooperation, Organisation, Party, Source
from nahtstelle.portal.register.models.evidence import About

# ------------------------------------------------------------------------------------------------ dates

DATE_HELP = gettext_lazy("A year, a month or a day: 2014, 2014-10 or 2014-10-27.")
END_HELP = gettext_lazy(
    "The last year, month or day on which it holds: 2020 means until the end of 2020. Empty while there is no end."
)
LAST_DAY_HELP = gettext_lazy("The last day, month or year: 2025-12-31, 2025-12 or 2025.")
_ENDS = {"valid_until": gettext_lazy("Until"), "ended": gettext_lazy("Ended")}
"""Fields that hold the first day on which something no longer is; people are asked for the last one on which it is."""


class _Inclusive(str):
    """An end as somebody typed it: the last date that is still included."""

    __slots__ = ()


class _EndInput(forms.TextInput):
    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = data.get(name)
        return None if value is None else _Inclusive(value.strip())


class EndField(forms.CharField):
    """The last year, month or day that is included; as data the first one that is not."""

    widget = _EndInput

    def __init__(self, *, help_text: Any = LAST_DAY_HELP, **options: Any) -> None:
        super().__init__(help_text=help_text, **options)

    def prepare_value(self, value: Any) -> Any:
        """As people read it."""
        if isinstance(value, _Inclusive) or not value:
            return value
        return day_before(value)

    def to_python(self, value: Any) -> str:
        """As the register holds it."""
        text = super().to_python(value) or ""
        try:
            return day_after(text) if isinstance(value, _Inclusive) else text
        except ValueError as error:
            raise ValidationError(
                _("Please give a year (2014), a month (2014-10) or a day (2014-10-27)."), code="not-a-date"
            ) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another end is meant."""
        try:
            return self.to_python(data) != (initial or "")
        except ValidationError:
            return True


def _date_field(db_field: models.Field[Any, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {"help_text": DATE_HELP}
    if db_field.name in _ENDS:
        said = {"form_class": EndField, "label": _ENDS[db_field.name], "help_text": END_HELP, "max_length": 10}
    return said


register_form_field_override(PartialDateField, override=_date_field)

# --------------------------------------------------------------------------------------------- choosing


@dataclass(frozen=True)
class Typed:
    """What stands in a field to choose with, and the token of what was chosen, if anything was."""

    text: str
    token: str


class ChooseInput(forms.TextInput):
    """A field to type a name in, with choices offered below it."""

    template_name = "register/widgets/choose.html"

    def __init__(self, kinds: tuple[str, ...], attrs: Any = None) -> None:
        self.kinds = kinds
        super().__init__(attrs)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Typed | None:
        """Name and token as they were sent."""
        if name not in data:
            return None
        return Typed(data.get(name, "").strip(), data.get(f"{name}-token", "").strip())

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The widget with the address of its choices and what it says."""
        context: dict[str, Any] = super().get_context(name, None, attrs)
        widget = context["widget"]
        if isinstance(value, Typed):
            widget["value"], widget["token"] = value.text, value.token
        elif isinstance(value, Choice):
            widget["value"], widget["token"] = value.label, value.token
        address = f"{reverse('register_choices')}?{urlencode({'arten': ','.join(self.kinds)})}"
        widget["attrs"] |= {
            "autocomplete": "off",
            "data-choose": address,
            "data-many": _("{count} found. Choose with the arrow keys and Enter."),
            "data-none": _("Nothing found."),
            "data-failed": _("The list could not be fetched. You can go on typing the name or the key."),
        }
        return context


class ChoiceField(forms.Field):
    """An area or a record, chosen by typing. Cleaned it is a `Choice`, or nothing."""

    person: Any = None
    widget: Any

    def __init__(self, kinds: tuple[str, ...], *, free: bool = False, **options: Any) -> None:
        self.kinds, self.free = kinds, free
        super().__init__(widget=ChooseInput(kinds), **options)

    def clean(self, value: Any) -> Choice | None:
        """What was chosen, or what the name alone means where only one thing has it."""
        typed = value if isinstance(value, Typed) else Typed("", "")
        if isinstance(value, Choice):
            return value
        if not typed.text:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if typed.token:
            if isinstance(self.initial, Choice) and self.initial.token == typed.token:
                return self.initial  # as it was entered, even where the key is no longer in use
            chosen = choosers.named(self.person, self.kinds, typed.token)
            if chosen:
                return chosen
        candidates = choosers.meant(self.person, self.kinds, typed.text)
        if len(candidates) == 1:
            return candidates[0]
        if self.free and not candidates:
            return Choice("", "", typed.text)
        if candidates:
            names = "; ".join(candidate.label for candidate in candidates[:5])
            raise ValidationError(
                _("Several have this name: %(names)s. Please choose one from the list."),
                code="several",
                params={"names": names},
            )
        raise ValidationError(
            _("Nothing is found under “%(text)s”. Please choose from the list that appears while you type."),
            code="unknown",
            params={"text": typed.text},
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether something else was chosen or typed."""
        if not isinstance(data, Typed):
            return False
        if not isinstance(initial, Choice):
            return bool(data.text)
        return data.token != initial.token or data.text != initial.label


class AreaKeyField(ChoiceField):
    """The key of an area, chosen by the area's name."""

    def __init__(self, key: str, **options: Any) -> None:
        super().__init__((AREA,), required=False, **options)
        self.initial = _area_choice(key)

    def prepare_value(self, value: Any) -> Any:
        """As people read it."""
        return _area_choice(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> Any:
        """The key."""
        chosen = super().clean(value)
        return chosen.ref if chosen else ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another area was chosen."""
        return super().has_changed(self.initial, data)


def _area_choice(key: str) -> Choice | None:
    """An area as a choice, known or not."""
    if not key:
        return None
    area = choosers.area_of(key)
    return Choice(AREA, key, area.full_name if area else key, key)


class RecordField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A record of one kind, chosen by typing: what a foreign key of a record is entered with."""

    person: Any = None
    queryset: Any

    def __init__(self, queryset: Any, **options: Any) -> None:
        self.kind: str = queryset.model.TYPE
        options["widget"] = ChooseInput((self.kind,))
        super().__init__(queryset, **options)

    def prepare_value(self, value: Any) -> Any:
        """As people read it."""
        if isinstance(value, Typed) or not value:
            return value
        record: Any = value if isinstance(value, models.Model) else self.queryset.model.objects.filter(pk=value).first()
        return Choice(self.kind, record.ref, str(record)) if record else None

    def to_python(self, value: Any) -> Any:
        """The record that was chosen."""
        field = ChoiceField((self.kind,), required=False)
        field.person = self.person
        if not isinstance(value, Typed):
            return super().to_python(value)
        chosen = field.clean(value)
        return self.queryset.get(ref=chosen.ref) if chosen else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another record was chosen."""
        try:
            chosen = self.to_python(data)
        except ValidationError:
            return True
        return (chosen.pk if chosen else None) != (getattr(initial, "pk", initial) or None)


for _model in (Cooperation, Organisation, Source):
    register_form_field_override(models.ForeignKey, to=_model, override={"form_class": RecordField})


# ------------------------------------------------------------------------------------------------ forms


_KEYS = {"seat_key": gettext_lazy("Municipality of the seat"), "place_key": gettext_lazy("Municipality")}
"""Fields that hold the key of an area without being a party."""
_KEY_HELP = gettext_lazy("Type the name and choose from the list: then it stands on maps.")


class RegisterForm(WagtailAdminModelForm):
    """A form of the editing screens: its fields know who fills it in."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in _KEYS:
            if name in self.fields:
                key = getattr(self.instance, name)
                self.fields[name] = AreaKeyField(key, label=_KEYS[name], help_text=_KEY_HELP)
        for field in self.fields.values():
            field.label = capfirst(str(field.label)) if field.label else field.label
            if isinstance(field, ChoiceField | RecordField):
                field.person = self.for_user

    def _post_clean(self) -> None:
        """Without the constraints of the database: the verb checks them, and says in words what they ask for."""
        self.instance.validate_constraints = lambda exclude=None: None
        try:
            super()._post_clean()
        finally:
            del self.instance.validate_constraints

    def defer_required_fields(self) -> None:
        """Nothing is deferred: what a record cannot be without, a draft of it cannot be without either."""

    def restore_required_fields(self) -> None:
        """Nothing was deferred."""

    def said(self) -> tuple[str, ...]:
        """Names of the fields of the record that this form says something in."""
        return tuple(name for name in self.fields if name in {field.name for field in self._meta.model._meta.fields})


class EntryForm(RegisterForm):
    """The form of a record with a screen of its own; ``seen`` says in which state somebody found it."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class PartyForm(RegisterForm):
    """Somebody who takes part, chosen in one field: an area, an organisation, a cooperation, or a mere name."""

    party = ChoiceField(
        PARTIES,
        free=True,
        label=gettext_lazy("Who"),
        help_text=gettext_lazy(
            "Type a name and choose from the list: places, organisations, cooperations. "
            "Any other name is kept as it is."
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["party"].initial = chosen_party(self.instance)

    def clean(self) -> dict[str, Any]:
        """Put what was chosen where the record keeps it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "party" in cleaned:
            keep_party(self.instance, cleaned["party"])
        return cleaned

    def said(self) -> tuple[str, ...]:
        """With the fields a party is kept in."""
        return (*super().said(), *PARTY)


class MemberForm(PartyForm, EntryForm):
    """A member: a party that has a record or is an area."""

    party = ChoiceField(
        PARTIES,
        label=gettext_lazy("Who is a member"),
        help_text=gettext_lazy(
            "Type the name of a place, an organisation or a cooperation and choose from the list: “Schöning…” offers "
            "every place of that name with its district, Land and key."
        ),
    )


class AboutForm(EntryForm):
    """Something that speaks of a record or an area."""

    about = ChoiceField(
        ABOUT,
        label=gettext_lazy("About what"),
        help_text=gettext_lazy("Type the name of a cooperation, an organisation, a project or a place."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["about"].initial = spoken_of(self.instance) or self.initial.get("about")

    def clean(self) -> dict[str, Any]:
        """Put what was chosen where the record keeps it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if chosen := cleaned.get("about"):
            self.instance.about_type, self.instance.about_ref = chosen.kind, chosen.ref
        return cleaned

    def said(self) -> tuple[str, ...]:
        """With the fields that say about what."""
        return (*super().said(), "about_type", "about_ref")


class AreaForm(EntryForm):
    """Something said of one area."""

    area = ChoiceField((AREA,), label=gettext_lazy("Area"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if key := self.instance.area_key:
            self.fields["area"].initial = Choice(AREA, key, self.instance.area_name or key, key)

    def clean(self) -> dict[str, Any]:
        """Put what was chosen where the record keeps it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("area"):
            _keep_area(self.instance, cleaned["area"])
        return cleaned

    def said(self) -> tuple[str, ...]:
        """With the fields an area is kept in."""
        return (*super().said(), "area_key", "area_edition", "area_name")


PARTY = ("area_key", "area_edition", "area_name", "organisation", "party_cooperation", "party_name")


def chosen_party(party: Party) -> Choice | None:
    """The party of a record as a choice."""
    if party.organisation is not None:
        return Choice("organisation", party.organisation.ref, party.organisation.name)
    if party.party_cooperation is not None:
        return Choice("cooperation", party.party_cooperation.ref, party.party_cooperation.name)
    if party.area_key:
        return Choice(AREA, party.area_key, party.area_name or party.area_key, party.area_key)
    return Choice("", "", party.party_name) if party.party_name else None


def keep_party(party: Party, chosen: Choice | None) -> None:
    """Make somebody chosen the party of a record; an area that stays the same stays as it was entered."""
    if chosen is None or chosen == chosen_party(party):
        return
    party.organisation = party.party_cooperation = None
    party.party_name = ""
    if chosen.kind == AREA:
        _keep_area(party, chosen)
        return
    party.area_key = party.area_edition = party.area_name = ""
    if chosen.kind == "organisation":
        party.organisation = Organisation.objects.get(ref=chosen.ref)
    elif chosen.kind == "cooperation":
        party.party_cooperation = Cooperation.objects.get(ref=chosen.ref)
    else:
        party.party_name = chosen.title


def _keep_area(record: Any, chosen: Choice) -> None:
    area = choosers.area_of(chosen.ref)
    if area is None or record.area_key == chosen.ref:
        return
    record.area_key, record.area_edition, record.area_name = chosen.ref, area.edition_id, area.full_name


def spoken_of(record: About) -> Choice | None:
    """What a record speaks of as a choice; whatever it is, it can stay."""
    if not record.about_ref:
        return None
    if record.about_type == AREA:
        return _area_choice(record.about_ref)
    found = RECORDS[record.about_type]._default_manager.filter(ref=record.about_ref).first()
    return Choice(record.about_type, record.about_ref, str(found) if found else record.about_ref)


def may_be_chosen(person: Any, token: str, kinds: tuple[str, ...]) -> Choice | None:
    """What an address asks to begin a form with, where this person may see it."""
    return choosers.named(person, kinds, token) if token else None
