"""Consistency of what is entered about one cooperation. Returns findings, raises nothing.

A finding blocks only what cannot be true; everything else is advice that may be left as it is, because the world has
more exceptions than a form. Every rule stands in `RULES` with its words in both languages, as vocabularies do.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nahtstelle.core.footprint import Spaces, Territory
from nahtstelle.core.lineage import Lineage
from nahtstelle.core.model import Cooperation, Membership, RegisterSnapshot
from nahtstelle.core.periods import day_after, first_day
from nahtstelle.core.vocabularies import (
    AGREEMENT_KINDS,
    BRIDGING_ROLES,
    COOPERATION_STATES,
    ENDED_STATES,
    FAILED_STATES,
    KINDS,
    LEGAL_FORMS,
    MEMBER_ROLES,
    PROJECT_STATES,
    REASONS,
    TASKS,
    Vocabulary,
)

Severity = Literal["blocking", "advice"]
Said = Mapping[str, Any]
"""A record as a dictionary, as it stands in the exchange file."""


@dataclass(frozen=True)
class Words:
    """One sentence in both languages, with ``{names}`` of the parameters of a finding."""

    de: str
    en: str

    def said(self, language: str, parameters: Mapping[str, object] | None = None) -> str:
        """The sentence in this language, German where it is neither."""
        return (self.en if language.startswith("en") else self.de).format_map(parameters or {})


@dataclass(frozen=True)
class Rule:
    """One thing that is looked at: what is wrong, how to put it right, and on what it rests where that is not plain.

    ``terms``: the vocabularies of those parameters that are ids.
    """

    code: str
    severity: Severity
    message: Words
    fix: Words
    source: Words | None = None
    terms: Mapping[str, Vocabulary] = dataclasses.field(default_factory=dict)

    def said(self, words: Words, language: str, parameters: Mapping[str, object]) -> str:
        """Words with the parameters as a reader of the language writes them."""
        written: dict[str, object] = {}
        for name, value in parameters.items():
            if name in self.terms:
                value = self.terms[name][str(value)].label(language)
            elif isinstance(value, int):
                value = f"{value:,}" if language.startswith("en") else f"{value:,}".replace(",", ".")
            written[name] = value
        return words.said(language, written)


@dataclass(frozen=True)
class Finding:
    """A rule that a record breaks.

    ``type`` and ``ref`` say which record (``ref`` is empty for one not saved yet), ``field`` which of its fields.
    ``parameters`` fill the words: texts and whole numbers, so that JSON can hold them.

    >>> finding = Finding("dates-reversed", "membership", "a", "valid_until", {"begins": "2016", "ends": "2014"})
    >>> finding.severity, finding.message("en")
    ('blocking', 'It ends (2014) before it begins (2016).')
    """

    code: str
    type: str
    ref: str
    field: str
    parameters: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def rule(self) -> Rule:
        """The rule it breaks."""
        return RULES[self.code]

    @property
    def severity(self) -> Severity:
        """``blocking`` for what cannot be true, else ``advice``."""
        return self.rule.severity

    @property
    def blocks(self) -> bool:
        """Whether a record with it cannot be saved."""
        return self.severity == "blocking"

    def message(self, language: str = "de") -> str:
        """What is wrong."""
        return self.rule.said(self.rule.message, language, self.parameters)

    def fix(self, language: str = "de") -> str:
        """How to put it right."""
        return self.rule.said(self.rule.fix, language, self.parameters)


NO_LEGAL_ADVICE = Words("Faustregel, ersetzt keine Rechtsberatung.", "A rule of thumb, no substitute for legal advice.")

_DEFINITION = Words("Begriffsbestimmung der Art", "definition of the kind")
_LEADER = Words(
    "Verordnung (EU) Nr. 1303/2013, Artikel 33 Absatz 6, Förderperiode 2014–2020; begründete Ausnahmen sind möglich. "
    "Ersetzt keine Rechtsberatung.",
    "Regulation (EU) No 1303/2013, Article 33(6), programming period 2014–2020; reasoned exceptions are possible. No "
    "substitute for legal advice.",
)
LEADER_PEOPLE = (10_000, 150_000)
LEADER_PERIOD = "2014-2022"


def _rules(*rules: Rule) -> dict[str, Rule]:
    return {rule.code: rule for rule in rules}


RULES: dict[str, Rule] = _rules(
    Rule(
        "reference-unknown",
        "blocking",
        Words("{type} „{named}“ gibt es in der Datei nicht.", "There is no {type} “{named}” in the file."),
        Words(
            "Ergänzen Sie den Eintrag oder nehmen Sie den Verweis heraus.", "Add the record, or take the reference out."
        ),
    ),
    Rule(
        "reference-twice",
        "blocking",
        Words(
            "Diese Kennung steht in Zeile {line} ein zweites Mal.",
            "This reference stands a second time, in line {line}.",
        ),
        Words("Geben Sie jedem Eintrag seine eigene Kennung.", "Give every record a reference of its own."),
    ),
    Rule(
        "date-unreadable",
        "blocking",
        Words("„{value}“ ist kein Datum.", "“{value}” is no date."),
        Words(
            "Geben Sie Jahr (2014), Monat (2014-10) oder Tag (2014-10-27) an.",
            "Give a year (2014), a month (2014-10) or a day (2014-10-27).",
        ),
    ),
    Rule(
        "term-unknown",
        "blocking",
        Words("„{value}“ steht nicht in der Liste.", "“{value}” is not in the list."),
        Words("Wählen Sie einen Eintrag der Liste.", "Choose one of the list."),
    ),
    Rule(
        "dates-reversed",
        "blocking",
        Words("Das Ende ({ends}) liegt vor dem Beginn ({begins}).", "It ends ({ends}) before it begins ({begins})."),
        Words("Berichtigen Sie eine der beiden Angaben.", "Correct one of the two."),
    ),
    Rule(
        "end-without-ended-state",
        "blocking",
        Words(
            "Die Kooperation hat ein Ende ({ends}), ihr Stand sagt aber, dass es sie noch gibt.",
            "The cooperation has an end ({ends}), but its state says it is still there.",
        ),
        Words("Ändern Sie den Stand oder nehmen Sie das Ende heraus.", "Change the state, or take the end out."),
    ),
    Rule(
        "member-not-one",
        "blocking",
        Words(
            "Eine Mitgliedschaft gehört zu genau einem Gebiet, einer Organisation oder einer Kooperation.",
            "A membership is that of exactly one area, one organisation or one cooperation.",
        ),
        Words("Wählen Sie eines davon.", "Choose one of them."),
    ),
    Rule(
        "membership-overlap",
        "blocking",
        Words(
            "{member} ist für dieselbe Zeit zweimal in derselben Rolle eingetragen.",
            "{member} is entered twice in the same role for the same time.",
        ),
        Words(
            "Beenden Sie die erste Mitgliedschaft, bevor die zweite beginnt, oder nehmen Sie eine zurück.",
            "End the first membership before the second begins, or withdraw one of them.",
        ),
    ),
    Rule(
        "member-of-itself",
        "blocking",
        Words(
            "Die Kooperation ist über {way} Mitglied ihrer selbst.",
            "The cooperation is a member of itself through {way}.",
        ),
        Words("Beenden Sie eine der Mitgliedschaften auf diesem Weg.", "End one of the memberships on this way."),
    ),
    Rule(
        "area-role-without-area",
        "blocking",
        Words("Im Gebiet liegen kann nur ein Gebiet.", "Only an area can lie in the area of a cooperation."),
        Words("Wählen Sie eine andere Rolle.", "Choose another role."),
    ),
    Rule(
        "membership-outside-life",
        "blocking",
        Words(
            "Die Mitgliedschaft liegt ganz außerhalb der Zeit, in der es die Kooperation gab ({life}).",
            "The membership lies wholly outside the time the cooperation existed ({life}).",
        ),
        Words(
            "Berichtigen Sie die Mitgliedschaft, die Gründung oder das Ende.",
            "Correct the membership, the founding or the end.",
        ),
    ),
    Rule(
        "membership-beyond-life",
        "advice",
        Words(
            "Die Mitgliedschaft reicht über die Zeit hinaus, in der es die Kooperation gab ({life}).",
            "The membership reaches beyond the time the cooperation existed ({life}).",
        ),
        Words(
            "Prüfen Sie die Zeiten; gezählt wird nur die gemeinsame.",
            "Check the times; only what they share is counted.",
        ),
    ),
    Rule(
        "failed-without-reason",
        "blocking",
        Words(
            "Ein Vorhaben mit dem Stand „{state}“ braucht einen Grund.",
            "A project in the state “{state}” needs a reason.",
        ),
        Words(
            "Wählen Sie mindestens einen Grund: Daran lernen andere.",
            "Choose at least one reason: others learn from it.",
        ),
        terms={"state": PROJECT_STATES},
    ),
    Rule(
        "ended-without-reason",
        "advice",
        Words("Warum sich die Kooperation aufgelöst hat, ist nicht angegeben.", "Why it was dissolved is not stated."),
        Words("Wählen Sie einen Grund.", "Choose a reason."),
    ),
    Rule(
        "ended-without-date",
        "advice",
        Words(
            "Wann die Kooperation endete, ist nicht angegeben; sie zählt deshalb an keinem Tag.",
            "When the cooperation ended is not stated; so it counts on no day.",
        ),
        Words("Tragen Sie das Ende ein, ein Jahr genügt.", "Enter the end, a year is enough."),
    ),
    Rule(
        "few-authorities",
        "advice",
        Words(
            "Weniger als zwei Mitglieder sind eingetragen. Als Kooperation zählen mindestens zwei öffentliche Stellen.",
            "Fewer than two members are entered. A cooperation has at least two public authorities.",
        ),
        Words("Tragen Sie die Mitglieder ein.", "Enter the members."),
        Words("Begriffsbestimmung der Kooperation", "definition of cooperation"),
    ),
    Rule(
        "key-unknown",
        "advice",
        Words(
            "Der Schlüssel {key} führt zu keinem Gebiet der Ausgabe; das Mitglied fehlt in allen Zahlen.",
            "The key {key} leads to no area of the edition; the member is missing from all figures.",
        ),
        Words(
            "Prüfen Sie den Schlüssel oder tragen Sie die Schlüsseländerung ein.",
            "Check the key, or enter the change of the key.",
        ),
    ),
    Rule(
        "party-not-member",
        "advice",
        Words(
            "{party} hat vereinbart, ist aber nicht als Mitglied eingetragen.",
            "{party} is a party, but not entered as a member.",
        ),
        Words("Tragen Sie die Mitgliedschaft ein, wenn es eine gibt.", "Enter the membership, if there is one."),
    ),
    Rule(
        "one-party",
        "advice",
        Words("Eine Vereinbarung hat mindestens zwei Beteiligte.", "An agreement has at least two parties."),
        Words("Tragen Sie die Beteiligten ein.", "Enter the parties."),
    ),
    Rule(
        "kind-and-form",
        "advice",
        Words(
            "Art „{kind}“ und Rechtsform „{form}“ passen nicht zusammen.",
            "The kind “{kind}” and the legal form “{form}” do not fit.",
        ),
        Words("Prüfen Sie beide Angaben.", "Check both."),
        _DEFINITION,
        {"kind": KINDS, "form": LEGAL_FORMS},
    ),
    Rule(
        "form-without-planning",
        "advice",
        Words(
            "Ein Planungsverband nach § 205 BauGB plant; die Aufgabe Bauen und Planung ist nicht angegeben.",
            "A planning association under § 205 BauGB plans; the task building and planning is not entered.",
        ),
        Words("Ergänzen Sie die Aufgabe oder prüfen Sie die Rechtsform.", "Add the task, or check the legal form."),
        Words("§ 205 Baugesetzbuch. Ersetzt keine Rechtsberatung.", "§ 205 Baugesetzbuch. No legal advice."),
    ),
    Rule(
        "partnership-of-one",
        "advice",
        Words(
            "Ein LEADER-Kooperationsverbund besteht aus mindestens zwei Regionen; eingetragen: {count}.",
            "A LEADER cooperation partnership has at least two regions; entered: {count}.",
        ),
        Words("Tragen Sie die Regionen als Mitglieder ein.", "Enter the regions as members."),
        _DEFINITION,
    ),
    Rule(
        "region-of-few-districts",
        "advice",
        Words(
            "Eine strategische Kooperationsregion umfasst mindestens drei Kreise, nach den Mitgliedern {count}.",
            "A strategic cooperation region has at least three districts; by its members there are {count}.",
        ),
        Words("Prüfen Sie die Mitglieder oder die Art.", "Check the members, or the kind."),
        _DEFINITION,
    ),
    Rule(
        "leader-not-connected",
        "advice",
        Words(
            "Das Gebiet der LEADER-Region zerfällt in {count} Teile.",
            "The area of the LEADER region is in {count} parts.",
        ),
        Words("Prüfen Sie, ob ein Mitglied fehlt.", "Check whether a member is missing."),
        NO_LEGAL_ADVICE,
    ),
    Rule(
        "leader-too-few",
        "advice",
        Words(
            "Im Gebiet der LEADER-Region leben {people} Menschen; in der Periode 2014–2020 waren es mindestens 10.000.",
            "{people} people live in the area of the LEADER region; from 2014 to 2020 the least was 10,000.",
        ),
        Words("Prüfen Sie, ob ein Mitglied fehlt.", "Check whether a member is missing."),
        _LEADER,
    ),
    Rule(
        "leader-too-many",
        "advice",
        Words(
            "Im Gebiet der LEADER-Region leben {people} Menschen; in der Periode 2014–2020 waren es höchstens 150.000.",
            "{people} people live in the area of the LEADER region; from 2014 to 2020 the most was 150,000.",
        ),
        Words(
            "Prüfen Sie, ob ein Mitglied nur mit einem Teil dazugehört.",
            "Check whether a member belongs to it only in part.",
        ),
        _LEADER,
    ),
)
"""Every rule under its code. Codes never change."""


def findings(
    cooperation: Said,
    memberships: Sequence[Said],
    *,
    agreements: Sequence[Said] = (),
    projects: Sequence[Said] = (),
    territory: Territory | None = None,
    snapshot: RegisterSnapshot | None = None,
) -> tuple[Finding, ...]:
    """What does not fit in a cooperation, its memberships, agreements and projects; what blocks first.

    All are dictionaries as in the exchange file; withdrawn ones are not looked at. ``territory`` is needed for rules
    about its area, ``snapshot`` for ways through member cooperations and for changes of keys.
    """
    members = [each for each in memberships if not each.get("withdrawn_on")]
    found: list[Finding] = [*_of_cooperation(cooperation)]
    for each in members:
        found += _of_membership(cooperation, each)
    found += _overlaps(members)
    found += _kind_and_form(cooperation, members)
    for each in agreements:
        if not each.get("withdrawn_on"):
            found += _of_agreement(cooperation, members, each)
    for each in projects:
        if not each.get("withdrawn_on"):
            found += project_findings(each)
    if snapshot is not None:
        found += _of_itself(cooperation, members, snapshot)
    if territory is not None and not any(each.blocks for each in found):
        found += _of_area(cooperation, members, territory, snapshot)
    return tuple(sorted(found, key=lambda each: not each.blocks))


def project_findings(project: Said) -> tuple[Finding, ...]:
    """What does not fit in a project by itself."""
    ref = _ref(project)
    found = [
        *_terms("project", ref, project, state=PROJECT_STATES, tasks=TASKS, reasons=REASONS),
        *_period("project", ref, project, "started", "ended"),
    ]
    if project.get("state") in FAILED_STATES and not project.get("reasons"):
        found.append(Finding("failed-without-reason", "project", ref, "reasons", {"state": project["state"]}))
    return tuple(found)


# ------------------------------------------------------------------------------------------------ single records


def _ref(record: Said) -> str:
    return str(record.get("ref") or "")


def _day(text: Any) -> dt.date | None:
    """The first day a date means; nothing for none and for what is no date, which is found elsewhere."""
    try:
        return first_day(text or "")
    except (ValueError, TypeError):
        return None


def _last_day(text: Any) -> dt.date | None:
    """The last day a date may mean."""
    try:
        behind = first_day(day_after(text or ""))
    except (ValueError, TypeError):
        return None
    return None if behind is None else behind - dt.timedelta(days=1)


def _in_order(*days: dt.date | None) -> bool:
    """Whether both days are known and the first is not after the second."""
    one, other = days
    return one is not None and other is not None and one <= other


def _terms(type_: str, ref: str, record: Said, **vocabularies: Vocabulary) -> Iterator[Finding]:
    for name, vocabulary in vocabularies.items():
        said = record.get(name) or ()
        for value in (said,) if isinstance(said, str) else said:
            if value not in vocabulary:
                yield Finding("term-unknown", type_, ref, name, {"value": value})


def _period(type_: str, ref: str, record: Said, begin: str, end: str, *, empty: bool = True) -> Iterator[Finding]:
    """Dates that are none, and an end before the beginning; ``empty``: both may be on one day."""
    days = []
    for name in (begin, end):
        try:
            days.append(first_day(record.get(name) or ""))
        except (ValueError, TypeError):
            yield Finding("date-unreadable", type_, ref, name, {"value": record[name]})
            return
    begins, ends = days
    if begins is not None and ends is not None and (ends < begins or (ends == begins and not empty)):
        yield Finding("dates-reversed", type_, ref, end, {"begins": record[begin], "ends": record[end]})


def _of_cooperation(cooperation: Said) -> Iterator[Finding]:
    ref, state = _ref(cooperation), cooperation.get("state")
    yield from _terms(
        "cooperation", ref, cooperation,
        kind=KINDS, legal_form=LEGAL_FORMS, tasks=TASKS, state=COOPERATION_STATES, end_reasons=REASONS,
    )  # fmt: skip
    yield from _period("cooperation", ref, cooperation, "founded", "ended")
    if cooperation.get("ended") and state not in ENDED_STATES:
        yield Finding("end-without-ended-state", "cooperation", ref, "state", {"ends": cooperation["ended"]})
    if state in ENDED_STATES and not cooperation.get("ended"):
        yield Finding("ended-without-date", "cooperation", ref, "ended")
    if state == "aufgeloest" and not cooperation.get("end_reasons"):
        yield Finding("ended-without-reason", "cooperation", ref, "end_reasons")


def _of_membership(cooperation: Said, membership: Said) -> Iterator[Finding]:
    ref = _ref(membership)
    yield from _terms("membership", ref, membership, role=MEMBER_ROLES)
    yield from _period("membership", ref, membership, "valid_from", "valid_until", empty=False)
    named = [name for name in ("area_key", "organisation", "party_cooperation") if membership.get(name)]
    if len(named) != 1:
        yield Finding("member-not-one", "membership", ref, named[1] if named else "area_key")
    elif membership.get("role") == "gebiet" and named != ["area_key"]:
        yield Finding("area-role-without-area", "membership", ref, "role")
    own = _ref(cooperation)
    if own and membership.get("party_cooperation") == own:
        yield Finding("member-of-itself", "membership", ref, "party_cooperation", {"way": own})
    # A year may mean any of its days: only what no reading allows is outside.
    life = f"{cooperation.get('founded') or '…'} – {cooperation.get('ended') or '…'}"
    founded, ended = cooperation.get("founded"), cooperation.get("ended")
    begins, until = membership.get("valid_from"), membership.get("valid_until")
    over = _in_order(_last_day(until), _day(founded))
    not_yet = _in_order(_last_day(ended), _day(begins))
    early = _in_order(_last_day(begins), _day(founded)) and _last_day(begins) != _day(founded)
    late = _in_order(_last_day(ended), _day(until)) and _last_day(ended) != _day(until)
    if over or not_yet:
        name = "valid_until" if over else "valid_from"
        yield Finding("membership-outside-life", "membership", ref, name, {"life": life})
    elif early or late:
        name = "valid_from" if early else "valid_until"
        yield Finding("membership-beyond-life", "membership", ref, name, {"life": life})


def _member(record: Said) -> tuple[str, str] | None:
    """Who takes part, by type and reference; an area by its key."""
    for name in ("area_key", "organisation", "party_cooperation"):
        if record.get(name):
            return name, str(record[name])
    return None


def _title(record: Said) -> str:
    """The best name a membership or a party has for its member."""
    member = _member(record)
    return str(record.get("area_name") or record.get("party_name") or (member[1] if member else ""))


def _overlaps(members: Sequence[Said]) -> Iterator[Finding]:
    """The same member twice at a time in the same role; two different parts of an area are two things."""
    several: dict[object, list[Said]] = {}
    for each in members:
        if (member := _member(each)) is not None:
            several.setdefault((member, each.get("role"), each.get("part") or ""), []).append(each)
    for group in several.values():
        in_order = sorted(group, key=lambda each: _day(each.get("valid_from")) or dt.date.min)
        for i, later in enumerate(in_order[1:], 1):
            begins = _day(later.get("valid_from")) or dt.date.min
            if any((_day(earlier.get("valid_until")) or dt.date.max) > begins for earlier in in_order[:i]):
                yield Finding("membership-overlap", "membership", _ref(later), "valid_from", {"member": _title(later)})


def _current(cooperation: Said, members: Sequence[Said]) -> list[Said]:
    """The memberships that were or are in force last: those without end, of an ended cooperation those to its end."""
    if cooperation.get("state") not in ENDED_STATES:
        return [each for each in members if not each.get("valid_until")]
    ended = _day(cooperation.get("ended"))
    return [
        each
        for each in members
        if (until := _day(each.get("valid_until"))) is None or (ended is not None and until >= ended)
    ]


def _kind_and_form(cooperation: Said, members: Sequence[Said]) -> Iterator[Finding]:
    ref, kind, form = _ref(cooperation), cooperation.get("kind"), cooperation.get("legal_form") or ""
    in_force = [each for each in _current(cooperation, members) if each.get("role", "mitglied") in BRIDGING_ROLES]
    taking_part = {member for each in in_force if (member := _member(each)) is not None}
    if kind in KINDS and form in LEGAL_FORMS and not _fits(str(kind), form):
        yield Finding("kind-and-form", "cooperation", ref, "legal_form", {"kind": kind, "form": form})
    if form == "planungsverband" and "bauen-planung" not in (cooperation.get("tasks") or ()):
        yield Finding("form-without-planning", "cooperation", ref, "tasks")
    regions = [member for member in taking_part if member[0] == "party_cooperation"]
    if kind == "leader-kooperationsprojekt" and len(regions) < 2:
        yield Finding("partnership-of-one", "cooperation", ref, "kind", {"count": len(regions)})
    # members of a LEADER region may have joined as persons, who are not in the register
    if len(taking_part) < 2 and kind != "leader-region" and cooperation.get("state") not in ENDED_STATES:
        yield Finding("few-authorities", "cooperation", ref, "memberships")


def _fits(kind: str, form: str) -> bool:
    """What follows from the definitions of kinds and legal forms, and no more."""
    if kind == "evtz":
        return form == "evtz"
    if kind == "gesamtgemeinde" or form == "gemeindeverband":
        return kind == "gesamtgemeinde" and form == "gemeindeverband"
    if kind == "kooperationsregion":
        return "P" in LEGAL_FORMS[form].flags
    return True


def _of_agreement(cooperation: Said, members: Sequence[Said], agreement: Said) -> Iterator[Finding]:
    ref = _ref(agreement)
    yield from _terms("agreement", ref, agreement, kind=AGREEMENT_KINDS)
    yield from _period("agreement", ref, agreement, "valid_from", "valid_until", empty=False)
    yield from _period("agreement", ref, agreement, "signed", "terminated_on")
    parties = agreement.get("parties") or ()
    if len(parties) < 2:
        yield Finding("one-party", "agreement", ref, "parties")
    if not agreement.get("cooperation"):
        return
    known = {_member(each) for each in members} | {("party_cooperation", _ref(cooperation))}
    for party in parties:
        if (member := _member(party)) is not None and member not in known:
            yield Finding("party-not-member", "agreement", ref, "parties", {"party": _title(party)})


# ------------------------------------------------------------------------------------- through others, on the map


def _of_itself(cooperation: Said, members: Sequence[Said], snapshot: RegisterSnapshot) -> Iterator[Finding]:
    """Ways that lead back, as far as there is a day on which all memberships on the way hold."""
    own = _ref(cooperation)
    if not own:
        return
    for each in members:
        first = each.get("party_cooperation")
        if not first or first == own:
            continue
        begins = _day(each.get("valid_from")) or dt.date.min
        ends = _day(each.get("valid_until")) or dt.date.max
        way = _way_back(snapshot, str(first), own, begins, ends, (str(first),))
        if way is not None:
            names = [snapshot.by_ref[ref].name if ref in snapshot.by_ref else ref for ref in way]
            yield Finding("member-of-itself", "membership", _ref(each), "party_cooperation", {"way": " → ".join(names)})


def _way_back(
    snapshot: RegisterSnapshot, here: str, own: str, begins: dt.date, ends: dt.date, way: tuple[str, ...]
) -> tuple[str, ...] | None:
    for each in snapshot.members.get(here, ()):
        other = each.member_cooperation
        if other is None or other in way:
            continue
        later, earlier = max(begins, each.valid_from or begins), min(ends, each.valid_until or ends)
        if later >= earlier:
            continue
        if other == own:
            return way
        found = _way_back(snapshot, other, own, later, earlier, (*way, other))
        if found is not None:
            return found
    return None


def _of_area(
    cooperation: Said, members: Sequence[Said], territory: Territory, snapshot: RegisterSnapshot | None
) -> Iterator[Finding]:
    """Keys that lead nowhere, and what the kind says about the area."""
    areas = territory.municipalities.areas
    lineage = Lineage(snapshot.key_changes if snapshot else (), areas.spellings)
    for each in members:
        if each.get("area_key") and not lineage.carry(each["area_key"]).keys:
            yield Finding("key-unknown", "membership", _ref(each), "area_key", {"key": each["area_key"]})
    kind, ref = cooperation.get("kind"), _ref(cooperation)
    if kind not in ("leader-region", "kooperationsregion"):
        return
    current = _current(cooperation, members)
    space = Spaces(_alone(cooperation, current, snapshot), territory, None).footprint(ref or _UNSAVED, overlaps=False)
    if not space.municipalities:
        return
    if kind == "kooperationsregion":
        laender = {*space.laender} & {each.get("area_key") for each in current}
        if len(space.districts) < 3 and not laender:
            yield Finding("region-of-few-districts", "cooperation", ref, "memberships", {"count": len(space.districts)})
        return
    if len(space.parts) > 1:
        yield Finding("leader-not-connected", "cooperation", ref, "memberships", {"count": len(space.parts)})
    periods = {funding.get("period") for funding in cooperation.get("fundings") or ()}
    people = space.people.people
    if LEADER_PERIOD not in periods or people is None:
        return
    least, most = LEADER_PEOPLE
    if people < least and space.people.known_share == 1 and not space.unresolved:
        yield Finding("leader-too-few", "cooperation", ref, "memberships", {"people": people})
    if people > most and not space.partial:
        yield Finding("leader-too-many", "cooperation", ref, "memberships", {"people": people})


_UNSAVED = "-"


def _alone(cooperation: Said, members: Iterable[Said], snapshot: RegisterSnapshot | None) -> RegisterSnapshot:
    """A snapshot in which this cooperation is as it is said here, with those that are its members."""
    ref = _ref(cooperation) or _UNSAVED
    own = Cooperation(ref, "", str(cooperation.get("kind")), "", (), "aktiv", None, None)
    memberships = [
        Membership(
            f"{number}", ref, each.get("area_key") or None, each.get("organisation") or None,
            each.get("party_cooperation") or None, str(each.get("role") or "mitglied"), None, None,
            str(each.get("part") or ""),
        )
        for number, each in enumerate(members)
    ]  # fmt: skip
    if snapshot is None:
        return RegisterSnapshot.of([own], memberships)
    if not any(each.member_cooperation for each in memberships):
        return RegisterSnapshot.of([own], memberships, snapshot.key_changes)
    others = [each for each in snapshot.cooperations if each.ref != ref]
    theirs = [each for each in snapshot.memberships if each.cooperation != ref]
    return RegisterSnapshot.of([own, *others], [*memberships, *theirs], snapshot.key_changes)
