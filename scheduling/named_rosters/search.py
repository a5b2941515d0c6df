"""The search for a roster of people who all differ, over everybody's whole tours."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from scheduling.named_rosters.ascent import ascend
from scheduling.named_rosters.columns import Columns
from scheduling.named_rosters.descent import descend, first_tours
from scheduling.named_rosters.dive import dive
from scheduling.named_rosters.found import Found, Tell
from scheduling.named_rosters.generation import Generation
from scheduling.named_rosters.limit import Limit
from scheduling.named_rosters.neighbourhood import choose
from scheduling.named_rosters.network import TourNetwork
from scheduling.named_rosters.problem import NamedProblem

ROUNDING = 1e-4
"""A bound this little above a whole number is not rounded up: sums of prices are not exact."""
PASSES = 60
"""Over everybody in search of prices, before the first relaxation."""
FEW_PASSES = 10
SMALL_STEP = 0.04
"""The same over a neighbourhood, near everybody's prices."""
ASCENT_SHARE = 0.25
"""Most of the time for that search."""
RELAXATION_SHARE = 0.5
"""Time after which the relaxation over everybody's tours ends, in any case."""
DESCENT_SHARE = 0.1
"""Most of the time for best tours in turn."""
DIVE_SHARE = 0.5
"""Most of the time for settling one person after another."""
CHOICE_SHARE = 0.1
"""Most of the time for one choice over everybody's tours."""
MOST_TOURS = 100
"""Tours per person added to a choice, beyond those that relaxations asked for."""
FEWEST = 4
"""People in the smallest neighbourhood."""
NEIGHBOURHOOD_S = 6.0
"""Most wall time for one neighbourhood."""
IN_VAIN = 40
"""Neighbourhoods without a better roster before everybody's tours are chosen anew."""


@dataclass
class Search:
    """Column generation over everybody's tours, a dive, and neighbourhoods until the time is up.

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
    start
        A roster to begin with, people × days of duties; where there is none one is made.

    Raises
    ------
    InfeasibleError
        Where somebody's own limits allow no tour.
    """

    problem: NamedProblem
    time_s: float
    seed: int
    tell: Tell | None
    stop: Callable[[], bool] | None
    start: np.ndarray | None = None
    bound: float = field(default=-math.inf, init=False)

    def __post_init__(self) -> None:
        self.begun_s = time.monotonic()
        self.limit = Limit(self.begun_s + self.time_s, self.stop)
        self.random = np.random.default_rng(self.seed)
        self.networks = [TourNetwork(self.problem, person) for person in range(len(self.problem.people))]
        self.columns = Columns(self.problem)
        if self.start is None:
            self.tours = first_tours(self.problem, self.networks, self.columns)
        else:
            self.tours = self.start
            for person, tour in enumerate(self.start):
                self.networks[person].known = tour

    def run(self) -> Found:
        """Search until the time is up or the roster is proven to be the best."""
        self._told("first roster")
        self._descend()
        everybody = self._generation(np.arange(len(self.networks)))
        ascend(everybody, self.random, self.limit.within(ASCENT_SHARE * self.time_s), passes=PASSES)
        self._prove(everybody.bound)
        self._told("prices")
        spent_s = time.monotonic() - self.begun_s
        everybody.run(self.limit.within(RELAXATION_SHARE * self.time_s - spent_s))
        self._prove(everybody.bound)
        self._told("relaxation")
        if not self._ended():
            self._take(dive(everybody, self.limit.within(DIVE_SHARE * self.time_s)))
            self._told("dive")
            self._descend()
        most = 0
        while not self._ended():
            self._choose(everybody, self.limit.within(CHOICE_SHARE * self.time_s), most)
            if not self._ended():
                self._neighbourhoods(everybody.worth)
            # With a better roster fewer tours can be better still, so that more of them can be looked at.
            most = 2 * most + MOST_TOURS
        return self._found()

    def _choose(self, generation: Generation, limit: Limit, most: int) -> bool:
        """Choose anew for the people of a relaxation; whether the choice came to its end."""
        most_tours = most * generation.people.size
        found = choose(generation, self.tours, limit, most=most_tours, seed=self.seed)
        self._take(found.tours)
        if generation.people.size == len(self.networks):
            self._prove(found.bound)
        self._told(f"{generation.people.size} people")
        return found.exhausted

    def _take(self, tours: np.ndarray) -> None:
        if self.problem.price(tours) <= self.problem.price(self.tours):
            self.tours = tours

    def _neighbourhoods(self, worth: np.ndarray) -> None:
        """Choose anew for few people at a time, more of them as long as that is quick, until it is in vain.

        `worth` is what duties are worth where everybody's tours are chosen.
        """
        size, in_vain = float(FEWEST), 0
        while not self._ended() and in_vain < IN_VAIN:
            people = self.random.choice(
                len(self.networks), size=min(int(size), len(self.networks)), replace=False
            )
            begun_s, price = time.monotonic(), self.problem.price(self.tours)
            limit = self.limit.within(NEIGHBOURHOOD_S)
            generation = self._generation(np.sort(people))
            generation.worth = worth
            ascend(generation, self.random, limit, passes=FEW_PASSES, first_step=SMALL_STEP)
            generation.run(limit)
            exhausted = self._choose(generation, limit, MOST_TOURS)
            quick = exhausted and time.monotonic() - begun_s < NEIGHBOURHOOD_S / 3
            size = max(FEWEST, size + 0.5 if quick else size - 0.5)
            in_vain = 0 if self.problem.price(self.tours) < price else in_vain + 1

    def _generation(self, people: np.ndarray) -> Generation:
        others = np.delete(self.tours, people, axis=0)
        there = self.problem.there(others)
        return Generation(self.problem, self.networks, self.columns, people, there)

    def _descend(self) -> None:
        limit = self.limit.within(DESCENT_SHARE * self.time_s)
        self.tours = descend(
            self.problem, self.networks, self.columns, self.tours, limit=limit, random=self.random
        )
        self._told("one by one")

    def _prove(self, bound: float) -> None:
        if not math.isfinite(bound):
            return
        self.bound = max(self.bound, math.ceil(bound - ROUNDING) if self.problem.integral else bound)

    def _ended(self) -> bool:
        closed = self.problem.price(self.tours) <= self.bound + ROUNDING
        return closed or self.limit.reached()

    def _told(self, phase: str) -> None:
        if self.tell is not None:
            self.tell(phase, self._found())

    def _found(self) -> Found:
        price = self.problem.price(self.tours)
        return Found(self.tours, price, min(self.bound, price))
