"""Deadlines count the opening hours of their queue."""

import pandas as pd
import pytest

from data.deadlines import due
from data.domain import Channel, OpeningSpan, Queue
from data.errors import InputError

OFFICE = (OpeningSpan(weekdays=frozenset(range(5)), open_min=540, close_min=1080),)
"""Monday to Friday, 09:00 to 18:00."""


def mail(deadline_h: float | None, hours: tuple[OpeningSpan, ...] = OFFICE, **more: str) -> Queue:
    return Queue(id="mail", channel=Channel.DEFERRED, deadline_h=deadline_h, hours=hours, **more)


def at(text: str, timezone: str = "UTC") -> pd.DatetimeIndex:
    return pd.DatetimeIndex([pd.Timestamp(text, tz=timezone).tz_convert("UTC")])


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
        (18, "2026-11-26 10:00", "2026-11-30 10:00"),
    ],
)
def test_hours_the_queue_is_closed_do_not_count(deadline_h: float, came: str, by: str) -> None:
    assert due(mail(deadline_h), at(came))[0] == pd.Timestamp(by, tz="UTC")


def test_without_a_deadline_it_is_a_day_of_a_queue_open_around_the_clock() -> None:
    queue = mail(None, (OpeningSpan(),))
    assert due(queue, at("2026-11-28 22:17"))[0] == pd.Timestamp("2026-11-29 22:17", tz="UTC")


def test_a_day_whose_clock_changes_has_the_hours_it_has() -> None:
    queue = mail(24, (OpeningSpan(),), timezone="Europe/Berlin")
    by = due(queue, at("2026-10-24 12:00", "Europe/Berlin"))[0]
    assert by == pd.Timestamp("2026-10-25 11:00", tz="Europe/Berlin")


def test_contacts_are_due_in_the_order_in_which_they_came() -> None:
    came = pd.date_range("2026-11-20", "2026-12-01", freq="7min", tz="UTC")
    by = due(mail(5.3), came)
    assert by.is_monotonic_increasing
    assert (by >= came + pd.Timedelta(hours=5.3)).all()


def test_calls_have_no_deadline() -> None:
    with pytest.raises(InputError, match="queue 'cards': voice contacts do not wait"):
        due(Queue(id="cards"), at("2026-11-23 10:00"))
