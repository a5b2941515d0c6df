"""Negative binomial counts by their recurrence, one count after the other."""

from __future__ import annotations


def masses(mean: float, variance: float, counts: int) -> list[float]:
    """Probability of 0, 1, … contacts: p(k + 1) = p(k) (size + k) / (k + 1) (1 − share), size = 1 / variance."""
    size = 1 / variance
    share = size / (size + mean)
    found = [share**size]
    for count in range(counts - 1):
        found.append(found[-1] * (size + count) / (count + 1) * (1 - share))
    return found


def spread_quantile(mean: float, variance: float, rank: float) -> float:
    """Where the rank falls when each count's probability lies evenly over ± 0.5 around it; not below 0."""
    reached = 0.0
    for count, mass in enumerate(masses(mean, variance, 4000)):
        if reached + mass >= rank:
            return max(0.0, count - 0.5 + (rank - reached) / mass)
        reached += mass
    raise ValueError(f"rank {rank} lies beyond 4000 contacts")
