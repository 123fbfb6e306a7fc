"""The production server."""

from __future__ import annotations

import logging
import threading
import webbrowser
from typing import Any

from django.core.checks import CheckMessage, run_checks
from django.core.wsgi import get_wsgi_application
from django.db import connections
from gunicorn.app.base import BaseApplication

from nahtstelle.core.keys import LEVELS
from nahtstelle.errors import InputError
from nahtstelle.portal import insight

THREADS = 4
_SLOWEST_ANSWER_S = 60


def _said(finding: CheckMessage) -> str:
    return f"{finding.id}: {finding.msg}" + (f" ({finding.hint})" if finding.hint else "")


class _Server(BaseApplication):
    """Gunicorn with the settings given here instead of a file or the command line."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options over."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Load the site once, with what every page needs, before the workers part: they share its memory."""
        application = get_wsgi_application()
        current = insight.current()
        known = insight.register(current)
        for level in LEVELS:
            current.people_bounds(level)
            known.seams(level)
        connections.close_all()  # a connection belongs to one process
        return application


def run(host: str, port: int, workers: int, *, open_browser: bool = False) -> None:
    """Check the installation and serve until stopped. Raises `InputError` with every error the checks find."""
    found = run_checks(include_deployment_checks=True, databases=["default"])
    errors = [each for each in found if each.is_serious()]
    if errors:
        raise InputError("; ".join(_said(each) for each in errors))
    for each in found:
        if (each.id or "").startswith("nahtstelle."):
            logging.getLogger(__name__).warning(_said(each))
    if open_browser:
        threading.Timer(1.5, webbrowser.open, args=[f"http://{host}:{port}/"]).start()
    _Server(
        {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": _SLOWEST_ANSWER_S,
            "preload_app": True,
            "control_socket_disable": True,
            "loglevel": "warning",
            "proc_name": "nahtstelle",
        }
    ).run()
