"""Compiled loops of the Erlang models, on single values and integer servers; `erlang` is the door to them.

All times are in units of the handle time: traffic `a` = λ/μ in erlangs, `r` = handle time / patience = θ/μ.
States below and above `s` servers are summed relative to the state in which exactly all servers are busy, so
that every term is positive, nothing cancels and nothing overflows.
"""

from __future__ import annotations

import math

import numpy as np

from scheduling import wait_kernels as waits
from scheduling.compiled import compiled

BIG = 1e250
"""Where fewer than one in this many would be blocked, nobody is said to wait."""

EXACT = 1e-16
"""Relative precision of sums."""


@compiled
def inverse_blocking(a: float, s: int) -> float:
    """1 / Erlang B, which is Σ π_k / π_s over k ≤ s; infinite once blocking is below the smallest double.

    Recursion of Jagerman (1984), The Bell System Technical Journal 63:1283: 1/B(s) = 1 + s/a · 1/B(s − 1).
    """
    inverse = 1.0
    for k in range(1, s + 1):
        inverse = 1.0 + inverse * k / a
    return inverse


@compiled
def waiting_sum(a: float, s: int, r: float, precision: float) -> float:
    """Σ π_{s+j} / π_s over j ≥ 0 of M/M/s+M; infinite where all servers are busy but for a share of precision."""
    total, term, j = 1.0, 1.0, 0
    while True:
        j += 1
        ratio = a / (s + j * r)
        term *= ratio
        total += term
        if total * precision > 1e2:
            return np.inf
        if ratio < 1.0 and term * ratio <= precision * total * (1.0 - ratio):
            return total


@compiled
def answered_share(a: float, s: int, r: float, inverse: float, precision: float) -> float:
    """Answer rate of M/M/s+M: busy servers / traffic; `inverse` is 1 / Erlang B of the same a and s."""
    if inverse > BIG:
        return 1.0
    above = waiting_sum(a, s, r, precision)
    if above == np.inf:
        return s / a
    below = inverse - 1.0
    return min(1.0, (below + s / a * (above - 1.0)) / (below + above))


@compiled
def measures(
    a: float, s: int, r: float, threshold: float
) -> tuple[float, float, float, float, float, float, float]:
    """Steady state of M/M/s+M for a > 0.

    Returns
    -------
    tuple
        Answer rate; P(wait > 0); mean wait of all in handle times; wait of the answered per contact offered,
        in handle times; shares of all answered and abandoned within `threshold` handle times; P(wait > threshold).
    """
    gone = -math.expm1(-r * threshold)
    if s == 0:
        return 0.0, 1.0, 1.0 / r, 0.0, 0.0, gone, 1.0 - gone
    inverse = inverse_blocking(a, s)
    if inverse > BIG:
        return 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0
    below = inverse - 1.0
    above, queued = 1.0, 0.0
    term, ahead, j = 1.0, 1.0 / (s + r), 0
    served = s / (s + r) * ahead
    while True:
        j += 1
        ratio = a / (s + j * r)
        term *= ratio
        next_rate = s + (j + 1) * r
        ahead += 1.0 / next_rate
        above += term
        queued += j * term
        served += term * (s / next_rate) * ahead
        if ratio < 1.0 and term * (j + 1.0 / (1.0 - ratio)) * ratio <= 1e-17 * queued * (1.0 - ratio):
            break
        if above * EXACT > 1e4 * inverse:
            waited, in_time, given_up, still = waits.crowded(a, s, r, threshold)
            return s / a, 1.0, (1.0 - s / a) / r, waited, in_time, given_up, still
    states = below + above
    answered = min(1.0, (below + s / a * (above - 1.0)) / states)
    density = s / states
    reached, lost = waits.until(a, s, r, threshold)
    waiting = above / states
    late = waiting - density * (reached + lost)
    if late < 1e-5 * waiting:  # The difference has lost its digits.
        late = density * waits.beyond(a, s, r, threshold)
    in_time = min(answered, below / states + density * reached)
    given_up = density * lost + gone * late
    return answered, waiting, queued / states / a, served / states, in_time, given_up, (1.0 - gone) * late


@compiled
def least_servers(a: float, r: float, answer_rate: float) -> int:
    """Least s with that answer rate (< 1) in M/M/s+M.

    At most s/a can be answered, and at least 1 − B(s) are since impatience beyond blocking loses no more: the
    least s lies between, and a bisection over a handful of values is left.
    """
    low = max(0, math.ceil(a * answer_rate - 1e-9) - 1)
    inverse_low = inverse_blocking(a, low)
    high, inverse = low, inverse_low
    while inverse * (1.0 - answer_rate) < 1.0:
        high += 1
        inverse = 1.0 + inverse * high / a
    while high - low > 1:
        middle = (low + high) // 2
        inverse = inverse_low
        for k in range(low + 1, middle + 1):
            inverse = 1.0 + inverse * k / a
        if answered_share(a, middle, r, inverse, EXACT) >= answer_rate:
            high = middle
        else:
            low, inverse_low = middle, inverse
    return high


@compiled
def fill_measures(
    a: np.ndarray, s: np.ndarray, r: np.ndarray, threshold: np.ndarray, out: np.ndarray
) -> None:
    """`measures` of every element; out has shape (7, n)."""
    for i in range(a.size):
        found = measures(a[i], s[i], r[i], threshold[i])
        for k in range(7):
            out[k, i] = found[k]


@compiled
def fill_inverse_blocking(a: np.ndarray, s: np.ndarray, out: np.ndarray) -> None:
    """`inverse_blocking` of every element."""
    for i in range(a.size):
        out[i] = inverse_blocking(a[i], s[i])


@compiled
def fill_answered(a: np.ndarray, s: np.ndarray, r: np.ndarray, out: np.ndarray) -> None:
    """Answer rate of every element."""
    for i in range(a.size):
        out[i] = 0.0 if s[i] == 0 else answered_share(a[i], s[i], r[i], inverse_blocking(a[i], s[i]), EXACT)


@compiled
def fill_least_servers(a: np.ndarray, r: np.ndarray, answer_rate: np.ndarray, out: np.ndarray) -> None:
    """`least_servers` of every element; 0 where there is no traffic."""
    for i in range(a.size):
        out[i] = 0 if a[i] <= 0.0 else least_servers(a[i], r[i], answer_rate[i])
