"""Any history in Parquet as a data set of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from benchmarks.forecast_accuracy.cases import Case
from data.domain import DAY_MIN, OpeningSpan, Queue
from data.intervals import clock


def own_file(path: Path, name: str, origins: Sequence[date], horizon_days: int, timezone: str) -> Case:
    """Read a history: queue, start (with zone, or local to `timezone`), offered."""
    rows = pd.read_parquet(path)
    rows = rows.loc[rows["queue"].eq(name)]
    start = rows["start"]
    if start.dt.tz is None:
        start = start.dt.tz_localize(timezone, ambiguous=True, nonexistent="NaT")
    utc = start.dt.tz_convert("UTC").dt.as_unit("us")
    history = pd.DataFrame({"queue": name, "start": utc, "offered": rows["offered"].astype(float)}).dropna()
    history = history.drop_duplicates("start").sort_values("start", ignore_index=True)
    queue = Queue(
        id=name, timezone=timezone, interval_min=step_of(history), hours=hours_of(history, timezone)
    )
    return Case(path.stem, "test", queue, history, (), tuple(origins), (horizon_days,))


def step_of(history: pd.DataFrame) -> int:
    """Commonest distance of two starts, in minutes."""
    return int(history["start"].diff().dt.total_seconds().mode().iloc[0] // 60)


def hours_of(history: pd.DataFrame, timezone: str) -> tuple[OpeningSpan, ...]:
    """Opening hours by weekday: from the first to the last slot that ever had a contact."""
    busy = history.loc[history["offered"] > 0]
    local = clock(pd.DatetimeIndex(busy["start"]), timezone)
    step = step_of(history)
    spans = []
    for weekday in range(7):
        minutes = local.loc[local["weekday"] == weekday, "minute"]
        if not minutes.empty:
            close = min(int(minutes.max()) + step, DAY_MIN)
            spans.append(
                OpeningSpan(weekdays=frozenset({weekday}), open_min=int(minutes.min()), close_min=close)
            )
    return tuple(spans)
