"""Keys as entered lead to the areas of an edition, whichever of the two is older, and say so where they do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nahtstelle.core.lineage import Carried, Lineage, spellings
from nahtstelle.core.model import KeyChange


def lineage(changes: dict[str, str] | list[tuple[str, str]], *keys: str) -> Lineage:
    pairs = changes.items() if isinstance(changes, dict) else changes
    return Lineage([KeyChange(old, new, None) for old, new in pairs], spellings(keys))


def test_a_key_of_the_edition_is_itself() -> None:
    assert lineage({}, "03252").carry("03252") == Carried("03252", ("03252",), "same")


@pytest.mark.parametrize("entered", ["03252006", "032520006006"])
def test_an_ags_stands_for_the_municipality_with_its_ars(entered: str) -> None:
    assert lineage({}, "032520006006").carry(entered).keys == ("032520006006",)


def test_a_municipality_that_changed_its_union_is_found_by_its_ags() -> None:
    assert lineage({}, "031545402027").carry("031545401027") == Carried("031545401027", ("031545402027",), "same")


def test_an_old_key_leads_to_what_became_of_it_in_several_steps() -> None:
    found = lineage({"01": "02", "02": "03"}, "03").carry("01")
    assert (found.keys, found.way) == (("03",), "later")


def test_an_old_ags_leads_to_a_new_ars() -> None:
    found = lineage({"03156009": "03159014"}, "031590014014").carry("031560009009")
    assert (found.keys, found.way) == (("031590014014",), "later")


def test_a_new_key_leads_to_all_it_was_made_of_in_an_older_edition() -> None:
    found = lineage([("03152", "03159"), ("03156", "03159")], "03152", "03156").carry("03159")
    assert found == Carried("03159", ("03152", "03156"), "earlier")


def test_what_the_older_edition_lacks_is_said() -> None:
    found = lineage([("03152", "03159"), ("03156", "03159")], "03152").carry("03159")
    assert found == Carried("03159", ("03152",), "earlier", ("03156",))


def test_a_split_leads_to_all_parts() -> None:
    assert lineage([("01", "02"), ("01", "03")], "02", "03").carry("01") == Carried("01", ("02", "03"), "later")


def test_later_is_preferred_to_earlier() -> None:
    assert lineage([("01", "02"), ("02", "03")], "01", "03").carry("02") == Carried("02", ("03",), "later")


def test_a_key_that_leads_nowhere_says_so() -> None:
    assert lineage({"01": "02"}, "03").carry("01") == Carried("01", (), "nowhere")
    assert lineage({}, "03").carry("99999") == Carried("99999", (), "nowhere")


def test_circles_end() -> None:
    assert lineage({"01": "02", "02": "01"}, "03").carry("01").way == "nowhere"


KEYS = st.sampled_from([f"{number:02d}" for number in range(10)])


@given(st.lists(st.tuples(KEYS, KEYS)), st.sets(KEYS), KEYS)
def test_what_is_found_is_in_the_edition_and_nothing_is_dropped_silently(
    changes: list[tuple[str, str]], keys: set[str], key: str
) -> None:
    found = lineage(changes, *keys).carry(key)
    assert set(found.keys) <= keys
    assert list(found.keys) == sorted(set(found.keys))
    assert (found.way == "nowhere") == (not found.keys)
    assert (found.way == "same") == (key in keys)
    assert not set(found.lost) & keys


@given(st.permutations([f"{number:02d}" for number in range(10)]), st.data())
def test_there_and_back_is_the_same_where_areas_only_changed_their_keys(names: list[str], data: st.DataObject) -> None:
    old, new = names[:5], names[5:]
    changes = list(zip(old, new, strict=True))
    key = data.draw(st.sampled_from(old))
    (forward,) = lineage(changes, *new).carry(key).keys
    assert lineage(changes, *old).carry(forward).keys == (key,)
