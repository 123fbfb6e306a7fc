"""The entry point: which commands there are, and how errors end."""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated, Any, NoReturn

import typer

from nahtstelle.cli import areas, bridges, editions, footprint, map, portal, register, seams, serve
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
app.command("bridges")(bridges.bridges)
app.command("footprint")(footprint.footprint)
app.add_typer(register.app, name="register")
app.command("map")(map.map_)
app.command("demo")(serve.demo)
app.command("serve")(serve.serve)
app.add_typer(portal.app, name="portal")


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


# Typer has a name only for the last of the chain ClickException, UsageError, BadParameter.
_ClickException: Any = typer.BadParameter.__mro__[2]


def run() -> None:
    """Run a command. An error ends in one line on standard error and its own exit code."""
    _speak_utf8()
    try:
        code = app(prog_name="nahtstelle", standalone_mode=False)
        sys.stdout.flush()
    except NahtstelleError as error:
        _stop(error.message, error.exit_code)
    except BrokenPipeError:  # the reader, e.g. head, has enough
        _drop_output()
        sys.exit(1)
    except typer.Abort:
        _stop("interrupted", 130)
    except _ClickException as error:
        if message := error.format_message():
            _stop(_with_hint(message, error), error.exit_code)
        sys.exit(error.exit_code)  # without any word the help was the answer
    else:
        sys.exit(code if isinstance(code, int) else 0)


def _stop(message: str, code: int) -> NoReturn:
    one_line = " ".join(message.split())
    print(f"Error: {one_line}", file=sys.stderr)  # noqa: T201
    sys.exit(code)


def _with_hint(message: str, error: Any) -> str:
    """What is wrong with the words of a command, and where help is."""
    context = getattr(error, "ctx", None)
    hint = f"; '{context.command_path} --help' tells more" if context else ""
    return f"{message[:1].lower()}{message[1:].rstrip('.')}{hint}"


def _speak_utf8() -> None:
    """Files and other programs get UTF-8; a terminal that lacks a sign gets a substitute, not a crash."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8")


def _drop_output() -> None:
    """What is still to be written goes nowhere, so that Python does not complain on leaving."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
