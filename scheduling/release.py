"""When contacts that can wait are given to people: in the intervals they were planned for, not as they come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduling.arguments import Floats


@dataclass(frozen=True, slots=True)
class Release:
    """Contacts of a queue as they are expected to come and as they are planned, both counted over time.

    Parameters
    ----------
    edges_s
        Begin and end of each of the queue's intervals in turn, ascending, shape (2 n,).
    come, handled
        Contacts expected until then, and planned to be handled until then, shape (2 n,).
    """

    edges_s: Floats
    come: Floats
    handled: Floats

    def of(self, arrival_s: Floats) -> Floats:
        """Instant at which the plan has come to each contact; infinite where it does not within the intervals.

        First in, first out: a contact before which so many are expected is given out when so many are handled.
        What is planned on the first day for contacts of the evening before goes ahead of all that come.
        """
        working = np.flatnonzero(np.diff(self.handled) > 0)
        if not working.size:
            return np.full(arrival_s.shape, np.inf)
        found = self.handled[-1] - self.come[working[-1] + 1]
        before = found + np.interp(arrival_s, self.edges_s, self.come)
        moving = np.unique(np.concatenate((working, working + 1)))
        planned_s = np.interp(before, self.handled[moving], self.edges_s[moving])
        beyond = before > self.handled[-1] * (1.0 + 1e-9)
        return np.where(beyond, np.inf, np.maximum(arrival_s, planned_s))


def release(start_s: Floats, interval_s: float, come: Floats, handled: Floats) -> Release:
    """Releases of a queue.

    Parameters
    ----------
    start_s, interval_s
        Begin of each of its intervals, ascending, shape (n,), and their length.
    come, handled
        Contacts expected to come, and planned to be handled, in each of them, shape (n,).
    """

    def counted(contacts: Floats) -> Floats:
        until = np.cumsum(contacts)
        return np.column_stack((until - contacts, until)).ravel()

    edges_s = np.column_stack((start_s, start_s + interval_s)).ravel()
    return Release(edges_s, counted(come), counted(handled))
