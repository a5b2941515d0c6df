"""Occurrences day by day: what a forecaster needs to know of a calendar."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data.peaks.expansion import SEPARATOR

EFFECT_COLUMNS = ("date", "peak", "kind", "day", "size", "provisional", "queues")


def day_effects(occurrences: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """Days of [first, last] that occurrences touch, one row per occurrence and day of its window.

    Where windows of one peak overlap, as in a holiday of several days, a day has a row for each.

    Parameters
    ----------
    occurrences
        Schema `data.schema.OCCURRENCES`, from `expand`.
    first, last
        Local days, both included.

    Returns
    -------
    DataFrame
        Columns date (datetime64[us], the day touched), peak, kind, day (days from the occurrence's date, below 0
        before it), size, provisional (0 or 1), queues (joined by ;, empty for all); by date, peak and day.
    """
    lower = occurrences["lower_days"].to_numpy()
    width = occurrences["upper_days"].to_numpy() - lower + 1
    row = np.repeat(np.arange(len(occurrences)), width)
    begun = np.repeat(np.cumsum(width) - width, width)
    effects = occurrences.iloc[row].reset_index(drop=True)
    effects["day"] = np.arange(len(row)) - begun + lower[row]
    effects["date"] += pd.to_timedelta(effects["day"], unit="D")
    kept = effects.loc[effects["date"].between(pd.Timestamp(first), pd.Timestamp(last)), list(EFFECT_COLUMNS)]
    return kept.sort_values(["date", "peak", "day"], ignore_index=True)


def for_queue(frame: pd.DataFrame, queue_id: str) -> pd.DataFrame:
    """Rows that touch a queue: those that name it and those for all queues.

    Parameters
    ----------
    frame
        Occurrences or day effects: any frame with a column queues, joined by ;.
    queue_id
        Name of the queue.
    """
    queues = frame["queues"].fillna("")
    padded = SEPARATOR + queues + SEPARATOR
    touched = (queues == "") | padded.str.contains(f"{SEPARATOR}{queue_id}{SEPARATOR}", regex=False)
    return frame.loc[touched].reset_index(drop=True)
