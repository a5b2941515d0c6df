"""One row of figures a method, pooled over the queues and origins of a data set's window."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import numpy as np
import pandas as pd
from scipy.stats import poisson

from benchmarks.forecast_accuracy.cases import Case
from benchmarks.forecast_accuracy.peer import PEER, fit_peer
from data.intervals import grid, local_midnight
from forecasting.accuracy import bias, coverage, rmse, wape
from forecasting.backtest import backtest
from forecasting.combine import CHOICE
from forecasting.day_matrix import slots_of
from forecasting.forecast import DEFAULTS
from forecasting.one_thread import one_thread
from forecasting.study import study

BANDS = {"cover80_pct": ("q10", "q90"), "cover90_pct": ("q05", "q95"), "cover95_pct": ("q025", "q975")}
"""Quantiles of each central band; those a forecast does not carry are not judged."""


def rows_of(cases: Sequence[Case], *, peer: bool) -> list[dict[str, object]]:
    """One row a horizon and method, best first; `cases` are the queues of one data set and window."""
    rows = []
    for horizon_days in cases[0].horizons_days:
        parts, seconds = [], []
        for case in cases:
            frame, took = _judged(case, horizon_days, peer=peer)
            parts.append(frame)
            seconds.append(took)
        took = pd.concat(seconds).groupby(level=0).mean()
        pooled = _rows(cases[0], cases[0].dataset, horizon_days, pd.concat(parts), took)
        rows += pooled
        if len(cases) > 1:
            for case, frame, own in zip(cases, parts, seconds, strict=True):
                rows += _rows(case, f"{case.dataset}_{case.queue.id}", horizon_days, frame, own)
    return rows


def _judged(case: Case, horizon_days: int, *, peer: bool) -> tuple[pd.DataFrame, pd.Series[float]]:
    tested = backtest(case.queue, case.history, case.peaks, starts=case.origins, horizon_days=horizon_days)
    frame, seconds = tested.frame, tested.scores.set_index("method")["seconds"]
    if peer:
        found, took = _peer(case, horizon_days, frame)
        frame, seconds = pd.concat([frame, found], ignore_index=True), pd.concat([seconds, took])
    return frame, seconds


@one_thread
def _peer(case: Case, horizon_days: int, frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series[float]]:
    """The peer on the very intervals the others were judged on."""
    queue, history = case.queue, case.history
    until = history["start"].max() + pd.Timedelta(minutes=queue.interval_min)
    last = until.tz_convert(queue.timezone).date()
    known = study(queue, history, case.peaks, cutoff=until, last=last, seed=0, settings=DEFAULTS)
    chosen = frame.loc[frame["method"] == CHOICE, ["queue", "origin", "start", "actual"]]
    parts, seconds = [], []
    for origin in case.origins:
        instant = local_midnight(origin, queue.timezone)
        mine = chosen.loc[chosen["origin"] == instant]
        if mine.empty:
            continue
        place = int(known.matrix.days.get_indexer(pd.DatetimeIndex([pd.Timestamp(origin)]))[0])
        began = perf_counter()
        fitted = fit_peer(known.rolling.series(place))
        ahead = pd.date_range(pd.Timestamp(origin), periods=horizon_days, freq="D", unit="us")
        means = fitted.predict(ahead)
        seconds.append(perf_counter() - began)
        intervals = grid(queue, origin, horizon_days)
        day = (intervals["date"] - pd.Timestamp(origin)).dt.days.to_numpy()
        mean = pd.Series(means[day, slots_of(intervals, queue)], index=pd.Index(intervals["start"]))
        parts.append(mine.assign(method=PEER, mean=mean.reindex(mine["start"]).to_numpy()))
    return pd.concat(parts, ignore_index=True), pd.Series({PEER: float(np.mean(seconds))})


def _rows(
    case: Case, dataset: str, horizon_days: int, frame: pd.DataFrame, seconds: pd.Series[float]
) -> list[dict[str, object]]:
    chosen = frame.loc[frame["method"] == CHOICE]
    floor = floor_wape(chosen["actual"].to_numpy(), chosen["mean"].to_numpy())
    peer = frame.loc[frame["method"] == PEER]
    peer_wape = wape(peer["actual"], peer["mean"]) if len(peer) else None
    rows: list[dict[str, object]] = []
    for method, part in frame.groupby("method"):
        actual, mean = part["actual"], part["mean"]
        error = wape(actual, mean)
        rows.append(
            {
                "dataset": dataset,
                "queues": ",".join(frame["queue"].unique()),
                "window": case.window,
                "horizon": horizon_name(horizon_days),
                "method": str(method),
                "origins": int(part["origin"].nunique()),
                "wape_pct": percent(error),
                "rmse": round(rmse(actual, mean), 3),
                "bias_pct": percent(bias(actual, mean)),
                **{band: _cover(part, *levels) for band, levels in BANDS.items()},
                "floor_pct": percent(floor),
                "ratio_to_prophet": None if peer_wape is None else round(error / peer_wape, 4),
                "seconds_per_fit": round(float(seconds[str(method)]), 4),
            }
        )
    return sorted(rows, key=lambda row: float(str(row["wape_pct"])))


def _cover(part: pd.DataFrame, lower: str, upper: str) -> float | None:
    if lower not in part or upper not in part or part[lower].isna().all():
        return None
    return percent(coverage(part["actual"], part[lower], part[upper]))


def floor_wape(actual: np.ndarray, mean: np.ndarray) -> float:
    """WAPE of a forecaster who knew the true means, were they `mean` brought to the level of the actuals.

    The mean absolute deviation of a Poisson count is 2 λ^(⌊λ⌋+1) e^(−λ) / ⌊λ⌋!
    """
    rate = np.maximum(mean * actual.sum() / mean.sum(), 1e-9)
    deviation = 2 * rate * poisson.pmf(np.floor(rate), rate)
    return float(deviation.sum() / rate.sum())


def horizon_name(days: int) -> str:
    """1w, 2w, or the days where they make no whole weeks."""
    return f"{days}d" if days % 7 else f"{days // 7}w"


def percent(share: float) -> float:
    """In %, to two places."""
    return round(100 * share, 2)
