"""Which peak truly touches which queue on which day, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from data.domain import Peak
from data.intervals import is_open
from data.peaks import day_effects, expand
from data.synthetic.traits import TRAITS
from data.synthetic.uplifts import truth_frame


def effects(peaks: Sequence[Peak], first: date, last: date, people: int) -> pd.DataFrame:
    """One row per queue, peak and touched day of [first, last].

    Where the windows of two occurrences of one peak overlap, as in a holiday of several days, the nearer one
    counts, and the earlier one at equal distance: the days inside a holiday are all day 0.

    Parameters
    ----------
    peaks
        Peaks whose ids the truth knows.
    first, last
        Local days, both included.
    people
        Headcount, which the size references grow with.

    Returns
    -------
    DataFrame
        Columns queue, peak, kind, date (of the occurrence), day (relative), on (the touched day; only days the
        queue opens), size (NaN where there is none), uplift (fraction: the level is multiplied by 1 + uplift).
    """
    touched = _touched(peaks, first, last)
    frame = touched.merge(truth_frame(people), on=["peak", "kind", "day"])
    sized = frame["size"].div(frame["size_reference"]).fillna(1.0)
    frame["uplift"] = frame["uplift"] * sized
    weekday = frame["on"].dt.day_of_week.to_numpy()
    opened = np.zeros(len(frame), dtype=bool)
    for name, traits in TRAITS.items():
        hours = traits.queue.hours
        noon = np.full(len(frame), 12 * 60)
        opened |= frame["queue"].eq(name).to_numpy() & is_open(weekday, noon, hours)
    columns = ["queue", "peak", "kind", "date", "day", "on", "size", "uplift"]
    return frame.loc[opened, columns].sort_values(["queue", "on", "peak"], ignore_index=True)


def _touched(peaks: Sequence[Peak], first: date, last: date) -> pd.DataFrame:
    rows = day_effects(expand(peaks, first, last), first, last).rename(columns={"date": "on"})
    rows["date"] = rows["on"] - pd.to_timedelta(rows["day"], unit="D")
    rows = rows.assign(far=rows["day"].abs()).sort_values(["peak", "on", "far", "date"])
    return rows.drop_duplicates(["peak", "on"])[["peak", "kind", "date", "day", "on", "size"]]
