"""Dates of a recurring peak: anchors, shifted, then rolled to an open day.

A rule is read in this order: its anchors (days of the month, sessions, holidays or make-up days) within the
rule's own first and last day; plus offset_days; moved to the next or previous open day of its calendar. So
"repayment 20 days after the statement, next working day when closed" counts from the statement's nominal day.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import numpy as np
import pandas as pd

from data.calendars import is_exchange, open_days, require_calendar, trading_sessions, work_days
from data.calendars.exchanges import exchange
from data.domain import FIRST_DAY, LAST_DAY, Recurrence
from data.errors import InputError

_REACH = timedelta(days=60)
"""No calendar stays closed for longer: Moscow, 2022, was shut for 28 days, Athens, 2015, for 35."""


def require_fit(rule: Recurrence, calendar: str) -> None:
    """See that a rule's calendar is one that can be read and that has what the rule asks for.

    Raises
    ------
    UnknownNameError
        The calendar is neither a region nor an exchange.
    InputError
        It is of the wrong kind, or cannot be read.
    """
    known = is_exchange(require_calendar(calendar))
    if rule.sessions and not known:
        raise InputError(f"sessions need an exchange, not the region {calendar}. Give one such as XSHG.")
    if (rule.holidays or rule.makeup_days) and known:
        raise InputError(
            f"holidays and make-up days need a region, not the exchange {calendar}. Give one such as CN."
        )
    if known:
        exchange(calendar)


def recurring_dates(rule: Recurrence, first: date, last: date) -> pd.DataFrame:
    """Dates of a rule in [first, last], one row an anchor.

    Returns
    -------
    DataFrame
        Columns date (datetime64[us]), provisional (bool: a calendar day from the anchor to the date is).
        Anchors rolled onto one date give as many rows.

    Raises
    ------
    UnknownNameError
        The rule's calendar is neither a region nor an exchange.
    InputError
        The calendar is of the wrong kind: sessions need an exchange, holidays and make-up days a region.
    """
    calendar = rule.calendar or ""  # the domain gives one to every rule that needs it
    if calendar:
        require_fit(rule, calendar)
    offset = timedelta(days=rule.offset_days)
    reach = timedelta() if rule.roll == "none" else _REACH
    lower, upper = first - offset - reach, last - offset + reach
    lower = lower if rule.first is None else max(lower, rule.first)
    upper = upper if rule.last is None else min(upper, rule.last)
    if calendar and is_exchange(calendar):
        # Nothing is known of sessions beyond these days, and rolling looks for one on either side.
        lower = max(lower, FIRST_DAY + max(timedelta(), reach - offset))
        upper = min(upper, LAST_DAY - max(timedelta(), reach + offset))
    if lower > upper:
        return _frame(np.array([], dtype="datetime64[us]"), np.array([], dtype=bool))
    found = _anchors(rule, calendar, lower, upper)
    found["date"] += pd.Timedelta(offset)
    if reach and len(found):
        found = _rolled(found, calendar, rule)
    return found.loc[found["date"].between(pd.Timestamp(first), pd.Timestamp(last))].reset_index(drop=True)


def _anchors(rule: Recurrence, calendar: str, first: date, last: date) -> pd.DataFrame:
    if rule.days_of_month:
        inside = [day for day in _days_of_month(rule, first, last) if first <= day <= last]
        return _frame(np.array(inside, dtype="datetime64[us]"), np.zeros(len(inside), dtype=bool))
    if rule.sessions:
        return trading_sessions(calendar, first, last, rule.notices)[["date", "provisional"]]
    days = work_days(calendar, first, last, rule.notices)
    chosen = days["makeup"] if rule.makeup_days else days["holiday"].notna()
    return days.loc[chosen, ["date", "provisional"]].reset_index(drop=True)


def _days_of_month(rule: Recurrence, first: date, last: date) -> list[date]:
    months = range(12 * first.year + first.month - 1, 12 * last.year + last.month)
    days: list[date] = []
    for year, month in (divmod(month, 12) for month in months):
        length = monthrange(year, month + 1)[1]
        days.extend(date(year, month + 1, min(day, length)) for day in sorted(set(rule.days_of_month)))
    return days


def _rolled(found: pd.DataFrame, calendar: str, rule: Recurrence) -> pd.DataFrame:
    """Each date moved to the nearest open day on the rule's side; provisional also by the days passed over."""
    dates = found["date"]
    first, last = dates.min().date() - _REACH, dates.max().date() + _REACH
    days = open_days(calendar, first, last, rule.notices)
    nominal = (dates - days["date"].iloc[0]).dt.days.to_numpy()
    opened = np.flatnonzero(days["open"].to_numpy())
    if rule.roll == "next":
        reached = opened[np.searchsorted(opened, nominal, side="left")]
    else:
        reached = opened[np.searchsorted(opened, nominal, side="right") - 1]
    lower, upper = np.minimum(nominal, reached), np.maximum(nominal, reached)
    unsure = np.concatenate([[0], np.cumsum(days["provisional"].to_numpy())])
    passed = unsure[upper + 1] > unsure[lower]
    return _frame(days["date"].to_numpy()[reached], found["provisional"].to_numpy() | passed)


def _frame(dates: np.ndarray, provisional: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"date": pd.Series(dates, dtype="datetime64[us]"), "provisional": provisional})
