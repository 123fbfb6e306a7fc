"""Full-text search over the public register: what is written for it, and what a text finds.

Stems and weights lie in two plain tables and are asked with plain SQL, so that SQLite and PostgreSQL answer alike.
Only what everybody may see is in them: a draft or a withdrawn record is not found because it is not there.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Q

from nahtstelle.core.keys import LAENDER
from nahtstelle.core.names import folded
from nahtstelle.core.vocabularies import (
    AGREEMENT_KINDS,
    EVIDENCE,
    KINDS,
    LEGAL_FORMS,
    ORGANISATION_KINDS,
    PROJECT_STATES,
    REASONS,
    TASKS,
    Vocabulary,
)
from nahtstelle.portal.register.models import (
    RECORDS,
    Agreement,
    AgreementParty,
    AgreementTask,
    Attachment,
    Citation,
    Cooperation,
    Funding,
    MeetingBody,
    Membership,
    Organisation,
    ProjectCooperation,
    ProjectPartner,
    Record,
    SearchEntry,
    SearchTerm,
    Statement,
)
from nahtstelle.portal.register.models.meetings import AgendaItem
from nahtstelle.portal.register.policies import is_public
from nahtstelle.portal.register.queries import per_version
from nahtstelle.portal.register.stems import inner_words, parts, stem, stems_of, words

MOST_COUNTED = 1000
"""Beyond this many the search says "more than"; counting on would take longer than finding."""
_HEAVIEST_LOOKED_AT = 2000
MOST_WORDS = 8
LONGEST_TEXT = 100
_INDEXED_CHARS = 20_000
_SHOWN_CHARS = 1_000
_CHUNK = 400
_LIKENESS = 72
_HEAVIEST = 32_000

_TITLE = {
    "cooperation": 60, "organisation": 44, "project": 40, "agreement": 24, "meeting": 20, "statement": 12,
    "attachment": 12, "source": 10,
}  # fmt: skip
"""What is written for the search, in the order in which it is written, and how much a word of its title weighs."""


# ------------------------------------------------------------------------------------------------- writing


@dataclass
class _Said:
    """What a record says to the search."""

    title: str
    texts: list[tuple[int, str]] = field(default_factory=list)
    short: str = ""
    hint: str = ""
    kinds: Iterable[str] = ()
    laender: Iterable[str] = ()
    own: str = ""
    page: tuple[str, str] = ("", "")
    text_de: str = ""
    text_en: str = ""

    @property
    def facets(self) -> str:
        """What one can filter by, with blanks around."""
        found = dict.fromkeys(
            [
                *(f"kind:{kind}" for kind in sorted(set(self.kinds)) if kind),
                *(f"land:{land}" for land in sorted(set(self.laender))),
                *((f"is:{self.own}",) if self.own else ()),
            ]
        )
        return f" {' '.join(found)} " if found else ""


_Parents = dict[tuple[str, str], SearchEntry]
_pending: ContextVar[dict[tuple[str, int], None] | None] = ContextVar("pending", default=None)


def index(record: Record) -> None:
    """Bring the search up to date with a record, and with those that name it.

    Called by the verbs in the transaction that changes the record, after it was saved.
    """
    pending, targets = _pending.get(), _targets(record)
    if pending is None:
        _follow(targets)
    else:
        pending.update(dict.fromkeys(targets))


@contextmanager
def all_at_once() -> Iterator[None]:
    """Inside, what changes is only noted; the search is brought up to date once, at the end, in the transaction."""
    if _pending.get() is not None:
        yield
        return
    pending: dict[tuple[str, int], None] = {}
    token = _pending.set(pending)
    try:
        yield
    finally:
        _pending.reset(token)
    _follow(list(pending))


@transaction.atomic
def reindex(progress: Callable[[str, int, int], None] | None = None) -> int:
    """Write the search anew for the whole register; returns how many records are found by it.

    ``progress`` is told the type, how many of it are done and how many there are.
    """
    SearchTerm.objects.all().delete()
    SearchEntry.objects.all().delete()
    for type_ in _TITLE:
        pks = list(RECORDS[type_]._default_manager.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(pks), _CHUNK):
            _write(type_, pks[start : start + _CHUNK])
            if progress:
                progress(type_, min(start + _CHUNK, len(pks)), len(pks))
    return SearchEntry.objects.count()


def _targets(record: Record) -> list[tuple[str, int]]:
    """Whose entries a change of this record concerns first."""
    if isinstance(record, Membership):
        return [("cooperation", record.cooperation_id)]
    if isinstance(record, Citation):
        return [("source", record.source_id)]
    return [(record.TYPE, record.pk)] if record.TYPE in _TITLE else []


def _follow(targets: Iterable[tuple[str, int]]) -> None:
    """Write these entries, then those that show something of what changed, until nothing changes any more."""
    done: set[tuple[str, int]] = set()
    due = list(dict.fromkeys(targets))
    with transaction.atomic():
        while due:
            done.update(due)
            changed = []
            for type_ in _TITLE:  # parents before what stands on their pages
                pks = [pk for each, pk in due if each == type_]
                for start in range(0, len(pks), _CHUNK):
                    changed += _write(type_, pks[start : start + _CHUNK])
            due = [each for each in _dependents(changed) if each not in done]


def _dependents(changed: Sequence[Record]) -> list[tuple[str, int]]:
    """Types and primary keys of what shows names, kinds, Länder or pages of these records."""
    found: dict[tuple[str, int], None] = {}

    def add(type_: str, rows: models.QuerySet[Any], column: str = "pk") -> None:
        found.update(dict.fromkeys((type_, pk) for pk in rows.values_list(column, flat=True).distinct()))

    for start in range(0, len(changed), _CHUNK):
        chunk = changed[start : start + _CHUNK]
        for name, model in (("party_cooperation", Cooperation), ("organisation", Organisation)):
            if pks := [each.pk for each in chunk if isinstance(each, model)]:
                among = {f"{name}__in": pks}
                add("cooperation", Membership.objects.filter(**among), "cooperation_id")
                add("project", ProjectPartner.objects.filter(**among), "project_id")
                add("agreement", AgreementParty.objects.filter(**among), "agreement_id")
        if pks := [each.pk for each in chunk if isinstance(each, Cooperation)]:
            add("organisation", Organisation.objects.filter(carries__in=pks))
            add("project", ProjectCooperation.objects.filter(cooperation__in=pks), "project_id")
            add("agreement", Agreement.objects.filter(cooperation__in=pks))
            add("meeting", MeetingBody.objects.filter(cooperation__in=pks), "meeting_id")
        for type_ in {each.TYPE for each in chunk}:
            about = Q(about_type=type_, about_ref__in=[each.ref for each in chunk if type_ == each.TYPE])
            add("statement", Statement.objects.filter(about))
            add("attachment", Attachment.objects.filter(about))
            add("source", Citation.objects.filter(about), "source_id")
    return list(found)


def _write(type_: str, pks: Sequence[int]) -> list[Record]:
    """Write the entries of some records of one type; returns those whose title, filters, page or visibility changed."""
    records: list[Record] = list(RECORDS[type_]._default_manager.filter(pk__in=pks).order_by("pk"))
    said = _SAYS[type_]([record for record in records if is_public(record)])
    refs = [record.ref for record in records]
    before = {entry.record_ref: entry for entry in SearchEntry.objects.filter(record_type=type_, record_ref__in=refs)}
    entries = [_entry(record, said[record.pk]) for record in records if record.pk in said]
    hidden = [entry.pk for ref, entry in before.items() if ref not in {each.record_ref for each in entries}]
    if before:
        SearchTerm.objects.filter(entry__in=[entry.pk for entry in before.values()]).delete()
        SearchEntry.objects.filter(pk__in=hidden).delete()
    SearchEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["record_type", "record_ref"],
        update_fields=["title", "folded", "hint", "facets", "page_type", "page_ref", "text_de", "text_en"],
    )
    by_ref = {record.ref: said[record.pk] for record in records if record.pk in said}
    with connection.cursor() as cursor:  # as there are dozens for each entry, without an object for each
        cursor.executemany(
            f"INSERT INTO {SearchTerm._meta.db_table} (entry_id, stem, weight) VALUES (%s, %s, %s)",
            [
                (entry.pk, stem_, weight)
                for entry in entries
                for stem_, weight in _terms(type_, by_ref[entry.record_ref]).items()
            ],
        )
    after = {entry.record_ref: entry for entry in entries}
    return [record for record in records if _seen_as(before.get(record.ref)) != _seen_as(after.get(record.ref))]


def _seen_as(entry: SearchEntry | None) -> tuple[str, ...] | None:
    return None if entry is None else (entry.title, entry.facets, entry.page_type, entry.page_ref)


def _entry(record: Record, said: _Said) -> SearchEntry:
    names = " ".join(filter(None, (folded(said.title), folded(said.short), " ".join(inner_words(said.title)))))
    return SearchEntry(
        record_type=record.TYPE,
        record_ref=record.ref,
        title=said.title[:400],
        folded=names[:400],
        hint=said.hint[:400],
        facets=said.facets,
        page_type=said.page[0],
        page_ref=said.page[1],
        text_de=said.text_de[:_SHOWN_CHARS],
        text_en=said.text_en[:_SHOWN_CHARS],
    )


def _terms(type_: str, said: _Said) -> Counter[str]:
    """How much each stem weighs: a word of a short title most, parts of compounds a third, each text counted once."""
    heavy = _TITLE[type_]
    title = heavy + heavy // max(1, len(words(said.title)))
    terms: Counter[str] = Counter()
    for weight, text in ((title, said.title), (title, said.short), *said.texts):
        found: dict[str, int] = {}
        for stem_, whole in stems_of(text[:_INDEXED_CHARS]):
            found[stem_] = max(found.get(stem_, 0), weight if whole else max(1, weight // 3))
        terms.update(found)
    return Counter({stem_: min(weight, _HEAVIEST) for stem_, weight in terms.items() if stem_})


def _labels(vocabulary: Vocabulary, *ids: str) -> str:
    """The labels of terms in both languages, and their ids, which are words people use too."""
    return " ".join(f"{each} {vocabulary[each].de} {vocabulary[each].en}" for each in ids if each in vocabulary)


def _grouped(rows: Iterable[Any], by: str) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, by)].append(row)
    return found


def _party(party: Any) -> str:
    """The name of somebody who takes part, unless the record of it is not public."""
    for record in (party.organisation, party.party_cooperation):
        if record is not None:
            return str(record.name) if is_public(record) else ""
    return str(party.area_name or party.party_name)


def _land(*keys: str) -> set[str]:
    return {key[:2] for key in keys if key[:2] in LAENDER}


def _parents(pairs: Iterable[tuple[str, str]]) -> _Parents:
    """The entries of public records under type and reference."""
    wanted = set(pairs)
    refs = {ref for _type, ref in wanted}
    rows = SearchEntry.objects.filter(record_type__in={type_ for type_, _ref in wanted}, record_ref__in=refs)
    return {(row.record_type, row.record_ref): row for row in rows if (row.record_type, row.record_ref) in wanted}


def _of(parents: Iterable[SearchEntry]) -> tuple[set[str], set[str]]:
    """Kinds and Länder of what something belongs to."""
    facets = [facet for parent in parents for facet in parent.facets.split()]
    return (
        {facet.removeprefix("kind:") for facet in facets if facet.startswith("kind:")},
        {facet.removeprefix("land:") for facet in facets if facet.startswith("land:")},
    )


def _titles(parents: Iterable[SearchEntry]) -> str:
    return ", ".join(parent.title for parent in parents)


def _cooperations(records: Sequence[Any]) -> dict[int, _Said]:
    pks = [record.pk for record in records]
    members = _grouped(
        Membership.objects.filter(cooperation__in=pks, withdrawn_on=None)
        .select_related("organisation", "party_cooperation")
        .order_by("pk"),
        "cooperation_id",
    )
    fundings = _grouped(Funding.objects.filter(cooperation__in=pks), "cooperation_id")
    return {
        one.pk: _Said(
            title=one.name,
            short=one.short_name,
            texts=[
                (14, _labels(KINDS, one.kind)),
                (12, _labels(TASKS, *one.tasks)),
                (10, one.summary_de),
                (10, one.summary_en),
                (8, one.seat_place),
                (8, " ".join(_party(each) for each in members[one.pk])),
                (4, _labels(LEGAL_FORMS, one.legal_form)),
                (4, " ".join(f"{each.programme} {each.period}" for each in fundings[one.pk])),
                (3, f"{one.end_note} {_labels(REASONS, *one.end_reasons)} {one.legal_basis}"),
            ],
            hint=one.seat_place,
            kinds=[one.kind],
            laender=_land(one.seat_key, *(each.area_key for each in members[one.pk])),
            own=one.state,
            page=(one.TYPE, one.ref),
            text_de=one.summary_de,
            text_en=one.summary_en,
        )
        for one in records
    }


def _organisations(records: Sequence[Any]) -> dict[int, _Said]:
    carried = dict(Cooperation.objects.filter(carriers__in=[one.pk for one in records]).values_list("pk", "ref"))
    parents = _parents(("cooperation", ref) for ref in carried.values())
    said = {}
    for one in records:
        carries = [parents[key] for key in (("cooperation", carried.get(one.carries_id, "")),) if key in parents]
        kinds, laender = _of(carries)
        said[one.pk] = _Said(
            title=one.name,
            short=one.short_name,
            texts=[
                (12, _labels(ORGANISATION_KINDS, one.kind)),
                (10, one.summary_de),
                (10, one.summary_en),
                (8, one.seat_place),
                (6, _titles(carries)),
            ],
            hint=one.seat_place,
            kinds=kinds,
            laender=_land(one.seat_key) or laender,
            own=one.kind,
            page=(one.TYPE, one.ref),
            text_de=one.summary_de,
            text_en=one.summary_en,
        )
    return said


def _projects(records: Sequence[Any]) -> dict[int, _Said]:
    pks = [record.pk for record in records]
    carried = _grouped(
        ProjectCooperation.objects.filter(project__in=pks).select_related("cooperation").order_by("-lead", "pk"),
        "project_id",
    )
    partners = _grouped(
        ProjectPartner.objects.filter(project__in=pks).select_related("organisation", "party_cooperation"), "project_id"
    )
    parents = _parents(("cooperation", each.cooperation.ref) for rows in carried.values() for each in rows)
    said = {}
    for one in records:
        by = [
            parents["cooperation", each.cooperation.ref]
            for each in carried[one.pk]
            if ("cooperation", each.cooperation.ref) in parents
        ]
        kinds, laender = _of(by)
        said[one.pk] = _Said(
            title=one.name,
            texts=[
                (12, _labels(TASKS, *one.tasks)),
                (10, one.summary_de),
                (10, one.summary_en),
                (8, _titles(by)),
                (6, f"{one.outcome_de} {one.outcome_en}"),
                (6, f"{one.learned_de} {one.learned_en} {one.reason_note_de} {one.reason_note_en}"),
                (5, " ".join(_party(each) for each in partners[one.pk])),
                (4, f"{_labels(PROJECT_STATES, one.state)} {_labels(REASONS, *one.reasons)}"),
            ],
            hint=_titles(by[:3]),
            kinds=kinds,
            laender=laender | _land(*(each.area_key for each in partners[one.pk])),
            own=one.state,
            page=(one.TYPE, one.ref),
            text_de=" ".join(filter(None, (one.summary_de, one.outcome_de, one.reason_note_de, one.learned_de))),
            text_en=" ".join(filter(None, (one.summary_en, one.outcome_en, one.reason_note_en, one.learned_en))),
        )
    return said


def _agreements(records: Sequence[Any]) -> dict[int, _Said]:
    pks = [record.pk for record in records]
    refs = dict(Cooperation.objects.filter(agreements__in=pks).values_list("pk", "ref"))
    parents = _parents(("cooperation", ref) for ref in refs.values())
    parties = _grouped(
        AgreementParty.objects.filter(agreement__in=pks).select_related("organisation", "party_cooperation"),
        "agreement_id",
    )
    tasks = _grouped(AgreementTask.objects.filter(agreement__in=pks), "agreement_id")
    said = {}
    for one in records:
        parent = parents.get(("cooperation", refs.get(one.cooperation_id, "")))
        if one.cooperation_id is not None and parent is None:
            continue  # what belongs to a draft is not public either
        kinds, laender = _of([parent] if parent else [])
        said[one.pk] = _Said(
            title=one.title,
            texts=[
                (10, _labels(AGREEMENT_KINDS, one.kind)),
                (8, _labels(TASKS, *(each.task for each in tasks[one.pk]))),
                (8, one.subject_de),
                (8, one.subject_en),
                (7, " ".join(_party(each) for each in parties[one.pk])),
                (6, parent.title if parent else ""),
                (3, f"{one.place} {one.cost_key} {one.signed[:4]}"),
            ],
            hint=parent.title if parent else "",
            kinds=kinds,
            laender=laender | _land(*(each.area_key for each in parties[one.pk])),
            own=one.kind,
            page=(one.TYPE, one.ref),
            text_de=one.subject_de,
            text_en=one.subject_en,
        )
    return said


def _meetings(records: Sequence[Any]) -> dict[int, _Said]:
    pks = [record.pk for record in records]
    bodies = _grouped(
        MeetingBody.objects.filter(meeting__in=pks).select_related("cooperation").order_by("pk"), "meeting_id"
    )
    agenda = _grouped(AgendaItem.objects.filter(meeting__in=pks), "meeting_id")
    parents = _parents(("cooperation", each.cooperation.ref) for rows in bodies.values() for each in rows)
    said = {}
    for one in records:
        met = [
            parents["cooperation", each.cooperation.ref]
            for each in bodies[one.pk]
            if ("cooperation", each.cooperation.ref) in parents
        ]
        if bodies[one.pk] and not met:
            continue
        kinds, laender = _of(met)
        points = " ".join(f"{each.name} {each.result} {each.resolution_text}" for each in agenda[one.pk])
        said[one.pk] = _Said(
            title=one.name,
            texts=[
                (8, f"{_titles(met)} {' '.join(each.body for each in bodies[one.pk])}"),
                (8, f"{one.place} {one.start:%Y}"),
                (6, one.note_de),
                (6, one.note_en),
                (4, points),
            ],
            hint=_titles(met[:3]),
            kinds=kinds,
            laender=laender | _land(one.place_key),
            page=(one.TYPE, one.ref),
            text_de=f"{one.note_de} {points}".strip(),
            text_en=f"{one.note_en} {points}".strip(),
        )
    return said


def _abouts(records: Sequence[Any]) -> Iterator[tuple[Any, SearchEntry | None, tuple[str, str]]]:
    """Records with what they speak of and the page that shows it, those left out that speak of what is not public."""
    parents = _parents((record.about_type, record.about_ref) for record in records)
    for record in records:
        if record.about_type == "area":
            yield record, None, ("area", record.about_ref)
        elif parent := parents.get((record.about_type, record.about_ref)):
            yield record, parent, (parent.page_type, parent.page_ref)


def _statements(records: Sequence[Any]) -> dict[int, _Said]:
    said = {}
    for one, parent, page in _abouts(records):
        kinds, laender = _of([parent] if parent else [])
        said[one.pk] = _Said(
            title=one.what_de,
            texts=[
                (12, one.what_en),
                (6, one.check_de),
                (6, one.check_en),
                (5, parent.title if parent else ""),
            ],
            hint=parent.title if parent else "",
            kinds=kinds,
            laender=laender or _land(one.about_ref),
            page=page,
            text_de=one.check_de,
            text_en=one.check_en,
        )
    return said


def _attachments(records: Sequence[Any]) -> dict[int, _Said]:
    said = {}
    for one, parent, page in _abouts(records):
        kinds, laender = _of([parent] if parent else [])
        said[one.pk] = _Said(
            title=one.title,
            texts=[(6, one.publisher), (4, one.note), (5, parent.title if parent else "")],
            hint=parent.title if parent else "",
            kinds=kinds,
            laender=laender or _land(one.about_ref),
            page=page,
            text_de=one.note,
        )
    return said


def _sources(records: Sequence[Any]) -> dict[int, _Said]:
    cited = _grouped(
        Citation.objects.filter(source__in=[one.pk for one in records], withdrawn_on=None).order_by("pk"), "source_id"
    )
    parents = _parents((each.about_type, each.about_ref) for rows in cited.values() for each in rows)
    said = {}
    for one in records:
        about = [
            parents[each.about_type, each.about_ref]
            for each in cited[one.pk]
            if (each.about_type, each.about_ref) in parents
        ]
        area = next((each.about_ref for each in cited[one.pk] if each.about_type == "area"), "")
        if cited[one.pk] and not about and not area:
            continue
        kinds, laender = _of(about)
        said[one.pk] = _Said(
            title=one.title,
            texts=[(8, one.publisher), (4, _labels(EVIDENCE, one.evidence)), (3, one.note)],
            hint=one.publisher,
            kinds=kinds,
            laender=laender or _land(area),
            own=one.evidence,
            page=(about[0].page_type, about[0].page_ref) if about else ("area", area) if area else ("", ""),
            text_de=one.note,
        )
    return said


_SAYS: dict[str, Callable[[Sequence[Any]], dict[int, _Said]]] = {
    "cooperation": _cooperations,
    "organisation": _organisations,
    "project": _projects,
    "agreement": _agreements,
    "meeting": _meetings,
    "statement": _statements,
    "attachment": _attachments,
    "source": _sources,
}
TYPES = tuple(_TITLE)
"""Types of record the search knows, the weightiest first."""


# ------------------------------------------------------------------------------------------------- finding


@dataclass(frozen=True)
class Found:
    """The entries of one page of answers; ``count`` stops at `MOST_COUNTED`, and ``more`` says that it did."""

    hits: tuple[SearchEntry, ...]
    count: int
    more: bool = False


def found(
    text: str,
    types: Sequence[str] = (),
    kind: str = "",
    land: str = "",
    limit: int = 20,
    offset: int = 0,
) -> Found:
    """Public records in which every word of a text occurs, the best first; of these types, kind and Land where given.

    Where no record has a word as it is, its parts count: "Tourismusverband" finds what has both of them. What the
    vocabularies do not know as a type, kind or Land is ignored.
    """
    asked = words(text[:LONGEST_TEXT])[:MOST_WORDS]
    wholes = list(dict.fromkeys(stem(word) for word in asked))
    if not wholes:
        return Found((), 0)
    if not (counts := _counted(wholes)).keys() >= set(wholes):
        wholes = list(
            dict.fromkeys(each for one in wholes for each in ([one] if one in counts else parts(one) or [one]))
        )
        counts = _counted(wholes)
        if not counts.keys() >= set(wholes):
            return Found((), 0)
    wholes.sort(key=lambda each: (counts[each], each))  # the rarest first: it has the fewest to look through
    narrowed = types, kind, land
    if len(wholes) > 1 and counts[wholes[0]] >= MOST_COUNTED:
        # All of them are frequent: the heaviest of the rarest word are enough, if they give enough.
        best = _page(*_matching(wholes, *narrowed, heaviest=_HEAVIEST_LOOKED_AT), limit, offset)
        if best.more:
            return best
    return _page(*_matching(wholes, *narrowed), limit, offset)


def _page(matching: str, params: list[Any], limit: int, offset: int) -> Found:
    """A page of what a query matches, the heaviest first, and how many there are."""
    entry = SearchEntry._meta.db_table
    hits = tuple(
        SearchEntry.objects.raw(
            f"SELECT e.*, s.score FROM ({matching} ORDER BY score DESC, id LIMIT %s OFFSET %s) s "
            f"JOIN {entry} e ON e.id = s.id ORDER BY s.score DESC, e.id",
            [*params, limit, offset],
        )
    )
    if len(hits) < limit and (hits or not offset):
        return Found(hits, offset + len(hits))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({matching} LIMIT %s) s", [*params, MOST_COUNTED + 1])
        count = int(cursor.fetchone()[0])
    return Found(hits, min(count, MOST_COUNTED), count > MOST_COUNTED)


def _counted(stems: Sequence[str]) -> dict[str, int]:
    """How many entries have each stem, as far as any has; counted up to `MOST_COUNTED`."""
    term = SearchTerm._meta.db_table
    one = f"SELECT %s AS stem, COUNT(*) FROM (SELECT 1 FROM {term} WHERE stem = %s LIMIT %s) s"
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join([one] * len(stems)),
            [value for each in stems for value in (each, each, MOST_COUNTED)],
        )
        return {str(each): int(count) for each, count in cursor.fetchall() if count}


def _matching(
    stems: Sequence[str], types: Sequence[str], kind: str, land: str, heaviest: int = 0
) -> tuple[str, list[Any]]:
    """The query for ids and scores of entries that have all stems, without an order.

    ``heaviest``: only among so many entries in which the first stem weighs most; 0 for all.
    """
    names = [f"t{number}" for number in range(len(stems))]
    first, term = names[0], SearchTerm._meta.db_table
    own = f"(SELECT * FROM {term} WHERE stem = %s ORDER BY weight DESC, entry_id LIMIT %s)" if heaviest else term
    # SQLite takes the tables in this order
    tables = " CROSS JOIN ".join([f"{own} {first}", *(f"{term} {name}" for name in names[1:])])
    conditions = [f"{name}.stem = %s" for name in names]
    conditions += [f"{name}.entry_id = {first}.entry_id" for name in names[1:]]
    params: list[Any] = [*((stems[0], heaviest) if heaviest else ()), *stems]
    wanted = [type_ for type_ in types if type_ in _TITLE]
    facets = [f"kind:{kind}"] * (kind in KINDS) + [f"land:{land}"] * (land in LAENDER)
    if wanted or facets:
        tables += f" CROSS JOIN {SearchEntry._meta.db_table} f"
        conditions.append(f"f.id = {first}.entry_id")
        if wanted:
            conditions.append(f"f.record_type IN ({', '.join(['%s'] * len(wanted))})")
            params += wanted
        conditions += ["f.facets LIKE %s"] * len(facets)
        params += [f"% {facet} %" for facet in facets]
    score = " + ".join(f"{name}.weight" for name in names)
    return (
        f"SELECT {first}.entry_id AS id, {score} AS score FROM {tables} WHERE {' AND '.join(conditions)}",
        params,
    )


def beginning(text: str, types: Sequence[str] = ("cooperation",), limit: int = 5) -> list[SearchEntry]:
    """Public records of these types whose title has words that begin as the text does, the shortest first."""
    asked = folded(text[:LONGEST_TEXT].replace("\x00", ""))
    if not asked:
        return []
    begins = Q(folded__startswith=asked) | Q(folded__contains=f" {asked}")
    rows = SearchEntry.objects.filter(begins, record_type__in=types).order_by("pk").values_list("pk", "folded")[:500]
    best = sorted(rows, key=lambda row: (not row[1].startswith(asked), len(row[1]), row[0]))[:limit]
    entries = SearchEntry.objects.in_bulk([pk for pk, _folded in best])
    return [entries[pk] for pk, _folded in best if pk in entries]


def named(text: str) -> list[SearchEntry]:
    """Public records whose whole title or short name the text is."""
    asked = folded(text[:LONGEST_TEXT].replace("\x00", ""))
    if not asked:
        return []
    rows = SearchEntry.objects.filter(folded__startswith=asked, record_type__in=TYPES).order_by("pk")[:50]
    return [row for row in rows if folded(row.title) == asked]


# ------------------------------------------------------------------------------------------------- typos


def corrected(text: str) -> str:
    """The text as it was probably meant: words nothing has replaced by the most alike ones of titles; else empty."""
    from rapidfuzz import fuzz, process

    asked = words(text[:LONGEST_TEXT])[:MOST_WORDS]
    if not asked:
        return ""
    known, titles = _counted([stem(word) for word in asked]), _title_words()
    said, changed = [], False
    for word in asked:
        if stem(word) in known:
            said.append(titles.get(word, word))
            continue
        best = process.extractOne(word, titles.keys(), scorer=fuzz.ratio, score_cutoff=_LIKENESS)
        if best is None:
            return ""
        said.append(titles[best[0]])
        changed = True
    return " ".join(said) if changed else ""


@per_version
def _title_words() -> dict[str, str]:
    """Words of titles: folded, and as they are written."""
    titles = SearchEntry.objects.filter(record_type__in=("cooperation", "organisation", "project", "agreement"))
    found: dict[str, str] = {}
    for title in titles.order_by("pk").values_list("title", flat=True).iterator():
        for word in re.findall(r"\w+", title):
            found.setdefault(folded(word), word)
    return {word: written for word, written in found.items() if len(word) > 3 and " " not in word}


# ---------------------------------------------------------------------------------------------- excerpts


def excerpt(text: str, asked: str, length: int = 180) -> list[tuple[str, bool]]:
    """A piece of a text around the first word that was asked for: texts in turn, and whether to mark them.

    Without such a word the beginning of the text; nothing of an empty one.
    """
    if not text:
        return []
    wanted = {each for word in words(asked[:LONGEST_TEXT]) for each in (stem(word), *parts(stem(word)))}
    hits = [hit for hit in re.finditer(r"\w+", text) if not wanted.isdisjoint(_stems_in(hit.group()))]
    start = 0
    if hits and hits[0].start() > length // 2:
        start = text.rfind(" ", 0, hits[0].start() - length // 3) + 1
    end = len(text) if len(text) - start <= length else max(text.rfind(" ", start, start + length), start + length // 2)
    pieces: list[tuple[str, bool]] = [("… ", False)] if start else []
    position = start
    for hit in hits:
        if hit.start() < position or hit.end() > end:
            continue
        pieces += [(text[position : hit.start()], False), (hit.group(), True)]
        position = hit.end()
    pieces.append((text[position:end] + (" …" if end < len(text) else ""), False))
    return [piece for piece in pieces if piece[0]]


@lru_cache(maxsize=50_000)
def _stems_in(word: str) -> frozenset[str]:
    return frozenset(each for each, _whole in stems_of(word))
