"""Long lists, lists of the reference cases with damage, and an import that is killed half way."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.portal.register.test_intake import as_csv, as_xlsx, sheet

from nahtstelle.portal.intake import actions, plans
from nahtstelle.portal.intake.matching import same_area
from nahtstelle.portal.intake.plans import Reading, planned, reading_for
from nahtstelle.portal.intake.targets import MEMBERSHIPS
from nahtstelle.portal.reference.models import Area
from nahtstelle.portal.register import actions as verbs
from nahtstelle.portal.register import search
from nahtstelle.portal.register.demonstration import FILE
from nahtstelle.portal.register.models import Cooperation, LogEntry, Membership
from nahtstelle.portal.register.policies import OPERATOR
from nahtstelle.register_file import read_lines

HEADER = ("Kooperation", "Mitglied", "AGS", "Landkreis", "Bundesland", "seit", "Rolle")


def cooperations(count: int) -> None:
    rows = [
        ("cooperation", {"ref": f"bund-{n}", "name": f"Bund {n}", "kind": "kommunalinitiative"}) for n in range(count)
    ]
    verbs.create_many(OPERATOR, rows, via="command")


def long_list(count: int) -> list[tuple[str, ...]]:
    """Members in many spellings, some of them twice."""
    areas = list(
        Area.objects.filter(edition__current=True, level="municipality")
        .exclude(designation__startswith="Gemeindefrei")
        .order_by("ags")
        .values_list("name", "designation", "ags", "district_name")[:5000]
    )
    rows = [HEADER]
    for number in range(count):
        name, designation, key, district = areas[number * 7 % len(areas)]
        written = (f"{designation} {name}", f"{name}, {designation}", name, name.upper())[number % 4]
        rows.append(
            (f"Bund {number // 50}", written, key.lstrip("0"), district, "", str(1990 + number % 30), "Mitglied")
        )
    return rows


@pytest.mark.slow
@pytest.mark.django_db
def test_fifty_thousand_rows(capsys: pytest.CaptureFixture[str]) -> None:
    cooperations(1000)
    content = as_csv(long_list(50_000), "cp1252")
    steps: list[tuple[str, int, int]] = []
    began = time.monotonic()
    plan, wrong, batch = actions.import_table(
        OPERATOR, "lang.csv", content, MEMBERSHIPS, None, progress=lambda *step: steps.append(step)
    )
    took_s = time.monotonic() - began
    with capsys.disabled():
        print(f"50,000 rows: {took_s:.0f} s")
    assert batch is not None, (wrong, [row.problems for row in plan.rows if row.problems][:3], plan.open[:3])
    assert sum(plan.counts.values()) == 50_000
    assert Membership.objects.count() == plan.counts[plans.CREATE] > 49_000
    assert LogEntry.objects.filter(batch=batch).count() == plan.counts[plans.CREATE]
    assert {step for step, _done, _of in steps} == {"match", "enter"}
    assert len(batch.report["rows"]) == actions.MOST_REPORTED and batch.report["of"] == 50_000
    assert search.found("Bund 7").count
    assert took_s < 900


PROCESS = """
import sys
import django
django.setup()
from pathlib import Path
from django.core.management import call_command
from nahtstelle.editions.catalogue import open_edition
from nahtstelle.portal.intake import actions
from nahtstelle.portal.intake.targets import MEMBERSHIPS
from nahtstelle.portal.reference.actions import load_edition
from nahtstelle.portal.register import actions as verbs
from nahtstelle.portal.register import exchange
from nahtstelle.portal.register.models import ImportBatch, LogEntry, Membership, SearchEntry
from nahtstelle.portal.register.policies import OPERATOR

step, path = sys.argv[1], Path(sys.argv[2])
if step == "prepare":
    call_command("migrate", interactive=False, verbosity=0)
    load_edition(open_edition())
    rows = [("cooperation", {"ref": f"b{n}", "name": f"Bund {n}", "kind": "evtz"}) for n in range(40)]
    verbs.create_many(OPERATOR, rows, via="command")

def entering(done, of):
    if step == "be-killed" and done >= 500:
        print("half way", flush=True)
        sys.stdin.readline()  # waits, the transaction open

def progress(what, done, of):
    if what == "enter":
        entering(done, of)

if step in ("be-killed", "import"):
    if path.suffix == ".csv":
        actions.import_table(OPERATOR, path.name, path.read_bytes(), MEMBERSHIPS, None, progress=progress)
    else:
        exchange.import_(path, OPERATOR, via="command", progress=entering)
print(*(model.objects.count() for model in (Membership, ImportBatch, LogEntry, SearchEntry)), flush=True)
"""


@pytest.fixture
def site_of_its_own(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What a process needs to know of a site beside that of the tests, in the same kind of database.

    Another process cannot look into the database of the tests, where nothing is ever committed.
    """
    known = {"NAHTSTELLE_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "nahtstelle.portal.settings"}
    address = os.environ.get("NAHTSTELLE_DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield {name: value for name, value in os.environ.items() if name != "NAHTSTELLE_DATABASE_URL"} | known
        return
    import psycopg

    name = f"killed_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield os.environ | known | {"NAHTSTELLE_DATABASE_URL": f"{address.rpartition('/')[0]}/{name}"}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.slow
@pytest.mark.django_db
def test_killed_half_way_it_leaves_nothing(site_of_its_own: dict[str, str], tmp_path: Path) -> None:
    """A list at the desk and a whole register, on SQLite and on PostgreSQL."""
    listed = tmp_path / "liste.csv"
    listed.write_bytes(as_csv(long_list(2000)))

    def run(step: str, path: Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", PROCESS, step, str(path)]
        return subprocess.Popen(command, env=site_of_its_own, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def counts(step: str, path: Path) -> list[int]:
        with run(step, path) as process:
            said, _nothing = process.communicate(timeout=300)
            assert process.returncode == 0
        return [int(count) for count in said.split()]

    before = counts("prepare", listed)
    assert before[:2] == [0, 0] and before[2:] == [40, 40]
    for path in (listed, FILE):
        with run("be-killed", path) as process:
            assert process.stdout is not None and process.stdout.readline().strip() == "half way"
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL
        assert counts("look", path) == before
    assert counts("import", listed) == [2000, 1, 2040, 40]  # the same files can be imported afterwards
    records = [each["type"] for _number, each in read_lines(FILE)]
    assert counts("import", FILE)[:3] == [2000 + records.count("membership"), 2, 2040 + len(records)]


# ------------------------------------------------------------------------------------- the reference cases


def facts(config: pytest.Config, name: str) -> list[dict[str, Any]]:
    """Records of the facts beside the reference data."""
    from tests.conftest import reference_folder

    folder = reference_folder(config).parent / "facts"
    if not folder.is_dir():
        pytest.skip("no facts beside the reference data")
    said: dict[str, list[dict[str, Any]]] = yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))
    return said[name]


def members(config: pytest.Config) -> list[tuple[str, str, str]]:
    """Cooperation, member and key of every territory of the facts, each once."""
    rows = [
        (one["name"], each["name"], each["ags"])
        for one in facts(config, "cooperations")
        for each in one.get("members", ())
        if each.get("ags")
    ]
    return list(dict.fromkeys(rows))


@pytest.mark.reference
@pytest.mark.django_db
def test_the_reference_cases_as_a_damaged_list(pytestconfig: pytest.Config) -> None:
    rows = members(pytestconfig)
    names = dict.fromkeys(name for name, _member, _key in rows)
    verbs.create_many(
        OPERATOR,
        [
            ("cooperation", {"ref": f"c-{n}", "name": name, "kind": "kommunalinitiative"})
            for n, name in enumerate(names)
        ],
        via="command",
    )
    written: list[tuple[Any, ...]] = [("Mitglieder der Regionen",), (), ("Name der Kooperation", "Gemeinde", "AGS")]
    merged, above, start = [], "", 0
    for name, member, key in rows:
        number = len(written) + 1
        if name != above:
            if above and number - start > 1:
                merged.append(f"A{start}:A{number - 1}")
            above, start = name, number
        damaged = (
            f"{member}, Stadt" if number % 7 == 0 else member.replace("ü", "ue") if number % 5 == 0 else member.upper()
        )
        lost = int(key) if number % 3 else f" {key[:2]} {key[2:]} "
        written.append((name if start == number else None, damaged, lost))
    merged.append(f"A{start}:A{len(written)}")
    written += rows[:20]  # once more
    found = sheet(as_xlsx(written, merged), "facts.xlsx")
    assert len(found.rows) == len(rows) + 20
    plan = planned(MEMBERSHIPS, found, reading_for(MEMBERSHIPS, found))
    counts = plan.counts
    assert counts[plans.LEFT] >= 10
    assert not [(row.title, row.problems) for row in plan.rows if row.action == plans.WRONG]
    known = known_keys()
    sure = [row for row in plan.rows if row.action == plans.CREATE]
    assert len(sure) >= 0.9 * sum(key in known for _name, _member, key in rows)
    truth = {(name, key) for name, _member, key in rows}
    references = dict(Cooperation.objects.values_list("ref", "name"))
    for row in sure:
        assert (references[row.fields["cooperation"]], row.fields["area_key"]) in truth, row
    # dead keys and keys that are younger than the edition are asked about, each with what may be meant
    assert all(question.notes for question in plan.open)


def known_keys() -> set[str]:
    """Keys of the current edition, in both spellings."""
    areas = Area.objects.filter(edition__current=True)
    return {key for pair in areas.values_list("key", "ags") for key in pair if key}


@pytest.mark.reference
@pytest.mark.django_db
def test_the_reference_cases_by_name_only(pytestconfig: pytest.Config) -> None:
    """Without keys nothing wrong is taken: what is sure is right."""
    rows = members(pytestconfig)
    verbs.create(OPERATOR, "cooperation", {"ref": "alle", "name": "Alle", "kind": "kommunalinitiative"}, via="command")
    laender = dict(Area.objects.filter(edition__current=True, level="land").values_list("key", "name"))
    once = {(member, key): None for _name, member, key in rows}
    found = sheet(as_csv([("Gemeinde", "Bundesland"), *((member, laender[key[:2]]) for member, key in once)]))
    reading = Reading(reading_for(MEMBERSHIPS, found).columns, fixed={"cooperation": "alle"})
    plan = planned(MEMBERSHIPS, found, reading)
    sure = [(row, key) for row, (_member, key) in zip(plan.rows, once, strict=True) if row.action == plans.CREATE]
    assert len(sure) > 0.6 * len(once)
    known = known_keys()  # of what was merged later only the old namesake is there
    wrong = [
        (row.title, row.fields["area_key"], key)
        for row, key in sure
        if key in known and same_area(row.fields["area_key"]) != same_area(key)
    ]
    assert not wrong


# --------------------------------------------------------------------------------------------- the command


@pytest.mark.django_db
def test_the_report_of_the_command(tmp_path: Path) -> None:
    from nahtstelle.cli.import_report import written_map, written_report

    Cooperation.objects.create(ref="heide", name="Heide", kind="kommunalinitiative")
    found = sheet(as_csv([("Kooperation", "Gemeinde"), ("heide", "Nirgendwo"), ("Heidee", "Nirgendwo")]))
    plan = planned(MEMBERSHIPS, found, reading_for(MEMBERSHIPS, found))
    written_report(plan, tmp_path / "bericht.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "bericht.csv").read_text(encoding="utf-8-sig"))))
    assert len(rows) == 3 and rows[1][0] == "2" and rows[1][1] == plans.ASK
    said = json.loads(written_map(plan))
    assert set(said["answers"]) == {question.key for question in plan.open}
    assert Reading.from_dict(said) == Reading(reading_for(MEMBERSHIPS, found).columns, answers=said["answers"])
