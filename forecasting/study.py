"""One queue laid out for forecasting: its history up to a cutoff, what is known in advance, and its models.

`forecast` and `backtest` both stand on this, so that a back-test takes the very path a forecast takes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from data.corrections import Decision
from data.domain import Peak, Queue
from data.errors import InputError
from forecasting.combine import Combination, choose, unjudged
from forecasting.day_matrix import DayMatrix, day_matrix, known_rows
from forecasting.dispersion import Dispersion, estimate, guess
from forecasting.models.base import Model
from forecasting.models.catalogue import candidates
from forecasting.origins import FAR_LEAD_DAYS, plan_trial
from forecasting.prepare import require_a_week
from forecasting.rolling import Rolling
from forecasting.settings import Settings
from forecasting.terms import day_terms

FAR_MODELS = ("prophet",)
"""Models that cost ten times the others and are no better for the coming weeks: tried where the horizon is long."""
FAR_ORIGINS = 2
FAR_LEAST_DAYS = 300
"""Usable days before they have seen a year."""


@dataclass(frozen=True, slots=True)
class Study:
    """One queue, ready to be forecast from any origin within what is known.

    Parameters
    ----------
    queue
        As given.
    rows
        Its history up to the cutoff.
    rolling
        Its models over past origins.
    models
        Candidates, simplest first.
    """

    queue: Queue
    rows: pd.DataFrame
    rolling: Rolling
    models: tuple[Model, ...]

    @property
    def matrix(self) -> DayMatrix:
        """Whole days known at the cutoff."""
        return self.rolling.matrix

    @property
    def settings(self) -> Settings:
        """As given."""
        return self.rolling.settings

    def judge(self, origin: int, lead_days: int) -> Combination:
        """Choose among the models by what they would have said before an origin.

        Parameters
        ----------
        origin
            Days known; nothing later is looked at.
        lead_days
            Days from the last one known to the end of the horizon.

        Raises
        ------
        InputError
            There is less than a week of usable history.
        """
        matrix = self.matrix.until(origin)
        usable = self.rolling.series(origin).usable
        week_days = require_a_week(matrix, usable)
        near = tuple(model for model in self.models if model.name not in FAR_MODELS) or self.models
        plan = plan_trial(usable, lead_days, near, self.settings.origins, week_days)
        tried = dict.fromkeys(plan.models, plan.origins)
        if lead_days > FAR_LEAD_DAYS:
            known = np.cumsum(usable)
            late = [place for place in plan.origins if known[place - 1] >= FAR_LEAST_DAYS][:FAR_ORIGINS]
            tried |= {model: tuple(late) for model in self.models if model not in near}
        trials = {}
        for model, places in tried.items():
            trial = self.rolling.trial(model, places, plan.horizon_days, origin) if places else None
            if trial is not None:
                trials[model.name] = trial
        return choose(trials, self.settings.hit_tolerance) if trials else unjudged(plan.models[0].name)

    def predict(self, name: str, origin: int, ahead: pd.DatetimeIndex) -> np.ndarray | None:
        """Contacts per interval a model expects, shape (days, slots); None when it failed."""
        model = next(model for model in self.models if model.name == name)
        return self.rolling.predict(model, origin, ahead)

    def predict_mix(
        self, choice: Combination, origin: int, ahead: pd.DatetimeIndex
    ) -> tuple[Combination, np.ndarray]:
        """Contacts per interval the mix expects, and the mix as it could be fitted.

        A model that finds no fit on all that is known leaves its share to the others; without any of them the best
        of the candidates speaks.

        Raises
        ------
        InputError
            No candidate could be fitted.
        """
        found = {name: self.predict(name, origin, ahead) for name in choice.weights}
        means = {name: mean for name, mean in found.items() if mean is not None}
        if not means:
            tried = [name for name in choice.scores["method"] if name in choice.trials]
            for name in dict.fromkeys([*tried, self.models[0].name]):
                mean = self.predict(name, origin, ahead)
                if mean is not None:
                    return replace(choice, weights={name: 1.0}), mean
            failed = "; ".join(f"{name}: {message}" for name, message in self.rolling.failures.items())
            raise InputError(
                f"queue {self.queue.id!r}: no model could be fitted ({failed}). Name another in the settings."
            )
        total = math.fsum(choice.weights[name] for name in means)
        weights = {name: choice.weights[name] / total for name in means}
        mixed: np.ndarray = np.sum([share * means[name] for name, share in weights.items()], axis=0)
        return replace(choice, weights=weights), mixed

    def judged(self, choice: Combination, origin: int) -> tuple[str, ...]:
        """Models a back-test shows from an origin: those the choice was made among, and what was too costly for it."""
        usable = int(self.rolling.series(origin).usable.sum())
        names = list(choice.trials) or list(choice.weights)
        far = [model.name for model in self.models if model.name in FAR_MODELS and model.least_days <= usable]
        return tuple(dict.fromkeys([*names, *far]))


def study(
    queue: Queue,
    history: pd.DataFrame,
    peaks: Sequence[Peak],
    *,
    cutoff: pd.Timestamp,
    last: date,
    seed: int,
    settings: Settings,
    decisions: Sequence[Decision] = (),
) -> Study:
    """Lay out everything known at the cutoff, and in advance up to the last day of the horizon.

    `decisions` are planners' words on spans of the history, in their order.

    Raises
    ------
    InputError
        The cutoff has no time zone, or the history up to it is missing or faulty.
    """
    if cutoff.tzinfo is None:
        raise InputError(f"the cutoff {cutoff} has no time zone. Give one, such as {cutoff}+00:00.")
    models = candidates(settings, seed)
    rows = known_rows(queue, history, cutoff)
    matrix = day_matrix(queue, rows, cutoff, settings.longest_history_days, decisions)
    if not len(matrix.days):
        require_a_week(matrix, np.zeros(0, dtype=bool))
    terms = day_terms(queue, peaks, matrix.days[0].date(), max(last, matrix.days[-1].date()))
    return Study(queue, rows, Rolling(matrix, terms, settings), models)


def dispersion_of(combination: Combination, name: str | None, slots: int) -> Dispersion:
    """Spread of a model's errors in its back-test, of the mix's when None; a guess where there was none."""
    trial = combination.trial if name is None else combination.trials.get(name)
    return guess(slots) if trial is None else estimate(trial)
