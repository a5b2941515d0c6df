"""What many simulated paths say about the answer rate: its distribution and the chance of reaching the target."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.domain import Period, Queue
from scheduling.arguments import Floats
from scheduling.requirement import local_spans

NORMAL_975 = 1.959964
"""97.5 % point of the normal distribution: 95 % lie between it and its negative."""

HORIZON = "horizon"
COLUMNS = ["queue", "period", "date", "mean", "q05", "q50", "q95", "p_met", "p_met_low", "p_met_high"]
LONGER = (Period.WEEK, Period.MONTH)


def summarise(days: pd.DataFrame, queues: Sequence[Queue]) -> pd.DataFrame:
    """Distribution of the answer rate over the paths: per queue and day, over the target's week or month, over all.

    Parameters
    ----------
    days
        Columns path, queue, date, offered, answered.
    queues
        For their targets; the order of the rows.

    Returns
    -------
    DataFrame
        Columns queue, period (day, week, month, horizon), date (first local day of a day, week or month that
        there is; NaT for the horizon), mean, q05, q50, q95 of the answer rate over the paths, p_met (share of
        paths that reach the target's answer rate over that span), p_met_low, p_met_high (its Wilson 95 %
        interval). A path without contacts has answer rate 1. The three are missing on days where the target is
        not counted over the day. Weeks and months have rows where the target is counted over them.
    """
    rows = []
    for queue in queues:
        own = days.loc[days["queue"] == queue.id, ["path", "date", "offered", "answered"]]
        target = queue.target
        found = _rows(own, own["date"], "day", target.answer_rate, judged=target.period is Period.DAY)
        if target.period in LONGER:
            first = own["date"].groupby(local_spans(own["date"], target.period)).transform("min")
            found += _rows(own, first, target.period.value, target.answer_rate, judged=True)
        whole = pd.Series(pd.NaT, index=own.index, dtype=own["date"].dtype)
        found += _rows(own, whole, HORIZON, target.answer_rate, judged=True)
        rows += [{"queue": queue.id, **row} for row in found]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"queue": "str", "date": days["date"].dtype})


def _rows(
    own: pd.DataFrame, date: pd.Series, period: str, target: float, *, judged: bool
) -> list[dict[str, object]]:
    """One row a span of one queue; `date` says which span each day belongs to."""
    sums = own.assign(date=date).groupby(["date", "path"], dropna=False)[["offered", "answered"]].sum()
    rows: list[dict[str, object]] = []
    for first, paths in sums.groupby(level="date", dropna=False):
        rates = answer_rates(paths)
        q05, q50, q95 = np.quantile(rates, (0.05, 0.5, 0.95))
        row = {"period": period, "date": first, "mean": rates.mean(), "q05": q05, "q50": q50, "q95": q95}
        if judged:
            met = int((rates >= target - 1e-12).sum())
            low, high = wilson(met, rates.size)
            row |= {"p_met": met / rates.size, "p_met_low": low, "p_met_high": high}
        rows.append(row)
    return rows


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
