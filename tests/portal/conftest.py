"""The site for tests: a folder of its own, both kinds of database, the bundled edition loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.editions.conftest import muster, vg250  # noqa: F401  the small edition of the other tests

from nahtstelle.editions.edition import Edition


def pytest_configure() -> None:
    """Files of the site as they lie in the tree, without the hashes of an installation; passwords that cost little."""
    from django.conf import settings
    from django.test import override_settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    # as a test would, so that whatever read the settings already reads them again
    override_settings(
        STORAGES=settings.STORAGES | {"staticfiles": plain},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ).enable()
    settings.STATIC_ROOT.mkdir(exist_ok=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, bundled: Edition) -> None:
    """Load what every page needs, once for all tests: the bundled edition and the written pages."""
    from nahtstelle.portal.pages.actions import create_pages
    from nahtstelle.portal.reference.actions import load_edition

    with django_db_blocker.unblock():
        load_edition(bundled)
        create_pages()


@pytest.fixture(scope="session")
def bundled() -> Edition:
    """The bundled edition as the library sees it: what the pages are held against."""
    from nahtstelle.editions.catalogue import open_edition

    return open_edition()


@pytest.fixture(autouse=True)
def _no_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test asks anew: what one remembered is not the next one's answer. Pictures of an edition stay the same."""
    from nahtstelle.portal.answers import remember

    monkeypatch.setattr(remember, "FRESH_S", 0.0)
    forget("default", "pages")
    yield


def forget(*names: str) -> None:
    """Empty these memories of the site, all of them where none is named; what lists are made of always."""
    from django.core.cache import caches

    from nahtstelle.portal.register import queries

    queries.forget()
    for name in names or ("default", "pages", "files"):
        caches[name].clear()


@pytest.fixture
def visitor(db: None) -> Client:
    """A browser nobody is signed in with."""
    return Client()


@pytest.fixture
def person(db: None) -> Client:
    """A browser somebody is signed in with who may do nothing special."""
    return _signed_in("buergerin")


@pytest.fixture
def editor(db: None) -> Client:
    """A browser of somebody who writes pages."""
    from django.contrib.auth.models import Group

    return _signed_in("redakteurin", groups=Group.objects.filter(name__in=["Editors", "Moderators"]))


@pytest.fixture
def administrator(db: None) -> Client:
    """A browser of somebody who may do everything."""
    return _signed_in("verwalterin", is_staff=True, is_superuser=True)


@pytest.fixture(scope="module")
def entered(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The small register, entered once for all tests of a module and taken back after them."""
    from django.db import transaction
    from tests.portal.register import samples

    from nahtstelle.portal import insight

    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
        samples.small_register()
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)
        insight.forget()


@pytest.fixture
def reader(entered: None, db: None) -> Iterator[Client]:
    """A visitor of the small register."""
    from nahtstelle.portal import insight

    insight.forget()
    yield Client()
    insight.forget()


def _signed_in(name: str, groups: Any = (), **rights: bool) -> Client:
    from django.contrib.auth import get_user_model

    one = get_user_model().objects.create_user(name, password="x", **rights)
    one.groups.set(groups)
    client = Client()
    client.force_login(one)
    return client
