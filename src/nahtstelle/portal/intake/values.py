"""What a cell says: dates, amounts, addresses and words of the vocabularies, as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from nahtstelle.core.names import folded
from nahtstelle.core.periods import first_day
from nahtstelle.core.vocabularies import Vocabulary

LIKENESS = 70
"""Score of rapidfuzz from which on something is offered; nothing is taken because of a score alone."""
MOST_OFFERED = 5

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("januar", "jan", "jaenner", "january"), ("februar", "feb", "february"), ("maerz", "mrz", "mar", "march"),
            ("april", "apr"), ("mai", "may"), ("juni", "jun", "june"), ("juli", "jul", "july"), ("august", "aug"),
            ("september", "sep", "sept"), ("oktober", "okt", "oct", "october"), ("november", "nov"),
            ("dezember", "dez", "dec", "december"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
_NOTHING = frozenset({"", "-", "–", "—", "k.a.", "k. a.", "n/a", "unbekannt", "?", "offen", "heute", "laufend"})
_ALIKE: dict[str, dict[str, str]] = {
    "kinds": {"leader": "leader-region", "lag": "leader-region", "leader_region": "leader-region", "ile": "ile-region"},
    "legal_forms": {
        "eingetragener verein": "ev", "e v": "ev", "verein": "ev", "gesellschaft mit beschraenkter haftung": "gmbh",
        "oeffentlich rechtliche vereinbarung": "oerv-mandatierend", "arge": "arbeitsgemeinschaft", "keine": "ohne",
        "informell": "ohne",
    },
    "member_roles": {
        "mitgliedskommune": "mitglied", "vollmitglied": "mitglied", "member": "mitglied", "lead": "federfuehrend",
    },
    "project_states": {
        "laeuft": "umsetzung", "laufend": "umsetzung", "beendet": "abgeschlossen", "fertig": "abgeschlossen",
    },
    "cooperation_states": {"aktiv": "aktiv", "laufend": "aktiv", "besteht": "aktiv", "aufgeloest": "aufgeloest"},
}  # fmt: skip
"""What lists call a term beside its label."""


class NotUnderstood(ValueError):
    """A cell that says nothing of what was asked for."""


@dataclass(frozen=True)
class Offer:
    """Something that may be meant, and how alike it is, from 0 to 100."""

    value: str
    label: str
    score: int


def is_nothing(text: str) -> bool:
    """Whether a cell only says that nothing is known."""
    return text.strip().casefold() in _NOTHING


def date_of(text: str) -> str:
    """A date as the register keeps it, as exact as it is given. Raises `NotUnderstood`.

    >>> date_of("27.10.2014"), date_of("10/2014"), date_of("Oktober 2014"), date_of("2014"), date_of("2014-10-27")
    ('2014-10-27', '2014-10', '2014-10', '2014', '2014-10-27')
    """
    said = text.strip()
    found = said
    if match := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", said):
        found = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
    elif match := re.fullmatch(r"(\d{1,2})[./-](\d{4})", said):
        found = f"{match[2]}-{int(match[1]):02}"
    elif match := re.fullmatch(r"(?:(\d{1,2})\.?\s+)?([^\W\d]+)\.?\s+(\d{4})", said):
        month = _MONTHS.get(folded(match[2]))
        if month is None:
            raise NotUnderstood(text)
        found = f"{match[3]}-{month:02}" + (f"-{int(match[1]):02}" if match[1] else "")
    elif match := re.fullmatch(r"(?:seit|ab|bis|von|ca\.?)\s+(.+)", said, re.IGNORECASE):
        return date_of(match[1])
    try:
        day = first_day(found)
    except ValueError as error:
        raise NotUnderstood(text) from error
    if day is None or not 1500 <= day.year <= 2200:
        raise NotUnderstood(text)
    return found


def amount_of(text: str) -> str:
    """An amount of money with a point before the cents. Raises `NotUnderstood`.

    >>> amount_of("1.550.000,00 €"), amount_of("12,5"), amount_of("1200.50"), amount_of("3 Mio. EUR")
    ('1550000.00', '12.5', '1200.50', '3000000')
    """
    said = re.sub(r"(?i)€|euro?|\s|ca\.?", "", text)
    times = 1
    if match := re.fullmatch(r"(?i)(.+?)(mio\.?|millionen|tsd\.?|t)", said):
        times = 1_000_000 if match[2].lower().startswith("m") else 1000
        said = match[1]
    if "," in said:
        said = said.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(\.\d{3})+", said):
        said = said.replace(".", "")
    try:
        value = Decimal(said)
    except InvalidOperation as error:
        raise NotUnderstood(text) from error
    if not value.is_finite():
        raise NotUnderstood(text)
    return format(value * times, "f") if times == 1 else format((value * times).quantize(Decimal(1)), "f")


def url_of(text: str) -> str:
    """An address, with the scheme that is usually left out. Raises `NotUnderstood`."""
    said = text.strip()
    if re.match(r"(?i)https?://", said):
        return said
    if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", said):
        return f"https://{said}"
    raise NotUnderstood(text)


@lru_cache(maxsize=64)
def _terms(name: str, terms: tuple[tuple[str, str, str], ...]) -> dict[str, str]:
    known = dict(_ALIKE.get(name, {}))
    for ident, de, en in terms:
        for said in (ident, de, en, re.sub(r"\s*\(.*?\)", "", de)):
            known.setdefault(folded(said), ident)
    return known


def term_of(vocabulary: Vocabulary, text: str) -> str | None:
    """The id of the term a cell names by its id, its label or a usual other word; ``None`` where it names none."""
    rows = tuple((term.id, term.de, term.en) for term in vocabulary.values())
    return _terms(vocabulary.name, rows).get(folded(text))


def terms_offered(vocabulary: Vocabulary, text: str, language: str) -> list[Offer]:
    """Terms a cell may mean, the most alike first."""
    from rapidfuzz import fuzz, process

    labels = {term.id: folded(term.de) for term in vocabulary.values()}
    best = process.extract(folded(text), labels, scorer=fuzz.WRatio, limit=MOST_OFFERED, score_cutoff=LIKENESS)
    return [Offer(ident, vocabulary[ident].label(language), round(score)) for _label, score, ident in best]


def listed(text: str) -> Iterator[str]:
    """The things a cell lists, set apart by semicolons, bars or line ends; by commas where there are none of these."""
    parts = re.split(r"[;|\n]", text) if re.search(r"[;|\n]", text) else text.split(",")
    yield from (part.strip() for part in parts if part.strip())
