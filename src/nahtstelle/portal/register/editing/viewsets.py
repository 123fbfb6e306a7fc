"""The register in the editing screens: a list and a screen for every kind of record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.urls import path
from django.utils.functional import cached_property, lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from nahtstelle.core.periods import day_before
from nahtstelle.core.vocabularies import (
    AGREEMENT_KINDS,
    COOPERATION_STATES,
    EVIDENCE,
    FUNDING_PERIODS,
    KINDS,
    LEGAL_FORMS,
    MEMBER_ROLES,
    ORGANISATION_KINDS,
    PROJECT_STATES,
    TASKS,
    Vocabulary,
)
from nahtstelle.portal.reference.models import Area
from nahtstelle.portal.register.editing.panels import SCREENS
from nahtstelle.portal.register.editing.permissions import OfTheRecord
from nahtstelle.portal.register.editing.screens import (
    CreateScreen,
    EditScreen,
    HistoryScreen,
    ListScreen,
    RevertScreen,
    WithdrawScreen,
    done_words,
)
from nahtstelle.portal.register.editing.verbs import VerbScreen
from nahtstelle.portal.register.fields import choices_of
from nahtstelle.portal.register.models import (
    Agreement,
    Attachment,
    Citation,
    Completeness,
    Contact,
    Cooperation,
    CoverageFigure,
    Dispute,
    Funding,
    KeyChange,
    LogEntry,
    Meeting,
    Membership,
    Organisation,
    Project,
    Record,
    Source,
    Statement,
    Succession,
)
from nahtstelle.portal.register.policies import standing

# ----------------------------------------------------------------------------------------------- filters


class OnlyFilter(django_filters.ChoiceFilter):
    """Only those for which something holds."""

    def __init__(self, label: Any, only: Callable[[Any], Any], others: Any = None) -> None:
        self.only = only
        choices = [("ja", _("only these"))]
        super().__init__(label=label, choices=choices, empty_label=others or _("All"), widget=forms.RadioSelect)

    def filter(self, found: Any, value: Any) -> Any:
        """Those, or all."""
        return self.only(found) if value else found


class TermFilter(django_filters.ChoiceFilter):
    """One term of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary, **options: Any) -> None:
        super().__init__(choices=choices_of(vocabulary), empty_label=_("All"), widget=forms.Select, **options)


class TaskFilter(TermFilter):
    """One of several tasks."""

    def filter(self, found: Any, value: Any) -> Any:
        """Those that have it among theirs."""
        return found.filter(**{f"{self.field_name}__contains": f" {value} "}) if value else found


class PeriodFilter(TermFilter):
    """A funding period."""

    def filter(self, found: Any, value: Any) -> Any:
        """Those funded in it."""
        funded = Funding.objects.filter(cooperation=OuterRef("pk"), period=value)
        return found.filter(Exists(funded)) if value else found


class LandFilter(django_filters.ChoiceFilter):
    """A Land, by the keys of members and seats."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=_lands, empty_label=_("All"), widget=forms.Select, label=_("Land"), **options)

    def filter(self, found: Any, value: Any) -> Any:
        """Those with a seat or a member in it."""
        if not value:
            return found
        members = Membership.objects.filter(
            cooperation=OuterRef("pk"), area_key__startswith=value, withdrawn_on__isnull=True
        )
        return found.filter(Q(seat_key__startswith=value) | Q(Exists(members)))


def _lands() -> list[tuple[str, str]]:
    found = Area.objects.filter(edition__current=True, level="land").order_by("name")
    return list(found.values_list("key", "name"))


class _Filters(WagtailFilterSet):
    withdrawn = OnlyFilter(
        _("withdrawn"), lambda found: found.filter(withdrawn_on__isnull=False), others=_("leave out")
    )
    to_check = OnlyFilter(_("to be checked"), lambda found: found.exclude(review_note=""))


def filters(model: type[Record], **said: Any) -> type[WagtailFilterSet]:
    """The filters of a list."""
    meta = type("Meta", (), {"model": model, "fields": []})
    found: type[WagtailFilterSet] = type(f"{model.__name__}Filters", (_Filters,), {**said, "Meta": meta})
    return found


def _term(vocabulary: Vocabulary, name: str, label: Any) -> TermFilter:
    return TermFilter(vocabulary, field_name=name, label=label)


# ----------------------------------------------------------------------------------------------- columns


def _day_before(name: str) -> Any:
    def until(record: Any) -> str:
        return day_before(getattr(record, name)) or "–"

    return until


_capital: Any = lazy(lambda label: str(capfirst(str(label))), str)


def _shown(name: str, label: Any, sort: bool = True, accessor: Any = None) -> Column:
    return Column(name, label=_capital(label), accessor=accessor or name, sort_key=name if sort else None)


def _date_column(name: str, label: Any, sort_key: str | None = None) -> Column:
    return DateColumn(name, label=_capital(label), sort_key=sort_key)


def _term_column(name: str, label: Any) -> Column:
    return Column(name, label=_capital(label), accessor=f"get_{name}_display", sort_key=name)


def status(record: Any) -> Any:
    """Who sees it."""
    if record.withdrawn_on is not None:
        return _("withdrawn")
    if not record.live:
        return _("draft")
    return _("public, with a newer draft") if record.has_unpublished_changes else _("public")


CHANGED = _date_column("changed_at", label=_("changed"), sort_key="changed_at")
CONFIRMED = _date_column("confirmed_on", label=_("confirmed"), sort_key="confirmed_on")
STATUS = Column("status", label=_("Status"), accessor=status)


# ---------------------------------------------------------------------------------------------- viewsets


class Chooser(SnippetChooserViewSet):
    """Only there because Wagtail asks for one; records are chosen by typing."""

    register_widget = False


class RecordViewSet(SnippetViewSet):
    """List, screen, history and verbs of a kind of record."""

    model: type[Record]
    copy_view_enabled = False
    index_view_class = ListScreen
    add_view_class = CreateScreen
    edit_view_class = EditScreen
    delete_view_class = WithdrawScreen
    history_view_class = HistoryScreen
    verb_view_class = VerbScreen
    chooser_viewset_class = Chooser
    search_backend_name = None
    create_template_name = "register/create.html"
    edit_template_name = "register/edit.html"
    delete_template_name = "register/verb.html"
    history_template_name = "register/history.html"
    list_per_page = 50
    list_export: ClassVar[tuple[str, ...]] = ()
    add_to_reference_index = False

    LEFT_OUT = frozenset({"unpublish", "revisions_unschedule", "usage"})
    """Screens of Wagtail that have no place here: what is withdrawn is not unpublished, and nothing is scheduled."""

    @cached_property
    def edit_handler(self) -> Any:
        """What the screen shows."""
        return SCREENS[self.model.TYPE]

    @property
    def revisions_revert_view_class(self) -> Any:
        """An earlier version, saved by the same verb."""
        return type("RevertView", (RevertScreen, self.edit_view_class), {"view_name": "revisions_revert"})

    def construct_view(self, view_class: Any, **kwargs: Any) -> Any:
        """Every view asks for rights on the record at hand."""
        if issubclass(view_class, PermissionCheckedMixin) and not issubclass(view_class, OfTheRecord):
            view_class = type(view_class.__name__, (OfTheRecord, view_class), {})
        return super().construct_view(view_class, **kwargs)

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Without the screens that are left out."""
        found: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        return {name: value for name, value in found.items() if name != "usage_url_name"} | {"icon": self.icon}

    def get_urlpatterns(self) -> list[Any]:
        """Wagtail's, without those that are left out, and one for the verbs."""
        kept = [each for each in super().get_urlpatterns() if each.name not in self.LEFT_OUT]
        verbs = self.construct_view(self.verb_view_class)
        return [*kept, path("verb/<int:pk>/<slug:verb>/", verbs, name="verb")]


class CooperationViewSet(RecordViewSet):
    """Cooperations."""

    model = Cooperation
    icon = "group"
    list_display = (
        "name", _term_column("kind", _("kind")), _term_column("state", _("state")), _shown("founded", _("founded")),
        CONFIRMED, CHANGED, STATUS,
    )  # fmt: skip
    search_fields = ("name", "short_name", "ref", "seat_place")
    filterset_class = filters(
        Cooperation,
        kind=_term(KINDS, "kind", _("kind")),
        state=_term(COOPERATION_STATES, "state", _("state")),
        legal_form=_term(LEGAL_FORMS, "legal_form", _("legal form")),
        tasks=TaskFilter(TASKS, field_name="tasks", label=_("task")),
        period=PeriodFilter(FUNDING_PERIODS, label=_("funding period")),
        land=LandFilter(),
    )


class OrganisationViewSet(RecordViewSet):
    """Organisations."""

    model = Organisation
    icon = "site"
    list_display = ("name", _term_column("kind", _("kind")), _shown("seat_place", _("seat")), CHANGED, STATUS)
    search_fields = ("name", "short_name", "ref", "seat_place")
    filterset_class = filters(Organisation, kind=_term(ORGANISATION_KINDS, "kind", _("kind")))


class ProjectViewSet(RecordViewSet):
    """Projects."""

    model = Project
    icon = "pick"
    list_display = (
        "name", _term_column("state", _("state")), _shown("started", _("started")),
        _shown("ended", _("Ended"), accessor=_day_before("ended")), CHANGED, STATUS,
    )  # fmt: skip
    search_fields = ("name", "ref")
    filterset_class = filters(
        Project,
        state=_term(PROJECT_STATES, "state", _("state")),
        tasks=TaskFilter(TASKS, field_name="tasks", label=_("task")),
    )


class AgreementViewSet(RecordViewSet):
    """Agreements."""

    model = Agreement
    icon = "doc-full"
    list_display = (
        "title", _term_column("kind", _("kind")), _shown("cooperation", _("cooperation"), sort=False),
        _shown("signed", _("signed")), CHANGED, STATUS,
    )  # fmt: skip
    search_fields = ("title", "ref", "cooperation__name")
    filterset_class = filters(Agreement, kind=_term(AGREEMENT_KINDS, "kind", _("kind")))


class MeetingViewSet(RecordViewSet):
    """Meetings."""

    model = Meeting
    icon = "calendar"
    list_display = (
        "name", _date_column("start", label=_("begins"), sort_key="start"), _shown("place", _("place")),
        BooleanColumn("cancelled", label=_capital(_("cancelled"))), STATUS,
    )  # fmt: skip
    search_fields = ("name", "place")
    filterset_class = filters(Meeting)


class MembershipViewSet(RecordViewSet):
    """Memberships."""

    model = Membership
    icon = "link"
    list_display = (
        Column("party_title", label=_("Member")), _shown("cooperation", _("cooperation"), sort=False),
        _term_column("role", _("role")), _shown("valid_from", _("from")),
        _shown("valid_until", _("Until"), accessor=_day_before("valid_until")), CONFIRMED,
    )  # fmt: skip
    search_fields = ("area_name", "area_key", "organisation__name", "party_cooperation__name", "cooperation__name")
    filterset_class = filters(
        Membership,
        role=_term(MEMBER_ROLES, "role", _("role")),
        unconfirmed=OnlyFilter(_("not confirmed yet"), lambda found: found.filter(confirmed_on__isnull=True)),
    )


class SuccessionViewSet(RecordViewSet):
    """What became of cooperations."""

    model = Succession
    icon = "resubmit"
    list_display = ("__str__", _term_column("kind", _("how")), _shown("on", _("on")))
    search_fields = ("before__name", "after__name")
    filterset_class = filters(Succession)


class ContactViewSet(RecordViewSet):
    """Contacts."""

    model = Contact
    icon = "mail"
    list_display = (
        "function", Column("of", label=_("Of"), accessor=lambda each: each.cooperation or each.organisation),
        _shown("mailbox", _("public mailbox")),
        _date_column("consent_until", label=_("consent ends on"), sort_key="consent_until"),
    )  # fmt: skip
    search_fields = ("function", "mailbox", "cooperation__name", "organisation__name")
    filterset_class = filters(Contact)


class SourceViewSet(RecordViewSet):
    """Sources."""

    model = Source
    icon = "openquote"
    list_display = (
        "title", _shown("publisher", _("publisher")), _term_column("evidence", _("what it is")),
        _shown("published", _("published")),
    )  # fmt: skip
    search_fields = ("title", "publisher", "url")
    filterset_class = filters(Source, evidence=_term(EVIDENCE, "evidence", _("what it is")))


class CitationViewSet(RecordViewSet):
    """What sources say."""

    model = Citation
    icon = "link-external"
    list_display = ("__str__", _term_column("stance", _("what it says")), _shown("about_ref", _("about")))
    search_fields = ("source__title", "about_ref")
    filterset_class = filters(Citation)


class StatementViewSet(RecordViewSet):
    """Statements in figures."""

    model = Statement
    icon = "decimal"
    list_display = ("what_de", _shown("about_ref", _("about")), _shown("as_of", _("as of")))
    search_fields = ("what_de", "about_ref")
    filterset_class = filters(Statement)


class AttachmentViewSet(RecordViewSet):
    """Documents and links."""

    model = Attachment
    icon = "doc-empty"
    list_display = ("title", _shown("about_ref", _("about")), _shown("broken", _("why the link does not work")))
    search_fields = ("title", "url", "about_ref")
    filterset_class = filters(
        Attachment,
        broken=OnlyFilter(_("broken links"), lambda found: found.exclude(broken="")),
    )


class DisputeViewSet(RecordViewSet):
    """Disputes."""

    model = Dispute
    icon = "warning"
    list_display = (
        "__str__", _shown("about_ref", _("about")),
        _date_column("settled_on", label=_("settled on"), sort_key="settled_on"),
    )  # fmt: skip
    search_fields = ("reason", "about_ref")
    filterset_class = filters(Dispute)


class CoverageViewSet(RecordViewSet):
    """How many cooperations exist."""

    model = CoverageFigure
    icon = "table"
    list_display = (
        "land_key", _term_column("kind", _("kind")), _shown("exist", _("how many exist")), _shown("as_of", _("as of")),
        _shown("source", _("source"), sort=False),
    )  # fmt: skip
    search_fields = ("land_key", "note")
    filterset_class = filters(CoverageFigure, kind=_term(KINDS, "kind", _("kind")))


class CompletenessViewSet(RecordViewSet):
    """Areas that say the register holds all of their cooperations."""

    model = Completeness
    icon = "check"
    list_display = ("area_name", _shown("area_key", _("key")), _date_column("stated_on", label=_("stated on")))
    search_fields = ("area_name", "area_key")
    filterset_class = filters(Completeness)


class KeyChangeViewSet(RecordViewSet):
    """Changes of keys."""

    model = KeyChange
    icon = "key"
    list_display = (
        "__str__",
        _shown("old_name", _("old name")),
        _shown("new_name", _("new name")),
        _shown("on", _("on")),
    )
    search_fields = ("old_key", "new_key", "old_name", "new_name")
    filterset_class = filters(KeyChange)


# -------------------------------------------------------------------------------------------------- log


class LogList(generic.IndexView):
    """Everything that was done, for those who look after more than their own."""

    any_permission_required = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """For editorial staff and administration."""
        own = standing(request.user)
        if not (own.administration or own.lands):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def columns(self) -> list[Any]:
        """When, who, what."""
        return [
            _date_column("at", label=_("at"), sort_key="at"),
            Column("by_name", label=_capital(_("by")), sort_key="by_name"),
            Column("done", label=_capital(_("what was done")), accessor=done_words),
            Column("title", label=_capital(_("title of the record")), sort_key="title"),
            Column("record_ref", label=_capital(_("reference"))),
            Column("note", label=_capital(_("note"))),
        ]


class LogFilters(WagtailFilterSet):
    """Which kind, who, through which door."""

    class Meta:
        model = LogEntry
        fields: ClassVar[list[str]] = ["record_type", "via"]


class LogViewSet(ModelViewSet):
    """The log, to be read only."""

    model = LogEntry
    name = "register_log"
    url_prefix = "register/protokoll"
    icon = "history"
    index_view_class = LogList
    form_fields = ()
    search_backend_name = None
    search_fields = ("title", "record_ref", "by_name", "note")
    list_per_page = 50
    copy_view_enabled = False
    add_to_reference_index = False
    filterset_class = LogFilters

    @cached_property
    def menu_item_class(self) -> Any:
        """Shown to those who may open it."""

        def is_shown(item: Any, request: Any) -> bool:
            own = standing(request.user)
            return own.administration or bool(own.lands)

        return type("LogMenuItem", (MenuItem,), {"is_shown": is_shown})

    def get_urlpatterns(self) -> list[Any]:
        """Only the list."""
        return [each for each in super().get_urlpatterns() if each.name in ("index", "index_results")]

    def register_permissions(self) -> None:
        """None: the log is written by the verbs alone."""


class RegisterGroup(SnippetViewSetGroup):
    """What people enter every day."""

    menu_label = pgettext_lazy("menu", "Register")
    menu_name = "register"
    menu_icon = "group"
    menu_order = 110
    items = (
        CooperationViewSet, MembershipViewSet, ProjectViewSet, AgreementViewSet, MeetingViewSet, OrganisationViewSet,
        ContactViewSet, SuccessionViewSet,
    )  # fmt: skip


class EvidenceGroup(SnippetViewSetGroup):
    """How we know, and how complete it is."""

    menu_label = pgettext_lazy("menu", "Sources and state")
    menu_name = "register-evidence"
    menu_icon = "openquote"
    menu_order = 120
    items = (
        SourceViewSet, CitationViewSet, StatementViewSet, AttachmentViewSet, DisputeViewSet, CoverageViewSet,
        CompletenessViewSet, KeyChangeViewSet, LogViewSet,
    )  # fmt: skip
