"""Compiled loops of the time-dependent M(t)/M/n(t)+M; `transient` is the door to them. Units as in `erlang_kernels`."""

from __future__ import annotations

import math

import numpy as np

from scheduling.compiled import compiled
from scheduling.erlang_kernels import BIG, inverse_blocking

CLOSE = 1e-9
"""Relative precision of sums over states."""

STEP = 0.5
"""Of the logarithm of how far the load still is from where it settles."""

SETTLED = 0.002
"""A load this near to where it settles, relative to it, is there."""


@compiled
def _whole(a: float, s: int, r: float) -> tuple[float, float, float]:
    """Answer rate, mean number in system and its slope in the traffic, of M/M/s+M in steady state at traffic a > 0.

    The number in system is an exponential family in the traffic: its slope is its variance / traffic.
    """
    if s == 0:
        return 0.0, a / r, 1.0 / r
    inverse = inverse_blocking(a, s)
    if inverse > BIG:
        return 1.0, a, 1.0
    below = inverse - 1.0
    above, first, pairs, term, j = 1.0, 0.0, 0.0, 1.0, 0
    while True:
        j += 1
        ratio = a / (s + j * r)
        term *= ratio
        above += term
        first += (s + j) * term
        pairs += (s + j) * (s + j - 1.0) * term
        if above * CLOSE > 1e2 * inverse:
            return s / a, s + (a - s) / r, 1.0 / r
        if ratio < 1.0 and term * ratio * j <= CLOSE * above * (1.0 - ratio):
            break
    states = below + above
    mean = (a * below + first) / states
    twice = (a * a * max(0.0, below - s / a) + pairs) / states
    slope = (twice + mean - mean * mean) / a
    least = 0.01 * min(1.0, 1.0 / r)
    return min(1.0, (below + s / a * (above - 1.0)) / states), mean, max(least, slope)


@compiled
def _state(a: float, n: float, r: float) -> tuple[float, float, float]:
    """`_whole` between the whole numbers of agents around n."""
    s = math.floor(n)
    part = n - s
    answered, mean, slope = _whole(a, s, r)
    if part > 0.0:
        more = _whole(a, s + 1, r)
        answered += part * (more[0] - answered)
        mean += part * (more[1] - mean)
        slope += part * (more[2] - slope)
    return answered, mean, slope


@compiled
def _meeting(number: float, n: float, r: float, guess: float) -> float:
    """Traffic at which that many are in the system on average in steady state with n agents."""
    low, high, a = 0.0, math.inf, guess
    for _ in range(60):
        _, mean, slope = _state(a, n, r)
        if abs(mean - number) <= 1e-6 * number:
            break
        if mean > number:
            high = a
        else:
            low = a
        a -= (mean - number) / slope
        if not low < a < high:
            a = 0.5 * (low + high) if high < math.inf else 2.0 * low
    return a


@compiled
def fill_answered(  # noqa: PLR0917 - compiled code takes arguments by position
    traffic: np.ndarray,
    agents: np.ndarray,
    ratio: np.ndarray,
    lengths: np.ndarray,
    follows: np.ndarray,
    out: np.ndarray,
    left_over: np.ndarray,
    changed: np.ndarray,
) -> None:
    """Answer rate of the contacts that arrive in each interval, intervals in order of time.

    Intervals that come to the very same as what is filled already are left alone.

    Parameters
    ----------
    traffic
        Offered contacts × handle time / length in erlangs, shape (n,).
    agents
        Servers in each interval, fractional ones too, shape (n,).
    ratio
        Handle time / patience, shape (n,).
    lengths
        Of the intervals, in handle times, shape (n,).
    follows
        Whether an interval begins where the one before it ends, shape (n,).
    out
        Filled; 1 where nothing is offered, shape (n,).
    left_over
        Filled; load, number in system and answer rate at the end of each interval, shape (n, 3).
    changed
        Whether the agents of an interval are others than those `out` and `left_over` were filled with, shape (n,).
    """
    load, number, rate = 0.0, 0.0, 0.0
    other = False  # Whether the interval begins otherwise than it did.
    for i in range(traffic.size):
        if not (changed[i] or (follows[i] and (other or changed[i - 1]))):
            other = False
            continue
        if i > 0:
            load, number, rate = left_over[i - 1, 0], left_over[i - 1, 1], left_over[i - 1, 2]
        settled, n, r = traffic[i], agents[i], ratio[i]
        if not follows[i]:
            load = settled
        elif number > 0.0 and (n != agents[i - 1] or r != ratio[i - 1]):
            if n < agents[i - 1]:  # Who leaves takes along the contact in hand.
                number -= (1.0 - n / agents[i - 1]) * min(agents[i - 1], rate * load)
            load = _meeting(number, n, r, max(load, 1e-3 * number))
        left, answered = lengths[i], 0.0
        if max(load, settled) <= 0.0:
            out[i], number, rate = 1.0, 0.0, 1.0
            other = left_over[i, 0] != load or left_over[i, 1] != number or left_over[i, 2] != rate
            left_over[i, 0], left_over[i, 1], left_over[i, 2] = load, number, rate
            continue
        # Nothing offered any more: the load ebbs towards none, and is none when next to nothing is left.
        floor = SETTLED * settled if settled > 0.0 else 1e-3
        gap = load - settled
        rate, number, slope = _state(max(load, 1e-9), n, r)
        while abs(gap) > floor and left > 0.0:
            nearer = gap * math.exp(-STEP)
            next_rate, next_number, next_slope = _state(max(settled + nearer, 1e-9), n, r)
            took = 0.5 * (slope + next_slope) * STEP
            part = min(1.0, left / took)
            # Linear within a step, which the end of the interval may cut.
            ahead = rate + part * (next_rate - rate)
            answered += 0.5 * (rate + ahead) * took * part
            left -= took * part
            number += part * (next_number - number)
            gap *= math.exp(-STEP * part)
            rate = ahead
            slope += part * (next_slope - slope)
        if left > 0.0 and settled > 0.0:
            rate, number, _ = _state(settled, n, r)
            gap = 0.0
            answered += left * rate
        load = max(settled + gap, 0.0)
        other = left_over[i, 0] != load or left_over[i, 1] != number or left_over[i, 2] != rate
        left_over[i, 0], left_over[i, 1], left_over[i, 2] = load, number, rate
        out[i] = answered / lengths[i] if settled > 0.0 else 1.0
