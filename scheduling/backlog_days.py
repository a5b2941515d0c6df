"""What people given to contacts that can wait make of them: in time, late, and still waiting, day by day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.domain import Queue
from data.intervals import clock
from scheduling.arguments import Floats
from scheduling.backlog import handled
from scheduling.centre import unix_s
from scheduling.demand import demand
from scheduling.waiting_line import waiting_line

BACKLOG_DAYS = ["queue", "date", "came", "handled", "in_time", "late", "waiting"]


def backlog_days(
    queues: Sequence[Queue], forecast: pd.DataFrame, planned: pd.DataFrame, covered: pd.DataFrame
) -> pd.DataFrame:
    """Backlog of each queue whose contacts can wait, as expected, first in first out.

    Unlike targets, which hold every hour to its plan, it reckons with what is left over and handled later.

    Parameters
    ----------
    queues
        Others than those whose contacts can wait are passed over.
    forecast
        FORECAST frame, contacts by the interval in which they come.
    planned
        The same where they are to be handled (`deferred.plan_deferred`).
    covered
        COVERAGE frame, in the queues' intervals or parts of them.

    Returns
    -------
    DataFrame
        Columns queue, date (local day of the queue), came (contacts that day), handled (that day, whenever they
        came), in_time, late (of those that came that day), waiting (at the end of the day). What the plan finds
        waiting when it begins is handled first and counts as nobody's.
    """
    frames = [
        _days(queue, forecast, planned, covered.loc[covered["queue"] == queue.id])
        for queue in queues
        if queue.can_wait
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=BACKLOG_DAYS)


def _days(queue: Queue, forecast: pd.DataFrame, planned: pd.DataFrame, covered: pd.DataFrame) -> pd.DataFrame:
    asked, asked_then = demand(queue, forecast), demand(queue, planned)
    line = waiting_line(queue, asked, asked_then.offered > 0)
    starts = unix_s(asked.start)
    at = np.searchsorted(starts, unix_s(pd.DatetimeIndex(covered["start"])), side="right") - 1
    sums = np.bincount(at, covered["rostered"], starts.size)
    agents = sums / np.maximum(1, np.bincount(at, minlength=starts.size))
    usual_s = float(asked.offered @ asked.aht_s) / max(float(asked.offered.sum()), 1e-9)
    aht_s: Floats = np.where(asked_then.offered > 0, asked_then.aht_s, max(usual_s, 1.0))
    capacity = agents * asked.interval_s * queue.concurrency / aht_s
    found = line.found
    came = asked.offered[line.row] * (line.came > 0)
    told = handled(came, np.concatenate((np.zeros(found), capacity)), line.deadline)
    own = slice(found, None)
    rows = pd.DataFrame(
        {
            "date": clock(asked.start, queue.timezone)["date"],
            "came": asked.offered,
            "handled": told.done[own],
            "in_time": told.in_time[own],
            "late": told.late[own],
        }
    )
    # The last evening's contacts stand before the first interval, as those that were found; they wait when all is over.
    rows["waiting"] = came[:found].sum() + np.cumsum(rows["came"] - rows["handled"])
    days = rows.groupby("date", as_index=False).agg(
        {"came": "sum", "handled": "sum", "in_time": "sum", "late": "sum", "waiting": "last"}
    )
    return days.assign(queue=queue.id)[BACKLOG_DAYS]
