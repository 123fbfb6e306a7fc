"""Areas across reforms: which areas of an edition a key stands for that was entered with another.

A change of a key leads from an old key to the one the area has since, in whole: re-keyed or merged into another. An
edition may be newer than a key or older, so changes are followed both ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nahtstelle.core.model import KeyChange, Way


@dataclass(frozen=True)
class Carried:
    """What a key stands for in an edition.

    ``keys`` in ascending order. ``way``: ``same``, the edition has it (an AGS stands for its ARS, and an ARS for the
    municipality of the same AGS whose union changed); ``later``, the area became these, which may be more than it was;
    ``earlier``, it was made of these; ``nowhere``, the edition has nothing that it became or was made of, and ``keys``
    is empty. ``lost``: ends of the way that the edition does not have, where others were found.
    """

    key: str
    keys: tuple[str, ...]
    way: Way
    lost: tuple[str, ...] = ()


class Lineage:
    """The way from keys as entered to the keys of one edition.

    ``there``: the keys of the edition as `spellings` gives them.

    >>> lineage = Lineage([KeyChange("03152012", "03159016", None)], spellings(["031590016016"]))
    >>> lineage.carry("03152012")
    Carried(key='03152012', keys=('031590016016',), way='later', lost=())
    """

    def __init__(self, changes: Iterable[KeyChange], there: Mapping[str, str]) -> None:
        self._there = there
        self._later: dict[str, set[str]] = {}
        self._earlier: dict[str, set[str]] = {}
        for change in changes:
            old, new = _ags(change.old_key), _ags(change.new_key)
            self._later.setdefault(old, set()).add(new)
            self._earlier.setdefault(new, set()).add(old)
        self._known: dict[str, Carried] = {}

    def carry(self, key: str) -> Carried:
        """The areas of the edition a key stands for; what it became is preferred to what it was made of."""
        if key not in self._known:
            self._known[key] = self._carried(key)
        return self._known[key]

    def _carried(self, key: str) -> Carried:
        same = self._present(key)
        if same is not None:
            return Carried(key, (same,), "same")
        ways: tuple[tuple[Way, dict[str, set[str]]], ...] = (("later", self._later), ("earlier", self._earlier))
        for way, steps in ways:
            found, lost = self._ends(_ags(key), steps)
            if found:
                return Carried(key, tuple(sorted(found)), way, tuple(sorted(lost)))
        return Carried(key, (), "nowhere")

    def _present(self, key: str) -> str | None:
        found = self._there.get(key)
        return self._there.get(_ags(key)) if found is None else found

    def _ends(self, key: str, steps: dict[str, set[str]]) -> tuple[set[str], set[str]]:
        """Where the changes lead: areas of the edition, and ends it does not have. Circles end by themselves."""
        found: set[str] = set()
        lost: set[str] = set()
        seen, queue = {key}, [key]
        while queue:
            here = queue.pop()
            following = steps.get(here, set()) - seen
            if not following and here != key:
                lost.add(here)
            for each in following:
                seen.add(each)
                present = self._present(each)
                if present is None:
                    queue.append(each)
                else:
                    found.add(present)
        return found, lost


def spellings(keys: Iterable[str]) -> dict[str, str]:
    """Every way to write the keys of an edition: a municipality's ARS as AGS too."""
    found: dict[str, str] = {}
    for key in keys:
        found.setdefault(_ags(key), key)
        found[key] = key
    return found


def _ags(key: str) -> str:
    """The 8 digits of a municipality's key of 12; every other key as it is."""
    return key[:5] + key[9:] if len(key) == 12 and key.isdigit() else key
