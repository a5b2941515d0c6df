"""Where the level of a queue changed for good: a step test on log totals net of the weekday.

Each day is a candidate; the medians of four weeks before and after it are compared. Medians pass over a holiday
week, and a step must describe the eight weeks better than a straight line, so that growth is not taken for steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

WINDOW_DAYS = 28
"""Usable days looked at on each side; half of them must be known."""
LEAST_STEP = float(np.log(1.15))
LEAST_WIDTHS = 6.0
STEP_OVER_LINE = 0.9
"""Absolute residuals around the step over those around the line, at most."""


@dataclass(frozen=True, slots=True)
class LevelShift:
    """A lasting change.

    Parameters
    ----------
    day
        Place of the first day at the new level.
    before, after
        Typical total of a day on either side, in contacts.
    size
        Step over the least one that counts, in standard deviations; from 1 on.
    """

    day: int
    before: float
    after: float
    size: float


def level_shifts(totals: np.ndarray, weekdays: np.ndarray) -> list[LevelShift]:
    """Find lasting steps in the totals of days, in order of time.

    Parameters
    ----------
    totals
        Contacts of each day, shape (days,); NaN on days that are not usable or that a peak moves.
    weekdays
        Shape (days,), 0 for Monday.
    """
    known = np.flatnonzero(np.isfinite(totals) & (totals > 0))
    if len(known) < WINDOW_DAYS:
        return []
    level = np.log(totals[known])
    level = level - _weekday_effects(level, weekdays[known])[weekdays[known]]
    half = WINDOW_DAYS // 2
    found: dict[int, tuple[float, float, float]] = {}
    for place in range(half, len(level) - half + 1):
        before, after = level[max(0, place - WINDOW_DAYS) : place], level[place : place + WINDOW_DAYS]
        low, high = np.median(before), np.median(after)
        step = abs(high - low)
        if step < LEAST_STEP:
            continue
        off = np.abs(np.concatenate([before - low, after - high]))
        # The median's standard error is 1.2533 times the mean's.
        scale = 1.2533 * 1.4826 * np.median(off) * np.sqrt(1 / len(before) + 1 / len(after))
        widths = step / max(scale, 1e-9)
        if widths >= LEAST_WIDTHS and off.sum() <= STEP_OVER_LINE * _around_line(before, after):
            found[place] = (off.sum() / len(off), widths, step)
    shifts = []
    while found:
        # The best place is the one around which the days lie closest to the two levels.
        near = max(found, key=lambda each: found[each][2])
        near = min(
            (each for each in found if abs(each - near) <= half), key=lambda each: (found[each][0], each)
        )
        before = np.median(totals[known[max(0, near - WINDOW_DAYS) : near]])
        after = np.median(totals[known[near : near + WINDOW_DAYS]])
        shifts.append(
            LevelShift(int(known[near]), float(before), float(after), found[near][1] / LEAST_WIDTHS)
        )
        found = {place: value for place, value in found.items() if abs(place - near) > WINDOW_DAYS}
    return sorted(shifts, key=lambda shift: shift.day)


def _weekday_effects(level: np.ndarray, weekdays: np.ndarray) -> np.ndarray:
    """Median of a weekday's level against the week around it, shape (7,)."""
    padded = np.pad(level, 3, mode="edge")
    around = np.median(np.lib.stride_tricks.sliding_window_view(padded, 7), axis=1)
    effects = np.zeros(7)
    for weekday in np.unique(weekdays):
        effects[weekday] = np.median((level - around)[weekdays == weekday])
    return effects


def _around_line(before: np.ndarray, after: np.ndarray) -> float:
    """Absolute residuals around the least-squares line."""
    level = np.concatenate([before, after])
    time = np.arange(len(level)) - (len(level) - 1) / 2
    slope = (time @ level) / (time @ time)
    residual = level - level.mean() - slope * time
    return float(np.abs(residual).sum())
