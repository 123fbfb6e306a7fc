"""Which editions there are, and opening one by id, by folder or by saying nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import platformdirs
import pytest

import nahtstelle
from nahtstelle.editions import catalogue
from nahtstelle.editions.catalogue import BUNDLED, DEFAULT, editions_folder, folders, home, open_edition
from nahtstelle.editions.edition import Edition
from nahtstelle.editions.manifest import MANIFEST
from nahtstelle.errors import EditionDamaged, EditionNotFound


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for every test."""
    monkeypatch.setenv("NAHTSTELLE_HOME", str(tmp_path))
    return tmp_path


def settle(muster: Edition, name: str) -> Path:
    """Put a copy of the edition into the user's folder."""
    return Path(shutil.copytree(muster.folder, editions_folder() / name))


def test_the_bundled_edition_is_there_before_anything_else(at_home: Path) -> None:
    assert not editions_folder().exists()
    assert [folder.name for folder in folders()] == [DEFAULT]
    assert open_edition().folder == BUNDLED / DEFAULT
    assert nahtstelle.open_edition().id == DEFAULT


def test_own_editions_come_after_the_bundled_one_by_name(muster: Edition) -> None:
    for name in ("b-2020", "a-2021"):
        settle(muster, name)
    (editions_folder() / ".c-2022.1.abc").mkdir()
    shutil.copy(muster.folder / MANIFEST, editions_folder() / ".c-2022.1.abc")
    (editions_folder() / "notes").mkdir()
    (editions_folder() / "readme.txt").write_text("")
    assert [folder.name for folder in folders()] == [DEFAULT, "a-2021", "b-2020"]


def test_an_edition_opens_by_id_and_by_folder(muster: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = settle(muster, "muster-2022")
    assert open_edition("muster-2022").folder == folder
    assert open_edition(folder).folder == folder
    assert open_edition(str(folder)).folder == folder
    assert open_edition(DEFAULT).folder == BUNDLED / DEFAULT
    monkeypatch.chdir(editions_folder().parent)
    assert open_edition("editions/muster-2022").folder == Path("editions/muster-2022")


def test_a_renamed_folder_opens_by_its_new_name_and_by_its_id(muster: Edition) -> None:
    folder = settle(muster, "renamed")
    settle(muster, "broken").joinpath(MANIFEST).write_text("{")
    assert open_edition("renamed").folder == folder
    assert open_edition("muster-2022").folder == folder


def test_the_package_is_not_hidden_by_a_folder_of_its_name(muster: Edition) -> None:
    settle(muster, DEFAULT)
    assert open_edition().folder == BUNDLED / DEFAULT


def test_an_unknown_edition_lists_those_there_are(muster: Edition) -> None:
    settle(muster, "muster-2022")
    with pytest.raises(EditionNotFound, match=f"no edition 'nix': editions there are: {DEFAULT}, muster-2022; .*fetch"):
        open_edition("nix")


def test_a_folder_that_is_no_edition_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(EditionNotFound, match=r"empty is a folder without manifest\.json"):
        open_edition(tmp_path / "empty")


def test_a_damaged_edition_is_refused_on_opening(muster: Edition) -> None:
    settle(muster, "muster-2022").joinpath(MANIFEST).write_text("{")
    with pytest.raises(EditionDamaged, match=r"manifest\.json cannot be read as JSON"):
        open_edition("muster-2022")


def test_home_is_where_the_variable_says_or_the_system(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert home() == at_home
    assert catalogue.downloads_folder() == at_home / "downloads"
    monkeypatch.setenv("NAHTSTELLE_HOME", "~/seams")
    assert home() == Path.home() / "seams"
    for unset in (lambda: monkeypatch.setenv("NAHTSTELLE_HOME", ""), lambda: monkeypatch.delenv("NAHTSTELLE_HOME")):
        unset()
        assert home() == Path(platformdirs.user_data_dir("nahtstelle"))
