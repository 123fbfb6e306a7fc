"""Names and editions of the areas the facts name, and how their keys changed."""

from __future__ import annotations

from typing import Any

from nahtstelle.core.periods import day_after
from nahtstelle.editions.catalogue import open_edition
from nahtstelle.errors import UnknownArea
from nahtstelle.portal.register.demonstration.facts import Facts, Texts

MUNICIPALITIES, DISTRICTS, EARLIER, EARLIEST = "lau-2024", "nuts3-2024", "de-vg250-2016-01-01", "gvisys-2011"
"""The lists in which keys stand: those valid in 2024, and for those that ended the latest list that still has them."""


class Areas:
    """Areas by their keys."""

    def __init__(self, facts: Facts, texts: Texts) -> None:
        self.edition = open_edition(EARLIER)
        self.texts = texts
        self.ended = {each["ags"]: each["valid_to"] for each in facts.members if each.get("valid_to")}
        self.changes = self._changes(facts)
        self.before = {change["new_key"]: change["old_key"] for change in self.changes}
        self.named = {each["ags"]: each["name"].removesuffix(" (until 2016)") for each in facts.members}
        self.named.update({each["new"]: each["name"] for each in texts.words["key_changes"]})

    def _changes(self, facts: Facts) -> list[dict[str, str]]:
        found = {
            (each["ags"], each["successor_ags"]): day_after(each["valid_to"])
            for each in facts.members
            if each.get("successor_ags")
        }
        found.update({(each["old"], each["new"]): each["day"] for each in self.texts.words["key_changes"]})
        return [{"old_key": old, "new_key": new, "on": on} for (old, new), on in sorted(found.items())]

    def key_changes(self) -> list[dict[str, str]]:
        """Every change of a key, with names."""
        return [
            {**each, "old_name": self.name(each["old_key"]), "new_name": self.name(each["new_key"])}
            for each in self.changes
        ]

    def name(self, key: str) -> str:
        """The name with the word for what it is where the name alone could mean the town as well."""
        area = self._area(key)
        name = self.named.get(key) or (area.name if area is not None else "")
        if not name:
            raise UnknownArea(f"no name for {key!r}: neither the facts nor edition {self.edition.id} have it")
        name = name.split(", ")[0]
        said = "kreis" in name.lower() or name.startswith("Region ")
        district = len(key) == 5 and area is not None and area.designation in ("Landkreis", "Kreis")
        return f"{area.designation} {name}" if district and not said else name

    def _area(self, key: str) -> Any:
        """The area of the edition in the package under this key, or under an earlier one."""
        for known in (key, self.before.get(key, "")):
            try:
                return self.edition.area(known)
            except UnknownArea:
                continue
        return None

    def list_of(self, key: str) -> str:
        """The list to look a key up in."""
        if key in self.ended or key in {each["old_key"] for each in self.changes}:
            try:
                self.edition.area(key)
            except UnknownArea:
                return EARLIEST
            return EARLIER
        return DISTRICTS if len(key) == 5 else MUNICIPALITIES

    def party(self, key: str) -> dict[str, str]:
        """The fields with which a record names an area that takes part."""
        return {"area_key": key, "area_edition": self.list_of(key), "area_name": self.name(key)}
