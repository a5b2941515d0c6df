"""Sessions of the world's exchanges. The only door to exchange_calendars.

Some of its calendars end where an exchange's published holidays end (Shanghai with the year 2026 in 4.13);
the others go by rule for as long as anyone plans.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache

import exchange_calendars
import pandas as pd
from exchange_calendars import ExchangeCalendar

from data.domain import FIRST_DAY, LAST_DAY
from data.errors import InputError, UnknownNameError

SESSION_TYPES = {
    "date": "datetime64[us]",
    "open": "datetime64[us, UTC]",
    "break_start": "datetime64[us, UTC]",
    "break_end": "datetime64[us, UTC]",
    "close": "datetime64[us, UTC]",
    "half_day": "bool",
}
"""Columns of a frame of sessions with their types."""

_PROBE = (date(2026, 1, 5), date(2026, 6, 30))  # within the bounds of every calendar of the library

_COUNTRIES = {
    "AIXK": "KZ",
    "XBOM": "IN",
    "XHKG": "HK",
    "XKRX": "KR",
    "XSAU": "SA",
    "XSES": "SG",
    "XSHG": "CN",
    "XTAE": "IL",
    "XTKS": "JP",
}
"""Country of each exchange whose calendar ends before LAST_DAY or begins after FIRST_DAY."""

# The library loses Tel Aviv's Sundays, which were sessions until this day, and then stops on their early closes.
_READ_FROM = {"XTAE": date(2026, 1, 5)}


@dataclass(frozen=True, slots=True)
class Hours:
    """Regular trading hours in the exchange's wall clock; the break is None where there is none."""

    open: time
    close: time
    break_start: time | None
    break_end: time | None


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the library knows of an exchange.

    Parameters
    ----------
    name
        Its main name, a market identifier code.
    timezone
        IANA name of the zone it trades in.
    first, last
        Days the library's calendar covers, both included.
    country
        ISO code, where the library covers less than FIRST_DAY to LAST_DAY.
    first_hours, last_hours
        Regular hours at either end.
    """

    name: str
    timezone: str
    first: date
    last: date
    country: str | None
    first_hours: Hours
    last_hours: Hours


_SAME_SESSIONS = {"XSHE": "XSHG"}
"""Exchanges the library lacks that hold the sessions of one it has: Shenzhen keeps Shanghai's."""


@lru_cache(maxsize=1)
def exchange_names() -> frozenset[str]:
    """Names of the exchanges, market identifier codes and their aliases."""
    return frozenset(exchange_calendars.get_calendar_names()) | frozenset(_SAME_SESSIONS)


@lru_cache(maxsize=128)
def exchange(name: str) -> Exchange:
    """Return what the library knows of an exchange.

    Raises
    ------
    UnknownNameError
        No exchange has that name.
    InputError
        The library has a calendar of it but cannot read it.
    """
    if name not in exchange_names():
        repair = "Give a market identifier code such as XSHG."
        raise UnknownNameError("exchange", name, sorted(exchange_names()), repair=repair)
    calendar = _calendar(_SAME_SESSIONS.get(name, name), *_PROBE)
    lower, upper = calendar.bound_min(), calendar.bound_max()
    return Exchange(
        name=calendar.name,
        timezone=str(calendar.tz),
        first=max(_READ_FROM.get(calendar.name, FIRST_DAY), FIRST_DAY if lower is None else lower.date()),
        last=min(LAST_DAY, LAST_DAY if upper is None else upper.date()),
        country=_COUNTRIES.get(calendar.name),
        first_hours=_hours(calendar, 0),
        last_hours=_hours(calendar, -1),
    )


def covered_sessions(market: Exchange, first: date, last: date) -> pd.DataFrame:
    """Sessions in [first, last], days the library covers; columns `SESSION_TYPES`, instants in UTC."""
    decades = [_decade(market, year) for year in range(first.year // 10 * 10, last.year + 1, 10)]
    sessions = pd.concat(decades, ignore_index=True)
    return sessions.loc[sessions["date"].between(pd.Timestamp(first), pd.Timestamp(last))]


def _hours(calendar: ExchangeCalendar, end: int) -> Hours:
    def regular(times: Sequence[tuple[object, time | None]] | None) -> time | None:
        return times[end][1] if times else None

    return Hours(
        open=calendar.open_times[end][1],
        close=calendar.close_times[end][1],
        break_start=regular(calendar.break_start_times),
        break_end=regular(calendar.break_end_times),
    )


@lru_cache(maxsize=256)
def _decade(market: Exchange, year: int) -> pd.DataFrame:
    # Ten years cost what one costs: 0.2 s of working out holiday rules.
    first, last = max(date(year, 1, 1), market.first), min(date(year + 9, 12, 31), market.last)
    calendar = _calendar(market.name, first, last)
    sessions: pd.DataFrame = calendar.schedule.rename_axis("date").reset_index()
    sessions["half_day"] = sessions["date"].isin(calendar.early_closes)
    return sessions[list(SESSION_TYPES)].astype(SESSION_TYPES)


def _calendar(name: str, first: date, last: date) -> ExchangeCalendar:
    try:
        with _its_deprecations():
            return exchange_calendars.get_calendar(name, start=first.isoformat(), end=last.isoformat())
    except NotImplementedError as error:
        # Athens, Belgrade, Bucharest and Nicosia: their Orthodox Easter fails under pandas 3.
        message = f"the calendar of exchange {name!r} cannot be read. Give its country's code instead."
        raise InputError(message) from error


@contextmanager
def _its_deprecations() -> Iterator[None]:
    """Keep quiet what pandas 3 tells the library's authors; nothing of ours is in the call."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pd.errors.Pandas4Warning)
        yield
