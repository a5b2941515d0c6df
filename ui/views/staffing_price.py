"""Price of a point: what each further point of answer rate takes."""

from __future__ import annotations

from datetime import date

import streamlit as st

from data.store import Workspace
from ui import cached
from ui.charts import staffing as charts
from ui.tables import staffing as tables
from ui.views import staffing_plan
from ui.views.frame import table_height

MEASURES = {"Staff hours": "extra_staff_h", "Cost": "extra_cost"}


def show(workspace: Workspace, first: date, days: int) -> None:
    """Draw what each point costs over [first, first + days)."""
    shown = staffing_plan.of_days(workspace, first, days)
    if shown is None:
        return
    by_queue, total = cached.prices(shown.plan, shown.stamp)
    queues = {queue.id: queue for queue in shown.plan.demand.queues}
    which, what, _ = st.columns([2, 2, 4], vertical_alignment="bottom")
    of = which.selectbox("Of", [tables.EVERY_QUEUE, *queues], key="price_of")
    said = what.segmented_control("In", list(MEASURES), default="Staff hours", required=True, key="price_in")
    rows = total if of == tables.EVERY_QUEUE else by_queue.loc[by_queue["queue"] == of]
    rates = {queue.target.answer_rate for queue in queues.values() if of in (tables.EVERY_QUEUE, queue.id)}
    planned = rates.pop() if len(rates) == 1 else None
    title = f"{said} for the point"
    st.vega_lite_chart(charts.points(rows, MEASURES[said], title, planned), alt="What each point takes")
    st.caption(
        "What it takes to raise the answer rate over the target's own period by the last point; violet: up to the rate that is planned for. "
        "Every point takes at least as much as the one before it: agents are added where they answer most."
    )
    table = tables.points(rows)
    st.dataframe(
        table,
        hide_index=True,
        height=table_height(len(table), 600),
        column_config={
            "Answer rate": st.column_config.NumberColumn(format="percent"),
            "Staff hours": st.column_config.NumberColumn(
                format="%.1f",
                help="The last agent of each span counts for the part the rate needs.",
            ),
            "Staff hours, whole people": st.column_config.NumberColumn(
                format="%.1f", help="With whole agents in every interval, as in the requirement."
            ),
            **{
                name: st.column_config.NumberColumn(format="%.1f")
                for name in ("Hours for this point", "Cost", "Cost of this point", "Agent hours")
            },
        },
    )
    st.download_button(
        "Download as CSV",
        tables.download(by_queue),
        f"price_of_a_point_{first}.csv",
        "text/csv",
        icon=":material/download:",
        key="price_csv",
        on_click="ignore",
    )
