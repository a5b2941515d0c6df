"""How likely what was answered is, for each availability factor on a grid.

Given the contacts offered, those answered are binomial with Erlang A's answer rate at factor × agents present. The
count stands in for the arrival rate, which is right to first order (the score identity of a Poisson process: answered
contacts regress on the count with the slope of the answer curve). As the curve A bends down, the mean of A(count) lies
below A(rate), so that the factor would come out too high, the more the smaller the queue. 2·A(c) less the mean of
A(c − √c) and A(c + √c) has the mean A(rate) to the second order (the jackknife's idea; Quenouille 1956).

Contacts that wait together abandon together, and days differ by what nobody wrote down, so that days scatter more than
binomially: the log-likelihood is divided by the dispersion of day sums (quasi-likelihood; McCullagh & Nelder 1989,
section 9.2).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.interpolate import CubicSpline

from data.shrinkage import MOST_AVAILABLE
from scheduling.arguments import Floats
from scheduling.calibration_observed import daily
from scheduling.carry_over import PARTS, carried
from scheduling.erlang import answer_rate

FACTORS: Floats = np.geomspace(0.2, MOST_AVAILABLE, 61)
"""Availability factors that answer rates are reckoned at."""

LOGS: Floats = np.log(FACTORS)

FINE: Floats = np.linspace(LOGS[0], LOGS[-1], 8 * (len(LOGS) - 1) + 1)
"""Logarithms of factors between those, on which sums over many intervals are read: they are smooth in the factor."""

CERTAIN = 0.02
"""Nearest to 0 and 1 an answer rate is taken. One contact in fifty is lost or answered for reasons no curve knows, and
without this bound a few such intervals would outweigh all others."""


CHI_SQUARE_MEDIAN = 0.4549
"""Median of the square of a standard normal."""


def answer_rates(
    frame: pd.DataFrame, aht_s: Floats, patience_s: float, *, step_min: int, concurrency: int
) -> Floats:
    """Answered / offered of each interval at each factor, shape (intervals, factors).

    Parameters
    ----------
    frame
        As in `Observed`.
    aht_s
        Handle time of each interval.
    patience_s
        Mean patience.
    step_min
        Length of an interval.
    concurrency
        Contacts one agent handles at once.
    """
    offered = frame["offered"].to_numpy(dtype=float)
    agents = frame["agents"].to_numpy(dtype=float)[:, None] * FACTORS
    per_contact = (_load(frame, aht_s, step_min) / np.maximum(offered, 1e-9))[:, None]

    def answered(contacts: Floats) -> Floats:
        rate = answer_rate(
            contacts[:, None] * per_contact, agents, aht_s[:, None], patience_s, concurrency=concurrency
        )
        return contacts[:, None] * rate

    # Shares of a contact, as mean counts have them, have no room for a deviation of their own below.
    deviation = np.minimum(np.sqrt(offered), offered)
    here = answered(offered)
    unbiased = 2.0 * here - (answered(offered + deviation) + answered(offered - deviation)) / 2.0
    share = unbiased / np.maximum(offered, 1e-9)[:, None]
    return np.where(offered[:, None] > 0, np.clip(share, 0.0, 1.0), 1.0)


def _load(frame: pd.DataFrame, aht_s: Floats, step_min: int) -> Floats:
    """Traffic the contacts of each interval meet, with what is in progress from those before it."""
    traffic = frame["offered"].to_numpy(dtype=float) * aht_s / (60 * step_min)
    follows = (frame["start"].diff() == pd.Timedelta(minutes=step_min)).to_numpy()
    equal = np.full(len(PARTS), 1 / len(PARTS))
    return np.asarray(
        carried(np.repeat(traffic[:, None], len(PARTS), axis=1), aht_s, 60.0 * step_min, follows, equal)
        @ equal
    )


def log_likelihood(frame: pd.DataFrame, rates: Floats) -> Floats:
    """Binomial log-likelihood of each interval at each factor, shape (intervals, factors).

    Intervals in which contacts were answered though nobody is said to have been there tell nothing of a factor: 0.
    """
    safe = np.clip(rates, CERTAIN, 1.0 - CERTAIN)
    offered, answered = frame["offered"].to_numpy(dtype=float), frame["answered"].to_numpy(dtype=float)
    found = answered[:, None] * np.log(safe) + (offered - answered)[:, None] * np.log1p(-safe)
    return np.where((frame["agents"].to_numpy() > 0)[:, None], found, 0.0)


def refined(likelihood: Floats) -> Floats:
    """Log-likelihood summed over intervals, on the fine grid, shape (fine factors,)."""
    return np.asarray(CubicSpline(LOGS, likelihood)(FINE))


def at_factor(rates: Floats, log_factor: Floats) -> Floats:
    """Answer rate of each interval at its own factor, between the grid's, shape (intervals,)."""
    place = np.clip((log_factor - LOGS[0]) / (LOGS[1] - LOGS[0]), 0, len(LOGS) - 1)
    below = np.minimum(place.astype(np.int64), len(LOGS) - 2)
    rest, row = place - below, np.arange(len(rates))
    return np.asarray((1.0 - rest) * rates[row, below] + rest * rates[row, below + 1])


def day_scatter(frame: pd.DataFrame, rates: Floats) -> pd.Series:
    """Contacts answered above or below the rates, squared / binomial variance, by local day.

    Parameters
    ----------
    frame
        As in `Observed`.
    rates
        Answer rate of each interval, shape (intervals,).
    """
    safe = np.clip(rates, CERTAIN, 1.0 - CERTAIN)
    offered, answered = frame["offered"].to_numpy(dtype=float), frame["answered"].to_numpy(dtype=float)
    there = frame["agents"].to_numpy() > 0
    missed = daily(frame, np.where(there, answered - offered * safe, 0.0))
    variance = daily(frame, np.where(there, offered * safe * (1.0 - safe), 0.0))
    return (missed**2 / variance)[variance > 0]


def dispersion(scatter: pd.Series) -> float:
    """Variance of what days answered / binomial variance; at least 1, and by the median, which no outage moves."""
    return max(1.0, float(scatter.median()) / CHI_SQUARE_MEDIAN) if len(scatter) else 1.0


def log_prior(mean: float, spread: float) -> Floats:
    """Normal prior of log factors on the fine grid, summing to 1, as logarithms; its mean lies on the grid."""
    found = -0.5 * ((FINE - mean) / spread) ** 2
    return np.asarray(found - np.log(np.exp(found).sum()))
