"""Rosters mended piece by piece: some days free, the rest held, each piece solved exactly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduling.rosters.limits import gap_of
from scheduling.rosters.relaxation import lifted
from scheduling.rosters.search import Search

PIECES_S = (2.0, 10.0)
"""Wall time one piece may take in the first round and in the second: most of what can be gained is gained quickly."""
SMALL = 15_000
"""A programme of at most so many columns is searched as a whole first: its cuts lift the bound as well."""
SMALL_SHARE = 0.4
"""Share of the time left that this may take."""
FAR = 0.03
"""A roster with a wider gap is mended by days first."""


def mend(search: Search, values: np.ndarray, until_s: float) -> Iterator[np.ndarray]:
    """Improve a roster piece by piece; yields every better one.

    Parameters
    ----------
    search
        What is searched.
    values
        A roster in whole numbers.
    until_s
        Wall time, since the start of everything, to end at.
    """
    model, watch, best = search.model, search.watch, values
    days = model.problem.days
    near = gap_of(watch.incumbent, watch.bound)
    for piece_s in PIECES_S:
        for span in _spans(days, whole_first=best.size <= SMALL and near is not None and near <= FAR):
            left_s = until_s - watch.elapsed_s
            if left_s <= 0 or watch.stopped() or watch.good_enough:
                return
            watch.tell(f"mending {len(span)} of {days} days")
            whole = len(span) == days
            free = search.days_free(span)
            if not whole:
                free &= search.worth | (best > 1e-6)
            part = search.exact.part(free, best)
            time_s = min(left_s, piece_s)
            if whole:
                time_s = min(left_s, max(time_s, SMALL_SHARE * piece_s / PIECES_S[-1] * left_s))
            solved = search.solve(
                part.programme, time_s, share=len(span) / days / 2, start=best[part.columns]
            )
            if whole and solved.bound is not None and watch.bound is not None and not model.tailed:
                # Everything was free: what the tree proved holds for the whole problem.
                watch.bound = max(watch.bound, lifted(solved.bound * (1 - 1e-6), model))
            if solved.values is None or solved.objective is None:
                continue
            if solved.objective < float(part.programme.cost @ best[part.columns]) - 1e-6:
                best = best.copy()
                best[part.columns] = solved.values
                yield best


def _spans(days: int, *, whole_first: bool) -> Iterator[range]:
    """Days to mend together: all of them first where that pays, then growing spans."""
    if whole_first:
        yield range(days)
    for width in sorted({min(width, days) for width in (1, 2, 3, days)}):
        yield from (range(first, first + width) for first in range(days - width + 1))
