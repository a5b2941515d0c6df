"""Days of a horizon that rest on a calendar which is not official yet."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from forecasting.terms import DayTerms

SHOWN_SPANS = 3


def provisional_days(terms: DayTerms, first: date, last: date) -> pd.DatetimeIndex:
    """Days of [first, last] that a peak touches by a provisional calendar, in order."""
    rows = terms.windows.loc[terms.windows["provisional"].eq(1), "place"].to_numpy(dtype=int)
    days = terms.days[np.unique(rows)]
    return days[(days >= pd.Timestamp(first)) & (days <= pd.Timestamp(last))]


def provisional_note(terms: DayTerms, first: date, last: date) -> str | None:
    """One sentence that names those days, their peaks and the repair; None where there are none."""
    days = provisional_days(terms, first, last)
    if days.empty:
        return None
    on = terms.windows["place"].isin(terms.rows(days)) & terms.windows["provisional"].eq(1)
    peaks = ", ".join(sorted(set(terms.windows.loc[on, "peak"])))
    plural = "days rest" if len(days) > 1 else "day rests"
    return (
        f"{len(days)} {plural} on a provisional calendar, for the official one is not out yet: {_spans(days)} "
        f"({peaks}). Forecast again when it is known."
    )


def _spans(days: pd.DatetimeIndex) -> str:
    """Write days as spans, the first few of them."""
    breaks = np.flatnonzero(np.diff(days.to_numpy()) > np.timedelta64(1, "D")) + 1
    spans = [
        f"{part[0].date()}" if len(part) == 1 else f"{part[0].date()} to {part[-1].date()}"
        for part in (days[place] for place in np.split(np.arange(len(days)), breaks))
    ]
    shown = ", ".join(spans[:SHOWN_SPANS])
    return shown if len(spans) <= SHOWN_SPANS else f"{shown} and others until {days[-1].date()}"
