"""Would the expected handle times have come true? Rolling origins, beside two plain guesses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from data.domain import DAY_MIN, Queue
from data.errors import InputError
from data.intervals import clock, day_span
from forecasting.accuracy import bias, wape
from forecasting.day_matrix import known_rows, last_whole_day, opening
from forecasting.handle_time import handle_time_by_slot, told_rows
from forecasting.settings import Settings

METHOD, OVERALL, LAST_WEEK = "peakshift", "overall_mean", "last_week_mean"


@dataclass(frozen=True, slots=True)
class HandleTimeBacktest:
    """Handle times expected at past origins beside what came.

    Parameters
    ----------
    frame
        One row an origin, method and interval with answered contacts: queue, origin (first local day), method,
        start, answered, actual_s and expected_s (seconds of an answered contact).
    scores
        One row a method, best first: method, wape and bias of handle time given the answered contacts, day_wape
        (the same over whole days, where single contacts average out), mae_s (seconds, weighted by contacts),
        origins, contacts.
    """

    frame: pd.DataFrame
    scores: pd.DataFrame


def backtest_handle_time(
    queue: Queue,
    history: pd.DataFrame,
    *,
    cutoff: pd.Timestamp | None = None,
    horizon_days: int = 7,
    origins: int = 8,
    step_days: int = 7,
    starts: Sequence[date] = (),
    settings: Settings | None = None,
) -> HandleTimeBacktest:
    """Expect handle times from past origins, each knowing nothing later, and score them against what came.

    Parameters
    ----------
    queue
        Its opening hours, zone and interval make the slots.
    history
        HISTORY rows with answered and handle_time_s.
    cutoff
        Nothing after it is looked at; the end of the history when None.
    horizon_days
        Days judged after each origin.
    origins, step_days
        How many origins, and the days between them.
    starts
        First days of the horizons, instead of `origins` and `step_days`.
    settings
        For the weeks that are read.

    Raises
    ------
    InputError
        No origin has handle times before and after it, or the history is faulty.
    """
    if min(horizon_days, origins, step_days) < 1:
        raise InputError("back-test of handle times: horizon_days, origins and step_days are at least 1.")
    weeks = (settings or Settings()).handle_time_weeks
    until = history["start"].max() + pd.Timedelta(minutes=queue.interval_min) if cutoff is None else cutoff
    rows = told_rows(known_rows(queue, history, until))
    end = last_whole_day(queue, until) + timedelta(days=1)
    days = (
        sorted(starts) or [end - timedelta(days=horizon_days + step_days * n) for n in range(origins)][::-1]
    )
    parts = [
        part
        for day in days
        for part in _from_origin(queue, rows, day, horizon_days=horizon_days, weeks=weeks)
    ]
    if not parts:
        raise InputError(
            f"queue {queue.id!r}: no origin has handle times before it and after it. Import handle times, or choose "
            "other origins."
        )
    frame = pd.concat(parts, ignore_index=True)
    return HandleTimeBacktest(frame, _scores(frame, queue))


def _from_origin(
    queue: Queue, rows: pd.DataFrame, day: date, *, horizon_days: int, weeks: int
) -> list[pd.DataFrame]:
    opened = opening(queue)
    begin, end = day_span(day, horizon_days, queue.timezone)
    past, ahead = (
        rows.loc[rows["start"] < begin],
        rows.loc[rows["start"].between(begin, end, inclusive="left")],
    )
    by_slot = handle_time_by_slot(queue, past, opened, weeks)
    if by_slot is None or ahead.empty:
        return []
    local = clock(pd.DatetimeIndex(ahead["start"]), queue.timezone)
    slot = local["minute"].to_numpy() * opened.shape[1] // DAY_MIN
    week = past.loc[past["start"] >= begin - pd.Timedelta(weeks=1)]
    expected = {
        METHOD: by_slot[local["weekday"].to_numpy(), slot],
        OVERALL: _mean_s(past),
        LAST_WEEK: _mean_s(past if week.empty else week),
    }
    answered = ahead["answered"].to_numpy(dtype=float)
    return [
        pd.DataFrame(
            {
                "queue": queue.id,
                "origin": pd.Timestamp(day),
                "method": method,
                "start": ahead["start"].to_numpy(),
                "answered": answered,
                "actual_s": ahead["handle_time_s"].to_numpy(dtype=float) / answered,
                "expected_s": seconds,
            }
        ).astype({"start": ahead["start"].dtype})
        for method, seconds in expected.items()
    ]


def _mean_s(rows: pd.DataFrame) -> float:
    return float(rows["handle_time_s"].sum() / rows["answered"].sum())


def _scores(frame: pd.DataFrame, queue: Queue) -> pd.DataFrame:
    work = frame.assign(
        actual=frame["actual_s"] * frame["answered"],
        expected=frame["expected_s"] * frame["answered"],
        date=clock(pd.DatetimeIndex(frame["start"]), queue.timezone)["date"].to_numpy(),
    )
    rows = []
    for method, part in work.groupby("method", sort=False):
        by_day = part.groupby(["origin", "date"])[["actual", "expected"]].sum()
        contacts = float(part["answered"].sum())
        off = (part["expected"] - part["actual"]).abs().sum()
        rows.append(
            {
                "method": method,
                "wape": wape(part["actual"].to_numpy(), part["expected"].to_numpy()),
                "bias": bias(part["actual"].to_numpy(), part["expected"].to_numpy()),
                "day_wape": wape(by_day["actual"].to_numpy(), by_day["expected"].to_numpy()),
                "mae_s": float(off / contacts),
                "origins": int(part["origin"].nunique()),
                "contacts": contacts,
            }
        )
    return pd.DataFrame(rows).sort_values("wape", kind="stable", ignore_index=True)
