"""Compiled loops that draw answer curves; `curves` is the door to them. Units as in `erlang_kernels`."""

from __future__ import annotations

import math

import numpy as np

from scheduling.compiled import compiled
from scheduling.erlang_kernels import answered_share

CLOSE = 1e-11
"""Relative precision of the sums behind a curve, which is drawn to 5e-4."""


@compiled
def _mean_answered(  # noqa: PLR0917 - compiled code takes arguments by position
    n: int, c: int, a: np.ndarray, r: float, share: np.ndarray, inverse: np.ndarray
) -> float:
    """Σ share[k] · answer rate with traffic a[k] and n agents of c servers each."""
    total = 0.0
    if n > 0:
        for k in range(a.size):
            if a[k] > 0.0 and share[k] > 0.0:
                total += share[k] * answered_share(a[k], n * c, r, inverse[k, n * c], CLOSE)
    return total


@compiled
def _last_agents(c: int, a: float, tail: float) -> int:
    """Agents beyond which no more than the share `tail` is lost at traffic a, by Erlang B."""
    servers, inverse = 0, 1.0
    while inverse * tail < 1.0:
        servers += 1
        inverse = 1.0 + inverse * servers / a
    return -(-servers // c)


@compiled
def _fill_between(value: np.ndarray, low: int, step: int, slope: float) -> None:
    """Fill the whole numbers between every `step`-th from `low` by the cubic through the four nearest.

    Below `low` the curve is a straight line of that slope. The curve bends over a width of at least three steps,
    so that the cubic is within 2 % of the error allowed.
    """
    last = value.size - 1
    for left in range(low, last, step):
        right = min(left + step, last)
        before = value[left - step] if left - step >= low else value[left] - slope * step
        start = left - step
        after, end = value[last], last
        if right + step <= last:
            after, end = value[right + step], right + step
        for n in range(left + 1, right):
            if end == right:
                value[n] = value[left] + (value[right] - value[left]) * (n - left) / (right - left)
                continue
            value[n] = (
                before
                * (n - left)
                * (n - right)
                * (n - end)
                / ((start - left) * (start - right) * (start - end))
                + value[left]
                * (n - start)
                * (n - right)
                * (n - end)
                / ((left - start) * (left - right) * (left - end))
                + value[right]
                * (n - start)
                * (n - left)
                * (n - end)
                / ((right - start) * (right - left) * (right - end))
                + after
                * (n - start)
                * (n - left)
                * (n - right)
                / ((end - start) * (end - left) * (end - right))
            )


@compiled
def _longest_chords(value: np.ndarray, low: int, error: float) -> np.ndarray:
    """Fewest breakpoints 0 = n_0 < n_1 < …, from the left, whose chords lie at most `error` below the curve."""
    last = value.size - 1
    kept = np.empty(last + 2, dtype=np.int64)
    kept[0], count, i, j = 0, 1, 0, low
    while i < last:
        while j < last:
            rise = (value[j + 1] - value[i]) / (j + 1 - i)
            gap = 0.0
            for k in range(max(i + 1, low), j + 1):
                gap = max(gap, value[k] - value[i] - rise * (k - i))
            if gap > error:
                break
            j += 1
        kept[count] = j
        count += 1
        i, j = j, j + 1
    return kept[:count]


@compiled
def _concave(points: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Of the breakpoints, those on the concave hull: rounding can leave one a hair below it."""
    kept = np.empty(points.size, dtype=np.int64)
    count = 0
    for n in points:
        while count > 1:
            left, middle = kept[count - 2], kept[count - 1]
            if (value[middle] - value[left]) * (n - middle) > (value[n] - value[middle]) * (middle - left):
                break
            count -= 1
        kept[count] = n
        count += 1
    return kept[:count]


@compiled
def curve(  # noqa: PLR0917 - compiled code takes arguments by position
    a: np.ndarray, share: np.ndarray, r: float, c: int, tail: float, error: float
) -> tuple[np.ndarray, np.ndarray]:
    """Breakpoints of the mean answer rate over several traffics, as a concave function of whole agents.

    Parameters
    ----------
    a, share
        Traffic in erlangs and the share of all contacts offered with it, shape (k,); shares sum to 1.
    r
        Handle time / patience.
    c
        Contacts an agent handles at once.
    tail
        The last breakpoint leaves at most this share unanswered.
    error
        No chord lies further below the curve than this share, nor does the flat end.

    Returns
    -------
    tuple
        Agents, from 0, and mean answer rate at each breakpoint.
    """
    highest = _last_agents(c, a.max(), tail)
    inverse = np.empty((a.size, highest * c + 1))
    for k in range(a.size):
        inverse[k, 0] = 1.0
        for s in range(1, highest * c + 1):
            inverse[k, s] = 1.0 + inverse[k, s - 1] * s / a[k] if a[k] > 0.0 else np.inf
    low, last = 0, highest
    while last - low > 1:
        middle = (low + last) // 2
        if _mean_answered(middle, c, a, r, share, inverse) >= 1.0 - tail:
            last = middle
        else:
            low = middle
    # Where every agent is busy with certainty the curve is a straight line: found, not computed point by point.
    slope = _mean_answered(1, c, a, r, share, inverse)
    low, bent = 1, last
    while bent - low > 1:
        middle = (low + bent) // 2
        if middle * slope - _mean_answered(middle, c, a, r, share, inverse) <= 0.02 * error:
            low = middle
        else:
            bent = middle
    width = math.sqrt(a[a > 0.0].min() * min(1.0, r)) / c
    step = max(1, int(width / 3.0))
    value = np.zeros(last + 1)
    for n in range(low, last + 1, step):
        value[n] = _mean_answered(n, c, a, r, share, inverse)
    value[last] = _mean_answered(last, c, a, r, share, inverse)
    _fill_between(value, low, step, slope)
    points = _longest_chords(value, low, 0.95 * error)
    for n in points:
        if (n - low) % step != 0 and n not in (0, last):
            value[n] = _mean_answered(n, c, a, r, share, inverse)
    points = _concave(points, value)
    return points.astype(np.float64), value[points]


@compiled
def fill_curves(  # noqa: PLR0917 - compiled code takes arguments by position
    a: np.ndarray, share: np.ndarray, r: np.ndarray, c: int, tail: float, error: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """`curve` of every row of a and share; pieces laid end to end, row i in [ends[i − 1], ends[i])."""
    ends = np.zeros(r.size, dtype=np.int64)
    agents, answered, used = np.empty(16 * r.size + 64), np.empty(16 * r.size + 64), 0
    for i in range(r.size):
        n, y = curve(a[i], share[i], r[i], c, tail, error)
        if used + n.size > agents.size:
            agents = np.concatenate((agents, np.empty(agents.size + n.size)))
            answered = np.concatenate((answered, np.empty(answered.size + n.size)))
        agents[used : used + n.size] = n
        answered[used : used + n.size] = y
        used += n.size
        ends[i] = used
    return agents[:used], answered[:used], ends
