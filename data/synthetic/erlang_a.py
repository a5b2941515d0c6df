"""M/M/n+M in closed form, so that the past of the synthetic centre has honest abandonment.

Kept apart from the product's own staffing model on purpose: what made the data must not be what reads it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

THRESHOLD_S = 20.0
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)


@dataclass(frozen=True, slots=True)
class Steady:
    """Steady state of a queue with impatient customers, one value per interval.

    Parameters
    ----------
    waits
        Probability that a contact waits at all.
    abandons
        Probability that it leaves before a person answers.
    in_threshold
        Probability that it is answered within the threshold.
    mean_wait_s
        Mean wait of all contacts, answered or not.
    """

    waits: np.ndarray
    abandons: np.ndarray
    in_threshold: np.ndarray
    mean_wait_s: np.ndarray


def _gamma_factor(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A(x, y) = x eʸ y⁻ˣ γ(x, y) of Garnett, Mandelbaum & Reiman (2002), in log space."""
    scale = y - x * np.log(y) + special.gammaln(x + 1)
    factor: np.ndarray = np.exp(scale) * special.gammainc(x, y)
    return factor


def _blocking(agents: np.ndarray, erlangs: np.ndarray) -> np.ndarray:
    """Erlang B, continued to real numbers of agents through the incomplete gamma function."""
    log_point = agents * np.log(erlangs) - erlangs - special.gammaln(agents + 1)
    blocked: np.ndarray = np.exp(log_point) / special.gammaincc(agents + 1, erlangs)
    return blocked


def steady_state(
    rate_per_s: np.ndarray,
    aht_s: np.ndarray,
    agents: np.ndarray,
    patience_s: float,
    threshold_s: float = THRESHOLD_S,
) -> Steady:
    """Solve M/M/n+M for every interval at once.

    Parameters
    ----------
    rate_per_s
        Arrivals per second, above 0.
    aht_s
        Mean handle time.
    agents
        Positions on contacts, above 0, not necessarily whole.
    patience_s
        Mean of the exponential patience.
    threshold_s
        Wait up to which an answer counts as in time.

    Returns
    -------
    Steady
        Arrays of the shape of `rate_per_s`.

    Notes
    -----
    Garnett, Mandelbaum & Reiman (2002), M&SOM 4:208–227, for the probabilities of wait and abandonment;
    Zeltyn & Mandelbaum (2005), Queueing Systems 51:361–402, for the density of the offered wait, integrated
    over [0, threshold] by Gauss-Legendre quadrature.
    """
    drain = agents / aht_s
    y = rate_per_s * patience_s
    factor = _gamma_factor(drain * patience_s, y)
    blocked = _blocking(agents, rate_per_s * aht_s)
    waits = factor * blocked / (1 + (factor - 1) * blocked)
    load = rate_per_s / drain
    abandons = waits * (1 / (load * factor) + 1 - 1 / load)
    late_answer = np.zeros_like(y)
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        wait_s = 0.5 * threshold_s * (1 + node)
        gone = -np.expm1(-wait_s / patience_s)
        late_answer += weight * np.exp(y * gone - drain * wait_s - wait_s / patience_s)
    answered_after_wait = waits * drain / factor * 0.5 * threshold_s * late_answer
    abandons = np.clip(abandons, 0.0, 1.0)
    in_threshold = np.clip(1 - waits + answered_after_wait, 0.0, 1 - abandons)
    return Steady(waits, abandons, in_threshold, abandons * patience_s)


def agents_for(answer_rate: float, erlangs: np.ndarray, aht_s: float, patience_s: float) -> np.ndarray:
    """Fewest agents, not rounded, that answer `answer_rate` of each load, by bisection.

    Parameters
    ----------
    answer_rate
        Wanted answered / offered, 0–1.
    erlangs
        Offered loads, above 0.
    aht_s, patience_s
        Mean handle time and mean patience.

    Returns
    -------
    ndarray
        Agents, of the shape of `erlangs`.
    """
    low: np.ndarray = 0.25 * erlangs
    high: np.ndarray = erlangs + 6 * np.sqrt(erlangs) + 3
    rate, aht = erlangs / aht_s, np.full_like(erlangs, aht_s)
    for _ in range(40):
        middle = 0.5 * (low + high)
        enough = steady_state(rate, aht, middle, patience_s).abandons <= 1 - answer_rate
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high
