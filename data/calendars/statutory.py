"""Statutory holidays: the days the law names, without days off that are worked at another time or stand in for a weekend."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from data.calendars import countries
from data.calendars.days import days_of, span

_MOVED = ("Day off", "(observed)")
"""What the names of days hold that the law does not name: a day swapped for a weekend, or given in lieu of one."""


def statutory_holidays(region: str, first: date, last: date) -> frozenset[date]:
    """Days of a span that are holidays by law, such as 1–3 October in China, not 4–7.

    Parameters
    ----------
    region
        ISO country code, such as "CN".
    first, last
        Local days, both included.

    Raises
    ------
    UnknownNameError
        No region has that code.
    InputError
        The first day lies after the last.
    """
    first, last = span(first, last)
    code = countries.country_code(region)
    years = range(first.year, last.year + 1)
    return frozenset(day for year in years for day in _year(code, year) if first <= day <= last)


@lru_cache(maxsize=512)
def _year(code: str, year: int) -> frozenset[date]:
    types = zip(days_of(year), countries.day_types(code, year), strict=True)
    return frozenset(day for day, found in types if found.holiday and _named_by_law(found.holiday))


def _named_by_law(names: str) -> bool:
    return any(not any(word in name for word in _MOVED) for name in names.split("; "))
