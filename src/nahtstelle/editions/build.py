"""From the publishers' files to an edition: read, join, measure, write, verify, and only then show it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

import nahtstelle
from nahtstelle.core.borders import DEFAULT_TOLERANCE_M, Borders, measure_borders
from nahtstelle.core.geodesy import METRES_PER_DEGREE, equal_area_xy_m
from nahtstelle.core.keys import LAENDER, LEVELS, Level
from nahtstelle.core.projection import LON_LAT, to_lon_lat
from nahtstelle.editions.edition import Edition
from nahtstelle.editions.manifest import (
    AREAS,
    BORDERS,
    MANIFEST,
    TILES,
    BordersNote,
    Licence,
    Manifest,
    PeopleNote,
    SourceFile,
    sha256_of,
)
from nahtstelle.editions.people import JoinedPeople, join_people
from nahtstelle.editions.sources import read_source
from nahtstelle.editions.sources.records import AreaSource, KeyChanges, Origin, PeopleSource, Source
from nahtstelle.editions.tiles import derive_tiles
from nahtstelle.errors import EditionExists, InputError, SourceError

if TYPE_CHECKING:
    from numpy.typing import NDArray

DECIMALS = 9
"""Coordinates are rounded to a tenth of a millimetre, so that both sides of a border are the same to the last bit."""

SIMPLIFIED_GRID = 2**17
"""Simplified lines keep this many places per degree (0.85 m): a power of two makes numbers that compress to half."""

LARGER = (Level.UNION, Level.DISTRICT, Level.LAND)

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Extra:
    """What a caller that makes its own people figures or lines adds to an edition: the bundled edition does."""

    people: JoinedPeople
    people_on: str | None
    licences: tuple[Licence, ...]
    files: tuple[Path, ...]
    simplify_m: float


def build_edition(
    sources: Sequence[Path],
    out: Path,
    *,
    people: Path | None = None,
    country: str | None = None,
    without: frozenset[str] = frozenset(),
    tolerance_m: float = DEFAULT_TOLERANCE_M,
    tiles: bool = False,
    progress: Progress = lambda step: None,
) -> Edition:
    """Build an edition from files as published and put it into the folder ``out``.

    ``sources``: one source of areas, and where wanted official key changes and a register of people;
    ``people``: a register of people, the same as naming it among the sources; ``tiles``: whether map tiles are derived,
    which needs the extra ``portal``. ``out`` must not exist: editions never change. Everything is written beside
    ``out`` and moved there in one step after it has verified; a build that ends half way leaves nothing under that
    name. Same input, same bytes, apart from the build time in the manifest.

    Raises `SourceError` and `CoverageError` for the input, `EditionExists`, and `EditionDamaged` should the result not
    verify.
    """
    if out.exists():
        raise EditionExists(
            f"{out} exists already, and editions never change: choose another folder or remove it first"
        )
    paths = [*sources, *([people] if people else [])]
    read: list[Source] = []
    for path in paths:
        progress(f"reading {path.name}")
        read.append(read_source(path, country=country, without=without))
    areas, register, changes = _sorted_out(read, paths)
    joined = None
    if register is not None:
        progress("joining people")
        frame = areas.municipalities.drop_duplicates("key")[["key", "ags", "name"]]
        joined = join_people(pd.DataFrame(frame), register, changes, areas.valid_on)
    return assemble(areas, register, changes, joined, out, tolerance_m=tolerance_m, tiles=tiles, progress=progress)


def _sorted_out(
    read: Sequence[Source], paths: Sequence[Path]
) -> tuple[AreaSource, PeopleSource | None, list[KeyChanges]]:
    areas = [each for each in read if isinstance(each, AreaSource)]
    registers = [each for each in read if isinstance(each, PeopleSource)]
    changes = [each for each in read if isinstance(each, KeyChanges)]
    if len(areas) != 1:
        named = ", ".join(str(path) for path in paths) or "nothing"
        raise SourceError(f"an edition has one source of areas; {named} gives {len(areas)}")
    if len(registers) > 1:
        named = ", ".join(each.origin.title for each in registers)
        raise SourceError(f"an edition has at most one register of people; given were {named}")
    return areas[0], registers[0] if registers else None, changes


def assemble(
    source: AreaSource,
    register: PeopleSource | None,
    changes: Sequence[KeyChanges],
    joined: JoinedPeople | None,
    out: Path,
    *,
    extra: Extra | None = None,
    tolerance_m: float = DEFAULT_TOLERANCE_M,
    tiles: bool = False,
    progress: Progress = lambda step: None,
) -> Edition:
    """Measure what was read, write it beside ``out``, verify it and move it there; see `build_edition`."""
    progress("measuring borders")
    municipalities = _one_row_per_key(source)
    borders = measure_borders(municipalities, tolerance_m=tolerance_m)
    measured = {Level.MUNICIPALITY: borders}
    for level in LARGER:
        measured[level] = borders.grouped(municipalities[f"{level}_key"])
    progress("measuring areas")
    municipalities = _in_degrees(municipalities)
    people = extra.people if extra else joined
    table = _areas_table(
        municipalities, source, register, people, measured, simplify_m=extra.simplify_m if extra else 0
    )
    lines = _borders_table(measured)
    progress("writing")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(out)
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.{os.getpid()}.", dir=out.parent))
    except OSError as error:
        raise _unwritable(out, error) from None
    try:
        table.to_parquet(folder / AREAS, index=False, compression="zstd", compression_level=12, row_group_size=20_000)
        lines.to_parquet(folder / BORDERS, index=False, compression="zstd")
        manifest = _manifest(
            out.name, source, register, changes, people, extra, borders, measured, table, lines, folder
        )
        (folder / MANIFEST).write_text(manifest.to_json(), "utf-8")
        if tiles:
            derive_tiles(Edition(folder), folder / TILES, progress=lambda step: progress(f"tiles: {step}"))
            files = {**manifest.files, TILES: sha256_of(folder / TILES)}
            (folder / MANIFEST).write_text(dataclasses.replace(manifest, files=files).to_json(), "utf-8")
        progress("verifying")
        from nahtstelle.editions.verify import require_verified

        require_verified(folder, out.name)
        folder.chmod(0o755)
        _sync(folder)
        try:
            folder.rename(out)
        except OSError:
            raise EditionExists(f"{out} has come to exist meanwhile, and editions never change") from None
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):  # a full disk
            raise _unwritable(out, error) from None
        raise
    return Edition(out)


def _unwritable(out: Path, error: OSError) -> InputError:
    return InputError(f"{out} cannot be written: {error.strerror or error}")


def _sync(folder: Path) -> None:
    for path in (*folder.iterdir(), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove_leftovers(out: Path) -> None:
    """Folders of builds that were killed: named after a process that no longer runs."""
    start = f".{out.name}."
    for folder in [each for each in out.parent.iterdir() if each.name.startswith(start)]:
        process = folder.name.removeprefix(start).split(".")[0]
        if process.isdigit() and not _runs(int(process)):
            shutil.rmtree(folder, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _one_row_per_key(source: AreaSource) -> gpd.GeoDataFrame:
    """Municipalities indexed by key in ascending order; land and water parts of one key become one multipolygon.

    What stands beside the key is taken from a land part. The order of the rows does not matter.
    """
    if not len(source.municipalities):
        raise SourceError(f"{source.files[0]} holds no municipalities")
    rows = source.municipalities.sort_values(["key", "part"], kind="stable")
    first = rows.drop_duplicates("key").set_index("key")
    position = first.index.get_indexer(pd.Index(rows["key"]))
    parts, row = shapely.get_parts(np.asarray(rows.geometry.array), return_index=True)
    owner = position[row]
    order = np.lexsort((*shapely.bounds(parts).T, owner))
    whole = np.asarray(shapely.multipolygons(parts[order], indices=owner[order]))
    if len(whole) != len(first):
        empty = first.index[np.setdiff1d(np.arange(len(first)), owner)]
        raise SourceError(f"{source.files[0]}: areas without geometry: {', '.join(empty[:8])}")
    return gpd.GeoDataFrame(first.drop(columns=["geometry", "part"]), geometry=whole, crs=rows.crs)


def _in_degrees(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The same areas in longitude and latitude, rounded, with the line between parts of one area taken out."""
    crs = areas.crs
    in_degrees = to_lon_lat(crs) if crs is not None and not crs.equals(LON_LAT, ignore_axis_order=True) else np.asarray
    geometries = shapely.transform(np.asarray(areas.geometry.array), lambda xy: np.round(in_degrees(xy), DECIMALS))
    several = np.flatnonzero(shapely.get_num_geometries(geometries) > 1)
    rings = shapely.get_num_coordinates(geometries)
    for i in several:
        parts = shapely.get_parts(geometries[i])
        if shapely.get_num_coordinates(shapely.union_all(parts)) != rings[i]:  # parts that adjoin
            geometries[i] = shapely.union_all(parts)
    # rings that touch themselves are invalid for other tools: drawn anew as shell and hole, without new vertices
    touching = np.flatnonzero(~shapely.is_valid(geometries))
    geometries[touching] = shapely.make_valid(geometries[touching], method="structure")
    alone = np.flatnonzero(shapely.get_num_geometries(geometries) == 1)
    geometries[alone] = shapely.get_geometry(geometries[alone], 0)
    return gpd.GeoDataFrame(areas.drop(columns="geometry"), geometry=geometries, crs=LON_LAT)


def _areas_m2(geometries: NDArray[np.object_]) -> NDArray[np.float64]:
    geod = pyproj.CRS(4258).get_geod()
    if geod is None:  # pragma: no cover - EPSG:4258 has an ellipsoid
        raise InputError("no ellipsoid to measure areas on")
    return np.asarray(shapely.area(shapely.transform(geometries, lambda xy: equal_area_xy_m(xy, geod))))


def _areas_table(
    municipalities: gpd.GeoDataFrame,
    source: AreaSource,
    register: PeopleSource | None,
    joined: JoinedPeople | None,
    measured: dict[Level, Borders],
    *,
    simplify_m: float,
) -> gpd.GeoDataFrame:
    """All rows of ``areas.parquet``: Länder, districts, unions, municipalities, each in ascending order of keys."""
    frame = pd.DataFrame(municipalities.drop(columns="geometry"))
    map_area_m2 = pd.Series(_areas_m2(np.asarray(municipalities.geometry.array)), index=frame.index)
    if joined is not None:
        for column in ("people", "area_m2", "postcode", "lon", "lat"):
            frame[column] = joined.frame[column].reindex(frame.index)
    for column in ("area_m2", "lon", "lat"):
        frame[column] = pd.to_numeric(frame.get(column, pd.Series(np.nan, index=frame.index))).astype(float)
    for column in ("seat", "postcode"):
        frame[column] = frame.get(column, pd.Series(None, index=frame.index, dtype="object"))
    frame["area_basis"] = np.where(frame["area_m2"].notna(), "official", "map")
    frame["area_m2"] = frame["area_m2"].fillna(map_area_m2)
    frame["people"] = frame["people"].astype("Int64")
    frame["people_known"] = frame["people"].notna().astype(int)
    frame["people_of"] = 1
    geometry = np.asarray(municipalities.geometry.array)
    if simplify_m:
        geometry = _simplified(geometry, simplify_m)
    tables = [_larger_rows(level, frame, source, register, measured[level]) for level in reversed(LARGER)]
    frame["perimeter_m"] = measured[Level.MUNICIPALITY].areas["perimeter_m"]
    frame["outer_edge_m"] = measured[Level.MUNICIPALITY].areas["outer_edge_m"]
    frame["level"] = Level.MUNICIPALITY.value
    rows = pd.concat([*tables, frame.rename_axis("key").reset_index()], ignore_index=True)
    rows["people"] = rows["people"].astype("Int64")
    texts = ["level", "key", "name", "designation", "ags", "nuts", "union_key", "district_key", "land_key"]
    for column in [*texts, "area_basis", "seat", "postcode"]:
        rows[column] = rows[column].astype("object").where(rows[column].notna(), None)
    whole = np.concatenate([np.full(len(rows) - len(frame), None, object), geometry])
    ordered = [
        *texts, "people", "people_known", "people_of", "area_m2", "area_basis", "perimeter_m", "outer_edge_m",
        "seat", "postcode", "lon", "lat",
    ]  # fmt: skip
    return gpd.GeoDataFrame(rows[ordered], geometry=whole, crs=LON_LAT)


def _simplified(geometries: NDArray[np.object_], simplify_m: float) -> NDArray[np.object_]:
    """Simplified as a coverage: both sides of a line lose the same vertices.

    ``simplify_m`` is the side of the square whose area a corner must have to be kept (Visvalingam and Whyatt), measured
    in degrees squeezed so that east and north weigh the same in the middle of the map.
    """
    middle = float(np.nanmean(shapely.bounds(geometries)[:, [1, 3]]))
    squeeze = np.cos(np.radians(middle))
    even = shapely.transform(geometries, lambda xy: xy * [squeeze, 1.0])
    simple = shapely.coverage_simplify(even, simplify_m / METRES_PER_DEGREE)
    return _on_grid(shapely.transform(simple, lambda xy: np.round(xy / [squeeze, 1.0], DECIMALS)), SIMPLIFIED_GRID)


def _on_grid(geometries: NDArray[np.object_], per_degree: int) -> NDArray[np.object_]:
    """The same outlines with their vertices on a grid, but for the few that would cross themselves there.

    The vertices of those stay as they are, in their neighbours too, so that both sides of a line remain the same.
    """
    exact, owner = shapely.get_coordinates(geometries, return_index=True)
    place = exact.view(np.complex128).ravel()  # one number per vertex, to find the same one in other areas
    on_grid = np.rint(exact * per_degree) / per_degree
    kept = np.zeros(len(exact), bool)
    while True:
        placed = shapely.set_coordinates(geometries.copy(), np.where(kept[:, None], exact, on_grid))
        crossing = np.flatnonzero(~shapely.is_valid(placed) & shapely.is_valid(geometries))
        more = np.isin(place, place[np.isin(owner, crossing)]) & ~kept
        if not more.any():
            return np.asarray(placed)
        kept |= more


def _larger_rows(
    level: Level, municipalities: pd.DataFrame, source: AreaSource, register: PeopleSource | None, borders: Borders
) -> pd.DataFrame:
    """Rows of a larger level, added up over the municipalities."""
    of = municipalities[f"{level}_key"]
    grouped = municipalities.groupby(of, sort=True)
    frame_is_official = municipalities["area_basis"] == "official"
    rows = pd.DataFrame(
        {
            "people": grouped["people"].sum(min_count=1),
            "people_known": grouped["people_known"].sum(),
            "people_of": grouped["people_of"].sum(),
            "area_m2": grouped["area_m2"].sum(),
            "area_basis": np.where(frame_is_official.groupby(of, sort=True).all(), "official", "map"),
        }
    )
    for parent in LARGER:
        rows[f"{parent}_key"] = grouped[f"{parent}_key"].first() if parent > level else None
    rows["perimeter_m"] = borders.areas["perimeter_m"]
    rows["outer_edge_m"] = borders.areas["outer_edge_m"]
    names = [each.larger for each in (source, register) if each is not None]
    named = pd.concat([each[each["level"] == level.value] for each in names]).drop_duplicates("key").set_index("key")
    rows["name"] = named["name"].reindex(rows.index)
    rows["designation"] = named["designation"].reindex(rows.index)
    rows["seat"] = named["seat"].reindex(rows.index) if "seat" in named else None
    if level is Level.LAND:
        rows["name"] = rows["name"].where(rows["name"].notna(), rows.index.map(LAENDER.get))
    only = grouped["name"].first().where(grouped.size() == 1)  # a town that is its own union or district
    rows["name"] = rows["name"].where(rows["name"].notna(), only)
    rows["level"] = level.value
    for column in ("nuts", "postcode"):
        rows[column] = None
    rows["ags"] = rows.index if level is not Level.UNION else None
    rows["lon"] = rows["lat"] = np.nan
    return rows.rename_axis("key").reset_index()


def _borders_table(measured: dict[Level, Borders]) -> pd.DataFrame:
    """All rows of ``borders.parquet``: per level the lines, then the point contacts."""
    tables = []
    for level in reversed(LEVELS):
        borders = measured[level]
        for contact, rows in (("line", borders.pairs), ("point", borders.contacts)):
            table = rows.reindex(columns=["a", "b", "length_m", "stretches"])
            table.insert(0, "contact", contact)
            table.insert(0, "level", level.value)
            tables.append(table.fillna({"length_m": 0.0, "stretches": 0}))
    rows = pd.concat(tables, ignore_index=True)
    for column in ("level", "contact", "a", "b"):
        rows[column] = rows[column].astype("object")
    return rows.astype({"length_m": float, "stretches": "int32"})


def _licence(origin: Origin, *, changed: bool) -> Licence:
    return Licence(
        origin.publisher,
        origin.title,
        origin.licence,
        origin.licence_url,
        origin.attribution_changed if changed else origin.attribution,
    )


def _manifest(
    name: str,
    source: AreaSource,
    register: PeopleSource | None,
    changes: Sequence[KeyChanges],
    people: JoinedPeople | None,
    extra: Extra | None,
    borders: Borders,
    measured: dict[Level, Borders],
    table: gpd.GeoDataFrame,
    lines: pd.DataFrame,
    folder: Path,
) -> Manifest:
    licences = [_licence(source.origin, changed=True)]
    licences += [_licence(each.origin, changed=False) for each in (register, *changes) if each is not None]
    licences += extra.licences if extra else ()
    files = [path for each in (source, register, *changes) if each is not None for path in each.files]
    files += extra.files if extra else ()
    findings = [finding for each in (source, register, *changes) if each is not None for finding in each.findings]
    municipal = table[table["level"] == Level.MUNICIPALITY.value]
    known = municipal["people"].notna()
    people_on = extra.people_on if extra else str(register.people_on if register else source.people_on or "") or None
    valid = f", {source.valid_on.isoformat()}" if source.valid_on else ""
    rounded = f"longitude and latitude rounded to {DECIMALS} decimals"
    if extra:
        rounded = (
            f"simplified as a coverage, corners below a square of {extra.simplify_m:g} m taken out; "
            f"longitude and latitude rounded to 1/{SIMPLIFIED_GRID} degree"
        )
    return Manifest(
        id=name,
        title=f"{source.origin.title}{valid}",
        country=source.country,
        valid_on=source.valid_on.isoformat() if source.valid_on else None,
        scale=source.scale,
        attribution="; ".join(dict.fromkeys(licence.attribution for licence in licences)),
        licences=tuple(licences),
        sources=tuple(
            SourceFile(path.name, sha256_of(path), path.stat().st_size) for path in dict.fromkeys(_all_files(files))
        ),
        areas={level.value: int((table["level"] == level.value).sum()) for level in reversed(LEVELS)},
        pairs={level.value: len(measured[level].pairs) for level in reversed(LEVELS)},
        border_km={
            level.value: round(float(measured[level].pairs["length_m"].sum()) / 1000, 3) for level in reversed(LEVELS)
        },
        people=PeopleNote(
            people_on,
            int(known.sum()),
            len(municipal),
            int(municipal["people"].sum()) if known.any() else None,
            tuple(str(each) for each in people.unmatched_areas) if people else _unknown(municipal),
            tuple(str(each) for each in people.unmatched_people) if people else (),
            tuple(people.notes) if people else (),
        ),
        borders=BordersNote(
            "the lines as published" + (", before simplification" if extra else ""),
            borders.metric,
            borders.ellipsoid,
            borders.tolerance_m,
            borders.mended.moved,
            borders.mended.inserted,
            borders.mended.farthest_m,
        ),
        geometry_note=rounded,
        findings=tuple(findings),
        files={each: sha256_of(folder / each) for each in (AREAS, BORDERS)},
        built_with=f"nahtstelle {nahtstelle.__version__}",
        built_at=dt.datetime.now(dt.UTC).replace(microsecond=0).isoformat(),
    )


def _unknown(municipalities: pd.DataFrame) -> tuple[str, ...]:
    """The municipalities whose people the source of areas leaves out, unless it leaves out all."""
    without = municipalities[municipalities["people"].isna()]
    if len(without) == len(municipalities):
        return ()
    return tuple(
        f"{key} {name}: the source has no figure" for key, name in zip(without["key"], without["name"], strict=True)
    )


def _all_files(paths: Sequence[Path]) -> list[Path]:
    return [file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path]) if file.is_file()]


def build_fetched(
    path: Path, name: str, folder: Path, *, tiles: bool = False, progress: Progress = lambda step: None
) -> Edition:
    """Build an edition from one fetched file of areas; its id is the name of the download and the date of the borders.

    An edition of that id that is there already is opened instead. Raises as `build_edition`.
    """
    progress(f"reading {path.name}")
    source = read_source(path)
    if not isinstance(source, AreaSource):
        raise SourceError(f"{path} holds no areas")
    out = folder / f"{source.country.lower()}-{name}-{source.valid_on or 'undated'}"
    if out.exists():
        return Edition(out)
    return assemble(source, None, (), None, out, tiles=tiles, progress=progress)
