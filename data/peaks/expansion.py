"""Peaks to occurrences: every date on which one falls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from data.calendars.days import span
from data.domain import Peak, Recurrence
from data.errors import InputError, UnknownNameError
from data.peaks.recurrence import recurring_dates
from data.schema import OCCURRENCES, conform, empty

SEPARATOR = ";"


def expand(peaks: Sequence[Peak], first: date, last: date) -> pd.DataFrame:
    """Every occurrence whose window touches [first, last], by peak and date.

    Anchors of one peak that roll onto the same date are one occurrence with their sizes added. A dated
    occurrence takes the place of a recurring one on the same day, size included.

    Parameters
    ----------
    peaks
        Peaks with ids of their own.
    first, last
        Local days, both included.

    Returns
    -------
    DataFrame
        Schema `data.schema.OCCURRENCES`; size is NaN where it is not known.

    Raises
    ------
    UnknownNameError
        A rule's calendar is neither a region nor an exchange.
    InputError
        Two peaks share an id, a rule's calendar is of the wrong kind, or first lies after last.
    """
    first, last = span(first, last)
    doubled = [name for name, count in Counter(peak.id for peak in peaks).items() if count > 1]
    if doubled:
        raise InputError(f"peak {doubled[0]!r} is given more than once. Keep one, or merge their dates.")
    frames = [frame for frame in (_occurrences(peak, first, last) for peak in peaks) if len(frame)]
    if not frames:
        return empty(OCCURRENCES)
    joined = pd.concat(frames, ignore_index=True)
    return conform(joined.sort_values(["peak", "date"], ignore_index=True), OCCURRENCES)


def _occurrences(peak: Peak, first: date, last: date) -> pd.DataFrame:
    earliest, latest = first - timedelta(days=peak.upper_days), last - timedelta(days=peak.lower_days)
    found = _dated(peak, earliest, latest)
    if peak.recurrence is not None:
        recurring = _recurring(peak, peak.recurrence, earliest, latest)
        found = pd.concat([found, recurring.loc[~recurring["date"].isin(found["date"])]], ignore_index=True)
    return found.assign(
        peak=peak.id,
        kind=str(peak.kind),
        queues=SEPARATOR.join(sorted(peak.queues)),
        lower_days=peak.lower_days,
        upper_days=peak.upper_days,
    )


def _dated(peak: Peak, earliest: date, latest: date) -> pd.DataFrame:
    days = [day for day in peak.dates if earliest <= day <= latest]
    sizes = [peak.dates[day] for day in days]
    return pd.DataFrame(
        {
            "date": pd.Series(days, dtype="datetime64[us]"),
            "size": pd.Series(sizes, dtype="float64"),
            "provisional": pd.Series(0, index=range(len(days)), dtype="int64"),
        }
    )


def _recurring(peak: Peak, rule: Recurrence, earliest: date, latest: date) -> pd.DataFrame:
    try:
        dates = recurring_dates(rule, earliest, latest)
    except UnknownNameError as error:
        repair = f"Correct the calendar of peak {peak.id!r}."
        raise UnknownNameError(error.kind, error.name, error.known, repair=repair) from error
    except InputError as error:
        raise InputError(f"peak {peak.id!r}: {error}") from error
    by_date = dates.groupby("date", sort=True)["provisional"].agg(["size", "max"]).reset_index()
    size = np.nan if peak.size is None else peak.size
    return pd.DataFrame(
        {
            "date": by_date["date"],
            "size": by_date["size"] * size,
            "provisional": by_date["max"].astype("int64"),
        }
    )
