"""Answer curves → the order in which agents are best added: where the next one answers most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scheduling.arguments import Floats, Integers
from scheduling.pieces import Pieces


@dataclass(frozen=True, slots=True)
class Additions:
    """Every agent that can still be added, span by span, the one that answers most first.

    Curves are concave, so that an interval's agents come in order and the first k of a span answer more than any
    other k (Fox 1966, Management Science 13:210).

    Parameters
    ----------
    rows
        Interval each one is added to, shape (n,).
    gain
        What it answers more, shape (n,).
    before
        What those before it in its span answer more than nobody added, shape (n,).
    span
        Its span, shape (n,).
    """

    rows: Integers
    gain: Floats
    before: Floats
    span: Integers

    def parts(self, missing: Floats) -> Floats:
        """Part of each one, 0–1, with which every span gains just what it misses, shape (n,); missing (spans,)."""
        wanted = missing[self.span] - self.before
        some = self.gain > 0
        return np.where(some, np.clip(wanted / np.where(some, self.gain, 1.0), 0.0, 1.0), 0.0)

    def whole(self, missing: Floats) -> np.ndarray:
        """Whether each one is added when agents are not divided, shape (n,); missing (spans,)."""
        return np.asarray(self.before < missing[self.span] - 1e-9)


def additions(drawn: Pieces, agents: Integers, span: Integers) -> Additions:
    """Put every agent that can still be added to `agents` in order.

    Parameters
    ----------
    drawn
        Curves of the intervals.
    agents
        Agents there already, shape (intervals,).
    span
        Span each interval lies in, numbered from 0, shape (intervals,).
    """
    room = np.maximum(0, drawn.last_agents.astype(np.int64) - agents)
    rows = np.repeat(np.arange(agents.size), room)
    number = np.arange(rows.size) - np.repeat(np.cumsum(room) - room, room) + agents[rows] + 1
    gain = drawn.at(number.astype(float), rows) - drawn.at(number - 1.0, rows)
    # Ties (and rounding on straight pieces) keep the agents of an interval in order.
    order = np.lexsort((number, rows, -np.round(gain, 9), span[rows]))
    rows, gain = rows[order], gain[order]
    before = np.cumsum(gain) - gain
    first = np.searchsorted(span[rows], np.arange(span.max(initial=-1) + 1))
    start = np.append(before, gain.sum())[first]
    return Additions(rows, gain, before - start[span[rows]], span[rows])
