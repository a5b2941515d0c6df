"""The rest of a day given its first intervals, by conditioning one big Gaussian."""

from __future__ import annotations

import numpy as np

from forecasting.intraday_errors import DayErrors


def condition(
    mean: np.ndarray, actual: np.ndarray, minute: np.ndarray, errors: DayErrors, coming: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Expected relative errors of the coming intervals and their covariance; unknown actuals are left out.

    Every entry of the covariance is written out from what it means, one pair of intervals at a time.
    """
    count = len(mean)
    shared = np.zeros((count, count))
    for one in range(count):
        for other in range(count):
            apart = abs(minute[one] - minute[other])
            shared[one, other] = errors.level_sd**2 + errors.drift_sd**2 * np.exp(-apart / errors.memory_min)
            if one == other:
                shared[one, other] += errors.interval_sd**2
    seen = ~coming & np.isfinite(actual) & (mean > 0)
    noisy = shared[np.ix_(seen, seen)] + np.diag(1 / mean[seen])
    gain = shared[np.ix_(coming, seen)] @ np.linalg.inv(noisy)
    return gain @ (actual[seen] / mean[seen] - 1), shared[np.ix_(coming, coming)] - gain @ shared[
        np.ix_(seen, coming)
    ]
