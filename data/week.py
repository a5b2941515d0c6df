"""Spans of the week, on the clock of a queue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.errors import FieldError

DAY_MIN = 1440
WEEK_MIN = 7 * DAY_MIN
ALL_WEEKDAYS = frozenset(range(7))


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekSpan:
    """A time of day on some weekdays, in minutes from local midnight; a close past 1440 runs into the next day."""

    weekdays: frozenset[int] = ALL_WEEKDAYS
    open_min: int = 0
    close_min: int = DAY_MIN

    def __post_init__(self) -> None:
        if not self.weekdays <= ALL_WEEKDAYS:
            raise FieldError(f"weekdays are 0 (Monday) to 6, not {sorted(self.weekdays)}.", "weekdays")
        starts = 0 <= self.open_min < DAY_MIN
        if not (starts and self.open_min < self.close_min <= self.open_min + DAY_MIN):
            raise FieldError(
                f"hours must open before they close, within 24 h: {self.open_min} to {self.close_min} min.",
                "close_min" if starts else "open_min",
            )

    def minutes(self) -> np.ndarray:
        """Whether it holds in each minute of the week from Monday's midnight, booleans of shape (10080,)."""
        held = np.zeros(WEEK_MIN, dtype=bool)
        for weekday in self.weekdays:
            begin = weekday * DAY_MIN
            held[np.arange(begin + self.open_min, begin + self.close_min) % WEEK_MIN] = True
        return held
