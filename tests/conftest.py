"""What all tests share: where the real data lie, and what happens where they are absent.

Tests marked ``reference`` read real files. The folder is named by the environment variable
``NAHTSTELLE_REFERENCE_DATA``; without it, ``../shared/data`` beside the repository. Where the folder is absent
these tests are left out and the summary says how many; with ``CI=true`` the run fails instead.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

VARIABLE = "NAHTSTELLE_REFERENCE_DATA"
DEFAULT = "../shared/data"

LEFT_OUT = pytest.StashKey[int]()

# A shared machine is slow at times; that is no finding. In the pipeline the same examples come every time.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)


def in_pipeline() -> bool:
    """Whether ``CI`` is set to something true."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def reference_folder(config: pytest.Config) -> Path:
    """The folder of the real data, whether it exists or not. A relative path starts at the repository."""
    return (config.rootpath / (os.environ.get(VARIABLE) or DEFAULT)).resolve()


def has_reference_data(folder: Path) -> bool:
    """Whether there is anything in the folder; an empty one is as good as none."""
    return folder.is_dir() and any(folder.iterdir())


def pytest_configure(config: pytest.Config) -> None:
    """Choose the hypothesis profile, unless the command line names one."""
    if not config.getoption("--hypothesis-profile", default=None):
        settings.load_profile("ci" if in_pipeline() else "default")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests marked ``reference`` where there are no data; in the pipeline refuse to run."""
    folder = reference_folder(config)
    marked = [item for item in items if item.get_closest_marker("reference")]
    if not marked or has_reference_data(folder):
        return
    if in_pipeline():
        raise pytest.UsageError(
            f"{len(marked)} tests read real data, but {folder} is missing or empty and CI is set: "
            f"put the data there, set {VARIABLE}, or leave the tests out by name with -m 'not reference'"
        )
    config.stash[LEFT_OUT] = len(marked)
    config.hook.pytest_deselected(items=marked)
    items[:] = [item for item in items if not item.get_closest_marker("reference")]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many tests were left out, and what would bring them in."""
    number = config.stash.get(LEFT_OUT, 0)
    if number:
        terminalreporter.write_line(
            f"LEFT OUT: {number} tests marked 'reference', no data in {reference_folder(config)} (set {VARIABLE})",
            yellow=True,
            bold=True,
        )


@pytest.fixture(scope="session")
def reference_data(request: pytest.FixtureRequest) -> Path:
    """The folder of the real data. A test that asks for it carries the marker ``reference``."""
    return reference_folder(request.config)
