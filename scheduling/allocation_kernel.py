"""Compiled split of each slot's people over their queues; `allocation` is the door to it."""

from __future__ import annotations

import numpy as np

from scheduling.compiled import compiled

LEAST = 1e-9
"""People below this are nobody."""


@compiled
def _take(queue: int, wanted: float, serves: np.ndarray, flow: np.ndarray, free: np.ndarray) -> float:
    """Give a queue up to `wanted` people more who are free: what `_push` finds first, at a part of its price."""
    for g in range(serves.shape[0]):
        if serves[g, queue] and free[g] > LEAST:
            given = min(wanted, float(free[g]))
            free[g] -= given
            flow[g, queue] += given
            return given
    return 0.0


@compiled
def _push(queue: int, wanted: float, serves: np.ndarray, flow: np.ndarray, free: np.ndarray) -> float:
    """Give a queue up to `wanted` people more, moving others from queue to queue where that frees one.

    One augmenting path, found breadth first: a set with people left gives to a queue, which lets a person of
    another set go on to the next queue, and so on up to the queue wanted. All queues on the way keep theirs.
    Returns what was given, 0 where no path is left.
    """
    sets, queues = serves.shape
    reached = np.zeros(queues, dtype=np.bool_)
    through = np.full(queues, -1)
    towards = np.full(sets, -1)
    line = np.empty(queues, dtype=np.int64)
    line[0], head, tail = queue, 0, 1
    reached[queue] = True
    while head < tail:
        here = line[head]
        head += 1
        for g in range(sets):
            if not serves[g, here] or towards[g] >= 0:
                continue
            towards[g] = here
            if free[g] > LEAST:
                given = min(wanted, float(free[g]))
                at = here
                while at != queue:
                    given = min(given, float(flow[through[at], at]))
                    at = towards[through[at]]
                free[g] -= given
                flow[g, here] += given
                at = here
                while at != queue:
                    mover = through[at]
                    flow[mover, at] -= given
                    at = towards[mover]
                    flow[mover, at] += given
                return given
            for other in range(queues):
                if not reached[other] and flow[g, other] > LEAST:
                    reached[other] = True
                    through[other] = g
                    line[tail] = other
                    tail += 1
    return 0.0


@compiled
def _piece(at: int, agents: np.ndarray, answered: np.ndarray, worth: float) -> tuple[float, float]:
    """People one piece of a curve takes, and what each of them answers."""
    people = (agents[at + 1] - agents[at]) / worth
    return people, (answered[at + 1] - answered[at]) / people


@compiled
def _steepest(slopes: np.ndarray, priority: np.ndarray) -> int:
    """Queue with the steepest piece; of equals the one of higher priority, then the first; −1 when all are flat."""
    best, steepest = -1, 0.0
    for q in range(slopes.size):
        tied = best >= 0 and abs(slopes[q] - steepest) <= 1e-9 * steepest
        if (tied and priority[q] > priority[best]) or (not tied and slopes[q] > steepest):
            best, steepest = q, slopes[q]
    return best


@compiled
def _share_out(  # noqa: PLR0917 - compiled code takes arguments by position
    free: np.ndarray,
    serves: np.ndarray,
    first: np.ndarray,
    size: np.ndarray,
    agents: np.ndarray,
    yields: np.ndarray,
    given: np.ndarray,
) -> None:
    """Add people nobody has a use for to their open queues, in proportion to what each can use at most."""
    sets, queues = serves.shape
    for g in range(sets):
        if free[g] <= LEAST:
            continue
        most, total = np.zeros(queues), 0.0
        for q in range(queues):
            if serves[g, q] and size[q] > 0:
                most[q] = agents[first[q] + size[q] - 1] / yields[q] + LEAST
                total += most[q]
        for q in range(queues):
            if most[q] > 0.0:
                given[q] += free[g] * most[q] / total


@compiled
def split(  # noqa: PLR0917 - compiled code takes arguments by position
    people: np.ndarray,
    serves: np.ndarray,
    first: np.ndarray,
    size: np.ndarray,
    agents: np.ndarray,
    answered: np.ndarray,
    yields: np.ndarray,
    weight: np.ndarray,
    priority: np.ndarray,
) -> np.ndarray:
    """People given to each queue in each slot such that Σ weight · answered is the most there can be.

    What the queues can get together is a polymatroid, on which taking the steepest piece of the concave curves
    first is exact (Federgruen & Groenevelt 1986, Operations Research 34:909). Equal steepness goes to the
    higher priority, then to the queue named first. People nobody has a use for are shared out in proportion to
    what the queues they serve can use at most.

    Parameters
    ----------
    people
        People of each skill set in each slot, shape (sets, slots).
    serves
        Which queues a set serves, shape (sets, queues).
    first, size
        First breakpoint of each queue's curve in each slot and how many it has, 0 where closed, shape
        (queues, slots).
    agents, answered
        Breakpoints of all curves.
    yields
        Agents on contacts a rostered person is worth in each queue and slot, shape (queues, slots).
    weight
        Worth of an answered contact, shape (queues, slots).
    priority
        Shape (queues,).

    Returns
    -------
    ndarray
        People, shape (queues, slots).
    """
    sets, slots = people.shape
    queues = serves.shape[1]
    given = np.zeros((queues, slots))
    for t in range(slots):
        flow = np.zeros((sets, queues))
        free = people[:, t].copy()
        at = first[:, t].copy()
        end = at + size[:, t] - 1
        left, slopes = np.zeros(queues), np.zeros(queues)
        for q in range(queues):
            if at[q] < end[q]:
                left[q], slopes[q] = _piece(at[q], agents, answered, yields[q, t])
                slopes[q] *= weight[q, t]
        while True:
            best = _steepest(slopes, priority)
            if best < 0:
                break
            got = _take(best, left[best], serves, flow, free)
            if got == 0.0:
                got = _push(best, left[best], serves, flow, free)
            given[best, t] += got
            left[best] -= got
            if left[best] <= LEAST and at[best] + 1 < end[best]:
                at[best] += 1
                left[best], slopes[best] = _piece(at[best], agents, answered, yields[best, t])
                slopes[best] *= weight[best, t]
            elif left[best] <= LEAST or got <= LEAST:
                slopes[best] = 0.0
        _share_out(free, serves, first[:, t], size[:, t], agents, yields[:, t], given[:, t])
    return given


@compiled
def values(  # noqa: PLR0917 - compiled code takes arguments by position
    people: np.ndarray,
    first: np.ndarray,
    size: np.ndarray,
    agents: np.ndarray,
    answered: np.ndarray,
    yields: np.ndarray,
) -> np.ndarray:
    """Contacts answered with those people, shape (queues, slots); the other arguments as in `split`."""
    queues, slots = people.shape
    reached = np.zeros((queues, slots))
    for q in range(queues):
        for t in range(slots):
            if size[q, t] == 0:
                continue
            n = people[q, t] * yields[q, t]
            low, end = first[q, t], first[q, t] + size[q, t] - 1
            if n >= agents[end]:
                reached[q, t] = answered[end]
                continue
            while agents[low + 1] <= n:
                low += 1
            slope = (answered[low + 1] - answered[low]) / (agents[low + 1] - agents[low])
            reached[q, t] = answered[low] + slope * (n - agents[low])
    return reached
