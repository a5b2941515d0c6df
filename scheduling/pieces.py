"""Answer curves as arrays: values and slopes of many piecewise linear curves at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.errors import InputError
from data.schema import CURVES, conform
from scheduling.arguments import Floats, Integers


@dataclass(frozen=True, slots=True)
class Pieces:
    """Concave piecewise linear curves of one queue; curve i has the breakpoints first[i] … first[i + 1] − 1.

    Parameters
    ----------
    start
        UTC start of each curve's interval, ascending, shape (n,).
    offered
        Expected contacts offered, shape (n,).
    first
        First breakpoint of each curve and, last, the number of breakpoints, shape (n + 1,).
    agents, answered
        Breakpoints of all curves end to end.
    least
        Agents each interval needs for service level, mean wait and occupancy, 0 where none is asked, shape (n,).
    """

    start: pd.DatetimeIndex
    offered: Floats
    first: Integers
    agents: Floats
    answered: Floats
    least: Floats

    @property
    def last_agents(self) -> Floats:
        """Agents beyond which each curve is flat."""
        last: Floats = self.agents[self.first[1:] - 1]
        return last

    def at(self, agents: Floats, rows: Integers | None = None) -> Floats:
        """Answered with that many agents, on the curves `rows`, all in order when None."""
        rows = np.arange(self.offered.size) if rows is None else rows
        # One increasing axis for all curves: curve i lives in [i · span, (i + 1) · span).
        span = 2.0 + max(self.agents.max(initial=0.0), agents.max(initial=0.0))
        owner = np.repeat(np.arange(self.offered.size), np.diff(self.first))
        right = np.searchsorted(owner * span + self.agents, rows * span + agents, side="right")
        left = np.clip(right - 1, self.first[rows], self.first[rows + 1] - 1)
        right = np.minimum(left + 1, self.first[rows + 1] - 1)
        width = self.agents[right] - self.agents[left]
        part = np.where(width > 0, (agents - self.agents[left]) / np.where(width > 0, width, 1.0), 0.0)
        value: Floats = self.answered[left] + part * (self.answered[right] - self.answered[left])
        return value


def pieces(curves: pd.DataFrame, queue: str) -> Pieces:
    """Curves of one queue out of a CURVES frame.

    Raises
    ------
    InputError
        The frame has no curve of the queue.
    SchemaError
        The frame does not keep its schema.
    """
    rows = conform(curves.loc[curves["queue"] == queue], CURVES)
    if rows.empty:
        raise InputError(f"queue {queue!r}: there is no answer curve of it. Compute its curves first.")
    rows = rows.sort_values(["start", "agents"], kind="stable")
    begins = np.flatnonzero(rows["start"].ne(rows["start"].shift()).to_numpy())
    return Pieces(
        pd.DatetimeIndex(rows["start"].iloc[begins]),
        rows["offered"].to_numpy(dtype=float)[begins],
        np.append(begins, len(rows)),
        rows["agents"].to_numpy(dtype=float),
        rows["answered"].to_numpy(dtype=float),
        rows["least_agents"].fillna(0.0).to_numpy(dtype=float)[begins],
    )
