"""Trading sessions of an exchange."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

import pandas as pd

from data.calendars import exchanges
from data.calendars.days import span
from data.calendars.exchanges import SESSION_TYPES, Exchange, Hours
from data.calendars.working import work_days
from data.domain import FIRST_DAY, LAST_DAY
from data.errors import InputError
from data.notices import HolidayNotice

_SATURDAY = 5


def trading_sessions(
    exchange: str, first: date, last: date, notices: Sequence[HolidayNotice] = ()
) -> pd.DataFrame:
    """Sessions of an exchange in a span.

    Where the library's calendar has ended (or not begun), sessions are expected on the working days of the
    exchange's country, at the regular hours, and are provisional. No session falls on a make-up working day.

    Parameters
    ----------
    exchange
        Market identifier code, such as "XSHG".
    first, last
        Session days, both included, as the exchange dates them; from 1980 to 2099.
    notices
        Official notices that were imported: expected sessions of their years are not provisional.

    Returns
    -------
    DataFrame
        Columns date (datetime64[us]), open, break_start, break_end, close (UTC instants; the break is NaT where
        there is none), half_day (bool: closes early), provisional (bool), in order of time.

    Raises
    ------
    UnknownNameError
        No exchange has that name.
    InputError
        The first day lies after the last, or days are asked for that nothing is known of.
    """
    first, last = span(first, last)
    market = exchanges.exchange(exchange)
    if first < FIRST_DAY or last > LAST_DAY:
        message = f"sessions of {exchange} are known from {FIRST_DAY} to {LAST_DAY}"
        raise InputError(f"{message}, not from {first} to {last}. Ask for days in between.")
    parts = []
    if first < market.first:
        end = min(last, market.first - timedelta(days=1))
        parts.append(_expected(market, first, end, market.first_hours, notices))
    if first <= market.last and last >= market.first:
        covered = exchanges.covered_sessions(market, max(first, market.first), min(last, market.last))
        parts.append(covered.assign(provisional=False))
    if last > market.last:
        begin = max(first, market.last + timedelta(days=1))
        parts.append(_expected(market, begin, last, market.last_hours, notices))
    return pd.concat(parts, ignore_index=True)


def _expected(
    market: Exchange, first: date, last: date, hours: Hours, notices: Sequence[HolidayNotice]
) -> pd.DataFrame:
    if market.country is None:
        raise InputError(f"the sessions of {market.name} are not known from {first} to {last}.")
    days = work_days(market.country, first, last, notices)
    # Some countries work on Saturdays (Hong Kong), on Sundays (Israel), or move weekends; Saturdays see no trade.
    trading = days["working"] & ~days["makeup"] & (days["date"].dt.day_of_week != _SATURDAY)
    dates = days.loc[trading, "date"]
    columns = {
        "date": dates,
        "open": _instants(dates, hours.open, market.timezone),
        "break_start": _instants(dates, hours.break_start, market.timezone),
        "break_end": _instants(dates, hours.break_end, market.timezone),
        "close": _instants(dates, hours.close, market.timezone),
        "half_day": False,
    }
    # The library's holidays may be known past the exchange's calendar; only a notice settles a year.
    settled = dates.dt.year.isin([notice.year for notice in notices if notice.region == market.country])
    return pd.DataFrame(columns).astype(SESSION_TYPES).assign(provisional=~settled)


def _instants(dates: pd.Series, at: time | None, timezone: str) -> pd.Series:
    if at is None:
        return pd.Series(pd.NaT, index=dates.index, dtype=SESSION_TYPES["open"])
    local = dates + pd.Timedelta(hours=at.hour, minutes=at.minute)
    return local.dt.tz_localize(timezone).dt.tz_convert("UTC")
