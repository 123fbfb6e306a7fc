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
    "portal.sqlite3", "portal.sqlite3-wal", "portal.sqlite3-shm", "static", "media", "mail", "cache", "secret-key",
    MARK,
)  # fmt: skip
"""What a site keeps in its folder, apart from editions and map tiles."""


@dataclass(frozen=True)
class Login:
    """Somebody to sign in as, and what that person may do."""

    username: str
    password: str
    role: str


ADMINISTRATION, EDITORIAL = "verwaltung", "redaktion"

COORDINATIONS = {"einharz": "einharz", "helmstedt": "leader-gruenes-band-helmstedt"}
"""Who looks after one cooperation of the demonstration register, and which."""

_PEOPLE = {
    ADMINISTRATION: "may do everything",
    EDITORIAL: "writes and publishes pages, looks after the register",
    "einharz": "looks after the cooperation EinHarz",
    "helmstedt": "looks after the LEADER region Grünes Band im Landkreis Helmstedt",
}
"""Whom to sign in as, and what each may do."""


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
    known = {each["username"]: Login(**each) for each in json.loads(mark.read_text("utf-8"))} if mark.exists() else {}
    logins = [known.get(name) or Login(name, secrets.token_urlsafe(9), role) for name, role in _PEOPLE.items()]
    if logins != list(known.values()):
        home.mkdir(parents=True, exist_ok=True)
        # before anything else: a demonstration stopped half way is still known as one
        with os.fdopen(os.open(mark, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump([asdict(login) for login in logins], file, indent=2)
    from nahtstelle.portal.running.preparation import prepare_site

    prepare_site(say)
    _make_people(logins)
    _fill_register(say)
    return logins


def _make_people(logins: list[Login]) -> None:
    from django.contrib.auth.models import Group

    from nahtstelle.portal.accounts.models import Person

    for login in logins:
        person, new = Person.objects.get_or_create(username=login.username)
        if new:
            person.set_password(login.password)
            person.is_staff = person.is_superuser = login.username == ADMINISTRATION
            person.save()
            if login.username == EDITORIAL:
                person.groups.set(Group.objects.filter(name__in=["Editors", "Moderators"]))


def _fill_register(say: Callable[[str], None]) -> None:
    """Bring the demonstration register in once, and say who looks after what; later changes by hand are kept."""
    from django.db import transaction

    from nahtstelle.portal.accounts.models import Person
    from nahtstelle.portal.register.actions import assign
    from nahtstelle.portal.register.demonstration import FILE
    from nahtstelle.portal.register.exchange import import_
    from nahtstelle.portal.register.models import Cooperation, LogEntry, Role, Via

    if LogEntry.objects.exists():
        return
    say("register")
    people = {person.username: person for person in Person.objects.filter(username__in=_PEOPLE)}
    by = people[ADMINISTRATION]
    with transaction.atomic():
        import_(FILE, by, via=Via.COMMAND)
        for name, ref in COORDINATIONS.items():
            coordinated = Cooperation.objects.get(ref=ref)
            assign(by, people[name], Role.COORDINATION, via=Via.COMMAND, cooperation=coordinated)
        assign(by, people[EDITORIAL], Role.EDITORIAL, via=Via.COMMAND)
