"""Days of one queue, call by call, with a number of agents that changes every interval and finishes its calls."""

from __future__ import annotations

import heapq
from collections import deque

import numpy as np
import pandas as pd

from data.presence import PRESENCE
from data.schema import HISTORY, conform

AHT_S, PATIENCE_S = 240.0, 150.0


def staffed_days(
    *, per_h: float, agents: float, availability: np.ndarray, days: int, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """History and agents present of a queue "q" that is open day and night in half-hours.

    Parameters
    ----------
    per_h, agents
        Contacts an hour and agents present, on average.
    availability
        Share of those present that take calls, by half-hour of the day, shape (48,).
    """
    draw = np.random.default_rng(seed)
    hour = np.arange(48) / 2
    shape = 0.6 + 0.8 * np.exp(-(((hour - 10) / 3) ** 2)) + 0.6 * np.exp(-(((hour - 16) / 3) ** 2))
    shape /= shape.mean()
    rate = per_h * shape * np.exp(draw.normal(0, 0.12, (days, 1)))
    present = agents * shape**0.9 * np.exp(draw.normal(0, 0.06, (days, 48)))
    there = np.floor(present * availability + draw.random((days, 48))).astype(int).ravel()
    arrivals = draw.poisson(rate / 2).ravel()
    start_s = np.concatenate([1800 * (k + np.sort(draw.random(n))) for k, n in enumerate(arrivals)])
    service_s = draw.exponential(AHT_S, len(start_s))
    answered = _served(start_s, service_s, draw.exponential(PATIENCE_S, len(start_s)), there)
    slot, n = (start_s // 1800).astype(int), len(there)
    starts = pd.date_range("2026-01-05", periods=n, freq="30min", tz="UTC").as_unit("us")
    handled = np.bincount(slot[answered], minlength=n).astype(float)
    history = {
        "queue": "q",
        "start": starts,
        "offered": arrivals.astype(float),
        "answered": handled,
        "abandoned": arrivals - handled,
        "handle_time_s": np.bincount(slot[answered], service_s[answered], minlength=n),
    }
    presence = {"queues": "q", "start": starts, "agents": present.ravel()}
    return conform(pd.DataFrame(history), HISTORY), conform(pd.DataFrame(presence), PRESENCE)


def _served(
    start_s: np.ndarray, service_s: np.ndarray, patience_s: np.ndarray, there: np.ndarray
) -> np.ndarray:
    answered = np.zeros(len(start_s), dtype=bool)
    busy_until: list[float] = []
    waiting: deque[int] = deque()

    def serve(now: float) -> None:
        while waiting and len(busy_until) < there[min(int(now // 1800), len(there) - 1)]:
            call = waiting.popleft()
            if start_s[call] + patience_s[call] >= now:
                answered[call] = True
                heapq.heappush(busy_until, now + service_s[call])

    changes = deque((1800.0 * np.arange(len(there))).tolist())
    for call, arrival in enumerate(start_s):
        while min(busy_until[0] if busy_until else np.inf, changes[0] if changes else np.inf) <= arrival:
            if changes and (not busy_until or changes[0] < busy_until[0]):
                now = changes.popleft()
            else:
                now = heapq.heappop(busy_until)
            serve(now)
        waiting.append(call)
        serve(arrival)
    return answered
