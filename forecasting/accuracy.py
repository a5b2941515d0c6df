"""Accuracy metrics as functions over arrays, in the definitions of docs/glossary.md.

Intervals without an actual (NaN) are not judged. All results are fractions.
"""

from __future__ import annotations

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
