"""Areas, seams and figures of an edition.

Everything here reads the edition's files and changes nothing; what was computed once is kept under the fingerprint of
those files, so that a new edition starts afresh.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nahtstelle.core.keys import Level
from nahtstelle.core.model import Area, People, Seam
from nahtstelle.core.names import folded
from nahtstelle.drawing.classes import MIDDLE_CLASS
from nahtstelle.editions.catalogue import open_edition
from nahtstelle.editions.edition import Edition
from nahtstelle.editions.tiles.tables import people_bounds
from nahtstelle.plates import Plates
from nahtstelle.portal.reference import models, queries

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Ranking:
    """Seams of one level that answer some filters, in order: positions in `SeamTable.seams`."""

    positions: NDArray[np.int64]
    length_m: float
    land_seams: int

    def __len__(self) -> int:
        return len(self.positions)


class SeamTable:
    """All seams of one level, as records and as plain columns to filter and sort by."""

    def __init__(self, insight: Insight, level: Level) -> None:
        import numpy as np

        self.level = level
        self.insight = insight
        self.seams: list[Seam] = insight.edition.all_seams(level)
        self.position = {(seam.own_key, seam.other_key): row for row, seam in enumerate(self.seams)}
        self.length_m = np.array([seam.length_m for seam in self.seams])
        known = [seam.people.people for seam in self.seams]
        # sorted last in either direction, so that nothing known is never taken for few
        self.people = np.array([np.nan if people is None else people for people in known], float)
        self.land_seam = np.array([seam.land_seam for seam in self.seams], bool)
        areas = insight.areas
        one = [areas[seam.own_key] for seam in self.seams]
        other = [areas[seam.other_key] for seam in self.seams]
        self.land_a = np.array([area.land_key or "" for area in one])
        self.land_b = np.array([area.land_key or "" for area in other])
        self._names = [f" {folded(a.name)} {folded(b.name)}" for a, b in zip(one, other, strict=True)]
        self._of_area: dict[str, list[int]] = {}
        for row, seam in enumerate(self.seams):
            self._of_area.setdefault(seam.own_key, []).append(row)
            self._of_area.setdefault(seam.other_key, []).append(row)

    @cached_property
    def orders(self) -> dict[str, NDArray[np.int64]]:
        """Positions in the order of each column one can sort by: smallest first, what is missing last."""
        import numpy as np

        names = sorted(range(len(self.seams)), key=self._names.__getitem__)
        return {
            "people": np.argsort(self.people, kind="stable"),
            "length": np.argsort(self.length_m, kind="stable"),
            "name": np.array(names, np.int64),
        }

    def ranked(
        self,
        *,
        by: str = "people",
        descending: bool = True,
        land_key: str = "",
        land_seams: bool | None = None,
        text: str = "",
        among: NDArray[np.bool_] | None = None,
        orders: Mapping[str, NDArray[np.int64]] | None = None,
    ) -> Ranking:
        """Seams in this order that lie at a Land, are Land seams or are not, and have a side of this name or key.

        ``among`` leaves only some; ``orders`` are further ones to sort ``by``.
        """
        import numpy as np

        order = {**self.orders, **(orders or {})}[by]
        if descending:
            order = order[::-1]
            if by == "people":
                missing = np.isnan(self.people[order])
                order = np.concatenate([order[~missing], order[missing]])
        keep = np.ones(len(self.seams), bool) if among is None else among.copy()
        if land_key:
            keep &= (self.land_a == land_key) | (self.land_b == land_key)
        if land_seams is not None:
            keep &= self.land_seam == land_seams
        if asked := folded(text):
            digits = asked.replace(" ", "")
            if digits.isascii() and digits.isdigit():
                keep &= [seam.own_key.startswith(digits) or seam.other_key.startswith(digits) for seam in self.seams]
            else:
                keep &= [f" {asked}" in names for names in self._names]
        positions = order[keep[order]]
        return Ranking(positions, float(self.length_m[positions].sum()), int(self.land_seam[positions].sum()))

    def row_of(self, seam: Seam) -> int:
        """Where a seam stands in the table, from whichever side it is seen."""
        return self.position[min(seam.own_key, seam.other_key), max(seam.own_key, seam.other_key)]

    def of_area(self, key: str) -> list[Seam]:
        """The seams of an area, seen from either side, longest first."""
        found = [self.seams[row] for row in self._of_area.get(key, [])]
        return sorted(found, key=lambda seam: (-seam.length_m, seam.own_key, seam.other_key))

    def between(self, a: str, b: str) -> Seam | None:
        """The seam of two areas as seen from the first, ``None`` where they share no line."""
        row = self.position.get((min(a, b), max(a, b)))
        return None if row is None else self.insight.seen_from(self.seams[row], a)


@dataclass(frozen=True)
class PlaceAtSeam:
    """A border municipality of one side of a seam, and how much of the line it lies on."""

    area: Area
    length_m: float


class Insight:
    """One edition, opened, with what was computed from it."""

    def __init__(self, edition: Edition, fingerprint: str) -> None:
        self.edition = edition
        self.fingerprint = fingerprint
        self._tables: dict[Level, SeamTable] = {}
        self._bounds: dict[Level, tuple[int, ...]] = {}

    @property
    def valid_on(self) -> dt.date | None:
        """The date of the borders."""
        said = self.edition.manifest.valid_on
        return dt.date.fromisoformat(said) if said else None

    @cached_property
    def areas(self) -> dict[str, Area]:
        """Every area of every level under its key."""
        return {key: self.edition.area(key) for key in self.parents}

    @cached_property
    def parents(self) -> dict[str, dict[Level, str]]:
        """For every key: the larger areas it lies in."""
        return self.edition.parents()

    @cached_property
    def parts(self) -> dict[str, dict[Level, list[str]]]:
        """For every key: the smaller areas inside, by level, in the order of their names."""
        found: dict[str, dict[Level, list[str]]] = {}
        for key in sorted(self.areas, key=lambda each: (folded(self.areas[each].name), each)):
            for parent in self.parents[key].values():
                found.setdefault(parent, {}).setdefault(self.areas[key].level, []).append(key)
        return found

    def seams(self, level: Level) -> SeamTable:
        """All seams of a level."""
        if level not in self._tables:
            self._tables[level] = SeamTable(self, level)
        return self._tables[level]

    def people_bounds(self, level: Level) -> tuple[int, ...]:
        """The bounds between the five classes of seam people of a level: those of the map tiles."""
        if level not in self._bounds:
            people = self.seams(level).people
            self._bounds[level] = people_bounds(people[people == people].tolist())
        return self._bounds[level]

    def step_of(self, level: Level, people: int | None) -> int:
        """The class of so many seam people, 1 to 5, as the map draws it; 0 where nothing is known."""
        if people is None:
            return 0
        bounds = self.people_bounds(level)
        return bisect_right(bounds, people) + 1 if bounds else MIDDLE_CLASS

    @property
    def notes(self) -> tuple[str, ...]:
        """What every file says below its rows: edition, attribution, dates, how borders were measured."""
        manifest = self.edition.manifest
        people = manifest.people
        return (
            f"Nahtstelle, edition {manifest.id} ({manifest.title}); borders of {manifest.valid_on or 'no stated date'}",
            manifest.attribution,
            f"People of {people.on or 'no stated date'}, known for {people.known} of {people.of} municipalities",
            f"Lengths measured on {manifest.borders.measured_on}, {manifest.borders.metric}",
        )

    def border_people(self, key: str) -> tuple[People, tuple[str, ...]]:
        """People in the municipalities of an area that lie at one of its seams, each counted once, and their keys."""
        area = self.areas[key]
        keys: set[str] = set()
        for seam in self.seams(area.level).of_area(key):
            keys.update(self.seen_from(seam, key).own.municipalities)
        people = People(0, 0, 0)
        for each in keys:
            people += self.areas[each].people
        return people, tuple(sorted(keys))

    def seen_from(self, seam: Seam, key: str) -> Seam:
        """The same seam with this area, one of its two, as its own side."""
        if seam.own_key == key:
            return seam
        share = seam.length_m / self.areas[key].perimeter_m
        return Seam(
            seam.other_key, seam.own_key, seam.length_m, seam.stretches, share, seam.land_seam, seam.other, seam.own
        )

    def at_border(self, key: str, level: Level) -> set[str]:
        """Parts of an area, of this smaller level, that hold one of its border municipalities."""
        found = set()
        for each in self.border_people(key)[1]:
            found.add(each if level is Level.MUNICIPALITY else self.parents[each].get(level, ""))
        return found

    def places_at(self, seam: Seam) -> tuple[list[PlaceAtSeam], list[PlaceAtSeam]]:
        """The border municipalities of both sides with their part of the line, the longest part first."""
        table = self.seams(Level.MUNICIPALITY)
        found = []
        for own, other in ((seam.own, seam.other), (seam.other, seam.own)):
            across = set(other.municipalities)
            places = []
            for key in own.municipalities:
                lines = (self.seen_from(each, key) for each in table.of_area(key))
                length_m = sum(line.length_m for line in lines if line.other_key in across)
                places.append(PlaceAtSeam(self.areas[key], length_m))
            found.append(sorted(places, key=lambda place: (-place.length_m, place.area.key)))
        return found[0], found[1]

    def at_ends(self, seam: Seam) -> list[Area]:
        """The areas that adjoin both sides of a seam: those at its ends, by name."""
        own = {seam.own_key, seam.other_key}
        keys = {key for each in self.beside(seam) for key in (each.own_key, each.other_key)} - own
        return sorted((self.areas[key] for key in keys), key=lambda area: (folded(area.name), area.key))

    def beside(self, seam: Seam) -> list[Seam]:
        """Seams next to this one: those of its two sides with every area that adjoins both."""
        table = self.seams(self.areas[seam.own_key].level)
        one = {self.seen_from(each, seam.own_key).other_key: each for each in table.of_area(seam.own_key)}
        other = {self.seen_from(each, seam.other_key).other_key: each for each in table.of_area(seam.other_key)}
        both = sorted(one.keys() & other.keys())
        return [found for key in both for found in (one[key], other[key])]

    @lru_cache(maxsize=4)  # noqa: B019  an insight lives as long as the worker, but for a change of edition
    def point_contacts(self, level: Level) -> frozenset[tuple[str, str]]:
        """Pairs of areas of a level that meet in points only, smaller key first."""
        return frozenset(self.edition.point_contacts(level).itertuples(index=False, name=None))

    def names_within(
        self, keys: Iterable[str], box: tuple[float, float, float, float]
    ) -> list[tuple[str, str, float, float]]:
        """Key, name, longitude and latitude for the names of areas, each within what a box shows of the area.

        Areas outside the box are left out.
        """
        return [placed for key in keys if (placed := self._name_within(key, box)) is not None]

    @lru_cache(maxsize=20_000)  # noqa: B019
    def _name_within(self, key: str, box: tuple[float, float, float, float]) -> tuple[str, str, float, float] | None:
        import shapely

        area = self.areas[key]
        shapes = self.plates.shapes(area.level)
        in_degrees = shapes.crs is not None and shapes.crs.is_geographic
        shape: Any = shapes.geometry.at[key] if in_degrees else shapes.loc[[key]].to_crs("EPSG:4326").geometry.iloc[0]
        seen = shapely.clip_by_rect(shape, *box)
        parts = [part for part in shapely.get_parts(seen).tolist() if part.area > 0]
        if not parts:
            return None
        spot = shapely.point_on_surface(max(parts, key=lambda part: float(part.area)))
        return key, area.name, round(spot.x, 4), round(spot.y, 4)

    def holder_of(self, earlier: Edition, key: str) -> str | None:
        """Key of the area of the same level that today holds the inner point of an area of an earlier edition."""

        import shapely

        area = earlier.area(key)
        inside = shapely.point_on_surface(earlier.areas(area.level).geometry[area.key])
        here = self.plates.shapes(area.level)
        rows = here.sindex.query(inside, predicate="within")
        return None if len(rows) == 0 else str(here.index[rows[0]])

    @property
    def tiles(self) -> Path | None:
        """The map tiles, ``None`` where none were derived."""
        from nahtstelle.editions.tiles import tiles_of

        return tiles_of(self.edition)

    @property
    def tiles_fingerprint(self) -> str:
        """Changes with the tiles: with the edition's files, and with the way tiles are derived from them."""
        from nahtstelle.editions.tiles import fingerprint

        return fingerprint(self.edition)

    @cached_property
    def tile_facts(self) -> dict[str, Any]:
        """Zooms and bounds of the map tiles, and what their metadata say of levels and classes; empty without tiles."""
        if self.tiles is None:
            return {}
        from nahtstelle.editions.tiles.archive import facts_of

        return facts_of(self.tiles)

    @cached_property
    def plates(self) -> Plates:
        """What is drawn of the edition."""
        return Plates(self.edition)


@lru_cache(maxsize=2)
def _insight(edition_id: str, folder: str, fingerprint: str) -> Insight:
    return Insight(open_edition(folder or edition_id), fingerprint)


def insight_of(row: models.Edition) -> Insight:
    """The insight into a loaded edition. Raises `EditionNotFound` where its files are gone."""
    return _insight(row.id, row.folder, row.fingerprint)


def current() -> Insight:
    """The insight into the current edition. Raises `EditionNotFound` where there is none."""
    return insight_of(queries.current_edition())
