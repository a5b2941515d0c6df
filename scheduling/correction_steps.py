"""From the rounds so far to the next correction: each day goes up while it reaches its targets, and back where not.

Days are staffed nearly apart from each other, so that each searches for itself: between what was too much for it and
what it reached, steps halve. The last round puts together what each day was best with.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from scheduling.arguments import Floats, Integers
from scheduling.correction import LEAST, MOST
from scheduling.correction_round import Round

DOWN = 1.1
"""Share of a correction that is taken where people are worth less than planned: to end on the safe side."""
STEP = 1.25
"""Most a factor moves in a round."""
SAFE = 1.01
"""Share by which the last round stays below what each day was best with: no two rosters are just as good."""
SAME = 0.002
"""A correction that moves every factor by less than this share finds no other roster."""
ALONE = 0.5
"""Share of what a queue has to spare beyond the least of its day that it gives away at once."""


def next_correction(done: Sequence[Round], *, left: int) -> pd.DataFrame | None:
    """Correction to solve with next, None where it would change nothing.

    The queues of a day move up together, by what the least of them allows, and those with more to spare a little
    further: what one queue is helped depends on how many people the others have, so that steps of each by itself
    would overshoot together. A step is the correction times the share of the unanswered contacts allowed that are
    answered all the same: fewer people help each other out less, and near a target little is left to give away.

    Parameters
    ----------
    done
        Rounds until now, at least one.
    left
        How many more there may be, at least one.
    """
    last = done[-1]
    if last.fit.empty:
        return None
    keys = pd.MultiIndex.from_frame(last.fit[["queue", "date"]])
    day = np.unique(last.fit["date"], return_inverse=True)[1].astype(np.int64)
    held = np.array([_logs(found.correction, keys) for found in done])
    spans = [_spans(found, last.fit) for found in done]
    good = np.array([np.bincount(day, ~met)[day] == 0 for met, _ in spans])
    best = _best(held, good, day)
    fit = np.log(last.fit["factor"].to_numpy())
    new = held[-1] + np.where(
        good[-1], _up(fit, held, good, spans[-1][1], day), _back(fit, held[-1], best, spans[-1][0])
    )
    if left == 1:
        together = np.where(np.isfinite(best), best - np.log(SAFE), new)
        # Where a round was with just that, it is known what comes of it, and another step tells more.
        new = new if _known(together, held) else together
    new = np.clip(new, np.log(LEAST), np.log(MOST))
    return None if _known(new, held) else last.fit.assign(factor=np.exp(new))


def _known(new: Floats, held: Floats) -> bool:
    """Whether a round was solved with the same."""
    return bool((np.abs(np.expm1(new - held)).max(axis=1) < SAME).any())


def _best(held: Floats, good: np.ndarray, day: Integers) -> Floats:
    """Of the rounds in which a day reached its targets, the factors of the one that gave most away; else NaN."""
    worth = np.array([(np.bincount(day, own) / np.bincount(day))[day] for own in held])
    worth = np.where(good, worth, -np.inf)
    chosen = held[worth.argmax(axis=0), np.arange(day.size)]
    return np.where(np.isfinite(worth.max(axis=0)), chosen, np.nan)


def _up(fit: Floats, held: Floats, good: np.ndarray, slack: Floats, day: Integers) -> Floats:
    """Steps of days that reach their targets."""
    now = held[-1]
    own = np.maximum((fit - now) * slack, 0.0)
    least = np.full(day.max() + 1, np.inf)
    np.minimum.at(least, day, own)
    up = np.minimum(least[day] + ALONE * (own - least[day]), np.log(STEP))
    # What was too much once is not gone all the way to again.
    too_much = np.where(good, np.inf, held).min(axis=0)
    return np.asarray(np.where(too_much > now, np.minimum(up, (too_much - now) / 2), up))


def _back(fit: Floats, now: Floats, best: Floats, met: np.ndarray) -> Floats:
    """Steps of days that miss a target: its queue by what it is worth less, all halfway to where the day was best."""
    down = np.where(met, 0.0, np.clip(DOWN * np.minimum(fit - now, 0.0), -np.log(STEP), 0.0))
    return np.asarray(np.minimum(down, np.where(best < now, (best - now) / 2, 0.0)))


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
