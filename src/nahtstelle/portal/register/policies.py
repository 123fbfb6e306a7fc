"""Who may do what: one table of roles in plain words, and the one function that reads it.

How far a role reaches is said verb by verb: nowhere, on one's own records, in the Länder given, everywhere. A role of
coordination is given for one cooperation or one organisation; its own records are these and all that belongs to them:
memberships, agreements, projects, meetings, contacts, documents, and what sources say of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db.models import prefetch_related_objects
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from nahtstelle.portal.register.models import (
    RECORDS,
    Agreement,
    Assignment,
    Contact,
    Cooperation,
    Entry,
    Meeting,
    Membership,
    Organisation,
    Project,
    Record,
    Role,
    StatedBy,
    Succession,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from nahtstelle.portal.accounts.models import Person

NONE, OWN, LAENDER, ALL = "none", "own", "laender", "all"
"""How far a right reaches."""


@dataclass(frozen=True)
class Verb:
    """What can be done with the register, and how far each role reaches."""

    title: StrOrPromise
    visitor: str
    account: str
    coordination: str
    editorial: str
    administration: str


# fmt: off
VERBS: Final[dict[str, Verb]] = {
    #                        in words                                           visitor account coord. editorial admin.
    "see":                 Verb(_("read what is public"),                              ALL,  ALL,  ALL,  ALL,     ALL),
    "see_drafts":          Verb(_("read drafts"),                                      NONE, NONE, OWN,  LAENDER, ALL),
    "suggest":             Verb(_("suggest an entry or a change"),                     NONE, ALL,  ALL,  ALL,     ALL),
    "follow":              Verb(_("be told of changes by mail"),                       NONE, ALL,  ALL,  ALL,     ALL),
    "create":              Verb(_("create an entry"),                                  NONE, NONE, OWN,  LAENDER, ALL),
    "create_partner":      Verb(_("create an organisation or a source"),               NONE, NONE, ALL,  ALL,     ALL),
    "change":              Verb(_("change an entry"),                                  NONE, NONE, OWN,  LAENDER, ALL),
    "publish":             Verb(_("publish a draft"),                                  NONE, NONE, OWN,  LAENDER, ALL),
    "confirm":             Verb(_("confirm that an entry is right"),                   NONE, NONE, OWN,  LAENDER, ALL),
    "withdraw":            Verb(_("withdraw an entry"),                                NONE, NONE, OWN,  LAENDER, ALL),
    "restore":             Verb(_("restore a withdrawn entry"),                        NONE, NONE, OWN,  LAENDER, ALL),
    "add_membership":      Verb(_("add a member"),                                     NONE, NONE, OWN,  LAENDER, ALL),
    "end_membership":      Verb(_("end a membership"),                                 NONE, NONE, OWN,  LAENDER, ALL),
    "confirm_membership":  Verb(_("confirm one side of a membership"),                 NONE, NONE, OWN,  LAENDER, ALL),
    "rename":              Verb(_("rename a cooperation"),                             NONE, NONE, OWN,  LAENDER, ALL),
    "convert":             Verb(_("change the legal form of a cooperation"),           NONE, NONE, OWN,  LAENDER, ALL),
    "merge":               Verb(_("merge cooperations"),                               NONE, NONE, OWN,  LAENDER, ALL),
    "split":               Verb(_("split a cooperation"),                              NONE, NONE, OWN,  LAENDER, ALL),
    "dissolve":            Verb(_("dissolve a cooperation"),                           NONE, NONE, OWN,  LAENDER, ALL),
    "sign_agreement":      Verb(_("sign an agreement"),                                NONE, NONE, OWN,  LAENDER, ALL),
    "terminate_agreement": Verb(_("terminate an agreement"),                           NONE, NONE, OWN,  LAENDER, ALL),
    "move_project":        Verb(_("move a project to another state"),                  NONE, NONE, OWN,  LAENDER, ALL),
    "fail_project":        Verb(_("say of a project that it failed"),                  NONE, NONE, OWN,  NONE,    NONE),
    "add_source":          Verb(_("add a source"),                                     NONE, NONE, OWN,  LAENDER, ALL),
    "dispute":             Verb(_("mark an entry as disputed"),                        NONE, NONE, OWN,  LAENDER, ALL),
    "settle":              Verb(_("settle a dispute"),                                 NONE, NONE, OWN,  LAENDER, ALL),
    "decide":              Verb(_("accept or decline suggestions"),                    NONE, NONE, OWN,  LAENDER, ALL),
    "state_completeness":  Verb(_("state that the register is complete for an area"),  NONE, NONE, NONE, LAENDER, ALL),
    "import":              Verb(_("import lists"),                                     NONE, NONE, OWN,  LAENDER, ALL),
    "undo_batch":          Verb(_("undo an import"),                                   NONE, NONE, OWN,  OWN,     ALL),
    "invite":              Verb(_("invite somebody to coordinate"),                    NONE, NONE, OWN,  LAENDER, ALL),
    "assign":              Verb(_("give and take roles"),                              NONE, NONE, NONE, NONE,    ALL),
}
"""Every right there is, with its reach per role."""
# fmt: on


@dataclass(frozen=True)
class RoleInWords:
    """A role as it is explained to people."""

    title: StrOrPromise
    meaning: StrOrPromise


ROLES: Final[dict[str, RoleInWords]] = {
    "visitor": RoleInWords(_("visitor"), _("Reads what is public, without an account.")),
    "account": RoleInWords(_("person with an account"), _("Suggests entries and changes, and follows entries.")),
    "coordination": RoleInWords(
        _("coordination"),
        _("Looks after named cooperations or organisations and all that belongs to them, and invites others to."),
    ),
    "editorial": RoleInWords(
        _("editorial staff"), _("Looks after everything in the Länder given, and decides on suggestions there.")
    ),
    "administration": RoleInWords(_("administration"), _("Looks after everything and gives roles.")),
}
"""The roles, from the least to the most; the fields of `Verb` are named alike."""

SHARED_TYPES: Final = frozenset({"organisation", "source"})
"""Kinds of record that many others refer to: whoever coordinates something may add one, and changes only their own."""

_BOTH_SIDES: Final = frozenset({"add_membership", "end_membership", "confirm_membership", "dispute", "see_drafts"})
"""Verbs that either side of a membership may do; the others are the cooperation's."""

_NOT_REVIEWED: Final = frozenset(
    {"see", "see_drafts", "suggest", "follow", "confirm", "confirm_membership", "dispute", "invite", "import"}
)
"""Verbs that publish nothing new: done at once by those whose entries are otherwise looked at first."""


class Operator:
    """Whoever runs commands on the server: may do everything, and has no account."""

    is_authenticated: Final = True
    is_active: Final = True
    pk: Final = None

    def __str__(self) -> str:
        return "nahtstelle"


OPERATOR: Final = Operator()


@dataclass(frozen=True)
class Standing:
    """What somebody is to the register, read once: pass it instead of the person where many records are asked for."""

    person: Person | Operator | None
    signed_in: bool = False
    administration: bool = False
    assignments: tuple[Assignment, ...] = ()
    _lands: dict[tuple[str, int], frozenset[str]] = field(default_factory=dict, compare=False)

    @property
    def cooperations(self) -> frozenset[int]:
        """Keys of the cooperations somebody coordinates."""
        return frozenset(each.cooperation_id for each in self.assignments if each.cooperation_id is not None)

    @property
    def organisations(self) -> frozenset[int]:
        """Keys of the organisations somebody coordinates."""
        return frozenset(each.organisation_id for each in self.assignments if each.organisation_id is not None)

    @property
    def lands(self) -> frozenset[str]:
        """Keys of the Länder somebody is editorial staff of; an empty one stands for all."""
        return frozenset(each.land_key for each in self.assignments if each.role == Role.EDITORIAL)


def standing_of(person: Any) -> Standing:
    """What this person is to the register; a standing is handed back as it is."""
    if isinstance(person, Standing):
        return person
    if isinstance(person, Operator):
        return Standing(person, signed_in=True, administration=True)
    if person is None or not person.is_authenticated or not person.is_active:
        return Standing(None)
    given = tuple(Assignment.objects.filter(person=person).select_related("cooperation", "organisation"))
    administration = person.is_superuser or any(each.role == Role.ADMINISTRATION for each in given)
    return Standing(person, signed_in=True, administration=administration, assignments=given)


def standing(person: Any) -> Standing:
    """What somebody is to the register, read once per request."""
    if isinstance(person, Standing):
        return person
    if not hasattr(person, "_register_standing"):
        person._register_standing = standing_of(person)
    known: Standing = person._register_standing
    return known


def may(person: Any, verb: str, thing: Record | str | None = None) -> bool:
    """Whether a person may do this to a record; of a type's word or nothing, whether to any record at all.

    ``person`` may be nobody (a visitor) or a `Standing`. A record that is not saved yet is judged by what it says.
    """
    return bool(_grounds(standing_of(person), verb, thing))


def must_be_reviewed(person: Any, verb: str, record: Record) -> bool:
    """Whether what the person does here is looked at before it is public: no role of theirs goes without."""
    if verb in _NOT_REVIEWED:
        return False
    grounds = _grounds(standing_of(person), verb, record)
    return bool(grounds) and all(grounds)


def may_alone(person: Any, verb: str, record: Record) -> bool:
    """Whether a person may do this with nobody looking at it first, even where the verb is never looked at.

    Only such people decide on what others hand in: who is looked at cannot be the one who looks.
    """
    grounds = _grounds(standing_of(person), verb, record)
    return bool(grounds) and not all(grounds)


def _grounds(standing: Standing, verb: str, thing: Record | str | None) -> list[bool]:
    """For every role that allows it, whether it asks for review first."""
    type_ = thing if isinstance(thing, str) else thing.TYPE if thing is not None else ""
    record = None if isinstance(thing, str) else thing
    if verb == "see" and record is not None and not is_public(record):
        verb = "see_drafts"
    row = VERBS["create_partner" if verb == "create" and type_ in SHARED_TYPES else verb]
    if isinstance(standing.person, Operator):
        return [False]
    grounds: list[bool] = []
    if row.visitor == ALL or (standing.signed_in and row.account == ALL):
        grounds.append(False)
    if standing.administration and row.administration == ALL:
        grounds.append(False)
    for each in standing.assignments:
        if each.role == Role.COORDINATION:
            reached = _coordination_reaches(each, row.coordination, verb, record)
        else:
            reached = _editorial_reaches(standing, each, row.editorial, record)
        if reached:
            grounds.append(each.review_first)
    return grounds


def _coordination_reaches(given: Assignment, reach: str, verb: str, record: Record | None) -> bool:
    if reach == ALL or (reach == OWN and record is None):
        return True
    if reach != OWN or record is None:
        return False
    cooperations, organisations = owners_of(record, verb)
    return given.cooperation_id in cooperations or given.organisation_id in organisations


def _editorial_reaches(standing: Standing, given: Assignment, reach: str, record: Record | None) -> bool:
    if given.role != Role.EDITORIAL or reach == NONE:
        return False
    if reach == ALL or not given.land_key or record is None:
        return True
    lands = lands_of(record, standing._lands)
    return reach == LAENDER and (not lands or given.land_key in lands)


def is_public(record: Record) -> bool:
    """Whether a record itself may be seen by everybody; what it belongs to is looked at by the queries."""
    return record.withdrawn_on is None and getattr(record, "live", True)


# ------------------------------------------------------------------------------------- what belongs to whom

Keys = frozenset[int]


def owners_of(record: Record, verb: str = "change") -> tuple[Keys, Keys]:
    """Keys of the cooperations and organisations a record belongs to."""
    cooperations, organisations = _owners(record, verb)
    return (
        frozenset(key for key in cooperations if key is not None),
        frozenset(key for key in organisations if key is not None),
    )


def _owners(record: Record, verb: str) -> tuple[Iterable[int | None], Iterable[int | None]]:
    match record:
        case Cooperation():
            return [record.pk], []
        case Organisation():
            return [record.carries_id], [record.pk]
        case Succession():
            return [record.before_id, record.after_id], []
        case Membership():
            if verb in _BOTH_SIDES or (
                record.stated_by == StatedBy.MEMBER and record.confirmed_by_cooperation_on is None
            ):
                return [record.cooperation_id, record.party_cooperation_id], [record.organisation_id]
            return [record.cooperation_id], []
        case Agreement():
            if record.cooperation_id is not None:
                return [record.cooperation_id], []
            parties = list(record.parties.all())
            return [each.party_cooperation_id for each in parties], [each.organisation_id for each in parties]
        case Project():
            return [each.cooperation_id for each in record.cooperations.all()], []
        case Meeting():
            return [each.cooperation_id for each in record.bodies.all()], []
        case Contact():
            return [record.cooperation_id], [record.organisation_id]
        case _:
            about = spoken_of(record)
            return ([], []) if about is None else _owners(about, verb)


def spoken_of(record: Record) -> Record | None:
    """The record that a citation, statement, document or dispute speaks of; nothing where there is none (any more)."""
    model = RECORDS.get(getattr(record, "about_type", ""))
    if model is None:
        return None
    if "_spoken_of" in record.__dict__:
        known: Record | None = record.__dict__["_spoken_of"]
        return known
    return model._default_manager.filter(ref=getattr(record, "about_ref", "")).first()


def remember_spoken_of(record: Record, about: Record | None) -> None:
    """Let `spoken_of` know, where it has been asked for already."""
    record.__dict__["_spoken_of"] = about


def lands_of(record: Record, known: dict[tuple[str, int], frozenset[str]] | None = None) -> frozenset[str]:
    """Keys of the Länder a record lies in: those of the members and seats it belongs to; empty where none is known.

    ``known`` remembers what was found, for many records asked one after the other.
    """
    own = (
        getattr(record, name, "")[:2]
        for name in ("seat_key", "area_key", "place_key", "land_key", "new_key")
        if hasattr(record, name)
    )
    lands = {land for land in own if land}
    if getattr(record, "about_type", "") == "area":
        lands.add(getattr(record, "about_ref", "")[:2])
    cooperations, organisations = owners_of(record, "see_drafts")
    known = {} if known is None else known
    for key in cooperations:
        if ("cooperation", key) not in known:
            known["cooperation", key] = _lands_of_cooperation(key)
        lands |= known["cooperation", key]
    for key in organisations:
        if ("organisation", key) not in known:
            seats = Organisation.objects.filter(pk=key).values_list("seat_key", flat=True)
            known["organisation", key] = frozenset(seat[:2] for seat in seats if seat)
        lands |= known["organisation", key]
    return frozenset(lands)


def _lands_of_cooperation(key: int) -> frozenset[str]:
    members = Membership.objects.filter(cooperation_id=key, withdrawn_on__isnull=True).exclude(area_key="")
    lands = set(members.order_by().values_list(Substr("area_key", 1, 2), flat=True).distinct())
    seats = Cooperation.objects.filter(pk=key).values_list("seat_key", flat=True)
    return frozenset(lands | {seat[:2] for seat in seats if seat})


def learn(standing: Standing, records: Sequence[Record]) -> None:
    """Ask at once what `may` would ask record by record: what they speak of, to whom that belongs, where it lies."""
    speaking: dict[type[Record], list[Record]] = {}
    for each in records:
        model = RECORDS.get(getattr(each, "about_type", ""))
        if model is not None and "_spoken_of" not in each.__dict__:
            speaking.setdefault(model, []).append(each)
    known = [*records, *(each.__dict__["_spoken_of"] for each in records if each.__dict__.get("_spoken_of"))]
    for model, those in speaking.items():
        found = {each.ref: each for each in model._default_manager.filter(ref__in={row.about_ref for row in those})}  # type: ignore[attr-defined]
        known += found.values()
        for row in those:
            remember_spoken_of(row, found.get(row.about_ref))  # type: ignore[attr-defined]
    for model, name in ((Agreement, "parties"), (Project, "cooperations"), (Meeting, "bodies")):
        prefetch_related_objects([each for each in known if isinstance(each, model) and each.pk is not None], name)
    if any(each.role == Role.EDITORIAL and each.land_key for each in standing.assignments):
        _learn_lands(standing, records)


def _learn_lands(standing: Standing, records: Iterable[Record]) -> None:
    owners = [owners_of(each, "see_drafts") for each in records]
    cooperations = frozenset[int]().union(*(keys for keys, _organisations in owners))
    organisations = frozenset[int]().union(*(keys for _cooperations, keys in owners))
    found: dict[tuple[str, int], set[str]] = {("cooperation", key): set() for key in cooperations}
    found |= {("organisation", key): set() for key in organisations}
    members = Membership.objects.filter(cooperation_id__in=cooperations, withdrawn_on__isnull=True).exclude(area_key="")
    for key, land in members.order_by().values_list("cooperation_id", Substr("area_key", 1, 2)).distinct():
        found["cooperation", key].add(land)
    for model, keys in ((Cooperation, cooperations), (Organisation, organisations)):
        for key, seat in model._default_manager.filter(pk__in=keys).values_list("pk", "seat_key"):
            found[model.TYPE, key] |= {seat[:2]} - {""}
    standing._lands.update({key: frozenset(lands) for key, lands in found.items()})


def has_drafts(record: Record | type[Record]) -> bool:
    """Whether this kind of record can be looked at before it is public."""
    return issubclass(record if isinstance(record, type) else type(record), Entry)
