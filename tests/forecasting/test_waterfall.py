from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain import Peak, PeakKind, Queue, Recurrence
from data.intervals import grid
from forecasting.explanation import Explanation, explain
from forecasting.forecast import forecast
from forecasting.settings import Settings
from forecasting.waterfall import COLUMNS, PARTS, waterfall, waterfall_by_day
from tests.forecasting.hotline import QUEUE, after, end_of, make_history, series_of

BILL = Peak(id="bill", kind=PeakKind.BILLING, recurrence=Recurrence(days_of_month=(12,)), upper_days=1)
SALE = Peak(id="sale", kind=PeakKind.CAMPAIGN, dates={after(day): None for day in (12, 37, 66, 95, 127)})
DAYS, AHEAD = 126, 14
LIFT = {after(day): 1.5 for day in (12, 37, 66, 95)}


@lru_cache(maxsize=4)
def explained(days: int = DAYS) -> Explanation:
    lift = {day: share for day, share in LIFT.items() if day < after(days)}
    return explain(*series_of(make_history(days=days, lift=lift, level=60.0), [BILL, SALE]))


def forecast_frame(mean: Sequence[float] | None = None, days: int = DAYS) -> pd.DataFrame:
    starts = grid(QUEUE, after(days), AHEAD)["start"]
    values = np.full(len(starts), 50.0) if mean is None else np.resize(mean, len(starts))
    return pd.DataFrame({"queue": QUEUE.id, "start": starts, "mean": values})


def summed(parts: pd.DataFrame) -> np.ndarray:
    return parts.groupby("start")["contacts"].sum().to_numpy()


@given(st.lists(st.floats(0.0, 1e6), min_size=1, max_size=300), st.sampled_from([8, 40, DAYS]))
@settings(deadline=None, max_examples=40)
def test_the_parts_of_an_interval_sum_to_its_forecast_whatever_model_made_it(
    mean: list[float], days: int
) -> None:
    frame = forecast_frame(mean, days)
    parts = waterfall(explained(days), frame)
    np.testing.assert_allclose(summed(parts), frame["mean"], rtol=1e-9, atol=1e-9)


def test_overrides_stand_beside_the_model_and_the_sum_is_what_is_planned() -> None:
    frame = forecast_frame()
    some = frame["start"].iloc[:20]
    changes = pd.DataFrame({"override": "o1", "start": some, "change": np.linspace(-5.0, 9.0, 20)})
    parts = waterfall(explained(), frame, changes)
    mean = frame["mean"].to_numpy().copy()
    mean[:20] += changes["change"]
    np.testing.assert_allclose(summed(parts), mean, rtol=1e-12)
    (named,) = parts.loc[parts["part"].eq("override"), "name"].unique()
    assert named == "o1"


def test_every_interval_has_its_parts_in_order() -> None:
    parts = waterfall(explained(), forecast_frame())
    assert dict(parts.dtypes.astype(str)) == COLUMNS
    assert parts["start"].is_monotonic_increasing
    order = parts["part"].map(PARTS.index)
    assert order.groupby(parts["start"]).apply(lambda places: places.is_monotonic_increasing).all()
    fixed = parts["part"].isin(["base", "weekday", "season", "growth"])
    assert parts.loc[fixed].groupby("start").size().eq(4).all()


def test_a_day_is_the_sum_of_its_intervals() -> None:
    frame = forecast_frame()
    days = waterfall_by_day(waterfall(explained(), frame), QUEUE.timezone)
    assert days["date"].nunique() == AHEAD
    np.testing.assert_allclose(days.groupby("date")["contacts"].sum(), 50.0 * len(frame) / AHEAD)


def test_only_the_days_of_a_peak_owe_it_contacts() -> None:
    days = waterfall_by_day(waterfall(explained(), forecast_frame()), QUEUE.timezone)
    peaks = days.loc[days["part"].eq("peak")].groupby("name")["date"].agg(list)
    assert peaks["sale"] == [pd.Timestamp(after(127))]
    assert peaks["bill"] == [pd.Timestamp("2025-05-12"), pd.Timestamp("2025-05-13")]


def test_a_peak_is_owed_what_it_lifts() -> None:
    # All weekdays alike, so that nothing but the peak makes the day.
    history = make_history(days=DAYS, lift=LIFT, level=200.0, noise=False)
    weekday = history["start"].dt.tz_convert(QUEUE.timezone).dt.day_of_week
    history["offered"] /= np.array([1.2, 1.05, 1.0, 0.95, 0.9, 0.5, 0.4])[weekday]
    explanation = explain(*series_of(history, [SALE]))
    days = waterfall_by_day(waterfall(explanation, forecast_frame([75.0])), QUEUE.timezone)
    mine = days.loc[days["date"].eq(pd.Timestamp(after(127)))].set_index("part")["contacts"]
    assert mine["peak"] / mine["base"] == pytest.approx(0.5, abs=0.03)
    assert abs(mine[["weekday", "season", "growth"]]).max() < 0.02 * mine["base"]


def test_weekdays_owe_their_level_to_the_weekday() -> None:
    explanation = explain(*series_of(make_history(days=DAYS, level=200.0, noise=False)))
    level = np.array([1.2, 1.05, 1.0, 0.95, 0.9, 0.5, 0.4])
    mean = np.repeat(np.resize(level, AHEAD), 20) * 100
    days = waterfall_by_day(waterfall(explanation, forecast_frame(list(mean))), QUEUE.timezone)
    by_part = days.pivot_table(index="date", columns="part", values="contacts")
    ratio = (by_part["base"] + by_part["weekday"]) / by_part["base"]
    np.testing.assert_allclose(ratio[:7] / ratio[:7].mean(), level / level.mean(), rtol=0.03)


def test_growth_is_the_way_from_the_base_to_the_day() -> None:
    explanation = explain(*series_of(make_history(days=DAYS, level=200.0, growth=1.0)))
    growth = np.exp(explanation.log_parts(explanation.days).growth)
    straight = 1 + np.arange(DAYS) / DAYS
    np.testing.assert_allclose(growth, straight / np.exp(np.log(straight).mean()), rtol=0.06)


def test_a_peak_bends_the_day_it_falls_on() -> None:
    history = make_history(days=DAYS, level=200.0)
    local = history["start"].dt.tz_convert(QUEUE.timezone)
    sale = local.dt.date.isin(list(SALE.dates))
    history.loc[sale & (local.dt.hour < 12), "offered"] *= 1.8
    explanation = explain(*series_of(history, [SALE]))
    parts = waterfall(explanation, forecast_frame())
    mine = parts.loc[parts["part"].eq("peak")]
    hour = mine["start"].dt.tz_convert(QUEUE.timezone).dt.hour
    assert mine.loc[hour < 11, "contacts"].min() > 2 * mine.loc[hour >= 14, "contacts"].abs().max()


def test_hours_never_seen_are_all_base() -> None:
    night = pd.DataFrame(
        {
            "queue": QUEUE.id,
            "start": grid(QUEUE, after(DAYS), 1)["start"] + pd.Timedelta(hours=12),
            "mean": 3.0,
        }
    )
    parts = waterfall(explained(), night)
    assert (parts.loc[parts["part"].eq("base"), "contacts"] == 3.0).all()
    assert (parts.loc[parts["part"].ne("base"), "contacts"] == 0.0).all()


def test_a_forecast_is_explained_to_the_last_contact() -> None:
    history = make_history(days=DAYS, lift=LIFT)
    cutoff = end_of(history)
    made = forecast(
        QUEUE,
        history,
        [BILL, SALE],
        first=after(DAYS),
        days=AHEAD,
        cutoff=cutoff,
        settings=Settings(models=("mixed_effects",)),
    )
    explanation = explain(*series_of(history, [BILL, SALE]))
    np.testing.assert_allclose(
        summed(waterfall(explanation, made.frame)), made.frame["mean"], rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize("first", [date(2025, 3, 17), date(2025, 10, 13)])
def test_a_change_of_the_clock_leaves_no_rest(first: date) -> None:
    queue = Queue(id="night", timezone="Europe/Berlin")
    history = make_history(queue, first=first - timedelta(days=42), days=42)
    explanation = explain(*series_of(history, (), queue))
    starts = grid(queue, first, AHEAD)["start"]
    frame = pd.DataFrame({"queue": queue.id, "start": starts, "mean": np.arange(len(starts)) + 1.0})
    np.testing.assert_allclose(summed(waterfall(explanation, frame)), frame["mean"], rtol=1e-9)
