"""The readers on the real files: known numbers, joins of real dates, and damaged copies of real files refused."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from nahtstelle.editions.people import JoinedPeople, join_people
from nahtstelle.editions.sources import read_source
from nahtstelle.editions.sources.records import AreaSource, KeyChanges, PeopleSource
from nahtstelle.errors import SourceError

pytestmark = pytest.mark.reference

VG5000_2023 = "bkg_vg5000_2023-12-31"
VG5000_2021 = "bkg_vg5000_2021-01-01"
VG250_2016 = "bkg_vg250_2016-01-01/gemeinden.geo.json.xz"
VG250_2022 = "bkg_vg250_2022-05-15_simplified/VG250_GEM_simplified.zip"
REGISTERS = "destatis_gemeindeverzeichnis"
NO_LAND = ["070009999999", "100429999999", "130009999999"]


@cache
def _read(path: Path) -> AreaSource | PeopleSource | KeyChanges:
    return read_source(path)


@pytest.fixture
def areas(reference_data: Path) -> Callable[[str], AreaSource]:
    """Areas of a file or folder, read once for all tests."""

    def read(name: str) -> AreaSource:
        source = _read(reference_data / name)
        assert isinstance(source, AreaSource)
        return source

    return read


@pytest.fixture
def register(reference_data: Path) -> Callable[[str], PeopleSource]:
    """A register by its file's name, read once for all tests."""

    def read(name: str) -> PeopleSource:
        source = _read(reference_data / REGISTERS / name)
        assert isinstance(source, PeopleSource)
        return source

    return read


@pytest.fixture
def all_changes(reference_data: Path) -> list[KeyChanges]:
    """All official changes there are: 2023, 2024 and the first two months of 2025."""
    sources = [_read(path) for path in sorted((reference_data / "destatis_gebietsaenderungen").glob("*.xlsx"))]
    assert len(sources) == 3
    return [source for source in sources if isinstance(source, KeyChanges)]


# --------------------------------------------------------------------------------------------------- areas


@pytest.mark.parametrize(
    ("name", "features", "keys", "vertices", "valid_on", "scale", "epsg"),
    [
        (VG5000_2023, 10_978, 10_978, 174_085, dt.date(2023, 12, 31), "1:5 000 000", 31467),
        (VG5000_2021, 10_997, 10_997, 174_259, dt.date(2021, 1, 1), "1:5 000 000", 31467),
        (VG250_2022, 10_990, 10_990, 153_682, dt.date(2022, 5, 15), "1:250 000", 25832),
        (VG250_2016, 11_431, 11_299, 1_889_719, dt.date(2016, 1, 1), "1:250 000", 4326),
    ],
)
def test_areas_of_germany(
    areas: Callable[[str], AreaSource],
    name: str,
    features: int,
    keys: int,
    vertices: int,
    valid_on: dt.date,
    scale: str,
    epsg: int,
) -> None:
    source = areas(name)
    frame = source.municipalities
    assert len(frame) == features
    assert frame["key"].nunique() == keys
    assert (frame["part"] == "land").sum() == keys
    assert shapely.get_num_coordinates(frame.geometry.to_numpy()).sum() == vertices
    assert (source.valid_on, source.scale, frame.crs.to_epsg()) == (valid_on, scale, epsg)
    assert frame["land_key"].nunique() == 16
    assert frame["ags"].nunique() == keys
    assert frame["people"].isna().all()


@pytest.mark.parametrize(("name", "unions", "districts"), [(VG5000_2023, 4_594, 400), (VG5000_2021, 4_605, 401)])
def test_larger_areas_are_named_without_a_gap(
    areas: Callable[[str], AreaSource], name: str, unions: int, districts: int
) -> None:
    source = areas(name)
    assert source.larger.groupby("level").size().to_dict() == {"union": unions, "district": districts, "land": 16}
    for level in ("union", "district", "land"):
        named = source.larger.loc[source.larger["level"] == level, "key"]
        assert set(named) == set(source.municipalities[f"{level}_key"])
    assert source.larger["name"].notna().all()
    assert source.findings == ()


def test_names_with_umlauts_and_sorbian_letters_arrive_as_they_are(areas: Callable[[str], AreaSource]) -> None:
    for name in (VG5000_2023, VG5000_2021, VG250_2016):
        named = areas(name).municipalities.drop_duplicates("key").set_index("ags")["name"]
        assert (named["03355022"], named["05315000"], named["09162000"]) == ("Lüneburg", "Köln", "München")
        assert named.notna().all()


def test_vg250_of_2016_has_water_parts_beside_their_land(areas: Callable[[str], AreaSource]) -> None:
    frame = areas(VG250_2016).municipalities
    water = frame.loc[frame["part"] == "water", "key"]
    assert len(water) == 132
    assert water.is_unique
    assert areas(VG250_2016).origin.licence == "GeoNutzV"
    assert areas(VG250_2016).origin.attribution == "© GeoBasis-DE / BKG 2016 (Daten verändert)"


def test_french_communes_of_four_departments(areas: Callable[[str], AreaSource]) -> None:
    source = areas("nachbarn_fr_ign_communes_2018")
    assert len(source.municipalities) == 2_201
    assert source.municipalities["key"].is_unique
    assert source.municipalities["key"].str[:2].value_counts().to_dict() == {"57": 727, "54": 592, "67": 516, "68": 366}
    assert (source.country, source.valid_on) == ("FR", dt.date(2018, 1, 1))


@pytest.mark.parametrize("name", ["gemeinden_995_geo.json", "gemeinden_95_topo.json"])
def test_austrian_municipalities_with_vienna_once(reference_data: Path, name: str) -> None:
    path = reference_data / "nachbarn_at_statistik_austria_2021" / name
    whole = read_source(path)
    assert isinstance(whole, AreaSource)
    keys = set(whole.municipalities["key"])
    districts = frozenset(key for key in keys if key.startswith("9") and key != "90001")
    assert (len(whole.municipalities), len(keys), len(districts)) == (2_118, 2_118, 23)
    once = read_source(path, without=districts)
    assert isinstance(once, AreaSource)
    assert len(once.municipalities) == 2_095
    assert "90001" in set(once.municipalities["key"])
    assert any("left out as asked" in finding and "Wien-Liesing" in finding for finding in once.findings)


# ------------------------------------------------------------------------------------------------- registers


@pytest.mark.parametrize(
    ("name", "valid_on", "people_on", "keys", "people", "districts", "with_place"),
    [
        ("31122002_Auszug_GV.xlsx", dt.date(2002, 12, 31), dt.date(2002, 12, 31), 13_222, 82_536_680, 439, 0),
        ("31122005_Auszug_GV.xlsx", dt.date(2005, 12, 31), dt.date(2005, 12, 31), 12_415, 82_437_995, 439, 0),
        ("31122009_Auszug_GV.xlsx", dt.date(2009, 12, 31), dt.date(2009, 12, 31), 12_067, 81_802_257, 412, 11_158),
        ("31122013_Auszug_GV.xlsx", dt.date(2013, 12, 31), dt.date(2013, 12, 31), 11_237, 80_767_463, 402, 11_235),
        ("31122017_Auszug_GV.xlsx", dt.date(2017, 12, 31), dt.date(2017, 12, 31), 11_129, 82_792_351, 401, 11_127),
        ("31122019_Auszug_GV.xlsx", dt.date(2019, 12, 31), dt.date(2019, 12, 31), 11_010, 83_166_711, 401, 11_007),
        ("31122021_Auszug_GV.xlsx", dt.date(2021, 12, 31), dt.date(2021, 12, 31), 10_997, 83_237_124, 400, 10_994),
        ("31122023_Auszug_GV.xlsx", dt.date(2023, 12, 31), dt.date(2023, 12, 31), 10_981, 84_669_326, 400, 10_978),
        ("AuszugGV4QAktuell_2024.xlsx", dt.date(2024, 12, 31), dt.date(2023, 12, 31), 10_959, 84_669_326, 400, 10_956),
        ("GV100AD3108.zip", dt.date(2025, 8, 31), dt.date(2024, 12, 31), 10_952, 83_577_140, 400, 0),
    ],
)
def test_registers_of_all_years(
    register: Callable[[str], PeopleSource],
    name: str,
    valid_on: dt.date,
    people_on: dt.date,
    keys: int,
    people: int,
    districts: int,
    with_place: int,
) -> None:
    source = register(name)
    frame = source.municipalities
    assert (source.valid_on, source.people_on) == (valid_on, people_on)
    assert (len(frame), frame["key"].nunique(), frame["people"].sum()) == (keys, keys, people)
    assert (frame["lon"].notna().sum(), frame["lat"].notna().sum()) == (with_place, with_place)
    assert (source.larger["level"] == "district").sum() == districts
    assert (source.larger["level"] == "land").sum() == 16
    assert source.larger["name"].notna().all()
    # Germany has 357,000 to 358,000 km², whatever the year's method of surveying.
    assert 357.0e9 < frame["area_m2"].sum() < 358.0e9
    assert source.origin.attribution.startswith("© Statistisches Bundesamt (Destatis), 20")


def test_repeated_rows_of_2017_count_once(register: Callable[[str], PeopleSource]) -> None:
    assert any("8 rows repeat one of 6 keys" in finding for finding in register("31122017_Auszug_GV.xlsx").findings)


def test_coordinates_of_2009_lie_where_those_of_2013_do(register: Callable[[str], PeopleSource]) -> None:
    earlier = register("31122009_Auszug_GV.xlsx").municipalities.set_index("ags")[["lon", "lat"]]
    later = register("31122013_Auszug_GV.xlsx").municipalities.set_index("ags")[["lon", "lat"]]
    apart = (earlier - later.reindex(earlier.index)).abs().dropna()
    assert len(apart) > 9_000
    # Read as decimal degrees they would be off by 0.2 degrees on average; to the second they agree within 0.0003.
    assert apart.median().max() < 0.0003


@pytest.mark.parametrize(
    ("name", "since", "until", "kinds"),
    [
        ("2023.xlsx", "2023-01-01", "2023-12-31", {"dissolved": 18, "partial": 10, "rekeyed": 10, "renamed": 5}),
        ("2024.xlsx", "2024-01-01", "2024-12-31", {"dissolved": 26, "partial": 26, "rekeyed": 5, "renamed": 10}),
        ("2025-02.xlsx", "2025-01-01", "2025-02-28", {"dissolved": 8, "partial": 12, "rekeyed": 1}),
    ],
)
def test_official_changes(reference_data: Path, name: str, since: str, until: str, kinds: dict[str, int]) -> None:
    source = _read(reference_data / "destatis_gebietsaenderungen" / name)
    assert isinstance(source, KeyChanges)
    assert (str(source.since), str(source.until)) == (since, until)
    assert source.changes["kind"].value_counts().to_dict() == kinds
    assert source.findings == ()


# ------------------------------------------------------------------------------------------------------ joins


def joined(source: AreaSource, people: PeopleSource, changes: list[KeyChanges]) -> JoinedPeople:
    """The join, held to what holds for every one: the total is kept, and areas are known or listed."""
    frame = source.municipalities.drop_duplicates("key")[["key", "ags", "name"]]
    result = join_people(pd.DataFrame(frame), people, changes, source.valid_on)
    assert result.frame.index.tolist() == frame["key"].tolist()
    unknown = result.frame.index[result.frame["people"].isna()]
    assert [each.key for each in result.unmatched_areas] == unknown.tolist()
    left = sum(each.people or 0 for each in result.unmatched_people)
    assert result.frame["people"].sum() + left == people.municipalities["people"].sum()
    if "31.12.2002" not in people.origin.title:
        assert set(NO_LAND[:1]) <= {each.key for each in result.unmatched_people}
    return result


def bases(result: JoinedPeople) -> dict[str, int]:
    return {str(basis): int(number) for basis, number in result.frame["people_basis"].value_counts().items()}


def test_areas_and_register_of_one_day_match_completely(
    areas: Callable[[str], AreaSource], register: Callable[[str], PeopleSource]
) -> None:
    result = joined(areas(VG5000_2023), register("31122023_Auszug_GV.xlsx"), [])
    assert bases(result) == {"key": 10_978}
    assert result.frame["people"].sum() == 84_669_326
    assert result.frame[["area_m2", "lon", "lat"]].notna().all(axis=None)
    assert [(each.key, each.people) for each in result.unmatched_people] == [(key, 0) for key in NO_LAND]
    assert (result.unmatched_areas, result.notes) == ((), ())


def test_a_later_register_leaves_members_of_later_mergers_unknown(
    areas: Callable[[str], AreaSource], register: Callable[[str], PeopleSource], all_changes: list[KeyChanges]
) -> None:
    result = joined(areas(VG5000_2023), register("AuszugGV4QAktuell_2024.xlsx"), all_changes)
    assert bases(result) == {"key": 10_941, "ags": 3, "merged": 1}
    assert len(result.unmatched_areas) == 33
    assert result.frame["people"].sum() == 84_536_124
    why = {each.key: each.why for each in result.unmatched_areas}
    assert "together with Bartow (130715163006) as those of Bartow (130715163006): 551" in why["130715163017"]
    assert why["160645052055"].startswith("divided among Dingelstädt, Stadt (160610118118), Mühlhausen/Thüringen")
    # Großer Auersberg, a forest without inhabitants, was divided among two municipalities that stay known.
    assert result.frame.loc["096729457457", ["people", "people_basis"]].tolist() == [0, "merged"]
    assert result.frame.loc[["096720163163", "096725606145"], "people_basis"].tolist() == ["key", "key"]
    assert any("137,157 m² went from Bad Neuenahr-Ahrweiler, Stadt" in note for note in result.notes)
    assert not any("no official changes" in note for note in result.notes)


def test_newer_areas_get_the_sum_of_their_predecessors(
    areas: Callable[[str], AreaSource], register: Callable[[str], PeopleSource], all_changes: list[KeyChanges]
) -> None:
    people = register("31122021_Auszug_GV.xlsx")
    result = joined(areas(VG5000_2023), people, all_changes)
    assert bases(result) == {"key": 10_950, "ags": 15, "merged": 10}
    of = people.municipalities.set_index("ags")["people"]
    # Jahnatal is new; Hürup kept its key and took two others in.
    assert result.frame.at["145220275275", "people"] == of["14522450"] + of["14522620"]
    assert result.frame.at["010595919126", "people"] == of["01059126"] + of["01059101"] + of["01059141"]
    assert {each.name for each in result.unmatched_areas} == {"Dingelstädt", "Mühlhausen/Thüringen", "Unstruttal"}
    assert all("got a part of" in each.why and "Anrode" in each.why for each in result.unmatched_areas)
    assert any(note.startswith("no official changes were given for 2022-01-01 to 2022-12-31") for note in result.notes)


@pytest.mark.parametrize(
    ("name", "file", "basis", "unmatched", "people"),
    [
        (VG5000_2023, "GV100AD3108.zip", {"key": 10_933, "merged": 7, "ags": 3}, 35, 83_446_293),
        (VG5000_2021, "31122021_Auszug_GV.xlsx", {"key": 10_984, "ags": 8}, 5, 83_180_328),
        (VG5000_2021, "31122023_Auszug_GV.xlsx", {"key": 10_943, "ags": 23, "merged": 1}, 30, 84_523_336),
        (VG5000_2021, "31122019_Auszug_GV.xlsx", {"key": 10_687, "ags": 306}, 4, 83_120_408),
        (VG250_2016, "31122017_Auszug_GV.xlsx", {"key": 10_956, "collective": 181, "ags": 79}, 83, 82_389_186),
        (VG250_2016, "31122013_Auszug_GV.xlsx", {"key": 10_774, "ags": 326, "collective": 182}, 17, 80_546_488),
        (VG250_2022, "31122021_Auszug_GV.xlsx", {"key": 10_985, "ags": 5}, 0, 83_233_486),
        (VG250_2022, "31122023_Auszug_GV.xlsx", {"key": 10_958, "ags": 10, "merged": 1}, 21, 84_581_113),
    ],
)
def test_joins_of_other_dates(
    areas: Callable[[str], AreaSource],
    register: Callable[[str], PeopleSource],
    all_changes: list[KeyChanges],
    name: str,
    file: str,
    basis: dict[str, int],
    unmatched: int,
    people: int,
) -> None:
    result = joined(areas(name), register(file), all_changes)
    assert bases(result) == basis
    assert len(result.unmatched_areas) == unmatched
    assert result.frame["people"].sum() == people


# ---------------------------------------------------------------------------------- damaged copies of real files


def refusal(path: Path) -> str:
    with pytest.raises(SourceError) as refused:
        read_source(path)
    message = str(refused.value)
    assert "\n" not in message
    return message


@pytest.fixture
def vg5000(reference_data: Path, tmp_path: Path) -> Path:
    """A copy of the municipalities of VG5000 2023 that may be damaged."""
    for file in (reference_data / VG5000_2023).glob("VG5000_GEM.*"):
        shutil.copyfile(file, tmp_path / file.name)
    return tmp_path / "VG5000_GEM.shp"


def test_a_wrong_encoding_is_refused(vg5000: Path) -> None:
    table = vg5000.with_suffix(".dbf")
    in_utf8, in_windows = "Osterrönfeld ".encode(), b"Osterr\xf6nfeld  "
    assert in_utf8 in table.read_bytes()
    table.write_bytes(table.read_bytes().replace(in_utf8, in_windows))
    message = refusal(vg5000)
    assert "row 629, key 010585888124: the .cpg declares utf-8" in message
    assert "'Osterrönfeld'" in message


def test_another_declared_encoding_is_refused(vg5000: Path) -> None:
    vg5000.with_suffix(".cpg").write_text("1252")
    assert "the .cpg declares cp1252, but" in refusal(vg5000)


def test_swapped_columns_are_refused(vg5000: Path) -> None:
    table = vg5000.with_suffix(".dbf")
    content = bytearray(table.read_bytes())
    at = {name: content.index(name.ljust(11, b"\0")) for name in (b"ARS", b"GEN", b"BEZ", b"AGS")}
    content[at[b"ARS"] : at[b"ARS"] + 3], content[at[b"GEN"] : at[b"GEN"] + 3] = b"GEN", b"ARS"
    table.write_bytes(content)
    assert "row 1: ARS 'Flensburg' is no key of level municipality" in refusal(vg5000)


def test_shifted_attributes_are_refused(vg5000: Path) -> None:
    table = vg5000.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace(b"010010000000", b"010020000000", 1))
    assert "row 1, key 010020000000: AGS '01001000' does not fit the ARS" in refusal(vg5000)


@pytest.mark.parametrize("suffix", [".shp", ".dbf"])
def test_a_cut_off_shapefile_is_refused(vg5000: Path, suffix: str) -> None:
    file = vg5000.with_suffix(suffix)
    file.write_bytes(file.read_bytes()[:-5000])
    assert f"VG5000_GEM{suffix} of VG5000_GEM.shp is cut off" in refusal(vg5000)


@pytest.mark.parametrize(
    ("suffix", "expected"),
    [(".shx", ".shx missing"), (".dbf", ".dbf missing"), (".prj", "states no coordinate system")],
)
def test_a_missing_companion_is_refused(vg5000: Path, suffix: str, expected: str) -> None:
    vg5000.with_suffix(suffix).unlink()
    assert expected in refusal(vg5000)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (VG250_2022, "is no complete zip"),
        (VG250_2016, "is no complete xz file"),
        ("nachbarn_at_statistik_austria_2021/gemeinden_995_geo.json", "cannot be opened"),
        (f"{REGISTERS}/GV100AD3108.zip", "is no complete zip"),
        (f"{REGISTERS}/31122023_Auszug_GV.xlsx", "is no complete workbook"),
        ("destatis_gebietsaenderungen/2024.xlsx", "is no complete workbook"),
    ],
)
def test_cut_off_files_are_refused(reference_data: Path, tmp_path: Path, name: str, expected: str) -> None:
    content = (reference_data / name).read_bytes()
    cut = tmp_path / Path(name).name
    cut.write_bytes(content[: len(content) * 2 // 3])
    assert expected in refusal(cut)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (f"{VG5000_2023}/VG5000_KRS.shp", "found VG5000_KRS"),
        ("bkg_vg1000_2022-12-31", "found VG1000_KRS, VG1000_LAN, VG1000_RBZ, VG1000_STA"),
        ("bkg_vg250_2021-01-01", "found VG250_LAN, VG250_PK, VG250_RBZ, VG250_STA"),
        ("bkg_vg250_2022-05-15_simplified/VG250_LAN_mesh_simplified.zip", "is none of the files that can be read"),
        ("bkg_vg250_2022-05-15_simplified/VG250_DE_simplified.zip", "is none of the files that can be read"),
        ("nachbarn_fr_epci_2026/epci.json", "is none of the files that can be read"),
        (f"{VG5000_2023}/vg5000.pdf", "is none of the files that can be read"),
        (f"{REGISTERS}/04_KreiseVorjahr.xlsx", "its sheets are Deckblatt, Kreisfreie Städte u. Landkreise"),
    ],
)
def test_files_without_municipalities_are_refused(reference_data: Path, name: str, expected: str) -> None:
    assert expected in refusal(reference_data / name)


def test_areas_hold_finite_coordinates_only(areas: Callable[[str], AreaSource]) -> None:
    for name in (VG5000_2023, VG250_2016):
        assert np.isfinite(shapely.get_coordinates(areas(name).municipalities.geometry.to_numpy())).all()
