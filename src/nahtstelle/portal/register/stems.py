"""Stems of German words: what a text is found by, whatever the ending, the umlauts and the compound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

from nahtstelle.core import vocabularies
from nahtstelle.core.names import folded

LONGEST_STEM = 60
_STEMMER = snowballstemmer.stemmer("german")

_STOPPED = """
der die das den dem des ein eine einer eines einem einen und oder in im an am auf aus bei beim bis durch fuer mit nach
ueber um von vom vor zu zum zur als auch ist sind war waren wird werden hat haben sich nicht noch so wie dass es er sie
wir the a an of and or to for with by on is are was were be it its this that from at as
"""
STOP_WORDS = frozenset(_STOPPED.split())
"""Words that say nothing by themselves. Few, as "ohne" or "gegen" may be what somebody looks for."""

_PARTS = """
region regional kooperation zusammenarbeit verband verein verbund netz netzwerk park kreis gemeinde gebiet initiative
gesellschaft gemeinschaft genossenschaft vertrag vereinbarung verwaltung planung entwicklung foerderung wirtschaft
tourismus verkehr mobilitaet energie klima schutz wasser abwasser abfall bildung schule gesundheit kultur natur
landschaft forst bahn strasse zentrum agentur konzept projekt programm studie fonds stiftung buendnis allianz
partnerschaft raum arbeit gewerbe rettung feuerwehr kataster leitstelle sharing kampagne management marketing versorgung
entsorgung verordnung satzung beschluss sitzung versammlung gespraech hochwasser vorland hoehenzug bergland geopark
nachbar partner senioren jugend
"""
"""Words compounds of the field are made of, beside those of the vocabularies. None that names of places end in."""

_INNER = re.compile(r"[^\W\d_]*[a-zäöüß][A-ZÄÖÜ][^\W\d_]*|[A-ZÄÖÜ]{3,}[a-zäöüß]{3,}")
_PIECE = re.compile(r"[A-ZÄÖÜ]{3,}(?=[a-zäöüß])|[A-ZÄÖÜ]?[a-zäöüß]+|[A-ZÄÖÜ]+")
_LINKS = ("", "s", "es", "n", "en", "er", "e")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a folded word.

    >>> stem("kooperationen"), stem("laender"), stem("verbaende")
    ('kooperation', 'land', 'verband')
    """
    return str(_STEMMER.stemWord(word))[:LONGEST_STEM]


@lru_cache(maxsize=1)
def _known() -> tuple[frozenset[str], dict[str, str]]:
    """Stems that compounds end in, and the stem for each form in which a known word begins one."""
    labels = (term.de for name in ("TASKS", "KINDS", "LEGAL_FORMS") for term in getattr(vocabularies, name).values())
    nouns = (folded(word) for label in labels for word in label.split() if word[0].isupper())
    known = dict.fromkeys([*_PARTS.split(), *(word for noun in nouns for word in noun.split() if len(word) > 5)])
    fronts = {form + link: stem(word) for word in known for form in (word, stem(word)) for link in _LINKS}
    return frozenset(stem(word) for word in known), fronts


@lru_cache(maxsize=100_000)
def parts(whole: str) -> tuple[str, ...]:
    """The stems a compound is made of, as far as its first or last part is a word of the field; none for others.

    >>> parts(stem("kooperationsregionen")), parts(stem("wasserbeschaffung")), parts(stem("hannover"))
    (('kooperation', 'region'), ('wass', 'beschaff'), ())
    """
    tails, fronts = _known()
    for start in range(3, len(whole) - 3):  # the longest known end first
        head, tail = whole[:start], whole[start:]
        if tail in tails:
            front = fronts.get(head) or stem(head)
            if len(front) >= 3:
                return (*(parts(front) or (front,)), tail)
    for end in range(len(whole) - 4, 4, -1):  # then the longest known beginning
        if known := fronts.get(whole[:end]):
            return (known, stem(whole[end:]))
    return ()


def words(text: str) -> list[str]:
    """The folded words of a text that say something, in order.

    >>> words("Die Mitglieder des Zweckverbands Börde (ZVB) im Jahr 2014")
    ['mitglieder', 'zweckverbands', 'boerde', 'zvb', 'jahr', '2014']
    """
    return [word for word in folded(text).split() if word not in STOP_WORDS and (len(word) > 1 or word.isdigit())]


def inner_words(text: str) -> list[str]:
    """Words that capitals set apart inside others, folded.

    >>> inner_words("EinHarz und HARZlocal"), inner_words("die LEADER-Region")
    (['ein', 'harz', 'harz', 'local'], [])
    """
    found = (piece for word in _INNER.findall(text) for piece in _PIECE.findall(word))
    return [folded(piece) for piece in found if len(piece) > 2]


def stems_of(text: str) -> Iterator[tuple[str, bool]]:
    """Every stem a text is found by, and whether it is that of a whole word."""
    for word in words(text):
        whole = stem(word)
        yield whole, True
        for part in parts(whole):
            yield part, False
    for word in inner_words(text):
        if word not in STOP_WORDS:
            yield stem(word), False
