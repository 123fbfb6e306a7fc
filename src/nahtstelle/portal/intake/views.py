"""The screens of the import desk, inside the editing screens: take a list in, choose columns, answer, import, undo."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from nahtstelle.errors import NahtstelleError
from nahtstelle.portal.intake import actions, presenters
from nahtstelle.portal.intake.plans import CREATE, Plan, Reading, planned, reading_for, sheet_of
from nahtstelle.portal.intake.targets import TARGETS
from nahtstelle.portal.register import actions as register_actions
from nahtstelle.portal.register.errors import Forbidden, Invalid
from nahtstelle.portal.register.models import ImportBatch, ImportState, Via
from nahtstelle.portal.register.policies import may, standing_of

MOST_ROWS_HERE = 3_000
"""A longer list takes longer than a browser waits: the command on the server reads it."""
_SHOWN = 50

View = Callable[..., HttpResponse]


class UploadForm(forms.Form):
    """A list, and what it is a list of."""

    file = forms.FileField(label=gettext_lazy("list"), help_text=gettext_lazy("XLSX, XLS, ODS or CSV"))
    target = forms.ChoiceField(
        label=gettext_lazy("what its rows are"), choices=[(each.name, each.label) for each in TARGETS.values()]
    )


def _for_importers(view: View) -> View:
    """Only who may import; what a verb forbids is forbidden here too."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(request.user, "import"):
            raise PermissionDenied
        try:
            return view(request, *args, **kwargs)
        except Forbidden as error:
            raise PermissionDenied(error.message) from error

    return answer


@require_http_methods(["GET", "POST"])
@_for_importers
def imports(request: HttpRequest) -> HttpResponse:
    """All imports one may see, and a form to begin another."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = actions.begin(request.user, file.name, file.read(), TARGETS[form.cleaned_data["target"]])
        except NahtstelleError as error:
            form.add_error("file", error.message)
        else:
            return redirect("intake_columns", batch.pk)
    batches = ImportBatch.objects.select_related("by")
    if not standing_of(request.user).administration:
        batches = batches.filter(by=request.user.pk)
    rows = [presenters.ImportRow(each, TARGETS[each.target]) for each in batches[:_SHOWN] if each.target in TARGETS]
    return _screen(request, "imports", _("Imports"), {"form": form, "rows": rows})


@require_http_methods(["GET", "POST"])
@_for_importers
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column is which field."""
    batch = _draft(request, pk)
    target = actions.target_of(batch)
    sheets = actions.sheets_of(batch)
    before = _reading(batch)
    name = request.POST.get("sheet", before.sheet if before else "")
    sheet = sheet_of(sheets, name if name in {each.name for each in sheets} else "")
    reading = before or reading_for(target, sheet)
    form = presenters.ReadingForm(target, sheet, sheets, reading, request.POST or None)
    wrong = ""
    if request.method == "POST" and form.is_valid():
        chosen = form.reading(reading)
        try:
            actions.set_reading(request.user, batch, chosen)
        except NahtstelleError as error:
            wrong = error.message
        else:
            return redirect("intake_check", batch.pk)
    context = {
        "batch": batch,
        "target": target,
        "sheet": sheet,
        "form": form,
        "wrong": wrong,
        "remembered": bool(batch.columns.get("remembered")),
        "preview": [row.cells for row in sheet.rows[:5]],
    }
    return _screen(request, "columns", _("Columns of %(file)s") % {"file": batch.file_name}, context)


@require_http_methods(["GET", "POST"])
@_for_importers
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """What the import would do, row by row; what it asks; and the button that does it."""
    batch = _draft(request, pk)
    reading = _reading(batch)
    if reading is None:
        return redirect("intake_columns", pk)
    try:
        plan = _plan(batch, reading)
        if request.method == "POST" and "answer" in request.POST:
            answers = {**reading.answers, **presenters.answers_from(plan, request.POST)}
            leave = request.POST.get("leave_out_wrong") == "on"
            said = {**reading.to_dict(), "answers": answers, "leave_out_wrong": leave}
            actions.set_reading(request.user, batch, Reading.from_dict(said))
            return redirect("intake_check", pk)
        too_long = len(plan.rows) > MOST_ROWS_HERE
        ready = plan.ready(reading.leave_out_wrong) and not too_long
        if request.method == "POST" and ready:
            actions.carry_out(request.user, batch, plan, reading)
            messages.success(request, _("The list is imported."))
            return redirect("intake_report", pk)
    except Invalid as error:
        messages.error(request, error.message)
        return redirect("intake_check", pk)
    except NahtstelleError as error:
        messages.error(request, error.message)
        return redirect("intake_columns", pk)
    general = actions.try_out(request.user, plan) if ready else []
    context = {
        "batch": batch,
        "target": actions.target_of(batch),
        "plan": plan,
        "reading": reading,
        "counts": presenters.counted(plan.counts),
        "questions": presenters.asked(plan),
        "rows": presenters.report_rows(plan),
        "general": general,
        "too_long": too_long,
        "most": MOST_ROWS_HERE,
        "ready": ready and not general and plan.ready(reading.leave_out_wrong),
        "new": plan.counts[CREATE],
    }
    return _screen(request, "check", _("Check %(file)s") % {"file": batch.file_name}, context)


@require_http_methods(["GET"])
@_for_importers
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """What an import did, and the button that undoes it."""
    batch = _seen(request, pk)
    if batch.state == ImportState.DRAFT:
        return redirect("intake_columns", pk)
    context = {
        "batch": batch,
        "target": actions.target_of(batch),
        "counts": presenters.counted(batch.report.get("counts", {})),
        "rows": presenters.kept_rows(batch.report),
        "of": batch.report.get("of", 0),
        "can_undo": batch.state == ImportState.DONE and may(request.user, "undo_batch"),
    }
    return _screen(request, "report", _("Import of %(file)s") % {"file": batch.file_name}, context)


@require_POST
@_for_importers
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo an import as a whole."""
    batch = _seen(request, pk)
    leave = request.POST.get("leave_changed") == "on"
    try:
        undone = register_actions.undo_batch(request.user, batch, via=Via.EDITOR, leave_changed=leave)
    except Forbidden:
        raise
    except NahtstelleError as error:
        messages.error(request, error.message)
    else:
        said = _("The import is undone: %(withdrawn)d entries withdrawn, %(restored)d as they were.")
        messages.success(request, said % {"withdrawn": undone.withdrawn, "restored": undone.restored})
    return redirect("intake_report", pk)


@require_POST
@_for_importers
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget an import that was not carried out."""
    actions.discard(request.user, _draft(request, pk))
    messages.success(request, _("The list is forgotten, with its file."))
    return redirect("intake")


def _screen(request: HttpRequest, name: str, title: str, context: dict[str, Any]) -> HttpResponse:
    named = {"header_title": title, "page_title": title, "header_icon": "upload"}
    return render(request, f"intake/{name}.html", named | context)


def _plan(batch: ImportBatch, reading: Reading) -> Plan:
    sheet = sheet_of(actions.sheets_of(batch), reading.sheet)
    return planned(actions.target_of(batch), sheet, reading)


def _reading(batch: ImportBatch) -> Reading | None:
    said = batch.columns.get("reading")
    return Reading.from_dict(said) if said else None


def _seen(request: HttpRequest, pk: int) -> ImportBatch:
    batch = get_object_or_404(ImportBatch, pk=pk, target__in=TARGETS)
    if not actions.may_see(request.user, batch):
        raise Http404
    return batch


def _draft(request: HttpRequest, pk: int) -> ImportBatch:
    batch = _seen(request, pk)
    if batch.state != ImportState.DRAFT or batch.by_id != request.user.pk:
        raise Http404
    return batch
