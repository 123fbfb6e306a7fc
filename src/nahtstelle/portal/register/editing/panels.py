"""What the editing screens show, tab by tab, in the order in which people know things."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import quote
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.compare import FieldComparison, register_comparison_class
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, Panel
from wagtail.admin.panels import TabbedInterface as Tabs
from wagtail.admin.panels.base import get_form_for_model

from nahtstelle.core.periods import day_before
from nahtstelle.portal.register.editing.forms import (
    AboutForm,
    AreaForm,
    EntryForm,
    MemberForm,
    PartyForm,
    RegisterForm,
    chosen_party,
)
from nahtstelle.portal.register.editing.permissions import RegisterPolicy
from nahtstelle.portal.register.fields import TermsField
from nahtstelle.portal.register.models import (
    Attachment,
    Citation,
    Contact,
    Dispute,
    Membership,
    Record,
    Statement,
    Succession,
)

# -------------------------------------------------------------------------------------------- comparing


class TermsComparison(FieldComparison):
    """Terms before and after, in words."""

    def __init__(self, field: Any, before: Any, after: Any) -> None:
        super().__init__(field, before, after)
        self.val_a = self._words(field.value_from_object(before))
        self.val_b = self._words(field.value_from_object(after))

    def _words(self, ids: Any) -> str:
        from django.utils.translation import get_language

        vocabulary = self.field.vocabulary or {}
        return ", ".join(
            vocabulary[term].label(get_language() or "de") if term in vocabulary else term for term in ids or ()
        )


register_comparison_class(TermsField, comparison_class=TermsComparison)


class _PartyOfARow:
    """Stands for the fields a party is kept in, where versions are compared."""

    name = "party"
    verbose_name = gettext_lazy("who")

    def value_from_object(self, row: Any) -> str:
        chosen = chosen_party(row)
        return chosen.label if chosen else ""


class ChosenPanel(FieldPanel):
    """A field that is not one of the record: who, or about what."""

    class BoundPanel(FieldPanel.BoundPanel):
        """The panel on a form."""

        def get_comparison(self) -> list[Any]:
            """Who it was before and after."""
            if self.field_name != "party":
                return []
            return [functools.partial(FieldComparison, _PartyOfARow())]


# ------------------------------------------------------------------------------------------------ lists


class ListPanel(InlinePanel):
    """A list inside a record, each row a form that knows who fills it in."""

    row_form: type[RegisterForm] = RegisterForm

    def get_form_options(self) -> dict[str, Any]:
        """Ours instead of Wagtail's form for a row."""
        options: dict[str, Any] = super().get_form_options()
        said = options["formsets"][self.relation_name]
        said["form"] = get_form_for_model(self.db_field.related_model, form_class=self.row_form)
        said["inherit_kwargs"] = ["for_user"]
        return options


class PartiesPanel(ListPanel):
    """A list of parties."""

    row_form = PartyForm


@dataclass(frozen=True)
class Row:
    """A line of a table of records that belong to the one at hand."""

    cells: tuple[str, ...]
    notes: tuple[str, ...]
    edit_url: str
    actions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Related:
    """Records of another kind that belong to the one at hand: which, and what is shown of them."""

    model: type[Record]
    heads: tuple[Any, ...]
    rows: Callable[[Any, str], Iterable[Row]]
    asked: Callable[[Any], dict[str, str]]
    add: Any
    empty: Any


class RelatedPanel(Panel):
    """A table of records that belong to the one at hand, with buttons to add, change and end them."""

    def __init__(self, related: Related, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.related = related

    def clone_kwargs(self) -> dict[str, Any]:
        """The same, as it was made."""
        kwargs: dict[str, Any] = super().clone_kwargs()
        return kwargs | {"related": self.related}

    class BoundPanel(Panel.BoundPanel):
        """The table on a screen."""

        template_name = "register/panels/related.html"

        def is_shown(self) -> bool:
            """Only once there is a record others can belong to."""
            return bool(self.instance is not None and self.instance.pk)

        @cached_property
        def rows(self) -> list[Row]:
            return list(self.panel.related.rows(self.instance, self.back))

        @property
        def back(self) -> str:
            """Where to go when done: to this tab again."""
            return f"{self.request.path}#tab-{self.tab}" if self.request else ""

        @property
        def tab(self) -> str:
            return {Membership: "members", Contact: "contacts", Succession: "history"}.get(
                self.panel.related.model, "sources"
            )

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """The table and the address to add to it."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            related = self.panel.related
            add = ""
            if RegisterPolicy(related.model).user_has_permission(self.request.user, "add"):
                asked = urlencode(related.asked(self.instance) | {"next": self.back})
                add = f"{reverse(screen(related.model, 'add'))}?{asked}"
            return context | {
                "related": related,
                "rows": self.rows,
                "add_url": add,
                "caption": related.model._meta.verbose_name_plural,
            }


def screen(model: type[models.Model], view: str) -> str:
    """The name of an address of the editing screens for a kind of record."""
    return f"wagtailsnippets_register_{model._meta.model_name}:{view}"


def _address(record: Record, view: str, back: str, *args: str) -> str:
    address = reverse(screen(type(record), view), args=[quote(record.pk), *args])
    return f"{address}?{urlencode({'next': back})}"


def _members(cooperation: Any, back: str) -> Iterable[Row]:
    memberships = (
        Membership.objects.filter(cooperation_id=cooperation.pk, withdrawn_on__isnull=True)
        .select_related("organisation", "party_cooperation", "cooperation")
        .order_by("area_key", "area_name", "organisation__name", "party_cooperation__name", "pk")
    )
    for each in memberships:
        period = _period(each.valid_from, each.valid_until)
        notes = [each.part, each.via and _("through %(body)s") % {"body": each.via}]
        if each.confirmed_on is None:
            notes.append(_("stated by: %(side)s") % {"side": each.get_stated_by_display()})
        actions = []
        if not each.valid_until:
            actions.append((_("End"), _address(each, "verb", back, "end_membership")))
        if each.confirmed_on is None:
            actions.append((_("Confirm"), _address(each, "verb", back, "confirm_membership")))
        key = each.area_key and f"{each.party_title} ({each.area_key})"
        yield Row(
            (key or each.party_title, each.get_role_display(), period),
            tuple(str(note) for note in notes if note),
            _address(each, "edit", back),
            tuple(actions),
        )


def _period(begins: str, ends: str) -> str:
    if begins and ends:
        return _("%(from)s to %(until)s") % {"from": begins, "until": day_before(ends)}
    if begins:
        return _("since %(from)s") % {"from": begins}
    return _("until %(until)s") % {"until": day_before(ends)} if ends else _("dates not known")


def _contacts(body: Any, back: str) -> Iterable[Row]:
    for each in Contact.objects.filter(**{body.TYPE: body.pk}, withdrawn_on__isnull=True):
        reached = " · ".join(filter(None, (each.mailbox, each.form, each.phone)))
        yield Row((each.function, reached), (), _address(each, "edit", back), ())


def _successions(cooperation: Any, back: str) -> Iterable[Row]:
    of_it = models.Q(before=cooperation.pk) | models.Q(after=cooperation.pk)
    found = Succession.objects.filter(of_it, withdrawn_on__isnull=True).select_related("before", "after")
    for each in found:
        yield Row(
            (each.before.name, each.get_kind_display(), each.after.name, each.on),
            (),
            _address(each, "edit", back),
            (),
        )


def _about(model: Any, record: Record) -> models.QuerySet[Any]:
    found: models.QuerySet[Any] = model._default_manager.filter(
        about_type=record.TYPE, about_ref=record.ref, withdrawn_on__isnull=True
    )
    return found


def _citations(record: Record, back: str) -> Iterable[Row]:
    for each in _about(Citation, record).select_related("source"):
        source = each.source
        cells = (source.title, source.publisher, each.get_stance_display(), source.published or "–")
        yield Row(cells, (source.url,) if source.url else (), _address(each, "edit", back), ())


def _statements(record: Record, back: str) -> Iterable[Row]:
    for each in _about(Statement, record):
        yield Row((each.what_de, each.as_of or "–"), (), _address(each, "edit", back), ())


def _attachments(record: Record, back: str) -> Iterable[Row]:
    for each in _about(Attachment, record).select_related("document"):
        where = each.document.title if each.document else each.url
        notes = (_("The link does not work: %(why)s") % {"why": each.broken},) if each.broken else ()
        yield Row((each.title, where), notes, _address(each, "edit", back), ())


def _disputes(record: Record, back: str) -> Iterable[Row]:
    for each in _about(Dispute, record):
        settled = str(each.settled_on) if each.settled_on else _("open")
        actions = () if each.settled_on else ((_("Settle"), _address(each, "verb", back, "settle")),)
        yield Row((each.reason, settled), (), _address(each, "edit", back), actions)


def _of_the_body(body: Record) -> dict[str, str]:
    return {body.TYPE: body.ref}


def _of_what(record: Record) -> dict[str, str]:
    return {"about": f"{record.TYPE}:{record.ref}"}


MEMBERS = Related(
    Membership,
    (gettext_lazy("Member"), gettext_lazy("Role"), gettext_lazy("Period")),
    _members,
    _of_the_body,
    gettext_lazy("Add a member"),
    gettext_lazy("No member has been entered yet. A cooperation without members is on no map."),
)
CONTACTS = Related(
    Contact,
    (gettext_lazy("Function"), gettext_lazy("Reached under")),
    _contacts,
    _of_the_body,
    gettext_lazy("Add a contact"),
    gettext_lazy("Nobody can be written to yet. A function and a public mailbox are enough."),
)
SUCCESSIONS = Related(
    Succession,
    (gettext_lazy("Before"), gettext_lazy("How"), gettext_lazy("After"), gettext_lazy("On")),
    _successions,
    lambda cooperation: {"before": cooperation.ref},
    gettext_lazy("Add a predecessor or successor"),
    gettext_lazy("No predecessor or successor has been entered."),
)
CITATIONS = Related(
    Citation,
    (gettext_lazy("Source"), gettext_lazy("Publisher"), gettext_lazy("What it says"), gettext_lazy("Published")),
    _citations,
    _of_what,
    gettext_lazy("Add a source"),
    gettext_lazy("No source has been entered. Without a source this counts as reported only."),
)
STATEMENTS = Related(
    Statement,
    (gettext_lazy("Statement"), gettext_lazy("As of")),
    _statements,
    _of_what,
    gettext_lazy("Add a statement"),
    gettext_lazy("No statement in figures has been entered."),
)
ATTACHMENTS = Related(
    Attachment,
    (gettext_lazy("Title"), gettext_lazy("Document or link")),
    _attachments,
    _of_what,
    gettext_lazy("Add a document or link"),
    gettext_lazy("No document and no link has been entered."),
)
DISPUTES = Related(
    Dispute,
    (gettext_lazy("What is wrong"), gettext_lazy("Settled")),
    _disputes,
    _of_what,
    gettext_lazy("Mark as disputed"),
    gettext_lazy("Nobody disputes this entry."),
)

# ----------------------------------------------------------------------------------------------- screens


class Tab(ObjectList):
    """A tab whose address is the same in every language."""

    def __init__(self, *args: Any, name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name

    def clone_kwargs(self) -> dict[str, Any]:
        """The same, as it was made."""
        kwargs: dict[str, Any] = super().clone_kwargs()
        return kwargs | {"name": self.name}

    @property
    def clean_name(self) -> str:
        """What its address is made of."""
        return self.name


def _row(*names: str) -> FieldRowPanel:
    return FieldRowPanel([FieldPanel(name) for name in names])


def _both(name: str, heading: Any) -> MultiFieldPanel:
    return MultiFieldPanel([FieldPanel(f"{name}_de"), FieldPanel(f"{name}_en")], heading=heading)


def _sources_tab() -> Tab:
    return Tab(
        [
            RelatedPanel(CITATIONS, heading=gettext_lazy("Sources")),
            RelatedPanel(STATEMENTS, heading=gettext_lazy("Statements in figures")),
            RelatedPanel(ATTACHMENTS, heading=gettext_lazy("Documents and links")),
            RelatedPanel(DISPUTES, heading=gettext_lazy("Disputes")),
            MultiFieldPanel([FieldPanel("review_note")], heading=gettext_lazy("For the editorial staff")),
        ],
        heading=gettext_lazy("Sources"),
        name="sources",
    )


def _tabs(*tabs: Tab) -> Tabs:
    return Tabs([*tabs, _sources_tab()], base_form_class=EntryForm)


COOPERATION = _tabs(
    Tab(
        [
            MultiFieldPanel([FieldPanel("name"), _row("short_name", "kind")], heading=gettext_lazy("Name and kind")),
            FieldPanel("tasks"),
            MultiFieldPanel(
                [_row("legal_form", "legal_basis"), _row("seat_place", "seat_key"), FieldPanel("website")],
                heading=gettext_lazy("Legal form and seat"),
            ),
            _both("summary", gettext_lazy("In short")),
            ListPanel(
                "fundings",
                panels=[_row("programme", "period"), _row("budget_eur", "note")],
                heading=gettext_lazy("Funding"),
                label=gettext_lazy("Funding"),
            ),
        ],
        heading=gettext_lazy("Basic data"),
        name="basic",
    ),
    Tab([RelatedPanel(MEMBERS)], heading=gettext_lazy("Members"), name="members"),
    Tab([RelatedPanel(CONTACTS)], heading=gettext_lazy("Contacts"), name="contacts"),
    Tab(
        [
            MultiFieldPanel([FieldPanel("state"), _row("founded", "ended")], heading=gettext_lazy("State and dates")),
            MultiFieldPanel(
                [FieldPanel("end_reasons"), FieldPanel("end_note")],
                heading=gettext_lazy("Why it ended"),
                classname="collapsed",
            ),
            RelatedPanel(SUCCESSIONS, heading=gettext_lazy("Predecessors and successors")),
        ],
        heading=gettext_lazy("History"),
        name="history",
    ),
)

ORGANISATION = _tabs(
    Tab(
        [
            MultiFieldPanel([FieldPanel("name"), _row("short_name", "kind")], heading=gettext_lazy("Name and kind")),
            MultiFieldPanel(
                [_row("seat_place", "seat_key"), FieldPanel("website"), FieldPanel("carries")],
                heading=gettext_lazy("Seat"),
            ),
            _both("summary", gettext_lazy("In short")),
        ],
        heading=gettext_lazy("Basic data"),
        name="basic",
    ),
    Tab([RelatedPanel(CONTACTS)], heading=gettext_lazy("Contacts"), name="contacts"),
)

PROJECT = _tabs(
    Tab(
        [
            FieldPanel("name"),
            ListPanel(
                "cooperations",
                panels=[_row("cooperation", "lead")],
                heading=gettext_lazy("Cooperations"),
                label=gettext_lazy("Cooperation"),
                min_num=1,
            ),
            MultiFieldPanel(
                [FieldPanel("state"), _row("started", "ended"), FieldPanel("website")],
                heading=gettext_lazy("State and dates"),
            ),
            FieldPanel("tasks"),
            _both("summary", gettext_lazy("In short")),
            PartiesPanel(
                "partners",
                panels=[ChosenPanel("party")],
                heading=gettext_lazy("Partners"),
                label=gettext_lazy("Partner"),
            ),
        ],
        heading=gettext_lazy("Basic data"),
        name="basic",
    ),
    Tab(
        [
            _both("outcome", gettext_lazy("What came of it")),
            MultiFieldPanel(
                [FieldPanel("reasons"), FieldPanel("reason_note_de"), FieldPanel("reason_note_en")],
                heading=gettext_lazy("Why it did not work out"),
                help_text=gettext_lazy(
                    "Needed where the project failed, was broken off or was declined. Others learn most from this."
                ),
            ),
            _both("learned", gettext_lazy("What we would do differently")),
            ListPanel(
                "effects",
                panels=[
                    _row("indicator", "unit"),
                    _row("before", "before_on"),
                    _row("after", "after_on"),
                    _row("target", "method"),
                ],
                heading=gettext_lazy("Effects"),
                label=gettext_lazy("Effect"),
            ),
        ],
        heading=gettext_lazy("Outcome"),
        name="outcome",
    ),
    Tab(
        [
            FieldPanel("costs_eur"),
            ListPanel(
                "fundings",
                panels=[_row("programme", "amount_eur")],
                heading=gettext_lazy("Funding"),
                label=gettext_lazy("Funding"),
            ),
        ],
        heading=gettext_lazy("Money"),
        name="money",
    ),
)

AGREEMENT = _tabs(
    Tab(
        [
            MultiFieldPanel([FieldPanel("title"), _row("kind", "cooperation")], heading=gettext_lazy("Title and kind")),
            PartiesPanel(
                "parties",
                panels=[ChosenPanel("party")],
                heading=gettext_lazy("Parties"),
                label=gettext_lazy("Party"),
            ),
            MultiFieldPanel(
                [
                    _row("signed", "place"),
                    _row("valid_from", "valid_until"),
                    _row("terminated_on", "notice"),
                    FieldPanel("term"),
                ],
                heading=gettext_lazy("Dates and notice"),
            ),
            MultiFieldPanel([FieldPanel("document"), FieldPanel("url")], heading=gettext_lazy("Text")),
        ],
        heading=gettext_lazy("Basic data"),
        name="basic",
    ),
    Tab(
        [
            _both("subject", gettext_lazy("What it is about")),
            ListPanel(
                "tasks",
                panels=[_row("task", "mode"), FieldPanel("note")],
                heading=gettext_lazy("Tasks"),
                label=gettext_lazy("Task"),
            ),
            FieldPanel("cost_key"),
        ],
        heading=gettext_lazy("Tasks and costs"),
        name="tasks",
    ),
)

MEETING = _tabs(
    Tab(
        [
            FieldPanel("name"),
            ListPanel(
                "bodies",
                panels=[_row("cooperation", "body")],
                heading=gettext_lazy("Who meets"),
                label=gettext_lazy("Body"),
                min_num=1,
            ),
            MultiFieldPanel(
                [_row("start", "end"), _row("whole_day", "cancelled"), _row("place", "place_key")],
                heading=gettext_lazy("When and where"),
            ),
            _both("note", gettext_lazy("Notes")),
            FieldPanel("url"),
        ],
        heading=gettext_lazy("Basic data"),
        name="basic",
    ),
    Tab(
        [
            ListPanel(
                "agenda",
                panels=[_row("number", "name"), FieldPanel("result"), FieldPanel("resolution_text")],
                heading=gettext_lazy("Agenda"),
                label=gettext_lazy("Agenda item"),
            )
        ],
        heading=gettext_lazy("Agenda and decisions"),
        name="agenda",
    ),
)


def _plain(*panels: Any, form: type[RegisterForm] = EntryForm) -> ObjectList:
    return ObjectList(list(panels), base_form_class=form)


MEMBERSHIP = _plain(
    FieldPanel("cooperation"),
    ChosenPanel("party"),
    MultiFieldPanel([FieldPanel("role"), _row("valid_from", "valid_until")], heading=gettext_lazy("Role and period")),
    MultiFieldPanel([FieldPanel("part"), FieldPanel("via")], heading=gettext_lazy("Only in part, or through another")),
    FieldPanel("note"),
    form=MemberForm,
)
SUCCESSION = _plain(FieldPanel("before"), FieldPanel("kind"), FieldPanel("after"), FieldPanel("on"), FieldPanel("note"))
CONTACT = _plain(
    MultiFieldPanel([_row("cooperation", "organisation")], heading=gettext_lazy("Of which body")),
    FieldPanel("function"),
    MultiFieldPanel([FieldPanel("mailbox"), FieldPanel("form"), FieldPanel("phone")], heading=gettext_lazy("Reached")),
    MultiFieldPanel(
        [FieldPanel("person_name"), _row("consent_on", "consent_until"), FieldPanel("consent_purpose")],
        heading=gettext_lazy("A person, only with consent"),
        classname="collapsed",
    ),
)
SOURCE = _plain(
    FieldPanel("title"),
    _row("publisher", "evidence"),
    FieldPanel("url"),
    _row("published", "seen_on"),
    FieldPanel("note"),
)
CITATION = _plain(
    ChosenPanel("about"),
    FieldPanel("source"),
    _row("stance", "field"),
    FieldPanel("note"),
    form=AboutForm,
)
STATEMENT = _plain(
    ChosenPanel("about"),
    MultiFieldPanel([FieldPanel("what_de"), FieldPanel("what_en")], heading=gettext_lazy("Statement")),
    MultiFieldPanel(
        [_row("property", "operator"), _row("value", "unit"), FieldPanel("as_of")], heading=gettext_lazy("Figure")
    ),
    _both("check", gettext_lazy("What checking gave")),
    form=AboutForm,
)
ATTACHMENT = _plain(
    ChosenPanel("about"),
    FieldPanel("title"),
    MultiFieldPanel([FieldPanel("document"), FieldPanel("url")], heading=gettext_lazy("Document or link")),
    _row("publisher", "published"),
    FieldPanel("language"),
    FieldPanel("note"),
    form=AboutForm,
)
DISPUTE = _plain(ChosenPanel("about"), FieldPanel("field"), FieldPanel("reason"), form=AboutForm)
COVERAGE = _plain(_row("land_key", "kind"), _row("exist", "as_of"), FieldPanel("source"), FieldPanel("note"))
COMPLETENESS = _plain(ChosenPanel("area"), FieldPanel("stated_on"), FieldPanel("note"), form=AreaForm)
KEY_CHANGE = _plain(_row("old_key", "old_name"), _row("new_key", "new_name"), FieldPanel("on"))

SCREENS: dict[str, Panel] = {
    "cooperation": COOPERATION, "organisation": ORGANISATION, "project": PROJECT, "agreement": AGREEMENT,
    "meeting": MEETING, "membership": MEMBERSHIP, "succession": SUCCESSION, "contact": CONTACT, "source": SOURCE,
    "citation": CITATION, "statement": STATEMENT, "attachment": ATTACHMENT, "dispute": DISPUTE, "coverage": COVERAGE,
    "completeness": COMPLETENESS, "key-change": KEY_CHANGE,
}  # fmt: skip
"""The screen of every kind of record."""
