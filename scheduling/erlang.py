"""Erlang B, C and A over arrays: what share is answered, how long contacts wait, how busy the agents are.

Erlang A is M/M/n+M: Poisson arrivals, exponential handle times and patience, one queue served in order of
arrival (Palm 1957; Garnett, Mandelbaum & Reiman 2002, Manufacturing & Service Operations Management 4:208).

Conventions, all functions
    Arguments are broadcast against each other; results have the broadcast shape.
    `traffic` is offered contacts × handle time / interval length, in erlangs, 0.001 to 10,000 and beyond.
    `agents` may be fractional: 4.3 agents are 4 for seven tenths of the time and 5 for three tenths. Counts and
    sums are interpolated between the two integers, ratios (ASA, occupancy) formed afterwards.
    `concurrency` contacts are handled at once by one agent of a chat queue: it multiplies the servers, while
    the handle time is that of one contact as it takes in parallel with the others.
    No contacts offered: answer rate and service level 1, no wait, and no agents are needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from data.domain import ServiceLevelFormula
from scheduling import erlang_kernels as kernels
from scheduling.arguments import Floats, Integers, arrays
from scheduling.service_level import service_level

NOTHING_OFFERED = np.array([1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0])
"""What `erlang_kernels.measures` would be without traffic."""


@dataclass(frozen=True, slots=True)
class ErlangA:
    """Steady state of M/M/n+M, arrays of one shape.

    Parameters
    ----------
    answer_rate
        Answered / offered.
    wait_probability
        Share that does not reach an agent at once.
    abandonment
        Abandoned / offered.
    mean_wait_s
        Mean wait of all contacts, answered or not.
    asa_s
        Mean wait of answered contacts; NaN where none is answered.
    occupancy
        Busy share of the agents' time; 0 without agents.
    answered_in_time, abandoned_in_time
        Answered and abandoned within the threshold / offered.
    still_waiting
        P(wait > threshold): share neither answered nor gone by then.
    """

    answer_rate: Floats
    wait_probability: Floats
    abandonment: Floats
    mean_wait_s: Floats
    asa_s: Floats
    occupancy: Floats
    answered_in_time: Floats
    abandoned_in_time: Floats
    still_waiting: Floats

    def service_level(self, formula: ServiceLevelFormula = ServiceLevelFormula.F3) -> Floats:
        """Share answered within the threshold, by one of the four formulas."""
        return service_level(
            formula,
            offered=np.ones(self.answer_rate.shape),
            answered=self.answer_rate,
            answered_in_time=self.answered_in_time,
            abandoned_in_time=self.abandoned_in_time,
        )


def erlang_b(traffic: ArrayLike, agents: ArrayLike) -> Floats:
    """Share blocked when nobody can wait (M/M/n/n).

    Raises
    ------
    InputError
        Traffic or agents are negative or not finite.
    """
    a, n = arrays(traffic=traffic, agents=agents)

    def at(s: Integers) -> Floats:
        inverse = np.ones(a.size)
        some = a.ravel() > 0
        part = np.empty(int(some.sum()))
        kernels.fill_inverse_blocking(a.ravel()[some], s.ravel()[some], part)
        inverse[some] = part
        return np.where(a > 0, 1.0 / inverse.reshape(a.shape), np.where(s > 0, 0.0, 1.0))

    return _between(n, at)


def erlang_c(traffic: ArrayLike, agents: ArrayLike) -> Floats:
    """P(wait > 0) when everybody waits as long as it takes (M/M/n); 1 where agents ≤ traffic.

    Raises
    ------
    InputError
        Traffic or agents are negative or not finite.
    """
    a, n = arrays(traffic=traffic, agents=agents)

    def at(s: Integers) -> Floats:
        blocked = erlang_b(a, s)
        stable = s > a
        load = np.where(stable, a / np.where(stable, s, 1), 0.0)
        return np.where(stable, blocked / (1.0 - load * (1.0 - blocked)), 1.0)

    return _between(n, at)


def answer_rate(
    traffic: ArrayLike,
    agents: ArrayLike,
    aht_s: ArrayLike,
    patience_s: ArrayLike,
    *,
    concurrency: ArrayLike = 1,
    queue: str = "",
) -> Floats:
    """Answered / offered in M/M/n+M; the quick way when nothing else is asked for.

    Raises
    ------
    InputError
        A value is out of bounds; the message names it, and the queue when given.
    """
    a, n, aht, patience, servers = arrays(
        queue, traffic=traffic, agents=agents, aht_s=aht_s, patience_s=patience_s, concurrency=concurrency
    )

    def at(s: Integers) -> Floats:
        some = a > 0
        part = np.empty(int(some.sum()))
        kernels.fill_answered(a[some], _times(s, servers)[some], (aht / patience)[some], part)
        share = np.ones(a.shape)
        share[some] = part
        return share

    return _between(n, at)


def erlang_a(
    traffic: ArrayLike,
    agents: ArrayLike,
    aht_s: ArrayLike,
    patience_s: ArrayLike,
    *,
    threshold_s: ArrayLike = 20.0,
    concurrency: ArrayLike = 1,
    queue: str = "",
) -> ErlangA:
    """Everything a planner asks of M/M/n+M in steady state.

    Parameters
    ----------
    traffic, agents, concurrency
        See the module.
    aht_s, patience_s
        Mean handle time of an answered contact, mean time a contact waits before it abandons.
    threshold_s
        Wait that counts as in time; with several of them `still_waiting` is the distribution of the wait.
    queue
        Name for error messages.

    Raises
    ------
    InputError
        A value is out of bounds; the message names it, and the queue when given.
    """
    a, n, aht, patience, threshold, servers = arrays(
        queue,
        traffic=traffic,
        agents=agents,
        aht_s=aht_s,
        patience_s=patience_s,
        threshold_s=threshold_s,
        concurrency=concurrency,
    )
    some = a > 0

    def at(s: Integers) -> Floats:
        part = np.empty((len(NOTHING_OFFERED), int(some.sum())))
        kernels.fill_measures(
            a[some], _times(s, servers)[some], (aht / patience)[some], (threshold / aht)[some], part
        )
        found = np.empty((len(NOTHING_OFFERED), *a.shape))
        found[:, ~some] = NOTHING_OFFERED[:, None]
        found[:, some] = part
        return found

    answered, waiting, wait, answered_wait, in_time, gone_in_time, still = _between(n, at)
    with np.errstate(divide="ignore", invalid="ignore"):
        asa = np.where(answered > 0, answered_wait / answered, np.nan) * aht
        occupancy = np.where(n > 0, np.minimum(1.0, a * answered / (n * servers)), 0.0)
    # Not 1 − answered, which has no digits left where almost all are.
    abandoned = wait * aht / patience
    return ErlangA(answered, waiting, abandoned, wait * aht, asa, occupancy, in_time, gone_in_time, still)


def _times(agents: Integers, concurrency: Floats) -> Integers:
    return agents * concurrency.astype(np.int64)


def _between(agents: Floats, at: Callable[[Integers], Floats]) -> Floats:
    """Linear interpolation of `at` between the whole numbers around `agents`, along the last axes."""
    below = np.floor(agents).astype(np.int64)
    rest = agents - below
    values = at(below)
    if rest.any():
        values = (1.0 - rest) * values + rest * at(below + 1)
    return values
