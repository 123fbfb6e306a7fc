"""The demonstration: made in one folder, the same when made again, thrown away without touching a real site."""

from __future__ import annotations

import datetime as dt
import json
import stat
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from nahtstelle.cli.main import app
from nahtstelle.errors import InputError
from nahtstelle.portal.env import read_environment
from nahtstelle.portal.register import demonstration
from nahtstelle.portal.register.models import Assignment, Cooperation, LogEntry
from nahtstelle.portal.register.policies import may
from nahtstelle.portal.running import preparation
from nahtstelle.portal.running.demonstration import MARK, may_use, prepare, throw_away
from nahtstelle.register_file import read_lines, write_lines

pytestmark = pytest.mark.django_db

PEOPLE = ["verwaltung", "redaktion", "einharz", "helmstedt"]


@pytest.fixture(autouse=True)
def _smaller(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No tiles of the whole country, and of the register the cooperations alone: both take longer than all other tests.

    The tests in the browser have the tiles, ``register/test_demonstration_register.py`` has the whole register.
    """
    monkeypatch.setattr(preparation, "ensure_tiles", lambda files, say=None: Path())
    small = tmp_path_factory.mktemp("register") / demonstration.FILE.name
    cooperations = [record for _, record in read_lines(demonstration.FILE) if record["type"] == "cooperation"]
    write_lines(small, cooperations, dt.date(2026, 1, 1))
    monkeypatch.setattr(demonstration, "FILE", small)


def quiet(step: str) -> None:
    """Say nothing."""


def test_people_to_sign_in_as(tmp_path: Path) -> None:
    logins = prepare(tmp_path / "demo", quiet)
    assert [login.username for login in logins] == PEOPLE
    for login, users in zip(logins, (200, 302, 302, 302), strict=True):
        client = Client()
        assert client.login(username=login.username, password=login.password)
        assert client.get("/verwaltung/").status_code == 200
        assert client.get("/verwaltung/users/").status_code == users
    assert len({login.password for login in logins}) == len(PEOPLE)
    assert all(len(login.password) >= 12 for login in logins)


def test_twice_is_once(tmp_path: Path) -> None:
    said: list[str] = []
    first = prepare(tmp_path, said.append)
    assert said
    person = get_user_model().objects.get(username="redaktion")
    person.set_password("von Hand geändert")
    person.save()
    before = (get_user_model().objects.count(), (tmp_path / MARK).read_bytes())
    assert prepare(tmp_path, quiet) == first
    assert (get_user_model().objects.count(), (tmp_path / MARK).read_bytes()) == before
    person.refresh_from_db()
    assert person.check_password("von Hand geändert"), "a password somebody chose is kept"


def test_passwords_are_for_the_owner_of_the_folder_only(tmp_path: Path) -> None:
    prepare(tmp_path, quiet)
    assert stat.S_IMODE((tmp_path / MARK).stat().st_mode) == 0o600
    assert [each["username"] for each in json.loads((tmp_path / MARK).read_text("utf-8"))] == PEOPLE


def test_a_demonstration_made_before_gets_the_people_it_lacks(tmp_path: Path) -> None:
    old = [{"username": "verwaltung", "password": "wie-bisher-123", "role": "may do everything"}]
    (tmp_path / MARK).write_text(json.dumps(old))
    logins = prepare(tmp_path, quiet)
    assert [login.username for login in logins] == PEOPLE and logins[0].password == "wie-bisher-123"
    assert prepare(tmp_path, quiet) == logins


def test_the_register_is_filled_once(tmp_path: Path) -> None:
    prepare(tmp_path, quiet)
    assert Cooperation.objects.count() == 33
    einharz = Cooperation.objects.get(ref="einharz")
    einharz.name = "Von Hand geändert"
    einharz.save()
    version = LogEntry.objects.count()
    prepare(tmp_path, quiet)
    einharz.refresh_from_db()
    assert einharz.name == "Von Hand geändert" and LogEntry.objects.count() == version


def test_who_looks_after_what(tmp_path: Path) -> None:
    prepare(tmp_path, quiet)
    people = {each.username: each for each in get_user_model().objects.all()}
    einharz, helmstedt = (Cooperation.objects.get(ref=ref) for ref in ("einharz", "leader-gruenes-band-helmstedt"))
    for name, own, other in (("einharz", einharz, helmstedt), ("helmstedt", helmstedt, einharz)):
        assert may(people[name], "change", own) and not may(people[name], "change", other)
    assert all(may(people["redaktion"], "change", each) for each in (einharz, helmstedt))
    assert not may(people["redaktion"], "assign") and may(people["verwaltung"], "assign")


def test_a_real_site_begins_with_an_empty_register(db: None) -> None:
    preparation.prepare_site(quiet)
    assert not Cooperation.objects.exists() and not Assignment.objects.exists()


def test_every_demonstration_has_passwords_of_its_own(tmp_path: Path) -> None:
    one, other = (prepare(tmp_path / name, quiet) for name in ("a", "b"))
    assert {login.password for login in one}.isdisjoint(login.password for login in other)


def test_stopped_half_way_it_is_still_known_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(say: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(preparation, "prepare_site", stop)
    with pytest.raises(KeyboardInterrupt):
        prepare(tmp_path, quiet)
    (tmp_path / "portal.sqlite3").touch()
    assert may_use(tmp_path)


def furnished(home: Path) -> Path:
    """A folder with everything a site keeps."""
    for name in ("static", "media", "cache", "editions/de-2024", "derived/de-2024"):
        (home / name).mkdir(parents=True)
        (home / name / "file").touch()
    for name in ("portal.sqlite3", "portal.sqlite3-wal", "portal.sqlite3-shm", "secret-key"):
        (home / name).touch()
    return home


def test_throwing_away_leaves_editions_and_tiles(tmp_path: Path) -> None:
    (furnished(tmp_path) / MARK).write_text("[]")
    throw_away(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["derived", "editions"]
    assert (tmp_path / "editions" / "de-2024" / "file").exists()


def test_a_real_site_is_neither_used_nor_thrown_away(tmp_path: Path) -> None:
    furnished(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert not may_use(tmp_path)
    throw_away(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("left", ["secret-key", "media"])
def test_a_real_site_with_its_database_elsewhere_is_not_used(tmp_path: Path, left: str) -> None:
    """On PostgreSQL the folder of a site holds no database, but its secret and its pictures."""
    (tmp_path / left).mkdir() if left == "media" else (tmp_path / left).touch()
    assert not may_use(tmp_path)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """With what ``nahtstelle demo`` would serve, instead of serving."""
    calls: list[tuple[object, ...]] = []
    monkeypatch.setattr("nahtstelle.portal.running.server.run", lambda *words, **more: calls.append(words))
    return calls


def demo(*words: str) -> None:
    """Run ``nahtstelle demo`` with these words."""
    app(["demo", "--no-browser", *words], standalone_mode=False)


def test_the_command_keeps_to_its_folder_and_to_this_machine(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    served: list[tuple[object, ...]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whatever the environment says of a real site."""
    for name, value in {
        "HOME": str(tmp_path),
        "HOSTS": "naht.example",
        "BASE_URL": "https://naht.example",
        "DATABASE_URL": "postgres://a@naht.example/b",
        "BACKGROUND_MAP": "https://tiles.example/{z}/{x}/{y}.png",
        "BEHIND_PROXY": "yes",
    }.items():
        monkeypatch.setenv(f"NAHTSTELLE_{name}", value)
    demo("--port", "8123")
    assert served == [("127.0.0.1", 8123, 2)]
    told = read_environment()
    assert told.home == tmp_path and told.database_url == f"sqlite:///{tmp_path / 'portal.sqlite3'}"
    assert told.base_url == "http://127.0.0.1:8123" and "127.0.0.1" in told.hosts
    assert not told.behind_proxy and not told.background_map
    said = capsys.readouterr().out
    assert "http://127.0.0.1:8123/" in said
    for login in json.loads((tmp_path / MARK).read_text("utf-8")):
        assert login["username"] in said and login["password"] in said


@pytest.mark.parametrize("words", [(), ("--reset",)])
def test_the_command_refuses_a_real_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, served: list[tuple[object, ...]], words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("NAHTSTELLE_HOME", str(furnished(tmp_path)))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InputError, match="NAHTSTELLE_HOME"):
        demo(*words)
    assert sorted(tmp_path.rglob("*")) == before and not served


def test_an_empty_folder_or_none_may_be_used(tmp_path: Path) -> None:
    assert may_use(tmp_path) and may_use(tmp_path / "fehlt")
    (tmp_path / "editions").mkdir()
    assert may_use(tmp_path), "editions of the library lie in the same folder"
    throw_away(tmp_path / "fehlt")
