"""The register over an edition: who takes part where, the space of each cooperation, which seams are bridged.

Computed from the frozen snapshot that command line and open data compute from too, and kept until something in the
register changes that shapes it; a new source, document or project does not.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from nahtstelle.core.bridges import NO_BRIDGE, STRENGTHS, Bridges, build_bridges
from nahtstelle.core.footprint import Spaces
from nahtstelle.core.keys import Level
from nahtstelle.core.model import (
    AreaCooperation,
    Bridge,
    KnowledgeState,
    People,
    RegisterSnapshot,
    Seam,
    Strength,
)
from nahtstelle.core.vocabularies import NOT_COUNTED_KINDS
from nahtstelle.drawing.stitches import STATES, State
from nahtstelle.portal.insight.areas import Insight, Ranking, SeamTable, current
from nahtstelle.portal.insight.belonging import Belonging
from nahtstelle.portal.register.models import LogEntry
from nahtstelle.portal.register.snapshot import snapshot

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KNOWLEDGE: tuple[KnowledgeState, ...] = ("bridged", "confirmed_none", "unknown")
SHAPING = ("cooperation", "membership", "key-change", "completeness")
"""Kinds of record that footprints and bridges are computed from."""


class SeamsInRegister:
    """The seams of one level with what is known about the cooperation across each, in the order of their table."""

    def __init__(self, table: SeamTable, bridges: Bridges) -> None:
        import numpy as np

        self.table = table
        self.bridges = bridges
        confirmed = bridges.state == KNOWLEDGE.index("confirmed_none")
        unbridged = np.where(confirmed, STATES.index("none"), STATES.index("unknown"))
        self._state = np.where(bridges.strength == NO_BRIDGE, unbridged, bridges.strength)

    def state_of(self, seam: Seam) -> State:
        """What is known about the cooperation across a seam, as it is drawn."""
        return STATES[int(self._state[self.table.row_of(seam)])]

    def count_of(self, seam: Seam) -> int:
        """How many cooperations bridge a seam."""
        return int(self.bridges.count[self.table.row_of(seam)])

    def intensity_of(self, seam: Seam) -> float:
        """The pair intensity of a seam."""
        return float(self.bridges.intensity[self.table.row_of(seam)])

    def bridges_of(self, seam: Seam) -> tuple[Bridge, ...]:
        """The cooperations that bridge a seam, the strongest first."""
        return self.bridges.seam(self.table.row_of(seam)).bridges

    @cached_property
    def orders(self) -> dict[str, NDArray[np.int64]]:
        """Positions by number of cooperations and by pair intensity, seams alike by people."""
        import numpy as np

        people = np.nan_to_num(self.table.people, nan=-1.0)
        return {
            "cooperations": np.lexsort((people, self.bridges.count)),
            "intensity": np.lexsort((people, self.bridges.intensity.round(9))),
        }

    def ranked(
        self, *, knowledge: KnowledgeState | None = None, strength: Strength | None = None, **filters: Any
    ) -> Ranking:
        """Seams of which this is known, and whose strongest bridge is this; the rest as `SeamTable.ranked`."""
        import numpy as np

        among = np.ones(len(self.table.seams), bool)
        if knowledge is not None:
            among &= self.bridges.state == KNOWLEDGE.index(knowledge)
        if strength is not None:
            among &= self.bridges.strength == STRENGTHS.index(strength)
        return self.table.ranked(among=among, orders=self.orders, **filters)

    def knowledge(self, positions: NDArray[np.int64] | None = None) -> dict[KnowledgeState, int]:
        """How many of these seams, or of all, are bridged, confirmed as unbridged, or unknown."""
        import numpy as np

        states = self.bridges.state if positions is None else self.bridges.state[positions]
        counts = np.bincount(states, minlength=len(KNOWLEDGE)).tolist()
        return dict(zip(KNOWLEDGE, counts, strict=True))

    @cached_property
    def as_json(self) -> bytes:
        """``{state: {smaller key: [larger keys]}}`` for the map; seams of which nothing is known are left out."""
        found: dict[str, dict[str, list[str]]] = {}
        for seam, code in zip(self.table.seams, self._state.tolist(), strict=True):
            if STATES[code] != "unknown":
                found.setdefault(STATES[code], {}).setdefault(seam.own_key, []).append(seam.other_key)
        return json.dumps(found, separators=(",", ":")).encode()


@dataclass(frozen=True)
class AreaInRegister:
    """The cooperations an area belongs to on the day, itself, through a larger area or with parts, and others in time.

    Unions that do the basic administration of their municipalities stand apart (``administrative``).
    """

    now: tuple[AreaCooperation, ...]
    administrative: tuple[AreaCooperation, ...]
    past: tuple[AreaCooperation, ...]
    coming: tuple[AreaCooperation, ...]


class RegisterInsight:
    """The register over one edition, with what was computed from both: of today, unless another day is asked for."""

    def __init__(self, insight: Insight, snapshot: RegisterSnapshot, day: dt.date) -> None:
        self.insight = insight
        self.snapshot = snapshot
        self.day = day
        self._seams: dict[Level, SeamsInRegister] = {}
        self._belonging: dict[Level, Belonging] = {}

    @cached_property
    def today(self) -> Spaces:
        """All cooperations of today, resolved to the areas of the edition."""
        return Spaces(self.snapshot, self.insight.edition.territory, self.day)

    @cached_property
    def ever(self) -> Spaces:
        """The same for all memberships there ever were."""
        return self.today.at(None)

    def spaces(self, day: dt.date) -> Spaces:
        """The same for another day."""
        return self.today if day == self.day else self._on(day)

    @lru_cache(maxsize=4)  # noqa: B019  as long as the register stays as it is
    def _on(self, day: dt.date) -> Spaces:
        return self.today.at(day)

    def seams(self, level: Level, task: str = "") -> SeamsInRegister:
        """The seams of a level with their bridges, where asked only those of a task."""
        if level not in self._seams:
            table = self.insight.seams(level)
            bridges = build_bridges(
                self.snapshot, self.insight.edition.territory, table.seams, self.day, spaces=self.today
            )
            self._seams[level] = SeamsInRegister(table, bridges)
        known = self._seams[level]
        return SeamsInRegister(known.table, known.bridges.only(task=task)) if task else known

    def belonging(self, level: Level) -> Belonging:
        """How many cooperations each area of a level belongs to."""
        if level not in self._belonging:
            self._belonging[level] = Belonging(self.today, level)
        return self._belonging[level]

    @lru_cache(maxsize=512)  # noqa: B019
    def of_area(self, key: str) -> AreaInRegister:
        """The cooperations of an area, past and coming ones too. Raises `KeyError` for an unknown key."""
        present = self.today.cooperations_of(key)
        here = {each.cooperation.ref for each in present}
        other = [each for each in self.ever.cooperations_of(key) if each.cooperation.ref not in here]
        coming = [each for each in other if self._begins_later(each)]
        return AreaInRegister(
            tuple(each for each in present if each.cooperation.kind not in NOT_COUNTED_KINDS),
            tuple(each for each in present if each.cooperation.kind in NOT_COUNTED_KINDS),
            tuple(each for each in other if each not in coming),
            tuple(coming),
        )

    def _begins_later(self, each: AreaCooperation) -> bool:
        founded = each.cooperation.valid_from
        if founded is not None and founded > self.day:
            return True
        beginnings = [resolved.membership.valid_from for resolved in each.memberships]
        return all(day is not None and day > self.day for day in beginnings)

    def municipalities_in(self, ref: str, key: str) -> frozenset[str]:
        """Keys of the municipalities of an area that lie in the space of a cooperation."""
        import numpy as np

        areas = self.today.areas
        mine = areas.of(areas.number[key])
        both = mine[np.isin(mine, self._space(ref), assume_unique=True)]
        return frozenset(areas.key[number] for number in both.tolist())

    def people_in(self, keys: Iterable[str]) -> People:
        """The people of some municipalities."""
        people = People(0, 0, 0)
        for key in keys:
            people += self.insight.areas[key].people
        return people

    @lru_cache(maxsize=1024)  # noqa: B019
    def _space(self, ref: str) -> NDArray[np.int64]:
        return self.today.municipalities(ref)

    def carried(self, key: str) -> tuple[str, ...]:
        """Keys of the areas of the edition that a key entered once stands for; none where it leads nowhere."""
        return self.today.lineage.carry(key).keys

    def laender_of(self, ref: str) -> frozenset[str]:
        """Keys of the Länder a cooperation reaches into."""
        of_land = self.insight.edition.territory.municipalities.of_level[Level.LAND]
        return frozenset(of_land[row] for row in self._space(ref).tolist()) - {""}


# -------------------------------------------------------------------------------------------- remembered


Newest = tuple[int, dt.datetime] | None
"""Number and time of the newest log entry; the time too, because a database that was restored counts anew."""

_known: tuple[Newest, Newest] = (None, None)
"""The newest log entry seen, and the one from which on nothing shaped the register."""


def _shape() -> Newest:
    """The newest log entry, or an earlier one if nothing has shaped the register since: insights are kept under it."""
    global _known
    newest: Newest = LogEntry.objects.order_by("-id").values_list("id", "at").first()
    seen, shape = _known
    if newest == seen:
        return shape
    if newest is not None and seen is not None and newest[0] > seen[0]:
        since = LogEntry.objects.filter(id__gt=seen[0], record_type__in=SHAPING)
        if LogEntry.objects.filter(id=seen[0], at=seen[1]).exists() and not since.exists():
            _known = newest, shape
            return shape
    _known = newest, newest
    return newest


@lru_cache(maxsize=2)
def _snapshot(shape: Newest) -> RegisterSnapshot:
    return snapshot()


@lru_cache(maxsize=2)
def _insight(insight: Insight, shape: Newest, day: dt.date) -> RegisterInsight:
    return RegisterInsight(insight, _snapshot(shape), day)


def register(insight: Insight | None = None) -> RegisterInsight:
    """The public register as of today over an edition, the current one where none is given."""
    return _insight(insight or current(), _shape(), timezone.localdate())


def forget() -> None:
    """Compute everything anew: for tests, which change the register without its verbs."""
    global _known
    _known = (None, None)
    _snapshot.cache_clear()
    _insight.cache_clear()
