"""The start page, the map, its tiles and the data behind it all."""

from __future__ import annotations

import hashlib
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from tests.portal.every_page import HAMELN_PYRMONT, LIPPE, area, seam
from tests.portal.markup import Page, facts, figures, text_of

from nahtstelle.core.keys import Level
from nahtstelle.editions.edition import Edition
from nahtstelle.editions.manifest import AREAS, BORDERS, MANIFEST
from nahtstelle.editions.tiles import ensure_tiles
from nahtstelle.portal import insight
from nahtstelle.portal.reference import models
from nahtstelle.portal.reference.actions import load_edition

SVG = "{http://www.w3.org/2000/svg}"
SLUGS = {Level.LAND: "land", Level.DISTRICT: "kreis", Level.UNION: "verband", Level.MUNICIPALITY: "gemeinde"}


def body(answer) -> bytes:
    """All of an answer, sent in one piece or in many."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


# ------------------------------------------------------------------------------------------------- pages


def test_figures_of_the_start_page(visitor: Client, bundled: Edition) -> None:
    page = Page(visitor.get("/").content.decode())
    said = [figures(text_of(each))[0] for each in page.all("dd") if each.get("class") == "nt-figure__value"]
    districts = bundled.all_seams(Level.DISTRICT)
    assert said[:3] == [
        len(bundled.figures(Level.MUNICIPALITY)),
        len(districts),
        round(sum(each.length_m for each in districts) / 1000),
    ]
    assert said[3] == bundled.manifest.people.total
    assert sum(each.land_seam for each in districts) in figures(page.words)


def test_the_start_page_leads_everywhere_in_one_step(visitor: Client) -> None:
    page = Page(visitor.get("/").content.decode())
    links = {each.get("href") for each in page.all("a")}
    assert {"/karte/", "/naehte/", "/verzeichnis/gebiete/", "/daten/", "/leitfaden/", "/impressum/"} <= links
    assert {"/datenschutz/", "/barrierefreiheit/", "/kontakt/", "/en/"} <= links
    assert area(HAMELN_PYRMONT) in links, "no example to try"
    assert [each.get("action") for each in page.one("main").iter("form")] == ["/suche/"]


@pytest.mark.parametrize("level", Level)
def test_the_map_page_has_a_table_of_the_same(visitor: Client, bundled: Edition, level: Level) -> None:
    rows = facts(Page(visitor.get(f"/karte/?ebene={SLUGS[level]}").content.decode()))
    known = [each.people.people for each in bundled.all_seams(level) if each.people.people is not None]
    assert [figures(row[3])[0] for row in rows] == sorted(known, reverse=True)[: len(rows)]
    assert len(rows) == min(20, len(bundled.all_seams(level)))


@pytest.mark.parametrize("path", ["/", "/karte/", area(HAMELN_PYRMONT), seam(HAMELN_PYRMONT, LIPPE), "/embed/karte/"])
def test_every_map_is_a_picture_first(visitor: Client, path: str) -> None:
    """Without JavaScript and without WebGL the picture stays, with the words for who does not see it."""
    page = Page(visitor.get(path).content.decode())
    (picture,) = page.one("nt-map").iter("img")
    assert len(picture.get("alt", "")) > 20
    answer = visitor.get(picture.get("src"))
    assert answer.status_code == 200 and answer["Content-Type"] == "image/svg+xml"
    drawing = ET.fromstring(answer.content)
    assert drawing.tag == f"{SVG}svg" and drawing.find(f"{SVG}title").text
    assert "script-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("level", Level)
def test_pictures_of_the_country(visitor: Client, level: Level) -> None:
    german = visitor.get(f"/karte/deutschland-{SLUGS[level]}.svg").content
    assert ET.fromstring(german).tag == f"{SVG}svg"
    assert b"<script" not in german and b'href="http' not in german
    if level is Level.LAND:
        assert visitor.get("/en/karte/deutschland-land.svg").content != german


def test_no_picture_of_a_level_there_is_not(visitor: Client) -> None:
    assert visitor.get("/karte/deutschland-dorf.svg").status_code == 404


def test_a_picture_is_asked_for_once_a_day(visitor: Client) -> None:
    first = visitor.get(f"{area(HAMELN_PYRMONT)}karte.svg")
    assert "max-age=86400" in first["Cache-Control"]
    again = visitor.get(f"{area(HAMELN_PYRMONT)}karte.svg", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    other = visitor.get(f"{area(LIPPE)}karte.svg", headers={"If-None-Match": first["ETag"]})
    assert other.status_code == 200


def test_a_picture_to_share_has_the_usual_size(visitor: Client) -> None:
    for path in (
        "/karte/vorschau.png",
        f"{area(HAMELN_PYRMONT)}vorschau.png",
        f"{seam(HAMELN_PYRMONT, LIPPE)}vorschau.png",
    ):
        picture = visitor.get(path).content
        assert picture[:8] == b"\x89PNG\r\n\x1a\n"
        width, height = (int.from_bytes(picture[start : start + 4], "big") for start in (16, 20))
        assert (width, height) == (1200, 630)
        assert len(picture) < 600_000


# -------------------------------------------------------------------------------------------------- data


def test_data_page_names_edition_sources_and_licences(visitor: Client, bundled: Edition) -> None:
    words = " ".join(Page(visitor.get("/daten/").content.decode()).words.split())
    assert bundled.id in words and bundled.manifest.title in words and bundled.attribution in words
    for licence in bundled.manifest.licences:
        assert licence.publisher in words and licence.licence in words
    for level, count in bundled.manifest.areas.items():
        assert count in figures(words), level
    for pairs in bundled.manifest.pairs.values():
        assert pairs in figures(words)


def test_files_of_the_edition_are_handed_out_unchanged(visitor: Client, bundled: Edition) -> None:
    page = Page(visitor.get("/daten/").content.decode())
    links = [each.get("href", "") for each in page.all("a") if f"/daten/{bundled.id}/" in each.get("href", "")]
    assert {link.rsplit("/", 1)[1] for link in links} == {MANIFEST, AREAS, BORDERS}
    for link in links:
        answer = visitor.get(link)
        name = link.rsplit("/", 1)[1]
        assert answer.status_code == 200
        assert f'filename="{bundled.id}-{name}"' in answer["Content-Disposition"]
        assert body(answer) == (bundled.folder / name).read_bytes()
        if name != MANIFEST:
            there = visitor.get(link)
            assert hashlib.sha256(body(there)).hexdigest() == bundled.manifest.files[name].removeprefix("sha256:")
    assert json.loads(body(visitor.get(f"/daten/{bundled.id}/{MANIFEST}")))["id"] == bundled.id


@pytest.mark.parametrize("name", ["secret-key", "..%2Fedition.json", "%2e%2e/portal.sqlite3", "", "a%00b"])
def test_no_other_file_is_handed_out(visitor: Client, bundled: Edition, name: str) -> None:
    assert visitor.get(f"/daten/{bundled.id}/{name}").status_code == 404


@pytest.mark.parametrize("edition", ["gibt-es-nicht", "..", "a%00b", "%00", "x" * 3000])
def test_no_file_of_an_edition_there_is_not(visitor: Client, edition: str) -> None:
    assert visitor.get(f"/daten/{edition}/{MANIFEST}").status_code == 404
    assert visitor.get(f"/karte/kacheln/{edition}/000000000000.pmtiles").status_code == 404


def test_health(visitor: Client, bundled: Edition) -> None:
    answer = visitor.get("/zustand/")
    assert answer.json() == {"edition": bundled.id}


def test_before_an_edition_is_loaded_the_site_says_so(visitor: Client) -> None:
    models.Edition.objects.all().delete()
    for path in ("/", "/en/", "/naehte/", area(HAMELN_PYRMONT), "/suche/?q=x"):
        answer = visitor.get(path)
        assert answer.status_code == 503 and answer["Retry-After"]
        assert Page(answer.content.decode()).one("h1") is not None
    assert visitor.get("/zustand/").status_code == 503
    assert visitor.get("/impressum/").status_code == 200, "written pages need no edition"


# ------------------------------------------------------------------------------------------------- tiles


@pytest.fixture
def tiles(muster: Edition, db: None) -> Iterator[tuple[str, bytes]]:
    """Address and content of the tiles of a small edition that is loaded."""
    file = ensure_tiles(muster)
    row = load_edition(muster)
    yield f"/karte/kacheln/{row.id}/{insight.insight_of(row).tiles_fingerprint}.pmtiles", Path(file).read_bytes()


def test_tiles_come_in_ranges(visitor: Client, tiles: tuple[str, bytes]) -> None:
    path, content = tiles
    whole = visitor.get(path)
    assert whole.status_code == 200 and body(whole) == content
    assert content[:7] == b"PMTiles"
    assert whole["Accept-Ranges"] == "bytes"
    assert whole["Cache-Control"] == "public, max-age=31536000, immutable"
    for said, part in (
        ("bytes=0-126", content[:127]),
        ("bytes=127-", content[127:]),
        ("bytes=-16", content[-16:]),
        (f"bytes=5-{len(content) + 1000}", content[5:]),
    ):
        answer = visitor.get(path, headers={"Range": said})
        assert answer.status_code == 206, said
        assert body(answer) == part, said
        start = len(content) - len(part) if said != "bytes=0-126" else 0
        assert answer["Content-Range"] == f"bytes {start}-{start + len(part) - 1}/{len(content)}"
        assert int(answer["Content-Length"]) == len(part)
        assert "immutable" in answer["Cache-Control"]


def test_a_range_beyond_the_file(visitor: Client, tiles: tuple[str, bytes]) -> None:
    path, content = tiles
    answer = visitor.get(path, headers={"Range": f"bytes={len(content)}-"})
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{len(content)}"


@pytest.mark.parametrize("said", ["bytes=x-y", "pages=1-2", "bytes=", "bytes=5-2", "\x00", "bytes=0-1,5-6", "9" * 3000])
def test_a_broken_range_is_no_error_of_ours(visitor: Client, tiles: tuple[str, bytes], said: str) -> None:
    answer = visitor.get(tiles[0], headers={"Range": said})
    assert answer.status_code in (200, 206, 416)


def test_tiles_answer_head_and_are_kept(visitor: Client, tiles: tuple[str, bytes]) -> None:
    path, content = tiles
    head = visitor.head(path)
    assert head.status_code == 200 and int(head["Content-Length"]) == len(content) and not body(head)
    condition = {"If-None-Match": head["ETag"]} if "ETag" in head else {"If-Modified-Since": head["Last-Modified"]}
    assert visitor.get(path, headers=condition).status_code == 304
    assert not head.cookies


def test_tiles_under_another_fingerprint_are_gone(visitor: Client, tiles: tuple[str, bytes]) -> None:
    path, _ = tiles
    assert visitor.get(re.sub(r"\w{12}\.pmtiles", "0" * 12 + ".pmtiles", path)).status_code == 404
    assert visitor.post(path).status_code == 405


def test_a_page_speaks_of_tiles_where_there_are_some(visitor: Client, tiles: tuple[str, bytes]) -> None:
    assert Page(visitor.get("/karte/").content.decode()).one("nt-map").get("tiles") == tiles[0]


def test_without_tiles_the_picture_stays(visitor: Client) -> None:
    assert not Page(visitor.get("/karte/").content.decode()).one("nt-map").get("tiles")
