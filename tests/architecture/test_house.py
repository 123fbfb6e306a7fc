"""Rules of the house that no other tool checks."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))

# Written in pieces, so that this file does not break its own rules.
MACHINE_PATH = re.compile(r"(?<![\w./<{}$*-])/" + r"(work|root|home|Users)/[\w.]")
REGISTRY = re.compile(
    "|".join(
        re.escape("".join(pieces))
        for pieces in [
            ("pypi", ".org"),
            ("python", "hosted.org"),
            ("registry.", "npmjs"),
            ("npmjs", ".com/"),
            ("deb.", "debian.org"),
            ("--index", "-url"),
            ("--extra-", "index-url"),
            ("--find", "-links"),
        ]
    )
)


def our_files() -> list[Path]:
    """Every text file of the project that is in git or on its way there."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git working tree")
    paths = [ROOT / name.decode() for name in listed.stdout.split(b"\0") if name]
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()[:8192]]


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if pattern.search(line)
    ]


def name_of(requirement: str) -> str:
    """The normalised name in front of version and marker."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found.group()).lower()


def pinned(path: Path) -> dict[str, str]:
    """Name and version of every pin in a requirement file."""
    return {
        name_of(found.group(1)): found.group(2)
        for found in re.finditer(r"^([A-Za-z0-9._-]+)==(\S+)", path.read_text(), re.MULTILINE)
    }


def declared() -> tuple[list[str], list[str], dict[str, list[str]]]:
    """Dependencies for running, those of the site, and those of each group with what it includes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]

    def resolved(group: str) -> list[str]:
        return [
            text
            for entry in groups[group]
            for text in (resolved(entry["include-group"]) if isinstance(entry, dict) else [entry])
        ]

    site = project["project"]["optional-dependencies"]["portal"]
    return project["project"]["dependencies"], site, {group: resolved(group) for group in groups}


def verbs() -> dict[str, str]:
    """Targets of the Makefile that explain themselves."""
    return dict(re.findall(r"^([a-z-]+):.*?## (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE))


# --------------------------------------------------------------------------------------------- addresses


def test_no_path_of_a_machine() -> None:
    assert not lines_with(MACHINE_PATH, our_files())


def test_no_address_of_a_registry() -> None:
    assert not lines_with(REGISTRY, our_files())
    assert "://" not in (ROOT / "Makefile").read_text()
    assert "://" not in (ROOT / "frontend/package-lock.json").read_text()


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_requirements_name_no_address_and_no_path(path: Path) -> None:
    text = path.read_text()
    assert "://" not in text
    options = {line.split()[0] for line in text.splitlines() if line.startswith("-")}
    assert not options, "a requirement file holds pins and hashes, no options"


# ------------------------------------------------------------------------------------------ dependencies


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_hashes(path: Path) -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"^\s*#.*\n?", "", path.read_text(), flags=re.MULTILINE))
    assert blocks
    for block in blocks:
        assert re.match(r"[A-Za-z0-9._-]+==\S+", block), block.splitlines()[0]
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_the_files_agree_on_versions() -> None:
    seen: dict[str, dict[str, str]] = {}
    for path in REQUIREMENTS:
        for name, version in pinned(path).items():
            seen.setdefault(name, {})[path.name] = version
    assert not {name: where for name, where in seen.items() if len(set(where.values())) > 1}


def test_every_dependency_is_pinned() -> None:
    running, site, groups = declared()
    expected = {
        "run.txt": running + site,
        "dev.txt": running + site + groups["dev"],
        "bundle.txt": running + groups["bundle"],
    }
    assert set(expected) == {path.name for path in REQUIREMENTS}
    for file, requirements in expected.items():
        missing = {name_of(text) for text in requirements} - set(pinned(ROOT / "requirements" / file))
        assert not missing, f"requirements/{file} lacks {sorted(missing)}: run make lock"


def test_every_dependency_has_its_reason() -> None:
    running, site, groups = declared()
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    for requirement in {*running, *site, *(text for group in groups.values() for text in group)}:
        places = [line for line in lines if line.strip().startswith(f'"{requirement}"')]
        assert places, requirement
        for line in places:
            assert re.search(r'",\s+# \S+ \S+', line), f"{requirement}: no reason beside it in pyproject.toml"


# ------------------------------------------------------------------------------------- verbs and documents


def test_every_verb_explains_itself() -> None:
    phony = re.findall(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {name for line in phony for name in line.split()} == set(verbs())


def test_make_alone_prints_every_verb() -> None:
    printed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name, explanation in verbs().items():
        assert re.search(rf"^\s+{name}\s+{re.escape(explanation)}$", printed, re.MULTILINE)


def test_documents_name_only_verbs_that_exist() -> None:
    for path in (path for path in our_files() if path.suffix == ".md"):
        text = path.read_text()
        blocks = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        code = "\n".join(blocks + re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)))
        named = set(re.findall(r"^\s*(?:\$ )?make ([a-z][a-z-]*)", code, re.MULTILINE))
        assert named <= set(verbs()), f"{path.relative_to(ROOT)} names {sorted(named - set(verbs()))}"


def test_the_two_commands_of_the_readme_are_there() -> None:
    text = (ROOT / "README.md").read_text()
    assert "make demo" in text
    assert "make test" in text


def test_the_changelog_knows_the_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "Unreleased" or headings[0] == version


def test_the_licence_is_complete() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert re.findall(r"^(\d+)\.", text, re.MULTILINE) == [str(number) for number in range(1, 16)]
    assert text.rstrip().endswith("require the production of a new EUPL version.")


# ----------------------------------------------------------------------------------------------- the wheel


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_package(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    package = ROOT / "src" / "nahtstelle"
    expected = {
        path.relative_to(ROOT / "src").as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert expected <= names
    assert "nahtstelle/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
