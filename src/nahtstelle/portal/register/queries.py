"""Reading the register: what somebody may see, how well it is founded, what happened to it, and what is to be done.

Every page, list, feed, export and search result begins with one of the ``…_visible_to`` here. Visitors see what is
public itself and belongs to what is public; who looks after a record sees its drafts too. Withdrawn records are seen by
nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.query import ModelIterable
from django.utils import timezone
from modelcluster.models import get_all_child_relations
from wagtail.models import TaskState

from nahtstelle.core.names import folded
from nahtstelle.portal.register.models import (
    RECORDS,
    Agreement,
    Attachment,
    Citation,
    Completeness,
    Contact,
    Cooperation,
    CoverageFigure,
    Dispute,
    Entry,
    KeyChange,
    LogEntry,
    Meeting,
    Membership,
    Organisation,
    Project,
    Record,
    Source,
    StatedBy,
    Statement,
    Succession,
    Suggestion,
    SuggestionState,
)
from nahtstelle.portal.register.models.evidence import About
from nahtstelle.portal.register.policies import Standing, learn, may, may_alone, remember_spoken_of, standing_of
from nahtstelle.portal.register.reach import looked_after_by
from nahtstelle.portal.register.records import differences, fields_of, take

R = TypeVar("R", bound=Record)
V = TypeVar("V")

STALE_MONTHS: Final = 18
"""What was not confirmed for so many months is shown as stale."""

# ------------------------------------------------------------------------------------------- what may be seen


def public(path: str = "") -> Q:
    """Whether everybody may see the entry at the end of this path of relations; a missing one is no hindrance."""
    return Q(**{f"{path}live": True, f"{path}withdrawn_on__isnull": True})


def _none_or_public(*paths: str) -> Q:
    found = Q()
    for path in paths:
        found &= Q(**{f"{path}__isnull": True}) | public(f"{path}__")
    return found


_THERE = Q(withdrawn_on__isnull=True)

_PUBLIC: Final[dict[type[Record], Callable[[], Q]]] = {
    Cooperation: public,
    Organisation: public,
    Project: public,
    Meeting: public,
    Agreement: lambda: public() & _none_or_public("cooperation"),
    Membership: lambda: _THERE & public("cooperation__") & _none_or_public("organisation", "party_cooperation"),
    Succession: lambda: _THERE & public("before__") & public("after__"),
    Contact: lambda: _THERE & _none_or_public("cooperation", "organisation"),
    Source: lambda: _THERE,
    Citation: lambda: _THERE & Q(source__withdrawn_on__isnull=True) & _about_public(),
    Statement: lambda: _THERE & _about_public(),
    Attachment: lambda: _THERE & _about_public(),
    Dispute: lambda: _THERE & _about_public(),
    CoverageFigure: lambda: _THERE,
    Completeness: lambda: _THERE,
    KeyChange: lambda: _THERE,
}

_SPOKEN_OF: Final = (Cooperation, Organisation, Project, Agreement, Meeting, Membership, Source)


def _about_public() -> Q:
    """That what a record speaks of is public itself."""
    found: Any = Q(about_type="area")
    for model in _SPOKEN_OF:
        there = model._default_manager.filter(_PUBLIC[model](), ref=OuterRef("about_ref"))
        found |= Q(about_type=model.TYPE) & Exists(there)
    condition: Q = found
    return condition


def visible_to(person: Any, model: type[R]) -> QuerySet[R]:
    """Records of a kind that this person may see: the public ones, and drafts of what they look after."""
    records = model._default_manager.all()
    standing = standing_of(person)
    if not (standing.administration or standing.assignments):
        return records.filter(_PUBLIC[model]())
    own = looked_after_by(standing, model).order_by().values("pk")
    return records.filter(_PUBLIC[model]() | Q(pk__in=own, withdrawn_on__isnull=True))


def editable_by(person: Any, model: type[R]) -> QuerySet[R]:
    """Records of a kind that this person looks after, drafts and withdrawn ones too."""
    return looked_after_by(standing_of(person), model)


def cooperations_visible_to(person: Any) -> QuerySet[Cooperation]:
    """Cooperations this person may see."""
    return visible_to(person, Cooperation)


def organisations_visible_to(person: Any) -> QuerySet[Organisation]:
    """Organisations this person may see."""
    return visible_to(person, Organisation)


def memberships_visible_to(person: Any) -> QuerySet[Membership]:
    """Memberships whose cooperation and member this person may see."""
    return visible_to(person, Membership)


def successions_visible_to(person: Any) -> QuerySet[Succession]:
    """Which cooperation became which, as far as this person may see both."""
    return visible_to(person, Succession)


def projects_visible_to(person: Any) -> QuerySet[Project]:
    """Projects this person may see."""
    return visible_to(person, Project)


def agreements_visible_to(person: Any) -> QuerySet[Agreement]:
    """Agreements this person may see."""
    return visible_to(person, Agreement)


def meetings_visible_to(person: Any) -> QuerySet[Meeting]:
    """Meetings this person may see."""
    return visible_to(person, Meeting)


def sources_visible_to(person: Any) -> QuerySet[Source]:
    """Sources this person may see."""
    return visible_to(person, Source)


def citations_visible_to(person: Any) -> QuerySet[Citation]:
    """What sources say of records this person may see."""
    return visible_to(person, Citation)


def statements_visible_to(person: Any) -> QuerySet[Statement]:
    """Countable statements about records this person may see."""
    return visible_to(person, Statement)


def attachments_visible_to(person: Any) -> QuerySet[Attachment]:
    """Documents and links of records this person may see."""
    return visible_to(person, Attachment)


def disputes_visible_to(person: Any) -> QuerySet[Dispute]:
    """Disputes about records this person may see."""
    return visible_to(person, Dispute)


class _WithoutNames(ModelIterable):  # type: ignore[type-arg]
    """Contacts as they are shown: a person is named while the consent holds, and not a day longer."""

    def __iter__(self) -> Iterator[Any]:
        today = timezone.localdate()
        for contact in super().__iter__():
            if not names_person(contact, today):
                contact.person_name = contact.consent_purpose = ""
                contact.consent_on = contact.consent_until = None
            yield contact


def names_person(contact: Contact, day: dt.date) -> bool:
    """Whether a contact may name its person on a day."""
    begins, ends = contact.consent_on, contact.consent_until
    return bool(contact.person_name) and begins is not None and ends is not None and begins <= day < ends


def contacts_visible_to(person: Any) -> QuerySet[Contact]:
    """Whom to write to. The name of a person is empty unless their consent holds today, whoever asks."""
    contacts = visible_to(person, Contact)
    contacts._iterable_class = _WithoutNames
    return contacts


# ---------------------------------------------------------------------------------------- version and history


Newest = tuple[int, dt.datetime] | None


def newest() -> Newest:
    """The version of the register: number and time of its newest log entry, nothing before the first change.

    The time too, because a database that was restored counts anew.
    """
    return LogEntry.objects.order_by("-id").values_list("id", "at").first()


_memories: list[Callable[[], None]] = []


def per_version(ask: Callable[[], V]) -> Callable[[], V]:
    """Ask the register anew only when something in it has changed; what was answered before is kept by the worker."""

    @lru_cache(maxsize=1)
    def answer(_newest: Newest) -> V:
        return ask()

    _memories.append(answer.cache_clear)
    return wraps(ask)(lambda: answer(newest()))


def forget() -> None:
    """Ask everything anew: for tests, which change the register without its verbs."""
    for clear in _memories:
        clear()


_UNSHOWN: Final = frozenset(
    {"review_note", "person_name", "consent_on", "consent_purpose", "consent_until", "draft", "ref"}
)
"""What a record says that the public history does not repeat."""

_OF_PEOPLE: Final = ("invite", "accept_invitation", "withdraw_invitation", "assign", "unassign")


@dataclass(frozen=True)
class Event:
    """Something that happened to a record. ``by`` is empty for those who do not look after it."""

    at: dt.datetime
    verb: str
    type: str
    ref: str
    title: str
    by: str
    note: str
    changed: Mapping[str, tuple[Any, Any]]


def history(type_: str, ref: str, person: Any = None, *, limit: int = 200) -> list[Event]:
    """What happened to a record, the newest first; of a cooperation, to its memberships too.

    Visitors learn neither who acted nor what drafts say. Raises `KeyError` for an unknown type.
    """
    record = RECORDS[type_]._default_manager.filter(ref=ref).first()
    if record is None or not may(person, "see", record):
        return []
    inside = may(person, "see_drafts", record)
    about = Q(record_type=type_, record_ref=ref)
    if isinstance(record, Cooperation):
        members = memberships_visible_to(person).filter(cooperation=record)
        about |= Q(record_type=Membership.TYPE, record_ref__in=members.order_by().values("ref"))
    entries = LogEntry.objects.filter(about)
    if not inside:
        entries = entries.exclude(verb__in=_OF_PEOPLE)
    events = []
    for entry in entries.order_by("-pk")[: limit * 2]:
        after = entry.after or {}
        if not inside and after.get("draft"):
            continue
        before_was_draft = bool((entry.before or {}).get("draft"))
        changed = {
            name: values
            for name, values in differences(entry.before, entry.after).items()
            if inside or (name not in _UNSHOWN and entry.record_type != Contact.TYPE)
        }
        events.append(
            Event(
                entry.at,
                entry.verb,
                entry.record_type,
                entry.record_ref,
                entry.title,
                entry.by_name if inside else "",
                entry.note if inside else "",
                {} if entry.before is None or (before_was_draft and not inside) else changed,
            )
        )
    return events[:limit]


# ------------------------------------------------------------------------------------------- how well founded


@dataclass(frozen=True)
class Facts:
    """What the data state of a record follows from."""

    confirmed_on: dt.date | None = None
    supported: bool = False
    contradicted: bool = False
    disputed: bool = False


def data_state(facts: Facts, today: dt.date | None = None) -> str:
    """The id of the data state: disputed before all else, then confirmed or stale, then documented, then reported."""
    if facts.disputed or facts.contradicted:
        return "strittig"
    if facts.confirmed_on is not None:
        fresh = facts.confirmed_on > months_before(today or timezone.localdate(), STALE_MONTHS)
        return "bestaetigt" if fresh else "veraltet"
    return "belegt" if facts.supported else "gemeldet"


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months earlier, or the last of that month.

    >>> months_before(dt.date(2026, 8, 31), 18)
    datetime.date(2025, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for number in range(day.day, 27, -1):
        try:
            return dt.date(year, month + 1, number)
        except ValueError:
            continue
    return dt.date(year, month + 1, min(day.day, 28))


def data_states(type_: str, refs: Iterable[str]) -> dict[str, str]:
    """The data state of each of these records, in three questions for all of them."""
    return {ref: data_state(facts) for ref, facts in facts_of(type_, refs).items()}


def facts_of(type_: str, refs: Iterable[str]) -> dict[str, Facts]:
    """What the data state of each of these records follows from."""
    listed = list(dict.fromkeys(refs))
    model = RECORDS[type_]
    confirmed = dict(model._default_manager.filter(ref__in=listed).values_list("ref", "confirmed_on"))
    stances: dict[str, set[str]] = {}
    citations = Citation.objects.filter(
        about_type=type_, about_ref__in=listed, withdrawn_on__isnull=True, source__withdrawn_on__isnull=True
    )
    for ref, stance in citations.order_by().values_list("about_ref", "stance").distinct():
        stances.setdefault(ref, set()).add(stance)
    disputes = Dispute.objects.filter(
        about_type=type_, about_ref__in=listed, withdrawn_on__isnull=True, settled_on__isnull=True
    )
    disputed = set(disputes.order_by().values_list("about_ref", flat=True))
    return {
        ref: Facts(
            confirmed.get(ref),
            "belegt" in stances.get(ref, ()),
            "widerspricht" in stances.get(ref, ()),
            ref in disputed,
        )
        for ref in listed
    }


def confirmations(type_: str, refs: Iterable[str]) -> dict[str, int]:
    """How many independent publishers support each of these records, in one question.

    A publisher counts once, however many of its sources say so; one without a name is told by the host of its address.
    """
    listed = list(dict.fromkeys(refs))
    rows = Citation.objects.filter(
        about_type=type_,
        about_ref__in=listed,
        stance="belegt",
        withdrawn_on__isnull=True,
        source__withdrawn_on__isnull=True,
    ).values_list("about_ref", "source__publisher", "source__url", "source")
    publishers: dict[str, set[str]] = {ref: set() for ref in listed}
    for ref, publisher, url, source in rows:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        publishers[ref].add(folded(publisher) or host or f"source {source}")
    return {ref: len(found) for ref, found in publishers.items()}


# --------------------------------------------------------------------------------------------- what is to be done


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
    rows = Membership.objects.filter(own | theirs, _PUBLIC[Membership]()).select_related(
        "cooperation", "organisation", "party_cooperation"
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


def suggested_record(suggestion: Suggestion) -> Record | None:
    """The record a suggestion is about, or the new one it would make, not saved; nothing where that is no more."""
    return suggested_records([suggestion]).get(suggestion.pk)


def suggested_records(suggestions: Sequence[Suggestion]) -> dict[int, Record]:
    """The same of many, by the keys of the suggestions: one question per kind of record, however many there are."""
    of_kind = [(each, RECORDS[each.about_type]) for each in suggestions if each.about_type in RECORDS]
    asked: dict[type[Record], set[str]] = {}
    for each, model in of_kind:
        named = [(model, each.about_ref)] if each.about_ref else _mentioned(model, each.fields)
        for kind, ref in named:
            asked.setdefault(kind, set()).add(ref)
    known = _by_reference(asked)
    found: dict[int, Record] = {}
    for each, model in of_kind:
        record = known.get((model, each.about_ref)) if each.about_ref else _new_one(model, each.fields, known)
        if record is not None:
            found[each.pk] = record
    return found


def records_about(suggestions: Iterable[Suggestion]) -> dict[int, Record]:
    """The records there are that suggestions want changed, by the keys of the suggestions."""
    return suggested_records([each for each in suggestions if each.about_ref])


Known = Mapping[tuple[type[models.Model], str], Record]


def _by_reference(asked: Mapping[type[Record], Iterable[str]]) -> dict[tuple[type[models.Model], str], Record]:
    """Records by kind and reference, with the records their titles name."""
    found: dict[tuple[type[models.Model], str], Record] = {}
    for model, refs in asked.items():
        named = [relation.name for relation in _to_records(model)]
        records = model._default_manager.filter(ref__in=refs)
        for record in records.select_related(*named) if named else records:
            found[model, record.ref] = record
    return found


def _new_one(model: type[Record], fields: Mapping[str, Any], known: Known) -> Record | None:
    """The record a suggestion would make, with what it names and speaks of at hand; nothing where it makes none."""
    said = _with_records(model, fields, known)
    try:
        record = would_be(model.TYPE, said)
    except ValidationError:
        return None
    for name, value in said.items():
        if isinstance(value, Record):
            setattr(record, name, value)
    if isinstance(record, About):
        spoken_of = RECORDS.get(record.about_type)
        remember_spoken_of(record, known.get((spoken_of, record.about_ref)) if spoken_of else None)
    return record


def _to_records(model: type[models.Model]) -> list[Any]:
    """The fields of a record, or of a row in one, that name another record."""
    return [each for each in fields_of(model) if isinstance(each, models.ForeignKey) and each.related_model in _TYPES]


_TYPES: Final = frozenset(RECORDS.values())


def _rows(model: type[models.Model], said: Mapping[str, Any]) -> Iterator[tuple[str, type[models.Model]]]:
    for relation in get_all_child_relations(model):
        name = relation.get_accessor_name() or ""
        if isinstance(said.get(name), list):
            yield name, relation.related_model


def _mentioned(model: type[models.Model], said: Mapping[str, Any]) -> Iterator[tuple[type[Record], str]]:
    """What other records a description names or speaks of, those in its lists too."""
    for each in _to_records(model):
        if isinstance(said.get(each.name), str):
            yield each.related_model, said[each.name]
    if issubclass(model, About) and said.get("about_type") in RECORDS:
        yield RECORDS[said["about_type"]], said.get("about_ref", "")
    for name, row_model in _rows(model, said):
        for row in said[name]:
            yield from _mentioned(row_model, row)


def _with_records(model: type[models.Model], said: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """The description with these records in the place of their references; who is not known stays as it is named."""
    whole = dict(said)
    for each in _to_records(model):
        value = said.get(each.name)
        if isinstance(value, str):
            whole[each.name] = known.get((each.related_model, value), value)
    for name, row_model in _rows(model, said):
        whole[name] = [_with_records(row_model, row, known) for row in said[name]]
    return whole


def would_be(type_: str, fields: Mapping[str, Any]) -> Record:
    """The new record these fields make, not saved. What a source says may bring its source, new as well, along.

    Raises `ValidationError`.
    """
    record = RECORDS[type_]()
    brought = fields.get("source")
    if isinstance(record, Citation) and isinstance(brought, Mapping):
        record.source = Source()
        take(record.source, brought)
        fields = {name: value for name, value in fields.items() if name != "source"}
    take(record, fields)
    return record


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
