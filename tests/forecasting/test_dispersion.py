from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schema import QUANTILES
from forecasting.accuracy import coverage
from forecasting.calibration import Calibration
from forecasting.dispersion import Dispersion, estimate, guess
from forecasting.rolling import Trial
from forecasting.spread import quantiles, spread_over


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


def test_an_error_that_grows_with_the_lead_is_seen_to_grow_and_another_is_not() -> None:
    trial = sampled(0.02, 0.05)
    generator = np.random.default_rng(4)
    ratio = []
    for growing in (np.sqrt(trial.lead), np.full(len(trial.lead), 2.0)):
        drift = 1 + 0.03 * growing * generator.standard_normal(len(trial.lead))
        actual = generator.poisson(trial.mean * drift[:, None]).astype(float)
        first, last = estimate(replace(trial, actual=actual)).days_ahead(np.array([1, 7]))
        ratio.append(last / first)
    assert 1.8 < ratio[0] < 7.0
    assert ratio[1] < 1.25


def test_days_of_one_origin_that_err_together_are_correlated_and_others_are_not() -> None:
    trial = sampled(0.02, 0.05)
    generator = np.random.default_rng(5)
    shared = 1 + 0.1 * generator.standard_normal(trial.origin.max() + 1)[trial.origin]
    alone = 1 + 0.1 * generator.standard_normal(len(trial.origin))
    for factor, low, high in ((shared, 0.75, 0.95), (alone, 0.0, 0.15)):
        actual = np.round(trial.mean * factor[:, None])
        correlation = estimate(replace(trial, actual=actual)).day_correlation
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


def test_wild_intervals_do_not_set_the_spread_of_all() -> None:
    trial = sampled(0.05, 0.05, days=70)
    calm = estimate(trial).interval_variance.mean()
    trial.actual[::10, 3] += 2 * trial.mean[::10, 3]
    assert estimate(trial).interval_variance.mean() < 2 * calm


def test_errors_of_late_origins_weigh_more_than_those_of_early_ones() -> None:
    calm, wild = sampled(0.03, 0.05, days=35), sampled(0.3, 0.05, days=35)
    origin = np.arange(35) // 7 * 28
    late = np.where((origin < 60)[:, None], calm.actual, wild.actual)
    early = np.where((origin > 60)[:, None], calm.actual, wild.actual)
    found = [estimate(replace(calm, origin=origin, actual=actual)).day_variance for actual in (early, late)]
    assert 2 * found[0] < found[1]


@pytest.mark.parametrize("actual", [0.0, 7.0, 1e6], ids=["nothing", "constant", "spike"])
@pytest.mark.parametrize("days", [1, 5])
def test_a_spread_is_finite_whatever_came(actual: float, days: int) -> None:
    mean = np.full((days, 20), 7.0)
    came = np.full(mean.shape, 7.0)
    came[0, :3] = actual
    found = estimate(Trial(np.full(days, 30), np.arange(1, days + 1), came, mean))
    spread = spread_over(found, np.zeros(20, int), np.full(20, 700), np.arange(20))
    values = quantiles(mean[0], spread, QUANTILES)
    assert np.isfinite(values).all()
    assert (np.diff(values, axis=1) >= 0).all()
    assert values.min() >= 0
    assert values.max() < 200


def test_slots_nobody_expected_anything_in_are_passed_over() -> None:
    trial = sampled(0.1, 0.1, days=70)
    half = trial.mean.copy()
    half[:, 10:] = 0.0
    found = estimate(replace(trial, mean=half))
    only = estimate(Trial(trial.origin, trial.lead, trial.actual[:, :10], trial.mean[:, :10]))
    assert found.day_variance == pytest.approx(only.day_variance)
    assert found.calibration.limits == pytest.approx(only.calibration.limits)
    assert np.isfinite(found.interval_variance).all()


@pytest.mark.parametrize("level", [0.3, 2.0, 30.0])
def test_counts_that_are_distributed_as_foretold_leave_the_bands_as_they_are(level: float) -> None:
    """However small: middle ranks of a Poisson count of 0.3 would ask for bands a quarter narrower."""
    found = estimate(sampled(0.1, 0.05, level=level))
    np.testing.assert_allclose(found.calibration.limits, Calibration().limits, rtol=0.06)


def test_a_dispersion_survives_the_way_through_json() -> None:
    found = estimate(sampled(0.1, 0.1, days=35))
    again = Dispersion.from_document(json.loads(json.dumps(found.document())))
    assert again.document() == found.document()


@pytest.mark.parametrize("level", [5.0, 20.0, 200.0])
def test_bands_hold_their_share_of_what_comes_after_the_back_test(level: float) -> None:
    trial = sampled(0.1, 0.15, level=level)
    before = trial.origin < 60
    dispersion = estimate(
        Trial(*(part[before] for part in (trial.origin, trial.lead, trial.actual, trial.mean)))
    )
    after = np.flatnonzero(~before)
    day, slot = np.repeat(after, 20), np.tile(np.arange(20), len(after))
    spread = spread_over(dispersion, day, trial.lead[day], slot)
    count, mean = trial.actual[day, slot], trial.mean[day, slot]
    for low, high, share in ((0.1, 0.9, 0.8), (0.025, 0.975, 0.95)):
        ends = quantiles(mean, spread, (low, high))
        assert coverage(count, ends[:, 0], ends[:, 1]) == pytest.approx(share, abs=0.03)


@given(data=st.data())
def test_whatever_came_the_spread_of_a_trial_makes_sane_quantiles(data: st.DataObject) -> None:
    days, slots = data.draw(st.integers(1, 12)), data.draw(st.integers(1, 6))
    count = st.one_of(st.just(math.nan), st.just(0.0), st.integers(0, 2), st.integers(0, 400), st.just(4e4))
    expected = st.one_of(st.just(0.0), st.floats(0.01, 3.0), st.floats(10.0, 500.0))
    actual = np.array(data.draw(st.lists(count, min_size=days * slots, max_size=days * slots)), dtype=float)
    mean = np.array(data.draw(st.lists(expected, min_size=days * slots, max_size=days * slots)))
    origin, lead = np.arange(days) // 4 * 7, np.arange(days) % 4 + 1
    found = estimate(Trial(origin, lead, actual.reshape(days, slots), mean.reshape(days, slots)))
    assert 0 <= found.day_variance < math.inf
    assert 0 <= found.day_correlation < 1
    assert np.isfinite(found.interval_variance).all()
    assert (np.diff((0.0, *found.calibration.limits)) >= 0).all()
    wanted = mean.reshape(days, slots)[0]
    spread = spread_over(found, np.zeros(slots, int), np.full(slots, 91), np.arange(slots))
    values = quantiles(wanted, spread, QUANTILES)
    assert np.isfinite(values).all()
    assert (values >= 0).all()
    assert (np.diff(values, axis=1) >= 0).all()
    assert (values[wanted == 0] == 0).all()
