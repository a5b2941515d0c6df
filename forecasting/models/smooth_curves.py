"""Curves over the day, smoothed as far as their noise asks for it.

A slot of a small queue has seen few contacts, and its neighbours know nearly as much about it as it does itself.
Smoothing is by second differences (Whittaker 1923; Eilers 2003, Analytical Chemistry 75:3631–3636); how stiff the
curve is follows from the noise and from how far its second differences exceed what noise alone makes of them
(empirical Bayes). A busy queue's curve therefore stays as it is.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.linalg import solveh_banded

NOISE_OF_DIFFERENCE = 6.0
"""Variance of the second difference of three values over that of one: 1 + 4 + 1."""
LEAST_SHARE = 0.25
"""Bends are taken to be at least this share of what noise alone makes of the second differences: many are small and
few are large, so that they are soon underrated."""
LEAST_SLOTS = 5


def smooth_curve(curve: np.ndarray, noise: float, runs: list[slice]) -> np.ndarray:
    """Smooth a curve over each run of slots by itself.

    Parameters
    ----------
    curve
        Any unit, shape (slots,).
    noise
        Variance of each value, in its unit squared.
    runs
        As `open_runs` gives them.

    Returns
    -------
    ndarray
        Shape (slots,); slots in no run, and runs too short to be judged, stay as they were.
    """
    smooth = curve.copy()
    for run in runs:
        if run.stop - run.start >= LEAST_SLOTS:
            smooth[run] = _smooth_run(curve[run], noise)
    return smooth


def open_runs(opened: np.ndarray) -> list[slice]:
    """Neighbouring slots that are open on the same weekdays, so that no curve is smoothed over a change of hours.

    Parameters
    ----------
    opened
        Whether a slot is open on each weekday, shape (weekdays, slots).
    """
    changed = np.flatnonzero((opened[:, 1:] != opened[:, :-1]).any(axis=0)) + 1
    edges = [0, *changed.tolist(), opened.shape[1]]
    return [slice(first, last) for first, last in pairwise(edges) if opened[:, first].any()]


def _smooth_run(values: np.ndarray, noise: float) -> np.ndarray:
    if noise <= 0:
        return values
    expected = NOISE_OF_DIFFERENCE * noise
    bends = max(float((np.diff(values, 2) ** 2).mean()) - expected, LEAST_SHARE * expected)
    bands = _squared_differences(len(values)) * (noise / bends)
    bands[-1] += 1
    smooth: np.ndarray = solveh_banded(bands, values)
    return smooth


def _squared_differences(slots: int) -> np.ndarray:
    """Upper bands of the matrix whose quadratic form is the sum of squared second differences, shape (3, slots)."""
    bands = np.zeros((3, slots))
    bands[0, 2:] = 1.0
    bands[1, 1:] = -4.0
    bands[1, [1, -1]] = -2.0
    bands[2] = 6.0
    bands[2, [0, -1]] = 1.0
    bands[2, [1, -2]] = 5.0
    return bands
