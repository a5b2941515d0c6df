"""Whether starts so far apart are those of longer intervals, or intervals without contacts were left out by chance.

When an interval has contacts with any constant probability p, a gap of k intervals has probability p (1 − p)^(k − 1),
at most (k − 1)^(k − 1) / k^k, and a gap of any multiple of k at most 1 / k. Likewise a start at a time of day that
shares its longer interval with k − 1 others of the same p is the first of the k with probability 1 / k. The evidence,
in bits, is the sum of the negative logarithms of these bounds, less what it costs to pick the place where they hold.
"""

from __future__ import annotations

import numpy as np

BITS = 11.0
"""Evidence beyond which it is no chance."""
PICKED_BITS = 3.0
"""What each stretch costs beside its place; a single one in a whole file needs seven gaps of twice the length."""
TIME_BITS = 4.0
"""What each time of day costs."""
TIMES = 4
"""Fewer times of day may be the ends of opening hours …"""
TIMES_SHARE = 0.25
"""… as may be so small a part of them."""


def first_stretch(steps: np.ndarray, k: int) -> int | None:
    """First gap of the stretches in which every gap is a multiple of k; None where they may be chance.

    Parameters
    ----------
    steps
        Gaps between starts, in intervals and in order, without those of closing hours.
    k
        Intervals in a longer one, at least 2.
    """
    fits = steps % k == 0
    exact_bits = k * np.log2(k) - (k - 1) * np.log2(k - 1)
    bits = np.where(fits, np.where(steps == k, exact_bits, np.log2(k)), 0.0)
    edges = np.diff(np.r_[0, fits.astype(np.int8), 0])
    begins, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    total = np.r_[0.0, np.cumsum(bits)]
    places = len(steps) - (ends - begins) + 1
    evidence = np.maximum(total[ends] - total[begins] - np.log2(places) - PICKED_BITS, 0.0)
    return int(begins[evidence > 0][0]) if evidence.sum() >= BITS else None


def first_without(minutes: np.ndarray, interval_min: int, k: int) -> int | None:
    """First start at the times of day after which the others of their longer interval never come.

    Parameters
    ----------
    minutes
        Local minute of the day of each start.
    interval_min
        Length of an interval.
    k
        Intervals in a longer one, at least 2.

    Returns
    -------
    int or None
        Place of the start; None where it may be chance that the others never come.
    """
    length_min = k * interval_min
    longer, within = minutes // length_min, minutes % length_min
    seen = np.bincount(longer[within == 0], minlength=1440 // length_min + 1)
    others = np.bincount(longer[within > 0], minlength=len(seen))
    evidence = np.where(others == 0, np.maximum(seen * np.log2(k) - TIME_BITS, 0.0), 0.0)
    lone = evidence > 0
    active = np.count_nonzero(seen + others)
    if evidence.sum() < BITS or lone.sum() < max(TIMES, TIMES_SHARE * active):
        return None
    return int(np.argmax(lone[longer]))
