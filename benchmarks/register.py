"""Measure the analysis of the register: ranking all seams by their bridges, beside reading the file.

``python -m benchmarks.register`` writes a register of 5,000 cooperations over VG5000 of 2023, reads it, computes the
bridges of all district and all municipal seams, and writes the third table of ``benchmarks/README.md``.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.clock import alternated, least, told
from benchmarks.data import REFERENCE, VG5000
from benchmarks.register_data import EXPORTED_ON, write_register
from nahtstelle.core.bridges import build_bridges
from nahtstelle.core.footprint import Spaces, footprint
from nahtstelle.core.keys import Level
from nahtstelle.editions.build import build_edition
from nahtstelle.editions.edition import Edition
from nahtstelle.register_file import read_snapshot

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- register -->\n", "<!-- end of register -->"


@dataclass(frozen=True)
class Ranked:
    """Seconds for reading a register and for ranking the seams of a level, and what was found."""

    read_s: float
    district_s: float
    municipality_s: float
    footprint_s: float
    records: int
    memberships: int
    seams: dict[Level, int]
    bridges: dict[Level, int]


def main() -> int:
    if not VG5000.is_dir():
        print(f"{VG5000.name} is not in {REFERENCE}: set NAHTSTELLE_REFERENCE_DATA")
        return 1
    with tempfile.TemporaryDirectory(prefix="nahtstelle-bench-") as place:
        print("building VG5000 2023 ...", flush=True)
        edition = build_edition([VG5000], Path(place) / "vg5000")
        print("a register of 5,000 cooperations ...", flush=True)
        ranked = measured(edition, Path(place) / "register.jsonl")
    table = written(ranked)
    print(table)
    head, rest = README.read_text(encoding="utf-8").split(BEGIN)
    README.write_text(f"{head}{BEGIN}{table}{END}{rest.split(END)[1]}", encoding="utf-8")
    return 0


def measured(edition: Edition, file: Path, times: int = 5) -> Ranked:
    """Everything taking turns. Each ranking is cold: it resolves every membership anew, and puts the seams in order."""
    territory = edition.territory
    records = write_register(file, territory)
    snapshot = read_snapshot(file)
    seams = {level: edition.all_seams(level) for level in (Level.DISTRICT, Level.MUNICIPALITY)}
    bridges: dict[Level, int] = {}

    def ranking(level: Level) -> None:
        found = build_bridges(snapshot, territory, seams[level], EXPORTED_ON)
        people = [seam.people.people or 0 for seam in seams[level]]
        sorted(range(len(found)), key=lambda row: (-int(found.state[row]), -people[row]))
        bridges[level] = len(found.bridge_seam)

    spaces = Spaces(snapshot, territory, EXPORTED_ON)
    spaces.footprint("cooperation-00001")  # the spaces of all others are resolved once
    read_s, district_s, municipality_s, footprint_s = alternated(
        times,
        lambda: read_snapshot(file),
        lambda: ranking(Level.DISTRICT),
        lambda: ranking(Level.MUNICIPALITY),
        lambda: spaces.footprint("cooperation-00002"),
    )
    assert footprint(snapshot, territory, "cooperation-00002", EXPORTED_ON) == spaces.footprint("cooperation-00002")
    return Ranked(
        least(read_s), least(district_s), least(municipality_s), least(footprint_s), records,
        len(snapshot.memberships), {level: len(several) for level, several in seams.items()}, bridges,
    )  # fmt: skip


def written(ranked: Ranked) -> str:
    """The third table of ``benchmarks/README.md``."""
    district, municipality = Level.DISTRICT, Level.MUNICIPALITY
    rows = [
        (f"ranking all {ranked.seams[district]:,} district seams by bridges, cold, in times of reading the file",
         "≤ 10", f"{ranked.district_s / ranked.read_s:.2f}"),
        (f"ranking all {ranked.seams[municipality]:,} municipal seams, cold, in times of reading the file",
         "≤ 60", f"{ranked.municipality_s / ranked.read_s:.2f}"),
    ]  # fmt: skip
    times = [
        (f"reading the file: {ranked.records:,} records, {ranked.memberships:,} of them memberships", ranked.read_s),
        (f"district seams: {ranked.bridges[district]:,} bridges", ranked.district_s),
        (f"municipal seams: {ranked.bridges[municipality]:,} bridges", ranked.municipality_s),
        ("footprint of one cooperation with its overlaps, the spaces of all others known", ranked.footprint_s),
    ]
    return "\n".join(
        [
            "| figure | aim | measured |",
            "| --- | --- | --- |",
            *(f"| {' | '.join(row)} |" for row in rows),
            "",
            "| what | time |",
            "| --- | --- |",
            *(f"| {what} | {told(seconds)} |" for what, seconds in times),
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
