"""The day × slot matrix counted one row at a time, for tests only."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def cells(
    rows: list[tuple[datetime, float]], timezone: str, interval_min: int
) -> dict[tuple[date, int], float]:
    """Mean contacts of the rows that fall on a local day and slot; starts are aware instants."""
    found: dict[tuple[date, int], list[float]] = {}
    for start, offered in rows:
        local = start.astimezone(ZoneInfo(timezone))
        minute = timedelta(hours=local.hour, minutes=local.minute) // timedelta(minutes=1)
        found.setdefault((local.date(), minute // interval_min), []).append(offered)
    return {key: sum(values) / len(values) for key, values in found.items()}
