"""Agents of a whole day → contacts answered, each interval beginning with what the one before it leaves.

The time-dependent M(t)/M/n(t)+M by a pointwise stationary fluid flow (Wang, Tipper & Banerjee 1996, INFOCOM 964):
the mean number in system moves by arrivals − ends and abandonments, which are those of the steady state with that
mean number. Whoever goes home or into a break finishes the contact in hand, which is the others' work no more. It
sees what `carry_over` cannot, that few agents leave callers waiting for the next interval, at the price of knowing
every interval's agents: it judges rosters, it cannot plan them.
"""

from __future__ import annotations

import numpy as np

from data.domain import Queue
from scheduling.arguments import Floats, Integers
from scheduling.demand import LEVEL_WEIGHTS, Demand
from scheduling.transient_kernels import fill_answered


def answered_as_rostered(
    queue: Queue, asked: Demand, agents: Floats, *, rows: Integers, follows: np.ndarray, length_s: float
) -> Floats:
    """Share of the contacts arriving in each step that is answered, averaged over the forecast's levels.

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

    Returns
    -------
    array
        In 0–1; 1 where nothing is offered, shape (m,).
    """
    aht_s = asked.aht_s[rows]
    traffic, shares = asked.traffic[rows], asked.shares[rows]
    servers, ratio, lengths = agents * queue.concurrency, aht_s / queue.patience_s, length_s / aht_s
    answered, found = np.zeros(agents.size), np.empty(agents.size)
    for level in range(LEVEL_WEIGHTS.size):
        fill_answered(np.ascontiguousarray(traffic[:, level]), servers, ratio, lengths, follows, found)
        answered += shares[:, level] * found
    return np.minimum(1.0, answered)
