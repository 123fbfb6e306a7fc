"""Organisations: the list, and what each takes part in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.paginator import Page
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nahtstelle.core.keys import LAENDER
from nahtstelle.core.periods import holds_on
from nahtstelle.core.vocabularies import KINDS, ORGANISATION_KINDS
from nahtstelle.portal.answers.takeaway import Column, Table
from nahtstelle.portal.directory import queries, records
from nahtstelle.portal.directory.facets import Facet, FacetFilter, Order, folded_once, labels, laender
from nahtstelle.portal.directory.queries import OrganisationFact
from nahtstelle.portal.directory.records import area_under, day_words, period_words, said, term
from nahtstelle.portal.insight import Insight
from nahtstelle.portal.register.models import Organisation
from nahtstelle.portal.register.policies import is_public
from nahtstelle.portal.ui.figures import number
from nahtstelle.portal.ui.heads import files, page_head, root
from nahtstelle.portal.ui.levels import spelled


class OrganisationFilter(FacetFilter[OrganisationFact]):
    """Kind, Land of the seat, words, order."""

    facets: ClassVar = (
        Facet(
            "art",
            gettext_lazy("Kind"),
            gettext_lazy("all kinds"),
            lambda each: [each.kind],
            lambda: labels(ORGANISATION_KINDS),
        ),
        Facet(
            "land",
            gettext_lazy("Land of the seat"),
            gettext_lazy("all Länder"),
            lambda each: [each.seat_key[:2]] if each.seat_key else [],
            laender,
        ),
    )
    orders: ClassVar = {
        "name": Order(lambda each: folded_once(each.name)),
        "kooperationen": Order(lambda each: each.cooperations or None),
        "projekte": Order(lambda each: each.projects or None),
    }

    def text_of(self, entry: OrganisationFact) -> str:
        """Both names and the seat."""
        return f"{entry.name} {entry.short_name} {entry.seat_place}"


@dataclass(frozen=True)
class OrganisationRow:
    """One organisation in the list."""

    fact: OrganisationFact
    url: str
    seat: str

    @property
    def kind(self) -> str:
        """What it is."""
        return term(ORGANISATION_KINDS, self.fact.kind)

    @property
    def land(self) -> str:
        """The Land of its seat."""
        return LAENDER.get(self.fact.seat_key[:2], "")


def organisation_rows(insight: Insight, facts: Iterable[OrganisationFact]) -> list[OrganisationRow]:
    """Rows of organisations, in their order."""
    pattern = reverse("organisation", args=["REF"])
    return [
        OrganisationRow(each, pattern.replace("REF", each.ref), seat_of(insight, each.seat_key, each.seat_place))
        for each in facts
    ]


def seat_of(insight: Insight, key: str, place: str) -> str:
    """Where it has its seat: the place as entered, else the name of the municipality."""
    area = area_under(insight, key) if key else None
    return place or (area.name if area else "")


def organisations_page(
    request: HttpRequest,
    insight: Insight,
    form: OrganisationFilter,
    found: Sequence[OrganisationFact],
    page: Page[Any],
) -> dict[str, Any]:
    """The list of organisations."""
    count = len(found)
    if form.query:
        sentence = ngettext(
            "One organisation answers these filters.", "%(count)s organisations answer these filters.", count
        )
    else:
        sentence = ngettext(
            "The register knows one organisation that takes part in cooperations.",
            "The register knows %(count)s organisations that take part in cooperations.",
            count,
        )
    sentence %= {"count": number(count)}
    if not count:
        sentence = (
            _("No organisation answers these filters.") if form.query else _("The register knows no organisation yet.")
        )
    return {
        "head": page_head(request, _("Which organisations take part?"), sentence),
        "insight": insight,
        "form": form,
        "sentence": sentence,
        "rows": organisation_rows(insight, page.object_list),
        "page": page,
        "order": form.order,
        "root": root(),
        "files": files(f"{reverse('organisations')}liste", query=form.query),
    }


ORGANISATION_COLUMNS = (
    Column("ref", "reference of the entry: part of its address, never changed"),
    Column("name", "name"),
    Column("short_name", "short name"),
    Column("kind", "what it is (term)"),
    Column("kind_label", "the same in words"),
    Column("seat_key", "official key of its seat; empty where not known"),
    Column("seat", "its seat"),
    Column("carries", "reference of the cooperation it carries"),
    Column("cooperations", "cooperations it is a member of today"),
    Column("projects", "projects it is a partner of"),
)


def organisations_table(insight: Insight, facts: Sequence[OrganisationFact]) -> tuple[Table, Callable[[], list[Any]]]:
    """Organisations as a file, and a point in the municipality of each seat."""
    rows = [
        (
            row.fact.ref,
            row.fact.name,
            row.fact.short_name or None,
            row.fact.kind,
            row.kind,
            row.fact.seat_key or None,
            row.seat or None,
            row.fact.carries[0] if row.fact.carries else None,
            row.fact.cooperations,
            row.fact.projects,
        )
        for row in organisation_rows(insight, facts)
    ]
    table = Table("organisationen", _("Organisations"), ORGANISATION_COLUMNS, rows, insight.notes[:1])

    def points() -> list[Any]:
        areas = [area_under(insight, each.seat_key) if each.seat_key else None for each in facts]
        return [
            None if area is None else insight.plates.shapes(area.level).geometry.loc[area.key].representative_point()
            for area in areas
        ]

    return table, points


# ------------------------------------------------------------------------------------------ one organisation


@dataclass(frozen=True)
class Participation:
    """A cooperation an organisation takes part in, or took part in."""

    name: str
    url: str
    kind: str
    role: str
    period: str
    stated: str
    over: bool


def organisation_page(request: HttpRequest, insight: Insight, organisation: Organisation) -> dict[str, Any]:
    """Everything on the page of an organisation."""
    today = timezone.localdate()
    taking_part = [
        Participation(
            each.cooperation.name,
            reverse("cooperation", args=[each.cooperation.ref]),
            term(KINDS, each.cooperation.kind),
            str(each.get_role_display()),
            period_words(each.valid_from, each.valid_until),
            records.who_says(each),
            not holds_on(today, each.valid_from, each.valid_until),
        )
        for each in queries.memberships_of(organisation)
    ]
    carries = organisation.carries if organisation.carries and is_public(organisation.carries) else None
    projects = queries.partnered_projects(organisation)
    kind = str(organisation.get_kind_display())
    now = sum(not each.over for each in taking_part)
    seat = seat_of(insight, organisation.seat_key, organisation.seat_place)
    told = [f"{kind}, {seat}." if seat else f"{kind}."]
    if carries:
        told.append(_("It carries %(name)s.") % {"name": records.title_of(carries.name, carries.short_name)})
    if now:
        told.append(
            ngettext("It takes part in one cooperation.", "It takes part in %(count)s cooperations.", now)
            % {"count": spelled(now)}
        )
    sentence = " ".join(told)
    area = area_under(insight, organisation.seat_key) if organisation.seat_key else None
    return {
        "head": page_head(
            request,
            organisation.name,
            sentence if len(sentence) >= 20 else f"{organisation.name}: {sentence}",
            linked_data=_linked_data(organisation, taking_part, seat),
        ),
        "insight": insight,
        "organisation": organisation,
        "title": organisation.name,
        "sentence": sentence,
        "kind": kind,
        "seat": seat,
        "seat_url": reverse("area", args=[area.key]) if area else "",
        "carries": (carries.name, reverse("cooperation", args=[carries.ref])) if carries else None,
        "now": [each for each in taking_part if not each.over],
        "once": [each for each in taking_part if each.over],
        "projects": [
            (
                each.name,
                reverse("project", args=[each.ref]),
                str(each.get_state_display()),
                period_words(each.started, each.ended),
            )
            for each in projects
        ],
        "agreements": [
            (each.title, reverse("agreement", args=[each.ref]), day_words(each.signed))
            for each in queries.agreements_of(Q(parties__organisation=organisation))
        ],
        "contacts": [records.contact_row(each) for each in queries.contacts_of(Q(organisation=organisation))],
        "summary": said(organisation, "summary"),
        **records.about(organisation, queries.citations_of(organisation), queries.attachments_of(organisation)),
    }


def _linked_data(organisation: Organisation, taking_part: Sequence[Participation], seat: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "@type": "Organization",
        "name": organisation.name,
        "identifier": organisation.ref,
        "memberOf": [{"@type": "Organization", "name": each.name} for each in taking_part if not each.over],
    }
    if organisation.short_name:
        said["alternateName"] = organisation.short_name
    if seat:
        said["location"] = {"@type": "Place", "name": seat}
    if organisation.website:
        said["sameAs"] = organisation.website
    return said
