"""Whether an edition is what it says: files, columns, keys, hierarchy, sums, coverage, licences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from nahtstelle.core.borders import measure_borders
from nahtstelle.core.frames import EDITION_AREAS, EDITION_BORDERS
from nahtstelle.core.keys import LENGTH_OF_LEVEL, LEVELS, AreaKey, Level
from nahtstelle.editions.manifest import AREAS, BORDERS, TILES, Manifest, read_manifest, sha256_of
from nahtstelle.editions.tiles import findings_in
from nahtstelle.errors import CoverageError, EditionDamaged, FrameError, KeyFormatError

RELATIVE = 1e-6
"""Sums and lengths may differ by this share: far more than rounding, far less than any real difference."""


def verify(folder: Path) -> list[str]:
    """What is wrong with an edition, one line per finding with file and key; an empty list for a sound one."""
    try:
        manifest = read_manifest(folder)
    except EditionDamaged as error:
        return [error.message]
    found = list(_files(folder, manifest)) + list(_licences(manifest))
    if found:
        return found
    try:
        areas = gpd.read_parquet(folder / AREAS)
    except (OSError, ValueError, KeyError) as error:
        return [f"{AREAS}: cannot be read: {' '.join(str(error).split())}"]
    try:
        borders = pd.read_parquet(folder / BORDERS)
    except (OSError, ValueError, KeyError) as error:
        return [f"{BORDERS}: cannot be read: {' '.join(str(error).split())}"]
    found += [f"{AREAS}: {finding}" for finding in EDITION_AREAS.findings(areas)]
    found += [f"{BORDERS}: {finding}" for finding in EDITION_BORDERS.findings(borders)]
    if found:
        return found
    found += _keys(areas, manifest)
    found += _hierarchy(areas)
    found += _ends(areas, borders)
    if found:  # sums over keys that are wrong would say the same again, less clearly
        return found
    found += _counts(areas, borders, manifest)
    found += _totals(areas, borders, manifest)
    found += _sums(areas, borders)
    found += _coverage(areas, borders, manifest)
    return found


def require_verified(folder: Path, name: str) -> None:
    """Raise `EditionDamaged` with all findings unless the edition verifies."""
    if found := verify(folder):
        more = f" (and {len(found) - 1} more findings)" if len(found) > 1 else ""
        raise EditionDamaged(f"edition {name} does not verify: {found[0]}{more}", tuple(found))


def _files(folder: Path, manifest: Manifest) -> Iterator[str]:
    tiles = (TILES,) if TILES in manifest.files or (folder / TILES).exists() else ()
    for name in (AREAS, BORDERS, *tiles):
        path = folder / name
        if not path.is_file():
            yield f"{name}: the file is missing"
        elif name not in manifest.files:
            yield f"{name}: the manifest gives no checksum"
        elif (is_now := sha256_of(path)) != manifest.files[name]:
            said = manifest.files[name]
            yield f"{name}: changed or damaged, its checksum is {is_now[:12]}…, the manifest says {said[:12]}…"
        elif name == TILES:
            yield from findings_in(path)


def _licences(manifest: Manifest) -> Iterator[str]:
    if not manifest.licences:
        yield "manifest.json: no licence is stated"
    for licence in manifest.licences:
        for field in ("publisher", "licence", "attribution"):
            if not getattr(licence, field):
                yield f"manifest.json: the licence of {licence.title or licence.publisher!r} has no {field}"
        if licence.attribution not in manifest.attribution:
            yield f"manifest.json: the attribution leaves out {licence.attribution!r}"
    for source in manifest.sources:
        if len(source.sha256) != 64:
            yield f"manifest.json: source {source.name} has no SHA-256"


def _keys(areas: pd.DataFrame, manifest: Manifest) -> Iterator[str]:
    twice = areas["key"][areas["key"].duplicated()]
    if len(twice):
        yield f"{AREAS}: keys that come twice: {', '.join(twice[:8])}"
    for level, key in zip(areas["level"], areas["key"], strict=True):
        if level not in {each.value for each in LEVELS}:
            yield f"{AREAS}: {key} has the unknown level {level!r}"
        elif manifest.country == "DE":
            try:
                if len(AreaKey.parse(key).text) != LENGTH_OF_LEVEL[Level(level)]:
                    yield f"{AREAS}: {key} has the wrong length for a {level}"
            except KeyFormatError as error:
                yield f"{AREAS}: {error.message}"
    for level in LEVELS:
        keys = areas["key"][areas["level"] == level.value]
        if not keys.is_monotonic_increasing:
            yield f"{AREAS}: the keys of level {level} are not in ascending order"


def _hierarchy(areas: pd.DataFrame) -> Iterator[str]:
    there = set(areas["key"])
    for level in (Level.UNION, Level.DISTRICT, Level.LAND):
        smaller = areas[areas["level"].isin([each.value for each in LEVELS if each < level])]
        parent = smaller[f"{level}_key"]
        lost = smaller["key"][parent.notna() & ~parent.isin(there)]
        for key in lost[:8]:
            yield f"{AREAS}: {key} lies in the {level} {parent[lost.index[0]]}, which is not there"
        municipalities = smaller["level"] == Level.MUNICIPALITY.value
        childless = set(areas["key"][areas["level"] == level.value]) - set(parent[municipalities])
        for key in sorted(childless)[:8]:
            yield f"{AREAS}: the {level} {key} has no municipality"


def _ends(areas: pd.DataFrame, borders: pd.DataFrame) -> Iterator[str]:
    """Every border joins two areas of its level, the smaller key first, and comes once."""
    level_of = dict(zip(areas["key"], areas["level"], strict=True))
    for end in ("a", "b"):
        level = borders[end].map(level_of)
        for row in borders.index[level.isna() | (level != borders["level"])][:8]:
            a, b, at = borders.loc[row, ["a", "b", "level"]]
            yield f"{BORDERS}: {a}-{b} of level {at}: {borders[end][row]} is no area of this level"
    for row in borders.index[borders["a"] >= borders["b"]][:8]:
        yield f"{BORDERS}: {borders['a'][row]}-{borders['b'][row]}: the smaller key has to come first"
    for row in borders.index[borders.duplicated(["level", "a", "b"])][:8]:
        yield f"{BORDERS}: {borders['a'][row]}-{borders['b'][row]} of level {borders['level'][row]} comes twice"
    line = borders["contact"] == "line"
    for row in borders.index[line & ~((borders["length_m"] > 0) & (borders["stretches"] > 0))][:8]:
        yield f"{BORDERS}: {borders['a'][row]}-{borders['b'][row]} has no length or no stretch"


def _totals(areas: pd.DataFrame, borders: pd.DataFrame, manifest: Manifest) -> Iterator[str]:
    people = areas["people"][areas["level"] == Level.MUNICIPALITY.value]
    known = int(people.notna().sum())
    total = int(people.sum()) if known else None
    said = manifest.people
    if (said.known, said.of, said.total) != (known, len(people), total):
        yield (
            f"manifest.json: says {said.total} people in {said.known} of {said.of} municipalities, "
            f"there are {total} in {known} of {len(people)}"
        )
    if known and len(said.unmatched_areas) != len(people) - known:
        yield (
            f"manifest.json: lists {len(said.unmatched_areas)} municipalities without people, "
            f"there are {len(people) - known}"
        )
    lines = borders[borders["contact"] == "line"]
    for level in LEVELS:
        km = lines["length_m"][lines["level"] == level.value].sum() / 1000
        stated = manifest.border_km.get(level.value)
        if stated is None or abs(stated - km) > 0.001 + RELATIVE * km:
            yield f"manifest.json: says {stated} km of borders of level {level}, there are {km:.3f}"


def _counts(areas: pd.DataFrame, borders: pd.DataFrame, manifest: Manifest) -> Iterator[str]:
    lines = borders[borders["contact"] == "line"]
    for level in LEVELS:
        for what, frame, said in (("areas", areas, manifest.areas), ("pairs", lines, manifest.pairs)):
            count = int((frame["level"] == level.value).sum())
            if count != said.get(level.value):
                yield f"manifest.json: says {said.get(level.value)} {what} of level {level}, there are {count}"


def _sums(areas: pd.DataFrame, borders: pd.DataFrame) -> Iterator[str]:
    municipal = areas[areas["level"] == Level.MUNICIPALITY.value].set_index("key")
    lines = borders[borders["contact"] == "line"]
    lengths = lines[lines["level"] == Level.MUNICIPALITY.value]
    for level in LEVELS:
        rows = areas[areas["level"] == level.value].set_index("key")
        of = municipal.index.to_series() if level is Level.MUNICIPALITY else municipal[f"{level}_key"]
        for column in ("people_known", "people_of"):
            total = municipal[column].groupby(of).sum()
            for key in _differing(rows[column], total):
                yield f"{AREAS}: {column} of {key} is {rows[column][key]}, its municipalities add up to {total[key]}"
        people = municipal["people"].astype(float).groupby(of).sum(min_count=1)
        for key in _differing(rows["people"].astype(float), people):
            yield f"{AREAS}: {key} has {rows['people'][key]} people, its municipalities add up to {people[key]:.0f}"
        negative = rows.index[(rows["people"].fillna(0) < 0) | (rows["area_m2"] <= 0) | (rows["perimeter_m"] <= 0)]
        for key in negative[:8]:
            yield f"{AREAS}: {key} has negative people, or no area or perimeter"
        pairs = lines[lines["level"] == level.value]
        own = pd.concat([pairs.set_index("a")["length_m"], pairs.set_index("b")["length_m"]]).groupby(level=0).sum()
        whole = own.reindex(rows.index, fill_value=0.0) + rows["outer_edge_m"]
        for key in _differing(rows["perimeter_m"], whole):
            yield (
                f"{BORDERS}: borders and outer edge of {key} add up to {whole[key]:.1f} m, "
                f"its perimeter is {rows['perimeter_m'][key]:.1f} m"
            )
        a, b = lengths["a"].map(of), lengths["b"].map(of)
        ordered = pd.DataFrame(
            {"a": np.where(a < b, a, b), "b": np.where(a < b, b, a), "length_m": lengths["length_m"]}
        )
        apart = ordered[(a != b).to_numpy() & a.notna().to_numpy() & b.notna().to_numpy()]
        total = apart.groupby(["a", "b"])["length_m"].sum()
        said = pairs.set_index(["a", "b"])["length_m"]
        for key in _differing(said, total):
            yield f"{BORDERS}: the border {key[0]}-{key[1]} is not the sum of its municipal borders"


def _differing(said: pd.Series, found: pd.Series) -> list[Any]:
    """Index values where two columns of numbers differ, or only one has a value; at most eight."""
    index = said.index.union(found.index)
    one, other = said.reindex(index).astype(float), found.reindex(index).astype(float)
    same = (one.isna() & other.isna()) | ((one - other).abs() <= RELATIVE * np.maximum(one.abs(), 1.0))
    return list(index[~same][:8])


def _coverage(areas: gpd.GeoDataFrame, borders: pd.DataFrame, manifest: Manifest) -> Iterator[str]:
    """Measure the borders of the stored geometry anew: a clean coverage with the same neighbours."""
    municipal = areas[areas["level"] == Level.MUNICIPALITY.value].set_index("key")
    for key in municipal.index[~municipal.geometry.is_valid][:8]:
        yield f"{AREAS}: the outline of {key} is invalid: {shapely.is_valid_reason(municipal.geometry[key])}"
    try:
        again = measure_borders(municipal, tolerance_m=manifest.borders.tolerance_m)
    except (CoverageError, FrameError) as error:
        yield f"{AREAS}: {error.message}"
        return
    said = borders[(borders["level"] == Level.MUNICIPALITY.value) & (borders["contact"] == "line")]
    said_m = said.set_index(["a", "b"])["length_m"]
    measured_m = again.pairs.set_index(["a", "b"])["length_m"]
    for a, b in measured_m.index.symmetric_difference(said_m.index)[:8]:
        yield f"{BORDERS}: {a} and {b} adjoin in one of geometry and table only"
    if "simplified" not in manifest.geometry_note:
        both = said_m.index.intersection(measured_m.index)
        # where vertices were moved, measuring anew may keep the other of two that became one
        mended = manifest.borders
        moved_m = 2 * mended.farthest_m * (mended.vertices_moved + mended.vertices_inserted)
        differ = (said_m[both] - measured_m[both]).abs() > np.maximum(1e-5 * said_m[both], 0.01) + moved_m
        for a, b in both[differ][:8]:
            yield f"{BORDERS}: {a}-{b} is {said_m[a, b]:.2f} m, the geometry gives {measured_m[a, b]:.2f} m"
