"""Forecast: made, drawn beside what happened, and scored."""

from __future__ import annotations

from datetime import date

import streamlit as st

from data.domain import Queue
from data.store import Workspace
from ui import state
from ui.jobs import Job
from ui.tables import forecasts as tables
from ui.views import backtest_view, forecast_detail
from ui.views.frame import framed, next_step
from ui.views.lookups import day_after_history, next_monday
from ui.views.work import begin, show_job
from ui.words import plain

LONGEST_DAYS = 91


@framed("Forecast", "Contacts expected per day and interval, with the band they fall in; peaks included.")
def page(workspace: Workspace) -> None:
    """Draw the page."""
    queues = workspace.queues()
    after = day_after_history(workspace, queues)
    if not queues or after is None:
        next_step(
            "No history to forecast from yet. Import it, or fill the workspace with the demo centre, on the",
            on_data=True,
        )
        return
    _form(queues, after)
    show_job("forecast", "Forecast", _select)
    _failures()
    name = st.selectbox("Queue", [queue.id for queue in queues], key="queue", **state.LINKED)
    queue = next(queue for queue in queues if queue.id == name)
    records = [record for record in workspace.forecasts() if record.queue == queue.id]
    if not records:
        next_step(f"No forecast of {plain(queue.id)} yet. Choose the days above and press Make forecast.")
    else:
        forecast_detail.show(workspace, queue, records[::-1])
    backtest_view.show(queue, tables.shares(records[-1]) if records else {})


def _form(queues: tuple[Queue, ...], after: date) -> None:
    with st.form("forecast_form", border=True):
        which, start, length, go = st.columns([4, 2, 2, 2], vertical_alignment="bottom")
        names = which.multiselect(
            "Forecast", [queue.id for queue in queues], placeholder="every queue", key="forecast_queues"
        )
        first = start.date_input(
            "From",
            next_monday(after),
            key="forecast_from",
            help=f"History ends on the day before {after:%d %b %Y}.",
        )
        days = length.number_input("Days", 1, LONGEST_DAYS, 14, key="forecast_days")
        pressed = go.form_submit_button(
            "Make forecast", type="primary", icon=":material/play_arrow:", width="stretch"
        )
    if pressed:
        begin("forecast", {"first": first.isoformat(), "days": int(days), "queues": names, "seed": 0})


def _select(job: Job) -> None:
    """Open the forecasts that were just made."""
    made = job.result["forecasts"]
    for queue, name in made.items():
        state.choose(forecast_detail.choice_key(queue), name)
    if len(made) == 1:
        state.choose("queue", next(iter(made)))


def _failures() -> None:
    job = forecast_detail.ended("forecast")
    for name, message in (job.result.get("failures", {}) if job else {}).items():
        st.warning(f"{plain(name)} could not be forecast: {plain(message)}", icon=":material/warning:")
