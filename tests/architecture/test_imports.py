"""Who may import whom. The contracts are in ``pyproject.toml``; here is what they cannot express."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import grimp
import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]

CORE_MAY_USE = {"numpy", "pandas", "shapely", "geopandas", "pyproj"}

# Standard library, but files, network, processes, clock, chance or environment: not in core.
CORE_MAY_NOT_USE = {
    "asyncio", "ftplib", "glob", "http", "io", "logging", "multiprocessing", "os", "pathlib", "pickle", "platform",
    "random", "secrets", "shelve", "shutil", "signal", "smtplib", "socket", "sqlite3", "ssl", "subprocess",
    "tempfile", "threading", "time", "urllib",
}  # fmt: skip

# Libraries that cost more time than a help text may take.
HEAVY = ("django", "wagtail", "pandas", "geopandas", "shapely", "pyarrow", "pyogrio")


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("nahtstelle", include_external_packages=True, cache_dir=None)


def test_import_contracts_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename="pyproject.toml", no_cache=True) == 0


def test_core_uses_only_what_it_may(graph: grimp.ImportGraph) -> None:
    ours = {name for name in graph.modules if name.split(".")[:2] in (["nahtstelle", "core"], ["nahtstelle", "errors"])}
    allowed = CORE_MAY_USE | (set(sys.stdlib_module_names) - CORE_MAY_NOT_USE)
    broken = sorted(
        f"{module} imports {imported}"
        for module in ours
        for imported in graph.find_modules_directly_imported_by(module)
        if imported not in ours and imported.split(".")[0] not in allowed
    )
    assert not broken, "core is pure: " + "; ".join(broken)


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["editions", "--help"],
        ["areas", "--help"],
        ["seams", "--help"],
        ["border-people", "--help"],
        ["bridges", "--help"],
        ["footprint", "--help"],
        ["register", "--help"],
        ["register", "check", "--help"],
        ["map", "--help"],
    ],
    ids=" ".join,
)
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    program = (
        "import json, sys\n"
        "from nahtstelle.cli.main import run\n"
        f"sys.argv = ['nahtstelle', *{words!r}]\n"
        "try:\n"
        "    code = run()\n"
        "except SystemExit as stop:\n"
        "    code = stop.code\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "print(json.dumps({'code': code or 0, 'loaded': loaded}), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stderr.splitlines()[-1]) == {"code": 0, "loaded": []}
    assert "Usage" in done.stdout
