"""M(t)/M/n(t)+M by its definition: the chance of every number in system, moved on in small steps."""

from __future__ import annotations

import numpy as np
from scipy.stats import hypergeom


def answered_shares(
    traffic: np.ndarray, servers: np.ndarray, aht_s: float, patience_s: float, interval_s: float
) -> np.ndarray:
    """Share answered of the contacts that arrive in each interval; before the first it is repeated six times."""
    size = int(1.4 * max(traffic.max(), servers.max()) + 10 * np.sqrt(traffic.max()) + 20)
    number = np.arange(size)
    chance = np.zeros(size)
    chance[0] = 1.0
    shares: list[float] = []
    before = int(servers[0])
    for offered, agents in zip(
        np.concatenate((np.repeat(traffic[0], 6), traffic)),
        np.concatenate((np.repeat(servers[0], 6), servers)),
        strict=True,
    ):
        if agents < before:
            chance = _left(chance, before, before - int(agents))
        before = int(agents)
        births = np.full(size, offered / aht_s)
        births[-1] = 0.0
        queued = np.maximum(number - agents, 0.0)
        deaths = np.minimum(number, agents) / aht_s + queued / patience_s
        # Behind j others, a contact gives up before j + 1 have gone with this chance.
        ahead = np.maximum(number - agents + 1.0, 0.0) / patience_s
        gives_up = np.divide(ahead, agents / aht_s + ahead, out=np.ones(size), where=agents + ahead > 0)
        steps = int(np.ceil(2.5 * interval_s * (births + deaths).max()))
        move = np.diag(1.0 - (births + deaths) * interval_s / steps)
        move += np.diag((births * interval_s / steps)[:-1], -1) + np.diag(
            (deaths * interval_s / steps)[1:], 1
        )
        lost = 0.0
        for _ in range(steps):
            lost += float(gives_up @ chance) / steps
            chance = move @ chance
        shares.append(1.0 - lost)
    return np.array(shares[6:])


def _left(chance: np.ndarray, servers: int, leave: int) -> np.ndarray:
    """When some of the servers leave, whoever they are, each with the contact it has in hand."""
    after = np.zeros(chance.size)
    for number, share in enumerate(chance):
        busy = min(number, servers)
        for taken in range(min(leave, busy) + 1):
            after[number - taken] += share * float(hypergeom.pmf(taken, servers, busy, leave))
    return after
