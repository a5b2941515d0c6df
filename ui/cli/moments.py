"""Local days and moments as options give them."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from data.errors import InputError
from data.intervals import local_midnight


def parse_moment(text: str, timezone: str, option: str, *, whole_day: bool = False) -> pd.Timestamp:
    """Read a local day or moment as a UTC instant.

    Parameters
    ----------
    text
        "2026-11-23", "2026-11-23T09:30", with or without an offset.
    timezone
        Zone of what has no offset.
    option
        Its name, for the message.
    whole_day
        A day stands for its end, the midnight after it, instead of its beginning.

    Raises
    ------
    InputError
        It is neither, or a local time that does not exist or exists twice.
    """
    try:
        day = pd.Timestamp(date.fromisoformat(text)) + pd.Timedelta(days=int(whole_day))
    except ValueError:
        return _instant(text, timezone, option)
    return local_midnight(day.date(), timezone)


def _instant(text: str, timezone: str, option: str) -> pd.Timestamp:
    try:
        found = pd.Timestamp(text)
        found = found.tz_localize(timezone) if found.tzinfo is None else found
    except ValueError as error:
        raise InputError(
            f"{option} {text!r} is no day or moment ({error}). Give 2026-11-23 or 2026-11-23T09:30."
        ) from error
    if pd.isna(found):
        raise InputError(f"{option} {text!r} is no day or moment. Give 2026-11-23 or 2026-11-23T09:30.")
    return found.tz_convert("UTC")


def shown_moment(moment: datetime, timezone: str) -> str:
    """Print an instant as local wall-clock time."""
    return f"{pd.Timestamp(moment).tz_convert(timezone):%Y-%m-%d %H:%M}"
