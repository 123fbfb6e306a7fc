"""Screens for the verbs that are more than filling in a form: each asks what it needs to know and says what follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic.edit import FormView
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from nahtstelle.core.periods import first_day
from nahtstelle.core.vocabularies import LEGAL_FORMS, MEMBER_ROLES, PROJECT_STATES, REASONS
from nahtstelle.portal.register import actions
from nahtstelle.portal.register.editing.forms import DATE_HELP, ChoiceField, EndField
from nahtstelle.portal.register.errors import Forbidden, Invalid, RegisterError
from nahtstelle.portal.register.fields import PartialDateField, TermsFormField, choices_of
from nahtstelle.portal.register.models import (
    Agreement,
    Cooperation,
    Dispute,
    Membership,
    Project,
    Record,
    Via,
)
from nahtstelle.portal.register.policies import is_public, may, must_be_reviewed, standing


def _date(label: Any, required: bool = True) -> forms.Field:
    checks = PartialDateField().validators
    return forms.CharField(label=label, required=required, max_length=10, help_text=DATE_HELP, validators=checks)


def _text(label: Any, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3})
    )


class VerbForm(forms.Form):
    """What a verb needs to know of a record."""

    asks_on = False
    """Whether there is more to ask, now that this much is known."""

    def __init__(self, *args: Any, record: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.record = record


class NoteForm(VerbForm):
    """Nothing to ask but a note."""

    note = _text(_("Note for the history"), required=False)


class EndMembershipForm(VerbForm):
    """Until when somebody was a member."""

    on = EndField(label=_("Member until"))
    note = _text(_("Reason or source"), required=False)


class RenameForm(VerbForm):
    """The new name."""

    name = forms.CharField(label=_("New name"), max_length=200)
    short_name = forms.CharField(label=_("Short name"), max_length=100, required=False)
    note = _text(_("Reason or source"), required=False)


class ConvertForm(VerbForm):
    """The new legal form, and from when."""

    legal_form = forms.ChoiceField(label=_("New legal form"), choices=choices_of(LEGAL_FORMS))
    on = _date(pgettext_lazy("date", "From"))
    name = forms.CharField(
        label=_("Name in the new legal form"), max_length=200, required=False, help_text=_("Empty if it stays.")
    )
    note = _text(_("Reason or source"), required=False)


class MergeForm(VerbForm):
    """Into which cooperation this one goes."""

    into = ChoiceField(("cooperation",), label=_("Goes into the cooperation"))
    on = _date(pgettext_lazy("date", "From"))
    note = _text(_("Reason or source"), required=False)


@dataclass(frozen=True)
class Ticks:
    """What is ticked in a table of what goes where: per row the columns; ``asked`` says which table was answered."""

    asked: str
    rows: Mapping[str, frozenset[str]]


class GoesTable(forms.Widget):
    """A row for each thing, a column for each place it may go to, one for none of them, a tick where they meet."""

    template_name = "register/widgets/goes.html"
    use_fieldset = True

    def __init__(self, asked: str, rows: Mapping[str, Any], columns: Mapping[str, Any]) -> None:
        super().__init__()
        self.asked, self.rows, self.columns = asked, rows, columns

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Ticks:
        """What was ticked, and in which table."""
        ticked = {row: frozenset(data.getlist(f"{name}-{row}")) & self.columns.keys() for row in self.rows}
        return Ticks(data.get(name, ""), ticked)

    def id_for_label(self, id_: str) -> str:
        """None: every box has its own."""
        return ""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The rows with their boxes."""
        ticked = value.rows if isinstance(value, Ticks) else {}
        rows = [
            (said, f"{name}-{row}", [(key, title, key in ticked.get(row, ())) for key, title in self.columns.items()])
            for row, said in self.rows.items()
        ]
        fresh = not isinstance(value, Ticks) or value.asked != self.asked
        table = {"asked": self.asked, "rows": rows, "columns": list(self.columns.values()), "fresh": fresh}
        return super().get_context(name, value, attrs) | table


class GoesField(forms.Field):
    """For each place what goes there; nothing where this table has not been answered yet."""

    REST: Final = "rest"
    NOWHERE: Final = "-"

    def __init__(
        self, asked: str, things: Mapping[str, tuple[Record, str, Any]], places: Sequence[str], **options: Any
    ) -> None:
        self.asked, self.things, self.places = asked, things, places
        rows = {self.REST: (_("All that have no tick of their own"), "")} | {
            key: (title, role) for key, (_thing, title, role) in things.items()
        }
        columns = {str(number): name for number, name in enumerate(places)} | {self.NOWHERE: _("In none of them")}
        super().__init__(required=False, widget=GoesTable(asked, rows, columns), **options)

    def clean(self, value: Ticks) -> list[list[Record]] | None:
        """Everything goes somewhere, or is said to go nowhere."""
        if value.asked != self.asked:
            return None
        rest = value.rows[self.REST]
        going: list[list[Record]] = [[] for _place in self.places]
        both, open_ = [], []
        for key, (each, title, _role) in self.things.items():
            chosen = value.rows[key] or rest
            if self.NOWHERE in chosen and len(chosen) > 1:
                both.append(title)
            elif not chosen:
                open_.append(title)
            for place in chosen - {self.NOWHERE}:
                going[int(place)].append(each)
        if both:
            raise ValidationError(
                _("Ticked both in a part and in none of them: %(names)s.") % {"names": ", ".join(both)}
            )
        if open_:
            raise ValidationError(
                _("Please say where they go on, or tick a column for all others in the first row: %(names)s.")
                % {"names": ", ".join(open_)}
            )
        return going


def _row(thing: Record, of: Cooperation) -> tuple[str, Any]:
    """How something that goes on when a cooperation is split is called, and what it is to it."""
    if not isinstance(thing, Membership):
        return str(thing), _("project")
    if thing.party_cooperation_id == of.pk:
        return str(thing.cooperation), _("it is a member there")
    part = f" ({thing.part})" if thing.part else ""
    return f"{thing.party_title}{part}", MEMBER_ROLES[thing.role].label(get_language() or "de")


class SplitForm(VerbForm):
    """What becomes of it, and once that is known, what goes on where."""

    parts = _text(_("Names of the new cooperations, one per line"))
    on = _date(pgettext_lazy("date", "From"))
    note = _text(_("Reason or source"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names, on = self._names(self.data.get("parts", "")), self.data.get("on", "").strip()
        try:
            day = first_day(on)
        except ValueError:
            return
        things = actions.going_on(self.record, on) if day is not None and len(names) > 1 else []
        if things:
            rows = {f"{each.TYPE}-{each.ref}": (each, *_row(each, self.record)) for each in things}
            self.fields["goes"] = GoesField("\n".join((on, *names)), rows, names, label=_("What goes on where"))
            self.order_fields(("parts", "on", "goes", "note"))

    @staticmethod
    def _names(text: str) -> list[str]:
        return [line.strip() for line in text.splitlines() if line.strip()]

    def clean_parts(self) -> list[str]:
        """One name per line."""
        names = self._names(self.cleaned_data["parts"])
        if len(names) < 2:
            raise ValidationError(_("A split needs at least two parts."))
        return names

    @property
    def asks_on(self) -> bool:  # type: ignore[override]
        """Whether the table has still to be answered."""
        return "goes" in self.fields and self.cleaned_data["goes"] is None


class DissolveForm(VerbForm):
    """When and why a cooperation ended."""

    on = EndField(label=_("Existed until"))
    reasons = TermsFormField(label=_("Reasons"), choices=choices_of(REASONS), widget=forms.CheckboxSelectMultiple)
    note = _text(_("About the end"), required=False)


class MoveForm(VerbForm):
    """To which state a project moves, and what there is to say of it."""

    state = forms.ChoiceField(label=_("New state"), choices=choices_of(PROJECT_STATES))
    ended = EndField(label=_("Ended"), required=False)
    reasons = TermsFormField(
        label=_("Reasons"),
        choices=choices_of(REASONS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Needed where it failed, was broken off or was declined. Others learn most from this."),
    )
    reason_note_de = _text(_("Reasons in words"), required=False)
    learned_de = _text(_("What we would do differently"), required=False)


class SignForm(VerbForm):
    """When an agreement was signed and from when it holds."""

    on = _date(_("Signed"))
    valid_from = _date(_("In force from"), required=False)
    note = _text(_("Note for the history"), required=False)


class TerminateForm(VerbForm):
    """When an agreement was terminated and until when it holds."""

    on = _date(_("Terminated on"))
    valid_until = EndField(label=_("In force until"))
    note = _text(_("Reason or source"), required=False)


class SettleForm(VerbForm):
    """How a dispute ended."""

    settlement = _text(_("How it was settled"))


@dataclass(frozen=True)
class Offer:
    """A verb that the screen of a record offers."""

    verb: str
    label: Any
    explained: Any
    icon: str
    form: type[VerbForm]
    run: Callable[[Any, Any, dict[str, Any]], Any]
    of: tuple[type[Record], ...] = (Record,)
    when: Callable[[Any], bool] = lambda record: record.withdrawn_on is None
    alone: bool = False
    """Whether it changes several records at once and therefore is not for those whose entries are looked at first."""

    def address(self, model: type[models.Model]) -> str:
        """The name of its address."""
        return f"wagtailsnippets_register_{model._meta.model_name}:verb"


def _merge(by: Any, record: Any, said: dict[str, Any]) -> Any:
    into = Cooperation.objects.get(ref=said["into"].ref)
    return actions.merge(by, [record], into, on=said["on"], via=Via.EDITOR, note=said["note"])


def _convert(by: Any, record: Any, said: dict[str, Any]) -> Any:
    fields = {"legal_form": said["legal_form"]} | ({"name": said["name"]} if said["name"] else {})
    return actions.convert(by, record, fields, on=said["on"], via=Via.EDITOR, note=said["note"])


def _split(by: Any, record: Any, said: dict[str, Any]) -> Any:
    going = said.get("goes") or [[] for _name in said["parts"]]
    parts = [
        ({"name": name, "kind": record.kind, "tasks": list(record.tasks)}, there)
        for name, there in zip(said["parts"], going, strict=True)
    ]
    return actions.split(by, record, parts, on=said["on"], via=Via.EDITOR, note=said["note"])


def _move(by: Any, record: Any, said: dict[str, Any]) -> Any:
    told = {name: said[name] for name in ("reason_note_de", "learned_de") if said[name] != getattr(record, name)}
    return actions.move_project(
        by, record, said["state"], on=said["ended"], reasons=said["reasons"], fields=told, via=Via.EDITOR
    )


def _running(record: Any) -> bool:
    return record.withdrawn_on is None and record.live and not record.ended


OFFERS: tuple[Offer, ...] = (
    Offer(
        "confirm",
        _("Confirm"),
        _("You say that everything in this entry is right as of today."),
        "check",
        NoteForm,
        lambda by, record, said: actions.confirm(by, record, via=Via.EDITOR, note=said["note"]),
        when=is_public,
    ),
    Offer(
        "end_membership",
        _("End membership"),
        _("It stays in the history; only its end is entered."),
        "logout",
        EndMembershipForm,
        lambda by, record, said: actions.end_membership(by, record, on=said["on"], via=Via.EDITOR, note=said["note"]),
        of=(Membership,),
        when=lambda record: record.withdrawn_on is None and not record.valid_until,
    ),
    Offer(
        "confirm_membership",
        _("Confirm membership"),
        _("You confirm it for the side you speak for. Until both sides have, pages say who stated it."),
        "check",
        NoteForm,
        lambda by, record, said: actions.confirm_membership(by, record, via=Via.EDITOR, note=said["note"]),
        of=(Membership,),
    ),
    Offer(
        "rename",
        pgettext_lazy("verb", "Rename"),
        _("Reference and address stay; the old name stays in the history."),
        "edit",
        RenameForm,
        lambda by, record, said: actions.rename(
            by, record, said["name"], short_name=said["short_name"], via=Via.EDITOR, note=said["note"]
        ),
        of=(Cooperation,),
        when=_running,
    ),
    Offer(
        "convert",
        _("Change the legal form"),
        _(
            "It ends in its old form and begins in the new one, with the members, running projects and contacts it has "
            "now. Agreements stay with the old one."
        ),
        "cog",
        ConvertForm,
        _convert,
        of=(Cooperation,),
        when=_running,
        alone=True,
    ),
    Offer(
        "merge",
        _("Merge into another"),
        _(
            "Its members and running projects go on in the other cooperation, each once; whoever coordinates or "
            "follows it does so there. It ends on that day and keeps its agreements; both histories name each other."
        ),
        "resubmit",
        MergeForm,
        _merge,
        of=(Cooperation,),
        when=_running,
        alone=True,
    ),
    Offer(
        "split",
        _("Split"),
        _(
            "It ends and several new ones begin. After the names you say which member and which project goes on in "
            "which of them; whoever coordinates it coordinates all of them. Agreements stay with it."
        ),
        "expand-right",
        SplitForm,
        _split,
        of=(Cooperation,),
        when=_running,
        alone=True,
    ),
    Offer(
        "dissolve",
        _("Dissolve"),
        _("The cooperation and all its memberships end. The entry stays to be read."),
        "cross",
        DissolveForm,
        lambda by, record, said: actions.dissolve(
            by, record, on=said["on"], reasons=said["reasons"], via=Via.EDITOR, note=said["note"]
        ),
        of=(Cooperation,),
        when=_running,
        alone=True,
    ),
    Offer(
        "move_project",
        _("Move to another state"),
        _("The states of a project in order, with what others can learn from it."),
        "arrow-right",
        MoveForm,
        _move,
        of=(Project,),
    ),
    Offer(
        "sign_agreement",
        _("Enter the signing"),
        _("From when the agreement binds its parties."),
        "edit",
        SignForm,
        lambda by, record, said: actions.sign_agreement(by, record, via=Via.EDITOR, **said),
        of=(Agreement,),
        when=lambda record: record.withdrawn_on is None and not record.signed,
    ),
    Offer(
        "terminate_agreement",
        _("Enter the termination"),
        _("The agreement stays to be read, with its end."),
        "cross",
        TerminateForm,
        lambda by, record, said: actions.terminate_agreement(by, record, via=Via.EDITOR, **said),
        of=(Agreement,),
        when=lambda record: record.withdrawn_on is None and not record.terminated_on,
    ),
    Offer(
        "settle",
        _("Settle"),
        _("The entry no longer counts as disputed; dispute and answer stay to be read."),
        "check",
        SettleForm,
        lambda by, record, said: actions.settle(by, record, said["settlement"], via=Via.EDITOR),
        of=(Dispute,),
        when=lambda record: record.withdrawn_on is None and record.settled_on is None,
    ),
    Offer(
        "restore",
        _("Restore"),
        _("The entry can be seen again, as it was."),
        "undo",
        NoteForm,
        lambda by, record, said: actions.restore(by, record, via=Via.EDITOR, note=said["note"]),
        when=lambda record: record.withdrawn_on is not None,
    ),
)
"""Every verb with a screen of its own, in the order in which they are offered."""


def offered(record: Record, person: Any) -> list[Offer]:
    """The verbs somebody can do to a record now."""
    own = standing(person)
    return [
        offer
        for offer in OFFERS
        if isinstance(record, offer.of)
        and offer.when(record)
        and may(own, offer.verb, record)
        and not (offer.alone and must_be_reviewed(own, offer.verb, record))
        and not (isinstance(record, Membership) and offer.verb == "confirm")
    ]


class VerbScreen(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    """What a verb needs to know, and a button to do it."""

    model: Any = None
    icon = ""
    index_url_name = ""
    edit_url_name = ""
    template_name = "register/verb.html"
    object: Any
    offer: Offer

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the record and the verb."""
        super().setup(request, *args, **kwargs)
        self.object = get_object_or_404(self.model, pk=kwargs["pk"])
        found = [each for each in OFFERS if each.verb == kwargs["verb"] and isinstance(self.object, each.of)]
        if not found:
            raise Http404
        self.offer = found[0]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only where it may be done and makes sense."""
        if not may(standing(request.user), self.offer.verb, self.object):
            raise PermissionDenied
        if self.offer not in offered(self.object, request.user):
            messages.warning(request, _("That is done already, or cannot be done now."))
            return redirect(self.back)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def back(self) -> str:
        """Where somebody came from."""
        address: str = get_valid_next_url_from_request(self.request)
        return address or reverse(self.edit_url_name, args=[self.object.pk])

    def get_form(self, form_class: Any = None) -> Any:
        """The form of the verb, filled with what is known."""
        form = self.offer.form(record=self.object, **self.get_form_kwargs())
        for field in form.fields.values():
            if isinstance(field, ChoiceField):
                field.person = self.request.user
        return form

    def get_initial(self) -> dict[str, Any]:
        """What the record says already of what the form asks."""
        names = self.offer.form.base_fields
        return {name: getattr(self.object, name) for name in names if hasattr(self.object, name) and name != "note"}

    def form_valid(self, form: Any) -> HttpResponse:
        """Do the verb, or ask on; where it refuses, show why."""
        if form.asks_on:
            return self.render_to_response(self.get_context_data(form=form))
        try:
            self.offer.run(self.request.user, self.object, dict(form.cleaned_data))
        except Forbidden as error:
            raise PermissionDenied(error.message) from error
        except Invalid as error:
            for finding in error.findings:
                form.add_error(finding.field if finding.field in form.fields else None, finding.message)
            return self.form_invalid(form)
        except RegisterError as error:
            form.add_error(None, error.message)
            return self.form_invalid(form)
        messages.success(
            self.request, _("Done: %(verb)s (%(name)s).") % {"verb": self.offer.label, "name": self.object}
        )
        return redirect(self.back)

    def get_page_title(self) -> str:
        """The verb."""
        return str(self.offer.label)

    def get_page_subtitle(self) -> str:
        """The record."""
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """From the list over the record to the verb."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": capfirst(str(self.model._meta.verbose_name_plural))},
            {"url": reverse(self.edit_url_name, args=[self.object.pk]), "label": str(self.object)},
            {"url": "", "label": str(self.offer.label)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What follows from the verb, the words of its button, the way back."""
        return super().get_context_data(**kwargs) | {
            "explained": self.offer.explained,
            "submit": self.offer.label,
            "back": self.back,
            "header_icon": self.icon,
        }
