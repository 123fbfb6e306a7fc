"""Records as dictionaries and back."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ValidationError

from nahtstelle.portal.register.models import Cooperation, Membership, Project
from nahtstelle.portal.register.records import described, differences, record_of, take

pytestmark = pytest.mark.django_db


def test_a_record_comes_back_from_its_description_with_all_that_is_listed_in_it() -> None:
    one = Cooperation.objects.create(ref="einharz", name="EinHarz", kind="kommunalinitiative", tasks=("tourismus",))
    said = {
        "ref": "ecarsharing",
        "name": "eCarSharing Harz",
        "state": "umsetzung",
        "tasks": ["mobilitaet", "energie-klima"],
        "costs_eur": "1200.50",
        "cooperations": [{"cooperation": "einharz", "lead": True}],
        "partners": [{"area_key": "03153", "area_name": "Landkreis Goslar"}, {"party_name": "Stadtwerke"}],
    }
    project = Project()
    take(project, said)
    project.full_clean()
    project.save()
    again = described(record_of("project", "ecarsharing"))
    assert again["cooperations"] == [{"cooperation": "einharz", "lead": True}]
    assert again["tasks"] == ["mobilitaet", "energie-klima"]
    assert again["costs_eur"] == "1200.5"
    assert [each["party_name"] for each in again["partners"]] == ["", "Stadtwerke"]
    assert json.loads(json.dumps(again)) == again
    other = Project()
    take(other, again)
    assert {**described(other), "draft": again["draft"]} == again
    assert Cooperation.objects.filter(tasks__contains=" tourismus ").get() == one
    assert not Cooperation.objects.filter(tasks__contains=" touris ").exists()


def test_what_cannot_be_read_is_named_field_by_field() -> None:
    with pytest.raises(ValidationError) as caught:
        take(Membership(), {"cooperation": "nobody", "colour": "blue", "confirmed_by_member_on": "soon"})
    assert set(caught.value.message_dict) == {"cooperation", "colour", "confirmed_by_member_on"}


def test_differences_name_the_fields_that_differ() -> None:
    assert differences({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}) == {"b": (2, 3), "c": (None, 4)}
    assert differences(None, {"a": 1}) == {"a": (None, 1)}
