"""Musterland: a small country on squared paper, with everything that makes official maps difficult.

Every square is a kilometre; a letter is the municipality whose name begins with it, ``~`` the sea, ``.`` a lake. All
corners of the squares along a boundary are vertices::

       x  0 1 2 3 4 5 6 7 8 9
    y 7   I ~ A A A B B ~ ~ ~        Heideland (03)   Küstenkreis (03151)         A B C D I
    y 6   ~ ~ A A D D B L L L                         Mühlenheide (03152)         E G H J K Q
    y 5   C C E E . . F L M L        Bergland (05)    Fürstenmünster (05911)      F
    y 4   C G E . . F F L L L                         Süderberg (05954)           O P
    y 3   G G H H H F W W N N        Seenland (15)    Seenplatte (15081)          L M N W
    y 2   K K H Q H F W W N N                         Hügelkreis (15082)          R S
    y 1   K P J Q J O O R R S
    y 0   K K J J J O O N R S

What can be read off it:

* **exclave**: P belongs to Bergland and lies in Heideland between K (3 km) and J (1 km);
* **enclave**: M lies in L, with 4 km of border in one closed stretch;
* **island**: I meets nobody; **two parts**: N, its lesser part between O and R;
* **lake**: 4 km² that belong to nobody, with 10 km of shore: D 2, E 3, F 3, H 2, all of it outer edge;
* **two stretches**: H and J meet west and east of Q, 1 km each; N and R along 3 km in two stretches;
* **four corners** at (5, 2): F and J, H and O meet in this point and nowhere else; so do, elsewhere, A and C, D and E,
  D and F, H and P;
* **district border in two stretches**: Mühlenheide and Süderberg meet around P (4 km) and between J and O (2 km);
* **unions**: Samtgemeinde Dünen (A D I), Samtgemeinde Mühlental (H J Q), Amt Seenplatte (L M); the others are unions of
  their own; Fürstenmünster is municipality, union and district in one;
* **unincorporated**: W, without people (0, which is known); **unknown people**: M and Q.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

CRS = "EPSG:25832"
SQUARE_M = 1000.0
SOUTH_WEST = (500_000.0, 5_700_000.0)
"""Coordinates of the corner (0, 0) of the map: on the central meridian, where the grid is 0.4 per mille too short."""

MAP = """\
I~AAABB~~~
~~AADDBLLL
CCEE..FLML
CGE..FFLLL
GGHHHFWWNN
KKHQHFWWNN
KPJQJOORRS
KKJJJOONRS
""".splitlines()
"""The map above, its northern row first."""

_MUNICIPALITIES = [
    # name, designation, key (ARS), people
    ("Ährenfeld", "Gemeinde", "031515401001", 1_200),
    ("Bärenhafen", "Stadt", "031510002002", 8_000),
    ("Cäcilienkoog", "Gemeinde", "031510003003", 500),
    ("Dünenrode", "Flecken", "031515401004", 2_300),
    ("Eschenförde", "Stadt", "031520001001", 15_000),
    ("Fürstenmünster", "Stadt", "059110000000", 120_000),
    ("Gräfenmoor", "Gemeinde", "031520002002", 3_100),
    ("Hüttenbruch", "Gemeinde", "031525402003", 1_900),
    ("Inselwörth", "Gemeinde", "031515401005", 40),
    ("Jägersfließ", "Gemeinde", "031525402004", 2_600),
    ("Köhlerbrück", "Stadt", "031520005005", 9_700),
    ("Lüttensee", "Stadt", "150815051001", 6_400),
    ("Mönchsgarten", "Gemeinde", "150815051002", None),
    ("Neuförden", "Gemeinde", "150810003003", 4_200),
    ("Oberstößel", "Stadt", "059540004004", 22_000),
    ("Pfänderau", "Gemeinde", "059540008008", 700),
    ("Quellbüren", "Gemeinde", "031525402006", None),
    ("Röhricht", "Gemeinde", "150820001001", 1_500),
    ("Süßenborn", "Gemeinde", "150820002002", 2_000),
    ("Wüstenforst", "Gemeindefreies Gebiet", "150819999999", 0),
]

_LARGER = [
    ("03", "land", "Heideland", "Land"),
    ("05", "land", "Bergland", "Land"),
    ("15", "land", "Seenland", "Land"),
    ("03151", "district", "Küstenkreis", "Landkreis"),
    ("03152", "district", "Mühlenheide", "Landkreis"),
    ("05911", "district", "Fürstenmünster", "Kreisfreie Stadt"),
    ("05954", "district", "Süderberg", "Kreis"),
    ("15081", "district", "Seenplatte", "Landkreis"),
    ("15082", "district", "Hügelkreis", "Landkreis"),
    ("031515401", "union", "Dünen", "Samtgemeinde"),
    ("031525402", "union", "Mühlental", "Samtgemeinde"),
    ("150815051", "union", "Seenplatte", "Amt"),
]
"""Larger areas; a municipality that is a union of its own adds itself."""


@dataclass(frozen=True)
class Musterland:
    """The synthetic country.

    ``municipalities``: 20 rows, indexed by ``key`` (ARS, 12 digits): ``name``, ``designation``, ``ags``, ``union_key``,
    ``district_key``, ``land_key`` (text), ``people`` (Int64, missing for M and Q), ``geometry`` (EPSG:25832).
    ``larger``: one row per union, district and Land: ``key``, ``level``, ``name``, ``designation``.
    """

    municipalities: gpd.GeoDataFrame
    larger: pd.DataFrame

    def key(self, letter: str) -> str:
        """Key of the municipality with this letter on the map.

        >>> musterland().key("F")
        '059110000000'
        """
        return KEY_OF_LETTER[letter]

    def keys(self, letters: str) -> list[str]:
        """Keys of the municipalities with these letters, in the order of the letters."""
        return [self.key(letter) for letter in letters]


KEY_OF_LETTER = {name[0].replace("Ä", "A"): key for name, _, key, _ in _MUNICIPALITIES}


def musterland() -> Musterland:
    """A new copy of the country, to read or to damage."""
    table = pd.DataFrame(_MUNICIPALITIES, columns=["name", "designation", "key", "people"])
    table["people"] = table["people"].astype("Int64")
    table["ags"] = table["key"].str[:5] + table["key"].str[9:]
    for column, digits in (("union_key", 9), ("district_key", 5), ("land_key", 2)):
        table[column] = table["key"].str[:digits]
    table = table[["key", "name", "designation", "ags", "union_key", "district_key", "land_key", "people"]]
    geometry = [_geometry(letter) for letter in KEY_OF_LETTER]
    municipalities = gpd.GeoDataFrame(table, geometry=geometry, crs=CRS).set_index("key")

    larger = pd.DataFrame(_LARGER, columns=["key", "level", "name", "designation"])
    alone = table[~table["union_key"].isin(larger["key"])]
    own_unions = pd.DataFrame(
        {"key": alone["union_key"], "level": "union", "name": alone["name"], "designation": alone["designation"]}
    )
    return Musterland(municipalities, pd.concat([larger, own_unions], ignore_index=True))


def _geometry(letter: str) -> shapely.Geometry:
    """The squares with this letter, joined; corners along straight lines stay."""
    squares = [
        shapely.box(x, y, x + 1, y + 1)
        for y, row in enumerate(reversed(MAP))
        for x, sign in enumerate(row)
        if sign == letter
    ]
    area = shapely.coverage_union_all(squares)
    return shapely.transform(area, lambda xy: xy * SQUARE_M + np.array(SOUTH_WEST))
