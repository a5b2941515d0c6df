from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from data.domain import OpeningSpan, Peak, PeakKind, Queue, Recurrence
from forecasting.backtest import backtest
from forecasting.combine import CHOICE

INTERVALS = (
    Path(__file__).parents[2].parent / "shared/data/anonymous_bank_1999/intervals_30min_jan_jul.parquet"
)
ORIGINS = [date(1999, 5, 30) + timedelta(weeks=week) for week in range(8)]
WORK_DAYS = OpeningSpan(weekdays=frozenset({6, 0, 1, 2, 3}), open_min=420, close_min=1440)
FRIDAY = OpeningSpan(weekdays=frozenset({4}), open_min=420, close_min=840)
SATURDAY = OpeningSpan(weekdays=frozenset({5}), open_min=1200, close_min=1440)
HOLIDAYS = Peak(
    id="holidays",
    kind=PeakKind.HOLIDAY,
    recurrence=Recurrence(holidays=True, calendar="IL"),
    lower_days=-1,
    upper_days=1,
)

pytestmark = pytest.mark.skipif(not INTERVALS.exists(), reason="Anonymous Bank not found, skipped")


def history_of(queue: Queue) -> pd.DataFrame:
    rows = pd.read_parquet(INTERVALS, columns=["queue", "start", "offered"])
    # 11 and 12 January were lost by the bank; they lie in the file as days without a call.
    lost = rows["start"].between("1999-01-11", "1999-01-13", inclusive="left")
    rows = rows.loc[rows["queue"].eq(queue.id) & ~lost]
    start = rows["start"].dt.tz_localize(queue.timezone, ambiguous=True, nonexistent="shift_forward")
    utc = start.dt.tz_convert("UTC").dt.as_unit("us")
    frame = pd.DataFrame({"queue": queue.id, "start": utc, "offered": rows["offered"].astype(float)})
    # The hour the clock skips in April has rows without a call.
    return frame.drop_duplicates("start").reset_index(drop=True)


@pytest.mark.parametrize(
    ("hours", "at_most"),
    [((WORK_DAYS,), 0.25), ((WORK_DAYS, FRIDAY, SATURDAY), 0.25)],
    ids=["Sunday to Thursday", "the whole week"],
)
def test_a_banks_regular_calls_are_forecast_better_than_by_seasonal_naive(
    hours: tuple[OpeningSpan, ...], at_most: float
) -> None:
    queue = Queue(id="PS", timezone="Asia/Jerusalem", hours=hours)
    scores = backtest(queue, history_of(queue), [HOLIDAYS], starts=ORIGINS).scores.set_index("method")
    assert scores.loc[CHOICE, "wape"] < at_most
    assert scores.loc[CHOICE, "wape"] < 0.8 * scores.loc["seasonal_naive", "wape"]
