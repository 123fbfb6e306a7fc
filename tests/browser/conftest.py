"""The site in a real browser, and the watch over what no page may do.

Where there is no Chromium the tests are left out and the summary says so; with ``CI=true`` the run fails instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)
from tests.browser.running import BROWSERS, BUILT, Site, find_browser, open_browser, running_site
from tests.conftest import in_pipeline

LEFT_OUT = pytest.StashKey[int]()
PATIENCE_MS = 30_000
"""A busy machine is slow; that is no finding."""
expect.set_options(timeout=PATIENCE_MS)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests marked ``browser`` where there is none; in the pipeline refuse to run."""
    marked = [item for item in items if item.get_closest_marker("browser")]
    if not marked or find_browser():
        return
    if in_pipeline():
        raise pytest.UsageError(
            f"{len(marked)} tests need Chromium, but none of {', '.join(BROWSERS)} is on the path and CI is set: "
            "install it, or leave the tests out by name with -m 'not browser'"
        )
    config.stash[LEFT_OUT] = len(marked)
    config.hook.pytest_deselected(items=marked)
    items[:] = [item for item in items if not item.get_closest_marker("browser")]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many tests were left out, and what would bring them in."""
    number = config.stash.get(LEFT_OUT, 0)
    if number:
        terminalreporter.write_line(
            f"LEFT OUT: {number} tests marked 'browser', none of {', '.join(BROWSERS)} on the path",
            yellow=True,
            bold=True,
        )


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration in a folder of its own. Map tiles are kept from run to run, except in the pipeline."""
    if not (request.config.rootpath / BUILT).exists():
        pytest.fail(f"{BUILT} is missing: run 'make site' first", pytrace=False)
    home = tmp_path_factory.mktemp("site")
    if not in_pipeline():
        # they lie under a fingerprint of what they were made from, so that old ones are never taken for new
        (home / "derived").symlink_to(request.config.cache.mkdir("derived"))
    with running_site(home) as site:
        yield site


# Playwright runs an event loop in this thread, and while it does Django takes every test for an asynchronous one:
# it must have ended before the tests of another folder begin.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright, for the tests of one file."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium that can draw maps."""
    browser = open_browser(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def plain_browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium that cannot draw maps and shows their pictures: twice as fast, where maps are not what matters."""
    browser = open_browser(playwright, webgl=False)
    yield browser
    browser.close()


@dataclass
class Watch:
    """What happened in the browser during a test that must not happen on any page."""

    site: str
    found: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    """Parts of addresses that a test asks for although they fail; Chromium notes each in its console."""
    foreign: set[str] = field(default_factory=set)
    """Origins of others that the test itself brings in."""
    expected: list[str] = field(default_factory=list)
    """Parts of messages that a test is about, and which are then found in ``foreseen``."""
    foreseen: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of this context."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.found.append(f"error: {error.error}"))
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        place = message.location.get("url", "")
        failed = message.text.startswith("Failed to load resource") and any(part in place for part in self.broken)
        if any(part in message.text for part in self.expected):
            self.foreseen.append(message.text)
        elif message.type in ("error", "warning") and not failed:
            self.found.append(f"console {message.type}: {message.text} ({place})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        self.requests.append(request.url)
        if parts.scheme in ("data", "blob"):
            return
        if f"{parts.scheme}://{parts.netloc}" not in {self.site, *self.foreign}:
            self.found.append(f"asked another host: {request.url}")


OpenPage = Callable[..., Page]


@pytest.fixture(autouse=True)
def watch(site: Site) -> Iterator[Watch]:
    """Fails the test for anything in the console but plain notes, any error of a script, any request elsewhere."""
    watch = Watch(site.address)
    yield watch
    assert not watch.found, "\n".join(dict.fromkeys(watch.found))


@pytest.fixture
def open_page(browser: Browser, site: Site, watch: Watch) -> Iterator[OpenPage]:
    """Opens pages in contexts of their own, which know nothing of each other; visitors must end without cookies.

    Arguments are those of Playwright's ``new_context``; ``cookies`` allows them, ``within`` names another browser.
    """
    visitors: list[BrowserContext] = []
    contexts: list[BrowserContext] = []

    def open_page(*, cookies: bool = False, within: Browser = browser, **options: Any) -> Page:
        options = {"locale": "de-DE", "base_url": site.address, "viewport": {"width": 1280, "height": 900}} | options
        context = within.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        watch.over(context)
        contexts.append(context)
        if not cookies:
            visitors.append(context)
        return context.new_page()

    yield open_page
    kept = [cookie for context in visitors for cookie in context.cookies()]
    for context in contexts:
        context.close()
    assert kept == []


def sign_in(page: Page, site: Site, username: str, to: str = "/konto/") -> None:
    """Sign in with what the demonstration printed, on the way to a page that asks for it."""
    login = site.logins[username]
    page.goto(to)
    page.get_by_label("Benutzername").fill(login.username)
    page.locator("input[name=password]").fill(login.password)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url(f"**{to}")


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page of a visitor at a desk."""
    return open_page()


@pytest.fixture
def plain_page(open_page: OpenPage, plain_browser: Browser) -> Page:
    """The same without a moving map."""
    return open_page(within=plain_browser)


@pytest.fixture
def phone() -> dict[str, Any]:
    """A telephone: 390 pixels wide, with fingers instead of a mouse."""
    return {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what pages hand out."""
    return tmp_path_factory.mktemp("handed-out")
