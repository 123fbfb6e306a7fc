"""Which editions there are: the bundled one and those in the user's folder."""

from __future__ import annotations

import os
from pathlib import Path

from nahtstelle.editions.edition import Edition
from nahtstelle.editions.manifest import MANIFEST, read_manifest
from nahtstelle.errors import EditionDamaged, EditionNotFound

BUNDLED = Path(__file__).parent / "bundled"
DEFAULT = "de-vg250-2016-01-01"
"""The edition in use where none is named: the one in the package."""


def home() -> Path:
    """The folder for editions and downloads: ``NAHTSTELLE_HOME``, else the usual place for data of the system."""
    if named := os.environ.get("NAHTSTELLE_HOME"):
        return Path(named).expanduser()
    import platformdirs  # only where needed: it takes part in the start-up time of every command

    return Path(platformdirs.user_data_dir("nahtstelle"))


def editions_folder() -> Path:
    """Where editions of the user lie."""
    return home() / "editions"


def downloads_folder() -> Path:
    """Where fetched files lie."""
    return home() / "downloads"


def folders() -> list[Path]:
    """The folders of all editions, bundled first, then by name; a folder still being built is none of them."""
    found = []
    for place in (BUNDLED, editions_folder()):
        if place.is_dir():
            found += sorted(folder for folder in place.iterdir() if _is_edition(folder))
    return found


def _is_edition(folder: Path) -> bool:
    return not folder.name.startswith(".") and (folder / MANIFEST).is_file()


def _id_of(folder: Path) -> str | None:
    try:
        return read_manifest(folder).id
    except EditionDamaged:
        return None


def open_edition(which: str | Path | None = None) -> Edition:
    """Open an edition by its id or folder; without either, the bundled one.

    Raises `EditionNotFound`, which lists the ids there are, and `EditionDamaged` for an unreadable manifest.
    """
    if which is None:
        return Edition(BUNDLED / DEFAULT)
    known = {folder.name: folder for folder in reversed(folders())}
    if isinstance(which, str) and which in known:
        return Edition(known[which])
    folder = Path(which).expanduser()
    if (folder / MANIFEST).is_file():
        return Edition(folder)
    for renamed in known.values():
        if isinstance(which, str) and _id_of(renamed) == which:
            return Edition(renamed)
    there = ", ".join(sorted(known)) or "none yet"
    if folder.is_dir():
        raise EditionNotFound(f"{which} is a folder without {MANIFEST}, so no edition; editions there are: {there}")
    raise EditionNotFound(
        f"no edition {str(which)!r}: editions there are: {there}; 'nahtstelle editions build' and "
        "'nahtstelle editions fetch' add more"
    )
