"""What people make of a backlog, day by day."""

import numpy as np
import pandas as pd
import pytest

from data.domain import Channel, OpeningSpan, Queue
from scheduling.backlog_days import BACKLOG_DAYS, backlog_days
from scheduling.deferred import plan_deferred
from tests.scheduling.small_forecasts import flat_forecast

HOURS = (OpeningSpan(open_min=480, close_min=1080),)
MAIL = Queue(id="mail", channel=Channel.DEFERRED, hours=HOURS, deadline_h=4)
CAME = flat_forecast(MAIL, 6.0, days=3, aht_s=300.0)


def days_with(agents: float, queue: Queue = MAIL, came: pd.DataFrame = CAME, **plan: object) -> pd.DataFrame:
    planned = plan_deferred((queue,), came, **plan)
    covered = came[["queue", "start"]].assign(rostered=agents)
    return backlog_days((queue, Queue(id="voice")), came, planned, covered)


def test_enough_people_leave_nothing_over() -> None:
    days = days_with(1.0)
    assert days.columns.tolist() == BACKLOG_DAYS
    assert days["queue"].tolist() == ["mail"] * 3
    for column, expected in (("came", 120), ("handled", 120), ("in_time", 120), ("late", 0), ("waiting", 0)):
        np.testing.assert_allclose(days[column], expected, atol=1e-9)


def test_what_too_few_people_leave_over_is_late_the_next_day_and_waits_at_the_end() -> None:
    # Nine tenths of the work: each day leaves 12 letters, and the third day's first ones wait for more than 4 h.
    days = days_with(0.9)
    np.testing.assert_allclose(days["handled"], 108)
    np.testing.assert_allclose(days["waiting"], [12, 24, 36])
    assert days["late"].iloc[0] == pytest.approx(0)
    assert days["in_time"].sum() + days["late"].sum() + 36 == pytest.approx(360)
    far_too_few = days_with(0.5)
    assert far_too_few["late"].iloc[0] > 0


def test_what_the_last_evening_leaves_waits_when_the_days_begin_too() -> None:
    queue = Queue(id="mail", channel=Channel.DEFERRED, deadline_h=24)
    came = flat_forecast(queue, 6.0, days=2, aht_s=300.0)
    hour = came["start"].dt.hour.to_numpy()
    within = (hour >= 8) & (hour < 20)
    days = days_with(3.0 * within, queue, came, workable={"mail": within})
    np.testing.assert_allclose(days["came"], 288)
    np.testing.assert_allclose(days["waiting"], 48)
    np.testing.assert_allclose(days["late"], 0)


def test_queues_whose_contacts_do_not_wait_have_no_backlog() -> None:
    calls = Queue(id="voice")
    assert backlog_days((calls,), flat_forecast(calls, 3.0), flat_forecast(calls, 3.0), pd.DataFrame()).empty
