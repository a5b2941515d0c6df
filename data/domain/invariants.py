"""What the invariants of the domain types have in common."""

from __future__ import annotations

import math
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data.errors import FieldError, InputError

FIRST_DAY, LAST_DAY = date(1980, 1, 1), date(2099, 12, 31)
"""Days anything is said of; calendars thin out long before their ends."""


def require(holds: bool, at: str, message: str) -> None:  # noqa: FBT001 - reads as "require that …"
    """Raise a `FieldError` about a field unless something holds."""
    if not holds:
        raise FieldError(message, at)


def require_day(day: date, at: str, name: str) -> None:
    """Raise a `FieldError` unless a day is one that anything is said of."""
    require(
        FIRST_DAY.year <= day.year <= LAST_DAY.year,
        at,
        f"{name}: days lie between {FIRST_DAY} and {LAST_DAY}, not on {day}. Correct the year.",
    )


def require_cost(name: str, cost_per_h: float) -> None:
    """Raise a `FieldError` unless a cost per hour is one."""
    require(
        0 <= cost_per_h < math.inf,
        "cost_per_h",
        f"{name}: cost_per_h must not be negative or endless, not {cost_per_h}.",
    )


def zone(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name such as "Asia/Shanghai".

    Raises
    ------
    InputError
        There is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError) as error:  # "Asia" is a folder of zones
        raise InputError(f"unknown time zone {name!r}. Give an IANA name such as Asia/Shanghai.") from error
