"""BKG's administrative areas: VG250, VG250-EW, VG1000 and VG5000 as shapefile or GeoPackage.

Columns and codes are those of BKG's product documentation, chapter "Flächen". Tables with the same columns in
other formats become areas through `area_source` too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from nahtstelle.core.keys import LAENDER, LENGTH_OF_LEVEL, Level
from nahtstelle.editions.sources.dates import date_in, month_and_day_in
from nahtstelle.editions.sources.layers import (
    Layer,
    layers_in,
    read_layer,
    read_table,
    row_of,
    shapefiles_beside,
    shown,
)
from nahtstelle.editions.sources.records import AreaSource, Origin
from nahtstelle.errors import SourceError

# What the layers are called; each holds the areas of one level.
LEVEL_OF_LAYER = {"gem": Level.MUNICIPALITY, "vwg": Level.UNION, "krs": Level.DISTRICT, "lan": Level.LAND}

# All words in the names of BKG's layers: besides those, state, government districts, lines, points, views, tables.
_WORDS = {*LEVEL_OF_LAYER, "sta", "rbz", "li", "pk", "v", "vgtb"}

# The ARS was called RS until 2016.
KEY_COLUMNS = ("ARS", "RS")
COLUMNS = (*KEY_COLUMNS, "AGS", "GEN", "BEZ", "NUTS", "GF", "EWZ", "WSK")
COLUMNS_OF_LARGER = (*KEY_COLUMNS, "GEN", "BEZ", "GF")

# GF, the geofactor: VG250 and VG1000 know 1 to 4, VG5000 knows 8 and 9. Areas "without structure" on water are
# sea and lake that belong to no municipality.
_LAND = (3, 4, 9)
_WATER = (2,)
_NO_MUNICIPALITY = (1, 8)
_UNIT_ITSELF = (4, 9)

# Values of BEZ that are no municipality's GEN: they tell swapped columns.
_NEVER_A_NAME = ("Stadt", "Gemeinde", "Kreisfreie Stadt", "Gemeindefreies Gebiet")

# BKG's open data were under the GeoNutzV first. The wording with the list of data sources came later still.
_DL_DE_SINCE = 2019
_DATA_SOURCES_SINCE = 2023
_DATA_SOURCES = "https://sgx.geodatenzentrum.de/web_public/Datenquellen_vg_nuts.pdf"


def read_vg(path: Path) -> AreaSource:
    """Municipalities of a VG product: a .shp, a .gpkg, a folder of layers, or a zip of them as published.

    The layer is found by its name (``VG250_GEM``, ``vg5000_gem``, ``VG250_GEM_simplified`` ...) or, where none is
    named so, by its columns. Names of larger areas come from the layers VWG, KRS and LAN beside it, if there are any.
    See `area_source` for what is kept.

    Raises `SourceError` for a damaged or incomplete file, a file without a layer of municipalities or with several,
    and for whatever `area_source` refuses.
    """
    municipalities, larger = _layers_by_level(path)
    key = _key_column(municipalities)
    frame, findings = read_layer(municipalities, municipalities.columns_among(COLUMNS), key)
    stated = municipalities.file_beside("aktualitaet.txt")
    return area_source(
        frame,
        {
            level: read_table(layer, layer.columns_among(COLUMNS_OF_LARGER), _key_column(layer))
            for level, layer in larger.items()
        },
        where=str(municipalities),
        files=tuple(file for layer in (municipalities, *larger.values()) for file in layer.files),
        names=municipalities.names_around,
        stated_on=date_in(stated.decode("latin-1")) if stated else None,
        findings=findings,
    )


def is_vg(layer: Layer) -> bool:
    """Whether a layer has the key column of BKG's areas."""
    return layer.column(*KEY_COLUMNS) is not None


def area_source(
    municipalities: gpd.GeoDataFrame,
    larger: Mapping[Level, pd.DataFrame],
    *,
    where: str,
    files: tuple[Path, ...],
    names: Sequence[str],
    stated_on: dt.date | None = None,
    findings: Iterable[str] = (),
) -> AreaSource:
    """Areas from tables with BKG's columns, in any case of letters.

    ``municipalities`` needs ARS (or RS) and geometry; AGS, GEN, BEZ, NUTS, GF, EWZ and WSK are used where they are.
    Its index counts the rows of the file. ``larger`` has ARS (or RS), GEN, BEZ and GF per level. ``names`` are names
    of layer, file and folders that may tell product and date, ``stated_on`` the date the publication states.

    Kept are land (GF 4, 3, 9) and the water that belongs to a municipality (GF 2); sea and lake that belong to none
    (GF 1, 8) are left out and counted in the findings. People on the land row count for all rows of a key.

    Raises `SourceError`, with file, row and key, for keys that are none, an AGS that does not fit the ARS, columns
    that look swapped, an unknown GF, people who are no count, and a key with different names or people.
    """
    remarks = list(findings)
    frame = _officially_named(municipalities, Level.MUNICIPALITY, where)
    part = _parts(frame, where)
    left_out = int(part.isna().sum())
    if left_out:
        remarks.append(f"{where}: {left_out} areas of sea and lake (GF 1, 8) left out, they belong to no municipality")
    frame, part = frame[part.notna()], part[part.notna()]
    key, ags, name = frame["ARS"], _text(frame, "AGS"), _text(frame, "GEN")
    _check_ags(key, ags, where)
    _check_names(key, name, where)
    areas = gpd.GeoDataFrame(
        {
            "key": key,
            "name": name,
            "designation": _text(frame, "BEZ"),
            "ags": key.str[:5] + key.str[9:],
            "nuts": _text(frame, "NUTS"),
            "union_key": key.str[:9],
            "district_key": key.str[:5],
            "land_key": key.str[:2],
            "people": _people(frame, part, where),
            "part": part,
        },
        geometry=frame.geometry,
        crs=municipalities.crs,
    ).reset_index(drop=True)
    valid_on, remark = _valid_on(frame, names, stated_on, where)
    remarks.extend(remark)
    larger_areas, remark = _larger(larger, areas, where)
    remarks.extend(remark)
    has_people = bool(areas["people"].notna().any())
    product, scale = _product_and_scale(names, has_people)
    return AreaSource(
        origin=origin(product, scale, valid_on),
        country="DE",
        valid_on=valid_on,
        scale=scale,
        municipalities=areas,
        larger=larger_areas,
        files=files,
        people_on=valid_on if has_people else None,
        findings=tuple(remarks),
    )


def origin(product: str, scale: str | None, valid_on: dt.date | None) -> Origin:
    """Publisher, licence and attribution of an edition of BKG's areas, by its year."""
    year = valid_on.year if valid_on else None
    if year is None or year < _DATA_SOURCES_SINCE:
        attribution = f"© GeoBasis-DE / BKG{f' {year}' if year else ''}"
    else:
        attribution = f"© BKG ({year}) dl-de/by-2-0, Datenquellen: {_DATA_SOURCES}"
    geonutzv = year is not None and year < _DL_DE_SINCE
    return Origin(
        publisher="Bundesamt für Kartographie und Geodäsie (BKG)",
        title=f"Verwaltungsgebiete {scale} ({product})" if scale else product,
        licence="GeoNutzV" if geonutzv else "dl-de/by-2-0",
        licence_url="https://www.gesetze-im-internet.de/geonutzv/"
        if geonutzv
        else "https://www.govdata.de/dl-de/by-2-0",
        attribution=attribution,
        attribution_changed=f"{attribution} (Daten verändert)",
    )


def _layers_by_level(path: Path) -> tuple[Layer, dict[Level, Layer]]:
    """The layer of municipalities and the layers of larger areas published with it."""
    asked_for = layers_in(path)
    loose = path.is_file() and path.suffix.lower() == ".shp"
    municipal = [layer for layer in asked_for if _level(layer) is Level.MUNICIPALITY]
    municipal = municipal or [layer for layer in asked_for if not _words(layer) & _WORDS and is_vg(layer)]
    if len(municipal) != 1:
        found = ", ".join(layer.name for layer in municipal or asked_for) or "no layer"
        raise SourceError(
            f"{path}: expected one layer of municipalities (VG250_GEM, vg5000_gem ...), found {found}"
            + ("; name one of the files" if municipal else "")
        )
    layer = municipal[0]
    beside = shapefiles_beside(path) if loose else asked_for
    larger: dict[Level, Layer] = {}
    for other in beside:
        level = _level(other)
        if level is not None and level is not Level.MUNICIPALITY and _product(other) == _product(layer):
            larger[level] = other
    return layer, larger


def _words(layer: Layer) -> set[str]:
    return set(re.split(r"[^a-z0-9]+", layer.name.lower()))


def _level(layer: Layer) -> Level | None:
    """The level a layer's name tells; other layers, and the views of a GeoPackage (``v_vg250_gem``), tell none."""
    words = _words(layer) & _WORDS
    return LEVEL_OF_LAYER.get(words.pop()) if len(words) == 1 else None


def _product(layer: Layer) -> tuple[str, str]:
    """What layers published together share: where they lie, and the name but for the level."""
    place = layer.dataset if not layer.is_shapefile else str(Path(layer.dataset).absolute().parent)
    words = re.split(r"[^a-z0-9]+", layer.name.lower())
    return place, "_".join("" if word in LEVEL_OF_LAYER else word for word in words)


def _key_column(layer: Layer) -> str:
    column = layer.column(*KEY_COLUMNS)
    if column is None:
        raise SourceError(f"{layer} has no key column ARS or RS; its columns are {', '.join(layer.columns) or 'none'}")
    return column


def _officially_named(frame: pd.DataFrame, level: Level, where: str) -> pd.DataFrame:
    """Columns in capitals, RS as ARS; the ARS checked to be keys of this level."""
    named = frame.rename(columns={name: str(name).upper() for name in frame.columns if name != "geometry"})
    if "ARS" not in named.columns:
        named = named.rename(columns={"RS": "ARS"})
    digits = LENGTH_OF_LEVEL[level]
    for row, key in named["ARS"].items():
        if not (isinstance(key, str) and len(key) == digits and key.isascii() and key.isdigit() and key[:2] in LAENDER):
            raise SourceError(
                f"{where}, row {row}: ARS {shown(key)} is no key of level {level}: expected text of {digits} digits "
                "that begins with a Land, 01 to 16; perhaps columns are swapped"
            )
    return named.assign(ARS=named["ARS"].astype("string"))


def _text(frame: pd.DataFrame, column: str) -> pd.Series[str]:
    """A column as text; missing where the file has no such column, nothing or hyphens in it."""
    if column not in frame.columns:
        return pd.Series(pd.NA, index=frame.index, dtype="string")
    text = frame[column].astype("string").str.strip()
    return text.mask(text.str.fullmatch("-*"))


def _parts(frame: pd.DataFrame, where: str) -> pd.Series[str]:
    """Land or water by GF, missing for areas that belong to no municipality; without GF all is land."""
    part = pd.Series("land", index=frame.index, dtype="string")
    if "GF" not in frame.columns:
        return part
    factor = pd.to_numeric(frame["GF"], errors="coerce")
    unknown = ~factor.isin([*_LAND, *_WATER, *_NO_MUNICIPALITY])
    if unknown.any():
        row: Any = unknown.idxmax()
        raise SourceError(
            f"{row_of(where, row, frame.at[row, 'ARS'])}: GF {shown(frame['GF'][row])} is unknown, "
            "expected 1, 2, 3, 4, 8 or 9"
        )
    return part.mask(factor.isin(_WATER), "water").mask(factor.isin(_NO_MUNICIPALITY))


def _check_ags(key: pd.Series[str], ags: pd.Series[str], where: str) -> None:
    contradicts = (ags != key.str[:5] + key.str[9:]).fillna(False)
    if contradicts.any():
        row: Any = contradicts.idxmax()
        raise SourceError(
            f"{row_of(where, row, key[row])}: AGS {ags[row]!r} does not fit the ARS, whose AGS is "
            f"{key[row][:5] + key[row][9:]!r}; perhaps columns are swapped or rows were shifted"
        )


def _check_names(key: pd.Series[str], name: pd.Series[str], where: str) -> None:
    odd = name.isin(_NEVER_A_NAME) | name.str.fullmatch(r"[\d ]+").fillna(False)
    if odd.any():
        row: Any = odd.idxmax()
        raise SourceError(
            f"{row_of(where, row, key[row])}: GEN {name[row]!r} is no name of a municipality; "
            "perhaps columns are swapped"
        )
    _check_one_per_key(key, name, "GEN", where)


def _check_one_per_key(key: pd.Series[str], values: pd.Series[Any], column: str, where: str) -> None:
    different = values.groupby(key).nunique()
    if (different > 1).any():
        twice = different.idxmax()
        rows = key.index[key == twice]
        raise SourceError(
            f"{where}, rows {', '.join(map(str, rows))}: key {twice} comes several times with different {column}: "
            f"{', '.join(map(shown, values[rows]))}"
        )


def _people(frame: pd.DataFrame, part: pd.Series[str], where: str) -> pd.Series[int]:
    """People of each key, on all its rows.

    The land row states them; water rows repeat them or hold nothing, zero or a filler.
    """
    if "EWZ" not in frame.columns:
        return pd.Series(pd.NA, index=frame.index, dtype="Int64")
    stated = pd.to_numeric(frame["EWZ"], errors="coerce")
    stated = stated.mask((part == "water") & ~(stated > 0))
    no_count = (stated.isna() & frame["EWZ"].notna() & (part == "land")) | (stated < 0) | (stated % 1 > 0)
    if no_count.any():
        row: Any = no_count.idxmax()
        raise SourceError(
            f"{row_of(where, row, frame.at[row, 'ARS'])}: EWZ {shown(frame['EWZ'][row])} is no number of people"
        )
    stated = stated.astype("Int64")
    _check_one_per_key(frame["ARS"], stated, "EWZ", where)
    return stated.groupby(frame["ARS"]).transform("first")


def _valid_on(
    frame: pd.DataFrame, names: Sequence[str], stated_on: dt.date | None, where: str
) -> tuple[dt.date | None, list[str]]:
    """The date of the borders, and remarks on how it was found.

    What the publication states counts, then a full date in a name. BEGINN is no help: it is the day the object
    came into BKG's database, in VG5000 of 1 January 2021 that is up to July.
    """
    if stated_on is not None:
        return stated_on, []
    named = next(((date, name) for name in names if (date := date_in(name)) is not None), None)
    if named is not None:
        return named[0], [f"{where}: the date {named[0]} is that in the name {named[1]}"]
    latest = pd.to_datetime(frame["WSK"], errors="coerce").max() if "WSK" in frame.columns else pd.NaT
    if pd.isna(latest):
        return None, [f"{where}: no date in aktualitaet.txt, in a name or in WSK"]
    effective = latest.date()
    day = next((day for day in map(month_and_day_in, names) if day is not None), None)
    if day is None:
        return effective, [
            f"{where} states no date: the latest change of a municipality (WSK), {effective}, is the earliest"
        ]
    this_year = dt.date(effective.year, *day)
    valid_on = this_year if this_year >= effective else dt.date(effective.year + 1, *day)
    return valid_on, [
        f"{where} names {valid_on:%d.%m.} without a year: {valid_on.year} follows from the latest WSK, {effective}"
    ]


def _larger(tables: Mapping[Level, pd.DataFrame], areas: pd.DataFrame, where: str) -> tuple[pd.DataFrame, list[str]]:
    """Names of the larger areas, one row per key, and remarks on those without."""
    rows, remarks = [], []
    for level in (Level.UNION, Level.DISTRICT, Level.LAND):
        wanted = set(areas[f"{level}_key"])
        if level in tables:
            table = _officially_named(tables[level], level, f"{where}, table of level {level}")
            if "GF" in table.columns:
                table = table[pd.to_numeric(table["GF"], errors="coerce").isin(_UNIT_ITSELF)]
            name = _text(table, "GEN")
            _check_one_per_key(table["ARS"], name, "GEN", f"{where}, table of level {level}")
            named = pd.DataFrame(
                {"key": table["ARS"], "level": level.value, "name": name, "designation": _text(table, "BEZ")}
            )
            rows.append(named.drop_duplicates("key"))
            wanted -= set(named["key"])
        if wanted:
            remarks.append(f"{where}: {len(wanted)} areas of level {level} without a name, {min(wanted)} first")
    columns = {name: pd.Series(dtype="string") for name in ("key", "level", "name", "designation")}
    larger = pd.concat([pd.DataFrame(columns), *rows], ignore_index=True).astype("string")
    return larger, remarks


def _product_and_scale(names: Iterable[str], has_people: bool) -> tuple[str, str | None]:
    """Product and map scale from the first name that tells: ``VG5000_GEM`` is VG5000 at 1:5 000 000."""
    for name in names:
        match = re.search(r"vg(\d+)", name, re.IGNORECASE)
        if match:
            product = f"VG{match[1]}-EW" if has_people else f"VG{match[1]}"
            return product, f"1:{int(match[1]) * 1000:,}".replace(",", " ")
    return "VG", None
