"""``nahtstelle bridges``: seams seen through a register in a file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nahtstelle.cli.output import (
    EditionOption,
    Format,
    FormatOption,
    LevelName,
    LevelOption,
    OutputOption,
    counted,
    edition_named,
    show,
    show_people,
    table,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapely.geometry.base import BaseGeometry

RegisterArgument = Annotated[
    Path,
    typer.Argument(
        metavar="REGISTER", help="Register as JSON Lines, see 'nahtstelle register'.", exists=True, dir_okay=False
    ),
]
DayOption = Annotated[
    dt.datetime | None,
    typer.Option("--on", metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="The day to look at; default: today."),
]

STATES = {"bridged": "bridged", "confirmed_none": "confirmed: none", "unknown": "nothing known"}


def day_of(on: dt.datetime | None) -> dt.date:
    """The day an option names; today where it names none."""
    return dt.date.today() if on is None else on.date()  # noqa: DTZ011  the day on the reader's calendar


def known_term(vocabulary: str, value: str | None, option: str) -> str:
    """An id that a vocabulary has; empty for none."""
    from nahtstelle.core import vocabularies

    terms: Any = getattr(vocabularies, vocabulary)
    if value is not None and value not in terms:
        raise typer.BadParameter(f"no such id: {value!r}; there are {', '.join(terms)}", param_hint=option)
    return value or ""


def bridges(
    register: RegisterArgument,
    level: LevelOption = LevelName.district,
    edition: EditionOption = None,
    on: DayOption = None,
    task: Annotated[str | None, typer.Option("--task", metavar="ID", help="Only bridges of this task.")] = None,
    kind: Annotated[str | None, typer.Option("--kind", metavar="ID", help="Only bridges of this kind.")] = None,
    legal_form: Annotated[
        str | None, typer.Option("--legal-form", metavar="ID", help="Only bridges of this legal form.")
    ] = None,
    unbridged: Annotated[bool, typer.Option("--unbridged", help="Only seams without a bridge.")] = False,
    multi_task: Annotated[
        bool, typer.Option("--multi-task", help="Count statutory multi-task associations as well.")
    ] = False,
    form: FormatOption = Format.table,
    output: OutputOption = None,
) -> None:
    """Show which seams the cooperations of a register bridge, and which none does; most people first.

    Where no bridge is known, a seam is 'confirmed: none' if both sides say that the register holds all of their
    cooperations, else nothing is known. Tasks, kinds and legal forms are ids of the vocabularies.
    """
    only_task = known_term("TASKS", task, "--task")
    only_kind = known_term("KINDS", kind, "--kind")
    only_form = known_term("LEGAL_FORMS", legal_form, "--legal-form")
    from nahtstelle.core.bridges import STATES as CODES
    from nahtstelle.core.bridges import build_bridges
    from nahtstelle.editions.documents import bridged_seam_document
    from nahtstelle.register_file import read_snapshot

    opened = edition_named(edition)
    day = day_of(on)
    at = str(level or LevelName.district)
    seams = opened.all_seams(at)
    found = build_bridges(
        read_snapshot(register), opened.territory, seams, day,
        task=only_task, kind=only_kind, legal_form=only_form, multi_task=multi_task,
    )  # fmt: skip
    people = [-1 if seam.people.people is None else seam.people.people for seam in seams]
    order = [row for row in range(len(seams)) if not (unbridged and CODES[int(found.state[row])] == "bridged")]
    order.sort(key=lambda row: (-people[row], found.seams[row]))
    shown = [bridged_seam_document(opened, seams[row], found.seam(row)) for row in order]
    number = {state: int((found.state == code).sum()) for code, state in enumerate(CODES)}
    columns = (
        "a_key", "a_name", "b_key", "b_name", "land_seam", "length_km", "people", "known_share", "state", "strength",
        "intensity", "cooperations",
    )  # fmt: skip

    def features() -> Iterator[tuple[dict[str, Any], BaseGeometry | None]]:
        drawn = opened.border_lines(at)
        for each in shown:
            yield each, drawn.get((each["a"]["key"], each["b"]["key"]))

    title = ", ".join(f"{count:,} {STATES[state]}" for state, count in number.items())
    written(
        form,
        output,
        opened,
        document=lambda: {
            "edition": opened.id,
            "attribution": opened.attribution,
            "level": at,
            "on": day.isoformat(),
            "task": task,
            "kind": kind,
            "legal_form": legal_form,
            "states": number,
            "seams": shown,
        },
        rows=lambda: (
            columns,
            [
                (
                    each["a"]["key"], each["a"]["name"], each["b"]["key"], each["b"]["name"],
                    *(each[name] for name in columns[4:11]),
                    [bridge["cooperation"] for bridge in each["bridges"]],
                )
                for each in shown
            ],
        ),
        features=features,
        drawn=lambda to: table(
            f"{counted(len(seams), 'seam', 'seams')} of level {at} on {day}: {title}",
            ("A", "Key", "B", "Key ", "km", "People", "State", "Strength", "Intensity", "Cooperations"),
            [
                (
                    each["a"]["name"], each["a"]["key"], each["b"]["name"], each["b"]["key"], show(each["length_km"]),
                    show_people(each["people"], each["known_share"]), STATES[each["state"]], each["strength"] or "",
                    f"{each['intensity']:.2f}" if each["bridges"] else "",
                    "; ".join(bridge["name"] for bridge in each["bridges"][:3])
                    + (f" and {len(each['bridges']) - 3} more" if len(each["bridges"]) > 3 else ""),
                )
                for each in shown
            ],
            notes=(
                "Full: all border municipalities of both sides take part; adjacent: some on both sides; loose: members "
                "on both sides, but not at the seam.",
                f"Edition {opened.id}. {opened.attribution}",
            ),
            numbers=("km", "People", "Intensity"),
            output=to,
        ),
    )  # fmt: skip
