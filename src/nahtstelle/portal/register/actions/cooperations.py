"""What happens to cooperations: members come and go, several become one, one becomes several, it gets another form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from nahtstelle.core.periods import first_day
from nahtstelle.core.vocabularies import ENDED_STATES, MEMBER_ROLES, PROJECT_END_STATES
from nahtstelle.portal.register import messages
from nahtstelle.portal.register.actions.doing import Deed, doing, today
from nahtstelle.portal.register.actions.evidence import cite
from nahtstelle.portal.register.actions.sides import STATED, is_confirmed, sides_of
from nahtstelle.portal.register.errors import ReviewFirst
from nahtstelle.portal.register.models import (
    Assignment,
    Contact,
    Cooperation,
    Following,
    ImportBatch,
    Membership,
    Project,
    Source,
    StatedBy,
    Succession,
)
from nahtstelle.portal.register.policies import must_be_reviewed, standing_of
from nahtstelle.portal.register.records import described, take

_FULL: Final = frozenset({"traeger", "mitglied", "federfuehrend"})
_LESS: Final = MEMBER_ROLES.keys() - _FULL - {"aufsicht"}
"""Roles that say nothing more of somebody who has a full one; who supervises does so beside being a member."""

# ------------------------------------------------------------------------------------------------ members


def add_membership(
    by: Any,
    cooperation: Cooperation,
    fields: Mapping[str, Any],
    *,
    via: str,
    source: Source | Mapping[str, Any] | None = None,
    batch: ImportBatch | None = None,
    note: str = "",
) -> Membership:
    """Enter a member: ``fields`` names it by ``area_key``, ``organisation`` or ``party_cooperation``.

    Who enters it states it; the other side is asked to confirm. ``source`` is cited for it.
    """
    with doing(by, "add_membership", via=via, note=note, batch=batch) as deed:
        said = {**fields, "cooperation": cooperation}
        made = deed.create(Membership, said, verb="add_membership")
        if source is not None:
            cite(deed, made, source, stance="belegt")
        if batch is None:
            deed.after(messages.tell_of_membership, made, _other_side(made))
        return made


def end_membership(
    by: Any,
    membership: Membership,
    *,
    on: str,
    via: str,
    batch: ImportBatch | None = None,
    note: str = "",
) -> Membership:
    """End a membership; ``on`` is the first day on which it no longer holds."""
    with doing(by, "end_membership", via=via, note=note, batch=batch) as deed:
        if not on:
            raise deed.refuse("end-is-missing", _("Please say from when it no longer holds."), "valid_until")
        return deed.change(membership, {"valid_until": on})


def confirm_membership(
    by: Any, membership: Membership, *, via: str, side: str | None = None, note: str = ""
) -> Membership:
    """Confirm a membership for the side one speaks for; who speaks for none, for the ``side`` given or both."""
    with doing(by, "confirm_membership", via=via, note=note) as deed:
        current = deed.current(membership)
        deed.allow("confirm_membership", current)
        if current.withdrawn_on is not None:
            raise deed.refuse("withdrawn", _("This entry is withdrawn. Please restore it first."))
        sides = sides_of(deed.standing, current) or {StatedBy.COOPERATION.value, StatedBy.MEMBER.value}
        chosen = {each for each in sides if side in (None, each)}
        if not chosen:
            raise deed.refuse("not-your-side", _("You speak for the other side of this membership."))
        if StatedBy.COOPERATION in chosen:
            current.confirmed_by_cooperation_on = today()
        if StatedBy.MEMBER in chosen and not current.area_key:
            current.confirmed_by_member_on = today()
        return deed.mark(
            membership,
            confirmed_by_cooperation_on=current.confirmed_by_cooperation_on,
            confirmed_by_member_on=current.confirmed_by_member_on,
            confirmed_on=today() if is_confirmed(current) else current.confirmed_on,
        )


# ------------------------------------------------------------------------------------------ becoming another


def merge(
    by: Any,
    cooperations: Sequence[Cooperation],
    into: Cooperation | Mapping[str, Any],
    *,
    on: str,
    via: str,
    note: str = "",
) -> Cooperation:
    """Let cooperations become one: a new one made of these fields, or one that is there already.

    The members of all of them go on in it, each once, and so do the projects; the others end ``on`` that day. Who
    coordinated or followed one of them does so with what it became.
    """
    with doing(by, "merge", via=via, note=note) as deed:
        there = into if isinstance(into, Cooperation) else None
        before = list({each.pk: each for each in cooperations if there is None or each.pk != there.pk}.values())
        if len(before) < (1 if there else 2):
            raise deed.refuse("too-few", _("A merger needs at least two cooperations."))
        for each in (*before, *([there] if there else [])):
            _allowed(deed, each)
        after = there or _new(deed, {"founded": on, **_mapping(into)})
        _hand_on(deed, before, after, [one for each in before for one in going_on(each, on)], on)
        for each in before:
            _end(deed, each, on, "aufgegangen", ["aufgegangen"])
            _succeed(deed, each, after, "zusammenschluss", on)
        return after


def split(
    by: Any,
    cooperation: Cooperation,
    parts: Sequence[tuple[Mapping[str, Any], Iterable[Membership | Project]]],
    *,
    on: str,
    via: str,
    note: str = "",
) -> list[Cooperation]:
    """Let a cooperation become several: each made of fields, with those of `going_on` that go on in it.

    Something may go on in several parts; what goes on in none ends with the cooperation. Of a project that goes on in
    several the first one leads, where the cooperation did.
    """
    with doing(by, "split", via=via, note=note) as deed:
        if len(parts) < 2:
            raise deed.refuse("too-few", _("A split needs at least two parts."))
        _allowed(deed, cooperation)
        there = set(going_on(cooperation, on))
        made = []
        for fields, chosen in parts:
            going = list(chosen)
            for each in going:
                if each not in there:
                    raise deed.refuse(
                        "not-going-on", _("“%(title)s” does not belong to it any more on that day.") % {"title": each}
                    )
            after = _new(deed, {"founded": on, **fields})
            _hand_on(deed, [cooperation], after, going, on)
            _succeed(deed, cooperation, after, "teilung", on)
            made.append(after)
        _end(deed, cooperation, on, "geteilt", [])
        return made


def convert(
    by: Any,
    cooperation: Cooperation,
    fields: Mapping[str, Any],
    *,
    on: str,
    via: str,
    note: str = "",
) -> Cooperation:
    """Let a cooperation go on in another legal form: ``fields`` names it, its reference, and what else is new."""
    with doing(by, "convert", via=via, note=note) as deed:
        _allowed(deed, cooperation)
        current = deed.current(cooperation)
        if fields.get("legal_form", "") in ("", current.legal_form):
            raise deed.refuse("same-legal-form", _("Please give the new legal form."), "legal_form")
        kept = {
            name: value
            for name, value in described(current).items()
            if name in ("name", "short_name", "kind", "tasks", "state", "seat_key", "seat_place", "website",
                        "summary_de", "summary_en", "fundings")
        }  # fmt: skip
        after = _new(deed, {**kept, "founded": on, "ref": f"{current.ref}-{fields['legal_form']}", **fields})
        _hand_on(deed, [cooperation], after, going_on(cooperation, on), on)
        # a person agreed to be named for the old one
        for contact in cooperation.contacts.filter(withdrawn_on__isnull=True, person_name=""):
            said = {name: getattr(contact, name) for name in ("function", "mailbox", "form", "phone")}
            deed.create(Contact, said | {"cooperation": after}, verb=None)
        _end(deed, cooperation, on, "umgewandelt", [])
        _succeed(deed, cooperation, after, "umwandlung", on)
        return after


def going_on(cooperation: Cooperation, on: str) -> list[Membership | Project]:
    """What goes on when a cooperation becomes another on that day: members, its memberships in others, projects.

    Agreements stay with whoever concluded them.
    """
    projects = Project.objects.filter(cooperations__cooperation=cooperation, withdrawn_on__isnull=True)
    running = projects.exclude(state__in=PROJECT_END_STATES).filter(ended="")
    return [*_open_members(cooperation, on), *_memberships_of(cooperation, on), *running]


def rename(
    by: Any, cooperation: Cooperation, name: str, *, via: str, short_name: str | None = None, note: str = ""
) -> Cooperation:
    """Give a cooperation another name; reference and address stay, the history holds the old name."""
    with doing(by, "rename", via=via, note=note) as deed:
        fields = {"name": name} | ({} if short_name is None else {"short_name": short_name})
        return deed.change(cooperation, fields)


def dissolve(
    by: Any, cooperation: Cooperation, *, on: str, reasons: Iterable[str], via: str, note: str = ""
) -> Cooperation:
    """End a cooperation for coded reasons; its memberships end with it. ``note`` is kept with the end."""
    with doing(by, "dissolve", via=via, note=note) as deed:
        _allowed(deed, cooperation)
        listed = list(reasons)
        if not listed:
            raise deed.refuse("reason-is-missing", _("Please give at least one reason for the end."), "end_reasons")
        return _end(deed, cooperation, on, "aufgeloest", listed, note)


# ------------------------------------------------------------------------------------------------- their parts


def _allowed(deed: Deed, cooperation: Cooperation) -> None:
    """Verbs that change several records at once are for those whose entries are not looked at first."""
    deed.allow(deed.verb, cooperation)
    if must_be_reviewed(deed.standing, deed.verb, cooperation):
        raise ReviewFirst(_("What you enter is looked at before it is public. Please send this in as a suggestion."))
    if deed.current(cooperation).state in ENDED_STATES:
        raise deed.refuse("has-ended", _("“%(title)s” has ended already.") % {"title": cooperation})


def _mapping(into: Cooperation | Mapping[str, Any]) -> Mapping[str, Any]:
    return {} if isinstance(into, Cooperation) else into


def _new(deed: Deed, fields: Mapping[str, Any]) -> Cooperation:
    """A cooperation that others become: whoever may change those may make it."""
    return deed.create(Cooperation, fields, verb=None)


def _open_members(cooperation: Cooperation, on: str) -> list[Membership]:
    """Memberships that would still hold on that day or begin later."""
    return _still(cooperation.memberships.all(), on)


def _memberships_of(cooperation: Cooperation, on: str) -> list[Membership]:
    """The same for those in which it is the member."""
    return _still(Membership.objects.filter(party_cooperation=cooperation), on)


def _still(memberships: QuerySet[Membership], on: str) -> list[Membership]:
    day = first_day(on)
    there = memberships.filter(withdrawn_on__isnull=True)
    parties = there.select_related("cooperation", "organisation", "party_cooperation")
    ends = ((each, first_day(each.valid_until)) for each in parties)
    return [each for each, end in ends if end is None or (day is not None and end > day)]


def _end_member(deed: Deed, member: Membership, on: str) -> None:
    """End it on that day; one that would have begun only then never was."""
    begins, day = first_day(member.valid_from), first_day(on)
    if begins is not None and day is not None and begins >= day:
        deed.mark(member, withdrawn_on=today())
    else:
        deed.mark(member, valid_until=on)


def _hand_on(
    deed: Deed, before: Sequence[Cooperation], after: Cooperation, going: Iterable[Membership | Project], on: str
) -> None:
    """Let members and projects go on in what cooperations became, each once, and those who looked after it or followed
    it do so there.
    """
    for given in Assignment.objects.filter(cooperation__in=before):
        Assignment.objects.get_or_create(
            person_id=given.person_id,
            role=given.role,
            cooperation=after,
            defaults={"review_first": given.review_first, "given_by_id": given.given_by_id},
        )
    deed.standing = standing_of(deed.by)  # who speaks for the one before speaks for this one now
    deed.words_of = [deed.standing]
    inside = {after.pk, *(each.pk for each in before)}
    there = [*_open_members(after, on), *_memberships_of(after, on)]
    kept: list[Membership] = []
    for each in going:
        if isinstance(each, Project):
            _carry_on(deed, each, inside, after)
        elif each.party_cooperation_id in inside and each.cooperation_id in inside:
            continue
        elif not any(_covers(other, each, inside, on) for other in (*kept, *there)):
            kept = [other for other in kept if not _covers(each, other, inside, on)] + [each]
    for other in there:
        if any(_covers(each, other, inside, on) for each in kept):
            _end_member(deed, other, on)
    for each in kept:
        where = "cooperation" if each.cooperation_id in inside else "party_cooperation"
        made = deed.create(Membership, _said(each, on) | {where: after}, verb=None)
        if made.stated_by == StatedBy.COOPERATION and not made.area_key:
            deed.after(messages.tell_of_membership, made, _other_side(made))
    refs = [each.ref for each in before]
    for following in Following.objects.filter(about_type=Cooperation.TYPE, about_ref__in=refs):
        Following.objects.get_or_create(person_id=following.person_id, about_type=Cooperation.TYPE, about_ref=after.ref)


def _carry_on(deed: Deed, project: Project, inside: AbstractSet[int], after: Cooperation) -> None:
    """Let what a cooperation became carry a project too, and lead it where that one did."""
    current = deed.current(project)
    said = described(current)
    carrying = list(current.cooperations.all())
    if any(each.cooperation_id == after.pk for each in carrying):
        return
    leads = any(each.lead and each.cooperation_id in inside for each in carrying)
    listed = [each | {"lead": each["lead"] and not leads} for each in said["cooperations"]]
    take(current, {"cooperations": [*listed, {"cooperation": after, "lead": leads}]})
    deed.store(current, said, draft=not current.live)


def _said(member: Membership, on: str) -> dict[str, Any]:
    """What a membership says, from that day on."""
    said = described(member)
    begins, day = first_day(member.valid_from), first_day(on)
    later = begins is not None and day is not None and begins > day
    kept = {name: said[name] for name in (*STATED, "via", "area_edition", "area_name", "note")}
    return kept | {"valid_from": member.valid_from if later else on}


def _covers(one: Membership, other: Membership, inside: AbstractSet[int], on: str) -> bool:
    """Whether a membership says of the time after that day all that one in another of these cooperations says.

    Who is a member of one and observes another is a member of what they become.
    """
    if one.cooperation_id in inside and other.cooperation_id in inside:
        same = one.cooperation_id != other.cooperation_id and _who(one) == _who(other)
    else:
        same = one.party_cooperation_id != other.party_cooperation_id and one.cooperation_id == other.cooperation_id
    if not same or one.part not in ("", other.part):
        return False
    if one.role != other.role and not (one.role in _FULL and other.role in _LESS):
        return False
    day = first_day(on) or dt.date.min
    begin, start = (max(first_day(each.valid_from) or day, day) for each in (one, other))
    end, until = (first_day(each.valid_until) or dt.date.max for each in (one, other))
    return begin <= start and end >= until


def _who(member: Membership) -> tuple[object, ...]:
    return member.area_key, member.organisation_id, member.party_cooperation_id


def _end(deed: Deed, cooperation: Cooperation, on: str, state: str, reasons: list[str], note: str = "") -> Cooperation:
    for member in (*_open_members(cooperation, on), *_memberships_of(cooperation, on)):
        _end_member(deed, member, on)
    said: dict[str, Any] = {"state": state, "ended": on, "end_reasons": reasons}
    if note:
        said["end_note"] = note
    return deed.change(cooperation, said)


def _succeed(deed: Deed, before: Cooperation, after: Cooperation, kind: str, on: str) -> None:
    deed.create(Succession, {"before": before, "after": after, "kind": kind, "on": on}, verb=None)


def _other_side(membership: Membership) -> str:
    """The side that has yet to confirm: ``member`` where the cooperation stated it."""
    return "member" if membership.stated_by == StatedBy.COOPERATION else "cooperation"
