"""What some days require: people per interval, hours per day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from data.domain import Queue
from data.store import Workspace
from ui import cached
from ui.charts import requirement as charts
from ui.plan.lost_hours import lost_hours
from ui.tables import rosters as tables
from ui.tables.shrinkage import lost_days
from ui.views.lookups import covering
from ui.views.work import begin
from ui.words import plain


def show(workspace: Workspace, first: date, days: int) -> None:
    """Draw the requirement of [first, first + days) where forecasts cover it; offer to forecast where they do not."""
    queues = workspace.queues()
    found = covering(workspace.forecasts(), first, days)
    absent = [queue.id for queue in queues if queue.id not in found]
    last = first + timedelta(days=days - 1)
    st.markdown(f"**Requirement, {first:%a %d %b} to {last:%a %d %b %Y}**")
    if absent:
        st.caption(
            f"No forecast of {plain(', '.join(absent))} covers these days yet. Solve makes it first; or make it now to see the requirement."
        )
        if st.button("Forecast these days", key="forecast_missing", icon=":material/ssid_chart:"):
            begin("forecast", {"first": first.isoformat(), "days": days, "queues": absent, "seed": 0})
    if not found:
        return
    now = workspace.now()
    planned_on = (
        *(record.id for record in found.values()),
        *(each.id for each in workspace.overrides() if each.holds_at(now)),
        *(repr(queue) for queue in queues),
    )
    if any(queue.can_wait for queue in queues):  # their work goes where these people have room for it
        planned_on += (repr((workspace.agents(), workspace.contracts(), workspace.patterns())),)
    frame, totals = cached.required(str(workspace.path), first, days, planned_on)
    staff = tables.stacked_staff(frame, {queue.id: queue.interval_min for queue in queues}, days)
    st.vega_lite_chart(charts.people(staff, workspace.timezone, days), alt="People required per interval")
    st.caption(
        f"People per interval so that each queue reaches its target, queues stacked, local time of {workspace.timezone}. "
        "People = agents / yield, the share of their time people spend on contacts; agents from the Erlang A answer curve over the forecast's quantiles."
    )
    _lost([queue for queue in queues if queue.id in found], frame)
    with st.expander("Hours per day"):
        st.dataframe(
            tables.required_days(totals),
            hide_index=True,
            column_config={
                "Offered": st.column_config.NumberColumn(format="localized"),
                "Agent hours": st.column_config.NumberColumn(
                    format="%.1f", help="Positions on contacts × hours."
                ),
                "Staff hours": st.column_config.NumberColumn(
                    format="%.1f",
                    help="Agent hours / yield: with shrinkage, adherence and availability of each hour.",
                ),
                "Most agents at once": st.column_config.NumberColumn(format="%.1f"),
                "Answer rate then": st.column_config.NumberColumn(
                    format="percent", help="Answered / offered with that many agents."
                ),
            },
        )


def _lost(queues: Sequence[Queue], required: pd.DataFrame) -> None:
    lost = lost_hours(queues, required)
    if lost.empty:
        return
    with st.expander("Staff hours not on contacts"):
        st.dataframe(
            lost_days(lost),
            hide_index=True,
            column_config={
                "Hours": st.column_config.NumberColumn(
                    format="%.1f", help="Of a queue and day they sum to staff hours − agent hours."
                )
            },
        )
