"""Each metric of forecasting.accuracy as the plain sum its definition is, for tests only."""

from __future__ import annotations

from collections.abc import Sequence


def wape(actual: Sequence[float], mean: Sequence[float]) -> float:
    """Σ|forecast − actual| / Σ actual."""
    return sum(abs(m - a) for a, m in zip(actual, mean, strict=True)) / sum(actual)


def bias(actual: Sequence[float], mean: Sequence[float]) -> float:
    """Σ(forecast − actual) / Σ actual."""
    return sum(m - a for a, m in zip(actual, mean, strict=True)) / sum(actual)


def interval_hit_rate(actual: Sequence[float], mean: Sequence[float], tolerance: float) -> float:
    """Intervals within ± tolerance of the actual / all."""
    return sum(abs(m - a) <= tolerance * a for a, m in zip(actual, mean, strict=True)) / len(actual)


def coverage(actual: Sequence[float], lower: Sequence[float], upper: Sequence[float]) -> float:
    """Actuals inside the band / all."""
    return sum(low <= a <= up for a, low, up in zip(actual, lower, upper, strict=True)) / len(actual)


def rmse(actual: Sequence[float], mean: Sequence[float]) -> float:
    """√ of the mean squared error."""
    return (sum((m - a) ** 2 for a, m in zip(actual, mean, strict=True)) / len(actual)) ** 0.5
