"""From a round planned and simulated to the next correction: up with care, down where targets are missed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scheduling.arguments import Floats
from scheduling.correction import LEAST, MOST
from scheduling.correction_round import Round

DOWN = 1.1
"""Share of a correction that is taken where people are worth less than planned: to end on the safe side."""
STEP = 1.25
"""Most a factor moves in a round."""
SAME = 0.002
"""A correction that moves every factor by less than this share finds no other roster."""


def next_correction(last: Round) -> pd.DataFrame | None:
    """Correction to solve with next, None where it would change nothing.

    The queues of a day move up together, by what the least of them allows: what one queue is helped depends on how
    many people the others have, so that steps of each by itself would overshoot together. A step is the correction
    times the share of the unanswered contacts allowed that are answered all the same: fewer people help each other
    out less, and near a target little is left to give away.
    """
    if last.fit.empty:
        return None
    keys = pd.MultiIndex.from_frame(last.fit[["queue", "date"]])
    day = last.fit["date"]
    held = _logs(last.correction, keys)
    ratio = np.log(last.fit["factor"].to_numpy()) - held
    met, slack = _spans(last, last.fit)
    good = pd.Series(met).groupby(day).transform("all").to_numpy()
    least = pd.Series(ratio * slack).groupby(day).transform("min").to_numpy()
    step = np.where(good, np.maximum(least, 0.0), np.where(met, 0.0, DOWN * np.minimum(ratio, 0.0)))
    new = held + np.clip(step, -np.log(STEP), np.log(STEP))
    if np.abs(np.expm1(new - held)).max() < SAME:
        return None
    return last.fit.assign(factor=np.clip(np.exp(new), LEAST, MOST))


def _logs(correction: pd.DataFrame, keys: pd.MultiIndex) -> Floats:
    """Logarithms of a correction's factors, 0 where it has none."""
    factors = correction.set_index(["queue", "date"])["factor"].reindex(keys)
    return np.asarray(np.log(factors.fillna(1.0).to_numpy(dtype=float)))


def _spans(found: Round, rows: pd.DataFrame) -> tuple[np.ndarray, Floats]:
    """Of the span each queue and day lies in, whether it was met, and the share it had to spare, 0–1."""
    met, slack = np.ones(len(rows), dtype=bool), np.ones(len(rows))
    columns = ["queue", "first", "last", "met", "promised", "target"]
    for queue, first, last, held, promised, target in found.rates[columns].itertuples(index=False):
        own = ((rows["queue"] == queue) & (rows["date"] >= first) & (rows["date"] <= last)).to_numpy()
        met[own] = held
        slack[own] = np.clip((promised - target) / max(1.0 - target, 1e-9), 0.0, 1.0)
    return met, slack
