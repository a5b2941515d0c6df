"""A small centre every test of forecasting can read at a glance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from data.domain import OpeningSpan, Peak, Queue
from data.intervals import grid, local_midnight
from forecasting.day_matrix import DayMatrix, day_matrix, known_rows
from forecasting.prepare import Series, prepare
from forecasting.settings import Settings
from forecasting.terms import DayTerms, day_terms

QUEUE = Queue(
    id="hotline", timezone="Asia/Shanghai", hours=(OpeningSpan(open_min=8 * 60, close_min=18 * 60),)
)
MONDAY = date(2025, 1, 6)
WEEKDAY_LEVEL = np.array([1.2, 1.05, 1.0, 0.95, 0.9, 0.5, 0.4])
SETTINGS = Settings()
LONGEST = SETTINGS.longest_history_days


def make_history(
    queue: Queue = QUEUE,
    *,
    first: date = MONDAY,
    days: int = 84,
    level: float = 40.0,
    lift: Mapping[date, float] | None = None,
    without: Sequence[date] = (),
    growth: float = 0.0,
    noise: bool = True,
    seed: int = 1,
) -> pd.DataFrame:
    """HISTORY rows: Poisson around level × weekday × time of day × lift of the day."""
    intervals = grid(queue, first, days)
    day = (intervals["date"] - pd.Timestamp(first)).dt.days.to_numpy()
    factor = np.ones(days)
    for when, share in (lift or {}).items():
        factor[(when - first).days] = share
    shape = 1 + 0.5 * np.sin(2 * np.pi * intervals["minute"].to_numpy() / 1440)
    weekday = WEEKDAY_LEVEL[intervals["weekday"].to_numpy()]
    mean = level * shape * weekday * factor[day] * (1 + growth * day / days)
    generator = np.random.default_rng(seed)
    offered = generator.poisson(mean).astype(float) if noise else mean
    frame = pd.DataFrame({"queue": queue.id, "start": intervals["start"], "offered": offered})
    gone = intervals["date"].isin([pd.Timestamp(each) for each in without])
    return frame.loc[~gone].reset_index(drop=True)


def after(days: int, first: date = MONDAY) -> date:
    """That many days after the first Monday."""
    return first + timedelta(days=days)


def midnight(day: date, queue: Queue = QUEUE) -> pd.Timestamp:
    """Instant a local day begins."""
    return local_midnight(day, queue.timezone)


def end_of(history: pd.DataFrame, queue: Queue = QUEUE) -> pd.Timestamp:
    """Midnight after the last day with rows."""
    last: date = history["start"].max().tz_convert(queue.timezone).date()
    return midnight(last + timedelta(days=1), queue)


def matrix_of(history: pd.DataFrame, queue: Queue = QUEUE) -> DayMatrix:
    """Day matrix of everything up to the end of the history."""
    cutoff = end_of(history, queue)
    return day_matrix(queue, known_rows(queue, history, cutoff), cutoff, LONGEST)


def terms_of(
    matrix: DayMatrix, peaks: Sequence[Peak] = (), ahead: int = 28, queue: Queue = QUEUE
) -> DayTerms:
    """Terms over the matrix and some days more."""
    last = matrix.days[-1].date() + timedelta(days=ahead)
    return day_terms(queue, peaks, matrix.days[0].date(), last)


def series_of(
    history: pd.DataFrame, peaks: Sequence[Peak] = (), queue: Queue = QUEUE
) -> tuple[Series, DayTerms]:
    """Prepared series of everything up to the end of the history, and its terms."""
    matrix = matrix_of(history, queue)
    terms = terms_of(matrix, peaks, queue=queue)
    return prepare(matrix, terms, SETTINGS), terms
