"""M/M/s+M by its definition: every state of the birth–death chain, in plain loops from the likeliest outwards."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import betainc


@dataclass(frozen=True)
class SteadyState:
    answer_rate: float
    wait_probability: float
    abandonment: float
    mean_wait_s: float
    asa_s: float
    occupancy: float
    answered_in_time: float
    abandoned_in_time: float
    still_waiting: float


def probabilities(traffic: float, servers: int, aht_s: float, patience_s: float) -> dict[int, float]:
    """Probability of each number in system; states 1e-40 as likely as the likeliest are left out far from s."""
    births = traffic / aht_s

    def deaths(k: int) -> float:
        return min(k, servers) / aht_s + max(k - servers, 0) / patience_s

    mode = 0
    while deaths(mode + 1) < births:
        mode += 1
    weight = {mode: 1.0}
    k = mode
    while k > 0 and (weight[k] > 1e-40 or k > servers):
        weight[k - 1] = weight[k] * deaths(k) / births
        k -= 1
    k = mode
    while weight[k] > 1e-40 or k < servers + 400:
        weight[k + 1] = weight[k] * births / deaths(k + 1)
        k += 1
    total = math.fsum(weight.values())
    return {k: value / total for k, value in weight.items()}


def steady_state(
    traffic: float, servers: int, aht_s: float, patience_s: float, threshold_s: float
) -> SteadyState:
    chain = probabilities(traffic, servers, aht_s, patience_s)
    busy = math.fsum(min(k, servers) * p for k, p in chain.items())
    queued = math.fsum((k - servers) * p for k, p in chain.items() if k > servers)
    waiting = math.fsum(p for k, p in chain.items() if k >= servers)
    births = traffic / aht_s
    answered_wait, late, still, gone, departures_s = [], [], [], [], 0.0
    left = math.exp(-threshold_s / patience_s)
    for ahead in range(max(chain) - servers + 1):
        # With j ahead, j + 1 departures are needed; in each the contact itself may be the one to give up.
        rate = servers / aht_s + (ahead + 1) / patience_s
        departures_s += 1.0 / rate
        reached = chain.get(servers + ahead, 0.0) * servers / aht_s / rate
        if reached == 0:
            continue
        answered_wait.append(reached * departures_s)
        # Given that it is reached, its wait is −patience · ln Beta(s·patience/aht + 1, j + 1).
        late.append(reached * float(betainc(servers * patience_s / aht_s + 1, ahead + 1, left)))
        # Ahead of it, j + 1 departures of others take −patience · ln Beta(s·patience/aht, j + 1).
        found = chain.get(servers + ahead, 0.0)
        kept = float(betainc(servers * patience_s / aht_s, ahead + 1, left))
        still.append(found * left * kept)
        gone.append(found * (1.0 - left * kept) - reached + late[-1])
    answered = busy / traffic
    return SteadyState(
        answered,
        waiting,
        math.fsum((k - servers) * p / patience_s / births for k, p in chain.items() if k > servers),
        queued / births,
        math.fsum(answered_wait) / answered if answered else math.nan,
        busy / servers if servers else 0.0,
        answered - math.fsum(late),
        math.fsum(gone),
        math.fsum(still),
    )
