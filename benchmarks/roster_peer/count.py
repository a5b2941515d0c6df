"""What a choice of shifts costs and covers, counted from the case alone, whoever found it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.roster_peer.case import Case, shift_types


@dataclass(frozen=True, slots=True)
class Counted:
    """A choice of shifts.

    Parameters
    ----------
    hours
        Worked, without breaks.
    missing_h, spare_h
        Agents' hours below and above what is required.
    """

    hours: float
    missing_h: float
    spare_h: float

    @property
    def difference_h(self) -> float:
        """Absolute difference between what is required and what is there."""
        return self.missing_h + self.spare_h


def count(case: Case, chosen: Mapping[tuple[int, str], int]) -> Counted:
    """Count shifts chosen by day and name.

    Raises
    ------
    KeyError
        A shift is none of the case's.
    """
    types = shift_types(case)
    there = np.zeros(case.required.shape, dtype=np.int64)
    for (day, name), people in chosen.items():
        there[day] += people * types[name]
    gap = there - case.required
    period_h = case.step_min / 60
    return Counted(
        float(there.sum() * period_h),
        float(np.maximum(-gap, 0).sum() * period_h),
        float(np.maximum(gap, 0).sum() * period_h),
    )
