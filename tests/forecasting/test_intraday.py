from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain import OpeningSpan
from data.intervals import grid
from forecasting.dispersion import Dispersion
from forecasting.forecast import Forecast, forecast
from forecasting.intraday import with_today
from forecasting.intraday_close import projected_close
from forecasting.intraday_errors import DayErrors, latest_days
from forecasting.paths import sample_paths
from forecasting.rolling import Rolling, Trial
from forecasting.settings import Settings
from forecasting.spread import Spread
from forecasting.within_day import WithinDay, trusts
from tests.forecasting.hotline import QUEUE, after, make_history, midnight

SIMPLE = Settings(models=("weekday_mean",))
TODAY = after(77)
SLOTS = np.arange(16, 36)
WANDERING = DayErrors(level_sd=0.15, drift_sd=0.10, memory_min=300.0, interval_sd=0.01)


def noon(day: date = TODAY, hour: float = 12) -> pd.Timestamp:
    return midnight(day) + pd.Timedelta(hours=hour)


def restless(lift_today: float = 1.0, *, seed: int = 3) -> pd.DataFrame:
    """Twelve weeks whose days are lifted or cut as a whole, today by `lift_today`."""
    factors = np.random.default_rng(seed).normal(1, 0.15, 84)
    lift = {after(day): float(factor) for day, factor in enumerate(factors)} | {TODAY: lift_today}
    return make_history(lift=lift, level=200)


def made(history: pd.DataFrame, *, cutoff: pd.Timestamp, days: int = 2) -> Forecast:
    return forecast(QUEUE, history, [], first=TODAY, days=days, cutoff=cutoff, settings=SIMPLE)


def trial_of(errors: DayErrors, *, days: int = 35, level: float = 500, seed: int = 2) -> Trial:
    """Back-test days of QUEUE's slots whose errors move as told."""
    generator = np.random.default_rng(seed)
    moved = generator.multivariate_normal(np.zeros(20), errors.covariance(SLOTS * 30.0), days)
    mean, actual = np.zeros((days, 48)), np.full((days, 48), np.nan)
    mean[:, SLOTS] = level
    actual[:, SLOTS] = generator.poisson(np.maximum(level * (1 + moved), 0))
    return Trial(np.arange(days), np.ones(days, dtype=int), actual, mean)


def test_a_lifted_morning_lifts_the_afternoon_and_narrows_its_band() -> None:
    history = restless(1.3)
    morning, update = made(history, cutoff=noon(hour=0)), made(history, cutoff=noon())
    coming = (update.frame["start"] >= noon()) & (update.frame["start"] < midnight(after(78)))
    lift = update.frame.loc[coming, "mean"].sum() / morning.frame.loc[coming, "mean"].sum()
    assert 1.1 < lift < 1.3
    width = (update.frame["q95"] - update.frame["q05"]) / np.sqrt(update.frame["mean"])
    wider = (morning.frame["q95"] - morning.frame["q05"]) / np.sqrt(morning.frame["mean"])
    assert width[coming].mean() < 0.9 * wider[coming].mean()
    assert any("so far today" in note for note in update.notes)


def test_what_is_over_and_every_later_day_stay_as_they_were() -> None:
    history = restless(1.3)
    morning, update = made(history, cutoff=noon(hour=0)), made(history, cutoff=noon())
    coming = (update.frame["start"] >= noon()) & (update.frame["start"] < midnight(after(78)))
    pd.testing.assert_frame_equal(update.frame.loc[~coming], morning.frame.loc[~coming])


def test_contacts_after_the_cutoff_change_nothing() -> None:
    history = restless(1.3)
    future = history["start"] + pd.Timedelta(minutes=30) > noon()
    planted = history.assign(offered=history["offered"].mask(future, 9999.0))
    pd.testing.assert_frame_equal(made(history, cutoff=noon()).frame, made(planted, cutoff=noon()).frame)


def test_an_interval_counts_once_it_has_ended() -> None:
    history = restless(1.3)
    before, at = made(history, cutoff=noon(hour=11.9)), made(history, cutoff=noon(hour=11.5))
    pd.testing.assert_frame_equal(before.frame, at.frame)
    assert not before.frame.equals(made(history, cutoff=noon()).frame)


@pytest.mark.parametrize("hour", [0, 8, 8.25, 18, 23])
def test_before_the_first_interval_and_after_the_last_there_is_nothing_to_do(hour: float) -> None:
    update = made(restless(1.3), cutoff=noon(hour=hour), days=1)
    assert not any("so far today" in note for note in update.notes)


def test_sampled_days_agree_with_the_narrower_bands() -> None:
    update = made(restless(1.3), cutoff=noon(), days=1)
    drawn = sample_paths(update, paths=4000, seed=1)
    np.testing.assert_allclose(drawn.mean(axis=0), update.frame["mean"], rtol=0.03)
    inside = (drawn >= update.frame["q10"].to_numpy()) & (drawn <= update.frame["q90"].to_numpy())
    assert inside.mean() == pytest.approx(0.8, abs=0.03)


def test_the_projected_close_is_what_came_plus_what_is_expected() -> None:
    history = restless(1.3)
    update = made(history, cutoff=noon())
    close = projected_close(update, history).iloc[0]
    mine = history["start"].between(midnight(TODAY), noon(), inclusive="left")
    coming = update.frame["start"].between(noon(), midnight(after(78)), inclusive="left")
    assert close["so_far"] == history.loc[mine, "offered"].sum()
    assert close["to_come"] == pytest.approx(update.frame.loc[coming, "mean"].sum())
    assert close["mean"] == close["so_far"] + close["to_come"]
    assert close["so_far"] < close["q05"] < close["mean"] < close["q95"]
    assert close["date"] == pd.Timestamp(TODAY)


def test_the_step_is_trusted_where_errors_last_and_not_where_they_do_not() -> None:
    lasting = WithinDay.of(trial_of(WANDERING), 30)
    assert lasting.trust(720) > 0.5
    fleeting = latest_days(trial_of(DayErrors(0.001, 0.15, 10.0, 0.05)))
    # The same figures under which errors would last must not be believed against the days.
    assert trusts(*fleeting, 30, WANDERING)[24] < 0.3


def test_few_days_are_trusted_little() -> None:
    by_days = [WithinDay.of(trial_of(WANDERING, days=days), 30).trust(720) for days in (1, 5, 35)]
    assert by_days[0] < 0.1 < by_days[1] < 0.4 < by_days[2]


def test_the_step_is_not_taken_before_the_first_contact_nor_after_the_last() -> None:
    learnt = WithinDay.of(trial_of(WANDERING), 30)
    assert learnt.trust(0) == learnt.trust(480) == learnt.trust(1440) == 0
    assert learnt.trust(720) == learnt.trust(749) != learnt.trust(750)


def test_what_was_learnt_about_a_day_is_read_back_as_it_was() -> None:
    learnt = WithinDay.of(trial_of(WANDERING), 30)
    again = WithinDay.from_document(json.loads(json.dumps(learnt.document())))
    assert again.errors == learnt.errors
    np.testing.assert_array_equal(again.trusts, learnt.trusts)


def test_updates_are_no_worse_than_none_on_days_to_come() -> None:
    """Over many queues and hours, errors that last and errors that do not."""
    gains = []
    for seed in range(12):
        errors = WANDERING if seed % 2 else DayErrors(0.02, 0.02, 60.0, 0.1)
        past, days = trial_of(errors, seed=seed, level=60), trial_of(errors, seed=100 + seed, level=60)
        learnt = WithinDay.of(past, 30)
        for until in (540, 720, 960):
            coming = until < SLOTS * 30.0 + 30
            for mean, actual in zip(days.mean[:, SLOTS], days.actual[:, SLOTS], strict=True):
                update = learnt.update(mean, actual, SLOTS * 30.0, coming, until)
                fresh = mean[coming] * update.factor
                gains.append(np.abs(mean - actual)[coming].sum() - np.abs(fresh - actual[coming]).sum())
    by_case = np.array(gains).reshape(12, 3, -1).mean(axis=2)
    assert by_case.min() > -0.02 * 60
    assert by_case.mean(axis=1)[1::2].min() > 0


@settings(deadline=None)
@given(
    offered=st.lists(st.one_of(st.floats(0, 1e6), st.just(float("nan"))), min_size=20, max_size=20),
    level=st.floats(0, 5000),
    until=st.integers(17, 35),
)
def test_whatever_comes_the_update_is_finite_and_never_negative(
    offered: list[float], level: float, until: int
) -> None:
    update = learnt_from_few().update(
        np.full(20, level), np.array(offered), SLOTS * 30.0, until <= SLOTS, until * 30
    )
    assert np.all(np.isfinite(update.factor))
    assert update.factor.min() >= 0.1
    assert 0 <= update.trust <= 1
    assert np.all((update.interval_share >= 0) & (update.interval_share <= 1))
    assert 0 <= update.day_share <= 1


@cache
def learnt_from_few() -> WithinDay:
    return WithinDay.of(trial_of(WANDERING, days=8), 30)


def test_hours_with_a_break_and_a_changing_clock_are_followed() -> None:
    """Berlin puts its clock back at 3:00 on 26 October 2025: the hour from 2:00 comes twice."""
    hours = (OpeningSpan(open_min=0, close_min=360), OpeningSpan(open_min=720, close_min=1080))
    queue = replace(QUEUE, timezone="Europe/Berlin", hours=hours)
    intervals = grid(queue, date(2025, 10, 26), 1)
    cutoff = pd.Timestamp("2025-10-26 05:00", tz="Europe/Berlin").tz_convert("UTC")
    rows = pd.DataFrame({"start": intervals["start"], "offered": 130.0})
    rows = rows.loc[rows["start"] < cutoff]
    count = len(intervals)
    spread = Spread(np.zeros(count, dtype=np.int64), np.full(count, 0.1), np.full(count, 0.1), 0.5)
    trial = replace(trial_of(WANDERING), mean=np.full((35, 48), 500.0), actual=lifted_days())
    learnt = WithinDay.of(trial, 30)
    mean, left = with_today(
        learnt, queue, rows, intervals, mean=np.full(count, 100.0), spread=spread, cutoff=cutoff
    )
    assert len(rows) == 12
    np.testing.assert_array_equal(mean[:12], 100.0)
    assert np.all((mean[12:] > 105) & (mean[12:] <= 131))
    assert np.all(left.day_sd[12:] < 0.1)
    np.testing.assert_array_equal(left.day_sd[:12], 0.1)


def lifted_days() -> np.ndarray:
    """Thirty-five days each lifted or cut as a whole."""
    level = 500 * np.random.default_rng(4).normal(1, 0.2, (35, 1))
    return np.random.default_rng(5).poisson(np.maximum(level, 1), (35, 48)).astype(float)


def test_a_queue_too_young_for_a_back_test_is_left_as_it_was() -> None:
    history = restless(1.3)
    young = history.loc[history["start"] >= midnight(after(68))]
    pd.testing.assert_frame_equal(made(young, cutoff=noon()).frame, made(young, cutoff=noon(hour=0)).frame)


def test_a_choice_that_is_kept_is_brought_up_to_date_all_the_same() -> None:
    history = restless(1.3)
    fresh = made(history, cutoff=noon())
    kept = forecast(
        QUEUE,
        history,
        [],
        first=TODAY,
        days=2,
        cutoff=noon(),
        settings=SIMPLE,
        weights=fresh.weights,
        dispersion=fresh.dispersion,
    )
    pd.testing.assert_frame_equal(kept.frame, fresh.frame)


def test_a_choice_kept_from_a_forecast_during_a_day_spares_the_back_test(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    history = restless(1.3)
    fresh = made(history, cutoff=noon())
    assert fresh.dispersion is not None
    read_back = Dispersion.from_document(json.loads(json.dumps(fresh.dispersion.document())))
    monkeypatch.setattr(Rolling, "trial", lambda *_: pytest.fail("a back-test was run"))
    kept = forecast(
        QUEUE,
        history,
        [],
        first=TODAY,
        days=2,
        cutoff=noon(),
        settings=SIMPLE,
        weights=fresh.weights,
        dispersion=read_back,
    )
    pd.testing.assert_frame_equal(kept.frame, fresh.frame)
