"""Agents of a whole day → contacts answered, each interval beginning with what the one before it leaves.

The time-dependent M(t)/M/n(t)+M by a pointwise stationary fluid flow (Wang, Tipper & Banerjee 1996, INFOCOM 964):
the mean number in system moves by arrivals − ends and abandonments, which are those of the steady state with that
mean number. Whoever goes home or into a break finishes the contact in hand, which is the others' work no more. It
sees what `carry_over` cannot, that few agents leave callers waiting for the next interval, at the price of knowing
every interval's agents: it judges rosters, it cannot plan them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.domain import Queue
from scheduling.arguments import Floats, Integers
from scheduling.demand import LEVEL_WEIGHTS, Demand
from scheduling.transient_kernels import fill_answered


@dataclass(frozen=True, slots=True)
class Followed:
    """A day's steps as they were followed with some agents.

    Parameters
    ----------
    agents
        Positions on contacts in each step, shape (m,).
    answered
        Share answered of each level and step, shape (7, m).
    left_over
        Load, number in system and answer rate at the end of each step, shape (7, m, 3).
    """

    agents: Floats
    answered: Floats
    left_over: Floats

    def share(self, asked: Demand, rows: Integers) -> Floats:
        """Share answered of the contacts that arrive in each step, averaged over the forecast's levels, shape (m,).

        In 0–1; 1 where nothing is offered. Traffic and intervals are those followed.
        """
        share: Floats = (asked.shares[rows].T * self.answered).sum(axis=0)
        return np.minimum(1.0, share)


def follow(
    queue: Queue,
    asked: Demand,
    agents: Floats,
    *,
    rows: Integers,
    follows: np.ndarray,
    length_s: float,
    before: Followed | None = None,
) -> Followed:
    """Follow the contacts of a day from step to step.

    Parameters
    ----------
    queue
        Its patience and concurrency.
    asked
        Traffic of its intervals.
    agents
        Positions on contacts in each step, fractional ones too, shape (m,).
    rows
        Interval each step lies in, in order of time, shape (m,).
    follows
        Whether a step begins where the one before it ends, shape (m,).
    length_s
        Length of a step.
    before
        The same steps with other agents: only those are followed anew that change by it, to the very same end.
    """
    aht_s, traffic = asked.aht_s[rows], asked.traffic[rows]
    servers, ratio, lengths = agents * queue.concurrency, aht_s / queue.patience_s, length_s / aht_s
    levels = LEVEL_WEIGHTS.size
    if before is None:
        answered, left_over = np.empty((levels, agents.size)), np.empty((levels, agents.size, 3))
        changed = np.ones(agents.size, dtype=bool)
    else:
        answered, left_over = before.answered.copy(), before.left_over.copy()
        changed = agents != before.agents
    for level in range(levels):
        fill_answered(
            np.ascontiguousarray(traffic[:, level]),
            servers,
            ratio,
            lengths,
            follows,
            answered[level],
            left_over[level],
            changed,
        )
    return Followed(agents, answered, left_over)
