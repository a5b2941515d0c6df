"""peakshift roster solve|list|show|check|simulate|compare|export."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import RenderableType

from data.domain import Status
from data.errors import InputError, NoRosterError
from scheduling.rosters.limits import Limits
from scheduling.wishes_kept import wishes_kept
from ui.cli import resolve, roster_conflicts, roster_simulation, waivers
from ui.cli import roster_words as words
from ui.cli.output import records, table
from ui.cli.roster_activities import activities_document, activities_text
from ui.cli.session import Days, FirstDay, Queues, Seed, Session, session
from ui.cli.stopping import STOPPED
from ui.exports import export as export_roster
from ui.plan.activities import activities_of
from ui.plan.judging import judge_roster
from ui.plan.rosters import (
    compare_rosters,
    solve_roster,
)
from ui.plan.shares import shares_of
from ui.tables.conflicts import listed, report_lines
from ui.tables.rosters import not_counted_lines

commands = typer.Typer(no_args_is_help=True, help="Build, check, simulate, compare and export rosters.")


def register(application: typer.Typer) -> None:
    """Add the commands to the application."""
    roster_simulation.register(commands)
    waivers.register(commands)
    roster_conflicts.register(commands)
    resolve.register(commands)
    application.add_typer(commands, name="roster")


Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of a roster.")]
NO_ROSTER = 3
HINT = (
    "--time-limit gives more time; with --keep-shortfall a roster that misses targets may replace another. What kept "
    "rosters of the days before hold counts: --no-before leaves it out."
)
SHORT = {
    Status.INFEASIBLE: "no roster of these people reaches every target, as was proven",
    Status.NO_SOLUTION: "none that reaches every target was found in time, which does not say that there is none",
}
STOPPING = "Stopping within seconds; a roster found by then is kept. Ctrl-C once more ends at once."


class Format(StrEnum):
    """What a roster can be exported as."""

    XLSX = "xlsx"
    CSV = "csv"
    PARQUET = "parquet"
    ICS = "ics"
    HTML = "html"


@commands.command("solve")
def solve(
    context: typer.Context,
    first: FirstDay,
    days: Days,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Name to keep the roster under.")],
    queue: Queues = None,
    time_limit: Annotated[
        float, typer.Option(min=1, metavar="S", help="Seconds the optimiser may take.")
    ] = 60,
    gap: Annotated[
        float, typer.Option(min=0, max=1, metavar="G", help="Good enough: distance to the proven bound.")
    ] = 0.01,
    seed: Seed = 0,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Overwrite a roster of that name with one that reaches every target."),
    ] = False,
    keep_shortfall: Annotated[
        bool,
        typer.Option(
            "--keep-shortfall",
            help="With --replace: let a roster that misses targets take the place of the one there is.",
        ),
    ] = False,
    correct: Annotated[
        int,
        typer.Option(
            min=0,
            max=20,
            metavar="ROUNDS",
            help="Simulate the roster, correct the plan by what it says, solve again: so many rounds at most, each "
            "with the time limit. For people with several queues, and targets with a confidence.",
        ),
    ] = 0,
    after: Annotated[
        list[str] | None,
        typer.Option(
            "--after",
            metavar="NAME",
            help="Go on from this roster's last days: rest, days in a row, hours of a torn week, nights that reach in. "
            "Repeatable; the newest kept rosters of the days before where not given.",
        ),
    ] = None,
    explain_time: roster_conflicts.ExplainTime = None,
    no_before: Annotated[
        bool, typer.Option("--no-before", help="Go on from no roster, as if nobody had worked before.")
    ] = False,
) -> None:
    """Build a roster that reaches every queue's target at least cost.

    Where targets are out of reach the best roster there is is kept, what stands against them is told with the cheapest
    ways out, and the exit code is 3.
    Ctrl-C stops the optimiser within seconds and keeps the best roster it found; the exit code is then 130.
    """
    run = session(context)
    workspace = run.open()
    limits = Limits(time_s=time_limit, gap=gap, seed=seed, allow_shortfall=keep_shortfall)
    if after and no_before:
        raise InputError("--after and --no-before contradict each other. Give one of them.")
    try:
        with (
            run.output.progress() as report,
            run.stopping.patiently(lambda: run.output.note(STOPPING)) as stop,
        ):
            solved = solve_roster(
                workspace,
                name=name,
                first=first,
                days=days,
                queues=queue,
                limits=limits,
                replace=replace,
                correct=correct,
                after=() if no_before else after,
                explain_s=roster_conflicts.explain_s(explain_time, time_limit),
                report=report,
                progress=lambda state: report(words.phase(state), min(state.elapsed_s / time_limit, 1.0)),
                stop=stop,
            )
    except NoRosterError as error:
        if keep_shortfall:
            raise
        raise type(error)(f"{error} {HINT}") from error
    record, judged = solved.record, solved.judged
    if solved.left_out:
        run.output.warn(f"Left out, as nobody has the skill: {', '.join(solved.left_out)}.")
    if solved.away:
        run.output.note(f"Off on every day, so without a shift: {listed(solved.away)}.")
    _warn_not_counted(run, judged.not_counted, record.timezone)
    found, held = judged.evaluation, activities_of(workspace, name)
    run.output.result(
        {
            **words.record_document(record),
            "left_out": solved.left_out,
            "after": solved.after,
            **words.judged_document(judged),
            "rounds": words.rounds_document(solved.rounds),
            "away": solved.away,
            "why": roster_conflicts.why_document(solved.why),
            **activities_document(held),
        },
        words.headline(record),
        *([f"After {', '.join(solved.after)}."] if solved.after else []),
        *words.rounds_text(solved.rounds),
        words.score(judged),
        *words.rates_text(found.days, found.targets),
        *words.backlog_text(judged.backlog),
        *words.missed_text(found.targets, found.floors, record.timezone),
        *activities_text(held),
        *([] if solved.why is None else report_lines(solved.why)),
    )
    status = solved.outcome.status
    if status is Status.CANCELLED:
        run.output.warn(f"Stopped. The best roster found until then is kept as {name!r}.")
        raise typer.Exit(STOPPED)
    if status in SHORT:
        run.output.error(f"Roster {name!r} misses targets: {SHORT[status]}. It is kept.")
        raise typer.Exit(NO_ROSTER)


@commands.command("list")
def list_rosters(context: typer.Context) -> None:
    """Rosters of the workspace, oldest first."""
    run = session(context)
    rows = [words.record_document(record) for record in run.open().rosters()]
    columns = ["name", "first", "days", "status", "gap", "objective", "created_at"]
    frame = pd.DataFrame([{column: row[column] for column in columns} for row in rows], columns=columns)
    run.output.result({"rosters": rows}, table(frame, formats={"gap": ".2%", "objective": ",.1f"}))


@commands.command("show")
def show(context: typer.Context, name: Name) -> None:
    """One roster: shifts, hours, answer rate of each day."""
    run = session(context)
    workspace = run.open()
    roster, record = workspace.roster(name), workspace.roster_record(name)
    people = {agent.id: agent.name for agent in workspace.agents()}
    shifts = [
        {
            "agent_id": shift.agent_id,
            "name": people.get(shift.agent_id, shift.agent_id),
            "date": shift.day,
            "pattern": shift.pattern,
            "start": pd.Timestamp(shift.start).tz_convert(roster.timezone),
            "end": pd.Timestamp(shift.end).tz_convert(roster.timezone),
            "paid_h": shift.paid.total_seconds() / 3600,
            "activities": [asdict(part) for part in shift.activities],
        }
        for shift in roster.assignments
    ]
    fair, wishes = shares_of(workspace, name), wishes_kept(roster, workspace.agents())
    held = activities_of(workspace, name)
    days, targets, floors, not_counted = (
        workspace.roster_part(name, part) for part in ("days", "targets", "floors", "not_counted")
    )
    _warn_not_counted(run, not_counted, record.timezone)
    run.output.result(
        {
            **words.record_document(record),
            **words.rates_document(days, targets, floors, not_counted),
            "shifts": shifts,
            "fairness": words.fairness_document(fair),
            "wishes": records(wishes),
            **activities_document(held),
        },
        words.headline(record),
        *words.rates_text(days, targets),
        *words.missed_text(targets, floors, record.timezone),
        *words.fairness_text(fair, wishes),
        *words.shift_tables(shifts),
        *activities_text(held),
    )


@commands.command("check")
def check(context: typer.Context, name: Name) -> None:
    """Re-count every rule and every target without a solver; exits with 3 when a hard rule or a target is missed."""
    run = session(context)
    workspace = run.open()
    timezone = workspace.roster_record(name).timezone
    judged = judge_roster(workspace, name)
    found = judged.evaluation
    _warn_not_counted(run, judged.not_counted, timezone)
    verdict = "passes every rule and reaches every target" if judged.passed else "does not pass"
    lines: list[RenderableType] = [f"Roster {name} {verdict}."]
    lines += [waivers.broken_line(violation, timezone) for violation in judged.violations]
    lines += waivers.waived_lines(judged.waived)
    run.output.result(
        {
            "name": name,
            "passed": judged.passed,
            "violations": words.violations_document(judged),
            "waived": waivers.waived_document(judged.waived),
            "missed_targets": records(found.missed),
            "missed_floors": records(found.floors),
            "not_counted": records(judged.not_counted),
            "backlog": records(judged.backlog),
        },
        *lines,
        *words.backlog_text(judged.backlog),
        *words.missed_text(found.targets, found.floors, timezone),
    )
    if not judged.passed:
        raise typer.Exit(NO_ROSTER)


@commands.command("compare")
def compare(context: typer.Context, before: Name, after: Name) -> None:
    """Set two rosters side by side: answer rates, hours, cost, whose tour changes and how."""
    run = session(context)
    found = compare_rosters(run.open(), before, after)
    document = {
        "before": before,
        "after": after,
        "totals": records(found.totals),
        "days": records(found.days),
        "people": records(found.people),
        "changes": records(found.changes),
    }
    run.output.result(document, f"{before} → {after}", *words.comparison_text(found))


@commands.command("export")
def export(
    context: typer.Context,
    name: Name,
    file_format: Annotated[Format, typer.Option("--format", help="xlsx, csv, parquet, ics or html.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="PATH", help="File to write; for ics also a folder or .zip.")
    ],
) -> None:
    """Write a roster to a file."""
    run = session(context)
    workspace = run.open()
    written = export_roster(
        workspace.roster(name),
        workspace.agents(),
        format=file_format.value,
        out=out,
        coverage=workspace.roster_part(name, "coverage"),
        days=workspace.roster_part(name, "days"),
        targets=workspace.roster_part(name, "targets"),
        patterns=workspace.patterns(),
    )
    run.output.result(
        {"name": name, "format": file_format.value, "files": written}, *(f"Wrote {path}." for path in written)
    )


def _warn_not_counted(run: Session, not_counted: pd.DataFrame, timezone: str) -> None:
    for line in not_counted_lines(not_counted, timezone):
        run.output.warn(line)
