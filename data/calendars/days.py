"""Local days and what a calendar says of one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from data.errors import InputError


class DayType(NamedTuple):
    """What a calendar says of one day.

    Parameters
    ----------
    working
        Whether it is a working day.
    holiday
        Name of the public holiday it belongs to, None on any other day.
    makeup
        Whether it is a working day on a weekend that makes up for a holiday elsewhere (调休).
    provisional
        Whether the official calendar is not known yet.
    """

    working: bool
    holiday: str | None
    makeup: bool
    provisional: bool


def days_of(year: int) -> list[date]:
    """Every day of a year, in order."""
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range(date(year, 12, 31).timetuple().tm_yday)]


def span(first: date, last: date) -> tuple[date, date]:
    """Return both as plain days, also when they come as datetimes or Timestamps.

    Raises
    ------
    InputError
        The first day lies after the last.
    """
    # A Timestamp is a date to the type checker but does not compare with one.
    first, last = (date(day.year, day.month, day.day) for day in (first, last))
    if first > last:
        raise InputError(f"the first day {first} lies after the last day {last}. Swap them.")
    return first, last
