from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from data.schema import QUANTILES
from forecasting import accuracy
from tests.oracles import accuracy_loops

pairs = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 4000).map(lambda tenths: tenths / 10)),
    min_size=1,
    max_size=30,
)


@pytest.mark.parametrize("metric", ["wape", "bias", "rmse"])
@given(rows=pairs)
def test_each_metric_equals_the_loop_of_its_definition(metric: str, rows: list[tuple[int, float]]) -> None:
    actual, mean = [float(a) for a, _ in rows], [m for _, m in rows]
    if sum(actual) == 0:
        actual[0] = 1.0
    expected = getattr(accuracy_loops, metric)(actual, mean)
    assert getattr(accuracy, metric)(actual, mean) == pytest.approx(expected, abs=1e-12)


@given(rows=pairs, percent=st.integers(0, 40))
def test_the_hit_rate_equals_the_loop_of_its_definition(rows: list[tuple[int, float]], percent: int) -> None:
    # Away from the edge, where rounding decides, a tolerance between two tenths leaves no tie.
    tolerance = percent / 100 + 0.000_37
    actual, mean = [float(a) for a, _ in rows], [m for _, m in rows]
    expected = accuracy_loops.interval_hit_rate(actual, mean, tolerance)
    assert accuracy.interval_hit_rate(actual, mean, tolerance) == pytest.approx(expected)


@given(rows=pairs)
def test_coverage_equals_the_loop_of_its_definition(rows: list[tuple[int, float]]) -> None:
    actual, lower = [float(a) for a, _ in rows], [m for _, m in rows]
    upper = [low + 20 for low in lower]
    assert accuracy.coverage(actual, lower, upper) == accuracy_loops.coverage(actual, lower, upper)


@pytest.mark.parametrize(("forecast", "hit"), [(21.0, 1.0), (19.0, 1.0), (21.01, 0.0), (18.99, 0.0)])
def test_five_percent_off_is_a_hit_and_a_little_more_is_none(forecast: float, hit: float) -> None:
    assert accuracy.interval_hit_rate([20.0], [forecast]) == hit


def test_a_band_includes_both_of_its_ends() -> None:
    assert accuracy.coverage([1.0, 3.0, 4.0], [1.0, 1.0, 1.0], [3.0, 3.0, 3.0]) == pytest.approx(2 / 3)


@given(rows=pairs, percent=st.integers(1, 99))
def test_the_pinball_loss_equals_the_loop_of_its_definition(
    rows: list[tuple[int, float]], percent: int
) -> None:
    actual, found = [float(a) for a, _ in rows], [m for _, m in rows]
    expected = accuracy_loops.pinball_loss(actual, found, percent / 100)
    assert accuracy.pinball_loss(actual, found, percent / 100) == pytest.approx(expected)


@given(actual=st.floats(-50, 50), draws=st.lists(st.integers(-40, 40).map(float), min_size=1, max_size=12))
def test_the_crps_over_many_levels_is_that_of_the_draws(actual: float, draws: list[float]) -> None:
    levels = (np.arange(500) + 0.5) / 500
    quantiles = np.sort(draws)[np.ceil(levels * len(draws)).astype(int) - 1]
    found = accuracy.crps([actual], quantiles[None, :], list(levels))
    assert found == pytest.approx(accuracy_loops.crps(actual, draws), abs=0.3)


def test_the_crps_of_a_certain_figure_is_the_mean_absolute_error() -> None:
    certain = np.repeat([[10.0], [20.0], [30.0]], 9, axis=1)
    assert accuracy.crps([12.0, 20.0, 27.0], certain, QUANTILES) == pytest.approx(5 / 3)


def test_the_true_distribution_has_the_least_crps() -> None:
    drawn = np.random.default_rng(1).normal(100, 10, 4000)
    scores = [
        accuracy.crps(drawn, np.tile(100 + sd * ndtri(np.array(QUANTILES)), (4000, 1)), QUANTILES)
        for sd in (4.0, 10.0, 25.0)
    ]
    assert scores[1] < min(scores[0], scores[2])


def test_intervals_without_an_actual_are_not_judged() -> None:
    assert accuracy.wape([10.0, math.nan], [11.0, 99.0]) == pytest.approx(0.1)
    assert accuracy.bias([10.0, math.nan], [9.0, 99.0]) == pytest.approx(-0.1)
    assert accuracy.interval_hit_rate([10.0, math.nan], [10.0, 10.0]) == 1.0
    assert accuracy.pinball_loss([10.0, math.nan], [8.0, 99.0], 0.9) == pytest.approx(1.8)
    assert accuracy.crps([10.0, math.nan], [[8.0], [99.0]], [0.5]) == pytest.approx(2.0)


def test_nothing_forecast_for_nothing_is_no_error_and_anything_else_is_infinite() -> None:
    assert accuracy.wape([0.0, 0.0], [0.0, 0.0]) == 0.0
    assert accuracy.wape([0.0, 0.0], [1.0, 0.0]) == math.inf
    assert accuracy.bias([0.0], [0.0]) == 0.0


def test_rates_over_no_interval_are_unknown() -> None:
    assert math.isnan(accuracy.interval_hit_rate([], []))
    assert math.isnan(accuracy.coverage([math.nan], [0.0], [1.0]))
    assert math.isnan(accuracy.rmse([], []))
    assert math.isnan(accuracy.pinball_loss([], [], 0.5))
    assert math.isnan(accuracy.crps([math.nan], [[1.0]], [0.5]))


def test_arrays_of_different_shape_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(2,\), the forecast \(3,\)"):
        accuracy.wape([1.0, 2.0], [1.0, 2.0, 3.0])
