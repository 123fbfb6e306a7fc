"""``nahtstelle register``: the register as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nahtstelle.cli.bridges import RegisterArgument
from nahtstelle.cli.output import (
    EditionOption,
    Format,
    FormatOption,
    OutputOption,
    counted,
    edition_named,
    put,
    table,
    to_csv,
    to_json,
)
from nahtstelle.cli.portal import set_up
from nahtstelle.errors import InputError

if TYPE_CHECKING:
    from nahtstelle.core.rules import Finding

app = typer.Typer(help="Look after the register of cooperations.", no_args_is_help=True)


@app.callback()
def _register() -> None:
    """Look after the register of cooperations."""


@app.command()
def check(
    register: RegisterArgument,
    edition: EditionOption = None,
    form: FormatOption = Format.table,
    output: OutputOption = None,
) -> None:
    """Check a register file: its form, its references, and whether what it says of each cooperation can be true.

    Says what is wrong where and how to put it right. Ends with 4 if anything cannot be true; advice alone is no error.
    """
    if form is Format.geojson:
        raise typer.BadParameter("findings have no place on the map: choose table, json or csv", param_hint="--format")
    from nahtstelle.register_file import check_lines

    found = check_lines(register, edition_named(edition).territory)
    _write(found, form, output)
    if blocking := sum(each.blocks for each in found):
        raise InputError(f"{register}: {counted(blocking, 'finding', 'findings')} above cannot be true")


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="The file to write, e.g. register.jsonl.", dir_okay=False)],
    public: Annotated[
        bool, typer.Option("--public", help="Only what visitors see: no drafts, nothing withdrawn, no names.")
    ] = False,
) -> None:
    """Write the register of the site to a file: all of it, to be brought back with 'nahtstelle register import'."""
    set_up()
    from nahtstelle.portal.register import exchange

    count = exchange.export(file, public_only=public)
    typer.echo(f"{file}: {counted(count, 'record', 'records')} written")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A register file, from 'nahtstelle register export'.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
) -> None:
    """Bring a register file into the site, all or nothing: new records are entered, others changed, the rest stays.

    What cannot be true is named line by line; then nothing is done and the command ends with 4.
    """
    set_up()
    from nahtstelle.portal.register import exchange
    from nahtstelle.portal.register.errors import Invalid
    from nahtstelle.portal.register.models import Via
    from nahtstelle.portal.register.policies import OPERATOR

    try:
        report = exchange.import_(file, OPERATOR, via=Via.COMMAND, dry_run=dry_run)
    except Invalid as error:
        for each in error.findings:
            typer.echo(f"{file}, line {each.row}: {each.field + ': ' if each.field else ''}{each.message}", err=True)
        what = counted(len(error.findings), "finding", "findings")
        raise InputError(f"{file}: {what} above cannot be true; nothing was imported") from None
    for each in report.findings:
        typer.echo(f"{file}, line {each.row}: {each.message}", err=True)
    done = "would be" if dry_run else "were"
    typer.echo(f"{report.created:,} {done} entered, {report.changed:,} changed, {report.same:,} are as they are")


@app.command("check-links")
def check_links(
    timeout_s: Annotated[float, typer.Option("--timeout", help="Seconds to wait for each answer.")] = 10,
) -> None:
    """Ask for every link of the register of the site, and mark those that lead nowhere for who looks after them."""
    set_up()
    from nahtstelle.portal.register.links import check_links as check

    with _progress("Checking links") as progress:
        asked, broken = check(progress=progress, timeout_s=timeout_s)
    typer.echo(f"{counted(asked, 'link', 'links')} checked, {broken:,} of them broken")


@app.command()
def reindex() -> None:
    """Write the full-text search of the site anew; needed only when something changed the database past the site."""
    set_up()
    from nahtstelle.portal.register import search

    with _progress("Writing the search") as progress:
        count = search.reindex(lambda _type, done, of: progress(done, of))
    typer.echo(f"{counted(count, 'record', 'records')} can be found")


@app.command("import-table")
def import_table(
    file: Annotated[Path, typer.Argument(help="A list: XLSX, XLS, ODS or CSV.", exists=True, dir_okay=False)],
    target: Annotated[
        str, typer.Option(help="What its rows are: memberships, cooperations, organisations or projects.")
    ],
    map_: Annotated[
        Path | None,
        typer.Option("--map", help="How it is read, as JSON; without it, columns by their names.", exists=True),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    write_map: Annotated[
        Path | None,
        typer.Option("--write-map", help="Write how it was read and what is asked, to be completed."),
    ] = None,
    output: OutputOption = None,
) -> None:
    """Import a list of others, all or nothing, with a report row by row.

    What is not certain is asked about, never guessed: complete the file of --write-map and give it with --map. Ends
    with 4 where rows are wrong or questions open; then nothing is imported.
    """
    set_up()
    from nahtstelle.cli.import_report import written_map, written_report
    from nahtstelle.portal.intake import actions
    from nahtstelle.portal.intake.plans import Reading
    from nahtstelle.portal.intake.targets import TARGETS
    from nahtstelle.portal.register.policies import OPERATOR

    if target not in TARGETS:
        raise typer.BadParameter(f"there is {', '.join(TARGETS)}", param_hint="--target")
    reading = Reading.from_dict(_json_object(map_)) if map_ else None
    with _progress("Reading the list") as progress:
        plan, wrong, batch = actions.import_table(
            OPERATOR, file.name, file.read_bytes(), TARGETS[target], reading, dry_run=dry_run,
            progress=lambda _step, done, of: progress(done, of),
        )  # fmt: skip
    written_report(plan, output)
    if write_map:
        write_map.write_text(written_map(plan), encoding="utf-8")
        typer.echo(f"{write_map}: how the list is read, with {len(plan.open)} questions to answer", err=True)
    for said in wrong:
        typer.echo(said, err=True)
    counts = plan.counts
    if batch is not None:
        typer.echo(f"import {batch.pk}: {counts['create']:,} entered, {counts['change']:,} changed")
    elif wrong or plan.open or (counts["wrong"] and not plan.reading.leave_out_wrong):
        rows, questions = counted(counts["wrong"], "row", "rows"), counted(len(plan.open), "question", "questions")
        raise InputError(f"{file}: {rows} wrong, {questions} open; nothing was imported")
    else:
        would = "would be entered" if dry_run else "to be entered"
        typer.echo(f"{counts['create']:,} {would}, {counts['change']:,} changed; nothing was done")


@app.command("undo-import")
def undo_import(
    number: Annotated[int, typer.Argument(help="The number of the import, as 'import-table' said it.")],
    leave_changed: Annotated[
        bool, typer.Option("--leave-changed", help="Records that were changed since stay as they are.")
    ] = False,
) -> None:
    """Undo an import as a whole: what it entered is withdrawn, what it changed is as it was."""
    set_up()
    from nahtstelle.portal.register import actions
    from nahtstelle.portal.register.models import ImportBatch, Via
    from nahtstelle.portal.register.policies import OPERATOR

    batch = ImportBatch.objects.filter(pk=number).first()
    if batch is None:
        raise InputError(f"there is no import {number}")
    undone = actions.undo_batch(OPERATOR, batch, via=Via.COMMAND, leave_changed=leave_changed)
    left = f", {len(undone.left):,} left alone" if undone.left else ""
    typer.echo(f"{undone.withdrawn:,} records withdrawn, {undone.restored:,} as they were{left}")


def _json_object(file: Path) -> dict[str, Any]:
    import json

    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{file}: this is no JSON: {error}") from None
    if not isinstance(said, dict):
        raise InputError(f"{file}: expected a JSON object")
    return said


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar where errors go, for people who wait."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _write(found: tuple[Finding, ...], form: Format, output: Path | None) -> None:
    columns = ("severity", "code", "type", "ref", "field", "finding", "fix")
    rows = [
        (each.severity, each.code, each.type, each.ref, each.field, each.message("en"), each.fix("en"))
        for each in found
    ]
    if form is Format.json:
        document: dict[str, Any] = {"findings": [dict(zip(columns, row, strict=True)) for row in rows]}
        put(to_json(document), output)
    elif form is Format.csv:
        put(to_csv(columns, rows), output)
    else:
        blocking = sum(each.blocks for each in found)
        table(
            f"{counted(len(found), 'finding', 'findings')}, {blocking} of them cannot be true",
            ("Severity", "Record", "Field", "Finding", "What to do"),
            [(row[0], f"{row[2]} {row[3]}", row[4], row[5], row[6]) for row in rows],
            output=output,
        )
