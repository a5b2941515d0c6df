"""A roster."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from data.errors import NoRosterError
from data.store import Workspace
from scheduling.rosters.limits import Limits, Progress
from ui.jobs.kinds.base import Listener, Result
from ui.jobs.record import Job
from ui.plan.rosters import solve_roster

HINT = " Or tick that one that misses targets may replace another."


def run(workspace: Path, job: Job, watch: Listener, _files: Path) -> Result:
    """Solve a roster: name, first, days, time_s, gap, seed, allow_shortfall, replace."""
    arguments = job.arguments
    limits = Limits(**{name: arguments[name] for name in ("time_s", "gap", "seed", "allow_shortfall")})

    hint = "" if limits.allow_shortfall else HINT

    def listen(progress: Progress) -> None:
        share = min(progress.elapsed_s / limits.time_s, 1.0)
        watch.solving(progress.phase, progress.incumbent, progress.bound, progress.gap, share)

    try:
        solved = solve_roster(
            Workspace.open(workspace),
            name=arguments["name"],
            first=date.fromisoformat(arguments["first"]),
            days=arguments["days"],
            limits=limits,
            replace=arguments["replace"],
            report=watch.report,
            progress=listen,
            stop=watch.stop,
        )
    except NoRosterError as error:
        raise type(error)(f"{error}{hint}") from error
    return {"name": solved.record.name, "left_out": list(solved.left_out)}
