"""Loading editions into the site: all of one or nothing, and from one to the next without anybody noticing."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import geopandas as gpd
import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Sum
from django.test import Client
from tests.editions import country
from tests.portal.every_page import HAMELN, HAMELN_PYRMONT, LIPPE, area, seam
from tests.portal.markup import Page, facts, figures

from nahtstelle.core.keys import Level
from nahtstelle.editions.build import build_edition
from nahtstelle.editions.edition import Edition as EditionFiles
from nahtstelle.errors import EditionDamaged, EditionNotFound
from nahtstelle.portal.reference import actions, queries
from nahtstelle.portal.reference.actions import load_edition, use_edition
from nahtstelle.portal.reference.models import Area, Edition
from nahtstelle.testing.musterland import musterland

pytestmark = pytest.mark.django_db
UNKNOWN_IN_GERMANY = "150819999999"
"""Wüstenforst of Musterland, a key the bundled edition does not have."""


def state() -> set[tuple[object, ...]]:
    """What is loaded: every edition, whether it is current, how many areas and people it has."""
    return set(
        Edition.objects.annotate(areas_there=Count("areas"), people=Sum("areas__people")).values_list(
            "id", "fingerprint", "current", "areas_there", "people"
        )
    )


@pytest.fixture
def changed(muster: EditionFiles, tmp_path: Path) -> EditionFiles:
    """The edition of Musterland built anew with other people: same id, other files."""
    frame = country.gem()
    land = frame["GF"] == 4
    frame.loc[land, "EWZ"] = frame.loc[land, "EWZ"].fillna(0) + 1
    source = country.write_vg250(tmp_path / "published", frame)
    return build_edition([source], tmp_path / muster.id)


# ---------------------------------------------------------------------------------------------- what is there


@pytest.mark.parametrize("level", Level)
def test_the_table_holds_the_areas_of_the_edition(bundled: EditionFiles, level: Level) -> None:
    there = bundled.figures(level)
    rows = {row.key: row for row in Area.objects.filter(edition_id=bundled.id, level=level.value)}
    assert rows.keys() == set(there.index)
    above = bundled.parents()
    for key in list(there.index)[:: max(1, len(there) // 200)]:
        area_there, row = bundled.area(key), rows[key]
        assert (row.name, row.designation or None) == (area_there.name, area_there.designation or None)
        assert row.people == area_there.people.people
        assert (row.people_known, row.people_of) == (area_there.people.known, area_there.people.of)
        assert row.land_key == above[key].get(Level.LAND, "")
        assert row.district_key == above[key].get(Level.DISTRICT, "")


def test_boxes_hold_their_areas(bundled: EditionFiles) -> None:
    bounds = bundled.areas(Level.DISTRICT).to_crs(4326).bounds
    for row in Area.objects.filter(edition_id=bundled.id, level="district"):
        assert (row.west, row.south, row.east, row.north) == pytest.approx(tuple(bounds.loc[row.key]), abs=1e-6)


def test_only_one_edition_is_current(muster: EditionFiles) -> None:
    load_edition(muster, make_current=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(id=muster.id).update(current=True)


# ------------------------------------------------------------------------------------------------- loading


def test_the_same_edition_twice_changes_nothing(bundled: EditionFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    before, ids = state(), set(Area.objects.values_list("id", flat=True))
    monkeypatch.setattr(actions, "_rows", lambda files: pytest.fail("read the files again"))
    load_edition(bundled)
    load_edition(bundled, make_current=False)
    assert state() == before
    assert set(Area.objects.values_list("id", flat=True)) == ids


def test_a_second_edition_stands_beside_the_first(bundled: EditionFiles, muster: EditionFiles) -> None:
    row = load_edition(muster, make_current=False)
    assert not row.current and queries.current_edition().id == bundled.id
    assert row.areas.count() == len(musterland().municipalities) + len(musterland().larger)
    assert row.folder == str(muster.folder)
    load_edition(muster)
    assert queries.current_edition().id == muster.id
    assert Edition.objects.count() == 2


def test_the_first_edition_is_current_whatever_was_asked(muster: EditionFiles) -> None:
    Edition.objects.all().delete()
    load_edition(muster, make_current=False)
    assert queries.current_edition().id == muster.id


def test_changed_files_replace_what_was_loaded(muster: EditionFiles, changed: EditionFiles) -> None:
    before = load_edition(muster)
    after = load_edition(changed)
    assert after.id == before.id and after.fingerprint != before.fingerprint
    known = before.areas.exclude(level="union", people_of=1).get(key=musterland().key("A"))
    assert known.people == 1_201
    assert after.areas.count() == len(musterland().municipalities) + len(musterland().larger)


def test_a_load_that_breaks_leaves_everything_as_it_was(
    muster: EditionFiles, changed: EditionFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_edition(muster)
    before, whole = state(), actions._rows

    def half(files: EditionFiles) -> list[dict[str, object]]:
        rows = whole(files)
        return [*rows[:20], rows[0]]  # one twice: the database refuses after the others are in

    monkeypatch.setattr(actions, "_rows", half)
    with pytest.raises(IntegrityError), transaction.atomic():
        load_edition(changed)
    assert state() == before


def test_a_damaged_edition_is_refused(muster: EditionFiles, tmp_path: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(muster.folder, tmp_path / "damaged"))
    (folder / "areas.parquet").write_bytes(b"PAR1 and no more")
    before = state()
    with pytest.raises(EditionDamaged), transaction.atomic():
        load_edition(EditionFiles(folder))
    assert state() == before


_KILLED = """
import os, sys
from nahtstelle.cli.portal import set_up
set_up()
from nahtstelle.editions.catalogue import open_edition
from nahtstelle.portal.reference import actions
create = actions.Area.objects.bulk_create
def and_die(rows, **options):
    create(rows, **options)
    print("inserted", flush=True)
    os._exit(9)
actions.Area.objects.bulk_create = and_die
actions.load_edition(open_edition(sys.argv[1]))
"""


@pytest.fixture(scope="session")
def file(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """On SQLite: the database of the tests as a file, for another process; made while no test writes to it."""
    file = tmp_path_factory.mktemp("database") / "portal.sqlite3"
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock(), closing(sqlite3.connect(file)) as copy:
            connection.ensure_connection()
            connection.connection.backup(copy)
    return file


@pytest.mark.slow
def test_a_load_that_is_killed_leaves_everything_as_it_was(muster: EditionFiles, file: Path, tmp_path: Path) -> None:
    """Another process dies with all rows inserted, before it could say that they are meant."""
    before = state()
    environment = os.environ | {"NAHTSTELLE_HOME": str(tmp_path)}
    if connection.vendor == "sqlite":
        environment["NAHTSTELLE_DATABASE_URL"] = f"sqlite:///{file}"
    else:
        site = urlsplit(settings.ENV.database_url)
        tests = f"/{connection.settings_dict['NAME']}"
        assert site.path != tests, "the real database of a site"
        environment["NAHTSTELLE_DATABASE_URL"] = site._replace(path=tests).geturl()
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(muster.folder)],
        env=environment,
        timeout=120,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 9 and "inserted" in done.stdout, done.stderr
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(file)) as left:
            assert left.execute("SELECT id, current FROM reference_edition").fetchall() == [
                (each.id, each.current) for each in Edition.objects.all()
            ]
            assert left.execute("SELECT count(*) FROM reference_area").fetchone()[0] == Area.objects.count()
    assert state() == before


# ----------------------------------------------------------------------------------------------- switching


def test_the_next_answer_speaks_of_the_new_edition(
    visitor: Client, muster: EditionFiles, bundled: EditionFiles
) -> None:
    """Pages the same client asked for before, so that remembered ones are among them."""
    paths = ("/", "/naehte/", "/daten/", "/verzeichnis/gebiete/?ebene=kreis", "/karte/", "/karte/deutschland-kreis.svg")
    before = {path: visitor.get(path).content for path in paths}
    load_edition(muster)
    after = {path: visitor.get(path).content for path in paths}
    assert all(before[path] != after[path] for path in paths)
    assert "Mühlenheide" in after["/naehte/"].decode() and "Lippe" not in after["/naehte/"].decode()
    assert visitor.get("/zustand/").json() == {"edition": muster.id}
    assert visitor.get(seam(HAMELN_PYRMONT, LIPPE)).status_code == 404
    use_edition(bundled.id)
    assert visitor.get("/zustand/").json() == {"edition": bundled.id}
    for path in ("/naehte/", "/verzeichnis/gebiete/?ebene=kreis"):
        assert facts(Page(visitor.get(path).content.decode())) == facts(Page(before[path].decode()))
    assert visitor.get(seam(HAMELN_PYRMONT, LIPPE)).status_code == 200


def test_changed_files_of_the_current_edition_show_at_once(
    visitor: Client, muster: EditionFiles, changed: EditionFiles
) -> None:
    path = area(musterland().key("A"))
    load_edition(muster)
    assert 1_200 in figures(Page(visitor.get(path).content.decode()).words)
    load_edition(changed)
    words = Page(visitor.get(path).content.decode()).words
    assert 1_201 in figures(words) and 1_200 not in figures(words)


def test_search_knows_the_new_edition_only(visitor: Client, muster: EditionFiles) -> None:
    assert visitor.get("/suche/vorschlaege/?q=Hameln").json()["suggestions"]
    assert "03152" not in visitor.get("/suche/vorschlaege/?q=Muehlenheyde").content.decode()
    load_edition(muster)
    keys = [each["key"] for each in visitor.get("/suche/vorschlaege/?q=Muehlenheyde").json()["suggestions"]]
    assert keys == ["03152"]
    assert visitor.get("/suche/vorschlaege/?q=Hameln").json()["suggestions"] == []


def test_an_edition_that_is_not_loaded_cannot_be_used(bundled: EditionFiles) -> None:
    with pytest.raises(EditionNotFound, match=bundled.id):
        use_edition("gibt-es-nicht")
    assert queries.current_edition().id == bundled.id


def test_files_of_all_loaded_editions_are_offered(visitor: Client, muster: EditionFiles, bundled: EditionFiles) -> None:
    load_edition(muster)
    links = {each.get("href") for each in Page(visitor.get("/daten/").content.decode()).all("a")}
    for edition in (muster, bundled):
        assert f"/daten/{edition.id}/edition.json" in links or any(edition.id in str(link) for link in links)


def test_an_edition_whose_files_are_gone_answers_politely(
    visitor: Client, changed: EditionFiles, bundled: EditionFiles
) -> None:
    import shutil

    load_edition(changed)
    shutil.rmtree(changed.folder)
    answer = visitor.get("/naehte/")
    assert answer.status_code == 503 and "Retry-After" in answer
    use_edition(bundled.id)
    assert visitor.get("/naehte/").status_code == 200


# ------------------------------------------------------------------------------------------------ old keys


@pytest.fixture
def holder(bundled: EditionFiles) -> Callable[[str, Level], str]:
    """Key of the area of the bundled edition where an area of Musterland lies; found without the code of the site."""

    def key(old: str, level: Level) -> str:
        country_there = musterland().municipalities
        shape = country_there[country_there.index.str.startswith(old)].geometry
        point = gpd.GeoSeries([shape.union_all().representative_point()], crs=country_there.crs)
        here = bundled.areas(level)
        (found,) = here.index[here.contains(point.to_crs(here.crs).iloc[0])]
        return str(found)

    return key


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_an_old_key_leads_to_who_holds_the_place_today(
    visitor: Client, muster: EditionFiles, holder: Callable[[str, Level], str], prefix: str
) -> None:
    assert visitor.get(area(UNKNOWN_IN_GERMANY)).status_code == 404
    load_edition(muster, make_current=False)
    answer = visitor.get(f"{prefix}{area(UNKNOWN_IN_GERMANY)}")
    assert answer.status_code == 301
    assert answer["Location"] == f"{prefix}{area(holder(UNKNOWN_IN_GERMANY, Level.MUNICIPALITY))}"
    ags = musterland().municipalities.loc[UNKNOWN_IN_GERMANY, "ags"]
    assert visitor.get(f"{prefix}{area(ags)}")["Location"] == answer["Location"]


def test_an_old_key_in_a_pair_is_put_right(
    visitor: Client, muster: EditionFiles, holder: Callable[[str, Level], str]
) -> None:
    load_edition(muster, make_current=False)
    now = holder(UNKNOWN_IN_GERMANY, Level.MUNICIPALITY)
    answer = visitor.get(seam(UNKNOWN_IN_GERMANY, HAMELN))
    assert answer.status_code == 301 and answer["Location"] == seam(*sorted((now, HAMELN)))


def test_a_place_outside_the_current_edition_is_not_found(visitor: Client, muster: EditionFiles) -> None:
    load_edition(muster)
    assert visitor.get(area(HAMELN)).status_code == 404, "Hameln does not lie in Musterland"
    assert visitor.get(area("03252006")).status_code == 404


def test_old_keys_of_districts(visitor: Client, bundled: EditionFiles, muster: EditionFiles) -> None:
    """The other way round: Musterland is current, and Kassel, on whose ground it lies, was loaded before."""
    load_edition(muster)
    for key in ("06633", "03152", "06"):
        answer = visitor.get(area(key))
        assert answer.status_code in (200, 301, 404)
        if answer.status_code == 301:
            assert visitor.get(answer["Location"]).status_code == 200
