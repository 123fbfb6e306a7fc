"""The docs say what is: pages are executed, commands and columns named in them exist, links lead somewhere."""

from __future__ import annotations

import dataclasses
import doctest
import re
import shlex
from pathlib import Path

import pytest
import typer

from nahtstelle.cli.main import app
from nahtstelle.core.frames import EDITION_AREAS, EDITION_BORDERS
from nahtstelle.editions.manifest import BordersNote, Manifest, PeopleNote

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])
EXECUTED = ("README.md", "docs/tutorial/borders-of-your-own-areas.md")


@pytest.mark.parametrize("page", EXECUTED)
def test_page_shows_what_comes_out(page: str) -> None:
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    failed, tried = doctest.testfile(str(ROOT / page), module_relative=False, optionflags=flags, encoding="utf-8")
    assert tried > 0
    assert failed == 0


def _commands() -> dict[tuple[str, ...], object]:
    root = typer.main.get_command(app)
    found: dict[tuple[str, ...], object] = {}

    def collect(command: object, path: tuple[str, ...]) -> None:
        found[path] = command
        for name, each in getattr(command, "commands", {}).items():
            collect(each, (*path, name))

    collect(root, ())
    return found


def _named_in(page: Path) -> list[str]:
    text = page.read_text("utf-8")
    blocks = re.findall(r"^\s*(?:\$ )?(?:\.venv/bin/)?(nahtstelle [^\n#]+)", text, flags=re.MULTILINE)
    inline = re.findall(r"`(nahtstelle [a-z][^`]*)`", text)
    return [*blocks, *inline]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_named_in_the_docs_exist_with_these_options(page: Path) -> None:
    commands = _commands()
    for line in _named_in(page):
        words = shlex.split(line)[1:]
        path: tuple[str, ...] = ()
        while words and (*path, words[0]) in commands:
            path = (*path, words.pop(0))
        assert path, f"{page.name}: no such command in {line!r}"
        parameters = commands[path].params  # type: ignore[attr-defined]
        options = {name for parameter in parameters for name in (*parameter.opts, *parameter.secondary_opts)}
        if commands[path].allow_extra_args:  # type: ignore[attr-defined]
            continue  # hands everything on
        for word in words:
            if word.startswith("-"):
                assert word.split("=")[0] in options, f"{page.name}: {line!r} names {word}, which {path} has not"


def test_some_page_names_every_command() -> None:
    """A command nobody writes about is a command nobody finds."""
    named = " ".join(line for page in PAGES for line in _named_in(page))
    leaves = [path for path, command in _commands().items() if path and not getattr(command, "commands", None)]
    missing = [" ".join(path) for path in leaves if f"nahtstelle {' '.join(path)}" not in named]
    assert not missing


def test_format_of_editions_is_documented_column_by_column() -> None:
    text = (ROOT / "docs/reference/editions.md").read_text("utf-8")
    areas = text.split("## `areas.parquet`")[1].split("## `borders.parquet`")[0]
    borders = text.split("## `borders.parquet`")[1]
    fields = {field.name for kind in (Manifest, PeopleNote, BordersNote) for field in dataclasses.fields(kind)}
    documented = set(re.findall(r"`(\w+)`", text))
    assert set(EDITION_AREAS.names) <= set(re.findall(r"`(\w+)`", areas))
    assert set(EDITION_BORDERS.names) <= set(re.findall(r"`(\w+)`", borders))
    told_in_words = {field.name for field in dataclasses.fields(BordersNote)}
    assert fields - told_in_words <= documented


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_files_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"


def test_settings_named_in_the_docs_are_read_by_the_code() -> None:
    code = " ".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    code += (ROOT / "tests/conftest.py").read_text("utf-8")
    named = {name for page in PAGES for name in re.findall(r"NAHTSTELLE_[A-Z_]+", page.read_text("utf-8"))}
    assert named
    assert {name for name in named if name not in code} == set()


def test_the_handbook_names_exactly_the_variables_of_the_site() -> None:
    from nahtstelle.portal.env import VARIABLES

    text = (ROOT / "docs/handbuch/betreiben.md").read_text("utf-8")
    rows = re.findall(r"^\| `(NAHTSTELLE_\w+)` \|", text, flags=re.MULTILINE)
    assert sorted(rows) == sorted(row.name for row in VARIABLES)


def test_the_handbook_names_every_check() -> None:
    code = (ROOT / "src/nahtstelle/portal/checks.py").read_text("utf-8")
    text = (ROOT / "docs/handbuch/betreiben.md").read_text("utf-8")
    known = set(re.findall(r"nahtstelle\.[EW]\d{3}", code))
    assert known and known == set(re.findall(r"nahtstelle\.[EW]\d{3}", text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_verbs_named_in_the_docs_exist(page: Path) -> None:
    verbs = set(re.findall(r"^([a-z-]+):.*?## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE)
    assert {name for name in named if name not in verbs} == set()


def test_the_register_file_is_documented_field_by_field() -> None:
    from nahtstelle.portal.register.models import RECORDS
    from nahtstelle.portal.register.records import fields_of, lists_of

    text = (ROOT / "docs/reference/register-file.md").read_text("utf-8")
    common = {"ref", "withdrawn_on", "confirmed_on", "review_note"}
    sections = dict(re.findall(r"^## `([a-z-]+)`\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    assert list(sections) == list(RECORDS)
    for type_, model in RECORDS.items():
        expected = {field.name for field in fields_of(model)} - common
        for name in lists_of(model):
            rows = model._meta.get_field(name).related_model
            expected |= {name} | {f"{name}.{field.name}" for field in fields_of(rows)}
        expected |= {"draft"} if hasattr(model, "live") else set()
        assert set(re.findall(r"^\| `([\w.]+)` \|", sections[type_], re.MULTILINE)) == expected, type_
