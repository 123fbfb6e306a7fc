"""Official keys: AGS, ARS and NUTS. Parse, check, parent, order.

A German key is hierarchical: 2 digits Land, 1 government district, 2 district, 4 union, 3 municipality.
The ARS (Amtlicher Regionalschlüssel) has all twelve; the AGS (Amtlicher Gemeindeschlüssel) leaves the
union out. Keys are text: ``"03252"`` is Hameln-Pyrmont, ``3252`` is a spreadsheet's accident.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import total_ordering

from nahtstelle.errors import KeyFormatError


@total_ordering
class Level(Enum):
    """Level of administration, smallest first in its order.

    >>> Level.MUNICIPALITY < Level.UNION < Level.DISTRICT < Level.LAND
    True
    """

    MUNICIPALITY = "municipality"
    UNION = "union"
    DISTRICT = "district"
    LAND = "land"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Level):
            return NotImplemented
        return LEVELS.index(self) < LEVELS.index(other)

    def __str__(self) -> str:
        return self.value

    @classmethod
    def parse(cls, text: str) -> Level:
        """The level of this name. Raises `KeyFormatError` for any other word.

        >>> Level.parse("district")
        <Level.DISTRICT: 'district'>
        """
        try:
            return cls(text)
        except ValueError:
            known = ", ".join(level.value for level in reversed(LEVELS))
            raise KeyFormatError(f"unknown level {text!r}: expected one of {known}") from None


LEVELS = (Level.MUNICIPALITY, Level.UNION, Level.DISTRICT, Level.LAND)

LENGTH_OF_LEVEL = {Level.LAND: 2, Level.DISTRICT: 5, Level.UNION: 9, Level.MUNICIPALITY: 12}
LEVEL_OF_LENGTH = {length: level for level, length in LENGTH_OF_LEVEL.items()} | {8: Level.MUNICIPALITY}

LAENDER = {
    "01": "Schleswig-Holstein",
    "02": "Hamburg",
    "03": "Niedersachsen",
    "04": "Bremen",
    "05": "Nordrhein-Westfalen",
    "06": "Hessen",
    "07": "Rheinland-Pfalz",
    "08": "Baden-Württemberg",
    "09": "Bayern",
    "10": "Saarland",
    "11": "Berlin",
    "12": "Brandenburg",
    "13": "Mecklenburg-Vorpommern",
    "14": "Sachsen",
    "15": "Sachsen-Anhalt",
    "16": "Thüringen",
}

LAND_OF_NUTS1 = {
    "DE1": "08", "DE2": "09", "DE3": "11", "DE4": "12", "DE5": "04", "DE6": "02", "DE7": "06", "DE8": "13",
    "DE9": "03", "DEA": "05", "DEB": "07", "DEC": "10", "DED": "14", "DEE": "15", "DEF": "01", "DEG": "16",
}  # fmt: skip


@dataclass(frozen=True, order=True)
class AreaKey:
    """One official German key, checked.

    ``text`` holds 2 digits (Land), 5 (district), 9 (union), 12 (municipality as ARS) or 8 (municipality
    as AGS). Ordered as text, which groups an area with its parts.

    >>> key = AreaKey.parse("032520006006")
    >>> key.level, key.ags, str(key.parent), str(key.land)
    (<Level.MUNICIPALITY: 'municipality'>, '03252006', '032520006', '03')
    """

    text: str

    @classmethod
    def parse(cls, text: str) -> AreaKey:
        """Check a key and keep it. Spaces between the groups, as print often has them, are taken out.

        Raises `KeyFormatError` saying what is wrong: not text, not digits, a length no level has (a lost
        leading zero is named as such), a Land that does not exist.

        >>> str(AreaKey.parse("03 2 52"))
        '03252'
        """
        if not isinstance(text, str):
            raise KeyFormatError(
                f"key {text!r} is a {type(text).__name__}, expected text: as a number it loses its leading zero"
            )
        digits = re.sub(r"\s", "", text)
        if not digits.isascii() or not digits.isdigit():
            raise KeyFormatError(f"key {text!r} is no AGS or ARS: expected digits only")
        if len(digits) not in LEVEL_OF_LENGTH:
            raise KeyFormatError(f"key {text!r} has {len(digits)} digits: {_what_length(digits)}")
        if digits[:2] not in LAENDER:
            raise KeyFormatError(f"key {text!r} starts with {digits[:2]!r}, but the Länder are 01 to 16")
        return cls(digits)

    @property
    def level(self) -> Level:
        """Level, told by the length."""
        return LEVEL_OF_LENGTH[len(self.text)]

    @property
    def ags(self) -> str:
        """The 8-digit AGS of a municipality; of larger areas the key itself as far as AGS and ARS agree.

        Raises `KeyFormatError` for a union, which has no AGS.
        """
        if self.level is Level.UNION:
            raise KeyFormatError(f"key {self.text!r} is a union: unions have an ARS and no AGS")
        return self.text[:5] + self.text[9:] if len(self.text) == 12 else self.text

    @property
    def parent(self) -> AreaKey | None:
        """The area one level up that the key itself names; ``None`` for a Land.

        An AGS does not name its union, so its parent is the district. The tables of an edition know the
        parent of every area, also where a union crosses a district border.
        """
        up = {12: 9, 9: 5, 8: 5, 5: 2}.get(len(self.text))
        return None if up is None else AreaKey(self.text[:up])

    @property
    def land(self) -> AreaKey:
        """The Land the key lies in."""
        return AreaKey(self.text[:2])

    def __str__(self) -> str:
        return self.text


def _what_length(digits: str) -> str:
    lengths = "2 (Land), 5 (district), 8 (municipality, AGS), 9 (union) or 12 (municipality, ARS)"
    if len(digits) + 1 in LEVEL_OF_LENGTH and f"0{digits[0]}" in LAENDER:
        return f"perhaps a leading zero was lost, did you mean '0{digits}'? Keys have {lengths} digits"
    if len(digits) == 3:
        return f"government districts are no level here; keys have {lengths} digits"
    return f"expected {lengths}"


_NUTS = re.compile(r"[A-Z]{2}[0-9A-Z]{0,3}")


@dataclass(frozen=True, order=True)
class NutsCode:
    """One code of the European NUTS: two letters for the state, then one sign per level.

    >>> NutsCode.parse("DE923").level, str(NutsCode.parse("DE923").parent), NutsCode.parse("DE923").land
    (3, 'DE92', '03')
    """

    text: str

    @classmethod
    def parse(cls, text: str) -> NutsCode:
        """Check a code and keep it in capitals. Raises `KeyFormatError` saying what is wrong."""
        if not isinstance(text, str):
            raise KeyFormatError(f"NUTS code {text!r} is a {type(text).__name__}, expected text")
        code = text.strip().upper()
        if not _NUTS.fullmatch(code):
            raise KeyFormatError(
                f"{text!r} is no NUTS code: expected two letters for the state and up to three letters or digits"
            )
        if code.startswith("DE") and len(code) > 2 and code[:3] not in LAND_OF_NUTS1:
            raise KeyFormatError(f"NUTS code {text!r} names no Land: DE1 to DE9 and DEA to DEG exist")
        return cls(code)

    @property
    def country(self) -> str:
        """The two letters of the state."""
        return self.text[:2]

    @property
    def level(self) -> int:
        """0 state, 1, 2 or 3."""
        return len(self.text) - 2

    @property
    def parent(self) -> NutsCode | None:
        """The code one level up; ``None`` for a state."""
        return NutsCode(self.text[:-1]) if self.level else None

    @property
    def land(self) -> str | None:
        """The 2-digit key of the German Land; ``None`` elsewhere and for Germany as a whole."""
        return LAND_OF_NUTS1.get(self.text[:3])

    def __str__(self) -> str:
        return self.text
