"""Make the demonstration register from the facts: ``make demonstration-register FACTS=…`` calls this.

The facts lie outside the project; what they say is kept, in our own words, with its sources. The same facts and texts
give the same file.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from nahtstelle.core.periods import day_after
from nahtstelle.errors import SourceError
from nahtstelle.portal.register.demonstration import FILE
from nahtstelle.portal.register.demonstration.areas import Areas
from nahtstelle.portal.register.demonstration.evidence import Evidence
from nahtstelle.portal.register.demonstration.facts import MEMORY, Fact, Facts, Texts

Said = dict[str, Any]
"""A record as `nahtstelle.portal.register.records` describes it, or the part of it that is not empty."""

REVIEW = "zu-pruefen.md"

_HEADINGS = {
    "organisation": "Organisationen",
    "cooperation": "Kooperationen",
    "membership": "Mitgliedschaften",
    "agreement": "Vereinbarungen",
    "project": "Vorhaben",
    "meeting": "Treffen",
    "statement": "Aussagen",
    "attachment": "Dokumente",
    "key-change": "Änderungen von Schlüsseln",
}
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?\Z")


class Conversion:
    """One run: facts in, records out. Each method makes the records of one type."""

    def __init__(self, facts: Facts, texts: Texts) -> None:
        self.facts = facts
        self.texts = texts
        self.areas = Areas(facts, texts)
        self.evidence = Evidence(facts, texts)

    def records(self) -> Iterator[tuple[str, Said]]:
        """Every record with the word for its type; citations last, because the others make them."""
        for type_, made in (
            ("organisation", self.organisations),
            ("cooperation", self.cooperations),
            ("succession", self.successions),
            ("membership", self.memberships),
            ("agreement", self.agreements),
            ("project", self.projects),
            ("meeting", self.meetings),
            ("source", self.sources),
            ("statement", self.statements),
            ("attachment", self.attachments),
            ("coverage", self.coverage),
            ("key-change", self.key_changes),
        ):
            for said in made():
                yield type_, said
        for said in self.evidence.citations.values():
            yield "citation", said

    # ------------------------------------------------------------------------------- organisations, cooperations

    def organisations(self) -> Iterator[Said]:
        for ref, fact in self.facts.organisations.items():
            ours = self.texts.organisations.get(ref, {})
            seat = fact.get("seat_ags") or ""
            carries = fact.get("cooperation")
            yield {
                "ref": ref,
                "name": ours.get("name") or fact["name"],
                "kind": "kooperationstraeger" if carries else self.texts.word("organisation_kinds", fact["kind"]),
                "seat_key": seat,
                "seat_place": fact.get("place") or (self.areas.name(seat) if seat else ""),
                "carries": carries,
                "summary_de": ours.get("de", ""),
                "summary_en": ours.get("en", ""),
                "review_note": self.evidence.note("organisation", ref, fact, ours.get("review", "")),
            }

    def cooperations(self) -> Iterator[Said]:
        for ref, fact in self.facts.cooperations.items():
            ours = self._ours("cooperations", ref)
            seat = fact.get("seat") or {}
            name = ours.get("name") or fact["name"]
            short = ours.get("short_name", fact.get("short_name") or "")
            yield {
                "ref": ref,
                "name": name,
                "short_name": "" if short == name else short,
                "kind": ours.get("kind") or self.texts.word("kinds", fact["kind"]),
                "legal_form": ours["legal_form"],
                "legal_basis": ours.get("legal_basis", ""),
                "tasks": self.texts.tasks(fact["topics"]),
                "state": ours.get("state", "aktiv"),
                "founded": fact.get("founded") or "",
                "ended": day_after(fact.get("ended") or ""),
                "end_reasons": ours.get("end_reasons", []),
                "end_note": ours.get("end_note", ""),
                "seat_key": seat.get("ags") or "",
                "seat_place": seat.get("place") or "",
                "website": fact.get("website") or "",
                "summary_de": ours["de"],
                "summary_en": ours["en"],
                "fundings": self._fundings(fact.get("funding") or []),
                "review_note": self.evidence.note("cooperation", ref, fact, ours.get("review", "")),
            }

    def _fundings(self, facts: list[Fact]) -> list[Said]:
        found = []
        for fact in facts:
            period, years = self.texts.word("periods", fact["period"])
            note = self.texts.word("funding_notes", fact["note"]) if fact.get("note") else ""
            found.append(
                {
                    "programme": self.texts.words["programmes"].get(fact["programme"], fact["programme"]),
                    "period": period,
                    "budget_eur": _amount(fact.get("budget_eur")),
                    "note": "; ".join(filter(None, (years, note))),
                }
            )
        return sorted(found, key=lambda each: (each["period"], each["programme"]))

    def successions(self) -> Iterator[Said]:
        for ref, fact in self.facts.cooperations.items():
            after = fact.get("successor")
            if not after:
                continue
            name = f"{ref}-{after}"
            both = set(fact["sources"]) & set(self.facts.cooperations[after]["sources"])
            self.evidence.cite("succession", name, sorted(both))
            yield {
                "ref": name,
                "before": ref,
                "after": after,
                "kind": "zusammenschluss",
                "on": day_after(fact["ended"]),
                "note": self._ours("cooperations", ref).get("end_note", ""),
            }

    # --------------------------------------------------------------------------------------------- memberships

    def memberships(self) -> Iterator[Said]:
        for ref, fact in self.facts.cooperations.items():
            end = day_after(fact.get("ended") or "")
            for member in fact["members"]:
                yield from self._territory(ref, member)
            for member in fact.get("member_orgs") or []:
                yield self._organisation(ref, fact, member, end)
            for relation in fact.get("relations") or []:
                said = self._member_cooperation(ref, fact, relation, end)
                if said is not None:
                    yield said

    def _territory(self, ref: str, member: Fact) -> Iterator[Said]:
        words = self.texts.words
        other = {
            **words["member_overrides"].get(f"{ref}/*", {}),
            **words["member_overrides"].get(f"{ref}/{member['ags']}", {}),
        }
        role = other.get("role") or self.texts.word("roles", member["role"])
        if role is None:
            return
        earlier = words["earlier_parts"].get(f"{ref}/{member['ags']}")
        for field in ("part", "note"):
            if member.get(field) and not other.get(field) and earlier is None:
                raise SourceError(f"words.yaml has no German {field} for member_overrides of {ref}/{member['ags']}")
        name = f"{ref}-{member['ags']}"
        said = {
            "ref": name,
            "cooperation": ref,
            **self.areas.party(member["ags"]),
            "role": role,
            "part": other.get("part", ""),
            "via": member.get("via") or "",
            "valid_from": member.get("from") or "",
            "valid_until": day_after(member.get("to") or ""),
            "note": other.get("note") or words["role_notes"].get(member["role"], ""),
            "review_note": self.evidence.note("membership", name, member),
        }
        if earlier is not None:
            whole_from, first = earlier["whole_from"].isoformat(), f"{name}-teil"
            note = self.evidence.note("membership", first, member)
            yield {**said, "ref": first, "part": earlier["part"], "valid_until": whole_from, "review_note": note}
            said["valid_from"] = whole_from
        yield said

    def _organisation(self, ref: str, fact: Fact, member: Fact, end: str) -> Said:
        role, words = self.texts.word("organisation_roles", member["role"])
        name = f"{ref}-{member['org']}"
        self.evidence.cite("membership", name, self._sources_of_both(fact, self.facts.organisations[member["org"]]))
        return {
            "ref": name,
            "cooperation": ref,
            "organisation": member["org"],
            "role": role,
            "valid_from": member.get("from") or member.get("frm") or "",
            "valid_until": end,
            "note": words,
        }

    def _sources_of_both(self, cooperation: Fact, organisation: Fact) -> list[str]:
        """The sources of an organisation that also speak of the cooperation; all of its own where none does."""
        spoken = set(cooperation["sources"])
        for member in cooperation["members"]:
            spoken.update(member["sources"])
        prefixes = {source.split("-")[0] for source in cooperation["sources"] if not source.startswith("ref-")}
        own: list[str] = organisation["sources"]
        return (
            [source for source in own if source in spoken]
            or [source for source in own if source.split("-")[0] in prefixes]
            or own
        )

    def _member_cooperation(self, ref: str, fact: Fact, relation: Fact, end: str) -> Said | None:
        made = self.texts.word("relations", relation["type"])
        if made is None:
            return None
        role, words = made
        other = self.facts.cooperations[relation["to"]]
        name = f"{ref}-{relation['to']}"
        if (fact.get("field_confidence") or {}).get("relations") == MEMORY:
            remembered = "Aus dem Gedächtnis, noch zu belegen."
        else:
            remembered = ""
            both = [source for source in fact["sources"] if source in other["sources"]]
            self.evidence.cite("membership", name, both or fact["sources"])
        return {
            "ref": name,
            "cooperation": ref,
            "party_cooperation": relation["to"],
            "role": role,
            "valid_from": fact.get("founded") or "" if end else "",
            "valid_until": end,
            "note": words,
            "review_note": remembered,
        }

    # ---------------------------------------------------------------------------------- agreements and projects

    def agreements(self) -> Iterator[Said]:
        for ref, fact in self.facts.agreements.items():
            ours = self._ours("agreements", ref)
            period = fact.get("period") or {}
            yield {
                "ref": ref,
                "title": ours["title"],
                "kind": ours.get("kind") or self.texts.word("agreement_kinds", fact["kind"]),
                "cooperation": fact.get("cooperation"),
                "signed": fact.get("date") or "",
                "valid_from": period.get("start") or "",
                "valid_until": day_after(period.get("end") or ""),
                "place": (fact.get("place") or {}).get("name", ""),
                "subject_de": ours["de"],
                "subject_en": ours["en"],
                "parties": [self._party(each) for each in fact["parties"]],
                "tasks": [{"task": task, "mode": "gemeinsam"} for task in ours.get("tasks", [])],
                "review_note": self.evidence.note("agreement", ref, fact, ours.get("review", "")),
            }

    def projects(self) -> Iterator[Said]:
        for ref, fact in self.facts.projects.items():
            ours = self._ours("projects", ref)
            carried: list[str] = fact["cooperations"]
            lead = ours.get("lead") or (carried[0] if len(carried) == 1 else "")
            programme = fact.get("funding")
            yield {
                "ref": ref,
                "name": ours.get("name") or fact["name"],
                "state": ours["state"],
                "tasks": self.texts.tasks(fact["topic"].split(", ") if fact.get("topic") else []),
                "started": fact.get("start") or "",
                "ended": day_after(fact.get("end") or ""),
                "summary_de": ours["de"],
                "summary_en": ours["en"],
                "outcome_de": ours.get("outcome_de", ""),
                "outcome_en": ours.get("outcome_en", ""),
                "reasons": ours.get("reasons", []),
                "reason_note_de": ours.get("reason_de", ""),
                "reason_note_en": ours.get("reason_en", ""),
                "learned_de": ours.get("learned_de", ""),
                "learned_en": ours.get("learned_en", ""),
                "cooperations": [
                    {"cooperation": each, "lead": each == lead}
                    for each in sorted(carried, key=lambda each: each != lead)
                ],
                "partners": [
                    *(self._party(each) for each in fact["partners"]),
                    *({"party_name": self._named(each)} for each in fact.get("other_regions") or []),
                ],
                "fundings": [
                    {
                        "programme": self.texts.words["programmes"].get(programme, programme),
                        "amount_eur": _amount(ours.get("funding")),
                    }
                ]
                if programme
                else [],
                "effects": ours.get("effects", []),
                "review_note": self.evidence.note("project", ref, fact, ours.get("review", "")),
            }

    def _party(self, party: Fact) -> Said:
        match party["type"]:
            case "territory":
                return dict(self.areas.party(party["ref"]))
            case "organisation":
                return {"organisation": party["ref"]}
            case "cooperation":
                return {"party_cooperation": party["ref"]}
            case "name":
                return {"party_name": self._named(party["ref"])}
            case other:
                raise SourceError(f"a party of an unknown type {other!r}")

    def _named(self, name: str) -> str:
        return str(self.texts.words["party_names"].get(name, name))

    def meetings(self) -> Iterator[Said]:
        for ref, ours in self.texts.meetings.items():
            self.evidence.cite("meeting", ref, ours["sources"])
            day = dt.datetime.fromisoformat(ours["date"])
            yield {
                "ref": ref,
                "name": ours["name"],
                # noon in Greenwich is the same day everywhere in Europe
                "start": day.replace(hour=12, tzinfo=dt.UTC).isoformat(),
                "whole_day": True,
                "place": ours.get("place", ""),
                "place_key": ours.get("place_key", ""),
                "note_de": ours["de"],
                "note_en": ours["en"],
                "bodies": ours["bodies"],
                "agenda": [{"number": str(number), **each} for number, each in enumerate(ours.get("agenda", []), 1)],
                "review_note": ours.get("review", ""),
            }

    # ------------------------------------------------------------------------------------------------- evidence

    def sources(self) -> Iterator[Said]:
        for ref, fact in self.facts.sources.items():
            ours = self.texts.sources.get(ref, {})
            published = ours.get("published", fact.get("date") or "")
            yield {
                "ref": ref,
                "title": ours.get("title") or fact["title"],
                "publisher": ours.get("publisher", fact.get("publisher") or ""),
                "evidence": ours.get("evidence") or self._evidence(fact),
                "url": fact.get("url") or "",
                "published": published,
                "note": ours.get("note", ""),
            }

    def _evidence(self, fact: Fact) -> str:
        if fact["kind"] == "dataset":
            return "studie"
        return "presse" if fact.get("publisher") in self.texts.words["press"] else "web"

    def statements(self) -> Iterator[Said]:
        for ref, fact in self.facts.claims.items():
            ours = self._ours("statements", ref)
            subject = fact["subject"]
            unit = self.texts.word("units", fact["unit"])
            for other in fact.get("conflicting") or []:
                note = f"Nennt {_amount(other['value'])} {unit}."
                self.evidence.cite("statement", ref, other["sources"], stance="widerspricht", field="value", note=note)
            yield {
                "ref": ref,
                "about_type": "cooperation" if subject["type"] == "cooperation" else "area",
                "about_ref": subject["ref"],
                "what_de": ours["de"],
                "what_en": ours["en"],
                "property": fact["property"],
                "operator": fact["operator"],
                "value": _figure(fact),
                "unit": unit,
                "as_of": _date(fact.get("as_of")),
                "check_de": ours.get("check_de", ""),
                "check_en": ours.get("check_en", ""),
                "review_note": self.evidence.note("statement", ref, fact),
            }

    def attachments(self) -> Iterator[Said]:
        for ref, fact in self.facts.documents.items():
            ours = self.texts.documents.get(ref, {})
            about = [("cooperation", each) for each in fact["cooperations"]] or list(ours["about"].items())
            for type_, other in about:
                name = ref if len(about) == 1 else f"{ref}-{other}"
                missing = (
                    "" if fact.get("url") else "Nur durch eine Erwähnung bekannt; eine Adresse wurde nicht gefunden."
                )
                yield {
                    "ref": name,
                    "about_type": type_,
                    "about_ref": other,
                    "title": ours.get("title") or fact["title"],
                    "url": fact.get("url") or "",
                    "publisher": fact.get("publisher") or "",
                    "published": _date(fact.get("date")),
                    "language": fact["language"],
                    "note": " ".join(filter(None, (ours.get("note", ""), missing))),
                    "review_note": self.evidence.note("attachment", name, fact),
                }

    def coverage(self) -> Iterator[Said]:
        for claim, ours in self.texts.words["coverage"].items():
            fact = self.facts.claims[claim]
            yield {
                "ref": claim.removeprefix("cl-"),
                "land_key": ours["land"],
                "kind": ours["kind"],
                "exist": fact["value"],
                "as_of": ours["as_of"],
                "source": ours["source"],
            }

    def key_changes(self) -> Iterator[Said]:
        for change in self.areas.key_changes():
            name = f"{change['old_key']}-{change['new_key']}"
            self.evidence.cite("key-change", name, ["lau-history"])
            yield {
                "ref": name,
                **change,
                "review_note": "Das Jahr steht in den jährlichen Listen, der Tag ist aus dem Gedächtnis.",
            }

    def _ours(self, name: str, ref: str) -> Fact:
        try:
            found: Fact = getattr(self.texts, name)[ref]
        except KeyError:
            raise SourceError(f"{self.texts.folder / name}.yaml has no text for {ref}") from None
        return found


def _amount(value: object) -> str | None:
    """A number as the register writes it."""
    if value is None:
        return None
    return format(Decimal(str(value)).normalize(), "f")


def _figure(claim: Fact) -> str | None:
    """The number a claim states, a share in per cent; ``None`` where it states a date or a key."""
    value = claim["value"]
    if not isinstance(value, int | float):
        return None
    return _amount(Decimal(str(value)) * 100 if claim["unit"] == "share" else value)


def _date(text: str | None) -> str:
    """A date known to the year, month or day; what is a span of years or nothing is none."""
    return text if text and _DATE.match(text) else ""


def convert(facts: Path, texts: Texts | None = None) -> list[Said]:
    """Every record of the demonstration register, complete and checked, in no particular order.

    Raises `SourceError` for facts that cannot be read, words nobody has translated, and records that cannot be.
    """
    from nahtstelle.portal.register.demonstration.whole import unknown_references, whole

    conversion = Conversion(Facts(facts), texts or Texts())
    records = [whole(type_, said) for type_, said in conversion.records()]
    seen: set[tuple[str, str]] = set()
    for each in records:
        name = (each["type"], each["ref"])
        if name in seen:
            raise SourceError(f"{each['type']} {each['ref']} stands twice")
        seen.add(name)
    if unknown := unknown_references(records):
        raise SourceError(f"what is referred to is missing: {'; '.join(unknown[:5])}")
    return records


def to_review(records: list[Said]) -> str:
    """Everything the editorial staff still has to check, as a list in Markdown."""
    lines = ["# Was im Register der Vorführung zu prüfen ist", "", "Erzeugt mit dem Register, siehe `README.md`.", ""]
    names = {each["ref"]: each["name"] for each in records if each["type"] in ("organisation", "cooperation")}
    notes: dict[str, dict[str, list[str]]] = {}
    order = list(_HEADINGS)
    noted = [each for each in records if each["review_note"]]
    for each in sorted(noted, key=lambda each: (order.index(each["type"]), each["ref"])):
        for note in each["review_note"].split("\n"):
            notes.setdefault(_HEADINGS[each["type"]], {}).setdefault(note, []).append(_titled(each, names))
    for heading, found in notes.items():
        lines += [f"## {heading}", ""]
        lines += [f"- {note}\n  *{'; '.join(titles)}*" for note, titles in found.items()]
        lines.append("")
    return "\n".join(lines)


def _titled(said: Said, names: dict[str, str]) -> str:
    for field in ("name", "title", "what_de", "old_name"):
        if said.get(field):
            more = f" ({said['old_key']} → {said['new_key']})" if said["type"] == "key-change" else ""
            return f"{said[field]}{more}"
    member = said["area_name"] or names[said["organisation"] or said["party_cooperation"]]
    return f"{member} in {names[said['cooperation']]}"


def write(facts: Path, out: Path = FILE) -> int:
    """Convert and write the file, and beside it what is to be checked; say how many records it holds."""
    from nahtstelle.register_file import write_lines

    texts = Texts()
    records = convert(facts, texts)
    out.with_name(REVIEW).write_text(to_review(records), "utf-8")
    return write_lines(out, records, dt.date.fromisoformat(texts.words["as_of"]))


def main(words: list[str]) -> int:
    """``python -m nahtstelle.portal.register.demonstration.convert FOLDER_OF_THE_FACTS``."""
    if len(words) != 1:
        sys.stderr.write("name the folder of the facts\n")
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nahtstelle.portal.settings")
    import django

    django.setup()
    try:
        count = write(Path(words[0]))
    except SourceError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{FILE.name}: {count} records\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
