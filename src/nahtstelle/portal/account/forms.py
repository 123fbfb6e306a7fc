"""What people fill in on the site itself: few fields, in the order in which somebody would tell it.

Each form says what it was told as the verbs of the register take it (`RecordForm.said`); what cannot be true is found
by the verbs and shown beside the field it concerns.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.forms.models import construct_instance
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from nahtstelle.core.keys import LAENDER
from nahtstelle.core.vocabularies import COOPERATION_STATES, ENDED_STATES, FAILED_STATES, STANCES
from nahtstelle.portal.accounts.models import Person
from nahtstelle.portal.register.editing import choosers
from nahtstelle.portal.register.editing.choosers import AREA, Choice
from nahtstelle.portal.register.editing.forms import DATE_HELP, END_HELP, EndField
from nahtstelle.portal.register.errors import Finding
from nahtstelle.portal.register.fields import PartialDateField, choices_of
from nahtstelle.portal.register.models import (
    RECORDS,
    Agreement,
    Cooperation,
    Invitation,
    Meeting,
    Membership,
    Organisation,
    Project,
    Record,
    Source,
)
from nahtstelle.portal.register.models.responsibility import Role
from nahtstelle.portal.register.records import described

LARGEST_FILE_BYTES = 15 * 1024 * 1024
FILE_KINDS = {"pdf": b"%PDF-", "odt": b"PK\x03\x04", "docx": b"PK\x03\x04"}
"""Kinds of document that are taken, by ending, and how such a file begins."""


# ------------------------------------------------------------------------------------------------ records


def _form_field(field: Any, **options: Any) -> Any:
    """The usual field of a form; an address without a scheme is an encrypted one."""
    return field.formfield(**options | ({"assume_scheme": "https"} if isinstance(field, models.URLField) else {}))


class Fields:
    """What the forms of all records take over from their models."""

    formfield_callback = _form_field


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]
    """Some fields of a record. ``seen`` says in which state somebody found it, so that nobody's change gets lost."""

    TYPE: ClassVar[str]
    HINTS: ClassVar[dict[str, Any]] = {}
    PUT_TOGETHER: ClassVar[tuple[str, ...]] = ()
    """Names in what is said that no single field of the form stands for."""
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if self.instance.pk:
            self.fields["seen"].initial = self.instance.changed_at.isoformat()
        for name, field in self.fields.items():
            model_field = next((each for each in self._meta.model._meta.fields if each.name == name), None)
            if isinstance(model_field, PartialDateField) and not isinstance(field, EndField):
                field.help_text = DATE_HELP
            field.label = capfirst(str(field.label))
            field.help_text = self.HINTS.get(name, field.help_text)
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs |= {"rows": 4}

    def _post_clean(self) -> None:
        """Take over what was said; whether it can be true is for the verbs to find."""
        self.instance = construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)

    @property
    def told(self) -> tuple[str, ...]:
        """Names of the fields of the record that this form asks for."""
        known = {field.name for field in self._meta.model._meta.fields}
        return tuple(name for name in self.fields if name in known)

    def said(self) -> dict[str, Any]:
        """What was filled in, as the verbs take it."""
        whole = described(self.instance)
        return {name: whole[name] for name in self.told}

    def changed_only(self) -> dict[str, Any]:
        """The part of it that differs from the record as it is."""
        said, there = self.said(), described(self.instance)
        together = (name for name in self.PUT_TOGETHER if said[name] != there[name])
        return {name: said[name] for name in (*self.changed_data, *together) if name in said}

    @property
    def seen_at(self) -> dt.datetime | None:
        """When the record was last changed as the person saw it."""
        try:
            return dt.datetime.fromisoformat(self.cleaned_data.get("seen") or "")
        except ValueError:
            return None


def show(form: forms.BaseForm, findings: tuple[Finding, ...]) -> None:
    """Put what the verbs found beside the fields it concerns."""
    beside = {"area_key": "who", "organisation": "who", "party_cooperation": "who", "start": "day", "document": "file"}
    for each in findings:
        name = each.field if each.field in form.fields else beside.get(each.field, "")
        form.add_error(name if name in form.fields else NON_FIELD_ERRORS, each.message)


class CooperationForm(RecordForm):
    """The facts of a cooperation."""

    TYPE = "cooperation"
    HINTS: ClassVar[dict[str, Any]] = {
        "tasks": gettext_lazy("What it works on together. As few as say the essential."),
        "legal_basis": gettext_lazy("Act, section and Land, for example: § 14 KommZG Sachsen-Anhalt."),
        "summary_de": gettext_lazy("Two or three sentences for somebody who has never heard of it."),
    }

    class Meta(Fields):
        model = Cooperation
        fields = (
            "name", "short_name", "kind", "legal_form", "legal_basis", "tasks", "state", "founded", "seat_place",
            "website", "summary_de", "summary_en",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # an end has forms and verbs of its own: it needs a day, a reason, perhaps a successor
        now = self.instance.state
        open_states = [pair for pair in choices_of(COOPERATION_STATES) if pair[0] not in ENDED_STATES or pair[0] == now]
        self.fields["state"].choices = open_states  # type: ignore[attr-defined]


class OrganisationForm(RecordForm):
    """The facts of an organisation."""

    TYPE = "organisation"
    HINTS: ClassVar[dict[str, Any]] = {
        "name": gettext_lazy("An institution, a company or an association, never a private person."),
    }

    class Meta(Fields):
        model = Organisation
        fields = ("name", "short_name", "kind", "seat_place", "website", "summary_de", "summary_en")


class ProjectForm(RecordForm):
    """A project, failed ones with their reasons."""

    TYPE = "project"
    HINTS: ClassVar[dict[str, Any]] = {
        "reasons": gettext_lazy("Asked for when nothing came of it: others learn most from it."),
        "learned_de": gettext_lazy("What you would do differently next time."),
        "tasks": "",
    }
    ended = EndField(label=gettext_lazy("ended"), help_text=END_HELP, required=False, max_length=10)

    class Meta(Fields):
        model = Project
        fields = (
            "name", "state", "tasks", "started", "ended", "summary_de", "outcome_de", "reasons", "reason_note_de",
            "learned_de", "costs_eur", "website", "summary_en", "outcome_en", "reason_note_en", "learned_en",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A project that failed says why."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("state") in FAILED_STATES and not cleaned.get("reasons"):
            self.add_error(
                "reasons", _("Please give at least one reason why nothing came of it: others learn from it.")
            )
        return cleaned


class AreaInput(forms.TextInput):
    """A field to type a name in; a script offers areas below it."""

    def suggestions(self) -> str:
        """Where the offers come from."""
        return reverse("suggestions")


class MemberForm(RecordForm):
    """A member: an area, an organisation or another cooperation."""

    TYPE = "membership"
    kind = forms.ChoiceField(
        label=gettext_lazy("What is the member?"),
        choices=(
            (AREA, gettext_lazy("a municipality, a district, a Land")),
            ("organisation", gettext_lazy("an organisation")),
            ("cooperation", gettext_lazy("another cooperation")),
        ),
        initial=AREA,
        widget=forms.RadioSelect,
    )
    who = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("The name or, of an area, its official key."),
        max_length=250,
        widget=AreaInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    which = forms.ChoiceField(label=gettext_lazy("Which one do you mean?"), required=False, widget=forms.RadioSelect)
    valid_until = EndField(label=gettext_lazy("until"), help_text=END_HELP, required=False, max_length=10)

    class Meta(Fields):
        model = Membership
        fields = ("role", "part", "valid_from", "valid_until", "note")

    field_order = ("kind", "who", "which", "role", "part", "valid_from", "valid_until", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("instance") is None:
            kwargs["instance"] = Membership(cooperation=Cooperation())  # which one is said by the page
        super().__init__(*args, **kwargs)
        self.chosen: Choice | None = None
        self.candidates: list[Choice] = []
        if not self.is_bound:
            del self.fields["which"]

    def clean(self) -> dict[str, Any]:
        """Find out who is meant, and ask where several are called so."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind, text = cleaned.get("kind", ""), cleaned.get("who", "").strip()
        token = self.data.get(self.add_prefix("which"), "")
        if not kind or not text:
            del self.fields["which"]
            return cleaned
        key = re.search(r"\((\d{2,12})\)\Z", text)
        if kind == AREA and key:
            self.chosen = choosers.named(self.person, (AREA,), f"{AREA}:{key[1]}")
        self.candidates = choosers.meant(self.person, (kind,), text) or choosers.found(self.person, (kind,), text)
        if self.chosen is None:
            offered = {each.token: each for each in self.candidates}
            exact = len(self.candidates) == 1 and choosers.meant(self.person, (kind,), text)
            self.chosen = offered.get(token) or (self.candidates[0] if exact else None)
        if self.chosen is not None:
            self.fields.pop("which", None)
            self.errors.pop("which", None)
            return cleaned
        self.errors.pop("which", None)
        if self.candidates:
            self.fields["which"].choices = [(each.token, each.label) for each in self.candidates]  # type: ignore[attr-defined]
            self.add_error("which", _("Several are called so or similarly. Please choose one."))
        else:
            del self.fields["which"]
            self.add_error("who", _("Nothing is found under this name."))
        return cleaned

    def said(self) -> dict[str, Any]:
        """With the fields a member is kept in."""
        return super().said() | party(self.chosen)


def party(chosen: Choice | None) -> dict[str, Any]:
    """The fields of a record in which a party is kept."""
    if chosen is None:
        return {}
    if chosen.kind == AREA:
        area = choosers.area_of(chosen.ref)
        edition = area.edition_id if area else ""
        return {"area_key": chosen.ref, "area_edition": edition, "area_name": chosen.title}
    return {"organisation" if chosen.kind == "organisation" else "party_cooperation": chosen.ref}


class EndMembershipForm(forms.Form):
    """The last day of a membership."""

    until = EndField(label=gettext_lazy("Member until"), max_length=10)
    note = forms.CharField(
        label=gettext_lazy("Why"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class AgreementForm(RecordForm):
    """An agreement with its text as a file."""

    TYPE = "agreement"
    HINTS: ClassVar[dict[str, Any]] = {"cost_key": gettext_lazy("Who pays how much, in words.")}
    PUT_TOGETHER = ("parties",)
    members = forms.MultipleChoiceField(
        label=gettext_lazy("Which members have signed?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.CharField(
        label=gettext_lazy("Other parties"),
        help_text=gettext_lazy("One per line, by name."),
        required=False,
        max_length=2000,
        widget=forms.Textarea,
    )
    valid_until = EndField(label=gettext_lazy("in force until"), help_text=END_HELP, required=False, max_length=10)
    file = forms.FileField(
        label=gettext_lazy("Text of the agreement"),
        help_text=gettext_lazy("PDF, ODT or DOCX, at most 15 MB. Everybody can read it: black out what is private."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.odt,.docx"}),
    )

    class Meta(Fields):
        model = Agreement
        fields = (
            "title", "kind", "signed", "valid_from", "valid_until", "term", "notice", "cost_key", "place",
            "subject_de", "url", "subject_en",
        )  # fmt: skip

    field_order = ("title", "kind", "members", "others", "signed", "valid_from", "valid_until", "file", "url")

    def __init__(self, *args: Any, memberships: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.memberships: dict[str, Membership] = {each.ref: each for each in memberships}
        if self.memberships:
            self.fields["members"].choices = [  # type: ignore[attr-defined]
                (ref, each.party_title) for ref, each in self.memberships.items()
            ]
        else:
            del self.fields["members"]
        there = described(self.instance)["parties"] if self.instance.pk else []
        known = {_who(row) for row in there}
        signed = [ref for ref, each in self.memberships.items() if _who(_party_of(each)) in known]
        self.initial["members"] = signed
        self.initial["others"] = "\n".join(row["party_name"] for row in there if row["party_name"])
        if self.instance.document_id is not None:
            self.fields["file"].help_text = (
                _("A new file takes the place of the present one.") + " " + str(self.fields["file"].help_text)
            )

    def clean_file(self) -> UploadedFile[Any] | None:
        """A file that is what it says it is, and not too large."""
        file: UploadedFile[Any] | None = self.cleaned_data.get("file")
        if file is not None:
            check_file(file)
        return file

    def said(self) -> dict[str, Any]:
        """With the parties: those that stay in their order, and those the form does not know of, before new ones."""
        signed = (_party_of(self.memberships[ref]) for ref in self.cleaned_data.get("members", ()))
        names = (line.strip()[:200] for line in self.cleaned_data.get("others", "").splitlines())
        wanted = {_who(row): row for row in (*signed, *({"party_name": name} for name in names if name))}
        there = {_who(row): row for row in described(self.instance)["parties"]} if self.instance.pk else {}
        asked = {_who(_party_of(each)) for each in self.memberships.values()}
        stay = [row for who, row in there.items() if who in wanted or not (who in asked or row["party_name"])]
        return super().said() | {"parties": [*stay, *(row for who, row in wanted.items() if who not in there)]}


def _party_of(membership: Membership) -> dict[str, Any]:
    whole = described(membership)
    names = ("area_key", "area_edition", "area_name", "organisation", "party_cooperation")
    return {name: whole[name] for name in names if whole[name]}


def _who(row: dict[str, Any]) -> tuple[str, ...]:
    """Whom a row of parties names."""
    return tuple(row.get(name) or "" for name in ("area_key", "organisation", "party_cooperation", "party_name"))


def check_file(file: UploadedFile[Any]) -> None:
    """Refuse a file that is too large or not of a kind that is taken. Raises `ValidationError`."""
    ending = (file.name or "").rsplit(".", 1)[-1].lower()
    if ending not in FILE_KINDS:
        raise ValidationError(_("Please choose a PDF, ODT or DOCX file."), code="kind")
    if (file.size or 0) > LARGEST_FILE_BYTES:
        raise ValidationError(_("The file is larger than 15 MB."), code="large")
    begins = file.read(8)
    file.seek(0)
    if not begins.startswith(FILE_KINDS[ending]):
        raise ValidationError(_("The file is not what its ending says."), code="content")


class MeetingForm(RecordForm):
    """A meeting that was or will be."""

    TYPE = "meeting"
    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(
        label=gettext_lazy("Begins at"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    body = forms.CharField(
        label=gettext_lazy("Body"),
        help_text=gettext_lazy("For example: steering group"),
        required=False,
        max_length=150,
    )
    agenda = forms.CharField(
        label=gettext_lazy("Agenda"),
        help_text=gettext_lazy("One subject per line; what was decided after an arrow: “Budget -> agreed”."),
        required=False,
        widget=forms.Textarea,
    )

    class Meta(Fields):
        model = Meeting
        fields = ("name", "place", "note_de", "url", "cancelled", "note_en")

    field_order = ("name", "day", "time", "place", "body", "agenda", "note_de", "url", "cancelled", "note_en")
    PUT_TOGETHER = ("start", "whole_day", "bodies", "agenda")

    def __init__(self, *args: Any, cooperation: Cooperation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ref = cooperation.ref
        """Of the cooperation whose body the form asks for."""
        if self.instance.pk:
            self.there = described(self.instance)
            begins = timezone.localtime(self.instance.start)
            own = next((row for row in self.there["bodies"] if row["cooperation"] == self.ref), {"body": ""})
            self.initial.update(
                day=begins.date(),
                time=None if self.instance.whole_day else begins.time(),
                body=own["body"],
                agenda="\n".join(_line(row) for row in self.there["agenda"]),
            )
        else:
            self.there = {"bodies": [], "agenda": []}

    def said(self) -> dict[str, Any]:
        """With the moment, the body of the cooperation, and the agenda; what was not changed stays as it is."""
        day, time = self.cleaned_data["day"], self.cleaned_data.get("time")
        start = timezone.make_aware(dt.datetime.combine(day, time or dt.time())).astimezone(dt.UTC).isoformat()
        if self.instance.pk and not {"day", "time"} & set(self.changed_data):
            start = self.there["start"]
        bodies = [dict(row) for row in self.there["bodies"]]
        own = next((row for row in bodies if row["cooperation"] == self.ref), None)
        if own is None:
            bodies.append(own := {"cooperation": self.ref})
        own["body"] = self.cleaned_data.get("body", "")
        return super().said() | {
            "start": start,
            "whole_day": time is None,
            "bodies": bodies,
            "agenda": _agenda(self.cleaned_data.get("agenda", ""), self.there["agenda"]),
        }


def _agenda(text: str, there: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The points of an agenda, one per line. One that was there keeps its decision, and a number of its own kind."""
    known = {_line(row): row for row in there} | {row["name"]: row for row in there}
    items: list[dict[str, Any]] = []
    for line in (line.strip() for line in text.splitlines()):
        if not line:
            continue
        name, result = _parted(line)
        row = known.get(line) or known.get(name) or {"number": ""}
        number = row["number"] if row["number"] and not row["number"].isdigit() else str(len(items) + 1)
        said = {"name": name[:300], "result": result[:200]} if line not in known else {}
        items.append({**row, "number": number, **said})
    return items


def _line(row: dict[str, Any]) -> str:
    return f"{row['name']} -> {row['result']}" if row["result"] else str(row["name"])


def _parted(line: str) -> tuple[str, str]:
    name, *result = re.split(r"\s*(?:->|→)\s*", line, maxsplit=1)
    return name, result[0] if result else ""


class SourceForm(RecordForm):
    """Something published, and what it says of a record."""

    TYPE = "source"
    stance = forms.ChoiceField(
        label=gettext_lazy("What it says of this entry"),
        choices=choices_of(STANCES),
        widget=forms.RadioSelect,
    )

    class Meta(Fields):
        model = Source
        fields = ("title", "publisher", "evidence", "url", "published", "seen_on", "note")
        widgets: ClassVar[dict[str, Any]] = {"seen_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    field_order = ("title", "publisher", "url", "evidence", "stance", "published", "seen_on", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stance"].initial = next(iter(STANCES))


SUGGESTED: dict[str, type[RecordForm]] = {
    form.TYPE: form for form in (CooperationForm, OrganisationForm, ProjectForm, MemberForm)
}
"""Kinds of record anybody with an account may suggest, and the form for it."""


class WhyForm(forms.Form):
    """What stands with every suggestion."""

    why = forms.CharField(
        label=gettext_lazy("Reason and source"),
        help_text=gettext_lazy("How do you know? The best is the address of a page that says so."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class MistakeForm(forms.Form):
    """What is wrong with a record, and in which field."""

    field = forms.ChoiceField(label=gettext_lazy("What is it about?"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("What is wrong, and how do you know?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = SUGGESTED.get(record.TYPE)
        names = shown._meta.fields or () if shown else ()
        self.fields["field"].choices = [  # type: ignore[attr-defined]
            ("", _("the entry as a whole")),
            *((name, label(record.TYPE, name)) for name in names),
        ]


def label(type_: str, name: str) -> str:
    """How a field of a kind of record is called."""
    model = RECORDS[type_]
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:  # a name nobody knows stands for itself
        return name
    words = getattr(field, "verbose_name", "") or field.related_model._meta.verbose_name_plural
    return str(capfirst(str(words)))


class DecisionForm(forms.Form):
    """A word to whoever suggested."""

    answer = forms.CharField(
        label=gettext_lazy("Answer to the person who suggested it"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


# ------------------------------------------------------------------------------------------------ people


class InviteForm(forms.Form):
    """Who is asked to take which role on."""

    email = forms.EmailField(label=gettext_lazy("Mail address"), max_length=254)
    review_first = forms.BooleanField(
        label=gettext_lazy("The editorial staff looks at entries before they are public"), required=False
    )


class InviteToRoleForm(InviteForm):
    """The same by the administration, which gives every role."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=[(Role.EDITORIAL, Role.EDITORIAL.label), (Role.ADMINISTRATION, Role.ADMINISTRATION.label)],
        widget=forms.RadioSelect,
        initial=Role.EDITORIAL,
    )
    land_key = forms.ChoiceField(label=gettext_lazy("Editorial staff of which Land"), required=False)
    field_order = ("email", "role", "land_key", "review_first")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["land_key"].choices = [  # type: ignore[attr-defined]
            ("", pgettext_lazy("editorial staff", "all Länder")),
            *sorted(LAENDER.items(), key=lambda item: item[1]),
        ]

    def clean(self) -> dict[str, Any]:
        """A Land goes with the editorial staff only."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("role") == Role.ADMINISTRATION:
            cleaned["land_key"] = ""
        return cleaned


class NewAccountForm(forms.Form):
    """An account for whoever was invited; the address is known."""

    first_name = forms.CharField(
        label=gettext_lazy("First name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=gettext_lazy("Family name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        help_text=gettext_lazy("At least eight characters, not a usual word and not only digits."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation

    def clean(self) -> dict[str, Any]:
        """The password fits the rules, and is not the person's own name."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if password := cleaned.get("password"):
            names = {name: cleaned.get(name, "") for name in ("first_name", "last_name")}
            try:
                validate_password(password, Person(email=self.invitation.email, **names))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """The name others see."""

    class Meta:
        model = Person
        fields = ("first_name", "last_name")


class FarewellForm(forms.Form):
    """The password once more, before an account is deleted."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        """It is the person's own."""
        password: str = self.cleaned_data["password"]
        if not self.person.check_password(password):
            raise ValidationError(_("This password is wrong."))
        return password
