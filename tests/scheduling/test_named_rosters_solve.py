"""Rosters of people who all differ, against every roster there is."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from data.errors import InfeasibleError, InputError
from scheduling.named_rosters.columns import Columns
from scheduling.named_rosters.descent import descend, first_tours
from scheduling.named_rosters.dive import dive
from scheduling.named_rosters.found import Found
from scheduling.named_rosters.generation import Generation
from scheduling.named_rosters.limit import Limit
from scheduling.named_rosters.neighbourhood import choose
from scheduling.named_rosters.network import TourNetwork
from scheduling.named_rosters.problem import NamedProblem
from scheduling.named_rosters.solve import solve
from tests.scheduling.small_tours import every_tour, small_problem

PEOPLE = 2


def with_tours() -> list[int]:
    """Seeds whose people all have a tour, few enough for every roster to be tried."""
    counts = {
        seed: [len(every_tour(small_problem(seed, PEOPLE), p)) for p in range(PEOPLE)] for seed in range(12)
    }
    return [seed for seed, tours in counts.items() if 0 < np.prod(tours) < 4000][:4]


def cheapest(problem: NamedProblem) -> float:
    everyone = product(*(every_tour(problem, person) for person in range(len(problem.people))))
    return min(problem.price(np.array(tours)) for tours in everyone)


@pytest.mark.parametrize("seed", with_tours())
def test_the_roster_is_the_cheapest_and_proven_to_be(seed: int) -> None:
    problem = small_problem(seed, PEOPLE)
    told: list[Found] = []
    found = solve(problem, time_s=30.0, tell=lambda _, step: told.append(step))
    best = cheapest(problem)
    assert (found.price, found.bound) == pytest.approx((best, best))
    assert problem.price(found.tours) == found.price
    assert all(tuple(tour) in every_tour(problem, p) for p, tour in enumerate(found.tours.tolist()))
    assert all(step.bound <= best + 1e-6 and step.price >= best - 1e-6 for step in told)


@pytest.mark.parametrize("seed", with_tours())
def test_every_round_of_column_generation_proves_a_bound_and_the_last_one_the_relaxation(seed: int) -> None:
    problem = small_problem(seed, PEOPLE)
    generation = begin(problem)[0]
    best = cheapest(problem)
    while not generation.run(Limit(), rounds=1):
        assert generation.bound <= best + 1e-6
    assert generation.bound == pytest.approx(generation.value, abs=1e-5)
    assert generation.value <= best + 1e-6


@pytest.mark.parametrize("seed", with_tours())
def test_dives_and_descents_keep_everybodys_limits(seed: int) -> None:
    problem = small_problem(seed, PEOPLE)
    generation, tours = begin(problem)
    generation.run(Limit())
    dived = dive(generation, Limit())
    random = np.random.default_rng(1)
    descended = descend(problem, generation.networks, generation.columns, dived, limit=Limit(), random=random)
    for roster in (tours, dived, descended):
        assert all(tuple(tour) in every_tour(problem, p) for p, tour in enumerate(roster.tolist()))
    assert cheapest(problem) <= problem.price(descended) <= problem.price(dived)


def test_whoever_has_no_tour_is_named() -> None:
    problem = small_problem(1, PEOPLE)
    impossible = replace(problem.people[1], days_off=frozenset(range(6)))
    limits = replace(impossible.limits, least_min=480)
    with pytest.raises(InfeasibleError, match="p1"):
        solve(replace(problem, people=(problem.people[0], replace(impossible, limits=limits))), time_s=5.0)


def test_weekends_in_pieces_are_refused() -> None:
    with pytest.raises(InputError, match="Weekend 0"):
        replace(small_problem(1), weekends=np.array([0, -1, 0, -1, -1, -1]))


def begin(problem: NamedProblem) -> tuple[Generation, np.ndarray]:
    networks = [TourNetwork(problem, person) for person in range(len(problem.people))]
    columns = Columns(problem)
    tours = first_tours(problem, networks, columns)
    nobody = np.zeros(problem.cover.wanted.shape)
    return Generation(problem, networks, columns, np.arange(len(networks)), nobody), tours


def test_a_choice_with_every_better_tour_at_hand_proves_the_roster_it_cannot_better() -> None:
    seed = with_tours()[0]
    problem = small_problem(seed, PEOPLE)
    generation, _ = begin(problem)
    generation.run(Limit())
    best = min(
        product(*(every_tour(problem, person) for person in range(PEOPLE))),
        key=lambda tours: problem.price(np.array(tours)),
    )
    tours = np.array(best)
    found = choose(generation, tours, Limit(), most=10_000, seed=1)
    assert problem.integral
    assert np.ceil(found.bound - 1e-4) == problem.price(tours)
