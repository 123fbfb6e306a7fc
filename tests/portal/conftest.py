"""The site for tests: a folder of its own, both kinds of database, the bundled edition loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

def pytest_configure() -> None:
    """Files of the site as they lie in the tree, without the hashes of an installation; passwords that cost little."""
    from django.conf import settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


HAMELN_PYRMONT, LIPPE, GOSLAR = "03252", "05766", "03153"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Load what every page needs, once for all tests: the bundled edition and the written pages."""
    from nahtstelle.editions.catalogue import open_edition
    from nahtstelle.portal.pages.actions import create_pages
    from nahtstelle.portal.reference.actions import load_edition

    with django_db_blocker.unblock():
        load_edition(open_edition())
        create_pages()


@pytest.fixture(autouse=True)
def _no_memory() -> Iterator[None]:
    """Every test asks anew: what one remembered is not the next one's answer."""
    from django.core.cache import caches

    for name in ("default", "pages", "files"):
        caches[name].clear()
    yield


@pytest.fixture
def visitor(db: None) -> Client:
    """A browser nobody is signed in with."""
    return Client()
