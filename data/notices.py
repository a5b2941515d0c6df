"""A year's official holiday notice, as a planner imports it before the libraries know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from data.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayNotice:
    """Days off and make-up working days of one region and year; what it does not name is an ordinary day.

    Parameters
    ----------
    region
        ISO country code, such as "CN".
    year
        Whose calendar is official by it.
    holidays
        Name of the holiday by day off; the days around New Year may lie in the neighbouring years.
    makeup_days
        Working days on a weekend that make up for a holiday (调休).

    Raises
    ------
    InputError
        It names no day off, a day twice or of a far year.
    """

    region: str
    year: int
    holidays: Mapping[date, str]
    makeup_days: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not self.holidays:
            raise InputError(f"the holiday notice {self.id} names no day off. Give its holidays.")
        both = sorted(self.makeup_days.intersection(self.holidays))
        if both:
            raise InputError(f"the holiday notice {self.id} calls {both[0]} both off and worked. Keep one.")
        far = sorted(day for day in (*self.holidays, *self.makeup_days) if abs(day.year - self.year) > 1)
        if far:
            raise InputError(
                f"the holiday notice {self.id} names {far[0]}. Give it in its own year's notice."
            )

    @property
    def id(self) -> str:
        """Name in the workspace, such as CN-2027."""
        return f"{self.region}-{self.year}"
