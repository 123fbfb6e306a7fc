"""How often a page asks the database: at most fifteen times, whatever it shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.portal.conftest import forget
from tests.portal.every_page import HAMELN_PYRMONT, KINDS, LANGUAGES, LIPPE, Kind, area, seam

from nahtstelle.editions.build import build_edition
from nahtstelle.editions.edition import Edition
from nahtstelle.portal.reference.actions import load_edition

MOST = 15
VG5000 = "bkg_vg5000_2023-12-31"
REGISTER = "destatis_gemeindeverzeichnis/31122023_Auszug_GV.xlsx"
FILES = (
    "/naehte/liste.csv",
    "/naehte/liste.xlsx?land=03",
    "/naehte/liste.geojson?land=04",
    "/verzeichnis/gebiete/liste.csv?ebene=gemeinde",
    f"{area(HAMELN_PYRMONT)}daten.csv",
    f"{area(HAMELN_PYRMONT)}karte.svg",
    f"{area(HAMELN_PYRMONT)}blatt.pdf",
    f"{seam(HAMELN_PYRMONT, LIPPE)}daten.geojson",
    f"{seam(HAMELN_PYRMONT, LIPPE)}karte.svg",
    "/suche/vorschlaege/?q=Hameln",
    "/suche/vorschlaege/?q=Hammeln",
    "/zustand/",
)
Count = Callable[[str], int]


@pytest.fixture
def count(visitor: Client) -> Count:
    """How many questions an answer takes where nothing is remembered."""

    def questions(path: str) -> int:
        forget()
        with CaptureQueriesContext(connection) as asked:
            answer = visitor.get(path)
            assert answer.status_code in (200, 301, 404)
        said = [each["sql"] for each in asked.captured_queries if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        return len(said)

    return questions


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_pages(count: Count, kind: Kind, language: str) -> None:
    assert count(kind.at(language)) <= MOST


@pytest.mark.parametrize("path", FILES)
def test_files(count: Count, path: str) -> None:
    assert count(path) <= MOST


@pytest.mark.parametrize(
    "path",
    ["/naehte/?ebene=gemeinde", "/verzeichnis/gebiete/?ebene=gemeinde", "/verzeichnis/gebiete/?sortierung=-menschen"],
)
def test_a_late_page_of_a_list_asks_no_more_than_the_first(count: Count, path: str) -> None:
    first = count(path)
    assert count(f"{path}&seite=20") == first
    assert count(f"{path}&seite=200") == first


def test_a_remembered_page_asks_once(visitor: Client, django_assert_max_num_queries: Any) -> None:
    """Which edition is current has to be asked every time; everything else is remembered."""
    for path in ("/", "/naehte/", seam(HAMELN_PYRMONT, LIPPE), area(HAMELN_PYRMONT)):
        visitor.get(path)
        with django_assert_max_num_queries(1):
            visitor.get(path)


# --------------------------------------------------------------------------------------- on a full edition


@pytest.fixture(scope="module")
def vg5000(reference_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The edition of 31 December 2023 with people of the same day."""
    out = tmp_path_factory.mktemp("editions") / "de-vg5000-2023-12-31"
    return build_edition([reference_data / VG5000], out, people=reference_data / REGISTER)


@pytest.fixture
def full(vg5000: Edition, db: None) -> Edition:
    """The same, loaded and current."""
    load_edition(vg5000)
    return vg5000


@pytest.mark.reference
@pytest.mark.slow
def test_pages_of_a_full_edition(full: Edition, count: Count) -> None:
    assert full.manifest.areas["municipality"] > 10_000
    too_many = {kind.name: asked for kind in KINDS if (asked := count(kind.path)) > MOST}
    assert not too_many
    for path in FILES:
        assert count(path) <= MOST, path
    for path in ("/naehte/?ebene=gemeinde", "/verzeichnis/gebiete/?ebene=gemeinde"):
        assert count(path) == count(f"{path}&seite=20") == count(f"{path}&seite=200")
