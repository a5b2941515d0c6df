"""The demo: a workspace filled from the seeded synthetic contact centre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from data.errors import WorkspaceError
from data.store import Workspace
from data.synthetic import Centre, make_centre
from ui.plan import Report, silent

ORIGIN = "demo"
TIMEZONE = "Asia/Shanghai"
DAYS = 7
ROSTER = "demo"


@dataclass(frozen=True, slots=True)
class Demo:
    """A workspace that holds the demo centre.

    Parameters
    ----------
    workspace
        Where it was put.
    centre
        The centre, with its truth.
    first
        Day after the history's end, a Monday: the first day to plan.
    """

    workspace: Workspace
    centre: Centre
    first: date


def open_demo(folder: Path) -> Workspace:
    """Open the demo's workspace, or make it.

    Raises
    ------
    WorkspaceError
        The workspace there holds somebody's own data.
    """
    try:
        workspace = Workspace.create(folder, timezone=TIMEZONE)
    except WorkspaceError:
        workspace = Workspace.open(folder)
    own = sorted(name for name, origin in workspace.queue_origins().items() if origin != ORIGIN)
    if own:
        raise WorkspaceError(
            f"the workspace {folder} holds your own queues ({', '.join(own)}). Choose another folder with --workspace.",
        )
    return workspace


def fill_demo(workspace: Workspace, *, seed: int = 7, report: Report = silent) -> Demo:
    """Fill a workspace from the synthetic centre; filling it twice changes nothing.

    Parameters
    ----------
    workspace
        Empty, or filled by the demo before.
    seed
        Of the synthetic centre.
    """
    centre = make_centre(seed=seed, progress=lambda phase, share: report(f"Synthetic centre: {phase}", share))
    report("Workspace", None)
    workspace.save_contracts(centre.contracts)
    workspace.save_patterns(centre.patterns)
    source, digest = f"synthetic centre, seed {seed}", f"synthetic-{seed}"
    workspace.append_history(centre.history, source=source, digest=digest, define={ORIGIN: centre.queues})
    workspace.append_presence(centre.presence, source=source, digest=digest)
    workspace.save_agents(centre.agents)
    workspace.save_peaks(centre.peaks)
    return Demo(workspace, centre, centre.end)
