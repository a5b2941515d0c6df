"""What is known in advance about each day: the peaks it lies in and its place in the month.

Every relative day of a peak's window is a regressor of its own where the window is short; long windows are
spanned by a few overlapping triangles. A sized peak enters with its size over the median of its sizes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data.domain import Peak, PeakKind, Queue
from data.peaks import expand

LONGEST_FREE_WINDOW_DAYS = 15
KNOTS = 8
MONTH_CENTRES = np.arange(1, 32, 2)
MONTH_WIDTH_DAYS = 1.2
"""Width of the smooth day-of-month terms: the one that was tried in methods.md, not tuned to a data set."""

NEAREST_WINS = (PeakKind.HOLIDAY, PeakKind.MAKEUP, PeakKind.SESSION)
"""Of these a day belongs to one occurrence, the nearest: the second day of a holiday is not also its morrow.
Others compose: two dividends on neighbouring days both lift."""
CUTS = (PeakKind.HOLIDAY, PeakKind.MAKEUP, PeakKind.EVENT)
"""Kinds that may explain a day far below its usual."""


@dataclass(frozen=True, slots=True)
class DayTerms:
    """Day-level terms over consecutive days.

    Parameters
    ----------
    days
        Consecutive local days, shape (days,).
    peak_names, peak_values
        One regressor a peak and relative day, shape (days, peak terms).
    month_values
        Smooth day-of-month terms, shape (days, month terms).
    lifted, cut
        Days a known peak may explain far above or below the usual, booleans of shape (days,).
    outage
        Days of a known outage: never fitted, never repeated.
    """

    days: pd.DatetimeIndex
    peak_names: tuple[str, ...]
    peak_values: np.ndarray
    month_values: np.ndarray
    lifted: np.ndarray
    cut: np.ndarray
    outage: np.ndarray

    def rows(self, days: pd.DatetimeIndex) -> np.ndarray:
        """Positions of days among these; KeyError where one is not covered."""
        place = self.days.get_indexer(days)
        if (place < 0).any():
            raise KeyError(days[place < 0][0])
        return place


def day_terms(queue: Queue, peaks: Sequence[Peak], first: date, last: date) -> DayTerms:
    """Lay the peaks that touch a queue, and the days of the month, out over [first, last]."""
    days = pd.date_range(pd.Timestamp(first), pd.Timestamp(last), freq="D", unit="us")
    mine = [peak for peak in peaks if not peak.queues or queue.id in peak.queues]
    windows = _windows(mine, days, first, last)
    kinds = windows["kind"].to_numpy()
    place = windows["place"].to_numpy()

    def touched(chosen: np.ndarray) -> np.ndarray:
        flags = np.zeros(len(days), dtype=bool)
        flags[place[chosen]] = True
        return flags

    session = kinds == PeakKind.SESSION
    outage = kinds == PeakKind.OUTAGE
    cut = touched(np.isin(kinds, [kind.value for kind in CUTS]))
    if session.any():
        # A trading queue is quiet on a weekday without trading, and that is no fault of the data.
        cut |= ~touched(session)
    names, values = _regressors(windows.loc[~outage], len(days))
    return DayTerms(
        days, names, values, _month_terms(days), touched(~session & ~outage), cut, touched(outage)
    )


def _windows(peaks: Sequence[Peak], days: pd.DatetimeIndex, first: date, last: date) -> pd.DataFrame:
    """One row a peak, occurrence and day of its window that lies in the span: peak, kind, relative, place, size."""
    found = expand(peaks, first, last)
    if found.empty:
        return pd.DataFrame(
            {
                "peak": pd.Series(dtype="str"),
                "kind": pd.Series(dtype="str"),
                "lower": pd.Series(dtype="int64"),
                "width": pd.Series(dtype="int64"),
                "relative": pd.Series(dtype="int64"),
                "place": pd.Series(dtype="int64"),
                "size": pd.Series(dtype="float64"),
            }
        )
    lower = found["lower_days"].to_numpy()
    width = found["upper_days"].to_numpy() - lower + 1
    row = np.repeat(np.arange(len(found)), width)
    relative = np.arange(len(row)) - np.repeat(np.cumsum(width) - width, width) + lower[row]
    typical = found.groupby("peak")["size"].transform("median")
    size = (found["size"] / typical.where(typical > 0)).fillna(1.0).to_numpy()
    date_place = (found["date"] - days[0]).dt.days.to_numpy()
    windows = pd.DataFrame(
        {
            "peak": found["peak"].to_numpy()[row],
            "kind": found["kind"].to_numpy()[row],
            "lower": lower[row],
            "width": width[row],
            "relative": relative,
            "place": date_place[row] + relative,
            "size": size[row],
        }
    )
    windows = windows.loc[windows["place"].between(0, len(days) - 1)]
    return _nearest_only(windows)


def _nearest_only(windows: pd.DataFrame) -> pd.DataFrame:
    exclusive = windows["kind"].isin([kind.value for kind in NEAREST_WINS])
    distance = windows["relative"].abs()
    nearest = distance.groupby([windows["peak"], windows["place"]]).transform("min")
    return windows.loc[~exclusive | (distance == nearest)].reset_index(drop=True)


def _regressors(windows: pd.DataFrame, days: int) -> tuple[tuple[str, ...], np.ndarray]:
    """Sum the windows into one column a peak and relative day, or knot where the window is long."""
    lower, width = windows["lower"].to_numpy(), windows["width"].to_numpy()
    relative, size = windows["relative"].to_numpy(), windows["size"].to_numpy(dtype=float)
    wide = width > LONGEST_FREE_WINDOW_DAYS
    position = np.where(wide, (relative - lower) * (KNOTS - 1) / np.maximum(width - 1, 1), 0.0)
    knot = np.minimum(np.floor(position).astype(int), KNOTS - 2)
    share = position - knot
    names = windows["peak"].astype("str")
    free = names + " " + pd.Series(np.char.mod("%+d", relative), index=windows.index, dtype="str")
    left = names + " knot " + pd.Series(knot, index=windows.index).astype("str")
    right = names + " knot " + pd.Series(knot + 1, index=windows.index).astype("str")
    entries = pd.DataFrame(
        {
            "name": np.concatenate([np.where(wide, left, free), right[wide]]),
            "place": np.concatenate([windows["place"], windows.loc[wide, "place"]]),
            "value": np.concatenate([np.where(wide, 1 - share, 1.0) * size, (share * size)[wide]]),
        }
    )
    codes, uniques = pd.factorize(entries["name"], sort=True)
    values = np.zeros((days, len(uniques)))
    np.add.at(values, (entries["place"].to_numpy(dtype=int), codes), entries["value"].to_numpy(dtype=float))
    return tuple(str(name) for name in uniques), values


def _month_terms(days: pd.DatetimeIndex) -> np.ndarray:
    """Bumps over the day of the month; its second half is counted from the end, so the last day is always 31."""
    day = days.day.to_numpy()
    from_end = 31 - (days.days_in_month.to_numpy() - day)
    place = np.where(day <= 15, day, from_end)
    return np.exp(-0.5 * ((place[:, None] - MONTH_CENTRES) / MONTH_WIDTH_DAYS) ** 2)
