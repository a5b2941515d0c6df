"""People and contracts → what an hour of staff costs a queue."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from data.domain import Agent, Contract, Queue
from data.errors import UnknownNameError


def hourly_costs(
    queues: Sequence[Queue], agents: Sequence[Agent], contracts: Sequence[Contract]
) -> dict[str, float]:
    """Cost of a paid hour by queue: the mean of `Contract.cost_per_h` over the people who have its skill.

    A queue for which nobody has the skill costs what people cost on average, and an hour costs 1 where there are
    no people. What patterns cost more is not in it: which of them are worked, only a roster knows.

    Raises
    ------
    UnknownNameError
        Someone's contract is not among those given.
    """
    known = {contract.id: contract.cost_per_h for contract in contracts}
    for agent in agents:
        if agent.contract not in known:
            raise UnknownNameError("contract", agent.contract, tuple(known))
    found = {}
    for queue in queues:
        able = [agent for agent in agents if queue.skill in agent.skills] or agents
        found[queue.id] = float(np.mean([known[agent.contract] for agent in able])) if able else 1.0
    return found
