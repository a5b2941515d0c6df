"""Parts of a horizon, and first tours over a long one, against every tour there is."""

from __future__ import annotations

import time

import numpy as np
import pytest

from data.errors import InfeasibleError
from scheduling.named_rosters.lookahead import first_tour
from scheduling.named_rosters.network import TourNetwork
from scheduling.named_rosters.window import window
from scheduling.named_rosters.windows import roster_by_windows
from tests.scheduling.small_tours import DAYS, every_tour, small_problem

PARTS = ((0, 2), (1, 5), (2, 4), (2, 6), (4, 5), (0, 6))
"""None begins or ends within the weekend of the third and fourth day."""


@pytest.mark.parametrize("seed", range(40))
def test_the_best_part_of_a_tour_is_the_best_that_fits_to_the_rest_of_it(seed: int) -> None:
    problem = small_problem(seed, people=1)
    tours, random = every_tour(problem, 0), np.random.default_rng(seed)
    prices = random.integers(0, 9, size=(DAYS, 3)).astype(float)
    for number in random.integers(0, len(tours), size=3) if tours else ():
        tour = np.array(tours[number])
        for first, last in PARTS:
            part = window(problem, tour[None], first, last)
            price, found = TourNetwork(part, 0).best(prices[first:last])
            whole = np.concatenate([tour[:first], found, tour[last:]])
            outside = np.r_[0:first, last:DAYS]
            fitting = [t for t in map(np.array, tours) if (t[outside] == tour[outside]).all()]
            best = min(prices[np.arange(first, last), t[first:last]].sum() for t in fitting)
            assert tuple(whole.tolist()) in tours
            assert price == pytest.approx(best)


@pytest.mark.parametrize("seed", range(40))
def test_a_first_tour_keeps_every_limit(seed: int) -> None:
    problem = small_problem(seed, people=1)
    try:
        tour = first_tour(problem, 0, np.zeros(problem.cover.wanted.shape, dtype=np.int64))
    except InfeasibleError:
        # Types of which there may be few are not looked ahead for.
        plenty = [t for t in every_tour(problem, 0) if t.count(2) == 0]
        assert not plenty or problem.people[0].most["early"] < DAYS / 2
    else:
        assert tuple(tour.tolist()) in every_tour(problem, 0)


def test_rostering_by_parts_keeps_every_limit_and_stops_in_time() -> None:
    problem = small_problem(3, people=2)
    begun_s = time.monotonic()
    told: list[str] = []
    found = roster_by_windows(problem, 30.0, 1, lambda phase, _: told.append(phase), lambda: len(told) > 3)
    assert time.monotonic() - begun_s < 30.0
    assert told[:3] == ["first roster", "days 0 to 6, one by one", "days 0 to 6"]
    assert all(tuple(tour) in every_tour(problem, p) for p, tour in enumerate(found.tours.tolist()))
    assert problem.price(found.tours) == found.price >= found.bound
