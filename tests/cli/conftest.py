"""The command line, run as a person would, without starting a process for every word."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.editions import country

from nahtstelle.cli import main
from nahtstelle.editions.build import build_edition


@dataclass(frozen=True)
class Done:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture(scope="session")
def vg250(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Musterland of 31 December 2022 as a folder of shapefiles with people."""
    return country.write_vg250(tmp_path_factory.mktemp("published") / "vg250")


@pytest.fixture(scope="session")
def muster(vg250: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the edition of Musterland."""
    return build_edition([vg250], tmp_path_factory.mktemp("editions") / "muster-2022").folder


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own."""
    monkeypatch.setenv("NAHTSTELLE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def nahtstelle(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, at_home: Path) -> Command:
    """Run ``nahtstelle`` with these words."""

    def command(*words: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["nahtstelle", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main.run()
        code = stopped.value.code
        written = capsys.readouterr()
        return Done(code if isinstance(code, int) else int(code is not None), written.out, written.err)

    return command


@pytest.fixture
def on_muster(nahtstelle: Command, muster: Path) -> Command:
    """Run a command that takes ``--edition`` on Musterland."""
    return lambda *words: nahtstelle(*words, "--edition", muster)
