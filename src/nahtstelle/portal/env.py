"""Everything the site reads from its environment: one table, one row per variable.

Each value is checked where it is read, and all that is wrong is said at once. The handbook's page for operators lists
the same rows; a test holds the two together.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

from nahtstelle.editions.catalogue import home
from nahtstelle.errors import InputError


@dataclass(frozen=True)
class Variable:
    """One environment variable: its name, how its text is read, the text used where it is not set, what it is for."""

    name: str
    read: Callable[[str], Any]
    default: str
    meaning: str


@dataclass(frozen=True)
class Environment:
    """What the site was told; see `VARIABLES` for the meaning of each."""

    home: Path
    database_url: str
    secret_key: str
    base_url: str
    hosts: tuple[str, ...]
    behind_proxy: bool
    background_map: str
    mail_url: str
    mail_from: str
    debug: bool

    @property
    def https(self) -> bool:
        """Whether visitors reach the site over an encrypted connection."""
        return self.base_url.startswith("https:")


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute() if text else home().absolute()


def _yes_or_no(text: str) -> bool:
    known = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    if text.lower() not in known:
        raise ValueError(f"expected yes or no, got {text!r}")
    return known[text.lower()]


def _database(text: str) -> str:
    if text:
        scheme = dj_database_url.parse(text).get("ENGINE", "")
        if not scheme.endswith(("sqlite3", "postgresql")):
            raise ValueError("expected sqlite:///FILE or postgres://USER:PASSWORD@HOST:PORT/NAME")
    return text


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError(f"expected an address such as https://nahtstelle.example, without a path, got {text!r}")
    return text.rstrip("/")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _tile_address(text: str) -> str:
    if text and not (urlsplit(text).scheme == "https" and all(part in text for part in ("{z}", "{x}", "{y}"))):
        raise ValueError(f"expected an https address with {{z}}, {{x}} and {{y}} in it, got {text!r}")
    return text


MAIL_PORTS = {"smtp": 25, "submission": 587, "smtps": 465}
"""How mail leaves: as it is, encrypted after a greeting (STARTTLS), encrypted from the start; and the usual port."""


def _mail_server(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in MAIL_PORTS or not parts.hostname or parts.path not in ("", "/")):
        raise ValueError(
            "expected smtp://HOST, submission://USER:PASSWORD@HOST:PORT or smtps://USER:PASSWORD@HOST:PORT"
        )
    _ = parts.port  # refuses what is no number
    return text.rstrip("/")


def _is_number(host: str) -> bool:
    return host.replace(".", "").isdigit() or ":" in host


def _sender(text: str) -> str:
    if text and not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(text)[1]):
        raise ValueError(f"expected a mail address such as Nahtstelle <post@nahtstelle.example>, got {text!r}")
    return text


VARIABLES = (
    Variable("NAHTSTELLE_HOME", _folder, "", "folder for everything the site keeps; else the usual one of the system"),
    Variable(
        "NAHTSTELLE_DATABASE_URL",
        _database,
        "",
        "address of the database, sqlite:///FILE or postgres://USER:PASSWORD@HOST:PORT/NAME; else portal.sqlite3 in "
        "NAHTSTELLE_HOME",
    ),
    Variable(
        "NAHTSTELLE_SECRET_KEY",
        str,
        "",
        "secret that signs sessions, at least 50 characters; else made once and kept in NAHTSTELLE_HOME/secret-key",
    ),
    Variable(
        "NAHTSTELLE_BASE_URL",
        _address,
        "http://127.0.0.1:8000",
        "address visitors see, without a path; https switches secure cookies on",
    ),
    Variable(
        "NAHTSTELLE_HOSTS",
        _names,
        "",
        "host names the site answers to, separated by commas; else that of NAHTSTELLE_BASE_URL and this machine's own",
    ),
    Variable(
        "NAHTSTELLE_BEHIND_PROXY",
        _yes_or_no,
        "no",
        "yes where a web server in front passes X-Forwarded-For and X-Forwarded-Proto on",
    ),
    Variable(
        "NAHTSTELLE_BACKGROUND_MAP",
        _tile_address,
        "",
        "address of background map tiles with {z}, {x} and {y}; none by default: visitors' browsers would ask there",
    ),
    Variable(
        "NAHTSTELLE_MAIL_URL",
        _mail_server,
        "",
        "address of the mail server, smtp://HOST, submission://USER:PASSWORD@HOST:PORT (STARTTLS) or "
        "smtps://USER:PASSWORD@HOST:PORT; none by default: mail is put into files in NAHTSTELLE_HOME/mail",
    ),
    Variable(
        "NAHTSTELLE_MAIL_FROM",
        _sender,
        "",
        "sender of mail; else noreply at the host of NAHTSTELLE_BASE_URL",
    ),
    Variable("NAHTSTELLE_DEBUG", _yes_or_no, "no", "yes shows errors in the browser; for development only"),
)


def read_environment(variables: Mapping[str, str] | None = None) -> Environment:
    """Read the table from these variables, by default those of the process.

    Raises `InputError` naming every variable that is wrong, what was expected and what came.
    """
    given = os.environ if variables is None else variables
    values, wrong = {}, []
    for row in VARIABLES:
        text = given.get(row.name, "").strip() or row.default
        try:
            values[row.name.removeprefix("NAHTSTELLE_").lower()] = row.read(text)
        except Exception as error:  # readers raise what they like; each is one line for the operator
            wrong.append(f"{row.name}: {error}")
    if wrong:
        raise InputError("; ".join(wrong))
    values["hosts"] = values["hosts"] or tuple(
        dict.fromkeys([urlsplit(values["base_url"]).hostname or "", "127.0.0.1", "localhost", "[::1]"])
    )
    host = urlsplit(values["base_url"]).hostname or "localhost"
    values["mail_from"] = values["mail_from"] or f"Nahtstelle <noreply@{'localhost' if _is_number(host) else host}>"
    values["database_url"] = values["database_url"] or f"sqlite:///{values['home'] / 'portal.sqlite3'}"
    return Environment(**values)
