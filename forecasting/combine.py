"""Which models speak for a queue, and with what weight: shares by their errors over the rolling origins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecasting.accuracy import bias, interval_hit_rate, rmse, wape
from forecasting.rolling import Trial

USUAL_SHARES = {
    "svd_factors": 0.6,
    "mixed_effects": 0.3,
    "prophet": 0.2,
    "weekday_mean": 0.05,
    "seasonal_naive": 0.01,
}
"""Where nothing speaks for or against a model; found on the choice windows of the accuracy benchmark and thinned copies of them."""
UNKNOWN_SHARE = 0.1
SHARPNESS = 20.0
"""A model that errs 5 % more than the best keeps e⁻¹ of its share."""
LEAST_ERROR = 1e-9
LARGEST_EXCESS = 10.0
LEAST_SHARE = 0.05
"""Smaller shares change no forecast worth the time of the fit."""

CHOICE = "peakshift"
"""Method name of the forecast as it is made, choice and shares included, beside the models' own."""
SCORE_COLUMNS = ("method", "wape", "bias", "hit_rate", "rmse", "origins", "days")


@dataclass(frozen=True, slots=True)
class Combination:
    """Weights of models, and the scores they rest on.

    Parameters
    ----------
    weights
        Share of each model, summing to 1.
    scores
        One row a candidate, and one of the mix (method "peakshift") where several models share, best first: method,
        wape, bias, hit_rate (fractions), rmse (contacts), origins, days.
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
        shortest = min((self.trials[name] for name in self.weights), key=lambda trial: len(trial.origin))
        mine = {name: _from_origins(self.trials[name], shortest.origin) for name in self.weights}
        mean = sum((share * mine[name].mean for name, share in self.weights.items()), np.zeros(1))
        return replace(shortest, mean=mean)


def choose(trials: Mapping[str, Trial], tolerance: float) -> Combination:
    """Weigh models by their errors over the rolling origins, starting from what served many queues.

    A few weeks tell little between models that err alike, so their shares stay near the usual ones and an average of
    unlike models results; a model that errs much more than the best loses its share (exponential weights, Yang 2004,
    Econometric Theory 20:176–222).

    Parameters
    ----------
    trials
        By model, simplest first; at least one. Models are compared with the best of those that were tried from the
        most origins, over the origins they share.
    tolerance
        For the interval hit rate.
    """
    rows = [_scores(name, trial, tolerance) for name, trial in trials.items()]
    unscored = Combination(_shares(trials), pd.DataFrame(), dict(trials))
    if len(unscored.weights) > 1 and unscored.trial is not None:
        rows.append(_scores(CHOICE, unscored.trial, tolerance))
    scores = pd.DataFrame(rows, columns=list(SCORE_COLUMNS))
    return replace(unscored, scores=scores.sort_values("wape", kind="stable", ignore_index=True))


def _scores(name: str, trial: Trial, tolerance: float) -> tuple[str | float, ...]:
    return (
        name,
        wape(trial.actual, trial.mean),
        bias(trial.actual, trial.mean),
        interval_hit_rate(trial.actual, trial.mean, tolerance),
        rmse(trial.actual, trial.mean),
        len(np.unique(trial.origin)),
        int(np.isfinite(trial.actual).any(axis=1).sum()),
    )


def _shares(trials: Mapping[str, Trial]) -> dict[str, float]:
    longest = max(len(trial.origin) for trial in trials.values())
    whole = {name: trial for name, trial in trials.items() if len(trial.origin) == longest}
    best = min(whole.values(), key=_error)
    perfect = [name for name, trial in trials.items() if _error(trial) == 0]
    if perfect:
        return {perfect[0]: 1.0}
    odds = {}
    for name, trial in trials.items():
        peer = max(_error(_from_origins(best, trial.origin)), LEAST_ERROR)
        excess = min(_error(trial) / peer - 1, LARGEST_EXCESS)
        odds[name] = USUAL_SHARES.get(name, UNKNOWN_SHARE) * np.exp(-SHARPNESS * excess)
    total = sum(odds.values())
    kept = {name: share for name, share in odds.items() if share >= LEAST_SHARE * total}
    total = sum(kept.values())
    return {name: float(share / total) for name, share in kept.items()}


def _from_origins(trial: Trial, origins: np.ndarray) -> Trial:
    """The rows of a trial from some origins."""
    chosen = np.isin(trial.origin, origins)
    return Trial(trial.origin[chosen], trial.lead[chosen], trial.actual[chosen], trial.mean[chosen])


def _error(trial: Trial) -> float:
    """Sum of the absolute errors, in contacts."""
    return float(np.nansum(np.abs(trial.mean - trial.actual)))


def unjudged(name: str) -> Combination:
    """Take a model on trust, where history is too short for a back-test."""
    scores = pd.DataFrame({column: pd.Series(dtype="float64") for column in SCORE_COLUMNS})
    return Combination({name: 1.0}, scores.astype({"method": "str", "origins": "int64", "days": "int64"}), {})
