"""peakshift roster waive, waivers, withdraw-waiver."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import pandas as pd
import typer

from data.domain import Violation, zone
from data.waivers import Waiver
from scheduling.rules.waiving import Waived
from ui.cli.output import table
from ui.cli.session import parse_day, session
from ui.plan.waivers import waive as waive_rule

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of a roster.")]
Who = Annotated[str, typer.Option("--by", metavar="NAME", help="Who says so.")]


def register(commands: typer.Typer) -> None:
    """Add the commands to those of rosters."""
    commands.command("waive")(waive)
    commands.command("waivers")(list_waivers)
    commands.command("withdraw-waiver")(withdraw)


def waive(
    context: typer.Context,
    name: Name,
    person: Annotated[str, typer.Option("--person", metavar="ID", help="Person, by agent_id.")],
    day: Annotated[
        date,
        typer.Option("--date", parser=parse_day, metavar="DATE", help="Local day, as roster check tells it."),
    ],
    rule: Annotated[str, typer.Option("--rule", metavar="RULE", help="Rule, as roster check names it.")],
    by: Who,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")],
) -> None:
    """Let a rule be broken by one person on one day; roster check then lists it as waived."""
    run = session(context)
    kept, covered = waive_rule(run.open(), name, person=person, day=day, rule=rule, by=by, reason=reason)
    lines = [f"waived: {violation.message}" for violation in covered] or [
        f"{person} does not break it on {day}; it will be waived if that changes."
    ]
    document = {"waiver": asdict(kept), "covers": [asdict(violation) for violation in covered]}
    run.output.result(document, f"Kept as {kept.id}.", *lines)


def list_waivers(
    context: typer.Context,
    name: Name,
    everything: Annotated[bool, typer.Option("--all", help="Withdrawn ones too.")] = False,
) -> None:
    """Waivers of a roster, in the order they were made."""
    run = session(context)
    workspace = run.open()
    workspace.roster_record(name)
    found = [each for each in workspace.waivers(name) if everything or each.withdrawn_at is None]
    text = table(pd.DataFrame([_row(each) for each in found])) if found else "There is no waiver."
    run.output.result({"name": name, "waivers": [asdict(each) for each in found]}, text)


def withdraw(
    context: typer.Context,
    waiver: Annotated[str, typer.Argument(metavar="ID", help="Waiver to take back.")],
    by: Who,
) -> None:
    """Take a waiver back; it stays on record."""
    run = session(context)
    gone = run.open().withdraw_waiver(waiver, by=by)
    run.output.result(asdict(gone), f"{gone.id} is withdrawn.")


def broken_line(violation: Violation, timezone: str) -> str:
    """One broken rule, with the day a waiver of it would name."""
    day = violation.start.astimezone(zone(timezone)).date()
    return f"{violation.severity}, {violation.rule} {day}: {violation.message}"


def waived_document(waived: Iterable[Waived]) -> list[dict[str, Any]]:
    """Rules that were waived instead of broken."""
    return [
        {
            **asdict(each.violation),
            "waiver": each.waiver.id,
            "by": each.waiver.by,
            "reason": each.waiver.reason,
        }
        for each in waived
    ]


def waived_lines(waived: Iterable[Waived]) -> list[str]:
    """Rules that were waived, one a line."""
    return [
        f"waived: {each.violation.message} ({each.waiver.by}: {each.waiver.reason}; {each.waiver.id})"
        for each in waived
    ]


def _row(waiver: Waiver) -> dict[str, object]:
    return {
        "id": waiver.id,
        "person": waiver.agent_id,
        "date": waiver.day,
        "rule": waiver.rule,
        "by": waiver.by,
        "reason": waiver.reason,
        "withdrawn by": waiver.withdrawn_by or None,
    }
