from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.domain import OpeningSpan, Queue
from data.errors import InputError
from data.schema import FORECAST, QUANTILE_COLUMNS, require
from forecasting.forecast import forecast
from tests.forecasting.hotline import QUEUE, after, make_history, midnight

HALF_WEEK = replace(QUEUE, hours=(OpeningSpan(weekdays=frozenset({1, 3, 4}), open_min=480, close_min=1080),))
LONGER = replace(QUEUE, hours=(OpeningSpan(open_min=8 * 60, close_min=22 * 60),))
EVERY_DAY_NOW = QUEUE


def constant(value: float) -> pd.DataFrame:
    return make_history().assign(offered=value)


def with_gaps() -> pd.DataFrame:
    gone = [after(day) for day in (*range(20, 41), *range(55, 70))]
    return make_history(without=gone)


def spiked() -> pd.DataFrame:
    history = make_history()
    return history.assign(
        offered=history["offered"].where(history.index != 80 * 20 + 5, 100 * history["offered"])
    )


def spiked_day() -> pd.DataFrame:
    history = make_history()
    return history.assign(
        offered=history["offered"].where(history.index // 20 != 80, 100 * history["offered"])
    )


def weekdays_only() -> pd.DataFrame:
    return make_history(without=[after(day) for day in range(84) if day % 7 > 4])


SENSIBLE: dict[str, tuple[Queue, Callable[[], pd.DataFrame], float, float]] = {
    "all zero": (QUEUE, lambda: constant(0.0), 0.0, 0.01),
    "constant": (QUEUE, lambda: constant(7.0), 6.5, 7.5),
    "counts of 0 to 2": (QUEUE, lambda: make_history(level=0.5), 0.2, 0.6),
    "gaps of weeks": (QUEUE, with_gaps, 25.0, 35.0),
    "one interval 100 times its usual": (QUEUE, spiked, 25.0, 35.0),
    "one day 100 times its usual": (QUEUE, spiked_day, 25.0, 35.0),
    "closed half the week": (HALF_WEEK, lambda: make_history(HALF_WEEK), 30.0, 40.0),
    "longer opening hours from now on": (LONGER, make_history, 15.0, 35.0),
    "a weekend never opened before": (EVERY_DAY_NOW, weekdays_only, 25.0, 45.0),
    "counts not known": (
        QUEUE,
        lambda: make_history().pipe(
            lambda rows: rows.assign(offered=rows["offered"].where(rows.index % 7 > 0))
        ),
        25.0,
        35.0,
    ),
    "level rising tenfold": (QUEUE, lambda: make_history(growth=9.0, level=5.0), 25.0, 50.0),
    "one week": (QUEUE, lambda: make_history(first=after(77), days=7), 25.0, 35.0),
    "two weeks": (QUEUE, lambda: make_history(first=after(70), days=14), 25.0, 35.0),
    "seven weeks": (QUEUE, lambda: make_history(first=after(35), days=49), 25.0, 35.0),
}


@pytest.mark.parametrize("case", SENSIBLE)
@pytest.mark.filterwarnings("error")
def test_a_strange_history_gives_a_sensible_forecast(case: str) -> None:
    queue, history, low, high = SENSIBLE[case]
    found = forecast(queue, history(), (), first=after(84), days=14, cutoff=midnight(after(84)))
    frame = require(found.frame, FORECAST)
    assert not frame.empty
    assert low <= frame["mean"].mean() <= high
    assert (np.diff(frame[list(QUANTILE_COLUMNS)].to_numpy(), axis=1) >= 0).all()
    assert frame["q95"].max() < 20 * high + 10


REFUSED: dict[str, tuple[Callable[[], pd.DataFrame], str]] = {
    "a single day": (lambda: make_history(days=1), "one week"),
    "nothing": (lambda: make_history().iloc[:0], "nothing up to"),
    "nothing before the cutoff": (lambda: make_history(first=after(200)), "nothing up to"),
    "infinite": (lambda: make_history().assign(offered=np.inf), "offered is inf"),
    "negative": (lambda: make_history().assign(offered=-1.0), "offered is -1"),
    "nothing known": (lambda: make_history().assign(offered=np.nan), "one week"),
    "nothing within the opening hours": (
        lambda: make_history(replace(QUEUE, hours=(OpeningSpan(open_min=0, close_min=300),))),
        "within its opening",
    ),
    "ten minutes of a first day": (lambda: make_history().iloc[-3:], "one week"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_history_that_cannot_be_used_is_one_error_that_names_the_queue(case: str) -> None:
    history, says = REFUSED[case]
    with pytest.raises(InputError, match=says) as caught:
        forecast(QUEUE, history(), (), first=after(84), days=7, cutoff=midnight(after(84)))
    assert str(caught.value).startswith("queue 'hotline'")
    assert "\n" not in str(caught.value)


def test_a_queue_that_has_no_contacts_expects_none_at_every_probability() -> None:
    found = forecast(QUEUE, constant(0.0), (), first=after(84), days=7, cutoff=midnight(after(84)))
    assert (found.frame[["mean", *QUANTILE_COLUMNS]] == 0).all(axis=None)
