"""History by local day, and what a workspace holds of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from data.domain import Queue
from data.intervals import clock, grid
from data.records import VersionRecord

SUMS = ["offered", "answered", "handle_time_s", "rated", "timed", "intervals"]
COLUMNS = [
    "date",
    "offered",
    "answered",
    "answer_rate",
    "aht_s",
    "rated",
    "timed",
    "intervals",
    "open_intervals",
    "missing",
]


def day_totals(history: pd.DataFrame, queue: Queue) -> pd.DataFrame:
    """Totals per local day of one queue, from its first day with figures to its last, without leaving a day out.

    Parameters
    ----------
    history
        HISTORY frame of the queue.
    queue
        Its opening hours, zone and interval.

    Returns
    -------
    DataFrame
        date, offered, answered, answer_rate (answered / offered of the intervals with both), aht_s (handle time /
        answered of the intervals with both), rated and timed (what the two are shares of), intervals (with
        figures), open_intervals, missing (bool: open, but nothing imported). NaN in days without figures.
    """
    if history.empty:
        return pd.DataFrame(columns=COLUMNS)
    days = clock(pd.DatetimeIndex(history["start"]), queue.timezone)["date"]
    known = history["answered"].notna()
    rows = history.assign(
        date=days.to_numpy(),
        rated=history["offered"].where(known),
        timed=history["answered"].where(history["handle_time_s"].notna()),
        handle_time_s=history["handle_time_s"].where(known),
        intervals=1,
    )
    sums = rows.groupby("date")[SUMS].sum(min_count=1)
    first, last = sums.index[0], sums.index[-1]
    opening = grid(queue, first.date(), (last - first).days + 1)
    every = pd.date_range(first, last, freq="D", unit="us", name="date")
    totals = sums.reindex(every)
    totals["open_intervals"] = opening.groupby("date").size().reindex(every, fill_value=0)
    totals["intervals"] = totals["intervals"].fillna(0).astype(int)
    totals["answer_rate"] = _share(totals["answered"], totals["rated"])
    totals["aht_s"] = _share(totals["handle_time_s"], totals["timed"])
    totals["missing"] = (totals["intervals"] == 0) & (totals["open_intervals"] > 0)
    return totals.reset_index()[COLUMNS]


def last_days(totals: pd.DataFrame, days: int | None) -> pd.DataFrame:
    """Last days of `day_totals`; all when None."""
    return totals if days is None else totals.tail(days).reset_index(drop=True)


def holdings(totals: Sequence[tuple[Queue, pd.DataFrame]]) -> pd.DataFrame:
    """Row per queue: what the workspace holds of it, from its `day_totals`."""
    return pd.DataFrame(
        [_holding(queue, days) for queue, days in totals],
        columns=[
            "Queue",
            "Channel",
            "Interval",
            "From",
            "To",
            "Days",
            "Missing days",
            "Missing intervals",
            "Offered",
            "Answer rate",
            "Target",
            "AHT",
        ],
    )


def versions(records: Sequence[VersionRecord], timezone: str) -> pd.DataFrame:
    """Versions of the history, newest first."""
    return pd.DataFrame(
        [
            {
                "Version": record.version,
                "Imported": f"{pd.Timestamp(record.created_at).tz_convert(timezone):%Y-%m-%d %H:%M}",
                "Source": record.source,
                "New intervals": record.added,
                "Changed": record.changed,
                "As before": record.unchanged,
            }
            for record in reversed(records)
        ],
        columns=["Version", "Imported", "Source", "New intervals", "Changed", "As before"],
    )


def next_day(ends: Sequence[pd.Timestamp], timezone: str) -> date | None:
    """Local day after the last interval known; None without history."""
    if not ends:
        return None
    return (max(ends).tz_convert(timezone).normalize() + pd.Timedelta(days=1)).date()


def _holding(queue: Queue, days: pd.DataFrame) -> dict[str, object]:
    row: dict[str, object] = {
        "Queue": queue.id,
        "Channel": queue.channel.value,
        "Interval": f"{queue.interval_min} min",
        "Target": queue.target.answer_rate,
    }
    if days.empty:
        return row | {"Days": 0, "Missing days": 0, "Missing intervals": 0, "Offered": 0.0}
    partial = ~days["missing"]
    lacking = (days["open_intervals"] - days["intervals"]).clip(lower=0)
    return row | {
        "From": days["date"].iloc[0].date(),
        "To": days["date"].iloc[-1].date(),
        "Days": len(days),
        "Missing days": int(days["missing"].sum()),
        "Missing intervals": int(lacking[partial].sum()),
        "Offered": float(days["offered"].sum()),
        "Answer rate": _mean(days["answer_rate"], days["rated"]),
        "AHT": _mean(days["aht_s"], days["timed"]),
    }


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    return (part / whole.where(whole > 0)).astype(float)


def _mean(figures: pd.Series, weights: pd.Series) -> float:
    total = weights.sum()
    return float((figures * weights).sum() / total) if total > 0 else float(np.nan)
