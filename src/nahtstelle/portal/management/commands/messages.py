"""Translations: collect the texts of the site, merge them into the German catalogue, compile it."""

from __future__ import annotations

import io
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

PORTAL = Path(__file__).parents[2]
CATALOGUE = PORTAL / "locale" / "de" / "LC_MESSAGES" / "django.po"
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


class Command(BaseCommand):
    """Keep the German catalogue."""

    help = "Collect the texts of the site into the German catalogue (update), compile it (compile), check it (check)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One word: what to do."""
        parser.add_argument("what", choices=["update", "compile", "check"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if options["what"] == "compile":
            compile_catalogue()
        elif options["what"] == "update":
            merged = merge()
            CATALOGUE.write_bytes(_as_po(merged))
            missing = len(list(untranslated(merged)))
            self.stdout.write(f"{len(merged)} texts, {missing} without a German one")
            compile_catalogue()
        else:
            findings = [*check()]
            if findings:
                raise CommandError("\n".join(findings))


def extracted() -> Catalog:
    """Every text that is marked for translation, in code and templates, with the files it stands in."""
    catalogue = Catalog(project="Nahtstelle", charset="utf-8")
    sources = [path for kind in ("*.py", "*.html", "*.txt") for path in PORTAL.rglob(kind)]
    for path in sorted(sources):
        code = path.read_text("utf-8")
        if path.suffix != ".py":
            code = templatize(code, origin=path.name)
        try:
            found = [*extract("python", io.BytesIO(code.encode()), KEYWORDS)]
        except SyntaxError as error:
            raise CommandError(f"{path}: {error}") from None
        for _line, text, _comments, context in found:
            # without line numbers: they would change with every line of code
            catalogue.add(text, locations=[(path.relative_to(PORTAL).as_posix(), 0)], context=context)
    return catalogue


def stored() -> Catalog:
    """The German catalogue as it lies in the tree."""
    if not CATALOGUE.exists():
        return Catalog(locale="de", project="Nahtstelle", charset="utf-8")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="de")


def merge() -> Catalog:
    """The German catalogue with today's texts; those nobody uses any more are gone."""
    catalogue = stored()
    catalogue.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    catalogue.header_comment = "# German texts of the site. 'make messages' collects what is to be translated."
    return catalogue


def untranslated(catalogue: Catalog) -> Any:
    """Texts without a German one, or with a guess."""
    for message in catalogue:
        if not message.id:
            continue
        said = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.fuzzy or not all(said):
            yield message.id if isinstance(message.id, str) else message.id[0]


def check() -> Any:
    """What is wrong with the catalogue: texts it lacks, texts nobody uses, placeholders that differ."""
    merged, kept = merge(), stored()
    for text in untranslated(merged):
        yield f"no German text for {text!r}: run 'make messages' and translate it in {CATALOGUE.name}"
    wanted = {(message.id if isinstance(message.id, str) else message.id[0]) for message in merged if message.id}
    for message in kept:
        first = message.id if isinstance(message.id, str) else (message.id or ("",))[0]
        if first and first not in wanted:
            yield f"nobody uses {first!r} any more: run 'make messages'"
        for error in message.check(kept):
            yield f"{first!r}: {error}"


def compile_catalogue() -> None:
    """Write the form that runs, beside the catalogue."""
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, stored())


def _as_po(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalogue, width=118, sort_output=True, omit_header=False)
    return b"\n".join(
        line
        for line in out.getvalue().split(b"\n")
        if not line.startswith((b'"POT-Creation', b'"PO-Revision', b'"Last-'))
    )
