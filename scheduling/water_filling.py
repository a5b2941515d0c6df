"""Work spread over time so that the load on top of which it comes is as even as deadlines allow."""

from __future__ import annotations

import numpy as np

from scheduling.arguments import Floats
from scheduling.compiled import compiled

CLOSE = 1e-9
"""Work below this share of the whole is none."""


def fill(come: Floats, due: Floats, load: Floats, worth: Floats) -> Floats:
    """Work done in each slot, on top of a load, such that the sum of squares of the people is the least.

    Work cannot be done before it comes and must be done when it is due. Of all ways to do so, this one has the most
    even total: minimise Σ worth · (load + work / worth)² subject to due_k ≤ Σ_{t ≤ k} work_t ≤ come_k. The same
    work is the best for every other convex function of the total, so that its peak is the lowest as well (Veinott
    1971, Operations Research 19:227, on nested constraints). Between two slots where a bound holds the total is
    one level, as far as the load leaves room below it: like water it fills the quiet slots first. The level rises
    only where all that came is done, and falls only where all that is done was due. So levels are found from the
    front: as high as the next work that is due needs, and no higher than what has come allows, until both
    cannot hold any longer.

    Parameters
    ----------
    come, due
        Work that has come, and that is due, by the end of each slot: ascending, due ≤ come, the last of both equal;
        agents × slots, shape (n,).
    load
        People needed for other work in each slot; infinite where nobody can work, shape (n,).
    worth
        Agents on contacts a person is worth in each slot, above 0, shape (n,).

    Returns
    -------
    ndarray
        Agents in each slot, shape (n,). Where work is due before anybody can do it, it is done as soon as somebody
        can.
    """
    scale = float(come[-1]) if come.size else 0.0
    if scale <= 0:
        return np.zeros(come.size)
    return _fill(come, _meetable(come, due, load), load, worth, CLOSE * scale)


def unmet(come: Floats, due: Floats, load: Floats) -> Floats:
    """Work of each slot's end that is due by then and cannot be done by then, as nobody can work; shape (n,)."""
    return np.maximum(0.0, due - _most(come, load))


def _meetable(come: Floats, due: Floats, load: Floats) -> Floats:
    return np.minimum(due, _most(come, load))


def _most(come: Floats, load: Floats) -> Floats:
    """Most work that can be done by the end of each slot: all that had come when somebody last could work."""
    return np.maximum.accumulate(np.where(np.isfinite(load), come, 0.0))


@compiled
def _volume(level: float, load: np.ndarray, worth: np.ndarray, first: int, end: int) -> float:
    volume = 0.0
    for t in range(first, end):
        if load[t] < level:
            volume += (level - load[t]) * worth[t]
    return volume


@compiled
def _level(volume: float, load: np.ndarray, worth: np.ndarray, first: int, end: int) -> float:
    """Level at which the slots [first, end) hold that volume: below all of them when it is none."""
    lowest, open_worth = np.inf, 0.0
    for t in range(first, end):
        if load[t] < np.inf:
            lowest = min(lowest, load[t])
            open_worth += worth[t]
    if volume <= 0.0 or open_worth == 0.0:
        return lowest
    # Newton on a convex, increasing, piecewise linear function, from above: exact after finitely many steps.
    level = lowest
    for t in range(first, end):
        if load[t] < np.inf:
            level = max(level, load[t])
    level += volume / open_worth
    while True:
        held, slope = 0.0, 0.0
        for t in range(first, end):
            if load[t] < level:
                held += (level - load[t]) * worth[t]
                slope += worth[t]
        step = (held - volume) / slope if slope > 0.0 else 0.0
        if step <= 1e-12 * max(1.0, abs(level)):
            return level
        level -= step


@compiled
def _segment(  # noqa: PLR0917 - compiled code takes arguments by position
    come: np.ndarray, due: np.ndarray, load: np.ndarray, worth: np.ndarray, first: int, close: float
) -> tuple[int, float]:
    """End and level of the slots from `first` on that have one level; `come` and `due` without what is done.

    The level lies between what the deadlines need and what the arrivals leave room for; where these part, it
    ends with the one that was met first.
    """
    need, room = -np.inf, np.inf
    need_end, room_end = come.size, come.size
    for k in range(first + 1, come.size + 1):
        if due[k - 1] > close and (need == -np.inf or _volume(need, load, worth, first, k) < due[k - 1]):
            least = _level(due[k - 1], load, worth, first, k)
            if least > room:
                return room_end, room
            need, need_end = least, k
        if _volume(room, load, worth, first, k) > come[k - 1]:
            highest = _level(max(come[k - 1], 0.0), load, worth, first, k)
            if highest < need:
                return need_end, need
            room, room_end = highest, k
    return need_end, need


@compiled
def _fill(come: np.ndarray, due: np.ndarray, load: np.ndarray, worth: np.ndarray, close: float) -> np.ndarray:
    """See `fill`."""
    work = np.zeros(come.size)
    first, done = 0, 0.0
    while first < come.size:
        end, level = _segment(come - done, due - done, load, worth, first, close)
        for t in range(first, end):
            if load[t] < level:
                work[t] = (level - load[t]) * worth[t]
                done += work[t]
        first = end
    return work
