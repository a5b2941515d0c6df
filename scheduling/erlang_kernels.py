"""Compiled loops of the Erlang models, on single values and integer servers; `erlang` is the door to them.

All times are in units of the handle time: traffic `a` = λ/μ in erlangs, `r` = handle time / patience = θ/μ.
States below and above `s` servers are summed relative to the state in which exactly all servers are busy, so
that every term is positive, nothing cancels and nothing overflows.
"""

from __future__ import annotations

import math

import numpy as np

from scheduling.compiled import compiled

BIG = 1e250
"""Sums are scaled down beyond this."""

EXACT = 1e-16
"""Relative precision of sums."""

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)


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
def _answered_in(a: float, s: int, r: float, threshold: float, log_states: float) -> float:
    """Share answered after a wait in (0, threshold].

    Integral of the offered wait's density (Zeltyn & Mandelbaum 2005, Queueing Systems 51:361, section 3) times
    the share still patient: s·π_s·exp(a·(1 − e^{−ru})/r − (s + r)·u), by Gauss–Legendre on panels over which
    the exponent moves by at most 4.
    """
    steepest = max(abs(a - s - r), abs(a * math.exp(-r * threshold) - s - r))
    panels = int(steepest * threshold / 4.0) + 1
    width = threshold / panels
    total = 0.0
    for panel in range(panels):
        part = 0.0
        for i in range(NODES.size):
            u = width * (panel + 0.5 * (1.0 + NODES[i]))
            part += WEIGHTS[i] * math.exp(-a * math.expm1(-r * u) / r - (s + r) * u - log_states)
        total += part
        if part < 1e-17 * total:
            break
    return s * total * 0.5 * width


@compiled
def measures(a: float, s: int, r: float, threshold: float) -> tuple[float, float, float, float, float]:
    """Steady state of M/M/s+M for a > 0.

    Returns
    -------
    tuple
        Answer rate; P(wait > 0); mean wait of all in handle times; wait of the answered per contact offered,
        in handle times; share of all answered within `threshold` handle times.
    """
    if s == 0:
        return 0.0, 1.0, 1.0 / r, 0.0, 0.0
    inverse = inverse_blocking(a, s)
    if inverse > BIG:
        return 1.0, 0.0, 0.0, 0.0, 1.0
    below, log_scale = inverse - 1.0, 0.0
    above, queued, served = 1.0, 0.0, 0.0
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
        if above > BIG:
            below, above, queued, served, term = (
                below / BIG,
                above / BIG,
                queued / BIG,
                served / BIG,
                term / BIG,
            )
            log_scale += math.log(BIG)
    one = math.exp(-log_scale)
    states = below + above
    answered = min(1.0, (below + s / a * (above - one)) / states)
    in_time = below / states + _answered_in(a, s, r, threshold, math.log(states) + log_scale)
    return answered, above / states, queued / states / a, served / states, min(answered, in_time)


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
    """`measures` of every element; out has shape (5, n)."""
    for i in range(a.size):
        out[0, i], out[1, i], out[2, i], out[3, i], out[4, i] = measures(a[i], s[i], r[i], threshold[i])


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
