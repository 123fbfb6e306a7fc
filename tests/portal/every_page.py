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
    who: Literal["visitor", "person"] = "visitor"
    """Whom it is for: everybody, or somebody who is signed in."""

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
    Kind("map-cooperations", "/karte/?kooperationen=alle&ebene=land"),
    Kind("seams", "/naehte/"),
    Kind("seams-filtered", "/naehte/?ebene=gemeinde&land=03&grenze=land&q=ha&sortierung=-laenge&seite=2"),
    Kind("seams-none", "/naehte/?q=gibtesnicht"),
    Kind("seams-wrong-choice", "/naehte/?ebene=quatsch&land=99&sortierung=x"),
    Kind("seams-unknown", "/naehte/?zustand=unbekannt&sortierung=-menschen"),
    Kind("seams-of-a-task", "/naehte/?aufgabe=tourismus&staerke=ganz&sortierung=-bindung"),
    Kind("seam", seam(HAMELN_PYRMONT, LIPPE)),
    Kind("seam-of-laender", seam(LOWER_SAXONY, "05")),
    Kind("seam-of-municipalities", seam(AERZEN, EXTERTAL)),
    Kind("no-seam", seam(HAMELN_PYRMONT, "09162"), status=404),
    Kind("no-seam-with-itself", seam(LIPPE, LIPPE), status=404),
    Kind("no-seam-across-levels", seam(LOWER_SAXONY, HAMELN_PYRMONT), status=404),
    Kind("directory", "/verzeichnis/"),
    Kind("cooperations", "/verzeichnis/kooperationen/"),
    Kind("cooperations-none", "/verzeichnis/kooperationen/?q=gibtesnicht&art=leader-region&daten=belegt"),
    Kind("cooperations-wrong-choice", "/verzeichnis/kooperationen/?art=quatsch&land=99&sortierung=x"),
    Kind("projects", "/verzeichnis/projekte/"),
    Kind("organisations", "/verzeichnis/organisationen/"),
    Kind("unknown-cooperation", "/verzeichnis/kooperationen/gibt-es-nicht/", status=404),
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
    Kind("coverage", "/daten/abdeckung/"),
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
    Kind("roles", "/hilfe/rollen/"),
    Kind("not-found", "/gibt/es/nicht/", status=404),
    Kind("unknown-area", area("99999"), status=404),
    Kind("map-embed", "/embed/karte/", frame="embed"),
    Kind("area-embed", f"/embed{area(HAMELN_PYRMONT).removeprefix('/verzeichnis')}", frame="embed"),
    Kind("seam-embed", f"/embed{seam(HAMELN_PYRMONT, LIPPE)}", frame="embed"),
    Kind("area-brief", f"{area(HAMELN_PYRMONT)}kurz/", frame="piece"),
    Kind("seam-brief", f"{seam(HAMELN_PYRMONT, LIPPE)}kurz/", frame="piece"),
)
ACCOUNT = (
    Kind("sign-in", "/konto/anmelden/"),
    Kind("sign-up", "/konto/registrieren/"),
    Kind("confirm-address", "/konto/e-mail/bestaetigen/"),
    Kind("confirm-address-wrong", "/konto/e-mail/bestaetigen/falsch/"),
    Kind("forgotten-password", "/konto/passwort/vergessen/"),
    Kind("forgotten-password-sent", "/konto/passwort/vergessen/gesendet/"),
    Kind("new-password-wrong", "/konto/passwort/neu/1-falsch/"),
    Kind("new-password-saved", "/konto/passwort/neu/fertig/"),
    Kind("locked", "/konto/gesperrt/"),
    Kind("account-gone", "/konto/geloescht/"),
    Kind("invitation-void", "/konto/einladung/erfunden/", status=410),
    Kind("account", "/konto/", who="person"),
    Kind("account-data", "/konto/daten/", who="person"),
    Kind("account-delete", "/konto/loeschen/", who="person"),
    Kind("sign-out", "/konto/abmelden/", who="person"),
    Kind("addresses", "/konto/e-mail/", who="person"),
    Kind("change-password", "/konto/passwort/", who="person"),
    Kind("second-factor", "/konto/zwei-faktor/", who="person"),
    Kind("is-it-you", "/konto/wirklich-sie/", who="person"),
    Kind("follow", "/konto/folgen/?art=cooperation&ref=einharz", who="person"),
    Kind("suggest", "/konto/vorschlagen/", who="person"),
    Kind("suggest-cooperation", "/konto/vorschlagen/?art=cooperation", who="person"),
    Kind("suggest-change", "/konto/vorschlagen/?art=cooperation&ref=einharz", who="person"),
    Kind("suggest-member", "/konto/vorschlagen/?art=membership&ref=einharz", who="person"),
    Kind("suggest-organisation", "/konto/vorschlagen/?art=organisation", who="person"),
    Kind("suggest-project", "/konto/vorschlagen/?art=project", who="person"),
    Kind("mistake", "/konto/fehler-melden/?art=cooperation&ref=einharz", who="person"),
    Kind("suggestions", "/konto/vorschlaege/", who="person"),
    Kind("suggestion", "/konto/vorschlaege/NUMBER/", who="person"),
    Kind("still-right", "/konto/stimmt-noch/cooperation/einharz/", who="person"),
    Kind("cooperation-desk", "/konto/kooperationen/einharz/", who="person"),
    Kind("cooperation-facts", "/konto/kooperationen/einharz/angaben/", who="person"),
    Kind("confirm-members", "/konto/kooperationen/einharz/mitglieder/bestaetigen/", who="person"),
    Kind("add-member", "/konto/kooperationen/einharz/neu/mitglied/", who="person"),
    Kind("add-project", "/konto/kooperationen/einharz/neu/projekt/", who="person"),
    Kind("add-agreement", "/konto/kooperationen/einharz/neu/vereinbarung/", who="person"),
    Kind("add-meeting", "/konto/kooperationen/einharz/neu/treffen/", who="person"),
    Kind("add-source", "/konto/kooperationen/einharz/neu/quelle/", who="person"),
    Kind("organisation-desk", "/konto/organisationen/stadtwerke/", who="person"),
    Kind("organisation-facts", "/konto/organisationen/stadtwerke/angaben/", who="person"),
    Kind("project-desk", "/konto/projekte/ticket/", who="person"),
    Kind("agreement-desk", "/konto/vereinbarungen/absicht/", who="person"),
    Kind("meeting-desk", "/konto/treffen/lenkung/", who="person"),
    Kind("membership", "/konto/mitgliedschaften/mit-stadtwerken/", who="person"),
    Kind("end-membership", "/konto/mitgliedschaften/mit-stadtwerken/beenden/", who="person"),
    Kind("roles-and-invitations", "/konto/einladungen/", who="person"),
    Kind("invitations", "/konto/einladungen/kooperation/einharz/", who="person"),
)
"""Pages of the account. They need a register with these records; NUMBER is that of a suggestion."""
WHOLE = tuple(kind for kind in KINDS if kind.frame == "whole")
LANGUAGES = ("de", "en")

REGISTER_KINDS = (
    Kind("directory-filled", "/verzeichnis/"),
    Kind("cooperations-filled", "/verzeichnis/kooperationen/?art=metropolregion&sortierung=-mitglieder"),
    Kind("cooperation", "/verzeichnis/kooperationen/einharz/"),
    Kind("cooperation-past", "/verzeichnis/kooperationen/leader-gruenes-band/?stand=2016-06-01"),
    Kind("cooperation-wrong-day", "/verzeichnis/kooperationen/einharz/?stand=gestern"),
    Kind("cooperation-ended", "/verzeichnis/kooperationen/leader-flechtinger-hoehenzug/"),
    Kind("cooperation-of-districts", "/verzeichnis/kooperationen/metropolregion-hamburg/"),
    Kind("projects-failed", "/verzeichnis/projekte/?stand=nicht-gelungen&grund=finanzierung"),
    Kind("project", "/verzeichnis/projekte/ecarsharing-harz/"),
    Kind("project-failed", "/verzeichnis/projekte/harzring/"),
    Kind("organisations-filled", "/verzeichnis/organisationen/?sortierung=-kooperationen"),
    Kind("organisation", "/verzeichnis/organisationen/harz-energie/"),
    Kind("organisation-that-carries", "/verzeichnis/organisationen/ein-harz-gmbh/"),
    Kind("agreement", "/verzeichnis/vereinbarungen/kooperationsgipfel-schladen/"),
    Kind("meeting", "/verzeichnis/treffen/lag-sitzung-2024/"),
    Kind("cooperation-history", "/verzeichnis/kooperationen/einharz/verlauf/"),
    Kind("cooperation-embed", "/embed/kooperationen/einharz/", frame="embed"),
)
"""Pages that need entries of the register: those of `tests.portal.register.samples`."""
