"""Holidays and make-up working days (调休) of mainland China, as the State Council's yearly notices set them.

The only door to chinese_calendar, which knows the years whose notice it was released after (2004–2026 in
1.11) and raises NotImplementedError on any other.
"""

from __future__ import annotations

from datetime import date

import chinese_calendar

from data.calendars.days import DayType, days_of

REGION = "CN"

_NOTICE_NAMES = {
    "Chinese New Year's Eve": "Spring Festival",
    "Chinese New Year (Spring Festival)": "Spring Festival",
    "Chinese New Year Extended Holiday": "Spring Festival",
    "Tomb-Sweeping Day": "Tomb-sweeping Day",
    "Labor Day": "Labour Day",
    "Mid-Autumn Festival": "Mid-autumn Festival",
}


def is_published(year: int) -> bool:
    """Whether the notice of that year is known: National Day stands in every one."""
    return date(year, 10, 1) in chinese_calendar.holidays


def day_types(year: int) -> list[DayType]:
    """Every day of a published year, in order."""
    return [
        DayType(
            working=chinese_calendar.is_workday(day),
            holiday=chinese_calendar.holidays.get(day),
            makeup=day in chinese_calendar.workdays,
            provisional=False,
        )
        for day in days_of(year)
    ]


def notice_name(holiday: str) -> str:
    """Name a holiday as the notices' years do, so that one holiday keeps one name over all years.

    Parameters
    ----------
    holiday
        Name from `data.calendars.countries`; several on one day are joined by "; ".
    """
    plain = [name.removesuffix(" (observed)") for name in holiday.split("; ")]
    named = ["Day off" if name.startswith("Day off (") else _NOTICE_NAMES.get(name, name) for name in plain]
    return "; ".join(named)
