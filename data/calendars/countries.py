"""Public holidays and weekends of the world's countries. The only door to the holidays package."""

from __future__ import annotations

from functools import lru_cache

import holidays

from data.calendars.days import DayType, days_of
from data.errors import UnknownNameError


@lru_cache(maxsize=1)
def country_codes() -> frozenset[str]:
    """ISO 3166 codes the package knows, of two and three letters."""
    return frozenset(holidays.list_supported_countries(include_aliases=True))


def country_code(region: str) -> str:
    """Return the two-letter code of a country given by either of its codes.

    Raises
    ------
    UnknownNameError
        No country has that code.
    """
    if region not in country_codes():
        repair = "Give an ISO country code such as CN."
        raise UnknownNameError("region", region, sorted(country_codes()), repair=repair)
    return str(holidays.country_holidays(region).country)


@lru_cache(maxsize=512)
def day_types(code: str, year: int) -> tuple[DayType, ...]:
    """Every day of a year in a country, in order; names are English where the package has them.

    Provisional are days of years the package does not reach (only weekends are known there) and holidays
    whose day it calls estimated, such as those that hang on a sighting of the moon.

    Parameters
    ----------
    code
        Two-letter code from `country_code`.
    """
    known = holidays.country_holidays(code)
    reached = known.start_year <= year <= known.end_year
    # Without a language the package follows the machine's locale.
    language = "en_US" if "en_US" in known.supported_languages else known.default_language
    of_year = holidays.country_holidays(code, years=[year], language=language, expand=False)
    types = []
    for day in days_of(year):
        name = of_year.get(day, "")
        types.append(
            DayType(
                working=of_year.is_working_day(day),
                # One holiday keeps one name, before and after its day is confirmed.
                holiday=name.replace(" (estimated)", "").replace(", estimated)", ")") or None,
                makeup=day in of_year.weekend_workdays,
                provisional=not reached or "estimated)" in name,
            )
        )
    return tuple(types)
