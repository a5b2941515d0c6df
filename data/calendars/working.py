"""Working days of a region."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import pandas as pd

from data.calendars import china, countries
from data.calendars.days import DayType, days_of, span


def work_days(region: str, first: date, last: date) -> pd.DataFrame:
    """Every day of a span with what the region's calendar says of it.

    China's published years come from the State Council's notices. Its other years, before the first notice
    known and after the last, follow the law's holidays and weekends and are provisional.

    Parameters
    ----------
    region
        ISO country code, such as "CN".
    first, last
        Local days, both included.

    Returns
    -------
    DataFrame
        Columns date (datetime64[us]), working (bool), holiday (name, NaN on other days), makeup (bool: a
        working day on a weekend that makes up for a holiday), provisional (bool: not official yet).

    Raises
    ------
    UnknownNameError
        No region has that code.
    InputError
        The first day lies after the last.
    """
    first, last = span(first, last)
    code = countries.country_code(region)
    years = [_year(code, year) for year in range(first.year, last.year + 1)]
    skipped = first.timetuple().tm_yday - 1
    days = (last - first).days + 1
    return pd.concat(years, ignore_index=True).iloc[skipped : skipped + days].reset_index(drop=True)


@lru_cache(maxsize=512)
def _year(code: str, year: int) -> pd.DataFrame:
    types = _day_types(code, year)
    return pd.DataFrame(
        {
            "date": pd.Series(days_of(year), dtype="datetime64[us]"),
            "working": pd.Series([day.working for day in types], dtype=bool),
            "holiday": pd.Series([day.holiday for day in types], dtype="str"),
            "makeup": pd.Series([day.makeup for day in types], dtype=bool),
            "provisional": pd.Series([day.provisional for day in types], dtype=bool),
        }
    )


def _day_types(code: str, year: int) -> list[DayType]:
    if code != china.REGION:
        return list(countries.day_types(code, year))
    if china.is_published(year):
        return china.day_types(year)
    return [
        day._replace(holiday=day.holiday and china.notice_name(day.holiday), provisional=True)
        for day in countries.day_types(code, year)
    ]
