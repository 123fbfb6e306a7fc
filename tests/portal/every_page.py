"""Every kind of page of the site with one address each; tests of markup, of queries and in the browser walk over them.

The paths are German; the same page is under ``/en`` in English.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

HAMELN_PYRMONT, LIPPE, GOSLAR = "03252", "05766", "03153"
HAMELN = "032520006006"
AERZEN, EXTERTAL = "032520001001", "057660012012"
"""Two municipalities on both sides of the Land border between Hameln-Pyrmont and Lippe."""
ISLAND = "034520020020"
"""Norderney, which adjoins nothing."""
UNINCORPORATED = "031519501501"
"""Giebel, where nobody lives and no council sits."""
UNION = "010515163"
LOWER_SAXONY, HAMBURG, BERLIN = "03", "02", "11"

Frame = Literal["whole", "embed", "piece"]
"""A page with header and footer; a map for the frame of another site; a few lines for the panel beside the map."""


@dataclass(frozen=True)
class Kind:
    """A kind of page: what to call it, one of its addresses, how the site answers."""

    name: str
    path: str
    status: int = 200
    frame: Frame = "whole"

    def __str__(self) -> str:
        return self.name

    def at(self, language: str) -> str:
        """The path in this language."""
        return f"/en{self.path}" if language == "en" else self.path


def area(key: str) -> str:
    """Path of the page of an area."""
    return f"/verzeichnis/gebiete/{key}/"


def seam(a: str, b: str) -> str:
    """Path of the page of a seam."""
    return f"/naehte/{a}/{b}/"


KINDS = (
    Kind("start", "/"),
    Kind("map", "/karte/"),
    Kind("map-municipalities", "/karte/?ebene=gemeinde"),
    Kind("seams", "/naehte/"),
    Kind("seams-filtered", "/naehte/?ebene=gemeinde&land=03&grenze=land&q=ha&sortierung=-laenge&seite=2"),
    Kind("seams-none", "/naehte/?q=gibtesnicht"),
    Kind("seams-wrong-choice", "/naehte/?ebene=quatsch&land=99&sortierung=x"),
    Kind("seam", seam(HAMELN_PYRMONT, LIPPE)),
    Kind("seam-of-laender", seam(LOWER_SAXONY, "05")),
    Kind("seam-of-municipalities", seam(AERZEN, EXTERTAL)),
    Kind("no-seam", seam(HAMELN_PYRMONT, "09162"), status=404),
    Kind("no-seam-with-itself", seam(LIPPE, LIPPE), status=404),
    Kind("no-seam-across-levels", seam(LOWER_SAXONY, HAMELN_PYRMONT), status=404),
    Kind("areas", "/verzeichnis/gebiete/"),
    Kind("areas-filtered", "/verzeichnis/gebiete/?ebene=gemeinde&land=03&sortierung=-menschen&seite=3"),
    Kind("areas-none", "/verzeichnis/gebiete/?q=gibtesnicht"),
    Kind("land", area(LOWER_SAXONY)),
    Kind("city-state", area(HAMBURG)),
    Kind("land-with-one-neighbour", area(BERLIN)),
    Kind("district", area(HAMELN_PYRMONT)),
    Kind("city-district", area("11000")),
    Kind("union", area(UNION)),
    Kind("municipality", area(HAMELN)),
    Kind("municipality-of-millions", area("020000000000")),
    Kind("island", area(ISLAND)),
    Kind("unincorporated", area(UNINCORPORATED)),
    Kind("search", "/suche/"),
    Kind("search-hits", "/suche/?q=Neustadt"),
    Kind("search-typo", "/suche/?q=Hammeln"),
    Kind("search-none", "/suche/?q=xqzwvxqzwv"),
    Kind("data", "/daten/"),
    Kind("gallery", "/gestaltung/"),
    Kind("guide", "/leitfaden/"),
    Kind("guide-step", "/leitfaden/gespraech-suchen/"),
    Kind("news", "/aktuelles/"),
    Kind("news-item", "/aktuelles/was-diese-seite-kann/"),
    Kind("imprint", "/impressum/"),
    Kind("privacy", "/datenschutz/"),
    Kind("accessibility", "/barrierefreiheit/"),
    Kind("contact", "/kontakt/"),
    Kind("links", "/links/"),
    Kind("documents", "/dokumente/"),
    Kind("help", "/hilfe/"),
    Kind("not-found", "/gibt/es/nicht/", status=404),
    Kind("unknown-area", area("99999"), status=404),
    Kind("map-embed", "/embed/karte/", frame="embed"),
    Kind("area-embed", f"/embed{area(HAMELN_PYRMONT).removeprefix('/verzeichnis')}", frame="embed"),
    Kind("seam-embed", f"/embed{seam(HAMELN_PYRMONT, LIPPE)}", frame="embed"),
    Kind("area-brief", f"{area(HAMELN_PYRMONT)}kurz/", frame="piece"),
    Kind("seam-brief", f"{seam(HAMELN_PYRMONT, LIPPE)}kurz/", frame="piece"),
)
WHOLE = tuple(kind for kind in KINDS if kind.frame == "whole")
LANGUAGES = ("de", "en")
