"""The real site, started as its users start it, and a browser to look at it with: for the tests and the pictures."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
STARTS_WITHIN_S = 420
"""Deriving the map tiles takes about a minute on two free processors."""
DRAWN_WITHIN_MS = 60_000

COMMAND = Path(sys.executable).with_name("nahtstelle")
BUILT = Path("src/nahtstelle/portal/static/nt/map.js")
"""A file that `make site` makes."""


@dataclass(frozen=True)
class Login:
    """Somebody to sign in as."""

    username: str
    password: str


@dataclass(frozen=True)
class Site:
    """A demonstration that is being served."""

    address: str
    home: Path
    logins: dict[str, Login]

    def at(self, path: str) -> str:
        """The address of a page."""
        return self.address + path

    def run(self, *arguments: str) -> str:
        """Run a command in the folder of this site while it is being served, as its operator would."""
        done = subprocess.run(
            [COMMAND, *arguments], env=_environment(self.home), capture_output=True, text=True, timeout=STARTS_WITHIN_S
        )
        if done.returncode:
            raise RuntimeError(f"nahtstelle {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout


def find_browser() -> Path | None:
    """The first Chromium on the path, ``None`` where there is none."""
    found = (shutil.which(name) for name in BROWSERS)
    return next((Path(path) for path in found if path), None)


def open_browser(playwright: Playwright, *further: str, webgl: bool = True) -> Browser:
    """Chromium of the system, without a window; it draws maps with the processor, the same on every machine."""
    path = find_browser()
    if path is None:
        raise FileNotFoundError(f"none of {', '.join(BROWSERS)} is on the path")
    arguments = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"] if webgl else ["--disable-3d-apis"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to start as root otherwise
    return playwright.chromium.launch(executable_path=path, args=[*arguments, *further])


def wait_for_map(page: Page) -> None:
    """Wait until the map of a page is drawn as a whole. Waits in vain for maps far below what is seen: they sleep."""
    page.locator("nt-map[ready]").wait_for(timeout=DRAWN_WITHIN_MS)


@contextmanager
def running_site(home: Path) -> Iterator[Site]:
    """Serve a demonstration in this folder, prepared as far as it is not yet, and stop it with all its processes."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    home.mkdir(parents=True, exist_ok=True)
    said = home / "demo.log"
    with said.open("w") as log:
        server = subprocess.Popen(
            [COMMAND, "demo", "--no-browser", "--port", str(port)],
            env=_environment(home),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(server, f"{address}/zustand/", said)
        yield Site(address, home, _logins(said.read_text("utf-8")))
    finally:
        _stop(server)


def _environment(home: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("NAHTSTELLE_", "DJANGO_"))}
    return own | {"NAHTSTELLE_HOME": str(home)}


def _free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port: int = asking.getsockname()[1]
        return port


def _wait(server: subprocess.Popen[bytes], address: str, said: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"the demonstration ended with {server.returncode}:\n{said.read_text('utf-8')}")
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.3)
    raise RuntimeError(f"the demonstration did not answer within {STARTS_WITHIN_S} s:\n{said.read_text('utf-8')}")


def _logins(said: str) -> dict[str, Login]:
    """What the demonstration printed: a line for each login, with what that person may do in brackets."""
    lines = re.findall(r"^ +(\w+) +(\S+) +\(.+\)$", said, re.MULTILINE)
    return {username: Login(username, password) for username, password in lines}


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server and its workers: all of them are one group of processes."""
    for number, patience_s in ((signal.SIGTERM, 15), (signal.SIGKILL, 5)):
        try:
            os.killpg(server.pid, number)
            server.wait(patience_s)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
