"""Forecasts by local day and by interval, beside what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from data.domain import Queue
from data.intervals import clock
from data.records import ForecastRecord
from forecasting.combine import CHOICE

YEAR_DAYS = 364
"""52 weeks: the same weekday a year before."""
BANDS = ("q05", "q25", "q75", "q95")
SHORTER_AHT_WEEKS = 8

METHODS = {
    "seasonal_naive": "Seasonal naive",
    "weekday_mean": "Weekday mean",
    "prophet": "Prophet × profile",
    "svd_factors": "SVD factors",
}

SCORES = {
    "method": "Method",
    "wape": "WAPE",
    "bias": "Bias",
    "hit_rate": "Interval hit rate",
    "cover80": "80 % band holds",
    "cover90": "90 % band holds",
    "seconds": "Time, s",
}


def days(frame: pd.DataFrame, totals: pd.DataFrame, history: pd.DataFrame, queue: Queue) -> pd.DataFrame:
    """Forecast per local day with bands, what happened, and what was 52 weeks before.

    Parameters
    ----------
    frame
        FORECAST frame of the queue.
    totals
        Quantiles of its day totals, see `forecasting.day_quantiles`: those of intervals do not add up.
    history
        HISTORY frame of the queue.
    queue
        Zone and interval.

    Returns
    -------
    DataFrame
        date, mean, q05, q25, q75, q95, actual, before; actual is NaN until every forecast interval of the day has
        come in.
    """
    local = clock(pd.DatetimeIndex(frame["start"]), queue.timezone)["date"]
    shown = totals[["date", "mean", *BANDS]].reset_index(drop=True)
    shown["date"] = shown["date"].astype("datetime64[us]")
    happened = history.set_index("start")["offered"].reindex(pd.DatetimeIndex(frame["start"]))
    shown["actual"] = happened.groupby(local.to_numpy()).agg(lambda day: day.sum(skipna=False)).to_numpy()
    past = history.groupby(clock(pd.DatetimeIndex(history["start"]), queue.timezone)["date"].to_numpy())[
        "offered"
    ].sum()
    shown["before"] = past.reindex(shown["date"] - pd.Timedelta(days=YEAR_DAYS)).to_numpy()
    return shown


def intervals(frame: pd.DataFrame, history: pd.DataFrame, queue: Queue, day: date) -> pd.DataFrame:
    """Forecast per interval of one local day, beside what happened and what was 52 weeks before.

    Returns
    -------
    DataFrame
        start, mean, q05, q25, q75, q95, actual, before, aht_s, actual_aht_s (of the last 8 such weekdays).
    """
    local = clock(pd.DatetimeIndex(frame["start"]), queue.timezone)
    kept = frame.loc[(local["date"] == pd.Timestamp(day)).to_numpy()]
    minutes = local.loc[(local["date"] == pd.Timestamp(day)).to_numpy(), "minute"].to_numpy()
    past = history.assign(**clock(pd.DatetimeIndex(history["start"]), queue.timezone))
    year_ago = past.loc[past["date"] == pd.Timestamp(day) - pd.Timedelta(days=YEAR_DAYS)].set_index("minute")[
        "offered"
    ]
    shown = kept[["start", "mean", *BANDS, "aht_s"]].reset_index(drop=True)
    shown["actual"] = (
        history.set_index("start")["offered"].reindex(pd.DatetimeIndex(shown["start"])).to_numpy()
    )
    shown["before"] = year_ago.loc[~year_ago.index.duplicated()].reindex(minutes).to_numpy()
    shown["actual_aht_s"] = _recent_aht(past, day).reindex(minutes).to_numpy()
    return shown


def method(name: str) -> str:
    """Name of a forecasting method in words."""
    return METHODS.get(name, name.replace("_", " ").capitalize())


def shares(record: ForecastRecord) -> dict[str, float]:
    """Share of each method in a forecast, largest first, 0–1."""
    weights = record.weights or {record.model: 1.0}
    return dict(sorted(weights.items(), key=lambda pair: -pair[1]))


def mix(record: ForecastRecord) -> str:
    """Methods a forecast is made of, with their shares where there are several."""
    found = shares(record)
    if len(found) == 1:
        return method(next(iter(found)))
    return ", ".join(f"{method(name)} {share:.0%}" for name, share in found.items())


def score(record: ForecastRecord, measure: str) -> float | None:
    """Score of a forecast in its back-test, that of the mix where several methods share; None where it has none."""
    weights = shares(record)
    method = next(iter(weights)) if len(weights) == 1 else CHOICE
    return next((row.get(measure) for row in record.scores if row["method"] == method), None)


def scores(rows: Sequence[Mapping[str, Any]], weights: Mapping[str, float]) -> pd.DataFrame:
    """Back-test scores of each method, best first, with its share in the forecast."""
    frame = pd.DataFrame(rows)
    shown = frame[[name for name in SCORES if name in frame.columns]].sort_values("wape", ignore_index=True)
    taken = [f"{weights[name]:.0%}" if name in weights else "" for name in shown["method"]]
    shown.insert(0, "Share", taken)
    shown["method"] = shown["method"].map(method)
    return shown.rename(columns=SCORES)


def download(frame: pd.DataFrame, queue: Queue) -> pd.DataFrame:
    """Forecast as a file to take away: instants in UTC and the queue's local time beside them."""
    local = frame["start"].dt.tz_convert(queue.timezone).dt.strftime("%Y-%m-%dT%H:%M:%S%z")
    shown = frame.assign(start=frame["start"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
    shown.insert(2, "local_start", local)
    return shown


def _recent_aht(past: pd.DataFrame, day: date) -> pd.Series:
    """AHT by minute of the day over the last such weekdays: handle time / answered."""
    before = past.loc[
        (past["date"] < pd.Timestamp(day))
        & (past["weekday"] == day.weekday())
        & past["handle_time_s"].notna()
    ]
    recent = before.loc[before["date"].isin(before["date"].drop_duplicates().nlargest(SHORTER_AHT_WEEKS))]
    sums = recent.groupby("minute")[["handle_time_s", "answered"]].sum()
    aht: pd.Series = sums["handle_time_s"] / sums["answered"].where(sums["answered"] > 0)
    return aht
