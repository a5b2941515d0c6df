"""Planners' overrides laid over a forecast; the model's own figures stay as they are, beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd

from data.overrides import Override, OverrideKind
from data.schema import FORECAST, QUANTILE_COLUMNS, QUANTILES, conform
from forecasting.forecast import Forecast
from forecasting.spread import quantiles

CHANGES = ["override", "start", "change"]
LEAST_TOTAL = 1e-9
"""A span with fewer contacts has no shape to follow."""


def override_changes(frame: pd.DataFrame, overrides: Sequence[Override], *, at: datetime) -> pd.DataFrame:
    """What each override adds to the expected contacts of each interval.

    They act one after another in the order they were made, each on what those before it left. Within its span a
    change follows the forecast's own shape; where that is nothing, it is spread evenly. No interval falls below 0.

    Parameters
    ----------
    frame
        FORECAST rows of one queue.
    overrides
        Of any queues; those of others, and those that do not hold, change nothing.
    at
        Instant whose overrides count.

    Returns
    -------
    DataFrame
        override (id), start, change (contacts), one row an override and interval it touches, in order.
    """
    mean = frame["mean"].to_numpy(dtype=float).copy()
    start = frame["start"]
    names = set(frame["queue"])
    parts = []
    for override in overrides:
        if override.queue not in names or not override.holds_at(at):
            continue
        place = np.flatnonzero(((start >= override.start) & (start < override.end)).to_numpy())
        changed = _changed(mean[place], override)
        parts.append(
            pd.DataFrame(
                {
                    "override": override.id,
                    "start": start.iloc[place].reset_index(drop=True),
                    "change": changed - mean[place],
                }
            )
        )
        mean[place] = changed
    if not parts:
        empty = pd.DataFrame({"override": pd.Series(dtype="str"), "start": start.iloc[:0]})
        return empty.assign(change=pd.Series(dtype="float64"))[CHANGES]
    return pd.concat(parts, ignore_index=True)[CHANGES]


def overridden(made: Forecast, overrides: Sequence[Override], *, at: datetime) -> Forecast:
    """Return the forecast with the overrides that hold at an instant; itself where none does.

    Quantiles follow the new means by the forecast's own spread: the hand moves the level and claims no certainty.
    """
    changes = override_changes(made.frame, overrides, at=at)
    if changes.empty:
        return made
    added = changes.groupby("start")["change"].sum()
    change = made.frame["start"].map(added).fillna(0.0).to_numpy(dtype=float)
    mean = np.maximum(made.frame["mean"].to_numpy(dtype=float) + change, 0.0)
    found = dict(zip(QUANTILE_COLUMNS, quantiles(mean, made.spread, QUANTILES).T, strict=True))
    touched = change != 0
    frame = made.frame.assign(mean=mean)
    for name, values in found.items():
        frame[name] = np.where(touched, values, made.frame[name])
    return replace(made, frame=conform(frame, FORECAST))


def _changed(mean: np.ndarray, override: Override) -> np.ndarray:
    if override.kind is OverrideKind.SCALE:
        return mean * (1 + override.value)
    total = float(mean.sum())
    wanted = override.value if override.kind is OverrideKind.SET else max(total + override.value, 0.0)
    if total > LEAST_TOTAL:
        return mean * (wanted / total)
    return np.full(len(mean), wanted / max(len(mean), 1))
