"""What the facts say of their own reliability, as the register keeps it: citations, and notes on what to check."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from nahtstelle.portal.register.demonstration.facts import KNOWLEDGE, MEMORY, Fact, Facts, Texts


class Evidence:
    """Collects citations while records are made; what is known from memory gets none, but a note."""

    def __init__(self, facts: Facts, texts: Texts) -> None:
        self.facts = facts
        self.texts = texts
        self.citations: dict[str, dict[str, Any]] = {}

    def cite(
        self, type_: str, ref: str, sources: Iterable[str], *, stance: str = "belegt", field: str = "", note: str = ""
    ) -> None:
        """These sources say something to a record."""
        for source in sources:
            if source == KNOWLEDGE:
                continue
            said = "/".join((type_, ref, source, field, stance))
            name = hashlib.sha256(said.encode()).hexdigest()[:16]
            self.citations[name] = {
                "ref": name, "source": source, "about_type": type_, "about_ref": ref, "stance": stance, "field": field,
                "note": note,
            }  # fmt: skip

    def note(self, type_: str, ref: str, fact: Fact, more: str = "") -> str:
        """Cite what a fact rests on, and return what the editorial staff has to check, empty where nothing is open.

        Relations to other cooperations are memberships or computed, and are no part of the record itself.
        """
        notes = [more] if more else []
        if fact["confidence"] == MEMORY:
            hints = [self._titled(source) for source in fact["sources"] if source != KNOWLEDGE]
            hint = f" Anhaltspunkt: {', '.join(hints)}." if hints else ""
            notes.append(f"Aus dem Gedächtnis, noch zu belegen.{hint}")
        else:
            self.cite(type_, ref, fact["sources"])
        levels = {name: level for name, level in (fact.get("field_confidence") or {}).items() if name != "relations"}
        remembered = [name for name, level in levels.items() if level == MEMORY]
        if remembered:
            words = dict.fromkeys(self.texts.word("fields", name) for name in remembered)
            notes.append(f"Aus dem Gedächtnis: {', '.join(words)}.")
        return "\n".join(notes)

    def _titled(self, source: str) -> str:
        title = self.texts.sources.get(source, {}).get("title") or self.facts.sources[source]["title"]
        return title if "„" in title else f"„{title}“"
