"""``nahtstelle serve`` and ``nahtstelle demo``: run the site."""

from __future__ import annotations

from typing import Annotated

import typer

from nahtstelle.cli.portal import PortalMissing, say, set_up
from nahtstelle.errors import InputError


def serve(
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen at.", min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer; about one per core.", min=1, max=64)] = 2,
) -> None:
    """Serve the site with a production server. 'nahtstelle portal prepare' makes it ready first."""
    set_up()
    from nahtstelle.portal.running.server import run

    run(host, port, workers)


def demo(
    port: Annotated[int, typer.Option(help="Port to serve at, on this machine only.", min=1, max=65535)] = 8000,
    browser: Annotated[bool, typer.Option(help="Open the site in the browser.")] = True,
    reset: Annotated[bool, typer.Option("--reset", help="Throw the demonstration away first and begin anew.")] = False,
) -> None:
    """Prepare a demonstration in the folder NAHTSTELLE_HOME and serve it on this machine, without the internet."""
    import os

    from nahtstelle.editions.catalogue import home

    # A demonstration keeps to its one folder and to this machine, whatever the environment says of another site.
    for name in [name for name in os.environ if name.startswith("NAHTSTELLE_") and name != "NAHTSTELLE_HOME"]:
        del os.environ[name]
    os.environ["NAHTSTELLE_BASE_URL"] = f"http://127.0.0.1:{port}"
    try:
        from nahtstelle.portal.running import demonstration
    except ImportError:
        raise PortalMissing(
            "the site needs further packages: install nahtstelle with its extra, 'nahtstelle[portal]'"
        ) from None
    if reset:
        demonstration.throw_away(home())
    if not demonstration.may_use(home()):
        raise InputError(
            f"{home()} already holds a site that is no demonstration; name another folder with NAHTSTELLE_HOME"
        )
    set_up()
    logins = demonstration.prepare(home(), say)
    from nahtstelle.portal.running.server import run

    typer.echo(f"\nNahtstelle: http://127.0.0.1:{port}/\n")
    typer.echo(f"Editing:    http://127.0.0.1:{port}/verwaltung/")
    for login in logins:
        typer.echo(f"            {login.username:<12} {login.password}   ({login.role})")
    typer.echo("\nStop with Ctrl+C.\n")
    run("127.0.0.1", port, 2, open_browser=browser)
