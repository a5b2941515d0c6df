from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from forecasting.calibration import BELIEVED_DAYS, HELD, Calibration, calibrate, weighted_quantile

ranks = st.lists(st.floats(0, 1), min_size=1, max_size=60).map(np.array)


def scores(sd: float, actuals: int = 20_000) -> np.ndarray:
    return sd * ndtri((np.arange(actuals) + 0.5) / actuals)


def test_no_calibration_leaves_every_rank_as_it_is() -> None:
    normal = np.linspace(-5, 5, 41)
    np.testing.assert_allclose(Calibration().rank(normal), ndtr(normal), atol=1e-12)


def test_scores_as_they_ought_to_be_change_nothing() -> None:
    found = calibrate(ndtr(scores(1.0)), np.ones(20_000), 1e9)
    np.testing.assert_allclose(found.limits, Calibration().limits, atol=1e-3)


@pytest.mark.parametrize("sd", [0.6, 1.4])
def test_with_many_days_the_limits_are_those_the_scores_lay_within(sd: float) -> None:
    found = calibrate(ndtr(scores(sd)), np.ones(20_000), 1e9)
    np.testing.assert_allclose(found.limits, sd * np.array(Calibration().limits), rtol=1e-3)


def test_with_few_days_the_limits_stay_near_those_assumed() -> None:
    assumed = np.array(Calibration().limits)
    found = [
        np.array(calibrate(ndtr(scores(2.0)), np.ones(20_000), days).limits) for days in (0.0, 5.0, 20.0)
    ]
    np.testing.assert_allclose(found[0], assumed)
    np.testing.assert_allclose(found[1], assumed * (1 + 5 / (5 + BELIEVED_DAYS)), rtol=2e-3)
    assert (found[1] < found[2]).all()


def test_bands_hold_what_they_ought_to_after_calibration() -> None:
    """Scores of Student's t with 3 degrees of freedom: narrow in the middle, far in the tails."""
    drawn = np.random.default_rng(5).standard_t(3, 40_000)
    found = calibrate(ndtr(drawn[:20_000]), np.ones(20_000), 1e9)
    for share in HELD:
        low, high = ndtri(found.rank(ndtri(np.array([0.5 - share / 2, 0.5 + share / 2]))))
        later = drawn[20_000:]
        assert ((later >= low) & (later <= high)).mean() == pytest.approx(share, abs=0.015)


def test_an_actual_of_no_weight_says_nothing() -> None:
    rank = np.concatenate([ndtr(scores(1.3, 500)), np.full(500, 0.999)])
    weight = np.repeat([1.0, 0.0], 500)
    assert calibrate(rank, weight, 30.0) == calibrate(rank[:500], weight[:500], 30.0)
    assert calibrate(rank, np.zeros(1000), 30.0) == Calibration()


@given(rank=ranks, days=st.floats(0, 500))
def test_a_calibration_is_monotone_and_symmetric_whatever_came(rank: np.ndarray, days: float) -> None:
    found = calibrate(rank, np.ones(len(rank)), days)
    normal = np.linspace(-6, 6, 241)
    mapped = found.rank(normal)
    assert np.isfinite(mapped).all()
    assert (np.diff(mapped) >= 0).all()
    np.testing.assert_allclose(mapped, 1 - mapped[::-1], atol=1e-12)
    assert found.rank(np.zeros(1))[0] == 0.5


def test_a_calibration_survives_the_way_through_json() -> None:
    found = Calibration((0.5, 1.4, 2.2))
    assert Calibration.from_document(json.loads(json.dumps(found.document()))) == found


def test_a_weighted_quantile_counts_each_value_by_its_weight() -> None:
    values, times = np.array([3.0, 1.0, 2.0]), np.array([2, 1, 3])
    repeated = np.repeat(values, times)
    found = weighted_quantile(values, times.astype(float), np.array([1.5 / 6 + 1e-12, 0.5]))
    assert found[1] == pytest.approx(np.interp(0.5, [0.5 / 6, 2.5 / 6, 5 / 6], [1, 2, 3]))
    assert repeated.min() <= found[0] <= repeated.max()
