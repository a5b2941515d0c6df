"""Accuracy metrics as functions over arrays, in the definitions of docs/glossary.md.

Intervals without an actual (NaN) are not judged. Results are fractions but for rmse, pinball loss and CRPS, which
are in contacts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike


def wape(actual: ArrayLike, mean: ArrayLike) -> float:
    """Weighted absolute percentage error: Σ|forecast − actual| / Σ actual.

    Without a single actual contact it is 0 for a forecast of nothing and infinite for any other.
    """
    known, forecast = _judged(actual, mean)
    return _ratio(float(np.abs(forecast - known).sum()), float(known.sum()))


def bias(actual: ArrayLike, mean: ArrayLike) -> float:
    """Σ(forecast − actual) / Σ actual; above 0 when the forecast is too high."""
    known, forecast = _judged(actual, mean)
    return _ratio(float((forecast - known).sum()), float(known.sum()))


def interval_hit_rate(actual: ArrayLike, mean: ArrayLike, tolerance: float = 0.05) -> float:
    """Intervals forecast within ± tolerance of the actual / all intervals (时段预测达标率); NaN without any."""
    known, forecast = _judged(actual, mean)
    # Rounding in 1.05 × 20 must not turn a hit at the edge into a miss.
    hits = np.abs(forecast - known) <= tolerance * known * (1 + 1e-12)
    return float(hits.mean()) if hits.size else float("nan")


def coverage(actual: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> float:
    """Share of actuals inside [lower, upper], both included; NaN without any."""
    known, below = _judged(actual, lower)
    _, above = _judged(actual, upper)
    inside = (known >= below) & (known <= above)
    return float(inside.mean()) if inside.size else float("nan")


def rmse(actual: ArrayLike, mean: ArrayLike) -> float:
    """Root of the mean squared error, in contacts; NaN without any interval."""
    known, forecast = _judged(actual, mean)
    return float(np.sqrt(np.mean((forecast - known) ** 2))) if known.size else float("nan")


def pinball_loss(actual: ArrayLike, quantile: ArrayLike, level: float) -> float:
    """Mean of level × what the quantile is short of, or (1 − level) × what it is too high by; NaN without any.

    Least, on average, for the true quantile (Koenker & Bassett 1978).
    """
    known, found = _judged(actual, quantile)
    short = known - found
    return float(np.maximum(level * short, (level - 1) * short).mean()) if known.size else float("nan")


def crps(actual: ArrayLike, quantiles: ArrayLike, levels: Sequence[float]) -> float:
    """Continuous ranked probability score read off a few quantiles; NaN without any interval.

    It is twice the integral of the pinball loss over the levels (Laio & Tamea 2007), here the sum over the levels
    given, each for the stretch nearest to it. One score for centre, width and shape; least for the true
    distribution. Of a single certain figure it is the mean absolute error.

    Parameters
    ----------
    actual
        Shape (intervals,).
    quantiles
        Shape (intervals, levels).
    levels
        Probabilities of the columns, increasing, at least one.
    """
    given = np.asarray(quantiles, dtype=float)
    middles = (np.asarray(levels[1:]) + np.asarray(levels[:-1])) / 2
    stretch = np.diff(np.concatenate([[0.0], middles, [1.0]]))
    losses = [pinball_loss(actual, given[:, place], level) for place, level in enumerate(levels)]
    return float(2 * stretch @ np.array(losses))


def _judged(actual: ArrayLike, forecast: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    known, other = np.asarray(actual, dtype=float), np.asarray(forecast, dtype=float)
    if known.shape != other.shape:
        raise ValueError(f"actual has shape {known.shape}, the forecast {other.shape}")
    there = np.isfinite(known)
    return known[there], other[there]


def _ratio(part: float, whole: float) -> float:
    if whole > 0:
        return part / whole
    return 0.0 if part == 0 else float("inf")
