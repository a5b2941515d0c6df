"""Contacts of one queue in the order in which they come, as work to be laid into intervals: first in, first out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.domain import Queue
from data.errors import InputError
from data.intervals import clock
from scheduling.arguments import Floats, Integers
from scheduling.deferred_curves import work
from scheduling.demand import Demand


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """Work of a queue by the open interval it comes in.

    Before the first interval stand those of the last evening in which nobody can work any more: what a horizon leaves
    waiting at its end, it finds waiting at its start.

    Parameters
    ----------
    row
        Interval of the demand each place of the line stands for, shape (m,).
    came
        Agents × intervals of work that come in each place, shape (m,).
    workable
        Whether somebody can work in it, shape (m,).
    deadline
        Places after its own within which work is to be done.
    """

    row: Integers
    came: Floats
    workable: np.ndarray
    deadline: int

    @property
    def found(self) -> int:
        """Number of places before the first interval."""
        return self.row.size - (int(self.row.max(initial=-1)) + 1)

    @property
    def come(self) -> Floats:
        """Work that has come by the end of each place."""
        return np.cumsum(self.came)

    @property
    def due(self) -> Floats:
        """Work that is due by the end of each place; at the end all of it is."""
        due = np.concatenate((np.zeros(self.deadline), self.come))[: self.came.size]
        due[-1] = self.come[-1]
        return due

    def moved(self, done: Floats, values: Floats) -> Floats:
        """Sums of figures by interval of arrival, laid into the intervals in which the work is done.

        Parameters
        ----------
        done
            Agents in each place of the line, shape (m,).
        values
            By interval of the demand; 0 where no work comes, shape (n, …).

        Returns
        -------
        ndarray
            Shape (n, …).
        """
        m = self.came.size
        until = np.concatenate(([0.0], np.cumsum(done)))
        until *= self.come[-1] / until[-1]
        place = np.interp(until, np.concatenate(([0.0], self.come)), np.arange(m + 1.0))
        here = values[self.row] * (self.came > 0).reshape(m, *[1] * (values.ndim - 1))
        sums = np.concatenate((np.zeros((1, *values.shape[1:])), np.cumsum(here, axis=0)))
        below = np.minimum(place.astype(np.int64), m - 1)
        rest = (place - below).reshape(m + 1, *[1] * (values.ndim - 1))
        at = sums[below] + rest * (sums[below + 1] - sums[below])
        moved: Floats = np.diff(at, axis=0)[self.found :]
        return moved


def waiting_line(queue: Queue, asked: Demand, workable: np.ndarray) -> WaitingLine:
    """Line of a queue's contacts.

    Parameters
    ----------
    queue
        One whose contacts can wait; its deadline is cut to whole intervals.
    asked
        What comes in each of its open intervals.
    workable
        Whether somebody can work in each of them, shape (n,).
    """
    n = asked.offered.size
    last = int(np.flatnonzero(workable)[-1]) + 1 if workable.any() else 0
    came = work(queue, asked)
    found = np.arange(last, n) if last else np.arange(0)
    row = np.concatenate((found, np.arange(n)))
    return WaitingLine(
        row,
        np.concatenate((came[found], np.where(np.arange(n) < last, came, 0.0) if last else came)),
        np.concatenate((np.zeros(found.size, dtype=bool), workable)),
        int(60 * queue.due_within_h / queue.interval_min + 1e-9),
    )


def refuse_unmeetable(queue: Queue, asked: Demand, line: WaitingLine) -> None:
    """Refuse contacts that nobody can handle in time, however many people there are.

    Raises
    ------
    InputError
        Contacts are due before anybody can work; with queue, day and repair.
    """
    m = line.came.size
    hands = np.concatenate(([0], np.cumsum(line.workable)))
    until = np.minimum(np.arange(m) + line.deadline + 1, m)
    lost = (line.came > 0) & (hands[until] == hands[:-1])
    if not lost.any():
        return
    rows = np.sort(line.row[lost])
    local = asked.start[rows].tz_convert(queue.timezone)
    days = clock(asked.start[rows], queue.timezone)["date"].nunique()
    raise InputError(
        f"queue {queue.id!r}: {asked.offered[rows].sum():.1f} contacts on {days} day{'s' * (days > 1)}, the first on "
        f"{local[0]:%Y-%m-%d} at {local[0]:%H:%M}, are due within {queue.due_within_h:g} opening hours, in which "
        "nobody with its skill can be in a shift. Raise deadline_h, close the queue in hours nobody works, or add a "
        "pattern that covers them."
    )
