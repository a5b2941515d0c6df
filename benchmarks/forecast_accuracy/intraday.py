"""What the contacts so far are worth: the rest of a day forecast with and without them.

Three ways side by side: "peakshift" brings the forecast of the evening before up to date, "no_update" leaves it,
"ratio" multiplies it by contacts so far over contacts forecast so far.

The published protocol is that of Goldberg, Ritov & Mandelbaum (2014, Journal of Statistical Planning and
Inference) on the North American bank: 5-min counts, each of the days 101 to 164 forecast from all days before it;
the figure is the mean over days of the root mean square error from 12:00 on. Anything is chosen on days 61 to 100.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from time import process_time

import numpy as np
import pandas as pd

from benchmarks.forecast_accuracy.cases import Case, na_bank
from benchmarks.forecast_accuracy.judge import BANDS, floor_wape, percent
from data.intervals import clock
from forecasting.accuracy import bias, coverage, wape
from forecasting.intraday_backtest import intraday_backtest

TIMES_MIN = (540, 600, 660, 720, 840, 960)
NOON_MIN = 720
PROTOCOL = "na_bank_5min"
PROTOCOL_DAYS = {"choice": slice(60, 100), "test": slice(100, 164)}
PROTOCOL_TIMES_MIN = (600, NOON_MIN)
METHODS = ("peakshift", "no_update", "ratio")
"""Each is a column of the frames below, with the mean it gives."""


def rest_of_day_rows(cases: Sequence[Case]) -> list[dict[str, object]]:
    """Rest of the day at each of `TIMES_MIN`, pooled over `cases`, the queues of one data set and window."""
    judged = [_judged(case, _days_of(case), TIMES_MIN) for case in cases]
    parts, seconds = zip(*judged, strict=True)
    frame = pd.concat(parts)
    rest = frame.loc[~frame["over"]]
    rows = []
    for at_min, part in rest.groupby("at_min"):
        name = f"rest_of_day_{int(str(at_min)) // 60:02d}"
        rows += _rows(cases[0].dataset, cases[0].window, name, part, float(np.mean(seconds)))
    return rows


def protocol_rows(window: str) -> list[dict[str, object]]:
    """The published protocol without update, with the contacts to 10:00 and with those to 12:00."""
    case = next((case for case in na_bank(5) if case.window == window), None)
    if case is None:
        return []
    days = sorted(set(clock(pd.DatetimeIndex(case.history["start"]), case.queue.timezone)["date"].dt.date))
    frame, seconds = _judged(case, days[PROTOCOL_DAYS[window]], PROTOCOL_TIMES_MIN)
    minute = clock(pd.DatetimeIndex(frame["start"]), case.queue.timezone)["minute"].to_numpy()
    afternoon = frame.loc[minute >= NOON_MIN]
    known = {f"protocol_{at // 60}": afternoon.loc[afternoon["at_min"] == at] for at in PROTOCOL_TIMES_MIN}
    first = next(iter(known.values()))
    unaided = first.assign(**dict.fromkeys(METHODS, first["no_update"]))
    rows = []
    for name, part in {"protocol_none": unaided, **known}.items():
        rows += _rows(PROTOCOL, window, name, part, seconds)
    return rows


def _days_of(case: Case) -> list[date]:
    """Every day of the week after each origin."""
    return [origin + timedelta(days=day) for origin in case.origins for day in range(7)]


def _judged(case: Case, days: Sequence[date], at_min: Sequence[int]) -> tuple[pd.DataFrame, float]:
    """Back-test with a column a method, and CPU seconds a day."""
    began = process_time()
    frame = intraday_backtest(case.queue, case.history, case.peaks, days=days, at_min=at_min)
    seconds = (process_time() - began) / max(frame["cutoff"].nunique() / len(at_min), 1)
    local = clock(pd.DatetimeIndex(frame["cutoff"]), case.queue.timezone)
    came = frame["actual"].where(frame["over"], 0.0).groupby(frame["cutoff"]).transform("sum")
    due = frame["before"].where(frame["over"], 0.0).groupby(frame["cutoff"]).transform("sum")
    ratio = (came / due.where(due > 0)).fillna(1.0)
    return (
        frame.assign(
            at_min=local["minute"].to_numpy(),
            peakshift=frame["mean"],
            no_update=frame["before"],
            ratio=ratio * frame["before"],
        ),
        seconds,
    )


def _rows(
    dataset: str, window: str, horizon: str, frame: pd.DataFrame, seconds: float
) -> list[dict[str, object]]:
    """One row a method; the root mean square error is that of a day, averaged over days and queues."""
    actual = frame["actual"]
    unaided = wape(actual, frame["no_update"])
    rows: list[dict[str, object]] = []
    for method in METHODS:
        mean = frame[method]
        by_day = ((mean - actual) ** 2).groupby([frame["queue"], frame["cutoff"]]).mean()
        # Only the product says how sure it is of the rest of the day.
        bands = {
            band: percent(coverage(actual, frame[low], frame[high])) if method == "peakshift" else None
            for band, (low, high) in BANDS.items()
        }
        rows.append(
            {
                "dataset": dataset,
                "queues": ",".join(frame["queue"].unique()),
                "window": window,
                "horizon": horizon,
                "method": method,
                "origins": len(by_day),
                "wape_pct": percent(wape(actual, mean)),
                "rmse": round(float(np.sqrt(by_day).mean()), 3),
                "bias_pct": percent(bias(actual, mean)),
                **bands,
                "floor_pct": percent(floor_wape(actual.to_numpy(), frame["no_update"].to_numpy())),
                "ratio_to_prophet": None,
                "ratio_to_no_update": round(wape(actual, mean) / unaided, 4),
                "seconds_per_fit": round(seconds, 4),
            }
        )
    return rows
