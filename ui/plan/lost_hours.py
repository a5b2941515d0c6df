"""Staff hours that are not spent on contacts, by cause."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from data.domain import Queue
from data.intervals import clock
from scheduling.yields import yield_parts

LOST_HOURS = ["queue", "date", "kind", "cause", "lost_h"]


def lost_hours(queues: Sequence[Queue], required: pd.DataFrame) -> pd.DataFrame:
    """Staff hours each cause takes per queue and local day; together they are staff hours − agent hours.

    Parameters
    ----------
    queues
        The queues, in order.
    required
        REQUIREMENT frame of them.

    Returns
    -------
    DataFrame
        Columns queue, date, kind (a `scheduling.yields.Loss`), cause (its name; empty but for planned and unplanned
        shrinkage), lost_h (below 0 where availability adds hours); a row only where a cause takes something.
    """
    found = []
    for queue in queues:
        rows = required.loc[required["queue"] == queue.id]
        parts = yield_parts(queue, pd.DatetimeIndex(rows["start"])).merge(
            rows[["start", "staff"]], on="start"
        )
        parts["lost_h"] = parts["lost"] * parts["staff"] * queue.interval_min / 60
        parts["date"] = clock(pd.DatetimeIndex(parts["start"]), queue.timezone)["date"]
        days = parts.groupby(["date", "kind", "cause"], sort=False)["lost_h"].sum().reset_index()
        days.insert(0, "queue", queue.id)
        found.append(days.loc[days["lost_h"] != 0].sort_values("date", kind="stable")[LOST_HOURS])
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=LOST_HOURS)


def told(lost: pd.DataFrame) -> tuple[str, ...]:
    """The hours of all queues and days in one line; none where nothing is lost."""
    if lost.empty:
        return ()
    named = lost["cause"].where(lost["cause"] != "", lost["kind"])
    hours = lost["lost_h"].groupby(named, sort=False).sum()
    words = ", ".join(f"{name} {value:,.1f} h" for name, value in hours.items())
    return (f"Staff hours not on contacts: {words}.",)
