"""The entry point: which commands there are, and how errors end."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from nahtstelle.cli import areas, editions, map, seams
from nahtstelle.errors import NahtstelleError

app = typer.Typer(
    name="nahtstelle",
    help="The seams of administrative areas: who adjoins whom, along how many kilometres, how many people live there.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 2 wrong usage, 3 no or several such areas, 4 wrong input, "
    "5 no such or damaged edition, 6 download failed.",
)
app.add_typer(editions.app, name="editions")
app.add_typer(areas.app, name="areas")
app.command("seams")(seams.seams)
app.command("border-people")(seams.border_people)
app.command("map")(map.map_)


def _version(wanted: bool) -> None:
    if wanted:
        from nahtstelle import __version__

        typer.echo(f"nahtstelle {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and leave.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Options before any command."""


def run() -> None:
    """Run a command. Errors of ours end in one line on standard error and their own exit code."""
    try:
        app()
    except NahtstelleError as error:
        one_line = " ".join(error.message.split())
        print(f"Error: {one_line}", file=sys.stderr)  # noqa: T201
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
