"""What is strange in a queue's history, found without fitting anything."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from data.corrections import Decision
from data.domain import Peak, Queue
from data.errors import InputError
from forecasting.day_matrix import day_matrix, known_rows
from forecasting.prepare import prepare
from forecasting.settings import Settings
from forecasting.terms import day_terms


def inspect_history(
    queue: Queue,
    history: pd.DataFrame,
    peaks: Sequence[Peak],
    *,
    cutoff: pd.Timestamp,
    decisions: Sequence[Decision] = (),
    settings: Settings | None = None,
) -> pd.DataFrame:
    """Find what a forecast made at the cutoff leaves out, fills or keeps.

    Parameters
    ----------
    queue, history, peaks
        As for `forecasting.forecast.forecast`.
    cutoff
        Nothing later is looked at.
    decisions
        Of planners, in their order; they reverse what would be done.
    settings
        The defaults when None.

    Returns
    -------
    DataFrame
        Schema FINDINGS, in order of time.

    Raises
    ------
    InputError
        There is no history, or it is faulty.
    """
    chosen = settings or Settings()
    rows = known_rows(queue, history, cutoff)
    matrix = day_matrix(queue, rows, cutoff, chosen.longest_history_days, decisions)
    if not len(matrix.days):
        raise InputError(
            f"queue {queue.id!r}: its history has no whole day up to {cutoff}. Import at least one week of it."
        )
    terms = day_terms(queue, peaks, matrix.days[0].date(), matrix.days[-1].date())
    return prepare(matrix, terms, chosen).findings
