"""Which days a queue is really open on, and what that does to the days around: terms learnt for every queue.

After a closure people call who could not call before; and the month begins and ends with its first and last open
days, whatever their dates. Both are read off the queue's own opening hours, history and holidays.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecasting.day_matrix import weekdays_of
from forecasting.prepare import Series
from forecasting.terms import DayTerms

CLOSED_SHARE = 0.1
"""Below this share of its usual contacts an open weekday was closed, whatever the calls that still came."""
CLOSED_MOSTLY = 0.5
"""A peak that closed the queue on this share of its past dates will close it on the coming ones."""
AFTER_CLOSURE = 2
MONTH_FIRST, MONTH_LAST = 4, 3
"""Open days after a closure, and first and last ones of a month, with an effect of their own."""


def open_days(series: Series, terms: DayTerms) -> tuple[np.ndarray, np.ndarray]:
    """Days of the terms on which the queue is open, and closures among its open weekdays.

    A closure is an open weekday without contacts on the date of a peak; a day without contacts for no known reason
    may as well be lost data. Coming dates of a peak that mostly closed the queue are closures too.

    Returns
    -------
    opened, closed
        Booleans of shape (days of the terms,).
    """
    weekday_open = np.any(series.opened, axis=1)[weekdays_of(terms.days)]
    found = np.nansum(series.counts, axis=1)
    usual = np.array([np.median(found[mine]) if mine.any() else 0.0 for mine in _same_weekdays(series)])
    empty = np.zeros(len(terms.days), dtype=bool)
    known = np.zeros(len(terms.days), dtype=bool)
    place = terms.rows(series.days)
    empty[place] = found <= CLOSED_SHARE * usual[series.weekdays]
    known[place] = True
    closed = np.zeros(len(terms.days), dtype=bool)
    dates = terms.windows.loc[terms.windows["relative"] == 0]
    for _, own in dates.groupby("peak"):
        mine = np.zeros(len(terms.days), dtype=bool)
        mine[own["place"].to_numpy(dtype=int)] = True
        mine &= weekday_open
        past = mine & known
        closed |= past & empty
        if past.any() and empty[past].mean() >= CLOSED_MOSTLY:
            closed |= mine & ~known
    return weekday_open & ~closed, closed


def after_closure(opened: np.ndarray, closed: np.ndarray) -> np.ndarray:
    """First and second open day after a closure, shape (days, AFTER_CLOSURE)."""
    terms = np.zeros((len(opened), AFTER_CLOSURE))
    after = AFTER_CLOSURE
    for day in range(len(opened)):
        if closed[day]:
            after = 0
        elif opened[day] and after < AFTER_CLOSURE:
            terms[day, after] = 1.0
            after += 1
    return terms


def month_edges(days: pd.DatetimeIndex, opened: np.ndarray, week: np.ndarray) -> np.ndarray:
    """First and last open days of each month, shape (days, MONTH_FIRST + MONTH_LAST).

    Parameters
    ----------
    days
        Consecutive days, shape (days,).
    opened
        Whether the queue is open on each.
    week
        Whether it is open on each weekday, shape (7,): all that is known of the rest of the first and last month.
    """
    first, last = days[0].replace(day=1), days[-1] + pd.offsets.MonthEnd(0)
    whole = pd.date_range(first, last, freq="D", unit="us")
    every = week[weekdays_of(whole)].copy()
    place = whole.get_indexer(days)
    every[place] = opened
    month = whole.year.to_numpy() * 12 + whole.month.to_numpy()
    count = pd.Series(every.astype(int)).groupby(month)
    nth = count.cumsum().to_numpy()
    left = count.transform("sum").to_numpy() - nth
    edges = [nth == number for number in range(1, MONTH_FIRST + 1)]
    edges += [left == number for number in range(MONTH_LAST)]
    terms: np.ndarray = (np.column_stack(edges) & every[:, None])[place].astype(float)
    return terms


def _same_weekdays(series: Series) -> list[np.ndarray]:
    return [(series.weekdays == weekday) & series.usable for weekday in range(7)]
