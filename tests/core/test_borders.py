"""Borders: the laws, the same answers found another way, and Musterland read off the map."""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph
from tests.core.oracles import by_pair, dissolved, intersections, length_of

from nahtstelle.core.borders import DEFAULT_TOLERANCE_M, Borders, measure_borders, shared_borders
from nahtstelle.core.coverage import Mended
from nahtstelle.errors import FrameError
from nahtstelle.testing.musterland import Musterland, musterland
from nahtstelle.testing.strategies import countries, drawings, grids

EXAMPLES = 60


@pytest.fixture(scope="module")
def country() -> Musterland:
    return musterland()


@pytest.fixture(scope="module")
def borders(country: Musterland) -> Borders:
    return measure_borders(country.municipalities, metric="projected")


def groupings(country: gpd.GeoDataFrame) -> st.SearchStrategy[pd.Series]:
    """A larger area, or none, for every area."""
    names = st.lists(st.sampled_from(["X", "Y", "Z", None]), min_size=len(country), max_size=len(country))
    return names.map(lambda larger: pd.Series(larger, index=country.index, dtype=object))


def assert_same(one: Borders, other: Borders) -> None:
    """Equal but for the last digits of lengths."""
    pd.testing.assert_frame_equal(one.pairs, other.pairs, check_index_type=False, rtol=1e-9, check_dtype=False)
    pd.testing.assert_frame_equal(
        one.areas.sort_index(),
        other.areas.sort_index(),
        check_names=False,
        rtol=1e-9,
        atol=1e-6,
        check_index_type=False,
    )
    assert by_pair(one.contacts, "a") == by_pair(other.contacts, "a")


# ---------------------------------------------------------------------------------------------- the same otherwise


@settings(max_examples=EXAMPLES)
@given(countries(in_degrees=False))
def test_pairs_lengths_stretches_and_contacts_are_those_of_pairwise_intersections(country: gpd.GeoDataFrame) -> None:
    found, expected = measure_borders(country, metric="projected"), intersections(country, "projected")
    assert by_pair(found.pairs, "length_m") == pytest.approx(expected.length_m, rel=1e-9)
    assert by_pair(found.pairs, "stretches") == expected.stretches
    assert set(by_pair(found.contacts, "a")) == expected.contacts
    assert found.areas["perimeter_m"].to_dict() == pytest.approx(expected.perimeter_m, rel=1e-9)
    assert found.areas["outer_edge_m"].to_dict() == pytest.approx(expected.outer_edge_m, rel=1e-9, abs=1e-9)


@settings(max_examples=EXAMPLES // 2)
@given(countries(most_rows=3, most_columns=3))
def test_geodesic_lengths_are_those_of_pyproj(country: gpd.GeoDataFrame) -> None:
    found, expected = measure_borders(country), intersections(country, "geodesic")
    assert by_pair(found.pairs, "length_m") == pytest.approx(expected.length_m, rel=1e-7)
    assert by_pair(found.pairs, "stretches") == expected.stretches
    assert found.areas["outer_edge_m"].to_dict() == pytest.approx(expected.outer_edge_m, rel=1e-7, abs=1e-6)


@settings(max_examples=EXAMPLES // 2)
@given(countries(in_degrees=False, in_pieces=False))
def test_pairs_and_lengths_are_those_of_libpysal(country: gpd.GeoDataFrame) -> None:
    weights = Graph.build_contiguity(country, rook=True, by_perimeter=True).adjacency
    expected = {(a, b): length for (a, b), length in weights.items() if a < b and length > 0}
    found = shared_borders(country, metric="projected")
    assert by_pair(found, "length_m") == pytest.approx(expected, rel=1e-9)


# -------------------------------------------------------------------------------------------------------- laws


@settings(max_examples=EXAMPLES)
@given(countries())
def test_borders_and_outer_edge_make_up_the_perimeter(country: gpd.GeoDataFrame) -> None:
    found = measure_borders(country)
    assert (found.pairs["length_m"] > 0).all()
    assert (found.pairs["a"] < found.pairs["b"]).all()
    assert not found.pairs.duplicated(["a", "b"]).any()
    both = pd.concat([found.pairs.groupby(side)["length_m"].sum() for side in "ab"]).groupby(level=0).sum()
    total = found.areas["outer_edge_m"].add(both, fill_value=0.0)[found.areas.index]
    assert total.to_numpy() == pytest.approx(found.areas["perimeter_m"].to_numpy(), rel=1e-9)
    shares = [found.pairs["length_m"] / found.areas.loc[found.pairs[side], "perimeter_m"].to_numpy() for side in "ab"]
    assert found.pairs["share_of_perimeter_a"].to_numpy() == pytest.approx(shares[0].to_numpy())
    assert found.pairs["share_of_perimeter_b"].to_numpy() == pytest.approx(shares[1].to_numpy())
    partners = pd.concat([found.pairs["a"], found.pairs["b"]]).value_counts()
    assert found.areas["neighbours"].to_dict() == {key: partners.get(key, 0) for key in country.index}


@settings(max_examples=EXAMPLES)
@given(countries())
def test_a_border_is_the_same_from_either_side(country: gpd.GeoDataFrame) -> None:
    other_names = {key: f"{99 - int(key):02d}" for key in country.index}
    found, mirrored = measure_borders(country), measure_borders(country.rename(index=other_names))
    for column in ("length_m", "stretches"):
        swapped = {(other_names[b], other_names[a]): value for (a, b), value in by_pair(found.pairs, column).items()}
        assert by_pair(mirrored.pairs, column) == pytest.approx(swapped, rel=1e-12)


@settings(max_examples=EXAMPLES)
@given(st.data(), countries())
def test_merging_two_areas_removes_exactly_their_border(data: st.DataObject, country: gpd.GeoDataFrame) -> None:
    apart = measure_borders(country)
    if apart.pairs.empty:
        return
    a, b = data.draw(st.sampled_from(sorted(by_pair(apart.pairs, "length_m"))))
    into_one = pd.Series({key: a if key == b else key for key in country.index})
    together = apart.grouped(into_one)
    removed = by_pair(apart.pairs, "length_m")[a, b]
    assert apart.pairs["length_m"].sum() - together.pairs["length_m"].sum() == pytest.approx(removed, rel=1e-6)
    perimeter_m = apart.areas["perimeter_m"]
    assert together.areas.loc[a, "perimeter_m"] == pytest.approx(perimeter_m[a] + perimeter_m[b] - 2 * removed)
    really = country.drop(index=b)
    really.loc[[a], "geometry"] = [dissolved(country.geometry[[a, b]])]
    assert_same(together, measure_borders(really))


@settings(max_examples=EXAMPLES)
@given(st.data(), countries())
def test_borders_of_larger_areas_are_those_of_the_dissolved_map(data: st.DataObject, country: gpd.GeoDataFrame) -> None:
    larger = data.draw(groupings(country))
    areas = {name: dissolved(country.geometry[larger == name]) for name in sorted(larger.dropna().unique())}
    grouped = measure_borders(country).grouped(larger)
    if not areas:
        assert grouped.pairs.empty
        assert grouped.areas.empty
        return
    assert_same(grouped, measure_borders(gpd.GeoDataFrame(geometry=pd.Series(areas), crs=country.crs)))


@settings(max_examples=EXAMPLES)
@given(st.data(), countries())
def test_a_border_of_larger_areas_is_the_sum_of_those_of_their_parts(
    data: st.DataObject, country: gpd.GeoDataFrame
) -> None:
    larger = data.draw(groupings(country))
    found = measure_borders(country)
    ends = pd.DataFrame({side: found.pairs[side].map(larger) for side in "ab"}).dropna()
    across = ends[ends["a"] != ends["b"]]
    ordered = pd.DataFrame(np.sort(across.to_numpy(str), axis=1), index=across.index, columns=["a", "b"])
    expected = found.pairs["length_m"].groupby([ordered["a"], ordered["b"]]).sum()
    assert by_pair(found.grouped(larger).pairs, "length_m") == pytest.approx(expected.to_dict(), rel=1e-12)


@settings(max_examples=EXAMPLES)
@given(st.data(), grids())
def test_the_order_and_direction_of_rows_parts_and_rings_do_not_matter(
    data: st.DataObject, plan: tuple[object, str]
) -> None:
    grid, crs = plan
    keys = [f"{number:02d}" for number in range(8)]
    one, other = (data.draw(drawings(grid, crs, keys, in_pieces=data.draw(st.booleans()))) for _ in range(2))
    assert_same(measure_borders(one), measure_borders(other))


@settings(max_examples=EXAMPLES // 2)
@given(countries())
def test_the_result_keeps_the_rows_and_index_of_the_caller(country: gpd.GeoDataFrame) -> None:
    pd.testing.assert_index_equal(measure_borders(country).areas.index, country.index)


@settings(max_examples=EXAMPLES)
@given(countries(in_degrees=False))
def test_lines_are_the_borders_with_a_on_the_left(country: gpd.GeoDataFrame) -> None:
    found = measure_borders(country, metric="projected")
    lines = found.lines()
    pd.testing.assert_frame_equal(pd.DataFrame(lines.drop(columns="geometry")), found.pairs)
    assert lines.crs == country.crs
    assert lines.length.to_numpy() == pytest.approx(found.pairs["length_m"].to_numpy(), rel=1e-9)
    for row in lines.itertuples():
        for line in shapely.get_parts(row.geometry):
            start, stop = shapely.get_coordinates(line)[:2]
            step = (stop - start) / 1e3
            left = shapely.Point((start + stop) / 2 + np.array([-step[1], step[0]]))
            assert country.geometry[row.a].buffer(0).contains(left)
    outer = found.outer_lines()
    expected = found.areas["outer_edge_m"][found.areas["outer_edge_m"] > 0].to_dict()
    assert dict(zip(outer["key"], outer["length_m"], strict=True)) == expected
    assert outer.length.to_numpy() == pytest.approx(outer["length_m"].to_numpy(), rel=1e-9)


# --------------------------------------------------------------------------------------------------- Musterland


def test_the_squares_of_musterland_have_a_kilometre_and_their_corners_are_vertices(country: Musterland) -> None:
    for area in country.municipalities.geometry:
        for part in shapely.get_parts(area):
            for ring in shapely.get_rings(part):
                steps = np.diff(shapely.get_coordinates(ring), axis=0)
                assert np.hypot(*steps.T) == pytest.approx(1000.0)


def letters(country: Musterland, pairs: pd.DataFrame) -> list[str]:
    name = country.municipalities["name"].str[0].replace("Ä", "A")
    return ["".join(sorted(name[list(pair)])) for pair in pairs[["a", "b"]].to_numpy()]


def test_kilometres_and_stretches_of_musterland(country: Musterland, borders: Borders) -> None:
    found = pd.DataFrame(
        {"km": borders.pairs["length_m"] / 1000, "stretches": borders.pairs["stretches"]}
    ).set_axis(letters(country, borders.pairs))  # fmt: skip
    kilometres = "AB1 AD2 AE2 BD2 BF1 BL1 CE1 CG3 EG1 EH1 GH1 GK2 HK1 HQ3 FH2 HJ2 JK1 JP1 KP3 JQ3 JO2 FO1 FL2 FW3 "
    kilometres += "LM4 LN2 LW1 NW2 OW1 RW1 NO1 NR3 NS1 OR1 RS2"
    assert found["km"].to_dict() == {pair[:2]: float(pair[2]) for pair in kilometres.split()}
    assert found["stretches"][found["stretches"] != 1].to_dict() == {"HJ": 2, "NR": 2}
    assert sorted(letters(country, borders.contacts)) == ["AC", "DE", "DF", "FJ", "HO", "HP"]


def test_outer_edges_of_musterland(country: Musterland, borders: Borders) -> None:
    edge_km = borders.areas["outer_edge_m"] / 1000
    shore = {"D": 2, "E": 3, "F": 3, "H": 2}
    coast = {"A": 5, "B": 3, "C": 4, "I": 4, "L": 6, "G": 1, "K": 5, "J": 3, "O": 2, "R": 1, "S": 3, "N": 3}
    expected = {country.key(letter): float(km) for letter, km in (shore | coast).items()}
    assert edge_km[edge_km > 0].to_dict() == expected
    island = borders.areas.loc[country.key("I")]
    assert island.tolist() == [4000.0, 4000.0, 0]


def test_districts_and_laender_of_musterland(country: Musterland, borders: Borders) -> None:
    by_district = borders.grouped(country.municipalities["district_key"])
    found = {
        (row.a, row.b): (row.length_m / 1000, row.stretches) for row in by_district.pairs.itertuples(index=False)
    }  # fmt: skip
    assert found == {
        ("03151", "03152"): (6.0, 1),
        ("03151", "05911"): (1.0, 1),
        ("03151", "15081"): (1.0, 1),
        ("03152", "05911"): (2.0, 1),
        ("03152", "05954"): (6.0, 2),
        ("05911", "05954"): (1.0, 1),
        ("05911", "15081"): (5.0, 1),
        ("05954", "15081"): (2.0, 2),
        ("05954", "15082"): (1.0, 1),
        ("15081", "15082"): (5.0, 2),
    }
    assert by_district.contacts.empty
    by_land = borders.grouped(country.municipalities["land_key"])
    assert by_land.pairs["length_m"].tolist() == [9000.0, 1000.0, 8000.0]
    assert by_land.pairs["stretches"].tolist() == [3, 1, 1]
    # a district is as well a sum of unions
    unions = borders.grouped(country.municipalities["union_key"])
    of_union = country.municipalities.groupby("union_key")["district_key"].first()
    assert_same(unions.grouped(of_union), by_district)


def test_on_the_ellipsoid_the_squares_of_musterland_are_larger_than_on_the_map(country: Musterland) -> None:
    found = measure_borders(country.municipalities)
    assert found.metric == "geodesic"
    # on the central meridian a metre of the grid is 1 / 0.9996 metres
    assert found.areas["perimeter_m"][country.key("I")] == pytest.approx(4000 / 0.9996, rel=1e-6)
    expected = intersections(country.municipalities, "geodesic")
    assert by_pair(found.pairs, "length_m") == pytest.approx(expected.length_m, rel=1e-7)


def test_an_area_left_out_of_larger_ones_counts_as_outside(country: Musterland, borders: Borders) -> None:
    without_lake_district = country.municipalities["land_key"].where(country.municipalities["land_key"] != "15")
    found = borders.grouped(without_lake_district)
    assert found.pairs["length_m"].tolist() == [9000.0]
    assert found.areas["outer_edge_m"].tolist() == [33_000.0, 13_000.0]


# ------------------------------------------------------------------------------------------- what is said and kept


def test_the_result_says_how_it_was_measured(country: Musterland) -> None:
    planar = measure_borders(country.municipalities, tolerance_m=0.5, metric="projected")
    assert (planar.metric, planar.ellipsoid, planar.tolerance_m) == (
        "projected", "plane of ETRS89 / UTM zone 32N", 0.5,
    )  # fmt: skip
    geodesic = measure_borders(country.municipalities.to_crs(4258))
    assert (geodesic.metric, geodesic.ellipsoid, geodesic.tolerance_m) == ("geodesic", "GRS 1980", DEFAULT_TOLERANCE_M)
    assert planar.mended == geodesic.mended == Mended(0, 0, 0.0)
    assert planar.grouped(country.municipalities["land_key"]).tolerance_m == 0.5


def test_columns_are_those_documented(borders: Borders) -> None:
    assert borders.pairs.dtypes.astype(str).drop(["a", "b"]).to_dict() == {
        "length_m": "float64",
        "stretches": "int64",
        "share_of_perimeter_a": "float64",
        "share_of_perimeter_b": "float64",
    }
    assert borders.areas.dtypes.astype(str).to_dict() == {
        "perimeter_m": "float64",
        "outer_edge_m": "float64",
        "neighbours": "int64",
    }
    assert list(borders.contacts.columns) == ["a", "b"]
    assert borders.pairs.index.equals(pd.RangeIndex(len(borders.pairs)))
    assert list(zip(borders.pairs["a"], borders.pairs["b"], strict=True)) == sorted(by_pair(borders.pairs, "length_m"))


@pytest.mark.parametrize("crs", ["EPSG:25833", "EPSG:3035", "EPSG:31467", "EPSG:2263", "EPSG:3857"])
def test_any_coordinate_system_gives_the_same_lengths(country: Musterland, borders: Borders, crs: str) -> None:
    """Also one in feet, and one where a metre of the map is 0.6 m on the ground."""
    found = measure_borders(country.municipalities.to_crs(crs))
    expected = measure_borders(country.municipalities)
    # datum shifts and straight lines that bend in another plane
    assert by_pair(found.pairs, "length_m") == pytest.approx(by_pair(expected.pairs, "length_m"), rel=2e-5)
    assert by_pair(found.pairs, "stretches") == by_pair(borders.pairs, "stretches")


def test_a_third_dimension_is_ignored(country: Musterland, borders: Borders) -> None:
    raised = country.municipalities.copy()
    raised.geometry = shapely.force_3d(raised.geometry.array, np.arange(len(raised)) * 100.0)
    assert_same(measure_borders(raised, metric="projected"), borders)


def test_any_kind_of_key_will_do(country: Musterland, borders: Borders) -> None:
    numbered = country.municipalities.reset_index()
    found = measure_borders(numbered, metric="projected")
    assert found.pairs[["a", "b"]].dtypes.tolist() == [np.dtype(int)] * 2
    assert sorted(found.pairs["length_m"]) == sorted(borders.pairs["length_m"])


def test_one_area_and_none(country: Musterland) -> None:
    alone = measure_borders(country.municipalities.loc[country.keys("M")], metric="projected")
    assert alone.pairs.empty
    assert alone.areas.loc[country.key("M")].tolist() == [4000.0, 4000.0, 0]
    assert alone.lines().empty
    nobody = measure_borders(country.municipalities.iloc[:0])
    assert nobody.pairs.empty
    assert nobody.areas.empty
    assert nobody.outer_lines().empty


def test_parts_of_one_area_may_adjoin(country: Musterland) -> None:
    """Land and water parts of a municipality: the line between them is no border and no outer edge."""
    in_one = country.municipalities.geometry[country.keys("LM")]
    both = shapely.MultiPolygon([*shapely.get_parts(in_one.array)])
    found = measure_borders(
        gpd.GeoDataFrame(geometry=[both], index=["LM"], crs=country.municipalities.crs), metric="projected"
    )
    assert found.areas.loc["LM"].tolist() == [12_000.0, 12_000.0, 0]


@pytest.mark.parametrize("metric", ["euclidean", ""])
def test_an_unknown_metric_is_refused(country: Musterland, metric: str) -> None:
    with pytest.raises(FrameError, match=r"unknown metric .* expected 'geodesic' or 'projected'"):
        measure_borders(country.municipalities, metric=metric)  # type: ignore[arg-type]


def test_degrees_have_no_projected_length(country: Musterland) -> None:
    with pytest.raises(FrameError, match="degrees"):
        measure_borders(country.municipalities.to_crs(4326), metric="projected")


def test_larger_areas_must_be_named_for_every_area(country: Musterland, borders: Borders) -> None:
    with pytest.raises(FrameError, match=country.key("A")):
        borders.grouped(country.municipalities["land_key"].drop(country.key("A")))


@settings(max_examples=10)
@given(st.permutations("ABCDEFGHIJKLMNOPQRSW"))
def test_leaving_areas_out_leaves_the_borders_of_the_others_as_they_are(order: list[str]) -> None:
    """A hole or a bay where an area was left out is no defect."""
    country = musterland()
    kept = country.keys("".join(order[:12]))
    whole = shared_borders(country.municipalities, metric="projected")
    among = whole[whole["a"].isin(kept) & whole["b"].isin(kept)]
    found = shared_borders(country.municipalities.loc[kept], metric="projected")
    assert by_pair(found, "length_m") == by_pair(among, "length_m")
    assert by_pair(found, "stretches") == by_pair(among, "stretches")


def test_the_border_of_two_halves_of_the_world_is_two_meridians() -> None:
    """Long lines, poles and all: 10 degrees at a time from pole to pole."""
    lat = np.arange(-90.0, 91.0, 10.0)
    quarter = [
        shapely.Polygon([*((west, y) for y in lat), *((west + 90.0, y) for y in lat[::-1])]) for west in (-90.0, 0.0)
    ]
    found = measure_borders(gpd.GeoDataFrame(geometry=quarter, index=["east", "west"], crs="OGC:CRS84"))
    line = shapely.LineString([(0.0, y) for y in lat])
    assert found.pairs["length_m"].item() == pytest.approx(length_of(line, found.lines().crs, "geodesic"), rel=1e-12)


def test_all_pairs_of_a_clover_meet_in_its_middle() -> None:
    leaves = {
        name: shapely.Polygon([(0, 0), (x, 0), (x, y), (0, y)])
        for name, (x, y) in zip("abcd", itertools.product([-1, 1], [-1, 1]), strict=True)
    }
    found = measure_borders(gpd.GeoDataFrame(geometry=pd.Series(leaves), crs="EPSG:25832"), metric="projected")
    assert set(by_pair(found.pairs, "length_m")) == {("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")}
    assert set(by_pair(found.contacts, "a")) == {("a", "d"), ("b", "c")}


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    "around",
    [
        shapely.Polygon([(0, 0), (2, 0), (2, 1), (3, 1), (3, 3), (0, 3)], [[(1, 1), (2, 1), (2, 2), (1, 2)]]),
        shapely.Polygon([(0, 0), (2, 0), (2, 1), (1, 1), (1, 2), (2, 2), (2, 1), (3, 1), (3, 3), (0, 3)]),
    ],
    ids=["as a hole", "by a shell that touches itself"],
)
def test_an_enclave_may_touch_the_outside_in_a_corner(around: shapely.Polygon, turned: bool) -> None:
    """There two lines pass, each of which goes on with the same areas."""
    squares = {"enclave": shapely.box(1, 1, 2, 2), "outside": shapely.box(2, 0, 3, 1)}
    areas = pd.Series({"around": around.reverse() if turned else around, **squares})
    found = measure_borders(gpd.GeoDataFrame(geometry=areas, crs="EPSG:25832"), metric="projected", tolerance_m=0)
    assert by_pair(found.pairs, "length_m") == {("around", "enclave"): 4.0, ("around", "outside"): 2.0}
    assert by_pair(found.pairs, "stretches") == {("around", "enclave"): 1, ("around", "outside"): 1}
    assert set(by_pair(found.contacts, "a")) == {("enclave", "outside")}
    both = found.grouped(pd.Series({"around": "A", "enclave": "B", "outside": "B"}))
    assert (both.pairs["length_m"].item(), both.pairs["stretches"].item()) == (6.0, 1)
