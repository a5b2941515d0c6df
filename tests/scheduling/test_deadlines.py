from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.domain import Channel, OpeningSpan, Queue
from scheduling.deadlines import deadline

OFFICE = (OpeningSpan(weekdays=frozenset(range(5)), open_min=540, close_min=1080),)
"""Monday to Friday, 09:00 to 18:00."""
FIRST, LAST = date(2026, 11, 20), date(2026, 12, 4)
ORIGIN = pd.Timestamp("2026-11-20", tz="UTC")


def due(came: str, deadline_h: float | None, timezone: str = "UTC") -> pd.Timestamp | None:
    hours = OFFICE if deadline_h is not None else (OpeningSpan(),)
    queue = Queue(id="mail", channel=Channel.DEFERRED, deadline_h=deadline_h, hours=hours, timezone=timezone)
    origin_s = ORIGIN.timestamp()
    at = pd.Timestamp(came, tz=timezone).timestamp() - origin_s
    (until,) = deadline(queue, FIRST, LAST, origin_s).of(np.array([at]))
    return pd.Timestamp(until + origin_s, unit="s", tz=timezone) if np.isfinite(until) else None


@pytest.mark.parametrize(
    ("deadline_h", "came", "by"),
    [
        (4, "2026-11-23 10:00", "2026-11-23 14:00"),
        (4, "2026-11-23 16:00", "2026-11-24 11:00"),
        (4, "2026-11-23 14:00", "2026-11-23 18:00"),
        (4, "2026-11-23 20:00", "2026-11-24 13:00"),
        (4, "2026-11-27 17:30", "2026-11-30 12:30"),
        (4, "2026-11-28 11:00", "2026-11-30 13:00"),
        (9, "2026-11-23 10:10", "2026-11-24 10:10"),
        (0.25, "2026-11-23 10:10", "2026-11-23 10:25"),
    ],
)
def test_hours_the_queue_is_closed_do_not_count(deadline_h: float, came: str, by: str) -> None:
    assert due(came, deadline_h) == pd.Timestamp(by, tz="UTC")
    assert due(came, deadline_h, "Asia/Shanghai") == pd.Timestamp(by, tz="Asia/Shanghai")


def test_without_a_deadline_it_is_a_day_of_a_queue_open_around_the_clock() -> None:
    assert due("2026-11-28 22:17", None) == pd.Timestamp("2026-11-29 22:17", tz="UTC")


def test_a_deadline_beyond_the_days_looked_at_is_never() -> None:
    assert due("2026-12-04 17:00", 4) is None
