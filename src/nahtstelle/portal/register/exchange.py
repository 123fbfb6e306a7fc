"""The whole register as a file, and a file as the register: JSON Lines, one record a line.

`nahtstelle.register_file` knows the form of the file; here it meets the database. An import is all or nothing, goes
through the verbs, and can be undone as a whole.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.db import models, transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from wagtail.documents import get_document_model

from nahtstelle.portal.register import queries
from nahtstelle.portal.register.actions import batches
from nahtstelle.portal.register.actions.doing import Deed, doing
from nahtstelle.portal.register.errors import Finding, Invalid, RegisterError
from nahtstelle.portal.register.models import RECORDS, ImportBatch, ImportState, Record
from nahtstelle.portal.register.records import described, fields_of
from nahtstelle.register_file import read_lines, write_lines

_CHUNK: Final = 500

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Report:
    """What an import did, or would do: how many records it enters, changes, finds as they are, and what is wrong.

    ``findings`` name the lines of the file; where one blocks, nothing was done.
    """

    created: int = 0
    changed: int = 0
    same: int = 0
    findings: tuple[Finding, ...] = ()
    batch: ImportBatch | None = None

    @property
    def blocked(self) -> bool:
        """Whether something cannot be true."""
        return any(each.blocking for each in self.findings)


# ------------------------------------------------------------------------------------------------- writing


def export(path: Path | str, *, public_only: bool = False, exported_on: dt.date | None = None) -> int:
    """Write the register to a file and return how many records there are.

    All of it, drafts and withdrawn records too, to be brought back by `import_`; or, ``public_only``, what visitors
    see. What is not in it: accounts, log, suggestions, changes to public records that are still drafts, uploaded files.
    """
    return write_lines(path, _everything(public_only), exported_on or timezone.localdate())


def _everything(public_only: bool) -> Iterator[dict[str, Any]]:
    for type_, model in RECORDS.items():
        records: QuerySet[Any] = model._default_manager.all()
        if public_only:
            records = queries.contacts_visible_to(None) if type_ == "contact" else queries.visible_to(None, model)
        for record in _whole(records.order_by("pk")):
            yield {"type": type_, **described(record)}


def _whole(records: QuerySet[Any]) -> Iterator[Record]:
    """Records with all that a description asks for, in a few questions for many of them."""
    model = records.model
    lists = [
        Prefetch(
            relation.get_accessor_name(),
            relation.related_model._default_manager.select_related(*_relations(relation.related_model)),
        )
        for relation in get_all_child_relations(model)
    ]
    found: Iterator[Record] = (
        records.select_related(*_relations(model)).prefetch_related(*lists).iterator(chunk_size=_CHUNK)
    )
    return found


def _relations(model: type[models.Model]) -> list[str]:
    return [each.name for each in fields_of(model) if each.is_relation]


# ------------------------------------------------------------------------------------------------- reading


def import_(path: Path | str, by: Any, *, via: str, dry_run: bool = False, progress: Progress | None = None) -> Report:
    """Bring a file into the register, all or nothing: what is new is entered, what differs is changed, the rest stays.

    Records that the file does not name stay as they are. Raises `SourceError` for what is no register file, and
    `Invalid`, whose findings name the lines, where something cannot be true. A ``dry_run`` reports and changes nothing.
    """
    path = Path(path)
    lines = list(read_lines(path))
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            file_name=path.name[:255],
            file_sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            target="register",
            by=by if getattr(by, "pk", None) else None,
        )
        with doing(by, "import", via=via, batch=batch) as deed:
            deed.allow("import", None)
            report = _import(deed, lines, progress)
        batch.state, batch.done_at = ImportState.DONE, timezone.now()
        batch.report = {"created": report.created, "changed": report.changed, "same": report.same}
        batch.save()
        if dry_run:
            transaction.set_rollback(True)
    return Report(report.created, report.changed, report.same, report.findings, None if dry_run else batch)


def check(path: Path | str, by: Any, *, via: str) -> Report:
    """What `import_` would do, with what is wrong in place of an error."""
    try:
        return import_(path, by, via=via, dry_run=True)
    except Invalid as error:
        return Report(findings=error.findings)


def _import(deed: Deed, lines: Sequence[tuple[int, Mapping[str, Any]]], progress: Progress | None) -> Report:
    found = list(_twice(lines))
    if found:
        raise Invalid(found)
    there = _there(lines)
    new: list[tuple[int, batches.Row]] = []
    differing: list[tuple[int, str, dict[str, Any]]] = []
    advice: list[Finding] = []
    known = _documents(lines)
    for number, line in lines:
        said = {name: value for name, value in line.items() if name != "type"}
        if said.get("document") is not None and said["document"] not in known:
            said["document"] = None
            advice.append(
                Finding("document", _("The uploaded file is not here; the link to it is left out."), "document",
                        f"{line['type']}/{line['ref']}", blocking=False, row=number)
            )  # fmt: skip
        now = there.get((line["type"], line["ref"]))
        if now is None:
            new.append((number, (line["type"], said)))
        elif any(name not in now or now[name] != value for name, value in said.items()):
            differing.append((number, line["type"], said))
    made: list[Record] = []
    deed.verb = "create"
    made += batches.enter(deed, [row for _number, row in new], numbers=[number for number, _row in new],
                          progress=progress)  # fmt: skip
    deed.verb = "change"
    changed = [record for record in _change(deed, differing) if record is not None]
    batches.tell(deed, [*made, *changed])
    return Report(len(made), len(changed), len(lines) - len(made) - len(changed), tuple(advice))


def _twice(lines: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[Finding]:
    seen: dict[tuple[str, str], int] = {}
    for number, line in lines:
        key = line["type"], line["ref"]
        if key in seen:
            yield Finding(
                "twice", _("%(ref)s stands in line %(first)d already.") % {"ref": key[1], "first": seen[key]}, "ref",
                "/".join(key), row=number,
            )  # fmt: skip
        seen.setdefault(key, number)


def _there(lines: Iterable[tuple[int, Mapping[str, Any]]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Descriptions of the records of a file that the register has already."""
    refs: dict[str, list[str]] = {}
    for _number, line in lines:
        refs.setdefault(line["type"], []).append(line["ref"])
    return {
        (type_, record.ref): described(record)
        for type_, listed in refs.items()
        for start in range(0, len(listed), _CHUNK)
        for record in _whole(RECORDS[type_]._default_manager.filter(ref__in=listed[start : start + _CHUNK]))
    }


def _documents(lines: Iterable[tuple[int, Mapping[str, Any]]]) -> set[Any]:
    """The uploaded files that are here, of those a file names by their number."""
    named = {line["document"] for _number, line in lines if isinstance(line.get("document"), int)}
    return set(get_document_model().objects.filter(pk__in=named).values_list("pk", flat=True)) if named else set()


def _change(deed: Deed, differing: Iterable[tuple[int, str, dict[str, Any]]]) -> Iterator[Record | None]:
    found: list[Finding] = []
    for number, type_, said in differing:
        record = RECORDS[type_]._default_manager.get(ref=said["ref"])
        deed.rows[f"{type_}/{record.ref}"] = number
        try:
            if deed.standing.administration:
                yield record if deed.set_back(record, said) else None
            else:
                entries = len(deed.entries)
                made = deed.change(record, {name: value for name, value in said.items() if name != "draft"})
                yield made if len(deed.entries) > entries else None
        except Invalid as error:
            found += [each.at_row(number) for each in error.findings]
        except RegisterError as error:
            found.append(Finding(error.code, error.message, row=number))
    if found:
        raise Invalid(found)
