"""Calls counted into intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np
import pandas as pd

from data.domain import Queue
from data.ingest.calls import CallFile
from data.ingest.fitting import OUTSIDE, OUTSIDE_THAT_WAIT
from data.intervals import clock, grid
from data.schema import HISTORY, conform, empty

UNCOVERED = "asked for a person on a day the export does not cover"


def count_calls(files: Sequence[CallFile], queues: Mapping[str, Queue], threshold_s: float) -> pd.DataFrame:
    """Count the sound calls of several files per queue and interval.

    On a local day on which the export has any call, each queue has every open interval, with 0 where nothing came;
    other days stay absent. Calls outside opening hours, and calls that ran into a day the export does not cover, are
    left out and counted as such in their file.

    Parameters
    ----------
    files
        As read; all of them together are the export.
    queues
        Every queue the calls name.
    threshold_s
        Longest wait that counts as answered within the threshold, where the queue's target has none.

    Returns
    -------
    DataFrame
        HISTORY schema.
    """
    calls = pd.concat([file.frame for file in files], ignore_index=True)
    sound = np.concatenate([file.rows.sound for file in files])
    outside, lost, uncovered = (np.zeros(len(calls), dtype=bool) for _ in range(3))
    days: dict[str, np.ndarray] = {}
    frames = []
    for name, own in calls[sound].groupby("queue", sort=True):
        queue = queues[str(name)]
        if queue.timezone not in days:
            days[queue.timezone] = covered_days(calls, queue.timezone)
        limit = queue.target.threshold_s
        frame, *left_out = _count(own, queue, days[queue.timezone], threshold_s if limit is None else limit)
        frames.append(frame)
        (lost if queue.can_wait else outside)[own.index[left_out[0]]] = True
        uncovered[own.index[left_out[1]]] = True
    first = 0
    for file in files:
        places = slice(first, first + file.rows.length)
        file.rows.leave_out(outside[places], OUTSIDE)
        file.rows.leave_out(lost[places], OUTSIDE_THAT_WAIT)
        file.rows.leave_out(uncovered[places], UNCOVERED)
        first += file.rows.length
    return conform(pd.concat(frames, ignore_index=True), HISTORY) if frames else empty(HISTORY)


def covered_days(calls: pd.DataFrame, timezone: str) -> np.ndarray:
    """Local days on which the export has any call, whatever became of it."""
    filed = calls["day"].dropna()
    own = calls.loc[calls["day"].isna() & calls["start"].notna(), "start"]
    local = clock(pd.DatetimeIndex(own), timezone)["date"]
    return np.unique(
        np.concatenate([filed.to_numpy(dtype="datetime64[us]"), local.to_numpy(dtype="datetime64[us]")])
    )


def _count(
    calls: pd.DataFrame, queue: Queue, days: np.ndarray, threshold_s: float
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Intervals of one queue; which calls fall outside its hours, and which on days that are not covered."""
    first, last = pd.Timestamp(days[0]), pd.Timestamp(days[-1])
    # A call may run past midnight, and opening hours may begin on the day before.
    slots = grid(queue, first.date() - timedelta(days=1), (last - first).days + 3)
    starts = slots["start"].dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    arrivals = calls["start"].dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    place = np.searchsorted(starts, arrivals, side="right") - 1
    length = np.timedelta64(queue.interval_min, "m")
    inside = (place >= 0) & (arrivals < starts[np.maximum(place, 0)] + length) if len(starts) else place > 0
    covered = np.isin(slots["date"].to_numpy(dtype="datetime64[us]"), days)
    kept = inside & (covered[np.maximum(place, 0)] if len(starts) else inside)
    own, slot = calls[kept], place[kept]
    answered = own["answered"].to_numpy()
    wait_s = own["wait_s"].to_numpy(dtype=float)
    n = len(slots)

    def total(weights: np.ndarray) -> np.ndarray:
        return np.bincount(slot, weights=weights, minlength=n)

    handle_time_s = np.where(answered, own["handle_time_s"].to_numpy(dtype=float), 0.0)
    frame = pd.DataFrame(
        {
            "queue": queue.id,
            "start": slots["start"],
            "offered": total(np.ones(len(own))),
            "answered": total(answered.astype(float)),
            "abandoned": total((~answered).astype(float)),
            "answered_in_threshold": total((answered & (wait_s <= threshold_s)).astype(float)),
            "handle_time_s": total(handle_time_s),
            "wait_s": total(wait_s),
        }
    )
    return frame[covered].reset_index(drop=True), ~inside, inside & ~kept
