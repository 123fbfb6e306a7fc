"""The taxonomies of the register: stable ids with their German and English words.

A term is data, not interface text: it stands in files that are exchanged, so both languages are kept beside the id.
What is *kind* (what a cooperation is for), *legal form* (what it is in law) and *task* (what it does) is kept apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """One word of a vocabulary: its id, never changed, and its label in both languages."""

    id: str
    de: str
    en: str
    flags: str = ""

    def label(self, language: str) -> str:
        """The label in this language, German where the language is neither.

        >>> KINDS["metropolregion"].label("en")
        'metropolitan region'
        """
        return self.en if language.startswith("en") else self.de


class Vocabulary(Mapping[str, Term]):
    """Terms under their ids, in the order in which they are offered."""

    def __init__(self, name: str, *terms: Term) -> None:
        self.name = name
        self._terms = {term.id: term for term in terms}

    def __getitem__(self, key: str) -> Term:
        return self._terms[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)


KINDS = Vocabulary(
    "kinds",
    Term("leader-region", "LEADER-Region (LAG)", "LEADER region (LAG)"),
    Term("ile-region", "ILE-Region", "integrated rural development region"),
    Term("metropolregion", "Metropolregion", "metropolitan region"),
    Term("regionalverband", "Regional- oder Planungsverband", "regional or planning association"),
    Term("kooperationsregion", "Strategische Kooperationsregion", "strategic cooperation region"),
    Term("kommunalinitiative", "Kommunale Initiative", "mayors' or municipal initiative"),
    Term("wirtschaftsverbund", "Wirtschaftsförderungsverbund", "joint business promotion"),
    Term("tourismusverbund", "Tourismusgemeinschaft", "tourism association"),
    Term("aufgabenverbund", "Aufgabenverbund", "single-task body"),
    Term("verwaltungskooperation", "Verwaltungskooperation", "shared administration"),
    Term("gewerbegebiet", "Interkommunales Gewerbegebiet", "inter-municipal business park"),
    Term("verkehrsverbund", "Verkehrsverbund", "transport association"),
    Term("naturraum-traeger", "Träger von Natur- oder Geopark", "nature/geo park body"),
    Term("flussgebiet", "Flussgebietsgemeinschaft", "river-basin body"),
    Term("bildungs-gesundheitsregion", "Bildungs- oder Gesundheitsregion", "education or health region"),
    Term("sicherheitsverbund", "Leitstellen- und Katastrophenschutzverbund", "joint control centre / civil protection"),
    Term("staedtenetz", "Städtenetz", "city network"),
    Term("regionales-netzwerk", "Themennetzwerk", "thematic network"),
    Term("leader-kooperationsprojekt", "LEADER-Kooperationsverbund", "LEADER cooperation partnership"),
    Term("euroregion", "Euroregion / Eurodistrikt", "euroregion / eurodistrict"),
    Term("evtz", "EVTZ-Verbund", "EGTC"),
    Term("gesamtgemeinde", "Mehrzweck-Gemeindeverband", "statutory multi-task association"),
    Term("kommunale-partnerschaft", "Kommunale Partnerschaft", "twinning"),
)
"""What a cooperation is for."""

LEGAL_FORMS = Vocabulary(
    "legal_forms",
    Term("ohne", "ohne Rechtsform (informell)", "none (informal)"),
    Term("absichtserklaerung", "Absichtserklärung", "letter of intent"),
    Term("kooperationsvereinbarung", "Kooperationsvereinbarung", "cooperation agreement"),
    Term("arbeitsgemeinschaft", "(Kommunale) Arbeitsgemeinschaft", "working community"),
    Term(
        "oerv-delegierend",
        "Öffentlich-rechtliche Vereinbarung / Zweckvereinbarung, delegierend",
        "public-law agreement, delegating",
        flags="HS",
    ),
    Term(
        "oerv-mandatierend",
        "Öffentlich-rechtliche Vereinbarung / Zweckvereinbarung, mandatierend",
        "public-law agreement, mandating",
        flags="H",
    ),
    Term("zweckverband", "Zweckverband", "special-purpose association", flags="PHS"),
    Term(
        "gemeinsame-anstalt",
        "Gemeinsame kommunale Anstalt / gemeinsames Kommunalunternehmen",
        "joint municipal institution",
        flags="PHS",
    ),
    Term(
        "gemeindeverband",
        "Verwaltungsgemeinschaft, Amt, Samtgemeinde, Verbandsgemeinde",
        "municipal union",
        flags="PHS",
    ),
    Term("regionalkoerperschaft", "Verband durch Gesetz", "body by special law", flags="PHS"),
    Term("planungsverband", "Planungsverband (BauGB § 205)", "planning association", flags="PHS"),
    Term("ev", "eingetragener Verein", "registered association", flags="P"),
    Term("gmbh", "GmbH", "limited company", flags="P"),
    Term("ggmbh", "gGmbH", "non-profit limited company", flags="P"),
    Term("gmbh-co-kg", "GmbH & Co. KG", "limited partnership", flags="P"),
    Term("eg", "Genossenschaft", "cooperative", flags="P"),
    Term("ag-aktie", "Aktiengesellschaft", "public limited company", flags="P"),
    Term("stiftung", "Stiftung", "foundation", flags="P"),
    Term("gbr", "GbR", "civil-law partnership", flags="P"),
    Term("evtz", "EVTZ", "EGTC", flags="PH"),
    Term("goezv", "grenzüberschreitender örtlicher Zweckverband", "cross-border local association", flags="PH"),
    Term("abkommen-staat", "Vereinbarung nach Staatsabkommen", "agreement under an inter-state treaty"),
)
"""What a cooperation is in law. Flags: P own legal personality, H can hold sovereign powers, S takes over the task."""

TASKS = Vocabulary(
    "tasks",
    Term("verwaltung", "Allgemeine Verwaltung", "general administration"),
    Term("digitales", "Digitalisierung", "digital services"),
    Term("bauhof", "Bauhof und Betriebe", "depots, fleet"),
    Term("bauen-planung", "Bauen und Planung", "building and planning"),
    Term("gewerbe-wirtschaft", "Wirtschaft und Gewerbeflächen", "economy and sites"),
    Term("fachkraefte", "Fachkräfte und Arbeit", "skilled labour"),
    Term("tourismus", "Tourismus und Freizeit", "tourism"),
    Term("standortmarketing", "Regionalmarketing und Identität", "regional branding"),
    Term("mobilitaet", "Verkehr und Mobilität", "transport"),
    Term("wasser-abwasser", "Wasser und Abwasser", "water and sewage"),
    Term("abfall", "Abfall und Kreislaufwirtschaft", "waste"),
    Term("energie-klima", "Energie und Klima", "energy and climate"),
    Term("hochwasser", "Gewässer und Hochwasser", "rivers and floods"),
    Term("natur-landschaft", "Natur und Landschaft", "nature"),
    Term("landwirtschaft", "Land- und Forstwirtschaft, regionale Produkte", "farming, forestry"),
    Term("bildung", "Schule und Bildung", "schools, education"),
    Term("kinder-jugend", "Kinder und Jugend", "children, youth"),
    Term("soziales", "Soziales und Pflege", "social services"),
    Term("gesundheit", "Gesundheit", "health"),
    Term("sicherheit", "Brand- und Katastrophenschutz, Ordnung", "safety and order"),
    Term("kultur-sport", "Kultur, Sport, Bäder", "culture, sport"),
    Term("wohnen-ort", "Wohnen, Ortskern, Leerstand", "housing, village centres"),
    Term("migration-ehrenamt", "Zusammenleben und Ehrenamt", "integration, civic life"),
    Term("regionalentwicklung", "Regionalentwicklung und Regionalmanagement", "regional development"),
    Term("verwaltung-grenze", "Beratung zu Grenzfragen", "advice on border matters"),
)
"""What a cooperation does."""

COOPERATION_STATES = Vocabulary(
    "cooperation_states",
    Term("gruendung", "In Gründung", "in formation"),
    Term("aktiv", "Aktiv", "active"),
    Term("ruhend", "Ruhend", "dormant"),
    Term("abwicklung", "In Abwicklung", "winding up"),
    Term("aufgeloest", "Aufgelöst", "dissolved"),
    Term("aufgegangen", "In einer anderen aufgegangen", "merged into another"),
    Term("geteilt", "Geteilt", "split"),
    Term("umgewandelt", "Umgewandelt", "changed legal form"),
)
"""How a cooperation stands."""

SUCCESSIONS = Vocabulary(
    "successions",
    Term("zusammenschluss", "Zusammenschluss", "merger"),
    Term("teilung", "Teilung", "split"),
    Term("umwandlung", "Umwandlung der Rechtsform", "conversion"),
    Term("umbenennung", "Umbenennung", "renaming"),
    Term("nachfolge", "Nachfolge", "succession"),
)
"""How one cooperation became another."""

PROJECT_STATES = Vocabulary(
    "project_states",
    Term("idee", "Idee", "idea"),
    Term("anbahnung", "Anbahnung", "preparation of partnership"),
    Term("konzept", "Konzept und Vereinbarung", "concept"),
    Term("beantragt", "Beantragt", "applied"),
    Term("bewilligt", "Bewilligt", "approved"),
    Term("probe", "Probebetrieb", "trial"),
    Term("umsetzung", "In Umsetzung", "running"),
    Term("ruhend", "Ruhend", "paused"),
    Term("abgeschlossen", "Abgeschlossen", "completed"),
    Term("verstetigt", "Verstetigt", "made permanent"),
    Term("abgelehnt", "Abgelehnt", "refused"),
    Term("zurueckgezogen", "Zurückgezogen", "withdrawn"),
    Term("abgebrochen", "Abgebrochen", "discontinued"),
    Term("gescheitert", "Nicht zustande gekommen", "failed"),
)
"""How a project stands."""

REASONS = Vocabulary(
    "reasons",
    Term("finanzierung", "Finanzierung fehlt oder brach weg", "no money"),
    Term("foerderung-abgelehnt", "Förderung abgelehnt", "funding refused"),
    Term("foerderende", "Förderung oder Förderperiode endete", "funding ended"),
    Term("foerderregeln", "Förderregeln passten nicht zusammen", "funding rules clash"),
    Term("aufwand", "Aufwand für Abstimmung oder Antrag zu hoch", "burden too high"),
    Term("politischer-rueckhalt", "Politischer Rückhalt fehlte", "no political backing"),
    Term("buergerentscheid", "Bürgerentscheid dagegen", "public vote against"),
    Term("autonomie", "Furcht um eigenen Gestaltungsspielraum", "fear for autonomy"),
    Term("buergernaehe", "Furcht um Bürgernähe", "fear for closeness"),
    Term("ungleiche-kraft", "Ungleiche Leistungsfähigkeit", "unequal capacity"),
    Term("ungleicher-wille", "Ungleiche Bereitschaft", "unequal willingness"),
    Term("ungleicher-nutzen", "Interessen oder Nutzen ungleich verteilt", "unfair shares"),
    Term("nachbar-nein", "Nachbar will nicht", "neighbour unwilling"),
    Term("kein-anlass", "Kein Anlass", "no occasion"),
    Term("konkurrenz", "Wettbewerb um Betriebe oder Einwohner", "rivalry"),
    Term("ziel-unklar", "Ziele unklar oder zu groß", "unclear aims"),
    Term("recht-unsicher", "Rechtslage unsicher", "legal uncertainty"),
    Term("landesrecht", "Unterschiedliches Landesrecht", "different state law"),
    Term("steuer-vergabe", "Steuer- oder Vergaberecht", "tax, procurement"),
    Term("personal", "Personal fehlte", "no staff"),
    Term("person-weg", "Schlüsselperson ging", "key person left"),
    Term("vertrauen", "Vertrauen fehlte oder ging verloren", "trust"),
    Term("technik-daten", "Technik oder Daten passten nicht", "technology, data"),
    Term("partner-weg", "Partner stieg aus", "partner left"),
    Term("standort-weg", "Grundlage (Fläche, Auftrag) entfiel", "base lost"),
    Term("ziel-erreicht", "Ziel erreicht", "goal reached"),
    Term("aufgegangen", "In anderer Kooperation aufgegangen", "merged"),
)
"""Why something ended, failed or did not start."""

SUCCESS_FACTORS = Vocabulary(
    "success_factors",
    Term("politischer-wille", "Klarer politischer Wille", "clear political will"),
    Term("rueckendeckung", "Rückendeckung und Fehlerkultur", "backing, room for error"),
    Term("fruehe-erfolge", "Frühe, sichtbare, einfache Projekte", "early visible wins"),
    Term("kontinuitaet", "Kontinuität und Geduld", "continuity"),
    Term("vertrauen", "Vertrauen durch gemeinsame Erfahrung", "trust"),
    Term("klares-votum", "Klares Votum der Beteiligten", "clear vote"),
    Term("kritik-einbinden", "Kritische Stimmen einbinden", "include critics"),
    Term("augenhoehe", "Augenhöhe trotz ungleicher Größe", "equal footing"),
    Term("klare-ziele", "Klare, realistische Ziele und Nutzen", "clear aims and gains"),
    Term("zustaendigkeit", "Klare Zuständigkeit, entscheidungsbefugte Ansprechperson", "clear responsibility"),
    Term("schriftlich", "Frühzeitig schriftlich geregelt", "put in writing early"),
    Term("ausgleich", "Fairer Kosten- und Nutzenausgleich", "fair sharing"),
    Term("konfliktregel", "Regel für Konflikte, Vermittlung", "conflict rule"),
    Term("ausstiegsregel", "Regel für Ausstieg und Rückabwicklung", "exit rule"),
    Term("personal-einbinden", "Beschäftigte früh informieren", "involve staff"),
    Term("geschaeftsstelle", "Unabhängige, kleine Geschäftsstelle", "small independent office"),
    Term("prozessplan", "Fahrplan mit Meilensteinen", "script, milestones"),
    Term("kommunikation", "Kommunikation nach innen und außen", "communication"),
    Term("vorhandene-netze", "Auf Bestehendem aufbauen", "build on ties"),
    Term("anschub", "Anschubförderung", "start-up funding"),
    Term("flexibel", "Anpassungsfähiger Prozess", "flexible process"),
    Term("auswertung", "Regelmäßige Auswertung", "regular review"),
    Term("identitaet", "Gemeinsame Identität", "shared identity"),
    Term("groesse", "Passende Größe (Masse gegen Handlungsfähigkeit)", "right size"),
    Term("externer-rat", "Neutraler Rat von außen", "neutral outside advice"),
)
"""What helped, or was missing."""

MEMBER_ROLES = Vocabulary(
    "member_roles",
    Term("traeger", "Träger", "carrier"),
    Term("mitglied", "Mitglied", "member"),
    Term("foerdermitglied", "Fördermitglied", "supporting member"),
    Term("assoziiert", "Assoziiert", "associated"),
    Term("federfuehrend", "Federführend", "lead"),
    Term("beobachter", "Beobachter", "observer"),
    Term("partner", "Partner", "partner"),
    Term("aufsicht", "Aufsicht", "supervision"),
    Term("gebiet", "Liegt im Gebiet", "lies in its area"),
)
"""How somebody takes part. ``gebiet`` is ours: a territory a cooperation covers without its being a member."""

AGREEMENT_KINDS = Vocabulary(
    "agreement_kinds",
    Term("absichtserklaerung", "Absichtserklärung", "letter of intent"),
    Term("partnerschaftsvereinbarung", "Partnerschaftsvereinbarung", "partnership agreement"),
    Term("satzung", "Satzung", "statutes"),
    Term("oerv", "Öffentlich-rechtliche Vereinbarung", "public-law agreement"),
    Term("staatsvertrag", "Staatsvertrag", "inter-state treaty"),
    Term("beschluss", "Beschluss", "resolution"),
    Term("foerderbescheid", "Förderbescheid", "funding notice"),
    Term("geschaeftsordnung", "Geschäftsordnung", "rules of procedure"),
    Term("kostenschluessel", "Kostenschlüssel", "cost key"),
)
"""What was signed."""

TASK_MODES = Vocabulary(
    "task_modes",
    Term("gemeinsam", "Gemeinsam", "jointly"),
    Term("delegierend", "Delegierend", "delegating"),
    Term("mandatierend", "Mandatierend", "mandating"),
)
"""Who answers for a task under an agreement."""

FUNDING_PERIODS = Vocabulary(
    "funding_periods",
    Term("2000-2006", "2000–2006", "2000–2006"),
    Term("2007-2013", "2007–2013", "2007–2013"),
    Term("2014-2022", "2014–2022", "2014–2022"),
    Term("2023-2027", "2023–2027", "2023–2027"),
)
"""Funding periods of the European rural development funds."""

EVIDENCE = Vocabulary(
    "evidence",
    Term("web", "Internetseite", "web page"),
    Term("amtsblatt", "Amtsblatt", "official gazette"),
    Term("satzung", "Satzung", "statutes"),
    Term("ratsinformation", "Ratsinformation", "council information system"),
    Term("presse", "Presse", "press"),
    Term("eigenauskunft", "Auskunft der Stelle selbst", "the body itself"),
    Term("studie", "Studie oder Datensatz", "study or dataset"),
)
"""Where a statement was found."""

STANCES = Vocabulary(
    "stances",
    Term("belegt", "Belegt", "supports"),
    Term("widerspricht", "Widerspricht", "contradicts"),
)
"""What a source says to a record."""

DATA_STATES = Vocabulary(
    "data_states",
    Term("bestaetigt", "Bestätigt", "confirmed by the body"),
    Term("belegt", "Belegt", "documented by a source"),
    Term("gemeldet", "Gemeldet, ungeprüft", "reported, unchecked"),
    Term("veraltet", "Seit 18 Monaten nicht bestätigt", "not confirmed for 18 months"),
    Term("strittig", "Strittig", "disputed"),
)
"""How well a record is founded."""

ORGANISATION_KINDS = Vocabulary(
    "organisation_kinds",
    Term("behoerde", "Behörde", "public authority"),
    Term("kammer", "Kammer", "chamber"),
    Term("unternehmen", "Unternehmen", "company"),
    Term("verein", "Verein oder Verband", "association"),
    Term("stiftung", "Stiftung", "foundation"),
    Term("hochschule", "Hochschule oder Forschungseinrichtung", "university or research institute"),
    Term("buero", "Planungs- oder Beratungsbüro", "planning or advisory office"),
    Term("kooperationstraeger", "Träger oder Geschäftsstelle einer Kooperation", "carrier or office of a cooperation"),
    Term("sonstige", "Andere Einrichtung", "other body"),
)
"""What an organisation is. Ours."""

NOT_COUNTED_KINDS = frozenset({"gesamtgemeinde"})
"""Kinds that do not bridge a seam unless asked for: the basic administration of some Länder (methods, section 4)."""

BRIDGING_ROLES = frozenset({"traeger", "mitglied", "foerdermitglied", "assoziiert", "federfuehrend", "partner"})
"""Roles that tie a territory to the others; who observes, supervises or is merely covered ties nobody."""

FOOTPRINT_ROLES = (BRIDGING_ROLES - {"foerdermitglied"}) | {"gebiet"}
"""Roles whose territory belongs to the space of a cooperation. Who only supports it, mostly a district or a Land, takes
part without lying in it."""

ENDED_STATES = frozenset({"aufgeloest", "aufgegangen", "geteilt", "umgewandelt"})
"""States of a cooperation that is no more."""

FAILED_STATES = frozenset({"abgelehnt", "zurueckgezogen", "abgebrochen", "gescheitert"})
"""States of a project that did not come to what was meant; each asks for a reason."""

PROJECT_END_STATES = FAILED_STATES | {"abgeschlossen", "verstetigt"}
"""States of a project in which nothing more is to come."""
