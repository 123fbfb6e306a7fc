"""How many cooperations each area of a level belongs to: what the map colours areas by."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from nahtstelle.core.bridges import complete_areas
from nahtstelle.core.footprint import Spaces
from nahtstelle.core.keys import Level
from nahtstelle.core.model import Cooperation
from nahtstelle.core.seams import NOWHERE
from nahtstelle.core.vocabularies import NOT_COUNTED_KINDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Belonging:
    """The areas of a level with the number of cooperations each belongs to, by kind; ``keys`` in ascending order.

    Counted as on the page of an area: itself, as part of a larger area or with some of its parts, in any role.
    """

    def __init__(self, spaces: Spaces, level: Level) -> None:
        self._spaces = spaces
        self.keys, self._group = spaces.territory.municipalities.larger(level)
        self.complete = complete_areas(spaces, self._group, len(self.keys))
        """Areas of which the register holds every cooperation, as they say: where none is counted, there is none."""
        self._of_kind = self._counted([each for each in spaces.snapshot.cooperations if _exists(each, spaces.on)])

    def _counted(self, cooperations: list[Cooperation]) -> dict[str, NDArray[np.int64]]:
        """How many of these each area belongs to, by kind."""
        import numpy as np

        areas, count = self._spaces.areas, len(self.keys)
        taking_part = [self._spaces.taking_part(each.ref) for each in cooperations]
        area = np.concatenate([np.empty(0, np.int64), *taking_part])
        # the municipalities of all of these areas, one area after another, and whose they are
        size = areas.start[area + 1] - areas.start[area]
        first = np.repeat(areas.start[area] - (np.cumsum(size) - size), size)
        group = self._group[areas.municipality[first + np.arange(len(first))]]
        of = np.repeat(np.repeat(np.arange(len(cooperations)), [len(each) for each in taking_part]), size)
        somewhere = group != NOWHERE
        of, group = np.divmod(np.unique(of[somewhere] * count + group[somewhere]), count)
        kinds = sorted({each.kind for each in cooperations})
        kind = np.array([kinds.index(each.kind) for each in cooperations], np.int64)
        counts = np.bincount(kind[of] * count + group, minlength=len(kinds) * count).reshape(len(kinds), count)
        return dict(zip(kinds, counts, strict=True))

    def counts(self, kind: str = "") -> NDArray[np.int64]:
        """How many cooperations each area belongs to, of one kind, or of all that are counted."""
        import numpy as np

        none = np.zeros(len(self.keys), np.int64)
        if kind:
            return self._of_kind.get(kind, none)
        return sum((counts for each, counts in self._of_kind.items() if each not in NOT_COUNTED_KINDS), none)

    def covered(self, ref: str) -> tuple[list[str], list[str]]:
        """Keys of the areas that lie in the space of a cooperation as a whole, and of those that do with a part."""
        import numpy as np

        inside = self._group[self._spaces.municipalities(ref)]
        held = np.bincount(inside[inside != NOWHERE], minlength=len(self.keys))
        size = np.bincount(self._group[self._group != NOWHERE], minlength=len(self.keys))
        whole, part = np.flatnonzero(held == size), np.flatnonzero((held > 0) & (held < size))
        return [self.keys[i] for i in whole.tolist()], [self.keys[i] for i in part.tolist()]


def _exists(cooperation: Cooperation, on: dt.date | None) -> bool:
    return on is None or cooperation.exists_on(on)
