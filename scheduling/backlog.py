"""Work that waits: what comes, what is done in each interval, and what that means for each contact's deadline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduling.arguments import Floats


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of the contacts of each interval, arrays of shape (n,).

    Parameters
    ----------
    done
        Contacts handled in each interval, whenever they came.
    in_time, late, waiting
        By the interval they came in: handled before their deadline, after it, and not yet handled at the end.
    """

    done: Floats
    in_time: Floats
    late: Floats
    waiting: Floats


def handled(came: Floats, capacity: Floats, deadline: int) -> Handled:
    """Handle contacts first in, first out.

    Within an interval contacts come and are handled evenly, so that what comes in it can be handled in it.

    Parameters
    ----------
    came
        Contacts that come in each open interval of a queue, shape (n,).
    capacity
        Contacts that can be handled in each of them, shape (n,).
    deadline
        Intervals after its own within which a contact is to be handled; 0 for its own.
    """
    came_until = np.concatenate(([0.0], np.cumsum(came)))
    capacity_until = np.concatenate(([0.0], np.cumsum(capacity)))
    # Done = capacity, less what stood idle since the backlog was last empty (Lindley 1952).
    done_until = capacity_until + np.minimum.accumulate(came_until - capacity_until)
    n = len(came)
    by_deadline = done_until[np.minimum(np.arange(1, n + 1) + deadline, n)]

    def of_each(until: Floats | float) -> Floats:
        return np.clip(until - came_until[:-1], 0.0, came)

    in_time = of_each(by_deadline)
    finished = of_each(done_until[-1])
    return Handled(np.diff(done_until), in_time, finished - in_time, came - finished)
