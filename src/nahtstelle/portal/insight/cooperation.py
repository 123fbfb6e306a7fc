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
from nahtstelle.portal.register import queries
from nahtstelle.portal.register.models import LogEntry
from nahtstelle.portal.register.queries import Newest
from nahtstelle.portal.register.snapshot import SHAPING, snapshot

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KNOWLEDGE: tuple[KnowledgeState, ...] = ("bridged", "confirmed_none", "unknown")


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
    """The register over one edition, with what was computed from both: of today, unless another day is asked for.

    What was computed ``before`` is taken over for the cooperations that stayed as they were.
    """

    def __init__(
        self, insight: Insight, snapshot: RegisterSnapshot, day: dt.date, before: RegisterInsight | None = None
    ) -> None:
        self.insight = insight
        self.snapshot = snapshot
        self.day = day
        self._seams: dict[Level, SeamsInRegister] = {}
        self._spaces_before: Spaces | None = None
        self._bridges_before: dict[Level, Bridges] = {}
        if before is not None:
            self._spaces_before = vars(before).get("today", before._spaces_before)
            self._bridges_before = before._bridges_before | {
                level: known.bridges for level, known in before._seams.items()
            }
        self._belonging: dict[Level, Belonging] = {}

    @cached_property
    def today(self) -> Spaces:
        """All cooperations of today, resolved to the areas of the edition."""
        return Spaces(self.snapshot, self.insight.edition.territory, self.day, before=self._spaces_before)

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
                self.snapshot,
                self.insight.edition.territory,
                table.seams,
                self.day,
                spaces=self.today,
                before=self._bridges_before.get(level),
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
        both = mine[np.isin(mine, self.today.municipalities(ref), assume_unique=True)]
        return frozenset(areas.key[number] for number in both.tolist())

    def people_in(self, keys: Iterable[str]) -> People:
        """The people of some municipalities."""
        people = People(0, 0, 0)
        for key in keys:
            people += self.insight.areas[key].people
        return people

    def carried(self, key: str) -> tuple[str, ...]:
        """Keys of the areas of the edition that a key entered once stands for; none where it leads nowhere."""
        return self.today.lineage.carry(key).keys

    def laender_of(self, ref: str) -> frozenset[str]:
        """Keys of the Länder a cooperation reaches into."""
        import numpy as np

        keys, of_land = self._lands
        touched = np.flatnonzero(np.bincount(of_land[self.today.municipalities(ref)] + 1, minlength=len(keys) + 1))
        return frozenset(keys[number - 1] for number in touched.tolist() if number)

    @cached_property
    def _lands(self) -> tuple[list[str], NDArray[np.int64]]:
        return self.insight.edition.territory.municipalities.larger(Level.LAND)


# -------------------------------------------------------------------------------------------- remembered


_known: tuple[Newest, Newest] = (None, None)
"""The newest log entry seen, and the one from which on nothing shaped the register."""


def _shape() -> Newest:
    """The newest log entry, or an earlier one if nothing has shaped the register since: insights are kept under it."""
    global _known
    newest = queries.newest()
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


_taken: tuple[Newest, RegisterSnapshot] | None = None
"""The last snapshot, and the log entry it was taken at: the next one reads only what changed since."""

_latest: RegisterInsight | None = None


@lru_cache(maxsize=2)
def _snapshot(shape: Newest) -> RegisterSnapshot:
    global _taken
    at, before = _taken or (None, None)
    if at is not None and LogEntry.objects.filter(id=at[0], at=at[1]).exists():
        found = snapshot(before, at[0])
    else:
        found = snapshot()
    _taken = shape, found
    return found


@lru_cache(maxsize=2)
def _insight(insight: Insight, shape: Newest, day: dt.date) -> RegisterInsight:
    global _latest
    before = _latest if _latest is not None and _latest.insight is insight else None
    _latest = RegisterInsight(insight, _snapshot(shape), day, before)
    return _latest


def register(insight: Insight | None = None) -> RegisterInsight:
    """The public register as of today over an edition, the current one where none is given."""
    return _insight(insight or current(), _shape(), timezone.localdate())


def forget() -> None:
    """Compute everything anew: for tests, which change the register without its verbs."""
    global _known, _taken, _latest
    queries.forget()
    _known, _taken, _latest = (None, None), None, None
    _snapshot.cache_clear()
    _insight.cache_clear()
