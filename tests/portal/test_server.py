"""Commands that set the site up, and the middleware around every answer."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory

from nahtstelle.cli import main
from nahtstelle.editions.edition import Edition as EditionFiles
from nahtstelle.portal.answers.visitors import address_of
from nahtstelle.portal.reference import queries
from nahtstelle.portal.running import preparation
from nahtstelle.portal.secret import kept_secret

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], db: None) -> Command:
    """Run ``nahtstelle`` with these words: exit code, output, what was said beside it."""
    monkeypatch.setattr(preparation, "ensure_tiles", lambda files, say=None: Path())

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["nahtstelle", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main.run()
        written = capsys.readouterr()
        return int(stopped.value.code or 0), written.out, written.err

    return run


def test_load_edition_by_folder(command: Command, muster: EditionFiles) -> None:
    code, out, err = command("portal", "load-edition", str(muster.folder))
    assert code == 0 and queries.current_edition().id == muster.id
    assert muster.id in out and "current" in out
    assert err.startswith("- ")


def test_load_edition_beside_the_current_one(command: Command, muster: EditionFiles, bundled: EditionFiles) -> None:
    code, out, _ = command("portal", "load-edition", str(muster.folder), "--no-current")
    assert code == 0 and "current" not in out
    assert queries.current_edition().id == bundled.id
    code, out, _ = command("portal", "use-edition", muster.id)
    assert code == 0 and queries.current_edition().id == muster.id


@pytest.mark.parametrize("words", [("load-edition", "gibt-es-nicht"), ("use-edition", "gibt-es-nicht")])
def test_an_edition_there_is_not(command: Command, bundled: EditionFiles, words: tuple[str, str]) -> None:
    code, out, err = command("portal", *words)
    assert code == 5 and not out
    assert err.splitlines()[-1].startswith("Error: ") and bundled.id in err
    assert queries.current_edition().id == bundled.id


def test_prepare_twice(command: Command, bundled: EditionFiles) -> None:
    assert command("portal", "prepare")[0] == 0
    before = queries.current_edition().loaded_at
    assert command("portal", "prepare")[0] == 0
    assert queries.current_edition().loaded_at == before


def test_django_s_own_commands(command: Command) -> None:
    code, out, _ = command("portal", "manage", "showmigrations", "reference")
    assert code == 0 and "[X] 0001_initial" in out


def test_no_change_of_the_tables_is_forgotten(command: Command) -> None:
    assert command("portal", "manage", "makemigrations", "--check", "--dry-run")[0] == 0


# ------------------------------------------------------------------------------------------------- secret


def test_a_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "neu")
    assert len(first) >= 50
    assert kept_secret(tmp_path / "neu") == first
    assert stat.S_IMODE((tmp_path / "neu" / "secret-key").stat().st_mode) == 0o600
    assert kept_secret(tmp_path / "anders") != first


# ------------------------------------------------------------------------------------------------ answers


@pytest.mark.parametrize(
    ("behind_proxy", "said", "address"),
    [
        (False, "192.0.2.1", "127.0.0.1"),
        (True, "192.0.2.1", "192.0.2.1"),
        (True, "10.0.0.1, 192.0.2.1", "192.0.2.1"),
        (True, "", "127.0.0.1"),
    ],
)
def test_whose_address_counts(settings: Any, behind_proxy: bool, said: str, address: str) -> None:
    from dataclasses import replace

    settings.ENV = replace(settings.ENV, behind_proxy=behind_proxy)
    request = RequestFactory().get("/", headers={"X-Forwarded-For": said} if said else {})
    assert address_of(None, request) == address


def test_another_host_is_refused(client: Client, db: None, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    assert client.get("/", headers={"host": "boese.example"}).status_code == 400
    assert client.get("/", headers={"host": "127.0.0.1"}).status_code == 200


def test_an_error_of_ours_is_answered_with_a_page_that_helps(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(request: object) -> None:
        raise RuntimeError("kaputt")

    monkeypatch.setattr("nahtstelle.portal.atlas.presenters.start_page", lambda *_: broken(None))
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    html = answer.content.decode()
    assert "kaputt" not in html and "Traceback" not in html
    assert "<h1" in html and 'lang="de"' in html
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_pages_are_not_in_the_language_of_the_browser(visitor: Client) -> None:
    """The address alone decides, so that what one person sends is what another sees."""
    german = visitor.get("/naehte/", headers={"Accept-Language": "en"})
    assert german["Content-Language"] == "de" and 'lang="de"' in german.content.decode()
    assert visitor.get("/en/naehte/", headers={"Accept-Language": "de"})["Content-Language"] == "en"


def test_a_path_without_its_last_slash_is_put_right(visitor: Client) -> None:
    answer = visitor.get("/naehte")
    assert answer.status_code == 301 and answer["Location"] == "/naehte/"


@pytest.mark.parametrize(
    "path", ["/naehte/../../etc/passwd", "/%2e%2e/", "/medien/images/%2e%2e/%2e%2e/portal.sqlite3"]
)
def test_paths_that_want_out(visitor: Client, path: str) -> None:
    assert visitor.get(path).status_code in (301, 400, 404)
