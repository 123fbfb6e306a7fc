"""Carrying an import out: all of it in one transaction or none, as a batch that can be undone as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from nahtstelle.portal.intake.plans import (
    CHANGE,
    CREATE,
    WRONG,
    Plan,
    PlannedRow,
    Reading,
    planned,
    positions_of,
    reading_for,
    sheet_of,
)
from nahtstelle.portal.intake.tables import Sheet, read_sheets
from nahtstelle.portal.intake.targets import TARGETS, Target, known_names
from nahtstelle.portal.register.actions.batches import enter, tell
from nahtstelle.portal.register.actions.doing import Deed, doing
from nahtstelle.portal.register.errors import Finding, Forbidden, Invalid, RegisterError
from nahtstelle.portal.register.models import ImportBatch, ImportState, Via
from nahtstelle.portal.register.policies import OPERATOR, may, standing_of
from nahtstelle.portal.register.records import record_of

MOST_REPORTED = 5_000
"""So many rows of a report are kept; those that need attention first."""
Progress = Callable[[str, int, int], None]
"""Told the step, how much of it is done, and of how much."""


class NotReady(RegisterError):
    """An import with questions or mistakes that are still open."""

    code = "import-not-ready"


class _Undone(Exception):
    """Raised to leave nothing of a trial."""


def begin(by: Any, name: str, content: bytes, target: Target) -> ImportBatch:
    """Take a list in, with the columns read as this person read such a list before.

    Raises `Forbidden`, or `UnreadableList` for what is no list.
    """
    _allow(by)
    sheets = read_sheets(content, name, known_names())
    batch = ImportBatch(
        file_name=name[-255:],
        file_sha256=hashlib.sha256(content).hexdigest(),
        target=target.name,
        by=None if by is OPERATOR else by,
        columns={"signature": sheets[0].signature},
    )
    if remembered := remembered_reading(by, target, sheets[0]):
        batch.columns |= {"reading": remembered.to_dict(), "remembered": True}
    batch.file.save(name, ContentFile(content), save=False)
    batch.save()
    return batch


def remembered_reading(by: Any, target: Target, sheet: Sheet) -> Reading | None:
    """How this person last read a list with these columns; without the answers, which were about that list."""
    earlier = ImportBatch.objects.filter(
        target=target.name, by=None if by is OPERATOR else by, state=ImportState.DONE,
        columns__signature=sheet.signature,
    ).first()  # fmt: skip
    if earlier is None or "reading" not in earlier.columns:
        return None
    said = {**earlier.columns["reading"], "answers": {}, "sheet": "", "leave_out_wrong": False}
    return Reading.from_dict(said)


def sheets_of(batch: ImportBatch) -> list[Sheet]:
    """The tables of an import's file. Raises `NotReady` where the file is no longer kept."""
    if not batch.file:
        raise NotReady(_("The file of this import is no longer kept. Please begin anew."))
    with batch.file.open("rb") as file:
        return read_sheets(file.read(), batch.file_name, known_names())


def set_reading(by: Any, batch: ImportBatch, reading: Reading) -> None:
    """Keep how the list is read. Raises `Forbidden`, or `WrongColumns` for columns there are not."""
    _own(by, batch)
    sheet = sheet_of(sheets_of(batch), reading.sheet)
    positions_of(target_of(batch), sheet, reading)
    batch.columns = {"signature": sheet.signature, "reading": reading.to_dict()}
    batch.save(update_fields=["columns"])


def try_out(by: Any, plan: Plan, progress: Progress | None = None) -> list[str]:
    """Do everything a plan says and take it back: rows that cannot be are refused with the reason.

    Returns what is wrong with no row in particular.
    """
    try:
        with transaction.atomic():
            _do(by, plan, None, progress)
            raise _Undone
    except _Undone:
        return []
    except Invalid as error:
        return _refused(plan, error.findings)
    except RegisterError as error:
        return [error.message]


def carry_out(
    by: Any, batch: ImportBatch, plan: Plan, reading: Reading, progress: Progress | None = None
) -> ImportBatch:
    """Enter what a plan says, all of it or nothing. Raises `Forbidden`, `NotReady`, `Invalid`."""
    with transaction.atomic():
        current = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        _own(by, current)
        if current.state != ImportState.DRAFT:
            raise NotReady(_("This import has been carried out already."))
        if not plan.ready(reading.leave_out_wrong):
            raise NotReady(_("Some rows still need an answer or are wrong."))
        _do(by, plan, current, progress)
        current.state, current.done_at, current.report = ImportState.DONE, timezone.now(), report_of(plan)
        storage, kept = current.file.storage, current.file.name
        current.file = ""  # the list may hold more than the register does
        current.save()
        if kept:
            transaction.on_commit(lambda: storage.delete(kept))
    batch.refresh_from_db()
    return batch


def discard(by: Any, batch: ImportBatch) -> None:
    """Forget an import that was not carried out, with its file."""
    _own(by, batch)
    if batch.state != ImportState.DRAFT:
        raise NotReady(_("This import has been carried out already."))
    if batch.file:
        batch.file.delete(save=False)
    batch.delete()


def import_table(
    by: Any,
    name: str,
    content: bytes,
    target: Target,
    reading: Reading | None,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> tuple[Plan, list[str], ImportBatch | None]:
    """An import from beginning to end, for the command line: plan, what is wrong with no row, and the batch if done."""
    _allow(by)
    sheets = read_sheets(content, name, known_names())
    sheet = sheet_of(sheets, reading.sheet if reading else "")
    reading = reading or remembered_reading(by, target, sheet) or reading_for(target, sheet)

    def matched(done: int, of: int) -> None:
        if progress:
            progress("match", done, of)

    plan = planned(target, sheet, reading, matched)
    if dry_run or not plan.ready(reading.leave_out_wrong):
        wrong = try_out(by, plan, progress) if plan.ready(reading.leave_out_wrong) else []
        return plan, wrong, None
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            file_name=name[-255:],
            file_sha256=hashlib.sha256(content).hexdigest(),
            target=target.name,
            by=None if by is OPERATOR else by,
            columns={"signature": sheet.signature, "reading": reading.to_dict()},
        )
        try:
            return plan, [], carry_out(by, batch, plan, reading, progress)
        except Invalid as error:
            transaction.set_rollback(True)
            return plan, _refused(plan, error.findings), None


def report_of(plan: Plan) -> dict[str, Any]:
    """The report of an import as it is kept: what became of how many rows, and of each."""
    order = {WRONG: 0, "ask": 0, "left": 1, CHANGE: 2, "same": 3, CREATE: 4}
    rows = sorted(plan.rows, key=lambda row: (not row.notes and not row.problems, order[row.action], row.number))
    kept = sorted(rows[:MOST_REPORTED], key=lambda row: row.number)
    return {
        "counts": dict(plan.counts),
        "notes": list(plan.notes),
        "rows": [[row.number, row.action, row.title, [*row.problems, *row.notes]] for row in kept],
        "of": len(plan.rows),
    }


def target_of(batch: ImportBatch) -> Target:
    """What an import is of."""
    return TARGETS[batch.target]


def may_see(by: Any, batch: ImportBatch) -> bool:
    """Whether somebody may see an import: who did it, and the administration."""
    standing = standing_of(by)
    return may(standing, "import") and (standing.administration or (by.pk is not None and batch.by_id == by.pk))


def _allow(by: Any) -> None:
    if not may(by, "import"):
        raise Forbidden(_("You may not import lists."))


def _own(by: Any, batch: ImportBatch) -> None:
    _allow(by)
    if by is not OPERATOR and batch.by_id != by.pk:
        raise Forbidden(_("Only who began an import can go on with it."))


def _do(by: Any, plan: Plan, batch: ImportBatch | None, progress: Progress | None) -> None:
    """The verbs: what is new at once, what changes one by one."""
    new = [row for row in plan.rows if row.action == CREATE]
    changed = [row for row in plan.rows if row.action == CHANGE]

    def entered(done: int, of: int) -> None:
        if progress:
            progress("enter", done, of)

    if new:
        with doing(by, "create", via=Via.IMPORT, batch=batch) as deed:
            rows = [(plan.target.type, row.fields) for row in new]
            made = enter(deed, rows, numbers=[row.number for row in new], progress=entered)
            tell(deed, made)
    if changed:
        with doing(by, "change", via=Via.IMPORT, batch=batch) as deed:
            tell(deed, [_changed(deed, plan.target.type, row, progress, len(changed)) for row in changed])


def _changed(deed: Deed, type_: str, row: PlannedRow, progress: Progress | None, of: int) -> Any:
    record = record_of(type_, row.ref)
    deed.rows[f"{type_}/{row.ref}"] = row.number
    try:
        record = deed.change(record, row.fields)
    except Invalid as error:
        raise Invalid(finding.at_row(row.number) for finding in error.findings) from error
    if progress:
        progress("change", len(deed.entries), of)
    return record


def _refused(plan: Plan, findings: Sequence[Finding]) -> list[str]:
    """Say at each row why it cannot be; what belongs to no row is handed back."""
    rows = {row.number: row for row in plan.rows}
    general = []
    for finding in findings:
        said = " ".join(filter(None, (finding.message, getattr(finding, "fix", ""))))
        row = rows.get(finding.row or -1)
        if row is None:
            general.append(said)
        else:
            row.refuse(said)
    return general
