"""``nahtstelle portal``: set the site up and keep it."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from nahtstelle.errors import NahtstelleError

app = typer.Typer(
    name="portal", help="Set the site up: database, editions, Django's own commands.", no_args_is_help=True
)


class PortalMissing(NahtstelleError):
    """The packages the site is made with are not installed."""

    code = "portal-missing"
    exit_code = 2


def set_up() -> None:
    """Load Django with the settings of the site.

    Raises `PortalMissing` where the extra is not installed, `InputError` for a wrong variable of the environment.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nahtstelle.portal.settings")
    try:
        import django
    except ImportError:
        raise PortalMissing(
            "the site needs further packages: install nahtstelle with its extra, 'nahtstelle[portal]'"
        ) from None
    django.setup()


def say(step: str) -> None:
    """One line per step, where errors go, so that output stays what was asked for."""
    typer.echo(f"- {step}", err=True)


@app.command()
def prepare() -> None:
    """Make the site ready to serve: tables, written pages, static files, and the bundled edition if there is none.

    Can be run again at any time, above all after every update; it changes only what is not there yet.
    """
    set_up()
    from nahtstelle.portal.running.preparation import prepare_site

    prepare_site(say)


@app.command("load-edition")
def load_edition(
    edition: Annotated[str, typer.Argument(help="Id of an edition, or its folder ('nahtstelle editions list').")],
    current: Annotated[bool, typer.Option(help="Whether all pages speak of it from now on.")] = True,
) -> None:
    """Load an edition into the site, all or nothing, and make it the current one without stopping the site."""
    set_up()
    from nahtstelle.editions.catalogue import open_edition
    from nahtstelle.portal.running.preparation import load

    row = load(open_edition(edition), make_current=current, say=say)
    typer.echo(f"{row.id}: {row.areas.count()} areas loaded{', current' if row.current else ''}")


@app.command("use-edition")
def use_edition(edition: Annotated[str, typer.Argument(help="Id of a loaded edition.")]) -> None:
    """Make a loaded edition the current one: all pages speak of it from the next request on."""
    set_up()
    from nahtstelle.portal.reference.actions import use_edition as use

    use(edition)
    typer.echo(f"{edition} is current")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def manage(context: typer.Context) -> None:
    """Run one of Django's or Wagtail's own commands, e.g. createsuperuser; 'manage help' lists them."""
    set_up()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["nahtstelle portal manage", *context.args])
