"""Map tiles: neighbours share their line at every zoom, no area is missing, the attributes are the edition's."""

from __future__ import annotations

import dataclasses
import gzip
import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from pmtiles.reader import MemorySource, Reader, all_tiles
from tests.editions import country
from tests.editions.country import write_vg250
from typer.testing import CliRunner

import nahtstelle
from nahtstelle.cli.main import app
from nahtstelle.core.keys import LEVELS, Level
from nahtstelle.editions import tiles
from nahtstelle.editions.build import build_edition
from nahtstelle.editions.edition import Edition
from nahtstelle.editions.manifest import AREAS, BORDERS, MANIFEST, TILES
from nahtstelle.editions.tiles import archive, derive, shapes, tables
from nahtstelle.editions.verify import verify
from nahtstelle.errors import InputError
from nahtstelle.testing.musterland import musterland

KEY = musterland().key
WIDTH = shapes.EXTENT

Edge = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Tile:
    """One tile, read by GDAL: per layer a table in units of the grid, y upwards."""

    zoom: int
    x: int
    y: int
    layers: dict[str, gpd.GeoDataFrame]

    def edges(self, layer: str) -> Counter[Edge]:
        """How often every stretch within the tile is drawn in a layer, in either direction.

        A stretch goes from one point of the grid to the next one on a line, so that vertices in the middle of a
        straight line, which the tiler may leave out on one side, make no difference.
        """
        if layer not in self.layers:
            return Counter()
        geometries = shapely.get_parts(np.asarray(self.layers[layer].geometry.array))
        if shapely.get_dimensions(geometries).max() == 2:
            geometries = shapely.get_rings(geometries)
        found: Counter[Edge] = Counter()
        for xy in (shapely.get_coordinates(each) for each in geometries):
            assert (xy % 1 == 0).all()
            for (x, y), (dx, dy) in zip(xy[:-1].astype(int), np.diff(xy, axis=0).astype(int), strict=True):
                steps = int(np.gcd(dx, dy))
                way = [(int(x + dx * n // steps), int(y + dy * n // steps)) for n in range(steps + 1)]
                inside = [0 < x < WIDTH and 0 < y < WIDTH for x, y in way]
                found.update(
                    (min(pair), max(pair))
                    for pair, both in zip(pairwise(way), pairwise(inside), strict=True)
                    if all(both)
                )
        return found


def tiles_in(path: Path, scratch: Path, *zooms: int) -> Iterator[Tile]:
    """The tiles of some zooms (or all), decoded."""
    source = MemorySource(path.read_bytes())
    for (z, x, y), data in all_tiles(source):
        if zooms and z not in zooms:
            continue
        file = scratch / "tile.pbf"
        file.write_bytes(gzip.decompress(data))
        names = [str(name) for name, _ in pyogrio.list_layers(file)]
        yield Tile(z, x, y, {name: pyogrio.read_dataframe(file, layer=name, CLIP="NO") for name in names})


def part_of(edition: Edition, laender: set[str], folder: Path) -> Edition:
    """An edition of some Länder only."""
    folder.mkdir()
    areas = gpd.read_parquet(edition.folder / AREAS)
    inside = areas["land_key"].isin(laender) | ((areas["level"] == "land") & areas["key"].isin(laender))
    areas = areas[inside]
    areas.to_parquet(folder / AREAS, index=False)
    borders = pd.read_parquet(edition.folder / BORDERS)
    borders[borders["a"].isin(areas["key"]) & borders["b"].isin(areas["key"])].to_parquet(folder / BORDERS, index=False)
    counts = {level.value: int((areas["level"] == level.value).sum()) for level in LEVELS}
    manifest = dataclasses.replace(edition.manifest, id=folder.name, areas=counts)
    (folder / MANIFEST).write_text(manifest.to_json(), "utf-8")
    return Edition(folder)


@pytest.fixture(scope="session")
def north(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """Schleswig-Holstein, Hamburg and Bremen: coast, islands, exclaves, unincorporated areas, 1100 municipalities."""
    folder = tmp_path_factory.mktemp("editions")
    return part_of(nahtstelle.open_edition(), {"01", "02", "04"}, folder / "north")


@pytest.fixture(scope="session")
def north_path(north: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiles") / TILES
    tiles.derive_tiles(north, path)
    return path


@pytest.fixture(scope="session")
def north_tiles(north_path: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Tile]:
    return list(tiles_in(north_path, tmp_path_factory.mktemp("decoded")))


@pytest.fixture(scope="session")
def muster_path(muster: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiles") / TILES
    tiles.derive_tiles(muster, path)
    return path


@pytest.fixture(scope="session")
def muster_tiles(muster_path: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Tile]:
    return list(tiles_in(muster_path, tmp_path_factory.mktemp("decoded")))


@pytest.fixture(params=["muster", "north"])
def which(request: pytest.FixtureRequest) -> tuple[Edition, list[Tile]]:
    """An edition and its tiles: squared paper, and a coast as it is."""
    edition, found = request.getfixturevalue(request.param), request.getfixturevalue(f"{request.param}_tiles")
    return edition, found


def shown(zoom: int) -> list[Level]:
    return [level for level in LEVELS if tiles.MIN_ZOOM[level] <= zoom]


# ------------------------------------------------------------------------------------------------- lines


def test_neighbours_share_every_stretch_and_it_is_a_seam(which: tuple[Edition, list[Tile]]) -> None:
    """What is drawn by two areas is a seam, what is drawn by one is outer edge, and nothing is drawn by three.

    Only where something narrower than the grid lay between them may two areas touch that do not adjoin.
    """
    seams = touching = 0
    for tile in which[1]:
        for level in shown(tile.zoom):
            drawn = tile.edges(level.value)
            assert max(drawn.values(), default=0) <= 2
            twice = {edge for edge, times in drawn.items() if times == 2}
            here = set(tile.edges(f"{level}_seams"))
            assert here <= twice, (tile.zoom, tile.x, tile.y, level)
            assert set(tile.edges("outline")) == {edge for edge, times in drawn.items() if times == 1}
            seams, touching = seams + len(here), touching + len(twice - here)
    assert seams > 10_000
    assert touching <= seams / 10_000


def test_areas_do_not_overlap(which: tuple[Edition, list[Tile]]) -> None:
    for tile in which[1]:
        square = shapely.box(0, 0, WIDTH, WIDTH)
        for level in shown(tile.zoom):
            if level.value in tile.layers:
                inside = shapely.intersection(np.asarray(tile.layers[level.value].geometry.array), square)
                assert shapely.area(inside).sum() == pytest.approx(shapely.union_all(inside).area, abs=1e-3)


def test_borders_of_larger_areas_are_sums_of_smaller_ones(which: tuple[Edition, list[Tile]]) -> None:
    compared = 0
    for tile in which[1]:
        levels = shown(tile.zoom)
        for smaller, larger in pairwise(levels):
            here = set(tile.edges(f"{larger}_seams"))
            assert here <= set(tile.edges(f"{smaller}_seams"))
            compared += len(here)
    assert compared > 20


@pytest.mark.parametrize("zoom", range(4, 11))
def test_no_hole_appears_between_areas(north: Edition, zoom: int) -> None:
    areas = shapely.transform(np.asarray(north.areas(Level.DISTRICT).geometry.array), shapes.mercator)
    rounded, simple = shapes.at_zoom(areas, zoom)

    def holes(geometries: object) -> int:
        return int(shapely.get_num_interior_rings(shapely.get_parts(shapely.coverage_union_all(geometries))).sum())

    assert shapely.coverage_is_valid(rounded)
    assert shapely.is_valid(rounded).all()
    assert (shapely.get_coordinates(rounded) % 1 == 0).all()
    assert holes(rounded) <= holes(areas)
    assert shapely.get_num_coordinates(simple).sum() <= shapely.get_num_coordinates(areas).sum()
    # at most a pixel of eight units off
    moved = shapely.hausdorff_distance(rounded, shapely.transform(areas, lambda xy: xy * 2.0**zoom * WIDTH))
    assert np.median(moved) < 24


def test_lines_that_fall_together_stay_shared() -> None:
    """A strip a fifth of a unit wide between two areas closes; a corner that crosses a line becomes part of it."""
    left = shapely.from_wkt("POLYGON ((0 0, 10 0, 10.3 5.4, 10 20, 0 20, 0 0))")
    strip = shapely.from_wkt("POLYGON ((10 0, 14 0, 10.5 5.4, 10.2 20, 10 20, 10.3 5.4, 10 0))")
    right = shapely.from_wkt("POLYGON ((14 0, 30 0, 30 20, 10.2 20, 10.5 5.4, 14 0))")
    areas = np.array([left, strip, right], dtype=object)
    rounded = shapes.on_grid(areas)
    assert shapely.is_valid(rounded).all()
    assert shapely.coverage_is_valid(rounded)
    assert shapely.area(rounded).sum() == 600
    assert 0 < rounded[1].area < 20
    lines = shapes.Lines.of(rounded)
    pairs, drawn = lines.between(np.arange(3))
    assert pairs.tolist() == [[0, 1], [0, 2], [1, 2]]  # above the place where the strip ends the outer two meet
    outlines = shapely.boundary(rounded)
    for (a, b), line in zip(pairs, drawn, strict=True):
        assert outlines[a].covers(line)
        assert outlines[b].covers(line)


def test_the_tolerance_gives_way_before_an_area_does() -> None:
    """A wedge with a thorn smaller than a pixel, in an area that is nothing but such a thorn."""
    unit = 1 / (WIDTH * 2**8)
    small = shapely.box(100, 100, 102, 102)
    around = shapely.Polygon(shapely.box(0, 0, 300, 300).exterior, [small.exterior])
    areas = shapely.transform(np.array([small, around], dtype=object), lambda xy: xy * unit + 0.5)
    rounded, _ = shapes.at_zoom(areas, 8)
    assert shapely.area(rounded).min() >= 1
    assert shapely.area(rounded).sum() == 300 * 300


def test_an_area_narrower_than_the_grid_leaves_no_gap() -> None:
    unit = 1 / (WIDTH * 2**8)
    areas = np.array([shapely.box(0, 0, 50, 80), shapely.box(50, 0, 50.2, 80), shapely.box(50.2, 0, 90, 80)], object)
    rounded, _ = shapes.at_zoom(shapely.transform(areas, lambda xy: xy * unit + 0.5), 8)
    assert shapely.is_empty(rounded).tolist() == [False, True, False]
    assert shapely.area(rounded).tolist() == [50 * 80, 0, 40 * 80]


def test_two_sides_that_differ_within_the_tolerance_get_one_line(tmp_path: Path) -> None:
    """What was mended to be measured is stored as published; the tiles must not show it as a gap."""
    published = country.gem()
    corner = np.array([500_000.0 + 2_000, 5_700_000.0 + 4_000])
    moved = [
        shapely.transform(area, lambda xy: np.where(np.hypot(*(xy - corner).T)[:, None] < 1, xy - 0.4, xy))
        if key == KEY("G")
        else area
        for key, area in zip(published["ARS"], published.geometry, strict=True)
    ]
    source = write_vg250(tmp_path / "vg250", published.set_geometry(moved, crs=published.crs))
    edition = build_edition([source], tmp_path / "mended", tolerance_m=1)
    assert edition.manifest.borders.vertices_moved > 0
    path = tmp_path / "out.pmtiles"
    tiles.derive_tiles(edition, path)
    outer = 0
    for tile in tiles_in(path, tmp_path, 10):
        drawn = tile.edges("municipality")
        assert {edge for edge, times in drawn.items() if times == 1} == set(tile.edges("outline"))
        outer += sum(np.hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in tile.edges("outline"))
    kilometre = 2**10 * WIDTH / 40_075 / np.cos(np.radians(51.5))
    length = edition.figures("municipality")["outer_edge_m"].sum() / 1000
    assert outer == pytest.approx(length * kilometre, rel=0.1)


# ------------------------------------------------------------------------------------------ what is in them


def test_every_area_is_there_at_every_zoom_of_its_level(which: tuple[Edition, list[Tile]]) -> None:
    edition, found = which
    for zoom in range(4, tiles.MAX_ZOOM + 1):
        here = [tile for tile in found if tile.zoom == zoom]
        for level in LEVELS:
            keys = {key for tile in here for key in tile.layers.get(level.value, {"key": []})["key"]}
            expected = set(edition.figures(level).index) if level in shown(zoom) else set()
            assert keys == expected, (zoom, level)


def test_small_areas_keep_something_to_be_seen(which: tuple[Edition, list[Tile]]) -> None:
    for tile in which[1]:
        for level in shown(tile.zoom):
            if level.value in tile.layers:
                whole = tile.layers[level.value]
                inside = whole[whole.geometry.within(shapely.box(0, 0, WIDTH, WIDTH))]
                assert (inside.geometry.area >= 4).all()


def test_attributes_of_areas_are_those_of_the_edition(which: tuple[Edition, list[Tile]]) -> None:
    edition, found = which
    for level in LEVELS:
        rows = pd.concat([tile.layers[level.value] for tile in found if level.value in tile.layers])
        figures = edition.figures(level)
        once = rows.drop_duplicates("key").set_index("key")
        expected = figures.loc[once.index]
        assert once["name"].tolist() == expected["name"].fillna(expected.index.to_series()).tolist()
        assert once["designation"].fillna("").tolist() == expected["designation"].fillna("").tolist()
        assert once["people"].fillna(-1).tolist() == expected["people"].fillna(-1).tolist()
        land = expected.index.tolist() if level is Level.LAND else expected["land_key"].tolist()
        assert once["land"].tolist() == land


def test_attributes_of_seams_are_those_of_the_edition(which: tuple[Edition, list[Tile]]) -> None:
    edition, found = which
    for level in LEVELS:
        layer = f"{level}_seams"
        parts = [tile.layers[layer] for tile in found if layer in tile.layers]
        if not parts:
            assert not edition.all_seams(level)
            continue
        rows = pd.concat(parts).drop_duplicates("id").set_index("id")
        seams = {f"{seam.own_key}/{seam.other_key}": seam for seam in edition.all_seams(level)}
        assert set(rows.index) <= set(seams)
        assert len(rows) >= 0.99 * len(seams)  # what is shorter than the grid is wide has no line
        bounds = tables.level_table(edition, level).people_bounds
        for key, row in rows.iterrows():
            seam = seams[str(key)]
            people = seam.people.people
            assert (row["a"], row["b"]) == (seam.own_key, seam.other_key)
            assert row["length_m"] == pytest.approx(seam.length_m, abs=0.51) or row["length_m"] == 1
            assert row["land_seam"] == seam.land_seam
            assert (pd.isna(row["people"]) and people is None) or row["people"] == people
            middle = 3 if not bounds else 1 + sum(bound <= (people or 0) for bound in bounds)
            assert row["step"] == (0 if people is None else middle)


def test_unknown_people_are_absent_and_numbers_are_numbers(muster_tiles: list[Tile]) -> None:
    tile = next(tile for tile in muster_tiles if tile.zoom == 10)
    areas = pd.concat([each.layers["municipality"] for each in muster_tiles if each.zoom == 10])
    people = areas.drop_duplicates("key").set_index("key")["people"]
    assert set(people.index[people.isna()]) == {KEY("M"), KEY("Q")}
    assert people[KEY("W")] == 0
    seams = tile.layers["municipality_seams"]
    assert all(pd.api.types.is_numeric_dtype(seams[name]) for name in ("length_m", "people", "step"))
    assert pd.api.types.is_bool_dtype(seams["land_seam"])


def test_labels_stand_in_their_areas_once_at_one_place(which: tuple[Edition, list[Tile]]) -> None:
    edition, found = which
    for level in LEVELS:
        figures = edition.figures(level)
        expected = set(figures.index[figures["people_of"] > 1]) if level is Level.UNION else set(figures.index)
        places: dict[str, set[tuple[int, int]]] = {}
        for tile in found:
            if level not in shown(tile.zoom) or f"{level}_labels" not in tile.layers:
                continue
            areas = tile.layers[level.value].set_index("key").geometry
            for row in tile.layers[f"{level}_labels"].itertuples():
                point = row.geometry
                if 0 <= point.x < WIDTH and 0 < point.y <= WIDTH:
                    assert areas[row.key].distance(point) < 2
                    if tile.zoom == tiles.MAX_ZOOM:
                        places.setdefault(row.key, set()).add((tile.x, tile.y))
        assert set(places) == expected
        assert all(len(each) == 1 for each in places.values())


def test_ranks_count_down_from_the_most_people(muster: Edition) -> None:
    rank = tables.level_table(muster, Level.MUNICIPALITY).areas["rank"]
    assert rank[KEY("F")] == 1
    assert rank[KEY("O")] == 2
    # nobody knows how many live in M and Q: they come last, the larger first
    assert rank[KEY("Q")] == 19
    assert rank[KEY("M")] == 20
    unions = tables.level_table(muster, Level.UNION).areas["rank"]
    assert set(unions.dropna().index) == {"031515401", "031525402", "150815051"}


def test_bounds_cut_seams_into_classes_of_about_one_size(north: Edition) -> None:
    table = tables.level_table(north, Level.MUNICIPALITY)
    assert len(table.people_bounds) == 4
    sizes = table.seams["step"].value_counts()
    known = sizes.drop(0, errors="ignore")
    assert set(known.index) == {1, 2, 3, 4, 5}
    assert known.min() > 0.1 * known.sum()
    assert tables.people_bounds([]) == ()
    assert tables.people_bounds([7, 7, 7, 7]) == ()
    assert tables.people_bounds([0, 0, 0, 0, 9]) == ()


def test_the_metadata_tell_the_map_what_it_shows(muster: Edition, muster_path: Path) -> None:
    reader = Reader(MemorySource(muster_path.read_bytes()))
    said = reader.metadata()
    assert said["attribution"] == muster.attribution
    assert said["nahtstelle"]["edition"] == "muster-2022"
    assert said["nahtstelle"]["date"] == "2022-12-31"
    assert {name: each["min_zoom"] for name, each in said["nahtstelle"]["levels"].items()} == {
        "land": 4, "district": 4, "union": 8, "municipality": 9,
    }  # fmt: skip
    for level in LEVELS:
        bounds = said["nahtstelle"]["levels"][level.value]["people_bounds"]
        assert bounds == list(tables.level_table(muster, level).people_bounds)
    layers = {each["id"]: each for each in said["vector_layers"]}
    assert set(layers) == {"outline"} | {f"{level}{kind}" for level in LEVELS for kind in ("", "_seams", "_labels")}
    header = reader.header()
    assert (header["min_zoom"], header["max_zoom"]) == (4, 10)
    corners = [header[name] / 1e7 for name in ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")]
    assert corners == pytest.approx(muster.areas("municipality").total_bounds, abs=1e-6)
    assert "tmp" not in json.dumps(said)


def test_layers_carry_the_attributes_the_metadata_name(muster_path: Path, muster_tiles: list[Tile]) -> None:
    said = {each["id"]: each for each in Reader(MemorySource(muster_path.read_bytes())).metadata()["vector_layers"]}
    for tile in muster_tiles:
        for name, frame in tile.layers.items():
            assert set(frame.columns) - {"geometry", "mvt_id"} <= set(said[name]["fields"])
            assert tile.zoom >= said[name]["minzoom"]


# -------------------------------------------------------------------------------------------- size, sameness


def test_no_tile_is_too_large(north_path: Path, muster_path: Path) -> None:
    for path in (north_path, muster_path):
        assert max(len(data) for _, data in all_tiles(MemorySource(path.read_bytes()))) <= tiles.MOST_BYTES_PER_TILE
        assert list(tiles.findings_in(path)) == []


def test_the_same_edition_gives_the_same_bytes(north: Edition, north_path: Path, tmp_path: Path) -> None:
    note = tiles.derive_tiles(north, tmp_path / "again.pmtiles")
    assert (tmp_path / "again.pmtiles").read_bytes() == north_path.read_bytes()
    assert note.bytes == north_path.stat().st_size
    assert note.tiles == len(list(all_tiles(MemorySource(north_path.read_bytes()))))


@pytest.mark.slow
def test_all_of_germany(tmp_path: Path) -> None:
    """The bundled edition: every tile small enough, the file too, and every area at every zoom."""
    edition = nahtstelle.open_edition()
    path = tmp_path / TILES
    note = tiles.derive_tiles(edition, path)
    assert list(tiles.findings_in(path)) == []
    assert note.largest_tile_bytes <= tiles.MOST_BYTES_PER_TILE
    assert note.bytes <= 15_000_000
    seen: dict[tuple[int, Level], set[str]] = {}
    for tile in tiles_in(path, tmp_path):
        for level in shown(tile.zoom):
            seen.setdefault((tile.zoom, level), set()).update(tile.layers.get(level.value, {"key": []})["key"])
    for (zoom, level), keys in seen.items():
        assert keys == set(edition.figures(level).index), (zoom, level)


# ---------------------------------------------------------------------------------------- where they lie


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NAHTSTELLE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def quick(muster_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Deriving as it is, but with tiles made before; where they were asked for."""
    asked: list[Path] = []

    def copied(edition: Edition, out: Path, progress: tiles.Progress) -> tiles.TilesNote:
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(muster_path, out)
        asked.append(out)
        return tiles.TilesNote(1, 1, "", 1)

    monkeypatch.setattr(derive, "derive", copied)
    return asked


def test_tiles_are_derived_once_and_beside_the_edition(muster: Edition, home: Path, quick: list[Path]) -> None:
    before = sorted(muster.folder.iterdir())
    assert tiles.tiles_of(muster) is None
    path = tiles.ensure_tiles(muster)
    assert path == home / "derived" / f"muster-2022-{tiles.fingerprint(muster)}" / TILES
    assert tiles.ensure_tiles(muster) == path == tiles.tiles_of(muster)
    assert quick == [path]
    assert sorted(muster.folder.iterdir()) == before


def test_the_fingerprint_follows_the_data(muster: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    first = tiles.fingerprint(muster)
    assert len(first) == 12
    other = Edition(muster.folder)
    other.manifest = dataclasses.replace(other.manifest, files={**other.manifest.files, AREAS: "0" * 64})
    assert tiles.fingerprint(other) != first
    with_tiles = Edition(muster.folder)
    with_tiles.manifest = dataclasses.replace(with_tiles.manifest, files={**with_tiles.manifest.files, TILES: "1" * 64})
    assert tiles.fingerprint(with_tiles) == first
    monkeypatch.setattr(tiles, "FORMAT", tiles.FORMAT + 1)
    assert tiles.fingerprint(muster) != first


def test_half_a_file_never_appears(muster: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.Writer, "finalize", broken)
    with pytest.raises(InputError, match="cannot be written: No space left"):
        tiles.derive_tiles(muster, tmp_path / "out" / TILES)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_tiler_that_fails_is_said_with_its_words(tmp_path: Path) -> None:
    running = archive.start_tiling([("areas", tmp_path / "absent.fgb")], 4, tmp_path / "out.pmtiles")
    with pytest.raises(InputError, match=r"the tiler ended with \d+: .*absent\.fgb"):
        archive.finish_tiling(running)


def test_without_the_tiler_it_says_what_to_install(
    muster: Edition, vg250: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (tiles, derive):
        monkeypatch.setattr(module, "can_derive", lambda: False)
    with pytest.raises(InputError, match="extra 'portal'"):
        tiles.ensure_tiles(muster)
    done = CliRunner().invoke(app, ["editions", "build", str(vg250), "--out", str(tmp_path / "plain")])
    assert done.exit_code == 0
    assert "no map tiles are made" in done.output
    assert verify(tmp_path / "plain") == []
    assert not (tmp_path / "plain" / TILES).exists()


# ------------------------------------------------------------------------------------- as part of an edition


@pytest.fixture
def with_tiles(vg250: Path, tmp_path: Path, quick: list[Path]) -> Edition:
    return build_edition([vg250], tmp_path / "muster-2022", tiles=True)


def test_an_edition_may_hold_its_tiles(with_tiles: Edition, home: Path) -> None:
    assert set(with_tiles.manifest.files) == {AREAS, BORDERS, TILES}
    assert {path.name for path in with_tiles.folder.iterdir()} == {AREAS, BORDERS, TILES, MANIFEST}
    assert tiles.tiles_of(with_tiles) == with_tiles.folder / TILES == tiles.ensure_tiles(with_tiles)
    assert not home.exists()
    assert verify(with_tiles.folder) == []


def test_damaged_tiles_are_found(with_tiles: Edition) -> None:
    path = with_tiles.folder / TILES
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    assert [finding.split(",")[0] for finding in verify(with_tiles.folder)] == [f"{TILES}: changed or damaged"]
    path.unlink()
    assert verify(with_tiles.folder) == [f"{TILES}: the file is missing"]


def test_tiles_the_manifest_does_not_know_are_none(with_tiles: Edition, home: Path) -> None:
    said = json.loads((with_tiles.folder / MANIFEST).read_bytes())
    del said["files"][TILES]
    (with_tiles.folder / MANIFEST).write_text(json.dumps(said), "utf-8")
    assert verify(with_tiles.folder) == [f"{TILES}: the manifest gives no checksum"]
    assert tiles.tiles_of(Edition(with_tiles.folder)) is None


def test_unreadable_tiles_are_found(muster_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / TILES
    whole = muster_path.read_bytes()
    path.write_bytes(b"SQLite format 3\x00" + whole[16:])
    assert list(tiles.findings_in(path)) == [f"{TILES}: this is no PMTiles file of version 3"]
    path.write_bytes(whole[: len(whole) // 2])
    (found,) = tiles.findings_in(path)
    assert found.startswith(f"{TILES}: the tiles cannot be read: ")
    start = Reader(MemorySource(whole)).header()["tile_data_offset"]
    path.write_bytes(whole[: start + 30] + bytes(40) + whole[start + 70 :])
    (found,) = tiles.findings_in(path)
    assert found.startswith(f"{TILES}: the tiles cannot be read: ")
    path.write_bytes(whole)
    monkeypatch.setattr(archive, "MOST_BYTES_PER_TILE", 10)
    assert len(list(tiles.findings_in(path))) == 8


def test_the_command_line_builds_and_derives_tiles(
    muster: Edition, vg250: Path, home: Path, tmp_path: Path, quick: list[Path]
) -> None:
    runner = CliRunner()
    done = runner.invoke(app, ["editions", "build", str(vg250), "--out", str(tmp_path / "built")])
    assert done.exit_code == 0
    assert (tmp_path / "built" / TILES).is_file()
    first = runner.invoke(app, ["editions", "tiles", str(muster.folder)])
    assert first.exit_code == 0
    path = tiles.derived_path(muster)
    assert f"{path}: {path.stat().st_size:,} bytes" in first.output
    asked = len(quick)
    assert runner.invoke(app, ["editions", "tiles", str(muster.folder)]).exit_code == 0
    assert len(quick) == asked
