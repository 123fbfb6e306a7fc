"""What a reader hands on: areas, people or key changes, each with where it comes from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


@dataclass(frozen=True)
class Origin:
    """Who published a source, when, under which licence, and the attribution that licence asks for.

    ``attribution`` is the text to show beside the data as published; ``attribution_changed`` the text after
    any change (simplification and reprojection are changes).
    """

    publisher: str
    title: str
    licence: str
    licence_url: str | None
    attribution: str
    attribution_changed: str


@dataclass(frozen=True)
class AreaSource:
    """The municipalities of one publisher at one date, as read, with the names of the larger areas.

    ``municipalities``: one row per published feature, so a key may come several times (land and water
    parts). Columns: ``key`` (text: ARS of 12 digits in Germany, the LAU code elsewhere), ``name``,
    ``designation`` (Stadt, Flecken, Gemeindefreies Gebiet ...), ``ags``, ``nuts``, ``union_key``,
    ``district_key``, ``land_key`` (text or missing), ``people`` (Int64, missing where unknown; on every
    feature of a key the same value), ``part`` (``land`` or ``water``), ``geometry``. Any index; a
    coordinate system is set.

    ``larger``: one row per union, district and Land: ``key``, ``level`` (`Level` value as text), ``name``,
    ``designation``. May be empty.

    ``valid_on`` is the date of the borders, ``people_on`` that of the people column (``None`` without one).
    ``scale`` is the map scale as the publisher states it, e.g. ``1:250 000``. ``findings`` are remarks on
    what was unusual in the files, one line each.
    """

    origin: Origin
    country: str
    valid_on: dt.date | None
    scale: str | None
    municipalities: gpd.GeoDataFrame
    larger: pd.DataFrame
    files: tuple[Path, ...]
    people_on: dt.date | None = None
    findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class PeopleSource:
    """People and further figures per municipality at one date.

    ``municipalities``: one row per key. Columns: ``key`` (ARS where the source has it, else missing), ``ags``,
    ``name``, ``people`` (Int64, missing where the source has no figure), ``area_m2`` (float),
    ``postcode`` (text), ``lon``, ``lat`` (float, degrees WGS84); a figure the source lacks is missing.

    ``larger``: as in `AreaSource`, and ``seat``, where the administration sits (text, missing where not stated).
    ``people_on`` and ``valid_on`` may differ: a register of 2024-12-31 may still carry the people of 2023-12-31.
    """

    origin: Origin
    valid_on: dt.date
    people_on: dt.date
    municipalities: pd.DataFrame
    larger: pd.DataFrame
    files: tuple[Path, ...]
    findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class KeyChanges:
    """Official changes of municipalities in a period.

    ``changes``: one row per published line of level municipality. Columns: ``before_key`` (ARS), ``before_ags``,
    ``before_name``, ``kind`` (``dissolved``, ``partial``, ``rekeyed``, ``renamed``), ``area_m2`` (float, missing where
    not given), ``people`` (Int64, missing where not given), ``after_key``, ``after_ags``, ``after_name``,
    ``valid_on`` (date).
    """

    origin: Origin
    since: dt.date
    until: dt.date
    changes: pd.DataFrame
    files: tuple[Path, ...]
    findings: tuple[str, ...] = field(default=())


Source = AreaSource | PeopleSource | KeyChanges
