"""Compiled integrals over the wait of M/M/s+M; units as in `erlang_kernels`.

The offered wait V, which a contact has that never gives up, has the density s·π_s·E(v) for v > 0 with
E(v) = exp(a·(1 − e^{−rv})/r − s·v) (Zeltyn & Mandelbaum 2005, Queueing Systems 51:361, section 3). A contact is
answered at v when its patience is longer, abandons at its patience when that is shorter. All integrands are
positive and log-concave, so that nothing cancels; Gauss–Legendre on panels over which the exponent moves by at
most 4 is exact to rounding.
"""

from __future__ import annotations

import math

import numpy as np

from scheduling.compiled import compiled

NEGLIGIBLE = 45.0
"""Exponents this far below the largest add nothing in double precision."""

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
PANELS = 48
"""Over a whole log-concave hump cut off at NEGLIGIBLE: 2 · 45 / 4 panels, twice as many where it is skew."""


@compiled
def _exponent(a: float, s: int, r: float, v: float) -> float:
    """Logarithm of E(v)."""
    return -a * math.expm1(-r * v) / r - s * v


@compiled
def until(a: float, s: int, r: float, threshold: float) -> tuple[float, float]:
    """∫ e^{−rv}·E(v) dv and ∫ (1 − e^{−rv})·E(v) dv over [0, threshold]: reached with and after their patience."""
    steepest = max(abs(a - s), abs(a * math.exp(-r * threshold) - s)) + r
    panels = int(steepest * threshold / 4.0) + 1
    width = threshold / panels
    patient, gone = 0.0, 0.0
    for panel in range(panels):
        part, lost = 0.0, 0.0
        for i in range(NODES.size):
            v = width * (panel + 0.5 * (1.0 + NODES[i]))
            given_up = -math.expm1(-r * v)
            weight = WEIGHTS[i] * math.exp(a * given_up / r - s * v)
            part += weight * (1.0 - given_up)
            lost += weight * given_up
        patient += part
        gone += lost
        if part + lost < 1e-17 * (patient + gone) and a * math.exp(-r * width * panel) < s:
            break
    return 0.5 * width * patient, 0.5 * width * gone


@compiled
def beyond(a: float, s: int, r: float, threshold: float) -> float:
    """∫ E(v) dv over [threshold, ∞); for s ≥ 1."""
    low, high, top = _hump(a, s, r, threshold)
    width = (high - low) / PANELS
    total = 0.0
    for panel in range(PANELS):
        for i in range(NODES.size):
            v = low + width * (panel + 0.5 * (1.0 + NODES[i]))
            total += WEIGHTS[i] * math.exp(_exponent(a, s, r, v) - top)
    return 0.5 * width * total * math.exp(top)


@compiled
def crowded(a: float, s: int, r: float, threshold: float) -> tuple[float, float, float, float]:
    """Waits where all servers are busy with certainty, which is far below a servers.

    Returns
    -------
    tuple
        Wait of the answered per contact offered, in handle times; shares answered and abandoned within the
        threshold, and still waiting at it.
    """
    low, high, top = _hump(a, s, r, 0.0)
    width = (high - low) / PANELS
    total, waited, answered, abandoned, still = 0.0, 0.0, 0.0, 0.0, 0.0
    gone = -math.expm1(-r * threshold)
    edge = min(max(threshold, low), high)
    for side in range(2):
        left, right = (low, edge) if side == 0 else (edge, high)
        width = (right - left) / PANELS
        for panel in range(PANELS):
            for i in range(NODES.size):
                v = left + width * (panel + 0.5 * (1.0 + NODES[i]))
                given_up = -math.expm1(-r * v)
                weight = 0.5 * width * WEIGHTS[i] * math.exp(_exponent(a, s, r, v) - top)
                total += weight
                waited += weight * v * (1.0 - given_up)
                if side == 0:
                    answered += weight * (1.0 - given_up)
                    abandoned += weight * given_up
                else:
                    abandoned += weight * gone
                    still += weight * (1.0 - gone)
    return waited / total, answered / total, abandoned / total, still / total


@compiled
def _hump(a: float, s: int, r: float, start: float) -> tuple[float, float, float]:
    """Where E matters from `start` on: first and last v within NEGLIGIBLE of its top, and the top's exponent."""
    mode = max(start, math.log(a / s) / r) if a > s else start
    top = _exponent(a, s, r, mode)
    low = mode
    if mode > start:
        outside, low = start, start
        if top - _exponent(a, s, r, start) > NEGLIGIBLE:
            inside = mode
            for _ in range(60):
                middle = 0.5 * (outside + inside)
                if top - _exponent(a, s, r, middle) > NEGLIGIBLE:
                    outside = middle
                else:
                    inside = middle
            low = outside
    step = NEGLIGIBLE / s
    inside, outside = mode, mode + step
    while top - _exponent(a, s, r, outside) < NEGLIGIBLE:
        inside = outside
        step *= 2.0
        outside = mode + step
    for _ in range(60):
        middle = 0.5 * (outside + inside)
        if top - _exponent(a, s, r, middle) > NEGLIGIBLE:
            outside = middle
        else:
            inside = middle
    return low, outside, top
