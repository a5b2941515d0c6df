"""Published forecasts against what came: per interval, day and week, by how far ahead they looked.

The model's figures and the planners' stand side by side, so that "did the hand help?" has an answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecasting.accuracy import bias, coverage, interval_hit_rate, wape

LEADS = ((0, "same day"), (1, "1 day"), (2, "2-7 days"), (8, "8-28 days"), (29, "29-91 days"), (92, "later"))
"""First day ahead of each span of leads, and its name."""
LEVELS = ("interval", "day", "week")
BANDS = {"cover80": ("q10", "q90"), "cover90": ("q05", "q95"), "cover95": ("q025", "q975")}
COLUMNS = ("queue", "level", "lead", "spans", "offered", "wape", "bias", "hit_rate", *BANDS)


def pairs(
    frame: pd.DataFrame, model_mean: np.ndarray, history: pd.DataFrame, *, cutoff: pd.Timestamp, timezone: str
) -> pd.DataFrame:
    """Lay one forecast beside the actuals of its intervals.

    Parameters
    ----------
    frame
        FORECAST rows as published, overrides included.
    model_mean
        What the model alone expected, shape (rows,).
    history
        HISTORY rows of the queue.
    cutoff
        Last instant the forecast knew; intervals before it are not judged.
    timezone
        Zone of the queue's local days.

    Returns
    -------
    DataFrame
        queue, start, date, week (its Monday), lead_days, actual, mean, model_mean and the quantiles; only
        intervals with an actual.
    """
    held = frame.assign(model_mean=model_mean)
    found = held.merge(history[["queue", "start", "offered"]], on=["queue", "start"])
    found = found.loc[(found["start"] >= cutoff) & found["offered"].notna()].rename(
        columns={"offered": "actual"}
    )
    date = found["start"].dt.tz_convert(timezone).dt.tz_localize(None).dt.normalize()
    known = cutoff.tz_convert(timezone)
    # A forecast made at midnight has seen all of the day before: its first day is one ahead.
    last_known = known.normalize().tz_localize(None) - pd.Timedelta(days=int(known == known.normalize()))
    columns = [name for name in held.columns if name.startswith("q") and name[1:].isdigit()]
    return found.assign(
        date=date,
        week=date - pd.to_timedelta(date.dt.day_of_week, unit="D"),
        lead_days=(date - last_known).dt.days,
    )[["queue", "start", "date", "week", "lead_days", "actual", "mean", "model_mean", *columns]].reset_index(
        drop=True
    )


def score(forecasts: Sequence[pd.DataFrame], *, tolerance: float) -> pd.DataFrame:
    """Score published forecasts by queue, level and lead.

    Parameters
    ----------
    forecasts
        One frame of `pairs` a forecast.
    tolerance
        Share of the actual by which a span may be missed and still counts as hit.

    Returns
    -------
    DataFrame
        One row a queue, level (interval, day, week) and lead: spans judged, offered, wape, bias, hit_rate; for
        intervals also the shares of actuals within the 80, 90 and 95 % bands.
    """
    rows = []
    for level in LEVELS:
        judged = [_summed(one, level) for one in forecasts if not one.empty]
        if not judged:
            continue
        every = pd.concat(judged, ignore_index=True)
        every["lead"] = _lead(every["lead_days"].to_numpy())
        for (queue, lead), part in every.groupby(["queue", "lead"], sort=False):
            rows.append({"queue": queue, "level": level, "lead": lead, **_figures(part, tolerance, level)})
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    order = {name: number for number, (_, name) in enumerate(LEADS)}
    return frame.sort_values(
        ["queue", "level", "lead"],
        key=lambda column: column.map(order) if column.name == "lead" else column,
        ignore_index=True,
    )


def hand_help(forecasts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Whether overrides brought the forecast nearer to what came, judged on the intervals they changed.

    Returns
    -------
    DataFrame
        One row a queue with changed intervals: queue, intervals, offered, model_wape, hand_wape, and the contacts
        of absolute error the hand saved (below 0 where it did harm).
    """
    columns = ["queue", "intervals", "offered", "model_wape", "hand_wape", "saved"]
    changed = [one.loc[~np.isclose(one["mean"], one["model_mean"])] for one in forecasts if not one.empty]
    changed = [one for one in changed if not one.empty]
    if not changed:
        return pd.DataFrame(columns=columns)
    every = pd.concat(changed, ignore_index=True)
    rows = [
        {
            "queue": queue,
            "intervals": len(part),
            "offered": float(part["actual"].sum()),
            "model_wape": wape(part["actual"], part["model_mean"]),
            "hand_wape": wape(part["actual"], part["mean"]),
            "saved": float(
                (part["model_mean"] - part["actual"]).abs().sum()
                - (part["mean"] - part["actual"]).abs().sum()
            ),
        }
        for queue, part in every.groupby("queue")
    ]
    return pd.DataFrame(rows, columns=columns)


def _summed(one: pd.DataFrame, level: str) -> pd.DataFrame:
    """Actual and forecast by span, with the lead of the span's last day."""
    if level == "interval":
        return one
    key = "date" if level == "day" else "week"
    return (
        one.groupby(["queue", key])
        .agg({"actual": "sum", "mean": "sum", "model_mean": "sum", "lead_days": "max"})
        .reset_index()
    )


def _figures(part: pd.DataFrame, tolerance: float, level: str) -> dict[str, float | int]:
    actual, forecast = part["actual"], part["mean"]
    figures: dict[str, float | int] = {
        "spans": len(part),
        "offered": float(actual.sum()),
        "wape": wape(actual, forecast),
        "bias": bias(actual, forecast),
        "hit_rate": interval_hit_rate(actual, forecast, tolerance),
    }
    for name, (low, high) in BANDS.items():
        there = level == "interval" and low in part and high in part
        figures[name] = coverage(actual, part[low], part[high]) if there else float("nan")
    return figures


def _lead(days: np.ndarray) -> np.ndarray:
    firsts = np.array([first for first, _ in LEADS])
    names = np.array([name for _, name in LEADS])
    found: np.ndarray = names[np.searchsorted(firsts, np.maximum(days, 0), side="right") - 1]
    return found
