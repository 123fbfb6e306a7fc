"""Whether a record can be as it says: what is asked of each field, the named constraints, the rules of the register.

All three end as findings, so that forms, imports and commands show them alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from modelcluster.models import get_all_child_relations

from nahtstelle.portal.register.errors import Finding
from nahtstelle.portal.register.models import Record

CONSTRAINTS: Final[dict[str, tuple[str, str]]] = {
    "cooperation_has_a_name": ("name", gettext_noop("Please give the name.")),
    "cooperation_ends_after_founding": ("ended", gettext_noop("It cannot end before it was founded.")),
    "cooperation_with_an_end_has_ended": (
        "state",
        gettext_noop("An end is given, so the state must be one of an ended cooperation."),
    ),
    "funding_is_not_negative": ("budget_eur", gettext_noop("An amount cannot be below zero.")),
    "nothing_succeeds_itself": ("after", gettext_noop("A cooperation cannot succeed itself.")),
    "one_succession_per_pair": ("after", gettext_noop("This succession is recorded already.")),
    "membership_has_one_member": (
        "",
        gettext_noop("Please give exactly one member: an area, an organisation or a cooperation."),
    ),
    "nothing_is_its_own_member": ("party_cooperation", gettext_noop("A cooperation cannot be its own member.")),
    "membership_ends_after_it_begins": ("valid_until", gettext_noop("It cannot end before it begins.")),
    "organisation_has_a_name": ("name", gettext_noop("Please give the name.")),
    "contact_of_one_body": ("", gettext_noop("A contact belongs to one cooperation or to one organisation.")),
    "contact_can_be_reached": ("mailbox", gettext_noop("Please give a mailbox, a form or a telephone number.")),
    "person_named_only_with_consent": (
        "person_name",
        gettext_noop("A person is named only with the day, the purpose and the end of their consent."),
    ),
    "agreement_has_a_title": ("title", gettext_noop("Please give the title.")),
    "agreement_ends_after_it_begins": ("valid_until", gettext_noop("It cannot end before it begins.")),
    "agreement_party_is_one": (
        "parties",
        gettext_noop("Each party is one area, one organisation, one cooperation or one name."),
    ),
    "each_task_of_an_agreement_once": ("tasks", gettext_noop("Each task is listed once in the same way.")),
    "project_has_a_name": ("name", gettext_noop("Please give the name.")),
    "failed_project_has_a_reason": (
        "reasons",
        gettext_noop("Please give at least one reason why nothing came of it: others learn from it."),
    ),
    "project_ends_after_it_starts": ("ended", gettext_noop("It cannot end before it starts.")),
    "project_costs_are_not_negative": ("costs_eur", gettext_noop("An amount cannot be below zero.")),
    "each_cooperation_of_a_project_once": ("cooperations", gettext_noop("Each cooperation is listed once.")),
    "one_lead_per_project": ("cooperations", gettext_noop("Only one cooperation leads.")),
    "project_partner_is_one": (
        "partners",
        gettext_noop("Each partner is one area, one organisation, one cooperation or one name."),
    ),
    "project_funding_is_not_negative": ("fundings", gettext_noop("An amount cannot be below zero.")),
    "meeting_has_a_name": ("name", gettext_noop("Please give the name.")),
    "meeting_ends_after_it_begins": ("end", gettext_noop("It cannot end before it begins.")),
    "each_body_of_a_meeting_once": ("bodies", gettext_noop("Each body is listed once.")),
    "source_has_a_title": ("title", gettext_noop("Please give the title.")),
    "a_source_says_a_thing_once": ("source", gettext_noop("This source is recorded for this already.")),
    "statement_says_something": ("what_de", gettext_noop("Please say what is stated.")),
    "attachment_has_a_title": ("title", gettext_noop("Please give the title.")),
    "dispute_has_a_reason": ("reason", gettext_noop("Please say what is wrong.")),
    "one_coverage_figure_per_land_kind_and_date": (
        "as_of",
        gettext_noop("There is a figure for this Land, kind and date already."),
    ),
    "completeness_of_an_area": ("area_key", gettext_noop("Please give the area.")),
    "key_change_changes_the_key": ("new_key", gettext_noop("The new key must differ from the old one.")),
    "one_key_change_per_pair": ("new_key", gettext_noop("This change of a key is recorded already.")),
}
"""Every named constraint of the records: the field where it shows, and what it asks for in words."""


def findings_in(record: Record) -> list[Finding]:
    """What the record itself says that cannot be; the rules that look at several records are `breaches`."""
    found = list(_in_fields(record))
    broken = {each.field for each in found}
    found += [each for each in _in_constraints(record) if not each.field or each.field not in broken]
    for relation in get_all_child_relations(type(record)):
        name = relation.get_accessor_name() or ""
        for row in getattr(record, name).all():
            found += _in_fields(row, of=name, leave=(relation.field.name,))
            found += _in_constraints(row, of=name, leave=(relation.field.name,))
    return list(dict.fromkeys([*found, *twice_in_lists(record)]))


def twice_in_lists(record: Record) -> Iterator[Finding]:
    """What is listed twice inside a record and may be listed once."""
    for relation in get_all_child_relations(type(record)):
        name = relation.get_accessor_name() or ""
        yield from _twice(name, list(getattr(record, name).all()), relation.related_model)


def finding_of(error: IntegrityError) -> Finding:
    """What the database refused, in words as far as its message names the constraint."""
    text = str(error)
    name = max((name for name in CONSTRAINTS if name in text), key=len, default="")
    if name:
        return _finding(name)
    if "unique" in text.lower():
        return Finding("unique", _("There is such an entry already."))
    return Finding("database", _("This does not fit with other entries."))


def findings_of(error: ValidationError) -> Iterator[Finding]:
    """The same for what Django refused."""
    if not hasattr(error, "error_dict"):
        yield from (Finding("invalid", message) for message in error.messages)
        return
    for name, errors in error.error_dict.items():
        field = "" if name == NON_FIELD_ERRORS else name
        for each in errors:
            yield from (Finding(each.code or "invalid", message, field) for message in each.messages)


def _in_fields(row: models.Model, of: str = "", leave: Iterable[str] = ()) -> Iterator[Finding]:
    try:
        row.full_clean(exclude=set(leave), validate_constraints=False)
    except ValidationError as error:
        for each in findings_of(error):
            yield Finding(each.code, each.message, ".".join(filter(None, (of, each.field))))


def _in_constraints(row: models.Model, of: str = "", leave: Iterable[str] = ()) -> Iterator[Finding]:
    for constraint in row._meta.constraints:
        if of and isinstance(constraint, models.UniqueConstraint):
            continue  # about the rows of one record: see `_twice`
        try:
            constraint.validate(type(row), row, exclude=set(leave))
        except ValidationError:
            found = _finding(constraint.name)
            yield Finding(found.code, found.message, of or found.field)


def _twice(name: str, rows: list[models.Model], model: type[models.Model]) -> Iterator[Finding]:
    """What may stand once in a list and stands there twice."""
    for constraint in model._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint):
            continue
        condition: Any = constraint.condition.children if isinstance(constraint.condition, Q) else ()
        asked = dict(condition)
        concerned = [row for row in rows if all(getattr(row, field) == value for field, value in asked.items())]
        said = [tuple(_value(row, field) for field in constraint.fields) for row in concerned]
        if len(set(said)) < len(said):
            yield Finding(constraint.name, _finding(constraint.name).message, name)


def _value(row: models.Model, name: str) -> object:
    value: object = getattr(row, row._meta.get_field(name).attname)  # type: ignore[union-attr]
    return value


def _finding(name: str) -> Finding:
    field, message = CONSTRAINTS[name]
    return Finding(name, _(message), field)
