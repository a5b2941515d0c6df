"""Conformal adjustment: bands are as wide as the back-test's actuals would have needed.

An actual's score is the standard normal value of its rank in the distribution foretold for it, which makes intervals
of every size and slot comparable; a count has a stretch of ranks, and scores all along it (Czado, Gneiting & Held
2009). Were the distribution right, half of the scores would lie within ± 0.67 and 80 % within ± 1.28. The calibration
puts in the place of these limits those within which they did lie (split conformal prediction with normalised scores:
Lei et al. 2018; Chernozhukov, Wüthrich & Zhu 2021), as far as there are days enough to believe them. Both tails share
one map: half the days would be too few for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

HELD = (0.5, 0.8, 0.95)
"""Bands that are adjusted, by the share of actuals they ought to hold."""
BELIEVED_DAYS = 10.0
"""Days of errors that count as much as the distribution that was assumed."""
HIGHEST_SCORE = 6.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """A monotone map from scores as they ought to be to scores as they were.

    Parameters
    ----------
    limits
        Distance from 0 within which the scores of each of the bands `HELD` lay, increasing. Below the first the
        map runs straight from 0, beyond the last it goes on in proportion.
    """

    limits: tuple[float, ...] = tuple(float(limit) for limit in ndtri(0.5 + np.array(HELD) / 2))

    def rank(self, normal: np.ndarray) -> np.ndarray:
        """Rank 0–1 in the assumed distribution of standard normal values, any shape."""
        given = np.concatenate([[0.0], ndtri(0.5 + np.array(HELD) / 2)])
        found = np.concatenate([[0.0], self.limits])
        distance = np.abs(normal)
        beyond = np.maximum(distance / given[-1], 1.0)
        ranks: np.ndarray = ndtr(np.sign(normal) * np.interp(distance, given, found) * beyond)
        return ranks

    def document(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {"held": list(HELD), "limits": list(self.limits)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Calibration:
        """Read back what `document` made."""
        return cls(tuple(float(limit) for limit in document["limits"]))


def calibrate(rank: np.ndarray, weight: np.ndarray, days: float) -> Calibration:
    """Read the calibration off the ranks of a back-test's actuals.

    Parameters
    ----------
    rank
        In the distribution foretold, 0–1, shape (ranks,).
    weight
        Weight of each, not negative, shape (ranks,).
    days
        How many equally weighted days they come from: intervals of a day err together, and are no evidence each.
    """
    assumed = np.array(Calibration().limits)
    if not weight.sum() > 0:
        return Calibration()
    clipped = np.clip(rank, ndtr(-HIGHEST_SCORE), ndtr(HIGHEST_SCORE))
    measured = weighted_quantile(np.abs(ndtri(clipped)), weight, np.array(HELD))
    believed = days / (days + BELIEVED_DAYS)
    return Calibration(tuple((believed * measured + (1 - believed) * assumed).tolist()))


def weighted_quantile(values: np.ndarray, weight: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Quantiles of weighted values, straight between the middles of their weights."""
    order = np.argsort(values, kind="stable")
    mass = weight[order]
    middle = (np.cumsum(mass) - 0.5 * mass) / mass.sum()
    found: np.ndarray = np.interp(levels, middle, values[order])
    return found
