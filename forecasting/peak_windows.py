"""Peaks laid out over days: one row an occurrence and day of its window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from data.domain import Peak, PeakKind
from data.peaks import expand

NEAREST_WINS = (PeakKind.HOLIDAY, PeakKind.MAKEUP, PeakKind.SESSION)
"""Of these a day belongs to one occurrence, the nearest: the second day of a holiday is not also its morrow.
Others compose: two dividends on neighbouring days both lift."""
COMPARABLE = 10.0
"""Sizes of a kind are one unit, so long as its peaks' medians lie within this factor of each other."""


def peak_windows(peaks: Sequence[Peak], first: date, last: date) -> pd.DataFrame:
    """Every day of [first, last] that a peak's window covers.

    Parameters
    ----------
    peaks
        Peaks of one queue.
    first, last
        Local days, both included.

    Returns
    -------
    DataFrame
        Columns peak, kind, date (of the occurrence), lower, width (of the window, days), relative (days from the
        date), place (days from `first`), size (as given, NaN where not known), own_size and kind_size (over the
        median of the peak and of its kind, 1 where not known), provisional (0 or 1); by peak and date.
    """
    found = expand(peaks, first, last)
    lower = found["lower_days"].to_numpy()
    width = found["upper_days"].to_numpy() - lower + 1
    row = np.repeat(np.arange(len(found)), width)
    relative = np.arange(len(row)) - np.repeat(np.cumsum(width) - width, width) + lower[row]
    typical = found.groupby("peak")["size"].transform("median")
    own_size = (found["size"] / typical.where(typical > 0)).fillna(1.0)
    kind_size = (found["size"] / _typical_of_kind(found)).fillna(own_size)
    date_place = (found["date"] - pd.Timestamp(first)).dt.days.to_numpy()
    windows = pd.DataFrame(
        {
            "peak": found["peak"].to_numpy()[row],
            "kind": found["kind"].to_numpy()[row],
            "date": found["date"].to_numpy()[row],
            "lower": lower[row],
            "width": width[row],
            "relative": relative,
            "place": date_place[row] + relative,
            "size": found["size"].to_numpy()[row],
            "own_size": own_size.to_numpy(dtype=float)[row],
            "kind_size": kind_size.to_numpy(dtype=float)[row],
            "provisional": found["provisional"].to_numpy()[row],
        }
    )
    inside = windows["place"].between(0, (last - first).days)
    return _nearest_only(windows.loc[inside])


def _typical_of_kind(found: pd.DataFrame) -> pd.Series:
    """Median size of each row's kind; NaN where its peaks are not all sized, or not in one unit."""
    typical = found.groupby(["kind", "peak"])["size"].median().where(lambda size: size > 0)
    ratio = typical.groupby("kind").max() / typical.groupby("kind").min()
    sound = (ratio <= COMPARABLE) & typical.notna().groupby("kind").all()
    medians = found.groupby("kind")["size"].median().where(sound)
    return found["kind"].map(medians).astype("float64")


def _nearest_only(windows: pd.DataFrame) -> pd.DataFrame:
    exclusive = windows["kind"].isin([kind.value for kind in NEAREST_WINS])
    distance = windows["relative"].abs()
    nearest = distance.groupby([windows["peak"], windows["place"]]).transform("min")
    return windows.loc[~exclusive | (distance == nearest)].reset_index(drop=True)
