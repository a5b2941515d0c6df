"""Forecasts of young queues, borrowed from similar ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from data.domain import Queue
from data.errors import InputError
from data.intervals import local_midnight
from data.records import ForecastRecord
from data.store import Workspace
from forecasting.cold_start import forecast_like
from forecasting.similar import Similar, propose
from ui.plan.forecasts import record_of

BEST = "auto"
"""Instead of a name: the queue that is most alike."""


def similar_queues(workspace: Workspace, queue: Queue, *, cutoff: pd.Timestamp) -> list[Similar]:
    """Queues a young one could borrow from, most alike first, each with the reasons."""
    return propose(queue, workspace.queues(), workspace.history(cutoff=cutoff), cutoff=cutoff)


def forecast_borrowed(
    workspace: Workspace,
    name: str,
    *,
    like: str,
    level: float | None,
    first: date,
    days: int,
    as_of: pd.Timestamp | None = None,
    seed: int = 0,
) -> ForecastRecord:
    """Forecast a young queue like another one, and keep the forecast.

    Parameters
    ----------
    name
        The young queue.
    like
        The other one; "auto" for the one that is most alike.
    level
        Contacts a planner expects in an ordinary week; needed where the queue has no history.
    first, days, as_of, seed
        As for `ui.plan.forecasts.forecast_one`.

    Raises
    ------
    InputError
        No other queue has a week of history; or as `forecasting.cold_start.forecast_like`.
    """
    queue = workspace.queue(name)
    cutoff = as_of if as_of is not None else local_midnight(first, queue.timezone)
    if like == BEST:
        ranked = similar_queues(workspace, queue, cutoff=cutoff)
        if not ranked:
            raise InputError(
                f"queue {name!r}: no other queue has a week of history up to {cutoff}, so there is none to borrow "
                "from. Import more history."
            )
        like = ranked[0].queue
    other = workspace.queue(like)
    made = forecast_like(
        queue,
        workspace.history([queue.id], cutoff=cutoff),
        workspace.peaks(),
        like=other,
        like_history=workspace.history([other.id], cutoff=cutoff),
        level=level,
        first=first,
        days=days,
        cutoff=cutoff,
        seed=seed,
    )
    # Nothing was chosen by a back-test of this queue: the night must judge for itself as soon as it can.
    record = replace(record_of(made), weights={}, dispersion={}, chosen_at=None)
    return workspace.save_forecast(made.frame, record)
