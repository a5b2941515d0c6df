"""What several pages look up in the workspace."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from data.domain import Peak, Queue
from data.records import ForecastRecord
from data.store import Workspace
from ui import cached
from ui.words import plain

DAYS_IN_A_LINE = 7


def version(workspace: Workspace) -> int:
    """Latest version of the history; 0 without one."""
    versions = workspace.versions()
    return versions[-1].version if versions else 0


def peak_occurrences(workspace: Workspace, first: date, last: date) -> pd.DataFrame:
    """Occurrences of every peak in [first, last]; says so on the page where they cannot be told."""
    frame, wrong = cached.occurrences(workspace, stamp(workspace.peaks()), first, last)
    if wrong:
        st.warning(f"The peaks are not shown: {plain(wrong)}", icon=":material/warning:")
    return frame


def stamp(peaks: tuple[Peak, ...]) -> str:
    """Tell one state of the peaks from another."""
    return repr(peaks)


def day_after_history(workspace: Workspace, queues: tuple[Queue, ...]) -> date | None:
    """Local day after the last one with history; None without any."""
    folder, at = str(workspace.path), version(workspace)
    ends = [days["date"].iloc[-1] for queue in queues if len(days := cached.day_totals(folder, at, queue))]
    return max(ends).date() + timedelta(days=1) if ends else None


def next_monday(day: date) -> date:
    """Return the day itself when it is a Monday, else the Monday after it."""
    return day + timedelta(days=-day.weekday() % 7)


def covering(records: tuple[ForecastRecord, ...], first: date, days: int) -> dict[str, ForecastRecord]:
    """Newest forecast of each queue that covers the days."""
    end = first + timedelta(days=days)
    inside = [
        record
        for record in records
        if record.first <= first and end <= record.first + timedelta(days=record.days)
    ]
    return {record.queue: record for record in inside}


def day_choice(label: str, days: list[date], key: str) -> date:
    """Let one of some days be chosen: by a click where they fit in a line, on a slider where they do not."""
    if len(days) == 1:
        return days[0]
    if len(days) <= DAYS_IN_A_LINE:
        return st.segmented_control(label, days, format_func=_short, default=days[0], required=True, key=key)
    return st.select_slider(label, days, format_func=_short, key=key)


def _short(day: date) -> str:
    return f"{day:%a %d %b}"
