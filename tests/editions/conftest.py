"""Editions of Musterland, built once for all tests that only read them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.editions import country

from nahtstelle.editions.build import build_edition
from nahtstelle.editions.edition import Edition


@pytest.fixture(scope="session")
def vg250(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Musterland of 31 December 2022 as a folder of shapefiles with people."""
    return country.write_vg250(tmp_path_factory.mktemp("published") / "vg250")


@pytest.fixture(scope="session")
def muster(vg250: Path, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The edition of Musterland; M and Q have no people."""
    return build_edition([vg250], tmp_path_factory.mktemp("editions") / "muster-2022")


@pytest.fixture
def copied(muster: Edition, tmp_path: Path) -> Callable[[], Path]:
    """A copy of the edition, to be damaged."""
    return lambda: Path(shutil.copytree(muster.folder, tmp_path / "muster-2022"))
