"""What is strange in the history, and what it tells of callers' patience."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import pandas as pd

from data.domain import Queue
from data.errors import InputError
from data.store import Workspace
from forecasting.inspect_history import inspect_history
from forecasting.patience import estimate_patience
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


def patience(
    workspace: Workspace, queues: Sequence[str] | None, *, at: pd.Timestamp
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Patience of queues as their history tells it, beside what is set.

    Returns
    -------
    tuple
        One row a queue: the fields of `forecasting.patience.Patience`, trusted, and set_s (the queue's own
        patience_s); and why others have none, by queue.
    """
    rows, failures = [], {}
    for queue in chosen_queues(workspace, queues):
        try:
            found = estimate_patience(queue, workspace.history([queue.id], cutoff=at), cutoff=at)
        except InputError as error:
            failures[queue.id] = str(error)
        else:
            rows.append({**asdict(found), "trusted": found.trusted, "set_s": queue.patience_s})
    return pd.DataFrame(rows), failures
