"""Every error Nahtstelle raises on purpose, in one tree.

::

    NahtstelleError
    ├── InputError            something handed to us cannot be true
    │   ├── KeyFormatError    a text that is no official key
    │   ├── FrameError        a table that breaks its column contract
    │   ├── CoverageError     areas that overlap, leave gaps or do not meet
    │   └── SourceError       a file that is not what it should be
    ├── AreaError             a question about an area that has no one answer
    │   ├── UnknownArea       nothing under this key or name
    │   └── AmbiguousArea     a name that fits several areas
    ├── EditionError          an edition that cannot be used
    │   ├── EditionNotFound   no edition under this id or in this folder
    │   ├── EditionExists     an edition is already there, and editions never change
    │   └── EditionDamaged    an edition that does not verify
    └── FetchError            a download that did not arrive

A message is one line and says what was expected, what came, where, and what to do. ``code`` is stable:
programs and translations may rely on it. ``exit_code`` is what the command line ends with.
"""

from __future__ import annotations

from typing import ClassVar


class NahtstelleError(Exception):
    """Root of the family; catch it to catch everything Nahtstelle raises on purpose."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    @property
    def message(self) -> str:
        """The one line for people."""
        return " ".join(str(argument) for argument in self.args)


class InputError(NahtstelleError):
    """Something handed to us cannot be true."""

    code = "input"
    exit_code = 4


class KeyFormatError(InputError, ValueError):
    """A text that is no official key."""

    code = "key-format"


class FrameError(InputError, ValueError):
    """A table that breaks its column contract: missing column, duplicate key, no coordinate system."""

    code = "frame"


class CoverageError(InputError, ValueError):
    """Areas that are no clean coverage.

    ``keys`` are the areas concerned, those with most places first; ``defects`` one line per place.
    """

    code = "coverage"

    def __init__(self, message: str, keys: tuple[str, ...] = (), defects: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.keys = keys
        self.defects = defects


class SourceError(InputError):
    """A file that is not what it should be."""

    code = "source"


class AreaError(NahtstelleError, LookupError):
    """A question about an area that has no one answer."""

    code = "area"
    exit_code = 3


class UnknownArea(AreaError):
    """Nothing under this key or name."""

    code = "area-unknown"


class AmbiguousArea(AreaError):
    """A name that fits several areas; ``candidates`` are ``(key, name, designation)`` of each."""

    code = "area-ambiguous"

    def __init__(self, message: str, candidates: tuple[tuple[str, str, str], ...] = ()) -> None:
        super().__init__(message)
        self.candidates = candidates


class EditionError(NahtstelleError):
    """An edition that cannot be used."""

    code = "edition"
    exit_code = 5


class EditionNotFound(EditionError):
    """No edition under this id or in this folder."""

    code = "edition-not-found"


class EditionExists(EditionError):
    """An edition is already there, and editions never change."""

    code = "edition-exists"


class EditionDamaged(EditionError):
    """An edition that does not verify; ``findings`` says what fails where."""

    code = "edition-damaged"

    def __init__(self, message: str, findings: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


class FetchError(NahtstelleError):
    """A download that did not arrive."""

    code = "fetch"
    exit_code = 6
