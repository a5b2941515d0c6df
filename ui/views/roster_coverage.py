"""One day: coverage of a queue, and everybody's shifts with their breaks."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from data.domain import Queue
from data.intervals import clock
from data.records import RosterRecord
from data.store import Workspace
from ui import state
from ui.charts import coverage as coverage_charts
from ui.charts import gantt as gantt_charts
from ui.exports.colours import pattern_colours
from ui.tables import rosters as tables
from ui.views.lookups import day_choice
from ui.views.roster_figures import loaded, part
from ui.words import plain

GANTT_HEIGHT = 520


def show(workspace: Workspace, record: RosterRecord) -> None:
    """Draw the chosen day."""
    roster = loaded(workspace, record)
    coverage = part(workspace, record, "coverage")
    queues = {queue.id: queue for queue in workspace.queues()}
    covered = [name for name in coverage["queue"].drop_duplicates() if name in queues]
    days = [record.first + timedelta(days=offset) for offset in range(record.days)]
    day_column, queue_column = st.columns([3, 1], vertical_alignment="bottom")
    with day_column:
        day = day_choice("Day", days, key=f"roster_day_{record.first}_{record.days}")
    if covered:
        name = queue_column.selectbox("Queue", covered, key="queue", **state.LINKED)
        _coverage(coverage, queues[name], day)
    bars = tables.gantt_bars(roster, workspace.agents(), day)
    if bars.empty:
        st.caption(f"Nobody starts a shift on {day:%A %d %B %Y}.")
        return
    people = bars["person"].nunique()
    st.markdown(f"**{people} shifts that start on {day:%A %d %B %Y}**")
    colours = pattern_colours(
        {pattern.id for pattern in workspace.patterns()} | {shift.pattern for shift in roster.assignments}
    )
    used = {name: colour for name, colour in colours.items() if (bars["pattern"] == name).any()}
    chart = gantt_charts.day(bars, used)
    with st.container(height=GANTT_HEIGHT if people > 26 else "content", border=False):
        st.vega_lite_chart(chart, alt=f"Shifts of {day}")
    st.caption(
        f"Local time of {roster.timezone}. Bars: shifts, coloured by pattern; dark stripes: breaks. Point at one for its times."
    )


def _coverage(coverage: pd.DataFrame, queue: Queue, day: date) -> None:
    rows = coverage.loc[coverage["queue"] == queue.id].reset_index(drop=True)
    local = clock(pd.DatetimeIndex(rows["start"]), queue.timezone)["date"]
    rows = rows.loc[(local == pd.Timestamp(day)).to_numpy()]
    if rows.empty:
        st.caption(f"{plain(queue.id)} is closed on {day:%A %d %B %Y}.")
        return
    st.vega_lite_chart(
        coverage_charts.agents(rows, queue.timezone),
        alt=f"Agents rostered and required for {queue.id} on {day}",
    )
    target = queue.target
    st.vega_lite_chart(
        coverage_charts.rates(rows, queue.timezone, target.answer_rate, target.interval_floor),
        alt=f"Answer rate of {queue.id} on {day}",
    )
    st.caption(
        f"{plain(queue.id)} on {day:%a %d %b}: {_expected(rows)}. Agents rostered = people at work on this queue × yield; "
        f"required = the fewest agents in total with which the queue reaches its target. Answer rate = answered / offered per interval; the target holds over the {queue.target.period.value}, the floor for every interval."
    )


def _expected(rows: pd.DataFrame) -> str:
    """Contacts expected, the share answered, and the share with carry-over where that shows as another."""
    offered = rows["offered"].sum()
    if offered == 0:
        return "no contacts expected"
    words = f"{offered:,.0f} expected, {rows['answered'].sum() / offered:.1%} answered"
    # Rosters judged before there was a carry-over have none.
    if "answered_carried" in rows and rows["answered_carried"].notna().all():
        carried = f"{rows['answered_carried'].sum() / offered:.1%}"
        if not words.endswith(f"{carried} answered"):
            words += f" ({carried} counting callers left waiting for the next interval)"
    return words
