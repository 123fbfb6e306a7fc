"""Reading the register: what somebody may see, how well it is founded, what happened to it, and what is to be done.

Every page, list, feed, export and search result begins with one of the ``…_visible_to`` here. Visitors see what is
public itself and belongs to what is public; who looks after a record sees its drafts too. Withdrawn records are seen by
nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.query import ModelIterable
from django.utils import timezone

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
    KeyChange,
    LogEntry,
    Meeting,
    Membership,
    Organisation,
    Project,
    Record,
    Source,
    Statement,
    Succession,
)
from nahtstelle.portal.register.policies import may, standing_of
from nahtstelle.portal.register.reach import looked_after_by
from nahtstelle.portal.register.records import differences

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
