"""Which model speaks for a queue: the one with the lowest error over the rolling origins.

`Combination` carries weights, so that an average of models takes the same path as a single one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecasting.accuracy import bias, interval_hit_rate, rmse, wape
from forecasting.rolling import Trial

SCORE_COLUMNS = ("method", "wape", "bias", "hit_rate", "rmse", "origins", "days")


@dataclass(frozen=True, slots=True)
class Combination:
    """Weights of models, and the scores they rest on.

    Parameters
    ----------
    weights
        Share of each model, summing to 1.
    scores
        One row a candidate, best first: method, wape, bias, hit_rate (fractions), rmse (contacts), origins, days.
    trials
        What each candidate would have said, by model; empty where no back-test was possible.
    """

    weights: dict[str, float]
    scores: pd.DataFrame
    trials: dict[str, Trial]

    @property
    def name(self) -> str:
        """Name of the model, or of the mix with its shares."""
        if len(self.weights) == 1:
            return next(iter(self.weights))
        return " + ".join(f"{share:.2f} {name}" for name, share in self.weights.items())

    @property
    def trial(self) -> Trial | None:
        """What the mix would have said at the same origins; None where no back-test was possible."""
        if not set(self.weights) <= set(self.trials):
            return None
        mine = {name: self.trials[name] for name in self.weights}
        mean = sum((share * mine[name].mean for name, share in self.weights.items()), np.zeros(1))
        return replace(next(iter(mine.values())), mean=mean)


def choose(trials: Mapping[str, Trial], tolerance: float) -> Combination:
    """Choose the model with the lowest WAPE; of equals the first, which is the simplest.

    Parameters
    ----------
    trials
        By model, all over the same origins, simplest first; at least one.
    tolerance
        For the interval hit rate.
    """
    rows = [
        (
            name,
            wape(trial.actual, trial.mean),
            bias(trial.actual, trial.mean),
            interval_hit_rate(trial.actual, trial.mean, tolerance),
            rmse(trial.actual, trial.mean),
            len(np.unique(trial.origin)),
            int(np.isfinite(trial.actual).any(axis=1).sum()),
        )
        for name, trial in trials.items()
    ]
    scores = pd.DataFrame(rows, columns=list(SCORE_COLUMNS)).sort_values(
        "wape", kind="stable", ignore_index=True
    )
    best = str(scores["method"].iloc[0])
    return Combination({best: 1.0}, scores, dict(trials))


def unjudged(name: str) -> Combination:
    """Take a model on trust, where history is too short for a back-test."""
    scores = pd.DataFrame({column: pd.Series(dtype="float64") for column in SCORE_COLUMNS})
    return Combination({name: 1.0}, scores.astype({"method": "str", "origins": "int64", "days": "int64"}), {})
