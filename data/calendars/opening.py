"""Regions and exchanges under one roof: on which days a calendar is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from data.calendars import countries, exchanges
from data.calendars.days import span
from data.calendars.trading import trading_sessions
from data.calendars.working import work_days
from data.errors import UnknownNameError
from data.notices import HolidayNotice


def is_exchange(calendar: str) -> bool:
    """Whether the calendar is an exchange's, as against a region's."""
    return calendar in exchanges.exchange_names()


def require_calendar(
    calendar: str, repair: str = "Give a region such as CN or an exchange such as XSHG."
) -> str:
    """Return the name when there is a calendar of that name.

    Parameters
    ----------
    calendar
        Region or exchange.
    repair
        What the error tells a person to do.

    Raises
    ------
    UnknownNameError
        There is none.
    """
    known = exchanges.exchange_names() | countries.country_codes()
    if calendar not in known:
        raise UnknownNameError("calendar", calendar, sorted(known), repair=repair)
    return calendar


def open_days(calendar: str, first: date, last: date, notices: Sequence[HolidayNotice] = ()) -> pd.DataFrame:
    """Every day of a span and whether it is a working day of the region, or a session of the exchange.

    Parameters
    ----------
    calendar
        Region ("CN") or exchange ("XSHG").
    first, last
        Local days, both included.
    notices
        Official notices that were imported.

    Returns
    -------
    DataFrame
        Columns date (datetime64[us]), open (bool), provisional (bool), one row a day.

    Raises
    ------
    UnknownNameError
        There is no such calendar.
    InputError
        The first day lies after the last.
    """
    require_calendar(calendar)
    first, last = span(first, last)
    if not is_exchange(calendar):
        days = work_days(calendar, first, last, notices)
        return days[["date", "working", "provisional"]].rename(columns={"working": "open"})
    sessions = trading_sessions(calendar, first, last, notices)
    market = exchanges.exchange(calendar)
    dates = pd.Series(pd.date_range(first, last, unit="us"))
    covered = dates.between(pd.Timestamp(market.first), pd.Timestamp(market.last))
    settled = dates.dt.year.isin([notice.year for notice in notices if notice.region == market.country])
    return pd.DataFrame(
        {"date": dates, "open": dates.isin(sessions["date"]), "provisional": ~covered & ~settled}
    )
