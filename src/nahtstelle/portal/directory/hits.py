"""What the search found, as its page shows it: areas, the seam of two, and records of the register."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nahtstelle.core.keys import LAENDER, Level
from nahtstelle.core.model import Area
from nahtstelle.core.names import bare, fit, folded
from nahtstelle.core.vocabularies import (
    AGREEMENT_KINDS,
    COOPERATION_STATES,
    EVIDENCE,
    KINDS,
    ORGANISATION_KINDS,
    PROJECT_STATES,
    Vocabulary,
)
from nahtstelle.portal.insight import Insight
from nahtstelle.portal.register import search
from nahtstelle.portal.register.models import SearchEntry
from nahtstelle.portal.ui.figures import language

ONE: dict[str, Promise] = {
    "cooperation": _("Cooperation"),
    "organisation": _("Organisation"),
    "project": _("Project"),
    "agreement": _("Agreement"),
    "meeting": _("Meeting"),
    "membership": _("Membership"),
    "statement": _("Statement"),
    "attachment": _("Document or link"),
    "source": _("Source"),
}
SEVERAL: dict[str, tuple[str, Promise]] = {
    "cooperation": ("kooperationen", _("cooperations")),
    "organisation": ("organisationen", _("organisations")),
    "project": ("projekte", _("projects")),
    "agreement": ("vereinbarungen", _("agreements")),
    "meeting": ("treffen", _("meetings")),
    "statement": ("aussagen", _("statements")),
    "attachment": ("dokumente", _("documents and links")),
    "source": ("quellen", _("sources")),
}
"""Types of record in addresses of the search and in its list of choices."""
TYPE_OF_SLUG = {slug: type_ for type_, (slug, _several) in SEVERAL.items()}

_PAGES = ("cooperation", "organisation", "project", "agreement", "meeting", "area")
_ANCHORS = {"statement": "#aussagen", "attachment": "#dokumente", "source": "#quellen", "membership": "#mitglieder"}
_OWN: dict[str, Vocabulary] = {
    "cooperation": COOPERATION_STATES,
    "organisation": ORGANISATION_KINDS,
    "project": PROJECT_STATES,
    "agreement": AGREEMENT_KINDS,
    "source": EVIDENCE,
}
_NO_TERMS = Vocabulary("none")
_APART = (" und ", " and ", " / ", "/", "|", " – ", " - ", ",", ";")
_MOST_PAIRS = 6
_LAENDER_NAMED = 3


def page_of(type_: str, page: tuple[str, str]) -> str:
    """Path of the page that shows a record of this type, at the place where it does; empty where none does."""
    shown, ref = page
    if shown not in _PAGES:
        return ""
    return reverse(shown, args=[ref]) + (_ANCHORS.get(type_, "") if type_ != shown else "")


@dataclass(frozen=True)
class Hit:
    """A record of the register among the answers."""

    entry: SearchEntry
    asked: str = ""

    @property
    def title(self) -> str:
        """Its name."""
        return self.entry.title

    @property
    def url(self) -> str:
        """Where it is shown; empty for what stands on no page."""
        return page_of(self.entry.record_type, (self.entry.page_type, self.entry.page_ref))

    @property
    def kind(self) -> str:
        """What sort of record it is."""
        return str(ONE[self.entry.record_type])

    @property
    def hint(self) -> str:
        """What tells it from others of its name: kind, state, cooperation or seat, Länder."""
        facets = [facet.partition(":") for facet in self.entry.facets.split()]
        said = []
        if self.entry.record_type == "cooperation":
            said += [KINDS[value].label(language()) for name, _colon, value in facets if name == "kind"]
        own = _OWN.get(self.entry.record_type, _NO_TERMS)
        said += [own[value].label(language()) for name, _colon, value in facets if name == "is" and value in own]
        laender = [LAENDER[value] for name, _colon, value in facets if name == "land" and value in LAENDER]
        if len(laender) > _LAENDER_NAMED:
            laender = [*laender[:_LAENDER_NAMED], "…"]
        return " · ".join(part for part in (*said, self.entry.hint, ", ".join(laender)) if part)

    @property
    def excerpt(self) -> list[tuple[str, bool]]:
        """A piece of its text, and which of it to mark."""
        text = (self.entry.text_en if language() == "en" else "") or self.entry.text_de
        return search.excerpt(text, self.asked)


def hits(entries: Iterable[SearchEntry], asked: str = "") -> list[Hit]:
    """Records as answers, in their order."""
    return [Hit(entry, asked) for entry in entries]


@dataclass(frozen=True)
class SeamHit:
    """The seam of two areas a text names."""

    one: Area
    other: Area

    @property
    def url(self) -> str:
        """Its page."""
        return reverse("seam", args=sorted((self.one.key, self.other.key)))


def seam_of(insight: Insight, text: str) -> SeamHit | None:
    """The seam of the two areas a text names, such as "Hameln-Pyrmont und Lippe"; none where they do not adjoin."""
    for one, other in _pairs(text):
        for a in _called(insight, one):
            for b in _called(insight, other):
                if a.level is b.level and tuple(sorted((a.key, b.key))) in insight.seams(a.level).position:
                    return SeamHit(a, b)
    return None


@lru_cache(maxsize=2)
def _by_name(insight: Insight) -> dict[str, list[Area]]:
    """The areas of an edition under their folded names, the largest first; unions left out."""
    found: dict[str, list[Area]] = {}
    areas = (area for area in insight.areas.values() if area.level is not Level.UNION)
    for area in sorted(areas, key=lambda area: (area.level, area.people.people or 0), reverse=True):
        found.setdefault(bare(folded(area.name)), []).append(area)
    return found


def _called(insight: Insight, said: str) -> list[Area]:
    """Areas of this name; of this designation too, where one is said."""
    areas = _by_name(insight).get(bare(folded(said)), [])
    return [area for area in areas if fit(said, area.name, area.designation) in (0, 1)]


def _pairs(text: str) -> list[tuple[str, str]]:
    """The two names a text may be made of: what a sign or word sets apart, else each way to cut it between words."""
    for sign in _APART:
        one, _apart, other = text.partition(sign)
        if one.strip() and other.strip():
            return [(one.strip(), other.strip())]
    said = text.split()
    if not 2 <= len(said) <= _MOST_PAIRS:
        return []
    return [(" ".join(said[:cut]), " ".join(said[cut:])) for cut in range(1, len(said))]
