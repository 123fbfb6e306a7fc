"""The demonstration: a whole site in one folder, with people to sign in as. Nothing here is for a real one."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

MARK = "demonstration.json"
_OURS = (
    "portal.sqlite3", "portal.sqlite3-wal", "portal.sqlite3-shm", "static", "media", "mail", "cache", "secret-key", MARK,
)  # fmt: skip
"""What a site keeps in its folder, apart from editions and map tiles."""


@dataclass(frozen=True)
class Login:
    """Somebody to sign in as, and what that person may do."""

    username: str
    password: str
    role: str


def may_use(home: Path) -> bool:
    """Whether a folder is free for a demonstration: it is one already, or holds nothing of a real site."""
    return (home / MARK).exists() or not any((home / name).exists() for name in _OURS)


def throw_away(home: Path) -> None:
    """Remove the demonstration from a folder; editions and map tiles stay. Does nothing where there is none."""
    if not (home / MARK).exists():
        return
    for name in _OURS:
        path = home / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def prepare(home: Path, say: Callable[[str], None]) -> list[Login]:
    """Make what is not there yet and return whom to sign in as; passwords are made once and kept beside the rest."""
    mark = home / MARK
    if mark.exists():
        logins = [Login(**each) for each in json.loads(mark.read_text("utf-8"))]
    else:
        logins = [
            Login("verwaltung", secrets.token_urlsafe(9), "may do everything"),
            Login("redaktion", secrets.token_urlsafe(9), "writes and publishes pages"),
        ]
        home.mkdir(parents=True, exist_ok=True)
        # before anything else: a demonstration stopped half way is still known as one
        with os.fdopen(os.open(mark, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            json.dump([asdict(login) for login in logins], file, indent=2)
    from nahtstelle.portal.running.preparation import prepare_site

    prepare_site(say)
    _make_people(logins)
    return logins


def _make_people(logins: list[Login]) -> None:
    from django.contrib.auth.models import Group

    from nahtstelle.portal.accounts.models import Person

    for login in logins:
        person, new = Person.objects.get_or_create(username=login.username)
        if new:
            person.set_password(login.password)
            person.is_staff = person.is_superuser = login.username == "verwaltung"
            person.save()
            if login.username == "redaktion":
                person.groups.set(Group.objects.filter(name__in=["Editors", "Moderators"]))
