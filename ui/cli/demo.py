"""peakshift demo."""

from __future__ import annotations

import time
from typing import Annotated, Any

import pandas as pd
import typer

from scheduling.rosters.limits import Limits
from ui.cli.output import records, table
from ui.cli.screen import serve
from ui.cli.session import Seed, session
from ui.plan.demo import DAYS, ROSTER, fill_demo, open_demo
from ui.plan.forecasts import forecast_queues
from ui.plan.rosters import Solved, solve_roster
from ui.plan.simulation import simulate_roster
from ui.tables.forecasts import shares

SAMPLED_DAYS = 100


def register(application: typer.Typer) -> None:
    """Add the commands to the application."""
    application.command("demo")(demo)


def demo(
    context: typer.Context,
    headless: Annotated[bool, typer.Option("--headless", help="Stop before the screen.")] = False,
    time_limit: Annotated[
        float, typer.Option(min=1, metavar="S", help="Seconds the optimiser may take.")
    ] = 180,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the screen on 127.0.0.1.")] = 8501,
    seed: Seed = 7,
) -> None:
    """Fill a workspace from a synthetic contact centre, forecast, roster, simulate, open the screen."""
    run = session(context)
    started = time.monotonic()
    with run.output.progress() as report:
        filled = fill_demo(open_demo(run.folder), seed=seed, report=report)
        workspace, first = filled.workspace, filled.first
        forecasts = forecast_queues(workspace, first=first, days=DAYS, report=report)
        solved = solve_roster(
            workspace,
            name=ROSTER,
            first=first,
            days=DAYS,
            limits=Limits(time_s=time_limit, gap=0.02),
            replace=True,
            report=report,
            progress=lambda state: report(f"Roster: {state.phase}", min(state.elapsed_s / time_limit, 1.0)),
        )
        played = simulate_roster(workspace, ROSTER, paths=SAMPLED_DAYS, report=report)
    seconds = time.monotonic() - started
    methods = pd.DataFrame(
        [
            {
                "queue": record.queue,
                "method": score["method"],
                "wape": score["wape"],
                "chosen": score["method"] in shares(record),
            }
            for record in forecasts.records
            for score in record.scores
        ],
    )
    document: dict[str, Any] = {
        "workspace": workspace.path,
        "first": first,
        "days": DAYS,
        "people": len(filled.centre.agents),
        "history_intervals": len(filled.centre.history),
        "backtest": records(methods),
        "roster": {
            "name": ROSTER,
            "status": solved.outcome.status.value,
            "gap": solved.outcome.gap,
            "paid_h": solved.judged.evaluation.paid_h,
            "violations": len(solved.judged.violations),
            "answer_rates": records(solved.judged.evaluation.days),
            "targets": records(solved.judged.evaluation.targets),
        },
        "simulation": records(played.summary),
        "seconds": seconds,
    }
    run.output.result(
        document,
        _headline(solved, len(filled.centre.agents), len(filled.centre.history), seconds),
        table(
            methods.pivot_table(index="queue", columns="method", values="wape").reset_index(),
            title="Back-test, WAPE a week ahead",
            formats=dict.fromkeys(methods["method"].unique(), ".1%"),
        ),
        table(
            _days(solved, played.summary),
            title="Answered / offered by day: planned, and P(target met) when simulated",
        ),
        f"Next: peakshift --workspace {workspace.path} roster show {ROSTER}",
    )
    if not headless:
        raise typer.Exit(serve(run, port))


def _headline(solved: Solved, people: int, intervals: int, seconds: float) -> str:
    gap = "no bound proven" if solved.outcome.gap is None else f"gap {solved.outcome.gap:.2%}"
    return (
        f"{intervals:,} intervals of history, {people} people, week from {solved.record.first}: roster {solved.outcome.status.value}, "
        f"{gap}, {solved.judged.evaluation.paid_h:,.0f} paid hours, {len(solved.judged.violations)} rules broken, {seconds:.0f} s."
    )


def _days(solved: Solved, summary: pd.DataFrame) -> pd.DataFrame:
    chances = summary.loc[summary["period"] == "day", ["queue", "date", "p_met"]]
    days = solved.judged.evaluation.days.merge(chances, on=["queue", "date"], how="left")
    days["cell"] = [
        f"{rate:.1%} ({met:.0%})" for rate, met in zip(days["answer_rate"], days["p_met"], strict=True)
    ]
    # A queue a column: seven days side by side are wider than a terminal.
    queues = list(dict.fromkeys(days["queue"]))
    matrix = days.pivot_table(index="date", columns="queue", values="cell", aggfunc="first")[queues]
    matrix.insert(0, "day", pd.DatetimeIndex(matrix.index).strftime("%a %d"))
    return matrix.fillna("closed")
