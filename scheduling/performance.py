"""What a number of agents means for the callers of each interval, averaged over the forecast's levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.domain import Queue
from scheduling.arguments import Floats, Integers
from scheduling.deferred_curves import deferred_share
from scheduling.demand import LEVEL_WEIGHTS, Demand
from scheduling.erlang import erlang_a
from scheduling.service_level import service_level

DEFAULT_THRESHOLD_S = 20.0
"""Wait that counts as in time where the target names none."""


@dataclass(frozen=True, slots=True)
class Performance:
    """Expected measures of intervals, arrays of shape (n,).

    Parameters
    ----------
    answer_rate
        Expected answered / expected offered; 1 without contacts.
    service_level
        Answered within the threshold, by the formula of the target; 1 without contacts.
    asa_s
        Mean wait of answered contacts; NaN where none is answered, 0 without contacts. Contacts that can wait have
        neither a service level nor a mean wait: both are NaN, and the answer rate is the share in time.
    occupancy
        Busy share of the agents' time; 0 without agents.
    """

    answer_rate: Floats
    service_level: Floats
    asa_s: Floats
    occupancy: Floats


def performance(queue: Queue, asked: Demand, agents: Floats, rows: Integers | None = None) -> Performance:
    """Steady state of each interval with that many agents, fractional ones too.

    Parameters
    ----------
    queue
        Its patience, concurrency and threshold.
    asked
        Traffic of its intervals.
    agents
        Positions on contacts, shape (m,).
    rows
        Interval of each of them, all in order when None, shape (m,).
    """
    rows = np.arange(asked.offered.size) if rows is None else rows
    if queue.can_wait:
        in_time, busy = deferred_share(queue, asked, agents, rows)
        none = np.full(in_time.shape, np.nan)
        return Performance(in_time, none, none, busy)
    load, shares = asked.load[rows], asked.shares[rows]
    threshold = queue.target.threshold_s
    found = erlang_a(
        load,
        agents[:, None],
        asked.aht_s[rows][:, None],
        queue.patience_s,
        threshold_s=DEFAULT_THRESHOLD_S if threshold is None else threshold,
        concurrency=queue.concurrency,
        queue=queue.id,
    )
    answered = (shares * found.answer_rate).sum(axis=1)
    waits = (shares * found.answer_rate * np.nan_to_num(found.asa_s)).sum(axis=1)
    busy = (LEVEL_WEIGHTS * load * found.answer_rate).sum(axis=1)
    level = service_level(
        queue.target.service_level_formula,
        offered=np.ones(answered.size),
        answered=answered,
        answered_in_time=(shares * found.answered_in_time).sum(axis=1),
        abandoned_in_time=(shares * found.abandoned_in_time).sum(axis=1),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return Performance(
            np.minimum(1.0, answered),
            level,
            np.where(answered > 0, waits / answered, np.nan),
            np.where(agents > 0, np.minimum(1.0, busy / (agents * queue.concurrency)), 0.0),
        )
