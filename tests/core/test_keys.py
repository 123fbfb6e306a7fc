"""Official keys: what is taken, what is refused and with which words."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nahtstelle.core.keys import (
    LAENDER,
    LAND_OF_NUTS1,
    LENGTH_OF_LEVEL,
    LEVELS,
    AreaKey,
    Level,
    NutsCode,
)
from nahtstelle.errors import InputError, KeyFormatError
from nahtstelle.testing.musterland import musterland


def keys(length: int) -> st.SearchStrategy[str]:
    rest = st.text("0123456789", min_size=length - 2, max_size=length - 2)
    return st.builds(str.__add__, st.sampled_from(sorted(LAENDER)), rest)


any_key = st.sampled_from([2, 5, 8, 9, 12]).flatmap(keys)


# ------------------------------------------------------------------------------------------------------- levels


def test_levels_are_ordered_from_municipality_to_land() -> None:
    assert sorted(set(Level)) == list(LEVELS)
    assert [level.value for level in LEVELS] == ["municipality", "union", "district", "land"]
    assert max(Level) is Level.LAND
    for low, high in itertools.combinations(LEVELS, 2):
        assert low < high
        assert high >= low
        assert not high < low
        assert LENGTH_OF_LEVEL[low] > LENGTH_OF_LEVEL[high]


def test_a_level_is_compared_with_levels_only() -> None:
    with pytest.raises(TypeError):
        _ = Level.LAND < "district"
    assert Level.LAND != "land"


@pytest.mark.parametrize("level", LEVELS)
def test_levels_by_name(level: Level) -> None:
    assert Level.parse(str(level)) is level


@pytest.mark.parametrize("word", ["Kreis", "LAND", "", "municipalities"])
def test_an_unknown_level_names_those_there_are(word: str) -> None:
    with pytest.raises(KeyFormatError, match="expected one of land, district, union, municipality") as refused:
        Level.parse(word)
    assert repr(word) in refused.value.message


# ---------------------------------------------------------------------------------------------------- AGS and ARS


@given(any_key)
def test_a_key_is_kept_as_it_came(text: str) -> None:
    key = AreaKey.parse(text)
    assert str(key) == key.text == text
    assert AreaKey.parse(str(key)) == key
    assert len({key, AreaKey.parse(text)}) == 1
    assert str(key.land) == text[:2]


@given(any_key)
def test_parents_lead_up_to_the_land(text: str) -> None:
    key = AreaKey.parse(text)
    chain = [key]
    while (parent := chain[-1].parent) is not None:
        assert parent.level > chain[-1].level
        assert chain[-1].text.startswith(parent.text)
        chain.append(parent)
    assert chain[-1] == key.land
    assert chain[-1].level is Level.LAND


@given(keys(12))
def test_the_ags_leaves_the_union_out(text: str) -> None:
    key = AreaKey.parse(text)
    assert key.ags == text[:5] + text[9:]
    assert AreaKey.parse(key.ags).level is Level.MUNICIPALITY
    assert AreaKey.parse(key.ags).ags == key.ags
    assert AreaKey.parse(key.ags).parent == AreaKey(text[:5])


@given(st.sampled_from([2, 5]).flatmap(keys))
def test_ags_and_ars_agree_on_districts_and_laender(text: str) -> None:
    assert AreaKey.parse(text).ags == text


@given(keys(9))
def test_a_union_has_no_ags(text: str) -> None:
    with pytest.raises(KeyFormatError, match="unions have an ARS and no AGS"):
        _ = AreaKey.parse(text).ags


@given(st.lists(any_key))
def test_keys_are_ordered_as_text_which_puts_an_area_before_its_parts(texts: list[str]) -> None:
    ordered = sorted(map(AreaKey.parse, texts))
    assert [str(key) for key in ordered] == sorted(texts)
    for key in ordered:
        if key.parent is not None:
            assert key.parent < key


@pytest.mark.parametrize(
    "text", ["03 2 52 0006 006", " 032520006006 ", "03 252 0006\t006", "03\N{NO-BREAK SPACE}2520006006"]
)
def test_spaces_as_in_print_are_taken_out(text: str) -> None:
    assert AreaKey.parse(text).text == "032520006006"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("3252", "perhaps a leading zero was lost, did you mean '03252'?"),
        ("3252006", "did you mean '03252006'?"),
        ("1", "did you mean '01'?"),
        ("325", "government districts are no level here"),
        ("0325", "has 4 digits: expected 2 (Land), 5 (district), 8 (municipality, AGS), 9 (union) or 12"),
        ("0325200060061", "has 13 digits"),
        ("", "expected digits only"),
        ("DE923", "expected digits only"),
        ("03252-006", "expected digits only"),
        ("٠٣٢٥٢", "expected digits only"),
        ("03²52", "expected digits only"),
        ("00252", "starts with '00', but the Länder are 01 to 16"),
        ("17", "starts with '17'"),
        ("99999", "starts with '99'"),
    ],
)
def test_a_wrong_key_says_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(KeyFormatError) as refused:
        AreaKey.parse(text)
    assert says in refused.value.message
    assert repr(text) in refused.value.message
    assert "\n" not in refused.value.message


@pytest.mark.parametrize("value", [3252, 3252.0, None, float("nan"), b"03252"])
def test_a_key_that_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(KeyFormatError, match=f"is a {type(value).__name__}, expected text"):
        AreaKey.parse(value)  # type: ignore[arg-type]


@given(st.text())
def test_any_text_is_a_key_or_refused_in_one_line(text: str) -> None:
    try:
        key = AreaKey.parse(text)
    except KeyFormatError as refused:
        assert isinstance(refused, InputError)
        assert len(refused.message.splitlines()) == 1
    else:
        assert key.text.isdecimal()
        assert key.text[:2] in LAENDER


def test_the_keys_of_musterland_are_keys() -> None:
    country = musterland()
    for row in country.municipalities.itertuples():
        key = AreaKey.parse(row.Index)
        assert key.level is Level.MUNICIPALITY
        assert (key.ags, str(key.parent), str(key.land)) == (row.ags, row.union_key, row.land_key)
    for row in country.larger.itertuples():
        assert AreaKey.parse(row.key).level is Level.parse(row.level)


# -------------------------------------------------------------------------------------------------------- NUTS


@pytest.mark.parametrize(
    ("text", "level", "parent", "land"),
    [
        ("DE", 0, None, None),
        ("DE9", 1, "DE", "03"),
        ("DE92", 2, "DE9", "03"),
        ("DE923", 3, "DE92", "03"),
        ("DEA", 1, "DE", "05"),
        ("FRF11", 3, "FRF1", None),
        ("AT334", 3, "AT33", None),
        (" deg0p ", 3, "DEG0", "16"),
    ],
)
def test_nuts_codes(text: str, level: int, parent: str | None, land: str | None) -> None:
    code = NutsCode.parse(text)
    assert code.text == text.strip().upper()
    assert code.level == level
    assert (None if code.parent is None else str(code.parent)) == parent
    assert code.land == land
    assert code.country == code.text[:2]


def test_every_land_has_its_nuts_code() -> None:
    assert sorted(LAND_OF_NUTS1.values()) == sorted(LAENDER)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("D", "is no NUTS code: expected two letters"),
        ("DE9234", "is no NUTS code"),
        ("03252", "is no NUTS code"),
        ("DE 9", "is no NUTS code"),
        ("", "is no NUTS code"),
        ("DEH", "names no Land: DE1 to DE9 and DEA to DEG exist"),
        ("DE0", "names no Land"),
    ],
)
def test_a_wrong_nuts_code_says_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(KeyFormatError) as refused:
        NutsCode.parse(text)
    assert says in refused.value.message
    assert repr(text) in refused.value.message


def test_a_nuts_code_that_is_no_text_is_refused() -> None:
    with pytest.raises(KeyFormatError, match="is a int, expected text"):
        NutsCode.parse(923)  # type: ignore[arg-type]


@given(st.text())
def test_any_text_is_a_nuts_code_or_refused_in_one_line(text: str) -> None:
    try:
        code = NutsCode.parse(text)
    except KeyFormatError as refused:
        assert len(refused.message.splitlines()) == 1
    else:
        assert 0 <= code.level <= 3
