from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from data.domain import OpeningSpan, Queue
from data.errors import InputError
from data.schema import FORECAST, QUANTILE_COLUMNS, require
from forecasting.backtest import backtest
from forecasting.forecast import Forecast, forecast
from forecasting.settings import Settings
from tests.forecasting.hotline import QUEUE, after, make_history, midnight

HALF_WEEK = replace(QUEUE, hours=(OpeningSpan(weekdays=frozenset({1, 3, 4}), open_min=480, close_min=1080),))
LONGER = replace(QUEUE, hours=(OpeningSpan(open_min=8 * 60, close_min=22 * 60),))
EVERY_DAY_NOW = QUEUE
SATURDAY = replace(QUEUE, hours=(OpeningSpan(weekdays=frozenset({5}), open_min=480, close_min=1080),))
CLOCK = replace(QUEUE, hours=(OpeningSpan(),), interval_min=60)
QUICK = Settings(models=tuple(name for name in Settings().models if name != "prophet"), origins=2)


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


def spiked_early() -> pd.DataFrame:
    history = make_history()
    return history.assign(offered=history["offered"].where(history.index % 97 > 0, 100 * history["offered"]))


def new_hours() -> pd.DataFrame:
    """Hours from 18:00 on, opened 28 days ago; before, the export says 0."""
    history = make_history(LONGER)
    early = (history.index // 28 < 56) & (history.index % 28 >= 20)
    return history.assign(offered=history["offered"].where(~early, 0.0))


def silent_at_the_end() -> pd.DataFrame:
    history = make_history()
    return history.assign(offered=history["offered"].where(history.index // 20 < 70, 0.0))


def holes() -> pd.DataFrame:
    """Every kind of hole at once."""
    history = with_gaps()
    offered = history["offered"].where(history.index % 11 > 0)
    return history.assign(offered=offered.where(history.index % 50 > 0, 60 * offered))


def one_contact() -> pd.DataFrame:
    return constant(0.0).assign(offered=lambda rows: (rows.index == 777).astype(float))


def saturdays(days: int = 84) -> pd.DataFrame:
    return make_history(SATURDAY, days=days)


def round_the_clock(first: date) -> Callable[[], pd.DataFrame]:
    return lambda: make_history(CLOCK, first=first)


SENSIBLE: dict[str, tuple[Queue, Callable[[], pd.DataFrame], float, float]] = {
    "all zero": (QUEUE, lambda: constant(0.0), 0.0, 0.01),
    "one contact ever": (QUEUE, one_contact, 0.0, 0.1),
    "constant": (QUEUE, lambda: constant(7.0), 6.5, 7.5),
    "constant and large": (QUEUE, lambda: constant(1e6), 0.95e6, 1.05e6),
    "counts of 0 to 2": (QUEUE, lambda: make_history(level=0.5), 0.2, 0.6),
    "hardly any contacts": (QUEUE, lambda: make_history(level=0.02), 0.0, 0.05),
    "gaps of weeks": (QUEUE, with_gaps, 25.0, 35.0),
    "every kind of hole": (QUEUE, holes, 22.0, 38.0),
    "one interval 100 times its usual": (QUEUE, spiked, 25.0, 35.0),
    "intervals 100 times their usual all over": (QUEUE, spiked_early, 25.0, 38.0),
    "one day 100 times its usual": (QUEUE, spiked_day, 25.0, 35.0),
    "closed half the week": (HALF_WEEK, lambda: make_history(HALF_WEEK), 30.0, 40.0),
    "closed half the week without its hours": (
        QUEUE,
        lambda: make_history(without=[after(day) for day in range(84) if day % 7 in {0, 2, 5, 6}]),
        20.0,
        40.0,
    ),
    "longer opening hours from now on": (LONGER, make_history, 15.0, 35.0),
    "longer opening hours since last month": (LONGER, new_hours, 24.0, 31.0),
    "a weekend never opened before": (EVERY_DAY_NOW, weekdays_only, 25.0, 45.0),
    "Saturday only": (SATURDAY, saturdays, 12.0, 22.0),
    "one Saturday": (SATURDAY, lambda: saturdays().iloc[-20:], 12.0, 22.0),
    "counts not known": (
        QUEUE,
        lambda: make_history().pipe(
            lambda rows: rows.assign(offered=rows["offered"].where(rows.index % 7 > 0))
        ),
        25.0,
        35.0,
    ),
    "two weeks of silence at the end": (QUEUE, silent_at_the_end, 22.0, 38.0),
    "history that ended half a year ago": (
        QUEUE,
        lambda: make_history(first=after(-182), days=84),
        20.0,
        40.0,
    ),
    "level rising tenfold": (QUEUE, lambda: make_history(growth=9.0, level=5.0), 25.0, 50.0),
    "one week": (QUEUE, lambda: make_history(first=after(77), days=7), 25.0, 35.0),
    "two weeks": (QUEUE, lambda: make_history(first=after(70), days=14), 25.0, 35.0),
    "seven weeks": (QUEUE, lambda: make_history(first=after(35), days=49), 25.0, 35.0),
    "round the clock": (CLOCK, round_the_clock(after(0)), 25.0, 40.0),
}
WITH_PROPHET = ("all zero", "every kind of hole", "longer opening hours since last month", "Saturday only")


def sensible(found: Forecast, low: float, high: float) -> None:
    frame = require(found.frame, FORECAST)
    assert not frame.empty
    assert low <= frame["mean"].mean() <= high
    assert (np.diff(frame[list(QUANTILE_COLUMNS)].to_numpy(), axis=1) >= 0).all()
    assert frame["q95"].max() < 20 * high + 10


@pytest.mark.parametrize("case", SENSIBLE)
@pytest.mark.filterwarnings("error")
def test_a_strange_history_gives_a_sensible_forecast(case: str) -> None:
    queue, history, low, high = SENSIBLE[case]
    settings = Settings() if case in WITH_PROPHET else QUICK
    found = forecast(
        queue, history(), (), first=after(84), days=14, cutoff=midnight(after(84), queue), settings=settings
    )
    sensible(found, low, high)


@pytest.mark.parametrize(
    "case", [case for case in SENSIBLE if not case.startswith(("one Sat", "one week", "history"))]
)
@pytest.mark.filterwarnings("error")
def test_a_strange_history_can_be_back_tested(case: str) -> None:
    queue, history, _, _ = SENSIBLE[case]
    rows = history()
    found = backtest(queue, rows, (), origins=2, settings=QUICK)
    values = found.frame[["actual", "mean", *QUANTILE_COLUMNS]]
    assert np.isfinite(values.to_numpy()).all()
    assert (values >= 0).all(axis=None)
    assert "peakshift" in set(found.frame["method"])


@pytest.mark.parametrize("timezone", ["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe"])
@pytest.mark.parametrize("first", [date(2018, 1, 1), date(2018, 7, 30)], ids=["spring", "autumn"])
@pytest.mark.filterwarnings("error")
def test_the_clock_may_change_in_the_history_and_in_the_horizon(timezone: str, first: date) -> None:
    queue = replace(CLOCK, timezone=timezone)
    cut = first + timedelta(days=84)
    history = make_history(queue, first=first, days=84)
    found = forecast(queue, history, (), first=cut, days=14, cutoff=midnight(cut, queue), settings=QUICK)
    sensible(found, 22.0, 45.0)


@pytest.mark.parametrize("days", [1, 7, 84])
def test_the_clock_of_the_first_day_and_of_the_last_may_change(days: int) -> None:
    queue = replace(CLOCK, timezone="Europe/Berlin")
    for change in (date(2025, 3, 30), date(2025, 10, 26)):
        history = make_history(queue, first=change - timedelta(days=84 - days), days=84)
        cut = change + timedelta(days=days)
        found = forecast(queue, history, (), first=cut, days=7, cutoff=midnight(cut, queue), settings=QUICK)
        sensible(found, 22.0, 45.0)


def test_a_queue_whose_contacts_ceased_long_ago_expects_next_to_none() -> None:
    history = make_history()
    gone = history.assign(offered=history["offered"].where(history.index // 20 < 30, 0.0))
    found = forecast(QUEUE, gone, (), first=after(84), days=7, cutoff=midnight(after(84)), settings=QUICK)
    assert found.frame["mean"].mean() < 0.5


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
    "one infinite count": (
        lambda: make_history().assign(offered=lambda rows: rows["offered"].where(rows.index != 9, np.inf)),
        "offered is inf",
    ),
    "every interval twice": (
        lambda: pd.concat([make_history(), make_history()], ignore_index=True),
        "intervals stand twice",
    ),
    "half a week": (lambda: make_history(first=after(81), days=3), "one week"),
    "ten minutes of a first day": (lambda: make_history().iloc[-3:], "one week"),
}


@pytest.mark.parametrize("case", [case for case in REFUSED if case != "nothing before the cutoff"])
def test_a_history_that_cannot_be_used_is_no_back_test_either(case: str) -> None:
    history, _ = REFUSED[case]
    with pytest.raises(InputError) as caught:
        backtest(QUEUE, history(), ())
    assert str(caught.value).startswith("queue 'hotline'")


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
