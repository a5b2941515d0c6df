"""A back-test of one queue."""

from __future__ import annotations

from pathlib import Path

from data.store import Workspace
from ui.jobs.kinds.base import Listener, Result, rows
from ui.jobs.record import Job
from ui.plan.forecasts import backtest_queue


def run(workspace: Path, job: Job, watch: Listener, _files: Path) -> Result:
    """Score every method of a queue against what happened: queue, horizon_days, origins, step_days."""
    arguments = job.arguments
    found = backtest_queue(
        Workspace.open(workspace),
        arguments["queue"],
        horizon_days=arguments["horizon_days"],
        origins=arguments["origins"],
        step_days=arguments["step_days"],
        report=watch.report,
    )
    errors = found.frame.assign(missed=(found.frame["mean"] - found.frame["actual"]).abs())
    origins = errors.groupby(["method", "origin"], as_index=False)[["missed", "actual"]].sum()
    return {"scores": rows(found.scores), "origins": rows(origins)}
