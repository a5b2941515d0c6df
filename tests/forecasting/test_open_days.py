from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.domain import Peak, PeakKind
from forecasting.models.mixed_effects import MixedEffects
from forecasting.models.open_days import after_closure, month_edges, open_days
from forecasting.models.svd_factors import SvdFactors
from tests.forecasting.hotline import after, make_history, series_of

CLOSED = tuple(after(day) for day in (14, 44, 77, 107, 140))
COMING = after(170)
HOLIDAY = Peak(
    id="holiday", kind=PeakKind.HOLIDAY, dates=dict.fromkeys([*CLOSED, COMING]), lower_days=0, upper_days=0
)


def test_a_coming_holiday_is_a_closure_when_the_past_ones_were() -> None:
    series, terms = series_of(make_history(days=168, without=CLOSED), [HOLIDAY])
    opened, closed = open_days(series, terms)
    assert [day.date() for day in terms.days[closed]] == [*CLOSED, COMING]
    assert not (opened & closed).any()


def test_a_holiday_the_queue_worked_through_is_no_closure() -> None:
    series, terms = series_of(make_history(days=168), [HOLIDAY])
    assert not open_days(series, terms)[1].any()


def test_a_day_without_contacts_for_no_known_reason_is_no_closure() -> None:
    series, terms = series_of(make_history(days=168, without=CLOSED))
    assert not open_days(series, terms)[1].any()


def test_the_days_after_a_closure_are_open_days_not_calendar_days() -> None:
    #                  Fri closed, weekend, Mon, Tue, Wed
    opened = np.array([True, False, False, False, True, True, True])
    closed = np.array([False, True, False, False, False, False, False])
    np.testing.assert_array_equal(after_closure(opened, closed).argmax(axis=0), [4, 5])
    assert after_closure(opened, closed).sum() == 2


def test_two_closed_days_running_have_one_first_day_after_them() -> None:
    opened = np.array([True, False, False, True, True])
    assert after_closure(opened, ~opened)[:, 0].tolist() == [0, 0, 0, 1, 0]


def test_a_month_begins_and_ends_with_its_open_days() -> None:
    days = pd.date_range("2025-03-01", "2025-05-31", freq="D", unit="us")
    week = np.arange(7) < 5
    edges = month_edges(days, week[days.day_of_week.to_numpy()], week)
    assert [str(day.date()) for day in days[edges[:, 0] > 0]] == ["2025-03-03", "2025-04-01", "2025-05-01"]
    assert [str(day.date()) for day in days[edges[:, 4] > 0]] == ["2025-03-31", "2025-04-30", "2025-05-30"]
    assert edges.sum(axis=0).tolist() == [3.0] * 7


def test_days_that_begin_within_a_month_know_its_place_from_the_weekdays() -> None:
    days = pd.date_range("2025-03-05", "2025-04-02", freq="D", unit="us")
    week = np.arange(7) < 5
    edges = month_edges(days, week[days.day_of_week.to_numpy()], week)
    # 3 and 4 March were open too, though nothing of them is known.
    assert [str(day.date()) for day in days[edges[:, 2] > 0]] == ["2025-03-05"]


@pytest.mark.parametrize("model", [MixedEffects(), SvdFactors()], ids=lambda model: model.name)
def test_the_lift_of_the_day_after_a_closure_is_learnt(model: MixedEffects | SvdFactors) -> None:
    lift = {after(day + 1): 1.4 for day in (14, 44, 77, 107, 140)}
    history = make_history(days=168, level=200.0, lift=lift, without=CLOSED)
    series, terms = series_of(history, [HOLIDAY])
    coming = pd.date_range(pd.Timestamp(date(2025, 6, 23)), periods=7, freq="D", unit="us")
    totals = model.fit(series, terms).predict(coming).sum(axis=1)
    place = (pd.Timestamp(COMING) - coming[0]).days + 1
    usual = series.totals[-28:][(series.days[-28:].day_of_week == coming[place].day_of_week)].mean()
    assert totals[place] / usual == pytest.approx(1.4, rel=0.08)
