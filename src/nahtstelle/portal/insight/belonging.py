"""How many cooperations each area of a level belongs to: what the map colours areas by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nahtstelle.core.bridges import complete_areas
from nahtstelle.core.footprint import Spaces
from nahtstelle.core.keys import Level
from nahtstelle.core.vocabularies import NOT_COUNTED_KINDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Belonging:
    """The areas of a level with the number of cooperations each belongs to, by kind; ``keys`` in ascending order.

    Counted as on the page of an area: itself, as part of a larger area or with some of its parts, in any role.
    """

    def __init__(self, spaces: Spaces, level: Level) -> None:
        import numpy as np

        self._spaces = spaces
        self.keys, self._group = spaces.territory.municipalities.larger(level)
        self.complete = complete_areas(spaces, self._group, len(self.keys))
        """Areas of which the register holds every cooperation, as they say: where none is counted, there is none."""
        self._of_kind: dict[str, NDArray[np.int64]] = {}
        for each in spaces.snapshot.cooperations:
            if spaces.on is None or each.exists_on(spaces.on):
                counts = self._of_kind.setdefault(each.kind, np.zeros(len(self.keys), np.int64))
                counts[self._touched(self._municipalities(each.ref))] += 1

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
        held = np.bincount(inside[inside >= 0], minlength=len(self.keys))
        size = np.bincount(self._group[self._group >= 0], minlength=len(self.keys))
        whole, part = np.flatnonzero(held == size), np.flatnonzero((held > 0) & (held < size))
        return [self.keys[i] for i in whole.tolist()], [self.keys[i] for i in part.tolist()]

    def _municipalities(self, ref: str) -> NDArray[np.int64]:
        import numpy as np

        areas = self._spaces.areas
        taking_part = np.unique(self._spaces.taking_part(ref)).tolist()
        return np.concatenate([np.empty(0, np.int64), *(areas.of(number) for number in taking_part)])

    def _touched(self, municipalities: NDArray[np.int64]) -> NDArray[np.int64]:
        import numpy as np

        positions = np.unique(self._group[municipalities])
        return positions[positions >= 0]
