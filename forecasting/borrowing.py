"""How a young queue differs from the one it borrows from: its level, its weekdays, its time of day.

Each is the ratio of what came to what the other queue had, shrunk to 1 by how much chance there is in it (linear
empirical Bayes), so that a week of history sets the level, and months take over weekdays and profile.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.domain import DAY_MIN
from forecasting.weekly import same_hours

LEVEL_SD = 0.35
"""How far a planner's level, or the day's before last, may be off, as a share of it."""
WEEKDAY_SD, SLOT_SD = 0.30, 0.40
"""How far weekdays and times of day of similar queues lie apart, as a share."""
DAY_SD, CELL_SD = 0.12, 0.20
"""How far one day lies from its level, and one interval from its day, beyond chance."""
WEEK_SD = 0.06
KERNEL_MIN = 45.0
HALF_LIFE_DAYS = 21.0
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Borrowed:
    """A week's factors on another queue's contacts.

    Parameters
    ----------
    factors
        Shape (7, slots).
    level_variance
        Variance of the relative error of the level.
    slot_variance
        The same of the time of day, given the level, shape (slots,).
    days
        Days of own history they rest on.
    """

    factors: np.ndarray
    level_variance: float
    slot_variance: np.ndarray
    days: int


def borrow(
    counts: np.ndarray,
    reference: np.ndarray,
    weekdays: np.ndarray,
    opened: np.ndarray,
    prior_level: float | None,
) -> Borrowed:
    """Estimate the factors from what both queues had on the same days.

    Parameters
    ----------
    counts
        Own contacts, shape (days, slots); NaN where unknown, and no rows where there is no history.
    reference
        The other queue's contacts on the same days and slots.
    weekdays
        Shape (days,).
    opened
        Opening hours of the young queue, shape (7, slots).
    prior_level
        Ratio of the levels that a planner believes in; None where nobody said. Needed where nothing is known.
    """
    slots = opened.shape[1]
    known = np.isfinite(counts) & (reference > 0)
    age = np.arange(len(counts))[::-1]
    weight = np.where(known, (0.5 ** (age / HALF_LIFE_DAYS))[:, None], 0.0)
    own, other = weight * np.where(known, counts, 0.0), weight * np.where(known, reference, 0.0)
    days = float(weight.max(axis=1).sum()) if len(counts) else 0.0
    found = int(known.any(axis=1).sum())
    weekday, slot = np.ones(7), np.ones((7, slots))
    level, level_variance = _level(own.sum(), other.sum(), days, prior_level)
    kin, kernel = same_hours(opened), _kernel(slots)
    slot_left = np.full(slots, SLOT_SD**2)
    for _ in range(ROUNDS if found else 0):
        expected = level * other * slot[weekdays]
        weekday = _weekday_factors(own, expected, weekdays, weight)
        expected = level * other * weekday[weekdays][:, None]
        came, due, times = np.zeros((7, slots)), np.zeros((7, slots)), np.zeros((7, slots))
        for sums, part in ((came, own), (due, expected), (times, weight)):
            np.add.at(sums, weekdays, part)
            sums[:] = kin @ sums @ kernel
        variance = 1 / np.maximum(due, 1e-9) + CELL_SD**2 / np.maximum(times, 1e-9)
        slot = _shrunk(came, due, SLOT_SD**2, variance)
        slot_left = SLOT_SD**2 * variance.min(axis=0) / (SLOT_SD**2 + variance.min(axis=0))
        level, level_variance = _level(
            own.sum(), (other * weekday[weekdays][:, None] * slot[weekdays]).sum(), days, prior_level
        )
    return Borrowed(level * weekday[:, None] * slot, level_variance, slot_left, found)


def _level(own: float, other: float, days: float, prior: float | None) -> tuple[float, float]:
    """Ratio of the levels and its relative variance."""
    if other <= 0 or days <= 0:
        return float(prior or 0.0), LEVEL_SD**2
    chance = 1 / max(own, 1.0) + DAY_SD**2 / days + WEEK_SD**2 / max(days / 7, 1.0)
    if prior is None:
        return own / other, chance
    trust = LEVEL_SD**2 / (LEVEL_SD**2 + chance)
    # With nothing found there is no logarithm; one contact more leaves a sound level as it is.
    both = trust * np.log((own + 1) / other) + (1 - trust) * np.log(prior)
    return float(np.exp(both)), LEVEL_SD**2 * chance / (LEVEL_SD**2 + chance)


def _weekday_factors(
    own: np.ndarray, expected: np.ndarray, weekdays: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    came, due, days = (
        np.bincount(weekdays, weights=sums, minlength=7)
        for sums in (own.sum(axis=1), expected.sum(axis=1), weight.max(axis=1))
    )
    variance = 1 / np.maximum(due, 1e-9) + DAY_SD**2 / np.maximum(days, 1e-9)
    return _shrunk(came, due, WEEKDAY_SD**2, variance)


def _shrunk(came: np.ndarray, due: np.ndarray, prior: float, variance: np.ndarray) -> np.ndarray:
    ratio = np.divide(came, due, out=np.ones_like(due), where=due > 0)
    factors: np.ndarray = 1 + prior / (prior + variance) * (ratio - 1)
    return factors


def _kernel(slots: int) -> np.ndarray:
    minutes = np.arange(slots) * (DAY_MIN // slots)
    kernel: np.ndarray = np.exp(-0.5 * ((minutes[:, None] - minutes[None, :]) / KERNEL_MIN) ** 2)
    return kernel
