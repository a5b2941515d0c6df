from __future__ import annotations

import numpy as np
import pytest

from forecasting.intraday_errors import GUESS, DayErrors, estimate_errors, latest_days
from forecasting.rolling import Trial

TRUE = DayErrors(level_sd=0.08, drift_sd=0.12, memory_min=180.0, interval_sd=0.02)


def simulated(
    errors: DayErrors, *, days: int, slots: int, interval_min: int, level: float
) -> tuple[np.ndarray, ...]:
    """Actuals and means of days whose errors move as told."""
    generator = np.random.default_rng(5)
    minute = np.arange(slots) * float(interval_min)
    error = generator.multivariate_normal(np.zeros(slots), errors.covariance(minute), days)
    mean = np.full((days, slots), level)
    return generator.poisson(np.maximum(mean * (1 + error), 0)).astype(float), mean


def test_figures_are_found_again_in_many_days() -> None:
    actual, mean = simulated(TRUE, days=300, slots=24, interval_min=30, level=2000)
    found = estimate_errors(actual, mean, 30)
    total = np.hypot(found.level_sd, found.drift_sd)
    assert total == pytest.approx(np.hypot(TRUE.level_sd, TRUE.drift_sd), rel=0.1)
    assert found.memory_min == pytest.approx(TRUE.memory_min, rel=0.3)
    assert found.interval_sd == pytest.approx(TRUE.interval_sd, rel=0.3)


def test_five_minute_counts_tell_the_same_as_their_half_hours() -> None:
    actual, mean = simulated(TRUE, days=40, slots=120, interval_min=5, level=300)
    fine = estimate_errors(actual, mean, 5)
    coarse = estimate_errors(actual.reshape(40, 20, 6).sum(axis=2), mean.reshape(40, 20, 6).sum(axis=2), 30)
    for apart in (30.0, 120.0, 540.0):
        told = [each.covariance(np.array([0.0, apart]))[0, 1] for each in (fine, coarse)]
        assert told[0] == pytest.approx(told[1], rel=0.15)
    assert fine.interval_sd > coarse.interval_sd


def test_without_days_the_guess_stands() -> None:
    assert estimate_errors(np.zeros((0, 20)), np.zeros((0, 20)), 30) == GUESS


def test_a_few_days_of_a_small_queue_stay_near_the_guess() -> None:
    actual, mean = simulated(TRUE, days=3, slots=24, interval_min=30, level=2)
    found = estimate_errors(actual, mean, 30)
    for name in ("level_sd", "drift_sd", "memory_min", "interval_sd"):
        assert 0.4 < getattr(found, name) / getattr(GUESS, name) < 2.5


def test_one_strike_day_does_not_become_the_rule() -> None:
    actual, mean = simulated(TRUE, days=30, slots=24, interval_min=30, level=500)
    struck = actual.copy()
    struck[7] *= 0.2
    before, after = estimate_errors(actual, mean, 30), estimate_errors(struck, mean, 30)
    assert np.hypot(after.level_sd, after.drift_sd) < 1.3 * np.hypot(before.level_sd, before.drift_sd)


def test_each_day_counts_once_as_it_was_foretold_last_and_unknown_cells_not() -> None:
    actual = np.array([[1.0, 2.0], [3.0, np.nan], [3.0, np.nan], [4.0, 5.0], [np.nan, np.nan]])
    mean = np.array([[10.0, 11.0], [20.0, 21.0], [30.0, 31.0], [40.0, 0.0], [50.0, 51.0]])
    trial = Trial(np.array([7, 7, 8, 8, 8]), np.array([1, 2, 1, 2, 3]), actual, mean)
    found, foretold = latest_days(trial)
    np.testing.assert_array_equal(foretold, [[10, 11], [30, 0], [40, 0]])
    np.testing.assert_array_equal(found, [[1, 2], [3, 0], [4, 0]])


def test_days_foretold_from_afar_do_not_count() -> None:
    trial = Trial(np.array([7]), np.array([8]), np.ones((1, 2)), np.ones((1, 2)))
    assert latest_days(trial)[1].shape == (0, 2)
