"""``nahtstelle editions``: which there are, fetching, building, verifying, map tiles."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nahtstelle.cli.output import (
    Format,
    FormatOption,
    OutputOption,
    counted,
    put,
    show,
    show_share,
    table,
    to_csv,
    to_json,
)
from nahtstelle.errors import EditionDamaged, InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from nahtstelle.editions.edition import Edition

app = typer.Typer(
    help="Editions: the areas of one publisher at one date. List, fetch, build, verify, derive map tiles.",
    no_args_is_help=True,
)


@app.command("list")
def list_(form: FormatOption = Format.table, output: OutputOption = None) -> None:
    """List the editions there are, and the official files that can be fetched."""
    from nahtstelle.editions.catalogue import editions_folder, folders
    from nahtstelle.editions.edition import Edition
    from nahtstelle.editions.fetch import OFFICIAL

    editions, damaged = [], []
    for folder in folders():
        try:
            editions.append(Edition(folder))
        except EditionDamaged as error:
            damaged.append(error.message)
    columns = ("id", "title", "valid_on", "municipalities", "people_known_share", "folder")
    rows = [
        (
            each.id,
            each.manifest.title,
            each.manifest.valid_on,
            each.manifest.areas["municipality"],
            round(each.manifest.people.known / max(each.manifest.people.of, 1), 4),
            str(each.folder),
        )
        for each in editions
    ]
    if form is Format.json:
        put(to_json({"editions": [dict(zip(columns, row, strict=True)) for row in rows], "damaged": damaged}), output)
    elif form is Format.csv:
        put(to_csv(columns, rows), output)
    elif form is Format.geojson:
        raise InputError("a list of editions has no geometry: use --format json or csv")
    else:
        table(
            counted(len(rows), "edition", "editions"),
            ("Id", "Title", "Valid on", "Municipalities", "People known"),
            [(row[0], row[1], row[2] or "–", show(row[3]), show_share(row[4])) for row in rows],
            notes=(
                *(f"left out: {each}" for each in damaged),
                f"Your own editions lie in {editions_folder()}.",
                f"To be fetched with 'nahtstelle editions fetch NAME': {', '.join(OFFICIAL)}",
            ),
            numbers=("Municipalities", "People known"),
            output=output,
        )


@app.command("show")
def show_(
    which: Annotated[str, typer.Argument(metavar="ID|DIR", help="Id or folder of an edition.")],
    form: FormatOption = Format.table,
    output: OutputOption = None,
) -> None:
    """Show what an edition says of itself: sources, licences, coverage, how its borders were measured."""
    import json

    from nahtstelle.editions.catalogue import open_edition

    edition = open_edition(which)
    said = json.loads(edition.manifest.to_json())
    if form is Format.json:
        put(to_json(said), output)
        return
    if form is not Format.table:
        raise InputError(f"a manifest has no form {form.value}: use table or json")
    manifest = edition.manifest
    people = manifest.people
    total = f"{people.total:,} in" if people.total is not None else "known for"
    rows = [
        ("Id", edition.id),
        ("Title", manifest.title),
        ("Folder", str(edition.folder)),
        ("Valid on", manifest.valid_on or "not stated"),
        ("Scale", manifest.scale or "not stated"),
        *(("Areas", f"{count:,} of level {at}, {manifest.pairs[at]:,} borders, {manifest.border_km[at]:,.0f} km")
          for at, count in manifest.areas.items()),
        ("People", f"{total} {people.known:,} of {people.of:,} municipalities, as of {people.on or 'no stated date'}"),
        ("Without people", f"{len(people.unmatched_areas):,} municipalities listed (--format json)"),
        ("Not matched", f"{len(people.unmatched_people):,} lines of the register listed (--format json)"),
        *(("Note", note) for note in (*people.notes, *manifest.findings)),
        ("Borders", f"{manifest.borders.metric} on {manifest.borders.ellipsoid}, {manifest.borders.measured_on}, "
                    f"tolerance {manifest.borders.tolerance_m:g} m, {manifest.borders.vertices_moved} vertices moved, "
                    f"{manifest.borders.vertices_inserted} inserted"),
        ("Geometry", manifest.geometry_note),
        *(("Source", f"{source.name}, {source.bytes:,} bytes, SHA-256 {source.sha256}") for source in manifest.sources),
        *(("Licence", f"{each.title}: {each.licence}, {each.attribution}") for each in manifest.licences),
        ("Built", f"{manifest.built_at} with {manifest.built_with}"),
    ]  # fmt: skip
    table(edition.id, ("", "What it says"), rows, output=output)


def _steps() -> Callable[[str], None]:
    """Says each step of a long work on standard error, with the seconds passed."""
    began = time.monotonic()

    def say(step: str) -> None:
        typer.echo(f"{time.monotonic() - began:6.1f} s  {step}", err=True)

    return say


@app.command()
def build(
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="SOURCE...",
            help="A source of areas (BKG VG250, VG250-EW, VG5000, Eurostat LAU ...), as published; may be followed by "
            "official changes of municipalities.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder of the new edition; it must not exist.")],
    people: Annotated[Path | None, typer.Option("--people", help="A register of people (Gemeindeverzeichnis).")] = None,
    country: Annotated[
        str | None, typer.Option("--country", help="For LAU files: which country to take, e.g. FR.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", help="Key of an area to leave out; may be given several times.")
    ] = None,
    tolerance_m: Annotated[
        float, typer.Option("--tolerance-m", help="Metres within which gaps and overlaps are mended.")
    ] = 0.001,
) -> None:
    """Build an edition from files as published. It is verified before it appears; half an edition never does.

    Map tiles are part of it where the tiler is installed (extra 'portal').
    """
    from nahtstelle.editions.build import build_edition

    say = _steps()
    edition = build_edition(
        sources,
        out,
        people=people,
        country=country,
        without=frozenset(without or ()),
        tolerance_m=tolerance_m,
        tiles=_with_tiles(),
        progress=say,
    )
    say("done")
    _built(edition)


def _with_tiles() -> bool:
    """Whether map tiles can be made; says so where they cannot."""
    from nahtstelle.editions.tiles import can_derive

    if can_derive():
        return True
    typer.echo("no map tiles are made: the tiler comes with the extra 'portal'", err=True)
    return False


def _built(edition: Edition) -> None:
    manifest = edition.manifest
    typer.echo(f"{edition.folder}: {manifest.title}")
    typer.echo(
        f"{manifest.areas['municipality']:,} municipalities, {manifest.pairs['municipality']:,} borders; "
        f"people known for {manifest.people.known:,}, without a figure {manifest.people.of - manifest.people.known:,}, "
        f"figures not matched {len(manifest.people.unmatched_people):,}"
    )
    for finding in manifest.findings:
        typer.echo(f"note: {finding}")
    typer.echo(manifest.attribution)


@app.command()
def fetch(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="An official file, e.g. vg250-ew; 'editions list' names them.")
    ],
) -> None:
    """Download an official file and, if it holds areas, build an edition from it. Goes on where it was interrupted."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    from nahtstelle.editions import fetch as fetching
    from nahtstelle.editions.catalogue import downloads_folder, editions_folder

    what = fetching.official(name)
    columns = (TextColumn(what.file_name), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(name, total=None)
        done = fetching.download(
            what,
            downloads_folder(),
            on_progress=lambda now, total: progress.update(task, completed=now, total=total),
        )
    typer.echo(
        f"{done.path}: {done.bytes:,} bytes, SHA-256 {done.sha256}, {'unchanged' if done.unchanged else 'fetched'}"
    )
    if name.startswith("vg"):
        from nahtstelle.editions.build import build_fetched

        say = _steps()
        edition = build_fetched(done.path, name, editions_folder(), tiles=_with_tiles(), progress=say)
        say("done")
        _built(edition)
        typer.echo(f"use it with: nahtstelle seams 03252 --edition {edition.id}")
    else:
        typer.echo(f"use it with: nahtstelle editions build AREAS --people {done.path} --out DIR")


@app.command()
def tiles(
    which: Annotated[str, typer.Argument(metavar="ID|DIR", help="Id or folder of an edition.")],
) -> None:
    """Derive the map tiles of an edition, unless it has them. They lie beside the editions, which never change."""
    from nahtstelle.editions.catalogue import open_edition
    from nahtstelle.editions.tiles import ensure_tiles, tiles_of

    edition = open_edition(which)
    if tiles_of(edition) is None:
        say = _steps()
        ensure_tiles(edition, say)
        say("done")
    path = ensure_tiles(edition)
    typer.echo(f"{path}: {path.stat().st_size:,} bytes")


@app.command()
def verify(
    folder: Annotated[str, typer.Argument(metavar="ID|DIR", help="Id or folder of an edition.")],
) -> None:
    """Check an edition: files, columns, keys, hierarchy, sums, coverage, licences. Says what fails where."""
    from nahtstelle.editions.catalogue import open_edition
    from nahtstelle.editions.verify import verify as findings_of

    edition = open_edition(folder)
    findings = findings_of(edition.folder)
    for finding in findings:
        typer.echo(finding)
    if findings:
        above = counted(len(findings), "finding", "findings")
        raise EditionDamaged(f"edition {edition.id} does not verify: {above} above", tuple(findings))
    typer.echo(f"{edition.id} verifies: files, columns, keys, hierarchy, sums, coverage, licences")
