"""Erlang C, M/M/n: nobody gives up, everybody is answered once there are more agents than traffic.

For queues without abandonment, and to compare with tools that know nothing else. Where contacts do give up it
asks for too many agents; Peakshift plans with Erlang A (`erlang`, `minimal_agents`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from data.errors import InputError
from scheduling.arguments import Floats, Integers, arrays, of
from scheduling.compiled import compiled
from scheduling.erlang import erlang_c
from scheduling.minimal_agents import MOST_AGENTS_PER_ERLANG, reachable


@dataclass(frozen=True, slots=True)
class ErlangC:
    """Steady state of M/M/n, arrays of one shape; where agents ≤ traffic there is none and waits are endless.

    Parameters
    ----------
    wait_probability
        Share that does not reach an agent at once.
    asa_s
        Mean wait; everybody is answered.
    occupancy
        Busy share of the agents' time; 0 without agents.
    service_level
        Share answered within the threshold, the same by all four formulas.
    """

    wait_probability: Floats
    asa_s: Floats
    occupancy: Floats
    service_level: Floats


def patient(
    traffic: ArrayLike, agents: ArrayLike, aht_s: ArrayLike, *, threshold_s: ArrayLike = 20.0, queue: str = ""
) -> ErlangC:
    """Everything a planner asks of M/M/n, whose contacts are patient, in steady state.

    Parameters
    ----------
    traffic
        Offered contacts × handle time / interval length, in erlangs.
    agents
        Fractional ones are read as in `erlang.erlang_c`.

    Raises
    ------
    InputError
        A value is out of bounds; the message names it, and the queue when given.
    """
    a, n, aht, threshold = arrays(queue, traffic=traffic, agents=agents, aht_s=aht_s, threshold_s=threshold_s)
    waiting = erlang_c(a, n)
    spare = n - a
    stable = (spare > 0) | (a <= 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        asa = np.where(stable, np.where(a > 0, waiting * aht / spare, 0.0), np.inf)
        late = np.where(stable, np.where(a > 0, waiting * np.exp(-spare * threshold / aht), 0.0), 1.0)
        occupancy = np.where(n > 0, np.minimum(1.0, a / n), 0.0)
    return ErlangC(np.where(a > 0, waiting, 0.0), asa, occupancy, 1.0 - late)


def minimal_agents_patient(
    traffic: ArrayLike,
    aht_s: ArrayLike,
    *,
    service_level: float | None = None,
    threshold_s: float = 20.0,
    max_asa_s: float | None = None,
    max_occupancy: float | None = None,
    min_agents: int = 0,
    queue: str = "",
) -> Integers:
    """Least whole agents with which every target given holds in M/M/n; without any, the least that keep up.

    Raises
    ------
    InputError
        A value is out of bounds, or a target that no number of agents reaches.
    """
    reachable(0.0, service_level, max_asa_s, max_occupancy, queue=queue)
    a, aht, threshold = arrays(queue, traffic=traffic, aht_s=aht_s, threshold_s=threshold_s)
    occupied = np.zeros(a.shape) if max_occupancy is None else np.ceil(a / max_occupancy - 1e-9)
    if occupied.size and (occupied > MOST_AGENTS_PER_ERLANG * (a + 1)).any():
        raise InputError(f"{of(queue)}the target needs more than {int(occupied.max())} agents. Lower it.")
    found = np.empty(a.size, dtype=np.int64)
    _fill_least(
        a.ravel(),
        (threshold / aht).ravel(),
        np.inf if service_level is None else 1.0 - service_level,
        np.full(a.size, np.inf) if max_asa_s is None else (max_asa_s / aht).ravel(),
        found,
    )
    return np.maximum(np.maximum(found.reshape(a.shape), occupied.astype(np.int64)), min_agents)


@compiled
def _fill_least(a: np.ndarray, threshold: np.ndarray, late: float, asa: np.ndarray, out: np.ndarray) -> None:
    """Least n > a with P(wait > threshold) ≤ late and mean wait ≤ asa; times in handle times, 0 without traffic."""
    for i in range(a.size):
        if a[i] <= 0.0:
            out[i] = 0
            continue
        n = math.floor(a[i]) + 1
        inverse = 1.0
        for k in range(1, n + 1):
            inverse = 1.0 + inverse * k / a[i]
        while True:
            spare = n - a[i]
            # Erlang C from 1 / Erlang B.
            waiting = n / (n + spare * (inverse - 1.0))
            if waiting <= asa[i] * spare and waiting * math.exp(-spare * threshold[i]) <= late:
                break
            n += 1
            inverse = 1.0 + inverse * n / a[i]
        out[i] = n
