"""What an edition says of itself: ``manifest.json``."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nahtstelle.errors import EditionDamaged

FORMAT = 1
MANIFEST = "manifest.json"
AREAS = "areas.parquet"
BORDERS = "borders.parquet"
TILES = "map.pmtiles"


@dataclass(frozen=True)
class Licence:
    """Under which licence the data of one publisher came, and the attribution to show wherever they are shown."""

    publisher: str
    title: str
    licence: str
    url: str | None
    attribution: str


@dataclass(frozen=True)
class SourceFile:
    """A file the edition was built from."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class PeopleNote:
    """How much is known of the people, as of which day, and what did not match.

    ``unmatched_areas``: ``key name: why`` of every municipality without a figure, empty where nothing at all is known;
    ``unmatched_people``: the same for figures that found no municipality; ``notes``: what else to know, e.g. a
    comparison with other totals.
    """

    on: str | None
    known: int
    of: int
    total: int | None
    unmatched_areas: tuple[str, ...] = ()
    unmatched_people: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class BordersNote:
    """How the borders were measured: on which line, in which metric, with which tolerance, after which mending."""

    measured_on: str
    metric: str
    ellipsoid: str
    tolerance_m: float
    vertices_moved: int
    vertices_inserted: int
    farthest_m: float


@dataclass(frozen=True)
class Manifest:
    """One edition: the areas of one publisher at one date.

    Dates are ISO texts. ``areas`` and ``pairs`` count rows per level, ``border_km`` adds up lengths per level.
    ``geometry_note`` says what was done to the lines. ``files`` maps the name of each data file to its SHA-256;
    `TILES` is among them where the edition was built with map tiles.
    """

    id: str
    title: str
    country: str
    valid_on: str | None
    scale: str | None
    attribution: str
    licences: tuple[Licence, ...]
    sources: tuple[SourceFile, ...]
    areas: dict[str, int]
    pairs: dict[str, int]
    border_km: dict[str, float]
    people: PeopleNote
    borders: BordersNote
    geometry_note: str
    findings: tuple[str, ...]
    files: dict[str, str]
    built_with: str
    built_at: str
    format: int = FORMAT

    def to_json(self) -> str:
        """The manifest as it stands in the file."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False, indent=2) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of an edition. Raises `EditionDamaged` where it is missing, unreadable or incomplete."""
    path = folder / MANIFEST
    try:
        read: Any = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise EditionDamaged(f"{folder} is no edition: it has no {MANIFEST}") from None
    except OSError as error:
        raise EditionDamaged(f"{path} cannot be read: {error.strerror or error}") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise EditionDamaged(f"{path} cannot be read as JSON: {error}; build or fetch the edition anew") from None
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        found = read.get("format") if isinstance(read, dict) else type(read).__name__
        raise EditionDamaged(f"{path} has format {found!r}, expected {FORMAT}: build the edition anew")
    named = {field.name for field in dataclasses.fields(Manifest)}
    if missing := sorted(named - set(read)):
        raise EditionDamaged(f"{path} is incomplete: it lacks {', '.join(missing)}; build or fetch the edition anew")
    try:
        return Manifest(
            **{
                **{name: value for name, value in read.items() if name in named},
                "licences": tuple(Licence(**each) for each in read["licences"]),
                "sources": tuple(SourceFile(**each) for each in read["sources"]),
                "people": PeopleNote(**_tuples(read["people"])),
                "borders": BordersNote(**read["borders"]),
                "findings": tuple(read["findings"]),
            }
        )
    except (KeyError, TypeError) as error:
        raise EditionDamaged(f"{path} is incomplete: {error}; build or fetch the edition anew") from None


def _tuples(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
