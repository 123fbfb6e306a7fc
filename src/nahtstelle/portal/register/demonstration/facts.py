"""The facts and our texts about them, as they are read: plain lists and mappings, found by their ids."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from nahtstelle.errors import SourceError

Fact = dict[str, Any]

TEXTS = Path(__file__).parent / "texts"
"""What we say in our own words, and what the words of the facts are in the register."""

KNOWLEDGE = "general-knowledge"
"""The source that is none: what the compiler of the facts knew without looking it up."""

MEMORY = "memory"


class _Folder:
    """A folder of files, each read once, when it is first asked for: the attribute is the name of the file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __getattr__(self, name: str) -> dict[str, Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        found: dict[str, Any] = self._read(name)
        self.__dict__[name] = found
        return found

    def _read(self, name: str) -> Any:
        import yaml  # a dependency of the conversion alone

        path = self.folder / f"{name}.yaml"
        try:
            return yaml.safe_load(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise SourceError(f"{path} cannot be read: {error}") from None


class Facts(_Folder):
    """The folder of the facts: one file per kind of record, each a list under the name of the file."""

    def _read(self, name: str) -> dict[str, Fact]:
        read = super()._read(name)
        try:
            found = {each["id"]: each for each in read[name]}
        except (KeyError, TypeError):
            raise SourceError(f"{self.folder / name}.yaml holds no list {name!r} of records with an id") from None
        found.pop(KNOWLEDGE, None)
        return found

    @cached_property
    def members(self) -> list[Fact]:
        """Every membership of a territory, whatever it is a member of."""
        return [member for each in self.cooperations.values() for member in each["members"]]


class Texts(_Folder):
    """Our texts and words. What is asked for and missing stops the conversion, with the place to add it."""

    def __init__(self, folder: Path = TEXTS) -> None:
        super().__init__(folder)

    def word(self, kind: str, text: str) -> Any:
        """What a word of the facts is in the register. Raises `SourceError` where nobody has said so yet."""
        try:
            return self.words[kind][text]
        except KeyError:
            raise SourceError(f"{self.folder / 'words.yaml'} does not say what {text!r} is, under {kind}") from None

    def tasks(self, topics: list[str]) -> list[str]:
        """Our tasks for topics of the facts, each once."""
        return list(dict.fromkeys(task for topic in topics for task in self.word("topics", topic)))
