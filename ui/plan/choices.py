"""How long a queue's choice of models holds."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from data.domain import Queue
from data.records import ForecastRecord
from data.store import Workspace

KEPT_FOR = timedelta(days=7)
"""A queue's choice of models is kept this long: choosing costs six times as much as fitting, and changes little."""


def choice_to_keep(
    workspace: Workspace, queue: Queue, as_of: pd.Timestamp, days: int
) -> ForecastRecord | None:
    """Newest forecast of at least as many days whose choice of models is less than a week old; None without one."""
    fresh = [
        record
        for record in workspace.forecasts()
        if record.queue == queue.id
        and record.weights
        and record.dispersion
        and record.days >= days
        and record.chosen_at is not None
        and pd.Timestamp(record.cutoff) <= as_of < pd.Timestamp(record.chosen_at) + KEPT_FOR
    ]
    return fresh[-1] if fresh else None
