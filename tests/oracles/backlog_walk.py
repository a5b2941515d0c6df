"""A backlog walked contact by contact: the oldest first, each with the interval it is due in."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence


def walk(came: Sequence[int], capacity: Sequence[int], deadline: int) -> dict[str, list[int]]:
    """Done by the interval of the work; in time, late and waiting by the interval of arrival."""
    told = {name: [0] * len(came) for name in ("done", "in_time", "late", "waiting")}
    line: deque[int] = deque()
    for now, (more, hands) in enumerate(zip(came, capacity, strict=True)):
        line.extend([now] * more)
        for _ in range(min(hands, len(line))):
            arrived = line.popleft()
            told["done"][now] += 1
            told["in_time" if now <= arrived + deadline else "late"][arrived] += 1
    for arrived in line:
        told["waiting"][arrived] += 1
    return told
