"""Calls counted one by one into the intervals of the plain time grid: slow and obvious."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from data.domain import Queue
from tests.oracles.local_grid import local_grid

Call = tuple[str, str, str, int, int]
"""Queue, start in ISO 8601, outcome, wait and handle time in seconds."""


def count_one_by_one(
    calls: Sequence[Call], queues: Mapping[str, Queue], threshold_s: float
) -> dict[tuple[str, str], tuple[float, ...]]:
    """Offered, answered, abandoned, answered in threshold, handle time and wait by queue and start."""
    counted: dict[tuple[str, str], list[float]] = {}
    for name in {queue for queue, *_ in calls}:
        zone = ZoneInfo(queues[name].timezone)
        for day in {datetime.fromisoformat(start).astimezone(zone).date() for _, start, *_ in calls}:
            for slot in local_grid(queues[name], day, 1):
                counted[name, slot.isoformat()] = [0.0] * 6
    for name, start, outcome, wait_s, handle_time_s in calls:
        moment, length = datetime.fromisoformat(start), timedelta(minutes=queues[name].interval_min)
        for (queue, begin), figures in counted.items():
            if queue == name and timedelta() <= moment - datetime.fromisoformat(begin) < length:
                answered = outcome == "answered"
                figures[0] += 1
                figures[1] += answered
                figures[2] += not answered
                figures[3] += answered and wait_s <= threshold_s
                figures[4] += handle_time_s if answered else 0
                figures[5] += wait_s
    return {key: tuple(figures) for key, figures in counted.items()}
