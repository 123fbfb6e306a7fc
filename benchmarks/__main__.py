"""Measure everything in one run, print the table and write it into ``benchmarks/README.md``."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from benchmarks.clock import told
from benchmarks.data import REFERENCE, VG250, VG5000, municipalities
from benchmarks.growth import Grown, grown
from benchmarks.peers import BesideSort, Peers, beside_a_sort, beside_peers
from benchmarks.processes import Building, FirstAnswer, building, first_answer

README = Path(__file__).with_name("README.md")
COPIES = 16
LIBRARIES = ("numpy", "shapely", "geopandas", "pyproj", "libpysal")

TABLE = """\
{machine}

| measured on | figure | aim | measured |
| --- | --- | --- | --- |
{rows}

| on | what | time |
| --- | --- | --- |
{times}

Pairs and lengths agree: {agreement} Before it begins to measure, the process with {copies} times Germany holds
{before} times the bytes of the coordinates (16 per vertex), its peak includes them.
"""
BEGIN, END = "<!-- table -->\n", "<!-- end of table -->"


def main() -> int:
    missing = [folder for folder in (VG5000, VG250) if not folder.is_dir()]
    if missing:
        print(f"{missing[0].name} with real areas is not in {REFERENCE}: set NAHTSTELLE_REFERENCE_DATA")
        return 1
    print("VG5000 beside its peers ...", flush=True)
    peers = beside_peers(municipalities(VG5000))
    print("VG250 beside a sort ...", flush=True)
    areas = municipalities(VG250)
    sort = beside_a_sort(areas)
    print("one Germany and many ...", flush=True)
    one, many = grown(areas, 1, 15), grown(areas, COPIES, 5)
    print("the command line ...", flush=True)
    answer = first_answer()
    print("an edition ...", flush=True)
    edition = building(VG250, areas)
    table = written(peers, sort, one, many, answer, edition)
    print(table)
    head, rest = README.read_text(encoding="utf-8").split(BEGIN)
    README.write_text(f"{head}{BEGIN}{table}{END}{rest.split(END)[1]}", encoding="utf-8")
    return 0


def written(peers: Peers, sort: BesideSort, one: Grown, many: Grown, answer: FirstAnswer, edition: Building) -> str:
    """The tables of ``benchmarks/README.md``."""
    growth = many.seconds / one.seconds
    vg5000 = f"VG5000 2023, {peers.areas:,} areas"
    vg250 = f"VG250 2016, {sort.areas:,} areas, {sort.vertices:,} vertices"
    side_by_side = f"Germany {many.copies} times side by side, {many.areas:,} areas"
    agree = [peers.libpysal, peers.intersections]
    same = "yes" if all(each.same_pairs for each in agree) else "no"
    rows = [
        (vg5000, "borders, times as fast as libpysal", "≥ 40", f"{peers.libpysal_s / peers.ours_s:.0f}"),
        (vg5000, "pairs with a common line, the same", "30,940", f"{peers.libpysal.pairs:,}, {same}"),
        (
            vg5000, "largest relative difference of lengths", "≤ 1e-6",
            f"{max(each.largest_difference for each in agree):.0e}",
        ),
        (vg250, "borders, in times of a sort", "≤ 6", f"{sort.borders_s / sort.argsort_s:.1f}"),
        (side_by_side, "growth of time", f"≤ {many.copies**1.1:.1f} (n^1.1)", f"{growth:.1f}"),
        (side_by_side, "peak memory, in bytes of the coordinates", "≤ 10", _times(many.peak, many.coordinates)),
        ("bundled edition", "`nahtstelle seams 03252`, in times of `import numpy`", "≤ 5",
         f"{answer.command_s / answer.numpy_s:.1f}"),
        (vg250, "an edition, reading included, in times of its borders", "≤ 40",
         f"{edition.edition_s / edition.borders_s:.0f}"),
    ]  # fmt: skip
    times = [
        (vg5000, "`shared_borders(metric=\"projected\")`", peers.ours_s),
        (vg5000, "`shared_borders()`, on the ellipsoid", peers.geodesic_s),
        (vg5000, "libpysal", peers.libpysal_s),
        (vg5000, "pairwise intersections", peers.intersections_s),
        (vg250, f"`measure_borders()`, {sort.pairs:,} pairs with geodesic lengths and stretches", sort.borders_s),
        (vg250, "a sort", sort.argsort_s),
        (vg250, "the same in a process of its own", one.seconds),
        (side_by_side, f"`measure_borders()`, {many.pairs:,} pairs", many.seconds),
        (vg250, "building an edition", edition.edition_s),
        ("bundled edition", "`nahtstelle seams 03252`", answer.command_s),
        ("bundled edition", "`python -c \"import numpy\"`", answer.numpy_s),
    ]  # fmt: skip
    agreement = (
        f"libpysal finds {peers.libpysal.pairs:,} pairs whose lengths differ from ours by at most "
        f"{peers.libpysal.largest_difference:.0e} of the length, pairwise intersections {peers.intersections.pairs:,} "
        f"and {peers.intersections.largest_difference:.0e}."
    )
    return TABLE.format(
        machine=machine(),
        rows="\n".join(f"| {' | '.join(row)} |" for row in rows),
        times="\n".join(f"| {on} | {what} | {told(seconds)} |" for on, what, seconds in times),
        agreement=agreement,
        copies=many.copies,
        before=_times(many.before, many.coordinates),
    )


def machine() -> str:
    """Cores and versions."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}, "
        f"Python {platform.python_version()}, {libraries}."
    )


def _times(memory: int | None, coordinates: int) -> str:
    return "not known" if memory is None else f"{memory / coordinates:.1f}"


if __name__ == "__main__":
    sys.exit(main())
