"""How far actuals spread around a forecast: Poisson noise, over-dispersion by interval, and the day's own level.

An interval's count is negative binomial around its mean μ with variance μ + c² μ², where
1 + c² = (1 + day²)(1 + interval²). The day's part is shared by all intervals of a day, so intervals and days are
told apart from one set of figures, and one calibration goes over both: the quantiles of `quantiles`, the paths of
`forecasting.paths` and the days of `forecasting.day_quantiles` agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.special import ndtri

from forecasting.calibration import Calibration
from forecasting.counts import LEAST_VARIANCE, quantile
from forecasting.dispersion import Dispersion, combined

LARGEST_SD = 1.0


@dataclass(frozen=True, slots=True)
class Spread:
    """Spread of each interval of a forecast, in the order of its frame.

    Parameters
    ----------
    day
        Which day of the horizon each interval belongs to, shape (intervals,).
    day_sd
        Relative standard deviation of the level of each interval's day, shape (intervals,).
    interval_sd
        Relative standard deviation of the interval around its day, beyond Poisson, shape (intervals,).
    day_correlation
        Correlation of the levels of two days, 0–1.
    calibration
        Put between standard normal values and ranks wherever the distribution is read or drawn from.
    """

    day: np.ndarray
    day_sd: np.ndarray
    interval_sd: np.ndarray
    day_correlation: float
    calibration: Calibration = field(default_factory=Calibration)

    def document(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {
            "day": self.day.tolist(),
            "day_sd": self.day_sd.tolist(),
            "interval_sd": self.interval_sd.tolist(),
            "day_correlation": self.day_correlation,
            "calibration": self.calibration.document(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Spread:
        """Read back what `document` made; the first versions made it without a calibration."""
        calibration = document.get("calibration")
        return cls(
            np.asarray(document["day"], dtype=np.int64),
            np.asarray(document["day_sd"], dtype=float),
            np.asarray(document["interval_sd"], dtype=float),
            float(document["day_correlation"]),
            Calibration() if calibration is None else Calibration.from_document(calibration),
        )

    @property
    def variance(self) -> np.ndarray:
        """Relative variance c² of each interval beyond Poisson, shape (intervals,)."""
        variance: np.ndarray = np.maximum(combined(self.day_sd**2, self.interval_sd**2), LEAST_VARIANCE)
        return variance


def spread_over(dispersion: Dispersion, day: np.ndarray, lead: np.ndarray, slot: np.ndarray) -> Spread:
    """Lay a dispersion over intervals with their day of the horizon, days ahead and slot, each (intervals,)."""
    return Spread(
        day,
        np.minimum(np.sqrt(dispersion.days_ahead(lead)), LARGEST_SD),
        np.minimum(np.sqrt(dispersion.interval_variance[slot]), LARGEST_SD),
        dispersion.day_correlation,
        dispersion.calibration,
    )


def quantiles(mean: np.ndarray, spread: Spread, levels: tuple[float, ...]) -> np.ndarray:
    """Contacts not exceeded with each probability, see `forecasting.counts`.

    Returns
    -------
    ndarray
        Shape (intervals, levels); fractions included, not negative, increasing along a row.
    """
    rank = spread.calibration.rank(ndtri(np.asarray(levels)))
    return quantile(rank, mean[:, None], spread.variance[:, None])
