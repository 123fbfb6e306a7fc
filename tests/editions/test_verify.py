"""Every kind of damage to an edition is found, and said with the file and the key it concerns."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from tests.editions.country import register_rows, write_people

from nahtstelle.editions.build import build_edition
from nahtstelle.editions.edition import Edition
from nahtstelle.editions.manifest import AREAS, BORDERS, MANIFEST, sha256_of
from nahtstelle.editions.verify import require_verified, verify
from nahtstelle.errors import EditionDamaged
from nahtstelle.testing.musterland import musterland

KEY = musterland().key
Change = Callable[[pd.DataFrame], pd.DataFrame | None]


@pytest.fixture
def folder(copied: Callable[[], Path]) -> Path:
    """An edition to be damaged."""
    return copied()


def rewrite(folder: Path, name: str, change: Change) -> None:
    """Change a table and its checksum, so that only its content can give the damage away."""
    table = gpd.read_parquet(folder / name) if name == AREAS else pd.read_parquet(folder / name)
    changed = change(table)
    (table if changed is None else changed).to_parquet(folder / name, index=False)
    state(folder, lambda said: said["files"].update({name: sha256_of(folder / name)}))


def state(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what the manifest says."""
    said = json.loads((folder / MANIFEST).read_bytes())
    change(said)
    (folder / MANIFEST).write_text(json.dumps(said), "utf-8")


def assign(key: str, column: str, value: object) -> Change:
    """Set one value of the areas."""

    def change(table: pd.DataFrame) -> None:
        table.loc[table["key"] == key, column] = value

    return change


def border(a: str, b: str, column: str, value: object) -> Change:
    """Set one value of the borders."""

    def change(table: pd.DataFrame) -> None:
        row = table.index[(table["a"] == a) & (table["b"] == b)]
        assert len(row) == 1
        table.loc[row, column] = value

    return change


def found(folder: Path) -> str:
    findings = verify(folder)
    assert all(finding.startswith((AREAS, BORDERS, MANIFEST)) for finding in findings)
    assert all("\n" not in finding for finding in findings)
    return "\n".join(findings)


def test_a_sound_edition_has_no_findings(folder: Path) -> None:
    assert verify(folder) == []
    require_verified(folder, "muster-2022")


def test_rewriting_without_a_change_is_no_damage(folder: Path) -> None:
    rewrite(folder, AREAS, lambda _: None)
    rewrite(folder, BORDERS, lambda _: None)
    assert verify(folder) == []


# ------------------------------------------------------------------------------------------------ files


@pytest.mark.parametrize("name", [AREAS, BORDERS])
def test_a_flipped_bit(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    assert found(folder).startswith(f"{name}: changed or damaged, its checksum is ")


@pytest.mark.parametrize("name", [AREAS, BORDERS])
def test_a_missing_file(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert found(folder) == f"{name}: the file is missing"


@pytest.mark.parametrize("name", [AREAS, BORDERS])
def test_a_file_without_a_checksum(folder: Path, name: str) -> None:
    state(folder, lambda said: said["files"].pop(name))
    assert found(folder) == f"{name}: the manifest gives no checksum"


@pytest.mark.parametrize("name", [AREAS, BORDERS])
def test_a_file_of_another_kind(folder: Path, name: str) -> None:
    (folder / name).write_text("no parquet")
    state(folder, lambda said: said["files"].update({name: sha256_of(folder / name)}))
    assert found(folder).startswith(f"{name}: cannot be read: ")


def test_a_missing_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()
    (finding,) = verify(folder)
    assert finding.endswith("is no edition: it has no manifest.json")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "cannot be read as JSON"),
        ("[]", "has format 'list', expected 1"),
        ('{"format": 99}', "has format 99, expected 1"),
        ('{"format": 1, "id": "x"}', "is incomplete: it lacks areas, attribution"),
    ],
)
def test_a_damaged_manifest(folder: Path, text: str, expected: str) -> None:
    (folder / MANIFEST).write_text(text)
    (finding,) = verify(folder)
    assert finding.startswith(str(folder / MANIFEST))
    assert expected in finding


def test_a_manifest_whose_licence_lacks_a_field(folder: Path) -> None:
    state(folder, lambda said: said["licences"][0].pop("attribution"))
    (finding,) = verify(folder)
    assert "is incomplete" in finding
    assert "attribution" in finding


# -------------------------------------------------------------------------------------- columns and keys


def test_a_missing_column(folder: Path) -> None:
    rewrite(folder, AREAS, lambda table: table.drop(columns=["nuts"]))
    rewrite(folder, BORDERS, lambda table: table.drop(columns=["stretches"]))
    areas, borders = found(folder).splitlines()
    assert areas.startswith(f"{AREAS}: column nuts is absent")
    assert borders.startswith(f"{BORDERS}: column stretches is absent")


def test_a_column_of_another_kind(folder: Path) -> None:
    rewrite(folder, AREAS, lambda table: table.assign(perimeter_m=table["perimeter_m"].astype(str)))
    assert found(folder).startswith(f"{AREAS}: column perimeter_m holds ")


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("3152", "perhaps a leading zero was lost, did you mean '03152'"),
        ("99152", "the Länder are 01 to 16"),
        ("0315X", "expected digits only"),
        ("031520001", "031520001 has the wrong length for a district"),
    ],
)
def test_a_wrong_key(folder: Path, key: str, expected: str) -> None:
    rewrite(folder, AREAS, assign("03152", "key", key))
    assert expected in found(folder)
    assert f"{AREAS}: " in found(folder)


def test_a_key_that_comes_twice(folder: Path) -> None:
    rewrite(folder, AREAS, assign(KEY("A"), "key", KEY("D")))
    assert f"{AREAS}: keys that come twice: {KEY('D')}" in found(folder)


def test_an_unknown_level(folder: Path) -> None:
    rewrite(folder, AREAS, assign(KEY("A"), "level", "village"))
    assert f"{AREAS}: {KEY('A')} has the unknown level 'village'" in found(folder)


def test_a_wrong_level(folder: Path) -> None:
    rewrite(folder, AREAS, assign(KEY("A"), "level", "district"))
    assert f"{AREAS}: {KEY('A')} has the wrong length for a district" in found(folder)


def test_keys_out_of_order(folder: Path) -> None:
    rewrite(folder, AREAS, lambda table: table.iloc[::-1])
    assert f"{AREAS}: the keys of level municipality are not in ascending order" in found(folder)


# ---------------------------------------------------------------------------------------------- hierarchy


@pytest.mark.parametrize("level", ["union", "district", "land"])
def test_a_lost_parent(folder: Path, level: str) -> None:
    lost = {"union": "031515401", "district": "03151", "land": "03"}[level]
    rewrite(folder, AREAS, lambda table: table[table["key"] != lost])
    assert f"lies in the {level} {lost}, which is not there" in found(folder)


def test_a_larger_area_without_municipalities(folder: Path) -> None:
    rewrite(
        folder,
        AREAS,
        lambda table: pd.concat(
            [table[table["key"] <= "03"], table[table["key"] == "03"].assign(key="04"), table[table["key"] > "03"]]
        ),
    )
    assert f"{AREAS}: the land 04 has no municipality" in found(folder)


def test_a_municipality_in_the_wrong_district(folder: Path) -> None:
    rewrite(folder, AREAS, assign(KEY("S"), "district_key", "15081"))
    assert f"{AREAS}: people of 15081 is" not in found(folder)
    assert f"{AREAS}: people_of of 15081 is 4, its municipalities add up to 5" in found(folder)
    assert f"{AREAS}: 15082 has 3500 people, its municipalities add up to 1500" in found(folder)


# ------------------------------------------------------------------------------------------ sums and counts


def test_people_that_do_not_add_up(folder: Path) -> None:
    rewrite(folder, AREAS, assign("03152", "people", 1))
    assert found(folder) == f"{AREAS}: 03152 has 1 people, its municipalities add up to 32300"


def test_people_known_that_do_not_add_up(folder: Path) -> None:
    rewrite(folder, AREAS, assign("03152", "people_known", 6))
    assert found(folder) == f"{AREAS}: people_known of 03152 is 6, its municipalities add up to 5"


def test_negative_people(folder: Path) -> None:
    rewrite(folder, AREAS, assign(KEY("W"), "people", -1))
    assert f"{AREAS}: {KEY('W')} has negative people, or no area or perimeter" in found(folder)


def test_an_area_without_extent(folder: Path) -> None:
    rewrite(folder, AREAS, assign(KEY("W"), "area_m2", 0.0))
    assert f"{AREAS}: {KEY('W')} has negative people, or no area or perimeter" in found(folder)


def test_borders_that_are_no_sums(folder: Path) -> None:
    rewrite(folder, BORDERS, border("03152", "05954", "length_m", 5000.0))
    assert f"{BORDERS}: the border 03152-05954 is not the sum of its municipal borders" in found(folder)
    assert f"{BORDERS}: borders and outer edge of 05954 add up to" in found(folder)


def test_a_perimeter_that_is_no_sum(folder: Path) -> None:
    rewrite(folder, AREAS, assign(KEY("I"), "perimeter_m", 5000.0))
    (finding,) = verify(folder)
    assert finding.startswith(f"{BORDERS}: borders and outer edge of {KEY('I')} add up to 4001.")
    assert finding.endswith("its perimeter is 5000.0 m")


def test_a_border_left_out(folder: Path) -> None:
    rewrite(folder, BORDERS, lambda table: table[~((table["a"] == "03152") & (table["b"] == "05954"))])
    assert f"{BORDERS}: the border 03152-05954 is not the sum of its municipal borders" in found(folder)
    assert "manifest.json: says 10 pairs of level district, there are 9" in found(folder)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (border("03152", "05954", "b", "05999"), "03152-05999 of level district: 05999 is no area of this level"),
        (border("03152", "05954", "level", "land"), "03152-05954 of level land: 03152 is no area of this level"),
        (border("03152", "05954", "a", "15082"), "15082-05954: the smaller key has to come first"),
        (border("03152", "05954", "length_m", 0.0), "03152-05954 has no length or no stretch"),
        (border("03152", "05954", "stretches", 0), "03152-05954 has no length or no stretch"),
        (lambda table: pd.concat([table, table[:1]]), "03-05 of level land comes twice"),
    ],
)
def test_a_border_that_cannot_be(folder: Path, change: Change, expected: str) -> None:
    rewrite(folder, BORDERS, change)
    assert f"{BORDERS}: {expected}" in found(folder)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("areas", "says 7 areas of level district, there are 6"),
        ("pairs", "says 11 pairs of level district, there are 10"),
        ("border_km", "says 31.012 km of borders of level district, there are 30.012"),
    ],
)
def test_counts_of_the_manifest(folder: Path, field: str, expected: str) -> None:
    state(folder, lambda said: said[field].update(district=said[field]["district"] + 1))
    assert found(folder) == f"{MANIFEST}: {expected}"


@pytest.mark.parametrize(("field", "value"), [("known", 19), ("of", 21), ("total", 1), ("total", None)])
def test_people_of_the_manifest(folder: Path, field: str, value: int | None) -> None:
    state(folder, lambda said: said["people"].update({field: value}))
    assert found(folder).startswith(f"{MANIFEST}: says ")
    assert found(folder).endswith("there are 201140 in 18 of 20")


def test_a_municipality_without_people_that_is_not_listed(folder: Path) -> None:
    state(folder, lambda said: said["people"]["unmatched_areas"].pop())
    assert found(folder) == f"{MANIFEST}: lists 1 municipalities without people, there are 2"


# ------------------------------------------------------------------------------------------------ licences


@pytest.mark.parametrize("field", ["publisher", "licence", "attribution"])
def test_a_missing_licence_field(folder: Path, field: str) -> None:
    state(folder, lambda said: said["licences"][0].update({field: ""}))
    assert f"{MANIFEST}: the licence of 'Verwaltungsgebiete 1:250 000 (VG250-EW)' has no {field}" in found(folder)


def test_no_licence_at_all(folder: Path) -> None:
    state(folder, lambda said: said.update(licences=[]))
    assert found(folder) == f"{MANIFEST}: no licence is stated"


def test_an_attribution_that_leaves_a_publisher_out(vg250: Path, tmp_path: Path) -> None:
    people = write_people(tmp_path / "31122022_Auszug_GV.xlsx", register_rows())
    edition = build_edition([vg250], tmp_path / "out", people=people)
    state(edition.folder, lambda said: said.update(attribution=said["licences"][0]["attribution"]))
    left_out = edition.manifest.licences[1].attribution
    assert found(edition.folder) == f"{MANIFEST}: the attribution leaves out {left_out!r}"


def test_a_source_without_its_checksum(folder: Path) -> None:
    state(folder, lambda said: said["sources"][0].update(sha256=""))
    assert found(folder) == f"{MANIFEST}: source VG250_GEM.shp has no SHA-256"


# ------------------------------------------------------------------------------------------------ geometry


def reshaped(letter: str, change: Callable[[shapely.Geometry], shapely.Geometry]) -> Change:
    """Change the outline of one municipality."""

    def apply(table: pd.DataFrame) -> None:
        row = table.index[table["key"] == KEY(letter)][0]
        table.loc[[row], "geometry"] = gpd.GeoSeries([change(table.geometry[row])], index=[row], crs=table.crs)

    return apply


def test_an_overlap_in_the_geometry(folder: Path) -> None:
    other = Edition(folder).areas("municipality").geometry[KEY("N")]
    rewrite(folder, AREAS, reshaped("S", lambda outline: outline.union(other)))
    assert f"{AREAS}: the areas are no clean coverage" in found(folder)
    assert KEY("S") in found(folder)
    assert KEY("N") in found(folder)


def test_a_moved_corner_of_the_geometry(folder: Path) -> None:
    rewrite(folder, AREAS, reshaped("M", lambda outline: shapely.affinity.scale(outline, 0.9, 0.9)))
    assert f"{AREAS}: the areas are no clean coverage" in found(folder)
    assert KEY("M") in found(folder)


def test_an_outline_that_crosses_itself(folder: Path) -> None:
    def bow_tie(outline: shapely.Geometry) -> shapely.Geometry:
        west, south, east, north = outline.bounds
        return shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])

    rewrite(folder, AREAS, reshaped("I", bow_tie))
    assert f"{AREAS}: the outline of {KEY('I')} is invalid: Self-intersection[" in found(folder)


def test_a_municipality_without_geometry(folder: Path) -> None:
    rewrite(folder, AREAS, reshaped("M", lambda _: shapely.Polygon()))
    assert found(folder) == f"{AREAS}: areas without geometry: {KEY('M')}"


def test_lengths_that_the_geometry_does_not_have(folder: Path) -> None:
    def longer(table: pd.DataFrame) -> None:
        of_m = (table["a"] == KEY("L")) & (table["b"] == KEY("M"))
        table.loc[of_m, "length_m"] += 100

    def perimeters(table: pd.DataFrame) -> None:
        table.loc[table["key"].isin([KEY("L"), KEY("M")]), "perimeter_m"] += 100

    rewrite(folder, BORDERS, longer)
    rewrite(folder, AREAS, perimeters)
    state(folder, lambda said: said["border_km"].update(municipality=said["border_km"]["municipality"] + 0.1))
    assert found(folder) == f"{BORDERS}: {KEY('L')}-{KEY('M')} is 4101.60 m, the geometry gives 4001.60 m"


def test_a_pair_that_the_geometry_does_not_have(folder: Path) -> None:
    def far_apart(table: pd.DataFrame) -> None:
        # L has M around it alone; let the table say that M lies at the town of N instead
        of_m = (table["a"] == KEY("L")) & (table["b"] == KEY("M"))
        table.loc[of_m, ["a", "b"]] = [KEY("N"), KEY("M")]

    rewrite(folder, BORDERS, far_apart)
    assert f"{BORDERS}: {KEY('L')} and {KEY('M')} adjoin in one of geometry and table only" in found(folder)
    assert f"{BORDERS}: {KEY('N')} and {KEY('M')} adjoin in one of geometry and table only" in found(folder)


def test_all_findings_come_with_the_error(folder: Path) -> None:
    rewrite(folder, AREAS, assign("03152", "people", 1))
    state(folder, lambda said: said["areas"].update(land=4))
    with pytest.raises(EditionDamaged, match=r"^edition x does not verify: .* \(and 1 more findings\)$") as refused:
        require_verified(folder, "x")
    assert len(refused.value.findings) == 2
