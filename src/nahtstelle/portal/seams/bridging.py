"""Who works together across a seam, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nahtstelle.core.keys import Level
from nahtstelle.core.model import Area, AreaCooperation, Bridge, Seam, Strength
from nahtstelle.drawing.stitches import State
from nahtstelle.portal.insight import RegisterInsight
from nahtstelle.portal.register.models import Completeness
from nahtstelle.portal.showing.belonging import CooperationInWords, PartInWords, part_in_words
from nahtstelle.portal.ui.figures import date, named, number
from nahtstelle.portal.ui.levels import capitalized, spelled
from nahtstelle.portal.ui.states import STATE_WORDS, STRENGTH_MEANINGS, STRENGTHS


@dataclass(frozen=True)
class BridgeRow(CooperationInWords):
    """A cooperation that bridges a seam: how closely, who takes part on either side, and its share of the intensity."""

    strength: Strength
    here: PartInWords | None
    there: PartInWords | None
    members: int
    intensity: float

    @property
    def parts(self) -> tuple[PartInWords | None, PartInWords | None]:
        """How either side takes part."""
        return self.here, self.there

    @property
    def closeness(self) -> str:
        """How closely, in a few words."""
        return str(STATE_WORDS[self.strength])


@dataclass(frozen=True)
class Bridging:
    """Everything a page says of the cooperation across a seam."""

    state: State
    rows: list[BridgeRow]
    earlier: list[PartInWords]
    intensity: float
    sentence: str
    confirmed: list[str]

    @property
    def words(self) -> str:
        """What is known, in a few words."""
        return str(STATE_WORDS[self.state])

    @property
    def strengths(self) -> list[tuple[State, str, str]]:
        """What the strengths mean that occur here: the state, in a few words, in a sentence."""
        present = {row.strength for row in self.rows}
        return [(each, str(STATE_WORDS[each]), str(STRENGTH_MEANINGS[each])) for each in STRENGTHS if each in present]

    @property
    def sum_in_words(self) -> str:
        """How the pair intensity comes about: one part for every cooperation."""
        parts = [f"1/({number(each.members)} − 1)" if each.members > 1 else "1" for each in self.rows]
        return f"{' + '.join(parts)} = {number(self.intensity, 2)}"


def bridging_of(known: RegisterInsight, seam: Seam) -> Bridging:
    """The cooperation across a seam as of today."""
    a, b = known.insight.areas[seam.own_key], known.insight.areas[seam.other_key]
    bridged = known.seams(a.level)
    bridges, state = bridged.bridges_of(seam), bridged.state_of(seam)
    here, there = _parts_of(known, a), _parts_of(known, b)
    rows = [
        BridgeRow(
            each.cooperation,
            each.strength,
            _part(known, a, here.get(each.cooperation.ref)),
            _part(known, b, there.get(each.cooperation.ref)),
            each.members,
            each.intensity,
        )
        for each in bridges
    ]
    return Bridging(
        state,
        rows,
        _earlier(known, a, b),
        bridged.intensity_of(seam),
        cooperation_sentence(state, bridges),
        _confirmations(known, a, b) if state == "none" else [],
    )


def cooperation_sentence(state: State, bridges: tuple[Bridge, ...]) -> str:
    """What is known of the cooperation across a seam, in a sentence."""
    if state == "none":
        return _("Both sides have confirmed that no cooperation works across this seam.")
    if state == "unknown":
        return _("Whether anybody works together across this seam is not known yet.")
    said = ngettext(
        "One cooperation works across this seam: %(closeness)s.",
        "%(count)s cooperations work across this seam, at best %(closeness)s.",
        len(bridges),
    )
    return capitalized(said % {"count": spelled(len(bridges)), "closeness": STATE_WORDS[state]})


def bridging_sentence(known: RegisterInsight, seam: Seam) -> str:
    """The same for a seam."""
    bridged = known.seams(known.insight.areas[seam.own_key].level)
    return cooperation_sentence(bridged.state_of(seam), bridged.bridges_of(seam))


def _parts_of(known: RegisterInsight, area: Area) -> dict[str, AreaCooperation]:
    here = known.of_area(area.key)
    return {each.cooperation.ref: each for each in (*here.now, *here.administrative)}


def _part(known: RegisterInsight, area: Area, each: AreaCooperation | None) -> PartInWords | None:
    return None if each is None else part_in_words(known, area, each)


def _earlier(known: RegisterInsight, a: Area, b: Area) -> list[PartInWords]:
    """Cooperations that both sides took part in once, of which at least one side does no more."""
    here, there = known.of_area(a.key), known.of_area(b.key)
    past = {each.cooperation.ref: each for each in (*here.past, *there.past)}
    both = [{each.cooperation.ref for each in (*side.now, *side.past)} for side in (here, there)]
    return [
        part_in_words(known, a if each in here.past else b, each)
        for ref, each in sorted(past.items(), key=lambda item: item[1].cooperation.name)
        if ref in both[0] and ref in both[1]
    ]


def _confirmations(known: RegisterInsight, a: Area, b: Area) -> list[str]:
    """Who confirmed when that the register holds all of their cooperations: each side, or an area it lies in."""
    spellings = {area.key: _spellings(known, area) for area in (a, b)}
    asked = {key for keys in spellings.values() for key in keys}
    stated = Completeness.objects.filter(area_key__in=asked, withdrawn_on__isnull=True).order_by("stated_on")
    days = {each.area_key: each.stated_on for each in stated}
    return [
        _("%(area)s: confirmed as complete on %(day)s") % {"area": named(area), "day": date(max(said))}
        for area in (a, b)
        if (said := [days[key] for key in spellings[area.key] if key in days])
    ]


def _spellings(known: RegisterInsight, area: Area) -> set[str]:
    """The keys under which an area, or one it lies in, may have been entered."""
    short = {area.key[:5] + area.key[9:]} if area.level is Level.MUNICIPALITY else set()
    return {area.key, *short, *known.insight.parents[area.key].values()}
