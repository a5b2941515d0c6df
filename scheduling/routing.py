"""Which free agent an arriving contact goes to."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from scheduling.arguments import Integers


class Routing(StrEnum):
    """Whom an arriving contact goes to, of the free agents with its skill.

    LONGEST_IDLE: the agent who has been free longest, whatever else it could do.
    FEWEST_SKILLS: an agent of those who serve the fewest queues, of them the one free longest. Who can do more is
    kept for contacts that only a few people can take.

    Under either a chat goes to the least loaded agent of those who come first. An agent who gets free takes the
    contact of the highest priority among the queues it serves, of these the one that has waited longest; call-backs
    and deferred contacts come after all others.
    """

    LONGEST_IDLE = "longest-idle"
    FEWEST_SKILLS = "fewest-skills"


def turns(routing: Routing, serves: np.ndarray) -> Integers:
    """When each skill set is asked for an arriving contact, lower first.

    Parameters
    ----------
    serves
        Which queues each set serves, shape (sets, queues).
    """
    if routing is Routing.FEWEST_SKILLS:
        return np.asarray(serves.sum(axis=1), dtype=np.int64)
    return np.zeros(len(serves), dtype=np.int64)
