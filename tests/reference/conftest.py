"""The editions the reference tests share, built once from the publishers' own files."""

from __future__ import annotations

from pathlib import Path

import pytest

from nahtstelle.editions.build import build_edition
from nahtstelle.editions.edition import Edition

VG5000 = "bkg_vg5000_2023-12-31"
REGISTER = "destatis_gemeindeverzeichnis/31122023_Auszug_GV.xlsx"


@pytest.fixture(scope="session")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the editions of these tests lie."""
    return tmp_path_factory.mktemp("editions")


@pytest.fixture(scope="session")
def of_2023(reference_data: Path, editions: Path) -> Edition:
    """VG5000 with the Gemeindeverzeichnis of the same day."""
    return build_edition([reference_data / VG5000], editions / "vg5000-2023", people=reference_data / REGISTER)
