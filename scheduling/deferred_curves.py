"""Answer curves of work that waits: straight lines, for an agent handles as much in any hour.

The contacts of an interval are the work planned into it (`deferred`). In the long run all that comes must be
handled, in time or late, so that a target below 1 is no reason to staff less than the expected work. And the
expected work is not enough where the forecast is unsure: on days with more some of it is late. The line
is therefore drawn so that a queue that just reaches its target has the agents for the larger of the two: the
expected work, and what handles the target's share of it in time on average over the forecast's levels.
"""

from __future__ import annotations

import numpy as np

from data.domain import Period, Queue
from scheduling.arguments import Floats, Integers
from scheduling.demand import LEVEL_WEIGHTS, Demand


def capacity_for(ratios: Floats, share: float) -> Floats:
    """Least capacity, as a share of the expected work, that handles a share of it on average over the levels.

    What work of x times the expected needs beyond the capacity c is late: Σ weight · min(x, c) = share, solved
    exactly, for the left side is concave and straight between the levels.

    Parameters
    ----------
    ratios
        Work at each level / expected work, their weighted mean 1, shape (n, levels).
    share
        Share to be handled, 0–1; all of it takes the capacity of the highest level.

    Returns
    -------
    ndarray
        Shape (n,).
    """
    order = np.argsort(ratios, axis=1)
    level = np.take_along_axis(ratios, order, axis=1)
    weight = LEVEL_WEIGHTS[order]
    beyond = 1.0 - np.cumsum(weight, axis=1)
    handled = np.cumsum(weight * level, axis=1) + level * beyond
    at = np.minimum((handled < share - 1e-12).sum(axis=1), level.shape[1] - 1)[:, None]
    before = np.maximum(at - 1, 0)

    def of(values: Floats, index: Integers) -> Floats:
        return np.take_along_axis(values, index, axis=1)[:, 0]

    first = at[:, 0] == 0
    below = np.where(first, 0.0, of(level, before))
    done = np.where(first, 0.0, of(handled, before))
    slope = np.where(first, 1.0, of(beyond, before))
    found = below + (share - done) / np.where(slope > 0, slope, 1.0)
    return np.minimum(found, of(level, at))


def work(queue: Queue, asked: Demand) -> Floats:
    """Agents that the expected contacts of each interval keep busy, shape (n,)."""
    erlangs: Floats = asked.offered * asked.aht_s / (asked.interval_s * queue.concurrency)
    return erlangs


def target_agents(queue: Queue, asked: Demand) -> Floats:
    """Agents with which each interval's work just reaches the target, shape (n,); fractions are shares of the time."""
    some = asked.offered > 0
    ratios = np.ones(asked.levels.shape)
    ratios[some] = asked.levels[some] / asked.offered[some, None]
    return work(queue, asked) * np.maximum(1.0, capacity_for(ratios, _rate(queue)))


def full_agents(queue: Queue, asked: Demand) -> Floats:
    """Agents with which all work of each interval counts as handled in time, shape (n,)."""
    rate = _rate(queue)
    return target_agents(queue, asked) / rate if rate > 0 else work(queue, asked)


def deferred_agents(queue: Queue, asked: Demand) -> Floats:
    """Agents required in each interval: what work and target take, at least `min_agents`, shape (n,)."""
    return np.maximum(target_agents(queue, asked), float(queue.target.min_agents))


def deferred_share(queue: Queue, asked: Demand, agents: Floats, rows: Integers) -> tuple[Floats, Floats]:
    """Share handled in time and busy share of the agents, of the intervals `rows` with that many agents each."""
    full, busy = full_agents(queue, asked)[rows], work(queue, asked)[rows]
    some = agents > 0
    positive = np.where(some, agents, 1.0)
    in_time = np.where(full > 0, np.minimum(1.0, agents / np.where(full > 0, full, 1.0)), 1.0)
    return in_time, np.where(some, np.minimum(1.0, busy / positive), 0.0)


def deferred_pieces(queue: Queue, asked: Demand) -> tuple[Floats, Floats, Integers]:
    """Breakpoints of all intervals end to end, share handled in time at each, and how many each interval has."""
    some = asked.offered > 0
    sizes = np.where(some, 2, 1).astype(np.int64)
    last = np.cumsum(sizes) - 1
    agents, share = np.zeros(sizes.sum()), np.zeros(sizes.sum())
    agents[last[some]] = full_agents(queue, asked)[some]
    share[last[some]] = 1.0
    return agents, share, sizes


def _rate(queue: Queue) -> float:
    target = queue.target
    return max(target.answer_rate, target.interval_floor if target.period is Period.INTERVAL else 0.0)
