"""Handle time of each interval as history has it, without the chance in a handful of contacts.

The mean of c contacts with a coefficient of variation of 1.2 is off by 1.2 / √c, while the truth varies by some 15 %
from day to day and by more within it. Means are therefore drawn towards the usual ones as if so many more contacts had
taken just that long (a conjugate prior on the mean).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from scheduling.arguments import Floats

HOUR_CONTACTS = 60
"""Contacts the mean of all hours counts as in the mean of one."""

DAY_CONTACTS = 60
"""Contacts the usual level counts as in that of a day: (1.2 / 0.15)²."""

INTERVAL_CONTACTS = 20
"""Contacts the day's own figure counts as in that of one interval: (1.2 / 0.27)²."""


@dataclass(frozen=True, slots=True)
class UsualHandleTime:
    """Mean handle time by hour of the day in s, shape (24,)."""

    by_hour_s: Floats

    def at(self, frame: pd.DataFrame) -> Floats:
        """Usual handle time of each interval, in s."""
        return np.asarray(self.by_hour_s[frame["minute"].to_numpy() // 60])


def usual_handle_time(frame: pd.DataFrame) -> UsualHandleTime:
    """Learn the usual handle times from observed intervals."""
    hour = frame["minute"].to_numpy() // 60
    time_s = np.bincount(hour, frame["handle_time_s"], minlength=24)
    contacts = np.bincount(hour, frame["handled"], minlength=24)
    mean_s = time_s.sum() / contacts.sum()
    return UsualHandleTime((time_s + HOUR_CONTACTS * mean_s) / (contacts + HOUR_CONTACTS))


def handle_time_s(frame: pd.DataFrame, usual: UsualHandleTime) -> Floats:
    """Handle time of each interval: its own mean, drawn to its day's, which is drawn to the usual."""
    expected_s = usual.at(frame)
    handled = frame["handled"].to_numpy(dtype=float)
    time_s = frame["handle_time_s"].to_numpy(dtype=float)
    code = pd.factorize(frame["date"])[0]
    contacts, taken_s = np.bincount(code, handled), np.bincount(code, time_s)
    usually_s = np.bincount(code, handled * expected_s)
    per_contact_s = np.where(contacts > 0, usually_s / np.maximum(contacts, 1e-9), expected_s.mean())
    level = (taken_s + DAY_CONTACTS * per_contact_s) / (usually_s + DAY_CONTACTS * per_contact_s)
    of_day_s = expected_s * level[code]
    return np.asarray((time_s + INTERVAL_CONTACTS * of_day_s) / (handled + INTERVAL_CONTACTS))
