"""peakshift history findings, patience, decide, decisions, withdraw."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import pandas as pd
import typer

from data.corrections import Decision, Verdict
from data.records import DecisionRecord
from ui.cli.moments import parse_moment, shown_moment
from ui.cli.output import records, table
from ui.cli.session import AsOf, Queues, parse_instant, session
from ui.plan.findings import findings, patience

commands = typer.Typer(no_args_is_help=True, help="What is strange in the history, and what to do about it.")
Who = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides.")]
FORMATS = {"found": ",.0f", "usual": ",.0f", "confidence": ".2f"}


def register(application: typer.Typer) -> None:
    """Add the commands to the application."""
    application.add_typer(commands, name="history")


@commands.command("findings")
def list_findings(context: typer.Context, queue: Queues = None, as_of: AsOf = None) -> None:
    """List gaps, outages, spikes, doubled days and shifts of the level, and what a forecast does about each."""
    run = session(context)
    workspace = run.open()
    at = parse_instant(as_of, workspace.timezone) or pd.Timestamp(run.now()).as_unit("us")
    found = findings(workspace, queue, at=at)
    zones = {each.id: each.timezone for each in workspace.queues()}
    shown = found
    if not found.empty:
        shown = found.assign(
            **{
                side: [
                    shown_moment(moment, zones[name])
                    for name, moment in zip(found["queue"], found[side], strict=True)
                ]
                for side in ("start", "end")
            }
        ).dropna(axis="columns", how="all")
    text = "Nothing is strange in the history." if found.empty else table(shown, formats=FORMATS)
    run.output.result({"as_of": at, "findings": records(found)}, text)


@commands.command("patience")
def list_patience(context: typer.Context, queue: Queues = None, as_of: AsOf = None) -> None:
    """Estimate how long callers wait before they give up, from waits and abandonments, beside what is set."""
    run = session(context)
    workspace = run.open()
    at = parse_instant(as_of, workspace.timezone) or pd.Timestamp(run.now()).as_unit("us")
    rows, failures = patience(workspace, queue, at=at)
    formats = dict.fromkeys(("mean_s", "low_s", "high_s", "standard_error_s", "set_s"), ",.0f")
    formats["abandoned"] = ",.0f"
    text = (
        table(rows.drop(columns="wait_s"), formats=formats)
        if len(rows)
        else "No queue's history tells its patience."
    )
    run.output.result({"as_of": at, "patience": records(rows), "failures": failures}, text)
    for message in failures.values():
        run.output.note(message)
    if queue and failures:
        raise typer.Exit(4 if len(rows) else 2)


@commands.command("decide")
def decide(
    context: typer.Context,
    queue: Annotated[str, typer.Option("--queue", metavar="Q", help="Queue it is about.")],
    start: Annotated[str, typer.Option("--from", metavar="WHEN", help="First local day or moment.")],
    end: Annotated[
        str, typer.Option("--to", metavar="WHEN", help="Last local day, or the moment it ends before.")
    ],
    verdict: Annotated[Verdict, typer.Option("--verdict", help="keep: learn from it. drop: do not.")],
    by: Who,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")],
) -> None:
    """Keep or drop a span of the history when forecasts learn from it; the history itself is not changed."""
    run = session(context)
    workspace = run.open()
    zone = workspace.queue(queue).timezone
    kept = workspace.save_decision(
        Decision(
            queue=queue,
            start=parse_moment(start, zone, "--from").to_pydatetime(),
            end=parse_moment(end, zone, "--to", whole_day=True).to_pydatetime(),
            verdict=verdict,
            name=by,
            reason=reason,
        )
    )
    run.output.result(_document(kept), f"Kept as {kept.id}. New forecasts reckon with it.")


@commands.command("decisions")
def list_decisions(
    context: typer.Context,
    queue: Queues = None,
    everything: Annotated[bool, typer.Option("--all", help="Withdrawn ones too.")] = False,
) -> None:
    """Decisions that hold, in the order they were made."""
    run = session(context)
    workspace = run.open()
    names = None if queue is None else [workspace.queue(name).id for name in queue]
    zones = {each.id: each.timezone for each in workspace.queues()}
    found = [each for each in workspace.decision_records(names) if everything or each.withdrawn_at is None]
    rows = [
        {
            "id": each.id,
            "queue": each.decision.queue,
            "from": shown_moment(each.decision.start, zones[each.decision.queue]),
            "to": shown_moment(each.decision.end, zones[each.decision.queue]),
            "verdict": each.decision.verdict.value,
            "by": each.decision.name,
            "reason": each.decision.reason,
            **({"withdrawn by": each.withdrawn_by or None} if everything else {}),
        }
        for each in found
    ]
    text = table(pd.DataFrame(rows)) if rows else "There is no decision."
    run.output.result({"decisions": [_document(each) for each in found]}, text)


@commands.command("withdraw")
def withdraw(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="Decision to take back.")],
    by: Who,
) -> None:
    """Take a decision back; it stays on record."""
    run = session(context)
    gone = run.open().withdraw_decision(name, by=by)
    run.output.result(_document(gone), f"{gone.id} is withdrawn.")


def _document(record: DecisionRecord) -> dict[str, Any]:
    kept = asdict(record)
    decision = kept.pop("decision")
    decision["verdict"] = record.decision.verdict.value
    decision["by"] = decision.pop("name")
    return {"id": kept.pop("id"), **decision, **kept}
