"""The editing screens: Wagtail's views, with rights asked record by record and every change done by a verb."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from modelcluster.forms import ClusterForm
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button
from wagtail.models import Revision
from wagtail.snippets.views import snippets

from nahtstelle.portal.register import actions, rules
from nahtstelle.portal.register.editing.choosers import ABOUT, said_in
from nahtstelle.portal.register.editing.forms import RegisterForm, may_be_chosen
from nahtstelle.portal.register.editing.permissions import OfTheRecord, RegisterPolicy
from nahtstelle.portal.register.editing.verbs import offered
from nahtstelle.portal.register.editing.wording import in_words, label_of
from nahtstelle.portal.register.errors import Conflict, Finding, Forbidden, Invalid, RegisterError, ReviewFirst
from nahtstelle.portal.register.models import (
    RECORDS,
    Cooperation,
    Entry,
    LogEntry,
    MeetingBody,
    ProjectCooperation,
    Record,
    Source,
    Via,
)
from nahtstelle.portal.register.policies import must_be_reviewed
from nahtstelle.portal.register.queries import visible_to
from nahtstelle.portal.register.records import described, lists_of, record_of
from nahtstelle.portal.register.words import done

# ------------------------------------------------------------------------------------------------ lists


class ListScreen(OfTheRecord, snippets.IndexView):
    """The records of a kind that somebody looks after."""

    any_permission_required = ("add", "change", "delete", "view")

    def get_base_queryset(self) -> Any:
        """Only those, withdrawn ones only where they are asked for, and what the columns show fetched with them."""
        found = RegisterPolicy(self.model).instances_user_has_any_permission_for(self.request.user, {"change"})
        related = [
            field.name
            for field in self.model._meta.fields
            if field.is_relation and field.related_model._meta.app_label == "register"
        ]
        if issubclass(self.model, Entry):
            related.append("latest_revision")
        if not self.request.GET.get("withdrawn"):
            found = found.filter(withdrawn_on__isnull=True)
        return found.select_related(*related) if related else found

    def search_queryset(self, queryset: Any) -> Any:
        """By what the columns say, and by titles as people type them: with umlauts or without."""
        if not self.is_searching:
            return queryset
        return queryset.filter(said_in(self.search_fields or (), self.model, self.search_query))

    @cached_property
    def columns(self) -> list[Any]:
        """The first one leads to the screen, whatever it shows."""
        ticks, first, *others = super().columns
        if not isinstance(first, TitleColumn):
            title = self._get_title_column_class(TitleColumn)
            first = title(
                first.name,
                label=first.label,
                accessor=first.accessor,
                get_url=self.get_edit_url,
                get_title_id=lambda record: f"snippet_{quote(record.pk)}_title",
            )
        return [ticks, first, *others]

    def get_delete_url(self, instance: Record) -> str | None:
        """Where it is withdrawn; nothing is deleted."""
        if instance.withdrawn_on is not None:
            return None
        address: str | None = super().get_delete_url(instance)
        return address

    def get_list_more_buttons(self, instance: Record) -> list[Any]:
        """Change and withdraw."""
        buttons: list[Any] = super().get_list_more_buttons(instance)
        for button in buttons:
            if button.url == self.get_delete_url(instance):
                button.label = pgettext("entry", "Withdraw")
        return buttons


# --------------------------------------------------------------------------------------------- changing


@dataclass(frozen=True)
class Difference:
    """A field that two people changed, or one of them, in the words of people."""

    name: str
    label: str
    theirs: str
    yours: str
    both: bool


class Doing:
    """What creating and changing have in common: the verb's errors are shown where they can be put right."""

    form: Any
    model: Any
    object: Any
    request: HttpRequest
    action: str
    produced_error_message: Any
    new_revision: Any = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Without saving by itself: what is saved here is public at once, or waits for somebody to look at it."""
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        self.autosave_enabled = False

    @property
    def publishes(self) -> bool:
        """Whether what is saved is to be public."""
        return self.action == "publish"

    def get_available_actions(self) -> list[str]:
        """Publishing only where nobody has to look at it first."""
        found = [each for each in super().get_available_actions() if each != "publish"]  # type: ignore[misc]
        may_publish = issubclass(self.model, Entry) and self.user_has_permission("publish")  # type: ignore[attr-defined]
        return [*found, "publish"] if may_publish else found

    def publish_action(self) -> None:
        """Nothing more: the verb has done it with the saving."""

    def submit_action(self) -> None:
        """Hand in what was saved, unless the verb has done so already."""
        if self.object.workflow_in_progress:
            return
        super().submit_action()  # type: ignore[misc]

    def what_is_said(self, form: RegisterForm) -> dict[str, Any]:
        """What the form says, as the verbs take it."""
        form.save(commit=False)
        said = described(form.instance)
        return {name: said[name] for name in (*form.said(), *getattr(form, "formsets", {}))}

    def form_valid(self, form: Any) -> HttpResponse:
        """Do the verb; where it refuses, show why."""
        try:
            with transaction.atomic():
                response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            return response
        except Conflict:
            return self.compared(form)  # type: ignore[attr-defined, no-any-return]
        except Invalid as error:
            for finding in error.findings:
                self.show(form, finding)
            self.produced_error_message = _("This could not be saved: please put right what is marked.")
        except ReviewFirst as error:
            form.add_error(None, error.message)
            self.produced_error_message = error.message
        except Forbidden as error:
            raise PermissionDenied(error.message) from error
        return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]

    def show(self, form: Any, finding: Finding) -> None:
        """Put a finding at its field, or above the form with the field's name."""
        name = {"area_key": "party", "organisation": "party", "party_cooperation": "party"}.get(finding.field, "")
        name = name if name in form.fields else finding.field
        if name in form.fields:
            form.add_error(name, finding.message)
        else:
            label = label_of(self.model, finding.field.partition(".")[0]) if finding.field else ""
            form.add_error(None, f"{label}: {finding.message}" if label else finding.message)

    def get_success_url(self) -> str:
        """Back to where somebody came from; a record with a screen of many parts stays open."""
        asked: str = get_valid_next_url_from_request(self.request)
        if asked:
            return asked
        address: str = self.get_edit_url() if issubclass(self.model, Entry) else super().get_success_url()  # type: ignore[misc, attr-defined]
        return address

    def get_success_message(self, instance: Any = None) -> str:
        """What became of it; where somebody has to look at it first, that it was handed in."""
        record = instance or self.object
        waits = issubclass(self.model, Entry) and not self.publishes and record.workflow_in_progress
        if waits and must_be_reviewed(self.request.user, "change", record):
            return _("“%(name)s” is saved and handed in: the editorial staff will look at it.") % {"name": record}
        message: str = super().get_success_message(instance)  # type: ignore[misc]
        return message

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the way back in the address the form is sent to."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        if asked := get_valid_next_url_from_request(self.request):
            context["action_url"] += f"?{urlencode({'next': asked})}"
        return context


class CreateScreen(Doing, OfTheRecord, snippets.CreateView):
    """A new record."""

    def get_initial(self) -> dict[str, Any]:
        """What the address says of it already: of which cooperation, about what."""
        initial: dict[str, Any] = super().get_initial()
        asked = self.request.GET
        for name in ("cooperation", "organisation", "before"):
            if asked.get(name) and name in {field.name for field in self.model._meta.fields}:
                type_ = "organisation" if name == "organisation" else "cooperation"
                found = visible_to(self.request.user, RECORDS[type_]).filter(ref=asked[name]).first()
                if found is not None:
                    initial[name] = found.pk
        if asked.get("about"):
            initial["about"] = may_be_chosen(self.request.user, asked["about"], (*ABOUT, "membership"))
        return initial

    def get_initial_form_instance(self) -> Any:
        """With the cooperation the address names, where it is one of several."""
        rows = {"project": ("cooperations", ProjectCooperation), "meeting": ("bodies", MeetingBody)}
        asked = self.request.GET.get("cooperation")
        if self.model.TYPE not in rows or not asked or self.request.method != "GET":
            return None
        found = visible_to(self.request.user, Cooperation).filter(ref=asked).first()
        if found is None:
            return None
        name, row = rows[self.model.TYPE]
        instance = self.model()
        said = {"lead": True} if row is ProjectCooperation else {}
        setattr(instance, name, [row(cooperation=found, **said)])
        return instance

    def save_instance(self) -> Any:
        """Create it by the verb."""
        by, fields = self.request.user, self.what_is_said(self.form)
        record: Any
        match self.model.TYPE:
            case "membership":
                of = Cooperation.objects.get(ref=fields.pop("cooperation"))
                record = actions.add_membership(by, of, fields, via=Via.EDITOR)
            case "citation":
                about, source = self._about(fields), Source.objects.get(ref=fields["source"])
                said = {name: fields[name] for name in ("stance", "field", "note")}
                record = actions.add_source(by, about, source, via=Via.EDITOR, **said) if about else None
            case "dispute":
                about = self._about(fields)
                said = {name: fields[name] for name in ("reason", "field")}
                record = actions.dispute(by, about, via=Via.EDITOR, **said) if about else None
            case "completeness":
                record = actions.state_completeness(
                    by, fields["area_key"], stated_on=self.form.instance.stated_on, note=fields["note"], via=Via.EDITOR
                )
            case _:
                record = None
        if record is None:
            record = actions.create(by, self.model.TYPE, fields, via=Via.EDITOR, draft=not self.publishes)
        self.new_revision = getattr(record, "latest_revision", None)
        return record

    def _about(self, fields: dict[str, Any]) -> Record | None:
        """The record that is spoken of; nothing where it is an area."""
        return record_of(fields["about_type"], fields["about_ref"]) if fields["about_type"] in RECORDS else None


class EditScreen(Doing, OfTheRecord, snippets.EditView):
    """A record to change."""

    live_object: Any
    note = ""

    @cached_property
    def stored(self) -> Any:
        """The record as the database has it."""
        return self.model._default_manager.get(pk=self.object.pk)

    @property
    def state(self) -> str:
        """In which state somebody finds the record: when it was changed last, and its newest version."""
        return f"{self.stored.changed_at.isoformat()}|{getattr(self.stored, 'latest_revision_id', None) or ''}"

    def get_initial(self) -> dict[str, Any]:
        """With the state it is found in."""
        initial: dict[str, Any] = super().get_initial()
        return initial | {"seen": self.state}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, or compare first where somebody else was faster."""
        if "conflict" in request.POST:
            return self.settle()
        seen = request.POST.get("seen", "")
        if seen and seen != self.state and not self.expects_json_response:
            return self.compared(None)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def save_instance(self) -> Any:
        """Change it by the verb."""
        record = self.change(self.what_is_said(self.form), self.form.cleaned_data.get("seen", ""))
        self.new_revision = getattr(record, "latest_revision", None)
        return record

    def change(self, fields: dict[str, Any], seen: str) -> Any:
        """The verb itself."""
        entry = issubclass(self.model, Entry)
        return actions.change(
            self.request.user,
            self.stored,
            fields,
            via=Via.EDITOR,
            seen=seen.partition("|")[0] or None,
            draft=entry and not self.publishes,
            note=self.note,
        )

    # ------------------------------------------------------------------------------------ two people at once

    def compared(self, form: Any) -> HttpResponse:
        """Both versions field by field, to choose from; nothing is saved yet."""
        self.__dict__.pop("stored", None)  # as it is now, not as it was when this request began
        now = self.stored.get_latest_revision_as_object() if issubclass(self.model, Entry) else self.stored
        theirs = described(now)
        before, mine, lost = self._mine(now)
        differences = [
            Difference(
                name,
                label_of(self.model, name),
                in_words(self.model, name, theirs.get(name)),
                in_words(self.model, name, value),
                both=before is None or theirs.get(name) != before.get(name),
            )
            for name, value in mine.items()
            if theirs.get(name) != value
        ]
        last = LogEntry.objects.filter(record_type=self.model.TYPE, record_ref=self.stored.ref).first()
        context = {
            "object": self.object,
            "page_title": _("Somebody else was faster"),
            "page_subtitle": str(self.object),
            "header_icon": self.header_icon,
            "header_title": str(self.object),
            "differences": differences,
            "mine": json.dumps({each.name: mine[each.name] for each in differences}),
            "lost": [label_of(self.model, name) for name in lost],
            "last": last,
            "seen": self.state,
            "action": self.action,
            "edit_url": self.get_edit_url(),
        }
        return TemplateResponse(self.request, "register/conflict.html", context)

    def _mine(self, now: Any) -> tuple[dict[str, Any] | None, dict[str, Any], list[str]]:
        """What the record was when it was opened, what the form says otherwise, and lists that got lost.

        Where no version is kept of that moment, nothing is known of what it was.
        """
        number = self.request.POST.get("seen", "").partition("|")[2]
        revision = Revision.objects.for_instance(self.stored).filter(pk=number).first() if number else None
        base = revision.as_object() if revision else now
        before = described(base)
        form = self.get_form_class()(self.request.POST, self.request.FILES, instance=base, for_user=self.request.user)
        lost: list[str] = []
        try:
            whole = form.is_valid()
        except KeyError:  # rows of a list that are no longer there
            whole = False
        if whole:
            mine = self.what_is_said(form)
        else:
            super(ClusterForm, form).is_valid()
            said = described(form.instance)
            mine = {name: said[name] for name in form.said()}
            lost = [name for name in form.formsets if name in lists_of(self.model)]
        changed = {name: value for name, value in mine.items() if before.get(name) != value}
        return before if revision else None, changed, lost

    def settle(self) -> HttpResponse:
        """Save what somebody kept of their own version."""
        try:
            mine = json.loads(self.request.POST["conflict"])
        except ValueError as error:
            raise Http404 from error
        kept = {name: mine[name] for name in mine if self.request.POST.get(f"keep-{name}") == "yours"}
        if not kept:
            messages.success(self.request, _("Nothing was changed: the other version stays."))
            return redirect(self.get_edit_url())
        try:
            with transaction.atomic():
                self.object = self.change(kept, self.request.POST.get("seen", ""))
        except Conflict:
            messages.error(self.request, _("It was changed once more meanwhile. Please look at it again."))
            return redirect(self.get_edit_url())
        except Invalid as error:
            messages.error(self.request, error.message)
            return redirect(self.get_edit_url())
        except Forbidden as error:
            raise PermissionDenied(error.message) from error
        messages.success(self.request, self.get_success_message())
        return redirect(self.get_success_url())

    # ---------------------------------------------------------------------------------------------- showing

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        """The verbs that can be done to this record."""
        if self.stored.withdrawn_on is not None:
            return self._buttons({"restore"})
        found = self._buttons(None)
        if self.can_delete:
            found.append(Button(pgettext("entry", "Withdraw"), url=self.get_delete_url(), icon_name="bin", priority=90))
        return found

    def _buttons(self, only: set[str] | None) -> list[Any]:
        return [
            Button(
                capfirst(str(each.label)),
                url=reverse(each.address(self.model), args=[quote(self.object.pk), each.verb]),
                icon_name=each.icon,
                priority=10 + position,
            )
            for position, each in enumerate(offered(self.stored, self.request.user))
            if (each.verb == "restore") == (only is not None)
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the rules find, and whether somebody looks at it before it is public."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        findings = [] if self.expects_json_response else rules.breaches([self.stored])
        reviewed = issubclass(self.model, Entry) and must_be_reviewed(self.request.user, "change", self.stored)
        return context | {"findings": shown_findings(findings), "stored": self.stored, "reviewed": reviewed}


@dataclass(frozen=True)
class ShownFinding:
    """A finding with the address where it can be put right."""

    message: str
    fix: str
    blocking: bool
    label: str
    url: str


def shown_findings(findings: Iterable[Finding]) -> list[ShownFinding]:
    """Findings as the screen shows them, what blocks first."""
    shown = []
    for each in sorted(findings, key=lambda finding: not finding.blocking):
        label = url = ""
        type_, _slash, ref = each.record.partition("/")
        if ref and type_ in RECORDS:
            found = RECORDS[type_]._default_manager.filter(ref=ref).first()
            if found:
                label = str(found)
                url = reverse(f"wagtailsnippets_register_{found._meta.model_name}:edit", args=[quote(found.pk)])
        elif each.field:
            label, url = "", f"#id_{each.field}"
        shown.append(ShownFinding(each.message, each.fix, each.blocking, label, url))
    return shown


class RevertScreen(generic.RevisionsRevertMixin):
    """An earlier version, to be saved again."""

    def save_instance(self) -> Any:
        """By the same verb, with a note which version it was."""
        self.has_content_changes = True
        self.note = _("version of %(time)s") % {"time": f"{self.revision.created_at:%Y-%m-%d %H:%M}"}
        return EditScreen.save_instance(self)


class WithdrawForm(forms.Form):
    """Why a record should not be seen any more."""

    note = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept in the history of the entry, which only those who look after it can read."),
    )


class WithdrawScreen(OfTheRecord, snippets.DeleteView):
    """A record to withdraw: Wagtail's screen for deleting, which deletes nothing."""

    template_name = "register/verb.html"
    form_class = WithdrawForm
    page_title = pgettext_lazy("entry", "Withdraw")
    success_message = gettext_lazy("%(model_name)s '%(object)s' was withdrawn.")

    def get_usage(self) -> None:
        """Does not matter: whatever refers to it goes on doing so."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Do the verb."""
        try:
            actions.withdraw(self.request.user, self.object, via=Via.EDITOR, note=form.cleaned_data["note"])
        except Forbidden as error:
            raise PermissionDenied(error.message) from error
        except RegisterError as error:
            form.add_error(None, error.message)
            response: HttpResponse = self.form_invalid(form)
            return response
        messages.success(self.request, self.get_success_message())
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """As the screen of a verb."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "explained": _(
                "Nobody will see this entry any more, and nothing refers to it on pages. It is not deleted: you can "
                "restore it at any time."
            ),
            "submit": pgettext("entry", "Withdraw"),
            "back": self.get_success_url(),
        }


class HistoryScreen(OfTheRecord, snippets.HistoryView):
    """What was done to a record, by whom and through which door, and its earlier versions."""

    any_permission_required = ("change", "view")
    filterset_class = None
    paginate_by = 50
    template_name = "register/history.html"

    @cached_property
    def columns(self) -> list[Any]:
        """When, who, what, and what differs."""
        return [
            DateColumn("at", label=_("Date"), width="15%"),
            Column("by_name", label=_("Who"), width="15%"),
            Column("done", label=_("What was done"), accessor=done_words, width="20%"),
            Column("changed", label=_("What changed"), accessor=self._changed),
            Column("note", label=_("Note")),
        ]

    def _changed(self, entry: LogEntry) -> str:
        before, after = entry.before or {}, entry.after or {}
        names = [name for name in after if before.get(name) != after.get(name)] if before else []
        return ", ".join(label_of(self.model, name) for name in names)

    def get_base_queryset(self) -> Any:
        """The log of the record."""
        return LogEntry.objects.filter(record_type=self.model.TYPE, record_ref=self.object.ref)

    def order_queryset(self, queryset: Any) -> Any:
        """The newest first."""
        return queryset.order_by("-id")

    def get_context_data(self, *args: Any, object_list: Any = None, **kwargs: Any) -> dict[str, Any]:
        """With the versions to compare and to go back to."""
        context: dict[str, Any] = super().get_context_data(*args, object_list=object_list, **kwargs)
        versions: list[dict[str, Any]] = []
        if issubclass(self.model, Entry) and not self.results_only:
            revisions = list(self.object.revisions.select_related("user").order_by("-created_at", "-id")[:30])
            for newer, older in zip(revisions, [*revisions[1:], None], strict=False):
                pair = [quote(self.object.pk), older.pk if older else "earliest", newer.pk]
                versions.append(
                    {
                        "revision": newer,
                        "live": newer.pk == self.object.live_revision_id,
                        "latest": newer.pk == self.object.latest_revision_id,
                        "compare_url": reverse(self.revisions_compare_url_name, args=pair) if older else "",
                        "revert_url": reverse(self.revisions_revert_url_name, args=[quote(self.object.pk), newer.pk]),
                    }
                )
        return context | {"versions": versions}


def done_words(entry: LogEntry) -> str:
    """What was done, and through which door."""
    return f"{capfirst(done(entry.verb))} ({entry.get_via_display()})"
