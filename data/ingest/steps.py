"""Interval lengths as a file shows them, found from the gaps between a queue's starts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

INTERVALS_MIN = (15, 30, 60)
RUN = 12
"""So many equal gaps in a row are an interval length, not a chain of intervals left out because nothing came."""
NIGHT_MIN = 360
"""Longer gaps are closing hours."""
SHARE = 0.25
"""When a second gap is this common among a queue's gaps, its interval length cannot be told from the gaps."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What the gaps between a queue's starts say.

    Parameters
    ----------
    common_min
        The most common gap below six hours, the shortest of equally common ones; None without gaps.
    second_min
        Another gap that is nearly as common; None where there is none.
    steady_min
        Gaps that come many times in a row.
    daily
        Whether every start is one midnight after another.
    """

    common_min: float | None
    second_min: float | None
    steady_min: tuple[float, ...]
    daily: bool


def find_steps(starts: pd.Series, timezone: str) -> Steps:
    """Find the interval lengths of one queue in one file.

    Parameters
    ----------
    starts
        UTC instants, each once.
    timezone
        The queue's zone.
    """
    ordered = np.sort(starts.dt.tz_localize(None).to_numpy(dtype="datetime64[us]"))
    gaps = np.diff(ordered) / np.timedelta64(1, "m")
    local = pd.DatetimeIndex(starts).tz_convert(timezone)
    midnights = bool((local == local.normalize()).all())
    daily = midnights and len(gaps) >= 2 and bool((np.abs(gaps - 1440) <= 60).all())
    short = gaps[gaps < NIGHT_MIN]
    if len(short) == 0:
        return Steps(None, None, (), daily)
    values, counts = np.unique(short, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    common = float(values[order[0]])
    second = float(values[order[1]]) if len(order) > 1 and counts[order[1]] >= SHARE * len(short) else None
    return Steps(common, second, _steady(gaps), daily)


def _steady(gaps: np.ndarray) -> tuple[float, ...]:
    """Gaps that come at least RUN times in a row."""
    begins = np.flatnonzero(np.r_[True, gaps[1:] != gaps[:-1]])
    lengths = np.diff(np.r_[begins, len(gaps)])
    found = gaps[begins[lengths >= RUN]]
    return tuple(float(gap) for gap in np.unique(found[found < NIGHT_MIN]))
