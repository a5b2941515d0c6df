"""The true mean of every interval: level × growth × season × weekday × peaks, spread over the day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data.intervals import grid
from data.synthetic.shapes import FLAT, Shape, bells, ordinary_day
from data.synthetic.traits import Traits
from data.synthetic.uplifts import TRUTHS

YEAR_DAYS = 365.25
LEAST_SHAPE = 0.02
"""No interval falls below this share of its ordinary height, however many peaks cut it."""


def queue_means(
    traits: Traits, level: float, effects: pd.DataFrame, *, first: date, days: int, anchor: date
) -> pd.DataFrame:
    """Mean contacts of one queue in every open interval.

    Parameters
    ----------
    traits
        Of the queue.
    level
        Contacts of an ordinary day of weekday factor 1, out of season, on the anchor's date.
    effects
        Rows of `effects.effects`, of any queue.
    first, days
        Local days [first, first + days).
    anchor
        Day the growth is counted from.

    Returns
    -------
    DataFrame
        Columns queue, start (UTC), date (local), minute, base (without peaks), mean, foreseen (what the
        planners of the past had staffed for), aht_s (true mean handle time).
    """
    frame = grid(traits.queue, first, days)
    own = effects.loc[effects["queue"] == traits.queue.id]
    minute = frame["minute"].to_numpy() + traits.queue.interval_min / 2
    slots, slot = np.unique(minute, return_inverse=True)
    day = (frame["date"] - pd.Timestamp(first)).dt.days.to_numpy()
    calendar = pd.date_range(first, periods=days, unit="us")
    ordinary = np.stack([ordinary_day(traits, slots, weekday) for weekday in calendar.day_of_week])
    totals = level * _level(traits, calendar, anchor)
    lifted, shape = _with_peaks(own, ordinary, slots, calendar, foreseen=False)
    staffed, staffed_shape = _with_peaks(own, ordinary, slots, calendar, foreseen=True)
    columns = {
        "base": totals[:, None] * ordinary,
        "mean": (totals * lifted)[:, None] * shape,
        "foreseen": (totals * staffed)[:, None] * staffed_shape,
    }
    values = {name: matrix[day, slot] for name, matrix in columns.items()}
    values["aht_s"] = (traits.aht_s * (1 + bells(slots, traits.aht_bumps)))[slot]
    keys = {name: frame[name] for name in ("start", "date", "minute")}
    return pd.DataFrame({"queue": traits.queue.id} | keys | values)


def _level(traits: Traits, calendar: pd.DatetimeIndex, anchor: date) -> np.ndarray:
    years = (calendar - pd.Timestamp(anchor)).days.to_numpy() / YEAR_DAYS
    amplitude, top_month = traits.season
    phase = calendar.day_of_year.to_numpy() / YEAR_DAYS - (top_month - 0.5) / 12
    season = 1 + amplitude * np.cos(2 * np.pi * phase) + 0.3 * amplitude * np.cos(4 * np.pi * phase)
    weekdays = np.asarray(traits.weekdays)
    relative = weekdays / weekdays[weekdays > 0].mean()
    growth: np.ndarray = (1 + traits.growth_per_year) ** years
    levels: np.ndarray = growth * season * relative[calendar.day_of_week]
    return levels


def _with_peaks(
    effects: pd.DataFrame,
    ordinary: np.ndarray,
    slots: np.ndarray,
    calendar: pd.DatetimeIndex,
    *,
    foreseen: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """Factor of each day's level, (days,), and its shape, (days, slots) with rows adding up to 1.

    Factors multiply over the peaks of a day; shapes mix in proportion to the uplifts, so that a day's total is
    exactly its ordinary total times its factors.
    """
    factor = np.ones(len(calendar))
    heights = np.ones_like(ordinary)
    for (peak, relative_day), rows in effects.groupby(["peak", "day"]):
        truth = TRUTHS[str(peak)]
        touched = (rows["on"] - calendar[0]).dt.days.to_numpy()
        uplift = rows["uplift"].to_numpy() * (truth.foreseen if foreseen else 1.0)
        added = _added(truth.shape if relative_day == 0 else FLAT, ordinary[touched], slots)
        factor[touched] *= 1 + uplift
        heights[touched] += uplift[:, None] * added
    shape = ordinary * np.maximum(heights, LEAST_SHAPE)
    return factor, shape / shape.sum(axis=1, keepdims=True)


def _added(shape: Shape, ordinary: np.ndarray, slots: np.ndarray) -> np.ndarray:
    """Relative lift per interval with mean 1 under the ordinary shape, (days, slots)."""
    heights = shape.at(slots)
    relative: np.ndarray = heights / (ordinary * heights).sum(axis=1, keepdims=True)
    return relative
