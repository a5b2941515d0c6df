"""Peaks in words, and the days they fall on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from data.domain import Peak, PeakKind, Recurrence
from data.peaks import day_effects, for_queue

SESSION = PeakKind.SESSION.value
EVERYDAY_SHARE = 1 / 3
"""A peak on more of the days than this, such as every trading session, would bury the others on a chart."""


def listed(peaks: Sequence[Peak]) -> pd.DataFrame:
    """Row per peak: name, kind, when, queues, window, size."""
    return pd.DataFrame(
        [
            {
                "Peak": peak.id,
                "Kind": peak.kind.value,
                "When": when(peak),
                "Queues": ", ".join(sorted(peak.queues)) or "all",
                "Window": window(peak.lower_days, peak.upper_days),
                "Size": peak.size,
                "Known dates": len(peak.dates),
            }
            for peak in peaks
        ],
        columns=["Peak", "Kind", "When", "Queues", "Window", "Size", "Known dates"],
    )


def when(peak: Peak) -> str:
    """Dates or rule of a peak in words."""
    dated = f"{len(peak.dates)} given dates" if len(peak.dates) != 1 else f"{next(iter(peak.dates)):%d %b %Y}"
    if peak.recurrence is None:
        return dated
    rule = _rule(peak.recurrence)
    return f"{rule}; {dated}" if peak.dates else rule


def window(lower_days: int, upper_days: int) -> str:
    """Window around a date in words."""
    if lower_days == upper_days == 0:
        return "the day"
    return f"{lower_days:+d} to {upper_days:+d} days".replace("+0", "0").replace("-", "−")


def occurrences(frame: pd.DataFrame) -> pd.DataFrame:
    """OCCURRENCES as a list to read, in order of time."""
    shown = frame.sort_values(["date", "peak"], ignore_index=True)
    return pd.DataFrame(
        {
            "Day": shown["date"].dt.date,
            "Weekday": shown["date"].dt.strftime("%a"),
            "Peak": shown["peak"],
            "Kind": shown["kind"],
            "Queues": shown["queues"].fillna("").str.replace(";", ", ").replace("", "all"),
            "Window": [
                window(low, high) for low, high in zip(shown["lower_days"], shown["upper_days"], strict=True)
            ],
            "Size": shown["size"],
            "Provisional": shown["provisional"].astype(bool),
        }
    )


def marks(frame: pd.DataFrame, queue: str, first: date, last: date) -> pd.DataFrame:
    """Days on which a peak of the queue falls, with the peaks' names; peaks of nearly every day are left out.

    Parameters
    ----------
    frame
        OCCURRENCES.
    queue
        Queue they must touch.
    first, last
        Local days, both included.

    Returns
    -------
    DataFrame
        date, peaks (names, joined by +).
    """
    days = (last - first).days + 1
    inside = for_queue(frame, queue)
    inside = inside.loc[inside["date"].between(pd.Timestamp(first), pd.Timestamp(last))]
    share = inside.groupby("peak")["date"].nunique() / days
    rare = inside.loc[~inside["peak"].isin(share.index[(share > EVERYDAY_SHARE) & (days > 10)])]
    return rare.groupby("date")["peak"].agg(" + ".join).rename("peaks").reset_index()


def calendar_cells(frame: pd.DataFrame, days: pd.DataFrame | None, first: date, last: date) -> pd.DataFrame:
    """Cell per day of whole weeks by month, with the peaks that touch it.

    Parameters
    ----------
    frame
        OCCURRENCES.
    days
        What the official calendar says of each day (`data.calendars.work_days`); None without one.
    first, last
        Local days, both included.

    Returns
    -------
    DataFrame
        month, month_name, week (row in its month), weekday, day, label, kind (of the peak that falls on it,
        "several", or "none"), peaks (names), note (holiday, make-up day), provisional (bool).
    """
    cells = pd.DataFrame({"date": pd.date_range(first, last, freq="D", unit="us")})
    start = cells["date"].dt.to_period("M").dt.start_time
    cells["month"] = cells["date"].dt.strftime("%Y-%m")
    cells["month_name"] = cells["date"].dt.strftime("%B %Y")
    cells["week"] = (cells["date"].dt.day - 1 + start.dt.day_of_week) // 7
    cells["weekday"] = cells["date"].dt.strftime("%a")
    cells["day"] = cells["date"].dt.day
    cells["label"] = cells["date"].dt.strftime("%a %d %b %Y")
    on_day = frame.loc[frame["date"].between(cells["date"].iloc[0], cells["date"].iloc[-1])]
    kinds = on_day.groupby("date")["kind"].agg(_one_kind)
    cells["kind"] = _told(kinds, cells["date"], "none")
    touched = day_effects(frame, first, last)
    names = touched.assign(
        name=[_named(peak, day) for peak, day in zip(touched["peak"], touched["day"], strict=True)]
    )
    cells["peaks"] = _told(names.groupby("date")["name"].agg(", ".join), cells["date"], "–")
    cells["provisional"] = cells["date"].isin(on_day.loc[on_day["provisional"] == 1, "date"])
    cells["note"] = "–" if days is None else _notes(cells["date"], days)
    return cells.drop(columns="date")


def _told(by_date: pd.Series, dates: pd.Series, otherwise: str) -> pd.Series:
    """Text of each date, also where nothing at all is told."""
    words = dict(zip(by_date.index, by_date, strict=True))
    return pd.Series([words.get(day, otherwise) for day in dates], index=dates.index, dtype="str")


def _one_kind(kinds: pd.Series) -> str:
    """Kind that colours a day: a session colours it only when nothing else does."""
    found = set(kinds)
    special = found - {SESSION} or found
    return special.pop() if len(special) == 1 else "several"


def _named(peak: str, day: int) -> str:
    return peak if day == 0 else f"{peak} ({day:+d} d)".replace("-", "−")


def _notes(dates: pd.Series, days: pd.DataFrame) -> pd.Series:
    rows = days.set_index("date")
    notes = rows["holiday"].fillna("").where(~rows["makeup"], "make-up working day")
    notes = notes.where(notes != "", rows["working"].map({True: "working day", False: "day off"}))
    official = notes + rows["provisional"].map({True: " (provisional)", False: ""})
    return _told(official, dates, "–")


def _rule(rule: Recurrence) -> str:
    if rule.sessions:
        words = f"trading sessions of {rule.calendar}"
    elif rule.holidays:
        words = f"public holidays of {rule.calendar}"
    elif rule.makeup_days:
        words = f"make-up working days of {rule.calendar}"
    else:
        days = ", ".join("last" if day == 31 else str(day) for day in rule.days_of_month)
        words = f"day {days} of the month"
    if rule.offset_days:
        words += f" {rule.offset_days:+d} days".replace("-", "−")
    if rule.roll != "none":
        words += f", {rule.roll} open day of {rule.calendar}"
    if rule.first or rule.last:
        words += f" ({rule.first or '…'} to {rule.last or '…'})"
    return words
