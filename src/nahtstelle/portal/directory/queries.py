"""What the pages of the directory ask the register for: always what visitors may see, whoever is looking.

A page asks the database a fixed number of times, however much there is to show.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Substr

from nahtstelle.portal.register import queries as register
from nahtstelle.portal.register.models import (
    Agreement,
    AgreementParty,
    Attachment,
    Citation,
    Contact,
    Cooperation,
    Dispute,
    Funding,
    Meeting,
    MeetingBody,
    Membership,
    Organisation,
    Project,
    ProjectCooperation,
    Record,
    Statement,
    Succession,
)
from nahtstelle.portal.register.policies import is_public

T = TypeVar("T")


def founded_columns(type_: str) -> dict[str, Any]:
    """Columns for how well an entry of this type is founded: documented or not, contradicted or not, what is wrong."""
    about = {"about_type": type_, "about_ref": OuterRef("ref"), "withdrawn_on__isnull": True}
    citations = Citation.objects.filter(**about, source__withdrawn_on__isnull=True).order_by()
    open_disputes = Dispute.objects.filter(**about, settled_on__isnull=True).order_by("id")
    return {
        "documented": Exists(citations.filter(stance="belegt")),
        "contradicted": Exists(citations.filter(stance="widerspricht")),
        "dispute": Subquery(open_disputes.values("reason")[:1]),
    }


def _columns(records: Any, type_: str, *names: str) -> Iterable[dict[str, Any]]:
    """These columns of entries, and how well each is founded: ``disputed`` stands for contradicted, too.

    Three questions: of very many entries, asking each for its citations would take ten times as long.
    """
    stances: dict[str, set[str]] = {"belegt": set(), "widerspricht": set()}
    cited = Citation.objects.filter(
        about_type=type_, withdrawn_on__isnull=True, source__withdrawn_on__isnull=True
    ).order_by()
    for ref, stance in cited.values_list("about_ref", "stance").distinct():
        stances[stance].add(ref)
    disputes = Dispute.objects.filter(about_type=type_, withdrawn_on__isnull=True, settled_on__isnull=True)
    wrong = stances["widerspricht"].union(disputes.order_by().values_list("about_ref", flat=True))
    listed = ("pk", *names, "confirmed_on")
    for row in records.order_by().values_list(*listed):
        said = dict(zip(listed, row, strict=True))
        yield said | {"documented": said["ref"] in stances["belegt"], "disputed": said["ref"] in wrong}


# ------------------------------------------------------------------------------------------ one cooperation


_FUNDING = ("programme", "period", "budget_eur", "note")


def cooperation_under(ref: str) -> Cooperation | None:
    """The cooperation of this reference, with how well it is founded and with its ``shown_fundings``."""
    columns = founded_columns("cooperation") | {f"funding_{name}": F(f"fundings__{name}") for name in _FUNDING}
    found: Any = register.cooperations_visible_to(None).filter(ref=ref).annotate(**columns)
    rows: list[Cooperation] = list(found.order_by("funding_period", "funding_programme"))
    if not rows:
        return None
    fundings = [{name: getattr(row, f"funding_{name}") for name in _FUNDING} for row in rows]
    rows[0].shown_fundings = [Funding(**said) for said in fundings if said["programme"]]
    return rows[0]


@dataclass
class CooperationParts:
    """All that belongs to a cooperation and may be seen."""

    fundings: list[Funding]
    members: list[Membership]
    member_of: list[Membership]
    successions: list[Succession]
    agreements: list[Agreement]
    projects: list[Project]
    meetings: list[Meeting]
    contacts: list[Contact]
    carriers: list[Organisation]
    attachments: list[Attachment]
    citations: list[Citation]
    member_sources: dict[str, int] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)


def parts_of(cooperation: Cooperation) -> CooperationParts:
    """What belongs to it; twelve questions."""
    memberships = list(
        register.memberships_visible_to(None)
        .filter(Q(cooperation=cooperation) | Q(party_cooperation=cooperation))
        .select_related("organisation", "party_cooperation", "cooperation")
    )
    members = [each for each in memberships if each.cooperation_id == cooperation.pk]
    successions = register.successions_visible_to(None).filter(Q(before=cooperation) | Q(after=cooperation))
    citations, member_sources = _citations(cooperation, members)
    return CooperationParts(
        fundings=_fundings(cooperation),
        members=members,
        member_of=[each for each in memberships if each.party_cooperation_id == cooperation.pk],
        successions=list(successions.select_related("before", "after")),
        agreements=agreements_of(Q(cooperation=cooperation) | Q(parties__party_cooperation=cooperation)),
        projects=projects_of(Q(cooperations__cooperation=cooperation)),
        meetings=meetings_of(cooperation),
        contacts=contacts_of(Q(cooperation=cooperation) | Q(organisation__carries=cooperation)),
        carriers=list(register.organisations_visible_to(None).filter(carries=cooperation).order_by("name")),
        attachments=attachments_of(cooperation),
        citations=citations,
        member_sources=member_sources,
        statements=statements_of(cooperation),
    )


def _fundings(cooperation: Cooperation) -> list[Funding]:
    """Its fundings; one in preview has not been asked for them."""
    if hasattr(cooperation, "shown_fundings"):
        return list(cooperation.shown_fundings)
    return list(cooperation.fundings.all())


def _citations(cooperation: Cooperation, members: Iterable[Membership]) -> tuple[list[Citation], dict[str, int]]:
    """Citations of the cooperation itself, and how many sources each membership has."""
    refs = Membership.objects.filter(cooperation=cooperation).values("ref")
    found = Citation.objects.filter(
        Q(about_type="cooperation", about_ref=cooperation.ref) | Q(about_type="membership", about_ref__in=refs),
        withdrawn_on__isnull=True,
        source__withdrawn_on__isnull=True,
    ).select_related("source")
    own: list[Citation] = []
    sources: dict[str, set[int]] = {}
    for each in found:
        if each.about_type == "cooperation":
            own.append(each)
        elif each.stance == "belegt":
            sources.setdefault(each.about_ref, set()).add(each.source_id)
    return own, {each.ref: len(sources[each.ref]) for each in members if each.ref in sources}


def agreements_of(which: Q) -> list[Agreement]:
    """Agreements with their parties, the newest first; two questions."""
    keys = Agreement.objects.filter(which).values("pk")
    agreements = list(register.agreements_visible_to(None).filter(pk__in=keys).select_related("document"))
    parties: dict[int, list[AgreementParty]] = {}
    listed = AgreementParty.objects.filter(agreement__in=keys).select_related("organisation", "party_cooperation")
    for party in listed:
        parties.setdefault(party.agreement_id, []).append(party)
    for agreement in agreements:
        agreement.shown_parties = parties.get(agreement.pk, [])
    return agreements


def projects_of(which: Q) -> list[Project]:
    """Projects with the cooperations that carry them; one question."""
    keys = register.projects_visible_to(None).filter(which).order_by().values("pk")
    rows = (
        ProjectCooperation.objects.filter(project__in=keys)
        .select_related("project", "cooperation")
        .order_by("project__name", "-lead", "cooperation__name")
    )
    return _with_cooperations(rows, "project", "carried_by")


def meetings_of(cooperation: Cooperation) -> list[Meeting]:
    """Meetings of its bodies with the bodies of all that met, the newest first; one question."""
    keys = MeetingBody.objects.filter(cooperation=cooperation).values("meeting")
    rows = (
        MeetingBody.objects.filter(register.public("meeting__"), meeting__in=keys)
        .select_related("meeting", "cooperation")
        .order_by("-meeting__start", "meeting__id", "id")
    )
    return _with_cooperations(rows, "meeting", "shown_bodies")


def _with_cooperations(rows: Iterable[Any], name: str, shown: str) -> list[Any]:
    """What the rows tie to cooperations, each once and in their order, with its rows of public ones as ``shown``."""
    found: dict[int, Any] = {}
    for row in rows:
        one = found.setdefault(getattr(row, f"{name}_id"), getattr(row, name))
        public = vars(one).setdefault(shown, [])
        if is_public(row.cooperation):
            public.append(row)
    return list(found.values())


def contacts_of(which: Q) -> list[Contact]:
    """Whom to write to."""
    return list(register.contacts_visible_to(None).filter(which).select_related("organisation"))


def attachments_of(record: Record) -> list[Attachment]:
    """Documents and links that belong to an entry, the newest first."""
    found = Attachment.objects.filter(about_type=record.TYPE, about_ref=record.ref, withdrawn_on__isnull=True)
    return list(found.select_related("document").order_by("-published", "title", "id"))


def citations_of(record: Record) -> list[Citation]:
    """What sources say to an entry."""
    found = Citation.objects.filter(
        about_type=record.TYPE,
        about_ref=record.ref,
        withdrawn_on__isnull=True,
        source__withdrawn_on__isnull=True,
    )
    return list(found.select_related("source"))


def statements_of(record: Record) -> list[Statement]:
    """Countable statements about an entry."""
    found = Statement.objects.filter(about_type=record.TYPE, about_ref=record.ref, withdrawn_on__isnull=True)
    return list(found.order_by("property", "as_of", "id"))


# ---------------------------------------------------------------------------------------- one of the others


def project_under(ref: str) -> Project | None:
    """The project of this reference, with how well it is founded."""
    return register.projects_visible_to(None).annotate(**founded_columns("project")).filter(ref=ref).first()


def organisation_under(ref: str) -> Organisation | None:
    """The organisation of this reference, with how well it is founded and the cooperation it carries."""
    found = register.organisations_visible_to(None).annotate(**founded_columns("organisation"))
    return found.select_related("carries").filter(ref=ref).first()


def agreement_under(ref: str) -> Agreement | None:
    """The agreement of this reference, with how well it is founded."""
    found = register.agreements_visible_to(None).annotate(**founded_columns("agreement"))
    return found.select_related("document", "cooperation").filter(ref=ref).first()


def meeting_under(ref: str) -> Meeting | None:
    """The meeting of this reference."""
    return register.meetings_visible_to(None).annotate(**founded_columns("meeting")).filter(ref=ref).first()


def memberships_of(organisation: Organisation) -> list[Membership]:
    """Where an organisation is a member or was one."""
    found = register.memberships_visible_to(None).filter(organisation=organisation)
    return list(found.select_related("cooperation").order_by("cooperation__name", "valid_from"))


def partnered_projects(organisation: Organisation) -> list[Project]:
    """Projects an organisation is a partner of."""
    found = register.projects_visible_to(None).filter(partners__organisation=organisation).distinct()
    return list(found.order_by("name"))


# ---------------------------------------------------------------------------------------------------- lists


@dataclass(frozen=True)
class Facts(Generic[T]):
    """All entries of a kind in short, in one version of the register, and what lists computed of them."""

    entries: tuple[T, ...]
    kept: dict[Any, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CooperationFact:
    """What lists of cooperations are narrowed and sorted by."""

    pk: int
    ref: str
    name: str
    short_name: str
    kind: str
    legal_form: str
    tasks: tuple[str, ...]
    state: str
    founded: str
    ended: str
    confirmed_on: dt.date | None
    documented: bool
    disputed: bool
    members: int
    lands: frozenset[str]
    periods: frozenset[str]


@register.per_version
def cooperation_facts() -> Facts[CooperationFact]:
    """Every cooperation in short; five questions where the register has changed."""
    lands: dict[int, set[str]] = {}
    members: dict[int, int] = {}
    public = register.memberships_visible_to(None).order_by()
    for pk, land, count in (
        public.annotate(land=Substr("area_key", 1, 2))
        .values_list("cooperation_id", "land")
        .annotate(count=Count("pk", filter=Q(valid_until="")))
    ):
        members[pk] = members.get(pk, 0) + count
        if land:
            lands.setdefault(pk, set()).add(land)
    periods: dict[int, set[str]] = {}
    for pk, period in Funding.objects.exclude(period="").order_by().values_list("cooperation_id", "period").distinct():
        periods.setdefault(pk, set()).add(period)
    names = ("ref", "name", "short_name", "kind", "legal_form", "tasks", "state", "founded", "ended", "seat_key")
    found = []
    for said in _columns(register.cooperations_visible_to(None), "cooperation", *names):
        pk, seat = said["pk"], said.pop("seat_key")
        around = lands.get(pk) or ({seat[:2]} if seat else ())
        found.append(
            CooperationFact(
                **said, members=members.get(pk, 0), lands=frozenset(around), periods=frozenset(periods.get(pk, ()))
            )
        )
    return Facts(tuple(found))


@dataclass(frozen=True)
class ProjectFact:
    """What lists of projects are narrowed and sorted by."""

    pk: int
    ref: str
    name: str
    state: str
    tasks: tuple[str, ...]
    reasons: tuple[str, ...]
    started: str
    ended: str
    costs_eur: Any
    confirmed_on: dt.date | None
    documented: bool
    disputed: bool
    cooperations: tuple[tuple[str, str], ...]
    lands: frozenset[str]


@register.per_version
def project_facts() -> Facts[ProjectFact]:
    """Every project in short; five questions where the register has changed."""
    lands: dict[int, set[str]] = {}
    listed = (
        register.memberships_visible_to(None)
        .exclude(area_key="")
        .order_by()
        .annotate(land=Substr("area_key", 1, 2))
        .values_list("cooperation_id", "land")
        .distinct()
    )
    for pk, land in listed:
        lands.setdefault(pk, set()).add(land)
    carried: dict[int, list[tuple[str, str]]] = {}
    where: dict[int, set[str]] = {}
    for project, pk, ref, name in (
        ProjectCooperation.objects.filter(register.public("cooperation__"))
        .order_by("-lead", "cooperation__name")
        .values_list("project_id", "cooperation_id", "cooperation__ref", "cooperation__name")
    ):
        carried.setdefault(project, []).append((ref, name))
        where.setdefault(project, set()).update(lands.get(pk, ()))
    names = ("ref", "name", "state", "tasks", "reasons", "started", "ended", "costs_eur")
    return Facts(
        tuple(
            ProjectFact(
                **said,
                cooperations=tuple(carried.get(said["pk"], ())),
                lands=frozenset(where.get(said["pk"], ())),
            )
            for said in _columns(register.projects_visible_to(None), "project", *names)
        )
    )


@dataclass(frozen=True)
class OrganisationFact:
    """What lists of organisations are narrowed and sorted by."""

    pk: int
    ref: str
    name: str
    short_name: str
    kind: str
    seat_key: str
    seat_place: str
    carries: tuple[str, str] | None
    cooperations: int
    projects: int


@register.per_version
def organisation_facts() -> Facts[OrganisationFact]:
    """Every organisation in short; three questions where the register has changed."""
    memberships = (
        register.memberships_visible_to(None)
        .filter(organisation__isnull=False, valid_until="")
        .order_by()
        .values_list("organisation_id")
        .annotate(count=Count("cooperation_id", distinct=True))
    )
    members = dict(memberships)
    partnered = dict(
        register.projects_visible_to(None)
        .filter(partners__organisation__isnull=False)
        .order_by()
        .values_list("partners__organisation_id")
        .annotate(count=Count("pk", distinct=True))
    )
    rows = (
        register.organisations_visible_to(None)
        .order_by()
        .values_list(
            "pk", "ref", "name", "short_name", "kind", "seat_key", "seat_place", "carries__ref", "carries__name",
            "carries__live", "carries__withdrawn_on",
        )
    )  # fmt: skip
    return Facts(
        tuple(
            OrganisationFact(
                *row[:7],
                carries=(row[7], row[8]) if row[7] and row[9] and row[10] is None else None,
                cooperations=members.get(row[0], 0),
                projects=partnered.get(row[0], 0),
            )
            for row in rows
        )
    )


@dataclass(frozen=True)
class Counts:
    """How much the directory holds."""

    cooperations: int
    active: int
    projects: int
    failed: int
    organisations: int


def counts(failed_states: Iterable[str]) -> Counts:
    """How much the directory holds; three questions."""
    cooperations = (
        register.cooperations_visible_to(None)
        .order_by()
        .aggregate(all=Count("pk"), active=Count("pk", filter=Q(state="aktiv")))
    )
    projects = (
        register.projects_visible_to(None)
        .order_by()
        .aggregate(all=Count("pk"), failed=Count("pk", filter=Q(state__in=sorted(failed_states))))
    )
    return Counts(
        cooperations["all"],
        cooperations["active"],
        projects["all"],
        projects["failed"],
        register.organisations_visible_to(None).count(),
    )
