"""Imports as their screens show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nahtstelle.portal.intake import plans
from nahtstelle.portal.intake.plans import LEAVE_OUT, Plan, PlannedRow, Question, Reading
from nahtstelle.portal.intake.tables import Sheet
from nahtstelle.portal.intake.targets import Field, Target
from nahtstelle.portal.register.fields import choices_of
from nahtstelle.portal.register.models import ImportBatch, ImportState

MOST_SHOWN = 300
EXAMPLES = 3

WORDS: dict[str, Promise] = {
    plans.CREATE: gettext_lazy("new"),
    plans.CHANGE: gettext_lazy("changed"),
    plans.SAME: gettext_lazy("there already"),
    plans.LEFT: gettext_lazy("left out"),
    plans.ASK: gettext_lazy("to be answered"),
    plans.WRONG: gettext_lazy("not possible"),
}
"""What becomes of a row, in words."""
_ATTENTION = (plans.WRONG, plans.ASK, plans.LEFT, plans.CHANGE, plans.SAME, plans.CREATE)


@dataclass(frozen=True)
class ImportRow:
    """An import in the list of imports."""

    batch: ImportBatch
    target: Target

    @property
    def url(self) -> str:
        """Where it goes on, or where its report is."""
        name = "intake_columns" if self.batch.state == ImportState.DRAFT else "intake_report"
        return reverse(name, args=[self.batch.pk])

    @property
    def counts(self) -> list[tuple[str, int]]:
        """What became of its rows."""
        return counted(self.batch.report.get("counts", {}))


def counted(counts: Any) -> list[tuple[str, int]]:
    """How many rows came to what, in words, what needs attention first."""
    return [(str(WORDS[action]), counts[action]) for action in _ATTENTION if counts.get(action)]


@dataclass(frozen=True)
class ColumnRow:
    """One field on the screen where columns are chosen: which column it is, and what holds where a cell is empty."""

    field: Field
    column: forms.BoundField
    fixed: forms.BoundField | None
    needed: bool


class ReadingForm(forms.Form):
    """How a list is read: a column for each field, what holds for all rows, what becomes of what is there."""

    def __init__(self, target: Target, sheet: Sheet, sheets: list[Sheet], reading: Reading, data: Any = None) -> None:
        super().__init__(data)
        self.target, self.sheet = target, sheet
        columns = [("", _("– no column –")), *((name, self._with_example(name)) for name in sheet.header)]
        for each in target.fields:
            self.fields[f"column-{each.name}"] = forms.ChoiceField(
                label=str(each.label),
                choices=columns,
                required=False,
                initial=reading.columns.get(each.name, ""),
                help_text=str(each.help),
            )
            initial = reading.fixed.get(each.name, "")
            if each.vocabulary is not None and each.form == "term":
                choices = [("", "–"), *choices_of(each.vocabulary)]
                self.fields[f"fixed-{each.name}"] = forms.ChoiceField(
                    label=_("%(field)s where the cell is empty") % {"field": each.label},
                    choices=choices,
                    required=False,
                    initial=initial,
                )
            elif each.form in ("cooperation", "cooperations", "date"):
                self.fields[f"fixed-{each.name}"] = forms.CharField(
                    label=_("%(field)s where the cell is empty") % {"field": each.label},
                    max_length=200,
                    required=False,
                    initial=initial,
                )
        self.fields["down"] = forms.BooleanField(
            label=_("An empty cell of the first field means the same as the one above it"),
            required=False,
            initial=reading.down,
        )
        self.fields["existing"] = forms.ChoiceField(
            label=_("What is in the register already"),
            choices=[
                (plans.ENTER_ONLY, _("stays as it is")),
                (plans.CHANGE_TOO, _("is changed to what the list says")),
            ],
            initial=reading.existing,
        )
        self.fields["sheet"] = forms.ChoiceField(
            label=_("Table"),
            choices=[(each.name, each.name or _("the only one")) for each in sheets],
            required=False,
            initial=sheet.name,
            widget=forms.Select if len(sheets) > 1 else forms.HiddenInput,
        )

    def _with_example(self, name: str) -> str:
        position = self.sheet.header.index(name)
        examples = dict.fromkeys(row.cells[position] for row in self.sheet.rows[:50] if row.cells[position])
        said = ", ".join(example[:25] for example in list(examples)[:EXAMPLES])
        return f"{name} ({said} …)" if said else name

    @property
    def rows(self) -> list[ColumnRow]:
        """Fields in their order."""
        needed = {name for group in self.target.needed for name in group if len(group) == 1}
        return [
            ColumnRow(
                each,
                self[f"column-{each.name}"],
                self[f"fixed-{each.name}"] if f"fixed-{each.name}" in self.fields else None,
                each.name in needed,
            )
            for each in self.target.fields
        ]

    def reading(self, before: Reading) -> Reading:
        """What was chosen; answers given before stay."""
        said = self.cleaned_data

        def of(prefix: str) -> dict[str, str]:
            return {
                name.removeprefix(prefix): str(value).strip()
                for name, value in said.items()
                if name.startswith(prefix) and value
            }

        return Reading(
            columns=of("column-"),
            fixed=of("fixed-"),
            down=said["down"],
            existing=said["existing"],
            answers=before.answers,
            sheet=said["sheet"],
        )


@dataclass(frozen=True)
class AskedQuestion:
    """A question as a group of choices."""

    question: Question
    name: str

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """Values, words and whether they are the present answer."""
        answer = self.question.answer
        offered = [
            (offer.value, _("%(label)s (%(score)d %% alike)") % {"label": offer.label, "score": offer.score})
            for offer in self.question.offers
        ]
        known = {value for value, _label in offered}
        if answer and answer not in known and answer != LEAVE_OUT:
            offered.append((answer, answer))
        offered.append((LEAVE_OUT, _("none of these: leave it out")))
        return [(value, label, value == answer) for value, label in offered]

    @property
    def rows(self) -> str:
        """In which rows it stands."""
        rows = self.question.rows
        shown = ", ".join(map(str, rows[:8]))
        return f"{shown} …" if len(rows) > 8 else shown


def asked(plan: Plan) -> list[AskedQuestion]:
    """All questions of a plan, the open ones first; each with a name for its field."""
    numbered = [AskedQuestion(question, f"answer-{number}") for number, question in enumerate(plan.questions)]
    return sorted(numbered, key=lambda each: bool(each.question.answer))


def answers_from(plan: Plan, data: Any) -> dict[str, str]:
    """What a person answered: the choice made, or the key or reference typed instead."""
    answers = {}
    for each in asked(plan):
        said = str(data.get(f"{each.name}-other", "")).strip() or str(data.get(each.name, "")).strip()
        if said:
            answers[each.question.key] = said
    return answers


@dataclass(frozen=True)
class ReportRow:
    """A row of the report: its number, what becomes of it, who it is, and what to know or do."""

    number: int
    action: str
    word: str
    title: str
    remarks: list[str]


def report_rows(plan: Plan) -> list[ReportRow]:
    """Rows of a plan that need attention first, as many as are shown."""
    order = {action: number for number, action in enumerate(_ATTENTION)}
    rows: list[PlannedRow] = sorted(plan.rows, key=lambda row: (order[row.action], not row.notes, row.number))
    return [
        ReportRow(row.number, row.action, str(WORDS[row.action]), row.title, [*row.problems, *row.notes])
        for row in rows[:MOST_SHOWN]
    ]


def kept_rows(report: dict[str, Any]) -> list[ReportRow]:
    """The same of an import that was carried out."""
    return [
        ReportRow(number, action, str(WORDS[action]), title, remarks)
        for number, action, title, remarks in report.get("rows", [])[:MOST_SHOWN]
    ]
