"""How time and memory grow from one Germany to many side by side, each in a process of its own."""

from __future__ import annotations

import gc
import json
import pickle
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from benchmarks.clock import alternated, least
from benchmarks.data import ROOT, coordinates, side_by_side
from nahtstelle.core.borders import measure_borders

BYTES_PER_VERTEX = 16
STATUS = Path("/proc/self/status")


@dataclass(frozen=True)
class Grown:
    """So many copies: least seconds, and memory in bytes (``None`` where the system does not tell).

    ``peak``: of the whole process while it measures, areas and libraries included; ``before``: of the process
    when it begins to measure; ``coordinates``: 16 bytes per vertex.
    """

    copies: int
    areas: int
    pairs: int
    seconds: float
    coordinates: int
    before: int | None
    peak: int | None


def grown(areas: gpd.GeoDataFrame, copies: int, times: int) -> Grown:
    """Measure so many copies in a new process."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "areas.pickle"
        table = (areas.index.tolist(), shapely.to_wkb(np.asarray(areas.geometry.array)), areas.crs.to_wkt())
        file.write_bytes(pickle.dumps(table))
        command = [sys.executable, "-m", "benchmarks.growth", str(file), str(copies), str(times)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return Grown(**json.loads(done.stdout))


def _here(file: Path, copies: int, times: int) -> Grown:
    keys, wkb, crs = pickle.loads(file.read_bytes())
    areas = gpd.GeoDataFrame(geometry=shapely.from_wkb(wkb), index=keys, crs=crs)
    del wkb
    if copies > 1:
        areas = side_by_side(areas, copies)
    gc.collect()
    before = _forget_the_peak()
    pairs = len(measure_borders(areas).pairs)
    peak = _memory("VmHWM") if before is not None else None
    (seconds,) = alternated(times, lambda: measure_borders(areas))
    return Grown(copies, len(areas), pairs, least(seconds), coordinates(areas) * BYTES_PER_VERTEX, before, peak)


def _forget_the_peak() -> int | None:
    """Memory in use now, which from here on is the peak so far. Linux only."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return None
    return _memory("VmRSS")


def _memory(what: str) -> int:
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(f"{what}:"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    print(json.dumps(asdict(_here(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))))
