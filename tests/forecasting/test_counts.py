from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting import counts
from tests.oracles import negative_binomial

means = st.floats(0.05, 60)
variances = st.floats(0.002, 2)


@given(mean=means, variance=variances, count=st.integers(0, 60))
def test_a_middle_rank_counts_half_of_the_count_itself(mean: float, variance: float, count: int) -> None:
    mass = negative_binomial.masses(mean, variance, count + 1)
    expected = sum(mass[:count]) + 0.5 * mass[count]
    assert counts.rank(count, mean, variance) == pytest.approx(expected, abs=1e-9)
    assert counts.rank(count, mean, variance, 1.0) == pytest.approx(sum(mass), abs=1e-9)


@given(mean=means, variance=variances, rank=st.floats(0.001, 0.999))
def test_a_quantile_is_the_oracles_count_spread_over_its_unit(
    mean: float, variance: float, rank: float
) -> None:
    expected = negative_binomial.spread_quantile(mean, variance, rank)
    assert counts.quantile(rank, mean, variance) == pytest.approx(expected, abs=1e-6)


@given(mean=st.floats(0.05, 1e4), variance=st.floats(0, 2), count=st.integers(1, 100))
def test_a_count_lies_above_a_quantile_where_its_middle_rank_lies_above_the_level(
    mean: float, variance: float, count: int
) -> None:
    rank = float(counts.rank(count, mean, variance))
    if 1e-6 < rank < 1 - 1e-6:
        assert counts.quantile(rank - 1e-7, mean, variance) < count + 1e-6
        assert counts.quantile(rank + 1e-7, mean, variance) > count - 1e-6


@pytest.mark.parametrize("level", [4.0, 7.0, 12.0, 40.0])
def test_a_band_of_small_counts_holds_its_share_on_average_and_one_of_whole_numbers_holds_more(
    level: float,
) -> None:
    held, whole = [], []
    for mean in np.linspace(0.7 * level, 1.3 * level, 61):
        mass = negative_binomial.masses(mean, 0.05, 400)
        low, high = counts.quantile(np.array([0.1, 0.9]), mean, 0.05)
        held.append(sum(mass[int(np.ceil(low)) : int(np.floor(high)) + 1]))
        reached = np.cumsum(mass)
        whole.append(sum(mass[np.argmax(reached >= 0.1) : np.argmax(reached >= 0.9) + 1]))
    assert np.mean(held) == pytest.approx(0.8, abs=0.02)
    assert np.mean(whole) > np.mean(held) + 0.2 / level


def test_where_nothing_is_expected_every_quantile_and_draw_is_nothing() -> None:
    assert (counts.quantile(np.array([0.025, 0.5, 0.975]), 0.0, 0.1) == 0).all()
    rank = np.random.default_rng(1).random((100, 2))
    drawn = counts.draw(rank, np.array([0.0, 3.0]), np.array([0.1, 0.1]))
    assert (drawn[:, 0] == 0).all()
    assert drawn[:, 1].sum() > 0


@pytest.mark.parametrize(("mean", "variance"), [(0.4, 0.3), (7.0, 0.1), (300.0, 0.01), (9000.0, 0.04)])
def test_a_draw_is_the_least_count_whose_probability_reaches_the_rank(mean: float, variance: float) -> None:
    rank = np.random.default_rng(2).random((4000, 1))
    drawn = counts.draw(rank, np.array([mean]), np.array([variance]))[:, 0]
    below = counts.rank(drawn - 1, mean, variance)
    above = counts.rank(drawn + 1, mean, variance)
    assert (below <= rank[:, 0] + 1e-3).all()
    assert (rank[:, 0] <= above + 1e-3).all()
    if mean < 100:
        mass = negative_binomial.masses(mean, variance, 400)
        np.testing.assert_array_equal(drawn, np.searchsorted(np.cumsum(mass), rank[:, 0]))
