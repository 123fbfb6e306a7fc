"""Column contracts: what stands in each table, of which kind, in which unit, and whether it may be missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from nahtstelle.errors import FrameError

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["text", "integer", "number", "polygon"]


@dataclass(frozen=True)
class Column:
    """One column: its name (with the unit in it), kind, meaning, and whether values may be missing."""

    name: str
    kind: Kind
    meaning: str
    may_be_missing: bool = False


@dataclass(frozen=True)
class Contract:
    """The columns of one table. Further columns are allowed, an order is not required."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    def findings(self, frame: pd.DataFrame) -> Iterator[str]:
        """What a table breaks, one line per column: absent, of another kind, or missing values."""
        for column in self.columns:
            if column.name not in frame.columns:
                yield f"column {column.name} is absent: expected {column.kind}, {column.meaning}"
                continue
            values = frame[column.name]
            if not _is_of_kind(values, column.kind):
                yield f"column {column.name} holds {values.dtype}: expected {column.kind}, {column.meaning}"
            elif not column.may_be_missing and column.kind != "polygon" and values.isna().any():
                yield f"column {column.name} has no value in row {int(values.isna().to_numpy().argmax())}"

    def require(self, frame: pd.DataFrame) -> None:
        """Raise `FrameError` with the first finding unless the table keeps the contract."""
        for finding in self.findings(frame):
            raise FrameError(f"{self.name}: {finding}")


def _is_of_kind(values: pd.Series, kind: Kind) -> bool:
    from pandas.api.types import is_integer_dtype, is_numeric_dtype, is_object_dtype, is_string_dtype

    if kind == "text":
        return is_string_dtype(values.dtype) or (is_object_dtype(values.dtype) and bool(values.isna().all()))
    if kind == "polygon":
        return str(values.dtype) == "geometry"
    if kind == "integer":  # a column of integers with missing ones comes back from files as numbers
        return is_integer_dtype(values.dtype) or (
            is_numeric_dtype(values.dtype) and bool((values.dropna() % 1 == 0).all())
        )
    return is_numeric_dtype(values.dtype)


EDITION_AREAS = Contract(
    "areas.parquet",
    (
        Column("level", "text", "land, district, union or municipality"),
        Column("key", "text", "2, 5, 9 or 12 digits (ARS), outside Germany the LAU code"),
        Column("name", "text", "name without designation", may_be_missing=True),
        Column("designation", "text", "Landkreis, Stadt, Gemeindefreies Gebiet ...", may_be_missing=True),
        Column("ags", "text", "the 8 digits of a municipality", may_be_missing=True),
        Column("nuts", "text", "NUTS 3 code", may_be_missing=True),
        Column("union_key", "text", "the union it lies in", may_be_missing=True),
        Column("district_key", "text", "the district it lies in", may_be_missing=True),
        Column("land_key", "text", "the Land it lies in", may_be_missing=True),
        Column("people", "integer", "people, added up over known municipalities", may_be_missing=True),
        Column("people_known", "integer", "municipalities with a figure"),
        Column("people_of", "integer", "municipalities in all"),
        Column("area_m2", "number", "area in square metres"),
        Column("area_basis", "text", "official, or map where measured on it"),
        Column("perimeter_m", "number", "perimeter in metres, measured on the map"),
        Column("outer_edge_m", "number", "boundary shared with nobody, in metres"),
        Column("seat", "text", "seat of the administration", may_be_missing=True),
        Column("postcode", "text", "postcode of the seat", may_be_missing=True),
        Column("lon", "number", "longitude of the seat in degrees", may_be_missing=True),
        Column("lat", "number", "latitude of the seat in degrees", may_be_missing=True),
        Column(
            "geometry", "polygon", "outline of a municipality, longitude and latitude (OGC:CRS84)", may_be_missing=True
        ),
    ),
)

EDITION_BORDERS = Contract(
    "borders.parquet",
    (
        Column("level", "text", "level of both areas"),
        Column("contact", "text", "line, or point for areas that meet in points only"),
        Column("a", "text", "key of one area"),
        Column("b", "text", "key of the other, greater than a"),
        Column("length_m", "number", "length in metres, 0 for point contacts"),
        Column("stretches", "integer", "connected parts, 0 for point contacts"),
    ),
)

SHARED_BORDERS = Contract(
    "shared borders",
    (
        Column("a", "text", "key of one area"),
        Column("b", "text", "key of the other, greater than a"),
        Column("length_m", "number", "length in metres"),
        Column("stretches", "integer", "connected parts"),
        Column("share_of_perimeter_a", "number", "share of the perimeter of a, 0 to 1"),
        Column("share_of_perimeter_b", "number", "share of the perimeter of b, 0 to 1"),
    ),
)
