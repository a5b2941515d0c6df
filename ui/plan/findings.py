"""What is strange in the history, and what planners decide about it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from data.domain import Queue
from data.store import Workspace
from forecasting.inspect_history import inspect_history
from ui.plan.forecasts import chosen_queues


def findings(workspace: Workspace, queues: Sequence[str] | None, *, at: pd.Timestamp) -> pd.DataFrame:
    """Everything strange in the history of some queues, schema FINDINGS; queues without history have none."""
    wanted = chosen_queues(workspace, queues)
    found = [
        findings_of(workspace, queue, at=at)
        for queue in wanted
        if queues or not workspace.history([queue.id]).empty
    ]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def findings_of(workspace: Workspace, queue: Queue, *, at: pd.Timestamp) -> pd.DataFrame:
    """Everything strange in one queue's history up to an instant, with the decisions that hold."""
    return inspect_history(
        queue,
        workspace.history([queue.id], cutoff=at),
        workspace.peaks(),
        cutoff=at,
        decisions=workspace.decisions([queue.id]),
    )
