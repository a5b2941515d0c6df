"""What keeps people from contacts, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from data.domain import DAY_MIN, Queue
from data.week import WeekSpan
from ui.tables.people import clock, weekdays

COLUMNS = ["Queue", "What", "Kind", "Factor", "Days", "Hours"]


def shrinkage(queues: Sequence[Queue]) -> pd.DataFrame:
    """Row per queue and factor on the time of people at work; empty where all of it is spent on contacts."""
    rows = [(queue.id, *row) for queue in queues for row in _rows(queue)]
    return pd.DataFrame(rows, columns=COLUMNS)


def lost_days(lost: pd.DataFrame) -> pd.DataFrame:
    """Staff hours not on contacts: `ui.plan.lost_hours.lost_hours` with its labels."""
    return pd.DataFrame(
        {
            "Queue": lost["queue"],
            "Day": lost["date"].dt.strftime("%a %d %b"),
            "What": lost["cause"].where(lost["cause"] != "", lost["kind"]),
            "Kind": lost["kind"].where(lost["cause"] != "", ""),
            "Hours": lost["lost_h"],
        }
    )


def _rows(queue: Queue) -> Iterator[tuple[str, str, float, str, str]]:
    always = WeekSpan()
    if queue.shrinkage > 0:
        yield "shrinkage", "", 1 - queue.shrinkage, *_time(always)
    for part in queue.shrinkages:
        yield part.cause, "planned" if part.planned else "unplanned", 1 - part.share, *_time(part)
    if queue.adherence < 1:
        yield "adherence", "", queue.adherence, *_time(always)
    for fitted in queue.availability:
        yield "availability", "fitted from history", fitted.factor, *_time(fitted)


def _time(span: WeekSpan) -> tuple[str, str]:
    close_min = span.close_min - DAY_MIN if span.close_min > DAY_MIN else span.close_min
    whole = span.open_min == 0 and span.close_min == DAY_MIN
    return weekdays(span.weekdays), "all day" if whole else f"{clock(span.open_min)}–{clock(close_min)}"
