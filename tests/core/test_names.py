"""Names as people type them find the area they mean, and no other."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nahtstelle.core.names import bare, fit, folded

HAMELN = ("Hameln-Pyrmont", "Landkreis")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("LUENEBURG", "Lüneburg"),
        ("lüneburg", "Lüneburg"),
        (unicodedata.normalize("NFD", "Lüneburg"), "Lüneburg"),
        ("Grossostheim", "Großostheim"),
        ("GROẞOSTHEIM", "Großostheim"),
        ("Bad Muender am Deister", "Bad Münder am Deister"),
        ("hameln pyrmont", "Hameln-Pyrmont"),
        ("  Hameln -  Pyrmont ", "Hameln-Pyrmont"),
        ("Weiden id OPf", "Weiden id. OPf."),
        ("Rothenburg/O.L.", "Rothenburg/O.L."),
        ("Malschwitz Malesecy", "Malschwitz - Malešecy"),
    ],
)
def test_spellings_of_one_place(typed: str, name: str) -> None:
    assert folded(typed) == folded(name)


def test_two_places_stay_two() -> None:
    assert folded("Molln") != folded("Mölln")


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(name: str) -> None:
    assert folded(folded(name)) == folded(name)
    assert folded(name) == folded(name).strip()


@given(st.text("aäbcß -.'Ü", max_size=12), st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
def test_upper_case_does_not_matter(name: str, change: object) -> None:
    assert callable(change)
    assert folded(change(name)) == folded(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Region Hannover", "hannover"),
        ("Regionalverband Saarbrücken", "saarbruecken"),
        ("Markt Wald", "wald"),
        ("Stadtroda", "stadtroda"),
        ("Stadt", "stadt"),
        ("Marktredwitz", "marktredwitz"),
        ("Land Hadeln", "hadeln"),
    ],
)
def test_what_stands_before_a_name_is_taken_off(name: str, expected: str) -> None:
    assert bare(folded(name)) == expected


@pytest.mark.parametrize(
    ("query", "name", "designation", "fits"),
    [
        ("Hameln-Pyrmont", *HAMELN, 0),
        ("Landkreis Hameln-Pyrmont", *HAMELN, 0),
        ("kreis hameln-pyrmont", *HAMELN, 0),
        ("Kreis Lippe", "Lippe", "Kreis", 0),
        ("Landkreis Lippe", "Lippe", "Kreis", 0),
        ("Hameln", *HAMELN, 2),
        ("Landkreis Hameln", *HAMELN, 2),
        ("Pyrmont", *HAMELN, 3),
        ("Pyr", *HAMELN, 3),
        ("yrmont", *HAMELN, None),
        ("Stadt Hameln-Pyrmont", *HAMELN, None),
        ("Landkreis München", "München", "Kreisfreie Stadt", None),
        ("Stadt München", "München", "Landkreis", None),
        ("Hannover", "Region Hannover", "Landkreis", 1),
        ("Landkreis Hannover", "Region Hannover", "Landkreis", 1),
        ("Region Hannover", "Region Hannover", "Landkreis", 0),
        ("Wald", "Markt Wald", "Gemeinde", 1),
        ("Straßburg", "Strasbourg", None, None),
        ("Hameln-Pyrmont Nord", *HAMELN, None),
        ("", *HAMELN, None),
        (" - ", *HAMELN, None),
    ],
)
def test_how_well_a_name_answers(query: str, name: str, designation: str | None, fits: int | None) -> None:
    assert fit(query, name, designation) == fits


@given(st.text("abcäöüß -", min_size=1, max_size=12).filter(folded), st.sampled_from(["Landkreis", "Stadt", None]))
def test_every_name_answers_to_itself(name: str, designation: str | None) -> None:
    assert fit(name, name, designation) == 0
    if designation:
        assert fit(f"{designation} {name}", name, designation) == 0
