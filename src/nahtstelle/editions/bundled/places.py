"""People of municipalities from GeoNames: by place and by name, otherwise unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from nahtstelle.core.names import bare, folded
from nahtstelle.editions.people import JoinedPeople, UnmatchedArea

FAR = 0.05
"""Known people of a district may exceed its official total by this share before it is named: dates differ."""


def people_from_places(municipalities: gpd.GeoDataFrame, places: Iterable[Mapping[str, Any]]) -> JoinedPeople:
    """People of municipalities that hold a populated place of their own name.

    ``municipalities``: indexed by key, with ``name`` and geometry in degrees. ``places``: records with ``name``,
    ``alternatenames``, ``latitude``, ``longitude``, ``population``. A place counts when it lies inside the municipality
    and one of its names is the municipality's; of several the one with most people. A place with nobody, or none at
    all, leaves the municipality unknown.
    """
    inhabited = [place for place in places if place["population"] > 0]
    points = np.asarray(shapely.points([(place["longitude"], place["latitude"]) for place in inhabited]))
    tree = shapely.STRtree(np.asarray(municipalities.geometry.array))
    place_at, municipality_at = tree.query(points, predicate="within")
    own = [_spellings(name) for name in municipalities["name"]]
    people: list[int | None] = [None] * len(municipalities)
    named = np.zeros(len(municipalities), bool)
    for place, at in zip(place_at.tolist(), municipality_at.tolist(), strict=True):
        record = inhabited[place]
        names = {folded(name) for name in (record["name"], *record["alternatenames"])}
        if names & own[at]:
            people[at] = max(people[at] or 0, int(record["population"]))
            named[at] = True
    frame = pd.DataFrame(index=municipalities.index)
    frame["people"] = pd.array(people, dtype="Int64")
    for column in ("area_m2", "lon", "lat"):
        frame[column] = np.nan
    frame["postcode"] = None
    why = "GeoNames has no inhabited place of this name in it"
    unmatched = [
        UnmatchedArea(str(key), name, why)
        for key, name, known in zip(municipalities.index, municipalities["name"], named, strict=True)
        if not known
    ]
    return JoinedPeople(frame, tuple(unmatched), (), ())


def _spellings(name: str) -> set[str]:
    """Ways a municipality's name is written: whole, without its addition, without what stands before it."""
    whole = folded(name)
    # "Weiden i.d. OPf.", "Rade b. Rendsburg", "Lautertal (Odenwald)": which one it is, the place inside tells better
    short = folded(re.sub(r"\(.*|,.*|/.*|\s(?:\w{1,2}\.).*", "", name))
    return {whole, short, bare(whole), bare(short)} - {""}


def compared_with_districts(
    people: pd.Series, of_district: pd.Series, totals: Mapping[str, int], names: Mapping[str, str], source: str
) -> tuple[str, ...]:
    """How known people compare with official totals of districts, in lines for the manifest."""
    known = people.astype(float).groupby(of_district).sum()
    common = sorted(set(known.index) & set(totals))
    official = sum(totals[key] for key in common)
    share = float(known[common].sum()) / official
    ratio = {key: float(known[key]) / totals[key] for key in common}
    near = sum(0.95 <= each <= 1 + FAR for each in ratio.values())
    above = sorted((key for key in common if ratio[key] > 1 + FAR), key=lambda key: -ratio[key])
    below = sorted((key for key in common if ratio[key] < 0.75), key=lambda key: ratio[key])
    absent = sorted(set(known.index) - set(totals))

    def listed(keys: list[str]) -> str:
        return ", ".join(f"{key} {names.get(key, '')} {ratio[key]:.0%}".replace("  ", " ") for key in keys) or "none"

    return (
        f"compared with {source}: known people are {share:.1%} of the official {official:,} in {len(common)} districts",
        f"{near} districts lie within 5 % of their official total",
        f"districts above 105 % of their official total ({len(above)}): {listed(above)}",
        f"districts below 75 % of their official total ({len(below)}): {listed(below)}",
        f"districts without an official total to compare with ({len(absent)}): {', '.join(absent) or 'none'}",
    )
