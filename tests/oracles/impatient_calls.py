"""Call by call, the slow and obvious M/M/n+M: who is served when, who gives up."""

from __future__ import annotations

import heapq
import math

import numpy as np


def birth_death(rate_per_s: float, aht_s: float, agents: int, patience_s: float) -> tuple[float, float]:
    """Probabilities of waiting and of abandoning, from the balance equations, one state at a time."""
    logs, top = [0.0], 0.0
    while len(logs) <= agents or logs[-1] > top - 42:
        present = len(logs)
        leaving = min(present, agents) / aht_s + max(present - agents, 0) / patience_s
        logs.append(logs[-1] + math.log(rate_per_s / leaving))
        top = max(top, logs[-1])
    weights = [math.exp(value - top) for value in logs]
    total = sum(weights)
    waiting = sum(weights[agents:]) / total
    queued = sum((present - agents) * w for present, w in enumerate(weights) if present > agents) / total
    return waiting, queued / patience_s / rate_per_s


def simulate_calls(
    rate_per_s: float, aht_s: float, agents: int, patience_s: float, *, calls: int, seed: int
) -> np.ndarray:
    """Outcome of each call in order of arrival: its wait when answered, NaN when it left."""
    draw = np.random.default_rng(seed)
    arrivals = np.cumsum(draw.exponential(1 / rate_per_s, calls))
    patience, service = draw.exponential(patience_s, calls), draw.exponential(aht_s, calls)
    free_at = [0.0] * agents
    waits = np.full(calls, np.nan)
    for call, arrival in enumerate(arrivals):
        begin = max(arrival, free_at[0])
        if begin - arrival <= patience[call]:
            waits[call] = begin - arrival
            heapq.heapreplace(free_at, begin + service[call])
    return waits
