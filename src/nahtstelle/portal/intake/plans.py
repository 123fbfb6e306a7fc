"""What an import would do, row by row, before anything is done: entries, changes, duplicates, questions, mistakes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nahtstelle.core.names import folded
from nahtstelle.core.periods import day_after, first_day
from nahtstelle.errors import InputError
from nahtstelle.portal.intake import values
from nahtstelle.portal.intake.matching import Gazetteer, Match, Roll, same_area
from nahtstelle.portal.intake.tables import Row, Sheet
from nahtstelle.portal.intake.targets import Field, Target, guessed, missing
from nahtstelle.portal.intake.values import NotUnderstood, Offer
from nahtstelle.portal.register.models import RECORDS, Cooperation, Membership, Organisation

LEAVE_OUT = "-"
"""The answer that leaves the rows of a question out; of a single word in a list, the word."""
CREATE, CHANGE, SAME, LEFT, ASK, WRONG = "create", "change", "same", "left", "ask", "wrong"
"""What becomes of a row: entered, changed, there already, left out, asked about, refused."""
ENTER_ONLY, CHANGE_TOO = "enter", "change"


class WrongColumns(InputError):
    """Columns that cannot be read so."""

    code = "wrong-columns"


@dataclass(frozen=True)
class Reading:
    """How a list is read: which column is which field, what holds for all rows, what the person answered."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Field → name of its column."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Field → what every row says where its own cell is empty."""
    down: bool = False
    """Whether an empty cell of the first column that is read means the same as the one above it."""
    existing: str = ENTER_ONLY
    """``enter``: what is there already stays as it is; ``change``: what the list says replaces it."""
    leave_out_wrong: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Reading:
        """From what was kept, or from the file of a command. Raises `WrongColumns`."""
        unknown = set(said) - set(cls.__dataclass_fields__)
        if unknown:
            raise WrongColumns(
                _("Not understood: %(names)s. There is: %(known)s.")
                % {"names": ", ".join(sorted(unknown)), "known": ", ".join(cls.__dataclass_fields__)}
            )
        for name in ("columns", "fixed", "answers"):
            if not isinstance(said.get(name, {}), dict):
                raise WrongColumns(_("“%(name)s” must be an object of names and values.") % {"name": name})
        if said.get("existing", ENTER_ONLY) not in (ENTER_ONLY, CHANGE_TOO):
            raise WrongColumns(_("“existing” is “enter” or “change”."))
        return cls(**said)

    def to_dict(self) -> dict[str, Any]:
        """To be kept."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass
class Question:
    """Something the list says that may mean several things, or nothing known."""

    key: str
    about: str
    text: str
    notes: tuple[str, ...]
    offers: tuple[Offer, ...]
    rows: list[int] = field(default_factory=list)
    answer: str = ""


@dataclass
class PlannedRow:
    """What becomes of one row of the list."""

    number: int
    action: str = CREATE
    title: str = ""
    ref: str = ""
    """The record that is there already, of a change."""
    fields: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def refuse(self, problem: str) -> None:
        """Say why this row cannot be imported as it is."""
        self.problems.append(problem)
        self.action = WRONG


@dataclass
class Plan:
    """What an import would do as a whole."""

    target: Target
    reading: Reading
    rows: list[PlannedRow]
    questions: list[Question]
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> Counter[str]:
        """How many rows come to what."""
        return Counter(row.action for row in self.rows)

    @property
    def open(self) -> list[Question]:
        """Questions without an answer."""
        return [question for question in self.questions if not question.answer]

    def ready(self, leave_out_wrong: bool = False) -> bool:
        """Whether it can be carried out: nothing is asked, nothing refused, and something is to be done."""
        counts = self.counts
        fine = not counts[ASK] and (leave_out_wrong or not counts[WRONG])
        return fine and bool(counts[CREATE] + counts[CHANGE])


def reading_for(target: Target, sheet: Sheet) -> Reading:
    """How a list is read where nobody has said so yet: columns by their names."""
    return Reading({name: sheet.header[position] for name, position in guessed(target, sheet.header).items()})


def sheet_of(sheets: list[Sheet], name: str) -> Sheet:
    """The table of this name, the first where none is named. Raises `WrongColumns`."""
    if not name:
        return sheets[0]
    for sheet in sheets:
        if sheet.name == name:
            return sheet
    raise WrongColumns(
        _("There is no table “%(name)s”; there are: %(names)s.")
        % {"name": name, "names": ", ".join(each.name for each in sheets)}
    )


def positions_of(target: Target, sheet: Sheet, reading: Reading) -> dict[str, int]:
    """Fields with the positions of their columns. Raises `WrongColumns`."""
    known = {each.name: each for each in target.fields}
    names = {folded(name): position for position, name in reversed(list(enumerate(sheet.header)))}
    positions = {}
    for name, column in reading.columns.items():
        if name not in known:
            raise WrongColumns(
                _("There is no field “%(field)s”; there are: %(known)s.") % {"field": name, "known": ", ".join(known)}
            )
        if folded(column) not in names:
            raise WrongColumns(
                _("There is no column “%(column)s”; there are: %(known)s.")
                % {"column": column, "known": ", ".join(sheet.header)}
            )
        positions[name] = names[folded(column)]
    lacking = missing(target, {**positions, **{name: 1 for name, said in reading.fixed.items() if said}})
    if lacking:
        labels = [_(" or ").join(str(known[name].label) for name in group) for group in lacking]
        raise WrongColumns(_("Please say which column is: %(fields)s.") % {"fields": "; ".join(labels)})
    return positions


def planned(target: Target, sheet: Sheet, reading: Reading, progress: Callable[[int, int], None] | None = None) -> Plan:
    """What importing a list would do. Nothing is written. Raises `WrongColumns`."""
    return _Planner(target, sheet, reading).plan(progress)


@dataclass
class _Planner:
    target: Target
    sheet: Sheet
    reading: Reading
    questions: dict[str, Question] = field(default_factory=dict)
    language: str = ""

    def __post_init__(self) -> None:
        self.language = get_language() or "de"
        self.positions = positions_of(self.target, self.sheet, self.reading)
        self.gazetteer = Gazetteer.loaded()
        self.cooperations = Roll.of(Cooperation)
        self.organisations = Roll.of(Organisation)
        self.there = _There.of(self.target)
        self.taken: dict[str, int] = {}
        self.above: dict[str, str] = {}
        lead = [each.name for each in self.target.fields if each.name in self.positions]
        self.down = lead[0] if lead and self.reading.down else ""

    def plan(self, progress: Callable[[int, int], None] | None) -> Plan:
        rows = []
        read = {"membership": self._membership, "project": self._project}.get(self.target.type, self._named)
        for count, row in enumerate(self.sheet.rows, start=1):
            planned_ = PlannedRow(row.number)
            read(self._said(row), planned_)
            rows.append(planned_)
            if progress and count % 1000 == 0:
                progress(count, len(self.sheet.rows))
        return Plan(self.target, self.reading, rows, list(self.questions.values()), self.sheet.notes)

    def _said(self, row: Row) -> dict[str, str]:
        """Fields with what the row says, empty ones left out."""
        said = {}
        for each in self.target.fields:
            position = self.positions.get(each.name)
            text = row.cells[position] if position is not None else ""
            text = "" if values.is_nothing(text) else text
            if each.name == self.down:
                text = self.above[each.name] = text or self.above.get(each.name, "")
            text = text or str(self.reading.fixed.get(each.name, ""))
            if text:
                said[each.name] = text
        return said

    # -------------------------------------------------------------------------------------------- questions

    def _ask(self, key: str, about: str, text: str, match: Match, row: PlannedRow) -> str:
        """The answer to a question, empty where there is none yet; then the row waits for it."""
        question = self.questions.get(key)
        if question is None:
            answer = str(self.reading.answers.get(key, ""))
            question = self.questions[key] = Question(key, about, text, match.notes, match.offers, answer=answer)
        question.rows.append(row.number)
        if question.answer:
            return question.answer
        row.notes += [note for note in match.notes if note not in row.notes]
        if row.action != WRONG:
            row.action = ASK
        return ""

    def _record(self, kind: str, roll: Roll, text: str, row: PlannedRow) -> str:
        """The reference of a record a cell names; empty where that has to be asked or the row is left out."""
        match = roll.found(text)
        if match.sure:
            return match.value
        answer = self._ask(f"{kind}|{folded(text)}", str(RECORDS[kind]._meta.verbose_name), text, match, row)
        if answer == LEAVE_OUT:
            row.action = LEFT
            row.notes.append(_("Left out, as was answered."))
            return ""
        if answer and answer not in roll.by_ref:
            row.refuse(_("There is no entry “%(ref)s”.") % {"ref": answer})
            return ""
        return answer

    def _area(self, said: Mapping[str, str], row: PlannedRow) -> dict[str, Any]:
        """The member a row names as an area, or as the record the person said it is."""
        asked = [said.get(name, "") for name in ("member", "key", "district", "land")]
        match = self.gazetteer.found(*asked)
        value = match.value
        if not match.sure:
            match = self._with_records(asked[0], match)
            text = ", ".join(filter(None, asked))
            value = self._ask("area|" + "|".join(map(folded, asked)), _("member area"), text, match, row)
        else:
            row.notes += match.notes
        if value in ("", LEAVE_OUT):
            if value:
                row.action = LEFT
                row.notes.append(_("Left out, as was answered."))
            return {}
        kind, colon, ref = value.partition(":")
        if colon:
            roll = {"organisation": self.organisations, "party_cooperation": self.cooperations}.get(kind)
            if roll is None or ref not in roll.by_ref:
                row.refuse(_("There is no entry “%(ref)s”.") % {"ref": value})
                return {}
            return {kind: ref}
        if value not in self.gazetteer.by_key:
            row.refuse(_("No edition and no recorded change of a key knows the key %(key)s.") % {"key": value})
            return {}
        place = self.gazetteer.by_key[value]
        return {
            "area_key": place.key, "area_edition": place.edition, "area_name": place.title or said.get("member", ""),
        }  # fmt: skip

    def _with_records(self, text: str, match: Match) -> Match:
        """The same with organisations and cooperations that are called so."""
        offers = list(match.offers)
        for kind, roll in (("organisation", self.organisations), ("party_cooperation", self.cooperations)):
            found = roll.found(text)
            if found.sure:
                offers.insert(0, Offer(f"{kind}:{found.value}", found.label, 100))
        return Match(notes=match.notes, offers=tuple(offers))

    # ---------------------------------------------------------------------------------------------- cells

    def _fields(self, said: Mapping[str, str], row: PlannedRow, leave: tuple[str, ...] = ()) -> dict[str, Any]:
        """What the plain cells of a row say, as the register keeps it."""
        found: dict[str, Any] = {}
        for name, text in said.items():
            each = self.target.field(name)
            if name in leave:
                continue
            try:
                value = self._value(each, text, row)
            except NotUnderstood:
                what = {
                    "date": _("no date: give 2014, 10/2014 or 27.10.2014"),
                    "last-day": _("no date: give 2014, 10/2014 or 27.10.2014"),
                    "money": _("no amount: give 1.550.000,00"),
                    "url": _("no address of a web site"),
                    "ref": _("no reference: small letters, digits and single hyphens only"),
                }.get(each.form, _("not understood"))
                row.refuse(_("%(field)s “%(text)s”: %(what)s.") % {"field": each.label, "text": text, "what": what})
                continue
            if value not in ("", None, []):
                found[name] = value
        return found

    def _value(self, each: Field, text: str, row: PlannedRow) -> Any:
        match each.form:
            case "date":
                return values.date_of(text)
            case "last-day":
                return day_after(values.date_of(text))
            case "money":
                return values.amount_of(text)
            case "url":
                return values.url_of(text)
            case "ref":
                if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", text):
                    raise NotUnderstood(text)
                return text
            case "term":
                return self._term(each, text, row)
            case "terms":
                return [term for part in values.listed(text) if (term := self._term(each, part, row))]
            case "key":
                return self._seat(text, row)
            case "cooperation":
                return self._record("cooperation", self.cooperations, text, row)
            case _:
                if each.longest and len(text) > each.longest:
                    row.refuse(
                        _("%(field)s: longer than %(most)d signs.") % {"field": each.label, "most": each.longest}
                    )
                return text

    def _term(self, each: Field, text: str, row: PlannedRow) -> str:
        vocabulary = each.vocabulary
        if vocabulary is None:
            return text
        found = values.term_of(vocabulary, text)
        if found:
            return found
        offers = tuple(values.terms_offered(vocabulary, text, self.language))
        match = Match(notes=(_("“%(text)s” is not in the list of terms.") % {"text": text},), offers=offers)
        answer = self._ask(f"{each.name}|{folded(text)}", str(each.label), text, match, row)
        if answer and answer != LEAVE_OUT and answer not in vocabulary:
            row.refuse(_("“%(text)s” is not in the list of terms.") % {"text": answer})
            return ""
        return "" if answer == LEAVE_OUT else answer

    def _seat(self, text: str, row: PlannedRow) -> str:
        match = self.gazetteer.found("", text)
        if match.sure:
            row.notes += match.notes
            return match.value
        row.refuse(" ".join(match.notes))
        return ""

    # ------------------------------------------------------------------------------------------------ rows

    def _membership(self, said: dict[str, str], row: PlannedRow) -> None:
        cooperation = self._record("cooperation", self.cooperations, said.get("cooperation", ""), row)
        if not said.get("cooperation"):
            row.refuse(_("The cooperation is missing."))
        member = self._member(said, row)
        named = said.get("organisation") or said.get("member_cooperation") or said.get("member") or said.get("key", "")
        row.title = f"{named} – {self.cooperations.by_ref.get(cooperation, said.get('cooperation', ''))}"
        leave = ("cooperation", "member", "key", "district", "land", "organisation", "member_cooperation")
        fields = self._fields(said, row, leave)
        self._in_order(fields, "valid_from", "valid_until", row)
        if row.action != CREATE:
            return
        token = next((f"{name}:{member[name]}" for name in ("organisation", "party_cooperation") if name in member), "")
        token = token or f"area:{same_area(member['area_key'])}"
        row.fields = {"cooperation": cooperation, **member, **fields}
        row.title = f"{self._called(member)} – {self.cooperations.by_ref[cooperation]}"
        self._held_against(row, (cooperation, token), fields)

    def _called(self, member: Mapping[str, Any]) -> str:
        if "organisation" in member:
            return self.organisations.by_ref[member["organisation"]]
        if "party_cooperation" in member:
            return self.cooperations.by_ref[member["party_cooperation"]]
        return str(member["area_name"])

    def _member(self, said: Mapping[str, str], row: PlannedRow) -> dict[str, Any]:
        if text := said.get("organisation"):
            ref = self._record("organisation", self.organisations, text, row)
            return {"organisation": ref} if ref else {}
        if text := said.get("member_cooperation"):
            ref = self._record("cooperation", self.cooperations, text, row)
            return {"party_cooperation": ref} if ref else {}
        if not said.get("member") and not said.get("key"):
            row.refuse(_("The member is missing."))
            return {}
        return self._area(said, row)

    def _held_against(self, row: PlannedRow, who: tuple[str, str], fields: Mapping[str, Any]) -> None:
        """Whether the same membership is there already, in the register or further up in the list."""
        period = (fields.get("valid_from", ""), fields.get("valid_until", ""))
        for other, begins, ends, is_row in self.there.memberships.get(who, ()):
            if not _overlap(period, (begins, ends)):
                continue
            if is_row:
                row.action = LEFT
                row.notes.append(_("The same member stands in row %(row)s already.") % {"row": other})
                return
            self._present(row, other, fields)
            return
        self.there.memberships.setdefault(who, []).append((str(row.number), *period, True))

    def _project(self, said: dict[str, str], row: PlannedRow) -> None:
        refs = [
            self._record("cooperation", self.cooperations, text, row)
            for text in (re.split(r"[;|\n]", said["cooperation"]) if "cooperation" in said else ())
            if text.strip()
        ]
        refs = list(dict.fromkeys(filter(None, refs)))
        also = {"cooperations": [{"cooperation": ref, "lead": not place} for place, ref in enumerate(refs)]}
        self._named({name: text for name, text in said.items() if name != "cooperation"}, row, also if refs else {})

    def _named(self, said: dict[str, str], row: PlannedRow, also: Mapping[str, Any] | None = None) -> None:
        row.title = said.get("name", said.get("ref", ""))
        fields = {**self._fields(said, row), **(also or {})}
        begins, ends = ("started", "ended") if self.target.type == "project" else ("founded", "ended")
        self._in_order(fields, begins, ends, row)
        if row.action in (LEFT, WRONG):
            return
        ref = fields.get("ref", "")
        present = ref if ref in self.there.by_ref else ""
        if not present and (named := self.there.by_name.get(folded(fields.get("name", "")), [])):
            if len(named) > 1:
                row.refuse(_("Several entries are called “%(name)s”.") % {"name": row.title})
                return
            present = named[0]
        if not present and not fields.get("name"):
            row.refuse(_("The name is missing."))
            return
        key = present or ref or folded(fields["name"])
        if key in self.taken:
            row.action = LEFT
            row.notes.append(_("The same entry stands in row %(row)s already.") % {"row": self.taken[key]})
            return
        self.taken |= dict.fromkeys(filter(None, (key, folded(fields.get("name", "")))), row.number)
        if row.action == ASK:
            return
        row.fields = fields
        if present:
            self._present(row, present, {name: value for name, value in fields.items() if name != "ref"})
            return
        if self.target.type == "cooperation" and "kind" not in fields:
            row.refuse(_("The kind is missing."))
            return
        fields.setdefault("ref", self._new_ref(fields["name"]))
        self.there.by_ref.add(fields["ref"])

    def _new_ref(self, name: str) -> str:
        """A reference made of the name that nothing has yet."""
        base = "-".join(re.findall(r"[a-z0-9]+", folded(name)))[:90].strip("-") or self.target.type
        ref, number = base, 2
        while ref in self.there.by_ref:
            ref, number = f"{base}-{number}", number + 1
        return ref

    def _present(self, row: PlannedRow, ref: str, fields: Mapping[str, Any]) -> None:
        """What becomes of a row whose entry is in the register already."""
        row.ref = ref
        differs = self.there.differs(ref, fields)
        if not differs:
            row.action, row.fields = SAME, {}
            row.notes.append(_("Is in the register already, just so."))
        elif self.reading.existing == CHANGE_TOO:
            row.action, row.fields = CHANGE, {name: fields[name] for name in differs}
            row.notes.append(_("Is in the register already; changed: %(fields)s.") % {"fields": self._labels(differs)})
        else:
            row.action, row.fields = SAME, {}
            row.notes.append(
                _("Is in the register already and stays as it is; differs in: %(fields)s.")
                % {"fields": self._labels(differs)}
            )

    def _labels(self, names: list[str]) -> str:
        labels = {each.name: str(each.label) for each in self.target.fields} | {"cooperations": _("cooperations")}
        return ", ".join(labels.get(name, name) for name in names)

    def _in_order(self, fields: Mapping[str, Any], begins: str, ends: str, row: PlannedRow) -> None:
        first, last = first_day(fields.get(begins, "")), first_day(fields.get(ends, ""))
        if first is not None and last is not None and last <= first:
            row.refuse(_("It cannot end before it begins."))


@dataclass
class _There:
    """What is in the register already."""

    type: str
    by_ref: set[str] = field(default_factory=set)
    by_name: dict[str, list[str]] = field(default_factory=dict)
    memberships: dict[tuple[str, str], list[tuple[str, str, str, bool]]] = field(default_factory=dict)
    """Cooperation and member → reference or row, from, until, whether it is a row of the list."""
    _said: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, target: Target) -> _There:
        self = cls(target.type)
        if target.type == "membership":
            for ref, cooperation, key, organisation, party, begins, ends in Membership.objects.filter(
                withdrawn_on__isnull=True
            ).values_list(
                "ref", "cooperation__ref", "area_key", "organisation__ref", "party_cooperation__ref", "valid_from",
                "valid_until",
            ):  # fmt: skip
                token = f"area:{same_area(key)}" if key else f"organisation:{organisation}"
                token = f"party_cooperation:{party}" if party else token
                self.memberships.setdefault((cooperation, token), []).append((ref, begins, ends, False))
            return self
        model: Any = RECORDS[target.type]
        for ref, name, withdrawn in model._default_manager.order_by("pk").values_list("ref", "name", "withdrawn_on"):
            self.by_ref.add(ref)
            if withdrawn is None:
                self.by_name.setdefault(folded(name), []).append(ref)
        return self

    def differs(self, ref: str, fields: Mapping[str, Any]) -> list[str]:
        """Fields in which the entry says something else than the row."""
        from nahtstelle.portal.register.records import described, record_of

        if ref not in self._said:
            self._said[ref] = described(record_of(self.type, ref))
        there = self._said[ref]

        def as_said(name: str, value: Any) -> Any:
            if name == "cooperations":
                return {each["cooperation"] for each in value or ()}
            return set(value or ()) if isinstance(value, list) else value

        return [name for name, value in fields.items() if as_said(name, there.get(name)) != as_said(name, value)]


def _overlap(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two periods share a day; open ends reach as far as need be."""
    (a, b), (c, d) = ((first_day(begins), first_day(ends)) for begins, ends in (one, other))
    return (a is None or d is None or a < d) and (c is None or b is None or c < b)
