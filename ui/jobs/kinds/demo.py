"""The demo centre."""

from __future__ import annotations

from pathlib import Path

from ui.jobs.kinds.base import Listener, Result
from ui.jobs.record import Job
from ui.plan.demo import fill_demo, open_demo


def run(workspace: Path, _job: Job, watch: Listener, _files: Path) -> Result:
    """Fill the workspace from the seeded contact centre."""
    fill_demo(open_demo(workspace), report=watch.report)
    return {}
