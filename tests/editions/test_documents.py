"""The JSON shapes that programs rely on: names, units, order, and null for what is not known."""

from __future__ import annotations

import json

import pytest

from nahtstelle.core.keys import Level
from nahtstelle.editions import documents
from nahtstelle.editions.edition import Edition
from nahtstelle.testing.musterland import musterland

KEY = musterland().key


def test_seams_of_an_area(muster: Edition) -> None:
    document = documents.seams_document(muster.seams("05954"))
    assert list(document) == ["edition", "attribution", "area", "outer_edge_km", "seams"]
    assert document["edition"] == "muster-2022"
    assert document["attribution"] == muster.attribution
    assert document["area"] == {
        "key": "05954",
        "name": "Süderberg",
        "designation": "Kreis",
        "level": "district",
        "people": 22_700,
        "known_share": 1.0,
        "area_km2": pytest.approx(muster.area("05954").area_m2 / 1e6, abs=0.005),
        "perimeter_km": pytest.approx(muster.area("05954").perimeter_m / 1000, abs=0.0005),
    }
    assert document["outer_edge_km"] == pytest.approx(muster.area("05954").outer_edge_m / 1000, abs=0.0005)
    longest = document["seams"][0]
    assert longest == {
        "key": "03152",
        "name": "Mühlenheide",
        "designation": "Landkreis",
        "land": "03",
        "land_seam": True,
        "length_km": 6.002,
        "stretches": 2,
        "share_of_perimeter": pytest.approx(6.002 / document["area"]["perimeter_km"], abs=1e-3),
        "border_municipalities": {"own": [KEY("O"), KEY("P")], "other": [KEY("K"), KEY("J")]},
        "people": {"own": 22_700, "other": 12_300, "total": 35_000, "known_share": 1.0},
    }
    lengths = [seam["length_km"] for seam in document["seams"]]
    assert lengths == sorted(lengths, reverse=True)


def test_unknown_people_are_null(muster: Edition) -> None:
    (seam,) = documents.seams_document(muster.seams(KEY("M")))["seams"]
    assert seam["people"] == {"own": None, "other": 6_400, "total": 6_400, "known_share": 0.5}
    assert documents.area_document(muster.area(KEY("M")))["people"] is None


def test_seams_of_a_smaller_level_name_the_own_part(muster: Edition) -> None:
    document = documents.seams_document(muster.seams("15082", "municipality"))
    owns = {(seam["own"]["key"], seam["own"]["name"]) for seam in document["seams"]}
    assert owns == {(KEY("R"), "Röhricht"), (KEY("S"), "Süßenborn")}
    assert "own" not in documents.seams_document(muster.seams("15082"))["seams"][0]


def test_all_seams(muster: Edition) -> None:
    document = documents.all_seams_document(muster, Level.DISTRICT)
    assert list(document) == ["edition", "attribution", "level", "seams"]
    assert document["level"] == "district"
    pairs = [(seam["a"]["key"], seam["b"]["key"]) for seam in document["seams"]]
    assert len(pairs) == 10
    assert pairs == sorted(pairs)
    assert all(a < b for a, b in pairs)
    seam = document["seams"][pairs.index(("03152", "05954"))]
    assert seam == {
        "a": {"key": "03152", "name": "Mühlenheide"},
        "b": {"key": "05954", "name": "Süderberg"},
        "land_seam": True,
        "length_km": 6.002,
        "stretches": 2,
        "border_municipalities": {"a": [KEY("K"), KEY("J")], "b": [KEY("O"), KEY("P")]},
        "people": {"a": 12_300, "b": 22_700, "total": 35_000, "known_share": 1.0},
    }


def test_border_people(muster: Edition) -> None:
    document = documents.border_people_document(muster, muster.border_people(["03151", "03152"], "inner"))
    assert document == {
        "edition": "muster-2022",
        "attribution": muster.attribution,
        "areas": [{"key": "03151", "name": "Küstenkreis"}, {"key": "03152", "name": "Mühlenheide"}],
        "variant": "inner",
        "people": 44_340,
        "people_known_share": 0.9091,
        "border_people": 19_800,
        "share": round(19_800 / 44_340, 4),
        "known_share": 1.0,
        "municipalities": [KEY(letter) for letter in "CAEG"],
    }


def test_border_people_nobody_knows(muster: Edition) -> None:
    document = documents.border_people_document(muster, muster.border_people([KEY("M")]))
    assert (document["people"], document["border_people"], document["share"]) == (None, None, None)
    assert document["known_share"] == 0


def test_areas_found(muster: Edition) -> None:
    document = documents.areas_document(muster, muster.find("Seenplatte"))
    assert [area["key"] for area in document["areas"]] == ["15081", "150815051"]
    assert [area["land"] for area in document["areas"]] == ["15", "15"]
    assert documents.areas_document(muster, muster.find("Seenland"))["areas"][0]["land"] == "15"


def test_every_document_is_plain_json(muster: Edition) -> None:
    for document in (
        documents.seams_document(muster.seams("03", "municipality")),
        documents.all_seams_document(muster, Level.UNION),
        documents.border_people_document(muster, muster.border_people(["03", "05"])),
        documents.areas_document(muster, muster.find("n")),
    ):
        assert json.loads(json.dumps(document, allow_nan=False)) == document
