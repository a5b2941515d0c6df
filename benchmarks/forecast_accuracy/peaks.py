"""Uplifts of peaks against the truth of the synthetic centre."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pandas as pd

from data.domain import Queue
from data.intervals import local_midnight
from data.synthetic import Centre, make_centre
from forecasting.evidence import evidence
from forecasting.explanation import explain_queue

SEEDS = (7, 11, 23)
AHEAD_DAYS = 91


def summary(seeds: Sequence[int] = SEEDS) -> dict[str, float]:
    """Judge the uplifts found in 24 months of the synthetic centre, over several seeds.

    Returns
    -------
    dict
        in_band_pct: share of queue, peak and relative day whose true uplift lies in its 90 % band;
        mean_abs_error_pct: mean absolute error of the uplifts over the mean absolute uplift.
    """
    judged = pd.concat([compare(make_centre(seed=seed)) for seed in seeds], ignore_index=True)
    inside = judged["truth"].between(judged["lower"], judged["upper"])
    error = (judged["uplift"] - judged["truth"]).abs()
    return {
        "in_band_pct": round(100 * float(inside.mean()), 1),
        "mean_abs_error_pct": round(100 * float(error.mean() / judged["truth"].abs().mean()), 1),
    }


def compare(centre: Centre) -> pd.DataFrame:
    """Lay the uplifts found beside the true ones, at the same typical size.

    Returns
    -------
    DataFrame
        The rows of `forecasting.evidence.evidence` that the truth speaks of, with truth (fraction).
    """
    found = pd.concat([_evidence(centre, queue) for queue in centre.queues], ignore_index=True)
    # Days of a window whose true uplift is none are not in the truth, nor is what never occurred in it.
    both = found.loc[found["occurrences"] > 0].merge(
        centre.truth.rename(columns={"uplift": "stated"}), on=["queue", "peak", "kind", "day"]
    )
    share = (both["size"] / both["size_reference"]).fillna(1.0)
    return both.assign(truth=both["stated"] * share)


def _evidence(centre: Centre, queue: Queue) -> pd.DataFrame:
    last = centre.end + timedelta(days=AHEAD_DAYS)
    cutoff = local_midnight(centre.end, queue.timezone)
    explanation = explain_queue(queue, centre.history, centre.peaks, cutoff=cutoff, last=last)
    return evidence(explanation)
