"""Least agents of an interval besides its answer rate: minimum staff, service level, mean wait and occupancy."""

from __future__ import annotations

import numpy as np

from data.domain import Queue
from scheduling.arguments import Integers
from scheduling.demand import Demand
from scheduling.minimal_agents import MOST_AGENTS_PER_ERLANG, least_integers
from scheduling.performance import performance


def least_agents_besides_rate(queue: Queue, asked: Demand) -> Integers:
    """Least whole agents of each interval for what the target has besides its answer rate, shape (n,).

    Raises
    ------
    InputError
        No number of agents reaches a service level, mean wait or occupancy.
    """
    target = queue.target
    low = np.full(asked.offered.size, target.min_agents)
    if not target.measured_besides_rate or queue.can_wait:
        return low
    # Nobody is not busy: without agents the occupancy would pass for held.
    low = np.where(asked.offered > 0, np.maximum(low, 1), low)

    def meets(index: Integers, agents: Integers) -> np.ndarray:
        found = performance(queue, asked, agents.astype(float), index)
        held = np.ones(index.size, dtype=bool)
        if target.service_level is not None:
            held &= found.service_level >= target.service_level
        if target.max_asa_s is not None:
            held &= found.asa_s <= target.max_asa_s
        if target.max_occupancy is not None:
            held &= found.occupancy <= target.max_occupancy
        return held | (asked.offered[index] <= 0)

    high = np.ceil(MOST_AGENTS_PER_ERLANG * (asked.load.max(axis=1) + 1)).astype(np.int64)
    return least_integers(meets, low, np.maximum(low, high), queue=queue.id)
