"""Random arrivals around a known mean: they vary more than Poisson, and a busy hour makes the next one busy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.synthetic.streams import stream

DAY_MEMORY = 0.35
"""Correlation of one day's effect with the next day's."""
INTERVAL_MEMORY = 0.85
"""Correlation of one interval's drift with the next one's."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What arrived, and the intensity it was drawn from.

    Parameters
    ----------
    intensity
        Mean of each interval given its random effects, contacts.
    offered
        Contacts that came, whole numbers.
    """

    intensity: np.ndarray
    offered: np.ndarray


def draw_arrivals(
    mean: np.ndarray, *, day_spread: float, interval_spread: float, seed: int, name: str
) -> Arrivals:
    """Draw Poisson counts whose mean carries a lognormal effect per day and one that drifts within the day.

    Parameters
    ----------
    mean
        True mean contacts, (days, intervals).
    day_spread, interval_spread
        Standard deviations of the logs of the two effects; both effects have mean 1, so `mean` stays true.
    seed, name
        Name of the queue, which owns its random stream.

    Returns
    -------
    Arrivals
        Arrays of the shape of `mean`.

    Notes
    -----
    The doubly stochastic form found in call centres by Avramidis, Deslauriers & L'Ecuyer (2004), Management
    Science 50:896–908, with an autoregressive drift inside the day.
    """
    draw = stream(seed, name, "arrivals")
    days, intervals = mean.shape
    day = _lasting(draw.standard_normal((1, days)), DAY_MEMORY).reshape(days, 1)
    drift = _lasting(draw.standard_normal((days, intervals)), INTERVAL_MEMORY)
    logs = day_spread * day + interval_spread * drift
    intensity = mean * np.exp(logs - (day_spread**2 + interval_spread**2) / 2)
    return Arrivals(intensity, draw.poisson(intensity).astype(float))


def _lasting(noise: np.ndarray, memory: float) -> np.ndarray:
    """Stationary first-order autoregression with variance 1 along the last axis."""
    fresh = np.sqrt(1 - memory**2)
    lasting = noise.copy()
    for place in range(1, noise.shape[1]):
        lasting[:, place] = memory * lasting[:, place - 1] + fresh * noise[:, place]
    return lasting
