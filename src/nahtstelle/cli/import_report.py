"""What importing a list would do, as a table in the terminal or a file, and the file that answers its questions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from nahtstelle.cli.output import counted, put, table, to_csv

if TYPE_CHECKING:
    from nahtstelle.portal.intake.plans import Plan

_MOST_SHOWN = 60
_ATTENTION = ("wrong", "ask", "left", "change", "same", "create")


def written_report(plan: Plan, output: Path | None) -> None:
    """Every row into a file, CSV; in the terminal those that need attention, and the questions with what is offered."""
    columns = ("row", "action", "entry", "remarks")
    rows = [(row.number, row.action, row.title, " ".join([*row.problems, *row.notes])) for row in plan.rows]
    if output is not None:
        put(to_csv(columns, rows), output)
    counts = ", ".join(f"{plan.counts[action]:,} {action}" for action in _ATTENTION if plan.counts[action])
    shown = sorted((row for row in rows if row[3]), key=lambda row: (_ATTENTION.index(row[1]), row[0]))[:_MOST_SHOWN]
    title = f"{counted(len(rows), 'row', 'rows')}: {counts}"
    table(title, ("Row", "What happens", "Entry", "What to know or do"), [tuple(map(str, row)) for row in shown])
    if plan.open:
        asked = [
            (question.key, question.text, "; ".join(f"{o.value} = {o.label} ({o.score})" for o in question.offers))
            for question in plan.open[:_MOST_SHOWN]
        ]
        table(counted(len(plan.open), "open question", "open questions"), ("Key", "In the list", "Offered"), asked)


def written_map(plan: Plan) -> str:
    """How the list is read as JSON, with an empty answer for each open question."""
    said = plan.reading.to_dict()
    said["answers"] = {**said["answers"], **{question.key: "" for question in plan.open}}
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"
