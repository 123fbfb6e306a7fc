"""The register into a file and back: equal, all or nothing, and with nothing in it that is not for everybody."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.portal.register.conftest import Cast, cooperation
from tests.portal.register.test_queries import create, one_of_each
from typer.testing import CliRunner

from nahtstelle.cli.main import app
from nahtstelle.core.vocabularies import KINDS, MEMBER_ROLES, REASONS, TASKS
from nahtstelle.errors import SourceError
from nahtstelle.portal.register import actions, exchange, rules
from nahtstelle.portal.register.errors import Conflict, Forbidden, Invalid
from nahtstelle.portal.register.models import (
    RECORDS,
    Cooperation,
    ImportBatch,
    LogEntry,
    Membership,
    Organisation,
    Project,
)
from nahtstelle.portal.register.policies import OPERATOR
from nahtstelle.portal.register.records import described
from nahtstelle.portal.register.snapshot import snapshot
from nahtstelle.register_file import read_lines, read_snapshot, write_lines

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 1, 1)


def everything() -> list[dict[str, Any]]:
    """What the register says, without where it stands in the database."""
    return [
        {"type": type_} | described(record)
        for type_, model in RECORDS.items()
        for record in model._default_manager.order_by("ref")
    ]


def lines_of(file: Path) -> list[str]:
    """Its lines; a sign that other programs take for the end of one may stand within."""
    return file.read_text("utf-8").rstrip("\n").split("\n")


def clear() -> None:
    """An empty register."""
    Organisation.objects.update(carries=None)
    for model in reversed(RECORDS.values()):
        model._default_manager.all().delete()


def rich(cast: Cast) -> None:
    """Something of every kind: lists in records, a draft, what is withdrawn, umlauts, all kinds of values."""
    records = one_of_each(cast.own)
    actions.change(OPERATOR, records["organisation"], {"carries": "einharz"}, via="command")
    said: dict[str, Any] = {
        "tasks": ["tourismus", "abfall"],
        "fundings": [{"programme": "LEADER", "budget_eur": "1.5"}],
        "summary_de": "Über Länder\nhinweg „gemeinsam“ \u2028",
    }
    actions.change(OPERATOR, cast.own, said, via="command")
    create("membership", cooperation=cast.other, party_cooperation=cast.own, valid_from="2014-10", role="partner")
    create("membership", cooperation=cast.other, organisation=records["organisation"], part="nur Nord")
    create(
        "project", name="Gescheitert", state="gescheitert", reasons=["finanzierung"], costs_eur="12.30",
        cooperations=[{"cooperation": "einharz", "lead": True}, {"cooperation": "weserbund"}],
        partners=[{"area_key": "03153"}, {"party_name": "Firma"}, {"organisation": records["organisation"].ref}],
        effects=[{"indicator": "Gäste", "unit": "Personen", "before": "1.2500", "before_on": "2014"}],
        fundings=[{"programme": "EFRE", "amount_eur": "100"}],
    )  # fmt: skip
    create("coverage", land_key="03", kind="ile-region", exist=34, source=records["source"])
    create("completeness", area_key="03153", stated_on="2026-01-01")
    create("key-change", old_key="03152", new_key="03159", on="2016-11-01")
    create(
        "contact", cooperation=cast.own, function="Leitung", phone="2", person_name="Erika Mustermann",
        consent_on="2020-01-01", consent_until="2021-01-01", consent_purpose="Ansprechstelle",
    )  # fmt: skip
    actions.create(OPERATOR, "project", {"ref": "entwurf", "name": "Entwurf"}, draft=True, via="command")
    actions.withdraw(OPERATOR, create("source", ref="weg", title="Zurückgezogen"), via="command")
    actions.confirm(OPERATOR, cast.own, via="command")


def test_all_of_it_comes_back_equal(cast: Cast, tmp_path: Path) -> None:
    rich(cast)
    before, frozen = everything(), snapshot()
    count = exchange.export(tmp_path / "a.jsonl", exported_on=DAY)
    assert count == len(before)
    clear()
    assert everything() == []
    report = exchange.import_(tmp_path / "a.jsonl", OPERATOR, via="command")
    assert (report.created, report.changed, report.same, report.findings) == (count, 0, 0, ())
    assert everything() == before and snapshot() == frozen
    exchange.export(tmp_path / "b.jsonl", exported_on=DAY)
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
    assert read_snapshot(tmp_path / "b.jsonl") == frozen, "with and without a database the same"
    again = exchange.import_(tmp_path / "b.jsonl", OPERATOR, via="command")
    assert (again.created, again.changed, again.same) == (0, 0, count)


def test_what_differs_is_changed_and_what_is_not_named_stays(cast: Cast, tmp_path: Path) -> None:
    rich(cast)
    file = tmp_path / "a.jsonl"
    exchange.export(file)
    actions.rename(OPERATOR, cast.own, "Anders", via="command")
    actions.change(OPERATOR, Project.objects.get(ref="entwurf"), {"name": "Neu"}, draft=True, via="command")
    extra = cooperation("zusatz")
    report = exchange.import_(file, OPERATOR, via="command")
    assert (report.created, report.changed) == (0, 2)
    assert Cooperation.objects.get(pk=cast.own.pk).name == "Einharz"
    draft = Project.objects.get(ref="entwurf")
    assert (draft.name, draft.live) == ("Entwurf", False)
    assert Cooperation.objects.filter(pk=extra.pk).exists()
    assert report.batch is not None
    actions.undo_batch(OPERATOR, report.batch, via="command")
    assert Cooperation.objects.get(pk=cast.own.pk).name == "Anders"


@pytest.mark.parametrize("dry", [True, False])
def test_one_wrong_line_keeps_all_out(dry: bool, cast: Cast, tmp_path: Path) -> None:
    rich(cast)
    file = tmp_path / "a.jsonl"
    exchange.export(file)
    lines = lines_of(file)
    nowhere = {"type": "membership", "cooperation": "niemand", "area_key": "03"}
    wrong = [json.dumps(nowhere | {"ref": f"m{n}"}) for n in (1, 2)]
    lines[1:1] = wrong
    lines.append(json.dumps({"type": "contact", "ref": "k", "function": "F", "colour": "blue"}))
    file.write_text("\n".join(lines), "utf-8")
    clear()
    with pytest.raises(Invalid) as caught:
        exchange.import_(file, OPERATOR, via="command", dry_run=dry)
    assert {each.row for each in caught.value.findings} >= {2, 3, len(lines)}
    assert everything() == [] and not ImportBatch.objects.exists()
    assert exchange.check(file, OPERATOR, via="command").blocked


def test_a_dry_run_says_what_would_be_done(cast: Cast, tmp_path: Path) -> None:
    rich(cast)
    exchange.export(tmp_path / "a.jsonl")
    clear()
    report = exchange.check(tmp_path / "a.jsonl", OPERATOR, via="command")
    assert report.created > 10 and not report.blocked and report.batch is None
    assert everything() == [] and not ImportBatch.objects.exists()


def test_a_file_that_says_a_thing_twice_or_is_none(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    exchange.export(file)
    file.write_text(file.read_text("utf-8") + lines_of(file)[-1], "utf-8")
    with pytest.raises(Invalid) as caught:
        exchange.import_(file, OPERATOR, via="command")
    assert [(each.code, each.row) for each in caught.value.findings] == [("twice", 4)]
    file.write_text("keine", "utf-8")
    with pytest.raises(SourceError):
        exchange.import_(file, OPERATOR, via="command")


def test_an_uploaded_file_that_is_not_here_is_left_out_and_said(cast: Cast, tmp_path: Path) -> None:
    create("attachment", title="Satzung", about_type="cooperation", about_ref="einharz")
    file = tmp_path / "a.jsonl"
    exchange.export(file)
    file.write_text(file.read_text("utf-8").replace('"document": null', '"document": 4711'), "utf-8")
    clear()
    report = exchange.import_(file, OPERATOR, via="command")
    assert [(each.code, each.blocking) for each in report.findings] == [("document", False)]


def test_who_may_not_enter_it_one_by_one_may_not_at_once(cast: Cast, tmp_path: Path) -> None:
    exchange.export(tmp_path / "a.jsonl")
    with pytest.raises(Forbidden):
        exchange.import_(tmp_path / "a.jsonl", cast.account, via="import")
    actions.rename(OPERATOR, cast.other, "Anders", via="command")
    with pytest.raises(Invalid) as caught:
        exchange.import_(tmp_path / "a.jsonl", cast.coordination, via="import")
    assert [each.code for each in caught.value.findings] == ["forbidden"]
    actions.rename(OPERATOR, cast.other, "Weserbund", via="command")
    actions.rename(OPERATOR, cast.own, "Anders", via="command")
    assert exchange.import_(tmp_path / "a.jsonl", cast.coordination, via="import").changed == 1


def test_what_visitors_get_holds_nothing_else(cast: Cast, tmp_path: Path) -> None:
    rich(cast)
    file = tmp_path / "public.jsonl"
    exchange.export(file, public_only=True)
    text = file.read_text("utf-8")
    assert "Erika" not in text and "Entwurf" not in text and "Zurückgezogen" not in text
    assert all(not line["withdrawn_on"] and not line.get("draft") for _number, line in read_lines(file))
    assert read_snapshot(file) == snapshot()


def test_the_commands(cast: Cast, tmp_path: Path) -> None:
    rich(cast)
    run, file, before = CliRunner(), str(tmp_path / "a.jsonl"), everything()
    assert f"{len(before)} records written" in run.invoke(app, ["register", "export", file]).output
    clear()
    tried = run.invoke(app, ["register", "import", file, "--dry-run"])
    assert "would be entered" in tried.output and everything() == []
    done = run.invoke(app, ["register", "import", file])
    assert done.exit_code == 0 and everything() == before
    lines = lines_of(Path(file))
    Path(file).write_text("\n".join([*lines, '{"type": "source", "ref": "q", "title": ""}']), "utf-8")
    failed = run.invoke(app, ["register", "import", file])
    assert failed.exit_code and f"line {len(lines) + 1}: title:" in failed.output


# ---------------------------------------------------------------------------------- any sequence of verbs

Step = Callable[[st.DataObject], Any]
YEARS = st.sampled_from(["", "2012", "2014", "2014-10", "2016-05-03", "2018", "2020", "2023"])
AREAS = st.sampled_from(["03153", "03252", "05766", "03", "03153017"])


class _Nothing(Exception):
    """There is nothing to do a verb to."""


def _pick(data: st.DataObject, model: Any) -> Any:
    """Any record of a kind, withdrawn ones too. Raises `_Nothing`."""
    keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    if not keys:
        raise _Nothing
    return model._default_manager.get(pk=data.draw(st.sampled_from(keys)))


def _verbs(by: Any, folder: Path) -> dict[str, Step]:
    """What can be done, with whatever values: much of it is refused, and then nothing may have changed."""
    terms = lambda vocabulary: st.sampled_from(sorted(vocabulary))  # noqa: E731

    def create_cooperation(data: st.DataObject) -> Any:
        said = {"name": data.draw(st.sampled_from(["A", "B", ""])), "kind": data.draw(terms(KINDS)),
                "founded": data.draw(YEARS), "tasks": [data.draw(terms(TASKS))]}  # fmt: skip
        return actions.create(by, "cooperation", said, draft=data.draw(st.booleans()), via="form")

    def change_cooperation(data: st.DataObject) -> Any:
        state = data.draw(st.sampled_from(["aktiv", "aufgeloest"]))
        said = {"founded": data.draw(YEARS), "ended": data.draw(YEARS), "state": state}
        return actions.change(by, _pick(data, Cooperation), said, via="form")

    def add_membership(data: st.DataObject) -> Any:
        party: dict[str, Any] = {"area_key": data.draw(AREAS)}
        if data.draw(st.booleans()):
            party = {"party_cooperation": _pick(data, Cooperation)}
        said = {"role": data.draw(terms(MEMBER_ROLES)), "valid_from": data.draw(YEARS), "valid_until": data.draw(YEARS)}
        return actions.add_membership(by, _pick(data, Cooperation), party | said, via="form")

    def end_membership(data: st.DataObject) -> Any:
        return actions.end_membership(by, _pick(data, Membership), on=data.draw(YEARS), via="form")

    def merge(data: st.DataObject) -> Any:
        ones = [_pick(data, Cooperation), _pick(data, Cooperation)]
        into: Any = _pick(data, Cooperation) if data.draw(st.booleans()) else {"name": "Z", "kind": "ile-region"}
        return actions.merge(by, ones, into, on=data.draw(YEARS), via="form")

    def split(data: st.DataObject) -> Any:
        one, on = _pick(data, Cooperation), data.draw(YEARS)
        going = actions.going_on(one, on)
        some = st.lists(st.sampled_from(going), unique=True) if going else st.just([])
        return actions.split(
            by, one, [({"name": n, "kind": "ile-region"}, data.draw(some)) for n in "XY"], on=on, via="form"
        )

    def create_project(data: st.DataObject) -> Any:
        said = {
            "name": "P",
            "cooperations": [{"cooperation": _pick(data, Cooperation), "lead": data.draw(st.booleans())}],
        }
        return actions.create(by, "project", said, draft=data.draw(st.booleans()), via="form")

    def import_(data: st.DataObject) -> Any:
        """A file that changes what is there and enters something."""
        one, number = _pick(data, Cooperation).ref, LogEntry.objects.count()
        said = [
            {"type": "cooperation", "ref": one, "founded": data.draw(YEARS), "website": f"https://{number}.example"},
            {"type": "cooperation", "ref": f"neu-{number}", "name": "Neu", "kind": "ile-region"},
            {"type": "membership", "ref": f"m-{number}", "cooperation": f"neu-{number}",
             "area_key": data.draw(AREAS), "valid_from": data.draw(YEARS), "valid_until": data.draw(YEARS)},
        ]  # fmt: skip
        write_lines(folder / "some.jsonl", said, DAY)
        return exchange.import_(folder / "some.jsonl", by, via="import")

    return {
        "create": create_cooperation,
        "change": change_cooperation,
        "add_membership": add_membership,
        "end_membership": end_membership,
        "change_membership": lambda data: actions.change(
            by, _pick(data, Membership), {"valid_from": data.draw(YEARS), "valid_until": data.draw(YEARS)}, via="form"
        ),
        "create_project": create_project,
        "withdraw": lambda data: actions.withdraw(by, _pick(data, Membership), via="form"),
        "restore": lambda data: actions.restore(by, _pick(data, Membership), via="form"),
        "withdraw_cooperation": lambda data: actions.withdraw(by, _pick(data, Cooperation), via="form"),
        "restore_cooperation": lambda data: actions.restore(by, _pick(data, Cooperation), via="form"),
        "withdraw_project": lambda data: actions.withdraw(by, _pick(data, Project), via="form"),
        "import": import_,
        "undo": lambda data: actions.undo_batch(
            by, _pick(data, ImportBatch), leave_changed=data.draw(st.booleans()), via="form"
        ),
        "merge": merge,
        "split": split,
        "convert": lambda data: actions.convert(
            by, _pick(data, Cooperation), {"legal_form": "ev"}, on=data.draw(YEARS), via="form"
        ),
        "dissolve": lambda data: actions.dissolve(
            by, _pick(data, Cooperation), on=data.draw(YEARS), reasons=[data.draw(terms(REASONS))], via="form"
        ),
        "confirm": lambda data: actions.confirm(by, _pick(data, Cooperation), via="form"),
    }  # fmt: skip


@pytest.mark.slow
@given(data=st.data())
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_no_sequence_of_verbs_leaves_what_cannot_be(data: st.DataObject, db: None, tmp_path: Path) -> None:
    """And whatever is left goes into a file and comes back equal."""
    with transaction.atomic():
        for ref in ("eins", "zwei", "drei"):
            cooperation(ref)
        verbs = _verbs(OPERATOR, tmp_path)
        for _ in range(data.draw(st.integers(4, 16))):
            name = data.draw(st.sampled_from(sorted(verbs)))
            before, entries = everything(), LogEntry.objects.count()
            try:
                with transaction.atomic():
                    verbs[name](data)
            except _Nothing:
                continue
            except (Invalid, Conflict):
                assert (everything(), LogEntry.objects.count()) == (before, entries)
            found = rules.findings_about(list(Cooperation.objects.values_list("pk", flat=True)))
            assert not [each for each in found if each.blocking], name
        before = everything()
        exchange.export(tmp_path / "any.jsonl")
        clear()
        exchange.import_(tmp_path / "any.jsonl", OPERATOR, via="command")
        assert everything() == before
        transaction.set_rollback(True)
