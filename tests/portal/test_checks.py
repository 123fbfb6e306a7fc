"""The checks before the site serves: each broken once, each with its id and a hint that names what to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.checks import CheckMessage, run_checks
from django.db import OperationalError

from nahtstelle.editions.edition import Edition as EditionFiles
from nahtstelle.editions.tiles import ensure_tiles
from nahtstelle.errors import InputError
from nahtstelle.portal import checks
from nahtstelle.portal.env import read_environment
from nahtstelle.portal.reference import models
from nahtstelle.portal.reference.actions import load_edition
from nahtstelle.portal.running import server

pytestmark = pytest.mark.django_db


@pytest.fixture
def sound(settings: Any, tmp_path: Path, muster: EditionFiles) -> Any:
    """A site where nothing is wrong: a folder, built files, an edition with tiles."""
    settings.ENV = replace(read_environment({}), home=tmp_path)
    settings.STATIC_ROOT = tmp_path / "static"
    for name in ("site.css", "site.js", "map.js"):
        (settings.STATIC_ROOT / "nt").mkdir(parents=True, exist_ok=True)
        (settings.STATIC_ROOT / "nt" / name).touch()
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
    settings.SECRET_KEY = "x" * 50
    ensure_tiles(muster)
    load_edition(muster)
    return settings


def found() -> dict[str, CheckMessage]:
    """What the site's own checks find, by id."""
    everything = run_checks(include_deployment_checks=True, databases=["default"])
    return {each.id: each for each in everything if (each.id or "").startswith("nahtstelle.")}


def only(ident: str, *hints: str) -> None:
    """Exactly this is found, and its hint says these words."""
    everything = found()
    assert set(everything) == {ident}
    assert everything[ident].hint and all(word in everything[ident].hint for word in hints)


def test_nothing_wrong(sound: Any) -> None:
    assert found() == {}


def test_a_short_secret(sound: Any) -> None:
    sound.SECRET_KEY = "x" * 49
    only("nahtstelle.E001", "50")


def test_a_folder_that_is_not_there(sound: Any, tmp_path: Path) -> None:
    sound.ENV = replace(sound.ENV, home=tmp_path / "fehlt")
    only("nahtstelle.E002", "NAHTSTELLE_HOME")


def test_a_folder_nobody_may_write_to(sound: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # whoever runs the tests may write anywhere, so the answer of the system is changed
    monkeypatch.setattr(checks.os, "access", lambda path, mode: False)
    only("nahtstelle.E002", "NAHTSTELLE_HOME")


def test_an_unencrypted_public_site(sound: Any) -> None:
    sound.ALLOWED_HOSTS = ["naht.example"]
    sound.ENV = replace(sound.ENV, base_url="http://naht.example")
    only("nahtstelle.W001", "NAHTSTELLE_BASE_URL")
    sound.ENV = replace(sound.ENV, base_url="https://naht.example", mail_url="smtp://127.0.0.1")
    assert found() == {}


def test_a_public_site_without_a_mail_server(sound: Any) -> None:
    sound.ENV = replace(sound.ENV, base_url="https://naht.example")
    only("nahtstelle.W003", "NAHTSTELLE_MAIL_URL")
    sound.ENV = replace(sound.ENV, base_url="http://127.0.0.1:8000")
    assert found() == {}, "on this machine mail lies in files"


def test_errors_shown_to_everybody(sound: Any) -> None:
    sound.ALLOWED_HOSTS = ["naht.example"]
    sound.ENV = replace(sound.ENV, base_url="https://naht.example", mail_url="smtp://127.0.0.1")
    sound.DEBUG = True
    only("nahtstelle.E003", "NAHTSTELLE_DEBUG")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "127.9.9.9", "nahtstelle.localhost"])
def test_this_machine_may_show_its_errors(sound: Any, host: str) -> None:
    sound.ALLOWED_HOSTS, sound.DEBUG = [host], True
    assert found() == {}


def test_front_end_not_built(sound: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (sound.STATIC_ROOT / "nt" / "map.js").unlink()
    monkeypatch.setattr("django.contrib.staticfiles.finders.find", lambda name: None)
    only("nahtstelle.E004", "make")
    assert "map.js" in found()["nahtstelle.E004"].msg


def test_a_database_that_does_not_answer(sound: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("connection refused\nIs the server running?")

    monkeypatch.setattr(checks.connections["default"], "ensure_connection", refuse)
    only("nahtstelle.E005", "NAHTSTELLE_DATABASE_URL")
    assert "connection refused" in found()["nahtstelle.E005"].msg


def test_tables_that_are_not_there_yet(sound: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.MigrationExecutor, "migration_plan", lambda self, targets: [("x", False)])
    only("nahtstelle.E006", "portal prepare")


def test_no_edition(sound: Any) -> None:
    models.Edition.objects.all().delete()
    only("nahtstelle.E007", "load-edition")


def test_an_edition_whose_files_are_gone(sound: Any) -> None:
    models.Edition.objects.filter(current=True).update(folder="/gibt/es/nicht", fingerprint="fehlt")
    only("nahtstelle.E007", "load-edition")


def test_an_edition_without_tiles(sound: Any, bundled: EditionFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nahtstelle.editions.tiles.tiles_of", lambda edition: None)
    only("nahtstelle.W002", "portal prepare")


def test_without_a_database_nothing_is_asked_of_it() -> None:
    assert checks.database(None) == [] and checks.database(None, databases=[]) == []


# ------------------------------------------------------------------------------------------ before serving


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """With which settings the server would run."""
    options: list[dict[str, Any]] = []

    def run(self: server._Server) -> None:
        options.append(self.options)

    monkeypatch.setattr(server._Server, "run", run)
    return options


def test_a_sound_site_serves(sound: Any, served: list[dict[str, Any]]) -> None:
    server.run("127.0.0.1", 8765, 3)
    (options,) = served
    assert options["bind"] == "127.0.0.1:8765" and options["workers"] == 3
    server.run("::1", 8765, 1)
    assert served[1]["bind"] == "[::1]:8765"


def test_a_broken_site_does_not_serve_and_says_everything(sound: Any, served: list[dict[str, Any]]) -> None:
    sound.SECRET_KEY = "kurz"
    models.Edition.objects.all().delete()
    with pytest.raises(InputError) as refused:
        server.run("127.0.0.1", 8765, 2)
    assert not served
    assert "nahtstelle.E001" in refused.value.message and "nahtstelle.E007" in refused.value.message
    assert "load-edition" in refused.value.message


def test_a_warning_is_said_and_the_site_serves(
    sound: Any, served: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    sound.ALLOWED_HOSTS = ["naht.example"]
    sound.ENV = replace(sound.ENV, base_url="http://naht.example")
    server.run("127.0.0.1", 8765, 2)
    assert served and "nahtstelle.W001" in caplog.text


def test_ids_are_used_once() -> None:
    source = Path(checks.__file__).read_text("utf-8")
    idents = [line.split('id="')[1].split('"')[0] for line in source.splitlines() if 'id="nahtstelle.' in line]
    assert len(idents) == len(set(idents)) or idents.count("nahtstelle.E007") == 1
    assert django_settings.ROOT_URLCONF
