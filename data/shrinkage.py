"""What keeps rostered people from contacts: shrinkage by cause and time of the week, and availability."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from data.errors import FieldError
from data.week import WEEK_MIN, WeekSpan

MOST_AVAILABLE = 1.5
"""Largest availability factor.

A factor brings the answer curves to what was seen, and that can be better than they say: people take contacts
faster when many wait, or more were there than were counted. A cap at 1 would pull every fitted factor down. Half as
much again as there were means that people or contacts were miscounted.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrinkage(WeekSpan):
    """Share of the rostered time that one cause takes, at some time of the week.

    Parameters
    ----------
    cause
        Name, such as training or sickness.
    share
        Of the time that the other causes leave, 0 ≤ x < 1.
    planned
        Whether it is arranged beforehand (training, meetings, coaching) or just happens (sickness, lateness).
    """

    cause: str
    share: float
    planned: bool = False

    def __post_init__(self) -> None:
        WeekSpan.__post_init__(self)
        if not self.cause:
            raise FieldError("a shrinkage needs a cause. Name it, such as training.", "cause")
        if not 0 <= self.share < 1:
            raise FieldError(
                f"shrinkage {self.cause!r}: its share lies in 0 ≤ x < 1, not {self.share}. Give 0.05 for 5 %.",
                "share",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability(WeekSpan):
    """Agents that were there in effect / agents present, at some time of the week; fitted from history.

    Present are the agents whom shrinkage and adherence leave.

    Parameters
    ----------
    factor
        Above 0, at most 1.5; above 1 where more was answered than the agents present explain.
    """

    factor: float

    def __post_init__(self) -> None:
        WeekSpan.__post_init__(self)
        if not (math.isfinite(self.factor) and 0 < self.factor <= MOST_AVAILABLE):
            raise FieldError(
                f"an availability lies above 0 and is at most {MOST_AVAILABLE:g}, not {self.factor}. "
                "Give 0.9 where nine of ten are there.",
                "factor",
            )


def overlapping(spans: Iterable[WeekSpan]) -> bool:
    """Whether two of the spans hold at one minute of the week."""
    held = np.zeros(WEEK_MIN, dtype=np.int64)
    for span in spans:
        held += span.minutes()
    return bool((held > 1).any())
