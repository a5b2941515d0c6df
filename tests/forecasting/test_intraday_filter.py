from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.intraday_errors import DayErrors
from forecasting.intraday_filter import follow
from tests.oracles.gaussian_day import condition

MINUTE = np.arange(480.0, 1080.0, 30.0)
ERRORS = DayErrors(level_sd=0.08, drift_sd=0.10, memory_min=200.0, interval_sd=0.05)
SD = st.floats(0.01, 0.3)


@settings(deadline=None)
@given(
    level=SD,
    drift=SD,
    memory=st.floats(20, 2000),
    interval=SD,
    over=st.integers(1, 18),
    seed=st.integers(0, 10_000),
)
def test_the_filter_is_the_conditional_gaussian_also_over_gaps(
    level: float, drift: float, memory: float, interval: float, over: int, seed: int
) -> None:
    errors = DayErrors(level, drift, memory, interval)
    generator = np.random.default_rng(seed)
    minute = np.sort(generator.choice(np.arange(0, 1440, 15), 20, replace=False)).astype(float)
    mean = generator.uniform(5, 500, 20)
    # Within what is believed, so that neither guard acts.
    actual = mean * (1 + 0.5 * min(level, drift, interval) * generator.uniform(-1, 1, 20))
    actual[generator.random(20) < 0.2] = np.nan
    mean[generator.random(20) < 0.1] = 0.0
    coming = np.arange(20) >= over
    expected, covariance = condition(mean, actual, minute, errors, coming)
    state = follow(mean[None, :over], actual[None, :over], minute[:over], errors)
    np.testing.assert_allclose(state.ahead(minute[coming])[0], expected, atol=1e-9)
    np.testing.assert_allclose(state.covariance(minute[coming])[0], covariance, atol=1e-9)


def test_days_are_followed_each_for_itself() -> None:
    mean = np.random.default_rng(1).uniform(5, 50, (3, 20))
    actual = mean * np.array([[0.9], [1.0], [1.2]])
    together = follow(mean, actual, MINUTE, ERRORS)
    for day in range(3):
        alone = follow(mean[[day]], actual[[day]], MINUTE, ERRORS)
        assert alone.level[0] == together.level[day]
        assert alone.drift[0] == together.drift[day]


def test_a_lifted_morning_lifts_what_is_near_more_than_what_is_far() -> None:
    mean = np.full((1, 20), 100.0)
    state = follow(mean[:, :8], 1.2 * mean[:, :8], MINUTE[:8], ERRORS)
    ahead = state.ahead(MINUTE[8:])[0]
    assert np.all(np.diff(ahead) < 0)
    assert 0 < ahead[-1] < ahead[0] < 0.2


def test_one_wild_interval_moves_the_day_no_more_than_the_last_one_believed() -> None:
    mean = np.full((1, 8), 100.0)
    usual = np.full((1, 8), 100.0)
    spiked, wilder = usual.copy(), usual.copy()
    spiked[0, 4], wilder[0, 4] = 300.0, 30_000.0
    lifts = [follow(mean, actual, MINUTE[:8], ERRORS).ahead(MINUTE[8:])[0] for actual in (spiked, wilder)]
    assert np.all((lifts[1] > 0) & (lifts[1] <= lifts[0]))
    assert lifts[0].max() < 0.05


def test_an_hour_without_a_call_is_an_outage_and_says_nothing() -> None:
    mean = np.full((1, 8), 100.0)
    silent, unknown = 1.1 * mean, 1.1 * mean
    silent[0, 3:5], unknown[0, 3:5] = 0.0, np.nan
    after_outage = follow(mean, silent, MINUTE[:8], ERRORS).ahead(MINUTE[8:])
    after_gap = follow(mean, unknown, MINUTE[:8], ERRORS).ahead(MINUTE[8:])
    np.testing.assert_array_equal(after_outage, after_gap)
    assert after_outage.min() > 0


def test_a_quiet_half_hour_of_a_small_queue_is_no_outage() -> None:
    mean = np.full((1, 8), 2.0)
    quiet = mean.copy()
    quiet[0, 3:5] = 0.0
    assert follow(mean, quiet, MINUTE[:8], ERRORS).level[0] < 0


def test_a_morning_twice_as_busy_is_followed_all_the_same() -> None:
    mean = np.full((1, 8), 400.0)
    ahead = follow(mean, 2 * mean, MINUTE[:8], ERRORS).ahead(MINUTE[8:])[0]
    assert ahead[0] > 0.5


@pytest.mark.parametrize("over", [1, 5, 12])
def test_more_intervals_never_leave_less_known(over: int) -> None:
    mean = np.full((1, 20), 30.0)
    fewer = follow(mean[:, :over], mean[:, :over], MINUTE[:over], ERRORS).covariance(MINUTE[15:])[0]
    more = follow(mean[:, : over + 1], mean[:, : over + 1], MINUTE[: over + 1], ERRORS).covariance(
        MINUTE[15:]
    )[0]
    assert np.all(np.diag(more) < np.diag(fewer))
