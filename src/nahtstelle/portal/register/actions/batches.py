"""Many records at once, for imports: the same checks and traces as one by one, with a few questions for all of them.

Nothing of it is kept where one row cannot be. A record that comes in a batch has no revision yet; its log entry holds
what it said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations

from nahtstelle.portal.register import messages
from nahtstelle.portal.register.actions.doing import Deed, doing, today
from nahtstelle.portal.register.actions.parties import names_of_areas
from nahtstelle.portal.register.actions.sides import side_of, take_sides
from nahtstelle.portal.register.checking import finding_of, findings_in, findings_of, twice_in_lists
from nahtstelle.portal.register.errors import Finding, Forbidden, Invalid, RegisterError, ReviewFirst
from nahtstelle.portal.register.models import (
    RECORDS,
    Cooperation,
    Entry,
    ImportBatch,
    ImportState,
    LogEntry,
    Membership,
    Record,
)
from nahtstelle.portal.register.policies import must_be_reviewed, owners_of
from nahtstelle.portal.register.records import fields_of, lists_of, take

CHUNK: Final = 500
MOST_FINDINGS: Final = 200
"""A list with more mistakes is read anew, not mended row by row."""

Row = tuple[str, Mapping[str, Any]]
"""Type and fields of one record."""

_Key = tuple[str, str]


# ---------------------------------------------------------------------------------------------- many at once


def create_many(
    by: Any,
    rows: Sequence[Row],
    *,
    via: str,
    batch: ImportBatch | None = None,
    note: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> list[Record]:
    """Enter many records, in the order of the rows; they may refer to one another.

    Raises `Invalid`, whose findings name the rows (from 1 on), or `Forbidden`; then nothing is entered.
    """
    with doing(by, "create", via=via, note=note, batch=batch) as deed:
        made = enter(deed, rows, progress=progress)
        tell(deed, made)
        return made


def enter(
    deed: Deed,
    rows: Sequence[Row],
    *,
    numbers: Sequence[int] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Record]:
    """The same as a part of another verb; ``numbers`` are those of the rows where they came from."""
    work = _Work(deed, rows, numbers or range(1, len(rows) + 1), progress)
    made = work.done()
    deed.rows |= work.numbers_by_record
    return made


def tell(deed: Deed, records: Iterable[Record]) -> None:
    """Tell the coordination of what these records belong to, once, when all is certain."""
    if deed.batch is None:
        return
    concerned: set[int] = set()
    for record in records:
        if isinstance(record, Cooperation | Membership):
            concerned |= owners_of(record)[0]
    deed.after(messages.tell_of_batch, deed.batch, sorted(concerned))


@dataclass
class _Work:
    """Rows on their way to records, type by type, so that what is referred to is there first."""

    deed: Deed
    rows: Sequence[Row]
    numbers: Sequence[int]
    progress: Callable[[int, int], None] | None
    found: list[Finding] = field(default_factory=list)
    known: dict[type[models.Model], dict[str, models.Model]] = field(default_factory=dict)
    made: dict[int, Record] = field(default_factory=dict)
    later: list[tuple[int, str, type[models.Model], str]] = field(default_factory=list)
    numbers_by_record: dict[str, int] = field(default_factory=dict)

    def done(self) -> list[Record]:
        """Enter all of them, or raise what is wrong with which row."""
        places: dict[str, list[int]] = {type_: [] for type_ in RECORDS}
        for place, (type_, _fields) in enumerate(self.rows):
            if type_ in places:
                places[type_].append(place)
            else:
                self._wrong(place, Finding("type", _("There is no such kind of entry.")))
        coming = {RECORDS[type_]: {str(self.rows[place][1].get("ref", "")) for place in listed}
                  for type_, listed in places.items()}  # fmt: skip
        with_names = names_of_areas(_keys(fields for _type, fields in self.rows))
        for type_, listed in places.items():
            for start in range(0, len(listed), CHUNK):
                self._chunk(RECORDS[type_], listed[start : start + CHUNK], coming, with_names)
                if len(self.found) > MOST_FINDINGS:
                    raise Invalid(self.found)
                if self.progress:
                    self.progress(len(self.made), len(self.rows))
        self._link()
        if self.found:
            raise Invalid(sorted(self.found, key=lambda each: each.row or 0))
        return [self.made[place] for place in range(len(self.rows))]

    def _chunk(
        self,
        model: type[Record],
        places: Sequence[int],
        coming: Mapping[Any, set[str]],
        with_names: Callable[[models.Model], None],
    ) -> None:
        said = {place: dict(self.rows[place][1]) for place in places}
        self._look_up(model, said.values())
        taken = self._refs_there(model, said.values())
        records: dict[int, Record] = {}
        for place, fields in said.items():
            record = model()
            found = list(self._referred(place, model, fields, coming))
            relations = {name: value for name, value in fields.items() if isinstance(value, models.Model)}
            try:
                take(record, fields)
                for name, value in relations.items():
                    setattr(record, name, value)
                found += self._in(record, with_names)
                self._permitted(record, fields)
            except ValidationError as error:
                found += findings_of(error)
            except RegisterError as error:
                found.append(Finding(error.code, error.message))
            if record.ref in taken:
                found.append(Finding("unique", _("This reference is taken."), "ref"))
            for each in found:
                self._wrong(place, each)
            taken.add(record.ref)
            records[place] = record
            self.numbers_by_record[f"{record.TYPE}/{record.ref}"] = self.numbers[place]
        if not self.found:
            self._save(model, records)

    def _wrong(self, place: int, finding: Finding) -> None:
        self.found.append(finding.at_row(self.numbers[place]))

    # -------------------------------------------------------------------------------------- references

    def _look_up(self, model: type[Record], said: Iterable[Mapping[str, Any]]) -> None:
        """Fetch what the rows refer to, with one question per kind of record."""
        wanted: dict[type[models.Model], set[str]] = {}
        for fields in said:
            for target, ref in _references(model, fields):
                if ref not in self.known.setdefault(target, {}):
                    wanted.setdefault(target, set()).add(ref)
        for target, refs in wanted.items():
            there: Any = target._default_manager.filter(ref__in=refs)
            self.known[target] |= {record.ref: record for record in there}

    def _refs_there(self, model: type[Record], said: Iterable[Mapping[str, Any]]) -> set[str]:
        refs = [fields["ref"] for fields in said if fields.get("ref")]
        return set(model._default_manager.filter(ref__in=refs).values_list("ref", flat=True))

    def _referred(
        self,
        place: int,
        model: type[models.Model],
        fields: dict[str, Any],
        coming: Mapping[Any, set[str]],
        of: str = "",
    ) -> Iterator[Finding]:
        """Put records in place of references; what comes later in the same batch is linked at the end."""
        for relation in _relations(model):
            ref = fields.get(relation.name)
            target: type[models.Model] = relation.related_model
            if not isinstance(ref, str) or not ref:
                continue
            record = self.known.get(target, {}).get(ref)
            if record is not None:
                fields[relation.name] = record
            elif not of and relation.null and ref in coming.get(target, ()):
                fields[relation.name] = None
                self.later.append((place, relation.name, target, ref))
        for name in lists_of(model):
            listed = [dict(each) for each in fields.get(name, ())]
            for each in listed:
                yield from self._referred(place, _listed_model(model, name), each, coming, name)
            if listed:
                fields[name] = listed

    def _link(self) -> None:
        linked: dict[_Key, dict[str, str]] = {}
        for place, name, target, ref in self.later:
            record, other = self.made.get(place), self.known.get(target, {}).get(ref)
            if record is not None and other is not None:
                setattr(record, name, other)
                record.save(update_fields=[name])
                linked.setdefault((record.TYPE, record.ref), {})[name] = ref
        for entry in self.deed.entries if linked else ():
            if entry.after is not None:
                entry.after |= linked.get((entry.record_type, entry.record_ref), {})

    # -------------------------------------------------------------------------------- checking and saving

    def _in(self, record: Record, with_names: Callable[[models.Model], None]) -> Iterator[Finding]:
        """What can be told without asking the database: it refuses the rest, and is then asked row by row."""
        for row in (record, *_children(record)):
            with_names(row)
            given = [each.name for each in _relations(type(row)) if getattr(row, each.attname) is not None]
            parents = [relation.field.name for relation in get_all_child_relations(type(record)) if row is not record]
            try:
                row.clean_fields(exclude={*given, *parents})
            except ValidationError as error:
                yield from findings_of(error)
        yield from twice_in_lists(record)

    def _permitted(self, record: Record, fields: Mapping[str, Any]) -> None:
        deed = self.deed
        verb = "add_membership" if isinstance(record, Membership) else "create"
        if not deed.standing.administration:
            deed.allow(verb, record)
        deed.guard_new(record)
        if isinstance(record, Membership) and "stated_by" not in fields:
            take_sides(record, side_of(deed.words_of, record), today())
        draft = bool(fields.get("draft"))
        if not deed.standing.administration and must_be_reviewed(deed.standing, verb, record):
            if not isinstance(record, Entry):
                raise ReviewFirst(_("What you enter is looked at before it is public."))
            draft = True
        if isinstance(record, Entry):
            now = timezone.now()
            record.live, record.has_unpublished_changes = not draft, draft
            if not draft:
                record.first_published_at = record.last_published_at = now

    def _save(self, model: type[Record], records: Mapping[int, Record]) -> None:
        listed = list(records.values())
        children = [(record, list(_children(record))) for record in listed]
        try:
            with transaction.atomic():
                model._default_manager.bulk_create(listed)
                for relation in get_all_child_relations(model):
                    rows = []
                    for record, those in children:
                        for each in those:
                            if isinstance(each, relation.related_model):
                                setattr(each, relation.field.name, record)
                                rows.append(each)
                    relation.related_model._default_manager.bulk_create(rows, batch_size=CHUNK)
        except IntegrityError as error:
            for record in listed:
                record.pk = None
            before = len(self.found)
            for place, record in records.items():
                for finding in findings_in(record):
                    self._wrong(place, finding)
            if len(self.found) == before:
                self._wrong(next(iter(records)), finding_of(error))
            return
        for place, record in records.items():
            self.known.setdefault(model, {})[record.ref] = record
            self.made[place] = record
            self.deed.written(record)


def _relations(model: type[models.Model]) -> list[models.ForeignKey[Any, Any]]:
    """The fields of a record that refer to other records."""
    return [
        each
        for each in fields_of(model)
        if isinstance(each, models.ForeignKey) and issubclass(each.related_model, Record)
    ]


def _listed_model(model: type[models.Model], name: str) -> type[models.Model]:
    listed: type[models.Model] = next(
        each.related_model for each in get_all_child_relations(model) if each.get_accessor_name() == name
    )
    return listed


def _references(model: type[models.Model], fields: Mapping[str, Any]) -> Iterator[tuple[type[models.Model], str]]:
    for relation in _relations(model):
        ref = fields.get(relation.name)
        if isinstance(ref, str) and ref:
            yield relation.related_model, ref
    for name in lists_of(model):
        for each in fields.get(name, ()):
            yield from _references(_listed_model(model, name), each)


def _children(record: models.Model) -> Iterator[models.Model]:
    for name in lists_of(type(record)):
        yield from getattr(record, name).all()


def _keys(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Every key of an area that rows name, in their lists too."""
    for fields in rows:
        if fields.get("area_key") and not fields.get("area_edition"):
            yield str(fields["area_key"])
        for value in fields.values():
            if isinstance(value, list | tuple):
                yield from _keys(each for each in value if isinstance(each, Mapping))


# ----------------------------------------------------------------------------------------------------- undoing


@dataclass(frozen=True)
class Undone:
    """What undoing an import did: how many records it withdrew, how many it set back, and which it left alone."""

    withdrawn: int
    restored: int
    left: tuple[str, ...]


def undo_batch(by: Any, batch: ImportBatch, *, via: str, leave_changed: bool = False, note: str = "") -> Undone:
    """Undo an import as a whole: what it entered is withdrawn, what it changed is as it was.

    Records that somebody changed since are named in `Invalid`; with ``leave_changed`` they stay as they are.
    """
    with doing(by, "undo_batch", via=via, note=note, batch=batch) as deed:
        deed.allow("undo_batch", None)
        current = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if not deed.standing.administration and (deed.person is None or current.by_id != deed.person.pk):
            raise Forbidden(_("Only those who did an import, and the administration, can undo it."))
        if current.state == ImportState.UNDONE:
            raise deed.refuse("undone", _("This import has been undone already."))
        entries = list(current.entries.order_by("pk"))
        first, last = _first_and_last(entries)
        changed = _changed_since(last)
        if changed and not leave_changed:
            raise Invalid(
                Finding("changed-since", _("“%(title)s” was changed after the import.") % {"title": first[each].title},
                        record="/".join(each))
                for each in sorted(changed)
            )  # fmt: skip
        undo = [each for each in first if each not in changed]
        created = [each for each in undo if first[each].before is None]
        _withdraw(deed, created, last)
        restored = 0
        for type_, ref in undo:
            before = first[type_, ref].before
            if before is not None:
                record = RECORDS[type_]._default_manager.get(ref=ref)
                restored += deed.set_back(record, before)
        current.state, current.undone_at = ImportState.UNDONE, timezone.now()
        current.save()
        batch.state, batch.undone_at = current.state, current.undone_at
        return Undone(len(created), restored, tuple(first[each].title for each in sorted(changed)))


def _first_and_last(entries: Iterable[LogEntry]) -> tuple[dict[_Key, LogEntry], dict[_Key, LogEntry]]:
    first: dict[_Key, LogEntry] = {}
    last: dict[_Key, LogEntry] = {}
    for entry in entries:
        key = entry.record_type, entry.record_ref
        first.setdefault(key, entry)
        last[key] = entry
    return first, last


def _changed_since(last: Mapping[_Key, LogEntry]) -> set[_Key]:
    """Records of which the log knows something newer."""
    changed = set()
    by_type: dict[str, list[str]] = {}
    for type_, ref in last:
        by_type.setdefault(type_, []).append(ref)
    for type_, refs in by_type.items():
        for start in range(0, len(refs), CHUNK):
            newest = (
                LogEntry.objects.filter(record_type=type_, record_ref__in=refs[start : start + CHUNK])
                .order_by()
                .values_list("record_ref")
                .annotate(Max("pk"))
            )
            changed |= {(type_, ref) for ref, pk in newest if pk > last[type_, ref].pk}
    return changed


def _withdraw(deed: Deed, created: Sequence[_Key], last: Mapping[_Key, LogEntry]) -> None:
    """Withdraw what an import entered; the log holds what each of them says."""
    day, now = today(), timezone.now()
    for type_, model in RECORDS.items():
        refs = [ref for each, ref in created if each == type_]
        for start in range(0, len(refs), CHUNK):
            records = list(
                model._default_manager.filter(ref__in=refs[start : start + CHUNK], withdrawn_on__isnull=True)
            )
            for record in records:
                if not deed.standing.administration:
                    deed.allow("withdraw", record)
                entry = last[type_, record.ref]
                before = entry.after or {}
                record.withdrawn_on, record.changed_at = day, now
                deed.written(record, before, {**before, "withdrawn_on": day.isoformat()}, title=entry.title)
            model._default_manager.filter(pk__in=[each.pk for each in records]).update(withdrawn_on=day, changed_at=now)
