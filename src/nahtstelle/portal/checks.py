"""What has to be true before the site may serve. Every finding has an id and says what to do.

Registered for deployment, so that the commands that put things right can run while they are wrong.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from nahtstelle.errors import NahtstelleError

SHORTEST_SECRET = 50
_PREPARE = "run 'nahtstelle portal prepare'"


@register(Tags.security, deploy=True)
def secret(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The secret is long enough that nobody guesses it."""
    if len(settings.SECRET_KEY) >= SHORTEST_SECRET:
        return []
    return [
        Error(
            f"NAHTSTELLE_SECRET_KEY has {len(settings.SECRET_KEY)} characters",
            hint=f"give at least {SHORTEST_SECRET}, or leave it out: then one is made and kept",
            id="nahtstelle.E001",
        )
    ]


@register(Tags.files, deploy=True)
def folder(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The folder for everything the site keeps can be written to."""
    home = settings.ENV.home
    if home.is_dir() and os.access(home, os.W_OK):
        return []
    return [
        Error(
            f"{home} is no folder the site can write to",
            hint="make it, or name another one with NAHTSTELLE_HOME",
            id="nahtstelle.E002",
        )
    ]


@register(Tags.security, deploy=True)
def exposure(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A site others reach is encrypted and shows no errors in the browser."""
    findings: list[CheckMessage] = []
    if not settings.ENV.https and not all(_is_own(host) for host in settings.ALLOWED_HOSTS):
        findings.append(
            Warning(
                f"visitors would reach {settings.ENV.base_url} unencrypted",
                hint="set NAHTSTELLE_BASE_URL to the https address; a web server in front does the encryption",
                id="nahtstelle.W001",
            )
        )
    if settings.ENV.https and not settings.ENV.mail_url:
        findings.append(
            Warning(
                "no mail server is named: invitations, confirmations and new passwords reach nobody",
                hint="set NAHTSTELLE_MAIL_URL; until then mail lies in NAHTSTELLE_HOME/mail",
                id="nahtstelle.W003",
            )
        )
    if settings.DEBUG and not all(_is_own(host) for host in settings.ALLOWED_HOSTS):
        findings.append(
            Error(
                "NAHTSTELLE_DEBUG would show the inside of the site to everybody",
                hint="leave NAHTSTELLE_DEBUG out",
                id="nahtstelle.E003",
            )
        )
    return findings


@register(Tags.staticfiles, deploy=True)
def static_files(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Style sheets and scripts have been built."""
    built = ("nt/site.css", "nt/site.js", "nt/map.js", "nt/map-engine.js", "nt/editor.js")
    missing = [name for name in built if not _is_built(name)]
    if not missing:
        return []
    return [
        Error(
            f"the site's {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not built",
            hint="in a working copy run 'make site'; an installed package brings them",
            id="nahtstelle.E004",
        )
    ]


@register(Tags.database, deploy=True)
def database(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """The database answers, has all tables, and an edition is loaded whose files are there."""
    if not databases or "default" not in databases:
        return []
    connection = connections["default"]
    try:
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as error:
        return [
            Error(
                f"the database cannot be reached: {str(error).strip().splitlines()[0]}",
                hint="check NAHTSTELLE_DATABASE_URL and that the server runs",
                id="nahtstelle.E005",
            )
        ]
    if waiting:
        return [Error(f"{len(waiting)} changes of the database are waiting", hint=_PREPARE, id="nahtstelle.E006")]
    return _edition()


def _edition() -> list[CheckMessage]:
    from nahtstelle.portal import insight
    from nahtstelle.portal.reference import queries

    try:
        row = queries.current_edition()
        insight.insight_of(row)
    except NahtstelleError as error:
        hint = "load one: 'nahtstelle portal load-edition ID'; 'nahtstelle editions list' names them"
        return [Error(error.message, hint=hint, id="nahtstelle.E007")]
    if insight.insight_of(row).tiles is None:
        hint = f"{_PREPARE}; until then maps are pictures"
        return [Warning(f"edition {row.id} has no map tiles", hint=hint, id="nahtstelle.W002")]
    return []


def _is_built(name: str) -> bool:
    from django.contrib.staticfiles import finders

    return (settings.STATIC_ROOT / name).exists() or finders.find(name) is not None


def _is_own(host: str) -> bool:
    """Whether a host name is this machine's own."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
