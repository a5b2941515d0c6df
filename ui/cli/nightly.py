"""peakshift nightly."""

from __future__ import annotations

from typing import Annotated

import pandas as pd
import typer

from ui.cli.output import records, table
from ui.cli.session import AsOf, parse_instant, session
from ui.plan.failures import named
from ui.plan.nightly import run_night


def register(application: typer.Typer) -> None:
    """Add the commands to the application."""
    application.command("nightly")(nightly)


def nightly(
    context: typer.Context,
    as_of: AsOf = None,
    days: Annotated[int, typer.Option(min=1, max=731, help="Days to forecast by interval.")] = 91,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes to share the queues among.")] = 2,
) -> None:
    """Score yesterday, then forecast every queue again; a failing queue stops no other."""
    run = session(context)
    workspace = run.open()
    instant = parse_instant(as_of, workspace.timezone) or pd.Timestamp(run.now()).as_unit("us")
    with run.output.progress() as report:
        night = run_night(workspace, as_of=instant, days=days, workers=workers, report=report)
    document = {
        "as_of": instant,
        "scores": records(night.scores),
        "forecasts": {record.queue: record.id for record in night.records},
        "failures": night.failures,
    }
    run.output.result(
        document,
        f"Forecast {len(night.records)} queues for {days} days; {len(night.failures)} failed.",
        "No forecast of yesterday to score."
        if night.scores.empty
        else table(
            night.scores,
            title="Yesterday",
            formats={"offered": ",.0f", "forecast": ",.0f", "wape": ".1%", "bias": "+.1%"},
        ),
    )
    if night.failures:
        for message in named(night.failures):
            run.output.error(message)
        raise typer.Exit(4)
