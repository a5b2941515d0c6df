from __future__ import annotations

import logging
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from data.domain import OpeningSpan, Peak, PeakKind, Queue
from data.errors import UnknownNameError
from forecasting.models.base import Model
from forecasting.models.catalogue import candidates
from forecasting.models.prophet_totals import GROWTH_BOUND, ProphetTotals
from forecasting.models.seasonal_naive import SeasonalNaive
from forecasting.models.weekday_mean import WeekdayMean
from forecasting.priors import kind_prior
from forecasting.settings import Settings
from forecasting.terms import day_terms
from tests.forecasting.hotline import MONDAY, QUEUE, WEEKDAY_LEVEL, after, make_history, series_of

MODELS = candidates(Settings(), seed=0)
WEEKDAYS_ONLY = Queue(
    id="hotline",
    timezone="Asia/Shanghai",
    hours=(OpeningSpan(weekdays=frozenset(range(5)), open_min=480, close_min=1080),),
)
BILL = Peak(
    id="bill",
    kind=PeakKind.BILLING,
    dates={date(2025, month, 12): None for month in range(1, 8)},
    lower_days=0,
    upper_days=1,
)


def ahead_of(history_days: int, days: int = 7) -> pd.DatetimeIndex:
    return pd.date_range(pd.Timestamp(after(history_days)), periods=days, freq="D", unit="us")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
@pytest.mark.parametrize("queue", [QUEUE, WEEKDAYS_ONLY], ids=["every day", "weekdays only"])
def test_every_model_predicts_finite_counts_in_open_slots_and_none_in_closed_ones(
    model: Model, queue: Queue
) -> None:
    series, terms = series_of(make_history(queue), [BILL], queue)
    mean = model.fit(series, terms).predict(ahead_of(84, 14))
    opened = series.opened[np.arange(14) % 7]
    assert mean.shape == (14, 48)
    assert np.isfinite(mean).all()
    assert (mean[opened] > 0).all()
    assert (mean[~opened] == 0).all()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_every_model_finds_weekdays_and_level_back(model: Model) -> None:
    series, terms = series_of(make_history(level=100.0))
    totals = model.fit(series, terms).predict(ahead_of(84)).sum(axis=1)
    expected = series.totals.mean() * WEEKDAY_LEVEL / WEEKDAY_LEVEL.mean()
    np.testing.assert_allclose(totals, expected, rtol=0.1)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_every_model_repeats_itself_and_leaves_the_global_generator_alone(model: Model) -> None:
    series, terms = series_of(make_history(), [BILL])
    state = np.random.get_state()[1].copy()  # noqa: NPY002 - the generator a third party might touch
    first = model.fit(series, terms).predict(ahead_of(84))
    again = model.fit(series, terms).predict(ahead_of(84))
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(state, np.random.get_state()[1])  # noqa: NPY002 - see above


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_no_model_is_moved_by_a_day_that_is_left_out(model: Model) -> None:
    history = make_history()
    day = history.index // 20 == 44
    fine, terms = series_of(history.loc[~day])
    broken, _ = series_of(history.assign(offered=history["offered"].where(~day, history["offered"] // 20)))
    expected = model.fit(fine, terms).predict(ahead_of(84))
    np.testing.assert_allclose(model.fit(broken, terms).predict(ahead_of(84)), expected, rtol=1e-3)


def test_seasonal_naive_is_the_last_same_weekday() -> None:
    series, terms = series_of(make_history())
    mean = SeasonalNaive().fit(series, terms).predict(ahead_of(84, 14))
    np.testing.assert_array_equal(mean[:7], series.filled[-7:])
    np.testing.assert_array_equal(mean[7:], series.filled[-7:])


def test_seasonal_naive_does_not_repeat_a_holiday() -> None:
    day = after(80)
    series, terms = series_of(
        make_history(lift={day: 0.2}), [Peak(id="h", kind=PeakKind.HOLIDAY, dates={day: None})]
    )
    mean = SeasonalNaive().fit(series, terms).predict(ahead_of(84))
    np.testing.assert_array_equal(mean[day.weekday()], series.filled[73])


def test_the_weekday_mean_is_the_mean_of_four() -> None:
    series, terms = series_of(make_history())
    mean = WeekdayMean().fit(series, terms).predict(ahead_of(84))
    np.testing.assert_allclose(mean[2], series.filled[[58, 65, 72, 79]].mean(axis=0))


def test_prophet_learns_a_peak_and_its_morrow_from_a_few_occurrences() -> None:
    lift = {}
    for month in range(1, 6):
        lift |= {date(2025, month, 12): 1.4, date(2025, month, 13): 1.15}
    series, terms = series_of(make_history(days=154, lift=lift, level=100.0), [BILL])
    plain, _ = series_of(make_history(days=154, level=100.0))
    ahead = ahead_of(154, 14)
    with_peak = ProphetTotals().fit(series, terms).predict(ahead).sum(axis=1)
    without = ProphetTotals().fit(plain, terms).predict(ahead).sum(axis=1)
    place = (pd.Timestamp("2025-06-12") - ahead[0]).days
    assert with_peak[place] / without[place] == pytest.approx(1.4, abs=0.08)
    assert with_peak[place + 1] / without[place + 1] == pytest.approx(1.15, abs=0.08)
    assert with_peak[place - 2] / without[place - 2] == pytest.approx(1.0, abs=0.05)


def test_a_peak_never_seen_is_expected_to_do_what_its_kind_does_and_changes_no_other_day() -> None:
    series, terms = series_of(make_history())
    coming = Peak(id="new", kind=PeakKind.CAMPAIGN, dates={after(86): None})
    _, with_coming = series_of(make_history(), [coming])
    expected = ProphetTotals().fit(series, terms).predict(ahead_of(84))
    found = ProphetTotals().fit(series, with_coming).predict(ahead_of(84))
    np.testing.assert_array_equal(np.delete(found, 2, axis=0), np.delete(expected, 2, axis=0))
    factor = np.exp(kind_prior(PeakKind.CAMPAIGN, 0).mean)
    np.testing.assert_allclose(found[2], expected[2] * factor)


def test_prophet_looks_two_years_ahead_and_keeps_its_growth_within_bounds() -> None:
    history = make_history(days=600, growth=3.0, level=20.0)
    series, _ = series_of(history)
    terms = day_terms(QUEUE, [], MONDAY, after(600 + 728))
    totals = ProphetTotals().fit(series, terms).predict(ahead_of(600, 728)).sum(axis=1)
    weekly = totals.reshape(104, 7).sum(axis=1)
    latest = series.totals[-7:].sum()
    assert weekly[0] == pytest.approx(latest, rel=0.1)
    assert (weekly > 0).all()
    assert weekly.max() < 1.5 * GROWTH_BOUND * latest


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_an_absurd_size_does_not_carry_a_day_away(model: Model) -> None:
    seen = {after(9): 1.0, after(37): 1.0, after(65): 1.0}
    bill = Peak(id="bill", kind=PeakKind.BILLING, dates=seen | {after(86): 1000.0})
    series, terms = series_of(make_history(lift=dict.fromkeys(seen, 1.5)), [bill])
    totals = model.fit(series, terms).predict(ahead_of(84)).sum(axis=1)
    assert totals[2] < 12 * series.totals.max()


def test_a_weekday_never_seen_is_expected_near_the_others() -> None:
    series, terms = series_of(make_history(without=[after(day) for day in range(5, 84, 7)]))
    for model in MODELS:
        totals = model.fit(series, terms).predict(ahead_of(84)).sum(axis=1)
        assert 0.3 * totals[4] < totals[5] < 3 * totals[4], model.name


def test_fitting_prophet_writes_nothing(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    series, terms = series_of(make_history(), [BILL])
    with caplog.at_level(logging.DEBUG, logger="root"):
        ProphetTotals().fit(series, terms).predict(ahead_of(84))
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_candidates_come_in_the_order_of_simplicity_whatever_the_settings_say() -> None:
    named = candidates(Settings(models=("prophet", "seasonal_naive")), seed=0)
    assert [model.name for model in named] == ["seasonal_naive", "prophet"]


def test_a_model_nobody_wrote_is_refused_by_name() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown model 'oracle'.*prophet"):
        candidates(Settings(models=("oracle",)), seed=0)


def test_peaks_are_named_so_that_prophet_takes_any_name() -> None:
    odd = Peak(id="trend", kind=PeakKind.EVENT, dates={MONDAY + timedelta(days=40): None})
    series, terms = series_of(make_history(), [odd])
    assert np.isfinite(ProphetTotals().fit(series, terms).predict(ahead_of(84))).all()
