"""A simulation of a roster."""

from __future__ import annotations

from pathlib import Path

from data.store import Workspace
from ui.jobs.kinds.base import Listener, Result, rows
from ui.jobs.record import Job
from ui.plan.simulation import simulate_roster


def run(workspace: Path, job: Job, watch: Listener, _files: Path) -> Result:
    """Play a roster against sampled days: name, paths, seed."""
    arguments = job.arguments
    found = simulate_roster(
        Workspace.open(workspace),
        arguments["name"],
        paths=arguments["paths"],
        seed=arguments["seed"],
        report=watch.report,
    )
    return {"summary": rows(found.summary), "measures": rows(found.measures)}
