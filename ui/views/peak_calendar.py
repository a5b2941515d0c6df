"""Peaks: what lifts or cuts demand, and the days it falls on."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from data.calendars import is_exchange, work_days
from data.domain import Peak
from data.errors import PeakshiftError
from data.peaks import for_queue
from data.store import Workspace
from ui import state
from ui.charts import peaks as charts
from ui.tables import peaks as tables
from ui.views.frame import framed, next_step, table_height
from ui.views.lookups import day_after_history, peak_occurrences
from ui.views.peak_form import open_form

ALL = "All queues"


@framed(
    "Peaks",
    "Billing days, dividend days, trading sessions, paydays, holidays: what lifts or cuts demand on known days.",
)
def page(workspace: Workspace) -> None:
    """Draw the page."""
    peaks = workspace.peaks()
    queues = workspace.queues()
    _list(peaks, tuple(queue.id for queue in queues))
    if not peaks:
        return
    start = (day_after_history(workspace, queues) or state.now().date()).replace(day=1)
    first_column, months_column, queue_column = st.columns([1, 1, 2], vertical_alignment="bottom")
    first = first_column.date_input("Calendar from", start, key="calendar_from").replace(day=1)
    months = months_column.segmented_control(
        "Months", [4, 8, 12], default=4, required=True, key="calendar_months"
    )
    queue = queue_column.selectbox(
        "Touching", [ALL, *(queue.id for queue in queues)], key="peaks_of", **state.LINKED
    )
    last = _end(first, months)
    found = peak_occurrences(workspace, first, last)
    shown = found if queue == ALL else for_queue(found, queue)
    region = _region(peaks)
    st.vega_lite_chart(
        charts.calendar(tables.calendar_cells(shown, _official(region, first, last), first, last)),
        alt="Calendar of peaks",
        width="content",
    )
    calendar = (
        "" if region is None else f" Point at a day for its peaks and what the calendar of {region} says."
    )
    st.caption(
        "Coloured: a peak falls on the day. Dashed orange edge: provisional, the official calendar is not out yet."
        + calendar
    )
    _occurrences(shown, first, last)


def _list(peaks: tuple[Peak, ...], queues: tuple[str, ...]) -> None:
    if not peaks:
        next_step(
            "No peaks yet. Add one here, or import a file of peaks on the page Data. Forecasts learn each peak's effect from the history."
        )
    taken = frozenset(peak.id for peak in peaks)
    chosen: list[int] = []
    if peaks:
        event = st.dataframe(
            tables.listed(peaks).drop(columns="Known dates"),
            hide_index=True,
            height=table_height(len(peaks), 320),
            on_select="rerun",
            selection_mode="single-row",
            key="peak_rows",
            placeholder="–",
            column_config={
                "When": st.column_config.TextColumn(width=365),
                "Queues": st.column_config.TextColumn(width=180),
                "Window": st.column_config.TextColumn(help="Days touched around each date."),
                "Size": st.column_config.NumberColumn(
                    format="localized",
                    help="How big each recurring date is, such as accounts of a billing cohort; given dates may have sizes of their own.",
                ),
            },
        )
        chosen = list(event["selection"]["rows"])
    add, change, _ = st.columns([1, 1, 5])
    if add.button("Add a peak", icon=":material/add:", key="add_peak", width="stretch"):
        open_form(None, queues, taken)
    if peaks and change.button(
        "Edit",
        icon=":material/edit:",
        key="edit_peak",
        disabled=not chosen,
        width="stretch",
        help="Choose a row first.",
    ):
        open_form(peaks[chosen[0]], queues, taken)


def _occurrences(shown: pd.DataFrame, first: date, last: date) -> None:
    inside = shown.loc[shown["date"].between(pd.Timestamp(first), pd.Timestamp(last))]
    with st.expander(f"List of the {len(inside)} occurrences"):
        st.dataframe(
            tables.occurrences(inside),
            hide_index=True,
            column_config={
                "Day": st.column_config.DateColumn(format="D MMM YYYY"),
                "Size": st.column_config.NumberColumn(format="localized"),
            },
        )


def _end(first: date, months: int) -> date:
    count = 12 * first.year + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1) - timedelta(days=1)


def _region(peaks: tuple[Peak, ...]) -> str | None:
    """Country whose calendar is told beside the peaks: the first one a rule names."""
    names = [
        peak.recurrence.calendar for peak in peaks if peak.recurrence is not None and peak.recurrence.calendar
    ]
    return next((name for name in names if not is_exchange(name)), None)


def _official(region: str | None, first: date, last: date) -> pd.DataFrame | None:
    if region is None:
        return None
    try:
        return work_days(region, first, last)
    except PeakshiftError:  # a rule with a calendar nobody knows is told by the occurrences
        return None
