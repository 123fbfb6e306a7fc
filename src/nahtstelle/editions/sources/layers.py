"""Layers of areas in shapefiles, GeoPackages and GeoJSON: loose, in a folder or zipped.

GDAL reads them. What it forgives silently is checked here: missing companions of a shapefile, text in another
encoding than declared, files that were cut off, areas without geometry or coordinate system.
"""

from __future__ import annotations

import codecs
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from nahtstelle.errors import SourceError

# What is looked for in folders and zips; a file .json may hold anything and is read where it is named.
_SUFFIXES = (".shp", ".gpkg", ".geojson")

# What reading a damaged, encrypted or unusually packed zip may raise.
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError)

_SPELLINGS_OF_ENCODINGS = {
    "65001": "utf-8",
    "1252": "cp1252",
    "ansi 1252": "cp1252",
    "88591": "latin-1",
    "850": "cp850",
}


@dataclass(frozen=True)
class Layer:
    """One layer of areas: the file it lies in, the way inside a zip, its name."""

    path: Path
    inside: str | None
    name: str

    @property
    def dataset(self) -> str:
        """The layer's file as GDAL addresses it."""
        return str(self.path) if self.inside is None else f"/vsizip/{{{self.path}}}/{self.inside}"

    @property
    def is_shapefile(self) -> bool:
        """Whether it is a shapefile, which is several files and does not say everything itself."""
        return (self.inside or self.path.name).lower().endswith(".shp")

    @property
    def is_geopackage(self) -> bool:
        """Whether it is a GeoPackage, the one format here that holds several layers in a file."""
        return (self.inside or self.path.name).lower().endswith(".gpkg")

    @property
    def names_around(self) -> tuple[str, ...]:
        """Names that may tell product and date: the layer, its file, the folders around it, nearest first."""
        inside = PurePosixPath(self.inside).parts if self.inside else ()
        around = self.path.absolute().parts[-2:] if self.inside else self.path.absolute().parts[-3:]
        return (self.name, *reversed(inside), *reversed(around))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns as written in the file."""
        return tuple(str(name) for name in self.information["fields"])

    @property
    def holds_areas(self) -> bool:
        """Whether its geometries are polygons; a layer that mixes kinds is looked at row by row."""
        kind = str(self.information["geometry_type"])
        return "Polygon" in kind or kind in ("Unknown", "GeometryCollection")

    @cached_property
    def information(self) -> dict[str, Any]:
        """What GDAL says of the layer. Raises `SourceError` if it cannot be opened or lacks a companion file."""
        _check_companions(self)
        try:
            return dict(pyogrio.read_info(self.dataset, layer=self.name if self.is_geopackage else None))
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
            raise SourceError(f"{self} cannot be opened: {one_line(error)}") from error

    @property
    def files(self) -> tuple[Path, ...]:
        """The files on disk that it is read from."""
        if self.inside is None and self.is_shapefile:
            suffixes = (".shp", ".shx", ".dbf", ".prj", ".cpg")
            there = _companions(self)
            return tuple(self.path.with_name(there[suffix]) for suffix in suffixes if suffix in there)
        return (self.path,)

    def column(self, *names: str) -> str | None:
        """The first of these columns that the layer has, whatever its case, as written; ``None`` if it has none."""
        written = {column.upper(): column for column in self.columns}
        return next((written[name] for name in names if name in written), None)

    def columns_among(self, names: Iterable[str]) -> list[str]:
        """Those of the named columns that the layer has, as written."""
        return [written for name in names if (written := self.column(name)) is not None]

    def file_beside(self, name: str) -> bytes | None:
        """Content of a file published with the layer: in its folder or above it, whatever the case of its name."""
        if self.inside is not None:
            with zipfile.ZipFile(self.path) as archive:
                found = [member for member in archive.namelist() if PurePosixPath(member).name.lower() == name.lower()]
                return archive.read(min(found)) if found else None
        for folder in (self.path.absolute().parent, self.path.absolute().parent.parent):
            for file in sorted(folder.iterdir()):
                if file.name.lower() == name.lower() and file.is_file():
                    return file.read_bytes()
        return None

    def __str__(self) -> str:
        where = self.path.name if self.inside is None else f"{self.inside} in {self.path.name}"
        return f"{where}, layer {self.name}" if self.is_geopackage else where


def layers_in(path: Path) -> tuple[Layer, ...]:
    """All layers in a file, in a zip however nested its folders are, or in a folder and its sub-folders.

    In the order of their names. Zips in a folder are not opened: each is a publication of its own. Raises
    `SourceError` for a damaged zip or a file GDAL cannot open.
    """
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.suffix.lower() in _SUFFIXES)
        return tuple(layer for file in files for layer in _layers_of(file, None))
    if path.suffix.lower() == ".zip":
        members = [name for name in names_in_zip(path) if name.lower().endswith(_SUFFIXES)]
        return tuple(layer for member in members for layer in _layers_of(path, member))
    return tuple(_layers_of(path, None))


def shapefiles_beside(path: Path) -> tuple[Layer, ...]:
    """The shapefiles in the folder of one, itself included, in the order of their names."""
    files = sorted(file for file in path.absolute().parent.iterdir() if file.suffix.lower() == ".shp")
    return tuple(Layer(file, None, file.stem) for file in files)


def names_in_zip(path: Path) -> list[str]:
    """Names of the files in a zip, sorted. Raises `SourceError` if it is no zip or was cut off."""
    try:
        with zipfile.ZipFile(path) as archive:
            return sorted(name for name in archive.namelist() if not name.endswith("/"))
    except ZIP_ERRORS as error:
        raise SourceError(f"{path} is no complete zip ({one_line(error)}): download it again") from error


def read_layer(layer: Layer, columns: Iterable[str], key: str) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """Areas of a layer with these columns, text decoded, and remarks on what was unusual.

    The index counts the rows of the file from 1. ``columns`` are names as written in the file, ``key`` is the
    one of them that names a row in messages.

    Raises `SourceError` for a layer without areas, rows or coordinate system, for a row without geometry, for text
    that is not in the encoding the file declares, and for a file that ends early.
    """
    if not layer.information["features"]:
        raise SourceError(f"{layer} has no rows")
    if not layer.holds_areas:
        came = layer.information["geometry_type"]
        raise SourceError(f"{layer} holds {came} geometries, expected areas (Polygon)")
    frame = _read(layer, columns, geometry=True)
    findings = _decode(frame, layer, key) if layer.is_shapefile else ()
    if frame.crs is None and layer.information["driver"] == "TopoJSON":
        frame = frame.set_crs(4326)  # like GeoJSON, it means WGS84 when it says nothing
    if frame.crs is None:
        raise SourceError(f"{layer} states no coordinate system; a shapefile has it in its .prj, published with it")
    check_text(frame, str(layer), key)
    check_areas(frame, str(layer), key)
    return frame, findings


def read_table(layer: Layer, columns: Iterable[str], key: str) -> pd.DataFrame:
    """Columns of a layer without its geometry, otherwise as `read_layer`."""
    frame = _read(layer, columns, geometry=False)
    if layer.is_shapefile:
        _decode(frame, layer, key)
    check_text(frame, str(layer), key)
    return frame


def check_text(frame: pd.DataFrame, where: str, key: str) -> None:
    """Raise `SourceError` for text that was read in a wrong encoding before (``LÃ¼neburg`` for Lüneburg)."""
    for column in _text_columns(frame):
        odd = frame.loc[[_is_mojibake(value) for value in frame[column]], [key, column]]
        if not odd.empty:
            raise SourceError(
                f"{row_of(where, odd.index[0], odd[key].iloc[0])}: {column} {odd[column].iloc[0]!r} was read in a "
                f"wrong encoding before ({len(odd)} such rows); get the file as its publisher wrote it"
            )


def check_areas(frame: gpd.GeoDataFrame, where: str, key: str) -> None:
    """Raise `SourceError` for the first row whose geometry is missing, empty or no area."""
    geometry = frame.geometry.to_numpy()
    kinds = shapely.get_type_id(geometry)
    no_area = (kinds != shapely.GeometryType.POLYGON) & (kinds != shapely.GeometryType.MULTIPOLYGON)
    refused = no_area | shapely.is_empty(geometry)
    if refused.any():
        row = int(refused.argmax())
        came = f"a {geometry[row].geom_type}" if geometry[row] is not None and no_area[row] else "no geometry"
        raise SourceError(
            f"{row_of(where, frame.index[row], frame[key].iloc[row])}: {came}, expected an area "
            f"({refused.sum()} such rows); if the file was cut off, download it again"
        )


def row_of(where: str, row: object, key: object) -> str:
    """Where a row is, for messages."""
    return f"{where}, row {row}, key {key}"


def shown(value: object) -> str:
    """A value as a message shows it: text in quotes, a number plain, "nothing" for a missing one."""
    if isinstance(value, str):
        return repr(value)
    return "nothing" if value is None or value is pd.NA or value != value else str(value)


def one_line(error: BaseException) -> str:
    """What a library says of an error, in one line, without its advice on drivers and places in its own source."""
    said = re.split(r"[;.] (?:It might help|In file /)", " ".join(str(error).split()))[0]
    return said or type(error).__name__


def _layers_of(path: Path, inside: str | None) -> Iterator[Layer]:
    file = Layer(path, inside, PurePosixPath(inside or path.name).stem)
    if not file.is_geopackage:
        yield file  # one layer, named by its file: no need to open it yet
        return
    try:
        for name, _ in pyogrio.list_layers(file.dataset):
            yield Layer(path, inside, str(name))
    except pyogrio.errors.DataSourceError as error:
        raise SourceError(f"{inside or path} cannot be opened: {one_line(error)}") from error


def _read(layer: Layer, columns: Iterable[str], geometry: bool) -> gpd.GeoDataFrame:
    _check_zipped_bytes(layer)
    if layer.is_shapefile:
        _check_lengths(layer)
    try:
        frame: gpd.GeoDataFrame = pyogrio.read_dataframe(
            layer.dataset,
            layer=layer.name if layer.is_geopackage else None,
            columns=list(columns),
            read_geometry=geometry,
            use_arrow=True,
            # Latin-1 maps every byte to a character and back, so the bytes arrive as they are; `_decode` reads them.
            encoding="ISO-8859-1" if layer.is_shapefile else None,
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError, RuntimeError, ValueError) as error:
        raise SourceError(f"{layer} cannot be read to its end ({one_line(error)}): download it again") from error
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return frame


def _companions(layer: Layer) -> dict[str, str]:
    """Files of a shapefile by their suffix: the same name with another ending, in the same folder."""
    stem = str(PurePosixPath(layer.inside or layer.path.name).with_suffix("")).lower()
    there = names_in_zip(layer.path) if layer.inside else [file.name for file in layer.path.absolute().parent.iterdir()]
    files = [PurePosixPath(name) for name in there]
    return {file.suffix.lower(): str(file) for file in files if str(file.with_suffix("")).lower() == stem}


def _check_companions(layer: Layer) -> None:
    """Refuse a shapefile without its table, which GDAL reads without a word, or without its index."""
    if layer.is_shapefile:
        missing = [suffix for suffix in (".shx", ".dbf") if suffix not in _companions(layer)]
        if missing:
            raise SourceError(
                f"{layer} is not complete, {' and '.join(missing)} missing: "
                "a shapefile is .shp, .shx, .dbf and .prj together"
            )


def _check_lengths(layer: Layer) -> None:
    """Refuse a shapefile shorter than its headers say; GDAL fills the lost rows with what it read before."""
    for suffix in (".shp", ".dbf"):
        name = _companions(layer)[suffix]
        if layer.inside is None:
            file = layer.path.with_name(name)
            size = file.stat().st_size
            with file.open("rb") as stream:
                header = stream.read(32)
        else:
            with zipfile.ZipFile(layer.path) as archive, archive.open(name) as stream:
                size, header = archive.getinfo(name).file_size, stream.read(32)
        if len(header) < 32:
            expected = 32
        elif suffix == ".shp":
            expected = 2 * struct.unpack(">i", header[24:28])[0]
        else:
            rows, length_of_header, length_of_row = struct.unpack("<IHH", header[4:12])
            expected = length_of_header + rows * length_of_row
        if size < expected:
            raise SourceError(f"{name} of {layer} is cut off, {size} of {expected} bytes: download it again")


def _check_zipped_bytes(layer: Layer) -> None:
    """Refuse a zipped layer whose bytes do not fit their checksums; GDAL does not look at them."""
    if layer.inside is None:
        return
    members = list(_companions(layer).values()) if layer.is_shapefile else [layer.inside]
    try:
        with zipfile.ZipFile(layer.path) as archive:
            for member in members:
                with archive.open(member) as stream:
                    while stream.read(1 << 20):
                        pass
    except ZIP_ERRORS as error:
        raise SourceError(f"{layer} is damaged ({one_line(error)}): download it again") from error


def _decode(frame: pd.DataFrame, layer: Layer, key: str) -> tuple[str, ...]:
    """Decode the bytes of a shapefile's text in place; returns remarks.

    The encoding its .cpg declares counts. Without one UTF-8 is tried, then Windows-1252: German text in
    Windows-1252 is practically never valid UTF-8. Text that contradicts the declaration is refused, as nobody can
    know here which of the two is wrong.
    """
    columns = _text_columns(frame)
    beyond_ascii = {
        (row, column): value.encode("latin-1")
        for column in columns
        for row, value in frame[column].items()
        if isinstance(value, str) and not value.isascii()
    }
    if not beyond_ascii:
        return ()
    is_utf8 = all(_decoded(raw, "utf-8") is not None for raw in beyond_ascii.values())
    declared = _declared_encoding(layer)
    encoding = declared or ("utf-8" if is_utf8 else "cp1252")
    for (row, column), raw in beyond_ascii.items():
        text = _decoded(raw, encoding)
        if text is None or (is_utf8 and encoding != "utf-8"):
            if is_utf8:
                came = f"{column} {raw!r} is UTF-8"
            else:
                came = f"{column} {raw!r} is not (as Windows-1252 it reads {raw.decode('cp1252', 'replace')!r})"
            expected = f"the .cpg declares {encoding}" if declared else "no .cpg, expected UTF-8 or Windows-1252"
            raise SourceError(
                f"{row_of(str(layer), row, frame.at[row, key])}: {expected}, but {came}; "
                "get the file again or put the right encoding into the .cpg"
            )
        frame.at[row, column] = text
    return () if declared else (f"{layer} declares no encoding: its text is read as {encoding}",)


def _declared_encoding(layer: Layer) -> str | None:
    """Python's name of the encoding in the .cpg; ``None`` without a .cpg."""
    name = _companions(layer).get(".cpg")
    if name is None:
        return None
    content = layer.file_beside(PurePosixPath(name).name) or b""
    declared = content.decode("latin-1").strip().lstrip("\ufeff")
    try:
        return codecs.lookup(_SPELLINGS_OF_ENCODINGS.get(declared.lower(), declared)).name
    except LookupError:
        raise SourceError(f"{name} beside {layer} declares an unknown encoding {declared!r}") from None


def _decoded(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _text_columns(frame: pd.DataFrame) -> list[str]:
    return [str(name) for name in frame.columns if pd.api.types.is_string_dtype(frame[name].dtype)]


def _is_mojibake(value: object) -> bool:
    if not isinstance(value, str) or value.isascii():
        return False
    if "\ufffd" in value or any("\x80" <= sign <= "\x9f" for sign in value):
        return True
    try:
        value.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    return True
