"""What an interval inherits from the ones before it: contacts in progress when it begins.

Where demand moves faster than contacts end, the traffic agents meet is not contacts offered × handle time / length
of the interval: at market open few contacts are in progress yet, after it the peak's are still being served. It is
the offered load, the mean number in progress were there agents for everybody,

    load'(t) = arrivals(t) − load(t) / handle time

(modified offered load: Jagerman 1975, The Bell System Technical Journal 54:525; Jennings, Mandelbaum, Massey &
Whitt 1996, Management Science 42:1383). It depends on demand alone, not on the roster: each interval keeps a curve
of its own agents, and the optimiser needs nothing new. Arrivals are as they were, so that the contacts of a day
are conserved; only the traffic they meet lags behind them.

After hours without demand the first interval starts as if it had gone on for long, for contacts that waited for the
opening come at once.
"""

from __future__ import annotations

import math

import numpy as np

from scheduling.arguments import Floats
from scheduling.compiled import compiled

PARTS = (2, 6, 5, 3, 0, 1, 4)
"""Levels in the order in which they get their part of an interval: of all orders, that in which level and time, and
level squared and time, are least correlated while a load settles (the best of 5,040 for the weights of `demand`)."""


def carried(
    traffic: Floats, aht_s: Floats, interval_s: float, follows: np.ndarray, weights: Floats
) -> Floats:
    """Traffic that contacts of each interval meet, at each level.

    The load moves within an interval, and the answer rate bends: of a load that doubles, its mean alone would
    promise too much. So each level stands for a part of the interval as long as its weight, spread over the
    interval like the cells of a Latin square: levels and time are averaged at the price of levels.

    Parameters
    ----------
    traffic
        Offered contacts × handle time / interval length at each level, which holds over all intervals, shape (n, 7).
    aht_s
        Handle time, shape (n,).
    interval_s
        Length of an interval.
    follows
        Whether an interval begins where the one before it in the array ends, shape (n,).
    weights
        Probability of each level, shape (7,).

    Returns
    -------
    array
        Shape (n, 7); its weighted mean is that of the load over levels and over the interval. 0 where nothing is
        offered.
    """
    until = np.empty(len(PARTS))
    until[list(PARTS)] = np.cumsum(weights[list(PARTS)])
    loads = np.empty(traffic.shape)
    _fill_loads(traffic, interval_s / aht_s, follows, weights, until - weights, loads)
    return np.where(traffic > 0, loads, 0.0)


@compiled
def _fill_loads(  # noqa: PLR0917 - compiled code takes arguments by position
    traffic: np.ndarray,
    lengths: np.ndarray,
    follows: np.ndarray,
    weights: np.ndarray,
    begins: np.ndarray,
    loads: np.ndarray,
) -> None:
    """Offered load of every level on its part of each interval; lengths in handle times."""
    held = np.zeros(weights.size)
    for i in range(traffic.shape[0]):
        y = lengths[i]
        whole = -math.expm1(-y) / y
        mean, total = 0.0, 0.0
        for k in range(weights.size):
            settled = traffic[i, k]
            gap = held[k] - settled if follows[i] else 0.0
            part = -math.expm1(-y * weights[k]) / (y * weights[k]) * math.exp(-y * begins[k])
            loads[i, k] = settled + gap * part
            total += weights[k] * loads[i, k]
            mean += weights[k] * (settled + gap * whole)
            held[k] = settled + gap * math.exp(-y)
        if total > 0.0 and total != mean:
            for k in range(weights.size):
                loads[i, k] *= mean / total
