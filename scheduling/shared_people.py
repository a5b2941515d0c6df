"""What the people of one queue have to do for others: shares of people, and staff laid on quarters of an hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.domain import Agent, Queue
from scheduling.arguments import Floats, Integers
from scheduling.centre import unix_s

CELL_S = 900
"""Every interval is whole quarters of an hour."""


def shared(queues: Sequence[Queue], agents: Sequence[Agent]) -> Floats:
    """Share of each queue's people who serve another one too, shape (queues, queues).

    Row i, column j: of the people with the skill of queue i, those who have that of j. A queue nobody has the skill
    of shares its people, whoever they will be, with queues of its own skill.
    """
    skills = [queue.skill for queue in queues]
    serves = np.array([[skill in agent.skills for skill in skills] for agent in agents], dtype=float)
    both = serves.reshape(-1, len(queues)).T @ serves.reshape(-1, len(queues))
    own = np.diag(both)[:, None]
    same = np.array([[one == other for other in skills] for one in skills], dtype=float)
    return np.where(own > 0, both / np.where(own > 0, own, 1.0), same)


def there_anyway(needed: Floats, shifts: Integers) -> Floats:
    """People who are at work in each cell for what is needed around it.

    Whoever is needed works a whole shift. In a lull between two peaks, which no shift can leave out, people of the
    peaks are there and idle; in a night that has shifts of its own they are not. Reckoned as the least, over the
    shifts that cover a cell, of the most that is needed within the shift.

    Parameters
    ----------
    needed
        People needed in each cell, shape (size,).
    shifts
        First cell and the one after the last of each shift there can be, shape (m, 2).

    Returns
    -------
    ndarray
        Not below `needed` where a shift reaches, else 0, shape (size,).
    """
    least = np.full(needed.size, np.inf)
    inside = np.unique(np.clip(shifts, 0, needed.size), axis=0)
    for first, end in inside[inside[:, 0] < inside[:, 1]].tolist():
        np.minimum(least[first:end], needed[first:end].max(), out=least[first:end])
    return np.where(np.isfinite(least), least, 0.0)


@dataclass(frozen=True, slots=True)
class Cells:
    """Quarters of an hour from an instant on.

    Parameters
    ----------
    origin_s
        Unix time of the first.
    size
        How many there are.
    """

    origin_s: int
    size: int

    def of(self, starts: pd.DatetimeIndex, interval_min: int) -> Integers:
        """Cells of each interval, shape (n, cells an interval has)."""
        first = (unix_s(starts) - self.origin_s) // CELL_S
        return np.asarray(first[:, None] + np.arange(60 * interval_min // CELL_S))

    def spans(self, seconds: Integers) -> Integers:
        """First cell and the one after the last of spans of Unix time, shape (m, 2)."""
        first, end = seconds[:, 0] - self.origin_s, seconds[:, 1] - self.origin_s
        return np.column_stack((first // CELL_S, -(-end // CELL_S)))

    def laid(self, starts: pd.DatetimeIndex, interval_min: int, values: Floats) -> Floats:
        """Values of intervals in the cells they span, 0 in all others, shape (size,)."""
        cells = np.zeros(self.size)
        cells[self.of(starts, interval_min)] = values[:, None]
        return cells


def cells(starts: pd.Series) -> Cells:
    """Cells from the first interval to an hour after the last one's start."""
    seconds = unix_s(pd.DatetimeIndex(starts))
    origin = int(seconds.min())
    return Cells(origin, (int(seconds.max()) - origin + 3600) // CELL_S)
