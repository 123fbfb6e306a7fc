"""A small register and the people around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from nahtstelle.portal.register import actions
from nahtstelle.portal.register.models import Assignment, Cooperation, Organisation, Role
from nahtstelle.portal.register.policies import OPERATOR

VIA = "form"


def person(name: str, **said: Any) -> Any:
    """Somebody with an account."""
    return get_user_model().objects.create_user(name, email=f"{name}@example.org", password="x", **said)


def cooperation(ref: str = "einharz", **said: Any) -> Cooperation:
    """A cooperation entered by a command."""
    fields = {"ref": ref, "name": ref.title(), "kind": "kommunalinitiative", "seat_key": "03153017"} | said
    made = actions.create(OPERATOR, "cooperation", fields, via="command")
    assert isinstance(made, Cooperation)
    return made


def organisation(ref: str = "stadtwerke", **said: Any) -> Organisation:
    """An organisation entered by a command."""
    made = actions.create(OPERATOR, "organisation", {"ref": ref, "name": ref.title()} | said, via="command")
    assert isinstance(made, Organisation)
    return made


@dataclass
class Cast:
    """Who acts: nobody special, those who coordinate this or another cooperation, those who edit, who administers."""

    visitor: None
    account: Any
    coordination: Any
    stranger: Any
    trainee: Any
    editorial: Any
    far_editorial: Any
    administration: Any
    own: Cooperation
    other: Cooperation


@pytest.fixture
def cast(db: None) -> Cast:
    """One cooperation with its coordination (one of them under review), another one, and the staff of two Länder."""
    own, other = cooperation(), cooperation("weserbund", seat_key="05766020")
    people = {
        name: person(name)
        for name in ("account", "coordination", "stranger", "trainee", "editorial", "far_editorial", "administration")
    }
    for name, said in {
        "coordination": {"role": Role.COORDINATION, "cooperation": own},
        "stranger": {"role": Role.COORDINATION, "cooperation": other},
        "trainee": {"role": Role.COORDINATION, "cooperation": own, "review_first": True},
        "editorial": {"role": Role.EDITORIAL, "land_key": "03"},
        "far_editorial": {"role": Role.EDITORIAL, "land_key": "05"},
        "administration": {"role": Role.ADMINISTRATION},
    }.items():
        Assignment.objects.create(person=people[name], **said)
    return Cast(visitor=None, own=own, other=other, **people)
