"""A person's first tour over a long horizon: day by day what is needed most, never into a dead end."""

from __future__ import annotations

import math

import numpy as np

from data.errors import InfeasibleError
from scheduling.named_rosters.lookahead_kernels import fill_fewest_weekends, walk
from scheduling.named_rosters.network import TourNetwork
from scheduling.named_rosters.problem import REST, NamedProblem


def first_tour(problem: NamedProblem, person: int, there: np.ndarray) -> np.ndarray:
    """A tour that keeps the person's limits, a duty per day, with work spread evenly over the horizon.

    Parameters
    ----------
    problem, person
        Whose, the person by number.
    there
        Cover by those who have tours, days × duties.

    Raises
    ------
    InfeasibleError
        Where no tour was found.
    """
    network = TourNetwork(problem, person)
    # Types of which there may be few could lead into a dead end, for the way ahead does not count them.
    plenty = network.most >= problem.days / 2
    for usable in (plenty, np.ones_like(plenty)):
        tour = _walk(network, there, usable)
        if tour is not None:
            return tour
    name = problem.people[person].name
    raise InfeasibleError(
        f"{name}: no tour was found that keeps the limits of the contract and the days off."
    )


def _walk(network: TourNetwork, there: np.ndarray, usable: np.ndarray) -> np.ndarray | None:
    problem, limits = network.problem, network.problem.people[network.person].limits
    units, kind, follows, rules = network.fixed
    allowed = ~network.forbidden & (usable | (np.arange(usable.size) == REST))
    days, runs, weekends, times = network.shape
    if weekends == 0 or times <= rules[3]:
        return None
    fewest = np.empty((days, runs, times), dtype=np.uint8)
    fill_fewest_weekends(allowed, units, kind, follows, problem.weekends, rules, fewest)
    gains = -problem.cover.price_of_one_more(there) - problem.wishes[network.person]
    gains -= gains[:, [REST]]
    free = allowed[:, REST + 1 :].any(axis=1)
    share = np.cumsum(free) / max(free.sum(), 1)
    on_weekend = problem.weekends >= 0
    part = np.cumsum(free & on_weekend) / max((free & on_weekend).sum(), 1)
    wanted_time = share * (rules[3] + times - 1) / 2
    wanted_weekends = np.ceil(part * limits.most_weekends)
    tour = np.empty(problem.days, dtype=np.int64)
    done = walk(
        gains, allowed, units, kind, follows, problem.weekends, rules, network.most, fewest,
        wanted_time, wanted_weekends, math.floor(limits.most_weekends), tour,
    )  # fmt: skip
    return tour if done else None
