"""Forecasts of some queues."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from data.store import Workspace
from ui.jobs.kinds.base import Listener, Result
from ui.jobs.record import Job
from ui.plan.forecasts import forecast_queues


def run(workspace: Path, job: Job, watch: Listener, _files: Path) -> Result:
    """Forecast: first, days, queues (all when empty), seed."""
    arguments = job.arguments
    run = forecast_queues(
        Workspace.open(workspace),
        first=date.fromisoformat(arguments["first"]),
        days=arguments["days"],
        queues=arguments["queues"] or None,
        seed=arguments["seed"],
        report=watch.report,
    )
    return {"forecasts": {record.queue: record.id for record in run.records}, "failures": run.failures}
