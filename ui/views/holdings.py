"""What the workspace holds of each queue, and its history drawn."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.domain import Queue
from data.store import Workspace
from ui import cached, state
from ui.charts import history as charts
from ui.tables import history as tables
from ui.tables import peaks as peak_tables
from ui.tables.shrinkage import shrinkage
from ui.views.frame import next_step, table_height
from ui.views.lookups import peak_occurrences, version
from ui.words import plain

SPANS = {"4 weeks": 28, "3 months": 91, "1 year": 365, "All": None}


def show(workspace: Workspace) -> None:
    """Draw the table of queues and the chosen one's history."""
    queues = workspace.queues()
    if not queues:
        next_step("No queues yet. Import history (queues are made from it), or queues first: tab Import.")
        return
    folder, at = str(workspace.path), version(workspace)
    totals = [(queue, cached.day_totals(folder, at, queue)) for queue in queues]
    held = tables.holdings(totals)
    held["Last 8 weeks"] = [days["offered"].tail(56).fillna(0).tolist() for _, days in totals]
    st.dataframe(
        held,
        hide_index=True,
        column_config={
            "Offered": st.column_config.NumberColumn(
                format="localized", help="Contacts that asked for a person: answered + abandoned."
            ),
            "Answer rate": st.column_config.NumberColumn(
                format="percent", help="Answered / offered, over every interval with both figures."
            ),
            "Target": st.column_config.NumberColumn(format="percent", help="Answer rate to be reached."),
            "AHT": st.column_config.NumberColumn(
                format="%d s", help="Handle time (talk, hold, after-contact work) / answered."
            ),
            "Missing days": st.column_config.NumberColumn(
                help="Days with opening hours and no figures at all, between the first and the last."
            ),
            "Missing intervals": st.column_config.NumberColumn(
                help="Open intervals without figures on the other days."
            ),
            "Last 8 weeks": st.column_config.LineChartColumn(y_min=0, help="Offered per day."),
        },
    )
    _shrinkage(queues)
    if not any(len(days) for _, days in totals):
        next_step("No history yet. Import it in the tab Import, then forecast.")
        return
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    name = left.selectbox("Queue", [queue.id for queue in queues], key="queue", **state.LINKED)
    span = right.segmented_control("Span", list(SPANS), default="1 year", required=True, key="history_span")
    queue, days = next((queue, days) for queue, days in totals if queue.id == name)
    shown = tables.last_days(days, SPANS[span])
    if shown.empty:
        next_step(f"Queue {plain(name)} has no history yet. Import it in the tab Import.")
        return
    first, last = shown["date"].iloc[0].date(), shown["date"].iloc[-1].date()
    occurrences = peak_occurrences(workspace, first, last)
    st.vega_lite_chart(
        charts.day_totals(shown, peak_tables.marks(occurrences, queue.id, first, last)),
        alt=f"Contacts per day of {name}",
    )
    st.caption(
        f"Days in {queue.timezone}. Answer rate = answered / offered. Triangles: days on which a peak falls (point at one for its name); "
        "peaks of nearly every day, such as trading sessions, are left out."
    )
    with st.expander("Table"):
        st.dataframe(
            shown.rename(columns=DAY_LABELS)[list(DAY_LABELS.values())].iloc[::-1],
            hide_index=True,
            column_config={
                "Offered": st.column_config.NumberColumn(format="localized"),
                "Answered": st.column_config.NumberColumn(format="localized"),
                "Day": st.column_config.DateColumn(format="ddd D MMM YYYY"),
                "Answer rate": st.column_config.NumberColumn(format="percent"),
                "AHT": st.column_config.NumberColumn(format="%d s"),
            },
        )


def _shrinkage(queues: Sequence[Queue]) -> None:
    factors = shrinkage(queues)
    if factors.empty:
        return
    with st.expander("What keeps people from contacts"):
        st.dataframe(
            factors,
            hide_index=True,
            height=table_height(len(factors), 420),
            column_config={
                "Factor": st.column_config.NumberColumn(
                    format="percent",
                    help="Of the time the other causes leave, what this one leaves: 1 − its share.",
                )
            },
        )
        st.caption(
            "The factors of one time multiply to the yield: agents on contacts = people at work × yield."
        )


DAY_LABELS = {
    "date": "Day",
    "offered": "Offered",
    "answered": "Answered",
    "answer_rate": "Answer rate",
    "aht_s": "AHT",
    "intervals": "Intervals",
    "open_intervals": "Open intervals",
}
