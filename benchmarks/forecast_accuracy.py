"""Accuracy of forecasts over rolling origins: every method in one run, on the data sets of methods.md.

::

    python -m benchmarks.forecast_accuracy
    python -m benchmarks.forecast_accuracy --history FILE.parquet --queue Q --origins "2025-03-03,2025-03-10"

Each data set is judged over two windows: eight weekly origins on which anything may be chosen, and the eight after
them, on which nothing is. "peakshift" is the default configuration, choice included. WAPE, bias and coverage in %.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import poisson

from benchmarks._runner import emit, progress
from data.domain import DAY_MIN, OpeningSpan, Peak, PeakKind, Queue, Recurrence
from data.intervals import clock
from data.synthetic import make_centre
from forecasting.accuracy import bias, coverage, rmse, wape
from forecasting.backtest import CHOICE, backtest

SHARED = Path(__file__).parents[1].parent / "shared/data"
ANONYMOUS_BANK = SHARED / "anonymous_bank_1999/intervals_30min_jan_jul.parquet"
ISRAEL = "Asia/Jerusalem"
SUNDAY_TO_THURSDAY = OpeningSpan(weekdays=frozenset({6, 0, 1, 2, 3}), open_min=420, close_min=1440)
ISRAELI_HOLIDAYS = Peak(
    id="holidays",
    kind=PeakKind.HOLIDAY,
    recurrence=Recurrence(holidays=True, calendar="IL"),
    lower_days=-1,
    upper_days=1,
)


@dataclass(frozen=True)
class Case:
    """One data set over one window of origins."""

    dataset: str
    window: str
    queue: Queue
    history: pd.DataFrame
    peaks: tuple[Peak, ...]
    origins: tuple[date, ...]
    horizon_days: int = 7


def weekly(first: date, origins: int = 8) -> tuple[date, ...]:
    """Origins a week apart."""
    return tuple(first + timedelta(weeks=week) for week in range(origins))


def anonymous_bank() -> Iterator[Case]:
    """Israeli bank, 1999: queues PS and NE, Sunday to Thursday from 7:00."""
    if not ANONYMOUS_BANK.exists():
        progress(f"anonymous bank: {ANONYMOUS_BANK} not found, skipped")
        return
    rows = pd.read_parquet(ANONYMOUS_BANK, columns=["queue", "start", "offered"])
    # 11 and 12 January were lost by the bank; they lie in the file as days without a call.
    rows = rows.loc[~rows["start"].between("1999-01-11", "1999-01-13", inclusive="left")]
    rows = rows.loc[rows["start"] >= "1999-01-03"]
    for name in ("PS", "NE"):
        queue = Queue(id=name, timezone=ISRAEL, hours=(SUNDAY_TO_THURSDAY,))
        mine = rows.loc[rows["queue"].eq(name)]
        start = mine["start"].dt.tz_localize(ISRAEL, ambiguous=True, nonexistent="NaT").dt.tz_convert("UTC")
        history = pd.DataFrame(
            {"queue": name, "start": start.dt.as_unit("us"), "offered": mine["offered"].astype(float)}
        ).dropna()
        for window, first in (("choice", date(1999, 4, 4)), ("test", date(1999, 5, 30))):
            yield Case(f"anonymous_bank_{name}", window, queue, history, (ISRAELI_HOLIDAYS,), weekly(first))


def synthetic() -> Iterator[Case]:
    """The seeded centre: two years, four queues, every kind of peak."""
    centre = make_centre()
    last = centre.history["start"].max().date()
    for queue in centre.queues:
        for window, weeks in (("choice", 16), ("test", 8)):
            first = last - timedelta(days=last.weekday() + 7 * weeks - 7)
            yield Case("synthetic", window, queue, centre.history, centre.peaks, weekly(first))


def own_file(
    path: Path, name: str, origins: Sequence[date], horizon_days: int, timezone: str
) -> Iterator[Case]:
    """Any history in Parquet: queue, start (with zone, or local to `timezone`), offered."""
    rows = pd.read_parquet(path)
    rows = rows.loc[rows["queue"].eq(name)]
    start = rows["start"]
    if start.dt.tz is None:
        start = start.dt.tz_localize(timezone, ambiguous=True, nonexistent="NaT")
    utc = start.dt.tz_convert("UTC").dt.as_unit("us")
    history = pd.DataFrame({"queue": name, "start": utc, "offered": rows["offered"].astype(float)}).dropna()
    history = history.drop_duplicates("start").sort_values("start", ignore_index=True)
    queue = Queue(
        id=name, timezone=timezone, interval_min=step_of(history), hours=hours_of(history, timezone)
    )
    yield Case(path.stem, "test", queue, history, (), tuple(origins), horizon_days)


def step_of(history: pd.DataFrame) -> int:
    """Commonest distance of two starts, in minutes."""
    return int(history["start"].diff().dt.total_seconds().mode().iloc[0] // 60)


def hours_of(history: pd.DataFrame, timezone: str) -> tuple[OpeningSpan, ...]:
    """Opening hours by weekday: from the first to the last slot that ever had a contact."""
    busy = history.loc[history["offered"] > 0]
    local = clock(pd.DatetimeIndex(busy["start"]), timezone)
    step = step_of(history)
    spans = []
    for weekday in range(7):
        minutes = local.loc[local["weekday"] == weekday, "minute"]
        if not minutes.empty:
            close = min(int(minutes.max()) + step, DAY_MIN)
            spans.append(
                OpeningSpan(weekdays=frozenset({weekday}), open_min=int(minutes.min()), close_min=close)
            )
    return tuple(spans)


def floor_wape(actual: np.ndarray, mean: np.ndarray) -> float:
    """WAPE of a forecaster who knew the true means, were they `mean` brought to the level of the actuals.

    The mean absolute deviation of a Poisson count is 2 λ^(⌊λ⌋+1) e^(−λ) / ⌊λ⌋!
    """
    rate = np.maximum(mean * actual.sum() / mean.sum(), 1e-9)
    deviation = 2 * rate * poisson.pmf(np.floor(rate), rate)
    return float(deviation.sum() / rate.sum())


def rows_of(case: Case) -> list[dict[str, object]]:
    """One row a method."""
    tested = backtest(
        case.queue, case.history, case.peaks, starts=case.origins, horizon_days=case.horizon_days
    )
    chosen = tested.frame.loc[tested.frame["method"] == CHOICE]
    floor = floor_wape(chosen["actual"].to_numpy(), chosen["mean"].to_numpy())
    seconds = tested.scores.set_index("method")["seconds"]
    rows = []
    for method, part in tested.frame.groupby("method"):
        actual, mean = part["actual"], part["mean"]
        rows.append(
            {
                "dataset": case.dataset,
                "queue": case.queue.id,
                "window": case.window,
                "horizon": f"{case.horizon_days}d" if case.horizon_days % 7 else f"{case.horizon_days // 7}w",
                "method": str(method),
                "origins": int(part["origin"].nunique()),
                "wape_pct": percent(wape(actual, mean)),
                "rmse": round(rmse(actual, mean), 3),
                "bias_pct": percent(bias(actual, mean)),
                "cover80_pct": percent(coverage(actual, part["q10"], part["q90"])),
                "cover90_pct": percent(coverage(actual, part["q05"], part["q95"])),
                "floor_pct": percent(floor),
                "seconds_per_fit": round(float(seconds[str(method)]), 4),
            }
        )
    return sorted(rows, key=lambda row: float(str(row["wape_pct"])))


def percent(share: float) -> float:
    """In %, to two places."""
    return round(100 * share, 2)


def main() -> None:
    """Run the data sets that are there, or the file that is named."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--history", type=Path, help="Parquet file with queue, start, offered")
    parser.add_argument("--queue", help="queue of that file")
    parser.add_argument("--origins", help="first days of the horizons, joined by commas")
    parser.add_argument("--horizon-days", type=int, default=7)
    parser.add_argument("--timezone", default="UTC", help="zone of the queue, and of starts without one")
    given = parser.parse_args()
    if given.history is None:
        cases = [*anonymous_bank(), *synthetic()]
    elif given.queue is None or given.origins is None:
        parser.error("--history needs --queue and --origins")
    else:
        origins = [date.fromisoformat(day.strip()) for day in given.origins.split(",")]
        cases = list(own_file(given.history, given.queue, origins, given.horizon_days, given.timezone))
    rows: list[dict[str, object]] = []
    for case in cases:
        found = rows_of(case)
        rows.extend(found)
        for row in found:
            progress(
                f"{case.dataset:20} {case.queue.id:20} {case.window:6} {row['method']!s:16} "
                f"WAPE {row['wape_pct']!s:>6}  bias {row['bias_pct']!s:>6}  80 % band {row['cover80_pct']!s:>6}  "
                f"90 % band {row['cover90_pct']!s:>6}  floor {row['floor_pct']!s:>6}  {row['seconds_per_fit']} s"
            )
    emit({"rows": rows})


if __name__ == "__main__":
    main()
