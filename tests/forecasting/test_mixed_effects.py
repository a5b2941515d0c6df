from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.domain import Peak, PeakKind
from data.intervals import grid
from forecasting.models.day_effects import FADINGS, MEAN_VARIANCE, LevelPrior, fit_day_effects
from forecasting.models.mixed_effects import MixedEffects
from forecasting.models.peak_shapes import fit_peak_shapes, shape_factors
from tests.forecasting.hotline import MONDAY, QUEUE, after, make_history, series_of
from tests.oracles.gaussian_effects import condition, level_covariance

BILL = Peak(id="bill", kind=PeakKind.BILLING, dates={date(2025, month, 12): None for month in range(1, 8)})


def ahead_of(days: int, count: int = 7) -> pd.DatetimeIndex:
    return pd.date_range(pd.Timestamp(after(days)), periods=count, freq="D", unit="us")


def test_day_effects_are_the_conditional_mean_of_their_joint_gaussian() -> None:
    generator = np.random.default_rng(1)
    time, ahead = np.array([0.0, 1, 2, 4, 5, 7]), np.array([8.0, 12])
    terms, coming = generator.random((6, 2)), generator.random((2, 2))
    effect, noise, prior_sd = generator.standard_normal(6), generator.random(6), np.array([0.3, 0.1])
    deviations = (0.05, 0.01, 0.0)
    prior = LevelPrior(walk=0.02, deviations=deviations, noise=0.4, start=0.0)
    found = fit_day_effects(time, effect, noise, terms, prior_sd, prior=prior)

    days, every = np.concatenate([time, ahead]), np.concatenate([terms, coming])
    arguments = {
        "walk": 0.02,
        "deviations": dict(zip(FADINGS, deviations, strict=True)),
        "start": 0.0,
        "mean_variance": MEAN_VARIANCE,
    }
    joint = np.array([[level_covariance(a, b, **arguments) for b in days] for a in days])
    joint += (every * prior_sd**2) @ every.T
    joint[np.arange(6), np.arange(6)] += noise + prior.noise
    mean, variance = condition(joint, list(range(6)), effect, [6, 7])
    np.testing.assert_allclose(found.mean(ahead, coming), mean)
    np.testing.assert_allclose(found.variance(ahead, coming), variance + prior.noise)


def test_a_day_far_off_all_others_is_trusted_less() -> None:
    generator = np.random.default_rng(4)
    time, none = np.arange(120.0), np.zeros((120, 0))
    effect = 0.05 * generator.standard_normal(120)
    struck = effect.copy()
    struck[-2] += 1.0
    plain, moved = (
        fit_day_effects(time, found, np.full(120, 1e-6), none, np.zeros(0)).mean(
            np.array([121.0]), np.zeros((1, 0))
        )
        for found in (effect, struck)
    )
    assert moved[0] - plain[0] == pytest.approx(0.0, abs=0.02)


def test_the_likelihood_tells_a_steady_level_from_a_wandering_one() -> None:
    generator = np.random.default_rng(2)
    noise, steps = 0.1 * generator.standard_normal(250), generator.standard_normal(250)
    time, exact, none = np.arange(250.0), np.full(250, 1e-6), np.zeros((250, 0))
    steady, wandering = (
        fit_day_effects(time, np.cumsum(step * steps) + noise, exact, none, np.zeros(0)).prior
        for step in (0.0, 0.03)
    )
    assert 0.2 * 0.03**2 < wandering.walk < 5 * 0.03**2
    assert steady.walk < 0.05 * wandering.walk
    assert steady.noise + sum(steady.deviations) == pytest.approx(0.01, rel=0.5)


def test_peaks_compose_by_multiplication_with_weekdays_and_with_each_other() -> None:
    days = {after(day): 0.5 for day in (25, 51, 80, 101, 130)}
    both = {after(day): 1.6 for day in (12, 40, 68, 90, 119)}
    holiday = Peak(id="holiday", kind=PeakKind.HOLIDAY, dates=dict.fromkeys([*days, after(145)]))
    bill = Peak(id="bill", kind=PeakKind.BILLING, dates=dict.fromkeys([*both, after(145)]))
    series, terms = series_of(make_history(days=140, level=200.0, lift=days | both), [holiday, bill])
    totals = MixedEffects().fit(series, terms).predict(ahead_of(140)).sum(axis=1)
    saturday, sunday = totals[5], totals[6]
    assert after(145).weekday() == 5
    # An ordinary Saturday is 0.5 / 0.4 of a Sunday.
    assert saturday / (sunday * 0.5 / 0.4) == pytest.approx(0.5 * 1.6, rel=0.1)


def test_a_sized_peak_lifts_in_proportion_to_its_size() -> None:
    sizes = {after(day): size for day, size in ((9, 1.0), (37, 1.2), (65, 0.8), (93, 1.0), (121, 1.2))}
    lift = {day: float(np.exp(0.3 * size)) for day, size in sizes.items()}
    coming = {after(142): 1.5}
    bill = Peak(id="bill", kind=PeakKind.BILLING, dates=sizes | coming)
    series, terms = series_of(make_history(days=140, level=200.0, lift=lift), [bill])
    totals = MixedEffects().fit(series, terms).predict(ahead_of(140)).sum(axis=1)
    assert totals[2] / totals[1] == pytest.approx(1.0 / 1.05 * np.exp(0.3 * 1.5), rel=0.08)


def test_a_peak_that_lifts_the_morning_bends_the_day() -> None:
    history = make_history(days=154, level=200.0)
    intervals = grid(QUEUE, MONDAY, 154)
    bills = intervals["date"].isin([pd.Timestamp(day) for day in BILL.dates])
    morning = intervals["minute"] < 11 * 60
    history.loc[(bills & morning).to_numpy(), "offered"] *= 1.5
    series, terms = series_of(history, [BILL])
    mean = MixedEffects().fit(series, terms).predict(ahead_of(154, 14))
    place = (pd.Timestamp("2025-06-12") - pd.Timestamp(after(154))).days
    factor = mean[place] / mean[place - 7].clip(min=1e-9)
    assert factor[16:21].mean() == pytest.approx(1.5, abs=0.12)
    assert factor[24:36].mean() == pytest.approx(1.0, abs=0.08)


def test_shapes_are_found_back_and_vanish_without_evidence() -> None:
    expected = np.full((40, 12), 10.0)
    terms = (np.arange(40) % 4 == 0).astype(float)[:, None]
    true = 0.1 * np.sin(np.linspace(0, 2 * np.pi, 12))
    found = fit_peak_shapes(expected * terms * true, expected, 0.25, terms)
    np.testing.assert_allclose(found[0], true, atol=0.035)
    assert np.abs(fit_peak_shapes(np.zeros((40, 12)), expected, 0.25, terms)).max() == 0
    np.testing.assert_array_equal(shape_factors(found, np.zeros((2, 1))), np.ones((2, 12)))


def test_a_level_that_just_moved_is_followed() -> None:
    lift = {after(day): 1.4 for day in range(70, 84)}
    series, terms = series_of(make_history(level=200.0, lift=lift))
    totals = MixedEffects().fit(series, terms).predict(ahead_of(84)).sum(axis=1)
    assert totals.sum() == pytest.approx(series.totals[-7:].sum(), rel=0.08)


def test_the_mean_is_not_biased_by_the_way_over_roots() -> None:
    series, terms = series_of(make_history(days=364, level=4.0))
    totals = MixedEffects().fit(series, terms).predict(ahead_of(364, 28)).sum()
    assert totals == pytest.approx(series.totals.mean() * 28, rel=0.03)
