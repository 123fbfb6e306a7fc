"""Reading the pages of the site as a strict browser and a screen reader would."""

from __future__ import annotations

import re

import html5lib
from html5lib.constants import E as SAID
from html5lib.treebuilders import getTreeBuilder

Element = object
"""An element of the standard library's tree, whose type html5lib does not name."""

_TREE = getTreeBuilder("etree")
# What html5lib's older rules do not know yet; the standard allows it.
_ALLOWED: set[str] = set()


class Page:
    """A page, read: its tree, and what was wrong in reading it."""

    def __init__(self, html: str, *, piece: bool = False) -> None:
        parser = html5lib.HTMLParser(tree=_TREE, namespaceHTMLElements=False)
        self.root = parser.parseFragment(html, container="div") if piece else parser.parse(html)
        self.errors = [
            f"line {line}: {SAID.get(code, code) % data}"
            for (line, _), code, data in parser.errors
            if code not in _ALLOWED
        ]
        self.parents = {child: parent for parent in self.root.iter() for child in parent}

    def all(self, *tags: str) -> list:
        """Elements with one of these tags, every element without any."""
        return [each for each in self.root.iter() if isinstance(each.tag, str) and (not tags or each.tag in tags)]

    def one(self, tag: str, **attributes: str):
        """The only element with this tag and these attributes."""
        found = [each for each in self.all(tag) if all(each.get(name) == value for name, value in attributes.items())]
        assert len(found) == 1, f"{len(found)} of <{tag} {attributes}>"
        return found[0]

    def above(self, element):
        """The elements around an element, the nearest first."""
        while (element := self.parents.get(element)) is not None:
            yield element

    def table(self, name: str):
        """The table with this name, as templates give it."""
        (region,) = [each for each in self.all("div") if each.get("aria-labelledby") == f"t-{name}"]
        return next(region.iter("table"))

    @property
    def words(self) -> str:
        """What stands on the page for eyes or ears, without scripts."""
        return " ".join(
            part
            for each in self.all()
            for part in ([] if each.tag in ("script", "style") else [each.text or ""]) + [each.tail or ""]
        )


def text_of(element) -> str:
    """All text inside an element, in one line."""
    return " ".join("".join(element.itertext()).split())


def name_of(element, page: Page) -> str:
    """What a screen reader calls an element: its label, its text, the text instead of its pictures."""
    if labelled := element.get("aria-labelledby"):
        return " ".join(text_of(each) for each in page.all() if each.get("id") in labelled.split())
    pictures = " ".join(each.get("alt", "") for each in element.iter("img"))
    return (element.get("aria-label") or f"{text_of(element)} {pictures}").strip()


def facts(page: Page, name: str = "") -> list[list[str]]:
    """The rows of the body of a table, as text: the one of this name, or the only one of the page."""
    (table,) = [page.table(name)] if name else page.all("table")
    return [[text_of(cell) for cell in row if cell.tag in ("th", "td")] for row in table.find("tbody").iter("tr")]


def figures(text: str, language: str = "de") -> list[float]:
    """The numbers in a text, as the language writes them.

    >>> figures("34,6 km, 1.050 Nähte"), figures("34.6 km, 1,050 seams", "en")
    ([34.6, 1050.0], [34.6, 1050.0])
    """
    point, group = (",", ".") if language == "de" else (".", ",")
    found = re.findall(rf"\d+(?:{re.escape(group)}\d{{3}})*(?:{re.escape(point)}\d+)?", text)
    return [float(each.replace(group, "").replace(point, ".")) for each in found]


def answer_of(page: Page) -> str:
    """The sentence a page answers with before all else."""
    return text_of(next(each for each in page.all("p") if each.get("class") == "nt-answer"))
