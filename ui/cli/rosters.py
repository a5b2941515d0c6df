"""peakshift roster solve|list|show|check|simulate|compare|export."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from rich.console import RenderableType

from data.domain import Violation
from data.records import RosterRecord
from scheduling.evaluate import Evaluation
from scheduling.rosters.limits import Limits, Progress
from ui.cli.output import records, table
from ui.cli.session import Days, FirstDay, Queues, Seed, session
from ui.exports import export as export_roster
from ui.plan.rosters import (
    Solved,
    check_roster,
    compare_rosters,
    evaluate_roster,
    simulate_roster,
    solve_roster,
)

commands = typer.Typer(no_args_is_help=True, help="Build, check, simulate, compare and export rosters.")


def register(application: typer.Typer) -> None:
    """Add the commands to the application."""
    application.add_typer(commands, name="roster")


Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of a roster.")]
DAY_FORMATS = {"offered": ",.0f", "answered": ",.0f", "answer_rate": ".2%", "target": ".1%"}


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
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite a roster of that name.")] = False,
) -> None:
    """Build a roster that reaches every queue's target at least cost."""
    run = session(context)
    workspace = run.open()
    limits = Limits(time_s=time_limit, gap=gap, seed=seed)
    with run.output.progress() as report:
        solved = solve_roster(
            workspace,
            name=name,
            first=first,
            days=days,
            queues=queue,
            limits=limits,
            replace=replace,
            report=report,
            progress=lambda state: report(_phase(state), min(state.elapsed_s / time_limit, 1.0)),
        )
    if solved.left_out:
        run.output.warn(f"Left out, as nobody has the skill: {', '.join(solved.left_out)}.")
    run.output.result(_solved_document(solved), *_solved_text(solved))


@commands.command("list")
def list_rosters(context: typer.Context) -> None:
    """Rosters of the workspace, oldest first."""
    run = session(context)
    rows = [_record_document(record) for record in run.open().rosters()]
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
        }
        for shift in roster.assignments
    ]
    per_day = workspace.roster_part(name, "days")
    document = {**_record_document(record), "answer_rates": records(per_day), "shifts": shifts}
    run.output.result(
        document,
        _headline(record),
        table(per_day, formats=DAY_FORMATS),
        table(_matrix(shifts), title="Shifts (local start–end)"),
    )


@commands.command("check")
def check(context: typer.Context, name: Name) -> None:
    """Re-count every rule and every target without a solver; exits with 3 when a hard one is broken."""
    run = session(context)
    workspace = run.open()
    broken = check_roster(workspace, name)
    found = evaluate_roster(workspace, name)
    missed = found.days.loc[~found.days["met"]]
    hard = [violation for violation in broken if violation.severity == "hard"]
    passed = not hard and missed.empty
    document = {
        "name": name,
        "passed": passed,
        "violations": [_violation(violation) for violation in broken],
        "missed_targets": records(missed),
    }
    verdict = "passes every rule and reaches every target" if passed else "does not pass"
    lines: list[RenderableType] = [f"Roster {name} {verdict}."]
    lines += [f"{violation.severity}: {violation.message}" for violation in broken]
    if not missed.empty:
        lines.append(table(missed, title="Targets missed", formats=DAY_FORMATS))
    run.output.result(document, *lines)
    if not passed:
        raise typer.Exit(3)


@commands.command("simulate")
def simulate(
    context: typer.Context,
    name: Name,
    days: Annotated[
        int, typer.Option(min=1, max=100_000, metavar="K", help="Sampled days for each day of the roster.")
    ] = 200,
    seed: Seed = 0,
) -> None:
    """Play the roster against sampled days: distribution of the answer rate, probability of reaching the target."""
    run = session(context)
    with run.output.progress() as report:
        played = simulate_roster(run.open(), name, paths=days, seed=seed, report=report)
    formats = dict.fromkeys(("mean", "q05", "q50", "q95", "p_met", "p_met_low", "p_met_high"), ".1%")
    title = f"{name}: answered / offered over {days} sampled days; P(target met) with its 95 % interval"
    document = {"name": name, "sampled_days": days, "seed": seed, "summary": records(played.summary)}
    run.output.result(document, table(played.summary, title=title, formats=formats))


@commands.command("compare")
def compare(context: typer.Context, before: Name, after: Name) -> None:
    """Set two rosters side by side: answer rates, hours, cost, whose tour changes and how."""
    run = session(context)
    found = compare_rosters(run.open(), before, after)
    document = {
        "before": before,
        "after": after,
        **{name: _part(value) for name, value in _fields(found).items()},
    }
    parts = [
        table(value, title=name) for name, value in _fields(found).items() if isinstance(value, pd.DataFrame)
    ]
    run.output.result(document, f"{before} → {after}", *parts)


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
        patterns=workspace.patterns(),
    )
    run.output.result(
        {"name": name, "format": file_format.value, "files": written}, *(f"Wrote {path}." for path in written)
    )


def _phase(state: Progress) -> str:
    parts = [state.phase]
    if state.incumbent is not None:
        parts.append(f"cost {state.incumbent:,.0f}")
    if state.gap is not None:
        parts.append(f"gap {state.gap:.1%}")
    return "Roster: " + ", ".join(parts)


def _solved_document(solved: Solved) -> dict[str, Any]:
    return {
        **_record_document(solved.record),
        "left_out": solved.left_out,
        "violations": [_violation(violation) for violation in solved.violations],
        **_evaluation_document(solved.evaluation),
    }


def _evaluation_document(found: Evaluation) -> dict[str, Any]:
    return {"paid_h": found.paid_h, "cost": found.cost, "answer_rates": records(found.days)}


def _solved_text(solved: Solved) -> list[RenderableType]:
    found = solved.evaluation
    lines: list[RenderableType] = [
        _headline(solved.record),
        f"Paid {found.paid_h:,.1f} h; {len(solved.violations)} rules broken; {int((~found.days['met']).sum())} targets missed.",
        table(found.days, title="Answered / offered, per day", formats=DAY_FORMATS),
    ]
    return lines


def _headline(record: RosterRecord) -> str:
    proven = (
        "no bound was proven" if record.gap is None else f"at most {record.gap:.2%} above the proven bound"
    )
    return f"Roster {record.name}: {record.first} for {record.days} days, {record.status}, {proven}, {record.runtime_s:.0f} s."


def _record_document(record: RosterRecord) -> dict[str, Any]:
    return asdict(record)


def _violation(violation: Violation) -> dict[str, Any]:
    return asdict(violation)


def _matrix(shifts: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(shifts)
    if frame.empty:
        return pd.DataFrame(columns=["name"])
    frame["cell"] = [f"{row['start']:%H:%M}–{row['end']:%H:%M}" for row in shifts]
    frame["day"] = [f"{row['date']:%a %d}" for row in shifts]
    order = frame.drop_duplicates("date").sort_values("date")["day"]
    matrix = frame.pivot_table(index=["agent_id", "name"], columns="day", values="cell", aggfunc="first")
    return matrix.reindex(columns=list(order)).fillna("").reset_index().drop(columns="agent_id")


def _fields(found: object) -> dict[str, Any]:
    return {name: getattr(found, name) for name in getattr(found, "__dataclass_fields__", {})}


def _part(value: Any) -> Any:
    return records(value) if isinstance(value, pd.DataFrame) else value
