"""Rosters of people who all differ, with a proven bound, at any time: the one function to call."""

from __future__ import annotations

from collections.abc import Callable

from scheduling.named_rosters.found import Found, Tell
from scheduling.named_rosters.network import TourNetwork
from scheduling.named_rosters.problem import NamedProblem
from scheduling.named_rosters.search import Search
from scheduling.named_rosters.windows import roster_by_windows

MOST_NODES = 2**23
"""Nodes of a network beyond which a person's tours over the whole horizon are not priced."""


def solve(
    problem: NamedProblem,
    *,
    time_s: float,
    seed: int = 0,
    tell: Tell | None = None,
    stop: Callable[[], bool] | None = None,
) -> Found:
    """Find a roster whose price is as small as can be found in time, and a bound on the price of any.

    A first roster is there within seconds; column generation over everybody's tours gives the bound, a dive and an
    integer programme over the tours near it a good roster or the best one; then some people's tours at a time are
    chosen anew in the same way, everybody else's being fixed. Where the horizon is so long that whole tours cannot
    be priced, a part of it at a time is rostered so, the rest being fixed.

    Parameters
    ----------
    problem
        What is to be rostered.
    time_s
        Wall time.
    seed
        Of whom is chosen anew.
    tell
        Hears of each step.
    stop
        Asked now and then; true stops.

    Raises
    ------
    InfeasibleError
        Where somebody's own limits allow no tour.
    """
    nodes = max((TourNetwork(problem, person).nodes for person in range(len(problem.people))), default=0)
    if nodes > MOST_NODES:
        return roster_by_windows(problem, time_s, seed, tell, stop)
    return Search(problem, time_s, seed, tell, stop).run()
