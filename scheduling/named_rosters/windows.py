"""Rosters over long horizons: a part of the horizon at a time, all else being fixed."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator

import numpy as np

from scheduling.named_rosters.columns import Columns
from scheduling.named_rosters.descent import descend
from scheduling.named_rosters.found import Found, Tell
from scheduling.named_rosters.limit import Limit
from scheduling.named_rosters.lookahead import first_tour
from scheduling.named_rosters.network import TourNetwork
from scheduling.named_rosters.problem import REST, NamedProblem
from scheduling.named_rosters.search import Search
from scheduling.named_rosters.window import window

DAYS = 28
"""Length of a part."""
STEP_DAYS = 21
"""From the beginning of a part to the next one's."""
SHARE = 0.15
"""Part of the time left for one part of the horizon at most, where fewer parts are left than that."""


def roster_by_windows(
    problem: NamedProblem,
    time_s: float,
    seed: int,
    tell: Tell | None,
    stop: Callable[[], bool] | None,
) -> Found:
    """Roster the parts of a long horizon one after another, again and again until the time is up.

    Raises
    ------
    InfeasibleError
        Where no tour was found for somebody.
    """
    limit = Limit(time.monotonic() + time_s, stop)
    bound = _bound(problem)
    tours = np.full((len(problem.people), problem.days), REST)
    there = problem.there(tours)
    days = np.arange(problem.days)
    for person in range(len(problem.people)):
        tours[person] = first_tour(problem, person, there)
        there[days, tours[person]] += 1
        there[:, REST] = 0

    def told(phase: str, found: np.ndarray) -> None:
        if tell is not None:
            tell(phase, Found(found, problem.price(found), bound))

    told("first roster", tours)
    random = np.random.default_rng(seed)
    parts = list(_parts(problem))
    for first, last in parts:
        if limit.reached():
            break
        tours = _descended(problem, tours, first=first, last=last, limit=limit, random=random)
        told(f"days {first} to {last}, one by one", tours)
    turn = 0
    while not limit.reached() and problem.price(tours) > bound:
        first, last = parts[turn % len(parts)]
        left_s = limit.left_s()
        share_s = left_s * max(SHARE, 1 / len(parts)) if turn >= len(parts) else left_s / (len(parts) - turn)
        part = window(problem, tours, first, last)
        search = Search(part, share_s, seed + turn, None, stop, tours[:, first:last])
        tours = tours.copy()
        tours[:, first:last] = search.run().tours
        told(f"days {first} to {last}", tours)
        turn += 1
    return Found(tours, problem.price(tours), bound)


def _parts(problem: NamedProblem) -> Iterator[tuple[int, int]]:
    """First days and those after the last ones; none of them parts a weekend."""
    first = 0
    while first < problem.days:
        last = _whole(problem, min(first + DAYS, problem.days))
        yield first, last
        if last == problem.days:
            return
        first = _whole(problem, first + STEP_DAYS)


def _whole(problem: NamedProblem, day: int) -> int:
    """The day, or the next one where it is the second of a weekend."""
    weekends = problem.weekends
    inside = 0 < day < problem.days and weekends[day] >= 0 and weekends[day] == weekends[day - 1]
    return day + 1 if inside else day


def _descended(
    problem: NamedProblem,
    tours: np.ndarray,
    *,
    first: int,
    last: int,
    limit: Limit,
    random: np.random.Generator,
) -> np.ndarray:
    part = window(problem, tours, first, last)
    networks = [TourNetwork(part, person) for person in range(len(part.people))]
    for person, network in enumerate(networks):
        network.known = tours[person, first:last]
    after = tours.copy()
    after[:, first:last] = descend(
        part, networks, Columns(part), tours[:, first:last], limit=limit, random=random
    )
    return after


def _bound(problem: NamedProblem) -> float:
    """Everybody's best wish on each day: no roster is cheaper, for cover costs nothing at best."""
    bound = float(problem.wishes.min(axis=2).sum())
    return math.floor(bound) if problem.integral else bound
