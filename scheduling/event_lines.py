"""Lines of free agents and the heap of coming events, for the compiled event loop."""

from __future__ import annotations

import numpy as np

from scheduling.compiled import compiled

NOBODY = -1


@compiled
def enter(agent: int, line: int, ahead: np.ndarray, behind: np.ndarray, ends: np.ndarray) -> None:
    """Put an agent at the end of a line of free agents: lines stay in order of how long they have been free."""
    last = ends[line, 1]
    ahead[agent], behind[agent] = last, NOBODY
    if last == NOBODY:
        ends[line, 0] = agent
    else:
        behind[last] = agent
    ends[line, 1] = agent


@compiled
def leave(agent: int, line: int, ahead: np.ndarray, behind: np.ndarray, ends: np.ndarray) -> None:
    """Take an agent out of its line, wherever it stands."""
    before, after = ahead[agent], behind[agent]
    if before == NOBODY:
        ends[line, 0] = after
    else:
        behind[before] = after
    if after == NOBODY:
        ends[line, 1] = before
    else:
        ahead[after] = before


@compiled
def push(size: int, heap: np.ndarray, owner: np.ndarray, at: float, contact: int, agent: int) -> None:  # noqa: PLR0917 - compiled code takes arguments by position
    """Add an end of service, or a late return (contact −1), to a binary heap ordered by time."""
    child = size
    while child > 0:
        parent = (child - 1) // 2
        if heap[parent] <= at:
            break
        heap[child], owner[child] = heap[parent], owner[parent]
        child = parent
    heap[child] = at
    owner[child, 0], owner[child, 1] = contact, agent


@compiled
def pop(size: int, heap: np.ndarray, owner: np.ndarray) -> None:
    """Remove the earliest event; `size` counts it still."""
    last = size - 1
    at, contact, agent = heap[last], owner[last, 0], owner[last, 1]
    parent = 0
    while True:
        child = 2 * parent + 1
        if child >= last:
            break
        if child + 1 < last and heap[child + 1] < heap[child]:
            child += 1
        if at <= heap[child]:
            break
        heap[parent], owner[parent] = heap[child], owner[child]
        parent = child
    heap[parent] = at
    owner[parent, 0], owner[parent, 1] = contact, agent
