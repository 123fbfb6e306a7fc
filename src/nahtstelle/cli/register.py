"""``nahtstelle register``: the register as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

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
