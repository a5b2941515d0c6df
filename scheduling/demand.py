"""What a forecast says about the traffic of a queue's intervals: a few levels with weights, not one number.

The quantiles are of contacts counted, which scatter twice: the expected number is uncertain, and arrivals
around it are random (Poisson). Erlang A already holds the second part. Averaging it over the quantiles as they
are would count that part twice and overstaff small queues, so the quantiles are drawn in towards the mean by
the Poisson share of their variance. What is left is the uncertainty of the expected number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.domain import Queue
from data.errors import InputError
from data.schema import FORECAST, OUTER_QUANTILES, QUANTILE_COLUMNS, QUANTILES, conform
from scheduling.arguments import Floats
from scheduling.carry_over import carried

# Without the outer two: each level is one more Erlang table, and forecasts of the first versions lack them.
LEVEL_COLUMNS = tuple(name for name in QUANTILE_COLUMNS if name not in OUTER_QUANTILES)
_LEVELS = np.array(
    [level for name, level in zip(QUANTILE_COLUMNS, QUANTILES, strict=True) if name in LEVEL_COLUMNS]
)
_EDGES = np.concatenate(([0.0], (_LEVELS[1:] + _LEVELS[:-1]) / 2, [1.0]))
LEVEL_WEIGHTS: Floats = np.diff(_EDGES)
"""Probability mass nearest to each quantile: 0.075, 0.10, 0.20, 0.25, 0.20, 0.10, 0.075."""

NORMAL_SCORES = np.array([-1.6449, -1.2816, -0.6745, 0.0, 0.6745, 1.2816, 1.6449])
"""Standard normal quantiles of the levels."""
VARIANCE_HELD = float(LEVEL_WEIGHTS @ NORMAL_SCORES**2)
"""Share of a normal variance that seven weighted quantiles hold, 0.92."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Traffic of a queue's intervals.

    Parameters
    ----------
    start
        UTC starts, shape (n,).
    offered
        Expected contacts offered, shape (n,).
    levels
        Contacts offered at each level, shape (n, 7); their weighted mean is `offered`. Of queues whose contacts can
        wait they are contacts counted, of others expected ones.
    aht_s
        Expected handle time, shape (n,); where nothing is offered it may be any positive number.
    interval_s
        Length of an interval.
    """

    start: pd.DatetimeIndex
    offered: Floats
    levels: Floats
    aht_s: Floats
    interval_s: float

    @property
    def traffic(self) -> Floats:
        """Erlangs at each level, shape (n, 7)."""
        erlangs: Floats = self.levels * (self.aht_s / self.interval_s)[:, None]
        return erlangs

    @property
    def load(self) -> Floats:
        """Erlangs that the contacts of each interval meet at each level, shape (n, 7); see `carry_over`."""
        return carried(self.traffic, self.aht_s, self.interval_s, self.follows, LEVEL_WEIGHTS)

    @property
    def follows(self) -> NDArray[np.bool_]:
        """Whether each interval begins where the one before it ends, shape (n,)."""
        gaps_s = np.diff(self.start.as_unit("s").asi8)
        return np.concatenate(([False], gaps_s == self.interval_s))

    @property
    def shares(self) -> Floats:
        """Share of an interval's contacts offered at each level, shape (n, 7); the weights where there are none."""
        part = LEVEL_WEIGHTS * self.levels
        total = part.sum(axis=1, keepdims=True)
        return np.where(total > 0, part / np.where(total > 0, total, 1.0), LEVEL_WEIGHTS)


def demand(queue: Queue, forecast: pd.DataFrame) -> Demand:
    """Traffic of a queue's intervals, from its rows of a forecast.

    Parameters
    ----------
    queue
        Its rows are picked by its id.
    forecast
        FORECAST frame, of any queues.

    Raises
    ------
    InputError
        The forecast has no row of the queue, or contacts without a handle time.
    SchemaError
        The frame does not keep its schema.
    """
    rows = conform(forecast.loc[forecast["queue"] == queue.id], FORECAST).sort_values("start")
    if rows.empty:
        raise InputError(f"queue {queue.id!r}: the forecast has no interval of it. Forecast the queue first.")
    offered = rows["mean"].to_numpy(dtype=float)
    aht_s = rows["aht_s"].to_numpy(dtype=float)
    counted = np.isfinite(offered) & (offered >= 0)
    if not counted.all():
        at = rows["start"].iloc[int(np.argmin(counted))]
        raise InputError(
            f"queue {queue.id!r}: contacts offered at {at} must be finite and at least 0, "
            f"not {offered[~counted][0]:g}. Correct the forecast."
        )
    faulty = (offered > 0) & ~(np.isfinite(aht_s) & (aht_s > 0))
    if faulty.any():
        at = rows["start"].iloc[int(np.argmax(faulty))]
        raise InputError(
            f"queue {queue.id!r}: aht_s at {at} must be above 0 where contacts are offered, "
            f"not {aht_s[faulty][0]:g}. Correct the forecast's handle time."
        )
    quantiles = rows[list(LEVEL_COLUMNS)].to_numpy(dtype=float)
    return Demand(
        pd.DatetimeIndex(rows["start"]),
        offered,
        _levels(offered, quantiles) if queue.can_wait else drawn_in(offered, _levels(offered, quantiles)),
        np.where(offered > 0, aht_s, 1.0),
        60.0 * queue.interval_min,
    )


def _levels(mean: Floats, quantiles: Floats) -> Floats:
    """Quantiles scaled to the mean."""
    found = quantiles @ LEVEL_WEIGHTS
    levels = np.where(found[:, None] > 0, quantiles / np.where(found > 0, found, 1.0)[:, None], 1.0)
    scaled: Floats = levels * mean[:, None]
    return scaled


def drawn_in(mean: Floats, levels: Floats) -> Floats:
    """Levels drawn in by the Poisson share of their variance (see the module)."""
    deviation = levels - mean[:, None]
    variance = deviation**2 @ LEVEL_WEIGHTS
    poisson = VARIANCE_HELD * mean / np.where(variance > 0, variance, np.inf)
    kept = np.sqrt(np.maximum(0.0, 1.0 - poisson))
    drawn: Floats = mean[:, None] + deviation * kept[:, None]
    return drawn
