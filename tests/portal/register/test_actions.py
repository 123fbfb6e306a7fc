"""The verbs: who may, what they refuse, what they leave in the log, and how to take them back."""

from __future__ import annotations

from typing import Any

import pytest
from tests.portal.register.conftest import VIA, Cast

from nahtstelle.portal.register import actions
from nahtstelle.portal.register.errors import Conflict, Forbidden, Invalid
from nahtstelle.portal.register.models import Cooperation, LogEntry, Membership

pytestmark = pytest.mark.django_db


def newest() -> LogEntry:
    entry = LogEntry.objects.first()
    assert entry is not None
    return entry


def test_create_and_change(cast: Cast) -> None:
    made = actions.create(
        cast.editorial,
        "cooperation",
        {"ref": "neu", "name": "Neu", "kind": "ile-region", "seat_key": "03153017"},
        via=VIA,
    )
    assert Cooperation.objects.get(ref="neu").live
    changed = actions.change(cast.editorial, made, {"name": "Neuer"}, via=VIA, seen=made.changed_at)
    assert changed.name == "Neuer"
    assert newest().before["name"] == "Neu" and newest().after["name"] == "Neuer"
    with pytest.raises(Conflict) as caught:
        actions.change(cast.editorial, made, {"name": "Noch neuer"}, via=VIA, seen=made.changed_at)
    assert caught.value.differences == {"name": ("Neuer", "Noch neuer")}
    with pytest.raises(Forbidden):
        actions.change(cast.far_editorial, changed, {"name": "x"}, via=VIA)
    with pytest.raises(Invalid):
        actions.change(cast.editorial, changed, {"name": ""}, via=VIA)


def test_membership(cast: Cast) -> None:
    member = actions.add_membership(cast.coordination, cast.own, {"area_key": "03153", "valid_from": "2014"}, via=VIA)
    assert (member.stated_by, member.confirmed_by_cooperation_on is None) == ("cooperation", False)
    assert member.area_name == "Landkreis Goslar"
    ended = actions.end_membership(cast.coordination, member, on="2020", via=VIA)
    assert ended.valid_until == "2020"
    with pytest.raises(Invalid) as caught:
        actions.add_membership(cast.coordination, cast.own, {"area_key": "03153", "valid_from": "2019"}, via=VIA)
    assert [each.code for each in caught.value.findings] == ["membership-overlap"]
    assert Membership.objects.count() == 1


def test_drafts(cast: Cast) -> None:
    changed = actions.change(cast.trainee, cast.own, {"name": "Anders"}, via=VIA)
    there = Cooperation.objects.get(pk=cast.own.pk)
    assert there.name == cast.own.name and there.has_unpublished_changes
    assert newest().after["draft"]
    assert there.get_latest_revision_as_object().name == "Anders"
    assert changed.name == "Anders"
    with pytest.raises(Forbidden):
        actions.publish(cast.stranger, there, via=VIA)
    published = actions.publish(cast.coordination, there, via=VIA)
    assert Cooperation.objects.get(pk=cast.own.pk).name == published.name == "Anders"
    assert not Cooperation.objects.get(pk=cast.own.pk).has_unpublished_changes


def test_merge(cast: Cast) -> None:
    actions.add_membership(cast.coordination, cast.own, {"area_key": "03153", "valid_from": "2014"}, via=VIA)
    actions.add_membership(cast.stranger, cast.other, {"area_key": "05766", "valid_from": "2014"}, via=VIA)
    actions.add_membership(cast.stranger, cast.other, {"area_key": "03153", "valid_from": "2014"}, via=VIA)
    with pytest.raises(Forbidden):
        actions.merge(
            cast.coordination, [cast.own, cast.other], {"name": "Beide", "kind": "ile-region"}, on="2020", via=VIA
        )
    made = actions.merge(
        cast.administration,
        [cast.own, cast.other],
        {"name": "Beide", "kind": "ile-region", "ref": "beide"},
        on="2020",
        via=VIA,
    )
    assert sorted(made.memberships.values_list("area_key", "valid_from")) == [("03153", "2020"), ("05766", "2020")]
    assert Cooperation.objects.get(pk=cast.own.pk).state == "aufgegangen"
    actions.change(cast.coordination, made, {"website": "https://beide.example"}, via=VIA)


def test_many(cast: Cast) -> None:
    rows: list[Any] = [
        ("membership", {"ref": f"m{i}", "cooperation": "neu", "area_key": f"{i:05d}"}) for i in range(1, 40)
    ]
    rows.append(
        ("cooperation", {"ref": "neu", "name": "Neu", "kind": "ile-region", "fundings": [{"programme": "LEADER"}]})
    )
    rows.append(("organisation", {"ref": "traeger", "name": "Träger", "carries": "neu"}))
    made = actions.create_many(cast.administration, rows, via="import")
    assert len(made) == 41 and Membership.objects.count() == 39
    assert LogEntry.objects.filter(record_ref="traeger").get().after["carries"] == "neu"
    assert Cooperation.objects.get(ref="neu").fundings.count() == 1
