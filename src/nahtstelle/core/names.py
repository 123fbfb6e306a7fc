"""Finding areas by name as people type them: umlauts or not, with or without the designation."""

from __future__ import annotations

import re
import unicodedata

_DESIGNATIONS = re.compile(
    r"^(landkreis|kreis|kreisfreie stadt|stadtkreis|stadt|gemeinde|markt|flecken|samtgemeinde|verbandsgemeinde|amt|"
    r"hansestadt|region|land|freistaat|regionalverband|verwaltungsgemeinschaft) (?=\w)"
)
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

_ALIKE = {
    "kreis": "landkreis", "landkreis": "kreis", "kreisfreie stadt": "stadtkreis", "stadtkreis": "kreisfreie stadt",
}  # fmt: skip


def folded(name: str) -> str:
    """The name without case, accents, umlauts and punctuation, so that spellings of one place are equal.

    >>> folded("Lüneburg"), folded("LUENEBURG"), folded("Bad Münder a. Deister")
    ('lueneburg', 'lueneburg', 'bad muender a deister')
    """
    text = unicodedata.normalize("NFC", name).casefold().translate(_SPELLED_OUT)
    text = "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^\w]+", " ", text).split())


def bare(folded_name: str) -> str:
    """A folded name without what the designation adds before it.

    >>> bare(folded("Landkreis Hameln-Pyrmont")), bare(folded("Stadtroda"))
    ('hameln pyrmont', 'stadtroda')
    """
    return _DESIGNATIONS.sub("", folded_name)


def _words_for(designation: str | None) -> tuple[str, ...]:
    """A designation, and the other Länder's word for the same: what is a Kreis in one is a Landkreis in the next."""
    word = folded(designation or "")
    return tuple(filter(None, (word, _ALIKE.get(word))))


def fit(query: str, name: str, designation: str | None) -> int | None:
    """How well a name answers a query, smallest best, ``None`` for not at all.

    0 the whole name with its designation, or the name itself; 1 the name after taking the designation off;
    2 the name begins with it; 3 a word in it begins with it.

    >>> fit("Landkreis München", "München", "Landkreis"), fit("Landkreis München", "München", "Kreisfreie Stadt")
    (0, None)
    >>> fit("muenchen", "München", "Landkreis"), fit("Hameln", "Hameln-Pyrmont", "Landkreis")
    (0, 2)
    """
    asked, own = folded(query), folded(name)
    if not asked:
        return None
    if asked == own:
        return 0
    for word in _words_for(designation):
        if asked.startswith(f"{word} "):
            asked = asked.removeprefix(f"{word} ")
            if asked == own:
                return 0
            break
    if asked == bare(own):
        return 1
    if own.startswith(asked):
        return 2
    if f" {asked}" in f" {own}":
        return 3
    return None


def full_name(name: str, designation: str | None) -> str:
    """Designation and name together; a designation the name already begins with is not said twice.

    >>> full_name("Hameln-Pyrmont", "Landkreis"), full_name("Region Hannover", "Landkreis")
    ('Landkreis Hameln-Pyrmont', 'Region Hannover')
    """
    if not designation or name.startswith(("Region ", "Regionalverband ", "Städteregion ", designation)):
        return name
    return f"{designation} {name}"
