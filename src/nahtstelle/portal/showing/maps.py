"""A map as a page shows it: what the element in the browser is told, and the picture that stands there before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from nahtstelle.core.keys import Level
from nahtstelle.portal.insight import Insight


@dataclass(frozen=True)
class Colouring:
    """What a map offers to colour areas by: all cooperations, some ``kinds``, or ``one``, by reference and name.

    ``shown`` is what it begins with: a kind, or a word of the address for none, all or the one.
    """

    shown: str
    kinds: Sequence[tuple[str, str]]
    one: tuple[str, str] | None

    @property
    def offer(self) -> str:
        """Kinds and the single cooperation as the element in the browser reads them."""
        said = {"kinds": self.kinds, "one": self.one}
        return json.dumps(said, separators=(",", ":"), ensure_ascii=False)

    @property
    def counts(self) -> str:
        """Pattern of the addresses of how many cooperations the areas of a level belong to."""
        return reverse("areas-cooperating", args=["LEVEL"]).replace("LEVEL", "{level}")

    @property
    def lists(self) -> str:
        """Pattern of the addresses of the cooperations of an area."""
        return reverse("area-cooperations", args=["KEY"]).replace("KEY", "{key}")


@dataclass(frozen=True)
class MapView:
    """One map: where it looks, what it highlights, and what to show where it cannot be drawn.

    ``box`` is west, south, east, north in degrees; ``place`` and ``seam`` are keys, ``members`` the keys of
    several areas that belong together, empty for none. ``around`` are keys of the areas that adjoin the place, or both
    sides of the seam. ``shape`` is how high it is: ``page`` for the map that is a page by itself and keeps its view in
    the address, ``tall``, or usual. ``colouring`` is what the reader may colour areas by.
    """

    insight: Insight
    box: str
    picture: str
    alt: str
    level: Level | None = None
    place: str = ""
    seam: str = ""
    members: str = ""
    around: tuple[str, ...] = ()
    shape: Literal["", "page", "tall"] = ""
    colouring: Colouring | None = None

    @property
    def names(self) -> str:
        """Where the names of the areas around stand: in that part of each which is in sight."""
        west, south, east, north = (float(side) for side in self.box.split(","))
        return json.dumps(self.insight.names_within(self.around, (west, south, east, north)), ensure_ascii=False)

    @property
    def tiles(self) -> str:
        """Address of the tiles; empty where the edition has none, and the picture stays."""
        if self.insight.tiles is None:
            return ""
        return reverse("tiles", args=[self.insight.edition.id, self.insight.tiles_fingerprint])

    @property
    def facts(self) -> str:
        """What the tiles say of themselves, so that the browser need not ask them first."""
        return json.dumps(self.insight.tile_facts, separators=(",", ":"), ensure_ascii=False)

    @property
    def area_url(self) -> str:
        """Pattern of the addresses of areas."""
        return reverse("area", args=["KEY"]).replace("KEY", "{key}")

    @property
    def seam_url(self) -> str:
        """Pattern of the addresses of seams."""
        return reverse("seam", args=["A", "B"]).replace("A/B", "{a}/{b}")

    @property
    def states(self) -> str:
        """Pattern of the addresses of what is known about cooperation across the seams of a level."""
        return reverse("seam-states", args=["LEVEL"]).replace("LEVEL", "{level}")

    @property
    def script(self) -> str:
        """Address of the element's script."""
        return static("nt/map.js")

    @property
    def engine(self) -> str:
        """Address of what draws the map, loaded when the map comes into sight."""
        return static("nt/map-engine.js")

    @property
    def background(self) -> str:
        """Address of background tiles where the operator chose some."""
        return str(settings.ENV.background_map)
