"""What somebody is asked to do for the register: confirm, decide, look at, settle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q, Value
from django.utils import timezone
from wagtail.models import TaskState

from nahtstelle.portal.register.models import (
    Attachment,
    Citation,
    Cooperation,
    Dispute,
    Entry,
    Organisation,
    Record,
    StatedBy,
    Suggestion,
    SuggestionState,
)
from nahtstelle.portal.register.policies import Standing, learn, may_alone, standing_of
from nahtstelle.portal.register.queries import STALE_MONTHS, editable_by, memberships_visible_to, months_before, public
from nahtstelle.portal.register.suggested import suggested_records


@dataclass(frozen=True)
class Task:
    """Something a person is asked to do: what kind of thing, with which record, since when.

    ``id`` is the key of the suggestion, else of the record where it is edited in the editing screens.
    """

    kind: str
    type: str
    ref: str
    title: str
    since: dt.date | None = None
    note: str = ""
    id: int | None = None


@dataclass(frozen=True)
class Tasks:
    """What somebody is asked to do, by kind; long lists are cut, and `counts` says how long they are."""

    listed: tuple[Task, ...]
    counts: Mapping[str, int] = field(default_factory=dict)

    def of(self, kind: str) -> tuple[Task, ...]:
        """Those of one kind."""
        return tuple(each for each in self.listed if each.kind == kind)


MOST_TASKS: Final = 50
TASK_KINDS: Final = ("confirm-membership", "suggestion", "review", "stale", "broken-link", "dispute")


def tasks_for(person: Any) -> Tasks:
    """Memberships to confirm, suggestions and drafts to look at, what is stale, broken or disputed in one's own."""
    standing = standing_of(person)
    if not (standing.administration or standing.assignments):
        return Tasks(())
    suggested, drafts = _open_suggestions(), _waiting_drafts()
    learn(standing, [*(record for _each, record in suggested), *(entry for _state, entry in drafts)])
    listed: list[Task] = []
    counts: dict[str, int] = {}
    for kind, found in (
        ("confirm-membership", _memberships_to_confirm(standing)),
        ("suggestion", _suggestions(standing, suggested)),
        ("review", _drafts(standing, drafts)),
        ("stale", _stale(standing)),
        ("broken-link", _broken(standing)),
        ("dispute", _disputes(standing)),
    ):
        if found:
            counts[kind] = len(found)
            listed += found[:MOST_TASKS]
    return Tasks(tuple(listed), counts)


def _memberships_to_confirm(standing: Standing) -> list[Task]:
    """Those stated by the other side, for whoever speaks for this one."""
    own = Q(cooperation__in=standing.cooperations, confirmed_by_cooperation_on__isnull=True) & ~Q(
        stated_by=StatedBy.COOPERATION
    )
    theirs = Q(party_cooperation__in=standing.cooperations) | Q(organisation__in=standing.organisations)
    theirs &= Q(confirmed_by_member_on__isnull=True) & ~Q(stated_by=StatedBy.MEMBER)
    rows = (
        memberships_visible_to(None)
        .filter(own | theirs)
        .select_related("cooperation", "organisation", "party_cooperation")
    )
    return [
        Task("confirm-membership", each.TYPE, each.ref, str(each), each.changed_at.date(), each.stated_by)
        for each in rows.order_by("-changed_at")
    ]


def _open_suggestions() -> list[tuple[Suggestion, Record]]:
    waiting = list(Suggestion.objects.filter(state=SuggestionState.OPEN).order_by("pk"))
    records = suggested_records(waiting)
    return [(each, records[each.pk]) for each in waiting if each.pk in records]


def _suggestions(standing: Standing, waiting: Iterable[tuple[Suggestion, Record]]) -> list[Task]:
    """Those one decides on."""
    return [
        Task("suggestion", each.about_type, each.about_ref, _title(record), each.at.date(), each.note, each.pk)
        for each, record in waiting
        if may_alone(standing, "decide", record)
    ]


def _title(record: Record) -> str:
    return str(record.source if isinstance(record, Citation) else record)


def _waiting_drafts() -> list[tuple[TaskState, Entry]]:
    waiting = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS).order_by("pk")
    waiting = waiting.select_related("revision").prefetch_related("revision__content_object")
    return [(state, entry) for state in waiting if isinstance(entry := state.revision.content_object, Entry)]


def _drafts(standing: Standing, waiting: Iterable[tuple[TaskState, Entry]]) -> list[Task]:
    """Entries that wait for a look before they are public, where one may publish them."""
    return [
        Task("review", entry.TYPE, entry.ref, str(entry), state.started_at.date(), id=entry.pk)
        for state, entry in waiting
        if may_alone(standing, "publish", entry)
    ]


def _stale(standing: Standing) -> list[Task]:
    """What was confirmed last too long ago, of what one coordinates; the editorial staff asks, it does not confirm."""
    before = months_before(timezone.localdate(), STALE_MONTHS)
    rows = [
        model._default_manager.filter(public(), pk__in=keys, confirmed_on__lte=before)
        .order_by()
        .values_list(Value(model.TYPE), "ref", "name", "confirmed_on")
        for model, keys in ((Cooperation, standing.cooperations), (Organisation, standing.organisations))
    ]
    return [Task("stale", type_, ref, name, day) for type_, ref, name, day in sorted(rows[0].union(rows[1], all=True))]


def _broken(standing: Standing) -> list[Task]:
    rows = editable_by(standing, Attachment).filter(withdrawn_on__isnull=True).exclude(broken="")
    return [
        Task(
            "broken-link",
            each.TYPE,
            each.ref,
            each.title,
            each.checked_at and each.checked_at.date(),
            each.broken,
            each.pk,
        )
        for each in rows
    ]


def _disputes(standing: Standing) -> list[Task]:
    rows = editable_by(standing, Dispute).filter(withdrawn_on__isnull=True, settled_on__isnull=True)
    return [
        Task("dispute", each.TYPE, each.ref, each.reason[:200], each.created_at.date(), id=each.pk) for each in rows
    ]
