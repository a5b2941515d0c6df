"""Staffing: what the forecast takes, what else could come, and what each point of answer rate costs."""

from __future__ import annotations

import streamlit as st

from data.store import Workspace
from ui.views import roster_required, staffing_price, staffing_what_if
from ui.views.frame import framed, next_step
from ui.views.work import show_job

LONGEST_DAYS = 91
TABS = ("Requirement", "What if", "Price of a point")


@framed(
    "Staffing",
    "People the forecast takes, the same under other circumstances, and what better answer rates cost.",
)
def page(workspace: Workspace) -> None:
    """Draw the page."""
    records = workspace.forecasts()
    if not records:
        next_step("No forecast yet. Make one on the [page Forecast](/forecast).")
        return
    start, length, _ = st.columns([2, 1.2, 5])
    first = start.date_input("From", records[-1].first, key="staffing_from")
    days = length.number_input(
        "Days", 1, LONGEST_DAYS, min(records[-1].days, LONGEST_DAYS), key="staffing_days"
    )
    show_job("forecast", "Forecast")
    # Lazy: only the open tab is drawn.
    draws = (roster_required.show, staffing_what_if.show, staffing_price.show)
    for tab, draw in zip(st.tabs(TABS, key="staffing_tab", on_change="rerun"), draws, strict=True):
        if tab.open:
            with tab:
                draw(workspace, first, int(days))
