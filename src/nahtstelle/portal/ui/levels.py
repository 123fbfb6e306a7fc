"""The levels in the words of addresses and sentences."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from nahtstelle.core.keys import LEVELS, Level
from nahtstelle.portal.ui.figures import number


@dataclass(frozen=True)
class LevelWords:
    """How a level is called: in addresses, alone, in the plural, its seams, after "between", and its border."""

    slug: str
    one: Promise
    several: Promise
    seams: Promise
    between: Promise
    at_border: Promise


WORDS = {
    Level.LAND: LevelWords(
        "land",
        _("Land"),
        _("Länder"),
        _("Seams between Länder"),
        pgettext_lazy("seams between", "Länder"),
        _("at a Land border"),
    ),
    Level.DISTRICT: LevelWords(
        "kreis",
        _("district or independent city"),
        _("districts and independent cities"),
        _("Seams between districts"),
        pgettext_lazy("seams between", "districts"),
        _("at a district border"),
    ),
    Level.UNION: LevelWords(
        "verband",
        _("municipal union"),
        _("municipal unions"),
        _("Seams between municipal unions"),
        pgettext_lazy("seams between", "municipal unions"),
        _("at the border of a municipal union"),
    ),
    Level.MUNICIPALITY: LevelWords(
        "gemeinde",
        _("municipality"),
        _("municipalities"),
        _("Seams between municipalities"),
        pgettext_lazy("seams between", "municipalities"),
        _("at a municipal border"),
    ),
}
OF_SLUG = {words.slug: level for level, words in WORDS.items()}
LARGEST_FIRST = tuple(reversed(LEVELS))


def counted(level: Level, count: int) -> str:
    """So many areas of a level, as the object of "adjoins": "five districts"."""
    said = {
        Level.LAND: ngettext("one other Land", "%(count)s other Länder", count),
        Level.DISTRICT: ngettext("one district", "%(count)s districts", count),
        Level.UNION: ngettext("one municipal union", "%(count)s municipal unions", count),
        Level.MUNICIPALITY: ngettext("one municipality", "%(count)s municipalities", count),
    }[level]
    return said % {"count": spelled(count)}


def capitalized(sentence: str) -> str:
    """A sentence that may begin with a count, with a capital letter at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def spelled(count: int) -> str:
    """A count as it stands in a sentence: up to twelve in words, above in digits."""
    return str(_SPELLED[count]) if 0 < count <= 12 else number(count)


_SPELLED = (
    "",
    _("one"),
    _("two"),
    _("three"),
    _("four"),
    _("five"),
    _("six"),
    _("seven"),
    _("eight"),
    _("nine"),
    _("ten"),
    _("eleven"),
    _("twelve"),
)
