"""Which moments of the past a choice of model rests on, and which models have enough history for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasting.models.base import Model

WEEK_DAYS = 7
FAR_LEAD_DAYS = 28
FAR_STEP_DAYS = 28
FAR_STEP_ORIGINS = 5
"""At most, whatever is wanted: each is judged over up to thirteen weeks, so that more say little new for their cost."""
LONGEST_TRIAL_DAYS = 91
LEAST_ORIGINS = 2
"""One origin is an anecdote: with fewer than two a demanding model is no candidate."""


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """Origins, how far each looks ahead, and the models that can be fitted at all of them.

    Parameters
    ----------
    origins
        Days known at each origin, latest first; empty when history is too short for any.
    horizon_days
        Days judged after each origin, as far as they are known.
    models
        Candidates, at least one.
    """

    origins: tuple[int, ...]
    horizon_days: int
    models: tuple[Model, ...]


def plan_trial(
    usable: np.ndarray, lead_days: int, models: Sequence[Model], origins: int, week_days: int
) -> TrialPlan:
    """Choose origins a week apart, four weeks apart when the horizon is long and history allows.

    Parameters
    ----------
    usable
        Whether each known day is usable, shape (days,); at least one is.
    lead_days
        Days from the last one known to the end of the horizon.
    models
        Candidates, simplest first.
    origins
        Origins wanted; fewer, `FAR_STEP_ORIGINS`, are taken where they lie four weeks apart.
    week_days
        Usable days any model needs: the days of a week the queue is open on.
    """
    known_at = np.concatenate([[0], np.cumsum(usable)])
    # After a gap the last weeks that can be judged are those before it.
    anchor = int(np.flatnonzero(usable)[-1]) + 1
    far = lead_days > FAR_LEAD_DAYS
    steps = (FAR_STEP_DAYS, WEEK_DAYS) if far else (WEEK_DAYS,)
    for least_days in sorted({max(model.least_days, week_days) for model in models}, reverse=True):
        fitting = tuple(model for model in models if max(model.least_days, week_days) <= least_days)
        for step in steps:
            wanted = min(origins, FAR_STEP_ORIGINS) if step == FAR_STEP_DAYS else origins
            ends = np.arange(anchor - step, 0, -step)
            judged = known_at[ends + step] > known_at[ends]
            chosen = tuple(int(end) for end in ends[judged & (known_at[ends] >= least_days)][:wanted])
            if len(chosen) >= LEAST_ORIGINS:
                longest = LONGEST_TRIAL_DAYS if step == FAR_STEP_DAYS else FAR_LEAD_DAYS
                return TrialPlan(chosen, int(np.clip(lead_days, WEEK_DAYS, longest)), fitting)
    return TrialPlan(chosen, WEEK_DAYS, fitting)
