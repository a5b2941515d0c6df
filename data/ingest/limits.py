"""Figures no contact centre has. What lies beyond them is a slip: another unit, two cells run together, a test row."""

from __future__ import annotations

import numpy as np

from data.domain import FIRST_DAY, LAST_DAY

MOST_CONTACTS = 1_000_000
"""Contacts offered in one interval."""

LONGEST_HANDLE_S = 86_400
"""Handle time of one contact: a day."""

LONGEST_WAIT_S = 30 * 86_400
"""Wait of one contact: an e-mail may lie for weeks."""

DAYS_REASON = f"days lie between {FIRST_DAY} and {LAST_DAY}"
DAYS_REPAIR = "Correct the year."


def beyond_days(moments: np.ndarray) -> np.ndarray:
    """Which of some datetime64 moments lie outside the days anything is said of; NaT does not."""
    first, end = np.datetime64(FIRST_DAY), np.datetime64(LAST_DAY) + np.timedelta64(1, "D")
    beyond: np.ndarray = (moments < first) | (moments >= end)
    return beyond
