"""One edition, read-only: the door to its areas, borders and seams."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nahtstelle.core.frames import EDITION_AREAS, EDITION_BORDERS
from nahtstelle.core.keys import LEVEL_OF_LENGTH, LEVELS, Level
from nahtstelle.core.model import Area, BorderPeople, People, Seam, Variant
from nahtstelle.core.names import fit
from nahtstelle.editions.manifest import AREAS, BORDERS, Manifest, read_manifest
from nahtstelle.errors import AmbiguousArea, EditionDamaged, InputError, UnknownArea

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import pyarrow

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

        Columns: ``own_key`` (the area, or its part where a smaller level was asked for), ``name``, ``designation``,
        ``land_key``, ``land_seam``, ``length_m``, ``stretches``, ``share_of_perimeter``,
        ``border_municipalities_own``, ``border_municipalities_other`` (tuples of keys), ``people_own``,
        ``people_other``, ``people`` (Int64, missing where nothing is known), ``known_share``.
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
    ['Schaumburg', 'Holzminden', 'Lippe', 'Hildesheim', 'Region Hannover']
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
        table = self._read(AREAS, FIGURES)
        return {name: table.column(name).to_pylist() for name in FIGURES}

    @cached_property
    def _rows(self) -> dict[str, int]:
        """Row of every key."""
        return {key: row for row, key in enumerate(self._columns["key"])}

    def _read(self, name: str, columns: Sequence[str], *, coded: Sequence[str] = ()) -> pyarrow.Table:
        """Columns of one of the files; ``coded`` ones as numbers into a list of their values."""
        # pyarrow's plain reader: its datasets, and pandas with them, take longer to load than all the rest
        import pyarrow.parquet as pq

        try:
            with pq.ParquetFile(self.folder / name, read_dictionary=list(coded)) as file:
                table = file.read(columns=list(columns), use_threads=False)
        except (OSError, ValueError, KeyError) as error:
            raise self._unreadable(name, str(error)) from None
        if missing := sorted(set(columns) - set(table.column_names)):
            raise self._unreadable(name, f"columns missing: {', '.join(missing)}")
        return table

    def _unreadable(self, name: str, why: str) -> EditionDamaged:
        line = why.splitlines()[0] if why else "no reason given"
        return EditionDamaged(f"{self.folder / name} cannot be read: {line}; 'editions verify' tells more")

    def _frame(self, name: str, columns: Sequence[str]) -> pd.DataFrame:
        """Columns of one of the files as a frame, with geometry where that is among them."""
        import geopandas as gpd
        import pandas as pd

        read = gpd.read_parquet if "geometry" in columns else pd.read_parquet
        try:
            return read(self.folder / name, columns=list(columns))
        except (OSError, ValueError, KeyError) as error:
            raise self._unreadable(name, str(error)) from None

    @cached_property
    def territory(self) -> Territory:
        """What seams are computed from: the plain columns of `nahtstelle.core.seams`."""
        import numpy as np

        from nahtstelle.core.seams import Lines, Municipalities, Territory

        columns = self._columns
        rows_named: dict[str, list[int]] = {level.value: [] for level in LEVELS}
        for row, name in enumerate(columns["level"]):
            rows_named[name].append(row)
        of_level = {level: rows_named[level.value] for level in LEVELS}
        rows = of_level[Level.MUNICIPALITY]
        larger = {level: columns[f"{level}_key"] for level in LEVELS[1:]}
        municipalities = Municipalities(
            [columns["key"][row] for row in rows],
            np.array([np.nan if columns["people"][row] is None else columns["people"][row] for row in rows], float),
            {level: [keys[row] or "" for row in rows] for level, keys in larger.items()},
            np.array([np.nan if columns["area_m2"][row] is None else columns["area_m2"][row] for row in rows], float),
        )
        perimeter_m = {level: np.array([columns["perimeter_m"][row] for row in of_level[level]]) for level in LEVELS}
        position = {columns["key"][row]: i for level in LEVELS for i, row in enumerate(of_level[level])}
        table = self._read(BORDERS, EDITION_BORDERS.names, coded=("level", "contact", "a", "b")).unify_dictionaries()
        coded = {}
        for name in ("level", "contact", "a", "b"):
            column = table.column(name).combine_chunks()
            coded[name] = (column.dictionary.to_pylist(), np.from_dlpack(column.indices))
        line = np.array([contact == "line" for contact in coded["contact"][0]])[coded["contact"][1]]
        a, b = (np.array([position[key] for key in coded[end][0]])[coded[end][1]] for end in "ab")
        # by DLPack, because pyarrow's own way to NumPy loads pandas
        length_m, stretches = (
            np.from_dlpack(table.column(name).combine_chunks()) for name in ("length_m", "stretches")
        )
        lines = {}
        for level in LEVELS:
            here = line & np.array([name == level.value for name in coded["level"][0]])[coded["level"][1]]
            lines[level] = Lines(a[here], b[here], length_m[here], stretches[here])
        return Territory(municipalities, lines, perimeter_m)

    def parents(self) -> dict[str, dict[Level, str]]:
        """For every key: the larger areas it lies in, smallest first, as far as the edition names them."""
        columns = self._columns
        larger = [(level, columns[f"{level}_key"]) for level in LEVELS[1:]]
        return {
            key: {level: keys[row] for level, keys in larger if keys[row] and keys[row] != key}
            for key, row in self._rows.items()
        }

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
            column["key"] if column["level"] == Level.LAND.value else column["land_key"],
        )

    def find(self, text: str, level: Level | str | None = None) -> list[Area]:
        """Areas whose name fits a text or whose key begins with it; the best first, larger areas before smaller.

        Case, umlauts (``ue`` for ``ü``) and a designation before the name (Landkreis, Stadt ...) do not matter. A
        union of a single municipality is that municipality and is found only when unions are asked for.
        """
        wanted = Level.parse(level) if isinstance(level, str) else level
        digits = text.replace(" ", "")
        columns = self._columns
        hits = []
        for row, (key, name) in enumerate(zip(columns["key"], columns["name"], strict=True)):
            if wanted is not None and columns["level"][row] != wanted.value:
                continue
            if wanted is None and columns["level"][row] == "union" and columns["people_of"][row] == 1:
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
                f"{text!r} fits {len(exact)} areas: {listed}{more}; give the key, the designation before the name, "
                "or --level",
                tuple((area.key, area.name, area.designation or str(area.level)) for area in exact),
            )
        raise UnknownArea(f"no area is named {text!r} exactly; did you mean: {listed}{more}?")

    def _fits_exactly(self, text: str, area: Area) -> bool:
        fits = fit(text, area.name, area.designation)
        return fits is not None and fits <= 1

    def seams(self, area: str, level: Level | str | None = None) -> AreaSeams:
        """The seams of an area, given by key or unambiguous name, with its neighbours of the same level.

        ``level`` picks among areas of one name (Goslar, the district or the municipality). Where the area itself is
        larger, its seams are those of its parts of that level with the parts of its neighbours.

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
            of = [key for key in self._parents(found.key) if self.area(key).level is at]
            there = f"ask for its {at}: {of[0]}" if of else f"edition {self.id} names no {at} it lies in"
            raise InputError(f"{found.name} is a {found.level} and has no seams of level {at}; {there}")
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
                f"{error} overlaps another of the areas given, or stands twice: name each part once"
            ) from None

    def figures(self, level: Level | str) -> pd.DataFrame:
        """All areas of a level as a table without geometry, indexed by key in ascending order.

        Columns as in ``areas.parquet``: names, parents, people, areas in m², perimeters in m, seat.
        """
        level = Level.parse(level) if isinstance(level, str) else level
        table = self._frame(AREAS, [name for name in EDITION_AREAS.names if name != "geometry"])
        return table[table["level"] == level.value].drop(columns="level").set_index("key")

    def areas(self, level: Level | str) -> gpd.GeoDataFrame:
        """`figures` with the geometry, in longitude and latitude.

        Larger areas are dissolved from their municipalities, so that they share their lines exactly.
        """
        import geopandas as gpd
        import numpy as np
        import pandas as pd
        import shapely

        level = Level.parse(level) if isinstance(level, str) else level
        rows = self.figures(level)
        parts = self._frame(AREAS, ["level", "key", *_LARGER, "geometry"])
        parts = parts[parts["level"] == Level.MUNICIPALITY.value].set_index("key")
        geometry = np.asarray(parts.geometry.array)
        if level is not Level.MUNICIPALITY:
            of = rows.index.get_indexer(pd.Index(parts[f"{level}_key"]))
            order = np.argsort(of, kind="stable")
            members = np.split(order, np.searchsorted(of[order], np.arange(len(rows) + 1)))[1:-1]
            geometry = np.array([shapely.coverage_union_all(geometry[each]) for each in members], dtype=object)
        return gpd.GeoDataFrame(rows, geometry=geometry, crs=parts.crs)

    def border_lines(self, level: Level | str) -> gpd.GeoSeries:
        """The shared lines of a level as stored (simplified where the edition is), indexed by ``(a, b)``."""
        import geopandas as gpd
        import pandas as pd

        from nahtstelle.core.borders import measure_borders

        level = Level.parse(level) if isinstance(level, str) else level
        municipalities = self.areas(Level.MUNICIPALITY)
        borders = measure_borders(municipalities, tolerance_m=self.manifest.borders.tolerance_m)
        if level is not Level.MUNICIPALITY:
            borders = borders.grouped(municipalities[f"{level}_key"])
        lines = borders.lines()
        return gpd.GeoSeries(list(lines.geometry), index=pd.MultiIndex.from_frame(lines[["a", "b"]]), crs=lines.crs)

    def borders(self, level: Level | str) -> pd.DataFrame:
        """Borders of a level: ``a``, ``b`` (a < b), ``length_m``, ``stretches``; lines only, no point contacts."""
        return self._contacts(level, "line")

    def point_contacts(self, level: Level | str) -> pd.DataFrame:
        """Pairs of areas of a level that meet in points only: ``a``, ``b``."""
        return self._contacts(level, "point")[["a", "b"]]

    def _contacts(self, level: Level | str, contact: str) -> pd.DataFrame:
        level = Level.parse(level) if isinstance(level, str) else level
        table = self._frame(BORDERS, EDITION_BORDERS.names)
        rows = table[(table["level"] == level.value) & (table["contact"] == contact)]
        return rows.drop(columns=["level", "contact"]).reset_index(drop=True)


_LARGER = ("union_key", "district_key", "land_key")
