"""Working days of a region."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import pandas as pd

from data.calendars import china, countries
from data.calendars.days import DayType, days_of, span
from data.notices import HolidayNotice

HALF = 0.5


def work_days(region: str, first: date, last: date, notices: Sequence[HolidayNotice] = ()) -> pd.DataFrame:
    """Every day of a span with what the region's calendar says of it.

    China's published years come from the State Council's notices. Its other years, before the first notice
    known and after the last, follow the law's holidays and weekends and are provisional.

    Parameters
    ----------
    region
        ISO country code, such as "CN".
    first, last
        Local days, both included.
    notices
        Official notices that were imported; each makes its year official. Those of other regions say nothing here.

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
    found = pd.concat(years, ignore_index=True).iloc[skipped : skipped + days].reset_index(drop=True)
    for notice in notices:
        if countries.country_code(notice.region) == code:
            found = _with_notice(found, notice, _weekend(code, notice.year))
    return found


def _with_notice(days: pd.DataFrame, notice: HolidayNotice, weekend: frozenset[int]) -> pd.DataFrame:
    """Lay a notice over what the libraries say."""
    found = days.copy()
    of_year = found["date"].dt.year == notice.year
    found.loc[of_year, "working"] = ~found.loc[of_year, "date"].dt.day_of_week.isin(weekend)
    found.loc[of_year, "holiday"] = None
    found.loc[of_year, ["makeup", "provisional"]] = False
    off = found["date"].isin([pd.Timestamp(day) for day in notice.holidays])
    names = {pd.Timestamp(day): name for day, name in notice.holidays.items()}
    found.loc[off, "holiday"] = found.loc[off, "date"].map(names)
    found.loc[off, ["working", "makeup", "provisional"]] = False
    made_up = found["date"].isin([pd.Timestamp(day) for day in notice.makeup_days])
    found.loc[made_up, "holiday"] = None
    found.loc[made_up, ["working", "makeup"]] = True
    found.loc[made_up, "provisional"] = False
    return found


@lru_cache(maxsize=64)
def _weekend(code: str, year: int) -> frozenset[int]:
    """Weekdays on which most of a year's days are free."""
    days = _year(code, year)
    worked = days["working"].groupby(days["date"].dt.day_of_week).mean()
    return frozenset(int(weekday) for weekday in worked.index[worked < HALF])


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
