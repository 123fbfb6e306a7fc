"""One edition, read-only: the door to its areas, borders and seams."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nahtstelle.core.keys import LEVEL_OF_LENGTH, LEVELS, Level
from nahtstelle.core.model import Area, BorderPeople, People, Seam, Variant
from nahtstelle.core.names import fit
from nahtstelle.editions.manifest import AREAS, BORDERS, Manifest, read_manifest
from nahtstelle.errors import AmbiguousArea, EditionDamaged, InputError, UnknownArea

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from nahtstelle.core.seams import Territory

FIGURES = (
    "level", "key", "name", "designation", "ags", "union_key", "district_key", "land_key",
    "people", "people_known", "people_of", "area_m2", "perimeter_m", "outer_edge_m",
)  # fmt: skip
"""Columns of ``areas.parquet`` that are read for every question; the rest (geometry above all) only when asked for."""


@dataclass(frozen=True)
class AreaSeams:
    """One area with its seams of one level, longest first; iterate over it, or take it as a table."""

    edition: Edition
    area: Area
    level: Level
    seams: tuple[Seam, ...]

    def __iter__(self) -> Iterator[Seam]:
        return iter(self.seams)

    def __len__(self) -> int:
        return len(self.seams)

    def to_frame(self) -> pd.DataFrame:
        """One row per neighbour, indexed by its key, longest border first.

        Columns: ``own_key`` (the area, or its part where a smaller level was asked for), ``name``, ``designation``, ``land_key``, ``land_seam``, ``length_m``, ``stretches``, ``share_of_perimeter``,
        ``border_municipalities_own``, ``border_municipalities_other`` (tuples of keys), ``people_own``, ``people_other``,
        ``people`` (Int64, missing where nothing is known), ``known_share``.
        """
        import pandas as pd

        neighbours = [self.edition.area(seam.other_key) for seam in self.seams]
        frame = pd.DataFrame(
            {
                "own_key": [seam.own_key for seam in self.seams],
                "name": [each.name for each in neighbours],
                "designation": [each.designation for each in neighbours],
                "land_key": [each.land_key for each in neighbours],
                "land_seam": [seam.land_seam for seam in self.seams],
                "length_m": [seam.length_m for seam in self.seams],
                "stretches": [seam.stretches for seam in self.seams],
                "share_of_perimeter": [seam.share_of_perimeter for seam in self.seams],
                "border_municipalities_own": [seam.own.municipalities for seam in self.seams],
                "border_municipalities_other": [seam.other.municipalities for seam in self.seams],
                "people_own": [seam.own.people.people for seam in self.seams],
                "people_other": [seam.other.people.people for seam in self.seams],
                "people": [seam.people.people for seam in self.seams],
                "known_share": [seam.people.known_share for seam in self.seams],
            },
            index=pd.Index([seam.other_key for seam in self.seams], name="key", dtype="object"),
        )
        return frame.astype({"people_own": "Int64", "people_other": "Int64", "people": "Int64"})

    def _repr_html_(self) -> str:
        frame = self.to_frame().drop(columns=["border_municipalities_own", "border_municipalities_other"])
        title = f"{self.area.designation or ''} {self.area.name} ({self.area.key})".strip()
        caption = html.escape(f"{title}: {len(self)} seams. {self.edition.id}. {self.edition.attribution}")
        return frame.to_html().replace("<thead>", f"<caption>{caption}</caption>\n  <thead>", 1)


class Edition:
    """The areas of one publisher at one date. Nothing here changes its files.

    >>> import nahtstelle
    >>> edition = nahtstelle.open_edition()
    >>> [edition.area(seam.other_key).name for seam in edition.seams("03252")]
    ['Lippe', 'Holzminden', 'Schaumburg', 'Hildesheim', 'Region Hannover']
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest: Manifest = read_manifest(folder)

    def __repr__(self) -> str:
        return f"<Edition {self.id}: {self.manifest.title}>"

    @property
    def id(self) -> str:
        """The name to ask for it by."""
        return self.manifest.id

    @property
    def attribution(self) -> str:
        """To be shown wherever data of this edition are shown."""
        return self.manifest.attribution

    @cached_property
    def _columns(self) -> dict[str, list[Any]]:
        return self._read(AREAS, FIGURES)

    @cached_property
    def _rows(self) -> dict[str, int]:
        """Row of every key."""
        return {key: row for row, key in enumerate(self._columns["key"])}

    def _read(self, name: str, columns: Sequence[str]) -> dict[str, list[Any]]:
        # pyarrow alone, and row by row in plain lists: pandas would take longer to load than all the rest
        import pyarrow.parquet as pq

        try:
            table = pq.read_table(self.folder / name, columns=list(columns), use_threads=False)
        except (OSError, ValueError) as error:
            raise EditionDamaged(
                f"{self.folder / name} cannot be read: {error}; 'editions verify' tells more"
            ) from None
        return {column: table.column(column).to_pylist() for column in columns}

    @cached_property
    def territory(self) -> Territory:
        """What seams are computed from: the plain columns of `nahtstelle.core.seams`."""
        import numpy as np

        from nahtstelle.core.seams import Lines, Municipalities, Territory

        columns = self._columns
        of_level: dict[Level, list[int]] = {level: [] for level in LEVELS}
        for row, level in enumerate(columns["level"]):
            of_level[Level(level)].append(row)
        rows = of_level[Level.MUNICIPALITY]
        larger = {
            level: [columns[f"{level}_key"][row] or "" for row in rows]
            for level in (Level.UNION, Level.DISTRICT, Level.LAND)
        }
        municipalities = Municipalities(
            [columns["key"][row] for row in rows],
            np.array([np.nan if columns["people"][row] is None else columns["people"][row] for row in rows], float),
            larger,
        )
        perimeter_m = {level: np.array([columns["perimeter_m"][row] for row in of_level[level]]) for level in LEVELS}
        position = {level: {columns["key"][row]: i for i, row in enumerate(of_level[level])} for level in LEVELS}
        read = self._read(BORDERS, ("level", "contact", "a", "b", "length_m", "stretches"))
        found: dict[Level, list[tuple[int, int, float, int]]] = {level: [] for level in LEVELS}
        for name, contact, a, b, length_m, stretches in zip(*read.values(), strict=True):
            if contact == "line":
                level = Level(name)
                found[level].append((position[level][a], position[level][b], length_m, stretches))
        lines = {}
        for level, each in found.items():
            a, b, length_m, stretches = zip(*each, strict=True) if each else ((), (), (), ())
            lines[level] = Lines(
                np.array(a, np.int64), np.array(b, np.int64), np.array(length_m, float), np.array(stretches, np.int64)
            )
        return Territory(municipalities, lines, perimeter_m)

    def area(self, key: str) -> Area:
        """The area with this key: 2, 5, 9 or 12 digits, or the 8 of an AGS; elsewhere the LAU code.

        Raises `UnknownArea`.
        """
        row = self._rows.get(key)
        if row is None and len(key) == 8:
            row = next((i for i, ags in enumerate(self._columns["ags"]) if ags == key), None)
        if row is None:
            raise UnknownArea(
                f"no area with the key {key!r} in edition {self.id}; 'areas find NAME' finds keys by name"
            )
        column = {name: values[row] for name, values in self._columns.items()}
        return Area(
            column["key"],
            column["name"] or column["key"],
            column["designation"],
            Level(column["level"]),
            People(column["people"], column["people_known"], column["people_of"]),
            column["area_m2"],
            column["perimeter_m"],
            column["outer_edge_m"],
            column["land_key"],
        )

    def find(self, text: str, level: Level | str | None = None) -> list[Area]:
        """Areas whose name fits a text or whose key begins with it; the best first, larger areas before smaller.

        Case, umlauts (``ue`` for ``ü``) and a designation before the name (Landkreis, Stadt ...) do not matter.
        """
        wanted = Level.parse(level) if isinstance(level, str) else level
        digits = text.replace(" ", "")
        columns = self._columns
        hits = []
        for row, (key, name) in enumerate(zip(columns["key"], columns["name"], strict=True)):
            if wanted is not None and columns["level"][row] != wanted.value:
                continue
            if digits.isdigit():
                fits = 0 if digits in (key, columns["ags"][row]) else 1 if key.startswith(digits) else None
            else:
                fits = fit(text, name or "", columns["designation"][row])
            if fits is not None:
                hits.append((fits, -LEVELS.index(Level(columns["level"][row])), name or "", key))
        return [self.area(key) for *_, key in sorted(hits)]

    def resolve(self, text: str, level: Level | str | None = None) -> Area:
        """The one area a key or an unambiguous name stands for.

        A name is unambiguous when exactly one area has it, whole and with or without its designation; pass the level,
        the designation or the key where several do. Raises `UnknownArea`, and `AmbiguousArea` with the candidates.
        """
        digits = text.replace(" ", "")
        if digits.isdigit():
            if len(digits) in LEVEL_OF_LENGTH or self.manifest.country != "DE":
                area = self.area(digits)
                wanted = Level.parse(level) if isinstance(level, str) else level
                if wanted is None or area.level is wanted:
                    return area
                raise UnknownArea(f"{digits!r} is a {area.level}, asked for was a {wanted}")
            from nahtstelle.core.keys import AreaKey

            AreaKey.parse(digits)  # says what is wrong with it
        found = self.find(text, level)
        exact = [area for area in found if self._fits_exactly(text, area)]
        if len(exact) == 1:
            return exact[0]
        candidates = exact or found
        if not candidates:
            raise UnknownArea(f"no area named {text!r} in edition {self.id}; try a part of the name: 'areas find TEXT'")
        listed = "; ".join(f"{area.key} {area.name} ({area.designation or area.level})" for area in candidates[:8])
        more = f" and {len(candidates) - 8} more" if len(candidates) > 8 else ""
        if exact:
            raise AmbiguousArea(
                f"{text!r} fits {len(exact)} areas: {listed}{more}; give the key, the designation before the name, or --level",
                tuple((area.key, area.name, area.designation or str(area.level)) for area in exact),
            )
        raise UnknownArea(f"no area is named {text!r} exactly; did you mean: {listed}{more}?")

    def _fits_exactly(self, text: str, area: Area) -> bool:
        fits = fit(text, area.name, area.designation)
        return fits is not None and fits <= 1

    def seams(self, area: str, level: Level | str | None = None) -> AreaSeams:
        """The seams of an area, given by key or unambiguous name, with its neighbours of the same level.

        ``level`` picks among areas of one name (Goslar, the district or the municipality). Where the area itself is larger,
        its seams are those of its parts of that level with the parts of its neighbours.

        Raises `UnknownArea`, `AmbiguousArea`, and `InputError` for a level above the area's own.
        """
        wanted = Level.parse(level) if isinstance(level, str) else level
        try:
            found = self.resolve(area, wanted)
        except UnknownArea:
            if wanted is None:
                raise
            found = self.resolve(area)
        at = wanted or found.level
        if at > found.level:
            of = next(key for key in self._parents(found.key) if self.area(key).level is at)
            raise InputError(f"{found.name} is a {found.level} and has no seams of level {at}; ask for its {at}: {of}")
        return AreaSeams(self, found, at, tuple(self.territory.seams_of(found.key, found.level, at)))

    def _parents(self, key: str) -> list[str]:
        row = self._rows[key]
        return [parent for name in _LARGER if (parent := self._columns[name][row])]

    def all_seams(self, level: Level | str) -> list[Seam]:
        """Every seam of a level once, seen from the smaller key, in the order of the keys."""
        return list(self.territory.all_seams(Level.parse(level) if isinstance(level, str) else level))

    def border_people(self, areas: Sequence[str], variant: Variant = "all") -> BorderPeople:
        """Border people of a region made of areas given by key or unambiguous name, of any level.

        ``inner``: at seams between the areas; ``outer``: at seams with areas outside; ``all``: either. Raises
        `UnknownArea`, `AmbiguousArea`, and `InputError` where areas overlap or none is given.
        """
        if variant not in ("inner", "outer", "all"):
            raise InputError(f"unknown variant {variant!r}: expected inner, outer or all")
        if not areas:
            raise InputError("no area given: a region needs at least one")
        found = [self.resolve(each) for each in areas]
        try:
            return self.territory.border_people([(area.key, area.level) for area in found], variant)
        except ValueError as error:
            raise InputError(
                f"{error} lies within another of the areas given, or stands twice: name each part once"
            ) from None

    def areas(self, level: Level | str, *, geometry: bool = True) -> gpd.GeoDataFrame | pd.DataFrame:
        """All areas of a level as a table indexed by key, with geometry (longitude, latitude) or without.

        Larger areas are dissolved from their municipalities, so that they share their lines exactly. Columns as in
        ``areas.parquet`` (see the reference of the format).
        """
        import geopandas as gpd
        import pandas as pd
        import pyarrow.parquet as pq
        import shapely

        level = Level.parse(level) if isinstance(level, str) else level
        names = [name for name in pq.read_schema(self.folder / AREAS).names if name != "geometry"]
        table = pd.read_parquet(self.folder / AREAS, columns=names)
        rows = table[table["level"] == level.value].drop(columns="level").set_index("key")
        if not geometry:
            return rows
        parts = gpd.read_parquet(self.folder / AREAS, columns=["level", "key", *_LARGER, "geometry"])
        parts = parts[parts["level"] == Level.MUNICIPALITY.value].set_index("key")
        if level is Level.MUNICIPALITY:
            return gpd.GeoDataFrame(rows, geometry=parts.geometry.reindex(rows.index), crs=parts.crs)
        of = parts[f"{level}_key"]
        merged = {
            key: shapely.coverage_union_all(parts.geometry.array[positions])
            for key, positions in of.groupby(of).indices.items()
        }
        return gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(merged, crs=parts.crs).reindex(rows.index), crs=parts.crs)

    def borders(self, level: Level | str) -> pd.DataFrame:
        """Borders of a level: ``a``, ``b`` (a < b), ``length_m``, ``stretches``; lines only, no point contacts."""
        return self._contacts(level, "line")

    def point_contacts(self, level: Level | str) -> pd.DataFrame:
        """Pairs of areas of a level that meet in points only: ``a``, ``b``."""
        return self._contacts(level, "point")[["a", "b"]]

    def _contacts(self, level: Level | str, contact: str) -> pd.DataFrame:
        import pandas as pd

        level = Level.parse(level) if isinstance(level, str) else level
        table = pd.read_parquet(self.folder / BORDERS)
        rows = table[(table["level"] == level.value) & (table["contact"] == contact)]
        return rows.drop(columns=["level", "contact"]).reset_index(drop=True)


_LARGER = ("union_key", "district_key", "land_key")
