"""A small true register: EinHarz, two metropolitan regions that overlap in the Heidekreis, LEADER in Helmstedt.

Facts are those of the demonstration register, cut down to what tests of pages need; what nobody but its own people may
see (a draft, a withdrawn entry, a consent that ended) is invented.
"""

from __future__ import annotations

from typing import Any

from nahtstelle.portal.register import actions
from nahtstelle.portal.register.models import RECORDS, Record
from nahtstelle.portal.register.policies import OPERATOR

EINHARZ, HAMBURG, HANNOVER = "einharz", "metropolregion-hamburg", "metropolregion-hannover"
HELMSTEDT, BEFORE = "leader-gruenes-band", "leader-flechtinger-hoehenzug"
AFTER = "leader-flechtinger-hoehenzug-droemling"
HARZRING, ECARSHARING, SECRET_PROJECT = "harzring", "ecarsharing-harz", "noch-geheim"
ENERGY, OFFICE = "harz-energie", "ein-harz-gmbh"
AGREEMENT, MEETING = "kooperationsgipfel-schladen", "lag-sitzung-2024"
DRAFT, WITHDRAWN = "entwurf-eines-verbunds", "zurueckgezogener-verbund"
HEIDEKREIS = "03358"

HAMBURG_DISTRICTS = ("01053", "01061", "03352", "03353", "03355", "03357", HEIDEKREIS, "03359", "13076")
HANNOVER_DISTRICTS = ("03241", "03252", "03254", "03101", HEIDEKREIS, "03153", "03154")
HELMSTEDT_MUNICIPALITIES = ("03154001", "03154004", "03154007", "03154009", "03154019", "03154024")
SECRETS = (
    "Entwurf eines Verbunds", "Zurückgezogener Verbund", "Noch geheim", "Geheime GmbH", "Erika Beispiel",
    "Nur für die Redaktion",
)  # fmt: skip
"""Words that must not be seen anywhere in public."""


def _cooperations() -> list[dict[str, Any]]:
    return [
        {
            "ref": EINHARZ,
            "name": "EIN HARZ",
            "short_name": "EinHarz",
            "kind": "kommunalinitiative",
            "legal_form": "gmbh",
            "tasks": ["mobilitaet", "standortmarketing"],
            "founded": "2014",
            "seat_key": "03153017",
            "seat_place": "Goslar",
            "website": "https://www.einharz.de/",
            "summary_de": "Bürgermeister aus drei Ländern denken den Harz als eine Region.",
            "review_note": "Nur für die Redaktion",
        },
        {
            "ref": HAMBURG,
            "name": "Metropolregion Hamburg",
            "kind": "metropolregion",
            "legal_form": "kooperationsvereinbarung",
            "tasks": ["regionalentwicklung"],
            "founded": "1995",
        },
        {
            "ref": HANNOVER,
            "name": "Metropolregion Hannover Braunschweig Göttingen Wolfsburg",
            "kind": "metropolregion",
            "legal_form": "gmbh",
            "tasks": ["regionalentwicklung", "mobilitaet"],
            "founded": "2005",
        },
        {
            "ref": HELMSTEDT,
            "name": "LEADER-Region Grünes Band im Landkreis Helmstedt",
            "short_name": "Grünes Band Helmstedt",
            "kind": "leader-region",
            "tasks": ["regionalentwicklung"],
            "founded": "2014",
            "fundings": [
                {"programme": "LEADER", "period": "2014-2022"},
                {"programme": "LEADER", "period": "2023-2027", "budget_eur": "1550000"},
            ],
        },
        {
            "ref": BEFORE,
            "name": "LEADER-Region Flechtinger Höhenzug",
            "kind": "leader-region",
            "state": "aufgegangen",
            "founded": "2000",
            "ended": "2023",
            "end_reasons": ["aufgegangen"],
        },
        {
            "ref": AFTER,
            "name": "LEADER-Region Flechtinger Höhenzug und Drömling",
            "kind": "leader-region",
            "founded": "2021-12-17",
        },
    ]


def _memberships() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"ref": f"mrh-{key}", "cooperation": HAMBURG, "area_key": key, "valid_from": "1995"}
        for key in HAMBURG_DISTRICTS
        if key != HEIDEKREIS
    ]
    rows += [
        {"ref": "mrh-heidekreis", "cooperation": HAMBURG, "area_key": HEIDEKREIS, "valid_from": "1996"},
        {"ref": "mrh-hamburg", "cooperation": HAMBURG, "area_key": "02", "role": "federfuehrend"},
        {
            "ref": "mrh-schwerin",
            "cooperation": HAMBURG,
            "area_key": "13004",
            "valid_from": "2017-03-01",
            "role": "mitglied",
        },
    ]
    rows += [{"ref": f"mrhb-{key}", "cooperation": HANNOVER, "area_key": key} for key in HANNOVER_DISTRICTS]
    rows += [
        {"ref": f"gb-{key}", "cooperation": HELMSTEDT, "area_key": key, "valid_from": "2014"}
        for key in HELMSTEDT_MUNICIPALITIES
    ]
    rows += [
        {
            "ref": "gb-bueddenstedt",
            "cooperation": HELMSTEDT,
            "area_key": "03154003",
            "valid_from": "2014",
            "valid_until": "2017-07-01",
        },
        {"ref": "eh-goslar", "cooperation": EINHARZ, "area_key": "03153017", "valid_from": "2014"},
        {"ref": "eh-wernigerode", "cooperation": EINHARZ, "area_key": "15085370", "valid_from": "2014"},
        {"ref": "eh-nordhausen", "cooperation": EINHARZ, "area_key": "16062041", "valid_from": "2016"},
        {"ref": "eh-energie", "cooperation": EINHARZ, "organisation": ENERGY, "role": "partner"},
        {"ref": "eh-geheim", "cooperation": EINHARZ, "organisation": "geheime-gmbh", "role": "partner"},
        {"ref": "eh-mrh", "cooperation": HAMBURG, "party_cooperation": EINHARZ, "role": "beobachter"},
    ]
    return rows


def records() -> list[tuple[str, dict[str, Any]]]:
    """Every record in an order in which what is referred to comes first: type and fields."""
    rows: list[tuple[str, dict[str, Any]]] = [("cooperation", said) for said in _cooperations()]
    rows += [
        (
            "organisation",
            {"ref": OFFICE, "name": "EIN HARZ GmbH", "kind": "kooperationstraeger", "carries": EINHARZ,
             "seat_key": "03153017"},
        ),
        ("organisation", {"ref": ENERGY, "name": "Harz Energie", "kind": "unternehmen", "seat_place": "Goslar"}),
        ("organisation", {"ref": "geheime-gmbh", "name": "Geheime GmbH", "kind": "unternehmen"}),
        ("cooperation", {"ref": DRAFT, "name": "Entwurf eines Verbunds", "kind": "aufgabenverbund"}),
        ("cooperation", {"ref": WITHDRAWN, "name": "Zurückgezogener Verbund", "kind": "aufgabenverbund"}),
        *(("membership", said) for said in _memberships()),
        ("succession", {"ref": "fh-fhd", "before": BEFORE, "after": AFTER, "kind": "nachfolge", "on": "2022"}),
        (
            "agreement",
            {
                "ref": AGREEMENT,
                "title": "Vereinbarung des nördlichen Harzvorlands",
                "kind": "absichtserklaerung",
                "signed": "2014-10-27",
                "valid_from": "2014-10-27",
                "place": "Schladen",
                "subject_de": "Erfahrungsaustausch und gemeinsame Projekte",
                "parties": [{"party_cooperation": HELMSTEDT}, {"party_name": "LEADER-Region Rund um den Huy"}],
                "tasks": [{"task": "regionalentwicklung", "mode": "gemeinsam"}],
            },
        ),
        (
            "project",
            {
                "ref": HARZRING,
                "name": "Harzring",
                "state": "gescheitert",
                "reasons": ["finanzierung"],
                "learned_de": "Erst das Geld sichern, dann ankündigen.",
                "cooperations": [{"cooperation": EINHARZ, "lead": True}],
            },
        ),
        (
            "project",
            {
                "ref": ECARSHARING,
                "name": "eCarSharing Harz",
                "state": "umsetzung",
                "tasks": ["mobilitaet"],
                "started": "2022-07-01",
                "costs_eur": "1250000",
                "cooperations": [{"cooperation": EINHARZ, "lead": True}, {"cooperation": HANNOVER}],
                "partners": [{"organisation": ENERGY}, {"area_key": "03153017"}, {"organisation": "geheime-gmbh"}],
                "fundings": [{"programme": "Klimaschutz", "amount_eur": "500000"}],
                "effects": [
                    {"indicator": "Autos", "unit": "Stück", "before": "0", "before_on": "2022", "target": "13"}
                ],
            },
        ),
        (
            "project",
            {"ref": SECRET_PROJECT, "name": "Noch geheim", "state": "idee", "cooperations": [{"cooperation": EINHARZ}]},
        ),
        (
            "meeting",
            {
                "ref": MEETING,
                "name": "Sitzung der Lokalen Aktionsgruppe",
                "start": "2024-05-08T00:00:00+02:00",
                "whole_day": True,
                "place": "Helmstedt",
                "bodies": [{"cooperation": HELMSTEDT, "body": "Lokale Aktionsgruppe"}],
                "agenda": [{"number": "1", "name": "Podcasts", "result": "beschlossen"}],
            },
        ),
        (
            "contact",
            {
                "ref": "eh-geschaeftsstelle",
                "cooperation": EINHARZ,
                "function": "Geschäftsstelle",
                "mailbox": "info@einharz.example",
                "person_name": "Erika Beispiel",
                "consent_on": "2019-01-01",
                "consent_purpose": "Ansprechperson",
                "consent_until": "2020-01-01",
            },
        ),
        ("source", {"ref": "zeitung", "title": "Zehn Jahre EinHarz", "publisher": "Zeitung", "evidence": "presse"}),
        ("source", {"ref": "zeitung-2", "title": "EinHarz wächst", "publisher": "Zeitung", "evidence": "presse"}),
        ("source", {"ref": "wiki", "title": "Ein Harz", "url": "https://wiki.example/einharz", "evidence": "web"}),
        ("citation", {"ref": "c1", "source": "zeitung", "about_type": "cooperation", "about_ref": EINHARZ}),
        ("citation", {"ref": "c2", "source": "zeitung-2", "about_type": "cooperation", "about_ref": EINHARZ}),
        ("citation", {"ref": "c3", "source": "wiki", "about_type": "cooperation", "about_ref": EINHARZ}),
        ("citation", {"ref": "c4", "source": "zeitung", "about_type": "membership", "about_ref": "eh-goslar"}),
        ("citation", {"ref": "c5", "source": "zeitung", "about_type": "project", "about_ref": HARZRING}),
        (
            "citation",
            {"ref": "c6", "source": "zeitung", "about_type": "cooperation", "about_ref": HAMBURG,
             "stance": "widerspricht", "field": "founded"},
        ),
        (
            "statement",
            {"ref": "s1", "about_type": "cooperation", "about_ref": EINHARZ, "what_de": "Rund 80 Partner wirken mit.",
             "property": "partners", "operator": "approx", "value": "80", "unit": "Partner",
             "check_de": "Zwei Quellen bestätigen es."},
        ),
        (
            "attachment",
            {"ref": "a1", "about_type": "cooperation", "about_ref": EINHARZ, "title": "Satzung",
             "url": "https://www.einharz.de/satzung.pdf"},
        ),
    ]  # fmt: skip
    return rows


def small_register() -> dict[str, Record]:
    """Enter all of it by the verbs; what is a draft or withdrawn is so in the end."""
    made: dict[str, Record] = {}
    for type_, said in records():
        draft = said["ref"] in (DRAFT, SECRET_PROJECT, "geheime-gmbh")
        made[said["ref"]] = actions.create(OPERATOR, type_, said, via="command", draft=draft)
    actions.withdraw(OPERATOR, made[WITHDRAWN], via="command")
    actions.confirm(OPERATOR, made[HANNOVER], via="command")
    return {ref: RECORDS[record.TYPE]._default_manager.get(ref=ref) for ref, record in made.items()}
