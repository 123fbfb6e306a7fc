"""Whole processes: the first answer on the command line, and building an edition."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd

from benchmarks.clock import alternated, least
from nahtstelle.core.borders import measure_borders
from nahtstelle.editions.build import build_edition

COMMAND = Path(sys.executable).with_name("nahtstelle")


@dataclass(frozen=True)
class FirstAnswer:
    """Seconds of ``nahtstelle seams 03252`` on the bundled edition, and of ``python -c "import numpy"``."""

    command_s: float
    numpy_s: float


def first_answer() -> FirstAnswer:
    """Both as processes from start to end, taking turns; the first of each only warms the disk."""

    def command() -> None:
        subprocess.run([COMMAND, "seams", "03252"], stdout=subprocess.DEVNULL, check=True)

    def numpy() -> None:
        subprocess.run([sys.executable, "-c", "import numpy"], check=True)

    command_s, numpy_s = alternated(16, command, numpy)
    return FirstAnswer(least(command_s[1:]), least(numpy_s[1:]))


@dataclass(frozen=True)
class Building:
    """Seconds for an edition from the published files, reading included, and for its borders alone."""

    edition_s: float
    borders_s: float


def building(source: Path, areas: gpd.GeoDataFrame) -> Building:
    """Build an edition of all areas, taking turns with their borders."""

    def edition() -> None:
        with tempfile.TemporaryDirectory() as folder:
            build_edition([source], Path(folder) / "edition")

    edition_s, borders_s = alternated(3, edition, lambda: measure_borders(areas))
    return Building(least(edition_s), least(borders_s))
