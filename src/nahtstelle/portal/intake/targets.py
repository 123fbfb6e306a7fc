"""What can be imported, and which column of a list may mean which field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nahtstelle.core.names import folded
from nahtstelle.core.vocabularies import (
    COOPERATION_STATES,
    KINDS,
    LEGAL_FORMS,
    MEMBER_ROLES,
    ORGANISATION_KINDS,
    PROJECT_STATES,
    REASONS,
    TASKS,
    Vocabulary,
)


@dataclass(frozen=True)
class Field:
    """A field a column can be read as: how its cells are understood, and what its column is called in lists."""

    name: str
    label: Promise
    form: str = "text"
    """``text``, ``term``, ``terms``, ``date``, ``last-day``, ``money``, ``url``, ``ref``, or whom it names."""
    called: str = ""
    """Other names of the column, folded, with commas between them."""
    vocabulary: Vocabulary | None = None
    longest: int = 0
    help: Promise | str = ""

    @property
    def names(self) -> frozenset[str]:
        """Folded names of columns that mean this field."""
        said = {folded(each) for each in self.called.split(",") if each}
        return frozenset(said | {folded(str(self.label)), folded(self.name)})


@dataclass(frozen=True)
class Target:
    """A kind of entry that lists are made of."""

    name: str
    type: str
    label: Promise
    fields: tuple[Field, ...]
    needed: tuple[tuple[str, ...], ...]
    """Of each of these groups of fields at least one must have a column."""

    def field(self, name: str) -> Field:
        """The field of this name. Raises `KeyError`."""
        return {each.name: each for each in self.fields}[name]


_REF = Field("ref", _("reference"), "ref", "ref,id,kennung,schluessel des eintrags")
_WEBSITE = Field("website", _("web site"), "url", "website,webseite,internet,homepage,url,link,web", longest=500)
_SUMMARY = (
    Field(
        "summary_de", _("summary in German"), "text", "kurzbeschreibung,beschreibung,zusammenfassung,inhalt,bemerkungen"
    ),
    Field("summary_en", _("summary in English"), "text", "description,summary,kurzbeschreibung englisch"),
)
_SEAT = (
    Field("seat_place", _("seat"), "text", "sitz,ort,sitz der geschaeftsstelle,geschaeftsstelle", longest=120),
    Field("seat_key", _("key of the seat"), "key", "ags sitz,schluessel des sitzes,gemeindeschluessel sitz"),
)

MEMBERSHIPS = Target(
    "memberships",
    "membership",
    _("memberships"),
    (
        Field(
            "cooperation", _("cooperation"), "cooperation",
            "kooperation,zusammenschluss,region,verband,verbund,leader region,lag,name der kooperation,buendnis",
            help=_("Its name or its reference."),
        ),
        Field(
            "member", _("name of the member area"), "area",
            "mitglied,mitgliedskommune,gemeinde,kommune,stadt gemeinde,name,gemeindename,gebietskoerperschaft,ort,"
            "stadt,mitglieder,name der gemeinde,gebiet,area,municipality,samtgemeinde,name des mitglieds",
        ),
        Field(
            "key", _("official key"), "key",
            "ags,ars,schluessel,gemeindeschluessel,amtlicher gemeindeschluessel,regionalschluessel,gkz,ags 8,key,"
            "amtl gemeindeschluessel,gemeindekennziffer,rs",
        ),
        Field("district", _("district"), "text", "kreis,landkreis,lk,kreis landkreis,kreisname"),
        Field("land", _("Land"), "text", "bundesland,land,bl"),
        Field(
            "organisation", _("member organisation"), "organisation",
            "organisation,institution,partner,mitgliedsorganisation,einrichtung,firma,unternehmen",
        ),
        Field("member_cooperation", _("member cooperation"), "member_cooperation", "mitgliedskooperation"),
        Field("role", _("role"), "term", "rolle,funktion,art der mitgliedschaft,status,mitgliedsart", MEMBER_ROLES),
        Field("part", _("only in part"), "text", "teilgebiet,nur teilweise,ortsteile,gebietsteil", longest=500),
        Field("via", _("through"), "text", "ueber,vertreten durch,durch,samtgemeinde verbandsgemeinde", longest=200),
        Field("valid_from", _("from"), "date", "von,seit,beitritt,beginn,mitglied seit,ab,eintritt,gueltig ab"),
        Field(
            "valid_until", _("until, last day"), "last-day", "bis,austritt,ende,mitglied bis,gueltig bis,ausgetreten",
            help=_("The last day or year in which it still held."),
        ),
        Field("note", _("note"), "text", "bemerkung,anmerkung,notiz,hinweis,kommentar"),
    ),
    (("cooperation",), ("member", "key", "organisation", "member_cooperation")),
)  # fmt: skip

COOPERATIONS = Target(
    "cooperations",
    "cooperation",
    _("cooperations"),
    (
        Field("name", _("name"), "text", "kooperation,name der kooperation,bezeichnung,titel,name", longest=200),
        _REF,
        Field("short_name", _("short name"), "text", "kurzname,abkuerzung,kurzbezeichnung,kuerzel", longest=100),
        Field("kind", _("kind"), "term", "art,typ,kategorie,kooperationsart,art der kooperation", KINDS),
        Field("legal_form", _("legal form"), "term", "rechtsform,organisationsform", LEGAL_FORMS),
        Field("legal_basis", _("legal basis"), "text", "rechtsgrundlage,gesetz", longest=300),
        Field("tasks", _("tasks"), "terms", "aufgaben,themen,handlungsfelder,aufgabe,thema,aufgabenfelder", TASKS),
        Field("state", _("state"), "term", "stand,status,zustand", COOPERATION_STATES),
        Field("founded", _("founded"), "date", "gegruendet,gruendung,gruendungsjahr,seit,gruendungsdatum,jahr"),
        Field("ended", _("ended, last day"), "last-day", "beendet,ende,bis,aufgeloest am,aufloesung"),
        Field("end_reasons", _("reasons for the end"), "terms", "gruende,gruende des endes", REASONS),
        *_SEAT,
        _WEBSITE,
        *_SUMMARY,
    ),
    (("name", "ref"),),
)

ORGANISATIONS = Target(
    "organisations",
    "organisation",
    _("organisations"),
    (
        Field(
            "name",
            _("name"),
            "text",
            "organisation,institution,bezeichnung,name,partner,einrichtung,firma",
            longest=200,
        ),
        _REF,
        Field("short_name", _("short name"), "text", "kurzname,abkuerzung,kurzbezeichnung,kuerzel", longest=100),
        Field("kind", _("kind"), "term", "art,typ,kategorie,sektor", ORGANISATION_KINDS),
        *_SEAT,
        _WEBSITE,
        Field("carries", _("carries the cooperation"), "cooperation", "traegt,traeger von,kooperation"),
        *_SUMMARY,
    ),
    (("name", "ref"),),
)

PROJECTS = Target(
    "projects",
    "project",
    _("projects"),
    (
        Field("name", _("name"), "text", "projekt,projektname,titel,projekttitel,bezeichnung,vorhaben", longest=250),
        _REF,
        Field(
            "cooperation", _("cooperations, lead first"), "cooperations",
            "kooperation,region,traeger,kooperationen,lag,leader region,verbund",
            help=_("Several with a semicolon between them."),
        ),
        Field("state", _("state"), "term", "stand,status,projektstand,zustand", PROJECT_STATES),
        Field("tasks", _("tasks"), "terms", "aufgaben,themen,handlungsfeld,handlungsfelder,thema", TASKS),
        Field("started", _("started"), "date", "beginn,start,von,projektbeginn,anfang"),
        Field("ended", _("ended, last day"), "last-day", "ende,bis,projektende,abschluss,laufzeit bis"),
        Field("reasons", _("reasons"), "terms", "gruende,grund,warum", REASONS),
        Field("costs_eur", _("costs in euros"), "money", "kosten,gesamtkosten,projektkosten,kosten in euro,kosten eur"),
        Field("outcome_de", _("outcome in German"), "text", "ergebnis,ergebnisse,wirkung"),
        Field("reason_note_de", _("reasons in words, in German"), "text", "begruendung,erlaeuterung"),
        Field("learned_de", _("what we would do differently, in German"), "text", "gelernt,erkenntnisse,lehren"),
        _WEBSITE,
        *_SUMMARY,
    ),
    (("name", "ref"),),
)  # fmt: skip

TARGETS: dict[str, Target] = {each.name: each for each in (MEMBERSHIPS, COOPERATIONS, ORGANISATIONS, PROJECTS)}


def known_names() -> frozenset[str]:
    """Folded names of columns of all targets: what tells a header from a title."""
    return frozenset(name for target in TARGETS.values() for each in target.fields for name in each.names)


def guessed(target: Target, header: Iterable[str]) -> dict[str, int]:
    """Fields with the position of the column that is called so, each column once; the surest first."""
    names = [folded(name) for name in header]
    taken: dict[str, int] = {}
    for exact in (True, False):
        for each in target.fields:
            if each.name in taken:
                continue
            for position, name in enumerate(names):
                fits = name in each.names if exact else any(_within(one, name) for one in each.names if len(one) > 3)
                if fits and position not in taken.values():
                    taken[each.name] = position
                    break
    return taken


def _within(one: str, name: str) -> bool:
    """Whether a column's name begins or ends with these words."""
    return name.startswith(f"{one} ") or name.endswith(f" {one}")


def missing(target: Target, columns: Mapping[str, object]) -> list[tuple[str, ...]]:
    """Groups of fields of which one is needed and none has a column."""
    return [group for group in target.needed if not set(group) & set(columns)]
