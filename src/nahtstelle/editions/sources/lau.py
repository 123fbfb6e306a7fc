"""Municipalities of any European country: Eurostat's LAU, and extracts of national publishers.

A LAU is a local administrative unit, the municipality or its like. Which columns a file must have stands in
`LAYOUTS`; those of Eurostat are as GISCO publishes them since 2020 (``LAU_RG_01M_2021_4326`` and the like).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from nahtstelle.editions.sources.dates import date_in
from nahtstelle.editions.sources.layers import Layer, layers_in, read_layer, row_of, shown
from nahtstelle.editions.sources.records import AreaSource, Origin
from nahtstelle.errors import SourceError


@dataclass(frozen=True)
class Layout:
    """The columns of one publisher's files, and what is known of them.

    ``country`` is the one country of all files, or the column that names it per row, in capitals. ``day`` is month and
    day the areas of a year stand for. ``{year}`` in the texts becomes the year of the file.
    """

    key: str
    name: str
    country: str
    key_pattern: str
    day: tuple[int, int]
    publisher: str
    title: str
    licence: str
    licence_url: str
    attribution: str


LAYOUTS = (
    Layout(
        key="LAU_ID",
        name="LAU_NAME",
        country="CNTR_CODE",
        key_pattern=r"\S*\d\S*",
        day=(12, 31),
        publisher="Eurostat (GISCO)",
        title="Local administrative units (LAU) {year}",
        licence="GISCO download provisions: no commercial use, source named",
        licence_url="https://ec.europa.eu/eurostat/web/gisco/geodata/statistical-units/local-administrative-units",
        attribution="© EuroGeographics for the administrative boundaries, Eurostat (GISCO) {year}",
    ),
    Layout(
        key="CODE",
        name="NOM",
        country="FR",
        key_pattern=r"\d[\dAB]\d{3}",
        day=(1, 1),
        publisher="Institut national de l'information géographique et forestière (IGN)",
        title="Admin Express COG {year}, communes",
        licence="Licence Ouverte / Open Licence",
        licence_url="https://www.etalab.gouv.fr/licence-ouverte-open-licence",
        attribution="© IGN - Admin Express COG {year}",
    ),
    Layout(
        key="ISO",
        name="NAME",
        country="AT",
        key_pattern=r"\d{5}",
        day=(1, 1),
        publisher="Statistik Austria",
        title="Gemeinden {year}",
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        attribution="Statistik Austria - data.statistik.gv.at {year}; simplified by Flooh Perlot, CC BY 4.0",
    ),
)

_PEOPLE = re.compile(r"POP_(\d{4})", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_SCALE = re.compile(r"_RG_(\d+)M_", re.IGNORECASE)


def layout_of(layer: Layer) -> Layout | None:
    """The layout whose columns a layer has; ``None`` for any other layer."""
    return next((layout for layout in LAYOUTS if layer.column(layout.key) and layer.column(layout.name)), None)


def read_lau(path: Path, *, country: str | None = None, without: frozenset[str] = frozenset()) -> AreaSource:
    """Municipalities of one country from a .geojson, .json, .shp, .gpkg, a zip, or a folder of such files.

    Files of a folder that share one layout are read as parts of one country. Of a zip with the same areas in several
    coordinate systems the one in WGS84 (``_4326``) is taken. The key is the LAU code; in Germany that is the AGS.
    Parents, designation and NUTS code are missing. People are those of the latest column ``POP_YYYY``.

    ``country`` picks a country of a file that holds several. ``without`` names keys to leave out, where a file holds an
    area twice (Vienna and its districts, say); they are listed in the findings.

    Raises `SourceError` for a file of no known layout, several countries without a choice, a country or key that
    is not there, keys that are none, one key with two names, people who are no count, and damaged files.
    """
    layers, layout = _layers(path)
    tables: list[gpd.GeoDataFrame] = []
    findings: list[str] = []
    for layer in layers:
        table, remarks = _table(layer, layout)
        if tables and table.crs != tables[0].crs:
            raise SourceError(f"{path}: {layers[0]} and {layer} have different coordinate systems; name one of them")
        tables.append(table)
        findings.extend(remarks)
    areas = _of_country(gpd.GeoDataFrame(pd.concat(tables)), country, path)
    chosen = str(areas["country"].iloc[0])
    areas, remark = _left_out(areas, without, path)
    findings.extend(remark)
    names = layers[0].names_around
    year = next((int(found[1]) for found in map(_YEAR.search, names) if found), None)
    stated = next((day for day in map(date_in, names) if day is not None), None)
    valid_on = stated or (dt.date(year, *layout.day) if year else None)
    if stated is None:
        taken = f"names state the year {year} only: {valid_on} taken" if year else "no name states a date"
        findings.append(f"{path.name}: {taken}")
    column = _people_column(layers[0])
    people_on = dt.date(int(column[-4:]), 1, 1) if column and areas["people"].notna().any() else None
    if people_on:
        findings.append(f"{layers[0]}: the day of {column} is not stated: {people_on} taken")
    scale = next((f"1:{int(found[1]):d} 000 000" for found in map(_SCALE.search, names) if found), None)
    return AreaSource(
        origin=_origin(layout, year),
        country=chosen,
        valid_on=valid_on,
        scale=scale,
        municipalities=_as_municipalities(areas, chosen),
        larger=pd.DataFrame({name: pd.Series(dtype="string") for name in ("key", "level", "name", "designation")}),
        files=tuple(dict.fromkeys(file for layer in layers for file in layer.files)),
        people_on=people_on,
        findings=tuple(findings),
    )


def _layers(path: Path) -> tuple[list[Layer], Layout]:
    """The layers to read and the layout they share; label points beside the areas are passed over."""
    found = {layer: layout for layer in layers_in(path) if (layout := layout_of(layer)) is not None}
    layers = [layer for layer in found if layer.holds_areas] or list(found)
    if not layers:
        columns = "; ".join(f"{layout.key} and {layout.name} ({layout.publisher})" for layout in LAYOUTS)
        raise SourceError(f"{path} has no layer of municipalities; expected the columns {columns}")
    if not path.is_dir() and len(layers) > 1:
        layers = [layer for layer in layers if layer.name.endswith("_4326")]
    layouts = {found[layer] for layer in layers}
    if len(layouts) != 1 or (len(layers) > 1 and not path.is_dir()):
        raise SourceError(f"{path} holds several layers of municipalities: {', '.join(map(str, found))}; expected one")
    return layers, layouts.pop()


def _people_column(layer: Layer) -> str | None:
    """The latest of the columns ``POP_YYYY``."""
    return max((column for column in layer.columns if _PEOPLE.fullmatch(column)), default=None)


def _table(layer: Layer, layout: Layout) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """Key, name, country and people of a layer with its geometry, checked row by row."""
    key, name, country = layer.column(layout.key), layer.column(layout.name), layer.column(layout.country)
    if key is None or name is None:  # pragma: no cover - layout_of has looked
        raise SourceError(f"{layer} lost its columns")
    people = _people_column(layer)
    columns = [column for column in (key, name, country, people) if column is not None]
    frame, findings = read_layer(layer, columns, key)
    for row, value in frame[key].items():
        if not isinstance(value, str) or not re.fullmatch(layout.key_pattern, value):
            raise SourceError(
                f"{row_of(str(layer), row, shown(value))}: {key} is no code of a municipality, expected text like "
                f"{layout.key_pattern}; as a number it loses its leading zero, or columns are swapped"
            )
    nameless = ~frame[name].astype("string").str.contains(r"[^\W\d_]", regex=True).fillna(False)
    if nameless.any():
        odd: Any = nameless.idxmax()
        where = row_of(str(layer), odd, frame[key][odd])
        raise SourceError(f"{where}: {name} {shown(frame[name][odd])} is no name; perhaps columns are swapped")
    table = gpd.GeoDataFrame(
        {
            "key": frame[key].astype("string"),
            "name": frame[name].astype("string"),
            "country": frame[country].astype("string") if country else layout.country,
            "people": _people(frame, key, people, layer),
            "file": str(layer),
        },
        geometry=frame.geometry,
        crs=frame.crs,
    )
    return table, findings


def _people(frame: pd.DataFrame, key: str, column: str | None, layer: Layer) -> pd.Series[int]:
    if column is None:
        return pd.Series(pd.NA, index=frame.index, dtype="Int64")
    people = pd.to_numeric(frame[column], errors="coerce")
    no_count = (people.isna() & frame[column].notna()) | (people < 0) | (people % 1 > 0)
    if no_count.any():
        row: Any = no_count.idxmax()
        raise SourceError(
            f"{row_of(str(layer), row, frame[key][row])}: {column} {shown(frame[column][row])} is no number of people"
        )
    return people.astype("Int64")


def _of_country(areas: gpd.GeoDataFrame, country: str | None, path: Path) -> gpd.GeoDataFrame:
    there = sorted(areas["country"].dropna().unique())
    if country is None and len(there) > 1:
        raise SourceError(f"{path} holds {len(there)} countries, name one of them: {', '.join(there)}")
    if country is not None and country.upper() not in there:
        raise SourceError(f"{path} does not hold the country {country!r}, but {', '.join(there) or 'none'}")
    return areas if country is None else areas[(areas["country"] == country.upper()).fillna(False)]


def _left_out(areas: gpd.GeoDataFrame, without: frozenset[str], path: Path) -> tuple[gpd.GeoDataFrame, list[str]]:
    """The areas without those named, a finding on them, and no key twice with different names or people."""
    named = areas[areas["key"].isin(without)]
    unknown = sorted(without - set(named["key"]))
    if unknown:
        raise SourceError(f"{path} does not hold {', '.join(unknown)}, which should be left out")
    kept = areas[~areas["key"].isin(without)]
    for column in ("name", "people"):
        different = kept.groupby("key")[column].nunique(dropna=False)
        if (different > 1).any():
            twice = kept[kept["key"] == different.idxmax()]
            rows = ", ".join(f"{file}, row {row}" for row, file in twice["file"].items())
            raise SourceError(
                f"{rows}: key {different.idxmax()} comes several times with different {column}: "
                f"{', '.join(map(shown, twice[column]))}"
            )
    listed = ", ".join(f"{key} {name}" for key, name in zip(named["key"], named["name"], strict=True))
    return kept, [f"left out as asked: {listed}"] if without else []


def _as_municipalities(areas: gpd.GeoDataFrame, country: str) -> gpd.GeoDataFrame:
    missing = pd.Series(pd.NA, index=areas.index, dtype="string")
    return (
        gpd.GeoDataFrame(
            {
                "key": areas["key"],
                "name": areas["name"],
                "designation": missing,
                "ags": areas["key"] if country == "DE" else missing,
                "nuts": missing,
                "union_key": missing,
                "district_key": missing,
                "land_key": missing,
                "people": areas["people"],
                "part": "land",
            },
            geometry=areas.geometry,
            crs=areas.crs,
        )
        .astype({"part": "string"})
        .reset_index(drop=True)
    )


def _origin(layout: Layout, year: int | None) -> Origin:
    attribution = _with_year(layout.attribution, year)
    return Origin(
        publisher=layout.publisher,
        title=_with_year(layout.title, year),
        licence=layout.licence,
        licence_url=layout.licence_url,
        attribution=attribution,
        attribution_changed=f"{attribution} (Daten verändert)",
    )


def _with_year(text: str, year: int | None) -> str:
    return text.format(year=year) if year else text.replace(" {year}", "")
