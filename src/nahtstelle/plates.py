"""What a plate shows of an edition: the tables that `nahtstelle.drawing` draws, kept for the next plate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from nahtstelle.core.keys import Level
from nahtstelle.core.model import Area, Seam
from nahtstelle.editions.edition import Edition

if TYPE_CHECKING:
    import geopandas as gpd


class Plates:
    """The areas and lines of an edition as tables with geometry, ready to be drawn."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    @property
    def date(self) -> dt.date | None:
        """The date of the borders."""
        said = self.edition.manifest.valid_on
        return dt.date.fromisoformat(said) if said else None

    @lru_cache(maxsize=4)  # noqa: B019  plates live as long as their edition is looked at
    def shapes(self, level: Level) -> gpd.GeoDataFrame:
        """The areas of a level with their geometry, indexed by key."""
        return self.edition.areas(level)

    @lru_cache(maxsize=4)  # noqa: B019
    def lines(self, level: Level) -> gpd.GeoSeries:
        """The shared lines of a level, indexed by ``(a, b)``."""
        return self.edition.border_lines(level)

    def areas(self, level: Level, own: Collection[str], neighbours: Collection[str]) -> gpd.GeoDataFrame:
        """All areas of a level, each with its role on the plate."""
        shapes = self.shapes(level).reset_index()[["key", "name", "geometry"]]
        own, neighbours = set(own), set(neighbours)
        shapes["role"] = [
            "own" if key in own else "neighbour" if key in neighbours else "context" for key in shapes["key"]
        ]
        shapes["name"] = shapes["name"].fillna(shapes["key"])
        return shapes

    def seams(self, level: Level, seams: Iterable[Seam]) -> gpd.GeoDataFrame:
        """Seams of one level with their lines, longest first; those whose line is not stored are left out."""
        import geopandas as gpd
        import pandas as pd

        drawn = self.lines(level)
        rows = []
        for seam in seams:
            line = drawn.get((min(seam.own_key, seam.other_key), max(seam.own_key, seam.other_key)))
            if line is None:
                continue
            rows.append(
                {
                    "key": seam.other_key,
                    "name": self.edition.area(seam.other_key).name,
                    "own_name": self.edition.area(seam.own_key).name,
                    "land_seam": seam.land_seam,
                    "length_km": seam.length_m / 1000,
                    "people": seam.people.people,
                    "known_share": seam.people.known_share,
                    "geometry": line,
                }
            )
        columns = ["key", "name", "own_name", "land_seam", "length_km", "people", "known_share", "geometry"]
        table = pd.DataFrame(rows, columns=columns).sort_values("length_km", ascending=False, kind="stable")
        table["people"] = pd.array(table["people"].tolist(), dtype="Int64")
        return gpd.GeoDataFrame(table, geometry="geometry", crs=drawn.crs)

    def inner(
        self, own: Sequence[Area], at_seam: Collection[str], level: Level = Level.MUNICIPALITY
    ) -> gpd.GeoDataFrame:
        """The parts of a level inside areas: ``name``, ``own_key`` of the area, ``border`` (whether at a seam)."""
        parts = self.shapes(level)
        of = parts[f"{own[0].level}_key"]
        mine = parts[of.isin([area.key for area in own])].copy()
        mine["own_key"] = of[mine.index]
        mine["border"] = mine.index.isin(list(at_seam))
        mine["name"] = mine["name"].fillna("")
        return mine[["name", "own_key", "border", "geometry"]]
