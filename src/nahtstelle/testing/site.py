"""A pytest plugin for tests of the site: a folder of its own, nothing of a real site or of the person testing.

Named in ``addopts``, because the settings are read before any conftest is. ``NAHTSTELLE_DATABASE_URL`` chooses the
database as it does for a real site: SQLite where it is not set.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

_FOLDER = Path(tempfile.mkdtemp(prefix="nahtstelle-tests-"))

for _name in [name for name in os.environ if name.startswith("NAHTSTELLE_")]:
    if _name not in ("NAHTSTELLE_DATABASE_URL", "NAHTSTELLE_REFERENCE_DATA"):
        del os.environ[_name]
os.environ["NAHTSTELLE_HOME"] = str(_FOLDER)


def pytest_unconfigure() -> None:
    """Remove the folder."""
    shutil.rmtree(_FOLDER, ignore_errors=True)
