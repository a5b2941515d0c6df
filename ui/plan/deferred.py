"""Where the contacts that can wait are handled, among the shifts today's people can work."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from data.domain import Queue
from data.store import Workspace
from scheduling.deferred import plan_deferred
from scheduling.reach import shift_spans, workable
from scheduling.shifts import Horizon


def planned_forecast(
    workspace: Workspace, queues: Sequence[Queue], forecast: pd.DataFrame, horizon: Horizon
) -> pd.DataFrame:
    """FORECAST frame with contacts that can wait in the intervals in which they are to be handled.

    Raises
    ------
    InputError
        Contacts are due before anybody can be at work.
    """
    agents, contracts, patterns = workspace.agents(), workspace.contracts(), workspace.patterns()
    reached, shifts = {}, {}
    for queue in queues:
        if queue.can_wait:
            starts = pd.DatetimeIndex(forecast.loc[forecast["queue"] == queue.id, "start"].sort_values())
            reached[queue.id] = workable(
                queue, starts, agents=agents, contracts=contracts, patterns=patterns, horizon=horizon
            )
            spans = shift_spans(queue, agents=agents, contracts=contracts, patterns=patterns, horizon=horizon)
            if len(spans):
                shifts[queue.id] = spans
    return plan_deferred(queues, forecast, agents=agents, workable=reached, shifts=shifts)
