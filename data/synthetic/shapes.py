"""Shapes over the day: how an ordinary day, and what a peak adds, spread over the minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.synthetic.traits import Bump, Traits


@dataclass(frozen=True, slots=True)
class Shape:
    """A floor, bells and blocks over the minutes of a day; only relative heights count.

    Parameters
    ----------
    floor
        Height at every minute.
    bumps
        Bells on top of it.
    blocks
        (first minute, last minute not included, height) on top of it.
    """

    floor: float = 1.0
    bumps: tuple[Bump, ...] = ()
    blocks: tuple[tuple[int, int, float], ...] = ()

    def at(self, minute: np.ndarray) -> np.ndarray:
        """Height at each minute of the day; an array of the shape of `minute`."""
        heights = self.floor + bells(minute, self.bumps)
        for first, end, height in self.blocks:
            heights = heights + height * ((minute >= first) & (minute < end))
        return heights


FLAT = Shape()
STATEMENT = Shape(0.25, (Bump(9 * 60 + 50, 40, 1.2), Bump(11 * 60 + 15, 90, 1.0), Bump(15 * 60, 130, 0.4)))
"""The statement message is sent at 9:00 and lifts the hours after it."""
DEADLINE = Shape(0.40, (Bump(16 * 60, 120, 1.0), Bump(20 * 60 + 30, 70, 1.1)))
"""Repayment is due by midnight: the calls come late."""
PAYOUT = Shape(0.30, (Bump(10 * 60, 60, 1.4), Bump(14 * 60, 90, 0.7)))
"""Dividends and wages arrive in the morning."""
MARKET = Shape(
    0.0, blocks=((9 * 60 + 15, 9 * 60 + 45, 1.2), (9 * 60 + 45, 10 * 60 + 30, 0.8), (780, 810, 0.7))
)
"""Shanghai's call auction starts at 9:15, trading at 9:30 and, after lunch, at 13:00."""
PROMOTION = Shape(0.40, (Bump(10 * 60, 80, 1.0), Bump(20 * 60 + 15, 60, 1.3)))
OUTAGE_FIRST_MIN, OUTAGE_END_MIN = 10 * 60, 12 * 60 + 30
REPEATS = Shape(0.0, blocks=((600, 750, 0.7), (750, 810, 3.0), (810, 900, 1.6), (900, 1020, 0.6)))
"""Redials during an outage from 10:00 to 12:30, and the burst when the lines are back."""


def bells(minute: np.ndarray, bumps: Sequence[Bump]) -> np.ndarray:
    """Sum of bells at each minute; an array of the shape of `minute`."""
    total = np.zeros(np.shape(minute))
    for bump in bumps:
        total += bump.height * np.exp(-0.5 * ((minute - bump.at_min) / bump.width_min) ** 2)
    return total


def ordinary_day(traits: Traits, minute: np.ndarray, weekday: int) -> np.ndarray:
    """Share of an ordinary day's contacts in each interval.

    Parameters
    ----------
    traits
        Of the queue.
    minute
        Middle of each interval of one day, in minutes from midnight.
    weekday
        0 for Monday to 6 for Sunday.

    Returns
    -------
    ndarray
        Shares that add up to 1, of the shape of `minute`.
    """
    bumps = traits.workday if weekday < 5 or not traits.weekend else traits.weekend
    heights = traits.floor + bells(minute, bumps)
    shares: np.ndarray = heights / heights.sum()
    return shares
