"""Parts of the week with a factor of their own, as many as history can tell apart.

Two-hour blocks of days with the same opening hours have factors that scatter around a common one. How far they do
comes from the data (empirical Bayes; Efron & Morris 1973, JASA 68:117): the common factor and the spread are the
likeliest with each block's own factor integrated out. Blocks, and weekends with working days, are joined unless
two factors are clearly more likely than one (Bayesian merging by marginal likelihood; Heller & Ghahramani 2005, ICML).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import logsumexp

from data.domain import Queue
from data.intervals import is_open
from data.week import DAY_MIN
from scheduling.arguments import Floats, Integers
from scheduling.calibration_likelihood import FINE, log_prior

BLOCK_MIN = 120
WORKING, WEEKEND = frozenset(range(5)), frozenset({5, 6})
SPREADS = (0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.11, 0.15, 0.20, 0.30)
"""Standard deviations of log factors between blocks that are tried."""
DOUBT = 1.0
"""Two factors are told apart where they are e times as likely as one: in doubt the week stays simple."""


@dataclass(frozen=True, slots=True)
class Block:
    """A time of day on some weekdays, in minutes from local midnight."""

    weekdays: frozenset[int]
    open_min: int
    close_min: int

    def holds(self, weekday: Integers, minute: Integers) -> np.ndarray:
        """Whether each local weekday and minute lies in it."""
        inside: np.ndarray = np.isin(weekday, sorted(self.weekdays))
        return inside & (minute >= self.open_min) & (minute < self.close_min)


def opening_blocks(queues: Sequence[Queue]) -> list[list[Block]]:
    """Two-hour blocks of the hours in which any of the queues is open, by kinds of days."""
    minute = np.arange(DAY_MIN)
    opened = np.array(
        [
            np.any([is_open(np.full(DAY_MIN, day), minute, queue.hours) for queue in queues], axis=0)
            for day in range(7)
        ]
    )
    kinds: dict[tuple[bytes, bool], set[int]] = {}
    for day in range(7):
        kinds.setdefault((opened[day].tobytes(), day in WEEKEND), set()).add(day)
    return [
        blocks
        for days in kinds.values()
        if (blocks := _blocks(frozenset(days), np.flatnonzero(opened[min(days)])))
    ]


def _blocks(days: frozenset[int], minutes: Integers) -> list[Block]:
    found = []
    for number in np.unique(minutes // BLOCK_MIN):
        mine = minutes[minutes // BLOCK_MIN == number]
        found.append(Block(days, int(mine[0]), int(mine[-1]) + 1))
    return found


@dataclass(frozen=True, slots=True)
class Prior:
    """How factors of blocks scatter: mean of their logarithms and its standard deviation."""

    mean: float
    spread: float

    def evidence(self, likelihood: Floats) -> Floats:
        """Log marginal likelihood of blocks, shape (blocks,), from that on the grid, shape (blocks, fine factors)."""
        return np.asarray(logsumexp(likelihood + log_prior(self.mean, self.spread), axis=-1))

    def posterior(self, likelihood: Floats) -> Floats:
        """Probability of each factor of the grid, shape (blocks, fine factors)."""
        weight = likelihood + log_prior(self.mean, self.spread)
        return np.asarray(np.exp(weight - logsumexp(weight, axis=-1, keepdims=True)))


def likeliest_prior(likelihood: Floats) -> Prior:
    """Common factor and spread under which the blocks are likeliest; shape of the argument (blocks, fine factors)."""
    tried = [Prior(float(mean), spread) for spread in SPREADS for mean in FINE[::4]]
    weights = np.exp([log_prior(prior.mean, prior.spread) for prior in tried])
    # The most a row holds is taken out before and stays out: it is the same for all that are tried.
    chances = np.exp(likelihood - likelihood.max(axis=1, keepdims=True)) @ weights.T
    evidence = np.log(np.maximum(chances, np.finfo(float).tiny)).sum(axis=0)
    return tried[int(np.argmax(evidence))]


def joined(
    kinds: Sequence[Sequence[Block]], likelihood: Sequence[Floats], prior: Prior
) -> list[tuple[Block, Floats]]:
    """Blocks joined unless two factors are clearly more likely than one.

    Parameters
    ----------
    kinds
        Blocks by kinds of days, as `opening_blocks` gives them.
    likelihood
        Of the blocks of each kind, shape (blocks, fine factors).
    prior
        How their factors scatter.

    Returns
    -------
    list
        Blocks with their likelihood on the grid, shape (fine factors,).
    """
    days = [
        [(block, row) for block, row in zip(*pair, strict=True)]
        for pair in zip(kinds, likelihood, strict=True)
    ]
    return [part for kind in _alike_days(days, prior) for part in _alike_blocks(kind, prior)]


def _gain(first: Floats, second: Floats, prior: Prior) -> float:
    one, two, both = prior.evidence(np.array([first, second, first + second]))
    return float(both - one - two)


def _alike_days(days: list[list[tuple[Block, Floats]]], prior: Prior) -> list[list[tuple[Block, Floats]]]:
    """Join kinds of days with the same hours."""
    kept: list[list[tuple[Block, Floats]]] = []
    for kind in days:
        for place, other in enumerate(kept):
            hours = [(block.open_min, block.close_min) for block, _ in kind]
            if hours != [(block.open_min, block.close_min) for block, _ in other]:
                continue
            pairs = list(zip(other, kind, strict=True))
            if sum(_gain(mine, yours, prior) for (_, mine), (_, yours) in pairs) > -DOUBT:
                kept[place] = [(_both(a, b), x + y) for (a, x), (b, y) in pairs]
                break
        else:
            kept.append(kind)
    return kept


def _alike_blocks(blocks: list[tuple[Block, Floats]], prior: Prior) -> list[tuple[Block, Floats]]:
    """Join neighbouring blocks of one kind of days, the likeliest pair first."""
    left = list(blocks)
    while len(left) > 1:
        gains = [_gain(a[1], b[1], prior) for a, b in pairwise(left)]
        best = int(np.argmax(gains))
        if gains[best] <= -DOUBT:
            break
        (a, x), (b, y) = left[best : best + 2]
        left[best : best + 2] = [(_both(a, b), x + y)]
    return left


def _both(first: Block, second: Block) -> Block:
    return Block(
        first.weekdays | second.weekdays,
        min(first.open_min, second.open_min),
        max(first.close_min, second.close_min),
    )
