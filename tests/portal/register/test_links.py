"""Links are asked for, the broken ones marked with a reason; nothing but web pages is asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tests.portal.register.conftest import VIA, Cast
from typer.testing import CliRunner

from nahtstelle.cli.main import app
from nahtstelle.portal.register import actions, todo
from nahtstelle.portal.register.links import check_links, why_broken
from nahtstelle.portal.register.models import Attachment, LogEntry
from nahtstelle.portal.register.policies import OPERATOR


class _Answers(BaseHTTPRequestHandler):
    """Says what its path asks for."""

    asked: list[tuple[str, str]]

    def do_HEAD(self) -> None:
        self._answer("HEAD")

    def do_GET(self) -> None:
        self._answer("GET")

    def _answer(self, method: str) -> None:
        self.asked.append((method, self.path))
        if self.path == "/langsam":
            threading.Event().wait(1.5)
        if self.path == "/ohne-kopf" and method == "HEAD":
            self.send_response(405)
        elif self.path.startswith("/nach/"):
            self.send_response(302)
            self.send_header("Location", {"da": "/da", "datei": "file:///etc/passwd"}[self.path[6:]])
        else:
            self.send_response({"/weg": 404, "/kaputt": 500}.get(self.path, 200))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Nothing on the screen."""


@pytest.fixture
def site() -> Iterator[str]:
    """A web server on this machine."""
    _Answers.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("path", ["/da", "/ohne-kopf", "/nach/da", "/Überblick?a=ä b#c"])
def test_what_leads_somewhere(path: str, site: str) -> None:
    assert why_broken(site + path, 5) == ""


@pytest.mark.parametrize(("path", "code"), [("/weg", "404"), ("/kaputt", "500")])
def test_what_leads_nowhere_says_why(path: str, code: str, site: str) -> None:
    assert code in why_broken(site + path, 5)


def test_who_does_not_answer_is_not_waited_for(site: str) -> None:
    assert why_broken(f"{site}/langsam", 0.2)


def test_nobody_there() -> None:
    assert why_broken("http://127.0.0.1:9/", 2)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://127.0.0.1/", "mailto:a@example.org", "http://[", "https:"]
)
def test_only_web_pages_are_asked_for(url: str) -> None:
    assert why_broken(url, 2)


def test_no_page_leads_out_of_the_web(site: str) -> None:
    assert why_broken(f"{site}/nach/datei", 5)


@pytest.mark.django_db
def test_broken_links_are_marked_and_shown_to_whoever_looks_after_them(cast: Cast, site: str) -> None:
    about = {"about_type": "cooperation", "about_ref": "einharz"}
    for ref, path in (("da", "/da"), ("weg", "/weg"), ("leer", "")):
        said = {"ref": ref, "title": ref, "url": path and site + path} | about
        actions.create(OPERATOR, "attachment", said, via=VIA)
    actions.withdraw(
        OPERATOR, actions.create(OPERATOR, "attachment", {"title": "x", "url": f"{site}/x"} | about, via=VIA), via=VIA
    )
    seen: list[tuple[int, int]] = []
    before = LogEntry.objects.count()
    assert check_links(progress=lambda done, total: seen.append((done, total)), timeout_s=5) == (2, 1)
    assert seen == [(1, 2), (2, 2)] and LogEntry.objects.count() == before
    assert not any(path == "/x" for _method, path in _Answers.asked)
    found = {each.ref: each for each in Attachment.objects.exclude(url="").filter(withdrawn_on=None)}
    assert found["da"].broken == "" and found["da"].checked_at
    assert "404" in found["weg"].broken
    assert [each.ref for each in todo.tasks_for(cast.coordination).of("broken-link")] == ["weg"]
    Attachment.objects.filter(ref="weg").update(url=f"{site}/da")
    done = CliRunner().invoke(app, ["register", "check-links", "--timeout", "5"])
    assert "2 links checked, 0 of them broken" in done.output
    assert not todo.tasks_for(cast.coordination).of("broken-link")
