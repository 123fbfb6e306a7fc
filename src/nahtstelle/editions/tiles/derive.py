"""From an edition to its tiles: zoom by zoom, while the tiler works on the one before."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from nahtstelle.core.keys import LEVELS, Level
from nahtstelle.editions.tiles import MAX_ZOOM, MIN_ZOOM, Progress, TilesNote, can_derive
from nahtstelle.editions.tiles.shapes import EXTENT, Lines, at_zoom, gathered, label_points, mended, mercator
from nahtstelle.editions.tiles.tables import LevelTable, level_table
from nahtstelle.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nahtstelle.editions.edition import Edition

HALF_WORLD_M = 20037508.342789244
"""Half the width of the square of Web Mercator (EPSG:3857)."""

FIRST_ZOOM = min(MIN_ZOOM.values())

LAYERS = {
    "{}": {"key": "String", "name": "String", "designation": "String", "people": "Number", "land": "String"},
    "{}_seams": {
        "id": "String", "a": "String", "b": "String", "length_m": "Number", "people": "Number", "land_seam": "Boolean",
        "step": "Number",
    },
    "{}_labels": {"key": "String", "name": "String", "rank": "Number"},
}  # fmt: skip
"""Layers of every level and their attributes."""

DRAWN = tuple(reversed(LEVELS))
"""Levels in the order of their layers: the largest first."""


def derive(edition: Edition, out: Path, progress: Progress) -> TilesNote:
    """See `nahtstelle.editions.tiles.derive_tiles`."""
    if not can_derive():
        raise InputError("no tiler is installed: map tiles need the extra 'portal', pip install 'nahtstelle[portal]'")
    from nahtstelle.editions.tiles.archive import finish_tiling, pack, start_tiling

    progress("reading areas and seams")
    country = _Country.of(edition)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="nahtstelle-tiles-") as temporary:
            folder = Path(temporary)
            running: Popen[str] | None = None
            zooms = []
            try:
                for zoom in range(MAX_ZOOM, FIRST_ZOOM - 1, -1):
                    progress(f"drawing zoom {zoom}")
                    layers = [
                        (name, _write(frame, folder / f"{zoom}-{name}.fgb", zoom))
                        for name, frame in country.layers(zoom)
                    ]
                    if running is not None:
                        finish_tiling(running)
                    zooms.append(folder / f"{zoom}.pmtiles")
                    running = start_tiling(layers, zoom, zooms[-1])
                if running is not None:
                    finish_tiling(running)
            finally:
                if running is not None and running.poll() is None:
                    running.kill()
                    running.communicate()
            progress("packing tiles")
            return pack(list(reversed(zooms)), out, country.bounds, country.metadata(edition))
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror or error}") from None


@dataclass
class _Country:
    """All areas of an edition on the square of the map, and what is said of them.

    ``municipalities``: their outlines, as simplified for the last zoom; ``member``: per level the number of the area
    each municipality lies in, -1 for none; ``labels``: the same places at every zoom, by rank. Levels without areas are
    left out.
    """

    municipalities: NDArray[np.object_]
    member: dict[Level, NDArray[np.int64]]
    tables: dict[Level, LevelTable]
    labels: dict[Level, gpd.GeoDataFrame]
    bounds: tuple[float, float, float, float]

    @classmethod
    def of(cls, edition: Edition) -> _Country:
        frame = edition.areas(Level.MUNICIPALITY)
        tables = {level: level_table(edition, level) for level in DRAWN if edition.manifest.areas.get(level.value)}
        member = {}
        for level, table in tables.items():
            keys = frame.index if level is Level.MUNICIPALITY else pd.Index(frame[f"{level}_key"])
            member[level] = table.areas.index.get_indexer(keys).astype(np.int64)
        west, south, east, north = (float(each) for each in frame.total_bounds)
        municipalities = np.asarray(shapely.transform(np.asarray(frame.geometry.array), mercator))
        note = edition.manifest.borders
        if note.vertices_moved or note.vertices_inserted:  # mended to be measured, and stored as published
            world_m = 2 * HALF_WORLD_M * np.cos(np.radians((south + north) / 2))
            municipalities = mended(municipalities, 2 * note.tolerance_m / world_m)
        labels = {}
        for level, table in tables.items():
            labelled = table.areas[table.areas["rank"].notna()].sort_values("rank")
            rows = table.areas.index.get_indexer(labelled.index)
            points = label_points(gathered(municipalities, member[level], len(table.areas))[rows])
            named = labelled[["name", "rank"]].rename_axis("key").reset_index()
            labels[level] = gpd.GeoDataFrame(named, geometry=points)
        return cls(municipalities, member, tables, labels, (west, south, east, north))

    def layers(self, zoom: int) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
        """Name and content of every layer at a zoom; geometry in units of the grid.

        Zooms are asked for from the last to the first: what was simplified for one need not be looked at for the next.
        """
        shown = [level for level in self.tables if MIN_ZOOM[level] <= zoom]
        base, of = self._base(tuple(shown))
        areas, simple = at_zoom(base, zoom)
        if Level.MUNICIPALITY in shown:
            self.municipalities = simple
        lines = Lines.of(areas)
        for level in shown:
            table, group = self.tables[level], of[level]
            whole = areas if level is Level.MUNICIPALITY else gathered(areas, group, len(table.areas))
            frame = table.areas.drop(columns="rank").rename_axis("key").reset_index()
            yield level.value, gpd.GeoDataFrame(frame, geometry=whole)
        for level in shown:
            pairs, drawn = lines.between(of[level])
            seams = self.tables[level].seams
            row = seams.index.get_indexer(pd.MultiIndex.from_arrays(list(pairs.T)))
            # where what lay between two areas fell together they touch on this grid, and on no map
            yield f"{level}_seams", gpd.GeoDataFrame(seams.iloc[row[row >= 0]], geometry=drawn[row >= 0])
        yield "outline", gpd.GeoDataFrame(geometry=lines.outer())
        for level in shown:
            labels = self.labels[level]
            points = shapely.transform(np.asarray(labels.geometry.array), lambda xy: xy * float(EXTENT * 2**zoom))
            yield f"{level}_labels", labels.set_geometry(points)

    def _base(self, shown: tuple[Level, ...]) -> tuple[NDArray[np.object_], dict[Level, NDArray[np.int64]]]:
        """The fewest areas that all shown levels are sums of, and in which area of a level each of them lies."""
        if Level.MUNICIPALITY in shown:
            return self.municipalities, self.member
        together = np.column_stack([self.member[level] for level in shown] or [np.zeros(len(self.municipalities), int)])
        distinct, of = np.unique(together, axis=0, return_inverse=True)
        return gathered(self.municipalities, of.ravel(), len(distinct)), {
            level: distinct[:, i].astype(np.int64) for i, level in enumerate(shown)
        }

    def metadata(self, edition: Edition) -> dict[str, Any]:
        """What stands in the file beside the tiles; ``nahtstelle`` is for the map."""
        vector_layers = []
        for level in self.tables:
            for name, fields in LAYERS.items():
                vector_layers.append(
                    {
                        "id": name.format(level.value),
                        "fields": fields,
                        "minzoom": MIN_ZOOM[level],
                        "maxzoom": MAX_ZOOM,
                    }
                )
        vector_layers.append({"id": "outline", "fields": {}, "minzoom": FIRST_ZOOM, "maxzoom": MAX_ZOOM})
        return {
            "name": edition.manifest.title,
            "attribution": edition.attribution,
            "vector_layers": vector_layers,
            "nahtstelle": {
                "edition": edition.id,
                "attribution": edition.attribution,
                "date": edition.manifest.valid_on,
                "levels": {
                    level.value: {"min_zoom": MIN_ZOOM[level], "people_bounds": list(table.people_bounds)}
                    for level, table in self.tables.items()
                },
            },
        }


def _write(frame: gpd.GeoDataFrame, path: Path, zoom: int) -> Path:
    """Write one layer for the tiler: from units of the grid to metres of Web Mercator, without empty geometries."""
    unit_m = 2 * HALF_WORLD_M / (EXTENT * 2**zoom)
    frame = frame[~(frame.geometry.is_empty | frame.geometry.isna())]
    metres = shapely.transform(
        np.asarray(frame.geometry.array), lambda xy: (xy * unit_m - HALF_WORLD_M) * np.array([1.0, -1.0])
    )
    whole = gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=metres, crs=3857)
    # without an index the order of the rows stays
    pyogrio.write_dataframe(whole, path, driver="FlatGeobuf", SPATIAL_INDEX="NO")
    return path
