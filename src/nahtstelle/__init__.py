"""Nahtstelle: the seams of administrative areas.

>>> import nahtstelle
>>> edition = nahtstelle.open_edition()
>>> len(edition.seams("03252"))
5
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nahtstelle.core.borders import Borders, measure_borders, shared_borders
    from nahtstelle.editions.catalogue import open_edition
    from nahtstelle.editions.edition import Edition

__version__ = "0.1.0"

__all__ = ["Borders", "Edition", "measure_borders", "open_edition", "shared_borders"]

_HOME = {
    "Borders": "nahtstelle.core.borders",
    "Edition": "nahtstelle.editions.edition",
    "measure_borders": "nahtstelle.core.borders",
    "open_edition": "nahtstelle.editions.catalogue",
    "shared_borders": "nahtstelle.core.borders",
}


def __getattr__(name: str) -> object:
    """Load what is asked for when it is asked for, so that the command line starts fast."""
    if name not in _HOME:
        raise AttributeError(f"module 'nahtstelle' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOME[name]), name)
