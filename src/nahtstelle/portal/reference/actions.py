"""Changing what the site knows of editions: load one, make one current. All or nothing."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date

from nahtstelle.core.names import bare, folded
from nahtstelle.editions.catalogue import BUNDLED
from nahtstelle.editions.edition import Edition as EditionFiles
from nahtstelle.errors import EditionNotFound
from nahtstelle.portal.reference.models import Area, Edition


def fingerprint_of(files: EditionFiles) -> str:
    """Twelve signs that change whenever a file of the edition does."""
    listed = "\n".join(f"{name} {checksum}" for name, checksum in sorted(files.manifest.files.items()))
    return hashlib.sha256(listed.encode()).hexdigest()[:12]


@transaction.atomic
def load_edition(files: EditionFiles, *, make_current: bool = True) -> Edition:
    """Load the areas of an edition, in one transaction: readers see all of it or what was there before.

    An edition that is loaded already with the same files is left as it is, apart from becoming current where asked.
    """
    fingerprint = fingerprint_of(files)
    manifest = files.manifest
    edition, new = Edition.objects.get_or_create(
        id=files.id,
        defaults={
            "title": manifest.title,
            "valid_on": parse_date(manifest.valid_on or ""),
            "fingerprint": fingerprint,
        },
    )
    edition.folder = "" if files.folder.parent == BUNDLED else str(files.folder.absolute())
    if new or edition.fingerprint != fingerprint:
        edition.title, edition.valid_on = manifest.title, parse_date(manifest.valid_on or "")
        edition.fingerprint = fingerprint
        edition.areas.all().delete()
        Area.objects.bulk_create((Area(edition=edition, **row) for row in _rows(files)), batch_size=2000)
    edition.save()
    if make_current or not Edition.objects.filter(current=True).exists():
        use_edition(edition.id)
        edition.current = True
    return edition


@transaction.atomic
def use_edition(edition_id: str) -> None:
    """Make a loaded edition the current one; the next request of every worker speaks of it.

    Raises `EditionNotFound` with the editions that are loaded.
    """
    if not Edition.objects.filter(id=edition_id).exists():
        loaded = ", ".join(Edition.objects.values_list("id", flat=True)) or "none"
        raise EditionNotFound(f"edition {edition_id!r} is not loaded; loaded are: {loaded}")
    Edition.objects.filter(current=True).exclude(id=edition_id).update(current=False)
    Edition.objects.filter(id=edition_id).update(current=True)


def _rows(files: EditionFiles) -> list[dict[str, Any]]:
    """One row per area, with the box around it."""
    import pandas as pd

    from nahtstelle.core.keys import LEVELS, Level

    municipalities = files.areas(Level.MUNICIPALITY)
    bounds = municipalities.geometry.bounds
    boxes: dict[str, tuple[float, float, float, float]] = {}
    for level in LEVELS:
        group = pd.Series(municipalities.index, index=bounds.index)
        if level is not Level.MUNICIPALITY:
            group = municipalities[f"{level}_key"]
        around = bounds.groupby(group.to_numpy()).agg({"minx": "min", "miny": "min", "maxx": "max", "maxy": "max"})
        boxes |= {str(key): tuple(values) for key, *values in around.itertuples()}
    rows = []
    names: dict[str, str] = {}
    figures = pd.concat(
        [files.figures(level).reset_index().assign(level=level.value) for level in reversed(LEVELS)], ignore_index=True
    )
    for row in figures.to_dict("records"):
        text = {name: "" if pd.isna(value) else str(value) for name, value in row.items()}
        key, name = text["key"], text["name"] or text["key"]
        names[key] = name
        west, south, east, north = boxes[key]
        both = dict.fromkeys([folded(name), bare(folded(name))])
        rows.append(
            {
                "key": key,
                "level": text["level"],
                "name": name,
                "designation": text["designation"],
                # a second time without its designation, after a space as every word begins
                "folded": " ".join(both),
                "ags": text["ags"],
                "union_key": text["union_key"],
                "district_key": text["district_key"],
                "land_key": text["land_key"],
                "district_name": names.get(text["district_key"], ""),
                "people": None if pd.isna(row["people"]) else int(row["people"]),
                "people_known": int(row["people_known"]),
                "people_of": int(row["people_of"]),
                "area_m2": None if pd.isna(row["area_m2"]) else float(row["area_m2"]),
                "west": west,
                "south": south,
                "east": east,
                "north": north,
            }
        )
    return rows
