"""What many simulated paths say about the answer rate: its distribution and the chance of reaching the target."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.domain import Queue
from scheduling.arguments import Floats

NORMAL_975 = 1.959964
"""97.5 % point of the normal distribution: 95 % lie between it and its negative."""


def summarise(days: pd.DataFrame, queues: Sequence[Queue]) -> pd.DataFrame:
    """Distribution of the answer rate over the paths, per queue and day and over the whole horizon.

    Parameters
    ----------
    days
        Columns path, queue, date, offered, answered.
    queues
        For their targets; the order of the rows.

    Returns
    -------
    DataFrame
        Columns queue, date (NaT: the whole horizon), mean, q05, q50, q95, p_met, p_met_low, p_met_high. A path
        without contacts has answer rate 1.
    """
    target = {queue.id: queue.target.answer_rate for queue in queues}
    whole = days.groupby(["path", "queue"], sort=False)[["offered", "answered"]].sum().reset_index()
    whole["date"] = pd.Series(pd.NaT, index=whole.index, dtype=days["date"].dtype)
    every = pd.concat([days[["path", "queue", "date", "offered", "answered"]], whole], ignore_index=True)
    every["rate"] = answer_rates(every)
    rows = []
    for (queue, date), group in every.groupby(["queue", "date"], sort=False, dropna=False):
        rates = group["rate"].to_numpy()
        met = int((rates >= target[str(queue)] - 1e-12).sum())
        low, high = wilson(met, rates.size)
        q05, q50, q95 = np.quantile(rates, (0.05, 0.5, 0.95))
        rows.append((queue, date, rates.mean(), q05, q50, q95, met / rates.size, low, high))
    names = ["queue", "date", "mean", "q05", "q50", "q95", "p_met", "p_met_low", "p_met_high"]
    summary = pd.DataFrame(rows, columns=names).astype({"queue": "str", "date": days["date"].dtype})
    order = {queue.id: q for q, queue in enumerate(queues)}
    return summary.sort_values(
        ["queue", "date"],
        key=lambda column: column.map(order) if column.name == "queue" else column,
        ignore_index=True,
        na_position="last",
    )


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Wilson's (1927) 95 % interval of a share, Journal of the American Statistical Association 22:209."""
    z2 = NORMAL_975**2
    centre = (successes + z2 / 2) / (trials + z2)
    share = successes / trials
    half = NORMAL_975 / (trials + z2) * float(np.sqrt(share * (1 - share) * trials + z2 / 4))
    return max(0.0, centre - half), min(1.0, centre + half)


def answer_rates(days: pd.DataFrame) -> Floats:
    """Answer rate of each row; 1 where nothing was offered."""
    offered, answered = days["offered"].to_numpy(dtype=float), days["answered"].to_numpy(dtype=float)
    return np.where(offered > 0, answered / np.where(offered > 0, offered, 1.0), 1.0)
