from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.domain import Peak, PeakKind
from data.intervals import grid
from forecasting.models.svd_factors import FACTORS, SvdFactors
from tests.forecasting.hotline import MONDAY, QUEUE, after, make_history, series_of


def ahead_of(days: int, count: int = 7) -> pd.DatetimeIndex:
    return pd.date_range(pd.Timestamp(after(days)), periods=count, freq="D", unit="us")


def test_the_first_vector_is_that_of_the_largest_eigenvalue_of_the_slots_products() -> None:
    series, terms = series_of(make_history(days=84, level=4000.0))
    roots = np.where(series.opened[series.weekdays], np.sqrt(series.filled + 0.25), 0.0)
    _, vectors = np.linalg.eigh(roots.T @ roots)
    found = SvdFactors().fit(series, terms)
    assert abs(found.factors[0].vector @ vectors[:, -1]) == pytest.approx(1.0, abs=1e-6)


def test_the_vectors_are_at_right_angles_and_of_length_one_when_smooth_too() -> None:
    series, terms = series_of(make_history(days=84, level=4.0))
    found = SvdFactors().fit(series, terms)
    assert len(found.factors) == FACTORS
    vectors = np.array([factor.vector for factor in found.factors])
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(FACTORS), atol=1e-9)


def test_neighbouring_slots_of_a_small_queue_are_smoothed() -> None:
    series, terms = series_of(make_history(days=84, level=4.0))
    roots = np.where(series.opened[series.weekdays], np.sqrt(series.filled + 0.25), 0.0)
    _, vectors = np.linalg.eigh(roots.T @ roots)
    open_slots = np.any(series.opened, axis=0)
    found = SvdFactors().fit(series, terms).factors[0].vector[open_slots]
    assert (np.diff(found, 2) ** 2).sum() < 0.5 * (np.diff(vectors[open_slots, -1], 2) ** 2).sum()


def test_the_level_goes_up_with_the_contacts() -> None:
    series, terms = series_of(make_history(days=84))
    level = SvdFactors().fit(series, terms).factors[0]
    assert level.vector.sum() > 0
    assert level.centre > 0


def test_a_weekday_with_a_shape_of_its_own_keeps_it() -> None:
    history = make_history(days=140, level=100.0)
    intervals = grid(QUEUE, MONDAY, 140)
    morning = intervals["minute"] < 11 * 60
    history.loc[(morning & intervals["weekday"].eq(0)).to_numpy(), "offered"] *= 1.6
    series, terms = series_of(history)
    mean = SvdFactors().fit(series, terms).predict(ahead_of(140))
    share = mean[:, 16:22].sum(axis=1) / mean.sum(axis=1)
    assert share[0] / share[1:].mean() == pytest.approx(1.6 / (1 + 0.6 * share[1:].mean()), rel=0.05)


def test_a_peak_that_lifts_the_morning_bends_the_day() -> None:
    bills = {date(2025, month, 12): None for month in range(1, 8)}
    history = make_history(days=154, level=200.0)
    intervals = grid(QUEUE, MONDAY, 154)
    lifted = intervals["date"].isin([pd.Timestamp(day) for day in bills]) & (intervals["minute"] < 11 * 60)
    history.loc[lifted.to_numpy(), "offered"] *= 1.5
    series, terms = series_of(history, [Peak(id="bill", kind=PeakKind.BILLING, dates=bills)])
    mean = SvdFactors().fit(series, terms).predict(ahead_of(154, 14))
    place = (pd.Timestamp("2025-06-12") - pd.Timestamp(after(154))).days
    factor = mean[place] / mean[place - 7].clip(min=1e-9)
    assert factor[16:21].mean() == pytest.approx(1.5, abs=0.12)
    assert factor[24:36].mean() == pytest.approx(1.0, abs=0.08)


def test_the_mean_is_not_biased_by_the_way_over_roots() -> None:
    series, terms = series_of(make_history(days=364, level=4.0))
    totals = SvdFactors().fit(series, terms).predict(ahead_of(364, 28)).sum()
    assert totals == pytest.approx(series.totals.mean() * 28, rel=0.03)
