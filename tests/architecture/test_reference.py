"""What happens where the real data are absent: left out in sight, and a failure in the pipeline."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"

TESTS = """
import pytest

@pytest.mark.reference
def test_reads_data(reference_data):
    assert (reference_data / "one.txt").read_text() == "1"

def test_needs_nothing():
    pass
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(CONFTEST, folder / "conftest.py")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = reference\n")
    (folder / "test_one.py").write_text(TESTS)
    return folder


def run(project: Path, *words: str, **environment: str) -> tuple[int, str]:
    bare = {name: value for name, value in os.environ.items() if name not in {"CI", "NAHTSTELLE_REFERENCE_DATA"}}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words],
        cwd=project,
        env=bare | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def with_data(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "one.txt").write_text("1")
    return folder


def test_data_in_the_default_place_are_found(project: Path) -> None:
    with_data(project.parent / "shared" / "data")
    code, out = run(project, CI="true")
    assert code == 0
    assert "2 passed" in out


def test_data_in_a_named_place_are_found(project: Path, tmp_path: Path) -> None:
    folder = with_data(tmp_path / "elsewhere")
    code, out = run(project, CI="true", NAHTSTELLE_REFERENCE_DATA=str(folder))
    assert code == 0
    assert "2 passed" in out


def test_absent_data_are_named_in_the_summary(project: Path) -> None:
    code, out = run(project)
    assert code == 0
    assert "1 passed, 1 deselected" in out
    assert "LEFT OUT: 1 tests marked 'reference'" in out


def test_an_empty_folder_counts_as_absent(project: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "LEFT OUT: 1" in run(project, NAHTSTELLE_REFERENCE_DATA=str(tmp_path / "empty"))[1]


def test_absent_data_fail_the_pipeline(project: Path) -> None:
    code, out = run(project, CI="true")
    assert code != 0
    assert "missing or empty and CI is set" in out
    assert "Traceback" not in out


def test_the_pipeline_may_leave_them_out_by_name(project: Path) -> None:
    assert run(project, "-m", "not reference", CI="true")[0] == 0
