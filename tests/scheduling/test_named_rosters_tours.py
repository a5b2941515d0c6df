"""The best tours of one person, against every tour there is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import InfeasibleError
from scheduling.named_rosters.network import TourNetwork
from tests.scheduling.small_tours import DAYS, every_tour, small_problem

SEEDS = st.integers(0, 10_000)


@given(seed=SEEDS)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_best_tour_is_the_cheapest_that_keeps_every_limit(seed: int) -> None:
    problem = small_problem(seed, people=1)
    network, prices = TourNetwork(problem, 0), problem.wishes[0] - 4.0 * (problem.cover.wanted > 0)
    tours = every_tour(problem, 0)
    if not tours:
        with pytest.raises(InfeasibleError, match="p0"):
            network.best(prices)
        return
    price, tour = network.best(prices)
    cheapest = min(prices[np.arange(DAYS), list(other)].sum() for other in tours)
    assert tuple(tour.tolist()) in tours
    assert price == pytest.approx(cheapest)
    assert price == pytest.approx(prices[np.arange(DAYS), tour].sum())


@given(seed=SEEDS, dearest=st.integers(5, 20))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_tours_within_a_price_are_all_there_are(seed: int, dearest: int) -> None:
    problem = small_problem(seed, people=1)
    prices = problem.wishes[0]
    found = TourNetwork(problem, 0).within(prices, dearest + 0.5, 1000)
    assert found is not None
    expected = [t for t in every_tour(problem, 0) if prices[np.arange(DAYS), list(t)].sum() <= dearest]
    assert [tuple(tour) for tour in found.tolist()] == expected
