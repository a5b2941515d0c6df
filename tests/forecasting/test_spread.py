from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schema import QUANTILES
from forecasting.rolling import Trial
from forecasting.spread import Dispersion, Spread, estimate, guess, quantiles, spread_over


def sampled(day_sd: float, interval_sd: float, *, days: int = 600, level: float = 200.0) -> Trial:
    generator = np.random.default_rng(3)
    mean = level * (1 + 0.5 * np.sin(np.arange(20)))[None, :].repeat(days, axis=0)
    size_day, size_interval = 1 / day_sd**2, 1 / interval_sd**2
    day = generator.gamma(size_day, 1 / size_day, (days, 1))
    rate = mean * day * generator.gamma(size_interval, 1 / size_interval, mean.shape)
    lead = np.tile(np.arange(1, 8), days // 7 + 1)[:days]
    return Trial(np.arange(days) // 7, lead, generator.poisson(rate).astype(float), mean)


@pytest.mark.parametrize(("day_sd", "interval_sd"), [(0.05, 0.1), (0.15, 0.05), (0.1, 0.2)])
def test_the_spread_of_days_and_of_intervals_is_found_apart(day_sd: float, interval_sd: float) -> None:
    found = estimate(sampled(day_sd, interval_sd))
    at_mid_week = math.sqrt(found.day_variance + 4 * found.day_growth)
    assert at_mid_week == pytest.approx(day_sd, rel=0.15)
    assert math.sqrt(found.interval_variance.mean()) == pytest.approx(interval_sd, rel=0.15)


def test_an_error_that_grows_with_the_lead_is_seen_to_grow() -> None:
    trial = sampled(0.02, 0.05)
    generator = np.random.default_rng(4)
    drift = 1 + 0.03 * np.sqrt(trial.lead) * generator.standard_normal(len(trial.lead))
    actual = generator.poisson(trial.mean * drift[:, None]).astype(float)
    found = estimate(Trial(trial.origin, trial.lead, actual, trial.mean))
    assert found.day_growth == pytest.approx(0.03**2, rel=0.4)


def test_days_of_one_origin_that_err_together_are_correlated_and_others_are_not() -> None:
    trial = sampled(0.02, 0.05)
    generator = np.random.default_rng(5)
    shared = 1 + 0.1 * generator.standard_normal(trial.origin.max() + 1)[trial.origin]
    alone = 1 + 0.1 * generator.standard_normal(len(trial.origin))
    for factor, low, high in ((shared, 0.75, 0.95), (alone, 0.0, 0.15)):
        actual = np.round(trial.mean * factor[:, None])
        correlation = estimate(Trial(trial.origin, trial.lead, actual, trial.mean)).day_correlation
        assert low <= correlation <= high


def test_one_wild_day_does_not_set_the_spread() -> None:
    trial = sampled(0.05, 0.05, days=35)
    calm = estimate(trial).day_variance
    trial.actual[17] *= 6
    assert estimate(trial).day_variance < calm + 0.01


def test_days_without_actuals_are_passed_over() -> None:
    trial = sampled(0.1, 0.1, days=70)
    some = Trial(trial.origin[:60], trial.lead[:60], trial.actual[:60], trial.mean[:60])
    trial.actual[60:] = np.nan
    np.testing.assert_allclose(estimate(trial).interval_variance, estimate(some).interval_variance)


def test_nothing_judged_gives_the_guess() -> None:
    trial = sampled(0.1, 0.1, days=7)
    trial.actual[:] = np.nan
    found, expected = estimate(trial), guess(20)
    assert found.day_variance == expected.day_variance
    np.testing.assert_array_equal(found.interval_variance, expected.interval_variance)


@given(
    mean=st.floats(0, 1e5),
    day_sd=st.floats(0, 1),
    interval_sd=st.floats(0, 1),
)
def test_quantiles_are_finite_increasing_and_not_negative(
    mean: float, day_sd: float, interval_sd: float
) -> None:
    spread = Spread(np.array([0]), np.array([day_sd]), np.array([interval_sd]), 0.5)
    (row,) = quantiles(np.array([mean]), spread, QUANTILES)
    assert np.isfinite(row).all()
    assert (row >= 0).all()
    assert (np.diff(row) >= 0).all()


def test_a_quantile_is_the_least_count_whose_probability_reaches_it() -> None:
    spread = Spread(np.zeros(1, int), np.array([0.3]), np.array([0.2]), 0.5)
    size, mean = 1 / spread.variance[0], 8.0
    share = size / (size + mean)
    # Negative binomial, from its recurrence p(k + 1) = p(k) (size + k) / (k + 1) (1 − share).
    mass, total, found = share**size, 0.0, []
    for count in range(200):
        total += mass
        found += [float(count)] * sum(1 for level in QUANTILES if total - mass < level <= total)
        mass *= (size + count) / (count + 1) * (1 - share)
    assert quantiles(np.array([mean]), spread, QUANTILES)[0].tolist() == found


def test_nothing_expected_has_no_spread() -> None:
    spread = Spread(np.zeros(1, int), np.array([0.3]), np.array([0.2]), 0.5)
    assert quantiles(np.array([0.0]), spread, QUANTILES).tolist() == [[0.0] * 7]


def test_the_spread_widens_with_the_lead_up_to_half_a_year() -> None:
    dispersion = Dispersion(0.01, 0.0001, np.array([0.0]), 0.5)
    lead = np.array([1, 100, 182, 700])
    sd = spread_over(dispersion, np.arange(4), lead, np.zeros(4, int)).day_sd
    assert sd[0] == pytest.approx(math.sqrt(0.0101))
    assert sd[0] < sd[1] < sd[2] == sd[3]


def test_a_spread_survives_the_way_through_json() -> None:
    spread = Spread(np.array([0, 0, 1]), np.array([0.1, 0.1, 0.2]), np.array([0.3, 0.1, 0.2]), 0.25)
    again = Spread.from_document(json.loads(json.dumps(spread.document())))
    np.testing.assert_array_equal(again.day, spread.day)
    np.testing.assert_array_equal(again.variance, spread.variance)
    assert again.day_correlation == spread.day_correlation
