"""What keeps a history from telling an availability factor, in sentences for a planner."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scheduling.calibration_days import Accuracy
from scheduling.calibration_fit import Fit, fit
from scheduling.calibration_likelihood import FACTORS
from scheduling.calibration_observed import Observed

LEAST_DAYS = 14
LEAST_ABANDONED = 100
"""Fewer leave the abandonment rate unsure by a tenth, before days differ."""
NEARLY_ALL = 0.99
LEAST_VARIATION = 0.02
"""Coefficient of variation of the agents present below which they are a plan's round figure."""
MOST_ABSENT = 0.05
MISJUDGED_PATIENCE = 1.4
MOVED = 0.05
"""Relative change of the factor that a planner would notice."""
BIASED = 0.02


def unsupported(observed: Observed) -> list[str]:
    """Why a history supports no factor at all; empty where it does."""
    frame = observed.frame
    offered, answered = frame["offered"].sum(), frame["answered"].sum()
    found = []
    if (days := int(frame.loc[frame["offered"] > 0, "date"].nunique())) < LEAST_DAYS:
        found.append(f"only {days} days have contacts and agents present; {LEAST_DAYS} are the least")
    if offered - answered < LEAST_ABANDONED:
        found.append(
            f"only {offered - answered:,.0f} contacts abandoned; a factor needs {LEAST_ABANDONED} at least, "
            "for where nearly all are answered more agents would look the same"
        )
    if offered and answered / offered > NEARLY_ALL:
        found.append(
            f"{answered / offered:.1%} were answered: any factor from here up explains that, so the one shown is a lower end"
        )
    return found


def doubts(observed: Observed, fitted: Fit, *, patience_trusted: bool) -> list[str]:
    """What makes a factor less sure than its band says.

    Parameters
    ----------
    observed
        What it was fitted to.
    fitted
        As fitted.
    patience_trusted
        Whether patience was measured; a guess moves the factor.
    """
    frame, found = observed.frame, []
    agents = frame.loc[frame["offered"] > 0, "agents"].to_numpy(dtype=float)
    if agents.std() < LEAST_VARIATION * agents.mean():
        found.append(
            f"the agents present never change from {agents.mean():.1f}: they look like a plan, not like a count"
        )
    nobody = (frame["agents"] == 0) & (frame["answered"] > 0)
    if nobody.any():
        found.append(
            "intervals in which contacts were answered though nobody is said to have been there: "
            f"{nobody.sum():,}"
        )
    if observed.absent > MOST_ABSENT:
        found.append(
            f"{observed.absent:.0%} of the contacts fall in intervals without agents present, "
            f"{observed.absent_days} days have none at all"
        )
    if fitted.odd_days:
        found.append(
            f"days that no factor explains were left out: {len(fitted.odd_days)}, the first of them "
            f"{fitted.odd_days[0]}; something else must have gone wrong then"
        )
    if observed.deferring:
        found.append(
            f"these agents also do work that can wait ({', '.join(observed.deferring)}); the factor takes in what it takes"
        )
    edge = [
        part for part in fitted.parts if part.factor > 0.97 * FACTORS[-1] or part.factor < 1.03 * FACTORS[0]
    ]
    if edge:
        found.append(
            f"a factor of {edge[0].factor:.2f} is as far as is looked: agents or contacts are miscounted"
        )
    if not patience_trusted:
        found.append(_about_patience(frame, fitted))
    return found


def about_error(predicted: Accuracy, without: Accuracy) -> list[str]:
    """What days that were held out say against the factors."""
    found = []
    if predicted.mae >= without.mae:
        found.append(
            f"on {predicted.days} days held out it is no better than none: off by {100 * predicted.mae:.1f} points "
            f"against {100 * without.mae:.1f}"
        )
    if abs(predicted.bias) > BIASED:
        found.append(
            f"on {predicted.days} days held out it is {100 * abs(predicted.bias):.1f} points too "
            f"{'high' if predicted.bias > 0 else 'low'} on average: availability is changing"
        )
    return found


def _about_patience(frame: pd.DataFrame, fitted: Fit) -> str:
    ends = [
        fit(frame, fitted.queues, patience_s=fitted.patience_s * ratio, usual=fitted.usual).factor
        for ratio in (1 / MISJUDGED_PATIENCE, MISJUDGED_PATIENCE)
    ]
    told = f"patience of {fitted.patience_s:.0f} s is not measured"
    if max(abs(np.log(end / fitted.factor)) for end in ends) < MOVED:
        return f"{told}, which matters little: with {MISJUDGED_PATIENCE:g} times as much the factor stays within 5 %"
    return (
        f"{told}, and factor and patience cannot be told apart: {MISJUDGED_PATIENCE:g} times more or less of it "
        f"gives {min(ends):.2f} to {max(ends):.2f}. Import wait_s"
    )
