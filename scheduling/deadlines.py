"""By when contacts that can wait are to be begun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data.domain import Queue
from data.intervals import grid
from scheduling.arguments import Floats
from scheduling.centre import unix_s


@dataclass(frozen=True, slots=True)
class Deadline:
    """The deadline of a queue whose contacts can wait, over some days.

    Parameters
    ----------
    open_s, length_s
        Begin of each open interval, ascending, shape (n,), and their length.
    within_s
        Opening time a contact may wait.
    """

    open_s: Floats
    length_s: float
    within_s: float

    def of(self, arrival_s: Floats) -> Floats:
        """Instants by which contacts that come at those are to be begun, shape as given.

        Hours in which the queue is closed do not count; a contact that comes in one of them counts as come at the
        next opening. Infinite where the deadline lies beyond the last open interval.
        """
        own = np.searchsorted(self.open_s, arrival_s, side="right") - 1
        into = np.minimum(arrival_s - self.open_s[np.maximum(own, 0)], self.length_s)
        opened = np.where(own < 0, 0.0, own * self.length_s + into) + self.within_s
        # A deadline at the minute the queue closes is that minute, not the next opening.
        last = np.ceil(opened / self.length_s).astype(np.int64) - 1
        begin = np.append(self.open_s, np.inf)[np.minimum(last, self.open_s.size)]
        return np.asarray(begin + (opened - last * self.length_s))


def deadline(queue: Queue, first: date, last: date, origin_s: float) -> Deadline:
    """Deadline of a queue over local days, both included; instants in seconds from a Unix time."""
    starts = pd.DatetimeIndex(grid(queue, first, (last - first).days + 1)["start"])
    return Deadline(
        unix_s(starts).astype(float) - origin_s, 60.0 * queue.interval_min, 3600.0 * queue.due_within_h
    )
