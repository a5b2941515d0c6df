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


def pinball_loss(actual: Sequence[float], quantile: Sequence[float], level: float) -> float:
    """What a quantile costs: level a contact when short, 1 − level when too high."""
    costs = [
        level * (a - q) if a > q else (1 - level) * (q - a) for a, q in zip(actual, quantile, strict=True)
    ]
    return sum(costs) / len(costs)


def crps(actual: float, draws: Sequence[float]) -> float:
    """E|X − actual| − E|X − X'| / 2 over all pairs of draws (Gneiting & Raftery 2007)."""
    near = sum(abs(x - actual) for x in draws) / len(draws)
    apart = sum(abs(x - y) for x in draws for y in draws) / len(draws) ** 2
    return near - apart / 2
