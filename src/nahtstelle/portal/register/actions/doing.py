"""The one shape of every verb: permission, checks, one transaction, a log entry, the search index, messages after it.

A verb opens a `Deed` with `doing` and changes records through it only. Whatever fails inside leaves everything as it
was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any, Final, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from wagtail.models import WorkflowState

from nahtstelle.portal.register import messages, rules, search
from nahtstelle.portal.register.actions.parties import with_names_of_areas
from nahtstelle.portal.register.actions.sides import side_of, take_sides
from nahtstelle.portal.register.checking import finding_of, findings_in, findings_of
from nahtstelle.portal.register.errors import Conflict, Finding, Forbidden, Invalid, ReviewFirst
from nahtstelle.portal.register.models import Entry, ImportBatch, LogEntry, Membership, Project, Record
from nahtstelle.portal.register.policies import VERBS, Operator, may, must_be_reviewed, standing_of
from nahtstelle.portal.register.records import described, take

R = TypeVar("R", bound=Record)

GUARDED: Final = frozenset(
    {
        "withdrawn_on", "confirmed_on", "stated_by", "confirmed_by_cooperation_on", "confirmed_by_member_on",
        "settled_on", "settlement",
    }
)  # fmt: skip
"""Fields with a verb of their own; only the administration sets them otherwise, when it brings a register back."""

_TURN = 4_711_001


def today() -> dt.date:
    """Today, where the site is."""
    return timezone.localdate()


@contextmanager
def doing(by: Any, verb: str, *, via: str, note: str = "", batch: ImportBatch | None = None) -> Iterator[Deed]:
    """One verb done by one person: what the body does is kept together or not at all."""
    with transaction.atomic():
        take_turn()
        deed = Deed(by, verb, via, note, batch)
        yield deed
        deed.finish()


def take_turn() -> None:
    """Let changes of the register happen one after the other, until the end of the transaction.

    So log entries become visible in the order of their ids, which is what the version of the register stands on, and
    rules that look at several records cannot be broken by two people at once. SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])


class Deed:
    """A verb being done: by whom, through which door, and what it has changed so far."""

    def __init__(self, by: Any, verb: str, via: str, note: str = "", batch: ImportBatch | None = None) -> None:
        self.by, self.verb, self.via, self.note, self.batch = by, verb, via, note, batch
        self.standing = standing_of(by)
        self.words_of = [self.standing]
        """Whose word a membership is: of whoever acts, and of whoever suggested it."""
        self.person = None if isinstance(by, Operator) or not self.standing.signed_in else by
        self.entries: list[LogEntry] = []
        self.touched: list[Record] = []
        self.handed_in: list[Entry] = []
        self.rows: dict[str, int] = {}
        """Of what came in a file, as ``type/ref``: the row it stood in."""

    # ------------------------------------------------------------------------------------------- may it be

    def allow(self, verb: str, thing: Record | str | None) -> None:
        """Go on only where the person may do this. Raises `Forbidden`."""
        if not may(self.standing, verb, thing):
            raise Forbidden(_("You may not do this here: %(verb)s.") % {"verb": VERBS[verb].title})

    def refuse(self, code: str, message: str, field: str = "") -> Invalid:
        """The error of a verb that makes no sense here."""
        return Invalid([Finding(code, message, field)])

    def guard_new(self, record: Record) -> None:
        """Refuse what a new record may not say of itself."""
        self._guard(record, _guarded_at_first(type(record)), _guarded(record))

    def _guard(self, record: Record, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        changed = {name for name in GUARDED if name in after and before.get(name) != after[name]}
        if changed and not self.standing.administration:
            raise Forbidden(
                _("Set by verbs of their own, not by hand: %(fields)s.") % {"fields": ", ".join(sorted(changed))}
            )
        fails = after.get("state") == "gescheitert" != before.get("state")
        if isinstance(record, Project) and fails and not isinstance(self.by, Operator):
            self.allow("fail_project", record)

    # --------------------------------------------------------------------------------------------- changing

    def current(self, record: R) -> R:
        """The record as it is in the database now, locked until the verb is done."""
        return type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)

    def create(
        self, model: type[R], fields: Mapping[str, Any], *, verb: str | None = "create", draft: bool = False
    ) -> R:
        """Make a record of what is said. ``verb`` is what the person must be allowed to; none where it is part of
        something they are allowed to.
        """
        record = model()
        self._take(record, fields)
        if verb is not None:
            self.allow(verb, record)
        self.guard_new(record)
        if isinstance(record, Membership) and "stated_by" not in fields:
            take_sides(record, side_of(self.words_of, record), today())
        self.store(record, None, review=verb is not None and must_be_reviewed(self.standing, verb, record), draft=draft)
        return record

    def change(
        self,
        record: R,
        fields: Mapping[str, Any],
        *,
        verb: str | None = None,
        seen: dt.datetime | str | None = None,
        draft: bool = False,
        publish: bool = False,
    ) -> R:
        """Set fields of a record. ``verb`` is what the person must be allowed to, before and after.

        What equals what is there is left alone. ``publish`` starts from the newest draft.
        """
        verb = verb or self.verb
        current = self.current(record)
        self.allow(verb, current)
        review = must_be_reviewed(self.standing, verb, current)
        if current.withdrawn_on is not None:
            raise self.refuse("withdrawn", _("This entry is withdrawn. Please restore it first."))
        draft = draft or (review and isinstance(current, Entry))
        base = current
        if isinstance(current, Entry) and current.has_unpublished_changes and (draft or publish or not current.live):
            base = current.get_latest_revision_as_object()
        before = described(base)
        fields = {name: value for name, value in fields.items() if name not in before or before[name] != value}
        if seen is not None and _moment(seen) != current.changed_at and (fields or publish):
            mine = type(record)(pk=current.pk)
            self._take(mine, {**before, **fields})
            raise Conflict(before, {name: described(mine)[name] for name in fields})
        if fields.get("ref", current.ref) != current.ref:
            raise self.refuse("ref-is-kept", _("A reference never changes: others refer to it."), "ref")
        self._take(base, fields)
        after = described(base)
        goes_public = (
            isinstance(current, Entry)
            and not draft
            and (not current.live or (publish and current.has_unpublished_changes))
        )
        if after == before and not goes_public:
            return current
        self.allow(verb, base)
        self._guard(current, before, after)
        if isinstance(base, Membership) and "stated_by" not in fields:
            take_sides(base, side_of(self.words_of, base), today(), before, after)
        self.store(base, described(current) if publish else before, review=review, draft=draft)
        return base

    def mark(self, record: R, *, check: bool = False, **fields: Any) -> R:
        """Set fields that say something about the record as a whole; a draft that somebody is writing stays."""
        current = self.current(record)
        before = described(current)
        for name, value in {**fields, "changed_at": timezone.now()}.items():
            setattr(current, name, value)
        found = findings_in(current) if check else []
        if found:
            raise Invalid(found)
        current.save(update_fields=[*fields, "changed_at"])
        self.written(current, before)
        return current

    def store(
        self, record: Record, before: dict[str, Any] | None, *, review: bool = False, draft: bool = False
    ) -> None:
        """Check a record, save it with all that is listed in it, and write down what it was before."""
        if review and not isinstance(record, Entry):
            raise ReviewFirst(
                _("What you enter is looked at before it is public. Please send this in as a suggestion.")
            )
        with_names_of_areas(record)
        found = findings_in(record)
        if found:
            raise Invalid(found)
        try:
            with transaction.atomic():
                if isinstance(record, Entry):
                    self._store_entry(record, draft=draft or review, review=review)
                else:
                    record.save()
        except IntegrityError as error:
            raise Invalid([finding_of(error)]) from error
        self.written(record, before, draft=draft or review)

    def _take(self, record: Record, fields: Mapping[str, Any]) -> None:
        try:
            take(record, fields)
        except ValidationError as error:
            raise Invalid(findings_of(error)) from error

    def _store_entry(self, entry: Entry, *, draft: bool, review: bool) -> None:
        now = timezone.now()
        if draft:
            if entry.pk is None:
                entry.live, entry.has_unpublished_changes = False, True
            if not entry.live:
                entry.save()
            entry.save_revision(user=self.person, clean=False)
            entry.changed_at = now
            entry.save(update_fields=["changed_at"])
            if review:
                self._hand_in(entry)
            return
        entry.live, entry.has_unpublished_changes, entry.last_published_at = True, False, now
        entry.first_published_at = entry.first_published_at or now
        entry.save()
        saved_at = entry.changed_at
        entry.live_revision = entry.save_revision(user=self.person, clean=False, changed=False)
        entry.save(update_fields=["live_revision"])
        entry.changed_at = saved_at  # writing the revision down moves it, in this object only
        waiting = entry.current_workflow_state
        if waiting is not None:
            waiting.cancel(user=self.person)

    def _hand_in(self, entry: Entry) -> None:
        """Ask for a look at a draft: for the first time, or once more after changes were asked for."""
        waiting, workflow = entry.current_workflow_state, entry.get_workflow()
        if waiting is None and workflow is not None:
            workflow.start(entry, self.person)
        elif waiting is not None and waiting.status == WorkflowState.STATUS_NEEDS_CHANGES:
            waiting.resume(user=self.person)
        else:
            return
        self.handed_in.append(entry)

    # ------------------------------------------------------------------------------------------ leaving traces

    def set_back(self, record: Record, said: Mapping[str, Any]) -> bool:
        """Let a record be as the log or a file says it was; whether that changed anything.

        A draft stays one unless it is said to be public; what is public stays so.
        """
        current = self.current(record)
        self.allow("change", current)
        now = described(current)
        self._take(current, said)
        stays_draft = isinstance(current, Entry) and not current.live and said.get("draft", True)
        if {**described(current), "draft": stays_draft} == {"draft": False, **now}:
            return False
        self.store(current, now, draft=stays_draft)
        return True

    def written(
        self,
        record: Record,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        *,
        title: str = "",
        draft: bool = False,
    ) -> None:
        """Note what was done to a record, for the log, the rules and the search."""
        draft = draft or not getattr(record, "live", True)
        said = described(record) | ({"draft": True} if draft else {}) if after is None else after
        self.entries.append(
            LogEntry(
                by=self.person,
                by_name=name_of(self.by),
                verb=self.verb,
                record_type=record.TYPE,
                record_ref=record.ref,
                title=(title or str(record))[:400],
                before=before,
                after=said,
                via=self.via,
                note=self.note,
                batch=self.batch,
            )
        )
        if not draft:
            self.touched.append(record)

    def after(self, tell: Callable[..., None], *said: Any) -> None:
        """Send something once all of this is certain."""
        transaction.on_commit(partial(tell, *said, self.person), robust=True)

    def finish(self) -> None:
        """Ask the rules, write the log, keep the search up to date, and tell people once all of it is certain."""
        blocking = [each for each in rules.breaches(self.touched) if each.blocking]
        if blocking:
            rows = ((each, self.rows.get(each.record)) for each in blocking)
            raise Invalid(each if row is None else each.at_row(row) for each, row in rows)
        LogEntry.objects.bulk_create(self.entries, batch_size=1000)
        with search.all_at_once():
            for record in self.touched:
                search.index(record)
        if self.handed_in:
            transaction.on_commit(partial(messages.tell_of_drafts, self.handed_in, self.person), robust=True)
        if self.entries and self.batch is None:
            transaction.on_commit(partial(messages.tell_of_changes, self.entries, self.person), robust=True)


def _guarded(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in (*GUARDED, "state") if hasattr(record, name)}


@lru_cache
def _guarded_at_first(model: type[Record]) -> dict[str, Any]:
    return _guarded(model())


def name_of(by: Any) -> str:
    """The name of whoever acts, as the log keeps it."""
    full = by.get_full_name() if hasattr(by, "get_full_name") else ""
    return (full or str(by))[:150]


def _moment(seen: dt.datetime | str) -> dt.datetime | None:
    return parse_datetime(seen) if isinstance(seen, str) else seen
